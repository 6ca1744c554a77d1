"""Values that often stand for missing cells are warned of where a file declares none."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely import box

from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import zonal_statistics

ZONES = gpd.GeoDataFrame(
    {"id": ["a", "b"]}, geometry=[box(0, 0, 2, 2), box(2, 0, 4, 2)], crs="EPSG:3857"
)


def raster(folder: Path, mark: float, nodata: float | None = None) -> Path:
    values = np.arange(8, dtype="float32").reshape(2, 4)
    values[0, 0] = mark
    path = folder / "r.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=2, count=1, dtype="float32", crs="EPSG:3857",
        transform=from_origin(0, 2, 1, 1), nodata=nodata,
    ) as file:  # fmt: skip
        file.write(values, 1)
    return path


@pytest.mark.parametrize("mark", [-9999, -32768])
def test_an_undeclared_mark_is_warned_of(tmp_path: Path, mark: float) -> None:
    path = raster(tmp_path, mark)
    with pytest.warns(UserWarning, match=rf"1 zones \('a'\) have cells of {mark}"):
        zonal_statistics(ZONES.set_index("id"), open_raster(path), stats=["sum"])


@pytest.mark.parametrize(
    ("mark", "stored", "given"),
    [(-9999, -9999, "stored"), (-9999, None, "none"), (-9999, None, -9999), (-12, None, "stored")],
)
def test_what_is_declared_or_a_value_is_not(
    tmp_path: Path, mark: float, stored: float | None, given: str | float
) -> None:
    path = raster(tmp_path, mark, stored)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        zonal_statistics(ZONES.set_index("id"), open_raster(path, nodata=given), stats=["sum"])  # type: ignore[arg-type]
