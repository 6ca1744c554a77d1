"""The numbers of docs/method/scoring.md, computed again, and every method with one."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regional_atlas.config.index import (
    GoalpostsConfig,
    ImputeConfig,
    NodeConfig,
    NormaliseConfig,
    RankConfig,
    TreatConfig,
    shares,
)
from regional_atlas.config.index.ahp import ahp_node
from regional_atlas.config.index.comparisons import ComparisonConfig
from regional_atlas.config.index.methods import METHODS
from regional_atlas.scoring.steps.aggregate import aggregate
from regional_atlas.scoring.steps.impute import impute
from regional_atlas.scoring.steps.normalise import normalise_series
from regional_atlas.scoring.steps.rank import (
    classify_tiers,
    rank_scores,
    tiers_by_fit,
    tiers_by_rank,
)
from regional_atlas.scoring.steps.treat import treat
from regional_atlas.scoring.steps.weight import data_weights

PAGE = Path(__file__).resolve().parents[2] / "docs/method/scoring.md"
SCORES = pd.Series([9.0, 8, 8, 2, 1])


def rows() -> Iterator[tuple[str, str, str, list[float]]]:
    """Step, method, the words after its name, and the numbers of the last cell."""
    step = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if found := re.match(r"\*\*(\w+)\*\*", line):
            step = found[1]
        if found := re.match(r"\| `(\w+)`(.*?) \| .* \| ([^|]+) \|$", line):
            cells = found[3].replace("−", "-").replace("–", "nan")
            yield step, found[1], found[2], [float(cell) for cell in cells.split(",")]


def imputed(method: Any, by: str) -> float:
    table = pd.DataFrame({"a": [2.0, 4.0, np.nan, 12.0], "b": [1.0, 2.0, 3.0, 5.0]})
    config = ImputeConfig(method=method, group="g" if by else None, neighbours=2)
    methods = {"a": config, "b": ImputeConfig()}
    parents = {"a": "p", "b": "p"}
    if method in ("last", "linear"):
        index = pd.MultiIndex.from_product([["u"], [2018, 2019, 2022]], names=["unit_id", "year"])
        panel = pd.DataFrame({"a": [4.0, np.nan, 8.0], "b": 1.0}, index=index)
        return float(impute(panel, methods)["a"].iloc[1])
    groups = pd.DataFrame({"g": list("xxxy")})
    return float(impute(table, methods, groups=groups, parents=parents)["a"].iloc[2])


def treated(method: Any, _: str) -> list[float]:
    values = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6, 99]})
    return treat(values, {"x": TreatConfig(method=method)})[0]["x"].tolist()


def normalised(method: Any, _: str) -> list[float]:
    values = pd.Series([1.0, 3, 5, 11], index=list("abcd"))
    reference = "c" if method == "distance_to_reference" else None
    config = NormaliseConfig(method=method, bounds=(0, 20), reference=reference)
    posts = GoalpostsConfig(low=0, high=10)
    return normalise_series(values, config, posts=posts, goal=9).tolist()


def weighed(method: Any, _: str) -> list[float]:
    data = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [2.0, 1, 4, 3, 5], "c": [8.0, 1, 2, 9, 3]})
    if method == "manual":
        nodes = [NodeConfig(code=c, title=c, weight=w) for c, w in {"a": 1, "b": 2, "c": 1}.items()]
        found = shares(nodes, {node.code: node.weight for node in nodes})
        return [found[code] for code in "abc"]
    if method == "ahp":
        judged = ComparisonConfig(items=list("abc"), matrix=[[1, 3, 3], ["", 1, 1], ["", "", 1]])
        return list(ahp_node([judged]).weights.values())
    return list(data_weights(data, method).values())


def aggregated(method: Any, bounded: str) -> list[float]:
    data = pd.DataFrame({"a": [1.0, 4, 2], "b": [4.0, 2, 2]})
    bounds: dict[str, float] = {"least": 0.45, "most": 0.55} if bounded else {}
    return aggregate(data, {"a": 1, "b": 3}, method=method, **bounds).tolist()


def ranked(method: Any, by_fit: str) -> list[float]:
    if method == "by_rank":
        found = tiers_by_rank(rank_scores(SCORES), [1, 3])
    elif method == "fisher_jenks":
        found = tiers_by_fit(SCORES, 0.99) if by_fit else classify_tiers(SCORES, 2)
    else:
        found = rank_scores(SCORES, ties=method)
    return found.astype("Float64").to_numpy(dtype="float64", na_value=np.nan).tolist()


RUN: dict[str, Callable[[Any, str], Any]] = {
    "impute": imputed, "treat": treated, "normalise": normalised, "weight": weighed,
    "aggregate": aggregated, "rank": ranked,
}  # fmt: skip


@pytest.mark.parametrize(("step", "method", "words", "said"), list(rows()))
def test_the_number_in_the_book(step: str, method: str, words: str, said: list[float]) -> None:
    found = np.atleast_1d(RUN[step](method, words))
    assert len(found) == len(said)
    np.testing.assert_allclose(found, said, rtol=5e-3, atol=5e-4)


def test_every_method_has_one() -> None:
    shown: dict[str, set[str]] = {}
    for step, method, _, _ in rows():
        shown.setdefault(step, set()).add(method)
    ties = set(typing.get_args(RankConfig.model_fields["ties"].annotation))
    assert ties < shown["rank"]
    shown["tiers"] = shown.pop("rank") - ties
    for step, methods in METHODS.items():
        assert shown[step] == set(methods) - {"none"}, step
