"""Vector files: one layer in a CRS that is known, with coordinates that can be in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.core import crs
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.polygons import Flaw, flat_polygons, flaws, said_flaws, without_polygon
from regional_atlas.core.signs import unstorable
from regional_atlas.sources.encodings import UTF_8, unstated_encoding
from regional_atlas.sources.opening import check_layer, check_parquet, check_source, vectors_of_gdal

__all__ = [
    "Declared",
    "check_coordinates",
    "check_land",
    "check_polygons",
    "check_position",
    "declared_crs",
    "is_vector",
    "meets",
    "read_vector",
]

Box = tuple[float, float, float, float]

NAMED = 5
"""Units of a kind that a message names."""
ARC_STEP = 0.25
"""Degrees of an arc in one segment: a circle's area is 0.0003% too small. GDAL takes 4."""
HALF_GLOBE = 180.0 * 180.0
"""Square degrees of one polygon from which it is no unit."""
SWAP = "swap them in the file (QGIS: Swap X and Y coordinates)"


@dataclass(frozen=True)
class Declared:
    """What is said about a vector file, and what messages call the ways to say it.

    Attributes
    ----------
    layer : str or None
        Of a file with several.
    crs : str or None
        Of coordinates whose file says none, or a wrong one.
    layer_key, crs_key : str
        The option or key for each, with `{}` for the CRS; empty where there is none.
    """

    layer: str | None = None
    crs: str | None = None
    layer_key: str = "--layer"
    crs_key: str = "--zones-crs {}"

    def crs_remedy(self, example: str = "EPSG:4326") -> str:
        """Say how a CRS is declared."""
        if not self.crs_key:
            return "write the CRS into the file"
        return f"declare it: {self.crs_key.format(example)}"


ZONES = Declared()


def read_vector(path: Path, declared: Declared = ZONES) -> gpd.GeoDataFrame:
    """Read one layer of a vector file, in a CRS that has a place on the earth.

    Parameters
    ----------
    path : Path
        Of a format of polygons (`core.formats`).
    declared : Declared
        Layer and CRS where they are given.

    Returns
    -------
    GeoDataFrame
        As it is in the file, without heights and measures; curves are lines of short segments,
        and collections of polygons are multipolygons. Its CRS is the declared one where one is.

    Raises
    ------
    DataError
        The file cannot be read, has several layers, no such layer, no CRS or an undefined one,
        or is a shapefile whose text may be in any encoding.
    """
    where = str(path)
    parquet = path.suffix in {".parquet", ".geoparquet"}
    if parquet:
        check_parquet(path, "polygons")
    else:
        check_source(path, "polygons")
    try:
        layers = [] if parquet else _layers(path)
    except Exception as error:
        raise DataError(f"cannot be read as boundaries: {error}", where=where) from error
    listed = ", ".join(layers)
    if declared.layer is not None and layers and declared.layer not in layers:
        raise DataError(f"has no layer {declared.layer!r}; its layers: {listed}", where=where)
    if declared.layer is None and len(layers) > 1:
        choose = f"choose one by {declared.layer_key}" if declared.layer_key else "keep one"
        raise DataError(f"has {len(layers)} layers: {listed}; {choose}", where=where)
    guess, shown = unstated_encoding(path) or (None, "")
    if guess is not None and guess != UTF_8:
        raise DataError(
            f"the encoding of its attributes is not stated; read as {guess} they hold {shown!r}; "
            f"state it in a file {path.with_suffix('.cpg').name} beside it, such as {guess!r}",
            where=where,
        )
    try:
        with vectors_of_gdal(OGR_ARC_STEPSIZE=ARC_STEP):
            if not parquet:
                check_layer(path, declared.layer or layers[0])
            found = (
                gpd.read_parquet(path)
                if parquet
                else gpd.read_file(path, layer=declared.layer, encoding=guess)
            )
    except DataError:
        raise
    except Exception as error:
        raise DataError(f"cannot be read as boundaries: {error}", where=where) from error
    if not isinstance(found, gpd.GeoDataFrame):
        raise DataError("has no geometry", where=where)
    raise_if(_unstorable(found), DataError, where)
    flat = flat_polygons(np.asarray(found.geometry.values, dtype=object))
    found[found.geometry.name] = gpd.GeoSeries(flat, index=found.index, crs=found.crs)
    if declared.crs is not None:
        found = found.set_crs(declared_crs(declared), allow_override=True)
    _check_crs(found, declared, where)
    return found


