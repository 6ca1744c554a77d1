"""What a file's cells are before anything is made of them: text, typed numbers, faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.core.names import plain

if TYPE_CHECKING:
    from regional_atlas.sources.reader.rows import Rows

__all__ = [
    "FAULT",
    "NUMBER",
    "PERCENT",
    "TEXT",
    "Cell",
    "Cells",
    "Fault",
    "Grid",
    "Number",
    "column_letters",
    "holds",
    "shown",
    "truth",
]

TEXT, NUMBER, PERCENT, FAULT = range(4)
"""Kinds of cells; PERCENT is a number shown in per cent, and TEXT also a cell without anything."""

_DIGITS = "0#?"
_PATTERN = re.compile(
    r"""(?P<literal>"[^"]*"|\\.|[-()+:/\ $])|(?P<skip>\[[^\]]*\]|_.|\*.)|(?P<digit>[0#?])""",
    re.VERBOSE,
)


class Number(NamedTuple):
    """A number that the file holds as a number."""

    value: float
    text: str
    """As it is shown where the cell is read as text."""
    percent: bool = False
    """Whether it is shown in per cent: 0.123 as 12.3%."""


class Fault(NamedTuple):
    """A cell that has no value that could be used."""

    what: str


Cell = str | Number | Fault | None
"""Text as it is in the file; None where nothing is."""


