"""Two results of an index side by side: what a change of method does to ranks."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.scoring.index import IndexResult

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """What sets two results apart.

    Attributes
    ----------
    table : DataFrame
        By unit: `score`, `other_score`, `rank`, `other_rank`, `change` (places gained in the
        other), `tier`, `other_tier`; the largest changes first.
    changes : DataFrame
        `verb`, `argument`, `value`, `other_value`: where the recipes differ.
    correlation : float
        Spearman's, of the scores of units that both rank.
    mean_change : float
        Mean size of `change`.

    Examples
    --------
    >>> from regional_atlas.config.index import IndexConfig
    >>> from regional_atlas.scoring import score
    >>> spec = IndexConfig.model_validate(
    ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}],
    ...      "tiers": {"k": 2}})
    >>> result = score(pd.DataFrame({"a": [1.0, 2.0, 3.0]}, index=["x", "y", "z"]), spec)
    >>> same = compare(result, result)
    >>> same.mean_change, same.changes.empty
    (0.0, True)
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    correlation: float
    mean_change: float


def compare(result: IndexResult, other: IndexResult) -> Comparison:
    """Compare two results of one set of units.

    Parameters
    ----------
    result, other : IndexResult
        Of `score` or `run_recipe`.

    Returns
    -------
    Comparison
        A unit that one of the two does not rank has no `change`.

    Raises
    ------
    InputError
        When the units differ.

    Examples
    --------
    >>> from regional_atlas.config.index import IndexConfig
    >>> from regional_atlas.scoring import run_recipe, score
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 9.0], "b": [9.0, 5.0, 8.0]}, index=["x", "y", "z"])
    >>> result = score(data, spec)
    >>> other = run_recipe(data, result.recipe.edit("normalise", method="min_max"))
    >>> compare(result, other).changes.to_dict("records")
    [{'verb': 'normalise', 'argument': 'method', 'value': 'percentile_rank',
      'other_value': 'min_max'}]
    """
    if set(result.scores.index) != set(other.scores.index):
        raise InputError("results of different units cannot be compared")
    mine, theirs = result.scores, other.scores.reindex(result.scores.index)
    table = pd.DataFrame(
        {
            "score": mine["index"],
            "other_score": theirs["index"],
            "rank": mine["rank"],
            "other_rank": theirs["rank"],
            "change": mine["rank"] - theirs["rank"],
            "tier": mine["tier"],
            "other_tier": theirs["tier"],
        }
    )
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    return Comparison(
        table.loc[order],
        _changes(result, other),
        float(mine["index"].corr(theirs["index"], method="spearman")),
        float(table["change"].abs().astype("Float64").mean()),
    )


def _changes(result: IndexResult, other: IndexResult) -> pd.DataFrame:
    rows: list[tuple[str, str, object, object]] = []
    others = {step.verb: step.arguments for step in other.recipe.steps}
    for step in result.recipe.steps:
        theirs = others.pop(step.verb, {})
        rows += [
            (step.verb, name, step.arguments.get(name), theirs.get(name))
            for name in dict.fromkeys([*step.arguments, *theirs])
            if step.arguments.get(name) != theirs.get(name)
        ]
    rows += [(verb, name, None, value) for verb in others for name, value in others[verb].items()]
    for part in ("nodes", "comparisons"):
        one, two = (
            [item.model_dump(mode="json") for item in getattr(recipe, part)]
            for recipe in (result.recipe, other.recipe)
        )
        if one != two:
            rows.append((part, "", one, two))
    return pd.DataFrame(rows, columns=["verb", "argument", "value", "other_value"])
