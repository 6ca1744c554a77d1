"""Concentration equals hand arithmetic and brute force, whatever the scale and order of units."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import (
    amounts_by_unit,
    decompose,
    equivalent_number,
    herfindahl,
    location_quotient,
    primacy,
    rank_size_slope,
    theil_t,
)

SHARED = pd.Series({"a": 50.0, "b": 30.0, "c": 20.0, "d": 0.0})
AMOUNTS = st.lists(st.floats(0, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=25)


def by_unit(values: list[float]) -> pd.Series:
    return pd.Series(
        values, index=[f"u{place:02}" for place in range(len(values))], dtype="float64"
    )


def test_by_hand() -> None:
    # Shares 0.5, 0.3, 0.2: H = 0.25 + 0.09 + 0.04.
    assert herfindahl(SHARED) == pytest.approx(0.38)
    assert equivalent_number(SHARED) == pytest.approx(1 / 0.38)
    assert primacy(SHARED) == ("a", 0.5, pytest.approx(5 / 3))
    assert theil_t(SHARED) == pytest.approx(0.35664, abs=5e-6)
    regions = pd.Series({"a": "x", "b": "x", "c": "y", "d": "y"})
    parts, _ = decompose(SHARED, regions)
    assert (parts["between"], parts["within"]) == pytest.approx((0.19274, 0.16390), abs=5e-6)
    # Sizes 4, 2, 1 lie ln 2 apart: b = ln 2 (ln ½ − ln 5/2) / (2 ln² 2) = −ln 5 / (2 ln 2).
    found = rank_size_slope(pd.Series([2.0, 4.0, 1.0]))
    slope = -math.log(5) / (2 * math.log(2))
    assert found == (pytest.approx(slope), pytest.approx(-slope * math.sqrt(2 / 3)), 3, 0)


def test_a_perfect_pareto_has_its_exponent() -> None:
    """Size (rank − ½)^(−1/ζ) lies on the line of slope −ζ."""
    for exponent in (0.5, 1.0, 1.4):
        sizes = pd.Series((np.arange(40) + 0.5) ** (-1 / exponent))
        found = rank_size_slope(sizes)
        assert found.slope == pytest.approx(-exponent)
        assert found.error == pytest.approx(exponent * math.sqrt(2 / 40))


@given(AMOUNTS)
def test_equal_to_brute_force(values: list[float]) -> None:
    amounts = by_unit(values)
    total = math.fsum(values)
    found, line = herfindahl(amounts), rank_size_slope(amounts)
    assert (line.units, line.zeros) == (sum(v > 0 for v in values), values.count(0))
    if total == 0:
        assert np.isnan(found)
        assert primacy(amounts)[0] is None
        assert np.isnan(primacy(amounts)[1:]).all()
        return
    assert found == pytest.approx(sum((v / total) ** 2 for v in values))
    first, *others = sorted(values, reverse=True)
    largest = next(unit for unit, value in amounts.items() if value == first)
    ratio = first / others[0] if others and others[0] > 0 else math.nan
    assert primacy(amounts) == (
        largest, pytest.approx(first / total), pytest.approx(ratio, nan_ok=True)
    )  # fmt: skip
    above = np.array([v for v in sorted(values, reverse=True) if v > 0])
    if len(above) < 3 or above[0] == above[-1]:
        assert np.isnan(line.slope)
        assert np.isnan(line.error)
    elif above[0] / above[-1] > 1.01:
        slope, _ = np.polyfit(np.log(above), np.log(np.arange(1, len(above) + 1) - 0.5), 1)
        assert line.slope == pytest.approx(slope, rel=1e-6)
        assert line.error == pytest.approx(abs(slope) * math.sqrt(2 / len(above)), rel=1e-6)


@given(AMOUNTS, st.floats(1e-3, 1e3), st.randoms(use_true_random=False))
def test_scale_and_order_change_nothing(values: list[float], scale: float, random: Any) -> None:
    amounts = by_unit(values)
    assume(amounts.max() > 0)
    order = [*amounts.index]
    random.shuffle(order)
    for measure in (herfindahl, equivalent_number, primacy, rank_size_slope):
        here, there = measure(amounts), measure(amounts[order])
        assert repr(here) == repr(there)
    positive = amounts[amounts > 0]
    assert 1 / len(positive) - 1e-12 <= herfindahl(amounts) <= 1 + 1e-12
    assert herfindahl(amounts * scale) == pytest.approx(herfindahl(amounts))
    assert primacy(amounts * scale).share == pytest.approx(primacy(amounts).share)
    if positive.max() / positive.min() > 1.01:
        slopes = rank_size_slope(amounts).slope, rank_size_slope(amounts * scale).slope
        assert slopes[0] == pytest.approx(slopes[1], rel=1e-6, nan_ok=True)


def test_extremes() -> None:
    assert herfindahl(by_unit([7.0] * 8)) == pytest.approx(1 / 8)
    assert equivalent_number(by_unit([7.0] * 8)) == pytest.approx(8)
    assert herfindahl(by_unit([7.0, 0.0])) == 1
    assert np.isnan(primacy(by_unit([7.0, 0.0])).first_to_second)
    assert herfindahl(by_unit([1e308, 1e308])) == 0.5
    assert herfindahl(by_unit([5e-324, 5e-324])) == 0.5
    assert primacy(pd.Series({"z": 1.0, "b": 1.0})).largest == "b"


def test_units_without_a_value_are_left_out() -> None:
    without = pd.concat([SHARED, pd.Series({"e": np.nan})])
    assert herfindahl(without) == herfindahl(SHARED)
    assert primacy(without) == primacy(SHARED)
    assert rank_size_slope(without) == rank_size_slope(SHARED)
    for nothing in (pd.Series(dtype="float64"), pd.Series({"a": np.nan})):
        assert np.isnan(herfindahl(nothing))
        assert np.isnan(equivalent_number(nothing))
        assert primacy(nothing).largest is None
        assert rank_size_slope(nothing).units == 0


def test_location_quotients_by_hand() -> None:
    # West has 4 of 10, all 6 of 40: 0.4 / 0.15; north, with the unit b of west too, 2 of 20.
    part = pd.Series({"a": 3.0, "b": 1.0, "c": 1.0, "d": 1.0, "e": 5.0})
    whole = pd.Series({"a": 5.0, "b": 5.0, "c": 15.0, "d": 15.0, "f": 9.0})
    groups = pd.Series(["west", "west", "north", "north", "lost"], index=["a", "b", "b", "c", "e"])
    found = location_quotient(part, whole, groups)
    assert found["location_quotient"].to_dict() == pytest.approx(
        {"lost": math.nan, "north": (2 / 20) / (6 / 40), "west": (4 / 10) / (6 / 40)}, nan_ok=True
    )
    assert found["units"].to_dict() == {"lost": 0, "north": 2, "west": 2}


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0.1, 1e4), st.sampled_from("xyz")), min_size=1),
    st.randoms(use_true_random=False),
)
def test_location_quotients_average_to_one(rows: list[Any], random: Any) -> None:
    """Weighed by the regions' shares of the whole, the quotients of a partition are 1."""
    frame = pd.DataFrame(rows, columns=["part", "whole", "group"]).rename(index=lambda n: f"u{n}")
    assume(frame["part"].sum() > 1)
    found = location_quotient(frame["part"], frame["whole"], frame["group"])
    share = frame.groupby("group")["whole"].sum() / frame["whole"].sum()
    assert (found["location_quotient"] * share).sum() == pytest.approx(1)
    everything = pd.Series("all", index=frame.index)
    of_all = location_quotient(frame["part"], frame["whole"], everything)
    assert of_all.loc["all", "location_quotient"] == pytest.approx(1)
    order = [*frame.index]
    random.shuffle(order)
    other = frame.loc[order]
    again = location_quotient(other["part"], other["whole"], other["group"])
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_a_quotient_without_a_whole_is_missing() -> None:
    zero, one = pd.Series({"a": 0.0, "b": 0.0}), pd.Series({"a": 1.0, "b": 2.0})
    groups = pd.Series({"a": "x", "b": "y"})
    for part, whole in ((zero, one), (one, zero), (zero, zero)):
        assert location_quotient(part, whole, groups)["location_quotient"].isna().all()
    one_dark = location_quotient(one, pd.Series({"a": 0.0, "b": 2.0}), groups)
    assert one_dark["location_quotient"].isna().to_dict() == {"x": True, "y": False}


