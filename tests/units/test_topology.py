"""Arc topology: hand-made coverages, round trips, TopoJSON read back by a decoder and by GDAL."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box

from regional_atlas.core.errors import DataError
from regional_atlas.units.topology import build_topology, to_topojson


def arcs_of(topology):
    bounds = topology.arc_offsets
    return [topology.coordinates[a:b].tolist() for a, b in pairwise(bounds)]


def assert_round_trip(units):
    topology = build_topology(units)
    back = topology.geometries()
    assert len(back) == len(units)
    for given_unit, got in zip(units, back, strict=True):
        assert shapely.equals_exact(given_unit.normalize(), got.normalize())
    np.testing.assert_allclose(topology.unit_areas(), shapely.area(units), rtol=1e-12)
    return topology


def decode(topojson, name):
    """Decode polygons as the specification says."""
    scale, translate = np.ones(2), np.zeros(2)
    arcs = [np.array(arc, dtype=float) for arc in topojson["arcs"]]
    if "transform" in topojson:
        scale = np.array(topojson["transform"]["scale"])
        translate = np.array(topojson["transform"]["translate"])
        arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in arcs]

    def line(refs):
        pieces = [arcs[ref] if ref >= 0 else arcs[~ref][::-1] for ref in refs]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

    decoded = {}
    for geometry in topojson["objects"][name]["geometries"]:
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        polygons = [Polygon(line(part[0]), [line(hole) for hole in part[1:]]) for part in parts]
        decoded[geometry["id"]] = MultiPolygon(polygons)
    return decoded


def test_two_squares_share_one_arc():
    topology = assert_round_trip([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    assert topology.n_arcs == 3
    assert topology.neighbours().tolist() == [[0, 1]]
    shared = np.flatnonzero((topology.arc_units >= 0).all(axis=1))
    assert [arcs_of(topology)[a] for a in shared] == [[[1.0, 0.0], [1.0, 1.0]]]
    assert topology.arc_units[shared].tolist() == [[0, 1]]


def test_left_and_right_of_an_arc():
    topology = build_topology([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    for (left, right), arc in zip(topology.arc_units, arcs_of(topology), strict=True):
        (x0, y0), (x1, y1) = arc[:2]
        middle, normal = np.array([(x0 + x1) / 2, (y0 + y1) / 2]), np.array([y0 - y1, x1 - x0])
        for unit, side in ((left, 0.1), (right, -0.1)):
            point = shapely.Point(middle + side * normal)
            inside = [i for i, g in enumerate(topology.geometries()) if g.contains(point)]
            assert inside == ([unit] if unit >= 0 else [])


def test_t_junction():
    lower_left, lower_right = box(0, 0, 1, 1), box(1, 0, 2, 1)
    upper = Polygon([(0, 1), (1, 1), (2, 1), (2, 2), (0, 2)])
    topology = assert_round_trip([lower_left, lower_right, upper])
    assert topology.neighbours().tolist() == [[0, 1], [0, 2], [1, 2]]
    assert topology.n_arcs == 6


def test_enclave_and_island_inside_a_hole():
    ring = Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 3, 3).exterior, box(5, 5, 8, 8).exterior])
    enclave, islet = box(1, 1, 3, 3), box(6, 6, 7, 7)
    topology = assert_round_trip([MultiPolygon([ring, islet]), enclave])
    assert topology.n_arcs == 4
    assert topology.neighbours().tolist() == [[0, 1]]
    assert sorted(topology.ring_areas().tolist()) == [-9.0, -4.0, 1.0, 4.0, 81.0]
    assert topology.polygon_areas().tolist() == [68.0, 1.0, 4.0]


def test_touching_in_a_point_is_no_neighbourhood():
    topology = assert_round_trip([box(0, 0, 1, 1), box(1, 1, 2, 2)])
    assert topology.neighbours().size == 0
    assert topology.n_arcs == 2


def test_a_third_unit_touching_a_border_makes_a_node():
    left = Polygon([(0, 0), (2, 0), (2, 1), (2, 2), (0, 2)])
    right = Polygon([(2, 0), (4, 0), (4, 2), (3, 2), (2, 1)])
    touching = Polygon([(2, 1), (3, 2), (2.2, 2)])
    topology = assert_round_trip([left, right, touching])
    ends = {tuple(arc[0]) for arc in arcs_of(topology)} | {
        tuple(arc[-1]) for arc in arcs_of(topology)
    }
    assert (2.0, 1.0) in ends
    assert topology.neighbours().tolist() == [[0, 1], [1, 2]]


def test_hole_touching_its_shell():
    unit = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(0, 0), (1, 2), (2, 1)]])
    assert unit.is_valid
    assert_round_trip([unit, Polygon([(0, 0), (1, 2), (2, 1)])])


@pytest.mark.parametrize("shift", range(5))
@pytest.mark.parametrize("reverse", [False, True])
def test_start_and_direction_of_rings_do_not_matter(shift, reverse):
    ring = [(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)]
    ring = ring[shift:] + ring[:shift]
    left = Polygon([(0, 0), (1, 0), (1, 0.5), (1, 1), (0, 1)])
    topology = build_topology([left, Polygon(ring[::-1] if reverse else ring)])
    reference = build_topology([left, Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])])
    assert sorted(arcs_of(topology)) == sorted(arcs_of(reference))
    assert topology.n_arcs == 3


def test_repeated_vertices_and_negative_zero_are_one_vertex():
    left = Polygon([(-1, 0), (0.0, 0.0), (0.0, 0.0), (0, 1), (-1, 1)])
    right = Polygon([(-0.0, -0.0), (1, 0), (1, 1), (-0.0, 1)])
    assert build_topology([left, right]).n_arcs == 3


def test_single_parts_come_back_as_polygons():
    units = [MultiPolygon([box(0, 0, 1, 1)]), MultiPolygon([box(1, 0, 2, 1), box(3, 0, 4, 1)])]
    assert [g.geom_type for g in build_topology(units).geometries()] == ["Polygon", "MultiPolygon"]


def test_overlap_on_one_side_of_a_border_is_refused():
    with pytest.raises(DataError, match="positions 0, 1 lie on the same side"):
        build_topology([box(0, 0, 1, 1), box(0, 0, 1, 1)])


def test_what_is_no_area_is_refused_with_its_position():
    with pytest.raises(DataError) as caught:
        build_topology([box(0, 0, 1, 1), shapely.Point(0, 0), Polygon(), None])
    assert [p.split(";")[0] for p in caught.value.problems] == [
        "unit at position 1 is a Point",
        "unit at position 2 is an empty Polygon",
        "unit at position 3 is missing",
    ]


def mosaic(labels):
    """Units from a label grid (0 is outside): unions of unit squares, with all their corners."""
    rows, columns = np.indices(labels.shape)
    squares = shapely.box(columns, rows, columns + 1, rows + 1)
    return [shapely.coverage_union_all(squares[labels == k]) for k in np.unique(labels[labels > 0])]


label_grids = st.integers(2, 7).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=n, max_size=n
    ).map(np.array)
)


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@given(label_grids.filter(lambda labels: labels.any()))
def test_mosaics_round_trip(labels):
    units = mosaic(labels)
    topology = build_topology(units)
    for unit, back in zip(units, topology.geometries(), strict=True):
        assert back.is_valid
        assert unit.equals(back)
    touching = {
        (i, j)
        for i, a in enumerate(units)
        for j, b in enumerate(units)
        if i < j and a.intersection(b).length > 0
    }
    assert {tuple(pair) for pair in topology.neighbours().tolist()} == touching


@settings(max_examples=settings().max_examples * 3 // 10, deadline=None)
@given(label_grids.filter(lambda labels: labels.any()), st.sampled_from([None, 1.0, 0.5]))
def test_topojson_of_mosaics_decodes(labels, grid):
    units = mosaic(labels)
    ids = [f"u{i}" for i in range(len(units))]
    topojson = json.loads(json.dumps(to_topojson(build_topology(units), ids, grid=grid)))
    decoded = decode(topojson, "units")
    assert list(decoded) == ids
    for unit, unit_id in zip(units, ids, strict=True):
        assert unit.equals(decoded[unit_id])


def test_gdal_reads_the_topojson(tmp_path):
    rng = np.random.default_rng(1)
    units = mosaic(rng.integers(1, 9, (12, 12)))
    units = [shapely.transform(unit, lambda xy: xy * 1000 + 400_000) for unit in units]
    ids = [f"{i:06d}" for i in range(len(units))]
    path = tmp_path / "units.topojson"
    path.write_text(json.dumps(to_topojson(build_topology(units), ids, grid=20)))
    read = pyogrio.read_dataframe(path, layer="units")
    assert read["id"].tolist() == ids
    np.testing.assert_allclose(read.area, shapely.area(units), rtol=1e-12)


def test_quantised_arcs_lose_steps_of_zero_but_keep_two_positions():
    units = [box(0, 0, 100, 100), Polygon([(100, 0), (103, 0), (103, 100), (100, 100)])]
    topojson = to_topojson(build_topology(units), ["a", "b"], grid=50)
    assert topojson["arcs"] == [
        [[2, 0], [0, 2]],
        [[2, 0], [-2, 0], [0, 2], [2, 0]],
        [[2, 0], [0, 2]],
    ]
    assert all(len(arc) >= 2 for arc in topojson["arcs"])


def test_lines_are_objects_of_their_own():
    lines = [LineString([(0, 0), (10, 20)]), MultiLineString([[(0, 0), (5, 5)], [(7, 7), (9, 9)]])]
    topology = build_topology([box(0, 0, 10, 10)])
    topojson = to_topojson(topology, ["a"], grid=1, lines={"maritime": lines})
    assert topojson["bbox"] == [0.0, 0.0, 10.0, 20.0]
    assert topojson["objects"]["maritime"]["geometries"] == [
        {"type": "LineString", "arcs": [1]},
        {"type": "MultiLineString", "arcs": [[2], [3]]},
    ]
    assert topojson["arcs"][1:] == [[[0, 0], [10, 20]], [[0, 0], [5, 5]], [[7, 7], [2, 2]]]


@pytest.mark.parametrize(
    ("ids", "lines", "message"),
    [
        (["a", "b"], None, "2 ids for 1 units"),
        (["a"], {"units": []}, "'units' appears twice"),
        (["a"], {"sea": [box(0, 0, 1, 1)]}, "'sea' holds something that is not a line"),
    ],
)
def test_topojson_refuses(ids, lines, message):
    with pytest.raises(DataError, match=message):
        to_topojson(build_topology([box(0, 0, 1, 1)]), ids, lines=lines)
