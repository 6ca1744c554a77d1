"""Likeness of regions and sureness over runs, against sets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.sureness import sureness
from regional_atlas.membership.likeness import compare_regions, region_overlaps

UNITS = "abcdefgh"
REGIONS = st.sampled_from(["x", "y", "z", None])
LISTS = st.lists(REGIONS, min_size=len(UNITS), max_size=len(UNITS))


def members(regions: list[str | None] | str) -> pd.DataFrame:
    held = [None if region in (None, "-") else region for region in regions]
    return pd.DataFrame({"unit_id": list(UNITS[: len(held)]), "region_id": held})


def delineation(regions: list[str | None] | str) -> Delineation:
    held = members(regions)
    named = sorted(held["region_id"].dropna().unique())
    counts = held["region_id"].value_counts()
    table = pd.DataFrame({"members": counts.reindex(named)}, pd.Index(named, name="region_id"))
    return Delineation(table, held, {})


def sets(regions: list[str | None]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for unit, region in zip(UNITS, regions, strict=True):
        if region is not None:
            found.setdefault(region, set()).add(unit)
    return found


@given(LISTS, LISTS)
def test_likeness_is_that_of_sets(ours: list[str | None], theirs: list[str | None]) -> None:
    found = region_overlaps(members(ours), members(theirs))
    expected = {
        (one, other): len(a & b) / len(a | b)
        for one, a in sets(ours).items()
        for other, b in sets(theirs).items()
        if a & b
    }
    got = found.set_index(["region_id", "other_id"])["jaccard"].to_dict()
    assert got == pytest.approx(expected)


@given(LISTS, LISTS)
def test_likeness_is_the_same_both_ways(ours: list[str | None], theirs: list[str | None]) -> None:
    there = region_overlaps(members(ours), members(theirs))
    back = region_overlaps(members(theirs), members(ours))
    turned = back.set_index(["other_id", "region_id"])["jaccard"].sort_index()
    same = there.set_index(["region_id", "other_id"])["jaccard"].sort_index()
    assert same.to_dict() == turned.to_dict()


@given(LISTS)
def test_a_region_is_most_like_itself(ours: list[str | None]) -> None:
    found = compare_regions(members(ours), members(ours))
    assert found["jaccard"].eq(1).all()
    assert found.index.tolist() == found["other_id"].tolist()
    assert found[["only_ours", "only_theirs"]].eq(0).all(axis=None)


@settings(max_examples=20)
@given(LISTS, st.lists(LISTS, min_size=1, max_size=4))
def test_sureness_does_not_hang_on_the_order_of_rows(
    ours: list[str | None], runs: list[list[str | None]]
) -> None:
    reference, others = delineation(ours), [delineation(run) for run in runs]
    found = sureness(reference, others)
    turned = sureness(reference, [replace(run, members=run.members.iloc[::-1]) for run in others])
    pd.testing.assert_frame_equal(found.members, turned.members)
    pd.testing.assert_frame_equal(found.regions, turned.regions)
    assert found.members["probability"].between(0, 1, inclusive="right").all()
    assert not found.members[found.members["exclusive"]]["unit_id"].duplicated().any()


def test_probability_is_the_share_of_runs() -> None:
    found = sureness(
        delineation("xxyy"), [delineation("xxyy"), delineation("xxxy"), delineation("x--y")]
    )
    chance = found.members.set_index(["region_id", "unit_id"])["probability"].to_dict()
    assert chance == pytest.approx(
        {("x", "a"): 1, ("x", "b"): 2 / 3, ("x", "c"): 1 / 3, ("y", "d"): 1, ("y", "c"): 1 / 3}
    )
    sure = found.members[found.members["exclusive"]].set_index("unit_id")["region_id"]
    assert sure.to_dict() == {"a": "x", "b": "x", "c": "x", "d": "y"}
    assert found.regions["jaccard"].tolist() == pytest.approx(
        [(1 + 2 / 3 + 1 / 2) / 3, (1 + 1 / 2 + 1 / 2) / 3]
    )


def test_merges_and_splits_are_counted() -> None:
    found = sureness(
        delineation("xxxyy"), [delineation("zzzzz"), delineation("12233"), delineation("xxxyy")]
    )
    assert found.regions["merged"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert found.regions["split"].tolist() == pytest.approx([1 / 3, 0])
    assert found.regions["found"].tolist() == [1, 1]


def test_a_region_that_no_run_finds_has_no_band() -> None:
    found = sureness(delineation("xxyy"), [delineation("xx--")])
    assert found.regions.loc["y", ["found", "jaccard", "merged", "split"]].tolist() == [0, 0, 0, 0]
    assert found.regions.loc["y", ["members_low", "members_high"]].isna().all()


def test_weights_weigh() -> None:
    weights = pd.Series({"a": 8.0, "b": 1.0, "c": 1.0})
    found = region_overlaps(members("xxy"), members("xyy"), weights)
    assert found["jaccard"].tolist() == pytest.approx([8 / 9, 1 / 10, 1 / 2])
    agreed = compare_regions(members("xxy"), members("xyy"), weights)["agreed"]
    assert agreed.tolist() == pytest.approx([8 / 9, 1])


def test_a_region_without_members_is_not_followed() -> None:
    one = delineation("xx--")
    empty = one.regions.reindex(["x", "y"]).rename_axis("region_id")
    found = sureness(replace(one, regions=empty), [one])
    assert found.regions["found"].fillna(-1).tolist() == [1, -1]


def test_no_regions_are_compared_to_none() -> None:
    assert compare_regions(members("---"), members("xxy")).empty


def test_a_unit_mostly_in_two_regions_is_followed() -> None:
    twice = pd.DataFrame({"unit_id": ["a", "a"], "region_id": ["x", "y"]})
    both = Delineation(pd.DataFrame(index=pd.Index(["x", "y"], name="region_id")), twice, {})
    found = sureness(both, [both])
    assert found.members["probability"].tolist() == [1, 1]
    assert found.regions["merged"].tolist() == [1, 1]


def test_bad_weights_and_no_runs_are_refused() -> None:
    with pytest.raises(DataError, match=r"unit 'a': found -1"):
        region_overlaps(members("x"), members("x"), pd.Series({"a": -1.0}))
    with pytest.raises(DataError, match=r"runs: expected one run"):
        sureness(delineation("x"), [])
