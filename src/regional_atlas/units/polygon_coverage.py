"""Whether units are a polygon coverage: valid polygons, no overlap, borders with equal vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core.arrays import Geometries
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.polygons import flaws, said_flaws

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "InvalidUnit",
    "Overlap",
    "PolygonCoverageReport",
    "UnmatchedBorder",
    "check_polygon_coverage",
    "overlapping_pairs",
    "require_polygon_coverage",
    "require_valid",
]


@dataclass(frozen=True)
class InvalidUnit:
    """A unit whose geometry is not a valid polygon: why, and where in the units' CRS."""

    unit_id: str
    reason: str
    x: float
    y: float

    def __str__(self) -> str:
        place = "" if np.isnan(self.x) else f" at {self.x:.6f}, {self.y:.6f}"
        return f"unit {self.unit_id}: {self.reason[:1].lower()}{self.reason[1:]}{place}"


@dataclass(frozen=True)
class Overlap:
    """Two units that share an area: its size, and its share of the smaller unit."""

    unit_id: str
    other_id: str
    area: float
    share: float

    def __str__(self) -> str:
        return (
            f"units {self.unit_id} and {self.other_id} overlap by {self.share:.3g} of the smaller"
        )


@dataclass(frozen=True)
class UnmatchedBorder:
    """A stretch of a unit's border whose vertices are not those of its neighbour, or a gap."""

    unit_id: str
    length: float
    x: float
    y: float

    def __str__(self) -> str:
        return (
            f"unit {self.unit_id}: border without equal vertices on both sides, or a gap, "
            f"near {self.x:.6f}, {self.y:.6f} (length {self.length:.3g})"
        )


@dataclass(frozen=True)
class PolygonCoverageReport:
    """What keeps units from being a polygon coverage; everything empty when they are one.

    Attributes
    ----------
    units : int
        Number of units looked at.
    invalid : list of InvalidUnit
        Empty, not areal, or not valid in the sense of OGC simple features.
    overlaps : list of Overlap
        Pairs that share an area.
    unmatched : list of UnmatchedBorder
        Borders whose vertices differ on their two sides, and gaps up to the width asked for.
    """

    units: int
    invalid: list[InvalidUnit] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    unmatched: list[UnmatchedBorder] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not (self.invalid or self.overlaps or self.unmatched)

    def problems(self) -> list[str]:
        """One line for each finding, with the units' ids."""
        return [str(finding) for finding in (*self.invalid, *self.overlaps, *self.unmatched)]


def check_polygon_coverage(
    units: gpd.GeoDataFrame, *, gap_width: float = 0.0, overlap_share: float = 1e-9
) -> PolygonCoverageReport:
    """Look for invalid rings, overlaps and borders that do not match.

    GEOS's coverage test alone does not do: it passed two invalid polygons with an overlap. So each
    polygon's validity and each pair's interiors are looked at as well.

    Parameters
    ----------
    units : GeoDataFrame
        One row per unit, index the unit's id, any planar or geographic CRS.
    gap_width : float
        Gaps narrower than this count as findings (in the unit of the CRS); 0 finds none, since
        a gap may be a lake or the sea.
    overlap_share : float
        Overlaps up to this share of the smaller unit are passed over. Areas are compared in the
        given CRS, which an equal-area one makes exact.

    Returns
    -------
    PolygonCoverageReport

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> units = gpd.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(1, 0, 3, 1)], index=["a", "b"])
    >>> check_polygon_coverage(units).overlaps
    [Overlap(unit_id='a', other_id='b', area=1.0, share=0.5)]
    """
    ids = [str(unit_id) for unit_id in units.index]
    geometries = np.asarray(units.geometry.values, dtype=object)
    invalid = _invalid_units(geometries, ids)
    faulty = {unit.unit_id for unit in invalid}
    sound = geometries.copy()
    for i, unit_id in enumerate(ids):
        if unit_id in faulty:
            sound[i] = _areal(geometries[i])
    return PolygonCoverageReport(
        units=len(ids),
        invalid=invalid,
        overlaps=_overlaps(sound, ids, overlap_share),
        unmatched=_unmatched(sound, ids, gap_width),
    )


