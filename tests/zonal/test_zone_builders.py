from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.zonal import ArrayRaster, zonal_statistics
from regional_atlas.zonal.zone_builders import build_buffers, build_grid, build_hexagons

GEOD = pyproj.Geod(ellps="WGS84")


@pytest.fixture
def h3():
    return pytest.importorskip("h3")


def areas(*shapes, crs=4326):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs)


def test_squares_are_those_that_the_area_touches():
    """A triangle of legs 3: of the 9 squares of its box the three beyond its long side stay out."""
    triangle = areas(shapely.Polygon([(0, 0), (3, 0), (0, 3)]), crs=3857)
    found = build_grid(triangle, 1, 3857)
    assert sorted(found.index) == ["x0_y0", "x0_y1", "x0_y2", "x1_y0", "x1_y1", "x2_y0"]
    assert found.loc["x1_y1"].geometry.equals(shapely.box(1, 1, 2, 2))
    assert found.crs == 3857


def test_grids_of_neighbours_fit_together():
    left = build_grid(areas(shapely.box(-130, -1, -5, 90), crs=6933), 50, "EPSG:6933")
    right = build_grid(areas(shapely.box(-5, 3, 60, 90), crs=6933), 50, "EPSG:6933")
    assert left.index[0] == "x-3_y1"
    assert "x-1_y0" in left.index.intersection(right.index)
    both = pd.concat([left, right])
    assert both[both.index == "x-1_y0"].geometry.nunique() == 1
    assert (left.geometry.area == 2500).all()


def test_squares_of_one_crs_measure_another():
    """All squares over a raster of ones in degrees: their counts add up to its cells."""
    raster = ArrayRaster(np.ones((40, 50)), Affine(0.1, 0, 110, 0, -0.1, 32), 4326, year=1)
    albers = "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84 +units=m"
    squares = build_grid(areas(shapely.box(110, 28, 115, 32)), 50_000, albers)
    found = zonal_statistics(squares, raster, stats=["count"])
    assert found["count"].sum() == pytest.approx(2000, rel=1e-6)
    assert found["valid_share"].max() == pytest.approx(1)


def test_what_makes_no_grid_is_refused():
    square = areas(shapely.box(0, 0, 10, 10))
    for size in (0, -1, np.nan):
        with pytest.raises(InputError, match="longer than 0"):
            build_grid(square, size, 4326)
    with pytest.raises(InputError, match=r"100,000 × 100,000 squares of 0\.0001"):
        build_grid(square, 1e-4, 4326)
    assert build_grid(areas(shapely.Polygon()), 1, 4326).empty


@pytest.mark.parametrize("shape", [
    shapely.box(170, -25, 190, -10), shapely.box(100, 20, 125, 45),
    shapely.Point(1, 1).buffer(0.001), shapely.box(20, 60, 25, 84.9),
    shapely.box(-170, -8, 170, 8).segmentize(5),
])  # fmt: skip
def test_hexagons_are_all_that_overlap(shape, h3):
    """Every cell of the globe, tried one by one."""
    found = build_hexagons(areas(shape), 2)
    known = set()
    for parent in h3.get_res0_cells():
        for name in h3.cell_to_children(parent, 2):
            ring = np.array([(lon, lat) for lat, lon in h3.cell_to_boundary(name)])
            ring[:, 0] = np.unwrap(ring[:, 0], period=360)
            cell = shapely.Polygon(ring)
            if abs(ring[-1, 0] - ring[0, 0]) > 180 or not cell.is_valid:
                continue
            turned = [shapely.affinity.translate(cell, turn) for turn in (-360, 0, 360)]
            if max(shapely.area(shapely.intersection(turned, shape))) > 1e-9:
                known.add(name)
    assert {*found.index} == known
    assert list(found.index) == sorted(found.index)
    assert found.is_valid.all()
    assert (found.bounds.maxx - found.bounds.minx).max() < 60


