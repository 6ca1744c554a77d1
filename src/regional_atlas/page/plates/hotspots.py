"""Plates of kind `hotspots`: hot and cold spots by Gᵢ* and local Moran, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import numpy as np

from regional_atlas.config.plates import HotspotsPlateConfig, PlateConfig
from regional_atlas.core.numerals import Fixed, Percent
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Message, Said
from regional_atlas.page.classes import category_classes
from regional_atlas.page.facts import NAMED, Facts, Measure, leaders, listed
from regional_atlas.page.format import Classes, Column, HotspotsPlate, Moran
from regional_atlas.page.plates._fields import field_problems, year_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import counted_clauses

__all__ = ["KIND", "spot_codes"]

Statistic = Literal["g_star", "moran"]

_QUADRANTS: list[tuple[int, Said, str | None]] = [
    (0, Message("spot-not-significant"), "#d9d9d9"),
    (1, Message("spot-high-high-hot"), "#b2182b"),
    (2, Message("spot-low-high"), "#92c5de"),
    (3, Message("spot-low-low-cold"), "#2166ac"),
    (4, Message("spot-high-low"), "#f4a582"),
]
"""Of a field of codes: those of Moran's scatter plot as PySAL numbers them."""

PAPER = ("#fbfaf6", "#22252a")
"""What is not significant keeps the ground of the map, by day and by night."""

_ISOLATE = (9, "isolate", Message("spot-isolate"), ("#d9d5cb", "#4d5157"))
_QUIET = (0, "not significant", Message("spot-not-significant"), PAPER)
_SPOTS: dict[Statistic, list[tuple[int, str, Said, tuple[str, str]]]] = {
    "g_star": [
        (-1, "cold", Message("spot-cold"), ("#2166ac", "#3d74a6")),
        _QUIET,
        (1, "hot", Message("spot-hot"), ("#b2182b", "#d65f4b")),
        _ISOLATE,
    ],
    "moran": [
        _QUIET,
        (1, "HH", Message("spot-high-high"), ("#b2182b", "#d65f4b")),
        (2, "LH", Message("spot-low-high"), ("#92c5de", "#8fb8d0")),
        (3, "LL", Message("spot-low-low"), ("#2166ac", "#3d74a6")),
        (4, "HL", Message("spot-high-low"), ("#f4a582", "#d9a184")),
        _ISOLATE,
    ],
}
_SPOT_NAMES = {
    "g_star": (Message("spot-short-hot"), Message("spot-short-cold")),
    "moran": (Message("spot-short-high-high"), Message("spot-short-low-low")),
}
_HOT_AND_COLD: dict[Statistic, tuple[int, int]] = {"g_star": (1, -1), "moran": (1, 3)}


def spot_codes(plates: Iterable[PlateConfig], tables: AtlasTables) -> dict[str, Column]:
    """Give the class codes of every measured field that a plate shows, in the order of the units.

    Missing where the unit has no value.
    """
    found: dict[str, Column] = {}
    units = tables.unit_table.index
    for plate in plates:
        if not isinstance(plate, HotspotsPlateConfig) or plate.space is None:
            continue
        rows = tables.space[tables.space["id"] == plate.space]
        if rows.empty:
            continue
        codes = {name: code for code, name, _, _ in _SPOTS[plate.statistic]}
        classes = rows.set_index("unit_id")[f"{plate.statistic}_class"].reindex(units)
        found[_key(plate.space, plate.statistic)] = [codes.get(str(name)) for name in classes]
    return found


def _problems(config: HotspotsPlateConfig, facts: Facts) -> list[str]:
    if config.space is None:
        return field_problems([str(config.field)], facts, [config.year])
    if config.space in facts.measures:
        return []
    known = ", ".join(facts.measures) or "there is none"
    return [f"no measured field {config.space!r}; allowed: {known}"]


def _field(config: HotspotsPlateConfig, facts: Facts) -> str:
    return facts.measures[config.space].field if config.space else str(config.field)


