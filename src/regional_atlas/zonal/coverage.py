"""Coverage fractions: which share of each cell of a grid each zone covers, exactly.

A `Coverage` is prepared once for some zones and one grid and applied to any number of rasters on
that grid.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.jit import thread_count
from regional_atlas.tiles import Window
from regional_atlas.zonal.grids import CELLS_PER_WINDOW, Grid

__all__ = [
    "Coverage",
    "CoverageBlock",
    "covered_fractions",
    "exact_coverage",
    "touched_windows",
]

VERTICES_PER_BLOCK = 100_000
ZONES_PER_BLOCK = 5_000
COLUMNS_PER_WINDOW = 2048
"""Most columns read at once, where blocks are not wider."""


@dataclass(frozen=True)
class CoverageBlock:
    """Covered cells of consecutive zones, as spans of equal coverage fraction along rows.

    Attributes
    ----------
    first_zone : int
        Position of the block's first zone.
    starts, stops : ndarray of int32
        Columns of each span (`stops` is one beyond), ordered by zone, row and column.
    fractions : ndarray of float64
        Coverage fraction of each cell of the span, above 0 and at most 1.
    row_spans : ndarray of int32
        Where the spans of each zone row start; one more entry at the end.
    zone_rows : ndarray of int64
        Where the rows of each zone start in `row_spans`; one more entry at the end.
    first_rows, first_cols, last_cols : ndarray of int32
        Bounding box of each zone's cells (`last_cols` is one beyond).
    areas : ndarray of float64
        Area of each zone in cells, also of what lies beyond the grid.
    covered : ndarray of float64
        Sum of the coverage fractions of each zone's cells.
    """

    first_zone: int
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    fractions: NDArray[np.float64]
    row_spans: NDArray[np.int32]
    zone_rows: NDArray[np.int64]
    first_rows: NDArray[np.int32]
    first_cols: NDArray[np.int32]
    last_cols: NDArray[np.int32]
    areas: NDArray[np.float64]
    covered: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.areas)

    @property
    def geometry(self) -> tuple[NDArray[Any], ...]:
        """What the compiled loops take: spans, their index, bounding boxes."""
        return (
            self.starts, self.stops, self.fractions, self.row_spans,
            self.zone_rows, self.first_rows, self.first_cols, self.last_cols,
        )  # fmt: skip

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """First row, first column, last row, last column (one beyond) of all cells."""
        heights = np.diff(self.zone_rows)
        some = heights > 0
        if not some.any():
            return 0, 0, 0, 0
        return (
            int(self.first_rows[some].min()),
            int(self.first_cols[some].min()),
            int((self.first_rows + heights)[some].max()),
            int(self.last_cols[some].max()),
        )

    def touches(self, window: Window) -> bool:
        """Whether the block's bounding box shares cells with a window."""
        rows, cols = window
        top, left, bottom, right = self.bounds
        return bool(
            top < rows.stop and bottom > rows.start and left < cols.stop and right > cols.start
        )

    @property
    def cell_counts(self) -> NDArray[np.int64]:
        """Number of cells that each zone touches."""
        ends = np.concatenate([[0], np.cumsum((self.stops - self.starts).astype(np.int64))])
        found: NDArray[np.int64] = np.diff(ends[self.row_spans[self.zone_rows]])
        return found

    def part(self, first: int, last: int) -> CoverageBlock:
        """Give the zones from `first` up to, but not with, `last` (positions in the block)."""
        top, bottom = int(self.zone_rows[first]), int(self.zone_rows[last])
        spans = slice(int(self.row_spans[top]), int(self.row_spans[bottom]))
        zones = slice(first, last)
        return CoverageBlock(
            self.first_zone + first,
            self.starts[spans], self.stops[spans], self.fractions[spans],
            self.row_spans[top : bottom + 1] - spans.start, self.zone_rows[first : last + 1] - top,
            self.first_rows[zones], self.first_cols[zones], self.last_cols[zones],
            self.areas[zones], self.covered[zones],
        )  # fmt: skip

    @property
    def nbytes(self) -> int:
        """Memory of the block."""
        return sum(array.nbytes for array in (*self.geometry, self.areas, self.covered))


