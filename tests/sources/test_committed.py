"""Reading committed values: what a file may hold, and what is said of everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regional_atlas.core.errors import DataError
from regional_atlas.sources.committed import read_committed_indicators, read_committed_regions

UNITS = pd.DataFrame(
    {
        "unit_id": ["01", "02"],
        "code": "rate",
        "year": 2022,
        "value": [1.5, None],
        "flag": None,
        "rule": "ratio of sums: a / b",
    }
)
REGIONS = pd.DataFrame(
    {
        "region_id": ["n", "s"],
        "region": ["North", "South"],
        "kind": "metro",
        "code": "output",
        "year": 2022,
        "value": [10.0, None],
        "members": [4, 3],
        "members_with_data": [4, 1],
        "weight_share": [1.0, None],
        "partial": [False, True],
        "rule": "sum",
        "flags": [None, "merged;withheld"],
        "members_digest": ["abc", "def"],
    }
)


def read(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    path = folder / "kept.parquet"
    table.to_parquet(path)
    reader = read_committed_regions if "kind" in table else read_committed_indicators
    return reader(path)


def refusal(table: pd.DataFrame, folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(table, folder)
    return str(caught.value)


def with_first(table: pd.DataFrame, **cells: Any) -> pd.DataFrame:
    """Put other values into the first row."""
    changed = table.astype(dict.fromkeys(cells, "object"))
    for name, value in cells.items():
        changed.at[0, name] = value
    return changed.infer_objects()


@pytest.mark.parametrize("table", [UNITS, REGIONS], ids=["units", "regions"])
def test_what_is_written_is_read_with_and_without_rows(table: pd.DataFrame, tmp_path: Path) -> None:
    found = read(table, tmp_path)
    assert list(found) == list(table)
    assert found["year"].dtype == "int64"
    none = read(table.iloc[:0], tmp_path)
    assert none.empty
    assert none.dtypes.to_dict() == found.dtypes.to_dict()


@pytest.mark.parametrize(
    ("table", "name"),
    [
        (UNITS, "unit_id"), (UNITS, "code"), (UNITS, "year"), (UNITS, "rule"),
        (REGIONS, "kind"), (REGIONS, "region_id"), (REGIONS, "region"), (REGIONS, "code"),
        (REGIONS, "year"), (REGIONS, "rule"), (REGIONS, "members"), (REGIONS, "partial"),
        (REGIONS, "members_with_data"), (REGIONS, "members_digest"),
    ],
)  # fmt: skip
def test_a_column_that_lacks_a_value(table: pd.DataFrame, name: str, tmp_path: Path) -> None:
    said = refusal(with_first(table, **{name: None}), tmp_path)
    assert "row 1, " in said
    assert f"column {name!r} has no value; allowed: one in every row" in said
    # A column of nothing at all is named in the same words.
    assert f"column {name!r} has no value" in refusal(table.assign(**{name: None}), tmp_path)


@pytest.mark.parametrize(
    ("table", "cells", "message"),
    [
        (UNITS, {"year": 2022.7}, "row 1, 01, rate, 2022.7: year 2022.7; allowed: whole numbers"),
        (UNITS, {"year": 10**12}, "year 1000000000000; allowed: whole numbers from 1 to 9999"),
        (UNITS, {"year": -5}, "year -5; allowed: whole numbers from 1 to 9999"),
        (UNITS, {"value": float("inf")}, "value inf; allowed: finite numbers"),
        (UNITS, {"rule": "sum"}, "rule sum; allowed: what does not add up"),
        (UNITS, {"flag": "withheld"}, "value 1.5; allowed: none where 'flag' says 'withheld'"),
        (REGIONS, {"flags": "withheld"}, "value 10; allowed: none where 'flags' says 'withheld'"),
        (REGIONS, {"year": 0}, "row 1, metro, n, output, 0: year 0; allowed: whole numbers from 1"),
        (REGIONS, {"members": -1}, "members -1; allowed: whole numbers from 0"),
        (REGIONS, {"members": 3.5}, "members 3.5; allowed: whole numbers from 0"),
        (REGIONS, {"members_with_data": -1}, "members_with_data -1; allowed: whole numbers from 0"),
        (REGIONS, {"members_with_data": 5}, "members_with_data 5; allowed: no more than the"),
        (REGIONS, {"weight_share": 1.01}, "weight_share 1.01; allowed: shares from 0 to 1"),
        (REGIONS, {"weight_share": -0.5}, "weight_share -0.5; allowed: shares from 0 to 1"),
        (REGIONS, {"weight_share": float("inf")}, "weight_share inf; allowed: shares from 0 to 1"),
    ],
)
def test_values_out_of_their_range(
    table: pd.DataFrame, cells: dict[str, Any], message: str, tmp_path: Path
) -> None:
    assert message in refusal(with_first(table, **cells), tmp_path)


@pytest.mark.parametrize(
    ("table", "name", "values", "held", "allowed"),
    [
        (REGIONS, "partial", ["False", "True"], "text", "true or false"),
        (REGIONS, "partial", [0, 1], "integer", "true or false"),
        (REGIONS, "members", ["4", "3"], "text", "numbers"),
        (REGIONS, "value", [True, False], "true or false", "numbers"),
        (UNITS, "year", ["2022", "2022"], "text", "numbers"),
        (UNITS, "unit_id", [1, 2], "integer", "text"),
        (UNITS, "code", [b"a", b"b"], "bytes", "text"),
    ],
)
def test_columns_of_another_type(
    table: pd.DataFrame, name: str, values: list[Any], held: str, allowed: str, tmp_path: Path
) -> None:
    said = refusal(table.assign(**{name: values}), tmp_path)
    assert f"column {name!r} is of another type: it holds {held}; allowed: {allowed}" in said


def test_a_share_may_be_rounded_and_text_may_be_in_categories(tmp_path: Path) -> None:
    table = with_first(REGIONS, weight_share=1 + 1e-9).astype({"kind": "category"})
    assert read(table, tmp_path)["kind"].tolist() == ["metro", "metro"]


def test_all_problems_at_once(tmp_path: Path) -> None:
    table = with_first(
        REGIONS, year=10**12, members=-1, weight_share=2.0, partial=None, flags="withheld"
    )
    said = refusal(pd.concat([table] * 7, ignore_index=True), tmp_path)
    for name in ("year 10", "members -1", "weight_share 2", "column 'partial' has no", "value 10"):
        assert name in said
    assert "shares from 0 to 1 (also row 3, row 5, row 7, row 9, row 11, 1 more)" in said
    assert "more than one row; allowed: one for each kind, region_id, code, year" in said
