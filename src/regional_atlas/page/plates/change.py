"""Plates of kind `change`: the change of a field between two years."""

from __future__ import annotations

import numpy as np

from regional_atlas.classes.breaks import percent_change
from regional_atlas.config.plates import ChangePlateConfig
from regional_atlas.core.numerals import Bound, Percent, Year
from regional_atlas.core.texts import Message, Quantity, Unit
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.format import ChangePlate
from regional_atlas.page.plates._fields import classified, yearly_problems, years_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind

__all__ = ["KIND", "changed"]


def _problems(config: ChangePlateConfig, facts: Facts) -> list[str]:
    problems = yearly_problems(config.field, facts, [config.since, config.until])
    if problems:
        return problems
    since, until = _span(config, facts)
    return [] if since < until else ["`since` must lie before `until`"]


def _span(config: ChangePlateConfig, facts: Facts) -> tuple[int, int]:
    years = years_of(config.field, facts)
    return config.since or years[0], config.until or years[-1]


def _plate(config: ChangePlateConfig, head: Head, facts: Facts) -> ChangePlate:
    since, until = _span(config, facts)
    values = _values(facts, config.field, since, until, relative=config.relative)
    return ChangePlate(
        **head,
        chart=config.chart,
        field=config.field,
        since=since,
        until=until,
        relative=config.relative,
        classes=classified(config, values, values),
        middle=config.middle,
    )


def _values(facts: Facts, field: str, since: int, until: int, *, relative: bool) -> Floats:
    return changed(facts.values(field, since), facts.values(field, until), relative=relative)


def changed(before: Floats, after: Floats, *, relative: bool) -> Floats:
    """Give the change of a field between two years; in per cent where `relative`.

    Missing where either year is, and where a relative change has no value above 0 to start from.

    Examples
    --------
    >>> before, after = np.array([-10.0, 4.0]), np.array([10.0, 5.0])
    >>> changed(before, after, relative=True).tolist()
    [nan, 25.0]
    """
    return percent_change(before, after) if relative else after - before


def _clauses(plate: ChangePlate, facts: Facts) -> Clauses:
    """Say how many units lie above the middle, and where the change is largest."""
    since, until = plate.since, plate.until
    values = _values(facts, plate.field, since, until, relative=plate.relative)
    known = values[~np.isnan(values)]
    if known.size == 0:
        return []
    field, middle = facts.field(plate.field), plate.middle
    above = int((known > middle).sum())
    unit = Unit("%") if plate.relative else field.unit
    bound = Bound(middle, None if plate.relative else field.unit.power)
    grew = Message("change-rose") if middle == 0 else Message("change-more", {"bound": bound})
    clauses: Clauses = [
        Message(
            "finding-change",
            {
                "since": Year(since),
                "until": Year(until),
                "title": field.title,
                "change": grew,
                "count": above,
                "total": int(known.size),
                "unit": facts.unit_level,
                "share": Percent(above / known.size),
            },
        )
    ]
    values = facts.comparable(values)
    top = int(np.nanargmax(values))
    if (values == values[top]).sum() > 1 or values[top] <= 0:
        return clauses
    by = Quantity([float(values[top])], 1 if plate.relative else field.digits, unit, "+")
    return [*clauses, Message("finding-gained", {"name": facts.unit(top), "by": by})]


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(config.field).citation,
    problems=_problems,
)
