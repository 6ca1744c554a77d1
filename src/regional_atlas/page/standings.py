"""What cards say beyond ranks: counts of regions with intervals, dimensions of indices."""

from __future__ import annotations

from typing import Any

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.text import Pair, of_text

__all__ = ["dimension_columns", "dimension_titles", "region_counts"]

_PARTS = ("count", "low", "high")


def region_counts(project: Project, tables: AtlasTables) -> dict[str, dict[str, Any]]:
    """Give how many of the first N each area holds, with the interval over the draws.

    Parameters
    ----------
    project : Project
    tables : AtlasTables

    Returns
    -------
    dict
        By ranking: `top`, and by level or kind the columns `count`, `low` and `high` in the order
        of its areas, each unit counted once; missing where an area has none of the candidates.
    """
    rows = tables.region_counts
    rows = rows[rows["exclusive"].astype(bool)]
    areas = {level: table.index for level, table in tables.parents.items()}
    for kind in project.kinds():
        areas[kind] = tables.regions.index[tables.regions["kind"] == kind]
    found: dict[str, dict[str, Any]] = {}
    for (ranking, scope), held in rows.groupby(["ranking", "kind"], sort=False):
        table = held.set_index("region_id").reindex(areas[str(scope)])
        entry = found.setdefault(str(ranking), {"top": int(held["top"].iloc[0])})
        entry[str(scope)] = {part: _whole(table[part]) for part in _PARTS}
    return found


def _whole(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in values]


def _dimensions(project: Project, tables: AtlasTables, ranking: str) -> list[tuple[str, Pair]]:
    nodes = project.indices[ranking].nodes
    table = tables.scores[ranking]
    first = [node for node in nodes if node.parent == "index"]
    return [
        (node.code, of_text(node.title))
        for node in first
        if node.code in table.columns and table[node.code].notna().any()
    ]


def dimension_titles(
    project: Project, tables: AtlasTables, ranking: str
) -> list[dict[str, Any]] | None:
    """List the first level of an index's tree that has scores; None for a published ranking."""
    if ranking not in tables.scores:
        return None
    found = _dimensions(project, tables, ranking)
    return [{"id": code, "title": title} for code, title in found] or None


def dimension_columns(
    project: Project, tables: AtlasTables
) -> dict[str, dict[str, list[int | None]]]:
    """Give the scores of those dimensions in whole points, by ranking and code."""
    return {
        ranking: {
            code: _whole(table[code].reindex(tables.units.index).round())
            for code, _ in _dimensions(project, tables, ranking)
        }
        for ranking, table in tables.scores.items()
    }
