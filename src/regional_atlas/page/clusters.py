"""Sets of clusters as the page reads them."""

from __future__ import annotations

import pandas as pd

from regional_atlas.config import ClustersConfig
from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Said, named
from regional_atlas.page.format import Cluster, ClusterGroup, ClusterSet

__all__ = ["cluster_sets"]


def cluster_sets(project: Project, tables: AtlasTables) -> list[ClusterSet]:
    """Describe the sets of clusters: their groups, and each cluster with its units."""
    positions = {unit: i for i, unit in enumerate(tables.unit_table.index)}
    return [_set(config, tables, positions) for config in project.config.clusters]


def _set(config: ClustersConfig, tables: AtlasTables, positions: dict[str, int]) -> ClusterSet:
    rows = tables.clusters[tables.clusters["set"] == config.id]
    return ClusterSet(
        id=config.id,
        title=config.title,
        size_unit=config.size_unit,
        citation=config.citation,
        groups=[
            ClusterGroup(
                id=group.name,
                title=group.title,
                since=group.since,
                source=group.source,
            )
            for group in config.groups
        ],
        items=[
            _cluster(str(name), held, positions)
            for name, held in rows.groupby("cluster_id", sort=False)
        ],
    )


def _cluster(name: str, held: pd.DataFrame, positions: dict[str, int]) -> Cluster:
    first = held.iloc[0]
    return Cluster(
        id=name,
        title=_title(first),
        group=None if pd.isna(first["group"]) else str(first["group"]),
        size=None if pd.isna(first["size"]) else float(first["size"]),
        units=[positions[unit] for unit in held["unit_id"] if unit in positions],
    )


def _title(row: pd.Series) -> Said:
    own, english = str(row["cluster"]), row["cluster_en"]
    return named(own, None if pd.isna(english) else str(english))
