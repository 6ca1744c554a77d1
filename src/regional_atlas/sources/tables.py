"""Tables of a project: rankings, clusters, indicators, changes, published figures, lights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pandas as pd

from regional_atlas.config import ClustersConfig, IndicatorTable
from regional_atlas.config.indicators import IndicatorColumn, RowRule
from regional_atlas.config.tables import TableConfig, TableSource
from regional_atlas.core.errors import DataError, problems_of, raise_if
from regional_atlas.core.names import folded
from regional_atlas.core.schema import TableReading, listed
from regional_atlas.sources.reader import Table, read_table

__all__ = [
    "CHANGE_COLUMNS",
    "CHANGE_KINDS",
    "IndicatorRows",
    "UnitRows",
    "change_row_problems",
    "columns_of_years",
    "read_changes",
    "read_clusters",
    "read_indicators",
    "read_published_figures",
    "read_ranking",
    "read_zonal",
    "total_rows",
]

CHANGE_KINDS = ("rename", "recode", "merge", "split", "transfer")


@dataclass(frozen=True)
class UnitRows:
    """Rows that name units, and the table that they come from, which says where each is."""

    table: Table
    rows: pd.DataFrame


def read_ranking(
    path: Path,
    config: TableConfig | None = None,
    *,
    only: Mapping[str, str] | None = None,
    readings: list[TableReading] | None = None,
) -> UnitRows:
    """Read a published ranking: `rank`, and `unit_id` or `unit` with parent levels.

    Parameters
    ----------
    path : Path
        A table of any format.
    config : TableConfig, optional
        How it is read.
    only : mapping of str to str, optional
        Keep the rows whose columns read so.
    readings : list of TableReading, optional
        Where to say how it was read.

    Raises
    ------
    DataError
        Ranks that are not whole numbers from 1 or that jump, and rows that appear twice.
    """
    table = read_table(path, list(only or {}), config, readings)
    for column, text in (only or {}).items():
        table = table.keep(table.texts(column).eq(text).fillna(False))
    columns = table.text.columns
    if "rank" not in columns:
        raise DataError("a ranking needs a column 'rank'", where=table.where)
    if "unit_id" not in columns and "unit" not in columns:
        raise DataError("a ranking needs a column 'unit_id' or 'unit'", where=table.where)
    ranks, problems = table.numbers("rank")
    odd = ranks.isna() | (ranks < 1) | (ranks % 1 != 0)
    problems += [
        f"{table.row(int(str(line)), 'rank')}: rank {rank!r} is not a whole number from 1"
        for line, rank in table.text.loc[odd, "rank"].items()
    ]
    # What `where` leaves out of a list leaves gaps.
    if not problems and table.config.where is None:
        problems += _jumps(ranks, table)
    identity = [name for name in columns if name != "rank" and name != "first_in_province"]
    problems += table.repeats(["unit_id"] if "unit_id" in identity else identity)
    raise_if(problems, DataError, table.where)
    return UnitRows(table, table.text.assign(rank=ranks.astype("int64")))


def _jumps(ranks: pd.Series, table: Table) -> Iterator[str]:
    """Name the first rank that no way of counting ties leads to.

    The three ways for ties: all carry the first of their ranks (1, 2, 2, 4), the last (1, 3, 3, 4),
    or the next rank without a gap behind them (1, 2, 2, 3).
    """
    found = sorted(Counter(int(rank) for rank in ranks).items())
    behind = [*accumulate(size for _, size in found)]
    ways = [
        [last - size + 1 for last, (_, size) in zip(behind, found, strict=True)],
        behind,
        [*range(1, len(found) + 1)],
    ]
    held = [next((at for at, n in enumerate(way) if n != found[at][0]), len(found)) for way in ways]
    at = max(held)
    if at == len(found):
        return
    rank = found[at][0]
    line = next(row for row, other in zip(table.text.index, ranks, strict=True) if other == rank)
    allowed = sorted({way[at] for way, reached in zip(ways, held, strict=True) if reached == at})
    yield (
        f"{table.row(line, 'rank')}: rank {rank}, where {' or '.join(map(str, allowed))} is next; "
        "put the ranks right or add the missing rows"
    )


def read_clusters(config: ClustersConfig, readings: list[TableReading] | None = None) -> UnitRows:
    """Read industrial clusters, one row for each cluster and unit.

    Returns
    -------
    UnitRows
        Index: the row of the file. `set`, `cluster_id`, `cluster`, `cluster_en`, `group`, `size`,
        `unit`.
    """
    wanted = [config.cluster, config.cluster_en, config.units, config.group, config.size]
    table = read_table(config.file, [name for name in wanted if name], config, readings)
    size = pd.Series(float("nan"), index=table.text.index)
    problems: list[str] = []
    if config.size:
        size, problems = table.numbers(config.size)
        problems += [
            f"{table.place(line, config.size)}: {size[line]:g} is below 0"
            for line in size.index[size < 0]
        ]
    names = {"cluster": config.cluster, "unit": config.units}
    problems += [
        f"{table.place(line, names[what])}: is empty"
        for what in names
        for line in table.text.index[table.texts(names[what]).isna()]
    ]
    raise_if(problems, DataError, table.where)
    rows = pd.DataFrame(
        {
            "set": config.id,
            "cluster_id": [f"{config.id}-{i + 1}" for i in range(len(table.text))],
            "cluster": table.texts(config.cluster),
            "cluster_en": table.texts(config.cluster_en) if config.cluster_en else None,
            "group": table.texts(config.group) if config.group else None,
            "size": size,
            "unit": table.texts(config.units).str.split(r"[;；]", regex=True),
        }
    )
    rows = rows.explode("unit")
    texts = dict.fromkeys(["cluster_en", "group", "unit"], "str")
    return UnitRows(table, rows.assign(unit=rows["unit"].str.strip()).astype(texts))


@dataclass(frozen=True)
class IndicatorRows:
    """An indicator table as it was read.

    Attributes
    ----------
    table : Table
        Every row, for messages and for rules on its columns.
    identity : DataFrame
        `unit_id` or `unit` with whatever other text columns.
    values : dict of int to DataFrame
        By year, one float column per code.
    flags : dict of int to DataFrame
        By year, the marks behind the numbers of a code; empty where the table declares none.
    """

    table: Table
    identity: pd.DataFrame
    values: dict[int, pd.DataFrame]
    flags: dict[int, pd.DataFrame]


def read_indicators(
    config: IndicatorTable, readings: list[TableReading] | None = None
) -> IndicatorRows:
    """Read an indicator table: identifying columns as text, indicators as numbers, by year.

    Rows that the table declares as totals are in it; see `total_rows`.

    Raises
    ------
    DataError
        Naming every column that is missing, cell that is not a number and row that repeats another.
    """
    assert config.file is not None
    single = [name for column in config.columns if not column.yearly for name in column.columns]
    table = read_table(config.file, list(dict.fromkeys(single)), config, readings)
    headings = list(table.text.columns)
    years, problems = columns_of_years(config, headings)
    if near := _nearly_years(config, headings):
        table.note(
            f"not read, for a mark follows the year in the heading: {listed(near)}; name them as "
            "the others by `rename`, or give each a line in `columns`"
        )
    numbers: dict[str, pd.Series] = {}
    for name in dict.fromkeys(n for found in years.values() for c in found for n in c.columns):
        numbers[name], bad = table.numbers(name)
        problems += bad
    used = {table.name_of(name) for name in numbers} - {"unit_id", "unit"}
    identity = table.text.drop(columns=[name for name in used if name is not None])
    if "unit" in identity.columns and config.squeeze_names:
        squeezed = identity["unit"].str.replace(r"\s", "", regex=True)
        identity = identity.assign(unit=squeezed)
    if "unit_id" in identity.columns:
        problems += table.rows(identity["unit_id"].notna()).repeats(["unit_id"])
    elif "unit" not in identity.columns:
        problems.append(
            "a table needs a column 'unit_id' or 'unit'; `rename` or `key` can give it one"
        )
    identifying = [name for name in ("unit_id", "unit") if name in table.text.columns]
    problems += [said for said in table.unusable(identifying) if said not in problems]
    raise_if(problems, DataError, table.where)
    values, flags = {}, {}
    for year, columns in years.items():
        values[year] = pd.DataFrame(
            {
                column.code: sum((numbers[name] for name in column.columns), start=0.0)
                * column.scale
                for column in columns
            },
            index=table.text.index,
        )
        flags[year] = pd.DataFrame(
            {column.code: _flags(table, column) for column in columns} if config.flags else {},
            index=table.text.index,
        )
    return IndicatorRows(table, identity, values, flags)


def columns_of_years(
    config: IndicatorTable, headings: Sequence[str]
) -> tuple[dict[int, list[IndicatorColumn]], list[str]]:
    """Sort a table's indicators by year; those with `{year}` once for each year of the headings.

    Returns
    -------
    dict of int to list of IndicatorColumn
        By year, ascending; headings in full.
    list of str
        Patterns that no heading matches, and sums that lack one of their columns in a year.
    """
    found: dict[int, list[IndicatorColumn]] = {}
    problems: list[str] = []
    for column in config.columns:
        if not column.yearly:
            assert config.year is not None
            found.setdefault(config.year, []).append(column)
            continue
        of_years = [_headings(name, headings) for name in column.columns]
        shown = ", ".join(map(repr, column.columns))
        years = sorted({year for names in of_years for year in names})
        years = [year for year in years if not config.years or year in config.years]
        absent = sorted(set(config.years) - set(years))
        if not years:
            problems.append(f"no column matches {shown}; found: {', '.join(headings)}")
        elif absent:
            problems.append(f"no column matches {shown} in {', '.join(map(str, absent))}")
        for year in years:
            if all(year in names for names in of_years):
                exact: list[str] = [names[year] for names in of_years]
                found.setdefault(year, []).append(column.model_copy(update={"column": exact}))
            else:
                problems.append(f"{year}: a part of {shown} has no column")
    return dict(sorted(found.items())), problems


def _headings(pattern: str, headings: Sequence[str]) -> dict[int, str]:
    """Find the headings that match a pattern with `{year}`, by year."""
    parts = [re.escape(part) for part in folded(pattern).split("{year}")]
    regex = re.compile(r"(?P<year>[12]\d{3})".join(parts[:2]) + "".join(parts[2:]))
    matches = [(regex.fullmatch(name), name) for name in headings]
    return {int(match["year"]): name for match, name in matches if match is not None}


def _nearly_years(config: IndicatorTable, headings: Sequence[str]) -> list[str]:
    """List the headings that are a pattern's, but for a mark behind the year, and are not read."""
    patterns = [name for column in config.columns if column.yearly for name in column.columns]
    read = {name for pattern in patterns for name in _headings(pattern, headings).values()}
    read |= {name for column in config.columns for name in column.columns}
    begun = [folded(pattern).split("{year}") for pattern in patterns]
    regexes = [
        re.compile(re.escape(first) + r"[12]\d{3}(?!\d).{1,4}?" + re.escape(rest[-1]))
        for first, *rest in begun
    ]
    return [
        name
        for name in headings
        if name not in read and any(regex.fullmatch(name) for regex in regexes)
    ]


