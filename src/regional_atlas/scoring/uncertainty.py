"""Scores, ranks and tiers of many draws at once, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.classes.breaks import class_numbers
from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.scoring.draws import NORMALISE, Draws, Plan

__all__ = ["Tally", "check_effects", "evaluate", "ranks_and_tiers", "run_blocks"]

Ranks = NDArray[np.int32]

BLOCK = 64
_PROBES = 8


def evaluate(plan: Plan, draws: Draws) -> Floats:
    """Score every unit in every draw.

    Equal, to rounding, to `run_recipe` of `recipe_of_draw` for each draw, with measurement error
    x·exp(σz) on the values that normalisation reads.

    Parameters
    ----------
    plan : Plan
        Of `make_plan`.
    draws : Draws
        Of the plan; memory grows with their number, so callers take blocks.

    Returns
    -------
    (draws, units) float
        Missing where a unit has too little data in the draw.
    """
    from regional_atlas.scoring.draws_kernels import noisy_table, scores_of

    scenario, weights, methods = plan.scenario(draws), plan.used_weights(draws), plan.methods(draws)
    step = plan.recipe.config("aggregate")
    found = np.empty((len(draws), plan.tables.shape[2]))
    tree = (plan.parent, plan.inner, plan.leaf, step.availability)
    exact = draws.error == 0
    if exact.all():
        scores_of(plan.tables, scenario, weights, methods, *tree, found)
        return found
    normal = plan.recipe.config("normalise")
    first = np.zeros(1, np.int64)
    for row in range(len(draws)):
        table = plan.tables[scenario[row]]
        if not exact[row]:
            number = NORMALISE.index(plan.options["normalise"][draws.normalise[row]])
            treated = plan.treated[scenario[row]]
            table = noisy_table(
                treated, draws.error[row], plan.errors, plan.directions, number,
                normal.low, normal.high,
            )  # fmt: skip
        one = slice(row, row + 1)
        scores_of(table[None], first, weights[one], methods[one], *tree, found[one])
    return found


def ranks_and_tiers(plan: Plan, scores: Floats, k: int) -> tuple[Ranks, NDArray[np.int8]]:
    """Rank each draw's scores and sort them into tiers, 1 the highest; 0 where missing.

    Parameters
    ----------
    plan : Plan
        Whose tiers are by rank, or exact Fisher-Jenks classes of each draw's own scores; a draw
        with fewer different scores than tiers has none.
    scores : (draws, units) float
        Of `evaluate`.
    k : int
        Number of tiers; 0 for none.

    Returns
    -------
    ranks, tiers : (draws, units) int
    """
    from regional_atlas.classes.jenks_compiled import break_positions
    from regional_atlas.scoring.draws_kernels import ranks_of

    ranks = np.empty(scores.shape, np.int32)
    order = np.empty(scores.shape, np.int32)
    ranks_of(scores, order, ranks)
    tiers = np.zeros(scores.shape, np.int8)
    config = plan.recipe.config("tiers")
    if config.method == "by_rank" and k:
        placed = np.where(ranks > 0, ranks, np.nan)
        return ranks, (class_numbers(placed, config.last_ranks, closed=True) + 1).astype(np.int8)
    for row in range(len(scores) if k else 0):
        ranked = int((ranks[row] > 0).sum())
        if ranked < k:
            continue
        ascending = scores[row, order[row, :ranked]][::-1]
        starts = break_positions(ascending, k)
        if starts.size == k:
            tops = np.append(ascending[starts[1:] - 1], ascending[-1])
            tiers[row] = np.where(ranks[row] > 0, k - class_numbers(scores[row], tops), 0)
    return ranks, tiers


@dataclass
class Tally:
    """What is kept of the draws: how often each unit had each rank and tier.

    Attributes
    ----------
    ranks : (units, units + 1) int
        Draws by unit and rank; rank 0 is not a rank.
    tiers : (units, k + 1) int
        Draws by unit and tier; tier 0 is none.
    order : (ranked,) int
        Positions of the ranked units, the first rank first.
    ahead : (ranked − 1,) float
        Draws in which a unit of that order is ahead of the next, a tie counting half.
    draws : int
        Number of draws.
    """

    ranks: NDArray[np.int32]
    tiers: NDArray[np.int32]
    order: NDArray[np.intp]
    ahead: Floats
    draws: int = 0

    @classmethod
    def of(cls, nominal: NDArray[np.int32], k: int) -> Tally:
        """Begin a tally of k tiers for units with these ranks, 0 for none."""
        n = nominal.size
        order = np.argsort(np.where(nominal > 0, nominal, n + 1), kind="stable")
        order = order[: int((nominal > 0).sum())]
        ahead = np.zeros(max(order.size - 1, 0))
        return cls(np.zeros((n, n + 1), np.int32), np.zeros((n, k + 1), np.int32), order, ahead)

    def add(self, ranks: Ranks, tiers: NDArray[np.int8]) -> None:
        """Count a block of draws."""
        units = np.arange(ranks.shape[1])
        for row in range(len(ranks)):
            self.ranks[units, ranks[row]] += 1
            self.tiers[units, tiers[row]] += 1
        placed = np.where(ranks > 0, ranks, ranks.shape[1] + 1)[:, self.order]
        behind = np.diff(placed, axis=1)
        self.ahead += (behind > 0).sum(axis=0) + (behind == 0).sum(axis=0) / 2
        self.draws += len(ranks)

    def quantile(self, share: float) -> Floats:
        """Smallest rank that at least `share` of the ranked draws do not pass; missing if none."""
        ranked = self.ranks[:, 1:]
        total = ranked.sum(axis=1)
        reached = np.cumsum(ranked, axis=1) >= np.ceil(share * total - 1e-9).clip(1)[:, None]
        return np.where(total > 0, reached.argmax(axis=1) + 1.0, np.nan)

    def top(self, n: int) -> Floats:
        """Share of all draws in which a unit's rank is n or better."""
        found: Floats = self.ranks[:, 1 : n + 1].sum(axis=1) / self.draws
        return found

    def moments(self) -> tuple[Floats, Floats]:
        """Mean and variance of each unit's rank, no rank counting as one after the last."""
        places = np.arange(self.ranks.shape[1], dtype="float64")
        places[0] = self.ranks.shape[1]
        mean: Floats = self.ranks @ places / self.draws
        return mean, self.ranks @ places**2 / self.draws - mean**2


