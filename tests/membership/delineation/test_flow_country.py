"""Regions from flows in a made-up country of which the true metropolitan areas are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import Voronoi, distance

from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.core_based import core_based_areas
from regional_atlas.membership.delineation.cores import given_cores
from regional_atlas.membership.delineation.flow_clusters import flow_clusters
from regional_atlas.membership.delineation.flows import Flows, commuting_flows, flow_draws
from regional_atlas.membership.delineation.functional_areas import functional_areas
from regional_atlas.membership.delineation.labour_markets import (
    LabourMarketRules,
    labour_market_areas,
)

pytestmark = pytest.mark.slow

UNITS, METROS = 1000, 40


@dataclass(frozen=True)
class Country:
    """Flows of a country, and what made them.

    `pull` is the share of a unit's employed residents that each metro's core attracts by distance,
    before any chance, `expected` that after uneven tastes and before counting; `metro` the metro
    with the largest pull, which makes the labour markets; `zone` the same where the pull is at
    least 15 %, otherwise -1, which makes the functional areas.
    """

    flows: Flows
    cores: pd.DataFrame
    contiguity: pd.DataFrame
    pull: NDArray[np.float64]
    expected: NDArray[np.float64]
    metro: NDArray[np.int64]
    zone: NDArray[np.int64]


def country(seed: int, *, unevenness: float, residents: float, leak: float = 0.15) -> Country:
    """Make a country: units on a plane, cores with a reach, gravity, uneven tastes, Poisson counts.

    `unevenness` is the standard deviation of the log by which the people of a unit like each core
    more or less than its distance says; `residents` the median of a unit's employed residents;
    `leak` how much less than in its own metro gravity draws people to units of another.
    """
    rng = np.random.default_rng(seed)
    places = rng.uniform(0, 100, (UNITS, 2))
    core_of, centres = _cores(rng, places)
    reach = rng.uniform(5.5, 8.5, METROS)
    away = distance.cdist(places, centres)
    far = away / reach
    pull = 0.4 / (1 + np.exp((far - 1) / 0.12)) + 0.08 * np.exp(-far / 2)
    central = core_of >= 0
    pull[central] *= 0.4
    pull[central, core_of[central]] = 0.75
    metro = pull.argmax(axis=1)
    zone = np.where(pull.max(axis=1) >= 0.15, metro, -1)
    workers = rng.lognormal(np.log(residents), 0.7, UNITS) * np.where(central, 15, 1)
    taste = pull * np.exp(rng.normal(0, unevenness, pull.shape))
    taste /= np.maximum(taste.sum(axis=1, keepdims=True) / 0.85, 1)
    near = np.where(metro[:, None] == metro, 1, leak)
    near = near * workers**0.5 * np.exp(-distance.cdist(places, places) / 4.0)
    shares = _shares(rng, near, workers, core_of, taste)
    number = rng.poisson(workers[:, None] * shares)
    ids = np.array([f"u{unit:04d}" for unit in rng.permutation(UNITS)])
    home, work = np.nonzero(number)
    table = pd.DataFrame(
        {"origin": ids[home], "destination": ids[work], "number": number[home, work]}
    )
    flows = commuting_flows(table, pd.Index(ids))
    order = np.argsort(ids)
    touching = Voronoi(places).ridge_points
    return Country(
        flows,
        pd.DataFrame(
            {"unit_id": ids[central], "core_id": [f"m{core:02d}" for core in core_of[central]]}
        ),
        pd.DataFrame({"unit_id": ids[touching[:, 0]], "neighbour_id": ids[touching[:, 1]]}),
        pull[order],
        taste[order],
        metro[order],
        zone[order],
    )


def _cores(
    rng: np.random.Generator, places: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Choose centres at least 11 apart and the one to three units next to each."""
    chosen: list[int] = []
    for unit in rng.permutation(UNITS).tolist():
        if len(chosen) < METROS and all(
            np.hypot(*(places[unit] - places[other])) > 11 for other in chosen
        ):
            chosen.append(unit)
    assert len(chosen) == METROS
    core_of = np.full(UNITS, -1)
    nearest = distance.cdist(places[chosen], places).argsort(axis=1)
    for metro, size in enumerate(rng.integers(1, 4, METROS)):
        core_of[nearest[metro, :size]] = metro
    return core_of, places[chosen]


