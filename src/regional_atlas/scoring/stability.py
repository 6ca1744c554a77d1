"""Stability of tier boundaries under resampling of the units."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError

__all__ = ["tier_stability"]


def tier_stability(
    scores: pd.Series,
    k: int,
    *,
    samples: int = 200,
    interval: float = 0.9,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Bootstrap the boundaries of Fisher-Jenks tiers.

    Units are drawn with replacement, as many as there are; each sample's exact natural breaks are
    found anew. A boundary that jumps about says that the tiers are drawn through a crowd. A sample
    with fewer different scores than tiers is drawn again.

    Parameters
    ----------
    scores : Series of float
        Missing ones are left out.
    k : int
        Number of tiers.
    samples : int
        Bootstrap samples.
    interval : float
        Probability of the interval between `low` and `high`.
    rng : numpy Generator
        The same state gives the same samples.

    Returns
    -------
    DataFrame
        Index `tier` (1 to k − 1: the boundary below it): `score` (half way between the lowest
        score of the tier and the highest below), `low`, `high`, and `agreement`: the share of
        units that stand on the same side of the boundary, mean over the samples.

    Raises
    ------
    InputError
        Fewer different scores than tiers.

    Notes
    -----
    Efron, B. and Tibshirani, R. (1993), An Introduction to the Bootstrap, chapter 13 (percentile
    intervals).

    Examples
    --------
    >>> scores = pd.Series([1.0, 1.1, 1.2, 1.3, 9.0, 9.1, 9.2, 9.3])
    >>> bool(tier_stability(scores, 2, rng=np.random.default_rng(1)).loc[1, "agreement"] > 0.9)
    True
    """
    ordered = np.sort(scores.dropna().to_numpy(dtype="float64"))
    if np.unique(ordered).size < k:
        raise InputError(f"{k} tiers need {k} different scores, found {np.unique(ordered).size}")
    found = _boundaries(ordered, k)
    drawn = np.array([_boundaries(_sample(ordered, k, rng), k) for _ in range(samples)])
    tail = (1 - interval) / 2
    above = ordered > found[:, None]
    agreement = [
        float((np.greater.outer(ordered, drawn[:, i]) == above[i][:, None]).mean())
        for i in range(k - 1)
    ]
    return pd.DataFrame(
        {
            "score": found,
            "low": np.quantile(drawn, tail, axis=0),
            "high": np.quantile(drawn, 1 - tail, axis=0),
            "agreement": agreement,
        },
        index=pd.RangeIndex(1, k, name="tier"),
    )


def _sample(ordered: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    while True:
        drawn: np.ndarray = np.sort(ordered[rng.integers(0, ordered.size, ordered.size)])
        if np.unique(drawn).size >= k:
            return drawn


def _boundaries(ordered: np.ndarray, k: int) -> np.ndarray:
    """Return the boundaries of ascending values, the highest first."""
    from regional_atlas.classes.jenks_compiled import break_positions

    starts = break_positions(ordered, k)[1:][::-1]
    return np.asarray((ordered[starts] + ordered[starts - 1]) / 2)
