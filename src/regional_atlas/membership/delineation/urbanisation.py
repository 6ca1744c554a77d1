"""Degree of Urbanisation: urban centres, urban clusters and rural cells in a population grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regional_atlas.core.arguments import is_among, is_number, shown
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.membership.delineation.grids import Touching, label_groups
from regional_atlas.membership.delineation.urban_kernels import (
    add_people,
    edge_cells,
    fill_gaps,
    flag_cells,
    near_cells,
    renumber,
    votes,
)

__all__ = [
    "EDITIONS",
    "LEVELS",
    "Level",
    "UrbanCells",
    "UrbanRules",
    "check_cells",
    "classify_cells",
]

Level = Literal[1, 2]
LEVELS = (1, 2)
SMOOTHING = ("none", "2022", "2023")

CENTRE, DENSE, SEMIDENSE, CLUSTER, RURAL, LOW, WATER, COUNTED = (1 << bit for bit in range(8))
"""Bits of a cell's flag, as `flag_cells` sets them: what it is dense enough for, and its ground."""

ROUNDING = 1e-6
"""Shares of a cell may exceed 1 by this: those stored as float32 do."""


def _allowed(name: str) -> str:
    if name == "smoothing":
        return ", ".join(SMOOTHING)
    if name.endswith("_touching"):
        return "4 or 8"
    if name in ("smoothing_land", "water_land"):
        return "a share from 0 to 1"
    if name == "built_share":
        return "a share above 0, up to 1"
    if name.endswith("_density"):
        return "a number of people per km² above 0"
    return "a number of 0 or more"


def _is_allowed(name: str, value: Any) -> bool:
    if name == "smoothing":
        return is_among(value, SMOOTHING)
    if not is_number(value):
        return False
    if name.endswith("_touching"):
        return bool(value in (4, 8))
    if value < 0:
        return False
    if name.endswith(("_land", "_share")) and value > 1:
        return False
    return bool(value > 0 or not name.endswith(("_density", "_share")))


@dataclass(frozen=True)
class UrbanRules:
    """Parameters of the Degree of Urbanisation; the defaults are those of the edition of 2023.

    Densities are people per km² of land; a cell belongs to a kind from its density on, a group of
    touching cells is one from its population on. `dataclasses.replace` changes one.

    Parameters
    ----------
    centre_density, centre_population, centre_touching
        Urban centres: 1,500 per km², 50,000 people, cells touch by sides (4).
    built_share : float
        Cells of which at least this share of the land is built up (0.2; 0.5 in 2022) also belong to
        urban centres and dense clusters, whatever their density. Without a grid of what is built it
        is not used.
    smoothing : {"2023", "2022", "none"}
        A cell joins an urban centre where more than half of its eight neighbours belong to that
        one, again and again until none does. By the rule of 2023 only neighbours with people or
        with land above `smoothing_land` count, and water never joins; by that of 2022 all eight
        count. Neighbours beyond the grid count as outside the centre.
    smoothing_land : float
        Share of a cell, 0.5.
    gap_km2 : float
        Gaps in an urban centre of less than 15 km² are filled, after smoothing; 0 fills none.
    cluster_density, cluster_population, cluster_touching
        Urban clusters, of which level 2 calls the rest suburban: 300 per km², 5,000 people, cells
        touch by sides and corners (8).
    dense_density, dense_population, dense_touching
        Dense urban clusters (level 2): 1,500 per km², 5,000 people, 4.
    semidense_density, semidense_population, semidense_touching
        Semi-dense urban clusters (level 2): 300 per km², 5,000 people, 8.
    semidense_distance_km : float
        A semi-dense cluster lies at least this far, 3 km, from every urban centre and dense
        cluster, between the centres of cells; a nearer one is suburban.
    rural_density, rural_population, rural_touching
        Rural clusters (level 2): 300 per km², 500 people, 8.
    low_density : float
        From 50 per km² on a rural cell is of low density, below of very low density (level 2).
    water_land : float
        A cell of less land than this share, 0.5, is water if nobody lives and nothing is built on
        it.

    Raises
    ------
    InputError
        With everything that is out of range.

    Examples
    --------
    Since July 2024 the standard has semi-dense clusters from 900 per km² and 2,500 people, which
    touch by sides and are not within 2 km of a centre or dense cluster:

    >>> from dataclasses import replace
    >>> rules = replace(EDITIONS["2023"], semidense_density=900, semidense_population=2500,
    ...                 semidense_touching=4, semidense_distance_km=2)
    >>> rules.centre_density, EDITIONS["2022"].built_share
    (1500.0, 0.5)
    """

    centre_density: float = 1500.0
    centre_population: float = 50_000.0
    centre_touching: Touching = 4
    built_share: float = 0.2
    smoothing: Literal["none", "2022", "2023"] = "2023"
    smoothing_land: float = 0.5
    gap_km2: float = 15.0
    cluster_density: float = 300.0
    cluster_population: float = 5_000.0
    cluster_touching: Touching = 8
    dense_density: float = 1500.0
    dense_population: float = 5_000.0
    dense_touching: Touching = 4
    semidense_density: float = 300.0
    semidense_population: float = 5_000.0
    semidense_touching: Touching = 8
    semidense_distance_km: float = 3.0
    rural_density: float = 300.0
    rural_population: float = 500.0
    rural_touching: Touching = 8
    low_density: float = 50.0
    water_land: float = 0.5

    def __post_init__(self) -> None:
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        raise_if(
            (
                f"{name}: found {shown(value)}; allowed is {_allowed(name)}"
                for name, value in values.items()
                if not _is_allowed(name, value)
            ),
            InputError,
            "rules of urbanisation",
        )