def _flags(table: Table, column: IndicatorColumn) -> pd.Series:
    """Join the flags of the columns that make up an indicator."""
    found = [table.flags(name) for name in column.columns]
    if len(found) == 1:
        return found[0]
    rows = pd.concat(found, axis=1).itertuples(index=False)
    joined = [" ".join(dict.fromkeys(filter(pd.notna, row))) or None for row in rows]
    return pd.Series(joined, index=table.text.index, dtype="str")


def total_rows(table: Table, rules: Sequence[RowRule]) -> pd.Series:
    """Say of each row whether a rule takes it for a total.

    Raises
    ------
    DataError
        A rule on a column that is not there.
    """
    problems = table.missing([rule.column for rule in rules])
    raise_if((f"totals: {problem}" for problem in problems), DataError, table.where)
    total = pd.Series(False, index=table.text.index)
    for rule in rules:
        cells = table.texts(rule.column).fillna("")
        total |= cells.isin(rule.equals)
        if rule.ends:
            total |= cells.str.endswith(rule.ends)
    return total


def read_changes(source: TableSource, readings: list[TableReading] | None = None) -> pd.DataFrame:
    """Read a file of changes of boundaries and names.

    Returns
    -------
    DataFrame
        See `units.changes`: `date` (missing: always), `kind`, `from_code`, `from_name`, `to_code`,
        `to_name` and any parent levels, as text, and `share` where there is one, as numbers; the
        index is the line.

    Raises
    ------
    DataError
        Unknown kinds, dates that are none, changes without a beginning or an end, a row twice.
    """
    read = read_table(source.file, CHANGE_COLUMNS, source, readings)
    table = read.text
    problems = change_row_problems(table, read.row_word) + read.repeats([*table.columns])
    shares: list[pd.Series] = []
    if "share" in table:
        problems += problems_of(lambda: shares.append(read.values("share")))
    raise_if(problems, DataError, read.where)
    return table.assign(share=shares[0]) if shares else table


