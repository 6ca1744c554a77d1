"""Files that hold several rasters (NetCDF, HDF5): their variables by name, places and dates.

GDAL names a variable ``NETCDF:"file.nc":rain`` or ``HDF5:"file.h5"://group/rain``. Anything here
takes such a name, or the file and the name of the variable apart.
"""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyproj
from affine import Affine

from regional_atlas.core.errors import RasterError

__all__ = [
    "black_marble_date",
    "black_marble_place",
    "container",
    "days_of_bands",
    "no_raster",
    "variable_name",
    "variable_of",
]

BLACK_MARBLE = "VIIRS_Grid_DNB_2d"
"""The grid of NASA's Black Marble (VNP46) files."""
TILE_DEGREES = 10
"""A tile of Black Marble is 10 x 10 degrees; h00v00 begins at 180 W, 90 N."""
SHOWN = 12


def container(name: str) -> str:
    """Give the file behind GDAL's name of a variable; any other name as it is.

    Examples
    --------
    >>> container('HDF5:"a/b.h5"://HDFEOS/rain'), container("NETCDF:b.nc:rain"), container("b.tif")
    ('a/b.h5', 'b.nc', 'b.tif')
    """
    match = _split(name)
    return match["file"] if match else name


def variable_of(name: str) -> str:
    """Give the variable in GDAL's name of one, without its groups; empty where there is none.

    Examples
    --------
    >>> variable_of('HDF5:"a/b.h5"://HDFEOS/rain'), variable_of("b.tif")
    ('rain', '')
    """
    match = _split(name)
    return match["variable"].rpartition("/")[2] if match else ""


def _split(name: str) -> re.Match[str] | None:
    """Take GDAL's name of a variable apart; a drive letter of Windows is not a format."""
    pattern = r"[A-Za-z]\w+:(?P<quote>\"?)(?P<file>(?!//).+?)(?P=quote):(?P<variable>[^:]+)"
    return re.fullmatch(pattern, name)


def variable_name(path: str | os.PathLike[str], variable: str | None, dataset: Any) -> str:
    """Give GDAL's name of a variable of an open file.

    Parameters
    ----------
    path : path-like
        What was opened.
    variable : str or None
        Its name, with or without groups.
    dataset : rasterio dataset
        The file, opened.

    Returns
    -------
    str
        `path` itself where no variable is asked for.

    Raises
    ------
    RasterError
        If there is no such variable, or several; lists those that there are.
    """
    where = str(path)
    if variable is None:
        return where
    # GDAL writes blanks in the names of groups as underscores.
    asked = variable.strip("/").replace(" ", "_")
    names = _variables(dataset)
    found = [name for name, whole in names.items() if whole == asked or whole.endswith(f"/{asked}")]
    if len(found) == 1:
        return found[0]
    if dataset.driver == "netCDF" and not names:
        return f'NETCDF:"{where}":{variable}'
    has = _listed(names.values()) if names else "it has none"
    problem = "is the name of several" if found else "is not there"
    raise RasterError(f"variable {variable!r} {problem}; variables: {has}", where=where)


def no_raster(dataset: Any, where: str) -> RasterError:
    """Say that a file holds no band of its own, and which variables it has instead."""
    names = list(_variables(dataset).values())
    if not names:
        return RasterError("holds no raster", where=where)
    return RasterError(
        f"holds {len(names)} variables and no band of its own; name one with `variable` "
        f"(--variable {names[0].rpartition('/')[2]}): {_listed(names)}",
        where=where,
    )


def _variables(dataset: Any) -> dict[str, str]:
    """List the variables of a file: GDAL's name of each, and its name with groups."""
    tags = dataset.tags(ns="SUBDATASETS")
    names = [tags[key] for key in tags if key.endswith("_NAME")]
    found = {name: _split(name) for name in names}
    return {name: match["variable"].strip("/") for name, match in found.items() if match}


def _listed(names: Any) -> str:
    names = [*names]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def days_of_bands(dataset: Any) -> list[date | None]:
    """Read the day of each band from the time axis of NetCDF; None where it has none.

    Time counts in days, hours, minutes or seconds since a date, in the Gregorian calendar.
    """
    units = dataset.tags().get("time#units", "")
    since = r"(day|hour|minute|second|h|d|s)s?\s+since\s+(\d{1,4})-(\d{1,2})-(\d{1,2})"
    match = re.match(since, units)
    calendar = dataset.tags().get("time#calendar", "standard")
    if not match or calendar not in ("standard", "gregorian", "proleptic_gregorian"):
        return [None] * dataset.count
    step = {
        "d": timedelta(days=1),
        "h": timedelta(hours=1),
        "m": timedelta(minutes=1),
        "s": timedelta(seconds=1),
    }[match[1][0]]
    first = date(int(match[2]), int(match[3]), int(match[4]))
    stamps = [dataset.tags(band).get("NETCDF_DIM_time") for band in dataset.indexes]
    return [None if at is None else first + step * float(at) for at in stamps]


def black_marble_place(dataset: Any, name: str) -> tuple[Affine, pyproj.CRS] | None:
    """Give the transform and CRS of a variable of a Black Marble tile; None of any other raster.

    The products lie on a grid of longitude and latitude in WGS 84, in tiles of 10 x 10 degrees
    whose numbers stand in the file's attributes and in its name (Black Marble User Guide). GDAL
    takes the grid for one on a sphere, and finds none where the structural metadata is missing.
    """
    if f"/{BLACK_MARBLE}/" not in name:
        return None
    tags = dataset.tags()
    numbers = [tags.get("HorizontalTileNumber"), tags.get("VerticalTileNumber")]
    named = re.search(r"\.h(\d\d)v(\d\d)\.", Path(container(name)).name)
    if None in numbers:
        numbers = [*named.groups()] if named else []
    transform = dataset.transform
    if transform == Affine.identity() and numbers:
        across, down = (int(str(number)) for number in numbers)
        rows, cols = dataset.shape
        west, north = -180 + TILE_DEGREES * across, 90 - TILE_DEGREES * down
        transform = Affine(TILE_DEGREES / cols, 0, west, 0, -TILE_DEGREES / rows, north)
    return transform, pyproj.CRS.from_epsg(4326)


def black_marble_date(name: str) -> tuple[int, int | None] | None:
    """Read the year, and the month of a monthly product, from the name of a Black Marble file.

    Examples
    --------
    >>> black_marble_date("VNP46A4.A2020001.h29v05.002.2023047190432.h5")
    (2020, None)
    >>> black_marble_date("VNP46A3.A2021060.h29v05.001.2021120012345.h5")
    (2021, 3)
    """
    match = re.match(r"V\w\w46(A3|A4)\.A(\d{4})(\d{3})\.", Path(container(name)).name)
    if match is None:
        return None
    day = date(int(match[2]), 1, 1) + timedelta(days=int(match[3]) - 1)
    return day.year, day.month if match[1] == "A3" else None
