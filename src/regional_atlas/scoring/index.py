"""A composite index, step by step, from data to ranks and tiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from regional_atlas.config.index import IndexConfig, NodeConfig, TiersConfig, leaves
from regional_atlas.config.index.methods import TIERINGS
from regional_atlas.core.errors import AbsentError, InputError, raise_if
from regional_atlas.scoring.growth import grow, node_data_share, weigh
from regional_atlas.scoring.recipe import Recipe, recipe_of
from regional_atlas.scoring.remarks import without_scale
from regional_atlas.scoring.steps.denominate import denominate
from regional_atlas.scoring.steps.impute import impute
from regional_atlas.scoring.steps.normalise import normalise
from regional_atlas.scoring.steps.rank import (
    classify_tiers,
    rank_scores,
    settled,
    tiers_by_fit,
    tiers_by_rank,
)
from regional_atlas.scoring.steps.screen import data_availability, screen
from regional_atlas.scoring.steps.treat import treat

__all__ = ["IndexResult", "rebuild", "run_recipe", "score"]

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class IndexResult:
    """Every table of an index, one per step, and the recipe that made them.

    Attributes
    ----------
    data : DataFrame
        What was given.
    recipe : Recipe
        Every step with its arguments.
    tables : dict of str to DataFrame
        `raw`, `screening`, `screened`, `denominated`, `imputed`, `treatment`, `treated`,
        `normalised`, `weights`, `nodes`, `coverage`, `ranked`, `scores`.

    Examples
    --------
    >>> spec = IndexConfig.model_validate(
    ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}],
    ...      "tiers": {"k": 2}})
    >>> found = score(pd.DataFrame({"a": [1.0, None, 3.0]}, index=["x", "y", "z"]), spec)
    >>> found.scores["rank"].tolist(), found.availability.tolist()
    ([2, <NA>, 1], [1.0, 0.0, 1.0])
    """

    data: pd.DataFrame
    recipe: Recipe
    tables: Tables

    def __repr__(self) -> str:
        """Name the index, its size and its tables."""
        size = f"{len(self.scores):,} rows, {int(self.scores['rank'].notna().sum()):,} ranked"
        return f"<IndexResult {self.recipe.id!r}: {size}; tables {', '.join(self.tables)}>"

    def _repr_html_(self) -> str:
        """Show a notebook the first ranks."""
        first = self.scores.sort_values("rank").head(10)
        return f"<p>{escape(repr(self))}</p>{first.to_html(escape=True)}"

    @property
    def raw(self) -> pd.DataFrame:
        """The indicators as given, in the order of the index file."""
        return self.tables["raw"]

    @property
    def normalised(self) -> pd.DataFrame:
        """On one scale, more is better."""
        return self.tables["normalised"]

    @property
    def weights(self) -> pd.DataFrame:
        """Weight and share of every node, and what is absent or a proxy."""
        return self.tables["weights"]

    @property
    def scores(self) -> pd.DataFrame:
        """The scores contract: one column per node by its code, `index`, `rank`, `tier`."""
        return self.tables["scores"]

    @property
    def data_shares(self) -> pd.DataFrame:
        """Share of each node's weight that the unit has data of its own for (`coverage.csv`)."""
        return self.tables["coverage"]

    @property
    def availability(self) -> pd.Series:
        """Share of the indicators' weight that the unit has data of its own for."""
        return self.data_shares["index"].rename("availability")


