"""Boundaries, indicators, night lights and regions into rankings, atlases and GIS files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regional_atlas.core.lazy import offered

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas, build, open_atlas
    from regional_atlas.config.project import Project, read_project
    from regional_atlas.membership import assign_membership
    from regional_atlas.scoring import classify_tiers, score
    from regional_atlas.sources.rasters import open_raster
    from regional_atlas.tables.assemble import read_units
    from regional_atlas.zonal import zonal_statistics

__version__ = "0.1.0"

__all__ = [
    "Atlas",
    "Project",
    "__version__",
    "assign_membership",
    "build",
    "classify_tiers",
    "open_atlas",
    "open_raster",
    "read_project",
    "read_units",
    "score",
    "zonal_statistics",
]

_HOMES = {
    "Atlas": "atlas",
    "Project": "config.project",
    "assign_membership": "membership",
    "build": "atlas",
    "classify_tiers": "scoring",
    "open_atlas": "atlas",
    "open_raster": "sources.rasters",
    "read_project": "config.project",
    "read_units": "tables.assemble",
    "score": "scoring",
    "zonal_statistics": "zonal",
}


__getattr__ = offered(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
