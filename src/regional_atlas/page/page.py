"""The page: a `folium.Map` with one element of this project's, saved as one file.

The element owns specification, store and geometry; whatever else a user adds to the map is drawn
as Folium draws it, in latitude and longitude.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import pyproj

from regional_atlas.config.project import Project
from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.assets import inline_script, inline_style, json_text, read_asset
from regional_atlas.page.context import MapContext, map_context
from regional_atlas.page.folium_map import MAP_NAME, AtlasFigure, LiteralElement, NamedMap
from regional_atlas.page.format import Spec, Store, plain
from regional_atlas.page.geometry import TopoJson, flat_geometry, unit_shapes
from regional_atlas.page.layers import build_store
from regional_atlas.page.overlay import light_pictures
from regional_atlas.page.packing import pack
from regional_atlas.page.spec import build_spec, view_box
from regional_atlas.page.words import page_languages

__all__ = [
    "AtlasElement",
    "AtlasMap",
    "build_map",
    "packed_geometry",
    "packed_store",
    "save_page",
]

_WIDTH = 900
_RESOLUTION_AT_ZOOM_0 = 156543.03392804097


class AtlasElement(LiteralElement):
    """The atlas in an `AtlasMap`: four blocks of data and the script that shows them.

    Parameters
    ----------
    spec : Spec
    store : str
        Of `packed_store`.
    geometry : str
        Of `packed_geometry`.
    """

    def __init__(self, spec: Spec, store: str, geometry: str) -> None:
        super().__init__()
        self.crs_name = "Atlas_" + re.sub(r"[^A-Za-z0-9]", "_", spec.id)
        self.spec = spec
        self.plate: str | None = None
        """The plate that is shown first; a link to another comes before it."""
        offered = spec.languages
        self.words_text = json_text(plain(page_languages(offered), offered))
        self.spec_text = json_text(plain(spec, offered))
        self.store_text = store
        self.topology_text = geometry

    def texts(self) -> tuple[str, str, str]:
        """Give style and scripts, the blocks of data, and the call that shows them."""
        header = (
            f"<style>{self.style()}</style>\n<script>{self.code()}</script>\n"
            f"<script>RegionalAtlas.registerCrs({self.registration()});</script>"
        )
        blocks = (
            f'<script type="application/json" id="ra-words">{self.words_text}</script>\n'
            f'<script type="application/json" id="ra-spec">{self.spec_text}</script>\n'
            f'<script type="text/plain" id="ra-store">{self.store_text}</script>\n'
            f'<script type="text/plain" id="ra-topology">{self.topology_text}</script>\n'
            f'<script type="text/plain" id="ra-notice">{self.notice()}</script>'
        )
        mount = (
            f"RegionalAtlas.mount({MAP_NAME}, "
            '{ words: "ra-words", spec: "ra-spec", store: "ra-store", topology: "ra-topology" });'
        )
        if self.plate is not None:
            mount += f"\nif (!location.hash) window.regionalAtlas.show({json_text(self.plate)});"
        return header, blocks, mount

    def registration(self) -> str:
        """Give the arguments that register the map's projection with Leaflet."""
        values = (self.crs_name, self.spec.projection.proj4, self.spec.view)
        return ", ".join(json_text(value) for value in values)

    def style(self) -> str:
        """Give the page's style sheet."""
        return inline_style(read_asset("regional_atlas.css"))

    def code(self) -> str:
        """Give the page's script."""
        return inline_script(read_asset("regional_atlas.js"))

    def notice(self) -> str:
        """Give the licences of the works that the page includes."""
        return inline_script(read_asset("NOTICE"))


class AtlasMap(NamedMap):
    """A `folium.Map` in the atlas's projection that holds the atlas.

    Anything that Folium can add to a map can be added; places are given in latitude and longitude.
    In Jupyter the map shows itself.

    Parameters
    ----------
    spec : Spec
    store : str
        Of `packed_store`.
    geometry : str
        Of `packed_geometry`.
    """

    def __init__(self, spec: Spec, store: str, geometry: str) -> None:
        element = AtlasElement(spec, store, geometry)
        super().__init__(*_opening(spec), element.crs_name)
        self.element = element
        hosts = spec.tiles.hosts if spec.tiles else []
        figure = AtlasFigure(
            spec.title.in_(spec.languages[0]),
            _description(spec),
            spec.languages[0],
            element.get_name(),
            hosts,
        )
        figure.add_child(self)
        self.add_child(element)


def build_map(project: Project, tables: AtlasTables, topology: TopoJson) -> AtlasMap:
    """Build an atlas as a map.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Every table of a build.
    topology : TopoJson
        TopoJSON with the objects `units` (in the order of the units table) and `lines`, in metres
        of the map's projection.

    Returns
    -------
    AtlasMap
        A `folium.Map`.

    Raises
    ------
    ConfigError
        A plate names what is not there; a palette, scheme or projection cannot be used.
    DataError
        Geometry and units table do not fit together.
    """
    shapes = unit_shapes(topology, tables.unit_table.index)
    store = build_store(project, tables, shapes)
    rasters = light_pictures(project, tables, shapes)
    offered = project.config.offered()
    context = map_context(project, shapes, view_box(project, shapes), offered)
    spec = build_spec(project, tables, store, shapes, rasters, context)
    geometry = packed_geometry(topology, offered, context)
    return AtlasMap(spec, packed_store(store, offered), geometry)


def packed_store(store: Store, languages: Sequence[str]) -> str:
    """Write a store as the page holds it."""
    return pack(plain(store, languages))


def packed_geometry(
    topology: TopoJson, languages: Sequence[str], context: MapContext | None = None
) -> str:
    """Write the geometry of units and lines, and what is around them, as the page holds it."""
    flat = flat_geometry(topology, context.drawn if context else None)
    return pack(plain(flat, languages))


def save_page(atlas: AtlasMap, path: str | Path) -> Path:
    """Write a map as one self-contained HTML file; the same map gives the same bytes.

    The file is written beside its place and then renamed: a reader never meets half a page.

    Parameters
    ----------
    atlas : AtlasMap
    path : str or Path
        Folders that do not exist are made.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        When the page's scripts have not been built.
    """
    page = atlas.get_root().render().encode("utf-8")
    with atomic_path(path) as temporary:
        temporary.write_bytes(page)
    return Path(path)


def _opening(spec: Spec) -> tuple[list[float], int]:
    """Latitude, longitude and zoom that show the view before the page's script has measured."""
    left, lower, right, upper = spec.view
    to_degrees = pyproj.Transformer.from_crs(spec.projection.proj4, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform((left + right) / 2, (lower + upper) / 2)
    zoom = math.log2(_RESOLUTION_AT_ZOOM_0 * _WIDTH / max(right - left, upper - lower))
    return [round(lat, 4), round(lon, 4)], math.floor(zoom)


def _description(spec: Spec) -> str:
    lang = spec.languages[0]
    findings = (plate.finding.in_(lang) for plate in spec.plates)
    return " · ".join([spec.subtitle.in_(lang), *filter(None, findings)][:2])
