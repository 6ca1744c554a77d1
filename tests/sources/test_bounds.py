"""Bombs: small files that declare or become large ones are refused before they are read."""

from __future__ import annotations

import io
import os
import pickle
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

import regional_atlas as ra
from regional_atlas.config.tables import TableConfig
from regional_atlas.core import attributes, local_files, unpacking
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.polygons import flaws
from regional_atlas.core.unpacking import check_archive, document_type
from regional_atlas.sources import opening
from regional_atlas.sources.rasters import open_raster
from regional_atlas.sources.reader import delimited, table, workbooks
from regional_atlas.sources.reader.table import read_grid
from regional_atlas.sources.vectors import read_vector

STARTER = Path(ra.__file__).parent / "starter"
MB = 2**20

PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": '<R><Relationship Type="/officeDocument" Target="xl/workbook.xml"/></R>',
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheet name="a" r:id="r1"/></workbook>',
    "xl/_rels/workbook.xml.rels": '<R><Relationship Id="r1" Type="/worksheet" Target="a.xml"/></R>',
}
SHEET = (b"<worksheet><sheetData>", b"</sheetData></worksheet>")
BODY = (
    b'<d xmlns:table="t" xmlns:office="o" xmlns:text="x"><table:table table:name="a">',
    b"</table:table></d>",
)
CELL = (
    b'<table:table-cell office:value-type="float" office:value="1" '
    b'table:number-columns-repeated="16384"/>'
)


def packed(path: Path, members: dict[str, str | bytes | Iterable[bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if isinstance(content, str | bytes):
                archive.writestr(name, content)
                continue
            with archive.open(name, "w", force_zip64=True) as stream:
                for chunk in content:
                    stream.write(chunk)
    return path


def workbook(path: Path, sheet: bytes | Iterable[bytes]) -> Path:
    return packed(path, {**PARTS, "xl/a.xml": sheet})


def repeated(unit: bytes, size: int, ends: tuple[bytes, bytes] = (b"", b"")) -> Iterator[bytes]:
    yield ends[0]
    block = unit * (MB // len(unit))
    for _ in range(size // MB):
        yield block
    yield ends[1]


def noisy(unit: bytes, size: int) -> Iterator[bytes]:
    """Repeat what shrinks well, with enough between that does not."""
    noise = np.random.default_rng(1)
    yield SHEET[0]
    for _ in range(size // MB):
        yield unit * (MB // len(unit))
        yield b"<!--" + noise.bytes(MB // 100).hex().encode() + b"-->"
    yield SHEET[1]


def refused(path: Path, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_grid(path, TableConfig())


def test_archives_that_grow(tmp_path: Path) -> None:
    cells = repeated(b"<c/>", 20 * MB, SHEET)
    refused(workbook(tmp_path / "a.xlsx", cells), "grows .* times when it is unpacked, to 20 MB")
    many = packed(tmp_path / "b.xlsx", {**PARTS, **{f"{i}.xml": "" for i in range(10_001)}})
    refused(many, "holds 10,005 files; at most 10,000 are read")


def test_archives_that_declare_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1000)
    monkeypatch.setattr(unpacking, "MOST_XML", 900)
    path = workbook(tmp_path / "a.xlsx", os.urandom(2000))
    said = check_archive(path)
    assert len(said) == 2
    assert "at most 0 MB are read from an archive" in said[0]
    assert "of XML are read: save the table as CSV" in said[1]


def test_archives_that_lie(tmp_path: Path) -> None:
    """What is longer than it declares is cut off there, and its checksum is wrong."""
    path = workbook(tmp_path / "a.xlsx", SHEET[0] + b"<row/>" * 100_000 + SHEET[1])
    raw = bytearray(path.read_bytes())
    at = 0
    while (at := raw.find(b"PK\x01\x02", at)) >= 0:
        raw[at + 24 : at + 28] = (50).to_bytes(4, "little")
        at += 4
    path.write_bytes(raw)
    refused(path, "Bad CRC-32|damaged")


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (b"<c/>", "has more than 1,000,000 tags"),
        (b"</row><row>", "has more than 1,000,000 tags"),
        (b"<c><v>1</v></c>", "has more than 1,000,000 tags"),
    ],
)
def test_sheets_of_many_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: bytes, said: str
) -> None:
    monkeypatch.setattr(unpacking, "MOST_TAGS", 1_000_000)
    refused(workbook(tmp_path / "a.xlsx", noisy(unit, 12 * MB)), said)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (b"<row>" + b"<c><v>1</v></c>" * 16_385 + b"</row>", "more than 16,384 cells"),
        (b'<row><c r="XFD1"><v>1</v></c></row>' * 200, "more than 1,000,000 cells"),
        (b'<row r="' + b"9" * 100_000 + b'"/>', "damaged"),
        (b'<row><c r="A1" s="' + b"9" * 5000 + b'"><v>1</v></c></row>', "damaged"),
        (b'<row><c r="XFE1"><v>1</v></c></row>', "there is no cell"),
        (b"<a>" * 300_000, "damaged XML"),
    ],
)
def test_sheets_that_grow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheet: bytes, said: str
) -> None:
    monkeypatch.setattr(workbooks, "MOST_SHEET_CELLS", 1_000_000)
    monkeypatch.setattr(workbooks, "_TOO_MANY", "more than 1,000,000 cells")
    refused(workbook(tmp_path / "a.xlsx", SHEET[0] + sheet + SHEET[1]), said)


ROW = b'<table:table-row table:number-rows-repeated="1048576">' + CELL + b"</table:table-row>"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROW, "more than 10,000,000 cells"),
        (b"<table:table-row>" + 3 * CELL + b"</table:table-row>", "more than 16,384 cells"),
        (ROW.replace(b"1048576", b"9" * 100_000), "damaged"),
        (
            b"<table:table-row><table:table-cell><text:p>"
            + b'<text:s text:c="2000000000"/>' * 2
            + b"</text:p></table:table-cell></table:table-row>",
            "more than 1,048,576 signs",
        ),
    ],
)
def test_documents_that_repeat(tmp_path: Path, rows: bytes, said: str) -> None:
    path = packed(tmp_path / "a.ods", {"content.xml": BODY[0] + rows + BODY[1]})
    refused(path, said)


