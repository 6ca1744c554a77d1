"""Rasters of several dates: in the names of files, or in the bands of one."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from regional_atlas.core.errors import RasterError
from regional_atlas.sources.rasters import Raster, band_count, open_raster

__all__ = [
    "TIME",
    "DatedFile",
    "dated_by_time",
    "find_rasters",
    "first_date",
    "open_all_bands",
    "open_bands",
]

TIME = "time"
"""Stands for the time axis of NetCDF where the date of a first band is asked for."""

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
    regional_atlas.core.errors.RasterError: no_such_folder/light_{year}.tif: no file matches
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
        for file in (path.parent.iterdir() if os.path.isdir(path.parent) else ())
    )
    found = sorted(
        DatedFile(int(match["year"]), int(match["month"]) if "month" in seen else None, file)
        for match, file in matches
        if match
    )
    if not found:
        raise RasterError("no file matches", where=where)
    return found


def open_all_bands(path: str | os.PathLike[str], **reading: Any) -> list[Raster]:
    """Open every band of a file, or of one variable of it; see `open_raster`."""
    bands = range(1, band_count(path, reading.get("variable")) + 1)
    return [open_raster(path, band=band, **reading) for band in bands]


def dated_by_time(rasters: Sequence[Raster]) -> list[Raster]:
    """Date bands by the time axis of NetCDF: by year, or by month where a year comes twice.

    Raises
    ------
    RasterError
        If a band has no day, or a month comes twice.
    """
    days = [raster.day for raster in rasters if raster.day is not None]
    if len(days) < len(rasters) or not rasters:
        stated = next((raster.time for raster in rasters if raster.time), None)
        found = f", found {stated}" if stated else ""
        raise RasterError(
            "its bands have no time axis that counts days, hours, minutes or seconds since a date "
            f"in a calendar of CF{found}; give the date of the first band"
        )
    if len({day.year for day in days}) == len(days):
        return [replace(raster, year=day.year) for raster, day in zip(rasters, days, strict=True)]
    if len({(day.year, day.month) for day in days}) < len(days):
        raise RasterError(
            f"{len(days)} bands from {min(days)} to {max(days)}: more than one a month; years and "
            "months are what can be dated"
        )
    return [
        replace(raster, year=day.year, month=day.month)
        for raster, day in zip(rasters, days, strict=True)
    ]


def first_date(text: str) -> tuple[int, int | None]:
    """Read the date of a first band: a year, and a month where there is one.

    Raises
    ------
    RasterError
        If it is not a date.

    Examples
    --------
    >>> first_date("2013"), first_date("2014-01")
    ((2013, None), (2014, 1))
    """
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", text)
    if match is None:
        raise RasterError(
            f"the first band's date is YYYY or YYYY-MM, found {text!r}; {TIME} takes NetCDF's own"
        )
    return int(match[1]), None if match[2] is None else int(match[2])


def open_bands(path: str | os.PathLike[str], first: str, **reading: Any) -> list[Raster]:
    """Open every band of a file whose bands are consecutive years or months.

    Parameters
    ----------
    path : path-like
        A raster of one of the formats of `core.formats`.
    first : str
        What the first band describes: a year (``2013``), or a month (``2014-01``); ``time`` where
        the time axis of NetCDF says it of every band.
    **reading
        See `open_raster`.

    Returns
    -------
    list of Raster
        One per band, in order.

    Raises
    ------
    RasterError
        As `open_raster`, or if `first` is not a date.

    Examples
    --------
    >>> import rasterio
    >>> from affine import Affine
    >>> profile = {"driver": "GTiff", "height": 1, "width": 1, "count": 3, "dtype": "uint8",
    ...     "crs": "EPSG:4326", "transform": Affine(1, 0, 10, 0, -1, 50)}
    >>> rasterio.open("/vsimem/months.tif", "w", **profile).close()
    >>> [(raster.year, raster.month) for raster in open_bands("/vsimem/months.tif", "2013-11")]
    [(2013, 11), (2013, 12), (2014, 1)]
    """
    if first == TIME:
        try:
            return dated_by_time(open_all_bands(path, **reading))
        except RasterError as error:
            raise RasterError(*error.problems, where=error.where or str(path)) from None
    year, month = first_date(first)
    bands = range(band_count(path, reading.get("variable")))
    if month is None:
        dates: list[tuple[int, int | None]] = [(year + band, None) for band in bands]
    else:
        months = [month - 1 + band for band in bands]
        dates = [(year + month // 12, month % 12 + 1) for month in months]
    return [
        open_raster(path, band=band + 1, year=dates[band][0], month=dates[band][1], **reading)
        for band in bands
    ]
