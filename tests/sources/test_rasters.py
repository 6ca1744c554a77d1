from __future__ import annotations

import threading
import warnings

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine

from regional_atlas.core.errors import RasterError
from regional_atlas.sources.dated import find_rasters, open_bands
from regional_atlas.sources.rasters import open_raster

NORTH_UP = Affine(0.5, 0, 100, 0, -0.5, 40)


@pytest.fixture
def write(tmp_path):
    """Write a small GeoTIFF and give its path."""

    def written(values, name="r.tif", **options):
        cells = np.atleast_3d(np.asarray(values).T).T
        mask = options.pop("mask", None)
        scale, offset = options.pop("scale", None), options.pop("offset", None)
        profile = {"crs": "EPSG:4326", "transform": NORTH_UP, **options}
        with (
            warnings.catch_warnings(action="ignore"),
            rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
            rasterio.open(
                tmp_path / name,
                "w",
                driver="GTiff",
                count=cells.shape[0],
                height=cells.shape[1],
                width=cells.shape[2],
                dtype=cells.dtype,
                **profile,
            ) as dataset,
        ):
            dataset.write(cells)
            if scale is not None:
                dataset.scales, dataset.offsets = [scale] * len(cells), [offset] * len(cells)
            if mask is not None:
                dataset.write_mask(mask)
        return tmp_path / name

    return written


def test_describes_the_file(write):
    raster = open_raster(write(np.zeros((3, 4), np.int16), nodata=-7), year=2020)
    assert raster.shape == (3, 4)
    assert raster.dtype == np.int16
    assert raster.transform == NORTH_UP
    assert raster.crs == pyproj.CRS(4326)
    assert (raster.nodata, raster.nodata_rule) == (-7, "stored")
    assert (raster.scale, raster.offset, raster.year) == (1, 0, 2020)
    assert (raster.name, raster.has_mask) == ("r.tif", False)


def test_nodata_rules(write):
    path = write(np.zeros((3, 4), np.uint8), nodata=0)
    assert open_raster(path, nodata="none").nodata is None
    assert open_raster(path, nodata=9).nodata == 9
    assert open_raster(path, nodata=9).nodata_rule == "given"
    assert open_raster(write(np.zeros((3, 4), np.uint8), "unset.tif")).nodata is None
    with pytest.raises(RasterError, match="nodata is 'stored', 'none' or a number, found 'dark'"):
        open_raster(path, nodata="dark")


def test_scale_and_offset_of_the_file_or_as_given(write):
    path = write(np.zeros((3, 4), np.uint8), scale=0.1, offset=-5.0)
    assert (open_raster(path).scale, open_raster(path).offset) == (0.1, -5)
    stated = open_raster(path, scale=2, offset=0)
    assert (stated.scale, stated.offset) == (2, 0)


