"""Archives and their XML, before they are unpacked: bombs are refused by what they declare."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO
from xml.parsers import expat

from regional_atlas.core.attributes import json_problem, kml_attributes_problem
from regional_atlas.core.formats import format_of_head, head_of, recognised

__all__ = [
    "DOCTYPE",
    "MOST_CELLS",
    "MOST_CELLS_A_BYTE",
    "MOST_JSON",
    "MOST_KML_TAGS",
    "MOST_MEMBERS",
    "MOST_RATIO",
    "MOST_SHEET_CELLS",
    "MOST_TAGS",
    "MOST_TEXT",
    "MOST_UNPACKED",
    "MOST_WRITTEN_OUT",
    "MOST_XML",
    "UNSUSPICIOUS_CELLS",
    "check_archive",
    "check_tags",
    "document_type",
    "has_more_tags",
    "text_problem",
    "text_too_large",
    "too_large",
]

MOST_MEMBERS = 10_000
"""Files of an archive."""
MOST_UNPACKED = 2 * 2**30
"""Bytes of an archive's files, unpacked."""
MOST_XML = 2**29
"""Bytes of one XML document in an archive, unpacked."""
MOST_RATIO = 100
"""How many times smaller text or XML may be packed, beyond `UNSUSPICIOUS` bytes."""
MOST_CELLS = 50_000_000
"""Cells of a table."""
MOST_SHEET_CELLS = 10_000_000
"""Cells of a workbook's sheet, in each row the empty ones up to the last."""
UNSUSPICIOUS_CELLS = 2_500_000
"""Cells and row numbers of a table with typed columns, each of which takes some tens of bytes as it
is read; where there are more, its file has a byte for every few."""
MOST_CELLS_A_BYTE = 4
MOST_TAGS = 20_000_000
"""Tags of one XML document: a filled cell of a workbook has four."""
MOST_KML_TAGS = 5_000_000
"""Tags of KML, all of which GDAL holds in memory."""
MOST_JSON = 2**30
"""Bytes of a JSON document."""
MOST_WRITTEN_OUT = 2**30
"""Bytes of text and shapes in a Parquet file, each row with its own."""
MOST_TEXT = 2**28
"""Bytes of a text file of cells."""
UNSUSPICIOUS = 8 * 2**20
_PADDED = (".dbf", ".gdbtable", ".gdbtablx", ".spx", ".sbn", ".shx")
"""Files whose records are padded: they shrink without measure."""


