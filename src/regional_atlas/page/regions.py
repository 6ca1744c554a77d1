"""Map colouring: palette slots for regions such that no two that meet look alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

__all__ = ["SLOTS", "region_colors"]

SLOTS = 8
"""Colours that a reader can tell apart, among them people who see colours differently."""


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
