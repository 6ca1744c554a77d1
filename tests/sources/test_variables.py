"""Variables, bands and dates of NetCDF and HDF5; headers that promise what is not there."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from regional_atlas.core.errors import RasterError
from regional_atlas.sources.dated import open_bands
from regional_atlas.sources.rasters import band_count, open_raster, raster_files
from regional_atlas.tables.stacks import open_stack

h5py = pytest.importorskip("h5py")

FIELDS = "HDFEOS/GRIDS/VIIRS_Grid_DNB_2d/Data Fields"
LIGHT = "NearNadir_Composite_Snow_Free"
SIDE = 20


def write_netcdf(path: Path, days: list[float], units: str, *names: str, **more: Any) -> Path:
    """Write variables over time, latitude and longitude: cell = 100 × band + 4 × row + column."""
    with h5py.File(path, "w") as file:
        shape = (len(days), 3, 4)
        axes = {
            "time": np.array(days),
            "lat": np.array([41.5, 40.5, 39.5]),
            "lon": np.arange(4) + 100.5,
        }
        for name, values in axes.items():
            axis = file.create_dataset(name, data=values)
            axis.make_scale(name)
        file["time"].attrs["units"] = units
        file["time"].attrs["calendar"] = more.get("calendar", "standard")
        file["lat"].attrs["units"], file["lon"].attrs["units"] = "degrees_north", "degrees_east"
        for place, name in enumerate(names):
            cells = np.arange(12.0).reshape(3, 4) + 100 * np.arange(len(days))[:, None, None]
            data = file.create_dataset(name, data=(cells + 1000 * place).astype("f4"))
            data.attrs["_FillValue"] = np.array([-9.0], "f4")
            for number, axis in enumerate(axes):
                data.dims[number].attach_scale(file[axis])
        file.attrs["Conventions"] = "CF-1.8"
        assert data.shape == shape
    return path


def _cells(path: Path, **options: Any) -> list[list[float]]:
    return open_raster(path, crs=4326, **options).read().values.tolist()


def write_tile(path: Path, fill: float, dtype: str, scale: float) -> Path:
    """Write a Black Marble tile as NASA describes it: fields, fill values, flags, tile numbers."""
    cells = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    flags = np.zeros((SIDE, SIDE), "u1")
    flags[0, 1], flags[0, 2], flags[0, 3] = 1, 2, 255
    light = cells.astype(dtype)
    light[0, 0] = fill
    with h5py.File(path, "w") as file:
        group = file.create_group(FIELDS)
        for name, values, missing, factor in (
            (LIGHT, light, fill, scale),
            (f"{LIGHT}_Num", np.full((SIDE, SIDE), 9, "u2"), 65535, 1.0),
            (f"{LIGHT}_Quality", flags, 255, 1.0),
        ):
            field = group.create_dataset(name, data=values, compression="gzip")
            field.attrs["_FillValue"] = np.array([missing], values.dtype)
            field.attrs["scale_factor"] = np.array([factor])
            field.attrs["offset"] = np.array([0.0])
        file.attrs["HorizontalTileNumber"] = np.bytes_(b"29")
        file.attrs["VerticalTileNumber"] = np.bytes_(b"05")
    return path


def test_a_variable_is_named_by_option_or_as_gdal_does(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "w.nc", [0], "days since 2020-01-01", "rain", "snow")
    with pytest.raises(
        RasterError, match=r"w\.nc: holds 2 variables .*--variable rain\): rain, snow"
    ):
        open_raster(path)
    by_option = open_raster(path, variable="snow", crs=4326)
    for name in (f"NETCDF:{path}:snow", f'NETCDF:"{path}":snow'):
        raster = open_raster(name, crs=4326)
        assert raster.read().values.tolist() == by_option.read().values.tolist()
        assert raster.file == path
        assert raster_files(name) == [path]
    assert by_option.name == "w.nc snow"
    assert by_option.read().values[0].tolist() == [1000, 1001, 1002, 1003]
    assert by_option.transform == Affine(1, 0, 100, 0, -1, 42)
    with pytest.raises(RasterError, match=r"variable 'hail' is not there; variables: rain, snow"):
        open_raster(path, variable="hail")
    with pytest.raises(RasterError, match="holds 2 variables"):
        band_count(path)
    one = write_netcdf(tmp_path / "one.nc", [0], "days since 2020-01-01", "rain")
    assert _cells(one) == _cells(one, variable="rain")
    with pytest.raises(RasterError, match=r"one\.nc: holds no variable 'hail'"):
        open_raster(one, variable="hail")
    with pytest.raises(RasterError, match="no such file"):
        open_raster(f"NETCDF:{tmp_path}/none.nc:rain")


@pytest.mark.parametrize(
    ("days", "units", "dates"),
    [
        ([0, 366, 731], "days since 2020-01-01", [(2020, None), (2021, None), (2022, None)]),
        (
            [0, 24 * 31, 24 * 60], "hours since 2020-01-01 00:00:00",
            [(2020, 1), (2020, 2), (2020, 3)],
        ),
        ([15.5, 380.25], "days since 2019-12-31", [(2020, None), (2021, None)]),
        ([86400.0 * 31], "seconds since 2020-1-1", [(2020, None)]),
    ],
)  # fmt: skip
def test_bands_are_dated_by_the_time_axis(
    days: list[float], units: str, dates: list[tuple[int, int | None]], tmp_path: Path
) -> None:
    path = write_netcdf(tmp_path / "w.nc", days, units, "rain", "snow")
    bands = open_bands(path, "time", variable="rain", crs=4326)
    assert [(raster.year, raster.month) for raster in bands] == dates
    assert [raster.read().values[0, 0] for raster in bands] == [100 * at for at in range(len(days))]
    rasters, dated = open_stack([str(path)], band="all", variable="rain", crs=4326)
    assert [(raster.year, raster.month) for raster in rasters] == dates
    assert dated


def test_a_time_axis_that_cannot_date_says_so(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "d.nc", [0, 1, 2], "days since 2020-01-01", "rain", "snow")
    with pytest.raises(RasterError, match=r"d\.nc: 3 bands from 2020-01-01 to 2020-01-03: more"):
        open_bands(path, "time", variable="rain", crs=4326)
    assert [
        raster.year for raster in open_stack([str(path)], band="all", variable="rain", crs=4326)[0]
    ] == [None] * 3
    for units, calendar in (
        ("months since 2020-01-01", "standard"),
        ("days since 2020-01-01", "martian"),
    ):
        path.unlink()
        write_netcdf(path, [0, 400], units, "rain", "snow", calendar=calendar)
        with pytest.raises(RasterError) as caught:
            open_bands(path, "time", variable="rain", crs=4326)
        assert f"found '{units}' in the calendar '{calendar}'; give the date" in str(caught.value)


@pytest.mark.parametrize(
    ("days", "units", "calendar", "dates"),
    [
        ([16, 381], "days since 2020-01-01", "noleap", [(2020, None), (2021, None)]),
        ([58, 59], "days since 2020-01-01", "noleap", [(2020, 2), (2020, 3)]),
        ([59, 60], "days since 2021-01-01", "360_day", [(2021, 2), (2021, 3)]),
        ([0.5, 1.5], "months since 1960-01-01", "360_day", [(1960, 1), (1960, 2)]),
        ([6, 24 * 60], "hours since 1999-12-31 18:00", "standard", [(2000, 1), (2000, 2)]),
        ([0, 3_000_000], "days since 2000-01-01", "standard", [(2000, None), (10213, None)]),
    ],
)
def test_calendars_and_hours_of_the_time_axis(
    days: list[float], units: str, calendar: str, dates: list[Any], tmp_path: Path
) -> None:
    path = write_netcdf(tmp_path / "c.nc", days, units, "rain", "snow", calendar=calendar)
    bands = open_bands(path, "time", variable="rain", crs=4326)
    assert [(raster.year, raster.month) for raster in bands] == dates


def test_a_mean_is_of_the_middle_of_its_time_bounds(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "b.nc", [31, 60, 91], "days since 2020-01-01", "rain", "snow")
    with h5py.File(path, "a") as file:
        file["time"].attrs["bounds"] = "time_bnds"
        file.create_dataset("nv", data=np.arange(2.0)).make_scale("nv")
        table = file.create_dataset("time_bnds", data=[[0.0, 31.0], [31.0, 60.0], [60.0, 91.0]])
        table.dims[0].attach_scale(file["time"])
        table.dims[1].attach_scale(file["nv"])
    bands = open_bands(path, "time", variable="rain", crs=4326)
    assert [(raster.year, raster.month) for raster in bands] == [(2020, 1), (2020, 2), (2020, 3)]
    assert [raster.read().values[0, 0] for raster in bands] == [0, 100, 200]


def test_a_climatology_is_of_no_year(tmp_path: Path) -> None:
    path = write_netcdf(tmp_path / "k.nc", [15, 45], "days since 2020-01-01", "rain", "snow")
    with h5py.File(path, "a") as file:
        file["time"].attrs["climatology"] = "time_climatology"
    with pytest.raises(RasterError, match="give the date of the first band"):
        open_bands(path, "time", variable="rain", crs=4326)


def test_bands_that_are_left_are_said_unless_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.tif"
    profile = {"crs": "EPSG:4326", "transform": Affine(1, 0, 0, 0, -1, 2), "dtype": "uint8"}
    for count, said in ((2, "band 2 is left"), (3, "bands 2 and 3 are left"), (5, "bands 2 to 5")):
        with rasterio.open(path, "w", driver="GTiff", count=count, height=2, width=2, **profile):
            pass
        with pytest.warns(UserWarning, match=f"band 1 of {count} is read, {said}"):
            open_raster(path)
        with warnings.catch_warnings(action="error"):
            assert [open_raster(path, band=band).band for band in (1, 2)] == [1, 2]
            assert len(open_stack([str(path)], band="all")[0]) == count
    with rasterio.open(
        path, "w", driver="GTiff", count=2, height=2, width=2, alpha="YES", **profile
    ):
        pass
    with warnings.catch_warnings(action="error"):
        open_raster(path)


@pytest.mark.parametrize(
    ("name", "fill", "dtype", "scale", "date"),
    [
        ("VNP46A4.A2019001.h29v05.001.2021125013.h5", 65535, "u2", 0.1, (2019, None)),
        ("VNP46A4.A2020001.h29v05.002.2023047190.h5", -999.9, "f4", 1.0, (2020, None)),
        ("VJ146A3.A2021060.h29v05.002.2021120012.h5", -999.9, "f4", 1.0, (2021, 3)),
    ],
)
def test_black_marble_is_read_as_documented(
    name: str, fill: float, dtype: str, scale: float, date: tuple[int, int | None], tmp_path: Path
) -> None:
    path = write_tile(tmp_path / name, fill, dtype, scale)
    with pytest.raises(RasterError, match="holds 3 variables"):
        open_raster(path)
    raster = open_raster(path, variable=LIGHT)
    assert raster.transform == Affine(0.5, 0, 110, 0, -0.5, 40)
    assert raster.crs.to_epsg() == 4326
    assert (raster.year, raster.month) == date
    assert raster.scale == scale
    assert raster.nodata == pytest.approx(fill)
    assert raster.read().values[1, 0] == SIDE
    assert open_raster(path, variable=f"{FIELDS}/{LIGHT}").path == raster.path
    numbered = tmp_path / "tile.h5"
    path.rename(numbered)
    assert open_raster(numbered, variable=LIGHT).transform == raster.transform
    with h5py.File(numbered, "a") as file:
        del file.attrs["HorizontalTileNumber"]
    numbered.rename(path)
    assert open_raster(path, variable=LIGHT).transform == raster.transform


WIDTH, LENGTH, ROWS = 256, 257, 278


def lie(path: Path, tags: dict[int, int], **options: Any) -> Path:
    """Write an honest TIFF, then change numbers of its header."""
    profile = {"crs": "EPSG:3857", "transform": Affine(2, 0, 10, 0, -2, 50), "dtype": "uint16"}
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=80, width=100, compress="deflate", blockysize=80,
        **profile | options,
    ) as file:  # fmt: skip
        file.write(np.ones((1, 80, 100), "uint16"))
    content = bytearray(path.read_bytes())
    start = struct.unpack("<I", content[4:8])[0]
    for entry in range(struct.unpack("<H", content[start : start + 2])[0]):
        at = start + 2 + 12 * entry
        tag = struct.unpack("<H", content[at : at + 2])[0]
        if tag in tags:
            content[at : at + 12] = struct.pack("<HHII", tag, 4, 1, tags[tag])
    path.write_bytes(content)
    return path


HUGE = 2**31 - 1


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({LENGTH: HUGE}, "blocks, but a file of [0-9,]+ bytes cannot even list them"),
        ({LENGTH: HUGE, WIDTH: HUGE}, "cannot even list them"),
        ({WIDTH: HUGE}, "at most 33,554,432 in a row"),
        ({LENGTH: 100_000, WIDTH: 100_000, ROWS: 100_000}, "one takes 19,073 MB"),
        ({LENGTH: 100_000, WIDTH: 4_000, ROWS: 100_000}, "one takes 763 MB of memory; write it in"),
        ({WIDTH: 1_000_000}, "one takes 153 MB of memory; write it in tiles first"),
    ],
)
def test_headers_that_promise_too_much_are_refused(
    tags: dict[int, int], said: str, tmp_path: Path
) -> None:
    with pytest.raises(RasterError, match=said) as caught:
        open_raster(lie(tmp_path / "lie.tif", tags))
    assert "lie.tif" in str(caught.value)


def test_a_header_of_degrees_that_reaches_around_the_world_many_times_is_refused(
    tmp_path: Path,
) -> None:
    wrong = lie(tmp_path / "far.tif", {}, crs="EPSG:4326", transform=Affine(9, 0, 0, 0, -9, 0))
    with pytest.raises(RasterError, match=r"from 0 to 900 degrees .* from -720 to 0 of latitude"):
        open_raster(wrong)


def test_tall_strips_are_read_in_parts_and_damaged_ones_are_said(tmp_path: Path) -> None:
    damaged = lie(tmp_path / "cut.tif", {LENGTH: 100_000, WIDTH: 1_000, ROWS: 100_000})
    raster = open_raster(damaged)
    assert raster.blocks == (128, 1_000)
    with pytest.raises(RasterError, match=r"cut\.tif: cannot decode rows 0-128"):
        raster.read((slice(0, 128), slice(0, 1_000)))
    cells = np.random.default_rng(3).integers(0, 255, (20_000, 2_000)).astype("uint8")
    profile = {"crs": "EPSG:3857", "transform": Affine(2, 0, 0, 0, -2, 0), "dtype": "uint8"}
    with rasterio.open(
        tmp_path / "tall.tif", "w", driver="GTiff", count=1, height=20_000, width=2_000,
        compress="deflate", zlevel=1, blockysize=19_990, **profile,
    ) as file:  # fmt: skip
        file.write(cells[None])
    tall = open_raster(tmp_path / "tall.tif")
    assert tall.blocks == (128, 2_000)
    windows = [(slice(at, at + 128), slice(0, 2_000)) for at in range(0, 19_968, 128)]
    found = np.vstack([tile.values for tile in tall.read_windows(windows)])
    assert (found == cells[:19_968]).all()
