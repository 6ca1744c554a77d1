"""Regions around centres: by distance, by given travel times, by least time over a raster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arguments import a_number, one_of, shown, wrong
from regional_atlas.core.arrays import Floats, Geometries
from regional_atlas.core.crs import WGS84, area_km2
from regional_atlas.core.errors import DataError, InputError, raise_if, results_of
from regional_atlas.membership.delineation.areas import MEMBER_COLUMNS, Delineation
from regional_atlas.membership.delineation.checks import check_units, raster_cells
from regional_atlas.membership.delineation.friction import (
    check_friction,
    minutes_around,
    part_of_grid,
)
from regional_atlas.membership.delineation.outlines import group_polygons
from regional_atlas.membership.polygons import dissolve_regions
from regional_atlas.tiles import Window
from regional_atlas.zonal.antimeridian import within_a_turn
from regional_atlas.zonal.grids import Grid, row_areas_km2
from regional_atlas.zonal.zone_builders import build_buffers
from regional_atlas.zonal.zones import zone_coverage, zone_polygons

__all__ = [
    "CircleRule",
    "centre_points",
    "delineate_circles",
    "delineate_isochrones",
    "delineate_travel_times",
    "travel_minutes",
]

CircleRule = Literal["representative_point", "area_share"]
"""A unit belongs to a circle by a point on its surface, or by the share of its area inside."""

ROUNDING = 1e-9
"""Share by which a unit may fall short of the least share, for the rounding of sums."""

NEAREST_KM = 0.001
FARTHEST_KM = 10_000
"""Less than a quarter of a meridian: a circle holds one pole at most, which is noticed."""


def centre_points(centres: pd.DataFrame) -> gpd.GeoDataFrame:
    """Take centres as points.

    Parameters
    ----------
    centres : DataFrame or GeoDataFrame
        `region_id` (a column or the index), `name` (the id where there is none), and points in any
        CRS or `lon` and `lat` in degrees of WGS 84.

    Returns
    -------
    GeoDataFrame
        Index `region_id`, as text; `name` and points in WGS 84, in the order given.

    Raises
    ------
    DataError
        Lists all that is wrong: no centres, ids missing or given twice, no place.

    Examples
    --------
    >>> centre_points(pd.DataFrame({"region_id": ["b"], "lon": [116.4], "lat": [39.9]})).loc["b"]
    name                      b
    geometry    POINT (116.4 39.9)
    Name: b, dtype: object
    """
    table = _named_centres(centres)
    points = _points(centres)
    raise_if(_misplaced(points, table.index), DataError, "centres")
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


def delineate_circles(
    centres: pd.DataFrame,
    units: gpd.GeoDataFrame,
    radius_km: float,
    *,
    rule: CircleRule = "representative_point",
    at_least: float = 0.5,
) -> Delineation:
    """Delineate regions as circles of a distance on the ellipsoid around centres.

    Parameters
    ----------
    centres : DataFrame or GeoDataFrame
        See `centre_points`.
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    radius_km : float
        Above 0 and at most 10,000: a larger circle may hold both poles.
    rule : {'representative_point', 'area_share'}
        A unit belongs where the geodesic from the centre to a point on the unit's surface is no
        longer than the radius; or where at least a share of its area lies in the circle.
    at_least : float
        That share, above 0 and at most 1; for `area_share` alone.

    Returns
    -------
    Delineation
        Regions in the order of the centres: `name`, `area_km2`, `members` and the circle, a polygon
        of 256 corners in WGS 84 whose longitudes run beyond 180 across the antimeridian. Members
        have `km` (from the centre to the unit's representative point) and `exclusive`: true for
        the nearest of a unit's centres, of equally near ones the first. Shares are of areas, in the
        equal-area azimuthal projection about each centre.

    Raises
    ------
    InputError
        If the radius, the rule or the share is not allowed.
    DataError
        If centres or units are not as above, or a circle reaches a pole.

    Examples
    --------
    >>> centres = pd.DataFrame({"region_id": ["c"], "name": ["C"], "lon": [0], "lat": [0]})
    >>> units = gpd.GeoDataFrame(crs=4326, index=pd.Index(["near", "far"], name="unit_id"),
    ...     geometry=[shapely.box(0.1, 0, 0.3, 0.2), shapely.box(1, 1, 2, 2)])
    >>> found = delineate_circles(centres, units, 30)
    >>> found.members[["unit_id", "km", "exclusive"]].round(1).values.tolist()
    [['near', 24.9, True], ['far', nan, False]]
    """
    if a_number("radius_km", radius_km, least=NEAREST_KM) > FARTHEST_KM:
        raise wrong("radius_km", radius_km, f"at most {FARTHEST_KM:,} km")
    one_of("rule", rule, ["representative_point", "area_share"])
    _a_share(at_least)
    points = _checked(centre_points, centres, units)
    circles = build_buffers(points, radius_km)
    pairs = _overlaps(points, circles, units)
    pairs["km"] = _distances_km(points, units, pairs)
    # The corners of a circle's polygon lie on the circle, its sides within.
    if rule == "representative_point":
        near = _near_points(points, units, radius_km)
        pairs = near.merge(pairs.drop(columns="km"), on=["unit", "centre"], how="left")
        pairs[["share_of_unit", "share_of_region"]] = pairs[
            ["share_of_unit", "share_of_region"]
        ].fillna(0.0)
    else:
        pairs = pairs[pairs["share_of_unit"] >= at_least - ROUNDING]
    members = _members(pairs, points.index, units.index, "km")
    geod = pyproj.Geod(ellps="WGS84")
    areas = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in circles.geometry]
    regions = _regions(points, members, circles.geometry, area_km2=areas)
    parameters = {"radius_km": float(radius_km), "rule": rule, "at_least": at_least}
    if rule == "representative_point":
        del parameters["at_least"]
    return Delineation(regions, members, parameters)


def delineate_travel_times(
    centres: pd.DataFrame, units: gpd.GeoDataFrame, times: pd.DataFrame, limit_minutes: float
) -> Delineation:
    """Delineate regions as the units that a centre reaches within a time, by given travel times.

    Parameters
    ----------
    centres : DataFrame
        `region_id` (a column or the index) and `name`; no places are needed.
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    times : DataFrame
        `origin` (a `region_id`), `destination` (a `unit_id`) and `minutes`, at most one row for
        each pair. A pair without a row or with missing minutes is not reached, and counted in the
        notes.
    limit_minutes : float
        Above 0; a unit of just as many minutes belongs.

    Returns
    -------
    Delineation
        Regions in the order of the centres: `name`, `area_km2`, `members` and the members' merged
        polygon (missing without members), in the units' CRS. Members have `minutes` and
        `exclusive`: true for the centre of least minutes, of equally near ones the first. A unit is
        taken whole: its `share_of_unit` is 1.

    Raises
    ------
    InputError
        If the limit is not allowed.
    DataError
        If columns are missing, ids are unknown, a pair appears twice, or minutes are negative,
        infinite or no numbers.

    Examples
    --------
    >>> centres = pd.DataFrame({"region_id": ["c"], "name": ["C"]})
    >>> units = gpd.GeoDataFrame(crs="EPSG:6933", index=pd.Index(["u", "v"], name="unit_id"),
    ...     geometry=[shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)])
    >>> times = pd.DataFrame({"origin": ["c"], "destination": ["u"], "minutes": [59.5]})
    >>> found = delineate_travel_times(centres, units, times, 60)
    >>> found.members[["unit_id", "minutes", "exclusive"]].values.tolist()
    [['u', 59.5, True], ['v', nan, False]]
    >>> found.notes
    ('1 of 2 pairs of a centre and a unit have no travel time and count as not reached',)
    """
    a_number("limit_minutes", limit_minutes, least=0, above=True)
    table = _checked(_named_centres, centres, units)
    raise_if(_time_problems(times, table.index, units.index), DataError, "times")
    known = times.dropna(subset=["minutes"])
    pairs = pd.DataFrame(
        {
            "unit": units.index.get_indexer(pd.Index(known["destination"])),
            "centre": table.index.get_indexer(pd.Index(known["origin"]).astype("str")),
            "share_of_unit": 1.0,
            "minutes": known["minutes"].astype("float64"),
        }
    )
    pairs = pairs[pairs["minutes"] <= limit_minutes]
    areas = area_km2(units.geometry)
    pairs["area"] = areas[pairs["unit"]]
    pairs["share_of_region"] = pairs["area"] / pairs.groupby("centre")["area"].transform("sum")
    members = _members(pairs, table.index, units.index, "minutes")
    totals = np.bincount(pairs["centre"], pairs["area"], len(table))
    merged = dissolve_regions(units, members).reindex(table.index)
    missing, all_pairs = len(table) * len(units) - len(known), len(table) * len(units)
    notes = (
        f"{missing:,} of {all_pairs:,} pairs of a centre and a unit have no travel time and count "
        "as not reached",
    )
    regions = _regions(table, members, merged, area_km2=totals)
    parameters = {"limit_minutes": float(limit_minutes)}
    return Delineation(regions, members, parameters, notes=notes if missing else ())


def travel_minutes(
    centres: pd.DataFrame, friction: NDArray[Any], grid: Grid, limit_minutes: float
) -> Floats:
    """Work out the least minutes from the nearest of some centres to every cell.

    A step between two of the eight neighbours costs the mean of their frictions times the distance
    of their centres: along the geodesic on a geographic grid, in the plane of a projected one.
    Paths begin at the centre of the cell that holds the centre, do not pass missing cells, and do
    not go on from one edge of a world grid to the other. Since paths have eight directions, they
    are up to 8.3% longer than straight ones over even ground.

    Parameters
    ----------
    centres : DataFrame or GeoDataFrame
        See `centre_points`.
    friction : ndarray
        Minutes per metre of each cell, above 0, as in the friction surface of the Malaria Atlas
        Project (Weiss et al. 2018); NaN where nobody passes.
    grid : Grid
    limit_minutes : float
        Above 0; the search ends there.

    Returns
    -------
    ndarray of float64
        Minutes; NaN where no centre reaches within the limit.

    Raises
    ------
    InputError
        If the limit is not allowed.
    DataError
        If frictions are 0, negative or infinite, or a centre lies beyond the raster or on a missing
        cell.

    References
    ----------
    Weiss, D. J., et al. (2018). A global map of travel time to cities to assess inequalities in
    accessibility in 2015. Nature 553, 333-336. doi:10.1038/nature25181

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (2, 3), "EPSG:6933")
    >>> centres = gpd.GeoDataFrame({"region_id": ["c"]}, geometry=[shapely.Point(500, -500)],
    ...                            crs="EPSG:6933")
    >>> friction = np.array([[0.01, 0.01, 0.03], [0.01, np.nan, 0.01]])
    >>> travel_minutes(centres, friction, grid, 25).tolist()
    [[0.0, 10.0, nan], [10.0, nan, 24.14213562373095]]
    """
    a_number("limit_minutes", limit_minutes, least=0, above=True)
    cells = check_friction(friction, grid)
    nearest = np.full(grid.shape, np.inf)
    for window, minutes in _spread(centre_points(centres), cells, grid, limit_minutes):
        nearest[window] = np.minimum(nearest[window], minutes)
    nearest[np.isinf(nearest)] = np.nan
    return nearest


def delineate_isochrones(
    centres: pd.DataFrame,
    units: gpd.GeoDataFrame,
    friction: NDArray[Any],
    grid: Grid,
    limit_minutes: float,
    *,
    population: NDArray[Any] | None = None,
    at_least: float = 0.5,
) -> Delineation:
    """Delineate regions as what lies within a time of a centre, over a raster of friction.

    Parameters
    ----------
    centres, friction, grid, limit_minutes
        See `travel_minutes`; the grid is geographic or equal-area.
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    population : ndarray, optional
        People in each cell of the same grid, by which units are shared; NaN counts as nobody. By
        area without it.
    at_least : float
        A unit belongs where at least this share of its people or area within the raster is reached;
        above 0 and at most 1. Impassable cells are not reached.

    Returns
    -------
    Delineation
        Regions in the order of the centres: `name`, `cells`, `area_km2`, `population` where given,
        `members` and the polygon of the cells reached, in the grid's CRS. Members have `minutes`,
        the mean over the unit's people or area in which cells that are not reached count as the
        limit (no more than the true mean), and `exclusive`: true for the centre of least minutes,
        of equally near ones the first.

    Raises
    ------
    InputError, DataError
        As `travel_minutes`; if units are not as above or people are negative or infinite.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 6), "EPSG:6933")
    >>> centres = gpd.GeoDataFrame({"region_id": ["c"]}, geometry=[shapely.Point(500, -500)],
    ...                            crs="EPSG:6933")
    >>> units = gpd.GeoDataFrame(crs="EPSG:6933", index=pd.Index(["u", "v"], name="unit_id"),
    ...     geometry=[shapely.box(0, -1000, 2000, 0), shapely.box(2000, -1000, 6000, 0)])
    >>> found = delineate_isochrones(centres, units, np.full((1, 6), 0.01), grid, 25)
    >>> found.members[["unit_id", "share_of_unit", "minutes"]].values.tolist()
    [['u', 1.0, 5.0], ['v', 0.0, nan]]
    """
    a_number("limit_minutes", limit_minutes, least=0, above=True)
    _a_share(at_least)
    points = _checked(centre_points, centres, units)
    cells = check_friction(friction, grid)
    amounts = _amounts(population, grid)
    reached = list(_spread(points, cells, grid, limit_minutes))
    pairs = _reached_shares(reached, units, grid, amounts, limit_minutes)
    pairs = pairs[pairs["share_of_unit"] >= at_least - ROUNDING]
    members = _members(pairs, points.index, units.index, "minutes")
    outlines = pd.concat(
        [
            group_polygons(np.isfinite(minutes).astype(np.int32), part_of_grid(grid, window))
            for window, minutes in reached
        ]
    ).set_axis(points.index)
    measures = {"cells": outlines["cells"], "area_km2": outlines["area_km2"]}
    if population is not None:
        measures["population"] = [
            float(amounts[window][np.isfinite(minutes)].sum()) for window, minutes in reached
        ]
    regions = _regions(points, members, outlines.geometry, **measures)
    parameters = {
        "limit_minutes": float(limit_minutes),
        "share": "area" if population is None else "population",
        "at_least": at_least,
    }
    return Delineation(regions, members, parameters)


def _a_share(at_least: float) -> None:
    if a_number("at_least", at_least, least=0, above=True) > 1:
        raise InputError(f"expected a share of at most 1, found {at_least}", where="at_least")


def _checked(read: Callable[[Any], Any], centres: Any, units: Any) -> Any:
    """Read centres and check units; raise the problems of both at once."""
    return results_of(lambda: read(centres), lambda: check_units(units), kind=DataError)[0]


def _named_centres(centres: Any) -> pd.DataFrame:
    """Ids and names of centres."""
    if not isinstance(centres, pd.DataFrame):
        raise DataError(f"expected a table, found {shown(centres)}", where="centres")
    if "region_id" in centres.columns:
        ids = pd.Index(centres["region_id"])
    elif centres.index.name == "region_id":
        ids = centres.index
    else:
        raise DataError("no column 'region_id'", where="centres")
    problems = [] if len(ids) else ["there are none"]
    if ids.hasnans:
        problems.append(f"{int(ids.isna().sum())} have no region_id")
    texts = ids.astype("str")
    problems += [
        f"the region_id {label!r} appears twice"
        for label in texts[texts.duplicated() & ~ids.isna()].unique()
    ]
    raise_if(problems, DataError, "centres")
    names = centres["name"].to_numpy() if "name" in centres.columns else texts
    table = pd.DataFrame({"name": names}, index=texts.rename("region_id"))
    table["name"] = table["name"].where(table["name"].notna(), table.index).astype("str")
    return table


def _points(centres: pd.DataFrame) -> Geometries:
    """Points of centres in WGS 84."""
    if isinstance(centres, gpd.GeoDataFrame) and centres.active_geometry_name is not None:
        if centres.crs is None:
            raise DataError(
                "they have no coordinate reference system; state one with set_crs", where="centres"
            )
        return np.asarray(centres.geometry.to_crs(WGS84).array, dtype=object)
    raise_if(
        (f"no column {name!r}" for name in ("lon", "lat") if name not in centres.columns),
        DataError,
        "centres",
    )
    lon, lat = (
        pd.to_numeric(centres[name], errors="coerce").to_numpy("float64") for name in ("lon", "lat")
    )
    points = np.full(len(centres), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    points[known] = shapely.points(lon[known], lat[known])
    return points


def _misplaced(points: Geometries, labels: pd.Index) -> Iterator[str]:
    for label, point in zip(labels, points, strict=True):
        if point is None or point.is_empty:
            yield f"{label!r} has no place"
        elif point.geom_type != "Point":
            yield f"{label!r} is a {point.geom_type}, expected a point"
        elif not np.isfinite([point.x, point.y]).all():
            yield f"{label!r} has no place in WGS 84"
        elif not (-90 <= point.y <= 90 and -180 <= point.x <= 360):
            yield (
                f"{label!r} lies at longitude {point.x:g}, latitude {point.y:g}; "
                "expected -180 to 360 and -90 to 90"
            )


def _overlaps(
    points: gpd.GeoDataFrame, circles: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Shares of units and of circles by area; positions of both."""
    crs = pyproj.CRS(WGS84)
    parts, owner = shapely.get_parts(within_a_turn(zone_polygons(units, crs))[0], return_index=True)
    tree = shapely.STRtree(parts)
    found = []
    for centre, (point, circle) in enumerate(zip(points.geometry, circles.geometry, strict=True)):
        pieces = shapely.get_parts(within_a_turn(np.array([circle]))[0])
        near = np.unique(owner[tree.query(pieces)[1]])
        local = pyproj.CRS(f"+proj=laea +lon_0={point.x!r} +lat_0={point.y!r} +datum=WGS84")
        flat = zone_polygons(units.iloc[near], local)
        flat = np.where(shapely.is_valid(flat), flat, shapely.make_valid(flat))
        whole = zone_polygons(circles.iloc[[centre]], local)[0]
        shared = shapely.area(shapely.intersection(flat, whole))
        found.append(
            pd.DataFrame(
                {
                    "unit": near,
                    "centre": centre,
                    "share_of_unit": np.clip(shared / shapely.area(flat), 0, 1),
                    "share_of_region": np.clip(shared / whole.area, 0, 1),
                }
            )[shared > 0]
        )
    return pd.concat(found, ignore_index=True)


