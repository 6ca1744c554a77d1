"""Commuting zones by hierarchical clustering of flows, as those of the United States."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster import hierarchy

from regional_atlas.core.arguments import is_number, shown
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.flows import Flows, flow_delineation, region_shares

__all__ = ["MOST_UNITS", "FlowClusterRules", "flow_clusters", "flow_dissimilarity"]

MOST_UNITS = 10_000
"""Units that can be clustered: each pair of them takes 8 bytes, together 400 MB."""

_SLACK = 1e-9
"""A height that is above the cut by rounding alone is below it."""


@dataclass(frozen=True)
class FlowClusterRules:
    """Where the tree of clusters is cut.

    Attributes
    ----------
    cut_height : float
        Clusters whose mean dissimilarity is at most this are one; above 0 and below 1. At 1 all
        units would be one cluster, flows or not.
    """

    cut_height: float = 0.98

    def __post_init__(self) -> None:
        if not is_number(self.cut_height) or not 0 < self.cut_height < 1:
            found = shown(self.cut_height)
            raise InputError(
                f"cut_height is {found}; allowed: above 0, below 1", where="flow clusters"
            )


def flow_dissimilarity(flows: Flows) -> NDArray[np.float64]:
    """Measure how weakly each pair of units is tied by commuting.

    With T the flows and R all employed residents, also those who work outside the units::

        D_ij = 1 - (T_ij + T_ji) / min(R_i, R_j)

    and 0 where the flows of both directions are more than the residents of the smaller. Where one
    of the two has no employed residents, D is 1.

    Parameters
    ----------
    flows : Flows
        Of at most 10,000 units.

    Returns
    -------
    ndarray of float64
        In condensed form, as `scipy.spatial.distance.squareform` reads it.

    Raises
    ------
    DataError
        More units.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["a", "a", "b", "c"], "destination": ["a", "b", "a", "c"],
    ...                       "number": [70, 10, 20, 50]})
    >>> flow_dissimilarity(commuting_flows(table, pd.Index(["a", "b", "c"]))).tolist()
    [0.0, 1.0, 1.0]
    """
    count = len(flows.units)
    if count > MOST_UNITS:
        raise DataError(
            f"{count:,} units; at most {MOST_UNITS:,} can be clustered", where="flow clusters"
        )
    pairs = (flows.matrix + flows.matrix.T).tocoo()
    row, column = (positions.astype(np.int64) for positions in pairs.coords)
    smaller = np.minimum(flows.residents[row], flows.residents[column])
    above = (row < column) & (smaller > 0)
    row, column = row[above], column[above]
    distances = np.ones(count * (count - 1) // 2)
    place = count * row - row * (row + 1) // 2 + column - row - 1
    distances[place] = np.maximum(1.0 - pairs.data[above] / smaller[above], 0.0)
    return distances


def flow_clusters(
    flows: Flows,
    rules: FlowClusterRules = FlowClusterRules(),
    *,
    units: pd.DataFrame | None = None,
) -> Delineation:
    """Delineate commuting zones by clustering units hierarchically.

    Units are joined by average linkage of `flow_dissimilarity` (the mean over all pairs of units of
    two clusters), the most similar first, up to the cut height. Of equally similar ones those with
    the earlier unit ids are joined first.

    Parameters
    ----------
    flows : Flows
        Of at most 10,000 units.
    rules : FlowClusterRules
    units : DataFrame or GeoDataFrame, optional
        Index: the same ids; `name` and polygons where there are any.

    Returns
    -------
    Delineation
        Regions `zone-1`, … with employed residents, jobs and self-containment. Members have
        `share_to_region` and `share_from_region` (`region_shares`). Units without any flow are in
        no region.

    Raises
    ------
    InputError
        A cut height that is not above 0 and below 1.
    DataError
        More units, or units that do not fit the flows.

    Notes
    -----
    Tolbert, C. M. and Sizer, M. (1996), U.S. Commuting Zones and Labor Market Areas: A 1990 Update,
    Economic Research Service, Staff Paper 9614; the height of 0.98, and how much the result depends
    on it: Fowler, C. S. and Jensen, L. (2020), Bridging the gap between geographic concept and the
    data we have, Environment and Planning A 52(7). Zones need not be contiguous.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["a", "b", "c"], "destination": ["a", "a", "c"],
    ...                       "number": [70, 20, 50]})
    >>> found = flow_clusters(commuting_flows(table, pd.Index(["a", "b", "c"])))
    >>> found.members[["unit_id", "region_id"]].values.tolist()
    [['a', 'zone-1'], ['b', 'zone-1'], ['c', 'zone-2']]
    """
    labels = np.zeros(len(flows.units), np.int64)
    if len(labels) > 1:
        tree = hierarchy.linkage(flow_dissimilarity(flows), "average")
        height = rules.cut_height + _SLACK
        labels = hierarchy.fcluster(tree, height, "distance").astype(np.int64)
    labels[(flows.residents == 0) & (flows.jobs == 0)] = -1
    return flow_delineation(
        flows,
        labels,
        units,
        parameters=asdict(rules),
        prefix="zone",
        columns=region_shares(flows, labels),
    )
