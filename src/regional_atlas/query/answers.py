"""Questions to a build: ranked units by any condition, region, place or group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.query.areas import units_in
from regional_atlas.query.basis import Basis, chosen_ranking
from regional_atlas.query.fields import Fields, unit_fields
from regional_atlas.query.places import (
    Point,
    box_problems,
    centre,
    find_unit,
    in_box,
    inside,
    polygons,
)
from regional_atlas.query.question import FieldCondition, Question, sorted_by
from regional_atlas.query.years import year_problems

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["query_table", "query_units"]


def query_units(basis: Basis, question: Question) -> gpd.GeoDataFrame:
    """List ranked units with their polygons: what `query_table` answers, and `geometry`."""
    import geopandas as gpd

    table = query_table(basis, question)
    shapes = basis.tables.units.geometry
    found = gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs=shapes.crs)
    found.attrs = table.attrs
    return found


def query_table(basis: Basis, question: Question) -> pd.DataFrame:
    """List ranked units. Geometry is looked at only where a place is asked for.

    Parameters
    ----------
    basis : Basis
    question : Question
        See there.

    Returns
    -------
    DataFrame
        Index `unit_id`; `rank` (of a computed ranking with draws also `rank_low`, `rank_high`,
        `p_top<N>`, `p_ahead`, `p_tier`), `unit`, `unit_type`, parents, `score`, `tier`, one column
        per region kind (names joined by `;`, the exclusive one first), `exclusive` (missing where
        no region is asked for), `area_km2`, the latest value of every indicator, and the fields
        beyond these that `where` and `sort` name. With `near` also `distance_km`, with
        `neighbours_of` `order`, with `rank_within` and `per` `rank_within`.
        With these two, a unit of several regions of the kind has a row for each, and the kind's
        column says for which; `per` leaves out units of no region. `attrs` say of which year each
        indicator is; see `query.years.with_years`.

    Raises
    ------
    InputError
        Everything asked for that does not exist (ranking, kind, name, tier, unit, field, year,
        file), with what is allowed or near.
    """
    asked = question
    raise_if(asked.kind_problems(), InputError)
    problems = asked.problems() + box_problems(asked.bbox)
    table = pd.DataFrame()
    try:
        table = basis.units(asked.ranking, asked.year)
    except InputError as error:
        problems += error.problems
    said = dict(table.attrs)
    fields, holds = unit_fields(basis, table), None
    year_wrong = year_problems(basis.tables, asked.year)
    if asked.rank_within is not None and chosen_ranking(basis.project, asked.ranking) is None:
        problems.append("rank_within: the project has no ranking to count anew; sort by a field")
    if len(table.columns) and not year_wrong:
        problems += _tier_problems(table, asked.tier)
        problems += _field_problems(fields, asked)
        holds, wrong = fields.holds(asked.where)
        problems += wrong
    named, wrong = _looked_up(basis, asked)
    raise_if(problems + year_wrong + wrong, InputError)
    chosen = _ranked_or_all(basis.project, table, asked)
    if holds is not None:
        chosen &= holds
    if asked.tier is not None:
        chosen &= (table["tier"] == asked.tier).fillna(False)
    for held in named.regions.values():
        chosen &= table.index.isin(held["unit_id"])
    for held in named.outside.values():
        chosen &= ~table.index.isin(held["unit_id"])
    table["exclusive"] = _exclusive(table.index, named.regions)
    table, chosen = _placed(basis, table, chosen, asked, named)
    table = _by_group(basis, table, asked, named.regions)
    table = sorted_by(table[chosen.reindex(table.index)], asked.order_of(), fields.__getitem__)
    table = _first(table, asked)
    names = asked.column_names()
    for name in names or asked.named_fields():
        if name not in table.columns:
            table[name] = fields[name].reindex(table.index)
    table = table[names] if names else table
    table.attrs |= said
    return table


@dataclass
class _Named:
    """What a question names, looked up."""

    regions: dict[str, pd.DataFrame] = field(default_factory=dict)
    outside: dict[str, pd.DataFrame] = field(default_factory=dict)
    unit: str = ""
    place: tuple[str, Point] = ("", (0.0, 0.0))
    area: gpd.GeoDataFrame | None = None


def _looked_up(basis: Basis, asked: Question) -> tuple[_Named, list[str]]:
    """Look up all that a question names, and list what is not there."""
    named, near = _Named(), asked.near
    calls: dict[str, Callable[[], object]] = {
        "regions": partial(units_in, basis, asked.region, asked.kinds),
        "outside": partial(units_in, basis, asked.not_in),
    }
    if asked.neighbours_of is not None:
        calls["unit"] = partial(find_unit, basis, asked.neighbours_of)
    if isinstance(near, str):
        calls["place"] = partial(centre, basis, near)
    elif near is not None:
        named.place = ("", near)
    if asked.within is not None:
        calls["area"] = partial(polygons, asked.within, asked.layer, asked.zones_crs)
    problems = problems_of(
        *(partial(_set, named, name, call) for name, call in calls.items()),
        *(partial(basis.grouping, kind) for kind in _groups_of(asked)),
    )
    return named, problems


def _set(named: _Named, name: str, call: Callable[[], object]) -> None:
    setattr(named, name, call())


def _groups_of(asked: Question) -> list[str]:
    return list(dict.fromkeys(filter(None, (asked.per, asked.rank_within))))


def _ranked_or_all(project: Project, table: pd.DataFrame, asked: Question) -> pd.Series:
    names_ranked = asked.where is not None and "ranked" in FieldCondition(asked.where).names()
    if asked.unranked or names_ranked or chosen_ranking(project, asked.ranking) is None:
        return pd.Series(True, index=table.index)
    return table["rank"].notna()


def _exclusive(units: pd.Index, regions: dict[str, pd.DataFrame]) -> pd.Series:
    """Say of each unit whether the regions asked for are its own; missing where none are."""
    found = pd.Series(pd.NA, index=units, dtype="boolean")
    for place, held in enumerate(regions.values()):
        inside_of = held.groupby("unit_id")["exclusive"].any()
        own = inside_of.reindex(units).astype("boolean").fillna(False)
        found = found & own if place else own
    return found


def _placed(
    basis: Basis, table: pd.DataFrame, chosen: pd.Series, asked: Question, named: _Named
) -> tuple[pd.DataFrame, pd.Series]:
    """Choose by place, with columns for distances and for borders between."""
    if named.area is not None:
        chosen &= inside(basis.points, named.area)
    if asked.bbox is not None:
        chosen &= in_box(basis.points, asked.bbox)
    if asked.near is not None and asked.radius is not None:
        from regional_atlas.spatial.neighbours import within_km

        name, point = named.place
        distances = within_km(basis.tables.units, *point, asked.radius)
        table["distance_km"] = distances.reindex(table.index)
        chosen &= table["distance_km"].notna()
        table.attrs["near"] = (name, *point)
    if asked.neighbours_of is not None:
        from regional_atlas.spatial.neighbours import neighbours_of

        steps = neighbours_of(basis.tables.units, named.unit, asked.order)
        table["order"] = steps.reindex(table.index).astype("Int64")
        chosen &= table["order"].notna()
    return table, chosen


def _by_group(
    basis: Basis, table: pd.DataFrame, asked: Question, regions: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Give a unit a row for each of its areas that it is ranked in, or counted for."""
    for kind in _groups_of(asked):
        found = basis.grouping(kind)
        groups = regions.get(kind, found.groups)
        names = groups.set_index("unit_id")["group"].map(found.names["name"])
        table = table.drop(columns=kind).join(names.rename(kind))[list(table.columns)]
    within = asked.rank_within or asked.per
    if within is not None and chosen_ranking(basis.project, asked.ranking) is not None:
        ranks = table["rank"].groupby(table[within]).rank(method="min").astype("Int64")
        table.insert(1, "rank_within", ranks)
    return table


