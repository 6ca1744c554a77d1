"""A projection that suits an extent."""

from __future__ import annotations

import numpy as np

from regional_atlas.core.catalogues import catalogue_languages
from regional_atlas.core.texts import Message, Text

__all__ = ["suited_projection"]

_DATUM = "+x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
_WORLD = 180.0
"""Degrees of longitude from which a cylindrical projection is taken."""
_TROPIC = 15.0
"""Latitude of the centre below which wide extents are drawn on a cylinder."""
_WIDE = 1.25
"""Width over height from which an extent counts as wide."""


def suited_projection(extent: tuple[float, float, float, float]) -> tuple[str, Text]:
    """Choose an equal-area projection for an extent, after Šavrič, Jenny and Jenny (2016).

    Albers conic where it is wide, with standard parallels a sixth of its height from its edges;
    cylindrical where it is wide about the equator, or half the globe and more; Lambert azimuthal
    elsewhere. (Projection Wizard, The Cartographic Journal 53(2), 177–185,
    doi:10.1080/00087041.2015.1131938; its transverse cylinder for tall extents is Lambert azimuthal
    here.)

    Parameters
    ----------
    extent : (west, south, east, north)
        In degrees; `east` is above 180 where it crosses the antimeridian.

    Returns
    -------
    str
        As PROJ reads it, in metres.
    Text
        Its name.

    Examples
    --------
    >>> suited_projection((73.5, 17.5, 135.5, 53.8))[0].split(" +x_0")[0]
    '+proj=aea +lat_1=24 +lat_2=48 +lat_0=36 +lon_0=104'
    >>> suited_projection((5.9, 45.8, 10.5, 47.8))[1].in_("en")
    'Albers equal-area conic (46.1°N and 47.5°N, central meridian 8.2°E)'
    """
    west, south, east, north = extent
    step = 1.0 if max(east - west, north - south) > 10 else 0.1
    meridian = (_rounded((west + east) / 2, step) + 180) % 360 - 180
    parallel = _rounded((south + north) / 2, step)
    width = (east - west) * np.cos(np.radians((south + north) / 2))
    wide = width > _WIDE * (north - south)
    if east - west > _WORLD or (wide and abs(parallel) < _TROPIC):
        true = 30.0 if east - west > _WORLD else _rounded(max(abs(south), abs(north)) / 2, step)
        text = f"+proj=cea +lat_ts={true:g} +lon_0={meridian:g} {_DATUM}"
        return text, _name("cylindrical", parallel=_north(true), meridian=_east(meridian))
    if wide and south > -90 + _TROPIC and north < 90 - _TROPIC and south * north > 0:
        sixth = (north - south) / 6
        first, second = _rounded(south + sixth, step), _rounded(north - sixth, step)
        text = (
            f"+proj=aea +lat_1={first:g} +lat_2={second:g} +lat_0={parallel:g} "
            f"+lon_0={meridian:g} {_DATUM}"
        )
        return text, _name(
            "conic", first=_north(first), second=_north(second), meridian=_east(meridian)
        )
    text = f"+proj=laea +lat_0={parallel:g} +lon_0={meridian:g} {_DATUM}"
    return text, _name("azimuthal", parallel=_north(parallel), meridian=_east(meridian))


def _rounded(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)


def _north(value: float) -> str:
    return f"{abs(value):g}°{'N' if value > 0 else 'S' if value < 0 else ''}"


def _east(value: float) -> str:
    return f"{abs(value):g}°{'E' if value > 0 else 'W' if value < 0 else ''}"


def _name(method: str, **places: str) -> Text:
    said = Message(f"projection-{method}", places)
    return Text({lang: said.in_(lang) for lang in catalogue_languages()})