@pytest.mark.usefixtures("h3")
def test_hexagons_do_not_depend_on_how_the_area_is_cut(monkeypatch):
    """Tiles, overlapping ones, their union, and pieces of few corners: the same cells."""
    lake = shapely.Point(114, 31).buffer(1)
    whole = shapely.Point(114, 30).buffer(4, quad_segs=200).difference(lake)
    tiles = [whole.intersection(shapely.box(x, 25, x + 2, 35)) for x in range(109, 119, 2)]
    expected = build_hexagons(areas(whole), 4)
    overlapping = [*tiles, whole.intersection(shapely.box(112, 28, 116, 32))]
    for each in (tiles, overlapping):
        assert build_hexagons(areas(*each), 4).equals(expected)
    monkeypatch.setattr("regional_atlas.zonal.zone_builders.VERTICES", 12)
    assert build_hexagons(areas(whole), 4).equals(expected)
    assert not lake.buffer(-0.7).intersects(expected.union_all())


@pytest.mark.usefixtures("h3")
def test_hexagons_of_crossing_rings_are_refused():
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    with pytest.raises(DataError, match="zone 1: rings cross or overlap"):
        build_hexagons(areas(shapely.box(0, 0, 1, 1), bow_tie), 3)


@pytest.mark.usefixtures("h3")
def test_hexagons_part_the_light_between_them():
    raster = ArrayRaster(np.ones((60, 360)), Affine(1, 0, -180, 0, -1, 30), 4326, year=1)
    cells = build_hexagons(areas(shapely.box(-180, -30, 180, 30)), 2)
    found = zonal_statistics(cells, raster, stats=["count"])
    assert found["count"].sum() == pytest.approx(60 * 360, rel=1e-4)


@pytest.mark.usefixtures("h3")
def test_wrong_resolutions_and_poles():
    for wrong in (-1, 16, 2.5):
        with pytest.raises(InputError, match="from 0 to 15"):
            build_hexagons(areas(shapely.box(0, 0, 1, 1)), wrong)
    with pytest.raises(DataError, match="beyond 85° of latitude"):
        build_hexagons(areas(shapely.box(0, 80, 90, 86)), 3)
    with pytest.raises(DataError, match="8001fffffffffff holds a pole"):
        build_hexagons(areas(shapely.box(0, 80, 90, 85)), 0)
    assert build_hexagons(areas(shapely.Polygon()), 3).empty


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (116.4, 39.9), (179.9, -17), (-70, 75)])
def test_a_circle_has_its_radius(lon, lat):
    (circle,) = build_buffers(areas(shapely.Point(lon, lat)), 50).geometry
    ring = shapely.get_coordinates(circle)
    _, _, metres = GEOD.inv(np.full(len(ring), lon), np.full(len(ring), lat), *ring.T)
    np.testing.assert_allclose(metres, 50_000, atol=0.01)
    assert abs(GEOD.geometry_area_perimeter(circle)[0]) == pytest.approx(np.pi * 2.5e9, rel=2e-4)
    assert circle.is_valid


def test_buffers_keep_their_columns_and_go_round_the_globe():
    places = gpd.GeoDataFrame(
        {"name": ["Suva", "line"]}, index=["a", "b"],
        geometry=[shapely.Point(179.9, -17), shapely.LineString([(10, 50), (11, 50)])], crs=4326,
    ).to_crs(3857)  # fmt: skip
    found = build_buffers(places, 30)
    assert found["name"].tolist() == ["Suva", "line"]
    assert found.crs == 4326
    assert found.geometry.iloc[0].bounds[2] > 180
    globe = ArrayRaster(np.ones((1800, 3600)), Affine(0.1, 0, -180, 0, -0.1, 90), 4326, year=1)
    row = zonal_statistics(found, globe, stats=["area_km2"]).iloc[0]
    assert row["area_km2"] == pytest.approx(np.pi * 900, rel=1e-3)
    assert row["valid_share"] == pytest.approx(1)


def test_buffers_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="longer than 0 km"):
        build_buffers(areas(shapely.Point(0, 0)), 0)
    with pytest.raises(DataError) as caught:
        build_buffers(areas(shapely.Point(), shapely.Point(0, 0), None), 1)
    assert caught.value.problems == ["place 0 has no geometry", "place 2 has no geometry"]
    with pytest.raises(DataError, match="round a pole"):
        build_buffers(areas(shapely.Point(0, 89.9)), 100)
