"""Raster overlays: block means on a grid of the map's projection, as small pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.config.plates import PlateConfig
from regional_atlas.config.project import Project
from regional_atlas.core.schema import AtlasTables, BlockMeans
from regional_atlas.page.format import Raster
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.pictures import encode_webp, webp_uri

__all__ = ["RASTER_FIELD", "build_rasters", "light_pictures", "shows_lights"]

RASTER_FIELD = "light_mean"
"""The field that the raster overlay goes with."""

OVERLAY_CELLS = 750
"""Cells of the overlay along the longer side of the land."""

LEVELS = 24
"""Steps from dark to the brightest: about what an eye can tell apart on a log stretch."""

_RAMP = ((0.0, "#04050a"), (0.25, "#3a2412"), (0.6, "#c0812f"), (0.85, "#f4cf86"), (1.0, "#fffaf0"))


def shows_lights(plates: Iterable[PlateConfig]) -> bool:
    """Tell whether a plate shows the pictures of night lights."""
    return any(plate.kind == "years" and plate.field == RASTER_FIELD for plate in plates)


def light_pictures(project: Project, tables: AtlasTables, shapes: UnitShapes) -> list[Raster]:
    """Draw the night lights of every year, where a plate shows them.

    Parameters
    ----------
    project : Project
        Gives plates and projection.
    tables : AtlasTables
        Gives the block means.
    shapes : UnitShapes
        The units as the page draws them.

    Returns
    -------
    list of Raster
        By year.
    """
    if not shows_lights(project.config.plates) or not tables.blocks:
        return []
    extent = np.ptp(shapes.positions, axis=0)
    return build_rasters(
        tables.blocks,
        RASTER_FIELD,
        project.layout.projection,
        shapes.polygons,
        cell=_round_cell(float(extent.max()) / OVERLAY_CELLS),
    )


def _round_cell(size: float) -> float:
    """Round a cell's size up to two significant digits."""
    step = 10.0 ** (np.floor(np.log10(size)) - 1)
    return float(np.ceil(size / step) * step)


def build_rasters(
    blocks: Sequence[BlockMeans],
    field: str,
    projection: str,
    land: NDArray[np.object_],
    *,
    cell: float,
) -> list[Raster]:
    """Warp yearly block means to one grid of the map's projection, all with one stretch.

    The stretch is logarithmic, from no light to the value that one cell in a thousand exceeds, over
    all years. Cells outside the units are transparent.

    Parameters
    ----------
    blocks : sequence of BlockMeans
        One per year, each on its own grid.
    field : str
        Id of the field that the rasters go with.
    projection : str
        The map's projection, metres.
    land : array of shapely geometry
        The units, in the map's projection.
    cell : float
        Size of the grid's cells in metres.

    Returns
    -------
    list of Raster
        By year.
    """
    from rasterio.features import geometry_mask

    if not blocks:
        return []
    transform, shape = _grid(land, cell)
    outside = geometry_mask(list(land), shape, transform, all_touched=True)
    years = sorted(blocks, key=lambda block: block.year)
    warped = [_warp(block, projection, transform, shape, outside) for block in years]
    known = np.concatenate([values[~np.isnan(values) & (values > 0)] for values in warped])
    top = float(np.quantile(known, 0.999)) if known.size else 1.0
    left, upper = transform.c, transform.f
    right, lower = left + cell * shape[1], upper - cell * shape[0]
    return [
        Raster(
            field=field,
            year=block.year,
            bounds=(left, lower, right, upper),
            image=webp_uri(encode_webp(_levels(values, top), _palette())),
        )
        for block, values in zip(years, warped, strict=True)
    ]


def _grid(land: NDArray[np.object_], cell: float) -> tuple[Affine, tuple[int, int]]:
    import shapely

    left, lower, right, upper = shapely.total_bounds(land)
    column, row = np.floor(left / cell), np.ceil(upper / cell)
    width = int(np.ceil(right / cell) - column)
    height = int(row - np.floor(lower / cell))
    return Affine(cell, 0, column * cell, 0, -cell, row * cell), (height, width)


def _warp(
    block: BlockMeans,
    projection: str,
    transform: Affine,
    shape: tuple[int, int],
    outside: NDArray[np.bool_],
) -> NDArray[np.float32]:
    from rasterio.warp import Resampling, reproject

    values = np.full(shape, np.nan, dtype=np.float32)
    reproject(
        block.values,
        values,
        src_transform=block.transform,
        src_crs=block.crs,
        src_nodata=np.nan,
        dst_transform=transform,
        dst_crs=projection,
        dst_nodata=np.nan,
        resampling=Resampling.average,
    )
    values[outside] = np.nan
    return values


def _levels(values: NDArray[np.float32], top: float) -> NDArray[np.uint8]:
    """Stretch to levels from 1; 0 is transparent."""
    floor = top / 200
    share = np.log1p(np.maximum(values, 0) / floor) / np.log1p(top / floor)
    levels = 1 + np.rint(np.clip(share, 0, 1) * (LEVELS - 1))
    return np.where(np.isnan(values), 0, levels).astype(np.uint8)


def _palette() -> list[tuple[int, int, int, int]]:
    at = np.linspace(0, 1, LEVELS)
    stops = [position for position, _ in _RAMP]
    bands = [
        np.interp(at, stops, [int(color[i : i + 2], 16) for _, color in _RAMP]).round().astype(int)
        for i in (1, 3, 5)
    ]
    colors = [(int(r), int(g), int(b), 255) for r, g, b in zip(*bands, strict=True)]
    return [(0, 0, 0, 0), *colors]
