"""What cards say beyond ranks: counts of regions with intervals, dimensions of indices."""

from __future__ import annotations

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.format import AreaCounts, Column, Counts, Named

__all__ = ["dimension_columns", "dimension_titles", "region_counts"]


def region_counts(project: Project, tables: AtlasTables) -> dict[str, Counts]:
    """Give how many of the first N each area holds, with the interval of the number.

    Parameters
    ----------
    project : Project
    tables : AtlasTables

    Returns
    -------
    dict of str to Counts
        By ranking, each unit counted once; missing where an area has none of the candidates.
    """
    rows = tables.region_counts
    rows = rows[rows["exclusive"].astype(bool)]
    areas = {level: table.index for level, table in tables.parents.items()}
    for kind in project.kinds():
        areas[kind] = tables.regions.index[tables.regions["kind"] == kind]
    return {
        str(ranking): Counts(
            top=int(held["top"].iloc[0]),
            areas={
                str(scope): _area_counts(counts, areas[str(scope)])
                for scope, counts in held.groupby("kind", sort=False)
            },
        )
        for ranking, held in rows.groupby("ranking", sort=False)
    }


def _area_counts(rows: pd.DataFrame, areas: pd.Index) -> AreaCounts:
    table = rows.set_index("region_id").reindex(areas)
    return AreaCounts(
        count=_whole(table["count"]), low=_whole(table["low"]), high=_whole(table["high"])
    )


def _whole(values: pd.Series) -> Column:
    return [None if pd.isna(value) else int(value) for value in values]


def _dimensions(project: Project, tables: AtlasTables, ranking: str) -> list[Named]:
    nodes = project.indices[ranking].nodes
    table = tables.scores[ranking]
    first = [node for node in nodes if node.parent == "index"]
    return [
        Named(id=node.code, title=node.title)
        for node in first
        if node.code in table.columns and table[node.code].notna().any()
    ]


def dimension_titles(project: Project, tables: AtlasTables, ranking: str) -> list[Named] | None:
    """List the first level of an index's tree that has scores; None for a published ranking."""
    if ranking not in tables.scores:
        return None
    return _dimensions(project, tables, ranking) or None


def dimension_columns(project: Project, tables: AtlasTables) -> dict[str, dict[str, Column]]:
    """Give the scores of those dimensions in whole points, by ranking and code."""
    columns = {
        ranking: {
            dimension.id: _whole(table[dimension.id].reindex(tables.unit_table.index).round())
            for dimension in _dimensions(project, tables, ranking)
        }
        for ranking, table in tables.scores.items()
    }
    return {ranking: held for ranking, held in columns.items() if held}
