"""Commuting flows: the checked table as a sparse matrix, draws of it, regions of labelled units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from regional_atlas.core.arguments import is_number, shown
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.membership.delineation.areas import MEMBER_COLUMNS, Delineation, with_names
from regional_atlas.membership.polygons import dissolve_regions

__all__ = [
    "Flows",
    "check_shares",
    "commuting_flows",
    "flow_delineation",
    "flow_draws",
    "ratio",
    "region_shares",
    "text_problems",
    "totals",
]

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

_MOST_PEOPLE = 1e15
"""Of a pair; whole numbers up to here add up exactly."""

_SE_OF_MOE = 1.645
"""A margin of error of 90 % is so many standard errors."""


@dataclass(frozen=True, eq=False)
class Flows:
    """People by the unit they live in and the unit they work in.

    Attributes
    ----------
    units : Index
        Text, sorted; a unit is known by its position here, and ties go to the earlier one.
    origin, destination : ndarray of int32
        Positions of units, `len(units)` for a place outside; sorted by both.
    number : ndarray of float64
        People of each pair.
    moe : ndarray of float64, optional
        Margin of error (90 %) of each number; NaN where there is none.
    notes : tuple of str
        What was found outside the units.
    """

    units: pd.Index
    origin: NDArray[np.int32]
    destination: NDArray[np.int32]
    number: Floats
    moe: Floats | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """People who live in the row's unit and work in the column's, both among the units."""
        count = len(self.units)
        inside = (self.origin < count) & (self.destination < count) & (self.number > 0)
        pairs = (self.origin[inside], self.destination[inside])
        return sparse.csr_array((self.number[inside], pairs), shape=(count, count))

    @cached_property
    def residents(self) -> Floats:
        """Employed residents of each unit, wherever they work."""
        return totals(self.origin, self.number, len(self.units) + 1)[:-1]

    @cached_property
    def jobs(self) -> Floats:
        """Jobs in each unit, wherever those who hold them live."""
        return totals(self.destination, self.number, len(self.units) + 1)[:-1]


def commuting_flows(table: pd.DataFrame, units: pd.Index) -> Flows:
    """Check a table of commuting flows and hold it as sparse pairs.

    Parameters
    ----------
    table : DataFrame
        `origin` (where people live), `destination` (where they work), text; `number` of people,
        0 or more; optionally `moe`, the margin of error (90 %) of the number, missing where there
        is none. Those who work where they live have `origin` equal to `destination`. A pair that
        is not listed has none.
    units : Index
        Ids of all units, text. An id of the table that is not among them is outside: people who
        commute there count among the employed residents, people who come from there among the jobs.
        To leave them out of the shares, leave them out of the table.

    Returns
    -------
    Flows
        With notes on what is outside.

    Raises
    ------
    DataError
        Missing or repeated columns, no rows, ids that are missing or not text, repeated units or
        pairs (named), numbers that are missing, negative or above 1e15.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": ["a", "a", "b", "b"], "destination": ["a", "b", "b", "x"],
    ...                       "number": [8, 2, 3, 1]})
    >>> flows = commuting_flows(table, pd.Index(["a", "b"]))
    >>> flows.residents.tolist(), flows.jobs.tolist()
    ([10.0, 4.0], [8.0, 5.0])
    >>> flows.notes
    ('1 flow (1 person) to places outside the units counts among the employed residents',)
    """
    raise_if(_table_problems(table), DataError, "flows")
    raise_if(_unit_problems(units), DataError, "units")
    known = units.sort_values()
    origin, destination = (_positions(table[end], known) for end in ("origin", "destination"))
    number = table["number"].to_numpy(np.float64)
    moe = table["moe"].to_numpy(np.float64, na_value=np.nan) if "moe" in table.columns else None
    notes = _outside_notes(origin, destination, number, len(known))
    place = origin.astype(np.int64) * (len(known) + 1) + destination
    order = np.lexsort((number, place) if moe is None else (moe, number, place))
    raise_if(_repeated(table, place, order, len(known)), DataError, "flows")
    return Flows(
        units=known,
        origin=origin[order],
        destination=destination[order],
        number=number[order],
        moe=None if moe is None else moe[order],
        notes=notes,
    )


def flow_draws(flows: Flows, count: int, seed: int) -> Iterator[Flows]:
    """Draw flows again from what is known of their errors.

    A number with a margin of error is drawn from the normal distribution of mean `number` and
    standard error `moe / 1.645` (U.S. Census Bureau, 2020, *Understanding and Using American
    Community Survey Data*, chapter 7); a draw below 0 is 0, so that small numbers are on average a
    little larger in the draws. A number without one is drawn from the Poisson distribution of that
    mean. Pairs are drawn independently; a pair that is not listed stays 0.

    Parameters
    ----------
    flows : Flows
    count : int
        Of draws, 0 or more.
    seed : int
        The same seed gives the same draws, in whatever order the table's rows were.

    Returns
    -------
    iterator of Flows
        One draw at a time, over the same pairs.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": ["a", "a"], "destination": ["a", "b"],
    ...                       "number": [100, 50], "moe": [0, 16.45]})
    >>> flows = commuting_flows(table, pd.Index(["a", "b"]))
    >>> drawn = [draw.number for draw in flow_draws(flows, 1000, seed=1)]
    >>> np.mean(drawn, axis=0).round().tolist(), np.std(drawn, axis=0).round().tolist()
    ([100.0, 50.0], [0.0, 10.0])
    """
    if count < 0 or seed < 0:
        raise InputError(f"count is {count} and seed {seed}; both are 0 or more", where="draws")
    rng = np.random.default_rng(seed)
    return (replace(flows, number=_drawn(flows, rng)) for _ in range(count))


def flow_delineation(
    flows: Flows,
    labels: Labels,
    units: pd.DataFrame | None,
    *,
    parameters: Mapping[str, Any],
    prefix: str,
    columns: Mapping[str, NDArray[Any]],
    of_labels: pd.DataFrame | None = None,
    central: NDArray[np.bool_] | None = None,
    notes: tuple[str, ...] = (),
) -> Delineation:
    """Turn labels of units into regions with members.

    Parameters
    ----------
    flows : Flows
    labels : ndarray of int64
        Of each unit of `flows`: the number of its region, -1 for none.
    units : DataFrame or GeoDataFrame, optional
        Index: the ids of `flows`; gives the order of the members, names (`name`) and, where it has
        polygons, the regions' polygons.
    parameters : mapping
        Of the method.
    prefix : str
        Of the regions' ids: `prefix-1` has the most employed residents; of equal ones comes first
        the one with the first unit id.
    columns : mapping
        What the method says of each unit, for `members` and `units`.
    of_labels : DataFrame, optional
        Index: the numbers of `labels`; what the method says of each region.
    central : ndarray of bool, optional
        Units of a core: then the region has its name from the one with the most jobs among them,
        otherwise from the unit with the most jobs of all.
    notes : tuple of str
        Of the method; those of `flows` come first.

    Returns
    -------
    Delineation
        Regions have `name`, `employed_residents`, `jobs`, `supply_self_containment` (share of the
        employed residents who work in the region), `demand_self_containment` (share of the jobs
        held by residents of the region), `members`, and what `of_labels` says.
    """
    table = pd.DataFrame(index=flows.units) if units is None else units
    raise_if(_other_units(flows.units, table.index), DataError, "units")
    numbers, place = _ordered(flows, labels)
    ids = np.array([f"{prefix}-{rank}" for rank in range(1, len(numbers) + 1)], object)
    regions = _region_totals(flows, place, len(numbers))
    if of_labels is not None:
        regions = regions.join(of_labels.loc[numbers].reset_index(drop=True))
    regions.index = pd.Index(ids, name="region_id", dtype="str")
    holders = pd.Series(_holders(flows, place, len(numbers), central), regions.index, dtype="str")
    regions = with_names(regions, table, holders)
    members = _members(flows, place, ids, regions["employed_residents"].to_numpy(), columns)
    order = flows.units.get_indexer(table.index)
    members = members.iloc[order].reset_index(drop=True)
    if isinstance(table, gpd.GeoDataFrame):
        outlines = dissolve_regions(table, members).reindex(regions.index)
        regions = gpd.GeoDataFrame(regions, geometry=outlines.to_numpy(), crs=table.crs)
    said = pd.DataFrame(
        {"employed_residents": flows.residents, "jobs": flows.jobs, **columns},
        index=flows.units.rename("unit_id"),
    ).iloc[order]
    return Delineation(regions, members, parameters, said, flows.notes + notes)


def region_shares(flows: Flows, labels: Labels) -> dict[str, Floats]:
    """Measure how each unit is tied to its region.

    Parameters
    ----------
    flows : Flows
    labels : ndarray of int64
        Of each unit the number of its region, -1 for none.

    Returns
    -------
    dict of ndarray of float64
        `share_to_region`: of the unit's employed residents, those who work in the region;
        `share_from_region`: of its jobs, those that residents of the region hold; both with the
        unit itself. NaN in no region, without employed residents, without jobs.

    Examples
    --------
    >>> table = pd.DataFrame({"origin": ["a", "a", "b"], "destination": ["a", "b", "c"],
    ...                       "number": [3, 1, 2]})
    >>> flows = commuting_flows(table, pd.Index(["a", "b", "c"]))
    >>> shares = region_shares(flows, np.array([0, 0, -1]))
    >>> shares["share_to_region"].tolist(), shares["share_from_region"].tolist()
    ([1.0, 0.0, nan], [1.0, 1.0, nan])
    """
    pairs = flows.matrix.tocoo()
    row, column = pairs.coords
    own = (labels[row] == labels[column]) & (labels[row] >= 0)
    count = len(labels)
    to_region = totals(row[own], pairs.data[own], count)
    from_region = totals(column[own], pairs.data[own], count)
    none = labels < 0
    return {
        "share_to_region": np.where(none, np.nan, ratio(to_region, flows.residents)),
        "share_from_region": np.where(none, np.nan, ratio(from_region, flows.jobs)),
    }


def totals(positions: NDArray[np.integer[Any]], values: Floats, count: int) -> Floats:
    """Add up the values of each position.

    Examples
    --------
    >>> totals(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.bincount(positions, values, count).astype(np.float64, copy=False)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide, with NaN where the whole is 0.

    Examples
    --------
    >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def check_shares(where: str, **shares: float) -> None:
    """Raise where a parameter is not a share above 0 and at most 1.

    Examples
    --------
    >>> check_shares("areas", minimum_share=1.5)
    Traceback (most recent call last):
    ...
    regional_atlas.core.errors.InputError: areas: minimum_share is 1.5; allowed: above 0, at most 1
    """
    raise_if(
        [
            f"{name} is {shown(share)}; allowed: above 0, at most 1"
            for name, share in shares.items()
            if not is_number(share) or not 0 < share <= 1
        ],
        InputError,
        where,
    )


def text_problems(table: pd.DataFrame, columns: list[str]) -> list[str]:
    r"""Say which of the columns are absent, lack a value or are not text.

    Examples
    --------
    >>> table = pd.DataFrame({"a": ["x", None], "b": [1, 2]})
    >>> print(*text_problems(table, ["a", "b", "c"]), sep="\n")
    column a, row 2: no value; every row has an id
    column b, row 1: 1 is not text (2 such rows)
    no column 'c'; found: a, b
    """
    twice = table.columns[table.columns.duplicated()].unique()
    problems = [f"column {name!r} appears more than once" for name in twice]
    for name in columns:
        if name in twice:
            continue
        if name not in table.columns:
            found = ", ".join(map(str, table.columns)) or "none"
            problems.append(f"no column {name!r}; found: {found}")
            continue
        values = table[name]
        missing = values.isna().to_numpy()
        problems += _rows(name, missing, values, "no value; every row has an id")
        if not pd.api.types.is_string_dtype(values[~missing]):
            text = np.array([isinstance(value, str) for value in values], bool)
            problems += _rows(name, ~(text | missing), values, "{!r} is not text")
    return problems


def _rows(name: str, wrong: NDArray[np.bool_], values: pd.Series, what: str) -> list[str]:
    """Name the first row that is wrong, counted from 1, and how many there are."""
    rows = np.flatnonzero(wrong)
    if not rows.size:
        return []
    more = f" ({rows.size} such rows)" if rows.size > 1 else ""
    value = values.iloc[rows[0]]
    value = value.item() if isinstance(value, np.generic) else value
    return [f"column {name}, row {rows[0] + 1}: {what.format(value)}{more}"]


def _table_problems(table: pd.DataFrame) -> list[str]:
    problems = text_problems(table, ["origin", "destination"])
    if "number" not in table.columns:
        problems.append(f"no column 'number'; found: {', '.join(map(str, table.columns))}")
    for name in table.columns[table.columns.isin(["number", "moe"])].drop_duplicates(keep=False):
        problems += _number_problems(table[name], missing=name == "moe")
    return problems if len(table) else [*problems, "no rows; a table of flows has at least one"]


def _number_problems(values: pd.Series, *, missing: bool) -> list[str]:
    """Say what is wrong with numbers of people; `missing` says that some may be missing."""
    name = str(values.name)
    if len(values) and (
        pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values)
    ):
        return _rows(name, np.ones(len(values), bool), values, "{!r}; the column is not of numbers")
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    beyond = (numbers < 0) | (numbers > _MOST_PEOPLE)
    problems = _rows(name, beyond, values, "{}; allowed: 0 to 1e15")
    if not missing:
        problems += _rows(name, np.isnan(numbers), values, "no number; no people is 0")
    return problems


