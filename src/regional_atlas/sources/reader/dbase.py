"""Attribute tables of shapefiles that do not say how their text is encoded."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.sources.reader.delimited import guessed_encoding

__all__ = ["unstated_encoding"]


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
    encoding = guessed_encoding(records)
    try:
        records.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        pass
    words = records.decode(encoding, errors="replace").split()
    return encoding, next(word for word in words if not word.isascii())[:60]


_HEADER, _LANGUAGE = 32, 29
"""Length of the header before its fields, and the byte in it that states a code page."""
