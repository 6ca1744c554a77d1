"""Plates of kind `tiers`: units coloured by their tier."""

from __future__ import annotations

from regional_atlas.config.plates import TiersPlateConfig
from regional_atlas.core.numerals import Count
from regional_atlas.core.texts import Joined, Message
from regional_atlas.page.classes import tier_classes, tier_name
from regional_atlas.page.facts import NAMED, Facts
from regional_atlas.page.format import TiersPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind

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
    few = len(members) <= 2 * NAMED
    leading = Message(
        "finding-tier" if few else "finding-tier-led",
        {
            "tier": tier_name(first),
            "size": sizes[first],
            "unit": facts.unit_level,
            "names": facts.units(members if few else members[:NAMED]),
            "named": NAMED,
        },
    )
    if not rest:
        return [leading]
    each = [
        Message("finding-tiers-one", {"tier": tier_name(tier), "size": sizes[tier]})
        for tier in rest
    ]
    return [
        leading,
        Message(
            "finding-tiers",
            {
                "count": len(rest),
                "tiers": Joined([Count(tier) for tier in rest], "and"),
                "sizes": Joined([Count(sizes[tier]) for tier in rest], "and"),
                "each": Joined(each, "comma"),
            },
        ),
    ]


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.ranking(config.ranking).citation,
    problems=_problems,
)
