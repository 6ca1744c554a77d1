"""Where commands may write: never onto an input, nor unasked onto somebody else's file."""

from __future__ import annotations

import csv
import glob
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.folders import is_workplace, mark_of
from regional_atlas.core.local_files import files_in

__all__ = [
    "BUILT_TABLES",
    "OutputFile",
    "OutputFolder",
    "check_outputs",
    "dated_files",
    "heading",
    "is_built",
    "json_keys",
    "side_files",
    "side_names",
    "written_by",
]

_MARKERS = {
    "build": ("report.json", {"checks", "joins", "omissions"}),
    "delineate": ("delineation.json", {"inputs", "method", "parameters"}),
    "export": ("datapackage.json", {"crs", "profile", "resources"}),
    "score": ("recipe.json", {"comparisons", "nodes", "steps"}),
}
"""By command, the file that says that it wrote a folder, and keys that the file always has."""
BUILT_TABLES = Path("data/tables.zip")
"""In a built folder, the tables that make it answer questions."""
_EXPORT = "export"
"""Where `export` writes by default: in the folder of the build."""
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers leave in a folder that is empty for everybody else."""

_APPENDED = (
    ".aux.xml", ".ovr", ".msk", ".xml", ".json", "-wal", "-shm", "-journal",
)  # fmt: skip
_BESIDE = (
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".ain",
    ".aih", ".tab", ".dat", ".map", ".id", ".mif", ".mid", ".csvt", ".gfs", ".xsd", ".hdr", ".aux",
    ".rrd", ".wld", ".tfw", ".tifw", ".tiffw", ".pgw", ".pngw", ".jgw", ".jpgw", ".gfw", ".bpw",
)  # fmt: skip
_BESIDE_IN_CAPITALS = tuple(map(str.upper, _BESIDE))
_DIGITS = {"{year}": "[0-9]" * 4, "{month}": "[0-9]" * 2}

_Key = tuple[int, int]


@dataclass(frozen=True)
class OutputFile:
    """A file that a command will write.

    Attributes
    ----------
    name : str
        The option that says so, as messages call it.
    path : Path
    ours : callable
        Whether a file that is there was written by an earlier run of the command.
    """

    name: str
    path: Path
    ours: Callable[[Path], bool]


@dataclass(frozen=True)
class OutputFolder:
    """A folder that a command will write files into.

    Attributes
    ----------
    name : str
        The option that says so, as messages call it.
    path : Path
    command : str
        `build`, `delineate`, `export` or `score`: how an earlier run is recognised.
    files : sequence of str
        Every path in the folder that the command may write or remove.
    store : Path, optional
        Where computed tables are kept: if it lies in the folder, it is nobody else's.
    """

    name: str
    path: Path
    command: str
    files: Sequence[str]
    store: Path | None = None


def check_outputs(
    outputs: Iterable[OutputFile | OutputFolder],
    inputs: Iterable[tuple[str, Path]],
    *,
    overwrite: bool = False,
) -> None:
    """Refuse outputs that are inputs, and files there that no earlier run of the command wrote.

    Files are compared, not names: a link, another spelling of the path and another case on a file
    system that does not tell cases apart are the same file. An input's side files (`.dbf` and
    `.prj` of a shapefile, `.aux.xml`, world files) and what a virtual file reads are inputs too,
    and a folder that holds an input cannot be an output. A file of no bytes and a folder without
    files may be written to.

    Parameters
    ----------
    outputs : iterable of OutputFile or OutputFolder
        Everything that the command will write.
    inputs : iterable of (str, Path)
        Everything that it reads, with the option or key that names it; absent files do not count.
    overwrite : bool
        Whether somebody else's files may be replaced; inputs never are.

    Raises
    ------
    InputError
        With one problem for each option.

    Examples
    --------
    >>> out = OutputFile("--out", Path(__file__), ours=lambda path: False)
    >>> check_outputs([out], [("--data", Path(__file__))])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: --out '...outputs.py': is the input --data '...'...
    """
    read = _Inputs(inputs)
    taken: dict[str, str] = {}
    problems: dict[str, list[str]] = {}
    for output in outputs:
        problem = read.problem(output) or _place_problem(output)
        place = os.path.realpath(output.path)
        if problem is None and place in taken:
            problem = f"is the output of {taken[place]} too; give another name"
        taken.setdefault(place, output.name)
        if problem is None and not overwrite:
            problem = _foreign(output)
        if problem is not None:
            problems.setdefault(output.name, []).append(f"{str(output.path)!r}: {problem}")
    raise_if(
        (
            f"{name} {found[0]}"
            + (f" (so are {len(found) - 1} more of {name})" if found[1:] else "")
            for name, found in problems.items()
        ),
        InputError,
    )


def _place_problem(output: OutputFile | OutputFolder) -> str | None:
    if isinstance(output, OutputFile) and output.path.is_dir():
        return "is a folder; give the name of a file"
    if isinstance(output, OutputFolder):
        for name in output.files:
            if (output.path / name).is_dir():
                return f"{name!r} in it is a folder; give another folder"
            for part in Path(name).parents[:-1]:
                if os.path.lexists(output.path / part) and not (output.path / part).is_dir():
                    return f"{str(part)!r} in it is a file; give another folder"
    folder = output.path if isinstance(output, OutputFolder) else output.path.parent
    above = next((path for path in (folder, *folder.parents) if _key(path) is not None), None)
    if above is not None and not above.is_dir():
        return f"{str(above)!r} is a file; give a folder"
    return None


class _Inputs:
    """Files that a command reads and folders that hold them, by what the file system calls them."""

    def __init__(self, inputs: Iterable[tuple[str, Path]]) -> None:
        self.files: dict[_Key, str] = {}
        self.folders: dict[_Key, str] = {}
        seen: set[str] = set()
        for name, path in inputs:
            for member in (path, *side_files(path), *files_in(path)):
                key = _key(member)
                if key is None:
                    continue
                said = f"{name} {str(path)!r}"
                said = said if member == path else f"{member.name!r} of {said}"
                self.files.setdefault(key, said)
                for folder in chain(
                    Path(os.path.abspath(member)).parents, Path(os.path.realpath(member)).parents
                ):
                    above = None if str(folder) in seen else _key(folder)
                    seen.add(str(folder))
                    if above is not None:
                        self.folders.setdefault(above, said)

    def problem(self, output: OutputFile | OutputFolder) -> str | None:
        """Say which input an output is or holds, if any."""
        found = self._of(self.files, output.path)
        if found:
            return f"is the input {found}; inputs are never replaced, give another name"
        if isinstance(output, OutputFile):
            return None
        places = [output.path / name for name in output.files]
        for folder in dict.fromkeys([output.path, *(place.parent for place in places)]):
            found = self._of(self.folders, folder)
            if found:
                return f"holds the input {found}; give a folder without inputs"
        for place in places:
            found = self._of(self.files, place)
            if found:
                return f"{place.name!r} in it is the input {found}; give another folder"
        return None

    @staticmethod
    def _of(known: dict[_Key, str], path: Path) -> str | None:
        key = _key(path)
        return None if key is None else known.get(key)


def _key(path: Path) -> _Key | None:
    """Identify what a path leads to; None where nothing is."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def is_built(folder: str | Path) -> bool:
    """Say whether a folder is what a build wrote, whole or in part, and no project."""
    folder = Path(folder)
    is_there = (folder / BUILT_TABLES).is_file() or mark_of(folder, "build").is_file()
    return is_there and not (folder / "atlas.toml").is_file()


