"""Small multiples of several fields, or of the dimensions of an index: one map for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from regional_atlas.config import PlateConfig
from regional_atlas.page.compared_findings import rank_correlation
from regional_atlas.page.facts import Facts
from regional_atlas.page.field_findings import choropleth_clauses, lowered
from regional_atlas.page.field_plates import classified, field_problems, year_of
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.text import Pair, coefficient, english_list, pair, sentence

__all__ = ["panel_clauses", "panel_plate", "panel_problems"]

Plate = dict[str, Any]


def panel_problems(plate: PlateConfig, facts: Facts) -> list[str]:
    """List what the maps of a plate cannot be made of."""
    if plate.ranking is not None:
        dimensions = facts.entry("rankings", plate.ranking)["dimensions"] or []
        few = f"ranking {plate.ranking!r} has {len(dimensions)} dimensions with scores, not 2"
        return [] if len(dimensions) > 1 else [few]
    problems = field_problems(plate, facts)
    if problems or plate.classes == "own":
        return problems
    units = {name: facts.entry("fields", name)["unit"]["en"] for name in plate.fields}
    if len(set(units.values())) == 1:
        return []
    said = ", ".join(f"{name} in {unit or 'no unit'}" for name, unit in units.items())
    return [f"fields of different units cannot share classes: {said}; use classes = 'own'"]


def panel_plate(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    """Lay out the maps: the field and year of each, shared classes or those of each."""
    facts, fields = _with_dimensions(facts, config)
    years = [year_of(config, facts, field) for field in fields]
    values = [facts.values(field, year) for field, year in zip(fields, years, strict=True)]
    if config.classes == "shared":
        pooled = np.concatenate(values)
        classes = [classified(config, pooled, pooled)]
    else:
        classes = [classified(config, held, held) for held in values]
    panels = []
    for field, year in zip(fields, years, strict=True):
        shown = {"field": field, "year": year}
        panels.append(
            {
                **shown,
                "title": facts.title("fields", field),
                "finding": sentence(choropleth_clauses(shown, facts)),
            }
        )
    return {"kind": "panels", "ranking": config.ranking, "panels": panels, "classes": classes}


def panel_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Say who leads in which map, and which maps are most and least alike."""
    facts, _ = _with_dimensions(facts, plate)
    return [_leaders(plate, facts), _alike(plate, facts)]


def _with_dimensions(facts: Facts, plate: PlateConfig | Plate) -> tuple[Facts, list[str]]:
    """Give the fields of a plate, with the dimensions of its index among the facts."""
    ranking = plate.ranking if isinstance(plate, PlateConfig) else plate["ranking"]
    if ranking is None:
        return facts, list(plate.fields) if isinstance(plate, PlateConfig) else []
    entry = facts.entry("rankings", ranking)
    columns = facts.store["dimensions"][ranking]
    names = {dimension["id"]: f"{ranking}/{dimension['id']}" for dimension in entry["dimensions"]}
    score = facts.entry("fields", ranking)
    fields = [
        score | {"id": names[dimension["id"]], "title": dimension["title"], "digits": 0}
        for dimension in entry["dimensions"]
    ]
    store = facts.store["fields"] | {name: columns[code] for code, name in names.items()}
    with_them = replace(
        facts,
        spec=facts.spec | {"fields": facts.spec["fields"] + fields},
        store=facts.store | {"fields": store},
    )
    return with_them, list(names.values())


def _leaders(plate: Plate, facts: Facts) -> Pair | None:
    """Name the highest unit of each map, together where it is the same; ties are left out."""
    highest: dict[int, list[Pair]] = {}
    for panel in plate["panels"]:
        values = facts.values(panel["field"], panel["year"])
        if np.isnan(values).all() or (values == np.nanmax(values)).sum() > 1:
            continue
        highest.setdefault(int(np.nanargmax(values)), []).append(panel["title"])
    if not highest:
        return None
    said = [(facts.unit(unit), titles) for unit, titles in highest.items()]
    return pair(
        "各图最高者："
        + "，".join(f"{'、'.join(t['zh'] for t in titles)}为{name['zh']}" for name, titles in said),
        "highest are "
        + english_list(
            [
                f"{name['en']} in {english_list([lowered(t['en']) for t in titles])}"
                for name, titles in said
            ]
        ),
    )


def _alike(plate: Plate, facts: Facts) -> Pair | None:
    """Say which two maps go together most and least, by the rank correlation of their units."""
    columns = [facts.values(panel["field"], panel["year"]) for panel in plate["panels"]]
    titles = [panel["title"] for panel in plate["panels"]]
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

    def named(key: tuple[int, int]) -> Pair:
        one, other = (titles[at] for at in key)
        return pair(f"{one['zh']}与{other['zh']}", f"{lowered(one['en'])} – {lowered(other['en'])}")

    first = named(most)
    high, low = found[most], found[least]
    near, far = coefficient(high), coefficient(low)
    if len(found) == 1:
        return pair(
            f"{first['zh']}的秩相关系数为 {near}",
            f"the rank correlation of {first['en']} is {near}",
        )
    if repeated[high] > 1 or repeated[low] > 1:
        return None
    last = named(least)
    return pair(
        f"最相近的是{first['zh']}（秩相关系数 {near}），最不相近的是{last['zh']}（{far}）",
        f"most alike are {first['en']} (rank correlation {near}), least alike {last['en']} ({far})",
    )
