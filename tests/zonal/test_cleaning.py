from __future__ import annotations

import numpy as np
import pytest
import shapely

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import block_means, zonal_statistics
from regional_atlas.zonal.cleaning import Cleaning, decoded, stored_nodata, whole_grid

CELLS = [[-2.0, 0.3, 4.0], [900.0, np.nan, 6.0]]


@pytest.mark.parametrize(
    ("dtype", "nodata", "held"),
    [
        ("u1", 0, True),
        ("u1", 255, True),
        ("u1", 256, False),
        ("u1", -9999, False),
        ("i1", -1, True),
        ("i2", 1.5, False),
        ("f4", -3.4e38, True),
        ("f8", float("nan"), False),
        ("f8", None, False),
        ("u1", None, False),
    ],
)
def test_nodata_in_the_type_of_the_values(dtype, nodata, held, raster):
    found, least, most = stored_nodata(raster(np.zeros((1, 1), dtype), nodata=nodata))
    assert found is held
    assert least.dtype == most.dtype == dtype
    assert not held or least <= np.dtype(dtype).type(nodata) <= most


@pytest.mark.parametrize(
    ("dtype", "nodata", "cell", "missing"),
    [
        ("f4", -3.4e38, np.finfo("f4").min, True),
        ("f4", 3.4e38, np.inf, False),
        ("f4", -999.9, np.float32(-999.9), True),
        ("f8", -999.9, float(np.float32(-999.9)), True),
        ("f8", float(np.float32(1e20)), 1e20, True),
        ("f4", -999.9, -999.8, False),
        ("f4", 0.0, 1e-30, False),
        ("f4", np.inf, np.inf, True),
        ("f4", np.inf, np.finfo("f4").max, False),
        ("i4", -999.0, -998, False),
    ],
)
def test_nodata_within_the_rounding_of_its_tag_is_missing(dtype, nodata, cell, missing, raster):
    source = raster(np.array([[cell, 7]], dtype), nodata=nodata)
    tile = next(source.read_windows([(slice(0, 1), slice(0, 2))]))
    assert np.isnan(decoded(tile, source)).tolist() == [[missing, False]]


@pytest.mark.parametrize("cell", [np.inf, -np.inf, np.finfo("f4").max, -2e30])
def test_extreme_values_are_refused_or_set_missing(cell, raster, zones):
    two = zones(shapely.box(0, 0, 1.5, 1), shapely.box(2, 0, 3, 1))
    source = raster(np.array([[1.0, cell, 5.0]], "f4"))
    with pytest.raises(DataError, match=r"0\.5 cells hold infinite .* in 'a'; declare"):
        zonal_statistics(two, source)
    for rules in (Cleaning(negative="zero"), Cleaning(background=0.5)):
        with pytest.raises(DataError, match=r"in 'a'; declare"):
            zonal_statistics(two, rules.applied(source))
    found = zonal_statistics(two, Cleaning(extreme="missing").applied(source), stats=["sum"])
    assert found["sum"].tolist() == [1.0, 5.0]
    assert found["taken_extreme"].tolist() == [0.5, 0.0]
    assert found.attrs["rasters"][0]["rules"][0]["cells"] == 0.5
    if cell > 0:
        upper = zonal_statistics(two, Cleaning(upper=100).applied(source), stats=["sum"])
        assert upper["sum"].tolist() == [1.0, 5.0]
    assert zonal_statistics(two.loc[["b"]], source)["sum"].tolist() == [5.0]
    with pytest.raises(DataError, match="some cells hold infinite values"):
        block_means(source, 3)


def test_decoding_happens_in_float64(raster):
    source = raster(np.array([[200, 3]], np.uint8), scale=511 / 255, nodata=3)
    tile = next(source.read_windows([(slice(0, 1), slice(0, 2))]))
    found = decoded(tile, source)
    assert found.dtype == np.float64
    assert found[0, 0] == 200 * (511 / 255)
    assert np.isnan(found[0, 1])


def test_nodata_is_compared_as_stored(raster):
    """-3.4e38 in a file of float32 is not the float64 of that name."""
    cells = np.array([[-3.4e38, 1]], np.float32)
    source = raster(cells, nodata=-3.4e38, scale=0.5)
    tile = next(source.read_windows([(slice(0, 1), slice(0, 2))]))
    assert np.isnan(decoded(tile, source)).tolist() == [[True, False]]


def test_each_rule_takes_its_cells_and_says_so(zones, raster):
    flags = raster(np.array([[0, 0, 1], [0, 0, 6]]))
    seen = raster(np.array([[3, 3, 3], [3, 3, 3]]))
    rules = Cleaning(
        quality=flags, bad_flags=[1], observations=seen, least_observations=2,
        negative="missing", background=0.5, upper=500,
    )  # fmt: skip
    cleaned = rules.applied(raster(CELLS, year=2020))
    found = zonal_statistics(zones(shapely.box(0, 0, 3, 2)), cleaned, stats=["sum", "count"])
    assert found[["sum", "count"]].iloc[0].tolist() == [6, 2]
    assert found["year"].tolist() == [2020]
    taken = {rule["rule"]: rule["cells"] for rule in found.attrs["rasters"][0]["rules"]}
    assert taken == {"quality": 1, "observations": 0, "negative": 1, "background": 1, "upper": 1}
    assert found[[f"taken_{rule}" for rule in taken]].iloc[0].tolist() == [*taken.values()]