@dataclass(frozen=True)
class Coverage:
    """Coverage fractions of zones on one grid.

    Attributes
    ----------
    grid : Grid
        The grid that rasters must lie on.
    blocks : tuple of CoverageBlock
        In the order of the zones.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 2), (2, 2), "EPSG:3857")
    >>> coverage = exact_coverage([shapely.box(0, 0, 1.5, 1), shapely.box(1, 1, 9, 2)], grid)
    >>> len(coverage), coverage.covered.tolist(), coverage.areas.tolist()
    (2, [1.5, 1.0], [1.5, 8.0])
    """

    grid: Grid
    blocks: tuple[CoverageBlock, ...]

    def __len__(self) -> int:
        return sum(len(block) for block in self.blocks)

    @property
    def nbytes(self) -> int:
        """Memory of all blocks."""
        return sum(block.nbytes for block in self.blocks)

    @property
    def covered(self) -> NDArray[np.float64]:
        """Sum of each zone's coverage fractions: its area within the grid, in cells."""
        return np.concatenate([np.empty(0), *(block.covered for block in self.blocks)])

    @property
    def areas(self) -> NDArray[np.float64]:
        """Area of each zone in cells, also beyond the grid."""
        return np.concatenate([np.empty(0), *(block.areas for block in self.blocks)])

    def cells(self, zone: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Rows, columns and coverage fractions of the cells that one zone touches.

        Examples
        --------
        >>> from affine import Affine
        >>> grid = Grid(Affine(1, 0, 0, 0, -1, 3), (3, 3), "EPSG:3857")
        >>> rows, cols, fractions = exact_coverage([shapely.box(0.5, 1, 2, 2)], grid).cells(0)
        >>> rows.tolist(), cols.tolist(), fractions.tolist()
        ([1, 1], [0, 1], [0.5, 1.0])
        """
        if not 0 <= zone < len(self):
            raise IndexError(f"zone {zone} of {len(self)}")
        block = next(b for b in reversed(self.blocks) if b.first_zone <= zone)
        at = zone - block.first_zone
        lines = np.arange(block.zone_rows[at], block.zone_rows[at + 1])
        spans = slice(
            block.row_spans[block.zone_rows[at]], block.row_spans[block.zone_rows[at + 1]]
        )
        lengths = (block.stops[spans] - block.starts[spans]).astype(np.int64)
        span_rows = np.repeat(
            block.first_rows[at] + lines - block.zone_rows[at],
            np.diff(block.row_spans[block.zone_rows[at] : block.zone_rows[at + 1] + 1]),
        )
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return (
            np.repeat(span_rows, lengths),
            np.repeat(block.starts[spans], lengths) + within,
            np.repeat(block.fractions[spans], lengths),
        )


def exact_coverage(
    geometries: Sequence[shapely.Geometry] | NDArray[Any],
    grid: Grid,
    *,
    labels: Sequence[Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Coverage:
    """Share of each cell that each polygon covers, exact to rounding.

    Each zone stands for itself: zones may overlap. Parts beyond the grid are cut off on all four
    sides. The method is that of font rasterisers (signed areas), see docs/method/zonal.md.

    Parameters
    ----------
    geometries : sequence of shapely geometries
        Valid polygons and multipolygons in the grid's CRS; rings in any direction. Empty ones cover
        nothing.
    grid : Grid
        The cells.
    labels : sequence, optional
        Names of the zones for messages; their positions otherwise.
    progress : callable, optional
        Called with blocks of zones done and in all.

    Returns
    -------
    Coverage

    Raises
    ------
    DataError
        If rings of a zone cross or overlap, so that some cell would be covered by less than
        nothing or more than once.

    Notes
    -----
    A cell of which the zone covers less than 1e-9 (times the zone's area where that is below one
    cell) does not count as touched: it is the rounding of an edge that runs along a cell border.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 3), (3, 3), "EPSG:3857")
    >>> exact_coverage([shapely.box(0.5, 0.5, 2.5, 2.5)], grid).covered.tolist()
    [4.0]
    """
    zones = np.asarray(geometries, dtype=object)
    a, _, c, _, e, f = tuple(grid.transform)[:6]
    transform = np.array([a, c, e, f], dtype=np.float64)
    sizes = np.cumsum(shapely.get_num_coordinates(zones))
    bounds = [0]
    while bounds[-1] < len(zones):
        done = sizes[bounds[-1] - 1] if bounds[-1] else 0
        stop = int(np.searchsorted(sizes, done + VERTICES_PER_BLOCK, side="right"))
        bounds.append(min(max(stop, bounds[-1] + 1), bounds[-1] + ZONES_PER_BLOCK, len(zones)))
    tasks = list(itertools.pairwise(bounds))

    def block(task: tuple[int, int]) -> tuple[CoverageBlock, NDArray[np.bool_]]:
        return _block(zones[task[0] : task[1]], task[0], transform, grid.shape)

    results = []
    with ThreadPoolExecutor(thread_count()) as pool:
        for result in pool.map(block, tasks):
            results.append(result)
            if progress is not None:
                progress(len(results), len(tasks))
    names = range(len(zones)) if labels is None else labels
    crossed = np.concatenate([np.empty(0, np.bool_), *(faults for _, faults in results)])
    raise_if(
        (
            f"zone {names[position]!r}: rings cross or overlap; "
            "repair it first, e.g. with shapely.make_valid"
            for position in np.flatnonzero(crossed).tolist()
        ),
        DataError,
        "zones",
    )
    return Coverage(grid, tuple(found for found, _ in results))


def _block(
    zones: NDArray[Any], first_zone: int, transform: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[CoverageBlock, NDArray[np.bool_]]:
    from regional_atlas.zonal import coverage_kernels

    parts, part_zone = shapely.get_parts(zones, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    ring_is_hole = np.zeros(len(rings), np.bool_)
    ring_is_hole[1:] = ring_part[1:] == ring_part[:-1]
    ring_starts = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    zone_rings = np.searchsorted(part_zone[ring_part], np.arange(len(zones) + 1))
    *arrays, faults = coverage_kernels.spans_of_zones(
        np.ascontiguousarray(shapely.get_coordinates(rings)),
        ring_starts.astype(np.int64),
        ring_is_hole,
        zone_rings.astype(np.int64),
        transform,
        *shape,
    )
    return CoverageBlock(first_zone, *arrays), faults


def touched_windows(coverage: Coverage, blocks: tuple[int, int]) -> list[Window]:
    """Windows that hold every cell that any zone touches, aligned to a raster's blocks.

    The grid is divided into fixed rectangles of about 4 million cells (or one block where blocks
    are larger); a window is the touched part of one. A cell's rectangle does not depend on the
    zones: sums over windows come out the same, to the bit, when zones are measured in parts.

    Parameters
    ----------
    coverage : Coverage
    blocks : tuple of int
        Rows and columns of the raster's blocks.

    Returns
    -------
    list of (slice, slice)
        Disjoint, ordered by rectangle, by row and then column.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 1000), (1000, 1000), "EPSG:3857")
    >>> coverage = exact_coverage([shapely.box(10, 10, 20, 20)], grid)
    >>> touched_windows(coverage, (128, 128))
    [(slice(896, 1000, None), slice(0, 128, None))]
    """
    from regional_atlas.zonal import coverage_kernels

    height, width = coverage.grid.shape
    tall = blocks[0] * max(1, 128 // blocks[0])
    wide = blocks[1] * max(1, 128 // blocks[1])
    touched = np.zeros((-(-height // tall), -(-width // wide)), np.bool_)
    for block in coverage.blocks:
        starts, stops, _, row_spans, zone_rows, first_rows, _, _ = block.geometry
        coverage_kernels.mark_blocks(
            starts, stops, row_spans, zone_rows, first_rows, tall, wide, touched
        )
    across = max(1, min(COLUMNS_PER_WINDOW, CELLS_PER_WINDOW // tall) // wide)
    down = max(1, CELLS_PER_WINDOW // (tall * wide * across))
    windows = []
    for top in range(0, touched.shape[0], down):
        for left in range(0, touched.shape[1], across):
            part = touched[top : top + down, left : left + across]
            rows = top + np.flatnonzero(part.any(axis=1))
            cols = left + np.flatnonzero(part.any(axis=0))
            if rows.size:
                windows.append(
                    (
                        slice(int(rows[0]) * tall, min((int(rows[-1]) + 1) * tall, height)),
                        slice(int(cols[0]) * wide, min((int(cols[-1]) + 1) * wide, width)),
                    )
                )
    return windows


def covered_fractions(blocks: Sequence[CoverageBlock], window: Window) -> NDArray[np.float64]:
    """Share of each cell of a window that the zones of some blocks cover; overlaps count twice.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 0, 0, -1, 2), (2, 3), "EPSG:3857")
    >>> coverage = exact_coverage([shapely.box(0.5, 0, 2, 1), shapely.box(2, 0, 2.25, 2)], grid)
    >>> covered_fractions(coverage.blocks, (slice(0, 2), slice(1, 3))).tolist()
    [[0.0, 0.25], [1.0, 0.25]]
    """
    from regional_atlas.zonal import coverage_kernels

    rows, cols = window
    covered = np.zeros((rows.stop - rows.start, cols.stop - cols.start))
    for block in blocks:
        starts, stops, fractions, row_spans, zone_rows, first_rows, _, _ = block.geometry
        coverage_kernels.add_fractions(
            starts, stops, fractions, row_spans, zone_rows, first_rows,
            rows.start, cols.start, covered,
        )  # fmt: skip
    return covered
