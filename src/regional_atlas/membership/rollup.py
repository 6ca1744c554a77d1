"""Roll-ups: from units to parents, regions or types."""

from __future__ import annotations

import pandas as pd

__all__ = ["region_groups", "roll_up", "unit_groups"]


def unit_groups(units: pd.DataFrame, column: str) -> pd.DataFrame:
    """Group units by a column of their own (a parent level, the unit type): each in one group.

    Returns
    -------
    DataFrame
        `unit_id`, `group`, `exclusive` (always true); units without a value are left out.
    """
    groups = units[column].dropna().rename("group").rename_axis("unit_id").reset_index()
    return groups.assign(exclusive=True)


def region_groups(membership: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Group units by the regions of a kind: several groups a unit, one of them exclusive.

    Returns
    -------
    DataFrame
        `unit_id`, `group` (the region id), `exclusive`.
    """
    rows = membership[(membership["kind"] == kind) & membership["region_id"].notna()]
    return rows[["unit_id", "region_id", "exclusive"]].rename(columns={"region_id": "group"})


def roll_up(
    groups: pd.DataFrame,
    order: list[str],
    *,
    ranked: pd.Series,
    could: pd.Index,
    extensive: pd.DataFrame,
    intensive: pd.DataFrame,
    population: pd.Series | None = None,
) -> pd.DataFrame:
    """Count ranked units and sum or average indicators by group.

    Parameters
    ----------
    groups : DataFrame
        `unit_id`, `group`, `exclusive`.
    order : list of str
        Every group, in the order wanted; a group without units is kept, with 0 units.
    ranked : Series
        Rank by unit id, of the units in the ranking.
    could : Index
        Units that the ranking could hold, for the coverage share.
    extensive, intensive : DataFrame
        By unit id: columns to sum, columns to average. Missing values are left out; a group
        without any value is missing.
    population : Series, optional
        Weights of the averages; the plain mean of the units without it.

    Returns
    -------
    DataFrame
        Index `group`; `units`, `count` (each unit in one group), `count_all` (every membership),
        `of` (units that could be ranked), `coverage` (their share), `best`, sums and means.
    """
    grouped = groups["group"]
    rank = groups["unit_id"].map(ranked)
    in_list = rank.notna()
    table = pd.DataFrame(
        {
            "units": grouped.groupby(grouped).size(),
            "count": (in_list & groups["exclusive"]).groupby(grouped).sum(),
            "count_all": in_list.groupby(grouped).sum(),
            "of": groups["unit_id"].isin(could).groupby(grouped).sum(),
        }
    ).astype("int64")
    covered = (in_list & groups["unit_id"].isin(could)).groupby(grouped).sum()
    table["coverage"] = covered / table["of"].where(table["of"] > 0)
    table["best"] = rank.groupby(grouped).min()
    for name in extensive.columns:
        values = groups["unit_id"].map(extensive[name])
        table[name] = values.groupby(grouped).sum(min_count=1)
    for name in intensive.columns:
        values = groups["unit_id"].map(intensive[name])
        table[name] = _mean(values, groups["unit_id"], population, grouped)
    table = table.reindex(pd.Index(order, name="group"))
    counts = ["units", "count", "count_all", "of"]
    table[counts] = table[counts].fillna(0).astype("int64")
    return table.astype({"best": "Int64"})


def _mean(
    values: pd.Series, unit_ids: pd.Series, population: pd.Series | None, grouped: pd.Series
) -> pd.Series:
    if population is None:
        return pd.Series(values.groupby(grouped).mean())
    weight = unit_ids.map(population).where(values.notna())
    total = weight.groupby(grouped).sum(min_count=1)
    return (values * weight).groupby(grouped).sum(min_count=1) / total.where(total > 0)
