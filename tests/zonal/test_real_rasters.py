"""Real rasters: exactextract as the oracle on real units, and the traps of each file."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from exactextract import exact_extract

from regional_atlas.core.crs import to_wgs84
from regional_atlas.core.errors import RasterError
from regional_atlas.sources.dated import find_rasters
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import zonal_statistics

pytestmark = pytest.mark.shared_data

SAME = {"mean", "sum", "min", "max", "count"}


def oracle(units, path):
    """What exactextract finds in a file, by unit; its sum of nothing is 0, ours is missing."""
    found = exact_extract(
        str(path), units.reset_index(), sorted(SAME), include_cols=["unit_id"], output="pandas"
    )
    found = found.set_index("unit_id").astype(float)
    return found.assign(sum=found["sum"].where(found["count"] > 0))


def assert_equal_oracle(units, path, rtol=1e-6):
    ours = zonal_statistics(units, open_raster(path), stats=sorted(SAME)).set_index("unit_id")
    theirs = oracle(units, path)
    for name in SAME:
        np.testing.assert_allclose(ours[name], theirs[name], rtol=rtol, atol=1e-9, err_msg=name)
    return ours


@pytest.fixture
def year_2020(shared):
    return shared / "data" / "nightlights" / "china_longntl_2020_uint8.tif"


@pytest.fixture
def decoded_2020(year_2020, tmp_path):
    """The 2020 raster without its nodata value, so that 0 counts for both tools."""
    target = tmp_path / "2020.tif"
    with rasterio.open(year_2020) as source:
        profile = source.profile | {"nodata": None, "driver": "GTiff"}
        with rasterio.open(target, "w", **profile) as copy:
            copy.write(source.read())
    return target


@pytest.mark.china
def test_a_sample_of_counties_equals_exactextract(county_files, read_units, decoded_2020):
    units = read_units(county_files[::19])
    assert len(units) == 152
    found = assert_equal_oracle(units, decoded_2020)
    assert (found["valid_share"] <= 1).all()


@pytest.mark.china
def test_stored_nodata_equals_exactextract(county_files, read_units, year_2020):
    """0 as nodata: dark cells are missing, and light is averaged over lit cells only."""
    units = read_units(county_files[::80])
    found = assert_equal_oracle(units, year_2020)
    assert found["valid_share"].min() < 0.1


@pytest.mark.china
@pytest.mark.slow
def test_all_counties_equal_exactextract(county_files, read_units, decoded_2020):
    units = read_units(county_files)
    assert len(units) == 2875
    assert_equal_oracle(units, decoded_2020, rtol=2e-8)


@pytest.mark.china
def test_decoded_radiance_is_511_255ths_of_the_stored_number(county_files, read_units, year_2020):
    units = read_units(county_files[::200])
    stored = zonal_statistics(units, open_raster(year_2020, nodata="none"))
    radiance = zonal_statistics(units, open_raster(year_2020, nodata="none", scale=511 / 255))
    for name in ("mean", "sum", "max"):
        np.testing.assert_allclose(radiance[name], stored[name] * 511 / 255, rtol=1e-12)


@pytest.mark.china
def test_years_lie_on_grids_of_their_own(county_files, read_units, shared):
    series = find_rasters(shared / "data/nightlights/china_longntl_{year}_uint8.tif")
    assert [file.year for file in series] == list(range(2012, 2023))
    rasters = [open_raster(path, nodata="none", year=year) for year, _, path in series]
    assert len({raster.transform for raster in rasters}) > 1
    units = read_units(county_files[::300])
    together = zonal_statistics(units, rasters[:3], stats=["sum", "count"])
    apart = pd.concat([zonal_statistics(units, r, stats=["sum", "count"]) for r in rasters[:3]])
    pd.testing.assert_frame_equal(together, apart.reset_index(drop=True))
    assert together["year"].tolist() == [year for year in (2012, 2013, 2014) for _ in units.index]


def around(raster_bounds, across=3):
    """Squares that part a raster's bounds, and one that reaches half beyond it."""
    west, south, east, north = raster_bounds
    xs, ys = np.linspace(west, east, across + 1), np.linspace(south, north, across + 1)
    squares = [
        shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
        for i in range(across)
        for j in range(across)
    ]
    squares.append(shapely.box(east - (xs[1] - xs[0]), south, east + (xs[1] - xs[0]), north))
    names = pd.Index([f"s{i}" for i in range(len(squares))], name="unit_id")
    return gpd.GeoDataFrame(geometry=squares, index=names, crs="EPSG:4326")


