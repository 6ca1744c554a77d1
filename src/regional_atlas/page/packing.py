"""Numbers as bytes: exact, small, and quick to read in the page.

A block of the page is gzip of a head and a body. The head is JSON with `data`, in which every
packed list stands as null, and `columns`, which says where each belongs; the body holds the
columns' bytes.

A value is written as its difference from a guess, as a whole number of decimal steps. The guess is
an earlier column (last year's for this year's), such a column times the ratio of two others (what
the sum grew by, for the mean), the value before, or 0. What is read back are the same doubles.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats, Ints

__all__ = ["pack", "unpack"]

LEAST = 8
"""Lists shorter than this stay in the head."""

SAMPLE = 4096
"""Rows by which the guess for a longer list is chosen."""
_RUN = 64
"""Rows that stand together in the sample: one guess is the value before."""

_MOST = 2.0**51
"""Steps that a double still counts one by one, with room for a difference."""

_DECIMALS = 20
_POWERS = {k: float(f"1e{k}") for k in range(-_DECIMALS, 23)}
_TENS = np.array([_POWERS[k] for k in range(17)])
_BEFORE = -1

_LETTERS = np.array([ord(c) for c in map(chr, range(33, 127)) if c not in '"&<'], dtype=np.uint8)
"""91 characters that mean nothing in HTML; base64 would be a twelfth longer."""

Path = tuple[str, ...]


class _Coding(TypedDict, total=False):
    """How a column stands in the body; see the page format."""

    double: int
    digits: int
    decimals: int
    guess: list[int]
    shifts: int
    width: int


class _Head(_Coding):
    """What the head says of a column."""

    path: list[str]
    n: int
    pair: NotRequired[int]


@dataclass(frozen=True)
class _Column:
    """A list of numbers, NaN where there is none, and the precision that it is written with."""

    path: Path
    values: Floats
    digits: int
    decimals: int

    @cached_property
    def sample(self) -> _Column:
        """The column itself, or some of its rows where it is long: many short runs of them."""
        n = self.values.size
        if n <= SAMPLE:
            return self
        starts = np.linspace(0, n - _RUN, SAMPLE // _RUN).astype(np.int64)
        return replace(self, values=self.values[(starts[:, None] + np.arange(_RUN)).ravel()])

    def places(self, values: Floats) -> Ints:
        """Give the decimals that values of this size have here: fewer for large ones."""
        places = np.full(values.shape, self.decimals)
        for k in range(self.decimals, 0, -1):
            places[(places == k) & (np.abs(values) >= _POWERS[self.digits - k])] = k - 1
        return places


def pack(data: Any) -> str:
    """Write plain data as text; the same data gives the same text.

    Parameters
    ----------
    data : JSON data
        Lists of numbers and None, anywhere in dicts within dicts, become bytes; of a list of pairs
        of numbers both parts do.

    Returns
    -------
    str

    Examples
    --------
    >>> years = {"2021": [10.5, None] * 4, "2022": [11.25, 0] * 4}
    >>> unpack(pack(years)) == years
    True
    """
    columns: list[_Column] = []
    heads: list[_Head] = []
    data = _taken_out(data, (), columns, heads)
    body = bytearray()
    for at, column in enumerate(columns):
        heads[at] = {**heads[at], **_write(column, columns[:at], body)}
    head = json.dumps(
        {"data": data, "columns": heads}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return _text(_gzip(head.encode() + b"\n" + bytes(body)))


def unpack(text: str) -> Any:
    """Read what `pack` wrote, number for number.

    Parameters
    ----------
    text : str

    Returns
    -------
    JSON data
    """
    head_bytes, body = gzip.decompress(_bytes(text)).split(b"\n", 1)
    head = json.loads(head_bytes)
    planes = _planes(np.frombuffer(body, dtype=np.uint8))
    known: list[Floats] = []
    for column in head["columns"]:
        known.append(_read(column, planes, known))
        plain = [
            None if np.isnan(value) else int(value) if value.is_integer() else value
            for value in known[-1].tolist()
        ]
        _put(head["data"], column, plain)
    return head["data"]


def _gzip(data: bytes) -> bytes:
    """Compress; the byte for the system is "unknown", which versions of Python set otherwise."""
    packed = gzip.compress(data, compresslevel=9, mtime=0)
    return packed[:9] + b"\xff" + packed[10:]


def _text(data: bytes) -> str:
    """Write 13 bits in two characters, lowest bit first; a last six or fewer in one."""
    return "".join(_letters(data[at : at + _BLOCK]) for at in range(0, len(data), _BLOCK))


_BLOCK = 13 * 2**14
"""Bytes that are written at once: a multiple of 13 bits, of which each takes 8 bytes."""


def _letters(data: bytes) -> str:
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")
    groups = np.pad(bits, (0, -len(bits) % 13)).reshape(-1, 13) @ (1 << np.arange(13))
    codes = np.stack([groups % 91, groups // 91], axis=1).ravel()
    if 0 < len(bits) % 13 <= 6:
        codes = codes[:-1]
    return str(_LETTERS[codes].tobytes(), "ascii")


def _bytes(text: str) -> bytes:
    codes = np.searchsorted(_LETTERS, np.frombuffer(text.encode("ascii"), dtype=np.uint8))
    single = len(codes) % 2
    groups = np.pad(codes, (0, single)).reshape(-1, 2) @ np.array([1, 91])
    bits = (groups[:, None] >> np.arange(13) & 1).astype(np.uint8).ravel()
    known = len(bits) - 7 * single
    return np.packbits(bits[: known - known % 8], bitorder="little").tobytes()


def _taken_out(data: Any, path: Path, columns: list[_Column], heads: list[_Head]) -> Any:
    if isinstance(data, dict):
        return {key: _taken_out(held, (*path, key), columns, heads) for key, held in data.items()}
    if not isinstance(data, list) or len(data) < LEAST:
        return data
    paired = all(isinstance(item, list) and len(item) == 2 for item in data)
    parts = list(zip(*data, strict=True)) if paired else [data]
    if not all(_is_number(item) for part in parts for item in part):
        return data
    for part in parts:
        values = np.array([np.nan if item is None else item for item in part], dtype=np.float64)
        columns.append(_Column(path, values, *_precision(values)))
        head: _Head = {"path": list(path), "n": len(part)}
        if paired:
            head["pair"] = 1
        heads.append(head)
    return None


def _is_number(item: Any) -> bool:
    return item is None or (isinstance(item, int | float) and not isinstance(item, bool))


def _precision(values: Floats) -> tuple[int, int]:
    """Give the most significant digits and the most decimals of any value."""
    known = np.unique(np.abs(values[~np.isnan(values)]))
    if np.all(known == np.rint(known)):
        return 0, 0
    digits, decimals = _written(known)
    odd = known[decimals < 0]
    parts = [Decimal(repr(value)).normalize().as_tuple() for value in odd.tolist()]
    return (
        max([int(digits.max()), *(len(part.digits) for part in parts)]),
        max([int(decimals.max()), *(-int(part.exponent) for part in parts)]),
    )


def _written(values: Floats) -> tuple[Ints, Ints]:
    """Give the significant digits and the decimals of the shortest decimals that mean the values.

    Where that is not quick to say (17 digits, huge numbers) there is 0 and -1.
    """
    digits, decimals = np.zeros(values.shape, np.int64), np.full(values.shape, -1)
    for k in range(_DECIMALS + 1):
        with np.errstate(over="ignore"):
            whole = np.rint(values * _POWERS[k])
        new = (decimals < 0) & (whole < _MOST) & (whole / _POWERS[k] == values)
        decimals[new] = k
        digits[new] = np.searchsorted(_TENS, whole[new], side="right")
    whole = np.where(decimals == 0, values, 1)
    while (zero := (whole > 0) & (whole % 10 == 0)).any():
        whole[zero] /= 10
        digits[zero] -= 1
    return digits, decimals


def _write(column: _Column, before: Sequence[_Column], body: bytearray) -> _Coding:
    """Add a column's bytes to the body; give what the head must say of it."""
    coded = None if column.decimals > _DECIMALS else _best(column, before)
    if coded is None:
        body += column.values.astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
        return {"double": 1}
    if coded.shifts.any():
        body += coded.shifts.astype(np.int8).tobytes()
    width = int(np.max(coded.steps, initial=0)).bit_length() + 7 >> 3
    for plane in range(width):
        body += (coded.steps >> 8 * plane).astype(np.uint8).tobytes()
    return {
        "digits": column.digits,
        "decimals": column.decimals,
        "guess": coded.guess,
        "shifts": int(coded.shifts.any()),
        "width": width,
    }


