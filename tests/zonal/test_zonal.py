from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from shapely import Polygon, box

from regional_atlas.core.errors import DataError, InputError, RasterError
from regional_atlas.core.schema import ZONAL_COLUMNS
from regional_atlas.tiles import Tile
from regional_atlas.zonal import (
    STATISTICS,
    ArrayRaster,
    coverage_statistics,
    exact_coverage,
    zonal_statistics,
)
from regional_atlas.zonal.grids import Grid

CELLS = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
ALL = [each.name for each in STATISTICS.values() if not each.of_cells]


def row(zones, raster, **options):
    options = {"stats": ALL, "lit_threshold": 5, **options}
    return zonal_statistics(zones, raster, **options).iloc[0]


def test_worked_example(zones, raster):
    """Centre cell whole, sides half, corners a quarter."""
    found = row(zones(box(0.5, 0.5, 2.5, 2.5)), raster(CELLS))
    assert found["count"] == 4
    assert found["sum"] == 5 + (2 + 4 + 6 + 8) / 2 + (1 + 3 + 7 + 9) / 4
    assert found["mean"] == found["sum"] / 4
    assert (found["min"], found["max"]) == (1, 9)
    assert found["lit_share"] == (1 + 0.5 + 0.5 + 0.25 + 0.25) / 4
    assert found["cell_count"] == 9
    assert found["valid_share"] == 1


def test_columns_order_and_types(zones, raster):
    rasters = [raster(CELLS, year=2021), raster(CELLS, year=2013)]
    found = zonal_statistics(
        zones(box(0, 0, 1, 1), box(1, 1, 2, 2)),
        rasters,
        stats=["mean", "sum", "lit_share", "max"],
        lit_threshold=1,
    )
    assert list(found.columns) == ZONAL_COLUMNS
    assert found["unit_id"].tolist() == ["a", "b", "a", "b"]
    assert found["year"].tolist() == [2021, 2021, 2013, 2013]
    assert found["year"].dtype == "int64"
    assert found["cell_count"].dtype == "int64"
    assert found["sum"].tolist() == [7, 5, 7, 5]


def test_cell_count_and_valid_share_come_unasked(zones, raster):
    found = zonal_statistics(
        zones(box(0, 0, 1, 1)), raster(CELLS, year=2020), stats=["valid_share"]
    )
    assert list(found.columns) == ["unit_id", "year", "cell_count", "valid_share"]


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "i4", "u4", "i8", "f4", "f8"])
def test_any_stored_type_gives_the_same_numbers(dtype, zones, raster):
    cells = np.array(CELLS, dtype)
    found = row(zones(box(0.5, 0.5, 2.5, 2.5)), raster(cells, nodata=9, scale=2.0, offset=-1.0))
    assert found["count"] == 3.75
    assert found["sum"] == pytest.approx(2 * (5 + 10 + 11 / 4) - 3.75)
    assert (found["min"], found["max"]) == (1, 15)


def test_threshold_is_in_decoded_units(zones, raster):
    found = row(zones(box(0, 0, 3, 3)), raster(CELLS, scale=0.1), lit_threshold=0.85)
    assert found["lit_share"] == pytest.approx(1 / 9)


def test_missing_cells_nan_nodata_and_mask(zones, raster):
    cells = np.array(CELLS, np.float32)
    cells[0, 0] = np.nan
    cells[0, 1] = -3.4e38
    mask = np.ones((3, 3), bool)
    mask[0, 2] = False
    found = row(zones(box(0, 0, 3, 3)), raster(cells, nodata=-3.3999999521443642e38, mask=mask))
    assert found["count"] == 6
    assert found["sum"] == 4 + 5 + 6 + 7 + 8 + 9
    assert found["min"] == 4
    assert found["cell_count"] == 9
    assert found["valid_share"] == pytest.approx(6 / 9)


