"""Datums: published check points, exact round trips, equal vertices stay equal."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core import crs
from regional_atlas.core.errors import DataError

china = st.tuples(st.floats(73.0, 136.0), st.floats(3.0, 54.0))


@given(st.lists(china, min_size=1, max_size=50))
def test_gcj02_and_bd09_round_trip(points: list[tuple[float, float]]) -> None:
    lonlat = np.array(points)
    assert np.abs(crs.gcj02_to_wgs84(crs.wgs84_to_gcj02(lonlat)) - lonlat).max() < 1e-9
    assert np.abs(crs.wgs84_to_gcj02(crs.gcj02_to_wgs84(lonlat)) - lonlat).max() < 1e-9
    assert np.abs(crs.bd09_to_wgs84(crs.wgs84_to_bd09(lonlat)) - lonlat).max() < 1e-9


@given(st.lists(china, min_size=1, max_size=20), st.integers(1, 5))
def test_equal_vertices_stay_equal(points: list[tuple[float, float]], copies: int) -> None:
    lonlat = np.array(points)
    alone = crs.gcj02_to_wgs84(lonlat)
    together = crs.gcj02_to_wgs84(np.tile(lonlat, (copies, 1)))
    assert np.array_equal(together, np.tile(alone, (copies, 1)))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((116.404, 39.915), (116.41024, 39.91640)),  # Beijing, as map services convert it
        ((121.4737, 31.2304), (121.47822, 31.22846)),  # Shanghai
    ],
)
def test_known_points(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    found = crs.wgs84_to_gcj02(np.array([wgs84]))[0]
    assert found == pytest.approx(gcj02, abs=2e-5)


def test_the_shift_is_hundreds_of_metres_inside_china() -> None:
    lonlat = np.array([[116.4, 39.9], [113.3, 23.1], [87.6, 43.8]])
    metres = np.hypot(*((crs.wgs84_to_gcj02(lonlat) - lonlat) * 111_000).T)
    assert ((metres > 200) & (metres < 800)).all()


def test_to_wgs84_by_declared_datum() -> None:
    there = crs.wgs84_to_gcj02(np.array([[110.0, 30.0]]))[0]
    shifted = gpd.GeoSeries([shapely.Point(there)], index=["a"], crs="EPSG:4490")
    back = crs.to_wgs84(shifted, "gcj02")
    assert back.crs == crs.WGS84
    assert shapely.get_coordinates(back.iloc[0])[0] == pytest.approx([110.0, 30.0], abs=1e-9)
    same = crs.to_wgs84(shifted, "cgcs2000")
    assert shapely.get_coordinates(same.iloc[0])[0] == pytest.approx(there, abs=1e-6)
    with pytest.raises(DataError, match="no CRS"):
        crs.to_wgs84(gpd.GeoSeries([shapely.Point(0, 0)]), "wgs84")


def test_areas_are_equal_area() -> None:
    # A one-degree cell between two parallels: R²·Δλ·(sin φ2 − sin φ1) on the authalic sphere.
    cells = [shapely.segmentize(shapely.box(10, lat, 11, lat + 1), 0.01) for lat in (0, 30, 60)]
    series = gpd.GeoSeries(cells, crs=crs.WGS84)
    geodesic = [abs(series.crs.get_geod().geometry_area_perimeter(cell)[0]) / 1e6 for cell in cells]
    assert crs.area_km2(series) == pytest.approx(geodesic, rel=1e-6)


def test_equal_area_projections_are_known_by_method() -> None:
    assert crs.is_equal_area("EPSG:6933")
    assert crs.is_equal_area("+proj=aea +lat_1=25 +lat_2=47 +lon_0=105")
    assert crs.is_equal_area("ESRI:54009")
    assert crs.is_equal_area("+proj=sinu +R=6371007.181")
    assert crs.is_equal_area("EPSG:8857")
    assert not crs.is_equal_area("EPSG:3857")
    assert not crs.is_equal_area("ESRI:54043")
    assert not crs.is_equal_area("EPSG:4326")
