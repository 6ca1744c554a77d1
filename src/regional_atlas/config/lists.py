"""Long lists of names: in `atlas.toml`, or in a CSV file beside it whose name stands there."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from regional_atlas.core.model import ExistingFile, ProblemsError

__all__ = [
    "ROWS",
    "EndingTable",
    "FromRows",
    "GroupTable",
    "InCsv",
    "OfFile",
    "TextList",
    "TextTable",
    "said_at",
]


@dataclass(frozen=True)
class InCsv:
    """Marks a key that may name a CSV file, with what the columns of that file are."""

    columns: str


MOST_OF_LIST = 8 * 2**20
"""Bytes of a list of names: some 200,000 of them."""
_FILE: TypeAdapter[Path] = TypeAdapter(ExistingFile)


def _lines(value: str, info: ValidationInfo, width: int) -> Iterator[tuple[str, list[str]]]:
    """Give the heading of a CSV file and its rows, each with its place; blank rows are left out.

    `beside` of the context holds files that are still to be written, by name.
    """
    beside = (info.context or {}).get("beside", {})
    if value in beside:
        text = beside[value]
    else:
        path = _FILE.validate_python(value, context=info.context)
        if path.stat().st_size > MOST_OF_LIST:
            raise ValueError(
                f"{value}: has {path.stat().st_size / 2**20:,.0f} MB; at most "
                f"{MOST_OF_LIST / 2**20:,.0f} MB of a list are read"
            )
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{value}: not UTF-8: {error}") from error
    reader = csv.reader(text.splitlines())
    heading = next(reader, [])
    if len(heading) < width:
        raise ValueError(f"{value}: expected {width} columns with a heading, found {heading}")
    yield f"{value}, line 1", [_cell(cell) for cell in heading]
    for row in reader:
        cells = [_cell(cell) for cell in row]
        if any(cells):
            yield f"{value}, line {reader.line_num}", cells + [""] * (len(heading) - len(cells))


def _cell(text: str) -> str:
    """Take a cell in the form in which names are compared."""
    return unicodedata.normalize("NFC", text.strip())


def _composed(value: Any) -> Any:
    """Take every text of a table or list in the form in which names are compared."""
    if isinstance(value, dict):
        return {_composed(key): _composed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_composed(item) for item in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _pairs(
    value: str, info: ValidationInfo, *, may_be_empty: bool = False
) -> list[tuple[str, str, str]]:
    _, *rows = _lines(value, info, 2)
    where = "the first column" if may_be_empty else "each of the first two columns"
    problems = [
        f"{place}: expected a value in {where}, found {cells[:2]}"
        for place, cells in rows
        if not (cells[0] and (cells[1] or may_be_empty))
    ]
    if problems:
        raise ProblemsError(problems)
    return [(place, cells[0], cells[1]) for place, cells in rows]


def _text_table(value: Any, info: ValidationInfo, *, may_be_empty: bool = False) -> Any:
    if not isinstance(value, str):
        return _composed(value)
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    problems = []
    for place, key, said in _pairs(value, info, may_be_empty=may_be_empty):
        if key in found:
            problems.append(f"{place}: {key!r} stands on {first[key]} already")
        found[key] = said
        first.setdefault(key, place.rpartition(", ")[2])
    if problems:
        raise ProblemsError(problems)
    return found


def _ending_table(value: Any, info: ValidationInfo) -> Any:
    return _text_table(value, info, may_be_empty=True)


def _group_table(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return _composed(value)
    groups: dict[str, list[str]] = {}
    for _, group, member in _pairs(value, info):
        groups.setdefault(group, []).append(member)
    return groups


def _text_list(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return _composed(value)
    _, *rows = _lines(value, info, 1)
    return [cells[0] for _, cells in rows]


def _row_table(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    (_, heading), *rows = _lines(value, info, 1)
    return [_nested(heading, cells) for _, cells in rows]


def _nested(heading: list[str], cells: list[str]) -> dict[str, Any]:
    """Make a table of a row; a heading such as `title.en` names a key of a table in it."""
    row: dict[str, Any] = {}
    for name, cell in zip(heading, cells, strict=False):
        if cell:
            *tables, key = name.split(".")
            inner = row
            for table in tables:
                inner = inner.setdefault(table, {})
            inner[key] = cell
    return row


class OfFile(dict[str, Any]):
    """A table from a CSV file, which knows the lines that it comes from.

    Attributes
    ----------
    places : dict of str and of tuple to str
        File and line by name; by group and member where it holds groups.
    """

    places: dict[Any, str]


def said_at(table: Mapping[str, Any], *key: str) -> str:
    """Say where a table has a name, or a member of a group, to stand before a message.

    Parameters
    ----------
    table : mapping
        A `TextTable` or `GroupTable`.
    *key : str
        The name, or the group and its member.

    Returns
    -------
    str
        File and line with a colon; empty for what `atlas.toml` itself holds.
    """
    if not isinstance(table, OfFile):
        return ""
    place = table.places.get(key if len(key) > 1 else key[0])
    return f"{place}: " if place else ""


def _with_lines(*, groups: bool = False, may_be_empty: bool = False) -> WrapValidator:
    """Keep the lines of a CSV file beside what it holds."""

    def kept(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        table = handler(value)
        if not isinstance(value, str):
            return table
        found = OfFile(table)
        found.places = {}
        for place, name, said in _pairs(value, info, may_be_empty=may_be_empty):
            found.places.setdefault((name, said) if groups else name, place)
        return found

    return WrapValidator(kept)


TextTable = Annotated[
    dict[str, str],
    BeforeValidator(_text_table),
    _with_lines(),
    InCsv("two columns below a heading, the key and its text"),
]
"""Texts by name."""
EndingTable = Annotated[
    dict[str, str],
    BeforeValidator(_ending_table),
    _with_lines(may_be_empty=True),
    InCsv("two columns below a heading, the ending and its text, which may be empty"),
]
"""Texts by the endings of names."""
GroupTable = Annotated[
    dict[str, list[str]],
    BeforeValidator(_group_table),
    _with_lines(groups=True),
    InCsv("two columns below a heading, the group and one of its members"),
]
"""Lists of texts by group."""
TextList = Annotated[list[str], BeforeValidator(_text_list), InCsv("the texts")]
"""Texts."""


FromRows = BeforeValidator(_row_table)
"""Lets a list of models be a CSV file, one row each; goes with `ROWS`."""
ROWS = InCsv("the keys of a row, those of a text as `title.en`")