def check_archive(path: Path) -> list[str]:
    """List what is wrong with the sizes that a ZIP archive declares of its files.

    Of a file that is no archive there is nothing: its reader says so.

    Examples
    --------
    >>> check_archive(Path(__file__))
    []
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                return [f"holds {len(members):,} files; at most {MOST_MEMBERS:,} are read"]
            return _size_problems(members) or _documents(archive)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError):
        return []
    except (NotImplementedError, RuntimeError, ValueError):  # encrypted, or packed in another way
        return []


def _size_problems(members: list[zipfile.ZipInfo]) -> list[str]:
    problems = []
    total = sum(member.file_size for member in members)
    if total > MOST_UNPACKED:
        problems.append(
            f"holds {total / 2**20:,.0f} MB unpacked; at most {MOST_UNPACKED / 2**20:,.0f} MB are "
            "read from an archive: unpack it, or leave out what is not needed"
        )
    for member in members:
        name, size = member.filename[:100], member.file_size
        ending = Path(name).suffix.lower()
        if ending in (".xml", ".kml") and size > MOST_XML:
            problems.append(
                f"{name!r} in it is {size / 2**20:,.0f} MB unpacked; at most "
                f"{MOST_XML / 2**20:,.0f} MB of XML are read: save the table as CSV"
            )
        elif (
            ending not in _PADDED
            and size > UNSUSPICIOUS
            and size > MOST_RATIO * max(1, member.compress_size)
        ):
            problems.append(
                f"{name!r} in it grows {size // max(1, member.compress_size):,} times when it is "
                f"unpacked, to {size / 2**20:,.0f} MB; at most {MOST_RATIO} times are read: save "
                "the file again without what is empty"
            )
    return problems


def too_large(path: Path) -> str | None:
    """Say what is wrong with the size of a file of text, if anything.

    Text is read whole; a file of another kind may have any size.

    Examples
    --------
    >>> too_large(Path(__file__))
    """
    size = path.stat().st_size
    if size <= MOST_TEXT:
        return None
    endings = {ending for each in recognised(path) for ending in each.endings}
    limits = {".geojson": MOST_JSON, ".kml": MOST_XML, ".csv": MOST_TEXT}
    most = next((most for ending, most in limits.items() if ending in endings), size)
    return text_too_large(size, most) if size > most else None


def text_too_large(size: int, most: int = MOST_TEXT) -> str:
    """Say how large a text is, and how large it may be."""
    return (
        f"has {size / 2**20:,.0f} MB; at most {most / 2**20:,.0f} MB of such text are read: leave "
        "out columns or rows, or convert it to Parquet or GeoPackage"
    )


def check_tags(archive: zipfile.ZipFile, name: str) -> list[str]:
    """List what is wrong with the number of tags of one XML document of an archive.

    Counting them takes a hundredth of the time that reading them does.
    """
    if archive.getinfo(name).file_size <= UNSUSPICIOUS:
        return []
    with archive.open(name) as stream:
        if not has_more_tags(stream, MOST_TAGS):
            return []
    return [
        f"{name[:100]!r} in it has more than {MOST_TAGS:,} tags, some {MOST_TAGS // 4:,} cells; "
        "save the table as CSV or Parquet"
    ]


def has_more_tags(stream: IO[bytes], most: int) -> bool:
    """Say whether an XML document has more tags than these."""
    found = 0
    while chunk := stream.read(2**22):
        found += chunk.count(b"<")
        if found > most:
            return True
    return False


def _documents(archive: zipfile.ZipFile) -> list[str]:
    """List the files of an archive that name others, and XML with a document type of its own."""
    found = []
    for member in archive.infolist():
        with archive.open(member) as stream:
            head = stream.read(_HEAD)
        problem = None
        if any(each.is_virtual for each in format_of_head(head)):
            problem = "is a virtual file, which is not read from an archive: unpack it"
        elif _is_json(head) or member.filename.lower().endswith(".kml"):
            with archive.open(member) as stream:
                problem = _document_problem(head, stream)
        if problem:
            found.append(f"{member.filename[:100]!r} in it {problem}")
    return found


_HEAD = 2**16


def text_problem(path: Path) -> str | None:
    """Say what keeps a text from being read: its size, its tags or its attributes.

    Examples
    --------
    >>> text_problem(Path(__file__))
    """
    if problem := too_large(path):
        return problem
    with path.open("rb") as stream:
        head = head_of(stream)
        if not _is_json(head) and not any(".kml" in each.endings for each in format_of_head(head)):
            return None
        stream.seek(0)
        return _document_problem(head, stream)


def _is_json(head: bytes) -> bool:
    return any(".geojson" in each.endings for each in format_of_head(head))


def _document_problem(head: bytes, stream: IO[bytes]) -> str | None:
    """Say what keeps JSON or KML from being read."""
    if _is_json(head):
        return json_problem(stream)
    if document_type(head):
        return DOCTYPE
    if has_more_tags(stream, MOST_KML_TAGS):
        return f"has more than {MOST_KML_TAGS:,} tags: convert it to GeoPackage (ogr2ogr)"
    stream.seek(0)
    return kml_attributes_problem(stream)


DOCTYPE = "holds a document type of its own, whose entities may grow without bound: take it out"


def document_type(head: bytes) -> bool:
    """Say whether an XML document may declare entities of its own.

    Parameters
    ----------
    head : bytes
        Its beginning.

    Examples
    --------
    >>> document_type(b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>"), document_type(b"<kml/>")
    (True, False)
    """
    parser = expat.ParserCreate()
    found: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_: _stop("doctype")
    parser.StartElementHandler = lambda *_: _stop("element")
    try:
        parser.Parse(head, False)
    except _StopError as stopped:
        found.append(str(stopped))
    except (expat.ExpatError, LookupError, ValueError):
        return b"<!doctype" in head.lower()
    # Where no element begins within so much, nobody knows what stands behind.
    return found != ["element"]


class _StopError(Exception):
    """What there was to know is known."""


def _stop(at: str) -> None:
    raise _StopError(at)
