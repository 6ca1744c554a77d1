"""Every format: written, read back by other software, compared value by value."""

import csv
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from regional_atlas.core.errors import DataError
from regional_atlas.core.spreadsheets import escaped
from regional_atlas.export import build_layers
from regional_atlas.export.formats.csv import write_csv
from regional_atlas.export.formats.fgb import write_fgb
from regional_atlas.export.formats.geojson import write_geojson
from regional_atlas.export.formats.geoparquet import write_geoparquet
from regional_atlas.export.formats.kml import write_kml
from regional_atlas.export.formats.shp import short_names, write_shp
from regional_atlas.export.formats.topojson import write_topojson
from regional_atlas.export.formats.xlsx import write_xlsx

IDS = [f"01000{i}" for i in range(1, 10)]


@pytest.fixture
def layers(tables, project):
    return build_layers(tables, project)


def assert_same_values(read, layers, *, rtol=0.0, text=lambda value: value):
    """Compare the columns with those of the units layer, in its order."""
    expected = layers.units.drop(columns="geometry").reset_index()
    read = read.set_index("unit_id").loc[expected["unit_id"]].reset_index()
    assert set(expected.columns) <= set(read.columns)
    for name in expected.columns:
        want, got = expected[name], read[name]
        assert got.isna().tolist() == want.isna().tolist(), name
        if pd.api.types.is_string_dtype(want.dtype):
            assert got.dropna().tolist() == [text(value) for value in want.dropna()], name
        else:
            a = got.dropna().to_numpy("float64")
            np.testing.assert_allclose(a, want.dropna().to_numpy("float64"), rtol=rtol, atol=0)


def test_geoparquet(layers, tmp_path):
    path = tmp_path / "units.parquet"
    write_geoparquet(layers, path)
    assert_geodataframe_equal(gpd.read_parquet(path), layers.units)


def test_flatgeobuf(layers, tmp_path):
    path = tmp_path / "units.fgb"
    write_fgb(layers, path)
    assert pyogrio.read_info(path)["layer_name"] == "units"
    read = gpd.read_file(path)
    assert_same_values(read, layers)
    found = read.set_index("unit_id").geometry.loc[IDS]
    assert found.geom_equals(layers.units.geometry).all()
    assert sorted(gpd.read_file(path, bbox=(100.2, 20.2, 100.4, 20.4))["unit_id"]) == ["010001"]


