"""Regions found in data: urban centres, bright areas, commuting areas, circles.

Each function gives a `Delineation`: `regions` with what is measured of each, `members` with shares,
`units` with classes where the method has any, every parameter, notes. Parameters of a method are
the fields of its rules, such as `LightRules(threshold=30)`. `sureness` runs over several sets of
rules (`lights_runs` gives those of lights in little time) and says how sure each membership is;
`compare_regions` sets two lists of regions side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arguments import a_number, an_instance, one_of, wrong
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.functions.polygons import polygons_of
from regional_atlas.functions.rasters import Placed, rasters_of
from regional_atlas.functions.series import numbers_of
from regional_atlas.membership import likeness as _likeness
from regional_atlas.membership.delineation import circles as _circles
from regional_atlas.membership.delineation import core_based as _core_based
from regional_atlas.membership.delineation import flow_clusters as _clusters
from regional_atlas.membership.delineation import functional_areas as _functional
from regional_atlas.membership.delineation import labour_markets as _labour
from regional_atlas.membership.delineation import lights as _lights
from regional_atlas.membership.delineation import sureness as _sureness
from regional_atlas.membership.delineation import urban_units as _urban
from regional_atlas.membership.delineation import urbanisation as _cells
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.circles import CircleRule
from regional_atlas.membership.delineation.core_based import CoreBasedRules
from regional_atlas.membership.delineation.flow_clusters import FlowClusterRules
from regional_atlas.membership.delineation.flows import Flows, commuting_flows
from regional_atlas.membership.delineation.functional_areas import FunctionalAreaRules
from regional_atlas.membership.delineation.labour_markets import LabourMarketRules
from regional_atlas.membership.delineation.lights import LightRules, ThresholdCurve
from regional_atlas.membership.delineation.sureness import Sureness
from regional_atlas.membership.delineation.urbanisation import EDITIONS, UrbanRules
from regional_atlas.spatial.contiguity import neighbour_pairs
from regional_atlas.zonal.cleaning import whole_grid
from regional_atlas.zonal.grids import Grid

__all__ = [
    "CoreBasedRules",
    "Delineation",
    "FlowClusterRules",
    "FunctionalAreaRules",
    "LabourMarketRules",
    "LightRules",
    "Sureness",
    "ThresholdCurve",
    "UrbanRules",
    "circles",
    "compare_regions",
    "core_based",
    "flow_clusters",
    "functional_areas",
    "isochrones",
    "labour_markets",
    "lights",
    "lights_runs",
    "sureness",
    "threshold_curve",
    "travel_times",
    "urban",
]


def urban(
    units: Any,
    population: Any,
    land: Any,
    built: Any = None,
    rules: UrbanRules | Literal["2022", "2023"] = "2023",
    *,
    level: Literal[1, 2] = 1,
    at_least: float = 0.5,
    units_crs: Any = None,
    transform: Any = None,
    crs: Any = None,
) -> Delineation:
    """Delineate urban centres, and class units, by the Degree of Urbanisation.

    Parameters
    ----------
    units : GeoDataFrame, GeoSeries, path, shapely geometry or list of geometries
        Polygons in any CRS; with a column `name`, centres take it.
    population, land, built : path, rasterio dataset, DataArray or array
        One grid of 1 km² cells on an equal-area projection: people; shares of each cell that are
        land and built up, 0 to 1. Without `built`, density alone makes centres.
    rules : UrbanRules, '2022' or '2023'
        The parameters, or an edition of the standard.
    level : {1, 2}
    at_least : float
        A unit is a member of a centre where at least this share of its people live in it.
    units_crs, transform, crs : optional
        CRS of polygons that have none; where the cells of arrays lie.

    Returns
    -------
    Delineation
        See `regional_atlas.membership.delineation.urban_units.urban_centres`.

    Raises
    ------
    InputError, DataError, RasterError
        Name the argument, what was given and what is allowed.

    Examples
    --------
    >>> import shapely
    >>> people, land = np.array([[60_000.0, 100.0]]), np.ones((1, 2))
    >>> found = urban(shapely.box(0, 0, 2000, 1000), people, land, units_crs="EPSG:6933",
    ...               transform=(1000, 0, 0, 0, -1000, 1000), crs="EPSG:6933")
    >>> found.units["class"].tolist(), found.regions["population"].tolist()
    (['city'], [60000.0])
    """
    if isinstance(rules, str):
        rules = EDITIONS[one_of("rules", rules, list(EDITIONS))]
    an_instance("rules", rules, UrbanRules, "an UrbanRules, '2022' or '2023'")
    least = a_number("at_least", at_least, least=0, above=True)
    areas = _units(units, units_crs)
    placed = Placed(transform, crs)
    people, grid = _cells_of("population", population, placed)
    shares = [
        None if value is None else _cells_on(grid, name, value, placed)
        for name, value in (("land", land), ("built", built))
    ]
    if shares[0] is None:
        raise wrong("land", land, "a raster")
    cells = _cells.classify_cells(people, shares[0], shares[1], rules, level)
    return _urban.urban_centres(areas, cells, people, grid, at_least=least)


def lights(
    units: Any,
    raster: Any,
    rules: LightRules,
    *,
    units_crs: Any = None,
    transform: Any = None,
    crs: Any = None,
) -> Delineation:
    """Delineate contiguous bright areas of a night-light raster.

    Parameters
    ----------
    units : GeoDataFrame, GeoSeries, path, shapely geometry or list of geometries
        Polygons in any CRS; with a column `name`, areas take it.
    raster : path, rasterio dataset, DataArray or array
    rules : LightRules
    units_crs, transform, crs : optional
        CRS of polygons that have none; where the cells of arrays lie.

    Returns
    -------
    Delineation
        See `regional_atlas.membership.delineation.lights.delineate_lights`.

    Raises
    ------
    InputError, DataError, RasterError
        Name the argument, what was given and what is allowed.

    Examples
    --------
    >>> import shapely
    >>> found = lights([shapely.box(0, 0, 2, 1)], np.array([[40.0, 3.0]]), LightRules(30),
    ...                units_crs=4326, transform=(1, 0, 0, 0, -1, 1), crs=4326)
    >>> found.regions["light"].tolist(), found.members["share_of_unit"].round(3).tolist()
    ([40.0], [0.93])
    """
    an_instance("rules", rules, LightRules, "a LightRules, such as LightRules(threshold=30)")
    areas = _units(units, units_crs)
    cells, grid = _cells_of("raster", raster, Placed(transform, crs), narrow=True)
    return _lights.delineate_lights(cells, grid, areas, rules)


def lights_runs(
    units: Any,
    raster: Any,
    rules: Iterable[LightRules],
    *,
    units_crs: Any = None,
    transform: Any = None,
    crs: Any = None,
) -> Iterator[Delineation]:
    """Delineate bright areas by many sets of rules, without their polygons.

    What does not depend on the rules, such as the share of each cell that a unit covers, is
    computed once.

    Parameters
    ----------
    units, raster, units_crs, transform, crs
        See `lights`.
    rules : iterable of LightRules

    Yields
    ------
    Delineation
        Of each set of rules, as `lights` gives it but for the polygons of the regions.

    Examples
    --------
    >>> import shapely
    >>> place = dict(units_crs=4326, transform=(1, 0, 0, 0, -1, 1), crs=4326)
    >>> cells, unit = np.array([[40.0, 3.0]]), [shapely.box(0, 0, 2, 1)]
    >>> runs = lights_runs(unit, cells, [LightRules(30), LightRules(41)], **place)
    >>> sureness(lights(unit, cells, LightRules(30), **place), runs).members["probability"].tolist()
    [0.5]
    """
    if not isinstance(rules, Iterable) or isinstance(rules, str | bytes):
        raise wrong("rules", rules, "a list of LightRules")
    wanted = list(rules)
    for each in wanted:
        an_instance("rules", each, LightRules, "LightRules, such as [LightRules(threshold=30)]")
    areas = _units(units, units_crs)
    cells, grid = _cells_of("raster", raster, Placed(transform, crs), narrow=True)
    prepared = _lights.lit_units(cells, grid, areas)
    return (_lights.lit_regions(prepared, each, polygons=False) for each in wanted)


def threshold_curve(
    raster: Any,
    thresholds: Any,
    rules: LightRules | None = None,
    *,
    transform: Any = None,
    crs: Any = None,
) -> ThresholdCurve:
    """Find the bright areas of several thresholds, and where areas merge.

    Parameters
    ----------
    raster : path, rasterio dataset, DataArray or array
    thresholds : sequence of float
        In the raster's measurement unit, above 0.
    rules : LightRules, optional
        How areas are made at every threshold; its own threshold does not count.
    transform, crs : optional
        Where the cells of arrays lie.

    Returns
    -------
    ThresholdCurve
        Tables `curve`, `areas` and `merges`.

    Examples
    --------
    >>> found = threshold_curve(np.array([[50.0, 20.0, 40.0]]), [10, 30],
    ...                         transform=(1, 0, 0, 0, -1, 1), crs=4326)
    >>> found.curve[["threshold", "areas"]].values.tolist()
    [[10.0, 1.0], [30.0, 2.0]]
    """
    rules = LightRules(threshold_kind="otsu") if rules is None else rules
    an_instance("rules", rules, LightRules, "a LightRules")
    cells, grid = _cells_of("raster", raster, Placed(transform, crs), narrow=True)
    return _lights.threshold_curve(
        cells, grid, thresholds, touching=rules.touching, smallest_km2=rules.smallest_km2,
        gap_km2=rules.gap_km2, join_km=rules.join_km,
    )  # fmt: skip


def circles(
    units: Any,
    centres: Any,
    radius_km: float,
    *,
    rule: CircleRule = "representative_point",
    at_least: float = 0.5,
    units_crs: Any = None,
) -> Delineation:
    """Delineate circles of a distance on the ellipsoid around centres.

    Parameters
    ----------
    units : GeoDataFrame, GeoSeries, path, shapely geometry or list of geometries
    centres : DataFrame or GeoDataFrame
        `region_id`, `name`, and points or `lon` and `lat` in degrees.
    radius_km : float
    rule, at_least
        See `regional_atlas.membership.delineation.circles.delineate_circles`.
    units_crs : optional
        CRS of polygons that have none.

    Returns
    -------
    Delineation

    Examples
    --------
    >>> import shapely
    >>> centres = pd.DataFrame({"region_id": ["c"], "name": ["C"], "lon": [0.0], "lat": [0.0]})
    >>> boxes = [shapely.box(0, 0, 0.1, 0.1), shapely.box(5, 5, 6, 6)]
    >>> circles(boxes, centres, 50, units_crs=4326).members["region_id"].isna().tolist()
    [False, True]
    """
    areas = _units(units, units_crs)
    least = a_number("at_least", at_least, least=0, above=True)
    return _circles.delineate_circles(
        _table("centres", centres), areas, a_number("radius_km", radius_km, least=0, above=True),
        rule=rule, at_least=least,
    )  # fmt: skip


def travel_times(
    units: Any, centres: Any, times: Any, limit_minutes: float, *, units_crs: Any = None
) -> Delineation:
    """Delineate what each centre reaches within a time, by given travel times.

    Parameters
    ----------
    units, centres, units_crs
        See `circles`; centres need no place.
    times : DataFrame
        `origin` (a region), `destination` (a unit), `minutes`.
    limit_minutes : float

    Returns
    -------
    Delineation

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
    ...                          index=["u", "v"], crs=4326)
    >>> times = pd.DataFrame({"origin": ["c", "c"], "destination": ["u", "v"],
    ...                       "minutes": [20, 80]})
    >>> centres = pd.DataFrame({"region_id": ["c"], "name": ["C"]})
    >>> travel_times(units, centres, times, 60).members["region_id"].isna().tolist()
    [False, True]
    """
    areas = _units(units, units_crs)
    limit = a_number("limit_minutes", limit_minutes, least=0, above=True)
    return _circles.delineate_travel_times(
        _table("centres", centres), areas, _table("times", times), limit
    )


def isochrones(
    units: Any,
    centres: Any,
    friction: Any,
    limit_minutes: float,
    *,
    population: Any = None,
    at_least: float = 0.5,
    units_crs: Any = None,
    transform: Any = None,
    crs: Any = None,
) -> Delineation:
    """Delineate what lies within a time of a centre, over a raster of friction.

    Parameters
    ----------
    units, centres, units_crs
        See `circles`.
    friction : path, rasterio dataset, DataArray or array
        Minutes per metre; missing cells are not passed.
    limit_minutes : float
    population : as `friction`, optional
        People on the same grid: units are shared by them instead of by area.
    at_least : float
        A unit is a member where at least this share of it lies within the time.
    transform, crs : optional
        Where the cells of arrays lie.

    Returns
    -------
    Delineation

    Examples
    --------
    >>> import shapely
    >>> centres = pd.DataFrame({"region_id": ["c"], "name": ["C"], "lon": [0.5], "lat": [0.5]})
    >>> found = isochrones(shapely.box(0, 0, 2, 1), centres, np.full((1, 2), 0.001), 60,
    ...     units_crs=4326, transform=(1, 0, 0, 0, -1, 1), crs=4326)
    >>> found.members["share_of_unit"].round(2).tolist()
    [0.5]
    """
    areas = _units(units, units_crs)
    least = a_number("at_least", at_least, least=0, above=True)
    limit = a_number("limit_minutes", limit_minutes, least=0, above=True)
    placed = Placed(transform, crs)
    cells, grid = _cells_of("friction", friction, placed)
    people = None if population is None else _cells_on(grid, "population", population, placed)
    return _circles.delineate_isochrones(
        _table("centres", centres), areas, cells, grid, limit, population=people, at_least=least
    )


def functional_areas(
    units: Any, flows: Any, cores: Any, rules: FunctionalAreaRules | None = None
) -> Delineation:
    """Delineate functional urban areas from commuting: cities with their commuting zones.

    Parameters
    ----------
    units : GeoDataFrame, path or sequence of str
        Polygons on an index of ids; ids alone leave contiguity out, and a note says so.
    flows : DataFrame
        `origin`, `destination`, `number`, and `moe` where known.
    cores : DataFrame
        `unit_id`, `core_id`: the units of each city.
    rules : FunctionalAreaRules, optional

    Returns
    -------
    Delineation
        See `regional_atlas.membership.delineation.functional_areas.functional_areas`.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["a", "b", "b"], "destination": ["a", "a", "b"],
    ...                       "number": [90, 20, 80]})
    >>> cores = pd.DataFrame({"unit_id": ["a"], "core_id": ["A"]})
    >>> functional_areas(["a", "b"], flows, cores).members["region_id"].tolist()
    ['fua-1', 'fua-1']
    """
    rules = FunctionalAreaRules() if rules is None else rules
    an_instance("rules", rules, FunctionalAreaRules, "a FunctionalAreaRules")
    areas, matrix = _commuting(units, flows)
    return _functional.functional_areas(
        matrix, _table("cores", cores), rules, contiguity=_pairs(areas), units=areas
    )


def core_based(
    units: Any, flows: Any, cores: Any, rules: CoreBasedRules | None = None
) -> Delineation:
    """Delineate core based areas as the United States do; arguments as `functional_areas`.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["a", "b", "b"], "destination": ["a", "a", "b"],
    ...                       "number": [90, 20, 80]})
    >>> cores = pd.DataFrame({"unit_id": ["a"], "core_id": ["A"]})
    >>> core_based(["a", "b"], flows, cores).members["region_id"].isna().tolist()
    [False, True]
    """
    rules = CoreBasedRules() if rules is None else rules
    an_instance("rules", rules, CoreBasedRules, "a CoreBasedRules")
    areas, matrix = _commuting(units, flows)
    return _core_based.core_based_areas(
        matrix, _table("cores", cores), rules, contiguity=_pairs(areas), units=areas
    )


def labour_markets(units: Any, flows: Any, rules: LabourMarketRules | None = None) -> Delineation:
    """Delineate labour market areas by self-containment; arguments as `functional_areas`.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["a", "b"], "destination": ["a", "a"],
    ...                       "number": [9000, 2000]})
    >>> labour_markets(["a", "b"], flows).members["region_id"].nunique()
    1
    """
    rules = LabourMarketRules() if rules is None else rules
    an_instance("rules", rules, LabourMarketRules, "a LabourMarketRules")
    areas, matrix = _commuting(units, flows)
    return _labour.labour_market_areas(matrix, rules, units=areas)


def flow_clusters(units: Any, flows: Any, rules: FlowClusterRules | None = None) -> Delineation:
    """Delineate commuting zones by hierarchical clustering; arguments as `functional_areas`.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["a", "b", "c"], "destination": ["a", "a", "c"],
    ...                       "number": [70, 20, 50]})
    >>> flow_clusters(["a", "b", "c"], flows).members["region_id"].tolist()
    ['zone-1', 'zone-1', 'zone-2']
    """
    rules = FlowClusterRules() if rules is None else rules
    an_instance("rules", rules, FlowClusterRules, "a FlowClusterRules")
    areas, matrix = _commuting(units, flows)
    return _clusters.flow_clusters(matrix, rules, units=areas)


def sureness(reference: Delineation, runs: Iterable[Delineation]) -> Sureness:
    """Follow the regions of a delineation through runs with other parameters.

    Parameters
    ----------
    reference : Delineation
    runs : iterable of Delineation
        One after the other.

    Returns
    -------
    Sureness
        See `regional_atlas.membership.delineation.sureness.sureness`.

    Examples
    --------
    >>> import shapely
    >>> units = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    >>> where = {"units_crs": 4326, "transform": (1, 0, 0, 0, -1, 1), "crs": 4326}
    >>> runs = [lights(units, np.array([[40.0, 20.0]]), LightRules(level), **where)
    ...         for level in (10, 30)]
    >>> sureness(runs[0], runs).members["probability"].tolist()
    [1.0, 0.5]
    """
    an_instance("reference", reference, Delineation, "a Delineation")
    if not isinstance(runs, Iterable) or isinstance(runs, str | bytes):
        raise wrong("runs", runs, "Delineations, one after the other")
    return _sureness.sureness(reference, _checked(runs))


def _checked(runs: Iterable[Any]) -> Iterator[Delineation]:
    for place, run in enumerate(runs):
        an_instance(f"runs[{place}]", run, Delineation, "a Delineation")
        yield run


def compare_regions(
    ours: pd.DataFrame, theirs: pd.DataFrame, weights: pd.Series | None = None
) -> pd.DataFrame:
    """Set each region beside the one of another list that is most like it.

    Parameters
    ----------
    ours, theirs : DataFrame
        `unit_id` and `region_id`, such as the `members` of a `Delineation`.
    weights : Series, optional
        Of units, by `unit_id`, for `agreed`; each unit counts one without it.

    Returns
    -------
    DataFrame
        See `regional_atlas.membership.likeness.compare_regions`.

    Examples
    --------
    >>> ours = pd.DataFrame({"unit_id": ["a", "b"], "region_id": ["x", "x"]})
    >>> theirs = pd.DataFrame({"unit_id": ["a", "c"], "region_id": ["1", "1"]})
    >>> compare_regions(ours, theirs)["jaccard"].round(3).tolist()
    [0.333]
    """
    lists: list[pd.DataFrame] = []
    for name, value in (("ours", ours), ("theirs", theirs)):
        table = _table(name, value)
        lacking = [column for column in ("unit_id", "region_id") if column not in table.columns]
        raise_if((f"no column {column!r}" for column in lacking), DataError, name)
        pairs = table[["unit_id", "region_id"]]
        if len(pairs.columns) > 2 or pairs.duplicated().any():
            raise DataError("a unit stands more than once in a region", where=name)
        lists.append(pairs.astype("str"))
    weigh = None if weights is None else numbers_of("weights", weights)
    if weigh is not None and not weigh.index.is_unique:
        raise DataError("a unit stands more than once", where="weights")
    return _likeness.compare_regions(lists[0], lists[1], weigh)


def _units(units: Any, crs: Any) -> gpd.GeoDataFrame:
    """Put units into one form, with ids that are text."""
    areas = polygons_of("units", units, crs)
    return areas.set_axis(pd.Index(areas.index.astype("str"), name="unit_id"))


def _cells_of(
    name: str, value: Any, placed: Placed, *, narrow: bool = False
) -> tuple[NDArray[Any], Grid]:
    """Read the cells of one raster, and where they lie."""
    of_array = placed if isinstance(value, np.ndarray) else Placed()
    found, _ = rasters_of(name, value, of_array)
    if len(found) != 1:
        raise InputError(f"expected one raster, found {len(found)}", where=name)
    return whole_grid(found[0], narrow=narrow), Grid.of(found[0])


def _cells_on(grid: Grid, name: str, value: Any, placed: Placed) -> NDArray[np.float64]:
    found, own = _cells_of(name, value, placed)
    if own != grid:
        raise DataError("lies on another grid", where=name)
    return found


def _table(name: str, value: Any) -> pd.DataFrame:
    an_instance(name, value, pd.DataFrame, "a DataFrame")
    found: pd.DataFrame = value
    return found


def _commuting(units: Any, flows: Any) -> tuple[pd.DataFrame, Flows]:
    if isinstance(units, list | tuple | pd.Index) and all(isinstance(each, str) for each in units):
        areas = pd.DataFrame(index=pd.Index(list(units), name="unit_id", dtype="str"))
    else:
        areas = _units(units, None)
    return areas, commuting_flows(_table("flows", flows), areas.index)


def _pairs(areas: pd.DataFrame) -> pd.DataFrame | None:
    return neighbour_pairs(areas) if isinstance(areas, gpd.GeoDataFrame) else None
