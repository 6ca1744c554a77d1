"""What a reader of an index should know before its ranks: constants, zeros."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.config.index import children, depths, inner_nodes

if TYPE_CHECKING:
    from regional_atlas.scoring.index import IndexResult

__all__ = ["remarks", "without_scale"]

_TO_ZERO = ("geometric", "harmonic")
"""Means that are 0 where one value is."""
_SHOWN = 5


def without_scale(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    """Find the indicators that are constant and that normalisation therefore gave no value.

    Examples
    --------
    >>> flat = pd.DataFrame({"x": [5.0, 5.0, None]})
    >>> without_scale(flat, flat * float("nan"))
    {'x': 5.0}
    """
    lost = [
        code for code in after.columns if before[code].notna().any() and after[code].isna().all()
    ]
    return {code: float(before[code].dropna().iloc[0]) for code in lost}


def remarks(result: IndexResult) -> list[str]:
    """Say which indicators do not count as they are constant, and which units get 0 from a mean.

    Examples
    --------
    >>> from regional_atlas.config.index import IndexConfig
    >>> from regional_atlas.scoring import score
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2}, "normalise": {"method": "min_max"},
    ...     "aggregate": {"availability": 0.5},
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}],
    ... })
    >>> data = pd.DataFrame({"a": [1.0, 2.0], "b": [7.0, 7.0]}, index=["x", "y"])
    >>> print(*remarks(score(data, spec)))
    indicator 'b' is constant, 7 in all 2 rows: it has no scale, and the others take its weight
    """
    return [*_constants(result), *_zeros(result)]


def _constants(result: IndexResult) -> Iterator[str]:
    reads = next(step.reads for step in result.recipe.steps if step.verb == "normalise")
    before = result.tables[reads]
    for code, value in without_scale(before, result.normalised).items():
        held = int(before[code].notna().sum())
        yield (
            f"indicator {code!r} is constant, {value:g} in all {held} rows: it has no scale, and "
            "the others take its weight"
        )


def _zeros(result: IndexResult) -> Iterator[str]:
    nodes, config = result.recipe.nodes, result.recipe.config("aggregate")
    depth = depths(nodes)
    for parent in inner_nodes(nodes):
        level = config.levels[depth[parent]] if depth[parent] < len(config.levels) else config
        below = [node.code for node in children(nodes, parent) if node.code in result.scores]
        zero = result.scores[below].eq(0)
        units = result.scores.index[zero.any(axis=1) & result.scores[parent].eq(0)]
        if level.method not in _TO_ZERO or not len(units):
            continue
        shown = [
            f"{unit if isinstance(unit, str) else ' '.join(map(str, unit))} "
            f"({', '.join(code for code in below if zero.at[unit, code])})"
            for unit in units[:_SHOWN]
        ]
        more = f" and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
        yield (
            f"{parent}: {len(units)} of {len(result.scores)} get 0 from the {level.method} mean, "
            f"for one value is 0 on the scale: {', '.join(shown)}{more}; "
            "a scale that starts above 0 (`low` of normalise) keeps them apart"
        )
