"""The arc topology of a polygon coverage: every border once, shared by the units beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.errors import DataError
from regional_atlas.units import _arcs
from regional_atlas.units._topojson import to_topojson

__all__ = ["Topology", "build_topology", "to_topojson"]


@dataclass(frozen=True)
class Topology:
    """Units as polygons of rings of arcs; each arc is stored once.

    Offsets follow the Arrow habit: element `i` owns the entries `offsets[i]` to `offsets[i + 1]`.
    Rings are oriented with their unit on the left: shells counter-clockwise, holes clockwise.

    Attributes
    ----------
    coordinates : (n, 2) float array
        Vertices of all arcs, one arc after another, in the units of the CRS given.
    arc_offsets : (arcs + 1,) int array
    arc_units : (arcs, 2) int array
        Position of the unit on the left and on the right of each arc; -1 is outside.
    ring_arcs : int array
        Arcs of the rings: `a` as stored, `~a` reversed (the TopoJSON convention).
    ring_offsets, polygon_offsets, unit_offsets : int arrays
        Ring to `ring_arcs`; polygon to rings, the shell first; unit to polygons.

    Examples
    --------
    >>> from shapely import box
    >>> topology = build_topology([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    >>> topology.n_units, topology.n_arcs, topology.neighbours().tolist()
    (2, 3, [[0, 1]])
    >>> topology.unit_areas().tolist()
    [1.0, 1.0]
    """

    coordinates: Floats
    arc_offsets: Ints
    arc_units: Ints
    ring_arcs: Ints
    ring_offsets: Ints
    polygon_offsets: Ints
    unit_offsets: Ints

    @property
    def n_units(self) -> int:
        """Number of units."""
        return self.unit_offsets.size - 1

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return self.arc_offsets.size - 1

    @property
    def n_vertices(self) -> int:
        """Number of stored vertices; a node counts once for each arc that ends in it."""
        return self.coordinates.size // 2

    def ring_areas(self) -> Floats:
        """Signed area of every ring: shells positive, holes negative."""
        areas: Floats = _arcs.signed_ring_areas(
            self.coordinates, self.arc_offsets, self.ring_arcs, self.ring_offsets
        )
        return areas

    def polygon_areas(self) -> Floats:
        """Area of every polygon, holes taken off."""
        return np.add.reduceat(self.ring_areas(), self.polygon_offsets[:-1])

    def unit_areas(self) -> Floats:
        """Area of every unit in the square of the CRS's unit."""
        return np.add.reduceat(self.polygon_areas(), self.unit_offsets[:-1])

    def neighbours(self) -> Ints:
        """Pairs of units that share an arc, so a border of positive length: (k, 2), i < j, sorted.

        Units that only touch in a point are not among them.
        """
        pairs = np.sort(self.arc_units, axis=1)
        inner = (pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])
        return np.unique(pairs[inner], axis=0)

    def geometries(self) -> NDArray[np.object_]:
        """Shapely geometries of the units, in order: Polygon with one part, else MultiPolygon."""
        sizes = _arcs.ring_sizes(self.ring_arcs, self.ring_offsets, self.arc_offsets)
        starts = np.concatenate(([0], np.cumsum(sizes)))
        coordinates = _arcs.ring_coordinates(
            self.coordinates, self.arc_offsets, self.ring_arcs, self.ring_offsets, starts
        )
        polygons = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, coordinates, (starts, self.polygon_offsets)
        )
        units = shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON,
            coordinates,
            (starts, self.polygon_offsets, self.unit_offsets),
        )
        single = np.diff(self.unit_offsets) == 1
        units[single] = polygons[self.unit_offsets[:-1][single]]
        result: NDArray[np.object_] = units
        return result


