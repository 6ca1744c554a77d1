"""Plates of published figures: bars or stacks of a table, and the areas that its keys name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config import PlateConfig
from regional_atlas.core.texts import Unit
from regional_atlas.page.classes import count_labels
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.field_plates import classified
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.layers import round_significant
from regional_atlas.page.text import Pair, of_text, of_unit, pair

__all__ = ["figure_plate", "figure_problems"]

Plate = dict[str, Any]


def figure_problems(plate: PlateConfig, facts: Facts) -> list[str]:
    """List what a plate of figures names that is not there: the figure, and areas."""
    known = [] if facts.figures is None else list(dict.fromkeys(facts.figures["figure"]))
    if plate.figure not in known:
        return [f"no figure {plate.figure!r}; allowed: {', '.join(known) or 'there is none'}"]
    scope = plate.level or plate.region_kind
    if scope is None:
        return []
    areas = _areas(scope, facts)
    return [
        f"figure {plate.figure!r}: {key!r} is no {scope}; list it in `beside` if it is none"
        for key in dict.fromkeys(_rows_of(plate, facts)["key"])
        if key not in areas and key not in plate.beside
    ]


def figure_plate(config: PlateConfig, facts: Facts, _: UnitShapes) -> Plate:
    """Lay out the rows of a figure: one for each key, a value in each series."""
    table = _rows_of(config, facts)
    scope = config.level or config.region_kind
    areas = _areas(scope, facts) if scope else {}
    names = table.drop_duplicates("series")
    series = [
        {
            "title": _text(row["series"], row["series_en"]),
            "unit": of_unit(_unit(row)),
        }
        for row in names.to_dict("records")
    ]
    rows: list[dict[str, Any]] = []
    for key, held in table.groupby("key", sort=False):
        at = areas.get(str(key))
        of = held.set_index(held["series"].fillna("")).reindex(names["series"].fillna(""))
        rows.append(
            {
                "title": _text(str(key), held["key_en"].iloc[0]) if at is None else None,
                "area": at,
                "values": [round_significant(value) for value in of["value"]],
                "signs": of["sign"].fillna("").tolist(),
            }
        )
    if config.counted is not None and scope is not None:
        counts = _counts(config, facts)
        series.append({"title": of_text(config.counted), "unit": series[0]["unit"]})
        for row in rows:
            row["values"].append(counts.get(row["area"], 0))
            row["signs"].append("")
    shown = len(series) - 1 if config.chart == "stacked" else 0
    values: Floats = np.array([row["values"][shown] for row in rows], dtype=np.float64)
    on_map = np.where([row["area"] is not None for row in rows], values, np.nan)
    classes = classified(config, on_map, on_map, clear=True) if scope else None
    known = on_map[~np.isnan(on_map)]
    scaled = "power" in series[shown]["unit"]
    if classes and not scaled and (known == np.floor(known)).all():
        classes = count_labels(classes)
    return {
        "scope": scope,
        "ranking": config.ranking,
        "series": series,
        "shown": shown,
        "rows": rows,
        "classes": classes,
    }


def _rows_of(config: PlateConfig, facts: Facts) -> pd.DataFrame:
    assert facts.figures is not None
    return facts.figures[facts.figures["figure"] == config.figure]


def _text(zh: Any, en: Any) -> Pair:
    own = "" if pd.isna(zh) else str(zh)
    return pair(own, own if pd.isna(en) else str(en))


def _unit(row: Mapping[Hashable, Any]) -> Unit:
    given = {lang: row[f"scale_{lang}"] for lang in ("zh", "en")}
    scale = {lang: value for lang, value in given.items() if not pd.isna(value)}
    return Unit(_text(row["unit"], row["unit_en"]), scale=scale)


def _areas(scope: str, facts: Facts) -> dict[str, int]:
    """Give the areas of a level or kind by every name that a key may call them."""
    parents = facts.store["parents"].get(scope)
    if parents is None:
        regions = facts.entry("kinds", scope)["regions"]
        return {
            name: at
            for at, region in enumerate(regions)
            for name in (region["id"], region["title"]["en"], region["title"]["zh"])
        }
    return {
        name: at for column in ("ids", "short", "names") for at, name in enumerate(parents[column])
    }


def _counts(config: PlateConfig, facts: Facts) -> dict[int, int]:
    best = facts.best(str(config.ranking))
    if config.level:
        return dict(facts.by_parent(config.level, best))
    return dict(facts.by_region(str(config.region_kind), best))
