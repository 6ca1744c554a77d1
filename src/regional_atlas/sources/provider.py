"""What a boundary provider is: an installed package of boundaries that a project names.

Each module of `providers/` is one; other packages may add more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from regional_atlas.core.plugins import Plugins

__all__ = ["PROVIDERS", "Provider"]


@dataclass(frozen=True)
class Provider:
    """A boundary provider.

    Attributes
    ----------
    title : str
        What messages call it.
    read_units : callable
        Returns the units: every column of the source, geometry in the datum that the project
        declares, with a CRS.
    files : callable
        Returns every file that is read, so that a changed file is read anew.
    read_lines : callable or None
        Returns the lines that a map draws beside the units.
    """

    title: str
    read_units: Callable[[], gpd.GeoDataFrame]
    files: Callable[[], list[Path]]
    read_lines: Callable[[], gpd.GeoSeries] | None = None


PROVIDERS = Plugins("regional_atlas.sources.providers", "PROVIDER", Provider)
"""Every boundary provider by name."""