def side_files(path: Path) -> Iterator[Path]:
    """Give the paths that files beside a file may have, there or not."""
    return map(path.with_name, side_names(path))


def side_names(path: Path) -> list[str]:
    """Give the names that files beside a file may have, there or not."""
    if not path.name:
        return []
    names = [path.name + ending for ending in _APPENDED]
    if path.suffix:
        names += [path.stem + ending for ending in (*_BESIDE, *_BESIDE_IN_CAPITALS)]
    return names


def _foreign(output: OutputFile | OutputFolder) -> str | None:
    path = output.path
    if isinstance(output, OutputFile):
        free = _key(path) is None or not path.stat().st_size
        return (
            None
            if free or output.ours(path)
            else "is there already, and this command did not write it; "
            "give another name, or --overwrite to replace it"
        )
    kept = None if output.store is None else _key(output.store)
    if not path.is_dir() or all(
        entry.name in _LITTER or is_workplace(entry.name) or _key(entry) == kept
        for entry in path.iterdir()
    ):
        return None
    writers = written_by(path)
    if output.command in writers:
        return None
    if writers and not any((path / name).exists() for name in output.files):
        return None
    return (
        "holds files that this command did not write; "
        "give another folder, or --overwrite to write into it"
    )


def written_by(folder: Path) -> set[str]:
    """Name the commands that wrote a folder, whole or until they were stopped."""
    found = {
        command
        for command, (name, keys) in _MARKERS.items()
        if mark_of(folder, command).exists() or keys <= json_keys(folder / name)
    }
    name, keys = _MARKERS[_EXPORT]
    return found | ({_EXPORT} if keys <= json_keys(folder / _EXPORT / name) else set())


def json_keys(path: Path) -> set[str]:
    """Give the keys of the object in a JSON file; none where there is no such."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    return set(found) if isinstance(found, dict) else set()


def heading(path: Path) -> set[str]:
    """Give the column names of a CSV or Parquet file; none where it cannot be read as such."""
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        try:
            return set(pyarrow.parquet.read_schema(path).names)
        except (OSError, pyarrow.ArrowException):
            return set()
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return set(next(csv.reader([file.readline(1_000_000)]), []))
    except (OSError, ValueError, csv.Error):
        return set()


def dated_files(pattern: Path) -> list[Path]:
    """List the files of a path in whose file name `{year}` and `{month}` may stand for digits.

    Examples
    --------
    >>> [path.name for path in dated_files(Path(__file__))]
    ['outputs.py']
    >>> dated_files(Path("no_such_folder/light_{year}.tif"))
    []
    """
    if not any(part in pattern.name for part in _DIGITS):
        return [pattern] if os.path.isfile(pattern) else []
    if not os.path.isdir(pattern.parent):
        return []
    parts = re.split(r"(\{year\}|\{month\})", pattern.name)
    name = "".join(_DIGITS.get(part) or glob.escape(part) for part in parts)
    return sorted(path for path in pattern.parent.glob(name) if path.is_file())
