"""Block means: a raster at a coarser grid, for overlays and for checking the raster route."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.errors import InputError
from regional_atlas.nightlights.cleaning import decoded
from regional_atlas.nightlights.coverage import Coverage, covered_shares
from regional_atlas.nightlights.grids import RasterSource, row_bands

__all__ = ["block_means"]

DUST = 1e-9
"""A block of which polygons leave less than this, in cells, has no mean."""


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
        If `factor` is no whole number of at least 1.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.nightlights import ArrayRaster, Grid, exact_coverage
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
            weights *= 1 - covered_shares(removed.blocks, tile.window)
        row_starts = _starts(band, factor)
        col_starts = _starts(width, factor)
        first = band.start // factor
        part = slice(first, first + len(row_starts))
        for totals, cells in ((sums, np.where(valid, values, 0) * weights), (counts, weights)):
            by_row = np.add.reduceat(cells, row_starts, axis=0)
            totals[part] += np.add.reduceat(by_row, col_starts, axis=1)
        if progress is not None:
            progress(band.stop, rows)
    means = np.full(shape, np.nan)
    np.divide(sums, counts, out=means, where=counts > DUST)
    a, b, c, d, e, f = tuple(raster.transform)[:6]
    return means, Affine(a * factor, b, c, d, e * factor, f)


def _starts(part: slice, factor: int) -> NDArray[np.int64]:
    """Where blocks start within a band, counted from the band's first cell."""
    firsts = np.arange(part.start // factor, -(-part.stop // factor), dtype=np.int64) * factor
    starts: NDArray[np.int64] = np.maximum(firsts - part.start, 0)
    return starts
