"""The atlas: a build's tables as one interactive page.

`build_map` makes a `folium.Map`, `save_page` writes it as one file; `build_spec` and `build_store`
give the data behind it, as `docs/reference/page-format.md` describes it.
"""

from typing import TYPE_CHECKING

from regional_atlas.core.lazy import offered

if TYPE_CHECKING:
    from regional_atlas.page.geometry import UnitShapes as UnitShapes
    from regional_atlas.page.geometry import unit_shapes as unit_shapes
    from regional_atlas.page.layers import build_store as build_store
    from regional_atlas.page.page import AtlasElement as AtlasElement
    from regional_atlas.page.page import AtlasMap as AtlasMap
    from regional_atlas.page.page import build_map as build_map
    from regional_atlas.page.page import save_page as save_page
    from regional_atlas.page.spec import build_spec as build_spec

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

__getattr__ = offered(
    __name__,
    {
        "UnitShapes": "geometry",
        "unit_shapes": "geometry",
        "build_store": "layers",
        "AtlasElement": "page",
        "AtlasMap": "page",
        "build_map": "page",
        "save_page": "page",
        "build_spec": "spec",
    },
)
