"""Labour market areas: regions in which most residents work and most jobs are held by residents."""

from __future__ import annotations

import heapq
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arguments import is_number, shown
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.jit import jit
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.flows import (
    Flows,
    check_shares,
    flow_delineation,
    ratio,
    region_shares,
)

__all__ = ["LabourMarketRules", "labour_market_areas", "validity"]

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

_SLACK = 1e-9
"""A validity that is less than what is asked by rounding alone is enough."""


@dataclass(frozen=True)
class LabourMarketRules:
    """What a labour market area must reach; defaults are those of British travel-to-work areas.

    Attributes
    ----------
    minimum_size : float
        Employed residents that an area must have; it then needs the target self-containment.
    target_size : float
        From so many employed residents on, the minimum self-containment is enough; in between the
        two trade off. More than `minimum_size`.
    minimum_self_containment, target_self_containment : float
        Shares; the minimum is not above the target.
    """

    minimum_size: float = 3_500
    target_size: float = 25_000
    minimum_self_containment: float = 2 / 3
    target_self_containment: float = 0.75

    def __post_init__(self) -> None:
        where = "labour market areas"
        low, high = self.minimum_self_containment, self.target_self_containment
        check_shares(where, minimum_self_containment=low, target_self_containment=high)
        problems = []
        least, target = self.minimum_size, self.target_size
        if not (is_number(least) and is_number(target) and 0 <= least < target):
            problems.append(
                f"minimum_size is {shown(least)} and target_size {shown(target)}; "
                "allowed: 0 or more, and a larger target"
            )
        if low > high:
            problems.append(
                f"minimum_self_containment is {low}, above target_self_containment {high}"
            )
        raise_if(problems, InputError, where)


def validity(size: Floats, containment: Floats, rules: LabourMarketRules) -> Floats:
    """Measure how near areas are to what is asked of size and self-containment together.

    With size S, self-containment C and r = minimum / target of self-containment::

        f = [1 - (1 - r) · max((target size - S) / (target size - minimum size), 0)]
            · min(C, target) / target

    An area is valid where f is at least r: one of the target size needs the minimum
    self-containment, one of the minimum size the target.

    Parameters
    ----------
    size : ndarray of float64
        Employed residents.
    containment : ndarray of float64
        The smaller of the shares of employed residents and of jobs that stay inside.
    rules : LabourMarketRules

    Returns
    -------
    ndarray of float64
        At most 1.

    Examples
    --------
    >>> rules = LabourMarketRules(1000, 10_000, 0.6, 0.75)
    >>> sizes, shares = np.array([10_000.0, 1000.0, 5500.0]), np.array([0.6, 0.75, 0.7])
    >>> validity(sizes, shares, rules).round(3).tolist(), round(0.6 / 0.75, 3)
    ([0.8, 0.8, 0.84], 0.8)
    """
    given = _settings(rules)
    return np.array([_validity(s, c, given) for s, c in zip(size, containment, strict=True)])


