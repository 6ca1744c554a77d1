"""Pictures of rasters: a palette PNG with a legend below."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import InputError

__all__ = ["is_own_png", "write_png"]

MISSING, INK, PAPER = 0, 254, 255
_FIXED = {MISSING: (128, 128, 128), INK: (32, 32, 32), PAPER: (255, 255, 255)}
_SHADES = np.array([PAPER, *range(241, INK), INK], np.uint8)
"""Levels from paper to ink: the smooth edges of letters."""
STOPS = ((0.0, (6, 8, 24)), (0.35, (84, 36, 110)), (0.65, (226, 96, 62)), (1.0, (255, 250, 205)))
MARGIN, BAR, TICK, TEXT = 8, 12, 4, 12
"""Heights in pixels."""


def write_png(
    path: str | os.PathLike[str],
    levels: NDArray[np.uint8],
    top_level: int,
    ticks: Sequence[tuple[float, int]],
) -> Path:
    """Write levels in colour with a legend below.

    The legend's numbers are set in the font that Pillow contains, so that the same levels give the
    same picture on every machine.

    Parameters
    ----------
    path : path-like
        Replaced when the new file is complete.
    levels : ndarray of uint8, 2-D
        0 where missing (grey), 1 for dark to `top_level` for the brightest.
    top_level : int
        At most 240.
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
    most = int(_SHADES[1]) - 1
    if (
        levels.ndim != 2
        or not levels.size
        or not 2 <= top_level <= most
        or levels.max() > top_level
    ):
        raise InputError(f"no picture of levels up to {top_level}: {levels.shape}", where=str(path))
    legend = _legend(max(levels.shape[1], 160), top_level, ticks)
    width = max(levels.shape[1], legend.shape[1])
    picture = np.full((levels.shape[0] + len(legend), width), PAPER, np.uint8)
    picture[: len(levels), : levels.shape[1]] = levels
    picture[len(levels) :, : legend.shape[1]] = legend
    image = Image.frombytes("P", (width, len(picture)), picture.tobytes())
    image.putpalette(_palette(top_level).tobytes())
    with atomic_path(target) as partial:
        image.save(partial, "PNG", optimize=True)
    return target


def is_own_png(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a picture that `write_png` wrote, by its colours."""
    try:
        with Image.open(path, formats=["PNG"]) as image:
            palette = image.getpalette() or []
    except OSError:
        return False
    return all(tuple(palette[3 * level : 3 * level + 3]) == _FIXED[level] for level in _FIXED)


def _palette(top_level: int) -> NDArray[np.uint8]:
    """Give the colours of all 256 levels; those that no picture uses are black."""
    palette = np.zeros((256, 3), np.uint8)
    at, colours = [share for share, _ in STOPS], np.array([colour for _, colour in STOPS])
    shares = np.linspace(0, 1, top_level)
    for band in range(3):
        palette[1 : top_level + 1, band] = np.round(np.interp(shares, at, colours[:, band]))
    for level, colour in _FIXED.items():
        palette[level] = colour
    palette[_SHADES] = np.round(np.linspace(palette[PAPER], palette[INK], len(_SHADES)))
    return palette


def _legend(width: int, top_level: int, ticks: Sequence[tuple[float, int]]) -> NDArray[np.uint8]:
    font = ImageFont.load_default(TEXT)
    below = MARGIN + BAR + TICK
    lowest = int(np.ceil(font.getbbox("0123456789.e+-")[3]))
    letters = Image.new("L", (width, below + lowest + MARGIN))
    draw = ImageDraw.Draw(letters)
    left, right = 3 * MARGIN, width - 3 * MARGIN
    free = 0
    for value, level in ticks:
        x = left + (level - 1) * (right - left - 1) // (top_level - 1)
        text = f"{value:g}"
        long = round(font.getlength(text))
        start = min(max(x - long // 2, 0), width - long)
        if start < free:
            continue
        free = start + long + TEXT // 2
        draw.line([(x, MARGIN + BAR), (x, below - 1)], fill=255)
        draw.text((start, below), text, fill=255, font=font)
    shares = np.asarray(letters) / 255
    picture: NDArray[np.uint8] = _SHADES[np.rint(shares * (len(_SHADES) - 1)).astype(int)]
    bar = 1 + np.arange(right - left) * (top_level - 1) // max(1, right - left - 1)
    picture[MARGIN : MARGIN + BAR, left:right] = bar
    return picture
