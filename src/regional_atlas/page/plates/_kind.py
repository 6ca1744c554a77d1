"""What a module of a kind of plate offers, and how a plate is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypedDict, TypeVar

from regional_atlas.config.plates import ClassesConfig, PlateBaseConfig, RampConfig
from regional_atlas.core.errors import problems_of
from regional_atlas.core.texts import Joined, Said, Text
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import ChartKind, PlateBase
from regional_atlas.page.palettes import palette

__all__ = ["Clauses", "Head", "Kind", "Ready", "sentence"]

Clauses = list[Said | None]
"""What a finding is joined from; None where a condition does not hold."""

C = TypeVar("C", bound=PlateBaseConfig)
P = TypeVar("P", bound=PlateBase)
P_co = TypeVar("P_co", bound=PlateBase, covariant=True)


class Head(TypedDict):
    """What every plate has, whatever its kind; the finding follows when the rest is there."""

    id: str
    title: Said
    group: Said
    finding: Said
    note: Said | None
    citation: str | None


@dataclass(frozen=True)
class Ready(Generic[P_co]):
    """A plate that is declared: what it lacks, and how it is built."""

    problems: Callable[[Facts], list[str]]
    build: Callable[[Facts], P_co]


def _nothing(config: PlateBaseConfig, facts: Facts) -> list[str]:
    del config, facts
    return []


@dataclass(frozen=True)
class Kind(Generic[C, P]):
    """A kind of plate.

    Attributes
    ----------
    plate : callable
        Lays a plate out, but for its finding.
    clauses : callable
        What its finding says.
    charts : mapping
        What the finding says in place of that where the plate opens with a chart.
    citation : callable
        The source of what the plate shows.
    problems : callable
        What the declaration names that is not there.
    """

    plate: Callable[[C, Head, Facts], P]
    clauses: Callable[[P, Facts], Clauses]
    citation: Callable[[C, Facts], str | None]
    charts: Mapping[ChartKind, Callable[[P, Facts], Clauses]] = field(default_factory=dict)
    problems: Callable[[C, Facts], list[str]] = _nothing

    def of(self, config: C) -> Ready[P]:
        """Take up the declaration of a plate."""
        return Ready(
            problems=lambda facts: _palette_problems(config) + self.problems(config, facts),
            build=lambda facts: self._built(config, facts),
        )

    def finding(self, plate: P, facts: Facts) -> Said:
        """Say in one sentence what a plate shows; nothing where there is nothing to say."""
        charted = None if plate.chart is None else self.charts.get(plate.chart)
        said = charted(plate, facts) if charted else []
        return sentence(said or self.clauses(plate, facts))

    def _built(self, config: C, facts: Facts) -> P:
        head = Head(
            id=config.id,
            title=config.title,
            group=config.group,
            finding=Text(""),
            note=config.note,
            citation=config.citation or self.citation(config, facts),
        )
        plate = self.plate(config, head, facts)
        return replace(plate, finding=self.finding(plate, facts))


def sentence(clauses: Clauses) -> Said:
    """Join clauses to one sentence, leaving out those that are None."""
    return Joined([clause for clause in clauses if clause is not None], "sentence")


def _palette_problems(config: PlateBaseConfig) -> list[str]:
    if not isinstance(config, RampConfig):
        return []
    count = config.k if isinstance(config, ClassesConfig) else 2
    return problems_of(lambda: palette(config.palette, count))
