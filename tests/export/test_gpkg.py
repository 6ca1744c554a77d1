import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from regional_atlas.export import build_layers
from regional_atlas.export._ogr import write_layer
from regional_atlas.export.formats.gpkg import write_gpkg
from regional_atlas.export.style import layer_styles


@pytest.fixture
def path(tables, project, tmp_path):
    path = tmp_path / "units.gpkg"
    write_gpkg(build_layers(tables, project), path)
    return path


def rows(path, query, *parameters):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query, parameters).fetchall()


def test_units_come_back_exactly(path, tables, project):
    layers = build_layers(tables, project)
    read = gpd.read_file(path, layer="units")
    assert list(read["unit_id"]) == list(layers.units.index)
    for name in layers.units.columns.drop("geometry"):
        want = layers.units[name].astype("object").where(layers.units[name].notna(), None)
        got = read[name].astype("object").where(read[name].notna(), None)
        assert got.tolist() == want.tolist(), name
    assert read.crs.equals("EPSG:4326")
    assert read.geometry.geom_equals(layers.units.reset_index().geometry).all()


def test_it_is_a_geopackage_with_every_layer_registered(path):
    assert rows(path, "PRAGMA application_id") == [(0x47504B47,)]
    assert rows(path, "PRAGMA user_version")[0][0] >= 10200
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    contents = dict(rows(path, "SELECT table_name, data_type FROM gpkg_contents"))
    spatial = {"units", "regions", "lines"}
    others = {"membership", "rankings", "clusters", "nightlights", "scores_vitality", "codebook"}
    assert contents == dict.fromkeys(spatial, "features") | dict.fromkeys(
        others | {"layer_styles"}, "attributes"
    )
    assert set(rows(path, "SELECT last_change FROM gpkg_contents")) == {
        ("1980-01-01T00:00:00.000Z",)
    }
    types = dict(rows(path, "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert types["units"] == "MULTIPOLYGON"
    assert {name for name, _ in pyogrio.list_layers(path)} >= spatial | others


def test_attribute_tables_keep_codes_truth_values_and_gaps(path):
    table = gpd.read_file(path, layer="membership")
    row = table[(table["unit_id"] == "010003") & (table["region_id"] == "m1")].iloc[0]
    assert (row["unit"], row["region"], row["exclusive"]) == ("重庆,\n区", "西圈", False)
    outside = table[(table["unit_id"] == "010009") & (table["kind"] == "metro")].iloc[0]
    assert outside[["region_id", "region", "share_of_unit"]].isna().all()
    assert gpd.read_file(path, layer="nightlights")["mean"].isna().sum() == 1


def test_titles_are_unique_and_the_extension_is_registered(path):
    titles = dict(
        rows(path, "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'units'")
    )
    assert titles["industrial_counties_tier"] == "工业榜：梯队"
    assert (titles["light_sum"], titles["gdp"]) == ("灯光总量", "灯光总量 (gdp)")
    columns = {name for _, name, *_ in rows(path, "PRAGMA table_info(units)")}
    assert set(titles) == columns - {"fid", "geom"}
    described = dict(rows(path, "SELECT column_name, description FROM gpkg_data_columns"))
    assert described["gdp"] == "亿元; 年鉴; 2019; The invented report, 2022"
    extensions = rows(
        path, "SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'"
    )
    assert set(extensions) == {("gpkg_data_columns",), ("gpkg_data_column_constraints",)}


def test_units_open_coloured_by_the_tiers_of_the_first_ranking_that_has_some(path):
    styles = rows(
        path,
        "SELECT f_table_name, f_geometry_column, styleName, useAsDefault, styleQML "
        "FROM layer_styles ORDER BY id",
    )
    assert [style[:4] for style in styles] == [
        ("units", "geom", "plain_counties", 0),
        ("units", "geom", "industrial_counties", 1),
        ("units", "geom", "vitality", 0),
        ("regions", "geom", "regions", 1),
        ("lines", "geom", "lines", 1),
    ]
    qml = ElementTree.fromstring(styles[1][4])
    renderer = qml.find("renderer-v2")
    assert renderer.attrib["attr"] == "industrial_counties_tier"
    categories = renderer.findall("categories/category")
    assert [c.attrib["value"] for c in categories] == ["1", "2", ""]
    assert categories[1].attrib["label"] == "第 2 梯队（第 2–2 名）"
    symbols = {symbol.attrib["name"] for symbol in renderer.findall("symbols/symbol")}
    assert symbols == {c.attrib["symbol"] for c in categories}
    graduated = ElementTree.fromstring(styles[0][4]).find("renderer-v2")
    ranges = graduated.findall("ranges/range")
    assert graduated.attrib["attr"] == "plain_counties_rank"
    assert [r.attrib["lower"] for r in ranges] + [ranges[-1].attrib["upper"]] == [
        *["1", "1.8", "2.6", "3.4", "4.2", "5"]
    ]
    symbols = graduated.findall("symbols/symbol")
    assert [s.attrib["name"] for s in symbols] == [r.attrib["symbol"] for r in ranges]


def test_style_without_rankings_and_in_english(tables, project):
    layers = build_layers(tables, project)
    english = project.config.model_copy(update={"lang": "en"})
    styles = layer_styles(replace(layers, project=replace(project, config=english)))
    assert "tier 1: ranks 1–1" in styles[1].qml
    bare = project.config.model_copy(update={"rankings": []})
    styles = layer_styles(replace(layers, project=replace(project, config=bare)))
    assert [(style.layer, style.default) for style in styles] == [
        *[("units", True), ("regions", True), ("lines", True)]
    ]


def test_without_regions_and_lines_there_is_one_layer(tables, project, tmp_path):
    layers = build_layers(tables, project)
    bare = replace(layers, regions=layers.regions.iloc[:0], lines=layers.lines.iloc[:0])
    write_gpkg(bare, tmp_path / "units.gpkg")
    contents = rows(
        tmp_path / "units.gpkg", "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
    )
    assert contents == [("units",)]
    assert rows(tmp_path / "units.gpkg", "SELECT DISTINCT f_table_name FROM layer_styles") == [
        ("units",)
    ]


def test_a_journal_of_the_old_file_is_not_applied_to_the_new_one(tables, project, tmp_path):
    path = tmp_path / "units.gpkg"
    layers = build_layers(tables, project)
    write_gpkg(layers, path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("UPDATE codebook SET title_en = 'edited in QGIS'")
    database.commit()
    assert (tmp_path / "units.gpkg-wal").exists()
    write_gpkg(layers, path)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["units.gpkg"]
    assert rows(path, "SELECT count(*) FROM codebook WHERE title_en LIKE 'edited%'") == [(0,)]
    database.close()
    titles = pd.Series([title for (title,) in rows(path, "SELECT title_en FROM codebook")])
    assert titles.tolist() == layers.codebook["title_en"].tolist()


def test_a_further_transaction_of_gdal_changes_no_byte(
    path, tables, project, tmp_path, monkeypatch
):
    def write_once_more(frame, file, *args, **options):
        write_layer(frame, file, *args, **options)
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE gpkg_contents SET identifier = identifier")

    monkeypatch.setattr("regional_atlas.export.formats.gpkg.write_layer", write_once_more)
    write_gpkg(build_layers(tables, project), tmp_path / "again.gpkg")
    assert (tmp_path / "again.gpkg").read_bytes() == path.read_bytes()
