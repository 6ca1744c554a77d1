"""Every calculation that the package and the page's script both make, in plain JSON.

Of each: what it is asked by hand, how a question is drawn at random, and the package's answer. The
page's answers are in `web/test/calculations.ts`, under the same names.

    python tests/shared/make.py

writes the questions and answers to `<name>.json`. `test_cases.py` fails where a file is stale and
checks each answer in a second way; `web/test/shared.test.ts` asks the page; `test_page.py` asks
both sides what is drawn at random, the page in a browser.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pydantic import TypeAdapter

from regional_atlas.config.index import IndexConfig, NormaliseConfig, TiersConfig
from regional_atlas.core import numerals
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.kinds import Extensive, IndicatorMeta, Parts
from regional_atlas.core.schema import AtlasTables, BuildReport
from regional_atlas.core.texts import Quantity, Text, Unit
from regional_atlas.membership.rollup import count_ranked, roll_up
from regional_atlas.page.format import Unit as PageUnit
from regional_atlas.page.geometry import flat_geometry
from regional_atlas.page.plates.change import changed
from regional_atlas.page.spec import tier_ranks
from regional_atlas.query.answers import query_units
from regional_atlas.query.basis import Basis
from regional_atlas.query.question import Question
from regional_atlas.scoring import percentile_rank, rank_scores, score, weighted_mean
from regional_atlas.scoring.steps.normalise import normalise_series
from regional_atlas.spatial import gini, peers_of
from regional_atlas.spatial.neighbours import distances_km, neighbours_of
from regional_atlas.units._visvalingam import effective_areas
from regional_atlas.units.topology import build_topology, to_topojson

HERE = Path(__file__).resolve().parent

Rng = np.random.Generator
Given = dict[str, Any]
Column = list[float | None]


@dataclass(frozen=True)
class Calculation:
    """One calculation.

    Attributes
    ----------
    answer : callable
        The package's answer, from a question's JSON to JSON.
    asked : mapping of str to dict
        Questions by what they show.
    drawn : callable
        A question at random.
    within : float
        By how much numbers may differ, as a share of the largest of their list.
    scale : float
        What numbers that are smaller are taken for there, of what lies around 0.
    """

    answer: Callable[[Given], Any]
    asked: Mapping[str, Given]
    drawn: Callable[[Rng], Given]
    within: float = 0.0
    scale: float = 0.0


# Columns of numbers, None where there is none.

COLUMNS: dict[str, Column] = {
    "plain": [3, 1, 10, 4.5],
    "ties and a gap": [3, None, 1, 10, 3, 1, 3],
    "negative": [-4, -1.5, -20, -1.5],
    "both sides of zero": [-4, 0, 2.5, 4, None],
    "zeros": [0, 0, 0, 5, 0],
    "one value": [None, 7, None],
    "no value": [None, None],
    "nothing": [],
    "all equal": [2, 2, 2],
    "equal tenths": [0.1, 0.1, 0.1],
    "all zero": [0, 0, 0],
    "large": [1e15, 3e15, 2e15 + 1, None],
    "small": [1e-12, 4e-12, 2e-12],
    "large beside small": [1e9, 1e-9, 1, 0],
    "minus zero": [-0.0, 0, 1],
}


def draw_column(rng: Rng, size: int, *, negative: bool = True) -> Column:
    """Draw numbers of one kind: with ties or a long tail, whole or small, with gaps or none."""
    found = [
        lambda: rng.integers(-4 if negative else 0, 9, size).astype(float),
        lambda: rng.integers(-40 if negative else 0, 90, size) / 8,
        lambda: rng.lognormal(2, 2, size),
        lambda: rng.normal(0, 1e6, size) if negative else rng.random(size) * 1e9,
        lambda: rng.normal(0, 1e-6, size) if negative else rng.random(size) * 1e-9,
        lambda: np.full(size, float(rng.integers(0, 3)) / 10),
        lambda: np.zeros(size),
    ]
    values = found[rng.choice(len(found), p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.06, 0.04])]()
    gaps = rng.random(size) < rng.choice([0, 0.15, 0.7], p=[0.5, 0.4, 0.1])
    return listed(np.where(gaps, np.nan, [float(f"{value:.12g}") for value in values]))


def series(values: Column) -> pd.Series:
    return pd.Series(values, dtype="float64")


def plain(value: Any) -> Any:
    """Give a number as JSON has it: None for missing, whole numbers without a point."""
    if value is None or pd.isna(value):
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def listed(values: Any) -> list[Any]:
    return [plain(value) for value in values]


def size(rng: Rng) -> int:
    return int(rng.choice([1, 2, 3, 5, 9, 30]))


# Normalisation, aggregation, ranks, an index.

SCALES: list[Given] = [
    {"method": "percentile_rank", "low": 0, "high": 100},
    {"method": "min_max", "low": 0, "high": 100},
    {"method": "min_max", "low": -2, "high": 0.5},
    {"method": "z_score", "low": 0, "high": 100},
]


def answer_normalise(given: Given) -> Column:
    config = NormaliseConfig(method=given["method"], low=given["low"], high=given["high"])
    values = series(given["values"])
    return listed(normalise_series(values, config, direction=given["direction"]))


def drawn_normalise(rng: Rng) -> Given:
    scale = SCALES[rng.integers(len(SCALES))]
    values = draw_column(rng, size(rng))
    return {**scale, "direction": int(rng.choice([1, -1])), "values": values}


NORMALISE = Calculation(
    answer=answer_normalise,
    asked={
        f"{name}, {scale['method']} from {scale['low']}, {'more' if d > 0 else 'less'} is better": {
            **scale, "direction": d, "values": values,
        }
        for name, values in COLUMNS.items() for scale in SCALES for d in (1, -1)
    },
    drawn=drawn_normalise,
    within=1e-9,
)  # fmt: skip


def answer_aggregate(given: Given) -> Column:
    codes = [str(at) for at in range(len(given["columns"]))]
    data = pd.DataFrame(
        {code: series(values) for code, values in zip(codes, given["columns"], strict=True)}
    )
    weights = dict(zip(codes, given["weights"], strict=True))
    options = {key: given[key] for key in ("method", "availability")}
    return listed(weighted_mean(data, weights, **options))


def drawn_aggregate(rng: Rng) -> Given:
    method = str(rng.choice(["arithmetic", "geometric"]))
    count, length = int(rng.integers(1, 12)), size(rng)
    negative = method == "arithmetic"
    weights = rng.choice([0, 0.1, 0.25, 1, 3, 1e-6], count).tolist()
    return {
        "method": method,
        "availability": float(rng.choice([0, 0.5, 0.6, 1])),
        "weights": weights,
        "columns": [draw_column(rng, length, negative=negative) for _ in range(count)],
    }


def _means(**changed: Any) -> Given:
    given = {"method": "arithmetic", "availability": 0, "weights": [1, 3]}
    return {**given, "columns": [[1, 4, None, None], [3, None, 2, None]], **changed}


AGGREGATE = Calculation(
    answer=answer_aggregate,
    asked={
        "weights are re-scaled over what is present": _means(),
        "a half must be present": _means(availability=0.5),
        "three quarters, exactly there": _means(availability=0.75),
        "all must be present": _means(availability=1),
        "thirds that are all there": _means(
            availability=1, weights=[1 / 3, 1 / 3, 1 / 3], columns=[[1, 0], [2, 0], [4, None]]
        ),
        "a column of weight 0 does not count": _means(weights=[0, 2], availability=1),
        "no weight": _means(weights=[0, 0]),
        "one column": _means(weights=[0.2], columns=[[5, None, -5, 0]]),
        "negative and zero": _means(columns=[[-1, 0, -3], [1, 0, 3]], weights=[1, 1]),
        "geometric": _means(method="geometric", weights=[1, 1], columns=[[1, 8], [4, 2]]),
        "geometric with a zero": _means(method="geometric", columns=[[0, 0, 0], [4, None, 0]]),
        "geometric, large and small": _means(
            method="geometric", columns=[[1e12, 1e-12], [1e-9, None]]
        ),
        "geometric, gaps": _means(method="geometric", availability=0.5),
        "large and small weights": _means(weights=[1e-9, 1e9]),
        "small weights, all must be present": _means(weights=[1e-13, 3e-13], availability=1),
        "all equal": _means(columns=[[2, 2], [2, 2]]),
    },
    drawn=drawn_aggregate,
    within=1e-11,
)


def answer_ranks(given: Given) -> Column:
    return listed(rank_scores(series(given["values"])))


RANKS = Calculation(
    answer=answer_ranks,
    asked={
        **{name: {"values": values} for name, values in COLUMNS.items()},
        "sums that differ in their order alone": {
            "values": [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.7, 0.5]
        },
        "a hair apart is apart": {"values": [66.6461234567, 66.6461234568, 66.6461234567]},
        "extremes": {"values": [1e300, -1e300, 5e-324, None, 0]},
        "tiny": {"values": [5e-324, 1e-320, 1e-320]},
    },
    drawn=lambda rng: {"values": draw_column(rng, size(rng))},
)


def answer_index(given: Given) -> Given:
    """Normalise, aggregate up the tree, rank and tier with a reader's setting.

    k tiers need k different scores: of fewer, the package refuses tiers, and the page shows none.
    """
    setting = given["setting"]
    config = IndexConfig.model_validate(
        {
            "id": "demo",
            "title": "Demo",
            "nodes": [{"title": node["code"], **node} for node in given["nodes"]],
            "normalise": given["normalise"] | named("method", setting["normalise"]),
            "aggregate": given["aggregate"] | named("method", setting["aggregate"]),
            "tiers": {"k": given["tiers"]},
        }
    )
    # A reader may set a weight to 0, which no file may.
    nodes = [
        node.model_copy(update=named("weight", setting["weights"].get(node.code)))
        for node in config.nodes
    ]
    config = config.model_copy(update={"nodes": nodes})
    data = pd.DataFrame({code: series(values) for code, values in given["raw"].items()})
    tiered = True
    try:
        scores = score(data, config).scores
    except InputError as error:
        if "different scores" not in str(error):
            raise
        tiered = False
        by_rank = TiersConfig(method="by_rank", last_ranks=[1])
        scores = score(data, config.model_copy(update={"tiers": by_rank})).scores
    codes = [*(node["code"] for node in given["nodes"]), "index"]
    return {
        "nodes": {code: listed(scores[code]) for code in codes},
        "rank": listed(scores["rank"]),
        "tier": listed(scores["tier"]) if tiered else [None] * len(scores),
    }


def named(key: str, value: Any) -> Given:
    """Give what is said, nothing where nothing is."""
    return {} if value is None else {key: value}


TREE: list[Given] = [
    {"code": "size", "parent": "index", "weight": 0.6, "direction": 1},
    {"code": "pace", "parent": "index", "weight": 0.4, "direction": 1},
    {"code": "a", "parent": "size", "weight": 0.5, "direction": 1},
    {"code": "b", "parent": "size", "weight": 0.3, "direction": -1},
    {"code": "c", "parent": "size", "weight": 0.2, "direction": 1},
    {"code": "d", "parent": "pace", "weight": 0.7, "direction": 1},
    {"code": "e", "parent": "pace", "weight": 0.3, "direction": 1},
]
FLAT: list[Given] = [
    {"code": code, "parent": "index", "weight": 1, "direction": 1} for code in "abc"
]


def _index(raw: dict[str, Column], nodes: list[Given] = FLAT, **changed: Any) -> Given:
    setting = {"weights": {}, "normalise": None, "aggregate": None} | changed.pop("setting", {})
    return {
        "nodes": nodes,
        "raw": raw,
        "normalise": {"method": "percentile_rank", "low": 0, "high": 100},
        "aggregate": {"method": "arithmetic", "availability": 0.6},
        "tiers": 2,
        **changed,
        "setting": setting,
    }


_TURNS = {"a": [1.0, 2, 3, 4, 5], "b": [2.0, 3, 1, 5, 4], "c": [3.0, 1, 2, 4.5, 9]}
_WIDE: dict[str, Column] = {
    "a": [1, 5, None, 7, 2, 9, 4, 4],
    "b": [9, 2, 3, 3, None, 1, 0, 8],
    "c": [0, 0, -4, 2, 2, 1, 3, None],
    "d": [0.1, 0.9, 0.3, None, 0.2, 0.2, 0.8, 0.5],
    "e": [100, 50, 20, 10, 5, 4, 3, None],
}
_MIN_MAX = {"normalise": {"method": "min_max", "low": 0, "high": 100}}


def drawn_index(rng: Rng) -> Given:
    nodes = TREE if rng.random() < 0.7 else FLAT
    length = int(rng.choice([6, 9, 25, 60]))
    inner = {node["parent"] for node in nodes}
    raw = {node["code"]: draw_column(rng, length) for node in nodes if node["code"] not in inner}
    normalise = str(rng.choice(["percentile_rank", "min_max", "z_score"]))
    aggregate = str(rng.choice(["arithmetic", "geometric"]))
    changed = rng.choice([n["code"] for n in nodes], rng.integers(0, len(nodes)), replace=False)
    weights = {str(code): float(rng.choice([0.05, 0.5, 1, 2, 1 / 3, 0])) for code in changed}
    if all(weights.get(n["code"], n["weight"]) == 0 for n in nodes if n["parent"] == "index"):
        weights = {}
    return _index(
        raw,
        nodes,
        normalise={"method": "percentile_rank", "low": 0, "high": 100},
        aggregate={
            "method": "arithmetic",
            "availability": float(rng.choice([0, 0.5, 0.6, 1], p=[0.4, 0.3, 0.2, 0.1])),
        },
        setting={
            "weights": weights,
            "normalise": normalise,
            "aggregate": "arithmetic" if normalise == "z_score" else aggregate,
        },
    )


INDEX = Calculation(
    answer=answer_index,
    asked={
        "the same numbers in other columns tie": _index(_TURNS),
        "as published": _index(_WIDE, TREE),
        "other weights": _index(_WIDE, TREE, setting={"weights": {"size": 0.1, "b": 0, "e": 2.5}}),
        "a branch without weight": _index(_WIDE, TREE, setting={"weights": {"pace": 0}}),
        "a branch whose children weigh nothing": _index(
            _WIDE, TREE, setting={"weights": {"d": 0, "e": 0}},
            aggregate={"method": "arithmetic", "availability": 0},
        ),
        "z-scores": _index(_WIDE, TREE, setting={"normalise": "z_score"}),
        "geometric means": _index(_WIDE, TREE, setting={"aggregate": "geometric"}),
        "min–max from 1 to 10, geometric": _index(
            _WIDE, TREE, normalise={"method": "min_max", "low": 1, "high": 10},
            setting={"aggregate": "geometric"},
        ),
        "an indicator of equal values is absent": _index(
            {"a": [2, 2, 2, 2], "b": [1, 2, 4, None], "c": [3, 1, 2, 5]}, **_MIN_MAX,
        ),
        "two of three of equal values, all must be present": _index(
            {"a": [2, 2, 2], "b": [1, 2, 4], "c": [0, 0, 0]}, **_MIN_MAX,
            aggregate={"method": "arithmetic", "availability": 1},
        ),
        "an indicator without values is absent": _index(
            {"a": [None, None, None], "b": [1, 2, 4], "c": [3, 1, 1]}
        ),
        "a branch without values is absent": _index(
            {**_WIDE, "d": [None] * 8, "e": [None] * 8}, TREE
        ),
        "as many different scores as tiers": _index(
            {"a": [1, 1, 2, 3], "b": [1, 1, 2, 3], "c": [1, 1, 2, 3]}, tiers=3
        ),
        "one different score too few for the tiers": _index(
            {"a": [1, 1, 2, 3], "b": [1, 1, 2, 3], "c": [1, 1, 2, 3]}, tiers=4
        ),
        "scores that differ by rounding alone are not enough": _index(_TURNS, tiers=5),
        "no score, no tier": _index({"a": [None, 1], "b": [None, None], "c": [2, None]}, tiers=2,
            aggregate={"method": "arithmetic", "availability": 1},
        ),
        "ties take the better rank": _index({"a": [1, 1, 2], "b": [1, 1, 2], "c": [1, 1, 2]}),
        "negative, zero, large and small": _index(
            {"a": [-1e9, 0, 1e9, 5], "b": [1e-9, 2e-9, 0, 3e-9], "c": [-1, 0, 0, 1]},
            tiers=3, **_MIN_MAX,
        ),
    },
    drawn=drawn_index,
    within=1e-9,
)  # fmt: skip


def answer_tier_ranges(given: Given) -> list[Given]:
    return [
        {"tier": found.tier, "first": found.first, "last": found.last}
        for found in tier_ranks(given["rank"], given["tier"])
    ]


def drawn_tier_ranges(rng: Rng) -> Given:
    rank = answer_ranks({"values": draw_column(rng, size(rng))})
    tier = [None if at is None or at > 20 else 1 + int(at) // 6 for at in rank]
    return {"rank": rank, "tier": tier}


TIER_RANGES = Calculation(
    answer=answer_tier_ranges,
    asked={
        "three tiers": {"rank": [4, 1, 2, 3, None], "tier": [3, 1, 2, 2, None]},
        "ties": {"rank": [1, 1, 3, 3, 3], "tier": [1, 1, 2, 2, 2]},
        "without tiers": {"rank": [1, 2], "tier": [None, None]},
        "some without a tier": {"rank": [2, 1, 3], "tier": [1, 1, None]},
        "nothing ranked": {"rank": [None, None], "tier": [None, None]},
        "one": {"rank": [1], "tier": [1]},
    },
    drawn=drawn_tier_ranges,
)


# The change between two years.


def answer_change(given: Given) -> Column:
    before, after = (series(given[key]).to_numpy() for key in ("before", "after"))
    return listed(changed(before, after, relative=given["relative"]))


def drawn_change(rng: Rng) -> Given:
    length = size(rng)
    before, after = draw_column(rng, length), draw_column(rng, length)
    return {"before": before, "after": after, "relative": bool(rng.random() < 0.7)}


PAIRS: dict[str, tuple[Column, Column]] = {
    "up, down and the same": ([10, 8, 3], [15, 2, 3]),
    "from below 0 to above": ([-10, -2, -5], [10, -1, -5]),
    "from 0": ([0, 0, -0.0], [1, 0, -3]),
    "to 0 and below": ([3, 3], [0, -3]),
    "a year is missing": ([None, 4, None], [3, None, None]),
    "small and large": ([1e-9, 1e9, 0.1], [7, 1e-9, 0.3]),
    "one": ([4], [5]),
    "none": ([], []),
    "all equal": ([2, 2], [2, 2]),
}
CHANGE = Calculation(
    answer=answer_change,
    asked={
        f"{name}, {'in per cent' if relative else 'in its unit'}": {
            "before": before, "after": after, "relative": relative,
        }
        for name, (before, after) in PAIRS.items() for relative in (True, False)
    },
    drawn=drawn_change,
    within=1e-12,
)  # fmt: skip


# Roll-ups.


def answer_sums(given: Given) -> list[Given]:
    """Sum a total by group: how many members there are, and how many have a value."""
    values = series(given["values"])
    groups = pd.DataFrame(
        {"unit_id": given["members"], "group": [given["of"][unit] for unit in given["members"]]}
    )
    groups = groups[groups["group"] >= 0]
    order = list(range(given["groups"]))
    part = Parts("x", 2022, Extensive(), values, pd.Series(1.0, values.index))
    table = roll_up(groups, order, [part], area=pd.Series(1.0, values.index))
    return [
        {
            "group": int(row["group"]),
            "sum": plain(row["value"]),
            "data": int(row["members_with_data"]),
            "partial": bool(row["partial"]),
        }
        for row in table.to_dict("records")
        if not pd.isna(row["value"])
    ]


def _sums(values: Column, members: list[int] | None = None, of: list[int] | None = None) -> Given:
    held = list(range(len(values))) if members is None else members
    groups = [0] * len(values) if of is None else of
    return {"values": values, "members": held, "of": groups, "groups": max(groups, default=0) + 1}


def drawn_sums(rng: Rng) -> Given:
    length = size(rng)
    # Eighths: sums of them are exact in any order.
    values = rng.integers(-800, 8000, length) / 8
    gaps = rng.random(length) < 0.2
    members = np.flatnonzero(rng.random(length) < 0.8).tolist()
    of = rng.integers(-1, 4, length).tolist()
    return {**_sums(listed(np.where(gaps, np.nan, values)), members, of), "groups": 4}


SUMS = Calculation(
    answer=answer_sums,
    asked={
        "every member has a value": _sums([3, 4.5, 2]),
        "a member without a value is left out and counted": _sums([3, None, 2]),
        "units outside the group do not count": _sums([3, None, 2, 7], [0, 2]),
        "no member has a value": _sums([None, None, 8], [0, 1]),
        "a sum of zero is a value": _sums([0, None]),
        "negative values count": _sums([-3, 1, -0.5]),
        "a group without members": _sums([1], []),
        "large and small values": _sums([9007199254740, 0.25, None, 0.5]),
        "several groups": _sums([1, 2, 4, 8, None], of=[0, 2, 2, 0, 1]),
        "a unit without a group is in none": _sums([1, 2, 4], of=[0, -1, 0]),
        "one value": _sums([7]),
        "all equal": _sums([5, 5, 5], of=[1, 1, 0]),
    },
    drawn=drawn_sums,
)


def answer_counts(given: Given) -> Given:
    rank = pd.Series(given["rank"], dtype="float64")
    groups = pd.DataFrame(
        {"unit_id": given["units"], "group": "g", "exclusive": given["own"]}
    ).astype({"exclusive": "bool"})
    could = pd.Index([unit for unit, fits in enumerate(given["eligible"]) if fits])
    row = count_ranked(groups, ["g"], ranked=rank.dropna(), could=could).loc["g"]
    return {
        "units": int(row["units"]),
        "count": int(row["count"]),
        "all": int(row["count_all"]),
        "of": int(row["of"]),
        "coverage": plain(row["coverage"]),
    }


def _counts(units: list[int], **changed: Any) -> Given:
    return {
        "rank": [1, None, 3, 2, None],
        "eligible": [True, True, True, True, False],
        "units": units,
        "own": [True] * len(units),
        **changed,
    }


def drawn_counts(rng: Rng) -> Given:
    length = size(rng)
    units = np.flatnonzero(rng.random(length) < 0.7).tolist()
    return {
        "rank": listed(rank_scores(series(draw_column(rng, length)))),
        "eligible": (rng.random(length) < rng.choice([0, 0.6, 1])).tolist(),
        "units": units,
        "own": (rng.random(len(units)) < 0.6).tolist(),
    }


COUNTS = Calculation(
    answer=answer_counts,
    asked={
        "some are ranked": _counts([0, 1, 2]),
        "another region's own": _counts([0, 2, 3], own=[True, False, False]),
        "none is ranked": _counts([1, 4]),
        "none could be": _counts([4]),
        "no units": _counts([]),
        "one": _counts([3]),
        "a ranked unit that could not be is no coverage": _counts(
            [0, 1, 2], eligible=[False, True, True, True, True]
        ),
    },
    drawn=drawn_counts,
)


# Where a unit stands: its percentile, its peers, its neighbours, distances.


def answer_standing(given: Given) -> float | None:
    values = series(given["values"])
    among = values if given["among"] is None else values.loc[given["among"]]
    found: float | None = plain(percentile_rank(among, low=0.0, high=1.0)[given["unit"]])
    return found


def drawn_standing(rng: Rng) -> Given:
    values = draw_column(rng, size(rng))
    unit = int(rng.integers(len(values)))
    others = np.flatnonzero(rng.random(len(values)) < 0.5).tolist()
    among = None if rng.random() < 0.5 else sorted({unit, *others})
    return {"values": values, "unit": unit, "among": among}


STANDING = Calculation(
    answer=answer_standing,
    asked={
        **{
            f"{name}, unit {unit}": {"values": values, "unit": unit, "among": None}
            for name, values in COLUMNS.items() for unit in range(len(values))
        },
        "among some": {"values": [1, 2, 3, 4, None], "unit": 1, "among": [1, 2, 4]},
        "alone": {"values": [1, 2, 3], "unit": 2, "among": [2]},
        "ties among some": {"values": [2, 2, 1, 9], "unit": 0, "among": [0, 1, 2]},
    },
    drawn=drawn_standing,
    within=1e-12,
)  # fmt: skip


def answer_peers(given: Given) -> list[int]:
    """Find units of the same type that are nearest in the percentile ranks of every field."""
    features = pd.DataFrame(
        {str(at): percentile_rank(series(v)) for at, v in enumerate(given["fields"])}
    )
    features = features.loc[:, features.nunique() > 1]
    if features.empty:
        return []
    unit = given["unit"]
    found = peers_of(features, [unit], count=len(features))["peer_id"].dropna()
    alike = [int(peer) for peer in found if given["types"][int(peer)] == given["types"][unit]]
    return alike[: given["count"]]


_LIKE = {
    "types": [0, 0, 0, 1, 0, 0],
    "fields": [[1, 2, 9, 1, 4, None], [5, 4, 1, 5, None, 2], [0, 1, 7, 0, 3, 0.5]],
    "unit": 0,
    "count": 3,
}


def drawn_peers(rng: Rng) -> Given:
    length = int(rng.choice([1, 2, 8, 30]))
    fields = []
    for _ in range(int(rng.integers(1, 7))):
        # All different: equally near units would stand in any order.
        values = rng.permutation(length) + rng.random(length)
        fields.append(listed(np.where(rng.random(length) < 0.2, np.nan, values)))
    return {
        "types": rng.integers(0, 2, length).tolist(),
        "fields": fields,
        "unit": int(rng.integers(length)),
        "count": 5,
    }


PEERS = Calculation(
    answer=answer_peers,
    asked={
        "the nearest first": _LIKE,
        "fewer than asked for": {**_LIKE, "count": 9},
        "a unit with gaps": {**_LIKE, "unit": 5},
        "the only one of its type": {**_LIKE, "unit": 3},
        "a field of equal values tells nothing": {
            **_LIKE, "fields": [*_LIKE["fields"], [3, 3, 3, 3, 3, 3]],
        },
        "nothing to tell apart": {**_LIKE, "fields": [[2] * 6, [None] * 6]},
        "two thirds in common": {
            "types": [0] * 4, "unit": 0, "count": 3,
            "fields": [[1, 2, None, 4], [1, None, 3, 9], [1, 3, 2, None]],
        },
        "half in common is too little": {
            "types": [0] * 4, "unit": 0, "count": 3, "fields": [[1, 2, 3, 4], [2, None, 8, 1]],
        },
        "equally near on both sides": {
            "types": [0] * 5, "unit": 2, "count": 4, "fields": [[2.8, 6.5, 1.1, 7.2, 0.3]],
        },
        "one unit": {"types": [0], "unit": 0, "count": 3, "fields": [[1]]},
        "one field": {"types": [0] * 4, "unit": 1, "count": 2, "fields": [[-1, 0, 4, 1e9]]},
    },
    drawn=drawn_peers,
)  # fmt: skip


def answer_neighbours(given: Given) -> list[list[int]]:
    """Units by their borders; cells of a grid with the same number are one unit."""
    table = units_of_grid(given["cells"])
    return [[int(at) for at in neighbours_of(table, unit).index] for unit in table.index]


def units_of_grid(cells: list[list[int | None]]) -> gpd.GeoDataFrame:
    squares: dict[int, list[shapely.Polygon]] = {}
    for y, row in enumerate(cells):
        for x, unit in enumerate(row):
            if unit is not None:
                box = shapely.box(100 * x, 100 * y, 100 * x + 100, 100 * y + 100)
                squares.setdefault(unit, []).append(box)
    geometry = [shapely.union_all(squares[unit]) for unit in sorted(squares)]
    return gpd.GeoDataFrame(geometry=geometry, index=sorted(squares))


def geometry_of_grid(cells: list[list[int | None]]) -> Given:
    """Lay the same units out as a page has them."""
    table = units_of_grid(cells)
    topology = to_topojson(build_topology(table.geometry), [str(unit) for unit in table.index])
    return asdict(flat_geometry(topology))


def drawn_neighbours(rng: Rng) -> Given:
    width, height, count = (int(n) for n in rng.integers(1, 7, 3))
    cells = rng.integers(0, count, (height, width))
    numbers = {int(unit): at for at, unit in enumerate(np.unique(cells))}
    return _grid([[numbers[int(unit)] for unit in row] for row in cells])


def _grid(cells: list[list[int | None]]) -> Given:
    return {"cells": cells, "geometry": geometry_of_grid(cells)}


NEIGHBOURS = Calculation(
    answer=answer_neighbours,
    asked={
        "a row": _grid([[0, 1, 2]]),
        "corners do not touch": _grid([[0, 1], [2, 3]]),
        "an island": _grid([[0, None, 1]]),
        "a hole": _grid([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        "two parts": _grid([[0, 1, 0, 2]]),
        "one": _grid([[0]]),
    },
    drawn=drawn_neighbours,
)


def answer_distance(given: Given) -> float:
    lon, lat = given["from"]
    there = gpd.GeoDataFrame(geometry=[shapely.Point(given["to"])], crs="EPSG:4326")
    return float(f"{distances_km(there, lon, lat).iloc[0]:.6g}")


def drawn_distance(rng: Rng) -> Given:
    lon, lat = rng.uniform(-170, 170), rng.uniform(-75, 75)
    away = rng.choice([0.01, 1, 10])
    turned = rng.uniform(-away, away, 2)
    return {"from": [lon, lat], "to": [lon + turned[0] / 2, lat + turned[1]]}


DISTANCE = Calculation(
    answer=answer_distance,
    asked={
        "none": {"from": [120, 31], "to": [120, 31]},
        "Shanghai to Nanjing": {"from": [121.47, 31.23], "to": [118.78, 32.04]},
        "along the equator": {"from": [0, 0], "to": [1, 0]},
        "along a meridian": {"from": [10, 45], "to": [10, 46]},
        "far north": {"from": [20, 70], "to": [25, 71]},
        "south": {"from": [-70, -40], "to": [-69, -40.5]},
        "a hundred metres": {"from": [120, 31], "to": [120.001, 31]},
        "across Siberia": {"from": [40, 55], "to": [140, 60]},
    },
    drawn=drawn_distance,
    within=1e-5,
)


# Inequality and the middle.


def answer_gini(given: Given) -> float | None:
    try:
        return plain(gini(series(given["values"]).dropna()))
    except DataError:
        return None


GINI = Calculation(
    answer=answer_gini,
    asked={name: {"values": values} for name, values in COLUMNS.items()}
    | {"all to one": {"values": [0, 0, 0, 100]}, "1 and 3": {"values": [1, 3]}},
    drawn=lambda rng: {"values": draw_column(rng, size(rng), negative=bool(rng.random() < 0.2))},
    within=1e-9,
    scale=1,
)


def answer_median(given: Given) -> float | None:
    known = series(given["values"]).dropna().to_numpy()
    return plain(np.quantile(known, 0.5)) if known.size else None


MEDIAN = Calculation(
    answer=answer_median,
    asked={name: {"values": values} for name, values in COLUMNS.items()}
    | {"the mean of two": {"values": [1, 9, 3, 5]}, "odd": {"values": [9, 1, 5]}},
    drawn=lambda rng: {"values": draw_column(rng, size(rng))},
    within=1e-12,
)


# Numbers as text.

TONGUES = ["zh", "en", "fr", "ar", "ar-EG", "es"]
"""Languages whose signs, digits, groups and gaps differ."""


def _unit(zh: str, en: str, fr: str, ar: str, es: str, power: dict[str, int] | None) -> Given:
    """Give a unit as the page has it; `power`: by language, Arabic's in Egypt too."""
    name = {"zh": zh, "en": en, "fr": fr, "ar": ar, "ar-EG": ar, "es": es}
    return {"name": name, "power": power and {tag: power[tag[:2]] for tag in TONGUES}}


