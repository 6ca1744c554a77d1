"""Kernels of the arc topology: vertex identity, nodes, arcs, ring areas.

Everything here works on flat arrays. A ring is stored open (the closing vertex is not repeated);
ring `r` holds the positions `ring_starts[r]` to `ring_starts[r + 1]`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.core.jit import jit

__all__ = [
    "cut_rings",
    "find_nodes",
    "gather_arcs",
    "offsets_from_sizes",
    "piece_keys",
    "ring_coordinates",
    "ring_sizes",
    "signed_ring_areas",
    "vertex_ids",
]


def offsets_from_sizes(sizes: NDArray[Any]) -> Ints:
    """Turn the sizes of consecutive groups into offsets, from 0 to their sum."""
    offsets = np.zeros(sizes.size + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


@jit
def vertex_ids(bits: NDArray[np.uint64]) -> tuple[Ints, int]:
    """Give the distinct rows of a two-column array of 64-bit patterns numbers, as they appear.

    Open addressing over the exact bits: two vertices are one only when both coordinates are equal.
    Negative zero must have been made positive before.
    """
    n = bits.shape[0]
    size = 16
    while size < 2 * n:
        size *= 2
    mask = np.uint64(size - 1)
    table = np.full(size, -1, np.int64)
    ids = np.empty(n, np.int64)
    first = np.empty(n, np.int64)
    count = 0
    for i in range(n):
        x = bits[i, 0]
        y = bits[i, 1]
        mixed = (x ^ (x >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (y ^ (y >> np.uint64(29))) * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(33)
        slot = mixed & mask
        while True:
            known = table[slot]
            if known < 0:
                table[slot] = count
                first[count] = i
                ids[i] = count
                count += 1
                break
            j = first[known]
            if bits[j, 0] == x and bits[j, 1] == y:
                ids[i] = known
                break
            slot = (slot + np.uint64(1)) & mask
    return ids, count


@jit
def find_nodes(ids: Ints, ring_starts: Ints, count: int) -> Bools:
    """Flag the vertices whose pair of neighbours differs between two visits."""
    low = np.full(count, -1, np.int64)
    high = np.full(count, -1, np.int64)
    node = np.zeros(count, np.bool_)
    for r in range(ring_starts.size - 1):
        start, stop = ring_starts[r], ring_starts[r + 1]
        for i in range(start, stop):
            before = ids[i - 1] if i > start else ids[stop - 1]
            after = ids[i + 1] if i + 1 < stop else ids[start]
            a, b = min(before, after), max(before, after)
            v = ids[i]
            if low[v] < 0:
                low[v] = a
                high[v] = b
            elif low[v] != a or high[v] != b:
                node[v] = True
    return node


@jit
def _less(xy: Floats, i: int, j: int) -> bool:
    return bool(xy[i, 0] < xy[j, 0] or (xy[i, 0] == xy[j, 0] and xy[i, 1] < xy[j, 1]))


@jit
def cut_rings(
    xy: Floats, ids: Ints, ring_starts: Ints, node: Bools
) -> tuple[Ints, Ints, Ints, Bools, Ints]:
    """Cut rings at their nodes into pieces, each with a direction that geometry alone decides.

    A piece runs from its lexicographically smaller end to the larger one; one that returns to its
    start compares its second vertex with its last but one. A ring without a node is one closed
    piece that starts at its smallest vertex. So equal chains get the same vertices in the same
    order, whatever ring, start point or direction they were met in.

    Returns
    -------
    ring, first, edges, backward : arrays
        For each piece its ring, the position of its first vertex in the ring's own direction, its
        number of edges, and whether its own direction is against the ring's.
    offsets : array
        Pieces of ring `r` are `offsets[r]` to `offsets[r + 1]`.
    """
    n_rings = ring_starts.size - 1
    total = 0
    offsets = np.zeros(n_rings + 1, np.int64)
    for r in range(n_rings):
        found = 0
        for i in range(ring_starts[r], ring_starts[r + 1]):
            if node[ids[i]]:
                found += 1
        total += max(found, 1)
        offsets[r + 1] = total
    ring = np.empty(total, np.int64)
    first = np.empty(total, np.int64)
    edges = np.empty(total, np.int64)
    backward = np.zeros(total, np.bool_)
    for r in range(n_rings):
        start, stop = ring_starts[r], ring_starts[r + 1]
        length = stop - start
        piece = offsets[r]
        begin = -1
        smallest = start
        for i in range(start, stop):
            if node[ids[i]]:
                if begin >= 0:
                    edges[piece] = i - first[piece]
                    piece += 1
                else:
                    begin = i
                first[piece] = i
            if _less(xy, i, smallest):
                smallest = i
        if begin < 0:
            first[piece] = smallest
            edges[piece] = length
        else:
            edges[piece] = begin + length - first[piece]
        for p in range(offsets[r], offsets[r + 1]):
            ring[p] = r
            a = first[p]
            b = start + (a - start + edges[p]) % length
            if ids[a] == ids[b]:
                a = start + (a - start + 1) % length
                b = start + (b - start - 1 + length) % length
            backward[p] = _less(xy, b, a)
    return ring, first, edges, backward, offsets


@jit
def piece_keys(
    ids: Ints, ring_starts: Ints, ring: Ints, first: Ints, edges: Ints, backward: Bools, count: int
) -> Ints:
    """Key of each piece: its first two vertices in its own direction, which no other arc has."""
    keys = np.empty(ring.size, np.int64)
    for p in range(ring.size):
        start = ring_starts[ring[p]]
        length = ring_starts[ring[p] + 1] - start
        if backward[p]:
            a = first[p] + edges[p]
            b = a - 1
        else:
            a = first[p]
            b = a + 1
        keys[p] = ids[start + (a - start) % length] * count + ids[start + (b - start) % length]
    return keys


@jit
def gather_arcs(
    xy: Floats, ring_starts: Ints, ring: Ints, first: Ints, edges: Ints, backward: Bools
) -> tuple[Floats, Ints]:
    """Copy the coordinates of pieces, each in its own direction, ends included."""
    offsets = np.zeros(ring.size + 1, np.int64)
    for p in range(ring.size):
        offsets[p + 1] = offsets[p] + edges[p] + 1
    out = np.empty((offsets[-1], 2), np.float64)
    for p in range(ring.size):
        start = ring_starts[ring[p]]
        length = ring_starts[ring[p] + 1] - start
        for k in range(edges[p] + 1):
            step = edges[p] - k if backward[p] else k
            i = start + (first[p] - start + step) % length
            out[offsets[p] + k, 0] = xy[i, 0]
            out[offsets[p] + k, 1] = xy[i, 1]
    return out, offsets


@jit
def ring_sizes(ring_arcs: Ints, ring_offsets: Ints, arc_offsets: Ints) -> Ints:
    """Count the vertices of each ring, the closing one included."""
    sizes = np.ones(ring_offsets.size - 1, np.int64)
    for r in range(ring_offsets.size - 1):
        for k in range(ring_offsets[r], ring_offsets[r + 1]):
            arc = ring_arcs[k]
            a = arc if arc >= 0 else ~arc
            sizes[r] += arc_offsets[a + 1] - arc_offsets[a] - 1
    return sizes


@jit
def ring_coordinates(
    coordinates: Floats, arc_offsets: Ints, ring_arcs: Ints, ring_offsets: Ints, starts: Ints
) -> Floats:
    """Follow the arcs of every ring and write its closed coordinates one ring after another."""
    out = np.empty((starts[-1], 2), np.float64)
    for r in range(ring_offsets.size - 1):
        at = starts[r]
        for k in range(ring_offsets[r], ring_offsets[r + 1]):
            arc = ring_arcs[k]
            a = arc if arc >= 0 else ~arc
            length = arc_offsets[a + 1] - arc_offsets[a]
            for i in range(length):
                j = arc_offsets[a] + (i if arc >= 0 else length - 1 - i)
                out[at + i, 0] = coordinates[j, 0]
                out[at + i, 1] = coordinates[j, 1]
            at += length - 1
    return out


@jit
def signed_ring_areas(
    coordinates: Floats, arc_offsets: Ints, ring_arcs: Ints, ring_offsets: Ints
) -> Floats:
    """Signed area of each ring (counter-clockwise positive), origin at its own first vertex."""
    areas = np.zeros(ring_offsets.size - 1, np.float64)
    for r in range(ring_offsets.size - 1):
        arc = ring_arcs[ring_offsets[r]]
        j = arc_offsets[arc] if arc >= 0 else arc_offsets[~arc + 1] - 1
        ox, oy = coordinates[j, 0], coordinates[j, 1]
        total = 0.0
        for k in range(ring_offsets[r], ring_offsets[r + 1]):
            arc = ring_arcs[k]
            a = arc if arc >= 0 else ~arc
            part = 0.0
            for i in range(arc_offsets[a], arc_offsets[a + 1] - 1):
                x0, y0 = coordinates[i, 0] - ox, coordinates[i, 1] - oy
                x1, y1 = coordinates[i + 1, 0] - ox, coordinates[i + 1, 1] - oy
                part += x0 * y1 - x1 * y0
            total += part if arc >= 0 else -part
        areas[r] = total / 2.0
    return areas