def _unstorable(found: gpd.GeoDataFrame) -> list[str]:
    """Name attributes that cannot be read, or hold a sign that no file does; headings are row 1."""
    problems = []
    for name, column in found.items():
        if name == found.geometry.name:
            continue
        try:
            values = [*column]
        except ValueError as error:  # of Parquet, texts that are not UTF-8
            problems.append(f"column {name!r} cannot be read: {error}")
            continue
        problems += [
            f"row {row}, column {str(name)!r}: {value!r} holds {sign}; remove it"
            for row, value in enumerate(values, start=2)
            if isinstance(value, str) and (sign := unstorable(value)) is not None
        ]
    return problems


def is_vector(path: Path) -> bool:
    """Say whether a file holds vector layers; one that nothing can read does not."""
    if path.suffix in {".parquet", ".geoparquet"}:
        return True
    try:
        check_source(path, "polygons")
        return len(_layers(path)) > 0
    except (DataError, pyogrio.errors.DataSourceError):
        return False


def _layers(path: Path) -> list[str]:
    """List the layers with geometry; all where none has any."""
    with vectors_of_gdal():
        layers = pyogrio.list_layers(path)
    return [name for name, kind in layers if kind] or [name for name, _ in layers]


def declared_crs(declared: Declared) -> pyproj.CRS:
    """Give the CRS that is declared, and refuse what is none."""
    try:
        return pyproj.CRS.from_user_input(declared.crs)
    except pyproj.exceptions.CRSError as error:
        raise DataError(
            f"unknown CRS: {declared.crs_key.format(declared.crs)}; a code such as EPSG:4326 is "
            "needed"
        ) from error


def _check_crs(found: gpd.GeoDataFrame, declared: Declared, where: str) -> None:
    runs = _runs(found.total_bounds)
    if found.crs is None:
        beside = " (a shapefile has it in a .prj file)" if where.endswith(".shp") else ""
        raise DataError(f"has no CRS{beside}; {runs}; {declared.crs_remedy()}", where=where)
    name = found.crs.name
    try:
        pyproj.Transformer.from_crs(found.crs, crs.WGS84, always_xy=True)
        known = not name.lower().startswith("undefined")
    except pyproj.exceptions.ProjError:
        known = False
    if not known:
        kind = found.crs.type_name
        raise DataError(
            f"its CRS {name!r} ({kind}) has no place on the earth; {runs}; {declared.crs_remedy()}",
            where=where,
        )


def _runs(bounds: Sequence[float] | NDArray[np.float64]) -> str:
    west, south, east, north = (f"{value:,.10g}" for value in bounds)
    return f"x runs from {west} to {east}, y from {south} to {north}"


def check_coordinates(
    geometry: gpd.GeoSeries,
    labels: Sequence[str],
    where: str,
    declared: Declared = ZONES,
) -> None:
    """Refuse coordinates that cannot be in the CRS that they are said to be in, and wrong rings.

    Missing geometries, points and lines are passed over.

    Parameters
    ----------
    geometry, labels, where, declared
        As `check_position` takes them.

    Raises
    ------
    DataError
        What the coordinates look like or where rings are wrong, the units concerned, what to do.
    """
    found = np.asarray(geometry.values, dtype=object)
    points, owner = shapely.get_coordinates(found, return_index=True)
    lost = np.unique(owner[~np.isfinite(points).all(axis=1)])
    endless = [Flaw(i, "a coordinate is not a finite number") for i in lost.tolist()]
    raise_if(said_flaws(endless, labels), DataError, where)
    check_position(geometry, labels, where, declared)
    areal = np.flatnonzero((shapely.get_dimensions(found) == 2) & ~shapely.is_empty(found))
    wrong = [replace(flaw, position=int(areal[flaw.position])) for flaw in flaws(found[areal])]
    raise_if(said_flaws(wrong, labels), DataError, where)


