"""A computed ranking laid out to commit: scores with their intervals, counts of regions."""

from __future__ import annotations

import re

import pandas as pd

from regional_atlas.config.index import children
from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError
from regional_atlas.core.schema import AtlasTables

__all__ = ["DECIMALS", "counts_table", "scores_table", "stacked_scores"]

_COLUMNS = ("rank", "rank_low", "rank_high", "p_top", "p_ahead", "tier", "p_tier", "coverage")
DECIMALS = 4
"""To which committed numbers are rounded."""


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
