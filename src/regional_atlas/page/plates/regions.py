"""Plates of kind `regions`: regions in palette slots, no two that meet alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from regional_atlas.config.plates import RegionsPlateConfig
from regional_atlas.core.numerals import Percent
from regional_atlas.core.texts import Message, Said
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.format import RegionsPlate
from regional_atlas.page.plates._kind import Clauses, Head, Kind

__all__ = ["KIND", "SLOTS", "region_colors"]

SLOTS = 8
"""Colours that a reader can tell apart, among them people who see colours differently."""


def _plate(config: RegionsPlateConfig, head: Head, facts: Facts) -> RegionsPlate:
    rows = facts.store.membership[config.region_kind]
    members: list[set[int]] = [set() for _ in facts.kind(config.region_kind).regions]
    for unit, region in zip(rows.unit, rows.region, strict=True):
        members[region].add(unit)
    return RegionsPlate(
        **head,
        chart=config.chart,
        region_kind=config.region_kind,
        ranking=config.ranking,
        colors=region_colors(members, facts.neighbours),
    )


def _clauses(plate: RegionsPlate, facts: Facts) -> Clauses:
    kind = plate.region_kind
    title, members = facts.kind(kind).title, set(facts.store.membership[kind].unit)
    regions = len(facts.kind(kind).regions)
    if plate.ranking is None:
        total = len(facts.store.unit_id)
        return [
            Message(
                "finding-regions",
                {
                    "regions": regions,
                    "kind": title,
                    "members": len(members),
                    "total": total,
                    "unit": facts.unit_level,
                    "share": Percent(len(members) / total),
                },
            )
        ]
    best = facts.best(plate.ranking)
    if not best:
        return []
    inside = sum(unit in members for unit in best)
    places = {"inside": inside, "total": len(best), "kind": title}
    clauses: Clauses = [Message("finding-places-inside", places)]
    counts = facts.by_region(kind, best)
    top = leaders(counts)
    if top:
        clauses.append(_most(top, counts[top[0]], kind, facts))
    return clauses


def _most(top: Sequence[int], count: int, kind: str, facts: Facts) -> Said:
    given = {"holders": len(top), "count": count, "kind": facts.kind(kind).title}
    if len(top) > NAMED:
        return Message("finding-regions-tied", given)
    names = listed([facts.region(kind, region) for region in top])
    return Message("finding-regions-most", given | {"names": names})


def region_colors(members: Sequence[set[int]], neighbours: Sequence[set[int]]) -> list[int]:
    """Give each region a palette slot.

    The region with the most coloured neighbours comes first (DSATUR) and takes the slot that is
    used least among those that none of its neighbours has. Should eight slots not do, it takes the
    one that the fewest neighbours have.

    Parameters
    ----------
    members : sequence of set of int
        Units of each region.
    neighbours : sequence of set of int
        Units that share a border with each unit.

    Returns
    -------
    list of int
        A slot from 0 to 7 for each region. Regions that touch or share a unit differ.

    Examples
    --------
    >>> region_colors([{0}, {1}, {2}], [{1}, {0, 2}, {1}])
    [1, 0, 2]
    """
    meets = _meetings(members, neighbours)
    slots = [-1] * len(members)
    for _ in members:
        region = max(
            (i for i, slot in enumerate(slots) if slot < 0),
            key=lambda i: (len({slots[j] for j in meets[i]} - {-1}), len(meets[i]), -i),
        )
        around = [slots[other] for other in meets[region]]
        slots[region] = min(
            range(SLOTS), key=lambda slot: (around.count(slot), slots.count(slot), slot)
        )
    return slots


def _meetings(members: Sequence[set[int]], neighbours: Sequence[set[int]]) -> list[set[int]]:
    reach = [
        units.union(*(neighbours[unit] for unit in units)) if units else set() for units in members
    ]
    meets: list[set[int]] = [set() for _ in members]
    for one, other in combinations(range(len(members)), 2):
        if reach[one] & members[other]:
            meets[one].add(other)
            meets[other].add(one)
    return meets


def _citation(config: RegionsPlateConfig, facts: Facts) -> str | None:
    return None if config.ranking is None else facts.ranking(config.ranking).citation


KIND = Kind(plate=_plate, clauses=_clauses, citation=_citation)
