"""Coverage of zones, stored where it costs more to prepare than to read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyproj
import shapely

from regional_atlas.tables.store import Store, digest
from regional_atlas.zonal import Coverage, Grid
from regional_atlas.zonal.coverage import CoverageBlock
from regional_atlas.zonal.zones import zone_coverage

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["stored_coverage"]


def stored_coverage(
    zones: gpd.GeoDataFrame,
    grid: Grid,
    store: Store | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Coverage:
    """Prepare coverage, or read it from the store by the content of the zones and the grid.

    Only where zones must be projected: projecting 4 million vertices takes over a second, reading
    the coverage a quarter of that (see docs/performance.md). Elsewhere it is prepared anew.

    Parameters
    ----------
    zones : GeoDataFrame
        See `zonal_statistics`.
    grid : Grid
    store : Store, optional
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
        shapely.__version__, code=["regional_atlas.zonal"],
    )  # fmt: skip
    blocks = (store or Store()).get(
        "coverage",
        key,
        lambda: zone_coverage(zones, grid, progress=progress).blocks,
        records=[CoverageBlock],
    )
    return Coverage(grid, blocks)
