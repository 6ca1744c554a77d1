"""Ranks with confidence sets, from estimates with errors or from counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from regional_atlas.core.arguments import a_flag, a_number, a_whole_number, an_instance, one_of
from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.provenance import with_provenance
from regional_atlas.functions.series import numbers_of, on_index
from regional_atlas.scoring import inference
from regional_atlas.scoring.steps.rank import rank_scores

__all__ = ["count_rank_sets", "rank_sets"]

_SIDES = ("both", "low", "high")
_MOST_UNITS = 20_000
"""Beyond these the pairs of units take hours."""
_BOUNDS = ["low", "high", "simultaneous_low", "simultaneous_high"]


def rank_sets(
    estimates: Any,
    standard_errors: Any = None,
    *,
    margins: Any = None,
    margin_level: float = 0.9,
    covariance: Any = None,
    coverage: float = 0.95,
    side: str = "both",
    stepwise: bool = True,
    top: int | None = None,
    ascending: bool = False,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute confidence sets for ranks: the places that each unit may have.

    Parameters
    ----------
    estimates : Series of float
        Rank 1 has the highest. A unit without an estimate or an error has no rank, and no other
        unit's set counts it.
    standard_errors : Series of float, optional
        Of the estimates, on the same index; 0 is certain. One of `standard_errors`, `margins` and
        `covariance` is given.
    margins : Series of float, optional
        Margins of error: half the width of the interval that holds the true value with probability
        `margin_level`.
    margin_level : float
        0.9 for the American Community Survey, often 0.95 elsewhere.
    covariance : DataFrame or array, optional
        Of the estimates' errors where they depend on each other, in the order of `estimates` or
        with its labels.
    coverage : float
        Probability with which a set holds the true rank.
    side : {'both', 'low', 'high'}
        Both bounds, or only the best place that a unit may have, or only the worst.
    stepwise : bool
        Leave out comparisons that are settled and test again: narrower sets, as valid.
    top : int, optional
        Add which units may be, and which surely are, among the first `top`.
    ascending : bool
        Rank 1 has the lowest estimate.
    draws : int
        Of the errors. Bounds of a few units differ by a place from seed to seed below 100,000.
    seed : int

    Returns
    -------
    DataFrame
        On the index of `estimates`: `rank`; `low` and `high`, which hold the unit's own rank with
        probability `coverage`; `simultaneous_low` and `simultaneous_high`, which hold the ranks of
        all units together with that probability; with `top`, `may_be_top` and `surely_top`, true
        of all units together with that probability.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.

    Notes
    -----
    Errors are taken as normal, and the sets hold for large samples. Mogstad, Romano, Shaikh and
    Wilhelm (2024), Review of Economic Studies 91, doi:10.1093/restud/rdad006.

    Examples
    --------
    >>> scores = pd.Series([520.0, 490.0, 488.0], ["Ash", "Elm", "Oak"])
    >>> errors = pd.Series([2.0, 2.0, 2.0], scores.index)
    >>> rank_sets(scores, errors, top=2)[["rank", "low", "high", "may_be_top"]].T.to_dict("list")
    {'Ash': [1, 1, 1, True], 'Elm': [2, 2, 3, True], 'Oak': [3, 2, 3, True]}
    """
    numbers = _settings(estimates, "estimates", coverage, side, top)
    a_flag("stepwise", stepwise)
    a_whole_number("draws", draws, least=100, most=1_000_000)
    a_whole_number("seed", seed, most=2**64 - 1)
    given = {
        "standard_errors": standard_errors, "margins": margins, "covariance": covariance,
    }  # fmt: skip
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        found = " and ".join(named) or "none"
        raise InputError(f"give one of {', '.join(given)}, found {found}", where="standard_errors")
    if a_flag("ascending", ascending):
        numbers = -numbers
    matrix = None
    if covariance is not None:
        matrix = _covariance(covariance, numbers)
        variances: Floats = np.array(np.diag(matrix))
    elif margins is not None:
        variances = (_errors("margins", margins, numbers) / _width(margin_level)) ** 2
    else:
        variances = _errors("standard_errors", standard_errors, numbers) ** 2
    known = (numbers.notna() & ~np.isnan(variances)).to_numpy()
    _bounded("estimates", int(known.sum()))
    if matrix is not None:
        matrix = np.ascontiguousarray(matrix[np.ix_(known, known)])
    bounds = inference.rank_sets(
        numbers.to_numpy()[known],
        variances[known],
        matrix,
        coverage=coverage,
        side=side,
        stepwise=stepwise,
        draws=draws,
        seed=seed,
    )
    return _table(numbers, known, bounds, top, coverage)


