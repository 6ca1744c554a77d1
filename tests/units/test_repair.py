"""Polygon coverages with slivers are repaired; wider faults are named; the rest is untouched."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from regional_atlas.core.errors import DataError
from regional_atlas.units.polygon_coverage import check_polygon_coverage
from regional_atlas.units.repair import METRES, drawn_apart, settle_coverage

SIDE = 0.25


def squares(rows: int = 3, columns: int = 4, south: float = 49.0) -> gpd.GeoSeries:
    """A grid of squares, each with a vertex in the middle of each side."""
    cells = {
        f"{row}{column}": shapely.segmentize(
            box(column * SIDE, south + row * SIDE, (column + 1) * SIDE, south + (row + 1) * SIDE),
            SIDE / 2,
        )
        for row in range(rows)
        for column in range(columns)
    }
    return gpd.GeoSeries(cells, crs=4326)


def names(units: gpd.GeoSeries) -> pd.Series:
    return pd.Series([f"Place {name}" for name in units.index], units.index)


def moved(units: gpd.GeoSeries, unit: str, vertex: int, by: tuple[float, float]) -> gpd.GeoSeries:
    points = shapely.get_coordinates(units[unit])[:-1].copy()
    points[vertex] += by
    changed = units.copy()
    changed[unit] = Polygon(points)
    return changed


def is_coverage(geometry: gpd.GeoSeries) -> bool:
    gap = 0.5 / METRES
    return check_polygon_coverage(gpd.GeoDataFrame(geometry=geometry), gap_width=gap).valid


def test_a_coverage_is_left_as_it_is():
    units = squares()
    settled = settle_coverage(units, names(units))
    assert all(new is old for new, old in zip(settled.geometry, units, strict=True))
    assert settled.repaired == settled.faults == []


@pytest.mark.parametrize("vertex", range(8))
@pytest.mark.parametrize("by", [(1e-6, 0), (-1e-6, 1e-6), (0, 4e-6), (3e-6, -3e-6)])
@pytest.mark.parametrize("unit", ["00", "11", "23"])
def test_a_moved_vertex_is_snapped_back_to_the_neighbours(unit, vertex, by):
    units = moved(squares(), unit, vertex, by)
    settled = settle_coverage(units, names(units))
    assert is_coverage(settled.geometry)
    alone = shapely.get_coordinates(squares()[unit])[vertex]
    corner = vertex % 2 == 0 and np.all((alone > [0, 49]) & (alone < [1, 49.75]))
    if corner:
        # Where four units meet, three of them outvote the one that moved.
        (repaired,) = settled.repaired
        assert repaired.unit_id == unit
        assert repaired.unit == f"Place {unit}"
        assert settled.geometry[unit].equals(squares()[unit])
        assert np.hypot(repaired.lon - alone[0], repaired.lat - alone[1]) < SIDE


@settings(max_examples=settings().max_examples * 3 // 5, deadline=None)
@given(
    shifts=st.lists(
        st.tuples(
            st.sampled_from([f"{row}{column}" for row in range(3) for column in range(4)]),
            st.integers(0, 7),
            st.floats(-2e-6, 2e-6),
            st.floats(-2e-6, 2e-6),
        ),
        min_size=1,
        max_size=6,
    ),
    south=st.sampled_from([-70.0, -3.0, 0.0, 31.0, 64.0]),
)
def test_repair_makes_a_coverage_of_the_same_area(shifts, south):
    """Whatever vertices moved by less than 0.5 m: a coverage, areas conserved, the rest equal."""
    original = units = squares(south=south)
    for unit, vertex, east, north in shifts:
        units = moved(units, unit, vertex, (east, north))
    settled = settle_coverage(units, names(units))
    assert is_coverage(settled.geometry)
    assert settled.faults == []
    total = shapely.union_all(original.to_numpy()).area
    border = sum(unit.length for unit in original)
    assert sum(unit.area for unit in settled.geometry) == pytest.approx(total, abs=border / METRES)
    repaired = {unit.unit_id for unit in settled.repaired}
    for unit_id in units.index:
        if unit_id not in repaired:
            assert settled.geometry[unit_id] is units[unit_id]
        off = abs(settled.geometry[unit_id].area - units[unit_id].area)
        assert off <= units[unit_id].length / METRES


@pytest.mark.parametrize("width", [1e-8, 2e-7, 1e-6, 4e-6])
@pytest.mark.parametrize("sign", [1, -1])
def test_overlaps_and_gaps_of_a_sliver_along_a_border_go(width, sign):
    units = squares(1, 2)
    units["01"] = box(SIDE - sign * width, 49, 2 * SIDE, 49 + SIDE)
    settled = settle_coverage(units, names(units))
    assert is_coverage(settled.geometry)
    assert settled.geometry["00"].touches(settled.geometry["01"])
    assert settled.repaired


def test_a_border_with_more_vertices_on_one_side_is_matched():
    dense = shapely.segmentize(box(1, 0, 2, 1), 0.25)
    units = gpd.GeoSeries([box(0, 0, 1, 1), dense], ["a", "b"], crs=4326)
    settled = settle_coverage(units, names(units))
    assert is_coverage(settled.geometry)
    assert [unit.unit_id for unit in settled.repaired] == ["a"]
    assert settled.geometry["b"] is units["b"]
    assert settled.geometry["a"].equals(units["a"])


def test_metres_count_the_same_in_the_north():
    """At 60° a degree of longitude is half as long: 1.2e-5 degrees east are 0.67 m."""
    units = squares(1, 2, south=60)
    units["01"] = box(SIDE + 1.2e-5, 60, 2 * SIDE, 60 + SIDE)
    assert is_coverage(settle_coverage(units, names(units)).geometry)


@pytest.mark.parametrize("mode", ["repair", "strict"])
def test_a_wide_overlap_is_refused_with_both_units_and_the_place(mode):
    units = squares(1, 2)
    units["01"] = box(SIDE - 0.1, 49, 2 * SIDE, 49 + SIDE)
    with pytest.raises(DataError) as caught:
        settle_coverage(units, names(units), mode, where="u.gpkg")
    (problem,) = caught.value.problems
    assert str(caught.value).startswith("u.gpkg: units 00 (Place 00) and 01 (Place 01) overlap by ")
    assert "near 0.200000, 49.187500 (longitude, latitude)" in problem
    assert "polygon_coverage" in problem


def test_all_faults_are_named_at_once():
    units = squares(2, 4)
    units["01"] = units["00"]
    units["12"] = box(2 * SIDE, 49 + SIDE, 3 * SIDE + 0.01, 49 + 2 * SIDE)
    with pytest.raises(DataError) as caught:
        settle_coverage(units, names(units))
    double, overlap = caught.value.problems
    assert double.startswith(
        "units 00 (Place 00) and 01 (Place 01) have the same polygon, near 0.1"
    )
    assert overlap.startswith("units 12 (Place 12) and 13 (Place 13) overlap")


def test_an_enclosed_gap_of_metres_is_refused_and_a_lake_is_not():
    def with_hole(width: float) -> gpd.GeoSeries:
        units = squares(1, 2)
        west, east = SIDE - width / 2, SIDE + width / 2
        units["00"] -= box(west, 49.05, SIDE, 49.2)
        units["01"] -= box(SIDE, 49.05, east, 49.2)
        return units

    gap = with_hole(4e-4)
    with pytest.raises(DataError, match=r"a gap of .* lies between 00 \(Place 00\) and 01 "):
        settle_coverage(gap, names(gap))
    lake = with_hole(0.05)
    assert settle_coverage(lake, names(lake)).faults == []


def test_report_repairs_what_it_can_and_returns_the_rest():
    units = squares(2, 4)
    units["01"] = units["00"]
    units = moved(units, "13", 0, (1e-6, 0))
    settled = settle_coverage(units, names(units), "report")
    assert [fault.kind for fault in settled.faults] == ["double"]
    assert settled.geometry["00"] is units["00"]


def test_strict_refuses_what_repair_would_snap():
    units = moved(squares(), "11", 2, (1e-6, 0))
    with pytest.raises(DataError, match="'repair' in \\[boundaries\\] snaps"):
        settle_coverage(units, names(units), "strict")


def test_a_map_can_draw_units_that_overlap():
    units = gpd.GeoSeries(
        [box(0, 0, 4, 4), box(0, 0, 4, 4), box(0, 0, 4, 4), box(3, 0, 9, 4), box(20, 0, 21, 1)],
        list("abcde"),
    )
    apart = drawn_apart(units, names(units))
    assert check_polygon_coverage(gpd.GeoDataFrame(geometry=apart)).valid
    assert apart.area.sum() == pytest.approx(units.union_all().area)
    assert (apart.area > 0).all()
    assert apart["e"].equals(units["e"])


def test_a_unit_made_of_others_is_one_message_with_the_line_that_leaves_it_out():
    city = box(0, 0, 3, 1)
    units = gpd.GeoSeries(
        [*(box(x, 0, x + 1, 1) for x in range(3)), city, box(3, 0, 4, 1), box(3.5, 0, 5, 1)],
        ["1", "2", "3", "it's", "5", "6"],
        crs="EPSG:4326",
    )
    with pytest.raises(DataError) as raised:
        settle_coverage(units, names(units), key="code")
    first, second = raised.value.problems
    assert first.startswith("it's (Place it's) is made of 3 other units, 1 (Place 1) among them")
    assert """where = "code != 'it''s'" in [boundaries]""" in first
    assert second.startswith("units 5 (Place 5) and 6 (Place 6) overlap by")
    assert "correct these in the file" in second


def test_what_a_map_cannot_draw_is_named():
    halves = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    units = gpd.GeoSeries([*halves, MultiPolygon([box(0.3, 0, 0.7, 1), box(1.3, 0, 1.7, 1)])])
    assert (drawn_apart(units, names(units)).area > 0).all()
    below = gpd.GeoSeries([box(0, 0, 2, 1), *halves])
    with pytest.raises(DataError, match=r"0 \(Place 0\) lies wholly under other units.*where"):
        drawn_apart(below, names(below))
