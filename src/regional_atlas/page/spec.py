"""The specification: everything about the page that is not a column, as plain data."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pyproj

from regional_atlas.config import RankingConfig, TilesConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import ConfigError
from regional_atlas.core.kinds import Index, rule_name
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.classes import offered_classes
from regional_atlas.page.clusters import cluster_specs
from regional_atlas.page.facts import Facts
from regional_atlas.page.frameworks import index_method
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.indices import index_specs
from regional_atlas.page.layers import latest_rows, round_significant
from regional_atlas.page.overlay import build_rasters
from regional_atlas.page.plates import RASTER_FIELD, build_plates
from regional_atlas.page.standings import dimension_titles
from regional_atlas.page.text import Pair, of_text, of_unit, pair

__all__ = ["build_spec"]

OVERLAY_CELLS = 780
"""Cells of the overlay along the longer side of the land."""


def build_spec(
    project: Project, tables: AtlasTables, store: dict[str, Any], shapes: UnitShapes
) -> dict[str, Any]:
    """Describe an atlas page.

    Parameters
    ----------
    project : Project
        Titles, projection, rankings, plates, sources.
    tables : AtlasTables
        Every table of a build.
    store : dict
        As `build_store` returns it.
    shapes : UnitShapes
        The units as the page draws them.

    Returns
    -------
    dict
        `Spec` of the page format: plain data; the same input gives the same output.

    Raises
    ------
    ConfigError
        Plates that name what is not there, an unknown palette, bounds without any unit.
    """
    config = project.config
    view = _view(project, shapes)
    spec: dict[str, Any] = {
        "format": 1,
        "id": config.id,
        "title": of_text(config.title),
        "subtitle": of_text(config.subtitle),
        "lang": config.offered()[0],
        "projection": {
            "proj4": config.map.projection,
            "name": of_text(config.map.projection_name),
            "datum": "WGS 84",
        },
        "tiles": _tiles(config.map.tiles),
        "view": view,
        "insets": [
            {
                "id": inset.id,
                "title": of_text(inset.title),
                "bounds": _projected_box(project, inset.bounds),
            }
            for inset in config.map.insets
        ],
        "review_number": config.map.review_number,
        "levels": [
            {"id": level.id, "title": of_text(level.title)} for level in config.boundaries.parents
        ],
        "unit_level": {
            "id": config.boundaries.level.id,
            "title": of_text(config.boundaries.level.title),
        },
        "unit_types": [
            {"id": kind.id, "title": of_text(kind.title)}
            for kind in (config.boundaries.unit_type.types if config.boundaries.unit_type else [])
        ],
        "kinds": _kinds(project, tables),
        "rankings": [_ranking(ranking, project, store, tables) for ranking in config.rankings],
        "fields": _fields(project, tables, store),
        "clusters": cluster_specs(project, tables),
        "citations": _citations(project),
        "report": _report(tables, store),
    }
    indices = index_specs(project, tables)
    if indices:
        spec["indices"] = indices
    rasters = _rasters(project, tables, shapes)
    extensive = frozenset(code for code, meta in tables.meta.items() if meta.extensive)
    rows = tables.space_summary.to_dict("records")
    measures = {str(row["id"]): {str(key): row[key] for key in row} for row in rows}
    facts = Facts(spec, store, extensive, tables.figures, measures, tables.region_values)
    plates = build_plates(project, facts, shapes, rasters=bool(rasters))
    return spec | {"plates": plates, "rasters": rasters, "classing": offered_classes(plates)}


def _tiles(tiles: TilesConfig | None) -> dict[str, Any] | None:
    if tiles is None:
        return None
    return {
        "url": tiles.url,
        "subdomains": tiles.subdomains,
        "attribution": of_text(tiles.attribution),
        "max_zoom": tiles.max_zoom,
        "datum": tiles.datum,
        "fits": tiles.datum in ("wgs84", "cgcs2000"),
        "key": os.environ.get(tiles.key_env) if tiles.key_env else None,
        "hosts": tiles.hosts(),
    }


def _transformer(project: Project) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", project.config.map.projection, always_xy=True)


def _projected_box(project: Project, bounds: tuple[float, float, float, float]) -> list[int]:
    box = _transformer(project).transform_bounds(*bounds, densify_pts=101)
    return [round(value) for value in box]


def _view(project: Project, shapes: UnitShapes) -> list[int]:
    """Box what is drawn within the project's bounds, for the bounds' corners are empty."""
    west, south, east, north = project.config.map.bounds
    x, y = shapes.positions.T
    lon, lat = _transformer(project).transform(x, y, direction="INVERSE")
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not inside.any():
        raise ConfigError(f"map.bounds: no unit lies within {[west, south, east, north]}")
    shown = shapes.positions[inside]
    return [round(value) for value in [*shown.min(axis=0).tolist(), *shown.max(axis=0).tolist()]]


def _name(zh: Any, en: Any) -> Pair:
    return pair(str(zh), str(zh) if pd.isna(en) else str(en))


def _kinds(project: Project, tables: AtlasTables) -> list[dict[str, Any]]:
    kinds = project.config.regions.kinds if project.config.regions else []
    return [
        {
            "id": kind.id,
            "title": of_text(kind.title),
            "regions": [
                {
                    "id": str(row.Index),
                    "title": _name(row.name, row.name_en),
                    "precedence": int(row.precedence),
                    "source": None if pd.isna(row.source) else str(row.source),
                }
                for row in tables.regions[tables.regions["kind"] == kind.id].itertuples()
            ],
        }
        for kind in kinds
    ]


def _ranking(
    config: RankingConfig, project: Project, store: dict[str, Any], tables: AtlasTables
) -> dict[str, Any]:
    columns = store["rankings"][config.id]
    types = project.config.boundaries.unit_type
    positions = {kind.id: i for i, kind in enumerate(types.types)} if types else {}
    return {
        "id": config.id,
        "title": of_text(config.title),
        "n": sum(rank is not None for rank in columns["rank"]),
        "kind": "published" if config.file is not None else "computed",
        "tiers": _tier_ranks(columns["rank"], columns["tier"]),
        "among": [positions[name] for name in config.among if name in positions] or None,
        "score": config.id if config.id in store["fields"] else None,
        "citation": config.citation,
        "dimensions": dimension_titles(project, tables, config.id),
    }


def _tier_ranks(ranks: list[int | None], tiers: list[int | None]) -> list[dict[str, int]]:
    by_tier: dict[int, list[int]] = {}
    for rank, tier in zip(ranks, tiers, strict=True):
        if rank is not None and tier is not None:
            by_tier.setdefault(tier, []).append(rank)
    return [
        {"tier": tier, "first": min(held), "last": max(held)}
        for tier, held in sorted(by_tier.items())
    ]


def _fields(project: Project, tables: AtlasTables, store: dict[str, Any]) -> list[dict[str, Any]]:
    table_of = {
        column.code: name
        for name, table in project.config.indicators.items()
        for column in table.columns
    }
    rows = latest_rows(tables.overall_values).to_dict("records")
    whole = {
        row["code"]: {"value": round_significant(row["value"]), "partial": bool(row["partial"])}
        for row in rows
        if row["kind"] == "all" and pd.notna(row["value"])
    }
    fields = []
    for code, meta in tables.meta.items():
        if code not in store["fields"]:
            continue
        column = store["fields"][code]
        fields.append(
            {
                "id": code,
                "title": of_text(meta.title),
                "unit": of_unit(meta.unit),
                "digits": meta.digits,
                "years": [int(year) for year in column] if isinstance(column, dict) else None,
                "method": of_text(meta.method),
                "citation": meta.citation or table_of.get(code),
                "missing": of_text(meta.missing) if meta.missing else None,
                "extensive": meta.extensive,
                "rule": of_text(rule_name(meta.kind)),
                "whole": whole.get(code),
            }
        )
    return fields + [
        {
            "id": name,
            "title": of_text(project.indices[name].title),
            "unit": pair("", ""),
            "digits": 1,
            "years": None,
            "method": index_method(project.indices[name]),
            "citation": project.ranking(name).citation,
            "extensive": False,
            "rule": of_text(rule_name(Index())),
            "whole": None,
            "missing": pair(
                "可用指标的权重不足", "too little of the indicators' weight is available"
            ),
        }
        for name in tables.scores
    ]


_TITLES = {
    "boundaries": pair("边界", "Boundaries"),
    "nightlights": pair("夜间灯光", "Night lights"),
    "nightlights_rasters": pair("夜间灯光栅格", "Night-light rasters"),
}


def _citations(project: Project) -> list[dict[str, Any]]:
    """List the project's citations, then the sources of boundaries, lights and indicators."""
    return [
        {
            "id": name,
            "title": of_text(source.title) if source.title else _TITLES.get(name, pair(name, name)),
            "source": of_text(source.source),
            "licence": of_text(source.licence) if source.licence else None,
            "vintage": of_text(source.vintage) if source.vintage else None,
            "url": source.url,
        }
        for name, source in project.config.sources().items()
    ]


