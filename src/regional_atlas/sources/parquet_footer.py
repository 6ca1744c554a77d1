"""What the footer of a Parquet file declares of its chunks, read without the library's accessors.

pyarrow 26 ends the process where it is asked for the metadata of a chunk that is damaged
(`RowGroupMetaData.column`: an exception of C++ that nothing catches). So the footer is decoded
here: Thrift's compact protocol, in which Parquet's format specification defines it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regional_atlas.core.errors import DataError

__all__ = ["Chunk", "chunks_of"]

MOST_FOOTER = 10 * 2**20
"""Bytes, some hundred for each column of each row group."""
_MAGIC = b"PAR1"
_DEEPEST = 32
"""Structures in one another; those of Parquet are a handful deep."""
_BYTE_ARRAY = 6
_DICTIONARIES = {2, 8}
_FIXED = {3: 1, 7: 8}
"""Bytes of a number by its type: a byte, a double."""
_TRUE, _FALSE, _VARINTS, _BINARY, _LISTS, _STRUCT = 1, 2, {4, 5, 6}, 8, {9, 10}, 12


@dataclass(frozen=True)
class Chunk:
    """A column of a row group.

    Attributes
    ----------
    path : str
        Its place among the columns, parted by points.
    values : int
        How many there are, those that are missing included.
    size : int
        Bytes when unpacked.
    is_bytes : bool
        Whether values are texts or shapes.
    has_dictionary : bool
        Whether values may be stored once for many rows.
    """

    path: str
    values: int
    size: int
    is_bytes: bool
    has_dictionary: bool


def chunks_of(path: Path) -> list[Chunk]:
    """Read what a file declares of its chunks.

    Parameters
    ----------
    path : Path
        A Parquet file.

    Returns
    -------
    list of Chunk
        Row group by row group.

    Raises
    ------
    ValueError
        The file or its footer is damaged.
    DataError
        The footer is larger than is read.
    """
    try:
        found = _Compact(_footer(path)).structure()
        return [_chunk(column[3]) for group in found.get(4, []) for column in group.get(1, [])]
    except (IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ValueError("the footer is damaged") from error


def _footer(path: Path) -> bytes:
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - 8))
        (length,), magic = struct.unpack("<I", file.read(4)), file.read(4)
        if magic != _MAGIC or length > end - 8:
            raise ValueError("the footer is damaged")
        if length > MOST_FOOTER:
            raise DataError(
                f"its footer has {length / 2**20:,.0f} MB; at most {MOST_FOOTER / 2**20:,.0f} MB "
                "are read: write it with larger row groups",
                where=str(path),
            )
        file.seek(end - 8 - length)
        return file.read(length)


def _chunk(meta: dict[int, Any]) -> Chunk:
    return Chunk(
        ".".join(part.decode("utf-8", "replace") for part in meta[3]),
        meta[5],
        meta[6],
        meta[1] == _BYTE_ARRAY,
        not _DICTIONARIES.isdisjoint(meta[2]),
    )


class _Compact:
    """Reads values of the compact protocol: structures as dictionaries by number of the field."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def structure(self, depth: int = 0) -> dict[int, Any]:
        if depth > _DEEPEST:
            raise ValueError("the footer is damaged")
        return {number: self._value(kind, depth) for number, kind in self._fields()}

    def _fields(self) -> Iterator[tuple[int, int]]:
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._whole()
            yield number, head & 15

    def _value(self, kind: int, depth: int, *, in_list: bool = False) -> Any:
        if kind in (_TRUE, _FALSE):
            return self._byte() == _TRUE if in_list else kind == _TRUE
        if kind in _VARINTS:
            return self._whole()
        if kind in _FIXED:
            return self._bytes(_FIXED[kind])
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in _LISTS:
            return self._list(depth)
        if kind == _STRUCT:
            return self.structure(depth + 1)
        # Maps, which nothing in a footer is, and what the protocol does not have.
        raise ValueError("the footer is damaged")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        count = self._varint() if count == 15 else count
        if count > len(self.data) - self.at:
            raise ValueError("the footer is damaged")
        return [self._value(kind, depth + 1, in_list=True) for _ in range(count)]

    def _byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def _bytes(self, count: int) -> bytes:
        if count > len(self.data) - self.at:
            raise ValueError("the footer is damaged")
        self.at += count
        return self.data[self.at - count : self.at]

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError("the footer is damaged")

    def _whole(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)
