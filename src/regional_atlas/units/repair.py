"""Make a polygon coverage of units whose borders almost fit; name what is too far off.

Files drawn or rounded by hand have slivers: borders that cross or leave a gap of centimetres, a
vertex that moved. GEOS's coverage cleaner takes them out. It is run on the units at fault and
those beside them only, with the snapping distance that changes the fewest of them, so that every
other unit keeps its coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from regional_atlas.core import crs
from regional_atlas.core.arrays import Geometries
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import CoverageFault, RepairedUnit
from regional_atlas.units.polygon_coverage import overlapping_pairs
from regional_atlas.zonal.antimeridian import polygonal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["CoverageMode", "SettledCoverage", "drawn_apart", "settle_coverage"]

CoverageMode = Literal["repair", "report", "strict"]

METRES = 111_320.0
"""In a degree along the equator."""
TOLERANCE = 1.0
"""Metres up to which overlaps and gaps are repaired."""
SLIVER = 100.0
"""Metres up to which a gap that units enclose is taken for a fault, not for water."""
SNAPPING = (1e-3, 1e-2, 1e-1, 1.0)
"""Snapping distances that are tried, as shares of the tolerance."""
MOST = 0.99
"""Share of a unit, and of its parts, that lies within the other: then they are the same land."""
SAME = 1e-6
"""Share of either unit that two copies of one polygon may differ by."""


@dataclass(frozen=True)
class SettledCoverage:
    """Units as a polygon coverage, what was repaired for it and what keeps them from being one."""

    geometry: gpd.GeoSeries
    repaired: list[RepairedUnit] = field(default_factory=list)
    faults: list[CoverageFault] = field(default_factory=list)


def settle_coverage(
    geometry: gpd.GeoSeries,
    names: pd.Series,
    mode: CoverageMode = "repair",
    *,
    tolerance: float = TOLERANCE,
    where: str = "boundaries",
    key: str = "unit_id",
) -> SettledCoverage:
    """Repair overlaps and gaps up to a tolerance; refuse larger ones and doubled polygons.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in WGS 84, index the units' ids.
    names : Series
        The units' names, same index.
    mode : {'repair', 'report', 'strict'}
        `repair` repairs and refuses what it cannot; `report` repairs and returns the rest as
        faults; `strict` repairs nothing and refuses every fault.
    tolerance : float
        Metres; the widest place of an overlap or gap counts.
    where : str
        The file that messages name.
    key : str
        The column of the ids, for a message that leaves a unit out.

    Returns
    -------
    SettledCoverage
        Units that no fault concerns are the same objects as before.

    Raises
    ------
    DataError
        One line for each fault, with the units and the place.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoSeries([box(0, 0, 1, 1), box(0.9999999, 0, 2, 1)], ["a", "b"], crs=4326)
    >>> settled = settle_coverage(units, units.index.to_series())
    >>> settled.geometry["b"].bounds, [unit.unit_id for unit in settled.repaired]
    ((1.0, 0.0, 2.0, 1.0), ['b'])
    """
    before = np.asarray(geometry.values, dtype=object)
    labels = [f"{unit_id} ({names[unit_id]})" for unit_id in geometry.index]
    faulty, pairs = _at_fault(before)
    after, faults = before.copy(), []
    places: dict[int, tuple[float, float]] = {}
    beside: dict[int, list[str]] = {}
    for members in _groups(before, faulty, pairs):
        # As the groups before left it: they may have changed units that lie beside this one.
        group = _Group(after, members, tolerance)
        found = list(_faults(group, labels, least=0.0 if mode == "strict" else tolerance))
        if not found and group.at_fault(tolerance).any():
            cleaned = group.cleaned() if mode != "strict" else None
            if cleaned is not None:
                changed = group.at[
                    [new is not old for new, old in zip(cleaned, group.original, strict=True)]
                ]
                after[group.at] = cleaned
                places |= dict.fromkeys(changed.tolist(), group.place())
                beside |= {i: [labels[j] for j in members if j != i] for i in changed.tolist()}
            elif group.at_fault(0.0).any():
                found = [_border_fault(group, labels)]
        faults += found
    if faults and mode != "report":
        twice = _made_of(before, pairs)
        lines = [
            f"{labels[whole]} is made of {len(parts)} other units, {labels[parts[0]]} among them; "
            + _left_out(key, str(geometry.index[whole]))
            for whole, parts in twice.items()
        ]
        doubled = {labels[whole] for whole in twice}
        others = [str(fault) for fault in faults if doubled.isdisjoint(fault.units)]
        if others:
            others[-1] += f"; {_remedy(mode, tolerance)}"
        raise DataError(*lines, *others, where=where)
    repaired_at = sorted(places)
    settled = gpd.GeoSeries(after, index=geometry.index, crs=geometry.crs, name=geometry.name)
    areas = [crs.area_km2(each.iloc[repaired_at]).tolist() for each in (geometry, settled)]
    repaired = [
        RepairedUnit(str(geometry.index[i]), str(names.iloc[i]), beside[i], *places[i], old, new)
        for i, old, new in zip(repaired_at, *areas, strict=True)
    ]
    return SettledCoverage(settled, repaired, faults)


def drawn_apart(geometry: gpd.GeoSeries, names: pd.Series) -> gpd.GeoSeries:
    """Share out what overlaps, so that a map can draw every unit.

    An overlap goes to the smaller unit; copies of one polygon get a strip each.

    Parameters
    ----------
    geometry : GeoSeries
        Valid polygons in a projected CRS, index the units' ids.
    names : Series
        The units' names.

    Returns
    -------
    GeoSeries
        A polygon coverage of the same area.

    Raises
    ------
    DataError
        A unit that smaller ones cover wholly: nothing of it is left to draw.

    Examples
    --------
    >>> from shapely import box
    >>> units = gpd.GeoSeries([box(0, 0, 2, 1), box(0, 0, 2, 1), box(1, 0, 6, 1)])
    >>> drawn_apart(units, units.index.to_series()).area.tolist()
    [1.0, 1.0, 4.0]
    """
    polygons = np.asarray(geometry.values, dtype=object).copy()
    copies: dict[int, list[int]] = {}
    for one, other in overlapping_pairs(polygons).T.tolist():
        shared = shapely.intersection(polygons[one], polygons[other]).area
        if shared > (1 - SAME) * max(polygons[one].area, polygons[other].area):
            first = next((key for key, held in copies.items() if one in held), one)
            copies.setdefault(first, [first])
            copies[first] += [] if other in copies[first] else [other]
    for held in copies.values():
        west, south, east, north = polygons[held[0]].bounds
        edges = np.linspace(west, east, len(held) + 1)
        for at, left, right in zip(held, edges[:-1], edges[1:], strict=True):
            strip = shapely.intersection(polygons[at], shapely.box(left, south, right, north))
            polygons[at] = polygonal(strip)
    whole = shapely.area(polygons)
    for one, other in overlapping_pairs(polygons).T.tolist():
        small, large = (one, other) if whole[one] <= whole[other] else (other, one)
        polygons[large] = polygonal(shapely.difference(polygons[large], polygons[small]))
    empty = shapely.is_empty(polygons)
    raise_if(
        (
            f"{geometry.index[i]} ({names.iloc[i]}) lies wholly under other units: "
            "a map cannot draw it; leave it out by `where` in [boundaries]"
            for i in np.flatnonzero(empty)
        ),
        DataError,
        "boundaries",
    )
    apart = shapely.coverage_clean(polygons, snapping_distance=0.0)  # type: ignore[attr-defined]
    return gpd.GeoSeries(apart, index=geometry.index, crs=geometry.crs, name=geometry.name)


def _made_of(geometries: Geometries, pairs: NDArray[np.int64]) -> dict[int, list[int]]:
    """Find units that other, smaller ones make up: a city beside its districts."""
    shared = shapely.area(shapely.intersection(geometries[pairs[0]], geometries[pairs[1]]))
    areas = shapely.area(geometries)
    parts: dict[int, list[int]] = {}
    covered = np.zeros(len(geometries))
    for pair, area in zip(pairs.T.tolist(), shared.tolist(), strict=True):
        small, large = sorted(pair, key=areas.__getitem__)
        if area > MOST * areas[small]:
            parts.setdefault(large, []).append(small)
            covered[large] += area
    return {
        whole: held
        for whole, held in sorted(parts.items())
        if len(held) > 1 and covered[whole] > MOST * areas[whole]
    }


def _left_out(key: str, unit_id: str) -> str:
    quoted = "'" + unit_id.replace("'", "''") + "'"
    return f'leave it out by where = "{key} != {quoted}" in [boundaries]'


def _remedy(mode: CoverageMode, tolerance: float) -> str:
    if mode == "strict":
        return (
            "polygon_coverage = 'repair' in [boundaries] snaps overlaps and gaps up to "
            f"{tolerance:g} m; 'report' also builds with wider ones and marks them"
        )
    return (
        f"overlaps and gaps up to {tolerance:g} m are repaired; correct these in the file, or "
        "build with them marked by polygon_coverage = 'report' in [boundaries]"
    )


def _at_fault(geometries: Geometries) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of units with borders that do not fit, or with a narrow gap; overlapping pairs."""
    pairs = overlapping_pairs(geometries)
    edges = shapely.coverage_invalid_edges(geometries, gap_width=SLIVER / METRES)
    unfit = np.flatnonzero(~shapely.is_empty(edges) & ~shapely.is_missing(edges))
    return np.union1d(unfit, pairs), pairs


