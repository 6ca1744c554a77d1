"""Rasters: the only reader of them. A `Raster` is one checked band of one file on its own grid."""

from __future__ import annotations

import math
import os
import re
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio._err import CPLE_BaseError  # what GDAL says beside RasterioError; not public
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import CRSError, NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window as FileWindow

from regional_atlas.core.arguments import a_text, a_whole_number, shown, wrong
from regional_atlas.core.errors import RasterError, raise_if
from regional_atlas.core.formats import GDAL_OPTIONS, RASTER_DRIVERS
from regional_atlas.core.local_files import is_packed
from regional_atlas.sources.calendars import Day
from regional_atlas.sources.classic_netcdf import check_classic_netcdf
from regional_atlas.sources.opening import check_source
from regional_atlas.sources.variables import (
    black_marble_date,
    black_marble_place,
    container,
    day_of_band,
    no_raster,
    stated_time,
    variable_name,
    variable_of,
)
from regional_atlas.tiles import Tile, Window

__all__ = [
    "Raster",
    "band_count",
    "check_reading",
    "is_missing",
    "open_raster",
    "raster_files",
]


BLOCK_CACHE_BYTES = 64 * 2**20
READERS = 4
"""Most threads that decode at once: beyond, the reader outruns whoever uses the cells."""
LARGE_BLOCK_BYTES = 32 * 2**20
"""A larger block is decoded once, by one thread, and handed out in parts."""
MOST_BLOCK_BYTES = 512 * 2**20
"""A file with larger blocks cannot be read in bounded memory."""
MOST_COLUMNS_OF_STRIPS = 2**18
PART_OF_BLOCK = (128, 2**14)
"""Rows and columns of the parts of a large block."""
MOST_CELLS_OF_SIDE = 2**25
MOST_CELLS = 2**43
MOST_DEGREES = 720
"""Two turns of longitude, and a half of latitude: what reaches further is not in degrees."""
BYTES_PER_BLOCK = 4
"""A TIFF lists at least the place of every block."""


