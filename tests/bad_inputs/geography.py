# ruff: noqa: E501
"""Cases of boundaries, region polygons and rasters, as files of a project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.bad_inputs.case import CHECK, Case, Change, both, cases, edit, put, section, toml
from tests.bad_inputs.projects import RASTER


def features(change: Callable[[list[dict[str, Any]]], object], shown: str = "") -> Change:
    """Change the features of units.geojson."""

    def make(folder: Path) -> None:
        file = folder / "units.geojson"
        found = json.loads(file.read_text("utf-8"))
        change(found["features"])
        file.write_text(json.dumps(found), "utf-8")

    return Change(make, shown)


def ring(change: Callable[[list[float]], list[float]], first: int = 0, last: int = 99) -> Change:
    """Move the vertices of some units."""

    def move(found: list[dict[str, Any]]) -> None:
        for feature in found[first:last]:
            rings = feature["geometry"]["coordinates"]
            feature["geometry"]["coordinates"] = [[change(point) for point in r] for r in rings]

    return features(move)


def own(key: str, value: Any, unit: int = 0) -> Change:
    """Change a column of a unit."""
    return features(
        lambda found: found[unit]["properties"].update({key: value}), f"{key}: {value!r}"
    )


def shape(kind: str, coordinates: Any) -> Change:
    return features(
        lambda found: found[0].update(geometry={"type": kind, "coordinates": coordinates})
    )


def crs(name: str) -> Change:
    return edit("units.geojson", "urn:ogc:def:crs:OGC:1.3:CRS84", name)


def shapefile(**options: Any) -> Change:
    def make(folder: Path) -> None:
        import geopandas as gpd

        gpd.read_file(folder / "units.geojson").to_file(folder / "units.shp", **options)
        (folder / "units.prj").unlink(missing_ok=True)

    return both(
        Change(make), toml("units.geojson", "units.shp"), shown="units.shp, without units.prj"
    )


def two_layers(folder: Path) -> None:
    import geopandas as gpd

    units = gpd.read_file(folder / "units.geojson")
    units.to_file(folder / "units.gpkg", layer="counties")
    units.to_file(folder / "units.gpkg", layer="towns")


def raster(
    name: str = "lights/lights_2022.tif", value: float | None = None, **profile: Any
) -> Change:
    """Write a raster anew."""

    def make(folder: Path) -> None:
        import numpy as np
        import rasterio

        with rasterio.open(folder / name) as source:
            cells, given = source.read(), source.profile
        given |= profile
        if "dtype" in profile:
            cells = cells.astype(profile["dtype"])
        if value is not None:
            cells = np.full_like(cells, value)
        with rasterio.open(folder / name, "w", **given) as target:
            target.write(cells)

    return Change(make)


def moved(dx: float, dy: float) -> Change:
    def make(folder: Path) -> None:
        import rasterio
        from affine import Affine

        with rasterio.open(folder / "lights/lights_2022.tif", "r+") as found:
            found.transform = Affine.translation(dx, dy) * found.transform

    return Change(make)


NAMED = '{"region_id": "a", "name": "A"}'
SQUARE = '{"type": "Polygon", "coordinates": [[[10, 49], [11, 49], [11, 50], [10, 50], [10, 49]]]}'


def geography_cases() -> Iterator[Case]:
    yield from cases(
        "Boundaries: GIS files",
        CHECK,
        ("text in a GIS file", put("units.geojson", "no boundaries here")),
        ("half a file", Change(lambda folder: (folder / "units.geojson").write_bytes((folder / "units.geojson").read_bytes()[:900]))),
        ("no features", features(lambda found: found.clear())),
        ("a shapefile without a CRS", shapefile()),
        ("a GeoPackage of two layers", both(Change(two_layers), toml("units.geojson", "units.gpkg"))),
        ("a layer that is not there", both(Change(two_layers), toml('"units.geojson"', '"units.gpkg"\nlayer = "units"'))),
        ("metres in degrees", ring(lambda p: [p[0] * 100_000, p[1] * 100_000])),
        ("a latitude beyond 90", ring(lambda p: [p[0], p[1] + 60])),
        ("axes swapped", both(ring(lambda p: [p[1], p[0]]), section("[map]\nbounds = [10.0, 48.5, 12.0, 50.0]"))),
        ("no column of the key", toml('key = "code" ', 'key = "geoid" ')),
        ("no column of the name", toml('name = "name"\n', 'name = "label"\n')),
        ("no column of a parent", toml('key = "province_code"', 'key = "state"')),
        ("no column of the unit type", toml('column = "kind"', 'column = "type"')),
        ("a key twice", own("code", "00102")),
        ("a key that is empty", own("code", None)),
        ("a key that is a number among codes", own("code", 101.5)),
        ("a name that is empty", own("name", None)),
        ("a parent that is empty", own("province_code", None)),
        ("a parent with two names", own("province", "Northmark")),
        ("a unit that is required and not there", toml('required = ["00101"]', 'required = ["00101", "00777"]')),
        ("another number of units than is declared", toml("units = 12", "units = 13")),
        ("another area than is declared", toml("units = 12", "units = 12\narea_km2 = 5")),
        ("a condition that keeps no unit", toml('key = "code" ', "where = \"kind = 'town'\"\nkey = \"code\" ")),
        ("a point in place of a polygon", shape("Point", [10.2, 49.7])),
        ("a unit without geometry", features(lambda found: found[0].update(geometry=None))),
        ("an empty polygon", shape("Polygon", [])),
        ("a polygon and a point in one collection", features(lambda found: found[0].update(geometry={"type": "GeometryCollection", "geometries": [found[0]["geometry"], {"type": "Point", "coordinates": [10.2, 49.7]}]}))),
        ("a ring that crosses itself", shape("Polygon", [[[10, 49.5], [10.5, 50], [10.5, 49.5], [10, 50], [10, 49.5]]])),
        ("a coordinate that is not a number", edit("units.geojson", "[10.0, 49.5]", "[NaN, 49.5]")),
        ("two units with the same polygon", features(lambda found: found[1].update(geometry=found[0]["geometry"]))),
        ("units that overlap", shape("Polygon", [[[10, 49.5], [10.6, 49.5], [10.6, 50], [10, 50], [10, 49.5]]])),
        ("borders that differ by a centimetre, where `strict`", both(toml('key = "code" ', 'polygon_coverage = "strict"\nkey = "code" '), shape("Polygon", [[[10, 49.5], [10.5000001, 49.5], [10.5000001, 50], [10, 50], [10, 49.5]]]))),
    )  # fmt: skip

    def one(properties: str, geometry: str) -> str:
        return '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": ' + properties + ', "geometry": ' + geometry + "}]}"  # fmt: skip

    def kind(more: str = "", text: str | None = None) -> Change:
        one = '{"type": "Feature", "properties": {"region_id": "a", "name": "A"}, "geometry": {"type": "Polygon", "coordinates": [[[10, 49], [11, 49], [11, 50], [10, 50], [10, 49]]]}}'  # fmt: skip
        content = text if text is not None else '{"type": "FeatureCollection", "features": [' + one + ", " + one.replace('"a"', '"b"') + "]}"  # fmt: skip
        declared = f'[[regions.kinds]]\nid = "area"\npolygons = "areas.geojson"\n{more}'
        return both(put("areas.geojson", content, ""), toml("[indicators.accounts]", f"{declared}\n\n[indicators.accounts]", declared))  # fmt: skip

    yield from cases(
        "Regions: polygons",
        CHECK,
        ("text in a GIS file", kind(text="no polygons")),
        ("no column of the key", kind('key = "code"')),
        ("no column of the name", kind('name = "label"')),
        ("a region twice", kind('key = "name"')),
        ("a rule that there is none of", kind('rule = "mostly"')),
        ("a share beyond 1", kind('rule = "area_share >= 50"')),
        ("a layer that is not there", kind('layer = "metros"')),
        ("a CRS that PROJ does not know", kind('crs = "EPSG:1"')),
        ("no features", kind(text='{"type": "FeatureCollection", "features": []}')),
        ("a region without an id", kind(text=one('{"region_id": null, "name": "A"}', SQUARE))),
        ("a region without a name", kind(text=one('{"region_id": "a", "name": ""}', SQUARE))),
        ("a precedence that is not a number", kind(text=one('{"region_id": "a", "name": "A", "precedence": "first"}', SQUARE))),
        ("a region without geometry", kind(text=one(NAMED, "null"))),
        ("a region that is a line", kind(text=one(NAMED, '{"type": "LineString", "coordinates": [[10, 49], [11, 50]]}'))),
        ("a region of polygons and lines", kind(text=one(NAMED, '{"type": "GeometryCollection", "geometries": [' + SQUARE + ', {"type": "LineString", "coordinates": [[10, 49], [11, 50]]}]}'))),
        ("a region whose ring crosses itself", kind(text=one(NAMED, '{"type": "Polygon", "coordinates": [[[10, 49], [11, 50], [11, 49], [10, 50], [10, 49]]]}'))),
    )  # fmt: skip
    lights = "lights/lights_2022.tif"
    yield from cases(
        "Rasters: files of a project",
        CHECK,
        ("a file that is no raster", put(lights, "no raster")),
        ("half a file", Change(lambda folder: (folder / lights).write_bytes((folder / lights).read_bytes()[:300]))),
        ("no CRS", raster(crs=None)),
        ("a raster elsewhere", moved(90, 0)),
        ("axes swapped", moved(39, -39)),
        ("infinite values", raster(value=float("inf"), dtype="float32")),
        ("values beyond ±1e30", raster(value=-3.4e38, dtype="float64", nodata=None)),
        ("complex numbers", raster(dtype="complex64", nodata=None)),
        ("a raster of flags that is not there", section(RASTER + 'statistic = "sum"\ncleaning = { quality = "flags.tif", bad_flags = [1] }')),
        ("a mask of points", section(RASTER + 'statistic = "sum"\ncleaning = { mask = "mask.geojson" }', put("mask.geojson", '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [10, 49]}}]}', ""))),
        ("a raster of weights that is none", section(RASTER + 'statistic = "weighted_mean"\nweights = "units.geojson"')),
    )  # fmt: skip
