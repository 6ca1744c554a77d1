"""Questions to a build: ranked units by region, place or tier."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regional_atlas.config import RankingConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.core.schema import AtlasTables
from regional_atlas.membership.rollup import region_groups, unit_groups
from regional_atlas.query.naming import meant

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "chosen_ranking",
    "find_unit",
    "intervals",
    "latest_values",
    "query_table",
    "query_units",
]


def query_units(project: Project, tables: AtlasTables, **asked: Any) -> gpd.GeoDataFrame:
    """List ranked units with their polygons: what `query_table` answers, and `geometry`."""
    import geopandas as gpd

    table = query_table(project, tables, **asked)
    shapes = tables.units.geometry
    return gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs=shapes.crs)


def query_table(
    project: Project,
    tables: AtlasTables,
    *,
    ranking: str | None = None,
    regions: Mapping[str, str | Sequence[str]] | None = None,
    tier: int | None = None,
    within: Path | None = None,
    layer: str | None = None,
    zones_crs: str | None = None,
    near: tuple[float, float] | None = None,
    radius: float | None = None,
    neighbours: str | None = None,
    top: int | None = None,
    sort: str | None = None,
    unranked: bool = False,
) -> pd.DataFrame:
    """List ranked units. Geometry is looked at only where a place is asked for.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
    ranking : str, optional
        The project's first by default.
    regions : mapping of str to str or sequence of str, optional
        Region kind, parent level or `unit_type` to a name, or to several of which any will do; see
        `query.naming.meant`. A unit counts for every region it belongs to; `exclusive` says whether
        the regions asked for are its own by precedence.
    tier : int, optional
        Of the ranking.
    within : Path, optional
        A polygon file: units whose representative point lies inside.
    layer, zones_crs : str, optional
        Of that file: its layer where it has several, and its CRS where it has none or a wrong one.
    near : (lon, lat), optional
        With `radius` in km: units within that distance, with a column `distance_km`.
    neighbours : str, optional
        A unit's id or full name: the units that share a border with it.
    top : int, optional
        The first so many, after sorting.
    sort : str, optional
        A column; `-column` sorts downwards. By rank otherwise.
    unranked : bool
        Also the units without a rank, last. Without any ranking in the project, all units.

    Returns
    -------
    DataFrame
        Index `unit_id`; `rank` (of a computed ranking with draws also `rank_low`, `rank_high`,
        `p_top<N>`, `p_ahead`, `p_tier`), `unit`, `unit_type`, parents, `score`, `tier`, one column
        per region kind (names joined by `;`, the exclusive one first), `exclusive` (missing where
        no region is asked for), `area_km2`, the latest value of every indicator.

    Raises
    ------
    InputError
        Everything asked for that does not exist (ranking, kind, name, tier, unit, column, file),
        with what is allowed.
    """
    units = tables.unit_table
    asked = [
        (kind, name)
        for kind, names in (regions or {}).items()
        for name in ([names] if isinstance(names, str) else names)
    ]
    table, problems = pd.DataFrame(), _place_problems(near, radius)
    try:
        table = _answers(project, tables, ranking)
    except InputError as error:
        problems += error.problems
    else:
        problems += _tier_problems(table, tier) + _sort_problems(table, sort, near)
    problems += problems_of(
        *(partial(_members, tables, kind, name) for kind, name in asked),
        *([partial(find_unit, units, neighbours)] if neighbours is not None else []),
        *([partial(_area, within, layer, zones_crs)] if within is not None else []),
    )
    raise_if(problems, InputError)
    every = unranked or chosen_ranking(project, ranking) is None
    chosen = pd.Series(True, index=table.index) if every else table["rank"].notna()
    exclusive = pd.Series(pd.NA, index=table.index, dtype="boolean")
    for kind in dict.fromkeys(kind for kind, _ in asked):
        members = pd.concat([_members(tables, *one) for one in asked if one[0] == kind])
        inside = members.groupby("unit_id")["exclusive"].any()
        chosen &= table.index.isin(inside.index)
        own = inside.reindex(table.index).astype("boolean").fillna(False)
        exclusive = own if exclusive.isna().all() else exclusive & own
    table["exclusive"] = exclusive
    if tier is not None:
        chosen &= (table["tier"] == tier).fillna(False)
    if within is not None:
        chosen &= _within(tables.units, within, layer, zones_crs)
    if near is not None:
        from regional_atlas.spatial.neighbours import distances_km

        table["distance_km"] = distances_km(tables.units, *near)
        chosen &= table["distance_km"] <= radius
    if neighbours is not None:
        from regional_atlas.spatial.neighbours import neighbours_of

        chosen &= table.index.isin(neighbours_of(tables.units, find_unit(units, neighbours)))
    table = table[chosen]
    column = (sort or "rank").removeprefix("-")
    table = table.sort_index(kind="stable").sort_values(
        column, ascending=not (sort or "").startswith("-"), kind="stable"
    )
    return table if top is None else table.head(top)


def intervals(scores: pd.DataFrame) -> list[str]:
    """Name the columns of scores that say how sure a rank and a tier are, where there are any."""
    tops = [name for name in scores.columns if re.fullmatch(r"p_top\d+", str(name))]
    named = ["rank_low", "rank_high", *tops, "p_ahead", "p_tier"]
    return [name for name in named if name in scores.columns]


def find_unit(units: pd.DataFrame, name: str) -> str:
    """Find one unit by id or full name; InputError lists the candidates of an ambiguous name."""
    forms = units[[column for column in ("unit", "unit_en") if column in units.columns]]
    found = sorted(map(str, meant(name, forms, "unit", said=lambda code: _place(units, str(code)))))
    if len(found) > 1:
        shown = "; ".join(_place(units, code) for code in found)
        raise InputError(f"{name!r} is the name of {len(found)} units; give the id: {shown}")
    return found[0]


def _place(units: pd.DataFrame, code: str) -> str:
    """Say a unit's id, its parents and its name."""
    row = units.loc[code]
    levels = [name.removesuffix("_id") for name in units.columns if name.endswith("_id")]
    parents = [str(row[level]) for level in levels if pd.notna(row[level])]
    return " ".join([code, *parents, str(row["unit"])])


