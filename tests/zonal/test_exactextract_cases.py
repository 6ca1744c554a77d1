"""exactextract's documented examples and its Python tests' cases: the same grids, the same numbers.

Most are measured by the installed exactextract, too. Left out is what this package does not have:
arrays of cells (`values`, `coverage`, `cell_id`, `center_x` …), Python functions as operations,
lines, the arguments `coverage_weight`, `default_value`, `default_weight`, `min_coverage_frac`.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from shapely import box

from regional_atlas.core.errors import DataError, InputError, RasterError
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import ArrayRaster, zonal_statistics

CRS = "EPSG:3857"
WKT = gpd.GeoSeries(crs=CRS).crs.to_wkt()
SQUARE = box(0.5, 0.5, 2.5, 2.5)
CORNER = box(0.5, 0.5, 1, 1)
NINE = np.arange(1, 10, dtype=np.float64).reshape(3, 3)
EXAMPLE_ZONE = shapely.union_all([box(0, 1, 0.5, 2), box(0, 0, 1, 1), box(1, 0, 1.25, 1)])
"""Covers 0.5, 0, 1 and 0.25 of the four cells of the documented example."""


def cells(values: Any, **options: Any) -> ArrayRaster:
    """Unit cells whose lower left corner is the origin."""
    array = np.asarray(values)
    return ArrayRaster(array, Affine(1, 0, 0, 0, -1, array.shape[0]), CRS, **options)


def polygons(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS)


def oracle(values: Any, *shapes: shapely.Geometry, weights: Any = None, nodata: Any = None):
    """What exactextract says, as a function of the statistics."""

    def source(array: Any, missing: Any = None) -> NumPyRasterSource:
        high, wide = np.asarray(array).shape
        return NumPyRasterSource(
            np.asanyarray(array),
            0, 0, wide, high, nodata=missing, srs_wkt=WKT,
        )  # fmt: skip

    def said(*stats: str):
        return exact_extract(
            source(values, nodata),
            polygons(*shapes),
            list(stats),
            weights=None if weights is None else source(weights),
            output="pandas",
        )

    return said


def measured(values: Any, *shapes: shapely.Geometry, stats: Any, weights: Any = None, **options):
    return zonal_statistics(
        polygons(*shapes),
        cells(values, **options),
        stats=stats,
        weights=None if weights is None else cells(weights),
    )


@pytest.mark.parametrize(
    ("stat", "documented", "digits"),
    [
        ("coefficient_of_variation", 0.41, 2),
        ("count", 1.75, 9),
        ("majority", 3, 9),
        ("max", 4, 9),
        ("mean", 2.57, 2),
        ("min", 1, 9),
        ("minority", 4, 9),
        ("stdev", 1.05, 2),
        ("sum", 4.5, 9),
        ("variance", 1.10, 2),
        ("variety", 3, 9),
        ("weighted_mean", 2.74, 2),
        ("weighted_sum", 31.5, 9),
        ("weighted_variance", None, 9),
        ("weighted_stdev", None, 9),
        ("median", None, 9),
        ("mode", None, 9),
    ],
)
def test_the_table_of_operations(stat: str, documented: float | None, digits: int) -> None:
    """Of the values 1 to 4 and the weights 5 to 8, with the numbers that stand beside each."""
    values, weights = [[1.0, 2], [3, 4]], [[5.0, 6], [7, 8]]
    found = measured(values, EXAMPLE_ZONE, stats=[stat], weights=weights)[stat].iloc[0]
    theirs = oracle(values, EXAMPLE_ZONE, weights=weights)(stat)[stat].iloc[0]
    assert found == pytest.approx(theirs, rel=1e-12)
    if documented is not None:
        assert round(float(found), digits) == documented


def test_the_documented_median_is_of_whole_numbers() -> None:
    """Its table says 2: a quantile of a whole-number raster is cut to a whole number there."""
    whole = [[1, 2], [3, 4]]
    assert oracle(whole, EXAMPLE_ZONE)("median")["median"].iloc[0] == 2
    found = measured(whole, EXAMPLE_ZONE, stats=["median"])["median"].iloc[0]
    assert found == oracle(np.array(whole, float), EXAMPLE_ZONE)("median")["median"].iloc[0] == 2.75


def test_the_documented_unique_values_and_fractions() -> None:
    values, weights = [[1, 2], [3, 4]], [[5, 6], [7, 8]]
    found = measured(values, EXAMPLE_ZONE, stats=["frac", "weighted_frac"], weights=weights)
    theirs = oracle(values, EXAMPLE_ZONE, weights=weights)("unique", "frac", "weighted_frac")
    assert sorted(theirs["unique"].iloc[0]) == [1, 3, 4]
    for kind in ("frac", "weighted_frac"):
        named = dict(zip(theirs["unique"].iloc[0], theirs[kind].iloc[0], strict=True))
        ours = {value: found[f"{kind}_{value}"].iloc[0] for value in (1, 3, 4)}
        assert ours == pytest.approx(named, rel=1e-12)
        assert [name for name in found if name.startswith(kind)] == [
            f"{kind}_{value}" for value in (1, 3, 4)
        ]
    assert found["frac_1"].iloc[0] == pytest.approx(0.5 / 1.75)


@pytest.mark.parametrize(
    ("stat", "column", "expected"),
    [
        ("count", "count", 4),
        ("mean", "mean", 5),
        ("sum", "sum", 20),
        ("median", "median", 5),
        ("min", "min", 1),
        ("max", "max", 9),
        ("mode", "mode", 5),
        ("majority", "majority", 5),
        ("minority", "minority", 1),
        ("quantile(q=0.25)", "quantile_25", 3.5),
        ("quantile(q=0.75)", "quantile_75", 6.5),
        ("variety", "variety", 9),
        ("variance", "variance", 5),
        ("stdev", "stdev", 5**0.5),
        ("coefficient_of_variation", "coefficient_of_variation", 5**0.5 / 5),
    ],
)
def test_basic_statistics(stat: str, column: str, expected: float) -> None:
    """From the middle of the first cell to the middle of the last.

    Its own test has 3 and 6 for the quartiles, of whole numbers; here both have decimals.
    """
    found = measured(NINE, SQUARE, stats=[stat])[column].iloc[0]
    assert found == pytest.approx(expected)
    assert found == pytest.approx(oracle(NINE, SQUARE)(stat)[column].iloc[0])


@pytest.mark.parametrize("stat", ["mean", "sum", "stdev", "variance"])
def test_equal_weights_change_nothing(stat: str) -> None:
    found = measured(NINE, SQUARE, stats=[stat, f"weighted_{stat}"], weights=np.ones((3, 3)))
    assert found[f"weighted_{stat}"].iloc[0] == found[stat].iloc[0]


@pytest.mark.parametrize(
    ("stat", "expected"),
    [
        ("weighted_mean", (0.25 * 7 + 0.5 * 8 + 0.25 * 9) / (0.25 + 0.5 + 0.25)),
        ("weighted_sum", 0.25 * 7 + 0.5 * 8 + 0.25 * 9),
        ("weighted_stdev", 0.5**0.5),
        ("weighted_variance", 0.5),
    ],
)
def test_unequal_weights(stat: str, expected: float) -> None:
    weights = np.array([[0.0, 0, 0], [0, 0, 0], [1, 1, 1]])
    found = measured(NINE, SQUARE, stats=[stat], weights=weights)[stat].iloc[0]
    assert found == pytest.approx(expected)
    assert found == pytest.approx(oracle(NINE, SQUARE, weights=weights)(stat)[stat].iloc[0])


def test_fractions_of_two_squares() -> None:
    """Where a square lacks a value, ours says 0; exactextract's own test calls that missing."""
    values = [[1, 1, 1], [2, 2, 2], [3, 3, 3]]
    weights = [[3, 3, 3], [2, 2, 2], [1, 1, 1]]
    found = measured(
        values, CORNER, SQUARE, stats=["frac", "weighted_frac", "sum"], weights=weights
    )
    assert found["sum"].tolist() == [0.75, 8]
    assert found[["frac_1", "frac_2", "frac_3"]].to_numpy().tolist() == [
        [0, 0, 1], [0.25, 0.5, 0.25],
    ]  # fmt: skip
    assert found[[f"weighted_frac_{n}" for n in (1, 2, 3)]].to_numpy().tolist() == [
        [0, 0, 1], [0.375, 0.5, 0.125],
    ]  # fmt: skip


