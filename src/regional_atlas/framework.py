"""The typed shape of an index file: the tree of a composite index and the method of each step."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from regional_atlas.model import Identifier, Model, Text

__all__ = ["AggregateConfig", "IndexConfig", "NodeConfig", "NormaliseConfig", "TiersConfig"]


class NodeConfig(Model):
    """One node of an index tree: an indicator (no children) or a dimension."""

    code: Identifier
    title: Text
    parent: str = "index"
    weight: Annotated[float, Field(gt=0)] = 1.0
    direction: Literal[1, -1] = 1
    unit: Text | None = None
    method: Text | None = None


class NormaliseConfig(Model):
    """How indicators are put on one scale."""

    method: Literal["percentile_rank", "min_max", "z_score"] = "percentile_rank"
    low: float = 0.0
    high: float = 100.0


class AggregateConfig(Model):
    """How children make a node; a unit with less than `availability` of the weight gets none."""

    method: Literal["arithmetic", "geometric"] = "arithmetic"
    availability: Annotated[float, Field(ge=0, le=1)] = 0.6


class TiersConfig(Model):
    """Tiers of a computed index: exact Fisher-Jenks classes of the score."""

    method: Literal["fisher_jenks"] = "fisher_jenks"
    k: Annotated[int, Field(ge=2, le=9)] = 4


class IndexConfig(Model):
    """A composite index: its tree and the methods of each step."""

    id: Identifier
    title: Text
    normalise: NormaliseConfig = NormaliseConfig()
    aggregate: AggregateConfig = AggregateConfig()
    tiers: TiersConfig = TiersConfig()
    nodes: list[NodeConfig]
    note: Text | None = None

    @model_validator(mode="after")
    def _tree(self) -> IndexConfig:
        codes = [node.code.lower() for node in self.nodes]
        problems = [
            f"code {code!r} stands more than once (case does not count)"
            for code in sorted({code for code in codes if codes.count(code) > 1})
        ]
        problems += [f"code {code!r} is reserved" for code in codes if code in _RESERVED]
        known = {node.code for node in self.nodes} | {"index"}
        problems += [
            f"node {node.code!r}: parent {node.parent!r} is no node; use 'index' for the root"
            for node in self.nodes
            if node.parent not in known
        ]
        if not problems:
            problems += _cycles({node.code: node.parent for node in self.nodes})
        if problems:
            raise ValueError("; ".join(problems))
        return self


_RESERVED = {"index", "rank", "tier", "unit_id", "unit"}


def _cycles(parents: dict[str, str]) -> list[str]:
    problems = []
    for start in parents:
        seen, code = {start}, parents[start]
        while code != "index":
            if code in seen:
                problems.append(f"node {start!r} lies on a cycle")
                break
            seen.add(code)
            code = parents[code]
    return problems
