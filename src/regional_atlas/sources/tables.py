"""Tables of a project: rankings, clusters, indicators, changes, published figures, lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from regional_atlas.config import ClustersConfig, IndicatorTable
from regional_atlas.config.indicators import RowRule
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.sources.text_tables import numbers, read_text_table, repeats

__all__ = [
    "CHANGE_KINDS",
    "read_changes",
    "read_clusters",
    "read_indicators",
    "read_published_figures",
    "read_ranking",
    "read_zonal",
    "total_rows",
]

CHANGE_KINDS = ("rename", "recode", "merge", "split")


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
        Ranks that are not whole numbers from 1, and rows that appear twice.
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
        f"line {line}: rank {table.at[line, 'rank']!r} is not a whole number from 1"
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
        `set`, `cluster_id`, `cluster`, `cluster_en`, `group`, `size`, `unit`.
    """
    path = config.file
    wanted = [config.cluster, config.cluster_en, config.units, config.group, config.size]
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
            "cluster_en": table[config.cluster_en] if config.cluster_en else None,
            "group": table[config.group] if config.group else None,
            "size": size,
            "unit": table[config.units].str.split(r"[;；]", regex=True),
        }
    )
    rows = rows.explode("unit", ignore_index=True)
    texts = dict.fromkeys(["cluster_en", "group", "unit"], "str")
    return rows.assign(unit=rows["unit"].str.strip()).astype(texts)


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
