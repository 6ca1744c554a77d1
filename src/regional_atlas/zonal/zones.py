"""Zones on a raster's grid: checked, densified, reprojected, unmasked, covered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.zonal.antimeridian import ambiguous, around_globe, polygonal, unwrapped
from regional_atlas.zonal.coverage import Coverage, exact_coverage
from regional_atlas.zonal.grids import Grid, RasterSource

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = [
    "densify",
    "placed_zones",
    "split_by_mask",
    "zone_coverage",
    "zone_polygons",
    "zones_outside",
]

SEGMENT_METRES = 1000.0
SEGMENT_DEGREES = 0.01
POLYGONS = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]


def densify(geometries: NDArray[Any], crs: pyproj.CRS) -> NDArray[Any]:
    """Insert vertices so that straight edges may be bent by a change of projection.

    No edge is longer than 0.01 degrees (geographic `crs`) or 1 km (projected) afterwards: an arc
    of a great circle that long leaves its chord by about 2 cm.

    Parameters
    ----------
    geometries : ndarray of shapely geometries
    crs : pyproj.CRS
        What the coordinates are in.

    Returns
    -------
    ndarray of shapely geometries

    Examples
    --------
    >>> box = np.array([shapely.box(0, 0, 0.02, 0.01)])
    >>> int(shapely.get_num_coordinates(densify(box, pyproj.CRS(4326)))[0])
    7
    """
    if crs.is_geographic:
        return np.asarray(shapely.segmentize(geometries, SEGMENT_DEGREES))
    metres_per_unit = crs.axis_info[0].unit_conversion_factor or 1.0
    return np.asarray(shapely.segmentize(geometries, SEGMENT_METRES / metres_per_unit))


def zone_polygons(zones: gpd.GeoDataFrame, crs: pyproj.CRS) -> NDArray[Any]:
    """Bring the polygons of zones to another coordinate reference system.

    Edges are straight in the zones' own CRS: they are densified first, unless both systems are
    geographic.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons and multipolygons; missing and empty geometries stay as empty polygons.
    crs : pyproj.CRS
        The raster's.

    Returns
    -------
    ndarray of shapely geometries
        One per zone, in the zones' order.

    Raises
    ------
    DataError
        If the zones have no CRS, are not polygons, cannot be projected, or cross the antimeridian
        in a way that can be read as two polygons.

    Examples
    --------
    >>> import geopandas as gpd
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 0.01, 0.01), None], crs="EPSG:4326")
    >>> shapely.bounds(zone_polygons(zones, pyproj.CRS(3857))).round(1).tolist()
    [[0.0, 0.0, 1113.2, 1113.2], [nan, nan, nan, nan]]
    """
    if zones.crs is None:
        raise DataError("zones have no coordinate reference system; state one with set_crs")
    geometries = np.array(zones.geometry.array, dtype=object)
    geometries[shapely.is_missing(geometries) | shapely.is_empty(geometries)] = shapely.Polygon()
    kinds = shapely.get_type_id(geometries)
    raise_if(
        (
            f"zone {label!r} is a {geometry.geom_type}, expected polygons"
            for label, geometry, kind in zip(zones.index, geometries, kinds, strict=True)
            if kind not in POLYGONS
        ),
        DataError,
        "zones",
    )
    source = pyproj.CRS.from_user_input(zones.crs)
    if source.is_geographic:
        raise_if(
            (
                f"zone {zones.index[position]!r} has an edge of more than half a turn of "
                "longitude: split it at the antimeridian, or write longitudes beyond 180"
                for position in ambiguous(geometries, source)
            ),
            DataError,
            "zones",
        )
    if not source.equals(crs, ignore_axis_order=True):
        if not (source.is_geographic and crs.is_geographic):
            geometries = densify(geometries, source)
        geometries = _projected(geometries, source, crs)
        if crs.is_geographic and not source.is_geographic:
            geometries, broken = unwrapped(geometries, crs)
            raise_if(
                (
                    f"zone {zones.index[position]!r} encloses a pole, which no grid of longitudes "
                    "and latitudes can show"
                    for position in broken
                ),
                DataError,
                "zones",
            )
    unplaced = ~np.isfinite(shapely.bounds(geometries)).all(axis=1) & ~shapely.is_empty(geometries)
    raise_if(
        (f"zone {label!r} has no place in {crs.name}" for label in zones.index[unplaced]),
        DataError,
        "zones",
    )
    return geometries


def placed_zones(zones: gpd.GeoDataFrame, grid: Grid) -> NDArray[Any]:
    """Bring the polygons of zones to where a grid lies, also on the other side of the antimeridian.

    Returns
    -------
    ndarray of shapely geometries
        One per zone, in the grid's CRS; on a geographic grid longitudes a turn away are the same.
    """
    return around_globe(zone_polygons(zones, grid.crs), grid.crs, grid.bounds)


def zone_coverage(
    zones: gpd.GeoDataFrame, grid: Grid, *, progress: Callable[[int, int], None] | None = None
) -> Coverage:
    """Bring zones to where a grid lies and cover its cells with them.

    Parameters
    ----------
    zones : GeoDataFrame
        See `zone_polygons`; messages name them by their index.
    grid : Grid
    progress : callable, optional
        Called with blocks of zones done and in all.

    Returns
    -------
    Coverage

    Examples
    --------
    >>> import geopandas as gpd
    >>> from affine import Affine
    >>> grid = Grid(Affine(1, 0, 170, 0, -1, 2), (2, 20), "EPSG:4326")
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(-175.5, 0, -174, 1)], crs="EPSG:4326")
    >>> zone_coverage(zones, grid).covered.tolist()
    [1.5]
    """
    labels = zones.index.tolist()
    return exact_coverage(placed_zones(zones, grid), grid, labels=labels, progress=progress)


def zones_outside(
    zones: gpd.GeoDataFrame, rasters: Sequence[RasterSource], table: pd.DataFrame
) -> list[dict[str, Any]]:
    """Find the zones that lie beyond a raster.

    Parameters
    ----------
    zones : GeoDataFrame
    rasters : sequence of RasterSource
    table : DataFrame
        `cell_count` of the zones in each raster, as `zonal_statistics` gives them.

    Returns
    -------
    list of dict
        Of each raster that any zone misses: `raster`, `zones` (their labels) and `problem`: empty
        where some zone meets it, else how both lie, and whether the axes look swapped.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> raster = ArrayRaster([[1.0]], Affine(1, 0, 10, 0, -1, 50), 4326, name="light.tif")
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(49, 10, 50, 11)], index=["a"], crs=4326)
    >>> found = zones_outside(zones, [raster], pd.DataFrame({"cell_count": [0]}))
    >>> found[0]["zones"], found[0]["problem"].partition(";")[0]
    (['a'], 'no zone meets it: it covers 10 to 11, 49 to 50, the zones 49 to 50, 10 to 11')
    """
    found = []
    for place, raster in enumerate(rasters):
        rows = table.iloc[place * len(zones) : (place + 1) * len(zones)]
        empty = zones.geometry.isna() | zones.geometry.is_empty
        dark = (rows["cell_count"] == 0).to_numpy() & ~empty.to_numpy()
        if not dark.any():
            continue
        west, south, east, north = Grid.of(raster).bounds
        placed = placed_zones(zones[dark], Grid.of(raster))
        left, low, right, high = shapely.bounds(placed).T
        beyond = ~((left < east) & (right > west) & (low < north) & (high > south))
        if not beyond.any():
            continue
        problem = ""
        if beyond.all() and dark.sum() == (~empty).sum():
            lies = left.min(), right.max(), low.min(), high.max()
            swapped = lies[2] < east and lies[3] > west and lies[0] < north and lies[1] > south
            problem = (
                f"no zone meets it: it covers {west:g} to {east:g}, {south:g} to {north:g}, the "
                f"zones {lies[0]:g} to {lies[1]:g}, {lies[2]:g} to {lies[3]:g}"
            )
            problem += (
                "; the axes of the zones look swapped: x is longitude or easting"
                if swapped
                else "; check the CRS of both"
            )
        labels = zones.index[dark][beyond].tolist()
        found.append({"raster": raster.name, "zones": labels, "problem": problem})
    return found


def split_by_mask(
    zones: gpd.GeoDataFrame, mask: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cut zones along the polygons of a mask, exactly.

    Parameters
    ----------
    zones : GeoDataFrame
    mask : GeoDataFrame
        Valid polygons, which may overlap; in another CRS they are densified and brought to the
        zones'.

    Returns
    -------
    kept, removed : GeoDataFrame
        The zones outside and inside the mask; empty polygons where nothing is left.

    Raises
    ------
    DataError
        If zones or mask are not what `zone_polygons` takes; says which of the two.

    Examples
    --------
    >>> import geopandas as gpd
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1)], crs=4326)
    >>> lake = gpd.GeoDataFrame(geometry=[shapely.box(1.5, 0, 9, 9)], crs=4326)
    >>> [part.bounds.maxx.tolist() for part in split_by_mask(zones, lake)]
    [[1.5], [2.0]]
    """
    if zones.crs is None or mask.crs is None:
        without = "zones" if zones.crs is None else "mask"
        raise DataError("has no coordinate reference system; state one with set_crs", where=without)
    crs = pyproj.CRS.from_user_input(zones.crs)
    shapes = zone_polygons(zones, crs)
    try:
        marks = zone_polygons(mask, crs)
    except DataError as error:
        raise DataError(*error.problems, where="mask") from error
    shapes, marks = (around_globe(found, crs, (-180, -90, 180, 90)) for found in (shapes, marks))
    kept, removed = shapes.copy(), np.full(len(shapes), shapely.Polygon(), dtype=object)
    zone_at, mark_at = shapely.STRtree(marks).query(shapes, predicate="intersects")
    order = np.lexsort((mark_at, zone_at))
    numbers, starts = np.unique(zone_at[order], return_index=True)
    for zone, touching in zip(numbers, np.split(mark_at[order], starts[1:]), strict=False):
        marked = shapely.union_all(marks[touching])
        kept[zone] = polygonal(shapely.difference(shapes[zone], marked))
        removed[zone] = polygonal(shapely.intersection(shapes[zone], marked))
    return zones.set_geometry(kept, crs=zones.crs), zones.set_geometry(removed, crs=zones.crs)


def _projected(geometries: NDArray[Any], source: pyproj.CRS, target: pyproj.CRS) -> NDArray[Any]:
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return np.asarray(shapely.transform(geometries, moved))
