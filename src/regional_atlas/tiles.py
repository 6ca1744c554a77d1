"""The cells of a raster's window: what readers of rasters hand to those who measure."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tile", "Window"]

Window = tuple[slice, slice]
"""Rows and columns of a rectangle of cells, as slices with a start and a stop."""


class Tile(NamedTuple):
    """The cells of one window.

    Attributes
    ----------
    window : tuple of slice
        Rows and columns in the whole raster.
    values : ndarray
        Cell values as stored (not decoded), 2-D.
    mask : ndarray of bool or None
        True where a cell is valid by the raster's own mask; None where it has none.
    taken : ndarray of uint8 or None
        Which cleaning rule took a cell: its place in `zonal.cleaning.RULES` plus 1, or 0; None
        where nothing is cleaned.
    """

    window: Window
    values: NDArray[Any]
    mask: NDArray[np.bool_] | None
    taken: NDArray[np.uint8] | None = None
