"""Zonal statistics on a Dask cluster: rasters x blocks of zones as tasks, the same bits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from regional_atlas.core.errors import InputError, RasterError
from regional_atlas.sources.rasters import Raster
from regional_atlas.zonal import (
    CleanedRaster,
    RasterSource,
    raster_records,
    zonal_statistics,
)
from regional_atlas.zonal.statistics import assembled, close_together

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["cluster_client", "cluster_statistics", "zone_blocks"]

WAIT_SECONDS = 60
"""How long a scheduler may have no worker."""
VERTICES_PER_TASK = 400_000
ZONES_PER_TASK = 4_000


def cluster_client(address: str, timeout: float = 10) -> Any:
    """Connect to a running Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.
    timeout : float
        Seconds to wait for an answer.

    Returns
    -------
    distributed.Client

    Raises
    ------
    InputError
        If `distributed` is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--cluster needs: pip install regional-atlas[cluster]") from None
    try:
        return Client(address, timeout=timeout, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(f"--cluster {address!r}: no scheduler answers ({error})") from error


def zone_blocks(zones: gpd.GeoDataFrame) -> list[NDArray[np.intp]]:
    """Divide zones into blocks that lie close together, of about equal work.

    Returns
    -------
    list of ndarray of int
        Positions of the zones of each block.
    """
    vertices = shapely.get_num_coordinates(zones.geometry.to_numpy())
    return close_together(zones, vertices / VERTICES_PER_TASK + 1 / ZONES_PER_TASK)


def cluster_statistics(
    client: Any,
    zones: gpd.GeoDataFrame,
    rasters: Sequence[RasterSource],
    *,
    population: str | None = None,
    mask: gpd.GeoDataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Measure rasters inside zones as `zonal_statistics` does, on a cluster.

    Every task measures one raster in one block of neighbouring zones and returns a small table. The
    windows of a raster do not depend on the zones, and each zone is summed by one task: the
    result equals that of one machine to the bit. A task whose worker dies is done again elsewhere.

    Parameters
    ----------
    client : distributed.Client
        Workers need this package at the same version and the rasters under the same paths.
    zones : GeoDataFrame
        As in `zonal_statistics`.
    rasters : sequence of RasterSource
        Files, cleaned or not; their paths are opened by the workers.
    population, mask
        As in `zonal_statistics`.
    progress : callable, optional
        Called with tasks done and in all.
    **options
        What else `zonal_statistics` takes.

    Returns
    -------
    DataFrame
        Rows, columns, types and `attrs` of `zonal_statistics`.

    Raises
    ------
    RasterError
        If a worker cannot read a raster: says which worker and which file.
    InputError
        What `zonal_statistics` raises; or the workers died over a task, or none came.
    """
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    rasters = [_anywhere(raster) for raster in rasters]
    options |= {"weights": _anywhere(options.get("weights")), "population": population}
    nothing = zonal_statistics(zones.iloc[:0], rasters, mask=mask, **options)
    blocks = zone_blocks(zones)
    columns = ["geometry", *([population] if population else [])]
    shared = [client.submit(_same, zones.iloc[block][columns], pure=False) for block in blocks]
    cut = client.submit(_same, mask, pure=False)
    tasks = {
        client.submit(_measure, part, raster, cut, options, pure=False): (place, number)
        for place, raster in enumerate(rasters)
        for number, part in enumerate(shared)
    }
    del shared, cut
    found: dict[tuple[int, int], pd.DataFrame] = {}
    if progress is not None:
        progress(0, len(tasks))
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
        for future in as_completed(list(tasks), loop=client.loop):  # type: ignore[no-untyped-call]
            found[tasks[future]] = future.result()
            future.release()
            if progress is not None:
                progress(len(found), len(tasks))
    except TimeoutError as error:
        raise InputError(
            f"--cluster: the scheduler has no worker, and none came in {WAIT_SECONDS} s"
        ) from error
    except KilledWorker as error:
        raise InputError(
            "--cluster: workers died again and again over one task, "
            f"of memory perhaps (see the workers' log): {error}"
        ) from error
    finally:
        client.cancel([future for future in tasks if not future.done()])
    table = assembled(nothing, found, blocks, len(rasters))
    table.attrs["rasters"] = raster_records(rasters, table, None if mask is None else len(mask))
    return table


def _anywhere(raster: Any) -> Any:
    """Name the files of a raster by their full path, where they are files."""
    if isinstance(raster, CleanedRaster):
        rules = raster.rules
        return CleanedRaster(
            _anywhere(raster.raster),
            replace(
                rules,
                quality=_anywhere(rules.quality),
                observations=_anywhere(rules.observations),
                mask=_anywhere(rules.mask),
            ),
        )
    if isinstance(raster, Raster) and os.path.exists(raster.path):
        return replace(raster, path=os.path.abspath(raster.path))
    return raster


def _same(part: Any) -> Any:
    """Keep something on the cluster: sent once, found again when its worker dies."""
    return part


def _measure(
    block: gpd.GeoDataFrame,
    raster: RasterSource,
    mask: gpd.GeoDataFrame | None,
    options: dict[str, Any],
) -> pd.DataFrame:
    """Measure one raster in one block of zones; runs on a worker."""
    from distributed import get_worker

    table, refused, where = None, "", ""
    try:
        table = zonal_statistics(block, raster, mask=mask, **options)
    except RasterError as error:
        refused, where = str(error).removeprefix(f"{error.where}: "), error.where
    if table is None:
        # Outside the handler: the error of GDAL, which cannot travel, must not come along.
        worker = get_worker()
        raise RasterError(f"worker {worker.name} at {worker.address}: {refused}", where=where)
    if "raster" not in table:
        table.insert(3 if "month" in table else 2, "raster", raster.name)
    return table
