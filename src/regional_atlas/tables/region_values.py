"""Values of regions: every indicator's value in every region, parent and unit type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.numerals import Count
from regional_atlas.core.schema import REGION_VALUE_COLUMNS, BuildReport, Check
from regional_atlas.core.texts import Message
from regional_atlas.membership.rollup import region_groups, roll_up, unit_groups
from regional_atlas.tables.given import with_given_regions

__all__ = ["build_region_values"]


class _Grouping(NamedTuple):
    kind: str
    groups: pd.DataFrame
    names: pd.Series
    lost: pd.Series | None = None


def build_region_values(
    project: Project, tables: Any, report: BuildReport
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Roll every indicator up, add committed values, and say how many values are partial.

    Regions count every membership: a unit of two regions of a kind is in the values of both.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Units, parents, regions, membership; the indicators, their `parts`, `meta` and the
        `population`.
    report : BuildReport
        To be added to.

    Returns
    -------
    DataFrame
        `region_values`.
    DataFrame
        `overall_values`.
    """
    values = _rolled(project, tables, _areas(project, tables))
    values = with_given_regions(project, tables, values, report)
    report.checks.append(_partial(values))
    return values, _rolled(project, tables, _overall(project, tables))


def _areas(project: Project, tables: Any) -> Iterator[_Grouping]:
    for level, parents in tables.parents.items():
        yield _Grouping(level, unit_groups(tables.unit_table, f"{level}_id"), parents["name"])
    for kind in project.kinds():
        names = tables.region_table.loc[tables.region_table["kind"] == kind, "name"]
        lost = tables.lost_members[tables.lost_members["kind"] == kind].groupby("region_id").size()
        yield _Grouping(kind, region_groups(tables.membership, kind), names, lost)


def _overall(project: Project, tables: Any) -> Iterator[_Grouping]:
    units = tables.unit_table
    types = units["unit_type"].dropna().unique()
    yield _Grouping("unit_type", unit_groups(units, "unit_type"), pd.Series(types, types))
    every = pd.DataFrame({"unit_id": units.index, "group": project.id})
    yield _Grouping("all", every, pd.Series({project.id: project.config.title.in_("en")}))


def _rolled(project: Project, tables: Any, groupings: Iterator[_Grouping]) -> pd.DataFrame:
    found = []
    for kind, groups, names, lost in groupings:
        table = roll_up(
            groups,
            list(names.index),
            tables.parts,
            area=tables.unit_table["area_km2"],
            population=tables.population,
            data_share_at_least=project.config.data_share_at_least,
            lost=lost,
        )
        table = table.rename(columns={"group": "region_id"})
        region = table["region_id"].map(names).astype("str")
        table = table.assign(kind=kind, region=region)
        found.append(table.join(_flags(groups, tables.indicators), on=_VALUE))
    if not found:
        return pd.DataFrame(columns=REGION_VALUE_COLUMNS)
    return pd.concat(found, ignore_index=True)[REGION_VALUE_COLUMNS]


_VALUE = ["region_id", "code", "year"]


def _flags(groups: pd.DataFrame, indicators: pd.DataFrame) -> pd.Series:
    """Join the different flags that the values of members carry, by region, code and year."""
    rows = indicators.dropna(subset=["flag", "value"])
    rows = rows.merge(groups[["unit_id", "group"]], on="unit_id")
    rows = rows.rename(columns={"group": "region_id"}).drop_duplicates([*_VALUE, "flag"])
    rows = rows.sort_values([*_VALUE, "flag"]).astype({"year": "Int64"})
    return rows.groupby(_VALUE, dropna=False)["flag"].agg(";".join).astype("str").rename("flags")


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
