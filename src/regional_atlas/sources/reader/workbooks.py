"""Workbooks: XLSX, XLS and ODS, with what other readers drop.

Python's readers of XLSX lose what decides whether a table is right: python-calamine gives error
cells, formulas without a stored value and empty cells alike and no number formats; openpyxl keeps
formats but cannot give values and formulas in one pass, and takes twice as long for either. The
sheets are read here as a stream. XLS is read by xlrd, which keeps formats, errors and merged cells.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.names import plain
from regional_atlas.core.unpacking import MOST_SHEET_CELLS, check_tags
from regional_atlas.sources.reader.cells import (
    Cell,
    Fault,
    Grid,
    Number,
    column_letters,
    holds,
    merged_note,
    shown,
    truth,
)
from regional_atlas.sources.reader.rows import RowMajor, Rows, RowsBuilder
from regional_atlas.sources.reader.xml import parse

__all__ = ["read_ods", "read_xls", "read_xlsx"]

_MOST_COLUMNS, _MOST_ROWS = 16_384, 2**20
_MOST_SIGNS = 2**20
_TOO_MANY = (
    f"it has more than {MOST_SHEET_CELLS:,} cells, those before the last of each row included"
)
_NO_VALUE = "a formula without a stored value; open the file in a spreadsheet program and save it"


def read_xlsx(path: Path, sheet: str | None) -> Grid:
    """Read one sheet of an XLSX file; the first where none is named."""
    where = str(path)
    with _archive(path) as archive:
        sheets, is_1904 = _xlsx_sheets(archive, where)
        name = _chosen(list(sheets), sheet, where)
        reader = _XlsxSheet(
            _xlsx_strings(archive, where), _xlsx_formats(archive, where), is_1904=is_1904
        )
        with _member(archive, sheets[name], where) as stream:
            said = f"{where}, sheet {name!r}"
            parse(stream, reader.start, reader.end, reader.data, said, b"worksheet")
    notes = [*_other_sheets(list(sheets), sheet), *merged_note(reader.merged)]
    return Grid("xlsx", reader.rows.rows(), sheet=name, notes=notes)


def read_xls(path: Path, sheet: str | None) -> Grid:
    """Read one sheet of an XLS file; the first where none is named."""
    import xlrd

    where = str(path)
    try:
        book = xlrd.open_workbook(path, formatting_info=True, logfile=io.StringIO())
        name = _chosen(book.sheet_names(), sheet, where)
        rows, merged = _xls_rows(book, book.sheet_by_name(name))
    except DataError:
        raise
    except Exception as error:  # xlrd fails in any way where a file is damaged
        raise DataError(
            f"cannot be read as a table: {error or type(error).__name__}", where=where
        ) from error
    notes = [*_other_sheets(book.sheet_names(), sheet), *merged_note(merged)]
    return Grid("xls", rows, sheet=name, notes=notes)


def _xls_rows(book: Any, table: Any) -> tuple[Rows, list[str]]:
    """Read the cells of a sheet, and the names of its merged ones."""
    formats = [book.format_map[xf.format_key].format_str for xf in book.xf_list]
    rows = (
        [
            _xls_cell(cell, formats[cell.xf_index] if cell.xf_index is not None else "", book)
            for cell in table.row(row)
        ]
        for row in range(table.nrows)
    )
    filled = ((number, cells) for number, cells in enumerate(rows, 1) if any(map(holds, cells)))
    merged = [
        f"{column_letters(left + 1)}{top + 1}:{column_letters(right)}{bottom}"
        for top, bottom, left, right in table.merged_cells
    ]
    return RowMajor.of(filled), merged


def read_ods(path: Path, sheet: str | None) -> Grid:
    """Read one sheet of an ODS file; the first where none is named."""
    where = str(path)
    with _archive(path) as archive:
        names = _OdsNames()
        with _member(archive, "content.xml", where) as stream:
            parse(stream, names.start, lambda _: None, lambda _: None, where)
        name = _chosen(names.found, sheet, where)
        reader = _OdsSheet(names.found.index(name))
        with _member(archive, "content.xml", where) as stream:
            parse(stream, reader.start, reader.end, reader.data, where)
    notes = [*_other_sheets(names.found, sheet), *merged_note(reader.merged)]
    return Grid("ods", reader.rows.rows(), sheet=name, notes=notes)


def _chosen(names: list[str], sheet: str | None, where: str) -> str:
    if not names:
        raise DataError("cannot be read as a table: it has no sheet", where=where)
    if sheet is None:
        return names[0]
    if sheet not in names:
        raise DataError(f"no sheet {sheet!r}; allowed: {', '.join(names)}", where=where)
    return sheet


def _other_sheets(names: list[str], sheet: str | None) -> list[str]:
    if sheet is not None or len(names) == 1:
        return []
    return [f"sheet {names[0]!r} is read, the first of {len(names)}: {', '.join(names)}"]


DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError, LookupError,
)  # fmt: skip
"""What Python's reader of archives says of damaged ones, and ours of parts that lack a name."""


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DAMAGED as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error


