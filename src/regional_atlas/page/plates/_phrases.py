"""What findings of several kinds say: of a field, of its years, of who holds places."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from regional_atlas.page.facts import NAMED, Facts, Floats, leaders
from regional_atlas.page.format import Classes, Field, Powers, Text, Unit
from regional_atlas.page.plates._kind import Clauses
from regional_atlas.page.text import pair, percent, plural, quantity, spaced

__all__ = [
    "amount",
    "counted_clauses",
    "lowered",
    "measured",
    "places_clauses",
    "plainly",
    "spread_clauses",
    "years_clauses",
]

LONG = 200
"""A ranking longer than this is spoken of by its first hundred."""


def spread_clauses(
    name: str, year: int | None, facts: Facts, middle: float | None = None
) -> Clauses:
    """Say where a field is highest, its median and highest tenth, and what is below a middle."""
    field = facts.field(name)
    values = facts.values(name, year)
    known = values[~np.isnan(values)]
    if known.size == 0:
        return []
    clauses: Clauses = [_highest(values, field, facts)]
    if known.size >= 10:
        half, high = (measured(float(np.quantile(known, q)), field) for q in (0.5, 0.9))
        clauses.append(
            pair(
                f"中位数为 {half.zh}，最高的十分之一在 {spaced(high.zh)}以上",
                f"the median is {half.en}, and a tenth lie above {high.en}",
            )
        )
    if middle is None:
        return clauses
    return [*clauses, _below(known, middle, field, facts)]


def _below(known: Floats, middle: float, field: Field, facts: Facts) -> Text | None:
    """Count the units below the middle of a diverging plate."""
    count = int((known < middle).sum())
    if count == 0:
        return None
    share, units = percent(count / known.size), plural(facts.unit_level.en, count)
    bound = plainly(middle, field.unit)
    return pair(
        f"{count:,} 个{facts.unit_level.zh}（{share}）低于 {bound.zh}",
        f"{count:,} {units} ({share}) {'lies' if count == 1 else 'lie'} below {bound.en}",
    )


def _highest(values: Floats, field: Field, facts: Facts) -> Text:
    order = np.argsort(-values, kind="stable")[: min(NAMED, int((~np.isnan(values)).sum()))]
    tied = int((values == values[order[0]]).sum())
    if tied > order.size:
        return _shared(tied, float(values[order[0]]), field, facts)
    names = facts.units(int(unit) for unit in order)
    low, high = float(values[order[-1]]), float(values[order[0]])
    span, title = _span(low, high, field), field.title
    return pair(
        f"{title.zh}最高的是{names.zh}（{span.zh}）",
        f"{lowered(title.en)} is highest in {names.en} ({span.en})",
    )


def _shared(tied: int, value: float, field: Field, facts: Facts) -> Text:
    top, title = measured(value, field), field.title
    return pair(
        f"{tied:,} 个{facts.unit_level.zh}的{title.zh}并列最高（{top.zh}）",
        f"{tied:,} {plural(facts.unit_level.en, tied)} share the highest "
        f"{lowered(title.en)} ({top.en})",
    )


def years_clauses(
    name: str, years: Sequence[int], year: int, level_shifts: Sequence[int], facts: Facts
) -> Clauses:
    """Say how a field changed since the last level shift, and where it is highest now."""
    field = facts.field(name)
    values = facts.values(name, year)
    if np.isnan(values).all():
        return []
    base = max([years[0], *(shift for shift in level_shifts if shift <= year)])
    return [_change(name, base, year, facts), _in_year(_top(values, field, facts), year)]


def _top(values: Floats, field: Field, facts: Facts) -> Text:
    top = int(np.nanargmax(values))
    tied = int((values == values[top]).sum())
    if tied > 1:
        return _shared(tied, float(values[top]), field, facts)
    name, title, measure = facts.unit(top), field.title, measured(float(values[top]), field)
    return pair(
        f"{name.zh}的{title.zh}最高（{measure.zh}）",
        f"{name.en} has the highest {lowered(title.en)} ({measure.en})",
    )


def _in_year(clause: Text, year: int) -> Text:
    return pair(f"{year} 年，{clause.zh}", f"in {year}, {clause.en}")


def _change(name: str, base: int, year: int, facts: Facts) -> Text | None:
    """Say how the total of all units changed, or their median where values do not add up."""
    if base >= year:
        return None
    whole = _total(name, facts)
    field = facts.field(whole or name)
    before, after = facts.values(field.id, base), facts.values(field.id, year)
    both = ~np.isnan(before) & ~np.isnan(after)
    if not both.any():
        return None
    if whole is None:
        return _median_change(before[both], after[both], field, facts, base, year)
    old, new = float(before[both].sum()), float(after[both].sum())
    if old <= 0:
        return None
    share = new / old - 1
    title = field.title
    up = "增长" if share >= 0 else "下降"
    grew = "grew" if share >= 0 else "fell"
    return pair(
        f"{base}–{year} 年，全部{facts.unit_level.zh}的{title.zh}合计{up} {percent(abs(share))}",
        f"from {base} to {year}, the {lowered(title.en)} of all "
        f"{plural(facts.unit_level.en, 2)} together {grew} by {percent(abs(share))}",
    )


def _total(name: str, facts: Facts) -> str | None:
    """Field whose values add up and that tells of a field's total: itself, or its sum."""
    candidates = [name, name.removesuffix("_mean") + "_sum"]
    adding = {field.id for field in facts.spec.fields if field.extensive and field.years}
    return next((candidate for candidate in candidates if candidate in adding), None)


