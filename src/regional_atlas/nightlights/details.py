"""Statistics that need every cell of a zone at once: spread, quantiles, classes, weights, areas."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.errors import DataError, InputError
from regional_atlas.jit import thread_count
from regional_atlas.nightlights.cell_areas import row_areas_km2
from regional_atlas.nightlights.cleaning import decoded
from regional_atlas.nightlights.coverage import (
    Coverage,
    CoverageBlock,
    touched_cells,
    touched_windows,
)
from regional_atlas.nightlights.grids import RasterSource
from regional_atlas.nightlights.weights import on_grid
from regional_atlas.tiles import Tile

__all__ = ["DETAILS", "detail_statistics", "quantile_of"]

DETAILS: Mapping[str, str] = {
    "variance": "sum of c (v - mean)² / count",
    "stdev": "square root of the variance",
    "coefficient_of_variation": "stdev / mean",
    "median": "quantile(q=0.5)",
    "quantile(q=…)": "linear between distinct values, weighed by coverage; column quantile_<100q>",
    "majority": "value with most coverage; the largest where several have as much",
    "mode": "the same as majority",
    "minority": "value with least coverage; the smallest where several have as little",
    "variety": "number of distinct values",
    "frac": "coverage of each distinct value / count; a column frac_<value> each",
    "gini": "inequality of the cells' values, from 0 (equal) to 1",
    "area_km2": "ground area of the valid cells",
    "lit_area_km2": "ground area of valid cells of at least the threshold",
    "sum_per_km2": "sum / area_km2",
    "sum_per_head": "sum / population of the zone",
    "weighted_sum": "sum of v c w, w the weight of a cell",
    "weighted_mean": "weighted_sum / sum of c w",
    "weighted_variance": "sum of c w (v - weighted_mean)² / sum of c w",
    "weighted_stdev": "square root of the weighted variance",
    "weighted_frac": "c w of each distinct value / sum of c w; a column weighted_frac_<value> each",
}
"""The costlier statistics and their formulas: v value, c coverage, over the valid cells."""

CELLS_AT_ONCE = 8_000_000
PARTS_AT_ONCE = 16
MOST_CLASSES = 1_000
ON_GROUND = {"area_km2", "lit_area_km2", "sum_per_km2"}
BY_CLASS = {"majority", "mode", "minority", "variety", "frac", "gini", "weighted_frac"}
QUANTILE = re.compile(r"quantile\(\s*(?:q\s*=\s*)?([0-9.eE+-]+)\s*\)")


def quantile_of(name: str) -> tuple[str, float] | None:
    """Read a quantile's name: its column and q; None where the name is another statistic's.

    Examples
    --------
    >>> quantile_of("quantile(q=0.25)"), quantile_of("quantile(0.9)"), quantile_of("median")
    (('quantile_25', 0.25), ('quantile_90', 0.9), ('median', 0.5))
    """
    if name == "median":
        return name, 0.5
    match = QUANTILE.fullmatch(name)
    if match is None:
        return None
    try:
        q = float(match[1])
    except ValueError:
        return None
    if not 0 <= q <= 1:
        raise InputError(f"{name}: q lies between 0 and 1", where="stats")
    return f"quantile_{round(100 * q, 9):g}", q


@dataclass
class _Batch:
    """Zones whose cells are held at once."""

    blocks: list[CoverageBlock]
    sizes: NDArray[np.int64]
    filled: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.filled = np.zeros(len(self.sizes), np.int64)

    @property
    def first(self) -> int:
        return self.blocks[0].first_zone


def detail_statistics(
    coverage: Coverage,
    raster: RasterSource,
    stats: Sequence[str],
    *,
    lit_threshold: float | None = None,
    weights: RasterSource | None = None,
    population: NDArray[np.float64] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """Give statistics of `DETAILS` of one raster, by coverage prepared for its grid.

    The valid cells of the zones are gathered, about 8 million at a time, and each zone's are
    sorted where a statistic needs it.

    Parameters
    ----------
    coverage : Coverage
    raster : RasterSource
        On the coverage's grid.
    stats : sequence of str
        Names of `DETAILS`.
    lit_threshold : float, optional
        In decoded units, for ``lit_area_km2``.
    weights : RasterSource, optional
        For the weighted statistics; on any grid, see `on_grid`. A zone that
        touches a valid cell without weight has no weighted statistics (as in exactextract).
    population : ndarray, optional
        One number per zone, for ``sum_per_head``; NaN and 0 give NaN.
    progress : callable, optional
        Called with zones done and in all.

    Returns
    -------
    dict
        Columns, one value per zone; NaN where a zone has no valid cell (``variety`` and the areas
        0).

    Raises
    ------
    DataError
        If areas are asked of a grid that has none, or a raster has more than 1,000 classes for
        ``frac``.
    """
    from regional_atlas.nightlights import _details

    named = (quantile_of(name) for name in stats)
    quantiles = {pair[0]: pair[1] for pair in named if pair}
    asked = np.array(list(quantiles.values()), dtype=np.float64)
    classes = bool(BY_CLASS & {*stats})
    areas = np.zeros(coverage.grid.shape[0])
    if ON_GROUND & {*stats}:
        areas = row_areas_km2(coverage.grid)
    threshold = np.inf if lit_threshold is None else float(lit_threshold)
    elsewhere = weights is not None and not weights.crs.equals(
        coverage.grid.crs, ignore_axis_order=True
    )
    found = np.full((len(coverage), len(_details.FIELDS) + len(asked)), np.nan)
    ground = np.zeros((len(coverage), 2))
    sums = np.full((len(coverage), 2), np.nan)
    kinds: list[Any] = [None] * len(coverage)
    wide = [name for name in ("frac", "weighted_frac") if name in stats]

    batches = _batches(coverage)
    room = max((int(batch.sizes.sum()) for batch in batches), default=0)
    held = np.empty(room), np.empty(room), np.empty(room if weights is not None else 0)
    for batch in batches:
        starts = np.concatenate([[0], np.cumsum(batch.sizes)])

        def add(
            block: CoverageBlock,
            tile: Tile,
            cells: Any,
            burden: Any,
            *,
            batch: _Batch = batch,
            starts: Any = starts,
        ) -> None:
            zones = slice(
                block.first_zone - batch.first, block.first_zone - batch.first + len(block)
            )
            _details.gather(
                *block.geometry, cells, burden, weights is not None, areas,
                tile.window[0].start, tile.window[1].start, threshold,
                starts[:-1][zones], batch.filled[zones], *held,
                ground[block.first_zone : block.first_zone + len(block)],
            )  # fmt: skip

        def describe(block: CoverageBlock, *, batch: _Batch = batch, starts: Any = starts) -> None:
            for zone in range(block.first_zone, block.first_zone + len(block)):
                at = zone - batch.first
                if not batch.filled[at]:
                    continue
                part = slice(starts[at], starts[at] + batch.filled[at])
                values, shares, weighed = (array[part] for array in held)
                row, *table = _details.summary(values, shares, weighed, asked, classes)
                found[zone] = row
                sums[zone] = (values * shares).sum(), shares.sum()
                if wide:
                    kinds[zone] = table

        part = Coverage(coverage.grid, tuple(batch.blocks))
        with ThreadPoolExecutor(thread_count()) as pool:
            for tile in raster.read_windows(touched_windows(part, raster.blocks)):
                touched = [block for block in batch.blocks if block.touches(tile.window)]
                cells = decoded(tile, raster)
                burden = np.empty((0, 0))
                if weights is not None:
                    wanted = None
                    if elsewhere:
                        wanted = touched_cells(touched, tile.window) & ~np.isnan(cells)
                    burden = on_grid(weights, coverage.grid, tile.window, wanted)
                list(
                    pool.map(lambda block, c=cells, b=burden, t=tile: add(block, t, c, b), touched)
                )
            list(pool.map(describe, batch.blocks))
        if progress is not None:
            progress(batch.first + len(batch.sizes), len(coverage))

    columns = dict(zip((*_details.FIELDS, *quantiles), found.T, strict=True))
    empty = np.isnan(sums[:, 1])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums[:, 0] / sums[:, 1]
        columns["variety"] = np.where(empty, 0, columns["variety"])
        columns["mode"] = columns["majority"]
        columns["stdev"] = np.sqrt(columns["variance"])
        columns["coefficient_of_variation"] = columns["stdev"] / mean
        columns["weighted_stdev"] = np.sqrt(columns["weighted_variance"])
        columns["area_km2"], columns["lit_area_km2"] = ground.T
        columns["sum_per_km2"] = sums[:, 0] / np.where(empty, np.nan, ground[:, 0])
        if population is not None:
            columns["sum_per_head"] = sums[:, 0] / np.where(population > 0, population, np.nan)
    result = {}
    for name in stats:
        if name in wide:
            result.update(_class_columns(name, kinds, raster.name))
        else:
            column = (quantile_of(name) or (name,))[0]
            result[column] = columns[column]
    return result


def _batches(coverage: Coverage) -> list[_Batch]:
    """Divide the zones so that about `CELLS_AT_ONCE` cells, or those of one zone, are held."""
    batches: list[_Batch] = []
    held = CELLS_AT_ONCE
    for block, sizes in itertools.chain(*map(_parts, coverage.blocks)):
        if held + sizes.sum() > CELLS_AT_ONCE:
            batches.append(_Batch([block], sizes))
            held = int(sizes.sum())
        else:
            last = batches[-1]
            batches[-1] = _Batch([*last.blocks, block], np.concatenate([last.sizes, sizes]))
            held += int(sizes.sum())
    return batches


def _parts(block: CoverageBlock) -> Iterator[tuple[CoverageBlock, NDArray[np.int64]]]:
    """Cut a block into parts of few cells, for as many threads; with the cells of their zones."""
    sizes = block.cell_counts
    steps = np.cumsum(sizes) // (CELLS_AT_ONCE // PARTS_AT_ONCE)
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), len(block)]
    for first, last in itertools.pairwise(cuts):
        yield block.part(first, last), sizes[first:last]


def _class_columns(name: str, kinds: Sequence[Any], raster: str) -> dict[str, NDArray[np.float64]]:
    """One column per distinct value; 0 where a zone has cells, but none of that value."""
    known = [table[0] for table in kinds if table is not None]
    values = np.unique(np.concatenate([np.empty(0), *known]))
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"{name}: {raster} has {len(values):,} distinct values in the zones, more than "
            f"{MOST_CLASSES:,}: it holds no classes"
        )
    shares = np.full((len(values), len(kinds)), np.nan)
    for zone, table in enumerate(kinds):
        if table is None:
            continue
        distinct, cells, weighed = table
        amounts = cells if name == "frac" else weighed
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = amounts / amounts.sum()
        shares[:, zone] = 0.0 if np.isfinite(parts).all() else np.nan
        shares[np.searchsorted(values, distinct), zone] = parts
    return {f"{name}_{value:.15g}": row for value, row in zip(values, shares, strict=True)}
