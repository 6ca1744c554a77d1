from __future__ import annotations

import copy

import numpy as np
import pytest
import shapely

from regional_atlas.core.errors import DataError
from regional_atlas.page.geometry import unit_shapes

from .conftest import UNITS


def test_polygons_close_and_cover_the_land_once(topology):
    shapes = unit_shapes(topology, UNITS)
    assert shapely.is_valid(shapes.polygons).all()
    assert shapely.coverage_is_valid(shapes.polygons)
    whole = shapely.union_all(shapes.polygons)
    assert shapely.area(shapes.polygons).sum() == pytest.approx(whole.area)


def test_neighbours_share_an_edge(topology):
    shapes = unit_shapes(topology, UNITS)
    assert shapes.neighbours[4] == {1, 3, 5, 7}
    assert shapes.neighbours[0] == {1, 3}


def test_points_lie_inside_and_on_a_grid_of_10_metres(topology):
    shapes = unit_shapes(topology, UNITS)
    points = shapes.points()
    assert all(
        polygon.contains(shapely.Point(point))
        for polygon, point in zip(shapes.polygons, points, strict=True)
    )
    assert (np.array(points) % 10 == 0).all()


def test_quantised_arcs_give_the_same_polygons(topology):
    quantised = copy.deepcopy(topology)
    quantised["transform"] = {"scale": [1.0, 1.0], "translate": [0.0, 0.0]}
    quantised["arcs"] = [
        [arc[0], *(np.diff(np.array(arc), axis=0).tolist())] for arc in topology["arcs"]
    ]
    same = unit_shapes(quantised, UNITS).polygons == unit_shapes(topology, UNITS).polygons
    assert same.all()


def test_the_point_lies_in_the_largest_part(topology):
    small = [[0, 0], [10, 0], [10, 10], [0, 0]]
    large = [[1000, 0], [2000, 0], [2000, 1000], [1000, 1000], [1000, 0]]
    hole = [[1400, 400], [1600, 400], [1600, 600], [1400, 600], [1400, 400]]
    unit = {"type": "MultiPolygon", "id": "a", "arcs": [[[0]], [[1], [2]]]}
    topology = {"arcs": [small, large, hole], "objects": {"units": {"geometries": [unit]}}}
    shapes = unit_shapes(topology, ["a"])
    assert shapes.polygons[0].area == 50 + 1000 * 1000 - 200 * 200
    assert shapely.Polygon(large, [hole]).contains(shapely.Point(shapes.points()[0]))


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (UNITS[::-1], "another order"),
        ([*UNITS[:-1], "xx"], r"1 units missing \['xx'\], 1 unknown \['22'\]"),
    ],
)
def test_ids_that_do_not_fit_are_refused(topology, ids, message):
    with pytest.raises(DataError, match=message):
        unit_shapes(topology, ids)
