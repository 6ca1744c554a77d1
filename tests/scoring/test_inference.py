"""Confidence sets for ranks: equal to csranks, to a plain model, and right as often as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import regional_atlas as ra

BOUNDS = ["low", "high", "simultaneous_low", "simultaneous_high"]


@pytest.mark.shared_data
def test_sets_of_the_pisa_scores_are_those_of_csranks(shared: Path) -> None:
    pisa = pd.read_csv(shared / "data/oracles/csranks/pisa_math.csv").set_index("jurisdiction")
    top = ra.rank_sets(pisa["score"], pisa["se"], top=5, draws=100_000)
    theirs = ["rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"]
    assert (top[["rank", *BOUNDS]].to_numpy() == pisa[theirs].to_numpy()).all()
    assert (top["may_be_top"] == pisa["top5"]).all()
    assert ((top["simultaneous_low"] <= 10) == pisa["top10"]).all()


@pytest.mark.shared_data
def test_sets_of_counts_are_those_of_csranks(shared: Path) -> None:
    theirs = pd.read_csv(shared / "data/oracles/csranks/multinomial.csv")
    ours = ra.count_rank_sets(theirs["count"])
    columns = ["marg_low", "marg_high", "simul_low", "simul_high"]
    assert (ours[BOUNDS].to_numpy() == theirs[columns].to_numpy()).all()


def some(units: int = 25) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(4)
    labels = [f"u{i}" for i in range(units)]
    return (
        pd.Series(rng.normal(size=units), labels),
        pd.Series(rng.uniform(0.05, 0.5, units), labels),
    )


def test_a_covariance_without_correlation_is_standard_errors() -> None:
    values, errors = some()
    matrix = pd.DataFrame(np.diag(errors**2), values.index, values.index)
    by_matrix = ra.rank_sets(values, covariance=matrix, draws=20_000)
    by_errors = ra.rank_sets(values, errors, draws=20_000)
    assert (by_matrix != by_errors).to_numpy().sum() <= 2


def test_what_all_errors_share_changes_nothing() -> None:
    values, errors = some()
    alone = ra.rank_sets(values, errors)
    shared_part = np.full((25, 25), 4.0) + np.diag(errors**2)
    together = ra.rank_sets(values, covariance=shared_part)
    pd.testing.assert_frame_equal(alone[BOUNDS], together[BOUNDS], check_exact=False, atol=1)


def test_margins_are_standard_errors_times_a_quantile() -> None:
    values, errors = some()
    margins = errors * 1.6448536269514722
    pd.testing.assert_frame_equal(
        ra.rank_sets(values, margins=margins), ra.rank_sets(values, errors), check_exact=True
    )


def test_the_lowest_first_turns_everything() -> None:
    values, errors = some()
    down = ra.rank_sets(values, errors, top=3)
    up = ra.rank_sets(-values, errors, top=3, ascending=True)
    pd.testing.assert_frame_equal(down, up)
    counts = pd.Series([9, 60, 30, 31])
    most, least = ra.count_rank_sets(counts), ra.count_rank_sets(counts, ascending=True)
    assert (5 - most["low"]).tolist() == least["high"].tolist()
    assert (5 - most["simultaneous_high"]).tolist() == least["simultaneous_low"].tolist()


def test_missing_units_have_no_rank_and_count_for_nobody() -> None:
    values, errors = some()
    gaps = values.copy()
    gaps.iloc[[3, 7]] = np.nan
    errors_with_gap = errors.copy()
    errors_with_gap.iloc[9] = np.nan
    found = ra.rank_sets(gaps, errors_with_gap, top=4)
    missing = found.index[[3, 7, 9]]
    assert found.loc[missing].isna().to_numpy().all()
    kept = values.index.difference(missing, sort=False)
    pd.testing.assert_frame_equal(
        found.loc[kept], ra.rank_sets(values[kept], errors[kept], top=4), check_dtype=False
    )


def test_certain_estimates_have_one_rank_and_ties_share_theirs() -> None:
    found = ra.rank_sets(pd.Series([3.0, 2.0, 2.0, 1.0]), [0.0, 0.0, 0.0, 0.0])
    assert found["rank"].tolist() == [1, 2, 2, 4]
    assert found["low"].tolist() == [1, 2, 2, 4]
    assert found["high"].tolist() == [1, 3, 3, 4]


def test_one_side_alone_is_narrower_there() -> None:
    values, errors = some()
    both, low = (ra.rank_sets(values, errors, side=side) for side in ("both", "low"))
    assert (low["low"] >= both["low"]).all()
    assert (low["high"] == len(values)).all()


def test_sets_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    truth = np.linspace(0.0, 2.0, 12)
    ranks = pd.Series(truth).rank(ascending=False).to_numpy()
    errors = rng.uniform(0.1, 0.4, 12)
    hits, runs = 0, 300
    for run in range(runs):
        drawn = truth + errors * rng.normal(size=12)
        found = ra.rank_sets(drawn, errors, coverage=0.9, draws=1000, seed=run)
        low, high = found["simultaneous_low"], found["simultaneous_high"]
        hits += bool(((low <= ranks) & (ranks <= high)).all())
    # Three standard deviations of the share of runs below what is promised.
    assert hits / runs >= 0.9 - 3 * (0.09 / runs) ** 0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "standard_errors: give one of standard_errors, margins, covariance, found none"),
        ({"standard_errors": [1.0]}, "standard_errors: expected 3 values, found 1"),
        (
            {"standard_errors": [1.0, -1.0, 1.0]},
            "standard_errors: expected finite numbers from 0, found -1 at 1",
        ),
        (
            {"covariance": np.ones((2, 2))},
            "covariance: expected 3 × 3 numbers, found 2 × 2 of float64",
        ),
        (
            {"margins": [1, 1, 1], "margin_level": 90},
            "margin_level: expected a number between 0 and 1, found 90",
        ),
        (
            {"standard_errors": [1, 1, 1], "seed": 2**64},
            f"seed: expected a whole number from 0 to {2**64 - 1}, found {2**64}",
        ),
    ],
)
def test_what_is_wrong_is_named(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ra.InputError) as found:
        ra.rank_sets([3.0, 2.0, 1.0], **arguments)  # type: ignore[arg-type]
    assert str(found.value) == said
