"""What a boundary provider is: an installed package of boundaries that a project names.

Each module of `providers/` is one; other packages may add more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regional_atlas.core.errors import ConfigError
from regional_atlas.core.plugins import Plugins

if TYPE_CHECKING:
    import geopandas as gpd

    from regional_atlas.config import BoundariesConfig

__all__ = ["PROVIDERS", "Provider", "boundary_files", "provider_of"]


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
        Returns files that differ whenever what is read differs: those that are read, or the list
        with which an installed package came.
    read_lines : callable or None
        Returns the lines that a map draws beside the units.
    """

    title: str
    read_units: Callable[[], gpd.GeoDataFrame]
    files: Callable[[], list[Path]]
    read_lines: Callable[[], gpd.GeoSeries] | None = None


PROVIDERS = Plugins("regional_atlas.sources.providers", "PROVIDER", Provider)
"""Every boundary provider by name."""


def boundary_files(config: BoundariesConfig) -> list[Path]:
    """List the files that boundaries and lines are read from."""
    listed = (config.file, config.lines, config.reference)
    given = [path for path in listed if path is not None]
    return given if config.provider is None else [*provider_of(config).files(), *given]


def provider_of(config: BoundariesConfig) -> Provider:
    """Return the provider that a project names; ConfigError lists those that are installed."""
    name = str(config.provider)
    if name not in PROVIDERS:
        raise ConfigError(
            f"boundaries.provider: no provider is called {name!r}; allowed: {', '.join(PROVIDERS)}"
        )
    return PROVIDERS[name]
