"""Zonal statistics: what lies inside each zone, weighed by exact coverage."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError, problems_of, raise_if
from regional_atlas.zonal.cells import cell_statistics
from regional_atlas.zonal.cleaning import (
    EXTREME,
    CleanedRaster,
    Cleaning,
    raster_records,
    rule_column,
)
from regional_atlas.zonal.coverage import Coverage
from regional_atlas.zonal.grids import Grid, RasterSource
from regional_atlas.zonal.registry import NEEDS, STATISTICS, Asked, asked
from regional_atlas.zonal.sums import coverage_statistics
from regional_atlas.zonal.zones import split_by_mask, zone_coverage

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["assembled", "close_together", "wanted_statistics", "zonal_statistics", "zone_parts"]

ALWAYS = ("cell_count", "valid_share")
SHOWN = 5
"""Zones that a message names."""
OUTLINE_CELLS_AT_ONCE = 25_000_000
"""About as many cells on outlines of zones are held at once, of some 20 bytes each."""


def zonal_statistics(
    zones: gpd.GeoDataFrame,
    rasters: RasterSource | Iterable[RasterSource],
    *,
    stats: Sequence[str] = ("mean", "sum", "max"),
    lit_threshold: float | None = None,
    weights: RasterSource | None = None,
    population: str | None = None,
    mask: gpd.GeoDataFrame | None = None,
    prepare: Callable[..., Coverage] = zone_coverage,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Statistics of every raster inside every zone, as a tidy table.

    With v the decoded value of a cell (stored * scale + offset, in float64) and c the exact share
    of the cell that the zone covers, over the valid cells that the zone touches:
    ``count`` = sum c, ``sum`` = sum v*c, ``mean`` = sum / count, ``min`` and ``max`` of v,
    ``lit_share`` = sum of c where v >= `lit_threshold`, / count. ``cell_count`` is the number of
    cells touched, valid or not. ``valid_share`` = count / area of the zone in cells: below 1
    where cells are missing and where the zone reaches beyond the raster (half outside: 0.5).
    Sums weigh every cell alike: in a geographic CRS they are sums over cells, not over areas.

    Parameters
    ----------
    zones : GeoDataFrame
        Polygons, one row per zone, unique index. They may overlap. In another CRS than a raster,
        their edges are densified and their vertices projected to the raster's.
    rasters : RasterSource or iterable of them
        Each on its own grid. Rasters on the same grid share the coverage.
    stats : sequence of str
        Names of `STATISTICS`, with their argument where they take one. Those `of_cells` take a
        second pass over the raster. ``cell_count`` and ``valid_share`` are always given.
    lit_threshold : float, optional
        In decoded units; needed for ``lit_share`` and ``lit_area_km2``.
    weights : RasterSource, optional
        For the weighted statistics, on any grid in any CRS; see `on_grid`.
    population : str, optional
        Column of `zones` with heads, for ``sum_per_head``.
    mask : GeoDataFrame, optional
        Valid polygons (water, say) that are cut out of the zones before anything is measured; see
        `split_by_mask`. ``valid_share`` still refers to the whole zone.
    prepare : callable
        Gives the coverage of the zones on a grid, once for each grid; called as `zone_coverage`.
    progress : callable, optional
        Called with steps done and in all: the rows of every raster, twice for statistics
        `of_cells`, and as many again for preparing the coverage of a grid.

    Returns
    -------
    DataFrame
        One row per zone and raster, ordered by raster as given, then by zone. Columns: the zones'
        index (its name, or ``unit_id``), ``year``, ``month`` where a raster has one, then the
        statistics. Where dates are missing or repeated a column ``raster`` with the raster's name
        follows. ``attrs['rasters']`` says how each raster was read and, of a `Cleaning`, what each
        rule took (`raster_records`). Where a zone has
        no valid cell, ``count`` and ``valid_share`` are 0 and the other statistics are NaN, except
        for ``cell_count``. A zone without area has ``valid_share`` NaN.

    Raises
    ------
    InputError
        If a statistic is unknown or named twice, or ``lit_share`` lacks its threshold.
    DataError
        If zones have no CRS, a repeated index, are not polygons, or have crossing rings. If a zone
        has infinite values or such beyond ±1e30, unless a `Cleaning` sets them missing (`extreme`).
    RasterError
        If a raster cannot be read.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from affine import Affine
    >>> from regional_atlas.zonal import ArrayRaster
    >>> zones = gpd.GeoDataFrame(
    ...     index=pd.Index(["a"], name="unit_id"), geometry=[shapely.box(0.5, 0, 2, 1)], crs=4326
    ... )
    >>> raster = ArrayRaster([[4, 1]], Affine(1, 0, 0, 0, -1, 1), 4326, year=2020)
    >>> zonal_statistics(zones, raster, stats=["mean", "sum", "count"])
      unit_id  year  mean  sum  count  cell_count  valid_share
    0       a  2020   2.0  3.0    1.5           2          1.0
    """
    sources: list[RasterSource] = [*rasters] if isinstance(rasters, Iterable) else [rasters]
    wanted = wanted_statistics(stats, lit_threshold, weights is not None, population)
    _check_zones(zones)
    heads = _heads(zones, population)
    of_cells = [each for each in wanted if each.statistic.of_cells]
    kept, removed = (zones, None) if mask is None else split_by_mask(zones, mask)
    dates = [(source.year, source.month) for source in sources]
    distinct = all(year is not None for year, _ in dates) and len({*dates}) == len(dates)
    grids = [Grid.of(source) for source in sources]
    parts = zone_parts(zones, grids)
    passes = (*grids, *grids) if of_cells else grids
    total = sum(grid.shape[0] for grid in (*passes, *dict.fromkeys(grids)))
    if len(parts) > 1:
        return _in_parts(
            parts, zones, sources, mask, progress, total,
            stats=stats, lit_threshold=lit_threshold, weights=weights, population=population,
            prepare=prepare,
        )  # fmt: skip
    uses = Counter(grids)
    prepared: dict[Grid, tuple[Coverage, Coverage | None]] = {}
    done = 0
    tables = []
    for source, grid in zip(sources, grids, strict=True):
        rows = grid.shape[0]
        if grid not in prepared:
            prepared[grid] = (
                prepare(kept, grid, progress=_share(progress, done, rows, total)),
                None if removed is None else prepare(removed, grid),
            )
            done += rows
        coverage, masked = prepared[grid]
        found = coverage_statistics(
            coverage,
            source,
            lit_threshold=lit_threshold,
            removed=masked,
            progress=_share(progress, done, rows, total),
        )
        _refuse_extremes(coverage, source, found, kept.index)
        _warn_of_marks(source, found["min"], kept.index)
        done += rows
        if of_cells:
            found |= cell_statistics(
                coverage,
                source,
                of_cells,
                lit_threshold=lit_threshold,
                weights=weights,
                population=heads,
                progress=_share(progress, done, rows, total),
            )
            done += rows
        names = [name for each in wanted for name in _columns(each, found)]
        names += [name for name in found if name.startswith(("taken_", "saturated_"))]
        table = pd.DataFrame({name: found[name] for name in names})
        _identify(table, zones, source, named=not distinct, monthly=any(m for _, m in dates))
        tables.append(table)
        uses[grid] -= 1
        if not uses[grid]:
            del prepared[grid]
    if not tables:
        raise InputError("no raster is given", where="rasters")
    result = pd.concat(tables, ignore_index=True)
    if distinct:
        result = result.astype({"year": "int64"})
    if all(month is not None for _, month in dates):
        result = result.astype({"month": "int64"})
    result.attrs["rasters"] = raster_records(sources, result, None if mask is None else len(mask))
    return result


