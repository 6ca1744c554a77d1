"""Every kind of plate, by what atlas.toml declares. Written by `make format`."""

from __future__ import annotations

from typing import assert_never

from regional_atlas.config import plates as declared
from regional_atlas.page.format import Plate
from regional_atlas.page.plates._kind import Ready
from regional_atlas.page.plates.areas import KIND as AREAS
from regional_atlas.page.plates.bivariate import KIND as BIVARIATE
from regional_atlas.page.plates.categories import KIND as CATEGORIES
from regional_atlas.page.plates.change import KIND as CHANGE
from regional_atlas.page.plates.choropleth import KIND as CHOROPLETH
from regional_atlas.page.plates.clusters import KIND as CLUSTERS
from regional_atlas.page.plates.coverage import KIND as COVERAGE
from regional_atlas.page.plates.figure import KIND as FIGURE
from regional_atlas.page.plates.hotspots import KIND as HOTSPOTS
from regional_atlas.page.plates.multiples import KIND as MULTIPLES
from regional_atlas.page.plates.ranking import KIND as RANKING
from regional_atlas.page.plates.regions import KIND as REGIONS
from regional_atlas.page.plates.tiers import KIND as TIERS
from regional_atlas.page.plates.years import KIND as YEARS

__all__ = ["ready"]


def ready(config: declared.PlateConfig) -> Ready[Plate]:
    """Hand a plate that is declared to the module of its kind."""
    match config:
        case declared.RankingPlateConfig():
            return RANKING.of(config)
        case declared.TiersPlateConfig():
            return TIERS.of(config)
        case declared.RegionsPlateConfig():
            return REGIONS.of(config)
        case declared.CoveragePlateConfig():
            return COVERAGE.of(config)
        case declared.AreasPlateConfig():
            return AREAS.of(config)
        case declared.ChoroplethPlateConfig():
            return CHOROPLETH.of(config)
        case declared.YearsPlateConfig():
            return YEARS.of(config)
        case declared.ClustersPlateConfig():
            return CLUSTERS.of(config)
        case declared.ChangePlateConfig():
            return CHANGE.of(config)
        case declared.BivariatePlateConfig():
            return BIVARIATE.of(config)
        case declared.CategoriesPlateConfig():
            return CATEGORIES.of(config)
        case declared.HotspotsPlateConfig():
            return HOTSPOTS.of(config)
        case declared.MultiplesPlateConfig():
            return MULTIPLES.of(config)
        case declared.FigurePlateConfig():
            return FIGURE.of(config)
        case _:
            assert_never(config)
