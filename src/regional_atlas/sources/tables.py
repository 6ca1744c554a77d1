"""Tables: CSV and XLSX read as text, then checked cell by cell."""

from __future__ import annotations

import csv
import itertools
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from regional_atlas.config import ClustersConfig, IndicatorTable
from regional_atlas.config.indicators import Repair, RowRule
from regional_atlas.errors import DataError, raise_if

__all__ = [
    "CHANGE_KINDS",
    "numbers",
    "read_changes",
    "read_clusters",
    "read_indicators",
    "read_published_figures",
    "read_ranking",
    "read_text_table",
    "read_zonal",
    "repeats",
    "total_rows",
]

CHANGE_KINDS = ("rename", "recode", "merge", "split")
_THOUSANDS = r"\s*[+-]?\d{1,3}(,\d{3})+(\.\d*)?\s*"


def read_text_table(
    path: Path,
    required: Sequence[str] = (),
    *,
    sheet: str | None = None,
    skip_rows: Sequence[int] = (),
    repairs: Sequence[Repair] = (),
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
    repairs : sequence of Repair
        Faults of single lines; `drop` is for CSV.

    Returns
    -------
    DataFrame
        Text without surrounding blanks; empty cells missing. The index is the line of the file.

    Raises
    ------
    DataError
        When the file is missing or cannot be parsed, lines have more cells than there are headings
        (pandas would shift or drop them without a word), columns are missing, or a repair finds not
        what it says.
    """
    if not path.is_file():
        raise DataError("file not found", where=str(path))
    if path.suffix.lower() == ".xlsx":
        table = _read_sheet(path, sheet, skip_rows)
    else:
        table = _read_csv(path, skip_rows, {r.line: r.drop for r in repairs if r.drop})
    for column in table.columns:
        stripped = table[column].str.strip()
        table[column] = stripped.mask(stripped == "")
    raise_if(_repair_cells(table, repairs), DataError, str(path))
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


def _repair_cells(table: pd.DataFrame, repairs: Sequence[Repair]) -> list[str]:
    """Replace the cells that repairs name, in place; list those that are not as they say."""
    problems = []
    for repair in repairs:
        line, column = repair.line, repair.column
        if column is None:
            continue
        if line not in table.index or column not in table.columns:
            problems.append(
                f"repair of line {line}: there is no such line, or no column {column!r}"
            )
        elif table.at[line, column] != repair.was:
            found = table.at[line, column]
            problems.append(f"repair of line {line}: {column!r} is {found!r}, not {repair.was!r}")
        else:
            table.at[line, column] = repair.value
    return problems


def _drop_cells(lines: list[tuple[int, list[str]]], drops: dict[int, int]) -> list[str]:
    """Take stray empty cells out of lines, in place; list those that are not there or not empty."""
    cells_of = dict(lines)
    problems = []
    for line, number in drops.items():
        cells = cells_of.get(line, [])
        if number > len(cells):
            problems.append(f"repair of line {line}: there is no cell {number}")
        elif cells[number - 1].strip():
            problems.append(f"repair of line {line}: cell {number} holds {cells[number - 1]!r}")
        else:
            del cells[number - 1]
    return problems


def _read_csv(path: Path, skip_rows: Sequence[int], drops: dict[int, int]) -> pd.DataFrame:
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
    problems = _drop_cells(lines, drops)
    (_, header), *rows = lines
    names = [name.strip() for name in header]
    width = len(names)
    problems += [
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

    Thousands separators are taken where they part groups of three digits ("1,200", not "1,2");
    an empty cell is missing. Infinity is no number.

    Returns
    -------
    Series of float
        Missing where the cell is empty or no number.
    list of str
        Problems, by the lines of the table's index.
    """
    text = table[column]
    grouped = text.str.fullmatch(_THOUSANDS).eq(True)  # missing is not
    values = pd.to_numeric(text.mask(grouped, text.str.replace(",", "")), errors="coerce")
    values = values.where(np.isfinite(values))
    bad = table[column].notna() & values.isna()
    problems = [
        f"line {line}, column {column!r}: {table.at[line, column]!r} is no number"
        for line in table.index[bad]
    ]
    return values.astype("float64"), problems


def read_ranking(
    path: Path, *, rename: Mapping[str, str] | None = None, only: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Read a published ranking: `rank`, and `unit_id` or `unit` with parent levels.

    Parameters
    ----------
    path : Path
        CSV or XLSX.
    rename : mapping of str to str, optional
        Headings to these names.
    only : mapping of str to str, optional
        Keep the rows whose columns read so.

    Raises
    ------
    DataError
        Ranks that are no whole numbers from 1, and rows that stand twice.
    """
    table = read_text_table(path, [*(rename or {}), *(only or {})])
    for column, text in (only or {}).items():
        table = table[table[column] == text]
    table = table.rename(columns=dict(rename or {}))
    if "rank" not in table.columns:
        raise DataError("a ranking needs a column 'rank'", where=str(path))
    if "unit_id" not in table.columns and "unit" not in table.columns:
        raise DataError("a ranking needs a column 'unit_id' or 'unit'", where=str(path))
    ranks, problems = numbers(table, "rank")
    odd = ranks.isna() | (ranks < 1) | (ranks % 1 != 0)
    problems += [
        f"line {line}: rank {table.at[line, 'rank']!r} is no whole number from 1"
        for line in table.index[odd]
    ]
    identity = [name for name in table.columns if name != "rank" and name != "first_in_province"]
    problems += repeats(table, ["unit_id"] if "unit_id" in identity else identity)
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
        `unit_id` or `unit` with whatever other text columns, and one float column per code. Rows
        that the table declares as totals stand in it; see `total_rows`.
    """
    assert table.file is not None
    columns = list(dict.fromkeys(name for column in table.columns for name in column.columns))
    raw = read_text_table(
        table.file,
        [*table.rename, *columns],
        sheet=table.sheet,
        skip_rows=table.skip_rows,
        repairs=table.repairs,
    )
    values, problems = {}, []
    for name in columns:
        values[name], bad = numbers(raw, name)
        problems += bad
    identity = raw.drop(columns=columns).rename(columns=table.rename)
    if "unit" in identity.columns and table.squeeze_names:
        identity["unit"] = identity["unit"].str.replace(r"\s", "", regex=True)
    if "unit_id" in identity.columns:
        problems += repeats(identity[identity["unit_id"].notna()], ["unit_id"])
    elif "unit" not in identity.columns:
        problems.append("a table needs a column 'unit_id' or 'unit'; `rename` can give it one")
    raise_if(problems, DataError, str(table.file))
    found = {
        column.code: sum((values[name] for name in column.columns), start=0.0) * column.scale
        for column in table.columns
    }
    return pd.concat([identity, pd.DataFrame(found, index=raw.index)], axis=1)


def total_rows(rows: pd.DataFrame, rules: Sequence[RowRule]) -> pd.Series:
    """Say of each row whether a rule takes it for a total."""
    total = pd.Series(False, index=rows.index)
    for rule in rules:
        cells = rows[rule.column].fillna("")
        total |= cells.isin(rule.equals)
        if rule.ends:
            total |= cells.str.endswith(rule.ends)
    return total


def read_changes(path: Path) -> pd.DataFrame:
    """Read a file of changes of boundaries and names.

    Returns
    -------
    DataFrame
        `date` (missing: always), `kind`, `from_code`, `from_name`, `to_code`, `to_name` and any
        parent levels, as text; the index is the line.

    Raises
    ------
    DataError
        Unknown kinds, dates that are none, changes without a beginning or an end.
    """
    table = read_text_table(path, ["date", "kind", "from_code", "from_name", "to_code", "to_name"])
    problems = [
        f"line {line}: kind {kind!r} is none of {', '.join(CHANGE_KINDS)}"
        for line, kind in table["kind"].items()
        if kind not in CHANGE_KINDS
    ]
    days = table["date"].dropna()
    problems += [
        f"line {line}: date {day!r} is none; write YYYY, YYYY-MM or YYYY-MM-DD"
        for line, day in days[~days.str.fullmatch(r"\d{4}(-[01]\d(-[0-3]\d)?)?")].items()
    ]
    blank = table["to_code"].isna() | (table["from_code"].isna() & table["from_name"].isna())
    problems += [
        f"line {line}: a change needs `to_code`, and `from_code` or `from_name`"
        for line in table.index[blank]
    ]
    raise_if(problems, DataError, str(path))
    return table


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


def repeats(table: pd.DataFrame, columns: list[str]) -> list[str]:
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