@dataclass(frozen=True)
class Raster:
    """One band of a raster file, checked by `open_raster`; cells are read on request.

    Attributes
    ----------
    path : str
        The file, as GDAL names it.
    band : int
        From 1.
    transform : Affine
        From (column, row) to coordinates in `crs`; neither rotated nor sheared.
    crs : pyproj.CRS
    shape : tuple of int
        Rows and columns.
    dtype : numpy.dtype
        Type of the stored values.
    blocks : tuple of int
        Rows and columns of the blocks that the file stores.
    nodata : float or None
        Stored value that means "missing"; None where no value does.
    nodata_rule : str
        Where `nodata` comes from: ``stored``, ``none`` or ``given``.
    scale, offset : float
        Decoded value = stored * scale + offset.
    year, month : int or None
        What the values describe; no month for a whole year.
    has_mask : bool
        Whether the file holds a mask or alpha band.
    day : Day or None
        Of the band, as the time axis of NetCDF has it.
    time : str or None
        Units and calendar of that axis.
    whole_blocks : bool
        Whether `blocks` are those that the file stores; parts of them where these are large.
    """

    path: str
    band: int
    transform: Affine
    crs: pyproj.CRS
    shape: tuple[int, int]
    dtype: np.dtype[Any]
    blocks: tuple[int, int]
    nodata: float | None
    nodata_rule: str
    scale: float
    offset: float
    year: int | None
    has_mask: bool
    month: int | None = None
    day: Day | None = None
    time: str | None = None
    whole_blocks: bool = True

    @property
    def file(self) -> Path:
        """The file that holds the raster."""
        return Path(container(self.path))

    @property
    def name(self) -> str:
        """File name, with the variable, and with the band where it is not the first."""
        name = " ".join(filter(None, [self.file.name, variable_of(self.path)]))
        return name if self.band == 1 else f"{name} band {self.band}"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north, in the CRS of the raster."""
        rows, cols = self.shape
        x, y = zip(self.transform @ (0, 0), self.transform @ (cols, rows), strict=True)
        return min(x), min(y), max(x), max(y)

    def read(self, window: Window | None = None) -> Tile:
        """Read one window, or everything.

        Raises
        ------
        RasterError
            If the window leaves the raster or the file cannot be decoded.
        """
        rows, cols = self.shape
        return next(self.read_windows([window or (slice(0, rows), slice(0, cols))]))

    def read_windows(self, windows: Sequence[Window]) -> Iterator[Tile]:
        """Read windows in their order, the next ones being decoded ahead by other threads.

        At most two windows per thread are in memory beside the one that is handed out.

        Parameters
        ----------
        windows : sequence of (slice, slice)
            Rows and columns.

        Yields
        ------
        Tile

        Raises
        ------
        RasterError
            If a window leaves the raster or the file cannot be decoded.
        """
        for window in windows:
            self._check_window(window)
        readers = max(1, min(READERS, os.cpu_count() or 1, len(windows)))
        cache = BLOCK_CACHE_BYTES
        if not self.whole_blocks:
            readers, cache = 1, MOST_BLOCK_BYTES + BLOCK_CACHE_BYTES
        local = threading.local()
        opened: list[Any] = []

        def tile(window: Window) -> Tile:
            with rasterio.Env(GDAL_CACHEMAX=cache, **GDAL_OPTIONS):
                if not hasattr(local, "dataset"):
                    local.dataset = _opened(self.path)
                    opened.append(local.dataset)
                return self._tile(local.dataset, window)

        with ExitStack() as stack:
            stack.callback(lambda: [dataset.close() for dataset in opened])
            pool = stack.enter_context(ThreadPoolExecutor(readers))
            stack.callback(pool.shutdown, cancel_futures=True)
            pending: deque[Future[Tile]] = deque()
            for window in windows:
                if len(pending) >= 2 * readers:
                    yield pending.popleft().result()
                pending.append(pool.submit(tile, window))
            while pending:
                yield pending.popleft().result()

    def _tile(self, dataset: Any, window: Window) -> Tile:
        part = FileWindow.from_slices(*window)
        try:
            values = dataset.read(self.band, window=part)
            mask = None
            if self.has_mask:
                mask = dataset.dataset_mask(window=part) > 0
        except (RasterioError, CPLE_BaseError) as error:
            rows, cols = window
            raise RasterError(
                f"cannot decode rows {rows.start}-{rows.stop}, columns {cols.start}-{cols.stop}: "
                f"{error.__cause__ or error}",
                where=self.path,
            ) from error
        return Tile(window, values, mask)

    def _check_window(self, window: Window) -> None:
        for part, size, name in zip(window, self.shape, ("rows", "columns"), strict=True):
            if not 0 <= part.start < part.stop <= size:
                raise RasterError(
                    f"{name} {part.start} to {part.stop} are not within 0 to {size}",
                    where=self.path,
                )


def open_raster(
    path: str | os.PathLike[str],
    *,
    band: int | None = None,
    variable: str | None = None,
    crs: Any = None,
    nodata: Literal["stored", "none"] | float = "stored",
    scale: float | None = None,
    offset: float | None = None,
    year: int | None = None,
    month: int | None = None,
) -> Raster:
    """Check one band of a raster file and describe how its cells are to be read.

    Parameters
    ----------
    path : path-like
        A raster of one of the formats of `core.formats`, also by GDAL's name of a variable
        (``NETCDF:rain.nc:tp``).
    band : int, optional
        From 1; the first where not given, with a warning that names the bands that are left.
    variable : str, optional
        Of a file that holds several (NetCDF, HDF5), with or without its groups.
    crs : Any, optional
        Coordinate reference system of a file that has none (anything that
        `pyproj.CRS.from_user_input` takes). A file's own may be repeated, not contradicted.
    nodata : "stored", "none" or float
        The file's own nodata value, no nodata value (every stored value counts), or this one.
    scale, offset : float, optional
        Decoded value = stored * scale + offset; the file's own tags where not given.
    year, month : int, optional
        What the values describe; no month for a whole year. Of a Black Marble file (VNP46A3,
        VNP46A4) the name says it.

    Returns
    -------
    Raster

    Raises
    ------
    RasterError
        If the file, variable or band does not exist or cannot be read, there is no CRS, the grid is
        rotated or sheared, the header promises what the file cannot hold or what does not fit into
        memory, or the values are complex.

    Warns
    -----
    UserWarning
        If the file has no transform: its numbers are of no place then, whatever its CRS. If bands
        are left because none is named.

    Examples
    --------
    >>> profile = {"driver": "GTiff", "height": 1, "width": 3, "count": 1, "dtype": "uint8",
    ...     "crs": "EPSG:4326", "transform": Affine(0.5, 0, 10, 0, -0.5, 50)}
    >>> with rasterio.open("/vsimem/light.tif", "w", **profile) as file:
    ...     file.write(np.array([[[0, 4, 255]]], "uint8"))
    >>> raster = open_raster("/vsimem/light.tif", nodata=255, scale=0.5, year=2020)
    >>> raster.shape, raster.crs.name, raster.read().values.tolist()
    ((1, 3), 'WGS 84', [[0, 4, 255]])
    """
    if not isinstance(path, str | os.PathLike) or not str(path) or "\0" in str(path):
        raise wrong("path", path, "the path of a raster, or GDAL's name of one")
    where = str(path)
    for key, given, least in (("band", band, 1), ("year", year, 1), ("month", month, 1)):
        if given is not None:
            a_whole_number(key, given, least=least)
    if variable is not None:
        a_text("variable", variable, "the name of a variable")
    check_reading(crs=crs, nodata=nodata, scale=scale, offset=offset, where=where)
    found = _name(where, variable)
    with _opened(found) as dataset, _readable(found):
        if not dataset.count:
            raise no_raster(dataset, where)
        if band is None:
            _warn_of_bands(dataset, found)
        band = 1 if band is None else band
        if not 1 <= band <= dataset.count:
            raise RasterError(f"has no band {band}; bands: 1 to {dataset.count}", where=where)
        dtype = dataset.dtypes[band - 1]
        if "complex" in dtype:
            raise RasterError(f"band {band} holds complex values ({dtype})", where=where)
        placed = black_marble_place(dataset, found)
        transform, own = placed or (dataset.transform, dataset.crs)
        if transform.b or transform.d:
            raise RasterError(
                f"its grid is rotated or sheared: {tuple(transform)[:6]}; warp it first",
                where=where,
            )
        if own or crs is not None:
            _warn_of_no_place(transform, where)
        place = _crs(own, crs, where)
        _check_header(dataset, band, transform, place, where)
        blocks = dataset.block_shapes[band - 1]
        whole = blocks[0] * blocks[1] * np.dtype(dtype).itemsize <= LARGE_BLOCK_BYTES
        if not whole:
            blocks = (min(blocks[0], PART_OF_BLOCK[0]), min(blocks[1], PART_OF_BLOCK[1]))
        if year is None:
            year, month = black_marble_date(found) or (None, month)
        stored = dataset.nodatavals[band - 1]
        missing = {"stored": stored, "none": None}[nodata] if isinstance(nodata, str) else nodata
        flags = dataset.mask_flag_enums[band - 1]
        return Raster(
            path=found,
            band=band,
            transform=transform,
            crs=place,
            shape=dataset.shape,
            dtype=np.dtype(dtype),
            blocks=blocks,
            nodata=missing,
            nodata_rule=nodata if isinstance(nodata, str) else "given",
            scale=float(dataset.scales[band - 1] if scale is None else scale),
            offset=float(dataset.offsets[band - 1] if offset is None else offset),
            year=year,
            month=month,
            has_mask=MaskFlags.per_dataset in flags or MaskFlags.alpha in flags,
            day=day_of_band(dataset, band),
            time=stated_time(dataset),
            whole_blocks=whole,
        )


def _name(path: str, variable: str | None) -> str:
    """Give GDAL's name of what is to be read."""
    if variable is None:
        return path
    with _opened(path) as dataset:
        return variable_name(path, variable, dataset)


