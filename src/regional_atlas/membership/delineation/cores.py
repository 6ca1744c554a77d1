"""What methods around given cores share: the cores, how they join, what touches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.membership.delineation.flows import Flows, text_problems, totals

__all__ = [
    "NO_NEIGHBOURS",
    "SLACK",
    "Cores",
    "Links",
    "border_lengths",
    "given_cores",
    "of_own",
    "strongest",
    "touching_core",
]

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Links = tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]]]

NO_NEIGHBOURS = "no neighbours were given: contiguity was not looked at"

SLACK = 1e-9
"""A share that is less than a threshold by rounding alone meets it."""


@dataclass(frozen=True, eq=False)
class Cores:
    """The central units, and to which core each belongs.

    Attributes
    ----------
    names : list of tuple of str
        Of each core the ids that were given; several where cores have joined.
    labels : ndarray of int64
        Of each unit the number of its core, -1 for none.
    """

    names: list[tuple[str, ...]]
    labels: Labels

    @property
    def units(self) -> sparse.csr_array:
        """A row for each unit, a column for each core, 1 where the unit is central to it."""
        central = np.flatnonzero(self.labels >= 0)
        pairs = (central, self.labels[central])
        shape = (len(self.labels), len(self.names))
        return sparse.csr_array((np.ones(len(central)), pairs), shape=shape)

    def flows(self, flows: Flows) -> sparse.coo_array:
        """People who live in the row's core and work in the column's; only pairs that have any."""
        units = self.units
        return sparse.csr_array(units.T @ flows.matrix @ units).tocoo()

    def totals(self, values: Floats) -> Floats:
        """Add up the values of each core's units."""
        central = np.flatnonzero(self.labels >= 0)
        return totals(self.labels[central], values[central], len(self.names))

    def shares_to(self, flows: Flows) -> sparse.csr_array:
        """Of each unit's employed residents (row), those who work in each core (column)."""
        return _scaled(flows.matrix @ self.units, flows.residents)

    def shares_from(self, flows: Flows) -> sparse.csr_array:
        """Of each unit's jobs (row), those that residents of each core hold (column)."""
        return _scaled(flows.matrix.T @ self.units, flows.jobs)

    def table(self) -> pd.DataFrame:
        """Say of each core, by its number, its ids and how many units it has."""
        counts = self.totals(np.ones(len(self.labels))).astype(np.int64)
        return pd.DataFrame(
            {"cores": [", ".join(names) for names in self.names], "central_members": counts}
        )

    def joined(self, links: Links, flows: Flows) -> Cores:
        """Join the cores that a link connects, also by way of others.

        Parameters
        ----------
        links : pair of ndarray of int
            Numbers of two linked cores each; the direction does not matter.
        flows : Flows

        Returns
        -------
        Cores
        """
        shape = (len(self.names), len(self.names))
        linked = sparse.csr_array((np.ones(len(links[0])), links), shape=shape)
        count, group = csgraph.connected_components(linked, directed=False)
        names: list[tuple[str, ...]] = [() for _ in range(count)]
        for one, of in zip(group.tolist(), self.names, strict=True):
            names[one] += of
        labels = np.where(self.labels >= 0, group[self.labels], -1).astype(np.int64)
        return _by_size([tuple(sorted(of)) for of in names], labels, flows)


def given_cores(cores: pd.DataFrame, flows: Flows) -> Cores:
    """Check a table of cores and number them, the one with the most employed residents first.

    Parameters
    ----------
    cores : DataFrame
        `unit_id`, `core_id`, text; a unit belongs to one core.
    flows : Flows

    Returns
    -------
    Cores
        Of cores with equal numbers of employed residents, the one with the first unit id is first:
        where a unit is equally tied to two, it goes to the one that is first.

    Raises
    ------
    DataError
        Missing columns or values, no rows, ids that are not text, repeated or unknown units.

    Examples
    --------
    >>> from regional_atlas.membership.delineation.flows import commuting_flows
    >>> table = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "b"], "number": [1, 5]})
    >>> flows = commuting_flows(table, pd.Index(["a", "b", "c"]))
    >>> found = given_cores(pd.DataFrame({"unit_id": ["a", "b"], "core_id": ["A", "B"]}), flows)
    >>> found.names, found.labels.tolist()
    ([('B',), ('A',)], [1, 0, -1])
    """
    raise_if(text_problems(cores, ["unit_id", "core_id"]), DataError, "cores")
    twice = cores["unit_id"][cores["unit_id"].duplicated()].unique()
    unknown = cores["unit_id"][~cores["unit_id"].isin(flows.units)].unique()
    problems = [f"unit {unit!r} appears more than once" for unit in twice]
    problems += [f"unit {unit!r} is not a unit of the flows" for unit in unknown]
    raise_if([*problems, *([] if len(cores) else ["no cores"])], DataError, "cores")
    names = sorted(cores["core_id"].unique())
    labels = np.full(len(flows.units), -1, np.int64)
    labels[flows.units.get_indexer(pd.Index(cores["unit_id"]))] = pd.Index(names).get_indexer(
        pd.Index(cores["core_id"])
    )
    return _by_size([(name,) for name in names], labels, flows)