def test_bands(write):
    path = write(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    raster = open_raster(path, band=2)
    assert raster.name == "r.tif band 2"
    assert raster.read().values[0, 0] == 12
    with pytest.raises(RasterError, match=r"r\.tif: has no band 3; bands: 1 to 2"):
        open_raster(path, band=3)


def test_mask_of_the_file(write):
    mask = np.array([[True, False], [True, True]])
    raster = open_raster(write(np.ones((2, 2), np.uint8), mask=mask))
    assert raster.has_mask
    np.testing.assert_array_equal(raster.read().mask, mask)
    assert open_raster(write(np.ones((2, 2), np.uint8), "plain.tif", nodata=1)).read().mask is None


def test_refusals(write, tmp_path):
    with pytest.raises(RasterError, match=r"nothing\.tif: no such file"):
        open_raster(tmp_path / "nothing.tif")
    (tmp_path / "text.tif").write_text("not a raster")
    with pytest.raises(RasterError, match=r"text\.tif: cannot be read as a raster: its format"):
        open_raster(tmp_path / "text.tif")
    with pytest.raises(RasterError, match="has no coordinate reference system; state one"):
        open_raster(write(np.zeros((2, 2)), crs=None))
    with pytest.raises(RasterError, match="rotated or sheared"):
        open_raster(write(np.zeros((2, 2)), "turned.tif", transform=Affine.rotation(10)))
    with pytest.raises(RasterError, match=r"band 1 holds complex values \(complex64\)"):
        open_raster(write(np.zeros((2, 2), np.complex64), "complex.tif"))


def test_crs_may_be_stated_but_not_contradicted(write):
    bare = write(np.zeros((2, 2)), "bare.tif", crs=None)
    assert open_raster(bare, crs="EPSG:4490").crs == pyproj.CRS(4490)
    with pytest.raises(RasterError, match="unknown CRS 'EPSG:nothing'"):
        open_raster(bare, crs="EPSG:nothing")
    known = write(np.zeros((2, 2)), "known.tif")
    assert open_raster(known, crs="EPSG:4326").crs == pyproj.CRS(4326)
    with pytest.raises(RasterError, match="its CRS is WGS 84, not WGS 84 / UTM zone 50N"):
        open_raster(known, crs="EPSG:32650")


@pytest.mark.parametrize("compress", ["lzw", "deflate", "zstd", None])
@pytest.mark.parametrize("tiled", [True, False])
def test_windows_come_in_order_and_whole(compress, tiled, write):
    values = np.random.default_rng(5).integers(0, 255, (300, 400)).astype(np.uint8)
    layout = {"tiled": True, "blockxsize": 64, "blockysize": 64} if tiled else {"blockysize": 8}
    raster = open_raster(write(values, compress=compress, **layout))
    assert raster.blocks == ((64, 64) if tiled else (8, 400))
    windows = [
        (slice(i, min(i + 64, 300)), slice(j, min(j + 128, 400)))
        for i in range(0, 300, 64)
        for j in range(0, 400, 128)
    ]
    tiles = list(raster.read_windows(windows))
    assert [tile.window for tile in tiles] == windows
    for tile in tiles:
        np.testing.assert_array_equal(tile.values, values[tile.window])
    np.testing.assert_array_equal(raster.read().values, values)
    assert list(raster.read_windows([])) == []


def test_reading_may_stop_early(write):
    raster = open_raster(write(np.zeros((200, 10), np.uint8)))
    before = threading.active_count()
    reader = raster.read_windows([(slice(i, i + 1), slice(0, 10)) for i in range(200)])
    next(reader)
    reader.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("rows", [slice(-1, 2), slice(0, 4), slice(2, 2), slice(2, 1)])
def test_windows_beyond_the_raster(rows, write):
    raster = open_raster(write(np.zeros((3, 4))))
    with pytest.raises(RasterError, match="are not within 0 to 3"):
        raster.read((rows, slice(0, 4)))


def test_broken_file_names_the_rows(write):
    path = write(
        np.random.default_rng(1).integers(0, 255, (256, 256)).astype(np.uint8),
        compress="deflate", tiled=True, blockxsize=64, blockysize=64,
    )  # fmt: skip
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(RasterError, match=r"r\.tif"):
        open_raster(path).read()


def test_file_that_vanishes(write):
    path = write(np.zeros((3, 4)))
    raster = open_raster(path)
    path.unlink()
    with pytest.raises(RasterError, match="no such file"):
        raster.read()


def test_yearly_files(tmp_path):
    for name in (
        "a_2013_x.tif",
        "a_2012_x.tif",
        "a_20145_x.tif",
        "a_2013_x.tif.aux",
        "b_2015_x.tif",
    ):
        (tmp_path / name).touch()
    found = find_rasters(tmp_path / "a_{year}_x.tif")
    assert found == [
        (2012, None, tmp_path / "a_2012_x.tif"),
        (2013, None, tmp_path / "a_2013_x.tif"),
    ]
    (tmp_path / "2016_2016.tif").touch()
    (tmp_path / "2016_2017.tif").touch()
    assert [file.year for file in find_rasters(tmp_path / "{year}_{year}.tif")] == [2016]


def test_monthly_files(tmp_path):
    for name in ("v_201412.tif", "v_201402.tif", "v_201413.tif", "v_2014.tif", "v_201501.tif"):
        (tmp_path / name).touch()
    found = find_rasters(tmp_path / "v_{year}{month}.tif")
    assert [(file.year, file.month) for file in found] == [(2014, 2), (2014, 12), (2015, 1)]
    (tmp_path / "07-2016.tif").touch()
    assert find_rasters(tmp_path / "{month}-{year}.tif")[0][:2] == (2016, 7)
    with pytest.raises(RasterError, match=r"must hold \{year\}, the folders must not"):
        find_rasters(tmp_path / "{month}/v_{year}.tif")


def test_bands_are_dates(write):
    path = write(np.arange(12.0).reshape(3, 2, 2).astype("float32"))
    monthly = open_bands(path, "2014-11", nodata="none")
    assert [(raster.year, raster.month, raster.band) for raster in monthly] == [
        (2014, 11, 1), (2014, 12, 2), (2015, 1, 3),
    ]  # fmt: skip
    assert monthly[2].read().values.tolist() == [[8, 9], [10, 11]]
    assert [raster.year for raster in open_bands(path, "2013")] == [2013, 2014, 2015]
    assert {raster.month for raster in open_bands(path, "2013")} == {None}
    for wrong in ("14", "2014-13", "2014-1", "2014-01-01"):
        with pytest.raises(RasterError, match="YYYY or YYYY-MM, found"):
            open_bands(path, wrong)


def test_yearly_files_refused(tmp_path):
    with pytest.raises(RasterError, match="no file matches"):
        find_rasters(tmp_path / "a_{year}.tif")
    for pattern in ("a_2013.tif", "{year}/a.tif", "{year}/a_{year}.tif"):
        with pytest.raises(RasterError, match=r"must hold \{year\}, the folders must not"):
            find_rasters(tmp_path / pattern)


def test_a_crs_alone_is_no_place(write):
    """Without a transform the cells are at 0, 0: whoever states a CRS for such a file is warned."""
    nowhere = write(np.ones((2, 2)), crs=None, transform=None)
    with pytest.warns(UserWarning, match=r"r\.tif: has no transform: its cells are taken as 1 x 1"):
        open_raster(nowhere, crs="EPSG:4326")
    with warnings.catch_warnings(action="error"):
        open_raster(write(np.ones((2, 2)), crs=None), crs="EPSG:4326")
        with pytest.raises(RasterError, match="no coordinate reference system"):
            open_raster(nowhere)
