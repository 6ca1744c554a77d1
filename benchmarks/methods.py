"""What is compared: this package, reading alone, exactextract and rasterstats.

Units are in memory as a GeoDataFrame before the clock starts; every method goes from the raster
file to a table of mean, sum, max and count (reading alone: to the cells).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import rasterio

from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import (
    Grid,
    coverage_statistics,
    exact_coverage,
    zonal_statistics,
)
from regional_atlas.zonal.coverage import touched_windows

STATS = ["mean", "sum", "max", "count"]
WAYS = ("feature-sequential", "raster-sequential")
Method = Callable[[gpd.GeoDataFrame, Path], pd.DataFrame | None]


def ours(zones: gpd.GeoDataFrame, paths: Sequence[Path]) -> pd.DataFrame:
    """This package, nothing prepared."""
    return zonal_statistics(zones, [open_raster(path) for path in paths], stats=STATS)


def next_raster() -> Method:
    """This package, with the coverage prepared by an earlier raster on the same grid."""
    kept = {}

    def method(zones: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
        raster = open_raster(path)
        if not kept:
            kept["coverage"] = exact_coverage(zones.geometry.to_numpy(), Grid.of(raster))
        return pd.DataFrame(coverage_statistics(kept["coverage"], raster), index=zones.index)

    return method


def read_touched() -> Method:
    """Reading the blocks that any unit touches, as this package does."""
    kept = {}

    def method(zones: gpd.GeoDataFrame, path: Path) -> None:
        raster = open_raster(path)
        if not kept:
            coverage = exact_coverage(zones.geometry.to_numpy(), Grid.of(raster))
            kept["windows"] = touched_windows(coverage, raster.blocks)
        for _ in raster.read_windows(kept["windows"]):
            pass

    return method


def read_rasterio(zones: gpd.GeoDataFrame, path: Path) -> None:  # noqa: ARG001
    """Reading every cell into one array with rasterio alone."""
    with rasterio.open(path) as dataset:
        dataset.read(1)


def exactextract(way: str) -> Callable[[gpd.GeoDataFrame, Sequence[Path]], list[pd.DataFrame]]:
    """Exactextract, raster by raster: it refuses grids that differ by a fraction of a cell."""
    from exactextract import exact_extract

    def method(zones: gpd.GeoDataFrame, paths: Sequence[Path]) -> list[pd.DataFrame]:
        table = zones.reset_index()
        return [
            exact_extract(str(path), table, STATS, output="pandas", strategy=way) for path in paths
        ]

    return method


def rasterstats(zones: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
    """Rasterstats: cells whose centre lies inside."""
    from rasterstats import zonal_stats

    return pd.DataFrame(zonal_stats(zones, str(path), stats=STATS))
