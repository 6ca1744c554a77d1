"""Long lists of names: in `atlas.toml`, or in a CSV file beside it whose name stands there."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
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
from regional_atlas.core.names import folded
from regional_atlas.core.signs import control, line_break, unseen

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
    "several_named",
]


@dataclass(frozen=True)
class InCsv:
    """Marks a key that may name a CSV file, with what the columns of that file are."""

    columns: str


MOST_OF_LIST = 8 * 2**20
"""Bytes of a list of names: some 200,000 of them."""
_FILE: TypeAdapter[Path] = TypeAdapter(ExistingFile)


def _lines(value: str, info: ValidationInfo, width: int) -> list[tuple[str, list[str]]]:
    """Give the heading of a CSV file and its rows, each with its place; blank rows are left out."""
    reader = csv.reader(io.StringIO(_text_of(value, info), newline=""))
    rows: list[tuple[str, list[str]]] = []
    problems: list[str] = []
    line = 1
    try:
        for row in reader:
            place, line = f"{value}, line {line}", reader.line_num + 1
            problems += [
                f"{place}: holds {sign}; remove it" for sign in filter(None, map(_sign, row))
            ]
            rows.append((place, [_cell(cell) for cell in row]))
    except csv.Error as error:
        problems.append(f"{value}, line {line}: cannot be read as CSV: {error}")
    if problems:
        raise ProblemsError(problems)
    heading = rows[0][1] if rows else []
    if len(heading) < width:
        raise ValueError(f"{value}: expected {width} columns with a heading, found {heading}")
    filled = [(place, cells) for place, cells in rows[1:] if any(cells)]
    return [
        (place, cells + [""] * (len(heading) - len(cells))) for place, cells in [rows[0], *filled]
    ]


def _text_of(value: str, info: ValidationInfo) -> str:
    """Read a CSV file. `beside` of the context holds what is still to be written, by name."""
    beside: Mapping[str, str] = (info.context or {}).get("beside", {})
    if value in beside:
        return beside[value]
    path = _FILE.validate_python(value, context=info.context)
    if path.stat().st_size > MOST_OF_LIST:
        raise ValueError(
            f"{value}: has {path.stat().st_size / 2**20:,.0f} MB; at most "
            f"{MOST_OF_LIST / 2**20:,.0f} MB of a list are read"
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{value}: not UTF-8: {error}") from error


def _cell(text: str) -> str:
    """Take a cell in the form in which names are compared."""
    return unicodedata.normalize("NFC", text.strip())


def _sign(text: str) -> str | None:
    """Name the first sign of a text that no name has: it steers a terminal, or ends a line."""
    if found := control(text):
        return found
    broken = line_break(text)
    return broken and f"{broken}, a line break"


def _entries(
    value: Any, info: ValidationInfo, *, may_be_empty: bool = False
) -> list[tuple[str, Any, Any]] | None:
    """Give the place, the name and what stands with it, of a CSV file or a table.

    None for what is neither. Texts are in the form in which names are compared.
    """
    if isinstance(value, str):
        return [*_pairs(value, info, may_be_empty=may_be_empty)]
    if not isinstance(value, dict):
        return None
    entries = [("", _composed(key), _composed(said)) for key, said in value.items()]
    problems = [
        f"{key!r}: {flaw}"
        for _, key, said in entries
        for text in (key, *(said if isinstance(said, list) else [said]))
        if (flaw := _flaw(text)) and not (may_be_empty and text == "" and text != key)
    ]
    if problems:
        raise ProblemsError([*dict.fromkeys(problems)])
    return entries


def _flaw(text: Any) -> str | None:
    """Say what is wrong with a text that is a name; nothing of what is none."""
    if not isinstance(text, str):
        return None
    if found := _sign(text):
        return f"holds {found}; remove it"
    return f"expected a text with a visible sign, found {text!r}" if unseen(text) else None


def _composed(value: Any) -> Any:
    """Take every text of a table or list in the form in which names are compared."""
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
        if unseen(cells[0]) or (unseen(cells[1]) and not (may_be_empty and cells[1] == ""))
    ]
    if problems:
        raise ProblemsError(problems)
    return [(place, cells[0], cells[1]) for place, cells in rows]


def _text_table(value: Any, info: ValidationInfo, *, may_be_empty: bool = False) -> Any:
    entries = _entries(value, info, may_be_empty=may_be_empty)
    if entries is None:
        return value
    found: dict[Any, Any] = {}
    first: dict[Any, str] = {}
    problems = []
    for place, key, said in entries:
        if key in found:
            problems.append(
                f"{place}: {key!r} stands on {first[key]} already"
                if place
                else f"{key!r} stands there twice, in two forms of Unicode"
            )
        found[key] = said
        first.setdefault(key, place.rpartition(", ")[2])
    if problems:
        raise ProblemsError(problems)
    return found


def _ending_table(value: Any, info: ValidationInfo) -> Any:
    return _text_table(value, info, may_be_empty=True)


def _group_table(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return _text_table(value, info)
    groups: dict[str, list[str]] = {}
    for _, group, member in _pairs(value, info):
        groups.setdefault(group, []).append(member)
    return groups


def _text_list(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        _, *rows = _lines(value, info, 1)
        problems = [
            f"{place}: expected a value in the first column, found {cells[0]!r}"
            for place, cells in rows
            if unseen(cells[0])
        ]
        found: Any = [cells[0] for _, cells in rows]
    else:
        found = _composed(value)
        problems = [
            f"[{at}]: {flaw}"
            for at, text in enumerate(found if isinstance(found, list) else [])
            if (flaw := _flaw(text))
        ]
    if problems:
        raise ProblemsError(problems)
    return found


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


def several_named(table: Mapping[str, str], *, ignore_case: bool = False) -> list[str]:
    """Say which names of a table are one where names are compared, yet mean different things.

    Parameters
    ----------
    table : mapping of str to str
        A `TextTable` of names, and what each means.
    ignore_case : bool
        Whether names are also compared without regard to case.

    Examples
    --------
    >>> several_named({"Ash": "01", "Ash\u200b": "01", "ASH": "02"}, ignore_case=True)
    ["'ASH' and 'Ash' are one name, for 02 and for 01"]
    """
    first: dict[str, str] = {}
    problems = []
    for name, meant in table.items():
        other = first.setdefault(folded(name, ignore_case=ignore_case), name)
        if folded(table[other]) != folded(meant):
            line = said_at(table, other).removesuffix(": ").rpartition(", ")[2]
            at = f" on {line}" if line else ""
            problems.append(
                f"{said_at(table, name)}{name!r} and {other!r}{at} are one name, "
                f"for {meant} and for {table[other]}"
            )
    return problems


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