def score(data: pd.DataFrame, spec: IndexConfig) -> IndexResult:
    """Compute an index.

    Parameters
    ----------
    data : DataFrame
        Index `unit_id`, or `unit_id` and `year` for a panel; a column for each indicator that is
        not marked absent, for each denominator and each group that the index names. Missing values
        are filled only where the index says so: otherwise the weights of a node's children are
        re-scaled over what is present, and a node with less than `aggregate.availability` of its
        weight is missing. A panel is ranked within each year.
    spec : IndexConfig
        The tree and the methods.

    Returns
    -------
    IndexResult

    Raises
    ------
    DataError
        When columns are missing.
    InputError
        When a method does not take the values.

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
    return run_recipe(data, recipe_of(spec))


def rebuild(result: IndexResult) -> IndexResult:
    """Compute a result again from its data and recipe.

    Examples
    --------
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "nodes": [{"code": "a", "title": "A"}]})
    >>> result = score(pd.DataFrame({"a": [1.0, 2.0, 3.0]}), spec)
    >>> rebuild(result).scores.equals(result.scores)
    True
    """
    return run_recipe(result.data, result.recipe)


def run_recipe(data: pd.DataFrame, recipe: Recipe) -> IndexResult:
    """Run the steps of a recipe, each reading and writing a named table.

    Parameters
    ----------
    data : DataFrame
        As in `score`.
    recipe : Recipe
        Of `recipe_of`, edited or not.

    Returns
    -------
    IndexResult

    Raises
    ------
    DataError
        When columns are missing.
    InputError
        When a step reads a table that none has written, or does not take the values.

    Examples
    --------
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "nodes": [{"code": "a", "title": "A"}]})
    >>> data = pd.DataFrame({"a": [1.0, 2.0, 9.0]})
    >>> recipe = recipe_of(spec).edit("normalise", method="min_max")
    >>> run_recipe(data, recipe).normalised["a"].tolist()
    [0.0, 12.5, 100.0]
    """
    nodes = [node for node in leaves(recipe.nodes) if node.absent is None]
    raise_if(
        (f"indicator {n.code!r} has no column" for n in nodes if n.code not in data.columns),
        AbsentError,
        f"index {recipe.id!r}",
    )
    tables: Tables = {"raw": data[[node.code for node in nodes]].astype("float64")}
    for step in recipe.steps:
        if step.reads not in tables:
            raise InputError(f"step {step.verb!r} reads {step.reads!r}; found: {', '.join(tables)}")
        context = StepContext(data, recipe, tables, nodes)
        try:
            written = _VERBS[step.verb](context, tables[step.reads], step.arguments)
        except InputError as error:
            if error.where:
                raise
            where = f"index {recipe.id!r}, {step.verb}"
            raise type(error)(*error.problems, where=where) from error
        main, *others = written.items()
        tables[step.writes] = main[1]
        tables.update(dict(others))
    return IndexResult(data, recipe, tables)


@dataclass(frozen=True)
class StepContext:
    """What a step may look at besides the table it reads."""

    data: pd.DataFrame
    recipe: Recipe
    tables: Tables
    nodes: list[NodeConfig]

    def by_indicator(self, verb: str) -> dict[str, Any]:
        common = self.recipe.config(verb)
        return {node.code: getattr(node, verb) or common for node in self.nodes}

    def directions(self) -> dict[str, int]:
        return {node.code: node.direction for node in self.nodes}

    def weights(self) -> dict[str, float]:
        return {str(code): float(w) for code, w in self.tables["weights"]["weight"].items()}

    def observed(self) -> pd.DataFrame:
        """Values before any imputation; of a unit that was screened out, those that it had."""
        reads = {step.verb: step.reads for step in self.recipe.steps}
        table = self.tables[reads.get("impute", reads["aggregate"])]
        if "screening" not in self.tables:
            return table
        return table.where(self.tables["screening"]["included"], self.tables["raw"], axis=0)


def _screen(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    least = context.recipe.config("screen").model_dump()
    return {"main": screen(table, **least), "screening": data_availability(table, **least)}


def _denominate(context: StepContext, table: pd.DataFrame, arguments: Any) -> Tables:
    held = {code: size for code, size in arguments.items() if code in table.columns}
    return {"main": denominate(table, context.data, held)}


def _impute(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    filled = impute(
        table,
        context.by_indicator("impute"),
        groups=context.data,
        parents={node.code: node.parent for node in context.nodes},
        directions=context.directions(),
    )
    return {"main": filled}


def _treat(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    treated, treatment = treat(table, context.by_indicator("treat"))
    return {"main": treated, "treatment": treatment}


_ABSOLUTE = {"goalposts", "scaled", "target"}
"""Normalisations that place a value without looking at other units."""


def _normalise(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    methods = context.by_indicator("normalise")
    units = table.index.unique(0)
    if len(units) == 1 and not {config.method for config in methods.values()} <= _ABSOLUTE:
        raise InputError(
            f"one unit ({units[0]}) cannot be ranked against others; give more units, "
            f"or normalise by {', '.join(sorted(_ABSOLUTE))}",
            where=f"index {context.recipe.id!r}",
        )
    normalised = normalise(
        table,
        methods,
        directions=context.directions(),
        posts={node.code: node.goalposts for node in context.nodes},
        goals={node.code: node.target for node in context.nodes},
    )
    flat = without_scale(table, normalised)
    if flat and len(flat) == table.shape[1]:
        raise InputError(
            *(
                f"indicator {code!r} is constant, {value:g} in all "
                f"{int(table[code].notna().sum())} rows: {methods[code].method} gives it no scale"
                for code, value in flat.items()
            ),
            where=f"index {context.recipe.id!r}",
        )
    return {"main": normalised}


def _weight(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    recipe = context.recipe
    config, upwards = recipe.config("weight"), recipe.config("aggregate")
    return {"main": weigh(table, recipe.nodes, recipe.comparisons, config, upwards)}


def _aggregate(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    nodes, weights = context.recipe.nodes, context.weights()
    return {
        "main": grow(table, nodes, weights, context.recipe.config("aggregate")),
        "coverage": node_data_share(context.observed(), nodes, weights),
    }


def _rank(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    config = context.recipe.config("rank")
    keys = []
    if config.group is not None:
        if config.group not in context.data.columns:
            raise InputError(f"rank.group: {config.group!r} is not a column of the data")
        keys.append(context.data[config.group].to_numpy())
    if "year" in table.index.names:
        keys.append(table.index.get_level_values("year").to_numpy())
    groups = None
    if keys:
        found = table["index"].groupby(keys, dropna=True).ngroup()
        groups = found.where(found >= 0)
    return {"main": table.assign(rank=rank_scores(table["index"], ties=config.ties, groups=groups))}


def _tiers(context: StepContext, table: pd.DataFrame, _: Any) -> Tables:
    config = context.recipe.config("tiers")
    return {"main": table.assign(tier=_TIERINGS[config.method](table, config))}


def _fisher_jenks(table: pd.DataFrame, config: TiersConfig) -> pd.Series:
    scores = settled(table["index"])
    if config.goodness is not None:
        return tiers_by_fit(scores, config.goodness)
    return classify_tiers(scores, config.k)


_TIERINGS: Mapping[str, Callable[[pd.DataFrame, TiersConfig], pd.Series]] = TIERINGS.bound(
    {
        "fisher_jenks": _fisher_jenks,
        "by_rank": lambda table, config: tiers_by_rank(table["rank"], config.last_ranks),
    }
)


_VERBS: dict[str, Callable[[StepContext, pd.DataFrame, Any], Tables]] = {
    "screen": _screen,
    "denominate": _denominate,
    "impute": _impute,
    "treat": _treat,
    "normalise": _normalise,
    "weight": _weight,
    "aggregate": _aggregate,
    "rank": _rank,
    "tiers": _tiers,
}
