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
from regional_atlas.core.model import Model

__all__ = [
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

Share = Annotated[float, Field(ge=0, le=1)]


class ScreenConfig(Model):
    """Which units are scored: those with enough of the data that other units have.

    `availability` is the least share of the indicators that any unit has data for, `nonzero` the
    least share of a unit's values that are not 0. A unit below them stays in every table, without
    values and without a rank.
    """

    availability: Share = 0.0
    nonzero: Share = 0.0


class ImputeConfig(Model):
    """How gaps are filled.

    `mean` and `median` take the other units', within `group` (a text column of the data) where one
    is named; `parent` the unit's own standing among the other indicators of the same parent; `knn`
    the mean of the nearest units; `last` and `linear` the unit's other years (panels only).
    """

    method: Annotated[str, IMPUTATIONS] = "none"
    group: str | None = None
    neighbours: Annotated[int, Field(ge=1)] = 5

    @model_validator(mode="after")
    def _group(self) -> ImputeConfig:
        if self.group is not None and self.method not in ("mean", "median"):
            raise ValueError(f"`group` goes with mean and median, not with {self.method!r}")
        return self


class TreatConfig(Model):
    """How outliers are treated.

    `winsorise` touches an indicator with |skew| ≥ `skew` and excess kurtosis ≥ `kurtosis`: up to
    `points` values are drawn in, and where that is not enough `then` is applied to the original.
    `log`, `shifted_log` (ln(x − min + `shift` · range)) and `box_cox` are applied always.
    """

    method: Annotated[str, TREATMENTS] = "none"
    skew: Annotated[float, Field(gt=0)] = 2.0
    kurtosis: float = 3.5
    points: Annotated[int, Field(ge=0)] = 5
    then: Literal["none", "shifted_log", "box_cox"] = "shifted_log"
    shift: Annotated[float, Field(gt=0)] = 0.01


class NormaliseConfig(Model):
    """How indicators are put on one scale, `low` to `high`.

    `goalposts` and `target` take each indicator's own, `scaled` the common `bounds`,
    `distance_to_reference` the unit `reference`. Panels are pooled over years unless `pooled` is
    false. z-scores, ranks and Borda counts have their own scale.
    """

    method: Annotated[str, NORMALISATIONS] = "percentile_rank"
    low: float = 0.0
    high: float = 100.0
    bounds: tuple[float, float] = (0.0, 100.0)
    reference: str | None = None
    pooled: bool = True

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


class WeightConfig(WeightMethod):
    """How siblings are weighed; `levels` overrides the method from the root (first) down.

    For `ahp`: `solver`, and `ratio_limit`, the consistency ratio above which a matrix is refused.
    """

    solver: Literal["eigenvector", "geometric_mean"] = "eigenvector"
    ratio_limit: Annotated[float, Field(gt=0)] = 0.1
    levels: list[WeightMethod] = Field(default_factory=list)


class AggregateMethod(Model):
    """How children make a node; `power` is the exponent of the power mean.

    `least` and `most` bound each weight's share of their sum under benefit of the doubt.
    """

    method: Annotated[str, AGGREGATIONS] = "arithmetic"
    power: float = 0.5
    least: Share = 0.0
    most: Share = 1.0

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
    """How children make a node; a unit with less than `availability` of the weight gets none.

    `levels` overrides the method from the root (first) down.
    """

    availability: Share = 0.6
    levels: list[AggregateMethod] = Field(default_factory=list)


class RankConfig(Model):
    """Rank 1 is the highest score; `ties` as in pandas; within `group` where one is named."""

    ties: Literal["min", "max", "average", "dense"] = "min"
    group: str | None = None


class TiersConfig(Model):
    """Tiers of the index: exact Fisher-Jenks classes of the score, or by rank.

    With `goodness` the number of classes is the smallest (up to 9) whose goodness of variance fit
    reaches it; otherwise it is `k`. `by_rank` takes `last_ranks`, the last rank of each tier.
    """

    method: Annotated[str, TIERINGS] = "fisher_jenks"
    k: Annotated[int, Field(ge=2, le=9)] = 4
    goodness: Annotated[float, Field(gt=0, lt=1)] | None = None
    last_ranks: list[int] = Field(default_factory=list)

    @model_validator(mode="after")
    def _ranks(self) -> TiersConfig:
        if self.last_ranks != sorted(set(self.last_ranks)) or min(self.last_ranks, default=1) < 1:
            raise ValueError(f"`last_ranks` ascend from 1; found {self.last_ranks}")
        if (self.method == "by_rank") != bool(self.last_ranks):
            raise ValueError("`last_ranks` and the method by_rank go together")
        return self
