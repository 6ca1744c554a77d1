"""Longitudes go round: polygons that cross the antimeridian, and grids that begin elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

__all__ = [
    "ambiguous",
    "around_globe",
    "joined_for",
    "polygonal",
    "turn_of",
    "unwrapped",
    "within_a_turn",
]


def ambiguous(geometries: NDArray[Any], crs: pyproj.CRS) -> list[int]:
    """Positions of polygons with an edge of more than half a turn of longitude, but no whole one.

    Such an edge may go round the globe or cross the antimeridian; nothing tells which.

    Examples
    --------
    >>> jump = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> ambiguous(np.array([jump, shapely.box(-180, 0, 180, 1)]), pyproj.CRS(4326))
    [0]
    """
    turn = turn_of(crs)
    found = []
    for position in _wide(geometries, turn):
        rings = shapely.get_rings(geometries[position])
        points, ring = shapely.get_coordinates(rings, return_index=True)
        steps = np.abs(np.diff(points[:, 0]))[ring[1:] == ring[:-1]]
        if ((steps > turn / 2) & (steps < turn * (1 - 1e-9))).any():
            found.append(position)
    return found


def unwrapped(geometries: NDArray[Any], crs: pyproj.CRS) -> tuple[NDArray[Any], list[int]]:
    """Take the jumps of a turn out of polygons whose edges are short.

    Returns
    -------
    geometries : ndarray
        Longitudes run on beyond 180 where an outline crosses the antimeridian, from a west side
        of -180 to 180.
    broken : list of int
        Positions of polygons with a ring that goes round a pole.

    Examples
    --------
    >>> across = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> unwrapped(np.array([across]), pyproj.CRS(4326))[0][0].bounds
    (179.0, 0.0, 181.0, 1.0)
    """
    turn = turn_of(crs)
    result, broken = geometries.copy(), []
    for position in _wide(geometries, turn):
        parts = []
        for part in shapely.get_parts(geometries[position]):
            rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
            for ring in rings:
                ring[:, 0] = np.unwrap(ring[:, 0], period=turn)
            if any(abs(ring[-1, 0] - ring[0, 0]) > turn / 2 for ring in rings):
                broken.append(position)
                break
            shell, *holes = rings
            shell[:, 0] -= turn * np.floor((shell[:, 0].min() + turn / 2) / turn)
            for hole in holes:
                hole[:, 0] += turn * np.ceil((shell[:, 0].min() - hole[:, 0].min()) / turn - 1e-9)
            parts.append(shapely.Polygon(shell, holes))
        result[position] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return result, broken


def around_globe(
    geometries: NDArray[Any], crs: pyproj.CRS, bounds: tuple[float, float, float, float]
) -> NDArray[Any]:
    """Shift polygons by whole turns of longitude, in pieces where needed, to where bounds lie.

    Polygons that lie within the turn that begins in the west of the bounds stay as they are, as do
    those that would not meet the bounds a turn away, and all of a projected CRS.

    Examples
    --------
    >>> fiji = np.array([shapely.box(177, -19, 182, -16)])
    >>> split = around_globe(fiji, pyproj.CRS(4326), (-180, -90, 180, 90))[0]
    >>> sorted(part.bounds for part in split.geoms)
    [(-180.0, -19.0, -178.0, -16.0), (177.0, -19.0, 180.0, -16.0)]
    """
    if not crs.is_geographic:
        return geometries
    turn = turn_of(crs)
    west, _, east, _ = bounds
    lows, _, highs, _ = shapely.bounds(geometries).T
    result = geometries.copy()
    for position in np.flatnonzero((lows + turn < east) | (highs - turn > west)):
        first = int(np.floor((lows[position] - west) / turn))
        last = max(first, int(np.ceil((highs[position] - west) / turn)) - 1)
        if first == last == 0:
            continue
        pieces = []
        for number in range(first, last + 1):
            start = west + number * turn
            strip = shapely.box(start, -turn, start + turn, turn)
            piece = polygonal(shapely.intersection(geometries[position], strip))
            pieces.append(_moved(piece, -number * turn))
        result[position] = shapely.union_all(pieces)
    return result


def within_a_turn(geometries: NDArray[Any]) -> tuple[NDArray[Any], list[int]]:
    """Bring polygons in degrees to longitudes of -180 to 180, split at the antimeridian.

    An edge over more than half a turn is taken to cross the antimeridian.

    Returns
    -------
    geometries : ndarray
        Those that lie there already are the same objects. Invalid ones are not split.
    broken : list of int
        Positions of polygons with a ring that goes round a pole.

    Examples
    --------
    >>> across = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    >>> sorted(part.bounds for part in within_a_turn(np.array([across]))[0][0].geoms)
    [(-180.0, 0.0, -179.0, 1.0), (179.0, 0.0, 180.0, 1.0)]
    """
    crs = pyproj.CRS(4326)
    jumping = ambiguous(geometries, crs)
    result = geometries.copy()
    broken: list[int] = []
    if jumping:
        result[jumping], broken = unwrapped(geometries[jumping], crs)
    west, _, east, _ = shapely.bounds(result).T
    beyond = np.flatnonzero((west < -180) | (east > 180))
    beyond = beyond[shapely.is_valid(result[beyond])]
    result[beyond] = around_globe(result[beyond], crs, (-180, -90, 180, 90))
    return result, [jumping[i] for i in broken]


def joined_for(geometries: NDArray[Any], projection: pyproj.CRS) -> NDArray[Any]:
    """Join polygons that were split at the antimeridian, for a projection that does not cut there.

    Parameters
    ----------
    geometries : ndarray
        In degrees, longitudes of -180 to 180.
    projection : pyproj.CRS
        It cuts the globe opposite its central meridian.

    Returns
    -------
    ndarray
        Longitudes run on beyond 180 as far as the cut. Unchanged where nothing lies at the
        antimeridian, or where a polygon lies across the cut.

    Examples
    --------
    >>> halves = shapely.union(shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -178, 1))
    >>> fiji = pyproj.CRS("+proj=laea +lat_0=0 +lon_0=178 +datum=WGS84 +units=m")
    >>> joined_for(np.array([halves]), fiji)[0].bounds
    (179.0, 0.0, 182.0, 1.0)
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    near = 1e-9
    cut = (_central_meridian(projection) + 360) % 360 - 180
    at_edge = (east.max(initial=-180) >= 180 - near) and (west.min(initial=180) <= -180 + near)
    if not at_edge or abs(cut) > 180 - near or ((west < cut - near) & (east > cut + near)).any():
        return geometries
    moved, beyond = parts.copy(), east <= cut + near
    moved[beyond] = [_moved(part, 360.0) for part in parts[beyond]]
    split = np.intersect1d(owner[east >= 180 - near], owner[west <= -180 + near])
    result = geometries.copy()
    for position in np.unique(owner[beyond]):
        own = moved[owner == position]
        whole = shapely.union_all(own) if position in split else shapely.multipolygons(own)
        result[position] = own[0] if len(own) == 1 else whole
    return result


