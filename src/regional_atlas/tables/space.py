"""Space: patterns over neighbours, inequality, mobility of ranks."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache, partial
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.util import hash_pandas_object

from regional_atlas.config import InequalityConfig, SpaceConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import AbsentError, InputError, raise_if
from regional_atlas.core.long_tables import rows_by_code
from regional_atlas.core.schema import (
    INEQUALITY_COLUMNS,
    SPACE_COLUMNS,
    SPACE_SUMMARY_COLUMNS,
    AtlasTables,
    BuildReport,
    Omission,
)
from regional_atlas.core.texts import Message
from regional_atlas.membership.rollup import region_groups, unit_groups
from regional_atlas.spatial.autocorrelation import hot_spots, local_moran, moran
from regional_atlas.spatial.contiguity import contiguity
from regional_atlas.spatial.inequality import Measure, decompose
from regional_atlas.spatial.mobility import rank_mobility
from regional_atlas.tables.graph import Work
from regional_atlas.tables.store import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from libpysal.graph import Graph

__all__ = ["build_space", "field_values"]

_OUTSIDE = "–"
_MEASURES: tuple[Measure, ...] = ("theil_t", "gini")
_MORAN = {"statistic": "moran_local", "p_value": "moran_p", "q_value": "moran_q"}
_G_STAR = {"statistic": "g_star", "z": "g_star_z", "p_value": "g_star_p", "q_value": "g_star_q"}
_CLASSES = {
    "moran_class": {"high_high": "HH", "low_low": "LL", "high_low": "HL", "low_high": "LH"},
    "g_star_class": {"hot": "hot", "cold": "cold"},
}


def build_space(
    project: Project, tables: AtlasTables, work: Work
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Measure every field that the project's [[space]] and [[inequality]] name.

    What waits for a table that is declared without a file is left out, and the report says so.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Units, membership, indicators and scores.
    work : Work
        Report, store and progress.

    Returns
    -------
    DataFrame
        `space`; empty where nothing is declared, as are the others.
    DataFrame
        `space_summary`.
    DataFrame
        `inequality`.

    Raises
    ------
    ConfigError
        Fields, years, weights and groupings that do not exist.
    InputError
        Values that a measure does not take.
    """
    fields, unequal = _declared(project, tables, work.report)
    raise_if(_problems(project, tables, fields, unequal), AbsentError)
    key = digest(work.key("units"), code=["regional_atlas.spatial", __name__])

    @lru_cache
    def graph() -> Graph:
        from libpysal.graph import Graph

        links = work.store.get("contiguity", key, lambda: contiguity(tables.units).adjacency)
        return Graph(links)

    found = []
    for done, config in enumerate(fields):
        work.progress("space", done, len(fields))
        year = _year(tables, config.field, config.year)
        values = field_values(tables, config.field, year)
        before = None if config.since is None else field_values(tables, config.field, config.since)
        panel = pd.DataFrame({config.since: before, year: values})
        part = digest(key, config.model_dump(), year, hash_pandas_object(panel).to_list())
        make = partial(_measured, config, year, values, before, graph)
        with _naming(f"[[space]] {config.id}"):
            found.append(work.store.get("space", part, make))
    if fields:
        work.progress("space", len(fields), len(fields))
    names = tables.unit_table["unit"]
    summary = pd.DataFrame([row for _, row in found], columns=SPACE_SUMMARY_COLUMNS)
    return (
        _table([one.assign(unit=names.array) for one, _ in found], SPACE_COLUMNS),
        summary.astype({"year": "Int64", "since": "Int64"}),
        _table([_unequal(config, tables, project) for config in unequal], INEQUALITY_COLUMNS),
    )


def field_values(tables: AtlasTables, field: str, year: int | None = None) -> pd.Series:
    """Give the values of an indicator or computed ranking on exactly the units.

    Parameters
    ----------
    tables : AtlasTables
    field : str
        An indicator's code or a computed ranking's id.
    year : int, optional
        The indicator's last year by default.

    Returns
    -------
    Series of float
        By unit id; missing where the unit has no value.
    """
    if field in tables.scores:
        found = tables.scores[field]["index"]
    else:
        rows = tables.indicators[tables.indicators["code"] == field]
        rows = rows[rows["year"] == (rows["year"].max() if year is None else year)]
        found = rows.set_index("unit_id")["value"]
    return found.astype("float64").reindex(tables.unit_table.index).rename("value")


def _measured(
    config: SpaceConfig,
    year: int | None,
    values: pd.Series,
    before: pd.Series | None,
    graph: Callable[[], Graph],
) -> tuple[pd.DataFrame, dict[str, Any]]:
    links, n = graph(), config.permutations

    def rng() -> np.random.Generator:
        return np.random.default_rng(config.seed)

    whole = moran(values, links, permutations=n, rng=rng())
    local = local_moran(values, links, permutations=n, alpha=config.fdr, rng=rng())
    spots = hot_spots(values, links, permutations=n, alpha=config.fdr, rng=rng())
    table = local.rename(columns=_MORAN | {"class": "moran_class"}).join(
        spots[[*_G_STAR, "class"]].rename(columns=_G_STAR | {"class": "g_star_class"})
    )
    row = config.model_dump() | {
        "year": year,
        "units": whole.units,
        "missing": int(values.isna().sum()),
        "isolates": whole.isolates,
        "moran": whole.statistic,
        "expected": whole.expected,
        "z": whole.z,
        "p": whole.p_value,
    }
    for column, kinds in _CLASSES.items():
        row |= {name: int((table[column] == kind).sum()) for name, kind in kinds.items()}
    if before is not None:
        moved = rank_mobility(pd.DataFrame({config.since: before, year: values})).iloc[0]
        row |= {name: float(moved[name]) for name in ("tau", "concordant", "mean_shift")}
    return table.rename_axis("unit_id").reset_index().assign(id=config.id), row


