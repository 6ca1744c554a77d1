"""Numbers written as text: read one way only, or refused with what to declare."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.arrays import Floats, Ints

__all__ = ["Parsed", "parse_numbers"]

_PLAIN = re.compile(r"[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
"""May be a thousand or three decimals."""
_POINT = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""May be three decimals or a thousand."""
_NO_VALUES = frozenset({"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>"})
"""What programs write for a missing value: among numbers nothing else can be meant."""
_SIGNS_OF_NUMBERS = frozenset("+-.,")
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


@dataclass
class Parsed:
    """The numbers of a column.

    Attributes
    ----------
    values : array of float
        NaN where a cell is missing or no number.
    flags : dict of int to str
        By position, the mark that stood behind a value or in its place.
    faults : dict of int to str
        By position, what is wrong with a cell.
    notes : list of (int, str)
        What was recognised without a declaration, each with the position that shows it.
    """

    values: Floats
    flags: dict[int, str] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)


def parse_numbers(cells: pd.Series, config: TableConfig) -> Parsed:
    """Read texts as numbers, by the declared signs or else by those that the column shows.

    Without a declaration the decimal sign is a point. `1,205` and `1.234` are refused: either may
    be a thousand or have three decimals. They are read where another number of the column can be
    read in one way only: `1,234,567` or `1,205.5` shows a comma that parts thousands, `12.5` a
    decimal point.

    Parameters
    ----------
    cells : Series of str
        Missing where there is nothing. Each different text is read once.
    config : TableConfig

    Examples
    --------
    >>> from regional_atlas.config.tables import TableConfig
    >>> parse_numbers(pd.Series(["12.5", None, "1.234"]), TableConfig()).values
    array([12.5  ,    nan,  1.234])
    >>> parse_numbers(pd.Series(["1,205", "7"]), TableConfig()).faults
    {0: "'1,205' can mean 1205 or 1.205; declare decimal and thousands for this table"}
    >>> german = TableConfig(decimal=",", thousands=".")
    >>> parse_numbers(pd.Series(["1.205,5", "1.234"]), german).values
    array([1205.5, 1234. ])
    """
    codes, distinct = pd.factorize(cells)
    return _spread(_parsed(distinct.tolist(), config), codes)


def _parsed(cells: list[str], config: TableConfig) -> Parsed:
    """Read different texts, in the order in which they stand first."""
    found = Parsed(np.full(len(cells), math.nan))
    texts = [_bare(cell, at, config, found) for at, cell in enumerate(cells)]
    if config.decimal is None and config.thousands is None:
        _undeclared(texts, cells, found)
    else:
        _declared(texts, cells, config, found)
    return found


def _spread(found: Parsed, codes: Ints) -> Parsed:
    """Give each cell what was found of its text: that at its code, which is -1 of a missing one."""

    def of_cells(said: dict[int, str]) -> dict[int, str]:
        places = np.flatnonzero(np.isin(codes, list(said))).tolist() if said else []
        return {at: said[codes[at]] for at in places}

    return Parsed(
        np.append(found.values, math.nan)[codes],
        of_cells(found.flags),
        of_cells(found.faults),
        [(int(np.argmax(codes == at)), text) for at, text in found.notes],
    )


def _bare(cell: str, at: int, config: TableConfig, found: Parsed) -> str | None:
    """Take flags and per-cent signs off a cell; note the flag."""
    text = (cell if cell.isascii() else cell.translate(_BLANKS)).strip()
    for flag in sorted(config.flags, key=len, reverse=True):
        if text.endswith(flag) and _may_precede(text[: -len(flag)], flag, config):
            found.flags[at] = flag
            text = text[: -len(flag)].rstrip()
            break
    if config.percent:
        text = text.removesuffix("%").rstrip()
    if text in _NO_VALUES:
        if not any(text in said for _, said in found.notes):
            found.notes.append((at, f"{text!r} is read as a missing value"))
        return None
    return None if not text or text in config.missing else text


def _may_precede(text: str, flag: str, config: TableConfig) -> bool:
    """Say whether a flag may follow: behind a blank, a digit, a % sign or a missing mark.

    A flag that begins as a number does, such as that of a footnote, is one only behind a blank.
    """
    if text[-1:].isspace():
        return True
    if flag[0].isdigit() or flag[0] in _SIGNS_OF_NUMBERS:
        return False
    return not text or text[-1:].isdigit() or text[-1:] == "%" or text in config.missing