EDITIONS: Mapping[str, UrbanRules] = {
    "2022": UrbanRules(built_share=0.5, smoothing="2022"),
    "2023": UrbanRules(),
}
"""The standard as the GHSL data packages of 2022 and 2023 apply it."""


@dataclass(frozen=True)
class UrbanCells:
    """The classes of a grid's cells.

    Attributes
    ----------
    classes : ndarray of uint8
        Level 1: 3 urban centre, 2 urban cluster, 1 rural, 0 water. Level 2: 30 urban centre, 23
        dense, 22 semi-dense, 21 suburban or peri-urban, 13 rural cluster, 12 low density, 11 very
        low density, 10 water.
    centres : ndarray of int32
        Numbers of the urban centres in reading order, 0 outside.
    clusters : ndarray of int32
        Numbers of the urban clusters of level 1 in reading order, 0 outside; a cell may also lie in
        an urban centre, which then is its class.
    level : {1, 2}
    rules : UrbanRules
    missing : mapping
        How many cells of `population`, `land` and `built` had no value and counted as 0; `built`
        only where it is given.
    """

    classes: NDArray[np.uint8]
    centres: NDArray[np.int32]
    clusters: NDArray[np.int32]
    level: Level
    rules: UrbanRules
    missing: Mapping[str, int]


def classify_cells(
    population: ArrayLike,
    land: ArrayLike,
    built: ArrayLike | None,
    rules: UrbanRules = EDITIONS["2023"],
    level: Level = 1,
) -> UrbanCells:
    """Classify the cells of a population grid by the Degree of Urbanisation.

    Parameters
    ----------
    population : array_like
        People in each cell of 1 km², on two axes: an equal-area grid such as GHSL's in Mollweide.
    land, built : array_like
        Shares of each cell that are land and built up, 0 to 1. Without `built` (None) urban centres
        and dense clusters come from density alone, and a cell without people and of little land is
        water even if something is built on it.
    rules : UrbanRules
    level : {1, 2}

    Returns
    -------
    UrbanCells

    Raises
    ------
    DataError
        If the grids are not as `check_cells` takes them.
    InputError
        If there is no such level.

    Notes
    -----
    A cell without a value (NaN) counts as 0, as in the tools of the standard; `missing` says how
    many. People without land count as denser than any threshold. Sums are taken in reading order.

    Level 2 divides the urban clusters and the rural cells of level 1, with one exception of the
    standard's own: cells of `built_share` may lie in a dense cluster, but in no urban cluster.

    References
    ----------
    European Commission, FAO, UN-Habitat, OECD, World Bank (2021), *Applying the Degree of
    Urbanisation*, doi:10.2785/706535; Dijkstra et al. (2021), *Journal of Urban Economics* 125,
    doi:10.1016/j.jue.2020.103312; GHSL Data Packages 2022 and 2023 (Joint Research Centre).

    Examples
    --------
    A centre of 50,000 people, beside it a town's edge, open country and the sea:

    >>> people = np.array([[25_000, 25_000, 400, 20, 0]])
    >>> land = np.array([[1, 1, 1, 1, 0]])
    >>> classify_cells(people, land, None).classes.tolist()
    [[3, 3, 2, 1, 0]]
    >>> classify_cells(people, land, None, level=2).classes.tolist()
    [[30, 30, 21, 11, 10]]
    """
    grids = {"population": population, "land": land}
    if built is not None:
        grids["built"] = built
    cells = check_cells(grids)
    if not is_among(level, LEVELS):
        raise InputError(f"level: found {shown(level)}; allowed are 1 and 2")
    flags = _flags(cells, rules)
    people = cells["population"]
    centres = _people_groups(flags, CENTRE, people, rules.centre_population, rules.centre_touching)
    _smooth(centres, flags, rules.smoothing)
    _fill_gaps(centres, rules.gap_km2)
    renumber(centres, np.ones(int(centres.max()) + 1, np.bool_))
    clusters = _people_groups(
        flags, CLUSTER, people, rules.cluster_population, rules.cluster_touching
    )
    classes = (
        _level_1(flags, centres, clusters)
        if level == 1
        else _level_2(flags, centres, clusters, people, rules)
    )
    missing = {name: int(np.isnan(grid).sum()) for name, grid in cells.items()}
    return UrbanCells(classes, centres, clusters, level, rules, missing)