def _unequal(config: InequalityConfig, tables: AtlasTables, project: Project) -> pd.DataFrame:
    years: list[int | None] = [*config.years] or [_year(tables, config.field, None)]
    groupings = config.by or [*project.levels(), *project.kinds()]
    weight = None if config.weight is None else _weights(tables, config.weight)
    found = []
    for year, measure, by in product(years, _MEASURES, groupings):
        values = field_values(tables, config.field, year)
        own, names = _groups(tables, by)
        with _naming(f"[[inequality]] {config.id}"):
            parts, groups = decompose(values, own, weight, measure=measure, outside=_OUTSIDE)
        split = parts[["total", "between", "within", "overlap"]].rename("contribution")
        counted = parts[["units", "left_out"]].astype("int64")
        groups = groups.rename(columns={"population_share": "weight_share"})
        groups = groups.rename_axis("group_id").reset_index()
        groups["group_id"] = groups["group_id"].mask(groups["group_id"] == _OUTSIDE)
        # Where no unit is in any group, no name is found: the column is text all the same.
        named = groups["group_id"].map(names).astype("str")
        groups = groups.assign(part="group", group=named)
        whole = split.rename_axis("part").reset_index().assign(**counted)
        both = pd.concat([whole, groups])
        found.append(both.assign(year=year, measure=measure, by=by))
    said = {"id": config.id, "field": config.field, "weight": config.weight}
    return pd.concat(found, ignore_index=True).assign(**said)


@contextmanager
def _naming(where: str) -> Iterator[None]:
    """Say which declaration an error belongs to."""
    try:
        yield
    except InputError as error:
        raise type(error)(*error.problems, where=where) from error


def _weights(tables: AtlasTables, name: str) -> pd.Series:
    return tables.unit_table[name] if name == "area_km2" else field_values(tables, name)


def _groups(tables: AtlasTables, by: str) -> tuple[pd.Series, pd.Series]:
    """Give each unit its one group of a level or kind, and the groups' names."""
    if by in tables.parents:
        rows, names = unit_groups(tables.unit_table, f"{by}_id"), tables.parents[by]["name"]
    else:
        rows, names = region_groups(tables.membership, by), tables.region_table["name"]
    own = rows[rows["exclusive"]].set_index("unit_id")["group"]
    return own.reindex(tables.unit_table.index), names


def _year(tables: AtlasTables, field: str, year: int | None) -> int | None:
    if year is not None or field in tables.scores:
        return year
    return int(tables.indicators.loc[tables.indicators["code"] == field, "year"].max())


def _table(found: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    table = table.reindex(columns=columns)
    whole = [name for name in ("year", "units", "left_out") if name in columns]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _declared(
    project: Project, tables: AtlasTables, report: BuildReport
) -> tuple[list[SpaceConfig], list[InequalityConfig]]:
    """Take what the build has data for; what waits for a table without a file is left out."""
    waiting: set[str | None] = set()
    for table in project.config.indicators.values():
        if table.file is None:
            waiting |= {column.code for column in table.columns}
            waiting |= {ratio.code for ratio in table.derived}
    waiting -= set(tables.indicators["code"].unique())

    def lacks(config: SpaceConfig | InequalityConfig) -> bool:
        named = [config.field, getattr(config, "weight", None)]
        absent = [code for code in named if code and code in waiting]
        what = (
            Message("omitted-space", {"id": config.id})
            if isinstance(config, SpaceConfig)
            else Message("omitted-inequality", {"id": config.id})
        )
        if absent:
            why = Message("why-lacks", {"codes": ", ".join(absent)})
            report.omissions.append(Omission(what, why))
        return bool(absent)

    return (
        [config for config in project.config.space if not lacks(config)],
        [config for config in project.config.inequality if not lacks(config)],
    )


def _problems(
    project: Project,
    tables: AtlasTables,
    declared: list[SpaceConfig],
    unequal: list[InequalityConfig],
) -> list[str]:
    """List fields, years, weights and groupings that do not exist."""
    years = {
        code: sorted(rows["year"].unique().tolist())
        for code, rows in sorted(rows_by_code(tables.indicators), key=itemgetter(0))
    }
    allowed = [*years, *tables.scores]
    groupings = [*project.levels(), *project.kinds()]
    problems = []

    def check(where: str, field: str, asked: list[int]) -> None:
        if field not in allowed:
            problems.append(f"{where}: no field {field!r}; allowed: {', '.join(allowed)}")
            return
        has = years.get(field, [])
        problems.extend(
            f"{where}: {field!r} has no year {year}; allowed: {', '.join(map(str, has)) or 'none'}"
            for year in asked
            if year not in has
        )

    for config in declared:
        asked = [year for year in (config.year, config.since) if year is not None]
        check(f"[[space]] {config.id}", config.field, asked)
    for item in unequal:
        where = f"[[inequality]] {item.id}"
        check(where, item.field, item.years)
        if item.weight not in (None, "area_km2", *years):
            problems.append(
                f"{where}: weight {item.weight!r} is neither an indicator nor 'area_km2'"
            )
        problems += [
            f"{where}: no level or kind {by!r}; allowed: {', '.join(groupings)}"
            for by in item.by
            if by not in groupings
        ]
    return problems
