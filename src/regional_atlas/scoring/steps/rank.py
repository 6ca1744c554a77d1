"""Ranks and tiers of a score."""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

from regional_atlas.classes.breaks import breaks, class_numbers
from regional_atlas.core.errors import InputError

__all__ = [
    "classify_tiers",
    "goodness_of_fit",
    "rank_scores",
    "settled",
    "tiers_by_fit",
    "tiers_by_rank",
]


def rank_scores(
    scores: pd.Series,
    *,
    ties: Literal["min", "max", "average", "dense"] = "min",
    groups: pd.Series | None = None,
) -> pd.Series:
    """Rank scores, the highest first.

    Scores tie when they agree to twelve significant digits of the largest: sums of the same numbers
    in another order differ by less.

    Parameters
    ----------
    scores : Series of float
        A missing score has no rank.
    ties : {'min', 'max', 'average', 'dense'}
        Ties share the better rank, the worse, their mean, or the better without a gap after them.
    groups : Series, optional
        Rank within each group; a unit without a group has no rank.

    Returns
    -------
    Series
        Int64, or Float64 for `average`.

    Examples
    --------
    >>> rank_scores(pd.Series([50.0, None, 70.0, 50.0])).tolist()
    [2, <NA>, 1, 2]
    >>> rank_scores(pd.Series([50.0, 60.0, 70.0]), groups=pd.Series(list("aab"))).tolist()
    [2, 1, 1]
    """
    even = settled(scores)
    ordered = even if groups is None else even.groupby(groups.to_numpy())
    ranks = ordered.rank(ascending=False, method=ties)
    return ranks.astype("Float64" if ties == "average" else "Int64").rename("rank")


def settled(scores: pd.Series) -> pd.Series:
    """Round to twelve significant digits of the largest.

    Sums of the same numbers in another order differ in their last digits, and should not in rank.
    The page's `settled` does the same.

    Examples
    --------
    >>> settled(pd.Series([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1])).nunique()
    1
    """
    most = float(scores.abs().max())
    if not 0 < most < math.inf:
        return scores
    digits = 12 - math.ceil(math.log10(most))
    return scores.round(digits) if abs(digits) < _MOST_DIGITS else scores


_MOST_DIGITS = 300
"""Beyond these a power of ten is not a number."""


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
    found = class_numbers(
        ranks.to_numpy(dtype="float64", na_value=math.nan), last_ranks, closed=True
    )
    tiers = pd.Series(found + 1, index=ranks.index, name="tier", dtype="Int64")
    return tiers.mask(tiers == 0)


def classify_tiers(scores: pd.Series, k: int = 4) -> pd.Series:
    """Sort scores into k tiers by Fisher–Jenks natural breaks: see `classes.jenks`.

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
    present = scores.dropna()
    if present.nunique() < k:
        raise InputError(f"{k} tiers need {k} different scores, found {present.nunique()}")
    classes = class_numbers(present, breaks(present, "fisher_jenks", k))
    tiers = pd.Series(k - classes, index=present.index)
    return tiers.reindex(scores.index).astype("Int64").rename("tier")


def goodness_of_fit(scores: pd.Series, tiers: pd.Series) -> float:
    """Goodness of variance fit: 1 − Σ (x − tier mean)² / Σ (x − mean)².

    Parameters
    ----------
    scores : Series of float
    tiers : Series
        On the same index; a score without a tier does not count.

    Returns
    -------
    float
        Up to 1, which means that every tier holds equal scores.

    Examples
    --------
    >>> goodness_of_fit(pd.Series([1.0, 1.0, 5.0]), pd.Series([2, 2, 1]))
    1.0
    """
    kept = scores.notna() & tiers.notna()
    values = scores[kept]
    within = float(((values - values.groupby(tiers[kept].to_numpy()).transform("mean")) ** 2).sum())
    total = float(((values - values.mean()) ** 2).sum())
    return 1 - within / total if total > 0 else 1.0


def tiers_by_fit(scores: pd.Series, goodness: float, most: int = 9) -> pd.Series:
    """Sort scores into the fewest Fisher–Jenks tiers that fit well enough.

    Parameters
    ----------
    scores : Series of float
        A missing score has no tier.
    goodness : float
        The least goodness of variance fit.
    most : int
        The most tiers.

    Returns
    -------
    Series of Int64
        With 2 to `most` tiers.

    Raises
    ------
    InputError
        When even `most` tiers do not fit as well.

    Examples
    --------
    >>> tiers_by_fit(pd.Series([1.0, 1.1, 5.0, 9.0]), 0.95).tolist()
    [3, 3, 2, 1]
    """
    best = 0.0
    for k in range(2, min(most, scores.nunique()) + 1):
        tiers = classify_tiers(scores, k)
        best = goodness_of_fit(scores, tiers)
        if best >= goodness:
            return tiers
    raise InputError(f"no {most} tiers or fewer fit as well as {goodness:g}; best {best:.3f}")