def _shares(
    rng: np.random.Generator,
    gravity: NDArray[np.float64],
    workers: NDArray[np.float64],
    core_of: NDArray[np.int64],
    taste: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give each unit's shares of destinations: cores by taste, then home, then gravity."""
    weights = np.zeros((METROS, UNITS))
    central = np.flatnonzero(core_of >= 0)
    weights[core_of[central], central] = workers[central]
    weights /= weights.sum(axis=1, keepdims=True)
    gravity[:, central] = 0
    np.fill_diagonal(gravity, 0)
    gravity /= gravity.sum(axis=1, keepdims=True)
    rest = 1 - taste.sum(axis=1)
    home = rng.uniform(0.4, 0.8, UNITS)
    return taste @ weights + np.diag(rest * home) + (rest * (1 - home))[:, None] * gravity


def matched(found: Delineation, truth: NDArray[np.int64]) -> float:
    """Share of units that are where they should be: each true area stands for one region found.

    Areas and regions are paired so that most units agree; those of no area agree where they are in
    no region.
    """
    assert found.units is not None
    region = pd.Series(found.members["region_id"].to_numpy(), found.members["unit_id"]).sort_index()
    codes = pd.factorize(region)[0]
    table = pd.crosstab(truth[truth >= 0], codes[truth >= 0]).drop(columns=-1, errors="ignore")
    pairs = linear_sum_assignment(table.to_numpy(), maximize=True)
    right = table.to_numpy()[pairs].sum() + np.sum((truth < 0) & (codes < 0))
    return float(right / len(truth))


COUNTRIES = range(8)
LABOUR = (20, 40, 0.55, 0.65)
"""Sizes in medians of a unit's employed residents; the true areas' self-containment is 0.5–0.9."""


def recovered(made: Country, residents: float) -> dict[str, float]:
    """Measure each method's share of units that are where they should be."""
    low, high, *containment = LABOUR
    rules = LabourMarketRules(low * residents, high * residents, *containment)
    near = {"contiguity": made.contiguity}
    outlying = np.where(made.pull.max(axis=1) >= 0.25, made.metro, -1)
    return {
        "functional": matched(functional_areas(made.flows, made.cores, **near), made.zone),
        "core based": matched(core_based_areas(made.flows, made.cores, **near), outlying),
        "labour": matched(labour_market_areas(made.flows, rules), made.metro),
        "clusters": matched(flow_clusters(made.flows), made.metro),
    }


def test_countries_are_recovered() -> None:
    """Functional areas in each; labour markets on average, as some of the true ones merge."""
    found = pd.DataFrame(
        [recovered(country(seed, unevenness=0.15, residents=1000), 1000) for seed in COUNTRIES]
    )
    assert found["functional"].min() >= 0.95
    assert found["labour"].mean() >= 0.95
    assert found["labour"].min() >= 0.9
    assert found["core based"].min() >= 0.92
    assert found["clusters"].min() >= 0.7


def test_noisier_countries_are_recovered_less() -> None:
    """Twice as uneven and a fifth of the people: the noise is not for show."""
    found = pd.DataFrame(
        [recovered(country(seed, unevenness=0.3, residents=200), 200) for seed in COUNTRIES]
    )
    assert 0.92 <= found["functional"].mean() < 0.95
    assert 0.93 <= found["labour"].mean() < 0.98
    assert 0.88 <= found["core based"].mean() < 0.92


def test_the_measure_counts_units_in_wrong_areas() -> None:
    """A fifth of the units in a wrong area is a fifth less."""
    made = country(0, unevenness=0.15, residents=1000)
    ids = made.flows.units.to_numpy()
    for wrong in (0, 200):
        truth = made.zone.copy()
        truth[:wrong] = (truth[:wrong] + 2) % METROS
        regions = [None if zone < 0 else f"r{zone}" for zone in made.zone]
        members = pd.DataFrame({"unit_id": ids, "region_id": regions})
        found = Delineation(pd.DataFrame(), members, {}, pd.DataFrame())
        assert matched(found, truth) == pytest.approx(1 - wrong / UNITS, abs=0.02)


def test_intervals_of_draws_cover_the_truth_as_often_as_they_say() -> None:
    """90 % intervals of the shares that commute to each core, against those before counting."""
    made = country(0, unevenness=0.15, residents=1000)
    cores = given_cores(made.cores, made.flows)
    order = [int(names[0][1:]) for names in cores.names]
    truth = made.expected[:, order]
    drawn = np.array(
        [cores.shares_to(draw).toarray() for draw in flow_draws(made.flows, 200, seed=1)]
    )
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    outer = cores.labels < 0
    large = (truth * made.flows.residents[:, None] >= 20) & outer[:, None]
    covered = (low <= truth) & (truth <= high)
    assert large.sum() > 1000
    assert covered[large].mean() == pytest.approx(0.9, abs=0.02)
