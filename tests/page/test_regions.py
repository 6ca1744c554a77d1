from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.page.plates.regions import SLOTS, region_colors

ROW = [{i - 1, i + 1} & set(range(30)) for i in range(30)]


@given(st.lists(st.sets(st.integers(0, 29), max_size=3), max_size=7))
def test_regions_that_meet_differ_while_there_are_slots(members):
    colors = region_colors(members, ROW)
    assert len(colors) == len(members)
    assert all(0 <= color < SLOTS for color in colors)
    for (one, first), (other, second) in combinations(enumerate(members), 2):
        reach = first.union(*(ROW[unit] for unit in first)) if first else set()
        if reach & second:
            assert colors[one] != colors[other]


def test_slots_are_spread_over_regions_that_do_not_meet():
    assert sorted(region_colors([{0}, {4}, {8}], ROW)) == [0, 1, 2]


def test_nine_regions_that_all_meet_repeat_one_slot():
    colors = region_colors([{5}] * 9, ROW)
    assert sorted(set(colors)) == list(range(SLOTS))


def test_no_region():
    assert region_colors([], ROW) == []
