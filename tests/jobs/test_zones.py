"""`zones` builds what `zonal` measures."""

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

from regional_atlas.jobs.zones import build_zones
from regional_atlas.zonal import build_buffers, build_grid, build_hexagons


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect: Any) -> Any:
    gpd.GeoDataFrame({"town": ["x"]}, geometry=[shapely.Point(10.5, 20.5)], crs=4326).to_file(
        tmp_path / "towns.geojson"
    )
    gpd.GeoDataFrame(geometry=[shapely.box(10.2, 20.2, 11.4, 20.9)], crs=4326).to_file(
        tmp_path / "area.gpkg"
    )
    with rasterio.open(
        tmp_path / "light.tif", "w", driver="GTiff", count=1, height=100, width=200, dtype="uint8",
        crs="EPSG:4326", transform=Affine(0.01, 0, 10, 0, -0.01, 21),
    ) as target:  # fmt: skip
        target.write(np.ones((1, 100, 200), "uint8"))
    monkeypatch.chdir(tmp_path)
    return expect


def lights(command: Any, zones: str, key: str) -> pd.DataFrame:
    command("zonal", "--zones", zones, "--id", key, "--raster", "light.tif", "--stats", "count",
        "--out", "out.csv")  # fmt: skip
    return pd.read_csv("out.csv").set_index(key)


def test_a_grid_from_file_to_table(command: Any) -> None:
    said = command("zones", "grid", "--area", "area.gpkg", "--size", "0.5", "--crs", "EPSG:4326",
               "--out", "grid.gpkg")  # fmt: skip
    assert "6 zones" in said
    found = lights(command, "grid.gpkg", "unit_id")
    assert found.index.tolist() == [
        "x20_y41",
        "x21_y41",
        "x22_y41",
        "x20_y40",
        "x21_y40",
        "x22_y40",
    ]
    assert found["count"].tolist() == pytest.approx([2500] * 6)


def test_hexagons_from_file_to_table(command: Any) -> None:
    pytest.importorskip("h3")
    command("zones", "hexagons", "--area", "area.gpkg", "--resolution", 5, "--out", "hex.parquet")
    cells = gpd.read_parquet("hex.parquet")
    found = lights(command, "hex.parquet", "unit_id")
    assert len(found) == len(cells) > 20
    assert cells.union_all().contains(gpd.read_file("area.gpkg").geometry.iloc[0])


def test_buffers_from_file_to_table(command: Any) -> None:
    command("zones", "buffers", "--around", "towns.geojson", "--radius", 20, "--out", "near.gpkg")
    found = lights(command, "near.gpkg", "town")
    cell = 1.11 * 1.11 * np.cos(np.radians(20.5))
    assert found.loc["x", "count"] == pytest.approx(np.pi * 400 / cell, rel=0.01)


@pytest.mark.parametrize(
    ("source", "size", "says"),
    [
        ("area.gpkg", "0", "size: a side longer than 0, found 0.0"),
        ("no.gpkg", "1", "file not found: no.gpkg"),
        ("towns.geojson", "1", "towns.geojson: zone 0 is a Point, expected polygons"),
    ],
)
def test_wrong_squares(command: Any, source: str, size: str, says: str) -> None:
    options = ["--area", source, "--size", size, "--crs", "EPSG:4326", "--out", "x.gpkg"]
    assert says in command("zones", "grid", *options, code=1)


def test_everything_wrong_is_named_at_once(command: Any) -> None:
    options = ["--area", "no.gpkg", "--size", "0", "--crs", "nonsense", "--out", "x.shp"]
    said = command("zones", "grid", *options, code=1)
    for problem in ("4 problems", "file not found: no.gpkg", "size: a side", "crs: unknown CRS",
                    "--out 'x.shp'"):  # fmt: skip
        assert problem in said
    pytest.importorskip("h3")
    options = ["--area", "no.gpkg", "--resolution", "16", "--out", "x.shp"]
    assert "3 problems" in command("zones", "hexagons", *options, code=1)
    options = ["--around", "no.gpkg", "--radius", "0", "--out", "x.shp"]
    assert "3 problems" in command("zones", "buffers", *options, code=1)


@pytest.mark.parametrize(
    ("build", "settings"),
    [(build_grid, (1, "EPSG:4326")), (build_hexagons, (3,)), (build_buffers, (5,))],
)
@pytest.mark.usefixtures("command")
def test_building_shows_how_far_it_is(build: Any, settings: Any) -> None:
    if build is build_hexagons:
        pytest.importorskip("h3")
    steps: list[tuple[int, int]] = []
    build_zones(
        Path("area.gpkg"), Path("z.parquet"), build, *settings,
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    assert steps[-1][0] == steps[-1][1] > 0


def test_wrong_file_names_and_systems(command: Any) -> None:
    options = ["buffers", "--around", "area.gpkg", "--radius", "1", "--out", "x.shp"]
    assert "expected a name that ends in .gpkg or .parquet" in command("zones", *options, code=1)
    options = ["grid", "--area", "area.gpkg", "--size", "1", "--crs", "nonsense", "--out", "x.gpkg"]
    assert "crs: unknown CRS 'nonsense'" in command("zones", *options, code=1)


def test_layer_and_crs_of_an_area_can_be_declared(command: Any) -> None:
    area = gpd.read_file("area.gpkg")
    area.to_file("two.gpkg", layer="a")
    area.to_crs(3857).set_crs(None, allow_override=True).to_file("two.gpkg", layer="b")
    grid = ("zones", "grid", "--size", "0.5", "--crs", "EPSG:4326", "--out", "g.gpkg", "--area")
    assert "has 2 layers: a, b; choose one by --layer" in command(*grid, "two.gpkg", code=1)
    assert "--zones-crs EPSG:4326" in command(*grid, "two.gpkg", "--layer", "b", code=1)
    assert "6 zones" in command(*grid, "two.gpkg", "--layer", "b", "--zones-crs", "EPSG:3857")


def test_layer_and_crs_of_zones_can_be_declared(command: Any) -> None:
    area = gpd.read_file("area.gpkg").assign(id="x")
    area.to_file("two.gpkg", layer="a")
    area.set_crs(None, allow_override=True).to_file("none.shp")
    swapped = area.set_geometry(shapely.transform(area.geometry.values, lambda p: p[:, ::-1]))
    swapped.to_file("two.gpkg", layer="b")
    measure = ("zonal", "--id", "id", "--raster", "light.tif", "--stats", "count", "--out", "o.csv")
    assert "has 2 layers: a, b" in command(*measure, "--zones", "two.gpkg", code=1)
    command(*measure, "--zones", "two.gpkg", "--layer", "a")
    first = pd.read_csv("o.csv")
    said = command(*measure, "--zones", "two.gpkg", "--layer", "b", code=1)
    assert "light.tif: no zone meets it" in said
    assert "the axes of the zones look swapped" in said
    assert "none.shp: has no CRS" in command(*measure, "--zones", "none.shp", code=1)
    command(*measure, "--zones", "none.shp", "--zones-crs", "EPSG:4326")
    pd.testing.assert_frame_equal(pd.read_csv("o.csv"), first)
