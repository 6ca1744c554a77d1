"""Normalisation: putting indicators on one scale, missing values left missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from regional_atlas.errors import InputError

__all__ = ["min_max", "normalise", "percentile_rank", "z_score"]


def percentile_rank(values: pd.Series, *, low: float = 0.0, high: float = 100.0) -> pd.Series:
    """Rank values and spread the ranks evenly from `low` to `high`.

    The lowest value becomes `low`, the highest `high`; ties share the mean of their ranks.
    With n values present, rank r becomes low + (high − low)·(r − 1)/(n − 1).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing and do not count. A single value becomes the middle.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> percentile_rank(pd.Series([3.0, None, 1.0, 10.0])).tolist()
    [50.0, nan, 0.0, 100.0]
    """
    n = int(values.notna().sum())
    share = (values.rank() - 1) / (n - 1) if n > 1 else values.where(values.isna(), 0.5)
    return low + (high - low) * share


def min_max(values: pd.Series, *, low: float = 0.0, high: float = 100.0) -> pd.Series:
    """Stretch values linearly from `low` (the minimum) to `high` (the maximum).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing. Where all values are equal there is no scale: all missing.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> min_max(pd.Series([3.0, None, 1.0, 5.0])).tolist()
    [50.0, nan, 0.0, 100.0]
    """
    lowest, spread = float(values.min()), float(values.max() - values.min())
    return low + (high - low) * (values - lowest) / (spread if spread > 0 else float("nan"))


def z_score(values: pd.Series) -> pd.Series:
    """Distance from the mean in sample standard deviations (n − 1).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing. Where all values are equal there is no scale: all missing.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> z_score(pd.Series([1.0, 2.0, 3.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    deviation = values.std()
    return (values - values.mean()) / (deviation if deviation > 0 else float("nan"))


def normalise(
    data: pd.DataFrame,
    directions: Mapping[str, int],
    *,
    method: str,
    low: float = 0.0,
    high: float = 100.0,
) -> pd.DataFrame:
    """Normalise every indicator so that more is better.

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    directions : dict
        +1 or −1 by indicator; −1 is turned round before the method is applied.
    method : {'percentile_rank', 'min_max', 'z_score'}
        `low` and `high` do not apply to z-scores.

    Returns
    -------
    DataFrame
        On the index and columns of `data`.

    Raises
    ------
    InputError
        When the method is unknown.
    """
    directed = data * pd.Series(directions).reindex(data.columns)
    if method == "percentile_rank":
        return directed.apply(percentile_rank, low=low, high=high)
    if method == "min_max":
        return directed.apply(min_max, low=low, high=high)
    if method == "z_score":
        return directed.apply(z_score)
    raise InputError(
        f"unknown normalisation {method!r}; allowed: percentile_rank, min_max, z_score"
    )
