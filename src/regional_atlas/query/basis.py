"""What every question to an atlas starts from, laid out once for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.config import RankingConfig
from regional_atlas.config.project import Project
from regional_atlas.core.pinyin import english_names
from regional_atlas.core.schema import AtlasTables
from regional_atlas.query.areas import Grouping, grouping, with_english
from regional_atlas.query.naming import Names, Readings, meant
from regional_atlas.query.years import with_years, years_known

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Basis", "Further", "apart", "by_year", "chosen_ranking", "intervals"]

_MADE = {"unit_id", "exclusive", "distance_km", "order", "rank_within", "ranked", "geometry"}
"""Columns that an answer may get beside those that are laid out."""

Further = Mapping[str, Callable[[], pd.Series]]


@dataclass(frozen=True, repr=False)
class Basis:
    """A project and its tables, with what questions share."""

    project: Project
    tables: AtlasTables
    _laid_out: dict[tuple[str | None, int | None], pd.DataFrame] = field(default_factory=dict)
    _groupings: dict[str, Grouping] = field(default_factory=dict)
    _names: dict[tuple[str, bool], Names] = field(default_factory=dict)

    @cached_property
    def years(self) -> dict[str, list[int]]:
        """The years of each indicator of units."""
        return years_known(self.tables.indicators)

    @cached_property
    def unit_names(self) -> Names:
        """What units are called."""
        units = self.tables.unit_table
        forms = units[[name for name in ("unit", "unit_en") if name in units.columns]]
        return Names(forms, self.project.config.boundaries.aliases)

    @cached_property
    def latin_unit_names(self) -> Names:
        """What units are called, with the English names that the page reads off Chinese ones."""
        config, known = self.project.config, self.unit_names
        read = english_names(known.forms["unit"].tolist(), config.pinyin, config.endings_en)
        return Names(known.forms.assign(read=pd.Series(read, known.forms.index)), known.aliases)

    @cached_property
    def points(self) -> gpd.GeoSeries:
        """A point inside each unit, WGS 84."""
        return self.tables.units.geometry.representative_point()

    @property
    def readings(self) -> Readings:
        """How Chinese names are read in Pinyin; None where the project does not ask for it."""
        return self.project.config.pinyin

    def grouping(self, kind: str) -> Grouping:
        """Group the units by the areas of one kind; see `areas.grouping`."""
        if kind not in self._groupings:
            self._groupings[kind] = grouping(self.tables, kind)
        return self._groupings[kind]

    def called(
        self, kind: str, name: str, said: Callable[[Hashable], str] | None = None
    ) -> list[Hashable]:
        """Find the areas of a kind, or the units (`unit`), that are called so.

        Options and conditions ask here, so that a name means the same in both; see `naming.meant`.
        """
        latin = name.isascii() and self.readings is not None
        if (kind, latin) not in self._names:
            self._names[kind, latin] = self._names_of(kind, latin)
        return meant(name, self._names[kind, latin], kind, said=said, readings=self.readings)

    def _names_of(self, kind: str, latin: bool) -> Names:
        if kind == "unit":
            return self.latin_unit_names if latin else self.unit_names
        names = self.grouping(kind).names
        return Names(with_english(names, self.readings) if latin else names)

    def units(self, ranking: str | None, year: int | None) -> pd.DataFrame:
        """Lay out every unit with a ranking and the indicators of a year: a copy to work on.

        Parameters
        ----------
        ranking : str, optional
            The project's first by default.
        year : int, optional
            The latest of each indicator by default; `attrs` say which, see `with_years`.
        """
        key = (ranking, year)
        if key not in self._laid_out:
            self._laid_out[key] = _units(self, *key)
        return self._laid_out[key].copy()

    @cached_property
    def further(self) -> Further:
        """Name what units have beyond that table, each with a function that makes its column.

        Other columns of the units; `CODE@YEAR` of an indicator; `RANKING.rank`, `.score`, `.tier`
        and the columns of its scores, `RANKING` alone being its score; `KIND.ATTRIBUTE` of
        memberships.
        """
        units = self.tables.unit_table
        found: dict[str, Callable[[], pd.Series]] = {
            "unit_id": partial(pd.Series, units.index, units.index)
        }
        found |= {str(name): partial(_same, column) for name, column in units.items()}
        for config in self.project.config.rankings:
            found |= _of_ranking(self.tables, config.id)
        held = self.tables.membership_attributes
        for (kind, attribute), rows in held.groupby(["kind", "attribute"], sort=False):
            found[f"{kind}.{attribute}"] = partial(_joined, rows)
        return found | by_year(self.tables.indicators, "unit_id")


def intervals(scores: pd.DataFrame) -> list[str]:
    """Name the columns of scores that say how sure a rank and a tier are, where there are any."""
    tops = [name for name in scores.columns if re.fullmatch(r"p_top\d+", str(name))]
    named = ["rank_low", "rank_high", *tops, "p_ahead", "p_tier"]
    return [name for name in named if name in scores.columns]


def chosen_ranking(project: Project, ranking: str | None) -> RankingConfig | None:
    """Return a ranking by id, the project's first by default; None where it declares none."""
    if ranking is not None:
        return project.ranking(ranking)
    return project.config.rankings[0] if project.config.rankings else None


