"""Vector files: a wrong CRS is recognised from the coordinates; layers are listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from regional_atlas.core.errors import DataError
from regional_atlas.sources.vectors import (
    Declared,
    check_coordinates,
    check_land,
    check_polygons,
    check_position,
    read_vector,
)

HERE = shapely.box(103, 30, 104, 31)
LOCAL = 'LOCAL_CS["site grid",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'


def file(path: Path, *shapes: Any, crs: Any = 4326, **options: Any) -> Path:
    gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=crs).to_file(
        path, **options
    )
    return path


def seen(crs: Any, *shapes: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs=crs)


def refused(geometry: gpd.GeoSeries, **options: Any) -> str:
    labels = [f"row {number}" for number in range(1, len(geometry) + 1)]
    with pytest.raises(DataError) as caught:
        check_position(geometry, labels, "f.gpkg", **options)
    return str(caught.value)


def accepted(geometry: gpd.GeoSeries, **options: Any) -> bool:
    check_position(geometry, ["row"] * len(geometry), "f.gpkg", **options)
    return True


@pytest.mark.parametrize("suffix", ["shp", "gpkg", "parquet"])
def test_no_crs_is_refused_and_may_be_declared(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[HERE])
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    with pytest.raises(DataError) as caught:
        read_vector(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    # A GeoPackage has a number for it: an undefined Cartesian system.
    assert "no CRS" in said or "no place on the earth" in said
    assert "x runs from 103 to 104, y from 30 to 31" in said
    assert said.endswith("--zones-crs EPSG:4326")
    assert read_vector(path, Declared(crs="EPSG:4490")).crs == "EPSG:4490"


def test_an_undefined_crs_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path / "a.gpkg", HERE, crs=pyproj.CRS.from_wkt(LOCAL))
    with pytest.raises(DataError, match=r"'site grid' \(Engineering CRS\) has no place on the"):
        read_vector(path)
    assert read_vector(path, Declared(crs="EPSG:4326")).crs == "EPSG:4326"


def test_an_unknown_declared_crs_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path / "a.gpkg", HERE)
    with pytest.raises(DataError, match="unknown CRS: --zones-crs EPSG:1"):
        read_vector(path, Declared(crs="EPSG:1"))


def test_a_shapefile_says_the_encoding_of_its_names(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    frame = gpd.GeoDataFrame({"name": ["Île", "Ash"]}, geometry=[HERE, HERE], crs=4326)
    for encoding in ("utf-8", "cp1252"):
        frame.to_file(path, encoding=encoding)
        assert read_vector(path)["name"].tolist() == ["Île", "Ash"]
        path.with_suffix(".cpg").unlink()
        dbf = bytearray(path.with_suffix(".dbf").read_bytes())
        dbf[29] = 0  # no code page either
        path.with_suffix(".dbf").write_bytes(dbf)
        if encoding == "utf-8":
            assert read_vector(path)["name"].tolist() == ["Île", "Ash"]
            continue
        with pytest.raises(
            DataError, match=r"read as cp1252 they hold 'Île'; state it in a file a\.cpg"
        ):
            read_vector(path)
        path.with_suffix(".cpg").write_text("cp1252")
        assert read_vector(path)["name"].tolist() == ["Île", "Ash"]


def test_layers_are_listed(tmp_path: Path) -> None:
    path = file(tmp_path / "a.gpkg", HERE, layer="counties")
    assert len(read_vector(path)) == 1
    file(path, HERE, HERE, layer="towns")
    with pytest.raises(DataError, match="has 2 layers: counties, towns; choose one by --layer"):
        read_vector(path)
    assert len(read_vector(path, Declared("towns"))) == 2
    with pytest.raises(DataError, match="has no layer 'x'; its layers: counties, towns"):
        read_vector(path, Declared("x"))
    with pytest.raises(DataError, match="choose one by layer in \\[boundaries\\]"):
        read_vector(path, Declared(layer_key="layer in [boundaries]"))


def test_metres_called_degrees() -> None:
    metres = seen(4326, shapely.box(500_000, 3_300_000, 600_000, 3_400_000))
    said = refused(metres, declared=Declared(crs_key="crs = '{}' in [boundaries]"))
    assert "the CRS is 'WGS 84', in degrees, but the coordinates look like metres" in said
    assert "(row 1); declare it: crs = 'EPSG:3857' in [boundaries], or what it is" in said


def test_degrees_called_metres() -> None:
    with pytest.raises(DataError, match="in metres, but the coordinates look like degrees"):
        check_land(seen(32648, HERE), ["row 1"], "f.gpkg", Declared())
    check_land(seen(32648, shapely.box(4e5, 3e6, 5e5, 3.1e6)), ["row 1"], "f.gpkg", Declared())


def test_latitudes_beyond_90() -> None:
    said = refused(seen(4326, HERE, shapely.box(100, 88, 101, 91)))
    assert "latitudes end at 90 and longitudes at 360" in said
    assert "(row 2)" in said


def test_swapped_axes_beyond_90_are_seen_without_help() -> None:
    said = refused(seen(4326, *[shapely.box(30 + i, 110, 31 + i, 111) for i in range(8)]))
    assert "the axes look swapped: x runs from 30 to 38, y from 110 to 111" in said
    assert "row 5 and 3 more" in said


def test_swapped_axes_are_seen_by_where_the_map_lies() -> None:
    france = shapely.box(45, 1, 48, 5)
    assert accepted(seen(4326, france))
    assert "swapped" in refused(seen(4326, france), within=(-5, 41, 9, 52))
    assert accepted(seen(4326, shapely.box(1, 45, 5, 48)), within=(-5, 41, 9, 52))
    assert accepted(seen(4326, shapely.box(60, 60, 61, 61)), within=(-5, 41, 9, 52))


USED = [(4258, (9.5, 48.5)), (4513, (25_450_000, 4_200_000)), (2154, (6.5e5, 6.86e6))]


@pytest.mark.parametrize(("crs", "place"), USED)
def test_swapped_axes_are_seen_by_where_the_crs_is_used(
    crs: int, place: tuple[float, float]
) -> None:
    x, y = place
    size = 0.5 if crs == 4258 else 1000
    right, wrong = (
        seen(crs, shapely.box(*at, at[0] + size, at[1] + size)) for at in ((x, y), (y, x))
    )
    assert accepted(right)
    assert "swapped" in refused(wrong)


def test_what_cannot_be_projected() -> None:
    said = refused(seen(3035, shapely.box(1e9, 1e9, 2e9, 2e9)))
    assert "coordinates cannot be in the CRS 'ETRS89-extended / LAEA Europe'" in said


def test_a_unit_is_not_half_the_globe() -> None:
    world = shapely.box(-180, -90, 180, 90)
    with pytest.raises(DataError, match="row 2: a polygon covers more than half the globe"):
        check_land(seen(4326, HERE, world), ["row 1", "row 2"], "f.gpkg", Declared())
    assert accepted(seen(4326, world))
    antarctica = shapely.box(-180, -90, 180, -65)
    check_land(seen(4326, antarctica), ["row 1"], "f.gpkg", Declared())


CIRCLE = "CURVEPOLYGON (CIRCULARSTRING (0 0, 100 100, 200 0, 100 -100, 0 0))"


@pytest.mark.parametrize("shape", [CIRCLE, f"MULTISURFACE ({CIRCLE})"])
def test_curves_keep_their_area(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "round.csv"
    path.write_text(f'WKT,name\n"{shape}",a\n')
    found = read_vector(path, Declared(crs="EPSG:3857"))
    assert found.area.item() == pytest.approx(np.pi * 100**2, rel=1e-5)


def test_heights_and_measures_are_left_out(tmp_path: Path) -> None:
    found = read_vector(file(tmp_path / "a.gpkg", shapely.force_3d(HERE, 8.0)))
    assert not found.has_z.any()
    assert found.geometry.tolist() == [HERE]


def test_a_collection_of_polygons_is_a_multipolygon(tmp_path: Path) -> None:
    beside = shapely.box(105, 30, 106, 31)
    collections = [[HERE], [HERE, beside], [HERE, shapely.Point(103, 30)]]
    found = read_vector(file(tmp_path / "a.gpkg", *map(shapely.GeometryCollection, collections)))
    assert found.geometry.tolist()[:2] == [HERE, shapely.MultiPolygon([HERE, beside])]
    with pytest.raises(DataError) as caught:
        check_polygons(found.geometry, ["row 2", "row 3", "row 4"], "a.gpkg")
    assert str(caught.value) == (
        "a.gpkg: row 4: expected a polygon, found a GeometryCollection (Point, Polygon): "
        "keep its polygons alone"
    )


BOW = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
FLAWED = [
    (BOW, "self-intersection at 1.000000, 1.000000"),
    (shapely.MultiPolygon([HERE, HERE]), "self-intersection at"),
    (shapely.Polygon([(0, 0), (1, 1), (2, 2)]), "self-intersection at"),
    (shapely.Polygon(HERE.exterior, [[(0, 0), (1, 0), (1, 1)]]), "hole lies outside shell at"),
    (shapely.Polygon([(0, 0), (np.inf, 1), (1, 1)]), "a coordinate is not a finite number"),
    (shapely.Polygon([(0, 0), (1, 0), (1, 1), (np.nan, 1)]), "a coordinate is not a finite number"),
]


@pytest.mark.filterwarnings("ignore:invalid value encountered")
@pytest.mark.parametrize(("shape", "said"), FLAWED, ids=[said for _, said in FLAWED])
def test_wrong_rings_are_refused_with_what_to_do(shape: Any, said: str) -> None:
    with pytest.raises(DataError) as caught:
        check_coordinates(seen(4326, HERE, None, shape), ["a", "b", "c"], "f.gpkg")
    assert str(caught.value).startswith(f"f.gpkg: c: {said}")
    assert str(caught.value).endswith("; repair it in the file (QGIS: Fix geometries)")


def test_points_lines_and_nothing_have_no_rings() -> None:
    shapes = shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon(), None
    check_coordinates(seen(4326, *shapes), list("abcd"), "f.gpkg")
