"""A small picture of an atlas and what it holds, for a page that lists several."""

from __future__ import annotations

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.classes.breaks import class_numbers
from regional_atlas.core.numerals import Year
from regional_atlas.core.texts import Joined, Message, Said
from regional_atlas.page.facts import Facts, Floats
from regional_atlas.page.format import (
    ChoroplethPlate,
    RankingPlate,
    Spec,
    Store,
    TiersPlate,
    YearsPlate,
)
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.pictures import encode_png, png_uri

__all__ = ["atlas_facts", "thumbnail"]

WIDTH = 480
"""Pixels across."""

OfUnits = RankingPlate | TiersPlate | ChoroplethPlate | YearsPlate
"""Plates that colour units by classes of one column."""

_NONE, _PAPER, _MISSING = (0, 0, 0, 0), (226, 223, 214, 255), (200, 197, 189, 255)
_LINE = (128, 124, 115, 255)


def thumbnail(spec: Spec, store: Store, shapes: UnitShapes) -> str | None:
    """Draw the first plate that colours units by classes: everything that the atlas draws.

    Parameters
    ----------
    spec : Spec
    store : Store
    shapes : UnitShapes
        The units as the page draws them.

    Returns
    -------
    str or None
        A PNG as a data URI, the same for the same input; None where no plate has classes of units.
    """
    from rasterio.features import rasterize

    plate = next((plate for plate in spec.plates if isinstance(plate, OfUnits)), None)
    if plate is None:
        return None
    missing = 1 if isinstance(plate, RankingPlate | TiersPlate) else 2
    levels = class_numbers(_values(plate, Facts(spec, store)), plate.classes.breaks)
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
    palette = [_NONE, _PAPER, _MISSING, _LINE, *(_rgba(color) for color in plate.classes.colors)]
    return png_uri(encode_png(grid, palette))


def _rgba(color: str) -> tuple[int, int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue, 255


def _values(plate: OfUnits, facts: Facts) -> Floats:
    match plate:
        case RankingPlate():
            return facts.ranks(plate.ranking)
        case TiersPlate():
            return facts.tiers(plate.ranking)
        case ChoroplethPlate() | YearsPlate():
            return facts.values(plate.field, plate.year)


def atlas_facts(spec: Spec, store: Store) -> Said:
    """Say how many units and plates an atlas has, and over which years."""
    years = sorted({year for field in spec.fields for year in field.years or []})
    facts: list[Said] = [
        Message("gallery-units", {"count": len(store.unit_id), "unit": spec.unit_level.title}),
        Message("gallery-plates", {"count": len(spec.plates)}),
    ]
    if years:
        facts.append(Message("gallery-years", {"years": Year(years[0], years[-1])}))
    return Joined(facts, "dots")
