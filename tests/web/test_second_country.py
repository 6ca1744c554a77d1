"""Another country from its configuration alone: other levels, one language, codes with letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import regional_atlas as ra
from regional_atlas.core.errors import InputError

NAMES = {
    "00A1": "Saint-Émilion", "00A2": "O'Brien's Cross", "00B1": "الواحة الكبرى", "00B2": "Åndal",
    "01A1": "Springfield", "01A2": 'Th<b>ree & "Quote"', "01B1": "Ñuñoa", "01B2": "Łódź-Północ",
    "10A1": "Springfield", "10A2": "Zürich (Rural)", "10B1": "Čačak", "10B2": "Ísafjörður",
}  # fmt: skip
SHIRES = {"00": "Côte d'Azur", "01": "North's End", "10": "الشمال"}

ATLAS = """
id = "ruritania"
lang = "en"
title = "Atlas of Ruritania"
subtitle = "Twelve cantons"
population = "people"
[map]
projection = "EPSG:32719"
projection_name = "UTM zone 19 South"
bounds = [-70.2, -35.2, -67.4, -33.3]
[boundaries]
file = "cantons.gpkg"
key = "GID"
name = "NOM"
source = "Survey of Ruritania"
level = { id = "canton", title = "canton" }
parents = [
  { id = "duchy", title = "duchy", key = "DUCHY" },
  { id = "shire", title = "shire", key = "SHIRE", name = "SHIRE_N" },
]
[[regions.kinds]]
id = "basin"
title = "river basin"
polygons = "basins.gpkg"
key = "bid"
name = "bname"
rule = "area_share >= 0.3"
[indicators.accounts]
file = "accounts.csv"
year = 2023
source = "National accounts"
rename = { gid = "unit_id" }
columns = [
  { column = "people", code = "people", title = "Population", unit = "people" },
  { column = "gdp", code = "gdp", title = "GDP", unit = "m crowns" },
]
derived = [
  { code = "gdp_head", title = "GDP per head", unit = "crowns", numerator = ["gdp"], denominator = ["people"], scale = 1e6 },
]
[[rankings]]
id = "best"
title = "Best cantons"
file = "best.csv"
tiers = [2, 3]
[[rankings]]
id = "well"
title = "Well-being"
index = "score.toml"
[compare]
file = "published.csv"
[[plates]]
id = "best"
kind = "ranking"
group = "Lists"
title = "Best cantons"
ranking = "best"
[[plates]]
id = "well"
kind = "choropleth"
group = "Lists"
title = "Well-being"
field = "well"
k = 3
[[plates]]
id = "basins"
kind = "regions"
group = "Groups"
title = "Basins"
region_kind = "basin"
ranking = "best"
[[plates]]
id = "coverage"
kind = "coverage"
group = "Groups"
title = "Share of each shire's cantons"
ranking = "best"
level = "shire"
"""  # noqa: E501

INDEX = """
id = "well"
title = "Well-being"
nodes = [
  { code = "gdp_head", title = "GDP per head" },
  { code = "people", title = "Population", direction = -1 },
]
[uncertainty]
draws = 50
seed = 1
top = 4
[uncertainty.weights]
method = "uniform"
spread = 0.25
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ruritania")
    squares = [
        shapely.box(
            -70 + i % 4 * 0.5, -35 + i // 4 * 0.5, -69.5 + i % 4 * 0.5, -34.5 + i // 4 * 0.5
        )
        for i in range(len(NAMES))
    ]
    squares[3] = squares[3].union(shapely.box(-67.8, -34.9, -67.6, -34.7))
    cantons = gpd.GeoDataFrame(
        {"GID": list(NAMES), "NOM": NAMES.values()}, geometry=squares, crs=4326
    )
    cantons["SHIRE"] = cantons["GID"].str[:2]
    cantons["SHIRE_N"] = cantons["SHIRE"].map(SHIRES)
    cantons["DUCHY"] = cantons["GID"].str[:1]
    cantons.to_file(folder / "cantons.gpkg")
    basins = [shapely.box(-70.1, -35.1, -68.7, -33.9), shapely.box(-69.2, -34.6, -67.4, -33.4)]
    names = {"bid": ["b1", "b2"], "bname": ["Río Ñandú", "River O'Hara"]}
    gpd.GeoDataFrame(names, geometry=basins, crs=4326).to_crs(32719).to_file(folder / "basins.gpkg")
    codes = list(NAMES)[:-1]
    numbers = {"people": range(1000, 12000, 1000), "gdp": range(10, 120, 10)}
    pd.DataFrame({"gid": codes, **numbers}).to_csv(folder / "accounts.csv", index=False)
    (folder / "best.csv").write_text(
        "rank,unit,shire\n1,Springfield,North's End\n2,O'Brien's Cross,Côte d'Azur\n"
        "3,الواحة الكبرى,Côte d'Azur\n", "utf-8",
    )  # fmt: skip
    (folder / "published.csv").write_text(
        "scope,group,key,value\nbest,shire,Côte d'Azur,2\nbest,tier,1,2\n"
        "best,basin,River O'Hara,0\n",
        "utf-8",
    )
    (folder / "atlas.toml").write_text(ATLAS, "utf-8")
    (folder / "score.toml").write_text(INDEX, "utf-8")
    return folder