def _median_change(
    before: Floats, after: Floats, field: Field, facts: Facts, base: int, year: int
) -> Text:
    first, last = (
        measured(float(np.median(before)), field),
        measured(float(np.median(after)), field),
    )
    change = float(np.median(after) - np.median(before))
    title, level = field.title, facts.unit_level
    subject = pair(
        f"{base}–{year} 年，{level.zh}的{title.zh}中位数",
        f"from {base} to {year}, the median {lowered(title.en)} of {plural(level.en, 2)}",
    )
    if first == last:
        return pair(f"{subject.zh}保持 {last.zh}", f"{subject.en} stayed at {last.en}")
    return pair(
        f"{subject.zh}由 {spaced(first.zh)}{'升至' if change > 0 else '降至'} {last.zh}",
        f"{subject.en} {'rose' if change > 0 else 'fell'} from {first.en} to {last.en}",
    )


def places_clauses(ranking: str, facts: Facts) -> Clauses:
    """Say which parents hold most places of a ranking, and who leads."""
    best = facts.best(ranking)
    if not best:
        return []
    if len(best) > LONG:
        top = best[:100]
        return [
            _parents_of(top, facts, pair("前 100 名中", "of the first 100 places")),
            _leader(best, facts),
        ]
    places = pair(f"{len(best)} 席中", f"of the {len(best)} {plural('place', len(best))}")
    return [_parents_of(best, facts, places), _leader(best, facts)]


def _leader(best: list[int], facts: Facts) -> Text:
    name = facts.unit(best[0])
    return pair(f"{name.zh}居首", f"{name.en} leads")


def _parents_of(units: list[int], facts: Facts, places: Text) -> Text | None:
    """Say which parents hold most of the units."""
    level = facts.level
    counts = facts.by_parent(level, units) if level else None
    if level is None or not counts:
        return None
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    names = [facts.parent(level, key) for key, _ in ordered]
    first = ordered[0][1]
    second = ordered[1][1] if len(ordered) > 1 else 0
    third = ordered[2][1] if len(ordered) > 2 else 0
    if second == 0:
        return pair(
            f"{places.zh}，全部在{names[0].zh}",
            f"{places.en}, all are in {names[0].en}",
        )
    if second > third:
        return pair(
            f"{places.zh}，{names[0].zh} {first} 席、{names[1].zh} {second} 席，"
            f"合计 {first + second} 席",
            f"{places.en}, {names[0].en} ({first}) and {names[1].en} ({second}) hold "
            f"{first + second}",
        )
    if first > second:
        return pair(
            f"{places.zh}，{names[0].zh}最多，占 {first} 席",
            f"{places.en}, {names[0].en} holds most: {first}",
        )
    tied = len(leaders(counts))
    title = facts.level_title(level)
    return pair(
        f"{places.zh}，按{title.zh}计最多各 {first} 席，共 {tied} 个并列",
        f"{places.en}, {tied} {plural(title.en, tied)} hold {first} each, none more",
    )


def measured(value: float, field: Field) -> Text:
    """Write a value with its unit; a bare number without one."""
    return quantity([value], field.digits, field.unit)


def plainly(value: float, unit: Unit) -> Text:
    """Write a bound that was given, without its unit and without zeros after the point."""
    powers = unit.power or Powers(zh=0, en=0)
    given = Decimal(repr(float(value)))

    def written(power: int) -> str:
        return f"{given.scaleb(power).normalize():,f}".replace("-", "−")

    return pair(written(powers.zh), written(powers.en))


def _span(low: float, high: float, field: Field) -> Text:
    """Write a range of values with its unit, or one value where both look the same."""
    return quantity([low, high], field.digits, field.unit)


def lowered(title: str) -> str:
    """Write a title within a sentence: without its capital, unless it begins with an acronym."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def amount(value: float, unit: Unit) -> Text:
    """Write a published number with its unit; with one digit where it is not whole."""
    return quantity([value], 0 if float(value).is_integer() else 1, unit)


def counted_clauses(classes: Classes, facts: Facts) -> Clauses:
    """Count the units of the most frequent categories."""
    labels, counts = classes.labels or [], classes.counts
    total = sum(counts)
    if total == 0:
        return []
    order = sorted(range(len(counts)), key=lambda i: (-counts[i], i))
    named = [i for i in order if counts[i]][: NAMED + 1]
    said = [(labels[i], counts[i]) for i in named]
    return [
        pair(
            f"{total:,} 个{facts.unit_level.zh}中，"
            + "、".join(f"{label.zh} {count:,} 个" for label, count in said),
            f"of {total:,} {plural(facts.unit_level.en, total)}: "
            + ", ".join(f"{label.en} {count:,}" for label, count in said),
        )
    ]
