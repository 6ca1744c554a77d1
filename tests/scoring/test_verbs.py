"""Each verb of an index by hand, and what must not change its result."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.config.index import GoalpostsConfig, ImputeConfig, NormaliseConfig, TreatConfig
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.scoring import (
    aggregate,
    data_availability,
    data_weights,
    denominate,
    goodness_of_fit,
    impute,
    normalise,
    rank_scores,
    screen,
    tiers_by_fit,
    treat,
    winsorise,
)

NAN = float("nan")
PANEL = pd.MultiIndex.from_product([["x", "y"], [2018, 2019, 2022]], names=["unit_id", "year"])
floats = st.lists(st.floats(-1e5, 1e5), min_size=6, max_size=40, unique=True)


def one(values: Any, **config: Any) -> pd.Series:
    data = pd.DataFrame({"a": values})
    extra = {key: {"a": config.pop(key)} for key in ("posts", "goals") if key in config}
    direction = config.pop("direction", 1)
    method = NormaliseConfig(**config)
    return normalise(data, {"a": method}, directions={"a": direction}, **extra)["a"]


# Screening and denominating


def test_availability_counts_what_other_units_have() -> None:
    data = pd.DataFrame({"a": [1.0, NAN, NAN], "b": [0.0, 0.0, NAN], "c": [NAN] * 3})
    found = data_availability(data, availability=0.5, nonzero=0.5)
    assert found["available"].tolist() == [1.0, 0.5, 0.0]
    assert found["nonzero"].fillna(-1).tolist() == [0.5, 0.0, -1]
    assert found["included"].tolist() == [True, False, False]
    assert screen(data, availability=0.6)["b"].isna().tolist() == [False, True, True]
    assert screen(data).equals(data)


def test_a_unit_without_any_value_has_no_values_that_are_not_0() -> None:
    data = pd.DataFrame({"a": [1.0, NAN], "b": [2.0, NAN]})
    assert data_availability(data, nonzero=0.1)["included"].tolist() == [True, False]


def test_a_missing_denominator_is_named() -> None:
    data = pd.DataFrame({"a": [1.0]})
    with pytest.raises(DataError, match="indicator 'a': denominator 'people' has no column"):
        denominate(data, data, {"a": "people"})


@settings(deadline=None)
@given(floats, st.floats(0.1, 100))
def test_denominating_scales_with_the_size(values: list[float], factor: float) -> None:
    data = pd.DataFrame({"a": values})
    sizes = pd.DataFrame({"s": np.arange(1.0, len(values) + 1)})
    once = denominate(data, sizes, {"a": "s"})["a"]
    scaled = denominate(data, sizes * factor, {"a": "s"})["a"] * factor
    np.testing.assert_allclose(scaled, once, atol=np.finfo(np.float64).tiny)


# Imputation


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"method": "none"}, NAN),
        ({"method": "mean"}, 5.0),
        ({"method": "median"}, 4.0),
        ({"method": "mean", "group": "g"}, 9.0),
        ({"method": "median", "group": "g"}, 9.0),
        ({"method": "parent"}, 2.0 + 7.0 * 0.5),
        ({"method": "knn", "neighbours": 1}, 4.0),
    ],
)
def test_imputation_by_hand(config: dict[str, Any], expected: float) -> None:
    data = pd.DataFrame({"a": [2.0, 4.0, 9.0, NAN], "b": [0.0, 9.0, 20.0, 10.0]})
    groups = pd.DataFrame({"g": ["u", "u", "v", "v"]})
    methods = {"a": ImputeConfig(**config), "b": ImputeConfig()}
    filled = impute(data, methods, groups=groups, parents={"a": "p", "b": "p"})
    assert filled["a"].tolist()[:3] == [2.0, 4.0, 9.0]
    np.testing.assert_allclose(filled["a"].iloc[3], expected)


def test_imputing_by_parent_takes_the_mean_of_the_siblings() -> None:
    data = pd.DataFrame({"a": [0.0, 10.0, NAN], "b": [0.0, 10.0, 0.0], "c": [0.0, 10.0, 1.0],
                         "d": [0.0, 10.0, 8.0]})  # fmt: skip
    methods = {"a": ImputeConfig(method="parent")} | dict.fromkeys("bcd", ImputeConfig())
    found = impute(data, methods, parents=dict.fromkeys(data, "p"))
    assert found["a"].iloc[2] == pytest.approx(3.0)


def test_imputing_by_parent_turns_what_is_better_when_less() -> None:
    data = pd.DataFrame({"a": [0.0, 10.0, NAN], "b": [0.0, 10.0, 8.0]})
    methods = dict.fromkeys(data, ImputeConfig(method="parent"))
    found = impute(data, methods, parents={"a": "p", "b": "p"}, directions={"a": 1, "b": -1})
    assert found["a"].tolist() == [0.0, 10.0, 2.0]
    turned = pd.DataFrame({"a": [0.0, 10.0, 8.0], "b": [0.0, 10.0, NAN]})
    found = impute(turned, methods, parents={"a": "p", "b": "p"}, directions={"a": 1, "b": -1})
    assert found["b"].tolist() == [0.0, 10.0, 2.0]


def test_units_without_any_value_are_not_filled() -> None:
    data = pd.DataFrame({"a": [1.0, NAN], "b": [2.0, NAN]})
    assert impute(data, dict.fromkeys(data, ImputeConfig(method="mean"))).isna().sum().sum() == 2


def test_panels_are_filled_from_the_units_own_years() -> None:
    data = pd.DataFrame({"a": [4.0, NAN, 8.0, NAN, 3.0, NAN], "b": 1.0}, index=PANEL)
    keep = {"b": ImputeConfig()}
    last = impute(data, {"a": ImputeConfig(method="last")} | keep)["a"]
    linear = impute(data, {"a": ImputeConfig(method="linear")} | keep)["a"]
    assert last.fillna(-1).tolist() == [4, 4, 8, -1, 3, 3]
    assert linear.fillna(-1).tolist() == [4, 5, 8, -1, 3, -1]
    with pytest.raises(DataError, match="'last' needs data of several years"):
        impute(data.reset_index(drop=True), {"a": ImputeConfig(method="last")} | keep)
    with pytest.raises(InputError, match=r"impute\.group: 'g' is not a column; found: none"):
        impute(data, {"a": ImputeConfig(method="mean", group="g")} | keep)


@settings(deadline=None)
@given(floats, st.randoms(use_true_random=False))
def test_nearest_units_do_not_depend_on_units_of_measure(values: list[float], random: Any) -> None:
    data = pd.DataFrame({"a": values, "b": random.sample(values, len(values)), "c": values[::-1]})
    data.loc[0, "c"] = NAN
    methods = dict.fromkeys(data, ImputeConfig(method="knn", neighbours=len(values)))
    found = impute(data, methods)
    again = impute(data * [2.0, 8.0, 1.0], methods)
    np.testing.assert_allclose(found["c"], again["c"], rtol=1e-6, atol=1e-6)


# Treatment


def test_where_winsorising_is_not_enough_the_logarithm_of_the_original_is_taken() -> None:
    values = pd.Series([0.0, 1.0, 2.0, 3.0] * 10 + [500.0, 600.0, 700.0], name="a")
    found = winsorise(values, points=2)
    assert (found.high, found.low, found.passed) == (2, 0, False)
    assert found.values.max() == 500
    treated, report = treat(values.to_frame(), {"a": TreatConfig(method="winsorise", points=2)})
    np.testing.assert_allclose(treated["a"], np.log(values + 0.01 * 700))
    assert report.loc["a", ["treatment", "points_high"]].tolist() == ["shifted log", 0]
    kept, _ = treat(
        values.to_frame(), {"a": TreatConfig(method="winsorise", points=2, then="none")}
    )
    assert kept["a"].max() == 500
    boxed, report = treat(
        values.to_frame() + 1, {"a": TreatConfig(method="winsorise", points=0, then="box_cox")}
    )
    assert report.loc["a", "treatment"] == "Box–Cox"
    assert boxed["a"].is_monotonic_increasing == values.is_monotonic_increasing


def test_low_outliers_are_drawn_in_from_below() -> None:
    found = winsorise(pd.Series([-99.0, -98.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0] + [4.0] * 20))
    assert (found.low, found.high, found.passed) == (2, 0, True)
    assert found.values.min() == 1.0


def test_logarithms_need_what_they_take() -> None:
    data = pd.DataFrame({"a": [0.0, 1.0, 2.0]})
    with pytest.raises(InputError, match="'a': a logarithm needs values above 0, found 0; shifted"):
        treat(data, {"a": TreatConfig(method="log")})
    with pytest.raises(InputError, match="Box–Cox needs values above 0"):
        treat(data, {"a": TreatConfig(method="box_cox")})
    with pytest.raises(InputError, match="Box–Cox needs different values"):
        treat(data * 0 + 1, {"a": TreatConfig(method="box_cox")})


@given(floats, st.sampled_from(["winsorise", "shifted_log", "log", "box_cox"]))
@settings(deadline=None)
def test_treatment_keeps_the_order(values: list[float], method: Any) -> None:
    series = pd.Series(sorted(values)).round(3).drop_duplicates()
    if method in ("log", "box_cox"):
        series = series - series.min() + 1
    treated, _ = treat(series.to_frame("a"), {"a": TreatConfig(method=method)})
    assert (treated["a"].diff().dropna() >= -1e-9).all()


# Normalisation


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"method": "min_max"}, [0, 25, 100, NAN]),
        ({"method": "min_max", "direction": -1}, [100, 75, 0, NAN]),
        ({"method": "percentile_rank"}, [0, 50, 100, NAN]),
        ({"method": "rank"}, [1, 2, 3, NAN]),
        ({"method": "rank", "direction": -1}, [3, 2, 1, NAN]),
        ({"method": "borda"}, [0, 1, 2, NAN]),
        ({"method": "scaled", "bounds": (0, 20)}, [10, 20, 50, NAN]),
        ({"method": "scaled", "bounds": (0, 20), "direction": -1}, [90, 80, 50, NAN]),
        ({"method": "distance_to_leader"}, [20, 40, 100, NAN]),
        ({"method": "distance_to_leader", "direction": -1}, [100, 50, 20, NAN]),
        ({"method": "distance_to_reference", "reference": "q"}, [50, 100, 250, NAN]),
        ({"method": "target", "goals": 6.0}, [0, 50, 100, NAN]),
        ({"method": "target", "goals": 4.0, "direction": -1}, [100, 100, 0, NAN]),
        ({"method": "goalposts", "posts": GoalpostsConfig(low=0, high=8)}, [25, 50, 100, NAN]),
        (
            {"method": "goalposts", "posts": GoalpostsConfig(low=0, high=8, cap=False)},
            [25, 50, 125, NAN],
        ),
        (
            {"method": "goalposts", "posts": GoalpostsConfig(low=1, high=16, log=True)},
            [25, 50, 100 * np.log(10) / np.log(16), NAN],
        ),
        (
            {"method": "goalposts", "posts": GoalpostsConfig(low=0, high=8), "direction": -1},
            [75, 50, 0, NAN],
        ),
        ({"method": "min_max", "low": 1, "high": 5}, [1, 2, 5, NAN]),
    ],
)
def test_normalisation_by_hand(config: dict[str, Any], expected: list[float]) -> None:
    values = pd.Series([2.0, 4.0, 10.0, NAN], index=["p", "q", "r", "s"])
    np.testing.assert_allclose(one(values, **config), expected)


def test_values_that_a_normalisation_does_not_take() -> None:
    values = pd.Series([-1.0, 2.0])
    with pytest.raises(InputError, match="'a': a distance as a ratio needs values above 0"):
        one(values, method="distance_to_leader")
    with pytest.raises(InputError, match="'z' is not a unit"):
        one(values, method="distance_to_reference", reference="z")
    zero = pd.Series([0.0, 2.0, 4.0], index=["x", "y", "z"])
    assert one(zero, method="distance_to_reference", reference="z").tolist() == [0.0, 50.0, 100.0]
    with pytest.raises(InputError, match="needs values above 0, found 0 and the reference 4"):
        one(zero, method="distance_to_reference", reference="z", direction=-1)
    with pytest.raises(InputError, match="'a': every unit has reached the target -5"):
        one(values, method="target", goals=-5.0)
    with pytest.raises(InputError, match="`log` need values above 0, found -1"):
        one(values, method="goalposts", posts=GoalpostsConfig(low=1, high=2, log=True))


def test_panels_are_pooled_over_years_unless_told_otherwise() -> None:
    values = pd.Series([0.0, 1.0, 5.0, 10.0, 3.0, 15.0], index=PANEL)
    assert one(values, method="min_max", high=15).tolist() == values.tolist()
    by_year = one(values, method="min_max", pooled=False)
    assert by_year.tolist() == [0, 0, 0, 100, 100, 100]
    reference = one(values + 1, method="distance_to_reference", reference="x", pooled=False)
    assert reference["x"].tolist() == [100, 100, 100]
    with pytest.raises(InputError, match="with several years, say pooled = false"):
        one(values + 1, method="distance_to_reference", reference="x")


# Weights


def test_unknown_and_unfit_weightings() -> None:
    data = pd.DataFrame({"a": [-1.0, 2.0], "b": [1.0, 1.0]})
    with pytest.raises(InputError, match="unknown weighting 'magic'; allowed: equal, pca, entropy"):
        data_weights(data, "magic")
    for method in ("entropy", "gini"):
        with pytest.raises(InputError, match="found negative ones"):
            data_weights(data, method)
    with pytest.raises(InputError, match="b is equal everywhere"):
        data_weights(data, "balanced")
    assert data_weights(data[["a"]], "pca") == {"a": 1.0}
    assert data_weights(data * 0, "critic") == {"a": 0.5, "b": 0.5}


@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(floats, st.randoms(use_true_random=False))
@pytest.mark.parametrize("method", ["pca", "entropy", "critic", "gini"])
def test_weights_do_not_depend_on_rows_and_sum_to_one(
    method: str, values: list[float], random: Any
) -> None:
    base = np.abs(values)
    data = pd.DataFrame({"a": base, "b": base[::-1] + 1, "c": np.sqrt(base) + base.mean()})
    found = data_weights(data, method)
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0
    shuffled = data.loc[random.sample(list(data.index), len(data))]
    assert data_weights(shuffled, method) == pytest.approx(found, abs=1e-6)


def test_a_column_of_zeros_weighs_nothing() -> None:
    data = pd.DataFrame({"a": [0.0, 0.0, 0.0], "b": [1.0, 2.0, 9.0]})
    for method in ("entropy", "gini"):
        assert data_weights(data, method) == {"a": 0.0, "b": 1.0}


def test_a_duel_of_equal_weights_is_a_tie_in_spite_of_rounding() -> None:
    data = pd.DataFrame({"a": [1.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 1.0]})
    weights = {"a": 0.1, "b": 0.2, "c": 0.3}
    assert aggregate(data, weights, method="copeland").tolist() == [0.0, 0.0]


def test_balanced_weights_make_every_indicator_count_alike() -> None:
    random = np.random.default_rng(3)
    common = random.normal(size=200)
    data = pd.DataFrame({
        "a": common + random.normal(size=200), "b": common + random.normal(size=200),
        "c": random.normal(size=200),
    })  # fmt: skip
    weights = data_weights(data, "balanced")
    node = aggregate(data, weights)
    correlations = [data[code].corr(node) for code in data]
    assert np.ptp(correlations) < 1e-3
    assert weights["c"] > weights["a"]


# Aggregation


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("arithmetic", [3.25, 4, NAN]),
        ("geometric", [np.exp((np.log(1) + 3 * np.log(4)) / 4), 4, NAN]),
        ("harmonic", [1 / (0.25 / 1 + 0.75 / 4), 4, NAN]),
        ("power", [(0.25 * 1 + 0.75 * 2) ** 2, 4, NAN]),
        ("median", [4, 4, NAN]),
        ("minimum", [1, 4, NAN]),
        ("mazziotta_pareto", [3.25 - 1.6875 / 3.25, 4, NAN]),
        ("copeland", [-1, 1, NAN]),
    ],
)
def test_aggregation_by_hand(method: str, expected: list[float]) -> None:
    data = pd.DataFrame({"a": [1.0, 4.0, NAN], "b": [4.0, NAN, NAN]})
    found = aggregate(data, {"a": 1, "b": 3}, method=method)
    np.testing.assert_allclose(found, expected)


def test_an_even_median_is_the_middle_of_two() -> None:
    data = pd.DataFrame({"a": [1.0], "b": [4.0], "c": [9.0], "d": [0.0]})
    assert aggregate(data, dict.fromkeys(data, 1), method="median").tolist() == [2.5]


def test_zero_makes_geometric_and_harmonic_means_zero() -> None:
    data = pd.DataFrame({"a": [0.0], "b": [4.0]})
    for method in ("geometric", "harmonic"):
        assert aggregate(data, {"a": 1, "b": 1}, method=method).tolist() == [0.0]


@pytest.mark.parametrize("method", ["geometric", "harmonic", "power", "benefit_of_the_doubt"])
def test_negative_values_are_refused(method: str) -> None:
    data = pd.DataFrame({"a": [-1.0], "b": [4.0]})
    with pytest.raises(InputError, match="needs values of 0 and more; found negative ones"):
        aggregate(data, {"a": 1, "b": 1}, method=method)


def test_what_else_aggregation_refuses() -> None:
    data = pd.DataFrame({"a": [0.0], "b": [0.0]})
    with pytest.raises(InputError, match="Mazziotta–Pareto needs means above 0"):
        aggregate(data, {"a": 1, "b": 1}, method="mazziotta_pareto")
    with pytest.raises(InputError, match="unknown aggregation 'magic'; allowed: arithmetic"):
        aggregate(data, {"a": 1, "b": 1}, method="magic")


def test_benefit_of_the_doubt_within_bounds_by_hand() -> None:
    # Weights s·t and s·(1 − t). (4, 0) alone has 4st; (3, 3) allows s up to 1/3, so that t = 0.6
    # gives 0.8. Left free it takes t = 1, where itself it is the limit. (1, 2) has s(2 − t).
    data = pd.DataFrame({"a": [4.0, 3.0, 1.0], "b": [0.0, 3.0, 2.0]})
    stated = {"a": 1, "b": 5}
    free = aggregate(data, stated, method="benefit_of_the_doubt")
    assert free.tolist() == pytest.approx([1, 1, 2 / 3])
    bound = aggregate(data, stated, method="benefit_of_the_doubt", least=0.4, most=0.6)
    assert bound.tolist() == pytest.approx([0.8, 1, 1.6 / 3])
    # Bounds speak of the data's own scale: a column in other units is another index.
    other = aggregate(
        data.assign(b=data["b"] * 2), stated, method="benefit_of_the_doubt", least=0.4, most=0.6
    )
    assert other.iloc[0] < 0.8
    one = aggregate(data[["a"]], {"a": 1}, method="benefit_of_the_doubt", least=0.1, most=0.2)
    assert one.tolist() == [1, 0.75, 0.25]


def test_bounds_that_no_weights_keep_are_refused() -> None:
    data = pd.DataFrame({"a": [4.0, 3.0], "b": [0.0, 3.0]})
    for bounds in ({"least": 0.6}, {"most": 0.4}):
        with pytest.raises(InputError, match="no 2 weights have shares"):
            aggregate(data, {"a": 1, "b": 1}, method="benefit_of_the_doubt", **bounds)


def test_units_without_enough_data_are_no_rivals() -> None:
    data = pd.DataFrame({"a": [1.0, 2.0, 9.0], "b": [1.0, 2.0, NAN]})
    found = aggregate(data, {"a": 1, "b": 1}, method="copeland", availability=0.6)
    assert found.fillna(-9).tolist() == [-1, 1, -9]
    best = aggregate(data, {"a": 1, "b": 1}, method="benefit_of_the_doubt", availability=0.6)
    assert best.fillna(-9).tolist() == pytest.approx([0.5, 1, -9])


positive = st.lists(st.floats(0.1, 100), min_size=3, max_size=12)
MEANS = ["arithmetic", "geometric", "harmonic", "power", "median", "minimum"]


@settings(deadline=None)
@given(positive)
def test_means_lie_between_the_extremes_in_their_order(values: list[float]) -> None:
    data = pd.DataFrame([values])
    weights = dict.fromkeys(data, 1)
    found = {m: float(aggregate(data, weights, method=m).iloc[0]) for m in MEANS}
    for value in found.values():
        assert min(values) - 1e-9 <= value <= max(values) + 1e-9
    order = [found[m] for m in ("minimum", "harmonic", "geometric", "power", "arithmetic")]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(order))


@settings(deadline=None)
@given(positive, st.randoms(use_true_random=False))
@pytest.mark.parametrize("method", [*MEANS, "copeland", "topsis", "benefit_of_the_doubt"])
def test_aggregates_do_not_depend_on_row_order(
    method: str, values: list[float], random: Any
) -> None:
    data = pd.DataFrame({"a": values, "b": values[::-1], "c": np.sqrt(values)})
    weights = {"a": 1.0, "b": 2.0, "c": 0.0}
    order = random.sample(list(data.index), len(data))
    found = aggregate(data, weights, method=method)
    shuffled = aggregate(data.loc[order], weights, method=method)
    np.testing.assert_allclose(shuffled.reindex(data.index), found, atol=1e-7)


# Ranks and tiers


def test_tie_rules_and_groups() -> None:
    scores = pd.Series([5.0, 7.0, 7.0, 1.0, NAN])
    rules = {"min": [3, 1, 1, 4], "max": [3, 2, 2, 4], "average": [3, 1.5, 1.5, 4],
             "dense": [2, 1, 1, 3]}  # fmt: skip
    for ties, expected in rules.items():
        assert rank_scores(scores, ties=ties).tolist() == [*expected, pd.NA]  # type: ignore[arg-type]
    groups = pd.Series(["u", "u", "v", None, "v"])
    assert rank_scores(scores, groups=groups).tolist() == [2, 1, 1, pd.NA, pd.NA]


def test_tiers_by_fit_take_the_fewest_classes() -> None:
    scores = pd.Series([1.0, 1.0, 5.0, 5.0, 9.0, 9.0, NAN])
    assert tiers_by_fit(scores, 0.99).tolist() == [3, 3, 2, 2, 1, 1, pd.NA]
    assert tiers_by_fit(scores, 0.7).max() == 2
    assert goodness_of_fit(scores, pd.Series([1] * 7)) == 0
    with pytest.raises(InputError, match=r"no 2 tiers or fewer fit as well as 0.99; best 0.75"):
        tiers_by_fit(scores, 0.99, most=2)