def test_fractions_under_weights_of_nothing() -> None:
    values, weights = [[1, 1, 1], [2, 2, 2], [3, 3, 4]], [[0, 0, 0], [0, 0, 0], [1, 1, 1]]
    found = measured(values, SQUARE, stats=["frac", "weighted_frac"], weights=weights).iloc[0]
    assert [found[f"frac_{n}"] for n in (1, 2, 3, 4)] == [0.25, 0.5, 0.1875, 0.0625]
    assert [found[f"weighted_frac_{n}"] for n in (1, 2, 3, 4)] == [0, 0, 0.75, 0.25]


def test_several_rasters_and_squares() -> None:
    rasters = [cells(NINE, name="a"), cells(2 * NINE, name="b")]
    found = zonal_statistics(polygons(CORNER, SQUARE), rasters, stats=["mean", "count"])
    assert found["raster"].tolist() == ["a", "a", "b", "b"]
    assert found["mean"].tolist() == [7, 5, 14, 10]
    assert found["count"].tolist() == [0.25, 4, 0.25, 4]


@pytest.mark.parametrize(
    ("times", "weights", "expected"),
    [
        (1, [[0, 0, 0], [0, 0, 0], [0.5, 0, 0]], [7, 7]),
        (2, [[0, 0, 0], [1, 1, 1], [0, 0, 0]], [np.nan, 10]),
        (2, [[0, 0, 0], [0, 0, 0], [0.5, 0, 0]], [14, 14]),
        (1, [[0, 0, 0], [1, 1, 1], [0, 0, 0]], [np.nan, 5]),
    ],
)
def test_a_square_without_weight_has_no_weighted_mean(times, weights, expected) -> None:
    weights = np.array(weights, dtype=float)
    found = measured(times * NINE, CORNER, SQUARE, stats=["weighted_mean"], weights=weights)
    theirs = oracle(times * NINE, CORNER, SQUARE, weights=weights)("weighted_mean")
    np.testing.assert_array_equal(found["weighted_mean"], expected)
    np.testing.assert_array_equal(theirs["weighted_mean"], expected)