def check_cells(grids: Mapping[str, ArrayLike]) -> dict[str, NDArray[Any]]:
    """Check grids of people and of shares of cells, and make them what the compiled loops take.

    Parameters
    ----------
    grids : mapping
        `population`, and if given `land` and `built`; the others must have its shape.

    Returns
    -------
    dict
        The same as contiguous arrays of float32 where they were, of float64 otherwise.

    Raises
    ------
    DataError
        If a grid differs in shape, is empty, masked or not of numbers, or holds a value that is
        negative, infinite or not a share; with all problems.

    Examples
    --------
    >>> check_cells({"population": [[1, 2]]})
    {'population': array([[1., 2.]])}
    >>> try:
    ...     check_cells({"population": [[1, 2]], "land": [[1_000_000, 0]]})
    ... except DataError as error:
    ...     print(str(error).partition(";")[0])
    land, row 0, column 0: found 1000000
    """
    cells = {name: _array(grid) for name, grid in grids.items()}
    shape = cells["population"].shape
    problems: list[str] = []
    for name, grid in cells.items():
        if grid.ndim != 2 or grid.size == 0 or grid.dtype.kind not in "iuf":
            problems.append(
                f"{name}: found {grid.dtype} of shape {grid.shape}; expected numbers on two axes"
            )
        elif isinstance(grids[name], np.ma.MaskedArray):
            problems.append(f"{name}: is a masked array; fill what is masked with NaN")
        elif grid.shape != shape:
            problems.append(f"{name}: found shape {grid.shape}; the population's is {shape}")
        else:
            problems += _range_problems(name, grid)
    raise_if(problems, DataError)
    return {
        name: np.ascontiguousarray(grid, np.float32 if grid.dtype == np.float32 else np.float64)
        for name, grid in cells.items()
    }


def _array(grid: ArrayLike) -> NDArray[Any]:
    """Make an array; of rows of different lengths one of objects, which no grid may be."""
    try:
        return np.asarray(grid)
    except ValueError:
        return np.asarray(grid, object)


def _range_problems(name: str, grid: NDArray[Any]) -> Iterator[str]:
    """Say where a grid has a value that it may not have; reductions alone make no copy of it."""
    most = math.inf if name == "population" else 1 + ROUNDING
    low, high = float(np.fmin.reduce(grid, axis=None)), float(np.fmax.reduce(grid, axis=None))
    if (low >= 0 or math.isnan(low)) and (high <= most or math.isnan(high)) and high != math.inf:
        return
    wrong = (grid < 0) | (grid > most) | np.isinf(grid)
    row, col = np.argwhere(wrong)[0].tolist()
    allowed = (
        "people in a cell, 0 or more"
        if name == "population"
        else "shares of a cell, from 0 to 1; divide m² by the cell's area"
    )
    count = int(wrong.sum())
    others = f" and {count - 1} more" if count > 1 else ""
    found = f"found {grid[row, col]:.10g}"
    yield f"{name}, row {row}, column {col}{others}: {found}; expected {allowed}"


