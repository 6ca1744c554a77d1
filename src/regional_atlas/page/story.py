"""The story's steps: texts filled from the data, and the state of the page that each shows."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np

from regional_atlas.config import AtlasConfig, StepConfig
from regional_atlas.config.plates import MultiplesPlateConfig, PlateConfig, YearsPlateConfig
from regional_atlas.core.catalogues import ANY, ENGLISH, fallbacks
from regional_atlas.core.numerals import Count, Percent
from regional_atlas.core.texts import Said, Text
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.format import Plate, StoryStep
from regional_atlas.page.plates._phrases import measured

__all__ = ["story_problems", "story_steps"]

_NAMED = 12
"""Names that a message lists of what is allowed."""


class _UnknownError(ValueError):
    """What a step names is not there."""


def story_problems(config: AtlasConfig, facts: Facts) -> list[str]:
    """List what the steps of a story name that is not there, and texts that are missing.

    Parameters
    ----------
    config : AtlasConfig
    facts : Facts
        The specification without plates, and the store.

    Returns
    -------
    list of str
        One line each: where, what was found, what is allowed.
    """
    findings = dict.fromkeys((plate.id for plate in config.plates), Text(""))
    problems: list[str] = []
    for i, step in enumerate(config.story):
        filling = _Filling(step, facts, findings)
        found = [*_state_problems(step, config.plates, facts)]
        for key in ("title", "text"):
            found += _text_problems(key, getattr(step, key), config.offered(), filling)
        problems += [f"story[{i}].{problem}" for problem in found]
    return problems


def story_steps(config: AtlasConfig, facts: Facts, plates: Sequence[Plate]) -> list[StoryStep]:
    """Make the steps of a story in which `story_problems` finds nothing wrong.

    Parameters
    ----------
    config : AtlasConfig
    facts : Facts
    plates : sequence of Plate
        Whose findings texts may take up.

    Returns
    -------
    list of StoryStep
    """
    findings = {plate.id: plate.finding for plate in plates}
    languages = config.offered()
    return [
        StoryStep(
            title=_filled(step.title, languages, _Filling(step, facts, findings)),
            text=_filled(step.text, languages, _Filling(step, facts, findings)),
            link=_link(step),
            bounds=step.bounds,
        )
        for step in config.story
    ]


# ── the state ───────────────────────────────────────────────────────────────────────────────────


def _link(step: StepConfig) -> str:
    """Write the state of a step as the page's link does."""
    parts: list[tuple[str, Any]] = [("plate", step.plate)]
    parts += [(key, getattr(step, key)) for key in ("year", "panel")]
    parts += [("only", item) for item in step.only]
    parts += [("area", step.area)]
    parts += [("unit", item) for item in step.unit]
    parts += [("raster", step.raster or None), ("chart", step.chart)]
    parts += [("compare", item) for item in step.compare]
    return "&".join(
        f"{key}={quote(str(value), safe=':,~/')}" for key, value in parts if value is not None
    )


def _state_problems(step: StepConfig, plates: Sequence[PlateConfig], facts: Facts) -> Iterator[str]:
    known = {plate.id: plate for plate in plates}
    plate = known.get(step.plate)
    if plate is None:
        yield f"plate: {_no('plate', step.plate, known)}"
    else:
        yield from _of_plate(step, plate, facts)
    for key, items in (("unit", step.unit), ("compare", step.compare)):
        for at, item in enumerate(items):
            yield from _said(f"{key}[{at}]", _unit, item, facts)
    if step.area is not None:
        yield from _said("area", _area, step.area, facts)
    for at, item in enumerate(step.only):
        yield from _said(f"only[{at}]", _check_filter, item, facts)


def _of_plate(step: StepConfig, plate: PlateConfig, facts: Facts) -> Iterator[str]:
    """Hold that a plate has the year, the panel and the chart."""
    years: list[int] = []
    if isinstance(plate, YearsPlateConfig):
        field = next((f for f in facts.spec.fields if f.id == plate.field), None)
        years = (field and field.years) or []
    if step.year is not None and step.year not in years:
        yield f"year: plate {plate.id!r} has no {step.year}; {_allowed(years)}"
    panels = _panels(plate, facts)
    if step.panel is not None and step.panel not in panels:
        yield f"panel: plate {plate.id!r} has no {step.panel!r}; {_allowed(panels)}"
    if step.chart is not None:
        kind, _, other = step.chart.partition(":")
        charts = [*_choices(type(plate).model_fields["chart"].annotation), "table"]
        fields = [field.id for field in facts.spec.fields]
        if kind not in charts:
            yield f"chart: plate {plate.id!r} has no chart {kind!r}; {_allowed(charts)}"
        elif other and other not in fields:
            yield f"chart: {_no('field', other, fields)}"


