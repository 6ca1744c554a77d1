"""Where units lie: inside polygons or a box, near a point or a place, around a unit."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Hashable, Iterable
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.query.areas import area_of

if TYPE_CHECKING:
    import geopandas as gpd

    from regional_atlas.query.basis import Basis

__all__ = ["Box", "Point", "box_problems", "centre", "find_unit", "in_box", "inside", "polygons"]

Point = tuple[float, float]
"""Longitude and latitude, WGS 84 degrees."""
Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees; across 180° where west is the larger."""


def find_unit(basis: Basis, name: str) -> str:
    """Find one unit by id or name; InputError lists the candidates of an ambiguous name."""
    units = basis.tables.unit_table

    def said(code: Hashable) -> str:
        return _place(units, code)

    codes = sorted(map(str, basis.called("unit", name, said)))
    if len(codes) > 1:
        shown = "; ".join(_place(units, code) for code in codes)
        raise InputError(f"{name!r} is the name of {len(codes)} units; give the id: {shown}")
    return codes[0]


def _place(units: pd.DataFrame, code: Any) -> str:
    """Say a unit's id, its parents and its name."""
    row = units.loc[code]
    levels = [name.removesuffix("_id") for name in units.columns if name.endswith("_id")]
    parents = [str(row[level]) for level in levels if pd.notna(row[level])]
    return " ".join([str(code), *parents, str(row["unit"])])


def centre(basis: Basis, name: str) -> tuple[str, Point]:
    """Find a place by name: a unit, a region, a parent, or `KIND=NAME`.

    Parameters
    ----------
    basis : Basis
    name : str
        Of an area of any kind first, then of a unit.

    Returns
    -------
    str
        Its name in full.
    tuple of float
        Longitude and latitude: of a unit its representative point, of an area of several units the
        mean of theirs on the sphere, weighted by the units' area.

    Raises
    ------
    InputError
        Nothing is called so, or several things are.
    """
    units = basis.tables.unit_table
    kind, separator, called = name.partition("=")
    try:
        if separator and kind != "unit":
            found = basis.called(kind, called)
            if len(found) > 1:
                raise InputError(f"{called!r} is the name of {len(found)}; give the id")
            group = str(found[0])
        else:
            kind, group = area_of(basis, name)
    except InputError as error:
        if (separator and kind != "unit") or "no region is called" not in error.problems[0]:
            raise
        code = find_unit(basis, called or name)
        return str(units.loc[code, "unit"]), _mean_point(basis, [code])
    wanted = basis.grouping(kind)
    codes = wanted.groups.loc[wanted.groups["group"] == group, "unit_id"]
    return str(wanted.names.loc[group, "name"]), _mean_point(basis, codes)


def _mean_point(basis: Basis, codes: Iterable[str]) -> Point:
    chosen = pd.Index(codes)
    points, area = basis.points.loc[chosen], basis.tables.unit_table["area_km2"].loc[chosen]
    lon, lat = np.radians(points.x.to_numpy()), np.radians(points.y.to_numpy())
    towards = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    x, y, z = towards @ area.to_numpy()
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def box_problems(box: Box | None) -> list[str]:
    """Say what is wrong with a box."""
    if box is None:
        return []
    west, south, east, north = box
    if max(abs(west), abs(east)) <= 180 and -90 <= south <= north <= 90 and west != east:
        return []
    found = ",".join(f"{side:g}" for side in box)
    return [
        "bbox: expected west, south, east, north: longitudes within ±180, latitudes within ±90, "
        f"south below north; found {found}"
    ]


def in_box(points: gpd.GeoSeries, box: Box) -> pd.Series:
    """Say which points lie in a box."""
    west, south, east, north = box
    right, left = points.x >= west, points.x <= east
    across = right & left if west < east else right | left
    found: pd.Series = across & points.y.between(south, north)
    return found


def inside(points: gpd.GeoSeries, area: gpd.GeoDataFrame) -> pd.Series:
    """Say which points, in WGS 84, lie in the polygons of a table of any CRS."""
    import shapely

    from regional_atlas.core import crs
    from regional_atlas.zonal.antimeridian import within_a_turn

    shapes, _ = within_a_turn(np.asarray(area.to_crs(crs.WGS84).geometry.values, dtype=object))
    found = points.sindex.query(shapely.union_all(shapes), predicate="intersects")
    chosen = np.zeros(len(points), dtype="bool")
    chosen[found] = True
    return pd.Series(chosen, index=points.index)


