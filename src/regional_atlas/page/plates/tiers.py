"""Plates of kind `tiers`: units coloured by their tier."""

from __future__ import annotations

from regional_atlas.config.plates import TiersPlateConfig
from regional_atlas.page.classes import tier_classes, tier_name
from regional_atlas.page.facts import NAMED, Facts
from regional_atlas.page.format import TiersPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.text import english_list, pair, plural

__all__ = ["KIND"]


def _problems(config: TiersPlateConfig, facts: Facts) -> list[str]:
    tiers = facts.ranking(config.ranking).tiers
    return [] if tiers else [f"ranking {config.ranking!r} has no tiers"]


def _plate(config: TiersPlateConfig, head: Head, facts: Facts) -> TiersPlate:
    tiers = facts.ranking(config.ranking).tiers
    classes = tier_classes(tiers, facts.tiers(config.ranking), config.palette)
    return TiersPlate(**head, chart=config.chart, ranking=config.ranking, classes=classes)


def _clauses(plate: TiersPlate, facts: Facts) -> Clauses:
    tiers = facts.tiers(plate.ranking)
    best = facts.best(plate.ranking)
    known = [tier.tier for tier in facts.ranking(plate.ranking).tiers]
    if not known:
        return []
    first, *rest = known
    members = [unit for unit in best if tiers[unit] == first]
    sizes = {tier: int((tiers == tier).sum()) for tier in known}
    name, size = tier_name(first), sizes[first]
    few = len(members) <= 2 * NAMED
    named = facts.units(members if few else members[:NAMED])
    units = plural(facts.unit_level.en, size)
    leading = (
        pair(
            f"{name.zh}共 {size:,} 个：{named.zh}",
            f"{name.en} holds {size:,} {units}: {named.en}",
        )
        if few
        else pair(
            f"{name.zh}共 {size:,} 个，前{_numeral(NAMED)}名是{named.zh}",
            f"{name.en} holds {size:,} {units}, led by {named.en}",
        )
    )
    if not rest:
        return [leading]
    return [
        leading,
        pair(
            "、".join(f"{tier_name(tier).zh} {sizes[tier]:,} 个" for tier in rest),
            f"{plural('tier', len(rest))} {english_list([str(tier) for tier in rest])} "
            f"{'holds' if len(rest) == 1 else 'hold'} "
            f"{english_list([f'{sizes[tier]:,}' for tier in rest])}",
        ),
    ]


def _numeral(count: int) -> str:
    return "零一二三四五六七八九"[count]


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.ranking(config.ranking).citation,
    problems=_problems,
)
