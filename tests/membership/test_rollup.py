"""Roll-ups worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

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
