"""Neighbours and nearness of units."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

__all__ = ["distances_km", "neighbours_of", "within_km"]

_KM_OF_DEGREE = 110.5
"""Kilometres of a degree of latitude, at least."""


def neighbours_of(units: gpd.GeoDataFrame, unit_id: str, order: int = 1) -> pd.Series:
    """Find the units that share a border with a unit (more than a point), and those beyond them.

    Parameters
    ----------
    units : GeoDataFrame
        A valid polygon coverage, index `unit_id`.
    unit_id : str
        Of the unit.
    order : int
        How many borders lie between at most: 1 its neighbours, 2 also theirs.

    Returns
    -------
    Series of int
        By unit id, sorted: how many borders lie between. The unit itself is not among them; empty
        for an island.

    Examples
    --------
    >>> squares = [shapely.box(x, y, x + 1, y + 1) for x, y in ((0, 0), (1, 0), (1, 1))]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["a", "b", "c"])
    >>> neighbours_of(units, "a").to_dict(), neighbours_of(units, "a", 2).to_dict()
    ({'b': 1}, {'b': 1, 'c': 2})
    """
    steps = {unit_id: 0}
    edge = [unit_id]
    for step in range(1, order + 1):
        beyond = [code for one in edge for code in _beside(units.geometry, one)]
        edge = [code for code in dict.fromkeys(beyond) if code not in steps]
        steps |= dict.fromkeys(edge, step)
    del steps[unit_id]
    return pd.Series(steps, dtype="int64").sort_index()


def _beside(geometry: gpd.GeoSeries, unit_id: str) -> pd.Index:
    one = geometry.loc[unit_id]
    near = geometry.iloc[geometry.sindex.query(one, predicate="intersects")]
    near = near[near.index != unit_id]
    shared = shapely.intersection(shapely.boundary(near.to_numpy()), shapely.boundary(one))
    found: pd.Index = near.index[shapely.length(shared) > 0]
    return found


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


def within_km(units: gpd.GeoDataFrame, lon: float, lat: float, radius: float) -> pd.Series:
    """Find the units within a distance of a point: `distances_km` of those, and of no others.

    Units whose bounding box is farther off in latitude or longitude are not measured.

    Parameters
    ----------
    units : GeoDataFrame
        Index `unit_id`, WGS 84.
    lon, lat : float
        WGS 84 degrees.
    radius : float
        Kilometres.

    Examples
    --------
    >>> squares = [shapely.box(x, 0, x + 1, 1) for x in (0, 3, 178)]
    >>> units = gpd.GeoDataFrame(geometry=squares, index=["a", "b", "c"], crs="EPSG:4326")
    >>> within_km(units, 2.0, 0.5, 112).round(1).to_dict()
    {'a': 111.3, 'b': 111.3}
    >>> within_km(units, -180.0, 0.5, 120).round(1).to_dict()
    {'c': 111.3}
    """
    west, south, east, north = units.bounds.to_numpy().T
    rise = radius / _KM_OF_DEGREE
    nearby = (south <= lat + rise) & (north >= lat - rise)
    # On a sphere a circle of angle r about latitude p reaches asin(sin r / cos p) to the sides.
    across = np.sin(np.radians(rise)) / np.cos(np.radians(lat))
    if abs(lat) + rise < 90 and across < 1:
        side = np.degrees(np.arcsin(across)) * 1.01
        turns = (
            (west <= lon + turn + side) & (east >= lon + turn - side) for turn in (-360, 0, 360)
        )
        nearby &= np.logical_or.reduce([*turns])
    distances = distances_km(units[nearby], lon, lat)
    return distances[distances <= radius]
