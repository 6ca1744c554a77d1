"""Breaks and class numbers: by hand, by exhaustive search in rationals, beside mapclassify."""

from __future__ import annotations

import importlib.util
import itertools
import json
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.classes.breaks import (
    LARGEST,
    MOST_DISTINCT,
    breaks,
    class_numbers,
    percent_change,
)
from regional_atlas.classes.jenks import class_starts
from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.config.index.methods import TIERINGS
from regional_atlas.config.index.steps import TiersConfig
from regional_atlas.config.plates import ClassesConfig
from regional_atlas.core.errors import InputError
from regional_atlas.scoring import classify_tiers

SHARED = Path(__file__).parents[1] / "shared"
COMPUTED = [scheme for scheme in SCHEMES if scheme != "manual"]
NAN = float("nan")


def maker() -> Any:
    spec = importlib.util.spec_from_file_location("make_classify", SHARED / "make_classify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def squares(parts: list[list[float]]) -> Fraction:
    """Squared deviations from the parts' means, exactly."""
    total = Fraction(0)
    for part in parts:
        exact = [Fraction(value) for value in part]
        mean = sum(exact) / len(exact)
        total += sum(((value - mean) ** 2 for value in exact), Fraction(0))
    return total


def parted(values: list[float], bounds: Any) -> list[list[float]]:
    numbers = class_numbers(values, bounds)
    return [[v for v, n in zip(values, numbers, strict=True) if n == at] for at in set(numbers)]


def exhaustive(values: list[float], k: int) -> Fraction:
    ordered = sorted(values)
    places = [i for i in range(1, len(ordered)) if ordered[i] != ordered[i - 1]]
    return min(
        squares([ordered[a:b] for a, b in itertools.pairwise([0, *cuts, len(ordered)])])
        for cuts in itertools.combinations(places, k - 1)
    )


# What the registry says is what files, help and the page take.


def test_a_scheme_names_keys_that_plates_and_indices_have() -> None:
    for name, scheme in SCHEMES.items():
        assert scheme.title.in_("fr"), name
        assert scheme.title.in_("zh") != scheme.title.in_("en"), name
        assert set(scheme.parameters) <= set(ClassesConfig.model_fields)
    for method in TIERINGS.values():
        assert set(method.parameters) <= set(TiersConfig.model_fields)


def test_shared_cases_are_not_stale() -> None:
    written = (SHARED / "classify.json").read_text("utf-8")
    assert maker().text() == written, "run: python tests/shared/make_classify.py"


# One value after another, by hand.


@pytest.mark.parametrize(
    ("values", "scheme", "k", "expected"),
    [
        # Places 2.75, 4.5 and 6.25 of 1, 2, 2, 3, 8, 20, 30, 40.
        ([40, 2, 1, 3, 2, 8, 20, 30], "quantile", 4, [2, 5.5, 22.5, 40]),
        ([1, 2, 3, 4, 5], "quantile", 2, [3, 5]),
        ([1] * 20 + [2, 3], "quantile", 3, [1, 3]),
        ([0, 10], "equal_interval", 5, [5, 10]),
        ([0, 1, 2, 3, 10], "equal_interval", 5, [2, 4, 6, 8, 10]),
        ([1, 2, 9, 10, 30], "fisher_jenks", 2, [10, 30]),
        ([1, 2, 3], "fisher_jenks", 2, [1, 3]),
        ([5, 5, 6, 6, 9], "fisher_jenks", 9, [5, 6, 9]),
        # The 40 % quantile is 0.05: 5, 10, 20, 50 and 1, 3, 10, 30 begin above it; 0.01 holds none.
        ([0, 0, 0.05, 3, 17, 60], "log", 5, [0.1, 1, 10, 60]),
        ([1e-6, 1e-3, 1, 1e3, 1e6], "log", 4, [1e3, 1e4, 1e5, 1e6]),
        ([50, 55, 60], "log", 3, [50, 60]),
        ([-3, 0], "log", 4, [0]),
        ([1, 1, 1, 1, 6, 20], "head_tail", 3, [5, 13, 20]),
        ([1, 1, 1, 1, 6, 20], "head_tail", 2, [5, 20]),
        ([1, 2], "head_tail", 9, [1.5, 2]),
    ],
)
def test_breaks_by_hand(values: list[float], scheme: str, k: int, expected: list[float]) -> None:
    assert breaks(values, scheme, k).tolist() == expected


@pytest.mark.parametrize("scheme", COMPUTED)
def test_too_little_to_class(scheme: str) -> None:
    assert breaks([NAN, np.inf, -np.inf], scheme).size == 0
    assert breaks([], scheme).size == 0
    assert class_numbers([1.0, NAN], []).tolist() == [-1, -1]
    assert breaks([4.25], scheme, 6).tolist() == [4.25]
    assert breaks([7, 7, 7, NAN], scheme, 6).tolist() == [7]
    assert breaks([-0.0, 0.0], scheme, 6).tolist() == [0]
    assert breaks([1, 2, np.inf], scheme, 2).tolist() == breaks([1, 2], scheme, 2).tolist()


def test_manual_bounds_are_kept_and_reach_the_largest_value() -> None:
    assert breaks([0.1, 0.3, 0.9], "manual", manual=[0.2, 0.5]).tolist() == [0.2, 0.5, 0.9]
    assert breaks([0.1, 0.3], "manual", manual=[0.2, 0.5, 9]).tolist() == [0.2, 0.5, 9]
    assert breaks([NAN], "manual", manual=[1]).size == 0


def test_bounds_around_a_middle() -> None:
    values = [-3, -1, 0.5, 2, 9]
    assert breaks(values, "equal_interval", 6, middle=0).tolist() == [-6, -3, 0, 3, 6, 9]
    assert breaks(values, "equal_interval", 5, middle=0).tolist() == [-6, -3, 3, 6, 9]
    # Distances 1 and 4; nothing lies above 4 on the other side.
    found = breaks([-9, -2, 1, 3], "manual", manual=[1, 4], middle=0)
    assert found.tolist() == [-4, -1, 0, 1, 4, 9]
    assert breaks([5, 5], "quantile", 4, middle=5).tolist() == [5]
    # 0.3 − 0.1 and 0.1 + 0.2 miss 0.2 and 0.3 by a rounding: the value itself is the bound.
    assert breaks([0.1, 0.3, -0.1, 0.5, -0.3], "quantile", 4, middle=0.1)[2] == 0.3


def test_a_value_on_a_break_is_below_it_everywhere() -> None:
    assert class_numbers([2.5], breaks([1, 2, 3, 4], "quantile", 2)).tolist() == [0]
    tenths = np.arange(1, 11) / 10
    # 0.1 + 0.9 · i / 9 misses some of the tenths by a rounding.
    numbers = class_numbers(tenths, breaks(tenths, "equal_interval", 9))
    assert numbers.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert class_numbers([0.9, 1, 1.1, 5], [1, 2]).tolist() == [0, 0, 1, 1]
    assert class_numbers([1, 2, 3], [1, 2], closed=True).tolist() == [0, 1, -1]


def test_a_quantile_between_large_numbers_stays_between_them() -> None:
    # Half way, 100002.5, must not be rounded up to the upper value: four below, four above.
    values = [float(100_000 + i) for i in (-1, 0, 1, 2, 3, 4, 5, 6)]
    assert np.bincount(class_numbers(values, breaks(values, "quantile", 2))).tolist() == [4, 4]
    near = [1.0, np.nextafter(1.0, 2)]
    assert breaks(near, "quantile", 2).tolist() == near


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"scheme": "jenks"},
            "unknown scheme 'jenks'; allowed: quantile, fisher_jenks, equal_interval, log, ",
        ),
        ({"scheme": "by_rank"}, "unknown scheme 'by_rank'"),
        ({"scheme": "log", "k": 0}, "k: 0 classes; at least 1"),
        ({"scheme": "manual"}, "ascending"),
        ({"scheme": "manual", "manual": [2, 1]}, "ascending"),
        ({"scheme": "manual", "manual": [1, 1]}, "ascending"),
        ({"scheme": "manual", "manual": [NAN]}, "ascending"),
        ({"scheme": "log", "values": [2 * LARGEST]}, r"2e\+300 is too large to class"),
    ],
)
def test_what_cannot_be_classed(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        breaks(**{"values": [1.0, 2.0]} | arguments)


def test_change_in_per_cent_needs_something_to_start_from() -> None:
    found = percent_change([10.0, -10.0, 0.0, NAN, 4.0], [15.0, 10.0, 1.0, 1.0, NAN])
    assert found.tolist()[0] == 50
    assert np.isnan(found[1:]).all()


# Fisher–Jenks: the least sum of squares, found by trying every partition in rational numbers.

WHOLE = st.integers(0, 12).map(float)
NEAR = st.integers(-9, 9).map(lambda i: 75 + i * 1e-6)
FAR = st.builds(lambda base, more: base + more, st.sampled_from([0.0, 1e9, -3e6]), st.floats(0, 3))
WIDE = st.builds(lambda s, e: s * 10.0**e, st.sampled_from([-1, 1, 3]), st.integers(-12, 12))
# Squares of differences below 1e-154 are 0 in doubles: partitions that differ by them are equal.
ANY = st.floats(-1e6, 1e6).map(lambda value: value if abs(value) > 1e-100 else 0.0)


@settings(deadline=None, max_examples=settings().max_examples * 3)
@given(
    st.one_of(*(st.lists(kind, min_size=1, max_size=9) for kind in (WHOLE, NEAR, FAR, WIDE, ANY))),
    st.integers(1, 4),
)
def test_fisher_jenks_is_the_least_of_all_partitions(values: list[float], k: int) -> None:
    k = min(k, len(set(values)))
    found = breaks(values, "fisher_jenks", k)
    assert found.size == k
    least = exhaustive(values, k)
    assert squares(parted(values, found)) <= least * (1 + Fraction(1, 10**11))


def test_of_equally_good_partitions_the_highest_class_is_the_largest() -> None:
    # {1} {2 3} and {1 2} {3}; scaled, doubles tell them apart by a rounding that is no difference.
    for scale in (1.0, 0.1, 1 / 3, 1e-9, 1e9 + 0.7):
        values = np.array([1.0, 2.0, 3.0]) * scale
        assert class_starts(values, [1, 1, 1], 2).tolist() == [0, 1]
    assert class_starts(np.arange(5.0), [1] * 5, 3).tolist() == [0, 1, 3]


def test_many_values_close_together_keep_their_order() -> None:
    rng = np.random.default_rng(3)
    step = np.sort(rng.choice(2**20, 2000, replace=False)).astype(np.float64)
    plain = class_numbers(step, breaks(step, "fisher_jenks", 7))
    # Exact doubles, ten million times as far from 0 as from one another.
    close = 75 + step * 2.0**-40
    assert (class_numbers(close, breaks(close, "fisher_jenks", 7)) == plain).all()


def test_a_hundred_thousand_values_are_not_sampled() -> None:
    assert MOST_DISTINCT == 100_000
    rng = np.random.default_rng(4)
    values = np.sort(rng.choice(10_000_000, MOST_DISTINCT, replace=False)).astype(np.float64)
    found = breaks(values, "fisher_jenks", 5)
    sums = np.array([0.0, *np.cumsum(values)]), np.array([0.0, *np.cumsum(values**2)])

    def spread(ends: list[int]) -> float:
        edges = np.array([0, *ends, values.size])
        one, two = (np.diff(part[edges]) for part in sums)
        return float((two - one**2 / np.diff(edges)).sum())

    ends = np.searchsorted(values, found[:-1], side="right").tolist()
    least = spread(ends)
    # No bound can be moved by one value without a loss.
    for at, way in itertools.product(range(4), (-1, 1)):
        moved = [end + way * (i == at) for i, end in enumerate(ends)]
        assert spread(moved) > least


def test_of_more_values_neighbours_stay_together() -> None:
    values = np.arange(MOST_DISTINCT + 1.0)
    values[40_001:] += 1e6
    assert breaks(values, "fisher_jenks", 2).tolist() == [1_040_001, 1_100_000]


# Properties.

NUMBERS = st.lists(st.integers(-50, 50), min_size=2, max_size=40)


@settings(deadline=None)
@given(NUMBERS, st.integers(2, 9), st.randoms())
@pytest.mark.parametrize("scheme", COMPUTED)
def test_the_order_of_rows_means_nothing(scheme: str, values: Any, k: int, random: Any) -> None:
    shuffled = random.sample(values, len(values))
    assert breaks(values, scheme, k).tolist() == breaks(shuffled, scheme, k).tolist()


@settings(deadline=None)
@given(
    NUMBERS,
    st.integers(2, 9),
    st.integers(-10_000, 10_000),
    st.sampled_from([0.1, 0.3, 2, 3.7, 1e-6, 1e9]),
)
@pytest.mark.parametrize("scheme", ["quantile", "fisher_jenks", "equal_interval", "head_tail"])
def test_units_of_measurement_mean_nothing(
    scheme: str, values: list[int], k: int, shift: int, scale: float
) -> None:
    other = [(value + shift) * scale for value in values]
    one = class_numbers(values, breaks(values, scheme, k))
    assert one.tolist() == class_numbers(other, breaks(other, scheme, k)).tolist()


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.integers(1, 9))
@pytest.mark.parametrize("scheme", COMPUTED)
@pytest.mark.parametrize("middle", [None, 0.1])
def test_bounds_ascend_and_reach_every_value(
    scheme: str, middle: float | None, values: list[float], k: int
) -> None:
    found = breaks(values, scheme, k, middle=middle)
    assert (np.diff(found) > 0).all()
    assert found[-1] >= max(values)
    assert middle is not None or found[-1] == max(values)
    assert 1 <= found.size <= (k if middle is None else k + 1)
    assert set(class_numbers(values, found)) <= set(range(found.size))