class _Coded(NamedTuple):
    """A column as differences from a guess."""

    guess: list[int]
    shifts: Ints
    steps: Ints

    def bits(self) -> float:
        """About the room that it takes."""
        return float(np.log2(1 + self.steps).sum() + 3 * np.count_nonzero(self.shifts))


def _best(column: _Column, before: Sequence[_Column]) -> _Coded | None:
    """Code a column with the guess that takes the least room, in a sample of a long column."""
    samples = [other.sample for other in before]
    found = list(_codings(column.sample, samples, _guesses(column, before)))
    best = min(found, key=_Coded.bits, default=None)
    if best is None or column.sample is column:
        return best
    # Without a guess every column can be coded that has so few digits.
    return next(_codings(column, before, [best.guess, []]), None)


def _codings(
    column: _Column, before: Sequence[_Column], guesses: Iterable[list[int]]
) -> Iterator[_Coded]:
    """Code a column by each of the guesses that can be made."""
    missing = np.isnan(column.values)
    values = np.where(missing, 0, column.values)
    places = column.places(values)
    whole = np.rint(values * _power(places))
    if np.any(np.abs(whole) >= _MOST) or np.any(whole / _power(places) != values):
        return
    known = [other.values for other in before]
    for guess in guesses:
        guessed = _guessed(guess, known, values, missing)
        with np.errstate(over="ignore"):
            near = np.floor(guessed * _power(places) + 0.5)
        if np.any(np.abs(near) >= _MOST):
            continue
        shifts = np.where(missing, 0, places - column.places(guessed))
        away = (whole - near).astype(np.int64)
        steps = np.where(missing, 0, np.where(away < 0, -2 * away, 2 * away + 1))
        yield _Coded(guess, shifts, steps)


