"""Nodes of an index tree, and where a data file has their values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.config.index.steps import ImputeConfig, NormaliseConfig, TreatConfig
from regional_atlas.config.tables import TableConfig
from regional_atlas.core.model import Identifier, Model
from regional_atlas.core.texts import Text, Unit

__all__ = ["DataConfig", "GoalpostsConfig", "NodeConfig"]


class GoalpostsConfig(Model):
    """Fixed ends of an indicator's scale.

    With `log` the distance is measured between logarithms; with `cap` values beyond an end count
    as the end.
    """

    low: float
    high: float
    log: bool = False
    cap: bool = True

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
    """One node of an index tree: an indicator (no children) or a dimension.

    `direction` is −1 where less is better. An extensive indicator (a total) may name the
    `denominator` that makes it comparable: a column of the data or another indicator. `proxy` says
    why this indicator stands in for another; `absent` why nothing covers it: it stays in the tree,
    and its weight goes to its siblings. `impute`, `treat` and `normalise` override the step for
    this indicator.
    """

    code: Identifier
    title: Text
    parent: str = "index"
    weight: Annotated[float, Field(gt=0)] = 1.0
    direction: Literal[1, -1] = 1
    unit: Unit | None = None
    method: Text | None = None
    extensive: bool | None = None
    denominator: str | None = None
    source: Text | None = None
    year: int | None = None
    goalposts: GoalpostsConfig | None = None
    target: float | None = None
    proxy: Text | None = None
    absent: Text | None = None
    impute: ImputeConfig | None = None
    treat: TreatConfig | None = None
    normalise: NormaliseConfig | None = None

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
    """Where a data file has what the index needs.

    `unit_id`, `unit` (name) and `year` (panels only) are columns; `columns` says the column of a
    code whose column has another name; `groups` are text columns to keep; of each of
    their groups, an uncertainty analysis counts the units among the first ranks. Where `key` says
    the columns of the unit's id, `unit_id` is not looked at.
    """

    unit_id: str = "unit_id"
    unit: str | None = None
    year: str | None = None
    groups: list[str] = Field(default_factory=list)
    columns: dict[str, str] = Field(default_factory=dict)
