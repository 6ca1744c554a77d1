"""The one reader of tables: any format in, the same text and numbers out, by what is declared."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import compress
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.core.conditions import Columns
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.formats import FORMATS
from regional_atlas.core.names import folded
from regional_atlas.core.schema import TableReading
from regional_atlas.core.signs import unstorable
from regional_atlas.core.unpacking import MOST_CELLS, check_archive
from regional_atlas.sources.reader.cells import (
    FAULT,
    NUMBER,
    PERCENT,
    TEXT,
    Cell,
    Cells,
    Fault,
    Grid,
    Number,
    column_letters,
    decoded,
    holds,
)
from regional_atlas.sources.reader.columnar import read_parquet, read_vector_table
from regional_atlas.sources.reader.delimited import read_delimited
from regional_atlas.sources.reader.numbers import Parsed, parse_numbers
from regional_atlas.sources.reader.rows import Rows
from regional_atlas.sources.reader.workbooks import DAMAGED, read_ods, read_xls, read_xlsx

__all__ = ["Table", "heading_row", "note_rows", "read_grid", "read_table"]

_MOST = 20
"""Cells of a column that are named; further ones are counted."""

_VECTOR = {
    ending
    for each in FORMATS
    for ending in each.endings
    if each.drivers and "tables" in each.holds and ending not in FORMATS[0].endings
}
_NOTE = re.compile(
    r"(sources?|notes?|quellen?|fuentes?|fontes?|nota|anmerkung|remark|注|资料来源|数据来源|来源|备注|说明)\b.*"
    r"|[*†¹²³]+.*|\(?\d{1,2}\)\s.*",
    re.IGNORECASE | re.DOTALL,
)


class Typed(NamedTuple):
    """A column that the file holds as numbers, or in part.

    Attributes
    ----------
    kinds : array of uint8
        By position, `NUMBER`, `PERCENT`, or what is none.
    values : array of float
    """

    kinds: NDArray[np.uint8]
    values: Floats

    @property
    def numbers(self) -> Bools:
        """Say of each cell whether it is a number."""
        found: Bools = (self.kinds == NUMBER) | (self.kinds == PERCENT)
        return found


@dataclass(frozen=True)
class Table(Columns):
    """A table as text, and its columns as numbers where they are asked for.

    Attributes
    ----------
    path : Path
        The file.
    text : DataFrame
        Every cell as text without surrounding blanks, empty cells missing; columns by the names
        that the project gives them. The index is the row of the file.
    config : TableConfig
        What is declared of it.
    reading : TableReading
        How it was read, for the report.
    row_word : str
        What the file's rows are called: line or row.
    typed : dict of str to Typed
        By column, what the file holds as numbers.
    faults : dict of str to dict of int to str
        By column and row, what keeps a cell from having a value.
    positions : dict of str to int
        By column, its number in the file, counted from 1.
    """

    path: Path
    text: pd.DataFrame
    config: TableConfig
    reading: TableReading
    row_word: str = "row"
    typed: dict[str, Typed] = field(default_factory=dict)
    faults: dict[str, dict[int, str]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """What messages call the table: the file, and its sheet or layer where it has several."""
        sheet = self.config.sheet or (self.reading.sheet if self._in_sheet else None)
        return f"{self.path}, sheet {sheet!r}" if sheet else str(self.path)

    @property
    def _in_sheet(self) -> bool:
        return self.reading.format in ("xlsx", "xls", "ods")

    def name_of(self, name: str) -> str | None:
        """Find a column by its heading in the file or by the name that it was given."""
        wanted = folded(name)
        given = {folded(heading): new for heading, new in self.config.rename.items()}
        for found in (name, wanted, given.get(wanted)):
            if found in self.text.columns:
                return found
        return None

    def heading(self, name: str) -> str:
        """Give the heading in the file of a column, or those that the unit's id is made of."""
        if name == "unit_id" and self.config.key:
            return " + ".join(self.config.key)
        given = {new: heading for heading, new in self.config.rename.items()}
        return given.get(name, name)

    def place(self, row: int, column: str) -> str:
        """Say where a cell is: row, column, and its name where the file is a workbook."""
        return f"{self.row_word} {row}, column {column!r}{self._cell_name(column, row)}"

    def row(self, row: int, column: str) -> str:
        """Say where a row is; in a workbook by its cell in a column."""
        return f"{self.row_word} {row}{self._cell_name(column, row)}"

    def missing(self, names: Sequence[str]) -> list[str]:
        """Name the columns that are not there."""
        found = ", ".join(self.text.columns)
        return [
            f"column {name!r} is missing; found: {found}"
            for name in dict.fromkeys(names)
            if self.name_of(name) is None
        ]

    def texts(self, name: str) -> pd.Series:
        """Give a column as text."""
        return self.text[self._known(name)]

    def values(self, name: str) -> pd.Series:
        """Give a column as numbers.

        Raises
        ------
        DataError
            Naming every cell that is none.
        """
        found, problems = self.numbers(name)
        raise_if(problems, DataError, self.where)
        return found

    def numbers(self, name: str) -> tuple[pd.Series, list[str]]:
        """Turn a column into numbers, and name every cell that is none.

        Returns
        -------
        Series of float
            Missing where the cell is empty or no number. Infinity is not a number.
        list of str
            Problems, by row and column.
        """
        column = self._known(name)
        parsed = self._parsed(column)
        index = self.text.index
        problems = _counted(
            [
                f"{self.place(index[at], column)}: {said}"
                for at, said in sorted(parsed.faults.items())
            ]
        )
        for at, said in parsed.notes:
            self.note(f"column {column!r}: {said} ({self.row_word} {index[at]})")
        problems += self.unusable([column])
        return pd.Series(parsed.values, index=index, dtype="float64"), problems

    def flags(self, name: str) -> pd.Series:
        """Give the marks that stand behind a column's numbers; missing where there is none."""
        parsed = self._parsed(self._known(name))
        return pd.Series(
            [parsed.flags.get(at) for at in range(len(self.text))],
            index=self.text.index,
            dtype="str",
        )

    def unusable(self, columns: Sequence[str]) -> list[str]:
        """Name the cells of some columns that have no value that could be used."""
        return [
            problem
            for column in columns
            for problem in _counted(
                [
                    f"{self.place(row, column)}: {what}"
                    for row, what in self.faults.get(column, {}).items()
                ]
            )
        ]

    def repeats(self, columns: Sequence[str]) -> list[str]:
        """Name every later row that says the same in `columns` as an earlier one; see `folded`."""
        first: dict[tuple[str, ...], int] = {}
        problems = []
        for row, *cells in self.text[list(columns)].fillna("").itertuples():
            key = tuple(map(folded, cells))
            if key in first:
                shown, word = " ".join(filter(None, cells)), self.row_word
                problems.append(f"{word} {row}: {shown!r} stands in {word} {first[key]} already")
            else:
                first[key] = row
        return _counted(problems)

    def keep(self, mask: pd.Series) -> Table:
        """Keep the rows that a mask holds for, and report how many it leaves out."""
        found = self.rows(mask)
        self.reading.left_out += len(self.text) - len(found.text)
        self.reading.rows = len(found.text)
        return found

    def rows(self, mask: pd.Series) -> Table:
        """Take the rows that a mask holds for."""
        held = mask.to_numpy(np.bool_)
        text = self.text[held]
        kept = set(text.index)
        return replace(
            self,
            text=text,
            typed={name: Typed(*(of[held] for of in typed)) for name, typed in self.typed.items()},
            faults={
                name: {row: what for row, what in cells.items() if row in kept}
                for name, cells in self.faults.items()
            },
        )

    def _known(self, name: str) -> str:
        found = self.name_of(name)
        if found is None:
            raise DataError(*self.missing([name]), where=self.where)
        return found

    def _cell_name(self, column: str, row: int) -> str:
        """Name a cell as a spreadsheet does, where the file is one."""
        number = self.positions.get(column)
        shown = self._in_sheet and number is not None
        return f" ({column_letters(number)}{row})" if shown and number is not None else ""

    def note(self, said: str) -> None:
        """Report what a reader of the table should know, once."""
        if said not in self.reading.notes:
            self.reading.notes.append(said)

    def _parsed(self, column: str) -> Parsed:
        texts, typed = self.text[column], self.typed.get(column)
        if typed is None:
            parsed = parse_numbers(texts, self.config)
            self._note_percents(column, parsed, texts, 0)
            return parsed
        numbers = typed.numbers
        cells = texts.mask(numbers)
        parsed = parse_numbers(cells, self.config)
        numbers &= texts.notna().to_numpy()
        parsed.values[numbers] = typed.values[numbers]
        percents = np.flatnonzero(numbers & (typed.kinds == PERCENT))
        if self.config.percent:
            parsed.values[percents] = [
                float(Decimal(repr(value)) * 100) for value in typed.values[percents].tolist()
            ]
        for at in np.flatnonzero(np.isinf(parsed.values)).tolist():
            parsed.values[at] = np.nan
            parsed.faults[at] = f"{texts.iloc[at]!r} is not a number"
        self._note_percents(column, parsed, cells, len(percents))
        return parsed

    def _note_percents(self, column: str, parsed: Parsed, cells: pd.Series, percents: int) -> None:
        """Note the numbers that are shown in per cent: `percents`, and those among the texts."""
        if self.config.percent:
            signed = percents + int(cells.str.contains("%", regex=False).sum())
            known = np.count_nonzero(~np.isnan(parsed.values))
            if 0 < signed < known:
                self.note(
                    f"column {column!r}: {signed} of {known} numbers are shown in per cent; the "
                    "others are read as they stand"
                )
        elif percents:
            self.note(
                f"column {column!r}: {percents} cells are shown in per cent and read as they are "
                "stored (12.3% as 0.123); percent = true reads them as shown"
            )


