"""Files written whole or not at all: a temporary file beside the target, then one rename."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from regional_atlas.core.errors import InputError
from regional_atlas.core.locks import Lock

__all__ = [
    "atomic_path",
    "hidden_name",
    "made_folder",
    "put_in_place",
    "refused",
    "replace_together",
    "sync",
]

_LOCK = "lock"
_LONGEST = 200
"""Bytes of a target's name that the name of something beside it takes over."""
_DRIVERS = {"pyogrio", "rasterio", "sqlite3", "xlsxwriter"}
"""Packages that say in errors of their own what the system has against writing."""


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
    unchanged. What a killed run left beside the target is removed by the next.

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
    with refused(target), made_folder(target.parent), _workplace(target) as folder:
        temporary = folder / target.name
        yield temporary
        _put_all_in_place(temporary, target)


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """Make a hidden folder beside a target, and remove what killed runs left of theirs."""
    for left in target.parent.glob(f"{glob.escape(hidden_name(target.name, ''))}*.tmp"):
        place = left / _LOCK
        is_ours = not left.is_symlink() and place.is_file() and not place.is_symlink()
        lock = Lock.tried(place) if is_ours else None
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            lock.release()
    folder = tempfile.mkdtemp(prefix=hidden_name(target.name, ""), suffix=".tmp", dir=target.parent)
    lock = None
    try:
        lock = Lock.tried(Path(folder) / _LOCK)
        inside = Path(folder) / "new"
        inside.mkdir()
        yield inside
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            lock.release()


def hidden_name(name: str, ending: str) -> str:
    """Name something hidden beside a target; a long name is cut, as names have 255 bytes.

    Examples
    --------
    >>> hidden_name("atlas", "unfinished")
    '.atlas.unfinished'
    >>> len(hidden_name("x" * 255, "unfinished"))
    228
    """
    data = os.fsencode(name)
    if len(data) > _LONGEST:
        cut = os.fsdecode(data[:_LONGEST]).encode(errors="ignore").decode()
        name = f"{cut}.{hashlib.sha256(data).hexdigest()[:15]}"
    return f".{name}.{ending}"


@contextmanager
def refused(target: Path) -> Iterator[None]:
    """Turn what the system says against writing there into one message."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", where=str(target)) from error
    except Exception as error:
        if type(error).__module__.split(".")[0] not in _DRIVERS:
            raise
        raise InputError(f"cannot write: {error}", where=str(target)) from error


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
        sync(temporary)
    os.replace(temporary, target)


def sync(path: Path) -> None:
    """Wait until the disk has a file, or every file of a folder."""
    for file in path.rglob("*") if path.is_dir() else [path]:
        if file.is_file() and not file.is_symlink():
            with open(file, "rb+") as opened:
                os.fsync(opened.fileno())


def _put_all_in_place(temporary: Path, target: Path) -> None:
    siblings = sorted(path for path in temporary.parent.iterdir() if path != temporary)
    for path in [*siblings, temporary]:
        if (target.parent / path.name).is_file():
            shutil.copymode(target.parent / path.name, path)
    if not siblings:
        put_in_place(temporary, target)
        return
    files = [*siblings, temporary]
    for path in files:
        sync(path)
    replace_together({path: target.parent / path.name for path in files}, temporary.parent.parent)


def replace_together(
    files: Mapping[Path, Path], spare: Path, *, removed: Iterable[Path] = ()
) -> None:
    """Put several files in the places of others: all, or after an error none.

    The old files go first, so that no new file ever stands beside an old one. A killed process
    leaves the places that it had come to.

    Parameters
    ----------
    files : mapping of Path to Path
        From where to where, in the order of the renames.
    spare : Path
        A folder for the old files.
    removed : iterable of Path
        Further files that go.
    """
    old = Path(tempfile.mkdtemp(dir=spare))
    places = dict.fromkeys([*files.values(), *removed])
    kept = {path: old / str(number) for number, path in enumerate(places) if _is_file(path)}
    placed: list[tuple[Path, Path]] = []
    try:
        for path, aside in kept.items():
            _rename(path, aside)
        for path, place in files.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            _rename(path, place)
            placed.append((path, place))
    except BaseException:
        for path, place in placed:
            _rename(place, path)
        for path, aside in kept.items():
            with suppress(FileNotFoundError):
                _rename(aside, path)
        raise


def _rename(path: Path, place: Path) -> None:
    """Rename a file; where something else is mounted at the place, copy it there first."""
    try:
        os.replace(path, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        handle, name = tempfile.mkstemp(prefix=hidden_name(place.name, ""), dir=place.parent)
        os.close(handle)
        try:
            shutil.copy2(path, name, follow_symlinks=False)
            os.replace(name, place)
        finally:
            Path(name).unlink(missing_ok=True)
        path.unlink()


def _is_file(path: Path) -> bool:
    return path.is_file() or path.is_symlink()