def _check_header(dataset: Any, band: int, transform: Affine, crs: pyproj.CRS, where: str) -> None:
    """Refuse a header that the file cannot hold, or whose cells do not fit into memory."""
    rows, cols = dataset.shape
    tall, wide = dataset.block_shapes[band - 1]
    block = tall * wide * np.dtype(dataset.dtypes[band - 1]).itemsize
    blocks = -(-rows // tall) * -(-cols // wide)
    says = f"its header says {rows:,} x {cols:,} cells"
    problems = []
    if dataset.driver == "GTiff" and os.path.isfile(where):
        size = os.path.getsize(where)
        if blocks * BYTES_PER_BLOCK > size:
            problems.append(
                f"{says} in {blocks:,} blocks, but a file of {size:,} bytes cannot even list them; "
                "it is cut off or damaged"
            )
    if not problems and (max(rows, cols) > MOST_CELLS_OF_SIDE or rows * cols > MOST_CELLS):
        problems.append(
            f"{says}; at most {MOST_CELLS_OF_SIDE:,} in a row or column and {MOST_CELLS:,} in all "
            "are read: clip it first"
        )
    if not problems and (
        block > MOST_BLOCK_BYTES or (block > LARGE_BLOCK_BYTES and wide > MOST_COLUMNS_OF_STRIPS)
    ):
        problems.append(
            f"{says} in blocks of {tall:,} x {wide:,}, of which one takes {block / 2**20:,.0f} MB "
            "of memory; write it in tiles first (gdal_translate -co TILED=YES)"
        )
    if not problems and crs.is_geographic and transform != Affine.identity():
        unit = np.degrees(crs.axis_info[0].unit_conversion_factor)
        north, south = (unit * (transform.f + transform.e * row) for row in (0, rows))
        west, east = (unit * (transform.c + transform.a * col) for col in (0, cols))
        if max(abs(north), abs(south)) > MOST_DEGREES / 4 or abs(east - west) > MOST_DEGREES:
            problems.append(
                f"its grid reaches from {west:g} to {east:g} degrees of longitude and from "
                f"{south:g} to {north:g} of latitude: check the transform, the CRS "
                f"({crs.name}) and the order of the axes"
            )
    raise_if(problems, RasterError, where)


def check_reading(
    *,
    crs: Any = None,
    nodata: Any = "stored",
    scale: float | None = None,
    offset: float | None = None,
    where: str = "",
) -> None:
    """Refuse what no raster can be read with, before any is opened.

    Raises
    ------
    RasterError
        Names everything that is wrong.

    Examples
    --------
    >>> check_reading(nodata="none", scale=float("nan"))
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.RasterError: scale must be a finite number, found nan
    """
    problems = []
    said = isinstance(nodata, str) and nodata in ("stored", "none")
    if not said and (isinstance(nodata, bool) or not isinstance(nodata, Real)):
        problems.append(f"nodata is 'stored', 'none' or a number, found {shown(nodata)}")
    problems += [
        f"{name} must be a finite number, found {shown(number)}"
        for name, number in (("scale", scale), ("offset", offset))
        if number is not None
        and (isinstance(number, bool) or not isinstance(number, Real) or not math.isfinite(number))
    ]
    if crs is not None:
        try:
            pyproj.CRS.from_user_input(crs)
        except (pyproj.exceptions.CRSError, TypeError, ValueError, AttributeError):
            problems.append(f"unknown CRS {shown(crs)}")
    raise_if(problems, RasterError, where)


def is_missing(path: str) -> bool:
    """Whether a path names a file of this machine that is not there; GDAL's own names never do.

    Examples
    --------
    >>> is_missing("no_such.tif"), is_missing("NETCDF:no_such.nc:rain")
    (True, True)
    >>> is_missing("/vsigzip/lights/2020.tif.gz")
    False
    """
    file = container(path)
    return "://" not in file and not file.startswith("/vsi") and not os.path.isfile(file)


def raster_files(path: str | os.PathLike[str]) -> list[Path]:
    """List the files of this machine that a raster consists of.

    The file itself or the archive that it lies in, its side files, and what a VRT refers to. A
    raster that cannot be opened is the file that its name says, if any.

    Examples
    --------
    >>> raster_files("no_such.tif")
    []
    """
    names, seen = [container(str(path)), str(path)], list[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.append(name)
        if len(seen) == 1 or name.endswith(".vrt"):
            with suppress(RasterError), _opened(name) as dataset:
                names += dataset.files
    return [local for local in map(_local_file, seen) if local is not None]


def _local_file(name: str) -> Path | None:
    """Find the file behind a name as GDAL and rasterio spell them: `/vsizip/a.zip/b.tif`, `zip://`."""
    plain = re.sub(r"^((/vsi\w+/)+|\w+://)", "", name).partition("!")[0]
    path = Path(plain.replace("{", "").replace("}", ""))
    return next((place for place in (path, *path.parents) if os.path.isfile(place)), None)


def band_count(path: str | os.PathLike[str], variable: str | None = None) -> int:
    """Count the bands of a raster file, or of one variable of it.

    Raises
    ------
    RasterError
        If it cannot be read, or holds variables of which none is named.

    Examples
    --------
    >>> profile = {"driver": "GTiff", "height": 1, "width": 1, "count": 3, "dtype": "uint8",
    ...     "crs": "EPSG:4326", "transform": Affine(1, 0, 10, 0, -1, 50)}
    >>> rasterio.open("/vsimem/bands.tif", "w", **profile).close()
    >>> band_count("/vsimem/bands.tif")
    3
    """
    with _opened(_name(str(path), variable)) as dataset, _readable(str(path)):
        if not dataset.count:
            raise no_raster(dataset, str(path))
        return int(dataset.count)


def _opened(path: str) -> Any:
    check_source(path, "rasters", RasterError)
    if os.path.isfile(container(path)):
        check_classic_netcdf(Path(container(path)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            with rasterio.Env(**GDAL_OPTIONS):
                # `rasterio.open` takes one driver, or any.
                return DatasetReader(path, driver=_drivers(path), sharing=False)
        except RasterioError as error:
            told = "no such file" if is_missing(path) else _told(error, path)
            raise RasterError(told, where=container(path)) from error


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """Turn what a damaged header makes GDAL and its readers say into one message."""
    try:
        yield
    except (CPLE_BaseError, RasterioError, ValueError, ArithmeticError, LookupError) as error:
        raise RasterError(f"its header cannot be read: {error}", where=where) from error


def _drivers(path: str) -> list[str]:
    """List the drivers that may open a raster; what lies in an archive is no virtual one."""
    return [name for name in RASTER_DRIVERS if not (is_packed(path) and name == "VRT")]


def _told(error: RasterioError, path: str) -> str:
    if variable := variable_of(path):
        return f"holds no variable {variable!r} that can be read"
    return str(error)


def _warn_of_bands(dataset: Any, where: str) -> None:
    """Say which bands are left where none is named; a band of transparency is none."""
    left = [
        band
        for band in dataset.indexes[1:]
        if dataset.colorinterp[band - 1] is not ColorInterp.alpha
    ]
    if left:
        shown = f"band {left[0]} is" if len(left) == 1 else f"bands {left[0]} to {left[-1]} are"
        if len(left) == 2:
            shown = f"bands {left[0]} and {left[1]} are"
        warnings.warn(
            f"{where}: band 1 of {dataset.count} is read, {shown} left; take another with `band` "
            "(--band N), or all (--band all)",
            stacklevel=3,
        )


def _warn_of_no_place(transform: Affine, where: str) -> None:
    if transform == Affine.identity():
        warnings.warn(
            f"{where}: has no transform: its cells are taken as 1 x 1 in the units of the CRS, "
            "counted from 0, 0",
            stacklevel=3,
        )


def _crs(stored: Any, stated: Any, where: str) -> pyproj.CRS:
    given = None if stated is None else pyproj.CRS.from_user_input(stated)
    if not stored:
        if given is None:
            raise RasterError("has no coordinate reference system; state one (crs)", where=where)
        return given
    try:
        own = pyproj.CRS.from_user_input(stored)
    except (CRSError, pyproj.exceptions.CRSError) as error:
        raise RasterError(f"its CRS is not understood: {error}", where=where) from error
    if given is not None and not given.equals(own, ignore_axis_order=True):
        raise RasterError(f"its CRS is {own.name}, not {given.name}", where=where)
    return own