def holds(cell: Cell) -> bool:
    """Say whether anything is in a cell."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


@dataclass(frozen=True)
class Cells:
    """Cells as arrays: some tens of bytes each, where an object for each takes hundreds.

    Attributes
    ----------
    texts : pyarrow.LargeBinaryArray
        The text, a number as it is shown, or what is wrong with a cell; null where nothing is. In
        UTF-8, with halves of surrogate pairs as they are.
    kinds : array of uint8
        `TEXT`, `NUMBER`, `PERCENT` or `FAULT`.
    values : array of float
        Of the numbers.

    Examples
    --------
    >>> cells = Cells.of(["01", None, Number(0.5, "0.5"), Fault("the error #N/A")])
    >>> cells.tolist() == ["01", None, Number(0.5, "0.5"), Fault("the error #N/A")]
    True
    """

    texts: Any
    kinds: NDArray[np.uint8]
    values: Floats

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Cells:
        """Take cells apart."""
        import pyarrow as pa

        try:
            texts = pa.array(cells, pa.large_binary())
        except (pa.ArrowTypeError, UnicodeEncodeError):
            return cls(
                pa.array([_encoded(cell) for cell in cells], pa.large_binary()),
                np.array([_kind(cell) for cell in cells], np.uint8),
                np.array([cell.value if isinstance(cell, Number) else np.nan for cell in cells]),
            )
        return cls(texts, np.zeros(len(cells), np.uint8), np.full(len(cells), np.nan))

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """Put cells after one another."""
        import pyarrow as pa

        return cls(
            pa.concat_arrays([part.texts for part in parts]),
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.values for part in parts]),
        )

    def __len__(self) -> int:
        """Count them."""
        return len(self.kinds)

    def taken(self, places: Ints, there: Bools | None = None) -> Cells:
        """Take the cells at some places, and nothing where none is `there`."""
        import pyarrow as pa

        if there is None or there.all():
            return Cells(self.texts.take(pa.array(places)), self.kinds[places], self.values[places])
        kinds, values = np.full(len(places), TEXT, np.uint8), np.full(len(places), np.nan)
        kinds[there], values[there] = self.kinds[places[there]], self.values[places[there]]
        return Cells(self.texts.take(pa.array(places, mask=~there)), kinds, values)

    def sliced(self, start: int, length: int) -> Cells:
        """Give some cells that stand together, without a copy."""
        part = slice(start, start + length)
        return Cells(self.texts.slice(start, length), self.kinds[part], self.values[part])

    def tolist(self) -> list[Cell]:
        """Give each as an object."""
        import pyarrow as pa

        if not self.kinds.any():
            with suppress(UnicodeDecodeError):
                texts: list[Cell] = self.texts.view(pa.large_string()).to_pylist()
                return texts
        return [
            _cell(decoded(text), kind, value)
            for text, kind, value in zip(
                self.texts.to_pylist(), self.kinds.tolist(), self.values.tolist(), strict=True
            )
        ]


def decoded(text: bytes | None) -> str | None:
    """Give a text of `Cells`."""
    return None if text is None else text.decode("utf-8", "surrogatepass")


def _encoded(cell: Cell) -> bytes | None:
    text = cell.text if isinstance(cell, Number) else cell.what if isinstance(cell, Fault) else cell
    return None if text is None else text.encode("utf-8", "surrogatepass")


def _kind(cell: Cell) -> int:
    if isinstance(cell, Number):
        return PERCENT if cell.percent else NUMBER
    return FAULT if isinstance(cell, Fault) else TEXT


def _cell(text: str | None, kind: int, value: float) -> Cell:
    if text is None or kind == TEXT:
        return text
    return Fault(text) if kind == FAULT else Number(value, text, kind == PERCENT)


@dataclass
class Grid:
    """The cells of one file or sheet.

    Attributes
    ----------
    format : str
        What the file is: csv, xlsx, xls, ods, parquet, or the driver of a GIS file.
    rows : Rows
        Every row that holds anything.
    headings : list of str or None
        Of a file that has columns of its own; a text file and a workbook have them in a row.
    row_word : str
        What the file's rows are called: line or row.
    sheet, encoding, delimiter : str or None
        Where the file has such.
    notes : list of str
        What a reader should know.
    """

    format: str
    rows: Rows
    headings: list[str] | None = None
    row_word: str = "row"
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    notes: list[str] = field(default_factory=list)


def truth(value: object) -> str:
    """Write a truth value, in the same way for every format."""
    return "true" if value else "false"


def shown(value: float, pattern: str) -> str:
    """Write a number as a spreadsheet shows it, where its format is one of digits and signs alone.

    Such formats are those of codes. Of all others (decimals, groups, currencies) the number is
    written in full.

    Examples
    --------
    >>> shown(1001.0, "00000"), shown(1001.0, "000-00"), shown(7.0, '"A"000;@')
    ('01001', '010-01', 'A007')
    >>> shown(7.0, "???")
    '7'
    >>> shown(1205.5, "#,##0.00"), shown(1205.5, "00000"), shown(-1.0, "000")
    ('1205.5', '1205.5', '-001')
    """
    parts = _parts(pattern)
    if parts is None or value != value or value in (float("inf"), float("-inf")) or value % 1:
        return plain(value)
    digits = str(abs(int(value)))
    written: list[str] = []
    places = sum(part in _DIGITS and len(part) == 1 for part in parts)
    for part in reversed(parts):
        if len(part) != 1 or part not in _DIGITS:
            written.append(part[1:])
            continue
        places -= 1
        # The first place of the format takes all digits that are left.
        taken, digits = (digits, "") if places == 0 else (digits[-1:], digits[:-1])
        written.append(taken or {"0": "0", "?": " "}.get(part, ""))
    return ("-" if value < 0 else "") + "".join(reversed(written)).strip()


@lru_cache(maxsize=1024)
def _parts(pattern: str) -> tuple[str, ...] | None:
    """Split a format into places of digits and literals (marked by a quote in front)."""
    parts: list[str] = []
    at, first = 0, pattern.split(";")[0]
    while at < len(first):
        match = _PATTERN.match(first, at)
        if match is None:
            return None
        if match["digit"]:
            parts.append(match["digit"])
        elif match["literal"]:
            text = match["literal"]
            parts.append('"' + (text[1:-1] if text[0] == '"' else text[-1]))
        at = match.end()
    return tuple(parts) if any(part in _DIGITS for part in parts) else None


def column_letters(number: int) -> str:
    """Name a column of a sheet, counted from 1.

    Examples
    --------
    >>> [column_letters(number) for number in (1, 26, 27, 703)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def merged_note(ranges: Sequence[str]) -> list[str]:
    """Say which cells of a sheet are merged, where there are any."""
    if not ranges:
        return []
    more = f" and {len(ranges) - 5} more" if len(ranges) > 5 else ""
    return [f"merged cells: {', '.join(ranges[:5])}{more}; only the first of each holds a value"]
