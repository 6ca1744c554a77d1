"""From all vertices to the kept ones on a grid, and back until nothing meets that should not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.jit import jit
from regional_atlas.units import _arcs
from regional_atlas.units._contacts import count_contacts, jumped_segments, touching_segments
from regional_atlas.units.topology import Topology

__all__ = [
    "Chains",
    "Marks",
    "grid_points",
    "mark_faults",
    "move_vertices",
    "rounded_topology",
    "select_vertices",
    "vertex_names",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_AROUND = np.array([(dx, dy) for dx in range(-2, 3) for dy in range(-2, 3)])


@dataclass(frozen=True)
class Chains:
    """The vertices kept in one round, arc after arc.

    Attributes
    ----------
    kept : int array
        Positions in the full topology's coordinates.
    offsets : int array
        Arc `a` keeps the entries `offsets[a]` to `offsets[a + 1]`.
    starts : int array
        Entries of `kept` at which a segment starts.
    """

    kept: Ints
    offsets: Ints
    starts: Ints


@dataclass(frozen=True)
class Marks:
    """Faults of one round: vertices to take back in, and vertices that only a move can help."""

    insert: Ints
    move: Ints

    @property
    def any(self) -> bool:
        """Whether something was found."""
        return bool(self.insert.size or self.move.size)


def vertex_names(topology: Topology) -> Ints:
    """Give every vertex a number; the copies of a node at the ends of several arcs share theirs."""
    names: Ints = np.arange(topology.n_vertices) + topology.n_vertices
    ends = np.concatenate((topology.arc_offsets[:-1], topology.arc_offsets[1:] - 1))
    points = np.ascontiguousarray(topology.coordinates[ends])
    names[ends], _ = _arcs.vertex_ids(points.view(np.uint64))
    return names


def grid_points(topology: Topology, closed: Bools, grid: float) -> Ints:
    """Round every vertex to the grid.

    A closed arc that is narrower than two steps is stretched about its middle to two steps first,
    or an islet that a map must show would vanish between two grid points.
    """
    starts, sizes = topology.arc_offsets[:-1], np.diff(topology.arc_offsets)
    low = np.minimum.reduceat(topology.coordinates, starts)
    high = np.maximum.reduceat(topology.coordinates, starts)
    narrow = np.flatnonzero(closed & (high - low < 2.0 * grid).any(axis=1))
    points: Ints = np.rint(topology.coordinates / grid).astype(np.int64)
    for arc in narrow.tolist():
        vertices = slice(starts[arc], starts[arc] + sizes[arc])
        middle = (low[arc] + high[arc]) / 2.0
        stretch = np.maximum(2.0 * grid / (high[arc] - low[arc]), 1.0)
        stretched = middle + (topology.coordinates[vertices] - middle) * stretch
        points[vertices] = np.rint(stretched / grid).astype(np.int64)
    return points


@jit
def _select(wanted: Bools, points: Ints, offsets: Ints) -> tuple[Ints, Ints]:
    """List the wanted vertices, without those that lie on the same grid point as the one before."""
    kept = np.empty(wanted.size, np.int64)
    out = np.zeros(offsets.size, np.int64)
    n = 0
    for a in range(offsets.size - 1):
        start, last = offsets[a], offsets[a + 1] - 1
        kept[n] = start
        begin = n
        n += 1
        for i in range(start + 1, last):
            p = kept[n - 1]
            if wanted[i] and (points[i, 0] != points[p, 0] or points[i, 1] != points[p, 1]):
                kept[n] = i
                n += 1
        while n - 1 > begin:
            p = kept[n - 1]
            if points[last, 0] != points[p, 0] or points[last, 1] != points[p, 1]:
                break
            n -= 1
        kept[n] = last
        n += 1
        out[a + 1] = n
    return kept[:n].copy(), out


def select_vertices(wanted: Bools, points: Ints, arc_offsets: Ints) -> Chains:
    """Keep the ends of arcs and the wanted vertices that have a grid point of their own."""
    kept, offsets = _select(wanted, points, arc_offsets)
    inner = np.ones(kept.size, dtype=bool)
    inner[offsets[1:] - 1] = False
    return Chains(kept, offsets, np.flatnonzero(inner))


def rounded_topology(topology: Topology, chains: Chains, points: Ints, grid: float) -> Topology:
    """Give the topology with the kept vertices only, at their grid points."""
    return Topology(
        coordinates=points[chains.kept].astype(np.float64) * grid,
        arc_offsets=chains.offsets,
        arc_units=topology.arc_units,
        ring_arcs=topology.ring_arcs,
        ring_offsets=topology.ring_offsets,
        polygon_offsets=topology.polygon_offsets,
        unit_offsets=topology.unit_offsets,
    )


def mark_faults(
    topology: Topology,
    chains: Chains,
    points: Ints,
    names: Ints,
    grid: float,
    importance: Floats,
    wanted: Bools,
) -> Marks:
    """Find what one round broke, and the vertices that may mend it.

    Segments that meet other than in a vertex they share, segments of no length, and segments whose
    left-out chain has jumped over a kept vertex take back the most important vertex they left out.
    Where nothing is left out on either side, rounding itself is at fault: the vertices are listed
    to be moved.
    """
    x, y = points[chains.kept, 0], points[chains.kept, 1]
    name, starts = names[chains.kept], chains.starts
    cell = _cell_size(x, y, starts.size)
    first, second = touching_segments(x, y, name, starts, cell)
    point = np.flatnonzero((x[starts] == x[starts + 1]) & (y[starts] == y[starts + 1]))
    pairs = np.concatenate((np.column_stack((first, second)), np.column_stack((point, point))))
    jumped = np.flatnonzero(
        jumped_segments(topology.coordinates, chains.kept, name, starts, cell * grid)
    )
    faulty = np.unique(np.concatenate((pairs.ravel(), jumped)))
    found = _most_important(chains, faulty, importance, wanted)
    helped = np.isin(pairs, faulty[found >= 0]).any(axis=1)
    stuck = np.unique(pairs[~helped])
    ends = np.unique(np.concatenate((starts[stuck], starts[stuck] + 1)))
    return Marks(insert=found[found >= 0], move=chains.kept[ends])


def _cell_size(x: Ints, y: Ints, segments: int) -> float:
    """Cells of about a quarter of a segment each over the extent."""
    width, height = int(x.max() - x.min()), int(y.max() - y.min())
    area = float(max(width, 1)) * float(max(height, 1))
    return max(float(np.sqrt(area / (4.0 * segments))), 1.0)


def _most_important(chains: Chains, segments: Ints, importance: Floats, wanted: Bools) -> Ints:
    """Position of the most important vertex that each segment leaves out, or -1."""
    found = np.full(segments.size, -1, np.int64)
    for row, start in enumerate(chains.starts[segments].tolist()):
        low, high = int(chains.kept[start]) + 1, int(chains.kept[start + 1])
        left_out = np.where(wanted[low:high], -1.0, importance[low:high])
        if left_out.size and left_out.max() >= 0:
            found[row] = low + int(np.argmax(left_out))
    return found


def move_vertices(
    topology: Topology,
    chains: Chains,
    points: Ints,
    names: Ints,
    grid: float,
    move: Ints,
) -> Ints:
    """Shift vertices by up to two grid steps to where their segments meet fewest others.

    Each vertex in turn, in the order of its coordinates, tries the grid points around it, the
    nearest first; the copies of a node move together.

    Returns
    -------
    (n, 2) int array
        New grid points of all vertices.
    """
    points = points.copy()
    name, starts = names[chains.kept], chains.starts
    x, y = points[chains.kept, 0], points[chains.kept, 1]
    order = np.lexsort((topology.coordinates[move, 1], topology.coordinates[move, 0]))
    _, first = np.unique(names[move[order]], return_index=True)
    for vertex in move[order][np.sort(first)].tolist():
        copies = np.flatnonzero(name == names[vertex])
        true = topology.coordinates[vertex] / grid
        around = np.rint(true).astype(np.int64) + _AROUND
        nearest = np.argsort(np.hypot(*(around - true).T), kind="stable")
        here = np.array([[x[copies[0]], y[copies[0]]]])
        places = np.concatenate((here, around[nearest]))
        contacts = count_contacts(x, y, name, starts, copies, places)
        x[copies], y[copies] = places[int(np.argmin(contacts))]
    points[chains.kept] = np.column_stack((x, y))
    return points
