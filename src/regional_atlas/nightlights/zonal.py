"""Zonal statistics: what lies inside each zone, weighed by exact coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.errors import DataError, InputError, raise_if
from regional_atlas.jit import thread_count
from regional_atlas.nightlights.cleaning import stored_nodata
from regional_atlas.nightlights.coverage import (
    Coverage,
    CoverageBlock,
    exact_coverage,
    touched_windows,
)
from regional_atlas.nightlights.details import DETAILS, detail_statistics, quantile_of
from regional_atlas.nightlights.grids import ArrayRaster, Grid, RasterSource
from regional_atlas.nightlights.zones import zone_polygons
from regional_atlas.tiles import Tile

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["STATISTICS", "coverage_statistics", "load_loops", "zonal_statistics"]

STATISTICS: Mapping[str, str] = {
    "mean": "sum / count",
    "sum": "sum of value * coverage over valid cells",
    "min": "smallest valid value of the cells touched",
    "max": "largest valid value of the cells touched",
    "count": "sum of coverage over valid cells",
    "lit_share": "coverage of valid cells of at least the threshold / count",
    "cell_count": "number of cells touched",
    "valid_share": "count / area of the zone in cells",
}
"""The statistics and their formulas; values are decoded before any of them."""

ALWAYS = ("cell_count", "valid_share")


def zonal_statistics(
    zones: gpd.GeoDataFrame,
    rasters: RasterSource | Iterable[RasterSource],
    *,
    stats: Sequence[str] = ("mean", "sum", "max"),
    lit_threshold: float | None = None,
    weights: RasterSource | None = None,
    population: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Statistics of every raster inside every zone, as a tidy table.

    With v the decoded value of a cell (stored * scale + offset, in float64) and c the exact share
    of the cell that the zone covers, over the valid cells that the zone touches:
    ``count`` = sum c, ``sum`` = sum v*c, ``mean`` = sum / count, ``min`` and ``max`` of v,
    ``lit_share`` = sum of c where v >= `lit_threshold`, / count. ``cell_count`` is the number of
    cells touched, valid or not. ``valid_share`` = count / area of the zone in cells: below 1
    where cells are missing and where the zone reaches beyond the raster (half outside: 0.5).
    Sums weigh every cell alike: in a geographic CRS they are sums over cells, not over areas.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, one row per zone, unique index. They may overlap. In another CRS than a raster,
        their edges are densified and their vertices projected to the raster's.
    rasters : RasterSource or iterable of them
        Each on its own grid. Rasters on the same grid share the coverage.
    stats : sequence of str
        Of `STATISTICS` and `DETAILS`; the latter take a pass of their own over the raster.
        ``cell_count`` and ``valid_share`` are always given.
    lit_threshold : float, optional
        In decoded units; needed for ``lit_share`` and ``lit_area_km2``.
    weights : RasterSource, optional
        For the weighted statistics, on any grid in the rasters' CRS; see `on_grid`.
    population : str, optional
        Column of `zones` with heads, for ``sum_per_head``.
    progress : callable, optional
        Called with rows of cells done and in all.

    Returns
    -------
    DataFrame
        One row per zone and raster, ordered by raster as given, then by zone. Columns: the zones'
        index (its name, or ``unit_id``), ``year``, then the statistics. Where years are missing
        or repeated a column ``raster`` with the raster's name follows ``year``. Where a zone has
        no valid cell, ``count`` and ``valid_share`` are 0 and the other statistics are NaN, except
        for ``cell_count``. A zone without area has ``valid_share`` NaN.

    Raises
    ------
    InputError
        If a statistic is unknown or named twice, or ``lit_share`` lacks its threshold.
    DataError
        If zones have no CRS, a repeated index, are no polygons, or have crossing rings.
    RasterError
        If a raster cannot be read.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from affine import Affine
    >>> from regional_atlas.nightlights import ArrayRaster
    >>> zones = gpd.GeoDataFrame(
    ...     index=pd.Index(["a"], name="unit_id"), geometry=[shapely.box(0.5, 0, 2, 1)], crs=4326
    ... )
    >>> raster = ArrayRaster([[4, 1]], Affine(1, 0, 0, 0, -1, 1), 4326, year=2020)
    >>> zonal_statistics(zones, raster, stats=["mean", "sum", "count"])
      unit_id  year  mean  sum  count  cell_count  valid_share
    0       a  2020   2.0  3.0    1.5           2          1.0
    """
    sources: list[RasterSource] = [*rasters] if isinstance(rasters, Iterable) else [rasters]
    columns = _columns(stats, lit_threshold, weights is not None, population)
    _check_zones(zones)
    heads = _heads(zones, population)
    costly = [name for name in columns if name not in STATISTICS]
    key = zones.index.name or "unit_id"
    years = [source.year for source in sources]
    distinct = None not in years and len(set(years)) == len(years)
    grids = [Grid.of(source) for source in sources]
    uses = Counter(grids)
    prepared: dict[Grid, Coverage] = {}
    total_rows = sum(grid.shape[0] for grid in grids)
    done_rows = 0
    tables = []
    for source, grid in zip(sources, grids, strict=True):
        if grid not in prepared:
            polygons = zone_polygons(zones, grid.crs)
            prepared[grid] = exact_coverage(polygons, grid, labels=zones.index.tolist())
        report = None
        if progress is not None:
            report = _shifted(progress, done_rows, total_rows)
        found = coverage_statistics(
            prepared[grid], source, lit_threshold=lit_threshold, progress=report
        )
        if costly:
            found |= detail_statistics(
                prepared[grid],
                source,
                costly,
                lit_threshold=lit_threshold,
                weights=weights,
                population=heads,
            )
        names = [name for column in columns for name in _names(column, found)]
        table = pd.DataFrame({name: found[name] for name in names})
        if not distinct:
            table.insert(0, "raster", source.name)
        table.insert(0, "year", pd.Series([source.year] * len(zones), dtype="Int64"))
        table.insert(0, key, zones.index)
        tables.append(table)
        done_rows += grid.shape[0]
        uses[grid] -= 1
        if not uses[grid]:
            del prepared[grid]
    if not tables:
        raise InputError("no raster is given", where="rasters")
    result = pd.concat(tables, ignore_index=True)
    return result.astype({"year": "int64"}) if distinct else result