def _representative(units: gpd.GeoDataFrame) -> Floats:
    """Longitudes and latitudes of points on the units' surfaces."""
    points = units.geometry.representative_point().to_crs(WGS84)
    return np.column_stack([points.x, points.y])


def _geodesic_km(point: shapely.Point, places: Floats) -> Floats:
    lon, lat = places.T
    start = np.full(len(lon), point.x), np.full(len(lon), point.y)
    return np.asarray(pyproj.Geod(ellps="WGS84").inv(*start, lon, lat)[2]) / 1000


def _distances_km(points: gpd.GeoDataFrame, units: gpd.GeoDataFrame, pairs: pd.DataFrame) -> Floats:
    places = _representative(units)[pairs["unit"]]
    km = np.empty(len(pairs))
    for centre, point in enumerate(points.geometry):
        own = (pairs["centre"] == centre).to_numpy()
        km[own] = _geodesic_km(point, places[own])
    return km


def _near_points(
    points: gpd.GeoDataFrame, units: gpd.GeoDataFrame, radius_km: float
) -> pd.DataFrame:
    """Pairs of a centre and a unit whose point is no further than the radius."""
    places = _representative(units)
    found = []
    for centre, point in enumerate(points.geometry):
        km = _geodesic_km(point, places)
        near = np.flatnonzero(km <= radius_km)
        found.append(pd.DataFrame({"unit": near, "centre": centre, "km": km[near]}))
    return pd.concat(found, ignore_index=True)


