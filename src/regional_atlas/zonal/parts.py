"""Zones in parts: coverage of many zones on a large grid, a bounded number of cells at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.zonal.grids import Grid

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["assembled", "close_together", "zone_parts"]

CELLS_AT_ONCE = 25_000_000
"""About as many cells on outlines of zones are held at once, of some 20 bytes each."""


def zone_parts(zones: gpd.GeoDataFrame, grids: Sequence[Grid]) -> list[NDArray[np.intp]]:
    """Divide zones into parts so that the coverage of each fits well into memory.

    Parameters
    ----------
    zones : GeoDataFrame
    grids : sequence of Grid
        The parts serve each of them.

    Returns
    -------
    list of ndarray of int
        Positions of the zones of each part; one part where everything fits.
    """
    cells = np.zeros(len(zones))
    for grid in dict.fromkeys(grids):
        cells = np.maximum(cells, _outline_cells(zones, grid))
    if cells.sum() <= CELLS_AT_ONCE:
        return [np.arange(len(zones))]
    return close_together(zones, cells / CELLS_AT_ONCE)


def close_together(zones: gpd.GeoDataFrame, work: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Divide zones along a Hilbert curve into parts of about one unit of work.

    Parameters
    ----------
    zones : GeoDataFrame
    work : ndarray of float64
        Of each zone.

    Returns
    -------
    list of ndarray of int
        Positions of the zones of each part, all of them once.
    """
    if zones.empty:
        return [np.arange(0)]
    shown = zones.geometry.fillna(shapely.Point())
    empty = shown.is_empty.to_numpy()
    order = np.zeros(len(zones), np.int64)
    order[~empty] = shown[~empty].hilbert_distance()
    order = np.argsort(order, kind="stable")
    steps = np.floor(np.cumsum(work[order]))
    return np.split(order, np.flatnonzero(np.diff(steps)) + 1)


def _outline_cells(zones: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.float64]:
    """Estimate how many cells the outline of each zone crosses, 0 where it lies beyond the grid."""
    geometries = zones.geometry.to_numpy()
    a, _, _, _, e, _ = tuple(grid.transform)[:6]
    sides = abs(a), abs(e)
    crs = pyproj.CRS.from_user_input(zones.crs) if zones.crs is not None else grid.crs
    cells = np.nan_to_num(shapely.length(geometries))
    if crs.equals(grid.crs, ignore_axis_order=True):
        west, south, east, north = grid.bounds
        left, low, right, high = shapely.bounds(geometries).T
        cells[~((right >= west) & (left <= east) & (high >= south) & (low <= north))] = 0
    else:
        x, y = (grid.bounds[0] + grid.bounds[2]) / 2, (grid.bounds[1] + grid.bounds[3]) / 2
        moved = pyproj.Transformer.from_crs(grid.crs, crs, always_xy=True).transform(
            [x, x + a, x], [y, y, y + e]
        )
        points = np.column_stack(moved)
        sides = tuple(np.hypot(*(points[1:] - points[0]).T))
    side = min(sides)
    return cells * (4 / np.pi) / side if np.isfinite(side) and side > 0 else np.zeros(len(zones))


def assembled(
    nothing: pd.DataFrame,
    found: dict[tuple[int, int], pd.DataFrame],
    blocks: Sequence[NDArray[np.intp]],
    rasters: int,
) -> pd.DataFrame:
    """Put tables of parts in the order of rasters and zones, in the layout of `nothing`.

    Parameters
    ----------
    nothing : DataFrame
        The table of the same rasters without a zone.
    found : dict
        By place of the raster and number of the part.
    blocks : sequence of ndarray of int
        Positions of the zones of each part.
    rasters : int
        How many there are.

    Returns
    -------
    DataFrame
    """
    back = np.argsort(np.concatenate(blocks), kind="stable")
    tables = [
        _with_all_classes([found[place, number] for number in range(len(blocks))]).iloc[back]
        for place in range(rasters)
    ]
    table = pd.concat(tables, ignore_index=True)
    rest = [name for name in table.columns if name not in nothing.columns and name != "raster"]
    if not rest:
        return table[list(nothing.columns)].astype(nothing.dtypes)
    extra = [] if "raster" in nothing else ["raster"]
    return table.drop(columns=extra, errors="ignore").astype(nothing.dtypes)


def _with_all_classes(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the parts of one raster; a class that a part lacks has no share of its zones."""
    table = pd.concat(parts)
    columns = list(table.columns)
    for prefix in ("frac_", "weighted_frac_"):
        classes = [name for name in columns if name.startswith(prefix)]
        if not classes:
            continue
        ordered = sorted(classes, key=lambda name: float(name.rpartition("_")[2]))
        known = table[classes].notna().any(axis=1)
        table.loc[known, classes] = table.loc[known, classes].fillna(0.0)
        rest = [name for name in columns if name not in classes]
        full = next(list(part.columns) for part in parts if {*classes} & {*part.columns})
        first = next(place for place, name in enumerate(full) if name in classes)
        before = sum(name in rest for name in full[:first])
        columns = [*rest[:before], *ordered, *rest[before:]]
    return table[columns]
