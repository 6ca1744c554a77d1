"""Indicators by unit and values of regions that were computed once and committed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import COMMITTED_COLUMNS, COMMITTED_REGION_COLUMNS

__all__ = ["read_committed_indicators", "read_committed_regions"]

_TYPES = {
    "year": "int64",
    "value": "float64",
    "members": "int64",
    "members_with_data": "int64",
    "weight_share": "float64",
    "partial": "bool",
}
"""Of the columns that are not text."""


def read_committed_indicators(path: Path) -> pd.DataFrame:
    """Read what `regional-atlas indicators` wrote by unit: `COMMITTED_COLUMNS`.

    Raises
    ------
    DataError
        It cannot be read as Parquet, a column is missing or of another type, a row repeats, or a
        value is infinite.
    """
    return _checked(path, COMMITTED_COLUMNS, ["unit_id", "code", "year"])


def read_committed_regions(path: Path) -> pd.DataFrame:
    """Read what `regional-atlas indicators` wrote by region: `COMMITTED_REGION_COLUMNS`.

    Raises
    ------
    DataError
        As for the indicators.
    """
    return _checked(path, COMMITTED_REGION_COLUMNS, ["kind", "region_id", "code", "year"])


def _checked(path: Path, columns: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except Exception as error:
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from error
    found = ", ".join(map(str, table.columns))
    absent = [name for name in columns if name not in table.columns]
    raise_if((f"no column {name!r}; found: {found}" for name in absent), DataError, str(path))
    try:
        table = table[[*columns]].astype({name: _TYPES.get(name, "str") for name in columns})
    except (TypeError, ValueError) as error:
        raise DataError(f"a column is of another type: {error}", where=str(path)) from error
    rows = table[[*keys]].astype("str").agg(", ".join, axis=1)
    problems = [f"{row}: more than one row" for row in rows[table.duplicated([*keys])]]
    problems += [f"{row}: the value is infinite" for row in rows[np.isinf(table["value"])]]
    raise_if(problems, DataError, str(path))
    return table
