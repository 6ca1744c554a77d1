"""Writing a layer through GDAL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

__all__ = ["MOMENT", "rounded", "settle_geopackage", "write_geopackage", "write_layer"]

MOMENT = "1980-01-01T00:00:00.000Z"
"""In place of the time of writing, so that the same input gives the same bytes."""


def write_layer(
    frame: gpd.GeoDataFrame | pd.DataFrame,
    path: Path,
    driver: str,
    *,
    layer: str = "units",
    append: bool = False,
    **options: str,
) -> None:
    """Write one layer; a named index becomes its first column.

    Parameters
    ----------
    frame : GeoDataFrame or DataFrame
        With geometry or without, where the driver has tables.
    path : Path
        The file.
    driver : str
        GDAL's short name.
    layer : str
        The layer's name.
    append : bool
        Add the layer to a file that is there.
    **options : str
        The driver's layer options.
    """
    table = frame if frame.index.name is None else frame.reset_index()
    pyogrio.write_dataframe(
        table,
        path,
        layer=layer,
        driver=driver,
        append=append,
        use_arrow=True,
        promote_to_multi=isinstance(frame, gpd.GeoDataFrame),
        layer_options=options,
    )


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, layer: str, description: str) -> None:
    """Write a GeoPackage of one layer; the same layer gives the same bytes."""
    draft = path.with_name(f"draft-{path.name}")
    write_layer(frame, draft, "GPKG", layer=layer, DESCRIPTION=description)
    settle_geopackage(draft, path)


def settle_geopackage(
    draft: Path, path: Path, change: Callable[[sqlite3.Connection], None] | None = None
) -> None:
    """Put a GeoPackage in its place without what differs from run to run; the draft goes.

    It is a copy by content: the file that GDAL leaves counts its transactions, whose number
    varies.

    Parameters
    ----------
    draft, path : Path
        `path` must not be there.
    change : callable, optional
        What to add to the database before.
    """
    with closing(sqlite3.connect(draft)) as database:
        with database:
            if change is not None:
                change(database)
            database.execute("UPDATE gpkg_contents SET last_change = ?", [MOMENT])
        database.execute("VACUUM INTO ?", [str(path)])
    draft.unlink()


def rounded(layer: gpd.GeoDataFrame, step: float) -> gpd.GeoDataFrame:
    """Round coordinates to multiples of a step, vertex by vertex: shared borders stay shared."""
    return layer.set_geometry(
        shapely.set_precision(layer.geometry.array, step, mode="pointwise"), crs=layer.crs
    )
