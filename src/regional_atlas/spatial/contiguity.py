"""Contiguity of a polygon coverage: which units share a border, as a libpysal graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Ints
from regional_atlas.core.errors import DataError, InputError

if TYPE_CHECKING:
    from libpysal.graph import Graph

__all__ = ["contiguity", "neighbour_pairs"]


def contiguity(units: gpd.GeoDataFrame, *, rule: Literal["rook", "queen"] = "rook") -> Graph:
    """Build the contiguity graph of a polygon coverage.

    Rook: two units are neighbours when they share a piece of border; queen: when they share at
    least a vertex. Shared borders of a polygon coverage have equal vertices: looking up vertices
    and segments finds the neighbours, without any overlay.

    Parameters
    ----------
    units : GeoDataFrame
        A valid polygon coverage, one row per unit, any CRS. Full detail and page detail give
        the same graph if the simplification keeps shared borders shared.
    rule : {'rook', 'queen'}
        What counts as touching.

    Returns
    -------
    libpysal.graph.Graph
        Binary weights, symmetric, on exactly the units' index. A unit without neighbours is an
        explicit row (an isolate). `graph.transform("r")` standardises the rows.

    Raises
    ------
    InputError
        An unknown rule.
    DataError
        Repeated unit ids, or units without geometry.

    Notes
    -----
    Definitions: Anselin, L. (1988), Spatial Econometrics, section 3.1. Equal to
    `libpysal.graph.Graph.build_contiguity` on the same polygons.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 2)]
    >>> units = gpd.GeoDataFrame(geometry=boxes, index=["sw", "se", "ne"])
    >>> contiguity(units)["sw"].index.tolist()
    ['se']
    >>> contiguity(units, rule="queen")["sw"].index.tolist()
    ['se', 'ne']
    """
    from libpysal.graph import Graph

    if rule not in ("rook", "queen"):
        raise InputError(f"unknown rule {rule!r}; allowed: rook, queen")
    _check(units)
    unit_of, corner, starts = _vertices(units)
    if rule == "queen":
        pairs = _sharing(corner, unit_of)
    else:
        inside = ~starts[1:]
        ends = np.sort(np.stack([corner[:-1][inside], corner[1:][inside]]), axis=0)
        pairs = _sharing(pd.factorize(ends[0] * corner.size + ends[1])[0], unit_of[:-1][inside])
    ids = units.index.to_numpy()
    alone = np.setdiff1d(np.arange(len(units)), pairs)
    focal, neighbour = np.concatenate([pairs, np.stack([alone, alone])], axis=1)
    order = np.lexsort((neighbour, focal))
    focal, neighbour = focal[order], neighbour[order]
    return Graph.from_arrays(ids[focal], ids[neighbour], (focal != neighbour).astype(float))


def neighbour_pairs(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the pairs of units that share a piece of border.

    Parameters
    ----------
    units : GeoDataFrame
        See `contiguity`.

    Returns
    -------
    DataFrame
        `unit_id`, `neighbour_id`: each pair in both directions, by unit.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6)]
    >>> neighbour_pairs(gpd.GeoDataFrame(geometry=boxes, index=list("abc"))).values.tolist()
    [['a', 'b'], ['b', 'a']]
    """
    links = contiguity(units).adjacency
    pairs: pd.DataFrame = links[links > 0].index.to_frame(index=False)
    pairs.columns = pd.Index(["unit_id", "neighbour_id"])
    return pairs


def _check(units: gpd.GeoDataFrame) -> None:
    repeated = units.index[units.index.duplicated()]
    if len(repeated):
        raise DataError(f"unit_id {repeated[0]!r} stands more than once", where="contiguity")
    empty = units.index[units.geometry.isna() | units.geometry.is_empty]
    if len(empty):
        raise DataError(f"unit {empty[0]!r} has no geometry", where="contiguity")


def _vertices(units: gpd.GeoDataFrame) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Give each vertex of each ring its unit, a number by place, and whether it begins a ring."""
    parts, part_unit = shapely.get_parts(units.geometry.to_numpy(), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring_of = shapely.get_coordinates(rings, return_index=True)
    place = np.ascontiguousarray(coordinates + 0.0).view(np.complex128).ravel()
    starts = np.r_[True, ring_of[1:] != ring_of[:-1]]
    return part_unit[ring_part][ring_of], pd.factorize(place)[0].astype(np.int64), starts


def _sharing(thing: Ints, unit_of: Ints) -> Ints:
    """List the ordered pairs of different units that have a thing in common, each once."""
    count = int(unit_of.max()) + 1
    held = _distinct(thing * count + unit_of)
    thing, unit = held // count, held % count
    found = [np.zeros(0, np.int64)]
    step = 1
    while (same := thing[step:] == thing[:-step]).any():
        found.append(unit[:-step][same] * count + unit[step:][same])
        step += 1
    pairs = _distinct(np.concatenate(found))
    one = np.stack([pairs // count, pairs % count])
    return np.concatenate([one, one[::-1]], axis=1)


def _distinct(numbers: Ints) -> Ints:
    """Sort and drop repeats: several times as fast here as the hashes of numpy's unique."""
    ordered = np.sort(numbers)
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: ordered.size]
    found: Ints = ordered[first]
    return found
