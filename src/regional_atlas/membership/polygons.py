"""Membership from region polygons, by a stated rule, with the shares of both sides."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from regional_atlas.core import crs
from regional_atlas.core.errors import DataError
from regional_atlas.membership.assemble import assemble_membership

__all__ = ["assign_membership", "dissolve_regions", "overlay_shares"]


def overlay_shares(units: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure how much of each unit lies in each region, and the reverse.

    Parameters
    ----------
    units, regions : GeoDataFrame
        Index `unit_id` and `region_id`, any CRS. Areas are those of the equal-area grid EPSG:6933.

    Returns
    -------
    DataFrame
        `unit_id`, `region_id`, `share_of_unit`, `share_of_region`, `point` (the unit's
        representative point lies in the region); one row for each pair that meets in more than
        a line.

    Raises
    ------
    DataError
        When either side has no CRS.
    """
    for name, table in (("units", units), ("regions", regions)):
        if table.crs is None:
            raise DataError(f"{name} have no CRS")
    inner = units.geometry.to_crs(crs.AREA_CRS).to_numpy()
    outer = regions.geometry.to_crs(crs.AREA_CRS).to_numpy()
    shapely.prepare(outer)
    tree = shapely.STRtree(inner)
    region, unit = tree.query(outer, predicate="intersects")
    unit_area, region_area = shapely.area(inner), shapely.area(outer)
    within = shapely.covers(outer[region], inner[unit])
    shared = unit_area[unit].copy()
    shared[~within] = shapely.area(_shared(inner[unit[~within]], outer[region[~within]]))
    points = shapely.point_on_surface(inner)
    table = pd.DataFrame(
        {
            "unit_id": units.index.to_numpy()[unit],
            "region_id": regions.index.to_numpy()[region],
            "share_of_unit": np.clip(shared / unit_area[unit], 0.0, 1.0),
            "share_of_region": np.clip(shared / region_area[region], 0.0, 1.0),
            "point": shapely.intersects(outer[region], points[unit]),
        }
    )
    met = table["share_of_unit"].gt(0) | table["share_of_region"].gt(0)
    return table[met].sort_values(["unit_id", "region_id"]).reset_index(drop=True)


def assign_membership(
    units: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, *, rule: str
) -> pd.DataFrame:
    """Assign units to region polygons by a rule.

    Parameters
    ----------
    units : GeoDataFrame
        Index `unit_id`.
    regions : GeoDataFrame
        Index `region_id`, columns `kind` and `precedence`.
    rule : str
        `area_share >= x`: at least that share of the unit lies in the region;
        `largest_share`: the region of its kind that holds most of the unit, whatever the share
        (of equal shares, the one of lower precedence number);
        `representative_point`: a point on the unit's surface lies in the region;
        `intersects`: the two overlap in more than a line.

    Returns
    -------
    DataFrame
        The membership contract. A unit may belong to several regions of a kind; `exclusive` marks
        the one of lowest precedence.

    Examples
    --------
    >>> units = gpd.GeoDataFrame(
    ...     index=pd.Index(["u", "v"], name="unit_id"),
    ...     geometry=[shapely.box(0, 0, 2, 1), shapely.box(2, 0, 4, 1)], crs="EPSG:6933")
    >>> regions = gpd.GeoDataFrame(
    ...     {"kind": ["metro"], "precedence": [1]}, index=pd.Index(["m"], name="region_id"),
    ...     geometry=[shapely.box(0.5, 0, 3, 1)], crs="EPSG:6933")
    >>> found = assign_membership(units, regions, rule="area_share >= 0.6")
    >>> found[["unit_id", "region_id", "share_of_unit"]].to_dict("records")
    [{'unit_id': 'u', 'region_id': 'm', 'share_of_unit': 0.75},
     {'unit_id': 'v', 'region_id': nan, 'share_of_unit': 0.0}]
    """
    shares = overlay_shares(units, regions)
    if rule.startswith("area_share"):
        threshold = float(rule.partition(">=")[2])
        shares = shares[shares["share_of_unit"] >= threshold - 1e-9]
    elif rule == "largest_share":
        ranked = shares.join(regions[["kind", "precedence"]], on="region_id").sort_values(
            ["share_of_unit", "precedence"], ascending=[False, True], kind="stable"
        )
        shares = shares.loc[ranked.drop_duplicates(["kind", "unit_id"]).index].sort_index()
    elif rule == "representative_point":
        shares = shares[shares["point"]]
    elif rule != "intersects":
        raise DataError(
            f"unknown rule {rule!r}; allowed: area_share >= x, largest_share, "
            "representative_point, intersects"
        )
    return assemble_membership(shares.drop(columns="point").assign(rule=rule), regions, units.index)


def dissolve_regions(units: gpd.GeoDataFrame, membership: pd.DataFrame) -> gpd.GeoSeries:
    """Merge the members of each region into its polygon.

    Parameters
    ----------
    units : GeoDataFrame
        A polygon coverage, but for the faults that a project lets pass.
    membership : DataFrame
        The membership contract, from lists.

    Returns
    -------
    GeoSeries
        Index `region_id`, sorted, in the units' CRS.
    """
    pairs = membership.dropna(subset=["region_id"])
    merged = {
        region: _merged(units.geometry.loc[rows["unit_id"]].to_numpy())
        for region, rows in pairs.groupby("region_id")
    }
    return gpd.GeoSeries(merged, crs=units.crs, name="geometry").rename_axis("region_id")


def _shared(inner: NDArray[np.object_], outer: NDArray[np.object_]) -> NDArray[np.object_]:
    """Intersect polygons, also those of which the projection made a ring cross itself."""
    try:
        shared: NDArray[np.object_] = shapely.intersection(inner, outer)
    except shapely.errors.GEOSException:
        shared = shapely.intersection(shapely.make_valid(inner), shapely.make_valid(outer))
    return shared


def _merged(polygons: NDArray[np.object_]) -> shapely.Geometry:
    """Merge polygons: by their shared borders, which is fast, unless they overlap."""
    try:
        return shapely.coverage_union_all(polygons)
    except shapely.errors.GEOSException:
        return shapely.union_all(polygons)
