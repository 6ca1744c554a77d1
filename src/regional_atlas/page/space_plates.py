"""Plates of what a build measured in space: hot spots by Gᵢ* and local Moran, and what they say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config import PlateConfig
from regional_atlas.core.schema import AtlasTables
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.field_findings import lowered
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.text import Pair, coefficient, pair, plural

__all__ = ["space_clauses", "space_codes", "space_plate", "space_problems"]

Plate = dict[str, Any]

PAPER = ("#fbfaf6", "#22252a")
"""What is not significant keeps the ground of the map, by day and by night."""

_ISOLATE = (9, "isolate", pair("无相邻单元", "no neighbours"), ("#d9d5cb", "#4d5157"))
_QUIET = (0, "not significant", pair("不显著", "not significant"), PAPER)
_CLASSES: dict[str, list[tuple[int, str, Pair, tuple[str, str]]]] = {
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


def space_codes(plates: list[PlateConfig], tables: AtlasTables) -> dict[str, list[int | None]]:
    """Give the class codes of every measured field that a plate shows, in the order of the units.

    Missing where the unit has no value.
    """
    found: dict[str, list[int | None]] = {}
    for plate in plates:
        rows = tables.space[tables.space["id"] == plate.space]
        if plate.space is None or rows.empty:
            continue
        codes = {name: code for code, name, _, _ in _CLASSES[plate.statistic]}
        classes = rows.set_index("unit_id")[f"{plate.statistic}_class"].reindex(tables.units.index)
        found[_key(plate)] = [codes.get(str(name)) for name in classes]
    return found


def space_problems(plate: PlateConfig, facts: Facts) -> list[str]:
    """List what a plate of hot spots names that is not there."""
    known = list(facts.measures)
    if plate.space in known:
        return []
    return [f"no measured field {plate.space!r}; allowed: {', '.join(known) or 'there is none'}"]


def space_plate(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    """Lay out a plate of hot spots: the field, its codes, its classes, and the whole's Moran."""
    measure = facts.measures[str(config.space)]
    codes = np.array(facts.store["spots"][_key(config)], dtype=np.float64)
    known = [item for item in _CLASSES[config.statistic] if item[0] != 9 or (codes == 9).any()]
    years = facts.entry("fields", measure["field"])["years"]
    return {
        "kind": "categories",
        "field": measure["field"],
        "year": None if years is None or pd.isna(measure["year"]) else int(measure["year"]),
        "codes": _key(config),
        "moran": {key: _plain(measure[key]) for key in ("moran", "expected", "p", "permutations")},
        "classes": {
            "scheme": "categories",
            "scheme_title": _scheme(config.statistic, measure),
            "breaks": [code for code, _, _, _ in known],
            "minimum": known[0][0],
            "labels": [title for _, _, title, _ in known],
            "palette": "categories",
            "colors": [light for _, _, _, (light, _) in known],
            "colors_dark": [dark for _, _, _, (_, dark) in known],
            "counts": [int((codes == code).sum()) for code, _, _, _ in known],
        },
    }


def space_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Say how alike neighbours are, how many spots are hot and cold, and where the hot ones lie."""
    codes = np.array(facts.store["spots"][plate["codes"]], dtype=np.float64)
    title, level = facts.entry("fields", plate["field"])["title"], facts.unit_level
    moran, p = plate["moran"]["moran"], plate["moran"]["p"]
    least = 1 / (plate["moran"]["permutations"] + 1)
    chance = (
        "p\u00a0<\u00a00.001"
        if p < 0.001 or (p <= least and least <= 0.001)
        else f"p\u00a0=\u00a0{p:.3f}"
    )
    index = coefficient(moran)
    alike = moran > plate["moran"]["expected"]
    sure = p <= 0.05
    tendency = (
        pair("与随机分布无显著差别", "no clearer than chance")
        if not sure
        else pair("相邻单元相似", "neighbours are alike")
        if alike
        else pair("相邻单元相异", "neighbours differ")
    )
    clauses: list[Pair | None] = [
        pair(
            f"{title['zh']}的全局莫兰指数为 {index}（{chance}），{tendency['zh']}",
            f"Moran's I of {lowered(title['en'])} is {index} ({chance}): {tendency['en']}",
        )
    ]
    hot, cold = _spots(plate, codes)
    one, other = _SPOT_NAMES[_statistic(plate)]
    clauses.append(
        pair(
            f"{hot:,} 个{level['zh']}为{one['zh']}，{cold:,} 个为{other['zh']}",
            f"{hot:,} {plural(level['en'], hot)} {'is' if hot == 1 else 'are'} {one['en']}, "
            f"{cold:,} {other['en']}",
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
                f"{one['zh']}以{names['zh']}最多（{'各 ' if each else ''}{of[top[0]]:,} 个）",
                f"{names['en']} {'have' if each else 'has'} most {one['en']} ones "
                f"({of[top[0]]:,}{' each' if each else ''})",
            )
        )
    return clauses


def _spots(plate: Plate, codes: Any) -> tuple[int, int]:
    """Count hot and cold spots: the classes of both statistics write hot as 1."""
    cold = -1 if _statistic(plate) == "g_star" else 3
    return int((codes == 1).sum()), int((codes == cold).sum())


def _statistic(plate: Plate) -> str:
    return "g_star" if -1 in plate["classes"]["breaks"] else "moran"


def _key(plate: PlateConfig) -> str:
    return f"{plate.space} {plate.statistic}"


def _scheme(statistic: str, measure: dict[str, Any]) -> Pair:
    name = {"g_star": "Getis–Ord Gᵢ*", "moran": "LISA"}[statistic]
    share = f"{100 * float(measure['fdr']):g}%"
    return pair(
        f"{name}，{int(measure['permutations']):,} 次置换，错误发现率 {share}",
        f"{name}, {int(measure['permutations']):,} permutations, false-discovery rate {share}",
    )


def _plain(value: Any) -> float:
    return float(f"{float(value):.4g}")
