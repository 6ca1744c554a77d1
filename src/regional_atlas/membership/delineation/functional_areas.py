"""Functional urban areas: cities and the units from which people commute to them (EU and OECD)."""

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

__all__ = ["FunctionalAreaRules", "functional_areas"]

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class FunctionalAreaRules:
    """Thresholds of functional urban areas, as in the definition of the EU and the OECD.

    Attributes
    ----------
    commuting_share : float
        A unit is in the commuting zone of a city where at least this share of its employed
        residents work in the city.
    city_link_share : float
        Two cities are one destination where at least this share of the employed residents of
        either works in the other.
    enclave_share : float
        A unit in no area joins the one with which it shares at least this share of its border with
        other units; 1 is wholly surrounded.
    """

    commuting_share: float = 0.15
    city_link_share: float = 0.15
    enclave_share: float = 1.0

    def __post_init__(self) -> None:
        check_shares("functional areas", **vars(self))


def functional_areas(
    flows: Flows,
    cores: pd.DataFrame,
    rules: FunctionalAreaRules = FunctionalAreaRules(),
    *,
    contiguity: pd.DataFrame | None = None,
    units: pd.DataFrame | None = None,
) -> Delineation:
    """Delineate functional urban areas: cities with their commuting zones.

    With T_ij the people who live in i and work in j, and R_i all employed residents of i, also
    those who work outside the units:

    1. Cities k and l join where T_kl / R_k or T_lk / R_l is at least `city_link_share`. Shares are
       those of the cities as given: joined cities are not tried again, but A, B and C join where A
       joins B and B joins C.
    2. A unit i of no city is tied to the joined city k with the largest T_ik / R_i, if that is at
       least `commuting_share`; of equal ones, to the city with more employed residents.
    3. Tied units belong to the area where other units of it connect them with the city; others
       are dropped (exclaves). Then units in no area, dropped ones too, join the area that has at
       least `enclave_share` of their border with other units (enclaves). Both steps repeat until
       nothing changes, since an enclave can connect an exclave.

    Parameters
    ----------
    flows : Flows
        As `commuting_flows` gives it.
    cores : DataFrame
        `unit_id`, `core_id`: the units of each city, such as those that the Degree of Urbanisation
        classes as cities, each in one city.
    rules : FunctionalAreaRules
    contiguity : DataFrame, optional
        `unit_id`, `neighbour_id` and, where known, `length` of the shared border. Step 3 is left
        out without it, and a note says so.
    units : DataFrame or GeoDataFrame, optional
        Index: the same ids; `name` and polygons where there are any.

    Returns
    -------
    Delineation
        Regions `fua-1`, … with `cores` (ids of the cities, several where they have joined),
        `central_members`, employed residents, jobs and self-containment. Members have `part` (core,
        commuting zone or enclave; exclave where a unit is in no region since it is one), `central`,
        and `share_to_core`: T_ik / R_i of the region's core, in no region of the core for which it
        is largest; NaN for units without employed residents.

    Raises
    ------
    InputError
        A threshold that is not above 0 and at most 1.
    DataError
        Cores, neighbours or units that do not fit the flows.

    Notes
    -----
    Dijkstra, L., Poelman, H. and Veneri, P. (2019), The EU-OECD definition of a functional urban
    area, OECD Regional Development Working Papers 2019/11; that an enclave shares 100 % of its land
    border with the area: Dijkstra and Poelman (2012), Cities in Europe: the new OECD-EC definition.
    An enclave of several units is found only where `enclave_share` is below 1: each of them also
    borders another.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["city", "rim", "rim", "far", "far"], "number":
    ...     [90, 20, 80, 10, 90], "destination": ["city", "city", "rim", "city", "far"]})
    >>> flows = commuting_flows(table, pd.Index(["city", "rim", "far"]))
    >>> found = functional_areas(flows, pd.DataFrame({"unit_id": ["city"], "core_id": ["C"]}))
    >>> found.members[["unit_id", "region_id", "part", "share_to_core"]].values.tolist()
    [['city', 'fua-1', 'core', 1.0], ['far', nan, nan, 0.1],
     ['rim', 'fua-1', 'commuting zone', 0.2]]
    """
    given = given_cores(cores, flows)
    cities = given.joined(_linked(given, flows, rules.city_link_share), flows)
    shares = cities.shares_to(flows)
    tied = _tied(cities, shares, rules.commuting_share)
    labels = tied
    if contiguity is not None:
        borders = border_lengths(contiguity, flows)
        labels = _contiguous(tied, cities, borders, rules.enclave_share)
    return flow_delineation(
        flows,
        labels,
        units,
        parameters=asdict(rules),
        prefix="fua",
        columns={
            "part": _parts(labels, tied, cities),
            "central": cities.labels >= 0,
            "share_to_core": of_own(shares, labels, flows.residents),
        },
        of_labels=cities.table(),
        central=cities.labels >= 0,
        notes=(NO_NEIGHBOURS,) if contiguity is None else (),
    )


def _linked(cities: Cores, flows: Flows, share: float) -> Links:
    """Pair the cities of which one sends enough of its employed residents to the other."""
    between = cities.flows(flows)
    home, work = between.coords
    linked = between.data >= (share - SLACK) * cities.totals(flows.residents)[home]
    return home[linked], work[linked]


def _tied(cities: Cores, shares: sparse.csr_array, share: float) -> Labels:
    """Give units the label of their city, or of the one to which most of them commute."""
    best, value = strongest(shares)
    return np.where(cities.labels >= 0, cities.labels, np.where(value >= share - SLACK, best, -1))


def _contiguous(tied: Labels, cities: Cores, borders: sparse.csr_array, share: float) -> Labels:
    """Drop exclaves and add enclaves until nothing changes."""
    wanted = tied
    while True:
        touching = touching_core(wanted, cities.labels >= 0, borders)
        labels = np.where(touching, wanted, -1)
        around = _surrounding(labels, borders, share)
        if (around < 0).all():
            return labels
        wanted = np.where(around >= 0, around, wanted)


def _surrounding(labels: Labels, borders: sparse.csr_array, share: float) -> Labels:
    """Give units of no area the label of the one that surrounds them, others -1."""
    within = np.flatnonzero(labels >= 0)
    shape = (len(labels), int(labels.max()) + 1)
    areas = sparse.csr_array((np.ones(len(within)), (within, labels[within])), shape=shape)
    best, length = strongest(sparse.csr_array(borders @ areas))
    surrounded = (labels < 0) & (length >= (share - SLACK) * borders.sum(axis=1))
    return np.where(surrounded, best, -1)


def _parts(labels: Labels, tied: Labels, cities: Cores) -> NDArray[np.object_]:
    parts = np.full(len(labels), None, object)
    parts[labels >= 0] = "enclave"
    parts[(labels >= 0) & (labels == tied)] = "commuting zone"
    parts[(labels < 0) & (tied >= 0)] = "exclave"
    parts[cities.labels >= 0] = "core"
    return parts
