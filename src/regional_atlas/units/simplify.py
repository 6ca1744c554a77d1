"""Fewer vertices for drawing, with borders still shared and areas still right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.units import _islets, _rounding
from regional_atlas.units._islets import Box
from regional_atlas.units._visvalingam import effective_areas
from regional_atlas.units.polygon_coverage import check_polygon_coverage
from regional_atlas.units.topology import Topology, build_topology, to_topojson

if TYPE_CHECKING:
    import geopandas as gpd

    from regional_atlas.units._topojson import Lines

__all__ = ["SimplificationReport", "simplify_topology", "simplify_units"]


@dataclass(frozen=True)
class SimplificationReport:
    """What simplification did.

    Attributes
    ----------
    ids : list of str
        The units, in order.
    vertices_before, vertices_after : int
        Stored vertices of all arcs.
    area_error : (units,) float array
        |area after / area before - 1|, rounding and dropped parts included.
    dropped : list of (unit id, area)
        Each part that went, with its area in the square of the CRS's unit.
    rounds : int
        Rounds until nothing was left to mend.
    limit : float
        Area error that no unit exceeds.
    """

    ids: list[str]
    vertices_before: int
    vertices_after: int
    area_error: Floats
    dropped: list[tuple[str, float]]
    rounds: int
    limit: float

    def summary(self) -> dict[str, Any]:
        """Give the figures that a build report shows, as plain numbers and text."""
        lost: dict[str, int] = {}
        for unit_id, _ in self.dropped:
            lost[unit_id] = lost.get(unit_id, 0) + 1
        worst = int(np.argmax(self.area_error))
        return {
            "vertices_before": self.vertices_before,
            "vertices_after": self.vertices_after,
            "area_error_worst": float(self.area_error[worst]),
            "area_error_worst_unit": self.ids[worst],
            "area_error_99th_percentile": float(np.quantile(self.area_error, 0.99)),
            "units_over_limit": int((self.area_error > self.limit).sum()),
            "area_error_limit": self.limit,
            "rounds": self.rounds,
            "parts_dropped": len(self.dropped),
            "area_dropped": float(sum(area for _, area in self.dropped)),
            "parts_dropped_by_unit": lost,
        }


def simplify_topology(
    topology: Topology,
    *,
    tolerance: float = 600.0,
    share: float = 0.001,
    grid: float = 20.0,
    max_area_error: float = 0.015,
    limit: float = 0.02,
    drop_area: float = 1e4,
    drop_share: float = 0.002,
    keep_units: ArrayLike | None = None,
    keep_boxes: Sequence[Box] = (),
    keep_area: float | None = None,
    max_rounds: int = 40,
    ids: Sequence[str] | None = None,
) -> tuple[Topology, SimplificationReport]:
    """Leave out vertices arc by arc, as far as each arc's smaller neighbour can bear it.

    Vertices are rated by Visvalingam's effective area [1]_. An arc leaves out those below
    min(tolerance², share × area of its smaller neighbour); a closed arc also below a tenth of the
    area within it. What is kept is rounded to the grid, and only then measured: the arcs of a unit
    whose area is off by more than `max_area_error` halve their threshold, segments that meet or
    have jumped over a vertex take back their most important vertex, and the next round begins.
    Where full detail itself meets on the grid (a strait narrower than a step), vertices move by up
    to two steps. At the end validity, overlaps and areas are checked by GEOS.

    The result depends on the coordinates alone, not on the order of units or the start of rings.

    Parameters
    ----------
    topology : Topology
        A valid polygon coverage in an equal-area CRS.
    tolerance : float
        In the CRS's unit; its square bounds the threshold of every arc.
    share : float
        Threshold as a share of the smaller neighbour's area.
    grid : float
        Step that coordinates are rounded to, in the CRS's unit.
    max_area_error : float
        Units off by more get more detail.
    limit : float
        Area error that no unit may exceed at the end.
    drop_area, drop_share : float
        Islets and enclosed exclaves under this area go, at most this share of a unit and never its
        largest part (`drop_area=0` drops none).
    keep_units : bool array, optional
        Units that keep their parts under `drop_area` (islets that a map must show).
    keep_boxes : sequence of (left, bottom, right, top)
        Boxes, in the CRS; the parts whose bounding box reaches into one stay.
    keep_area : float, optional
        Parts under this go even there; four grid cells by default, less than which cannot be
        drawn on the grid.
    max_rounds : int
        Rounds after which what could not be mended is an error.
    ids : sequence of str, optional
        The units' ids for report and messages; their positions by default.

    Returns
    -------
    topology : Topology
        With the same units in the same order, on the grid.
    report : SimplificationReport

    Raises
    ------
    DataError
        A unit came out invalid, overlapping or off by more than `limit`; the message names each.

    References
    ----------
    .. [1] Visvalingam, M. and Whyatt, J. D. (1993). Line generalisation by repeated elimination of
       points. The Cartographic Journal 30 (1), 46-51.

    Examples
    --------
    >>> from shapely import Point, box
    >>> disc = Point(0, 0).buffer(10_000, quad_segs=500)
    >>> halves = [disc & box(-2e4, -2e4, 0, 2e4), disc & box(0, -2e4, 2e4, 2e4)]
    >>> topology, report = simplify_topology(build_topology(halves))
    >>> report.vertices_before, report.vertices_after < 100
    (2004, True)
    >>> bool(report.area_error.max() < 0.015)
    True
    """
    names = [str(unit_id) for unit_id in (range(topology.n_units) if ids is None else ids)]
    full_areas = topology.unit_areas()
    exempt = None if keep_units is None else np.asarray(keep_units, dtype=bool)
    reduced, dropped_unit, dropped_area = _islets.drop_small_parts(
        topology,
        drop_area,
        max_share=drop_share,
        keep_units=exempt,
        keep_boxes=keep_boxes,
        keep_area=4.0 * grid**2 if keep_area is None else keep_area,
    )
    simplified, rounds = _refine(
        reduced,
        full_areas,
        _thresholds(reduced, full_areas, tolerance, share),
        grid,
        max_area_error,
        max_rounds,
    )
    report = SimplificationReport(
        ids=names,
        vertices_before=topology.n_vertices,
        vertices_after=simplified.n_vertices,
        area_error=np.abs(simplified.unit_areas() / full_areas - 1.0),
        dropped=[
            (names[unit], float(area))
            for unit, area in zip(dropped_unit, dropped_area, strict=True)
        ],
        rounds=rounds,
        limit=limit,
    )
    _assert_sound(simplified, report, grid)
    return simplified, report


def simplify_units(
    units: gpd.GeoDataFrame,
    *,
    object_name: str = "units",
    lines: Lines | None = None,
    keep_units: Sequence[str] = (),
    grid: float = 20.0,
    **options: Any,
) -> tuple[dict[str, Any], gpd.GeoDataFrame, SimplificationReport]:
    """Simplify units in a projected CRS and give them as TopoJSON and as a table.

    Parameters
    ----------
    units : GeoDataFrame
        Index the unit's id; an equal-area projected CRS.
    object_name : str
        Key of the units in the TopoJSON's `objects`.
    lines : mapping of str to iterable of LineString or MultiLineString, optional
        Further objects of the TopoJSON, in the same CRS; rounded to the grid, otherwise as given.
    keep_units : sequence of str
        Ids of units that keep their islets.
    grid : float
        Step that coordinates are rounded to.
    **options
        Passed to `simplify_topology`.

    Returns
    -------
    topojson : dict
    simplified : GeoDataFrame
        The same rows and columns with the simplified geometry.
    report : SimplificationReport

    Raises
    ------
    DataError
        The CRS is not projected, a unit to keep is unknown, or see `simplify_topology`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(
    ...     geometry=[box(0, 0, 1e4, 1e4), box(1e4, 0, 2e4, 1e4)], index=["a", "b"], crs="EPSG:3035"
    ... )
    >>> topojson, simplified, report = simplify_units(units)
    >>> [geometry["id"] for geometry in topojson["objects"]["units"]["geometries"]]
    ['a', 'b']
    """
    if units.crs is None or not units.crs.is_projected:
        raise DataError(f"a projected CRS is needed, found {units.crs}", where="simplify_units")
    unknown = sorted(set(keep_units) - set(units.index))
    raise_if(
        (f"keep_units: {unit_id!r} is not a unit" for unit_id in unknown),
        DataError,
        "simplify_units",
    )
    ids = [str(unit_id) for unit_id in units.index]
    topology, report = simplify_topology(
        build_topology(units.geometry),
        grid=grid,
        keep_units=units.index.isin(keep_units),
        ids=ids,
        **options,
    )
    topojson = to_topojson(topology, ids, object_name=object_name, grid=grid, lines=lines)
    return topojson, units.set_geometry(topology.geometries(), crs=units.crs), report


def _thresholds(topology: Topology, areas: Floats, tolerance: float, share: float) -> Floats:
    """Effective area below which each arc leaves vertices out."""
    beside = np.where(topology.arc_units >= 0, areas[topology.arc_units], np.inf).min(axis=1)
    thresholds: Floats = np.minimum(tolerance**2, share * beside)
    ring_of = np.repeat(np.arange(topology.ring_offsets.size - 1), np.diff(topology.ring_offsets))
    arc = np.where(topology.ring_arcs >= 0, topology.ring_arcs, ~topology.ring_arcs)
    closed = _islets.closed_arcs(topology)[arc]
    within = np.abs(topology.ring_areas())[ring_of]
    np.minimum.at(thresholds, arc[closed], within[closed] / 10.0)
    return thresholds


def _refine(
    topology: Topology,
    full_areas: Floats,
    thresholds: Floats,
    grid: float,
    max_area_error: float,
    max_rounds: int,
) -> tuple[Topology, int]:
    """Round, measure and mend until nothing is left to mend or rounds run out."""
    closed = _islets.closed_arcs(topology)
    importance = effective_areas(topology.coordinates, topology.arc_offsets, np.where(closed, 4, 2))
    points = _rounding.grid_points(topology, closed, grid)
    names = _rounding.vertex_names(topology)
    sizes = np.diff(topology.arc_offsets)
    forced = np.zeros(importance.size, dtype=bool)
    thresholds = thresholds.copy()
    rounds = 0
    while rounds < max_rounds:
        rounds += 1
        wanted = forced | (importance > np.repeat(thresholds, sizes))
        chains = _rounding.select_vertices(wanted, points, topology.arc_offsets)
        simplified = _rounding.rounded_topology(topology, chains, points, grid)
        error = np.abs(simplified.unit_areas() / full_areas - 1.0)
        off = error > max_area_error
        faults = _rounding.mark_faults(topology, chains, points, names, grid, importance, wanted)
        if not off.any() and not faults.any:
            break
        borders = ((topology.arc_units >= 0) & off[topology.arc_units]).any(axis=1)
        thresholds[borders] /= 2.0
        forced[faults.insert] = True
        if faults.move.size:
            points = _rounding.move_vertices(topology, chains, points, names, grid, faults.move)
    return simplified, rounds


def _assert_sound(topology: Topology, report: SimplificationReport, grid: float) -> None:
    import geopandas as gpd

    units = gpd.GeoDataFrame(geometry=topology.geometries(), index=report.ids)
    problems = check_polygon_coverage(units).problems()
    problems += [
        f"unit {report.ids[i]}: area off by {report.area_error[i]:.2%}, allowed {report.limit:.2%}"
        for i in np.flatnonzero(~(report.area_error <= report.limit))
    ]
    if problems:
        problems.append(
            f"coordinates were rounded to {grid:g}: a finer grid may do, "
            "if the units were a polygon coverage before (check_polygon_coverage)"
        )
    raise_if(problems, DataError, "simplification")