def test_negative_values_count(zones, raster):
    found = row(zones(box(0, 0, 2, 1)), raster([[-0.5, 0.25]]), lit_threshold=0)
    assert (found["sum"], found["min"], found["lit_share"]) == (-0.25, -0.5, 0.5)


def test_nodata_that_the_type_cannot_hold_matches_nothing(zones, raster):
    cells = np.array(CELLS, np.uint8)
    assert row(zones(box(0, 0, 3, 3)), raster(cells, nodata=-9999))["count"] == 9
    assert row(zones(box(0, 0, 3, 3)), raster(cells, nodata=1.5))["count"] == 9
    assert row(zones(box(0, 0, 3, 3)), raster(cells, nodata=float("nan")))["count"] == 9


@pytest.mark.parametrize(
    ("polygon", "share"),
    [
        (box(-3, 0, 3, 3), 0.5),
        (box(0, -1, 3, 3), 0.75),
        (box(2, 1, 4, 2), 0.5),
        (box(1, 2, 2, 12), 0.1),
    ],
    ids=["west", "south", "east", "north"],
)
def test_what_lies_beyond_the_raster_is_not_valid(polygon, share, zones, raster):
    assert row(zones(polygon), raster(CELLS))["valid_share"] == pytest.approx(share, rel=1e-12)


def test_wholly_inside_is_exactly_one(zones, raster):
    found = row(zones(shapely.Point(1.4, 1.6).buffer(1.1)), raster(CELLS))
    assert found["valid_share"] == 1


def test_no_valid_cell_is_missing_not_zero(zones, raster):
    table = zonal_statistics(
        zones(box(0, 0, 1, 1), box(8, 8, 9, 9), Polygon(), None),
        raster(np.full((3, 3), 7), nodata=7, year=2020),
        stats=ALL,
        lit_threshold=1,
    )
    assert table[["mean", "sum", "min", "max", "lit_share"]].isna().all(axis=None)
    assert table["count"].tolist() == [0, 0, 0, 0]
    assert table["cell_count"].tolist() == [1, 0, 0, 0]
    assert table["valid_share"].tolist()[:2] == [0, 0]
    assert table["valid_share"].isna().tolist() == [False, False, True, True]


def test_degenerate_zone_touches_nothing(zones, raster):
    found = row(zones(Polygon([(0, 0), (1, 1), (2, 2)])), raster(CELLS))
    assert found["cell_count"] == 0
    assert np.isnan(found["mean"])


def test_each_raster_on_its_own_grid(zones):
    """Two grids that differ by a fraction of a cell: array indices must not be shared."""
    zone = zones(box(1, 1, 2, 2))
    cells = np.arange(16.0).reshape(4, 4)
    rasters = [
        ArrayRaster(cells, Affine(1, 0, 0, 0, -1, 4), "EPSG:3857", year=2020),
        ArrayRaster(cells, Affine(1, 0, 0.25, 0, -1, 4.5), "EPSG:3857", year=2021),
    ]
    found = zonal_statistics(zone, rasters)
    assert found["mean"].tolist() == [9.0, (8 * 0.25 + 9 * 0.75 + 12 * 0.25 + 13 * 0.75) / 2]


def test_years_missing_or_repeated_show_the_rasters_name(zones, raster):
    zone = zones(box(0, 0, 1, 1))
    found = zonal_statistics(zone, [raster(CELLS, name="x.tif"), raster(CELLS, name="y.tif")])
    assert list(found.columns[:3]) == ["unit_id", "year", "raster"]
    assert found["raster"].tolist() == ["x.tif", "y.tif"]
    assert found["year"].isna().all()
    found = zonal_statistics(zone, [raster(CELLS, year=2020), raster(CELLS, year=2020)])
    assert "raster" in found