def chosen_ranking(project: Project, ranking: str | None) -> RankingConfig | None:
    """Return a ranking by id, the project's first by default; None where it declares none."""
    if ranking is not None:
        return project.ranking(ranking)
    return project.config.rankings[0] if project.config.rankings else None


def latest_values(tables: AtlasTables) -> pd.DataFrame:
    """Latest year of each indicator, one column per code, one row per unit."""
    if tables.indicators.empty:
        return pd.DataFrame(index=tables.unit_table.index)
    last = tables.indicators.groupby("code")["year"].transform("max") == tables.indicators["year"]
    wide = tables.indicators[last].pivot(index="unit_id", columns="code", values="value")
    return wide.reindex(index=tables.unit_table.index, columns=list(tables.meta))


def _answers(project: Project, tables: AtlasTables, ranking: str | None) -> pd.DataFrame:
    config = chosen_ranking(project, ranking)
    units = tables.unit_table
    name = config.id if config is not None else None
    ranked = tables.rankings[tables.rankings["ranking"] == name].set_index("unit_id")
    table = pd.DataFrame(
        {
            "rank": ranked["rank"].reindex(units.index).astype("Int64"),
            "unit": units["unit"],
            "unit_type": units["unit_type"],
        }
    )
    scores = tables.scores.get(name or "", pd.DataFrame())
    for place, name in enumerate(intervals(scores), start=1):
        table.insert(place, name, scores[name].reindex(units.index))
    for level in reversed(list(tables.parents)):
        table[level] = units[level]
    table["score"] = ranked["score"].reindex(units.index)
    table["tier"] = ranked["tier"].reindex(units.index)
    for kind in project.kinds():
        table[kind] = _region_names(tables, kind)
    table["area_km2"] = units["area_km2"]
    return table.join(latest_values(tables))