@pytest.fixture(scope="module")
def country(folder: Path) -> Any:
    return ra.build(ra.read_project(folder))


def test_units_keep_codes_names_and_parts(country: Any) -> None:
    assert country.units["unit"].to_dict() == NAMES
    parts = shapely.get_num_geometries(country.units.geometry)
    assert parts.tolist() == [2 if unit == "00B2" else 1 for unit in NAMES]
    assert country.units.loc["00B1", ["shire", "duchy"]].tolist() == ["Côte d'Azur", "0"]


def test_questions_by_its_own_levels(country: Any) -> None:
    assert country.query(shire="Côte d'Azur")["unit"].tolist() == [
        "O'Brien's Cross",
        "الواحة الكبرى",
    ]
    assert country.query(basin="Río Ñandú")["exclusive"].tolist() == [True] * 3
    both = country.query(region={"basin": "River O'Hara"}, unranked=True)
    # 01A2 lies in both basins: the first defined is its own.
    assert both.loc["01A2", ["basin", "exclusive"]].tolist() == ["Río Ñandú;River O'Hara", False]
    with pytest.raises(InputError, match=r"2 units; give the id: 01A1 0 North's End Springfield;"):
        country.query(neighbours_of="Springfield")
    with pytest.raises(InputError, match="'province'; allowed: basin, duchy, shire, unit_type"):
        country.query(province="x")


def test_a_unit_without_data_has_no_rank_and_stays(country: Any) -> None:
    table = country.query(ranking="well", unranked=True)
    assert table["rank"].notna().sum() == 11
    assert pd.isna(table.loc["10B2", "rank"])
    assert {"rank_low", "rank_high", "p_top4"} <= set(table.columns)


def test_roll_ups_and_published_figures(country: Any) -> None:
    table = country.summarise("basin").set_index("name")
    assert table["count"].to_dict() == {"Río Ñandú": 3, "River O'Hara": 0}
    shires = country.summarise("shire").set_index("name")
    assert shires["people"].tolist() == [10000, 26000, 30000]
    assert country.comparison["match"].all()


def test_every_format_keeps_the_names(country: Any, tmp_path: Path) -> None:
    formats = ["gpkg", "geoparquet", "fgb", "geojson", "shp", "kml", "csv", "xlsx", "topojson"]
    country.export(formats, tmp_path)
    for name in ("units.gpkg", "units.fgb", "units.geojson", "units.shp", "units.parquet"):
        path = tmp_path / name
        read = (
            gpd.read_parquet(path)
            if path.suffix == ".parquet"
            else gpd.read_file(path, layer="units")
        )
        read = read if path.suffix == ".parquet" else read.set_index("unit_id")
        assert read["unit"].to_dict() == NAMES, name
        assert read.crs == "EPSG:4326"
    rows = openpyxl.load_workbook(tmp_path / "units.xlsx")["units"].values
    head, *found = rows
    assert {row[head.index("unit_id")]: row[head.index("unit")] for row in found} == NAMES
    table = pd.read_csv(tmp_path / "units.csv", dtype="str").set_index("unit_id")
    assert table["unit"].to_dict() == NAMES
    assert not (pd.read_csv(tmp_path / "codebook.csv")["title_en"].str.contains("[一-鿿]")).any()
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    described = [
        field for part in package["resources"] for field in part.get("schema", {}).get("fields", [])
    ]
    assert described
    assert all("title" in field and "title_zh" not in field for field in described)


@pytest.mark.browser
def test_its_page_opens_in_utm_and_speaks_english(
    country: Any, open_page: Any, tmp_path: Path
) -> None:
    country.save(tmp_path)
    page = open_page(tmp_path / "index.html")
    for plate in ("best", "well", "basins", "coverage"):
        page.evaluate("id => window.regionalAtlas.show(id)", plate)
        text = page.locator("body").inner_text()
        assert not [sign for sign in text if "一" <= sign <= "鿿" and sign not in "中文"], plate
    page.evaluate("window.regionalAtlas.select(['01A2'])")
    assert 'Th<b>ree & "Quote"' in page.locator("body").inner_text()
