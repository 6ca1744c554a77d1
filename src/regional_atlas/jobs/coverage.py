"""Coverage of zones, kept on disk where it costs more to prepare than to find."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyproj
import shapely

from regional_atlas.cache import Cache, digest
from regional_atlas.nightlights import Coverage, Grid
from regional_atlas.nightlights.zones import zone_coverage

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["kept_coverage"]


def kept_coverage(
    zones: gpd.GeoDataFrame,
    grid: Grid,
    cache: Cache | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Coverage:
    """Prepare coverage, or find it on disk by the content of the zones and the grid.

    Only where zones must be projected: projecting 4 million vertices takes over a second, finding
    the coverage again a fifth of that (see docs/performance.md). Elsewhere it is prepared anew.

    Parameters
    ----------
    zones : GeoDataFrame
        See `zonal_statistics`.
    grid : Grid
    cache : Cache, optional
        Instead of the usual one.
    progress : callable, optional
        See `zone_coverage`.

    Returns
    -------
    Coverage
    """
    same = zones.crs is None or pyproj.CRS(zones.crs).equals(grid.crs, ignore_axis_order=True)
    if same:
        return zone_coverage(zones, grid, progress=progress)
    polygons = hashlib.sha256()
    for wkb in shapely.to_wkb(zones.geometry.to_numpy()):
        polygons.update(b"-" if wkb is None else wkb)
    key = digest(
        polygons.hexdigest(), zones.crs.to_wkt(), grid.crs.to_wkt(),
        [*grid.transform][:6], grid.shape, pyproj.__version__, pyproj.__proj_version__,
        shapely.__version__, code=["regional_atlas.nightlights"],
    )  # fmt: skip
    return (cache or Cache()).get(
        "coverage", key, lambda: zone_coverage(zones, grid, progress=progress)
    )
