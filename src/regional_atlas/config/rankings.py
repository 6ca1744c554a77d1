"""Rankings, clusters, and published figures to compare with."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from regional_atlas.config.tables import TableConfig, TableFile
from regional_atlas.core.model import ExistingFile, Identifier, Model
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


class RankingConfig(TableConfig):
    """A ranking: published (a table with `rank`) or computed (an index file).

    `among` are the unit types that it ranks. `scores` is a table that was computed from the index
    once (`regional-atlas scores`), taken where a build lacks the indicators; `counts` are the
    counts of regions that go with it.
    """

    id: Identifier
    title: Text
    file: ExistingFile | None = None
    index: ExistingFile | None = None
    scores: ExistingFile | None = None
    counts: ExistingFile | None = None
    among: list[str] = []
    tiers: list[int] = []
    length: int | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> RankingConfig:
        if (self.file is None) == (self.index is None):
            raise ValueError("give either `file` (published) or `index` (computed)")
        declared = sorted(self.model_fields_set & set(TableConfig.model_fields))
        if self.file is None and declared:
            raise ValueError(f"`{declared[0]}` says how `file` is read, and there is none")
        if self.scores is not None and self.index is None:
            raise ValueError("`scores` goes with `index`")
        if self.counts is not None and self.scores is None:
            raise ValueError("`counts` goes with `scores`")
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
    since: int | None = None
    """The year that it began in; the timeline says so where there is none."""
    source: Text | None = None
    """Where the year comes from."""


class ClustersConfig(TableConfig):
    """A table of industrial clusters, each with one or several units."""

    id: Identifier
    title: Text
    file: ExistingFile
    cluster: str = "cluster"
    cluster_en: str | None = None
    """Column of the clusters' English names; without one they keep their own."""
    units: str = "units"
    group: str | None = None
    groups: list[GroupConfig] = []
    """Titles and years of the groups, in the order of the timeline."""
    size: str | None = None
    size_unit: Unit | None = None
    citation: str | None = None


class MeasureConfig(Model):
    """A published figure that is a mean over unit types, not a count."""

    scope: str
    statistic: Literal["mean_sum"]
    year: int
    groups: dict[str, list[str]]
    ratio: tuple[str, str]
    note: str


class CompareNote(Model):
    """Why a published figure and the computed one differ."""

    scope: str
    group: str
    key: str
    note: str


class ListConfig(TableConfig):
    """A ranking of another publisher, to compare with and not to show.

    `rename` gives its headings the names `rank` and `unit_id` or `unit`; `only` keeps the rows
    whose columns read so.
    """

    title: Text
    file: ExistingFile | None = None
    only: dict[str, str] = {}


class AgreementConfig(Model):
    """Two orders to lay side by side.

    `published` is a published ranking or a list; beside it a computed `ranking`, or a single
    `indicator` (the highest first) among units of the types `among`, as a yardstick.
    """

    published: str
    ranking: str | None = None
    indicator: str | None = None
    among: list[str] = []

    @model_validator(mode="after")
    def _one_order(self) -> AgreementConfig:
        if (self.ranking is None) == (self.indicator is None):
            raise ValueError("give either `ranking` or `indicator`")
        return self


class CompareConfig(Model):
    """Published figures to compare with the computed ones, and orders with orders."""

    file: TableFile
    tolerance: float = 0.0
    notes: list[CompareNote] = []
    measures: list[MeasureConfig] = []
    lists: dict[Identifier, ListConfig] = {}
    agreement: list[AgreementConfig] = []
