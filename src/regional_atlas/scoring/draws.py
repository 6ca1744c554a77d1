"""Draws of the choices behind an index: what varies, and the recipe that each draw stands for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.config.index import children, depths, inner_nodes, leaves
from regional_atlas.config.index.uncertainty import UncertaintyConfig
from regional_atlas.core.arrays import Floats, Ints
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.texts import Text
from regional_atlas.scoring.index import run_recipe
from regional_atlas.scoring.recipe import Recipe

__all__ = ["Draws", "Plan", "draw_settings", "make_plan", "recipe_of_draw"]

STEPS = ("impute", "treat", "normalise", "aggregate")
NORMALISE = ("percentile_rank", "min_max", "z_score", "rank")
AGGREGATE = ("arithmetic", "geometric", "harmonic", "minimum")


@dataclass(frozen=True)
class Draws:
    """Settings, one row per draw.

    Attributes
    ----------
    weights : (draws, nodes) float
        Weight among siblings before an indicator is dropped; the last column is the root's.
    impute, treat, normalise, aggregate : (draws,) int
        Position in the plan's options of the step.
    drop : (draws,) int
        Position of the node left out, or −1.
    error : (draws,) uint64
        Seed of the measurement error, 0 for none.
    """

    weights: Floats
    impute: Ints
    treat: Ints
    normalise: Ints
    aggregate: Ints
    drop: Ints
    error: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.drop)

    def rows(self, which: slice) -> Draws:
        """Take some of the draws."""
        return Draws(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    def with_factor(self, other: Draws, factor: str) -> Draws:
        """Take one factor from other draws."""
        return replace(self, **{factor: getattr(other, factor)})


@dataclass(frozen=True)
class Plan:
    """What the draws of an index share: tree, options, and the normalised table of each scenario.

    Attributes
    ----------
    recipe : Recipe
        Of the index as it stands.
    config : UncertaintyConfig
        What varies.
    units : Index
        Of the data.
    codes : list of str
        Nodes in the order of the tree, then 'index'.
    options : dict of str to list of str
        Methods by step; one where it does not vary.
    tables : (scenario, indicator, unit) float
        Normalised, for each combination of the options of impute, treat and normalise.
    treated : (scenario, indicator, unit) float
        Before normalisation.
    columns : list of str
        Indicators of the tables.
    nominal : Draws
        One draw: the index as it stands.
    """

    recipe: Recipe
    config: UncertaintyConfig
    units: pd.Index
    codes: list[str]
    options: dict[str, list[str]]
    tables: Floats
    treated: Floats
    columns: list[str]
    nominal: Draws

    @cached_property
    def parent(self) -> Ints:
        """Position of each node's parent, −1 for the root."""
        place = {code: i for i, code in enumerate(self.codes)}
        return np.array([*(place[node.parent] for node in self.recipe.nodes), -1])

    @cached_property
    def inner(self) -> Ints:
        """Positions of nodes with children, below first."""
        return np.array([self.codes.index(code) for code in inner_nodes(self.recipe.nodes)])

    @cached_property
    def leaf(self) -> Ints:
        """Position of each node's indicator in the tables, −1 for others."""
        return np.array(
            [self.columns.index(code) if code in self.columns else -1 for code in self.codes]
        )

    @cached_property
    def errors(self) -> Floats:
        """Relative standard error by indicator, 0 where none is stated."""
        given = self.config.error or {}
        if not isinstance(given, dict):
            return np.full(len(self.columns), given)
        return np.array([given.get(code, 0.0) for code in self.columns])

    @cached_property
    def directions(self) -> Floats:
        """Direction by indicator."""
        of = {node.code: node.direction for node in self.recipe.nodes}
        return np.array([of[code] for code in self.columns], dtype="float64")

    def scenario(self, draws: Draws) -> Ints:
        """Position of each draw's table."""
        treats, normals = len(self.options["treat"]), len(self.options["normalise"])
        return (draws.impute * treats + draws.treat) * normals + draws.normalise

    def used_weights(self, draws: Draws) -> Floats:
        """Weights with what is dropped at 0, and so each node that is left without children."""
        used = draws.weights.copy()
        dropped = np.flatnonzero(draws.drop >= 0)
        used[dropped, draws.drop[dropped]] = 0.0
        for node in self.inner[:-1]:
            used[:, node] *= (used[:, self.parent == node] > 0).any(axis=1)
        return used

    def methods(self, draws: Draws) -> Ints:
        """Kernel's number of the aggregation by draw and node."""
        step = self.recipe.config("aggregate")
        numbers = np.array([AGGREGATE.index(name) for name in self.options["aggregate"]])
        found = np.repeat(numbers[draws.aggregate][:, None], len(self.codes), axis=1)
        depth = depths(self.recipe.nodes)
        for node in self.inner:
            level = depth[self.codes[node]]
            if level < len(step.levels):
                found[:, node] = AGGREGATE.index(step.levels[level].method)
        return found


