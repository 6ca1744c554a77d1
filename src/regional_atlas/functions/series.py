"""Series of numbers: ranks, tiers and classes on the caller's index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from regional_atlas.classes import breaks as bounds
from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.arguments import a_flag, a_number, a_whole_number, one_of, wrong
from regional_atlas.core.errors import InputError
from regional_atlas.core.provenance import with_provenance
from regional_atlas.scoring.steps import rank as steps

__all__ = ["classify", "classify_tiers", "numbers_of", "on_index", "rank"]


def numbers_of(name: str, value: Any) -> pd.Series:
    """Take numbers: a Series as it is, anything else of one dimension on a new index.

    Raises
    ------
    InputError
        Text, dates, tables or single values.

    Examples
    --------
    >>> numbers_of("values", [1, None, 3]).tolist()
    [1.0, nan, 3.0]
    """
    allowed = "a Series of numbers"
    if isinstance(value, pd.Series):
        series = value
    elif isinstance(value, np.ndarray | list | tuple) and np.ndim(np.array(value, object)) == 1:
        series = pd.Series(list(value), dtype=object).infer_objects()
    else:
        raise wrong(name, value, allowed)
    if series.dtype.kind in "iuf" and series.dtype.name != "category":
        return (
            series.astype("float64") if series.isna().any() or series.dtype.kind == "f" else series
        )
    if series.isna().all():
        return pd.Series(np.nan, series.index, dtype="float64", name=series.name)
    if series.dtype == object and series.dropna().map(_is_number).all():
        return series.astype("float64")
    odd = next((each for each in series.dropna() if not _is_number(each)), series.iloc[0])
    found = f"{series.dtype} such as {odd!r}"
    raise InputError(f"expected {allowed}, found a {type(value).__name__} of {found}", where=name)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def classify(
    values: Any,
    scheme: str = "fisher_jenks",
    k: int = 5,
    *,
    breaks: Sequence[float] | None = None,
    middle: float | None = None,
) -> pd.Series:
    """Sort values into the classes of a map.

    Parameters
    ----------
    values : Series of float
        A missing value has no class.
    scheme : str
        `equal_interval`, `fisher_jenks`, `head_tail`, `log`, `manual`, `quantile` or another of
        docs/reference/methods.md.
    k : int
        Number of classes: never more than there are different values.
    breaks : sequence of float, optional
        Upper bounds, ascending, for `manual`.
    middle : float, optional
        Classes lie at the same distances below and above it.

    Returns
    -------
    Series of Int64
        Named `class`, on the index of `values`: 0 is the lowest. `attrs["breaks"]` has the upper
        bounds, `attrs["scheme"]` the scheme.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.

    Examples
    --------
    >>> found = classify(pd.Series([1, 2, 9, 10, 30], list("abcde")), "fisher_jenks", k=3)
    >>> found.to_dict(), found.attrs["breaks"]
    ({'a': 0, 'b': 0, 'c': 1, 'd': 1, 'e': 2}, [2.0, 10.0, 30.0])
    """
    numbers = numbers_of("values", values)
    one_of("scheme", scheme, SCHEMES)
    a_whole_number("k", k, least=1)
    manual = [] if breaks is None else numbers_of("breaks", list_of("breaks", breaks)).tolist()
    if middle is not None:
        a_number("middle", middle)
    if breaks is not None and scheme != "manual":
        raise InputError(f"are for scheme 'manual', found {scheme!r}", where="breaks")
    array = numbers.to_numpy("float64", na_value=np.nan)
    if np.isinf(array).any():
        first = numbers.index[np.isinf(array)][0]
        raise InputError(
            f"{np.isinf(array).sum()} are infinite, such as that of {first!r}; a class has bounds",
            where="values",
        )
    upper = bounds.breaks(array, scheme, k, manual=manual, middle=middle)
    found = pd.Series(
        bounds.class_numbers(array, upper), numbers.index, dtype="Int64", name="class"
    )
    found = with_provenance(found.mask(found < 0), "classes")
    found.attrs |= {"scheme": scheme, "breaks": upper.tolist()}
    return found


def list_of(name: str, value: Any) -> list[Any]:
    """Take a list or an array as a list."""
    if isinstance(value, list | tuple | np.ndarray | pd.Series):
        return list(value)
    raise wrong(name, value, "a list of numbers")


def rank(
    values: Any,
    *,
    ascending: bool = False,
    ties: Literal["min", "max", "average", "dense"] = "min",
    within: Any = None,
) -> pd.Series:
    """Rank values, the highest first.

    Values tie when they agree to twelve significant digits of the largest.

    Parameters
    ----------
    values : Series of float
        A missing value has no rank.
    ascending : bool
        The lowest first.
    ties : {'min', 'max', 'average', 'dense'}
        Ties share the better rank, the worse, their mean, or the better without a gap after them.
    within : Series, optional
        Group of each value, on the same index: ranks begin anew in each; without a group no rank.

    Returns
    -------
    Series
        Named `rank`, on the index of `values`: Int64, or Float64 for `average`.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.

    Examples
    --------
    >>> rank(pd.Series([50.0, None, 70.0, 50.0], list("abcd"))).tolist()
    [2, <NA>, 1, 2]
    """
    numbers = numbers_of("values", values).astype("float64")
    ties_ = one_of("ties", ties, ("min", "max", "average", "dense"))
    if a_flag("ascending", ascending):
        numbers = -numbers
    groups = None if within is None else groups_of("within", within, numbers.index)
    return with_provenance(
        steps.rank_scores(numbers, ties=ties_, groups=groups),  # type: ignore[arg-type]
        "ranks",
    )


def groups_of(name: str, value: Any, index: pd.Index) -> pd.Series:
    """Take the group of each row, on the same index in any order."""
    if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) == 1:
        value = pd.Series(list(value), index if len(value) == len(index) else None)
    if not isinstance(value, pd.Series):
        raise wrong(name, value, "a Series with the group of each row")
    groups = on_index(name, value, index, "group")
    try:
        groups.dropna().map(hash)
    except TypeError:
        raise InputError("groups are texts or numbers", where=name) from None
    return groups


def on_index(name: str, series: pd.Series, index: pd.Index, what: str) -> pd.Series:
    """Bring a Series into the order of an index of the same labels.

    Raises
    ------
    InputError
        Labels that repeat, or that the Series lacks.

    Examples
    --------
    >>> on_index("errors", pd.Series([1, 2], ["a", "b"]), pd.Index(["b", "a"]), "value").tolist()
    [2, 1]
    """
    if series.index.equals(index):
        return series
    if series.index.has_duplicates:
        raise InputError("a label stands more than once in the index", where=name)
    lacking = index.difference(series.index)
    if len(lacking):
        raise InputError(
            f"has no {what} for {len(lacking)} rows, among them {lacking[0]!r}", where=name
        )
    return series.reindex(index)


def classify_tiers(scores: Any, k: int = 4) -> pd.Series:
    """Sort scores into tiers by Fisher–Jenks natural breaks.

    Parameters
    ----------
    scores : Series of float
        A missing score has no tier.
    k : int
        Number of tiers.

    Returns
    -------
    Series of Int64
        Named `tier`, on the index of `scores`: 1 holds the highest.

    Raises
    ------
    InputError
        Fewer different scores than tiers, or a wrong argument.

    Examples
    --------
    >>> classify_tiers(pd.Series([1.0, 1.1, 5.0, 9.0, None]), k=3).tolist()
    [3, 3, 2, 1, <NA>]
    """
    numbers = numbers_of("scores", scores)
    a_whole_number("k", k, least=1)
    return with_provenance(steps.classify_tiers(numbers, k), "tiers")
