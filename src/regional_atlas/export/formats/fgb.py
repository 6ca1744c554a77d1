"""Units as FlatGeobuf."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export._ogr import write_layer
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_fgb"]


def write_fgb(layers: Layers, path: Path) -> None:
    """Write the units layer as FlatGeobuf, in the order of its spatial index."""
    with atomic_path(path) as temporary:
        write_layer(layers.units, temporary, "FlatGeobuf", SPATIAL_INDEX="YES")


FORMAT = Format(
    title="FlatGeobuf",
    file="units.fgb",
    write=write_fgb,
)
