"""What a file's cells are before anything is made of them: text, typed numbers, faults."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from regional_atlas.core.names import plain

__all__ = ["Cell", "Fault", "Grid", "Number", "column_letters", "shown", "truth"]

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


@dataclass
class Grid:
    """The cells of one file or sheet.

    Attributes
    ----------
    format : str
        What the file is: csv, xlsx, xls, ods, parquet, or the driver of a GIS file.
    rows : list of (int, list of Cell)
        Every row that holds anything, by its number in the file; rows may differ in length.
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
    rows: list[tuple[int, list[Cell]]]
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