@pytest.mark.parametrize(
    ("amounts", "kind", "says"),
    [
        (pd.Series({"a": -1.0, "b": 2.0}), DataError, "people: unit 'a' has -1; amounts are"),
        (pd.Series({"a": np.inf}), DataError, "unit 'a' has inf"),
        (pd.Series([1.0, 2.0], index=["a", "a"]), DataError, "unit 'a' appears more than once"),
        (pd.Series({"a": -1.0, "b": -2.0}), DataError, "2 problems\n.*'a' has -1.*\n.*'b' has -2"),
        (pd.Series({"a": "1"}), InputError, r"people: expected numbers \(its values are str\)"),
        (pd.Series({"a": True}), InputError, r"expected numbers \(its values are bool\)"),
        (pd.Series({"a": 1j}), InputError, r"expected numbers \(its values are complex128\)"),
        ([1.0], InputError, "people: expected a Series of amounts by unit, found"),
    ],
)
def test_wrong_amounts_are_named(amounts: Any, kind: type[InputError], says: str) -> None:
    with pytest.raises(kind, match=says):
        amounts_by_unit(amounts, "people")


def test_whole_numbers_with_missing_ones_are_amounts() -> None:
    assert herfindahl(pd.Series([1, 1, None], dtype="Int64")) == 0.5
