"""Names and counts that findings are made of, read from a specification and its store."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.config import NightlightsConfig
from regional_atlas.core.arrays import Floats
from regional_atlas.core.texts import Joined, Message, Said, Text, named
from regional_atlas.page.format import (
    ClusterSet,
    Field,
    Moran,
    Named,
    Ranking,
    RegionKind,
    Spec,
    Store,
)

__all__ = ["NAMED", "Facts", "Floats", "Measure", "leaders", "listed"]


NAMED = 3
"""Names that a sentence bears."""


@dataclasses.dataclass(frozen=True)
class Measure:
    """What was measured of a field in space: a row of `AtlasTables.space_summary`."""

    field: str
    year: int | None
    moran: Moran
    fdr: float


@dataclasses.dataclass(frozen=True)
class Facts:
    """A specification without its plates, and its store.

    Attributes
    ----------
    spec : Spec
    store : Store
    figures : DataFrame or None
        Published figures, long.
    measures : mapping of str to Measure
        What was measured in space, by id.
    lights : NightlightsConfig or None
        What the project says of its night lights.
    neighbours : sequence of set of int
        Units that share a border with each unit.
    region_values : DataFrame
        The table of that name of `AtlasTables`.
    """

    spec: Spec
    store: Store
    figures: pd.DataFrame | None = None
    measures: Mapping[str, Measure] = dataclasses.field(default_factory=dict)
    lights: NightlightsConfig | None = None
    neighbours: Sequence[set[int]] = ()
    region_values: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)

    @property
    def unit_level(self) -> Said:
        """What a unit is called."""
        return self.spec.unit_level.title

    @property
    def level(self) -> str | None:
        """The parent level that findings speak of: the second, or the only one."""
        levels = [level.id for level in self.spec.levels]
        return levels[1] if len(levels) > 1 else levels[0] if levels else None

    def level_title(self, name: str) -> Said:
        """Title of a parent level."""
        return _entry(self.spec.levels, name).title

    def field(self, name: str) -> Field:
        """Give a field by id."""
        return _entry(self.spec.fields, name)

    def any_field(self, name: str) -> Field:
        """Give a field of units, or one that regions alone have."""
        return _entry([*self.spec.fields, *self.spec.area_fields], name)

    def ranking(self, name: str) -> Ranking:
        """Give a ranking by id."""
        return _entry(self.spec.rankings, name)

    def kind(self, name: str) -> RegionKind:
        """Give a kind of region by id."""
        return _entry(self.spec.kinds, name)

    def cluster_set(self, name: str) -> ClusterSet:
        """Give a set of clusters by id."""
        return _entry(self.spec.clusters, name)

    def values(self, field: str, year: int | None) -> Floats:
        """Values of a field, NaN where missing; `year` for a field with years."""
        column = self.store.fields[field]
        if isinstance(column, dict):
            column = column[str(year)]
        return np.array(column, dtype=np.float64)

    def comparable(self, values: Floats) -> Floats:
        """Values of units that are alike: NaN for those that the project notes are not.

        All where no other unit has a value.
        """
        noted = [at for at, kind in enumerate(self.spec.unit_types) if kind.note is not None]
        if not noted:
            return values
        left = np.where(np.isin(self.store.unit_type, noted), np.nan, values)
        return values if np.isnan(left).all() else left

    def by_area(self, level: str, field: str, year: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Values of a field in the parents of a level, and which of them are partial."""
        table = self.region_values
        rows = table[(table["kind"] == level) & (table["code"] == field) & (table["year"] == year)]
        rows = rows.set_index("region_id").reindex(self.store.parents[level].ids)
        return rows["value"].to_numpy("float64"), rows["partial"].eq(True).to_numpy("bool")

    def ranks(self, ranking: str) -> Floats:
        """Ranks of the units, NaN where not ranked."""
        return np.array(self.store.rankings[ranking].rank, dtype=np.float64)

    def tiers(self, ranking: str) -> Floats:
        """Tiers of the units, NaN where none."""
        return np.array(self.store.rankings[ranking].tier, dtype=np.float64)

    def candidates(self, ranking: str) -> NDArray[np.bool_]:
        """Units that could be ranked: of one of the types that the ranking is among."""
        among = self.ranking(ranking).among
        types = np.array(self.store.unit_type)
        return np.ones(types.size, dtype=bool) if among is None else np.isin(types, among)

    def best(self, ranking: str) -> list[int]:
        """Ranked units, best first."""
        ranks = self.ranks(ranking)
        return [int(unit) for unit in np.argsort(ranks, kind="stable")[: (~np.isnan(ranks)).sum()]]

    def parent(self, level: str, index: int) -> Text:
        """Short name of a parent."""
        parents = self.store.parents[level]
        return named(parents.short[index], parents.names_en[index])

    def region(self, kind: str, index: int) -> Said:
        """Name of a region."""
        return self.kind(kind).regions[index].title

    def area(self, level: str, index: int) -> Said:
        """Name a parent, or a region of a kind."""
        held = self.store.parents
        return self.parent(level, index) if level in held else self.region(level, index)

    def unit(self, index: int) -> Said:
        """Name of a unit with its parent's, for names repeat."""
        name, level = self.store.unit[index], self.level
        unit = named(name, self.store.unit_en[index])
        above = self.store.parents[level].of[index] if level else -1
        if level is None or above < 0:
            return unit
        short = self.store.parents[level].short[above]
        if name.startswith(short):
            return unit
        wide = any(east_asian_width(sign) in "WF" for sign in short[-1:] + name[:1])
        return Message(
            "unit-in-parent",
            {"unit": unit, "parent": self.parent(level, above), "gap": "none" if wide else "space"},
        )

    def units(self, indices: Iterable[int]) -> Said:
        """List the names of units."""
        return listed([self.unit(index) for index in indices])

    def by_parent(self, level: str, units: Iterable[int]) -> Counter[int]:
        """Count units by their parent of a level; those without one are left out."""
        of = self.store.parents[level].of
        return Counter(of[unit] for unit in units if of[unit] >= 0)

    def by_region(self, kind: str, units: Iterable[int]) -> Counter[int]:
        """Count units by region, each in one at most."""
        wanted, rows = set(units), self.store.membership[kind]
        return Counter(
            region
            for unit, region, exclusive in zip(rows.unit, rows.region, rows.exclusive, strict=True)
            if exclusive and unit in wanted
        )


N = TypeVar("N", bound=Named)


def _entry(items: Iterable[N], name: str) -> N:
    return next(item for item in items if item.id == name)


def listed(names: Sequence[Said]) -> Said:
    """List names."""
    return Joined(names, "and")


def leaders(counts: Counter[int]) -> list[int]:
    """Keys with the highest count, in order.

    Examples
    --------
    >>> leaders(Counter({1: 3, 0: 3, 2: 1}))
    [0, 1]
    """
    top = max(counts.values(), default=0)
    return sorted(key for key, count in counts.items() if count == top)
