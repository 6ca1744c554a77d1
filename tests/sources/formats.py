"""The same table written in every format that the reader knows."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape


class Percent(NamedTuple):
    """A number of per cent, in a cell that is formatted so."""

    hundredths: int

    def __str__(self) -> str:
        return f"{self.hundredths / 100:.2f}%"


Value = str | float | int | bool | date | Percent | None
Rows = Sequence[Sequence[Value]]


def shown(value: Value) -> str:
    """Write a value as a text file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) else str(value)


def _delimited(path: Path, rows: Rows, delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([shown(value) for value in row] for row in rows)


def write_csv(path: Path, rows: Rows) -> None:
    _delimited(path, rows, ",")


def write_tsv(path: Path, rows: Rows) -> None:
    _delimited(path, rows, "\t")


def write_xlsx(path: Path, rows: Rows) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                percent = isinstance(value, Percent)
                cell = sheet.cell(at, column, value.hundredths / 10_000 if percent else value)
                if percent:
                    cell.number_format = "0.00%"
                if isinstance(value, str):
                    cell.data_type = "s"  # neither a formula nor an error
    book.save(path)


def write_xls(path: Path, rows: Rows) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, Percent):
                style = xlwt.easyxf(num_format_str="0.00%")
                sheet.write(at, column, value.hundredths / 10_000, style)
            elif isinstance(value, date):
                sheet.write(at, column, value, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
            elif value is not None:
                sheet.write(at, column, value)
    book.save(str(path))


ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body>'
    '<office:spreadsheet><table:table table:name="Sheet">{}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        given = f'office:value-type="boolean" office:boolean-value="{shown(value)}"'
        return (
            f"<table:table-cell {given}><text:p>{shown(value).upper()}</text:p></table:table-cell>"
        )
    if isinstance(value, str):
        text = escape(value).replace("  ", " <text:s/>")
        given = 'office:value-type="string"'
        return f"<table:table-cell {given}><text:p>{text}</text:p></table:table-cell>"
    if isinstance(value, date):
        given = f'office:value-type="date" office:date-value="{shown(value)}"'
        return f"<table:table-cell {given}><text:p>{value:%d.%m.%Y}</text:p></table:table-cell>"
    if isinstance(value, Percent):
        part = value.hundredths / 10_000
        given = f'office:value-type="percentage" office:value="{part!r}"'
        return f"<table:table-cell {given}><text:p>{value}</text:p></table:table-cell>"
    given = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {given}><text:p>{shown(value)}</text:p></table:table-cell>"


def write_ods(path: Path, rows: Rows, body: str | None = None) -> None:
    cells = ["".join(map(ods_cell, row)) for row in rows]
    found = body or "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(found))


def _columns(rows: Rows) -> dict[str, list[Value]]:
    return {str(name): list(cells) for name, *cells in zip(*rows, strict=True)}


def write_parquet(path: Path, rows: Rows) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(_columns(rows)), path)


def write_gpkg(path: Path, rows: Rows) -> None:
    import geopandas as gpd
    import pandas as pd
    import shapely

    columns = {
        name: pd.to_datetime(pd.Series(cells))
        if any(isinstance(cell, date) for cell in cells)
        else pd.array(cells, dtype="string" if any(isinstance(c, str) for c in cells) else None)
        for name, cells in _columns(rows).items()
    }
    path.unlink(missing_ok=True)
    points = [shapely.Point(at, 0) for at in range(len(rows) - 1)]
    gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326").to_file(path)


WRITERS: dict[str, Callable[[Path, Rows], None]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "xlsx": write_xlsx,
    "xls": write_xls,
    "ods": write_ods,
    "parquet": write_parquet,
    "gpkg": write_gpkg,
}
COLUMNAR = {"parquet", "gpkg"}
