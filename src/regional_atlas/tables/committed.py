"""What a build computes, laid out to commit: a ranking, indicators by unit, values of regions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping

import pandas as pd

from regional_atlas.config.index import children
from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError
from regional_atlas.core.kinds import IndicatorMeta, rule_of
from regional_atlas.core.schema import (
    COMMITTED_COLUMNS,
    COMMITTED_REGION_COLUMNS,
    INDICATOR_COLUMNS,
    WITHHELD,
    AtlasTables,
)
from regional_atlas.membership.rollup import region_groups, unit_groups

__all__ = [
    "AREA",
    "DECIMALS",
    "SHARE_DECIMALS",
    "counts_table",
    "decimals_of",
    "indicators_table",
    "members_digests",
    "region_values_table",
    "scores_table",
    "stacked_scores",
]

_COLUMNS = ("rank", "rank_low", "rank_high", "p_top", "p_ahead", "tier", "p_tier", "coverage")
AREA = "area_km2"
"""The code of the units' own area, for weights and denominators."""
DECIMALS = 4
"""To which committed scores and counts are rounded."""
SHARE_DECIMALS = 6
"""To which committed shares of a weight are rounded."""


def scores_table(project: Project, tables: AtlasTables, ranking: str) -> pd.DataFrame:
    """Lay out a computed ranking to commit.

    Returns
    -------
    DataFrame
        By rank: `unit_id`, `unit`, the dimensions, `index`, `rank` with its interval and the
        probability of the first N, `tier` with its probability, `coverage`.

    Raises
    ------
    InputError
        When the ranking is a published one.
    """
    scores = _of_ranking(project, tables, ranking)
    dimensions = [node.code for node in children(project.indices[ranking].nodes, "index")]
    last = [name for name in scores.columns if re.sub(r"^p_top\d+$", "p_top", name) in _COLUMNS]
    last.sort(key=lambda name: _COLUMNS.index(re.sub(r"\d+$", "", name)))
    table = scores[[*(code for code in dimensions if code in scores.columns), "index", *last]]
    table.insert(0, "unit", tables.unit_table["unit"].reindex(table.index))
    table = table.rename_axis("unit_id").reset_index()
    return table.sort_values(["rank", "unit_id"], ignore_index=True).round(DECIMALS)


def counts_table(project: Project, tables: AtlasTables, ranking: str) -> pd.DataFrame:
    """Lay out the counts of regions of a computed ranking to commit.

    Raises
    ------
    InputError
        When the ranking is a published one, or nothing varies in its index.
    """
    _of_ranking(project, tables, ranking)
    counts = tables.region_counts[tables.region_counts["ranking"] == ranking]
    if counts.empty:
        raise InputError(f"ranking {ranking!r} has no counts: its index has no [uncertainty]")
    return counts.drop(columns="ranking").reset_index(drop=True).round(DECIMALS)


def _of_ranking(project: Project, tables: AtlasTables, ranking: str) -> pd.DataFrame:
    project.ranking(ranking)
    if ranking not in tables.scores:
        allowed = ", ".join(tables.scores) or "none is declared"
        raise InputError(f"ranking {ranking!r} is not computed; allowed: {allowed}")
    return tables.scores[ranking]


def stacked_scores(tables: AtlasTables) -> pd.DataFrame:
    """Stack the scores of all computed rankings: a row per ranking and unit, a column per node."""
    first = ["ranking", "unit_id", "unit"]
    last = ["index", "rank", "tier"]
    tables_of = {
        name: scores.rename_axis("unit_id").reset_index() for name, scores in tables.scores.items()
    }
    nodes: dict[str, None] = {}
    intervals: dict[str, None] = {}
    for table in tables_of.values():
        names = list(table.columns)
        nodes |= dict.fromkeys(names[1 : names.index("index")])
        intervals |= dict.fromkeys(names[names.index("tier") + 1 :])
    found = [
        table.assign(ranking=name, unit=table["unit_id"].map(tables.unit_table["unit"]))
        for name, table in tables_of.items()
    ]
    columns = [*first, *nodes, *last, *intervals]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def decimals_of(meta: Mapping[str, IndicatorMeta]) -> dict[str, int]:
    """Give the decimals of committed values by indicator: two more than are shown."""
    return {code: item.digits + 2 for code, item in meta.items()}


