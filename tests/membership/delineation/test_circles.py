"""Circles of distance and time: by hand, closed forms, and a plain Dijkstra."""

from __future__ import annotations

import heapq
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.membership.delineation.circles import (
    centre_points,
    delineate_circles,
    delineate_isochrones,
    delineate_travel_times,
    travel_minutes,
)
from regional_atlas.membership.delineation.friction import step_metres
from regional_atlas.zonal.grids import Grid

GEOD = pyproj.Geod(ellps="WGS84")


def grid_of(rows: int, cols: int, crs: str = "EPSG:6933") -> Grid:
    """Squares of 1 km in an equal-area projection, or of 0.1° below 60° N."""
    if crs == "EPSG:4326":
        return Grid(Affine(0.1, 0, 10, 0, -0.1, 60), (rows, cols), crs)
    return Grid(Affine(1000, 0, 0, 0, -1000, 0), (rows, cols), crs)


def centres_at(grid: Grid, **cells: tuple[int, int]) -> gpd.GeoDataFrame:
    points = [
        shapely.Point(*(grid.transform @ (col + 0.5, row + 0.5))) for row, col in cells.values()
    ]
    return gpd.GeoDataFrame({"region_id": list(cells)}, geometry=points, crs=grid.crs)


def squares(**boxes) -> gpd.GeoDataFrame:
    """Units as boxes in kilometres, y downward like rows."""
    geometry = [
        shapely.box(west * 1e3, -south * 1e3, east * 1e3, -north * 1e3)
        for west, north, east, south in boxes.values()
    ]
    index = pd.Index(list(boxes), name="unit_id")
    return gpd.GeoDataFrame(index=index, geometry=geometry, crs="EPSG:6933")


def plain_dijkstra(friction, steps, start, limit):
    """Least minutes by a dictionary and a heap, one neighbour after the other."""
    across, down, aslant = steps
    done: dict[tuple[int, int], float] = {}
    queue = [(0.0, start)]
    while queue:
        spent, (row, col) = heapq.heappop(queue)
        if (row, col) in done:
            continue
        done[row, col] = spent
        for i, j in ((row + di, col + dj) for di in (-1, 0, 1) for dj in (-1, 0, 1)):
            if (i, j) in done or not (0 <= i < friction.shape[0] and 0 <= j < friction.shape[1]):
                continue
            step = across[row] if i == row else (down if j == col else aslant)[min(row, i)]
            found = spent + step * (friction[row, col] + friction[i, j]) / 2
            if found <= limit:
                heapq.heappush(queue, (found, (i, j)))
    minutes = np.full(friction.shape, np.nan)
    for place, spent in done.items():
        minutes[place] = spent
    return minutes


# ── least minutes ───────────────────────────────────────────────────────────────────────────────


def test_even_ground_gives_octile_distances():
    grid = grid_of(21, 31)
    found = travel_minutes(centres_at(grid, c=(4, 9)), np.full(grid.shape, 0.01), grid, 1e6)
    rows, cols = np.abs(np.indices(grid.shape) - np.array([4, 9])[:, None, None])
    far, near = np.maximum(rows, cols), np.minimum(rows, cols)
    np.testing.assert_allclose(found, 10 * (far - near + math.sqrt(2) * near))


def test_the_limit_is_kept_and_reached():
    grid = grid_of(1, 9)
    found = travel_minutes(centres_at(grid, c=(0, 0)), np.full((1, 9), 0.0001), grid, 0.3)
    assert found[0, :4].tolist() == pytest.approx([0, 0.1, 0.2, 0.3])
    assert np.isnan(found[0, 4:]).all()


def test_a_wall_is_walked_around():
    friction = np.full((5, 5), 0.01)
    friction[0:4, 2] = np.nan
    grid = grid_of(5, 5)
    found = travel_minutes(centres_at(grid, c=(0, 0)), friction, grid, 1e6)
    # Down beside the wall, aslant below it, aslant and up again.
    assert found[0, 4] == pytest.approx(10 * (2 * (math.sqrt(2) * 2 + 2)))
    friction[4, 2] = np.nan
    walled = travel_minutes(centres_at(grid, c=(0, 0)), friction, grid, 1e6)
    assert np.isnan(walled[:, 2:]).all()
    assert np.isfinite(walled[:, :2]).all()


