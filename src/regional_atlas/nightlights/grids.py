"""Where cell values come from: the grid they lie on and the protocol that a raster satisfies.

The room reads no files. Whatever has the attributes of `RasterSource` can be measured: the file
rasters of the package, or an `ArrayRaster` made from a NumPy array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyproj
from affine import Affine
from numpy.typing import ArrayLike, NDArray

from regional_atlas.core.errors import RasterError
from regional_atlas.tiles import Tile, Window

__all__ = ["ArrayRaster", "Grid", "RasterSource", "row_bands"]


CELLS_PER_WINDOW = 4_000_000
"""About as many cells are read at once, or one block where blocks are larger."""


@dataclass(frozen=True)
class Grid:
    """A rectangular grid of cells: what zones are intersected with.

    Parameters
    ----------
    transform : Affine
        From (column, row) to coordinates in `crs`; neither rotated nor sheared.
    shape : tuple of int
        Rows and columns.
    crs : pyproj.CRS
        Coordinate reference system of the coordinates.

    Raises
    ------
    RasterError
        If the transform is rotated, sheared or degenerate, or a side has no cells.

    Examples
    --------
    >>> from affine import Affine
    >>> Grid(Affine(0.5, 0, 100, 0, -0.5, 40), (4, 6), "EPSG:4326").bounds
    (100.0, 38.0, 103.0, 40.0)
    """

    transform: Affine
    shape: tuple[int, int]
    crs: pyproj.CRS

    def __post_init__(self) -> None:
        object.__setattr__(self, "crs", pyproj.CRS.from_user_input(self.crs))
        a, b, _, d, e, _ = tuple(self.transform)[:6]
        if b != 0 or d != 0:
            raise RasterError(f"the grid is rotated or sheared: {tuple(self.transform)[:6]}")
        if a == 0 or e == 0 or not np.isfinite(tuple(self.transform)).all():
            raise RasterError(f"the grid has no cell size: {tuple(self.transform)[:6]}")
        if min(self.shape) < 1 or max(self.shape) >= 2**31:
            raise RasterError(f"a grid of {self.shape[0]} x {self.shape[1]} cells")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the units of the CRS."""
        a, _, c, _, e, f = tuple(self.transform)[:6]
        xs = sorted((c, c + a * self.shape[1]))
        ys = sorted((f, f + e * self.shape[0]))
        return xs[0], ys[0], xs[1], ys[1]

    @classmethod
    def of(cls, raster: RasterSource) -> Grid:
        """Take the grid of a raster."""
        return cls(raster.transform, raster.shape, raster.crs)


class RasterSource(Protocol):
    """One band of one raster on its own grid, read by windows.

    A cell's decoded value is `stored * scale + offset`. A cell is missing where it is NaN, equals
    `nodata`, or is False in the mask of its tile. Any object with these attributes is one.

    Examples
    --------
    >>> from affine import Affine
    >>> def cells(raster: RasterSource) -> int:
    ...     return raster.shape[0] * raster.shape[1]
    >>> cells(ArrayRaster([[1, 2, 3]], Affine.identity(), "EPSG:4326"))
    3
    """

    @property
    def name(self) -> str:
        """Named in messages, and in tables when years cannot tell rasters apart."""

    @property
    def transform(self) -> Affine:
        """From (column, row) to coordinates."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    @property
    def crs(self) -> pyproj.CRS:
        """Coordinate reference system."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the stored values."""

    @property
    def blocks(self) -> tuple[int, int]:
        """Rows and columns of the blocks that the values are stored in."""

    @property
    def nodata(self) -> float | None:
        """Stored value that means "missing"; None where no value does."""

    @property
    def nodata_rule(self) -> str:
        """Where `nodata` comes from: ``stored``, ``none`` or ``given``."""

    @property
    def scale(self) -> float:
        """Decoded units per stored unit."""

    @property
    def offset(self) -> float:
        """Decoded value of a stored 0."""

    @property
    def year(self) -> int | None:
        """The year that the values describe."""

    @property
    def month(self) -> int | None:
        """The month of it, from 1; None for a whole year."""

    def read_windows(self, windows: Sequence[Window]) -> Iterator[Tile]:
        """Read the tiles of the windows, in their order, a bounded number in memory at once."""


@dataclass(frozen=True)
class ArrayRaster:
    """A raster in memory.

    Parameters
    ----------
    values : array_like
        Stored values, 2-D, of any real type.
    transform : Affine
        From (column, row) to coordinates in `crs`.
    crs : Any
        Anything that `pyproj.CRS.from_user_input` takes.
    year, month : int, optional
        What the values describe; no month for a whole year.
    nodata : float, optional
        Stored value that means "missing".
    scale, offset : float
        Decoded value = stored * scale + offset.
    mask : array_like of bool, optional
        True where a cell is valid.
    name : str
        Named in messages.

    Examples
    --------
    >>> from affine import Affine
    >>> raster = ArrayRaster([[1, 2], [3, 4]], Affine(1, 0, 0, 0, -1, 2), "EPSG:4326", year=2020)
    >>> raster.shape, raster.year
    ((2, 2), 2020)
    """

    values: ArrayLike
    transform: Affine
    crs: Any
    year: int | None = None
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    mask: ArrayLike | None = None
    name: str = "array"
    month: int | None = None
    _cells: NDArray[Any] = field(init=False, repr=False, compare=False)
    _valid: NDArray[np.bool_] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cells = np.asarray(self.values)
        if cells.ndim != 2 or cells.dtype.kind not in "buif":
            raise RasterError(
                f"needs a 2-D array of real numbers, found {cells.ndim}-D {cells.dtype}"
            )
        if cells.dtype.kind == "b":
            cells = cells.astype(np.uint8)
        valid = None if self.mask is None else np.asarray(self.mask, dtype=np.bool_)
        if valid is not None and valid.shape != cells.shape:
            raise RasterError(f"the mask is {valid.shape}, the values are {cells.shape}")
        object.__setattr__(self, "crs", pyproj.CRS.from_user_input(self.crs))
        object.__setattr__(self, "_cells", cells)
        object.__setattr__(self, "_valid", valid)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._cells.shape[0], self._cells.shape[1]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the stored values."""
        return self._cells.dtype

    @property
    def nodata_rule(self) -> str:
        """``given`` or ``none``."""
        return "none" if self.nodata is None else "given"

    @property
    def blocks(self) -> tuple[int, int]:
        """An array has no blocks; rows of 256 cells height make windows of fair size."""
        return min(256, self.shape[0]), self.shape[1]

    def read_windows(self, windows: Sequence[Window]) -> Iterator[Tile]:
        """Give the tiles of the windows, as views of the array."""
        for window in windows:
            yield Tile(
                window, self._cells[window], None if self._valid is None else self._valid[window]
            )


def row_bands(shape: tuple[int, int], blocks: tuple[int, int]) -> list[Window]:
    """Divide a raster into horizontal bands, aligned to its blocks, of about 4 million cells each.

    Examples
    --------
    >>> row_bands((300, 20_000), (128, 128))
    [(slice(0, 128, None), slice(0, 20000, None)),
     (slice(128, 256, None), slice(0, 20000, None)),
     (slice(256, 300, None), slice(0, 20000, None))]
    """
    rows, cols = shape
    tall = blocks[0] * max(1, CELLS_PER_WINDOW // (blocks[0] * cols))
    return [(slice(i, min(i + tall, rows)), slice(0, cols)) for i in range(0, rows, tall)]