def _central_meridian(projection: pyproj.CRS) -> float:
    operation = projection.coordinate_operation
    params = operation.params if operation is not None else []
    named = (each for each in params if each.name.startswith("Longitude of "))
    return next((float(each.value) for each in named), 0.0)


def polygonal(geometry: Any) -> Any:
    """Keep the polygons of a geometry; points and lines, where polygons merely touch, go.

    Examples
    --------
    >>> polygonal(shapely.intersection(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))).is_empty
    True
    """
    if shapely.get_dimensions(geometry) == 2 and geometry.geom_type != "GeometryCollection":
        return geometry
    parts = shapely.get_parts(geometry)
    flat = shapely.get_parts(parts)
    return shapely.union_all(flat[shapely.get_dimensions(flat) == 2])


def _moved(geometry: Any, by: float) -> Any:
    return shapely.transform(geometry, lambda points: points + np.array([by, 0.0]))


def turn_of(crs: pyproj.CRS) -> float:
    """Longitude of a whole turn, in the units of a geographic CRS."""
    return float(np.round(2 * np.pi / crs.axis_info[0].unit_conversion_factor, 9))


def _wide(geometries: NDArray[Any], turn: float) -> list[int]:
    west, _, east, _ = shapely.bounds(geometries).T
    found: list[int] = np.flatnonzero(east - west > turn / 2).tolist()
    return found
