"""Rasters as cloud-optimised GeoTIFF: whole numbers with a scale, tiled, with overviews."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import RasterError

__all__ = ["read_tags", "write_cog"]

LARGEST = int(np.iinfo(np.uint16).max)
BLOCK_SIZE = 256


def write_cog(
    path: str | os.PathLike[str],
    array: NDArray[np.floating[Any]],
    transform: Affine,
    crs: Any,
    *,
    scale: float = 0.01,
    nodata: int = LARGEST,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write values as a cloud-optimised GeoTIFF of unsigned 16-bit whole numbers.

    stored = round(value / scale); a reader that knows the scale tag gives back the value within
    scale / 2. DEFLATE with horizontal differences, which every GDAL since 1.8 decodes; overviews
    are averages. The same input gives the same bytes (with the same GDAL).

    Parameters
    ----------
    path : path-like
        Replaced when the new file is complete.
    array : ndarray, 2-D
        Values, NaN where missing.
    transform : Affine
        From (column, row) to coordinates.
    crs : Any
        Anything that `rasterio.crs.CRS.from_user_input` takes.
    scale : float
        Units per stored unit.
    nodata : int
        Stored where missing.
    tags : mapping, optional
        Written as GeoTIFF metadata (source, vintage, licence, units).

    Returns
    -------
    Path

    Raises
    ------
    RasterError
        If the array is not 2-D, a value does not fit, or the scale or nodata value is unusable.
    """
    target = Path(path)
    stored = _stored(array, scale, nodata, str(target))
    profile = {
        "driver": "GTiff",
        "dtype": "uint16",
        "count": 1,
        "height": stored.shape[0],
        "width": stored.shape[1],
        "transform": transform,
        "crs": crs,
        "nodata": nodata,
    }
    with MemoryFile() as memory:
        with memory.open(**profile) as dataset:
            dataset.write(stored, 1)
            dataset.scales = (scale,)
            dataset.update_tags(**(tags or {}))
        with atomic_path(target) as partial, memory.open() as dataset:
            rasterio.shutil.copy(
                dataset,
                partial,
                driver="COG",
                compress="DEFLATE",
                level=9,
                predictor="STANDARD",
                blocksize=BLOCK_SIZE,
                overviews="IGNORE_EXISTING",
                overview_resampling="AVERAGE",
                num_threads=1,
            )
    return target


def read_tags(path: str | os.PathLike[str]) -> dict[str, str]:
    """Give the metadata of a GeoTIFF; none where the file is no such."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver="GTiff") as dataset:
                return dict(dataset.tags())
    except RasterioError:
        return {}


def _stored(
    array: NDArray[np.floating[Any]], scale: float, nodata: int, where: str
) -> NDArray[np.uint16]:
    if array.ndim != 2 or not array.size:
        raise RasterError(f"needs a 2-D array, found {array.shape}", where=where)
    if not scale > 0 or not np.isfinite(scale):
        raise RasterError(f"scale must be above 0, found {scale}", where=where)
    if not 0 <= nodata <= LARGEST:
        raise RasterError(f"nodata must be within 0 and {LARGEST}, found {nodata}", where=where)
    missing = np.isnan(array)
    with np.errstate(invalid="ignore"):
        units = np.round(array / scale)
    bad = ~missing & ~((units >= 0) & (units <= LARGEST) & (units != nodata))
    if bad.any():
        row, col = (int(i) for i in np.argwhere(bad)[0])
        raise RasterError(
            f"{int(bad.sum())} values do not fit 16 bits at scale {scale} with nodata {nodata}, "
            f"first {array[row, col]} in row {row}, column {col}",
            where=where,
        )
    return np.where(missing, nodata, units).astype(np.uint16)