YUAN = _unit(
    "亿元", "bn yuan", "Md yuans", "مليار يوان", "mil M de yuanes",
    {"zh": 0, "en": -1, "fr": -1, "ar": -1, "es": -1},
)  # fmt: skip
PEOPLE = _unit(
    "万人", "people", "habitants", "نسمة", "habitantes",
    {"zh": 0, "en": 4, "fr": 4, "ar": 4, "es": 4},
)  # fmt: skip
PER_CENT = _unit("%", "%", "%", "%", "%", {"zh": 2, "en": 2, "fr": 2, "ar": 2, "es": 2})
A_YEAR = _unit("%/年", "% a year", "% par an", "% سنويا", "% al año", None)
AREA = _unit("km²", "km²", "km²", "كم²", "km²", None)
UNITS: list[tuple[Given | None, list[int], list[str]]] = [
    (None, [0, 1, 3], ["en", "fr", "ar-EG", "es"]),
    (YUAN, [0, 1], TONGUES),
    (PEOPLE, [0, 2], ["zh", "en", "ar-EG"]),
    (PER_CENT, [1], TONGUES),
    (A_YEAR, [1], ["en", "fr", "ar"]),
    (AREA, [0], ["zh", "fr", "ar", "ar-EG"]),
]
"""Units, with the digits and the languages that they are asked in."""


