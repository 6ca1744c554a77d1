"""Random fields and settings: the classes of the page in a browser are those of the build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regional_atlas.classes.breaks import class_numbers
from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.arrays import Floats
from regional_atlas.core.texts import Text
from regional_atlas.page.classes import classify, offered_classes
from regional_atlas.page.format import ChoroplethPlate, Classes, YearsPlate, plain
from regional_atlas.page.palettes import OFFERED

pytestmark = pytest.mark.browser

Rng = np.random.Generator

UNITS = 70
YEARS = [2001, 2002, 2003]
LANGUAGES = ["en", "zh"]
"""What the starter project offers."""

NOTHING = Text(zh="", en="")
HEAD: dict[str, Any] = {
    **dict.fromkeys(("title", "group", "finding"), NOTHING),
    **dict.fromkeys(("note", "citation", "chart")),
}

KINDS = {
    "ties": lambda rng: rng.integers(-3, 9, UNITS).astype(np.float64),
    "tenths": lambda rng: rng.integers(-20, 20, UNITS) * 0.1,
    "negative": lambda rng: -rng.lognormal(2, 1, UNITS).round(2),
    "both sides": lambda rng: rng.normal(size=UNITS).round(4),
    "many zeros": lambda rng: np.where(rng.random(UNITS) < 0.6, 0, rng.lognormal(0, 3, UNITS)),
    "skewed": lambda rng: np.array([float(f"{x:.6g}") for x in rng.lognormal(3, 2, UNITS)]),
    "close": lambda rng: 75 + rng.integers(-50, 50, UNITS) * 1e-8,
    "decades": lambda rng: rng.choice([-1, 1], UNITS) * 10.0 ** rng.integers(-12, 12, UNITS),
    "clusters": lambda rng: rng.choice([0, 1e4, 1e9], UNITS) + rng.random(UNITS),
    "one value": lambda rng: np.where(np.arange(UNITS) == 9, rng.normal(), np.nan),
    "all equal": lambda rng: np.full(UNITS, rng.normal()),
    "two": lambda rng: rng.choice([-0.0, 0.0, 1.5], UNITS),
    "none": lambda _: np.full(UNITS, np.nan),
}


def drawn_values(rng: Rng) -> Floats:
    """Draw a field of some kind, in some of which values are missing."""
    values = KINDS[str(rng.choice(list(KINDS)))](rng)
    return np.where(rng.random(UNITS) < rng.choice([0, 0.1, 0.9]), np.nan, values)


def drawn_setting(rng: Rng, values: Floats) -> dict[str, Any]:
    """Draw what classes are asked for; bounds set by hand may be values, and lie beyond them."""
    scheme = str(rng.choice(list(SCHEMES)))
    known = np.append(values[~np.isnan(values)], [rng.normal(), 0.0, 1e10])
    middles = [0.0, 0.1, 75.0, round(float(rng.choice(known)), 5) + 0.0]
    bounds = np.unique(rng.choice(known, rng.integers(1, 8))).tolist()
    return {
        "scheme": scheme,
        "k": int(rng.integers(2, 10)),
        "palette_name": str(rng.choice(OFFERED)),
        "manual": bounds if scheme == "manual" else [],
        "middle": float(rng.choice(middles)) if rng.random() < 0.3 else None,
    }


def column(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def plate_of(name: str, yearly: bool, classes: Classes) -> dict[str, Any]:
    head = HEAD | {"id": name, "field": name, "classes": classes}
    if yearly:
        nothing: dict[str, Any] = {"raster": None, "breaks_note": None, "level_shifts": []}
        return plain(YearsPlate(**head, **nothing, year=YEARS[-1], years=YEARS), LANGUAGES)
    return plain(ChoroplethPlate(**head, year=None, middle=classes.middle), LANGUAGES)


FOUND = """text => {
  const [classing, count, fields, asked] = JSON.parse(text);
  const {ownChoice, viewPlate, withClasses} = RegionalAtlas;
  const atlas = {spec: {classing}, store: {fields}, count, fields: new Map()};
  return JSON.stringify(asked.map(([plate, choice]) => {
    const chosen = withClasses(atlas, plate, choice ?? ownChoice(plate));
    const {classOf, counts} = viewPlate(atlas, chosen, null);
    return {classes: chosen.classes, classOf: [...classOf], counts};
  }));
}"""
"""One text each way: a browser takes long over many small values."""


@pytest.mark.parametrize("size", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_classes_of_the_page_are_those_of_the_build(
    open_page: Any, example_page: Path, size: int
) -> None:
    rng = np.random.default_rng([2022, size])
    fields: dict[str, Any] = {}
    asked: list[tuple[dict[str, Any], dict[str, Any] | None]] = []
    expected: list[tuple[Classes, Floats]] = []
    for at in range(size):
        name, yearly, own = f"f{at}", bool(rng.random() < 0.3), bool(rng.random() < 0.5)
        years = [drawn_values(rng) for _ in (YEARS if yearly else [None])]
        columns = [column(values) for values in years]
        fields[name] = dict(zip(map(str, YEARS), columns, strict=True)) if yearly else columns[0]
        pooled, shown = np.concatenate(years), years[-1]
        published = drawn_setting(rng, pooled)
        plate = plate_of(name, yearly, classify(pooled, shown, **published))
        wanted = published if own else drawn_setting(rng, pooled)
        if not own:
            # What a reader chooses lies around the plate's middle; bounds set by hand do not.
            middle = None if wanted["scheme"] == "manual" else published["middle"]
            wanted = wanted | {"middle": middle}
        asked.append((plate, None if own else choice_of(wanted)))
        expected.append((classify(pooled, shown, **wanted), shown))
    page = open_page(example_page)
    given = json.dumps([plain(offered_classes([]), LANGUAGES), UNITS, fields, asked])
    found = json.loads(page.evaluate(FOUND, given))
    compared = 0
    for (plate, choice), (classes, shown), got in zip(asked, expected, found, strict=True):
        said = f"{plate['field']}: {classes.scheme} {classes.k}, {choice}"
        if not classes.breaks:
            # Without values a plate stays as it was published.
            assert got["classes"] == plate["classes"], said
            continue
        compared += 1
        wanted = plain(classes, LANGUAGES)
        for key in ("scheme", "scheme_title", "k", "breaks", "minimum", "colors", "colors_dark"):
            assert got["classes"][key] == wanted[key], f"{said}: {key}"
        assert got["classOf"] == class_numbers(shown, classes.breaks).tolist(), said
        assert got["counts"] == classes.counts, said
    assert compared > 0.8 * size


def choice_of(setting: dict[str, Any]) -> dict[str, Any]:
    """Say a setting as the page's controls do."""
    return {
        "scheme": setting["scheme"],
        "count": setting["k"],
        "palette": setting["palette_name"],
        "breaks": setting["manual"],
    }
