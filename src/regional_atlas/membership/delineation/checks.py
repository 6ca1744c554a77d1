"""What delineations ask of units and of rasters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.arguments import shown
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.polygons import without_polygon
from regional_atlas.zonal.coverage import Coverage
from regional_atlas.zonal.grids import Grid

__all__ = ["check_units", "outside_notes", "raster_cells"]


def check_units(units: Any) -> None:
    """Refuse units that have no polygons, no CRS, no ids or the same id twice.

    Raises
    ------
    DataError
        Lists all that is wrong.

    Examples
    --------
    >>> try:
    ...     check_units(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
    ... except DataError as error:
    ...     print(error)
    units: there are none
    """
    if not isinstance(units, gpd.GeoDataFrame) or units.active_geometry_name is None:
        allowed = "a GeoDataFrame with polygons"
        raise DataError(f"expected {allowed}, found {shown(units)}", where="units")
    raise_if(_unit_problems(units), DataError, "units")


def _unit_problems(units: gpd.GeoDataFrame) -> Iterator[str]:
    if not len(units):
        yield "there are none"
    if units.crs is None:
        yield "they have no coordinate reference system; state one with set_crs"
    nameless = units.index.isna() | (units.index.astype("str").str.strip() == "")
    if nameless.any():
        yield f"{int(nameless.sum())} have no id"
    for label in units.index[units.index.duplicated()].dropna().unique():
        yield f"the id {label!r} appears twice"
    for flaw in without_polygon(np.asarray(units.geometry.array, dtype=object)):
        yield f"{units.index[flaw.position]!r}: {flaw}"


def outside_notes(coverage: Coverage) -> Iterator[str]:
    """Say how many units lie beyond a grid, wholly or in part.

    Examples
    --------
    >>> import pandas as pd, shapely
    >>> from affine import Affine
    >>> from regional_atlas.zonal.zones import zone_coverage
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(-1, 0, 1, 1)], index=["a"], crs=4326)
    >>> list(outside_notes(zone_coverage(units, Grid(Affine(1, 0, 0, 0, -1, 1), (1, 2), 4326))))
    ['units partly outside the raster are shared by the part inside: 1']
    """
    share = coverage.covered / np.maximum(coverage.areas, np.finfo(np.float64).tiny)
    wholly, partly = int((share < 1e-9).sum()), int(((share >= 1e-9) & (share < 1 - 1e-6)).sum())
    if wholly:
        yield f"units outside the raster are in no region: {wholly}"
    if partly:
        yield f"units partly outside the raster are shared by the part inside: {partly}"


def raster_cells(name: str, values: Any, grid: Grid | None = None) -> NDArray[Any]:
    """Take the cells of a raster as numbers that compiled loops can read.

    Parameters
    ----------
    name : str
        Of the argument, for messages.
    values : array_like
        Real numbers; what is masked counts as NaN.
    grid : Grid, optional
        Whose cells they are.

    Returns
    -------
    ndarray
        The values themselves where their type and order allow.

    Raises
    ------
    DataError
        If they are not real numbers, or not of the grid's shape.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 0), (1, 2), "EPSG:4326")
    >>> raster_cells("lights", [[1, 2]], grid).dtype.kind
    'i'
    """
    cells = np.asarray(values)
    if cells.dtype.kind not in "buif":
        raise DataError(f"expected real numbers, found {cells.dtype}", where=name)
    if grid is not None and cells.shape != grid.shape:
        found, allowed = (" × ".join(map(str, shape)) for shape in (cells.shape, grid.shape))
        raise DataError(f"expected {allowed} cells as the grid has, found {found}", where=name)
    if isinstance(values, np.ma.MaskedArray):
        cells = np.ma.filled(values.astype(np.float64), np.nan)
    if cells.dtype.kind == "b":
        cells = cells.astype(np.uint8)
    if cells.dtype.kind == "f" and cells.dtype.itemsize not in (4, 8):
        cells = cells.astype(np.float64)
    return np.ascontiguousarray(cells, cells.dtype.newbyteorder("="))
