"""Degree of Urbanisation of units, from the classes of the cells that their people live in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.membership.delineation.areas import Delineation, grid_delineation
from regional_atlas.membership.delineation.runs import runs_of
from regional_atlas.membership.delineation.unit_amounts import UnitAmounts, unit_amounts
from regional_atlas.membership.delineation.urbanisation import UrbanCells, check_cells
from regional_atlas.zonal.grids import Grid, row_areas_km2
from regional_atlas.zonal.zones import zone_coverage

__all__ = [
    "CELL_CLASSES",
    "UNIT_CLASSES",
    "centre_regions",
    "check_grid",
    "classify_units",
    "unit_people",
    "urban_centres",
    "urban_regions",
]

CELL_CLASSES = {
    1: {"centre": (3,), "cluster": (2,), "rural": (1, 0)},
    2: {
        "centre": (30,),
        "dense": (23,),
        "semidense": (22,),
        "suburban": (21,),
        "rural_cluster": (13,),
        "low_density": (12,),
        "very_low_density": (11, 10),
    },
}
"""Of each level the classes of cells that units have shares in; water goes with the emptiest."""

UNIT_CLASSES = {
    1: ("city", "town", "rural"),
    2: (
        "city",
        "dense_town",
        "semidense_town",
        "suburb",
        "village",
        "dispersed",
        "uninhabited",
    ),
}
"""Of each level the classes of units, from the most to the least urban."""

CELL_TOLERANCE = 0.01
"""A cell may be larger or smaller than 1 km² by this."""

ROUNDING = 1e-9
"""Two shares that differ by less are equal."""


def check_grid(grid: Grid) -> None:
    """Refuse a grid whose cells are not of 1 km²: the thresholds of the standard are for those.

    Raises
    ------
    DataError
        With the areas of its cells.

    Examples
    --------
    >>> from affine import Affine
    >>> try:
    ...     check_grid(Grid(Affine(100, 0, 0, 0, -100, 0), (2, 2), "EPSG:6933"))
    ... except DataError as error:
    ...     print(str(error).partition(";")[0])
    grid: cells of 0.01 to 0.01 km²
    """
    areas = row_areas_km2(grid)
    if np.abs(areas - 1).max() > CELL_TOLERANCE:
        raise DataError(
            f"cells of {areas.min():.3g} to {areas.max():.3g} km²; expected 1 km²: bring people "
            "and shares to an equal-area grid of 1 km",
            where="grid",
        )


def classify_units(
    units: gpd.GeoDataFrame, cells: UrbanCells, population: ArrayLike, grid: Grid
) -> pd.DataFrame:
    """Classify units by where their people live.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    cells : UrbanCells
        The classes of the grid's cells; their level is that of the result.
    population : array_like
        People in each cell, NaN for none. A unit has the share of a cell's people that it covers of
        the cell.
    grid : Grid
        Of the cells, 1 km² each.

    Returns
    -------
    DataFrame
        Index `unit_id`, in the order of `units`:

        - `class`: see Notes; missing where nobody lives in the part within the grid, or where no
          part is within it;
        - `population`: within the grid;
        - `share_…` of it in each class of cells: `centre`, `cluster`, `rural` at level 1; `centre`,
          `dense`, `semidense`, `suburban`, `rural_cluster`, `low_density`, `very_low_density` at
          level 2; missing without people;
        - `share_within_grid`: of the unit's area.

    Raises
    ------
    DataError
        If ids are missing or repeated, there is no unit, or grid, cells and population do not
        belong together.

    Notes
    -----
    Level 1: a `city` has at least 50 % of its people in urban centres; a `rural` area more than
    50 % in rural cells; a `town` (towns and semi-dense areas) is neither.

    Level 2 divides these by the manual of 2021, not by its revision of July 2024. Of the towns a
    `suburb` has more people in suburban cells than in dense and semi-dense clusters together; of
    the rest a `dense_town` has at least as many in dense as in semi-dense clusters, a
    `semidense_town` fewer. Of the rural areas a `village` has most in rural clusters, a `dispersed`
    one in cells of low density, a mostly `uninhabited` one in cells of very low density; of equal
    shares the denser decides. (The manual does not say which class a tie goes to.)

    The standard's tools class a unit without people by its area; here it has no class.

    References
    ----------
    European Commission, FAO, UN-Habitat, OECD, World Bank (2021), *Applying the Degree of
    Urbanisation*, doi:10.2785/706535.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.membership.delineation.urbanisation import classify_cells
    >>> people = np.array([[60_000, 100, 0]])
    >>> cells = classify_cells(people, np.ones((1, 3)), None)
    >>> units = gpd.GeoDataFrame(crs="EPSG:6933", index=pd.Index(["a", "b"], name="unit_id"),
    ...     geometry=[shapely.box(0, -1000, 1500, 0), shapely.box(1500, -1000, 3000, 0)])
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 3), "EPSG:6933")
    >>> classify_units(units, cells, people, grid)[["class", "population"]].to_dict("index")
    {'a': {'class': 'city', 'population': 60050.0}, 'b': {'class': 'rural', 'population': 50.0}}
    """
    return _classified(unit_people(units, population, grid, cells), cells)


def _classified(held: UnitAmounts, cells: UrbanCells) -> pd.DataFrame:
    units = held.units
    table, within = _people_by_class(held, cells.classes, CELL_CLASSES[cells.level])
    total = table.sum(axis=1)
    shares = table.div(total.where(total > 0), axis=0)
    named = _unit_classes(shares) if cells.level == 1 else _unit_classes_2(shares)
    classes = pd.Series(named, units.index, dtype="str").where(total > 0)
    found = shares.add_prefix("share_")
    found.insert(0, "class", classes)
    found.insert(1, "population", total)
    return found.assign(share_within_grid=within)


def urban_centres(
    units: gpd.GeoDataFrame,
    cells: UrbanCells,
    population: ArrayLike,
    grid: Grid,
    *,
    at_least: float = 0.5,
) -> Delineation:
    """Make regions of the urban centres, with units as members.

    Parameters
    ----------
    units, cells, population, grid
        See `classify_units`.
    at_least : float
        A unit is a member of a centre where at least this share of its people live in it.

    Returns
    -------
    Delineation
        Regions `centre-1`, … from the one of most people, with `population`, `cells`, `area_km2`,
        `members`; `units` as `classify_units` gives them.

    Raises
    ------
    DataError
        See `classify_units`.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.membership.delineation.urbanisation import classify_cells
    >>> people = np.array([[60_000, 100]])
    >>> cells = classify_cells(people, np.ones((1, 2)), None)
    >>> units = gpd.GeoDataFrame({"name": ["Aville"]}, crs="EPSG:6933",
    ...     index=pd.Index(["a"], name="unit_id"), geometry=[shapely.box(0, -1000, 2000, 0)])
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 2), "EPSG:6933")
    >>> found = urban_centres(units, cells, people, grid)
    >>> found.regions[["name", "population", "members"]].to_dict("index")
    {'centre-1': {'name': 'Aville', 'population': 60000.0, 'members': 1}}
    """
    return urban_regions(unit_people(units, population, grid, cells), cells, at_least=at_least)


def unit_people(
    units: gpd.GeoDataFrame, population: ArrayLike, grid: Grid, cells: UrbanCells | None = None
) -> UnitAmounts:
    """Prepare the people of units for any number of classifications of the cells.

    Parameters
    ----------
    units, population, grid
        See `classify_units`.
    cells : UrbanCells, optional
        Classes that belong to the same grid.

    Returns
    -------
    UnitAmounts

    Raises
    ------
    DataError
        See `classify_units`.
    """
    check_grid(grid)
    people = check_cells({"population": population})["population"]
    raise_if(_problems(units, cells, people, grid), DataError)
    return unit_amounts(units, zone_coverage(units, grid), people)


def urban_regions(held: UnitAmounts, cells: UrbanCells, *, at_least: float = 0.5) -> Delineation:
    """Make regions of the urban centres, and class units; see `urban_centres`.

    Parameters
    ----------
    held : UnitAmounts
        As `unit_people` gives it.
    cells, at_least
        See `urban_centres`.

    Returns
    -------
    Delineation
    """
    table = _classified(held, cells)
    found = centre_regions(held, cells, at_least=at_least)
    return replace(found, units=table, notes=tuple(_notes(cells, table)))


def centre_regions(
    held: UnitAmounts, cells: UrbanCells, *, at_least: float = 0.5, polygons: bool = True
) -> Delineation:
    """Make regions of the urban centres without classes of units; see `urban_regions`.

    Parameters
    ----------
    held, cells, at_least
        See `urban_regions`.
    polygons : bool
        Whether to draw the regions.

    Returns
    -------
    Delineation
    """
    return grid_delineation(
        *runs_of(cells.centres),
        held,
        size="population",
        at_least=at_least,
        parameters={**asdict(cells.rules), "level": cells.level},
        prefix="centre",
        polygons=polygons,
    )


def _problems(
    units: gpd.GeoDataFrame, cells: UrbanCells | None, people: NDArray[Any], grid: Grid
) -> Iterator[str]:
    """Say what does not belong together."""
    shapes = {} if cells is None else {"cells": cells.classes.shape}
    shapes["population"] = people.shape
    for name, shape in shapes.items():
        if shape != tuple(grid.shape):
            yield f"{name}: found shape {shape}; the grid's is {tuple(grid.shape)}"
    if not len(units):
        yield "units: found none; expected one or more"
    if units.index.hasnans:
        yield f"units: {int(units.index.isna().sum())} without an id"
    repeated = units.index[units.index.duplicated()].unique().tolist()
    if repeated:
        yield f"units: ids found more than once: {', '.join(map(str, repeated[:5]))}"


def _people_by_class(
    prepared: UnitAmounts, classes: NDArray[np.uint8], kinds: dict[str, tuple[int, ...]]
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Sum the people of each unit by kind of cell, and say which share of it the grid covers."""
    places = np.zeros(256, np.int64)
    for place, values in enumerate(kinds.values()):
        places[list(values)] = place
    units, coverage, people = prepared.units, prepared.coverage, prepared.amounts
    held = np.zeros((len(units), len(kinds)))
    for unit in range(len(units)):
        rows, cols, fractions = coverage.cells(unit)
        amounts = fractions * np.nan_to_num(people[rows, cols].astype(np.float64), nan=0.0)
        held[unit] = np.bincount(places[classes[rows, cols]], amounts, len(kinds))
    areas = coverage.areas
    within = np.divide(coverage.covered, areas, out=np.zeros(len(areas)), where=areas > 0)
    return pd.DataFrame(held, units.index, list(kinds)), np.minimum(within, 1.0)