def _counted(problems: list[str]) -> list[str]:
    """Keep the first problems of a kind and count the others."""
    if len(problems) <= _MOST:
        return problems
    return [*problems[:_MOST], f"… and {len(problems) - _MOST} more of this kind"]


def read_table(
    path: Path,
    required: Sequence[str] = (),
    config: TableConfig | None = None,
    readings: list[TableReading] | None = None,
) -> Table:
    """Read a table of any format.

    Parameters
    ----------
    path : Path
        CSV, TSV, XLSX, XLS, ODS, Parquet, or a vector file with attributes.
    required : sequence of str
        Columns that must be there and that every cell of must be usable: headings of the file, or
        names of `rename`.
    config : TableConfig, optional
        What is declared of it.
    readings : list of TableReading, optional
        Where to say how it was read.

    Returns
    -------
    Table
        The same for the same content, whatever the format.

    Raises
    ------
    DataError
        Everything that is wrong with the table, each with its row and column and what to declare.
    """
    config = config or TableConfig()
    if not path.is_file():
        raise DataError("file not found", where=str(path))
    grid = read_grid(path, config)
    table = _framed(path, grid, config)
    raise_if(_repaired(table), DataError, table.where)
    table = _renamed(table)
    named = [*config.rename, *config.key, *(config.where.names() if config.where else ())]
    made = ["unit_id"] if config.key else []
    named += [name for name in required if name not in made]
    named += ["unit_id"] if config.key_width and not config.key else []
    problems = table.missing(named)
    repeated = [name for name, times in Counter(table.text.columns).items() if times > 1]
    problems += [f"`rename` gives {name!r} to two columns" for name in repeated]
    raise_if(problems, DataError, table.where)
    if config.where is not None:
        before = len(table.text)
        table = table.keep(config.where.mask(table))
        if before and not len(table.text):
            problems.append(f"where = {config.where.text!r} keeps none of {before} rows")
    table, bad = _with_key(table)
    problems += bad
    problems += table.unusable(
        [found for name in required if (found := table.name_of(name)) is not None]
    )
    raise_if(problems, DataError, table.where)
    if readings is not None:
        readings.append(table.reading)
    return table