def _flags(cells: Mapping[str, NDArray[Any]], rules: UrbanRules) -> NDArray[np.uint8]:
    """Say of each cell what it is dense enough for, whether it is water, whether it counts."""
    population = cells["population"]
    densities = np.array(
        [
            rules.centre_density,
            rules.dense_density,
            rules.semidense_density,
            rules.cluster_density,
            rules.rural_density,
            rules.low_density,
        ]
    )
    flags = np.empty(population.shape, np.uint8)
    flag_cells(
        population, cells["land"], cells.get("built", population), "built" in cells,
        densities, rules.built_share, rules.water_land, rules.smoothing_land, flags,
    )  # fmt: skip
    return flags


def _people_groups(
    flags: NDArray[np.uint8],
    bit: int,
    population: NDArray[Any],
    at_least: float,
    touching: Touching,
) -> NDArray[np.int32]:
    """Find the groups of touching cells of a kind that hold enough people, numbered."""
    groups = label_groups((flags & bit) != 0, touching)
    totals = np.zeros(int(groups.max()) + 1)
    add_people(groups, population, totals)
    renumber(groups, totals >= at_least)
    return groups


def _smooth(centres: NDArray[np.int32], flags: NDArray[np.uint8], rule: str) -> None:
    """Let cells join the centre that most of their neighbours belong to, in place.

    All cells of one round join at once; the next round looks at their neighbours alone.
    """
    if rule == "none":
        return
    counts, bars = (COUNTED, WATER) if rule == "2023" else (0, 0)
    cells = np.empty(edge_cells(centres, np.empty(0, np.int64)), np.int64)
    edge_cells(centres, cells)
    while cells.size:
        winners = votes(centres, flags, cells, counts, bars)
        joined = cells[winners > 0]
        centres.flat[joined] = winners[winners > 0]
        cells = _outside_neighbours(joined, centres)


def _outside_neighbours(cells: NDArray[np.int64], centres: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give the places of the cells in no centre that touch some cells."""
    height, width = centres.shape
    around = np.array([(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if row or col])
    rows = (cells[:, None] // width + around[:, 0]).ravel()
    cols = (cells[:, None] % width + around[:, 1]).ravel()
    within = (rows >= 0) & (rows < height) & (cols >= 0) & (cols < width)
    places = rows[within] * width + cols[within]
    places = np.sort(places[centres.flat[places] == 0])
    return np.asarray(places[np.diff(places, prepend=-1) > 0])


def _fill_gaps(centres: NDArray[np.int32], gap_km2: float) -> None:
    """Fill the gaps of each centre that are smaller than so many cells of 1 km², in place.

    A gap is a group of cells outside the centre that touch by sides and that the centre encloses;
    another centre in it is part of it, and stays what it is.
    """
    most = min(math.ceil(gap_km2) - 1, centres.size)
    if most > 0:
        fill_gaps(centres, most)


def _level_1(
    flags: NDArray[np.uint8], centres: NDArray[np.int32], clusters: NDArray[np.int32]
) -> NDArray[np.uint8]:
    classes = np.ones(flags.shape, np.uint8)
    classes[(flags & WATER) != 0] = 0
    classes[clusters > 0] = 2
    classes[centres > 0] = 3
    return classes


def _level_2(
    flags: NDArray[np.uint8],
    centres: NDArray[np.int32],
    clusters: NDArray[np.int32],
    population: NDArray[Any],
    rules: UrbanRules,
) -> NDArray[np.uint8]:
    """Write the classes from the least to the most urban: each overrides those before."""
    classes = np.full(flags.shape, 11, np.uint8)
    classes[(flags & WATER) != 0] = 10
    classes[(flags & LOW) != 0] = 12
    rural = _people_groups(flags, RURAL, population, rules.rural_population, rules.rural_touching)
    classes[rural > 0] = 13
    del rural
    classes[clusters > 0] = 21
    dense = _people_groups(flags, DENSE, population, rules.dense_population, rules.dense_touching)
    core = (dense > 0) | (centres > 0)
    del dense
    semidense = _people_groups(
        flags, SEMIDENSE, population, rules.semidense_population, rules.semidense_touching
    )
    near = np.zeros(flags.shape, np.bool_)
    near_cells(core, rules.semidense_distance_km, near)
    far = np.ones(int(semidense.max()) + 1, np.bool_)
    far[semidense[near]] = False
    renumber(semidense, far)
    classes[semidense > 0] = 22
    classes[core] = 23
    classes[centres > 0] = 30
    return classes
