"""Every table of a project, and what it is made from.

Reads downward: a step needs only what stands above it. What a step is made with is imported when it
is made, so that a question about ranks loads no geometry.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from regional_atlas.config.project import Project
from regional_atlas.tables.graph import Graph, Progress, Step, Work, quiet
from regional_atlas.tables.store import Store

__all__ = ["STEPS", "atlas_graph"]


def _lent_words(project: Project, _: Any, work: Work) -> int:
    from regional_atlas.tables.assemble import lent_words

    found = [*lent_words(project)]
    work.report.omissions += found
    return len(found)


def _boundaries(project: Project, _: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.assemble import read_boundary_tables

    work.progress("boundaries", 0, 1)
    units, columns, lines = read_boundary_tables(project, work.report)
    work.progress("boundaries", 1, 1)
    return units.drop(columns="geometry"), columns, units.geometry, lines, work.report.faults


def _units(_: Project, tables: Any, __: Work) -> Any:
    import geopandas as gpd

    units = gpd.GeoDataFrame(tables.unit_table, geometry=tables.shapes, crs=tables.shapes.crs)
    units.attrs = tables.unit_table.attrs
    return units


def _place(project: Project, tables: Any, _: Work) -> None:
    from regional_atlas.tables.assemble import check_place

    check_place(project, tables.units)


def _layout(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.units.layout import map_layout

    return map_layout(project.config.map, tables.units)


def _gazetteer(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.units.matching import Gazetteer

    config = project.config.boundaries
    return Gazetteer(tables.unit_table, config.parents, config.aliases)


def _parents(project: Project, tables: Any, _: Work) -> Any:
    from regional_atlas.units.table import parents_table

    levels = project.config.boundaries.parents
    return {level.id: parents_table(tables.unit_table, level) for level in levels}


def _regions(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.assemble import build_regions

    found = build_regions(project, tables, work)
    names, shapes = found.regions.drop(columns="geometry"), found.regions.geometry
    return names, shapes, found.membership, found.attributes, found.lost


def _region_polygons(_: Project, tables: Any, __: Work) -> Any:
    import geopandas as gpd

    shapes = tables.region_shapes
    return gpd.GeoDataFrame(tables.region_table, geometry=shapes, crs=shapes.crs)


def _lights(project: Project, tables: Any, work: Work) -> Any:
    from regional_atlas.tables.lights import read_lights

    return read_lights(project, tables.units, work)


def _blocks(project: Project, _: Any, __: Work) -> Any:
    from regional_atlas.tables.lights import read_blocks

    return read_blocks(project)


def _rasters(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.rasters import read_rasters

    found = read_rasters(project, tables.units, work)
    return found.cells, found.table, found.meta, found.parts


def _indicators(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.indicators import build_indicators
    from regional_atlas.tables.rasters import MeasuredRasters

    rasters = MeasuredRasters(
        tables.raster_table, tables.raster_meta, tables.raster_parts, tables.rasters
    )
    found = build_indicators(
        project, tables.unit_table, tables.gazetteer, tables.nightlights, rasters, work.report
    )
    meta = {item.code: item for item in found.meta}
    return found.table, meta, found.parts, found.population


def _published(project: Project, tables: Any, work: Work) -> Any:
    from regional_atlas.tables.rankings import build_published

    return build_published(project, tables.unit_table, tables.gazetteer, work.report)


def _rankings(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.rankings import build_rankings
    from regional_atlas.tables.uncertainty import Groups, region_counts

    work.progress("rankings", 0, 1)
    groups = Groups.of(tables, project.levels())
    rankings, scores, counts = build_rankings(
        project,
        tables.unit_table,
        tables.published,
        tables.indicators,
        groups,
        work.store,
        work.report,
    )
    work.progress("rankings", 1, 1)
    return rankings, scores, region_counts(counts, tables.parents, tables.region_table)


def _clusters(project: Project, tables: Any, work: Work) -> Any:
    from regional_atlas.tables.rankings import build_clusters

    return build_clusters(project, tables.unit_table, tables.gazetteer, work.report)


def _figures(project: Project, _: Any, work: Work) -> Any:
    from regional_atlas.sources.figures import read_figures

    config = project.config.figures
    return read_figures(config, work.report.tables) if config else None


def _region_values(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.region_values import build_region_values

    return build_region_values(project, tables, work.report)


def _space(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.space import build_space

    return build_space(project, tables, work)


def _comparison(project: Project, tables: Any, work: Work) -> tuple[Any, ...]:
    from regional_atlas.tables.comparison import compare_published

    return compare_published(project, tables, tables.gazetteer, work.report)


def _topology(_: Project, tables: Any, work: Work) -> Any:
    from regional_atlas.tables.assemble import simplified_topology

    work.progress("page geometry", 0, 1)
    topology, check = simplified_topology(tables, work)
    work.report.checks.append(check)
    work.progress("page geometry", 1, 1)
    return topology


def _boundary_files(project: Project) -> Iterable[Path]:
    from regional_atlas.sources.provider import boundary_files

    return boundary_files(project.config.boundaries)


STEPS = (
    Step(("lent_words",), _lent_words, settings=("lang", "languages", "title"), kept=False),
    Step(
        ("unit_table", "unit_columns", "shapes", "lines", "faults"),
        _boundaries,
        settings=("boundaries",),
        files=_boundary_files,
    ),
    Step(("units",), _units, needs=("unit_table", "shapes"), kept=False),
    Step(("place",), _place, needs=("units",), settings=("boundaries", "map"), kept=False),
    Step(("layout",), _layout, needs=("units",), settings=("map",)),
    Step(
        ("gazetteer",), _gazetteer, needs=("unit_table",), settings=("boundaries",), kept=False
    ),
    Step(("parents",), _parents, needs=("unit_table",), settings=("boundaries",), kept=False),
    Step(
        (
            "region_table", "region_shapes", "membership", "membership_attributes", "lost_members",
        ),
        _regions,
        needs=("units", "unit_table", "unit_columns", "gazetteer"),
        settings=("boundaries", "regions"),
    ),
    Step(("regions",), _region_polygons, needs=("region_table", "region_shapes"), kept=False),
    Step(("nightlights",), _lights, needs=("units",), settings=("nightlights",)),
    Step(("blocks",), _blocks, settings=("nightlights",), kept=False),
    Step(
        ("rasters", "raster_table", "raster_meta", "raster_parts"),
        _rasters,
        needs=("units",),
        settings=("rasters",),
    ),
    Step(
        ("indicators", "meta", "parts", "population"),
        _indicators,
        needs=(
            "unit_table", "gazetteer", "nightlights", "rasters", "raster_table", "raster_meta",
            "raster_parts",
        ),
        settings=(
            "boundaries", "citations", "committed", "indicators", "nightlights", "population",
            "rasters",
        ),
    ),
    Step(
        ("published",), _published, needs=("unit_table", "gazetteer"),
        settings=("boundaries", "rankings"),
    ),
    Step(
        ("rankings", "scores", "region_counts"),
        _rankings,
        needs=(
            "unit_table", "published", "parents", "region_table", "membership",
            "membership_attributes", "indicators",
        ),
        settings=("boundaries", "rankings"),
    ),
    Step(
        ("clusters",), _clusters, needs=("unit_table", "gazetteer"),
        settings=("boundaries", "clusters"),
    ),
    Step(("figures",), _figures, settings=("figures",)),
    Step(
        ("region_values", "overall_values"),
        _region_values,
        needs=(
            "unit_table", "parents", "region_table", "membership", "lost_members", "indicators",
            "meta", "parts", "population",
        ),
        settings=(
            "boundaries", "committed", "data_share_at_least", "id", "indicators", "population",
            "regions", "title",
        ),
    ),
    Step(
        ("space", "space_summary", "inequality"),
        _space,
        needs=(
            "units", "unit_table", "parents", "region_table", "membership", "indicators", "scores",
        ),
        settings=("boundaries", "indicators", "inequality", "regions", "space"),
    ),
    Step(
        ("comparison", "agreement"),
        _comparison,
        needs=(
            "unit_table", "gazetteer", "parents", "region_table", "membership", "nightlights",
            "indicators", "meta", "rankings",
        ),
        settings=("compare", "boundaries", "rankings"),
    ),
    Step(
        ("topology",),
        _topology,
        needs=("units", "layout", "lines", "faults"),
        always=False,
    ),
)  # fmt: skip


def atlas_graph(
    project: Project,
    further: Sequence[Step] = (),
    *,
    store: Store | None = None,
    progress: Progress = quiet,
) -> Graph:
    """Give the tables of a project, none of them made yet.

    Parameters
    ----------
    project : Project
    further : sequence of Step
        What is made of the tables.
    store : Store, optional
        The user's store by default.
    progress : callable
        See `Progress`.
    """
    return Graph(project, (*STEPS, *further), store=store or Store(), progress=progress)
