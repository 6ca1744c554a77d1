"""Plates of kind `figure`: published figures, and the areas that their keys name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config.plates import FigurePlateConfig
from regional_atlas.core import texts
from regional_atlas.page.classes import count_labels
from regional_atlas.page.facts import NAMED, Facts, Floats, listed
from regional_atlas.page.format import Classes, FigurePlate, FigureRow, Series, Text, Unit
from regional_atlas.page.plates._fields import classified
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import amount, lowered, plainly
from regional_atlas.page.rounding import round_significant
from regional_atlas.page.text import english_list, of_text, of_unit, pair, percent

__all__ = ["KIND"]


def _problems(config: FigurePlateConfig, facts: Facts) -> list[str]:
    known = [] if facts.figures is None else list(dict.fromkeys(facts.figures["figure"]))
    if config.figure not in known:
        return [f"no figure {config.figure!r}; allowed: {', '.join(known) or 'there is none'}"]
    if config.scope is None:
        return []
    areas = _areas(config.scope, facts)
    return [
        f"figure {config.figure!r}: {key!r} is no {config.scope}; list it in `beside` if it is none"
        for key in dict.fromkeys(_rows_of(config, facts)["key"])
        if key not in areas and key not in config.beside
    ]


def _plate(config: FigurePlateConfig, head: Head, facts: Facts) -> FigurePlate:
    table = _rows_of(config, facts)
    names = table.drop_duplicates("series")
    series = [
        Series(title=_text(row["series"], row["series_en"]), unit=_unit(row))
        for row in names.to_dict("records")
    ]
    rows = _rows(table, names["series"], _areas(config.scope, facts) if config.scope else {})
    if config.counted is not None:
        series.append(Series(title=of_text(config.counted), unit=series[0].unit))
        rows = _with_counts(rows, _counts(config, facts))
    shown = len(series) - 1 if config.chart == "stacked" else 0
    return FigurePlate(
        **head,
        chart=config.chart,
        scope=config.scope,
        ranking=config.ranking,
        series=series,
        shown=shown,
        rows=rows,
        classes=_classes(config, rows, shown, series[shown].unit) if config.scope else None,
    )


def _rows(table: pd.DataFrame, series: pd.Series, areas: Mapping[str, int]) -> list[FigureRow]:
    """Lay out a row for each key, with its value in each series."""
    rows = []
    for key, held in table.groupby("key", sort=False):
        at = areas.get(str(key))
        of = held.set_index(held["series"].fillna("")).reindex(series.fillna(""))
        rows.append(
            FigureRow(
                title=_text(str(key), held["key_en"].iloc[0]) if at is None else None,
                area=at,
                values=[round_significant(value) for value in of["value"]],
                signs=of["sign"].fillna("").tolist(),
            )
        )
    return rows


def _with_counts(rows: list[FigureRow], counts: Mapping[int, int]) -> list[FigureRow]:
    return [
        replace(
            row,
            values=[*row.values, 0 if row.area is None else counts.get(row.area, 0)],
            signs=[*row.signs, ""],
        )
        for row in rows
    ]


def _classes(config: FigurePlateConfig, rows: list[FigureRow], shown: int, unit: Unit) -> Classes:
    values: Floats = np.array([row.values[shown] for row in rows], dtype=np.float64)
    on_map = np.where([row.area is not None for row in rows], values, np.nan)
    classes = classified(config, on_map, on_map, clear=True)
    known = on_map[~np.isnan(on_map)]
    whole = unit.power is None and (known == np.floor(known)).all()
    return count_labels(classes) if whole else classes


def _rows_of(config: FigurePlateConfig, facts: Facts) -> pd.DataFrame:
    assert facts.figures is not None
    return facts.figures[facts.figures["figure"] == config.figure]


def _text(zh: Any, en: Any) -> Text:
    own = "" if pd.isna(zh) else str(zh)
    return pair(own, own if pd.isna(en) else str(en))


def _unit(row: Mapping[Hashable, Any]) -> Unit:
    given = {lang: row[f"scale_{lang}"] for lang in ("zh", "en")}
    scale = {lang: value for lang, value in given.items() if not pd.isna(value)}
    name = _text(row["unit"], row["unit_en"])
    return of_unit(texts.Unit(zh=name.zh, en=name.en, scale=scale))


def _areas(scope: str, facts: Facts) -> dict[str, int]:
    """Give the areas of a level or kind by every name that a key may call them."""
    parents = facts.store.parents.get(scope)
    if parents is None:
        return {
            name: at
            for at, region in enumerate(facts.kind(scope).regions)
            for name in (region.id, region.title.en, region.title.zh)
        }
    columns = (parents.ids, parents.short, parents.names)
    return {name: at for column in columns for at, name in enumerate(column)}


def _counts(config: FigurePlateConfig, facts: Facts) -> Mapping[int, int]:
    best = facts.best(str(config.ranking))
    if config.level:
        return facts.by_parent(config.level, best)
    return facts.by_region(str(config.region_kind), best)


def _clauses(plate: FigurePlate, facts: Facts) -> Clauses:
    return [_extremes(plate, at, facts) for at in range(len(plate.series))]


def _extremes(plate: FigurePlate, at: int, facts: Facts) -> Text | None:
    held = [(value, row) for row in plate.rows if (value := row.values[at]) is not None]
    if not held:
        return None
    # What stands beside the areas is a remainder, and leads nothing.
    areas = [(value, row) for value, row in held if row.area is not None] or held
    ordered = sorted(areas, key=lambda item: -item[0])
    (most_of, high), (least_of, low) = ordered[0], ordered[-1]
    series = plate.series[at]
    title = series.title
    top = _signed(most_of, high.signs[at], series.unit)
    tied = [row for value, row in ordered if value == most_of]
    names = listed([_named(plate, row, facts) for row in tied[:NAMED]])
    if len(tied) > NAMED or len(ordered) == 1:
        return None
    most = pair(
        f"{title.zh}{'以' if title.zh else ''}{names.zh}最高（{top.zh}）",
        f"{title.en}{': ' if title.en else ''}highest {'in' if plate.scope else 'for'} "
        f"{names.en} ({top.en})",
    )
    lowest = [row for value, row in ordered if value == least_of]
    if len(lowest) > 1:
        return most
    name, least = _named(plate, low, facts), _signed(least_of, low.signs[at], series.unit)
    return pair(
        f"{most.zh}，{name.zh}最低（{least.zh}）",
        f"{most.en} and lowest {'in' if plate.scope else 'for'} {name.en} ({least.en})",
    )


def _stacked_clauses(plate: FigurePlate, facts: Facts) -> Clauses:
    return _stacked(plate, facts) if len(plate.series) > 1 else _clauses(plate, facts)


def _stacked(plate: FigurePlate, facts: Facts) -> Clauses:
    """Say who holds most in the last series, and who gained and lost since the first."""
    first, last = plate.series[0].title, plate.series[-1].title
    unit = plate.series[-1].unit
    rows = [
        (before, after, row)
        for row in plate.rows
        if (before := row.values[0]) is not None and (after := row.values[-1]) is not None
    ]
    total = sum(after for _, after, _ in rows)
    if not rows or total == 0:
        return []
    _, most, holder = max(rows, key=lambda item: item[1])
    name, share = _name(plate, holder, facts), percent(most / total)
    held = amount(most, unit)
    leading = pair(
        f"{last.zh} 年{name.zh}占 {held.zh}（{share}）",
        f"in {last.en}, {name.en} holds {held.en} ({share})",
    )
    moved = [(after - before, row) for before, after, row in rows]
    changed = sorted((item for item in moved if item[0]), key=lambda item: -item[0])
    if not changed:
        return [leading]
    said = [(_name(plate, row, facts), _gain(by, unit)) for by, row in changed]
    return [
        leading,
        pair(
            f"与 {first.zh} 年相比，" + "、".join(f"{n.zh} {gain.zh}" for n, gain in said),
            f"since {first.en}: " + english_list([f"{n.en} {gain.en}" for n, gain in said]),
        ),
    ]


def _name(plate: FigurePlate, row: FigureRow, facts: Facts) -> Text:
    if row.area is None or plate.scope is None:
        return row.title or pair("", "")
    if plate.scope in facts.store.parents:
        return facts.parent(plate.scope, row.area)
    return facts.region(plate.scope, row.area)


def _named(plate: FigurePlate, row: FigureRow, facts: Facts) -> Text:
    """Name a row within a sentence: what is no place begins with a small letter."""
    name = _name(plate, row, facts)
    return pair(name.zh, name.en if row.area is not None else lowered(name.en))


def _gain(by: float, unit: Unit) -> Text:
    gain = plainly(float(f"{by:g}"), unit)
    return gain if by < 0 else pair(f"+{gain.zh}", f"+{gain.en}")


def _signed(value: float, sign: str, unit: Unit) -> Text:
    text = amount(value, unit)
    return pair(f"{sign}{text.zh}", f"{sign}{text.en}")


def _citation(config: FigurePlateConfig, facts: Facts) -> str | None:
    return None if config.ranking is None else facts.ranking(config.ranking).citation


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"stacked": _stacked_clauses},
    citation=_citation,
    problems=_problems,
)
