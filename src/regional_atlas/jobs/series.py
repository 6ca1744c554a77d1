"""Series of a zonal table, from file to file: growth and trend by year, season by month."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from regional_atlas.core.errors import DataError, InputError, raise_if, results_of
from regional_atlas.core.outputs import OutputFile, check_outputs, heading
from regional_atlas.core.spreadsheets import restored
from regional_atlas.export.tables import check_ending, write_csv, write_parquet
from regional_atlas.nightlights import growth, level_shifts, trend
from regional_atlas.sources.tables import read_zonal
from regional_atlas.zonal import seasonal
from regional_atlas.zonal.series import date_problems

__all__ = ["season_file", "trend_file"]


TREND_COLUMNS = {
    "base", "final", "growth", "dark_base", "slope", "tau", "p", "years", "level_shifts",
}  # fmt: skip


def trend_file(
    table: Path,
    out: Path,
    *,
    column: str = "sum",
    first: int | None,
    last: int | None,
    overwrite: bool = False,
    raw: bool = False,
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
    overwrite : bool
        Whether `out` may be a file that no earlier call wrote; the table it never is.
    raw : bool
        See `csv_text`.

    Returns
    -------
    DataFrame
        The zones' key; `base`, `final`, `growth` and `dark_base` of `growth`; `slope`, `tau`, `p`
        and `years` of `trend`; `level_shifts`, the years of the zone's own steps, with spaces.

    Raises
    ------
    InputError
        What is wrong with which file or argument, all at once.
    """
    series = partial(_trends, column=column, first=first, last=last)
    return _written(table, out, series, _wrote_trend, overwrite, raw)


def _trends(read: pd.DataFrame, column: str, first: int | None, last: int | None) -> pd.DataFrame:
    key = read.columns[0]
    keyed = read.rename(columns={key: "unit_id"})
    if "year" not in keyed or keyed["year"].isna().any() or keyed.empty:
        raise DataError("needs rows with a year in each; wide tables have none")
    raise_if(date_problems(keyed, "year"), DataError)
    first = int(keyed["year"].min()) if first is None else first
    last = int(keyed["year"].max()) if last is None else last
    kept = keyed[keyed["year"].between(first, last)]
    result = growth(keyed, first, last, column=column).join(trend(kept, column=column))
    shifts = {
        unit: " ".join(map(str, level_shifts(rows.set_index("year")[column])))
        for unit, rows in kept.groupby("unit_id", sort=False)
    }
    result["level_shifts"] = pd.Series(shifts, dtype="str")
    return result.rename_axis(key).reset_index()


def _wrote_trend(path: Path) -> bool:
    return heading(path) >= TREND_COLUMNS


def season_file(
    table: Path, out: Path, *, column: str = "sum", overwrite: bool = False, raw: bool = False
) -> pd.DataFrame:
    """Write a monthly zonal table with the season of a column and the column without it.

    Parameters
    ----------
    table : Path
        A file that `zonal` wrote from months, not wide.
    out : Path
        `.csv` or `.parquet`.
    column : str
    overwrite : bool
        Whether `out` may be a file that no earlier call wrote; the table it never is.
    raw : bool
        See `csv_text`.

    Returns
    -------
    DataFrame
        See `seasonal`.

    Raises
    ------
    InputError
        What is wrong with which file or argument, all at once.
    """
    series = partial(seasonal, column=column)
    return _written(table, out, series, _wrote_season, overwrite, raw)


def _wrote_season(path: Path) -> bool:
    names = heading(path)
    return any({f"{name}_season", f"{name}_adjusted"} <= names for name in names)


def _written(
    table: Path,
    out: Path,
    series: Callable[[pd.DataFrame], pd.DataFrame],
    wrote: Callable[[Path], bool],
    overwrite: bool,
    raw: bool,
) -> pd.DataFrame:
    def found() -> pd.DataFrame:
        read = _read(table)
        try:
            return series(read)
        except InputError as error:
            raise DataError(*error.problems, where=str(table)) from error

    result: pd.DataFrame
    check_outputs([OutputFile("--out", out, wrote)], [("--table", table)], overwrite=overwrite)
    _, result = results_of(lambda: check_ending(out, ".csv", ".parquet"), found)
    if out.suffix == ".csv":
        write_csv(result, out, raw=raw)
    else:
        write_parquet(result, out)
    return result


def _read(table: Path) -> pd.DataFrame:
    if not os.path.isfile(table):
        raise InputError(f"file not found: {table}")
    if table.suffix != ".csv":
        return read_zonal(table)
    try:
        key = pd.read_csv(table, nrows=0).columns[0]
        read = pd.read_csv(table, dtype={key: "str"})
    except (ValueError, IndexError) as error:
        raise DataError(f"cannot be read as CSV: {error}", where=str(table)) from error
    read[key] = read[key].map(restored, na_action="ignore").astype("str")
    return read
