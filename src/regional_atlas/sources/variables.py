"""Files that hold several rasters (NetCDF, HDF5): their variables by name, places and dates.

GDAL names a variable ``NETCDF:"file.nc":rain`` or ``HDF5:"file.h5"://group/rain``. Anything here
takes such a name, or the file and the name of the variable apart.
"""

from __future__ import annotations

import os
import re
import warnings
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyproj
import rasterio
from affine import Affine

from regional_atlas.core.errors import RasterError
from regional_atlas.sources.calendars import Day, time_axis

__all__ = [
    "black_marble_date",
    "black_marble_place",
    "container",
    "day_of_band",
    "no_raster",
    "stated_time",
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


def stated_time(dataset: Any) -> str | None:
    """Give the units and the calendar of a NetCDF file's time axis, as it states them."""
    tags = dataset.tags()
    units = tags.get("time#units")
    return units and f"{units!r} in the calendar {tags.get('time#calendar', 'standard')!r}"


def day_of_band(dataset: Any, band: int) -> Day | None:
    """Read the day of a band from the time axis of NetCDF; None where it has none.

    Where the axis has bounds, the day is that in the middle of them: a mean of January may be
    stamped with 1 February, when it ends.
    """
    tags, stamp = dataset.tags(), dataset.tags(band).get("NETCDF_DIM_time")
    axis = time_axis(tags.get("time#units", ""), tags.get("time#calendar", ""))
    if axis is None or stamp is None or "time#climatology" in tags:
        return None
    value = float(stamp)
    middles = _middles(dataset, tags.get("time#bounds"))
    if middles is not None and len(middles) == dataset.count:
        stamps = [float(dataset.tags(each)["NETCDF_DIM_time"]) for each in dataset.indexes]
        # GDAL may read the rows of a table from below; both ascend with time.
        value = sorted(middles)[sorted(stamps).index(value)]
    return axis.day(value)


def _middles(dataset: Any, bounds: str | None) -> list[float] | None:
    """Give the middles of the time bounds; None where there are none that can be read."""
    if not bounds:
        return None
    name = f'NETCDF:"{container(dataset.name)}":{bounds}'
    with warnings.catch_warnings(), suppress(rasterio.errors.RasterioIOError):
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(name, driver="netCDF") as table:
            if table.count == 1 and table.width == 2:
                middles: list[float] = table.read(1).mean(axis=1).tolist()
                return middles
    return None


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
