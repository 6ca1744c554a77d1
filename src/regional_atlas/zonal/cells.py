"""The valid cells of zones: gathered from a raster for some zones at a time, and summarised."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.tiles import Tile
from regional_atlas.zonal import statistics_kernels
from regional_atlas.zonal.coverage import (
    Coverage,
    CoverageBlock,
    covered_shares,
    touched_windows,
)
from regional_atlas.zonal.decoding import decoded
from regional_atlas.zonal.grids import Grid, RasterSource
from regional_atlas.zonal.weights import on_grid

__all__ = ["Batch", "Found", "Gathering", "batches_of"]

CELLS_AT_ONCE = 8_000_000
PARTS_AT_ONCE = 16


@dataclass
class Batch:
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


class Found:
    """What is found of each zone: its summary, areas, sums and, where asked for, its classes."""

    def __init__(self, zones: int, quantiles: int) -> None:
        self.summaries = np.full((zones, len(statistics_kernels.FIELDS) + quantiles), np.nan)
        self.ground = np.zeros((zones, 2))
        self.sums = np.full((zones, 2), np.nan)
        self.classes: list[Any] = [None] * zones

    def columns(self, quantiles: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Name the summaries' columns, those of the quantiles as given."""
        return dict(zip((*statistics_kernels.FIELDS, *quantiles), self.summaries.T, strict=True))


@dataclass(frozen=True)
class Gathering:
    """What is asked of the cells, and room for those of one batch: values, coverage, weights."""

    grid: Grid
    raster: RasterSource
    weights: RasterSource | None
    areas: NDArray[np.float64]
    threshold: float
    quantiles: NDArray[np.float64]
    sorted: bool
    by_class: bool
    held: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

    def gather(self, batch: Batch, found: Found, pool: ThreadPoolExecutor) -> None:
        """Read the windows that the batch touches; append the valid cells to their zones'."""
        touching = Coverage(self.grid, tuple(batch.blocks))
        for tile in self.raster.read_windows(touched_windows(touching, self.raster.blocks)):
            touched = [block for block in batch.blocks if block.touches(tile.window)]
            cells = decoded(tile, self.raster)
            burden = self._burden(touched, tile, cells)
            list(pool.map(partial(self._append, batch, found, tile, cells, burden), touched))

    def _burden(
        self, touched: Sequence[CoverageBlock], tile: Tile, cells: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give the weight of each cell of a window; in another CRS, of those that count."""
        if self.weights is None:
            return np.empty((0, 0))
        wanted = None
        if not self.weights.crs.equals(self.grid.crs, ignore_axis_order=True):
            wanted = (covered_shares(touched, tile.window) > 0) & ~np.isnan(cells)
        return on_grid(self.weights, self.grid, tile.window, wanted)

    def _append(
        self,
        batch: Batch,
        found: Found,
        tile: Tile,
        cells: NDArray[np.float64],
        burden: NDArray[np.float64],
        block: CoverageBlock,
    ) -> None:
        first = block.first_zone - batch.first
        zones = slice(first, first + len(block))
        statistics_kernels.gather(
            *block.geometry, cells, burden, self.weights is not None, self.areas,
            tile.window[0].start, tile.window[1].start, self.threshold,
            batch.starts[zones], batch.filled[zones], *self.held,
            found.ground[block.first_zone : block.first_zone + len(block)],
        )  # fmt: skip

    def describe(self, batch: Batch, found: Found, block: CoverageBlock) -> None:
        """Summarise the cells of each zone of a block; a zone without any stays missing."""
        for zone in range(block.first_zone, block.first_zone + len(block)):
            at = zone - batch.first
            if not batch.filled[at]:
                continue
            part = slice(batch.starts[at], batch.starts[at] + batch.filled[at])
            values, shares, weights = (array[part] for array in self.held)
            row, *table = statistics_kernels.summary(
                values, shares, weights, self.quantiles, self.sorted
            )
            found.summaries[zone] = row
            found.sums[zone] = (values * shares).sum(), shares.sum()
            if self.by_class:
                found.classes[zone] = table


def batches_of(coverage: Coverage) -> list[Batch]:
    """Divide the zones so that about `CELLS_AT_ONCE` cells, or those of one zone, are held."""
    batches: list[Batch] = []
    held = CELLS_AT_ONCE
    for block, sizes in itertools.chain(*map(_parts, coverage.blocks)):
        if held + sizes.sum() > CELLS_AT_ONCE:
            batches.append(Batch([block], sizes))
            held = int(sizes.sum())
        else:
            last = batches[-1]
            batches[-1] = Batch([*last.blocks, block], np.concatenate([last.sizes, sizes]))
            held += int(sizes.sum())
    return batches


def _parts(block: CoverageBlock) -> Iterator[tuple[CoverageBlock, NDArray[np.int64]]]:
    """Cut a block into parts of few cells, for as many threads; with the cells of their zones."""
    sizes = block.cell_counts
    steps = np.cumsum(sizes) // (CELLS_AT_ONCE // PARTS_AT_ONCE)
    cuts = [0, *(np.flatnonzero(np.diff(steps)) + 1).tolist(), len(block)]
    for first, last in itertools.pairwise(cuts):
        yield block.part(first, last), sizes[first:last]
