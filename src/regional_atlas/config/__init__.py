"""The typed shape of `atlas.toml`.

Every model forbids unknown keys. Paths are resolved against the project's folder and must exist.
"""

from __future__ import annotations

from typing import Literal

from regional_atlas.config.boundaries import (
    BoundariesConfig,
    Completeness,
    LevelConfig,
    ParentConfig,
    UnitTypes,
)
from regional_atlas.config.indicators import IndicatorTable, NightlightsConfig
from regional_atlas.config.layout import MapConfig, PlateConfig
from regional_atlas.config.rankings import (
    ClustersConfig,
    CompareConfig,
    MeasureConfig,
    RankingConfig,
)
from regional_atlas.config.regions import KindConfig, RegionsConfig
from regional_atlas.model import Identifier, Model, Provenance, Text

__all__ = [
    "AtlasConfig",
    "BoundariesConfig",
    "ClustersConfig",
    "CompareConfig",
    "Completeness",
    "IndicatorTable",
    "KindConfig",
    "LevelConfig",
    "MapConfig",
    "MeasureConfig",
    "NightlightsConfig",
    "ParentConfig",
    "PlateConfig",
    "RankingConfig",
    "RegionsConfig",
    "UnitTypes",
]


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
