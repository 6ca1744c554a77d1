"""Kinds of region: member lists or polygons with a rule."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from regional_atlas.config.boundaries import LevelConfig
from regional_atlas.config.lists import GroupTable
from regional_atlas.config.tables import TableFile, UnitFile, UnitTable
from regional_atlas.core.model import ExistingFile, Model, Share

__all__ = ["DelineationConfig", "KindConfig", "RegionsConfig"]


_RULE = re.compile(
    r"^(area_share\s*>=\s*(0?\.\d+|1(\.0*)?|0)|largest_share|representative_point|intersects)$"
)


def _rule(value: Any) -> str:
    if not isinstance(value, str) or not _RULE.match(value):
        raise ValueError(
            f"unknown rule {value!r}; allowed: 'area_share >= 0.5' (any share from 0 to 1), "
            "'largest_share', 'representative_point', 'intersects'"
        )
    return value


Rule = Annotated[str, BeforeValidator(_rule)]


class DelineationConfig(UnitTable):
    """A table with a row for each unit of a region: its unit, its region, the region's name.

    The unit stands in `unit_id` (or `key`), or in `unit` with parent levels; `rename` gives columns
    these names. Rows without a region are in none.

    With `probability` memberships hold by chance, as in the `probabilities.csv` of
    `regional-atlas delineate`: units are members from `at_least` on, and counts of regions get an
    interval from all probabilities.
    """

    file: ExistingFile
    """CSV, TSV, XLSX, XLS, ODS, Parquet, or a GIS file with attributes."""
    region_id: str = "region_id"
    """Column with the region's id."""
    name: str = "name"
    """Column with the region's name."""
    name_en: str | None = None
    """Column with its English name."""
    attributes: list[str] | None = None
    """Further columns that are kept as attributes of the membership, such as whether a county is
    central; all by default."""
    probability: str | None = None
    """Column with how likely the unit is a member of the region, above 0 and up to 1; without it
    every row is one."""
    at_least: Share | None = None
    """The lowest `probability` of a member, 0.5 by default. Those below count for the interval of a
    region's counts only."""

    @model_validator(mode="after")
    def _of_probabilities(self) -> DelineationConfig:
        if self.at_least is not None and self.probability is None:
            raise ValueError("`at_least` goes with `probability`")
        return self

    @property
    def least_probability(self) -> float:
        """The lowest probability of a member."""
        return 0.5 if self.at_least is None else self.at_least


class KindConfig(LevelConfig):
    """A kind of region: from lists, a table of its own, polygons, a column or another level."""

    table: DelineationConfig | None = None
    """A table that delineates the regions, instead of lines in `file` and `members`."""
    polygons: ExistingFile | None = None
    """Vector file with the regions, instead of lines in `file` and `members`."""
    layer: str | None = None
    """Of a file with several."""
    crs: str | None = None
    """Coordinate reference system of a file that has none, or a wrong one."""
    key: str = "region_id"
    """Column of the polygons with the region's id."""
    name: str = "name"
    """Column with its name."""
    rule: Rule = "area_share >= 0.5"
    """`area_share >= x`, `largest_share`, `representative_point` or `intersects`."""
    column: str | None = None
    """Column of the boundaries with the id of each unit's region; empty where it is in none."""
    column_name: str | None = None
    """Column of the boundaries with the region's name; the id where left out."""
    of: str | None = None
    """A parent level: its parents are the regions, or `groups` of them."""
    groups: GroupTable = {}
    """Lists of the level's full names by region."""
    citation: str | None = None
    """Id of the source."""

    @model_validator(mode="after")
    def _one_source(self) -> KindConfig:
        sources = ("table", "polygons", "column", "of")
        given = [name for name in sources if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"give either {' or '.join(f'`{name}`' for name in given)}")
        if self.column_name is not None and self.column is None:
            raise ValueError("`column_name` goes with `column`")
        if self.groups and self.of is None:
            raise ValueError("`groups` needs `of`: the level that it groups")
        return self


class RegionsConfig(Model):
    """Region definitions: a table of regions, a table of members, and the kinds."""

    file: TableFile | None = None
    """Table: region_id, name, name_en, kind, precedence (the lowest wins), source."""
    members: UnitFile | None = None
    """Table: region_id, parent levels, unit (`*`: all) or unit_id, rule (include, exclude)."""
    kinds: list[KindConfig]
    """The kinds of region there are."""
