"""Zones that are built: squares of a grid, H3 hexagons, buffers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from affine import Affine
from numpy.typing import NDArray

from regional_atlas.core.crs import WGS84
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.zonal.antimeridian import around_globe, unwrapped
from regional_atlas.zonal.grids import Grid
from regional_atlas.zonal.zones import zone_coverage, zone_polygons

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["build_buffers", "build_grid", "build_hexagons"]

MOST_CELLS = 100_000_000
SIDES = 64
"""Segments of a quarter circle: its polygon lacks a ten-thousandth of its area."""
STRIP = 90.0
VERTICES = 250
HALVINGS = 40
FARTHEST = 85.0


def build_grid(
    area: gpd.GeoDataFrame,
    size: float,
    crs: Any,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> gpd.GeoDataFrame:
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
    progress : callable, optional
        Called with blocks of the area's polygons done and in all.

    Returns
    -------
    GeoDataFrame
        In `crs`, index ``unit_id`` (``x<column>_y<row>``), from north to south and west to east:
        every square of which the area takes some, whole, never cut at the area's edge. Sides lie on
        multiples of `size`, so that grids of two areas fit together.

    Raises
    ------
    InputError
        If `size` is not a positive number, the CRS is unknown, or the bounds of the area hold more
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

    problems = []
    if not size > 0 or not np.isfinite(size):
        problems.append(f"size: a side longer than 0, found {size}")
    try:
        named = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        problems.append(f"crs: unknown CRS {crs!r}")
    raise_if(problems, InputError)
    shapes = zone_polygons(area, named)
    if shapely.is_empty(shapes).all():
        return gpd.GeoDataFrame(index=pd.Index([], name="unit_id"), geometry=[], crs=named)
    west, south, east, north = shapely.total_bounds(shapes)
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
    coverage = zone_coverage(area, grid, progress=progress)
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


def build_hexagons(
    area: gpd.GeoDataFrame,
    resolution: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> gpd.GeoDataFrame:
    """Hexagons of the H3 index (and its few pentagons) that cover an area.

    Parameters
    ----------
    area : GeoDataFrame
        Polygons in any CRS.
    resolution : int
        Of H3, from 0 (about 4.4 M km² a cell) to 15 (0.9 m²); 5 is about 253 km², 7 about 5.2 km².
    progress : callable, optional
        Called with pieces of the area done and in all.

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
        If rings of the area cross or overlap, it reaches beyond 85° of latitude, or a cell holds a
        pole.

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
    shapes = zone_polygons(area, crs)
    raise_if(
        (
            f"zone {label!r}: rings cross or overlap; repair it first, e.g. with shapely.make_valid"
            for label in area.index[~shapely.is_valid(shapes)]
        ),
        DataError,
    )
    placed = around_globe(shapes, crs, (-180, -90, 180, 90))
    if np.nanmax(np.abs(shapely.bounds(placed)[:, [1, 3]]), initial=0) > FARTHEST:
        raise DataError(f"the area reaches beyond {FARTHEST:g}° of latitude, where H3 misses cells")
    pieces = _pieces(placed)
    for done, piece in enumerate(pieces):
        if progress is not None:
            progress(done, len(pieces))
        rings = [shapely.get_coordinates(ring)[:, ::-1] for ring in shapely.get_rings(piece)]
        shape = h3.LatLngPoly(*(ring.tolist() for ring in rings))
        cells.update(h3.h3shape_to_cells_experimental(shape, resolution, "overlap"))
    names = sorted(cells)
    shapes, poles = unwrapped(_outlines([h3.cell_to_boundary(name) for name in names]), crs)
    if progress is not None:
        progress(len(pieces), len(pieces))
    if poles:
        raise DataError(f"cell {names[poles[0]]} holds a pole, which no map in degrees can show")
    return gpd.GeoDataFrame(
        index=pd.Index(names, name="unit_id", dtype="str"), geometry=shapes, crs=crs
    )


