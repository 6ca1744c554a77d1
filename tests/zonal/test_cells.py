"""The costlier statistics: worked numbers, exactextract's examples, and cells cut one by one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.zonal import ArrayRaster, Grid, exact_coverage, zonal_statistics
from regional_atlas.zonal.cells import batches_of
from regional_atlas.zonal.grids import row_areas_km2
from regional_atlas.zonal.registry import STATISTICS, asked, quantile_of, split_names
from regional_atlas.zonal.weights import on_grid

CELLS = np.arange(1.0, 10).reshape(3, 3)
QUARTILES = [3.5, 6.5]
"""exactextract says 3 and 6 for whole numbers: it cuts quantiles to the raster's type."""
PLAIN = [
    "variance", "stdev", "coefficient_of_variation", "median", "quantile(q=0.25)",
    "quantile(q=0.75)", "majority", "mode", "minority", "variety",
]  # fmt: skip


def measured(zones, raster, stats, **options):
    return zonal_statistics(zones, raster, stats=stats, **options)


def test_worked_numbers(zones, raster):
    """From the middle of the first to the middle of the last cell: as in exactextract's tests."""
    found = measured(zones(box(0.5, 0.5, 2.5, 2.5)), raster(CELLS), PLAIN).iloc[0]
    assert found["variance"] == pytest.approx(5)
    assert found["stdev"] == pytest.approx(5**0.5)
    assert found["coefficient_of_variation"] == pytest.approx(5**0.5 / 5)
    assert found["median"] == pytest.approx(5)
    assert found[["quantile_25", "quantile_75"]].tolist() == pytest.approx(QUARTILES)
    assert (found["majority"], found["mode"], found["minority"]) == (5, 5, 1)
    assert found["variety"] == 9


def test_documented_example_of_exactextract(zones, raster):
    """Coverages 0.5, 0, 1 and 0.25 of values 1 to 4 with weights 5 to 8."""
    zone = shapely.union_all([box(0, 1, 0.5, 2), box(0, 0, 1, 1), box(1, 0, 1.25, 1)])
    names = [
        "sum", "count", "mean", "majority", "minority", "median", "variety", "variance", "stdev",
        "coefficient_of_variation", "weighted_sum", "weighted_mean",
    ]  # fmt: skip
    found = measured(
        zones(zone), raster([[1.0, 2], [3, 4]]), names, weights=raster([[5.0, 6], [7, 8]])
    ).iloc[0]
    assert found["sum"] == 4.5
    assert found["count"] == 1.75
    assert found["mean"] == pytest.approx(2.571428571)
    assert (found["majority"], found["minority"], found["variety"]) == (3, 4, 3)
    assert found["variance"] == pytest.approx(1.10, abs=0.005)
    assert found["stdev"] == pytest.approx(1.05, abs=0.005)
    assert found["coefficient_of_variation"] == pytest.approx(0.41, abs=0.005)
    assert found["weighted_sum"] == 31.5
    assert found["weighted_mean"] == pytest.approx(31.5 / 11.5)


def test_weights_on_the_same_grid(zones, raster):
    square = zones(box(0.5, 0.5, 2.5, 2.5))
    names = ["weighted_sum", "weighted_mean", "weighted_variance", "weighted_stdev"]
    found = measured(
        square, raster(CELLS), names, weights=raster([[0.0, 0, 0], [0, 0, 0], [1, 1, 1]])
    ).iloc[0]
    assert found[names].tolist() == pytest.approx([8, 8, 0.5, 0.5**0.5])
    even = measured(
        square,
        raster(CELLS),
        ["sum", "mean", "variance", "stdev", *names],
        weights=raster(np.ones((3, 3))),
    ).iloc[0]
    assert even[names].tolist() == even[["sum", "mean", "variance", "stdev"]].tolist()
    none = measured(zones(box(0, 2, 3, 3)), raster(CELLS), names, weights=raster(CELLS * 0))
    assert none[["weighted_mean", "weighted_variance"]].isna().all(axis=None)
    assert none["weighted_sum"].tolist() == [0]


