"""Published figures that plates show as charts: one long table."""

from __future__ import annotations

import pandas as pd

from regional_atlas.config.tables import TableSource
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import FIGURE_COLUMNS, TableReading
from regional_atlas.core.texts import is_power_of_ten
from regional_atlas.sources.reader import read_table

__all__ = ["SIGNS", "read_figures"]

SIGNS = ("<", ">", "≈")
"""What may stand before a value that a source does not give exactly."""


def read_figures(source: TableSource, readings: list[TableReading] | None = None) -> pd.DataFrame:
    """Read figures that plates show: `figure`, `key`, `value`, and what of the rest there is.

    Parameters
    ----------
    source : TableSource
        The file and how it is read; `figure` and `key` stand in every line, an empty `value` is
        missing. `scale_zh` and `scale_en` are what values are multiplied by before they are written
        with `unit` and `unit_en`: powers of ten, 1 where empty.

    Returns
    -------
    DataFrame
        `FIGURE_COLUMNS`; a column that the file has not is missing throughout.

    Raises
    ------
    DataError
        A value that is not a number, a scale that is not a power of ten, a line without figure or
        key, a line that repeats another.
    """
    read = read_table(source.file, ["figure", "key", "value"], source, readings)
    table, word = read.text, read.row_word
    values, problems = read.numbers("value")
    for name in ("figure", "key"):
        problems += [f"{word} {line}: {name} is empty" for line in table.index[table[name].isna()]]
    table = table.reindex(columns=FIGURE_COLUMNS).astype("str")
    for name in ("scale_zh", "scale_en"):
        if read.name_of(name) is None:
            table[name] = float("nan")
            continue
        table[name], bad = read.numbers(name)
        given = table[name].dropna()
        problems += bad
        problems += [
            f"{word} {line}, column {name!r}: must be a power of ten (0.1, 1000), found {value:g}"
            for line, value in given[~given.map(is_power_of_ten)].items()
        ]
    again = table[table[["figure", "series", "key"]].duplicated()]
    unsigned = table["sign"].isna() | table["sign"].isin(SIGNS)
    problems += [
        f"{word} {line}: sign {table.at[line, 'sign']!r}; allowed: {' '.join(SIGNS)}"
        for line in table.index[~unsigned]
    ]
    problems += [
        f"{word} {row.Index}: figure {row.figure!r} has {row.key!r} more than once in a series"
        for row in again.itertuples()
    ]
    raise_if(problems, DataError, read.where)
    return table.assign(value=values)