ENTITIES = '<!DOCTYPE k [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def test_entities(tmp_path: Path) -> None:
    refused(workbook(tmp_path / "a.xlsx", (ENTITIES + "<worksheet>&b;</worksheet>").encode()),
            "a document type of its own")  # fmt: skip
    text = ENTITIES + KML.format("<name>&b;</name>")
    (tmp_path / "a.kml").write_text(text)
    packed(tmp_path / "a.kmz", {"doc.kml": text})
    for name in ("a.kml", "a.kmz"):
        with pytest.raises(DataError, match="a document type of its own"):
            read_vector(tmp_path / name)
    assert document_type(b"<!-- " + b"a" * 100)
    assert document_type(b"\xff\xfe<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>\0")


def test_kml_of_many_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_KML_TAGS", 1000)
    (tmp_path / "a.kml").write_text(KML.format("<Placemark/>" * 1001))
    packed(tmp_path / "a.kmz", {"doc.kml": (tmp_path / "a.kml").read_text()})
    for name in ("a.kml", "a.kmz"):
        with pytest.raises(DataError, match="more than 1,000 tags"):
            read_vector(tmp_path / name)


def test_virtual_files_of_many_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_files, "MOST_TAGS_OF_VRT", 100)
    (tmp_path / "a.vrt").write_text(f"<OGRVRTDataSource>{'<a/>' * 100}</OGRVRTDataSource>")
    with pytest.raises(DataError, match="more than 64 MB or 100 tags"):
        read_vector(tmp_path / "a.vrt")


def sparse(path: Path, begin: bytes, size: int = 3 * 2**30) -> Path:
    path.write_bytes(begin)
    os.truncate(path, size)
    return path


def features(*names: str) -> str:
    """Make GeoJSON of features that have one attribute each."""
    each = (
        f'{{"type": "Feature", "properties": {{"{name}": 1}}, "geometry": null}}' for name in names
    )
    return f'{{"type": "FeatureCollection", "features": [{", ".join(each)}]}}'


def placemarks(*names: str) -> str:
    """Make KML of places that have one attribute each."""
    each = (
        f'<Placemark><ExtendedData><Data name="{name}"><value>1</value></Data></ExtendedData>'
        "<Point><coordinates>0,0</coordinates></Point></Placemark>"
        for name in names
    )
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(each)}</Document></kml>'


@pytest.mark.parametrize(("name", "made"), [("a.geojson", features), ("a.kml", placemarks)])
def test_attributes_that_multiply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, made: Callable[..., str]
) -> None:
    path = tmp_path / name
    for names, said in {
        tuple(f"p{at}" for at in range(3000)): "more than 2,000 names of attributes",
        tuple(f"p{at % 100}" for at in range(500)): "more than 20,000 cells, features times names",
    }.items():
        monkeypatch.setattr(attributes, "MOST_OF_LAYER", 20_000)
        path.write_text(made(*names))
        with pytest.raises(DataError, match=said):
            read_vector(path)
        with pytest.raises(DataError, match=said):
            read_vector(packed(tmp_path / "a.zip", {name: path.read_bytes()}))
        (tmp_path / "a.vrt").write_text(
            '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource relativeToVRT="1">'
            f"{name}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
        )
        with pytest.raises(DataError, match=said):
            read_vector(tmp_path / "a.vrt")


