"""CSV and XLSX files read as text, cell by cell; numbers and repeated rows named by their lines."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from regional_atlas.config.indicators import Repair
from regional_atlas.core.errors import DataError, raise_if

__all__ = ["numbers", "read_text_table", "repeats"]

_THOUSANDS = r"\s*[+-]?\d{1,3}(,\d{3})+(\.\d*)?\s*"


def read_text_table(
    path: Path,
    required: Sequence[str] = (),
    *,
    sheet: str | None = None,
    skip_rows: Sequence[int] = (),
    repairs: Sequence[Repair] = (),
) -> pd.DataFrame:
    """Read a CSV or XLSX file with every cell as text.

    Parameters
    ----------
    path : Path
        UTF-8 CSV (with or without BOM) or XLSX.
    required : sequence of str
        Columns that must be there.
    sheet : str, optional
        Of an XLSX file; the first by default.
    skip_rows : sequence of int
        Lines of the file to leave out, counted from 1.
    repairs : sequence of Repair
        Faults of single lines; `drop` is for CSV.

    Returns
    -------
    DataFrame
        Text without surrounding blanks; empty cells missing. The index is the line of the file.

    Raises
    ------
    DataError
        When the file is missing or cannot be parsed, lines have more cells than there are headings
        (pandas would shift or drop them without a word), columns are missing, or a repair finds not
        what it says.
    """
    if not path.is_file():
        raise DataError("file not found", where=str(path))
    if path.suffix.lower() == ".xlsx":
        table = _read_sheet(path, sheet, skip_rows)
    else:
        table = _read_csv(path, skip_rows, {r.line: r.drop for r in repairs if r.drop})
    for column in table.columns:
        stripped = table[column].str.strip()
        table[column] = stripped.mask(stripped == "")
    raise_if(_repair_cells(table, repairs), DataError, str(path))
    absent = [name for name in required if name not in table.columns]
    found = ", ".join(table.columns)
    raise_if(
        (f"column {name!r} is missing; found: {found}" for name in absent), DataError, str(path)
    )
    return table


def _read_sheet(path: Path, sheet: str | None, skip_rows: Sequence[int]) -> pd.DataFrame:
    try:
        table = pd.read_excel(
            path,
            sheet_name=sheet or 0,
            dtype="str",
            skiprows=[row - 1 for row in skip_rows],
            engine="openpyxl",
        )
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error
    table.columns = table.columns.astype("str").str.strip()
    skipped = set(skip_rows)
    kept = (number for number in itertools.count(1) if number not in skipped)
    table.index = pd.Index(list(itertools.islice(kept, 1, len(table) + 1)))
    return table


def _repair_cells(table: pd.DataFrame, repairs: Sequence[Repair]) -> list[str]:
    """Replace the cells that repairs name, in place; list those that are not as they say."""
    problems = []
    for repair in repairs:
        line, column = repair.line, repair.column
        if column is None:
            continue
        if line not in table.index or column not in table.columns:
            problems.append(
                f"repair of line {line}: there is no such line, or no column {column!r}"
            )
        elif table.at[line, column] != repair.was:
            found = table.at[line, column]
            problems.append(f"repair of line {line}: {column!r} is {found!r}, not {repair.was!r}")
        else:
            table.at[line, column] = repair.value
    return problems


def _drop_cells(lines: list[tuple[int, list[str]]], drops: dict[int, int]) -> list[str]:
    """Take stray empty cells out of lines, in place; list those that are not there or not empty."""
    cells_of = dict(lines)
    problems = []
    for line, number in drops.items():
        cells = cells_of.get(line, [])
        if number > len(cells):
            problems.append(f"repair of line {line}: there is no cell {number}")
        elif cells[number - 1].strip():
            problems.append(f"repair of line {line}: cell {number} holds {cells[number - 1]!r}")
        else:
            del cells[number - 1]
    return problems


def _read_csv(path: Path, skip_rows: Sequence[int], drops: dict[int, int]) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [
                (number, cells)
                for number, cells in enumerate(csv.reader(file, strict=True), start=1)
                if number not in skip_rows and any(cell.strip() for cell in cells)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error
    if not lines:
        raise DataError("cannot be read as a table: it is empty", where=str(path))
    problems = _drop_cells(lines, drops)
    (_, header), *rows = lines
    names = [name.strip() for name in header]
    width = len(names)
    problems += [
        f"line {number}: {len(cells)} cells under {width} headings"
        for number, cells in rows
        if any(cell.strip() for cell in cells[width:])
    ]
    problems += [f"heading {name!r} appears twice" for name in names if names.count(name) > 1]
    raise_if(dict.fromkeys(problems), DataError, str(path))
    filled = [(cells + [""] * width)[:width] for _, cells in rows]
    return pd.DataFrame(filled, columns=names, dtype="str", index=[n for n, _ in rows])


def numbers(table: pd.DataFrame, column: str) -> tuple[pd.Series, list[str]]:
    """Turn a text column into numbers; name the row of each cell that is none.

    Thousands separators are taken where they part groups of three digits ("1,200", not "1,2");
    an empty cell is missing. Infinity is not a number.

    Returns
    -------
    Series of float
        Missing where the cell is empty or no number.
    list of str
        Problems, by the lines of the table's index.
    """
    text = table[column]
    grouped = text.str.fullmatch(_THOUSANDS).eq(True)  # missing is not
    values = pd.to_numeric(text.mask(grouped, text.str.replace(",", "")), errors="coerce")
    values = values.where(np.isfinite(values))
    bad = table[column].notna() & values.isna()
    problems = [
        f"line {line}, column {column!r}: {table.at[line, column]!r} is not a number"
        for line in table.index[bad]
    ]
    return values.astype("float64"), problems


def repeats(table: pd.DataFrame, columns: list[str]) -> list[str]:
    """Name every later row that says the same in `columns` as an earlier one."""
    first: dict[tuple[str, ...], int] = {}
    problems = []
    for line, *cells in table[columns].fillna("").itertuples():
        key = tuple(cells)
        if key in first:
            shown = " ".join(filter(None, key))
            problems.append(f"line {line}: {shown!r} stands in line {first[key]} already")
        else:
            first[key] = line
    return problems
