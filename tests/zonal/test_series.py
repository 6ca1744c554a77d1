from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from regional_atlas.core.errors import DataError
from regional_atlas.zonal import compare_tables, complete_dates, seasonal, wide, zonal_statistics


def yearly(**columns):
    rows = [
        {"unit_id": unit, "year": year, "sum": value}
        for unit, values in columns.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows)


def months(first, number):
    """Years and months of consecutive months."""
    at = np.arange(number) + 12 * first
    return pd.DataFrame({"unit_id": "a", "year": at // 12, "month": at % 12 + 1})


def test_a_missing_month_stays_missing(zones, raster):
    two = zones(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    lights = [raster([[1.0, 2.0]], year=2014, month=month) for month in (11, 12)]
    lights.append(raster([[3.0, 4.0]], year=2015, month=3))
    table = zonal_statistics(two, lights, stats=["sum", "count", "max"])
    assert list(table.columns[:3]) == ["unit_id", "year", "month"]
    whole = complete_dates(table)
    assert whole.attrs["missing"] == ["2015-01", "2015-02"]
    assert whole.attrs["rasters"] == table.attrs["rasters"]
    assert whole["unit_id"].tolist() == ["a", "b"] * 5
    assert (whole["year"] * 100 + whole["month"]).tolist()[::2] == [
        201411, 201412, 201501, 201502, 201503,
    ]  # fmt: skip
    empty = whole[whole["month"].isin([1, 2])]
    assert empty[["count", "cell_count", "valid_share"]].eq(0).all(axis=None)
    assert empty[["sum", "max"]].isna().all(axis=None)
    measured = whole[whole["cell_count"] > 0].reset_index(drop=True)
    pd.testing.assert_frame_equal(measured, table, check_dtype=True)


def test_nothing_is_added_where_nothing_lacks(zones, raster):
    years = [raster([[1.0]], year=year) for year in (2021, 2020)]
    table = zonal_statistics(zones(shapely.box(0, 0, 1, 1)), years, stats=["sum"])
    whole = complete_dates(table)
    assert (whole["year"].tolist(), whole.attrs["missing"]) == ([2020, 2021], [])
    assert complete_dates(table[table["year"] == 2020]).attrs["missing"] == []
    assert complete_dates(table.iloc[:0]).empty


def test_wide_has_a_column_per_statistic_and_date(zones, raster):
    two = zones(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    lights = [raster([[1.0, 2.0]], year=2014, month=12), raster([[3.0, 4.0]], year=2015, month=1)]
    found = wide(zonal_statistics(two[::-1], lights, stats=["sum"]))
    assert found.columns.tolist() == [
        "unit_id", "sum_2014_12", "sum_2015_01", "cell_count_2014_12", "cell_count_2015_01",
        "valid_share_2014_12", "valid_share_2015_01",
    ]  # fmt: skip
    assert found.set_index("unit_id")["sum_2015_01"].to_dict() == {"b": 4, "a": 3}
    assert found["unit_id"].tolist() == ["b", "a"]
    assert found["cell_count_2014_12"].dtype == "int64"
    assert len(found.attrs["rasters"]) == 2
    named = [raster([[1.0, 2.0]], name="one.tif"), raster([[1.0, 2.0]], name="two.tif")]
    assert "sum_two.tif" in wide(zonal_statistics(two, named, stats=["sum"]))
    with pytest.raises(DataError, match=r"two rasters are 'one\.tif'"):
        wide(zonal_statistics(two, [named[0], named[0]], stats=["sum"]))


SEASON = np.array([3.0, 1, 0, -1, -2, -3, -4, -2, 0, 1, 3, 4])


@pytest.mark.parametrize("lost", [[], [1, 14, 40], [*range(5, 8)], [*range(60)][::5]])
def test_a_line_with_a_season_is_parted_exactly(lost):
    """Whatever months are missing: 12 a year, month by month, and a season that adds up to 0."""
    table = months(2012, 60)
    line = 50 + np.arange(60.0)
    table["sum"] = line + SEASON[table["month"] - 1]
    table.loc[lost, "sum"] = np.nan
    found = seasonal(table)
    np.testing.assert_allclose(found["sum_season"], SEASON[table["month"] - 1], atol=1e-9)
    kept = np.delete(np.arange(60), lost)
    np.testing.assert_allclose(found["sum_adjusted"].iloc[kept], line[kept], atol=1e-9)
    assert found["sum_adjusted"].iloc[lost].isna().all()


def test_a_fire_is_no_season():
    table = months(2012, 60)
    table["sum"] = 50 + np.arange(60.0) + SEASON[table["month"] - 1]
    table.loc[30, "sum"] += 1000
    found = seasonal(table)
    np.testing.assert_allclose(found["sum_season"], SEASON[table["month"] - 1], atol=1e-9)
    assert found["sum_adjusted"].iloc[30] == pytest.approx(1080)


def test_what_cannot_be_known_is_missing():
    table = pd.concat([months(2012, 36), months(2012, 12).assign(unit_id="b")], ignore_index=True)
    table["sum"] = 1.0
    table.loc[(table["month"] == 6) & (table["unit_id"] == "a"), "sum"] = np.nan
    assert seasonal(table)[["sum_season", "sum_adjusted"]].isna().all(axis=None)
    with pytest.raises(DataError, match="no column 'month'"):
        seasonal(table.drop(columns="month"))
    with pytest.raises(DataError, match="more than once"):
        seasonal(pd.concat([table, table]))


def test_comparison():
    reference = yearly(a={1: 100.0}, b={1: 100.0}, c={1: 0.0}, d={1: 0.0}, e={1: np.nan}, f={1: 2})
    other = yearly(a={1: 98.0}, b={1: 107.0}, c={1: 0.0}, d={1: 1.0}, e={1: 4.0}, g={1: 3})
    found = compare_tables(reference, other)
    assert found.compared == 4
    assert found.missing == 3
    assert found.shares_beyond == {0.01: 0.75, 0.05: 0.5, 0.10: 0.25}
    assert found.median == pytest.approx((0.02 + 0.07) / 2)
    assert found.worst(2).to_dict() == {("d", 1): np.inf, ("b", 1): pytest.approx(0.07)}


def test_comparison_of_nothing_is_missing():
    found = compare_tables(yearly(a={1: np.nan}), yearly(a={1: 1.0}))
    assert np.isnan(found.median)
    assert np.isnan(found.shares_beyond[0.01])


def test_a_table_equals_itself():
    same = yearly(a={1: 5.0, 2: 0.0}, b={1: 2.0, 2: 7.0})
    found = compare_tables(same, same.sample(frac=1, random_state=1))
    assert found.median == 0
    assert set(found.shares_beyond.values()) == {0}
