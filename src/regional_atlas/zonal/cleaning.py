"""From stored values to the cells that count: decoding, rules of cleaning, records of both.

Rules apply to decoded values; every cell that a rule takes is marked with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyproj
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.tiles import Tile, Window
from regional_atlas.zonal.grids import Grid, RasterSource, row_bands

__all__ = [
    "EXTREME",
    "RULES",
    "CleanedRaster",
    "Cleaning",
    "decoded",
    "raster_records",
    "rule_column",
    "rules_of",
    "stored_nodata",
    "whole_grid",
]

RULES = (
    "extreme", "quality", "observations", "mask", "negative", "background", "upper", "saturation",
)  # fmt: skip
"""The rules in the order in which they are tried."""

EXTREME = 1e30
"""No measured value is as large; what is beyond stands for something else, such as no data."""
ROUNDING = 2 * float(np.finfo(np.float32).eps)
"""Share by which a value may differ from a nodata value that was written with fewer digits."""
ROUNDING_OF_EXTREME = 1e-2
"""The same where the nodata value is beyond `EXTREME`: -3.4e38 stands for -3.4028e38."""


def stored_nodata(raster: RasterSource) -> tuple[bool, Any, Any]:
    """Whether stored values mean "missing", and from which to which, in the type of the values.

    Of whole numbers it is one value; one that the type cannot hold (-9999 in unsigned bytes)
    matches no cell. Of floating-point numbers those within the rounding of the tag are the same
    value: -999.9 and its nearest float32; -3.4e38 and -3.4028e38. NaN is always missing and needs
    no rule.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> cells = np.zeros((1, 1), np.uint8)
    >>> stored_nodata(ArrayRaster(cells, Affine.identity(), "EPSG:4326", nodata=-9999.0))[0]
    False
    >>> cells = np.array([[-3.4028e38]], np.float32)
    >>> tagged = ArrayRaster(cells, Affine.identity(), "EPSG:4326", nodata=-3.4e38)
    >>> has, least, most = stored_nodata(tagged)
    >>> bool(has and least <= cells[0, 0] <= most)
    True
    """
    kind = raster.dtype.type
    if raster.nodata is None or np.isnan(raster.nodata):
        return False, kind(0), kind(0)
    nodata = float(raster.nodata)
    if raster.dtype.kind == "f":
        share = ROUNDING if abs(nodata) < EXTREME else ROUNDING_OF_EXTREME
        if math.isinf(nodata):
            return True, kind(nodata), kind(nodata)
        limit, slack = float(np.finfo(raster.dtype).max), abs(nodata) * share
        return True, kind(max(nodata - slack, -limit)), kind(min(nodata + slack, limit))
    limits = np.iinfo(raster.dtype)
    held = limits.min <= nodata <= limits.max and nodata.is_integer()
    value = kind(int(raster.nodata)) if held else kind(0)
    return held, value, value


def decoded(tile: Tile, raster: RasterSource) -> NDArray[np.float64]:
    """Decode a tile: values in float64, NaN where missing.

    value = stored * scale + offset; missing where the stored value is NaN or the
    raster's nodata, or its mask says so.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[0, 3]], Affine.identity(), "EPSG:4326", nodata=0, scale=2)
    >>> decoded(next(raster.read_windows([(slice(0, 1), slice(0, 2))])), raster).tolist()
    [[nan, 6.0]]
    """
    values = tile.values.astype(np.float64) * raster.scale + raster.offset
    has_nodata, least, most = stored_nodata(raster)
    if has_nodata:
        values[(tile.values >= least) & (tile.values <= most)] = np.nan
    if tile.mask is not None:
        values[~tile.mask] = np.nan
    return values


def whole_grid(raster: RasterSource, *, narrow: bool = False) -> NDArray[Any]:
    """Decode every cell of a raster, band of rows by band; see `decoded`.

    Parameters
    ----------
    raster : RasterSource
    narrow : bool
        In float32 where that holds every decoded value exactly (values without scale and offset,
        of float32 or of whole numbers of at most 16 bits); half the memory. Else in float64.

    Examples
    --------
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> whole_grid(ArrayRaster([[1, 3]], Affine.identity(), "EPSG:4326", scale=2)).tolist()
    [[2.0, 6.0]]
    >>> bytes_ = ArrayRaster(np.array([[0, 3]], "uint8"), Affine.identity(), 4326, nodata=0)
    >>> whole_grid(bytes_, narrow=True)
    array([[nan,  3.]], dtype=float32)
    """
    plain = raster.scale == 1 and raster.offset == 0 and np.can_cast(raster.dtype, np.float32)
    values = np.empty(raster.shape, np.float32 if narrow and plain else np.float64)
    windows = row_bands(raster.shape, raster.blocks)
    for tile in raster.read_windows(windows):
        values[tile.window] = decoded(tile, raster)
    return values


@dataclass(frozen=True)
class Cleaning:
    """Rules on decoded values, applied in this order; a cell that one rule took is not tried again.

    Parameters
    ----------
    extreme : {'refuse', 'missing'}
        What becomes of infinite values and of those beyond ±1e30: `zonal_statistics` refuses zones
        that have one, or they are set missing.
    quality : RasterSource, optional
        Flags on the same grid. A cell whose flag is missing is taken, too.
    bad_flags : sequence of int
        Flags of cells to set missing.
    bad_bits : int
        Bit mask: cells with any of these bits set are set missing.
    observations : RasterSource, optional
        Number of cloud-free observations, on the same grid.
    least_observations : int
        Cells with fewer, or of which the number is missing, are set missing.
    mask : RasterSource, optional
        On the same grid. Cells where it holds anything but 0 are set missing; one whose mask is
        missing is kept.
    negative : {'keep', 'zero', 'missing'}
        What becomes of values below 0.
    background : float, optional
        Values above 0 and below it become 0.
    upper : float, optional
        Values above it (gas flares, fires) are set missing.
    saturation : float, optional
        Values of at least this (63 in DMSP) are kept and counted.

    Raises
    ------
    InputError
        If a rule lacks its raster or says something that is not allowed.

    Examples
    --------
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[-1.0, 0.2, 5.0, 900.0]], Affine.identity(), "EPSG:4326")
    >>> cleaned = Cleaning(negative="zero", background=0.5, upper=500).applied(raster)
    >>> tile = next(cleaned.read_windows([(slice(0, 1), slice(0, 4))]))
    >>> tile.values.tolist()
    [[0.0, 0.0, 5.0, nan]]
    >>> [RULES[code - 1] if code else "" for code in tile.taken[0]]
    ['negative', 'background', '', 'upper']
    """

    extreme: Literal["refuse", "missing"] = "refuse"
    quality: RasterSource | None = None
    bad_flags: Sequence[int] = ()
    bad_bits: int = 0
    observations: RasterSource | None = None
    least_observations: int = 0
    mask: RasterSource | None = None
    negative: Literal["keep", "zero", "missing"] = "keep"
    background: float | None = None
    upper: float | None = None
    saturation: float | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.extreme not in ("refuse", "missing"):
            problems.append(f"extreme: refuse or missing, found {self.extreme!r}")
        if self.negative not in ("keep", "zero", "missing"):
            problems.append(f"negative: keep, zero or missing, found {self.negative!r}")
        if (self.quality is None) != (not self.bad_flags and not self.bad_bits):
            problems.append("quality: needs both a raster and bad_flags or bad_bits")
        if (self.observations is None) != (self.least_observations <= 0):
            problems.append("observations: needs both a raster and least_observations")
        wrong = [flag for flag in self.bad_flags if not isinstance(flag, Integral)]
        if wrong:
            problems.append(f"bad_flags: whole numbers, found {', '.join(map(repr, wrong))}")
        if self.bad_bits < 0:
            problems.append(f"bad_bits: 0 or more, found {self.bad_bits}")
        problems += [
            f"{name}: a finite number, found {number}"
            for name in ("background", "upper", "saturation")
            if (number := getattr(self, name)) is not None and not math.isfinite(number)
        ]
        raise_if(problems, InputError, "cleaning")

    def applied(self, raster: RasterSource) -> CleanedRaster:
        """Give the raster as the rules leave it.

        Raises
        ------
        DataError
            If a raster of a rule lies on another grid: names both.
        """
        raise_if(
            (
                f"{other.name} ({_grid(other)}) lies on another grid than {raster.name} "
                f"({_grid(raster)})"
                for other in (self.quality, self.observations, self.mask)
                if other is not None and Grid.of(other) != Grid.of(raster)
            ),
            DataError,
        )
        return CleanedRaster(raster, self)

    def settings(self) -> dict[str, dict[str, Any]]:
        """Say which rules run and with what.

        Examples
        --------
        >>> Cleaning(negative="zero", upper=500).settings()
        {'negative': {'becomes': 'zero'}, 'upper': {'above': 500, 'becomes': 'missing'}}
        """
        found: dict[str, dict[str, Any]] = {}
        if self.extreme == "missing":
            found["extreme"] = {"beyond": EXTREME, "becomes": "missing"}
        if self.quality is not None:
            found["quality"] = {"raster": self.quality.name, "becomes": "missing"}
            if self.bad_flags:
                found["quality"]["flags"] = list(self.bad_flags)
            if self.bad_bits:
                found["quality"]["bits"] = self.bad_bits
        if self.observations is not None:
            found["observations"] = {
                "raster": self.observations.name,
                "fewer_than": self.least_observations,
                "becomes": "missing",
            }
        if self.mask is not None:
            found["mask"] = {"raster": self.mask.name, "becomes": "missing"}
        if self.negative != "keep":
            found["negative"] = {"becomes": self.negative}
        if self.background is not None:
            found["background"] = {"below": self.background, "becomes": "zero"}
        if self.upper is not None:
            found["upper"] = {"above": self.upper, "becomes": "missing"}
        if self.saturation is not None:
            found["saturation"] = {"at_least": self.saturation, "becomes": "kept"}
        return found


class CleanedRaster:
    """A raster after cleaning: decoded float64 values, NaN where missing, and who took what.

    Parameters
    ----------
    raster : RasterSource
    rules : Cleaning
        See `Cleaning.applied`, which also looks at the grids.

    Examples
    --------
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[5.0, 900.0]], Affine.identity(), "EPSG:4326", year=2020)
    >>> cleaned = CleanedRaster(raster, Cleaning(upper=500))
    >>> cleaned.year, next(cleaned.read_windows([(slice(0, 1), slice(0, 2))])).values.tolist()
    (2020, [[5.0, nan]])
    """

    nodata = None
    nodata_rule = "none"
    scale = 1.0
    offset = 0.0
    dtype = np.dtype(np.float64)

    def __init__(self, raster: RasterSource, rules: Cleaning) -> None:
        self.raster = raster
        self.rules = rules

    @property
    def name(self) -> str:
        """The raster's."""
        return self.raster.name

    @property
    def transform(self) -> Affine:
        """The raster's."""
        return self.raster.transform

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.raster.shape

    @property
    def crs(self) -> pyproj.CRS:
        """The raster's."""
        return self.raster.crs

    @property
    def blocks(self) -> tuple[int, int]:
        """Rows and columns of the raster's blocks."""
        return self.raster.blocks

    @property
    def year(self) -> int | None:
        """The raster's."""
        return self.raster.year

    @property
    def month(self) -> int | None:
        """The raster's."""
        return self.raster.month

    def read_windows(self, windows: Sequence[Window]) -> Iterator[Tile]:
        """Read and clean the windows in their order."""
        beside = (self.rules.quality, self.rules.observations, self.rules.mask)
        readers = [None if other is None else other.read_windows(windows) for other in beside]
        for tile in self.raster.read_windows(windows):
            others = [
                None if other is None or reader is None else decoded(next(reader), other)
                for other, reader in zip(beside, readers, strict=True)
            ]
            values, taken = self._cleaned(decoded(tile, self.raster), *others)
            yield Tile(tile.window, values, None, taken)

    def _cleaned(
        self,
        values: NDArray[np.float64],
        flags: NDArray[np.float64] | None,
        seen: NDArray[np.float64] | None,
        marks: NDArray[np.float64] | None,
    ) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        rules = self.rules
        taken = np.zeros(values.shape, np.uint8)

        def take(rule: str, where: NDArray[Any], value: float | None) -> None:
            where = where & ~np.isnan(values) & (taken == 0)
            taken[where] = RULES.index(rule) + 1
            if value is not None:
                values[where] = value

        if rules.extreme == "missing":
            take("extreme", np.abs(values) >= EXTREME, np.nan)
        if flags is not None:
            missing = np.isnan(flags)
            whole = np.where(missing, 0, flags).astype(np.int64)
            bad = np.isin(whole, list(rules.bad_flags)) | ((whole & rules.bad_bits) != 0)
            take("quality", missing | bad, np.nan)
        if seen is not None:
            take("observations", ~(seen >= rules.least_observations), np.nan)
        if marks is not None:
            take("mask", ~np.isnan(marks) & (marks != 0), np.nan)
        if rules.negative != "keep":
            # What stands for no data is no darkness.
            below = (values < 0) & (values > -EXTREME)
            take("negative", below, 0.0 if rules.negative == "zero" else np.nan)
        if rules.background is not None:
            take("background", (values > 0) & (values < rules.background), 0.0)
        if rules.upper is not None:
            take("upper", values > rules.upper, np.nan)
        if rules.saturation is not None:
            take("saturation", values >= rules.saturation, None)
        return values, taken


def rules_of(raster: RasterSource) -> dict[str, dict[str, Any]]:
    """Rules that a raster is read through, with their settings; none for a raster as it is.

    Examples
    --------
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[1.0]], Affine.identity(), "EPSG:4326")
    >>> rules_of(raster), rules_of(Cleaning(upper=500).applied(raster))
    ({}, {'upper': {'above': 500, 'becomes': 'missing'}})
    """
    return raster.rules.settings() if isinstance(raster, CleanedRaster) else {}


def rule_column(rule: str) -> str:
    """Name the column of a zonal table with the cells of a rule.

    Examples
    --------
    >>> rule_column("upper"), rule_column("saturation")
    ('taken_upper', 'saturated_count')
    """
    return "saturated_count" if rule == "saturation" else f"taken_{rule}"


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
    return round(float(table[rule_column(rule)].sum()), 6)


def _grid(raster: RasterSource) -> str:
    rows, cols = raster.shape
    transform = raster.transform
    return (
        f"{rows} × {cols} cells of {transform.a:.10g} × {-transform.e:.10g} "
        f"from {transform.c:.10g}, {transform.f:.10g} in {raster.crs.name}"
    )