def _unit_classes(shares: pd.DataFrame) -> NDArray[Any]:
    """Name the classes of level 1; meaningless for a unit without people."""
    city = shares["centre"] >= 0.5 - ROUNDING
    rural = shares["rural"] > 0.5 + ROUNDING
    return np.select([city, rural], ["city", "rural"], "town")


def _unit_classes_2(shares: pd.DataFrame) -> NDArray[Any]:
    """Name the classes of level 2, which divide those of level 1."""
    rural = shares[["rural_cluster", "low_density", "very_low_density"]]
    towns = shares["dense"] + shares["semidense"]
    firsts = _unit_classes(
        pd.DataFrame({"centre": shares["centre"], "rural": rural.sum(axis=1)}, shares.index)
    )
    # The first of the largest: columns run from dense to empty.
    emptiness = rural.fillna(0).round(9).to_numpy().argmax(axis=1)
    villages = np.array(["village", "dispersed", "uninhabited"])[emptiness]
    dense = shares["dense"] >= shares["semidense"] - ROUNDING
    suburb = shares["suburban"] > towns + ROUNDING
    return np.select(
        [firsts == "city", firsts == "rural", suburb, dense],
        ["city", villages, "suburb", "dense_town"],
        "semidense_town",
    )


def _notes(cells: UrbanCells, table: pd.DataFrame) -> Iterator[str]:
    """Say what counted as 0 and which units have no class."""
    for name, count in cells.missing.items():
        if count:
            yield f"Cells without a value of {name} count as 0: {count}."
    if "built" not in cells.missing:
        yield "No grid of what is built: urban centres come from density alone."
    without = int(table["class"].isna().sum())
    if without:
        yield f"Units without people in the grid have no class: {without}."
    partly = int(table["share_within_grid"].between(ROUNDING, 1 - 1e-6).sum())
    if partly:
        yield f"Units partly outside the grid have the class of the part inside: {partly}."
