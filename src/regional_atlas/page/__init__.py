"""The atlas: a build's tables as one interactive page.

`build_map` makes a `folium.Map`, `save_page` writes it as one file; `build_spec` and `build_store`
give the data behind it, as `docs/reference/page-format.md` describes it.
"""

from regional_atlas.page.geometry import UnitShapes, unit_shapes
from regional_atlas.page.layers import build_store
from regional_atlas.page.page import AtlasElement, AtlasMap, build_map, save_page
from regional_atlas.page.spec import build_spec

__all__ = [
    "AtlasElement",
    "AtlasMap",
    "UnitShapes",
    "build_map",
    "build_spec",
    "build_store",
    "save_page",
    "unit_shapes",
]
