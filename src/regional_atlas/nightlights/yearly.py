"""Yearly tables: growth between two years, and how far two tables lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from regional_atlas.core.errors import DataError, problems_of, raise_if

__all__ = ["TableComparison", "compare_tables", "growth", "keyed"]

LIMITS = (0.01, 0.05, 0.10)


def growth(
    table: pd.DataFrame,
    first: int,
    last: int,
    *,
    column: str = "sum",
    dark_below: float = 0.0,
) -> pd.DataFrame:
    """Compound annual growth of every unit between two years.

    growth = (last value / first value) ** (1 / (last - first)) - 1, as a share per year.

    Parameters
    ----------
    table : DataFrame
        A zonal table: ``unit_id``, ``year`` and `column`.
    first, last : int
        Years that the table holds.
    column : str
        What grows; in the units of the raster's decoded values.
    dark_below : float
        A unit whose first value is 0 or below this was dark: its growth is undefined.

    Returns
    -------
    DataFrame
        Index ``unit_id``, in the table's order; columns ``base`` and ``final`` (the two values),
        ``growth`` (NaN where the base is dark or a value is missing or negative) and ``dark_base``.

    Raises
    ------
    DataError
        If `last` does not follow `first`, a column or year is missing, `column` holds no numbers,
        or a unit stands twice in a year; names all of it.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "unit_id": ["a", "b", "a", "b"], "year": [2020, 2020, 2022, 2022],
    ...     "sum": [100.0, 0.0, 121.0, 5.0],
    ... })
    >>> growth(table, 2020, 2022).round(6)
              base  final  growth  dark_base
    unit_id
    a        100.0  121.0     0.1      False
    b          0.0    5.0     NaN       True
    """
    problems = problems_of(lambda: keyed(table, column))
    if last <= first:
        problems.append(f"the last year ({last}) must follow the first ({first})")
    absent = [y for y in (first, last) if "year" in table and y not in table["year"].to_numpy()]
    if absent:
        problems.append(f"the table has no year {', '.join(map(str, absent))}")
    raise_if(problems, DataError, "growth")
    values = keyed(table, column).unstack("year")
    values = values.reindex(pd.unique(table["unit_id"]))
    base, final = values[first].astype(float), values[last].astype(float)
    dark = (base <= 0) | (base < dark_below)
    ratio = (final / base).where(~dark & (final >= 0))
    result = pd.DataFrame(
        {
            "base": base,
            "final": final,
            "growth": ratio ** (1 / (last - first)) - 1,
            "dark_base": dark,
        }
    )
    return result.rename_axis("unit_id")


@dataclass(frozen=True)
class TableComparison:
    """How far a zonal table lies from another one.

    Attributes
    ----------
    differences : Series
        (other - reference) / reference by ``unit_id`` and ``year``: 0 where both are 0, infinite
        where only the reference is 0, NaN where a value is missing on either side.
    shares_beyond : dict
        For each limit, the share of the compared rows whose difference exceeds it either way.
    median : float
        Median of the absolute differences of the compared rows.
    compared, missing : int
        Rows with a difference, and rows without.

    Examples
    --------
    >>> a = pd.DataFrame({"unit_id": ["a", "b", "c"], "year": 2020, "sum": [100.0, 50.0, 1.0]})
    >>> found = compare_tables(a, a.assign(sum=[101.0, 50.0, None]))
    >>> found.compared, found.missing, found.median
    (2, 1, 0.005)
    """

    differences: pd.Series[float]
    shares_beyond: dict[float, float]
    median: float
    compared: int
    missing: int

    def worst(self, number: int = 10) -> pd.Series[float]:
        """Give the largest differences either way, largest first."""
        known = self.differences.dropna()
        order = known.abs().sort_values(ascending=False, kind="stable").index
        return known.loc[order[:number]]


def compare_tables(
    reference: pd.DataFrame,
    other: pd.DataFrame,
    *,
    column: str = "sum",
    limits: Sequence[float] = LIMITS,
) -> TableComparison:
    """Compare one column of two zonal tables, unit by unit and year by year.

    Parameters
    ----------
    reference, other : DataFrame
        Zonal tables: ``unit_id``, ``year`` and `column`. Rows that stand in only one of them
        count as missing.
    column : str
        What is compared.
    limits : sequence of float
        Relative differences to count rows beyond.

    Returns
    -------
    TableComparison

    Raises
    ------
    DataError
        If a column is missing or a unit stands twice in a year.

    Examples
    --------
    >>> a = pd.DataFrame({"unit_id": ["a", "b"], "year": 2020, "sum": [100.0, 50.0]})
    >>> b = a.assign(sum=[100.5, 60.0])
    >>> found = compare_tables(a, b)
    >>> found.shares_beyond
    {0.01: 0.5, 0.05: 0.5, 0.1: 0.5}
    >>> found.worst(1).to_dict()
    {('b', 2020): 0.2}
    """
    left, right = keyed(reference, column).align(keyed(other, column), join="outer")
    with np.errstate(divide="ignore", invalid="ignore"):
        differences = (right.astype(float) - left.astype(float)) / left.abs()
    differences[(left == 0) & (right == 0)] = 0.0
    known = differences.dropna().abs()
    return TableComparison(
        differences=differences.rename(column),
        shares_beyond={
            limit: float((known > limit).mean()) if len(known) else float("nan") for limit in limits
        },
        median=float(known.median()),
        compared=len(known),
        missing=len(differences) - len(known),
    )


def keyed(table: pd.DataFrame, column: str) -> pd.Series[float]:
    """Give a column of a yearly table by ``unit_id`` and ``year``.

    Raises
    ------
    DataError
        If a column is missing, holds no numbers, or a unit stands twice in a year.

    Examples
    --------
    >>> keyed(pd.DataFrame({"unit_id": ["a"], "year": [2020], "sum": [1.5]}), "sum").to_dict()
    {('a', 2020): 1.5}
    """
    absent = [name for name in ("unit_id", "year", column) if name not in table.columns]
    if absent:
        raise DataError(f"the table has no column {', '.join(map(repr, absent))}")
    if not is_numeric_dtype(table[column]):
        raise DataError(f"column {column!r} holds no numbers, found {table[column].dtype}")
    values = table.set_index(["unit_id", "year"])[column]
    repeated = values.index[values.index.duplicated()]
    if len(repeated):
        unit, year = repeated[0]
        raise DataError(f"unit {unit} stands more than once in {year}")
    return values
