"""Long tables of indicators: the rows of each code, and the last value of each unit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

__all__ = ["last_values", "rows_by_code"]


def rows_by_code(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Part a table by its column `code`; where the rows of a code stand together, without a copy.

    Parameters
    ----------
    table : DataFrame
        With `code`, nowhere missing.

    Yields
    ------
    tuple of str and DataFrame
        In the order in which the codes stand first.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["b", "a", "b"], "value": [1.0, 2.0, 3.0]})
    >>> {code: rows["value"].tolist() for code, rows in rows_by_code(table)}
    {'b': [1.0, 3.0], 'a': [2.0]}
    """
    codes, names = pd.factorize(table["code"])
    order = np.argsort(codes, kind="stable") if (codes[1:] < codes[:-1]).any() else None
    ends = np.cumsum(np.bincount(codes, minlength=len(names))).tolist()
    for name, start, end in zip(names, [0, *ends], ends, strict=False):
        part = slice(start, end)
        yield str(name), table.iloc[part if order is None else order[part]]


def last_values(table: pd.DataFrame, units: pd.Index) -> pd.DataFrame:
    """Give the last value that each unit has of each code.

    Parameters
    ----------
    table : DataFrame
        `unit_id`, `code`, `year`, `value`; a unit has one row of a code in a year.
    units : Index

    Returns
    -------
    DataFrame
        By unit; one column a code, by their alphabet. Missing where a unit has no value in any
        year.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"unit_id": ["a", "b", "a"], "code": "x", "year": [1, 1, 2], "value": [5.0, 6.0, 7.0]}
    ... )
    >>> last_values(table, pd.Index(["a", "b", "c"]))["x"].tolist()
    [7.0, 6.0, nan]
    """
    found = {code: _last(rows, units) for code, rows in rows_by_code(table)}
    return pd.DataFrame({code: found[code] for code in sorted(found)}, index=units)


def _last(rows: pd.DataFrame, units: pd.Index) -> pd.Series:
    found = pd.Series(float("nan"), units)
    years = rows["year"].astype("float64").fillna(float("inf"))  # what has no year comes last
    for year in sorted(years.unique(), reverse=True):
        of_year = rows[years == year].set_index("unit_id")["value"].astype("float64")
        found = found.fillna(of_year.reindex(units))
        if found.notna().all():
            break
    return found
