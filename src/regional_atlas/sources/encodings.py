"""How text is encoded, where nothing says so.

Bytes that are UTF-8 are read as UTF-8: no other text of some length is that by chance. Any other
guess is only proposed.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

__all__ = ["UTF_8", "guessed_encoding", "reads_as", "unstated_encoding"]

UTF_8 = "utf-8"
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def guessed_encoding(raw: bytes) -> str:
    """Guess the encoding of text that is not UTF-8, to propose it.

    Examples
    --------
    >>> guessed_encoding("北京,上海".encode("gbk")), guessed_encoding("Ardèche".encode("latin-1"))
    ('gb18030', 'cp1252')
    """
    for mark, name in _MARKS.items():
        if raw.startswith(mark):
            return name
    if raw[:2000].count(0) > len(raw[:2000]) / 4:
        return "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
    # Chinese text is of pairs of high bytes; in Western text they stand alone among letters.
    pairs = alone = 0
    run = 0
    for byte in raw[:200_000] + b" ":
        if byte >= 0x80:
            run += 1
        elif run:
            pairs, alone = pairs + (run >= 2), alone + (run == 1)
            run = 0
    if pairs > alone:
        for name in ("gb18030", "big5", "shift_jis"):
            if reads_as(raw, name):
                return name
    return "cp1252" if reads_as(raw, "cp1252") else "latin-1"


def reads_as(raw: bytes, encoding: str) -> bool:
    """Say whether bytes are text in an encoding, without signs that nobody writes."""
    try:
        text = raw.decode(encoding)
    except UnicodeError:
        return False
    high = [sign for sign in text[:_SAMPLE] if ord(sign) > 127]
    odd = sum(unicodedata.category(sign) in ("Cn", "Co", "Cc") for sign in high)
    return odd == 0


def unstated_encoding(path: Path) -> tuple[str, str] | None:
    """Guess the encoding of a .dbf whose text is not ASCII and whose encoding nothing states.

    GDAL reads such text as Latin-1 or hands its bytes on, whatever it is.

    Parameters
    ----------
    path : Path
        A .shp or .dbf file.

    Returns
    -------
    (str, str) or None
        The likely encoding, and the first text that shows it; None where a .cpg file or the
        header states one, where all is ASCII, and for other files.
    """
    if path.suffix.lower() not in (".shp", ".dbf"):
        return None
    beside = {file.suffix.lower(): file for file in path.parent.glob(f"{path.stem}.*")}
    table = beside.get(".dbf")
    if table is None or ".cpg" in beside:
        return None
    raw = table.read_bytes()
    if len(raw) < _HEADER or raw[_LANGUAGE]:
        return None
    records = raw[int.from_bytes(raw[8:10], "little") :]
    if records.isascii():
        return None
    encoding = UTF_8 if reads_as(records, UTF_8) else guessed_encoding(records)
    words = records.decode(encoding, errors="replace").split()
    return encoding, next((word for word in words if not word.isascii()), "")[:60]


_SAMPLE = 2**20
"""Signs of a text that are looked at one by one."""
_HEADER, _LANGUAGE = 32, 29
"""Length of the header before its fields, and the byte in it that states a code page."""
