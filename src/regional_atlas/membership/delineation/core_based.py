"""Core based areas: central units and those tied to them by commuting, as in the United States."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.cores import (
    NO_NEIGHBOURS,
    SLACK,
    Cores,
    Links,
    border_lengths,
    given_cores,
    of_own,
    strongest,
    touching_core,
)
from regional_atlas.membership.delineation.flows import Flows, check_shares, flow_delineation

__all__ = ["CoreBasedRules", "core_based_areas"]

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class CoreBasedRules:
    """Thresholds of core based statistical areas, as in the standards of 2010.

    Attributes
    ----------
    residents_share : float
        A unit is outlying where at least this share of its employed residents work in the central
        units.
    jobs_share : float
        Or where residents of the central units hold at least this share of its jobs.
    """

    residents_share: float = 0.25
    jobs_share: float = 0.25

    def __post_init__(self) -> None:
        check_shares("core based areas", **vars(self))


def core_based_areas(
    flows: Flows,
    cores: pd.DataFrame,
    rules: CoreBasedRules = CoreBasedRules(),
    *,
    contiguity: pd.DataFrame | None = None,
    units: pd.DataFrame | None = None,
) -> Delineation:
    """Delineate core based areas: central units with the outlying ones.

    With T_ij the people who live in i and work in j, R_i all employed residents of i and J_i all
    jobs there, also of people who work or live outside the units:

    1. A unit i of no core k qualifies for it where T_ik / R_i is at least `residents_share` or
       T_ki / J_i at least `jobs_share`. One that qualifies for several goes to the one with the
       largest of these shares; of equal ones, to that with more employed residents in its core.
    2. A qualified unit is outlying where other units of the area connect it with the core; others
       belong to no area.
    3. Two adjacent areas merge where the central units of one, as a group, qualify as outlying to
       those of the other. Areas are those of the cores as given: merged ones are not tried again,
       but A, B and C merge where A merges with B and B with C. Steps 1 and 2 then use the central
       units of all of them together.

    Parameters
    ----------
    flows : Flows
        As `commuting_flows` gives it.
    cores : DataFrame
        `unit_id`, `core_id`: the central units of each core; in the standards, counties with at
        least half of their people, or 5,000, in the urban area.
    rules : CoreBasedRules
    contiguity : DataFrame, optional
        `unit_id`, `neighbour_id`. Without it step 2 is left out, areas merge wherever they are,
        and a note says so.
    units : DataFrame or GeoDataFrame, optional
        Index: the same ids; `name` and polygons where there are any.

    Returns
    -------
    Delineation
        Regions `cbsa-1`, … with `cores` (ids, several where areas have merged), `central_members`,
        employed residents, jobs and self-containment. Members have `part` (central or outlying;
        exclave where a unit is in no region since nothing connects it), `central`, `share_to_core`
        (T_ik / R_i) and `share_from_core` (T_ki / J_i), in no region the largest; NaN of nothing.

    Raises
    ------
    InputError
        A threshold that is not above 0 and at most 1.
    DataError
        Cores, neighbours or units that do not fit the flows.

    Notes
    -----
    U.S. Office of Management and Budget (2010), 2010 Standards for Delineating Metropolitan and
    Micropolitan Statistical Areas, Federal Register 75, 37246–37252, sections 2 to 4. Whether areas
    are metropolitan or micropolitan, and what they are called, is not worked out.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["city", "city", "rim", "plant"], "number": [60, 30, 9, 70],
    ...     "destination": ["city", "plant", "city", "plant"]})
    >>> flows = commuting_flows(table, pd.Index(["city", "rim", "plant"]))
    >>> found = core_based_areas(flows, pd.DataFrame({"unit_id": ["city"], "core_id": ["C"]}))
    >>> found.members[["unit_id", "part", "share_to_core", "share_from_core"]].values.tolist()
    [['city', 'central', 0.666..., 0.869...], ['plant', 'outlying', 0.0, 0.3],
     ['rim', 'outlying', 1.0, nan]]
    """
    borders = None if contiguity is None else border_lengths(contiguity, flows)
    given = given_cores(cores, flows)
    merged = given.joined(_merging(given, flows, rules, borders), flows)
    qualified, labels = _areas(merged, flows, rules, borders)
    central = merged.labels >= 0
    parts = np.full(len(labels), None, object)
    parts[labels >= 0] = "outlying"
    parts[(labels < 0) & (qualified >= 0)] = "exclave"
    parts[central] = "central"
    return flow_delineation(
        flows,
        labels,
        units,
        parameters=asdict(rules),
        prefix="cbsa",
        columns={
            "part": parts,
            "central": central,
            "share_to_core": of_own(merged.shares_to(flows), labels, flows.residents),
            "share_from_core": of_own(merged.shares_from(flows), labels, flows.jobs),
        },
        of_labels=merged.table(),
        central=central,
        notes=(NO_NEIGHBOURS,) if borders is None else (),
    )


def _areas(
    cores: Cores, flows: Flows, rules: CoreBasedRules, borders: sparse.csr_array | None
) -> tuple[Labels, Labels]:
    """Label units by the core they qualify for, and those of them that are connected with it."""
    to_core = _at_least(cores.shares_to(flows), rules.residents_share)
    from_core = _at_least(cores.shares_from(flows), rules.jobs_share)
    best = strongest(sparse.csr_array(to_core.maximum(from_core)))[0]
    qualified = np.where(cores.labels >= 0, cores.labels, best)
    if borders is None:
        return qualified, qualified
    touching = touching_core(qualified, cores.labels >= 0, borders)
    return qualified, np.where(touching, qualified, -1)


def _at_least(shares: sparse.csr_array, least: float) -> sparse.csr_array:
    pairs = shares.tocoo()
    met = pairs.data >= least - SLACK
    where = (pairs.coords[0][met], pairs.coords[1][met])
    return sparse.csr_array((pairs.data[met], where), shape=shares.shape)


def _merging(
    cores: Cores, flows: Flows, rules: CoreBasedRules, borders: sparse.csr_array | None
) -> Links:
    """Pair the cores of which one qualifies as outlying to the other, in areas that touch."""
    between = cores.flows(flows)
    home, work = between.coords
    merging = between.data >= (rules.residents_share - SLACK) * cores.totals(flows.residents)[home]
    merging |= between.data >= (rules.jobs_share - SLACK) * cores.totals(flows.jobs)[work]
    home, work = home[merging].astype(np.int64), work[merging].astype(np.int64)
    if borders is None:
        return home, work
    labels = _areas(cores, flows, rules, borders)[1]
    row, column = (labels[ends] for ends in borders.tocoo().coords)
    count = len(cores.names)
    both = (row >= 0) & (column >= 0)
    touching = np.isin(home * count + work, row[both] * count + column[both])
    return home[touching], work[touching]