def _outlines(corners: Sequence[Sequence[tuple[float, float]]]) -> NDArray[Any]:
    """Polygons of latitudes and longitudes, as one array."""
    points = np.array([*chain(*corners)]).reshape(-1, 2)[:, ::-1]
    owner = np.repeat(np.arange(len(corners)), [len(outline) for outline in corners])
    return np.asarray(shapely.polygons(shapely.linearrings(points, indices=owner)))


def _pieces(polygons: NDArray[Any]) -> NDArray[Any]:
    """Dissolve polygons and halve them until each has few vertices and is no half turn wide.

    H3 tries every cell of a polygon against all its vertices, and takes one that is wider than half
    a turn to lie on the other side of the globe.
    """
    dissolve = (
        shapely.coverage_union_all if shapely.coverage_is_valid(polygons) else shapely.union_all
    )
    large, pieces = shapely.get_parts(dissolve(polygons)), []
    for _ in range(HALVINGS):
        large = large[shapely.get_type_id(large) == shapely.GeometryType.POLYGON]
        west, south, east, north = shapely.bounds(large).T
        small = (shapely.get_num_coordinates(large) <= VERTICES) & (east - west <= STRIP)
        pieces.append(large[small])
        large, west, south, east, north = (
            each[~small] for each in (large, west, south, east, north)
        )
        wide = east - west > north - south
        x, y = np.where(wide, (west + east) / 2, east), np.where(wide, north, (south + north) / 2)
        first = shapely.box(west, south, x, y)
        second = shapely.box(np.where(wide, x, west), np.where(wide, south, y), east, north)
        large = shapely.get_parts(
            np.concatenate([shapely.intersection(large, half) for half in (first, second)])
        )
    return np.concatenate([*pieces, large])


def build_buffers(
    places: gpd.GeoDataFrame,
    radius_km: float,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> gpd.GeoDataFrame:
    """Buffers around places, by distance on the ellipsoid.

    Each place is buffered in the azimuthal equidistant projection about its own centroid: exact
    for a point (a circle of 256 corners), nearly so for places that are small beside the earth
    (10⁻⁴ of the radius within 150 km of the centroid). Buffers may overlap.

    Parameters
    ----------
    places : GeoDataFrame
        Points, lines or polygons in any CRS.
    radius_km : float
    progress : callable, optional
        Called with places done and in all.

    Returns
    -------
    GeoDataFrame
        The places' index and columns, in WGS 84; longitudes run beyond 180 across the antimeridian.

    Raises
    ------
    InputError
        If the radius is not a positive number.
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
    nowhere = places.index[places.geometry.isna() | places.geometry.is_empty]
    raise_if((f"place {label!r} has no geometry" for label in nowhere), DataError)
    geographic = places.to_crs(WGS84)
    found: NDArray[Any] = np.empty(len(places), dtype=object)
    for position, place in enumerate(geographic.geometry):
        centre = place.centroid
        local = pyproj.CRS(
            f"+proj=aeqd +lon_0={centre.x!r} +lat_0={centre.y!r} +datum=WGS84 +units=m"
        )
        there = pyproj.Transformer.from_crs(WGS84, local, always_xy=True)
        flat = _moved(place, there.transform)
        round_it = shapely.buffer(flat, 1000 * radius_km, quad_segs=SIDES)
        back = pyproj.Transformer.from_crs(local, WGS84, always_xy=True)
        found[position] = _moved(round_it, back.transform)
        if progress is not None:
            progress(position + 1, len(places))
    shapes, poles = unwrapped(found, pyproj.CRS(WGS84))
    if poles:
        raise DataError(f"the buffer of {places.index[poles[0]]!r} reaches round a pole")
    return geographic.set_geometry(shapes, crs=WGS84)


def _moved(geometry: Any, transform: Any) -> Any:
    return shapely.transform(geometry, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1])))
