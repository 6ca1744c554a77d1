"""From all vertices to the kept ones on a grid, and back until nothing meets that should not.

Coordinates of vertices are whole numbers of grid steps, so that every orientation is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.core.jit import jit
from regional_atlas.units import _arcs
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


# Where rounded chains meet although they should not, and what a left-out chain jumped over.


@jit
def cell_index(
    x0: Floats, y0: Floats, x1: Floats, y1: Floats, frame: Floats
) -> tuple[Ints, Ints, int, int]:
    """List the boxes that reach into each cell of a regular grid.

    Parameters
    ----------
    x0, y0, x1, y1 : float arrays
        Corners of the boxes.
    frame : (3,) float array
        Left, bottom and cell size.

    Returns
    -------
    offsets, members : int arrays
        Cell `c = row * columns + column` holds `members[offsets[c]:offsets[c + 1]]`.
    columns, rows : int
    """
    columns = int((x1.max() - frame[0]) // frame[2]) + 1
    rows = int((y1.max() - frame[1]) // frame[2]) + 1
    offsets = np.zeros(columns * rows + 1, np.int64)
    for i in range(x0.size):
        for row in range(
            int((y0[i] - frame[1]) // frame[2]), int((y1[i] - frame[1]) // frame[2]) + 1
        ):
            for column in range(
                int((x0[i] - frame[0]) // frame[2]), int((x1[i] - frame[0]) // frame[2]) + 1
            ):
                offsets[row * columns + column + 1] += 1
    for c in range(columns * rows):
        offsets[c + 1] += offsets[c]
    members = np.empty(offsets[-1], np.int64)
    fill = offsets[:-1].copy()
    for i in range(x0.size):
        for row in range(
            int((y0[i] - frame[1]) // frame[2]), int((y1[i] - frame[1]) // frame[2]) + 1
        ):
            for column in range(
                int((x0[i] - frame[0]) // frame[2]), int((x1[i] - frame[0]) // frame[2]) + 1
            ):
                c = row * columns + column
                members[fill[c]] = i
                fill[c] += 1
    return offsets, members, columns, rows


@jit
def _side(ax: int, ay: int, bx: int, by: int, px: int, py: int) -> int:
    cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return 1 if cross > 0 else (-1 if cross < 0 else 0)


@jit
def _between(ax: int, ay: int, bx: int, by: int, px: int, py: int) -> bool:
    return min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by)


@jit
def _meet(x: Ints, y: Ints, identity: Ints, s: int, t: int) -> bool:
    """Whether segments s and t share a point that is not a vertex of both by right."""
    a, b, c, d = s, s + 1, t, t + 1
    if identity[a] == identity[d]:
        c, d = d, c
    elif identity[b] == identity[c]:
        a, b = b, a
    elif identity[b] == identity[d]:
        a, b, c, d = b, a, d, c
    if identity[a] == identity[c]:
        if identity[b] == identity[d]:
            return True
        if _side(x[a], y[a], x[b], y[b], x[d], y[d]) != 0:
            return False
        return bool((x[b] - x[a]) * (x[d] - x[a]) + (y[b] - y[a]) * (y[d] - y[a]) > 0)
    s1 = _side(x[a], y[a], x[b], y[b], x[c], y[c])
    s2 = _side(x[a], y[a], x[b], y[b], x[d], y[d])
    s3 = _side(x[c], y[c], x[d], y[d], x[a], y[a])
    s4 = _side(x[c], y[c], x[d], y[d], x[b], y[b])
    if s1 * s2 < 0 and s3 * s4 < 0:
        return True
    return bool(
        (s1 == 0 and _between(x[a], y[a], x[b], y[b], x[c], y[c]))
        or (s2 == 0 and _between(x[a], y[a], x[b], y[b], x[d], y[d]))
        or (s3 == 0 and _between(x[c], y[c], x[d], y[d], x[a], y[a]))
        or (s4 == 0 and _between(x[c], y[c], x[d], y[d], x[b], y[b]))
    )


@jit
def touching_segments(
    x: Ints, y: Ints, identity: Ints, starts: Ints, cell: float
) -> tuple[Ints, Ints]:
    """Pairs of segments that cross, touch or overlap other than at a vertex both own.

    Parameters
    ----------
    x, y : int arrays
        Vertices on the grid.
    identity : int array
        Equal for the copies of one vertex (a node stands in several arcs).
    starts : int array
        Positions `i` such that vertex i to vertex i + 1 is a segment.
    cell : float
        Cell size of the search grid, in grid steps.

    Returns
    -------
    first, second : int arrays
        Positions in `starts`; a pair may stand more than once.
    """
    ends = starts + 1
    x0 = np.minimum(x[starts], x[ends]).astype(np.float64)
    x1 = np.maximum(x[starts], x[ends]).astype(np.float64)
    y0 = np.minimum(y[starts], y[ends]).astype(np.float64)
    y1 = np.maximum(y[starts], y[ends]).astype(np.float64)
    frame = np.array([x0.min(), y0.min(), cell])
    offsets, members, columns, rows = cell_index(x0, y0, x1, y1, frame)
    first = [np.int64(0) for _ in range(0)]
    second = [np.int64(0) for _ in range(0)]
    for c in range(columns * rows):
        for k in range(offsets[c], offsets[c + 1]):
            i = members[k]
            for m in range(k + 1, offsets[c + 1]):
                j = members[m]
                if x0[i] > x1[j] or x0[j] > x1[i] or y0[i] > y1[j] or y0[j] > y1[i]:
                    continue
                if _meet(x, y, identity, starts[i], starts[j]):
                    first.append(i)
                    second.append(j)
    return np.array(first), np.array(second)


@jit
def _inside(coordinates: Floats, start: int, stop: int, px: float, py: float) -> bool:
    """Whether a point lies in the polygon of vertices start to stop, closed by a straight line."""
    odd = False
    j = stop
    for i in range(start, stop + 1):
        xi, yi = coordinates[i, 0], coordinates[i, 1]
        xj, yj = coordinates[j, 0], coordinates[j, 1]
        if (yi > py) != (yj > py) and px < (xj - xi) * (py - yi) / (yj - yi) + xi:
            odd = not odd
        j = i
    return odd


@jit
def jumped_segments(
    coordinates: Floats, kept: Ints, identity: Ints, starts: Ints, cell: float
) -> Bools:
    """Segments between which and their left-out chain a kept vertex lies.

    Parameters
    ----------
    coordinates : (n, 2) float array
        All vertices, left out ones too.
    kept : int array
        Positions of the kept vertices in `coordinates`.
    identity : int array
        Of each kept vertex, as in `touching_segments`.
    starts : int array
        Positions in `kept` where segments start.
    cell : float
        Cell size of the search grid, in the coordinates' unit.

    Returns
    -------
    bool array
        One per segment.
    """
    px = coordinates[kept, 0].copy()
    py = coordinates[kept, 1].copy()
    frame = np.array([px.min(), py.min(), cell])
    offsets, members, columns, rows = cell_index(px, py, px, py, frame)
    jumped = np.zeros(starts.size, np.bool_)
    for s in range(starts.size):
        i = starts[s]
        a, b = kept[i], kept[i + 1]
        if b - a < 2:
            continue
        x0, x1 = coordinates[a, 0], coordinates[a, 0]
        y0, y1 = coordinates[a, 1], coordinates[a, 1]
        for v in range(a + 1, b + 1):
            x0, x1 = min(x0, coordinates[v, 0]), max(x1, coordinates[v, 0])
            y0, y1 = min(y0, coordinates[v, 1]), max(y1, coordinates[v, 1])
        c0 = max(int((x0 - frame[0]) // cell), 0)
        c1 = min(int((x1 - frame[0]) // cell), columns - 1)
        r0 = max(int((y0 - frame[1]) // cell), 0)
        r1 = min(int((y1 - frame[1]) // cell), rows - 1)
        for row in range(r0, r1 + 1):
            for k in range(offsets[row * columns + c0], offsets[row * columns + c1 + 1]):
                m = members[k]
                if px[m] < x0 or px[m] > x1 or py[m] < y0 or py[m] > y1:
                    continue
                if identity[m] == identity[i] or identity[m] == identity[i + 1]:
                    continue
                if _inside(coordinates, a, b, px[m], py[m]):
                    jumped[s] = True
                    break
            if jumped[s]:
                break
    return jumped


@jit
def count_contacts(
    x: Ints, y: Ints, identity: Ints, starts: Ints, copies: Ints, places: Ints
) -> Ints:
    """Count, for each place that a vertex might take, the faults its segments would have there.

    Parameters
    ----------
    x, y, identity, starts : int arrays
        As in `touching_segments`.
    copies : int array
        Positions of the one vertex in x and y.
    places : (k, 2) int array
        Grid points to try.

    Returns
    -------
    (k,) int array
        Contacts of the vertex's segments with any other, plus its segments of no length.
    """
    moves = np.zeros(x.size, np.bool_)
    moves[copies] = True
    own = [np.int64(0) for _ in range(0)]
    left, right = places[:, 0].min(), places[:, 0].max()
    low, high = places[:, 1].min(), places[:, 1].max()
    for s in starts:
        if moves[s] or moves[s + 1]:
            own.append(s)
            left, right = min(left, x[s], x[s + 1]), max(right, x[s], x[s + 1])
            low, high = min(low, y[s], y[s + 1]), max(high, y[s], y[s + 1])
    near = [np.int64(0) for _ in range(0)]
    for s in starts:
        if (
            max(x[s], x[s + 1]) >= left
            and min(x[s], x[s + 1]) <= right
            and max(y[s], y[s + 1]) >= low
            and min(y[s], y[s + 1]) <= high
        ):
            near.append(s)
    new_x, new_y = x.copy(), y.copy()
    found = np.zeros(places.shape[0], np.int64)
    for k in range(places.shape[0]):
        new_x[copies] = places[k, 0]
        new_y[copies] = places[k, 1]
        for s in own:
            if new_x[s] == new_x[s + 1] and new_y[s] == new_y[s + 1]:
                found[k] += 1
            for t in near:
                other = not (moves[t] or moves[t + 1])
                if (other or t > s) and _meet(new_x, new_y, identity, int(s), int(t)):
                    found[k] += 1
    return found


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
