"""Polygons of a file that a command measures, each with a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.sources.vectors import (
    Declared,
    check_coordinates,
    check_polygons,
    read_vector,
)

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_polygons"]


def read_polygons(
    path: Path, declared: Declared, columns: Mapping[str, str | None]
) -> gpd.GeoDataFrame:
    """Read polygons and name them.

    Parameters
    ----------
    path : Path
        A vector file.
    declared : Declared
        Its layer and CRS.
    columns : mapping of str to str or None
        By option, the column that it names, which the file must have. That of `--id` names the
        polygons: they are its index; without it `unit_id` does, else the id of the file's
        features, else their number from 1 (`zone`).

    Returns
    -------
    GeoDataFrame
        With every column of the file.

    Raises
    ------
    DataError
        A missing column, no polygon, or polygons that are none, not valid or far off.
    """
    polygons = read_vector(path, declared)
    raise_if(
        (
            f"{option}: no column {name!r}; found: {', '.join(polygons.columns)}"
            for option, name in columns.items()
            if name is not None and name not in polygons.columns
        ),
        DataError,
        str(path),
    )
    if polygons.empty:
        raise DataError("holds no zone; expected polygons", where=str(path))
    key = columns.get("--id")
    others = [name for option, name in columns.items() if option != "--id"]
    polygons = _named(polygons) if key is None else polygons.set_index(key, drop=key not in others)
    labels = [f"zone {name}" for name in polygons.index]
    check_polygons(polygons.geometry, labels, str(path))
    check_coordinates(polygons.geometry, labels, str(path), declared)
    return polygons


def _named(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Name zones by `unit_id`, else by the id of the file's features, else by their number."""
    for name, ids in (("unit_id", zones.get("unit_id")), ("id", zones.get("id"))):
        if ids is not None and ids.notna().all() and ids.is_unique:
            return zones.set_index(ids.astype("str").rename(name))
    zones.index = pd.RangeIndex(1, len(zones) + 1, name="zone")
    return zones
