"""Scores and counts of regions that were computed once and kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from regional_atlas.config.tables import TableConfig
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.sources.reader import read_table

__all__ = ["read_region_counts", "read_scores"]

_AS_WRITTEN = TableConfig(decimal=".")
"""How this package writes tables."""


def read_scores(path: Path) -> pd.DataFrame:
    """Read scores that were computed once: `unit_id`, `index`, `rank`, `tier`, nodes and intervals.

    Returns
    -------
    DataFrame
        The scores contract; text columns besides `unit_id` are left out.
    """
    read = read_table(path, ["unit_id", "index", "rank", "tier"], _AS_WRITTEN)
    table, problems = read.text, read.repeats(["unit_id"])
    found = {}
    for name in table.columns.drop(["unit_id", "unit"], errors="ignore"):
        found[name], bad = read.numbers(name)
        problems += bad
    raise_if(problems, DataError, str(path))
    scores = pd.DataFrame(found).set_axis(pd.Index(table["unit_id"], name="unit_id"))
    whole = [name for name in ("rank", "rank_low", "rank_high", "tier") if name in scores]
    return scores.astype(dict.fromkeys(whole, "Int64"))


def read_region_counts(path: Path) -> pd.DataFrame:
    """Read counts of regions that were computed once, with their intervals.

    Returns
    -------
    DataFrame
        `kind`, `region_id`, `exclusive`, `top`, `count`, `low`, `high`, `expected`.
    """
    whole = ["top", "count", "low", "high"]
    columns = ["kind", "region_id", "exclusive", *whole, "expected"]
    read = read_table(path, columns, _AS_WRITTEN)
    table, problems = read.text, read.repeats(["kind", "region_id", "exclusive"])
    problems += [
        f"line {line}: exclusive is true or false, found {value!r}"
        for line, value in table["exclusive"].items()
        if str(value).lower() not in ("true", "false")
    ]
    found = table[columns].copy()
    for name in [*whole, "expected"]:
        found[name], bad = read.numbers(name)
        problems += bad or [
            f"line {line}: {name} is empty" for line in table.index[found[name].isna()]
        ]
    raise_if(problems, DataError, str(path))
    found["exclusive"] = found["exclusive"].str.lower() == "true"
    return found.astype(dict.fromkeys(whole, "int64")).reset_index(drop=True)
