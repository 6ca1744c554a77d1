"""Every table of a project, from its sources to a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from regional_atlas import __version__
from regional_atlas.config import KindConfig
from regional_atlas.config.project import Project
from regional_atlas.core import crs
from regional_atlas.core.catalogues import lent_messages
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.numerals import Count
from regional_atlas.core.schema import (
    MEMBERSHIP_ATTRIBUTE_COLUMNS,
    AtlasTables,
    BuildReport,
    Check,
    MatchReport,
    Omission,
    check_membership,
)
from regional_atlas.core.texts import Joined, LanguageName, Message, Said, Text
from regional_atlas.membership.assemble import assemble_membership
from regional_atlas.membership.members import membership_from_members, resolve_members
from regional_atlas.membership.polygons import assign_membership, dissolve_regions
from regional_atlas.sources.boundaries import (
    boundary_files,
    read_boundaries,
    read_lines,
    text_of,
)
from regional_atlas.sources.figures import read_figures
from regional_atlas.sources.regions import (
    attributes_of,
    read_delineation,
    read_members,
    read_region_polygons,
    read_regions,
    regions_of_units,
)
from regional_atlas.sources.tables import UnitRows
from regional_atlas.tables.comparison import compare_published
from regional_atlas.tables.indicators import build_indicators
from regional_atlas.tables.joins import join_units
from regional_atlas.tables.lights import read_lights
from regional_atlas.tables.rankings import build_clusters, build_rankings
from regional_atlas.tables.rasters import read_rasters
from regional_atlas.tables.region_values import with_region_values
from regional_atlas.tables.space import build_space
from regional_atlas.tables.store import Store, digest
from regional_atlas.tables.uncertainty import groups_of, region_counts
from regional_atlas.units.matching import Gazetteer
from regional_atlas.units.polygon_coverage import check_polygon_coverage, require_valid
from regional_atlas.units.table import build_units, grouped, parents_table

__all__ = ["Progress", "assemble_tables", "page_geometry", "read_units"]

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done and how much there is."""


