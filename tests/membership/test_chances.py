"""Memberships that hold by chance."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.membership.chances import membership_chances, membership_probabilities

MEMBERSHIP = pd.DataFrame(
    {"kind": ["lit", "metro", "lit"], "rule": ["probability >= 0.5", "member", None]}
)
PAIRS = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.floats(0.01, 1), min_size=1
)


def attributes(pairs: dict[tuple[str, str], float], kind: str = "lit") -> pd.DataFrame:
    rows = [(kind, *pair, "probability", str(value)) for pair, value in pairs.items()]
    columns = ["kind", "unit_id", "region_id", "attribute", "value"]
    return pd.DataFrame(rows, columns=columns)


def chances(pairs: dict[tuple[str, str], float]) -> pd.DataFrame:
    order = pd.Series({"x": 1.0, "y": 2.0, "z": 3.0})
    return membership_chances(MEMBERSHIP, attributes(pairs), order)["lit"]


def test_only_kinds_by_probability_have_some() -> None:
    table = pd.concat([attributes({("a", "x"): 0.25}), attributes({("a", "m"): 0.5}, "metro")])
    table.loc[len(table)] = ["lit", "a", "x", "exclusive", "true"]
    assert membership_probabilities(MEMBERSHIP, table).to_numpy().tolist() == [
        ["lit", "a", "x", 0.25]
    ]
    assert membership_chances(MEMBERSHIP, table.iloc[:0], pd.Series(dtype="float64")) == {}


@pytest.mark.parametrize(
    ("given", "exclusive"),
    [
        ({"x": 0.6, "y": 0.4}, {"x": 0.6, "y": 0.4}),
        ({"y": 0.6, "x": 0.9}, {"x": 0.9, "y": 0.1}),
        ({"x": 1.0, "y": 1.0}, {"x": 1.0, "y": 0.0}),
        ({"x": 0.3, "y": 0.9, "z": 0.5}, {"x": 0.3, "y": 0.7, "z": 0.0}),
    ],
)
def test_regions_claim_a_unit_by_precedence(given: Any, exclusive: Any) -> None:
    found = chances({("a", region): value for region, value in given.items()}).set_index("group")
    assert found["all"].to_dict() == given
    assert found["exclusive"].to_dict() == pytest.approx(exclusive)


@given(PAIRS, st.randoms())
def test_a_unit_counts_once_at_most_whatever_the_order(pairs: Any, random: Any) -> None:
    found = chances(pairs)
    assert (found["exclusive"] <= found["all"] + 1e-12).all()
    total = found.groupby("unit_id")[["all", "exclusive"]].sum()
    assert total["exclusive"].tolist() == pytest.approx(total["all"].clip(upper=1).tolist())
    mixed = dict(random.sample([*pairs.items()], len(pairs)))
    pd.testing.assert_frame_equal(found, chances(mixed))