def _refuse_extremes(
    coverage: Coverage, source: RasterSource, found: Mapping[str, NDArray[Any]], labels: pd.Index
) -> None:
    """Refuse zones with values that nothing can have; counts their cells."""
    least, most = found["min"], found["max"]
    bad = (least <= -EXTREME) | (most >= EXTREME)
    if not bad.any():
        return
    plain = source.raster if isinstance(source, CleanedRaster) else source
    rules = source.rules if isinstance(source, CleanedRaster) else Cleaning()
    counted = replace(rules, extreme="missing").applied(plain)
    cells = coverage_statistics(coverage, counted)[rule_column("extreme")][bad].sum()
    named = ", ".join(repr(label) for label in labels[bad][:SHOWN])
    more = f" and {bad.sum() - SHOWN:,} more" if bad.sum() > SHOWN else ""
    raise DataError(
        f"{cells:,.10g} cells hold infinite values or values beyond ±{EXTREME:g} (from "
        f"{least[bad].min():g} to {most[bad].max():g}), in {named}{more}; declare the nodata "
        'value, or set such cells missing with extreme = "missing" under `cleaning` '
        "(--extreme missing)",
        where=source.name,
    )


_MARKS = (-999.0, -9999.0, -99999.0, -32767.0, -32768.0)
"""What producers store for a missing cell; where the file does not say so, it counts as a value."""


