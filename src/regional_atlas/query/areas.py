"""The areas that units make up: regions of a kind, parents of a level, types of units."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

import pandas as pd

from regional_atlas.core.errors import InputError, problems_of, raise_if, results_of
from regional_atlas.core.pinyin import parent_names
from regional_atlas.core.schema import AtlasTables
from regional_atlas.membership.rollup import region_groups, unit_groups
from regional_atlas.query.naming import Readings, meant

if TYPE_CHECKING:
    from regional_atlas.query.basis import Basis

__all__ = [
    "Asked",
    "Grouping",
    "area_of",
    "area_values",
    "grouping",
    "groupings",
    "named_areas",
    "units_in",
    "with_english",
]

Asked = str | Sequence[str] | Mapping[str, str | Sequence[str]]
"""Names of areas; by kind where a mapping says it."""


@dataclass(frozen=True)
class Grouping:
    """The units by the areas of one kind.

    Attributes
    ----------
    kind : str
        A kind of region, a parent level, `unit_type`, or `unit`: each unit by itself.
    groups : DataFrame
        `unit_id`, `group`, `exclusive`.
    names : DataFrame
        By group: every form of its name, the full one first.
    """

    kind: str
    groups: pd.DataFrame
    names: pd.DataFrame


def groupings(tables: AtlasTables) -> list[str]:
    """List the kinds of areas that there are."""
    return [*dict.fromkeys(tables.region_table["kind"]), *tables.parents, "unit_type"]


def area_values(tables: AtlasTables, kind: str) -> pd.DataFrame:
    """Give the values of the areas of a kind, long, as in `region_values`; of unit types too."""
    rows = pd.concat([tables.region_values, tables.overall_values])
    return rows[rows["kind"] == kind]


def grouping(tables: AtlasTables, kind: str) -> Grouping:
    """Group the units by the areas of one kind.

    Raises
    ------
    InputError
        There is no such kind; the message lists those that there are.
    """
    if kind not in (known := [*groupings(tables), "unit"]):
        allowed = ", ".join(known[:-1])
        raise InputError(f"no kind of region is called {kind!r}; allowed: {allowed}")
    regions = tables.region_table[tables.region_table["kind"] == kind]
    if len(regions):
        return Grouping(kind, region_groups(tables.membership, kind), regions[["name", "name_en"]])
    if kind in tables.parents:
        names = tables.parents[kind][["name", "short", "name_en"]]
        return Grouping(kind, unit_groups(tables.unit_table, f"{kind}_id"), names)
    if kind == "unit_type":
        groups = unit_groups(tables.unit_table, kind)
        types = sorted(groups["group"].unique())
        return Grouping(kind, groups, pd.DataFrame({"name": types}, index=types))
    units = tables.unit_table
    groups = pd.DataFrame({"unit_id": units.index, "group": units.index, "exclusive": True})
    names = units[[name for name in ("unit", "unit_en") if name in units.columns]]
    return Grouping(kind, groups, names.rename(columns={"unit": "name"}))


def units_in(
    basis: Basis, asked: Asked | None, kinds: Mapping[str, str | Sequence[str]] | None = None
) -> dict[str, pd.DataFrame]:
    """List by kind the units of areas: names of any kind, and names by kind.

    Raises
    ------
    InputError
        Kinds that do not exist, names that mean nothing or several areas: all at once.
    """
    named = named_areas(basis, asked)
    for kind, names in named_areas(basis, kinds).items():
        named[kind] = [*named.get(kind, []), *names]
    calls = [partial(_members, basis, kind, names) for kind, names in named.items()]
    return dict(zip(named, results_of(*calls), strict=True))


def _members(basis: Basis, kind: str, names: Iterable[str]) -> pd.DataFrame:
    """List the units of the areas of one kind that are called so.

    Returns
    -------
    DataFrame
        `unit_id`, `group`, `exclusive`; a unit of two of the areas twice.

    Raises
    ------
    InputError
        No such kind, or names that mean nothing or several areas: all at once.
    """
    found = basis.grouping(kind)
    wanted: list[Hashable] = []

    def look_up(name: str) -> None:
        wanted.extend(basis.called(kind, name))

    raise_if(problems_of(*(lambda name=name: look_up(name) for name in names)), InputError)
    return found.groups[found.groups["group"].isin(wanted)]


def named_areas(basis: Basis, asked: Asked | None) -> dict[str, list[str]]:
    """Sort names of areas by kind. A name says its kind (`metro=苏锡常`) or is looked up in all.

    Parameters
    ----------
    basis : Basis
    asked : str, sequence of str, or mapping of str to str or sequence of str
        Names; by kind in a mapping.

    Returns
    -------
    dict of str to list of str
        By kind, names in full or ids.

    Raises
    ------
    InputError
        Names that no area or several have: all at once.
    """
    if asked is None:
        return {}
    if isinstance(asked, Mapping):
        return {kind: [*_each(names)] for kind, names in asked.items()}
    found: dict[str, list[str]] = {}
    problems = []
    for name in _each(asked):
        kind, separator, called = name.partition("=")
        if not separator:
            try:
                kind, called = area_of(basis, name)
            except InputError as error:
                problems += error.problems
                continue
        found.setdefault(kind, []).append(called)
    raise_if(problems, InputError)
    return found


def area_of(basis: Basis, name: str) -> tuple[str, str]:
    """Find the one area of any kind that is called so: its kind and its id.

    Areas of several kinds with the same units, such as a city that is a province, are one.
    """
    kinds = [basis.grouping(kind) for kind in groupings(basis.tables)]
    latin = name.isascii() and basis.readings is not None
    forms = pd.concat(
        {
            each.kind: with_english(each.names, basis.readings) if latin else each.names
            for each in kinds
        }
    )

    def said(area: Hashable) -> str:
        kind, _ = cast("tuple[str, str]", area)
        return f"{kind}={forms.loc[[area], 'name'].iloc[0]}"

    found = meant(name, forms, "region", said=said, readings=basis.readings)
    areas = cast("list[tuple[str, str]]", found)
    held = {each.kind: each.groups for each in kinds}
    alike = {
        frozenset(held[kind].loc[held[kind]["group"] == group, "unit_id"]) for kind, group in areas
    }
    if len(alike) > 1:
        given = ", ".join(map(said, areas))
        raise InputError(f"{name!r} is the name of {len(areas)} areas; give one of: {given}")
    return areas[0]


def with_english(names: pd.DataFrame, readings: Readings) -> pd.DataFrame:
    """Give areas without an English name the one that the page gives them: Xi'an for 西安市.

    Parameters
    ----------
    names : DataFrame
        As a `Grouping` has them.
    readings : mapping of str to str, optional
        See `query.naming.meant`.
    """
    own = names.get("name_en", pd.Series(None, names.index, dtype="object"))
    english = parent_names(names["name"].tolist(), own.tolist(), readings)
    return names.assign(name_en=pd.Series(english, names.index, dtype="object"))


def _each(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