def polygons(within: Any, layer: str | None, zones_crs: str | None) -> gpd.GeoDataFrame:
    """Read what units shall lie in.

    Parameters
    ----------
    within : path, str, GeoDataFrame, GeoSeries or shapely geometry
        A file of polygons, or polygons themselves; a str may also hold WKT or GeoJSON. What has no
        CRS of its own is in WGS 84.
    layer, zones_crs : str, optional
        Of a file: its layer where it has several, and its CRS where it has none or a wrong one.

    Raises
    ------
    InputError
        Not there, unreadable, no polygon, or coordinates that cannot be.
    """
    from regional_atlas.sources.vectors import (
        Declared,
        check_coordinates,
        declared_crs,
        read_vector,
    )

    declared = Declared(layer, zones_crs)
    given = _given(within)
    if given is None:
        path = Path(within)
        if not os.path.isfile(path):  # a name may be too long to ask about
            raise InputError(f"file not found: {path}", where="within")
        area, where = read_vector(path, declared), str(path)
    else:
        area, where = given, "within"
        if zones_crs is not None:
            area = area.set_crs(declared_crs(declared), allow_override=True)
    rows = [f"row {number}" for number in range(1, len(area) + 1)]
    kinds = set(area.geometry.geom_type.dropna())
    if not kinds & {"Polygon", "MultiPolygon", "GeometryCollection"}:
        found = ", ".join(sorted(kinds)) or "no geometry"
        raise InputError(f"expected polygons, found {found}", where=where)
    check_coordinates(area.geometry, rows, where, declared)
    return area


def _given(within: Any) -> gpd.GeoDataFrame | None:
    """Make a table of polygons that are given themselves; None where a path is."""
    import geopandas as gpd
    import shapely

    from regional_atlas.core import crs

    if isinstance(within, str) and within.lstrip()[:1] == "{":
        within = _from_geojson(within)
    elif isinstance(within, str) and re.match(r"\s*[A-Za-z]+\s*(Z|M|ZM)?\s*(\(|EMPTY)", within):
        if _depth(within) > _MOST_NESTED:
            raise InputError(f"is nested more than {_MOST_NESTED} deep", where="within")
        try:
            within = shapely.from_wkt(within)
        except shapely.errors.ShapelyError as error:
            raise InputError(f"cannot be read as WKT: {error}", where="within") from None
    if isinstance(within, str | Path):
        return None
    if isinstance(within, gpd.GeoDataFrame):
        table = gpd.GeoDataFrame(geometry=within.geometry)
    elif isinstance(within, gpd.GeoSeries):
        table = gpd.GeoDataFrame(geometry=within)
    elif isinstance(within, shapely.Geometry):
        table = gpd.GeoDataFrame(geometry=[within])
    else:
        raise InputError(
            f"expected a path, a GeoDataFrame, a GeoSeries or a shapely geometry, found "
            f"{type(within).__name__}",
            where="within",
        )
    return table if table.crs is not None else table.set_crs(crs.WGS84)


def _depth(text: str) -> int:
    """Count how deep brackets lie in one another: readers of JSON and WKT recurse."""
    signs = re.findall(r"[\[{(]|[\]})]", text)
    return max(accumulate((1 if sign in "[{(" else -1 for sign in signs), initial=0))


_MOST_NESTED = 50


def _from_geojson(text: str) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    if _depth(text) > _MOST_NESTED:
        raise InputError(f"is nested more than {_MOST_NESTED} deep", where="within")
    try:
        document = json.loads(text)
        kind = document.get("type")
        if kind != "FeatureCollection":
            one = document if kind == "Feature" else {"type": "Feature", "geometry": document}
            document = {"type": "FeatureCollection", "features": [{"properties": {}, **one}]}
        return gpd.GeoDataFrame.from_features(document, crs="EPSG:4326")
    except RecursionError:
        raise InputError("cannot be read as GeoJSON: nested too deep", where="within") from None
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as error:
        raise InputError(f"cannot be read as GeoJSON: {error}", where="within") from None
