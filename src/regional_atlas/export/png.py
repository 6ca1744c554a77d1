"""Pictures of rasters: a palette PNG with a legend, drawn without any font or imaging library."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import InputError

__all__ = ["is_own_png", "write_png"]

PAPER, INK, MISSING = 255, 254, 0
_FIXED = {MISSING: (128, 128, 128, 255), INK: (32, 32, 32, 255), PAPER: (255, 255, 255, 255)}
STOPS = ((0.0, (6, 8, 24)), (0.35, (84, 36, 110)), (0.65, (226, 96, 62)), (1.0, (255, 250, 205)))
GLYPHS = {
    "0": "755 555 555 557", "1": "262 222 222 227", "2": "711 117 744 447", "3": "711 117 711 117",
    "4": "555 557 711 111", "5": "744 447 711 117", "6": "744 447 755 557", "7": "711 111 122 222",
    "8": "755 557 755 557", "9": "755 557 711 117", ".": "000 000 000 002",
}  # fmt: skip
"""Digits of 3 x 12 pixels: one octal digit a row, three bits a digit."""
SCALE = 2
MARGIN, BAR, TICK = 8, 12, 4


def write_png(
    path: str | os.PathLike[str],
    levels: NDArray[np.uint8],
    top_level: int,
    ticks: Sequence[tuple[float, int]],
) -> Path:
    """Write levels in colour with a legend below.

    Parameters
    ----------
    path : path-like
        Replaced when the new file is complete.
    levels : ndarray of uint8, 2-D
        0 where missing (grey), 1 for dark to `top_level` for the brightest.
    top_level : int
        At most 253.
    ticks : sequence of (float, int)
        Values to name in the legend, and their levels.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the levels are not a picture or exceed `top_level`.
    """
    target = Path(path)
    if levels.ndim != 2 or not levels.size or not 2 <= top_level < INK or levels.max() > top_level:
        raise InputError(f"no picture of levels up to {top_level}: {levels.shape}", where=str(path))
    legend = _legend(max(levels.shape[1], 160), top_level, ticks)
    width = max(levels.shape[1], legend.shape[1])
    picture = np.full((levels.shape[0] + len(legend), width), PAPER, np.uint8)
    picture[: len(levels), : levels.shape[1]] = levels
    picture[len(levels) :, : legend.shape[1]] = legend
    with warnings.catch_warnings(), atomic_path(target) as partial:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            partial, "w", driver="PNG", dtype="uint8", count=1, zlevel=9,
            height=picture.shape[0], width=picture.shape[1],
        ) as dataset:  # fmt: skip
            dataset.write(picture, 1)
            dataset.write_colormap(1, _palette(top_level))
        partial.with_name(f"{partial.name}.aux.xml").unlink(missing_ok=True)
    return target


def is_own_png(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a picture that `write_png` wrote, by its colours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver="PNG") as dataset:
                found = dataset.colormap(1)
    except (RasterioError, ValueError):
        return False
    return all(found.get(level) == colour for level, colour in _FIXED.items())


def _palette(top_level: int) -> dict[int, tuple[int, int, int, int]]:
    shares = (np.arange(1, top_level + 1) - 1) / (top_level - 1)
    at, colours = [share for share, _ in STOPS], np.array([colour for _, colour in STOPS])
    ramp = [np.round(np.interp(shares, at, colours[:, band])).astype(int) for band in range(3)]
    palette = dict(_FIXED)
    for level, (red, green, blue) in enumerate(zip(*ramp, strict=True), start=1):
        palette[level] = (int(red), int(green), int(blue), 255)
    return palette


def _legend(width: int, top_level: int, ticks: Sequence[tuple[float, int]]) -> NDArray[np.uint8]:
    tall = MARGIN + BAR + TICK + 14 * SCALE + MARGIN
    picture = np.full((tall, width), PAPER, np.uint8)
    left, right = 3 * MARGIN, width - 3 * MARGIN
    bar = 1 + np.arange(right - left) * (top_level - 1) // max(1, right - left - 1)
    picture[MARGIN : MARGIN + BAR, left:right] = bar
    free = 0
    for value, level in ticks:
        x = left + (level - 1) * (right - left - 1) // (top_level - 1)
        text = _text(f"{value:g}")
        start = min(max(x - text.shape[1] // 2, 0), width - text.shape[1])
        if start < free:
            continue
        free = start + text.shape[1] + 2 * SCALE
        picture[MARGIN + BAR : MARGIN + BAR + TICK, x] = INK
        below = MARGIN + BAR + TICK + SCALE
        spot = picture[below : below + text.shape[0], start : start + text.shape[1]]
        spot[text] = INK
    return picture


def _text(text: str) -> NDArray[np.bool_]:
    columns = []
    for glyph in text:
        rows = [int(row, 8) for row in GLYPHS[glyph].replace(" ", "")]
        bits = np.array([[row >> bit & 1 for bit in (2, 1, 0, 3)] for row in rows], np.bool_)
        columns.append(bits)
    return np.kron(np.hstack(columns), np.ones((1, SCALE), np.bool_)).astype(np.bool_)
