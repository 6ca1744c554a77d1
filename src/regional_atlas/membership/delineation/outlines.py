"""Outlines of groups of cells: polygons along the sides of the cells."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio.features
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats, Geometries
from regional_atlas.membership.delineation.runs import Numbers, Runs, runs_of
from regional_atlas.zonal.grids import Grid, row_areas_km2

__all__ = ["group_outlines", "group_polygons", "group_sizes"]

ROWS_AT_ONCE = 512
"""Groups that begin in as many rows are drawn together."""


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
    runs, numbers = runs_of(groups)
    outlines = group_outlines(runs, numbers, grid)
    return gpd.GeoDataFrame(group_sizes(runs, numbers, grid), geometry=outlines)


def group_sizes(runs: Runs, groups: Numbers, grid: Grid) -> pd.DataFrame:
    """Count the cells of each group, and measure their area on the ellipsoid.

    Returns
    -------
    DataFrame
        Index `group`, ascending: `cells`, `area_km2`.
    """
    km2 = runs.lengths * row_areas_km2(grid)[runs.rows]
    numbers = pd.Index(np.unique(groups).astype(np.int64), name="group")
    return pd.DataFrame(
        {
            "cells": np.bincount(groups, runs.lengths, 1)[numbers].astype(np.int64),
            "area_km2": np.bincount(groups, km2, 1)[numbers],
        },
        index=numbers,
    )


def group_outlines(runs: Runs, groups: Numbers, grid: Grid) -> gpd.GeoSeries:
    """Draw each group, given as runs along rows, along the sides of its cells.

    Groups are drawn in bands of rows, so that the raster that they are painted into is small.

    Parameters
    ----------
    runs : Runs
    groups : ndarray of int32
        The number of each run's group, from 1.
    grid : Grid

    Returns
    -------
    GeoSeries
        Index `group`, ascending; valid polygons and multipolygons in the grid's CRS.
    """
    pieces = sorted(_pieces(runs, groups), key=itemgetter(0))
    owners = np.array([number for number, _ in pieces], np.int64)
    numbers, places = np.unique(owners, return_inverse=True)
    together: Geometries = np.full(len(numbers), None, dtype=object)
    if pieces:
        parts = [shapely.geometry.shape(outline) for _, outline in pieces]
        shapely.multipolygons(parts, indices=places, out=together)
    whole = shapely.union_all(together[:, None], axis=1)
    a, _, c, _, e, f = tuple(grid.transform)[:6]

    def placed(corners: Floats) -> Floats:
        return np.column_stack([c + a * corners[:, 0], f + e * corners[:, 1]])

    index = pd.Index(numbers, name="group", dtype="int64")
    return gpd.GeoSeries(shapely.transform(whole, placed), index, crs=grid.crs)


def _pieces(runs: Runs, groups: Numbers) -> Iterator[tuple[int, Any]]:
    """Yield the number and the outline of each contiguous part, in columns and rows."""
    from regional_atlas.membership.delineation.runs_kernels import paint_runs

    if not len(runs):
        return
    rows = runs.rows
    first = np.full(int(groups.max()) + 1, runs.shape[0], np.int64)
    np.minimum.at(first, groups, rows)
    bands = (first // ROWS_AT_ONCE)[groups]
    for band in np.unique(bands):
        own = bands == band
        some, numbers = runs.kept(own), groups[own]
        top, bottom = int(rows[own][0]), int(rows[own][-1]) + 1
        cells = np.zeros((bottom - top, runs.shape[1]), np.int32)
        paint_runs(some.row_starts[top : bottom + 1], some.starts, some.stops, numbers, cells)
        down = rasterio.Affine.translation(0, top)
        for outline, number in rasterio.features.shapes(cells, cells > 0, transform=down):
            yield int(number), outline
