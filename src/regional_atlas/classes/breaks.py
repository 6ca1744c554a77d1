"""Breaks, class numbers, and changes in per cent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from regional_atlas.classes.jenks import class_starts
from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.errors import InputError

__all__ = [
    "LARGEST",
    "MOST_DISTINCT",
    "breaks",
    "class_numbers",
    "percent_change",
]

Bounds = Callable[[Floats, int, Floats], Floats]

LARGEST = 1e300
"""Magnitude that no value may exceed."""

MOST_DISTINCT = 100_000
"""Different values up to which Fisher–Jenks is exact; of more, neighbours are taken together."""


def class_numbers(values: ArrayLike, breaks: ArrayLike, *, closed: bool = False) -> Ints:
    """Give the class of each value.

    Parameters
    ----------
    values : array of float
    breaks : array of float
        Upper bounds, ascending.
    closed : bool
        A value above the last break has no class, in place of the highest.

    Returns
    -------
    array of int
        From 0, the lowest; -1 where a value is not finite, or there are no breaks.

    Examples
    --------
    >>> class_numbers([0.5, 1.0, 1.1, 9.0, np.nan], [1.0, 2.0]).tolist()
    [0, 0, 1, 1, -1]
    >>> class_numbers([6, 7, 101], [6, 36, 100], closed=True).tolist()
    [0, 1, -1]
    """
    array, bounds = np.asarray(values, dtype=np.float64), np.asarray(breaks, dtype=np.float64)
    found = np.searchsorted(bounds, array, side="left")
    found[found == bounds.size] = -1 if closed else bounds.size - 1
    found[~np.isfinite(array)] = -1
    return found.astype(np.int64)


def breaks(
    values: ArrayLike,
    scheme: str,
    k: int = 6,
    *,
    manual: Sequence[float] = (),
    middle: float | None = None,
) -> Floats:
    """Find the upper bounds of classes.

    Parameters
    ----------
    values : array of float
        In any order; what is not finite is left out.
    scheme : str
        One of `SCHEMES`, which has the formula of each.
    k : int
        Number of classes. Never more than there are different values; values that repeat can make
        quantiles fewer, `head_tail` stops where all that is left is equal.
    manual : sequence of float
        The bounds for `manual`.
    middle : float, optional
        Bounds are those of the distances from here, the same on both sides, the middle itself being
        one where `k` is even; `manual` then gives distances.

    Returns
    -------
    array of float
        Ascending and different; empty without values. The last is the largest value, but that
        `manual` and `middle` keep bounds above it, so that colours keep their meaning.

    Raises
    ------
    InputError
        An unknown scheme, `k` below 1, `manual` bounds that do not ascend, values above `LARGEST`.

    Notes
    -----
    Quantiles are type 7 of Hyndman and Fan (1996, doi:10.1080/00031305.1996.10473566); places are
    whole-number fractions, so that no rounding moves a value to the next class.

    Head/tail breaks are those of Jiang (2013, doi:10.1080/00330124.2012.700499) without his stop
    at heads of more than 40 %: `k` is the stop.

    Fisher–Jenks is exact, see `jenks.class_starts`. Of more than `MOST_DISTINCT` different values,
    runs of equally many neighbours stay together and count as their lowest, ⌈n / MOST_DISTINCT⌉ to
    a run.

    A bound that is computed and differs from a value by no more than four units in the last place
    of the largest magnitude is that value.

    Examples
    --------
    >>> breaks([1, 2, 3, 4, np.nan], "quantile", 2).tolist()
    [2.5, 4.0]
    >>> breaks([1, 2, 9, 10, 30], "fisher_jenks", 3).tolist()
    [2.0, 10.0, 30.0]
    >>> breaks([0, 0.2, 3, 55], "log", 4).tolist()
    [1.0, 10.0, 55.0]
    >>> breaks([-3, -1, 0.5, 2, 9], "equal_interval", 6, middle=0).tolist()
    [-6.0, -3.0, 0.0, 3.0, 6.0, 9.0]
    """
    try:
        SCHEMES.checked(scheme)
    except ValueError as error:
        raise InputError(str(error)) from None
    if k < 1:
        raise InputError(f"k: {k} classes; at least 1")
    bounds = np.asarray(manual, dtype=np.float64)
    ascending = bounds.size and np.isfinite(bounds).all() and (np.diff(bounds) > 0).all()
    if scheme == "manual" and not ascending:
        raise InputError(f"scheme 'manual' needs `breaks`, ascending; found {list(manual)}")
    array = np.asarray(values, dtype=np.float64).ravel()
    # Adding 0 makes -0 and 0 one value.
    held = np.sort(array[np.isfinite(array)] + 0.0)
    if held.size == 0:
        return held
    most = max(-held[0], held[-1])
    if most > LARGEST:
        raise InputError(f"values: {most:g} is too large to class; at most {LARGEST:g}")
    if middle is not None:
        return _around(held, middle, scheme, k, bounds)
    return _BOUNDS[scheme](held, k, bounds)


def percent_change(before: ArrayLike, after: ArrayLike) -> Floats:
    """Give the change in per cent of the value before; missing where that is not above 0.

    Examples
    --------
    >>> percent_change([10.0, -10.0, 0.0, np.nan], [15.0, 10.0, 1.0, 1.0]).tolist()
    [50.0, nan, nan, nan]
    """
    start = np.asarray(before, dtype=np.float64)
    start = np.where(start > 0, start, np.nan)
    changed: Floats = 100 * (np.asarray(after, dtype=np.float64) - start) / start
    return changed


def _around(held: Floats, middle: float, scheme: str, k: int, manual: Floats) -> Floats:
    """Find bounds at the same distances below and above the middle."""
    far = np.sort(np.abs(held - middle))
    if scheme == "equal_interval":
        far = np.insert(far, 0, 0.0)
    half, odd = divmod(k, 2)
    bounds = _BOUNDS[scheme](far, half + odd, manual)
    inner = bounds[:-1]
    centre = [] if odd and inner.size else [middle]
    both = np.concatenate([middle - inner[::-1], centre, middle + inner])
    both = _snapped(both, held, max(-held[0], held[-1], abs(middle)))
    end = held[-1] if held[-1] > both[-1] else middle + bounds[-1]
    return np.unique(np.append(both, end))


def _snapped(bounds: Floats, held: Floats, most: float) -> Floats:
    """Take the value itself where a bound misses it by the rounding of doubles alone."""
    above = np.searchsorted(held, bounds).clip(0, held.size - 1)
    for near in (held[above], held[(above - 1).clip(0)]):
        misses = np.abs(near - bounds) > 4 * 2.0**-52 * most
        bounds = np.where(misses, bounds, near)
    return bounds


def _quantiles(held: Floats, k: int) -> Floats:
    return np.array([_quantile(held, i, k) for i in range(1, k)])


def _quantile(held: Floats, i: int, k: int) -> float:
    """Give the quantile i / k; between two values it stays below the upper one."""
    at, rest = divmod(i * (held.size - 1), k)
    low, high = float(held[at]), float(held[min(at + 1, held.size - 1)])
    between = low + (high - low) * (rest / k)
    return low if rest == 0 or between >= high else between


def _equal_intervals(held: Floats, k: int) -> Floats:
    least, most = held[0], held[-1]
    bounds: Floats = least + (most - least) * np.arange(1, k) / k
    return _snapped(bounds, held, max(-least, most))


_LOG_SERIES = ((1, 2, 5), (1, 3), (1,))


def _log_steps(held: Floats, k: int) -> Floats:
    positive = held[held > 0]
    if positive.size == 0:
        return positive
    low = _quantile(held, 2, 5)
    for series in _LOG_SERIES:
        steps = _steps_below(float(positive[-1]), series, k - 1)
        if steps.size and steps[0] <= low:
            break
    kept: Floats = steps[steps >= positive[0]]
    return kept


def _steps_below(top: float, series: tuple[int, ...], count: int) -> Floats:
    power = Decimal(top).adjusted()
    steps = [float(f"{s}e{e}") for e in range(power - count, power + 1) for s in series]
    below = [step for step in steps if step < top]
    return np.array(below[len(below) - count :])


def _head_tail(held: Floats, k: int) -> Floats:
    found: list[float] = []
    tail = held
    while len(found) < k - 1 and tail.size and tail[0] < tail[-1]:
        # One after the other, as the page adds.
        mean = tail[0] + np.cumsum(tail - tail[0])[-1] / tail.size
        mean = float(_snapped(np.array([mean]), tail, max(-tail[0], tail[-1]))[0])
        found.append(mean)
        tail = tail[tail > mean]
    return np.array(found)


def _fisher_jenks(held: Floats, k: int) -> Floats:
    distinct, counts = np.unique(held, return_counts=True)
    run = -(-distinct.size // MOST_DISTINCT)
    first = np.arange(0, distinct.size, run)
    starts = class_starts(distinct[first], np.add.reduceat(counts, first), k)
    found: Floats = distinct[starts[1:] * run - 1]
    return found


def _computed(inner: Callable[[Floats, int], Floats]) -> Bounds:
    """Make classes of the bounds below the largest value, no more than there are values."""

    def bounds(held: Floats, k: int, manual: Floats) -> Floats:
        del manual
        found = inner(held, min(k, np.unique(held).size))
        return np.append(np.unique(found[found < held[-1]]), held[-1])

    return bounds


def _manual(held: Floats, k: int, manual: Floats) -> Floats:
    del k
    return manual if manual[-1] >= held[-1] else np.append(manual, held[-1])


_BOUNDS: Mapping[str, Bounds] = SCHEMES.bound(
    {
        "quantile": _computed(_quantiles),
        "fisher_jenks": _computed(_fisher_jenks),
        "equal_interval": _computed(_equal_intervals),
        "log": _computed(_log_steps),
        "head_tail": _computed(_head_tail),
        "manual": _manual,
    }
)
"""The bounds of sorted values."""
