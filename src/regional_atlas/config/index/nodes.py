"""Nodes of an index tree, and where a data file has their values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.config.index.steps import ImputeConfig, NormaliseConfig, TreatConfig
from regional_atlas.config.tables import TableConfig
from regional_atlas.core.model import (
    Identifier,
    Model,
    Real,
    Truth,
    Value,
    Year,
)
from regional_atlas.core.texts import Text, Unit

__all__ = ["DataConfig", "GoalpostsConfig", "NodeConfig"]


class GoalpostsConfig(Model):
    """Fixed ends of an indicator's scale."""

    low: Value
    """Value at the low end of the scale."""
    high: Value
    """Value at its high end."""
    log: Truth = False
    """Whether the distance is measured between logarithms."""
    cap: Truth = True
    """Whether a value beyond an end counts as that end."""

    @model_validator(mode="after")
    def _ends(self) -> GoalpostsConfig:
        problems = []
        if not self.low < self.high:
            problems.append(f"`low` {self.low} is not below `high` {self.high}")
        if self.log and self.low <= 0:
            problems.append(f"`log` needs `low` above 0, found {self.low}")
        if problems:
            raise ValueError("; ".join(problems))
        return self


class NodeConfig(Model):
    """One node of an index tree: an indicator (no children) or a dimension."""

    code: Identifier
    """Of the indicator in the data, or of the dimension."""
    title: Text
    """What a reader calls it."""
    parent: str = "index"
    """Code of the node that it is a part of; `index` is the root."""
    weight: Annotated[Real, Field(gt=0, le=1e9)] = 1.0
    """Among its siblings; the shares follow."""
    direction: Literal[1, -1] = 1
    """−1 where less is better."""
    unit: Unit | None = None
    """Of its values."""
    method: Text | None = None
    """How it was measured, for readers."""
    extensive: Truth | None = None
    """Whether it is a total; a share or a rate takes no denominator."""
    denominator: str | None = None
    """What makes a total comparable: a column of the data or another indicator."""
    source: Text | None = None
    """Who made it."""
    year: Year | None = None
    """Of its values."""
    goalposts: GoalpostsConfig | None = None
    """Ends of its scale, for the method `goalposts`."""
    target: Value | None = None
    """The goal, for the method `target`."""
    proxy: Text | None = None
    """Why it stands in for another indicator."""
    absent: Text | None = None
    """Why nothing covers it: it stays in the tree, and its weight goes to its siblings."""
    impute: ImputeConfig | None = None
    """Overrides the step for this indicator."""
    treat: TreatConfig | None = None
    """Overrides the step for this indicator."""
    normalise: NormaliseConfig | None = None
    """Overrides the step for this indicator."""

    @model_validator(mode="after")
    def _coherent(self) -> NodeConfig:
        problems = []
        if self.extensive is False and self.denominator is not None:
            problems.append("an intensive indicator takes no denominator")
        if self.proxy is not None and self.absent is not None:
            problems.append("an indicator is a proxy or absent, not both")
        if problems:
            raise ValueError(f"node {self.code!r}: " + "; ".join(problems))
        return self


class DataConfig(TableConfig):
    """Where a data file has what the index needs, and how it is read.

    Where `key` says the columns of the unit's id, `unit_id` is not looked at.
    """

    unit_id: str = "unit_id"
    """Column of the units' ids."""
    unit: str | None = None
    """Column of their names."""
    year: str | None = None
    """Column of the years, for panels only."""
    groups: list[str] = Field(default_factory=list)
    """Text columns to keep; of each of their groups, an uncertainty analysis counts the units among
    the first ranks."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Code to column, where the column has another name."""