def test_a_cell_without_weight_makes_weighted_statistics_missing(zones, raster):
    weights = raster(np.array([[0.0, 1], [1, 1]]), nodata=0)
    found = measured(
        zones(box(0, 0, 2, 2), box(0, 0, 2, 1)),
        raster([[1.0, 2], [2, 1]]),
        ["weighted_mean", "weighted_frac", "sum"],
        weights=weights,
    )
    assert found["weighted_mean"].isna().tolist() == [True, False]
    assert found["weighted_frac_1"].isna().tolist() == [True, False]
    assert found["sum"].tolist() == [6, 3]


def test_fractions_per_class(zones, raster):
    bands = raster(np.array([[1, 1, 1], [2, 2, 2], [3, 3, 3]]))
    weights = raster(np.array([[3, 3, 3], [2, 2, 2], [1, 1, 1]]))
    squares = zones(box(0.5, 0.5, 1, 1), box(0.5, 0.5, 2.5, 2.5), box(9, 9, 10, 10))
    found = measured(squares, bands, ["frac", "weighted_frac"], weights=weights)
    columns = [f"{kind}_{value}" for kind in ("frac", "weighted_frac") for value in (1, 2, 3)]
    assert [name for name in found.columns if "frac" in name] == columns
    assert found[columns].iloc[0].tolist() == [0, 0, 1, 0, 0, 1]
    assert found[columns].iloc[1].tolist() == [0.25, 0.5, 0.25, 0.375, 0.5, 0.125]
    assert found[columns].iloc[2].isna().all()


def test_the_share_of_some_classes(zones, raster):
    """Cells 1 2 / 3 4, a zone of 1 ½ / ½ ¼ of them: 2 and 3 have 1 of 2¼; 9 is nowhere."""
    zone = zones(box(0, 0.5, 1.5, 2), box(5, 5, 6, 6))
    cells = raster([[1, 2], [3, 4]])
    asked_for = ["class_share(2,3)", "class_share(values=2)", "class_share(9)", "frac"]
    found = measured(zone, cells, asked_for)
    assert found["class_share_2_3"].iloc[0] == pytest.approx(1 / 2.25)
    assert found["class_share_2"].iloc[0] == found["frac_2"].iloc[0] == pytest.approx(0.5 / 2.25)
    assert found["class_share_9"].iloc[0] == 0
    assert found.filter(like="class_share").iloc[1].isna().all()


def test_names_are_split_at_commas_outside_parentheses():
    text = "mean,class_share(41, 42),quantile(q=0.1),frac"
    assert split_names(text) == ["mean", "class_share(41, 42)", "quantile(q=0.1)", "frac"]


def test_fractions_need_classes(zones, raster):
    cells = np.arange(1024.0).reshape(32, 32)
    with pytest.raises(DataError, match="1,024 distinct values"):
        measured(zones(box(0, 0, 32, 32)), raster(cells), ["frac"])


def test_gini_of_light(zones, raster):
    """All light in one of four cells: 1 - 1/4; alike everywhere: 0; negative light: undefined."""
    whole = zones(box(0, 0, 2, 2))
    values = [
        measured(whole, raster(cells), ["gini"])["gini"].iloc[0]
        for cells in (
            [[0.0, 0], [0, 8]],
            [[3.0, 3], [3, 3]],
            [[0.0, 0], [0, 0]],
            [[-1.0, 1], [1, 1]],
        )
    ]
    assert values[:2] == pytest.approx([0.75, 0])
    assert np.isnan(values[2:]).all()
    half = measured(zones(box(0.5, 0, 1.5, 1)), raster([[1.0, 3.0]]), ["gini"])
    assert half["gini"].iloc[0] == pytest.approx(0.25)


