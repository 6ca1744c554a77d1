"""A raster at a coarser grid: block means, and their levels for a picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.zonal.cleaning import EXTREME, decoded
from regional_atlas.zonal.coverage import Coverage, covered_fractions
from regional_atlas.zonal.grids import RasterSource, row_bands

__all__ = ["LEVELS", "block_means", "check_picture", "log_levels", "preview_levels"]

DUST = 1e-9
"""A block of which polygons leave less than this, in cells, has no mean."""

LEVELS = 240
"""Steps between dark and the top value; level 0 means missing."""


def block_means(
    raster: RasterSource,
    factor: int,
    *,
    removed: Coverage | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.float64], Affine]:
    """Mean of the decoded values over blocks of `factor` x `factor` cells.

    Each block is the plain mean of its valid cells, so that the mean times their number is their
    sum of light; NaN where none is valid. Blocks start at the raster's first row and column; the
    last ones of a row or column hold fewer cells where `factor` does not divide the size, and reach
    beyond the raster.

    Parameters
    ----------
    raster : RasterSource
    factor : int
        Cells per side of a block.
    removed : Coverage, optional
        Of polygons that do not overlap, on the raster's grid: a cell counts by the share of it that
        they leave.
    progress : callable, optional
        Called with rows of cells done and in all.

    Returns
    -------
    means : ndarray of float64
        In decoded units.
    transform : Affine
        From (column, row) of the blocks to coordinates in the raster's CRS.

    Raises
    ------
    InputError
        If `factor` is not a whole number of at least 1.
    DataError
        If a cell holds an infinite value or one beyond ±1e30.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster, Grid, exact_coverage
    >>> cells = [[1, 3, 5], [1, 3, 0]]
    >>> raster = ArrayRaster(cells, Affine(1, 0, 100, 0, -1, 40), 4326, nodata=0)
    >>> means, transform = block_means(raster, 2)
    >>> means.tolist(), transform.a, transform.c
    ([[2.0, 5.0]], 2.0, 100.0)
    >>> lake = exact_coverage([shapely.box(100, 38, 101, 40)], Grid.of(raster))
    >>> block_means(raster, 2, removed=lake)[0].tolist()
    [[3.0, 5.0]]
    """
    if not isinstance(factor, int) or factor < 1:
        raise InputError(f"a whole number of at least 1, found {factor!r}", where="factor")
    rows, cols = raster.shape
    shape = (-(-rows // factor), -(-cols // factor))
    sums = np.zeros(shape)
    counts = np.zeros(shape)
    for tile in raster.read_windows(row_bands(raster.shape, raster.blocks)):
        band, width = tile.window
        values = decoded(tile, raster)
        valid = ~np.isnan(values)
        weights = valid.astype(np.float64)
        if removed is not None:
            weights *= 1 - covered_fractions(removed.blocks, tile.window)
        row_starts = _starts(band, factor)
        col_starts = _starts(width, factor)
        first = band.start // factor
        part = slice(first, first + len(row_starts))
        for totals, cells in ((sums, np.where(valid, values, 0) * weights), (counts, weights)):
            by_row = np.add.reduceat(cells, row_starts, axis=0)
            totals[part] += np.add.reduceat(by_row, col_starts, axis=1)
        if progress is not None:
            progress(band.stop, rows)
    if not (np.abs(sums) < EXTREME).all():
        raise DataError(
            f"some cells hold infinite values or values beyond ±{EXTREME:g}; declare the nodata "
            'value, or set such cells missing with extreme = "missing" under `cleaning`',
            where=raster.name,
        )
    means = np.full(shape, np.nan)
    np.divide(sums, counts, out=means, where=counts > DUST)
    a, b, c, d, e, f = tuple(raster.transform)[:6]
    return means, Affine(a * factor, b, c, d, e * factor, f)


def _starts(part: slice, factor: int) -> NDArray[np.int64]:
    """Where blocks start within a band, counted from the band's first cell."""
    firsts = np.arange(part.start // factor, -(-part.stop // factor), dtype=np.int64) * factor
    starts: NDArray[np.int64] = np.maximum(firsts - part.start, 0)
    return starts


def log_levels(values: NDArray[np.float64], top: float) -> NDArray[np.uint8]:
    """Levels from 1 (0 and below) to `LEVELS` (`top` and above); 0 where missing.

    level = 1 + (LEVELS - 1) * log(1 + v) / log(1 + top), v in decoded units.

    Examples
    --------
    >>> log_levels(np.array([np.nan, -1, 0, 9, 99, 500]), 99).tolist()
    [0, 1, 1, 120, 240, 240]
    """
    with np.errstate(invalid="ignore"):
        share = np.log1p(np.clip(values, 0, top)) / np.log1p(top)
        level = 1 + np.floor((LEVELS - 1) * share + 1e-9)
    return np.where(np.isnan(values), 0, level).astype(np.uint8)


def check_picture(width: int, top: float | None) -> None:
    """Refuse a width or a brightest value that no picture can have.

    Examples
    --------
    >>> check_picture(800, -1.0)
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: top: expected a number above 0, found -1.0
    """
    problems = []
    if width < 1:
        problems.append(f"width: expected at least 1 column, found {width}")
    if top is not None and not (top > 0 and np.isfinite(top)):
        problems.append(f"top: expected a number above 0, found {top}")
    raise_if(problems, InputError)


def preview_levels(
    raster: RasterSource,
    width: int,
    *,
    top: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[NDArray[np.uint8], float]:
    """Reduce a raster to a picture of at most `width` columns.

    Parameters
    ----------
    raster : RasterSource
    width : int
        Most columns of the picture; each pixel is the mean of a square block of cells.
    top : float, optional
        Value of the brightest level, in decoded units; the 99.9th percentile of the means otherwise
        (at least 1).
    progress : callable, optional
        Called with rows of cells done and in all.

    Returns
    -------
    levels : ndarray of uint8
        See `log_levels`.
    top : float

    Raises
    ------
    InputError
        If `width` or `top` is not above 0, or no cell is valid.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[0.0, 9.0, 99.0, 500.0]], Affine.identity(), "EPSG:4326")
    >>> preview_levels(raster, 4, top=99)[0].tolist()
    [[1, 120, 240, 240]]
    """
    check_picture(width, top)
    means, _ = block_means(raster, -(-raster.shape[1] // width), progress=progress)
    valid = means[~np.isnan(means)]
    if not valid.size:
        raise InputError(f"{raster.name} has no valid cell")
    if top is None:
        top = max(1.0, float(np.quantile(valid, 0.999)))
    return log_levels(means, top), top