def _warn_of_marks(source: RasterSource, least: NDArray[Any], labels: pd.Index) -> None:
    """Warn where the least value of zones is such as stands for a missing cell."""
    plain: Any = source.raster if isinstance(source, CleanedRaster) else source
    # Of arrays nothing of the kind is known; "none" says that every value is one.
    if getattr(plain, "nodata_rule", None) != "stored" or plain.nodata is not None:
        return
    stored = np.round((least - plain.offset) / plain.scale, 6)
    zones = np.isin(stored, _MARKS)
    if zones.any():
        mark = stored[zones][0]
        named = ", ".join(repr(label) for label in labels[zones][:SHOWN])
        warnings.warn(
            f"{source.name}: {zones.sum():,} zones ({named}{', …' if zones.sum() > SHOWN else ''}) "
            f"have cells of {mark:g}, which often stands for a missing value; the file declares no "
            f"nodata value: declare nodata = {mark:g} (--nodata), or 'none' where it is a value",
            stacklevel=3,
        )


def _in_parts(
    parts: Sequence[NDArray[np.intp]],
    zones: gpd.GeoDataFrame,
    sources: Sequence[RasterSource],
    mask: gpd.GeoDataFrame | None,
    progress: Callable[[int, int], None] | None,
    steps: int,
    **options: Any,
) -> pd.DataFrame:
    """Measure parts of the zones one after the other; the same bits as all at once."""
    found = {}
    for number, part in enumerate(parts):
        report = _share(progress, number * steps, steps, len(parts) * steps)
        table = zonal_statistics(zones.iloc[part], sources, mask=mask, progress=report, **options)
        for place in range(len(sources)):
            found[place, number] = table.iloc[place * len(part) : (place + 1) * len(part)]
    nothing = zonal_statistics(zones.iloc[:0], sources, mask=mask, **options)
    result = assembled(nothing, found, parts, len(sources))
    result.attrs["rasters"] = raster_records(sources, result, None if mask is None else len(mask))
    return result


def zone_parts(zones: gpd.GeoDataFrame, grids: Sequence[Grid]) -> list[NDArray[np.intp]]:
    """Divide zones into parts so that the coverage of each fits well into memory.

    Parameters
    ----------
    zones : GeoDataFrame
    grids : sequence of Grid
        The parts serve each of them.

    Returns
    -------
    list of ndarray of int
        Positions of the zones of each part; one part where everything fits.
    """
    cells = np.zeros(len(zones))
    for grid in dict.fromkeys(grids):
        cells = np.maximum(cells, _outline_cells(zones, grid))
    if cells.sum() <= OUTLINE_CELLS_AT_ONCE:
        return [np.arange(len(zones))]
    return close_together(zones, cells / OUTLINE_CELLS_AT_ONCE)