def _groups(
    geometries: Geometries, faulty: NDArray[np.int64], pairs: NDArray[np.int64]
) -> list[list[int]]:
    """Put units at fault that touch one another into one group."""
    near = SLIVER / METRES
    one, other = shapely.STRtree(geometries[faulty]).query(
        geometries[faulty], predicate="dwithin", distance=near
    )
    links: dict[int, set[int]] = {int(i): set() for i in faulty}
    for i, j in [*zip(faulty[one], faulty[other], strict=True), *pairs.T]:
        links[int(i)].add(int(j))
        links[int(j)].add(int(i))
    groups, seen = [], set[int]()
    for start in sorted(links):
        group, left = set[int](), {start} - seen
        while left:
            group |= left
            left = set().union(*(links[i] for i in left)) - group
        seen |= group
        groups += [sorted(group)] if group else []
    return groups


class _Group:
    """Units at fault and those beside them, on a plane where a unit of length is a metre."""

    def __init__(self, geometries: Geometries, members: list[int], tolerance: float) -> None:
        self.tolerance = tolerance
        tree = shapely.STRtree(geometries)
        beside = np.unique(
            tree.query(geometries[members], predicate="dwithin", distance=tolerance / METRES)[1]
        )
        context = np.setdiff1d(beside, members)
        # The cleaner snaps to what comes first: to units that are not at fault.
        self.at = np.concatenate([context, np.array(members)]).astype(np.int64)
        around = tree.query(geometries[self.at], predicate="dwithin", distance=tolerance / METRES)
        self.outer = np.setdiff1d(around[1], self.at)
        self.original = geometries[self.at]
        latitude = shapely.total_bounds(geometries[members])[[1, 3]].mean()
        self.scale = np.array([METRES * np.cos(np.radians(latitude)), METRES])
        self.flat = self._scaled(self.original)
        self.flat_outer = self._scaled(geometries[self.outer])

    def _scaled(self, geometries: Geometries) -> Geometries:
        return np.asarray(shapely.transform(geometries, lambda points: points * self.scale))

    def at_fault(self, gap_width: float) -> NDArray[np.bool_]:
        """Say which units have an edge that does not fit, or a gap up to a width in metres."""
        return _unfit(np.concatenate([self.flat, self.flat_outer]), gap_width)[: len(self.flat)]

    def place(self, flat: BaseGeometry | None = None) -> tuple[float, float]:
        """Longitude and latitude of a fault, the longest edge that does not fit by default."""
        if flat is None:
            edges = shapely.coverage_invalid_edges(self.flat, gap_width=self.tolerance)
            flat = max(shapely.get_parts(edges), key=shapely.length, default=self.flat[0])
        point = shapely.point_on_surface(flat)
        lon, lat = (shapely.get_coordinates(point)[0] / self.scale).tolist()
        return lon, lat

    def cleaned(self) -> Geometries | None:
        """Clean with the snapping distance that changes the fewest units; None where none does.

        A unit whose polygon comes out the same is the same object.
        """
        found = [self._snapped(share * self.tolerance) for share in SNAPPING]
        sound = [each for each in found if each is not None]
        return min(sound, key=lambda each: each[0])[1] if sound else None

    def _snapped(self, distance: float) -> tuple[tuple[bool, int], Geometries] | None:
        """Clean, and say whether narrow gaps are left and how many units change."""
        try:
            flat = shapely.coverage_clean(  # type: ignore[attr-defined]
                self.flat, gap_width=self.tolerance, snapping_distance=distance
            )
        except shapely.errors.GEOSException:
            return None
        if not self._near(flat):
            return None
        result = self._in_degrees(flat)
        checked = np.concatenate([self._scaled(result), self.flat_outer])
        if not shapely.is_valid(result).all() or _unfit(checked, 0.0)[: len(result)].any():
            return None
        gaps = bool(_unfit(checked, self.tolerance)[: len(result)].any())
        changed = sum(new is not old for new, old in zip(result, self.original, strict=True))
        return (gaps, changed), result

    def _near(self, flat: Geometries) -> bool:
        """Say whether each unit is still there, changed by no more than its border allows."""
        change = np.abs(shapely.area(flat) - shapely.area(self.flat))
        allowed = self.tolerance * shapely.length(self.flat)
        return bool((~shapely.is_empty(flat) & (change <= allowed)).all())

    def _in_degrees(self, flat: Geometries) -> Geometries:
        """Give vertices that were there before exactly the coordinates that they had."""
        known = shapely.get_coordinates(self.original)
        back = dict(zip(map(tuple, known * self.scale), known, strict=True))

        def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
            pairs = zip(map(tuple, points), points / self.scale, strict=True)
            return np.array([back.get(key, point) for key, point in pairs]).reshape(-1, 2)

        result = np.asarray(shapely.transform(flat, moved))
        same = shapely.equals_exact(
            shapely.normalize(shapely.remove_repeated_points(self.original)),
            shapely.normalize(result),
        )
        return np.where(same, self.original, result)


