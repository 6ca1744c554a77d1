"""The shared calculations made a second way: by hand arithmetic, SciPy, Babel and brute force."""

from __future__ import annotations

import decimal
import itertools
import math
import statistics
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import babel.numbers
import pandas as pd
import pyproj
from scipy import stats

from .calculations import Column, Given, series


def _known(values: Column) -> list[float]:
    return [value for value in values if value is not None]


def _normalised(values: Column, given: Given) -> Column:
    known = [value * given["direction"] for value in _known(values)]
    low, high = given["low"], given["high"]
    if given["method"] == "percentile_rank":
        last = len(known) - 1
        shares = [(r - 1) / last for r in stats.rankdata(known)] if last > 0 else [0.5] * len(known)
        found: Column = [low + (high - low) * share for share in shares]
    elif len(set(known)) < 2:
        found = [None] * len(known)
    elif given["method"] == "min_max":
        least, most = min(known), max(known)
        found = [low + (high - low) * ((x - least) / (most - least)) for x in known]
    else:
        found = stats.zscore(known, ddof=1).tolist()
    held = iter(found)
    return [None if value is None else next(held) for value in values]


def normalise(given: Given) -> Column:
    return _normalised(given["values"], given)


def aggregate(given: Given) -> Column:
    weights, found = given["weights"], []
    for row in zip(*given["columns"], strict=True):
        held = [(x, w) for x, w in zip(row, weights, strict=True) if x is not None and w > 0]
        share = math.fsum(w for _, w in held)
        if share == 0 or share / math.fsum(weights) < given["availability"] - 1e-12:
            found.append(None)
        elif given["method"] == "arithmetic":
            found.append(math.fsum(x * w / share for x, w in held))
        elif any(x == 0 for x, _ in held):
            found.append(0.0)
        else:
            found.append(math.prod(x ** (w / share) for x, w in held))
    return found


def ranks(given: Given) -> Column:
    known = _known(given["values"])
    most = max((abs(x) for x in known), default=0)
    hair = 4e-13 * 10.0 ** math.ceil(math.log10(most)) if most > 1e-300 else 0
    return [
        None if x is None else 1 + sum(other > x + hair for other in known) for x in given["values"]
    ]


def index(given: Given) -> Given:
    setting, nodes = given["setting"], given["nodes"]
    scale = {**given["normalise"], "method": setting["normalise"] or given["normalise"]["method"]}
    method = setting["aggregate"] or given["aggregate"]["method"]
    found: dict[str, Column] = {}

    def visit(parent: str) -> bool:
        below = [node for node in nodes if node["parent"] == parent]
        here = []
        for node in below:
            code = node["code"]
            if code in given["raw"]:
                asked = {**scale, "direction": node["direction"]}
                found[code] = _normalised(given["raw"][code], asked)
                here.append(any(value is not None for value in found[code]))
            else:
                here.append(visit(code))
        weights = [
            setting["weights"].get(node["code"], node["weight"]) if there else 0
            for node, there in zip(below, here, strict=True)
        ]
        found[parent] = aggregate(
            {
                "columns": [found[node["code"]] for node in below],
                "weights": weights,
                "method": method,
                "availability": given["aggregate"]["availability"],
            }
        )
        return any(here)

    visit("index")
    scores = found["index"]
    tiers = _tiers(scores, given["tiers"])
    return {
        "nodes": found,
        "rank": ranks({"values": scores}),
        **({} if tiers is None else {"tier": tiers}),
    }


def _tiers(scores: Column, k: int) -> Column | None:
    """Try every partition of the different scores; None where there are too many to try.

    k classes cannot be made of fewer different scores: nobody has a tier then.
    """
    rounded = [None if x is None else round(x, 9) for x in scores]
    levels = sorted(set(_known(rounded)))
    if len(levels) < k:
        return [None] * len(scores)
    if len(levels) > 9:
        return None

    def squares(cuts: tuple[int, ...]) -> float:
        ends = [0, *cuts, len(levels)]
        parts = [levels[a:b] for a, b in itertools.pairwise(ends)]
        held = [[x for x in rounded if x in part] for part in parts]
        return sum(math.fsum((x - statistics.fmean(p)) ** 2 for x in p) for p in held)

    best = min(itertools.combinations(range(1, len(levels)), k - 1), key=squares)
    starts = [levels[cut] for cut in best]
    return [None if x is None else k - sum(x >= start for start in starts) for x in rounded]