def run_blocks(plan: Plan, draws: Draws, k: int) -> Iterator[tuple[slice, Ranks, NDArray[np.int8]]]:
    """Rank all draws, a few blocks at a time, on the cores of this process.

    Yields
    ------
    slice, ranks, tiers
        Which draws, and theirs. No more than two blocks per core are held.
    """
    from regional_atlas.core.jit import thread_count

    def one(which: slice) -> tuple[slice, Ranks, NDArray[np.int8]]:
        return which, *ranks_and_tiers(plan, evaluate(plan, draws.rows(which)), k)

    blocks = [slice(first, first + BLOCK) for first in range(0, len(draws), BLOCK)]
    cores = thread_count()
    with ThreadPoolExecutor(cores) as pool:
        for first in range(0, len(blocks), 2 * cores):
            yield from pool.map(one, blocks[first : first + 2 * cores])


def check_effects(plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Vary each setting alone; one that changes no score is an error.

    Parameters
    ----------
    plan : Plan
        Of `make_plan`.
    rng : numpy Generator
        For the probes of weights and error.

    Returns
    -------
    DataFrame
        `setting`, `value`, `units_moved` (share of units whose rank changes when this alone
        changes; the mean over probes for weights and error), `mean_shift` (mean places moved).

    Raises
    ------
    InputError
        Listing every method that gives the same scores as another, every indicator whose loss
        changes nothing, and weights or errors without any effect.
    """
    from regional_atlas.scoring.draws import draw_settings

    names, rows = [], []
    for factor in plan.config.factors():
        if factor in ("error", "weights"):
            drawn = draw_settings(plan, _PROBES, rng)
            for row in range(_PROBES):
                names.append((factor, _stated(plan, factor)))
                rows.append((factor, getattr(drawn, factor)[row : row + 1]))
        elif factor == "drop":
            for code in plan.config.drop:
                names.append((factor, code))
                rows.append((factor, np.array([plan.codes.index(code)])))
        else:
            for place, method in enumerate(plan.options[factor]):
                names.append((factor, method))
                rows.append((factor, np.array([place])))
    tried = [replace(plan.nominal, **{factor: value}) for factor, value in rows]
    scores = np.concatenate([evaluate(plan, draws) for draws in [plan.nominal, *tried]])
    ranks, _ = ranks_and_tiers(plan, scores, 0)
    raise_if(_idle(plan, names, scores), InputError, "uncertainty")
    moved = (ranks[1:] != ranks[0]).mean(axis=1)
    shift = np.abs(ranks[1:].astype("int64") - ranks[0]).mean(axis=1)
    table = pd.DataFrame(names, columns=["setting", "value"])
    table["units_moved"], table["mean_shift"] = moved, shift
    return table.groupby(["setting", "value"], sort=False).mean().reset_index()


def _stated(plan: Plan, factor: str) -> str:
    value = getattr(plan.config, factor)
    return str(value) if factor == "error" else str(value.model_dump())


def _idle(plan: Plan, names: list[tuple[str, str]], scores: Floats) -> list[str]:
    def same(a: Floats, b: Floats) -> bool:
        return bool(np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True))

    found, nominal = [], scores[0]
    for factor in plan.config.factors():
        mine = [row + 1 for row, (name, _) in enumerate(names) if name == factor]
        if factor in ("weights", "error"):
            if all(same(scores[row], nominal) for row in mine):
                found.append(f"{factor}: no score changes with it")
        elif factor == "drop":
            found += [
                f"drop: without {names[row - 1][1]!r} no score changes"
                for row in mine
                if same(scores[row], nominal)
            ]
        else:
            found += [
                f"{factor}: {names[one - 1][1]!r} and {names[other - 1][1]!r} give the same scores"
                for i, one in enumerate(mine)
                for other in mine[i + 1 :]
                if same(scores[one], scores[other])
            ]
    return found
