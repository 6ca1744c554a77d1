"""A content-addressed cache on disk: a step is done again only when what it reads has changed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

__all__ = ["Cache", "digest"]

T = TypeVar("T")


def digest(*parts: Any, files: Iterable[Path] = (), code: Iterable[str] = ()) -> str:
    """Digest values, the contents of files and the source of modules into one key.

    Parameters
    ----------
    *parts
        Anything that JSON can hold; other values by their `repr`.
    files : iterable of Path
        Read in full, names included.
    code : iterable of str
        Modules or packages whose source counts, so that a new version computes anew.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    sha = hashlib.sha256()
    sha.update(json.dumps(parts, sort_keys=True, ensure_ascii=False, default=repr).encode())
    for path in files:
        sha.update(f"\0{path.name}\0".encode())
        with path.open("rb") as file:
            sha.update(hashlib.file_digest(file, "sha256").digest())
    for name in code:
        for path in _sources(name):
            sha.update(path.read_bytes())
    return sha.hexdigest()


def _sources(module: str) -> list[Path]:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    return sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]


class Cache:
    """Results by key, in the folder that `REGIONAL_ATLAS_CACHE` names, or the user's cache folder.

    Entries are this program's own pickles; they are written whole or not at all, and one that
    cannot be read is computed again.

    Parameters
    ----------
    folder : Path, optional
        Instead of the usual one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        named = os.environ.get("REGIONAL_ATLAS_CACHE")
        default = Path(named) if named else platformdirs.user_cache_path("regional_atlas")
        self.folder = folder or default

    def get(self, step: str, key: str, make: Callable[[], T]) -> T:
        """Return what is stored under the key, or make and store it."""
        path = self.folder / f"{step}-{key[:32]}.pickle"
        with contextlib.suppress(Exception):
            stored: T = pickle.loads(path.read_bytes())
            return stored
        value = make()
        with contextlib.suppress(OSError):
            self._store(path, value)
        return value

    def _store(self, path: Path, value: object) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
