"""Compiled conditional permutations of local statistics."""

from __future__ import annotations

from typing import Any

import numpy as np

from regional_atlas.core.jit import jit


@jit
def permuted_lags(
    values: Any, starts: Any, weights: Any, permutations: int, seeds: Any, observed: Any
) -> Any:
    """Count, for each unit, the permuted lags that lie at or beyond the observed one.

    A unit keeps its own value; its neighbours' values are drawn from all other units without
    replacement (partial Fisher-Yates shuffle). Each unit has its own seed, so that the result
    depends on neither order nor threads. Returns the counts at or above and at or below.
    """
    n = values.size
    above = np.zeros(n, np.int64)
    below = np.zeros(n, np.int64)
    for unit in range(n):
        first, last = starts[unit], starts[unit + 1]
        size = last - first
        if size == 0:
            continue
        np.random.seed(seeds[unit])
        others = np.empty(n - 1, np.float64)
        others[:unit] = values[:unit]
        others[unit:] = values[unit + 1 :]
        for _ in range(permutations):
            lag = 0.0
            for j in range(size):
                pick = j + np.random.randint(0, n - 1 - j)
                kept = others[j]
                others[j] = others[pick]
                others[pick] = kept
                lag += weights[first + j] * others[j]
            if lag >= observed[unit]:
                above[unit] += 1
            if lag <= observed[unit]:
                below[unit] += 1
    return above, below