def border_lengths(contiguity: pd.DataFrame, flows: Flows) -> sparse.csr_array:
    """Check a table of neighbours and hold it as a symmetric matrix.

    Parameters
    ----------
    contiguity : DataFrame
        `unit_id`, `neighbour_id`, text: units that share a piece of border, in one direction or
        both. `length` of that piece, above 0, where known (in any unit; of two the longer counts);
        without it, every piece counts the same. A row of a unit with itself says nothing, as in
        the adjacency of a libpysal graph, where it marks a unit without neighbours.
    flows : Flows

    Returns
    -------
    csr_array
        Lengths, 0 where units do not touch.

    Raises
    ------
    DataError
        Missing columns or values, unknown units, lengths that are not numbers above 0.
    """
    raise_if(text_problems(contiguity, ["unit_id", "neighbour_id"]), DataError, "contiguity")
    unit, neighbour = (
        flows.units.get_indexer(pd.Index(contiguity[end])) for end in ("unit_id", "neighbour_id")
    )
    given = pd.concat([contiguity["unit_id"][unit < 0], contiguity["neighbour_id"][neighbour < 0]])
    problems = [f"unit {name!r} is not a unit of the flows" for name in sorted(given.unique())]
    other = unit != neighbour
    lengths = np.ones(len(contiguity))
    if "length" in contiguity.columns:
        lengths = pd.to_numeric(contiguity["length"], errors="coerce").to_numpy(np.float64)
        wrong = np.flatnonzero(other & ~((lengths > 0) & np.isfinite(lengths)))
        problems += [
            f"row {row + 1}: length is {contiguity['length'].iloc[row]}; allowed: finite, above 0"
            for row in wrong.tolist()
        ]
    raise_if(problems, DataError, "contiguity")
    pairs = pd.DataFrame({"unit": unit[other], "neighbour": neighbour[other], "at": lengths[other]})
    once = pairs.groupby(["unit", "neighbour"], as_index=False)["at"].max()
    count = len(flows.units)
    one = sparse.csr_array((once["at"], (once["unit"], once["neighbour"])), shape=(count, count))
    return sparse.csr_array(one.maximum(one.T))


def strongest(ties: sparse.csr_array) -> tuple[Labels, Floats]:
    """Find the column with the largest value of each row, the first of equal ones.

    Parameters
    ----------
    ties : csr_array
        Values, 0 or more.

    Returns
    -------
    ndarray of int64
        The column, -1 where the row has nothing above 0.
    ndarray of float64
        Its value, 0 where there is none.

    Examples
    --------
    >>> column, value = strongest(sparse.csr_array(np.array([[0.2, 0.2], [0, 0], [0.1, 0.3]])))
    >>> column.tolist(), value.tolist()
    ([0, -1, 1], [0.2, 0.0, 0.3])
    """
    pairs = ties.tocoo()
    row, column = pairs.coords
    order = np.lexsort((column, -pairs.data, row))
    order = order[pairs.data[order] > 0]
    rows, first = np.unique(row[order], return_index=True)
    best = np.full(ties.shape[0], -1, np.int64)
    value = np.zeros(ties.shape[0])
    best[rows], value[rows] = column[order[first]], pairs.data[order[first]]
    return best, value


def of_own(shares: sparse.csr_array, labels: Labels, whole: Floats) -> Floats:
    """Take each unit's share of its own core, in no region the largest; NaN of nothing.

    Examples
    --------
    >>> shares = sparse.csr_array(np.array([[0.2, 0.5], [0.1, 0.3], [0.0, 0.0]]))
    >>> of_own(shares, np.array([0, -1, 1]), np.array([9.0, 9.0, 0.0])).tolist()
    [0.2, 0.3, nan]
    """
    column = np.where(labels >= 0, labels, strongest(shares)[0])
    pairs = shares.tocoo()
    own = pairs.coords[1] == column[pairs.coords[0]]
    found = np.zeros(len(labels))
    found[pairs.coords[0][own]] = pairs.data[own]
    return np.where(whole > 0, found, np.nan)


def touching_core(
    labels: Labels, central: NDArray[np.bool_], borders: sparse.csr_array
) -> NDArray[np.bool_]:
    """Find the units that are connected with a central unit through units of the same label.

    Parameters
    ----------
    labels : ndarray of int64
        Of each unit, -1 for none.
    central : ndarray of bool
    borders : csr_array
        As `border_lengths` gives it.

    Returns
    -------
    ndarray of bool
        Central units are connected with themselves.
    """
    pairs = borders.tocoo()
    row, column = pairs.coords
    same = (labels[row] == labels[column]) & (labels[row] >= 0)
    links = sparse.csr_array((np.ones(same.sum()), (row[same], column[same])), shape=borders.shape)
    _, part = csgraph.connected_components(links, directed=False)
    return np.isin(part, part[central]) & (labels >= 0)


def _by_size(names: list[tuple[str, ...]], labels: Labels, flows: Flows) -> Cores:
    """Give cores their numbers by employed residents, the most first, then by first unit."""
    central = np.flatnonzero(labels >= 0)
    size = totals(labels[central], flows.residents[central], len(names))
    first = np.unique(labels[central], return_index=True)[1]
    order = np.lexsort((first, -size))
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    return Cores([names[core] for core in order], np.where(labels >= 0, rank[labels], -1))


def _scaled(amounts: sparse.csr_array, whole: Floats) -> sparse.csr_array:
    """Divide each row by its whole; a row of nothing stays empty."""
    pairs = amounts.tocoo()
    row = pairs.coords[0]
    return sparse.csr_array((pairs.data / whole[row], pairs.coords), shape=amounts.shape)
