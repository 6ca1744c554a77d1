"""Scoring: by hand, and invariant under what must not matter."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.config.index import IndexConfig, NormaliseConfig
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.scoring import (
    classify_tiers,
    normalise,
    percentile_rank,
    rank_scores,
    score,
    tiers_by_rank,
    weighted_mean,
)


def spec(**changes: Any) -> IndexConfig:
    values = {
        "id": "demo", "title": "Demo", "tiers": {"k": 2},
        "normalise": {"method": "min_max"},
        "nodes": [
            {"code": "economy", "title": "E", "weight": 3},
            {"code": "output", "title": "O", "parent": "economy"},
            {"code": "jobless", "title": "J", "parent": "economy", "direction": -1},
            {"code": "light", "title": "L", "weight": 1},
        ],
    } | changes  # fmt: skip
    return IndexConfig.model_validate(values)


DATA = pd.DataFrame(
    {"output": [0.0, 10.0, 5.0, None], "jobless": [4.0, 2.0, 0.0, None],
     "light": [1.0, 2.0, 3.0, 2.0]}, index=["a", "b", "c", "d"],
)  # fmt: skip


def normalised(data: pd.DataFrame, method: Any) -> pd.DataFrame:
    config = NormaliseConfig(method=method)
    return normalise(data, dict.fromkeys(data, config), directions=dict.fromkeys(data, 1))


def test_a_tree_by_hand() -> None:
    result = score(DATA, spec())
    # output: 0, 100, 50; jobless turned: 0, 50, 100; economy: 0, 75, 75; light: 0, 50, 100, 50
    assert result.scores["economy"].fillna(-1).tolist() == [0.0, 75.0, 75.0, -1]
    assert result.scores["index"].fillna(-1).tolist() == [0.0, 68.75, 81.25, -1]
    assert result.scores["rank"].tolist() == [3, 2, 1, pd.NA]
    assert result.scores["tier"].tolist() == [2, 1, 1, pd.NA]
    assert result.availability.tolist() == [1.0, 1.0, 1.0, pytest.approx(0.25)]
    assert list(result.scores) == ["economy", "output", "jobless", "light", "index", "rank", "tier"]


def test_weights_are_rescaled_over_what_is_present() -> None:
    lenient = score(DATA, spec(aggregate={"availability": 0.2}))
    assert lenient.scores.loc["d", "index"] == 50.0


def test_missing_indicators_are_named() -> None:
    with pytest.raises(DataError, match="indicator 'light' has no column"):
        score(DATA[["output", "jobless"]], spec())


# Hundredths: of values nearer to one another than a shift can hold nothing is asked here.
hundredths = st.integers(-(10**8), 10**8).map(lambda number: number / 100)
numbers = st.lists(hundredths, min_size=5, max_size=30, unique=True)


@settings(deadline=None)
@given(numbers, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_row_order(values: list[float], random: Any) -> None:
    data = pd.DataFrame({"output": values, "jobless": values[::-1], "light": values})
    data.index = [f"u{i}" for i in range(len(values))]
    shuffled = data.loc[random.sample(list(data.index), len(data))]
    for method in ("min_max", "percentile_rank", "z_score"):
        first = score(data, spec(normalise={"method": method})).scores
        second = score(shuffled, spec(normalise={"method": method})).scores
        np.testing.assert_allclose(first["index"], second["index"].reindex(data.index), atol=1e-9)


@settings(deadline=None)
@given(numbers, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_scores_do_not_depend_on_units(values: list[float], factor: float, shift: float) -> None:
    data = pd.DataFrame({"x": values})
    for method in ("min_max", "z_score"):
        before = normalised(data, method)["x"]
        after = normalised(data * factor + shift, method)["x"]
        np.testing.assert_allclose(before, after, atol=1e-5)


@settings(deadline=None)
@given(numbers)
def test_percentile_ranks_span_the_scale(values: list[float]) -> None:
    found = percentile_rank(pd.Series(values))
    assert (found.min(), found.max()) == (0.0, 100.0)
    assert found.mean() == pytest.approx(50.0)


def test_constants_and_single_values_have_no_scale() -> None:
    constant = pd.DataFrame({"x": [2.0, 2.0, None]})
    assert normalised(constant, "min_max")["x"].isna().all()
    assert normalised(constant, "z_score")["x"].isna().all()
    assert percentile_rank(pd.Series([7.0, None])).fillna(-1).tolist() == [50.0, -1]


def test_unknown_methods_list_the_known() -> None:
    with pytest.raises(InputError, match="allowed: arithmetic, geometric, harmonic"):
        weighted_mean(DATA, dict.fromkeys(DATA, 1.0), method="magic")


def test_geometric_mean_by_hand() -> None:
    data = pd.DataFrame({"a": [4.0, 0.0, None, None], "b": [9.0, 5.0, 3.0, None]})
    found = weighted_mean(data, {"a": 1.0, "b": 1.0}, method="geometric")
    assert found.fillna(-1).round(9).tolist() == [6.0, 0.0, 3.0, -1]
    with pytest.raises(InputError, match="found negative ones"):
        weighted_mean(data - 5, {"a": 1.0, "b": 1.0}, method="geometric")


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=4, max_size=9, unique=True), st.integers(2, 4))
def test_tiers_equal_an_exhaustive_search(values: list[float], k: int) -> None:
    ordered = np.sort(values)

    def cost(cuts: tuple[int, ...]) -> float:
        edges = [0, *cuts, len(ordered)]
        parts = [ordered[a:b] for a, b in itertools.pairwise(edges)]
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts)

    best = min(cost(cuts) for cuts in itertools.combinations(range(1, len(ordered)), k - 1))
    tiers = classify_tiers(pd.Series(values), k)
    groups = pd.Series(values).groupby(tiers.to_numpy(dtype=int))
    found = float(groups.apply(lambda part: ((part - part.mean()) ** 2).sum()).sum())
    assert found == pytest.approx(best, abs=1e-6)
    assert sorted(tiers.unique()) == list(range(1, k + 1))
    assert pd.Series(values).groupby(tiers.to_numpy(dtype=int)).min().is_monotonic_decreasing


def test_too_few_scores_for_tiers() -> None:
    with pytest.raises(InputError, match="3 tiers need 3 different scores, found 2"):
        classify_tiers(pd.Series([1.0, 2.0, 2.0, None]), 3)


def test_ties_share_the_better_rank_and_tiers_by_rank() -> None:
    assert rank_scores(pd.Series([1.0, 3.0, 3.0, None])).tolist() == [3, 1, 1, pd.NA]
    assert tiers_by_rank(pd.Series([1, 2, 3]), []).isna().all()
