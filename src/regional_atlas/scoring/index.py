"""A composite index, step by step: normalise, aggregate up the tree, rank, tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from regional_atlas.errors import DataError, raise_if
from regional_atlas.framework import IndexConfig, NodeConfig
from regional_atlas.scoring.aggregate import weighted_mean
from regional_atlas.scoring.normalise import normalise
from regional_atlas.scoring.rank import classify_tiers, rank_scores

__all__ = ["IndexResult", "children", "leaves", "score"]


@dataclass(frozen=True)
class IndexResult:
    """Every table of an index, one per step.

    Attributes
    ----------
    raw : DataFrame
        The indicators as given, in the order of the index file.
    normalised : DataFrame
        On one scale, more is better.
    scores : DataFrame
        The scores contract: one column per node by its code (indicators normalised), `index`,
        `rank`, `tier`.
    availability : Series
        Share of the indicators' weight that the unit has data for.
    """

    raw: pd.DataFrame
    normalised: pd.DataFrame
    scores: pd.DataFrame
    availability: pd.Series


def children(spec: IndexConfig, parent: str) -> list[NodeConfig]:
    """List the nodes right below `parent`, in the order of the file."""
    return [node for node in spec.nodes if node.parent == parent]


def leaves(spec: IndexConfig) -> list[NodeConfig]:
    """List the indicators: nodes without children."""
    return [node for node in spec.nodes if not children(spec, node.code)]


def score(data: pd.DataFrame, spec: IndexConfig) -> IndexResult:
    """Compute an index.

    Parameters
    ----------
    data : DataFrame
        Index `unit_id`; a column for each indicator of the index. Missing values are not filled:
        the weights of a node's children are re-scaled over what is present, and a node with less
        than `aggregate.availability` of its weight is missing.
    spec : IndexConfig
        The tree and the methods.

    Returns
    -------
    IndexResult

    Raises
    ------
    DataError
        When columns are missing.

    Examples
    --------
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B", "direction": -1}],
    ... })
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [5.0, 1.0, 3.0]}, index=["x", "y", "z"])
    >>> score(data, spec).scores[["index", "rank", "tier"]].to_dict("index")["y"]
    {'index': 75.0, 'rank': 1, 'tier': 1}
    """
    codes = [node.code for node in leaves(spec)]
    raise_if(
        (f"indicator {code!r} has no column" for code in codes if code not in data.columns),
        DataError,
        f"index {spec.id!r}",
    )
    raw = data[codes].astype("float64")
    directions = {node.code: node.direction for node in leaves(spec)}
    method = spec.normalise
    normalised = normalise(raw, directions, method=method.method, low=method.low, high=method.high)
    nodes = {code: normalised[code] for code in codes}
    for parent in _bottom_up(spec):
        below = children(spec, parent)
        nodes[parent] = weighted_mean(
            pd.DataFrame({node.code: nodes[node.code] for node in below}),
            {node.code: node.weight for node in below},
            method=spec.aggregate.method,
            availability=spec.aggregate.availability,
        )
    scores = pd.DataFrame({node.code: nodes[node.code] for node in spec.nodes})
    scores["index"] = nodes["index"]
    scores["rank"] = rank_scores(scores["index"])
    scores["tier"] = classify_tiers(scores["index"], spec.tiers.k)
    availability = normalised.notna().mul(pd.Series(_leaf_weights(spec))).sum(axis=1)
    return IndexResult(raw, normalised, scores, availability.rename("availability"))


def _bottom_up(spec: IndexConfig) -> Iterator[str]:
    """Yield the codes of nodes with children, each after those below it, the root last."""

    def visit(code: str) -> Iterator[str]:
        for node in children(spec, code):
            if children(spec, node.code):
                yield from visit(node.code)
        yield code

    yield from visit("index")


def _leaf_weights(spec: IndexConfig) -> dict[str, float]:
    """Return each indicator's weight in the whole index; they sum to 1."""
    weights = {"index": 1.0}
    for parent in reversed(list(_bottom_up(spec))):
        below = children(spec, parent)
        total = sum(node.weight for node in below)
        for node in below:
            weights[node.code] = weights[parent] * node.weight / total
    return {node.code: weights[node.code] for node in leaves(spec)}