def test_ground_areas_on_the_ellipsoid():
    grid = Grid(Affine(0.5, 0, 10, 0, -7.0, 90), (14, 3), "EPSG:4326")
    areas = row_areas_km2(grid)
    geod = pyproj.Geod(ellps="WGS84")
    for row in (0, 5, 9, 12):
        low = 90 - 7 * (row + 1)
        ring = shapely.segmentize(box(10, max(low, -90), 10.5, low + 7), 1e-3)
        expected = abs(geod.geometry_area_perimeter(ring)[0]) / 1e6
        assert areas[row] == pytest.approx(expected, rel=1e-6)
    world = row_areas_km2(Grid(Affine(360, 0, -180, 0, -1, 95), (190, 1), "EPSG:4326"))
    assert world.sum() == pytest.approx(510_065_621.724, rel=1e-10)
    assert world[0] == world[-1] == 0
    ball = pyproj.CRS.from_proj4("+proj=longlat +R=1000")
    assert row_areas_km2(Grid(Affine(360, 0, -180, 0, -180, 90), (1, 1), ball))[0] == (
        pytest.approx(4 * np.pi)
    )
    albers = Grid(Affine(1000, 0, 0, 0, -500, 0), (2, 2), "ESRI:102025")
    assert row_areas_km2(albers).tolist() == [0.5, 0.5]
    with pytest.raises(DataError, match="equal-area"):
        row_areas_km2(Grid(Affine(1, 0, 0, 0, -1, 0), (2, 2), "EPSG:3857"))


@pytest.mark.parametrize("code", ["ESRI:54009", "ESRI:54012", "ESRI:54052", "ESRI:54008"])
def test_ground_areas_of_projections_of_the_sphere(code):
    crs = pyproj.CRS.from_user_input(code)
    to_degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    grid = Grid(Affine(1000, 0, 1_000_000, 0, -1000, 8_000_000), (16_000, 1), crs)
    areas = row_areas_km2(grid)
    geod = pyproj.Geod(ellps="WGS84")
    for row in (1_500, 5_000, 7_999, 12_345):
        top = 8_000_000 - 1000 * row
        cell = shapely.segmentize(box(1_000_000, top - 1000, 1_001_000, top), 50)
        ring = shapely.transform(cell, to_degrees.transform, interleaved=False)
        expected = abs(geod.geometry_area_perimeter(ring)[0]) / 1e6
        assert areas[row] == pytest.approx(expected, rel=1e-7), row
    assert (areas[7_999] < 0.994) == (code != "ESRI:54008")


def test_no_area_beyond_the_pole_of_a_projection():
    pole = Grid(Affine(1000, 0, 0, 0, -1000, 9_100_000), (200, 1), "ESRI:54009")
    areas = row_areas_km2(pole)
    assert areas[0] == 0
    assert areas[-1] == pytest.approx(1.0065, abs=1e-3)


def test_the_raster_without_ground_areas_is_named(zones):
    raster = ArrayRaster([[2.0]], Affine(1, 0, 0, 0, -1, 1), "EPSG:3857", name="web.tif")
    with pytest.raises(DataError, match=r"^web\.tif: areas of cells need"):
        measured(zones(box(0, 0, 1, 1), crs="EPSG:3857"), raster, ["area_km2"])


def test_nothing_is_known_of_zones_beyond_the_raster(zones):
    found = measured(
        zones(box(50, 50, 51, 51), box(-9, -9, -8, -8), crs=4326),
        ArrayRaster([[2.0]], Affine(1, 0, 0, 0, -1, 1), "EPSG:4326"),
        ["majority", "median", "class_share(2)", "variety", "area_km2"],
    )
    assert found[["majority", "median", "class_share_2"]].isna().all(axis=None)
    assert found[["variety", "area_km2", "valid_share"]].to_numpy().tolist() == [[0, 0, 0]] * 2


def test_light_per_area_and_head(zones):
    raster = ArrayRaster([[2.0, 4.0]], Affine(1000, 0, 0, 0, -1000, 1000), "EPSG:6933")
    squares = zones(box(0, 0, 1500, 1000), box(0, 0, 500, 1000), crs="EPSG:6933")
    squares["heads"] = [8, 0]
    names = ["area_km2", "lit_area_km2", "sum_per_km2", "sum_per_head"]
    found = measured(squares, raster, names, lit_threshold=3, population="heads")
    assert found[names].iloc[0].tolist() == pytest.approx([1.5, 0.5, 4 / 1.5, 0.5])
    assert np.isnan(found["sum_per_head"].iloc[1])


