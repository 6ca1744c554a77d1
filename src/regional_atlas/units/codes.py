"""Codes that are no unit's as they stand: what they may mean is said, and nothing is changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

__all__ = ["Likeness", "likeness", "lost_zeros"]


class Likeness(NamedTuple):
    """A unit that a code may mean.

    Attributes
    ----------
    code, unit : str
        The code as it stands, and the unit's id.
    asked : str
        What may have happened, and what to do.
    """

    code: str
    unit: str
    asked: str


def lost_zeros(codes: Iterable[str], ids: Collection[str]) -> dict[str, str]:
    """Find the ids that codes would be with zeros in front, up to the lengths of the ids.

    Examples
    --------
    >>> lost_zeros(["101", "00102", "7x"], ["00101", "00102"])
    {'101': '00101'}
    """
    lengths = sorted({len(unit) for unit in ids})
    known = frozenset(ids)
    found = {}
    for code in codes:
        if code.isdecimal() and code not in known:
            padded = (code.zfill(length) for length in lengths if length > len(code))
            match = next((longer for longer in padded if longer in known), None)
            if match is not None:
                found[code] = match
    return found


def likeness(codes: Iterable[str], ids: Collection[str]) -> Likeness | None:
    """Find the first code that another form of it makes a unit's id.

    Parameters
    ----------
    codes : iterable of str
        Codes that are no unit's.
    ids : collection of str
        The units'.

    Examples
    --------
    >>> likeness(["x", "101"], ["00101"]).asked
    'did 00101 lose its zeros? declare key_width = 5'
    >>> likeness(["101.0"], ["00101"]).asked
    'is it 00101, stored as a decimal number? store the column as text'
    >>> likeness(["00101"], ["101"]).asked
    'is it 101? the ids of the units may have lost zeros: store the key of the boundaries as text'
    """
    codes, known = list(codes), frozenset(ids)
    short = lost_zeros(codes, known)
    if short:
        code, unit = next(iter(short.items()))
        return Likeness(code, unit, f"did {unit} lose its zeros? declare key_width = {len(unit)}")
    cased = {unit.casefold(): unit for unit in known}
    for code in codes:
        for form, asked in FORMS:
            other = form(code)
            if other is None or other == code:
                continue
            meant = other if other in known else lost_zeros([other], known).get(other)
            if meant is not None:
                return Likeness(code, meant, f"is it {meant}{asked}")
        if code.casefold() in cased:
            unit = cased[code.casefold()]
            return Likeness(code, unit, f"is it {unit}, in other letters? write it as the units do")
    return None


def _whole(code: str) -> str | None:
    match = re.fullmatch(r"([0-9]+)[.,]0+", code)
    return match and match[1]


def _in_full(code: str) -> str | None:
    if not re.fullmatch(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]{1,2}", code):
        return None
    return f"{float(code.replace(',', '.')):.0f}"


FORMS: list[tuple[Callable[[str], str | None], str]] = [
    (_whole, ", stored as a decimal number? store the column as text"),
    (_in_full, ", in scientific notation? digits may be lost: store the column as text, anew"),
    (lambda code: code.strip("'"), '? declare strip = "\'"'),
    (lambda code: code.strip('"'), "? declare strip = '\"'"),
    (
        lambda code: unicodedata.normalize("NFKC", code),
        ", in full-width signs? write it in those of the units",
    ),
    (
        lambda code: code.lstrip("0"),
        "? the ids of the units may have lost zeros: store the key of the boundaries as text",
    ),
]
"""Other forms of a code, and what is asked where one is a unit's id."""
