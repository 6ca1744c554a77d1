"""Plates of kind `bivariate`: two fields that cross."""

from __future__ import annotations

import numpy as np

from regional_atlas.classes.breaks import class_numbers
from regional_atlas.config.plates import BivariatePlateConfig
from regional_atlas.core.numerals import Fixed
from regional_atlas.core.texts import Message
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import BivariatePlate
from regional_atlas.page.palettes import bivariate_colors
from regional_atlas.page.plates._fields import (
    classified,
    field_problems,
    rank_correlation,
    year_of,
)
from regional_atlas.page.plates._kind import Clauses, Head, Kind

__all__ = ["KIND"]


def _problems(config: BivariatePlateConfig, facts: Facts) -> list[str]:
    return field_problems(config.fields, facts, [config.year])


def _plate(config: BivariatePlateConfig, head: Head, facts: Facts) -> BivariatePlate:
    first, second = config.fields
    years = year_of(first, facts, config.year), year_of(second, facts, config.year)
    columns = facts.values(first, years[0]), facts.values(second, years[1])
    classes = (
        classified(config, columns[0], columns[0]),
        classified(config, columns[1], columns[1]),
    )
    across, up = (len(found.breaks) for found in classes)
    # Both fields have as many classes as colours cross, even where values repeat.
    count = max(across, up, 2)
    light, dark = bivariate_colors(count)
    kept = [row * count + column for row in range(up) for column in range(across)]
    return BivariatePlate(
        **head,
        chart=config.chart,
        fields=(first, second),
        years=years,
        classes=classes,
        colors=[light[i] for i in kept],
        colors_dark=[dark[i] for i in kept],
    )


def _clauses(plate: BivariatePlate, facts: Facts) -> Clauses:
    """Say how two fields go together, and how many units are in the highest class of both."""
    one, other = (
        facts.values(field, year) for field, year in zip(plate.fields, plate.years, strict=True)
    )
    both = ~np.isnan(one) & ~np.isnan(other)
    if not both.any():
        return []
    first, second = (facts.field(field).title for field in plate.fields)
    high = np.ones(one.size, dtype=bool)
    for values, classes in zip((one, other), plate.classes, strict=True):
        high &= class_numbers(values, classes.breaks) == len(classes.breaks) - 1
    clauses: Clauses = [
        Message(
            "finding-both-high",
            {
                "count": int(high.sum()),
                "total": int(both.sum()),
                "unit": facts.unit_level,
                "first": first,
                "second": second,
            },
        )
    ]
    rho = rank_correlation(one[both], other[both])
    if rho is not None:
        clauses.append(Message("finding-correlation", {"rho": Fixed(rho)}))
    return clauses


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(config.fields[0]).citation,
    problems=_problems,
)