def require_valid(units: gpd.GeoDataFrame, where: str = "boundaries") -> None:
    """Refuse units with an invalid ring, naming each with what is wrong and where.

    Parameters
    ----------
    units : GeoDataFrame
        Index the unit's id.
    where : str
        The file or argument that the message names.

    Raises
    ------
    DataError
        One line per invalid unit.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Polygon
    >>> bow_tie = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> require_valid(gpd.GeoDataFrame(geometry=[bow_tie], index=["a"]), "my.gpkg")
    Traceback (most recent call last):
    regional_atlas.core.errors.DataError: my.gpkg: unit a: self-intersection at 1.000000, \
1.000000; repair it in the file (QGIS: Fix geometries)
    """
    found = flaws(np.asarray(units.geometry.values, dtype=object))
    labels = [f"unit {unit_id}" for unit_id in units.index]
    raise_if(said_flaws(found, labels), DataError, where)


def require_polygon_coverage(
    units: gpd.GeoDataFrame, where: str = "boundaries", *, gap_width: float = 0.0
) -> None:
    """Refuse units that are not a polygon coverage, with every finding.

    Raises
    ------
    DataError
        One line per finding.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> require_polygon_coverage(gpd.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(2, 0, 3, 1)]))
    """
    raise_if(check_polygon_coverage(units, gap_width=gap_width).problems(), DataError, where)


def _invalid_units(geometries: Geometries, ids: Sequence[str]) -> list[InvalidUnit]:
    found = flaws(geometries)
    return [InvalidUnit(ids[flaw.position], flaw.reason, flaw.x, flaw.y) for flaw in found]


def _areal(geometry: shapely.Geometry | None) -> shapely.Geometry:
    """Return the area that an invalid geometry covers, for looking at its neighbours."""
    if geometry is None:
        return shapely.MultiPolygon()
    parts = shapely.get_parts(shapely.make_valid(geometry, method="structure"))
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == 2])


def overlapping_pairs(geometries: Geometries) -> NDArray[np.int64]:
    """Give the positions of units whose interiors meet, as two rows, sorted.

    Examples
    --------
    >>> from shapely import box
    >>> cells = np.array([box(0, 0, 2, 1), box(1, 0, 3, 1), box(3, 0, 4, 1)])
    >>> overlapping_pairs(cells).tolist()
    [[0], [1]]
    """
    pairs = shapely.STRtree(geometries).query(geometries)
    pairs = pairs[:, pairs[0] < pairs[1]]
    shapely.prepare(geometries)
    shared = shapely.relate_pattern(geometries[pairs[0]], geometries[pairs[1]], "2********")
    shapely.destroy_prepared(geometries)
    pairs = pairs[:, shared]
    ordered: NDArray[np.int64] = pairs[:, np.lexsort(pairs[::-1])]
    return ordered


def _overlaps(geometries: Geometries, ids: Sequence[str], overlap_share: float) -> list[Overlap]:
    found = []
    for i, j in overlapping_pairs(geometries).T.tolist():
        area = float(shapely.intersection(geometries[i], geometries[j]).area)
        share = area / min(geometries[i].area, geometries[j].area)
        if share > overlap_share:
            found.append(Overlap(ids[i], ids[j], area, share))
    return found


def _unmatched(
    geometries: Geometries, ids: Sequence[str], gap_width: float
) -> list[UnmatchedBorder]:
    edges: NDArray[Any] = shapely.coverage_invalid_edges(geometries, gap_width=gap_width)
    found = []
    for i in np.flatnonzero(~(shapely.is_missing(edges) | shapely.is_empty(edges))).tolist():
        x, y = shapely.get_coordinates(edges[i])[0].tolist()
        found.append(UnmatchedBorder(ids[i], float(edges[i].length), x, y))
    return found
