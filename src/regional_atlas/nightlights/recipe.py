"""Cleaning: explicit rules on decoded values, and how many cells each took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyproj
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.errors import DataError, InputError
from regional_atlas.nightlights.cleaning import decoded
from regional_atlas.nightlights.grids import Grid, RasterSource
from regional_atlas.tiles import Tile, Window

__all__ = ["CleanedRaster", "Cleaning"]


@dataclass(frozen=True)
class Cleaning:
    """Rules on decoded values, applied in this order; a cell that one rule took is not tried again.

    Parameters
    ----------
    quality : RasterSource, optional
        Flags on the same grid. A cell whose flag is missing is taken, too.
    bad_flags : sequence of int
        Flags of cells to set missing.
    bad_bits : int
        Bit mask: cells with any of these bits set are set missing.
    observations : RasterSource, optional
        Number of cloud-free observations, on the same grid.
    least_observations : int
        Cells with fewer are set missing.
    negative : {'keep', 'zero', 'missing'}
        What becomes of values below 0.
    background : float, optional
        Values below it (and at least 0) become 0.
    upper : float, optional
        Values above it (gas flares, fires) are set missing.

    Raises
    ------
    InputError
        If a rule lacks its raster or says something that is not allowed.

    Examples
    --------
    >>> from regional_atlas.nightlights import ArrayRaster
    >>> raster = ArrayRaster([[-1.0, 0.2, 5.0, 900.0]], Affine.identity(), "EPSG:4326")
    >>> cleaned = Cleaning(negative="zero", background=0.5, upper=500).applied(raster)
    >>> next(cleaned.read_windows([(slice(0, 1), slice(0, 4))])).values.tolist()
    [[0.0, 0.0, 5.0, nan]]
    >>> cleaned.taken
    {'quality': 0, 'observations': 0, 'negative': 1, 'background': 1, 'upper': 1}
    """

    quality: RasterSource | None = None
    bad_flags: Sequence[int] = ()
    bad_bits: int = 0
    observations: RasterSource | None = None
    least_observations: int = 0
    negative: Literal["keep", "zero", "missing"] = "keep"
    background: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        if self.negative not in ("keep", "zero", "missing"):
            raise InputError(f"keep, zero or missing, found {self.negative!r}", where="negative")
        if (self.quality is None) != (not self.bad_flags and not self.bad_bits):
            raise InputError("needs both a raster and bad_flags or bad_bits", where="quality")
        if (self.observations is None) != (self.least_observations <= 0):
            raise InputError("needs both a raster and least_observations", where="observations")

    def applied(self, raster: RasterSource) -> CleanedRaster:
        """Give the raster as the rules leave it."""
        for other in (self.quality, self.observations):
            if other is not None and Grid.of(other) != Grid.of(raster):
                raise DataError(f"{other.name} lies on another grid than {raster.name}")
        return CleanedRaster(raster, self)


class CleanedRaster:
    """A raster after cleaning: decoded float64 values, NaN where missing.

    Attributes
    ----------
    taken : dict
        Cells that each rule changed or set missing in the windows read so far, whole cells
        whether zones cover them or not; a window read twice counts twice.
    """

    nodata = None
    scale = 1.0
    offset = 0.0
    dtype = np.dtype(np.float64)

    def __init__(self, raster: RasterSource, rules: Cleaning) -> None:
        self.raster = raster
        self.rules = rules
        self.taken = dict.fromkeys(
            ("quality", "observations", "negative", "background", "upper"), 0
        )

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

    def read_windows(self, windows: Sequence[Window]) -> Iterator[Tile]:
        """Read and clean the windows in their order."""
        beside = [self.rules.quality, self.rules.observations]
        others = [None if other is None else other.read_windows(windows) for other in beside]
        for tile in self.raster.read_windows(windows):
            flags, seen = (None if other is None else next(other) for other in others)
            yield Tile(tile.window, self._cleaned(decoded(tile, self.raster), flags, seen), None)

    def _cleaned(
        self, values: NDArray[np.float64], flags: Tile | None, seen: Tile | None
    ) -> NDArray[np.float64]:
        rules = self.rules

        def take(rule: str, where: NDArray[Any], value: float) -> None:
            where = where & ~np.isnan(values)
            self.taken[rule] += int(where.sum())
            values[where] = value

        if flags is not None and rules.quality is not None:
            read = decoded(flags, rules.quality)
            missing = np.isnan(read)
            whole = np.where(missing, 0, read).astype(np.int64)
            bad = np.isin(whole, list(rules.bad_flags)) | ((whole & rules.bad_bits) != 0)
            take("quality", missing | bad, np.nan)
        if seen is not None and rules.observations is not None:
            number = decoded(seen, rules.observations)
            take("observations", ~(number >= rules.least_observations), np.nan)
        if rules.negative != "keep":
            take("negative", values < 0, 0.0 if rules.negative == "zero" else np.nan)
        if rules.background is not None:
            take("background", (values > 0) & (values < rules.background), 0.0)
        if rules.upper is not None:
            take("upper", values > rules.upper, np.nan)
        return values
