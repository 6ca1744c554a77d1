"""Colour ramps by name: ColorBrewer and matplotlib's from branca, two of Crameri's from anchors."""

from __future__ import annotations

from typing import Any

import numpy as np
from branca import colormap
from numpy.typing import NDArray

from regional_atlas.errors import ConfigError

__all__ = ["luminance", "palette"]

_ANCHORS = {
    "batlow": (
        "#011959 #103d5f #185562 #30685c #577647 #828231 #b38e2f #e09651 #fba689 #fdb9c2 #faccfa"
    ),
    "lajolla": (
        "#191900 #31220e #512d1e #7d3b35 #b34947 #d9604e #e38050 #e99d53 #f0bd57 #f9e384 #fffecb"
    ),
}
"""Every tenth of Scientific Colour Maps 8 (F. Crameri, doi:10.5281/zenodo.1243862, MIT)."""

_DARK_END_CUT = 0.08
"""Left off a continuous ramp's dark end, so that its lowest class stands out on a dark page."""


def palette(name: str, count: int, *, clear: bool = False) -> tuple[list[str], list[str]]:
    """Take colours off a ramp, for a light page and for a dark one.

    A sequential ramp runs from light to dark on a light page and from dark to light on a dark one:
    the high end always stands out. A ramp whose lightness turns (a diverging one) stays as it is.

    Parameters
    ----------
    name : str
        A ColorBrewer scheme, `viridis`, `inferno`, `magma`, `plasma`, `batlow` or `lajolla`.
    count : int
        Number of classes, from 1.
    clear : bool
        Leave out the sequential ramp's step that is nearest to the page: for plates on which units
        without a class lie on the page's own tint.

    Returns
    -------
    tuple of two lists of str
        `#rrggbb`, low class first: on a light page, on a dark page.

    Raises
    ------
    ConfigError
        When there is no such ramp.

    Examples
    --------
    >>> palette("YlGnBu", 3)
    (['#edf8b1', '#7fcdbb', '#2c7fb8'], ['#2c7fb8', '#7fcdbb', '#edf8b1'])
    >>> palette("YlGnBu", 2, clear=True)
    (['#7fcdbb', '#2c7fb8'], ['#7fcdbb', '#edf8b1'])
    """
    steps = np.diff(luminance(_colors(name, 9)))
    if not ((steps > 0).all() or (steps < 0).all()):
        return _colors(name, count), _colors(name, count)
    colors = _colors(name, count + clear)
    to_dark = colors if steps[0] < 0 else colors[::-1]
    return to_dark[clear:], to_dark[::-1][clear:]


def luminance(colors: list[str]) -> NDArray[np.float64]:
    """Relative luminance (WCAG 2.2) of `#rrggbb` colours, from 0 (black) to 1 (white).

    Examples
    --------
    >>> luminance(["#000000", "#ffffff"]).tolist()
    [0.0, 1.0]
    """
    rgb = np.array([_rgb(color) for color in colors]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    weighted: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def _colors(name: str, count: int) -> list[str]:
    if name in _ANCHORS:
        return _sample(_ANCHORS[name].split(), count)
    exact = _scheme(f"{name}_{count:02d}")
    if exact:
        return exact
    if count < 3 and _scheme(f"{name}_03"):
        return (
            _scheme(f"{name}_03")[: 2 * count - 1 : 2] if count == 2 else _scheme(f"{name}_03")[1:2]
        )
    for anchors in (_scheme(f"{name}_11"), _scheme(f"{name}_09"), _scheme(f"{name}_08")):
        if anchors:
            return _sample(anchors, count, 0.0)
    anchors = _scheme(name)
    if not anchors:
        raise ConfigError(
            f"no palette {name!r}; allowed: ColorBrewer's names (YlGnBu, OrRd, Blues, RdBu, …), "
            "viridis, inferno, magma, plasma, batlow, lajolla"
        )
    return _sample(anchors, count)


def _scheme(name: str) -> list[str]:
    found: Any = getattr(colormap.linear, name, None)
    return [_hex(np.array(color[:3]) * 255) for color in found.colors] if found else []


def _sample(anchors: list[str], count: int, cut: float = _DARK_END_CUT) -> list[str]:
    """Interpolate evenly spaced colours; `cut` is left off the end that is darker."""
    rgb = np.array([_rgb(color) for color in anchors], dtype=np.float64)
    light = luminance(anchors)
    low, high = (cut, 1.0) if light[0] < light[-1] else (0.0, 1.0 - cut)
    at = np.linspace(low, high, count) if count > 1 else np.array([(low + high) / 2])
    grid = np.linspace(0.0, 1.0, len(anchors))
    return [_hex(np.array([np.interp(x, grid, rgb[:, band]) for band in range(3)])) for x in at]


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _hex(rgb: NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(band):02x}" for band in rgb.tolist())