def read_grid(path: Path, config: TableConfig) -> Grid:
    """Read the cells of a file, by what it is and not by its name alone."""
    with path.open("rb") as file:
        head = file.read(8)
    suffix = path.suffix.lower()
    if head.startswith(b"PK\x03\x04"):
        kind = _archived(path)
        if kind is not None:
            return read_xlsx(path, config.sheet) if kind == "xlsx" else read_ods(path, config.sheet)
        return read_vector_table(path, config.sheet, config.encoding)
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return read_xls(path, config.sheet)
    if head.startswith(b"PAR1") or suffix in (".parquet", ".geoparquet"):
        return read_parquet(path)
    if suffix in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise DataError(
            f"cannot be read as a table: it is named {suffix} and is no workbook; if it is text, "
            "name it .csv",
            where=str(path),
        )
    if suffix in _VECTOR:
        return read_vector_table(path, config.sheet, config.encoding)
    return read_delimited(path, config)


def _archived(path: Path) -> str | None:
    """Tell which workbook a ZIP archive is."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except DAMAGED as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error
    raise_if(check_archive(path), DataError, str(path))
    if "[Content_Types].xml" in names:
        return "xlsx"
    return "ods" if "content.xml" in names else None


def heading_row(rows: Rows) -> int:
    """Guess which row holds the headings: the first that is more than half as wide as the widest.

    Examples
    --------
    >>> from regional_atlas.sources.reader.rows import RowMajor
    >>> rows = [(1, ["Population"]), (3, ["FIPS", "Name", "Pop"]), (4, ["1", "A", "2"])]
    >>> heading_row(RowMajor.of(rows))
    3
    """
    widths = [sum(map(holds, rows.row(at))) for at in range(min(50, len(rows)))]
    first = next(at for at, width in enumerate(widths) if width > max(widths) / 2)
    return int(rows.numbers[first])


def note_rows(rows: Rows) -> int:
    """Count the last rows that look like notes: text in the first cell alone.

    Examples
    --------
    >>> from regional_atlas.sources.reader.rows import RowMajor
    >>> rows = [(1, ["01", "5"]), (2, ["02", None]), (3, ["Source: the Bureau", None])]
    >>> note_rows(RowMajor.of(rows))
    1
    """

    def alone(cells: list[Cell]) -> str | None:
        held = [cell for cell in cells if holds(cell)]
        first = held[0] if len(held) == 1 and cells and cells[0] is held[0] else None
        return first.strip() if isinstance(first, str) else None

    notes: list[str] = []
    while len(notes) < len(rows) and (note := alone(rows.row(len(rows) - 1 - len(notes)))):
        notes.append(note)
    if not notes:
        return 0
    firsts = rows.column(0).tolist()[: len(rows) - len(notes)]
    longest = max((len(first.strip()) for first in firsts if isinstance(first, str)), default=0)
    # Rows that are no notes may lack every value: of those, none is one above a note.
    for at, text in zip(range(len(notes), 0, -1), reversed(notes), strict=True):
        if _NOTE.fullmatch(text) or len(text) > max(25, 2 * longest):
            return at
    return 0


def _framed(path: Path, grid: Grid, config: TableConfig) -> Table:
    """Find headings and rows, and make text of every cell."""
    where = str(path)
    reading = TableReading(
        path.name, grid.format, grid.sheet, grid.encoding, grid.delimiter, notes=list(grid.notes)
    )
    rows = grid.rows.without(config.skip_rows)
    reading.left_out = len(grid.rows) - len(rows)
    if grid.headings is not None:
        if config.header_row is not None:
            raise DataError(
                f"a {grid.format} file has headings of its own: leave out header_row", where=where
            )
        headings = grid.headings
    else:
        rows, headings = _below_headings(rows, grid, config, reading, where)
    problems = _unstorable(headings)
    drops = {repair.line: repair.drop for repair in config.repairs if repair.drop}
    rows, bad = _without_cells(rows, drops, grid.row_word)
    problems += bad
    names = [folded(name) for name in headings]
    repeated = sorted(name for name, times in Counter(names).items() if times > 1 and name)
    problems += [f"heading {name!r} appears twice" for name in repeated]
    rows, bad = _without_notes(rows, grid, config, reading)
    problems += bad
    reading.rows, reading.columns = len(rows), sum(map(bool, names))
    if reading.rows * reading.columns > MOST_CELLS:
        raise DataError(
            f"holds {reading.columns:,} headings above {reading.rows:,} rows; at most "
            f"{MOST_CELLS:,} cells are read: leave out columns or rows",
            where=where,
        )
    problems += _beyond(rows, names, grid.row_word)
    raise_if(problems, DataError, where)
    text: dict[str, ExtensionArray] = {}
    typed: dict[str, Typed] = {}
    faults: dict[str, dict[int, str]] = {}
    for at, name in enumerate(names):
        if name:
            cells = rows.column(at)
            text[name], faults[name] = _texts(cells, rows.numbers, config)
            typed[name] = Typed(cells.kinds, cells.values)
    frame = pd.DataFrame(text, index=pd.Index(rows.numbers))
    return Table(
        path,
        frame,
        config,
        reading,
        grid.row_word,
        {name: column for name, column in typed.items() if column.numbers.any()},
        {name: cells for name, cells in faults.items() if cells},
        {name: at for at, name in enumerate(names, start=1) if name},
    )


def _below_headings(
    rows: Rows, grid: Grid, config: TableConfig, reading: TableReading, where: str
) -> tuple[Rows, list[str]]:
    """Part the headings from the rows below them."""
    word = grid.row_word
    if config.header_row is not None:
        above = len(rows)
        rows = rows.kept(rows.numbers >= config.header_row)
        reading.left_out += above - len(rows)
        if not len(rows) or rows.numbers[0] != config.header_row:
            raise DataError(
                f"header_row = {config.header_row}: {word} {config.header_row} is empty",
                where=where,
            )
    if not len(rows):
        raise DataError("cannot be read as a table: it is empty", where=where)
    number, header = int(rows.numbers[0]), rows.row(0)
    guess = heading_row(rows)
    if config.header_row is None and guess != number and sum(map(holds, header)) == 1:
        width = sum(map(holds, rows.row(int(np.argmax(rows.numbers == guess)))))
        raise DataError(
            f"{word} {number} holds one cell and {word} {guess} holds {width}; if the headings are "
            f"in {word} {guess}, declare header_row = {guess}",
            where=where,
        )
    bad = [
        f"{word} {number}, heading {at + 1}: {cell.what}"
        for at, cell in enumerate(header)
        if isinstance(cell, Fault)
    ]
    raise_if(bad, DataError, where)
    reading.header_row = number
    return rows.kept(np.arange(len(rows)) > 0), [
        "" if cell is None else cell.text if isinstance(cell, Number) else str(cell)
        for cell in header
    ]


def _unstorable(headings: list[str]) -> list[str]:
    """Name the headings with a sign that no file holds."""
    return [
        f"heading {at}: {heading!r} holds {sign}; remove it"
        for at, heading in enumerate(headings, start=1)
        if (sign := unstorable(heading)) is not None
    ]


def _without_cells(rows: Rows, drops: dict[int, int], word: str) -> tuple[Rows, list[str]]:
    """Take stray empty cells out of rows; list those that are not there or not empty."""
    places = {number: at for at, number in enumerate(rows.numbers.tolist())} if drops else {}
    changed: dict[int, list[Cell]] = {}
    problems = []
    for row, number in drops.items():
        cells = rows.row(places[row]) if row in places else []
        if number > len(cells):
            problems.append(f"repair of {word} {row}: there is no cell {number}")
        elif holds(cells[number - 1]):
            problems.append(f"repair of {word} {row}: cell {number} holds {cells[number - 1]!r}")
        else:
            del cells[number - 1]
            changed[places[row]] = cells
    return rows.changed(changed), problems


def _without_notes(
    rows: Rows, grid: Grid, config: TableConfig, reading: TableReading
) -> tuple[Rows, list[str]]:
    """Cut the notes below a table off, as declared; say where some look undeclared."""
    before = len(rows)
    if config.footer_rows:
        rows = rows.kept(np.arange(before) < before - config.footer_rows)
    if config.footer_starts:
        starts = tuple(config.footer_starts)
        for at, first in enumerate(rows.first_held()):
            if isinstance(first, str) and first.strip().startswith(starts):
                rows = rows.kept(np.arange(len(rows)) < at)
                break
        else:
            reading.notes.append(f"no {grid.row_word} begins with {' or '.join(map(repr, starts))}")
    reading.left_out += before - len(rows)
    found = note_rows(rows) if grid.headings is None else 0
    if not found:
        return rows, []
    at = len(rows) - found
    number, shown = rows.numbers[at], str(rows.row(at)[0]).strip()
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return rows, [
        f"{grid.row_word} {number}: {shown!r} looks like a note below the table; "
        f"declare footer_rows = {config.footer_rows + found}, or footer_starts"
    ]


def _beyond(rows: Rows, names: list[str], word: str) -> list[str]:
    """Name the rows that hold cells under no heading."""
    width = max((at + 1 for at, name in enumerate(names) if name), default=0)
    problems: list[tuple[int, str]] = []
    widths = rows.widths()
    for at in np.flatnonzero(widths > width).tolist():
        if any(map(holds, rows.row(at)[width:])):
            said = f"{word} {rows.numbers[at]}: {widths[at]} cells under {width} headings"
            problems.append((at, said))
    for column in (at for at, name in enumerate(names[:width]) if not name):
        problems += [
            (
                at,
                f"{word} {rows.numbers[at]}: {_said(cell)} in column {column_letters(column + 1)} "
                "stands under no heading",
            )
            for at, cell in enumerate(rows.column(column).tolist())
            if holds(cell)
        ]
    return _counted([said for _, said in sorted(problems, key=itemgetter(0))])


def _said(cell: Cell) -> str:
    return repr(
        cell.text if isinstance(cell, Number) else cell.what if isinstance(cell, Fault) else cell
    )


def _texts(cells: Cells, rows: Ints, config: TableConfig) -> tuple[ExtensionArray, dict[int, str]]:
    """Make text of a column's cells; by row, what keeps a cell from having a value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, faulty = cells.texts, cells.kinds == FAULT
    faults: dict[int, str | None] = {}
    if faulty.any():
        places = np.flatnonzero(faulty)
        said = map(decoded, texts.take(places).to_pylist())
        faults = dict(zip(places.tolist(), said, strict=True))
        texts = pc.if_else(pa.array(faulty), pa.scalar(None, texts.type), texts)
    texts, unusable = _cleaned(texts, cells.kinds == TEXT, config.strip)
    empty = pa.array([b"", *(mark.encode() for mark in config.missing)], texts.type)
    absent = pc.is_in(texts, empty)
    if pc.any(absent).as_py():
        texts = pc.if_else(absent, pa.scalar(None, texts.type), texts)
    by_row = {int(rows[at]): str(what) for at, what in sorted((faults | unusable).items())}
    return pd.array(texts.view(pa.large_string()), dtype=_STR), by_row


