"""Units and attribute tables as an Excel workbook.

openpyxl alone writes and reads workbooks. XlsxWriter writes in half the time, but cannot read;
faster readers do not give a cell's number format, which shows the leading zeros of a code.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.signs import for_xml
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_xlsx"]

# The earliest moment that a zip archive can hold.
MOMENT = datetime(1980, 1, 1)
MISTAKEN_STARTS = ("=", "+", "-", "@", "#", "\t", "\r")
LONGEST_SHEET_NAME = 31
WIDEST = 40


def write_xlsx(layers: Layers, path: Path) -> None:
    """Write a workbook: sheets `units`, `regions`, the attribute tables and `codebook`.

    No geometry. Codes and names are text cells, so that leading zeros stay and no name is run as a
    formula; a missing value is an empty cell; characters that a workbook cannot hold become U+FFFD.
    Header rows and id columns stay in view. The same layers give the same bytes.
    """
    book = openpyxl.Workbook(write_only=True)
    for name, table in _sheets(layers):
        _add_sheet(book, name, table)
    book.properties.creator = "regional_atlas"
    book.properties.title = layers.project.config.title.in_(layers.project.config.offered()[0])
    book.properties.created = MOMENT
    with atomic_path(path) as temporary:
        saved = io.BytesIO()
        book.save(saved)
        _fix_moments(saved, temporary)


def _sheets(layers: Layers) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "units", layers.units.drop(columns="geometry").reset_index()
    if len(layers.regions):
        yield "regions", layers.regions.drop(columns="geometry").reset_index()
    yield from layers.tables.items()
    yield "codebook", layers.codebook


def _add_sheet(book: openpyxl.Workbook, name: str, table: pd.DataFrame) -> None:
    letter = openpyxl.utils.get_column_letter
    sheet = book.create_sheet(name[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "B2"
    for i, column in enumerate(table.columns, start=1):
        longest = table[column].head(100).astype("str").str.len().max()
        width = max(len(str(column)), 0 if pd.isna(longest) else int(longest)) + 2
        sheet.column_dimensions[letter(i)].width = min(width, WIDEST)
    header = [_text_cell(sheet, str(column)) for column in table.columns]
    for cell in header:
        cell.font = openpyxl.styles.Font(bold=True)
    sheet.append(header)
    columns = [_values(table[column]) for column in table.columns]
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{letter(len(table.columns))}{len(table) + 1}"


def _values(column: pd.Series) -> Iterable[Any]:
    return column.astype("object").where(column.notna(), None)


def _cell(sheet: Any, value: Any) -> Any:
    """Return what `append` takes; only a text that could be taken for another thing needs a cell.

    A cell object for every text would take twice the time.
    """
    if not isinstance(value, str):
        return value
    risky = value.isdigit() or value.startswith(MISTAKEN_STARTS)
    return _text_cell(sheet, value) if risky else for_xml(value)


def _text_cell(sheet: Any, text: str) -> Any:
    """Make a cell that stays text when somebody edits it: the format "@" keeps a code.

    The quote prefix keeps a text that begins like a formula.
    """
    cell = openpyxl.cell.WriteOnlyCell(sheet, for_xml(text))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(MISTAKEN_STARTS)
    return cell


def _fix_moments(saved: io.BytesIO, path: Path) -> None:
    """Write the archive to a file with one fixed time in place of the time of writing."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            entry = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)


FORMAT = Format(
    title="Excel workbook",
    file="units.xlsx",
    write=write_xlsx,
)
