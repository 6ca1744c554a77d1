"""Every kind of plate, by what atlas.toml declares. Written by `make format`."""

from __future__ import annotations

from typing import assert_never

from regional_atlas.config import plates as declared
from regional_atlas.page.format import Plate
from regional_atlas.page.plates import (
    bivariate,
    categories,
    change,
    choropleth,
    clusters,
    coverage,
    figure,
    hotspots,
    multiples,
    ranking,
    regions,
    tiers,
    years,
)
from regional_atlas.page.plates._kind import Ready

__all__ = ["ready"]


def ready(config: declared.PlateConfig) -> Ready[Plate]:
    """Hand a plate that is declared to the module of its kind."""
    match config:
        case declared.RankingPlateConfig():
            return ranking.KIND.of(config)
        case declared.TiersPlateConfig():
            return tiers.KIND.of(config)
        case declared.RegionsPlateConfig():
            return regions.KIND.of(config)
        case declared.CoveragePlateConfig():
            return coverage.KIND.of(config)
        case declared.ChoroplethPlateConfig():
            return choropleth.KIND.of(config)
        case declared.YearsPlateConfig():
            return years.KIND.of(config)
        case declared.ClustersPlateConfig():
            return clusters.KIND.of(config)
        case declared.ChangePlateConfig():
            return change.KIND.of(config)
        case declared.BivariatePlateConfig():
            return bivariate.KIND.of(config)
        case declared.CategoriesPlateConfig():
            return categories.KIND.of(config)
        case declared.HotspotsPlateConfig():
            return hotspots.KIND.of(config)
        case declared.MultiplesPlateConfig():
            return multiples.KIND.of(config)
        case declared.FigurePlateConfig():
            return figure.KIND.of(config)
        case _:
            assert_never(config)
