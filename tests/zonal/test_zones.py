from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from regional_atlas.zonal import densify
from regional_atlas.zonal.zones import zone_polygons


def longest_edge(polygon):
    return np.linalg.norm(np.diff(shapely.get_coordinates(polygon), axis=0), axis=1).max()


@pytest.mark.parametrize(
    ("crs", "limit"), [("EPSG:4326", 0.01), ("EPSG:32650", 1000.0), ("EPSG:2263", 1000 / 0.3048)]
)
def test_densify_by_the_unit_of_the_crs(crs, limit):
    polygon = box(0, 0, 10.5 * limit, 3 * limit)
    (found,) = densify(np.array([polygon]), pyproj.CRS(crs))
    assert longest_edge(found) <= limit * 1.00001
    assert found.equals(polygon)


def test_same_crs_leaves_vertices_alone(zones):
    zone = box(0, 0, 100_000, 100_000)
    (found,) = zone_polygons(zones(zone), pyproj.CRS(3857))
    assert found == zone


def test_between_geographic_systems_edges_stay_straight(zones):
    (found,) = zone_polygons(zones(box(100, 20, 110, 30), crs=4326), pyproj.CRS(4490))
    assert shapely.get_num_coordinates(found) == 5


def test_longitude_comes_first_after_projecting(zones):
    (found,) = zone_polygons(zones(box(116, 39, 116.001, 39.001), crs=4326), pyproj.CRS(32650))
    assert found.centroid.x == pytest.approx(413_450, abs=500)
    assert found.centroid.y == pytest.approx(4_317_300, abs=500)


def test_missing_and_empty_stay_in_place(zones):
    found = zone_polygons(zones(None, box(0, 0, 1, 1), MultiPolygon()), pyproj.CRS(4326))
    assert shapely.is_empty(found).tolist() == [True, False, True]
    assert isinstance(found[0], Polygon)
