"""The page's TopoJSON: polygons of units, points inside them, neighbours; flat columns of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import DataError
from regional_atlas.page.format import Context, Geometry

__all__ = ["TopoJson", "UnitShapes", "flat_geometry", "unit_shapes"]


TopoJson = Mapping[str, Any]
"""As https://github.com/topojson/topojson-specification has it."""


@dataclass(frozen=True)
class UnitShapes:
    """What the page draws, in projected metres.

    Attributes
    ----------
    positions : (n, 2) array
        Every position of every arc, lines included.
    polygons : array of shapely geometry
        One for each unit, in order.
    neighbours : list of set of int
        Units that share a border with each unit.
    lines : list of shapely geometry
        What is drawn beside the units, such as maritime lines.
    """

    positions: Floats
    polygons: NDArray[np.object_]
    neighbours: list[set[int]]
    lines: list[shapely.Geometry]

    def points(self) -> list[tuple[float, float]]:
        """Give a point inside the largest part of each unit, rounded to 10 m."""
        parts, owner = shapely.get_parts(self.polygons, return_index=True)
        order = np.lexsort((-shapely.area(parts), owner))
        largest = parts[order[np.unique(owner[order], return_index=True)[1]]]
        inside = shapely.get_coordinates(shapely.point_on_surface(largest))
        return [(x, y) for x, y in (np.rint(inside / 10) * 10).astype(int).tolist()]


def unit_shapes(topology: TopoJson, unit_ids: Iterable[str]) -> UnitShapes:
    """Read a TopoJSON dictionary.

    Parameters
    ----------
    topology : TopoJson
        With an object `units`: a collection of polygons, each with its unit's id.
    unit_ids : iterable of str
        The ids that the geometries must have, in this order.

    Returns
    -------
    UnitShapes

    Raises
    ------
    DataError
        When ids are missing, foreign or in another order.

    Examples
    --------
    >>> square = [[0, 0], [20, 0], [20, 20], [0, 20], [0, 0]]
    >>> units = [{"type": "Polygon", "id": "a", "arcs": [[0]]}]
    >>> topology = {"arcs": [square], "objects": {"units": {"geometries": units}}}
    >>> unit_shapes(topology, ["a"]).points()
    [(10, 10)]
    """
    geometries = topology["objects"]["units"]["geometries"]
    found, expected = [geometry["id"] for geometry in geometries], list(unit_ids)
    if found != expected:
        raise DataError(_difference(found, expected), where="topology")
    arcs = _decode(topology)
    return UnitShapes(
        positions=np.concatenate(arcs) if arcs else np.empty((0, 2)),
        polygons=np.array([_polygon(geometry, arcs) for geometry in geometries], dtype=object),
        neighbours=_neighbours(geometries),
        lines=[
            shapely.LineString(arcs[arc]) for arc in _arcs_of(topology["objects"].get("lines", {}))
        ],
    )


def flat_geometry(topology: TopoJson, context: Context | None = None) -> Geometry:
    """Lay a TopoJSON dictionary out as columns, which take less room than nested lists.

    Parameters
    ----------
    topology : TopoJson
        With the objects `units` and, where there are any, `lines`.
    context : Context, optional
        What is drawn around the units.

    Returns
    -------
    Geometry

    Examples
    --------
    >>> square = [[0, 0], [20, 0], [20, 20], [0, 20], [0, 0]]
    >>> units = [{"type": "Polygon", "id": "a", "arcs": [[0]]}]
    >>> flat = flat_geometry({"arcs": [square], "objects": {"units": {"geometries": units}}})
    >>> flat.x, flat.arc_sizes, flat.refs
    ([0, 20, 20, 0, 0], [5], [0])
    """
    transform = topology.get("transform", {"scale": [1, 1], "translate": [0, 0]})
    steps = "transform" in topology
    arcs = [np.cumsum(arc, axis=0) if steps else np.asarray(arc) for arc in topology["arcs"]]
    x, y = np.concatenate(arcs).T if arcs else np.empty((2, 0))
    rings = [
        [ring for part in _polygons(geometry) for ring in part]
        for geometry in topology["objects"]["units"]["geometries"]
    ]
    return Geometry(
        scale=tuple(transform["scale"]),
        translate=tuple(transform["translate"]),
        arc_sizes=[len(arc) for arc in arcs],
        x=x.tolist(),
        y=y.tolist(),
        unit_rings=[len(held) for held in rings],
        ring_sizes=[len(ring) for held in rings for ring in held],
        refs=[arc for held in rings for ring in held for arc in ring],
        lines=list(_arcs_of(topology["objects"].get("lines", {}))),
        context=context,
    )


def _arcs_of(item: Any) -> Iterator[int]:
    """Give the arcs of an object, however deep they stand."""
    if isinstance(item, dict):
        for part in item.get("geometries", [item.get("arcs", [])]):
            yield from _arcs_of(part)
    elif isinstance(item, list):
        for part in item:
            yield from _arcs_of(part)
    else:
        yield item if item >= 0 else ~item


def _difference(found: list[str], expected: list[str]) -> str:
    missing = sorted(set(expected) - set(found))
    foreign = sorted(set(found) - set(expected))
    if missing or foreign:
        return f"{len(missing)} units missing {missing[:3]}, {len(foreign)} unknown {foreign[:3]}"
    return "the units stand in another order than in the units table"


def _decode(topology: TopoJson) -> list[Floats]:
    arcs = [np.asarray(arc, dtype=np.float64) for arc in topology["arcs"]]
    if "transform" not in topology:
        return arcs
    scale = np.asarray(topology["transform"]["scale"])
    translate = np.asarray(topology["transform"]["translate"])
    return [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]


def _polygons(geometry: TopoJson) -> list[list[list[int]]]:
    arcs = geometry["arcs"]
    return [arcs] if geometry["type"] == "Polygon" else list(arcs)


def _polygon(geometry: TopoJson, arcs: list[Floats]) -> shapely.Geometry:
    parts = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in ([_ring(ring, arcs) for ring in part] for part in _polygons(geometry))
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _ring(indices: list[int], arcs: list[Floats]) -> Floats:
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _arc_ids(geometry: TopoJson) -> Iterator[int]:
    for part in _polygons(geometry):
        for ring in part:
            yield from (i if i >= 0 else ~i for i in ring)


def _neighbours(geometries: list[TopoJson]) -> list[set[int]]:
    users: dict[int, set[int]] = {}
    for unit, geometry in enumerate(geometries):
        for arc in _arc_ids(geometry):
            users.setdefault(arc, set()).add(unit)
    neighbours: list[set[int]] = [set() for _ in geometries]
    for units in users.values():
        for one, other in combinations(units, 2):
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours
