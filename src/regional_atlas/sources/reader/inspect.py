"""A look at a table before it is declared: what would be read, and the lines to declare it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.errors import DataError
from regional_atlas.core.schema import TableReading
from regional_atlas.sources.encodings import guessed_encoding
from regional_atlas.sources.reader.cells import Grid
from regional_atlas.sources.reader.delimited import guessed_delimiter
from regional_atlas.sources.reader.numbers import Parsed, parse_numbers
from regional_atlas.sources.reader.table import (
    Table,
    heading_row,
    note_rows,
    read_grid,
    read_table,
)

__all__ = ["Column", "Inspection", "described", "inspect_table"]

_MISSING = ["-", "–", "—", "…", "...", "..", ":", "n.a.", "n/a", "N/A", "na", "*", "(D)", "(NA)"]
_SIGNS = ["$", "€", "£", "¥", "'"]


@dataclass
class Column:
    """A column as it would be read.

    Attributes
    ----------
    name : str
        Its heading.
    kind : str
        number, code (digits of one length, or with zeros in front), text, mixed or empty.
    filled, missing : int
        Cells that hold something, and those that do not.
    examples : list of str
        The first values that differ.
    odd : list of str
        Of a column that is mostly numbers, cells that are none, each with its row.
    """

    name: str
    kind: str
    filled: int
    missing: int
    examples: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)


@dataclass
class Inspection:
    """What a file holds, and what to declare of it.

    Attributes
    ----------
    reading : TableReading
        Format, sheet, encoding, delimiter, headings, rows, and notes.
    columns : list of Column
        In the order of the file.
    declared : dict
        The keys to put into `atlas.toml`, beside `file`.
    """

    reading: TableReading
    columns: list[Column]
    declared: dict[str, Any]

    def lines(self) -> list[str]:
        """Write the declarations as lines of TOML."""
        return [f"{key} = {_toml(value)}" for key, value in self.declared.items()]


def inspect_table(path: Path, config: TableConfig | None = None) -> Inspection:
    """Look at a table of any format; what is not declared is guessed, and the guess is shown.

    Parameters
    ----------
    path : Path
        The file.
    config : TableConfig, optional
        What is known already, such as the sheet.

    Raises
    ------
    DataError
        The file cannot be read in any way that can be guessed.
    """
    if not path.is_file():
        raise DataError("file not found", where=str(path))
    given = config or TableConfig()
    declared = given.model_dump(exclude_unset=True)
    grid, declared = _open(path, declared)
    if grid.headings is None and len(grid.rows):
        declared |= _frame(grid, declared)
    table = read_table(path, config=TableConfig.model_validate(declared))
    strip = _strip(table, declared)
    if strip:
        declared["strip"] = strip
        table = read_table(path, config=TableConfig.model_validate(declared))
    found = _dialect(table, declared)
    declared |= found
    if "missing" in found:
        table = read_table(path, config=TableConfig.model_validate(declared))
    elif found:
        table = replace(table, config=TableConfig.model_validate(declared))
    columns = [_described(table, str(name)) for name in table.text.columns]
    return Inspection(table.reading, columns, declared)


def _open(path: Path, declared: dict[str, Any]) -> tuple[Grid, dict[str, Any]]:
    """Read the cells, with the encoding and the delimiter that the file shows."""
    try:
        return read_grid(path, TableConfig.model_validate(declared)), declared
    except DataError as error:
        guessed = dict(declared)
        if "declare" not in str(error):
            raise
        raw = path.read_bytes()
        if "encoding =" in str(error):
            guessed["encoding"] = _encoding(raw)
        text = raw.decode(guessed.get("encoding", "utf-8"), errors="replace")
        if "delimiter =" in str(error):
            guessed["delimiter"] = guessed_delimiter(text)
        return read_grid(path, TableConfig.model_validate(guessed)), guessed


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return guessed_encoding(raw)
    return "utf-8"


def _frame(grid: Grid, declared: dict[str, Any]) -> dict[str, Any]:
    """Guess the row of the headings and the notes below the table."""
    found: dict[str, Any] = {}
    rows = grid.rows.without(declared.get("skip_rows", []))
    if not len(rows):
        return found
    first = declared.get("header_row") or heading_row(rows)
    if "header_row" not in declared and first != rows.numbers[0]:
        found["header_row"] = first
    below = rows.kept(rows.numbers > first)
    if not {"footer_rows", "footer_starts"} & declared.keys():
        notes = note_rows(below)
        if notes:
            found["footer_rows"] = notes
    return found


def _mostly(parsed: Parsed, filled: int) -> bool:
    """Say whether a column is one of numbers, some of its cells aside."""
    return filled > 0 and len(parsed.faults) <= 0.2 * filled


def _cells(table: Table, name: str) -> list[str]:
    return [str(cell) for cell in table.text[name].dropna()]


def _some(cells: list[str]) -> list[str]:
    """Take some cells of a long column, from all of it."""
    return cells[:: max(1, len(cells) // 200)]


def _strip(table: Table, declared: dict[str, Any]) -> str:
    """Guess which signs stand around values that are numbers without them."""
    if declared.get("strip"):
        return ""
    found = []
    for sign in _SIGNS:
        for name in table.text.columns:
            cells = _some(_cells(table, str(name)))
            around = [cell for cell in cells if cell.startswith(sign) or cell.endswith(sign)]
            bare = [cell.strip(sign).strip() for cell in around]
            if len(around) > 0.5 * len(cells) and all(c[:1].isdigit() for c in bare if c):
                found.append(sign)
                break
    return "".join(found)


def _dialect(table: Table, declared: dict[str, Any]) -> dict[str, Any]:
    """Guess decimal sign, thousands, per cent and missing marks from columns of numbers."""
    found: dict[str, Any] = {}
    names = [str(name) for name in table.text.columns]
    if not {"decimal", "thousands"} & declared.keys():
        found |= _signs([_some(_cells(table, name)) for name in names])
    marks: list[str] = []
    percent = False
    config = TableConfig.model_validate(declared | found)
    for name in names:
        cells = _cells(table, name)
        parsed = parse_numbers(pd.Series(cells, dtype="str"), config)
        odd = [cells[at] for at in parsed.faults]
        if not _mostly(parsed, len(cells)) and not all(c in _MISSING or "%" in c for c in odd):
            continue
        numeric = len(odd) < len(cells)
        marks += [cell for cell in odd if cell in _MISSING and numeric]
        percent |= any(cell.endswith("%") for cell in odd)
    if marks and "missing" not in declared:
        found["missing"] = list(dict.fromkeys(marks))
    if percent and "percent" not in declared:
        found["percent"] = True
    return found


def _signs(columns: list[list[str]]) -> dict[str, str]:
    """Choose the dialect in which most columns are numbers; none where a point does."""
    dialects: list[dict[str, str]] = [
        {},
        {"thousands": ","},
        {"decimal": ","},
        {"decimal": ",", "thousands": "."},
        {"decimal": ",", "thousands": " "},
        {"thousands": " "},
    ]
    best, most = dialects[0], -1
    for dialect in dialects:
        config = TableConfig.model_validate(dialect)
        read = 0
        for cells in columns:
            parsed = parse_numbers(pd.Series(cells, dtype="str"), config)
            if _mostly(parsed, len(cells)):
                read += len(cells) - len(parsed.faults)
        if read > most:
            best, most = dialect, read
    return best


def _described(table: Table, name: str) -> Column:
    cells = _cells(table, name)
    missing = len(table.text) - len(cells)
    examples = list(dict.fromkeys(cells))[:3]
    if not cells:
        return Column(name, "empty", 0, missing)
    typed = name in table.typed
    if not typed and _is_code(cells):
        return Column(name, "code", len(cells), missing, examples)
    values, problems = table.numbers(name)
    numeric = int(values.notna().sum())
    if not problems:
        return Column(name, "number", len(cells), missing, examples)
    if numeric >= 0.8 * len(cells):
        return Column(name, "mixed", len(cells), missing, examples, problems[:3])
    return Column(name, "text", len(cells), missing, examples)


def _is_code(cells: list[str]) -> bool:
    """Say whether cells look like codes: whole numbers, some with zeros in front."""
    digits = [cell for cell in cells if cell.isdecimal()]
    return len(digits) >= 0.95 * len(cells) and any(
        len(cell) > 1 and cell.startswith("0") for cell in digits
    )


def described(inspection: Inspection) -> Iterator[tuple[str, str]]:
    """List what is known of the file, for a person."""
    reading = inspection.reading
    facts = {
        "format": reading.format,
        "sheet": reading.sheet,
        "encoding": reading.encoding,
        "delimiter": {"\t": "tab"}.get(str(reading.delimiter), reading.delimiter),
        "headings": None if reading.header_row is None else f"row {reading.header_row}",
        "rows": f"{reading.rows}" + (f", {reading.left_out} left out" if reading.left_out else ""),
    }
    yield from ((name, str(value)) for name, value in facts.items() if value is not None)
    yield from (("note", note) for note in reading.notes)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        return f'"{text}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
