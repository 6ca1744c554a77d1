"""Plates of kind `clusters`: circles where the clusters of a set lie."""

from __future__ import annotations

from collections import Counter

from regional_atlas.config.plates import ClustersPlateConfig
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.format import ClustersPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import amount
from regional_atlas.page.text import NO_UNIT, pair, plural

__all__ = ["KIND"]


def _plate(config: ClustersPlateConfig, head: Head, facts: Facts) -> ClustersPlate:
    del facts
    return ClustersPlate(**head, chart=config.chart, set=config.set)


def _clauses(plate: ClustersPlate, facts: Facts) -> Clauses:
    items = facts.cluster_set(plate.set).items
    held: dict[int, int] = {}
    for item in items:
        for unit in set(item.units):
            held[unit] = held.get(unit, 0) + 1
    if not held:
        return []
    total, units = len(items), len(held)
    where = pair(
        f"{total:,} 个集群分布在 {units:,} 个{facts.unit_level.zh}",
        f"{total:,} {plural('cluster', total)} {'lies' if total == 1 else 'lie'} in {units:,} "
        f"{plural(facts.unit_level.en, units)}",
    )
    most = max(held.values())
    top = [unit for unit in sorted(held) if held[unit] == most]
    if most == 1 or len(top) > NAMED:
        return [where]
    names = facts.units(top)
    each = "各" if len(top) > 1 else ""
    return [
        where,
        pair(
            f"{names.zh}最多，{each}有 {most} 个",
            f"{names.en} {'have' if len(top) > 1 else 'has'} most: {most}"
            f"{' each' if len(top) > 1 else ''}",
        ),
    ]


def _timeline(plate: ClustersPlate, facts: Facts) -> Clauses:
    """Say which groups are oldest and largest."""
    entry = facts.cluster_set(plate.set)
    counts = Counter(item.group for item in entry.items)
    years = [group.since for group in entry.groups if group.since is not None]
    if not years:
        return []
    year = min(years)
    oldest = listed([group.title for group in entry.groups if group.since == year])
    clauses: Clauses = [
        pair(f"最早的是{oldest.zh}（{year} 年）", f"{oldest.en} came first, in {year}")
    ]
    most = max(entry.groups, key=lambda group: counts[group.id])
    if [counts[group.id] for group in entry.groups].count(counts[most.id]) == 1:
        held, all_items = counts[most.id], len(entry.items)
        clauses.append(
            pair(
                f"{all_items} 个集群中{most.title.zh}最多，有 {held} 个",
                f"{held} of the {all_items} clusters belong to {most.title.en}",
            )
        )
    return clauses


def _bubble(plate: ClustersPlate, facts: Facts) -> Clauses:
    """Say which cluster is largest, and what the sizes add up to in the leading parent."""
    entry = facts.cluster_set(plate.set)
    sized = [(item.size, item) for item in entry.items if item.size is not None]
    if not sized:
        return []
    unit = entry.size_unit or NO_UNIT
    top = max(size for size, _ in sized)
    largest = [item for size, item in sized if size == top]
    clauses: Clauses = []
    if len(largest) == 1:
        item, size = largest[0], amount(top, unit)
        where = facts.units(item.units[:1]) if item.units else pair("", "")
        clauses.append(
            pair(
                f"规模最大的是{where.zh}的{item.title.zh}（{size.zh}）",
                f"the largest is {item.title.en}, {where.en} ({size.en})",
            )
        )
    if facts.level is not None:
        of = facts.store.parents[facts.level].of
        counts = Counter(of[item.units[0]] for _, item in sized if item.units)
        lead, title = leaders(counts), facts.level_title(facts.level)
        if len(lead) == 1 and lead[0] >= 0:
            name, held = facts.parent(facts.level, lead[0]), counts[lead[0]]
            clauses.append(
                pair(
                    f"{len(sized)} 个集群中{name.zh}有 {held} 个，居各{title.zh}之首",
                    f"{name.en} has {held} of the {len(sized)}, more than any other {title.en}",
                )
            )
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"timeline": _timeline, "bubble": _bubble},
    citation=lambda config, facts: facts.cluster_set(config.set).citation,
)
