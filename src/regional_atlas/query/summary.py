"""Roll-ups of a build: ranked units and indicators by parent, region or unit type."""

from __future__ import annotations

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError
from regional_atlas.core.schema import AtlasTables
from regional_atlas.membership.rollup import region_groups, roll_up, unit_groups
from regional_atlas.query.answers import chosen_ranking, latest_values

__all__ = ["summarise"]


def summarise(
    project: Project, tables: AtlasTables, *, by: str, ranking: str | None = None
) -> pd.DataFrame:
    """Roll ranked units and indicators up to parents, regions or unit types.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
    by : str
        A parent level, a region kind, or `unit_type`.
    ranking : str, optional
        The project's first by default.

    Returns
    -------
    DataFrame
        `id`, `name`, `units`, `count` (each unit in one region of the kind, by precedence),
        `count_all` (every membership), `of` (units that the ranking could hold), `coverage`
        (their share that is ranked), `best` rank; for a computed ranking with draws `count_top<N>`,
        `count_low`, `count_high`: how many are among its first N, and the interval; then the sum
        of each extensive indicator and the mean of each intensive one (weighted by population where
        the project names it), latest year.
        Sorted by `count`, `count_all` and `units`, the most first.
    """
    config = chosen_ranking(project, ranking)
    units = tables.units
    if by in tables.parents:
        groups = unit_groups(units, f"{by}_id")
        names = tables.parents[by]["name"]
    elif by in project.kinds():
        groups = region_groups(tables.membership, by)
        names = tables.regions.loc[tables.regions["kind"] == by, "name"]
    elif by == "unit_type":
        groups = unit_groups(units, "unit_type")
        names = pd.Series({kind: kind for kind in units["unit_type"].dropna().unique()})
    else:
        allowed = ", ".join([*tables.parents, *project.kinds(), "unit_type"])
        raise InputError(f"cannot group by {by!r}; allowed: {allowed}")
    ranked = tables.rankings[tables.rankings["ranking"] == config.id]
    could = units.index
    if config.among:
        could = units.index[units["unit_type"].isin(config.among)]
    latest = latest_values(tables)
    latest.insert(0, "area_km2", units["area_km2"])
    sums = ["area_km2", *(code for code, meta in tables.meta.items() if meta.extensive)]
    means = [code for code, meta in tables.meta.items() if not meta.extensive]
    # Of a table that is not given, nothing weighs: means are missing rather than unweighted.
    weight = project.config.population
    population = latest.reindex(columns=[weight])[weight] if weight else None
    table = roll_up(
        groups,
        list(names.index),
        ranked=ranked.set_index("unit_id")["rank"],
        could=could,
        extensive=latest[sums],
        intensive=latest[means],
        population=population,
    )
    table = _with_interval(table, tables.region_counts, config.id, by)
    table.insert(0, "name", names)
    table = table.rename_axis("id").reset_index()
    return table.sort_values(
        ["count", "count_all", "units", "id"],
        ascending=[False, False, False, True],
        ignore_index=True,
    )


def _with_interval(
    table: pd.DataFrame, counts: pd.DataFrame, ranking: str, by: str
) -> pd.DataFrame:
    """Put the counts among the first ranks, with their interval, after the best rank."""
    rows = counts[(counts["ranking"] == ranking) & (counts["kind"] == by) & counts["exclusive"]]
    if rows.empty:
        return table
    rows = rows.set_index("region_id").reindex(table.index)
    named = {"count": f"count_top{rows['top'].max():.0f}", "low": "count_low", "high": "count_high"}
    found = rows[list(named)].rename(columns=named).astype("Int64")
    first = [*table.columns[: list(table.columns).index("best") + 1], *found.columns]
    table = table.join(found)
    return table[[*first, *table.columns.drop(first)]]
