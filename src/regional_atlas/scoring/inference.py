"""Confidence sets for ranks: which places a unit may have, given the errors of the estimates."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.jit import thread_count
from regional_atlas.scoring.draws_kernels import noise
from regional_atlas.scoring.inference_kernels import (
    largest_errors,
    marginal_sets,
    simultaneous_bounds,
)

__all__ = ["count_sets", "rank_sets"]


def rank_sets(
    estimates: Floats,
    variances: Floats,
    covariance: Floats | None = None,
    *,
    coverage: float = 0.95,
    side: str = "both",
    stepwise: bool = True,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute marginal and simultaneous confidence sets for ranks, rank 1 the highest estimate.

    Two units are told apart when their estimates differ by more than a critical number of standard
    deviations of the difference: the quantile, over draws of the errors, of the largest such
    difference among the pairs that matter. For a marginal set these are the pairs with the unit,
    for simultaneous sets all pairs. Stepwise, directions that were told apart leave the largest
    difference, until nothing more is told apart. A set reaches from one more than the number of
    units that are surely ahead to n less the number surely behind.

    Parameters
    ----------
    estimates : (n,) float
    variances : (n,) float
        Of the estimates' errors, which are normal.
    covariance : (n, n) float, optional
        Of the errors where they depend on each other; `variances` is its diagonal.
    coverage : float
        The probability with which a marginal set holds the true rank, or all simultaneous sets hold
        theirs together, at least.
    side : {'both', 'low', 'high'}
        The bound that a marginal set has. Simultaneous bounds of one side are those of both.
    stepwise : bool
    draws : int
    seed : int

    Returns
    -------
    DataFrame of int
        `low`, `high`, `simultaneous_low`, `simultaneous_high`, by position.

    References
    ----------
    Mogstad, Romano, Shaikh and Wilhelm (2024), Inference for Ranks with Applications to Mobility
    across Neighbourhoods and Academic Achievement across Countries, Review of Economic Studies 91.

    Examples
    --------
    >>> rank_sets(np.array([9.0, 5.0, 4.9]), np.array([0.1, 0.1, 0.1])).to_numpy().tolist()
    [[1, 1, 1, 1], [2, 3, 2, 3], [2, 3, 2, 3]]
    """
    n = len(estimates)
    matrix = np.empty((0, 0)) if covariance is None else covariance
    errors = noise(np.uint64(seed), n, draws)
    if covariance is None:
        errors *= np.sqrt(variances)[:, None]
    else:
        errors = _root(covariance) @ errors
    # Half as many bytes, and twice as many draws in one step of the processor.
    errors = errors.astype(np.float32)
    by_draw = np.ascontiguousarray(errors.T)
    known = (variances, matrix)
    tail = draws - math.ceil(coverage * draws) + 1
    low, high = np.empty(n, np.int64), np.empty(n, np.int64)

    def marginal(units: Ints) -> None:
        below, above = side != "high", side != "low"
        marginal_sets(
            estimates, errors, by_draw, *known, units, tail, stepwise, below, above, low, high
        )

    _in_threads(marginal, n)
    found = {"low": low, "high": high}
    critical = _simultaneous_critical(estimates, errors, *known, tail=tail, stepwise=stepwise)
    low, high = np.empty(n, np.int64), np.empty(n, np.int64)
    simultaneous_bounds(estimates, variances, matrix, critical, low, high)
    if side == "low":
        high[:] = n
    if side == "high":
        low[:] = 1
    return pd.DataFrame(found | {"simultaneous_low": low, "simultaneous_high": high})


def _simultaneous_critical(
    estimates: Floats,
    errors: Floats,
    variances: Floats,
    covariance: Floats,
    *,
    tail: int,
    stepwise: bool,
) -> float:
    """Give the critical number of deviations over all pairs, in the steps of `marginal_sets`."""
    n, draws = errors.shape

    def largest(chosen: Ints, critical: float) -> Floats:
        some = errors if len(chosen) == draws else np.ascontiguousarray(errors[:, chosen])

        def of(units: Ints) -> Floats:
            found: Floats = largest_errors(estimates, some, variances, covariance, units, critical)
            return found

        most: Floats = np.maximum.reduce(_in_threads(of, n))
        return most

    bound = largest(np.arange(draws), math.inf)
    critical = float(np.sort(bound)[-tail])
    while stepwise:
        order = np.argsort(-bound, kind="stable")
        done, following = 0, -math.inf
        while done < draws and (done < tail or bound[order[done]] > following):
            batch = order[done : done + max(tail, 64)]
            bound[batch] = largest(batch, critical)
            done += len(batch)
            if done >= tail:
                following = float(np.sort(bound[order[:done]])[-tail])
        if following >= critical:
            break
        critical = following
    return critical


def _root(covariance: Floats) -> Floats:
    """Take a matrix's square root, of those without full rank too."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = vectors * np.sqrt(np.clip(values, 0.0, None))
    return root


def _in_threads(work: Callable[[Ints], Any], n: int) -> list[Any]:
    """Do units in as many parts as there are threads, each part with early and late units."""
    threads = thread_count()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, [np.arange(i, n, threads) for i in range(threads)]))


def count_sets(counts: Ints, *, coverage: float = 0.95, side: str = "both") -> pd.DataFrame:
    """Compute exact confidence sets for the ranks of shares, from counts of one sample.

    That one share is larger than another is tested by the sign test of their two counts (given
    their sum, binomial with probability ½), with Holm's correction: over the tests of one unit for
    a marginal set, over all for simultaneous sets.

    Parameters
    ----------
    counts : (n,) int
        How many of one sample fall to each unit.
    coverage : float
        As for `rank_sets`.
    side : {'both', 'low', 'high'}
        As for `rank_sets`.

    Returns
    -------
    DataFrame of int
        As of `rank_sets`.

    Examples
    --------
    >>> count_sets(np.array([90, 50, 48])).to_numpy().tolist()
    [[1, 1, 1, 1], [2, 3, 2, 3], [2, 3, 2, 3]]
    """
    n = len(counts)
    # chance[j, k]: of a count of j at least as large where both shares are the same.
    chance = stats.binom.sf(counts[:, None] - 1, counts[:, None] + counts[None, :], 0.5)
    np.fill_diagonal(chance, 1.0)
    alpha = 1.0 - coverage
    below, above = side != "high", side != "low"
    low, high = np.ones(n, np.int64), np.full(n, n)
    for j in range(n):
        tests = np.concatenate([chance[:, j] if below else [], chance[j] if above else []])
        limit = _holm_limit(tests, tests.size - below - above, alpha)
        low[j] += below and np.count_nonzero(chance[:, j] <= limit)
        high[j] -= above and np.count_nonzero(chance[j] <= limit)
    limit = _holm_limit(chance.ravel(), n * (n - 1), alpha)
    ahead = chance <= limit
    together = {
        "simultaneous_low": 1 + ahead.sum(axis=0) if below else np.ones(n, np.int64),
        "simultaneous_high": n - ahead.sum(axis=1) if above else np.full(n, n),
    }
    return pd.DataFrame({"low": low, "high": high} | together)


def _holm_limit(chances: Floats, tests: int, alpha: float) -> float:
    """Give the largest chance that Holm's correction of some tests rejects; −1 where none."""
    ordered = np.sort(chances)[:tests]
    kept = ordered > alpha / (tests - np.arange(tests))
    first = int(np.argmax(kept)) if kept.any() else tests
    return float(ordered[first - 1]) if first else -1.0
