"""Uncertainty that reaches the claim: ranks, tiers and regional counts with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.config.index import IndexConfig, TiersConfig, UncertaintyConfig
from regional_atlas.core.arrays import Bools
from regional_atlas.core.errors import InputError
from regional_atlas.scoring.chances import ChanceCounts, is_overlapping
from regional_atlas.scoring.draws import STEPS, Draws, Plan, draw_settings, make_plan
from regional_atlas.scoring.index import IndexResult
from regional_atlas.scoring.recipe import Recipe, recipe_of
from regional_atlas.scoring.sensitivity_sobol import sobol_table
from regional_atlas.scoring.stability import tier_stability
from regional_atlas.scoring.steps.rank import tiers_by_fit
from regional_atlas.scoring.uncertainty import (
    Tally,
    check_effects,
    evaluate,
    ranks_and_tiers,
    run_blocks,
)

__all__ = ["UncertaintyResult", "sensitivity"]


@dataclass(frozen=True)
class UncertaintyResult:
    """What the choices behind an index do to its claims.

    Attributes
    ----------
    ranks : DataFrame
        Index `unit_id`: `rank` (as published), `rank_low`, `rank_median`, `rank_high` (over the
        draws that rank the unit), `p_top`, `p_ranked`, `p_ahead` (shares of all draws: rank within
        the top, any rank, ahead of the unit ranked next; near a half the two are alike).
    tiers : DataFrame
        Index `unit_id`: `tier`, `p_tier_1` … `p_tier_k`.
    boundaries : DataFrame
        Of `tier_stability`; empty for tiers by rank.
    regions : DataFrame
        `kind`, `group`, `counting` (`all` memberships, or `exclusive`: each unit in one group),
        `count` in the top N as published, `low`, `median`, `high`, `mean`.
    sobol : DataFrame
        `output`, `factor`, `first`, `total`, each with `_low` and `_high`; empty if not asked for.
    parameters : DataFrame
        `setting`, `value`, and how far each moves the ranks alone; then draws, seed and the like.
    runs : DataFrame
        One row per draw: method of each step, `drop`, `error_seed`, `weight_<node>`, `mean_shift`.
    """

    ranks: pd.DataFrame
    tiers: pd.DataFrame
    boundaries: pd.DataFrame
    regions: pd.DataFrame
    sobol: pd.DataFrame
    parameters: pd.DataFrame
    runs: pd.DataFrame

    def __repr__(self) -> str:
        """Say how many draws of how many units, and name the tables."""
        tables = ", ".join(each.name for each in fields(self))
        return f"<UncertaintyResult: {len(self.runs):,} draws, {len(self.ranks):,} units; {tables}>"

    def _repr_html_(self) -> str:
        """Show a notebook the first ranks with their intervals."""
        first = self.ranks.sort_values("rank").head(10)
        return f"<p>{escape(repr(self))}</p>{first.to_html(escape=True)}"


def sensitivity(
    spec: IndexConfig | IndexResult | Recipe,
    data: pd.DataFrame | None = None,
    n: int | None = None,
    seed: int | None = None,
    *,
    groups: Mapping[str, pd.DataFrame] | None = None,
    chances: Mapping[str, pd.DataFrame] | None = None,
    config: UncertaintyConfig | None = None,
    sobol: bool = True,
) -> UncertaintyResult:
    """Run an index under many settings, and say what holds.

    n draws are two independent halves A and B; for Sobol' indices each half-row is run again with
    one factor of A taken from B: n/2 · (2 + factors) runs in all.

    Parameters
    ----------
    spec : IndexConfig, IndexResult or Recipe
        The index.
    data : DataFrame, optional
        As for `score`; that of the result by default. One year.
    n, seed : int, optional
        Draws and seed, those of the configuration by default.
    groups : mapping of str to DataFrame, optional
        By kind: `unit_id`, `group`, `exclusive`, as roll-ups take them.
    chances : mapping of str to DataFrame, optional
        Of kinds in `groups` whose members are so by chance, every pair: `unit_id`, `group`, and the
        probabilities `all` and `exclusive`. Their intervals and means are over the draws and over
        membership; see `ChanceCounts`.
    config : UncertaintyConfig, optional
        What varies; the index file's [uncertainty] by default.
    sobol : bool
        Whether to compute Sobol' indices.

    Returns
    -------
    UncertaintyResult

    Raises
    ------
    InputError
        No configuration or data, a setting without any effect, and what `make_plan` refuses.

    Notes
    -----
    Saisana, M., Saltelli, A. and Tarantola, S. (2005), Journal of the Royal Statistical Society A
    168, 307–323. First-order: Saltelli et al. (2010); total: Jansen (1999).

    Examples
    --------
    >>> spec = IndexConfig.model_validate({
    ...     "id": "demo", "title": "Demo", "tiers": {"k": 2},
    ...     "uncertainty": {"draws": 100, "top": 1, "weights": {"spread": 0.5}},
    ...     "nodes": [{"code": "a", "title": "A"}, {"code": "b", "title": "B"}]})
    >>> data = pd.DataFrame({"a": [9.0, 2.0, 3.0], "b": [5.0, 3.0, 1.0]}, index=["x", "y", "z"])
    >>> sensitivity(spec, data).ranks["p_top"].tolist()
    [1.0, 0.0, 0.0]
    """
    plan, n, seed = _prepared(spec, data, config, n, seed)
    rng = np.random.default_rng(seed)
    parameters = check_effects(plan, rng)
    half = n // 2
    a, b = draw_settings(plan, half, rng), draw_settings(plan, half, rng)
    scores = evaluate(plan, plan.nominal)
    tiered = plan.recipe.config("tiers")
    k = _tier_count(tiered, scores[0])
    nominal_ranks, nominal_tiers = ranks_and_tiers(plan, scores, k)
    likely = chances or {}
    counter = _Counter(plan, groups or {}, likely, nominal_ranks[0])
    uncertain = ChanceCounts(plan.units, likely)
    tally = Tally.of(nominal_ranks[0], k)
    outputs = []
    for draws in (a, b):
        for _, ranks, tiers in run_blocks(plan, draws, k):
            tally.add(ranks, tiers)
            outputs.append(counter.outputs(ranks))
            uncertain.add(counter.inside(ranks))
    found = np.concatenate(outputs)
    tail = (1 - plan.config.interval) / 2
    stable = tiered.method == "fisher_jenks"
    return UncertaintyResult(
        ranks=_ranks(plan, tally, nominal_ranks[0], tail),
        tiers=_tiers(plan, tally, nominal_tiers[0]),
        boundaries=tier_stability(pd.Series(scores[0]), k, interval=plan.config.interval, rng=rng)
        if stable
        else pd.DataFrame(columns=["score", "low", "high", "agreement"]),
        regions=uncertain.put(counter.table(found[:, 1:], tail), tail),
        sobol=sobol_table(plan, a, b, found, *tally.moments(), counter.outputs, counter.names, rng)
        if sobol
        else pd.DataFrame(columns=["output", "factor", "first", "total"]),
        parameters=_parameters(plan, parameters, 2 * half, seed),
        runs=pd.concat([_runs(plan, a), _runs(plan, b)], ignore_index=True).assign(
            mean_shift=found[:, 0]
        ),
    )


def _prepared(
    spec: IndexConfig | IndexResult | Recipe,
    data: pd.DataFrame | None,
    config: UncertaintyConfig | None,
    n: int | None,
    seed: int | None,
) -> tuple[Plan, int, int]:
    if isinstance(spec, IndexResult):
        recipe, data = spec.recipe, spec.data if data is None else data
    else:
        recipe = recipe_of(spec) if isinstance(spec, IndexConfig) else spec
        config = spec.uncertainty if config is None and isinstance(spec, IndexConfig) else config
    if data is None or config is None:
        what = "data" if data is None else "an [uncertainty] section or a configuration"
        raise InputError(f"a sensitivity analysis needs {what}", where=f"index {recipe.id!r}")
    n = config.draws if n is None else n
    if n < 10:
        raise InputError(f"a sensitivity analysis needs 10 draws or more, found {n}")
    return make_plan(data, recipe, config), n, config.seed if seed is None else seed


class _Counter:
    """Counts of each region in the top N, and the mean shift of ranks, draw by draw."""

    def __init__(
        self,
        plan: Plan,
        groups: Mapping[str, pd.DataFrame],
        chances: Mapping[str, pd.DataFrame],
        nominal: NDArray[np.int32],
    ) -> None:
        self.top = plan.config.top
        self.nominal = nominal
        self.keys: list[tuple[str, str, str]] = []
        columns = []
        for kind, table in groups.items():
            unit = plan.units.get_indexer(pd.Index(table["unit_id"]))
            exclusive = table["exclusive"].to_numpy(dtype=bool)
            ways = {"all": unit >= 0}
            if is_overlapping(table, chances.get(kind)):
                ways["exclusive"] = (unit >= 0) & exclusive
            names = sorted(map(str, table["group"].unique()))
            place = table["group"].astype(str).map({name: i for i, name in enumerate(names)})
            for way, kept in ways.items():
                member = np.zeros((len(plan.units), len(names)), np.float32)
                member[unit[kept], place.to_numpy()[kept]] = 1.0
                columns.append(member)
                self.keys += [(kind, name, way) for name in names]
        empty = np.zeros((len(plan.units), 0), np.float32)
        self.members = np.concatenate([empty, *columns], axis=1)
        self.names = ["mean_shift", *("/".join(key) for key in self.keys)]

    def outputs(self, ranks: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the mean shift, then the count of each region, by draw."""
        both = (ranks > 0) & (self.nominal > 0)
        moved = np.where(both, np.abs(ranks - self.nominal), 0).sum(axis=1)
        shift = moved / np.maximum(both.sum(axis=1), 1)
        return np.concatenate([shift[:, None], self.counts(ranks)], axis=1)

    def inside(self, ranks: NDArray[np.int32]) -> Bools:
        found: Bools = (ranks > 0) & (ranks <= self.top)
        return found

    def counts(self, ranks: NDArray[np.int32]) -> NDArray[np.float64]:
        inside = self.inside(ranks).astype(np.float32)
        return np.asarray(inside @ self.members, dtype=np.float64)

    def table(self, drawn: NDArray[np.float64], tail: float) -> pd.DataFrame:
        table = pd.DataFrame(self.keys, columns=["kind", "group", "counting"])
        table["count"] = self.counts(self.nominal[None])[0].astype("int64")
        for name, share in (("low", tail), ("median", 0.5), ("high", 1 - tail)):
            quantile = np.quantile(drawn, share, axis=0, method="inverted_cdf")
            table[name] = quantile.astype("int64")
        return table.assign(mean=drawn.mean(axis=0))