def _said_in(unit: Given | None, lang: str) -> Given | None:
    """Give a unit in one language alone."""
    if unit is None:
        return None
    power = unit["power"] and {lang: unit["power"][lang]}
    return {"name": {lang: unit["name"][lang]}, "power": power}


NUMBERS = [
    0, 1, -1, 0.5, -0.5, 2.5, 3.5, 12.35, 12.345, 0.52, 45.27, 251.8, 999.95, 1000, 4276.84, 5000,
    5001, 12345, -1234.56, 1234567.8, 209.2496, 0.0312, 0.1234567, 0.127, 0.0004, 7.65, 1.005,
    -0.004, 1.2e-7, -1.2e-7, 1e15, 0.1 + 0.2, 0.99, 0.999, 0.05, 1e-6, 123456789.5,
]  # fmt: skip


def answer_number(given: Given) -> str:
    if given["unit"] is None:
        found = numerals.number(given["value"], given["digits"], lang=given["lang"])
        return found
    unit = TypeAdapter(PageUnit).validate_python(given["unit"])
    return Quantity([given["value"]], given["digits"], unit).in_(given["lang"])


def drawn_number(rng: Rng) -> Given:
    value = rng.normal() * 10.0 ** rng.integers(-7, 12)
    digits, lang = int(rng.integers(1, 9)), str(rng.choice(TONGUES))
    return {
        "value": plain(float(f"{value:.{digits}g}")),
        "digits": int(rng.integers(0, 5)),
        "unit": _said_in(UNITS[rng.integers(len(UNITS))][0], lang),
        "lang": lang,
    }


