"""Plates of kind `clusters`: circles where the clusters of a set lie."""

from __future__ import annotations

from collections import Counter

from regional_atlas.config.plates import ClustersPlateConfig
from regional_atlas.core.numerals import Year
from regional_atlas.core.texts import NO_UNIT, Message
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.format import ClustersPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import amount

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
    clauses: Clauses = [
        Message(
            "finding-clusters",
            {"total": len(items), "units": len(held), "unit": facts.unit_level},
        )
    ]
    most = max(held.values())
    top = [unit for unit in sorted(held) if held[unit] == most]
    if most == 1 or len(top) > NAMED:
        return clauses
    given = {"names": facts.units(top), "holders": len(top), "count": most}
    return [*clauses, Message("finding-clusters-most", given)]


def _timeline(plate: ClustersPlate, facts: Facts) -> Clauses:
    """Say which groups are oldest and largest."""
    entry = facts.cluster_set(plate.set)
    counts = Counter(item.group for item in entry.items)
    years = [group.since for group in entry.groups if group.since is not None]
    if not years:
        return []
    year = min(years)
    oldest = listed([group.title for group in entry.groups if group.since == year])
    clauses: Clauses = [Message("finding-groups-oldest", {"names": oldest, "year": Year(year)})]
    most = max(entry.groups, key=lambda group: counts[group.id])
    if [counts[group.id] for group in entry.groups].count(counts[most.id]) == 1:
        given = {"count": counts[most.id], "total": len(entry.items), "group": most.title}
        clauses.append(Message("finding-groups-most", given))
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
        item = largest[0]
        given = {"cluster": item.title, "size": amount(top, unit)}
        clauses.append(
            Message("finding-cluster-largest", given | {"where": facts.units(item.units[:1])})
            if item.units
            else Message("finding-cluster-largest-nowhere", given)
        )
    if facts.level is not None:
        of = facts.store.parents[facts.level].of
        counts = Counter(of[item.units[0]] for _, item in sized if item.units)
        lead = leaders(counts)
        if len(lead) == 1 and lead[0] >= 0:
            clauses.append(
                Message(
                    "finding-clusters-parent",
                    {
                        "name": facts.parent(facts.level, lead[0]),
                        "count": counts[lead[0]],
                        "total": len(sized),
                        "level": facts.level_title(facts.level),
                    },
                )
            )
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"timeline": _timeline, "bubble": _bubble},
    citation=lambda config, facts: facts.cluster_set(config.set).citation,
)
