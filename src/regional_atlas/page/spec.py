"""The specification: everything about the page that is not a column, as plain data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.config import RankingConfig, TilesConfig
from regional_atlas.config.map import InsetConfig
from regional_atlas.config.project import Project
from regional_atlas.core import kinds
from regional_atlas.core.errors import ConfigError, raise_if
from regional_atlas.core.kinds import rule_name
from regional_atlas.core.pinyin import parent_names
from regional_atlas.core.projections import suited_projection
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import NO_UNIT, Message, Said, Text, named
from regional_atlas.page.classes import offered_classes
from regional_atlas.page.clusters import cluster_sets
from regional_atlas.page.context import MapContext
from regional_atlas.page.facts import Facts, Measure
from regional_atlas.page.format import (
    Box,
    Check,
    Citation,
    Column,
    Field,
    Inset,
    Join,
    Moran,
    Named,
    Omission,
    Projection,
    Ranking,
    Raster,
    Region,
    RegionKind,
    Report,
    Spec,
    Store,
    TierRanks,
    Tiles,
    UnitType,
    Whole,
)
from regional_atlas.page.frameworks import index_method
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.indices import index_methods, index_specs
from regional_atlas.page.layers import latest_rows
from regional_atlas.page.plates import build_plates, plate_problems
from regional_atlas.page.rounding import round_significant
from regional_atlas.page.standings import dimension_titles
from regional_atlas.page.story import story_problems, story_steps

__all__ = ["build_spec", "tier_ranks", "view_box"]


def build_spec(
    project: Project,
    tables: AtlasTables,
    store: Store,
    shapes: UnitShapes,
    rasters: Sequence[Raster] = (),
    context: MapContext | None = None,
) -> Spec:
    """Describe an atlas page.

    Parameters
    ----------
    project : Project
        Titles, projection, rankings, plates, sources.
    tables : AtlasTables
        Every table of a build.
    store : Store
        As `build_store` returns it.
    shapes : UnitShapes
        The units as the page draws them.
    rasters : sequence of Raster
        Of `light_pictures`.
    context : MapContext, optional
        Of `map_context`.

    Returns
    -------
    Spec
        The same input gives the same output.

    Raises
    ------
    ConfigError
        Plates or steps of the story that name what is not there, an unknown palette, bounds without
        any unit.
    """
    without_plates = _without_plates(project, tables, store, shapes, [*rasters], context)
    facts = Facts(
        without_plates,
        store,
        figures=tables.figures,
        measures=_measures(tables),
        lights=project.config.nightlights,
        neighbours=shapes.neighbours,
        region_values=tables.region_values,
    )
    config = project.config
    problems = [*plate_problems(config.plates, facts), *story_problems(config, facts)]
    raise_if(problems, ConfigError, "atlas.toml")
    plates = build_plates(config.plates, facts)
    return replace(
        without_plates,
        plates=plates,
        story=story_steps(config, facts, plates),
        classing=offered_classes(plates),
    )


def _without_plates(
    project: Project,
    tables: AtlasTables,
    store: Store,
    shapes: UnitShapes,
    rasters: list[Raster],
    context: MapContext | None,
) -> Spec:
    config = project.config
    unit_level, types = config.boundaries.level, config.boundaries.unit_type
    return Spec(
        id=config.id,
        languages=config.offered(),
        title=config.title,
        subtitle=config.subtitle,
        projection=Projection(
            proj4=project.layout.projection,
            name=project.layout.projection_name,
            datum="WGS 84",
        ),
        tiles=_tiles(config.map.tiles) if config.map.tiles else None,
        view=view_box(project, shapes),
        insets=[_inset(inset, project, shapes) for inset in config.map.insets],
        places=context.places if context else [],
        review_number=config.map.review_number,
        levels=[Named(id=level.id, title=level.title) for level in config.boundaries.parents],
        unit_level=Named(id=unit_level.id, title=unit_level.title),
        unit_types=[
            UnitType(id=kind.id, title=kind.title, note=kind.note)
            for kind in (types.types if types else [])
        ],
        kinds=_kinds(project, tables),
        rankings=[_ranking(ranking, project, store, tables) for ranking in config.rankings],
        fields=_fields(project, tables, store),
        area_fields=_area_fields(tables, store),
        indices=index_specs(project, tables),
        index_methods=index_methods(),
        clusters=cluster_sets(project, tables),
        plates=[],
        story=[],
        classing=offered_classes([]),
        rasters=rasters,
        citations=_citations(project) + ([context.citation] if context else []),
        report=_report(tables, store),
    )


def _tiles(tiles: TilesConfig) -> Tiles:
    return Tiles(
        url=tiles.url,
        subdomains=tiles.subdomains,
        attribution=tiles.attribution,
        max_zoom=tiles.max_zoom,
        datum=tiles.datum,
        fits=tiles.datum in ("wgs84", "cgcs2000"),
        key=os.environ.get(tiles.key_env) if tiles.key_env else None,
        hosts=tiles.hosts(),
    )


def _measures(tables: AtlasTables) -> dict[str, Measure]:
    return {
        str(row["id"]): Measure(
            field=str(row["field"]),
            year=None if pd.isna(row["year"]) else int(row["year"]),
            moran=Moran(
                moran=_four_digits(row["moran"]),
                expected=_four_digits(row["expected"]),
                p=_four_digits(row["p"]),
                permutations=int(row["permutations"]),
            ),
            fdr=float(row["fdr"]),
        )
        for row in tables.space_summary.to_dict("records")
    }


def _four_digits(value: float) -> float:
    return float(f"{float(value):.4g}")


def _transformer(project: Project) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", project.layout.projection, always_xy=True)


def _inset(inset: InsetConfig, project: Project, shapes: UnitShapes) -> Inset:
    proj4 = inset.projection or suited_projection(inset.bounds)[0]
    outline = shapely.get_coordinates(shapely.segmentize(shapely.box(*inset.bounds), 0.5))
    own = pyproj.Transformer.from_crs("EPSG:4326", proj4, always_xy=True)
    x, y = own.transform(*outline.T)
    west, south, east, north = round(min(x)), round(min(y)), round(max(x)), round(max(y))
    between = pyproj.Transformer.from_crs(project.layout.projection, proj4, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(between.transform(*points.T))

    left, lower, right, upper = shapely.bounds(shapely.transform(shapes.polygons, moved)).T
    reach = (left < east) & (right > west) & (lower < north) & (upper > south)
    return Inset(
        id=inset.id,
        title=inset.title,
        proj4=proj4,
        bounds=(west, south, east, north),
        units=np.flatnonzero(reach & np.isfinite(left + lower + right + upper)).tolist(),
    )


def view_box(project: Project, shapes: UnitShapes) -> Box:
    """Box what is drawn within the project's bounds, for the bounds' corners are empty."""
    west, south, east, north = project.layout.bounds or (-180, -90, 180, 90)
    x, y = shapes.positions.T
    lon, lat = _transformer(project).transform(x, y, direction="INVERSE")
    lon = west + (lon - west) % 360
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not inside.any():
        raise ConfigError(_no_unit_within((west, south, east, north), lon, lat))
    shown = shapes.positions[inside]
    (left, lower), (right, upper) = shown.min(axis=0).tolist(), shown.max(axis=0).tolist()
    return round(left), round(lower), round(right), round(upper)


def _no_unit_within(bounds: Box, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> str:
    """Say that a box holds no unit, and what the units lie within."""
    west, south, east, north = bounds
    said = f"map.bounds: no unit lies within {[west, south, east, north]}"
    swapped = (lon >= south) & (lon <= north) & (lat >= west) & (lat <= east)
    if swapped.any():
        return (
            f"{said}; expected west, south, east, north: [{south:g}, {west:g}, {north:g}, {east:g}]"
        )
    lon = (lon + 180) % 360 - 180
    extent = ", ".join(f"{edge:.2f}" for edge in (lon.min(), lat.min(), lon.max(), lat.max()))
    return f"{said}; west, south, east, north of all units are [{extent}]"


def _kinds(project: Project, tables: AtlasTables) -> list[RegionKind]:
    kinds = project.config.regions.kinds if project.config.regions else []
    return [
        RegionKind(
            id=kind.id,
            title=kind.title,
            regions=_regions(tables.regions[tables.regions["kind"] == kind.id], project),
        )
        for kind in kinds
    ]


def _regions(table: pd.DataFrame, project: Project) -> list[Region]:
    """Lay out the regions of a kind; Chinese names that have no English one are read as Pinyin."""
    english = parent_names(table["name"].tolist(), table["name_en"].tolist(), project.config.pinyin)
    return [
        Region(
            id=str(region),
            title=named(str(row["name"]), name_en),
            precedence=int(row["precedence"]),
            source=None if pd.isna(row["source"]) else str(row["source"]),
        )
        for (region, row), name_en in zip(table.iterrows(), english, strict=True)
    ]


def _ranking(config: RankingConfig, project: Project, store: Store, tables: AtlasTables) -> Ranking:
    columns = store.rankings[config.id]
    types = project.config.boundaries.unit_type
    positions = {kind.id: i for i, kind in enumerate(types.types)} if types else {}
    return Ranking(
        id=config.id,
        title=config.title,
        n=sum(rank is not None for rank in columns.rank),
        kind="published" if config.file is not None else "computed",
        tiers=tier_ranks(columns.rank, columns.tier),
        among=[positions[name] for name in config.among if name in positions] or None,
        score=config.id if config.id in store.fields else None,
        citation=config.citation,
        dimensions=dimension_titles(project, tables, config.id),
    )


def tier_ranks(ranks: Column, tiers: Column) -> list[TierRanks]:
    """Give the first and the last rank of each tier, as the page does for a reader's weights.

    Examples
    --------
    >>> tier_ranks([2, 1, None, 3], [1, 1, None, 2])
    [TierRanks(tier=1, first=1, last=2), TierRanks(tier=2, first=3, last=3)]
    """
    by_tier: dict[int, list[int]] = {}
    for rank, tier in zip(ranks, tiers, strict=True):
        if rank is not None and tier is not None:
            by_tier.setdefault(int(tier), []).append(int(rank))
    return [
        TierRanks(tier=tier, first=min(held), last=max(held))
        for tier, held in sorted(by_tier.items())
    ]


def _rule(kind: kinds.Kind, tables: AtlasTables) -> Said:
    """Say how values of units make that of an area; of a mean, what it is weighted by."""
    name = rule_name(kind)
    weight = kind.weight if isinstance(kind, kinds.Intensive | kinds.Index) else None
    if weight is None:
        return name
    known = tables.meta.get(weight)
    title: Said = Message("page-area") if weight == "area_km2" else Text(weight)
    by = Message("rule-by-weight", {"weight": title if known is None else known.title})
    return Message("rule-with-codes", {"rule": name, "codes": by})


def _field(meta: kinds.IndicatorMeta, tables: AtlasTables, **of_field: Any) -> Field:
    return Field(
        id=meta.code,
        title=meta.title,
        unit=meta.unit,
        digits=meta.digits,
        direction=meta.direction,
        method=meta.method,
        missing=meta.missing,
        extensive=meta.extensive,
        rule=_rule(meta.kind, tables),
        **of_field,
    )


def _area_fields(tables: AtlasTables, store: Store) -> list[Field]:
    """Describe the fields of which areas alone have values."""
    known = {code for of_scope in store.areas.values() for code in of_scope}
    year = latest_rows(tables.region_values).groupby("code")["year"].first()
    return [
        _field(meta, tables, years=None, year=int(year[code]), citation=meta.citation, whole=None)
        for code, meta in tables.meta.items()
        if code in known and code not in store.fields
    ]


def _fields(project: Project, tables: AtlasTables, store: Store) -> list[Field]:
    table_of = {
        column.code: name
        for name, table in project.config.indicators.items()
        for column in table.columns
    }
    whole = _wholes(tables)
    of = tables.indicators.groupby("code")["year"].max().dropna().astype(int).to_dict()
    fields = []
    for code, meta in tables.meta.items():
        if code not in store.fields:
            continue
        column = store.fields[code]
        fields.append(
            _field(
                meta,
                tables,
                years=[int(year) for year in column] if isinstance(column, dict) else None,
                year=None if isinstance(column, dict) else of.get(code),
                citation=meta.citation or table_of.get(code),
                whole=whole.get(code),
            )
        )
    return fields + [
        Field(
            id=name,
            title=project.indices[name].title,
            unit=NO_UNIT,
            digits=1,
            direction=1,
            years=None,
            year=None,
            method=index_method(project.indices[name]),
            citation=project.ranking(name).citation,
            missing=Message("index-missing"),
            extensive=False,
            rule=rule_name(kinds.Index()),
            whole=None,
        )
        for name in tables.scores
    ]


def _wholes(tables: AtlasTables) -> dict[str, Whole]:
    """Give what all units come to, by the code of the field."""
    return {
        str(row["code"]): Whole(value=value, partial=bool(row["partial"]))
        for row in latest_rows(tables.overall_values).to_dict("records")
        if row["kind"] == "all" and (value := round_significant(row["value"])) is not None
    }


_SOURCES = ("boundaries", "nightlights", "nightlights_rasters")
"""Inputs that a project need not give a title."""


def _citations(project: Project) -> list[Citation]:
    """List the project's citations, then the sources of boundaries, lights and indicators."""
    return [
        Citation(
            id=name,
            title=source.title or (Message(f"source-{name}") if name in _SOURCES else Text(name)),
            source=source.source,
            licence=source.licence,
            vintage=source.vintage,
            url=source.url,
        )
        for name, source in project.config.sources().items()
    ]


def _report(tables: AtlasTables, store: Store) -> Report:
    report = tables.report
    checks = [
        Check(name=check.name, ok=bool(check.ok), detail=check.detail) for check in report.checks
    ]
    return Report(
        version=report.version,
        joins=[
            Join(**{part.name: getattr(join, part.name) for part in fields(Join)})
            for join in report.joins
        ],
        checks=checks + _transliteration(tables, store),
        omissions=[Omission(what=omission.what, why=omission.why) for omission in report.omissions],
    )


def _transliteration(tables: AtlasTables, store: Store) -> list[Check]:
    """Say how many English names are the Chinese ones in Pinyin."""
    given = tables.unit_table.get("unit_en", pd.Series(dtype="str")).notna()
    count = sum(name is not None for name in store.unit_en) - int(given.sum())
    if count == 0:
        return []
    return [
        Check(
            name=Message("check-english-names"),
            ok=True,
            detail=Message("check-english-names-read", {"count": count}),
        )
    ]