NUMBER = Calculation(
    answer=answer_number,
    asked={
        f"{value!r}, {digits} digits, {unit['name']['en'] if unit else 'no unit'}, {lang}": {
            "value": value, "digits": digits, "unit": _said_in(unit, lang), "lang": lang,
        }
        for unit, places, languages in UNITS for digits in places for lang in languages
        for value in NUMBERS
    },
    drawn=drawn_number,
)  # fmt: skip

SHARES = [
    0.575, 0.5, 0.0123, 0, 0.0004, 1, 0.0005, 0.12345, -0.25, 12.5, 0.00149, 0.001, 0.0009999,
    -0.0004, 0.9995, 0.99949, 1e-6, 0.145, 0.285, 0.005,
]  # fmt: skip


def answer_percent(given: Given) -> str:
    return numerals.percent(given["share"], lang=given["lang"])


PERCENT = Calculation(
    answer=answer_percent,
    asked={
        f"{share!r}, {lang}": {"share": share, "lang": lang}
        for share in SHARES for lang in TONGUES
    },
    drawn=lambda rng: {
        "share": plain(float(f"{rng.normal() * 10.0 ** rng.integers(-4, 2):.6g}")),
        "lang": str(rng.choice(TONGUES)),
    },
)  # fmt: skip


# Places on the plane.

