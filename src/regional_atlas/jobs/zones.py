"""Zones from files to a file: squares, hexagons, buffers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regional_atlas.core.crs import WGS84
from regional_atlas.core.errors import DataError, InputError, problems_of, raise_if
from regional_atlas.export._ogr import write_layer
from regional_atlas.export.tables import atomic_path, check_ending, write_geoparquet
from regional_atlas.sources.boundaries import read_vector

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["build_zones"]


def build_zones(
    source: Path,
    out: Path,
    build: Callable[..., gpd.GeoDataFrame],
    *settings: Any,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Read a vector file, build zones from it and write them.

    Parameters
    ----------
    source : Path
        Any vector file.
    out : Path
        `.gpkg` or `.parquet`, in the CRS that the zones are built in.
    build : callable
        `build_grid`, `build_hexagons` or `build_buffers`.
    *settings
        What it takes beside the file's contents.
    progress : callable, optional
        As `build` takes it.

    Returns
    -------
    int
        Zones written.

    Raises
    ------
    InputError
        What is wrong with which file or argument, all arguments at once.
    """
    import geopandas as gpd

    nothing = gpd.GeoDataFrame(geometry=[], crs=WGS84)
    problems = problems_of(
        lambda: check_ending(out, ".gpkg", ".parquet"), lambda: build(nothing, *settings)
    )
    if not source.is_file():
        problems.append(f"file not found: {source}")
    raise_if(problems, InputError)
    read = read_vector(source, None)
    try:
        zones = build(read, *settings, progress=progress)
    except DataError as error:
        raise DataError(*error.problems, where=str(source)) from error
    if out.suffix == ".parquet":
        write_geoparquet(zones.reset_index() if zones.index.name else zones, out)
    else:
        with atomic_path(out) as temporary:
            write_layer(zones, temporary, "GPKG", layer="zones")
    return len(zones)
