"""Any level above the units: zonal tables added up from the units', never measured again."""

from __future__ import annotations

import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.zonal.registry import statistic_of

__all__ = ["aggregate_levels"]


def aggregate_levels(table: pd.DataFrame, parents: pd.Series[str]) -> pd.DataFrame:
    """Zonal statistics of parents, from those of their units.

    Statistics that add up (``sum``, ``count``, ``area_km2`` …) and what cleaning took are added;
    ``min`` and ``max`` are the extremes; ``mean`` = sum / count; other means and shares
    (``lit_share``, ``class_share_…``) are weighted by ``count``;
    ``saturated_share`` = saturated_count / count; ``valid_share`` =
    sum of count / sum of (count / valid_share), and unknown (NaN) where only some of the units
    have valid cells: the table does not say how large the others are. Equal to measuring the
    union of units that do not overlap. What cannot be had from units (quantiles, classes,
    ``cell_count``, of which neighbours share cells) is left out.

    Parameters
    ----------
    table : DataFrame
        ``unit_id``, ``year``, ``month`` of monthly tables, ``count``, and any of the above. Missing
        sums stay out of the parent's; a parent without any valid cell is missing.
    parents : Series
        Parent by unit id, such as a column of the units. Units whose parent is missing belong to
        none.

    Returns
    -------
    DataFrame
        Ordered by date and parent: the name of `parents` (or ``parent``), ``year``, ``month`` where
        the table has it, statistics.

    Raises
    ------
    DataError
        If ``count`` is missing, or units have no entry in `parents`.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "unit_id": ["a", "b"], "year": 2020, "sum": [6.0, 2.0], "count": [1.0, 3.0],
    ... })
    >>> aggregate_levels(table, pd.Series({"a": "north", "b": "north"}, name="province"))
      province  year  sum  count  mean
    0    north  2020  8.0    4.0   2.0
    """
    absent = [name for name in ("unit_id", "year", "count") if name not in table.columns]
    raise_if((f"the table has no column {name!r}" for name in absent), DataError)
    lost = sorted({*table["unit_id"]} - {*parents.index})
    raise_if((f"unit {unit!r} has no entry among the parents" for unit in lost), DataError)
    name = str(parents.name or "parent")
    work = table.assign(**{name: table["unit_id"].map(parents)})
    dates = [column for column in ("year", "month") if column in table.columns]
    rollups = {column: _rollup(column) for column in table.columns}
    added = [column for column, (rollup, _) in rollups.items() if rollup == "sum"]
    means = {
        column: by
        for column, (rollup, by) in rollups.items()
        if rollup == "mean" and by in table.columns
    }
    if "sum" in table.columns:
        means.pop("mean", None)
    for column, by in means.items():
        work[column] = work[column] * work[by]
    added += means
    if "valid_share" in table.columns:
        work["_area"] = (work["count"] / work["valid_share"]).where(work["count"] > 0)
        added.append("_area")
    groups = work.groupby([name, *dates])
    found = groups[added].sum(min_count=1)
    some = found["count"].where(found["count"] > 0)
    for column, by in means.items():
        found[column] /= found[by].where(found[by] > 0)
    for column, (rollup, _) in rollups.items():
        if rollup in ("min", "max"):
            found[column] = groups[column].agg(rollup)
    if "sum" in found:
        found["mean"] = found["sum"] / some
    if "saturated_count" in found:
        found["saturated_share"] = found["saturated_count"] / some
    if "_area" in found:
        void = (work["count"] == 0).groupby([work[key] for key in (name, *dates)]).any()
        share = (found["count"] / found.pop("_area")).mask(void)
        found["valid_share"] = share.mask(found["count"] == 0, 0.0)
    return found.reset_index().sort_values([*dates, name], ignore_index=True)


def _rollup(column: str) -> tuple[str, str]:
    """Say how a column of parts makes that of the whole, and what a mean is weighted by."""
    if column == "saturated_count" or column.startswith("taken_"):
        return "sum", ""
    statistic = statistic_of(column)
    return (statistic.rollup, statistic.by) if statistic else ("none", "")
