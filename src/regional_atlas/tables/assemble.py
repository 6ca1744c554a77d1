"""Boundaries and regions of a project, from their sources to tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pyproj

from regional_atlas.config import BoundariesConfig, KindConfig, RegionsConfig
from regional_atlas.config.lists import said_at
from regional_atlas.config.map import MapLayout
from regional_atlas.config.project import Project
from regional_atlas.core import crs
from regional_atlas.core.arguments import an_instance
from regional_atlas.core.catalogues import lent_messages
from regional_atlas.core.crs import boxes_within_a_turn
from regional_atlas.core.errors import (
    ConfigError,
    DataError,
    InputError,
    raise_if,
    results_of,
    together,
)
from regional_atlas.core.model import Box
from regional_atlas.core.numerals import Count
from regional_atlas.core.schema import (
    MEMBERSHIP_ATTRIBUTE_COLUMNS,
    PROBABILITY,
    BuildReport,
    Check,
    CoverageFault,
    MatchReport,
    Omission,
    RepairedUnit,
    check_membership,
    listed,
)
from regional_atlas.core.texts import Joined, LanguageName, Message, Said, Text
from regional_atlas.membership.assemble import assemble_membership
from regional_atlas.membership.chances import probability_rule
from regional_atlas.membership.members import membership_from_members, resolve_members
from regional_atlas.membership.polygons import assign_membership, dissolve_regions
from regional_atlas.sources.boundaries import read_boundaries, read_lines, text_of
from regional_atlas.sources.reader import Table
from regional_atlas.sources.regions import (
    attributes_of,
    read_delineation,
    read_members,
    read_region_polygons,
    read_regions,
    regions_of_units,
)
from regional_atlas.sources.vectors import check_position
from regional_atlas.tables.graph import Work
from regional_atlas.tables.joins import join_units
from regional_atlas.tables.store import Store, digest
from regional_atlas.units.matching import Gazetteer, contradictions
from regional_atlas.units.polygon_coverage import require_valid
from regional_atlas.units.repair import drawn_apart, settle_coverage
from regional_atlas.units.table import build_units, grouped, unit_names
from regional_atlas.zonal.antimeridian import joined_for

__all__ = [
    "Regions",
    "build_regions",
    "check_place",
    "lent_words",
    "read_boundary_tables",
    "read_units",
    "simplified_topology",
]


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
    from regional_atlas.tables.steps import atlas_graph

    an_instance("project", project, Project, "a project as read_project gives it")
    if store is not None:
        an_instance("store", store, Store, "a Store of regional_atlas.tables.store")
    units: gpd.GeoDataFrame = atlas_graph(project, store=store).get("units")
    return units


def read_boundary_tables(
    project: Project, report: BuildReport
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoSeries]:
    """Read the units, every column of their source as text, and the lines that the map draws.

    The report gets what was verified and repaired.

    Raises
    ------
    DataError
        Invalid rings, missing columns, repeated keys, incomplete boundaries, overlaps and gaps.
    """
    config = project.config.boundaries
    where = str(config.file or config.provider)
    raw = read_boundaries(config)
    require_valid(raw, where)
    names = unit_names(raw, config)
    settled = settle_coverage(
        raw.geometry, names, config.polygon_coverage, where=where, key=config.key
    )
    units = build_units(raw.set_geometry(settled.geometry), config)
    report.repaired, report.faults = settled.repaired, settled.faults
    report.checks += _boundary_checks(config, units, report)
    report.omissions += _faults_left(settled.faults)
    report.joins += _parent_names(config, units)
    columns = raw.drop(columns=raw.geometry.name)
    texts = {str(name): text_of(columns[name]) for name in columns}
    return units, pd.DataFrame(texts, index=raw.index), read_lines(config)


def check_place(project: Project, units: gpd.GeoDataFrame) -> None:
    """Refuse units whose coordinates say that the CRS is wrong, and insets that show no unit."""
    config = project.config.boundaries
    labels = [f"{unit_id} ({name})" for unit_id, name in units["unit"].items()]
    where = str(config.file or config.provider)
    check_position(units.geometry, labels, where, within=project.config.map.bounds)
    raise_if(
        (
            f"map.insets {inset.id!r}: no unit lies within {list(inset.bounds)} "
            "(west, south, east, north)"
            for inset in project.config.map.insets
            if not _meets(units, inset.bounds)
        ),
        ConfigError,
    )


def _meets(units: gpd.GeoDataFrame, bounds: Box) -> bool:
    """Tell whether any unit reaches into a box of degrees."""
    boxes = boxes_within_a_turn(bounds)
    return any(len(units.sindex.query(box, "intersects")) > 0 for box in boxes)


def simplified_topology(tables: Any, work: Work) -> tuple[dict[str, Any], Check]:
    """Simplify the units for the page, borders kept shared.

    Parameters
    ----------
    tables : AtlasTables
        Units, lines and the map's layout.
    work : Work

    Returns
    -------
    dict
        TopoJSON with the objects `units` (in the order of the table) and `lines`, in metres of the
        map's projection.
    Check
        What was simplified, and by how much areas changed.
    """
    layout = tables.layout
    drawn = (layout.projection, layout.keep_islets, layout.tolerance, layout.grid)
    key = digest(work.key("units"), drawn, code=["regional_atlas.units"])
    topology, found = work.store.get("page", key, lambda: _simplified(layout, tables))
    return topology, _simplification_check(found, tables.units["unit"])


def lent_words(project: Project) -> Iterator[Omission]:
    """Count the messages that English lends to each language that the project offers."""
    for lang in project.config.offered():
        lent = len(lent_messages(lang))
        if lent:
            what = Message("omitted-words", {"count": lent, "language": LanguageName(lang)})
            yield Omission(what, Message("why-words"))


def _parent_names(config: BoundariesConfig, units: pd.DataFrame) -> Iterator[MatchReport]:
    """Say which names of parents, listed by id, are those of a level; every parent has one."""
    for parent in config.parents:
        known = set(units[f"{parent.id}_id"].dropna())
        lost = [
            f"{said_at(parent.names, code)}{code} {name}"
            for code, name in parent.names.items()
            if code not in known
        ]
        if parent.names:
            matched = len(parent.names) - len(lost)
            name = f"{parent.id} names"
            yield MatchReport(name, len(parent.names), matched, unmatched=lost)


def _boundary_checks(
    config: BoundariesConfig, units: gpd.GeoDataFrame, report: BuildReport
) -> list[Check]:
    complete, datum = config.complete, config.datum
    checks = [
        Check(
            Message("check-complete"),
            True,
            Message(
                "check-complete-units",
                {"count": len(units), "required": len(complete.required)},
            ),
        ),
    ]
    if not report.faults:
        checks.append(_coverage_check(report.repaired))
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


NAMED = 5
"""Repaired units that the report's sentence names; its list has all."""
LISTED = 20
"""Overlaps and gaps that are listed one by one; the report's list has all."""