def _latest_values(tables: AtlasTables, year: int | None = None) -> pd.DataFrame:
    """Latest year of each indicator, or a given one, one column per code, one row per unit."""
    rows = tables.indicators
    if rows.empty:
        return pd.DataFrame(index=tables.unit_table.index)
    wanted = rows.groupby("code")["year"].transform("max") if year is None else year
    wide = rows[rows["year"] == wanted].pivot(index="unit_id", columns="code", values="value")
    codes = [code for code in tables.meta if code in wide]
    return wide.reindex(index=tables.unit_table.index, columns=codes)


def _units(basis: Basis, ranking: str | None, year: int | None) -> pd.DataFrame:
    project, tables = basis.project, basis.tables
    config = chosen_ranking(project, ranking)
    units = tables.unit_table
    name = config.id if config is not None else None
    ranked = tables.rankings[tables.rankings["ranking"] == name].set_index("unit_id")
    table = pd.DataFrame(
        {
            "rank": ranked["rank"].reindex(units.index).astype("Int64"),
            "unit": units["unit"],
            "unit_type": units["unit_type"],
        }
    )
    scores = tables.scores.get(name or "", pd.DataFrame())
    for place, name in enumerate(intervals(scores), start=1):
        table.insert(place, name, scores[name].reindex(units.index))
    for level in reversed(list(tables.parents)):
        table[level] = units[level]
    table["score"] = ranked["score"].reindex(units.index)
    table["tier"] = ranked["tier"].reindex(units.index)
    for kind in project.kinds():
        table[kind] = _region_names(tables, kind)
    table["area_km2"] = units["area_km2"]
    values = _latest_values(tables, year)
    named = apart(tables.meta, {*table.columns, *_MADE})
    return with_years(table.join(values.rename(columns=named)), basis.years, year, named)


def apart(codes: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """Name anew the indicators whose code is a column of the answer: `rank` is `indicator.rank`.

    Examples
    --------
    >>> apart(["gdp", "rank"], ["unit", "rank"])
    {'rank': 'indicator.rank'}
    """
    return {code: f"indicator.{code}" for code in codes if code in taken}


def _region_names(tables: AtlasTables, kind: str) -> pd.Series:
    """Give the names of each unit's regions of a kind, joined by `;`, the exclusive one first."""
    rows = tables.membership[tables.membership["kind"] == kind].dropna(subset=["region_id"])
    rows = rows.sort_values(["unit_id", "exclusive"], ascending=[True, False], kind="stable")
    names = rows.set_index("unit_id")["region_id"].map(tables.region_table["name"])
    several = names.index.duplicated(keep=False)
    joined = names[several].groupby(level=0).agg(";".join)
    found: pd.Series = pd.concat([names[~several], joined])
    return found


def _of_ranking(tables: AtlasTables, ranking: str) -> dict[str, Callable[[], pd.Series]]:
    ranked = tables.rankings[tables.rankings["ranking"] == ranking].set_index("unit_id")
    columns = [*ranked[["rank", "tier"]].items()]
    found: dict[str, Callable[[], pd.Series]] = {}
    if ranked["score"].notna().any():
        columns += [("score", ranked["score"])]
        found[ranking] = partial(_same, ranked["score"])
    columns += tables.scores.get(ranking, pd.DataFrame()).items()
    return {f"{ranking}.{name}": partial(_same, column) for name, column in columns} | found


def by_year(rows: pd.DataFrame, key: str) -> dict[str, Callable[[], pd.Series]]:
    """Name the values of each code by year: `CODE@YEAR`, each a column by the key."""
    pairs = rows[["code", "year"]].dropna().drop_duplicates().sort_values(["code", "year"])

    def column(code: str, year: int) -> pd.Series:
        return rows[(rows["code"] == code) & (rows["year"] == year)].set_index(key)["value"]

    return {
        f"{code}@{int(year)}": partial(column, code, year)
        for code, year in pairs.itertuples(index=False)
    }


def _joined(rows: pd.DataFrame) -> pd.Series:
    texts = rows.dropna(subset=["value"]).groupby("unit_id")["value"]
    found: pd.Series = texts.agg(lambda values: ";".join(dict.fromkeys(map(str, values))))
    return found


def _same(column: pd.Series) -> pd.Series:
    return column
