"""Series of a zonal table, from file to file: growth and trend by year, season by month."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from regional_atlas.errors import DataError, InputError, raise_if
from regional_atlas.export.tables import write_csv, write_parquet
from regional_atlas.nightlights import growth, level_shifts, seasonal, trend
from regional_atlas.sources.tables import read_zonal

__all__ = ["season_file", "trend_file"]


def trend_file(
    table: Path, out: Path, *, column: str = "sum", first: int | None, last: int | None
) -> pd.DataFrame:
    """Summarise the years of a zonal table, one row per zone.

    Parameters
    ----------
    table : Path
        A file that `zonal` wrote, not wide.
    out : Path
        `.csv` or `.parquet`.
    column : str
        What grows.
    first, last : int, optional
        Years to keep; all by default.

    Returns
    -------
    DataFrame
        The zones' key; `base`, `final`, `growth` and `dark_base` of `growth`; `slope`, `tau`, `p`
        and `years` of `trend`; `level_shifts`, the years of the zone's own steps, with spaces.

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    read = _read(table, out)
    key = read.columns[0]
    keyed = read.rename(columns={key: "unit_id"})
    if "year" not in keyed or keyed["year"].isna().any() or keyed.empty:
        raise DataError("needs rows with a year in each; wide tables have none", where=str(table))
    first = int(keyed["year"].min()) if first is None else first
    last = int(keyed["year"].max()) if last is None else last
    kept = keyed[keyed["year"].between(first, last)]
    try:
        result = growth(keyed, first, last, column=column).join(trend(kept, column=column))
        shifts = {
            unit: " ".join(map(str, level_shifts(rows.set_index("year")[column])))
            for unit, rows in kept.groupby("unit_id", sort=False)
        }
    except InputError as error:
        raise DataError(*error.problems, where=str(table)) from error
    result["level_shifts"] = pd.Series(shifts, dtype="str")
    return _written(result.rename_axis(key).reset_index(), out)


def season_file(table: Path, out: Path, *, column: str = "sum") -> pd.DataFrame:
    """Write a monthly zonal table with the season of a column and the column without it.

    Parameters
    ----------
    table : Path
        A file that `zonal` wrote from months, not wide.
    out : Path
        `.csv` or `.parquet`.
    column : str

    Returns
    -------
    DataFrame
        See `seasonal`.

    Raises
    ------
    InputError
        What is wrong with which file or argument.
    """
    read = _read(table, out)
    try:
        found = seasonal(read, column=column)
    except InputError as error:
        raise DataError(*error.problems, where=str(table)) from error
    return _written(found, out)


def _read(table: Path, out: Path) -> pd.DataFrame:
    problems = []
    if out.suffix not in (".csv", ".parquet"):
        problems.append(f"--out {str(out)!r}: expected a name that ends in .csv or .parquet")
    if not table.is_file():
        problems.append(f"file not found: {table}")
    raise_if(problems, InputError)
    if table.suffix != ".csv":
        return read_zonal(table)
    try:
        key = pd.read_csv(table, nrows=0).columns[0]
        return pd.read_csv(table, dtype={key: "str"})
    except (ValueError, IndexError) as error:
        raise DataError(f"cannot be read as CSV: {error}", where=str(table)) from error


def _written(table: pd.DataFrame, out: Path) -> pd.DataFrame:
    (write_csv if out.suffix == ".csv" else write_parquet)(table, out)
    return table
