"""How a table is written: what a project declares of a file, once for each table."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, model_validator

from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import InputError
from regional_atlas.core.model import (
    Count,
    ExistingFile,
    Model,
    Position,
    ProblemsError,
    Share,
    Truth,
    Whole,
    existing_file,
)

__all__ = [
    "Repair",
    "TableConfig",
    "TableFile",
    "TableSource",
    "UnitFile",
    "UnitSource",
    "UnitTable",
    "Where",
]


class Repair(Model):
    """A fault of one line of the file, put right in the open.

    `drop` takes out the cell of that number, counted from 1, which must be empty: the cells behind
    it move up. `column`, `was` and `value` replace a cell that must read as `was` says.
    """

    line: Position
    """Line of the file, counted from 1."""
    drop: Position | None = None
    """Number of the empty cell to take out."""
    column: str | None = None
    """Heading of the cell to replace."""
    was: str | None = None
    """What that cell holds in the file."""
    value: str | None = None
    """What it should hold."""

    @model_validator(mode="after")
    def _one_kind(self) -> Repair:
        cell = [self.column, self.was, self.value]
        if (self.drop is None) == (None in cell) or (self.drop is not None and any(cell)):
            raise ValueError("give either `drop`, or `column`, `was` and `value`")
        return self


def _encoding(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return codecs.lookup(value).name
        except (LookupError, ValueError):
            raise ValueError(
                f"unknown encoding {value!r}; such as utf-8, latin-1, cp1252, gb18030, utf-16"
            ) from None
    return value


def _condition(value: Any) -> Any:
    if isinstance(value, Condition):
        return value
    if isinstance(value, str):
        try:
            return Condition(value)
        except InputError as error:
            raise ValueError(str(error)) from None
    raise ValueError(f"expected a condition in quotes, found {value!r}")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


Where = Annotated[
    Condition,
    BeforeValidator(_condition),
    PlainSerializer(lambda condition: condition.text, return_type=str),
]
Encoding = Annotated[str, BeforeValidator(_encoding)]
Sign = Annotated[str, Field(min_length=1, max_length=1)]
Texts = Annotated[list[str], BeforeValidator(_as_list)]
Widths = Annotated[list[Annotated[Whole, Field(ge=1, le=100)]], BeforeValidator(_as_list)]


class TableConfig(Model):
    """How a table's file is to be read. What is not said here is recognised, and reported."""

    sheet: str | None = None
    """Sheet of a workbook, or layer of a GIS file; the first sheet by default."""
    header_row: Position | None = None
    """Row of the headings, counted from 1: rows above it are left out."""
    skip_rows: list[Position] = []
    """Rows to leave out, counted from 1."""
    footer_rows: Count = 0
    """How many of the last rows that hold anything are notes."""
    footer_starts: Texts = []
    """The table ends before the first row whose first cell that holds anything begins so."""
    encoding: Encoding | None = None
    """Of a text file; UTF-8 by default."""
    delimiter: Sign | None = None
    """What parts the cells of a text file; a comma by default, a tab in .tsv files."""
    decimal: Sign | None = None
    """Decimal sign of numbers that are written as text; a point by default."""
    thousands: Sign | None = None
    """What parts groups of three digits, such as `,`; none by default."""
    missing: Texts = []
    """Texts that stand for a missing value, such as `…` or `n.a.`."""
    flags: Texts = []
    """Marks that may follow a number or a missing value (`12.3 b`); they are kept as flags."""
    percent: Truth = False
    """Whether numbers may carry a % sign: `12.3%` is 12.3."""
    strip: str = ""
    """Signs taken off both ends of every cell, such as `'` or `$`."""
    repairs: list[Repair] = []
    """Faults of single lines put right."""
    rename: dict[str, str] = {}
    """Headings to the names that the project uses."""
    key: Texts = []
    """Columns that make up the unit's id, one behind the other."""
    key_width: Widths = []
    """Digits of the unit's id, or of each of the columns of `key`: shorter numbers get zeros in
    front."""
    ignore_case: Truth = False
    """Whether names are compared without regard to upper and lower case."""
    where: Where | None = None
    """Which rows count, such as `not (FIPS ends '000')`."""

    @model_validator(mode="after")
    def _consistent(self) -> TableConfig:
        problems = []
        if self.decimal is not None and self.decimal == self.thousands:
            problems.append(f"`decimal` and `thousands` are both {self.decimal!r}")
        for name in ("decimal", "thousands"):
            sign = getattr(self, name)
            if sign is not None and (sign.isalnum() or sign in "+-%"):
                problems.append(f"`{name}` cannot be {sign!r}")
        if self.delimiter is not None and self.delimiter in '"\r\n':
            problems.append(f"`delimiter` cannot be {self.delimiter!r}")
        if len(self.key) > 1 and len(self.key_width) not in (0, len(self.key)):
            problems.append(
                f"`key_width` has {len(self.key_width)} numbers for {len(self.key)} columns"
            )
        if len(self.key) < 2 and len(self.key_width) > 1:
            problems.append(f"`key_width` has {len(self.key_width)} numbers for one column")
        if any(not mark.strip() for mark in self.flags):
            problems.append("`flags` cannot be blank")
        if problems:
            raise ProblemsError(problems)
        return self


class UnitTable(TableConfig):
    """How a table's file is to be read whose rows name units, and how many must find theirs."""

    least_match: Share = 1.0
    """Share of its rows (without notes and what `where` leaves out) that must find a unit. A table
    of which no row does is refused in any case."""
    least_units: Share = 0.0
    """Share of the units that must have a row in it."""


class TableSource(TableConfig):
    """A table's file with what there is to say of it."""

    file: ExistingFile
    """CSV, TSV, XLSX, XLS, ODS, Parquet, or a GIS file with attributes."""


class UnitSource(UnitTable):
    """The file of a table whose rows name units."""

    file: ExistingFile
    """CSV, TSV, XLSX, XLS, ODS, Parquet, or a GIS file with attributes."""


def _named(kind: type[TableSource | UnitSource]) -> Callable[[Any, ValidationInfo], Any]:
    """Let a file's name stand for a table that says no more than it."""

    def named(value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict | TableConfig):
            return value
        return kind.model_construct(file=existing_file(value, info))

    return named


TableFile = Annotated[TableSource, BeforeValidator(_named(TableSource))]
"""A file's name, or a table with `file` and the keys of `TableConfig`."""
UnitFile = Annotated[UnitSource, BeforeValidator(_named(UnitSource))]
"""A file's name, or a table with `file` and the keys of `UnitTable`."""
