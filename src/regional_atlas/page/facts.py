"""Names and counts that findings are made of, read from a specification and its store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.page.text import Pair, english_list, pair

__all__ = ["NAMED", "Facts", "Floats", "leaders", "listed"]

Floats = NDArray[np.float64]

NAMED = 3
"""Names that a sentence bears."""


@dataclass(frozen=True)
class Facts:
    """A specification without its plates, and its store.

    Attributes
    ----------
    spec, store : dict
        As the page format describes them.
    extensive : frozenset of str
        Fields whose values add up over units.
    figures : DataFrame or None
        Published figures, long.
    measures : dict
        What was measured in space by id: the rows of `AtlasTables.space_summary`.
    region_values : DataFrame
        The table of that name of `AtlasTables`.
    """

    spec: dict[str, Any]
    store: dict[str, Any]
    extensive: frozenset[str] = frozenset()
    figures: pd.DataFrame | None = None
    measures: dict[str, dict[str, Any]] = field(default_factory=dict)
    region_values: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def unit_level(self) -> Pair:
        """What a unit is called."""
        title: Pair = self.spec["unit_level"]["title"]
        return title

    @property
    def level(self) -> str | None:
        """The parent level that findings speak of: the second, or the only one."""
        levels = [level["id"] for level in self.spec["levels"]]
        return levels[1] if len(levels) > 1 else levels[0] if levels else None

    def title(self, group: str, name: str) -> Pair:
        """Title of a level, kind, ranking or field by id."""
        title: Pair = self.entry(group, name)["title"]
        return title

    def entry(self, group: str, name: str) -> dict[str, Any]:
        """Entry of a list of the specification by id."""
        found: dict[str, Any] = next(item for item in self.spec[group] if item["id"] == name)
        return found

    def values(self, field: str, year: int | None) -> Floats:
        """Values of a field, NaN where missing; `year` for a field with years."""
        column = self.store["fields"][field]
        if isinstance(column, dict):
            column = column[str(year)]
        return np.array(column, dtype=np.float64)

    def by_area(self, level: str, field: str, year: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Values of a field in the parents of a level, and which of them are partial."""
        table = self.region_values
        rows = table[(table["kind"] == level) & (table["code"] == field) & (table["year"] == year)]
        rows = rows.set_index("region_id").loc[self.store["parents"][level]["ids"]]
        return rows["value"].to_numpy("float64"), rows["partial"].to_numpy("bool")

    def ranks(self, ranking: str) -> Floats:
        """Ranks of the units, NaN where not ranked."""
        return np.array(self.store["rankings"][ranking]["rank"], dtype=np.float64)

    def tiers(self, ranking: str) -> Floats:
        """Tiers of the units, NaN where none."""
        return np.array(self.store["rankings"][ranking]["tier"], dtype=np.float64)

    def candidates(self, ranking: str) -> NDArray[np.bool_]:
        """Units that could be ranked: of one of the types that the ranking is among."""
        among = self.entry("rankings", ranking)["among"]
        types = np.array(self.store["unit_type"])
        return np.ones(types.size, dtype=bool) if among is None else np.isin(types, among)

    def best(self, ranking: str) -> list[int]:
        """Ranked units, best first."""
        ranks = self.ranks(ranking)
        return [int(unit) for unit in np.argsort(ranks, kind="stable")[: (~np.isnan(ranks)).sum()]]

    def parent(self, level: str, index: int) -> Pair:
        """Short name of a parent."""
        parents = self.store["parents"][level]
        return pair(parents["short"][index], parents["names_en"][index] or parents["short"][index])

    def region(self, kind: str, index: int) -> Pair:
        """Name of a region."""
        title: Pair = self.entry("kinds", kind)["regions"][index]["title"]
        return title

    def unit(self, index: int) -> Pair:
        """Name of a unit with its parent's, for names repeat."""
        name = self.store["unit"][index]
        english = self.store["unit_en"][index] or name
        level = self.level
        above = self.store["parents"][level]["of"][index] if level else -1
        if level is None or above < 0:
            return pair(name, english)
        parent = self.parent(level, above)
        if parent["zh"] == name or name.startswith(parent["zh"]):
            return pair(name, english)
        meeting = parent["zh"][-1:] + name[:1]
        blank = "" if any(east_asian_width(sign) in "WF" for sign in meeting) else " "
        return pair(f"{parent['zh']}{blank}{name}", f"{english} ({parent['en']})")

    def units(self, indices: Iterable[int]) -> Pair:
        """List the names of units."""
        return listed([self.unit(index) for index in indices])

    def by_parent(self, level: str, units: Iterable[int]) -> Counter[int]:
        """Count units by their parent of a level; those without one are left out."""
        of = self.store["parents"][level]["of"]
        return Counter(of[unit] for unit in units if of[unit] >= 0)

    def by_region(self, kind: str, units: Iterable[int]) -> Counter[int]:
        """Count units by region, each in one at most."""
        wanted, rows = set(units), self.store["membership"][kind]
        return Counter(
            region
            for unit, region, exclusive in zip(
                rows["unit"], rows["region"], rows["exclusive"], strict=True
            )
            if exclusive and unit in wanted
        )


def listed(names: Sequence[Pair]) -> Pair:
    """List names in both languages."""
    return pair("、".join(name["zh"] for name in names), english_list([n["en"] for n in names]))


def leaders(counts: Counter[int]) -> list[int]:
    """Keys with the highest count, in order.

    Examples
    --------
    >>> leaders(Counter({1: 3, 0: 3, 2: 1}))
    [0, 1]
    """
    top = max(counts.values(), default=0)
    return sorted(key for key, count in counts.items() if count == top)
