"""Long tables of indicators: parted by code, and the last value of each unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core.long_tables import last_values, rows_by_code

YEARS = st.one_of(st.none(), st.integers(2018, 2021))
ROWS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), YEARS),
    st.one_of(st.none(), st.floats(-10, 10)),
    max_size=40,
)


def long_table(rows: dict[tuple[str, str, int | None], float | None]) -> pd.DataFrame:
    table = pd.DataFrame(
        [(*key, value) for key, value in rows.items()],
        columns=["unit_id", "code", "year", "value"],
    )
    kinds = {"unit_id": "str", "code": "str", "year": "Int64", "value": "float64"}
    return table.astype(kinds)


@given(ROWS)
def test_each_row_is_in_the_part_of_its_code(
    rows: dict[tuple[str, str, int | None], float | None],
) -> None:
    table = long_table(rows)
    parts = dict(rows_by_code(table))
    assert list(parts) == table["code"].unique().tolist()
    for code, part in parts.items():
        pd.testing.assert_frame_equal(part, table[table["code"] == code])


@given(ROWS)
def test_the_last_value_is_that_of_the_last_year_with_one(
    rows: dict[tuple[str, str, int | None], float | None],
) -> None:
    table = long_table(rows)
    units = pd.Index([*"abcde"])
    by_year = table.sort_values("year").groupby(["unit_id", "code"])["value"].last()
    expected = by_year.unstack("code").reindex(units)
    found = last_values(table, units)
    assert found.columns.tolist() == expected.columns.tolist()
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy("float64"))


def test_codes_that_stand_together_are_not_copied() -> None:
    table = pd.DataFrame({"code": ["b", "b", "a"], "value": [1.0, 2.0, 3.0]})
    parts = [rows["value"].to_numpy() for _, rows in rows_by_code(table)]
    assert all(np.shares_memory(part, table["value"].to_numpy()) for part in parts)
