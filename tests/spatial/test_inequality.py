"""Theil and Gini equal closed forms by hand and the library `inequality`; parts make the whole."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inequality.gini import Gini
from inequality.theil import Theil, TheilD

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import decompose, gini, theil_l, theil_t

VALUES = st.lists(st.floats(0.01, 1e6), min_size=2, max_size=30)
MEASURES = {"theil_t": theil_t, "theil_l": theil_l, "gini": gini}


def test_by_hand() -> None:
    # Incomes 1 and 4 of populations 3 and 1: mean 7/4, shares of the total 3/7 and 4/7.
    values, people = pd.Series([1.0, 4.0]), pd.Series([3.0, 1.0])
    t = 3 / 7 * math.log((3 / 7) / (3 / 4)) + 4 / 7 * math.log((4 / 7) / (1 / 4))
    low = 3 / 4 * math.log((3 / 4) / (3 / 7)) + 1 / 4 * math.log((1 / 4) / (4 / 7))
    assert theil_t(values, people) == pytest.approx(t, abs=1e-15)
    assert theil_l(values, people) == pytest.approx(low, abs=1e-15)
    assert gini(values, people) == pytest.approx(2 * 3 / 4 * 1 / 4 * 3 / (2 * 7 / 4), abs=1e-15)


def test_decomposition_by_hand() -> None:
    # Two groups of two: means 2 and 6, shares of the total 1/4 and 3/4.
    values = pd.Series([1.0, 3.0, 6.0, 6.0])
    parts, table = decompose(values, pd.Series(["w", "w", "e", "e"]))
    inside = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert parts["within"] == pytest.approx(0.25 * inside)
    assert parts["between"] == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))
    assert table.loc["w", "inequality"] == pytest.approx(inside)
    assert table.loc["w", "mean"] == pytest.approx(2.0)
    assert table.loc["e", "contribution"] == 0.0


@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(VALUES)
def test_equal_to_the_library(values: list[float]) -> None:
    series = pd.Series(values)
    assert theil_t(series) == pytest.approx(Theil(np.array(values)).T, abs=1e-9)
    assert gini(series) == pytest.approx(Gini(np.array(values)).g, abs=1e-9)
    regions = np.arange(len(values)) % 2
    parts, _ = decompose(series, pd.Series(regions))
    theirs = TheilD(np.array(values), regions)
    assert parts["between"] == pytest.approx(float(np.ravel(theirs.bg)[0]), abs=1e-9)
    assert parts["within"] == pytest.approx(float(np.ravel(theirs.wg)[0]), abs=1e-9)


@pytest.mark.parametrize("measure", list(MEASURES))
@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(data=st.data())
def test_parts_make_the_whole(measure: Any, data: Any) -> None:
    values = pd.Series(data.draw(VALUES))
    n = len(values)
    people = pd.Series(data.draw(st.lists(st.floats(0.1, 100), min_size=n, max_size=n)))
    groups = pd.Series(data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)))
    parts, table = decompose(values, groups, people, measure=measure)
    made = parts["between"] + parts["within"] + parts["overlap"]
    assert parts["total"] == pytest.approx(made, abs=1e-9)
    assert parts["total"] == pytest.approx(MEASURES[measure](values, people))
    assert table["population_share"].sum() == pytest.approx(1.0)
    scaled, _ = decompose(values * 1000, groups, people * 7, measure=measure)
    assert scaled["between"] == pytest.approx(parts["between"], abs=1e-9)


@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(VALUES)
def test_population_is_repetition(values: list[float]) -> None:
    series = pd.Series(values)
    times = pd.Series(np.arange(len(values)) % 3 + 1)
    repeated = pd.Series(np.repeat(values, times))
    for measure in MEASURES.values():
        assert measure(series, times) == pytest.approx(measure(repeated), abs=1e-9)


def test_gini_without_overlap_has_none() -> None:
    parts, _ = decompose(
        pd.Series([1.0, 2.0, 5.0, 9.0]), pd.Series(["a", "a", "b", "b"]), measure="gini"
    )
    assert parts["overlap"] == pytest.approx(0.0, abs=1e-12)


def test_missing_and_outside_are_said() -> None:
    values = pd.Series([1.0, 2.0, np.nan, 4.0], index=list("abcd"))
    groups = pd.Series(["x", None, "x", "y"], index=list("abcd"))
    with pytest.raises(DataError, match="1 units have no group, among them 'b'"):
        decompose(values, groups)
    parts, table = decompose(values, groups, outside="outside")
    assert table.loc["outside", "units"] == 1
    assert parts["left_out"] == 1
    with pytest.raises(DataError, match="'x' is a group already"):
        decompose(values, groups, outside="x")
    zero, _ = decompose(pd.Series([0.0, 0.0, 2.0]), pd.Series(["a", "a", "b"]))
    assert zero["total"] == pytest.approx(zero["between"])
    assert theil_l(pd.Series([0.0, 1.0])) == math.inf
    assert math.isnan(theil_t(pd.Series([np.nan])))


def test_refusals() -> None:
    with pytest.raises(DataError, match="found -1"):
        theil_t(pd.Series([-1.0, 2.0]))
    with pytest.raises(DataError, match="above 0"):
        gini(pd.Series([1.0, 2.0]), pd.Series([1.0, 0.0]))
    with pytest.raises(DataError, match="mean is 0"):
        gini(pd.Series([0.0, 0.0]))
    with pytest.raises(DataError, match="no population row"):
        gini(pd.Series([1.0, 2.0]), pd.Series([1.0]))
    with pytest.raises(InputError, match="unknown measure"):
        decompose(pd.Series([1.0]), pd.Series(["a"]), measure="atkinson")  # type: ignore[arg-type]