def _time_problems(times: Any, centres: pd.Index, units: pd.Index) -> list[str]:
    if not isinstance(times, pd.DataFrame):
        return [f"expected a table, found {shown(times)}"]
    needed = ("origin", "destination", "minutes")
    problems = [f"no column {name!r}" for name in needed if name not in times.columns]
    if problems:
        return problems
    if not pd.api.types.is_numeric_dtype(times["minutes"]):
        return [f"minutes: expected numbers, found {times['minutes'].dtype}"]
    minutes = times["minutes"].astype("float64")
    origins = times["origin"].astype("str")
    for name, values, known in (
        ("origin", origins, centres), ("destination", times["destination"], units),
    ):  # fmt: skip
        unknown = values[~values.isin(known)].unique()
        problems += [f"{name} {value!r} is not known" for value in unknown]
    if bad := int(((minutes < 0) | np.isinf(minutes)).sum()):
        problems.append(f"minutes: {bad:,} are negative or infinite")
    twice = times.assign(origin=origins).duplicated(["origin", "destination"])
    problems += [
        f"the pair {origin!r}, {destination!r} appears twice"
        for origin, destination in times.loc[twice, ["origin", "destination"]].values.tolist()
    ]
    return problems


def _amounts(population: NDArray[Any] | None, grid: Grid) -> NDArray[Any]:
    """Give what units are shared by: people, or the cells' area."""
    areas = np.broadcast_to(row_areas_km2(grid)[:, None], grid.shape)
    if population is None:
        return areas
    people = raster_cells("population", population, grid)
    bad = int((people < 0).sum() + np.isinf(people).sum())
    if bad:
        raise DataError(f"{bad:,} cells are negative or infinite", where="population")
    return np.asarray(np.nan_to_num(people, nan=0.0))


