"""What the map shows around its units: where land goes, what is cut off, how places are named."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pyproj
import pytest
import shapely
from pydantic import ValidationError

from regional_atlas.config.map import ContextConfig, MapConfig, MapLayout
from regional_atlas.core.errors import DataError
from regional_atlas.core.texts import Text
from regional_atlas.page import assets, context
from regional_atlas.page.context import map_context, places_of_zones
from regional_atlas.page.geometry import UnitShapes

PLANE = "+proj=laea +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m +no_defs"


class Made:
    """Stands for a project: its layout is all that the context asks of one."""

    def __init__(self, layout: MapLayout) -> None:
        self.layout = layout


def shapes_of(*boxes: tuple[float, float, float, float]) -> UnitShapes:
    polygons = np.array([shapely.box(*box) for box in boxes], dtype=object)
    return UnitShapes(shapely.get_coordinates(polygons), polygons, [set() for _ in boxes], [])


def made(shapes: UnitShapes, lon: float = 0, lat: float = 0, **settings):
    layout = MapLayout(
        projection_name=Text("p"),
        **{"projection": PLANE.format(lon=lon, lat=lat), "context": True, **settings},
    )
    view = tuple(float(edge) for edge in shapely.total_bounds(shapes.polygons))
    return map_context(Made(layout), shapes, view, ["zh", "en"])


def area_of(paths, scale: float = 40.0) -> shapely.Geometry:
    """Fill rings by the even-odd rule, as the page does."""
    start = np.concatenate([[0], np.cumsum(paths.sizes)])
    points = np.column_stack([paths.x, paths.y]) * scale
    filled: shapely.Geometry = shapely.Polygon()
    for first, end in pairwise(start):
        filled = shapely.symmetric_difference(filled, shapely.Polygon(points[first:end]).buffer(0))
    return filled


@pytest.fixture
def earth(tmp_path, monkeypatch):
    """Put an Earth of one's own making in place of Natural Earth."""

    def put(**layers):
        arcs, objects = [], {}
        for name in ("land", "lakes", "rivers"):
            geometries = []
            for line in layers.get(name, []):
                steps = np.round(np.array(line) * 1000).astype(int)
                arcs.append(np.diff(steps, axis=0, prepend=0).tolist())
                flat = [len(arcs) - 1]
                kind = "LineString" if name == "rivers" else "Polygon"
                geometries.append({"type": kind, "arcs": flat if name == "rivers" else [flat]})
            objects[name] = {"geometries": geometries}
        topology = {
            "transform": {"scale": [0.001, 0.001], "translate": [0, 0]},
            "objects": objects,
            "arcs": arcs,
        }
        (tmp_path / context.NATURAL_EARTH).write_text(json.dumps(topology))
        monkeypatch.setattr(assets, "FOLDER", tmp_path)

    return put


