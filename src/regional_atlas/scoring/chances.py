"""How many units of a group are among the first, where membership of the group is by chance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arrays import Bools, Floats

__all__ = ["ChanceCounts", "is_overlapping", "number_at", "number_distribution"]

_ROUNDING = 1e-9
"""What sums of probabilities may be off."""


def number_distribution(chances: Floats) -> Floats:
    """Give the distribution of the number of events that happen (Poisson-binomial).

    Events are added one by one: with a further event of chance p, the number is k with probability
    P(k) · (1 − p) + P(k − 1) · p. It is exact, and takes as many steps as there are events.

    Parameters
    ----------
    chances : array (…, n)
        Probability of each of n events that do not depend on each other, 0 to 1.

    Returns
    -------
    array (…, n + 1)
        Probability of 0, 1, …, n of them; 1 for none of no events.

    Notes
    -----
    Wang, Y. H. (1993), On the number of successes in independent trials, Statistica Sinica 3,
    295–312.

    Examples
    --------
    >>> number_distribution(np.array([1.0, 0.5, 0.2])).round(3).tolist()
    [0.0, 0.4, 0.5, 0.1]
    """
    events = chances.shape[-1]
    found = np.zeros((*chances.shape[:-1], events + 1))
    found[..., 0] = 1.0
    for at in range(events):
        happens = found[..., : at + 1] * chances[..., at, None]
        found[..., : at + 1] -= happens
        found[..., 1 : at + 2] += happens
    return found


def number_at(distribution: Floats, share: float) -> int:
    """Give the smallest number that at least a share of a distribution does not pass: its quantile.

    Parameters
    ----------
    distribution : array (n + 1,)
        Of `number_distribution`.
    share : float
        Above 0, up to 1.

    Examples
    --------
    >>> found = number_distribution(np.array([1.0, 0.5, 0.2]))
    >>> number_at(found, 0.05), number_at(found, 0.95)
    (1, 3)
    """
    return int((np.cumsum(distribution) >= share - _ROUNDING).argmax())


def is_overlapping(groups: pd.DataFrame, chances: pd.DataFrame | None = None) -> bool:
    """Tell whether it matters to count each unit in one group only.

    Parameters
    ----------
    groups : DataFrame
        `unit_id`, `group`, `exclusive`.
    chances : DataFrame, optional
        `unit_id`, `group`, `all`, `exclusive`.
    """
    if not groups["exclusive"].all():
        return True
    return chances is not None and not np.allclose(chances["all"], chances["exclusive"])


class ChanceCounts:
    """The distribution of the number of units of each group that are in a set, over several sets.

    The sets are the first ranks in each draw. In each, the number is a sum of events, one for each
    of the group's units that is in the set, with the probability of its membership; the events do
    not depend on each other, nor on the draw. Over all draws, the distribution is the mean of the
    draws' own, which are exact.

    Parameters
    ----------
    units : Index
        Unit ids.
    chances : mapping of str to DataFrame
        By kind: `unit_id`, `group`, and the probabilities `all` and `exclusive` (where each unit
        counts in one group only). Units that are not among `units` are in no set.
    """

    def __init__(self, units: pd.Index, chances: Mapping[str, pd.DataFrame]) -> None:
        self._held: dict[tuple[str, str, str], tuple[NDArray[np.intp], Floats]] = {}
        for kind, pairs in chances.items():
            place = pd.Series(units.get_indexer(pd.Index(pairs["unit_id"])), pairs.index)
            for group, rows in pairs[place >= 0].groupby("group"):
                for way in ("all", "exclusive"):
                    key = (str(kind), str(group), way)
                    self._held[key] = (place[rows.index].to_numpy(), rows[way].to_numpy("float64"))
        self._sums = {key: np.zeros(at.size + 1) for key, (at, _) in self._held.items()}
        self._sets = 0

    def add(self, inside: Bools) -> None:
        """Count some sets: an array (sets, units)."""
        self._sets += len(inside)
        for key, (at, chance) in self._held.items():
            held = inside[:, at]
            ever = held.any(axis=0)
            found = number_distribution(held[:, ever] * chance[ever]).sum(axis=0)
            self._sums[key][: found.size] += found

    def put(self, table: pd.DataFrame, tail: float) -> pd.DataFrame:
        """Replace `low`, `median`, `high`, `mean` of the groups with probabilities.

        Parameters
        ----------
        table : DataFrame
            `kind`, `group`, `counting`, and those columns.
        tail : float
            What the interval leaves out at each end.
        """
        table = table.copy()
        for row, *key in table[["kind", "group", "counting"]].itertuples(name=None):
            held = self._sums.get((key[0], key[1], key[2]))
            if held is not None:
                found = held / self._sets
                for name, share in (("low", tail), ("median", 0.5), ("high", 1 - tail)):
                    table.loc[row, name] = number_at(found, share)
                table.loc[row, "mean"] = found @ np.arange(found.size)
        return table
