"""Groups of touching cells: numbered, summed, kept, drawn as polygons, shared among units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from regional_atlas.zonal.grids import Grid, row_areas_km2
from regional_atlas.zonal.zones import zone_coverage

__all__ = [
    "Touching",
    "group_polygons",
    "group_totals",
    "keep_groups",
    "label_groups",
    "unit_shares",
]

Touching = Literal[4, 8]
"""Cells touch by their sides alone (4), or by their corners as well (8)."""


def label_groups(cells: NDArray[np.bool_], touching: Touching = 4) -> NDArray[np.int32]:
    """Give each group of touching cells a number.

    Parameters
    ----------
    cells : ndarray of bool
        The cells to group, on two axes.
    touching : {4, 8}
        By sides, or by sides and corners.

    Returns
    -------
    ndarray of int32
        0 where `cells` is false, otherwise the number of the group: 1, 2, … in the order in which
        reading by rows meets them.

    Examples
    --------
    >>> cells = np.array([[True, False], [False, True]])
    >>> int(label_groups(cells).max()), int(label_groups(cells, 8).max())
    (2, 1)
    """
    groups = np.empty(cells.shape, np.int32)
    ndimage.label(cells, np.ones((3, 3)) if touching == 8 else None, output=groups)
    return groups


def group_totals(groups: NDArray[np.int32], values: NDArray[Any] | None = None) -> NDArray[Any]:
    """Add up the values of each group's cells, or count its cells.

    Parameters
    ----------
    groups : ndarray of int32
        As `label_groups` gives it.
    values : ndarray, optional
        Of the same cells, without missing ones; each cell counts one without it.

    Returns
    -------
    ndarray
        At n the total of group n; at 0 that of the cells in none.

    Examples
    --------
    >>> groups = label_groups(np.array([[True, True, False, True]]))
    >>> group_totals(groups, np.array([[1.0, 2.0, 9.0, 4.0]])).tolist()
    [9.0, 3.0, 4.0]
    >>> group_totals(groups).tolist()
    [1, 2, 1]
    """
    return np.bincount(groups.ravel(), None if values is None else values.ravel())


def keep_groups(groups: NDArray[np.int32], kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Keep some groups and number them anew, in the same order.

    Parameters
    ----------
    groups : ndarray of int32
        As `label_groups` gives it.
    kept : ndarray of bool
        One for each number, the first for 0, which stays 0.

    Returns
    -------
    ndarray of int32

    Examples
    --------
    >>> keep_groups(np.array([[1, 2, 0, 3]]), np.array([False, False, True, True])).tolist()
    [[0, 1, 0, 2]]
    """
    kept = np.asarray(kept, np.bool_).copy()
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return np.asarray(numbers[groups])


def group_polygons(groups: NDArray[np.int32], grid: Grid) -> gpd.GeoDataFrame:
    """Draw each group's outline along the sides of its cells.

    Parameters
    ----------
    groups : ndarray of int32
        Numbers of groups, 0 for none; a group may lie in several parts.
    grid : Grid

    Returns
    -------
    GeoDataFrame
        Index `group`, in order; valid polygons and multipolygons in the grid's CRS, `cells` and
        `area_km2` (on the ellipsoid).

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 3), "EPSG:6933")
    >>> found = group_polygons(np.array([[1, 1, 0]], np.int32), grid)
    >>> found.geometry.iloc[0].area, found["cells"].tolist(), found["area_km2"].tolist()
    (2000000.0, [2], [2.0])
    """
    pieces = rasterio.features.shapes(groups, mask=groups > 0, transform=grid.transform)
    shapes = [(int(number), shapely.geometry.shape(outline)) for outline, number in pieces]
    drawn = gpd.GeoSeries(
        [outline for _, outline in shapes],
        index=pd.Index([number for number, _ in shapes], name="group", dtype="int64"),
        crs=grid.crs,
    )
    whole = drawn.groupby(level=0).agg(lambda parts: shapely.union_all(parts.to_numpy()))
    rows, cols = np.nonzero(groups)
    numbers = groups[rows, cols]
    return gpd.GeoDataFrame(
        {
            "cells": np.bincount(numbers)[whole.index],
            "area_km2": np.bincount(numbers, row_areas_km2(grid)[rows])[whole.index],
        },
        geometry=gpd.GeoSeries(whole, crs=grid.crs),
        index=whole.index,
    )


def unit_shares(
    units: gpd.GeoDataFrame,
    groups: NDArray[np.int32],
    grid: Grid,
    weights: NDArray[np.float64] | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Measure how much of each unit lies in each group, and the reverse, by exact coverage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    groups : ndarray of int32
        Numbers of groups, 0 for none.
    grid : Grid
    weights : ndarray of float64, optional
        What is shared, such as people or light in each cell; NaN counts as nothing. The cells'
        area on the ellipsoid without it.
    progress : callable, optional
        Called with blocks of units done and in all.

    Returns
    -------
    DataFrame
        `unit_id`, `group`, `share_of_unit` (of what the unit has within the grid),
        `share_of_group`; a row for each pair that shares more than nothing, by unit and group.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 2), "EPSG:6933")
    >>> unit = gpd.GeoDataFrame(geometry=[shapely.box(500, -1000, 2000, 0)], crs="EPSG:6933",
    ...                         index=pd.Index(["u"], name="unit_id"))
    >>> groups = np.array([[0, 1]], np.int32)
    >>> unit_shares(unit, groups, grid)["share_of_unit"].round(6).tolist()
    [0.666667]
    >>> unit_shares(unit, groups, grid, np.array([[2.0, 4.0]])).round(6).values.tolist()
    [['u', 1, 0.8, 1.0]]
    """
    coverage = zone_coverage(units, grid, progress=progress)
    amounts = (
        np.broadcast_to(row_areas_km2(grid)[:, None], groups.shape) if weights is None else weights
    )
    inside = np.nonzero(groups)
    totals = np.bincount(groups[inside], np.nan_to_num(amounts[inside], nan=0.0), 1)
    shares = []
    for position in range(len(coverage)):
        rows, cols, fractions = coverage.cells(position)
        covered = fractions * np.nan_to_num(amounts[rows, cols], nan=0.0)
        held = np.bincount(groups[rows, cols], covered, len(totals))
        within = np.flatnonzero(held[1:] > 0) + 1
        for number in within.tolist():
            shares.append(
                (position, number, held[number] / held.sum(), held[number] / totals[number])
            )
    table = pd.DataFrame(
        shares, columns=["unit_id", "group", "share_of_unit", "share_of_group"]
    ).astype({"unit_id": "int64", "group": "int64"})
    table["unit_id"] = units.index.to_numpy()[table["unit_id"]]
    return table
