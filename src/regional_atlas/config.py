"""The typed shape of `atlas.toml`.

Every model forbids unknown keys. Paths are resolved against the project's folder and must exist.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from regional_atlas.model import (
    Box,
    ExistingFile,
    Identifier,
    Model,
    Provenance,
    Text,
    YearlyFiles,
)

__all__ = [
    "AtlasConfig",
    "BoundariesConfig",
    "ClustersConfig",
    "IndicatorTable",
    "KindConfig",
    "MeasureConfig",
    "NightlightsConfig",
    "ParentConfig",
    "PlateConfig",
    "RankingConfig",
    "RegionsConfig",
]


class InsetConfig(Model):
    """A part of the map drawn again in a corner; bounds in degrees (west, south, east, north)."""

    id: Identifier
    title: Text
    bounds: Box


class MapConfig(Model):
    """How the map is drawn: an equal-area projection, its first view, its insets.

    `review_number` is printed on the map; empty, the page says "not reviewed"; left out, nothing.
    """

    projection: str
    projection_name: Text
    bounds: Box
    insets: list[InsetConfig] = []
    review_number: str | None = None
    keep_islets: list[Box] = []


class LevelConfig(Model):
    """A level's id and what a reader calls it."""

    id: Identifier
    title: Text


class ParentConfig(LevelConfig):
    """A parent level: from columns of the boundaries, or by grouping another level.

    `strip` lists endings that a short name goes without; `aliases` maps other names to the full
    one; `itself` lists words that stand for "the unit is its own parent".
    """

    key: str | None = None
    name: str | None = None
    name_en: dict[str, str] = {}
    of: str | None = None
    groups: dict[str, list[str]] = {}
    strip: list[str] = []
    aliases: dict[str, str] = {}
    itself: list[str] = []

    @model_validator(mode="after")
    def _one_source(self) -> ParentConfig:
        if (self.key is None) == (not self.groups):
            raise ValueError(
                "a parent level has either `key` (a column) or `groups` (with `of`), not both"
            )
        if self.groups and self.of is None:
            raise ValueError("`groups` needs `of`: the level that it groups")
        return self


class TypeRule(Model):
    """A rule on a name's ending and an id's beginning; the first that holds decides."""

    type: str
    ends: str = ""
    id_starts: str = ""


class UnitType(Model):
    """A unit type and how many units of it the boundaries must have."""

    id: str
    title: Text
    expected: int | None = None


class UnitTypes(Model):
    """How a unit's type is found: a column, or rules on the name's ending with exceptions by id."""

    column: str | None = None
    rules: list[TypeRule] = []
    exceptions: dict[str, str] = {}
    types: list[UnitType]

    @model_validator(mode="after")
    def _declared(self) -> UnitTypes:
        known = {kind.id for kind in self.types}
        used = [rule.type for rule in self.rules] + list(self.exceptions.values())
        unknown = sorted(set(used) - known)
        if unknown:
            raise ValueError(f"types without a line in `types`: {', '.join(unknown)}")
        return self


class Completeness(Model):
    """What the boundaries must contain; a breach is an error."""

    units: int | None = None
    required: list[str] = []
    area_km2: float | None = None
    area_tolerance: float = 0.01


class BoundariesConfig(Provenance):
    """Where the units come from: an installed provider or a file, its key, names and datum."""

    provider: Literal["cnmaps"] | None = None
    file: ExistingFile | None = None
    layer: str | None = None
    lines: ExistingFile | None = None
    level: LevelConfig
    key: str
    name: str
    name_en: str | None = None
    datum: Literal["wgs84", "cgcs2000", "gcj02", "bd09"] = "wgs84"
    parents: list[ParentConfig] = []
    unit_type: UnitTypes | None = None
    complete: Completeness = Completeness()
    notes: Text | None = None

    @model_validator(mode="after")
    def _one_source(self) -> BoundariesConfig:
        if (self.provider is None) == (self.file is None):
            raise ValueError("give either `provider` or `file`")
        return self


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


class KindConfig(LevelConfig):
    """A kind of region; `polygons` with `rule` where it comes as polygons, not member lists.

    `option` names the command-line option of `query` and the word of `summarise --by`.
    """

    polygons: ExistingFile | None = None
    layer: str | None = None
    key: str = "region_id"
    name: str = "name"
    rule: Rule = "area_share >= 0.5"
    citation: str | None = None


class RegionsConfig(Model):
    """Region definitions: a table of regions, a table of members, and the kinds."""

    file: ExistingFile | None = None
    members: ExistingFile | None = None
    kinds: list[KindConfig]


class IndicatorColumn(Model):
    """One column of an indicator table."""

    column: str
    code: Identifier
    title: Text
    unit: Text
    digits: int = 1
    extensive: bool = True
    scale: float = 1.0


