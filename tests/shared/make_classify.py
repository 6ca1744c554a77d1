"""Writes `classify.json`: cases of classes that Python computes and the page must find to the bit.

    python tests/shared/make_classify.py

writes it anew after a change of `regional_atlas.classes`; `tests/classes/test_breaks.py` fails
where it is stale, `npm test` (`web/test/classify.test.ts`) where the page differs.

`classify_columns.json` holds real columns, which nothing writes anew: mean radiance of China's
counties in 2022 to five digits, and the scores of two indices, unrounded, in which mapclassify's
float32 sums put 郓城县 (vitality, 66.646) and 沙湾市 (industrial, 41.007) into another tier than
the least sum of squares does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from regional_atlas.classes.breaks import breaks, class_numbers, percent_change
from regional_atlas.classes.schemes import SCHEMES

HERE = Path(__file__).parent
CASES, COLUMNS = HERE / "classify.json", HERE / "classify_columns.json"
NAN = float("nan")
DECADES = np.array([float(f"1e{power}") for power in range(-12, 12)])
"""As written: what NumPy raises 10 to hangs on the processor in the last bit."""

HAND: dict[str, list[float]] = {
    "ties": [1, 1, 1, 1, 2, 2, 3, 3, 3, 9],
    "even": [1, 2, 3, 4, 5, 6, 7, 8],
    "gap": [0, 0.5, 1, 1000, 1000.5, 1001],
    "gap, counted": [0, 0.5, 1, NAN, 1000, 1000.5, 1001, 1000, 1000, NAN],
    "negative": [-10, -9.5, -3, -2.5, -2, -0.1],
    "both sides": [-3, -1, 0.5, 2, 9],
    "zeros": [0, 0, 0, 0, 0, 0.2, 1.7, 30, 41, 2500],
    "minus zero": [-0.0, 0.0, -1, 1],
    "one": [4.25],
    "all equal": [7, 7, 7],
    "all missing": [NAN, NAN],
    "none above zero": [-4, -2, 0],
    "huge": [-1e300, 1e299, 2e299, 3.5e299, 1e300],
    "tiny": [5e-324, 1e-320, 3e-310, 2e-308, 4e-308],
    "close": [75 + i * i * 1e-9 for i in range(-6, 7)],
    "far clusters": [0, 0.25, 1, 1.5, 1e9, 1e9 + 0.5, 1e9 + 2, 1e9 + 3],
    "tenths": [i / 10 for i in range(1, 11)],
    "decades": [10.0**i for i in range(-6, 7)],
    "around a tenth": [0.1, 0.3, -0.1, 0.5, -0.3, 0.2, 0.7],
    "just below a power": [999.9999999999999, 1, 10, 200],
}


def cases() -> dict[str, Any]:
    """Give every case."""
    columns = json.loads(COLUMNS.read_text("utf-8"))
    found = []
    for name, values in HAND.items():
        for scheme in SCHEMES:
            if scheme != "manual":
                found += [_case(name, values, scheme, k) for k in (1, 2, 3, 4, 7)]
                found += [_case(name, values, scheme, k, middle=0.1) for k in (2, 3, 6)]
    found += [
        _case("all within", HAND["even"], "manual", manual=[2, 5, 1e9]),
        _case("one more", HAND["even"], "manual", manual=[2, 5]),
        _case("on a bound", HAND["tenths"], "manual", manual=[0.3, 0.7, 1]),
        _case("distances", HAND["both sides"], "manual", manual=[1, 4], middle=0),
        _case("distances beyond", HAND["both sides"], "manual", manual=[1, 4, 50], middle=0),
    ]
    for name, column in columns.items():
        for scheme in SCHEMES:
            if scheme != "manual":
                found += [_case(name, column, scheme, k, named=True) for k in (2, 4, 6, 9)]
        found.append(_case(name, column, "quantile", 5, middle=40, named=True))
    found += _drawn(np.random.default_rng(20220101))
    changes = [(10, 15), (-10, 10), (0, 1), (0.1, 0.3), (3, 0), (3, -3), (1e-9, 7), (-2, -1)]
    changed = percent_change(*np.array(changes, dtype=np.float64).T)
    return {
        "schemes": list(SCHEMES),
        "breaks": found,
        "changes": [[*pair, _json(value)] for pair, value in zip(changes, changed, strict=True)],
    }


def _drawn(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw values with ties, near-ties, gaps and long tails, for every scheme."""
    draws = {
        "whole": lambda n: rng.integers(0, 12, n).astype(float),
        "tenths": lambda n: rng.integers(-20, 20, n) * 0.1,
        "normal": lambda n: rng.normal(size=n).round(6),
        "skewed": lambda n: np.array([float(f"{x:.5g}") for x in rng.lognormal(0, 3, n)]),
        "near": lambda n: 75 + rng.integers(-50, 50, n) * 1e-8,
        "signed": lambda n: rng.choice([-1, 1], n) * DECADES[rng.integers(-12, 12, n) + 12],
    }
    found = []
    for name, draw in draws.items():
        for scheme in list(SCHEMES)[:-1]:
            for middle in (None, None, 0.5):
                values, k = draw(int(rng.integers(2, 60))), int(rng.integers(2, 10))
                found.append(_case(f"drawn {name}", values.tolist(), scheme, k, middle=middle))
    return found


def _case(
    name: str,
    values: list[float],
    scheme: str,
    k: int = 6,
    *,
    manual: list[float] | None = None,
    middle: float | None = None,
    named: bool = False,
) -> dict[str, Any]:
    bounds = breaks(values, scheme, k, manual=manual or (), middle=middle)
    numbers = class_numbers(values, bounds)
    case = {"name": name, "scheme": scheme, "k": k, "manual": manual, "middle": middle}
    return {key: held for key, held in case.items() if held is not None} | {
        "values": name if named else [_json(value) for value in values],
        "breaks": [_json(bound) for bound in bounds],
        "classes": "".join("-" if number < 0 else str(number) for number in numbers.tolist()),
    }


def _json(value: float) -> float | int | None:
    """Write whole numbers without a point and missing ones as null."""
    if np.isnan(value):
        return None
    whole = float(value).is_integer() and abs(value) < 2**53 and str(value) != "-0.0"
    return int(value) if whole else float(value)


def text() -> str:
    """Give the file's text: one case a line."""
    lists = {
        key: "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]"
        for key, items in cases().items()
    }
    return "{\n" + ",\n".join(f'"{key}": {held}' for key, held in lists.items()) + "\n}\n"


if __name__ == "__main__":
    CASES.write_text(text(), encoding="utf-8")
