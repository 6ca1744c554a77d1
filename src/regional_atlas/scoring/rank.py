"""Ranks and tiers of a score."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from regional_atlas.errors import InputError

__all__ = ["classify_tiers", "rank_scores", "tiers_by_rank"]


def rank_scores(scores: pd.Series) -> pd.Series:
    """Rank scores, the highest first; ties share the better rank.

    Parameters
    ----------
    scores : Series of float
        A missing score has no rank.

    Returns
    -------
    Series of Int64

    Examples
    --------
    >>> rank_scores(pd.Series([50.0, None, 70.0, 50.0])).tolist()
    [2, <NA>, 1, 2]
    """
    return scores.rank(ascending=False, method="min").astype("Int64").rename("rank")


def tiers_by_rank(ranks: pd.Series, last_ranks: list[int]) -> pd.Series:
    """Sort ranks into tiers by the last rank of each.

    Parameters
    ----------
    ranks : Series of int
        From 1.
    last_ranks : list of int
        Ascending; a rank beyond the last is in no tier. Empty: no tiers.

    Returns
    -------
    Series of Int64
        1 is the first tier.

    Examples
    --------
    >>> tiers_by_rank(pd.Series([1, 6, 7, 101]), [6, 36, 80, 100]).tolist()
    [1, 1, 2, <NA>]
    """
    found = np.searchsorted(last_ranks, ranks.to_numpy(dtype="float64", na_value=np.inf)) + 1
    tiers = pd.Series(found, index=ranks.index, name="tier", dtype="Int64")
    return tiers.mask(tiers > len(last_ranks))


def classify_tiers(scores: pd.Series, k: int = 4) -> pd.Series:
    """Sort scores into k tiers by Fisher–Jenks natural breaks (exact, mapclassify).

    Parameters
    ----------
    scores : Series of float
        A missing score has no tier.
    k : int
        Number of tiers.

    Returns
    -------
    Series of Int64
        1 holds the highest scores.

    Raises
    ------
    InputError
        When there are fewer different scores than tiers.

    Examples
    --------
    >>> classify_tiers(pd.Series([1.0, 1.1, 5.0, 9.0, None]), k=3).tolist()
    [3, 3, 2, 1, <NA>]
    """
    from mapclassify import FisherJenks

    present = scores.dropna()
    if present.nunique() < k:
        raise InputError(f"{k} tiers need {k} different scores, found {present.nunique()}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        classes = FisherJenks(present.to_numpy(), k=k).yb
    tiers = pd.Series(k - classes, index=present.index)
    return tiers.reindex(scores.index).astype("Int64").rename("tier")
