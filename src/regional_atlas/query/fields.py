"""Fields of units and regions that a question can name, looked up when they are named."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property, partial
from typing import NamedTuple

import pandas as pd

from regional_atlas.core.conditions import Columns, reads
from regional_atlas.core.errors import InputError
from regional_atlas.core.names import plain
from regional_atlas.core.schema import AtlasTables
from regional_atlas.query.areas import Grouping, area_values
from regional_atlas.query.basis import Basis, Further, by_year
from regional_atlas.query.naming import nearest
from regional_atlas.query.question import FieldCondition

__all__ = ["Areas", "Fields", "additive_problems", "region_fields", "unit_fields"]

_AREA = "area_km2"
"""It adds up, and is no indicator."""


class Areas(NamedTuple):
    """The areas that a column names, or the units.

    Attributes
    ----------
    grouping : callable
        Gives the units by area.
    called : callable
        Gives the ids of the areas of a name; see `Basis.called`.
    """

    grouping: Callable[[], Grouping]
    called: Callable[[str], list[Hashable]]


class Fields(Columns):
    """The fields of a table, and those that a question may name beyond its columns.

    Parameters
    ----------
    table : DataFrame
        The answer: a row for each unit or region.
    further : callable
        Gives the other fields: for each name a function that makes its column. Called only when a
        name is not a column of the table.
    areas : mapping of str to Areas
        By column of names of areas: what is behind it. Text is compared with the areas' names
        there, of which a row may have several.
    absent : mapping of str to str
        Fields of the project that these rows do not have: what to say of each.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        further: Callable[[], Further],
        areas: Mapping[str, Areas] | None = None,
        absent: Mapping[str, str] | None = None,
    ) -> None:
        self.table = table
        self._make_further = further
        self._areas = areas or {}
        self._absent = absent or {}

    @cached_property
    def _further(self) -> Further:
        return self._make_further()

    def names(self) -> list[str]:
        """List every field."""
        return [*dict.fromkeys([*map(str, self.table.columns), *self._further])]

    def problems(self, names: Iterable[str]) -> list[str]:
        """Say which names are no field, and what may be meant."""
        return [
            self._unknown(name)
            for name in dict.fromkeys(names)
            if name not in self.table.columns and name not in self._further
        ]

    def _unknown(self, name: str) -> str:
        if name in self._absent:
            return self._absent[name]
        known = self.names()
        close = nearest(name, known)
        code, _, year = name.partition("@")
        years = [each.partition("@")[2] for each in self._further if each.startswith(f"{code}@")]
        if year and years:
            return f"no field {name!r}; {code} has the years {', '.join(years)}"
        shown = ", ".join(map(str, self.table.columns))
        more = "; also FIELD@YEAR and RANKING.rank" if self._further else ""
        return f"no field {name!r}; " + (close or f"allowed: {shown}{more}")

    def __getitem__(self, name: str) -> pd.Series:
        """Give a field on the table's index."""
        if name in self.table.columns:
            return self.table[name]
        if name not in self._further:
            raise InputError(self._unknown(name))
        return self._further[name]().reindex(self.table.index)

    def texts(self, name: str) -> pd.Series:
        """Give a field as text."""
        column = self[name]
        if pd.api.types.is_numeric_dtype(column.dtype):
            said = [None if pd.isna(value) else plain(float(value)) for value in column]
            return pd.Series(said, index=column.index, dtype="str")
        return column

    def values(self, name: str) -> pd.Series:
        """Give a field as numbers; InputError where it holds text."""
        column = self[name]
        if not pd.api.types.is_numeric_dtype(column.dtype):
            raise InputError(f"field {name!r} holds text; compare it with text between quotes")
        return column.astype("float64")

    def reads(self, name: str, how: str, text: str) -> pd.Series:
        """Say of each row whether a field is a text; of names of areas, whether any of its is."""
        if name not in self._areas:
            return reads(self.texts(name), how, text)
        area = self._areas[name].grouping()
        if how == "==":
            wanted = self._areas[name].called(text)
        else:
            wanted = list(area.names.index[reads(area.names["name"].astype("str"), how, text)])
        held = area.groups.loc[area.groups["group"].isin(wanted), "unit_id"]
        return pd.Series(self.table.index.isin(held), index=self.table.index)

    def holds(self, where: str | None) -> tuple[pd.Series | None, list[str]]:
        """Say of each row whether a condition holds, and what is wrong with the condition."""
        if where is None:
            return None, []
        try:
            wanted = FieldCondition(where)
            unknown = self.problems(wanted.names())
            if unknown:
                return None, [f"where: {line}" for line in unknown]
            return wanted.mask(self), []
        except InputError as error:
            return None, [f"where: {error}"]


def unit_fields(basis: Basis, table: pd.DataFrame) -> Fields:
    """Give the fields of units: an answer's columns, `ranked`, and `Basis.further`."""
    kinds = [*basis.tables.parents, *basis.project.kinds(), "unit_type"]
    shown = {kind: kind for kind in kinds if kind in table.columns}
    areas = {
        name: Areas(partial(basis.grouping, kind), partial(basis.called, kind))
        for name, kind in {**shown, "unit": "unit", "unit_en": "unit"}.items()
    }

    def further() -> Further:
        return {"ranked": table["rank"].notna, **basis.further}

    absent = {
        code: f"no unit has a value of {code!r}; regions have: see --level, or summarise"
        for code in basis.tables.meta
        if code not in basis.years and code not in table.columns
    }
    return Fields(table, further, areas, absent)


def additive_problems(basis: Basis, fields: Fields, name: str, year: int | None) -> list[str]:
    """Say why a field has no amounts to share out, if it has none."""
    units = fields.table
    if name in units.attrs["without"]:
        years = ", ".join(map(str, units.attrs["without"][name]))
        return [f"{name} has no value in {year}; it has the years {years}"]
    unknown = fields.problems([name])
    if unknown:
        return unknown
    codes = [code for code, meta in basis.tables.meta.items() if meta.extensive]
    known = {*units.attrs["years"], *units.attrs["without"]}
    columns = {f"indicator.{code}" if f"indicator.{code}" in known else code for code in codes}
    allowed = [column for column in units if column in columns or column == _AREA]
    code, at, _ = name.partition("@")
    if name in allowed or (at and code in codes):
        return []
    return [f"{name!r} does not add up over units; allowed: {', '.join(allowed)}"]


def region_fields(tables: AtlasTables, table: pd.DataFrame, kind: str) -> Fields:
    """Give the fields of regions: the summary's columns, and `CODE@YEAR`."""
    rows = area_values(tables, kind)
    held = {*rows["code"]}
    absent = {
        code: f"no {kind} has a value of {code!r}" for code in tables.meta if code not in held
    }
    return Fields(table, partial(by_year, rows, "region_id"), absent=absent)
