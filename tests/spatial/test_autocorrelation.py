"""Moran, LISA and G* equal esda; the false-discovery rate holds; missing values stay missing."""

from __future__ import annotations

import esda
import esda.crand
import esda.getisord
import esda.moran
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import (
    contiguity,
    false_discovery,
    hot_spots,
    local_moran,
    moran,
    spatial_lag,
)


@pytest.fixture
def plain_esda(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let esda run as it is written: compiling it takes a minute, the grid a second."""
    for module in (esda.crand, esda.moran, esda.getisord):
        for name, function in list(vars(module).items()):
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)
    monkeypatch.setattr(esda.crand, "boolean", np.bool_)


def rng() -> np.random.Generator:
    return np.random.default_rng(2022)


@pytest.mark.usefixtures("plain_esda")
def test_moran_equals_esda(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    graph = contiguity(grid, rule="queen")
    ours = moran(values, graph, rng=rng(), permutations=4999)
    np.random.seed(1)
    theirs = esda.Moran(values.to_numpy(), graph.transform("r"), permutations=4999)
    assert ours.statistic == pytest.approx(theirs.I, abs=1e-12)
    assert ours.expected == pytest.approx(theirs.EI)
    assert ours.z == pytest.approx(theirs.z_sim, rel=0.05)
    assert ours.p_value == pytest.approx(theirs.p_sim, abs=0.01)
    assert (ours.units, ours.isolates) == (31, 1)


@pytest.mark.usefixtures("plain_esda")
def test_lisa_equals_esda(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    joined = grid.iloc[:-1]
    some, graph = values.iloc[:-1], contiguity(joined)
    ours = local_moran(some, graph, permutations=9999, rng=rng())
    theirs = esda.Moran_Local(some.to_numpy(), graph.transform("r"), permutations=9999, seed=1)
    np.testing.assert_allclose(ours["statistic"], theirs.Is, rtol=1e-12)
    np.testing.assert_allclose(ours["p_value"], theirs.p_sim, atol=0.02)
    quadrant = pd.Series(theirs.q).map({1: "HH", 2: "LH", 3: "LL", 4: "HL"}).to_numpy()
    sure = (ours["class"] != "not significant").to_numpy()
    assert sure.any()
    assert (ours["class"].to_numpy()[sure] == quadrant[sure]).all()


@pytest.mark.usefixtures("plain_esda")
def test_g_star_equals_esda(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    some, graph = values.iloc[:-1], contiguity(grid.iloc[:-1])
    ours = hot_spots(some, graph, permutations=9999, rng=rng())
    theirs = esda.G_Local(
        some.to_numpy(),
        graph.assign_self_weight(1).transform("r"),
        transform="R", star=True, permutations=9999, n_jobs=1, seed=1,
    )  # fmt: skip
    np.testing.assert_allclose(ours["statistic"], theirs.Gs, rtol=1e-12)
    # With row-standardised weights esda's z keeps the variance of binary ones for sums of 1;
    # Ord and Getis's z does not depend on the scale of a row, so it is esda's with binary weights.
    binary = esda.G_Local(
        some.to_numpy(),
        graph.assign_self_weight(1),
        transform="B", star=True, permutations=0,
    )  # fmt: skip
    np.testing.assert_allclose(ours["z"], binary.Zs, rtol=1e-9)
    assert ours.loc[ours["class"] == "hot", "value"].min() > some.mean()
    assert ours.loc[ours["class"] == "cold", "value"].max() < some.mean()
    assert {"hot", "cold"} <= set(ours["class"])


def test_missing_values_leave_with_their_links(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    graph = contiguity(grid)
    gone = values.index[7]
    holed = values.mask(values.index == gone)
    rest = grid.drop(index=gone)
    expected = moran(holed.drop(gone), contiguity(rest), rng=rng())
    assert moran(holed, graph, rng=rng()) == expected
    table = local_moran(holed, graph, rng=rng())
    assert table.index.equals(values.index)
    assert table.loc[gone, "class"] == "missing"
    island = values.index[-1]
    assert table.loc[island, "class"] == "isolate"
    assert table.loc[island, ["lag", "statistic", "p_value", "q_value"]].isna().all()
    assert hot_spots(holed, graph, rng=rng()).loc[island, "class"] == "isolate"
    lag = spatial_lag(holed, graph)
    around = graph[values.index[8]].index.drop(gone, errors="ignore")
    assert lag[values.index[8]] == pytest.approx(values[around].mean())


def test_order_of_units_does_not_matter(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    graph, turned = contiguity(grid), contiguity(grid.iloc[::-1])
    one = local_moran(values, graph, rng=rng())
    other = local_moran(values.iloc[::-1], turned, rng=rng()).reindex(values.index)
    columns = ["value", "lag", "statistic"]
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_noise_has_no_clusters(grid: gpd.GeoDataFrame) -> None:
    noise = pd.Series(np.random.default_rng(11).random(len(grid)), index=grid.index)
    table = local_moran(noise, contiguity(grid), permutations=999, rng=rng())
    assert set(table["class"]) <= {"not significant", "isolate"}
    assert moran(noise, contiguity(grid), rng=rng()).p_value > 0.05


def test_four_units_in_a_row_by_hand() -> None:
    """The worked example of docs/method/space.md."""
    row = Graph.from_arrays(list("abbccd"), list("bacbdc"), [1.0] * 6)
    four = pd.Series([1.0, 5.0, 3.0, 7.0], index=list("abcd"))
    assert spatial_lag(four, row).tolist() == [5, 2, 6, 3]
    assert moran(four, row, rng=rng()).statistic == pytest.approx(-0.5)
    assert local_moran(four, row, rng=rng()).at["a", "statistic"] == pytest.approx(-0.45)
    assert hot_spots(four, row, rng=rng()).at["a", "statistic"] == pytest.approx(0.1875)


def test_g_star_of_negative_values_is_no_share_but_has_its_z(
    grid: gpd.GeoDataFrame, values: pd.Series
) -> None:
    graph = contiguity(grid)
    above, moved = (hot_spots(one, graph, rng=rng()) for one in (values, values - 1e3))
    assert above["statistic"].notna().any()
    assert moved["statistic"].isna().all()
    np.testing.assert_allclose(moved["z"], above["z"], rtol=1e-6)
    assert (moved["class"] == above["class"]).all()


def test_refusals(grid: gpd.GeoDataFrame, values: pd.Series) -> None:
    graph = contiguity(grid)
    with pytest.raises(InputError, match="1 units are not in the graph"):
        moran(pd.concat([values, pd.Series([1.0], index=["nowhere"])]), graph, rng=rng())
    with pytest.raises(InputError, match="more than once"):
        spatial_lag(pd.concat([values, values]), graph)
    with pytest.raises(InputError, match="not all equal"):
        moran(values * 0, graph, rng=rng())
    apart = values.where(values.index.isin([values.index[i] for i in (0, 2, 14)]))
    with pytest.raises(InputError, match="no two neighbours"):
        moran(apart, graph, rng=rng())
    with pytest.raises(DataError, match="within 0 and 1"):
        false_discovery(pd.Series([0.5, 1.5]))


@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discovery_equals_scipy(p_values: list[float]) -> None:
    from scipy.stats import false_discovery_control

    ours = false_discovery(pd.Series(p_values))
    np.testing.assert_allclose(ours, false_discovery_control(p_values), atol=1e-12)