def test_windows_and_threads_do_not_change_results(raster, monkeypatch):
    rng = np.random.default_rng(1)
    values = rng.gamma(0.5, 10, (300, 400)).astype(np.float32)
    source = raster(values)
    zones = [shapely.Point(x, y).buffer(40) for x, y in rng.uniform(0, 300, (60, 2))]
    coverage = exact_coverage(zones, Grid.of(source))
    whole = coverage_statistics(coverage, source, lit_threshold=3)
    monkeypatch.setattr("regional_atlas.core.jit.thread_count", lambda: 1)
    again = coverage_statistics(coverage, source, lit_threshold=3)
    for name, found in whole.items():
        np.testing.assert_array_equal(found, again[name])
    monkeypatch.setattr("regional_atlas.zonal.coverage.CELLS_PER_WINDOW", 128 * 128)
    monkeypatch.setattr(ArrayRaster, "blocks", (64, 64))
    small = coverage_statistics(coverage, source, lit_threshold=3)
    for name, found in whole.items():
        np.testing.assert_allclose(found, small[name], rtol=1e-12)


def test_zones_in_another_crs_are_densified_and_projected(zones):
    """A wide box in degrees on an Albers grid: its parallels are curves there."""
    albers = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84"
    grid = Grid(Affine(1000, 0, -1_000_000, 0, -1000, 4_500_000), (2000, 2000), albers)
    source = ArrayRaster(np.ones(grid.shape, np.uint8), grid.transform, grid.crs)
    zone = zones(box(97, 30, 113, 40), crs="EPSG:4326")
    found = zonal_statistics(zone, source, stats=["count"])
    from pyproj import Geod

    area = abs(
        Geod(ellps="WGS84").geometry_area_perimeter(
            shapely.segmentize(zone.geometry.iloc[0], 0.01)
        )[0]
    )
    parallel = Polygon(
        [
            *((x, 30) for x in np.linspace(97, 113, 2000)),
            *((x, 40) for x in np.linspace(113, 97, 2000)),
        ]
    )
    parallels = abs(Geod(ellps="WGS84").geometry_area_perimeter(parallel)[0])
    assert area == pytest.approx(parallels, rel=1e-6)
    assert found["count"].iloc[0] * 1e6 == pytest.approx(parallels, rel=1e-6)
    assert found["valid_share"].iloc[0] == 1


def test_axis_order_of_the_crs_does_not_matter(zones):
    source = ArrayRaster(CELLS, Affine(1, 0, 0, 0, -1, 3), "OGC:CRS84")
    assert row(zones(box(0, 0, 1, 1), crs="EPSG:4326"), source)["sum"] == 7


@pytest.mark.parametrize(
    ("stats", "threshold", "message"),
    [
        (["mean", "middle"], None, "unknown statistic 'middle'; known: mean, sum"),
        (["mean", "sum", "mean"], None, "'mean' is named twice"),
        (["lit_share"], None, "needs a lit_threshold"),
        (["lit_share"], float("nan"), "must be a number, found nan"),
        ("mean", None, "stats is a list of names, found the text 'mean'"),
    ],
)
def test_wrong_statistics(stats, threshold, message, zones, raster):
    with pytest.raises(InputError, match=message):
        zonal_statistics(
            zones(box(0, 0, 1, 1)), raster(CELLS), stats=stats, lit_threshold=threshold
        )


def test_wrong_zones(zones, raster):
    with pytest.raises(DataError, match="no coordinate reference system"):
        zonal_statistics(zones(box(0, 0, 1, 1), crs=None), raster(CELLS))
    with pytest.raises(DataError, match="zone 'b' is a Point, expected polygons"):
        zonal_statistics(zones(box(0, 0, 1, 1), shapely.Point(0, 0)), raster(CELLS))
    twice = zones(box(0, 0, 1, 1), box(1, 1, 2, 2)).set_axis(["a", "a"])
    with pytest.raises(DataError, match="'a' stands more than once"):
        zonal_statistics(twice, raster(CELLS))
    with pytest.raises(DataError, match="zone 'a': rings cross"):
        zonal_statistics(zones(Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])), raster(CELLS))
    with pytest.raises(DataError, match="zone 'a' has no place in"):
        zonal_statistics(zones(box(0, 89, 10, 95), crs="EPSG:4326"), raster(CELLS))


