"""Zonal statistics of whatever rasters and zones a user has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.core.arguments import a_function, a_number, a_text, some_texts
from regional_atlas.core.errors import InputError
from regional_atlas.core.provenance import with_provenance
from regional_atlas.functions.polygons import crs_or_none, polygons_of
from regional_atlas.functions.rasters import Placed, rasters_of
from regional_atlas.zonal import statistics as inner

__all__ = ["zonal_statistics"]


def zonal_statistics(
    zones: Any,
    raster: Any,
    *,
    stats: Iterable[str] = ("mean", "sum", "max"),
    lit_threshold: float | None = None,
    weights: Any = None,
    population: str | None = None,
    mask: Any = None,
    transform: Any = None,
    crs: Any = None,
    nodata: float | None = None,
    zones_crs: Any = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Statistics of rasters inside zones, each cell weighed by the exact share a zone covers.

    Parameters
    ----------
    zones : GeoDataFrame, GeoSeries, path, shapely geometry or list of geometries
        Valid polygons, which may overlap; in any CRS.
    raster : path, rasterio dataset, DataArray, Dataset, array, or list or dict of them
        Paths and datasets are read by windows, their first band (`open_raster` chooses another).
        An xarray DataArray brings its CRS along as rioxarray writes it (`spatial_ref`); each value
        of its time dimension is a raster of its own, and each variable of a Dataset. Keys of a
        dict that are whole numbers are years, all others names.
    stats : iterable of str
        See docs/reference/statistics.md: `mean`, `sum`, `max`, `min`, `median`, `lit_share`, …
    lit_threshold : float, optional
        In decoded units; needed for `lit_share` and `lit_area_km2`.
    weights : as `raster`, one, optional
        For weighted statistics, on any grid.
    population : str, optional
        Column of `zones` with heads, for `sum_per_head`.
    mask : as `zones`, optional
        Polygons that are cut out of the zones first.
    transform, crs : optional
        Where the cells of NumPy arrays lie: an `Affine` or its six numbers, and any CRS.
    nodata : float, optional
        Value of NumPy arrays that means "missing"; NaN and what a masked array masks always do.
    zones_crs : optional
        CRS of zones that have none.
    progress : callable, optional
        Called with steps done and in all.

    Returns
    -------
    DataFrame
        One row per raster and zone, by raster as given, then by zone. Columns: the name of the
        zones' index (`unit_id` without one) with the caller's labels; `year` and `month`, missing
        where a raster says none; `raster`, where names are given or dates cannot tell rasters
        apart; the statistics; always `cell_count` (cells touched) and `valid_share` (of the zone's
        area, with valid cells). `attrs["rasters"]` says how each raster was read.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed; `DataError` and `RasterError` where
        zones or rasters themselves are wrong.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> cells, zone = np.array([[4.0, 1.0]]), shapely.box(0.5, 0, 2, 1)
    >>> found = zonal_statistics(zone, cells, stats=["sum", "count"],
    ...     transform=(1, 0, 0, 0, -1, 1), crs=4326, zones_crs=4326)
    >>> found[["sum", "count", "valid_share"]].values.tolist()
    [[3.0, 1.5, 1.0]]
    """
    wanted = some_texts("stats", stats, "a list of statistics")
    least = None if lit_threshold is None else a_number("lit_threshold", lit_threshold)
    if population is not None:
        a_text("population", population, "the name of a column of the zones")
    if progress is not None:
        a_function("progress", progress)
    areas = polygons_of("zones", zones, zones_crs)
    cut = None if mask is None else polygons_of("mask", mask, zones_crs if _bare(mask) else None)
    placed = Placed(transform, crs, nodata)
    sources, names = rasters_of("raster", raster, placed)
    heavy = None
    if weights is not None:
        found, _ = rasters_of("weights", weights, _placed_for(weights, placed))
        if len(found) != 1:
            raise InputError(f"expected one raster, found {len(found)}", where="weights")
        (heavy,) = found
    table = inner.zonal_statistics(
        areas,
        sources,
        stats=wanted,
        lit_threshold=least,
        weights=heavy,
        population=population,
        mask=cut,
        progress=progress,
    )
    if names is not None:
        table = _named(table, names, len(areas))
    return with_provenance(table, "zonal statistics", source=[source.name for source in sources])


def _bare(value: Any) -> bool:
    return crs_or_none(value) is None and not isinstance(value, str)


def _placed_for(weights: Any, placed: Placed) -> Placed:
    return placed if isinstance(weights, np.ndarray) else Placed()


def _named(table: pd.DataFrame, names: list[str], zones: int) -> pd.DataFrame:
    """Name each raster as the caller does."""
    attrs = table.attrs
    labels = np.repeat(np.array(names, dtype=object), zones)
    if "raster" in table.columns:
        table["raster"] = labels
    else:
        place = max(table.columns.get_indexer(pd.Index(["year", "month"]))) + 1
        table.insert(int(place), "raster", labels)
    table = table.astype({"raster": "str"})
    records = [dict(held, raster=name) for held, name in zip(attrs["rasters"], names, strict=True)]
    table.attrs = {**attrs, "rasters": records}
    return table