def test_bands_of_files(tmp_path) -> None:
    paths = [tmp_path / "rast1.tif", tmp_path / "rast2.tif"]
    for path, factors in zip(paths, [(1, 2), (3, 4)], strict=True):
        write(path, np.stack([factor * NINE for factor in factors]).astype(np.int32))
    rasters = [open_raster(path, band=band) for path in paths for band in (1, 2)]
    found = zonal_statistics(polygons(SQUARE), rasters, stats=["mean"])
    assert found["raster"].tolist() == [
        "rast1.tif", "rast1.tif band 2", "rast2.tif", "rast2.tif band 2",
    ]  # fmt: skip
    assert found["mean"].tolist() == [5, 10, 15, 20]
    theirs = exact_extract([str(path) for path in paths], polygons(SQUARE), "mean", output="pandas")
    assert theirs.iloc[0].tolist() == found["mean"].tolist()
    with pytest.raises(RasterError, match="has no band 3; bands: 1 to 2"):
        open_raster(paths[0], band=3)


def test_nodata() -> None:
    """Where nothing is valid exactextract's sum is 0; ours is missing, since 0 means darkness."""
    values = np.arange(1, 101).reshape(10, 10)
    values[6:10, 0:4] = -999
    within, partly = box(0, 0, 3, 3), box(3.5, 3.5, 4.5, 4.5)
    found = measured(values, within, partly, stats=["sum", "mean", "count"], nodata=-999)
    theirs = oracle(values, within, partly, nodata=-999)("sum", "mean", "count")
    assert theirs["sum"].tolist() == [0, 43.5]
    np.testing.assert_array_equal(found["sum"], [np.nan, 43.5])
    for table in (found, theirs):
        np.testing.assert_array_equal(table["mean"], [np.nan, 58])
        np.testing.assert_array_equal(table["count"], [0, 0.75])
    assert found["valid_share"].tolist() == [0, 0.75]


def test_masked_cells() -> None:
    masked = np.ma.masked_array(NINE, [[False] * 3, [True] * 3, [False] * 3])
    found = measured(NINE, box(0, 0, 3, 3), stats=["sum", "count", "variety"], mask=~masked.mask)
    theirs = oracle(masked, box(0, 0, 3, 3))("sum", "count", "variety")
    for name in ("sum", "count", "variety"):
        assert found[name].iloc[0] == theirs[name].iloc[0]
    assert found["sum"].iloc[0] == masked.sum()


