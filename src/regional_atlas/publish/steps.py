"""The parts of the page, each made on demand and kept like a table.

What the page says in words (titles, findings, notes) is made anew for every build. What takes time
does not hang on it: the columns of values, the geometry and the pictures of lights, as the page
holds them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from regional_atlas.config import AtlasConfig
from regional_atlas.config.plates import PlateConfig
from regional_atlas.config.project import Project
from regional_atlas.core.texts import Text
from regional_atlas.core.versions import version_of
from regional_atlas.tables.graph import CODE, Step, Work, report_of
from regional_atlas.tables.steps import STEPS

__all__ = ["PAGE_STEPS"]


def _shapes(_: Project, tables: Any, __: Work) -> Any:
    from regional_atlas.page.geometry import unit_shapes

    return unit_shapes(tables.topology, tables.unit_table.index)


def _store(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.page.layers import build_store

    return build_store(project, tables, tables.page_shapes)


def _packed(project: Project, tables: Any, work: Work) -> str:
    from regional_atlas.page.page import packed_store

    work.progress("page values", 0, 1)
    packed = packed_store(tables.page_store, project.config.offered())
    work.progress("page values", 1, 1)
    return packed


def _context(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.page.context import map_context
    from regional_atlas.page.spec import view_box

    drawn, shapes = project.with_map(tables.layout), tables.page_shapes
    return map_context(drawn, shapes, view_box(drawn, shapes), project.config.offered())


def _geometry(project: Project, tables: Any, _: Work) -> str:
    from regional_atlas.page.page import packed_geometry

    return packed_geometry(tables.topology, project.config.offered(), tables.page_context)


def _rasters(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.page.overlay import light_pictures

    return light_pictures(project.with_map(tables.layout), tables, tables.page_shapes)


def _spec(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.page.spec import build_spec

    drawn = project.with_map(tables.layout)
    return build_spec(
        drawn,
        tables,
        tables.page_store,
        tables.page_shapes,
        tables.page_rasters,
        tables.page_context,
    )


def _records() -> tuple[type, ...]:
    from regional_atlas.page import format as page_format
    from regional_atlas.page.context import MapContext

    names = (
        "AreaCounts", "AreaValues", "Citation", "Context", "Counts", "Flag", "Framework",
        "FrameworkNode", "Membership", "Parents", "Paths", "Place", "RankColumns", "Raster",
        "Store",
    )  # fmt: skip
    return (MapContext, *(getattr(page_format, name) for name in names))


def _unworded(plates: Sequence[PlateConfig]) -> list[PlateConfig]:
    """Give plates without the words that stand beside them."""
    none = {"title": Text(), "group": Text(), "note": None}
    return [plate.model_copy(update=none) for plate in plates]


def _of_lights(plates: Sequence[PlateConfig]) -> list[PlateConfig]:
    from regional_atlas.page.overlay import shows_lights

    return [plate for plate in _unworded(plates) if shows_lights([plate])]


def _tags(title: Text) -> Text:
    """Give the languages of a title, which a project offers where it names none."""
    return Text(dict.fromkeys(title, ""))


def _outside(project: Project) -> list[Any]:
    """Give what else the page comes from: libraries that draw it, the key of a tile server."""
    tiles = project.config.map.tiles
    key = os.environ.get(tiles.key_env) if tiles and tiles.key_env else None
    return [key, *map(version_of, _LIBRARIES)]


_LIBRARIES = ("babel", "branca", "folium", "jinja2", "pillow", "pypinyin", "tzdata")
_TABLES = tuple(name for step in STEPS for name in step.gives)
_REPORTS = tuple(report_of(step) for step in STEPS)
_CODE = (*CODE, "messages", "page")

PAGE_STEPS = tuple(
    replace(step, always=False, outside=_outside, code=_CODE, records=_records)
    for step in (
        Step(("page_shapes",), _shapes, needs=("topology", "unit_table"), kept=False),
        Step(
            ("page_store",),
            _store,
            needs=(*_TABLES, "page_shapes"),
            settings=(
                "boundaries", "compare", "endings_en", "indicators", "page", "pinyin", "rankings",
                "regions", "space",
            ),
            partly={"plates": _unworded},
        ),
        Step(
            ("packed_store",), _packed, needs=("page_store",),
            settings=("lang", "languages"), partly={"title": _tags},
        ),
        Step(
            ("page_context",), _context, needs=("layout", "page_shapes"),
            settings=("map", "lang", "languages"), partly={"title": _tags},
        ),
        Step(
            ("packed_geometry",), _geometry, needs=("topology", "page_context"),
            settings=("lang", "languages"), partly={"title": _tags},
        ),
        Step(
            ("page_rasters",), _rasters, needs=("blocks", "layout", "page_shapes"),
            settings=("map",), partly={"plates": _of_lights},
        ),
        Step(
            ("page_spec",),
            _spec,
            needs=(
                *_TABLES, *_REPORTS, "page_shapes", "page_store", "page_rasters", "page_context",
            ),
            settings=tuple(AtlasConfig.model_fields),
            kept=False,
        ),
    )
)  # fmt: skip
"""In an order in which each needs only what stands before it, or in `STEPS`."""
