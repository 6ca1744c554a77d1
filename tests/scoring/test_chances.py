"""How many units of a region are among the first, where membership is by chance."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.config.index import IndexConfig
from regional_atlas.scoring.chances import ChanceCounts, number_at, number_distribution
from regional_atlas.scoring.sensitivity import sensitivity

CHANCES = st.lists(st.floats(0, 1), max_size=8)


def enumerated(chances: list[float]) -> list[float]:
    """Add up the probability of every way in which the events can happen or not."""
    found = [0.0] * (len(chances) + 1)
    for happens in product((False, True), repeat=len(chances)):
        found[sum(happens)] += prod(
            chance if yes else 1 - chance for chance, yes in zip(chances, happens, strict=True)
        )
    return found


def test_three_units_by_hand() -> None:
    # P(1) = 1/2 · 4/5; P(2) = 1/2 · 4/5 + 1/2 · 1/5; P(3) = 1/2 · 1/5.
    found = number_distribution(np.array([1, 0.5, 0.2]))
    assert found.tolist() == pytest.approx([0, 0.4, 0.5, 0.1])
    assert [number_at(found, share) for share in (0.05, 0.4, 0.41, 0.9, 0.91, 1)] == [
        1, 1, 2, 2, 3, 3,
    ]  # fmt: skip
    assert number_distribution(np.zeros(0)).tolist() == [1]


@given(CHANCES)
def test_the_distribution_is_that_of_every_outcome(chances: list[float]) -> None:
    found = number_distribution(np.array(chances))
    assert found.tolist() == pytest.approx(enumerated(chances), abs=1e-12)
    assert (found >= 0).all()
    assert found @ np.arange(found.size) == pytest.approx(sum(chances), abs=1e-12)


@given(CHANCES, st.randoms())
def test_the_order_of_units_makes_no_difference(chances: list[float], random: Any) -> None:
    mixed = random.sample(chances, len(chances))
    both = [number_distribution(np.array(each)) for each in (chances, mixed)]
    assert both[0].tolist() == pytest.approx(both[1].tolist(), abs=1e-12)


def test_many_units_are_near_the_normal_curve() -> None:
    found = number_distribution(np.full(1000, 0.5))
    assert found.sum() == pytest.approx(1)
    # 500 ± 1.645 · √250.
    assert (number_at(found, 0.05), number_at(found, 0.95)) == (474, 526)


def counts(**columns: Any) -> pd.DataFrame:
    start = {"kind": "lit", "low": 0, "median": 0, "high": 0, "mean": 0.0}
    return pd.DataFrame(columns).assign(**start)


def test_draws_and_membership_together() -> None:
    pairs = pd.DataFrame({"unit_id": list("abz"), "group": "x", "all": [1.0, 0.5, 1.0]})
    counted = ChanceCounts(pd.Index(list("abc")), {"lit": pairs.assign(exclusive=pairs["all"])})
    # a is in half of the draws, b in three quarters; z is not ranked.
    inside = [[True, True, False], [True, True, True], [False, True, True], [False, False, True]]
    counted.add(np.array(inside[:1]))
    counted.add(np.array(inside[1:]))
    table = counted.put(counts(group=["x", "y"], counting="all"), 0.25)
    # Both: 2 · (½, ½) of (1, 2); b alone: (½, ½) of (0, 1); none: 0. So 3/8, 3/8, 2/8.
    assert table["mean"].tolist() == pytest.approx([7 / 8, 0])
    assert table[["low", "median", "high"]].to_numpy().tolist() == [[0, 1, 1], [0, 0, 0]]
    wide = counted.put(counts(group=["x"], counting="all"), 0.2)
    assert wide["high"].tolist() == [2]


@pytest.fixture(scope="module")
def index() -> tuple[IndexConfig, pd.DataFrame]:
    nodes = [{"code": code, "title": code} for code in "abc"]
    varied = {"draws": 200, "top": 6, "weights": {"spread": 0.9}}
    spec = IndexConfig.model_validate(
        {"id": "demo", "title": "Demo", "nodes": nodes, "uncertainty": varied}
    )
    data = pd.DataFrame(np.random.default_rng(5).random((20, 3)), columns=list("abc"))
    return spec, data.set_axis([f"u{at}" for at in range(20)])


def test_sure_memberships_give_the_interval_of_the_draws(index: Any) -> None:
    spec, data = index
    groups = pd.DataFrame({"unit_id": data.index, "group": list("xyxy") * 5, "exclusive": True})
    chances = groups[["unit_id", "group"]].assign(all=1.0, exclusive=1.0)
    alone = sensitivity(spec, data, groups={"lit": groups}, sobol=False).regions
    both = sensitivity(spec, data, groups={"lit": groups}, chances={"lit": chances}, sobol=False)
    pd.testing.assert_frame_equal(alone, both.regions)


def test_likely_memberships_add_to_the_draws(index: Any) -> None:
    spec, data = index
    groups = pd.DataFrame({"unit_id": data.index[:10], "group": "x", "exclusive": True})
    pairs = pd.DataFrame({"unit_id": data.index, "group": "x"})
    pairs = pairs.assign(all=[0.8] * 10 + [0.3] * 10, exclusive=[0.8] * 10 + [0.1] * 10)
    other = pd.DataFrame({"unit_id": data.index, "group": "all", "exclusive": True})
    found = sensitivity(
        spec, data, groups={"lit": groups, "land": other}, chances={"lit": pairs}, sobol=False
    )
    top = found.ranks["p_top"].reindex(data.index).to_numpy()
    table = found.regions.set_index(["kind", "counting"])
    for way in ("all", "exclusive"):
        assert table.loc[("lit", way), "mean"] == pytest.approx((top * pairs[way]).sum())
        assert table.loc[("lit", way), "low"] < table.loc[("lit", way), "high"]
    first = found.ranks.index[found.ranks["rank"] <= 6]
    assert table.loc[("lit", "all"), "count"] == first.isin(groups["unit_id"]).sum()
    assert table.loc[("land", "all"), ["low", "high"]].tolist() == [6, 6]
    assert ("land", "exclusive") not in table.index