def test_geojson_is_rfc_7946(layers, tmp_path):
    path = tmp_path / "units.geojson"
    write_geojson(layers, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert "crs" not in document
    assert [feature["id"] for feature in document["features"]] == IDS
    assert document["features"][0]["properties"]["light_sum"] is None
    assert document["features"][2]["properties"]["industrial_counties_rank"] == 1
    for feature in document["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            assert shapely.LinearRing(polygon[0]).is_ccw
    read = gpd.read_file(path)
    assert_same_values(read, layers)
    assert read.geometry.geom_equals(layers.units.reset_index().geometry).all()


def test_geojson_rounds_coordinates_to_a_centimetre(tables, project, tmp_path):
    tables.units.loc["010001", "geometry"] = shapely.box(100.123456789, 20, 101, 21)
    write_geojson(build_layers(tables, project), tmp_path / "units.geojson")
    assert "100.1234568," in (tmp_path / "units.geojson").read_text(encoding="utf-8")


def test_kml(layers, tmp_path):
    path = tmp_path / "units.kml"
    write_kml(layers, path)
    read = gpd.read_file(path)
    assert read["Name"].tolist() == layers.units["unit"].tolist()
    assert_same_values(read, layers, rtol=1e-14)
    assert read.geometry.geom_equals(layers.units.reset_index().geometry).all()
    # An XML reader that is not GDAL's sees the same names.
    names = ElementTree.parse(path).iter("{http://www.opengis.net/kml/2.2}name")
    assert [name.text for name in names][-9:] == layers.units["unit"].tolist()


def test_csv_opens_in_excel_and_keeps_text(layers, tmp_path):
    path = tmp_path / "units.csv"
    write_csv(layers, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfunit_id,unit,")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["unit_id"] for row in rows] == IDS
    assert [row["unit"] for row in rows] == layers.units["unit"].map(escaped).tolist()
    assert rows[0]["light_sum"] == ""
    assert rows[0]["industrial_counties_rank"] == "2"
    write_csv(replace(layers, raw=True), path)
    read = pd.read_csv(path, dtype={"unit_id": "str", "province_id": "str"})
    assert_same_values(read, layers, rtol=1e-9)


def test_xlsx_holds_text_numbers_and_gaps_as_they_are(layers, tmp_path):
    path = tmp_path / "units.xlsx"
    write_xlsx(layers, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        *["units", "regions", "membership", "rankings", "clusters", "nightlights"],
        *["scores_vitality", "codebook"],
    ]
    sheet = book["units"]
    assert sheet.freeze_panes == "B2"
    header, *rows = sheet.iter_rows()
    names = [cell.value for cell in header]
    assert "geometry" not in names
    read = pd.DataFrame([[cell.value for cell in row] for row in rows], columns=names)
    assert_same_values(read, layers, rtol=1e-15)
    code, hostile = rows[1][names.index("unit_id")], rows[1][names.index("unit")]
    assert (code.data_type, code.number_format, code.value) == ("s", "@", "010002")
    assert (hostile.data_type, hostile.quotePrefix, hostile.value) == (
        "s",
        True,
        layers.units.at["010002", "unit"],
    )
    assert hostile.value.startswith("=HYPERLINK")
    assert rows[0][names.index("light_sum")].value is None
    assert not any(cell.data_type == "f" for s in book for row in s.iter_rows() for cell in row)


def test_xlsx_replaces_what_a_workbook_cannot_hold(tables, project, tmp_path):
    tables.units.loc["010001", "unit"] = "a\x00b"
    tables.units.loc["010002", "unit"] = "#N/A"
    write_xlsx(build_layers(tables, project), tmp_path / "units.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "units.xlsx")["units"]
    assert [sheet["B2"].value, sheet["B3"].value] == ["a\ufffdb", "#N/A"]
    assert sheet["B3"].data_type == "s"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "#", "\t", "\r"])
def test_no_text_of_a_workbook_becomes_a_formula(layers, tmp_path, start):
    text = f"{start}1+1"
    table = pd.DataFrame({text: [text, "plain", None], "007": ["007", "1e5", "2020-01-01"]})
    write_xlsx(replace(layers, tables={"table": table}), tmp_path / "units.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "units.xlsx")["table"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    shown = text.replace("\r", "\n")
    assert [cell.value for cell in cells] == [
        *[shown, "007", shown, "007", "plain", "1e5", None, "2020-01-01"]
    ]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cells[0].quotePrefix, cells[2].quotePrefix, cells[1].quotePrefix] == [True, True, False]


def test_xlsx_names_no_time_of_writing(layers, tmp_path):
    write_xlsx(layers, tmp_path / "units.xlsx")
    with zipfile.ZipFile(tmp_path / "units.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2


def test_shapefile(layers, tmp_path):
    path = tmp_path / "units.shp"
    (tmp_path / "units.qix").write_text("an index of an older file")
    write_shp(layers, path)
    assert (tmp_path / "units.cpg").read_text() == "UTF-8"
    assert not (tmp_path / "units.qix").exists()
    fields = pd.read_csv(tmp_path / "units_fields.csv", index_col="field")
    read = gpd.read_file(path)
    assert read.crs.equals("EPSG:4326")
    for name in read.columns.drop("geometry"):
        assert name.isascii()
        assert len(name) <= 10
    assert fields.loc["indcourank", "column"] == "industrial_counties_rank"
    read = read.rename(columns=fields["column"])
    # Numbers have 15 digits after the point in a DBF.
    small = layers.units["light_sum"] == 1e-9
    kept = layers.units.assign(light_sum=layers.units["light_sum"].mask(small, 0.0))
    read["light_sum"] = read["light_sum"].mask(np.isclose(read["light_sum"], 1e-9, rtol=1e-5), 0.0)
    layers.units["light_sum"] = kept["light_sum"]
    assert_same_values(read, layers, rtol=1e-13, text=lambda value: value[:127])
    assert read.geometry.geom_equals(layers.units.reset_index().geometry).all()
    assert fields.set_index("column").loc["unit", "values_cut"] == 1
    assert fields["values_cut"].sum() == 1


def test_short_names_are_unique_regardless_of_case():
    names = ["a" * 12, "A" * 11, "a" * 10, "aaaaaaaaa2", "区", "县", "light_lit_share", "x-y"]
    short = short_names(names)
    assert len({name.lower() for name in short.values()}) == len(names)
    assert all(name.isascii() and len(name) <= 10 for name in short.values())
    assert short["light_lit_share"] == "liglitshar"
    assert [short["区"], short["县"], short["x-y"]] == ["field", "field2", "x_y"]
    many = short_names([f"industrial_counties_indicator_{i}" for i in range(120)])
    assert len(set(many.values())) == 120


def test_topojson_has_properties_and_wgs84(layers, topology, tmp_path):
    path = tmp_path / "units.topojson"
    write_topojson(replace(layers, topology=topology), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    west, south, east, north = document["bbox"]
    assert (east, north) == pytest.approx((104.5, 23), abs=1e-6)
    assert (west, south) < (99.1, 19.1)
    first = document["objects"]["units"]["geometries"][0]
    assert (first["id"], first["properties"]["unit_id"]) == ("010001", "010001")
    assert first["properties"]["light_sum"] is None
    assert first["properties"]["industrial_counties_rank"] == 2
    assert "properties" not in topology["objects"]["units"]["geometries"][0]
    read = gpd.read_file(path, layer="units")
    assert_same_values(read, layers)
    distance = shapely.hausdorff_distance(
        read.geometry.to_numpy(), layers.units.geometry.to_numpy()
    )
    assert distance.max() < 2e-6
    assert len(gpd.read_file(path, layer="lines")) == 1


def test_topojson_reads_whole_number_arcs(layers, topology, tmp_path):
    write_topojson(replace(layers, topology=topology), tmp_path / "plain.topojson")
    arcs = [np.rint(np.asarray(arc)).astype(int) for arc in topology["arcs"]]
    topology["arcs"] = [np.diff(arc, axis=0, prepend=[[7, 7]]).tolist() for arc in arcs]
    topology["transform"] = {"scale": [1.0, 1.0], "translate": [7.0, 7.0]}
    write_topojson(replace(layers, topology=topology), tmp_path / "whole.topojson")
    plain, whole = (
        gpd.read_file(tmp_path / f"{name}.topojson", layer="units").geometry.to_numpy()
        for name in ("plain", "whole")
    )
    assert shapely.hausdorff_distance(plain, whole).max() < 2e-5


def test_topojson_of_other_units_is_refused(layers, topology, tmp_path):
    topology["objects"]["units"]["geometries"][0]["id"] = "99"
    with pytest.raises(DataError, match="99 is not in both"):
        write_topojson(replace(layers, topology=topology), tmp_path / "units.topojson")
    assert not list(tmp_path.glob("*.topojson"))


def test_frames_are_not_changed_by_writing(tables, project, tmp_path):
    layers = build_layers(tables, project)
    before = layers.units.copy()
    for write, name in ((write_shp, "units.shp"), (write_kml, "a.kml"), (write_geojson, "a.json")):
        write(layers, tmp_path / name)
    assert_geodataframe_equal(layers.units, before)
    assert_frame_equal(layers.codebook, build_layers(tables, project).codebook)
