"""Zones across 180°: measured once, wherever a grid begins. Cells are 10° and hold their number."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError
from regional_atlas.zonal import ArrayRaster, zonal_statistics

FIJI_BEYOND = shapely.box(175, -20, 190, -10)
FIJI_SPLIT = shapely.union_all([shapely.box(175, -20, 180, -10), shapely.box(-180, -20, -170, -10)])


def world(west):
    """Every cell holds the longitude of its western side, 0 to 350."""
    lons = (west + 10 * np.arange(36)) % 360
    return ArrayRaster(np.tile(lons * 1.0, (18, 1)), Affine(10, 0, west, 0, -10, 90), 4326, year=1)


def measured(shape, raster, crs=4326):
    zones = gpd.GeoDataFrame(index=pd.Index(["fiji"], name="unit_id"), geometry=[shape], crs=crs)
    stats = ["sum", "count", "min", "max", "area_km2"]
    return zonal_statistics(zones, raster, stats=stats).iloc[0]


@pytest.mark.parametrize("west", [-180, 0, -180.0 + 3 * 10, 180, 170])
@pytest.mark.parametrize("shape", [FIJI_BEYOND, FIJI_SPLIT])
def test_fiji_by_hand(west, shape):
    """Half of the cell at 170, the whole of the one at 180: 170/2 + 180, 1.5 cells."""
    row = measured(shape, world(west))
    assert (row["sum"], row["count"]) == pytest.approx((265, 1.5), rel=1e-12)
    assert (row["min"], row["max"], row["cell_count"]) == (170, 180, 2)
    assert row["valid_share"] == 1
    assert row["area_km2"] == pytest.approx(
        measured(shapely.box(0, -20, 15, -10), world(0))["area_km2"]
    )


def test_western_longitudes_on_a_grid_from_0_to_360():
    row = measured(shapely.box(-75, 0, -60, 10), world(0))
    assert (row["sum"], row["count"]) == pytest.approx((280 / 2 + 290, 1.5))
    east = measured(shapely.box(285, 0, 300, 10), world(-180))
    assert east.equals(measured(shapely.box(-75, 0, -60, 10), world(-180)))


def test_a_zone_across_the_middle_of_the_grid_stays_one_piece():
    row = measured(shapely.box(-15, 0, 15, 10), world(0))
    assert row["sum"] == pytest.approx(350 + 340 / 2 + 0 + 10 / 2)
    assert row["valid_share"] == 1


def test_projected_zones_are_unwrapped():
    """EPSG:3832 is a Mercator of the Pacific: the box reaches from 175°E to 170°W."""
    row = measured(gpd.GeoSeries([FIJI_BEYOND], crs=4326).to_crs(3832)[0], world(-180), 3832)
    assert (row["sum"], row["count"]) == pytest.approx((265, 1.5), rel=1e-9)


def test_a_hole_follows_its_shell_across():
    ring = shapely.box(172, -19, 188, -11) - shapely.box(182, -15, 186, -13)
    row = measured(gpd.GeoSeries([ring], crs=4326).to_crs(3832)[0], world(-180), 3832)
    assert row["count"] == pytest.approx((16 * 8 - 4 * 2) / 100, rel=1e-9)


def test_what_can_be_read_in_two_ways_is_refused():
    jump = shapely.Polygon([(175, -20), (-170, -20), (-170, -10), (175, -10)])
    with pytest.raises(DataError, match="'fiji' has an edge of more than half a turn"):
        measured(jump, world(-180))
    assert measured(shapely.box(-180, 0, 180, 10), world(-180))["count"] == 36


def test_a_zone_round_a_pole_is_refused():
    cap = gpd.GeoSeries([shapely.Point(0, 0).buffer(1e6)], crs=3031)[0]
    with pytest.raises(DataError, match="encloses a pole"):
        measured(cap, world(-180), 3031)


corners = st.tuples(
    st.integers(-360 * 4, 360 * 4), st.integers(-80 * 4, 80 * 4),
    st.integers(1, 170 * 4), st.integers(1, 40 * 4),
).map(lambda at: tuple(n / 4 for n in at))  # fmt: skip


@settings(max_examples=settings().max_examples * 4 // 5, deadline=None)
@given(corners, st.integers(-36, 36), st.integers(-1, 1))
def test_where_a_grid_begins_does_not_matter(at, west, turns):
    """A triangle anywhere gives the same on a grid from 0° and on one from any meridian."""
    lon, lat, width, height = at
    triangle = shapely.Polygon(
        [(lon, lat), (lon + width, lat), (lon + width / 2, min(lat + height, 90))]
    )
    here = measured(triangle, world(0))
    there = measured(shapely.affinity.translate(triangle, 360 * turns), world(10 * west))
    for name in ("sum", "count", "area_km2", "valid_share"):
        assert there[name] == pytest.approx(here[name], rel=1e-7, abs=1e-7), name
    assert (there["min"], there["max"]) == (here["min"], here["max"])
    assert here["valid_share"] == pytest.approx(1)
    assert here["count"] == pytest.approx(triangle.area / 100)
