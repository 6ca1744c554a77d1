"""Fisher–Jenks natural breaks: exact, and as precise for 75 ± 10⁻⁶ as for 1 and 10⁹."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regional_atlas.core.arrays import Floats, Ints

__all__ = ["TIE", "class_starts"]

Squares = Callable[[Ints, Ints], Floats]

_BLOCK = 1 << 14
"""Runs that are worked out at a time."""

TIE = 1e-12
"""Sums of squares that differ by no more than this share count as equal."""


def class_starts(distinct: Floats, counts: ArrayLike, k: int) -> Ints:
    """Part ascending values into the k runs of least squared deviation from their means.

    Dynamic programming over the runs that end at each value (Fisher 1958,
    doi:10.1080/01621459.1958.10501479; Wang and Song 2011, doi:10.32614/RJ-2011-015). The best
    start of the last run moves only upwards with its end, so that the start for the middle end
    halves the search for the others: O(k n log n), here one depth of halving at a time.

    Values that lie far from 0 or from one another cost no precision: a run is cut where its two
    ends part in the binary tree of positions; mean distance m and squares S of either side are
    counted from the cut outwards, as all runs share these cuts, and
    S = S₁ + S₂ + (m₁ + m₂)²·n₁n₂/(n₁ + n₂) adds up what is not negative. Only differences below
    10⁻¹⁵⁰ of the largest magnitude are lost.

    Sums that differ by no more than the share `TIE` count as equal; of equal ones, the last run
    starts at the lowest value, then the last but one, and so on.

    Parameters
    ----------
    distinct : array of float
        Ascending, all different.
    counts : array of int
        How often each occurs.
    k : int
        Number of runs; not more than there are values.

    Returns
    -------
    array of int
        Position of the first value of each run.

    Examples
    --------
    >>> class_starts(np.array([1.0, 2.0, 9.0, 10.0, 30.0]), [1, 1, 1, 1, 1], 3).tolist()
    [0, 2, 4]
    >>> class_starts(np.array([1.0, 2.0, 3.0]), [1, 1, 1], 2).tolist()
    [0, 1]
    """
    n = distinct.size
    squares_of = _squares(distinct, np.asarray(counts, dtype=np.float64))
    ends = np.arange(n)
    best = squares_of(np.zeros(n, np.int64), ends)
    chosen = []
    for row in range(1, k):
        top = n - 1 if row == k - 1 else n - k + row
        low = top if row == k - 1 else row
        best, start = _best_starts(best, squares_of, row, low, top)
        chosen.append(start)
    starts = np.zeros(k, np.int64)
    end = n - 1
    for row in range(k - 1, 0, -1):
        starts[row] = chosen[row - 1][end]
        end = starts[row] - 1
    return starts


def _best_starts(
    before: Floats, squares_of: Squares, row: int, low: int, high: int
) -> tuple[Floats, Ints]:
    """Find the best start of one more run for every end from `low` to `high`."""
    best, start = np.full(before.size, np.inf), np.zeros(before.size, np.int64)
    lows, highs = np.array([low]), np.array([high])
    firsts, lasts = np.array([row]), np.array([high])
    while lows.size:
        ends = (lows + highs) >> 1
        sizes = np.minimum(ends, lasts) - firsts + 1
        offsets = np.cumsum(sizes) - sizes
        tried = np.arange(sizes.sum()) + np.repeat(firsts - offsets, sizes)
        sums = squares_of(tried, np.repeat(ends, sizes)) + before[tried - 1]
        least = np.minimum.reduceat(sums, offsets)
        good = np.flatnonzero(sums <= np.repeat(least * (1 + TIE), sizes))
        at = tried[good[np.searchsorted(good, offsets)]]
        best[ends], start[ends] = least, at
        below, above = lows < ends, ends < highs
        firsts, lasts = _pick(firsts, at, below, above), _pick(at, lasts, below, above)
        lows, highs = _pick(lows, ends + 1, below, above), _pick(ends - 1, highs, below, above)
    return best, start


def _pick(one: Ints, other: Ints, below: NDArray[np.bool_], above: NDArray[np.bool_]) -> Ints:
    return np.concatenate([one[below], other[above]])


def _squares(distinct: Floats, counts: Floats) -> Squares:
    """Make a function that gives the squared deviations within the runs from i to j."""
    tables, offset = _tables(distinct, counts)
    mean, squares, weight = (table.ravel() for table in tables)
    # Fresh arrays of this size would cost more time than what is computed in them.
    places, numbers = np.empty((3, _BLOCK), np.int64), np.empty((4, _BLOCK))

    def fill(first: Ints, last: Ints, found: Floats) -> None:
        a, b, c = places[:, : first.size]
        d, w, v, x = numbers[:, : first.size]
        np.bitwise_xor(first, last, out=a)
        offset.take(a, out=c, mode="clip")
        np.add(c, first, out=a)
        np.add(c, last, out=b)
        np.add(mean.take(a, out=d, mode="clip"), mean.take(b, out=x, mode="clip"), out=d)
        weight.take(a, out=w, mode="clip")
        weight.take(b, out=v, mode="clip")
        # d² · (w v / (w + v))
        np.add(w, v, out=x)
        np.multiply(w, v, out=w)
        np.divide(w, x, out=w)
        np.multiply(d, d, out=d)
        np.multiply(d, w, out=d)
        squares.take(a, out=w, mode="clip")
        squares.take(b, out=v, mode="clip")
        np.add(w, v, out=found)
        np.add(found, d, out=found)

    def squares_of(first: Ints, last: Ints) -> Floats:
        found = np.empty(first.size)
        for at in range(0, first.size, _BLOCK):
            block = slice(at, at + _BLOCK)
            fill(first[block], last[block], found[block])
        return found

    return squares_of


def _tables(distinct: Floats, counts: Floats) -> tuple[Floats, Ints]:
    """Tabulate mean, squares and weight from every cut to every position, level by level.

    Returns
    -------
    tables : (3, levels + 1, positions) float
        The last level is of runs of one value, which nothing cuts.
    offset : array of int
        By i ^ j of the ends of a run: where the level that cuts it begins.
    """
    n = distinct.size
    depth = max(1, (n - 1).bit_length())
    size = 1 << depth
    _, exponent = np.frexp(max(-distinct[0], distinct[-1]))
    scaled = distinct * np.ldexp(1.0, -np.clip(exponent, -1000, 1000))
    values = np.concatenate([scaled, np.full(size - n, scaled[-1])])
    weights = np.concatenate([counts, np.zeros(size - n)])
    tables = np.zeros((3, depth + 1, size))
    tables[2, depth] = 1.0
    for level in range(depth):
        half = 1 << level
        shape = (-1, 2 * half)
        x, w = values.reshape(shape), weights.reshape(shape)
        parts = [table[level].reshape(shape) for table in tables]
        right, left = slice(half, None), slice(half - 1, None, -1)
        gap = x[:, half : half + 1] - x[:, half - 1 : half]
        _from_cut(x[:, right] - x[:, half : half + 1], w[:, right], *(p[:, right] for p in parts))
        _from_cut(x[:, half - 1 : half] - x[:, left], w[:, left], *(p[:, left] for p in parts))
        parts[0][:, :half] += gap
    levels = np.repeat(np.arange(depth), 1 << np.arange(depth))
    return tables, np.insert(levels, 0, depth) * size


def _from_cut(far: Floats, counts: Floats, mean: Floats, squares: Floats, weight: Floats) -> None:
    """Fill in mean, squares and weight of the runs from the cut outwards, along each row."""
    np.cumsum(counts, axis=1, out=weight)
    held = np.maximum(weight, 1.0)
    mean[...] = np.cumsum(counts * far, axis=1) / held
    step = far[:, 1:] - mean[:, :-1]
    added = np.zeros_like(far)
    added[:, 1:] = counts[:, 1:] * (weight[:, :-1] / held[:, 1:]) * (step * step)
    np.cumsum(added, axis=1, out=squares)