WGS = " +datum=WGS84 +units=m +no_defs"
PROJECTIONS: list[tuple[str, tuple[float, float]]] = [
    (f"+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105{WGS}", (120, 31)),
    (f"+proj=cea +lat_ts=30 +lon_0=0{WGS}", (20, 40)),
    (f"+proj=eqc +lat_ts=40 +lon_0=100{WGS}", (120, 31)),
    (f"+proj=eqdc +lat_1=30 +lat_2=50 +lat_0=40 +lon_0=100{WGS}", (120, 31)),
    (
        "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs",
        (5, 60),
    ),
    (
        "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 "
        "+units=m +no_defs",
        (5, 47),
    ),
    (f"+proj=merc +lon_0=0 +k=1 +x_0=0 +y_0=0{WGS}", (5, 47)),
    (f"+proj=poly +lat_0=0 +lon_0=-54 +x_0=5000000 +y_0=10000000{WGS}", (-47, -10)),
    (
        "+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 "
        "+y_0=1200000 +ellps=bessel +units=m +no_defs",
        (8, 47),
    ),
    (f"+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45{WGS}", (20, 80)),
    (
        "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 "
        "+y_0=463000 +ellps=bessel +units=m +no_defs",
        (6, 52.5),
    ),
    (
        "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
        "+units=m +no_defs",
        (-1.5, 53),
    ),
    (f"+proj=utm +zone=19 +south{WGS}", (-69.3, -34.2)),
    # Across the antimeridian: insets of Alaska and Fiji.
    (f"+proj=aea +lat_1=55 +lat_2=69 +lat_0=62 +lon_0=-159{WGS}", (178.5, 52)),
    (f"+proj=laea +lat_0=-17.5 +lon_0=179{WGS}", (-179.5, -16)),
]