@settings(deadline=None)
@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=60, unique=True), st.integers(2, 9)
)
def test_quantiles_hold_equally_many(values: list[int], k: int) -> None:
    sizes = np.bincount(class_numbers(values, breaks(values, "quantile", k)))
    assert sizes.max() - sizes.min() <= 1


# mapclassify, where it is right.


@settings(deadline=None)
@given(st.lists(st.floats(-1e4, 1e4), min_size=10, max_size=60, unique=True), st.integers(2, 7))
def test_quantiles_and_intervals_are_those_of_mapclassify(values: list[float], k: int) -> None:
    import mapclassify

    array = np.array(values)
    for scheme, oracle in (
        ("quantile", mapclassify.Quantiles),
        ("equal_interval", mapclassify.EqualInterval),
    ):
        expected = oracle(array, k=k).bins
        np.testing.assert_allclose(breaks(array, scheme, k), expected, rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=80, unique=True))
def test_head_tail_is_that_of_mapclassify(values: list[int]) -> None:
    import mapclassify

    expected = mapclassify.HeadTailBreaks(np.array(values, dtype=np.float64)).bins
    np.testing.assert_allclose(breaks(values, "head_tail", 60), np.unique(expected), rtol=1e-12)


@settings(deadline=None, max_examples=settings().max_examples * 3 // 2)
@given(
    st.one_of(
        st.lists(st.floats(-1e6, 1e6), min_size=9, max_size=80, unique=True),
        st.lists(st.floats(74.99, 75.01), min_size=9, max_size=80, unique=True),
    ),
    st.integers(2, 7),
)
def test_squares_are_never_more_than_those_of_mapclassify(values: list[float], k: int) -> None:
    import mapclassify

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numbers = mapclassify.FisherJenks(np.array(values), k=k).yb
    theirs = [[v for v, n in zip(values, numbers, strict=True) if n == at] for at in set(numbers)]
    ours = squares(parted(values, breaks(values, "fisher_jenks", k)))
    assert ours <= squares(theirs) * (1 + Fraction(1, 10**11))


@pytest.mark.parametrize(
    ("column", "score", "tier", "least", "float32"),
    [
        ("vitality", 66.64589327028912, 2, 109_849.684, 109_849.898),
        ("industrial", 41.00681903815804, 2, 21_886.846, 21_886.873),
    ],
)
def test_units_that_float32_put_in_another_tier(
    column: str, score: float, tier: int, least: float, float32: float
) -> None:
    """郓城县 of the vitality index, 沙湾市 of the industrial one."""
    import mapclassify

    scores = pd.Series(json.loads((SHARED / "classify_columns.json").read_text("utf-8"))[column])
    tiers = classify_tiers(scores, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = pd.Series(4 - mapclassify.FisherJenks(scores.to_numpy(), k=4).yb)
    assert scores[tiers != theirs].tolist() == [score]
    assert tiers[scores == score].tolist() == [tier]
    for found, expected in ((tiers, least), (theirs, float32)):
        centred = scores - scores.groupby(found.to_numpy(dtype=int)).transform("mean")
        assert float((centred**2).sum()) == pytest.approx(expected, abs=6e-4)


def test_log_classes_of_real_radiance_are_round() -> None:
    light = json.loads((SHARED / "classify_columns.json").read_text("utf-8"))["light_mean"]
    assert breaks(light, "log", 6).tolist()[:-1] == [0.3, 1, 3, 10, 30]
