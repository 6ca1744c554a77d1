"""From stored values to radiance: decode, and tell valid cells from missing ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.tiles import Tile
from regional_atlas.zonal.grids import RasterSource

__all__ = ["decoded", "stored_nodata"]


def stored_nodata(raster: RasterSource) -> tuple[bool, Any]:
    """Whether a stored value means "missing", and which, in the type of the values.

    A nodata value that the type cannot hold (-9999 in unsigned bytes) matches no cell. NaN is
    always missing and needs no rule.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal.grids import ArrayRaster
    >>> cells = np.zeros((1, 1), np.uint8)
    >>> stored_nodata(ArrayRaster(cells, Affine.identity(), "EPSG:4326", nodata=-9999.0))[0]
    False
    """
    kind = raster.dtype.type
    if raster.nodata is None or np.isnan(raster.nodata):
        return False, kind(0)
    if raster.dtype.kind == "f":
        return True, kind(raster.nodata)
    limits = np.iinfo(raster.dtype)
    held = limits.min <= raster.nodata <= limits.max and float(raster.nodata).is_integer()
    return held, kind(int(raster.nodata)) if held else kind(0)


def decoded(tile: Tile, raster: RasterSource) -> NDArray[np.float64]:
    """Decode a tile: values in float64, NaN where missing.

    value = stored * scale + offset; missing where the stored value is NaN or the
    raster's nodata, or its mask says so.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal.grids import ArrayRaster
    >>> raster = ArrayRaster([[0, 3]], Affine.identity(), "EPSG:4326", nodata=0, scale=2)
    >>> decoded(next(raster.read_windows([(slice(0, 1), slice(0, 2))])), raster).tolist()
    [[nan, 6.0]]
    """
    values = tile.values.astype(np.float64) * raster.scale + raster.offset
    has_nodata, nodata = stored_nodata(raster)
    if has_nodata:
        values[tile.values == nodata] = np.nan
    if tile.mask is not None:
        values[~tile.mask] = np.nan
    return values