def change(given: Given) -> Column:
    table = pd.DataFrame({key: series(given[key]) for key in ("before", "after")})
    start = table["before"].where(table["before"] > 0) if given["relative"] else table["before"]
    found = (table["after"] - start) * (100 / start if given["relative"] else 1)
    return [None if math.isnan(value) else value for value in found]


def tier_ranges(given: Given) -> list[Given]:
    pairs = [
        (int(t), r)
        for r, t in zip(given["rank"], given["tier"], strict=True)
        if r is not None and t is not None
    ]
    tiers = {tier: [r for t, r in pairs if t == tier] for tier, _ in sorted(pairs)}
    return [{"tier": t, "first": min(held), "last": max(held)} for t, held in tiers.items()]


def sums(given: Given) -> list[Given]:
    found = []
    for group in range(given["groups"]):
        members = [unit for unit in given["members"] if given["of"][unit] == group]
        known = _known([given["values"][unit] for unit in members])
        if known:
            total = {"group": group, "sum": math.fsum(known), "data": len(known)}
            found.append({**total, "partial": len(known) < len(members)})
    return found


def counts(given: Given) -> Given:
    members = list(zip(given["units"], given["own"], strict=True))
    could = [unit for unit, _ in members if given["eligible"][unit]]
    covered = [unit for unit in could if given["rank"][unit] is not None]
    return {
        "units": len(members),
        "count": sum(own and given["rank"][unit] is not None for unit, own in members),
        "all": sum(given["rank"][unit] is not None for unit, _ in members),
        "of": len(could),
        "coverage": len(covered) / len(could) if could else None,
    }


def standing(given: Given) -> float | None:
    own = given["values"][given["unit"]]
    units = range(len(given["values"])) if given["among"] is None else given["among"]
    others = _known([given["values"][unit] for unit in units if unit != given["unit"]])
    if own is None:
        return None
    if not others:
        return 0.5
    return float(stats.percentileofscore(others, own, kind="mean")) / 100


def peers(given: Given) -> list[int]:
    table = []
    for values in given["fields"]:
        scale = {"method": "percentile_rank", "low": 0, "high": 1, "direction": 1}
        ranked = _normalised(_normalised(values, scale), {**scale, "method": "z_score"})
        if any(value is not None for value in ranked):
            table.append(ranked)
    found = []
    for other, kind in enumerate(given["types"]):
        both = [(c[given["unit"]], c[other]) for c in table]
        gaps = [(a - b) ** 2 for a, b in both if a is not None and b is not None]
        alike = kind == given["types"][given["unit"]] and other != given["unit"]
        if alike and gaps and len(gaps) / len(table) >= 0.6 - 1e-9:
            found.append((round(statistics.fmean(gaps), 12), other))
    return [other for _, other in sorted(found)][: given["count"]]