def indicators_table(project: Project, tables: AtlasTables) -> pd.DataFrame:
    """Lay out the indicators by unit to commit: of the project's tables, what does not add up.

    Returns
    -------
    DataFrame
        `COMMITTED_COLUMNS`: the indicators contract with the rule by which each rolls up, rounded
        to `decimals_of`.
    """
    meta = _of_tables(project, tables)
    ratios = [code for code, item in meta.items() if not item.extensive]
    rows = tables.indicators.loc[tables.indicators["code"].isin(ratios), INDICATOR_COLUMNS]
    return _with_rules(_rounded(rows, meta), meta)[COMMITTED_COLUMNS].reset_index(drop=True)


def region_values_table(
    project: Project, tables: AtlasTables, kinds: Collection[str], least_members: int
) -> pd.DataFrame:
    """Lay out the values of regions to commit: of the project's tables, totals and ratios.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
    kinds : collection of str
        Parent levels and kinds of region.
    least_members : int
        A total of fewer members with data is left out and flagged, for it would tell what single
        units have. So is the share of the weight that the members with data hold, where these or
        those without are fewer.

    Returns
    -------
    DataFrame
        `COMMITTED_REGION_COLUMNS`: `region_values` and, in `members_digest`, which units the region
        was made of.
    """
    meta = _of_tables(project, tables)
    rows = tables.region_values
    rows = _rounded(rows[rows["kind"].isin(kinds) & rows["code"].isin(list(meta))], meta)
    totals = [code for code, item in meta.items() if item.extensive]
    few = rows["members_with_data"].between(1, least_members - 1)
    few_in_total = few & rows["code"].isin(totals)
    few_without = (rows["members"] - rows["members_with_data"]).between(1, least_members - 1)
    flags = rows["flags"].where(rows["flags"].isna(), rows["flags"] + ";").fillna("") + WITHHELD
    digests = pd.concat({kind: members_digests(tables, kind) for kind in kinds})
    areas = pd.MultiIndex.from_frame(rows[["kind", "region_id"]])
    rows = rows.assign(
        value=rows["value"].mask(few_in_total),
        flags=rows["flags"].mask(few_in_total, flags),
        weight_share=rows["weight_share"].round(SHARE_DECIMALS).mask(few | few_without),
        members_digest=digests.reindex(areas).array,
    )
    return rows[COMMITTED_REGION_COLUMNS].reset_index(drop=True)


def members_digests(tables: AtlasTables, kind: str) -> pd.Series:
    """Digest the members of every area of a kind of region or parent level, by its id."""
    if kind in tables.parents:
        groups, areas = unit_groups(tables.unit_table, f"{kind}_id"), tables.parents[kind].index
    else:
        groups = region_groups(tables.membership, kind)
        areas = tables.region_table.index[tables.region_table["kind"] == kind]
    held = groups.groupby("group")["unit_id"].agg(_digest)
    return held.reindex(areas).fillna(_digest(()))


def _digest(units: Collection[str]) -> str:
    return hashlib.sha256("\n".join(sorted(units)).encode("utf-8")).hexdigest()[:12]


def _of_tables(project: Project, tables: AtlasTables) -> dict[str, IndicatorMeta]:
    """Keep the indicators that come from the project's tables, not from lights or rasters."""
    named = project.config.indicators
    return {code: item for code, item in tables.meta.items() if item.citation in named}


def _rounded(rows: pd.DataFrame, meta: Mapping[str, IndicatorMeta]) -> pd.DataFrame:
    decimals = rows["code"].map(decimals_of(meta))
    parts = [values.round(int(at)) for at, values in rows["value"].groupby(decimals)]
    rounded = pd.concat(parts) if parts else rows["value"]
    return rows.assign(value=rounded.reindex(rows.index))


def _with_rules(rows: pd.DataFrame, meta: Mapping[str, IndicatorMeta]) -> pd.DataFrame:
    rules = {code: rule_of(item.kind).in_("en") for code, item in meta.items()}
    return rows.assign(rule=rows["code"].map(rules))