def count_rank_sets(
    counts: Any,
    *,
    coverage: float = 0.95,
    side: str = "both",
    top: int | None = None,
    ascending: bool = False,
) -> pd.DataFrame:
    """Compute exact confidence sets for ranks by counts, such as answers to a question.

    Parameters
    ----------
    counts : Series of int
        How many of one sample fall to each unit. A unit without a count has no rank.
    coverage : float
        Probability with which a set holds the true rank.
    side : {'both', 'low', 'high'}
        As for `rank_sets`.
    top : int, optional
        As for `rank_sets`.
    ascending : bool
        Rank 1 has the lowest count.

    Returns
    -------
    DataFrame
        As of `rank_sets`.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.

    Notes
    -----
    Counts are multinomial; shares are compared two by two with exact binomial tests and Holm's
    correction. Same source as `rank_sets`.

    Examples
    --------
    >>> count_rank_sets(pd.Series([90, 50, 48], list("abc"))).loc["b"].tolist()
    [2, 2, 3, 2, 3]
    """
    numbers = _settings(counts, "counts", coverage, side, top)
    odd = numbers[(numbers < 0) | (numbers % 1 != 0)]
    if len(odd):
        raise InputError(
            f"expected whole numbers from 0, found {odd.iloc[0]:g} at {odd.index[0]!r}",
            where="counts",
        )
    known = numbers.notna().to_numpy()
    _bounded("counts", int(known.sum()))
    whole = numbers.to_numpy()[known].astype(np.int64)
    backwards = a_flag("ascending", ascending)
    turned = {"both": "both", "low": "high", "high": "low"}[side] if backwards else side
    bounds = inference.count_sets(whole, coverage=coverage, side=turned)
    if backwards:
        bounds = len(whole) + 1 - bounds
        bounds = bounds.set_axis(["high", "low", "simultaneous_high", "simultaneous_low"], axis=1)
        numbers = -numbers
    return _table(numbers, known, bounds, top, coverage)


def _settings(values: Any, name: str, coverage: Any, side: Any, top: Any) -> pd.Series:
    """Check what both functions take, and give the values as floats."""
    numbers = numbers_of(name, values).astype("float64")
    problems = []
    if np.isinf(numbers).any():
        problems.append(f"{numbers.index[np.isinf(numbers)][0]!r} is infinite")
    twice = numbers.index[numbers.index.duplicated()].unique()
    problems += [f"{label!r} appears more than once in the index" for label in twice[:5]]
    raise_if(problems, InputError, name)
    _probability("coverage", coverage)
    one_of("side", side, _SIDES)
    if top is not None:
        a_whole_number("top", top, least=1)
    return numbers


def _probability(name: str, value: Any) -> float:
    number = a_number(name, value)
    if not 0 < number < 1:
        raise InputError(f"expected a number between 0 and 1, found {number:g}", where=name)
    return number


def _width(level: Any) -> float:
    """Give how many standard errors a margin of a level is."""
    return float(stats.norm.ppf((1 + _probability("margin_level", level)) / 2))


def _errors(name: str, value: Any, estimates: pd.Series) -> Floats:
    """Take the error of each estimate, on the same index in any order."""
    errors = numbers_of(name, value).astype("float64")
    if not isinstance(value, pd.Series):
        if len(errors) != len(estimates):
            raise InputError(f"expected {len(estimates)} values, found {len(errors)}", where=name)
        errors.index = estimates.index
    errors = on_index(name, errors, estimates.index, "value")
    odd = errors[(errors < 0) | np.isinf(errors)]
    if len(odd):
        raise InputError(
            f"expected finite numbers from 0, found {odd.iloc[0]:g} at {odd.index[0]!r}", where=name
        )
    checked: Floats = np.asarray(errors, np.float64)
    return checked


def _covariance(value: Any, estimates: pd.Series) -> Floats:
    """Take a covariance matrix in the order of the estimates; a missing row is of no estimate."""
    n = len(estimates)
    an_instance("covariance", value, (pd.DataFrame, np.ndarray), f"an {n} × {n} matrix")
    if isinstance(value, pd.DataFrame):
        if value.index.has_duplicates or not value.index.sort_values().equals(
            value.columns.sort_values()
        ):
            raise InputError("rows and columns have different labels", where="covariance")
        lacking = estimates.index.difference(value.index)
        if len(lacking):
            raise InputError(f"has no row for {lacking[0]!r}", where="covariance")
        value = value.loc[estimates.index, estimates.index].to_numpy()
    if value.shape != (n, n) or value.dtype.kind not in "iuf":
        found = f"{' × '.join(map(str, value.shape))} of {value.dtype}"
        raise InputError(f"expected {n} × {n} numbers, found {found}", where="covariance")
    matrix: Floats = value.astype("float64")
    largest = np.nanmax(np.abs(matrix), initial=0.0)
    problems = []
    if np.isinf(matrix).any():
        problems.append("holds infinite values")
    elif not np.allclose(matrix, matrix.T, rtol=0, atol=1e-9 * largest, equal_nan=True):
        problems.append("is not symmetric")
    else:
        known = ~np.isnan(np.diag(matrix))
        inside = matrix[np.ix_(known, known)]
        if np.isnan(inside).any():
            problems.append("lacks the covariance of units that have a variance")
        elif inside.size and np.linalg.eigvalsh(inside).min() < -1e-9 * largest:
            problems.append("is not positive semi-definite")
    raise_if(problems, InputError, "covariance")
    return matrix


def _bounded(name: str, units: int) -> None:
    if units > _MOST_UNITS:
        raise InputError(
            f"{units:,} units have too many pairs; at most {_MOST_UNITS:,}", where=name
        )


def _table(
    numbers: pd.Series, known: Any, bounds: pd.DataFrame, top: int | None, coverage: float
) -> pd.DataFrame:
    table = pd.DataFrame({"rank": rank_scores(numbers.where(known))})
    for name in _BOUNDS:
        table[name] = pd.Series(pd.NA, numbers.index, dtype="Int64")
        table.loc[known, name] = bounds[name].to_numpy()
    if top is not None:
        table["may_be_top"] = (table["simultaneous_low"] <= top).astype("boolean")
        table["surely_top"] = (table["simultaneous_high"] <= top).astype("boolean")
    table = with_provenance(table, "confidence sets for ranks")
    table.attrs["coverage"] = coverage
    return table
