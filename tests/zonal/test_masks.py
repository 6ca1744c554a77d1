"""Masks: polygons are cut out exactly, cells of a mask raster are left out; both are counted."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError
from regional_atlas.zonal import ArrayRaster, Cleaning, split_by_mask, zonal_statistics

CELLS = np.arange(1.0, 10.0).reshape(3, 3)


def test_a_mask_of_polygons_takes_its_exact_share(zones, raster):
    """The middle column's right half goes: 0.5 of 2, 5 and 8 is left, and 3 of 9 cells' area."""
    square = zones(shapely.box(0, 0, 3, 3))
    lake = zones(shapely.box(1.5, -1, 2, 9), shapely.box(1.75, 1, 2.0, 2))
    found = zonal_statistics(square, raster(CELLS, year=1), stats=["sum", "count"], mask=lake)
    row = found.iloc[0]
    assert row["sum"] == 45 - (2 + 5 + 8) / 2
    assert (row["count"], row["taken_mask_polygons"]) == (7.5, 1.5)
    assert (row["cell_count"], row["valid_share"]) == (9, 7.5 / 9)
    (record,) = found.attrs["rasters"]
    assert record["rules"] == [
        {"rule": "mask_polygons", "polygons": 2, "becomes": "missing", "cells": 1.5}
    ]


def test_what_is_wholly_masked_is_missing_and_the_rest_is_untouched(zones, raster):
    two = zones(shapely.box(0, 0, 1, 3), shapely.box(2.2, 0.3, 2.9, 2.6))
    lake = zones(shapely.box(-1, -1, 1.5, 9))
    plain = zonal_statistics(two, raster(CELLS, year=1), stats=["sum", "count", "min"])
    found = zonal_statistics(two, raster(CELLS, year=1), stats=["sum", "count", "min"], mask=lake)
    assert found.iloc[0][["count", "cell_count", "valid_share"]].tolist() == [0, 0, 0]
    assert np.isnan(found.iloc[0]["sum"])
    assert found.iloc[0]["taken_mask_polygons"] == 3
    assert found[plain.columns].iloc[1].equals(plain.iloc[1])


def test_polygons_come_before_the_rules_of_cells(zones, raster):
    """Of four cells of -1 the mask takes two and a half, the rule one and a half."""
    lights = Cleaning(negative="zero").applied(raster(np.full((2, 2), -1.0)))
    found = zonal_statistics(
        zones(shapely.box(0, 0, 2, 2)),
        lights,
        stats=["count"],
        mask=zones(shapely.box(0, 0, 1.25, 2)),
    ).iloc[0]
    assert (found["taken_mask_polygons"], found["taken_negative"], found["count"]) == (
        2.5,
        1.5,
        1.5,
    )
    missing = raster([[np.nan, 1.0]])
    found = zonal_statistics(
        zones(shapely.box(0, 0, 2, 1)),
        missing,
        stats=["count"],
        mask=zones(shapely.box(0, 0, 1, 1)),
    ).iloc[0]
    assert (found["taken_mask_polygons"], found["count"], found["valid_share"]) == (0, 1, 0.5)


def test_a_mask_in_another_system_meets_the_zones():
    zone = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 3, 3)], crs="EPSG:3857")
    lake = gpd.GeoDataFrame(geometry=[shapely.box(2, 0, 3, 3)], crs="EPSG:3857").to_crs(4326)
    kept, removed = split_by_mask(zone, lake)
    assert kept.area[0] == pytest.approx(6, rel=1e-6)
    assert removed.area[0] == pytest.approx(3, rel=1e-6)
    turned = gpd.GeoDataFrame(geometry=[shapely.box(-175, 0, -170, 1)], crs=4326)
    beyond = gpd.GeoDataFrame(geometry=[shapely.box(186, -1, 188, 2)], crs=4326)
    kept, removed = split_by_mask(turned, beyond)
    assert shapely.area(removed.geometry.to_numpy()[0]) == pytest.approx(2)


def test_what_is_no_mask_is_refused():
    zone = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 3, 3)], crs=4326)
    with pytest.raises(DataError, match="mask: zone 0 is a Point, expected polygons"):
        split_by_mask(zone, gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4326))
    for pair, name in (
        ((zone, zone.set_crs(None, allow_override=True)), "mask"),
        ((zone.set_crs(None, allow_override=True), zone), "zones"),
    ):
        with pytest.raises(DataError, match=f"{name}: has no coordinate reference system"):
            split_by_mask(*pair)


def test_a_mask_raster_is_anything_but_zero(zones, raster):
    water = raster(np.array([[0, 1, 0], [0, 2, np.nan], [0, 0, 0]]))
    lights = Cleaning(mask=water, upper=8).applied(raster(CELLS, year=1))
    found = zonal_statistics(zones(shapely.box(0, 0, 3, 3)), lights, stats=["sum", "count"])
    assert found["sum"].iloc[0] == 45 - 2 - 5 - 9
    assert found[["taken_mask", "taken_upper"]].iloc[0].tolist() == [2, 1]


def test_a_mask_on_another_grid_names_both(raster):
    with pytest.raises(DataError, match=r"\(1 × 1 cells .* than .* \(3 × 3 cells"):
        Cleaning(mask=raster([[1]])).applied(raster(CELLS))


def test_saturated_cells_are_counted_and_kept(zones, raster):
    lights = Cleaning(saturation=8).applied(raster(CELLS, year=1))
    found = zonal_statistics(zones(shapely.box(0.5, 0, 3, 3)), lights, stats=["sum", "count"])
    row = found.iloc[0]
    assert row["sum"] == 45 - (1 + 4 + 7) / 2
    assert (row["saturated_count"], row["saturated_share"]) == (2, 2 / 7.5)
    assert found.attrs["rasters"][0]["rules"] == [
        {"rule": "saturation", "at_least": 8, "becomes": "kept", "cells": 2.0}
    ]


def test_counts_do_not_depend_on_the_windows(zones, raster, monkeypatch):
    cells = np.random.default_rng(3).normal(0, 1, (300, 300))
    disc, strip = shapely.Point(150, 150).buffer(140), shapely.box(90, 3, 210, 80)
    parts = zones(disc, shapely.box(0, 0, 60, 290), strip)
    lights = Cleaning(negative="missing", upper=2).applied(raster(cells, year=1))
    expected = zonal_statistics(parts, lights, stats=["count"])
    row, col = np.nonzero(cells < 0)
    squares = shapely.box(col, 299 - row, col + 1, 300 - row)
    shares = [shapely.area(shapely.intersection(part, squares)).sum() for part in parts.geometry]
    np.testing.assert_allclose(expected["taken_negative"], shares, rtol=1e-9)
    monkeypatch.setattr("regional_atlas.zonal.coverage.COLUMNS_PER_WINDOW", 128)
    monkeypatch.setattr("regional_atlas.zonal.coverage.CELLS_PER_WINDOW", 128 * 128)
    found = zonal_statistics(parts, lights, stats=["count"])
    np.testing.assert_allclose(found["taken_negative"], expected["taken_negative"], rtol=1e-12)


places = st.tuples(st.integers(0, 48), st.integers(0, 48)).map(lambda at: (at[0] / 8, at[1] / 8))
polygons = st.lists(places, min_size=3, max_size=7, unique=True).map(
    lambda points: shapely.MultiPoint(points).convex_hull
)


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@given(polygons.filter(lambda p: p.area > 0.1), st.lists(polygons, max_size=3), st.integers(0, 99))
def test_what_is_kept_and_what_is_masked_make_the_whole(shape, marks, seed):
    cells = np.random.default_rng(seed).integers(-3, 9, (6, 6)).astype(float)
    cells[cells == 8] = np.nan
    lights = ArrayRaster(cells, Affine(1, 0, 0, 0, -1, 6), "EPSG:3857")
    zone = gpd.GeoDataFrame(geometry=[shape], crs="EPSG:3857")
    lakes = [mark for mark in marks if mark.area > 0]
    mask = gpd.GeoDataFrame(geometry=lakes, crs="EPSG:3857")
    stats = ["sum", "count"]
    whole = zonal_statistics(zone, lights, stats=stats).iloc[0]
    cut = zonal_statistics(
        zone, Cleaning(negative="missing").applied(lights), stats=stats, mask=mask
    ).iloc[0]
    taken = cut["taken_mask_polygons"] + cut["taken_negative"]
    assert cut["count"] + taken == pytest.approx(whole["count"], abs=1e-6)
    removed = split_by_mask(zone, mask)[1]
    under = shapely.area(removed.geometry.to_numpy())[0]
    assert under == pytest.approx(shape.intersection(shapely.union_all(lakes)).area, abs=1e-9)
    assert cut["taken_mask_polygons"] <= under + 1e-6