def _plate(config: HotspotsPlateConfig, head: Head, facts: Facts) -> HotspotsPlate:
    field = _field(config, facts)
    if config.space is None:
        year = year_of(field, facts, config.year)
        known = [(item.value, item.title, item.color) for item in config.categories]
        return HotspotsPlate(
            **head,
            chart=config.chart,
            field=field,
            year=year,
            classes=category_classes(facts.values(field, year), known or _QUADRANTS),
            codes=None,
            moran=None,
        )
    measure, key = facts.measures[config.space], _key(config.space, config.statistic)
    return HotspotsPlate(
        **head,
        chart=config.chart,
        field=field,
        year=None if facts.field(field).years is None else measure.year,
        classes=_classes(facts.store.spots[key], config.statistic, measure),
        codes=key,
        moran=measure.moran,
    )


def _classes(column: Column, statistic: Statistic, measure: Measure) -> Classes:
    codes = np.array(column, dtype=np.float64)
    isolate, *_ = _ISOLATE
    known = [spot for spot in _SPOTS[statistic] if spot[0] != isolate or (codes == isolate).any()]
    return Classes(
        scheme="categories",
        scheme_title=_scheme(statistic, measure),
        k=None,
        middle=None,
        breaks=[code for code, _, _, _ in known],
        minimum=known[0][0],
        labels=[title for _, _, title, _ in known],
        palette="categories",
        colors=[light for _, _, _, (light, _) in known],
        colors_dark=[dark for _, _, _, (_, dark) in known],
        counts=[int((codes == code).sum()) for code, _, _, _ in known],
    )


def _clauses(plate: HotspotsPlate, facts: Facts) -> Clauses:
    if plate.codes is None or plate.moran is None:
        return counted_clauses(plate.classes, facts)
    return _measured_clauses(plate.codes, plate.moran, plate, facts)


def _measured_clauses(key: str, moran: Moran, plate: HotspotsPlate, facts: Facts) -> Clauses:
    """Say how alike neighbours are, how many spots are hot and cold, and where the hot ones lie."""
    codes = np.array(facts.store.spots[key], dtype=np.float64)
    p, least = moran.p, 1 / (moran.permutations + 1)
    below = p < 0.001 or (p <= least and least <= 0.001)
    alike = "alike" if moran.moran > moran.expected else "differ"
    clauses: Clauses = [
        Message(
            "finding-moran",
            {
                "title": facts.field(plate.field).title,
                "index": Fixed(moran.moran),
                "chance": Message(
                    "p-below" if below else "p-value", {"p": Fixed(0.001 if below else p, 3)}
                ),
                "tendency": alike if p <= 0.05 else "chance",
            },
        )
    ]
    statistic = _statistic(plate)
    one, other = _SPOT_NAMES[statistic]
    hot, cold = (int((codes == code).sum()) for code in _HOT_AND_COLD[statistic])
    named = {"one": one, "other": other, "unit": facts.unit_level}
    clauses.append(Message("finding-spots", named | {"hot": hot, "cold": cold}))
    if facts.level is None or hot == 0:
        return clauses
    of: Counter[int] = facts.by_parent(facts.level, np.flatnonzero(codes == 1).tolist())
    top = leaders(of)
    if top and len(top) <= NAMED:
        names = listed([facts.parent(facts.level, at) for at in top])
        clauses.append(
            Message(
                "finding-spots-most",
                {"names": names, "holders": len(top), "one": one, "count": of[top[0]]},
            )
        )
    return clauses


def _statistic(plate: HotspotsPlate) -> Statistic:
    return "g_star" if -1 in plate.classes.breaks else "moran"


def _key(space: str, statistic: Statistic) -> str:
    return f"{space} {statistic}"


def _scheme(statistic: Statistic, measure: Measure) -> Said:
    name = {"g_star": "Getis–Ord Gᵢ*", "moran": "LISA"}[statistic]
    return Message(
        "scheme-spots",
        {"name": name, "times": measure.moran.permutations, "share": Percent(measure.fdr)},
    )


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(_field(config, facts)).citation,
    problems=_problems,
)
