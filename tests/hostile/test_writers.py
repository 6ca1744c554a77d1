"""Names that break files: refused where they enter, or every written file is whole all the same."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.core.spreadsheets import restored
from regional_atlas.export.tables import write_csv, write_text
from regional_atlas.sources.reader import read_table
from regional_atlas.sources.vectors import read_vector

NAMES = [
    "\x01\x0b\x1b[2J\ufffe\uffff\u202e",
    "]]></name><script>alert(1)</script>&amp;\"'<!--",
    "长" * 10_000,
]
"""What a name may hold."""
REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@pytest.fixture(scope="module")
def folders(
    named_project: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """What a build and an export of such names wrote."""
    project = named_project(*NAMES, region="\x01]]><b>&")
    settings = project / "atlas.toml"
    text = settings.read_text(encoding="utf-8")
    text = text.replace('"Twelve counties"', '"]]></name><script>&amp;"')
    settings.write_text(text.replace('"Invented"', '"a\\"<&>\'"'), encoding="utf-8")
    out = tmp_path_factory.mktemp("out")
    atlas = ra.build(ra.read_project(project))
    atlas.save(out / "atlas")
    formats = ["csv", "fgb", "geojson", "geoparquet", "gpkg", "kml", "shp", "topojson", "xlsx"]
    atlas.export(formats, out / "gis")
    return out / "atlas", out / "gis"


def test_kml_is_xml_and_has_every_name(folders: tuple[Path, Path]) -> None:
    root = ElementTree.parse(folders[1] / "units.kml").getroot()
    found = {element.text for element in root.iter("{http://www.opengis.net/kml/2.2}name")}
    assert {REPLACED.sub("\ufffd", name) for name in NAMES} <= found


def test_geopackage_is_sound_and_its_styles_are_xml(folders: tuple[Path, Path]) -> None:
    with closing(sqlite3.connect(folders[1] / "units.gpkg")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {row[0] for row in database.execute("SELECT unit FROM units")}
        styles = database.execute("SELECT styleQML FROM layer_styles").fetchall()
    assert set(NAMES) <= names
    assert styles
    for (style,) in styles:
        assert ElementTree.fromstring(style).tag == "qgis"


@pytest.mark.parametrize("name", ["units.geojson", "units.topojson"])
def test_json(folders: tuple[Path, Path], name: str) -> None:
    found = json.loads((folders[1] / name).read_text(encoding="utf-8"))
    rows = found.get("features") or found["objects"]["units"]["geometries"]
    assert set(NAMES) <= {row["properties"]["unit"] for row in rows}


@pytest.mark.parametrize("name", ["units.fgb", "units.parquet", "units.shp"])
def test_gis_files(folders: tuple[Path, Path], name: str) -> None:
    path = folders[1] / name
    found = gpd.read_parquet(path) if path.suffix == ".parquet" else pyogrio.read_dataframe(path)
    wanted = {name.encode()[:254].decode(errors="ignore") for name in NAMES}
    assert (wanted if path.suffix == ".shp" else set(NAMES)) <= set(found["unit"])


def test_workbook_is_xml_and_holds_no_formula(folders: tuple[Path, Path]) -> None:
    book = openpyxl.load_workbook(folders[1] / "units.xlsx")
    assert {REPLACED.sub("\ufffd", name) for name in NAMES} <= {
        cell.value for cell in book["units"]["B"]
    }
    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}


def test_csv(folders: tuple[Path, Path]) -> None:
    read = read_table(folders[1] / "units.csv").text
    assert set(NAMES) <= set(read["unit"])
    assert len(read) == 12
    assert set(NAMES) <= set(pd.read_csv(folders[0] / "data/membership.csv")["unit"].map(restored))


class Scripts(HTMLParser):
    """Collects the texts of scripts, and the data among them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.data: list[str] = []
        self._kept: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "script":
            self._kept = self.data if dict(attrs).get("type") == "application/json" else self.texts

    def handle_endtag(self, tag: str) -> None:
        self._kept = None if tag == "script" else self._kept

    def handle_data(self, data: str) -> None:
        if self._kept is not None:
            self._kept.append(data)


def test_the_page_has_no_script_of_a_name(folders: tuple[Path, Path]) -> None:
    parser = Scripts()
    parser.feed((folders[0] / "index.html").read_text(encoding="utf-8"))
    assert "alert(1)" not in parser.texts
    assert len(parser.data) >= 2
    for text in parser.data:
        json.loads(text)
        assert not REPLACED.search(text.replace("\uffff", "").replace("\ufffe", ""))
    json.loads((folders[0] / "report.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sign", ["\\u0000", "\\u001b", "\\u007f", "\\uFFFE"])
def test_settings_without_control_characters(named_project: Callable[..., Path], sign: str) -> None:
    file = named_project() / "atlas.toml"
    file.write_text(file.read_text().replace("Twelve counties", f"Twelve{sign} counties"))
    with pytest.raises(ConfigError, match=r"subtitle.en: holds the character U\+") as caught:
        ra.read_project(file)
    assert len(caught.value.problems) == 1
    with pytest.raises(ConfigError, match="title: holds"):
        ra.read_project(named_project(), overrides=["title=a\x00"])


def test_nul_in_a_table_is_refused_where_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"unit_id,name,value\n1,a\0b,3\n")
    with pytest.raises(DataError, match=r"line 2, column 'name': holds the character U\+0000"):
        read_table(path, ["name"])
    path.write_bytes(b"unit_id,na\0me,value\n1,ab,3\n")
    with pytest.raises(DataError, match=r"heading 2: .* holds the character U\+0000"):
        read_table(path)


def test_nul_in_polygons_is_refused(tmp_path: Path) -> None:
    zones = gpd.GeoDataFrame(
        {"name": ["a\0b"]}, geometry=gpd.points_from_xy([1], [2]), crs="EPSG:4326"
    )
    zones.to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"row 2, column 'name': .* holds the character U\+0000"):
        read_vector(tmp_path / "a.parquet")


def test_tables_made_in_python_are_written_all_the_same(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": pd.Series(["x\0y", "\ud800"], dtype="object")})
    assert write_csv(table, tmp_path / "a.csv").read_text() == "a\nx\ufffdy\n\ufffd\n"
    assert write_text("\udc80\0", tmp_path / "a.txt").read_text() == "\ufffd\ufffd"
