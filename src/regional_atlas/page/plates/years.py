"""Plates of kind `years`: a field with a slider of years."""

from __future__ import annotations

import numpy as np

from regional_atlas.classes.breaks import percent_change
from regional_atlas.config import NightlightsConfig
from regional_atlas.config.plates import YearsPlateConfig
from regional_atlas.core.numerals import Percent, Year
from regional_atlas.core.texts import Message
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import YearsPlate
from regional_atlas.page.plates._fields import classified, yearly_problems, years_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import years_clauses

__all__ = ["KIND"]


def _problems(config: YearsPlateConfig, facts: Facts) -> list[str]:
    return yearly_problems(config.field, facts, [config.year])


def _plate(config: YearsPlateConfig, head: Head, facts: Facts) -> YearsPlate:
    field, years = config.field, years_of(config.field, facts)
    year = years[-1] if config.year is None else config.year
    pooled = np.concatenate([facts.values(field, one) for one in years])
    manual = config.scheme == "manual"
    span = {"first": Year(years[0]), "last": Year(years[-1])}
    note = Message("years-classes-manual") if manual else Message("years-classes", span)
    lights = _lights(field, facts)
    noted: Head = {**head, "note": lights.note} if lights and config.note is None else head
    return YearsPlate(
        **noted,
        chart=config.chart,
        field=field,
        year=year,
        years=years,
        classes=classified(config, pooled, facts.values(field, year)),
        raster=field if any(raster.field == field for raster in facts.spec.rasters) else None,
        breaks_note=note,
        level_shifts=lights.level_shifts if lights else [],
    )


def _lights(field: str, facts: Facts) -> NightlightsConfig | None:
    """Give what the project says of its night lights, for a field that is made from them."""
    return facts.lights if facts.field(field).citation == "nightlights" else None


def _clauses(plate: YearsPlate, facts: Facts) -> Clauses:
    return years_clauses(plate.field, plate.years, plate.year, plate.level_shifts, facts)


def _sums(plate: YearsPlate, facts: Facts) -> Clauses:
    """Say which outer parent holds most of a sum, and which grew fastest since the level shift.

    Parents whose sum is partial in either year are left out, and counted; where fewer than two
    remain, nothing is said of them.
    """
    level = facts.spec.levels[0].id if facts.spec.levels else None
    if level is None or not facts.field(plate.field).extensive:
        return []
    until = plate.years[-1]
    shifts = [year for year in plate.level_shifts if year <= until]
    since = max([plate.years[0], *shifts])
    before, gaps = facts.by_area(level, plate.field, since)
    after, more = facts.by_area(level, plate.field, until)
    whole = np.flatnonzero(~(gaps | more | np.isnan(before) | np.isnan(after)))
    before, after = before[whole], after[whole]
    total, left_out = float(after.sum()), len(gaps) - len(whole)
    if total <= 0 or (left_out and len(whole) < 2):
        return []
    top = int(np.argmax(after))
    scope = {"level": facts.level_title(level)}
    clauses: Clauses = [
        Message(
            "finding-sum-share",
            {
                **scope,
                "year": Year(until),
                "name": facts.parent(level, int(whole[top])),
                "share": Percent(after[top] / total),
                "title": facts.field(plate.field).title,
                "complete": "no" if left_out else "yes",
            },
        )
    ]
    growth = percent_change(before, after) / 100
    if since < until and not np.isnan(growth).any() and len(growth) > 1:
        fast, slow = int(np.argmax(growth)), int(np.argmin(growth))
        clauses.append(
            Message(
                "finding-fastest",
                {
                    "since": Year(since),
                    "until": Year(until),
                    "first": facts.parent(level, int(whole[fast])),
                    "fast": Percent(growth[fast]),
                    "last": facts.parent(level, int(whole[slow])),
                    "slow": Percent(growth[slow]),
                },
            )
        )
    if left_out:
        clauses.append(Message("finding-left-out", scope | {"count": left_out}))
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"stacked": _sums},
    citation=lambda config, facts: facts.field(config.field).citation,
    problems=_problems,
)
