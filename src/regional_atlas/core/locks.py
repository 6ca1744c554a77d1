"""Locks between processes: a file that one process has for itself until it ends, however it ends.

The system lets go of a lock when its process ends, so that a killed run holds nobody up. Where the
system has no such locks (Windows), every process gets one: two runs at once are not kept apart.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

__all__ = ["Lock", "is_held"]

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A link in the place of a lock would lead to a file of somebody else's."""


class Lock:
    """A file that this process holds; `Lock.tried` makes one.

    Parameters
    ----------
    path : Path
        The file.
    handle : int
        Of the open file.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    @classmethod
    def tried(cls, path: Path) -> Lock | None:
        """Take the lock of a file, which is made; None where another process holds it.

        Raises
        ------
        OSError
            The file cannot be made, or is a link.
        """
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o666)
            if not _locked(handle):
                os.close(handle)
                return None
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.lstat(path)):
                    return cls(path, handle)
            # The one before removed the file while this process waited for it.
            os.close(handle)

    def say(self, text: str) -> None:
        """Write into the file who holds it, for those who wait."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, text.encode(), 0)

    def release(self) -> None:
        """Remove the file and let others take the lock."""
        with suppress(OSError):
            self.path.unlink()
        os.close(self._handle)


def _locked(handle: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A network drive without locks.
        return True
    return True


def is_held(path: Path) -> bool:
    """Say whether another process holds the lock of a file; not where there is no such file."""
    try:
        handle = os.open(path, os.O_RDWR | _NO_LINK)
    except OSError:
        return False
    try:
        return not _locked(handle)
    finally:
        os.close(handle)
