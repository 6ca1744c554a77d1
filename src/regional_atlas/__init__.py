"""Boundaries, indicators, night lights and regions into rankings, atlases and GIS files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regional_atlas.core.lazy import offered

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas, build, explore, open_atlas
    from regional_atlas.config.project import Project, read_project
    from regional_atlas.core.errors import ConfigError, DataError, InputError, RasterError
    from regional_atlas.functions import delineate
    from regional_atlas.functions.inference import count_rank_sets, rank_sets
    from regional_atlas.functions.regions import assign_membership, crosswalk, moran, roll_up
    from regional_atlas.functions.scoring import score
    from regional_atlas.functions.series import classify, classify_tiers, rank
    from regional_atlas.functions.zonal import zonal_statistics
    from regional_atlas.sources.rasters import open_raster
    from regional_atlas.tables.assemble import read_units

__version__ = "0.1.0"

__all__ = [
    "Atlas",
    "ConfigError",
    "DataError",
    "InputError",
    "Project",
    "RasterError",
    "__version__",
    "assign_membership",
    "build",
    "classify",
    "classify_tiers",
    "count_rank_sets",
    "crosswalk",
    "delineate",
    "explore",
    "moran",
    "open_atlas",
    "open_raster",
    "rank",
    "rank_sets",
    "read_project",
    "read_units",
    "roll_up",
    "score",
    "zonal_statistics",
]

_HOMES = {
    "Atlas": "atlas",
    "ConfigError": "core.errors",
    "DataError": "core.errors",
    "InputError": "core.errors",
    "Project": "config.project",
    "RasterError": "core.errors",
    "assign_membership": "functions.regions",
    "build": "atlas",
    "classify": "functions.series",
    "classify_tiers": "functions.series",
    "count_rank_sets": "functions.inference",
    "crosswalk": "functions.regions",
    "delineate": "functions.delineate",
    "explore": "atlas",
    "moran": "functions.regions",
    "open_atlas": "atlas",
    "open_raster": "sources.rasters",
    "rank": "functions.series",
    "rank_sets": "functions.inference",
    "read_project": "config.project",
    "read_units": "tables.assemble",
    "roll_up": "functions.regions",
    "score": "functions.scoring",
    "zonal_statistics": "functions.zonal",
}


__getattr__ = offered(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
