"""Writing a layer through GDAL."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

__all__ = ["rounded", "write_layer"]


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


def rounded(layer: gpd.GeoDataFrame, step: float) -> gpd.GeoDataFrame:
    """Round coordinates to multiples of a step, vertex by vertex: shared borders stay shared."""
    return layer.set_geometry(
        shapely.set_precision(layer.geometry.array, step, mode="pointwise"), crs=layer.crs
    )
