"""Aggregation: from children to a node, weights re-scaled over what is present."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config.index.methods import AGGREGATIONS
from regional_atlas.core.errors import InputError
from regional_atlas.scoring.outrank import benefit_of_the_doubt, copeland, topsis

__all__ = ["aggregate", "weighted_mean"]


def weighted_mean(
    data: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    method: str = "arithmetic",
    power: float = 0.5,
    availability: float = 0.0,
) -> pd.Series:
    """Weighted mean of the columns, row by row.

    Weights are re-scaled over the columns present in the row, so that Σ wᵢ = 1 in
    the formula of the method (see `AGGREGATIONS` of `config.index.methods`): `arithmetic`,
    `geometric`, `harmonic`, `power`, `median`, `minimum`, `mazziotta_pareto`.

    Parameters
    ----------
    data : DataFrame
        One column per child.
    weights : mapping of str to float
        By column, 0 and more; they need not sum to 1. A column of weight 0 does not count.
    method : str
        As above.
    power : float
        p, not 0.
    availability : float
        The least share of the weight that must be present; below it the result is missing.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        An unknown method, or values that it does not take.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 4.0, None], "b": [3.0, None, None]})
    >>> weighted_mean(data, {"a": 1, "b": 3}).tolist()
    [2.5, 4.0, nan]
    >>> weighted_mean(data, {"a": 1, "b": 3}, availability=0.5).tolist()
    [2.5, nan, nan]
    """
    _check_known(method, _MEANS)
    kept, weighing, held = _weighed(data, weights)
    values, weight, share = kept.to_numpy(dtype="float64"), weighing.to_numpy(), held.to_numpy()
    present = ~np.isnan(values)
    if method in ("geometric", "harmonic", "power") and (values < 0).any():
        raise InputError(f"a {method} mean needs values of 0 and more; found negative ones")
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(present, weight, 0.0) / np.where(share > 0, share, np.nan)[:, None]
        found = _MEANS[method](np.where(present, values, 0.0), scaled, present, power)
    return pd.Series(np.where(_enough(share, weight, availability), found, np.nan), data.index)


def _check_known(method: str, known: Iterable[str]) -> None:
    if method not in known:
        raise InputError(f"unknown aggregation {method!r}; allowed: {', '.join(known)}")


def _enough(share: Any, weight: Any, availability: float) -> Any:
    """Say which rows have some weight, and at least the share `availability` of all of it."""
    return (share > 0) & (share >= (availability - 1e-12) * weight.sum())


def _weighed(
    data: pd.DataFrame, weights: Mapping[str, float]
) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Keep the columns that weigh; give their weights, and the weight that each row has."""
    weight = pd.Series({code: weights[code] for code in data.columns}, dtype="float64")
    weight = weight[weight > 0]
    kept = data[weight.index]
    return kept, weight, (kept.notna() * weight).sum(axis=1)


Means = Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray]


def _arithmetic(x: np.ndarray, w: np.ndarray, _: np.ndarray, __: float) -> np.ndarray:
    return np.asarray((x * w).sum(axis=1))


def _geometric(x: np.ndarray, w: np.ndarray, here: np.ndarray, _: float) -> np.ndarray:
    logs = np.log(np.where(here, x, 1.0))
    return np.asarray(np.exp(np.where(here, w * logs, 0.0).sum(axis=1)))


def _harmonic(x: np.ndarray, w: np.ndarray, here: np.ndarray, _: float) -> np.ndarray:
    return np.asarray(1 / (w / np.where(here, x, np.inf)).sum(axis=1))


def _power(x: np.ndarray, w: np.ndarray, here: np.ndarray, p: float) -> np.ndarray:
    return np.asarray((w * np.where(here, x, 1.0) ** p).sum(axis=1) ** (1 / p))


def _median(x: np.ndarray, w: np.ndarray, here: np.ndarray, _: float) -> np.ndarray:
    order = np.argsort(np.where(here, x, np.inf), axis=1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=1)
    reached = np.take_along_axis(w, order, axis=1).cumsum(axis=1)
    rows = np.arange(len(x))
    lower = (reached >= 0.5 - 1e-12).argmax(axis=1)
    upper = (reached > 0.5 + 1e-12).argmax(axis=1)
    return np.asarray((ordered[rows, lower] + ordered[rows, upper]) / 2)


def _minimum(x: np.ndarray, _: np.ndarray, here: np.ndarray, __: float) -> np.ndarray:
    return np.asarray(np.where(here, x, np.inf).min(axis=1))


def _mazziotta_pareto(x: np.ndarray, w: np.ndarray, here: np.ndarray, _: float) -> np.ndarray:
    mean = (x * w).sum(axis=1)
    if (mean[here.any(axis=1)] <= 0).any():
        raise InputError(
            "Mazziotta–Pareto needs means above 0; normalise to a scale that starts above 0"
        )
    variance = (w * (x - mean[:, None]) ** 2).sum(axis=1)
    return np.asarray(mean - variance / mean)


_MEANS: dict[str, Means] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "power": _power,
    "median": _median,
    "minimum": _minimum,
    "mazziotta_pareto": _mazziotta_pareto,
}


def aggregate(
    data: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    method: str = "arithmetic",
    power: float = 0.5,
    availability: float = 0.0,
    least: float = 0.0,
    most: float = 1.0,
) -> pd.Series:
    """Aggregate the columns by any method of an index file.

    The means of `weighted_mean`, and three that look at all units together: `copeland`, `topsis`
    and `benefit_of_the_doubt`. A unit with less than `availability` of the weight is missing, and
    is not a rival in the three.

    Parameters
    ----------
    data, weights, method, power, availability
        As in `weighted_mean`.
    least, most : float
        As in `benefit_of_the_doubt`.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        An unknown method, or values that it does not take.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [3.0, 2.0, 1.0], "b": [3.0, 1.0, 2.0]})
    >>> aggregate(data, {"a": 1, "b": 1}, method="copeland").tolist()
    [2.0, -1.0, -1.0]
    """
    _check_known(method, AGGREGATIONS)
    if method in _MEANS:
        return weighted_mean(data, weights, method=method, power=power, availability=availability)
    kept, weight, share = _weighed(data, weights)
    bounds = {"least": least, "most": most}
    found = _ACROSS[method](kept[_enough(share, weight, availability)], weight, bounds)
    return found.reindex(data.index)


_ACROSS: dict[str, Callable[[pd.DataFrame, pd.Series, dict[str, float]], pd.Series]] = {
    "copeland": lambda kept, weight, _: copeland(kept, weight),
    "topsis": lambda kept, weight, _: topsis(kept, weight),
    "benefit_of_the_doubt": lambda kept, _, bounds: benefit_of_the_doubt(kept, **bounds),
}
AGGREGATIONS.bound(dict.fromkeys([*_MEANS, *_ACROSS], aggregate))