def _cleaned(texts: Any, which: Bools, signs: str) -> tuple[Any, dict[int, str]]:
    """Clean some texts, each different one once; by position, what is wrong with one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    odd = which & texts.is_valid().to_numpy(zero_copy_only=False)
    if odd.any() and not signs:
        bare = pc.match_substring_regex(texts, _BARE).fill_null(True)
        odd &= ~bare.to_numpy(zero_copy_only=False)
    if not odd.any():
        return texts, {}
    places = np.flatnonzero(odd)
    encoded = texts.take(places).dictionary_encode()
    different = [_stripped(str(decoded(each)), signs) for each in encoded.dictionary.to_pylist()]
    bad = {at: sign for at, text in enumerate(different) if (sign := unstorable(text)) is not None}
    kept = [None if at in bad else text for at, text in enumerate(different)]
    texts = pc.replace_with_mask(
        texts, pa.array(odd), pa.array(kept, texts.type).take(encoded.indices)
    )
    held = zip(places.tolist(), encoded.indices.to_pylist(), strict=True) if bad else ()
    return texts, {at: f"holds {bad[code]}; remove it" for at, code in held if code in bad}


def _stripped(text: str, signs: str) -> str:
    """Take blanks and signs off both ends of a text, and compose its letters."""
    text = text.strip()
    text = text.strip(signs).strip() if signs else text
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_STR = pd.StringDtype(na_value=np.nan)
"""What "str" stands for, which takes time to be found out for each column of a wide table."""
_BARE = "^[!-~]([ -~]*[!-~])?$"
"""Texts that need nothing taken off, and hold nothing but ASCII."""


def _repaired(table: Table) -> list[str]:
    """Replace the cells that repairs name, in place; list those that are not as they say."""
    problems = []
    for repair in table.config.repairs:
        line = repair.line
        if repair.column is None:
            continue
        column = folded(repair.column)
        if line not in table.text.index or column not in table.text.columns:
            problems.append(
                f"repair of {table.row_word} {line}: there is no such {table.row_word}, "
                f"or no column {repair.column!r}"
            )
        elif table.text.at[line, column] != repair.was:
            found = table.text.at[line, column]
            problems.append(
                f"repair of {table.row_word} {line}: {repair.column!r} is {found!r}, "
                f"not {repair.was!r}"
            )
        else:
            table.text.at[line, column] = repair.value
            if column in table.typed:
                table.typed[column].kinds[table.text.index.get_loc(line)] = TEXT
    return problems


def _renamed(table: Table) -> Table:
    """Give columns the names that the project uses."""
    names = {folded(heading): name for heading, name in table.config.rename.items()}
    return replace(
        table,
        text=table.text.rename(columns=names),
        typed={names.get(name, name): column for name, column in table.typed.items()},
        faults={names.get(name, name): cells for name, cells in table.faults.items()},
        positions={names.get(name, name): at for name, at in table.positions.items()},
    )


def _with_key(table: Table) -> tuple[Table, list[str]]:
    """Put the unit's id together where its columns are declared; check numbers that are keys."""
    config = table.config
    columns = [str(table.name_of(name)) for name in config.key]
    if not columns and "unit_id" in table.text.columns:
        columns = ["unit_id"]
    if not columns:
        return table, []
    widths: list[int | None] = [*config.key_width] or [None] * len(columns)
    problems = table.unusable(columns)
    parts = []
    for column, width in zip(columns, widths, strict=True):
        cells = table.text[column]
        if width is None:
            problems += list(_lost_zeros(table, column))
            problems += list(_uneven(table, column)) if len(columns) > 1 else []
        else:
            digits = cells.str.fullmatch(r"\d+").fillna(False).astype("bool")
            cells = cells.where(~digits, cells.str.zfill(width))
        parts.append(cells)
    key = parts[0]
    for part in parts[1:]:
        key = key + part
    return replace(table, text=table.text.assign(unit_id=key.astype("str"))), problems


