"""What an index says before its ranks: constants, zeros of a geometric mean, one unit alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from regional_atlas.config.index import IndexConfig
from regional_atlas.core.errors import InputError
from regional_atlas.scoring import score
from regional_atlas.scoring.audit import cronbach_alpha
from regional_atlas.scoring.remarks import remarks


def spec(codes: str, **settings: Any) -> IndexConfig:
    nodes = [{"code": code, "title": code} for code in codes]
    return IndexConfig.model_validate(
        {"id": "t", "title": "T", "tiers": {"k": 2}, "nodes": nodes} | settings
    )


@pytest.mark.parametrize("method", ["min_max", "z_score"])
def test_an_index_of_constants_is_refused_by_name(method: str) -> None:
    data = pd.DataFrame({"a": [2.5, 2.5, 2.5], "b": [0.0, 0.0, None]}, index=list("xyz"))
    with pytest.raises(InputError) as caught:
        score(data, spec("ab", normalise={"method": method}))
    assert caught.value.problems == [
        f"indicator 'a' is constant, 2.5 in all 3 rows: {method} gives it no scale",
        f"indicator 'b' is constant, 0 in all 2 rows: {method} gives it no scale",
    ]


def test_a_constant_among_others_is_said() -> None:
    data = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [7.0] * 3}, index=list("xyz"))
    settings = {"normalise": {"method": "min_max"}, "aggregate": {"availability": 0.5}}
    (said,) = remarks(score(data, spec("ab", **settings)))
    assert said == (
        "indicator 'b' is constant, 7 in all 3 rows: it has no scale, and the others take its "
        "weight"
    )


def test_units_that_a_geometric_mean_sets_to_zero_are_named() -> None:
    data = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0, 4.0], "b": [9.0, 7.0, 8.0, 6.0]}, index=["w", "x", "y", "z"]
    )
    settings = {"normalise": {"method": "min_max"}, "aggregate": {"method": "geometric"}}
    (said,) = remarks(score(data, spec("ab", **settings)))
    assert said.startswith("index: 2 of 4 get 0 from the geometric mean")
    assert "w (a), z (b)" in said
    lifted = {**settings, "normalise": {"method": "min_max", "low": 1}}
    assert remarks(score(data, spec("ab", **lifted))) == []


def test_one_unit_alone_has_no_rank_among_others() -> None:
    data = pd.DataFrame({"a": [1.0]}, index=["x"])
    for method in ("min_max", "percentile_rank", "rank"):
        with pytest.raises(InputError, match=r"one unit \(x\) cannot be ranked against others"):
            score(data, spec("a", normalise={"method": method}))


def test_columns_that_cancel_out_have_no_reliability() -> None:
    assert pd.isna(cronbach_alpha(pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [3.0, 2.0, 1.0]})))
