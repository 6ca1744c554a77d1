from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.nightlights import compare_tables, growth


def table(**columns):
    rows = [
        {"unit_id": unit, "year": year, "sum": value}
        for unit, values in columns.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows)


def test_compound_growth_and_dark_bases():
    found = growth(
        table(
            grows={2013: 10.0, 2022: 10 * 1.05**9},
            shrinks={2013: 8.0, 2022: 4.0},
            fades={2013: 8.0, 2022: 0.0},
            dark={2013: 0.0, 2022: 4.0},
            dim={2013: 0.5, 2022: 4.0},
            unknown={2013: np.nan, 2022: 4.0},
            negative={2013: 3.0, 2022: -1.0},
        ),
        2013,
        2022,
        dark_below=1.0,
    )
    assert found.index.name == "unit_id"
    assert found["growth"].round(12).tolist()[:3] == [0.05, round(0.5 ** (1 / 9) - 1, 12), -1.0]
    assert found["growth"][3:].isna().all()
    assert found.index[found["dark_base"]].tolist() == ["dark", "dim"]
    assert found.loc["dark", "final"] == 4


def test_growth_keeps_the_order_of_the_units():
    found = growth(table(z={1: 1, 2: 2}, a={1: 1, 2: 2}), 1, 2)
    assert found.index.tolist() == ["z", "a"]


def test_growth_refuses():
    with pytest.raises(InputError, match=r"last year \(2013\) must follow"):
        growth(table(a={2013: 1}), 2013, 2013)
    with pytest.raises(DataError, match="no year 2014"):
        growth(table(a={2013: 1}), 2013, 2014)
    with pytest.raises(DataError, match="no column 'mean'"):
        growth(table(a={2013: 1}), 2013, 2014, column="mean")
    twice = pd.concat([table(a={2013: 1}), table(a={2013: 1})])
    with pytest.raises(DataError, match="unit a stands more than once in 2013"):
        growth(twice, 2013, 2014)


def test_comparison():
    reference = table(a={1: 100.0}, b={1: 100.0}, c={1: 0.0}, d={1: 0.0}, e={1: np.nan}, f={1: 2})
    other = table(a={1: 98.0}, b={1: 107.0}, c={1: 0.0}, d={1: 1.0}, e={1: 4.0}, g={1: 3})
    found = compare_tables(reference, other)
    assert found.compared == 4
    assert found.missing == 3
    assert found.shares_beyond == {0.01: 0.75, 0.05: 0.5, 0.10: 0.25}
    assert found.median == pytest.approx((0.02 + 0.07) / 2)
    assert found.worst(2).to_dict() == {("d", 1): np.inf, ("b", 1): pytest.approx(0.07)}


def test_comparison_of_nothing_is_missing():
    found = compare_tables(table(a={1: np.nan}), table(a={1: 1.0}))
    assert np.isnan(found.median)
    assert np.isnan(found.shares_beyond[0.01])


def test_a_table_equals_itself():
    same = table(a={1: 5.0, 2: 0.0}, b={1: 2.0, 2: 7.0})
    found = compare_tables(same, same.sample(frac=1, random_state=1))
    assert found.median == 0
    assert set(found.shares_beyond.values()) == {0}