def test_steps_of_a_geographic_grid_are_geodesics():
    grid = grid_of(3, 3, "EPSG:4326")
    found = travel_minutes(centres_at(grid, c=(0, 0)), np.full((3, 3), 0.001), grid, 1e6)
    across = GEOD.inv(10.05, 59.95, 10.15, 59.95)[2] * 0.001
    down = GEOD.inv(10.05, 59.95, 10.05, 59.85)[2] * 0.001
    aslant = GEOD.inv(10.05, 59.95, 10.15, 59.85)[2] * 0.001
    assert found[0, 1:].tolist() == pytest.approx([across, 2 * across])
    assert found[1, :2].tolist() == pytest.approx([down, aslant])
    assert across < 0.52 * down


@settings(max_examples=60)
@given(
    st_numpy.arrays(
        np.float64, st_numpy.array_shapes(min_dims=2, max_dims=2, max_side=8),
        elements=st.sampled_from([np.nan, 0.005, 0.01, 0.03, 0.2]),
    ),
    st.sampled_from(["EPSG:6933", "EPSG:4326"]), st.sampled_from([30.0, 90.0, 1e7]),
    st.data(),
)  # fmt: skip
def test_minutes_are_those_of_a_plain_dijkstra(friction, crs, limit, data):
    passable = np.argwhere(np.isfinite(friction))
    if not len(passable):
        return
    start = tuple(passable[data.draw(st.integers(0, len(passable) - 1))].tolist())
    grid = grid_of(*friction.shape, crs)
    expected = plain_dijkstra(friction, step_metres(grid), start, limit * (1 + 1e-9))
    found = travel_minutes(centres_at(grid, c=start), friction, grid, limit)
    np.testing.assert_allclose(found, expected)


def test_several_centres_take_the_nearest():
    grid = grid_of(1, 7)
    centres = centres_at(grid, a=(0, 0), b=(0, 5))
    found = travel_minutes(centres, np.full((1, 7), 0.001), grid, 100)
    assert found.round(9).tolist() == [[0, 1, 2, 2, 1, 0, 1]]


def test_a_centre_a_turn_away_is_the_same_place():
    grid = Grid(Affine(1, 0, 178, 0, -1, 1), (1, 6), "EPSG:4326")
    centres = pd.DataFrame({"region_id": ["fiji"], "lon": [-178.5], "lat": [0.5]})
    found = travel_minutes(centres, np.ones((1, 6)), grid, 1)
    assert np.flatnonzero(found[0] == 0).tolist() == [3]


@pytest.mark.parametrize(
    ("friction", "cell", "said"),
    [
        ([[1.0, 0.0]], (0, 0), "friction: 1 cells are 0 or less"),
        ([[1.0, -9999.0]], (0, 0), "friction: 1 cells are 0 or less"),
        ([[1.0, np.inf]], (0, 0), "friction: 1 cells are infinite"),
        ([[1.0, 1.0, 1.0]], (0, 0), "friction: expected 1 × 2 cells"),
        ([[1.0, np.nan]], (0, 1), "centres: 'c' lies on a cell without friction"),
        ([[np.nan, np.nan]], (0, 1), "centres: 'c' lies on a cell without friction"),
        ([[1.0, 1.0]], (0, 2), "centres: 'c' lies beyond the raster"),
    ],
)
def test_wrong_friction(friction, cell, said):
    grid = grid_of(1, 2)
    with pytest.raises(DataError, match=said):
        travel_minutes(centres_at(grid, c=cell), np.array(friction), grid, 10)


# ── isochrones ──────────────────────────────────────────────────────────────────────────────────


