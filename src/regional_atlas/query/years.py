"""Which year the values of an answer are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from regional_atlas.core.schema import AtlasTables

__all__ = ["said_years", "with_years", "year_problems", "years_known"]

_MOST = 4
"""Fields of a year that a sentence names one by one, where there are others."""


def years_known(rows: pd.DataFrame) -> dict[str, list[int]]:
    """List the years of each code of a long table, in order; codes without years are left out.

    Examples
    --------
    >>> years_known(pd.DataFrame({"code": ["gdp", "gdp", "area"], "year": [2021, 2020, None]}))
    {'gdp': [2020, 2021]}
    """
    pairs = rows[["code", "year"]].dropna().drop_duplicates().sort_values("year")
    return {str(code): [*map(int, years)] for code, years in pairs.groupby("code")["year"]}


def with_years(
    table: pd.DataFrame,
    known: Mapping[str, list[int]],
    year: int | None,
    named: Mapping[str, str],
) -> pd.DataFrame:
    """Say of which year each field of an answer is, and which fields it has no year for.

    Parameters
    ----------
    table : DataFrame
        The answer.
    known : mapping of str to list of int
        Of `years_known`.
    year : int, optional
        That was asked for; the latest of each field otherwise.
    named : mapping of str to str
        Codes that have another name in the answer; see `basis.apart`.

    Returns
    -------
    DataFrame
        The same. `attrs["years"]` gives the year by column; `attrs["without"]`, by code, the years
        of the fields that are left out because they have none in `year`.
    """
    fields = {named.get(code, code): years for code, years in known.items()}
    table.attrs["years"] = {
        name: years[-1] if year is None else year
        for name, years in fields.items()
        if name in table.columns
    }
    table.attrs["without"] = {
        name: years for name, years in fields.items() if year is not None and year not in years
    }
    return table


def said_years(table: pd.DataFrame, shown: Iterable[str] | None = None) -> list[str]:
    """Put into sentences what `with_years` found, for the columns shown: all, if none are named.

    Examples
    --------
    >>> table = pd.DataFrame(columns=["gdp", "income"])
    >>> table.attrs["years"] = {"gdp": 2015, "income": 2018}
    >>> said_years(table)
    ['values: gdp of 2015, income of 2018']
    >>> said_years(table, ["income"])
    ['values of 2018']
    """
    fields: dict[str, int] = table.attrs.get("years", {})
    by_year: dict[int, list[str]] = {}
    for name in table.columns if shown is None else shown:
        if name in fields:
            by_year.setdefault(fields[name], []).append(name)
    said = []
    if len(by_year) == 1:
        said.append(f"values of {next(iter(by_year))}")
    elif by_year:
        most = max(by_year, key=lambda year: len(by_year[year]))
        parts = {year: ", ".join(by_year[year]) for year in sorted(by_year)}
        if len(by_year[most]) > _MOST:
            del parts[most]
            parts[most] = "the others"
        said.append("values: " + ", ".join(f"{names} of {year}" for year, names in parts.items()))
    without: dict[str, list[int]] = table.attrs.get("without", {})
    if without and shown is None:
        years = [f"{name} ({_span(years)})" for name, years in without.items()]
        more = f" and {len(years) - _MOST} more" if len(years) > _MOST else ""
        said.append(f"left out, without a value in that year: {', '.join(years[:_MOST])}{more}")
    return said


def year_problems(tables: AtlasTables, year: int | None) -> list[str]:
    """Say whether no indicator has a year."""
    if year is None:
        return []
    known = sorted(tables.indicators["year"].dropna().unique())
    if year in known:
        return []
    years = ", ".join(f"{each:.0f}" for each in known)
    return [f"year: no indicator has {year}; allowed: {years or 'there are none'}"]


def _span(years: list[int]) -> str:
    """Name years, runs of them by their ends.

    >>> _span([2012, 2013, 2014, 2018])
    '2012–2014, 2018'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