def _panels(plate: PlateConfig, facts: Facts) -> list[str]:
    if not isinstance(plate, MultiplesPlateConfig):
        return []
    ranking = next((r for r in facts.spec.rankings if r.id == plate.ranking), None)
    dimensions = (ranking and ranking.dimensions) or []
    return [*plate.fields, *(f"{plate.ranking}/{dimension.id}" for dimension in dimensions)]


def _choices(annotation: Any) -> list[str]:
    """List the texts of a type such as `Literal["bar", "strip"] | None`."""
    if typing.get_origin(annotation) is typing.Literal:
        return [*typing.get_args(annotation)]
    return [name for inner in typing.get_args(annotation) for name in _choices(inner)]


_PLACES = ("tier", "type", "range", "top", "near", "next", "box")


def _check_filter(text: str, facts: Facts) -> None:
    scope, colon, value = text.partition(":")
    if not colon:
        raise _UnknownError(f"{text!r} is not a filter; write one such as 'tier:ranking:1'")
    if scope == "type":
        types = [kind.id for kind in facts.spec.unit_types]
        if value not in types:
            raise _UnknownError(_no("unit type", value, types))
    elif scope == "next":
        _unit(value, facts)
    elif scope == "box":
        sides = value.removeprefix("mercator:").split(",")
        if len(sides) != 4 or not all(map(_is_number, sides)):
            raise _UnknownError(f"{text!r}: expected 'box:xmin,ymin,xmax,ymax' in metres")
    elif scope == "range":
        field, *ends = value.split(":")
        _field(field, facts)
        if len(ends) != 2 or not any(ends) or not all(_is_number(end) for end in ends if end):
            raise _UnknownError(f"{text!r}: expected 'range:field:least:most', one may be empty")
    elif scope in ("tier", "top", "near"):
        name, _, number = value.rpartition(":")
        held = _unit if scope == "near" else _ranking
        held(name, facts)
        if not _is_number(number) or float(number) <= 0:
            raise _UnknownError(f"{text!r}: expected a number above 0 at the end")
        if scope == "tier":
            tiers = [str(item.tier) for item in facts.ranking(name).tiers]
            if number not in tiers:
                raise _UnknownError(_no("tier", number, tiers))
    else:
        _area(text, facts, _PLACES)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


# ── what steps name ─────────────────────────────────────────────────────────────────────────────


def _unit(name: str, facts: Facts) -> int:
    ids = facts.store.unit_id
    if name not in ids:
        raise _UnknownError(_no("unit", name, ids))
    return ids.index(name)


def _area(text: str, facts: Facts, others: Sequence[str] = ()) -> tuple[str, int]:
    """Find a parent or region, `scope:id`: its level or kind, and its place among them."""
    scope, colon, name = text.partition(":")
    ids = {level: parents.ids for level, parents in facts.store.parents.items()}
    ids |= {kind.id: [region.id for region in kind.regions] for kind in facts.spec.kinds}
    if not colon or scope not in ids:
        raise _UnknownError(_no("level or kind of region", scope, [*ids, *others]))
    if name not in ids[scope]:
        raise _UnknownError(_no(scope.replace("_", " "), name, ids[scope]))
    return scope, ids[scope].index(name)


def _ranking(name: str, facts: Facts) -> str:
    known = [ranking.id for ranking in facts.spec.rankings]
    if name not in known:
        raise _UnknownError(_no("ranking", name, known))
    return name


def _field(name: str, facts: Facts, areas: bool = False) -> str:
    known = [field.id for field in (*facts.spec.fields, *(facts.spec.area_fields if areas else ()))]
    if name not in known:
        raise _UnknownError(_no("field", name, known))
    return name


def _no(what: str, name: str, known: Collection[str]) -> str:
    return f"no such {what} {name!r}; {_allowed([*known])}"


def _allowed(names: Sequence[object]) -> str:
    if not names:
        return "allowed: none is there"
    more = f", … ({len(names)} in all)" if len(names) > _NAMED else ""
    return f"allowed: {', '.join(map(str, names[:_NAMED]))}{more}"


