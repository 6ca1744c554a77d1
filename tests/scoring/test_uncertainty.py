"""Many draws at once equal the plain pipeline draw by draw; tables hold what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from regional_atlas.classes.jenks import class_starts
from regional_atlas.classes.jenks_compiled import break_positions
from regional_atlas.config.index import (
    GoalpostsConfig,
    IndexConfig,
    NormaliseConfig,
    TreatConfig,
    UncertaintyConfig,
)
from regional_atlas.core.errors import InputError
from regional_atlas.scoring.draws import draw_settings, make_plan, recipe_of_draw
from regional_atlas.scoring.draws_kernels import noise
from regional_atlas.scoring.index import run_recipe, score
from regional_atlas.scoring.recipe import recipe_of
from regional_atlas.scoring.sensitivity import sensitivity
from regional_atlas.scoring.stability import tier_stability
from regional_atlas.scoring.steps.rank import classify_tiers
from regional_atlas.scoring.uncertainty import Tally, evaluate, ranks_and_tiers

LEAVES = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y", "f": "index"}


def spec(**uncertainty: Any) -> IndexConfig:
    dimensions = [{"code": code, "title": code, "weight": 2} for code in "xy"]
    leaves = [
        {"code": code, "title": code, "parent": parent, "weight": 1 + i}
        for i, (code, parent) in enumerate(LEAVES.items())
    ]
    leaves[1]["direction"] = -1
    return IndexConfig.model_validate(
        {
            "id": "demo", "title": "Demo", "tiers": {"k": 3}, "nodes": [*dimensions, *leaves],
            "normalise": {"method": "min_max", "low": 1},
            "uncertainty": {"draws": 200, "top": 20, **uncertainty},
        }
    )  # fmt: skip


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    table = pd.DataFrame(rng.lognormal(size=(90, 6)), columns=list(LEAVES))
    table.index = pd.Index([f"u{i:02d}" for i in range(90)], name="unit_id")
    return table.mask(rng.random(table.shape) < 0.1)


ALL = {
    "weights": {"spread": 0.4}, "normalise": ["min_max", "percentile_rank"],
    "aggregate": ["arithmetic", "geometric", "harmonic", "minimum"],
    "impute": ["none", "median"], "treat": ["none", "winsorise"], "drop": ["a", "f"],
}  # fmt: skip


@pytest.mark.parametrize(
    "varied",
    [ALL, {"weights": {"method": "dirichlet"}, "treat": ["none", "log"], "normalise":
           ["min_max", "z_score"]}],
)  # fmt: skip
def test_equal_to_the_plain_pipeline(data: pd.DataFrame, varied: dict[str, Any]) -> None:
    index = spec(**varied)
    assert index.uncertainty is not None
    plan = make_plan(data, recipe_of(index), index.uncertainty)
    draws = draw_settings(plan, 25, np.random.default_rng(3))
    fast = evaluate(plan, draws)
    ranks, tiers = ranks_and_tiers(plan, fast, 3)
    for row in range(25):
        plain = run_recipe(data, recipe_of_draw(plan, draws, row)).scores
        np.testing.assert_allclose(fast[row], plain["index"], rtol=1e-10)
        np.testing.assert_array_equal(ranks[row], plain["rank"].fillna(0))
        np.testing.assert_array_equal(tiers[row], plain["tier"].fillna(0))
    np.testing.assert_allclose(evaluate(plan, plan.nominal)[0], score(data, index).scores["index"])


@pytest.mark.parametrize("method", ["min_max", "percentile_rank", "z_score", "rank"])
def test_measurement_error_is_in_the_data(data: pd.DataFrame, method: str) -> None:
    index = spec(error={"a": 0.1, "b": 0.2}, normalise=["min_max", method] if method != "min_max"
                 else ["min_max", "rank"])  # fmt: skip
    assert index.uncertainty is not None
    plan = make_plan(data, recipe_of(index), index.uncertainty)
    draws = draw_settings(plan, 12, np.random.default_rng(3))
    fast = evaluate(plan, draws)
    for row in range(12):
        z = noise(draws.error[row], 6, 90).T
        moved = data * np.exp(z * np.array([0.1, 0.2, 0, 0, 0, 0]))
        plain = run_recipe(moved, recipe_of_draw(plan, draws, row)).scores
        np.testing.assert_allclose(fast[row], plain["index"], rtol=1e-9)


def test_noise_is_normal() -> None:
    z = noise(np.uint64(7), 300, 301)
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02
    assert abs(np.corrcoef(z[:, 0], z[:, 1])[0, 1]) < 0.2


def test_breaks_of_draws_are_those_of_classify() -> None:
    rng = np.random.default_rng(11)
    draws = [
        lambda n: rng.integers(0, 12, n).astype(float),
        lambda n: rng.integers(-9, 20, n) * 0.1,
        lambda n: rng.normal(size=n),
        lambda n: 75 + rng.integers(-50, 50, n) * 1e-8,
        lambda n: 75 + rng.normal(size=n) * 1e-13,
        lambda n: rng.choice([-1, 1], n) * 10.0 ** rng.integers(-12, 12, n),
        lambda n: np.append(rng.normal(size=n), 1e9 + rng.normal(size=n)),
        lambda n: 10.0 ** rng.uniform(-300, 300, n),
    ]
    for row in range(4000):
        values = np.sort(draws[row % len(draws)](int(rng.integers(1, 60))))
        k = int(rng.integers(1, 10))
        distinct, first, counts = np.unique(values, return_index=True, return_counts=True)
        expected = first[class_starts(distinct, counts, min(k, distinct.size))]
        assert break_positions(values, k).tolist() == expected.tolist()


def test_tiers_of_draws_are_those_of_classify_tiers(data: pd.DataFrame) -> None:
    index = spec(weights={"spread": 0.5})
    assert index.uncertainty is not None
    plan = make_plan(data, recipe_of(index), index.uncertainty)
    rng = np.random.default_rng(5)
    scores = rng.normal(50, 20, (200, 90)).round(1)
    scores[rng.random(scores.shape) < 0.1] = np.nan
    scores[7], scores[8, 2:] = 4.0, np.nan
    _, tiers = ranks_and_tiers(plan, scores, 4)
    for row in range(len(scores)):
        one = pd.Series(scores[row])
        if one.nunique() < 4:
            assert (tiers[row] == 0).all()
        else:
            assert tiers[row].tolist() == classify_tiers(one, 4).fillna(0).tolist()


def test_who_is_ahead_of_the_next_by_hand() -> None:
    tally = Tally.of(np.array([2, 1, 0, 3], np.int32), 0)
    assert tally.order.tolist() == [1, 0, 3]
    # Unit 1 before 0: yes, no, tie, and no when it has no rank; 0 before 3: yes, yes, no, yes.
    drawn = np.array([[2, 1, 0, 3], [1, 2, 0, 3], [2, 2, 0, 1], [1, 0, 0, 2]], np.int32)
    tally.add(drawn, np.zeros_like(drawn, np.int8))
    assert tally.ahead.tolist() == [1.5, 3.0]


def test_tables(data: pd.DataFrame) -> None:
    index = spec(**ALL)
    groups = pd.DataFrame(
        {"unit_id": data.index, "group": ["n", "s"] * 45, "exclusive": [True, True, False] * 30}
    )
    found = sensitivity(index, data, groups={"province": groups})
    ranks = found.ranks.dropna()
    assert (ranks["rank_low"] <= ranks["rank_median"]).all()
    assert (ranks["rank_median"] <= ranks["rank_high"]).all()
    assert found.ranks["p_top"].sum() == pytest.approx(20, abs=0.5)
    assert found.ranks["p_ahead"].dropna().between(0, 1).all()
    last = found.ranks["rank"].idxmax()
    assert pd.isna(found.ranks.at[last, "p_ahead"])
    probabilities = found.tiers.filter(like="p_tier").sum(axis=1)
    np.testing.assert_allclose(probabilities, found.ranks["p_ranked"])
    regions = found.regions[found.regions["counting"] == "all"]
    assert regions["count"].sum() == 20
    assert set(found.regions["counting"]) == {"all", "exclusive"}
    assert (found.regions["low"] <= found.regions["high"]).all()
    assert set(found.sobol["factor"]) == set(ALL)
    assert len(found.runs) == 200
    again = sensitivity(index, data, groups={"province": groups})
    pd.testing.assert_frame_equal(found.sobol, again.sobol)
    other = sensitivity(score(data, index), config=index.uncertainty, seed=5, sobol=False)
    assert not other.ranks.equals(found.ranks)
    assert other.sobol.empty


def test_a_setting_without_effect_is_an_error(data: pd.DataFrame) -> None:
    full = data.fillna(1.0)
    with pytest.raises(InputError, match="impute: 'none' and 'mean' give the same scores"):
        sensitivity(spec(impute=["none", "mean"], weights={}), full)
    one = IndexConfig.model_validate(
        {"id": "one", "title": "One", "nodes": [{"code": "a", "title": "A"}],
         "uncertainty": {"weights": {}}}
    )  # fmt: skip
    with pytest.raises(InputError, match="weights: no score changes with it"):
        sensitivity(one, full)


def test_refusals(data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="'zzz' is not an indicator with data"):
        sensitivity(spec(error=0.1), data, config=UncertaintyConfig(drop=["zzz"]))
    with pytest.raises(InputError, match="meets negative values"):
        sensitivity(
            spec(normalise=["min_max", "z_score"], aggregate=["arithmetic", "geometric"]), data
        )
    with pytest.raises(InputError, match="does not go with the treatment 'log'"):
        sensitivity(spec(error=0.1, treat=["none", "log"]), data)
    posts = GoalpostsConfig(low=0, high=9)
    index = spec(error=0.1)
    placed = index.model_copy(
        update={
            "normalise": NormaliseConfig(method="goalposts"),
            "nodes": [node.model_copy(update={"goalposts": posts}) for node in index.nodes],
        }
    )
    with pytest.raises(InputError, match=r"goes with the normalisations .*, not with 'goalposts'"):
        sensitivity(placed, data)
    own = [node.model_copy(update={"treat": TreatConfig(method="log")}) for node in index.nodes]
    with pytest.raises(InputError, match="'a' has a normalisation or treatment of its own"):
        sensitivity(index.model_copy(update={"nodes": own}), data)
    with pytest.raises(ValueError, match="nothing varies"):
        spec()
    with pytest.raises(InputError, match="needs data"):
        sensitivity(spec(error=0.1))
    with pytest.raises(InputError, match="3 different scores"):
        tier_stability(pd.Series([1.0, 2.0]), 3, rng=np.random.default_rng(1))


def test_stability_of_tiers_by_hand() -> None:
    scores = pd.Series([1.0, 2.0, 3.0, 7.0, 8.0, 9.5])
    found = tier_stability(scores, 2, samples=40, interval=0.8, rng=np.random.default_rng(3))
    rng, drawn = np.random.default_rng(3), []
    for _ in range(40):
        sample = np.sort(scores.to_numpy()[rng.integers(0, 6, 6)])
        tiers = classify_tiers(pd.Series(sample), 2)
        drawn.append((sample[tiers == 1].min() + sample[tiers == 2].max()) / 2)
    assert found.loc[1, "score"] == 5.0
    assert found.loc[1, ["low", "high"]].tolist() == np.quantile(drawn, [0.1, 0.9]).tolist()
    sides = [np.mean((scores > boundary) == (scores > 5)) for boundary in drawn]
    assert found.loc[1, "agreement"] == pytest.approx(np.mean(sides))