def check_polygons(geometry: gpd.GeoSeries, labels: Sequence[str], where: str) -> None:
    """Refuse rows that hold no polygon, all at once.

    Parameters
    ----------
    geometry : GeoSeries
    labels : sequence of str
        What messages call each.
    where : str
        The file.

    Examples
    --------
    >>> places = gpd.GeoSeries([shapely.Point(0, 0), None])
    >>> try:
    ...     check_polygons(places, ["row 2", "row 3"], "my.geojson")
    ... except DataError as error:
    ...     print(error.problems)
    ['row 2: expected a polygon, found a Point', 'row 3: has no geometry']
    """
    found = without_polygon(np.asarray(geometry.values, dtype=object))
    raise_if((f"{labels[flaw.position]}: {flaw}" for flaw in found), DataError, where)


def check_position(
    geometry: gpd.GeoSeries,
    labels: Sequence[str],
    where: str,
    declared: Declared = ZONES,
    *,
    within: Box | None = None,
) -> None:
    """Refuse coordinates that cannot be in the CRS that they are said to be in.

    Metres called degrees, latitudes beyond 90, swapped axes, and what cannot be projected.

    Parameters
    ----------
    geometry : GeoSeries
        With a CRS.
    labels : sequence of str
        What messages call each.
    where : str
        The file.
    declared : Declared
        For the remedy.
    within : (west, south, east, north), optional
        Degrees in which some of it must lie, where that is known.

    Raises
    ------
    DataError
        What the coordinates look like, the first units concerned, and what to do.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(30, 110, 31, 111)], crs=4326)
    >>> try:
    ...     check_position(squares, ["unit 1"], "my.geojson")
    ... except DataError as error:
    ...     print(error)
    my.geojson: the axes look swapped: x runs from 30 to 31, y from 110 to 111, and latitudes end \
at 90 (unit 1); swap them in the file (QGIS: Swap X and Y coordinates)
    """
    bounds, system = geometry.bounds.to_numpy(), geometry.crs
    if np.isnan(bounds).all():
        return
    if system.is_geographic:
        problem = _not_degrees(bounds, labels, system, declared)
        raise_if([problem] if problem else [], DataError, where)
    degrees = _in_degrees(bounds, system)
    lost = np.asarray(np.isinf(degrees).any(axis=1))
    swapped = _in_degrees(bounds[:, [1, 0, 3, 2]], system)
    everything = np.ones(len(bounds), dtype=bool)
    of_map = "map.bounds", f"{SWAP}, or write the bounds as west, south, east, north"
    places = (within, *of_map), (_area_of_use(system), "the CRS", SWAP)
    for place, what, remedy in places:
        if place is not None and not meets(degrees, place) and meets(swapped, place):
            raise DataError(
                f"the axes look swapped: {_runs(_total(bounds))}; with x and y exchanged they lie "
                f"where {what} is ({_first(labels, everything)}); {remedy}",
                where=where,
            )
    if lost.any():
        raise DataError(
            f"coordinates cannot be in the CRS {system.name!r}: {_runs(_total(bounds))} "
            f"({_first(labels, lost)}); {declared.crs_remedy('EPSG:…')}",
            where=where,
        )


def check_land(
    geometry: gpd.GeoSeries, labels: Sequence[str], where: str, declared: Declared
) -> None:
    """Refuse what zones may be, but the units of a map cannot: degrees called metres, half a globe.

    Parameters
    ----------
    geometry, labels, where, declared
        As `check_position` takes them.

    Raises
    ------
    DataError
        What the coordinates look like, the first units concerned, and what to do.
    """
    problem = _not_metres(geometry.total_bounds, geometry.crs, declared)
    raise_if([problem] if problem else [], DataError, where)
    if not geometry.crs.is_geographic:
        return
    huge = np.array([_largest(each) > HALF_GLOBE for each in geometry], dtype=bool)
    if huge.any():
        raise DataError(
            f"{_first(labels, huge)}: a polygon covers more than half the globe "
            f"({_runs(geometry[huge].total_bounds)}); correct or remove it",
            where=where,
        )


