"""Regions found in data, from files to a folder: one function for each method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.core.rules import named_in
from regional_atlas.jobs.delineation_folder import (
    Result,
    Target,
    UnitFile,
    delineated,
    write_result,
)
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.circles import (
    CircleRule,
    delineate_circles,
    delineate_isochrones,
    delineate_travel_times,
)
from regional_atlas.membership.delineation.core_based import CoreBasedRules, core_based_areas
from regional_atlas.membership.delineation.flow_clusters import FlowClusterRules, flow_clusters
from regional_atlas.membership.delineation.flows import Flows, commuting_flows, flow_draws
from regional_atlas.membership.delineation.functional_areas import (
    FunctionalAreaRules,
    functional_areas,
)
from regional_atlas.membership.delineation.labour_markets import (
    LabourMarketRules,
    labour_market_areas,
)
from regional_atlas.membership.delineation.lights import (
    LightRules,
    lit_regions,
    lit_units,
    threshold_curve,
)
from regional_atlas.membership.delineation.sureness import sureness
from regional_atlas.membership.delineation.urban_units import (
    centre_regions,
    unit_people,
    urban_regions,
)
from regional_atlas.membership.delineation.urbanisation import (
    UrbanCells,
    UrbanRules,
    classify_cells,
)
from regional_atlas.sources.rasters import open_raster, raster_files
from regional_atlas.sources.reader import read_table
from regional_atlas.spatial.contiguity import neighbour_pairs
from regional_atlas.zonal.cleaning import whole_grid
from regional_atlas.zonal.grids import Grid

__all__ = [
    "FLOW_METHODS",
    "Reach",
    "circles_folder",
    "flows_folder",
    "lights_folder",
    "urban_folder",
]

Progress = Callable[[int, int], None]

FLOW_METHODS: dict[str, tuple[Any, Any]] = {
    "functional-areas": (functional_areas, FunctionalAreaRules()),
    "core-based": (core_based_areas, CoreBasedRules()),
    "labour-markets": (labour_market_areas, LabourMarketRules()),
    "flow-clusters": (flow_clusters, FlowClusterRules()),
}
"""By command: the function and its rules."""

SEED = 1
"""Of draws: the same input gives the same bytes."""
SQUARE_METRES = 1e6
"""In a cell of 1 km²."""


def urban_folder(
    units: UnitFile,
    population: Path,
    land: Path,
    built: Path | None,
    target: Target,
    rules: UrbanRules,
    *,
    level: Literal[1, 2] = 1,
    at_least: float = 0.5,
    square_metres: bool = False,
    vary: Sequence[str] = (),
    progress: Progress | None = None,
) -> Delineation:
    """Delineate urban centres by the Degree of Urbanisation and write the folder.

    Parameters
    ----------
    units : UnitFile
    population, land, built : Path
        Rasters on one grid of 1 km² cells.
    target : Target
    rules : UrbanRules
    level, at_least
        See `urban_centres`.
    square_metres : bool
        Whether land and built-up cells hold m², as GHSL's do; else shares of the cell.
    vary : sequence of str
        See `varied_rules`.
    progress : callable, optional
        Called with runs done and in all.

    Returns
    -------
    Delineation

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    named = {"--population": population, "--land": land, "--built": built}
    inputs = [*units.inputs, *_rasters({k: v for k, v in named.items() if v is not None})]
    target.check(inputs, units.check)
    areas = units.read()
    people, grid = _cells(population)
    by = SQUARE_METRES if square_metres else 1.0
    ground = _cells_on(grid, "--land", land) / by
    buildings = None if built is None else _cells_on(grid, "--built", built) / by
    held = unit_people(areas, people, grid)
    classified: list[UrbanCells] = []

    def delineate(rules: UrbanRules) -> Delineation:
        classified.append(classify_cells(people, ground, buildings, rules, level))
        return urban_regions(held, classified[0], at_least=at_least)

    def again(rules: UrbanRules) -> Delineation:
        cells = classify_cells(people, ground, buildings, rules, level)
        return centre_regions(held, cells, at_least=at_least, polygons=False)

    result = delineated(delineate, rules, vary, progress, again=again)
    result = replace(result, cells=(classified[0].classes, grid))
    options = {**units.options, "square_metres": square_metres}
    return _written(result, target, "urban", inputs, areas, **options)


