"""Weights in another CRS: amounts that add up, cell by cell as shapely cuts them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine

from regional_atlas.zonal import ArrayRaster, Grid, zonal_statistics
from regional_atlas.zonal.coverage import covered_fractions, exact_coverage
from regional_atlas.zonal.weights import on_grid

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m"
EVERYTHING = (slice(0, 40), slice(0, 50))
DEGREES = Grid(Affine(0.1, 0, 110, 0, -0.1, 32), (40, 50), "EPSG:4326")


@pytest.fixture
def heads():
    """Heads per cell of 20 km within the grid of degrees."""
    cells = np.random.default_rng(5).gamma(2.0, 100.0, (12, 14))
    return ArrayRaster(cells, Affine(20e3, 0, 600e3, 0, -20e3, 3400e3), ALBERS)


def quadrangle(row, col):
    corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1)]
    project = pyproj.Transformer.from_crs(4326, ALBERS, always_xy=True).transform
    return shapely.Polygon([project(*(DEGREES.transform @ corner)) for corner in corners])


def test_cells_get_what_lies_in_them(heads):
    found = on_grid(heads, DEGREES, EVERYTHING)
    assert 100 < np.isfinite(found).sum() < found.size
    rows, cols = np.indices(heads.shape)
    squares = [
        shapely.box(*(heads.transform @ (col, row + 1)), *(heads.transform @ (col + 1, row)))
        for row, col in zip(rows.ravel(), cols.ravel(), strict=True)
    ]
    for row, col in zip(*(at[::7] for at in np.nonzero(np.isfinite(found))), strict=True):
        shares = shapely.area(shapely.intersection(quadrangle(row, col), squares)) / 20e3**2
        assert found[row, col] == pytest.approx((shares * heads.values.ravel()).sum(), rel=1e-9)
    whole = shapely.box(*Grid.of(heads).bounds)
    for row, col in zip(*(at[::97] for at in np.nonzero(np.isnan(found))), strict=True):
        assert not quadrangle(row, col).within(whole)


def test_heads_stay_heads():
    """A grid that reaches beyond the weights' valid cells on all sides, with no light missing."""
    around = np.zeros((30, 32))
    around[9:21, 9:23] = np.random.default_rng(5).gamma(2.0, 100.0, (12, 14))
    heads = ArrayRaster(around, Affine(20e3, 0, 420e3, 0, -20e3, 3580e3), ALBERS)
    found = on_grid(heads, DEGREES, EVERYTHING)
    assert np.nansum(found) == pytest.approx(around.sum(), rel=1e-9)
    parts = [on_grid(heads, DEGREES, (slice(0, 17), slice(0, 50))),
             on_grid(heads, DEGREES, (slice(17, 40), slice(0, 50)))]  # fmt: skip
    assert np.array_equal(np.concatenate(parts), found, equal_nan=True)


def test_only_wanted_cells_are_filled(heads, monkeypatch):
    everything = on_grid(heads, DEGREES, EVERYTHING)
    wanted = np.random.default_rng(1).random((40, 50)) < 0.2
    monkeypatch.setattr("regional_atlas.zonal.weights.CELLS_AT_ONCE", 37)
    found = on_grid(heads, DEGREES, EVERYTHING, wanted)
    assert np.array_equal(found, np.where(wanted, everything, np.nan), equal_nan=True)
    nothing = on_grid(heads, DEGREES, EVERYTHING, np.zeros((40, 50), bool))
    assert np.isnan(nothing).all()


@pytest.mark.parametrize("first", [0, 3])
def test_cells_that_zones_touch(first):
    shapes = [shapely.Point(6, 6).buffer(3), shapely.box(1, 1, 2.5, 9), shapely.Polygon()]
    coverage = exact_coverage(shapes, Grid(Affine(1, 0, 0, 0, -1, 12), (12, 12), 3857))
    expected = np.zeros((12, 12), bool)
    for zone in range(3):
        rows, cols, _ = coverage.cells(zone)
        expected[rows, cols] = True
    window = (slice(first, 9), slice(first, 12))
    assert np.array_equal(covered_fractions(coverage.blocks, window) > 0, expected[window])


def test_the_mean_per_head_of_a_zone(heads):
    lights = ArrayRaster(
        np.random.default_rng(6).random((40, 50)), DEGREES.transform, "EPSG:4326", year=2020
    )
    zone = shapely.box(112.13, 30.12, 113.3, 31.31)
    zones = gpd.GeoDataFrame(index=pd.Index(["a"], name="unit_id"), geometry=[zone], crs=4326)
    stats = ["weighted_mean", "weighted_sum"]
    row = zonal_statistics(zones, lights, stats=stats, weights=heads).iloc[0]
    cols, rows = np.meshgrid(np.arange(50), np.arange(40))
    west, north = 110 + 0.1 * cols, 32 - 0.1 * rows
    squares = shapely.box(west, north - 0.1, west + 0.1, north)
    shares = shapely.area(shapely.intersection(squares, zone)) / 0.01
    touched = shares > 1e-9
    mass = (shares * on_grid(heads, DEGREES, EVERYTHING))[touched]
    assert np.isfinite(mass).all()
    values = lights.values[touched]
    assert row["weighted_sum"] == pytest.approx((mass * values).sum(), rel=1e-7)
    assert row["weighted_mean"] == pytest.approx(np.average(values, weights=mass), rel=1e-7)


def test_cells_across_the_antimeridian():
    """Weights in degrees hold 1 everywhere: a cell of the Pacific gets its size in their cells."""
    globe = ArrayRaster(np.ones((180, 360)), Affine(1, 0, -180, 0, -1, 90), "EPSG:4326")
    pacific = Grid(Affine(1e6, 0, 2.5e6, 0, -1e6, 0.5e6), (1, 2), "EPSG:3832")
    project = pyproj.Transformer.from_crs(3832, 4326, always_xy=True).transform
    lons, lats = project([2.5e6, 3.5e6, 4.5e6], [0, 0, 0]), project([0, 0], [0.5e6, -0.5e6])[1]
    height = lats[0] - lats[1]
    west, middle, east = np.asarray(lons[0]) % 360
    assert west < 180 < middle
    found = on_grid(globe, pacific, (slice(0, 1), slice(0, 2)))[0]
    assert found == pytest.approx([(middle - west) * height, (east - middle) * height], rel=1e-9)


def test_what_has_no_place_has_no_weight():
    globe = ArrayRaster(np.ones((4, 4)), Affine(1e6, 0, -2e6, 0, -1e6, 2e6), "+proj=ortho")
    beyond = Grid(Affine(1, 0, 170, 0, -1, 1), (1, 2), "EPSG:4326")
    assert np.isnan(on_grid(globe, beyond, (slice(0, 1), slice(0, 2)))).all()