def _faults_left(faults: list[CoverageFault]) -> Iterator[Omission]:
    """Mark the overlaps and gaps that the project lets pass."""
    for fault in faults[:LISTED]:
        yield Omission(Text(str(fault)), Message("why-coverage"))
    if len(faults) > LISTED:
        more = Message("omitted-faults", {"count": len(faults) - LISTED})
        yield Omission(more, Message("why-coverage"))


def _coverage_check(repaired: list[RepairedUnit]) -> Check:
    parts: list[Said] = []
    if repaired:
        named = [
            Message(
                "check-topology-unit",
                {
                    "unit": f"{each.unit_id} ({each.unit})",
                    "beside": listed(each.beside, 3),
                    "others": len(each.beside),
                    "place": f"{each.lon:.6f}, {each.lat:.6f}",
                    "before": f"{each.area_before:.6f}",
                    "after": f"{each.area_after:.6f}",
                },
            )
            for each in repaired[:NAMED]
        ]
        said = Message("check-topology-repaired", {"count": len(repaired)})
        parts += [said, *named]
    detail = Joined(parts, "clauses") if parts else Message("check-topology-valid")
    return Check(Message("check-topology"), True, detail)


class Regions(NamedTuple):
    """The regions of a project and their units.

    Attributes
    ----------
    regions : GeoDataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`, geometry.
    membership : DataFrame
        The membership contract.
    attributes : DataFrame
        Further columns of the tables that delineate regions, long.
    lost : DataFrame
        `kind`, `region_id`, `rule`: the lines of members that no unit answers to, where the project
        allows some.
    """

    regions: gpd.GeoDataFrame
    membership: pd.DataFrame
    attributes: pd.DataFrame
    lost: pd.DataFrame


