"""Mobility equals giddy's measures, and units that miss a year are in no rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from giddy.markov import Markov
from giddy.mobility import markov_mobility
from giddy.rank import Tau

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import class_transitions, rank_changes, rank_mobility

PANEL = pd.DataFrame(np.random.default_rng(3).normal(size=(60, 5)).cumsum(axis=1))
PANEL.columns = pd.Index(range(2018, 2023))


def test_equal_to_giddy() -> None:
    found = rank_mobility(PANEL)
    for row in found.to_dict("records"):
        theirs = Tau(PANEL[row["from"]].to_numpy(), PANEL[row["to"]].to_numpy())
        assert row["tau"] == pytest.approx(theirs.tau)
        assert row["concordant"] == pytest.approx(theirs.concordant / (60 * 59 / 2))
    assert found[["from", "to"]].to_numpy().tolist()[-1] == [2018, 2022]
    classes = np.ceil(5 * PANEL.rank(pct=True) - 1e-9).astype(int).to_numpy()
    theirs = Markov(classes)
    ours = class_transitions(PANEL, k=5)
    np.testing.assert_allclose(ours.probabilities, theirs.p)
    assert ours.shorrocks == pytest.approx(markov_mobility(theirs.p, measure="P"))
    assert int(ours.counts.to_numpy().sum()) == 60 * 4


def test_still_and_reversed() -> None:
    still = pd.DataFrame({1: [1.0, 2, 3, 4], 2: [1.0, 2, 3, 4]})
    assert class_transitions(still, k=2).shorrocks == 0.0
    assert class_transitions(still, k=2).staying == 1.0
    assert rank_mobility(still)["tau"].tolist() == [1.0]
    turned = pd.DataFrame({1: [1.0, 2, 3, 4], 2: [4.0, 3, 2, 1]})
    assert rank_mobility(turned)["tau"].tolist() == [-1.0]
    assert rank_changes(turned)["change"].tolist() == [3, 1, -1, -3]


def test_a_unit_without_a_year_is_missing() -> None:
    holed = PANEL.copy()
    holed.loc[4, 2020] = np.nan
    changes = rank_changes(holed)
    assert changes.loc[4].isna().all()
    assert changes["rank_last"].max() == 59
    assert rank_mobility(holed)["units"].unique().tolist() == [59]


def test_refusals() -> None:
    with pytest.raises(DataError, match="1 years"):
        rank_changes(PANEL[[2018]])
    with pytest.raises(InputError, match="found 99"):
        class_transitions(PANEL, k=99)