def test_keys_of_json(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (3, 5, 64):  # keys go over the ends of chunks
        monkeypatch.setattr(attributes, "_CHUNK", size)
        assert attributes.json_problem(io.BytesIO(features("a", 'b\\"":', "c").encode())) is None
    monkeypatch.setattr(attributes, "MOST_NAMES", 6)
    monkeypatch.setattr(attributes, "_CHUNK", 2**10)
    made = io.BytesIO(features("a", 'b\\"', "b").encode())
    assert "names" in (attributes.json_problem(made) or "")
    made = io.BytesIO(features("a", "b", "a").encode())
    assert attributes.json_problem(made) is None
    monkeypatch.setattr(attributes, "MOST_STRINGS", 10)
    assert "more than 10 keys and texts" in (attributes.json_problem(io.BytesIO(b'"' * 30)) or "")


def around(size: int, step: int) -> shapely.Polygon:
    """Draw a ring through places on a circle, each so many after the one before."""
    turned = 2 * np.pi * np.arange(size) * step / size
    return shapely.Polygon(np.column_stack([np.cos(turned), np.sin(turned)]))


def test_rings_that_cross_without_end() -> None:
    size = 400_001
    half = around(size, 1).intersection(shapely.box(-2, -2, 0.3, 2))  # with one long edge
    found = flaws(np.array([around(size, 1), half, around(size, size // 2), around(101, 50)]))
    assert [(flaw.position, flaw.reason) for flaw in found] == [
        (2, "its 400,001 edges lie across one another too often to be checked"),
        (3, "Self-intersection"),
    ]


def test_files_of_gigabytes(tmp_path: Path) -> None:
    refused(sparse(tmp_path / "a.csv", b"a,b\n1,2\n"), "has 3,072 MB; at most 256 MB of such text")
    refused(sparse(tmp_path / "a.xlsx", b"PK\x03\x04"), "not a zip file")
    for name, begin in {"a.geojson": b'{"type": "FeatureCollection"', "a.kml": b"<kml>"}.items():
        with pytest.raises(DataError, match="has 3,072 MB; at most"):
            read_vector(sparse(tmp_path / name, begin))


def test_text_of_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_CELLS", 1000)
    for name, text in {"a.csv": "a,b\n" + "," * 1000, "b.tsv": "a\n" * 1001}.items():
        (tmp_path / name).write_text(text)
        refused(tmp_path / name, "cells; at most 1,000 are read")


def test_text_without_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for text, said in {
        "a,b\n" + '"' * 2 * MB: "a cell has more than 512 kB",
        "a,b\n" + "x" * 2 * MB: "a cell has more than 512 kB",
        "a,b\n" + ("x" * 1000 + ",") * 40_000: "a line has more than 16,384 kB",
    }.items():
        path.write_text(text)
        refused(path, said)
    for end in ("\n", "\r"):
        path.write_text(f"{'x' * 100_000},b{end}" * 30, newline="")
        assert len(read_grid(path, TableConfig()).rows) == 30


def test_many_headings_above_short_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_CELLS", 1000)
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"h{at}" for at in range(20)) + "\n1" * 51)
    with pytest.raises(DataError, match="holds 20 headings above 51 rows; at most 1,000 cells"):
        table.read_table(path, config=TableConfig())


def test_parquet_of_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": pa.nulls(1001, pa.int32())}), path)
    monkeypatch.setattr(opening, "MOST_CELLS", 1000)
    refused(path, "holds 1,001 cells; at most 1,000 are read")
    pq.write_table(pa.table({"a": [[1] * 1001]}), path)
    refused(path, "holds 1,001 cells; at most 1,000 are read")
    with pytest.raises(DataError, match="holds 1,001 cells"):
        read_vector(path)


def test_tables_of_many_typed_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "UNSUSPICIOUS_CELLS", 1000)
    monkeypatch.setattr(opening, "MOST_CELLS_A_BYTE", 0)
    path = tmp_path / "a.parquet"
    for nulls in (pa.nulls(501), pa.array([[0] * 1000])):
        pq.write_table(pa.table({"a": nulls}), path)
        refused(path, "rows; at most 1,000 of both together are read")
    zones = gpd.GeoDataFrame({"a": range(501)}, geometry=[shapely.Point(0, 0)] * 501, crs=4326)
    for name in ("a.gpkg", "a.geojson", "a.fgb", "a.shp"):
        zones.to_file(tmp_path / name)
        refused(tmp_path / name, "holds 501 cells in 501 rows; at most 1,000 of both together")
        assert len(read_vector(tmp_path / name)) == 501


def test_large_files_may_hold_many_typed_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "UNSUSPICIOUS_CELLS", 1000)
    path = tmp_path / "a.parquet"
    values = np.random.default_rng(1).normal(size=20_000)
    pq.write_table(pa.table({"a": values, "b": values}), path)
    assert len(read_grid(path, TableConfig()).rows) == 20_000
    monkeypatch.setattr(opening, "MOST_CELLS", 59_999)
    refused(path, "at most 59,999 of both together")


def test_parquet_of_packed_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    texts = pa.table({"a": ["x" * MB] * 4})
    pq.write_table(texts, path, use_dictionary=False, compression="zstd")
    monkeypatch.setattr(opening, "MOST_WRITTEN_OUT", 3 * MB)
    refused(path, "holds 4 MB of text and shapes written out; at most 3 MB")


def test_parquet_of_one_text_for_all(tmp_path: Path) -> None:
    once = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["x" * 100_000])
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": once}), path)
    assert path.stat().st_size < MB
    refused(path, "holds 1,907 MB of text and shapes written out; at most 1,024 MB")


