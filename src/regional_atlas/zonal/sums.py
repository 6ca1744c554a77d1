"""Sums over covered cells: the basic statistics, in one pass over a raster."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError
from regional_atlas.core.jit import thread_count
from regional_atlas.tiles import Tile
from regional_atlas.zonal.cleaning import (
    RULES,
    CleanedRaster,
    rule_column,
    rules_of,
    stored_nodata,
)
from regional_atlas.zonal.coverage import (
    Coverage,
    CoverageBlock,
    exact_coverage,
    touched_windows,
)
from regional_atlas.zonal.grids import ArrayRaster, Grid, RasterSource
from regional_atlas.zonal.registry import STATISTICS

__all__ = ["coverage_statistics", "load_loops"]


def coverage_statistics(
    coverage: Coverage,
    raster: RasterSource,
    *,
    lit_threshold: float | None = None,
    removed: Coverage | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """Give the statistics that one pass over a raster finds, by coverage prepared for its grid.

    Of a cleaned raster also ``taken_<rule>``, the coverage of the cells that each rule took (in
    cells, as ``count``; valid ones alone); of saturated cells, which are kept, ``saturated_count``
    and ``saturated_share`` = saturated_count / count.

    Parameters
    ----------
    coverage : Coverage
        Of the zones on the raster's grid.
    raster : RasterSource
    lit_threshold : float, optional
        In decoded units; without it ``lit_share`` is left out.
    removed : Coverage, optional
        Of what a mask cut out of each zone: ``valid_share`` counts it as area without valid cells,
        and ``taken_mask_polygons`` is the coverage of valid cells in it.
    progress : callable, optional
        Called with rows of cells done and in all.

    Returns
    -------
    dict
        One array per statistic of `STATISTICS` that is not `of_cells`, one value per zone; missing
        values as in `zonal_statistics`.

    Raises
    ------
    DataError
        If the raster lies on another grid.

    Notes
    -----
    Results do not depend on the number of threads: a zone's spans are added in order of windows,
    rows and columns by one thread.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster, exact_coverage
    >>> raster = ArrayRaster([[4.0, 1.0]], Affine(1, 0, 0, 0, -1, 1), 4326)
    >>> coverage = exact_coverage([shapely.box(0.5, 0, 2, 1)], Grid.of(raster))
    >>> found = coverage_statistics(coverage, raster)
    >>> found["sum"].tolist(), found["count"].tolist()
    ([3.0], [1.5])
    """
    from regional_atlas.zonal import statistics_kernels

    if Grid.of(raster) != coverage.grid:
        raise DataError(f"raster {raster.name} lies on another grid than the coverage")
    totals = np.zeros((len(coverage), len(statistics_kernels.COLUMNS)))
    totals[:, statistics_kernels.COLUMNS["min"]] = np.inf
    totals[:, statistics_kernels.COLUMNS["max"]] = -np.inf
    has_nodata, least, most = stored_nodata(raster)
    threshold = np.inf if lit_threshold is None else float(lit_threshold)
    rules = (has_nodata, least, most, float(raster.scale), float(raster.offset), threshold)
    no_mask = np.empty((0, 0), np.bool_)
    cleaning = rules_of(raster)
    tallies = np.zeros((len(coverage), len(RULES) + 1))

    def add(block: CoverageBlock, tile: Tile) -> None:
        statistics_kernels.accumulate(
            *block.geometry,
            tile.values,
            no_mask if tile.mask is None else tile.mask,
            tile.window[0].start,
            tile.window[1].start,
            tile.mask is not None,
            *rules,
            totals[block.first_zone : block.first_zone + len(block)],
        )
        if tile.taken is not None:
            statistics_kernels.tally(
                *block.geometry,
                tile.taken,
                tile.window[0].start,
                tile.window[1].start,
                tallies[block.first_zone : block.first_zone + len(block)],
            )

    with ThreadPoolExecutor(thread_count()) as pool:
        for tile in raster.read_windows(touched_windows(coverage, raster.blocks)):
            touched = [block for block in coverage.blocks if block.touches(tile.window)]
            list(pool.map(add, touched, [tile] * len(touched)))
            if progress is not None:
                progress(tile.window[0].stop, raster.shape[0])
    if progress is not None:
        progress(raster.shape[0], raster.shape[0])
    found = {name: totals[:, column] for name, column in statistics_kernels.COLUMNS.items()}
    taken = {rule: tallies[:, RULES.index(rule) + 1] for rule in cleaning}
    beyond = coverage.areas - coverage.covered
    if removed is not None:
        whole = raster.raster if isinstance(raster, CleanedRaster) else raster
        taken = {"mask_polygons": coverage_statistics(removed, whole)["count"], **taken}
        beyond += removed.areas
    beyond[beyond < 1e-9 * np.maximum(coverage.areas, 1)] = 0
    sums = {**found, "area": found["covered"] + beyond}
    with np.errstate(invalid="ignore", divide="ignore"):
        statistics = {
            each.name: each.compute(sums)
            for each in STATISTICS.values()
            if not each.of_cells and (lit_threshold is not None or not each.needs)
        }
        statistics |= {rule_column(rule): cells for rule, cells in taken.items()}
        if "saturation" in taken:
            statistics["saturated_share"] = taken["saturation"] / sums["count"]
    return statistics


def load_loops(dtype: np.dtype[Any]) -> None:
    """Load the compiled loops for one type of cell values; the first time they are compiled.

    That takes most of a second, which a thread can spend while polygons are being read.

    Parameters
    ----------
    dtype : numpy.dtype
        Of the raster that will be measured.

    Examples
    --------
    >>> load_loops(np.dtype("uint8"))
    """
    cell = ArrayRaster(np.zeros((1, 1), dtype), Affine.identity(), "EPSG:4326")
    coverage_statistics(exact_coverage([shapely.box(0, 0, 1, 1)], Grid.of(cell)), cell)