def test_the_worked_examples_of_the_book(zones, raster):
    lights = Cleaning(negative="zero", background=0.5, upper=500).applied(raster([[-1, 0.2, 900]]))
    row = zonal_statistics(zones(shapely.box(0.5, 0, 3, 1)), lights, stats=["count", "sum"]).iloc[0]
    assert (row["taken_negative"], row["taken_background"], row["taken_upper"]) == (0.5, 1, 1)
    assert (row["count"], row["sum"]) == (1.5, 0)
    cells = raster(np.arange(1.0, 10).reshape(3, 3))
    middle = zones(shapely.box(0.5, 0.5, 2.5, 2.5))
    cut = zonal_statistics(middle, Cleaning(upper=8).applied(cells)).iloc[0]
    full = zonal_statistics(middle, Cleaning(saturation=8).applied(cells)).iloc[0]
    assert cut["taken_upper"] == 0.25
    assert (full["saturated_count"], full["saturated_share"]) == (0.75, 0.1875)


def test_bits_and_observations(zones, raster):
    flags = raster(np.array([[0, 0, 1], [0, 0, 6]]))
    seen = raster(np.array([[1, 3, 3], [3, 3, 3]]))
    square = zones(shapely.box(0, 0, 3, 2))
    by_bit = Cleaning(quality=flags, bad_bits=0b100).applied(raster(CELLS))
    assert zonal_statistics(square, by_bit, stats=["max", "min", "count"])["count"].iloc[0] == 4
    few = Cleaning(observations=seen, least_observations=2).applied(raster(CELLS))
    assert zonal_statistics(square, few, stats=["min"])["min"].iloc[0] == 0.3


def test_without_rules_nothing_changes(zones, raster):
    square = zones(shapely.box(0.2, 0.3, 2.7, 1.6))
    plain = zonal_statistics(square, raster(CELLS, year=1))
    assert zonal_statistics(square, Cleaning().applied(raster(CELLS, year=1))).equals(plain)


def test_incomplete_rules_are_named(raster):
    for options, message in [
        ({"negative": "drop"}, "negative: keep, zero or missing, found 'drop'"),
        ({"bad_flags": [1]}, "quality"),
        ({"quality": raster(CELLS)}, "quality"),
        ({"least_observations": 1}, "observations"),
    ]:
        with pytest.raises(InputError, match=message):
            Cleaning(**options)
    with pytest.raises(DataError, match="another grid"):
        Cleaning(quality=raster([[1]]), bad_bits=1).applied(raster(CELLS))


@pytest.mark.shared_data
def test_sao_tome_negatives_become_zero_and_nodata_stays_missing(zones, shared):
    path = shared / "data/nightlights/sao_tome_viirs_monthly_201401_float32.tif"
    raw = open_raster(path)
    cleaned = Cleaning(negative="zero").applied(raw)
    west, north = raw.transform.c, raw.transform.f
    rows, cols = raw.shape
    whole = zones(
        shapely.box(west, north + raw.transform.e * rows, west + raw.transform.a * cols, north),
        crs=raw.crs,
    )
    before, after = (
        zonal_statistics(whole, r, stats=["min", "sum", "count"]) for r in (raw, cleaned)
    )
    assert before["min"].iloc[0] < 0 == after["min"].iloc[0]
    cells = raw.read().values
    dark = int(((cells < 0) & (cells > -1e30)).sum())
    assert after["taken_negative"].iloc[0] == pytest.approx(dark)
    (record,) = after.attrs["rasters"]
    assert record["rules"] == [{"rule": "negative", "becomes": "zero", "cells": dark}]
    assert record["nodata"] == pytest.approx(-3.4e38, rel=1e-2)
    assert (record["nodata_rule"], record["scale"], record["offset"]) == ("stored", 1, 0)
    assert after["count"].iloc[0] == before["count"].iloc[0]
    assert after["sum"].iloc[0] > before["sum"].iloc[0]


@pytest.mark.parametrize(
    ("dtype", "options", "expected"),
    [
        ("u1", {"nodata": 3}, "f4"),
        ("i2", {}, "f4"),
        ("f4", {"nodata": 3.0}, "f4"),
        ("u1", {"scale": 2.00392}, "f8"),
        ("f4", {"offset": 0.1}, "f8"),
        ("i4", {}, "f8"),
        ("f8", {}, "f8"),
    ],
)
def test_a_grid_is_narrow_only_where_no_value_changes(dtype, options, expected, raster):
    cells = np.array([[0, 3, 100], [7, 3, 101]], dtype)
    if dtype in ("i4", "f8"):
        cells[0, 0] = 2**24 + 1
    source = raster(cells, **options)
    found, whole = whole_grid(source, narrow=True), whole_grid(source)
    assert (found.dtype, whole.dtype) == (np.dtype(expected), np.float64)
    np.testing.assert_array_equal(found.astype(np.float64), whole)
