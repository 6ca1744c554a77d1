"""Groups of cells as runs along rows: large rasters are grouped in little memory and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.membership.delineation.grids import Touching
from regional_atlas.zonal.grids import Grid

__all__ = [
    "Numbers",
    "Runs",
    "columns_within",
    "fill_holes",
    "group_runs",
    "join_runs",
    "runs_above",
    "runs_of",
]

NEVER = -2
"""Columns that may lie between runs of two rows which are too far apart."""

Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Runs:
    """Runs of neighbouring cells along the rows of a grid, by row and column.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of the grid.
    row_starts : ndarray of int64
        At n the first run of row n; one more entry at the end.
    starts, stops : ndarray of int32
        Columns of each run; `stops` is one beyond.

    Examples
    --------
    >>> runs = runs_above(np.array([[5, 6, 0, 7], [0, 0, 0, 0]]), 5)
    >>> runs.rows.tolist(), runs.starts.tolist(), runs.stops.tolist()
    ([0, 0], [0, 3], [2, 4])
    """

    shape: tuple[int, int]
    row_starts: Ints
    starts: Numbers
    stops: Numbers

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def rows(self) -> Ints:
        """The row of each run."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.row_starts))

    @property
    def lengths(self) -> Ints:
        """Cells of each run."""
        return self.stops.astype(np.int64) - self.starts

    @property
    def places(self) -> tuple[Ints, Numbers, Numbers]:
        """What the compiled loops take."""
        return self.row_starts, self.starts, self.stops

    def kept(self, which: Bools) -> Runs:
        """Keep some of the runs."""
        return _placed(self.shape, self.rows[which], self.starts[which], self.stops[which])

    def at(self, rows: Ints, cols: Ints) -> Ints:
        """Find the run that holds each of some cells, all of which must lie in one."""
        width = self.shape[1]
        keys = self.rows * width + self.starts
        return np.searchsorted(keys, rows * width + cols, side="right") - 1

    def painted(self, numbers: Numbers) -> Numbers:
        """Draw a raster with the number of each run in its cells, 0 elsewhere."""
        from regional_atlas.membership.delineation.runs_kernels import paint_runs

        cells = np.zeros(self.shape, np.int32)
        paint_runs(*self.places, numbers, cells)
        return cells


def runs_above(values: NDArray[Any], threshold: float, within: Runs | None = None) -> Runs:
    """Find the runs of cells of at least a threshold; a NaN cell is in none.

    Parameters
    ----------
    values : ndarray
    threshold : float
    within : Runs, optional
        Runs at a lower threshold, to look at their cells alone: where few cells are bright, this
        takes little time.
    """
    from regional_atlas.membership.delineation.runs_kernels import find_runs

    rows, cols = values.shape
    if within is None:
        ends = np.zeros(rows, np.int32), np.full(rows, cols, np.int32)
        within = Runs((rows, cols), np.arange(rows + 1), *ends)
    return Runs((rows, cols), *find_runs(values, float(threshold), *within.places))


def runs_of(numbers: NDArray[np.int32]) -> tuple[Runs, Numbers]:
    """Find the runs of cells of one number in a raster of groups, and the number of each.

    Examples
    --------
    >>> runs, groups = runs_of(np.array([[1, 1, 2, 0]], np.int32))
    >>> runs.starts.tolist(), runs.stops.tolist(), groups.tolist()
    ([0, 2], [2, 3], [1, 2])
    """
    from regional_atlas.membership.delineation.runs_kernels import find_equal_runs

    runs = Runs((numbers.shape[0], numbers.shape[1]), *find_equal_runs(numbers))
    return runs, numbers[runs.rows, runs.starts]


def group_runs(runs: Runs, touching: Touching) -> Numbers:
    """Give each group of touching runs a number: 1, 2, … in reading order.

    Examples
    --------
    >>> runs = runs_above(np.array([[1, 0, 0], [0, 1, 1]]), 1)
    >>> group_runs(runs, 4).tolist(), group_runs(runs, 8).tolist()
    ([1, 2], [1, 1])
    """
    between = np.full(runs.shape[0] - 1, 0 if touching == 8 else -1)
    return _linked(runs, np.arange(len(runs)), {1: between})


def join_runs(runs: Runs, groups: Numbers, between: list[Ints]) -> Numbers:
    """Unite groups that are near one another.

    Parameters
    ----------
    runs : Runs
    groups : ndarray of int32
        As `group_runs` gives it.
    between : list of ndarray
        As `columns_within` gives it.

    Returns
    -------
    ndarray of int32
        Numbers anew, in reading order.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 6), "EPSG:6933")
    >>> runs = runs_above(np.array([[1, 0, 1, 0, 0, 1]]), 1)
    >>> join_runs(runs, group_runs(runs, 4), columns_within(grid, 1.5)).tolist()
    [1, 1, 2]
    """
    # Groups are numbered in the order of their first runs.
    first = np.flatnonzero(np.diff(np.maximum.accumulate(groups), prepend=0))
    return _linked(runs, first[groups - 1], dict(enumerate(between)))