def _member(archive: zipfile.ZipFile, name: str, where: str) -> IO[bytes]:
    try:
        raise_if(check_tags(archive, name), DataError, where)
        return archive.open(name)
    except KeyError:
        raise DataError(f"cannot be read as a table: it has no {name!r}", where=where) from None


# ── XLSX ────────────────────────────────────────────────────────────────────────────────────────


def _elements(archive: zipfile.ZipFile, name: str, where: str) -> list[tuple[str, dict[str, str]]]:
    """List the elements of a small document with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    with _member(archive, name, where) as stream:
        parse(stream, lambda n, a: found.append((n, a)), lambda _: None, lambda _: None, where)
    return found


def _xlsx_sheets(archive: zipfile.ZipFile, where: str) -> tuple[dict[str, str], bool]:
    """Map the names of a workbook's sheets to their parts; say whether days count from 1904."""
    main = "xl/workbook.xml"
    for element, given in _elements(archive, "_rels/.rels", where):
        if element == "Relationship" and given.get("Type", "").endswith("/officeDocument"):
            main = given["Target"].lstrip("/")
    folder, file = posixpath.split(main)
    targets = {
        given["Id"]: posixpath.normpath(posixpath.join("/" + folder, given["Target"])).lstrip("/")
        for element, given in _elements(archive, f"{folder}/_rels/{file}.rels", where)
        if element == "Relationship" and given.get("Type", "").endswith("/worksheet")
    }
    elements = _elements(archive, main, where)
    sheets = {
        given["name"]: targets[given["id"]]
        for element, given in elements
        if element == "sheet" and given.get("id") in targets
    }
    is_1904 = any(
        element == "workbookPr" and given.get("date1904") in ("1", "true")
        for element, given in elements
    )
    return sheets, is_1904


