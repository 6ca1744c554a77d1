"""What findings say of a field: where it is highest, how it is spread, how it changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from regional_atlas.page.facts import NAMED, Facts, Floats
from regional_atlas.page.text import Pair, pair, percent, plural, quantity, spaced

__all__ = ["choropleth_clauses", "lowered", "measured", "plainly", "years_clauses"]


def choropleth_clauses(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    """Say where a field is highest, its median and its highest tenth."""
    field = facts.entry("fields", plate["field"])
    values = facts.values(plate["field"], plate["year"])
    known = values[~np.isnan(values)]
    if known.size == 0:
        return []
    clauses: list[Pair | None] = [_highest(values, field, facts)]
    if known.size >= 10:
        middle, high = (measured(float(np.quantile(known, q)), field) for q in (0.5, 0.9))
        clauses.append(
            pair(
                f"中位数为 {middle['zh']}，最高的十分之一在 {spaced(high['zh'])}以上",
                f"the median is {middle['en']}, and a tenth lie above {high['en']}",
            )
        )
    middle_value = plate.get("middle")
    if middle_value is None:
        return clauses
    return [*clauses, _below(known, middle_value, field, facts)]


def _below(known: Floats, middle: float, field: dict[str, Any], facts: Facts) -> Pair | None:
    """Count the units below the middle of a diverging plate."""
    count = int((known < middle).sum())
    if count == 0:
        return None
    share, units = percent(count / known.size), plural(facts.unit_level["en"], count)
    bound = plainly(middle, field)
    return pair(
        f"{count:,} 个{facts.unit_level['zh']}（{share}）低于 {bound['zh']}",
        f"{count:,} {units} ({share}) {'lies' if count == 1 else 'lie'} below {bound['en']}",
    )


def _highest(values: Floats, field: dict[str, Any], facts: Facts) -> Pair:
    order = np.argsort(-values, kind="stable")[: min(NAMED, int((~np.isnan(values)).sum()))]
    tied = int((values == values[order[0]]).sum())
    if tied > order.size:
        return _shared(tied, float(values[order[0]]), field, facts)
    names = facts.units(int(unit) for unit in order)
    low, high = float(values[order[-1]]), float(values[order[0]])
    span, title = _span(low, high, field), field["title"]
    return pair(
        f"{title['zh']}最高的是{names['zh']}（{span['zh']}）",
        f"{lowered(title['en'])} is highest in {names['en']} ({span['en']})",
    )


def _shared(tied: int, value: float, field: dict[str, Any], facts: Facts) -> Pair:
    top, title = measured(value, field), field["title"]
    return pair(
        f"{tied:,} 个{facts.unit_level['zh']}的{title['zh']}并列最高（{top['zh']}）",
        f"{tied:,} {plural(facts.unit_level['en'], tied)} share the highest "
        f"{lowered(title['en'])} ({top['en']})",
    )


def measured(value: float, field: dict[str, Any]) -> Pair:
    """Write a value with its unit; a bare number without one."""
    return quantity([value], field["digits"], field["unit"])


def plainly(value: float, field: dict[str, Any]) -> Pair:
    """Write a bound that was given, without its unit and without zeros after the point."""
    powers = field["unit"].get("power", {"zh": 0, "en": 0})
    given = Decimal(repr(float(value)))
    zh, en = (
        f"{given.scaleb(powers[lang]).normalize():,f}".replace("-", "−") for lang in ("zh", "en")
    )
    return pair(zh, en)


def _span(low: float, high: float, field: dict[str, Any]) -> Pair:
    """Write a range of values with its unit, or one value where both look the same."""
    return quantity([low, high], field["digits"], field["unit"])


def years_clauses(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    """Say how a field changed since the last level shift, and where it is highest now."""
    field = facts.entry("fields", plate["field"])
    year = plate["year"]
    values = facts.values(plate["field"], year)
    if np.isnan(values).all():
        return []
    base = max([plate["years"][0], *(shift for shift in plate["level_shifts"] if shift <= year)])
    return [_change(plate, facts, base), _in_year(_top(values, field, facts), year)]


def _top(values: Floats, field: dict[str, Any], facts: Facts) -> Pair:
    top = int(np.nanargmax(values))
    tied = int((values == values[top]).sum())
    if tied > 1:
        return _shared(tied, float(values[top]), field, facts)
    name, title, measure = facts.unit(top), field["title"], measured(float(values[top]), field)
    return pair(
        f"{name['zh']}的{title['zh']}最高（{measure['zh']}）",
        f"{name['en']} has the highest {lowered(title['en'])} ({measure['en']})",
    )


def _in_year(clause: Pair, year: int) -> Pair:
    return pair(f"{year} 年，{clause['zh']}", f"in {year}, {clause['en']}")


def _change(plate: dict[str, Any], facts: Facts, base: int) -> Pair | None:
    """Say how the total of all units changed, or their median where values do not add up."""
    year = plate["year"]
    if base >= year:
        return None
    whole = _total(plate["field"], facts)
    field = facts.entry("fields", whole or plate["field"])
    before, after = facts.values(field["id"], base), facts.values(field["id"], year)
    both = ~np.isnan(before) & ~np.isnan(after)
    if not both.any():
        return None
    if whole is None:
        return _median_change(before[both], after[both], field, facts, base, year)
    old, new = float(before[both].sum()), float(after[both].sum())
    if old <= 0:
        return None
    share = new / old - 1
    title = field["title"]
    up = "增长" if share >= 0 else "下降"
    grew = "grew" if share >= 0 else "fell"
    return pair(
        f"{base}–{year} 年，全部{facts.unit_level['zh']}的{title['zh']}"
        f"合计{up} {percent(abs(share))}",
        f"from {base} to {year}, the {lowered(title['en'])} of all "
        f"{plural(facts.unit_level['en'], 2)} together {grew} by {percent(abs(share))}",
    )


def _total(field: str, facts: Facts) -> str | None:
    """Field whose values add up and that tells of a field's total: itself, or its sum."""
    candidates = [field, field.removesuffix("_mean") + "_sum"]
    yearly = {entry["id"] for entry in facts.spec["fields"] if entry["years"] is not None}
    return next((name for name in candidates if name in facts.extensive and name in yearly), None)


def _median_change(
    before: Floats, after: Floats, field: dict[str, Any], facts: Facts, base: int, year: int
) -> Pair:
    first, last = (
        measured(float(np.median(before)), field),
        measured(float(np.median(after)), field),
    )
    change = float(np.median(after) - np.median(before))
    title, level = field["title"], facts.unit_level
    subject = pair(
        f"{base}–{year} 年，{level['zh']}的{title['zh']}中位数",
        f"from {base} to {year}, the median {lowered(title['en'])} of {plural(level['en'], 2)}",
    )
    if first == last:
        return pair(f"{subject['zh']}保持 {last['zh']}", f"{subject['en']} stayed at {last['en']}")
    return pair(
        f"{subject['zh']}由 {spaced(first['zh'])}{'升至' if change > 0 else '降至'} {last['zh']}",
        f"{subject['en']} {'rose' if change > 0 else 'fell'} from {first['en']} to {last['en']}",
    )


def lowered(title: str) -> str:
    """Write a title within a sentence: without its capital, unless it begins with an acronym."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
