"""Roll-ups worked out by hand."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.membership import region_groups, roll_up, unit_groups

GROUPS = pd.DataFrame(
    {"unit_id": ["a", "b", "b", "c"], "group": ["r", "r", "s", "s"],
     "exclusive": [True, True, False, True]}
)  # fmt: skip
RANKED = pd.Series({"b": 2, "c": 1})
DATA = pd.DataFrame({"gdp": [1.0, 2.0, None]}, index=["a", "b", "c"])
RATES = pd.DataFrame({"rate": [10.0, 20.0, None]}, index=["a", "b", "c"])


def rolled(population: pd.Series | None = None) -> pd.DataFrame:
    return roll_up(
        GROUPS, ["s", "r", "empty"], ranked=RANKED, could=pd.Index(["a", "b"]),
        extensive=DATA, intensive=RATES, population=population,
    )  # fmt: skip


def test_counts_and_coverage() -> None:
    table = rolled()
    assert table.index.tolist() == ["s", "r", "empty"]
    assert table["units"].tolist() == [2, 2, 0]
    assert table["count"].tolist() == [1, 1, 0]
    assert table["count_all"].tolist() == [2, 1, 0]
    assert table["of"].tolist() == [1, 2, 0]
    assert table["coverage"].fillna(-1).tolist() == [1.0, 0.5, -1]
    assert table["best"].tolist() == [1, 2, pd.NA]


def test_sums_and_means_leave_missing_out() -> None:
    table = rolled()
    assert table["gdp"].fillna(-1).tolist() == [2.0, 3.0, -1]
    assert table["rate"].fillna(-1).tolist() == [20.0, 15.0, -1]


def test_means_weighted_by_population() -> None:
    table = rolled(pd.Series({"a": 3.0, "b": 1.0, "c": 5.0}))
    assert table["rate"].fillna(-1).tolist() == [20.0, pytest.approx(12.5), -1]


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


@settings(deadline=None)
@given(
    groups=st.lists(st.sampled_from("rst"), min_size=2, max_size=12),
    values=st.lists(st.none() | st.integers(-1000, 1000), min_size=12, max_size=12),
    ranked=st.sets(st.integers(0, 11)),
    random=st.randoms(use_true_random=False),
)
def test_parts_add_up_whatever_the_order(
    groups: list[str], values: list[int | None], ranked: set[int], random: Random
) -> None:
    units = pd.Index([f"u{i}" for i in range(len(groups))])
    data = pd.DataFrame({"gdp": values[: len(units)]}, index=units, dtype="float64")
    ranks = pd.Series({f"u{i}": place for place, i in enumerate(sorted(ranked), start=1)
                       if i < len(units)}, dtype="float64")  # fmt: skip
    table = pd.DataFrame({"unit_id": units, "group": groups, "exclusive": True})

    def rolled(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
        return roll_up(
            rows, list("rst"), ranked=ranks, could=units, extensive=values,
            intensive=values.rename(columns={"gdp": "mean"}),
        )  # fmt: skip

    found = rolled(table, data)
    assert found["units"].sum() == len(units)
    assert found["count"].sum() == found["count_all"].sum() == len(ranks)
    assert found["gdp"].sum() == data["gdp"].sum()
    assert (found["gdp"].isna() == found["mean"].isna()).all()
    order = random.sample(range(len(units)), len(units))
    pd.testing.assert_frame_equal(found, rolled(table.iloc[order], data.iloc[order[::-1]]))
