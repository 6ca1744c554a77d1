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
import itertools
import os
import re
import shutil
import socket
import stat
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
_PARTS = re.compile(f"{_LOCK}|{_NEW}[0-9]*|tmp[a-z0-9_]+")
"""Names in it."""
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
        Whose files they are: `build`, `delineate`, `export` or `score`.
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
    if os.path.lexists(mark_of(folder, command)):
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
    mounted = os.path.ismount(one) or one in _mounts()
    return one.stat().st_dev == other.stat().st_dev and not mounted


def _mounts() -> set[Path]:
    """List what is mounted, also from the same disk; nothing where the system does not say."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return set()
    points = (re.sub(rb"\\(\d{3})", _sign, line.split()[4]) for line in lines)
    return {Path(os.fsdecode(point)) for point in points}


def _sign(octal: re.Match[bytes]) -> bytes:
    return bytes([int(octal[1], 8)])


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
        yield _fresh(place)
    finally:
        _clear(place)
        lock.release()
        with suppress(OSError):
            place.rmdir()


def _hold(place: Path, folder: Path) -> Lock:
    said = False
    while True:
        with suppress(FileNotFoundError):  # the one before removed its place just now
            _make_place(place, folder)
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


def _make_place(place: Path, folder: Path) -> None:
    """Make the place, or take over that of a killed run; whatever else has its name stays."""
    try:
        place.mkdir()
    except FileExistsError:
        found = place.lstat()
        own = stat.S_ISDIR(found.st_mode) and found.st_uid == _user()
        if not own or not all(_PARTS.fullmatch(name) for name in os.listdir(place)):
            raise InputError(
                f"{str(place)!r} is in the way, and no earlier run made it; move it elsewhere",
                where=str(folder),
            ) from None


def _fresh(place: Path) -> Path:
    """Make a folder for the new files; what could not be removed does not stand in its way."""
    for number in itertools.count():
        new = place / f"{_NEW}{number}"
        with suppress(FileExistsError):
            new.mkdir()
            return new
    raise AssertionError


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0  # as `stat` says on Windows


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
    _keep_rights(target, new)
    if not (_can_swap(new, target, written) and _swap(new, target, own)):
        _move(new, target, command, written, owned)


def _keep_rights(old: Path, new: Path) -> None:
    """Give new files and folders the rights of those that they replace."""
    for path in new.rglob("*"):
        before = old / path.relative_to(new)
        if before.exists() and not before.is_symlink():
            shutil.copymode(before, path)


def _files(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _can_swap(new: Path, target: Path, written: list[str]) -> bool:
    """Say whether nobody would miss the old folder itself.

    It has the same owner, stands where the new one can be renamed to, is nobody's working
    directory, and nothing in it is mounted, written by another run or, of the command's own
    folders, a link.
    """
    one, other = new.stat(), target.stat()
    folders = {folder for name in written for folder in Path(name).parents}
    return (
        (one.st_uid, one.st_gid) == (other.st_uid, other.st_gid)
        and new.parent.parent == target.parent
        and not _is_here(target)
        and not any(point.is_relative_to(target) for point in _mounts())
        and not any((target / folder).is_symlink() for folder in folders)
        and not _is_busy(target)
    )


def _is_busy(target: Path) -> bool:
    """Say whether another command works in a folder under the target, such as an export."""
    return any(is_held(lock) for lock in target.rglob(f".*.{_UNFINISHED}/{_LOCK}"))


def _swap(new: Path, target: Path, own: set[str]) -> bool:
    """Exchange the two folders, if that can be done without losing anything."""
    try:
        for path, place in _others(target, new, own):
            os.link(path, place, follow_symlinks=False)
        shutil.copystat(target, new)
    except OSError:
        return False
    if not _exchanged(new, target):
        return False
    # What was saved into the old folder meanwhile.
    for path, place in _others(new, target, own):
        if not os.path.lexists(place) or not os.path.samestat(path.lstat(), place.lstat()):
            with suppress(OSError):
                os.replace(path, place)
    return True


def _others(source: Path, target: Path, own: set[str]) -> Iterator[tuple[Path, Path]]:
    """List the files of a folder that are not the command's, and where each stands in another.

    Folders are made there.
    """
    for above, folders, files in os.walk(source):
        place = Path(above).relative_to(source)
        for name in [*files, *(each for each in folders if (Path(above) / each).is_symlink())]:
            if str(place / name) not in own:
                yield Path(above) / name, target / place / name
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
        with suppress(OSError):
            mark.unlink()
        raise
    mark.unlink()
