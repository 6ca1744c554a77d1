"""Units as GeoParquet 1.1."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.export import tables
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_geoparquet"]


def write_geoparquet(layers: Layers, path: Path) -> None:
    """Write the units layer as GeoParquet 1.1 with a bounding box per row, compressed with zstd."""
    tables.write_geoparquet(layers.units, path)


FORMAT = Format(
    title="GeoParquet",
    file="units.parquet",
    write=write_geoparquet,
)