def _unit_problems(units: pd.Index) -> list[str]:
    if not len(units):
        return ["no units"]
    problems = text_problems(pd.DataFrame({"unit_id": units}), ["unit_id"])
    repeated = units[units.duplicated()].unique()
    return problems + [f"unit_id {unit!r} appears more than once" for unit in repeated]


def _other_units(known: pd.Index, units: pd.Index) -> list[str]:
    """Say where the units of a table are not exactly those of the flows."""
    repeated = units[units.duplicated()].unique()
    return [
        *(f"unit_id {unit!r} appears more than once" for unit in repeated),
        *(f"unit {unit!r} is not in the table of units" for unit in known.difference(units)),
        *(f"unit {unit!r} is not a unit of the flows" for unit in units.difference(known)),
    ]


def _positions(ids: pd.Series, known: pd.Index) -> NDArray[np.int32]:
    codes, names = pd.factorize(ids)
    found = known.get_indexer(pd.Index(names))
    return np.where(found < 0, len(known), found).astype(np.int32)[codes]


def _repeated(table: pd.DataFrame, place: Labels, order: Labels, count: int) -> list[str]:
    """Name the pairs that appear more than once, outside ones by their ids."""
    ordered = place[order]
    again = order[1:][ordered[1:] == ordered[:-1]]
    outside = (place // (count + 1) == count) | (place % (count + 1) == count)
    pairs = table.loc[:, ["origin", "destination"]]
    within = pairs.iloc[again[~outside[again]]]
    beyond = pairs.iloc[np.flatnonzero(outside)]
    twice = pd.concat([within, beyond[beyond.duplicated()]]).drop_duplicates()
    return [
        f"the pair {origin!r} to {destination!r} appears more than once"
        for origin, destination in sorted(twice.itertuples(index=False, name=None))
    ]


def _outside_notes(
    origin: NDArray[np.int32], destination: NDArray[np.int32], number: Floats, count: int
) -> tuple[str, ...]:
    away, here = destination == count, origin == count
    kinds = {
        "to places outside the units {} among the employed residents": away & ~here,
        "from places outside the units {} among the jobs": here & ~away,
        "between places outside the units {} nowhere": here & away,
    }
    notes = []
    for text, among in kinds.items():
        flows, people = int(among.sum()), number[among].sum()
        if flows:
            persons = "1 person" if people == 1 else f"{people:,.15g} people"
            said = f"{flows:,} flow{'s' * (flows > 1)} ({persons}) {text}"
            notes.append(said.format("count" if flows > 1 else "counts"))
    return tuple(notes)


def _drawn(flows: Flows, rng: np.random.Generator) -> Floats:
    if flows.moe is None:
        return rng.poisson(flows.number).astype(np.float64)
    given = ~np.isnan(flows.moe)
    drawn = np.empty(len(flows.number))
    errors = flows.moe[given] / _SE_OF_MOE
    drawn[given] = np.maximum(rng.normal(flows.number[given], errors), 0.0)
    drawn[~given] = rng.poisson(flows.number[~given])
    return drawn


def _ordered(flows: Flows, labels: Labels) -> tuple[Labels, Labels]:
    """Order the labels by employed residents, then by first unit; give each unit its place."""
    within = np.flatnonzero(labels >= 0)
    numbers, first, inverse = np.unique(labels[within], return_index=True, return_inverse=True)
    size = totals(inverse, flows.residents[within], len(numbers))
    order = np.lexsort((first, -size))
    rank = np.empty(len(numbers), np.int64)
    rank[order] = np.arange(len(numbers))
    place = np.full(len(labels), -1, np.int64)
    place[within] = rank[inverse]
    return numbers[order], place


def _region_totals(flows: Flows, place: Labels, count: int) -> pd.DataFrame:
    within = place >= 0
    residents = totals(place[within], flows.residents[within], count)
    jobs = totals(place[within], flows.jobs[within], count)
    pairs = flows.matrix.tocoo()
    home, work = place[pairs.coords[0]], place[pairs.coords[1]]
    own = (home == work) & (home >= 0)
    inside = totals(home[own], pairs.data[own], count)
    return pd.DataFrame(
        {
            "employed_residents": residents,
            "jobs": jobs,
            "supply_self_containment": ratio(inside, residents),
            "demand_self_containment": ratio(inside, jobs),
            "members": np.bincount(place[within], minlength=count),
        }
    )


def _holders(
    flows: Flows, place: Labels, count: int, central: NDArray[np.bool_] | None
) -> NDArray[np.object_]:
    """Give each region's unit with the most jobs, or that of its core; the first of equal ones."""
    rim = np.zeros(len(place), bool) if central is None else ~central
    order = np.lexsort((np.arange(len(place)), -flows.jobs, rim, place))
    order = order[place[order] >= 0]
    first = order[np.unique(place[order], return_index=True)[1]]
    assert len(first) == count
    return flows.units.to_numpy(object)[first]


def _members(
    flows: Flows,
    place: Labels,
    ids: NDArray[np.object_],
    residents: Floats,
    columns: Mapping[str, NDArray[Any]],
) -> pd.DataFrame:
    """Give each unit a row, in the order of `flows`, with or without a region."""
    within = place >= 0
    region = np.full(len(place), None, object)
    region[within] = ids[place[within]]
    share = np.full(len(place), np.nan)
    share[within] = ratio(flows.residents[within], residents[place[within]])
    table = pd.DataFrame(
        {
            "unit_id": flows.units.to_numpy(),
            "region_id": region,
            "share_of_unit": within.astype(np.float64),
            "share_of_region": share,
        }
    )
    return table[MEMBER_COLUMNS].astype({"region_id": "str"}).assign(**columns)
