"""Files whose names hold dates."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from regional_atlas.errors import RasterError

__all__ = ["DatedFile", "find_rasters"]

DIGITS = {"year": r"\d{4}", "month": r"0[1-9]|1[0-2]"}


class DatedFile(NamedTuple):
    """A file and what its name says it describes."""

    year: int
    month: int | None
    path: Path


def find_rasters(pattern: str | os.PathLike[str]) -> list[DatedFile]:
    """Find the files of a series by the dates in their names.

    Parameters
    ----------
    pattern : path-like
        A path in whose file name ``{year}`` stands for four digits and ``{month}``, if it is there,
        for two: ``viirs_{year}{month}.tif``.

    Returns
    -------
    list of DatedFile
        By date.

    Raises
    ------
    RasterError
        If the name lacks ``{year}``, a folder has such a part, or no file matches.

    Examples
    --------
    >>> find_rasters("no_such_folder/light_{year}.tif")
    Traceback (most recent call last):
        ...
    regional_atlas.errors.RasterError: no_such_folder/light_{year}.tif: no file matches
    """
    where = str(pattern)
    path = Path(where)
    if "{year}" not in path.name or re.search(r"\{(year|month)\}", str(path.parent)):
        raise RasterError("the file name must hold {year}, the folders must not", where=where)
    seen: set[str] = set()
    regex = ""
    for part in re.split(r"\{(year|month)\}", path.name):
        if part not in DIGITS:
            regex += re.escape(part)
        else:
            regex += f"(?P={part})" if part in seen else f"(?P<{part}>{DIGITS[part]})"
            seen.add(part)
    name = re.compile(regex)
    matches = (
        (name.fullmatch(file.name), file)
        for file in (path.parent.iterdir() if path.parent.is_dir() else ())
    )
    found = sorted(
        DatedFile(int(match["year"]), int(match["month"]) if "month" in seen else None, file)
        for match, file in matches
        if match
    )
    if not found:
        raise RasterError("no file matches", where=where)
    return found