class _Part(NamedTuple):
    """The regions that one source gives."""

    regions: pd.DataFrame
    membership: pd.DataFrame
    polygons: gpd.GeoDataFrame
    attributes: pd.DataFrame | None = None
    lost: pd.DataFrame | None = None


_LOST_COLUMNS = ["kind", "region_id", "rule"]


def build_regions(project: Project, tables: Any, work: Work) -> Regions:
    """Read the regions of every kind, and find the units of each.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Units, the columns of their source, and the gazetteer.
    work : Work

    Returns
    -------
    Regions

    Raises
    ------
    DataError
        Of every source at once: no region, a region twice, rows that no unit answers to.
    """
    config, report = project.config.regions, work.report
    units = tables.units
    columns = ["name", "name_en", "kind", "precedence", "source"]
    if config is None:
        empty = pd.DataFrame(columns=columns, index=pd.Index([], name="region_id"))
        none = pd.DataFrame(
            columns=["unit_id", "region_id", "share_of_unit", "share_of_region", "rule"]
        )
        membership = assemble_membership(none, empty, units.index)
        outlines = gpd.GeoDataFrame(empty, geometry=[], crs=crs.WGS84)
        return Regions(outlines, membership, _attributes([]), pd.DataFrame(columns=_LOST_COLUMNS))
    work.progress("regions", 0, 1)
    sources: list[Callable[[int], _Part | None]] = [
        lambda _: _listed(config, tables, report),
        *(partial(_of_kind, kind, project, tables, report) for kind in config.kinds),
        *(partial(_outlined, kind, units) for kind in config.kinds if kind.polygons is not None),
    ]
    parts: list[_Part] = []
    errors: list[InputError] = []
    first = 1
    for at, source in enumerate(sources):
        try:
            part = source(first)
        except InputError as error:
            errors.append(error)
            continue
        if part is not None:
            parts.append(part)
            highest = first - 1 + len(part.regions) if at else part.regions["precedence"].max()
            first = int(highest) + 1
    if errors:
        raise together(errors)
    raise_if([] if parts else ["no kind has members or polygons"], DataError, "regions")
    regions = pd.concat([part.polygons for part in parts])[[*columns, "geometry"]]
    # Some sources have no such column, or an empty one: together they are text all the same.
    regions = regions.astype(dict.fromkeys(("name", "name_en", "source"), "str"))
    repeated = regions.index[regions.index.duplicated()]
    raise_if((f"region_id {name!r} appears twice" for name in repeated), DataError, "regions")
    raise_if(_ids_alike(regions), DataError, "regions")
    work.progress("regions", 1, 1)
    found = pd.concat([part.membership for part in parts], ignore_index=True)
    further = [part.attributes for part in parts if part.attributes is not None]
    lost = [part.lost for part in parts if part.lost is not None and len(part.lost)]
    absent = pd.concat(lost, ignore_index=True) if lost else pd.DataFrame(columns=_LOST_COLUMNS)
    report.omissions += _lost_members(absent, regions)
    membership = check_membership(found, units.index)
    return Regions(regions, membership, _attributes(further), absent)


