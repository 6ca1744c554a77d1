"""Zonal statistics on their own: from files to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regional_atlas.errors import DataError, InputError
from regional_atlas.export.tables import write_csv, write_parquet
from regional_atlas.nightlights import (
    CleanedRaster,
    Cleaning,
    RasterSource,
    load_loops,
    zonal_statistics,
)
from regional_atlas.pipeline.cluster import cluster_client, cluster_statistics
from regional_atlas.pipeline.coverage import kept_coverage
from regional_atlas.sources.boundaries import read_vector
from regional_atlas.sources.rasters import open_raster
from regional_atlas.units.coverage import require_valid

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["cleaning_rules", "zonal_file"]


def zonal_file(
    zones: Path,
    rasters: Sequence[Path],
    out: Path,
    *,
    stats: Sequence[str],
    key: str | None = None,
    crs: str | None = None,
    nodata: Any = "stored",
    scale: float | None = None,
    offset: float | None = None,
    lit_threshold: float | None = None,
    weights: Path | None = None,
    population: str | None = None,
    cleaning: Cleaning | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Measure rasters inside the polygons of a file and write the table.

    Parameters
    ----------
    zones : Path
        Any vector file.
    rasters : sequence of Path
        Each on its own grid.
    out : Path
        `.csv` or `.parquet`.
    stats : sequence of str
        See `zonal_statistics`; `cell_count` and `valid_share` are always given.
    key : str, optional
        Column that names a zone; the row number from 1 by default.
    crs, nodata, scale, offset
        How cells are read; see `open_raster`.
    lit_threshold : float, optional
        For `lit_share` and `lit_area_km2`, in decoded units.
    weights : Path, optional
        Raster for the weighted statistics, read as it is stored.
    population : str, optional
        Column of the zones for `sum_per_head`.
    cleaning : Cleaning, optional
        Rules for every raster.
    cluster : str, optional
        Address of a Dask scheduler that measures instead of this process; see `cluster_statistics`.
    progress : callable, optional
        Called with rows of cells (on a cluster: tasks) done and in all.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise InputError(f"--out {str(out)!r}: expected a name that ends in .csv or .parquet")
    for path in [zones, *rasters, *([weights] if weights else [])]:
        if not path.is_file():
            raise InputError(f"file not found: {path}")
    opened = [
        open_raster(path, crs=crs, nodata=nodata, scale=scale, offset=offset) for path in rasters
    ]
    with ThreadPoolExecutor(1) as beside:
        if cluster is None:
            dtype = opened[0].dtype if cleaning is None else CleanedRaster.dtype
            beside.submit(load_loops, dtype)
        polygons = _read_zones(zones, key)
    options: dict[str, Any] = {"stats": stats, "lit_threshold": lit_threshold, "progress": progress}
    if cluster is None:
        cleaned: list[RasterSource] = [
            raster if cleaning is None else cleaning.applied(raster) for raster in opened
        ]
        table = zonal_statistics(
            polygons,
            cleaned,
            weights=open_raster(weights) if weights else None,
            population=population,
            prepare=kept_coverage,
            **options,
        )
    elif weights or population or cleaning:
        raise InputError("weights, population and cleaning rules do not go with --cluster yet")
    else:
        with cluster_client(cluster) as client:
            table = cluster_statistics(client, polygons[["geometry"]], opened, **options)
    (write_csv if out.suffix == ".csv" else write_parquet)(table, out)
    return len(table)


def _read_zones(path: Path, key: str | None) -> gpd.GeoDataFrame:
    polygons = read_vector(path, None)
    if key is None:
        polygons.index = pd.RangeIndex(1, len(polygons) + 1, name="zone")
    elif key in polygons.columns:
        polygons = polygons.set_index(key)
    else:
        raise DataError(
            f"--id: no column {key!r}; found: {', '.join(polygons.columns)}", where=str(path)
        )
    require_valid(polygons, str(path))
    return polygons


def cleaning_rules(negative: Any, background: float | None, upper: float | None) -> Cleaning | None:
    """Make a recipe of the options that were given; None where no rule is asked for."""
    if negative == "keep" and background is None and upper is None:
        return None
    return Cleaning(negative=negative, background=background, upper=upper)