def columns_within(grid: Grid, distance_km: float) -> list[Ints]:
    """Count the columns that may lie between cells nearer to each other than a distance.

    The distance is that of the cells' edges. On a geographic grid a step of latitude and one of
    longitude are as long as the ellipsoid's radii of curvature make them at the middle latitude of
    the two edges (of cells in one row: at the edge nearer to the pole); on a projected grid they
    are those of its plane.

    Returns
    -------
    list of ndarray
        At n, for each row with another one n rows further: the most whole columns between a cell of
        the first and one of the second; `NEVER` where no two are near enough.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (3, 9), "EPSG:6933")
    >>> [columns.tolist() for columns in columns_within(grid, 2)]
    [[1, 1, 1], [1, 1], [1]]
    """
    rows, cols = grid.shape
    width, _, _, _, height, north = tuple(grid.transform)[:6]
    edges = north + height * np.arange(rows + 1)
    found = []
    for apart in range(rows):
        upper, lower = edges[1 : rows + 1 - apart], edges[apart:rows]
        if apart == 0:
            upper = lower = np.where(np.abs(edges[1:]) > np.abs(edges[:-1]), edges[1:], edges[:-1])
        down_km, across_km = _steps_km(grid, (upper + lower) / 2)
        down = np.abs(upper - lower) * down_km
        rest = np.sqrt(np.clip(distance_km**2 - down**2, 0, None))
        with np.errstate(divide="ignore"):
            most = np.ceil(np.minimum(rest / (abs(width) * across_km), cols)) - 1
        columns = np.where(down < distance_km, most, NEVER).astype(np.int64)
        if (columns == NEVER).all():
            break
        found.append(columns)
    return found


def _steps_km(grid: Grid, places: Floats) -> tuple[Floats, Floats]:
    """Kilometres of a unit of the grid's CRS along its two axes, at places on the vertical one."""
    unit = grid.crs.axis_info[0].unit_conversion_factor or 1.0
    if not grid.crs.is_geographic:
        return np.full(len(places), unit / 1000), np.full(len(places), unit / 1000)
    ellipsoid = grid.crs.ellipsoid
    assert ellipsoid is not None
    axis = ellipsoid.semi_major_metre / 1000
    flattening = 1 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    square = flattening * (2 - flattening)
    latitudes = np.clip(places * unit, -np.pi / 2, np.pi / 2)
    bulge = 1 - square * np.sin(latitudes) ** 2
    return (
        axis * (1 - square) / bulge**1.5 * unit,
        axis / np.sqrt(bulge) * np.abs(np.cos(latitudes)) * unit,
    )


def fill_holes(runs: Runs, row_areas: Floats, below_km2: float, touching: Touching) -> Runs:
    """Add the cells of holes smaller than an area.

    A hole is a group of cells outside the runs that does not reach the grid's edge. Its cells touch
    by their corners as well where those of the runs do not, and the reverse: so that a hole lies
    within one group.

    Examples
    --------
    >>> runs = runs_above(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]]), 1)
    >>> [len(fill_holes(runs, np.ones(3), below, 4)) for below in (1.5, 1)]
    [3, 4]
    """
    gaps = _gaps(runs)
    groups = group_runs(gaps, 4 if touching == 8 else 8)
    rows, cols = runs.shape
    at_edge = np.isin(gaps.rows, (0, rows - 1)) | (gaps.starts == 0) | (gaps.stops == cols)
    reaching = np.bincount(groups, at_edge, 1) > 0
    areas = np.bincount(groups, gaps.lengths * row_areas[gaps.rows], 1)
    filled = (~reaching & (areas < below_km2))[groups]
    lines = np.concatenate([runs.rows, gaps.rows[filled]])
    starts = np.concatenate([runs.starts, gaps.starts[filled]])
    stops = np.concatenate([runs.stops, gaps.stops[filled]])
    order = np.lexsort((starts, lines))
    lines, starts, stops = lines[order], starts[order], stops[order]
    meets = (lines[1:] == lines[:-1]) & (starts[1:] == stops[:-1])
    begins, ends = np.ones(len(lines), np.bool_), np.ones(len(lines), np.bool_)
    begins[1:], ends[:-1] = ~meets, ~meets
    return _placed(runs.shape, lines[begins], starts[begins], stops[ends])


def _gaps(runs: Runs) -> Runs:
    """Find the runs of the cells that lie in none."""
    rows, cols = runs.shape
    starts = np.insert(runs.stops, runs.row_starts[:-1], 0)
    stops = np.insert(runs.starts, runs.row_starts[1:], cols)
    lines = np.repeat(np.arange(rows), np.diff(runs.row_starts) + 1)
    some = starts < stops
    return _placed(runs.shape, lines[some], starts[some], stops[some])


def _placed(shape: tuple[int, int], rows: Ints, starts: Numbers, stops: Numbers) -> Runs:
    return Runs(shape, np.searchsorted(rows, np.arange(shape[0] + 1)), starts, stops)


def _linked(runs: Runs, parent: Ints, between: dict[int, Ints]) -> Numbers:
    from regional_atlas.membership.delineation.runs_kernels import link_rows, number_roots

    parent = parent.astype(np.int64)
    for apart, columns in between.items():
        link_rows(*runs.places, apart, columns, parent)
    numbers: Numbers = number_roots(parent)
    return numbers