def _said(where: str, look: Callable[..., object], *given: object) -> Iterator[str]:
    """Say where a look-up finds nothing, and why."""
    try:
        look(*given)
    except _UnknownError as error:
        yield f"{where}: {error}"


# ── texts ───────────────────────────────────────────────────────────────────────────────────────

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def _text_problems(
    key: str, text: Text, languages: Sequence[str], filling: _Filling
) -> Iterator[str]:
    """List what is wrong with a text in any language, once each."""
    for lang in languages:
        if not _speaks(text, lang):
            yield f"{key}: has no text in {lang!r}; found {', '.join(text)}"
    for tag, template in text.items():
        place = key if tag == ANY else f"{key}.{tag}"
        if not template.strip():
            yield f"{place}: is empty"
        for found in _BRACES.finditer(template):
            if found[0] in ("{", "}"):
                yield f"{place}: a single {found[0]!r}; write '{2 * found[0]}' for the sign itself"
            elif found[1] is not None:
                yield from _said(f"{place}: {found[0]}", filling.said, found[1])


def _speaks(text: Text, lang: str) -> bool:
    """Tell whether a text is written in a language, not in English or the first in its place."""
    own = [tag for tag in fallbacks(lang) if tag != ENGLISH or lang.startswith(ENGLISH)]
    return any(tag in text for tag in own)


def _filled(text: Text, languages: Sequence[str], filling: _Filling) -> Text:
    """Write a text with its placeholders filled, in each language."""

    def written(lang: str) -> str:
        def replaced(found: re.Match[str]) -> str:
            return found[0][0] if found[1] is None else filling.said(found[1]).in_(lang)

        return _BRACES.sub(replaced, text.in_(lang))

    return Text({lang: written(lang) for lang in languages})