def make_plan(data: pd.DataFrame, recipe: Recipe, config: UncertaintyConfig) -> Plan:
    """Run the recipe up to normalisation for every combination of methods.

    Parameters
    ----------
    data : DataFrame
        As for `score`, one year.
    recipe : Recipe
        Of the index.
    config : UncertaintyConfig
        What varies. A method that an indicator states for itself stays.

    Returns
    -------
    Plan

    Raises
    ------
    InputError
        A panel, ranks within groups, a method that draws do not know, an indicator that is not
        in the index, an error together with a treatment that takes logarithms.
    """
    options = {step: list(getattr(config, step)) or [recipe.config(step).method] for step in STEPS}
    raise_if(_problems(data, recipe, config, options), InputError, "uncertainty")
    tables, treated = [], []
    for methods in itertools.product(*(options[step] for step in STEPS[:3])):
        made = _run(data, _edited(recipe, dict(zip(STEPS, methods, strict=False))), "normalise")
        tables.append(made["normalised"])
        treated.append(made["treated"])
    weights = _run(data, recipe, "weight")["weights"]["weight"]
    codes = [*(node.code for node in recipe.nodes), "index"]
    zero = np.zeros(1, np.int64)
    nominal = Draws(
        weights=np.array([[*(float(weights[code]) for code in codes[:-1]), 1.0]]),
        **{step: zero + _standing(recipe, step, options[step]) for step in STEPS},
        drop=zero - 1,
        error=np.zeros(1, np.uint64),
    )
    plan = Plan(
        recipe, config, data.index, codes, options, _stack(tables), _stack(treated),
        list(tables[0].columns), nominal,
    )  # fmt: skip
    used = {AGGREGATE[number] for number in np.unique(plan.methods(nominal)[:, plan.inner])}
    if (used | set(options["aggregate"])) & {"geometric", "harmonic"} and plan.tables.size:
        negative = np.nanmin(plan.tables) < 0
        raise_if(
            ["a geometric or harmonic mean meets negative values"] if negative else [],
            InputError,
            "uncertainty",
        )
    return plan


def draw_settings(plan: Plan, n: int, rng: np.random.Generator) -> Draws:
    """Draw settings: methods equally likely, one or none dropped, weights about their own.

    Parameters
    ----------
    plan : Plan
        Of `make_plan`.
    n : int
        Number of draws.
    rng : numpy Generator
        The same state gives the same draws.

    Returns
    -------
    Draws
    """
    config = plan.config
    places = np.array([-1, *(plan.codes.index(code) for code in config.drop)])
    seeds = rng.integers(1, 2**63, n, dtype=np.uint64)
    return Draws(
        weights=_weights(plan, n, rng),
        impute=rng.integers(0, len(plan.options["impute"]), n),
        treat=rng.integers(0, len(plan.options["treat"]), n),
        normalise=rng.integers(0, len(plan.options["normalise"]), n),
        aggregate=rng.integers(0, len(plan.options["aggregate"]), n),
        drop=places[rng.integers(0, len(places), n)],
        error=seeds if config.error else np.zeros(n, np.uint64),
    )


