"""Statistics that need every cell of a zone at once: spread, quantiles, classes, weights, areas.

The valid cells of some zones at a time are gathered from the raster and summarised zone by zone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError
from regional_atlas.core.jit import thread_count
from regional_atlas.tiles import Tile
from regional_atlas.zonal.cleaning import decoded
from regional_atlas.zonal.coverage import (
    Coverage,
    CoverageBlock,
    covered_fractions,
    touched_windows,
)
from regional_atlas.zonal.grids import Grid, RasterSource, row_areas_km2
from regional_atlas.zonal.registry import Asked, ZoneCells, quantile_of
from regional_atlas.zonal.weights import on_grid

__all__ = ["batches_of", "cell_statistics"]

CELLS_AT_ONCE = 8_000_000
PARTS_AT_ONCE = 16


def cell_statistics(
    coverage: Coverage,
    raster: RasterSource,
    statistics: Sequence[Asked],
    *,
    lit_threshold: float | None = None,
    weights: RasterSource | None = None,
    population: NDArray[np.float64] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """Give statistics `of_cells` of one raster, by coverage prepared for its grid.

    The valid cells of the zones are gathered, about 8 million at a time, and each zone's are
    sorted where a statistic needs it.

    Parameters
    ----------
    coverage : Coverage
    raster : RasterSource
        On the coverage's grid.
    statistics : sequence of Asked
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
    wanted = (quantile_of(each) for each in statistics)
    quantiles = [*dict.fromkeys(q for q in wanted if q is not None)]
    batches = batches_of(coverage)
    room = max((int(batch.sizes.sum()) for batch in batches), default=0)
    grid = coverage.grid
    areas = np.zeros(grid.shape[0])
    if any(each.statistic.areas for each in statistics):
        try:
            areas = row_areas_km2(grid)
        except DataError as error:
            raise DataError(*error.problems, where=raster.name) from None
    gathering = _Gathering(
        grid,
        raster,
        weights,
        areas,
        np.inf if lit_threshold is None else float(lit_threshold),
        np.array(quantiles, dtype=np.float64),
        any(each.statistic.sorted for each in statistics),
        any(each.statistic.tables for each in statistics),
        (np.empty(room), np.empty(room), np.empty(0 if weights is None else room)),
    )
    summaries = _Summaries(len(coverage), len(quantiles))
    with ThreadPoolExecutor(thread_count()) as pool:
        for batch in batches:
            gathering.gather(batch, summaries, pool)
            list(pool.map(partial(gathering.summarise, batch, summaries), batch.blocks))
            if progress is not None:
                progress(batch.first + len(batch.sizes), len(coverage))
    cells = summaries.cells(raster.name, quantiles, population)
    with np.errstate(invalid="ignore", divide="ignore"):
        columns = [each.columns(cells) for each in statistics]
    return {name: values for found in columns for name, values in found.items()}


@dataclass
class _Batch:
    """Zones whose cells are held at once, those of a zone beside each other."""

    blocks: list[CoverageBlock]
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64] = field(init=False)
    filled: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.filled = np.zeros(len(self.sizes), np.int64)

    @property
    def first(self) -> int:
        """The position of the first zone among all."""
        return self.blocks[0].first_zone


class _Summaries:
    """What the cells of each zone come to; arrays that threads fill zone by zone."""

    def __init__(self, zones: int, quantiles: int) -> None:
        from regional_atlas.zonal.statistics_kernels import FIELDS

        self.names = FIELDS
        self.rows = np.full((zones, len(FIELDS) + quantiles), np.nan)
        self.ground = np.zeros((zones, 2))
        self.sums = np.full((zones, 2), np.nan)
        self.tables: list[Any] = [None] * zones

    def cells(
        self, raster: str, quantiles: Sequence[float], heads: NDArray[np.float64] | None
    ) -> ZoneCells:
        """Name the columns."""
        columns = self.rows.T
        return ZoneCells(
            raster=raster,
            fields=dict(zip(self.names, columns, strict=False)),
            quantiles=dict(zip(quantiles, columns[len(self.names) :], strict=True)),
            areas=self.ground[:, 0],
            lit_areas=self.ground[:, 1],
            total=self.sums[:, 0],
            count=self.sums[:, 1],
            tables=self.tables,
            heads=heads,
        )


@dataclass(frozen=True)
class _Gathering:
    """What is asked of the cells, and room for those of one batch: values, fractions, weights."""

    grid: Grid
    raster: RasterSource
    weights: RasterSource | None
    areas: NDArray[np.float64]
    threshold: float
    quantiles: NDArray[np.float64]
    sorted: bool
    tables: bool
    held: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

    def gather(self, batch: _Batch, summaries: _Summaries, pool: ThreadPoolExecutor) -> None:
        """Read the windows that the batch touches; append the valid cells to their zones'."""
        touching = Coverage(self.grid, tuple(batch.blocks))
        for tile in self.raster.read_windows(touched_windows(touching, self.raster.blocks)):
            touched = [block for block in batch.blocks if block.touches(tile.window)]
            values = decoded(tile, self.raster)
            weights = self._weights(touched, tile, values)
            append = partial(self._append, batch, summaries, tile, values, weights)
            list(pool.map(append, touched))

    def _weights(
        self, touched: Sequence[CoverageBlock], tile: Tile, values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give the weight of each cell of a window; in another CRS, of those that count."""
        if self.weights is None:
            return np.empty((0, 0))
        wanted = None
        if not self.weights.crs.equals(self.grid.crs, ignore_axis_order=True):
            wanted = (covered_fractions(touched, tile.window) > 0) & ~np.isnan(values)
        return on_grid(self.weights, self.grid, tile.window, wanted)

    def _append(
        self,
        batch: _Batch,
        summaries: _Summaries,
        tile: Tile,
        values: NDArray[np.float64],
        weights: NDArray[np.float64],
        block: CoverageBlock,
    ) -> None:
        from regional_atlas.zonal import statistics_kernels

        first = block.first_zone - batch.first
        zones = slice(first, first + len(block))
        statistics_kernels.gather(
            *block.geometry, values, weights, self.weights is not None, self.areas,
            tile.window[0].start, tile.window[1].start, self.threshold,
            batch.starts[zones], batch.filled[zones], *self.held,
            summaries.ground[block.first_zone : block.first_zone + len(block)],
        )  # fmt: skip

    def summarise(self, batch: _Batch, summaries: _Summaries, block: CoverageBlock) -> None:
        """Summarise the cells of each zone of a block; a zone without any stays missing."""
        from regional_atlas.zonal import statistics_kernels

        for zone in range(block.first_zone, block.first_zone + len(block)):
            at = zone - batch.first
            if not batch.filled[at]:
                continue
            part = slice(batch.starts[at], batch.starts[at] + batch.filled[at])
            values, fractions, weights = (array[part] for array in self.held)
            row, *table = statistics_kernels.summary(
                values, fractions, weights, self.quantiles, self.sorted
            )
            summaries.rows[zone] = row
            summaries.sums[zone] = (values * fractions).sum(), fractions.sum()
            if self.tables:
                summaries.tables[zone] = table


def batches_of(coverage: Coverage) -> list[_Batch]:
    """Divide the zones so that about `CELLS_AT_ONCE` cells, or those of one zone, are held."""
    batches: list[_Batch] = []
    held = 0
    for block, sizes in itertools.chain(*map(_parts, coverage.blocks)):
        if not batches or held + sizes.sum() > CELLS_AT_ONCE:
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
