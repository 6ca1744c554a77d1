"""Compiled loops over draws: noise, normalisation, aggregation up a tree, ranks."""

from __future__ import annotations

from typing import Any

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["noise", "noisy_table", "ranks_of", "scores_of"]


@jit
def noise(seed: Any, units: int, columns: int) -> Any:
    """Draw standard normal numbers that follow from the seed alone (SplitMix64, Box-Muller)."""
    found = np.empty((units, columns), np.float64)
    flat = found.reshape(units * columns)
    state = np.uint64(seed)
    gold, one, two = (
        np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB),
    )  # fmt: skip
    uniform = np.empty(2, np.float64)
    for i in range(0, flat.size, 2):
        for j in range(2):
            state += gold
            z = state
            z = (z ^ (z >> np.uint64(30))) * one
            z = (z ^ (z >> np.uint64(27))) * two
            z = z ^ (z >> np.uint64(31))
            uniform[j] = (np.float64(z >> np.uint64(11)) + 0.5) / 9007199254740992.0
        radius = np.sqrt(-2.0 * np.log(uniform[0]))
        flat[i] = radius * np.cos(2.0 * np.pi * uniform[1])
        if i + 1 < flat.size:
            flat[i + 1] = radius * np.sin(2.0 * np.pi * uniform[1])
    return found


@jit
def _normalised(column: Any, method: int, low: float, high: float) -> Any:
    """Normalise one column in place: 0 percentile rank, 1 min-max, 2 z-score, 3 rank."""
    n = 0
    total = 0.0
    least, most = np.inf, -np.inf
    for x in column:
        if not np.isnan(x):
            n += 1
            total += x
            least, most = min(least, x), max(most, x)
    if n == 0:
        return
    if method == 1:
        spread = most - least
        for i in range(column.size):
            column[i] = low + (high - low) * (column[i] - least) / spread if spread > 0 else np.nan
        return
    if method == 2:
        mean = total / n
        squares = 0.0
        for x in column:
            if not np.isnan(x):
                squares += (x - mean) ** 2
        sd = np.sqrt(squares / (n - 1)) if n > 1 else 0.0
        for i in range(column.size):
            column[i] = (column[i] - mean) / sd if sd > 0 else np.nan
        return
    order = np.argsort(column)  # missing values last
    given = column.copy()
    first = 0
    while first < n:
        last = first
        while last + 1 < n and given[order[last + 1]] == given[order[first]]:
            last += 1
        rank = (first + last) / 2.0
        if method == 3:
            value = rank + 1.0
        else:
            value = low + (high - low) * (rank / (n - 1) if n > 1 else 0.5)
        for i in range(first, last + 1):
            column[order[i]] = value
        first = last + 1


@jit
def noisy_table(
    treated: Any, seed: Any, errors: Any, directions: Any, method: int, low: float, high: float
) -> Any:
    """Normalise (indicator, unit) values that measurement error has moved.

    x becomes x * exp(error * z), z standard normal; then direction, then the method.
    """
    columns, units = treated.shape
    table = np.exp(noise(seed, columns, units) * errors.reshape(columns, 1)) * treated
    for c in range(columns):
        table[c] *= directions[c]
        _normalised(table[c], method, low, high)
    return table


@jit
def scores_of(
    tables: Any,
    chosen: Any,
    weights: Any,
    methods: Any,
    parent: Any,
    inner: Any,
    leaf: Any,
    availability: float,
    out: Any,
) -> Any:
    """Aggregate up the tree for each draw.

    tables: (scenario, indicator, unit); chosen: scenario by draw; weights: (draw, node), 0 for what
    is absent; methods: (draw, node): 0 arithmetic, 1 geometric, 2 harmonic, 3 minimum; parent: of
    each node, the root last; inner: positions of nodes with children, below first; leaf: position
    of a node's indicator in the tables, or -1. Writes the scores into out (draw, unit).
    """
    nodes, units = parent.size, tables.shape[2]
    values = np.empty((nodes, units), np.float64)
    share = np.empty(units, np.float64)
    for draw in range(out.shape[0]):
        table = tables[chosen[draw]]
        for node in inner:
            method = methods[draw, node]
            total = 0.0
            mean = values[node]
            for i in range(units):
                share[i] = 0.0
                mean[i] = np.inf if method == 3 else 0.0
            for child in range(nodes):
                w = weights[draw, child]
                if parent[child] != node or w <= 0:
                    continue
                total += w
                below = table[leaf[child]] if leaf[child] >= 0 else values[child]
                for i in range(units):
                    x = below[i]
                    if np.isnan(x):
                        continue
                    share[i] += w
                    if method == 0:
                        mean[i] += w * x
                    elif method == 1:
                        mean[i] += w * np.log(x)
                    elif method == 2:
                        mean[i] += w / x if x != 0 else np.inf
                    else:
                        mean[i] = min(mean[i], x)
            for i in range(units):
                if share[i] <= 0 or share[i] < availability * total - 1e-12 * total:
                    mean[i] = np.nan
                elif method == 0:
                    mean[i] /= share[i]
                elif method == 1:
                    mean[i] = np.exp(mean[i] / share[i])
                elif method == 2:
                    mean[i] = share[i] / mean[i]
        out[draw] = values[inner[-1]]


@jit
def ranks_of(scores: Any, top_down: Any, ranks: Any) -> Any:
    """Rank each row, the highest first, ties sharing the better rank; 0 where missing.

    Writes the order (missing last) into top_down as well.
    """
    for draw in range(scores.shape[0]):
        row = scores[draw]
        order = np.argsort(-row)
        top_down[draw] = order
        rank = 0
        for place in range(row.size):
            unit = order[place]
            if np.isnan(row[unit]):
                ranks[draw, unit] = 0
                continue
            if place == 0 or row[unit] != row[order[place - 1]]:
                rank = place + 1
            ranks[draw, unit] = rank
