"""Sets of clusters as the page reads them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.text import of_text, of_unit, pair

__all__ = ["cluster_specs"]


def cluster_specs(project: Project, tables: AtlasTables) -> list[dict[str, Any]]:
    """Describe the sets of clusters: their groups, and each cluster with its units."""
    positions = {unit: i for i, unit in enumerate(tables.units.index)}
    sets = []
    for config in project.config.clusters:
        rows = tables.clusters[tables.clusters["set"] == config.id]
        items = []
        for name, held in rows.groupby("cluster_id", sort=False):
            first = held.iloc[0]
            items.append(
                {
                    "id": str(name),
                    "title": _title(first),
                    "group": None if pd.isna(first["group"]) else str(first["group"]),
                    "size": None if pd.isna(first["size"]) else float(first["size"]),
                    "units": [positions[unit] for unit in held["unit_id"] if unit in positions],
                }
            )
        sets.append(
            {
                "id": config.id,
                "title": of_text(config.title),
                "size_unit": of_unit(config.size_unit) if config.size_unit else None,
                "citation": config.citation,
                "groups": [
                    {
                        "id": group.name,
                        "title": of_text(group.title),
                        "since": group.since,
                        "source": of_text(group.source) if group.source else None,
                    }
                    for group in config.groups
                ],
                "items": items,
            }
        )
    return sets


def _title(row: pd.Series) -> dict[str, str]:
    own, english = str(row["cluster"]), row["cluster_en"]
    return pair(own, own if pd.isna(english) else str(english))
