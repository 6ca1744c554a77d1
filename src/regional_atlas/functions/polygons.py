"""Polygons as users have them: frames, series, files, single geometries and lists of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from regional_atlas.core.arguments import a_path, shown, wrong
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.sources.vectors import Declared, read_vector

__all__ = ["crs_of", "crs_or_none", "frame_of", "polygons_of"]

ALLOWED = "a GeoDataFrame, a GeoSeries, a path, a shapely geometry or a list of geometries"
SHOWN = 5
"""Polygons that a message names."""


def polygons_of(name: str, value: Any, crs: Any = None) -> gpd.GeoDataFrame:
    """Put polygons into one form: a GeoDataFrame with a CRS, on the caller's index.

    Parameters
    ----------
    name : str
        Of the argument, for messages; the argument `<name>_crs` gives `crs`.
    value : GeoDataFrame, GeoSeries, path, shapely geometry or iterable of geometries
    crs : Any, optional
        Of polygons that have none.

    Returns
    -------
    GeoDataFrame

    Raises
    ------
    InputError
        None of these, or no CRS.
    DataError
        Not polygons, polygons that are not valid, labels that stand twice, or a file that cannot be
        read.

    Examples
    --------
    >>> polygons_of("zones", shapely.box(0, 0, 1, 1), 4326).crs.to_epsg()
    4326
    """
    found = frame_of(name, value, crs)
    geometries = found.geometry
    kinds = geometries.geom_type
    polygonal = kinds.isin(["Polygon", "MultiPolygon"]) | geometries.isna() | geometries.is_empty
    problems = [
        f"{label!r} is a {kind}; polygons are needed" for label, kind in kinds[~polygonal].items()
    ]
    broken = polygonal & ~(geometries.is_valid | geometries.isna())
    problems += [
        f"{label!r} is not valid ({shapely.is_valid_reason(geometry)}); repair it with make_valid()"
        for label, geometry in geometries[broken].items()
    ]
    twice = found.index[found.index.duplicated()].unique()
    problems += [f"{label!r} stands more than once in the index" for label in twice]
    raise_if(problems, DataError, name)
    return found


def frame_of(name: str, value: Any, crs: Any = None) -> gpd.GeoDataFrame:
    """Put geometries of any kind into a GeoDataFrame with a CRS; see `polygons_of`."""
    given = None if crs is None else crs_of(f"{name}_crs", crs)
    found = _frame(name, value, given)
    own = found.crs
    if own is None:
        if given is None:
            raise InputError(
                f"found {shown(value)} without a coordinate reference system; give {name}_crs, "
                "such as 'EPSG:4326'",
                where=name,
            )
        return found.set_crs(given)
    if given is not None and not pyproj.CRS(own).equals(given, ignore_axis_order=True):
        raise InputError(f"the CRS is {own.name}, not {given.name}", where=f"{name}_crs")
    return found


def crs_of(name: str, value: Any) -> pyproj.CRS:
    """Take a coordinate reference system in any form that pyproj or rasterio knows.

    Examples
    --------
    >>> crs_of("crs", "EPSG:4326").to_epsg()
    4326
    """
    try:
        return pyproj.CRS.from_user_input(value)
    except (pyproj.exceptions.CRSError, TypeError, ValueError, AttributeError):
        pass
    raise wrong(name, value, "a coordinate reference system, such as 'EPSG:4326'")


def crs_or_none(value: Any) -> Any:
    """Give the CRS of what may have one; a GeoDataFrame without a geometry column has none."""
    try:
        return getattr(value, "crs", None)
    except AttributeError:
        return None


def _frame(name: str, value: Any, crs: pyproj.CRS | None) -> gpd.GeoDataFrame:
    if isinstance(value, gpd.GeoDataFrame):
        try:
            value.geometry  # noqa: B018
        except AttributeError:
            raise InputError(
                "the GeoDataFrame has no geometry column; name it with set_geometry", where=name
            ) from None
        return value
    if isinstance(value, gpd.GeoSeries):
        return gpd.GeoDataFrame(geometry=value)
    if isinstance(value, str | os.PathLike):
        path = a_path(name, value, ALLOWED)
        if not path.exists():
            raise InputError(f"no such file: {str(path)!r}", where=name)
        said = None if crs is None else crs.to_wkt()
        return read_vector(path, Declared(None, said, "", f"{name}_crs='{{}}'"))
    if isinstance(value, shapely.Geometry):
        return gpd.GeoDataFrame(geometry=[value])
    if isinstance(value, Iterable) and not isinstance(value, bytes | dict | pd.DataFrame):
        index = value.index if isinstance(value, pd.Series) else None
        geometries = list(value)
        if all(item is None or isinstance(item, shapely.Geometry) for item in geometries):
            return gpd.GeoDataFrame(geometry=geometries, index=index)
        odd = next(i for i in geometries if i is not None and not isinstance(i, shapely.Geometry))
        raise InputError(
            f"expected {ALLOWED}, found {shown(value)} that holds {shown(odd)}", where=name
        )
    raise wrong(name, value, ALLOWED)