def meets(bounds: NDArray[np.float64], place: Box) -> bool:
    """Say whether any of some boxes, in degrees, meets a place; longitudes go round.

    Examples
    --------
    >>> meets(np.array([[48.5, 10.0, 50.0, 12.0]]), (5.0, 45.0, 15.0, 55.0))
    False
    """
    west, south, east, north = place
    level = (bounds[:, 1] < north) & (bounds[:, 3] > south)
    turns = ((bounds[:, 0] + turn < east) & (bounds[:, 2] + turn > west) for turn in (-360, 0, 360))
    return any(bool((level & inside).any()) for inside in turns)


def _not_degrees(
    bounds: NDArray[np.float64], labels: Sequence[str], system: pyproj.CRS, declared: Declared
) -> str | None:
    furthest = np.fmax.reduce(np.abs(bounds.reshape(-1, 2, 2)), axis=1)
    beyond = (furthest[:, 0] > 360) | (furthest[:, 1] > 90 + 1e-6)
    if not beyond.any():
        return None
    named, runs = _first(labels, beyond), _runs(_total(bounds))
    if np.nanmax(furthest) > 1000:
        return (
            f"the CRS is {system.name!r}, in degrees, but the coordinates look like metres: "
            f"{runs} ({named}); {declared.crs_remedy('EPSG:3857')}, or what it is"
        )
    if np.nanmax(furthest[:, 0]) <= 90 + 1e-6:
        return f"the axes look swapped: {runs}, and latitudes end at 90 ({named}); {SWAP}"
    return f"latitudes end at 90 and longitudes at 360, but {runs} ({named}); correct the file"


def _in_degrees(bounds: NDArray[np.float64], system: pyproj.CRS) -> NDArray[np.float64]:
    """Box the corners of boxes in degrees; infinite where they cannot be."""
    if system.is_geographic:
        return bounds
    transformer = pyproj.Transformer.from_crs(system, crs.WGS84, always_xy=True)
    west, south, east, north = bounds.T
    x, y = transformer.transform(
        np.stack([west, east, east, west]), np.stack([south, south, north, north])
    )
    return np.column_stack([x.min(axis=0), y.min(axis=0), x.max(axis=0), y.max(axis=0)])


def _not_metres(total: NDArray[np.float64], system: pyproj.CRS, declared: Declared) -> str | None:
    west, south, east, north = total
    if not system.is_projected or west < -180 or east > 360 or south < -90 or north > 90:
        return None
    unit = system.axis_info[0].unit_name
    return (
        f"the CRS is {system.name!r}, in {unit}s, but the coordinates look like degrees: "
        f"{_runs(total)}; {declared.crs_remedy()}"
    )


def _area_of_use(system: pyproj.CRS) -> Box | None:
    """Box where a CRS is used; None where that crosses the antimeridian, or is not known."""
    area = system.area_of_use
    if area is None or area.west >= area.east:
        return None
    return float(area.west), float(area.south), float(area.east), float(area.north)


def _total(bounds: NDArray[np.float64]) -> list[float]:
    low, high = np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)
    return [*low.tolist(), *high.tolist()]


def _largest(geometry: shapely.Geometry | None) -> float:
    """Area of the largest part, in square degrees."""
    return max((float(part.area) for part in shapely.get_parts([geometry])), default=0.0)


def _first(labels: Sequence[str], which: NDArray[np.bool_]) -> str:
    """Name the first few, and count the rest."""
    at = np.flatnonzero(which)
    named = ", ".join(labels[i] for i in at[:NAMED])
    return f"{named} and {len(at) - NAMED} more" if len(at) > NAMED else named