def _unfit(geometries: Geometries, gap_width: float) -> NDArray[np.bool_]:
    edges: NDArray[Any] = shapely.coverage_invalid_edges(geometries, gap_width=gap_width)
    unfit: NDArray[np.bool_] = ~(shapely.is_missing(edges) | shapely.is_empty(edges))
    return unfit


def _faults(group: _Group, labels: list[str], least: float) -> Iterable[CoverageFault]:
    """Name overlaps and enclosed gaps that are wider than `least` metres."""
    flat = group.flat
    one, other = overlapping_pairs(flat)
    for i, j in zip(one.tolist(), other.tolist(), strict=True):
        shared = shapely.intersection(flat[i], flat[j])
        larger = max(flat[i].area, flat[j].area)
        kind: Literal["double", "overlap"] = (
            "double" if shared.area > (1 - SAME) * larger else "overlap"
        )
        width = _width(shared)
        if width > least or kind == "double":
            units = [labels[group.at[k]] for k in sorted((i, j), key=lambda k: group.at[k])]
            lon, lat = group.place(max(shapely.get_parts(shared), key=shapely.area))
            yield CoverageFault(kind, units, shared.area / 1e6, width, lon, lat)
    land = shapely.union_all(np.concatenate([flat, group.flat_outer]))
    rings = (ring for part in shapely.get_parts(land) for ring in part.interiors)
    for hole in map(shapely.Polygon, rings):
        width = _width(hole)
        if least < width <= SLIVER:
            beside = np.sort(group.at[shapely.dwithin(flat, hole, 1e-6)])
            lon, lat = group.place(hole)
            yield CoverageFault(
                "gap", [labels[i] for i in beside], hole.area / 1e6, width, lon, lat
            )


def _width(area: BaseGeometry) -> float:
    """Diameter of the largest circle within; 0 where it is thinner than can be measured."""
    parts = [part for part in shapely.get_parts(area) if shapely.area(part) > 0]
    widest = 0.0
    for part in parts:
        # No circle within is wider than this.
        bound = 4 * part.area / part.length * 2
        if bound > widest:
            circle = shapely.maximum_inscribed_circle(part, tolerance=max(bound / 1000, 1e-6))
            widest = max(widest, 2 * float(circle.length))
    return widest


def _border_fault(group: _Group, labels: list[str]) -> CoverageFault:
    unfit = np.sort(group.at[group.at_fault(0.0)])
    return CoverageFault("border", [labels[i] for i in unfit], 0.0, 0.0, *group.place())