def build_topology(geometries: Iterable[shapely.Geometry]) -> Topology:
    """Find the arcs of a polygon coverage from the exact coordinates of its units.

    Vertices are one where both coordinates are equal. A vertex whose pair of neighbours differs
    between two visits is a node; arcs run between nodes, and rings without a node are closed arcs.
    Direction and start of an arc depend on its coordinates alone. Repeated consecutive vertices
    are dropped; apart from them, and from where rings start, `Topology.geometries` gives back what
    came in.

    Parameters
    ----------
    geometries : iterable of Polygon or MultiPolygon
        One per unit. Shared borders must have equal vertices (see `check_polygon_coverage`).

    Returns
    -------
    Topology

    Raises
    ------
    DataError
        A unit is empty or no polygon, or an arc has two units on the same side (an overlap).

    Examples
    --------
    >>> from shapely import box
    >>> ring = box(0, 0, 4, 4) - box(1, 1, 2, 2)
    >>> topology = build_topology([ring, box(1, 1, 2, 2)])
    >>> topology.arc_units.tolist()
    [[-1, 0], [0, 1]]
    """
    units = np.asarray(list(geometries), dtype=object)
    problems = [
        f"unit at position {i} is {_describe(unit)}; a Polygon or MultiPolygon is needed"
        for i, unit in enumerate(units)
        if not _is_areal(unit)
    ]
    if problems:
        raise DataError(*problems, where="topology")
    coordinates, ring_starts, polygon_offsets, unit_offsets = _rings(units)
    ids, count = _arcs.vertex_ids(coordinates.view(np.uint64))
    node = _arcs.find_nodes(ids, ring_starts, count)
    ring, first, edges, backward, ring_offsets = _arcs.cut_rings(
        coordinates, ids, ring_starts, node
    )
    keys = _arcs.piece_keys(ids, ring_starts, ring, first, edges, backward, count)
    arc_of, chosen = _number_in_order(keys)
    arc_coordinates, arc_offsets = _arcs.gather_arcs(
        coordinates, ring_starts, ring[chosen], first[chosen], edges[chosen], backward[chosen]
    )
    ring_unit = np.repeat(np.arange(units.size), np.diff(polygon_offsets[unit_offsets]))
    arc_units = _sides(arc_of, backward, ring_unit[ring], chosen.size)
    return Topology(
        coordinates=arc_coordinates,
        arc_offsets=arc_offsets,
        arc_units=arc_units,
        ring_arcs=np.where(backward, ~arc_of, arc_of),
        ring_offsets=ring_offsets,
        polygon_offsets=polygon_offsets,
        unit_offsets=unit_offsets,
    )


def _describe(unit: object) -> str:
    if unit is None:
        return "missing"
    empty = isinstance(unit, shapely.Geometry) and shapely.is_empty(unit)
    return f"an empty {type(unit).__name__}" if empty else f"a {type(unit).__name__}"


def _is_areal(unit: object) -> bool:
    return isinstance(unit, (shapely.Polygon, shapely.MultiPolygon)) and not unit.is_empty


def _rings(units: NDArray[np.object_]) -> tuple[Floats, Ints, Ints, Ints]:
    """Open rings of oriented units: coordinates, ring starts, polygon and unit offsets."""
    clean = shapely.orient_polygons(shapely.force_2d(shapely.remove_repeated_points(units)))
    polygons, unit_of = shapely.get_parts(clean, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    closed, ring_of = shapely.get_coordinates(rings, return_index=True)
    last = np.append(np.diff(ring_of) != 0, True)
    coordinates = np.ascontiguousarray(closed[~last]) + 0.0
    ring_starts = _offsets(ring_of[~last], rings.size)
    return (
        coordinates,
        ring_starts,
        _offsets(polygon_of, polygons.size),
        _offsets(unit_of, units.size),
    )


def _offsets(owner: NDArray[np.integer[Any]], count: int) -> Ints:
    return _arcs.offsets_from_sizes(np.bincount(owner, minlength=count))


def _number_in_order(keys: Ints) -> tuple[Ints, Ints]:
    """Give distinct keys numbers in order of appearance; also the first position of each."""
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return rank[inverse], first[order]


def _sides(arc_of: Ints, backward: NDArray[np.bool_], unit_of: Ints, count: int) -> Ints:
    """Find the unit on the left and right of each arc; refuse two on one side."""
    side = 2 * arc_of + backward
    visits = np.bincount(side, minlength=2 * count)
    if (visits > 1).any():
        twice = np.isin(side, np.flatnonzero(visits > 1))
        names = ", ".join(map(str, np.unique(unit_of[twice])))
        raise DataError(
            f"the units at positions {names} lie on the same side of a border: they overlap",
            where="topology",
        )
    units = np.full(2 * count, -1, np.int64)
    units[side] = unit_of
    return units.reshape(count, 2)
