"""Plates of kind `categories`: a field of whole numbers, each of which stands for something."""

from __future__ import annotations

from regional_atlas.config.plates import CategoriesPlateConfig
from regional_atlas.page.classes import category_classes
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import CategoriesPlate
from regional_atlas.page.plates._fields import field_problems, year_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import counted_clauses

__all__ = ["KIND"]


def _problems(config: CategoriesPlateConfig, facts: Facts) -> list[str]:
    return field_problems([config.field], facts, [config.year])


def _plate(config: CategoriesPlateConfig, head: Head, facts: Facts) -> CategoriesPlate:
    year = year_of(config.field, facts, config.year)
    known = [(item.value, item.title, item.color) for item in config.categories]
    return CategoriesPlate(
        **head,
        chart=config.chart,
        field=config.field,
        year=year,
        classes=category_classes(facts.values(config.field, year), known),
    )


def _clauses(plate: CategoriesPlate, facts: Facts) -> Clauses:
    return counted_clauses(plate.classes, facts)


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(config.field).citation,
    problems=_problems,
)
