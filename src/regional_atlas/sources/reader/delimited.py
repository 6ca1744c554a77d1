"""Text files of cells: their encoding and delimiter, declared or refused with what to declare."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.spreadsheets import restored
from regional_atlas.core.unpacking import MOST_CELLS, MOST_TEXT, text_too_large
from regional_atlas.sources.encodings import guessed_encoding, reads_as
from regional_atlas.sources.reader.cells import Grid
from regional_atlas.sources.reader.rows import RowsBuilder

__all__ = ["guessed_delimiter", "read_delimited"]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def read_delimited(path: Path, config: TableConfig) -> Grid:
    """Read a text file's cells, each row with the number of its first line.

    Raises
    ------
    DataError
        The file is not in the declared encoding (UTF-8 by default), its cells are parted by another
        sign than the declared one, or quotes do not end. One message says what to declare.
    """
    where = str(path)
    size = path.stat().st_size
    if size > MOST_TEXT:
        raise DataError(text_too_large(size), where=where)
    raw = path.read_bytes()
    given = config.encoding or "utf-8"
    delimiter = config.delimiter or ("\t" if path.suffix.lower() in (".tsv", ".tab") else ",")
    in_all = sum(raw.count(sign.encode()) for sign in {*DELIMITERS, "\n"})
    if in_all > MOST_CELLS:
        raise DataError(
            f"has some {in_all:,} cells; at most {MOST_CELLS:,} are read: leave out columns or "
            "rows",
            where=where,
        )
    raise_if(_endless(raw, delimiter), DataError, where)
    text, problems, wanted = _decoded(raw, given)
    guessed = guessed_delimiter(text)
    first = next((line for line in _lines(text) if line.strip()), "")
    parts = delimiter in (first if config.delimiter is None else text)
    if guessed is not None and guessed != delimiter and not parts:
        problems.append(
            f"a {_name(delimiter)} parts no cells, they look parted by a {_name(guessed)}"
        )
        wanted.append(f"delimiter = {_toml(guessed)}")
        delimiter = guessed
    if wanted:
        comma = _decimal_comma(text, delimiter) if config.decimal is None else None
        if comma is not None:
            problems.append(f"{comma!r} looks like a number with a decimal comma")
            wanted.append('decimal = ","')
        raise DataError(
            f"{'; '.join(problems)}; declare {', '.join(wanted)} for this table", where=where
        )
    rows = RowsBuilder()
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    start, restored_cells = 1, 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                texts = [restored(cell) for cell in cells]
                restored_cells += sum(map(str.__ne__, texts, cells))
                rows.add(start, texts)
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"cannot be read as a table: {error}, in what begins in line {start}", where=where
        ) from error
    kind = "tsv" if delimiter == "\t" else "csv"
    said = f"{restored_cells} cells begin with an apostrophe before the sign of a formula"
    return Grid(
        kind,
        rows.rows(),
        row_word="line",
        encoding=given,
        delimiter=delimiter,
        notes=[f"{said}; read without it"] if restored_cells else [],
    )


def _endless(raw: bytes, delimiter: str) -> Iterator[str]:
    """Say whether a cell or a line has no end, by pieces that hold none."""
    ends = [b"\n", b"\r"]
    parts = [*ends, *(sign.encode() for sign in {*DELIMITERS, delimiter})]
    for what, most, signs in ("cell", _MOST_OF_CELL, parts), ("line", _MOST_OF_LINE, ends):
        for start in range(0, len(raw) - most + 1, most):
            if all(raw.find(sign, start, start + most) < 0 for sign in signs):
                yield f"a {what} has more than {most // 2**10:,} kB; at most so much is read"
                return


_MOST_OF_CELL = 2**19
"""Bytes of the 131,072 signs that the reader of CSV takes."""
_MOST_OF_LINE = 2**24


def _decoded(raw: bytes, encoding: str) -> tuple[str, list[str], list[str]]:
    """Decode a file; say what is wrong with its encoding, and what to declare."""
    try:
        # A byte order mark is no part of the text.
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        guess = "utf-8" if reads_as(raw, "utf-8") else guessed_encoding(raw)
        text = raw.decode(guess, errors="replace").removeprefix("\ufeff")
        line = raw.count(b"\n", 0, at) + 1
        shown = _line(text, line)
        problem = f"line {line} is not {encoding}; read as {guess} it is {shown!r}"
        return text, [problem], [f'encoding = "{guess}"']
    if encoding not in ("utf-8", "utf-8-sig") and not raw.isascii() and reads_as(raw, "utf-8"):
        problem = f"{encoding} is declared, and the file is UTF-8"
        return raw.decode("utf-8-sig"), [problem], ['encoding = "utf-8"']
    control = re.search("[\x80-\x9f]", text) if ISO_8859.match(encoding) else None
    guess = guessed_encoding(raw) if control else encoding
    if control and guess != encoding:
        read = raw.decode(guess, errors="replace")
        line = text.count("\n", 0, control.start()) + 1
        shown = _line(read, line)
        problem = (
            f"line {line} holds the control sign 0x{ord(control[0]):02x}, as {encoding}; read as "
            f"{guess} it is {shown!r}"
        )
        return read, [problem], [f'encoding = "{guess}"']
    return text, [], []


def _line(text: str, number: int) -> str:
    """Give the beginning of a line, which another encoding may part from others elsewhere."""
    return "".join(text.split("\n")[number - 1 : number]).strip()[:60]


ISO_8859 = re.compile("(iso-?8859|latin)", re.IGNORECASE)
"""Encodings whose bytes 0x80 to 0x9f are control signs; Windows has letters and quotes there."""


def _lines(text: str) -> Iterator[str]:
    """Go through the lines with their ends, without a copy of them all."""
    return (found[0] for found in _LINE.finditer(text))


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


def guessed_delimiter(text: str) -> str | None:
    r"""Guess what parts the cells: the sign that parts most lines into equally many, if any.

    Examples
    --------
    >>> guessed_delimiter("a;b;c\n1,5;2;3\n"), guessed_delimiter("a b\n1 2\n")
    (';', None)
    """
    lines = [line for line in islice(_lines(text), 200) if line.strip()]
    best: tuple[float, str] | None = None
    for sign in DELIMITERS:
        counts = Counter(line.count(sign) for line in lines)
        counts.pop(0, None)
        if counts:
            usual, times = counts.most_common(1)[0]
            found = (times * min(usual, 50), sign)
            best = found if best is None or found[0] > best[0] else best
    return best[1] if best else None


def _decimal_comma(text: str, delimiter: str) -> str | None:
    """Find a cell that is a number with a decimal comma, where commas part no cells."""
    if delimiter == ",":
        return None
    for line in islice(_lines(text), 200):
        for cell in line.split(delimiter):
            whole, comma, part = cell.strip().strip('"').partition(",")
            if comma and whole.lstrip("+-").isdecimal() and part.isdecimal():
                return cell.strip().strip('"')
    return None


def _name(sign: str) -> str:
    return DELIMITERS.get(sign, repr(sign))


def _toml(sign: str) -> str:
    return '"\\t"' if sign == "\t" else f'"{sign}"'
