"""Names of files: they stay on this machine and in the project, also those inside of files."""

from __future__ import annotations

import gzip
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from regional_atlas.core.errors import DataError
from regional_atlas.core.formats import format_of_head, head_of, recognised
from regional_atlas.core.unpacking import text_problem

__all__ = [
    "NoFileError",
    "Source",
    "files_in",
    "foreign_sources",
    "is_below",
    "is_packed",
    "local_file",
    "sources_of",
]

MOST_OF_VRT = 64 * 2**20
"""Bytes of a virtual file."""
MOST_TAGS_OF_VRT = 2_000_000
MOST_NESTED = 10_000
"""Virtual files that one leads to."""

_ARCHIVE = re.compile(r"/vsi(zip|gzip|tar)/|(zip|gzip|tar|file)://")
_VARIABLE = re.compile(
    r'(?:(?:NETCDF|HDF5):("?)(?P<file>.+?)\1(?::[^:]*)?|GTIFF_DIR:(?:off:)?\d+:(?P<tiff>.+))',
    re.IGNORECASE | re.DOTALL,
)
"""A part of a file by its number or name, as GDAL writes it."""
_ELSEWHERE = re.compile(r"\w[\w+.-]+:|.*://|\s*[<{]", re.DOTALL)
"""A database, a service, an address, or a document in the place of a name."""


_ELSEWHERE_SAID = "is not a file on this computer; download it first"


class NoFileError(ValueError):
    """A name is of no file on this machine."""


def local_file(name: str) -> Path | None:
    """Find the file on this machine that a name of GDAL's or rasterio's leads to.

    Parameters
    ----------
    name : str
        A path; a variable (``NETCDF:a.nc:rain``); a member of an archive (``/vsizip/a.zip/b.tif``,
        ``zip://a.zip!b.tif``).

    Returns
    -------
    Path or None
        The file, the archive that holds it, or the path where neither is there; None for
        ``/vsimem/``, which is memory of this process.

    Raises
    ------
    NoFileError
        An address, a database, a service, a document, or another of GDAL's file systems.

    Examples
    --------
    >>> local_file('NETCDF:"/vsizip/no_such.zip/b.nc":rain').as_posix()
    'no_such.zip/b.nc'
    >>> local_file("/vsizip//vsicurl/https://example.org/a.zip")
    Traceback (most recent call last):
        ...
    regional_atlas.core.local_files.NoFileError: is not a file on this computer; download it first
    """
    text = name
    if found := _VARIABLE.fullmatch(text):
        text = found["file"] or found["tiff"]
    packed = False
    while found := _ARCHIVE.match(text):
        packed = True
        text = text[found.end() :].replace("{", "").replace("}", "").partition("!")[0]
    if not packed and text.startswith("/vsimem/"):
        return None
    if "\0" in text:
        raise NoFileError("holds a NUL character")
    if text.lower().lstrip().startswith("/vsi") or _ELSEWHERE.match(text):
        raise NoFileError(_ELSEWHERE_SAID)
    path = Path(text)
    if not packed:
        return path
    return next((place for place in (path, *path.parents) if os.path.isfile(place)), path)


def is_packed(name: str) -> bool:
    """Say whether a name is of something in an archive.

    Examples
    --------
    >>> is_packed("/vsizip/a.zip/b.tif"), is_packed('NETCDF:"/vsigzip/b.nc.gz":rain')
    (True, True)
    """
    return _ARCHIVE.search(name) is not None