def coverage_statistics(
    coverage: Coverage,
    raster: RasterSource,
    *,
    lit_threshold: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """All of `STATISTICS` of one raster, by coverage that was prepared for its grid.

    Parameters
    ----------
    coverage : Coverage
        Of the zones on the raster's grid.
    raster : RasterSource
    lit_threshold : float, optional
        In decoded units; without it ``lit_share`` is left out.
    progress : callable, optional
        Called with rows of cells done and in all.

    Returns
    -------
    dict
        One array per statistic, one value per zone; missing values as in `zonal_statistics`.

    Raises
    ------
    DataError
        If the raster lies on another grid.

    Notes
    -----
    Results do not depend on the number of threads: a zone's spans are added in order of windows,
    rows and columns by one thread.
    """
    from regional_atlas.nightlights import _sums

    if Grid.of(raster) != coverage.grid:
        raise DataError(f"raster {raster.name} lies on another grid than the coverage")
    totals = np.zeros((len(coverage), len(_sums.COLUMNS)))
    totals[:, _sums.COLUMNS["min"]] = np.inf
    totals[:, _sums.COLUMNS["max"]] = -np.inf
    has_nodata, nodata = stored_nodata(raster)
    threshold = np.inf if lit_threshold is None else float(lit_threshold)
    rules = (has_nodata, nodata, float(raster.scale), float(raster.offset), threshold)
    no_mask = np.empty((0, 0), np.bool_)

    def add(block: CoverageBlock, tile: Tile) -> None:
        _sums.accumulate(
            *block.geometry,
            tile.values,
            no_mask if tile.mask is None else tile.mask,
            tile.window[0].start,
            tile.window[1].start,
            tile.mask is not None,
            *rules,
            totals[block.first_zone : block.first_zone + len(block)],
        )

    with ThreadPoolExecutor(thread_count()) as pool:
        for tile in raster.read_windows(touched_windows(coverage, raster.blocks)):
            touched = [block for block in coverage.blocks if block.touches(tile.window)]
            list(pool.map(add, touched, [tile] * len(touched)))
            if progress is not None:
                progress(tile.window[0].stop, raster.shape[0])
    if progress is not None:
        progress(raster.shape[0], raster.shape[0])
    found = {name: totals[:, column] for name, column in _sums.COLUMNS.items()}
    return _statistics(found, coverage, lit=lit_threshold is not None)


def load_loops(dtype: np.dtype[Any]) -> None:
    """Load the compiled loops for one type of cell values; the first time they are compiled.

    That takes most of a second, which a thread can spend while polygons are being read.

    Parameters
    ----------
    dtype : numpy.dtype
        Of the raster that will be measured.
    """
    cell = ArrayRaster(np.zeros((1, 1), dtype), Affine.identity(), "EPSG:4326")
    coverage_statistics(exact_coverage([shapely.box(0, 0, 1, 1)], Grid.of(cell)), cell)


def _statistics(
    totals: Mapping[str, NDArray[np.float64]], coverage: Coverage, *, lit: bool
) -> dict[str, NDArray[Any]]:
    count = totals["count"]
    empty = count == 0

    def known(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(empty, np.nan, values)

    beyond = np.maximum(coverage.areas - coverage.covered, 0)
    beyond[beyond < 1e-9 * np.maximum(coverage.areas, 1)] = 0
    areas = totals["covered"] + beyond
    with np.errstate(invalid="ignore", divide="ignore"):
        statistics: dict[str, NDArray[Any]] = {
            "mean": totals["sum"] / count,
            "sum": known(totals["sum"]),
            "min": known(totals["min"]),
            "max": known(totals["max"]),
            "count": count,
            "cell_count": totals["cells"].astype(np.int64),
            "valid_share": count / areas,
        }
        if lit:
            statistics["lit_share"] = totals["lit"] / count
    return statistics


def _columns(
    stats: Sequence[str], lit_threshold: float | None, weighted: bool, population: str | None
) -> list[str]:
    if isinstance(stats, str):
        raise InputError(f"stats is a list of names, found the text {stats!r}", where="stats")
    known = {**STATISTICS, **DETAILS}
    unknown = [name for name in stats if name not in known and quantile_of(name) is None]
    unknown += [name for name in stats if name == "quantile(q=…)"]
    problems = [f"unknown statistic {name!r}; known: {', '.join(known)}" for name in unknown]
    repeated = [name for name, times in Counter(stats).items() if times > 1]
    problems += [f"statistic {name!r} is named twice" for name in repeated]
    for name in ("lit_share", "lit_area_km2"):
        if name in stats and lit_threshold is None:
            problems.append(f"{name} needs a lit_threshold, in decoded units")
    if lit_threshold is not None and not np.isfinite(lit_threshold):
        problems.append(f"lit_threshold must be a number, found {lit_threshold}")
    needing = [name for name in stats if name.startswith("weighted_")]
    if needing and not weighted:
        problems.append(f"{', '.join(needing)}: needs a raster of weights")
    if "sum_per_head" in stats and population is None:
        problems.append("sum_per_head needs a population, the column of zones with heads")
    raise_if(problems, InputError, "stats")
    return [*(name for name in stats if name not in ALWAYS), *ALWAYS]


def _names(column: str, found: Mapping[str, Any]) -> list[str]:
    """Columns of the table that a statistic fills."""
    if column in ("frac", "weighted_frac"):
        return [name for name in found if name.startswith(f"{column}_")]
    return [(quantile_of(column) or (column,))[0]]


def _heads(zones: gpd.GeoDataFrame, population: str | None) -> NDArray[np.float64] | None:
    if population is None:
        return None
    if population not in zones.columns:
        raise InputError(f"zones have no column {population!r}", where="population")
    heads: NDArray[np.float64] = zones[population].to_numpy(dtype=np.float64, na_value=np.nan)
    return heads


def _check_zones(zones: gpd.GeoDataFrame) -> None:
    repeated = zones.index[zones.index.duplicated()].unique()
    raise_if(
        (f"zone {label!r} stands more than once in the index" for label in repeated),
        DataError,
        "zones",
    )


def _shifted(
    progress: Callable[[int, int], None], done: int, total: int
) -> Callable[[int, int], None]:
    return lambda rows, _: progress(done + rows, total)
