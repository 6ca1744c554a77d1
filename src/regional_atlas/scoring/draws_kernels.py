"""Compiled loops over draws: noise, normalisation, aggregation up a tree, ranks, natural breaks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from regional_atlas.classify.jenks import TIE
from regional_atlas.core.jit import jit

__all__ = ["break_positions", "noise", "noisy_table", "ranks_of", "scores_of"]


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


@jit
def _runs(distinct: Any, counts: Any) -> Any:
    """Tabulate the runs on either side of every cut as `classify.jenks` does."""
    n = distinct.size
    depth = 1
    while (1 << depth) < n:
        depth += 1
    tables = np.zeros((depth, 3, 1 << depth), np.float64)
    for level in range(depth):
        mean, squares, weight = tables[level, 0], tables[level, 1], tables[level, 2]
        half = 1 << level
        for cut in range(half, n, 2 * half):
            for side in range(2):
                anchor = cut - 1 + side
                way = 2 * side - 1
                held, total, spread, before = 0.0, 0.0, 0.0, 0.0
                for away in range(min(half, n - cut) if side else half):
                    at = anchor + way * away
                    far = abs(distinct[at] - distinct[anchor])
                    now = held + counts[at]
                    if away > 0:
                        step = far - before
                        spread += counts[at] * (held / now) * (step * step)
                    total += counts[at] * far
                    held = now
                    before = total / held
                    mean[at], squares[at], weight[at] = before, spread, held
            gap = distinct[cut] - distinct[cut - 1]
            for at in range(cut - half, cut):
                mean[at] += gap
    return tables


@jit
def _squares(tables: Any, first: int, last: int) -> Any:
    """Squared deviations within the run from first to last."""
    if first == last:
        return 0.0
    level, parted = 0, (first ^ last) >> 1
    while parted:
        level, parted = level + 1, parted >> 1
    mean, squares, weight = tables[level, 0], tables[level, 1], tables[level, 2]
    far, one, other = mean[first] + mean[last], weight[first], weight[last]
    return squares[first] + squares[last] + far * far * (one * other / (one + other))


@jit
def break_positions(ordered: Any, k: int) -> Any:
    """Split ascending values as `classify.jenks.class_starts` does, with the same sums to the bit.

    Returns the first position of each class; fewer than k where there are fewer different values.
    """
    positions = np.zeros(ordered.size, np.int64)
    n = 0
    for i in range(ordered.size):
        if i == 0 or ordered[i] != ordered[i - 1]:
            positions[n] = i
            n += 1
    k = min(k, n)
    _, exponent = math.frexp(max(-ordered[0], ordered[-1]))
    distinct = ordered[positions[:n]] * math.ldexp(1.0, -min(max(exponent, -1000), 1000))
    counts = np.empty(n, np.float64)
    for i in range(n):
        counts[i] = (positions[i + 1] if i + 1 < n else ordered.size) - positions[i]
    tables = _runs(distinct, counts)
    before = np.empty(n, np.float64)
    for end in range(n):
        before[end] = _squares(tables, 0, end)
    chosen = np.zeros((k, n), np.int64)
    sums = np.empty(n, np.float64)
    stack = np.empty((128, 4), np.int64)
    for row in range(1, k):
        now = np.full(n, np.inf)
        top = n - 1 if row == k - 1 else n - k + row
        stack[0] = np.array([top if row == k - 1 else row, top, row, top])
        size = 1
        while size > 0:
            size -= 1
            low, high, first, last = stack[size]
            if low > high:
                continue
            end = (low + high) >> 1
            least = np.inf
            for at in range(first, min(end, last) + 1):
                sums[at] = _squares(tables, at, end) + before[at - 1]
                least = min(least, sums[at])
            at = first
            while sums[at] > least * (1 + TIE):
                at += 1
            now[end] = least
            chosen[row, end] = at
            stack[size] = np.array([low, end - 1, first, at])
            stack[size + 1] = np.array([end + 1, high, at, last])
            size += 2
        before = now
    starts = np.zeros(k, np.int64)
    end = n - 1
    for row in range(k - 1, 0, -1):
        start = chosen[row, end]
        starts[row] = positions[start]
        end = start - 1
    return starts