def test_what_is_asked_wrongly_is_named(zones, raster):
    square = zones(box(0, 0, 1, 1))
    for stats, message in [
        (["quantile(q=1.5)"], "between 0 and 1"),
        (["quantile(q=1e)"], r"write quantile\(q=0.25\)"),
        (["quantile(r=0.5)"], r"write quantile\(q=0.25\)"),
        (["quantile"], r"write quantile\(q=0.25\)"),
        (["mean(2)"], "'mean\\(2\\)': write mean"),
        (["fraction(2)"], r"unknown statistic 'fraction\(2\)'; known: mean, sum"),
        (["class_share(water)"], r"write class_share\(value,…\)"),
        (["class_share(inf)"], "finite"),
        (["class_share(2)", "class_share(2.0)"], "'class_share_2' is named twice"),
        (["weighted_mean"], "raster of weights"),
        (["sum_per_head"], "population"),
        (["lit_area_km2"], "lit_threshold"),
    ]:
        with pytest.raises(InputError, match=message):
            measured(square, raster(CELLS), stats)
    with pytest.raises(InputError, match="no column 'heads'"):
        measured(square, raster(CELLS), ["sum_per_head"], population="heads")
    assert quantile_of(asked("mean")) is None


def test_a_zone_without_cells_is_missing(zones, raster):
    names = [
        each.name
        for each in STATISTICS.values()
        if each.of_cells and not (each.needs or each.areas or each.wide or each.argument)
    ]
    asked_for = [*names, "quantile(0.25)", "class_share(1)"]
    names += ["quantile_25", "class_share_1"]
    found = measured(zones(box(0, 0, 1, 1), box(8, 8, 9, 9)), raster(CELLS), asked_for).iloc[1]
    assert found["variety"] == 0
    assert found[[name for name in names if name != "variety"]].isna().all()


def test_weights_on_a_finer_and_a_shifted_grid():
    grid = Grid(Affine(2, 0, 0, 0, -2, 4), (2, 2), "EPSG:3857")
    fine = ArrayRaster(np.arange(16.0).reshape(4, 4), Affine(1, 0, 0, 0, -1, 4), "EPSG:3857")
    everything = (slice(0, 2), slice(0, 2))
    assert on_grid(fine, grid, everything).tolist() == [[2.5, 4.5], [10.5, 12.5]]
    shifted = ArrayRaster([[1.0, 3.0, 5.0]], Affine(2, 0, -1, 0, -4, 4), "EPSG:3857")
    assert on_grid(shifted, grid, everything).tolist() == [[2, 4], [2, 4]]
    short = ArrayRaster([[1.0]], Affine(2, 0, 0, 0, -4, 4), "EPSG:3857")
    assert np.isnan(on_grid(short, grid, everything)).tolist() == [[False, True]] * 2
    away = ArrayRaster([[1.0]], Affine(1, 0, 50, 0, -1, 50), "EPSG:3857")
    assert np.isnan(on_grid(away, grid, everything)).all()
    upward = ArrayRaster(np.arange(16.0).reshape(4, 4), Affine(1, 0, 0, 0, 1, 0), "EPSG:3857")
    assert on_grid(upward, grid, everything).tolist() == [[10.5, 12.5], [2.5, 4.5]]