def test_no_raster_and_another_grid(zones, raster):
    with pytest.raises(InputError, match="no raster is given"):
        zonal_statistics(zones(box(0, 0, 1, 1)), [])
    coverage = exact_coverage([box(0, 0, 1, 1)], Grid.of(raster(CELLS)))
    with pytest.raises(DataError, match="another grid"):
        coverage_statistics(coverage, raster([[1, 2]]))


def test_wrong_arrays(raster):
    with pytest.raises(RasterError, match="2-D array of real numbers, found 1-D"):
        ArrayRaster([1, 2], Affine.identity(), "EPSG:4326")
    with pytest.raises(RasterError, match="complex"):
        raster(np.ones((2, 2), complex))
    with pytest.raises(RasterError, match="mask is"):
        raster(CELLS, mask=[[True]])


def test_booleans_are_zero_and_one(zones, raster):
    assert row(zones(box(0, 0, 2, 1)), raster([[True, False]]))["mean"] == 0.5


def test_progress_of_costlier_statistics_runs_on_through_their_pass(zones, raster):
    seen = []
    places = [box(x, 0, x + 1, 1) for x in range(3)]
    rasters = [raster(CELLS), raster(CELLS)]
    zonal_statistics(
        zones(*places), rasters, stats=["sum", "median"], progress=lambda *step: seen.append(step)
    )
    rows = rasters[0].shape[0]
    assert {total for _, total in seen} == {5 * rows}
    done = [step for step, _ in seen]
    assert done == sorted(done)
    assert {rows, 2 * rows, 3 * rows, 4 * rows} <= {*done}
    assert seen[-1] == (5 * rows, 5 * rows)


def test_progress_ends_complete_over_all_rasters(zones, raster):
    seen = []
    rasters = [raster(CELLS, year=2020), raster(CELLS, year=2021)]
    zonal_statistics(zones(box(0, 0, 1, 1)), rasters, progress=lambda *step: seen.append(step))
    assert seen[-1] == (9, 9)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_progress_moves_while_coverage_is_prepared(zones, raster, monkeypatch):
    monkeypatch.setattr("regional_atlas.zonal.coverage.ZONES_PER_BLOCK", 1)
    seen = []
    places = [box(0, 0, 1, 1)] * 3
    zonal_statistics(zones(*places), raster(CELLS), progress=lambda *step: seen.append(step))
    assert seen[:4] == [(0, 6), (1, 6), (2, 6), (3, 6)]


def test_any_object_of_the_protocol_will_do(zones):
    class Slope:
        name, year, month = "slope", 2020, None
        nodata, nodata_rule, scale, offset = None, "none", 1.0, 0.0
        transform, shape, blocks = Affine(1, 0, 0, 0, -1, 1000), (1000, 1000), (100, 1000)
        crs, dtype = zones().crs, np.dtype("f8")

        def read_windows(self, windows):
            for rows, cols in windows:
                yield Tile(
                    (rows, cols),
                    np.tile(np.arange(cols.start, cols.stop) * 1.0, (rows.stop - rows.start, 1)),
                    None,
                )

    found = zonal_statistics(zones(box(10, 0, 20, 1000)), Slope())
    assert found["mean"].tolist() == [14.5]


def test_the_index_keeps_its_name(zones, raster):
    named = zones(box(0, 0, 1, 1)).rename_axis("adcode")
    assert zonal_statistics(named, raster(CELLS)).columns[0] == "adcode"
    unnamed = named.rename_axis(None)
    assert zonal_statistics(unnamed, raster(CELLS)).columns[0] == "unit_id"
    assert isinstance(zonal_statistics(named, raster(CELLS)), pd.DataFrame)
