"""Least minutes over a raster of friction, from cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.membership.delineation.checks import raster_cells
from regional_atlas.tiles import Window
from regional_atlas.zonal.grids import Grid

__all__ = ["check_friction", "minutes_around", "part_of_grid", "step_metres"]

ROUNDING = 1e-9
"""Share of a limit by which a sum of steps may exceed the same number of minutes."""


def check_friction(friction: Any, grid: Grid) -> NDArray[Any]:
    """Take a raster of friction: above 0, or NaN where nobody passes.

    Raises
    ------
    DataError
        If it has not the grid's shape, or a cell is 0, negative or infinite.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 0), (1, 2), "EPSG:4326")
    >>> check_friction([[0.012, np.nan]], grid).tolist()
    [[0.012, nan]]
    """
    cells = raster_cells("friction", friction, grid)
    problems = []
    if cells.dtype.kind == "f" and (infinite := int(np.isinf(cells).sum())):
        problems.append(f"{infinite:,} cells are infinite; set impassable cells to NaN")
    if low := int((cells <= 0).sum()):
        problems.append(f"{low:,} cells are 0 or less; expected minutes per metre, NaN for none")
    raise_if(problems, DataError, "friction")
    return cells


def step_metres(grid: Grid) -> tuple[Floats, Floats, Floats]:
    """Measure the steps between the centres of neighbouring cells.

    Returns
    -------
    across, down, aslant : ndarray of float64
        Metres within each row, and from each row to the next, straight and aslant. On a geographic
        grid along the geodesic; on a projected one in its plane.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 60.5), (2, 2), "EPSG:4326")
    >>> [steps.round().tolist() for steps in step_metres(grid)]
    [[55799.0, 57475.0], [111404.0], [124972.0]]
    """
    rows = grid.shape[0]
    a, _, _, _, e, f = tuple(grid.transform)[:6]
    unit = grid.crs.axis_info[0].unit_conversion_factor or 1.0
    if not grid.crs.is_geographic:
        width, height = abs(a) * unit, abs(e) * unit
        next_row = np.ones(rows - 1)
        return np.full(rows, width), next_row * height, next_row * float(np.hypot(width, height))
    geod = grid.crs.get_geod() or pyproj.Geod(ellps="WGS84")
    here = np.degrees((f + e * (np.arange(rows) + 0.5)) * unit)
    width = np.degrees(abs(a) * unit)

    def between(one: Floats, other: Floats, turn: float) -> Floats:
        start = np.zeros(len(one))
        return np.asarray(geod.inv(start, one, start + turn, other)[2])

    north, south = here[:-1], here[1:]
    return between(here, here, width), between(north, south, 0), between(north, south, width)


def part_of_grid(grid: Grid, window: Window) -> Grid:
    """Give the grid of a window."""
    rows, cols = window
    moved = grid.transform @ Affine.translation(cols.start, rows.start)
    return Grid(moved, (rows.stop - rows.start, cols.stop - cols.start), grid.crs)


def minutes_around(
    friction: NDArray[Any], grid: Grid, cell: tuple[int, int], limit: float, least: float
) -> tuple[Window, Floats]:
    """Spread from one cell as far as a limit, in the window that it can reach at most.

    Parameters
    ----------
    friction : ndarray
        As `check_friction` gives it.
    grid : Grid
    cell : tuple of int
        Row and column of the start, which is passable.
    limit : float
        Minutes.
    least : float
        The least friction of all cells.

    Returns
    -------
    window : (slice, slice)
    minutes : ndarray of float64
        Of the window's cells; infinite where not reached within the limit.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 9), "EPSG:6933")
    >>> window, minutes = minutes_around(np.full((1, 9), 0.01), grid, (0, 1), 25, 0.01)
    >>> window[1], minutes.tolist()
    (slice(0, 5, None), [[10.0, 0.0, 10.0, 20.0, inf]])
    """
    from regional_atlas.membership.delineation.friction_kernels import spread_minutes

    window = _reachable(grid, cell, limit / least)
    part = part_of_grid(grid, window)
    row, col = cell[0] - window[0].start, cell[1] - window[1].start
    cells = np.ascontiguousarray(friction[window])
    most = limit * (1 + ROUNDING)
    minutes = spread_minutes(cells, *step_metres(part), row, col, most)
    return window, minutes


def _reachable(grid: Grid, cell: tuple[int, int], metres: float) -> Window:
    """Find the rows and columns that lie within some metres of a cell, and perhaps some more."""
    across, down, _ = step_metres(grid)
    row, col = cell
    places: Ints = np.arange(grid.shape[0])
    along = np.concatenate([[0.0], np.cumsum(down)])
    near = places[np.abs(along - along[row]) <= metres * (1 + ROUNDING)]
    top, bottom = int(near[0]), int(near[-1]) + 1
    narrowest = across[top:bottom].min()
    wide = grid.shape[1] if metres >= narrowest * grid.shape[1] else int(metres / narrowest) + 1
    return slice(top, bottom), slice(max(col - wide, 0), min(col + wide + 1, grid.shape[1]))
