"""Where cell values come from: grids, the ground area of their cells, what a raster must offer.

The package `zonal` reads no files. Whatever has the attributes of `RasterSource` can be measured:
the file rasters of `sources`, or an `ArrayRaster` made from a NumPy array.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyproj
from affine import Affine
from numpy.typing import ArrayLike, NDArray

from regional_atlas.core.crs import is_equal_area, keeps_spherical_areas
from regional_atlas.core.errors import DataError, RasterError
from regional_atlas.tiles import Tile, Window

__all__ = ["ArrayRaster", "Grid", "RasterSource", "row_areas_km2", "row_bands"]

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


def row_areas_km2(grid: Grid) -> NDArray[np.float64]:
    """Area of one cell of each row, on the ellipsoid.

    On a geographic grid, between latitudes p and q and over a width of w radians:
    area = a² w (Q(q) - Q(p)) / 2 with Q(p) = (1 - e²) (sin p / (1 - e² sin² p) + artanh(e sin p)
    / e), a the semi-major axis and e the eccentricity of the grid's ellipsoid. What lies beyond a
    pole has no area. On a grid in an equal-area projection every cell has the product of its
    sides; in one that keeps the areas of a sphere (Mollweide's), that times
    (Q(q) - Q(p)) / 2 (sin q - sin p), p and q the latitudes of the row's edges.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    ndarray of float64
        km², one value per row.

    Raises
    ------
    DataError
        If the grid is projected, but not by an equal-area projection.

    Examples
    --------
    >>> from affine import Affine
    >>> world = Grid(Affine(360, 0, -180, 0, -90, 90), (2, 1), "EPSG:4326")
    >>> row_areas_km2(world).round(1).tolist()
    [255032810.9, 255032810.9]
    """
    width, _, _, _, height, north = tuple(grid.transform)[:6]
    rows = grid.shape[0]
    edges = north + height * np.arange(rows + 1)
    if not grid.crs.is_geographic:
        if not is_equal_area(grid.crs.to_wkt()):
            raise DataError(
                f"areas of cells need a geographic or equal-area grid, found {grid.crs.name}"
            )
        metres = grid.crs.axis_info[0].unit_conversion_factor or 1.0
        areas = np.full(rows, abs(width * height) * metres**2 / 1e6)
        if keeps_spherical_areas(grid.crs.to_wkt()):
            latitudes = _latitudes(grid.crs, edges)
            with np.errstate(invalid="ignore"):
                areas *= _strips(grid.crs, latitudes) / np.abs(np.diff(np.sin(latitudes)))
        return np.asarray(np.nan_to_num(areas))
    ellipsoid = grid.crs.ellipsoid
    assert ellipsoid is not None
    radians = grid.crs.axis_info[0].unit_conversion_factor
    axis_km = ellipsoid.semi_major_metre / 1000
    areas = axis_km**2 * abs(width) * radians * _strips(grid.crs, edges * radians)
    return np.asarray(areas)


def _latitudes(crs: pyproj.CRS, northings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Latitudes of northings on the central meridian, in radians; of the pole beyond it."""
    operation, geodetic = crs.coordinate_operation, crs.geodetic_crs
    assert operation is not None
    assert geodetic is not None
    easting = next((p.value for p in operation.params if p.name == "False easting"), 0.0)
    back = pyproj.Transformer.from_crs(crs, geodetic, always_xy=True)
    _, found = back.transform(np.full(len(northings), easting), northings)
    beyond = np.where(northings > 0, 90.0, -90.0)
    return np.asarray(np.radians(np.where(np.isfinite(found), found, beyond)))


def _strips(crs: pyproj.CRS, latitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area between neighbouring latitudes over a radian of longitude, in squares of the axis."""
    ellipsoid = crs.ellipsoid
    assert ellipsoid is not None
    flattening = 1 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    square = flattening * (2 - flattening)
    sine = np.sin(np.clip(latitudes, -np.pi / 2, np.pi / 2))
    if square:
        root = np.sqrt(square)
        authalic = (1 - square) * (sine / (1 - square * sine**2) + np.arctanh(root * sine) / root)
    else:
        authalic = 2 * sine
    strips: NDArray[np.float64] = np.abs(np.diff(authalic)) / 2
    return strips
