"""Normalisation: putting indicators on one scale, missing values left missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from regional_atlas.config.index import GoalpostsConfig, NormaliseConfig
from regional_atlas.config.index.methods import NORMALISATIONS
from regional_atlas.core.errors import InputError

__all__ = [
    "goalposts",
    "min_max",
    "normalise",
    "normalise_series",
    "percentile_rank",
    "ratio",
    "target",
    "z_score",
]


def percentile_rank(values: pd.Series, *, low: float = 0.0, high: float = 100.0) -> pd.Series:
    """Rank values and spread the ranks evenly from `low` to `high`.

    The lowest value becomes `low`, the highest `high`; ties share the mean of their ranks.
    With n values present, rank r becomes low + (high − low)·(r − 1)/(n − 1).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing and do not count. A single value becomes the middle.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> percentile_rank(pd.Series([3.0, None, 1.0, 10.0])).tolist()
    [50.0, nan, 0.0, 100.0]
    """
    n = int(values.notna().sum())
    share = (values.rank() - 1) / (n - 1) if n > 1 else values.where(values.isna(), 0.5)
    return low + (high - low) * share


def min_max(values: pd.Series, *, low: float = 0.0, high: float = 100.0) -> pd.Series:
    """Stretch values linearly from `low` (the minimum) to `high` (the maximum).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing. Where all values are equal there is no scale: all missing.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> min_max(pd.Series([3.0, None, 1.0, 5.0])).tolist()
    [50.0, nan, 0.0, 100.0]
    """
    lowest, spread = float(values.min()), float(values.max() - values.min())
    return low + (high - low) * (values - lowest) / (spread if spread > 0 else float("nan"))


def z_score(values: pd.Series) -> pd.Series:
    """Distance from the mean in sample standard deviations (n − 1).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing. Where all values are equal there is no scale: all missing.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> z_score(pd.Series([1.0, 2.0, 3.0])).tolist()
    [-1.0, 0.0, 1.0]
    """
    # Compared themselves: the deviation of equal values may be the rounding of their mean.
    deviation = values.std() if values.nunique() > 1 else float("nan")
    return (values - values.mean()) / deviation


def goalposts(
    values: pd.Series, posts: GoalpostsConfig, *, low: float = 0.0, high: float = 100.0
) -> pd.Series:
    """Place values between two fixed ends: low + (high − low)·(x − a)/(b − a).

    With `posts.log`, x, a and b are logarithms; with `posts.cap` the result stays on the scale.

    Parameters
    ----------
    values : Series of float
        Missing values stay missing.
    posts : GoalpostsConfig
        The ends a and b.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        A logarithm of 0 and below.

    Examples
    --------
    >>> posts = GoalpostsConfig(low=100, high=10000, log=True)
    >>> goalposts(pd.Series([1000.0, None, 99999.0]), posts).round(6).tolist()
    [50.0, nan, 100.0]
    """
    start, end = posts.low, posts.high
    if posts.log:
        if (values <= 0).any():
            raise InputError(
                f"{values.name!r}: goalposts with `log` need values above 0, found {values.min():g}"
            )
        values, start, end = values.apply(np.log), float(np.log(start)), float(np.log(end))
    share: pd.Series = (values - start) / (end - start)
    if posts.cap:
        share = share.clip(0.0, 1.0)
    return low + (high - low) * share


def target(values: pd.Series, goal: float, *, low: float = 0.0, high: float = 100.0) -> pd.Series:
    """Share of the way from the lowest value to a target: (x − min)/(goal − min), at most 1.

    Parameters
    ----------
    values : Series of float
        Missing values stay missing.
    goal : float
        Above the minimum.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        When no value lies below the target.

    Examples
    --------
    >>> target(pd.Series([0.0, 4.0, 9.0]), 8.0).tolist()
    [0.0, 50.0, 100.0]
    """
    lowest = float(values.min())
    if lowest >= goal:
        raise InputError(f"{values.name!r}: every unit has reached the target {goal:g}")
    return low + (high - low) * ((values - lowest) / (goal - lowest)).clip(upper=1.0)


def ratio(
    values: pd.Series, reference: float, direction: int, *, low: float = 0.0, high: float = 100.0
) -> pd.Series:
    """Ratio to a reference value, r = x/x₀ (x₀/x where less is better): low + (high − low)·r.

    Parameters
    ----------
    values : Series of float
        0 and more (above 0 where less is better); missing values stay missing.
    reference : float
        Above 0.
    direction : {1, -1}

    Returns
    -------
    Series of float
        `high` at the reference.

    Raises
    ------
    InputError
        Values or a reference that have no ratio.

    Examples
    --------
    >>> values = pd.Series([1.0, 2.0])
    >>> ratio(values, 2.0, 1).tolist(), ratio(values, 1.0, -1).tolist()
    ([50.0, 100.0], [100.0, 50.0])
    """
    least = float(values.min())
    if not reference > 0 or least < 0 or (direction < 0 and least == 0):
        raise InputError(
            f"{values.name!r}: a distance as a ratio needs values above 0, found {least:g} "
            f"and the reference {reference:g}"
        )
    return low + (high - low) * (values / reference if direction > 0 else reference / values)


def normalise_series(
    values: pd.Series,
    config: NormaliseConfig,
    *,
    direction: int = 1,
    posts: GoalpostsConfig | None = None,
    goal: float | None = None,
) -> pd.Series:
    """Normalise one indicator by any method of an index file, more is better.

    Parameters
    ----------
    values : Series of float
        Missing values stay missing.
    config : NormaliseConfig
        Method and scale. `rank` counts from 1 (lowest), `borda` the units that this one is ahead
        of, a tie as half.
    direction : {1, -1}
    posts, goal : optional
        For the methods `goalposts` and `target`.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        Values that the method does not take, or a reference that is not a unit or has no value.

    Examples
    --------
    >>> normalise_series(pd.Series([3.0, 1.0]), NormaliseConfig(method="borda")).tolist()
    [1.0, 0.0]
    """
    return _METHODS[config.method](_Asked(values, config, direction, posts, goal))


class _Asked(NamedTuple):
    """One indicator and what may decide how it is normalised."""

    values: pd.Series
    config: NormaliseConfig
    direction: int
    posts: GoalpostsConfig | None
    goal: float | None

    @property
    def scale(self) -> dict[str, float]:
        return {"low": self.config.low, "high": self.config.high}

    @property
    def directed(self) -> pd.Series:
        return self.values * self.direction


def _between(asked: _Asked, posts: GoalpostsConfig | None) -> pd.Series:
    assert posts is not None
    found = goalposts(asked.values, posts, **asked.scale)
    return found if asked.direction > 0 else asked.config.low + asked.config.high - found


def _scaled(asked: _Asked) -> pd.Series:
    low, high = asked.config.bounds
    return _between(asked, GoalpostsConfig(low=low, high=high, cap=False))


def _target(asked: _Asked) -> pd.Series:
    assert asked.goal is not None
    return target(asked.directed, asked.goal * asked.direction, **asked.scale)


def _to_leader(asked: _Asked) -> pd.Series:
    leader = asked.values.max() if asked.direction > 0 else asked.values.min()
    return ratio(asked.values, float(leader), asked.direction, **asked.scale)


def _to_reference(asked: _Asked) -> pd.Series:
    reference = _reference(asked.values, asked.config.reference)
    return ratio(asked.values, reference, asked.direction, **asked.scale)


_METHODS: Mapping[str, Callable[[_Asked], pd.Series]] = NORMALISATIONS.bound(
    {
        "percentile_rank": lambda asked: percentile_rank(asked.directed, **asked.scale),
        "min_max": lambda asked: min_max(asked.directed, **asked.scale),
        "z_score": lambda asked: z_score(asked.directed),
        "goalposts": lambda asked: _between(asked, asked.posts),
        "target": _target,
        "rank": lambda asked: asked.directed.rank(),
        "scaled": _scaled,
        "borda": lambda asked: asked.directed.rank() - 1,
        "distance_to_leader": _to_leader,
        "distance_to_reference": _to_reference,
    }
)


def _reference(values: pd.Series, unit: str | None) -> float:
    found = values[values.index == unit]
    if len(found) != 1:
        years = "; with several years, say pooled = false" if values.index.nlevels > 1 else ""
        raise InputError(f"normalise.reference: {unit!r} is not a unit{years}")
    return float(found.iloc[0])


def normalise(
    data: pd.DataFrame,
    methods: Mapping[str, NormaliseConfig],
    *,
    directions: Mapping[str, int],
    posts: Mapping[str, GoalpostsConfig | None] | None = None,
    goals: Mapping[str, float | None] | None = None,
) -> pd.DataFrame:
    """Normalise every indicator so that more is better.

    Parameters
    ----------
    data : DataFrame
        One column per indicator; of a panel, on the index `unit_id`, `year`, pooled over the years
        unless the method says otherwise.
    methods : mapping of str to NormaliseConfig
        By indicator.
    directions : mapping of str to int
        +1 or −1 by indicator.
    posts, goals : mapping, optional
        By indicator, for the methods `goalposts` and `target`.

    Returns
    -------
    DataFrame
        On the index and columns of `data`.

    Raises
    ------
    InputError
        Values that a method does not take.

    Examples
    --------
    >>> data = pd.DataFrame({"debt": [10.0, 30.0, 20.0]})
    >>> method = NormaliseConfig(method="min_max")
    >>> normalise(data, {"debt": method}, directions={"debt": -1})["debt"].tolist()
    [100.0, 0.0, 50.0]
    """

    def one(code: str) -> pd.Series:
        def run(values: pd.Series) -> pd.Series:
            return normalise_series(
                values,
                methods[code],
                direction=directions[code],
                posts=(posts or {}).get(code),
                goal=(goals or {}).get(code),
            )

        if methods[code].pooled or "year" not in data.index.names:
            return run(data[code])
        years = data.index.get_level_values("year")
        parts = [data.loc[years == year, code] for year in years.unique()]
        done = [run(part.droplevel("year")).set_axis(part.index) for part in parts]
        joined: pd.Series = pd.concat(done).reindex(data.index)
        return joined

    return pd.DataFrame({code: one(code) for code in data.columns}, index=data.index)
