"""Rankings, clusters, and published figures to compare with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.config.tables import TableFile, UnitTable
from regional_atlas.core.model import (
    Derived,
    ExistingFile,
    Identifier,
    Model,
    Position,
    Value,
    Year,
)
from regional_atlas.core.texts import Text, Unit

__all__ = [
    "AgreementConfig",
    "ClustersConfig",
    "CompareConfig",
    "CompareNote",
    "GroupConfig",
    "ListConfig",
    "MeasureConfig",
    "RankingConfig",
]


class RankingConfig(UnitTable):
    """A ranking: published (a table with `rank`) or computed (an index file)."""

    id: Annotated[Identifier, Derived("the file's name")]
    """Used in tables, options and plates."""
    title: Annotated[Text, Derived("the id")]
    """What a reader calls it."""
    file: ExistingFile | None = None
    """Published: CSV with `rank`, and `unit_id` or `unit` and parent levels."""
    index: ExistingFile | None = None
    """Computed: [index file](index-toml.md)."""
    scores: ExistingFile | None = None
    """Table computed from the index once (`regional-atlas scores`), taken where a build lacks the
    indicators."""
    counts: ExistingFile | None = None
    """Counts of regions that go with `scores`."""
    among: list[str] = []
    """Unit types that it ranks; all by default."""
    tiers: list[Position] = []
    """The last rank of each tier of a published ranking, ascending."""
    length: Position | None = None
    """Number of rows that the `file` must have."""
    citation: str | None = None
    """Id of the source."""

    @model_validator(mode="after")
    def _one_source(self) -> RankingConfig:
        if (self.file is None) == (self.index is None):
            raise ValueError("give either `file` (published) or `index` (computed)")
        declared = sorted(self.model_fields_set & set(UnitTable.model_fields))
        if self.file is None and declared:
            raise ValueError(f"`{declared[0]}` says how `file` is read, and there is none")
        if self.scores is not None and self.index is None:
            raise ValueError("`scores` goes with `index`")
        if self.counts is not None and self.scores is None:
            raise ValueError("`counts` goes with `scores`")
        published = [name for name in ("tiers", "length") if name in self.model_fields_set]
        if self.file is None and published:
            raise ValueError(
                f"`{published[0]}` is of a published ranking (`file`); an index says its tiers "
                "in its own file, under [tiers]"
                if published[0] == "tiers"
                else "`length` is the number of rows of `file`, and there is none"
            )
        if self.tiers != sorted(set(self.tiers)):
            raise ValueError(
                f"`tiers` lists the last rank of each tier, ascending; found {self.tiers}"
            )
        return self


class GroupConfig(Model):
    """A group of clusters, such as a programme: its titles, and since when there is one."""

    name: str
    """As it stands in the table."""
    title: Text
    """What a reader calls it."""
    since: Year | None = None
    """The year that it began in; the timeline says so where there is none."""
    source: Text | None = None
    """Where the year comes from."""


class ClustersConfig(UnitTable):
    """A table of industrial clusters, each with one or several units."""

    id: Annotated[Identifier, Derived("the file's name")]
    """Used in plates."""
    title: Annotated[Text, Derived("the id")]
    """What a reader calls it."""
    file: ExistingFile
    """CSV: one row for each cluster."""
    cluster: str = "cluster"
    """Column of the clusters' names."""
    cluster_en: str | None = None
    """Column of the clusters' English names; without one they keep their own."""
    units: str = "units"
    """Column of their units, with `;` between several."""
    group: str | None = None
    """Column of their group, such as a programme."""
    groups: list[GroupConfig] = []
    """Titles and years of the groups, in the order of the timeline."""
    size: str | None = None
    """Column of their sizes."""
    size_unit: Unit | None = None
    """Unit of the sizes."""
    citation: str | None = None
    """Id of the source."""


class MeasureConfig(Model):
    """A published figure that is a mean over unit types, not a count."""

    scope: str
    """As it stands in the published table."""
    statistic: Literal["mean_sum"]
    """`mean_sum`: the mean over units of their sums of light."""
    year: Year
    """Of the lights."""
    groups: dict[str, list[str]]
    """Unit types by key of the published table."""
    ratio: tuple[str, str]
    """The two groups whose ratio is compared, the first over the second."""
    note: str
    """Why the figures differ."""


class CompareNote(Model):
    """Why a published figure and the computed one differ."""

    scope: str
    """As it stands in the published table."""
    group: str
    """As it stands there."""
    key: str
    """As it stands there."""
    note: str
    """Why the figures differ."""


class ListConfig(UnitTable):
    """A ranking of another publisher, to compare with and not to show.

    `rename` gives its headings the names `rank`, and `unit_id` or `unit`.
    """

    title: Annotated[Text, Derived("the id")]
    """What a reader calls it."""
    file: ExistingFile | None = None
    """A table. Without one the list is left out; `--set` may name it."""
    only: dict[str, str] = {}
    """Columns to what they must read: other rows are left out."""


class AgreementConfig(Model):
    """Two orders to lay side by side: give `ranking` or `indicator`."""

    published: str
    """A published ranking, or one of `lists`."""
    ranking: str | None = None
    """The ranking beside it."""
    indicator: str | None = None
    """A single indicator beside it, the highest first, as a yardstick."""
    among: list[str] = []
    """Unit types that the `indicator` orders; all by default."""

    @model_validator(mode="after")
    def _one_order(self) -> AgreementConfig:
        if (self.ranking is None) == (self.indicator is None):
            raise ValueError("give either `ranking` or `indicator`")
        return self


class CompareConfig(Model):
    """Published figures to compare with the computed ones, and orders with orders."""

    file: TableFile
    """Table of published figures: scope, group, key, value."""
    tolerance: Annotated[Value, Field(ge=0)] = 0.0
    """How far a computed figure may be off and still match."""
    notes: list[CompareNote] = []
    """Known differences, explained."""
    measures: list[MeasureConfig] = []
    """Published figures that are means."""
    lists: dict[Identifier, ListConfig] = {}
    """Rankings of other publishers, by id."""
    agreement: list[AgreementConfig] = []
    """Orders to compare."""
