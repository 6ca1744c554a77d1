"""What a zonal table says about itself: how each raster was read and what cleaning took."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from regional_atlas.zonal.cleaning import CleanedRaster, rules_of
from regional_atlas.zonal.grids import RasterSource

__all__ = ["COUNTS", "raster_records"]

COUNTS = {"saturation": "saturated_count"}
"""Column with the cells of a rule, where it is not ``taken_<rule>``."""


def raster_records(
    rasters: Sequence[RasterSource], table: pd.DataFrame, mask: int | None = None
) -> list[dict[str, Any]]:
    """Describe every raster of a zonal table, in the order of its rows.

    Parameters
    ----------
    rasters : sequence of RasterSource
    table : DataFrame
        Of these rasters, with as many rows for each.
    mask : int, optional
        Number of polygons that were cut out of the zones.

    Returns
    -------
    list of dict
        `raster`, `year`, `month`, `nodata_rule` (``stored``, ``none`` or ``given``), `nodata`,
        `scale`, `offset` and `rules`: of each rule that ran its settings and `cells`, the coverage
        of the cells that it took, summed over the zones. What several zones cover counts in each.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster, Cleaning
    >>> raster = ArrayRaster([[4.0, 900.0]], Affine(1, 0, 0, 0, -1, 1), 4326)
    >>> table = pd.DataFrame({"unit_id": ["a"], "taken_upper": [1.0]})
    >>> raster_records([Cleaning(upper=500).applied(raster)], table)[0]["rules"]
    [{'rule': 'upper', 'above': 500, 'becomes': 'missing', 'cells': 1.0}]
    """
    rows = len(table) // max(1, len(rasters))
    parts = [table.iloc[place * rows : (place + 1) * rows] for place in range(len(rasters))]
    return [_record(*pair, mask) for pair in zip(rasters, parts, strict=True)]


def _record(raster: RasterSource, table: pd.DataFrame, mask: int | None) -> dict[str, Any]:
    read = raster.raster if isinstance(raster, CleanedRaster) else raster
    nodata = read.nodata
    rules = {} if mask is None else {"mask_polygons": {"polygons": mask, "becomes": "missing"}}
    rules |= rules_of(raster)
    return {
        "raster": read.name,
        "year": read.year,
        "month": read.month,
        "nodata_rule": read.nodata_rule,
        "nodata": str(nodata) if nodata is not None and not math.isfinite(nodata) else nodata,
        "scale": float(read.scale),
        "offset": float(read.offset),
        "rules": [
            {"rule": rule, **says, "cells": _cells(rule, table)} for rule, says in rules.items()
        ],
    }


def _cells(rule: str, table: pd.DataFrame) -> float:
    """Cells that a rule took, without the rounding of partly covered cells that add up to whole."""
    return round(float(table[COUNTS.get(rule, f"taken_{rule}")].sum()), 6)
