"""Units as KML."""

from __future__ import annotations

from pathlib import Path

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export._ogr import rounded, write_layer
from regional_atlas.export.format import Format
from regional_atlas.export.layers import Layers

__all__ = ["FORMAT", "write_kml"]

PRECISION = 1e-7


def write_kml(layers: Layers, path: Path) -> None:
    """Write the units layer as KML, each placemark named after its unit.

    Coordinates have 7 digits after the point (about 1 cm). The columns are extended data of the
    placemarks; a missing value is left out. Units are drawn as outlines.
    """
    with atomic_path(path) as temporary:
        # GDAL makes a column of this name the placemark's name.
        units = rounded(layers.units, PRECISION).assign(Name=layers.units["unit"])
        write_layer(units, temporary, "KML")


FORMAT = Format(
    title="KML",
    file="units.kml",
    write=write_kml,
)
