"""What findings of several kinds say: of a field, of its years, of who holds places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regional_atlas.core.catalogues import ENGLISH
from regional_atlas.core.numerals import Bound, Percent, Year, number
from regional_atlas.core.texts import Joined, Message, Quantity, Said, Unit
from regional_atlas.page.facts import NAMED, Facts, Floats, leaders
from regional_atlas.page.format import Classes, Field
from regional_atlas.page.plates._kind import Clauses

__all__ = [
    "amount",
    "counted_clauses",
    "measured",
    "places_clauses",
    "spread_clauses",
    "within",
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
        clauses.append(Message("finding-middle", {"half": half, "high": high}))
    if middle is None:
        return clauses
    return [*clauses, _below(known, middle, field, facts)]


def _below(known: Floats, middle: float, field: Field, facts: Facts) -> Said | None:
    """Count the units below the middle of a diverging plate."""
    count = int((known < middle).sum())
    if count == 0:
        return None
    return Message(
        "finding-below",
        {
            "count": count,
            "unit": facts.unit_level,
            "share": Percent(count / known.size),
            "bound": Bound(middle, field.unit.power),
        },
    )


def _highest(values: Floats, field: Field, facts: Facts) -> Said:
    values = facts.comparable(values)
    order = np.argsort(-values, kind="stable")[: min(NAMED, int((~np.isnan(values)).sum()))]
    tied = int((values == values[order[0]]).sum())
    if tied > order.size:
        return _shared(tied, float(values[order[0]]), field, facts)
    low, high = float(values[order[-1]]), float(values[order[0]])
    return Message(
        "finding-highest",
        {
            "title": field.title,
            "names": facts.units(int(unit) for unit in order),
            "span": Quantity([low, high], field.digits, field.unit),
        },
    )


def _shared(tied: int, value: float, field: Field, facts: Facts) -> Said:
    return Message(
        "finding-shared",
        {
            "count": tied,
            "unit": facts.unit_level,
            "title": field.title,
            "top": measured(value, field),
        },
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
    top = _top(values, field, facts)
    return [
        _change(name, base, year, facts),
        Message("finding-in-year", {"year": Year(year), "clause": top}),
    ]


def _top(values: Floats, field: Field, facts: Facts) -> Said:
    values = facts.comparable(values)
    top = int(np.nanargmax(values))
    tied = int((values == values[top]).sum())
    if tied > 1:
        return _shared(tied, float(values[top]), field, facts)
    return Message(
        "finding-top",
        {
            "name": facts.unit(top),
            "title": field.title,
            "value": measured(float(values[top]), field),
        },
    )


def _change(name: str, base: int, year: int, facts: Facts) -> Said | None:
    """Say how the total of all units changed, or their median where values do not add up."""
    if base >= year:
        return None
    whole = _total(name, facts)
    field = facts.field(whole or name)
    before, after = facts.values(field.id, base), facts.values(field.id, year)
    both = ~np.isnan(before) & ~np.isnan(after)
    if not both.any():
        return None
    given = {
        "since": Year(base),
        "until": Year(year),
        "title": field.title,
        "unit": facts.unit_level,
    }
    if whole is None:
        return Message("finding-median", given | _medians(before[both], after[both], field))
    old, new = float(before[both].sum()), float(after[both].sum())
    if old <= 0:
        return None
    share = new / old - 1
    change = "up" if share >= 0 else "down"
    return Message("finding-total", given | {"change": change, "share": Percent(abs(share))})


def _total(name: str, facts: Facts) -> str | None:
    """Field whose values add up and that tells of a field's total: itself, or its sum."""
    candidates = [name, name.removesuffix("_mean") + "_sum"]
    adding = {field.id for field in facts.spec.fields if field.extensive and field.years}
    return next((candidate for candidate in candidates if candidate in adding), None)


def _medians(before: Floats, after: Floats, field: Field) -> dict[str, Said | str]:
    """Give the medians of two years, and whether a reader sees a change."""
    first, last = float(np.median(before)), float(np.median(after))
    written = [number(value, field.digits, lang=ENGLISH) for value in (first, last)]
    change = "same" if written[0] == written[1] else "up" if last > first else "down"
    return {"first": measured(first, field), "last": measured(last, field), "change": change}


def places_clauses(ranking: str, facts: Facts) -> Clauses:
    """Say which parents hold most places of a ranking, and who leads."""
    best = facts.best(ranking)
    if not best:
        return []
    if len(best) > LONG:
        top = best[:100]
        return [
            _parents_of(top, facts, Message("places-first", {"count": len(top)})),
            _leader(best, facts),
        ]
    places = Message("places-all", {"count": len(best)})
    return [_parents_of(best, facts, places), _leader(best, facts)]


def _leader(best: list[int], facts: Facts) -> Said:
    return Message("finding-leads", {"name": facts.unit(best[0])})


def _parents_of(units: list[int], facts: Facts, places: Said) -> Said | None:
    """Say which parents hold most of the units."""
    level = facts.level
    counts = facts.by_parent(level, units) if level else None
    if level is None or not counts:
        return None
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    names = [facts.parent(level, key) for key, _ in ordered]
    one, two, three = [*(count for _, count in ordered[:3]), 0, 0][:3]
    first = {"places": places, "first": names[0], "one": one}
    if two == 0:
        return Message("finding-places-one", {"places": places, "first": names[0]})
    if two > three:
        second = {"second": names[1], "two": two, "sum": one + two}
        return Message("finding-places-two", first | second)
    if one > two:
        return Message("finding-places-most", first)
    return Message(
        "finding-places-tied",
        {
            "places": places,
            "one": one,
            "tied": len(leaders(counts)),
            "level": facts.level_title(level),
        },
    )


def measured(value: float, field: Field) -> Quantity:
    """Write a value with its unit; a bare number without one."""
    return Quantity([value], field.digits, field.unit)


def within(title: Said) -> Said:
    """Write a title within a sentence, as the language does."""
    return Message("within-sentence", {"text": title})


def amount(value: float, unit: Unit, sign: str = "") -> Quantity:
    """Write a published number with its unit; with one digit where it is not whole."""
    return Quantity([value], 0 if float(value).is_integer() else 1, unit, sign)


def counted_clauses(classes: Classes, facts: Facts) -> Clauses:
    """Count the units of the most frequent categories."""
    labels, counts = classes.labels or [], classes.counts
    total = sum(counts)
    if total == 0:
        return []
    order = sorted(range(len(counts)), key=lambda i: (-counts[i], i))
    named = [i for i in order if counts[i]][: NAMED + 1]
    each = [Message("finding-category", {"label": labels[i], "count": counts[i]}) for i in named]
    return [
        Message(
            "finding-categories",
            {"total": total, "unit": facts.unit_level, "counts": Joined(each, "comma")},
        )
    ]
