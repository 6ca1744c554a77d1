"""Rankings: published tables joined to units, computed indices, clusters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd
from pandas.util import hash_pandas_object

from regional_atlas.config import ClustersConfig, RankingConfig
from regional_atlas.config.index import IndexConfig, leaves
from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if, results_of
from regional_atlas.core.long_tables import last_values
from regional_atlas.core.schema import (
    CLUSTER_COLUMNS,
    RANKING_COLUMNS,
    BuildReport,
    Check,
    Omission,
    check_rankings,
    listed,
)
from regional_atlas.core.texts import Message, Text
from regional_atlas.scoring.index import score
from regional_atlas.scoring.steps.rank import tiers_by_rank
from regional_atlas.sources.scores import read_region_counts, read_scores
from regional_atlas.sources.tables import UnitRows, read_clusters, read_ranking
from regional_atlas.tables.committed import DECIMALS
from regional_atlas.tables.joins import join_units
from regional_atlas.tables.store import Store, digest
from regional_atlas.tables.uncertainty import (
    COUNT_COLUMNS,
    Groups,
    counts_by_chance,
    counts_of,
    uncertainty_of,
    with_intervals,
)
from regional_atlas.units.matching import Gazetteer

__all__ = ["build_clusters", "build_published", "build_rankings", "index_data"]


def build_published(
    project: Project, units: pd.DataFrame, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    """Join the published rankings to the units.

    Returns
    -------
    DataFrame
        Rows as in the rankings contract, in the order of the files.

    Raises
    ------
    DataError
        Of every ranking, the rows that no unit, or more than one, answers to, that repeat, or that
        are not as many as declared.
    """
    calls = (
        partial(_published, config, units, gazetteer, report)
        for config in project.config.rankings
        if config.file is not None
    )
    tables = [table[RANKING_COLUMNS] for table in results_of(*calls, kind=DataError)]
    return _typed(pd.concat(tables, ignore_index=True) if tables else _none())


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=RANKING_COLUMNS)


def _typed(rankings: pd.DataFrame) -> pd.DataFrame:
    return rankings.astype({"rank": "int64", "score": "float64", "tier": "Int64"})


def build_rankings(
    project: Project,
    units: pd.DataFrame,
    published: pd.DataFrame,
    indicators: pd.DataFrame,
    groups: Groups,
    store: Store,
    report: BuildReport,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Compute the rankings that are not published, and put all together.

    Returns
    -------
    DataFrame
        The rankings contract, in the project's order, then by rank.
    dict of str to DataFrame
        Scores of the computed rankings.
    dict of str to DataFrame
        Counts of each region among the first ranks, by ranking; see `counts_of` and
        `counts_by_chance`.

    Raises
    ------
    DataError
        What is wrong with each index that cannot be computed.
    """
    computed = [config for config in project.config.rankings if config.file is None]
    calls = (
        partial(_computed, config, project, units, indicators, groups, store, report)
        for config in computed
    )
    found = dict(
        zip((config.id for config in computed), results_of(*calls, kind=DataError), strict=True)
    )
    scores = {name: table for name, (table, _) in found.items()}
    ranks = published.set_index("unit_id").groupby("ranking")["rank"]
    counted = {name: counts_by_chance(each, groups.units, groups.chances) for name, each in ranks}
    counted |= {name: each for name, (_, each) in found.items()}
    names = (config.id for config in project.config.rankings)
    counts = {name: each for name in names if (each := counted.get(name)) is not None}
    if not project.config.rankings:
        return _none(), scores, counts
    tables = [published]
    for name, table in scores.items():
        ranked = table.dropna(subset=["rank"])
        ranked = ranked.rename_axis("unit_id").reset_index().rename(columns={"index": "score"})
        names = units["unit"].reindex(ranked["unit_id"]).array
        tables.append(ranked.assign(ranking=name, unit=names)[RANKING_COLUMNS])
    rankings = _typed(pd.concat([table for table in tables if len(table)] or [_none()]))
    order = {config.id: i for i, config in enumerate(project.config.rankings)}
    rankings["order"] = rankings["ranking"].map(order)
    rankings = rankings.sort_values(["order", "rank", "unit_id"], ignore_index=True)
    return check_rankings(rankings.drop(columns="order"), units.index), scores, counts