def _uneven(table: Table, column: str) -> Iterator[str]:
    """Refuse digits of several lengths in a part of a key: 1 + 23 and 12 + 3 would be one code."""
    cells = table.text[column].dropna()
    if column in table.typed:
        cells = table.text[column][~table.typed[column].numbers].dropna()
    digits = cells[cells.str.fullmatch(r"[0-9]+")]
    lengths = digits.str.len()
    if lengths.nunique() > 1:
        row = int(str(lengths.idxmin()))
        yield (
            f"column {column!r}, a part of the key, holds digits of {lengths.min()} to "
            f"{lengths.max()} places, such as {digits[row]} in {table.row_word} {row}: codes may "
            "have lost zeros in front; declare key_width, a number for each part of the key"
        )


def _lost_zeros(table: Table, column: str) -> Iterator[str]:
    """Refuse numbers as keys where zeros in front may be lost, or where they are not whole."""
    if column not in table.typed:
        return
    typed = table.typed[column]
    numbers = table.text[column][typed.numbers]
    texts = dict(zip(numbers.index.tolist(), map(str, numbers), strict=True))
    values = typed.values[typed.numbers]
    odd = ~(values % 1 == 0) | (values < 0)
    yield from _counted(
        [
            f"{table.place(row, column)}: the number {texts[row]} is not a code"
            for row in compress(texts, odd)
        ]
    )
    lengths = {len(text) for text in texts.values()}
    if not odd.any() and len(lengths) > 1:
        short = min(texts, key=lambda row: (len(texts[row]), row))
        yield (
            f"column {column!r} holds numbers of {min(lengths)} to {max(lengths)} digits, such as "
            f"{texts[short]} in {table.row_word} {short}: codes may have lost zeros in front; "
            f"declare key_width = {max(lengths)}, or store them as text"
        )
