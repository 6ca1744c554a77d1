"""Natural breaks compiled, for thousands of draws of a few values: those of `jenks`, to the bit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from regional_atlas.classes.jenks import TIE
from regional_atlas.core.jit import jit

__all__ = ["break_positions"]


@jit
def _runs(distinct: Any, counts: Any) -> Any:
    """Tabulate the runs on either side of every cut as `jenks` does."""
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
    """Split ascending values as `jenks.class_starts` does, with the same sums to the bit.

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
