"""The compiled loop of least cost over a raster."""

from __future__ import annotations

import heapq

import numpy as np

from regional_atlas.core.jit import jit

__all__ = ["spread_minutes"]


@jit
def spread_minutes(friction, across, down, aslant, row, col, limit):  # type: ignore[no-untyped-def]
    """Least minutes from one cell to each other one, by Dijkstra's algorithm over 8 neighbours.

    `across` has each row's metres between the centres of neighbouring cells, `down` and `aslant`
    those between each row and the next. Cells beyond the limit are infinite.
    """
    rows, cols = friction.shape
    minutes = np.full((rows, cols), np.inf)
    minutes[row, col] = 0.0
    queue = [(0.0, row * cols + col)]
    while queue:
        spent, place = heapq.heappop(queue)
        row, col = place // cols, place % cols
        if spent > minutes[row, col]:
            continue
        for i in range(max(row - 1, 0), min(row + 2, rows)):
            upper = min(i, row)
            for j in range(max(col - 1, 0), min(col + 2, cols)):
                if i == row:
                    metres = across[row]
                elif j == col:
                    metres = down[upper]
                else:
                    metres = aslant[upper]
                found = spent + metres * (friction[row, col] + friction[i, j]) / 2
                # A missing friction makes this NaN, which is not less.
                if found <= limit and found < minutes[i, j]:
                    minutes[i, j] = found
                    heapq.heappush(queue, (found, i * cols + j))
    return minutes
