"""Questions about regions: their roll-ups, chosen and sorted as units are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.query.areas import area_values, units_in
from regional_atlas.query.basis import Basis
from regional_atlas.query.fields import region_fields
from regional_atlas.query.question import Question
from regional_atlas.query.summary import ordered, rolled_up, with_fields
from regional_atlas.query.years import year_problems

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["query_regions", "with_polygons"]

_OF_UNITS = {
    "tier": None, "within": None, "bbox": None, "near": None, "radius": None,
    "neighbours_of": None, "order": 1, "per": None, "rank_within": None, "unranked": False,
}  # fmt: skip
"""Parts of a question that regions do not answer, and what they are when nobody asks."""


def query_regions(basis: Basis, level: str, question: Question) -> pd.DataFrame:
    """List the areas of a kind.

    Parameters
    ----------
    basis : Basis
    level : str
        A region kind, a parent level or `unit_type`.
    question : Question
        `ranking`, `where` and `sort` over the columns of `summarise` and `CODE@YEAR`, `region` and
        `not_in` (areas that have, or do not have, a unit there), `top`, `year`.

    Returns
    -------
    DataFrame
        Index `id`; the columns of `query.summary.summarise`, and those that `where`, `sort` and
        `columns` name beyond them. What is partial in the field that sorts first is left out, as
        is what is missing; `attrs["left_out"]` counts both.

    Raises
    ------
    InputError
        No such kind or field, or a part of a question that only units answer: all at once.
    """
    tables = basis.tables
    raise_if(question.kind_problems(), InputError)
    asked_of_units = [
        f"{name}: asks about units; regions answer where, region, not_in, sort, top, year"
        for name, unasked in _OF_UNITS.items()
        if getattr(question, name) != unasked
    ]
    inside: dict[str, pd.DataFrame] = {}
    outside: dict[str, pd.DataFrame] = {}
    raise_if(
        question.problems()
        + asked_of_units
        + year_problems(tables, question.year)
        + problems_of(
            lambda: basis.grouping(level),
            lambda: inside.update(units_in(basis, question.region, question.kinds)),
            lambda: outside.update(units_in(basis, question.not_in)),
        ),
        InputError,
    )
    table = rolled_up(basis.project, tables, by=level, ranking=question.ranking, year=question.year)
    fields = region_fields(tables, table, level)
    names = question.sort_fields()
    problems = [f"sort: {line}" for line in fields.problems(names)]
    columns = [name for name in question.column_names() if name != "id"]
    problems += [f"columns: {line}" for line in fields.problems(columns)]
    holds, wrong = fields.holds(question.where)
    problems += wrong
    raise_if(problems, InputError)
    chosen = pd.Series(True, index=table.index) if holds is None else holds
    groups = basis.grouping(level).groups
    for held in inside.values():
        there = groups.loc[groups["unit_id"].isin(held["unit_id"]), "group"]
        chosen &= table.index.isin(there)
    for held in outside.values():
        there = groups.loc[groups["unit_id"].isin(held["unit_id"]), "group"]
        chosen &= ~table.index.isin(there)
    rows = area_values(tables, level)
    table = with_fields(table, fields, [*question.named_fields(), *columns], rows)[chosen]
    if names:
        table = ordered(table, question.order_of())
    return table if question.top is None else table.head(question.top)


def with_polygons(basis: Basis, level: str, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add polygons to an answer: regions have their own, other areas are made of their units."""
    import geopandas as gpd

    tables = basis.tables
    shapes = tables.regions.geometry
    if level not in set(tables.region_table["kind"]):
        from regional_atlas.membership.polygons import dissolve_regions

        groups = basis.grouping(level).groups.rename(columns={"group": "region_id"})
        wanted = groups[groups["region_id"].isin(table.index)]
        shapes = dissolve_regions(tables.units, wanted)
    return gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs=tables.units.crs)
