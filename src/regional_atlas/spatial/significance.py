"""Many tests at once: p-values adjusted for the false-discovery rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError

__all__ = ["false_discovery"]


def false_discovery(p_values: pd.Series) -> pd.Series:
    """Adjust p-values so that rejecting those ≤ α keeps the false-discovery rate at α.

    Benjamini and Hochberg: with the p-values in ascending order,
    q₍ᵢ₎ = min over j ≥ i of p₍ⱼ₎ · m / j, at most 1, with m tests.

    Parameters
    ----------
    p_values : Series of float
        Within 0 and 1. Missing ones stay missing and do not count as tests.

    Returns
    -------
    Series of float
        Named `q_value`, on the same index.

    Raises
    ------
    DataError
        A p-value outside 0 and 1.

    Notes
    -----
    Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289–300.
    The control holds under independence and positive dependence.

    Examples
    --------
    >>> false_discovery(pd.Series([0.01, 0.04, None, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, nan, 0.0533, 0.5]
    """
    present = p_values.dropna()
    outside = present[(present < 0) | (present > 1)]
    if len(outside):
        raise DataError(f"a p-value must lie within 0 and 1, found {outside.iloc[0]}")
    ordered = present.sort_values(ascending=False)
    rank = np.arange(len(ordered), 0, -1)
    adjusted = (ordered * len(ordered) / rank).cummin().clip(upper=1.0)
    return adjusted.reindex(p_values.index).rename("q_value")
