"""One quotable sentence for each plate, in Chinese and English, made from the data.

Each clause states a condition under which it holds: two parents are named together only if no
third has as many, "more than any other" only where there is no tie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from regional_atlas.page.chart_findings import CHARTED, figure_clauses
from regional_atlas.page.classes import tier_name
from regional_atlas.page.compared_findings import (
    bivariate_clauses,
    category_clauses,
    change_clauses,
    multiples_clauses,
)
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.field_findings import choropleth_clauses, years_clauses
from regional_atlas.page.panel_plates import panel_clauses
from regional_atlas.page.space_plates import space_clauses
from regional_atlas.page.text import Pair, english_list, pair, percent, plural, sentence

__all__ = ["finding"]

LONG = 200
"""A ranking longer than this is spoken of by its first hundred."""


def finding(plate: dict[str, Any], facts: Facts) -> Pair:
    """Say in one sentence what a plate shows.

    Parameters
    ----------
    plate : dict
        A plate of the specification, complete but for its finding.
    facts : Facts
        The specification without plates, and the store.

    Returns
    -------
    Pair
        Empty where there is nothing to say: no unit ranked, no value.
    """
    if "codes" in plate:
        return sentence(space_clauses(plate, facts))
    clauses = CHARTED.get((plate["kind"], plate.get("chart", "")), _CLAUSES[plate["kind"]])
    return sentence(clauses(plate, facts))


def _ranking(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    best = facts.best(plate["ranking"])
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


def _leader(best: list[int], facts: Facts) -> Pair:
    name = facts.unit(best[0])
    return pair(f"{name['zh']}居首", f"{name['en']} leads")


def _parents_of(units: list[int], facts: Facts, places: Pair) -> Pair | None:
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
            f"{places['zh']}，全部在{names[0]['zh']}",
            f"{places['en']}, all are in {names[0]['en']}",
        )
    if second > third:
        return pair(
            f"{places['zh']}，{names[0]['zh']} {first} 席、{names[1]['zh']} {second} 席，"
            f"合计 {first + second} 席",
            f"{places['en']}, {names[0]['en']} ({first}) and {names[1]['en']} ({second}) hold "
            f"{first + second}",
        )
    if first > second:
        return pair(
            f"{places['zh']}，{names[0]['zh']}最多，占 {first} 席",
            f"{places['en']}, {names[0]['en']} holds most: {first}",
        )
    tied = len(leaders(counts))
    title = facts.title("levels", level)
    return pair(
        f"{places['zh']}，按{title['zh']}计最多各 {first} 席，共 {tied} 个并列",
        f"{places['en']}, {tied} {plural(title['en'], tied)} hold {first} each, none more",
    )


def _tiers(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    tiers = facts.tiers(plate["ranking"])
    best = facts.best(plate["ranking"])
    known = [tier["tier"] for tier in facts.entry("rankings", plate["ranking"])["tiers"]]
    if not known:
        return []
    first, *rest = known
    members = [unit for unit in best if tiers[unit] == first]
    sizes = {tier: int((tiers == tier).sum()) for tier in known}
    name, size = tier_name(first), sizes[first]
    few = len(members) <= 2 * NAMED
    named = facts.units(members if few else members[:NAMED])
    units = plural(facts.unit_level["en"], size)
    leading = (
        pair(
            f"{name['zh']}共 {size:,} 个：{named['zh']}",
            f"{name['en']} holds {size:,} {units}: {named['en']}",
        )
        if few
        else pair(
            f"{name['zh']}共 {size:,} 个，前{_numeral(NAMED)}名是{named['zh']}",
            f"{name['en']} holds {size:,} {units}, led by {named['en']}",
        )
    )
    if not rest:
        return [leading]
    return [
        leading,
        pair(
            "、".join(f"{tier_name(tier)['zh']} {sizes[tier]:,} 个" for tier in rest),
            f"{plural('tier', len(rest))} {english_list([str(tier) for tier in rest])} "
            f"{'holds' if len(rest) == 1 else 'hold'} "
            f"{english_list([f'{sizes[tier]:,}' for tier in rest])}",
        ),
    ]


def _numeral(count: int) -> str:
    return "零一二三四五六七八九"[count]


def _regions(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    kind = plate["region_kind"]
    title, members = facts.title("kinds", kind), set(facts.store["membership"][kind]["unit"])
    regions = len(facts.entry("kinds", kind)["regions"])
    if plate["ranking"] is None:
        total, unit = len(facts.store["unit_id"]), facts.unit_level
        return [
            pair(
                f"{regions} 个{title['zh']}覆盖 {len(members):,} 个{unit['zh']}，"
                f"占总数的 {percent(len(members) / total)}",
                f"{regions} {plural(title['en'], regions)} "
                f"{'covers' if regions == 1 else 'cover'} {len(members):,} of "
                f"{total:,} {plural(unit['en'], total)} ({percent(len(members) / total)})",
            )
        ]
    best = facts.best(plate["ranking"])
    if not best:
        return []
    inside = sum(unit in members for unit in best)
    some = pair(
        f"{len(best):,} 席中有 {inside:,} 席在{title['zh']}内",
        f"{inside:,} of the {len(best):,} {plural('place', len(best))} "
        f"{'lies' if inside == 1 else 'lie'} in "
        f"{_article(title['en'])} {title['en']}",
    )
    counts = facts.by_region(kind, best)
    top = leaders(counts)
    if not top:
        return [some]
    names = listed([facts.region(kind, region) for region in top[:NAMED]])
    count = counts[top[0]]
    if len(top) == 1:
        most = pair(
            f"{names['zh']}占 {count:,} 席，居各{title['zh']}之首",
            f"{names['en']} holds {count:,}, more than any other {title['en']}",
        )
    elif len(top) <= NAMED:
        most = pair(
            f"{names['zh']}各占 {count:,} 席，并列最多",
            f"{names['en']} hold {count:,} each, more than any other {title['en']}",
        )
    else:
        most = pair(
            f"{len(top)} 个{title['zh']}各占 {count:,} 席，并列最多",
            f"{len(top)} {plural(title['en'], len(top))} hold {count:,} each, none more",
        )
    return [some, most]


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _coverage(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    level = plate["level"]
    if plate["measure"] == "count":
        return _ranking(plate, facts)
    rows = [row for row in plate["rows"] if row["share"] is not None]
    ranked = sorted(
        (row for row in rows if row["count"]), key=lambda row: (-row["share"], -row["of"])
    )
    if not ranked:
        return []
    first = ranked[0]
    name, share = facts.parent(level, first["parent"]), percent(first["share"])
    tied = sum(row["share"] == first["share"] for row in ranked)
    most = pair(
        f"{name['zh']}{'并列' if tied > 1 else ''}最高："
        f"{first['of']} 个中有 {first['count']} 个上榜（{share}）",
        f"{name['en']} has the highest share{' (shared)' if tied > 1 else ''}: "
        f"{first['count']} of {first['of']} ({share})",
    )
    after = None
    if tied == 1 and len(ranked) > 1:
        second = ranked[1]
        other = facts.parent(level, second["parent"])
        after = pair(
            f"其次是{other['zh']}，{second['of']} 个中有 {second['count']} 个"
            f"（{percent(second['share'])}）",
            f"then comes {other['en']}: {second['count']} of {second['of']} "
            f"({percent(second['share'])})",
        )
    none = len(rows) - len(ranked)
    title = facts.title("levels", level)
    empty = (
        pair(
            f"按{title['zh']}计，有 {none} 个无一上榜",
            f"{none} {plural(title['en'], none)} {'has' if none == 1 else 'have'} none",
        )
        if none
        else None
    )
    return [most, after, empty]


def _clusters(plate: dict[str, Any], facts: Facts) -> list[Pair | None]:
    items = facts.entry("clusters", plate["set"])["items"]
    held: dict[int, int] = {}
    for item in items:
        for unit in set(item["units"]):
            held[unit] = held.get(unit, 0) + 1
    if not held:
        return []
    total, units = len(items), len(held)
    where = pair(
        f"{total:,} 个集群分布在 {units:,} 个{facts.unit_level['zh']}",
        f"{total:,} {plural('cluster', total)} {'lies' if total == 1 else 'lie'} in {units:,} "
        f"{plural(facts.unit_level['en'], units)}",
    )
    most = max(held.values())
    top = [unit for unit in sorted(held) if held[unit] == most]
    if most == 1 or len(top) > NAMED:
        return [where]
    names = facts.units(top)
    each = "各" if len(top) > 1 else ""
    return [
        where,
        pair(
            f"{names['zh']}最多，{each}有 {most} 个",
            f"{names['en']} {'have' if len(top) > 1 else 'has'} most: {most}"
            f"{' each' if len(top) > 1 else ''}",
        ),
    ]


_CLAUSES: dict[str, Callable[[dict[str, Any], Facts], list[Pair | None]]] = {
    "ranking": _ranking,
    "tiers": _tiers,
    "regions": _regions,
    "coverage": _coverage,
    "choropleth": choropleth_clauses,
    "years": years_clauses,
    "multiples": multiples_clauses,
    "panels": panel_clauses,
    "change": change_clauses,
    "bivariate": bivariate_clauses,
    "categories": category_clauses,
    "clusters": _clusters,
    "figure": figure_clauses,
}
