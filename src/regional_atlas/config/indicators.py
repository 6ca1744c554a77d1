"""Tables of indicators."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.core.model import (
    ExistingFile,
    Identifier,
    Model,
    Provenance,
)
from regional_atlas.core.texts import Text, Unit

__all__ = [
    "DerivedIndicator",
    "IndicatorColumn",
    "IndicatorTable",
    "Repair",
    "RowRule",
]


class IndicatorColumn(Model):
    """One indicator of a table: a column, or the sum of several.

    Regions add up an extensive indicator, and take the weighted mean of an intensive one.
    Where several rows of the table make one unit, the same holds for them: an intensive indicator
    then needs a `weight` of its own table, and is missing without one.
    """

    column: str | list[str]
    code: Identifier
    title: Text
    unit: Unit
    digits: int = 1
    extensive: bool = True
    """Whether values add up (a count, a total); `false` for a rate, a share, a mean."""
    kind: Literal["extensive", "intensive", "index"] | None = None
    """In place of `extensive`. `index` is for scores, ranks and percentiles, which do not add up:
    a region has none, unless `weight` is given."""
    scale: float = 1.0
    weight: Identifier | None = None
    """What means over units are weighted by: a code of any table, or `area_km2`. An intensive
    indicator takes the project's `population` by default."""
    shown: bool = True
    """`false` keeps an ingredient of derived indicators out of the atlas."""

    @property
    def columns(self) -> list[str]:
        """The headings that it is made of."""
        return [self.column] if isinstance(self.column, str) else self.column

    @property
    def adds_up(self) -> bool:
        """Whether it is extensive, by either key."""
        return self.extensive if self.kind is None else self.kind == "extensive"

    @model_validator(mode="after")
    def _one_answer(self) -> IndicatorColumn:
        if "extensive" in self.model_fields_set and self.extensive != self.adds_up:
            raise ValueError(
                f"`kind` is {self.kind!r} and `extensive` is {str(self.extensive).lower()}; "
                "give one of them"
            )
        return self


class DerivedIndicator(Model):
    """A ratio: the sum of `numerator` over the sum of `denominator`, times `scale`.

    Both list codes of any table of the project, or `area_km2`. Where several rows make one unit,
    and where units make a region, parts are added before they are divided. A sum that lacks a part,
    and a denominator of zero, make it missing.
    """

    code: Identifier
    title: Text
    unit: Unit
    digits: int = 1
    numerator: Annotated[list[Identifier], Field(min_length=1)]
    denominator: Annotated[list[Identifier], Field(min_length=1)]
    scale: float = 1.0


class Repair(Model):
    """A fault of one line of the file, put right in the open.

    `drop` takes out the cell of that number, counted from 1, which must be empty: the cells behind
    it move up. `column`, `was` and `value` replace a cell that must read as `was` says.
    """

    line: Annotated[int, Field(ge=1)]
    drop: Annotated[int, Field(ge=1)] | None = None
    column: str | None = None
    was: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Repair:
        cell = [self.column, self.was, self.value]
        if (self.drop is None) == (None in cell) or (self.drop is not None and any(cell)):
            raise ValueError("give either `drop`, or `column`, `was` and `value`")
        return self


class RowRule(Model):
    """Rows by what a column says: one of `equals`, or text that ends in `ends`."""

    column: str
    equals: list[str] = []
    ends: str | None = None


class IndicatorTable(Provenance):
    """A table of indicators, joined by `unit_id` or by name and parents.

    Attributes
    ----------
    skip_rows, repairs
        Lines to leave out, counted from 1, and faults of single lines put right.
    rename
        Headings to the names that identify a unit: `unit_id`, `unit`, the parent levels.
    several
        Level to separator, where a cell may name several parents (a page label, say): the unit lies
        in any of them.
    squeeze_names
        Take blanks out of the units' names.
    totals
        Rows that are sums over other rows. A row whose code is a unit's own is never one.
    changes, names_of
        A file of changes of boundaries and names (`date`, `kind`, `from_code`, `from_name`,
        `to_code`, `to_name`, parent levels), and the date whose names and codes the table uses:
        later changes apply to it, and those without a date always.
    """

    file: ExistingFile | None = None
    sheet: str | None = None
    year: int
    skip_rows: list[int] = []
    repairs: list[Repair] = []
    rename: dict[str, str] = {}
    several: dict[str, str] = {}
    squeeze_names: bool = False
    totals: list[RowRule] = []
    changes: ExistingFile | None = None
    names_of: date | None = None
    columns: list[IndicatorColumn]
    derived: list[DerivedIndicator] = []

    @model_validator(mode="after")
    def _dated(self) -> IndicatorTable:
        if self.changes is not None and self.names_of is None:
            raise ValueError("`changes` needs `names_of`, the date whose names the table uses")
        return self
