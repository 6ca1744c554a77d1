"""Plates of kind `choropleth`: one field in one year."""

from __future__ import annotations

from regional_atlas.config.plates import ChoroplethPlateConfig
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import ChoroplethPlate
from regional_atlas.page.plates._fields import classified, field_problems, year_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import spread_clauses

__all__ = ["KIND"]


def _problems(config: ChoroplethPlateConfig, facts: Facts) -> list[str]:
    return field_problems([config.field], facts, [config.year])


def _plate(config: ChoroplethPlateConfig, head: Head, facts: Facts) -> ChoroplethPlate:
    year = year_of(config.field, facts, config.year)
    values = facts.values(config.field, year)
    return ChoroplethPlate(
        **head,
        chart=config.chart,
        field=config.field,
        year=year,
        classes=classified(config, values, values),
        middle=config.middle,
    )


def _clauses(plate: ChoroplethPlate, facts: Facts) -> Clauses:
    return spread_clauses(plate.field, plate.year, facts, plate.middle)


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(config.field).citation,
    problems=_problems,
)