def _first(table: pd.DataFrame, asked: Question) -> pd.DataFrame:
    """Take the first so many: of all, or of each group, one group after the other."""
    if asked.per is None:
        return table if asked.top is None else table.head(asked.top)
    table = table[table[asked.per].notna()]
    numbers, _ = pd.factorize(table[asked.per])
    table = table.iloc[numbers.argsort(kind="stable")]
    return table if asked.top is None else table.groupby(asked.per, sort=False).head(asked.top)


def _tier_problems(table: pd.DataFrame, tier: int | None) -> list[str]:
    tiers = sorted(table["tier"].dropna().unique())
    if tier is None or tier in tiers:
        return []
    return [f"no tier {tier}; allowed: {', '.join(map(str, tiers)) or 'the ranking has none'}"]


def _field_problems(fields: Fields, asked: Question) -> list[str]:
    """Say what is wrong with the order and the columns."""
    extra = {"exclusive", *(["distance_km"] if asked.near is not None else [])}
    extra |= {"order"} if asked.neighbours_of is not None else set()
    extra |= {"rank_within"} if asked.per or asked.rank_within else set()
    by = [name.strip().removeprefix("-") for name in asked.order_of()]
    problems = [f"sort: {line}" for line in fields.problems(n for n in by if n not in extra)]
    wanted_columns = (name for name in asked.column_names() if name not in extra)
    problems += [f"columns: {line}" for line in fields.problems(wanted_columns)]
    return problems