def neighbours(given: Given) -> list[list[int]]:
    cells = given["cells"]
    height, width = len(cells), len(cells[0])
    at = {(y, x): cells[y][x] for y in range(height) for x in range(width)}
    pairs = {
        (one, at.get(place))
        for (y, x), one in at.items()
        for place in [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    }
    units = sorted({unit for unit in at.values() if unit is not None})
    return [sorted(b for a, b in pairs if a == unit and b not in (None, unit)) for unit in units]


def distance(given: Given) -> float:
    return float(pyproj.Geod(ellps="WGS84").inv(*given["from"], *given["to"])[2]) / 1000


def gini(given: Given) -> float | None:
    """Take half the mean difference of two units over the mean."""
    known = _known(given["values"])
    total = math.fsum(known)
    if not known or min(known) < 0 or total == 0:
        return None
    apart = math.fsum(abs(a - b) for a in known for b in known)
    return apart / (2 * len(known) * total)


def median(given: Given) -> float | None:
    known = _known(given["values"])
    return statistics.median(known) if known else None


def _written(value: float, digits: int, lang: str, power: int = 0) -> str:
    """Round as decimals are by hand, then write as Babel does."""
    exact = Decimal(repr(float(value)))
    with decimal.localcontext(prec=60, rounding=decimal.ROUND_HALF_UP):
        held = exact.quantize(Decimal(1).scaleb(-digits)).scaleb(power) + 0
        shown = max(0, digits - power)
        # A whole number needs no zeros that only its unit adds.
        if digits == 0:
            shown = max(0, -int(held.normalize().as_tuple().exponent))
        # Spanish does not part four digits, which Babel does not know.
        grouped = "0" if lang == "es" and abs(held) < 10_000 else "#,##0"
        text = babel.numbers.format_decimal(
            abs(held), f"{grouped}.{'0' * shown}".rstrip("."), locale=lang.replace("-", "_"),
            numbering_system="default",
        )  # fmt: skip
    if lang == "ar-EG":
        text = "".join(_eastern(sign) if sign.isdigit() else sign for sign in text)
    return f"−{text}" if held < 0 else text


def _eastern(digit: str) -> str:
    return unicodedata.lookup(f"ARABIC-INDIC {unicodedata.name(digit)}")


_NARROW = {"fr": "\u202f", "es": "\u202f"}
"""What stands before a percent sign: CLDR's gap, narrow."""


def number(given: Given) -> str:
    value, digits, unit = given["value"], given["digits"], given["unit"] or {}
    # Two significant digits below one.
    if 0 < abs(value) < 1:
        leading = -math.floor(math.log10(abs(Decimal(repr(float(value))))))
        digits = max(digits, min(6, leading + 1))
    lang = given["lang"]
    power = (unit.get("power") or {}).get(lang, 0)
    name = unit.get("name", {}).get(lang, "")
    gap = ("\u00a0" if lang == "fr" else " ") if name else ""
    if name.startswith("%"):
        gap = _NARROW.get(lang, "")
    return f"{_written(value, digits, lang, power)}{gap}{name}"


def percent(given: Given) -> str:
    share, lang = given["share"], given["lang"]
    digits = 2 if 0 < abs(share) < 0.001 else 1
    rounded = Decimal(repr(float(100 * share))).quantize(
        Decimal(1).scaleb(-digits), rounding=decimal.ROUND_HALF_UP
    )
    whole = digits == 1 and rounded == int(rounded)
    sign = "٪" if lang == "ar-EG" else "%"
    return _written(100 * share, 0 if whole else digits, lang) + _NARROW.get(lang, "") + sign


def projection(given: Given) -> list[float]:
    """Project without a change of datum."""
    return list(pyproj.Proj(given["definition"])(*given["lonlat"]))


def place(given: Given) -> list[float]:
    return list(pyproj.Proj(given["definition"])(*given["xy"], inverse=True))


def mercator(given: Given) -> list[float]:
    lon, lat = (math.radians(degrees) for degrees in given["lonlat"])
    return [6378137 * lon, 6378137 * math.asinh(math.tan(lat))]


def vertices(given: Given) -> Column:
    """Take the vertex of the least triangle away, again and again."""
    points, found = given["points"], [None] * len(given["points"])
    left, reached = list(range(len(points))), 0.0
    while len(left) > 2:
        areas = []
        for before, at, after in zip(left, left[1:], left[2:], strict=False):
            (ax, ay), (bx, by), (cx, cy) = points[before], points[at], points[after]
            areas.append((abs((ax - bx) * (cy - by) - (ay - by) * (cx - bx)) / 2, at))
        area, at = min(areas)
        reached = max(reached, area)
        found[at] = reached
        left.remove(at)
    return found


def filter_(given: Given) -> list[int]:
    def passes(unit: int, scope: str, value: str) -> bool:
        last = value.split(":")[1:]
        field = given["field"][unit]
        if scope == "type":
            return bool(given["types"][unit] == value)
        if scope == "province":
            return f"p{given['parents'][unit]}" == value
        if scope == "metro":
            return any((at, region) == (unit, value) for at, region, _ in given["members"])
        if scope == "tier":
            return bool(given["tier"][unit] == int(last[0]))
        if scope == "top":
            return given["rank"][unit] is not None and given["rank"][unit] <= int(last[0])
        ends = [float(end or free) for end, free in zip(last, ("-inf", "inf"), strict=True)]
        return field is not None and ends[0] <= field <= ends[1]

    asked = [(item["scope"], item["value"]) for item in given["filters"]]
    units = range(len(given["types"]))
    return [unit for unit in units if all(passes(unit, *item) for item in asked)]


SECOND_WAYS: dict[str, Callable[[Given], Any]] = {
    "aggregate": aggregate,
    "change": change,
    "counts": counts,
    "distance": distance,
    "filter": filter_,
    "gini": gini,
    "index": index,
    "median": median,
    "mercator": mercator,
    "neighbours": neighbours,
    "normalise": normalise,
    "number": number,
    "peers": peers,
    "percent": percent,
    "place": place,
    "projection": projection,
    "ranks": ranks,
    "standing": standing,
    "sums": sums,
    "tier_ranges": tier_ranges,
    "vertices": vertices,
}
