"""Harnesses of every reader of files."""

from __future__ import annotations

import contextlib
import io
import zipfile
from functools import cache
from pathlib import Path

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.errors import InputError
from regional_atlas.sources.reader import read_table
from regional_atlas.sources.reader.inspect import described, inspect_table

from .harness import CORPUS, file_of, harness

TABLES = (
    TableConfig(),
    TableConfig(encoding="gb18030"),
    TableConfig(encoding="utf-16"),
    TableConfig(encoding="latin-1"),
    TableConfig(encoding="utf-7"),
    TableConfig(delimiter=";", decimal=",", thousands="."),
    TableConfig(header_row=2, footer_starts=["Source"], missing=["-", "…"]),
    TableConfig(flags=["b", "*"], percent=True, strip="'"),
    TableConfig(key=["a"], key_width=[3], where="b > 1 or c == 'x'"),
    TableConfig(rename={"a": "unit_id", "b": "unit"}, skip_rows=[2]),
)
"""Declarations; the first byte of an input chooses one."""


def _table(data: bytes, name: str) -> None:
    config = TABLES[data[0] % len(TABLES)] if data else TABLES[0]
    path = file_of(data[1:], name)
    with contextlib.suppress(InputError):
        list(described(inspect_table(path, config)))
    table = read_table(path, config=config)
    for column in table.text.columns:
        table.numbers(column)
        table.flags(column)
        table.unusable([column])
    table.repeats(list(table.text.columns))


@harness("a,b,c", "\r\n", ";", "\t", '"', "Source: x", "'=1", "1.234,5", "12.3 b", "1,205")
def csv(data: bytes) -> None:
    """A text file of cells."""
    _table(data, "a.csv")


@harness("a\tb", "\t\t")
def tsv(data: bytes) -> None:
    """The same with tabs."""
    _table(data, "a.tsv")


@harness(b"PK\x01\x02", b"PK\x03\x04")
def xlsx(data: bytes) -> None:
    """A workbook as it is on disk."""
    _table(data, "a.xlsx")


XLSX_PARTS = (
    "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml",
    "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml",
)  # fmt: skip