def box(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def test_land_beside_the_units_reaches_under_them_and_leaves_no_gap(earth):
    earth(land=[box(-5, -5, 5, 5)])
    unit = (-200_000.0, -200_000.0, 200_000.0, 200_000.0)
    land = area_of(made(shapes_of(unit)).drawn.land)
    around = shapely.box(*unit).buffer(30_000) - shapely.box(*unit)
    assert (around - land).area < 1e-6 * around.area
    assert 0 < (land & shapely.box(*unit)).area < 0.1 * shapely.box(*unit).area


def test_another_coastline_of_the_units_own_land_is_not_drawn(earth):
    """The land of Natural Earth ends 4 km beyond the unit's own coast in the west."""
    earth(land=[box(-1.836, -5, 5, 5)])
    unit = shapely.box(-200_000, -800_000, 200_000, 800_000)
    land = area_of(made(shapes_of(unit.bounds)).drawn.land)
    x, _ = pyproj.Transformer.from_crs(
        "EPSG:4326", PLANE.format(lon=0, lat=0), always_xy=True
    ).transform(-1.836, 0)
    assert -205_500 < x < -203_500
    middle = shapely.box(-260_000, -500_000, 0, 500_000)
    assert (land & middle).area == 0
    assert (land & shapely.box(200_500, -500_000, 300_000, 500_000)).area > 0.98e11


def test_land_across_the_antimeridian_is_whole(earth):
    earth(land=[box(170, -5, 180, 5), box(-180, -5, -170, 5)])
    found = made(shapes_of((-50_000.0, -50_000.0, 50_000.0, 50_000.0)), lon=180).drawn.land
    land = area_of(found)
    # The frame around a view of 100 km, which the land covers: one ring, and the hole of the unit.
    assert land.bounds == pytest.approx((-150_000, -150_000, 150_000, 150_000), abs=100)
    assert len(found.sizes) == 2


def test_what_cannot_be_brought_into_the_window_is_left_out(earth):
    earth(land=[box(30, 30, 40, 40)], lakes=[box(0.2, 0.2, 0.4, 0.4)], rivers=[[(-60, 1), (60, 1)]])
    drawn = made(shapes_of((-100_000.0, -100_000.0, 100_000.0, 100_000.0))).drawn
    assert drawn.land.sizes == []
    assert area_of(drawn.lakes).area == pytest.approx(0.2**2 * 111_000**2, rel=0.02)
    assert max(map(abs, drawn.rivers.x)) * drawn.scale == pytest.approx(300_000, abs=100)


def test_meridians_are_drawn_but_not_on_a_cylinder(earth):
    earth()
    shapes = shapes_of((-1e6, -1e6, 1e6, 1e6))
    assert len(made(shapes).drawn.graticule.sizes) > 10
    straight = made(shapes, projection="+proj=cea +lat_ts=0 +lon_0=0 +datum=WGS84 +units=m")
    assert straight.drawn.graticule.sizes == []


@pytest.mark.parametrize(
    ("said", "across", "shown"),
    [(None, 99e3, False), (None, 101e3, True), (True, 1e3, True), (False, 1e7, False)],
)
def test_where_it_is_shown(said, across, shown):
    assert (MapConfig(context=said).shown_context(across) is not None) == shown


def test_a_table_says_which():
    layout = MapConfig.model_validate({"context": {"land": False, "graticule": False}})
    found = layout.shown_context(10)
    assert found == ContextConfig(land=False, graticule=False)
    assert found.lakes is True


def test_places_have_names_in_every_language():
    found = {
        name.in_("en"): (name, lon, lat, major)
        for name, lon, lat, major in places_of_zones(["zh", "en", "fr"])
    }
    name, lon, lat, major = found["Ulaanbaatar"]
    assert (name.in_("zh"), name.in_("fr"), major) == ("乌兰巴托", "Oulan-Bator", True)
    assert (lon, lat) == pytest.approx((106.883, 47.917), abs=0.01)
    assert not found["Vladivostok"][3]
    assert found["New York"][1] == pytest.approx(-74, abs=0.1)


def test_files_of_ones_own(earth, tmp_path):
    earth(land=[box(-5, -5, 5, 5)])
    lakes, cities = tmp_path / "lakes.geojson", tmp_path / "cities.geojson"
    ring = [list(point) for point in box(0.1, 0.1, 0.3, 0.3)]
    write(lakes, {"type": "Polygon", "coordinates": [ring]}, {})
    write(cities, {"type": "Point", "coordinates": [0.5, 0.5]}, {"name": "Ort", "name_zh": "城"})
    config = ContextConfig.model_validate(
        {"land": False, "lakes": str(lakes), "places": str(cities)}, context={"root": tmp_path}
    )
    found = made(shapes_of((-100_000.0, -100_000.0, 100_000.0, 100_000.0)), context=config)
    assert found.drawn.land.sizes == []
    assert area_of(found.drawn.lakes).area == pytest.approx(0.2**2 * 111_000**2, rel=0.02)
    (place,) = found.places
    assert (place.title.in_("zh"), place.title.in_("en")) == ("城", "Ort")
    swapped = ContextConfig.model_validate({"lakes": str(cities)}, context={"root": tmp_path})
    with pytest.raises(DataError, match=r"cities\.geojson: expected polygons, found Point"):
        made(shapes_of((-100_000.0, -100_000.0, 100_000.0, 100_000.0)), context=swapped)


def write(path, geometry, properties):
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


@pytest.mark.parametrize(
    ("said", "where", "message"),
    [
        ("no", ("context",), "expected true, false or a table, found 'no'"),
        ({"lakes": "no.gpkg"}, ("context", "lakes"), "file not found: no.gpkg"),
        ({"lande": True}, ("context", "lande"), "Extra inputs"),
    ],
)
def test_wrong_settings_are_named(said, where, message, tmp_path):
    with pytest.raises(ValidationError) as caught:
        MapConfig.model_validate({"context": said}, context={"root": tmp_path})
    (problem,) = caught.value.errors()
    assert problem["loc"] == where
    assert message in problem["msg"]
