"""Plates of kind `ranking`: units coloured by their rank."""

from __future__ import annotations

from collections import Counter

import numpy as np

from regional_atlas.config.plates import RankingPlateConfig
from regional_atlas.core.texts import Message
from regional_atlas.page.classes import rank_classes
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.format import RankingPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import places_clauses

__all__ = ["KIND"]

FIRST = 10
"""Places that count as the front of a ranking."""


def _plate(config: RankingPlateConfig, head: Head, facts: Facts) -> RankingPlate:
    classes = rank_classes(facts.ranks(config.ranking), config.palette)
    return RankingPlate(**head, chart=config.chart, ranking=config.ranking, classes=classes)


def _clauses(plate: RankingPlate, facts: Facts) -> Clauses:
    return places_clauses(plate.ranking, facts)


def _treemap(plate: RankingPlate, facts: Facts) -> Clauses:
    """Say who holds most at each level."""
    best = facts.best(plate.ranking)
    clauses: Clauses = []
    for level in [level.id for level in facts.spec.levels]:
        counts = facts.by_parent(level, best)
        top = leaders(counts)
        if not top or len(top) > NAMED:
            continue
        clauses.append(
            Message(
                "finding-level-most",
                {
                    "level": facts.level_title(level),
                    "names": listed([facts.parent(level, at) for at in top]),
                    "holders": len(top),
                    "count": counts[top[0]],
                    "total": len(best),
                },
            )
        )
    return clauses


def _strip(plate: RankingPlate, facts: Facts) -> Clauses:
    """Say how many parents are ranked at all, who shares the front, and the widest span."""
    level, ranks = facts.level, facts.ranks(plate.ranking)
    best = facts.best(plate.ranking)
    if level is None or not best:
        return []
    counts = facts.by_parent(level, best)
    total = len(facts.store.parents[level].ids)
    clauses: Clauses = [
        Message(
            "finding-ranked-parents",
            {"count": len(counts), "total": total, "level": facts.level_title(level)},
        )
    ]
    front: Counter[int] = facts.by_parent(level, best[:FIRST])
    top = leaders(front)
    if len(best) > FIRST and 0 < len(top) <= NAMED:
        clauses.append(
            Message(
                "finding-front",
                {
                    "names": listed([facts.parent(level, at) for at in top]),
                    "holders": len(top),
                    "count": front[top[0]],
                    "first": FIRST,
                },
            )
        )
    many = leaders(counts)
    if len(many) == 1 and counts[many[0]] > 1:
        of = np.array(facts.store.parents[level].of)
        held = ranks[(of == many[0]) & ~np.isnan(ranks)]
        clauses.append(
            Message(
                "finding-widest",
                {
                    "name": facts.parent(level, many[0]),
                    "count": counts[many[0]],
                    "from": int(held.min()),
                    "to": int(held.max()),
                },
            )
        )
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"treemap": _treemap, "strip": _strip},
    citation=lambda config, facts: facts.ranking(config.ranking).citation,
)
