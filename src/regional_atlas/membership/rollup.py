"""Roll-ups: from units to parents, regions or types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.core.kinds import WHOLE, Maximum, Minimum, Parts, combined, rule_of

__all__ = ["count_ranked", "region_groups", "roll_up", "unit_groups"]


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


def count_ranked(
    groups: pd.DataFrame, order: list[str], *, ranked: pd.Series, could: pd.Index
) -> pd.DataFrame:
    """Count ranked units by group.

    Parameters
    ----------
    groups : DataFrame
        `unit_id`, `group`, `exclusive`.
    order : list of str
        Every group, in the order wanted; a group without units is kept, with 0 units.
    ranked : Series
        Rank by unit id, of the units in the ranking.
    could : Index
        Units that the ranking could hold.

    Returns
    -------
    DataFrame
        Index `group`; `units`, `count` (each unit in one group), `count_all` (every membership),
        `of` (units that could be ranked), `coverage` (their share), `best`.
    """
    grouped = groups["group"]
    rank = groups["unit_id"].map(ranked)
    in_list = rank.notna()
    # Not `isin`, which takes texts one by one.
    possible = pd.Series(could.get_indexer(pd.Index(groups["unit_id"])) >= 0, groups.index)
    table = pd.DataFrame(
        {
            "units": grouped.groupby(grouped).size(),
            "count": (in_list & groups["exclusive"]).groupby(grouped).sum(),
            "count_all": in_list.groupby(grouped).sum(),
            "of": possible.groupby(grouped).sum(),
        }
    ).astype("int64")
    covered = (in_list & possible).groupby(grouped).sum()
    table["coverage"] = covered / table["of"].where(table["of"] > 0)
    table["best"] = rank.groupby(grouped).min()
    table = table.reindex(pd.Index(order, name="group"))
    counts = ["units", "count", "count_all", "of"]
    table[counts] = table[counts].fillna(0).astype("int64")
    return table.astype({"best": "Int64"})


def roll_up(
    groups: pd.DataFrame,
    order: list[str],
    parts: Sequence[Parts],
    *,
    area: pd.Series,
    population: pd.Series | None = None,
    data_share_at_least: float = 1.0,
    lost: pd.Series | None = None,
) -> pd.DataFrame:
    """Roll indicators up to groups by the rule of their kind, over every membership.

    Parameters
    ----------
    groups : DataFrame
        `unit_id`, `group`. A unit of several groups counts in each.
    order : list of str
        Every group, in the order wanted.
    parts : sequence of Parts
        What the values are made of, by unit. A member that lacks the numerator or the denominator
        is left out of both sums.
    area, population : Series
        By unit id: what members weigh for `weight_share`. A group weighs by population where that
        is known of all its members, else by area.
    data_share_at_least : float
        A group whose members with data hold less than this share of the weight is partial. With 1
        any member without data makes it so, whatever it weighs, and any that is covered in part.
    lost : Series, optional
        By group: how many members are declared that no unit answers to. They are counted among the
        members; what they weigh is not known, so that the group's `weight_share` is missing and
        the group is partial whatever share is asked for.

    Returns
    -------
    DataFrame
        Long, by group, then in the order of `parts`: `group`, `code`, `year`, `value` (missing
        without any member with data), `members`, `members_with_data`, `weight_share` (a member that
        is covered in part holds that part of its weight; missing for a group without members),
        `partial`, `rule`. The order of the rows given makes no difference.

    Examples
    --------
    >>> from regional_atlas.core.kinds import Parts, Ratio
    >>> groups = pd.DataFrame({"unit_id": ["a", "b", "c"], "group": "north"})
    >>> ids = pd.Index(["a", "b", "c"])
    >>> work = Parts("rate", 2022, Ratio(("un",), ("lf",), 100),
    ...              pd.Series([10.0, 5.0, None], ids), pd.Series([100.0, 10.0, 40.0], ids))
    >>> found = roll_up(groups, ["north"], [work], area=pd.Series(1.0, ids)).iloc[0]
    >>> float(found["value"].round(4)), int(found["members_with_data"]), bool(found["partial"])
    (13.6364, 2, True)
    """
    groups = groups.sort_values(["group", "unit_id"], ignore_index=True)
    key, units = groups["group"], pd.Index(groups["unit_id"])
    above = _matrix([part.numerator for part in parts], units)
    below = _matrix([part.denominator for part in parts], units)
    known = above.notna() & below.notna()
    sums = above.where(known).groupby(key).sum(min_count=1)
    known_above = above.where(known).groupby(key)
    extremes = {Maximum: known_above.max(), Minimum: known_above.min()}
    divisors = below.where(known).groupby(key).sum(min_count=1)
    weight = _weight(groups, area, population)
    members = key.groupby(key).size()
    counted = known.groupby(key).sum()
    one = pd.Series(1.0, units.unique())
    covered = _matrix([one if part.covered is None else part.covered for part in parts], units)
    covered = known * covered.fillna(1.0).where(lambda share: share < WHOLE, 1.0)
    held = covered.mul(weight, axis=0).groupby(key).sum()
    shares = held.div(weight.groupby(key).sum(), axis=0)
    whole = (covered == 1).groupby(key).all()
    absent = pd.Series(0, order) if lost is None else lost.reindex(order, fill_value=0)
    if not parts:
        return _flagged(pd.DataFrame(columns=[*_COLUMNS, "whole", "lost"]), data_share_at_least)
    values = {
        at: combined(part.kind, extremes.get(type(part.kind), sums)[at], divisors[at])
        for at, part in enumerate(parts)
    }

    def by_group(table: pd.DataFrame) -> Any:
        return table.reindex(order).to_numpy().ravel()

    def of_group(column: Any) -> Any:
        return np.repeat(column, len(parts))

    def of_part(column: list[Any]) -> list[Any]:
        return column * len(order)

    table = pd.DataFrame(
        {
            "group": of_group(pd.Index(order)),
            "code": of_part([part.code for part in parts]),
            "year": of_part([part.year for part in parts]),
            "value": by_group(pd.DataFrame(values)),
            "members": of_group(members.reindex(order).to_numpy()),
            "members_with_data": by_group(counted),
            "weight_share": by_group(shares),
            "whole": by_group(whole),
            "lost": of_group(absent.to_numpy()),
            "rule": of_part([rule_of(part.kind).in_("en") for part in parts]),
        }
    )
    return _flagged(table.astype({"code": "str", "rule": "str"}), data_share_at_least)


def _matrix(columns: Sequence[pd.Series], units: pd.Index) -> pd.DataFrame:
    """Lay columns out by units, which are looked up once for all columns of the same ones."""
    found = np.empty((len(columns), len(units)))
    known = places = None
    for at, column in enumerate(columns):
        if places is None or not column.index.equals(known):
            known = column.index
            places = known.get_indexer(units)
        values = np.append(column.to_numpy("float64"), np.nan)
        found[at] = values[places]
    return pd.DataFrame(found.T)


def _weight(groups: pd.DataFrame, area: pd.Series, population: pd.Series | None) -> pd.Series:
    """Weigh each member by population where that is known of its whole group, else by area."""
    units = pd.Index(groups["unit_id"])
    by_area = pd.Series(area.reindex(units).to_numpy("float64"))
    if population is None:
        return by_area
    heads = pd.Series(population.reindex(units).to_numpy("float64"))
    grouped = heads.groupby(groups["group"])
    known = grouped.transform("count") == grouped.transform("size")
    return heads.where(known & (grouped.transform("sum") > 0), by_area)


def _flagged(table: pd.DataFrame, at_least: float) -> pd.DataFrame:
    counts = ["members", "members_with_data", "lost"]
    table = table.astype({"year": "Int64"})
    table[counts] = table[counts].fillna(0).astype("int64")
    lacking, lost = table["whole"].eq(False), table["lost"] > 0
    few = table["weight_share"] < at_least - 1e-12
    table["partial"] = lost | (lacking & (few | (at_least >= 1)))
    table["members"] += table["lost"]
    table["weight_share"] = table["weight_share"].mask(lost)
    return table[_COLUMNS]


_COLUMNS = [
    "group", "code", "year", "value", "members", "members_with_data", "weight_share", "partial",
    "rule",
]  # fmt: skip
