"""The projection that a map has where its project does not say one."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from regional_atlas.config.map import PROJECTIONS, MapConfig
from regional_atlas.core.texts import Text
from regional_atlas.units.layout import map_layout, suited_projection

EXTENTS = {
    "Switzerland": ((5.9, 45.8, 10.5, 47.8), "aea"),
    "Contiguous US": ((-124.8, 24.5, -66.9, 49.4), "aea"),
    "Chile": ((-75.7, -55.9, -66.4, -17.5), "laea"),
    "Iceland": ((-24.5, 63.4, -13.5, 66.6), "aea"),
    "Indonesia": ((95.0, -11.0, 141.0, 6.1), "cea"),
    "Australia": ((113.2, -43.7, 153.6, -10.7), "laea"),
    "New South Wales and Victoria": ((141.0, -39.2, 153.6, -28.2), "laea"),
    "Russia": ((27.3, 41.2, 190.4, 81.9), "laea"),
    "World": ((-180.0, -90.0, 180.0, 84.0), "cea"),
    "Antarctica": ((-179.0, -90.0, -10.0, -63.0), "laea"),
    "Brunei": ((114.0, 4.0, 115.4, 5.1), "cea"),
    "Norway with Svalbard": ((4.5, 57.9, 33.6, 80.8), "laea"),
}


def of(*boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.box(*box) for box in boxes], crs="EPSG:4326")


@pytest.mark.parametrize("name", EXTENTS)
def test_a_projection_keeps_areas_and_does_not_bend_the_middle(name: str) -> None:
    extent, method = EXTENTS[name]
    text, said = suited_projection(extent)
    assert f"+proj={method} " in text
    assert method in PROJECTIONS
    west, south, east, north = extent
    proj = pyproj.Proj(text)
    lon = np.linspace(west + 1e-6, east - 1e-6, 5)
    lat = np.linspace(max(south, -89) + 0.1, min(north, 89) - 0.1, 5)
    factors = proj.get_factors(*np.meshgrid(np.where(lon > 180, lon - 360, lon), lat))
    assert np.asarray(factors.areal_scale) == pytest.approx(1.0, abs=1e-6)
    middle = proj.get_factors((west + east) / 2, (max(south, -89) + min(north, 89)) / 2)
    assert middle.angular_distortion < 20
    assert all(said.in_(lang) for lang in ("en", "zh", "fr", "ar"))


def test_shapes_in_a_country_are_bent_little() -> None:
    for name in ("Switzerland", "Contiguous US", "Iceland", "Brunei", "Indonesia"):
        (west, south, east, north), _ = EXTENTS[name]
        proj = pyproj.Proj(suited_projection((west, south, east, north))[0])
        grid = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
        assert np.max(proj.get_factors(*grid).angular_distortion) < 4, name


def test_a_map_is_centred_across_the_antimeridian() -> None:
    fiji = of((177.0, -19.0, 179.9, -16.0), (-180.0, -18.0, -178.0, -16.0))
    assert " +lon_0=179.5 " in map_layout(MapConfig(), fiji).projection
    aleutians = of((172.0, 51.0, 179.9, 55.0), (-180.0, 51.0, -130.0, 71.0), (-125.0, 25, -67, 49))
    assert " +lon_0=-128 " in map_layout(MapConfig(), aleutians).projection


def test_a_unit_within_the_width_of_another_leaves_no_gap() -> None:
    nested = of((0.0, 40.0, 100.0, 60.0), (10.0, 41.0, 20.0, 42.0), (90.0, 40.0, 120.0, 50.0))
    assert " +lon_0=60 " in map_layout(MapConfig(), nested).projection


def test_what_a_project_says_is_kept() -> None:
    units = of((5.9, 45.8, 10.5, 47.8))
    config = MapConfig(projection="EPSG:2056", bounds=(6, 46, 7, 47), grid=5)
    layout = map_layout(config, units)
    assert layout.projection == config.projection
    assert layout.projection_name == Text("CH1903+ / LV95")
    assert (layout.bounds, layout.grid) == ((6, 46, 7, 47), 5)
    plain = map_layout(MapConfig(projection="+proj=laea +lat_0=47 +lon_0=8 +units=m"), units)
    assert plain.projection_name == Text("Lambert Azimuthal Equal Area")
    named = map_layout(MapConfig(projection="EPSG:2056", projection_name=Text("Swiss")), units)
    assert named.projection_name == Text("Swiss")