def _spread(
    points: gpd.GeoDataFrame, friction: NDArray[Any], grid: Grid, limit: float
) -> Iterator[tuple[Window, Floats]]:
    """Minutes from each centre, in the window that it can reach."""
    starts = _cells_of(points, friction, grid)
    least = float(np.nanmin(friction))
    for start in starts:
        yield minutes_around(friction, grid, start, limit, least)


def _cells_of(
    points: gpd.GeoDataFrame, friction: NDArray[Any], grid: Grid
) -> list[tuple[int, int]]:
    """Row and column of the cell that holds each centre."""
    placed = points.geometry.to_crs(grid.crs)
    west = grid.bounds[0]
    cells, problems = [], []
    for label, point in placed.items():
        x = point.x
        if grid.crs.is_geographic:
            x = west + (x - west) % (2 * np.pi / grid.crs.axis_info[0].unit_conversion_factor)
        col, row = (int(np.floor(value)) for value in ~grid.transform @ (x, point.y))
        if not (0 <= row < grid.shape[0] and 0 <= col < grid.shape[1]):
            problems.append(f"{label!r} lies beyond the raster of friction")
        elif np.isnan(friction[row, col]):
            problems.append(f"{label!r} lies on a cell without friction; move it to a passable one")
        cells.append((row, col))
    raise_if(problems, DataError, "centres")
    return cells


