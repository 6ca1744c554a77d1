"""Commands that build zones: zones grid, zones hexagons, zones buffers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from regional_atlas.cli.base import (
    LayerOption,
    OverwriteOption,
    ZonesCrsOption,
    progress_bars,
    say,
    zones_app,
)
from regional_atlas.cli.messages import put

AreaOption = Annotated[Path, typer.Option(metavar="FILE", help="Polygons to cover.")]
OutOption = Annotated[Path, typer.Option(metavar="FILE", help="A .gpkg or .parquet file.")]


@zones_app.command(
    "grid", example="zones grid --area area.gpkg --size 10000 --crs EPSG:6933 --out grid.gpkg"
)
def zones_grid(
    area: AreaOption,
    size: Annotated[float, typer.Option(metavar="S", help="Side, in units of the CRS.")],
    crs: Annotated[str, typer.Option(metavar="CRS", help="Where squares are squares.")],
    out: OutOption,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Cover an area with squares; all that it touches, whole."""
    from regional_atlas.zonal import build_grid

    options = {"layer": layer, "zones_crs": zones_crs, "overwrite": overwrite}
    _built(area, out, build_grid, size, crs, **options)


@zones_app.command(
    "hexagons", example="zones hexagons --area area.gpkg --resolution 5 --out hexagons.gpkg"
)
def zones_hexagons(
    area: AreaOption,
    resolution: Annotated[int, typer.Option(metavar="N", help="Of H3, 0 to 15.")],
    out: OutOption,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Cover an area with hexagons of H3; all that overlap it, whole."""
    from regional_atlas.zonal import build_hexagons

    options = {"layer": layer, "zones_crs": zones_crs, "overwrite": overwrite}
    _built(area, out, build_hexagons, resolution, **options)


@zones_app.command(
    "buffers", example="zones buffers --around towns.geojson --radius 20 --out around.gpkg"
)
def zones_buffers(
    around: Annotated[Path, typer.Option(metavar="FILE", help="Points, lines or polygons.")],
    radius: Annotated[float, typer.Option(metavar="KM", help="Kilometres on the ellipsoid.")],
    out: OutOption,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Draw a buffer around each place; the places' columns go along."""
    from regional_atlas.zonal import build_buffers

    options = {"layer": layer, "zones_crs": zones_crs, "overwrite": overwrite}
    _built(around, out, build_buffers, radius, named="--around", **options)


def _built(source: Path, out: Path, build: Any, *settings: Any, **options: Any) -> None:
    from regional_atlas.jobs.zones import build_zones

    with progress_bars() as progress:
        number = build_zones(
            source,
            out,
            build,
            *settings,
            progress=lambda *done: progress("zones", *done),
            **options,
        )
    say(f"{number:,} zones")
    put(out)
