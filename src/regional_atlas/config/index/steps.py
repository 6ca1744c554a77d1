"""The steps of an index, each with its method and parameters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.config.index.methods import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    TIERINGS,
    TREATMENTS,
    WEIGHTINGS,
)
from regional_atlas.core.model import (
    Count,
    Model,
    Position,
    Real,
    Share,
    Truth,
    Value,
    Whole,
)

__all__ = [
    "STEPS",
    "AggregateConfig",
    "AggregateMethod",
    "ImputeConfig",
    "NormaliseConfig",
    "RankConfig",
    "ScreenConfig",
    "TiersConfig",
    "TreatConfig",
    "WeightConfig",
    "WeightMethod",
]


class ScreenConfig(Model):
    """Which units are scored: those with enough of the data that other units have.

    A unit below the limits stays in every table, without values and without a rank.
    """

    availability: Share = 0.0
    """Least share of the indicators that any unit has data for."""
    nonzero: Share = 0.0
    """Least share of a unit's values that are not 0."""


class ImputeConfig(Model):
    """How gaps are filled.

    `mean` and `median` take the other units', within `group` (a text column of the data) where one
    is named; `parent` the unit's own standing among the other indicators of the same parent; `knn`
    the mean of the nearest units; `last` and `linear` the unit's other years (panels only).
    """

    method: Annotated[str, IMPUTATIONS] = "none"
    """By what."""
    group: str | None = None
    """Text column of the data, for `mean` and `median`."""
    neighbours: Annotated[Whole, Field(ge=1, le=1000)] = 5
    """Number of nearest units, for `knn`."""

    @model_validator(mode="after")
    def _group(self) -> ImputeConfig:
        if self.group is not None and self.method not in ("mean", "median"):
            raise ValueError(f"`group` goes with mean and median, not with {self.method!r}")
        return self


class TreatConfig(Model):
    """How outliers are treated.

    `winsorise` touches indicators with outliers only; `log`, `shifted_log` and `box_cox` are
    applied always.
    """

    method: Annotated[str, TREATMENTS] = "none"
    """By what."""
    skew: Annotated[Real, Field(gt=0, le=1000)] = 2.0
    """`winsorise` touches an indicator with at least this |skew| …"""
    kurtosis: Annotated[Real, Field(ge=-2, le=1e6)] = 3.5
    """… and at least this excess kurtosis."""
    points: Count = 5
    """Most values that it draws in."""
    then: Literal["none", "shifted_log", "box_cox"] = "shifted_log"
    """What is applied to the original where that is not enough."""
    shift: Annotated[Real, Field(gt=0, le=1)] = 0.01
    """Share of the range, for `shifted_log`."""


class NormaliseConfig(Model):
    """How indicators are put on one scale, `low` to `high`.

    `goalposts` and `target` take each indicator's own, `scaled` the common `bounds`,
    `distance_to_reference` the unit `reference`. Panels are pooled over years unless `pooled` is
    false. z-scores, ranks and Borda counts have their own scale.
    """

    method: Annotated[str, NORMALISATIONS] = "percentile_rank"
    """By what."""
    low: Value = 0.0
    """Low end of the scale."""
    high: Value = 100.0
    """High end of the scale."""
    bounds: tuple[Value, Value] = (0.0, 100.0)
    """Common bounds of all indicators, for `scaled`."""
    reference: str | None = None
    """Id of the unit, for `distance_to_reference`."""
    pooled: Truth = True
    """Whether a panel has one scale for all years; with `false`, each year has its own."""

    @model_validator(mode="after")
    def _complete(self) -> NormaliseConfig:
        problems = []
        if not self.low < self.high:
            problems.append(f"`low` {self.low} is not below `high` {self.high}")
        if not self.bounds[0] < self.bounds[1]:
            problems.append(f"`bounds` {list(self.bounds)} do not ascend")
        if (self.method == "distance_to_reference") != (self.reference is not None):
            problems.append("`reference` and the method distance_to_reference go together")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class WeightMethod(Model):
    """How siblings are weighed.

    `manual` takes each node's `weight`, `ahp` the comparisons of its parent; the others follow
    from the siblings' normalised values.
    """

    method: Annotated[str, WEIGHTINGS] = "manual"
    """By what."""


class WeightConfig(WeightMethod):
    """How siblings are weighed."""

    solver: Literal["eigenvector", "geometric_mean"] = "eigenvector"
    """How `ahp` finds weights."""
    ratio_limit: Annotated[Real, Field(gt=0, le=100)] = 0.1
    """Consistency ratio above which `ahp` refuses a matrix."""
    levels: list[WeightMethod] = Field(default_factory=list)
    """Overrides the method level by level, from the root (first) down."""


class AggregateMethod(Model):
    """How children make a node."""

    method: Annotated[str, AGGREGATIONS] = "arithmetic"
    """By what."""
    power: Annotated[Real, Field(ge=-100, le=100)] = 0.5
    """Exponent of the power mean."""
    least: Share = 0.0
    """Least share of a weight in their sum, under `benefit_of_the_doubt`."""
    most: Share = 1.0
    """Largest share of a weight in their sum, under `benefit_of_the_doubt`."""

    @model_validator(mode="after")
    def _parameters(self) -> AggregateMethod:
        problems = []
        if self.power == 0:
            problems.append("`power` is not 0; the limit at 0 is the method geometric")
        if (self.least, self.most) != (0, 1) and self.method != "benefit_of_the_doubt":
            problems.append(f"`least` and `most` go with benefit_of_the_doubt, not {self.method!r}")
        if self.least > self.most:
            problems.append(f"`least` {self.least:g} is above `most` {self.most:g}")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class AggregateConfig(AggregateMethod):
    """How children make a node."""

    availability: Share = 0.6
    """Least share of the weight that a unit must have data for; below it, it gets no score."""
    levels: list[AggregateMethod] = Field(default_factory=list)
    """Overrides the method level by level, from the root (first) down."""


class RankConfig(Model):
    """How scores become ranks: rank 1 is the highest score."""

    ties: Literal["min", "max", "average", "dense"] = "min"
    """Which rank equal scores get, as in pandas."""
    group: str | None = None
    """Text column of the data: units are ranked within its groups."""


class TiersConfig(Model):
    """Tiers of the index: exact Fisher-Jenks classes of the score, or by rank."""

    method: Annotated[str, TIERINGS] = "fisher_jenks"
    """By what."""
    k: Annotated[Whole, Field(ge=2, le=9)] = 4
    """Number of tiers, for `fisher_jenks`."""
    goodness: Annotated[Real, Field(gt=0, lt=1)] | None = None
    """In place of `k`: as few tiers (up to 9) as reach this goodness of variance fit."""
    last_ranks: list[Position] = Field(default_factory=list)
    """The last rank of each tier, for `by_rank`."""

    @model_validator(mode="after")
    def _ranks(self) -> TiersConfig:
        if self.last_ranks != sorted(set(self.last_ranks)):
            raise ValueError(f"`last_ranks` ascend from 1; found {self.last_ranks}")
        if (self.method == "by_rank") != bool(self.last_ranks):
            raise ValueError("`last_ranks` and the method by_rank go together")
        return self


STEPS: dict[str, type[Model]] = {
    "screen": ScreenConfig,
    "impute": ImputeConfig,
    "treat": TreatConfig,
    "normalise": NormaliseConfig,
    "weight": WeightConfig,
    "aggregate": AggregateConfig,
    "rank": RankConfig,
    "tiers": TiersConfig,
}
"""What each step that takes arguments is told, by the key of the index file."""
