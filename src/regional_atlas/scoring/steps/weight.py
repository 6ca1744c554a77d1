"""Weights that follow from the data: siblings weighed by what their values say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from regional_atlas.config.index import STATED
from regional_atlas.config.index.methods import WEIGHTINGS
from regional_atlas.core.errors import InputError
from regional_atlas.scoring.steps.aggregate import weighted_mean

__all__ = [
    "balanced_weights",
    "critic_weights",
    "data_weights",
    "entropy_weights",
    "gini_weights",
    "pca_weights",
]


def pca_weights(data: pd.DataFrame) -> pd.Series:
    """Squared loadings of the first principal component of the correlations.

    Parameters
    ----------
    data : DataFrame
        One column per sibling, more is better; pairs of missing values are left out.

    Returns
    -------
    Series of float
        Sums to 1. A constant column has 0.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 4.0, 6.5]})
    >>> pca_weights(data).round(6).tolist()
    [0.5, 0.5]
    """
    correlation = data.corr().fillna(0.0).to_numpy(copy=True)
    _, vectors = np.linalg.eigh(correlation)
    return _to_one(pd.Series(vectors[:, -1] ** 2, data.columns))


def entropy_weights(data: pd.DataFrame) -> pd.Series:
    """Information in the columns: 1 + Σ p ln p / ln n with p = x / Σ x (Shannon).

    Parameters
    ----------
    data : DataFrame
        0 and more.

    Returns
    -------
    Series of float
        Sums to 1; an indicator that is equal everywhere has 0.

    Raises
    ------
    InputError
        When a value is negative.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 1.0], "b": [0.0, 2.0]})
    >>> entropy_weights(data).tolist()
    [0.0, 1.0]
    """
    _not_negative(data, "entropy")
    found = {}
    for code, column in data.items():
        values = column.dropna().to_numpy(dtype="float64")
        share = values / values.sum() if values.sum() > 0 else np.full(len(values), np.nan)
        positive = share[share > 0]
        entropy = -float((positive * np.log(positive)).sum()) / np.log(max(len(values), 2))
        found[code] = 1 - entropy if len(positive) else 0.0
    return _to_one(pd.Series(found))


def critic_weights(data: pd.DataFrame) -> pd.Series:
    """Contrast times conflict: σᵢ Σⱼ (1 − rᵢⱼ), σ after min–max (Diakoulaki et al. 1995).

    Parameters
    ----------
    data : DataFrame
        More is better; pairs of missing values are left out.

    Returns
    -------
    Series of float
        Sums to 1. Equal weights where all columns say the same.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 2.0, 4.0], "c": [2.0, 0.0, 1.0]})
    >>> critic_weights(data).round(4).tolist()
    [0.25, 0.25, 0.5]
    """
    spread = data.max() - data.min()
    deviation = ((data - data.min()) / spread.where(spread > 0)).std().fillna(0.0)
    conflict = (1 - data.corr().fillna(0.0)).sum(axis=1)
    return _to_one(deviation * conflict)


def gini_weights(data: pd.DataFrame) -> pd.Series:
    """Gini coefficients: Σ Σ |xᵢ − xⱼ| / (2 n² x̄).

    Parameters
    ----------
    data : DataFrame
        0 and more.

    Returns
    -------
    Series of float
        Sums to 1; an indicator that is equal everywhere has 0.

    Raises
    ------
    InputError
        When a value is negative.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [0.0, 2.0], "b": [1.0, 3.0]})
    >>> gini_weights(data).round(4).tolist()
    [0.6667, 0.3333]
    """
    _not_negative(data, "Gini")
    found = {}
    for code, column in data.items():
        values = np.sort(column.dropna().to_numpy(dtype="float64"))
        n, total = len(values), float(values.sum())
        ranks = 2 * np.arange(1, n + 1) - n - 1
        found[code] = float((ranks * values).sum()) / (n * total) if total > 0 else 0.0
    return _to_one(pd.Series(found))


def balanced_weights(data: pd.DataFrame) -> pd.Series:
    """Weights under which every sibling correlates equally with the node they make.

    Minimises the variance of the correlations between each column and the weighted arithmetic mean
    over weights of 0 and more (Becker et al. 2017), by sequential quadratic programming from equal
    weights.

    Parameters
    ----------
    data : DataFrame
        On one scale, more is better.

    Returns
    -------
    Series of float
        Sums to 1.

    Raises
    ------
    InputError
        When a column is constant.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [1.0, 3.0, 2.0, 4.0]})
    >>> balanced_weights(data).round(4).tolist()
    [0.5, 0.5]
    """
    from scipy.optimize import minimize

    constant = [str(code) for code in data.columns if data[code].nunique() < 2]
    if constant:
        raise InputError(f"equal importance: {', '.join(constant)} is equal everywhere")
    n = len(data.columns)

    def imbalance(weights: np.ndarray) -> float:
        node = weighted_mean(data, dict(zip(data.columns, weights, strict=True)))
        correlations = np.array([data[code].corr(node) for code in data.columns])
        return float(np.nan_to_num(correlations, nan=0.0).var() * 100)

    found = minimize(
        imbalance,
        np.full(n, 1 / n),
        method="SLSQP",
        bounds=[(1e-6, 1.0)] * n,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    return _to_one(pd.Series(found.x, data.columns))


def data_weights(data: pd.DataFrame, method: str) -> dict[str, float]:
    """Weigh siblings by a method named in an index file.

    Parameters
    ----------
    data : DataFrame
        One column per sibling.
    method : {'equal', 'pca', 'entropy', 'critic', 'gini', 'balanced'}

    Returns
    -------
    dict of str to float
        They sum to 1. A single column has 1.

    Raises
    ------
    InputError
        When the method is unknown, or does not take the data.

    Examples
    --------
    >>> data_weights(pd.DataFrame({"a": [1.0], "b": [2.0]}), "equal")
    {'a': 0.5, 'b': 0.5}
    """
    if method not in _BY_DATA:
        raise InputError(f"unknown weighting {method!r}; allowed: {', '.join(_BY_DATA)}")
    if len(data.columns) == 1:
        return dict.fromkeys(data.columns, 1.0)
    return {str(code): float(value) for code, value in _BY_DATA[method](data).items()}


def _equal(data: pd.DataFrame) -> pd.Series:
    return pd.Series(1 / len(data.columns), data.columns)


_BY_DATA: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "equal": _equal,
    "pca": pca_weights,
    "entropy": entropy_weights,
    "critic": critic_weights,
    "gini": gini_weights,
    "balanced": balanced_weights,
}
WEIGHTINGS.bound({**dict.fromkeys(STATED, _equal), **_BY_DATA})


def _to_one(raw: pd.Series) -> pd.Series:
    positive = raw.clip(lower=0.0)
    total = float(positive.sum())
    return positive / total if total > 1e-12 else positive * 0 + 1 / len(raw)


def _not_negative(data: pd.DataFrame, name: str) -> None:
    if (data < 0).any(axis=None):
        raise InputError(f"{name} weights need values of 0 and more; found negative ones")
