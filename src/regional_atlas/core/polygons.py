"""What makes a geometry no valid polygon, in words, and the polygons that a collection holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Geometries
from regional_atlas.core.jit import thread_count

__all__ = ["REPAIR", "Flaw", "flat_polygons", "flaws", "said_flaws", "without_polygon"]

REPAIR = "repair it in the file (QGIS: Fix geometries)"
GEOMETRIES_PER_TASK = 64
UNSUSPICIOUS = 20_000
"""Vertices up to which any polygon is checked within a second."""
MOST_PAIRS = 30_000_000
"""Pairs of edges of one polygon whose boxes overlap; GEOS looks at each. Coasts have few."""
EDGES_TRIED = 64
AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True)
class Flaw:
    """Why a geometry is not a valid polygon, and where in its CRS (NaN where nowhere)."""

    position: int
    reason: str
    x: float = np.nan
    y: float = np.nan

    def __str__(self) -> str:
        place = "" if np.isnan(self.x) else f" at {self.x:.6f}, {self.y:.6f}"
        return f"{self.reason[:1].lower()}{self.reason[1:]}{place}"


def flaws(geometries: Geometries) -> list[Flaw]:
    """Name every geometry that is missing, empty, not areal, or not valid.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> for flaw in flaws(np.array([shapely.box(0, 0, 1, 1), bow_tie, None, shapely.Point(0, 0)])):
    ...     print(flaw.position, flaw)
    1 self-intersection at 1.000000, 1.000000
    2 has no geometry
    3 expected a polygon, found a Point
    """
    areal = np.isin(shapely.get_type_id(geometries), AREAL)
    tangled = {
        i: flaw
        for i in np.flatnonzero(shapely.get_num_coordinates(geometries) > UNSUSPICIOUS).tolist()
        if areal[i] and (flaw := _tangle(geometries[i], i)) is not None
    }
    sound = areal & ~shapely.is_empty(geometries)
    sound[list(tangled)] = False
    sound[sound] = _are_valid(geometries[sound])
    return [tangled.get(i) or _flaw(geometries[i], i) for i in np.flatnonzero(~sound).tolist()]


def without_polygon(geometries: Geometries) -> list[Flaw]:
    """Name every geometry that is missing, empty or not areal; rings are not looked at."""
    areal = np.isin(shapely.get_type_id(geometries), AREAL) & ~shapely.is_empty(geometries)
    return [_flaw(geometries[i], i) for i in np.flatnonzero(~areal).tolist()]


def said_flaws(found: Sequence[Flaw], labels: Sequence[str]) -> Iterator[str]:
    """Write a line for each flaw; the last one says what to do.

    Examples
    --------
    >>> list(said_flaws([Flaw(0, "Nested holes", 1, 1)], ["zone a"]))
    ['zone a: nested holes at 1.000000, 1.000000; repair it in the file (QGIS: Fix geometries)']
    """
    for number, flaw in enumerate(found, 1):
        remedy = f"; {REPAIR}" if number == len(found) else ""
        yield f"{labels[flaw.position]}: {flaw}{remedy}"


def flat_polygons(geometries: Geometries) -> Geometries:
    """Take heights and measures off, and make multipolygons of collections of polygons alone.

    Examples
    --------
    >>> clipped = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    >>> high = shapely.force_3d(shapely.box(0, 0, 1, 1), 8)
    >>> [found.geom_type for found in flat_polygons(np.array([high, clipped]))]
    ['Polygon', 'MultiPolygon']
    """
    raised = shapely.has_z(geometries) | shapely.has_m(geometries)
    collections = shapely.get_type_id(geometries) == shapely.GeometryType.GEOMETRYCOLLECTION
    if not raised.any() and not collections.any():
        return geometries
    result = geometries.copy()
    result[raised] = shapely.force_2d(result[raised])
    for position in np.flatnonzero(collections).tolist():
        parts = shapely.get_parts(shapely.get_parts(result[position]))
        if len(parts) and (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON).all():
            result[position] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return result


def _flaw(geometry: Any, position: int) -> Flaw:
    if geometry is None or geometry.is_empty:
        return Flaw(position, "has no geometry")
    if shapely.get_type_id(geometry) not in AREAL:
        return Flaw(position, f"expected a polygon, found a {geometry.geom_type}{_held(geometry)}")
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return Flaw(position, "a coordinate is not a finite number")
    # GEOS says "Self-intersection[1 1]".
    words, _, place = shapely.is_valid_reason(geometry).partition("[")
    numbers = place.rstrip("]").split()
    return (
        Flaw(position, words, *map(float, numbers[:2]))
        if len(numbers) >= 2
        else Flaw(position, words)
    )


def _tangle(geometry: Any, position: int) -> Flaw | None:
    """Say whether edges lie across one another so often that a check of them has no end.

    The pairs are estimated from some edges; the two longest of these may be straight cuts.
    """
    points, ring = shapely.get_coordinates(shapely.get_rings(geometry), return_index=True)
    inside = ring[1:] == ring[:-1]
    low = np.minimum(points[1:], points[:-1])[inside]
    high = np.maximum(points[1:], points[:-1])[inside]
    tried = np.random.default_rng(0).choice(len(low), min(EDGES_TRIED, len(low)), replace=False)
    across = np.array(
        [
            np.count_nonzero(
                (low[:, 0] <= high[i, 0])
                & (high[:, 0] >= low[i, 0])
                & (low[:, 1] <= high[i, 1])
                & (high[:, 1] >= low[i, 1])
            )
            for i in tried
        ]
    )
    if np.sort(across)[:-2].mean() * len(low) / 2 <= MOST_PAIRS:
        return None
    words = f"its {len(low):,} edges lie across one another too often to be checked"
    return Flaw(position, words, *low[tried[across.argmax()]].tolist())


def _held(geometry: Any) -> str:
    """Say what a collection holds."""
    if geometry.geom_type != "GeometryCollection":
        return ""
    kinds = {part.geom_type for part in shapely.get_parts(geometry)}
    return f" ({', '.join(sorted(kinds))}): keep its polygons alone"


def _are_valid(geometries: Geometries) -> NDArray[np.bool_]:
    """Ask GEOS on every core; it lets go of the interpreter."""
    parts = np.array_split(geometries, -(-len(geometries) // GEOMETRIES_PER_TASK) or 1)
    with ThreadPoolExecutor(thread_count()) as pool:
        return np.concatenate(list(pool.map(shapely.is_valid, parts)))
