"""Colours by name: ColorBrewer's and matplotlib's from branca, Crameri's from anchors."""

from __future__ import annotations

from typing import Any

import numpy as np
from branca import colormap
from numpy.typing import NDArray

from regional_atlas.core.errors import ConfigError

__all__ = ["OFFERED", "OKABE_ITO", "bivariate_colors", "every_count", "luminance", "palette"]

OFFERED = ("YlGnBu", "OrRd", "Blues", "batlow", "lajolla")
"""Ramps that a reader may choose; all can be told apart without red or green."""

OKABE_ITO = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999"]
"""Eight colours that the colour-blind can tell apart (Okabe and Ito 2008); the last is grey."""

_ANCHORS = {
    "batlow": (
        "#011959 #103d5f #185562 #30685c #577647 #828231 #b38e2f #e09651 #fba689 #fdb9c2 #faccfa"
    ),
    "vik": ("#001261 #033e7d #1e6f9d #71a8c4 #c9dde7 #eacebd #d39774 #be6533 #8b2706 #590008"),
    "lajolla": (
        "#191900 #31220e #512d1e #7d3b35 #b34947 #d9604e #e38050 #e99d53 #f0bd57 #f9e384 #fffecb"
    ),
}
"""Even steps of Scientific Colour Maps 8 (F. Crameri, doi:10.5281/zenodo.1243862, MIT)."""

_DARK_END_CUT = 0.08
"""Left off a continuous ramp's dark end, so that its lowest class stands out on a dark page."""


_NIGHT = "#22252a"
"""Land without a class on a dark page."""

_DUSK = "#50545b"
"""What the low end fades to where it has to stand out from the night's land."""

_TONED = (0.4, 0.88)
"""How much is left of a colour, in the lowest and in the highest class."""

_NIGHT_SIDES = (0.22, 0.78)
"""Where a diverging ramp has the colours that stand for its two sides on a dark page."""


def palette(name: str, count: int, *, clear: bool = False) -> tuple[list[str], list[str]]:
    """Take colours off a ramp, for a light page and for a dark one.

    A sequential ramp runs from light to dark on a light page and from dark to light on a dark one:
    the high end always stands out. One that was made for paper is toned down for a dark page, the
    low end most. A diverging ramp, pale in the middle, is dark there on a dark page.

    Parameters
    ----------
    name : str
        A ColorBrewer scheme, `viridis`, `inferno`, `magma`, `plasma`, `batlow`, `lajolla`, or `vik`
        (diverging).
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
    (['#edf8b1', '#7fcdbb', '#2c7fb8'], ['#264963', '#5e9187', '#d5dfa1'])
    >>> palette("YlGnBu", 2, clear=True)
    (['#7fcdbb', '#2c7fb8'], ['#638481', '#dae4a7'])
    """
    steps = np.diff(luminance(_colors(name, 9)))
    if not ((steps > 0).all() or (steps < 0).all()):
        return _colors(name, count), _diverging_at_night(name, count)
    colors = _colors(name, count + clear)
    to_dark = colors if steps[0] < 0 else colors[::-1]
    to_light = to_dark[::-1][clear:]
    return to_dark[clear:], _toned(to_light, _DUSK if clear else _NIGHT) if steps[
        0
    ] < 0 else to_light


def every_count(name: str, most: int) -> tuple[list[str], list[str]]:
    """Take the colours of 1, 2, … classes off a ramp, those of one number as one text without `#`.

    Parameters
    ----------
    name : str
        See `palette`.
    most : int
        The most classes.

    Returns
    -------
    tuple of two lists of str
        On a light page, on a dark page.

    Examples
    --------
    >>> every_count("Blues", 2)[0]
    ['9ecae1', 'deebf73182bd']
    """
    ramps = [palette(name, count) for count in range(1, most + 1)]
    light, dark = (["".join(ramp[side]).replace("#", "") for ramp in ramps] for side in (0, 1))
    return light, dark


def _diverging_at_night(name: str, count: int) -> list[str]:
    """Let each side grow out of the dark, the further from the middle the brighter."""
    ramp = np.array([_rgb(color) for color in _colors(name, 11)], dtype=np.float64)
    place = np.linspace(-1.0, 1.0, count) if count > 1 else np.zeros(1)
    at = np.where(place < 0, _NIGHT_SIDES[0], np.where(place > 0, _NIGHT_SIDES[1], 0.5)) * 10
    full = np.column_stack([np.interp(at, np.arange(11), ramp[:, band]) for band in range(3)])
    night = np.array(_rgb(_NIGHT), dtype=np.float64)
    left = 0.1 + 0.8 * np.abs(place)[:, None]
    return [_hex(color) for color in (1 - left) * night + left * full]


def _toned(colors: list[str], ground: str) -> list[str]:
    night = np.array(_rgb(ground), dtype=np.float64)
    left = np.linspace(*_TONED, len(colors)) if len(colors) > 1 else _TONED[1:]
    return [
        _hex((1 - share) * night + share * np.array(_rgb(color)))
        for share, color in zip(left, colors, strict=True)
    ]


_CORNERS = (
    ("#e8e8e8", "#5ac8c8", "#be64ac", "#3b4994"),
    ("#2c2e33", "#2b8686", "#8d4c83", "#c2c5e4"),
)
"""Neither high, the first high, the second high, both: light (after J. Stevens 2015), dark."""


def bivariate_colors(count: int) -> tuple[list[str], list[str]]:
    """Mix the colours of two ramps that cross: for a light page and for a dark one.

    Parameters
    ----------
    count : int
        Classes of each field.

    Returns
    -------
    tuple of two lists of str
        `count * count` colours, row by row: the first field runs along a row.

    Examples
    --------
    >>> bivariate_colors(2)[0]
    ['#e8e8e8', '#5ac8c8', '#be64ac', '#3b4994']
    """
    light, dark = (_crossed(corners, count) for corners in _CORNERS)
    return light, dark


def _crossed(corners: tuple[str, str, str, str], count: int) -> list[str]:
    ends = np.array([_rgb(color) for color in corners], dtype=np.float64).reshape(2, 2, 3)
    at = np.linspace(0.0, 1.0, count)
    rows = [(1 - up) * ends[0] + up * ends[1] for up in at]
    return [_hex((1 - x) * row[0] + x * row[1]) for row in rows for x in at]


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
            "viridis, inferno, magma, plasma, batlow, lajolla, vik"
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
