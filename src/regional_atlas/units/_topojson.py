"""Writing an arc topology as TopoJSON (https://github.com/topojson/topojson-specification)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.errors import DataError

if TYPE_CHECKING:
    from regional_atlas.units.topology import Topology

__all__ = ["to_topojson"]

Lines = Mapping[str, Iterable[shapely.Geometry]]


def to_topojson(
    topology: Topology,
    ids: Sequence[str],
    *,
    object_name: str = "units",
    grid: float | None = None,
    lines: Lines | None = None,
) -> dict[str, Any]:
    """Give the topology as a TopoJSON object, ready for `json.dumps`.

    Parameters
    ----------
    topology : Topology
    ids : sequence of str
        The units' ids, in order; they become the `id` of the geometries.
    object_name : str
        Key of the units in `objects`.
    grid : float, optional
        Step that coordinates are rounded to, in the unit of the CRS. Arcs then are whole-number
        deltas with a `transform`, which is exact when the topology lies on that grid already.
        Without it arcs hold the coordinates themselves.
    lines : mapping of str to iterable of LineString or MultiLineString, optional
        Further objects, each line an arc of its own.

    Returns
    -------
    dict
        `type`, `bbox`, `transform` (with a grid), `objects`, `arcs`. The same input gives the same
        object.

    Raises
    ------
    DataError
        Ids and units differ in number, an object's name repeats, or a line is not a line.

    Examples
    --------
    >>> from shapely import box
    >>> from regional_atlas.units.topology import build_topology
    >>> topology = build_topology([box(0, 0, 10, 10), box(10, 0, 20, 10)])
    >>> topojson = to_topojson(topology, ["a", "b"], grid=5)
    >>> topojson["transform"], topojson["arcs"][0]
    ({'scale': [5.0, 5.0], 'translate': [0.0, 0.0]}, [[2, 0], [0, 2]])
    >>> topojson["objects"]["units"]["geometries"][1]
    {'type': 'Polygon', 'id': 'b', 'arcs': [[-1, 2]]}
    """
    if len(ids) != topology.n_units:
        raise DataError(f"{len(ids)} ids for {topology.n_units} units", where="to_topojson")
    coordinates, offsets = [topology.coordinates], [topology.arc_offsets]
    objects: dict[str, Any] = {object_name: _units_object(topology, ids)}
    for name, geometries in (lines or {}).items():
        if name in objects:
            raise DataError(f"object {name!r} appears twice", where="to_topojson")
        objects[name], line_coordinates, line_offsets = _lines_object(
            name, np.asarray(list(geometries), dtype=object), offsets[-1].size - 1
        )
        coordinates.append(line_coordinates)
        offsets.append(np.concatenate((offsets[-1], offsets[-1][-1] + line_offsets[1:])))
    points = np.concatenate(coordinates)
    low, high = points.min(axis=0), points.max(axis=0)
    result: dict[str, Any] = {"type": "Topology", "bbox": [*low.tolist(), *high.tolist()]}
    if grid is None:
        arcs = _split(points, offsets[-1])
    else:
        step = float(grid)
        first = np.rint(low / step)
        result["transform"] = {"scale": [step, step], "translate": (first * step).tolist()}
        arcs = _deltas((np.rint(points / step) - first).astype(np.int64), offsets[-1])
    return {**result, "objects": objects, "arcs": arcs}


def _units_object(topology: Topology, ids: Sequence[str]) -> dict[str, Any]:
    arcs = topology.ring_arcs.tolist()
    ring, polygon = topology.ring_offsets.tolist(), topology.polygon_offsets.tolist()
    rings = [arcs[start:stop] for start, stop in pairwise(ring)]
    polygons = [rings[start:stop] for start, stop in pairwise(polygon)]
    unit = topology.unit_offsets.tolist()
    geometries: list[dict[str, Any]] = []
    for unit_id, (start, stop) in zip(ids, pairwise(unit), strict=True):
        parts = polygons[start:stop]
        single = len(parts) == 1
        kind = "Polygon" if single else "MultiPolygon"
        geometries.append({"type": kind, "id": str(unit_id), "arcs": parts[0] if single else parts})
    return {"type": "GeometryCollection", "geometries": geometries}


def _lines_object(
    name: str, geometries: NDArray[np.object_], first_arc: int
) -> tuple[dict[str, Any], Floats, Ints]:
    linear = np.isin(
        shapely.get_type_id(geometries),
        (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    )
    if not linear.all() or shapely.is_empty(geometries).any():
        raise DataError(f"object {name!r} holds something that is not a line", where="to_topojson")
    parts, owner = shapely.get_parts(geometries, return_index=True)
    coordinates, line_of = shapely.get_coordinates(parts, return_index=True)
    members: list[list[list[int]]] = [[] for _ in geometries]
    for arc, row in enumerate(owner.tolist(), start=first_arc):
        members[row].append([arc])
    single = [len(arcs) == 1 for arcs in members]
    collection = [
        {"type": "LineString", "arcs": arcs[0]}
        if alone
        else {"type": "MultiLineString", "arcs": arcs}
        for arcs, alone in zip(members, single, strict=True)
    ]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(line_of, minlength=parts.size))))
    return {"type": "GeometryCollection", "geometries": collection}, coordinates, offsets


def _split(points: NDArray[Any], offsets: Ints) -> list[list[list[Any]]]:
    rows = points.tolist()
    bounds = offsets.tolist()
    return [rows[start:stop] for start, stop in pairwise(bounds)]


def _deltas(points: Ints, offsets: Ints) -> list[list[list[int]]]:
    """Delta-encode each arc, without steps of zero but never with fewer than two positions."""
    delta = np.diff(points, axis=0, prepend=0)
    first = np.zeros(points.shape[0], dtype=bool)
    first[offsets[:-1]] = True
    delta[first] = points[first]
    moves = first | delta.any(axis=1)
    arc = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    alone = np.bincount(arc[moves], minlength=offsets.size - 1) == 1
    moves[offsets[1:][alone] - 1] = True
    kept = np.bincount(arc[moves], minlength=offsets.size - 1)
    return _split(delta[moves], np.concatenate(([0], np.cumsum(kept))))
