"""Aggregation that looks at all units together: duels, distances, each unit's best weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError

__all__ = ["benefit_of_the_doubt", "copeland", "topsis"]


def copeland(data: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Duels won minus duels lost.

    A unit wins a duel when the indicators in which it is ahead weigh more than those in which the
    other is; equal values count for both, an indicator that one of the two lacks for neither.

    Parameters
    ----------
    data : DataFrame
        One column per child, more is better.
    weights : Series of float
        By column.

    Returns
    -------
    Series of float
        From −(n − 1) to n − 1.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [3.0, 2.0, 1.0], "b": [1.0, 2.0, 1.0]})
    >>> copeland(data, pd.Series({"a": 2.0, "b": 1.0})).tolist()
    [2.0, 0.0, -2.0]
    """
    values = data.to_numpy(dtype="float64")
    weight = weights.reindex(data.columns).to_numpy()
    balance = np.zeros((len(values), len(values)))
    for column, w in zip(values.T, weight, strict=True):
        balance += w * np.nan_to_num(np.sign(column[:, None] - column[None, :]))
    duels = np.sign(np.where(np.abs(balance) < 1e-12, 0.0, balance))
    return pd.Series(duels.sum(axis=1), data.index)


def topsis(data: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Nearness to the best of all: d⁻ / (d⁺ + d⁻) (Hwang and Yoon 1981).

    d⁺ and d⁻ are the Euclidean distances, over weighted values wᵢxᵢ, to the unit that would be
    best, and worst, in every column; weights are re-scaled over what the unit has.

    Parameters
    ----------
    data : DataFrame
        One column per child, on one scale, more is better.
    weights : Series of float
        By column.

    Returns
    -------
    Series of float
        From 0 (worst in all) to 1 (best in all); missing where all units are equal.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.0, 50.0, 100.0], "b": [0.0, 50.0, 100.0]})
    >>> topsis(data, pd.Series({"a": 1.0, "b": 1.0})).tolist()
    [0.0, 0.5, 1.0]
    """
    weight = data.notna() * weights.reindex(data.columns)
    weight = weight.div(weight.sum(axis=1), axis=0)
    best = ((data.max() - data) * weight).pow(2).sum(axis=1).pow(0.5)
    worst = ((data - data.min()) * weight).pow(2).sum(axis=1).pow(0.5)
    both = best + worst
    return worst / both.where(both > 0)


def benefit_of_the_doubt(data: pd.DataFrame, *, least: float = 0.0, most: float = 1.0) -> pd.Series:
    """Each unit's score under the weights that suit it best (Cherchye et al. 2007).

    For each unit the linear programme: Σ wᵢxᵢ greatest, with w ≥ 0 and no unit of the table above
    1 under the same weights. Stated weights play no part. Left free, most units find one indicator
    in which they lead; bounds on the shares, `least` ≤ wᵢ/Σw ≤ `most`, keep all of them in. They
    speak of weights on the scale of the data, so that this should be a common one. A missing value
    counts as 0, in the unit's own score and in its rivals'.

    Parameters
    ----------
    data : DataFrame
        0 and more, more is better.
    least, most : float
        Of a weight's share of the sum; of no account with a single column.

    Returns
    -------
    Series of float
        Up to 1, which every unit reaches that no mixture of others surpasses; nine decimals.

    Raises
    ------
    InputError
        Negative values, or bounds that no weights keep.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [4.0, 3.0], "b": [0.0, 3.0]})
    >>> benefit_of_the_doubt(data).round(6).tolist()
    [1.0, 1.0]
    >>> benefit_of_the_doubt(data, least=0.4, most=0.6).round(6).tolist()
    [0.8, 1.0]
    """
    from scipy.optimize import linprog

    n = len(data.columns)
    if (data < 0).any(axis=None):
        raise InputError("benefit of the doubt needs values of 0 and more; found negative ones")
    if n > 1 and not least * n <= 1 + 1e-12 <= most * n + 2e-12:
        raise InputError(
            f"benefit of the doubt: no {n} weights have shares from {least:g} to {most:g}"
        )
    free = n == 1 or (least <= 0 and most >= 1)
    values = data.fillna(0.0).to_numpy(dtype="float64")
    scale = values.max(axis=0 if free else None, initial=0.0)
    scaled = values / np.where(scale > 0, scale, 1.0)
    rivals = np.unique(scaled, axis=0)
    bounds = np.zeros((0, n)) if free else np.vstack([least - np.eye(n), np.eye(n) - most])
    limits = np.vstack([rivals, bounds])
    at_most = np.r_[np.ones(len(rivals)), np.zeros(len(bounds))]
    found = [
        -linprog(-own, A_ub=limits, b_ub=at_most, method="highs").fun if own.any() else 0.0
        for own in scaled
    ]
    # The solver's own error must not part units that share the frontier.
    return pd.Series(np.round(found, 9), data.index, dtype="float64")
