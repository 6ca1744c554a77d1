"""Units as GeoJSON."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export._ogr import write_layer
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_geojson"]


def write_geojson(layers: Layers, path: Path) -> None:
    """Write the units layer as GeoJSON by RFC 7946: WGS 84, outer rings counter-clockwise.

    Coordinates have 7 digits after the point (about 1 cm). Each feature's `id` is its `unit_id`.
    """
    # GDAL takes the column that it makes the id of out of the properties: give it a second one.
    units = layers.units.assign(_id=layers.units.index)
    with atomic_path(path) as temporary:
        write_layer(
            units,
            temporary,
            "GeoJSON",
            RFC7946="YES",
            COORDINATE_PRECISION="7",
            ID_FIELD="_id",
            ID_TYPE="String",
        )


FORMAT = Format(
    title="GeoJSON",
    file="units.geojson",
    write=write_geojson,
)
