"""Areas of cells on the ground, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.crs import is_equal_area
from regional_atlas.core.errors import DataError
from regional_atlas.nightlights.grids import Grid

__all__ = ["row_areas_km2"]


def row_areas_km2(grid: Grid) -> NDArray[np.float64]:
    """Area of one cell of each row, on the ellipsoid.

    On a geographic grid, between latitudes p and q and over a width of w radians:
    area = a² w (Q(q) - Q(p)) / 2 with Q(p) = (1 - e²) (sin p / (1 - e² sin² p) + artanh(e sin p)
    / e), a the semi-major axis and e the eccentricity of the grid's ellipsoid. What lies beyond a
    pole has no area. On a grid in an equal-area projection every cell has the product of its
    sides.

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
    if not grid.crs.is_geographic:
        if not is_equal_area(grid.crs.to_wkt()):
            raise DataError(
                f"areas of cells need a geographic or equal-area grid, found {grid.crs.name}"
            )
        metres = grid.crs.axis_info[0].unit_conversion_factor or 1.0
        return np.full(rows, abs(width * height) * metres**2 / 1e6)
    ellipsoid = grid.crs.ellipsoid
    assert ellipsoid is not None
    radians = grid.crs.axis_info[0].unit_conversion_factor
    axis_km = ellipsoid.semi_major_metre / 1000
    flattening = 1 / ellipsoid.inverse_flattening if ellipsoid.inverse_flattening else 0.0
    square = flattening * (2 - flattening)
    edges = np.clip((north + height * np.arange(rows + 1)) * radians, -np.pi / 2, np.pi / 2)
    sine = np.sin(edges)
    if square:
        root = np.sqrt(square)
        authalic = (1 - square) * (sine / (1 - square * sine**2) + np.arctanh(root * sine) / root)
    else:
        authalic = 2 * sine
    areas: NDArray[np.float64] = axis_km**2 * abs(width) * radians * np.abs(np.diff(authalic)) / 2
    return areas
