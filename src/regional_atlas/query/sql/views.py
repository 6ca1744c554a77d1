"""The tables that a statement can read: their columns, types and meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from regional_atlas.config.project import Project
    from regional_atlas.core.schema import AtlasTables

__all__ = ["VIEWS", "View", "describe_views", "view_tables"]

Columns = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class View:
    """A table for SQL.

    Attributes
    ----------
    rows : str
        What a row stands for.
    columns : dict of str to (str, str)
        By name: SQL type and meaning. A project's own columns come on top.
    """

    rows: str
    columns: Columns


def _columns(*lines: str) -> Columns:
    """Read lines like "name TYPE meaning"."""
    parts = (line.split(maxsplit=2) for line in lines)
    return {name: (kind, meaning) for name, kind, meaning in parts}


_UNIT = ("unit_id VARCHAR id of the unit", "unit VARCHAR name of the unit")

VIEWS: dict[str, View] = {
    "units": View(
        "unit",
        _columns(
            *_UNIT,
            "unit_en VARCHAR English name",
            "level VARCHAR level of the boundaries",
            "unit_type VARCHAR type, such as county or district",
            "area_km2 DOUBLE area in square kilometres, measured in an equal-area projection",
            "geometry GEOMETRY polygon at full detail, WGS 84",
        ),
    ),
    "regions": View(
        "region",
        _columns(
            "region_id VARCHAR id of the region",
            "name VARCHAR name",
            "name_en VARCHAR English name",
            "kind VARCHAR kind of region, such as metro",
            "precedence DOUBLE order in which regions of a kind claim a unit, the lowest first",
            "source VARCHAR where the list of members or the polygon comes from",
            "geometry GEOMETRY polygon, WGS 84",
        ),
    ),
    "parents": View(
        "parent area, of every level",
        _columns(
            "level VARCHAR parent level, such as province",
            "id VARCHAR id of the parent; units have it in <level>_id",
            "name VARCHAR name",
            "short VARCHAR short name",
            "name_en VARCHAR English name",
            "units BIGINT number of units in it",
        ),
    ),
    "membership": View(
        "unit and region; a unit in no region of a kind has one without region_id",
        _columns(
            *_UNIT,
            "region_id VARCHAR id of the region; missing where the unit is in none of the kind",
            "region VARCHAR name of the region",
            "kind VARCHAR kind of region",
            "share_of_unit DOUBLE share of the unit's area in the region, 0 to 1",
            "share_of_region DOUBLE share of the region's area in the unit, 0 to 1",
            "rule VARCHAR how membership was decided",
            "exclusive BOOLEAN whether the unit counts for this region by precedence",
            "probability DOUBLE how likely the membership is, where it holds by chance",
        ),
    ),
    "membership_attributes": View(
        "unit, region and further column of the table that delineates the region",
        _columns(
            *_UNIT,
            "kind VARCHAR kind of region",
            "region_id VARCHAR id of the region",
            "attribute VARCHAR heading of the column",
            "value VARCHAR what it holds",
        ),
    ),
    "rankings": View(
        "ranking and ranked unit",
        _columns(
            "ranking VARCHAR id of the ranking",
            "rank BIGINT rank, 1 is the best",
            *_UNIT,
            "score DOUBLE score, where the ranking has one",
            "tier BIGINT tier, 1 is the best",
        ),
    ),
    "scores": View(
        "computed ranking and unit",
        _columns(
            "ranking VARCHAR id of the computed ranking",
            *_UNIT,
            "index DOUBLE score of the whole index",
            "rank BIGINT rank, 1 is the best",
            "tier BIGINT tier, 1 is the best",
            "coverage DOUBLE share of the index's weight that rests on data, 0 to 1",
        ),
    ),
    "indicators": View(
        "unit, indicator and year",
        _columns(
            _UNIT[0],
            "code VARCHAR code of the indicator",
            "year BIGINT year",
            "value DOUBLE value in the indicator's unit of measurement",
            "flag VARCHAR remark of the source on the value",
        ),
    ),
    "clusters": View(
        "industrial cluster and unit",
        _columns(
            "set VARCHAR set of clusters",
            "cluster_id VARCHAR id of the cluster",
            "cluster VARCHAR name of the cluster",
            "cluster_en VARCHAR English name",
            "group VARCHAR group, such as a programme",
            "size DOUBLE size, where the source has one",
            *_UNIT,
        ),
    ),
    "region_values": View(
        "indicator, year and region",
        _columns(
            "region_id VARCHAR id of the region or parent",
            "region VARCHAR name of it",
            "kind VARCHAR kind of region, or parent level",
            "code VARCHAR indicator",
            "year BIGINT year of the value",
            "value DOUBLE by the rule of the indicator's kind, over every membership",
            "members BIGINT units that belong to it",
            "members_with_data BIGINT units that the value is made from",
            "weight_share DOUBLE share of the population or area that they hold",
            "partial BOOLEAN whether members without data are left out of the value",
            "rule VARCHAR how the value is made",
            "flags VARCHAR different flags of the members' values, joined by ;",
        ),
    ),
    "region_counts": View(
        "ranking, region and way of counting, of rankings with draws or kinds with probabilities",
        _columns(
            "ranking VARCHAR id of the ranking",
            "kind VARCHAR parent level or kind of region",
            "region_id VARCHAR id of the region",
            "region VARCHAR name of the region",
            "exclusive BOOLEAN each unit in one region of the kind; else every membership",
            "top BIGINT how many first ranks are counted",
            "count BIGINT units of the region among them",
            "low BIGINT lower end of the interval over draws and memberships that hold by chance",
            "high BIGINT upper end of the interval over draws and memberships that hold by chance",
            "expected DOUBLE mean over draws and memberships that hold by chance",
        ),
    ),
    "space": View(
        "declared field ([[space]]) and unit",
        _columns(
            "id VARCHAR id of the field",
            *_UNIT,
            "value DOUBLE value of the unit",
            "lag DOUBLE mean of its neighbours",
            "moran_local DOUBLE local Moran's I",
            "moran_p DOUBLE its p-value",
            "moran_q DOUBLE its p-value adjusted for false discovery",
            "moran_class VARCHAR HH, LL, HL, LH, not significant, isolate or missing",
            "g_star DOUBLE Getis and Ord's G*",
            "g_star_z DOUBLE its z-value",
            "g_star_p DOUBLE its p-value",
            "g_star_q DOUBLE its p-value adjusted for false discovery",
            "g_star_class VARCHAR hot, cold, not significant, isolate or missing",
        ),
    ),
    "inequality": View(
        "declared field ([[inequality]]), year, measure, grouping and part",
        _columns(
            "id VARCHAR id of the field",
            "field VARCHAR indicator that is measured",
            "year BIGINT year",
            "weight VARCHAR indicator that weighs the units",
            "measure VARCHAR theil_t or gini",
            "by VARCHAR what units are grouped by",
            "part VARCHAR total, between, within, overlap or group",
            "group_id VARCHAR id of the group; missing for units in none",
            "group VARCHAR name of the group",
            "units BIGINT units with data",
            "left_out BIGINT units left out",
            "weight_share DOUBLE share of the weight, 0 to 1",
            "value_share DOUBLE share of the value, 0 to 1",
            "mean DOUBLE weighted mean",
            "inequality DOUBLE measure within the group",
            "contribution DOUBLE contribution to the measure",
        ),
    ),
    "nightlights": View(
        "unit and year",
        _columns(
            _UNIT[0],
            "year BIGINT year",
            "mean DOUBLE mean radiance",
            "sum DOUBLE sum of lights",
            "lit_share DOUBLE share of the area that is lit, 0 to 1",
            "max DOUBLE highest radiance",
            "cell_count BIGINT cells touched",
            "valid_share DOUBLE share of the area with valid cells, 0 to 1",
        ),
    ),
    "rasters": View(
        "indicator that is a statistic of a raster, unit and year",
        _columns(
            "raster VARCHAR name of the raster in the project",
            "code VARCHAR code of the indicator",
            "statistic VARCHAR zonal statistic",
            _UNIT[0],
            "year BIGINT year",
            "value DOUBLE value; missing without a valid cell",
            "cell_count BIGINT cells touched",
            "valid_share DOUBLE share of the area with valid cells, 0 to 1",
        ),
    ),
}
"""By name; all exist in every project, some without rows."""

_PANDAS = {"VARCHAR": "str", "BIGINT": "Int64", "DOUBLE": "float64", "BOOLEAN": "boolean"}
_INTERVALS = (
    (r"rank_low", "lower end of the interval of the rank over the draws"),
    (r"rank_high", "upper end of the interval of the rank over the draws"),
    (r"p_top(\d+)", r"chance of a rank among the first \1, 0 to 1"),
    (r"p_ahead", "chance of being ahead of the unit ranked next, 0 to 1"),
    (r"p_tier_(\d+)", r"chance of tier \1, 0 to 1"),
    (r"p_tier", "chance of the unit's own tier, 0 to 1"),
)


def view_tables(
    tables: AtlasTables, names: Collection[str] | None = None, *, spatial: bool = True
) -> dict[str, pd.DataFrame]:
    """Give views their rows; declared columns have their types also where nothing is in them.

    Parameters
    ----------
    tables : AtlasTables
        Of an atlas; only what the views show is looked at.
    names : collection of str, optional
        The views; all by default.
    spatial : bool
        Whether units and regions have their geometry, which takes long to read; without it that
        column is empty.

    Returns
    -------
    dict of str to DataFrame
        By name, in the order of `VIEWS`; ids are columns.
    """
    wanted = VIEWS if names is None else {name: VIEWS[name] for name in VIEWS if name in names}
    return {name: _typed(_rows(tables, name, spatial), view) for name, view in wanted.items()}


def _rows(tables: AtlasTables, name: str, spatial: bool) -> pd.DataFrame:
    """Give the rows of a view: those of the table of its name, ids as columns."""
    import pandas as pd

    from regional_atlas.core.schema import ZONAL_COLUMNS
    from regional_atlas.membership.chances import membership_probabilities
    from regional_atlas.tables.committed import stacked_scores

    table: pd.DataFrame | None
    match name:
        case "units":
            table = (tables.units if spatial else tables.unit_table).reset_index()
        case "regions":
            table = (tables.regions if spatial else tables.region_table).reset_index()
        case "parents":
            table = _parents(tables)
        case "membership":
            likely = membership_probabilities(tables.membership, tables.membership_attributes)
            table = tables.membership.merge(likely, how="left").assign(
                unit=lambda rows: rows["unit_id"].map(tables.unit_table["unit"]),
                region=lambda rows: rows["region_id"].map(tables.region_table["name"]),
            )
        case "scores":
            table = stacked_scores(tables)
        case _:
            table = getattr(tables, name)
    return pd.DataFrame(columns=ZONAL_COLUMNS) if table is None else table


def describe_views(project: Project, tables: AtlasTables) -> pd.DataFrame:
    """List every column that SQL can read.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Of the project's build.

    Returns
    -------
    DataFrame
        `view`, `column`, `type` (of SQL), `meaning`, and `rows`: how many the view has.
    """
    import pandas as pd

    own = _own_meanings(project)
    lines = [
        (
            name,
            column,
            *VIEWS[name].columns.get(column, (_type(table[column]), own(column))),
            len(table),
        )
        for name, table in view_tables(tables).items()
        for column in table.columns
    ]
    return pd.DataFrame(lines, columns=["view", "column", "type", "meaning", "rows"])


def _parents(tables: AtlasTables) -> pd.DataFrame:
    import pandas as pd

    columns = list(VIEWS["parents"].columns)
    found = [
        table.rename_axis("id").reset_index().assign(level=level)
        for level, table in tables.parents.items()
    ]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _typed(table: pd.DataFrame, view: View) -> pd.DataFrame:
    absent = [name for name in view.columns if name not in table.columns]
    kinds = {name: _PANDAS[kind] for name, (kind, _) in view.columns.items() if kind in _PANDAS}
    return table.assign(**dict.fromkeys(absent)).astype(kinds)


def _type(column: pd.Series) -> str:
    import pandas as pd

    if pd.api.types.is_bool_dtype(column.dtype):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "BIGINT"
    return "DOUBLE" if pd.api.types.is_float_dtype(column.dtype) else "VARCHAR"


def _own_meanings(project: Project) -> Callable[[str], str]:
    """Give the meaning of columns that a project adds: parents of units, nodes of indices."""
    meanings = {}
    for parent in project.config.boundaries.parents:
        meanings[parent.id] = f"name of the parent: {parent.title.in_('en')}"
        meanings[f"{parent.id}_id"] = f"id of the parent: {parent.title.in_('en')}"
    for spec in project.indices.values():
        meanings |= {node.code: f"score of {node.title.in_('en')}" for node in spec.nodes}

    def meaning(column: str) -> str:
        for pattern, text in _INTERVALS:
            if found := re.fullmatch(pattern, column):
                return found.expand(text)
        return meanings.get(column, "")

    return meaning
