"""The header of classic NetCDF files, looked at before the library reads it.

The library takes the counts of a header at their word: a damaged one makes it ask for more memory
than there is, and ends the process.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from regional_atlas.core.errors import RasterError

__all__ = ["check_classic_netcdf"]

_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
"""Bytes of a value, by its type."""


def check_classic_netcdf(path: Path) -> None:
    """Refuse a classic NetCDF file whose header counts more than the file holds.

    Files of other kinds, NetCDF 4 among them, are passed over.

    Raises
    ------
    RasterError
        The header is damaged.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        if magic[:3] != b"CDF" or magic[3:] not in (b"\x01", b"\x02", b"\x05"):
            return
        try:
            _Header(file, os.fstat(file.fileno()).st_size, magic[3]).check()
        except _DamagedError as error:
            raise RasterError(f"its header is damaged: {error}", where=str(path)) from None


class _DamagedError(Exception):
    """A header that counts more than there is."""


class _Header:
    """A header as it is read; in version 5 counts have 8 bytes, else 4."""

    def __init__(self, file: BinaryIO, size: int, version: int) -> None:
        self._file, self._size = file, size
        self._count = 8 if version == 5 else 4
        self._offset = 4 if version == 1 else 8

    def check(self) -> None:
        """Read the header to its end."""
        self._whole(self._count)
        dimensions = self._list(_DIMENSIONS)
        for _ in range(dimensions):
            self._name()
            self._whole(self._count)
        self._attributes()
        for _ in range(self._list(_VARIABLES)):
            self._name()
            for _ in range(self._counted("dimensions", self._count)):
                if self._whole(self._count) >= dimensions:
                    raise _DamagedError("a variable has a dimension that is not there")
            self._attributes()
            self._size_of_type()
            self._skip(self._count + self._offset)

    def _attributes(self) -> None:
        for _ in range(self._list(_ATTRIBUTES)):
            self._name()
            size = self._size_of_type()
            self._padded(self._counted("values", size) * size)

    def _list(self, wanted: int) -> int:
        tag = self._whole(4)
        count = self._counted("entries", 4)
        if tag != wanted and (tag or count):
            raise _DamagedError(f"expected a list of kind {wanted}, found {tag}")
        return count

    def _name(self) -> None:
        self._padded(self._counted("letters", 1))

    def _size_of_type(self) -> int:
        kind = self._whole(4)
        if kind not in _SIZES:
            raise _DamagedError(f"there is no type {kind}")
        return _SIZES[kind]

    def _counted(self, what: str, least: int) -> int:
        """Read a count of things that take so many bytes at least."""
        count = self._whole(self._count)
        left = self._size - self._file.tell()
        if count * least > left:
            raise _DamagedError(f"it counts {count:,} {what}, and {left:,} bytes are left")
        return count

    def _padded(self, size: int) -> None:
        self._skip(-(-size // 4) * 4)

    def _whole(self, size: int) -> int:
        data = self._file.read(size)
        if len(data) < size:
            raise _DamagedError("the file ends in it")
        return int.from_bytes(data, "big")

    def _skip(self, size: int) -> None:
        if self._file.tell() + size > self._size:
            raise _DamagedError("the file ends in it")
        self._file.seek(size, os.SEEK_CUR)
