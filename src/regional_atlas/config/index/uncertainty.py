"""What is uncertain about an index: the choices that another methodologist could have made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.core.model import (
    Model,
    Position,
    Real,
    Seed,
    Whole,
)

__all__ = ["UncertaintyConfig", "WeightDrawsConfig"]

Positive = Annotated[Real, Field(gt=0, le=1e9)]


class WeightDrawsConfig(Model):
    """How weights are drawn among siblings.

    `uniform` multiplies each weight by a number between 1 − `spread` and 1 + `spread`; `dirichlet`
    draws the siblings' shares about their own with `concentration` (the larger, the closer).
    """

    method: Literal["uniform", "dirichlet"] = "uniform"
    """From which distribution."""
    spread: Annotated[Real, Field(gt=0, lt=1)] = 0.25
    """Of `uniform`, as a share of the weight."""
    concentration: Positive = 50.0
    """Of `dirichlet`."""


class UncertaintyConfig(Model):
    """What varies from draw to draw, each choice independent of the others and equally likely.

    Lists of methods have two or more. What is not named stays as it is.
    """

    draws: Annotated[Whole, Field(ge=10, le=1_000_000)] = 1000
    """Number of draws."""
    seed: Seed = 0
    """Of the draws."""
    top: Position = 100
    """Each unit is given with its probability to be among this many first ranks."""
    interval: Annotated[Real, Field(gt=0, lt=1)] = 0.9
    """Probability of the intervals of ranks and counts."""
    weights: WeightDrawsConfig | None = None
    """How weights vary."""
    normalise: list[Literal["percentile_rank", "min_max", "z_score", "rank"]] = Field(
        default_factory=list
    )
    """Methods in place of the step's."""
    aggregate: list[Literal["arithmetic", "geometric", "harmonic", "minimum"]] = Field(
        default_factory=list
    )
    """Methods in place of the step's."""
    treat: list[Literal["none", "winsorise", "log", "shifted_log", "box_cox"]] = Field(
        default_factory=list
    )
    """Methods in place of the step's."""
    impute: list[Literal["none", "mean", "median", "parent", "knn"]] = Field(default_factory=list)
    """Methods in place of the step's."""
    drop: list[str] = Field(default_factory=list)
    """Indicators of which one or none is left out."""
    error: Positive | dict[str, Positive] | None = None
    """Relative standard error of measurement, for all indicators or by code."""

    @model_validator(mode="after")
    def _choices(self) -> UncertaintyConfig:
        problems = []
        for name in ("normalise", "aggregate", "treat", "impute"):
            methods = getattr(self, name)
            if methods and len(set(methods)) < 2:
                problems.append(f"`{name}` needs two different methods or more, found {methods}")
            if len(set(methods)) < len(methods):
                problems.append(f"`{name}` names a method twice: {methods}")
        if len(set(self.drop)) < len(self.drop):
            problems.append("`drop` names an indicator twice")
        if not self.factors():
            problems.append("nothing varies: name weights, a list of methods, drop or error")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def factors(self) -> list[str]:
        """List what varies.

        Examples
        --------
        >>> UncertaintyConfig(error=0.05, normalise=["min_max", "z_score"]).factors()
        ['normalise', 'error']
        """
        names = ["weights", "impute", "treat", "normalise", "aggregate", "drop", "error"]
        return [name for name in names if getattr(self, name)]
