"""Contiguity equals libpysal's on grids, on real polygons with holes, and keeps isolates."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.spatial import contiguity, neighbours_of


@pytest.mark.parametrize("rule", ["rook", "queen"])
def test_equal_to_libpysal(grid: gpd.GeoDataFrame, rule: Any) -> None:
    ours = contiguity(grid, rule=rule)
    theirs = Graph.build_contiguity(grid, rook=rule == "rook", strict=True)
    pd.testing.assert_series_equal(
        ours.adjacency.sort_index(), theirs.adjacency.sort_index(), check_dtype=False
    )
    assert ours.isolates.tolist() == [grid.index[-1]]
    assert ours.unique_ids.tolist() == grid.index.tolist()


def test_equal_to_overlay_with_holes_and_parts() -> None:
    hole = shapely.box(1, 1, 2, 2)
    ring = shapely.box(0, 0, 3, 3).difference(hole)
    two = shapely.MultiPolygon([shapely.box(3, 0, 4, 3), shapely.box(9, 9, 10, 10)])
    two = shapely.union(two, shapely.Point(3, 1).buffer(0))
    corner = shapely.box(10, 10, 11, 11)
    units = gpd.GeoDataFrame(geometry=[ring, hole, two, corner], index=["ring", "in", "two", "c"])
    rook = contiguity(units)
    for unit in units.index:
        expected = neighbours_of(units, unit).index.tolist()
        assert sorted(rook[unit][rook[unit] > 0].index) == expected
    assert contiguity(units, rule="queen")["c"].index.tolist() == ["two"]


def test_three_units_at_one_vertex_and_edges_of_either_direction() -> None:
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2)]
    units = gpd.GeoDataFrame(geometry=boxes, index=["a", "b", "c"])
    turned = units.assign(geometry=units.geometry.reverse())
    for rule, links in (("rook", 4), ("queen", 6)):
        assert contiguity(units, rule=rule).n_edges == links  # type: ignore[arg-type]
        assert contiguity(units, rule=rule).equals(contiguity(turned, rule=rule))  # type: ignore


def test_refusals(grid: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match="unknown rule 'bishop'; allowed: rook, queen"):
        contiguity(grid, rule="bishop")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="more than once"):
        contiguity(pd.concat([grid, grid.iloc[:1]]))
    with pytest.raises(DataError, match="has no geometry"):
        contiguity(grid.assign(geometry=np.where(np.arange(31) == 3, None, grid.geometry)))


@pytest.mark.china
def test_the_whole_country(china: Any) -> None:
    graph = contiguity(china.units)
    assert graph.n == 2875
    for unit in ("320583", "610881", "710000", "441900"):
        found = graph[unit][graph[unit] > 0].index
        assert sorted(found) == neighbours_of(china.units, unit).index.tolist()