def lights_folder(
    units: UnitFile,
    raster: Path,
    target: Target,
    rules: LightRules,
    *,
    scale: float | None = None,
    thresholds: Sequence[float] = (),
    vary: Sequence[str] = (),
    progress: Progress | None = None,
) -> Delineation:
    """Delineate bright areas of a raster and write the folder.

    Parameters
    ----------
    units : UnitFile
    raster : Path
    target : Target
    rules : LightRules
    scale : float, optional
        Light per stored unit, where the file does not say.
    thresholds : sequence of float
        Of the curve, whose tables `curve`, `areas` and `merges` are written too; none by default.
    vary, progress
        See `urban_folder`.

    Returns
    -------
    Delineation

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    inputs = [*units.inputs, *_rasters({"--raster": raster})]
    target.check(inputs, units.check)
    areas = units.read()
    cells, grid = _cells(raster, scale, narrow=True)
    delineate = partial(lit_regions, lit_units(cells, grid, areas))
    again = partial(delineate, polygons=False)
    result = delineated(delineate, rules, vary, progress, again=again)
    if thresholds:
        curve = threshold_curve(
            cells, grid, thresholds, touching=rules.touching, smallest_km2=rules.smallest_km2,
            gap_km2=rules.gap_km2, join_km=rules.join_km,
        )  # fmt: skip
        result = replace(result, tables=curve._asdict())
    options = {**units.options, "scale": scale}
    return _written(result, target, "lights", inputs, areas, **options)


def flows_folder(
    method: str,
    units: UnitFile,
    flows: Path,
    cores: Path | None,
    target: Target,
    rules: Any,
    *,
    draws: int = 0,
    vary: Sequence[str] = (),
    progress: Progress | None = None,
) -> Delineation:
    """Delineate regions from commuting flows and write the folder.

    Parameters
    ----------
    method : str
        Of `FLOW_METHODS`.
    units : UnitFile
    flows : Path
        A table of any format: `origin`, `destination`, `number`, and `moe` where known.
    cores : Path, optional
        A table `unit_id`, `core_id`, for the methods that begin from cores.
    target : Target
    rules : dataclass instance
        Of the method.
    draws : int
        Runs with numbers drawn from their margins of error (see `flow_draws`), instead of `vary`.
    vary, progress
        See `urban_folder`.

    Returns
    -------
    Delineation

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    function, _ = FLOW_METHODS[method]
    inputs = [*units.inputs, ("--flows", flows)]
    inputs += [] if cores is None else [("--cores", cores)]
    target.check(inputs, units.check, partial(_one_variation, draws, vary))
    areas = units.read()
    matrix = commuting_flows(
        _table(flows, ["origin", "destination"], "number", maybe=["moe"]), areas.index
    )
    given: dict[str, Any] = {"units": areas}
    if cores is not None:
        given["contiguity"] = neighbour_pairs(areas)
        function = partial(function, cores=_table(cores, ["unit_id", "core_id"]))

    def delineate(rules: Any, people: Flows = matrix) -> Delineation:
        found: Delineation = function(people, rules=rules, **given)
        return found

    result = delineated(delineate, rules, vary, progress)
    if draws:
        drawn = enumerate(flow_draws(matrix, draws, SEED), 1)
        runs = (_told(delineate(rules, people), n, draws, progress) for n, people in drawn)
        result = replace(result, sure=sureness(result.found, runs), varied={"draws": [draws, SEED]})
    return _written(result, target, method, inputs, areas, **units.options)


def _one_variation(draws: int, vary: Sequence[str]) -> None:
    if draws and vary:
        raise InputError("memberships vary by --draws or by --vary, not both")


def _told(run: Delineation, number: int, of: int, progress: Progress | None) -> Delineation:
    if progress is not None:
        progress(number, of)
    return run


@dataclass(frozen=True)
class Reach:
    """How far a circle reaches, and which units belong to it.

    Attributes
    ----------
    within : float
        Kilometres; minutes where travel times or a friction are given.
    rule : {'representative_point', 'area_share'}
        For circles of a distance.
    at_least : float
        Share of a unit's area (or people) that lies within, for `area_share` and friction.
    """

    within: float
    rule: CircleRule = "representative_point"
    at_least: float = 0.5


