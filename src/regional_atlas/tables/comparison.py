"""The pipeline's comparison step: published figures and orders beside computed ones."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.config.rankings import CompareConfig
from regional_atlas.core.errors import ConfigError, raise_if
from regional_atlas.core.schema import AtlasTables, BuildReport, Check, Omission
from regional_atlas.core.texts import Message, Said, Text
from regional_atlas.sources.tables import read_published_figures, read_ranking
from regional_atlas.tables.compare import compare_figures, rank_agreement
from regional_atlas.tables.joins import join_units
from regional_atlas.units.matching import Gazetteer

__all__ = ["compare_published"]


def compare_published(
    project: Project, tables: AtlasTables, gazetteer: Gazetteer, report: BuildReport
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Lay what is published beside what was computed, and report how they went.

    Returns
    -------
    DataFrame or None
        `comparison`, of figures; None where the project names none.
    DataFrame or None
        `agreement`, of orders.
    """
    config = project.config.compare
    if config is None:
        return None, None
    published = read_published_figures(config.file, report.tables)
    comparison = compare_figures(published, tables, config)
    equal = int(comparison["match"].sum())
    open_ends = comparison["note"].str.startswith("differs;").sum()
    report.checks.append(
        Check(
            Message("check-published"),
            open_ends == 0,
            Message(
                "check-published-equal",
                {"equal": equal, "count": len(comparison), "open": int(open_ends)},
            ),
        )
    )
    orders = _published(project, tables, gazetteer, report)
    agreement = rank_agreement(config.agreement, tables, orders)
    titles = _titles(project, tables)
    report.checks += [_agreement_check(row, titles) for row in agreement.to_dict("records")]
    report.omissions += _left_out(config, agreement, titles)
    return comparison, agreement


def _published(
    project: Project, tables: AtlasTables, gazetteer: Gazetteer, report: BuildReport
) -> dict[str, pd.Series]:
    """Collect published orders: the project's rankings, and the lists that are given."""
    config = project.config.compare
    assert config is not None
    found = {
        str(name): rows.set_index("unit_id")["rank"]
        for name, rows in tables.rankings.groupby("ranking")
    }
    for name, listed in config.lists.items():
        if listed.file is None:
            continue
        read = read_ranking(listed.file, listed, only=listed.only, readings=report.tables)
        matched = join_units(read, gazetteer, name, listed, report).dropna()
        ranks = read.rows.loc[matched.index, "rank"]
        found[name] = ranks.set_axis(pd.Index(matched, name="unit_id"))
    known = {*(ranking.id for ranking in project.config.rankings), *config.lists}
    raise_if(
        (
            f"agreement: {name!r} is not a ranking or list; allowed: {', '.join(sorted(known))}"
            for pair in config.agreement
            for name in (pair.published, pair.ranking)
            if name is not None and name not in known
        ),
        ConfigError,
        "compare",
    )
    return found


def _titles(project: Project, tables: AtlasTables) -> dict[str, Said]:
    lists = project.config.compare.lists if project.config.compare else {}
    return {
        **{code: meta.title for code, meta in tables.meta.items()},
        **{name: listed.title for name, listed in lists.items()},
        **{ranking.id: ranking.title for ranking in project.config.rankings},
    }


def _agreement(computed: str, published: str, titles: dict[str, Said]) -> Message:
    one, other = (titles.get(name, Text(name)) for name in (computed, published))
    return Message("check-agreement", {"one": one, "other": other})


def _agreement_check(row: dict[Hashable, Any], titles: dict[str, Said]) -> Check:
    n, overlap, rho = row["length"], row["overlap"], row["rho_overlap"]
    return Check(
        _agreement(row["computed"], row["published"], titles),
        True,
        Message("check-agreement-found", {"count": n, "found": overlap, "rho": f"{rho:.2f}"}),
    )


def _left_out(
    config: CompareConfig, agreement: pd.DataFrame, titles: dict[str, Said]
) -> Iterator[Omission]:
    """Name each pair that the table does not have, and what it waits for."""
    found = set(zip(agreement["computed"], agreement["published"], strict=True))
    for pair in config.agreement:
        computed = pair.ranking or pair.indicator or ""
        if (computed, pair.published) in found:
            continue
        listed = config.lists.get(pair.published)
        why = Message("why-lacks", {"codes": computed})
        if listed is not None and listed.file is None:
            key = f"compare.lists.{pair.published}.file"
            why = Message("why-no-file", {"key": key})
        yield Omission(_agreement(computed, pair.published, titles), why)
