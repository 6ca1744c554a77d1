"""Questions to a build: ranked units by any condition, region, place or group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError, problems_of, raise_if, results_of
from regional_atlas.core.schema import AtlasTables
from regional_atlas.query.areas import Asked, grouping, members, named_areas
from regional_atlas.query.basis import Basis, chosen_ranking
from regional_atlas.query.fields import FieldCondition, Fields, unit_fields
from regional_atlas.query.naming import Readings
from regional_atlas.query.places import box_problems, centre, find_unit, in_box, inside, polygons
from regional_atlas.query.question import Question, sorted_by

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "query_table",
    "query_units",
    "units_in",
    "year_problems",
]

_NONE: Mapping[str, str | Sequence[str]] = {}


def query_units(basis: Basis, question: Question) -> gpd.GeoDataFrame:
    """List ranked units with their polygons: what `query_table` answers, and `geometry`."""
    import geopandas as gpd

    table = query_table(basis, question)
    shapes = basis.tables.units.geometry
    return gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs=shapes.crs)


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
        no region is asked for), `area_km2`, the latest value of every indicator. With `near` also
        `distance_km`, with `neighbours_of` `order`, with `rank_within` and `per` `rank_within`.
        With these two, a unit of several regions of the kind has a row for each, and the kind's
        column says for which; `per` leaves out units of no region.

    Raises
    ------
    InputError
        Everything asked for that does not exist (ranking, kind, name, tier, unit, field, year,
        file), with what is allowed or near.
    """
    asked = question
    tables, readings = basis.tables, basis.readings
    raise_if(asked.kind_problems(), InputError)
    table, problems = pd.DataFrame(), asked.problems() + box_problems(asked.bbox)
    try:
        table = basis.units(asked.ranking, asked.year)
    except InputError as error:
        problems += error.problems
    fields = unit_fields(basis, table) if len(table.columns) else None
    holds = None
    if fields is not None:
        problems += _tier_problems(table, asked.tier) + _field_problems(fields, tables, asked)
        holds, wrong = fields.holds(asked.where)
        problems += wrong
    problems += problems_of(
        partial(units_in, tables, asked.region, readings, asked.kinds),
        partial(units_in, tables, asked.not_in, readings),
        *(partial(grouping, tables, kind) for kind in (asked.per, asked.rank_within) if kind),
        *([partial(find_unit, tables.unit_table, asked.neighbours_of, readings)]
          if asked.neighbours_of is not None else []),
        *([partial(centre, tables, asked.near, readings)] if isinstance(asked.near, str) else []),
        *([partial(polygons, asked.within, asked.layer, asked.zones_crs)]
          if asked.within is not None else []),
    )  # fmt: skip
    raise_if(problems, InputError)
    assert fields is not None
    regions = units_in(tables, asked.region, readings, asked.kinds)
    chosen = _ranked_or_all(basis.project, table, asked)
    if holds is not None:
        chosen &= holds
    if asked.tier is not None:
        chosen &= (table["tier"] == asked.tier).fillna(False)
    for held in regions.values():
        chosen &= table.index.isin(held["unit_id"])
    for held in units_in(tables, asked.not_in, readings).values():
        chosen &= ~table.index.isin(held["unit_id"])
    table["exclusive"] = _exclusive(table.index, regions)
    table, chosen = _placed(tables, table, chosen, asked, readings)
    table = _by_group(tables, table, asked, regions)
    table = sorted_by(table[chosen.reindex(table.index)], asked.order_of(), fields.__getitem__)
    table = _first(table, asked)
    for name in asked.columns:
        if name not in table.columns:
            table[name] = fields[name].reindex(table.index)
    return table


def units_in(
    tables: AtlasTables,
    asked: Asked | None,
    readings: Readings,
    kinds: Mapping[str, str | Sequence[str]] = _NONE,
) -> dict[str, pd.DataFrame]:
    """List by kind the units of areas: names of any kind, and names by kind.

    Raises
    ------
    InputError
        Kinds that do not exist, names that mean nothing or several areas: all at once.
    """
    named = named_areas(tables, asked, readings)
    for kind, names in named_areas(tables, kinds).items():
        named[kind] = [*named.get(kind, []), *names]
    calls = [partial(members, tables, kind, names, readings) for kind, names in named.items()]
    return dict(zip(named, results_of(*calls), strict=True))


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
    tables: AtlasTables,
    table: pd.DataFrame,
    chosen: pd.Series,
    asked: Question,
    readings: Readings,
) -> tuple[pd.DataFrame, pd.Series]:
    """Choose by place, with columns for distances and for borders between."""
    if asked.within is not None:
        chosen &= inside(tables.units, polygons(asked.within, asked.layer, asked.zones_crs))
    if asked.bbox is not None:
        chosen &= in_box(tables.units, asked.bbox)
    if asked.near is not None:
        from regional_atlas.spatial.neighbours import within_km

        near, radius = asked.near, asked.radius
        assert radius is not None
        place, point = centre(tables, near, readings) if isinstance(near, str) else ("", near)
        distances = within_km(tables.units, *point, radius)
        table["distance_km"] = distances.reindex(table.index)
        chosen &= table["distance_km"].notna()
        table.attrs["near"] = (place, *point)
    if asked.neighbours_of is not None:
        from regional_atlas.spatial.neighbours import neighbours_of

        unit = find_unit(tables.unit_table, asked.neighbours_of, readings)
        steps = neighbours_of(tables.units, unit, asked.order)
        table["order"] = steps.reindex(table.index).astype("Int64")
        chosen &= table["order"].notna()
    return table, chosen


def _by_group(
    tables: AtlasTables, table: pd.DataFrame, asked: Question, regions: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Give a unit a row for each of its areas that it is ranked in, or counted for."""
    for kind in dict.fromkeys(filter(None, (asked.per, asked.rank_within))):
        found = grouping(tables, kind)
        groups = regions.get(kind, found.groups)
        names = groups.set_index("unit_id")["group"].map(found.names["name"])
        table = table.drop(columns=kind).join(names.rename(kind))[list(table.columns)]
    within = asked.rank_within or asked.per
    if within is not None:
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


def _field_problems(fields: Fields, tables: AtlasTables, asked: Question) -> list[str]:
    """Say what is wrong with the order, the columns and the year."""
    problems = year_problems(tables, asked.year)
    extra = {"exclusive", *(["distance_km"] if asked.near is not None else [])}
    extra |= {"order"} if asked.neighbours_of is not None else set()
    extra |= {"rank_within"} if asked.per or asked.rank_within else set()
    by = [name.strip().removeprefix("-") for name in asked.order_of()]
    problems += [f"sort: {line}" for line in fields.problems(n for n in by if n not in extra)]
    wanted_columns = (name for name in asked.columns if name not in extra)
    problems += [f"columns: {line}" for line in fields.problems(wanted_columns)]
    return problems


def year_problems(tables: AtlasTables, year: int | None) -> list[str]:
    """Say whether no indicator has a year."""
    known = sorted(tables.indicators["year"].dropna().unique())
    if year is None or year in known:
        return []
    years = ", ".join(f"{each:.0f}" for each in known)
    return [f"year: no indicator has {year}; allowed: {years or 'there are none'}"]
