"""Well-known binary: how deep geometries lie in one another, before a reader that recurses."""

from __future__ import annotations

import re
import struct
from itertools import islice

__all__ = ["MOST_NESTED", "may_be_deep", "nesting"]

MOST_NESTED = 32
"""Collections in one another; GDAL's own limit."""
_HEADER = re.compile(
    rb"\x01(?:[\x04-\x07]\x00|[\xec-\xef]\x03|[\xd4-\xd7]\x07|[\xbc-\xbf]\x0b)\x00"
    rb"|\x00.\x00(?:\x00[\x04-\x07]|\x03[\xec-\xef]|\x07[\xd4-\xd7]|\x0b[\xbc-\xbf])",
    re.DOTALL,
)
"""Of geometries that hold others: byte order and type, with and without heights."""


def may_be_deep(raw: bytes | memoryview) -> bool:
    """Say whether bytes hold so many beginnings of collections that some may be too deep."""
    return sum(1 for _ in islice(_HEADER.finditer(raw), MOST_NESTED + 1)) > MOST_NESTED


def nesting(raw: bytes) -> int:
    """Count how deep geometries lie in one another; damaged ones as far as they can be read.

    Examples
    --------
    >>> import shapely
    >>> nesting(shapely.to_wkb(shapely.from_wkt("GEOMETRYCOLLECTION (MULTIPOINT (1 2))")))
    3
    """
    at, deepest = 0, 0
    left = [1]
    while left and at + 5 <= len(raw):
        if not left[-1]:
            left.pop()
            continue
        left[-1] -= 1
        deepest = max(deepest, len(left))
        order = "<" if raw[at] else ">"
        code = _number(raw, at + 1, order)
        at += 5 + 4 * bool(code & 0x20000000)  # with a reference system
        kind = code & 0x0FFFFFFF
        size = 8 * (2 + bool(code & 0x80000000) + bool(code & 0x40000000) + (0, 1, 1, 2, 0)[
            min(kind // 1000, 4)
        ])  # fmt: skip
        kind %= 1000
        if kind == 1:
            at += size
            continue
        count = _number(raw, at, order)
        at += 4
        if kind in (4, 5, 6, 7):
            left.append(count)
        elif kind == 3:
            for _ in range(count):
                if at + 4 > len(raw):
                    break
                at += 4 + size * _number(raw, at, order)
        else:
            at += size * count
    return deepest


def _number(raw: bytes, at: int, order: str) -> int:
    part = raw[at : at + 4]
    return int(struct.unpack(f"{order}I", part)[0]) if len(part) == 4 else 0