def _tier_count(config: TiersConfig, scores: NDArray[np.float64]) -> int:
    if config.method == "by_rank":
        return len(config.last_ranks)
    if config.goodness is None:
        return config.k
    return int(tiers_by_fit(pd.Series(scores), config.goodness).max())


def _ranks(plan: Plan, tally: Tally, nominal: NDArray[np.int32], tail: float) -> pd.DataFrame:
    table = pd.DataFrame(index=plan.units)
    table["rank"] = pd.array(nominal, dtype="Int64")
    table["rank"] = table["rank"].mask(table["rank"] == 0)
    for name, share in (("rank_low", tail), ("rank_median", 0.5), ("rank_high", 1 - tail)):
        table[name] = pd.Series(tally.quantile(share), index=plan.units).astype("Int64")
    table["p_top"] = tally.top(plan.config.top)
    table["p_ranked"] = 1 - tally.ranks[:, 0] / tally.draws
    ahead = pd.Series(tally.ahead / tally.draws, plan.units[tally.order[:-1]])
    return table.assign(p_ahead=ahead.reindex(plan.units))


def _tiers(plan: Plan, tally: Tally, nominal: NDArray[np.int8]) -> pd.DataFrame:
    table = pd.DataFrame(index=plan.units)
    table["tier"] = pd.array(nominal, dtype="Int64")
    table["tier"] = table["tier"].mask(table["tier"] == 0)
    for tier in range(1, tally.tiers.shape[1]):
        table[f"p_tier_{tier}"] = tally.tiers[:, tier] / tally.draws
    return table


def _parameters(plan: Plan, effects: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    config = plan.config
    said = {
        "draws": draws, "seed": seed, "top": config.top, "interval": config.interval,
    }  # fmt: skip
    rest = pd.DataFrame({"setting": list(said), "value": [str(v) for v in said.values()]})
    return pd.concat([effects, rest], ignore_index=True)


def _runs(plan: Plan, draws: Draws) -> pd.DataFrame:
    table = pd.DataFrame(
        {step: np.array(plan.options[step])[getattr(draws, step)] for step in STEPS}
    )
    table["drop"] = np.array([*plan.codes, ""])[draws.drop]
    table["error_seed"] = draws.error
    used = plan.used_weights(draws)
    weights = {f"weight_{code}": used[:, i] for i, code in enumerate(plan.codes[:-1])}
    return pd.concat([table, pd.DataFrame(weights)], axis=1)
