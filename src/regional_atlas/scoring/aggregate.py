"""Aggregation: from children to a node, weights re-scaled over what is present."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.errors import InputError

__all__ = ["weighted_mean"]


def weighted_mean(
    data: pd.DataFrame,
    weights: dict[str, float],
    *,
    method: str = "arithmetic",
    availability: float = 0.0,
) -> pd.Series:
    """Weighted mean of the columns, row by row.

    Arithmetic: Σ wᵢxᵢ / Σ wᵢ over the columns present in the row. Geometric:
    exp(Σ wᵢ ln xᵢ / Σ wᵢ), which is 0 where a value is 0.

    Parameters
    ----------
    data : DataFrame
        One column per child.
    weights : dict
        Positive, by column; they need not sum to 1.
    method : {'arithmetic', 'geometric'}
        Geometric needs values of 0 and more.
    availability : float
        The least share of the weight that must be present; below it the result is missing.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        An unknown method, or a negative value under a geometric mean.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 4.0, None], "b": [3.0, None, None]})
    >>> weighted_mean(data, {"a": 1, "b": 3}).tolist()
    [2.5, 4.0, nan]
    >>> weighted_mean(data, {"a": 1, "b": 3}, availability=0.5).tolist()
    [2.5, nan, nan]
    """
    weight = pd.Series(weights, dtype="float64").reindex(data.columns)
    present = data.notna()
    share = present.mul(weight).sum(axis=1)
    total = float(weight.sum())
    if method == "arithmetic":
        mean = data.mul(weight).sum(axis=1) / share.where(share > 0)
    elif method == "geometric":
        if (data < 0).any(axis=None):
            raise InputError("a geometric mean needs values of 0 and more; found negative ones")
        with np.errstate(divide="ignore"):
            logs = data.apply(np.log).mul(weight).sum(axis=1, min_count=1)
        mean = (logs / share.where(share > 0)).apply(np.exp)
    else:
        raise InputError(f"unknown aggregation {method!r}; allowed: arithmetic, geometric")
    return mean.where(share >= availability * total - 1e-12)