def answer_projection(given: Given) -> list[float]:
    """Project as the build does, to the millimetre."""
    there = pyproj.Transformer.from_crs("EPSG:4326", given["definition"], always_xy=True)
    return [round(metres, 3) for metres in there.transform(*given["lonlat"])]


def drawn_projection(rng: Rng) -> Given:
    definition, (lon, lat) = PROJECTIONS[rng.integers(len(PROJECTIONS))]
    turned = rng.uniform(-3, 3, 2)
    return {"definition": definition, "lonlat": [lon + turned[0], lat + turned[1]]}


PROJECTION = Calculation(
    answer=answer_projection,
    asked={
        f"{definition.split()[0]}, {name}{' across 180°' if abs(lon) > 178 else ''}": {
            "definition": definition, "lonlat": [lon + step, lat - step / 2],
        }
        for definition, (lon, lat) in PROJECTIONS
        for name, step in (("there", 0), ("beside", 2.5))
    },
    drawn=drawn_projection,
    within=1e-9,
    scale=1e6,
)  # fmt: skip


def answer_place(given: Given) -> list[float]:
    """Find the longitude and latitude of a place on the plane, to the centimetre."""
    there = pyproj.Transformer.from_crs("EPSG:4326", given["definition"], always_xy=True)
    return [round(degrees, 7) for degrees in there.transform(*given["xy"], direction="INVERSE")]