@cache
def _members(seed: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(seed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _with_part(seed: str, parts: tuple[str, ...], data: bytes) -> bytes:
    """Put an input in the place of a part of an archive; the second byte says which."""
    members = dict(_members(CORPUS / seed))
    members[parts[data[1] % len(parts)] if len(data) > 1 else parts[0]] = data[2:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data[:1] + out.getvalue()


@harness(
    '<c r="A1"',
    '<c r="XFE1" t="s"><v>0</v></c>',
    '<row r="',
    't="',
    's="',
    "<v>",
    "</v>",
    "<f>",
    "inlineStr",
    "<is><t>",
    'numFmtId="14"',
    "_x000D_",
    "<!DOCTYPE a>",
    "&#0;",
    "1e308",
    "-2",
    'formatCode="yyyy"',
    "<mergeCell/>",
    "<row>",
    "<rPh>",
    '<sheet name="b"/>',
    'Target="../../x"',
)
def xlsx_part(data: bytes) -> None:
    """A part of a workbook: a sheet, styles, strings, relations."""
    if data[1:2] and data[1] % len(XLSX_PARTS) and data[1] > 200:
        return
    _table(_with_part("xlsx/seed.xlsx", XLSX_PARTS, data), "a.xlsx")


@harness(b"\xd0\xcf\x11\xe0")
def xls(data: bytes) -> None:
    """An old workbook."""
    _table(data, "a.xls")


@harness(
    '<table:table-row table:number-rows-repeated="3">',
    "office:value-type",
    "float",
    "date",
    'office:date-value=""',
    "table:number-columns-repeated",
    "<text:p>",
    "<office:annotation>",
    'table:formula="of:=1"',
    "percentage",
    "boolean",
    '<text:s text:c="3"/>',
    "<table:table>",
)
def ods_part(data: bytes) -> None:
    """The content of an OpenDocument workbook."""
    data = data[:1] + b"\0" + data[1:]
    _table(_with_part("ods/seed.ods", ("content.xml",), data), "a.ods")


@harness(b"PK\x01\x02")
def ods(data: bytes) -> None:
    """An OpenDocument workbook as it is on disk."""
    _table(data, "a.ods")


@harness(b"PAR1")
def parquet(data: bytes) -> None:
    """A Parquet file."""
    _table(data, "a.parquet")


@harness(b"\r", b" ", b"\x1a", "N", "C")
def dbf(data: bytes) -> None:
    """The attribute table of a shapefile."""
    _table(data, "a.dbf")


VECTORS = ("a.geojson", "a.kml", "a.gpkg", "a.fgb", "a.parquet", "a.zip", "a.topojson", "a.gml")


def _vector(data: bytes, name: str) -> None:
    from regional_atlas.sources.vectors import (
        Declared,
        check_coordinates,
        check_land,
        check_polygons,
        read_vector,
    )

    path = file_of(data, name)
    for declared in (Declared(), Declared(crs="EPSG:4326")):
        with contextlib.suppress(InputError):
            found = read_vector(path, declared)
            labels = [f"row {number}" for number in range(2, len(found) + 2)]
            checks = (
                lambda: check_polygons(found.geometry, labels, ""),  # noqa: B023
                lambda: check_coordinates(found.geometry, labels, ""),  # noqa: B023
                lambda: check_land(found.geometry, labels, "", declared),  # noqa: B023
            )
            for check in checks:
                with contextlib.suppress(InputError):
                    check()
    _table(b"\0" + data, name)


@harness(
    '"coordinates"',
    "[[[0,0],[1,0],[1,1],[0,0]]]",
    '"Polygon"',
    '"MultiPolygon"',
    "[NaN,0]",
    '"GeometryCollection"',
    '"crs"',
    "1e309",
    "null",
    '"\\ud800"',
    '"properties":',
    "[[1e99,91]]",
    '"type"',
    '"Point"',
    '"LineString"',
    "[]",
    "{}",
    '"id":',
    "urn:ogc:def:crs:EPSG::3857",
)
def geojson(data: bytes) -> None:
    """A GeoJSON file."""
    _vector(data, "a.geojson")


@harness('"arcs"', "[[0]]", "[[-99]]", '"transform"', '"scale":[0,0]', '"objects"', "null")
def topojson(data: bytes) -> None:
    """A TopoJSON file."""
    _vector(data, "a.topojson")


@harness("<coordinates>0,0 1,0 1,1 0,0</coordinates>", "<Placemark>", "<!ENTITY a '&a;'>", "<name>")
def kml(data: bytes) -> None:
    """A KML file."""
    _vector(data, "a.kml")


@harness(b"GP\x00\x01", b"SQLite format 3\x00")
def gpkg(data: bytes) -> None:
    """A GeoPackage."""
    _vector(data, "a.gpkg")


@harness(b"fgb\x03")
def fgb(data: bytes) -> None:
    """A FlatGeobuf file."""
    _vector(data, "a.fgb")


@harness(b"PAR1", '"geo"', "WKB", '"crs"')
def geoparquet(data: bytes) -> None:
    """A GeoParquet file."""
    _vector(data, "a.parquet")


@harness(b"PK\x03\x04")
def shapefile(data: bytes) -> None:
    """A zipped shapefile."""
    _vector(data, "a.zip")


MOST_CELLS = 1_000_000


def _raster(data: bytes, name: str) -> None:
    from regional_atlas.sources.dated import dated_by_time, open_all_bands
    from regional_atlas.sources.rasters import open_raster

    path = file_of(data, name)
    reading = {"crs": "EPSG:4326"} | ({"variable": "rain"} if name == "a.nc" else {})
    with contextlib.suppress(InputError):
        open_raster(path)
    rasters = open_all_bands(path, **reading)
    rows, cols = rasters[0].shape
    if rows * cols <= MOST_CELLS:
        rasters[0].read()
    dated_by_time(rasters)


@harness(b"II*\x00", b"MM\x00*", b"\x00\x01\x03\x00")
def tif(data: bytes) -> None:
    """A GeoTIFF."""
    _raster(data, "a.tif")


@harness("days since 2000-01-01", "hours since 0000-00-00", "360_day", "noleap", b"CDF\x01", "time")
def netcdf(data: bytes) -> None:
    """A classic NetCDF file."""
    _raster(data, "a.nc")


@harness(b"\x89HDF\r\n\x1a\n")
def hdf5(data: bytes) -> None:
    """An HDF5 file."""
    _raster(data, "a.h5")


def series_of_a_table(data: bytes) -> None:
    """What `nightlights trend` and `season` read."""
    from regional_atlas.jobs.series import season_file, trend_file

    from .harness import scratch

    path = file_of(data, "zonal.csv")
    out = scratch() / "series.csv"
    for write in (
        lambda: trend_file(path, out, first=None, last=None, overwrite=True),
        lambda: season_file(path, out, overwrite=True),
    ):
        with contextlib.suppress(InputError):
            write()


harness("year", "month", "sum", "2020", "\n", ",,", "nan", "1e400")(series_of_a_table)
