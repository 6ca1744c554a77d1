"""Files written whole or not at all: a temporary file in the target's folder, then one rename."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from regional_atlas.core.errors import InputError

__all__ = ["atomic_path", "made_folder", "put_in_place", "refused"]


@contextmanager
def made_folder(path: Path) -> Iterator[None]:
    """Make a folder and those above it; what is empty when the block ends goes again.

    Parameters
    ----------
    path : Path
        A folder that was there before is left as it is.
    """
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path to write to, and put the file in place when the block ends well.

    The temporary file has the target's own name, in a hidden folder beside it: drivers that name
    layers or side files after the file need that, and the final rename stays on one file system.
    Folders above the target are made. Other files that the block leaves beside the temporary one go
    along: the old target is removed first and the new one comes last, so that no target ever stands
    beside another's side files. The block may also make a folder, in the place of none or of an
    empty one. When anything fails, nothing is left, no folder either, and files that were there are
    unchanged.

    Parameters
    ----------
    path : path-like
        The file to write.

    Yields
    ------
    Path
        Where to write it.

    Raises
    ------
    InputError
        When the system refuses to write there (rights, space, a folder of that name).
    """
    target = Path(path)
    with refused(target), made_folder(target.parent):
        folder = tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        try:
            temporary = Path(folder) / target.name
            yield temporary
            _put_all_in_place(temporary, target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def refused(target: Path) -> Iterator[None]:
    """Turn what the system says against writing there into one message."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", where=str(target)) from error


def put_in_place(temporary: Path, target: Path, *, durable: bool = True) -> None:
    """Rename a file that is complete, or a folder of such, once the disk has its contents.

    Parameters
    ----------
    temporary, target : Path
        On one file system.
    durable : bool
        Wait for the disk. Without it a crash of the machine may leave a file that is cut short,
        which only a reader that checks what it reads can bear.
    """
    if durable:
        _sync(temporary)
    os.replace(temporary, target)


def _sync(path: Path) -> None:
    for file in path.rglob("*") if path.is_dir() else [path]:
        if file.is_file():
            with open(file, "rb+") as opened:
                os.fsync(opened.fileno())


def _put_all_in_place(temporary: Path, target: Path) -> None:
    siblings = sorted(path for path in temporary.parent.iterdir() if path != temporary)
    if not siblings:
        put_in_place(temporary, target)
        return
    for path in [*siblings, temporary]:
        _sync(path)
    places = [target, *(target.parent / path.name for path in siblings)]
    old = Path(tempfile.mkdtemp(dir=temporary.parent))
    kept, placed = [path for path in places if path.is_file()], []
    try:
        for path in kept:
            os.replace(path, old / path.name)
        for path in [*siblings, temporary]:
            os.replace(path, target.parent / path.name)
            placed.append(target.parent / path.name)
    except OSError:
        for path in placed:
            path.unlink()
        for path in kept:
            with suppress(FileNotFoundError):
                os.replace(old / path.name, path)
        raise
