"""Coverage check: each kind of fault is found and named."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from regional_atlas.core.errors import DataError
from regional_atlas.units.polygon_coverage import (
    check_polygon_coverage,
    require_polygon_coverage,
    require_valid,
)

BOW_TIE = Polygon([(10, 0), (12, 2), (12, 0), (10, 2)])


def table(**units):
    return gpd.GeoDataFrame(geometry=list(units.values()), index=list(units))


def test_a_coverage_has_no_problems():
    report = check_polygon_coverage(table(a=box(0, 0, 1, 1), b=box(1, 0, 2, 1), c=box(5, 5, 6, 6)))
    assert report.valid
    assert report.units == 3
    assert report.problems() == []


def test_touching_in_a_point_is_fine():
    assert check_polygon_coverage(table(a=box(0, 0, 1, 1), b=box(1, 1, 2, 2))).valid


def test_overlap_is_measured():
    report = check_polygon_coverage(table(a=box(0, 0, 10, 10), b=box(9, 0, 13, 10)))
    (overlap,) = report.overlaps
    assert (overlap.unit_id, overlap.other_id, overlap.area, overlap.share) == ("a", "b", 10, 0.25)
    assert "units a and b overlap by 0.25 of the smaller" in report.problems()


def test_one_unit_within_another_is_an_overlap():
    report = check_polygon_coverage(table(a=box(0, 0, 10, 10), b=box(2, 2, 3, 3)))
    assert [(o.unit_id, o.other_id, o.share) for o in report.overlaps] == [("a", "b", 1.0)]


def test_overlaps_up_to_a_share_are_passed_over():
    units = table(a=box(0, 0, 10, 10), b=box(9, 0, 13, 10))
    assert check_polygon_coverage(units, overlap_share=0.25).overlaps == []


def test_border_with_other_vertices_is_found():
    with_extra_vertex = Polygon([(1, 0), (2, 0), (2, 1), (1, 1), (1, 0.5)])
    report = check_polygon_coverage(table(a=box(0, 0, 1, 1), b=with_extra_vertex))
    assert not report.overlaps
    assert {border.unit_id for border in report.unmatched} == {"a", "b"}
    assert "border without equal vertices" in report.problems()[0]


@pytest.mark.parametrize(("width", "found"), [(0.0, False), (0.05, False), (0.2, True)])
def test_gaps_count_up_to_the_width_asked_for(width, found):
    upper = Polygon([(0, 1), (0.1, 1), (0.2, 1.1), (0.8, 1.1), (0.9, 1), (1, 1), (1, 2), (0, 2)])
    lower = Polygon([(0, 0), (1, 0), (1, 1), (0.9, 1), (0.1, 1), (0, 1)])
    report = check_polygon_coverage(table(a=lower, b=upper), gap_width=width)
    assert bool(report.unmatched) is found


def test_two_invalid_polygons_that_overlap_are_found():
    other = Polygon([(10.5, 0), (12.5, 2), (12.5, 0), (10.5, 2)])
    report = check_polygon_coverage(table(a=BOW_TIE, b=other, c=box(0, 0, 1, 1)))
    assert [unit.unit_id for unit in report.invalid] == ["a", "b"]
    assert [(o.unit_id, o.other_id) for o in report.overlaps] == [("a", "b")]


def test_what_is_no_area_is_named():
    units = table(a=box(0, 0, 1, 1), b=None, c=MultiPolygon(), d=shapely.Point(3, 4))
    assert check_polygon_coverage(units).problems() == [
        "unit b: has no geometry",
        "unit c: has no geometry",
        "unit d: expected a polygon, found a Point",
    ]


def test_invalid_ring_is_refused_with_unit_reason_and_place():
    units = table(**{"110101": box(0, 0, 1, 1), "110102": BOW_TIE})
    with pytest.raises(DataError) as caught:
        require_valid(units, "counties.geojson")
    expected = "counties.geojson: unit 110102: self-intersection at 11.000000, 1.000000"
    assert str(caught.value) == f"{expected}; repair it in the file (QGIS: Fix geometries)"


def test_valid_units_pass():
    require_valid(table(a=box(0, 0, 1, 1)))
    require_polygon_coverage(table(a=box(0, 0, 1, 1), b=box(1, 0, 2, 1)))


def test_no_coverage_is_refused_with_every_finding():
    with pytest.raises(DataError) as caught:
        require_polygon_coverage(table(a=box(0, 0, 2, 1), b=box(1, 0, 3, 1), c=BOW_TIE), "x.gpkg")
    assert any("overlap" in problem for problem in caught.value.problems)
    assert any("unit c" in problem for problem in caught.value.problems)


def test_invalid_units_are_not_changed():
    units = table(a=BOW_TIE, b=box(0, 0, 1, 1))
    before = units.geometry.to_wkb().tolist()
    check_polygon_coverage(units)
    assert units.geometry.to_wkb().tolist() == before
    assert np.array_equal(units.geometry.is_valid, [False, True])
