"""A small picture of an atlas and what it holds, for a page that lists several."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.classify import class_numbers
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.overlay import encode_png
from regional_atlas.page.text import Pair, pair, plural

__all__ = ["atlas_facts", "thumbnail"]

WIDTH = 480
"""Pixels across."""

_NONE, _PAPER, _MISSING = (0, 0, 0, 0), (226, 223, 214, 255), (200, 197, 189, 255)
_LINE = (128, 124, 115, 255)


def thumbnail(spec: dict[str, Any], store: dict[str, Any], shapes: UnitShapes) -> str | None:
    """Draw the first plate that colours units by classes: everything that the atlas draws.

    Parameters
    ----------
    spec, store : dict
        Of the page format.
    shapes : UnitShapes
        The units as the page draws them.

    Returns
    -------
    str or None
        A PNG as a data URI, the same for the same input; None where no plate has classes of units.
    """
    from rasterio.features import rasterize

    facts = Facts(spec, store)
    plate = next((plate for plate in spec["plates"] if plate["kind"] in _VALUES), None)
    if plate is None:
        return None
    values = _VALUES[plate["kind"]](plate, facts)
    classes = plate["classes"]
    missing = 1 if "ranking" in plate else 2
    levels = class_numbers(values, classes["breaks"])
    levels = np.where(levels < 0, missing, levels + 4)
    (left, lower), (right, upper) = shapes.positions.min(axis=0), shapes.positions.max(axis=0)
    cell = (right - left) / WIDTH
    transform = Affine(cell, 0, left, 0, -cell, upper)
    grid: NDArray[np.uint8] = rasterize(
        zip(shapes.polygons, levels.tolist(), strict=True),
        (max(1, round((upper - lower) / cell)), WIDTH),
        transform=transform,
        dtype="uint8",
    )
    if shapes.lines:
        drawn = rasterize(shapes.lines, out_shape=grid.shape, transform=transform)
        grid[drawn == 1] = 3
    palette = [_NONE, _PAPER, _MISSING, _LINE, *(_rgba(color) for color in classes["colors"])]
    return "data:image/png;base64," + base64.b64encode(encode_png(grid, palette)).decode("ascii")


def _rgba(color: str) -> tuple[int, int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue, 255


def _ranks(plate: dict[str, Any], facts: Facts) -> Floats:
    return facts.ranks(plate["ranking"])


def _tiers(plate: dict[str, Any], facts: Facts) -> Floats:
    return facts.tiers(plate["ranking"])


def _field(plate: dict[str, Any], facts: Facts) -> Floats:
    return facts.values(plate["field"], plate["year"])


_VALUES = {"ranking": _ranks, "tiers": _tiers, "choropleth": _field, "years": _field}


def atlas_facts(spec: dict[str, Any], store: dict[str, Any]) -> Pair:
    """Say how many units and plates an atlas has, and over which years.

    Examples
    --------
    >>> level = {"title": {"zh": "县", "en": "county"}}
    >>> spec = {"unit_level": level, "plates": [{}, {}], "fields": [{"years": [2012, 2022]}]}
    >>> atlas_facts(spec, {"unit_id": ["01", "02", "03"]})
    {'zh': '3 个县 · 2 幅图 · 2012–2022 年', 'en': '3 counties · 2 plates · 2012–2022'}
    """
    units, plates = len(store["unit_id"]), len(spec["plates"])
    level = spec["unit_level"]["title"]
    years = sorted({year for field in spec["fields"] for year in field["years"] or []})
    span = "–".join(dict.fromkeys([str(years[0]), str(years[-1])])) if years else ""
    zh = [f"{units:,} 个{level['zh']}", f"{plates} 幅图", *([f"{span} 年"] if span else [])]
    en = [
        f"{units:,} {plural(level['en'], units)}",
        f"{plates} {plural('plate', plates)}",
        *([span] if span else []),
    ]
    return pair(" · ".join(zh), " · ".join(en))
