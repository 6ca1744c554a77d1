"""Zonal tables as series: missing dates, a column per date, seasons, how far two tables differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from regional_atlas.core.errors import DataError, raise_if

__all__ = [
    "TableComparison",
    "compare_tables",
    "complete_dates",
    "date_problems",
    "keyed",
    "seasonal",
    "wide",
]

KEYS = ("year", "month", "raster")
LIMITS = (0.01, 0.05, 0.10)
NOTHING = {"count": 0.0, "cell_count": 0, "valid_share": 0.0}


def complete_dates(table: pd.DataFrame) -> pd.DataFrame:
    """Give every zone a row for each year or month between the first and the last of a table.

    Parameters
    ----------
    table : DataFrame
        Of `zonal_statistics`, one row per zone and date, with the same zones at each date.

    Returns
    -------
    DataFrame
        By date. In rows of dates that the table lacks nothing was measured: ``count``,
        ``cell_count`` and ``valid_share`` are 0, everything else is missing. ``attrs['missing']``
        lists these dates.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": "a", "year": 2014, "month": [11, 12, 2], "sum": 1.0})
    >>> table.loc[2, "year"] = 2015
    >>> complete_dates(table)
      unit_id  year  month  sum
    0       a  2014     11  1.0
    1       a  2014     12  1.0
    2       a  2015      1  NaN
    3       a  2015      2  1.0
    """
    if table.empty:
        return table
    zone, parts = table.columns[0], 12 if "month" in table else 1
    number = _number(table)
    known = {*number}
    absent = [at for at in range(min(known), max(known) + 1) if at not in known]
    zones = table[zone][number == number.iloc[0]]
    added = []
    for at in absent:
        rows = pd.DataFrame({zone: zones.to_numpy(), "year": at // parts})
        if parts == 12:
            rows["month"] = at % 12 + 1
        added.append(rows.assign(**{k: v for k, v in NOTHING.items() if k in table}))
    result = pd.concat([table, *added], ignore_index=True)[list(table.columns)]
    result = result.iloc[np.argsort(_number(result), kind="stable")].reset_index(drop=True)
    result = result.astype(dict(table.dtypes))
    result.attrs = {**table.attrs, "missing": [_date(at, parts) for at in absent]}
    return result


def wide(table: pd.DataFrame) -> pd.DataFrame:
    """Turn a zonal table so that each zone is one row, and each statistic one column per date.

    Parameters
    ----------
    table : DataFrame
        Of `zonal_statistics`.

    Returns
    -------
    DataFrame
        Zones in their order; columns ``<statistic>_<year>``, ``<statistic>_<year>_<month>``, or
        ``<statistic>_<raster>`` where dates cannot tell rasters apart.

    Raises
    ------
    DataError
        If a zone has two rows of one column: rasters of the same name.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": ["a", "b"] * 2, "year": [2020] * 2 + [2021] * 2})
    >>> wide(table.assign(sum=[1, 2, 3, 4], max=9))
      unit_id  sum_2020  sum_2021  max_2020  max_2021
    0       a         1         3         9         9
    1       b         2         4         9         9
    """
    zone = table.columns[0]
    stats = [name for name in table.columns[1:] if name not in KEYS]
    if "raster" in table:
        label = table["raster"].astype("str")
    elif "month" in table:
        label = pd.Series([_date(at, 12).replace("-", "_") for at in _number(table)], table.index)
    else:
        label = table["year"].astype("str")
    twice = label[pd.DataFrame({"zone": table[zone], "label": label}).duplicated()].unique()
    raise_if((f"two rasters are {name!r}: no column can hold both" for name in twice), DataError)
    turned = table.assign(_label=label).pivot(index=zone, columns="_label", values=stats)
    turned = turned.reindex(index=pd.unique(table[zone]))
    ordered = [(name, at) for name in stats for at in pd.unique(label)]
    result = turned[ordered].set_axis([f"{name}_{at}" for name, at in ordered], axis=1)
    result = result.astype({f"{n}_{at}": table[n].dtype for n, at in ordered})
    result = result.rename_axis(zone).reset_index()
    result.attrs = table.attrs
    return result


def seasonal(table: pd.DataFrame, *, column: str = "sum") -> pd.DataFrame:
    """Part a monthly series of every zone into season and what is left without it.

    With b the median, over all pairs of years and all months, of the change of the same month per
    year (the seasonal Theil-Sen slope), and r = v - b t, t in years: the season of a calendar month
    is the median of its r over the years, less the mean of the twelve medians. It is additive, as
    radiances may be 0 or negative; medians, as a fire or a cloudy month is no season; along a line,
    as a mean over years would give growth within the year to the season. Missing months are left
    out, never filled. What departs from a line for years on end falls on the months seen then.

    Parameters
    ----------
    table : DataFrame
        First column the zone, ``year``, ``month`` and `column`, one row per zone and month.
    column : str

    Returns
    -------
    DataFrame
        The table with ``<column>_season`` and ``<column>_adjusted`` = value - season; both are
        missing for a zone that lacks a calendar month altogether, or was seen in fewer than two
        years.

    Raises
    ------
    DataError
        If a column is missing, holds no numbers, or a zone appears twice in a month.

    Examples
    --------
    >>> months = pd.DataFrame({"unit_id": "a", "year": [2020] * 12 + [2021] * 12,
    ...     "month": [*range(1, 13)] * 2})
    >>> lights = 24 + 12 * (months["year"] - 2020) + months["month"] + 6 * (months["month"] == 2)
    >>> found = seasonal(months.assign(sum=lights))
    >>> found["sum_season"].head(3).tolist(), found["sum_adjusted"].iloc[[0, 1, 12]].tolist()
    ([-0.5, 5.5, -0.5], [25.5, 26.5, 37.5])
    """
    absent = [name for name in ("year", "month", column) if name not in table.columns]
    problems = [f"the table has no column {name!r}" for name in absent]
    problems += date_problems(table, "year", "month")
    if column in table and not is_numeric_dtype(table[column]):
        problems.append(f"column {column!r} holds no numbers, found {table[column].dtype}")
    raise_if(problems, DataError)
    zone = table.columns[0]
    if table.duplicated([zone, "year", "month"]).any():
        raise DataError("a zone stands more than once in a month")
    season = np.full(len(table), np.nan)
    for rows in table.groupby(zone, sort=False).indices.values():
        part = table.iloc[rows]
        years, months = (part[name].to_numpy(dtype=int) for name in ("year", "month"))
        season[rows] = _seasons(years, months, part[column].to_numpy(dtype=float))[months - 1]
    return table.assign(
        **{f"{column}_season": season, f"{column}_adjusted": table[column] - season}
    )


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
        If a column is missing or a unit appears twice in a year.

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
        If a column is missing, holds no numbers, or a unit appears twice in a year.

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
    raise_if(date_problems(table, "year"), DataError)
    values = table.set_index(["unit_id", "year"])[column]
    repeated = values.index[values.index.duplicated()]
    if len(repeated):
        unit, year = repeated[0]
        raise DataError(f"unit {unit} stands more than once in {year}")
    return values


def date_problems(table: pd.DataFrame, *names: str) -> list[str]:
    """List what is wrong with the columns of years and months that a table has.

    Examples
    --------
    >>> date_problems(pd.DataFrame({"year": [2020, 2020.5], "month": [1, 13]}), "year", "month")
    ["column 'year': 2020.5 is not a year; allowed: whole numbers from 1 to 9999",
     "column 'month': 13 is not a month; allowed: whole numbers from 1 to 12"]
    """
    problems = []
    for name in names:
        if name not in table:
            continue
        values, last = table[name], {"year": 9999, "month": 12}[name]
        if is_numeric_dtype(values):
            odd = ~values.between(1, last) | (values % 1 != 0)
        else:
            odd = values.notna()
        if odd.any():
            problems.append(
                f"column {name!r}: {values[odd].iloc[0]} is not a {name}; "
                f"allowed: whole numbers from 1 to {last}"
            )
    return problems


def _seasons(
    years: NDArray[np.int64], months: NDArray[np.int64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Season of each of the twelve months; NaN where it cannot be had."""
    grid = np.full((np.ptp(years) + 1, 12), np.nan)
    grid[years - years.min(), months - 1] = values
    early, late = np.triu_indices(len(grid), 1)
    changes = (grid[late] - grid[early]) / (late - early)[:, None]
    if np.isnan(grid).all(axis=0).any() or np.isnan(changes).all():
        return np.full(12, np.nan)
    line = np.nanmedian(changes) * (np.arange(len(grid))[:, None] + np.arange(12) / 12)
    medians = np.nanmedian(grid - line, axis=0)
    found: NDArray[np.float64] = medians - medians.mean()
    return found


def _number(table: pd.DataFrame) -> pd.Series[int]:
    """Years, or months, as consecutive numbers."""
    if "month" in table:
        return table["year"].astype("int64") * 12 + table["month"].astype("int64") - 1
    return table["year"].astype("int64")


def _date(number: int, parts: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}" if parts == 12 else str(number)
