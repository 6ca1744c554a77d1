"""What findings say of two fields, of a change between years and of categories."""

from __future__ import annotations

from typing import Any

import numpy as np

from regional_atlas.classify import class_numbers
from regional_atlas.page.facts import NAMED, Facts, Floats
from regional_atlas.page.field_findings import lowered, measured, plainly, years_clauses
from regional_atlas.page.field_plates import change_values
from regional_atlas.page.text import Pair, coefficient, number, pair, percent, plural

__all__ = [
    "bivariate_clauses",
    "category_clauses",
    "change_clauses",
    "multiples_clauses",
    "rank_correlation",
]

Plate = dict[str, Any]


def multiples_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Say how a field changed from the first map to the last, and where it is highest."""
    return years_clauses(plate | {"year": plate["years"][-1], "level_shifts": []}, facts)


def change_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Say how many units lie above the middle, and where the change is largest."""
    since, until = plate["from"], plate["to"]
    values = change_values(facts, plate["field"], since, until, relative=plate["relative"])
    known = values[~np.isnan(values)]
    if known.size == 0:
        return []
    field, middle = facts.entry("fields", plate["field"]), plate["middle"]
    above = int((known > middle).sum())
    share, units = percent(above / known.size), plural(facts.unit_level["en"], known.size)
    title = field["title"]
    bound = plainly(middle, field | {"unit": {}} if plate["relative"] else field)
    grew = (
        pair("上升", "rose")
        if middle == 0
        else pair(f"变化超过 {bound['zh']}", f"changed by more than {bound['en']}")
    )
    first = pair(
        f"{since}–{until} 年，{known.size:,} 个{facts.unit_level['zh']}中有 {above:,} 个"
        f"（{share}）的{title['zh']}{grew['zh']}",
        f"from {since} to {until}, {lowered(title['en'])} {grew['en']} in {above:,} of "
        f"{known.size:,} {units} ({share})",
    )
    top = int(np.nanargmax(values))
    if (values == values[top]).sum() > 1 or values[top] <= 0:
        return [first]
    name = facts.unit(top)
    by = _signed(float(values[top]), field, relative=plate["relative"])
    return [
        first,
        pair(f"{name['zh']}增幅最大（{by['zh']}）", f"{name['en']} gained most ({by['en']})"),
    ]


def _signed(value: float, field: dict[str, Any], *, relative: bool) -> Pair:
    if relative:
        return pair(f"+{number(value, 1)}%", f"+{number(value, 1)}%")
    text = measured(value, field)
    return pair(f"+{text['zh']}", f"+{text['en']}")


def bivariate_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Say how two fields go together, and how many units are in the highest class of both."""
    one, other = (
        facts.values(field, year)
        for field, year in zip(plate["fields"], plate["years"], strict=True)
    )
    both = ~np.isnan(one) & ~np.isnan(other)
    if not both.any():
        return []
    first, second = (facts.entry("fields", field)["title"] for field in plate["fields"])
    high = np.ones(one.size, dtype=bool)
    for values, classes in zip((one, other), plate["classes"], strict=True):
        high &= class_numbers(values, classes["breaks"]) == len(classes["breaks"]) - 1
    count, total = int(high.sum()), int(both.sum())
    verb = "is" if count == 1 else "are"
    clause = pair(
        f"{total:,} 个{facts.unit_level['zh']}中有 {count:,} 个的{first['zh']}与{second['zh']}"
        "都在最高一级",
        f"{count:,} of {total:,} {plural(facts.unit_level['en'], total)} {verb} in the highest "
        f"class of both {lowered(first['en'])} and {lowered(second['en'])}",
    )
    rho = rank_correlation(one[both], other[both])
    if rho is None:
        return [clause]
    correlated = pair(
        f"二者的秩相关系数为 {coefficient(rho)}", f"their rank correlation is {coefficient(rho)}"
    )
    return [clause, correlated]


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


def category_clauses(plate: Plate, facts: Facts) -> list[Pair | None]:
    """Count the units of the most frequent categories."""
    classes = plate["classes"]
    total = sum(classes["counts"])
    if total == 0:
        return []
    order = sorted(range(len(classes["counts"])), key=lambda i: (-classes["counts"][i], i))
    named = [i for i in order if classes["counts"][i]][: NAMED + 1]
    said = [(classes["labels"][i], classes["counts"][i]) for i in named]
    return [
        pair(
            f"{total:,} 个{facts.unit_level['zh']}中，"
            + "、".join(f"{label['zh']} {count:,} 个" for label, count in said),
            f"of {total:,} {plural(facts.unit_level['en'], total)}: "
            + ", ".join(f"{label['en']} {count:,}" for label, count in said),
        )
    ]
