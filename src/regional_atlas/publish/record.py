"""What a build says of itself in `report.json`, and holding a built folder to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regional_atlas.config.project import Project
from regional_atlas.core.digests import sha256_of
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.core.folders import refuse_unfinished
from regional_atlas.core.versions import versions
from regional_atlas.sources.parts import parts_of

__all__ = ["REPORT", "Verified", "record", "verify"]

REPORT = "report.json"
"""The file that lists all others of a built folder."""
_MOST_BYTES = 256 * 2**20
"""Of a report."""


def record(project: Project, folder: Path, written: Iterable[Path]) -> dict[str, Any]:
    """Describe what a build was made of and what it wrote.

    Parameters
    ----------
    project : Project
        Whose files are the inputs.
    folder : Path
        The built folder.
    written : iterable of Path
        Its files, but not the report.

    Returns
    -------
    dict
        `files` (by path, `bytes` and `sha256`), `inputs` (the same as a list, with `path`) and
        `versions`. Paths of inputs count from the project's folder; of one outside it there is the
        name alone.
    """
    inputs = sorted({part for _, path in project.inputs() for part in parts_of(path)})
    return {
        "files": {path.relative_to(folder).as_posix(): _described(path) for path in written},
        "inputs": [{"path": project.shown(path), **_described(path)} for path in inputs],
        "versions": versions(),
    }


def _described(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


@dataclass(frozen=True)
class Verified:
    """What was found of a built folder that is as its build wrote it.

    Attributes
    ----------
    files : int
        Files that the build wrote, the report not counted.
    size : int
        Their bytes.
    version : str
        Of regional_atlas that built it.
    others : list of str
        Files, links and the like in the folder that the build did not write.
    """

    files: int
    size: int
    version: str
    others: list[str]


def verify(folder: str | Path) -> Verified:
    """Hold every file of a built folder against the report that the build wrote.

    The checksums find damage and changes made by hand. They are no signature: whoever may write to
    the folder can also change the report.

    Parameters
    ----------
    folder : str or Path
        A folder that a build wrote.

    Returns
    -------
    Verified

    Raises
    ------
    DataError
        No report, a report without checksums, a build that was stopped while it moved its files, or
        files that are missing or changed: all of them.

    Examples
    --------
    >>> verify("maps/china-2022").files  # doctest: +SKIP
    17
    """
    folder = Path(folder)
    refuse_unfinished(folder, "build")
    report = _report(folder / REPORT)
    problems = [
        problem
        for name, said in report["files"].items()
        if (problem := _problem(folder, name, said)) is not None
    ]
    raise_if(problems, DataError, where=str(folder))
    known = {folder / name for name in report["files"]} | {folder / REPORT}
    others = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path not in known and (path.is_symlink() or not path.is_dir())
    ]
    size = sum(said["bytes"] for said in report["files"].values())
    return Verified(len(report["files"]), size, str(report.get("version", "?")), others)


def _report(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InputError("no built folder: it has no report.json", where=str(path.parent))
    try:
        with open(path, "rb") as file:
            text = file.read(_MOST_BYTES + 1)
        found = json.loads(text) if len(text) <= _MOST_BYTES else None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not _has_sums(found.get("files")):
        raise DataError(
            "lists no checksums: it is damaged, or of an earlier version; build the atlas again",
            where=str(path),
        )
    return found


def _has_sums(files: Any) -> bool:
    return (
        isinstance(files, dict)
        and "index.html" in files
        and all(
            isinstance(said, dict)
            and type(said.get("bytes")) is int
            and isinstance(said.get("sha256"), str)
            for said in files.values()
        )
    )


def _problem(folder: Path, name: str, said: dict[str, Any]) -> str | None:
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        return f"{name!r} is no path in the folder"
    if not path.is_file():
        return f"{name} is missing"
    try:
        size, digest = path.stat().st_size, sha256_of(path)
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
    if size != said["bytes"]:
        return f"{name} has {size:,} bytes, the build wrote {said['bytes']:,}"
    return None if digest == said["sha256"] else f"{name} was changed after the build"
