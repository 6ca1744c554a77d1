"""What findings say of a plate that opens with a chart, and of published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from regional_atlas.classify import percent_change
from regional_atlas.page.facts import NAMED, Facts, leaders, listed
from regional_atlas.page.field_findings import lowered, plainly
from regional_atlas.page.text import Pair, english_list, pair, percent, plural, quantity

__all__ = ["CHARTED", "figure_clauses"]

Plate = dict[str, Any]
Clauses = list[Pair | None]

FIRST = 10
"""Places that count as the front of a ranking."""


def figure_clauses(plate: Plate, facts: Facts) -> Clauses:
    """Say what is highest and lowest in each series, and what changed over stacked ones."""
    if plate.get("chart") == "stacked" and len(plate["series"]) > 1:
        return _stacked(plate, facts)
    return [_extremes(plate, at, facts) for at in range(len(plate["series"]))]


def _extremes(plate: Plate, at: int, facts: Facts) -> Pair | None:
    known = [row for row in plate["rows"] if row["values"][at] is not None]
    if not known:
        return None
    # What stands beside the areas is a remainder, and leads nothing.
    areas = [row for row in known if row["area"] is not None] or known
    ordered = sorted(areas, key=lambda row: -row["values"][at])
    high, low = ordered[0], ordered[-1]
    series = plate["series"][at]
    title = series["title"]
    top = _shown(high, at, series["unit"])
    tied = [row for row in ordered if row["values"][at] == high["values"][at]]
    names = listed([_named(plate, row, facts) for row in tied[:NAMED]])
    if len(tied) > NAMED or len(ordered) == 1:
        return None
    most = pair(
        f"{title['zh']}{'以' if title['zh'] else ''}{names['zh']}最高（{top['zh']}）",
        f"{title['en']}{': ' if title['en'] else ''}highest {'in' if plate['scope'] else 'for'} "
        f"{names['en']} ({top['en']})",
    )
    lowest = [row for row in ordered if row["values"][at] == low["values"][at]]
    if len(lowest) > 1:
        return most
    name, least = _named(plate, low, facts), _shown(low, at, series["unit"])
    return pair(
        f"{most['zh']}，{name['zh']}最低（{least['zh']}）",
        f"{most['en']} and lowest {'in' if plate['scope'] else 'for'} {name['en']} ({least['en']})",
    )


def _stacked(plate: Plate, facts: Facts) -> Clauses:
    """Say who holds most in the last series, and who gained and lost since the first."""
    first, last = plate["series"][0]["title"], plate["series"][-1]["title"]
    rows = [row for row in plate["rows"] if row["values"][0] is not None]
    rows = [row for row in rows if row["values"][-1] is not None]
    total = sum(row["values"][-1] for row in rows)
    if not rows or total == 0:
        return []
    most = max(rows, key=lambda row: row["values"][-1])
    name, share = _name(plate, most, facts), percent(most["values"][-1] / total)
    held = _value(most["values"][-1], plate["series"][-1]["unit"])
    leading = pair(
        f"{last['zh']} 年{name['zh']}占 {held['zh']}（{share}）",
        f"in {last['en']}, {name['en']} holds {held['en']} ({share})",
    )
    moved = [(row["values"][-1] - row["values"][0], row) for row in rows]
    changed = sorted((item for item in moved if item[0]), key=lambda item: -item[0])
    if not changed:
        return [leading]
    unit = plate["series"][-1]["unit"]
    said = [(_name(plate, row, facts), _gain(by, unit)) for by, row in changed]
    return [
        leading,
        pair(
            f"与 {first['zh']} 年相比，" + "、".join(f"{n['zh']} {gain['zh']}" for n, gain in said),
            f"since {first['en']}: "
            + english_list([f"{n['en']} {gain['en']}" for n, gain in said]),
        ),
    ]


def _name(plate: Plate, row: dict[str, Any], facts: Facts) -> Pair:
    if row["area"] is None:
        title: Pair = row["title"]
        return title
    if plate["scope"] in facts.store["parents"]:
        return facts.parent(plate["scope"], row["area"])
    return facts.region(plate["scope"], row["area"])


def _named(plate: Plate, row: dict[str, Any], facts: Facts) -> Pair:
    """Name a row within a sentence: what is no place begins with a small letter."""
    name = _name(plate, row, facts)
    return pair(name["zh"], name["en"] if row["area"] is not None else lowered(name["en"]))


def _gain(by: float, unit: dict[str, Any]) -> Pair:
    gain = plainly(float(f"{by:g}"), {"unit": unit})
    return gain if by < 0 else pair(f"+{gain['zh']}", f"+{gain['en']}")


def _shown(row: dict[str, Any], at: int, unit: dict[str, Any]) -> Pair:
    value, sign = _value(row["values"][at], unit), row["signs"][at]
    return pair(f"{sign}{value['zh']}", f"{sign}{value['en']}")


def _value(value: float, unit: dict[str, Any]) -> Pair:
    return quantity([value], 0 if float(value).is_integer() else 1, unit)


def _treemap(plate: Plate, facts: Facts) -> Clauses:
    """Say who holds most at each level."""
    best = facts.best(plate["ranking"])
    clauses: Clauses = []
    for level in [level["id"] for level in facts.spec["levels"]]:
        counts = facts.by_parent(level, best)
        top = leaders(counts)
        if not top or len(top) > NAMED:
            continue
        names, count = listed([facts.parent(level, at) for at in top]), counts[top[0]]
        title = facts.title("levels", level)
        each = len(top) > 1
        clauses.append(
            pair(
                f"{title['zh']}中{names['zh']}{'并列' if each else ''}最多，"
                f"{'各' if each else ''}占 {count} 席",
                f"among {plural(title['en'], 2)}, {names['en']} "
                f"{'hold' if each else 'holds'} most: {count} of {len(best)}"
                f"{' each' if each else ''}",
            )
        )
    return clauses


def _strip(plate: Plate, facts: Facts) -> Clauses:
    """Say how many parents are ranked at all, who shares the front, and the widest span."""
    level, ranks = facts.level, facts.ranks(plate["ranking"])
    best = facts.best(plate["ranking"])
    if level is None or not best:
        return []
    counts = facts.by_parent(level, best)
    title, total = facts.title("levels", level), len(facts.store["parents"][level]["ids"])
    clauses: Clauses = [
        pair(
            f"{total} 个{title['zh']}中 {len(counts)} 个有单元上榜",
            f"{len(counts)} of {total} {plural(title['en'], total)} "
            f"{'has' if len(counts) == 1 else 'have'} a unit in the ranking",
        )
    ]
    front: Counter[int] = facts.by_parent(level, best[:FIRST])
    top = leaders(front)
    if len(best) > FIRST and 0 < len(top) <= NAMED:
        names, each = listed([facts.parent(level, at) for at in top]), len(top) > 1
        clauses.append(
            pair(
                f"前 {FIRST} 名中{names['zh']}{'各' if each else ''}占 {front[top[0]]} 席",
                f"{names['en']} {'hold' if each else 'holds'} {front[top[0]]} of the first {FIRST}"
                f"{' each' if each else ''}",
            )
        )
    many = leaders(counts)
    if len(many) == 1 and counts[many[0]] > 1:
        of = np.array(facts.store["parents"][level]["of"])
        held = ranks[(of == many[0]) & ~np.isnan(ranks)]
        name = facts.parent(level, many[0])
        clauses.append(
            pair(
                f"{name['zh']}上榜最多（{counts[many[0]]} 个），名次由第 {held.min():.0f} "
                f"至第 {held.max():.0f}",
                f"{name['en']} has most ({counts[many[0]]}), from rank {held.min():.0f} to "
                f"{held.max():.0f}",
            )
        )
    return clauses


def _sums(plate: Plate, facts: Facts) -> Clauses:
    """Say which outer parent holds most of a sum, and which grew fastest since the level shift.

    Parents whose sum is partial in either year are left out, and counted.
    """
    level = facts.spec["levels"][0]["id"] if facts.spec["levels"] else None
    if level is None or plate["field"] not in facts.extensive:
        return []
    until = plate["years"][-1]
    shifts = [year for year in plate.get("level_shifts", []) if year <= until]
    since = max([plate["years"][0], *shifts])
    before, gaps = facts.by_area(level, plate["field"], since)
    after, more = facts.by_area(level, plate["field"], until)
    whole = np.flatnonzero(~(gaps | more | np.isnan(before) | np.isnan(after)))
    before, after = before[whole], after[whole]
    total, left_out = float(after.sum()), len(gaps) - len(whole)
    if total <= 0:
        return []
    top = int(np.argmax(after))
    name, share = facts.parent(level, int(whole[top])), percent(after[top] / total)
    title, scope = facts.entry("fields", plate["field"])["title"], facts.title("levels", level)
    complete = pair("数据完整的", " with complete data") if left_out else pair("", "")
    clauses: Clauses = [
        pair(
            f"{until} 年{name['zh']}占{complete['zh']}{scope['zh']}{title['zh']}的 {share}",
            f"in {until}, {name['en']} holds {share} of the {lowered(title['en'])} of all "
            f"{plural(scope['en'], 2)}{complete['en']}",
        )
    ]
    growth = (percent_change(before, after) / 100).tolist()
    if since < until and not np.isnan(growth).any() and len(growth) > 1:
        fast, slow = int(np.argmax(growth)), int(np.argmin(growth))
        first, last = (facts.parent(level, int(whole[at])) for at in (fast, slow))
        clauses.append(
            pair(
                f"{since}–{until} 年{first['zh']}增长最快（{percent(growth[fast])}），"
                f"{last['zh']}最慢（{percent(growth[slow])}）",
                f"from {since} to {until}, {first['en']} grew fastest ({percent(growth[fast])}), "
                f"{last['en']} slowest ({percent(growth[slow])})",
            )
        )
    if left_out:
        clauses.append(
            pair(
                f"{left_out} 个{scope['zh']}因部分成员无数据未计入",
                f"{left_out} {plural(scope['en'], left_out)} left out, since some of "
                f"{'its' if left_out == 1 else 'their'} members have no data",
            )
        )
    return clauses


def _timeline(plate: Plate, facts: Facts) -> Clauses:
    """Say which groups are oldest and largest."""
    entry = facts.entry("clusters", plate["set"])
    counts = Counter(item["group"] for item in entry["items"])
    dated = [group for group in entry["groups"] if group["since"] is not None]
    if not dated:
        return []
    year = min(group["since"] for group in dated)
    oldest = listed([group["title"] for group in dated if group["since"] == year])
    clauses: Clauses = [
        pair(f"最早的是{oldest['zh']}（{year} 年）", f"{oldest['en']} came first, in {year}")
    ]
    most = max(entry["groups"], key=lambda group: counts[group["id"]])
    if [counts[group["id"]] for group in entry["groups"]].count(counts[most["id"]]) == 1:
        held, all_items = counts[most["id"]], len(entry["items"])
        clauses.append(
            pair(
                f"{all_items} 个集群中{most['title']['zh']}最多，有 {held} 个",
                f"{held} of the {all_items} clusters belong to {most['title']['en']}",
            )
        )
    return clauses


def _bubble(plate: Plate, facts: Facts) -> Clauses:
    """Say which cluster is largest, and what the sizes add up to in the leading parent."""
    entry = facts.entry("clusters", plate["set"])
    sized = [item for item in entry["items"] if item["size"] is not None]
    if not sized:
        return []
    unit = entry["size_unit"] or pair("", "")
    top = max(item["size"] for item in sized)
    largest = [item for item in sized if item["size"] == top]
    clauses: Clauses = []
    if len(largest) == 1:
        item, size = largest[0], _value(top, unit)
        where = facts.units(item["units"][:1]) if item["units"] else pair("", "")
        clauses.append(
            pair(
                f"规模最大的是{where['zh']}的{item['title']['zh']}（{size['zh']}）",
                f"the largest is {item['title']['en']}, {where['en']} ({size['en']})",
            )
        )
    if facts.level is not None:
        of = facts.store["parents"][facts.level]["of"]
        counts = Counter(of[item["units"][0]] for item in sized if item["units"])
        lead, title = leaders(counts), facts.title("levels", facts.level)
        if len(lead) == 1 and lead[0] >= 0:
            name, held = facts.parent(facts.level, lead[0]), counts[lead[0]]
            clauses.append(
                pair(
                    f"{len(sized)} 个集群中{name['zh']}有 {held} 个，居各{title['zh']}之首",
                    f"{name['en']} has {held} of the {len(sized)}, more than any other "
                    f"{title['en']}",
                )
            )
    return clauses


CHARTED: dict[tuple[str, str], Callable[[Plate, Facts], Clauses]] = {
    ("ranking", "treemap"): _treemap,
    ("ranking", "strip"): _strip,
    ("years", "stacked"): _sums,
    ("clusters", "timeline"): _timeline,
    ("clusters", "bubble"): _bubble,
}
"""By kind of plate and chart: what the finding says in place of the kind's own."""