def circles_folder(
    units: UnitFile,
    centres: Path,
    target: Target,
    rules: Reach,
    *,
    times: Path | None = None,
    friction: Path | None = None,
    population: Path | None = None,
    vary: Sequence[str] = (),
    progress: Progress | None = None,
) -> Delineation:
    """Delineate circles of distance or time and write the folder.

    Parameters
    ----------
    units : UnitFile
    centres : Path
        A table `region_id`, `name`, `lon`, `lat`.
    target : Target
    rules : Reach
    times : Path, optional
        A table `origin` (a region), `destination` (a unit), `minutes`.
    friction : Path, optional
        A raster of minutes per metre.
    population : Path, optional
        A raster of people on the grid of `friction`: units are shared by them instead of by area.
    vary, progress
        See `urban_folder`.

    Returns
    -------
    Delineation

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    rasters = {"--friction": friction, "--population": population}
    inputs = [*units.inputs, ("--centres", centres), *([("--times", times)] if times else [])]
    inputs += _rasters({option: path for option, path in rasters.items() if path is not None})
    target.check(inputs, units.check, partial(_one_form, times, friction, population, rules, vary))
    areas, places = units.read(), _centre_table(centres, placed=times is None)
    if times is not None:
        table = _table(times, ["origin", "destination"], "minutes")
        method: Any = partial(_by_times, places, areas, table)
    elif friction is not None:
        cells, grid = _cells(friction)
        people = None if population is None else _cells_on(grid, "--population", population)
        method = partial(_by_friction, places, areas, cells, grid, people)
    else:
        method = partial(_by_distance, places, areas)
    result = delineated(method, rules, vary, progress)
    return _written(result, target, "circles", inputs, areas, **units.options)


_REACH = ("within", "rule", "at_least")


def _one_form(
    times: Path | None,
    friction: Path | None,
    population: Path | None,
    rules: Reach,
    vary: Sequence[str],
) -> None:
    if times is not None and friction is not None:
        raise InputError("travel times are given by --times or by --friction, not both")
    if population is not None and friction is None:
        raise InputError("shares people of cells: it needs --friction", where="--population")
    changed = {
        name for name in ("rule", "at_least") if getattr(rules, name) != getattr(Reach, name)
    }
    changed |= {*named_in(vary)}
    used = {"within"} if times else {"within", "at_least"} if friction else {*_REACH}
    if used == {*_REACH} and rules.rule != "area_share" and "rule" not in changed:
        used -= {"at_least"}
    idle = sorted((changed & {*_REACH}) - used)
    raise_if((f"{name} has no effect here" for name in idle), InputError, "circles")


def _by_distance(centres: pd.DataFrame, areas: gpd.GeoDataFrame, rules: Reach) -> Delineation:
    return delineate_circles(centres, areas, rules.within, rule=rules.rule, at_least=rules.at_least)


def _by_times(
    centres: pd.DataFrame, areas: gpd.GeoDataFrame, times: pd.DataFrame, rules: Reach
) -> Delineation:
    return delineate_travel_times(centres, areas, times, rules.within)


def _by_friction(
    centres: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    friction: NDArray[np.float64],
    grid: Grid,
    people: NDArray[np.float64] | None,
    rules: Reach,
) -> Delineation:
    return delineate_isochrones(
        centres, areas, friction, grid, rules.within, population=people, at_least=rules.at_least
    )


def _centre_table(path: Path, *, placed: bool) -> pd.DataFrame:
    columns = ["lon", "lat"] if placed else []
    return _table(path, ["region_id", "name"], *columns)


def _table(path: Path, texts: list[str], *numbers: str, maybe: Sequence[str] = ()) -> pd.DataFrame:
    """Read the columns that a method needs, and of `maybe` those that there are.

    Every cell that is not a number is named.
    """
    read = read_table(path, [*texts, *numbers])
    columns: dict[str, Any] = {name: read.texts(name) for name in texts}
    problems: list[str] = []
    for name in [*numbers, *(each for each in maybe if each in read.text.columns)]:
        columns[name], bad = read.numbers(name)
        problems += bad
    raise_if(problems, DataError, read.where)
    return pd.DataFrame(columns).reset_index(drop=True)


def _rasters(named: dict[str, Path]) -> list[tuple[str, Path]]:
    return [
        (option, file) for option, path in named.items() for file in raster_files(path) or [path]
    ]


def _cells(
    path: Path, scale: float | None = None, *, narrow: bool = False
) -> tuple[NDArray[Any], Grid]:
    raster = open_raster(path, scale=scale)
    return whole_grid(raster, narrow=narrow), Grid.of(raster)


def _cells_on(grid: Grid, option: str, path: Path) -> NDArray[np.float64]:
    found, own = _cells(path)
    if own != grid:
        raise DataError(f"{str(path)!r} lies on another grid", where=option)
    return found


def _written(
    result: Result,
    target: Target,
    method: str,
    inputs: Sequence[tuple[str, Path]],
    areas: gpd.GeoDataFrame,
    **options: Any,
) -> Delineation:
    result = replace(result, options=options)
    write_result(result, target, method=method, inputs=inputs, names=areas["name"])
    return result.found
