"""Plates: what the map colours, with classes and findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from regional_atlas.config import NightlightsConfig, PlateConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import ConfigError, problems_of, raise_if
from regional_atlas.page.classes import count_labels, rank_classes, tier_classes
from regional_atlas.page.facts import Facts
from regional_atlas.page.field_plates import FIELD_PARTS, classified, field_problems
from regional_atlas.page.figure_plates import figure_plate, figure_problems
from regional_atlas.page.findings import finding
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.layers import round_significant
from regional_atlas.page.palettes import palette
from regional_atlas.page.panel_plates import panel_plate, panel_problems
from regional_atlas.page.regions import region_colors
from regional_atlas.page.space_plates import space_plate, space_problems
from regional_atlas.page.text import of_text

__all__ = ["LIGHTS", "RASTER_FIELD", "build_plates"]

LIGHTS = "light_"
"""What the ids of fields made from night lights begin with."""

RASTER_FIELD = "light_mean"
"""The field that the raster overlay goes with."""

Plate = dict[str, Any]


def build_plates(
    project: Project, facts: Facts, shapes: UnitShapes, *, rasters: bool
) -> list[Plate]:
    """Make the plates that a project declares.

    Parameters
    ----------
    project : Project
    facts : Facts
        The specification without plates, and the store.
    shapes : UnitShapes
        For the map colouring of regions.
    rasters : bool
        Whether there are rasters for `RASTER_FIELD`.

    Returns
    -------
    list of dict
        `Plate` of the page format.

    Raises
    ------
    ConfigError
        Plates that name a field, year or palette that is not there, or tiers of a ranking without
        tiers.
    """
    plates = project.config.plates
    raise_if(
        (
            f"plates[{i}] ({plate.id}): {problem}"
            for i, plate in enumerate(plates)
            for problem in _problems(plate, facts)
        ),
        ConfigError,
    )
    lights = project.config.nightlights
    made = []
    for config in plates:
        base: Plate = {
            "id": config.id,
            "kind": config.kind,
            "group": of_text(config.group),
            "title": of_text(config.title),
            "note": _note(config, lights),
            "citation": _citation(config, facts),
        }
        plate = base | _part(config)(config, facts, shapes)
        if config.kind == "years":
            plate["raster"] = RASTER_FIELD if rasters and config.field == RASTER_FIELD else None
            plate["level_shifts"] = _level_shifts(config, lights)
        if config.chart is not None:
            plate["chart"] = config.chart
        plate["finding"] = finding(plate, facts)
        made.append(plate)
    return made


def _part(config: PlateConfig) -> Callable[[PlateConfig, Facts, UnitShapes], Plate]:
    if config.space is not None:
        return space_plate
    return panel_plate if _of_panels(config) else _PARTS[config.kind]


def _of_panels(plate: PlateConfig) -> bool:
    return plate.kind == "multiples" and plate.field is None


def _problems(plate: PlateConfig, facts: Facts) -> list[str]:
    return problems_of(lambda: palette(plate.palette, plate.k)) + _absent(plate, facts)


def _absent(plate: PlateConfig, facts: Facts) -> list[str]:
    if plate.kind == "tiers" and not facts.entry("rankings", str(plate.ranking))["tiers"]:
        return [f"ranking {plate.ranking!r} has no tiers"]
    if plate.space is not None:
        return space_problems(plate, facts)
    if plate.kind == "figure":
        return figure_problems(plate, facts)
    if _of_panels(plate):
        return panel_problems(plate, facts)
    return field_problems(plate, facts) if plate.kind in FIELD_PARTS else []


def _note(config: PlateConfig, lights: NightlightsConfig | None) -> dict[str, str] | None:
    if config.note is not None:
        return of_text(config.note)
    yearly_lights = config.kind == "years" and str(config.field).startswith(LIGHTS)
    return of_text(lights.note) if yearly_lights and lights and lights.note else None


def _citation(config: PlateConfig, facts: Facts) -> str | None:
    """Give a plate's own citation, or that of what it shows."""
    if config.citation is not None:
        return config.citation
    measured = facts.measures[config.space]["field"] if config.space else None
    for group, name in (
        ("fields", measured or config.field or (config.fields[0] if config.fields else None)),
        ("rankings", config.ranking),
        ("clusters", config.set),
    ):
        if name is not None:
            citation: str | None = facts.entry(group, name)["citation"]
            return citation
    return None


def _level_shifts(config: PlateConfig, lights: NightlightsConfig | None) -> list[int]:
    return lights.level_shifts if lights and str(config.field).startswith(LIGHTS) else []


def _ranking(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    ranking = str(config.ranking)
    return {"ranking": ranking, "classes": rank_classes(facts.ranks(ranking), config.palette)}


def _tiers(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    ranking = str(config.ranking)
    tiers = facts.entry("rankings", ranking)["tiers"]
    return {
        "ranking": ranking,
        "classes": tier_classes(tiers, facts.tiers(ranking), config.palette),
    }


def _regions(config: PlateConfig, facts: Facts, shapes: UnitShapes) -> Plate:
    kind = str(config.region_kind)
    rows = facts.store["membership"][kind]
    members: list[set[int]] = [set() for _ in facts.entry("kinds", kind)["regions"]]
    for unit, region in zip(rows["unit"], rows["region"], strict=True):
        members[region].add(unit)
    return {
        "region_kind": kind,
        "ranking": config.ranking,
        "colors": region_colors(members, shapes.neighbours),
    }


def _coverage(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    ranking, level = str(config.ranking), str(config.level)
    ranks = facts.ranks(ranking)
    candidates = np.flatnonzero(facts.candidates(ranking)).tolist()
    of = facts.by_parent(level, candidates)
    counts = facts.by_parent(level, facts.best(ranking))
    parent_of = np.array(facts.store["parents"][level]["of"])
    rows = []
    for parent in range(len(facts.store["parents"][level]["ids"])):
        own = ranks[parent_of == parent]
        best = None if np.isnan(own).all() else int(np.nanmin(own))
        share = round_significant(counts[parent] / of[parent]) if of[parent] else None
        rows.append(
            {
                "parent": parent,
                "count": counts[parent],
                "of": of[parent],
                "share": share,
                "best": best,
            }
        )
    values = np.array([row[config.measure] for row in rows], dtype=np.float64)
    # A parent without any is paper, and no part of the classes.
    values = np.where(values > 0, values, np.nan)
    classes = classified(config, values, values, clear=True)
    return {
        "ranking": ranking,
        "level": level,
        "measure": config.measure,
        "classes": count_labels(classes) if config.measure == "count" else classes,
        "rows": rows,
    }


def _clusters(config: PlateConfig, _: Facts, __: UnitShapes) -> Plate:
    return {"set": config.set}


_PARTS: dict[str, Callable[[PlateConfig, Facts, UnitShapes], Plate]] = {
    "ranking": _ranking,
    "tiers": _tiers,
    "regions": _regions,
    "coverage": _coverage,
    "clusters": _clusters,
    "figure": figure_plate,
    **FIELD_PARTS,
}
