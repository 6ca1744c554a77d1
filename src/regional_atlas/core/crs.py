"""Datums and projections: exact GCJ-02 and BD-09 conversion, and where areas are measured.

China's public web maps are drawn in GCJ-02, which moves WGS 84 coordinates by 300 to 700 m inside
the country, and Baidu's in BD-09, a further shift of it. Both are published as if they were WGS 84.
The forward formulas are the ones in common use; the inverse is found by fixed-point iteration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from regional_atlas.core.errors import DataError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = [
    "AREA_CRS",
    "WGS84",
    "area_km2",
    "bd09_to_wgs84",
    "boxes_within_a_turn",
    "from_datum",
    "gcj02_to_wgs84",
    "in_datum",
    "is_equal_area",
    "keeps_spherical_areas",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]

WGS84 = "EPSG:4326"
AREA_CRS = "EPSG:6933"
"""Equal-area cylindrical grid, valid worldwide: areas and shares are measured here."""

_EQUAL_AREA = {"Bonne", "Equal Earth", "Sinusoidal"}
_EQUAL_AREA_ON_A_SPHERE = {
    "Eckert II", "Eckert IV", "Eckert VI", "Goode Homolosine", "Interrupted Goode Homolosine",
    "Mollweide",
}  # fmt: skip
"""Methods that keep areas, beside those whose names say so."""

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_ITERATIONS = 6
_BAIDU = np.pi * 3000.0 / 180.0


def _gcj02_offset(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    short_waves = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + short_waves
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + short_waves
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel = _SEMI_MAJOR / np.sqrt(magic) * np.cos(phi)
    return np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])


def wgs84_to_gcj02(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift WGS 84 longitudes and latitudes to GCJ-02.

    Parameters
    ----------
    lonlat : (n, 2) array
        Degrees. The formula is applied everywhere: data of one datum is shifted as a whole, so
        that a border at the edge of the country stays one border.

    Returns
    -------
    (n, 2) array
        Degrees.

    Examples
    --------
    >>> wgs84_to_gcj02(np.array([[116.391, 39.907]])).round(5).tolist()
    [[116.39724, 39.9084]]
    """
    return lonlat + _gcj02_offset(lonlat)


def gcj02_to_wgs84(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo the GCJ-02 shift; residual below 1e-9 degrees.

    The number of iterations is fixed, so that equal vertices stay equal: a polygon coverage stays
    one.

    Parameters
    ----------
    lonlat : (n, 2) array
        Degrees in GCJ-02.

    Returns
    -------
    (n, 2) array
        Degrees in WGS 84.

    Examples
    --------
    >>> there = wgs84_to_gcj02(np.array([[116.391, 39.907]]))
    >>> gcj02_to_wgs84(there).round(9).tolist()
    [[116.391, 39.907]]
    """
    return _inverse(wgs84_to_gcj02, lonlat)


def wgs84_to_bd09(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift WGS 84 coordinates to BD-09 (Baidu): GCJ-02, then a rotation about 0, 0."""
    return _gcj02_to_bd09(wgs84_to_gcj02(lonlat))


def bd09_to_wgs84(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo the BD-09 shift; residual below 1e-9 degrees."""
    return gcj02_to_wgs84(_inverse(_gcj02_to_bd09, lonlat))


def _gcj02_to_bd09(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _inverse(
    forward: Callable[[NDArray[np.float64]], NDArray[np.float64]], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    guess = target.copy()
    for _ in range(_ITERATIONS):
        guess += target - forward(guess)
    return guess


_TO_WGS84 = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
_FROM_WGS84 = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}


def from_datum(lonlat: NDArray[np.float64], datum: str) -> NDArray[np.float64]:
    """Bring longitudes and latitudes of a datum to WGS 84; see `to_wgs84`."""
    return _TO_WGS84[datum](lonlat) if datum in _TO_WGS84 else lonlat


def in_datum(lonlat: NDArray[np.float64], datum: str) -> NDArray[np.float64]:
    """Bring longitudes and latitudes of WGS 84 to a datum."""
    return _FROM_WGS84[datum](lonlat) if datum in _FROM_WGS84 else lonlat


def to_wgs84(geometry: gpd.GeoSeries, datum: str) -> gpd.GeoSeries:
    """Bring geometry to WGS 84 from the datum that its source declares.

    Parameters
    ----------
    geometry : GeoSeries
        In any CRS; must have one.
    datum : {'wgs84', 'cgcs2000', 'gcj02', 'bd09'}
        CGCS2000 equals WGS 84 to a few centimetres and is taken as it is. For GCJ-02 and BD-09 the
        coordinates must be geographic.

    Returns
    -------
    GeoSeries
        In EPSG:4326, index kept.

    Raises
    ------
    DataError
        When the geometry has no CRS.
    """
    if geometry.crs is None:
        raise DataError("the boundaries have no CRS; write it into the file")
    geographic = geometry.to_crs(WGS84)
    if datum not in _TO_WGS84:
        return geographic
    shifted = shapely.transform(geographic.values, _TO_WGS84[datum])
    return type(geometry)(shifted, index=geometry.index, crs=WGS84, name=geometry.name)


def area_km2(geometry: gpd.GeoSeries) -> NDArray[np.float64]:
    """Area in km², measured in the equal-area grid `AREA_CRS`."""
    areas: NDArray[np.float64] = geometry.to_crs(AREA_CRS).area.to_numpy() / 1e6
    return areas


def is_equal_area(crs: str) -> bool:
    """Say whether a projection keeps areas, by the name of its method."""
    method = _method(crs)
    return "Equal Area" in method or method in _EQUAL_AREA or method in _EQUAL_AREA_ON_A_SPHERE


def keeps_spherical_areas(crs: str) -> bool:
    """Say whether a projection keeps the areas of a sphere, whatever its ellipsoid is.

    Mollweide's and its like are computed with the semi-major axis as radius and the geodetic
    latitude: on WGS 84 their areas are up to 0.7% above or below those on the ellipsoid. A point's
    latitude depends on its northing alone.
    """
    return _method(crs) in _EQUAL_AREA_ON_A_SPHERE


def _method(crs: str) -> str:
    operation = pyproj.CRS.from_user_input(crs).coordinate_operation
    return "" if operation is None else operation.method_name


def boxes_within_a_turn(bounds: tuple[float, float, float, float]) -> list[shapely.Polygon]:
    """Give the boxes between longitudes -180 and 180 that bounds, which may go beyond, consist of.

    Examples
    --------
    >>> [box.bounds for box in boxes_within_a_turn((-190, 50, -130, 70))]
    [(-180.0, 50.0, -130.0, 70.0), (170.0, 50.0, 180.0, 70.0)]
    """
    west, south, east, north = bounds
    turns = ((west + turn, east + turn) for turn in (0, 360, -360))
    parts = ((max(left, -180), min(right, 180)) for left, right in turns)
    return [shapely.box(left, south, right, north) for left, right in parts if left < right]