def placed(given: Given) -> Given:
    return {"definition": given["definition"], "xy": answer_projection(given)}


PLACE = Calculation(
    answer=answer_place,
    asked={name: placed(given) for name, given in PROJECTION.asked.items()},
    drawn=lambda rng: placed(drawn_projection(rng)),
    within=1e-7,
    scale=2,
)


def answer_mercator(given: Given) -> list[float]:
    there = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    return [round(metres, 3) for metres in there.transform(*given["lonlat"])]


MERCATOR = Calculation(
    answer=answer_mercator,
    asked={
        f"{lon}, {lat}": {"lonlat": [lon, lat]}
        for lon, lat in [(0, 0), (104.2, 35.9), (-70, -53.5), (179.9, 84), (-180, 0), (1e-9, -85)]
    },
    drawn=lambda rng: {"lonlat": [rng.uniform(-180, 180), rng.uniform(-85, 85)]},
    within=1e-9,
    scale=1e6,
)


def answer_vertices(given: Given) -> Column:
    xy = np.array(given["points"], dtype="float64").reshape(-1, 2)
    found = effective_areas(xy, np.array([0, len(xy)]), np.array([2]))
    return [None if math.isinf(area) else plain(area) for area in found.tolist()]


VERTICES = Calculation(
    answer=answer_vertices,
    asked={
        "a bump": {"points": [[0, 0], [5, 1], [10, 8], [15, 2], [20, 0]]},
        "equal areas": {"points": [[0, 0], [1, 1], [2, 0], [3, 1], [4, 0], [5, 1], [6, 0]]},
        "on a line": {"points": [[0, 0], [1, 0], [2, 0], [3, 0]]},
        "two points": {"points": [[0, 0], [9, 9]]},
        "closed": {"points": [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]},
        "large": {"points": [[-3e6, 5e6], [-2999990, 5000010], [-2999980, 5000000], [0, 0]]},
    },
    drawn=lambda rng: {"points": rng.integers(-20, 20, (int(rng.integers(2, 40)), 2)).tolist()},
)


# Filters.


def answer_filter(given: Given) -> list[int]:
    """List the units that `query` finds, filter by filter; all must hold."""
    tables, project = tables_of(given)
    found = set(tables.units.index)
    for asked in given["filters"]:
        found &= _passing(tables, project, asked["scope"], asked["value"])
    return sorted(int(unit) for unit in found)


def _passing(tables: AtlasTables, project: Any, scope: str, value: str) -> set[str]:
    def query(**options: Any) -> pd.DataFrame:
        return query_units(Basis(project, tables), Question(unranked=True, **options))

    if scope == "tier":
        return set(query(tier=int(value.split(":")[1])).index)
    if scope == "type":
        return set(query(region={"unit_type": value}).index)
    if scope == "top":
        return set(query().query(f"rank <= {value.split(':')[1]}").index)
    if scope == "range":
        _, least, most = value.split(":")
        inside = query()["x"].between(float(least or "-inf"), float(most or "inf"))
        return set(inside[inside].index)
    return set(query(region={scope: value}).index)