def _computed(
    config: RankingConfig,
    project: Project,
    units: pd.DataFrame,
    indicators: pd.DataFrame,
    groups: Groups,
    store: Store,
    report: BuildReport,
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Compute an index and its regional counts, or take what was kept where indicators lack."""
    spec = project.indices[config.id]
    data, absent = index_data(config, spec, units, indicators)
    if not absent or config.scores is None:
        scores = _scores(data, spec, store)
        counts = counts_by_chance(scores["rank"], groups.units, groups.chances)
        found = uncertainty_of(data, spec, store, groups=groups.units, chances=groups.chances)
        if spec.uncertainty is not None and found is not None:
            report.uncertainty[config.id] = found.parameters
            top = spec.uncertainty.top
            scores, counts = with_intervals(scores, found, top), counts_of(found, top)
        report.checks += _same_as_kept(config, scores, counts)
        return scores, counts
    kept = read_scores(config.scores)
    unknown = sorted(set(kept.index) - set(data.index))
    raise_if(
        (f"unit_id {code!r} is not a unit of this ranking" for code in unknown),
        DataError,
        str(config.scores),
    )
    report.omissions.append(
        Omission(
            Message("omitted-ranking", {"title": config.title}),
            Message("why-stored-scores", {"codes": ", ".join(absent), "file": config.scores.name}),
        )
    )
    if config.counts:
        return kept, read_region_counts(config.counts)
    return kept, counts_by_chance(kept["rank"], groups.units, groups.chances)


def index_data(
    config: RankingConfig, spec: IndexConfig, units: pd.DataFrame, indicators: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Lay out what an index is computed from: each indicator's last value, and what is not there.

    Returns
    -------
    DataFrame
        Index `unit_id` of the units that the ranking is among; one column per indicator.
    list of str
        Codes that the index needs and the build lacks.
    """
    chosen = units.index[units["unit_type"].isin(config.among)] if config.among else units.index
    data = last_values(indicators, chosen)
    wanted = [node.code for node in leaves(spec.nodes) if node.absent is None]
    return data, [code for code in wanted if code not in data.columns]


def _same_as_kept(
    config: RankingConfig, scores: pd.DataFrame, counts: pd.DataFrame | None
) -> Iterator[Check]:
    """Say whether the kept scores and counts are those that the build computes."""
    if config.scores is not None:
        kept = read_scores(config.scores)
        yield _same(config, config.scores.name, kept, scores)
    if config.counts is not None:
        keys = ["kind", "region_id", "exclusive"]
        found = pd.DataFrame(columns=COUNT_COLUMNS) if counts is None else counts
        kept = read_region_counts(config.counts).set_index(keys)
        yield _same(config, config.counts.name, kept, found.set_index(keys))


def _same(config: RankingConfig, name: str, kept: pd.DataFrame, found: pd.DataFrame) -> Check:
    one = kept.astype("float64")
    other = found.reindex(index=kept.index, columns=kept.columns).astype("float64")
    off = ((one - other).abs() > 10.0**-DECIMALS) | (one.isna() != other.isna())
    differ = int(off.any(axis=1).sum()) + len(found.index.symmetric_difference(kept.index))
    return Check(
        Message("check-stored-scores", {"title": config.title, "file": name}),
        differ == 0,
        Message("check-stored-scores-rows", {"rows": differ}),
    )


def _scores(data: pd.DataFrame, spec: IndexConfig, store: Store) -> pd.DataFrame:
    key = digest(
        spec.model_dump(mode="json"),
        hash_pandas_object(data).to_list(),
        list(data.columns),
        code=["regional_atlas.scoring"],
    )

    def make() -> pd.DataFrame:
        result = score(data, spec)
        return result.scores.assign(coverage=result.availability)

    return store.get("scores", key, make)


def build_clusters(
    project: Project, units: pd.DataFrame, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    """Join clusters to their units: one row for each cluster and unit.

    Raises
    ------
    DataError
        Of every set, the clusters whose unit no unit, or more than one, answers to.
    """

    def joined(config: ClustersConfig) -> pd.DataFrame:
        read = read_clusters(config, report.tables)
        matched = join_units(read, gazetteer, config.id, config, report, config.units)
        # A line stands once for each of its units.
        rows = read.rows.assign(unit_id=matched.array).dropna(subset=["unit_id"])
        rows["unit"] = units["unit"].reindex(rows["unit_id"]).array
        return rows[CLUSTER_COLUMNS]

    calls = (partial(joined, config) for config in project.config.clusters)
    tables = results_of(*calls, kind=DataError)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CLUSTER_COLUMNS)


def _published(
    config: RankingConfig, units: pd.DataFrame, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    assert config.file is not None
    read = read_ranking(config.file, config, readings=report.tables)
    rows, where = read.rows, read.table.where
    problems = _beyond(config.length, read)
    matched = join_units(read, gazetteer, config.id, config, report, problems=problems)
    rows = rows.assign(unit_id=matched)
    rows = rows.dropna(subset=["unit_id"])
    column = "unit_id" if "unit_id" in read.rows else "unit"
    problems = [
        f"unit {code} ({units['unit'][str(code)]}) is the answer to more than one row: "
        f"{listed([read.table.row(line, column) for line in lines])}"
        for code, lines in rows.groupby("unit_id").groups.items()
        if len(lines) > 1
    ]
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


def _beyond(length: int | None, read: UnitRows) -> list[str]:
    """Name the ranks of a list that its length has no place for, and a wrong number of rows."""
    if length is None:
        return []
    ranks = read.rows["rank"]
    problems = [
        f"{read.table.row(row, 'rank')}: rank {rank} is beyond `length`, {length}"
        for row, rank in zip(ranks.index, ranks, strict=True)
        if rank > length
    ]
    if len(ranks) != length:
        problems.append(f"{length} rows are expected (`length`), found {len(ranks)}")
    return problems


def _firsts(config: RankingConfig, rows: pd.DataFrame, units: pd.DataFrame) -> list[Check]:
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
                Message("check-flags", {"title": config.title, "column": str(column)}),
                not differs,
                Text(differs)
                if differs
                else Message("check-flags-agree", {"count": int(said.sum())}),
            )
        )
    return checks