def test_sao_tome_has_negative_radiance_and_real_nodata(shared):
    path = shared / "data/nightlights/sao_tome_viirs_monthly_201401_float32.tif"
    with rasterio.open(path) as dataset:
        zones = around(dataset.bounds)
        cells = dataset.read(1, masked=True).astype(float)
    found = assert_equal_oracle(zones, path)
    assert found["min"].min() == cells.min() < 0
    np.testing.assert_allclose(found["sum"].iloc[:9].sum(), cells.sum(), rtol=1e-9)
    np.testing.assert_allclose(found["count"].iloc[:9].sum(), cells.count(), rtol=1e-9)
    assert found["valid_share"].min() < 1


def test_mumbai_without_crs_is_refused_unless_one_is_stated(shared):
    path = shared / "data/nightlights/mumbai_viirs_201204_no_crs.tif"
    with pytest.raises(RasterError, match=r"mumbai.*has no coordinate reference system; state one"):
        open_raster(path)
    with pytest.warns(UserWarning, match=r"mumbai.*has no transform"):
        assert open_raster(path, crs="EPSG:4326").crs.to_epsg() == 4326


@pytest.mark.parametrize(
    "name",
    [
        "shanghai_viirs_2013_float32_nodata_unset.tif",
        "shanghai_viirs_2022_float32_nodata_unset.tif",
        "shanghai_longntl_2020_float32.tif",
    ],
)
def test_shanghai_with_nodata_unset_counts_every_cell(name, shared):
    path = shared / "data/nightlights" / name
    raster = open_raster(path)
    assert raster.nodata is None
    with rasterio.open(path) as dataset:
        zones = around(dataset.bounds)
    found = assert_equal_oracle(zones, path)
    np.testing.assert_allclose(found["valid_share"].iloc[:9], 1, rtol=1e-9)
    assert found["valid_share"].iloc[9] == pytest.approx(0.5, abs=1e-6)
    as_dark = zonal_statistics(zones, open_raster(path, nodata=0))
    assert as_dark["valid_share"].iloc[0] < 1


@pytest.mark.china
def test_shanghai_quantised_lies_near_its_float_original(
    county_files, read_units, shared, year_2020
):
    """One stored unit is 2.004 nW/cm²/sr: the city's sum agrees within 0.5 %, means within 0.3."""
    units = read_units([path for path in county_files if path.name.startswith("31")])
    assert len(units) == 16
    original = open_raster(shared / "data/nightlights/shanghai_longntl_2020_float32.tif")
    quantised = open_raster(year_2020, nodata="none", scale=511 / 255)
    exact, rough = (zonal_statistics(units, raster) for raster in (original, quantised))
    assert rough["sum"].sum() == pytest.approx(exact["sum"].sum(), rel=5e-3)
    np.testing.assert_allclose(rough["mean"], exact["mean"], atol=0.3)


@pytest.mark.china
def test_albers_dmsp_takes_zones_in_degrees(county_files, read_units, shared):
    path = shared / "data/nightlights/china_dmsp_like_2020_albers_int8.tif"
    raster = open_raster(path, year=2020)
    assert raster.crs.is_projected
    units = read_units(county_files[::150])
    found = zonal_statistics(units, raster, stats=["mean", "max", "count"])
    assert found["max"].max() <= 63
    area_km2 = units.to_crs("ESRI:102025").area.to_numpy() / 1e6
    inside = found["valid_share"] == 1
    assert inside.sum() > 15
    np.testing.assert_allclose(found["count"][inside], area_km2[inside], rtol=2e-3)
    projected = units.to_crs(raster.crs)
    assert_equal_oracle(projected, path)
    direct = zonal_statistics(projected, raster, stats=["mean", "max", "count"])
    np.testing.assert_allclose(found["count"], direct["count"], rtol=1e-5)


@pytest.mark.china
def test_prefectures_of_2017_lie_near_the_figures_of_another_team(county_files, read_units, shared):
    """The same product in float; 辛集 is administered by the province and left out there."""
    raster = open_raster(
        shared / "data/nightlights/china_longntl_2017_uint8.tif", nodata="none", scale=511 / 255
    )
    sums = {}
    for name, code in (("北京市", "11"), ("天津市", "12"), ("石家庄市", "1301")):
        units = read_units([path for path in county_files if path.name.startswith(code)])
        published = zonal_statistics(units, raster, stats=["sum"]).set_index("unit_id")["sum"]
        units.geometry = to_wgs84(units.geometry, "gcj02")
        converted = zonal_statistics(units, raster, stats=["sum"]).set_index("unit_id")["sum"]
        sums[name] = published.sum(), converted.sum()
        if name == "石家庄市":
            xinji = converted["130181"]
    theirs = {"北京市": 361_066, "天津市": 328_648, "石家庄市": 82_944}
    for name, (published, converted) in sums.items():
        assert published == pytest.approx(theirs[name], rel=0.08)
        assert converted == pytest.approx(theirs[name], rel=0.08)
        assert converted == pytest.approx(published, rel=0.003)
    assert sums["北京市"][1] == pytest.approx(361_066, rel=0.01)
    assert sums["石家庄市"][1] - xinji == pytest.approx(82_944, rel=0.005)
