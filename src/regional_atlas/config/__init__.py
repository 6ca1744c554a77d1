"""The typed shape of `atlas.toml`.

Every model forbids unknown keys. Paths are resolved against the project's folder and must exist.
"""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import Field, model_validator

from regional_atlas.config.boundaries import (
    BoundariesConfig,
    Completeness,
    LevelConfig,
    ParentConfig,
    UnitTypes,
)
from regional_atlas.config.indicators import CommittedConfig, IndicatorTable
from regional_atlas.config.lists import EndingTable, TextTable
from regional_atlas.config.map import MapConfig, PageConfig, TilesConfig
from regional_atlas.config.plates import CategoryConfig, PlateConfig
from regional_atlas.config.rankings import (
    ClustersConfig,
    CompareConfig,
    MeasureConfig,
    RankingConfig,
)
from regional_atlas.config.rasters import CleaningConfig, NightlightsConfig, RasterConfig
from regional_atlas.config.regions import KindConfig, RegionsConfig
from regional_atlas.config.space import InequalityConfig, SpaceConfig
from regional_atlas.config.story import StepConfig
from regional_atlas.config.tables import TableConfig, TableFile
from regional_atlas.core.model import (
    Derived,
    Identifier,
    Model,
    ProblemsError,
    Provenance,
    Real,
)
from regional_atlas.core.texts import Lang, Text

__all__ = [
    "AtlasConfig",
    "BoundariesConfig",
    "CategoryConfig",
    "CleaningConfig",
    "ClustersConfig",
    "CommittedConfig",
    "CompareConfig",
    "Completeness",
    "IndicatorTable",
    "InequalityConfig",
    "KindConfig",
    "LevelConfig",
    "MapConfig",
    "MeasureConfig",
    "NightlightsConfig",
    "PageConfig",
    "ParentConfig",
    "PlateConfig",
    "RankingConfig",
    "RasterConfig",
    "RegionsConfig",
    "SpaceConfig",
    "StepConfig",
    "TableConfig",
    "TilesConfig",
    "UnitTypes",
]


class AtlasConfig(Model):
    """Everything that `atlas.toml` may say."""

    id: Annotated[Identifier, Derived("the folder's name")]
    """Names the output folder."""
    lang: Lang | None = None
    """The first of `languages`, where they are not in that order."""
    languages: list[Lang] = []
    """The languages of the page, the report and codebooks, BCP 47 tags; those of `title` by
    default. The page opens in the reader's language where it is among them, else in the first."""
    title: Annotated[Text, Derived("the id")]
    """Of the atlas."""
    subtitle: Text = Text()
    """One line below it."""
    map: MapConfig = MapConfig()
    """How the map is drawn."""
    page: PageConfig = PageConfig()
    """What the page carries."""
    boundaries: BoundariesConfig
    """Where the units come from."""
    regions: RegionsConfig | None = None
    """Urban agglomerations, metropolitan areas and the like."""
    indicators: dict[Identifier, IndicatorTable] = {}
    """Tables of indicators by name."""
    committed: CommittedConfig = CommittedConfig()
    """What these tables gave once, for builds without them."""
    nightlights: NightlightsConfig | None = None
    """Yearly rasters of lights, or the table computed from them."""
    rasters: dict[Identifier, RasterConfig] = {}
    """Rasters of anything, measured in every unit, by name."""
    rankings: list[RankingConfig] = []
    """Published and computed rankings; the first is the default of queries."""
    clusters: list[ClustersConfig] = []
    """Sets of industrial clusters."""
    space: list[SpaceConfig] = []
    """Fields whose pattern over neighbouring units is measured."""
    inequality: list[InequalityConfig] = []
    """Fields whose inequality is split between and within groups of units."""
    plates: list[PlateConfig] = []
    """What the atlas shows, in order."""
    story: Annotated[list[StepConfig], Field(max_length=20)] = []
    """Steps that a reader is led through, in order: five to twelve make a story that is read to its
    end, and every step is a page on paper."""
    figures: TableFile | None = None
    """Table of published figures that plates show: figure, series, key, value."""
    compare: CompareConfig | None = None
    """Published figures to compare with computed ones."""
    citations: dict[str, Provenance] = {}
    """Sources by the id that plates and rankings name."""
    population: str | None = None
    """Code of the indicator that weighs the means of regions, and that says which share of a region
    its members with data hold."""
    data_share_at_least: Annotated[Real, Field(gt=0, le=1)] = 1.0
    """A value of a region is marked partial where the members that have data hold less than this
    share of its population (or area). With 1, any member without data makes it partial."""
    pinyin: TextTable | None = None
    """Where it is given, even empty, Chinese names are also found by Pinyin, and written so in
    English. It holds the readings of names, or of parts, that a dictionary reads wrongly."""
    endings_en: EndingTable = {}
    """With `pinyin`: by the ending of a unit's Chinese name, the English that stands behind the
    Pinyin of the rest, such as `县 = "County"`; an empty text leaves it out. Several endings
    are taken off one after the other. By default the ending is written in Pinyin too."""

    def offered(self) -> list[str]:
        """List the languages of the page, the report and codebooks, the first one first."""
        given = [tag for tag in self.title if tag != "und"]
        declared = self.languages or given or [self.lang or "en"]
        return (
            [self.lang, *(tag for tag in declared if tag != self.lang)] if self.lang else declared
        )

    def sources(self) -> dict[str, Provenance]:
        """Every source by the id that a citation names: declared ones, then those of the inputs."""
        sources = {**self.citations, "boundaries": self.boundaries}
        if self.nightlights is not None:
            declared = "nightlights" in sources
            sources["nightlights_rasters" if declared else "nightlights"] = self.nightlights
        inputs = {**self.indicators, **self.rasters}
        return sources | {name: source for name, source in inputs.items() if name not in sources}

    @model_validator(mode="after")
    def _names_of_their_own(self) -> AtlasConfig:
        taken = [name for name in self.rasters if name in {"boundaries", "nightlights"}]
        taken += [name for name in self.rasters if name in self.indicators]
        problems = [f"rasters.{name}: another input has this name; rename one" for name in taken]
        places: dict[str, list[str]] = {}
        for name, raster in self.rasters.items():
            for code, _ in raster.indicators(name):
                places.setdefault(code.lower(), []).append(f"rasters.{name}")
        for name, table in self.indicators.items():
            codes = [*(c.code for c in table.columns), *(ratio.code for ratio in table.derived)]
            for code in (code.lower() for code in codes):
                if code in places:
                    places[code].append(f"indicators.{name}")
        problems += [
            f"rasters: the code {code!r} stands more than once: in {', '.join(held)}"
            for code, held in places.items()
            if len(held) > 1
        ]
        problems += [
            f"rasters.{other}: measures the {name} of the same files, read in the same way, as "
            f"rasters.{one}; remove one, or correct `files`, `band` or `variable`"
            for (one, first), (other, second) in itertools.combinations(self.rasters.items(), 2)
            for name in first.same_statistics(second)
        ]
        if problems:
            raise ProblemsError(problems)
        return self
