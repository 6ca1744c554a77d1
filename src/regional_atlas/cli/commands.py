"""Every command, registered with the program."""

from regional_atlas.cli import (  # noqa: F401
    atlas,
    delineate,
    doctor,
    inspect,
    query,
    raster,
    score,
    store,
    verify,
    zones,
)
from regional_atlas.cli.base import app

__all__ = ["app"]
