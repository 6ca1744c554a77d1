"""Leaving out parts of units too small to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regional_atlas.core.arrays import Bools, Floats, Ints
from regional_atlas.units import _arcs
from regional_atlas.units.topology import Topology

__all__ = ["Box", "closed_arcs", "drop_small_parts"]

Box = tuple[float, float, float, float]


def closed_arcs(topology: Topology) -> Bools:
    """Flag the arcs that end where they start."""
    start = topology.coordinates[topology.arc_offsets[:-1]]
    end = topology.coordinates[topology.arc_offsets[1:] - 1]
    closed: Bools = (start == end).all(axis=1)
    return closed


def drop_small_parts(
    topology: Topology,
    drop_area: float,
    *,
    max_share: float = 0.002,
    keep_units: Bools | None = None,
    keep_boxes: Sequence[Box] = (),
    keep_area: float = 0.0,
) -> tuple[Topology, Ints, Floats]:
    """Take out islets, and exclaves that lie wholly within one other unit, below an area.

    A part goes only if its shell is a single closed arc and it has no holes, so that nothing else
    hangs on it. The sea, or the unit around it, takes its place. A unit keeps its largest part,
    and loses its smallest parts first, as long as they add up to at most `max_share` of it.

    Parameters
    ----------
    topology : Topology
    drop_area : float
        In the square of the CRS's unit.
    max_share : float
        Largest share of a unit's area that may go.
    keep_units : bool array, optional
        Units that lose nothing above `keep_area`.
    keep_boxes : sequence of (left, bottom, right, top)
        Parts above `keep_area` whose bounding box reaches into one of them stay.
    keep_area : float
        Below it parts go even there.

    Returns
    -------
    topology : Topology
    unit, area : arrays
        Unit and area of each part that went.
    """
    areas = topology.polygon_areas()
    unit_of = np.repeat(np.arange(topology.n_units), np.diff(topology.unit_offsets))
    shell = topology.polygon_offsets[:-1]
    first = topology.ring_arcs[topology.ring_offsets[shell]]
    arc = np.where(first >= 0, first, ~first)
    largest = np.maximum.reduceat(areas, topology.unit_offsets[:-1])
    small = (
        (areas < drop_area)
        & (areas < largest[unit_of])
        & (np.diff(topology.polygon_offsets) == 1)
        & (np.diff(topology.ring_offsets)[shell] == 1)
        & closed_arcs(topology)[arc]
    )
    exempt = np.zeros(areas.size, dtype=bool) if keep_units is None else keep_units[unit_of]
    for box in keep_boxes:
        exempt |= _reaches_into(topology, arc, box)
    small &= ~exempt | (areas < keep_area)
    goes = _within_share(small, areas, unit_of, max_share * topology.unit_areas())
    return _without_arcs(topology, arc[goes]), unit_of[goes], areas[goes]


def _reaches_into(topology: Topology, arc: Ints, box: Box) -> Bools:
    """Whether the bounding box of each arc meets a box."""
    starts = topology.arc_offsets[:-1]
    low = np.minimum.reduceat(topology.coordinates, starts)[arc]
    high = np.maximum.reduceat(topology.coordinates, starts)[arc]
    left, bottom, right, top = box
    meets: Bools = np.all((low <= (right, top)) & (high >= (left, bottom)), axis=1)
    return meets


def _within_share(small: Bools, areas: Floats, unit_of: Ints, allowed: Floats) -> Ints:
    """Positions of the small parts whose running sum within their unit stays within the share."""
    order = np.flatnonzero(small)
    order = order[np.lexsort((areas[order], unit_of[order]))]
    if order.size == 0:
        return order
    running = np.cumsum(areas[order])
    begins = np.append(True, np.diff(unit_of[order]) != 0)
    before = np.where(begins, running - areas[order], 0.0)
    running -= np.maximum.accumulate(before)
    return np.sort(order[running <= allowed[unit_of[order]]])


def _without_arcs(topology: Topology, arcs: Ints) -> Topology:
    """Take out closed arcs with the rings and polygons that they are."""
    gone = np.zeros(topology.n_arcs, dtype=bool)
    gone[arcs] = True
    first = topology.ring_arcs[topology.ring_offsets[:-1]]
    ring_stays = ~gone[np.where(first >= 0, first, ~first)]
    polygon_stays = ring_stays[topology.polygon_offsets[:-1]]
    arc_sizes, ring_sizes = np.diff(topology.arc_offsets), np.diff(topology.ring_offsets)
    number = np.cumsum(~gone) - 1
    refs = topology.ring_arcs[np.repeat(ring_stays, ring_sizes)]
    return replace(
        topology,
        coordinates=topology.coordinates[np.repeat(~gone, arc_sizes)],
        arc_offsets=_arcs.offsets_from_sizes(arc_sizes[~gone]),
        arc_units=topology.arc_units[~gone],
        ring_arcs=np.where(refs >= 0, number[refs], ~number[~refs]),
        ring_offsets=_arcs.offsets_from_sizes(ring_sizes[ring_stays]),
        polygon_offsets=_arcs.offsets_from_sizes(
            np.add.reduceat(ring_stays.astype(np.int64), topology.polygon_offsets[:-1])[
                polygon_stays
            ]
        ),
        unit_offsets=_arcs.offsets_from_sizes(
            np.add.reduceat(polygon_stays.astype(np.int64), topology.unit_offsets[:-1])
        ),
    )