def _listed(config: RegionsConfig, tables: Any, report: BuildReport) -> _Part | None:
    """Take the regions of a table and the members of another; faults of both are said together."""
    units, gazetteer, errors = tables.units, tables.gazetteer, list[InputError]()
    listed: pd.DataFrame | None = None
    try:
        listed = read_regions(config, report.tables)
    except InputError as error:
        errors.append(error)
    resolved = None
    if config.members is not None and (listed is None or len(listed)):
        try:
            read, problems = read_members(config.members, listed, report.tables)
            problems += contradictions(read.rows, gazetteer, read.table.place)
            resolved, lost, joined = resolve_members(
                read.rows,
                [parent.id for parent in gazetteer.parents],
                partial(_named, gazetteer, ignore_case=config.members.ignore_case),
                partial(gazetteer.inside, ignore_case=config.members.ignore_case),
                ids=units.index,
                where=read.table.where,
                least_match=config.members.least_match,
                place=read.table.place,
                problems=problems,
            )
            joined.name, joined.file = "regions", read.table.path.name
            report.joins.append(joined)
        except InputError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    if listed is None or resolved is None:
        return None
    part = _whole_units(listed, resolved, units)
    return part._replace(lost=lost.assign(kind=lost["region_id"].map(listed["kind"])))


def _whole_units(
    regions: pd.DataFrame, pairs: pd.DataFrame, units: gpd.GeoDataFrame, rule: str = "member"
) -> _Part:
    membership = membership_from_members(pairs, regions, units, rule)
    geometry = dissolve_regions(units, membership)
    polygons = gpd.GeoDataFrame(regions, geometry=geometry, crs=geometry.crs)
    return _Part(regions, membership, polygons)


def _of_kind(
    kind: KindConfig, project: Project, tables: Any, report: BuildReport, first: int
) -> _Part | None:
    """Take the regions of a kind from a table of its own, or from what stands beside the units."""
    units = tables.units
    if kind.table is not None:
        return _delineated(kind, project, tables, report, first)
    if kind.column is None and kind.of is None:
        return None
    boundaries = project.config.boundaries
    ids, names = _beside_units(kind, tables, str(boundaries.file or boundaries.provider))
    return _whole_units(*regions_of_units(kind, ids, names, first), units)


def _delineated(
    kind: KindConfig, project: Project, tables: Any, report: BuildReport, first: int
) -> _Part:
    """Take the regions of a kind from a table of its own."""
    config, units = kind.table, tables.units
    assert config is not None
    delineated = read_delineation(kind, first, report.tables)
    read, chances = delineated.rows, delineated.probability
    matched, named = results_of(
        lambda: join_units(
            read, tables.gazetteer, kind.id, config, report, problems=delineated.problems
        ),
        lambda: attributes_of(kind, read, project.levels()),
        kind=DataError,
    )
    rows = pd.DataFrame({"region_id": read.rows["region_id"], "unit_id": matched})
    likely, further, rule = rows, read.table.text[named], "member"
    if chances is not None:
        further = further.assign(**{PROBABILITY: chances.map("{:.15g}".format)})
        rule = probability_rule(config.least_probability)
        likely = rows[chances >= config.least_probability]
        _check_likely(rows.dropna(), likely.dropna(), rule, read.table)
    pairs, members = rows.dropna(), likely.dropna()
    # A region of which no unit is found is in no table.
    found = delineated.regions
    found = found[found.index.isin(members["region_id"])]
    attributes = _further(kind, pairs[pairs["region_id"].isin(found.index)], units, further)
    ordered = members.sort_values(["region_id", "unit_id"], ignore_index=True)
    lost = likely.loc[likely["unit_id"].isna(), ["region_id"]]
    lost = lost[lost["region_id"].isin(found.index)]
    part = _whole_units(found, ordered, units, rule)
    return part._replace(attributes=attributes, lost=lost.assign(kind=kind.id, rule="include"))


def _check_likely(pairs: pd.DataFrame, members: pd.DataFrame, rule: str, table: Table) -> None:
    """Refuse pairs that appear twice and a kind without members; note regions without any."""
    problems = [
        f"{table.row_word} {line}: unit {unit} is in region {region} before; "
        "a pair has one probability"
        for line, region, unit in pairs[pairs.duplicated()].itertuples()
    ]
    if members.empty:
        problems.append(f"no unit has a {rule}; lower `at_least`")
    raise_if(problems, DataError, table.where)
    without = pairs.loc[~pairs["region_id"].isin(members["region_id"]), "region_id"].unique()
    if len(without):
        table.note(f"regions where no unit has a {rule} are left out: {listed(list(without))}")


