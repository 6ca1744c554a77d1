"""A look at a raster: block means on a logarithmic stretch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.nightlights.blocks import block_means
from regional_atlas.nightlights.grids import RasterSource

__all__ = ["LEVELS", "check_picture", "log_levels", "preview_levels"]

LEVELS = 240
"""Steps between dark and the top value; level 0 means missing."""


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
    >>> from regional_atlas.nightlights import ArrayRaster
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
