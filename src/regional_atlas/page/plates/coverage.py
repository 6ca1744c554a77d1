"""Plates of kind `coverage`: parents coloured by how many of their units are ranked."""

from __future__ import annotations

import numpy as np

from regional_atlas.config.plates import CoveragePlateConfig
from regional_atlas.core.numerals import Percent
from regional_atlas.core.texts import Message
from regional_atlas.page.classes import count_labels
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import CoveragePlate, CoverageRow
from regional_atlas.page.plates._fields import classified
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import places_clauses
from regional_atlas.page.rounding import round_significant

__all__ = ["KIND"]


def _plate(config: CoveragePlateConfig, head: Head, facts: Facts) -> CoveragePlate:
    rows = _rows(config.ranking, config.level, facts)
    counted = config.measure == "count"
    values = np.array([row.count if counted else row.share for row in rows], dtype=np.float64)
    # A parent without any is paper, and no part of the classes.
    values = np.where(values > 0, values, np.nan)
    classes = classified(config, values, values, clear=True)
    return CoveragePlate(
        **head,
        chart=config.chart,
        ranking=config.ranking,
        level=config.level,
        measure=config.measure,
        classes=count_labels(classes) if counted else classes,
        rows=rows,
    )


def _rows(ranking: str, level: str, facts: Facts) -> list[CoverageRow]:
    ranks, parents = facts.ranks(ranking), facts.store.parents[level]
    of = facts.by_parent(level, np.flatnonzero(facts.candidates(ranking)).tolist())
    counts = facts.by_parent(level, facts.best(ranking))
    parent_of = np.array(parents.of)
    rows = []
    for parent in range(len(parents.ids)):
        own = ranks[parent_of == parent]
        rows.append(
            CoverageRow(
                parent=parent,
                count=counts[parent],
                of=of[parent],
                share=round_significant(counts[parent] / of[parent]) if of[parent] else None,
                best=None if np.isnan(own).all() else int(np.nanmin(own)),
            )
        )
    return rows


def _clauses(plate: CoveragePlate, facts: Facts) -> Clauses:
    level = plate.level
    if plate.measure == "count":
        return places_clauses(plate.ranking, facts)
    shares = [(row.share, row) for row in plate.rows if row.share is not None]
    held = [(share, row) for share, row in shares if row.count]
    ranked = sorted(held, key=lambda item: (-item[0], -item[1].of))
    if not ranked:
        return []
    highest, first = ranked[0]
    tied = sum(share == highest for share, _ in ranked)
    given = {"name": facts.parent(level, first.parent), "count": first.count, "of": first.of}
    clauses: Clauses = [
        Message("finding-share-highest", given | {"share": Percent(highest), "tied": tied})
    ]
    if tied == 1 and len(ranked) > 1:
        share, second = ranked[1]
        given = {"name": facts.parent(level, second.parent), "count": second.count, "of": second.of}
        clauses.append(Message("finding-share-second", given | {"share": Percent(share)}))
    none = len(shares) - len(ranked)
    if none:
        given = {"count": none, "level": facts.level_title(level)}
        clauses.append(Message("finding-share-none", given))
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.ranking(config.ranking).citation,
)
