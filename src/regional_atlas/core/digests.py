"""What a file holds, as one number to compare."""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

__all__ = ["Stamp", "sha256_of", "stamp_of"]


class Stamp(NamedTuple):
    """Tells a file from what it was before: a write sets the time `changed`, which no program can.

    Times are in nanoseconds since 1970.
    """

    size: int
    written: int
    changed: int
    place: int


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """Give the stamp of a file as it is now; None where it cannot be reached.

    Examples
    --------
    >>> stamp_of("no such file") is None
    True
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Give the SHA-256 of a file's contents, as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of(os.devnull)[:12]
    'e3b0c44298fc'
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
