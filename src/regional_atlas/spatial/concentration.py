"""Concentration of an amount in the units of a region, and specialisation of regions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from regional_atlas.core.arguments import an_instance, wrong
from regional_atlas.core.errors import DataError, raise_if

__all__ = [
    "Primacy",
    "RankSize",
    "amounts_by_unit",
    "equivalent_number",
    "herfindahl",
    "location_quotient",
    "primacy",
    "rank_size_slope",
]

_LEAST = 3
"""Units that a slope needs."""


class Primacy(NamedTuple):
    """How far the largest unit stands out.

    Attributes
    ----------
    largest : hashable
        Id of the unit; None where no share is defined.
    share : float
        Its share of the total, 0–1.
    first_to_second : float
        Its amount over that of the second, 1 or more; missing where there is no second, or it is 0.

    Examples
    --------
    >>> primacy(pd.Series({"a": 6.0, "b": 2.0, "c": 2.0})).largest
    'a'
    """

    largest: Any
    share: float
    first_to_second: float


class RankSize(NamedTuple):
    """The line of ln(rank − ½) on ln(size).

    Attributes
    ----------
    slope : float
        No unit; 0 or less. −1 is Zipf's law, nearer 0 more concentrated.
    error : float
        Standard error of the slope.
    units : int
        Units on the line: those with an amount above 0.
    zeros : int
        Units left out because their amount is 0.

    Examples
    --------
    >>> rank_size_slope(pd.Series({"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.0})).zeros
    1
    """

    slope: float
    error: float
    units: int
    zeros: int


def amounts_by_unit(amounts: pd.Series, where: str = "amounts") -> pd.Series:
    """Check amounts that are to be shared out among units.

    Parameters
    ----------
    amounts : Series of float
        By unit: of something that adds up (people, output), 0 or more.
    where : str
        What an error calls them.

    Returns
    -------
    Series of float64
        Without the units that have no value.

    Raises
    ------
    InputError
        Not a Series of numbers.
    DataError
        Negative or infinite amounts, or ids that appear more than once; every unit is named.

    Examples
    --------
    >>> amounts_by_unit(pd.Series({"a": 3, "b": None})).to_dict()
    {'a': 3.0}
    """
    an_instance(where, amounts, pd.Series, "a Series of amounts by unit")
    kind = amounts.dtype
    counted = pd.api.types.is_integer_dtype(kind) or pd.api.types.is_float_dtype(kind)
    if amounts.size and not counted:
        raise wrong(where, amounts, f"numbers (its values are {kind})")
    values = amounts.to_numpy("float64", na_value=np.nan)
    there = ~np.isnan(values)
    ids, values = amounts.index[there], values[there]
    problems = [f"unit {unit!r} appears more than once" for unit in ids[ids.duplicated()].unique()]
    off = (values < 0) | np.isinf(values)
    problems += [
        f"unit {unit!r} has {value:g}; amounts are numbers from 0"
        for unit, value in zip(ids[off], values[off], strict=True)
    ]
    raise_if(problems, DataError, where)
    return pd.Series(values, ids)


def herfindahl(amounts: pd.Series) -> float:
    """Herfindahl–Hirschman index: how much of an amount is in few units.

    H = Σ sᵢ², with sᵢ the unit's share of the total. No unit; from 1/n (equal amounts in n units)
    to 1 (all in one).

    Parameters
    ----------
    amounts : Series of float
        By unit of one region; see `amounts_by_unit`. Units without a value are left out.

    Returns
    -------
    float
        Missing where no unit has a value, and where the total is 0.

    Raises
    ------
    InputError, DataError
        As `amounts_by_unit`.

    Notes
    -----
    Hirschman, A. O. (1964), "The paternity of an index", American Economic Review 54, 761–762.

    Examples
    --------
    >>> round(herfindahl(pd.Series({"a": 6.0, "b": 2.0, "c": 2.0})), 4)  # 0.6² + 0.2² + 0.2²
    0.44
    """
    share = _shares(amounts_by_unit(amounts))
    return float((share**2).sum()) if len(share) else float("nan")


def equivalent_number(amounts: pd.Series) -> float:
    """Count the units of equal amounts that have the same Herfindahl index: 1/H.

    In units, from 1 to n. Arguments, missing values and errors as for `herfindahl`.

    Notes
    -----
    Adelman, M. A. (1969), "Comment on the 'H' concentration measure as a numbers-equivalent",
    Review of Economics and Statistics 51, 99–101.

    Examples
    --------
    >>> round(equivalent_number(pd.Series({"a": 6.0, "b": 2.0, "c": 2.0})), 4)
    2.2727
    """
    return 1 / herfindahl(amounts)


def primacy(amounts: pd.Series) -> Primacy:
    """Share of the largest unit, and how many times the second it is.

    Neither has a unit. Of equal amounts, the unit whose id is first in the alphabet is the largest.
    Arguments, missing values and errors as for `herfindahl`.

    Notes
    -----
    Jefferson, M. (1939), "The law of the primate city", Geographical Review 29, 226–232.

    Examples
    --------
    >>> primacy(pd.Series({"a": 6.0, "b": 2.0, "c": 2.0}))
    Primacy(largest='a', share=0.6, first_to_second=3.0)
    """
    held = amounts_by_unit(amounts)
    share = _shares(held)
    if not len(share):
        return Primacy(None, float("nan"), float("nan"))
    values = held.to_numpy()
    second, most = np.sort(values)[-2:].tolist() if len(values) > 1 else (0.0, float(values[0]))
    first = min(held.index[values == most], key=str)
    return Primacy(first, float(share[0]), most / second if second > 0 else float("nan"))


def rank_size_slope(amounts: pd.Series) -> RankSize:
    """Slope of the rank–size rule: how fast units get smaller from one rank to the next.

    Least squares of ln(rank − ½) = a + b · ln(size), rank 1 being the largest. −½ takes away most
    of the bias of few units. The standard error is |b| · √(2/n); that of least squares would be
    far too small. Neither has a unit. The order of equal sizes does not change b.

    Parameters
    ----------
    amounts : Series of float
        By unit of one region; see `amounts_by_unit`. Units without a value are left out, and so are
        those of 0, which have no logarithm; `zeros` counts them.

    Returns
    -------
    RankSize
        Slope and error are missing where fewer than 3 units are above 0, or all are equal.

    Raises
    ------
    InputError, DataError
        As `amounts_by_unit`.

    Notes
    -----
    Gabaix, X. and Ibragimov, R. (2011), "Rank − 1/2: a simple way to improve the OLS estimation of
    tail exponents", Journal of Business & Economic Statistics 29(1), 24–39.

    Examples
    --------
    >>> found = rank_size_slope(pd.Series({"a": 4.0, "b": 2.0, "c": 1.0, "d": 0.0}))
    >>> round(found.slope, 4), round(found.error, 4), found.units, found.zeros
    (-1.161, 0.9479, 3, 1)
    """
    held = np.sort(amounts_by_unit(amounts).to_numpy())[::-1]
    size = np.log(held[held > 0])
    n, zeros = len(size), int((held == 0).sum())
    if n < _LEAST or size[0] == size[-1]:
        return RankSize(float("nan"), float("nan"), n, zeros)
    off = size - size.mean()
    slope = float((off * np.log(np.arange(n) + 0.5)).sum() / (off**2).sum())
    return RankSize(slope, abs(slope) * float(np.sqrt(2 / n)), n, zeros)


def location_quotient(part: pd.Series, whole: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Location quotient: how much larger a part is in a region than in all units together.

    LQ = (part of the region / whole of the region) / (part of all / whole of all). No unit; 1 is
    the ratio of all, 2 twice that.

    Parameters
    ----------
    part, whole : Series of float
        By unit; see `amounts_by_unit`. Units that lack either are left out of all four sums.
    groups : Series
        Region by unit id. A unit of several regions has several rows and counts in each; a unit of
        none counts in all.

    Returns
    -------
    DataFrame
        Index `group`, sorted: `location_quotient`, missing where the region's whole or the part of
        all is 0 or no unit has both values; `units`, how many have both.

    Raises
    ------
    InputError, DataError
        As `amounts_by_unit`.

    Notes
    -----
    Isard, W. (1960), Methods of Regional Analysis, MIT Press, chapter 7.

    Examples
    --------
    >>> part = pd.Series({"a": 3.0, "b": 1.0, "c": 1.0})
    >>> whole = pd.Series({"a": 5.0, "b": 5.0, "c": 10.0})
    >>> groups = pd.Series({"a": "west", "b": "west", "c": "east"})
    >>> location_quotient(part, whole, groups)["location_quotient"].to_dict()
    {'east': 0.4, 'west': 1.6}
    """
    an_instance("groups", groups, pd.Series, "a Series of regions by unit")
    both = pd.concat(
        [amounts_by_unit(part, "part"), amounts_by_unit(whole, "whole")],
        axis=1, keys=["part", "whole"], join="inner",
    ).sort_index()  # fmt: skip
    rows = groups.dropna().rename_axis("unit").rename("group").reset_index().drop_duplicates()
    sums = rows.join(both, on="unit").sort_values(["group", "unit"]).groupby("group")
    table = sums[["part", "whole"]].sum(min_count=1)
    table["units"] = sums["part"].count()
    total = both.sum()
    usual = total["part"] / total["whole"] if total["whole"] > 0 else np.nan
    ratio = table["part"] / table["whole"].where(table["whole"] > 0)
    table["location_quotient"] = ratio / usual if usual > 0 else np.nan
    return table[["location_quotient", "units"]]


def _shares(held: pd.Series) -> np.ndarray:
    """Give shares of the total, the largest first; none where the total is 0."""
    values = np.sort(held.to_numpy())[::-1]
    if not len(values) or values[0] == 0:
        return values[:0]
    # Divided by a power of 2, which is exact, so that no sum is too large.
    scaled = np.ldexp(values, -int(np.frexp(values[0])[1]))
    shares: np.ndarray = scaled / scaled.sum()
    return shares
