"""Plates that show fields: one, two that cross, a change between years, categories, many years."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from regional_atlas.classify import percent_change
from regional_atlas.config import PlateConfig
from regional_atlas.page.classes import category_classes, classify
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.palettes import bivariate_colors
from regional_atlas.page.text import Pair, of_text, pair

__all__ = ["FIELD_PARTS", "change_values", "classified", "field_problems", "year_of"]

Plate = dict[str, Any]

_HOTSPOTS: list[tuple[int, Pair, str | None]] = [
    (0, pair("不显著", "not significant"), "#d9d9d9"),
    (1, pair("高–高（热点）", "high among high (hot spot)"), "#b2182b"),
    (2, pair("低–高", "low among high"), "#92c5de"),
    (3, pair("低–低（冷点）", "low among low (cold spot)"), "#2166ac"),
    (4, pair("高–低", "high among low"), "#f4a582"),
]
"""Quadrants of Moran's scatter plot as PySAL numbers them; 0 where not significant."""

_YEARLY = ("years", "change", "multiples")


def field_problems(plate: PlateConfig, facts: Facts) -> list[str]:
    """List what a plate names that is not there: fields and years."""
    fields = {field["id"]: field["years"] for field in facts.spec["fields"]}
    named = list(plate.fields) if plate.fields else [str(plate.field)]
    absent = [name for name in named if name not in fields]
    if absent:
        known = ", ".join(fields) or "there is none"
        return [f"no field {name!r}; allowed: {known}" for name in absent]
    return [problem for name in named for problem in _year_problems(plate, name, fields[name])]


def _year_problems(plate: PlateConfig, name: str, years: list[int] | None) -> Iterator[str]:
    if years is None:
        if plate.kind in _YEARLY and not plate.fields:
            yield f"field {name!r} has one year only; use kind 'choropleth'"
        return
    for year in (plate.year, plate.since, plate.until, *plate.years):
        if year is not None and year not in years:
            yield f"field {name!r} has no year {year}; allowed: {', '.join(map(str, years))}"
    if plate.kind == "change" and (plate.since or years[0]) >= (plate.until or years[-1]):
        yield "`since` must lie before `until`"


def classified(
    config: PlateConfig, pooled: Floats, shown: Floats, *, clear: bool = False
) -> dict[str, Any]:
    """Classify values as a plate says, those that the page holds; see `classes.classify`."""
    return classify(
        pooled,
        shown,
        scheme=config.scheme,
        k=config.k,
        palette_name=config.palette,
        manual=config.breaks,
        clear=clear,
        middle=config.middle,
    )


def change_values(facts: Facts, field: str, since: int, until: int, *, relative: bool) -> Floats:
    """Change of a field between two years; in per cent where `relative`.

    Missing where either year is, and where a relative change has no value above 0 to start from.
    """
    before, after = facts.values(field, since), facts.values(field, until)
    return percent_change(before, after) if relative else after - before


def year_of(config: PlateConfig, facts: Facts, field: str) -> int | None:
    """Give the year of a field that a plate shows first; None for a field without years."""
    years = facts.entry("fields", field)["years"]
    if years is None:
        return None
    return config.year if config.year is not None else int(years[-1])


def _choropleth(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    field = str(config.field)
    year = year_of(config, facts, field)
    values = facts.values(field, year)
    plate = {"field": field, "year": year, "classes": classified(config, values, values)}
    return plate if config.middle is None else plate | {"middle": config.middle}


def _years(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    field = str(config.field)
    years = facts.entry("fields", field)["years"]
    year = year_of(config, facts, field)
    pooled = np.concatenate([facts.values(field, one) for one in years])
    note = pair(
        f"分级由 {years[0]}–{years[-1]} 年合并计算，各年相同",
        f"classes are made from {years[0]}–{years[-1]} together and are the same in every year",
    )
    if config.scheme == "manual":
        note = pair("各年分级相同", "classes are the same in every year")
    return {
        "field": field,
        "year": year,
        "years": years,
        "classes": classified(config, pooled, facts.values(field, year)),
        "breaks_note": note,
    }


def _multiples(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    field = str(config.field)
    years = sorted(set(config.years)) or facts.entry("fields", field)["years"]
    pooled = np.concatenate([facts.values(field, year) for year in years])
    shown = facts.values(field, years[-1])
    return {"field": field, "years": years, "classes": classified(config, pooled, shown)}


def _change(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    field = str(config.field)
    years = facts.entry("fields", field)["years"]
    since, until = config.since or years[0], config.until or years[-1]
    middle = 0.0 if config.middle is None else config.middle
    values = change_values(facts, field, since, until, relative=config.relative)
    around = config.model_copy(update={"middle": middle})
    return {
        "field": field,
        "from": since,
        "to": until,
        "relative": config.relative,
        "classes": classified(around, values, values),
        "middle": middle,
    }


def _bivariate(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    years = [year_of(config, facts, field) for field in config.fields]
    classes = []
    for field, year in zip(config.fields, years, strict=True):
        values = facts.values(field, year)
        found = classified(config.model_copy(update={"k": config.parts}), values, values)
        classes.append(found)
    # Both fields have as many classes as colours cross, even where values repeat.
    count = max(len(found["breaks"]) for found in classes)
    light, dark = bivariate_colors(max(count, 2))
    across, up = (len(found["breaks"]) for found in classes)
    kept = [row * max(count, 2) + column for row in range(up) for column in range(across)]
    return {
        "fields": list(config.fields),
        "years": years,
        "classes": classes,
        "colors": [light[i] for i in kept],
        "colors_dark": [dark[i] for i in kept],
    }


def _categories(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    field = str(config.field)
    year = year_of(config, facts, field)
    known: list[tuple[int, Pair, str | None]]
    known = [(item.value, of_text(item.title), item.color) for item in config.categories]
    if config.kind == "hotspots":
        known = known or _HOTSPOTS
    classes = category_classes(facts.values(field, year), known)
    return {"kind": "categories", "field": field, "year": year, "classes": classes}


FIELD_PARTS: dict[str, Callable[[PlateConfig, Facts, UnitShapes], Plate]] = {
    "choropleth": _choropleth,
    "years": _years,
    "multiples": _multiples,
    "change": _change,
    "bivariate": _bivariate,
    "categories": _categories,
    "hotspots": _categories,
}
"""By kind: what a plate of fields holds beside its titles."""
