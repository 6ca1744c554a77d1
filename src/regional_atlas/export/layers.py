"""What the GIS files hold: one layer of all units with their results, region polygons, lines.

Every column of the units layer is described where it is made, so that the codebook cannot differ
from the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from regional_atlas.config import RankingConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import Extensive, rule_of
from regional_atlas.core.long_tables import rows_by_code
from regional_atlas.core.schema import AtlasTables
from regional_atlas.core.texts import Message, Said

__all__ = ["Column", "Layers", "build_layers", "codebook", "unit_layer"]

SEPARATOR = ";"
FILES = "en"
"""The language of names in files that have one language only."""

# Names that file formats keep for themselves.
RESERVED = ("unit_id", "geometry", "geom", "fid", "bbox")


@dataclass(frozen=True)
class Column:
    """One column of the units layer and what it means.

    Attributes
    ----------
    name : str
        Unique regardless of case.
    values : Series
        By unit id.
    title : Said
        What a reader calls it.
    unit : Said or None
        Unit of measurement.
    year : int or None
        Year of the values, where they belong to one.
    source : str or None
        Where the values come from.
    method : Said or None
        How they came about.
    missing : Said or None
        What a missing value means.
    rollup : Text or None
        How values of units make that of a region, as in `region_values`.
    """

    name: str
    values: pd.Series
    title: Said
    unit: Said | None = None
    year: int | None = None
    source: str | None = None
    method: Said | None = None
    missing: Said | None = None
    rollup: Said | None = None


@dataclass(frozen=True)
class Layers:
    """What the writers of all formats take.

    Attributes
    ----------
    units : GeoDataFrame
        See `unit_layer`.
    regions : GeoDataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`, `count`, `count_all`
        and for each ranking `<ranking>_count`, `<ranking>_count_all`, geometry. May be empty.
    lines : GeoDataFrame
        `line_id`, geometry. May be empty.
    tables : dict of str to DataFrame
        Attribute tables by name.
    codebook : DataFrame
        See `codebook`.
    project : Project
        Titles, language, sources, licences.
    topology : dict or None
        TopoJSON in the map's projection, with the objects `units`, whose geometries have the unit
        ids as `id`, and possibly `lines`.
    raw : bool
        See `csv_text`.
    """

    units: gpd.GeoDataFrame
    regions: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    tables: dict[str, pd.DataFrame]
    codebook: pd.DataFrame
    project: Project
    topology: dict[str, Any] | None = None
    raw: bool = False


def build_layers(
    tables: AtlasTables, project: Project, topology: dict[str, Any] | None = None
) -> Layers:
    """Make every layer and table of an export.

    Parameters
    ----------
    tables : AtlasTables
        Every table of a build.
    project : Project
        The project they were built from.
    topology : dict, optional
        See `Layers`.

    Returns
    -------
    Layers

    Raises
    ------
    DataError
        When two columns of the units layer would share a name.
    """
    columns = _columns(tables, project)
    return Layers(
        units=_unit_layer(tables, columns),
        regions=_region_layer(tables),
        lines=gpd.GeoDataFrame(
            {"line_id": pd.Series(range(1, len(tables.lines) + 1), dtype="Int32")},
            geometry=tables.lines.reset_index(drop=True).rename("geometry"),
            crs=tables.units.crs,
        ),
        tables=_attribute_tables(tables),
        codebook=_codebook(columns, project),
        project=project,
        topology=topology,
    )


def unit_layer(tables: AtlasTables, project: Project) -> gpd.GeoDataFrame:
    """All units in one layer: WGS 84, full detail, one column per result.

    Parameters
    ----------
    tables : AtlasTables
        Every table of a build.
    project : Project
        The project they were built from.

    Returns
    -------
    GeoDataFrame
        Index `unit_id`. `unit`, `unit_en` (where any unit has one), `level`, `unit_type`, each
        parent's name and id, `area_km2`; for each ranking `<ranking>_rank`, and `<ranking>_tier`
        and `<ranking>_score` where it has any; for each kind of region `<kind>` (the name of the
        unit's exclusive region) and `<kind>_all` (all of them, joined by `;`, by precedence);
        for each indicator `<code>`, the values of its latest year.

    Raises
    ------
    DataError
        When two columns would share a name.
    """
    return _unit_layer(tables, _columns(tables, project))


def codebook(tables: AtlasTables, project: Project) -> pd.DataFrame:
    """Describe the columns of the units layer.

    Returns
    -------
    DataFrame
        One row per column: `column`, `year`, `source`, and for each language of the project
        `title_<lang>`, `unit_<lang>`, `method_<lang>`, `missing_<lang>` and
        `rollup_<lang>` (how values of units make that of a region); English always.
    """
    return _codebook(_columns(tables, project), project)


def codebook_languages(project: Project) -> list[str]:
    """List the languages that a codebook is written in: the project's, and English."""
    languages = project.config.offered()
    return languages if FILES in languages else [*languages, FILES]


def _columns(tables: AtlasTables, project: Project) -> list[Column]:
    columns = [
        *_identity(tables, project),
        *_rankings(tables, project),
        *_memberships(tables, project),
        *_indicators(tables, project),
    ]
    seen = set(RESERVED)
    problems = []
    for column in columns:
        if column.name.lower() in seen:
            problems.append(f"column {column.name!r} would appear twice or is reserved")
        seen.add(column.name.lower())
    raise_if(problems, DataError, "export: rename the ranking, kind of region or indicator")
    return columns


def _identity(tables: AtlasTables, project: Project) -> Iterator[Column]:
    units, config = tables.units, project.config.boundaries
    source = config.source.in_(FILES)
    yield Column("unit", units["unit"], config.level.title, source=source)
    if "unit_en" in units and units["unit_en"].notna().any():
        title = Message("column-in-english", {"title": config.level.title})
        yield Column("unit_en", units["unit_en"], title, source=source)
    yield Column("level", units["level"], Message("column-level"))
    yield Column("unit_type", units["unit_type"], Message("column-unit-type"))
    for parent in config.parents:
        code = Message("column-id-of", {"title": parent.title})
        none = Message("missing-in-none")
        yield Column(parent.id, units[parent.id], parent.title, source=source, missing=none)
        yield Column(f"{parent.id}_id", units[f"{parent.id}_id"], code, source=source, missing=none)
    yield Column(
        "area_km2",
        units["area_km2"],
        Message("column-area"),
        unit=Message("unit-km2"),
        source=source,
        method=Message("method-equal-area"),
        rollup=rule_of(Extensive()),
    )


def _rankings(tables: AtlasTables, project: Project) -> Iterator[Column]:
    for ranking in project.config.rankings:
        rows = tables.rankings[tables.rankings["ranking"] == ranking.id].set_index("unit_id")
        rows = rows.reindex(tables.units.index)
        for name in ("rank", "tier", "score"):
            if name != "rank" and rows[name].isna().all():
                continue
            yield Column(
                f"{ranking.id}_{name}",
                rows[name].astype("float64" if name == "score" else "Int32"),
                Message(f"column-{name}-of", {"title": ranking.title}),
                source=_ranking_source(ranking, project),
                missing=Message("missing-not-ranked"),
            )


def _ranking_source(ranking: RankingConfig, project: Project) -> str | None:
    cited = _cited(ranking.citation, project)
    if ranking.index is None:
        return cited
    computed = f"computed from {ranking.index.name}"
    return f"{computed}; {cited}" if cited else computed


def _memberships(tables: AtlasTables, project: Project) -> Iterator[Column]:
    order = {region: i for i, region in enumerate(_by_precedence(tables.regions))}
    members = tables.membership.dropna(subset=["region_id"])
    members = members.assign(
        region=members["region_id"].map(tables.regions["name"]),
        order=members["region_id"].map(order),
    ).sort_values("order")
    for kind in project.config.regions.kinds if project.config.regions else []:
        rows = members[members["kind"] == kind.id]
        exclusive = rows[rows["exclusive"]].set_index("unit_id")["region"]
        every = rows.groupby("unit_id")["region"].agg(SEPARATOR.join)
        none = Message("missing-in-none")
        source = _cited(kind.citation, project)
        yield Column(
            kind.id,
            exclusive.reindex(tables.units.index).astype("str"),
            kind.title,
            source=source,
            method=Message("method-exclusive"),
            missing=none,
        )
        yield Column(
            f"{kind.id}_all",
            every.reindex(tables.units.index).astype("str"),
            Message("column-all-of", {"title": kind.title}),
            source=source,
            method=Message("method-joined"),
            missing=none,
        )


def _by_precedence(regions: gpd.GeoDataFrame) -> list[str]:
    return list(regions.sort_index().sort_values("precedence", kind="stable").index)


def _indicators(tables: AtlasTables, project: Project) -> Iterator[Column]:
    rows_of = dict(rows_by_code(tables.indicators))
    of_areas_alone = {*tables.region_values["code"]} - {*rows_of}
    for code, meta in tables.meta.items():
        if code in of_areas_alone:
            continue
        rows = rows_of.get(code, tables.indicators.iloc[:0])
        year = None if rows["year"].isna().all() else int(rows["year"].max())
        latest = rows if year is None else rows[rows["year"] == year]
        yield Column(
            code,
            latest.set_index("unit_id")["value"].reindex(tables.units.index).astype("float64"),
            meta.title,
            unit=meta.unit.stored(),
            year=year,
            source=_cited(meta.citation, project),
            method=meta.method,
            missing=meta.missing,
            rollup=rule_of(meta.kind),
        )


def _cited(citation: str | None, project: Project) -> str | None:
    cited = project.config.sources().get(citation or "")
    return cited.source.in_(FILES) if cited else None


def _unit_layer(tables: AtlasTables, columns: list[Column]) -> gpd.GeoDataFrame:
    values = {column.name: column.values.rename(column.name) for column in columns}
    return gpd.GeoDataFrame(
        values, index=tables.units.index, geometry=tables.units.geometry, crs=tables.units.crs
    )


def _codebook(columns: list[Column], project: Project) -> pd.DataFrame:
    key = project.config.boundaries.key
    languages = codebook_languages(project)

    def _each(name: str) -> list[str]:
        return [f"{name}_{lang}" for lang in languages]

    described = [
        Column(
            "unit_id",
            pd.Series(dtype="str"),
            Message("column-id"),
            source=project.config.boundaries.source.in_(FILES),
            method=Message("method-key", {"key": key}),
        ),
        *columns,
    ]
    rows = []
    for column in described:
        row: dict[str, str | int | None] = {"column": column.name}
        for name, words in (
            ("title", column.title),
            ("unit", column.unit),
            ("method", column.method),
            ("missing", column.missing),
            ("rollup", column.rollup),
        ):
            for lang in languages:
                row[f"{name}_{lang}"] = words.in_(lang) if words else None
        rows.append(row | {"year": column.year, "source": column.source})
    order = ["column", *_each("title"), *_each("unit"), "year", "source"]
    order += [*_each("method"), *_each("missing"), *_each("rollup")]
    table = pd.DataFrame(rows, columns=order)
    return table.astype({name: "Int32" if name == "year" else "str" for name in order})


def _region_layer(tables: AtlasTables) -> gpd.GeoDataFrame:
    regions = tables.regions.copy()
    members = tables.membership.dropna(subset=["region_id"])
    counts = {"count": members["unit_id"]}
    for ranking, rows in tables.rankings.groupby("ranking", sort=False):
        counts[f"{ranking}_count"] = rows["unit_id"]
    for name, among in counts.items():
        counted = members[members["unit_id"].isin(among)]
        for column, rows in ((name, counted[counted["exclusive"]]), (f"{name}_all", counted)):
            regions[column] = (
                rows.groupby("region_id")
                .size()
                .reindex(regions.index, fill_value=0)
                .astype("Int32")
            )
    return regions[[*regions.columns.drop("geometry"), "geometry"]]


def _attribute_tables(tables: AtlasTables) -> dict[str, pd.DataFrame]:
    names = tables.units["unit"]
    membership = tables.membership.assign(
        unit=tables.membership["unit_id"].map(names),
        region=tables.membership["region_id"].map(tables.regions["name"]),
    )
    found = {
        "membership": _first(membership, "unit_id", "unit", "kind", "region_id", "region"),
        "membership_attributes": tables.membership_attributes,
        "rankings": tables.rankings,
        "clusters": tables.clusters,
        "region_counts": tables.region_counts,
        "region_values": tables.region_values,
        "space": tables.space,
        "inequality": tables.inequality,
    }
    if tables.nightlights is not None:
        lights = tables.nightlights.assign(unit=tables.nightlights["unit_id"].map(names))
        found["nightlights"] = _first(lights, "unit_id", "unit")
    rasters = tables.rasters.assign(unit=tables.rasters["unit_id"].map(names))
    found["rasters"] = _first(rasters, "unit_id", "unit")
    for ranking, scores in tables.scores.items():
        nodes = scores.rename_axis("unit_id").reset_index()
        nodes = nodes.assign(unit=nodes["unit_id"].map(names))
        found[f"scores_{ranking}"] = _first(nodes, "unit_id", "unit")
    return {name: table for name, table in found.items() if len(table)}


def _first(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return table[[*names, *table.columns.drop(list(names))]]
