"""Zones that are built: squares of a grid, H3 hexagons, buffers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.crs import WGS84
from regional_atlas.errors import DataError, InputError
from regional_atlas.nightlights.antimeridian import around_globe, unwrapped
from regional_atlas.nightlights.grids import Grid
from regional_atlas.nightlights.zones import zone_coverage, zone_polygons

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["build_buffers", "build_grid", "build_hexagons"]

MOST_CELLS = 100_000_000
SIDES = 64
"""Segments of a quarter circle: its polygon lacks a ten-thousandth of its area."""
STRIP = 90.0
FARTHEST = 85.0


def build_grid(area: gpd.GeoDataFrame, size: float, crs: Any) -> gpd.GeoDataFrame:
    """Squares that cover an area.

    Parameters
    ----------
    area : GeoDataFrame
        Polygons in any CRS.
    size : float
        Side of a square, in the units of `crs` (metres, degrees).
    crs : Any
        Where the squares are squares; anything that `pyproj.CRS.from_user_input` takes. In an
        equal-area projection all are as large.

    Returns
    -------
    GeoDataFrame
        In `crs`, index ``unit_id`` (``x<column>_y<row>``), from north to south and west to east:
        every square of which the area takes some, whole, never cut at the area's edge. Sides lie on
        multiples of `size`, so that grids of two areas fit together.

    Raises
    ------
    InputError
        If `size` is no positive number, the CRS is unknown, or the bounds of the area hold more
        than 100 million squares.

    Examples
    --------
    >>> import geopandas as gpd
    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(50, 10, 250, 90)], crs="EPSG:6933")
    >>> build_grid(area, 100, "EPSG:6933").bounds
             minx  miny   maxx   maxy
    unit_id
    x0_y0     0.0   0.0  100.0  100.0
    x1_y0   100.0   0.0  200.0  100.0
    x2_y0   200.0   0.0  300.0  100.0
    """
    import geopandas as gpd

    if not size > 0 or not np.isfinite(size):
        raise InputError(f"a side longer than 0, found {size}", where="size")
    try:
        named = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise InputError(f"unknown CRS {crs!r}", where="crs") from error
    west, south, east, north = shapely.total_bounds(zone_polygons(area, named))
    if not np.isfinite(west):
        return gpd.GeoDataFrame(index=pd.Index([], name="unit_id"), geometry=[], crs=named)
    left, bottom = int(np.floor(west / size)), int(np.floor(south / size))
    right, top = (
        max(int(np.ceil(high / size)), low + 1) for high, low in ((east, left), (north, bottom))
    )
    shape = (top - bottom, right - left)
    if shape[0] * shape[1] > MOST_CELLS:
        raise InputError(
            f"{shape[0]:,} × {shape[1]:,} squares of {size:g} lie in the bounds; "
            f"at most {MOST_CELLS:,}",
            where="size",
        )
    grid = Grid(Affine(size, 0, left * size, 0, -size, top * size), shape, named)
    touched = np.zeros(shape, np.bool_)
    coverage = zone_coverage(area, grid)
    for zone in range(len(coverage)):
        rows, cols, _ = coverage.cells(zone)
        touched[rows, cols] = True
    rows, cols = np.nonzero(touched)
    columns, lines = left + cols, top - 1 - rows
    names = [f"x{x}_y{y}" for x, y in zip(columns.tolist(), lines.tolist(), strict=True)]
    squares = shapely.box(columns * size, lines * size, (columns + 1) * size, (lines + 1) * size)
    return gpd.GeoDataFrame(
        index=pd.Index(names, name="unit_id", dtype="str"), geometry=squares, crs=named
    )


def build_hexagons(area: gpd.GeoDataFrame, resolution: int) -> gpd.GeoDataFrame:
    """Hexagons of the H3 index (and its few pentagons) that cover an area.

    Parameters
    ----------
    area : GeoDataFrame
        Polygons in any CRS.
    resolution : int
        Of H3, from 0 (about 4.4 M km² a cell) to 15 (0.9 m²); 5 is about 253 km², 7 about 5.2 km².

    Returns
    -------
    GeoDataFrame
        In WGS 84, index ``unit_id`` (the H3 cell, as text), sorted: every cell that overlaps the
        area, whole. A cell across the antimeridian has longitudes beyond 180. Sizes differ by up to
        a factor of two over the globe.

    Raises
    ------
    InputError
        If the library ``h3`` is not installed, or there is no such resolution.
    DataError
        If the area reaches beyond 85° of latitude, or a cell holds a pole.

    Examples
    --------
    >>> import geopandas as gpd
    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(120, 30, 120.01, 30.01)], crs=4326)
    >>> build_hexagons(area, 5).index.tolist()
    ['8541967bfffffff']
    """
    import geopandas as gpd

    try:
        import h3
    except ImportError:
        raise InputError("hexagons need: pip install regional-atlas[hexagons]") from None
    if resolution not in range(16):
        raise InputError(f"a whole number from 0 to 15, found {resolution!r}", where="resolution")
    crs = pyproj.CRS(WGS84)
    cells: set[str] = set()
    placed = around_globe(zone_polygons(area, crs), crs, (-180, -90, 180, 90))
    if np.nanmax(np.abs(shapely.total_bounds(placed)[[1, 3]]), initial=0) > FARTHEST:
        raise DataError(f"the area reaches beyond {FARTHEST:g}° of latitude, where H3 misses cells")
    for part in shapely.get_parts(placed[~shapely.is_empty(placed)]):
        west, south, east, north = part.bounds
        for start in np.arange(np.floor(west / STRIP), np.ceil(east / STRIP)) * STRIP:
            # H3 takes what is wider than half a turn to lie on the other side of the globe.
            strip = shapely.intersection(part, shapely.box(start, south, start + STRIP, north))
            for piece in shapely.get_parts(strip):
                if piece.geom_type == "Polygon":
                    shape = h3.geo_to_h3shape(piece)
                    cells.update(h3.h3shape_to_cells_experimental(shape, resolution, "overlap"))
    names = sorted(cells)
    outlines = [
        shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(name)]) for name in names
    ]
    shapes, poles = unwrapped(np.array(outlines, dtype=object), crs)
    if poles:
        raise DataError(f"cell {names[poles[0]]} holds a pole, which no map in degrees can show")
    return gpd.GeoDataFrame(
        index=pd.Index(names, name="unit_id", dtype="str"), geometry=shapes, crs=crs
    )


def build_buffers(places: gpd.GeoDataFrame, radius_km: float) -> gpd.GeoDataFrame:
    """Buffers around places, by distance on the ellipsoid.

    Each place is buffered in the azimuthal equidistant projection about its own centroid: exact
    for a point (a circle of 256 corners), nearly so for places that are small beside the earth
    (10⁻⁴ of the radius within 150 km of the centroid). Buffers may overlap.

    Parameters
    ----------
    places : GeoDataFrame
        Points, lines or polygons in any CRS.
    radius_km : float

    Returns
    -------
    GeoDataFrame
        The places' index and columns, in WGS 84; longitudes run beyond 180 across the antimeridian.

    Raises
    ------
    InputError
        If the radius is no positive number.
    DataError
        If a place has no geometry, or a buffer reaches a pole.

    Examples
    --------
    >>> import geopandas as gpd
    >>> town = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(0, 0)], crs=4326)
    >>> build_buffers(town, 10).bounds.round(4).iloc[0].tolist()
    [-0.0898, -0.0904, 0.0898, 0.0904]
    """
    if not radius_km > 0 or not np.isfinite(radius_km):
        raise InputError(f"longer than 0 km, found {radius_km}", where="radius")
    if places.crs is None:
        raise DataError("the places have no coordinate reference system; state one with set_crs")
    geographic = places.to_crs(WGS84)
    found: NDArray[Any] = np.empty(len(places), dtype=object)
    for position, (label, place) in enumerate(geographic.geometry.items()):
        if place is None or place.is_empty:
            raise DataError(f"place {label!r} has no geometry")
        centre = place.centroid
        local = pyproj.CRS(
            f"+proj=aeqd +lon_0={centre.x!r} +lat_0={centre.y!r} +datum=WGS84 +units=m"
        )
        there = pyproj.Transformer.from_crs(WGS84, local, always_xy=True)
        flat = _moved(place, there.transform)
        round_it = shapely.buffer(flat, 1000 * radius_km, quad_segs=SIDES)
        back = pyproj.Transformer.from_crs(local, WGS84, always_xy=True)
        found[position] = _moved(round_it, back.transform)
    shapes, poles = unwrapped(found, pyproj.CRS(WGS84))
    if poles:
        raise DataError(f"the buffer of {places.index[poles[0]]!r} reaches round a pole")
    return geographic.set_geometry(shapes, crs=WGS84)


def _moved(geometry: Any, transform: Any) -> Any:
    return shapely.transform(geometry, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1])))
