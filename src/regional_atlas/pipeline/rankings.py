"""The pipeline's ranking step: published tables joined to units, computed indices, clusters."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from pandas.util import hash_pandas_object

from regional_atlas.cache import Cache, digest
from regional_atlas.config import RankingConfig
from regional_atlas.errors import DataError, MatchError, raise_if
from regional_atlas.framework import IndexConfig
from regional_atlas.model import Text
from regional_atlas.project import Project
from regional_atlas.schema import (
    CLUSTER_COLUMNS,
    RANKING_COLUMNS,
    BuildReport,
    Check,
    check_rankings,
)
from regional_atlas.scoring.index import score
from regional_atlas.scoring.rank import tiers_by_rank
from regional_atlas.sources.tables import read_clusters, read_ranking
from regional_atlas.units.matching import Gazetteer, match_rows

__all__ = ["build_clusters", "build_rankings"]


def build_rankings(
    project: Project,
    units: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    indicators: pd.DataFrame,
    cache: Cache,
    report: BuildReport,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Join published rankings and compute the others.

    Returns
    -------
    DataFrame
        The rankings contract, in the project's order, then by rank.
    dict of str to DataFrame
        Scores of the computed rankings.

    Raises
    ------
    MatchError
        A published row that no unit, or more than one, answers to.
    DataError
        A table whose rows repeat, or whose length is not the declared one.
    """
    tables, scores = [], {}
    for config in project.config.rankings:
        if config.file is not None:
            tables.append(_published(config, units, gazetteer, report))
        else:
            spec = project.indices[config.id]
            latest = indicators.sort_values("year").groupby(["unit_id", "code"])["value"].last()
            data = latest.unstack("code").reindex(units.index)
            scores[config.id] = _scores(data, spec, cache)
            ranked = scores[config.id].dropna(subset=["rank"])
            ranked = ranked.rename_axis("unit_id").reset_index().rename(columns={"index": "score"})
            tables.append(
                ranked.assign(
                    ranking=config.id, unit=units["unit"].reindex(ranked["unit_id"]).array
                )
            )
    if not tables:
        return pd.DataFrame(columns=RANKING_COLUMNS), scores
    rankings = pd.concat([table[RANKING_COLUMNS] for table in tables], ignore_index=True)
    rankings = rankings.astype({"rank": "int64", "score": "float64", "tier": "Int64"})
    order = {config.id: i for i, config in enumerate(project.config.rankings)}
    rankings["order"] = rankings["ranking"].map(order)
    rankings = rankings.sort_values(["order", "rank", "unit_id"], ignore_index=True)
    return check_rankings(rankings.drop(columns="order"), units.index), scores


def _scores(data: pd.DataFrame, spec: IndexConfig, cache: Cache) -> pd.DataFrame:
    key = digest(
        spec.model_dump(mode="json"),
        hash_pandas_object(data).to_list(),
        list(data.columns),
        code=["regional_atlas.scoring"],
    )
    return cache.get("scores", key, lambda: score(data, spec).scores)


def build_clusters(
    project: Project, units: gpd.GeoDataFrame, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    """Join clusters to their units: one row for each cluster and unit.

    Raises
    ------
    MatchError
        A cluster whose unit no unit, or more than one, answers to.
    """
    tables = []
    for config in project.config.clusters:
        rows = read_clusters(config)
        rows["unit_id"] = _matched(rows, gazetteer, config.id, str(config.file), report)
        rows["unit"] = units["unit"].reindex(rows["unit_id"]).array
        tables.append(rows[CLUSTER_COLUMNS])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CLUSTER_COLUMNS)


def _matched(
    rows: pd.DataFrame, gazetteer: Gazetteer, name: str, where: str, report: BuildReport
) -> pd.Series:
    matched, joined = match_rows(rows, gazetteer, name)
    report.joins.append(joined)
    raise_if(joined.problems(), MatchError, where)
    return matched


def _published(
    config: RankingConfig, units: gpd.GeoDataFrame, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    where = str(config.file)
    assert config.file is not None
    rows = read_ranking(config.file)
    rows["unit_id"] = _matched(rows, gazetteer, config.id, where, report)
    problems = [
        f"unit {code} ({units.at[code, 'unit']}) is the answer to more than one row"
        for code in rows["unit_id"][rows["unit_id"].duplicated()].unique()
    ]
    if config.length is not None and len(rows) != config.length:
        problems.append(f"{config.length} rows are expected, found {len(rows)}")
    if config.among:
        kinds = units["unit_type"].reindex(rows["unit_id"]).to_numpy()
        problems += [
            f"rank {rank}: {unit} is {kind}, not among {', '.join(config.among)}"
            for rank, unit, kind in zip(rows["rank"], rows["unit_id"], kinds, strict=True)
            if kind not in config.among
        ]
    raise_if(problems, DataError, where)
    report.checks += _firsts(config, rows, units)
    return rows.assign(
        ranking=config.id,
        unit=units["unit"].reindex(rows["unit_id"]).array,
        score=float("nan"),
        tier=tiers_by_rank(rows["rank"], config.tiers).array,
    )


def _firsts(config: RankingConfig, rows: pd.DataFrame, units: gpd.GeoDataFrame) -> list[Check]:
    """Check columns `first_in_<level>` against the ranks."""
    checks = []
    for column in rows.columns[rows.columns.str.startswith("first_in_")]:
        level = column.removeprefix("first_in_")
        if f"{level}_id" not in units.columns:
            continue
        parents = units[f"{level}_id"].reindex(rows["unit_id"]).array
        best = rows["rank"].groupby(parents).transform("min") == rows["rank"]
        said = rows[column].str.lower() == "true"
        differs = ", ".join(rows.loc[best != said, "unit"])
        checks.append(
            Check(
                Text(
                    zh=f"{config.title.zh}：{column} 标记", en=f"{config.title.en}: flags {column}"
                ),
                not differs,
                Text(
                    zh=differs or f"{int(said.sum())} 个标记与名次一致",
                    en=differs or f"all {int(said.sum())} flags agree with the ranks",
                ),
            )
        )
    return checks
