"""The compiled loops of exact coverage: fractions by signed areas, and cells that zones touch.

Signed areas, as font rasterisers compute coverage: an edge that crosses a cell adds to it the
height `cover` that it climbs inside the cell and `area`, that height times the mean distance from
the cell's left side. Summed from left to right along a row, the coverage of a cell is the cover of
all cells before it plus its own `cover - area`. Only cells that an edge crosses are stored; the
cells between them share the running cover, so cost grows with the length of the outline, not
with the area.

Heights are rounded to a power of two, the finest that the grid's row numbers can hold in a
float64. Sums of heights are then exact: the running cover returns to exactly 0 outside a polygon
and is exactly 1 inside.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["add_fractions", "mark_blocks", "spans_of_zones"]

Array = Any

SELF_OVERLAP = 1e-6
"""Coverage below 0 or above 1 by more than this means that the rings cross or overlap."""

DUST = 1e-9
"""A cell covered by less than this (times the zone's area, if below one cell) is not touched."""


@jit
def _add(row: int, col: int, cover: float, area: float, rows, cols, covers, areas, n: int):  # type: ignore[no-untyped-def]
    if cover == 0.0:
        return n
    if n > 0 and rows[n - 1] == row and cols[n - 1] == col:
        covers[n - 1] += cover
        areas[n - 1] += area
        return n
    rows[n] = row
    cols[n] = col
    covers[n] = cover
    areas[n] = area
    return n + 1


@jit
def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


@jit
def _climb_row(row, xa, ya, xb, yb, sign, width, magic, rows, cols, covers, areas, n):  # type: ignore[no-untyped-def]
    """Add a piece of an edge that climbs from height `ya` to `yb` inside one row."""
    if xa >= width and xb >= width:
        return n
    if xa <= 0.0 and xb <= 0.0:
        return _add(row, 0, sign * (yb - ya), 0.0, rows, cols, covers, areas, n)
    slope = 0.0 if xa == xb else (yb - ya) / (xb - xa)
    if xa < 0.0:
        y = _between((ya - xa * slope + magic) - magic, ya, yb)
        n = _add(row, 0, sign * (y - ya), 0.0, rows, cols, covers, areas, n)
        xa, ya = 0.0, y
    elif xa > width:
        ya = _between((ya + (width - xa) * slope + magic) - magic, ya, yb)
        xa = float(width)
    if xb < 0.0:
        y = _between((ya - xa * slope + magic) - magic, ya, yb)
        n = _add(row, 0, sign * (yb - y), 0.0, rows, cols, covers, areas, n)
        xb, yb = 0.0, y
    elif xb > width:
        yb = _between((ya + (width - xa) * slope + magic) - magic, ya, yb)
        xb = float(width)

    first = min(int(xa), width - 1)
    last = min(int(xb), width - 1)
    x, y = xa, ya
    step = 1 if first < last else -1
    side = 1 if first < last else 0
    for col in range(first, last, step):
        x_next = float(col + side)
        y_next = _between((ya + (x_next - xa) * slope + magic) - magic, y, yb)
        height = sign * (y_next - y)
        n = _add(
            row, col, height, height * (0.5 * (x + x_next) - col), rows, cols, covers, areas, n
        )
        x, y = x_next, y_next
    height = sign * (yb - y)
    return _add(row, last, height, height * (0.5 * (x + xb) - last), rows, cols, covers, areas, n)


@jit
def _climb(x0, y0, x1, y1, sign, height, width, magic, rows, cols, covers, areas, n):  # type: ignore[no-untyped-def]
    """Add an edge that climbs from row coordinate `y0` to `y1`, clipped to the grid."""
    if y1 <= 0.0 or y0 >= height:
        return n
    slope = (x1 - x0) / (y1 - y0)
    low, high = min(x0, x1), max(x0, x1)
    xa, ya, xb, yb = x0, y0, x1, y1
    if ya < 0.0:
        xa, ya = _between(x0 - y0 * slope, low, high), 0.0
    if yb > height:
        xb, yb = _between(x0 + (height - y0) * slope, low, high), float(height)
    row = int(ya)
    while row + 1 < yb:
        x = _between(x0 + (row + 1 - y0) * slope, low, high)
        n = _climb_row(row, xa, ya - row, x, 1.0, sign, width, magic, rows, cols, covers, areas, n)
        row += 1
        xa, ya = x, float(row)
    return _climb_row(
        row, xa, ya - row, xb, yb - row, sign, width, magic, rows, cols, covers, areas, n
    )


@jit
def _order(keys, lowest, buckets, previous, order, n):  # type: ignore[no-untyped-def]
    """Stable counting sort of the first `n` keys, on top of the order `previous`."""
    starts = np.zeros(buckets + 1, np.int64)
    for i in range(n):
        starts[keys[i] - lowest + 1] += 1
    for k in range(buckets):
        starts[k + 1] += starts[k]
    for k in range(n):
        i = previous[k]
        bucket = keys[i] - lowest
        order[starts[bucket]] = i
        starts[bucket] += 1


@jit
def _doubled(array, used, needed):  # type: ignore[no-untyped-def]
    larger = np.empty(max(2 * array.size, needed), array.dtype)
    larger[:used] = array[:used]
    return larger


@jit
def spans_of_zones(  # type: ignore[no-untyped-def]
    coordinates, ring_starts, ring_is_hole, zone_rings, transform, height, width
):
    """Covered cells of a block of zones, as spans of equal coverage along rows.

    Parameters
    ----------
    coordinates : ndarray, (n, 2)
        Vertices of all rings, each ring closed.
    ring_starts : ndarray of int, (rings + 1,)
        Where each ring starts in `coordinates`.
    ring_is_hole : ndarray of bool, (rings,)
    zone_rings : ndarray of int, (zones + 1,)
        Where each zone's rings start.
    transform : ndarray, (4,)
        Cell width, west edge, cell height (signed), north edge.
    height, width : int
        Rows and columns of the grid.

    Returns
    -------
    starts, stops, fractions : ndarray
        Columns and coverage of each span, ordered by zone, row, column.
    row_spans : ndarray
        Where each zone row's spans start, with one more entry at the end.
    zone_rows : ndarray, (zones + 1,)
        Where each zone's rows start in `row_spans`.
    first_rows, first_cols, last_cols : ndarray
        Bounding box of each zone's cells (`last_cols` is one beyond).
    areas : ndarray
        Area of each zone in cells, also outside the grid.
    covered : ndarray
        Sum of coverage of each zone.
    faults : ndarray of bool
        Zones whose rings cross or overlap.
    """
    zones = zone_rings.size - 1
    zone_rows = np.zeros(zones + 1, np.int64)
    first_rows = np.zeros(zones, np.int32)
    first_cols = np.zeros(zones, np.int32)
    last_cols = np.zeros(zones, np.int32)
    zone_areas = np.zeros(zones, np.float64)
    covered = np.zeros(zones, np.float64)
    faults = np.zeros(zones, np.bool_)

    starts = np.empty(1024, np.int32)
    stops = np.empty(1024, np.int32)
    fractions = np.empty(1024, np.float64)
    row_spans = np.zeros(1024, np.int32)
    spans = 0
    all_rows = 0

    rows = np.empty(1024, np.int32)
    cols = np.empty(1024, np.int32)
    covers = np.empty(1024, np.float64)
    areas = np.empty(1024, np.float64)
    by_col = np.empty(1024, np.int64)
    order = np.empty(1024, np.int64)
    xs = np.empty(1024, np.float64)
    ys = np.empty(1024, np.float64)

    bits = 1
    while (1 << bits) <= height:
        bits += 1
    magic = 1.5 * 2.0**52 * 2.0 ** -(50 - bits)

    for zone in range(zones):
        n = 0
        for ring in range(zone_rings[zone], zone_rings[zone + 1]):
            begin, end = ring_starts[ring], ring_starts[ring + 1]
            points = end - begin
            if points > xs.size:
                xs = _doubled(xs, 0, points)
                ys = _doubled(ys, 0, points)
            crossings = 0.0
            doubled_area = 0.0
            for i in range(points):
                xs[i] = (coordinates[begin + i, 0] - transform[1]) / transform[0]
                ys[i] = ((coordinates[begin + i, 1] - transform[3]) / transform[2] + magic) - magic
                if i > 0:
                    doubled_area += (xs[i - 1] - xs[0]) * (ys[i] - ys[0]) - (xs[i] - xs[0]) * (
                        ys[i - 1] - ys[0]
                    )
                    across = abs(
                        _between(xs[i], 0.0, float(width)) - _between(xs[i - 1], 0.0, float(width))
                    )
                    down = abs(
                        _between(ys[i], 0.0, float(height))
                        - _between(ys[i - 1], 0.0, float(height))
                    )
                    crossings += math.ceil(across) + 3.0 * math.ceil(down) + 6.0
            needed = n + int(crossings)
            if needed > rows.size:
                rows = _doubled(rows, n, needed)
                cols = _doubled(cols, n, needed)
                covers = _doubled(covers, n, needed)
                areas = _doubled(areas, n, needed)
            outward = 1.0 if doubled_area > 0.0 else -1.0
            if ring_is_hole[ring]:
                outward = -outward
            zone_areas[zone] += 0.5 * doubled_area * outward
            for i in range(1, points):
                x0, y0, x1, y1 = xs[i - 1], ys[i - 1], xs[i], ys[i]
                if y0 == y1:
                    continue
                row, col = int(y0), int(x0)
                if (
                    row == int(y1)
                    and col == int(x1)
                    and min(x0, y0, x1, y1) >= 0.0
                    and row < height
                    and col < width
                ):
                    cover = outward * (y0 - y1)
                    area = cover * (0.5 * (x0 + x1) - col)
                    if n > 0 and rows[n - 1] == row and cols[n - 1] == col:
                        covers[n - 1] += cover
                        areas[n - 1] += area
                    else:
                        rows[n], cols[n], covers[n], areas[n] = row, col, cover, area
                        n += 1
                elif y0 < y1:
                    n = _climb(
                        x0, y0, x1, y1, -outward,
                        height, width, magic, rows, cols, covers, areas, n,
                    )  # fmt: skip
                else:
                    n = _climb(
                        x1, y1, x0, y0, outward,
                        height, width, magic, rows, cols, covers, areas, n,
                    )  # fmt: skip
        zone_rows[zone + 1] = zone_rows[zone]
        if n == 0:
            continue

        first_row = rows[:n].min()
        zone_height = int(rows[:n].max()) - first_row + 1
        first_col = cols[:n].min()
        if n > order.size:
            by_col = _doubled(by_col, 0, n)
            order = _doubled(order, 0, n)
        for i in range(n):
            order[i] = i
        _order(cols, first_col, int(cols[:n].max()) - first_col + 1, order, by_col, n)
        _order(rows, first_row, zone_height, by_col, order, n)
        if spans + 2 * n + zone_height > starts.size:
            starts = _doubled(starts, spans, spans + 2 * n + zone_height)
            stops = _doubled(stops, spans, spans + 2 * n + zone_height)
            fractions = _doubled(fractions, spans, spans + 2 * n + zone_height)
        if all_rows + zone_height + 1 > row_spans.size:
            row_spans = _doubled(row_spans, all_rows + 1, all_rows + zone_height + 1)

        dust = DUST * min(1.0, abs(zone_areas[zone]))
        leftmost, rightmost = width, 0
        total = 0.0
        k = 0
        for row in range(first_row, first_row + zone_height):
            row_begin = spans
            running = 0.0
            next_col = 0
            while True:
                at_end = k == n or rows[order[k]] != row
                col = width if at_end else cols[order[k]]
                if running > dust and col > next_col:
                    starts[spans] = next_col
                    stops[spans] = col
                    fractions[spans] = min(running, 1.0)
                    spans += 1
                if at_end:
                    break
                cover, area = 0.0, 0.0
                while k < n and rows[order[k]] == row and cols[order[k]] == col:
                    cover += covers[order[k]]
                    area += areas[order[k]]
                    k += 1
                fraction = running + (cover - area)
                running += cover
                if (
                    fraction < -SELF_OVERLAP
                    or fraction > 1.0 + SELF_OVERLAP
                    or running < -SELF_OVERLAP
                    or running > 1.0 + SELF_OVERLAP
                ):
                    faults[zone] = True
                if fraction > dust:
                    starts[spans] = col
                    stops[spans] = col + 1
                    fractions[spans] = min(fraction, 1.0)
                    spans += 1
                next_col = col + 1
            for s in range(row_begin, spans):
                total += fractions[s] * (stops[s] - starts[s])
            if spans > row_begin:
                leftmost = min(leftmost, starts[row_begin])
                rightmost = max(rightmost, stops[spans - 1])
            all_rows += 1
            row_spans[all_rows] = spans
        covered[zone] = total
        zone_rows[zone + 1] = all_rows
        first_rows[zone] = first_row
        first_cols[zone] = leftmost
        last_cols[zone] = rightmost

    return (
        starts[:spans].copy(),
        stops[:spans].copy(),
        fractions[:spans].copy(),
        row_spans[: all_rows + 1].copy(),
        zone_rows,
        first_rows,
        first_cols,
        last_cols,
        zone_areas,
        covered,
        faults,
    )


@jit
def mark_blocks(starts, stops, row_spans, zone_rows, first_rows, tall, wide, marks):  # type: ignore[no-untyped-def]
    """Set `marks[i, j]` where a span touches block (i, j) of `tall` x `wide` cells."""
    for zone in range(zone_rows.size - 1):
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            i = (first_rows[zone] + line - zone_rows[zone]) // tall
            for s in range(row_spans[line], row_spans[line + 1]):
                for j in range(starts[s] // wide, (stops[s] - 1) // wide + 1):
                    marks[i, j] = True


@jit
def add_fractions(  # type: ignore[no-untyped-def]
    starts, stops, fractions, row_spans, zone_rows, first_rows, row0, col0, totals
):
    """Add the fractions of all zones to the cells of the window that begins at `row0`, `col0`."""
    for zone in range(zone_rows.size - 1):
        for line in range(zone_rows[zone], zone_rows[zone + 1]):
            row = first_rows[zone] + line - zone_rows[zone] - row0
            if row < 0 or row >= totals.shape[0]:
                continue
            for s in range(row_spans[line], row_spans[line + 1]):
                first, last = max(starts[s] - col0, 0), min(stops[s] - col0, totals.shape[1])
                for col in range(first, last):
                    totals[row, col] += fractions[s]
