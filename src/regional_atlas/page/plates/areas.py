"""Plates of kind `areas`: regions or parents coloured by what a field comes to in each."""

from __future__ import annotations

import numpy as np

from regional_atlas.config.plates import AreasPlateConfig
from regional_atlas.core.texts import Message, Quantity, Said
from regional_atlas.page.facts import NAMED, Facts, Floats, listed
from regional_atlas.page.format import AreasPlate, AreaValues, Field
from regional_atlas.page.plates._fields import classified
from regional_atlas.page.plates._kind import Clauses, Head, Kind

__all__ = ["KIND"]


def _problems(config: AreasPlateConfig, facts: Facts) -> list[str]:
    fields = {field.id: field for field in [*facts.spec.fields, *facts.spec.area_fields]}
    problems = []
    if config.field not in fields:
        problems.append(
            f"no field {config.field!r}; allowed: {', '.join(fields) or 'there is none'}"
        )
    if not problems and config.field not in facts.store.areas.get(config.scope, {}):
        problems.append(f"field {config.field!r} has no value in any {config.scope}")
    return problems


def _plate(config: AreasPlateConfig, head: Head, facts: Facts) -> AreasPlate:
    values = _numbers(facts.store.areas[config.scope][config.field])
    field = facts.any_field(config.field)
    return AreasPlate(
        **head,
        chart=config.chart,
        field=config.field,
        scope=config.scope,
        year=field.years[-1] if field.years else field.year,
        classes=classified(config, values, values),
    )


def _numbers(held: AreaValues) -> Floats:
    return np.array(held.value, dtype=np.float64)


def _clauses(plate: AreasPlate, facts: Facts) -> Clauses:
    """Say where the field is highest and lowest, among the areas whose value is whole."""
    held = facts.store.areas[plate.scope][plate.field]
    values, field = _numbers(held), facts.any_field(plate.field)
    partial = np.array([part is not None for part in held.data or []], dtype="bool")
    known = ~np.isnan(values)
    whole = known & ~partial if partial.size else known
    clauses: Clauses = []
    if whole.sum() > NAMED:
        order = np.flatnonzero(whole)[np.argsort(-values[whole], kind="stable")]
        clauses += [
            _named("finding-highest", order[:NAMED].tolist(), values, field, plate.scope, facts),
            _named("finding-lowest", order[:-3:-1].tolist(), values, field, plate.scope, facts),
        ]
    if count := int(known.sum() - whole.sum()):
        given = {"count": count, "all": int(known.sum())}
        clauses.append(Message("finding-partial-areas", given))
    return clauses


def _named(
    message: str, areas: list[int], values: Floats, field: Field, level: str, facts: Facts
) -> Said:
    held = sorted(float(values[area]) for area in areas)
    return Message(
        message,
        {
            "title": field.title,
            "names": listed([facts.area(level, area) for area in areas]),
            "span": Quantity([held[0], held[-1]], field.digits, field.unit),
        },
    )


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.any_field(config.field).citation,
    problems=_problems,
)
