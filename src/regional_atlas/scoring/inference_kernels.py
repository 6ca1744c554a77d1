"""Compiled loops over pairs of units: largest studentised errors of draws, and what they reject."""

from __future__ import annotations

from typing import Any

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["largest_errors", "marginal_sets", "simultaneous_bounds"]


@jit
def _deviation(variances: Any, covariance: Any, j: int, k: int) -> float:
    """Give the standard deviation of the difference of two estimates."""
    if covariance.size:
        square = covariance[j, j] + covariance[k, k] - 2.0 * covariance[j, k]
    else:
        square = variances[j] + variances[k]
    return np.sqrt(square) if square > 0.0 else 0.0


@jit
def _ahead(difference: float, deviation: float) -> float:
    """Give the difference in standard deviations: infinite where both estimates are certain."""
    if deviation > 0.0:
        return difference / deviation
    if difference > 0.0:
        return np.inf
    return -np.inf if difference < 0.0 else 0.0


@jit
def _raise_by_pair(
    errors: Any, j: int, k: int, scale: float, ahead: bool, behind: bool, found: Any
) -> None:
    """Raise the largest error of each draw by one pair, in one direction or both.

    errors: (unit, draw), float32; scale: one over the deviation of the difference; ahead: the draws
    count in which j is too high; behind: those in which it is too low.
    """
    of_j, of_k = errors[j], errors[k]
    size = np.float32(scale)
    if ahead and behind:
        for r in range(found.size):
            error = abs(of_j[r] - of_k[r]) * size
            found[r] = error if error > found[r] else found[r]
        return
    sign = size if ahead else -size
    for r in range(found.size):
        error = (of_j[r] - of_k[r]) * sign
        found[r] = error if error > found[r] else found[r]


@jit
def largest_errors(
    estimates: Any,
    errors: Any,
    variances: Any,
    covariance: Any,
    units: Any,
    critical: float,
) -> Any:
    """Give each draw's largest studentised error over pairs that are not yet told apart.

    Pairs of one of `units` with a later unit, in both directions; a direction in which the
    estimates differ by more than `critical` deviations has been told apart.
    """
    found = np.zeros(errors.shape[1], np.float32)
    for j in units:
        for k in range(j + 1, estimates.size):
            deviation = _deviation(variances, covariance, j, k)
            t = _ahead(estimates[j] - estimates[k], deviation)
            if deviation > 0.0:
                ahead, behind = t <= critical, -t <= critical
                _raise_by_pair(errors, j, k, 1.0 / deviation, ahead, behind, found)
    return found


@jit
def simultaneous_bounds(
    estimates: Any, variances: Any, covariance: Any, critical: float, low: Any, high: Any
) -> None:
    """Write the bounds of every rank: how many units are surely ahead, and behind."""
    n = estimates.size
    for j in range(n):
        ahead, behind = 0, 0
        for k in range(n):
            t = _ahead(
                estimates[j] - estimates[k], _deviation(variances, covariance, min(j, k), max(j, k))
            )
            ahead += -t > critical
            behind += t > critical
        low[j], high[j] = 1 + ahead, n - behind


@jit
def marginal_sets(
    estimates: Any,
    errors: Any,
    by_draw: Any,
    variances: Any,
    covariance: Any,
    units: Any,
    tail: int,
    stepwise: bool,
    below: bool,
    above: bool,
    low: Any,
    high: Any,
) -> None:
    """Write the bounds of the rank of each of `units`, every one on its own.

    by_draw: `errors` turned; tail: the critical value is the tail-th largest error of all draws;
    below, above: whether the low and the high bound are asked for.
    """
    n, draws = errors.shape
    ahead = np.empty(n)
    scale = np.empty(n)
    largest = np.empty(draws, np.float32)
    for j in units:
        largest[:] = 0.0
        for k in range(n):
            deviation = _deviation(variances, covariance, min(j, k), max(j, k))
            ahead[k] = _ahead(estimates[j] - estimates[k], deviation)
            scale[k] = 1.0 / deviation if deviation > 0.0 and j != k else 0.0
            if scale[k] > 0.0:
                _raise_by_pair(errors, j, k, scale[k], above, below, largest)
        critical = np.partition(largest, draws - tail)[draws - tail]
        while stepwise:
            smaller = _next_critical(
                by_draw, j, ahead, scale, tail, critical, below, above, largest
            )
            if not _tells_more(ahead, smaller, critical, below, above):
                break
            critical = smaller
        low[j], high[j] = 1, n
        for k in range(n):
            low[j] += below and -ahead[k] > critical
            high[j] -= above and ahead[k] > critical


@jit
def _next_critical(
    by_draw: Any,
    j: int,
    ahead: Any,
    scale: Any,
    tail: int,
    critical: float,
    below: bool,
    above: bool,
    largest: Any,
) -> Any:
    """Give the critical value without the directions told apart; lower `largest` of the draws seen.

    An error that was small with more directions is not large with fewer: the draws with the largest
    are looked at until the others cannot matter.
    """
    up = np.zeros(scale.size, np.float32)
    down = np.zeros(scale.size, np.float32)
    for k in range(scale.size):
        if above and ahead[k] <= critical:
            up[k] = scale[k]
        if below and -ahead[k] <= critical:
            down[k] = scale[k]
    order = np.argsort(-largest)
    seen = np.empty(order.size, np.float32)
    for done in range(order.size):
        draw = order[done]
        if done >= tail and (done - tail) % 8 == 0:
            smaller = np.partition(seen[:done], done - tail)[done - tail]
            if largest[draw] <= smaller:
                return smaller
        row = by_draw[draw]
        most = np.float32(0.0)
        for k in range(row.size):
            difference = row[j] - row[k]
            high = difference * up[k]
            low = -difference * down[k]
            error = high if high > low else low
            most = error if error > most else most
        seen[done] = most
        largest[draw] = most
    return np.partition(seen, seen.size - tail)[seen.size - tail]


@jit
def _tells_more(ahead: Any, lower: float, higher: float, below: bool, above: bool) -> bool:
    """Say whether a smaller critical value tells another unit apart."""
    more = False
    for t in ahead:
        more = more or (above and lower < t <= higher) or (below and lower < -t <= higher)
    return more