def test_layers_of_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4326)
    monkeypatch.setattr(opening, "MOST_CELLS", 3)
    for name in ("a.shp", "a.fgb"):
        zones.to_file(tmp_path / name)
        with pytest.raises(DataError, match="holds 4 cells; at most 3 are read"):
            read_vector(tmp_path / name)


class Executed:
    """Leaves a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    dumped = pickle.dumps(Executed(mark))
    np.save(tmp_path / "a.npy", np.array([Executed(mark)], dtype=object), allow_pickle=True)
    (tmp_path / "a.pkl").write_bytes(dumped)
    pickled = pa.table({"unit_id": ["1"]}).replace_schema_metadata(
        dict.fromkeys(("pandas", "geo", "ARROW:schema", "PANDAS_ATTRS"), dumped)
    )
    pq.write_table(pickled, tmp_path / "a.parquet")
    readers: list[Callable[[Path], object]] = [
        lambda path: read_grid(path, TableConfig()),
        read_vector,
        open_raster,
    ]
    for path in list(tmp_path.glob("a.*")):
        for ending in ("npy", "pkl", "csv", "parquet", "xlsx", "gpkg", "geojson", "tif", "nc"):
            named = tmp_path / f"b.{ending}"
            shutil.copyfile(path, named)
            for read in readers:
                with suppress(InputError):
                    read(named)
    assert not mark.exists()
    pickle.loads(dumped)
    assert mark.exists()


JSON = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "FeatureCollection", "features": ' + "[" * 1_000_000,
        '{"type": "Feature", "a": ' * 100_000,
        JSON + '{"type": "Polygon", "coordinates": ' + "[" * 100_000 + "]" * 100_000 + "}}]}",
    ],
)
def test_deep_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.geojson").write_text(text)
    with pytest.raises(DataError, match="cannot be read as boundaries"):
        read_vector(tmp_path / "a.geojson")


def nulls(path: Path, size: int) -> Path:
    pq.write_table(pa.table({"a": pa.nulls(size)}), path)
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


BOMBS: dict[str, Callable[[Path], Path]] = {
    "tags": lambda folder: workbook(folder / "a.xlsx", noisy(b"<c/>", 300 * MB)),
    "rows": lambda folder: workbook(folder / "a.xlsx", noisy(b"</row><row>", 300 * MB)),
    "cells": lambda folder: sparse(folder / "a.csv", b"a,b\n" + b"," * 60_000_000, 200 * MB),
    "size": lambda folder: sparse(folder / "a.csv", b"a,b\n"),
    "archive": lambda folder: sparse(folder / "a.xlsx", b"PK\x03\x04"),
    "far": lambda folder: workbook(
        folder / "a.xlsx", SHEET[0] + b'<row><c r="XFD1"><v>1</v></c></row>' * 3_051 + SHEET[1]
    ),
    "nulls": lambda folder: nulls(folder / "a.parquet", 45_000_000),
    "attributes": lambda folder: text(folder / "a.geojson", features(*map(str, range(8000)))),
    "quotes": lambda folder: text(folder / "a.csv", '"' * 200 * MB),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_refused_in_bounded_memory(tmp_path: Path, name: str) -> None:
    """In a process that may have 1.5 GB."""
    path = BOMBS[name](tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "regional_atlas", "inspect", str(path)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (1536 * MB, 1536 * MB)),
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