@dataclass(frozen=True)
class _Filling:
    """What the placeholders of a step stand for."""

    step: StepConfig
    facts: Facts
    findings: Mapping[str, Said]

    def said(self, inner: str) -> Said:
        """Give what a placeholder stands for, by what is between its braces."""
        name, *given = inner.split(":")
        if name not in _PLACEHOLDERS:
            raise _UnknownError(_no("placeholder", name, _PLACEHOLDERS))
        fill, form, counts = _PLACEHOLDERS[name]
        if len(given) not in counts or not all(given):
            raise _UnknownError(f"expected {form}")
        return fill(self, *given)

    def finding(self, plate: str | None = None) -> Said:
        """Give the sentence of a plate."""
        name = self.step.plate if plate is None else plate
        if name not in self.findings:
            raise _UnknownError(_no("plate", name, self.findings))
        return self.findings[name]

    def name(self, *place: str) -> Said:
        """Name a unit or an area."""
        if len(place) == 1:
            return self.facts.unit(_unit(place[0], self.facts))
        return self.facts.area(*_area(":".join(place), self.facts))

    def leader(self, ranking: str, rank: str = "1") -> Said:
        """Name the unit that holds a rank."""
        best = self.facts.best(_ranking(ranking, self.facts))
        if not rank.isdecimal() or not 1 <= int(rank) <= len(best):
            raise _UnknownError(f"no rank {rank}; allowed: 1 to {len(best)}")
        return self.facts.unit(best[int(rank) - 1])

    def rank(self, ranking: str, unit: str) -> Said:
        """Write the rank of a unit."""
        return self._of_unit(self.facts.ranks(_ranking(ranking, self.facts)), unit, "rank")

    def tier(self, ranking: str, unit: str) -> Said:
        """Write the tier of a unit."""
        return self._of_unit(self.facts.tiers(_ranking(ranking, self.facts)), unit, "tier")

    def _of_unit(self, values: Floats, unit: str, what: str) -> Said:
        value = values[_unit(unit, self.facts)]
        if np.isnan(value):
            raise _UnknownError(f"unit {unit!r} has no {what}")
        return Count(float(value))

    def count(self, ranking: str, *area: str) -> Said:
        """Count the ranked units, of an area where one is given, in every region they are in."""
        return Count(self._counted(ranking, area))

    def share(self, ranking: str, *area: str) -> Said:
        """Give the share of the ranked units that an area holds."""
        every = self._counted(ranking, ())
        if every == 0:
            raise _UnknownError(f"ranking {ranking!r} ranks no unit")
        return Percent(self._counted(ranking, area) / every)

    def _counted(self, ranking: str, area: Sequence[str]) -> int:
        best = {*self.facts.best(_ranking(ranking, self.facts))}
        return len(best & self._members(":".join(area)) if area else best)

    def _members(self, area: str) -> set[int]:
        scope, at = _area(area, self.facts)
        if scope in self.facts.store.parents:
            of = self.facts.store.parents[scope].of
            return {unit for unit, parent in enumerate(of) if parent == at}
        rows = self.facts.store.membership[scope]
        return {unit for unit, region in zip(rows.unit, rows.region, strict=True) if region == at}

    def value(self, field: str, *place: str) -> Said:
        """Write the value of a field in a unit, an area or all units."""
        code, _, year = field.partition("@")
        code = _field(code, self.facts, areas=len(place) != 1)
        return measured(self._value(code, year, place), self.facts.any_field(code))

    def change(self, field: str, *place: str) -> Said:
        """Write by how many per cent a field changed between two years."""
        code, _, years = field.partition("@")
        first, dash, last = years.partition("-")
        if not dash:
            raise _UnknownError(f"expected two years, such as {code}@2013-2022, found {field!r}")
        _field(code, self.facts)
        before, after = (self._value(code, year, place) for year in (first, last))
        if before <= 0:
            raise _UnknownError(f"{field!r} starts at {before:g}: no change in per cent")
        return Percent(after / before - 1)

    def _value(self, code: str, year: str, place: Sequence[str]) -> float:
        field = self.facts.any_field(code)
        years = field.years or ([] if field.year is None else [field.year])
        if year and not (year.isdecimal() and int(year) in years):
            raise _UnknownError(f"field {code!r} has no year {year!r}; {_allowed(years)}")
        wanted = int(year) if year else (years[-1] if years else None)
        if len(place) == 1:
            at = _unit(place[0], self.facts)
            value = self.facts.values(code, wanted if field.years else None)[at]
            partial = False
        else:
            value, partial = self._area_value(code, wanted, ":".join(place))
        if partial or np.isnan(value):
            why = "is of a part of the units alone" if partial else "is missing"
            raise _UnknownError(f"the value of {code!r} {why}")
        return float(value)

    def _area_value(self, code: str, year: int | None, area: str) -> tuple[float, bool]:
        """Look up the value of an area, or of all units, and whether it is partial."""
        if area:
            scope, at = _area(area, self.facts)
            kind = next((kind for kind in self.facts.spec.kinds if kind.id == scope), None)
            name = kind.regions[at].id if kind else self.facts.store.parents[scope].ids[at]
        elif (field := self.facts.any_field(code)).extensive and field.years:
            values = self.facts.values(code, year)
            return float(np.nansum(values)), bool(np.isnan(values).any())
        else:
            whole = field.whole
            return (np.nan, False) if whole is None else (whole.value, whole.partial)
        table = self.facts.region_values
        rows = table[
            (table["kind"] == scope) & (table["region_id"] == name) & (table["code"] == code)
        ]
        rows = rows if year is None else rows[rows["year"] == year]
        if rows.empty:
            return np.nan, False
        return float(rows["value"].iloc[-1]), bool(rows["partial"].eq(True).iloc[-1])


_PLACEHOLDERS: dict[str, tuple[Callable[..., Said], str, Collection[int]]] = {
    "finding": (_Filling.finding, "{finding} or {finding:PLATE}", (0, 1)),
    "name": (_Filling.name, "{name:UNIT} or {name:SCOPE:ID}", (1, 2)),
    "leader": (_Filling.leader, "{leader:RANKING} or {leader:RANKING:RANK}", (1, 2)),
    "rank": (_Filling.rank, "{rank:RANKING:UNIT}", (2,)),
    "tier": (_Filling.tier, "{tier:RANKING:UNIT}", (2,)),
    "count": (_Filling.count, "{count:RANKING} or {count:RANKING:SCOPE:ID}", (1, 3)),
    "share": (_Filling.share, "{share:RANKING:SCOPE:ID}", (3,)),
    "value": (
        _Filling.value,
        "{value:FIELD}, {value:FIELD:UNIT} or {value:FIELD:SCOPE:ID}, FIELD@YEAR for a year",
        (1, 2, 3),
    ),
    "change": (
        _Filling.change,
        "{change:FIELD@FROM-TO}, and :UNIT or :SCOPE:ID behind it",
        (1, 2, 3),
    ),
}
"""By name: what fills it, how it is written, how many parts may follow its name."""
