"""Lights over the years: growth, robust trend, and the steps that another sensor leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, problems_of, raise_if
from regional_atlas.zonal.series import keyed

__all__ = ["growth", "level_shifts", "total_shifts", "trend"]

STEP = 0.25
SPREADS = 3.5


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
        or a unit appears twice in a year; names all of it.

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


def trend(
    table: pd.DataFrame, *, column: str = "sum", first: int | None = None, last: int | None = None
) -> pd.DataFrame:
    """Theil-Sen slope with the p-value of Mann and Kendall, of every unit.

    slope = median of (v_j - v_i) / (t_j - t_i) over all pairs of years, in units of `column` a
    year. p is two-sided, of Kendall's tau-b between year and value: exact without ties, by the
    normal approximation with ties. Missing values are left out, never filled.

    Parameters
    ----------
    table : DataFrame
        ``unit_id``, ``year`` and `column`, one row per unit and year.
    column : str
    first, last : int, optional
        Years to keep, both included. Leave out years of another sensor.

    Returns
    -------
    DataFrame
        Index ``unit_id``, in the table's order; ``slope``, ``tau``, ``p``, ``years`` (values
        used). Fewer than three values: NaN. A constant series: slope 0, tau and p NaN.

    Raises
    ------
    DataError
        If a column is missing, holds no numbers, or a unit appears twice in a year.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": "a", "year": range(2013, 2018), "sum": [1, 2, 9, 4, 5]})
    >>> trend(table).round(3)
             slope  tau      p  years
    unit_id
    a          1.0  0.6  0.233      5
    """
    from scipy.stats import kendalltau, theilslopes

    keyed(table, column)
    kept = table[table["year"].between(first or -np.inf, last or np.inf)]
    rows = {}
    for unit, part in kept.groupby("unit_id", sort=False):
        known = part.dropna(subset=[column]).sort_values("year")
        values, years = known[column].to_numpy(dtype=float), known["year"].to_numpy(dtype=float)
        if len(values) < 3:
            rows[unit] = (np.nan, np.nan, np.nan, len(values))
            continue
        tau, p = np.nan, np.nan
        if np.ptp(values) > 0:
            tau, p = kendalltau(years, values)
        rows[unit] = (theilslopes(values, years)[0], tau, p, len(values))
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["slope", "tau", "p", "years"])
    found = found.reindex(pd.unique(table["unit_id"])).rename_axis("unit_id")
    return found.assign(years=found["years"].fillna(0).astype("int64"))


def level_shifts(
    series: pd.Series[float], *, least: float = STEP, spreads: float = SPREADS
) -> list[int]:
    """Years whose step from the year before stands out of all the steps of a series.

    With d the steps of ln v between neighbouring years, m their median and s = 1.4826 times the
    median of |d - m|: a year is flagged where |d - m| exceeds both `spreads` * s and
    ln(1 + `least`). Nothing is smoothed. A step across a missing year is not judged.

    Parameters
    ----------
    series : Series
        Totals by year; values of 0 and below, and missing ones, have no logarithm and no step.
    least : float
        Smallest step beyond the median, as a share.
    spreads : float
        Robust standard deviations.

    Returns
    -------
    list of int
        The later year of each step, in order. Fewer than four steps: none is judged.

    Examples
    --------
    >>> totals = pd.Series([8.3, 12.0, 12.4, 12.2, 12.9, 13.3], index=range(2012, 2018))
    >>> level_shifts(totals)
    [2013]
    """
    ordered = series.astype(float).sort_index()
    logs = pd.Series(np.log(ordered.where(ordered > 0).to_numpy()), ordered.index)
    years = pd.Series(ordered.index.to_numpy(dtype=np.float64), ordered.index)
    steps = logs.diff().where(years.diff() == 1).dropna()
    if len(steps) < 4:
        return []
    apart = (steps - steps.median()).abs()
    limit = max(spreads * 1.4826 * float(apart.median()), float(np.log1p(least)))
    return [int(year) for year in apart.index[apart > limit]]


def total_shifts(table: pd.DataFrame) -> list[int]:
    """Years in which the sum over all zones of a yearly table shifts its level.

    Parameters
    ----------
    table : DataFrame
        Of `zonal_statistics`. A monthly one, and one without ``sum``, has none.

    Returns
    -------
    list of int
        See `level_shifts`.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": "a", "year": range(2012, 2018),
    ...     "sum": [8.3, 12.0, 12.4, 12.2, 12.9, 13.3]})
    >>> total_shifts(table)
    [2013]
    """
    if "month" in table or "sum" not in table:
        return []
    return level_shifts(table.groupby("year")["sum"].sum(min_count=1))
