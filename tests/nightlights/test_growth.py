from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.nightlights.growth import growth, level_shifts, trend


def table(**columns):
    rows = [
        {"unit_id": unit, "year": year, "sum": value}
        for unit, values in columns.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows)


def series(values, first=2013):
    return pd.DataFrame(
        {"unit_id": "a", "year": range(first, first + len(values)), "sum": values}, dtype=object
    ).astype({"year": int, "sum": float})


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


def test_slope_is_the_median_of_pairs_and_p_counts_orders():
    """1 2 9 4 5: 8 pairs rise, 2 fall; of 120 orders 14 have at least 8 rising."""
    found = trend(series([1, 2, 9, 4, 5])).loc["a"]
    assert found["slope"] == 1
    assert found["tau"] == pytest.approx(0.6)
    assert found["p"] == pytest.approx(2 * 14 / 120)


def test_ties_take_the_corrected_normal_approximation():
    """1 1 2 3: S = 5, variance (4·3·13 - 2·1·9)/18 = 23/3."""
    found = trend(series([1, 1, 2, 3])).loc["a"]
    assert found["tau"] == pytest.approx(5 / np.sqrt(6 * 5))
    assert found["p"] == pytest.approx(2 * norm.sf(5 / np.sqrt(23 / 3)))


def test_missing_constant_and_short_series():
    gap = trend(series([1, np.nan, 3, 4])).loc["a"]
    assert (gap["slope"], gap["years"]) == (1, 3)
    flat = trend(series([2, 2, 2])).loc["a"]
    assert flat["slope"] == 0
    assert np.isnan(flat["p"])
    assert np.isnan(trend(series([1, 2])).loc["a", "slope"])
    assert trend(series([9, 1, 2, 3]), first=2014).loc["a", "slope"] == 1
    assert trend(series([1, 2, 3]), first=2020).loc["a", "years"] == 0


def test_what_is_wrong_is_named():
    with pytest.raises(DataError, match="'max'"):
        trend(series([1]), column="max")
    with pytest.raises(DataError, match="more than once"):
        trend(pd.concat([series([1]), series([1])]))


def test_a_step_is_flagged_and_growth_is_not():
    years = range(2012, 2023)
    totals = [8.3, 12.0, 12.3, 12.1, 12.8, 13.9, 14.2, 14.6, 14.9, 15.6, 16.0]
    assert level_shifts(pd.Series(totals, years)) == [2013]
    assert level_shifts(pd.Series(totals[1:], years[1:])) == []
    assert level_shifts(pd.Series(1.5 ** np.arange(11.0), years)) == []
    assert level_shifts(pd.Series(totals, years).drop(2013)) == []
    assert level_shifts(pd.Series([1.0, 9.0], [2012, 2013])) == []