def _report(tables: AtlasTables, store: dict[str, Any]) -> dict[str, Any]:
    report = tables.report
    return {
        "version": report.version,
        "joins": [asdict(join) for join in report.joins],
        "checks": [
            {"name": of_text(check.name), "ok": bool(check.ok), "detail": of_text(check.detail)}
            for check in report.checks
        ]
        + _transliteration(tables, store),
        "omissions": [
            {"what": of_text(omission.what), "why": of_text(omission.why)}
            for omission in report.omissions
        ],
    }


def _transliteration(tables: AtlasTables, store: dict[str, Any]) -> list[dict[str, Any]]:
    """Say how many English names are the Chinese ones in Pinyin."""
    given = tables.units["unit_en"].notna() if "unit_en" in tables.units else [False]
    count = sum(name is not None for name in store["unit_en"]) - int(np.sum(given))
    if count == 0:
        return []
    return [
        {
            "name": pair("英文名称", "English names"),
            "ok": True,
            "detail": pair(
                f"{count:,} 个单元无英文名，以汉语拼音转写（pypinyin）",
                f"{count:,} units have none: their Chinese names are transliterated to Pinyin "
                "(pypinyin)",
            ),
        }
    ]


def _rasters(project: Project, tables: AtlasTables, shapes: UnitShapes) -> list[dict[str, Any]]:
    wanted = any(
        plate.kind == "years" and plate.field == RASTER_FIELD for plate in project.config.plates
    )
    if not wanted or not tables.blocks:
        return []
    extent = np.ptp(shapes.positions, axis=0)
    return build_rasters(
        tables.blocks,
        RASTER_FIELD,
        project.config.map.projection,
        shapes.polygons,
        cell=_round_cell(float(extent.max()) / OVERLAY_CELLS),
    )


def _round_cell(size: float) -> float:
    """Round a cell's size up to two significant digits."""
    step = 10.0 ** (np.floor(np.log10(size)) - 1)
    return float(np.ceil(size / step) * step)
