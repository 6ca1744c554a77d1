"""Plates: a module for each kind, and the plates of a project made by them.

A module holds what its kind needs, its data for the page, and what its finding says. It is
registered in `ready`: a kind that `atlas.toml` may name and that is missing there does not pass
the type check.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from regional_atlas.config.plates import (
    BivariatePlateConfig,
    CategoriesPlateConfig,
    ChangePlateConfig,
    ChoroplethPlateConfig,
    ClustersPlateConfig,
    CoveragePlateConfig,
    FigurePlateConfig,
    HotspotsPlateConfig,
    MultiplesPlateConfig,
    PlateConfig,
    RankingPlateConfig,
    RegionsPlateConfig,
    TiersPlateConfig,
    YearsPlateConfig,
)
from regional_atlas.core.errors import ConfigError, raise_if
from regional_atlas.page.facts import Facts
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

__all__ = ["build_plates", "ready"]


def ready(config: PlateConfig) -> Ready[Plate]:
    """Hand a plate that is declared to the module of its kind."""
    match config:
        case RankingPlateConfig():
            return ranking.KIND.of(config)
        case TiersPlateConfig():
            return tiers.KIND.of(config)
        case RegionsPlateConfig():
            return regions.KIND.of(config)
        case CoveragePlateConfig():
            return coverage.KIND.of(config)
        case ChoroplethPlateConfig():
            return choropleth.KIND.of(config)
        case YearsPlateConfig():
            return years.KIND.of(config)
        case ClustersPlateConfig():
            return clusters.KIND.of(config)
        case ChangePlateConfig():
            return change.KIND.of(config)
        case BivariatePlateConfig():
            return bivariate.KIND.of(config)
        case CategoriesPlateConfig():
            return categories.KIND.of(config)
        case HotspotsPlateConfig():
            return hotspots.KIND.of(config)
        case MultiplesPlateConfig():
            return multiples.KIND.of(config)
        case FigurePlateConfig():
            return figure.KIND.of(config)
        case _:
            assert_never(config)


def build_plates(configs: Sequence[PlateConfig], facts: Facts) -> list[Plate]:
    """Make the plates that a project declares.

    Parameters
    ----------
    configs : sequence of PlateConfig
    facts : Facts
        The specification without plates, and the store.

    Returns
    -------
    list of Plate

    Raises
    ------
    ConfigError
        Plates that name a field, year or palette that is not there, or tiers of a ranking without
        tiers.
    """
    plates = [ready(config) for config in configs]
    raise_if(
        (
            f"plates[{i}] ({configs[i].id}): {problem}"
            for i, plate in enumerate(plates)
            for problem in plate.problems(facts)
        ),
        ConfigError,
    )
    return [plate.build(facts) for plate in plates]
