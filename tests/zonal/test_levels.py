from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine

from regional_atlas.core.errors import DataError
from regional_atlas.zonal import ArrayRaster, Cleaning, zonal_statistics
from regional_atlas.zonal.levels import aggregate_levels

STATS = ["sum", "mean", "min", "max", "count", "lit_share"]


def test_adding_up_equals_measuring_the_union(zones, raster):
    rng = np.random.default_rng(1)
    cells = rng.integers(0, 20, (9, 9)).astype(float)
    cells[4:, 6:] = np.nan
    edges = [0.0, 2.3, 4.1, 7.7, 11.0]
    units = zones(*(shapely.box(a, 0.4, b, 8.6) for a, b in itertools.pairwise(edges)))
    lights = raster(cells, year=2020)
    table = zonal_statistics(units, lights, stats=STATS, lit_threshold=5)
    parents = pd.Series(["west", "west", "east", "east"], units.index, name="side")
    ours = aggregate_levels(table, parents).set_index("side")
    dissolved = units.assign(side=parents).dissolve("side")
    whole = zonal_statistics(dissolved, lights, stats=STATS, lit_threshold=5).set_index("side")
    for name in [*STATS, "valid_share"]:
        np.testing.assert_allclose(
            ours[name], whole.loc[ours.index, name], rtol=1e-12, err_msg=name
        )


def test_means_of_any_kind_equal_those_of_the_union(zones):
    """Shares of classes, weighted means and amounts per km² add up by their own weights."""
    rng = np.random.default_rng(2)
    grid = Affine(0.1, 0, 20, 0, -0.1, 60.9), "EPSG:4326"
    cells = rng.integers(1, 5, (9, 9)).astype(float)
    cells[2, 3] = np.nan
    heads = ArrayRaster(rng.integers(0, 9, (9, 9)).astype(float), *grid)
    edges = [20.0, 20.23, 20.41, 20.77, 20.9]
    boxes = [shapely.box(a, 60.04, b, 60.86) for a, b in itertools.pairwise(edges)]
    units = zones(*boxes, crs=4326)
    means = ["class_share_1_3", "weighted_mean", "sum_per_km2"]
    stats = ["class_share(1,3)", "weighted_mean", "weighted_count", "sum_per_km2", "area_km2"]
    stats += ["count", "median"]
    land = ArrayRaster(cells, *grid, year=2020)
    parents = pd.Series(["west", "west", "east", "east"], units.index, name="side")
    table = zonal_statistics(units, land, stats=stats, weights=heads)
    ours = aggregate_levels(table, parents).set_index("side")
    dissolved = units.assign(side=parents).dissolve("side")
    whole = zonal_statistics(dissolved, land, stats=stats, weights=heads).set_index("side")
    for name in [*means, "weighted_count", "area_km2"]:
        np.testing.assert_allclose(
            ours[name], whole.loc[ours.index, name], rtol=1e-12, err_msg=name
        )
    assert "median" not in ours
    without = aggregate_levels(table.drop(columns="weighted_count"), parents)
    assert "weighted_mean" not in without


def test_nothing_valid_stays_missing_and_lost_units_are_named(zones, raster):
    table = zonal_statistics(
        zones(shapely.box(7, 7, 8, 8)), raster([[1.0]], year=2020), stats=["sum", "count"]
    )
    found = aggregate_levels(table, pd.Series({"a": "x"})).iloc[0]
    assert np.isnan(found["sum"])
    assert np.isnan(found["mean"])
    assert found["valid_share"] == 0
    both = pd.concat([table, table.assign(unit_id="b", sum=1.0, count=1.0, valid_share=0.5)])
    mixed = aggregate_levels(both, pd.Series({"a": "x", "b": "x"})).iloc[0]
    assert (mixed["sum"], mixed["mean"]) == (1, 1)
    assert np.isnan(mixed["valid_share"])
    with pytest.raises(DataError, match="unit 'a' has no entry"):
        aggregate_levels(table, pd.Series({"b": "x"}))
    with pytest.raises(DataError, match="'count'"):
        aggregate_levels(table.drop(columns="count"), pd.Series({"a": "x"}))


def test_months_are_kept_apart_and_cleaning_is_added(zones, raster):
    units = zones(shapely.box(0, 0, 1.5, 1), shapely.box(1.5, 0, 3, 1))
    rules = Cleaning(negative="missing", saturation=9)
    months = [
        rules.applied(raster([[-1.0, 9.0, 4.0]], year=2014, month=1)),
        rules.applied(raster([[2.0, 9.0, 9.0]], year=2014, month=2)),
    ]
    table = zonal_statistics(units, months, stats=["sum", "count"])
    found = aggregate_levels(table, pd.Series("x", index=units.index, name="p"))
    assert found[["p", "year", "month"]].to_numpy().tolist() == [["x", 2014, 1], ["x", 2014, 2]]
    assert found["sum"].tolist() == [13, 20]
    assert found["taken_negative"].tolist() == [1, 0]
    assert found["saturated_count"].tolist() == [1, 2]
    assert found["saturated_share"].tolist() == [1 / 2, 2 / 3]
    assert found["valid_share"].tolist() == pytest.approx([2 / 3, 1])