def _guesses(column: _Column, before: Sequence[_Column]) -> Iterator[list[int]]:
    yield []
    yield [_BEFORE]
    alike = [at for at, other in enumerate(before) if other.values.size == column.values.size]
    yield from ([at] for at in alike)
    places = {before[at].path: at for at in alike}
    parent, key = column.path[:-1], column.path[-1]
    siblings = [path for path in places if path[:-1] == parent and path != column.path]
    if not siblings:
        return
    last = siblings[-1]
    for path, at in places.items():
        other = (*path[:-1], last[-1])
        if path[-1] == key and other in places:
            yield [places[last], at, places[other]]


def _guessed(guess: list[int], known: Sequence[Floats], values: Floats, missing: Any) -> Floats:
    if not guess:
        return np.zeros(values.shape)
    if guess == [_BEFORE]:
        held = np.maximum.accumulate(np.where(missing, -1, np.arange(values.size)))
        at = np.concatenate([[-1], held[:-1]])
        return np.where(at < 0, 0, values[at])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        guessed = known[guess[0]]
        if len(guess) == 3:
            guessed = guessed * (known[guess[1]] / known[guess[2]])
    return np.where(np.isfinite(guessed), guessed, 0)


def _power(places: Ints) -> Floats:
    return np.array([_POWERS[k] for k in range(_DECIMALS + 1)])[places]


def _planes(body: NDArray[np.uint8]) -> Any:
    at = 0

    def planes(count: int, size: int) -> NDArray[np.uint8]:
        nonlocal at
        at += count * size
        return body[at - count * size : at].reshape(count, size)

    return planes


def _read(head: _Head, planes: Any, known: Sequence[Floats]) -> Floats:
    n = head["n"]
    if "double" in head:
        doubles: Floats = np.ascontiguousarray(planes(8, n).T).view("<f8").ravel()
        return doubles
    shifts = planes(1, n)[0].view(np.int8) if head["shifts"] else np.zeros(n, dtype=np.int8)
    scale = 256 ** np.arange(head["width"])
    steps = (planes(head["width"], n).T.astype(np.int64) * scale).sum(axis=1)
    column = _Column((), np.empty(n), head["digits"], head["decimals"])
    away = np.where(steps % 2 == 1, steps // 2, -(steps // 2))

    def values(guessed: Floats, part: slice) -> Floats:
        power = _power(column.places(guessed) + shifts[part])
        found = (np.floor(guessed * power + 0.5) + away[part]) / power
        return np.where(steps[part] == 0, np.nan, found)

    if head["guess"] != [_BEFORE]:
        none = np.zeros(n, dtype=bool)
        return values(_guessed(head["guess"], known, np.zeros(n), none), slice(None))
    if column.decimals == 0:
        return np.where(steps == 0, np.nan, np.cumsum(away))
    last = np.zeros(1)
    for at in range(n):
        found = values(last, slice(at, at + 1))
        column.values[at] = found[0]
        last = last if np.isnan(found[0]) else found
    return column.values


def _put(data: Any, head: _Head, values: list[Any]) -> None:
    *parents, key = head["path"]
    for parent in parents:
        data = data[parent]
    if "pair" not in head:
        data[key] = values
    elif data[key] is None:
        data[key] = [[value] for value in values]
    else:
        for pair, value in zip(data[key], values, strict=True):
            pair.append(value)
