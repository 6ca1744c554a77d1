"""Units as KML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.signs import for_xml
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
        units = rounded(layers.units, PRECISION)
        texts = units.columns[units.dtypes.map(pd.api.types.is_string_dtype)]
        units = units.assign(**{name: units[name].map(_for_xml) for name in texts})
        # GDAL makes a column of this name the placemark's name.
        units = units.assign(Name=units["unit"])
        write_layer(units, temporary, "KML")


def _for_xml(text: Any) -> Any:
    """GDAL writes what no XML file may hold as it is."""
    return for_xml(text) if isinstance(text, str) else text


FORMAT = Format(
    title="KML",
    file="units.kml",
    write=write_kml,
)
