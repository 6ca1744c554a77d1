"""Whether boundaries are in the datum that they are said to be in, by their fit to a reference."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from regional_atlas.core import crs
from regional_atlas.core.errors import DataError

__all__ = ["check_datum", "fit_by_datum"]

SAMPLES = 2000
"""Places of the reference whose distance to the nearest border is measured."""
NOTICEABLE = 100.0
"""Metres by which borders must lie off for another datum to be proposed."""
BETTER = 0.5
"""Share of that distance that is left in the datum that fits."""
METRES = 111_320.0
NAMES = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def check_datum(
    geometry: gpd.GeoSeries, reference: gpd.GeoSeries, datum: str, where: str, against: str
) -> None:
    """Refuse boundaries that fit a reference markedly better in another datum.

    Parameters
    ----------
    geometry : GeoSeries
        Units, brought to WGS 84 from the datum that they are declared to be in.
    reference : GeoSeries
        Outlines of the same land in WGS 84; they may be of larger areas, or of a part of them.
    datum : {'wgs84', 'cgcs2000', 'gcj02', 'bd09'}
        The one declared.
    where, against : str
        What messages call the two.

    Raises
    ------
    DataError
        Both distances, and the datum to declare.
    """
    declared = "wgs84" if datum == "cgcs2000" else datum
    fit = fit_by_datum(geometry, reference, declared)
    best = min(fit, key=lambda name: fit[name])
    if fit[declared] > NOTICEABLE and fit[best] <= BETTER * fit[declared]:
        raise DataError(
            f"the coordinates are declared as {NAMES[declared]}, but look like {NAMES[best]}: the "
            f"borders of {against} lie {fit[declared]:,.0f} m off (median), and "
            f"{fit[best]:,.0f} m as {NAMES[best]}; set datum = '{best}' in [boundaries]",
            where=where,
        )


def fit_by_datum(
    geometry: gpd.GeoSeries, reference: gpd.GeoSeries, declared: str
) -> dict[str, float]:
    """Measure how far a reference's borders lie from the units', by the datum these may be in.

    Returns
    -------
    dict of str to float
        Median distance in metres: of places on the reference's borders to the nearest border of a
        unit.

    Examples
    --------
    >>> land = gpd.GeoSeries([shapely.box(116, 39, 117, 40)], crs=4326)
    >>> shifted = shapely.transform(land.values, crs.wgs84_to_gcj02)
    >>> fit = fit_by_datum(gpd.GeoSeries(shifted, crs=4326), land, "wgs84")
    >>> fit["wgs84"] > 100, fit["gcj02"] < 10
    (True, True)
    """
    places = _places(reference)
    borders = shapely.get_parts(shapely.boundary(np.asarray(geometry.values, dtype=object)))
    scale = np.cos(np.radians(float(np.median(places[:, 1]))))

    def flat(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(points * np.array([scale * METRES, METRES]))

    tree = shapely.STRtree(shapely.transform(borders, flat))
    fit = {}
    for name in NAMES:
        # Where the places would have been read if the units were in this datum.
        moved = crs.from_datum(crs.in_datum(places, name), declared)
        _, distance = tree.query_nearest(
            shapely.points(flat(moved)), return_distance=True, all_matches=False
        )
        fit[name] = float(np.median(distance))
    return fit


def _places(reference: gpd.GeoSeries) -> NDArray[np.float64]:
    """Spread places evenly along the borders."""
    borders = shapely.boundary(np.asarray(reference.values, dtype=object))
    lines = shapely.get_parts(borders)
    length = shapely.length(lines)
    ends = np.cumsum(length)
    along = (np.arange(SAMPLES) + 0.5) / SAMPLES * ends[-1]
    line = np.searchsorted(ends, along)
    places = shapely.line_interpolate_point(lines[line], along - (ends - length)[line])
    points: NDArray[np.float64] = shapely.get_coordinates(places)
    return points