def tables_of(given: Given) -> tuple[AtlasTables, Any]:
    ids = [str(unit) for unit in range(len(given["types"]))]
    provinces = pd.Index(["p0", "p1", "p2"], name="province_id")
    parent = [None if at < 0 else provinces[at] for at in given["parents"]]
    units = gpd.GeoDataFrame(
        {
            "unit": ids, "unit_type": given["types"], "province_id": parent, "province": parent,
            "area_km2": 1.0,
        },
        geometry=gpd.points_from_xy(range(len(ids)), [0] * len(ids)),
        index=pd.Index(ids, name="unit_id"),
        crs="EPSG:4326",
    )  # fmt: skip
    rows = [
        {"unit_id": str(unit), "region_id": region, "kind": "metro", "exclusive": exclusive}
        for unit, region, exclusive in given["members"]
    ]
    ranked = [
        {"ranking": "best", "unit_id": ids[at], "rank": rank, "tier": tier, "score": None}
        for at, (rank, tier) in enumerate(zip(given["rank"], given["tier"], strict=True))
        if rank is not None
    ]
    regions = pd.Index(["m0", "m1"], name="region_id")
    tables = AtlasTables(
        units=units,
        parents={
            "province": pd.DataFrame(
                {"name": provinces, "short": provinces, "name_en": provinces}, index=provinces
            )
        },
        regions=gpd.GeoDataFrame(
            {"name": regions, "name_en": regions, "kind": "metro"}, index=regions
        ),
        membership=pd.DataFrame(rows, columns=["unit_id", "region_id", "kind", "exclusive"]),
        rankings=pd.DataFrame(ranked, columns=["ranking", "unit_id", "rank", "tier", "score"])
        .astype({"rank": "Int64", "tier": "Int64"}),
        scores={},
        indicators=pd.DataFrame(
            {"unit_id": ids, "code": "x", "year": 2022, "value": series(given["field"])}
        ),
        meta={"x": IndicatorMeta("x", Text(en="x"), Unit(en=""), Text(en="x"))},
        nightlights=None,
        clusters=pd.DataFrame(),
        lines=gpd.GeoSeries(),
        comparison=None,
        blocks=[],
        report=BuildReport("", [], [], []),
    )  # fmt: skip
    best = SimpleNamespace(id="best")
    project = SimpleNamespace(
        id="demo",
        config=SimpleNamespace(rankings=[best], pinyin=None),
        ranking=lambda _: best,
        kinds=lambda: ["metro"],
    )
    return tables, project


ATLAS: Given = {
    "types": ["county", "city", "county", "district", "city", "county"],
    "parents": [0, 0, 1, 1, 2, -1],
    "members": [
        [0, "m0", True], [1, "m0", True], [1, "m1", False], [2, "m1", True], [4, "m1", True],
    ],
    "rank": [1, 2, 2, None, 4, None],
    "tier": [1, 1, 2, None, 2, None],
    "field": [5, -1, 0, None, 1e9, 5],
}  # fmt: skip


def _filters(*filters: tuple[str, str]) -> Given:
    return {**ATLAS, "filters": [{"scope": scope, "value": value} for scope, value in filters]}


def drawn_filter(rng: Rng) -> Given:
    length = int(rng.choice([3, 12, 40]))
    values = draw_column(rng, length)
    rank = listed(rank_scores(series(values)))
    if not any(at is not None for at in rank):
        rank = [1] + [None] * (length - 1)
    places = [at for at in rank if at is not None]
    low, high = sorted(float(value) for value in rng.choice([v or 0 for v in values], 2))
    members = [
        [unit, region, region == "m0" or not inside]
        for unit in range(length)
        for inside in [bool(rng.random() < 0.4)]
        for region in ["m0", "m1"]
        if (inside if region == "m0" else rng.random() < 0.3)
    ]
    asked = {
        "type": str(rng.choice(["county", "city"])),
        "province": str(rng.choice(["p0", "p1", "p2"])),
        "metro": str(rng.choice(["m0", "m1"])),
        "tier": f"best:{1 + int(min(places)) // 6}",
        "top": f"best:{int(rng.choice(places))}",
        "range": f"x:{rng.choice([repr(low), ''])}:{high!r}",
    }
    chosen = rng.choice(list(asked), rng.integers(0, 4), replace=False)
    return {
        # Each that is asked for is there.
        "types": ["county", "city", *rng.choice(["county", "district"], length - 2).tolist()],
        "parents": [0, 1, 2, *rng.integers(-1, 3, length - 3).tolist()],
        "members": members,
        "rank": rank,
        "tier": [None if at is None else 1 + int(at) // 6 for at in rank],
        "field": values,
        "filters": [{"scope": str(scope), "value": asked[scope]} for scope in chosen],
    }


FILTER = Calculation(
    answer=answer_filter,
    asked={
        "none": _filters(),
        "a province": _filters(("province", "p1")),
        "a region, overlaps included": _filters(("metro", "m1")),
        "a type": _filters(("type", "city")),
        "a tier": _filters(("tier", "best:2")),
        "the first two and who ties with them": _filters(("top", "best:2")),
        "a range, both ends included": _filters(("range", "x:0:5")),
        "at least": _filters(("range", "x:5:")),
        "at most": _filters(("range", "x::-1")),
        "a range of one value": _filters(("range", "x:5:5")),
        "a range that holds nothing": _filters(("range", "x:6:7")),
        "two kinds": _filters(("province", "p0"), ("type", "city")),
        "all kinds": _filters(
            ("province", "p0"), ("metro", "m0"), ("type", "county"), ("tier", "best:1"),
            ("top", "best:1"), ("range", "x:1:9"),
        ),
        "nothing passes": _filters(("province", "p2"), ("type", "district")),
    },
    drawn=drawn_filter,
)  # fmt: skip


CALCULATIONS: dict[str, Calculation] = {
    "aggregate": AGGREGATE,
    "change": CHANGE,
    "counts": COUNTS,
    "distance": DISTANCE,
    "filter": FILTER,
    "gini": GINI,
    "index": INDEX,
    "median": MEDIAN,
    "mercator": MERCATOR,
    "neighbours": NEIGHBOURS,
    "normalise": NORMALISE,
    "number": NUMBER,
    "peers": PEERS,
    "percent": PERCENT,
    "place": PLACE,
    "projection": PROJECTION,
    "ranks": RANKS,
    "standing": STANDING,
    "sums": SUMS,
    "tier_ranges": TIER_RANGES,
    "vertices": VERTICES,
}


def file_text(name: str) -> str:
    """Give the text of a calculation's file, one case a line."""
    calculation = CALCULATIONS[name]
    cases = [
        json.dumps(
            {"name": case, "given": given, "gives": calculation.answer(given)},
            ensure_ascii=False,
            allow_nan=False,
        )
        for case, given in calculation.asked.items()
    ]
    joined = ",\n".join(cases)
    bounds = f'"within": {calculation.within!r}, "scale": {calculation.scale!r}'
    return f'{{{bounds}, "cases": [\n{joined}\n]}}\n'
