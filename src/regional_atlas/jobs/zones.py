"""Zones from files to a file: squares, hexagons, buffers."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.crs import WGS84
from regional_atlas.core.errors import DataError, InputError, problems_of, raise_if
from regional_atlas.core.outputs import OutputFile, check_outputs
from regional_atlas.export._ogr import write_geopackage
from regional_atlas.export.tables import check_ending, write_geoparquet
from regional_atlas.sources.vectors import Declared, check_coordinates, read_vector

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["build_zones"]

MADE = "zones built by regional-atlas"
"""What a file of zones says of itself, so that the next run knows it."""


def build_zones(
    source: Path,
    out: Path,
    build: Callable[..., gpd.GeoDataFrame],
    *settings: Any,
    named: str = "--area",
    layer: str | None = None,
    zones_crs: str | None = None,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Read a vector file, build zones from it and write them.

    Parameters
    ----------
    source : Path
        A file of polygons.
    out : Path
        `.gpkg` or `.parquet`, in the CRS that the zones are built in.
    build : callable
        `build_grid`, `build_hexagons` or `build_buffers`.
    *settings
        What it takes beside the file's contents.
    named : str
        The option that gives `source`, for messages.
    layer, zones_crs : str, optional
        Of `source`: its layer where it has several, and its CRS where it has none or a wrong one.
    overwrite : bool
        Whether `out` may be a file that no earlier call wrote; `source` it never is.
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
        lambda: check_ending(out, ".gpkg", ".parquet"),
        lambda: build(nothing, *settings),
        lambda: check_outputs(
            [OutputFile("--out", out, _wrote_zones)], [(named, source)], overwrite=overwrite
        ),
    )
    if not os.path.isfile(source):
        problems.append(f"file not found: {source}")
    raise_if(problems, InputError)
    declared = Declared(layer, zones_crs)
    read = read_vector(source, declared)
    rows = [f"row {number}" for number in range(2, len(read) + 2)]
    check_coordinates(read.geometry, rows, str(source), declared)
    try:
        zones = build(read, *settings, progress=progress)
    except DataError as error:
        raise DataError(*error.problems, where=str(source)) from error
    if out.suffix == ".parquet":
        table = zones.reset_index() if zones.index.name else zones
        write_geoparquet(table, out, attrs={"made": MADE})
    else:
        with atomic_path(out) as temporary:
            write_geopackage(zones, temporary, "zones", MADE)
    return len(zones)


def _wrote_zones(path: Path) -> bool:
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        try:
            said = pyarrow.parquet.read_schema(path).metadata or {}
        except (OSError, pyarrow.ArrowException):
            return False
        return MADE.encode() in said.get(b"PANDAS_ATTRS", b"")
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            return database.execute("SELECT description FROM gpkg_contents").fetchall() == [(MADE,)]
    except sqlite3.Error:
        return False