# On 64ths: a cell of which a polygon covers less than 1e-9 is touched for exactextract alone.
coordinate = st.integers(0, 6 * 64).map(lambda n: n / 64)
polygon = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=9, unique=True).map(
    lambda points: shapely.MultiPoint(points).convex_hull
)


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@given(polygon.filter(lambda p: p.area > 0.2), st.integers(0, 2**32 - 1))
def test_equals_exactextract_and_cells_cut_one_by_one(shape, seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, 9, (6, 6)).astype(float)
    weights = rng.random((3, 3))
    zones = gpd.GeoDataFrame({"n": [1]}, geometry=[shape], crs="EPSG:3857")
    raster = ArrayRaster(cells, Affine(1, 0, 0, 0, -1, 6), "EPSG:3857")
    weighting = ArrayRaster(weights, Affine(2, 0, 0, 0, -2, 6), "EPSG:3857")
    names = [*PLAIN, "weighted_mean", "weighted_sum", "weighted_variance", "weighted_stdev"]
    ours = measured(zones, raster, [*names, "gini", "count"], weights=weighting).iloc[0]
    theirs = exact_extract(
        NumPyRasterSource(cells, 0, 0, 6, 6, srs_wkt=zones.crs.to_wkt()),
        zones,
        [name for name in names if name not in ("majority", "mode", "minority", "variety")],
        weights=NumPyRasterSource(weights, 0, 0, 6, 6, srs_wkt=zones.crs.to_wkt()),
        output="pandas",
    ).iloc[0]
    for name in theirs.index:
        assert ours[name] == pytest.approx(theirs[name], rel=1e-4, abs=1e-4), name

    rows, cols = np.indices(cells.shape)
    squares = shapely.box(cols, 5 - rows, cols + 1, 6 - rows)
    shares = shapely.area(shapely.intersection(squares, shape)).ravel()
    values, weight = cells.ravel(), np.kron(weights, np.ones((2, 2))).ravel()
    mean = np.average(values, weights=shares)
    assert ours["variance"] == pytest.approx(
        np.average((values - mean) ** 2, weights=shares), rel=1e-7, abs=1e-9
    )
    assert ours["weighted_mean"] == pytest.approx(
        np.average(values, weights=shares * weight), rel=1e-7
    )
    if mean > 0:
        apart = np.abs(values[:, None] - values) * shares[:, None] * shares
        gini = apart.sum() / (2 * mean * shares.sum() ** 2)
        assert ours["gini"] == pytest.approx(gini, rel=1e-7, abs=1e-9)


def test_cells_are_held_a_bounded_number_at_a_time(zones, raster, monkeypatch):
    """Zones of a block are cut apart; only a single zone may hold more than the limit."""
    values = np.random.default_rng(4).gamma(0.5, 20, (60, 60))
    places = zones(*(box(x, y, x + 7.3, y + 5.1) for x in range(0, 50, 5) for y in range(0, 50, 5)))
    places = places.set_index(np.arange(len(places)))
    stats = ["median", "gini", "variance", "weighted_mean"]
    options = {"weights": raster(values.T + 1)}
    whole = measured(places, raster(values), stats, **options)
    monkeypatch.setattr("regional_atlas.zonal.cells.CELLS_AT_ONCE", 200)
    pd.testing.assert_frame_equal(
        measured(places, raster(values), stats, **options), whole, check_exact=True
    )
    grid = Grid.of(raster(values))
    shapes = [*places.geometry, box(0, 0, 30, 30), box(90, 90, 91, 91)]
    batches = batches_of(exact_coverage(shapes, grid))
    assert [batch.first for batch in batches] == sorted({batch.first for batch in batches})
    assert sum(len(batch.sizes) for batch in batches) == len(shapes)
    assert sorted(int(batch.sizes.sum()) for batch in batches)[-2:] == [192, 900]


def test_a_part_of_a_block_is_the_coverage_of_its_zones(raster):
    shapes = [box(x, 0.25, x + 2.5, 3) for x in range(6)]
    (block,) = exact_coverage(shapes, Grid.of(raster(np.zeros((4, 9))))).blocks
    (expected,) = exact_coverage(shapes[2:5], Grid.of(raster(np.zeros((4, 9))))).blocks
    part = block.part(2, 5)
    assert part.first_zone == 2
    for ours, theirs in zip(part.geometry, expected.geometry, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(part.areas, expected.areas)
    assert part.cell_counts.tolist() == expected.cell_counts.tolist() == [9, 9, 9]
