"""Fields that plates show: their years, their classes, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from regional_atlas.config.plates import ClassesConfig
from regional_atlas.page.classes import classify
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.format import Classes

__all__ = [
    "classified",
    "field_problems",
    "rank_correlation",
    "year_of",
    "yearly_problems",
    "years_of",
]


def field_problems(
    names: Sequence[str], facts: Facts, years: Iterable[int | None] = ()
) -> list[str]:
    """List fields that are not there, and years that a field with years has not."""
    known = {field.id: field.years for field in facts.spec.fields}
    absent = [name for name in names if name not in known]
    if absent:
        allowed = ", ".join(known) or "there is none"
        return [f"no field {name!r}; allowed: {allowed}" for name in absent]
    wanted = [year for year in years if year is not None]
    return [
        f"field {name!r} has no year {year}; allowed: {', '.join(map(str, held))}"
        for name in names
        if (held := known[name]) is not None
        for year in wanted
        if year not in held
    ]


def yearly_problems(name: str, facts: Facts, years: Iterable[int | None] = ()) -> list[str]:
    """List what keeps a plate of many years from a field."""
    problems = field_problems([name], facts, years)
    if not problems and facts.field(name).years is None:
        return [f"field {name!r} has one year only; use kind 'choropleth'"]
    return problems


def years_of(name: str, facts: Facts) -> list[int]:
    """Years of a field that `yearly_problems` found nothing against."""
    years = facts.field(name).years
    assert years is not None
    return years


def year_of(name: str, facts: Facts, year: int | None) -> int | None:
    """Give the year of a field that a plate shows, by default the last; None without years."""
    years = facts.field(name).years
    if years is None:
        return None
    return years[-1] if year is None else year


def classified(
    config: ClassesConfig, pooled: Floats, shown: Floats, *, clear: bool = False
) -> Classes:
    """Classify values as a plate says; see `classes.classify`."""
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


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Give Spearman's rank correlation; None where there is too little to correlate."""
    if one.size < 10:
        return None
    ranks = [_mean_ranks(values) for values in (one, other)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _mean_ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = ((last - (counts - 1) / 2)[inverse]).astype(np.float64)
    return ranks
