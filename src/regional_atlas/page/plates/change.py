"""Plates of kind `change`: the change of a field between two years."""

from __future__ import annotations

import numpy as np

from regional_atlas.classify.breaks import percent_change
from regional_atlas.config.plates import ChangePlateConfig
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.format import ChangePlate, Field, Text
from regional_atlas.page.plates._fields import classified, yearly_problems, years_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import lowered, measured, plainly
from regional_atlas.page.text import NO_UNIT, number, pair, percent, plural

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
    share, units = percent(above / known.size), plural(facts.unit_level.en, known.size)
    title = field.title
    bound = plainly(middle, NO_UNIT if plate.relative else field.unit)
    grew = (
        pair("上升", "rose")
        if middle == 0
        else pair(f"变化超过 {bound.zh}", f"changed by more than {bound.en}")
    )
    first = pair(
        f"{since}–{until} 年，{known.size:,} 个{facts.unit_level.zh}中有 {above:,} 个"
        f"（{share}）的{title.zh}{grew.zh}",
        f"from {since} to {until}, {lowered(title.en)} {grew.en} in {above:,} of "
        f"{known.size:,} {units} ({share})",
    )
    top = int(np.nanargmax(values))
    if (values == values[top]).sum() > 1 or values[top] <= 0:
        return [first]
    name = facts.unit(top)
    by = _signed(float(values[top]), field, relative=plate.relative)
    return [
        first,
        pair(f"{name.zh}增幅最大（{by.zh}）", f"{name.en} gained most ({by.en})"),
    ]


def _signed(value: float, field: Field, *, relative: bool) -> Text:
    if relative:
        return pair(f"+{number(value, 1)}%", f"+{number(value, 1)}%")
    text = measured(value, field)
    return pair(f"+{text.zh}", f"+{text.en}")


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(config.field).citation,
    problems=_problems,
)
