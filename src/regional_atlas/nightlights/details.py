"""Statistics that need every cell of a zone at once: spread, quantiles, classes, weights, areas."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.jit import thread_count
from regional_atlas.nightlights.cell_areas import row_areas_km2
from regional_atlas.nightlights.coverage import Coverage
from regional_atlas.nightlights.grids import RasterSource

if TYPE_CHECKING:
    from regional_atlas.nightlights.gathering import Found

__all__ = ["DETAILS", "detail_statistics", "quantile_of"]

DETAILS: Mapping[str, str] = {
    "variance": "sum of c (v - mean)² / count",
    "stdev": "square root of the variance",
    "coefficient_of_variation": "stdev / mean",
    "median": "quantile(q=0.5)",
    "quantile(q=…)": "linear between distinct values, weighed by coverage; column quantile_<100q>",
    "majority": "value with most coverage; the largest where several have as much",
    "mode": "the same as majority",
    "minority": "value with least coverage; the smallest where several have as little",
    "variety": "number of distinct values",
    "frac": "coverage of each distinct value / count; a column frac_<value> each",
    "gini": "inequality of the cells' values, from 0 (equal) to 1",
    "area_km2": "ground area of the valid cells",
    "lit_area_km2": "ground area of valid cells of at least the threshold",
    "sum_per_km2": "sum / area_km2",
    "sum_per_head": "sum / population of the zone",
    "weighted_sum": "sum of v c w, w the weight of a cell",
    "weighted_mean": "weighted_sum / sum of c w",
    "weighted_variance": "sum of c w (v - weighted_mean)² / sum of c w",
    "weighted_stdev": "square root of the weighted variance",
    "weighted_frac": "c w of each distinct value / sum of c w; a column weighted_frac_<value> each",
}
"""The costlier statistics and their formulas: v value, c coverage, over the valid cells."""

MOST_CLASSES = 1_000
ON_GROUND = {"area_km2", "lit_area_km2", "sum_per_km2"}
BY_CLASS = {"majority", "mode", "minority", "variety", "frac", "gini", "weighted_frac"}
WIDE = {"frac", "weighted_frac"}
QUANTILE = re.compile(r"quantile\(\s*(?:q\s*=\s*)?([0-9.eE+-]+)\s*\)")


def quantile_of(name: str) -> tuple[str, float] | None:
    """Read a quantile's name: its column and q; None where the name is another statistic's.

    Examples
    --------
    >>> quantile_of("quantile(q=0.25)"), quantile_of("quantile(0.9)"), quantile_of("median")
    (('quantile_25', 0.25), ('quantile_90', 0.9), ('median', 0.5))
    """
    if name == "median":
        return name, 0.5
    match = QUANTILE.fullmatch(name)
    if match is None:
        return None
    try:
        q = float(match[1])
    except ValueError:
        return None
    if not 0 <= q <= 1:
        raise InputError(f"{name}: q lies between 0 and 1", where="stats")
    return f"quantile_{round(100 * q, 9):g}", q


def detail_statistics(
    coverage: Coverage,
    raster: RasterSource,
    stats: Sequence[str],
    *,
    lit_threshold: float | None = None,
    weights: RasterSource | None = None,
    population: NDArray[np.float64] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, NDArray[Any]]:
    """Give statistics of `DETAILS` of one raster, by coverage prepared for its grid.

    The valid cells of the zones are gathered, about 8 million at a time, and each zone's are
    sorted where a statistic needs it.

    Parameters
    ----------
    coverage : Coverage
    raster : RasterSource
        On the coverage's grid.
    stats : sequence of str
        Names of `DETAILS`.
    lit_threshold : float, optional
        In decoded units, for ``lit_area_km2``.
    weights : RasterSource, optional
        For the weighted statistics; on any grid, see `on_grid`. A zone that
        touches a valid cell without weight has no weighted statistics (as in exactextract).
    population : ndarray, optional
        One number per zone, for ``sum_per_head``; NaN and 0 give NaN.
    progress : callable, optional
        Called with zones done and in all.

    Returns
    -------
    dict
        Columns, one value per zone; NaN where a zone has no valid cell (``variety`` and the areas
        0).

    Raises
    ------
    DataError
        If areas are asked of a grid that has none, or a raster has more than 1,000 classes for
        ``frac``.
    """
    from regional_atlas.nightlights.gathering import Found, Gathering, batches_of

    named = (quantile_of(name) for name in stats)
    quantiles = {pair[0]: pair[1] for pair in named if pair}
    batches = batches_of(coverage)
    room = max((int(batch.sizes.sum()) for batch in batches), default=0)
    gathering = Gathering(
        coverage.grid,
        raster,
        weights,
        row_areas_km2(coverage.grid) if ON_GROUND & {*stats} else np.zeros(coverage.grid.shape[0]),
        np.inf if lit_threshold is None else float(lit_threshold),
        np.array(list(quantiles.values()), dtype=np.float64),
        bool(BY_CLASS & {*stats}),
        bool(WIDE & {*stats}),
        (np.empty(room), np.empty(room), np.empty(0 if weights is None else room)),
    )
    found = Found(len(coverage), len(quantiles))
    with ThreadPoolExecutor(thread_count()) as pool:
        for batch in batches:
            gathering.gather(batch, found, pool)
            list(pool.map(partial(gathering.describe, batch, found), batch.blocks))
            if progress is not None:
                progress(batch.first + len(batch.sizes), len(coverage))

    columns = _columns(found, list(quantiles), population)
    result = {}
    for name in stats:
        if name in WIDE:
            result.update(_class_columns(name, found.classes, raster.name))
        else:
            column = (quantile_of(name) or (name,))[0]
            result[column] = columns[column]
    return result


def _columns(
    found: Found, quantiles: Sequence[str], population: NDArray[np.float64] | None
) -> dict[str, NDArray[np.float64]]:
    """Name what was found, and derive what follows from it."""
    columns = found.columns(quantiles)
    total, count = found.sums.T
    empty = np.isnan(count)
    columns["area_km2"], columns["lit_area_km2"] = found.ground.T
    columns["variety"] = np.where(empty, 0, columns["variety"])
    columns["mode"] = columns["majority"]
    with np.errstate(invalid="ignore", divide="ignore"):
        columns["stdev"] = np.sqrt(columns["variance"])
        columns["coefficient_of_variation"] = columns["stdev"] / (total / count)
        columns["weighted_stdev"] = np.sqrt(columns["weighted_variance"])
        columns["sum_per_km2"] = total / np.where(empty, np.nan, columns["area_km2"])
        if population is not None:
            columns["sum_per_head"] = total / np.where(population > 0, population, np.nan)
    return columns


def _class_columns(name: str, kinds: Sequence[Any], raster: str) -> dict[str, NDArray[np.float64]]:
    """One column per distinct value; 0 where a zone has cells, but none of that value."""
    known = [table[0] for table in kinds if table is not None]
    values = np.unique(np.concatenate([np.empty(0), *known]))
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"{name}: {raster} has {len(values):,} distinct values in the zones, more than "
            f"{MOST_CLASSES:,}: it holds no classes"
        )
    shares = np.full((len(values), len(kinds)), np.nan)
    for zone, table in enumerate(kinds):
        if table is None:
            continue
        distinct, cells, weighed = table
        amounts = cells if name == "frac" else weighed
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = amounts / amounts.sum()
        shares[:, zone] = 0.0 if np.isfinite(parts).all() else np.nan
        shares[np.searchsorted(values, distinct), zone] = parts
    return {f"{name}_{value:.15g}": row for value, row in zip(values, shares, strict=True)}
