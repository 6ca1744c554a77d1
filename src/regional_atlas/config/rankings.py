"""Rankings, clusters, and published figures to compare with."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from regional_atlas.model import ExistingFile, Identifier, Model, Text

__all__ = ["ClustersConfig", "CompareConfig", "CompareNote", "MeasureConfig", "RankingConfig"]


class RankingConfig(Model):
    """A ranking: published (a table with `rank`) or computed (an index file).

    `among` are the unit types that it ranks. `scores` is a table that was computed from the index
    once (`regional-atlas scores`), taken where a build lacks the indicators.
    """

    id: Identifier
    title: Text
    file: ExistingFile | None = None
    index: ExistingFile | None = None
    scores: ExistingFile | None = None
    among: list[str] = []
    tiers: list[int] = []
    length: int | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> RankingConfig:
        if (self.file is None) == (self.index is None):
            raise ValueError("give either `file` (published) or `index` (computed)")
        if self.scores is not None and self.index is None:
            raise ValueError("`scores` goes with `index`")
        if self.tiers != sorted(set(self.tiers)):
            raise ValueError(
                f"`tiers` lists the last rank of each tier, ascending; found {self.tiers}"
            )
        return self


class ClustersConfig(Model):
    """A table of industrial clusters, each with one or several units."""

    id: Identifier
    title: Text
    file: ExistingFile
    cluster: str = "cluster"
    units: str = "units"
    group: str | None = None
    size: str | None = None
    size_unit: Text | None = None
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


class CompareConfig(Model):
    """Published figures to compare with the computed ones."""

    file: ExistingFile
    tolerance: float = 0.0
    notes: list[CompareNote] = []
    measures: list[MeasureConfig] = []