def is_below(path: Path, root: Path) -> bool:
    """Say whether a path is below a folder after links are resolved."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


@dataclass(frozen=True)
class Source:
    """A file that a virtual file reads.

    Attributes
    ----------
    said : str
        As it stands there.
    name : str
        Seen from the working directory, as GDAL opens it.
    """

    said: str
    name: str


def sources_of(path: Path) -> list[Source]:
    """List what a virtual file (VRT) reads, whatever it is called; none of other files.

    Raises
    ------
    DataError
        It is damaged, too large, or does more than name files: SQL, options, Python code.
    """
    with path.open("rb") as file:
        head = head_of(file)
        if not any(each.is_virtual for each in format_of_head(head)):
            return []
        document = head + file.read(MOST_OF_VRT)
    where = str(path)
    if len(document) > MOST_OF_VRT or document.count(b"<") > MOST_TAGS_OF_VRT:
        raise DataError(
            f"a virtual file of more than {MOST_OF_VRT // 2**20} MB or {MOST_TAGS_OF_VRT:,} tags "
            "is not read: write what it makes to a file",
            where=where,
        )
    reader = _Vrt(path.parent)
    # GDAL does not heed the encoding that the document declares.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.CommentHandler = lambda _: reader.pause()
    parser.ProcessingInstructionHandler = lambda *_: reader.pause()
    parser.StartCdataSectionHandler = parser.EndCdataSectionHandler = reader.pause
    parser.StartDoctypeDeclHandler = lambda *_: reader.refuse("a document type of its own")
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise DataError(f"cannot be read as a virtual file: {error}", where=where) from error
    if reader.refused:
        said = ", ".join(dict.fromkeys(reader.refused))
        raise DataError(
            f"a virtual file may name files alone; it holds {said}: write what it makes to a file",
            where=where,
        )
    return list(dict.fromkeys(reader.found))


def files_in(path: Path) -> list[Path]:
    """List the local files that a virtual file reads, with those of the virtual files in it.

    Of one that cannot be read there are none: its reader says so.
    """
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting and len(found) < MOST_NESTED:
        each = waiting.pop()
        with suppress(DataError, OSError):
            for source in sources_of(each):
                with suppress(NoFileError):
                    file = local_file(source.name)
                    if file is not None and file not in found and file.is_file():
                        found[file] = None
                        waiting.append(file)
    return list(found)


_NAMING = {
    "sourcefilename", "sourcedataset", "srcdatasource", "srcvrt", "dempath",
    "x_dataset", "y_dataset", "overview_file",
}  # fmt: skip
"""Elements, attributes and items of metadata that name a file to read."""
_REFUSED = {
    "srcsql": "SQL (SrcSQL)",
    "openoptions": "options (OpenOptions)",
    "pixelfunctioncode": "code (PixelFunctionCode)",
    "pixelfunctionlanguage": "code (PixelFunctionLanguage)",
}
_BASE = "relativetovrt"


@dataclass
class _Vrt:
    """The sources of a virtual file, as its XML passes by.

    GDAL takes attributes and elements alike, in any case, and of a text that a comment or an
    element divides the first part: each part is a source here, and so is the whole.
    """

    folder: Path
    found: list[Source] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _open: list[tuple[str, str, list[str]]] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)

    def refuse(self, what: str) -> None:
        self.refused.append(what)

    def start(self, name: str, given: dict[str, str]) -> None:
        self.pause()
        said = {key.lower(): value for key, value in given.items()}
        name = name.rpartition(":")[2].lower()
        for key in (name, *said):
            if key in _REFUSED:
                self.refuse(_REFUSED[key])
        if name == _BASE or said.get(_BASE, "0") not in ("0", "1"):
            self.refuse("a relativeToVRT that is neither 0 nor 1")
        for key, value in said.items():
            if key in _NAMING or value.strip().lower().startswith("/vsi"):
                self._add(value, "0")
        if name == "mdi":
            name = said.get("key", "").lower()
        self._open.append((name, said.get(_BASE, "0"), []))

    def text(self, text: str) -> None:
        self._parts.append(text)

    def pause(self) -> None:
        if self._open and self._parts:
            self._open[-1][2].append("".join(self._parts))
        self._parts.clear()

    def end(self, _: str) -> None:
        self.pause()
        name, base, parts = self._open.pop()
        for part in {*parts, "".join(parts)}:
            if name in _NAMING or part.strip().lower().startswith("/vsi"):
                self._add(part, base)

    def _add(self, text: str, base: str) -> None:
        for said in {text, text.strip()}:
            if said.strip():
                self.found.append(Source(said.strip(), _from(self.folder, said, base)))


def _from(folder: Path, name: str, base: str) -> str:
    """Write a source as it is seen from the working directory."""
    if base != "1":
        return name
    if found := _VARIABLE.fullmatch(name):
        start, stop = found.span("file" if found["file"] else "tiff")
        return name[:start] + _from(folder, name[start:stop], base) + name[stop:]
    if _ARCHIVE.match(name) or _ELSEWHERE.match(name) or name.startswith("/vsi"):
        return name
    return str(folder / name)


def foreign_sources(path: Path, root: Path | None = None) -> Iterator[tuple[str, str]]:
    """List what a virtual file reads, itself or by others, and must not.

    Parameters
    ----------
    path : Path
        Any file; of one that is not virtual there is nothing.
    root : Path, optional
        The folder in which every source must lie; anywhere on this machine without it.

    Yields
    ------
    (str, str)
        The source as it stands there, and what is wrong with it.

    Raises
    ------
    DataError
        A virtual file among them is damaged.
    """
    waiting, seen = [path], set[str]()
    while waiting:
        each = waiting.pop()
        real = os.path.realpath(each)
        if real in seen or not os.path.isfile(each):
            continue
        seen.add(real)
        if len(seen) > MOST_NESTED:
            yield each.name, f"is one of more than {MOST_NESTED:,} files that are nested"
            return
        for source in sources_of(each):
            try:
                file = local_file(source.name)
                if file is None:
                    raise NoFileError(_ELSEWHERE_SAID)
            except NoFileError as error:
                yield source.said, str(error)
                continue
            if root is not None and not is_below(file, root):
                yield source.said, "leaves the project folder"
            elif os.path.isdir(file):
                yield source.said, "is a folder; name a file"
            elif problem := _unfit(source.name, file):
                yield source.said, problem
            else:
                waiting.append(file)


def _unfit(name: str, file: Path) -> str | None:
    """Say what keeps a source that is there from being read: its format, or its archive."""
    if not os.path.isfile(file):
        return None
    if not is_packed(name):
        known = recognised(file)
        return text_problem(file) if known else "is of no format that is read"
    if len(_ARCHIVE.findall(name)) > 1 or not re.search(r"/vsig?zip/", name):
        return "is an archive in an archive, or of a kind that is not read: unpack it"
    try:
        head = _packed_head(name, file)
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return None
    found = format_of_head(head)
    if not found or any(each.is_virtual for each in found):
        return "is a virtual file in an archive, or of no format that is read: unpack it"
    return None


def _packed_head(name: str, file: Path) -> bytes:
    if "/vsigzip/" in name:
        with gzip.open(file) as stream:
            return head_of(stream)  # type: ignore[arg-type]
    member = name.partition(file.name)[2].lstrip("/}").split('"')[0]
    with zipfile.ZipFile(file) as archive:
        inner = member or archive.namelist()[0]
        with archive.open(inner) as stream:
            return head_of(stream)  # type: ignore[arg-type]