def test_members_of_isochrones_by_area_and_by_people():
    """Ten minutes a cell: a reaches columns 0 to 2, b columns 4 to 8; u lies under a alone."""
    grid = grid_of(1, 10)
    centres, friction = centres_at(grid, a=(0, 0), b=(0, 6)), np.full((1, 10), 0.01)
    units = squares(u=(0, 0, 2, 1), v=(2, 0, 6, 1), w=(9, 0, 10, 1))
    found = delineate_isochrones(centres, units, friction, grid, 20)
    assert found.regions[["cells", "area_km2", "members"]].values.tolist() == [[3, 3, 1], [5, 5, 1]]
    members = found.members.set_index("unit_id")
    # v: column 2 by a, 4 and 5 by b, of four.
    assert members["region_id"].fillna("").to_dict() == {"u": "a", "v": "b", "w": ""}
    assert members["share_of_unit"].tolist() == pytest.approx([1, 0.5, 0])
    assert members["share_of_region"].tolist() == pytest.approx([2 / 3, 0.4, np.nan], nan_ok=True)
    # Columns 4 and 5 take 20 and 10 minutes, 2 and 3 count as the limit.
    assert members["minutes"].tolist() == pytest.approx([5, 17.5, np.nan], nan_ok=True)
    people = np.array([[1, 1, 9, np.nan, 0, 1, 4, 4, 4, 4]], np.float64)
    by_people = delineate_isochrones(centres, units, friction, grid, 20, population=people)
    assert by_people.regions["population"].tolist() == [11, 13]
    members = by_people.members.set_index("unit_id")
    assert members.loc["v", ["region_id", "share_of_unit"]].tolist() == ["a", 0.9]


def test_the_nearest_of_several_centres_is_exclusive():
    grid = grid_of(1, 9)
    units = squares(left=(0, 0, 4, 1), middle=(4, 0, 5, 1), right=(5, 0, 9, 1))
    friction = np.full((1, 9), 0.001)
    for first, second in (("a", "b"), ("b", "a")):
        cells = {"a": (0, 0), "b": (0, 8)}
        centres = centres_at(grid, **{first: cells[first], second: cells[second]})
        found = delineate_isochrones(centres, units, friction, grid, 60).members
        assert len(found) == 6
        own = found[found["exclusive"]].set_index("unit_id")["region_id"].to_dict()
        assert own == {"left": "a", "middle": first, "right": "b"}


def test_wrong_people():
    grid = grid_of(1, 2)
    units = squares(u=(0, 0, 2, 1))
    with pytest.raises(DataError, match="population: 1 cells are negative or infinite"):
        delineate_isochrones(
            centres_at(grid, c=(0, 0)), units, np.ones((1, 2)), grid, 9,
            population=np.array([[1.0, -1.0]]),
        )  # fmt: skip


# ── distance ────────────────────────────────────────────────────────────────────────────────────


def test_a_circle_has_the_area_of_its_disc_and_shares_are_of_areas():
    centres = pd.DataFrame({"region_id": ["c"], "name": ["C"], "lon": [20.0], "lat": [50.0]})
    whole = shapely.box(15, 48, 25, 52)
    halves = gpd.GeoDataFrame(
        geometry=[shapely.box(15, 48, 20, 52), shapely.box(20, 48, 25, 52)], crs=4326,
        index=pd.Index(["west", "east"], name="unit_id"),
    )  # fmt: skip
    found = delineate_circles(centres, halves, 100, rule="area_share", at_least=0.01)
    disc = math.pi * 100**2
    assert found.regions.loc["c", "area_km2"] == pytest.approx(disc, rel=3e-4)
    assert found.members["share_of_region"].tolist() == pytest.approx([0.5, 0.5], abs=1e-4)
    area = abs(GEOD.geometry_area_perimeter(shapely.segmentize(whole, 0.01))[0]) / 1e6
    assert found.members["share_of_unit"].sum() / 2 == pytest.approx(disc / area, rel=1e-3)


def test_units_belong_by_the_geodesic_to_their_point():
    centres = pd.DataFrame({"region_id": ["c"], "lon": [0.0], "lat": [60.0]})
    points = [shapely.Point(lon, 60.0) for lon in (0.5, 1.0, 1.5)]
    units = gpd.GeoDataFrame(
        geometry=[point.buffer(0.01) for point in points], crs=4326,
        index=pd.Index(["a", "b", "c"], name="unit_id"),
    )  # fmt: skip
    place = units.geometry.representative_point()["b"]
    km = GEOD.inv(0, 60, place.x, place.y)[2] / 1000
    just = delineate_circles(centres, units, km * 1.000001).members
    short = delineate_circles(centres, units, km * 0.999999).members
    assert just["region_id"].notna().tolist() == [True, True, False]
    assert short["region_id"].notna().tolist() == [True, False, False]
    assert just["km"][1] == pytest.approx(km)
    assert just["share_of_unit"][0] == pytest.approx(1)


