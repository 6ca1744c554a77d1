"""Rasters as users have them: paths, rasterio datasets, xarray, NumPy, lists and dicts of them."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from affine import Affine

from regional_atlas.core.arguments import shown, wrong
from regional_atlas.core.errors import InputError, RasterError
from regional_atlas.functions.polygons import crs_of
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal.cleaning import CleanedRaster
from regional_atlas.zonal.grids import ArrayRaster, Grid, RasterSource

__all__ = ["Placed", "rasters_of"]

ALLOWED = (
    "a path, an open rasterio dataset, a raster of open_raster, an xarray DataArray or Dataset, a "
    "NumPy array with `transform` and `crs`, or a list or dict of these"
)
_X = ("x", "lon", "longitude", "easting", "rlon")
_Y = ("y", "lat", "latitude", "northing", "rlat")
_UNEVEN = 1e-3
"""Share of a cell by which coordinates may miss an even grid: rounding of single precision."""


@dataclass(frozen=True)
class Placed:
    """Where the cells of a NumPy array lie, and which of its values means that there is none."""

    transform: Any = None
    crs: Any = None
    nodata: Any = None

    def grid(self, where: str) -> tuple[Affine, Any]:
        """Give transform and CRS."""
        lacking = [name for name in ("transform", "crs") if getattr(self, name) is None]
        if lacking:
            raise InputError(
                f"a NumPy array needs `transform` and `crs`; {' and '.join(lacking)} not given",
                where=where,
            )
        return _affine(self.transform), crs_of("crs", self.crs)


def rasters_of(
    name: str, value: Any, placed: Placed
) -> tuple[list[RasterSource], list[str] | None]:
    """Put rasters into one form.

    Parameters
    ----------
    name : str
        Of the argument, for messages.
    value : Any
        See `ALLOWED`. Whole numbers from 1 to 9999 as keys of a dict are years, all others names.
    placed : Placed
        Of arrays.

    Returns
    -------
    list of RasterSource
    list of str or None
        A name for each, where the caller gave names.

    Raises
    ------
    InputError
        None of these.
    RasterError
        A raster cannot be read.

    Examples
    --------
    >>> here = Placed(Affine(1, 0, 0, 0, -1, 1), 4326)
    >>> sources, names = rasters_of("raster", {2019: np.zeros((1, 1)), "b": np.ones((1, 1))}, here)
    >>> [source.year for source in sources], names
    ([2019, None], ['2019', 'b'])
    """
    arrays: list[bool] = []
    found, named = _several(name, value, placed, arrays)
    if not found:
        raise InputError("no raster is given", where=name)
    if not any(arrays):
        for key in ("transform", "crs", "nodata"):
            if getattr(placed, key) is not None:
                raise InputError(
                    "is for NumPy arrays; of a file, say it with open_raster", where=key
                )
    return found, named


def _several(
    name: str, value: Any, placed: Placed, arrays: list[bool]
) -> tuple[list[RasterSource], list[str] | None]:
    if isinstance(value, Mapping) and not _is_xarray(value):
        sources: list[RasterSource] = []
        names: list[str] = []
        for key, item in value.items():
            inner, _ = _several(f"{name}[{key!r}]", item, placed, arrays)
            year = int(key) if _is_year(key) else None
            if year is not None and len(inner) == 1:
                inner = [_of_year(inner[0], year)]
            sources += inner
            names += [str(key)] if len(inner) == 1 else [f"{key} {each.name}" for each in inner]
        return sources, names
    if _is_xarray(value):
        arrays.append(placed.transform is not None)
        return _of_xarray(name, value, placed)
    if isinstance(value, str | os.PathLike):
        return [open_raster(value)], None
    if isinstance(value, np.ndarray):
        arrays.append(True)
        return [_of_array(name, value, placed)], None
    if isinstance(value, rasterio.io.DatasetReaderBase):
        return [_of_dataset(name, value)], None
    if all(hasattr(value, key) for key in ("read_windows", "transform", "shape", "crs", "dtype")):
        return [value], None
    if isinstance(value, Iterable) and not isinstance(value, bytes | pd.DataFrame | pd.Series):
        listed = [
            source
            for place, item in enumerate(value)
            for source in _several(f"{name}[{place}]", item, placed, arrays)[0]
        ]
        return listed, None
    raise wrong(name, value, ALLOWED)


def _is_year(key: Any) -> bool:
    return isinstance(key, Integral) and not isinstance(key, bool) and 1 <= int(key) <= 9999


def _affine(value: Any) -> Affine:
    allowed = "an affine transform, or its six numbers"
    if isinstance(value, Affine):
        return value
    numbers = list(value) if isinstance(value, list | tuple) else []
    plain = all(isinstance(n, Real) and not isinstance(n, bool) for n in numbers)
    if len(numbers) != 6 or not plain:
        raise wrong("transform", value, allowed)
    return Affine(*numbers)


def _of_array(name: str, value: Any, placed: Placed) -> ArrayRaster:
    transform, crs = placed.grid(name)
    mask = None
    if isinstance(value, np.ma.MaskedArray):
        mask, value = ~np.ma.getmaskarray(value), value.data
    return _array(name, value, transform, crs, placed.nodata, mask=mask)


def _array(
    where: str, value: Any, transform: Affine, crs: Any, nodata: Any, **options: Any
) -> ArrayRaster:
    if nodata is not None and (isinstance(nodata, bool) or not isinstance(nodata, Real)):
        raise wrong("nodata", nodata, "a number")
    try:
        missing = None if nodata is None else float(nodata)
        found = ArrayRaster(value, transform, crs, nodata=missing, **options)
        Grid.of(found)
    except RasterError as error:
        raise RasterError(*error.problems, where=where) from error
    return found


def _of_dataset(name: str, value: Any) -> RasterSource:
    if value.closed:
        raise InputError(f"the dataset {value.name!r} is closed", where=name)
    try:
        return open_raster(value.name)
    except RasterError:
        if value.count != 1 and not isinstance(value, rasterio.vrt.WarpedVRT):
            raise
    # Of a virtual dataset that no name opens, the first band as it is in memory.
    if not value.crs:
        raise RasterError("has no coordinate reference system", where=value.name)
    return _array(
        name,
        value.read(1),
        value.transform,
        value.crs.to_wkt(),
        None,
        mask=value.read_masks(1) > 0,
        scale=float(value.scales[0]),
        offset=float(value.offsets[0]),
        name=os.path.basename(value.name),
    )


class _OfYear:
    """A raster whose year the caller says."""

    def __init__(self, source: RasterSource, year: int) -> None:
        self._source = source
        self.year = year
        self.month = None

    def __getattr__(self, key: str) -> Any:
        return getattr(self._source, key)


def _of_year(source: Any, year: int) -> RasterSource:
    if isinstance(source, CleanedRaster):
        return CleanedRaster(_of_year(source.raster, year), source.rules)
    found: Any = _OfYear(source, year)
    return found  # type: ignore[no-any-return]


# xarray is read by what its objects offer, and never imported: whoever has one has imported it.


def _is_xarray(value: Any) -> bool:
    xarray = sys.modules.get("xarray")
    return xarray is not None and isinstance(value, xarray.DataArray | xarray.Dataset)


def _of_xarray(
    name: str, value: Any, placed: Placed
) -> tuple[list[RasterSource], list[str] | None]:
    if not hasattr(value, "data_vars"):
        return list(_slices(name, value, placed)), None
    variables = {key: held for key, held in value.data_vars.items() if held.ndim >= 2}
    if not variables:
        raise RasterError(f"found {shown(value)} without a variable on a grid", where=name)
    sources: list[RasterSource] = []
    names: list[str] = []
    for key, held in variables.items():
        found = list(_slices(f"{name}[{key!r}]", held, placed))
        sources += found
        names += [str(key)] * len(found)
    return sources, names


def _slices(name: str, value: Any, placed: Placed) -> Iterator[ArrayRaster]:
    """Give the rasters of a DataArray: one, or one for each time."""
    x, y = _axis(name, value, _X), _axis(name, value, _Y)
    value = value.squeeze([d for d in value.dims if value.sizes[d] == 1 and d not in (x, y)])
    rest = [dim for dim in value.dims if dim not in (x, y)]
    times = [dim for dim in rest if _is_time(value, dim)]
    if rest != times or len(times) > 1:
        odd = next(dim for dim in rest if dim not in times[:1])
        raise RasterError(
            f"has a dimension {odd!r} of {value.sizes[odd]} beside {y!r}, {x!r} and time; "
            f"choose one, as with .isel({odd}=0)",
            where=name,
        )
    transform, crs = _place(name, value, x, y, placed)
    said = {**value.encoding, **value.attrs}
    nodata = placed.nodata
    if nodata is None and value.dtype.kind in "buif":
        nodata = value.attrs.get("_FillValue", value.attrs.get("nodata", said.get("missing_value")))
        nodata = None if nodata is None or isinstance(nodata, str) else np.ravel(nodata)[0].item()
    decoding = {
        key: float(value.attrs[attribute])
        for key, attribute in (("scale", "scale_factor"), ("offset", "add_offset"))
        if isinstance(value.attrs.get(attribute), Real)
    }
    title = str(value.name or "array")
    if not times:
        cells = value.transpose(y, x).values
        when = _one_time(value)
        yield _array(name, cells, transform, crs, nodata, name=title, year=when, **decoding)
        return
    (time,) = times
    moments = [_moment(moment) for moment in value[time].values]
    yearly = len({year for year, _, _ in moments}) == len(moments)
    for place, (year, month, written) in enumerate(moments):
        cells = value.isel({time: place}).transpose(y, x).values
        dated = {"year": year, "month": None if yearly else month}
        yield _array(
            name, cells, transform, crs, nodata, name=f"{title} {written}", **dated, **decoding
        )


def _axis(name: str, value: Any, names: tuple[str, ...]) -> Any:
    for dim in value.dims:
        if str(dim).lower() in names:
            return dim
    wanted = "X" if names is _X else "Y"
    for dim in value.dims:
        if dim in value.coords and value.coords[dim].attrs.get("axis") == wanted:
            return dim
    dims = ", ".join(map(str, value.dims)) or "none"
    raise RasterError(f"has no dimension called {', '.join(names[:4])}; its: {dims}", where=name)


def _is_time(value: Any, dim: Any) -> bool:
    if dim not in value.coords:
        return False
    held = value.coords[dim]
    first = held.values.ravel()[:1]
    dated = held.dtype.kind == "M" or (len(first) and hasattr(first[0], "year"))
    years = str(dim).lower() in ("year", "time") and held.dtype.kind in "iu"
    return bool(dated or years)


def _moment(value: Any) -> tuple[int, int | None, str]:
    if isinstance(value, np.datetime64):
        stamp = pd.Timestamp(value)
        return stamp.year, stamp.month, f"{stamp:%Y-%m-%d}"
    if hasattr(value, "year"):
        return int(value.year), int(value.month), f"{value.year:04d}-{value.month:02d}"
    return int(value), None, str(value)


def _one_time(value: Any) -> int | None:
    """Give the year of a raster of one time, if it says any."""
    for key in ("time", "year"):
        if key in value.coords and value.coords[key].ndim == 0:
            held = value.coords[key].values[()]
            if isinstance(held, np.datetime64) or hasattr(held, "year") or _is_year(held):
                return _moment(held)[0]
    return None


def _place(name: str, value: Any, x: Any, y: Any, placed: Placed) -> tuple[Affine, Any]:
    if placed.transform is not None:
        return placed.grid(name)
    mapping = value.attrs.get("grid_mapping", value.encoding.get("grid_mapping", "spatial_ref"))
    held = value.coords[mapping].attrs if mapping in value.coords else {}
    said = held.get("crs_wkt") or held.get("spatial_ref") or value.attrs.get("crs")
    if said is None and "rioxarray" in sys.modules:
        said = value.rio.crs
    if said is None:
        if placed.crs is None:
            raise RasterError(
                "has no coordinate reference system; write one with .rio.write_crs('EPSG:4326'), "
                "or give `crs` and `transform`",
                where=name,
            )
        said = placed.crs
    stored = held.get("GeoTransform")
    sides = [float(n) for n in str(stored).split()][1::4] if stored is not None else [None, None]
    width, west = _spacing(name, value, x, sides[0])
    height, north = _spacing(name, value, y, sides[1])
    return Affine(width, 0, west, 0, height, north), crs_of("crs", said)


def _spacing(name: str, value: Any, dim: Any, stored: float | None) -> tuple[float, float]:
    """Give the side of a cell along a dimension and the edge where it begins."""
    if dim not in value.coords:
        raise RasterError(
            f"has no coordinates along {dim!r}; give `transform` and `crs`", where=name
        )
    centres = np.asarray(value.coords[dim].values, dtype=np.float64)
    if len(centres) < 2:
        if stored is None:
            raise RasterError(f"has one cell along {dim!r}: give `transform` and `crs`", where=name)
        return stored, float(centres[0]) - stored / 2
    side = (centres[-1] - centres[0]) / (len(centres) - 1)
    off = np.abs(centres - (centres[0] + side * np.arange(len(centres)))).max()
    if not math.isfinite(side) or side == 0 or off > _UNEVEN * abs(side):
        raise RasterError(f"its coordinates along {dim!r} are not evenly spaced", where=name)
    return float(side), float(centres[0] - side / 2)
