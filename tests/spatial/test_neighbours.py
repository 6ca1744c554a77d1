"""Neighbours share more than a point; distances are those of the ellipsoid."""

from __future__ import annotations

import geopandas as gpd
import pyproj
import pytest
import shapely

from regional_atlas.spatial.neighbours import distances_km, neighbours_of

UNITS = gpd.GeoDataFrame(
    geometry=[
        shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 1, 1, 2),
        shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6),
    ],
    index=["sw", "se", "nw", "ne", "island"], crs="EPSG:4326",
)  # fmt: skip


def test_corners_are_no_neighbours() -> None:
    assert neighbours_of(UNITS, "sw").index.tolist() == ["nw", "se"]
    assert neighbours_of(UNITS, "island").index.tolist() == []


def test_distance_is_zero_inside_and_geodesic_outside() -> None:
    found = distances_km(UNITS, 0.5, 0.5)
    assert found["sw"] == 0.0
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(0.5, 0.5, 1.0, 0.5)
    assert found["se"] == pytest.approx(metres / 1000, rel=1e-4)
    _, _, far = pyproj.Geod(ellps="WGS84").inv(0.5, 0.5, 5.0, 5.0)
    assert found["island"] == pytest.approx(far / 1000, rel=1e-4)