@pytest.mark.parametrize("turned", [0, 360])
def test_circles_go_across_the_antimeridian(turned):
    centres = pd.DataFrame({"region_id": ["c"], "lon": [179.9], "lat": [-17.0]})
    sides = [shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -178, -16)]
    if turned:
        sides[1] = shapely.box(180, -18, 182, -16)
    units = gpd.GeoDataFrame(
        geometry=sides, crs=4326, index=pd.Index(["west", "east"], name="unit_id")
    )
    found = delineate_circles(centres, units, 50, rule="area_share", at_least=0.01)
    members = found.members.set_index("unit_id")
    assert members["share_of_region"].sum() == pytest.approx(1, abs=1e-6)
    assert 0.3 < members.loc["east", "share_of_region"] < 0.5
    near = delineate_circles(centres, units, 150).members
    assert near["region_id"].tolist() == ["c", "c"]


def test_a_circle_round_a_pole_is_refused():
    centres = pd.DataFrame({"region_id": ["c"], "lon": [0.0], "lat": [89.9]})
    with pytest.raises(DataError, match="'c' reaches round a pole"):
        delineate_circles(centres, UNITS, 100)


def test_members_of_two_circles_are_exclusive_to_the_nearest():
    grid = grid_of(1, 10)
    centres = centres_at(grid, a=(0, 0), b=(0, 9))
    units = squares(one=(3, 0, 4, 1), two=(6, 0, 7, 1), far=(500, 0, 501, 1))
    found = delineate_circles(centres, units, 9).members
    assert found[["unit_id", "region_id", "exclusive"]].fillna("").values.tolist() == [
        ["one", "a", True], ["one", "b", False],
        ["two", "b", True], ["two", "a", False], ["far", "", False],
    ]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=20)