@pytest.mark.parametrize(
    "dtype",
    [
        "uint8",
        "int8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float32",
        "float64",
    ],
)
def test_types_of_files(tmp_path, dtype: str) -> None:
    """1 has most cells once the nodata value 2 is out of the way."""
    path = tmp_path / "test.tif"
    write(path, np.array([[[1, 1, 1], [2, 2, 2], [3, 2, 3]]], dtype=dtype), nodata=2)
    found = zonal_statistics(polygons(SQUARE), open_raster(path), stats=["mode", "count"])
    assert found["mode"].iloc[0] == 1
    assert found["count"].iloc[0] == 1.5
    assert exact_extract(str(path), polygons(SQUARE), "mode", output="pandas")["mode"].iloc[0] == 1


def test_polygon_reaching_beyond_the_raster() -> None:
    beyond = box(-1, -1, 1.5, 1.5)
    found = measured(NINE, beyond, stats=["count", "sum"])
    theirs = oracle(NINE, beyond)("count", "sum")
    assert found["count"].iloc[0] == theirs["count"].iloc[0] == 2.25
    assert found["sum"].iloc[0] == theirs["sum"].iloc[0]
    assert found["valid_share"].iloc[0] == 2.25 / 6.25


def test_coarser_weights_are_those_of_the_cell_they_lie_in() -> None:
    values, weights = np.arange(16.0).reshape(4, 4), np.array([[1.0, 2], [3, 4]])
    coarse = ArrayRaster(weights, Affine(2, 0, 0, 0, -2, 4), CRS)
    names = ["weighted_mean", "weighted_sum", "weighted_variance", "sum"]
    zone = box(0.5, 0.25, 3.5, 2.5)
    found = zonal_statistics(polygons(zone), cells(values), stats=names, weights=coarse).iloc[0]
    theirs = exact_extract(
        NumPyRasterSource(values, 0, 0, 4, 4, srs_wkt=WKT), polygons(zone), names,
        weights=NumPyRasterSource(weights, 0, 0, 4, 4, srs_wkt=WKT), output="pandas",
    ).iloc[0]  # fmt: skip
    for name in names:
        assert found[name] == pytest.approx(theirs[name], rel=1e-12), name


def test_finer_weights_differ_on_purpose() -> None:
    """exactextract cuts values to the weights' finer cells, so its sum counts a value four times.

    Ours gives a value cell the mean of the weights in it: the sum stays that of the raster.
    """
    values, weights = np.array([[1.0, 3]]), np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
    fine = ArrayRaster(weights, Affine(0.5, 0, 0, 0, -0.5, 1), CRS)
    zone = box(0, 0, 2, 1)
    names = ["sum", "weighted_sum", "weighted_mean"]
    found = zonal_statistics(polygons(zone), cells(values), stats=names, weights=fine).iloc[0]
    theirs = exact_extract(
        NumPyRasterSource(values, 0, 0, 2, 1, srs_wkt=WKT), polygons(zone), names,
        weights=NumPyRasterSource(weights, 0, 0, 2, 1, srs_wkt=WKT), output="pandas",
    ).iloc[0]  # fmt: skip
    assert theirs["sum"] == 4 * found["sum"] == 16
    assert theirs["weighted_sum"] == 4 * found["weighted_sum"] == 80
    assert theirs["weighted_mean"] == found["weighted_mean"] == 80 / 36


def test_what_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="needs a raster of weights"):
        measured(NINE, SQUARE, stats=["count", "weighted_mean"])
    path = tmp_path / "rotated.tif"
    turned = Affine(42.402, 26.496, 10000, 26.496, -42.402, 200000)
    write(path, np.array([[[1, 2], [3, 4]]], dtype=np.int16), transform=turned)
    with pytest.raises(RasterError, match="rotated or sheared"):
        open_raster(path)
    for shape in (shapely.Point(1.5, 1.5), shapely.LineString([(0.5, 0.5), (1.5, 1.5)])):
        with pytest.raises(DataError, match=f"is a {shape.geom_type}, expected polygons"):
            measured(NINE, shape, stats=["mean"])


def write(path, bands, *, transform: Affine | None = None, nodata: float | None = None) -> None:
    number, high, wide = bands.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=wide, height=high, count=number, dtype=bands.dtype,
        crs=CRS, transform=transform or Affine(1, 0, 0, 0, -1, high), nodata=nodata,
    ) as target:  # fmt: skip
        target.write(bands)