def recipe_of_draw(plan: Plan, draws: Draws, row: int) -> Recipe:
    """Write one draw as a recipe of its own (measurement error is in the data, not in it).

    Parameters
    ----------
    plan : Plan
        What the draws share.
    draws : Draws
        Of the plan.
    row : int
        Which of them.

    Returns
    -------
    Recipe
        `run_recipe` of it gives the scores of the draw.
    """
    chosen = {step: plan.options[step][int(getattr(draws, step)[row])] for step in STEPS}
    recipe = _edited(plan.recipe, chosen).edit("weight", method="manual", levels=[])
    nodes = []
    for place, node in enumerate(recipe.nodes):
        changes: dict[str, Any] = {}
        if draws.weights[row, place] > 0:
            changes["weight"] = float(draws.weights[row, place])
        if draws.drop[row] == place:
            changes["absent"] = Text(zh="略去", en="left out")
        nodes.append(node.model_copy(update=changes))
    return recipe.model_copy(update={"nodes": nodes})


def _problems(
    data: pd.DataFrame, recipe: Recipe, config: UncertaintyConfig, options: Mapping[str, list[str]]
) -> list[str]:
    found = []
    if data.index.nlevels > 1:
        found.append("the data is a panel; take one year")
    if recipe.config("rank").group is not None or recipe.config("rank").ties != "min":
        found.append("ranks are of all units, ties sharing the better rank; rank says otherwise")
    levels = [level.method for level in recipe.config("aggregate").levels]
    for method in {*options["aggregate"], *levels} - set(AGGREGATE):
        found.append(f"aggregate: {method!r} cannot be drawn; allowed: {', '.join(AGGREGATE)}")
    codes = {node.code: node for node in leaves(recipe.nodes)}
    errors = list(config.error) if isinstance(config.error, dict) else []
    for key, named in (("drop", config.drop), ("error", errors)):
        for code in named:
            if code not in codes or codes[code].absent is not None:
                found.append(f"{key}: {code!r} is not an indicator with data")
    if config.error:
        own = [node for node in codes.values() if node.normalise or node.treat]
        if own:
            found.append(
                f"error: {own[0].code!r} has a normalisation or treatment of its own; measurement "
                "error is drawn only where all indicators share theirs"
            )
        for method in set(options["normalise"]) - set(NORMALISE):
            found.append(
                f"error: measurement error goes with the normalisations {', '.join(NORMALISE)}, "
                f"not with {method!r}"
            )
        for method in set(options["treat"]) - {"none", "winsorise"}:
            found.append(f"error: relative, so it does not go with the treatment {method!r}")
    return found


def _edited(recipe: Recipe, methods: Mapping[str, str]) -> Recipe:
    for step, method in methods.items():
        if recipe.config(step).method == method:
            continue
        changes: dict[str, Any] = {"method": method}
        if step == "impute" and method not in ("mean", "median"):
            changes["group"] = None
        if step == "normalise":
            changes["reference"] = None
        recipe = recipe.edit(step, **changes)
    return recipe


def _run(data: pd.DataFrame, recipe: Recipe, last: str) -> dict[str, pd.DataFrame]:
    verbs = [step.verb for step in recipe.steps]
    steps = recipe.steps[: verbs.index(last) + 1]  # type: ignore[arg-type]
    return run_recipe(data, recipe.model_copy(update={"steps": steps})).tables


def _stack(tables: list[pd.DataFrame]) -> Floats:
    return np.ascontiguousarray([table.to_numpy(dtype="float64").T for table in tables])


def _standing(recipe: Recipe, step: str, options: list[str]) -> int:
    method = recipe.config(step).method
    if method not in options:
        raise InputError(
            f"{step}: {method!r}, which the index uses, is not among {', '.join(options)}",
            where="uncertainty",
        )
    return options.index(method)


def _weights(plan: Plan, n: int, rng: np.random.Generator) -> Floats:
    config = plan.config.weights
    stated = np.repeat(plan.nominal.weights, n, axis=0)
    if config is None:
        return stated
    if config.method == "uniform":
        return stated * rng.uniform(1 - config.spread, 1 + config.spread, stated.shape)
    for code in inner_nodes(plan.recipe.nodes):
        below = [plan.codes.index(node.code) for node in children(plan.recipe.nodes, code)]
        below = [place for place in below if stated[0, place] > 0]
        if below:
            share = stated[0, below] / stated[0, below].sum()
            drawn = np.maximum(rng.dirichlet(config.concentration * share, n), 1e-12)
            stated[:, below] = drawn / drawn.sum(axis=1, keepdims=True)
    return stated