def _outlined(kind: KindConfig, units: gpd.GeoDataFrame, first: int) -> _Part:
    outlined = read_region_polygons(kind, first)
    return _Part(outlined, assign_membership(units, outlined, rule=kind.rule), outlined)


def _lost_members(lost: pd.DataFrame, regions: pd.DataFrame) -> Iterator[Omission]:
    """Say of which regions members are lost, so that all their values are partial."""
    for region, lines in lost.groupby("region_id", sort=False):
        name = Text(str(regions["name"].get(region, region)))
        what = Message("omitted-members", {"count": len(lines), "region": name})
        yield Omission(what, Message("why-members"))


def _named(
    gazetteer: Gazetteer, name: str, within: dict[str, str], *, ignore_case: bool
) -> list[str]:
    return gazetteer.find(name, within, ignore_case=ignore_case).units


def _further(
    kind: KindConfig, pairs: pd.DataFrame, units: pd.DataFrame, columns: pd.DataFrame
) -> pd.DataFrame:
    """Lay the further columns of a delineation out as attributes of its membership."""
    wide = columns.loc[pairs.index].join(pairs)
    long = wide.melt(["region_id", "unit_id"], var_name="attribute").dropna(subset=["value"])
    return long.assign(kind=kind.id, unit=long["unit_id"].map(units["unit"]))


def _ids_alike(regions: pd.DataFrame) -> list[str]:
    """Name ids of a kind that are one number written in two ways: one region would become two."""
    ids = regions.index.to_series()
    whole = ids.str.replace(r"\.0+$", "", regex=True)
    return [
        f"region_id {' and '.join(map(repr, sorted(held)))} of kind {kind!r} look like one number "
        "written in two ways; write it in one"
        for (kind, _), held in ids.groupby([regions["kind"], whole])
        if len(held) > 1
    ]


def _attributes(found: list[pd.DataFrame]) -> pd.DataFrame:
    if not found:
        return pd.DataFrame(columns=MEMBERSHIP_ATTRIBUTE_COLUMNS)
    table = pd.concat(found, ignore_index=True)[MEMBERSHIP_ATTRIBUTE_COLUMNS]
    order = ["kind", "unit_id", "region_id"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _beside_units(kind: KindConfig, tables: Any, where: str) -> tuple[pd.Series, pd.Series]:
    """Give the id and the name of each unit's region, from a column or from another level."""
    if kind.column is not None:
        columns = tables.unit_columns
        raise_if(
            (
                f"column {name!r} is missing (regions.kinds {kind.id!r}); "
                f"found: {', '.join(columns)}"
                for name in dict.fromkeys((kind.column, kind.column_name))
                if name and name not in columns
            ),
            DataError,
            where,
        )
        ids = columns[kind.column]
        return ids, columns[kind.column_name] if kind.column_name else ids
    level = str(kind.of)
    ids, names = tables.unit_table[f"{level}_id"], tables.unit_table[level]
    if not kind.groups:
        return ids, names
    groups = grouped(kind.groups, level, names, f"regions.kinds {kind.id!r}")
    return groups, groups


_SHARE = 0.002
"""Of its smaller neighbour's area, what a border may leave out at a vertex."""


def _simplified(layout: MapLayout, tables: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    import shapely

    from regional_atlas.units.simplify import simplify_units

    whole = joined_for(
        tables.units.geometry.to_numpy(), pyproj.CRS.from_user_input(layout.projection)
    )
    projected = tables.units[["geometry"]].set_geometry(whole, crs=crs.WGS84)
    projected = projected.to_crs(layout.projection)
    if tables.faults:
        apart = drawn_apart(projected.geometry, tables.units["unit"])
        projected = projected.set_geometry(apart)
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
