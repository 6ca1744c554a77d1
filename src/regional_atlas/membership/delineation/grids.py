"""Groups of touching cells, numbered."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["Touching", "label_groups"]

Touching = Literal[4, 8]
"""Cells touch by their sides alone (4), or by their corners as well (8)."""


def label_groups(cells: NDArray[np.bool_], touching: Touching = 4) -> NDArray[np.int32]:
    """Give each group of touching cells a number.

    Parameters
    ----------
    cells : ndarray of bool
        The cells to group, on two axes.
    touching : {4, 8}
        By sides, or by sides and corners.

    Returns
    -------
    ndarray of int32
        0 where `cells` is false, otherwise the number of the group: 1, 2, … in the order in which
        reading by rows meets them.

    Examples
    --------
    >>> cells = np.array([[True, False], [False, True]])
    >>> int(label_groups(cells).max()), int(label_groups(cells, 8).max())
    (2, 1)
    """
    groups = np.empty(cells.shape, np.int32)
    ndimage.label(cells, np.ones((3, 3)) if touching == 8 else None, output=groups)
    return groups
