"""Visvalingam's effective areas of the vertices of open and closed chains."""

from __future__ import annotations

import numpy as np

from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.jit import jit

__all__ = ["effective_areas"]


@jit
def _triangle(xy: Floats, i: int, j: int, k: int) -> float:
    ax, ay = xy[i, 0] - xy[j, 0], xy[i, 1] - xy[j, 1]
    bx, by = xy[k, 0] - xy[j, 0], xy[k, 1] - xy[j, 1]
    return float(abs(ax * by - ay * bx) / 2.0)


@jit
def _precedes(area: Floats, a: int, b: int) -> bool:
    return area[a] < area[b] or (area[a] == area[b] and a < b)


@jit
def _settle(heap: Ints, place: Ints, area: Floats, slot: int, size: int, offset: int) -> None:
    """Move the entry at `slot` up or down until the heap is in order again."""
    item = heap[slot]
    while slot > 0:
        parent = (slot - 1) // 2
        if not _precedes(area, item, heap[parent]):
            break
        heap[slot] = heap[parent]
        place[heap[slot] - offset] = slot
        slot = parent
    while True:
        child = 2 * slot + 1
        if child >= size:
            break
        if child + 1 < size and _precedes(area, heap[child + 1], heap[child]):
            child += 1
        if not _precedes(area, heap[child], item):
            break
        heap[slot] = heap[child]
        place[heap[slot] - offset] = slot
        slot = child
    heap[slot] = item
    place[item - offset] = slot


@jit
def effective_areas(coordinates: Floats, offsets: Ints, least: Ints) -> Floats:
    """Rate each vertex by the triangle lost when it goes, never less than an earlier one.

    Vertices of an arc leave in the order of the area of the triangle with their present
    neighbours [1]_; what a vertex's removal cost is its importance, raised to the largest cost
    so far so that "importance above t" is what remains at threshold t. Ends, and the last `least`
    vertices of an arc, never leave: their importance is infinite. Equal areas leave in the order
    of the arc.

    Parameters
    ----------
    coordinates : (n, 2) float array
    offsets : (arcs + 1,) int array
    least : (arcs,) int array
        Vertices, both ends included, that each arc must keep.

    Returns
    -------
    (n,) float array
        In the square of the coordinates' unit.

    References
    ----------
    .. [1] Visvalingam, M. and Whyatt, J. D. (1993). Line generalisation by repeated elimination of
       points. The Cartographic Journal 30 (1), 46-51.
    """
    importance = np.full(coordinates.shape[0], np.inf)
    area = np.empty(coordinates.shape[0], np.float64)
    longest = 0
    for a in range(offsets.size - 1):
        longest = max(longest, offsets[a + 1] - offsets[a])
    heap = np.empty(longest, np.int64)
    place = np.empty(longest, np.int64)
    before = np.empty(longest, np.int64)
    after = np.empty(longest, np.int64)
    for a in range(offsets.size - 1):
        start, stop = offsets[a], offsets[a + 1]
        size = 0
        for i in range(start + 1, stop - 1):
            area[i] = _triangle(coordinates, i - 1, i, i + 1)
            before[i - start] = i - 1
            after[i - start] = i + 1
            heap[size] = i
            place[i - start] = size
            size += 1
            _settle(heap, place, area, size - 1, size, start)
        reached = 0.0
        while size + 2 > least[a] and size > 0:
            i = heap[0]
            reached = max(reached, area[i])
            importance[i] = reached
            size -= 1
            if size > 0:
                heap[0] = heap[size]
                place[heap[0] - start] = 0
                _settle(heap, place, area, 0, size, start)
            left, right = before[i - start], after[i - start]
            if left > start:
                after[left - start] = right
                area[left] = _triangle(coordinates, before[left - start], left, right)
                _settle(heap, place, area, place[left - start], size, start)
            if right < stop - 1:
                before[right - start] = left
                area[right] = _triangle(coordinates, left, right, after[right - start])
                _settle(heap, place, area, place[right - start], size, start)
    return importance
