"""Roll-ups worked out by hand, and laws that hold whatever the numbers."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.kinds import (
    Extensive,
    Growth,
    Index,
    Intensive,
    Kind,
    Maximum,
    Parts,
    Ratio,
    rule_of,
)
from regional_atlas.membership import count_ranked, region_groups, roll_up, unit_groups

GROUPS = pd.DataFrame(
    {"unit_id": ["a", "b", "b", "c"], "group": ["r", "r", "s", "s"],
     "exclusive": [True, True, False, True]}
)  # fmt: skip
RATIO = Ratio(("un",), ("lf",), 100)


def parts(kind: Kind, above: list[Any], below: list[Any] | None = None, code: str = "x") -> Parts:
    ids = pd.Index([chr(97 + i) for i in range(len(above))], name="unit_id")
    below = [1.0] * len(above) if below is None else below
    return Parts(
        code, 2022, kind, pd.Series(above, ids, "float64"), pd.Series(below, ids, "float64")
    )


def rolled(*found: Parts, groups: pd.DataFrame = GROUPS, **options: Any) -> pd.DataFrame:
    options = {"area": pd.Series({"a": 1.0, "b": 2.0, "c": 7.0})} | options
    return roll_up(groups, ["s", "r", "empty"], found, **options).set_index("group")


def test_a_member_that_is_covered_in_part_makes_a_value_partial() -> None:
    half = pd.Series({"a": 1.0, "b": 0.5, "c": 1.0})
    total = replace(parts(Extensive(), [1, 2, 3]), covered=half)
    table = rolled(total)
    assert table["partial"].tolist() == [True, True, False]
    assert table["weight_share"].to_numpy()[:2] == pytest.approx([8 / 9, 2 / 3])
    assert table["members_with_data"].tolist() == [2, 2, 0]
    assert rolled(total, data_share_at_least=0.8)["partial"].tolist() == [False, True, False]


def test_lost_members_count_and_their_weight_is_unknown() -> None:
    table = rolled(parts(Extensive(), [1, 2, 3]), lost=pd.Series({"s": 2}), data_share_at_least=0.1)
    assert table["members"].tolist() == [4, 2, 0]
    assert table["members_with_data"].tolist() == [2, 2, 0]
    assert table["partial"].tolist() == [True, False, False]
    assert table["weight_share"].isna().tolist() == [True, False, True]


def test_counts_and_coverage() -> None:
    table = count_ranked(
        GROUPS, ["s", "r", "empty"],
        ranked=pd.Series({"b": 2, "c": 1}), could=pd.Index(["a", "b"]),
    )  # fmt: skip
    assert table.index.tolist() == ["s", "r", "empty"]
    assert table["units"].tolist() == [2, 2, 0]
    assert table["count"].tolist() == [1, 1, 0]
    assert table["count_all"].tolist() == [2, 1, 0]
    assert table["of"].tolist() == [1, 2, 0]
    assert table["coverage"].fillna(-1).tolist() == [1.0, 0.5, -1]
    assert table["best"].tolist() == [1, 2, pd.NA]


def test_a_unit_of_two_groups_counts_in_both_and_gaps_are_marked() -> None:
    table = rolled(parts(Extensive(), [1, 2, None]))
    assert table["value"].fillna(-1).tolist() == [2, 3, -1]
    assert table["members"].tolist() == [2, 2, 0]
    assert table["members_with_data"].tolist() == [1, 2, 0]
    assert table["partial"].tolist() == [True, False, False]
    assert table["weight_share"].fillna(-1).tolist() == [pytest.approx(2 / 9), 1, -1]
    assert table["rule"].tolist() == ["sum"] * 3


@pytest.mark.parametrize(
    ("kind", "above", "below", "value"),
    [
        (RATIO, [10, 5, 99], [100, 10, 1], 100 * 15 / 110),
        (RATIO, [10, 5, 99], [None, 10, 1], 50),
        (RATIO, [None, 5, 99], [100, 10, 1], 50),
        (RATIO, [10, 5, 99], [0, 0, 1], None),
        (RATIO, [10, 0, 99], [20, 0, 1], 50),
        (Intensive("people"), [3 * 10, 1 * 20, 9], [3, 1, 1], 12.5),
        (Intensive(), [10, 20, 9], None, 15),
        (Index(), [10, 20, 9], None, None),
        (Index("people"), [3 * 10, 1 * 20, 9], [3, 1, 1], 12.5),
        (Maximum(), [10, 20, 99], None, 20),
        (Growth("sum", 2020, 2022), [121, 0, 9], [50, 50, 1], 10),
        (Growth("sum", 2020, 2022), [121, 0, 9], [100, 0, 1], 10),
        (Growth("sum", 2020, 2022), [121, 0, 9], [0, 0, 1], None),
        (Growth("sum", 2020, 2022, 200), [121, 0, 9], [100, 0, 1], None),
    ],
)
def test_every_kind_has_its_rule(
    kind: Kind, above: list[Any], below: list[Any] | None, value: float | None
) -> None:
    found = rolled(parts(kind, above, below)).at["r", "value"]
    assert pd.isna(found) if value is None else found == pytest.approx(value, rel=1e-12)


def test_a_ratio_counts_a_member_only_with_both_of_its_parts() -> None:
    row = rolled(parts(RATIO, [10, 5, 1], [None, 10, 1])).loc["r"]
    assert (row["members"], row["members_with_data"], row["partial"]) == (2, 1, True)


def test_rules_are_named() -> None:
    assert rule_of(Ratio(("a", "b"), ("c",))).in_("en") == "ratio of sums: (a + b) / c"
    assert rule_of(Intensive()).in_("zh") == "未加权平均"
    growth = rule_of(Growth("light_sum", 2013, 2022))
    assert growth.in_("zh") == "合计的年均增速：light_sum, 2013–2022"


def test_members_weigh_by_population_where_it_is_known_of_all_of_them() -> None:
    known = rolled(
        parts(Extensive(), [1, None, 1]), population=pd.Series({"a": 30.0, "b": 10.0, "c": None})
    )
    assert known.at["r", "weight_share"] == pytest.approx(0.75)
    assert known.at["s", "weight_share"] == pytest.approx(7 / 9)


@pytest.mark.parametrize(
    ("at_least", "partial"), [(1.0, True), (0.9, True), (0.75, False), (0.2, False)]
)
def test_a_project_may_bear_small_gaps(at_least: float, partial: bool) -> None:
    table = rolled(
        parts(Extensive(), [1, None, 1]),
        population=pd.Series({"a": 30.0, "b": 10.0, "c": 1.0}),
        data_share_at_least=at_least,
    )
    assert table.at["r", "partial"] == partial


def test_a_gap_without_weight_is_a_gap() -> None:
    table = rolled(
        parts(Extensive(), [1, None, 1]), population=pd.Series({"a": 30.0, "b": 0.0, "c": 1.0})
    )
    assert table.at["r", "weight_share"] == 1
    assert table.at["r", "partial"]


def test_nothing_to_roll_up_has_the_columns() -> None:
    assert list(rolled().reset_index().columns) == [
        "group", "code", "year", "value", "members", "members_with_data", "weight_share",
        "partial", "rule",
    ]  # fmt: skip


def test_groups_come_from_columns_or_membership() -> None:
    units = pd.DataFrame({"province": ["x", None]}, index=pd.Index(["a", "b"], name="unit_id"))
    assert unit_groups(units, "province").values.tolist() == [["a", "x", True]]
    membership = pd.DataFrame(
        {
            "unit_id": ["a", "b"],
            "region_id": ["r", None],
            "kind": "metro",
            "exclusive": [True, False],
        }
    )
    assert region_groups(membership, "metro").values.tolist() == [["a", "r", True]]


def table_of(rows: list[Any]) -> tuple[pd.DataFrame, list[Parts]]:
    """Groups, and the same parts under every kind that has two sums."""
    ids = pd.Index([f"u{i:02}" for i in range(len(rows))], name="unit_id")
    above = pd.Series([row[1] for row in rows], ids, "float64")
    below = pd.Series([row[2] for row in rows], ids, "float64")
    one = pd.Series(1.0, ids)
    groups = pd.DataFrame({"unit_id": ids, "group": [row[0] for row in rows]})
    kinds: list[tuple[Kind, pd.Series]] = [
        (Extensive(), one), (RATIO, below), (Intensive("w"), below), (Maximum(), one),
        (Growth("x", 2000, 2010), below),
    ]  # fmt: skip
    found = [Parts(f"k{i}", 2022, kind, above, divisor) for i, (kind, divisor) in enumerate(kinds)]
    return groups, found


MEMBERS = st.lists(
    st.tuples(
        st.sampled_from("rst"),
        st.none() | st.integers(0, 1000),
        st.none() | st.integers(1, 1000),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(rows=MEMBERS, random=st.randoms(use_true_random=False))
def test_order_makes_no_difference_and_totals_are_kept(rows: list[Any], random: Random) -> None:
    groups, found = table_of(rows)
    area = pd.Series(1.0, groups["unit_id"])
    table = roll_up(groups, list("rst"), found, area=area)
    order = random.sample(range(len(rows)), len(rows))
    shuffled = [
        Parts(p.code, p.year, p.kind, p.numerator.iloc[order], p.denominator.iloc[order[::-1]])
        for p in found
    ]
    again = roll_up(groups.iloc[order], list("rst"), shuffled, area=area.iloc[order])
    pd.testing.assert_frame_equal(table, again, check_exact=True)
    sums = table[table["code"] == "k0"]
    assert sums["value"].sum() == pytest.approx(np.nansum(found[0].numerator))
    assert sums["members"].sum() == len(rows)
    assert sums["members_with_data"].sum() == found[0].numerator.notna().sum()


@settings(deadline=None)
@given(rows=MEMBERS, share=st.floats(0.01, 0.99))
def test_splitting_a_member_changes_no_value(rows: list[Any], share: float) -> None:
    groups, found = table_of(rows)
    last = groups["unit_id"].iloc[-1]
    halves = pd.concat([groups, groups.tail(1).assign(unit_id="half")])
    area = pd.Series(1.0, groups["unit_id"])
    whole = roll_up(groups, list("rst"), found[:3], area=area)
    divided = []
    for part in found[:3]:
        above, below = part.numerator.copy(), part.denominator.copy()
        above["half"], above[last] = above[last] * (1 - share), above[last] * share
        below["half"], below[last] = below[last] * (1 - share), below[last] * share
        divided.append(Parts(part.code, part.year, part.kind, above, below))
    split = roll_up(halves, list("rst"), divided, area=pd.concat([area, pd.Series({"half": 0.0})]))
    np.testing.assert_allclose(split["value"], whole["value"], rtol=1e-9)
    assert (split["partial"] == whole["partial"]).all()


@settings(deadline=None)
@given(rows=MEMBERS)
def test_a_ratio_lies_within_those_of_its_members(rows: list[Any]) -> None:
    groups, found = table_of(rows)
    area = pd.Series(1.0, groups["unit_id"])
    table = roll_up(groups, list("rst"), found, area=area)
    ratios = 100 * found[1].numerator / found[1].denominator
    values = table[table["code"] == "k1"].set_index("group")["value"].dropna()
    for group, value in values.items():
        own = ratios[groups.loc[groups["group"] == group, "unit_id"]]
        assert own.min() - 1e-9 <= value <= own.max() + 1e-9
