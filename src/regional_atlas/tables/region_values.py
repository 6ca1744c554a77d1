"""Values of regions: every indicator's value in every region, parent and unit type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.numerals import Count
from regional_atlas.core.schema import REGION_VALUE_COLUMNS, AtlasTables, Check
from regional_atlas.core.texts import Message
from regional_atlas.membership.rollup import region_groups, roll_up, unit_groups
from regional_atlas.tables.indicators import Indicators

__all__ = ["with_region_values"]


class _Grouping(NamedTuple):
    kind: str
    groups: pd.DataFrame
    names: pd.Series


def with_region_values(
    project: Project, tables: AtlasTables, indicators: Indicators
) -> AtlasTables:
    """Add `region_values` and `overall_values` to the tables, and say how many are partial.

    Regions count every membership: a unit of two regions of a kind is in the values of both.
    """
    values = _rolled(project, tables, indicators, _areas(project, tables))
    tables.report.checks.append(_partial(values))
    overall = _rolled(project, tables, indicators, _overall(project, tables))
    return replace(tables, region_values=values, overall_values=overall)


def _areas(project: Project, tables: AtlasTables) -> Iterator[_Grouping]:
    for level, parents in tables.parents.items():
        yield _Grouping(level, unit_groups(tables.units, f"{level}_id"), parents["name"])
    for kind in project.kinds():
        names = tables.regions.loc[tables.regions["kind"] == kind, "name"]
        yield _Grouping(kind, region_groups(tables.membership, kind), names)


def _overall(project: Project, tables: AtlasTables) -> Iterator[_Grouping]:
    types = tables.units["unit_type"].dropna().unique()
    yield _Grouping("unit_type", unit_groups(tables.units, "unit_type"), pd.Series(types, types))
    every = pd.DataFrame({"unit_id": tables.units.index, "group": project.id})
    yield _Grouping("all", every, pd.Series({project.id: project.config.title.in_("en")}))


def _rolled(
    project: Project,
    tables: AtlasTables,
    indicators: Indicators,
    groupings: Iterator[_Grouping],
) -> pd.DataFrame:
    found = []
    for kind, groups, names in groupings:
        table = roll_up(
            groups,
            list(names.index),
            indicators.parts,
            area=tables.units["area_km2"],
            population=indicators.population,
            data_share_at_least=project.config.data_share_at_least,
        )
        table = table.rename(columns={"group": "region_id"})
        found.append(table.assign(kind=kind, region=table["region_id"].map(names)))
    if not found:
        return pd.DataFrame(columns=REGION_VALUE_COLUMNS)
    return pd.concat(found, ignore_index=True)[REGION_VALUE_COLUMNS]


def _partial(values: pd.DataFrame) -> Check:
    known = values[values["value"].notna()]
    partial = int(known["partial"].sum())
    return Check(
        Message("check-region-values"),
        True,
        Message(
            "check-region-values-partial", {"partial": Count(partial), "count": Count(len(known))}
        ),
    )
