"""A package of somebody else's: an export format and a boundary provider."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export import Format, Layers
from regional_atlas.sources.provider import Provider


def write_wkt(layers: Layers, path: Path) -> None:
    """Write one line for each unit: its id and its geometry as text."""
    lines = [f"{code}\t{geometry.wkt}\n" for code, geometry in layers.units.geometry.items()]
    with atomic_path(path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8")


WKT = Format(title="Well-known text", file="units.wkt", write=write_wkt)


def read_squares() -> gpd.GeoDataFrame:
    """Read four squares side by side."""
    names = ["One", "Two", "Three", "Four"]
    squares = [shapely.box(at, 50, at + 1, 51) for at in range(4)]
    columns = {"code": [f"0{at}" for at in range(1, 5)], "name": names}
    return gpd.GeoDataFrame(columns, geometry=squares, crs="EPSG:4326")


SQUARES = Provider(title="four squares", read_units=read_squares, files=lambda: [Path(__file__)])