def labour_market_areas(
    flows: Flows,
    rules: LabourMarketRules = LabourMarketRules(),
    *,
    units: pd.DataFrame | None = None,
) -> Delineation:
    """Delineate labour market areas by self-containment.

    Every unit begins as an area. The least valid area (`validity`) is dissolved, and each of its
    units goes to the area with which its flows are strongest, until all areas are valid. With T the
    flows, R employed residents and J jobs, also of those who work or live outside the units, the
    link of unit i with area A is::

        T_iA² / (R_i · J_A) + T_Ai² / (R_A · J_i)

    Of equally invalid areas, the one with fewer employed residents is dissolved first, then the one
    that began with the earlier unit id. All units of an area are placed at once, by their links
    with the other areas as they are without them; a unit that has none waits until its fellows are
    placed. Of equal links, the area that began with the earlier unit id is taken.

    Parameters
    ----------
    flows : Flows
        As `commuting_flows` gives it.
    rules : LabourMarketRules
    units : DataFrame or GeoDataFrame, optional
        Index: the same ids; `name` and polygons where there are any.

    Returns
    -------
    Delineation
        Regions `lma-1`, … with employed residents, jobs, self-containment, `validity` and `valid`.
        An area that is not valid but has no flows with any other stays, and a note counts such
        areas. Members have `share_to_region` and `share_from_region` (`region_shares`). Units
        without any flow are in no region.

    Raises
    ------
    InputError
        Rules that contradict one another.
    DataError
        Units that do not fit the flows.

    Notes
    -----
    Coombes, M. and Bond, S. (2008), Travel-to-Work Areas: the 2007 review, Office for National
    Statistics; Franconi, L., D'Alò, M. and Ichim, D. (2016), Istat implementation of the algorithm
    to develop Labour Market Areas. Unlike Istat's, this one has no reserve list: a unit joins the
    area of its strongest link even where the area is then less valid. Areas need not be contiguous.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["a", "b", "b", "c"], "destination": ["a", "a", "b", "c"],
    ...                       "number": [80, 30, 20, 90]})
    >>> flows = commuting_flows(table, pd.Index(["a", "b", "c"]))
    >>> found = labour_market_areas(flows, LabourMarketRules(50, 100, 0.6, 0.75))
    >>> found.members[["unit_id", "region_id", "share_to_region"]].values.tolist()
    [['a', 'lma-1', 1.0], ['b', 'lma-1', 1.0], ['c', 'lma-2', 1.0]]
    """
    out, back = flows.matrix, flows.matrix.tocsc()
    labels, areas = _dissolve_all(
        (out.indptr, out.indices, out.data),
        (back.indptr, back.indices, back.data),
        flows.residents,
        flows.jobs,
        _settings(rules),
    )
    labels = np.where((flows.residents > 0) | (flows.jobs > 0), labels, -1)
    size, jobs, inside = areas
    reached = validity(size, np.nan_to_num(ratio(inside, np.maximum(size, jobs))), rules)
    valid = reached >= _settings(rules)[4] - _SLACK
    apart = np.count_nonzero(~valid[np.unique(labels[labels >= 0])])
    note = f"areas that are not valid but have no flows with any other, and stay: {apart}"
    return flow_delineation(
        flows,
        labels,
        units,
        parameters=asdict(rules),
        prefix="lma",
        columns=region_shares(flows, labels),
        of_labels=pd.DataFrame({"validity": reached, "valid": valid}),
        notes=(note,) if apart else (),
    )


def _settings(rules: LabourMarketRules) -> tuple[float, float, float, float, float]:
    """Give the compiled code its numbers: sizes, self-containments and the validity asked for."""
    low, high = rules.minimum_self_containment, rules.target_self_containment
    return (float(rules.minimum_size), float(rules.target_size), low, high, low / high)


@jit
def _validity(size, containment, settings):  # type: ignore[no-untyped-def]
    minimum, target, _, aimed, asked = settings
    short = max((target - size) / (target - minimum), 0.0)
    return (1.0 - (1.0 - asked) * short) * min(containment, aimed) / aimed


@jit
def _reached(area, areas, settings):  # type: ignore[no-untyped-def]
    """Work out the validity of an area; without residents or jobs nothing is contained."""
    residents, jobs, inside = areas[0, area], areas[1, area], areas[2, area]
    contained = 0.0
    if residents > 0.0 and jobs > 0.0:
        contained = inside / max(residents, jobs)
    return _validity(residents, contained, settings)


@jit
def _gather(unit, way, flows, labels, amounts, met, count):  # type: ignore[no-untyped-def]
    """Add up a unit's flows by area in row `way` of `amounts`; append new areas to `met`."""
    starts, others, numbers = flows
    for place in range(starts[unit], starts[unit + 1]):
        area = labels[others[place]]
        if area >= 0:
            if amounts[0, area] == 0.0 and amounts[1, area] == 0.0:
                met[count] = area
                count += 1
            amounts[way, area] += numbers[place]
    return count