def _put(found: Parsed, at: int, number: str, cell: str) -> None:
    value = float(number)
    if math.isfinite(value):
        found.values[at] = value
    else:
        found.faults[at] = f"{cell!r} is not a number"


def _undeclared(texts: list[str | None], cells: list[str], found: Parsed) -> None:
    def first(shows: Callable[[str], bool]) -> int | None:
        return next((at for at, text in enumerate(texts) if text is not None and shows(text)), None)

    groups = first(
        lambda text: "," in text and bool(_GROUPED.fullmatch(text)) and not _COMMA.fullmatch(text)
    )
    point = groups
    if point is None:
        point = first(
            lambda text: "." in text and bool(_PLAIN.fullmatch(text)) and not _POINT.fullmatch(text)
        )
    used = {",": False, ".": False}
    for at, text in enumerate(texts):
        if text is None:
            continue
        if _PLAIN.fullmatch(text):
            if point is None and _POINT.fullmatch(text):
                found.faults[at] = _two_ways(cells[at], text, ".")
            else:
                used["."] |= bool(_POINT.fullmatch(text))
                _put(found, at, text, cells[at])
        elif groups is not None and _GROUPED.fullmatch(text) and not _zero_group(text):
            used[","] = True
            _put(found, at, text.replace(",", ""), cells[at])
        elif _COMMA.fullmatch(text):
            found.faults[at] = _two_ways(cells[at], text, ",")
        else:
            found.faults[at] = (
                f"{cells[at]!r} is not a number{_hint(text) if groups is None else ''}"
            )
    if groups is not None and used[","]:
        found.notes.append((groups, f"a comma parts thousands, as {cells[groups]!r} shows"))
    elif point is not None and used["."]:
        found.notes.append((point, f"the point is the decimal sign, as {cells[point]!r} shows"))


def _zero_group(text: str) -> bool:
    """Say whether groups begin with a zero, as no grouped number does."""
    return text.lstrip("+-").startswith("0")


def _two_ways(cell: str, text: str, sign: str) -> str:
    whole = text.replace(sign, "").lstrip("+")
    negative, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    parts = text.lstrip("+").replace(",", ".")
    return (
        f"{cell!r} can mean {negative}{digits.lstrip('0') or '0'} or {parts}; "
        "declare decimal and thousands for this table"
    )


_NO_VALUE = r"[-–—−.…:*/]+|n\.?\s?[ad]\.?|#N/?A"
_HINTS = (
    (re.compile(r"[+-]?\d+,\d+"), '; is the comma a decimal sign? declare decimal = ","'),
    (
        re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?"),
        '; declare decimal = "," and thousands = "." if a comma is the decimal sign',
    ),
    (re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d*)?"), '; declare thousands = " "'),
    (re.compile(r"[+-]?\d{1,3}('\d{3})+(\.\d*)?"), '; declare thousands = "\'"'),
    (re.compile(r"[+-]?[\d.,]+ ?%"), "; declare percent = true to read it"),
    (
        re.compile(_NO_VALUE, re.IGNORECASE),
        '; if it stands for a missing value, declare missing = ["{}"]',
    ),
    (
        re.compile(r"[^\w\s+.,-]+[\d.,]+|[\d.,]+[€$£¥]"),
        "; declare strip with the signs to take off",
    ),
    (
        re.compile(r"[+-]?[\d.,]+ ?[a-zA-Z*†‡]{1,3}"),
        "; if the letters are a flag, declare flags",
    ),
)
"""What a cell that is not a number looks like, and what to declare."""


def _hint(text: str) -> str:
    for pattern, hint in _HINTS:
        if pattern.fullmatch(text):
            return hint.replace("{}", text)
    return ""


def _declared(
    texts: list[str | None], cells: list[str], config: TableConfig, found: Parsed
) -> None:
    decimal = config.decimal or "."
    thousands = config.thousands.translate(_BLANKS) if config.thousands else None
    if thousands == decimal:
        decimal = ","
    point = re.escape(decimal)
    whole = r"\d+"
    if thousands is not None:
        group = re.escape(thousands)
        whole = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)"
    number = re.compile(rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?", re.ASCII)
    for at, text in enumerate(texts):
        if text is None:
            continue
        if number.fullmatch(text):
            bare = text.replace(thousands, "") if thousands is not None else text
            _put(found, at, bare.replace(decimal, "."), cells[at])
            continue
        groups = "none" if thousands is None else repr(thousands)
        said = f"decimal is {decimal!r}, thousands {groups}"
        found.faults[at] = f"{cells[at]!r} is not a number ({said})"
