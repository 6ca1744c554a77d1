"""Tables: CSV and XLSX read as text, then checked cell by cell."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from regional_atlas.config import ClustersConfig, IndicatorTable
from regional_atlas.errors import DataError, raise_if

__all__ = [
    "numbers",
    "read_clusters",
    "read_indicators",
    "read_published_figures",
    "read_ranking",
    "read_text_table",
    "read_zonal",
]


def read_text_table(
    path: Path,
    required: Sequence[str] = (),
    *,
    sheet: str | None = None,
    skip_rows: Sequence[int] = (),
) -> pd.DataFrame:
    """Read a CSV or XLSX file with every cell as text.

    Parameters
    ----------
    path : Path
        UTF-8 CSV (with or without BOM) or XLSX.
    required : sequence of str
        Columns that must be there.
    sheet : str, optional
        Of an XLSX file; the first by default.
    skip_rows : sequence of int
        Lines of the file to leave out, counted from 1.

    Returns
    -------
    DataFrame
        Text without surrounding blanks; empty cells missing. The index is the line of the file.

    Raises
    ------
    DataError
        When the file cannot be parsed, lines have more cells than there are headings (pandas would
        shift or drop them without a word), or columns are missing.
    """
    if path.suffix.lower() == ".xlsx":
        table = _read_sheet(path, sheet, skip_rows)
    else:
        table = _read_csv(path, skip_rows)
    for column in table.columns:
        stripped = table[column].str.strip()
        table[column] = stripped.mask(stripped == "")
    absent = [name for name in required if name not in table.columns]
    found = ", ".join(table.columns)
    raise_if(
        (f"column {name!r} is missing; found: {found}" for name in absent), DataError, str(path)
    )
    return table


def _read_sheet(path: Path, sheet: str | None, skip_rows: Sequence[int]) -> pd.DataFrame:
    try:
        table = pd.read_excel(
            path, sheet_name=sheet or 0, dtype="str", skiprows=[row - 1 for row in skip_rows]
        )
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error
    table.columns = table.columns.astype("str").str.strip()
    skipped = set(skip_rows)
    kept = (number for number in itertools.count(1) if number not in skipped)
    table.index = pd.Index(list(itertools.islice(kept, 1, len(table) + 1)))
    return table


def _read_csv(path: Path, skip_rows: Sequence[int]) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [
                (number, cells)
                for number, cells in enumerate(csv.reader(file, strict=True), start=1)
                if number not in skip_rows and any(cell.strip() for cell in cells)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot be read as a table: {error}", where=str(path)) from error
    if not lines:
        raise DataError("cannot be read as a table: it is empty", where=str(path))
    (_, header), *rows = lines
    names = [name.strip() for name in header]
    width = len(names)
    problems = [
        f"line {number}: {len(cells)} cells under {width} headings"
        for number, cells in rows
        if any(cell.strip() for cell in cells[width:])
    ]
    problems += [f"heading {name!r} stands twice" for name in names if names.count(name) > 1]
    raise_if(dict.fromkeys(problems), DataError, str(path))
    filled = [(cells + [""] * width)[:width] for _, cells in rows]
    return pd.DataFrame(filled, columns=names, dtype="str", index=[n for n, _ in rows])


def numbers(table: pd.DataFrame, column: str) -> tuple[pd.Series, list[str]]:
    """Turn a text column into numbers; name the row of each cell that is none.

    Thousands separators are taken; an empty cell is missing.

    Returns
    -------
    Series of float
        Missing where the cell is empty or no number.
    list of str
        Problems, by the lines of the table's index.
    """
    values = pd.to_numeric(table[column].str.replace(",", ""), errors="coerce")
    bad = table[column].notna() & values.isna()
    problems = [
        f"line {line}, column {column!r}: {table.at[line, column]!r} is no number"
        for line in table.index[bad]
    ]
    return values.astype("float64"), problems


def read_ranking(path: Path) -> pd.DataFrame:
    """Read a published ranking: `rank`, and `unit_id` or `unit` with parent levels.

    Raises
    ------
    DataError
        Ranks that are no whole numbers from 1, and rows that stand twice.
    """
    table = read_text_table(path, ["rank"])
    if "unit_id" not in table.columns and "unit" not in table.columns:
        raise DataError("a ranking needs a column 'unit_id' or 'unit'", where=str(path))
    ranks, problems = numbers(table, "rank")
    odd = ranks.isna() | (ranks < 1) | (ranks % 1 != 0)
    problems += [
        f"line {line}: rank {table.at[line, 'rank']!r} is no whole number from 1"
        for line in table.index[odd]
    ]
    identity = [name for name in table.columns if name != "rank" and name != "first_in_province"]
    problems += _repeats(table, ["unit_id"] if "unit_id" in identity else identity)
    raise_if(problems, DataError, str(path))
    table["rank"] = ranks.astype("int64")
    return table


def read_clusters(config: ClustersConfig) -> pd.DataFrame:
    """Read industrial clusters, one row for each cluster and unit.

    Returns
    -------
    DataFrame
        `set`, `cluster_id`, `cluster`, `group`, `size`, `unit`.
    """
    path = config.file
    wanted = [config.cluster, config.units, config.group, config.size]
    table = read_text_table(path, [name for name in wanted if name])
    size = pd.Series(float("nan"), index=table.index)
    problems: list[str] = []
    if config.size:
        size, problems = numbers(table, config.size)
    raise_if(problems, DataError, str(path))
    rows = pd.DataFrame(
        {
            "set": config.id,
            "cluster_id": [f"{config.id}-{i + 1}" for i in range(len(table))],
            "cluster": table[config.cluster],
            "group": table[config.group] if config.group else None,
            "size": size,
            "unit": table[config.units].str.split(r"[;；]", regex=True),
        }
    )
    rows = rows.explode("unit", ignore_index=True)
    return rows.assign(unit=rows["unit"].str.strip()).astype({"group": "str", "unit": "str"})


def read_indicators(table: IndicatorTable) -> pd.DataFrame:
    """Read an indicator table: identifying columns as text, indicators as numbers.

    Returns
    -------
    DataFrame
        `unit_id` or `unit` with whatever other text columns, and one float column per code.
    """
    assert table.file is not None
    columns = {column.column: column.code for column in table.columns}
    raw = read_text_table(
        table.file,
        [name for name in columns if name not in table.rename],
        sheet=table.sheet,
        skip_rows=table.skip_rows,
    ).rename(columns=table.rename)
    problems: list[str] = []
    for column in table.columns:
        values, bad = numbers(raw, column.column)
        raw[column.code] = values * column.scale
        problems += bad
    if "unit_id" in raw.columns:
        problems += _repeats(raw, ["unit_id"])
    elif "unit" not in raw.columns:
        problems.append("a table needs a column 'unit_id' or 'unit'; `rename` can give it one")
    raise_if(problems, DataError, str(table.file))
    return raw.drop(columns=[c for c in columns if c not in columns.values()])


def read_published_figures(path: Path) -> pd.DataFrame:
    """Read published figures: `scope`, `group`, `key`, `value`."""
    table = read_text_table(path, ["scope", "group", "key", "value"])
    values, problems = numbers(table, "value")
    raise_if(problems, DataError, str(path))
    return table.assign(value=values)


def read_zonal(path: Path) -> pd.DataFrame:
    """Read a table of zonal statistics from Parquet."""
    try:
        return pd.read_parquet(path)
    except Exception as error:
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from error


def _repeats(table: pd.DataFrame, columns: list[str]) -> list[str]:
    """Name every later row that says the same in `columns` as an earlier one."""
    first: dict[tuple[str, ...], int] = {}
    problems = []
    for line, *cells in table[columns].fillna("").itertuples():
        key = tuple(cells)
        if key in first:
            shown = " ".join(filter(None, key))
            problems.append(f"line {line}: {shown!r} stands in line {first[key]} already")
        else:
            first[key] = line
    return problems
