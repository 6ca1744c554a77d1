"""What a file holds, as one number to compare."""

from __future__ import annotations

import hashlib
import os

__all__ = ["sha256_of"]


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Give the SHA-256 of a file's contents, as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of(os.devnull)[:12]
    'e3b0c44298fc'
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
