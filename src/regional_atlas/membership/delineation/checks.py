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
from regional_atlas.zonal.grids import Grid

__all__ = ["check_units", "raster_cells"]


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
    if units.index.hasnans:
        yield f"{int(units.index.isna().sum())} have no id"
    for label in units.index[units.index.duplicated()].dropna().unique():
        yield f"the id {label!r} appears twice"
    for flaw in without_polygon(np.asarray(units.geometry.array, dtype=object)):
        yield f"{units.index[flaw.position]!r}: {flaw}"


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