def quiet(step: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class _Boundaries:
    units: gpd.GeoDataFrame
    columns: pd.DataFrame
    lines: gpd.GeoSeries
    polygon_problems: list[str]


def read_units(project: Project, *, store: Store | None = None) -> gpd.GeoDataFrame:
    """Read a project's units: full detail, WGS 84, with names, types, parents and areas.

    Parameters
    ----------
    project : Project
    store : Store, optional
        The user's store by default.

    Returns
    -------
    GeoDataFrame
        The units contract.

    Raises
    ------
    DataError
        Invalid rings, missing columns, repeated keys, incomplete boundaries.
    """
    return _boundaries(project, store or Store())[0].units


def assemble_tables(
    project: Project, *, store: Store | None = None, progress: Progress = quiet
) -> AtlasTables:
    """Run every step but the page and the files.

    Parameters
    ----------
    project : Project
    store : Store, optional
        The user's store by default.
    progress : callable
        See `Progress`.

    Returns
    -------
    AtlasTables

    Raises
    ------
    InputError
        The input is wrong; the message says where.
    """
    store = store or Store()
    report = BuildReport(__version__)
    report.omissions += _lent_words(project)
    progress("boundaries", 0, 1)
    boundaries, key = _boundaries(project, store)
    units = boundaries.units
    progress("boundaries", 1, 1)
    report.checks += _boundary_checks(project, boundaries)
    gazetteer = Gazetteer(units, project.config.boundaries.parents)
    report.joins += _parent_names(project, units)
    regions, membership, attributes = _regions(
        project, boundaries, gazetteer, store, key, report, progress
    )
    zonal, blocks = read_lights(project, units, key, store, report, progress)
    rasters = read_rasters(project, units, key, store, report, progress)
    indicators = build_indicators(project, units, gazetteer, zonal, rasters, report)
    progress("rankings", 0, 1)
    groups = groups_of(units, membership, project.levels())
    rankings, scores, counts = build_rankings(
        project, units, gazetteer, indicators.table, groups, store, report
    )
    clusters = build_clusters(project, units, gazetteer, report)
    progress("rankings", 1, 1)
    parents = {
        parent.id: parents_table(units, parent) for parent in project.config.boundaries.parents
    }
    tables = AtlasTables(
        units=units,
        parents=parents,
        regions=regions,
        membership=membership,
        rankings=rankings,
        scores=scores,
        indicators=indicators.table,
        meta={item.code: item for item in indicators.meta},
        nightlights=zonal,
        clusters=clusters,
        lines=boundaries.lines,
        comparison=None,
        blocks=blocks,
        report=report,
        membership_attributes=attributes,
        region_counts=region_counts(counts, parents, regions),
        figures=(
            read_figures(project.config.figures, report.tables) if project.config.figures else None
        ),
        rasters=rasters.cells,
    )
    tables = with_region_values(project, tables, indicators)
    tables = build_space(project, tables, key, store, progress)
    return compare_published(project, tables, gazetteer)


def page_geometry(
    project: Project, tables: AtlasTables, *, store: Store | None = None
) -> tuple[dict[str, Any], Check]:
    """Simplify the units for the page, borders kept shared.

    Returns
    -------
    dict
        TopoJSON with the objects `units` (in the order of the table) and `lines`, in metres of the
        map's projection.
    Check
        What was simplified, and by how much areas changed.
    """
    store = store or Store()
    _, key = _boundaries(project, store)
    layout = project.layout
    drawn = (layout.projection, layout.keep_islets, layout.tolerance, layout.grid)
    key = digest(key, drawn, code=["regional_atlas.units"])
    topology, found = store.get("page", key, lambda: _simplified(project, tables))
    return topology, _simplification_check(found, tables.units["unit"])


def _boundaries(project: Project, store: Store) -> tuple[_Boundaries, str]:
    config = project.config.boundaries
    kinds = project.config.regions.kinds if project.config.regions else []
    named = [name for kind in kinds for name in (kind.column, kind.column_name) if name]
    key = digest(
        config.model_dump(mode="json", exclude={"file", "lines"}),
        named,
        files=boundary_files(config),
        code=[
            "regional_atlas.sources.boundaries",
            "regional_atlas.sources.providers",
            "regional_atlas.units",
            "regional_atlas.core.crs",
        ],
    )

    def make() -> _Boundaries:
        where = str(config.file or config.provider)
        raw = read_boundaries(config)
        require_valid(raw, where)
        units = build_units(raw, config)
        columns = _columns(raw, named, where)
        return _Boundaries(
            units, columns, read_lines(config), check_polygon_coverage(units).problems()
        )

    return store.get("boundaries", key, make, records=[_Boundaries]), key


def _columns(raw: gpd.GeoDataFrame, named: list[str], where: str) -> pd.DataFrame:
    """Take the columns of the boundaries that regions come from, as text."""
    found = ", ".join(raw.columns)
    absent = [name for name in dict.fromkeys(named) if name not in raw.columns]
    raise_if(
        (f"column {name!r} is missing (regions.kinds); found: {found}" for name in absent),
        DataError,
        where,
    )
    return pd.DataFrame({name: text_of(raw[name]) for name in named}, index=raw.index)


def _lent_words(project: Project) -> Iterator[Omission]:
    """Count the messages that English lends to each language that the project offers."""
    for lang in project.config.offered():
        lent = len(lent_messages(lang))
        if lent:
            what = Message("omitted-words", {"count": lent, "language": LanguageName(lang)})
            yield Omission(what, Message("why-words"))


def _parent_names(project: Project, units: pd.DataFrame) -> Iterator[MatchReport]:
    """Say which names of parents, listed by id, are those of a level; every parent has one."""
    for parent in project.config.boundaries.parents:
        known = set(units[f"{parent.id}_id"].dropna())
        lost = [f"{code} {name}" for code, name in parent.names.items() if code not in known]
        if parent.names:
            matched = len(parent.names) - len(lost)
            name = f"{parent.id} names"
            yield MatchReport(name, len(parent.names), matched, unmatched=lost)


def _boundary_checks(project: Project, boundaries: _Boundaries) -> list[Check]:
    units, complete = boundaries.units, project.config.boundaries.complete
    datum = project.config.boundaries.datum
    problems = boundaries.polygon_problems
    checks = [
        Check(
            Message("check-complete"),
            True,
            Message(
                "check-complete-units",
                {"count": len(units), "required": len(complete.required)},
            ),
        ),
        Check(
            Message("check-topology"),
            not problems,
            Joined([Text(problem) for problem in problems[:5]], "clauses")
            if problems
            else Message("check-topology-valid"),
        ),
    ]
    total = units["area_km2"].sum()
    detail: Said = Message("check-area-total", {"area": Count(total)})
    if complete.area_km2 is not None:
        off = f"{total / complete.area_km2 - 1:+.2%}"
        expected = Count(complete.area_km2)
        detail = Message("check-area-off", {"total": detail, "off": off, "expected": expected})
    checks.append(Check(Message("check-area"), True, detail))
    if datum not in ("wgs84", "cgcs2000"):
        checks.append(
            Check(
                Message("check-datum"),
                True,
                Message("check-datum-converted", {"datum": datum.upper()}),
            )
        )
    return checks


def _regions(
    project: Project,
    boundaries: _Boundaries,
    gazetteer: Gazetteer,
    store: Store,
    key: str,
    report: BuildReport,
    progress: Progress,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    config, units = project.config.regions, boundaries.units
    attributes: list[pd.DataFrame] = []
    columns = ["name", "name_en", "kind", "precedence", "source"]
    if config is None:
        empty = pd.DataFrame(columns=columns, index=pd.Index([], name="region_id"))
        none = pd.DataFrame(
            columns=["unit_id", "region_id", "share_of_unit", "share_of_region", "rule"]
        )
        membership = assemble_membership(none, empty, units.index)
        return gpd.GeoDataFrame(empty, geometry=[], crs=crs.WGS84), membership, _attributes([])
    progress("regions", 0, 1)
    listed = read_regions(config, report.tables)
    lists: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    if config.members is not None and len(listed):
        levels = [parent.id for parent in gazetteer.parents]
        read = read_members(config.members, listed, report.tables)
        resolved, joined = resolve_members(
            read.rows,
            levels,
            partial(_named, gazetteer, ignore_case=config.members.ignore_case),
            partial(gazetteer.inside, ignore_case=config.members.ignore_case),
            ids=units.index,
            where=read.table.where,
            least_match=config.members.least_match,
            place=read.table.place,
        )
        joined.name, joined.file = "regions", read.table.path.name
        report.joins.append(joined)
        lists.append((listed, resolved))
    first = int(listed["precedence"].max()) + 1 if len(listed) else 1
    for kind in config.kinds:
        if kind.table is not None:
            found, rows = read_delineation(kind, first, report.tables)
            pairs = _delineated(kind, rows, gazetteer, report)
            # A region of which no unit is found is in no table.
            found = found[found.index.isin(pairs["region_id"])]
            attributes.append(_further(kind, rows, pairs, units, project.levels()))
            pairs = pairs[["region_id", "unit_id"]].sort_values(
                ["region_id", "unit_id"], ignore_index=True
            )
        elif kind.column is not None or kind.of is not None:
            ids, names = _beside_units(kind, boundaries)
            found, pairs = regions_of_units(kind, ids, names, first)
        else:
            continue
        first += len(found)
        lists.append((found, pairs))
    tables, polygons = [], []
    for given, resolved in lists:
        membership = membership_from_members(resolved, given, units)
        tables.append(membership)
        drawn = digest(key, resolved.to_dict("list"), code=["regional_atlas.membership"])
        geometry = store.get("regions", drawn, partial(dissolve_regions, units, membership))
        polygons.append(gpd.GeoDataFrame(given, geometry=geometry, crs=geometry.crs))
    for kind in config.kinds:
        if kind.polygons is not None:
            outlined = read_region_polygons(kind, first)
            first += len(outlined)
            polygons.append(outlined)
            tables.append(assign_membership(units, outlined, rule=kind.rule))
    raise_if([] if tables else ["no kind has members or polygons"], DataError, "regions")
    regions = pd.concat(polygons)[[*columns, "geometry"]]
    repeated = regions.index[regions.index.duplicated()]
    raise_if((f"region_id {name!r} appears twice" for name in repeated), DataError, "regions")
    progress("regions", 1, 1)
    membership = check_membership(pd.concat(tables, ignore_index=True), units.index)
    return regions, membership, _attributes(attributes)


def _named(
    gazetteer: Gazetteer, name: str, within: dict[str, str], *, ignore_case: bool
) -> list[str]:
    return gazetteer.find(name, within, ignore_case=ignore_case).units


def _delineated(
    kind: KindConfig, read: UnitRows, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    """Find the units of a delineation's rows: `region_id`, `unit_id`."""
    assert kind.table is not None
    matched = join_units(read, gazetteer, kind.id, kind.table, report)
    return pd.DataFrame({"region_id": read.rows["region_id"], "unit_id": matched}).dropna()


def _further(
    kind: KindConfig, read: UnitRows, pairs: pd.DataFrame, units: pd.DataFrame, levels: list[str]
) -> pd.DataFrame:
    """Lay the further columns of a delineation out as attributes of its membership."""
    named = attributes_of(kind, read, levels)
    wide = read.table.text.loc[pairs.index, named].join(pairs)
    long = wide.melt(["region_id", "unit_id"], var_name="attribute").dropna(subset=["value"])
    return long.assign(kind=kind.id, unit=long["unit_id"].map(units["unit"]))


def _attributes(found: list[pd.DataFrame]) -> pd.DataFrame:
    if not found:
        return pd.DataFrame(columns=MEMBERSHIP_ATTRIBUTE_COLUMNS)
    table = pd.concat(found, ignore_index=True)[MEMBERSHIP_ATTRIBUTE_COLUMNS]
    order = ["kind", "unit_id", "region_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _beside_units(kind: KindConfig, boundaries: _Boundaries) -> tuple[pd.Series, pd.Series]:
    """Give the id and the name of each unit's region, from a column or from another level."""
    if kind.column is not None:
        ids = boundaries.columns[kind.column]
        return ids, boundaries.columns[kind.column_name] if kind.column_name else ids
    level = str(kind.of)
    ids, names = boundaries.units[f"{level}_id"], boundaries.units[level]
    if not kind.groups:
        return ids, names
    groups = grouped(kind.groups, level, names, f"regions.kinds {kind.id!r}")
    return groups, groups


_SHARE = 0.002
"""Of its smaller neighbour's area, what a border may leave out at a vertex."""


def _simplified(project: Project, tables: AtlasTables) -> tuple[dict[str, Any], dict[str, Any]]:
    import shapely

    from regional_atlas.units.simplify import simplify_units

    layout = project.layout
    projected = tables.units[["geometry"]].to_crs(layout.projection)
    boxes = gpd.GeoSeries(
        [shapely.segmentize(shapely.box(*box), 1.0) for box in layout.keep_islets], crs=crs.WGS84
    ).to_crs(layout.projection)
    topology, _, report = simplify_units(
        projected,
        lines={"lines": list(tables.lines.to_crs(layout.projection))},
        keep_boxes=[tuple(box) for box in boxes.bounds.to_numpy()],
        tolerance=layout.tolerance,
        share=_SHARE,
        grid=layout.grid,
    )
    return topology, report.summary()


def _simplification_check(found: dict[str, Any], names: pd.Series) -> Check:
    worst = names[found["area_error_worst_unit"]]
    before, after = found["vertices_before"], found["vertices_after"]
    largest, usual = found["area_error_worst"], found["area_error_99th_percentile"]
    islets, lost = found["parts_dropped"], found["area_dropped"] / 1e6
    return Check(
        Message("check-simplified"),
        found["units_over_limit"] == 0,
        Message(
            "check-simplified-by",
            {
                "before": Count(before),
                "after": Count(after),
                "largest": f"{largest:.2%}",
                "worst": worst,
                "usual": f"{usual:.2%}",
                "islets": islets,
                "lost": Count(lost, 2),
            },
        ),
    )