@jit
def _strongest(unit, out, back, labels, areas, whole, amounts, met):  # type: ignore[no-untyped-def]
    """Find the area to which a unit that is in none is linked most, -1 where there is no link."""
    count = _gather(unit, 0, out, labels, amounts, met, 0)
    count = _gather(unit, 1, back, labels, amounts, met, count)
    best, most = -1, 0.0
    for area in met[:count]:
        there, here = amounts[0, area], amounts[1, area]
        link = 0.0
        if there > 0.0:
            link += there / whole[0, unit] * (there / areas[1, area])
        if here > 0.0:
            link += here / areas[0, area] * (here / whole[1, unit])
        if link > most or (link == most and link > 0.0 and area < best):
            best, most = area, link
        amounts[0, area] = amounts[1, area] = 0.0
    return best


@jit
def _put(unit, area, out, back, labels, areas, whole, lists):  # type: ignore[no-untyped-def]
    """Make a unit a member of an area."""
    labels[unit] = area
    for place in range(out[0][unit], out[0][unit + 1]):
        if labels[out[1][place]] == area:
            areas[2, area] += out[2][place]
    for place in range(back[0][unit], back[0][unit + 1]):
        if labels[back[1][place]] == area and back[1][place] != unit:
            areas[2, area] += back[2][place]
    areas[0, area] += whole[0, unit]
    areas[1, area] += whole[1, unit]
    lists[1, unit] = lists[0, area]
    lists[0, area] = unit


@jit
def _take_out(area, labels, areas, lists):  # type: ignore[no-untyped-def]
    """Empty an area and give its units in order."""
    members = [lists[0, area]]
    while lists[1, members[-1]] >= 0:
        members.append(lists[1, members[-1]])
    for unit in members:
        labels[unit] = -1
        lists[1, unit] = -1
    lists[0, area] = -1
    areas[:, area] = 0.0
    members.sort()
    return members


@jit
def _dissolve_all(out, back, residents, jobs, settings):  # type: ignore[no-untyped-def]
    """Dissolve the least valid area until none is left; give labels and totals of areas.

    `areas` holds residents, jobs and those inside; `lists` the first unit of each area and the
    unit after each unit; `version` makes entries of the queue void when their area has changed.
    """
    count = len(residents)
    whole = np.stack((residents, jobs))
    labels = np.full(count, -1)
    areas, amounts = np.zeros((3, count)), np.zeros((2, count))
    lists = np.full((2, count), -1)
    met, version = np.zeros(count, np.int64), np.zeros(count, np.int64)
    asked = settings[4] - _SLACK
    queue = [(0.0, 0.0, 0, -1)]
    for unit in range(count):
        _put(unit, unit, out, back, labels, areas, whole, lists)
        if residents[unit] + jobs[unit] > 0.0:
            queue.append((_reached(unit, areas, settings), residents[unit], unit, 0))
    heapq.heapify(queue)
    while len(queue) > 0:
        reached, _, area, of = heapq.heappop(queue)
        if of != version[area] or reached >= asked:
            continue
        waiting = _take_out(area, labels, areas, lists)
        version[area] += 1
        while len(waiting) > 0:
            targets = [
                _strongest(unit, out, back, labels, areas, whole, amounts, met) for unit in waiting
            ]
            apart = max(targets) < 0
            later = [-1 for _ in range(0)]
            for unit, target in zip(waiting, targets):  # noqa: B905 - compiled
                if target < 0 and not apart:
                    later.append(unit)
                    continue
                to = area if apart else target
                _put(unit, to, out, back, labels, areas, whole, lists)
                version[to] += 1
                if not apart:
                    entry = (_reached(to, areas, settings), areas[0, to], to, version[to])
                    heapq.heappush(queue, entry)
            waiting = later
    return labels, areas
