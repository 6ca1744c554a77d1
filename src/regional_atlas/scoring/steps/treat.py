"""Treatment of outliers, by skewness and kurtosis or always."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from regional_atlas.config.index import TreatConfig
from regional_atlas.config.index.methods import TREATMENTS
from regional_atlas.core.errors import InputError

__all__ = ["Winsorised", "box_cox", "passes", "shifted_log", "treat", "winsorise"]


class Winsorised(NamedTuple):
    """Values with outliers drawn in, how many at each end, and whether that was enough."""

    values: pd.Series
    low: int
    high: int
    passed: bool


def passes(values: pd.Series, *, skew: float = 2.0, kurtosis: float = 3.5) -> bool:
    """Tell whether |skewness| < `skew` or excess kurtosis < `kurtosis` (COINr's rule).

    Both are the sample-adjusted moments G₁ and G₂. A constant passes.

    Examples
    --------
    >>> passes(pd.Series([1.0, 2.0, 3.0, 4.0])), passes(pd.Series([0.0] * 20 + [9.0]))
    (True, False)
    """
    found = float(values.skew()), float(values.kurt())  # type: ignore[arg-type]
    return bool(np.isnan(found).any()) or abs(found[0]) < skew or found[1] < kurtosis


def winsorise(
    values: pd.Series, *, skew: float = 2.0, kurtosis: float = 3.5, points: int = 5
) -> Winsorised:
    """Draw in one value at a time until the indicator passes.

    The value comes from the tail that the skewness points at; all values drawn in at one end take
    the next value inwards. Values that pass as they are stay as they are.

    Parameters
    ----------
    values : Series of float
        Missing values stay missing.
    skew, kurtosis : float
        As in `passes`.
    points : int
        The most values that are drawn in.

    Returns
    -------
    Winsorised

    Examples
    --------
    >>> found = winsorise(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 99.0]))
    >>> float(found.values.max()), found.high, found.passed
    (6.0, 1, True)
    """
    array = values.to_numpy(dtype="float64", copy=True)
    order = np.argsort(array, kind="stable")[: int(values.notna().sum())]
    low = high = 0
    current = values.astype("float64")
    while not passes(current, skew=skew, kurtosis=kurtosis):
        if low + high >= min(points, len(order) - 2):
            return Winsorised(current, low, high, False)
        if float(current.skew()) > 0:  # type: ignore[arg-type]
            high += 1
            array[order[-high:]] = array[order[-high - 1]]
        else:
            low += 1
            array[order[:low]] = array[order[low]]
        current = pd.Series(array.copy(), values.index, name=values.name)
    return Winsorised(current, low, high, True)


def shifted_log(values: pd.Series, shift: float = 0.01) -> pd.Series:
    """Logarithm of the distance from the minimum: ln(x − min + `shift` · (max − min)).

    Parameters
    ----------
    values : Series of float
        Missing values stay missing. A constant has no range: all missing.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> shifted_log(pd.Series([0.0, 99.0, 100.0])).round(4).tolist()
    [0.0, 4.6052, 4.6151]
    """
    low, spread = float(values.min()), float(values.max() - values.min())
    return (values - low + shift * (spread if spread > 0 else float("nan"))).apply(np.log)


def box_cox(values: pd.Series) -> pd.Series:
    """Box–Cox transform (x^λ − 1)/λ, λ by maximum likelihood; ln x where λ is 0.

    Parameters
    ----------
    values : Series of float
        Above 0; missing values stay missing.

    Returns
    -------
    Series of float

    Raises
    ------
    InputError
        Values of 0 and below, or a constant.

    Examples
    --------
    >>> found = box_cox(pd.Series([1.0, 10.0, 100.0, 1000.0, 10000.0]))
    >>> bool(abs(found.skew()) < 0.01)
    True
    """
    from scipy.stats import boxcox

    present = values.dropna()
    if (present <= 0).any():
        raise InputError(f"{values.name!r}: Box–Cox needs values above 0, found {present.min():g}")
    if present.nunique() < 2:
        raise InputError(f"{values.name!r}: Box–Cox needs different values")
    transformed, _ = boxcox(present.to_numpy(dtype="float64"))
    return pd.Series(transformed, present.index, name=values.name).reindex(values.index)


def treat(
    data: pd.DataFrame, methods: Mapping[str, TreatConfig]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Treat outliers, each indicator by its method.

    Every method keeps the order of the units (winsorising makes ties).

    Parameters
    ----------
    data : DataFrame
        One column per indicator.
    methods : mapping of str to TreatConfig
        By indicator.

    Returns
    -------
    treated : DataFrame
    treatment : DataFrame
        By `code`: `treatment` in words, `points_low`, `points_high`, and skewness and excess
        kurtosis before and after.

    Raises
    ------
    InputError
        A logarithm of 0 and below.

    Examples
    --------
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 99.0]})
    >>> treated, treatment = treat(data, {"a": TreatConfig(method="winsorise")})
    >>> treatment.loc["a", "treatment"]
    'winsorised 1'
    """
    treated, rows = {}, {}
    for code in data.columns:
        before = data[code]
        after, words, low, high = _METHODS[methods[code].method](before, methods[code])
        treated[code] = after
        rows[code] = {
            "treatment": words,
            "points_low": low,
            "points_high": high,
            "skew_before": before.skew(),
            "kurtosis_before": before.kurt(),
            "skew_after": after.skew(),
            "kurtosis_after": after.kurt(),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")
    return pd.DataFrame(treated, index=data.index, columns=data.columns), table


class _Treated(NamedTuple):
    """Values after a treatment, what was done in words, and points drawn in at each end."""

    values: pd.Series
    words: str
    low: int = 0
    high: int = 0


def _log(values: pd.Series, _: TreatConfig) -> _Treated:
    if (values <= 0).any():
        raise InputError(
            f"{values.name!r}: a logarithm needs values above 0, found {values.min():g}; "
            "shifted_log takes any"
        )
    return _Treated(values.apply(np.log), "log")


def _winsorised(values: pd.Series, config: TreatConfig) -> _Treated:
    found = winsorise(values, skew=config.skew, kurtosis=config.kurtosis, points=config.points)
    if not found.passed and config.then != "none":
        return _METHODS[config.then](values, config)
    count = found.low + found.high
    return _Treated(found.values, f"winsorised {count}" if count else "none", found.low, found.high)


_METHODS: Mapping[str, Callable[[pd.Series, TreatConfig], _Treated]] = TREATMENTS.bound(
    {
        "none": lambda values, _: _Treated(values, "none"),
        "winsorise": _winsorised,
        "log": _log,
        "shifted_log": lambda values, config: _Treated(
            shifted_log(values, config.shift), "shifted log"
        ),
        "box_cox": lambda values, _: _Treated(box_cox(values), "Box–Cox"),
    }
)
