"""A second raster on another grid, brought to the cells of the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.tiles import Window
from regional_atlas.zonal.antimeridian import around_globe, turn_of
from regional_atlas.zonal.cleaning import decoded
from regional_atlas.zonal.coverage import exact_coverage
from regional_atlas.zonal.grids import Grid, RasterSource
from regional_atlas.zonal.sums import coverage_statistics

__all__ = ["on_grid"]

CELLS_AT_ONCE = 200_000


def on_grid(
    raster: RasterSource,
    grid: Grid,
    window: Window,
    wanted: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Bring a raster to the cells of a window of another grid.

    In the same CRS the area-weighted mean: value = sum of overlap * v / sum of overlap, over the
    cells of `raster` that a cell of `grid` overlaps. On the same grid, and where every cell lies
    within one cell of `raster`, this is the stored value itself.

    In another CRS the amount: value = sum of overlap * v, overlap in cells of `raster`. Cells of
    one grid differ in size on the other, so that means would not add up; amounts do: what the
    cells of `grid` get is what `raster` holds (heads stay heads). Each cell of `grid` is taken as
    the quadrangle of its projected corners, and covered exactly; nothing is resampled.

    NaN where a cell overlaps a missing cell or reaches beyond the raster.

    Parameters
    ----------
    raster : RasterSource
    grid : Grid
    window : (slice, slice)
        Rows and columns of `grid`.
    wanted : ndarray of bool, optional
        Cells of the window to fill, for a raster in another CRS; all by default. NaN elsewhere.

    Returns
    -------
    ndarray of float64
        In decoded units, one value per cell of the window.

    Examples
    --------
    >>> from regional_atlas.zonal.grids import ArrayRaster
    >>> coarse = ArrayRaster([[1, 3]], Affine(2, 0, 0, 0, -2, 2), 4326)
    >>> fine = Grid(Affine(1, 0, 0.5, 0, -1, 1), (1, 3), "EPSG:4326")
    >>> on_grid(coarse, fine, (slice(0, 1), slice(0, 3))).tolist()
    [[1.0, 2.0, 3.0]]
    """
    if not raster.crs.equals(grid.crs, ignore_axis_order=True):
        return _amounts(raster, grid, window, wanted)
    rows, cols = window
    edges = [
        _edges(grid.transform, part, axis, raster.transform)
        for axis, part in enumerate((cols, rows))
    ]
    spans = []
    for found, size in zip(edges, raster.shape[::-1], strict=True):
        low, high = int(np.floor(found.min())), int(np.ceil(found.max()))
        spans.append(slice(max(low, 0), min(max(high, low + 1), size)))
    across, down = spans
    result = np.full((rows.stop - rows.start, cols.stop - cols.start), np.nan)
    if across.start >= across.stop or down.start >= down.stop:
        return result
    tile = next(iter(raster.read_windows([(down, across)])))
    values = decoded(tile, raster)
    missing = np.isnan(values)
    left, left_sum = _overlaps(edges[1], down)
    right, right_sum = _overlaps(edges[0], across)
    sums = left @ np.where(missing, 0, values) @ right.T
    whole = np.multiply.outer(left_sum, right_sum)
    holes = left @ missing.astype(float) @ right.T if missing.any() else np.zeros_like(whole)
    fits = (whole > 1 - 1e-6) & (holes < 1e-9)
    result[fits] = sums[fits] / whole[fits]
    return result


def _amounts(
    raster: RasterSource, grid: Grid, window: Window, wanted: NDArray[np.bool_] | None
) -> NDArray[np.float64]:
    """Amounts of a raster in another CRS, some cells at a time."""
    rows, cols = window
    shape = (rows.stop - rows.start, cols.stop - cols.start)
    result = np.full(shape, np.nan)
    at = np.flatnonzero(np.ones(shape, np.bool_) if wanted is None else wanted)
    project = pyproj.Transformer.from_crs(grid.crs, raster.crs, always_xy=True).transform
    theirs = Grid.of(raster)
    for first in range(0, len(at), CELLS_AT_ONCE):
        part = at[first : first + CELLS_AT_ONCE]
        row, col = np.divmod(part, shape[1])
        right, down = col[:, None] + [0, 1, 1, 0, 0], row[:, None] + [0, 0, 1, 1, 0]
        xs = grid.transform.c + grid.transform.a * (cols.start + right)
        ys = grid.transform.f + grid.transform.e * (rows.start + down)
        rings = np.stack(project(xs, ys), axis=-1)
        placed = np.isfinite(rings).all(axis=(1, 2))
        if raster.crs.is_geographic:
            rings[placed, :, 0] = np.unwrap(rings[placed, :, 0], period=turn_of(raster.crs))
        cells = np.full(len(rings), shapely.Polygon(), dtype=object)
        cells[placed] = shapely.polygons(rings[placed])
        coverage = exact_coverage(around_globe(cells, raster.crs, theirs.bounds), theirs)
        found = coverage_statistics(coverage, raster)
        whole = found["valid_share"] > 1 - 1e-6
        result.flat[part] = np.where(whole, found["sum"], np.nan)
    return result


def _edges(ours: Affine, part: slice, axis: int, theirs: Affine) -> NDArray[np.float64]:
    """Edges of the cells of one axis, in cells of the other grid.

    Edges within a millionth of a cell of the other grid's are taken to lie on them.
    """
    size, start = (ours.a, ours.c) if axis == 0 else (ours.e, ours.f)
    other_size, other_start = (theirs.a, theirs.c) if axis == 0 else (theirs.e, theirs.f)
    numbers = np.arange(part.start, part.stop + 1)
    found: NDArray[np.float64] = (start + size * numbers - other_start) / other_size
    nearest = np.round(found)
    return np.where(np.abs(found - nearest) < 1e-6, nearest, found)


def _overlaps(edges: NDArray[np.float64], part: slice) -> tuple[Any, NDArray[np.float64]]:
    """Share of each of our cells that each of their cells takes, sparse, and sums of shares."""
    from scipy.sparse import csr_array

    low = np.minimum(edges[:-1], edges[1:])
    high = np.maximum(edges[:-1], edges[1:])
    firsts = np.floor(low).astype(np.int64)
    reach = int((np.ceil(high).astype(np.int64) - firsts).max())
    theirs = firsts[:, None] + np.arange(reach)[None, :]
    shares = np.minimum(high[:, None], theirs + 1) - np.maximum(low[:, None], theirs)
    shares = np.clip(shares, 0, None) / (high - low)[:, None]
    ours = np.broadcast_to(np.arange(len(low))[:, None], theirs.shape)
    some = (shares > 0) & (theirs >= part.start) & (theirs < part.stop)
    matrix = csr_array(
        (shares[some], (ours[some], theirs[some] - part.start)),
        shape=(len(low), part.stop - part.start),
    )
    return matrix, np.asarray(matrix.sum(axis=1)).ravel()
