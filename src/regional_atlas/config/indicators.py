"""Tables of indicators."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.config.tables import TableFile, UnitTable
from regional_atlas.core.model import (
    Derived,
    Digits,
    ExistingFile,
    Factor,
    Identifier,
    Model,
    ProblemsError,
    Provenance,
    Share,
    Truth,
    Year,
)
from regional_atlas.core.texts import Text, Unit

__all__ = [
    "CommittedConfig",
    "DerivedIndicator",
    "IndicatorColumn",
    "IndicatorTable",
    "RowRule",
]


class IndicatorColumn(Model):
    """One indicator of a table: a column, or the sum of several.

    Regions add up an extensive indicator, and take the weighted mean of an intensive one.
    Where several rows of the table make one unit, the same holds for them: an intensive indicator
    then needs a `weight` of its own table, and is missing without one.
    """

    column: str | list[str]
    """Heading in the table, or several whose values are added up. `GDP_{year}` stands for a column
    of each year."""
    code: Annotated[Identifier, Derived("the heading")]
    """Of the indicator, in tables, indices and plates."""
    title: Annotated[Text, Derived("the heading")]
    """What a reader calls it."""
    unit: Unit = Unit()
    """Of its values after `scale`; a bare number by default."""
    digits: Annotated[Digits | None, Derived("the values: 0 where all are whole, else 1")] = None
    """Digits after the point, as values are written."""
    direction: Literal[1, -1] = 1
    """−1 where less is better: the units that one surpasses are then those with more, and in a
    comparison the least is marked as the best."""
    extensive: Truth = True
    """Whether values add up (a count, a total); `false` for a rate, a share, a mean."""
    kind: Literal["extensive", "intensive", "index"] | None = None
    """In place of `extensive`. `index` is for scores, ranks and percentiles, which do not add up:
    a region has none, unless `weight` is given."""
    scale: Factor = 1.0
    """What the table's numbers are multiplied by."""
    weight: Identifier | None = None
    """What means over units are weighted by: a code of any table, or `area_km2`. An intensive
    indicator takes the project's `population` by default."""
    shown: Truth = True
    """`false` keeps an ingredient of derived indicators out of the atlas."""

    @property
    def columns(self) -> list[str]:
        """The headings that it is made of."""
        return [self.column] if isinstance(self.column, str) else self.column

    @property
    def yearly(self) -> bool:
        """Whether its headings hold `{year}`: one column, or several, for each year."""
        return any("{year}" in name for name in self.columns)

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
    """Of the indicator, in tables, indices and plates."""
    title: Annotated[Text, Derived("the code")]
    """What a reader calls it."""
    unit: Unit = Unit()
    """Of its values; a bare number by default."""
    digits: Annotated[Digits | None, Derived("the values: 0 where all are whole, else 1")] = None
    """Digits after the point, as values are written."""
    direction: Literal[1, -1] = 1
    """−1 where less is better: the units that one surpasses are then those with more, and in a
    comparison the least is marked as the best."""
    numerator: Annotated[list[Identifier], Field(min_length=1)]
    """Codes that are added up above the line."""
    denominator: Annotated[list[Identifier], Field(min_length=1)]
    """Codes that are added up below the line."""
    scale: Factor = 1.0
    """What the ratio is multiplied by: 100 for per cent."""


class RowRule(Model):
    """Rows by what a column says: one of `equals`, or text that ends in `ends`."""

    column: str
    """Heading of the column."""
    equals: list[str] = []
    """The whole text of a cell."""
    ends: str | None = None
    """How the text of a cell ends."""


class IndicatorTable(Provenance, UnitTable):
    """A table of indicators, joined by `unit_id` or by name and parents.

    `rename` gives headings the names that identify a unit: `unit_id`, `unit`, the parent levels.
    """

    file: ExistingFile | None = None
    """CSV, TSV, XLSX, XLS, ODS, Parquet, or a GIS file with attributes. Without one, the table's
    indicators are left out; `--set` may name it."""
    year: Annotated[Year | None, Derived("the file's name")] = None
    """Of the values, where the heading does not say it."""
    years: list[Year] = []
    """Of the columns with `{year}`, those to take; all by default."""
    several: dict[str, str] = {}
    """Level to separator, where a cell may name several parents (a page label, say): the unit lies
    in any of them."""
    squeeze_names: Truth = False
    """Whether blanks are taken out of the units' names."""
    totals: list[RowRule] = []
    """Rows that are sums over other rows. A row whose code is a unit's own is never one."""
    changes: TableFile | None = None
    """Table of changes of boundaries and names: `date`, `kind`, `from_code`, `from_name`,
    `to_code`, `to_name`, `share`, parent levels."""
    allocate: Identifier | None = None
    """Code by which the totals of a divided unit are shared out among its parts where `changes`
    states no `share`: `area_km2`, or an indicator of lights, of a raster or of a table without
    this key."""
    names_of: date | None = None
    """The date whose names and codes the table uses: later changes apply to it, and those without a
    date always."""
    least_match: Share = 0.95
    """Share of the rows (without totals) that must find a unit; a table of which no row does is
    refused in any case."""
    columns: list[IndicatorColumn]
    """The indicators that are columns of it."""
    derived: list[DerivedIndicator] = []
    """The indicators that are ratios."""

    @model_validator(mode="after")
    def _dated(self) -> IndicatorTable:
        problems = []
        if self.changes is not None and self.names_of is None:
            problems.append("`changes` needs `names_of`, the date whose names the table uses")
        if self.allocate is not None and self.changes is None:
            problems.append("`allocate` needs `changes`, the table of what was divided")
        undated = [column.code for column in self.columns if not column.yearly]
        if self.year is None and undated:
            problems.append(
                f"`year` is missing, the year of {', '.join(undated)}; "
                "or write {year} where their headings have it"
            )
        if self.years and len(undated) == len(self.columns):
            problems.append("`years` is for columns whose heading has {year}")
        if problems:
            raise ProblemsError(problems)
        return self


class CommittedConfig(Model):
    """Values that the tables of indicators gave once, for builds without these tables.

    `regional-atlas indicators` writes both files. A build takes from them the indicators and years
    that it does not compute; those that it computes must be equal.
    """

    indicators: ExistingFile | None = None
    """Parquet table of the indicators by unit: ratios, means and indices. What adds up is not in
    it."""
    region_values: ExistingFile | None = None
    """Parquet table of the values of regions, of what adds up too."""