CHANGE_COLUMNS = ["date", "kind", "from_code", "from_name", "to_code", "to_name"]


def change_row_problems(table: pd.DataFrame, word: str) -> list[str]:
    """List what is wrong with the rows of a table of changes, each by itself.

    Parameters
    ----------
    table : DataFrame
        With `CHANGE_COLUMNS`, as text; the index is the line.
    word : str
        What a line is called.
    """
    problems = [
        f"{word} {line}: kind {kind!r} is none of {', '.join(CHANGE_KINDS)}"
        for line, kind in table["kind"].items()
        if kind not in CHANGE_KINDS
    ]
    days = table["date"].dropna()
    problems += [
        f"{word} {line}: date {day!r} is none; write YYYY, YYYY-MM or YYYY-MM-DD"
        for line, day in days[~days.str.fullmatch(r"\d{4}(-[01]\d(-[0-3]\d)?)?")].items()
    ]
    blank = table["to_code"].isna() | (table["from_code"].isna() & table["from_name"].isna())
    problems += [
        f"{word} {line}: a change needs `to_code`, and `from_code` or `from_name`"
        for line in table.index[blank]
    ]
    return problems


def read_published_figures(
    source: TableSource, readings: list[TableReading] | None = None
) -> pd.DataFrame:
    """Read published figures: `scope`, `group`, `key`, `value`."""
    table = read_table(source.file, ["scope", "group", "key", "value"], source, readings)
    return table.text.assign(value=table.values("value"))


def read_zonal(path: Path) -> pd.DataFrame:
    """Read a table of zonal statistics from Parquet."""
    try:
        return pd.read_parquet(path)
    except Exception as error:
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from error