def _region_names(tables: AtlasTables, kind: str) -> pd.Series:
    """Give the names of each unit's regions of a kind, joined by `;`, the exclusive one first."""
    rows = tables.membership[tables.membership["kind"] == kind].dropna(subset=["region_id"])
    rows = rows.sort_values(["unit_id", "exclusive"], ascending=[True, False], kind="stable")
    names = rows.set_index("unit_id")["region_id"].map(tables.region_table["name"])
    several = names.index.duplicated(keep=False)
    joined = names[several].groupby(level=0).agg(";".join)
    found: pd.Series = pd.concat([names[~several], joined])
    return found


def _members(tables: AtlasTables, kind: str, name: str) -> pd.DataFrame:
    """List the units of one region, parent or type."""
    regions = tables.region_table[tables.region_table["kind"] == kind]
    if len(regions):
        groups, names = region_groups(tables.membership, kind), regions[["name", "name_en"]]
    elif kind in tables.parents:
        groups = unit_groups(tables.unit_table, f"{kind}_id")
        names = tables.parents[kind][["name", "short", "name_en"]]
    elif kind == "unit_type":
        groups = unit_groups(tables.unit_table, kind)
        names = pd.DataFrame(index=pd.Index(sorted(groups["group"].unique())))
    else:
        allowed = ", ".join(
            [*dict.fromkeys(tables.region_table["kind"]), *tables.parents, "unit_type"]
        )
        raise InputError(f"no kind of region is called {kind!r}; allowed: {allowed}")
    return groups[groups["group"].isin(meant(name, names, kind))]


def _place_problems(near: tuple[float, float] | None, radius: float | None) -> list[str]:
    problems = []
    if near is not None and radius is None:
        problems.append("near needs a radius in km")
    if near is not None and not (abs(near[0]) <= 180 and abs(near[1]) <= 90):
        lon, lat = near
        problems.append(
            f"near: longitude lies within ±180 and latitude within ±90, found {lon:g}, {lat:g}"
        )
    if near is None and radius is not None:
        problems.append("a radius needs near: longitude,latitude")
    if radius is not None and not 0 <= radius < math.inf:
        problems.append(f"radius: expected km from 0, found {radius:g}")
    return problems


def _tier_problems(table: pd.DataFrame, tier: int | None) -> list[str]:
    tiers = sorted(table["tier"].dropna().unique())
    if tier is None or tier in tiers:
        return []
    return [f"no tier {tier}; allowed: {', '.join(map(str, tiers)) or 'the ranking has none'}"]


def _sort_problems(
    table: pd.DataFrame, sort: str | None, near: tuple[float, float] | None
) -> list[str]:
    allowed = ["unit_id", *table.columns, "exclusive"]
    allowed += ["distance_km"] if near is not None else []
    column = (sort or "rank").removeprefix("-")
    return [] if column in allowed else [f"no column {column!r}; allowed: {', '.join(allowed)}"]


def _area(path: Path, layer: str | None, zones_crs: str | None) -> gpd.GeoDataFrame:
    from regional_atlas.sources.vectors import Declared, check_coordinates, read_vector

    declared = Declared(layer, zones_crs)
    if not path.is_file():
        raise InputError(f"file not found: {path}", where="within")
    area = read_vector(path, declared)
    rows = [f"row {number}" for number in range(1, len(area) + 1)]
    check_coordinates(area.geometry, rows, str(path), declared)
    return area


def _within(
    units: gpd.GeoDataFrame, path: Path, layer: str | None, zones_crs: str | None
) -> pd.Series:
    from regional_atlas.core import crs

    area = _area(path, layer, zones_crs)
    points = units.geometry.representative_point()
    inside = points.sindex.query(area.to_crs(crs.WGS84).union_all(), predicate="intersects")
    return pd.Series(units.index.isin(units.index[inside]), index=units.index)
