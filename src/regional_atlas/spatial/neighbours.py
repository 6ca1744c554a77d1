"""Neighbours and nearness of units."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

__all__ = ["distances_km", "neighbours_of"]


def neighbours_of(units: gpd.GeoDataFrame, unit_id: str) -> pd.Index:
    """List the units that share a border with a unit (more than a point).

    Parameters
    ----------
    units : GeoDataFrame
        A valid polygon coverage, index `unit_id`.
    unit_id : str
        Of the unit.

    Returns
    -------
    Index
        Sorted unit ids, the unit itself not among them. Empty for an island.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 1, y + 1) for x, y in ((0, 0), (1, 0), (1, 1))]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["a", "b", "c"])
    >>> neighbours_of(units, "a").tolist()
    ['b']
    """
    geometry = units.geometry
    one = geometry.loc[unit_id]
    near = geometry.iloc[geometry.sindex.query(one, predicate="intersects")]
    near = near[near.index != unit_id]
    shared = shapely.intersection(shapely.boundary(near.to_numpy()), shapely.boundary(one))
    found: pd.Index = near.index[shapely.length(shared) > 0]
    return found.sort_values()


def distances_km(units: gpd.GeoDataFrame, lon: float, lat: float) -> pd.Series:
    """Distance of each unit from a point, in km on the WGS 84 ellipsoid.

    Measured to the nearest part of the unit, 0 inside it. The nearest point is found in an
    azimuthal equidistant projection about the given point, which keeps distances from it.

    Parameters
    ----------
    units : GeoDataFrame
        Index `unit_id`, any CRS.
    lon, lat : float
        WGS 84 degrees.

    Returns
    -------
    Series of float
        On the units' index.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["a"], crs="EPSG:4326")
    >>> distances_km(units, 2.0, 0.5).round(1).to_dict(), distances_km(units, 0.5, 0.5).to_dict()
    ({'a': 111.3}, {'a': 0.0})
    """
    local = pyproj.CRS.from_dict(
        {"proj": "aeqd", "lon_0": lon, "lat_0": lat, "datum": "WGS84", "units": "m"}
    )
    metres = shapely.distance(units.geometry.to_crs(local).to_numpy(), shapely.Point(0.0, 0.0))
    return pd.Series(np.asarray(metres) / 1000.0, index=units.index, name="distance_km")