@given(st.permutations(list(range(6))))
def test_the_order_of_units_changes_nothing(order):
    grid = grid_of(2, 3)
    centres = centres_at(grid, a=(0, 0), b=(1, 2))
    units = squares(**{f"u{i}": (i % 3, i // 3, i % 3 + 1, i // 3 + 1) for i in range(6)})
    for find in (
        lambda units: delineate_circles(centres, units, 1.5),
        lambda units: delineate_isochrones(centres, units, np.full((2, 3), 0.01), grid, 15),
    ):
        one, other = find(units), find(units.iloc[order])
        columns = ["unit_id", "region_id"]
        pd.testing.assert_frame_equal(
            one.members.sort_values(columns, ignore_index=True),
            other.members.sort_values(columns, ignore_index=True),
        )
        pd.testing.assert_frame_equal(
            pd.DataFrame(one.regions.drop(columns="geometry")),
            pd.DataFrame(other.regions.drop(columns="geometry")),
        )


# ── travel times ────────────────────────────────────────────────────────────────────────────────


def times_of(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["origin", "destination", "minutes"])


CENTRES = pd.DataFrame({"region_id": ["a", "b"], "name": ["A", "B"]})
UNITS = squares(u=(0, 0, 1, 1), v=(1, 0, 2, 1), w=(2, 0, 5, 1))


def test_the_one_hour_circle_by_given_times():
    times = times_of(
        ("a", "u", 10), ("a", "v", 60), ("b", "v", 60), ("b", "w", 30), ("a", "w", np.nan)
    )
    found = delineate_travel_times(CENTRES, UNITS, times, 60)
    assert found.members.drop(columns="share_of_unit").values.tolist() == [
        ["u", "a", 0.5, 10, True], ["v", "a", 0.5, 60, True],
        ["v", "b", 0.25, 60, False], ["w", "b", 0.75, 30, True],
    ]  # fmt: skip
    assert found.regions["area_km2"].tolist() == pytest.approx([2, 4])
    assert found.regions.geometry["b"].equals(shapely.box(1000, -1000, 5000, 0))
    assert found.notes[0].startswith("2 of 6 pairs")
    none = delineate_travel_times(CENTRES, UNITS, times, 5)
    assert none.regions["members"].tolist() == [0, 0]
    assert none.regions.geometry.isna().all()
    assert none.members["region_id"].isna().all()


def test_the_order_of_times_changes_nothing():
    times = times_of(("a", "u", 10), ("a", "v", 20), ("b", "v", 20), ("b", "w", 30))
    one = delineate_travel_times(CENTRES, UNITS, times, 60)
    other = delineate_travel_times(CENTRES, UNITS, times.iloc[::-1], 60)
    pd.testing.assert_frame_equal(one.members, other.members)


def test_wrong_times_are_named_at_once():
    times = times_of(
        ("a", "u", -1), ("x", "u", 1), ("a", "y", np.inf), ("b", "u", 5), ("b", "u", 6)
    )
    with pytest.raises(DataError) as caught:
        delineate_travel_times(CENTRES, UNITS, times, 60)
    assert caught.value.problems == [
        "origin 'x' is not known", "destination 'y' is not known",
        "minutes: 2 are negative or infinite", "the pair 'b', 'u' appears twice",
    ]  # fmt: skip
    with pytest.raises(DataError, match="no column 'minutes'"):
        delineate_travel_times(CENTRES, UNITS, times.drop(columns="minutes"), 60)
    with pytest.raises(DataError, match="expected numbers"):
        delineate_travel_times(CENTRES, UNITS, times.assign(minutes="9"), 60)


# ── centres ─────────────────────────────────────────────────────────────────────────────────────


def test_wrong_centres():
    table = pd.DataFrame({"region_id": ["a", "b", "c"], "lon": [np.nan, 500, 1], "lat": [0, 0, 95]})
    with pytest.raises(DataError) as caught:
        centre_points(table)
    assert len(caught.value.problems) == 3
    for wrong, said in (
        (table.assign(region_id=["a", "a", None]), "2 problems"),
        (table.drop(columns="lat"), "no column 'lat'"),
        (table.drop(columns="region_id"), "no column 'region_id'"),
        (table.iloc[:0], "there are none"),
        ("a", "expected a table"),
        (gpd.GeoDataFrame(table, geometry=[shapely.box(0, 0, 1, 1)] * 3, crs=4326), "a Polygon"),
        (gpd.GeoDataFrame(table, geometry=[shapely.Point(0, 0)] * 3), "no coordinate reference"),
        (gpd.GeoDataFrame(table, geometry=[None, None, None], crs=4326), "has no place"),
    ):
        with pytest.raises(DataError, match=f"(?s)centres: .*{said}"):
            centre_points(wrong)


def test_names_are_ids_where_there_are_none():
    table = pd.DataFrame(
        {"name": ["Town", None], "lon": [1, 2], "lat": [3, 4]},
        index=pd.Index([7, 8], name="region_id"),
    )
    found = centre_points(table)
    assert found["name"].to_dict() == {"7": "Town", "8": "8"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"radius_km": 0}, "radius_km"), ({"radius_km": math.nan}, "radius_km"),
        ({"radius_km": 10_001}, "radius_km: expected at most 10,000 km, found 10001"),
        ({"rule": "nearest"}, "rule"), ({"at_least": 0}, "at_least"), ({"at_least": 2}, "at_least"),
    ],
)  # fmt: skip
def test_wrong_arguments(arguments, said):
    centres = pd.DataFrame({"region_id": ["a"], "lon": [0], "lat": [0]})
    with pytest.raises(InputError, match=said):
        delineate_circles(centres, UNITS, **{"radius_km": 5} | arguments)
    for limit in (0, -1, math.inf, "60"):
        with pytest.raises(InputError, match="limit_minutes"):
            delineate_travel_times(CENTRES, UNITS, times_of(), limit)


def test_centres_and_units_are_checked_together():
    with pytest.raises(DataError) as caught:
        delineate_circles(pd.DataFrame({"region_id": []}), UNITS.iloc[:0], 5)
    assert len(caught.value.problems) == 2
