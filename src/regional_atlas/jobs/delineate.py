"""Regions found in data, from files to a folder: one function for each method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.jobs.delineation_folder import (
    Result,
    Target,
    UnitFile,
    delineated,
    write_result,
)
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.core_based import CoreBasedRules, core_based_areas
from regional_atlas.membership.delineation.flow_clusters import FlowClusterRules, flow_clusters
from regional_atlas.membership.delineation.flows import commuting_flows
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
    delineate_lights,
    threshold_curve,
)
from regional_atlas.membership.delineation.urban_units import urban_centres
from regional_atlas.membership.delineation.urbanisation import UrbanRules, classify_cells
from regional_atlas.sources.rasters import open_raster, raster_files
from regional_atlas.sources.reader import read_table
from regional_atlas.spatial.contiguity import neighbour_pairs
from regional_atlas.zonal.cleaning import whole_grid
from regional_atlas.zonal.grids import Grid

__all__ = ["FLOW_METHODS", "flows_folder", "lights_folder", "urban_folder"]

Progress = Callable[[int, int], None]

FLOW_METHODS: dict[str, tuple[Any, Any, bool]] = {
    "functional-areas": (functional_areas, FunctionalAreaRules(), True),
    "core-based": (core_based_areas, CoreBasedRules(), True),
    "labour-markets": (labour_market_areas, LabourMarketRules(), False),
    "flow-clusters": (flow_clusters, FlowClusterRules(), False),
}
"""By command: the function, its rules, and whether it begins from given cores."""

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
    target.check(inputs)
    areas = units.read()
    people, grid = _cells(population)
    by = SQUARE_METRES if square_metres else 1.0
    ground = _cells_on(grid, "--land", land) / by
    buildings = None if built is None else _cells_on(grid, "--built", built) / by
    classes: list[NDArray[np.uint8]] = []

    def delineate(rules: UrbanRules) -> Delineation:
        cells = classify_cells(people, ground, buildings, rules, level)
        classes.append(cells.classes)
        return urban_centres(areas, cells, people, grid, at_least=at_least)

    result = delineated(delineate, rules, vary, progress)
    result = replace(result, cells=(classes[0], grid))
    return _written(result, target, "urban", inputs, areas)


def lights_folder(
    units: UnitFile,
    raster: Path,
    target: Target,
    rules: LightRules,
    *,
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
    target.check(inputs)
    areas = units.read()
    cells, grid = _cells(raster)
    result = delineated(partial(_lit, cells, grid, areas), rules, vary, progress)
    if thresholds:
        curve = threshold_curve(
            cells, grid, thresholds, touching=rules.touching, smallest_km2=rules.smallest_km2,
            gap_km2=rules.gap_km2, join_km=rules.join_km,
        )  # fmt: skip
        result = replace(result, tables=curve._asdict())
    return _written(result, target, "lights", inputs, areas)


def _lit(
    cells: NDArray[np.float64], grid: Grid, areas: gpd.GeoDataFrame, rules: LightRules
) -> Delineation:
    return delineate_lights(cells, grid, areas, rules)


def flows_folder(
    method: str,
    units: UnitFile,
    flows: Path,
    cores: Path | None,
    target: Target,
    rules: Any,
    *,
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
        A table of any format: `origin`, `destination`, `number`.
    cores : Path, optional
        A table `unit_id`, `core_id`, for the methods that begin from cores.
    target : Target
    rules : dataclass instance
        Of the method.
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
    function, _, _ = FLOW_METHODS[method]
    inputs = [*units.inputs, ("--flows", flows)]
    inputs += [] if cores is None else [("--cores", cores)]
    target.check(inputs)
    areas = units.read()
    matrix = commuting_flows(_flow_table(flows), areas.index)
    given: dict[str, Any] = {"units": areas}
    if cores is not None:
        given["contiguity"] = neighbour_pairs(areas)
        function = partial(function, cores=_texts(cores, ["unit_id", "core_id"]))

    def delineate(rules: Any) -> Delineation:
        found: Delineation = function(matrix, rules=rules, **given)
        return found

    return _written(delineated(delineate, rules, vary, progress), target, method, inputs, areas)


def _flow_table(path: Path) -> pd.DataFrame:
    read = read_table(path, ["origin", "destination", "number"])
    numbers, problems = read.numbers("number")
    raise_if(problems, DataError, read.where)
    return pd.DataFrame(
        {name: read.texts(name) for name in ("origin", "destination")} | {"number": numbers}
    ).reset_index(drop=True)


def _texts(path: Path, columns: list[str]) -> pd.DataFrame:
    read = read_table(path, columns)
    return pd.DataFrame({name: read.texts(name) for name in columns}).reset_index(drop=True)


def _rasters(named: dict[str, Path]) -> list[tuple[str, Path]]:
    return [
        (option, file) for option, path in named.items() for file in raster_files(path) or [path]
    ]


def _cells(path: Path) -> tuple[NDArray[np.float64], Grid]:
    raster = open_raster(path)
    return whole_grid(raster), Grid.of(raster)


def _cells_on(grid: Grid, option: str, path: Path) -> NDArray[np.float64]:
    found, own = _cells(path)
    if own != grid:
        raise DataError(f"{str(path)!r} lies on another grid than --population", where=option)
    return found


def _written(
    result: Result,
    target: Target,
    method: str,
    inputs: Sequence[tuple[str, Path]],
    areas: gpd.GeoDataFrame,
) -> Delineation:
    write_result(result, target, method=method, inputs=inputs, names=areas["name"])
    return result.found
