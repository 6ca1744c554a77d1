"""Plates of kind `hotspots`: hot and cold spots by Gᵢ* and local Moran, and what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import numpy as np

from regional_atlas.config.plates import HotspotsPlateConfig, PlateConfig
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.classes import category_classes
from regional_atlas.page.facts import NAMED, Facts, Measure, leaders, listed
from regional_atlas.page.format import Classes, Column, HotspotsPlate, Moran, Text
from regional_atlas.page.plates._fields import field_problems, year_of
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import counted_clauses, lowered
from regional_atlas.page.text import coefficient, of_text, pair, plural

__all__ = ["KIND", "spot_codes"]

Statistic = Literal["g_star", "moran"]

_QUADRANTS: list[tuple[int, Text, str | None]] = [
    (0, pair("不显著", "not significant"), "#d9d9d9"),
    (1, pair("高–高（热点）", "high among high (hot spot)"), "#b2182b"),
    (2, pair("低–高", "low among high"), "#92c5de"),
    (3, pair("低–低（冷点）", "low among low (cold spot)"), "#2166ac"),
    (4, pair("高–低", "high among low"), "#f4a582"),
]
"""Of a field of codes: those of Moran's scatter plot as PySAL numbers them."""

PAPER = ("#fbfaf6", "#22252a")
"""What is not significant keeps the ground of the map, by day and by night."""

_ISOLATE = (9, "isolate", pair("无相邻单元", "no neighbours"), ("#d9d5cb", "#4d5157"))
_QUIET = (0, "not significant", pair("不显著", "not significant"), PAPER)
_SPOTS: dict[Statistic, list[tuple[int, str, Text, tuple[str, str]]]] = {
    "g_star": [
        (
            -1,
            "cold",
            pair("冷点（低值聚集）", "cold: low among low"),
            ("#2166ac", "#3d74a6"),
        ),
        _QUIET,
        (
            1,
            "hot",
            pair("热点（高值聚集）", "hot: high among high"),
            ("#b2182b", "#d65f4b"),
        ),
        _ISOLATE,
    ],
    "moran": [
        _QUIET,
        (1, "HH", pair("高–高", "high among high"), ("#b2182b", "#d65f4b")),
        (2, "LH", pair("低–高", "low among high"), ("#92c5de", "#8fb8d0")),
        (3, "LL", pair("低–低", "low among low"), ("#2166ac", "#3d74a6")),
        (4, "HL", pair("高–低", "high among low"), ("#f4a582", "#d9a184")),
        _ISOLATE,
    ],
}
_SPOT_NAMES = {
    "g_star": (pair("热点", "hot"), pair("冷点", "cold")),
    "moran": (pair("高–高", "high-high"), pair("低–低", "low-low")),
}
_HOT_AND_COLD: dict[Statistic, tuple[int, int]] = {"g_star": (1, -1), "moran": (1, 3)}


def spot_codes(plates: Iterable[PlateConfig], tables: AtlasTables) -> dict[str, Column]:
    """Give the class codes of every measured field that a plate shows, in the order of the units.

    Missing where the unit has no value.
    """
    found: dict[str, Column] = {}
    for plate in plates:
        if not isinstance(plate, HotspotsPlateConfig) or plate.space is None:
            continue
        rows = tables.space[tables.space["id"] == plate.space]
        if rows.empty:
            continue
        codes = {name: code for code, name, _, _ in _SPOTS[plate.statistic]}
        classes = rows.set_index("unit_id")[f"{plate.statistic}_class"].reindex(tables.units.index)
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
        known = [(item.value, of_text(item.title), item.color) for item in config.categories]
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
    title, level = facts.field(plate.field).title, facts.unit_level
    p, least = moran.p, 1 / (moran.permutations + 1)
    chance = (
        "p\u00a0<\u00a00.001"
        if p < 0.001 or (p <= least and least <= 0.001)
        else f"p\u00a0=\u00a0{p:.3f}"
    )
    index = coefficient(moran.moran)
    alike = moran.moran > moran.expected
    sure = p <= 0.05
    tendency = (
        pair("与随机分布无显著差别", "no clearer than chance")
        if not sure
        else pair("相邻单元相似", "neighbours are alike")
        if alike
        else pair("相邻单元相异", "neighbours differ")
    )
    clauses: Clauses = [
        pair(
            f"{title.zh}的全局莫兰指数为 {index}（{chance}），{tendency.zh}",
            f"Moran's I of {lowered(title.en)} is {index} ({chance}): {tendency.en}",
        )
    ]
    statistic = _statistic(plate)
    one, other = _SPOT_NAMES[statistic]
    hot, cold = (int((codes == code).sum()) for code in _HOT_AND_COLD[statistic])
    clauses.append(
        pair(
            f"{hot:,} 个{level.zh}为{one.zh}，{cold:,} 个为{other.zh}",
            f"{hot:,} {plural(level.en, hot)} {'is' if hot == 1 else 'are'} {one.en}, "
            f"{cold:,} {other.en}",
        )
    )
    if facts.level is None or hot == 0:
        return clauses
    of: Counter[int] = facts.by_parent(facts.level, np.flatnonzero(codes == 1).tolist())
    top = leaders(of)
    if top and len(top) <= NAMED:
        names, each = listed([facts.parent(facts.level, at) for at in top]), len(top) > 1
        clauses.append(
            pair(
                f"{one.zh}以{names.zh}最多（{'各 ' if each else ''}{of[top[0]]:,} 个）",
                f"{names.en} {'have' if each else 'has'} most {one.en} ones "
                f"({of[top[0]]:,}{' each' if each else ''})",
            )
        )
    return clauses


def _statistic(plate: HotspotsPlate) -> Statistic:
    return "g_star" if -1 in plate.classes.breaks else "moran"


def _key(space: str, statistic: Statistic) -> str:
    return f"{space} {statistic}"


def _scheme(statistic: Statistic, measure: Measure) -> Text:
    name = {"g_star": "Getis–Ord Gᵢ*", "moran": "LISA"}[statistic]
    share, times = f"{100 * measure.fdr:g}%", measure.moran.permutations
    return pair(
        f"{name}，{times:,} 次置换，错误发现率 {share}",
        f"{name}, {times:,} permutations, false-discovery rate {share}",
    )


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    citation=lambda config, facts: facts.field(_field(config, facts)).citation,
    problems=_problems,
)