class IndicatorTable(Provenance):
    """A table of indicators, joined by `unit_id` or by name and parents."""

    file: ExistingFile | None = None
    sheet: str | None = None
    year: int
    skip_rows: list[int] = []
    rename: dict[str, str] = {}
    columns: list[IndicatorColumn]


class BlocksConfig(Model):
    """Block means for the overlay and for exercising the raster route on every machine."""

    files: YearlyFiles
    unit_note: Text | None = None


class NightlightsConfig(Provenance):
    """Yearly rasters, or a table computed from them once, and how the cells are read."""

    table: ExistingFile | None = None
    files: YearlyFiles | None = None
    scale: float | None = None
    offset: float | None = None
    nodata: Literal["stored", "none"] | float = "stored"
    crs: str | None = None
    lit_threshold: float
    unit: Text
    blocks: BlocksConfig | None = None
    year: int
    base_year: int
    dark_below: float = 0.0
    level_shifts: list[int] = []
    note: Text | None = None

    @model_validator(mode="after")
    def _some_source(self) -> NightlightsConfig:
        if self.table is None and self.files is None:
            raise ValueError("give `table` or `files`")
        return self


class RankingConfig(Model):
    """A ranking: published (a table with `rank`) or computed (an index file)."""

    id: Identifier
    title: Text
    file: ExistingFile | None = None
    index: ExistingFile | None = None
    among: list[str] = []
    tiers: list[int] = []
    length: int | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> RankingConfig:
        if (self.file is None) == (self.index is None):
            raise ValueError("give either `file` (published) or `index` (computed)")
        if self.tiers != sorted(set(self.tiers)):
            raise ValueError(
                f"`tiers` lists the last rank of each tier, ascending; found {self.tiers}"
            )
        return self


class ClustersConfig(Model):
    """A table of industrial clusters, each with one or several units."""

    id: Identifier
    title: Text
    file: ExistingFile
    cluster: str = "cluster"
    units: str = "units"
    group: str | None = None
    size: str | None = None
    size_unit: Text | None = None
    citation: str | None = None


class PlateConfig(Model):
    """A plate: what the map colours and the table lists."""

    id: Identifier
    kind: Literal["ranking", "tiers", "regions", "coverage", "choropleth", "years", "clusters"]
    title: Text
    group: Text
    ranking: str | None = None
    region_kind: str | None = None
    level: str | None = None
    field: str | None = None
    year: int | None = None
    set: str | None = None
    scheme: Literal["quantile", "fisher_jenks", "equal_interval", "log", "manual"] = "quantile"
    k: Annotated[int, Field(ge=2, le=9)] = 6
    breaks: list[float] = []
    palette: str = "YlGnBu"
    note: Text | None = None
    citation: str | None = None

    @model_validator(mode="after")
    def _needs(self) -> PlateConfig:
        needs = {
            "ranking": ["ranking"],
            "tiers": ["ranking"],
            "regions": ["region_kind"],
            "coverage": ["ranking", "level"],
            "choropleth": ["field"],
            "years": ["field"],
            "clusters": ["set"],
        }[self.kind]
        absent = [key for key in needs if getattr(self, key) is None]
        if absent:
            raise ValueError(f"a plate of kind {self.kind!r} needs {', '.join(absent)}")
        return self


class MeasureConfig(Model):
    """A published figure that is a mean over unit types, not a count."""

    scope: str
    statistic: Literal["mean_sum"]
    year: int
    groups: dict[str, list[str]]
    ratio: tuple[str, str]
    note: str


class CompareNote(Model):
    """Why a published figure and the computed one differ."""

    scope: str
    group: str
    key: str
    note: str


class CompareConfig(Model):
    """Published figures to compare with the computed ones."""

    file: ExistingFile
    tolerance: float = 0.0
    notes: list[CompareNote] = []
    measures: list[MeasureConfig] = []


class AtlasConfig(Model):
    """Everything that `atlas.toml` may say."""

    id: Identifier
    lang: Literal["zh", "en"] = "zh"
    title: Text
    subtitle: Text
    map: MapConfig
    boundaries: BoundariesConfig
    regions: RegionsConfig | None = None
    indicators: dict[Identifier, IndicatorTable] = {}
    nightlights: NightlightsConfig | None = None
    rankings: list[RankingConfig] = []
    clusters: list[ClustersConfig] = []
    plates: list[PlateConfig] = []
    compare: CompareConfig | None = None
    citations: dict[str, Provenance] = {}
    population: str | None = None

    def sources(self) -> dict[str, Provenance]:
        """Every source by the id that a citation names: declared ones, then those of the inputs."""
        sources = {**self.citations, "boundaries": self.boundaries}
        if self.nightlights is not None:
            declared = "nightlights" in sources
            sources["nightlights_rasters" if declared else "nightlights"] = self.nightlights
        return sources | {
            name: table for name, table in self.indicators.items() if name not in sources
        }
