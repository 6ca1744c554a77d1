"""Plates of kind `figure`: published figures, and the areas that their keys name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config.plates import FigurePlateConfig
from regional_atlas.core.catalogues import ENGLISH
from regional_atlas.core.numerals import Bound, Percent
from regional_atlas.core.texts import Joined, Message, Said, Text, Unit, named
from regional_atlas.page.classes import count_labels
from regional_atlas.page.facts import NAMED, Facts, Floats, listed
from regional_atlas.page.format import Classes, FigurePlate, FigureRow, Series
from regional_atlas.page.plates._fields import classified
from regional_atlas.page.plates._kind import Clauses, Head, Kind
from regional_atlas.page.plates._phrases import amount, within
from regional_atlas.page.rounding import round_significant

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
        series.append(Series(title=config.counted, unit=series[0].unit))
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
    whole = not any(map(unit.power, unit)) and (known == np.floor(known)).all()
    return count_labels(classes) if whole else classes


def _rows_of(config: FigurePlateConfig, facts: Facts) -> pd.DataFrame:
    assert facts.figures is not None
    return facts.figures[facts.figures["figure"] == config.figure]


def _text(own: Any, english: Any) -> Text:
    return named("" if pd.isna(own) else str(own), None if pd.isna(english) else str(english))


def _unit(row: Mapping[Hashable, Any]) -> Unit:
    name = _text(row["unit"], row["unit_en"])
    text = {**name, ENGLISH: name.in_(ENGLISH)}
    scale = {tag: row["scale_en" if tag == ENGLISH else "scale_zh"] for tag in text}
    return Unit(text, scale={tag: value for tag, value in scale.items() if not pd.isna(value)})


def _names(title: Said) -> Iterable[str]:
    return title.values() if isinstance(title, Text) else [title.in_(ENGLISH)]


def _areas(scope: str, facts: Facts) -> dict[str, int]:
    """Give the areas of a level or kind by every name that a key may call them."""
    parents = facts.store.parents.get(scope)
    if parents is None:
        return {
            name: at
            for at, region in enumerate(facts.kind(scope).regions)
            for name in (region.id, *_names(region.title))
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


def _extremes(plate: FigurePlate, at: int, facts: Facts) -> Said | None:
    held = [(value, row) for row in plate.rows if (value := row.values[at]) is not None]
    if not held:
        return None
    # What stands beside the areas is a remainder, and leads nothing.
    areas = [(value, row) for value, row in held if row.area is not None] or held
    ordered = sorted(areas, key=lambda item: -item[0])
    (most_of, high), (least_of, low) = ordered[0], ordered[-1]
    series = plate.series[at]
    tied = [row for value, row in ordered if value == most_of]
    if len(tied) > NAMED or len(ordered) == 1:
        return None
    of = "area" if plate.scope else "key"
    most = Message(
        "finding-figure-highest",
        {
            "title": series.title,
            "titled": "yes" if series.title.in_(ENGLISH) else "no",
            "of": of,
            "names": listed([_named(plate, row, facts) for row in tied]),
            "top": amount(most_of, series.unit, high.signs[at]),
        },
    )
    lowest = [row for value, row in ordered if value == least_of]
    if len(lowest) > 1:
        return most
    return Message(
        "finding-figure-lowest",
        {
            "highest": most,
            "of": of,
            "name": _named(plate, low, facts),
            "least": amount(least_of, series.unit, low.signs[at]),
        },
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
    clauses: Clauses = [
        Message(
            "finding-holds",
            {
                "year": last,
                "name": _name(plate, holder, facts),
                "held": amount(most, unit),
                "share": Percent(most / total),
            },
        )
    ]
    moved = [(after - before, row) for before, after, row in rows]
    changed = sorted((item for item in moved if item[0]), key=lambda item: -item[0])
    if not changed:
        return clauses
    gains = [
        Message("named-value", {"name": _name(plate, row, facts), "value": _gain(by, unit)})
        for by, row in changed
    ]
    return [*clauses, Message("finding-since", {"year": first, "gains": Joined(gains, "and")})]


def _name(plate: FigurePlate, row: FigureRow, facts: Facts) -> Said:
    if row.area is None or plate.scope is None:
        return row.title or Text("")
    if plate.scope in facts.store.parents:
        return facts.parent(plate.scope, row.area)
    return facts.region(plate.scope, row.area)


def _named(plate: FigurePlate, row: FigureRow, facts: Facts) -> Said:
    """Name a row within a sentence: what is no place begins with a small letter."""
    name = _name(plate, row, facts)
    return name if row.area is not None else within(name)


def _gain(by: float, unit: Unit) -> Bound:
    return Bound(float(f"{by:g}"), unit.power, "" if by < 0 else "+")


def _citation(config: FigurePlateConfig, facts: Facts) -> str | None:
    return None if config.ranking is None else facts.ranking(config.ranking).citation


KIND = Kind(
    plate=_plate,
    clauses=_clauses,
    charts={"stacked": _stacked_clauses},
    citation=_citation,
    problems=_problems,
)
