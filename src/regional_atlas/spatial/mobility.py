"""Mobility of ranks between years: who rises, and how firmly classes hold their members."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, InputError

__all__ = ["Transitions", "class_transitions", "rank_changes", "rank_mobility"]


@dataclass(frozen=True)
class Transitions:
    """Moves between classes of rank.

    Attributes
    ----------
    counts, probabilities : DataFrame
        Class before (rows) and after (columns), 1 the lowest; probabilities by row, missing in a
        class that nobody was ever in.
    staying : float
        Mean of the diagonal.
    shorrocks : float
        (k − trace)/(k − 1): 0 when nobody moves, 1 when the next class does not depend on this one.
    years : list of int
        The years whose steps were counted.

    Examples
    --------
    >>> panel = pd.DataFrame({2020: [1, 2, 3, 4], 2021: [1, 2, 4, 3]}, index=list("abcd"))
    >>> found = class_transitions(panel, k=2)
    >>> found.staying, found.shorrocks, found.years
    (1.0, 0.0, [2020, 2021])
    """

    counts: pd.DataFrame
    probabilities: pd.DataFrame
    staying: float
    shorrocks: float
    years: list[int]


def rank_changes(panel: pd.DataFrame) -> pd.DataFrame:
    """Rank each year and say how far each unit moved from the first year to the last.

    Parameters
    ----------
    panel : DataFrame
        One row per unit, one column per year, at least two; more is better. A unit that misses a
        year is left out of every rank, so that ranks are comparable: its row is missing.

    Returns
    -------
    DataFrame
        On the panel's index: `rank_first`, `rank_last`, `change` (positive: rose), `best`, `worst`.

    Raises
    ------
    DataError
        Fewer than two years or two complete units.

    Examples
    --------
    >>> panel = pd.DataFrame({2020: [1.0, 2.0, 3.0], 2021: [9.0, 2.0, 3.0]}, index=list("abc"))
    >>> rank_changes(panel)["change"].tolist()
    [2, -1, -1]
    """
    ranks = _complete(panel).rank(ascending=False, method="min").astype("Int64")
    table = pd.DataFrame(
        {
            "rank_first": ranks.iloc[:, 0],
            "rank_last": ranks.iloc[:, -1],
            "change": ranks.iloc[:, 0] - ranks.iloc[:, -1],
            "best": ranks.min(axis=1),
            "worst": ranks.max(axis=1),
        }
    )
    return table.reindex(panel.index)


def rank_mobility(panel: pd.DataFrame) -> pd.DataFrame:
    """How much the order changes from each year to the next, and from the first to the last.

    Parameters
    ----------
    panel : DataFrame
        As for `rank_changes`.

    Returns
    -------
    DataFrame
        `from`, `to`; `tau` (Kendall's tau-b: 1 the same order, −1 the reverse), `concordant` (share
        of pairs in the same order among those without a tie in either year), `mean_shift` (mean
        places moved), `units`.

    Raises
    ------
    DataError
        Fewer than two years or two complete units.

    Notes
    -----
    Rey, S. J. (2014), Rank-based Markov chains for regional income distribution dynamics. Equal to
    `giddy.rank.Tau`.

    Examples
    --------
    >>> panel = pd.DataFrame({2020: [1.0, 2.0, 3.0], 2021: [1.0, 3.0, 2.0]})
    >>> rank_mobility(panel).round(3).to_dict("records")[0]["tau"]
    0.333
    """
    from scipy.stats import kendalltau

    complete = _complete(panel)
    ranks = complete.rank(ascending=False)
    years = list(complete.columns)
    steps = list(itertools.pairwise(years))
    rows = []
    for before, after in [*steps, (years[0], years[-1])] if len(steps) > 1 else steps:
        x, y = ranks[before].to_numpy(), ranks[after].to_numpy()
        signs = np.sign(x[:, None] - x) * np.sign(y[:, None] - y)
        same, turned = int((signs > 0).sum()), int((signs < 0).sum())
        rows.append(
            {
                "from": before,
                "to": after,
                "tau": float(kendalltau(x, y).statistic),
                "concordant": same / (same + turned) if same + turned else np.nan,
                "mean_shift": float(np.abs(x - y).mean()),
                "units": len(ranks),
            }
        )
    return pd.DataFrame(rows)


def class_transitions(panel: pd.DataFrame, *, k: int = 5) -> Transitions:
    """Count moves between k classes of equally many units from each year to the next.

    Parameters
    ----------
    panel : DataFrame
        As for `rank_changes`. Classes are quantiles within each year: 1 the lowest; with n units,
        the class of (average) rank r from below is ⌈k · r / n⌉.
    k : int
        Number of classes, 2 or more and at most the number of units.

    Returns
    -------
    Transitions

    Raises
    ------
    InputError
        k out of range.
    DataError
        Fewer than two years or two complete units.

    Notes
    -----
    Shorrocks, A. F. (1978), Econometrica 46, 1013–1024. Probabilities equal `giddy.markov.Markov`
    on the same classes, `shorrocks` its `markov_mobility(measure="P")`.

    Examples
    --------
    >>> panel = pd.DataFrame({2020: [1, 2, 3, 4], 2021: [1, 3, 2, 4]})
    >>> class_transitions(panel, k=2).probabilities.to_numpy().tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    complete = _complete(panel)
    if not 2 <= k <= len(complete):
        raise InputError(f"k must lie within 2 and the {len(complete)} complete units, found {k}")
    share = complete.rank(pct=True).to_numpy()
    classes = np.ceil(k * share - 1e-9).astype(np.int64) - 1
    counts = np.zeros((k, k), np.int64)
    np.add.at(counts, (classes[:, :-1].ravel(), classes[:, 1:].ravel()), 1)
    names = pd.RangeIndex(1, k + 1, name="class")
    table = pd.DataFrame(counts, index=names, columns=names)
    probabilities = table.div(table.sum(axis=1).where(lambda total: total > 0), axis=0)
    diagonal = np.diag(probabilities.to_numpy())
    return Transitions(
        counts=table,
        probabilities=probabilities,
        staying=float(np.nanmean(diagonal)),
        shorrocks=float((k - np.nansum(diagonal)) / (k - 1)),
        years=[int(year) for year in complete.columns],
    )


def _complete(panel: pd.DataFrame) -> pd.DataFrame:
    complete = panel.dropna().astype("float64")
    if panel.shape[1] < 2 or len(complete) < 2:
        raise DataError(
            f"needs 2 years and 2 units with all of them, found {panel.shape[1]} years and "
            f"{len(complete)} units",
            where="rank mobility",
        )
    return complete
