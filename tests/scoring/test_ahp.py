"""The analytic hierarchy process: by hand, and what must not matter."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.config.index import ComparisonConfig, IndexConfig
from regional_atlas.core.errors import InputError
from regional_atlas.scoring import ahp_node, ahp_weights, combine_experts, score

weights = st.lists(st.floats(0.1, 9), min_size=3, max_size=9)


def consistent(found: list[float]) -> Any:
    return np.divide.outer(np.array(found), np.array(found))


@settings(deadline=None)
@given(weights, st.sampled_from(["eigenvector", "geometric_mean"]))
def test_consistent_judgements_give_their_weights_back(found: list[float], solver: Any) -> None:
    items = [f"i{k}" for k in range(len(found))]
    result = ahp_weights(consistent(found), items, solver)
    expected = np.array(found) / sum(found)
    np.testing.assert_allclose(list(result.weights.values()), expected, rtol=1e-6)
    assert result.ratio == pytest.approx(0, abs=1e-6)


@settings(deadline=None)
@given(weights, st.sampled_from(["eigenvector", "geometric_mean"]), st.data())
def test_a_chain_of_judgements_is_enough(found: list[float], solver: Any, data: Any) -> None:
    n = len(found)
    matrix = np.full((n, n), np.nan)
    order = data.draw(st.permutations(range(n)))
    full = consistent(found)
    for one, two in itertools.pairwise(order):
        matrix[one, two], matrix[two, one] = full[one, two], full[two, one]
    result = ahp_weights(matrix, [f"i{k}" for k in range(n)], solver)
    np.testing.assert_allclose(
        list(result.weights.values()), np.array(found) / sum(found), rtol=1e-5
    )


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=6, max_size=6), st.permutations(range(4)))
def test_the_order_of_items_does_not_matter(cells: list[int], order: list[int]) -> None:
    matrix = np.ones((4, 4))
    matrix[np.triu_indices(4, 1)] = cells
    matrix.T[np.triu_indices(4, 1)] = 1 / np.array(cells)
    items = np.array(list("abcd"))
    for solver in ("eigenvector", "geometric_mean"):
        first = ahp_weights(matrix, list("abcd"), solver)
        second = ahp_weights(matrix[np.ix_(order, order)], list(items[order]), solver)
        assert second.weights == pytest.approx(first.weights)
        assert second.ratio == pytest.approx(first.ratio, abs=1e-9)


CIRCLE: dict[str, Any] = {
    "items": ["a", "b", "c", "d"],
    "matrix": [[1, 5, "1/5", 1], ["", 1, 5, 1], ["", "", 1, 1], ["", "", "", 1]],
}


def test_inconsistent_judgements_are_refused_and_the_worst_named() -> None:
    with pytest.raises(InputError) as caught:
        ahp_node([ComparisonConfig(**CIRCLE)])
    message = str(caught.value)
    assert message.startswith("comparisons of 'index': consistency ratio ")
    assert "is above 0.1. Most inconsistent: a : b is 5, the others imply 1" in message
    assert message.count("the others imply") == 3
    assert ahp_node([ComparisonConfig(**CIRCLE)], ratio_limit=9).ratio > 0.1


def test_the_ratio_of_three_by_hand() -> None:
    # λ of [[1, 2, 8], [1/2, 1, 2], [1/8, 1/2, 1]] is 1 + 2^(1/3) + 2^(-1/3).
    found = ahp_weights(np.array([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]]), list("abc"))
    eigenvalue = 1 + 2 ** (1 / 3) + 2 ** (-1 / 3)
    assert found.eigenvalue == pytest.approx(eigenvalue)
    assert found.ratio == pytest.approx((eigenvalue - 3) / 2 / 0.58)


def test_experts_combine_by_the_geometric_mean() -> None:
    one = ComparisonConfig(expert="one", items=["a", "b"], matrix=[[1, 2], ["", 1]])
    two = ComparisonConfig(expert="two", items=["b", "a"], matrix=[[1, "1/8"], ["", 1]])
    assert ahp_node([one, two]).weights == pytest.approx({"a": 0.8, "b": 0.2})
    silent = np.array([[1.0, np.nan], [np.nan, 1.0]])
    assert combine_experts([silent, np.array([[1.0, 4.0], [0.25, 1.0]])])[0, 1] == 4


def test_an_inconsistent_expert_is_named() -> None:
    calm = ComparisonConfig(expert="calm", items=list("abcd"), matrix=[[1] * 4] * 4)
    with pytest.raises(InputError, match="comparisons of 'index' by 'wild'"):
        ahp_node([calm, ComparisonConfig(expert="wild", **CIRCLE)])


def test_unconnected_items_are_named() -> None:
    config = ComparisonConfig(items=["a", "b", "c"], matrix=[[1, 2, ""], ["", 1, ""], ["", "", 1]])
    with pytest.raises(InputError, match="no chain of judgements connects c with a"):
        ahp_node([config])


def test_weights_run_down_the_tree() -> None:
    spec = IndexConfig.model_validate({
        "id": "demo", "title": "Demo", "tiers": {"k": 2},
        "weight": {"method": "ahp"},
        "comparisons": [
            {"items": ["a", "b"], "matrix": [[1, 4], ["1/4", 1]]},
            {"node": "a", "items": ["p", "q", "r"],
             "matrix": [[1, 2, 4], ["", 1, 2], ["", "", 1]]},
        ],
        "nodes": [
            {"code": "a", "title": "A"}, {"code": "b", "title": "B"},
            {"code": "p", "title": "P", "parent": "a"}, {"code": "q", "title": "Q", "parent": "a"},
            {"code": "r", "title": "R", "parent": "a", "absent": "no data"},
        ],
    })  # fmt: skip
    data = pd.DataFrame({"b": [1.0, 2, 3], "p": [1.0, 3, 2], "q": [1.0, 5, 9]})
    table = score(data, spec).weights
    assert table["share"].to_dict() == pytest.approx(
        {"a": 0.8, "b": 0.2, "p": 0.8 * 2 / 3, "q": 0.8 / 3, "r": 0}
    )
    assert table.loc["r", "stated"] == pytest.approx(0.8 / 7)
    assert table.loc["r", ["status", "reason"]].tolist() == ["absent", "no data"]
    assert table.loc["a", "ratio"] == pytest.approx(0, abs=1e-9)
