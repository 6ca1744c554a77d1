"""What users have, in every form: the same answer, on the caller's index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

import regional_atlas as ra

PLACE = Affine(0.5, 0, 10, 0, -0.5, 50)
CELLS = np.arange(24, dtype="float32").reshape(4, 6)


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    boxes = [shapely.box(10, 48.2, 11.3, 50), shapely.box(11.3, 48.2, 13, 50)]
    return gpd.GeoDataFrame(geometry=boxes, index=pd.Index(["w", "e"], name="code"), crs=4326)


@pytest.fixture
def tif(tmp_path: Path) -> Path:
    path = tmp_path / "light.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=4, width=6, count=1, dtype="float32", crs="EPSG:4326",
        transform=PLACE, nodata=-1,
    ) as file:  # fmt: skip
        file.write(CELLS[None])
    return path


def numbers(table: pd.DataFrame) -> list[list[float]]:
    return table[["mean", "sum", "max"]].round(9).to_numpy().tolist()


def test_zones_of_every_kind(zones: gpd.GeoDataFrame, tif: Path, tmp_path: Path) -> None:
    wanted = numbers(ra.zonal_statistics(zones, tif))
    zones.to_file(tmp_path / "zones.gpkg")
    polygons = list(zones.geometry)
    for given, more in (
        (zones.geometry, {}),
        (tmp_path / "zones.gpkg", {}),
        (str(tmp_path / "zones.gpkg"), {}),
        (polygons, {"zones_crs": 4326}),
        (np.array(polygons, dtype=object), {"zones_crs": "EPSG:4326"}),
        (gpd.GeoSeries(polygons), {"zones_crs": 4326}),
    ):
        assert numbers(ra.zonal_statistics(given, tif, **more)) == wanted
    assert numbers(ra.zonal_statistics(polygons[0], tif, zones_crs=4326)) == wanted[:1]
    assert ra.zonal_statistics(zones, tif)["code"].tolist() == ["w", "e"]


def test_rasters_of_every_kind(zones: gpd.GeoDataFrame, tif: Path) -> None:
    wanted = numbers(ra.zonal_statistics(zones, tif))
    assert numbers(ra.zonal_statistics(zones, str(tif))) == wanted
    assert numbers(ra.zonal_statistics(zones, ra.open_raster(tif))) == wanted
    assert numbers(ra.zonal_statistics(zones, CELLS, transform=PLACE, crs=4326)) == wanted
    with rasterio.open(tif) as dataset:
        assert numbers(ra.zonal_statistics(zones, dataset)) == wanted
        with rasterio.vrt.WarpedVRT(dataset) as warped:
            assert numbers(ra.zonal_statistics(zones, warped)) == wanted
    with pytest.raises(ra.InputError, match="closed"):
        ra.zonal_statistics(zones, dataset)


def test_lists_and_dicts(zones: gpd.GeoDataFrame, tif: Path) -> None:
    listed = ra.zonal_statistics(zones, [tif, CELLS * 2], transform=PLACE, crs=4326)
    assert np.array(numbers(listed)[2:]) == pytest.approx(2 * np.array(numbers(listed)[:2]))
    dated = ra.zonal_statistics(zones, {2019: tif, 2020: tif})
    assert dated["year"].tolist() == [2019, 2019, 2020, 2020]
    named = ra.zonal_statistics(zones, {"a": tif, "b": tif})
    assert named["raster"].tolist() == ["a", "a", "b", "b"]
    assert [record["raster"] for record in named.attrs["rasters"]] == ["a", "b"]


def test_missing_cells_of_arrays(zones: gpd.GeoDataFrame) -> None:
    masked = np.ma.masked_less(CELLS, 6)
    plain = np.where(CELLS < 6, -9, CELLS)
    empty = np.where(CELLS < 6, np.nan, CELLS)
    where = {"transform": PLACE, "crs": 4326}
    wanted = numbers(ra.zonal_statistics(zones, empty, **where))
    assert numbers(ra.zonal_statistics(zones, masked, **where)) == wanted
    assert numbers(ra.zonal_statistics(zones, plain, nodata=-9, **where)) == wanted


def cube(**more: Any) -> Any:
    xarray = pytest.importorskip("xarray")
    x, y = 10.25 + 0.5 * np.arange(6), 49.75 - 0.5 * np.arange(4)
    times = pd.to_datetime(["2019-01-01", "2020-01-01"])
    held = xarray.DataArray(
        np.stack([CELLS, CELLS * 2]), coords={"time": times, "y": y, "x": x},
        dims=("time", "y", "x"), name="light", attrs=more,
    )  # fmt: skip
    wkt = rasterio.crs.CRS.from_epsg(4326).to_wkt()
    return held.assign_coords(spatial_ref=xarray.Variable((), 0, {"crs_wkt": wkt}))


def test_xarray_has_a_row_for_each_time(zones: gpd.GeoDataFrame, tif: Path) -> None:
    wanted = numbers(ra.zonal_statistics(zones, tif))
    found = ra.zonal_statistics(zones, cube())
    assert found["year"].tolist() == [2019, 2019, 2020, 2020]
    doubled = (2 * np.array(wanted)).tolist()
    assert np.array(numbers(found)) == pytest.approx(np.array([*wanted, *doubled]))
    assert numbers(ra.zonal_statistics(zones, cube().isel(time=0))) == wanted
    turned = cube().isel(time=0).transpose("x", "y")
    assert numbers(ra.zonal_statistics(zones, turned)) == wanted
    upside_down = cube().isel(time=0).isel(y=slice(None, None, -1))
    assert numbers(ra.zonal_statistics(zones, upside_down)) == wanted
    renamed = cube().isel(time=0).rename(x="lon", y="lat")
    assert numbers(ra.zonal_statistics(zones, renamed)) == wanted
    assert ra.zonal_statistics(zones, cube().isel(time=1))["year"].tolist() == [2020, 2020]


def test_xarray_datasets_and_months(zones: gpd.GeoDataFrame) -> None:
    months = cube().assign_coords(time=pd.to_datetime(["2020-01-01", "2020-02-01"]))
    found = ra.zonal_statistics(zones, months)
    assert found["month"].tolist() == [1, 1, 2, 2]
    both = months.to_dataset(name="light").assign(dark=-months)
    table = ra.zonal_statistics(zones, both)
    assert table["raster"].tolist() == ["light"] * 4 + ["dark"] * 4


def test_xarray_says_what_is_lacking(zones: gpd.GeoDataFrame) -> None:
    bare = cube().drop_vars("spatial_ref")
    with pytest.raises(ra.RasterError, match="no coordinate reference system"):
        ra.zonal_statistics(zones, bare)
    assert len(ra.zonal_statistics(zones, bare, crs=4326, transform=PLACE)) == 4
    uneven = cube().assign_coords(x=[1.0, 2, 3, 4, 5, 7])
    with pytest.raises(ra.RasterError, match="not evenly spaced"):
        ra.zonal_statistics(zones, uneven)
    deep = cube().rename(time="level").drop_vars("level")
    with pytest.raises(ra.RasterError, match="dimension 'level' of 2"):
        ra.zonal_statistics(zones, deep)


def test_stored_nodata_and_scale_of_xarray_count(zones: gpd.GeoDataFrame) -> None:
    plain = ra.zonal_statistics(zones, cube().isel(time=0))
    scaled = ra.zonal_statistics(zones, cube(scale_factor=2.0, add_offset=1.0).isel(time=0))
    assert scaled["mean"].tolist() == pytest.approx((plain["mean"] * 2 + 1).tolist())
    held = ra.zonal_statistics(zones, cube(_FillValue=23.0).isel(time=0), stats=["max"])
    assert held["max"].max() == 22


def test_membership_of_any_polygons(zones: gpd.GeoDataFrame) -> None:
    units = zones.set_axis([7, 3])
    found = ra.assign_membership(units, shapely.box(10, 40, 12, 60), regions_crs=4326)
    assert found["unit_id"].tolist() == [7, 3]
    assert found["region_id"].notna().tolist() == [True, False]
    named = gpd.GeoSeries([shapely.box(10, 40, 12, 60)], index=["north"], crs=4326)
    most = ra.assign_membership(units, named, "largest_share")
    assert most["region_id"].tolist() == ["north", "north"]
    old = ra.assign_membership(units, named, rule="area_share >= 0.5")
    assert old.equals(ra.assign_membership(units, named, "area_share", at_least=0.5))


def test_index_as_file_dict_and_object(tmp_path: Path) -> None:
    from regional_atlas.config.index import IndexConfig

    said = {
        "id": "demo",
        "title": "Demo",
        "tiers": {"k": 2},
        "nodes": [{"code": "a", "title": "A"}],
    }
    file = tmp_path / "demo.toml"
    file.write_text(
        'id = "demo"\ntitle = "Demo"\ntiers = {k = 2}\n[[nodes]]\ncode = "a"\ntitle = "A"\n'
    )
    data = pd.DataFrame({"a": [1.0, 3.0, 2.0]}, index=[9, 8, 7])
    tables = [
        ra.score(data, each).scores
        for each in (said, file, str(file), IndexConfig.model_validate(said))
    ]
    assert all(table.equals(tables[0]) for table in tables)
    assert tables[0].index.tolist() == [9, 8, 7]
    with pytest.raises(ra.ConfigError, match="nodes"):
        ra.score(data, {"id": "demo", "title": "Demo"})


def test_answers_stand_on_the_callers_index() -> None:
    values = pd.Series([3.0, 1.0, 2.0], index=[30, 10, 20])
    for found in (
        ra.rank(values),
        ra.classify(values, "quantile", 2),
        ra.classify_tiers(values, 2),
    ):
        assert found.index.tolist() == [30, 10, 20]
    assert ra.rank(values, ascending=True).tolist() == [3, 1, 2]
    assert ra.rank(values, within=pd.Series(["a", "b", "a"], [20, 10, 30])).tolist() == [1, 1, 2]


def test_roll_up_by_membership_counts_a_unit_in_each_region() -> None:
    frame = pd.DataFrame({"gdp": [1.0, 2.0]}, index=[5, 6])
    rows = pd.DataFrame({"unit_id": [5, 5, 6], "region_id": ["a", "b", "b"]})
    assert ra.roll_up(frame, rows, {"gdp": "sum"})["gdp"].to_dict() == {"a": 1.0, "b": 3.0}
    assert ra.roll_up(frame, pd.Series([1, 1], [6, 5]), {"gdp": "max"})["gdp"].to_dict() == {1: 2.0}


def test_crosswalk_merges_and_keeps_numbers_as_codes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"gdp": [1.0, 2.0, 4.0]}, index=pd.Index([11, 12, 13], name="adcode"))
    changes = pd.DataFrame({"kind": ["merge", "merge"], "from_code": [11, 12], "to_code": [21, 21]})
    found = ra.crosswalk(frame, changes, {"gdp": "sum"})
    assert found["gdp"].to_dict() == {13: 4.0, 21: 3.0}
    assert found.index.name == "adcode"
    assert found.loc[21, "flag"] == "merged"
    file = tmp_path / "changes.csv"
    changes.reindex(
        columns=["date", "kind", "from_code", "from_name", "to_code", "to_name"]
    ).to_csv(file, index=False)
    assert ra.crosswalk(frame, file, {"gdp": "sum"}).equals(found)


def test_what_a_frame_is_travels_with_it(tmp_path: Path) -> None:
    root = Path(ra.__file__).parent / "starter"
    atlas = ra.open_atlas(root)
    for name in ("units", "regions", "membership", "rankings", "indicators", "region_values"):
        table = getattr(atlas, name)
        kept = table.head(3).copy().attrs
        assert {"what", "source", "version"} <= {*kept}, name
    units = atlas.units
    units.to_parquet(tmp_path / "units.parquet")
    atlas.indicators.to_parquet(tmp_path / "table.parquet")
    assert pd.read_parquet(tmp_path / "table.parquet").attrs == atlas.indicators.attrs
    assert "what" not in atlas.tables.units.attrs, "what builds write stays as it is"


def test_short_in_a_terminal_and_escaped_in_a_notebook() -> None:
    root = Path(ra.__file__).parent / "starter"
    atlas = ra.open_atlas(root)
    said = {
        "id": "demo",
        "title": "<b>Demo",
        "tiers": {"k": 2},
        "nodes": [{"code": "a", "title": "<i>A"}],
    }
    data = pd.DataFrame({"a": [1.0, 3.0, 2.0]}, index=["<script>", "y", "z"])
    result = ra.score(data, said)
    from regional_atlas.config.index import IndexConfig

    index = IndexConfig.model_validate(said)
    for each in (atlas, atlas.tables, atlas.project, atlas.store, result, result.recipe, index):
        assert len(repr(each)) < 400, type(each)
    for each in (atlas, result, index):
        html = each._repr_html_()
        assert "<script>" not in html
        assert "<i>A" not in html


def test_explore_opens_at_a_plate() -> None:
    atlas = ra.open_atlas(Path(ra.__file__).parent / "starter")
    ids = [plate.id for plate in ra.explore(atlas).element.spec.plates]
    shown = ra.explore(atlas, plate=ids[-1])
    assert f'regionalAtlas.show("{ids[-1]}")' in shown.get_root().render()
    assert "<iframe" in shown._repr_html_()
    with pytest.raises(ra.InputError, match=f"do you mean '{ids[-1]}'"):
        ra.explore(atlas, plate=ids[-1] + "x")


def test_infinite_values_have_no_class() -> None:
    values = pd.Series([1.0, np.inf, 2.0, -np.inf], list("abcd"))
    with pytest.raises(ra.InputError, match="values: 2 are infinite, such as that of 'b'"):
        ra.classify(values, k=2)
    assert ra.classify(values.replace([np.inf, -np.inf], np.nan), k=2).notna().sum() == 2
