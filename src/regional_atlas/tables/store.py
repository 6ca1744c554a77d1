"""The store: computed values on disk, each under the digest of all that it was computed from.

An entry is one file, a tar archive of standard files (JSON, Arrow, NumPy). Its first member is a
label of fixed length: version of the format and of the package, step, key, and the SHA-256 of all
that follows. An entry is read in full and its label compared with what it ought to be before
anything else is done with it; whatever is not exactly that is computed again.

The checksum finds damage. It is not a signature: whoever may write to the folder can also put a
well-formed entry there. Reading one gives other numbers at worst; it runs no code (see `storable`).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import os
import re
import stat
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import platformdirs

from regional_atlas import __version__
from regional_atlas.core.atomic import put_in_place
from regional_atlas.core.versions import version_of
from regional_atlas.tables.storable import pack, unpack

__all__ = ["Entry", "Store", "digest"]

T = TypeVar("T")

LIMIT = 5 * 10**9
"""Bytes that the entries of a store may take together."""
FORMAT = 1
_LOG = logging.getLogger("regional_atlas")
_LOG.addHandler(logging.NullHandler())
_BLOCK = 512
_NAME = re.compile(r"([a-z_]+)-[0-9a-f]{32}\.tar")
_UNFINISHED = re.compile(r"\.[a-z_]+-[0-9a-f]{32}\.tar\.[a-z0-9_]{8}")
_A_DAY = 24 * 3600


def digest(*parts: Any, files: Iterable[Path] = (), code: Iterable[str] = ()) -> str:
    """Digest values, the contents of files and the source of modules into one key.

    Parameters
    ----------
    *parts
        Anything that JSON can hold; other values by their `repr`. The order of keys counts, as
        tables that are declared in another order come out in another order.
    files : iterable of Path
        Read in full, names included.
    code : iterable of str
        Modules or packages whose source counts, so that a new version computes anew; with it the
        versions of this package and of the libraries that read and reckon.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    sha = hashlib.sha256()
    sha.update(json.dumps(parts, ensure_ascii=False, default=repr).encode())
    for path in files:
        sha.update(f"\0{path.name}\0".encode())
        with path.open("rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    for at, name in enumerate(code):
        if at == 0:
            sha.update(_versions())
        for path in _sources(name):
            sha.update(path.read_bytes())
    return sha.hexdigest()


@cache
def _versions() -> bytes:
    found = {name: version_of(name) for name in _LIBRARIES}
    return json.dumps({"regional_atlas": __version__} | found).encode()


_LIBRARIES = (
    "geopandas", "libpysal", "numba", "numpy", "openpyxl", "pandas", "pyarrow", "pyogrio", "pyproj",
    "rasterio", "scipy", "shapely", "xlrd",
)  # fmt: skip
"""The libraries that read and reckon: another version may give another number."""


def _sources(module: str) -> list[Path]:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    return sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]


@dataclass(frozen=True)
class Entry:
    """One entry of a store.

    Attributes
    ----------
    path : Path
        The file.
    step : str
        What it is the result of.
    size : int
        Bytes.
    used : float
        When it was last read or written, in seconds since 1970.
    """

    path: Path
    step: str
    size: int
    used: float


