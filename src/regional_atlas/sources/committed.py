"""Indicators by unit and values of regions that were computed once and committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import Extensive, rule_of
from regional_atlas.core.schema import COMMITTED_COLUMNS, COMMITTED_REGION_COLUMNS, WITHHELD

__all__ = ["read_committed_indicators", "read_committed_regions"]

_NUMBERS = ("year", "value", "members", "members_with_data", "weight_share")
_TRUTHS = ("partial",)
_MAY_LACK = ("value", "weight_share", "flag", "flags")
_HELD = {
    "text": {"string", "empty"},
    "numbers": {"floating", "integer", "mixed-integer-float", "empty"},
    "true or false": {"boolean", "empty"},
}
"""What a column may hold, by what pandas finds in it."""
_YEARS = (1, 9999)
"""As `Year` of atlas.toml."""
_MOST = 2**53
"""Members: up to here floating-point numbers count one by one."""
_ROUNDING = 1e-6
"""By which a share may lie beyond 0 and 1."""
_SHOWN = 5
"""Rows of a fault that are named beside the first."""


class _Fault(NamedTuple):
    """What rows may not have: in which column, and what is allowed there."""

    column: str
    found: Callable[[pd.DataFrame], pd.Series]
    allowed: str


def _no_whole(name: str, least: int, most: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: (
        rows[name].notna() & ~(rows[name].between(least, most) & (rows[name] % 1 == 0))
    )


def _withheld(name: str) -> _Fault:
    """Refuse values where a flag says that there is none."""
    return _Fault(
        "value",
        lambda rows: rows["value"].notna() & rows[name].map(_says_withheld).astype("bool"),
        f"none where {name!r} says {WITHHELD!r}",
    )


def _says_withheld(flags: object) -> bool:
    return isinstance(flags, str) and WITHHELD in flags.split(";")


_OF_ALL = [
    _Fault("year", _no_whole("year", *_YEARS), "whole numbers from {} to {}".format(*_YEARS)),
    _Fault("value", lambda rows: np.isinf(rows["value"]), "finite numbers"),
]
_SUM = rule_of(Extensive()).in_("en")
_OF_UNITS = [
    *_OF_ALL,
    _withheld("flag"),
    _Fault(
        "rule",
        lambda rows: rows["rule"] == _SUM,
        "what does not add up: totals have no value by unit",
    ),
]
_OF_REGIONS = [
    *_OF_ALL,
    _withheld("flags"),
    _Fault("members", _no_whole("members", 0, _MOST), "whole numbers from 0"),
    _Fault(
        "members_with_data",
        _no_whole("members_with_data", 0, _MOST),
        "whole numbers from 0",
    ),
    _Fault(
        "members_with_data",
        lambda rows: rows["members_with_data"] > rows["members"],
        "no more than the members",
    ),
    _Fault(
        "weight_share",
        lambda rows: (
            rows["weight_share"].notna() & ~rows["weight_share"].between(-_ROUNDING, 1 + _ROUNDING)
        ),
        "shares from 0 to 1",
    ),
]


def read_committed_indicators(path: Path) -> pd.DataFrame:
    """Read what `regional-atlas indicators` wrote by unit: `COMMITTED_COLUMNS`.

    Raises
    ------
    DataError
        Naming all at once: it cannot be read as Parquet, a column is missing, of another type or
        has no value, a row repeats, a year or value is out of its range, or a row is of what adds
        up.
    """
    return _checked(path, COMMITTED_COLUMNS, ["unit_id", "code", "year"], _OF_UNITS)


def read_committed_regions(path: Path) -> pd.DataFrame:
    """Read what `regional-atlas indicators` wrote by region: `COMMITTED_REGION_COLUMNS`.

    Raises
    ------
    DataError
        As for the indicators; of regions also numbers of members and shares out of their range.
    """
    keys = ["kind", "region_id", "code", "year"]
    return _checked(path, COMMITTED_REGION_COLUMNS, keys, _OF_REGIONS)


def _checked(
    path: Path, columns: Sequence[str], keys: Sequence[str], faults: Sequence[_Fault]
) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path).reset_index(drop=True)
    except Exception as error:
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from error
    found = ", ".join(map(str, table.columns))
    absent = [name for name in columns if name not in table.columns]
    raise_if((f"no column {name!r}; found: {found}" for name in absent), DataError, str(path))
    table = table[[*columns]]
    problems = [problem for name in columns for problem in _type_problems(table[name])]
    raise_if(problems, DataError, str(path))
    # What has no value is checked beside the rest, and refused after it.
    table = table.astype({name: _plain(name) for name in columns})
    raise_if(_row_problems(table, keys, faults), DataError, str(path))
    return table.astype({name: _final(name) for name in columns})


def _holds(name: str) -> str:
    return "numbers" if name in _NUMBERS else "true or false" if name in _TRUTHS else "text"


def _type_problems(column: pd.Series) -> Iterator[str]:
    held, allowed = _held(column), _holds(str(column.name))
    if held not in _HELD[allowed]:
        found = {"string": "text", "boolean": "true or false"}.get(held, held)
        yield f"column {column.name!r} is of another type: it holds {found}; allowed: {allowed}"


def _held(column: pd.Series) -> str:
    if column.isna().all():
        return "empty"
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    return str(pd.api.types.infer_dtype(column, skipna=True))


def _plain(name: str) -> str:
    """Name a type that can say that there is no value."""
    return {"numbers": "float64", "true or false": "boolean"}.get(_holds(name), "str")


def _final(name: str) -> str:
    if name in ("value", "weight_share"):
        return "float64"
    return {"numbers": "int64", "true or false": "bool"}.get(_holds(name), "str")


def _row_problems(
    table: pd.DataFrame, keys: Sequence[str], faults: Sequence[_Fault]
) -> Iterator[str]:
    """Say what is wrong with rows, a line for each fault."""
    for name in [name for name in table.columns if name not in _MAY_LACK]:
        rows = table[table[name].isna()]
        yield from _listed(rows, keys, f"column {name!r} has no value", "one in every row")
    rows = table[table.duplicated([*keys])]
    yield from _listed(rows, keys, "more than one row", f"one for each {', '.join(keys)}")
    for fault in faults:
        rows = table[fault.found(table).astype("bool")]
        yield from _listed(rows, keys, f"{fault.column} {{{fault.column}}}", fault.allowed)


def _listed(rows: pd.DataFrame, keys: Sequence[str], found: str, allowed: str) -> Iterator[str]:
    """Name the first row with its keys, the next by number.

    In `found`, a column in braces stands for its value.
    """
    for _, row in rows.head(1).iterrows():
        said = {str(name): _said(value) for name, value in row.items()}
        first, *others = [f"row {at + 1}" for at in rows.index]
        place = ", ".join([first, *(said[key] for key in keys)])
        more = [*others[:_SHOWN], *([f"{len(others) - _SHOWN} more"] if others[_SHOWN:] else [])]
        also = f" (also {', '.join(more)})" if more else ""
        yield f"{place}: {found.format(**said)}; allowed: {allowed}{also}"


def _said(value: object) -> str:
    """Write a key or a value; whole numbers without a point.

    Examples
    --------
    >>> _said("00102"), _said(2022.0), _said(2022.5), _said(None)
    ('00102', '2022', '2022.5', '–')
    """
    if value is None or value is pd.NA or value != value:
        return "–"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
