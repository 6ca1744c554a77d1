"""Peers equal brute force and scikit-learn; missing features are left out openly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics.pairwise import nan_euclidean_distances

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import peers_of

FEATURES = pd.DataFrame(
    np.random.default_rng(9).lognormal(size=(700, 4)),
    index=[f"u{i:03d}" for i in range(700)], columns=list("abcd"),
)  # fmt: skip


def test_equal_to_scikit_learn_with_missing_features() -> None:
    holed = FEATURES.mask(np.random.default_rng(1).random(FEATURES.shape) < 0.15)
    z = (holed - holed.mean()) / holed.std()
    distance = nan_euclidean_distances(z) / 2.0
    both = holed.notna().to_numpy().astype(int)
    shared = both @ both.T / 4
    distance[shared < 0.5] = np.inf
    np.fill_diagonal(distance, np.inf)
    found = peers_of(holed, count=3, shared=0.5)
    for position in range(0, 700, 37):
        rows = found[found["unit_id"] == FEATURES.index[position]]
        if rows["peer_id"].notna().all():
            np.testing.assert_allclose(rows["distance"], np.sort(distance[position])[: len(rows)])


def test_units_and_scale_do_not_matter() -> None:
    one = peers_of(FEATURES, ["u005", "u600"])
    other = peers_of(FEATURES * [1, 1000, 0.1, 7] + 3, ["u005", "u600"])
    assert one["peer_id"].tolist() == other["peer_id"].tolist()
    assert one["order"].tolist() == [1, 2, 3, 4, 5] * 2


def test_weights_and_too_little_shared() -> None:
    table = pd.DataFrame(
        {"a": [0.0, 0.1, 5.0, np.nan], "b": [0.0, 9.0, 0.1, np.nan]}, index=list("wxyz")
    )
    assert peers_of(table, ["w"], count=1, weights={"a": 100.0})["peer_id"].tolist() == ["x"]
    assert peers_of(table, ["w"], count=1, weights={"b": 100.0})["peer_id"].tolist() == ["y"]
    alone = peers_of(table, ["z"])
    assert len(alone) == 1
    assert alone["peer_id"].isna().all()
    assert len(peers_of(table, ["w"], count=3)) == 2


def test_refusals() -> None:
    with pytest.raises(InputError, match="4 problems"):
        peers_of(FEATURES, ["nowhere"], count=0, weights={"x": 1.0}, shared=0.0)
    with pytest.raises(InputError, match="weight of 'a'"):
        peers_of(FEATURES, weights={"a": 0.0})
    with pytest.raises(DataError, match="flat"):
        peers_of(FEATURES.assign(flat=1.0))