class Store:
    """Results by key, in the folder that `REGIONAL_ATLAS_CACHE` names, or the user's cache folder.

    Entries are written whole or not at all, also by several processes at once. One that is damaged,
    of another version or not of this store is computed again and replaced, with a warning to the
    logger `regional_atlas`. What cannot be written is warned of too, and only costs time. After
    each new entry the least recently used ones beyond the limit are removed. Files that are not
    entries are never removed.

    Parameters
    ----------
    folder : str or Path, optional
        Instead of the usual one.
    limit : int
        Bytes that the entries may take together.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> Store(folder).get("sum", digest("a", 1), lambda: {"sum": 3})
    {'sum': 3}
    >>> Store(str(folder)).get("sum", digest("a", 1), lambda: 1 / 0)
    {'sum': 3}
    """

    def __init__(self, folder: str | Path | None = None, limit: int = LIMIT) -> None:
        named = folder or os.environ.get("REGIONAL_ATLAS_CACHE")
        self.folder = Path(named) if named else platformdirs.user_cache_path("regional_atlas")
        self.limit = limit
        self._room = 0
        """Bytes to be written before the folder is listed again."""

    def __repr__(self) -> str:
        """Name the folder."""
        return f"<Store in {self.folder}>"

    def get(self, step: str, key: str, make: Callable[[], T], *, records: Sequence[type] = ()) -> T:
        """Return what is stored under the key, or make and store it.

        Parameters
        ----------
        step : str
            What is made: lower-case letters and underscores.
        key : str
            Of `digest`: all that it is made from.
        make : callable
            Makes it.
        records : sequence of type
            The dataclasses that may be in it.

        Returns
        -------
        object
            Equal to what `make` returns.

        Raises
        ------
        TypeError
            What was made is nothing that the store can hold; see `storable`.
        """
        path = self.folder / f"{step}-{key[:32]}.tar"
        assert _NAME.fullmatch(path.name), path.name
        try:
            stored: T = unpack(_parts(path, step, key), records)
            with contextlib.suppress(OSError):
                os.utime(path)
            return stored
        except (FileNotFoundError, NotADirectoryError):
            pass
        except Exception as error:
            # Whatever is wrong with an entry, even with a right checksum: it is computed again.
            _LOG.warning("store: %s: %s; it is computed again and replaced", path, error)
        value = make()
        pieces = _archive(step, key, pack(value, records))
        try:
            self._write(path, pieces)
        except OSError as error:
            _LOG.warning("store: %s cannot be written: %s", path, error.strerror or error)
        return value

    def entries(self) -> list[Entry]:
        """List the entries, the least recently used first."""
        found = [entry for entry in self._named() if _is_entry(entry.path)]
        return sorted(found, key=lambda entry: (entry.used, entry.path))

    def prune(self, limit: int) -> list[Entry]:
        """Remove the least recently used entries until the rest takes no more than a limit.

        What writers left unfinished more than a day ago goes too.

        Parameters
        ----------
        limit : int
            Bytes.

        Returns
        -------
        list of Entry
            What was removed.
        """
        self._remove_unfinished()
        if sum(entry.size for entry in self._named()) <= limit:
            return []
        entries, removed = self.entries(), []
        over = sum(entry.size for entry in entries) - limit
        for entry in entries:
            if over <= 0:
                break
            with contextlib.suppress(OSError):
                entry.path.unlink()
                removed.append(entry)
                over -= entry.size
        return removed

    def _write(self, path: Path, pieces: list[Any]) -> None:
        """Put an entry in place, not flushed to the disk: the checksum finds what was lost."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(pieces)
                size = file.tell()
            if path.is_dir() and not path.is_symlink():
                _put_aside(path)
            put_in_place(Path(name), path, durable=False)
        finally:
            Path(name).unlink(missing_ok=True)
        self._room -= size
        if self._room >= 0:
            self._remove_unfinished()
        else:
            for entry in self.prune(self.limit):
                _LOG.info("store: %s removed: the store is full", entry.path)
            left = self.limit - sum(entry.size for entry in self._named())
            # Little enough that what others write meanwhile hardly matters.
            self._room = min(left, self.limit // 100)

    def _named(self) -> Iterator[Entry]:
        """Files that have the name of an entry."""
        for path, status in self._files(_NAME):
            yield Entry(path, path.name.rpartition("-")[0], status.st_size, status.st_mtime)

    def _remove_unfinished(self) -> None:
        for path, status in self._files(_UNFINISHED):
            if time.time() - status.st_mtime > _A_DAY and _is_entry(path, begun=True):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _files(self, names: re.Pattern[str]) -> list[tuple[Path, os.stat_result]]:
        found = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as listed:
            for item in listed:
                with contextlib.suppress(OSError):
                    if names.fullmatch(item.name) and item.is_file(follow_symlinks=False):
                        found.append((Path(item.path), item.stat()))
        return found


# The file of an entry: a tar archive whose first member is the label.


def _member(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


_SIGN = _member("label.json", _BLOCK) + b'{"regional_atlas store": '
"""How every entry begins, whatever its version."""


def _claim(step: str, key: str) -> bytes:
    said = f'{FORMAT}, "package": "{__version__}", "step": "{step}", "key": "{key}", "sha256": "'
    return _SIGN + said.encode()


def _label(step: str, key: str, checksum: str) -> bytes:
    return (_claim(step, key) + f'{checksum}"}}'.encode()).ljust(2 * _BLOCK - 1) + b"\n"


def _archive(step: str, key: str, parts: Mapping[str, Sequence[memoryview]]) -> list[Any]:
    """Give the bytes of an entry, as pieces to write one after the other."""
    pieces: list[Any] = []
    for name, chunks in parts.items():
        size = sum(chunk.nbytes for chunk in chunks)
        pieces += [_member(name, size), *chunks, bytes(-size % _BLOCK)]
    pieces.append(bytes(2 * _BLOCK))
    sha = hashlib.sha256()
    for piece in pieces:
        sha.update(piece)
    return [_label(step, key, sha.hexdigest()), *pieces]


def _parts(path: Path, step: str, key: str) -> dict[str, memoryview]:
    """Read an entry, make sure that it is the one that is wanted, and give its parts."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise ValueError("is not a file")
    with path.open("rb", buffering=0) as file:
        label = file.read(2 * _BLOCK)
        if not label.startswith(_SIGN):
            raise ValueError("is not an entry of this store")
        if not label.startswith(_claim(step, key)):
            raise ValueError("is of another version or key, or damaged")
        size = os.fstat(file.fileno()).st_size - len(label)
        # Of numpy, not bytearray: aligned, and not filled with zeros first.
        content = np.empty(size, np.uint8).data
        done = 0
        while done < size and (count := file.readinto(content[done:])):
            done += count
    if label != _label(step, key, hashlib.sha256(content).hexdigest()):
        raise ValueError("is damaged")
    return _members(content)


def _members(content: memoryview) -> dict[str, memoryview]:
    found, at = {}, 0
    while content[at]:
        info = tarfile.TarInfo.frombuf(bytes(content[at : at + _BLOCK]), "utf-8", "strict")
        if info.size < 0:
            raise ValueError("is not an archive")
        at += _BLOCK
        found[info.name] = content[at : at + info.size]
        at += info.size + -info.size % _BLOCK
    return found


def _is_entry(path: Path, *, begun: bool = False) -> bool:
    """Tell whether a file begins as an entry does, or (begun) is the beginning of one."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_SIGN))
    except OSError:
        return False
    return _SIGN.startswith(head) if begun else head == _SIGN


def _put_aside(folder: Path) -> None:
    """Rename a folder that has the name of an entry: it may hold what somebody wants."""
    other = folder.with_name(f"{folder.name}.aside-{time.time_ns()}")
    folder.rename(other)
    _LOG.warning("store: the folder %s is now %s", folder, other)
