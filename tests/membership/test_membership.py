"""Membership by hand on squares, and its invariants on random ones."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError, MatchError
from regional_atlas.membership import (
    assign_membership,
    dissolve_regions,
    membership_from_members,
    overlay_shares,
    resolve_members,
)

# Equal-area coordinates, so that shares can be worked out on paper.
CRS = "EPSG:6933"
KM = 10_000.0


def units_of(n: int = 3) -> gpd.GeoDataFrame:
    """n × n squares with a side of 1, named by row and column."""
    cells = {
        f"u{row}{col}": shapely.box(col * KM, row * KM, (col + 1) * KM, (row + 1) * KM)
        for row in range(n)
        for col in range(n)
    }
    frame = gpd.GeoDataFrame(geometry=list(cells.values()), index=list(cells), crs=CRS)
    frame["area_km2"] = frame.area / 1e6
    return frame.rename_axis("unit_id")


def regions_of(**boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    geometry = [shapely.box(*(value * KM for value in box)) for box in boxes.values()]
    frame = gpd.GeoDataFrame({"kind": "metro"}, index=list(boxes), geometry=geometry, crs=CRS)
    return frame.assign(precedence=range(1, len(frame) + 1)).rename_axis("region_id")


def members(table: pd.DataFrame, region: str) -> set[str]:
    return set(table.loc[table["region_id"] == region, "unit_id"])


def test_shares_of_both_sides() -> None:
    shares = overlay_shares(units_of(), regions_of(a=(0, 0, 1.5, 1))).set_index("unit_id")
    assert shares["share_of_unit"].round(6).to_dict() == {"u00": 1.0, "u01": 0.5}
    assert shares["share_of_region"].round(6).to_dict() == {"u00": 0.666667, "u01": 0.333333}


def test_touching_is_no_overlap() -> None:
    shares = overlay_shares(units_of(), regions_of(a=(0, 0, 1, 1)))
    assert shares["unit_id"].tolist() == ["u00"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("area_share >= 0.5", {"u00", "u01"}),
        ("area_share >= 0.51", {"u00"}),
        ("area_share >= 1", {"u00"}),
        ("intersects", {"u00", "u01", "u10", "u11"}),
        ("largest_share", {"u00", "u01", "u10", "u11"}),
    ],
)
def test_each_rule(rule: str, expected: set[str]) -> None:
    table = assign_membership(units_of(), regions_of(a=(0, 0, 1.5, 1.1)), rule=rule)
    assert members(table, "a") == expected
    assert (table.loc[table["region_id"] == "a", "rule"] == rule).all()


def test_representative_points_decide_by_one_point() -> None:
    less = assign_membership(units_of(), regions_of(a=(0, 0, 1.4, 1)), rule="representative_point")
    more = assign_membership(units_of(), regions_of(a=(0, 0, 1.6, 1)), rule="representative_point")
    assert members(less, "a") == {"u00"}
    assert members(more, "a") == {"u00", "u01"}


def test_largest_share_takes_one_region_of_a_kind() -> None:
    regions = regions_of(a=(0, 0, 1.4, 3), b=(1.4, 0, 3, 3))
    table = assign_membership(units_of(), regions, rule="largest_share")
    assert members(table, "a") == {"u00", "u10", "u20"}
    assert members(table, "b") == set(units_of().index) - members(table, "a")
    halves = regions_of(first=(0, 0, 1.5, 3), second=(1.5, 0, 3, 3))
    tied = assign_membership(units_of(), halves, rule="largest_share")
    assert {"u01", "u11", "u21"} <= members(tied, "first")


def test_overlaps_are_kept_and_precedence_decides() -> None:
    regions = regions_of(a=(0, 0, 2, 1), b=(1, 0, 3, 1))
    table = assign_membership(units_of(), regions, rule="area_share >= 0.5")
    both = table[table["unit_id"] == "u01"].set_index("region_id")
    assert both["exclusive"].to_dict() == {"a": True, "b": False}
    swapped = assign_membership(units_of(), regions.assign(precedence=[2, 1]), rule="intersects")
    assert swapped[swapped["unit_id"] == "u01"].set_index("region_id")["exclusive"].to_dict() == {
        "a": False,
        "b": True,
    }


def test_units_in_no_region_are_explicit() -> None:
    table = assign_membership(units_of(), regions_of(a=(0, 0, 1, 1)), rule="intersects")
    outside = table[table["region_id"].isna()]
    assert len(outside) == 8
    assert not outside["exclusive"].any()
    assert (outside["share_of_unit"] == 0).all()


def test_a_crs_is_needed_and_rules_are_known() -> None:
    with pytest.raises(DataError, match="regions have no CRS"):
        overlay_shares(units_of(), regions_of(a=(0, 0, 1, 1)).set_crs(None, allow_override=True))
    with pytest.raises(DataError, match="unknown rule 'most'"):
        assign_membership(units_of(), regions_of(a=(0, 0, 1, 1)), rule="most")


def test_another_crs_changes_nothing() -> None:
    regions = regions_of(a=(0, 0, 1.5, 1.1))
    table = assign_membership(units_of(), regions, rule="area_share >= 0.4")
    moved = assign_membership(
        units_of().to_crs("EPSG:4326"), regions.to_crs("EPSG:3857"), rule="area_share >= 0.4"
    )
    pd.testing.assert_frame_equal(table, moved, rtol=1e-6)


boxes = st.tuples(st.floats(0, 2.9), st.floats(0, 2.9), st.floats(0.05, 3), st.floats(0.05, 3))


@settings(max_examples=settings().max_examples * 2 // 5, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=4))
def test_invariants_of_random_regions(found: list[tuple[float, float, float, float]]) -> None:
    regions = regions_of(**{f"r{i}": (x, y, x + w, y + h) for i, (x, y, w, h) in enumerate(found)})
    units = units_of()
    shares = overlay_shares(units, regions)
    inside = shapely.intersection(shapely.box(0, 0, 3 * KM, 3 * KM), regions.geometry.to_numpy())
    for region, area, part in zip(regions.index, regions.area, shapely.area(inside), strict=True):
        rows = shares[shares["region_id"] == region]
        assert rows["share_of_region"].sum() == pytest.approx(part / area, abs=1e-9)
        covered = (rows["share_of_unit"] * units.area.iloc[0]).sum()
        assert covered == pytest.approx(part, abs=1e-3)
    every = assign_membership(units, regions, rule="intersects")
    most = assign_membership(units, regions, rule="area_share >= 0.5")
    assert set(zip(most["unit_id"], most["region_id"].fillna(""), strict=True)) - set(
        zip(every["unit_id"], every["region_id"].fillna(""), strict=True)
    ) <= {(unit, "") for unit in units.index}
    exclusive = every[every["exclusive"]]
    assert exclusive["unit_id"].is_unique
    order = np.random.default_rng(1).permutation(len(units))
    shuffled = assign_membership(units.iloc[order], regions, rule="intersects")
    pd.testing.assert_frame_equal(every, shuffled)


# ── lists ───────────────────────────────────────────────────────────────────────────────────────

NAMES = {"u00": ("A", "x"), "u01": ("A", "y"), "u10": ("B", "x"), "u11": ("B", "z")}


def candidates(name: str, within: dict[str, str]) -> list[str]:
    return [u for u, (p, n) in NAMES.items() if n == name and within.get("province", p) == p]


def inside(within: dict[str, str]) -> list[str]:
    return [unit for unit, (province, _) in NAMES.items() if within.get("province") == province]


def resolve(*rows: tuple[str, str | None, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["region_id", "province", "unit", "rule"])
    table.index += 2
    return resolve_members(table, ["province"], candidates, inside)[0]


def test_whole_parents_single_units_and_exclusions() -> None:
    found = resolve(
        ("r", "A", "*", "include"), ("r", "A", "y", "exclude"), ("r", "B", "z", "include"),
        ("s", "B", "*", "include"),
    )  # fmt: skip
    assert list(found.itertuples(index=False, name=None)) == [
        ("r", "u00"), ("r", "u11"), ("s", "u10"), ("s", "u11"),
    ]  # fmt: skip


def test_every_unresolved_line_is_an_error() -> None:
    with pytest.raises(MatchError) as caught:
        resolve(
            ("r", "C", "*", "include"),
            ("r", None, "x", "include"),
            ("r", "A", "q", "include"),
            ("r", "A", "x", "maybe"),
            ("r", "B", "z", "exclude"),
        )
    assert caught.value.problems == [
        "line 2, column 'province': r C *: no unit lies in province 'C'",
        "line 3, column 'unit': r x: 2 units of that name (u00, u10)",
        "line 4, column 'unit': r A q: no such unit",
        "line 5, column 'unit': r A x: rule 'maybe'; allowed: include, exclude",
    ]
    # Where every other line found its unit, an exclusion must take something out.
    with pytest.raises(MatchError, match="r: excludes u11, which no line includes"):
        resolve(("r", "A", "*", "include"), ("r", "B", "z", "exclude"))


def test_lines_without_a_unit_may_be_allowed_for_and_are_reported() -> None:
    rows = [("r", "A", "*", "include"), ("r", "A", "q", "include"), ("r", "A", "y", "exclude")]
    table = pd.DataFrame(rows, columns=["region_id", "province", "unit", "rule"], index=[2, 3, 4])
    found, lost, report = resolve_members(table, ["province"], candidates, inside, least_match=0.6)
    assert found.to_numpy().tolist() == [["r", "u00"]]
    assert lost.to_numpy().tolist() == [["r", "include"]]
    assert report.said() == (
        "2 of 3 rows matched a unit; 1 did not (line 3, column 'unit': r A q: no such unit)"
    )
    with pytest.raises(MatchError, match="r A q: no such unit"):
        resolve_members(table, ["province"], candidates, inside, least_match=0.7)
    with pytest.raises(MatchError, match="r A q: no such unit"):  # of no row, in any case
        resolve_members(table[1:2], ["province"], candidates, inside, least_match=0)


def test_lists_and_their_polygons_agree() -> None:
    units = units_of(2)
    regions = pd.DataFrame(
        {"kind": "metro", "precedence": [1, 2]}, index=pd.Index(["r", "s"], name="region_id")
    )
    listed = membership_from_members(
        resolve(("r", "A", "*", "include"), ("s", "A", "y", "include"), ("s", "B", "*", "include")),
        regions,
        units,
    )
    assert listed.set_index(["region_id", "unit_id"]).loc[("s", "u01"), "exclusive"] == False  # noqa: E712
    polygons = gpd.GeoDataFrame(regions, geometry=dissolve_regions(units, listed), crs=CRS)
    for rule in ("area_share >= 0.5", "representative_point", "intersects"):
        computed = assign_membership(units, polygons, rule=rule)
        pd.testing.assert_frame_equal(computed.assign(rule="member"), listed, rtol=1e-9)


def test_members_may_be_named_by_id() -> None:
    table = pd.DataFrame(
        [
            ("r", "u00", None, "include"),
            ("r", None, "u10", "include"),
            ("s", "u11", None, "include"),
            ("s", "u99", None, "include"),
        ],
        columns=["region_id", "unit_id", "unit", "rule"],
    )
    with pytest.raises(MatchError) as caught:
        resolve_members(table, [], candidates, inside, ids=NAMES, where="members.csv")
    assert str(caught.value) == "members.csv: line 3, column 'unit_id': s u99: no such unit"
    found, _, report = resolve_members(table[:3], [], candidates, inside, ids=NAMES)
    assert (report.rows, report.matched, report.unmatched) == (3, 3, [])
    assert found.to_numpy().tolist() == [["r", "u00"], ["r", "u10"], ["s", "u11"]]