def close_together(zones: gpd.GeoDataFrame, work: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Divide zones along a Hilbert curve into parts of about one unit of work.

    Parameters
    ----------
    zones : GeoDataFrame
    work : ndarray of float64
        Of each zone.

    Returns
    -------
    list of ndarray of int
        Positions of the zones of each part, all of them once.
    """
    if zones.empty:
        return [np.arange(0)]
    shown = zones.geometry.fillna(shapely.Point())
    empty = shown.is_empty.to_numpy()
    order = np.zeros(len(zones), np.int64)
    order[~empty] = shown[~empty].hilbert_distance()
    order = np.argsort(order, kind="stable")
    steps = np.floor(np.cumsum(work[order]))
    return np.split(order, np.flatnonzero(np.diff(steps)) + 1)


def _outline_cells(zones: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.float64]:
    """Estimate how many cells the outline of each zone crosses, 0 where it lies beyond the grid."""
    geometries = zones.geometry.to_numpy()
    a, _, _, _, e, _ = tuple(grid.transform)[:6]
    sides = abs(a), abs(e)
    crs = pyproj.CRS.from_user_input(zones.crs) if zones.crs is not None else grid.crs
    cells = np.nan_to_num(shapely.length(geometries))
    if crs.equals(grid.crs, ignore_axis_order=True):
        west, south, east, north = grid.bounds
        left, low, right, high = shapely.bounds(geometries).T
        cells[~((right >= west) & (left <= east) & (high >= south) & (low <= north))] = 0
    else:
        x, y = (grid.bounds[0] + grid.bounds[2]) / 2, (grid.bounds[1] + grid.bounds[3]) / 2
        moved = pyproj.Transformer.from_crs(grid.crs, crs, always_xy=True).transform(
            [x, x + a, x], [y, y, y + e]
        )
        points = np.column_stack(moved)
        sides = tuple(np.hypot(*(points[1:] - points[0]).T))
    side = min(sides)
    return cells * (4 / np.pi) / side if np.isfinite(side) and side > 0 else np.zeros(len(zones))


def assembled(
    nothing: pd.DataFrame,
    found: dict[tuple[int, int], pd.DataFrame],
    blocks: Sequence[NDArray[np.intp]],
    rasters: int,
) -> pd.DataFrame:
    """Put tables of parts in the order of rasters and zones, in the layout of `nothing`.

    Parameters
    ----------
    nothing : DataFrame
        The table of the same rasters without a zone.
    found : dict
        By place of the raster and number of the part.
    blocks : sequence of ndarray of int
        Positions of the zones of each part.
    rasters : int
        How many there are.

    Returns
    -------
    DataFrame
    """
    back = np.argsort(np.concatenate(blocks), kind="stable")
    tables = [
        _with_all_classes([found[place, number] for number in range(len(blocks))]).iloc[back]
        for place in range(rasters)
    ]
    table = pd.concat(tables, ignore_index=True)
    rest = [name for name in table.columns if name not in nothing.columns and name != "raster"]
    if not rest:
        return table[list(nothing.columns)].astype(nothing.dtypes)
    extra = [] if "raster" in nothing else ["raster"]
    return table.drop(columns=extra, errors="ignore").astype(nothing.dtypes)


def _with_all_classes(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Join the parts of one raster; a class that a part lacks has no share of its zones."""
    table = pd.concat(parts)
    columns = list(table.columns)
    for prefix in (f"{each.name}_" for each in STATISTICS.values() if each.wide):
        classes = [name for name in columns if name.startswith(prefix)]
        if not classes:
            continue
        ordered = sorted(classes, key=lambda name: float(name.rpartition("_")[2]))
        known = table[classes].notna().any(axis=1)
        table.loc[known, classes] = table.loc[known, classes].fillna(0.0)
        rest = [name for name in columns if name not in classes]
        full = next(list(part.columns) for part in parts if {*classes} & {*part.columns})
        first = next(place for place, name in enumerate(full) if name in classes)
        before = sum(name in rest for name in full[:first])
        columns = [*rest[:before], *ordered, *rest[before:]]
    return table[columns]


def _identify(
    table: pd.DataFrame,
    zones: gpd.GeoDataFrame,
    source: RasterSource,
    *,
    named: bool,
    monthly: bool,
) -> None:
    """Put the columns in front that say which zone and raster a row is about."""
    if named:
        table.insert(0, "raster", source.name)
    if monthly:
        table.insert(0, "month", pd.Series([source.month] * len(zones), dtype="Int64"))
    table.insert(0, "year", pd.Series([source.year] * len(zones), dtype="Int64"))
    table.insert(0, zones.index.name or "unit_id", zones.index)


def wanted_statistics(
    stats: Sequence[str], lit_threshold: float | None, weighted: bool, population: str | None
) -> list[Asked]:
    """Check what is asked of `zonal_statistics` and put what it always gives at the end.

    Raises
    ------
    InputError
        Names every statistic that is unknown, named twice or lacks what it needs.

    Examples
    --------
    >>> [each.column for each in wanted_statistics(["valid_share", "sum"], None, False, None)]
    ['sum', 'cell_count', 'valid_share']
    """
    if isinstance(stats, str):
        raise InputError(f"stats is a list of names, found the text {stats!r}", where="stats")
    wanted: list[Asked] = []
    problems = problems_of(*(lambda name=name: wanted.append(asked(name)) for name in stats))
    times = Counter(each.column for each in wanted)
    problems += [f"statistic {name!r} is named twice" for name in times if times[name] > 1]
    given = {
        "lit_threshold": lit_threshold is not None,
        "weights": weighted,
        "population": population is not None,
    }
    problems += [
        f"{each.column} needs {NEEDS[need]}"
        for each in wanted
        for need in each.statistic.needs
        if not given[need]
    ]
    if lit_threshold is not None and not np.isfinite(lit_threshold):
        problems.append(f"lit_threshold must be a number, found {lit_threshold}")
    raise_if(problems, InputError, "stats")
    always = [asked(name) for name in ALWAYS]
    return [*(each for each in wanted if each.column not in ALWAYS), *always]


def _columns(each: Asked, found: Mapping[str, Any]) -> list[str]:
    """Columns of the table that a statistic fills."""
    if each.statistic.wide:
        return [name for name in found if name.startswith(f"{each.column}_")]
    return [each.column]


def _heads(zones: gpd.GeoDataFrame, population: str | None) -> NDArray[np.float64] | None:
    if population is None:
        return None
    if population not in zones.columns:
        raise InputError(f"zones have no column {population!r}", where="population")
    try:
        heads: NDArray[np.float64] = zones[population].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"column {population!r} of the zones: {error}", where="population"
        ) from error
    return heads


def _check_zones(zones: gpd.GeoDataFrame) -> None:
    repeated = zones.index[zones.index.duplicated()].unique()
    raise_if(
        (f"zone {label!r} stands more than once in the index" for label in repeated),
        DataError,
        "zones",
    )


def _share(
    progress: Callable[[int, int], None] | None, before: int, steps: int, total: int
) -> Callable[[int, int], None] | None:
    """Report the progress of one task, worth some steps, as that of the whole."""
    if progress is None:
        return None
    progress(before, total)
    return lambda done, of: progress(before + steps * done // of, total)