def _xlsx_strings(archive: zipfile.ZipFile, where: str) -> list[str]:
    name = next((n for n in archive.namelist() if n.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    found: list[str] = []
    parts: list[str] = []
    inside = phonetic = False

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal inside, phonetic
        if element == "si":
            parts.clear()
        elif element == "rPh":
            phonetic = True
        inside = element == "t" and not phonetic

    def end(element: str) -> None:
        nonlocal inside, phonetic
        inside = False
        if element == "si":
            found.append(_unescaped("".join(parts)))
        elif element == "rPh":
            phonetic = False

    def data(text: str) -> None:
        if inside:
            parts.append(text)

    with _member(archive, name, where) as stream:
        parse(stream, start, end, data, where, b"sst")
    return found


def _unescaped(text: str) -> str:
    """Write out the signs that XLSX stores by their numbers: `_x000D_` ends a line."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def _xlsx_formats(archive: zipfile.ZipFile, where: str) -> list[str]:
    """List the number formats of the cell styles."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    if "xl/styles.xml" not in archive.namelist():
        return []
    own: dict[int, str] = {}
    ids: list[int] = []
    inside = False

    def start(element: str, given: dict[str, str]) -> None:
        nonlocal inside
        if element == "numFmt":
            own[int(given["numFmtId"])] = given["formatCode"]
        elif element == "cellXfs":
            inside = True
        elif element == "xf" and inside:
            ids.append(int(given.get("numFmtId", 0)))

    def end(element: str) -> None:
        nonlocal inside
        inside = inside and element != "cellXfs"

    with _member(archive, "xl/styles.xml", where) as stream:
        parse(stream, start, end, lambda _: None, where)
    return [own.get(number, BUILTIN_FORMATS.get(number, "General")) for number in ids]


class _XlsxSheet:
    """The cells of one sheet, as its XML passes by."""

    def __init__(self, strings: list[str], formats: list[str], *, is_1904: bool) -> None:
        self.rows = RowsBuilder()
        self.merged: list[str] = []
        self._strings, self._formats, self._is_1904 = strings, formats, is_1904
        self._cells: list[Cell] = []
        self._number = self._count = 0
        self._text: list[str] = []
        self._kind = self._style = ""
        self._formula = self._collects = self._phonetic = False
        self._columns: dict[str, int] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take up a row, a cell, or what a cell holds."""
        if name == "c":
            self._kind, self._style = given.get("t", "n"), given.get("s", "")
            self._formula = False
            self._text = []
            place = given.get("r")
            missing = self._column(place) - len(self._cells) if place else 0
            if missing > 0:
                self._cells.extend([None] * missing)
        elif name in ("v", "t"):
            self._collects = not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._number = int(given.get("r", self._number + 1))
            self._cells = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self.merged.append(given["ref"])

    def end(self, name: str) -> None:
        """Put what was read where it belongs."""
        if name in ("v", "t"):
            self._collects = False
        elif name == "c":
            if len(self._cells) >= _MOST_COLUMNS:
                raise ValueError(f"a row has more than {_MOST_COLUMNS:,} cells")
            self._cells.append(self._cell("".join(self._text)))
        elif name == "row":
            self._count += len(self._cells)
            if self._count > MOST_SHEET_CELLS:
                raise ValueError(_TOO_MANY)
            if any(map(holds, self._cells)):
                self.rows.add(self._number, self._cells)
        elif name == "rPh":
            self._phonetic = False

    def data(self, text: str) -> None:
        """Collect the text of a value."""
        if self._collects:
            self._text.append(text)

    def _column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            found = 0
            for letter in letters:
                found = found * 26 + ord(letter) - ord("A") + 1
            if not 0 < found <= _MOST_COLUMNS:
                raise ValueError(f"there is no cell {place!r}")
            self._columns[letters] = found
        return found - 1

    def _cell(self, text: str) -> Cell:
        kind = self._kind
        if kind == "s":
            return self._strings[int(text)] if text else None
        if kind in ("str", "inlineStr", "d"):
            return _unescaped(text) or None
        if not text:
            return Fault(_NO_VALUE) if self._formula else None
        if kind == "b":
            return truth(text == "1")
        if kind == "e":
            return Fault(f"the error {text}")
        pattern = self._formats[int(self._style)] if self._style else "General"
        if pattern == "General" and text.isdigit() and text[0] != "0" and len(text) < 16:
            return Number(float(text), text)
        return _number(float(text), pattern, self._is_1904)


def _number(value: float, pattern: str, is_1904: bool) -> Cell:
    if pattern == "General":
        return Number(value, plain(value))
    if _is_date(pattern):
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

        epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
        try:
            return _date(from_excel(value, epoch))
        except (OverflowError, ValueError):
            return Fault(f"a date that does not exist ({plain(value)})")
    return Number(value, shown(value, pattern), "%" in pattern)


def _is_date(pattern: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    return bool(is_date_format(pattern))


def _date(value: Any) -> str:
    """Write a date as ISO 8601; midnight goes without its time."""
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return str(value)


# ── XLS ─────────────────────────────────────────────────────────────────────────────────────────


def _xls_cell(cell: Any, pattern: str, book: Any) -> Cell:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        value = float(cell.value)
        text = plain(value) if pattern == "General" else shown(value, pattern)
        return Number(value, text, "%" in pattern)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return _date(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (OverflowError, ValueError):
            return Fault(f"a date that does not exist ({plain(cell.value)})")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return truth(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Fault(f"the error {xlrd.error_text_from_code.get(cell.value, cell.value)}")
    return None


# ── ODS ─────────────────────────────────────────────────────────────────────────────────────────


class _OdsNames:
    """The names of the sheets of a document."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take up a sheet."""
        if name == "table":
            self.found.append(given.get("name", ""))


class _OdsSheet:
    """The cells of one sheet of a document, as its XML passes by."""

    def __init__(self, wanted: int) -> None:
        self.rows = RowsBuilder()
        self.merged: list[str] = []
        self._wanted, self._sheet = wanted, -1
        self._number, self._count = 1, 0
        self._cells: list[Cell] = []
        self._given: dict[str, str] = {}
        self._row_given: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._depth = 0  # of paragraphs; text of annotations is none of the cell's
        self._note = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take up a row, a cell, or a paragraph."""
        if name == "table":
            self._sheet += 1
        if self._sheet != self._wanted:
            return
        if name == "table-row":
            self._cells, self._row_given = [], given
        elif name in ("table-cell", "covered-table-cell"):
            self._given, self._paragraphs = given, []
        elif name == "annotation":
            self._note += 1
        elif name == "p" and not self._note:
            self._depth += 1
            self._paragraphs.append("")
        elif self._depth and name == "s":
            self.data(" " * min(int(given.get("c", 1)), _MOST_SIGNS))
        elif self._depth and name in ("tab", "line-break"):
            self.data("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        """Put what was read where it belongs."""
        if self._sheet != self._wanted:
            return
        if name == "annotation":
            self._note -= 1
        elif name == "p" and not self._note:
            self._depth -= 1
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            times = int(self._row_given.get("number-rows-repeated", 1))
            if any(map(holds, self._cells)):
                times = min(times, _MOST_ROWS)
                self._count += times * len(self._cells)
                if self._count > MOST_SHEET_CELLS:
                    raise ValueError(_TOO_MANY)
                self.rows.add(self._number, self._cells, times)
            self._number += times

    def data(self, text: str) -> None:
        """Collect the text of a paragraph."""
        if self._depth and self._sheet == self._wanted and not self._note:
            self._paragraphs[-1] += text
            if len(self._paragraphs[-1]) > _MOST_SIGNS:
                raise ValueError(f"a cell has more than {_MOST_SIGNS:,} signs")

    def _end_cell(self) -> None:
        times = int(self._given.get("number-columns-repeated", 1))
        cell = self._cell("\n".join(self._paragraphs))
        across = int(self._given.get("number-columns-spanned", 1))
        down = int(self._given.get("number-rows-spanned", 1))
        if across > 1 or down > 1:
            left = len(self._cells) + 1
            self.merged.append(
                f"{column_letters(left)}{self._number}:"
                f"{column_letters(left + across - 1)}{self._number + down - 1}"
            )
        if cell is None and times > _MOST_COLUMNS:
            return
        self._cells += [cell] * min(times, _MOST_COLUMNS)
        if len(self._cells) > 2 * _MOST_COLUMNS:
            raise ValueError(f"a row has more than {_MOST_COLUMNS:,} cells")

    def _cell(self, text: str) -> Cell:
        kind = self._given.get("value-type")
        if "formula" in self._given:
            if re.fullmatch(r"#[A-Z0-9/]+[!?]?|Err:\d+", text):
                return Fault(f"the error {text}")
            if kind is None and not text:
                return Fault(_NO_VALUE)
        if kind in ("float", "currency", "percentage"):
            value = float(self._given["value"])
            # A code shown with zeros in front is the code.
            code = re.fullmatch(r"\d+", text) and value == float(text)
            return Number(value, text if code else plain(value), kind == "percentage")
        if kind == "boolean":
            return truth(self._given.get("boolean-value") == "true")
        if kind == "date":
            given = self._given["date-value"]
            return given.removesuffix("T00:00:00").replace("T", " ")
        return text or None
