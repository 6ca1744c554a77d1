"""Plates of kind `ranking`: units coloured by their rank."""

from __future__ import annotations

from collections import Counter

import numpy as np

from regional_atlas.config.plates import RankingPlateConfig
from regional_atlas.page.classes import rank_classes
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.format import RankingPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import places_clauses
from regional_atlas.page.text import pair, plural

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
        names, count = listed([facts.parent(level, at) for at in top]), counts[top[0]]
        title = facts.level_title(level)
        each = len(top) > 1
        clauses.append(
            pair(
                f"{title.zh}中{names.zh}{'并列' if each else ''}最多，"
                f"{'各' if each else ''}占 {count} 席",
                f"among {plural(title.en, 2)}, {names.en} "
                f"{'hold' if each else 'holds'} most: {count} of {len(best)}"
                f"{' each' if each else ''}",
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
    title, total = facts.level_title(level), len(facts.store.parents[level].ids)
    clauses: Clauses = [
        pair(
            f"{total} 个{title.zh}中 {len(counts)} 个有单元上榜",
            f"{len(counts)} of {total} {plural(title.en, total)} "
            f"{'has' if len(counts) == 1 else 'have'} a unit in the ranking",
        )
    ]
    front: Counter[int] = facts.by_parent(level, best[:FIRST])
    top = leaders(front)
    if len(best) > FIRST and 0 < len(top) <= NAMED:
        names, each = listed([facts.parent(level, at) for at in top]), len(top) > 1
        clauses.append(
            pair(
                f"前 {FIRST} 名中{names.zh}{'各' if each else ''}占 {front[top[0]]} 席",
                f"{names.en} {'hold' if each else 'holds'} {front[top[0]]} of the first {FIRST}"
                f"{' each' if each else ''}",
            )
        )
    many = leaders(counts)
    if len(many) == 1 and counts[many[0]] > 1:
        of = np.array(facts.store.parents[level].of)
        held = ranks[(of == many[0]) & ~np.isnan(ranks)]
        name = facts.parent(level, many[0])
        clauses.append(
            pair(
                f"{name.zh}上榜最多（{counts[many[0]]} 个），名次由第 {held.min():.0f} "
                f"至第 {held.max():.0f}",
                f"{name.en} has most ({counts[many[0]]}), from rank {held.min():.0f} to "
                f"{held.max():.0f}",
            )
        )
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"treemap": _treemap, "strip": _strip},
    citation=lambda config, facts: facts.ranking(config.ranking).citation,
)