def _reached_shares(
    reached: Sequence[tuple[Window, Floats]],
    units: gpd.GeoDataFrame,
    grid: Grid,
    amounts: NDArray[Any],
    limit: float,
) -> pd.DataFrame:
    """Shares of units and of what centres reach, and mean minutes; positions of both."""
    coverage = zone_coverage(units, grid)
    totals = [amounts[window][np.isfinite(minutes)].sum() for window, minutes in reached]
    found = []
    for unit in range(len(coverage)):
        rows, cols, fractions = coverage.cells(unit)
        held = fractions * amounts[rows, cols]
        for centre, ((lines, columns), minutes) in enumerate(reached):
            inside = (rows >= lines.start) & (rows < lines.stop)
            inside &= (cols >= columns.start) & (cols < columns.stop)
            spent = minutes[rows[inside] - lines.start, cols[inside] - columns.start]
            near = np.isfinite(spent)
            within = held[inside][near]
            if not within.sum() > 0:
                continue
            share = within.sum() / held.sum()
            mean = (within @ spent[near] + (held.sum() - within.sum()) * limit) / held.sum()
            found.append((unit, centre, share, within.sum() / totals[centre], mean))
    columns_of = ["unit", "centre", "share_of_unit", "share_of_region", "minutes"]
    return pd.DataFrame(found, columns=columns_of).astype({"unit": "int64", "centre": "int64"})


