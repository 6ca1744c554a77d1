"""Units as GeoJSON."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.export._ogr import write_layer
from regional_atlas.export.layers import Layers
from regional_atlas.export.tables import atomic_path

__all__ = ["write_geojson"]


def write_geojson(layers: Layers, path: Path) -> None:
    """Write the units layer as GeoJSON by RFC 7946: WGS 84, outer rings counter-clockwise.

    Coordinates have 7 digits after the point (about 1 cm). Each feature's `id` is its `unit_id`.

    Parameters
    ----------
    layers : Layers
        What to write.
    path : Path
        Replaced when the new file is complete.
    """
    with atomic_path(path) as temporary:
        write_layer(
            layers.units,
            temporary,
            "GeoJSON",
            RFC7946="YES",
            COORDINATE_PRECISION="7",
            ID_FIELD="unit_id",
            ID_TYPE="String",
        )
