"""Folders written whole or not at all: everything is made beside the folder, then swapped in.

A run makes its files in a hidden folder beside the target, `.NAME.unfinished`, which it holds by a
lock: a second run waits for the first. Files of the target that are not the run's own go along as
hard links, and one rename exchanges the two folders (`renameat2` of Linux): whoever looks sees the
old folder or the new one. What a killed run leaves beside the target is removed by the next.

Where the two cannot be exchanged (another system, a folder of another user, a mount point, a folder
that is somebody's working directory here), the files are moved in one after the other, marked by
`.COMMAND.unfinished` in the folder. A mark that stays says that a run was killed while it moved: a
reader refuses such a folder (`refuse_unfinished`), and the next run of the command replaces it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import time
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from regional_atlas.core.atomic import hidden_name, made_folder, refused, replace_together, sync
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.locks import Lock, is_held

__all__ = ["is_workplace", "mark_of", "refuse_unfinished", "whole_folder"]

_LOCK = "lock"
_NEW = "new"
_UNFINISHED = "unfinished"
"""Ending of the hidden folder in which a run works."""
_INSIDE = ".regional_atlas.unfinished"
"""Its name where it cannot stand beside the target and stands in it."""
_PAUSE = 0.1
"""Seconds between looks at a lock that another run holds."""


@contextmanager
def whole_folder(folder: Path, command: str, owned: Collection[str]) -> Iterator[Path]:
    """Give an empty folder to write into, and put its files into the target when the block ends.

    Parameters
    ----------
    folder : Path
        The target; made where it is missing, with the folders above it.
    command : str
        Whose files they are: `build`, `export` or `score`.
    owned : collection of str
        Paths in the target that are the command's: those that the block does not write go. All
        other files in the target stay.

    Yields
    ------
    Path
        Where to write, under the same names.

    Raises
    ------
    InputError
        The system refuses to write there; the target is as it was.

    Warns
    -----
    UserWarning
        Another run writes to the folder: who it is. This one waits for it.

    Examples
    --------
    >>> import tempfile
    >>> out = Path(tempfile.mkdtemp()) / "atlas"
    >>> for text in ("first", "second"):
    ...     with whole_folder(out, "build", ["page.html"]) as new:
    ...         _ = (new / "page.html").write_text(text)
    ...         before = sorted(path.name for path in out.glob("*"))
    >>> before, (out / "page.html").read_text(), sorted(path.name for path in out.parent.glob("*"))
    (['page.html'], 'second', ['atlas'])
    """
    target = Path(os.path.realpath(folder))
    with refused(folder), made_folder(target.parent), _workplace(_place(target), folder) as new:
        try:
            yield new
        except InputError as error:
            error.rename(str(new), str(folder))
            raise
        sync(new)
        _put(new, target, command, {*owned})


def mark_of(folder: Path, command: str) -> Path:
    """Name the mark of a run of a command that moves its files into a folder."""
    return folder / f".{command}.unfinished"


def is_workplace(name: str) -> bool:
    """Say whether a name in a folder is that of a place in which a run works."""
    return name == _INSIDE


def refuse_unfinished(folder: Path, command: str) -> None:
    """Refuse a folder in which a run was killed while it moved its files.

    Raises
    ------
    DataError
        The files are those of two runs, perhaps.
    """
    if mark_of(folder, command).exists():
        raise DataError(
            f"a {command} was stopped while it wrote this folder, or writes it now; its files may "
            f"be of two runs: {command} it again",
            where=str(folder),
        )


def _place(target: Path) -> Path:
    """Choose where to work: beside the target if files can be renamed from there, else in it.

    It hangs on nothing but the two folders, so that runs find each other's locks.
    """
    can_write = os.access(target.parent, os.W_OK | os.X_OK)
    if target.exists() and not (can_write and _is_on_one_disk(target, target.parent)):
        return target / _INSIDE
    return target.parent / hidden_name(target.name, _UNFINISHED)


def _is_on_one_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev and not os.path.ismount(one)


def _is_here(folder: Path) -> bool:
    """Say whether a folder is or holds the working directory, which would stay with the old one."""
    try:
        return Path.cwd().is_relative_to(folder)
    except OSError:
        return False


@contextmanager
def _workplace(place: Path, folder: Path) -> Iterator[Path]:
    """Hold the place, rid it of what a killed run left, and remove it in the end."""
    lock = _hold(place, folder)
    try:
        _clear(place)
        new = place / _NEW
        new.mkdir()
        yield new
    finally:
        _clear(place)
        lock.release()
        with suppress(OSError):
            place.rmdir()


def _hold(place: Path, folder: Path) -> Lock:
    said = False
    while True:
        place.mkdir(exist_ok=True)
        lock = None
        with suppress(FileNotFoundError):  # the one before removed its place just now
            lock = Lock.tried(place / _LOCK)
            if lock is not None:
                now = time.strftime("%H:%M:%S")
                lock.say(f"process {os.getpid()} on {socket.gethostname()} since {now}")
                return lock
            if not said:
                who = (place / _LOCK).read_text(errors="replace") or "another process"
                warnings.warn(f"{folder}: {who} writes there; waiting for it", stacklevel=5)
                said = True
        time.sleep(_PAUSE)


def _clear(place: Path) -> None:
    for entry in place.iterdir():
        if entry.name != _LOCK:
            shutil.rmtree(entry, ignore_errors=True)


def _put(new: Path, target: Path, command: str, owned: set[str]) -> None:
    if not target.exists():
        os.rename(new, target)
        return
    written = _files(new)
    owned |= {*written}
    own = owned | {mark_of(target, command).name}
    if not (_can_swap(new, target) and _swap(new, target, own)):
        _move(new, target, command, written, owned)


def _files(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _can_swap(new: Path, target: Path) -> bool:
    """Say whether nobody would miss the old folder itself: it has the same owner, and no guests."""
    one, other = new.stat(), target.stat()
    same = (one.st_uid, one.st_gid) == (other.st_uid, other.st_gid)
    return (
        same and new.parent.parent == target.parent and not (_is_here(target) or _is_busy(target))
    )


def _is_busy(target: Path) -> bool:
    """Say whether another command works in a folder under the target, such as an export."""
    return any(is_held(lock) for lock in target.rglob(f".*.{_UNFINISHED}/{_LOCK}"))


def _swap(new: Path, target: Path, own: set[str]) -> bool:
    """Exchange the two folders, if that can be done without losing anything."""
    try:
        _link_others(target, new, own)
        shutil.copystat(target, new)
    except OSError:
        return False
    if not _exchanged(new, target):
        return False
    # What came into the old folder meanwhile.
    with suppress(OSError):
        _link_others(new, target, own)
    return True


def _link_others(source: Path, target: Path, own: set[str]) -> None:
    """Link every file of a folder into another, with its folders, but not those that are there."""
    for above, folders, files in os.walk(source):
        place = Path(above).relative_to(source)
        for name in [*files, *(each for each in folders if (Path(above) / each).is_symlink())]:
            if str(place / name) not in own and not os.path.lexists(target / place / name):
                os.link(Path(above) / name, target / place / name, follow_symlinks=False)
        for name in folders:
            there = target / place / name
            if not (Path(above) / name).is_symlink() and not there.exists():
                there.mkdir()
                shutil.copystat(Path(above) / name, there)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two paths by one rename; False where the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _move(new: Path, target: Path, command: str, written: list[str], owned: set[str]) -> None:
    mark = mark_of(target, command)
    mark.touch()
    try:
        replace_together(
            {new / name: target / name for name in written},
            new.parent,
            removed=[target / name for name in sorted(owned)],
        )
    except OSError:
        mark.unlink()
        raise
    mark.unlink()
