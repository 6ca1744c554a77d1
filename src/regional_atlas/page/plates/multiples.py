"""Plates of kind `multiples`: small maps of years, of several fields, of dimensions of an index."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np

from regional_atlas.config.plates import MultiplesPlateConfig
from regional_atlas.core.catalogues import ENGLISH
from regional_atlas.core.numerals import Fixed
from regional_atlas.core.texts import Joined, Message, Said
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import Field, MultiplesPlate, Panel
from regional_atlas.page.plates._fields import (
    classified,
    field_problems,
    rank_correlation,
    year_of,
    yearly_problems,
    years_of,
)
from regional_atlas.page.plates._kind import Clauses, Head, Kind, sentence
from regional_atlas.page.plates._phrases import spread_clauses, within, years_clauses

__all__ = ["KIND"]


def _problems(config: MultiplesPlateConfig, facts: Facts) -> list[str]:
    if config.field is not None:
        return yearly_problems(config.field, facts, [config.year, *config.years])
    if config.ranking is not None:
        count = len(facts.ranking(config.ranking).dimensions or [])
        few = f"ranking {config.ranking!r} has {count} dimensions with scores, not 2"
        return [] if count > 1 else [few]
    problems = field_problems(config.fields, facts, [config.year])
    if problems or config.classes == "own":
        return problems
    units = {name: facts.field(name).unit.in_(ENGLISH) for name in config.fields}
    if len(set(units.values())) == 1:
        return []
    said = ", ".join(f"{name} in {unit or 'no unit'}" for name, unit in units.items())
    return [f"fields of different units cannot share classes: {said}; use classes = 'own'"]


def _plate(config: MultiplesPlateConfig, head: Head, facts: Facts) -> MultiplesPlate:
    if config.field is None:
        return _of_panels(config, head, facts)
    return _of_years(config.field, config, head, facts)


def _of_years(field: str, config: MultiplesPlateConfig, head: Head, facts: Facts) -> MultiplesPlate:
    years = sorted(set(config.years)) or years_of(field, facts)
    pooled = np.concatenate([facts.values(field, year) for year in years])
    return MultiplesPlate(
        **head,
        chart=config.chart,
        field=field,
        years=years,
        ranking=None,
        panels=[],
        classes=[classified(config, pooled, facts.values(field, years[-1]))],
    )


def _of_panels(config: MultiplesPlateConfig, head: Head, facts: Facts) -> MultiplesPlate:
    fields = config.fields
    if config.ranking is not None:
        fields = [field.id for field in _dimensions(config.ranking, facts)]
        facts = _with_dimensions(config.ranking, facts)
    years = [year_of(field, facts, config.year) for field in fields]
    values = [facts.values(field, year) for field, year in zip(fields, years, strict=True)]
    together = np.concatenate(values)
    pooled = [together] if config.classes == "shared" else values
    return MultiplesPlate(
        **head,
        chart=config.chart,
        field=None,
        years=[],
        ranking=config.ranking,
        panels=[
            Panel(
                field=field,
                year=year,
                title=facts.field(field).title,
                finding=sentence(spread_clauses(field, year, facts)),
            )
            for field, year in zip(fields, years, strict=True)
        ],
        classes=[classified(config, held, held) for held in pooled],
    )


def _dimensions(ranking: str, facts: Facts) -> list[Field]:
    """Give the dimensions of a ranking's index as fields, named as panels call them."""
    score = facts.field(ranking)
    return [
        replace(score, id=f"{ranking}/{dimension.id}", title=dimension.title, digits=0)
        for dimension in facts.ranking(ranking).dimensions or []
    ]


def _with_dimensions(ranking: str, facts: Facts) -> Facts:
    """Put the dimensions of a ranking's index among the fields."""
    fields, columns = _dimensions(ranking, facts), facts.store.dimensions[ranking]
    held = {field.id: columns[field.id.removeprefix(f"{ranking}/")] for field in fields}
    return replace(
        facts,
        spec=replace(facts.spec, fields=facts.spec.fields + fields),
        store=replace(facts.store, fields={**facts.store.fields, **held}),
    )


def _clauses(plate: MultiplesPlate, facts: Facts) -> Clauses:
    if plate.field is not None:
        return years_clauses(plate.field, plate.years, plate.years[-1], [], facts)
    if plate.ranking is not None:
        facts = _with_dimensions(plate.ranking, facts)
    return [_leaders(plate, facts), _alike(plate, facts)]


def _leaders(plate: MultiplesPlate, facts: Facts) -> Said | None:
    """Name the highest unit of each map, together where it is the same; ties are left out."""
    highest: dict[int, list[Said]] = {}
    for panel in plate.panels:
        values = facts.comparable(facts.values(panel.field, panel.year))
        if np.isnan(values).all() or (values == np.nanmax(values)).sum() > 1:
            continue
        highest.setdefault(int(np.nanargmax(values)), []).append(panel.title)
    if not highest:
        return None
    maps = [
        Message(
            "finding-map-highest",
            {
                "name": facts.unit(unit),
                "titles": Joined([within(title) for title in titles], "and"),
            },
        )
        for unit, titles in highest.items()
    ]
    return Message("finding-maps-highest", {"maps": Joined(maps, "phrases")})


def _alike(plate: MultiplesPlate, facts: Facts) -> Said | None:
    """Say which two maps go together most and least, by the rank correlation of their units."""
    columns = [facts.values(panel.field, panel.year) for panel in plate.panels]
    titles = [panel.title for panel in plate.panels]
    found: dict[tuple[int, int], float] = {}
    for one, other in combinations(range(len(columns)), 2):
        both = ~np.isnan(columns[one]) & ~np.isnan(columns[other])
        rho = rank_correlation(columns[one][both], columns[other][both])
        if rho is not None:
            found[one, other] = round(rho, 2)
    if not found:
        return None
    repeated = Counter(found.values())
    most, least = max(found, key=lambda key: found[key]), min(found, key=lambda key: found[key])

    def pair(key: tuple[int, int]) -> Said:
        return Message("pair-of", {"one": titles[key[0]], "other": titles[key[1]]})

    high, low = found[most], found[least]
    if len(found) == 1:
        return Message("finding-maps-pair", {"pair": pair(most), "rho": Fixed(high)})
    if repeated[high] > 1 or repeated[low] > 1:
        return None
    ends = {"first": pair(most), "near": Fixed(high), "last": pair(least), "far": Fixed(low)}
    return Message("finding-maps-alike", ends)


def _citation(config: MultiplesPlateConfig, facts: Facts) -> str | None:
    if config.ranking is not None:
        return facts.ranking(config.ranking).citation
    return facts.field(config.field or config.fields[0]).citation


KIND = Kind(plate=_plate, clauses=_clauses, citation=_citation, problems=_problems)
