"""Every statistic on the units of Shanghai, Jiangsu and Zhejiang: lights of 2020, weights of 2013.

exactextract keeps the coverage of a cell as a float32. Our coverage is its to within that rounding,
cell by cell; rounded the same way, sums and means are its to 1e-9 (with all our digits, to 5e-9).
Our statistics are NumPy's of our own coverage to 1e-12.
"""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource

from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import ArrayRaster, Grid, exact_coverage, zonal_statistics

pytestmark = [pytest.mark.shared_data, pytest.mark.china]

BOX = (116.0, 27.0, 123.5, 35.5)
SUMS = ["count", "sum", "mean", "weighted_sum", "weighted_mean"]
SPREADS = [
    "variance", "stdev", "coefficient_of_variation", "weighted_variance", "weighted_stdev",
]  # fmt: skip
QUANTILES = {"median": 0.5, "quantile(q=0.1)": 0.1, "quantile(q=0.9)": 0.9}
COLUMNS = ["median", "quantile_10", "quantile_90"]
PICKED = ["min", "max", "majority", "mode", "minority", "variety"]
ALL = [*SUMS, *SPREADS, *QUANTILES, *PICKED]


@pytest.fixture(scope="module")
def units(county_files, read_units):
    return read_units([path for path in county_files if path.name[:2] in ("31", "32", "33")])


@pytest.fixture(scope="module")
def rasters(shared):
    """Radiance of 2020 and, as weights on the same cells, 1 + the number stored for 2013."""
    stored = {}
    for year in (2013, 2020):
        with rasterio.open(shared / f"data/nightlights/china_longntl_{year}_uint8.tif") as dataset:
            window = dataset.window(*BOX).round_offsets().round_lengths()
            stored[year] = dataset.read(1, window=window).astype(float)
            transform = dataset.window_transform(window)
    return [
        ArrayRaster(values, transform, "EPSG:4326")
        for values in (stored[2020] * 511 / 255, stored[2013] + 1)
    ]


@pytest.fixture(scope="module")
def ours(units, rasters):
    lights, weights = rasters
    return zonal_statistics(units, lights, stats=[*ALL, "gini"], weights=weights)


@pytest.fixture(scope="module")
def theirs(units, rasters):
    west, south, east, north = Grid.of(rasters[0]).bounds
    lights, weights = (
        NumPyRasterSource(raster.values, west, south, east, north, srs_wkt=units.crs.to_wkt())
        for raster in rasters
    )
    stats = [*ALL, "coverage", "cell_id"]
    return exact_extract(lights, units.reset_index(), stats, weights=weights, output="pandas")


@pytest.fixture(scope="module")
def cells(units, rasters):
    """Row-major number and coverage of the cells of each unit."""
    grid = Grid.of(rasters[0])
    coverage = exact_coverage(units.geometry.to_numpy(), grid)
    found = []
    for zone in range(len(units)):
        rows, cols, shares = coverage.cells(zone)
        found.append((rows * grid.shape[1] + cols, shares))
    return found


def test_coverage_is_exactextracts_to_the_rounding_of_a_float32(theirs, cells):
    assert len(cells) == 201
    same = []
    for (ids, shares), known, expected in zip(
        cells, theirs["cell_id"], theirs["coverage"], strict=True
    ):
        assert (expected == expected.astype(np.float32)).all()
        dense = dict(zip(known.tolist(), expected.tolist(), strict=True))
        there = np.array([dense.pop(cell, 0.0) for cell in ids.tolist()])
        np.testing.assert_allclose(shares, there, rtol=0, atol=2.0**-24)
        same.append(shares.astype(np.float32) == there)
        assert max(dense.values(), default=0) < 1e-9
    assert np.concatenate(same).mean() > 0.9995


def test_statistics_are_numpys_of_the_same_coverage(ours, cells, rasters):
    values, weights = (np.asarray(raster.values).ravel() for raster in rasters)
    for row, (ids, c) in zip(ours.itertuples(), cells, strict=True):
        v, w = values[ids], weights[ids]
        mean, weighted = np.average(v, weights=c), np.average(v, weights=c * w)
        variance = np.average((v - mean) ** 2, weights=c)
        spread = np.average((v - weighted) ** 2, weights=c * w)
        classes, at = np.unique(v, return_inverse=True)
        held = np.bincount(at, weights=c)
        expected = {
            "count": c.sum(), "sum": (v * c).sum(), "mean": mean,
            "weighted_sum": (v * c * w).sum(), "weighted_mean": weighted,
            "variance": variance, "stdev": variance**0.5,
            "coefficient_of_variation": variance**0.5 / mean,
            "weighted_variance": spread, "weighted_stdev": spread**0.5,
            "min": v.min(), "max": v.max(), "variety": len(classes),
            "majority": classes[held.argmax()], "minority": classes[held.argmin()],
        }  # fmt: skip
        for name, value in expected.items():
            assert getattr(row, name) == pytest.approx(value, rel=1e-12, abs=1e-12), name


def test_with_coverage_rounded_alike_sums_are_exactextracts(theirs, cells, rasters):
    values, weights = (np.asarray(raster.values).ravel() for raster in rasters)
    found = []
    for ids, shares in cells:
        v, w, c = values[ids], weights[ids], shares.astype(np.float32).astype(float)
        sums = c.sum(), (v * c).sum(), (v * c * w).sum(), (c * w).sum()
        found.append((*sums[:3], sums[1] / sums[0], sums[2] / sums[3]))
    names = ["count", "sum", "weighted_sum", "mean", "weighted_mean"]
    for name, column in zip(names, np.transpose(found), strict=True):
        np.testing.assert_allclose(column, theirs[name], rtol=1e-9, err_msg=name)


def test_statistics_are_exactextracts_as_far_as_its_rounding_goes(ours, theirs):
    """Sums over thousands of cells lose most of it: 5e-9 is left, 1e-9 for means."""
    for name in [*SUMS, *SPREADS, *COLUMNS]:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=5e-9, err_msg=name)
    np.testing.assert_allclose(ours["mean"], theirs["mean"], rtol=1e-9)
    for name in PICKED:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


def test_quantiles_of_a_float32_raster_are_exactextracts_to_a_float32(units, shared):
    """It gives quantiles in the type of the raster; sums of the same raster agree to 5e-9."""
    path = shared / "data/nightlights/shanghai_longntl_2020_float32.tif"
    city = units[units.index.str.startswith("31")]
    found = zonal_statistics(city, open_raster(path), stats=[*QUANTILES, "sum", "stdev"])
    theirs = exact_extract(
        str(path), city.reset_index(), [*QUANTILES, "sum", "stdev"], output="pandas"
    )
    for name in COLUMNS:
        said = theirs[name].to_numpy()
        np.testing.assert_array_equal(said, said.astype(np.float32))
        np.testing.assert_allclose(found[name], said, rtol=2.0**-24)
    for name in ("sum", "stdev"):
        np.testing.assert_allclose(found[name], theirs[name], rtol=5e-9)