def _members(pairs: pd.DataFrame, centres: pd.Index, units: pd.Index, cost: str) -> pd.DataFrame:
    """Members by unit and cost, the nearest centre exclusive; a row for each unit without one."""
    table = pairs[["unit", "centre", "share_of_unit", "share_of_region", cost]]
    absent = np.setdiff1d(np.arange(len(units)), table["unit"])
    table = table.sort_values(["unit", cost, "centre"])
    table["exclusive"] = ~table["unit"].duplicated()
    table["region_id"] = centres.to_numpy()[table["centre"]]
    rest = pd.DataFrame({"unit": absent, "share_of_unit": 0.0, "exclusive": False})
    whole = pd.concat([table, rest]) if len(table) else rest.reindex(columns=table.columns)
    whole = whole.sort_values("unit", kind="stable")
    whole["unit_id"] = units.to_numpy()[whole["unit"].astype("int64")]
    types = {"region_id": "str", "share_of_region": "float64", cost: "float64", "exclusive": "bool"}
    return whole[[*MEMBER_COLUMNS, cost, "exclusive"]].astype(types).reset_index(drop=True)


def _regions(
    centres: pd.DataFrame, members: pd.DataFrame, shapes: gpd.GeoSeries, **measures: Any
) -> gpd.GeoDataFrame:
    counts = members["region_id"].value_counts().reindex(centres.index, fill_value=0)
    table = pd.DataFrame({"name": centres["name"], **measures}, index=centres.index)
    table["members"] = counts.astype("int64")
    return gpd.GeoDataFrame(table, geometry=np.asarray(shapes.array, dtype=object), crs=shapes.crs)
