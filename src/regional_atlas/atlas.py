"""What a build gives: every table as an attribute, questions, the map, and saving."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from regional_atlas.config.project import Project, read_project
from regional_atlas.core.arguments import (
    a_flag,
    a_function,
    a_number,
    a_path,
    a_text,
    a_whole_number,
    an_instance,
    one_of,
    some_texts,
    wrong,
)
from regional_atlas.core.errors import InputError, raise_if, together
from regional_atlas.core.outputs import is_built
from regional_atlas.core.provenance import with_provenance
from regional_atlas.core.schema import AtlasTables
from regional_atlas.publish.steps import PAGE_STEPS
from regional_atlas.query.answers import query_table, query_units
from regional_atlas.query.areas import Asked
from regional_atlas.query.basis import Basis
from regional_atlas.query.question import Question
from regional_atlas.query.regions import query_regions, with_polygons
from regional_atlas.query.sql.run import TIMEOUT, run_sql
from regional_atlas.query.summary import summarise
from regional_atlas.tables.built import BuiltGraph
from regional_atlas.tables.graph import Graph, Progress, quiet
from regional_atlas.tables.steps import STEPS, atlas_graph
from regional_atlas.tables.store import Store

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import Geometry

    from regional_atlas.page import AtlasMap
    from regional_atlas.scoring.sensitivity import UncertaintyResult

__all__ = ["Atlas", "build", "explore", "open_atlas"]

_LONGEST_WAIT = 7 * 24 * 3600

T = TypeVar("T")

_WHAT = {
    "units": "units",
    "regions": "regions",
    "rankings": "rankings",
    "membership": "membership of units in regions",
    "nightlights": "yearly statistics of night lights by unit",
    "rasters": "statistics of rasters by unit",
    "scores": "scores",
    "indicators": "indicators by unit",
    "clusters": "industrial clusters",
    "comparison": "published figures beside computed ones",
    "membership_attributes": "attributes of units in regions",
    "region_counts": "units of regions among the first ranks",
    "region_values": "values of regions",
    "space": "local Moran and Gᵢ* by unit",
    "space_summary": "global Moran and mobility of ranks",
    "inequality": "Theil and Gini",
}
"""What each table is, for its `attrs`."""


@dataclass(frozen=True, repr=False)
class Atlas:
    """An atlas: its tables, each made or read from the store when it is first looked at.

    Attributes
    ----------
    graph : Graph
        Where the tables come from.
    """

    graph: Graph
    _seen: dict[str, Any] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        an_instance("graph", self.graph, Graph, "the tables of a project, as open_atlas gives them")

    def __repr__(self) -> str:
        """Name the project and its folder."""
        return f"<Atlas {self.project.id!r} of {self.project.root}>"

    def _repr_html_(self) -> str:
        """Show a notebook the project, and what can be asked; no table is made for it."""
        config = self.project.config
        lang = (config.languages or ["en"])[0]
        rows = {
            "folder": str(self.project.root),
            "rankings": ", ".join(ranking.id for ranking in config.rankings),
            "regions": ", ".join(self.project.kinds()),
            "tables": ", ".join(_WHAT),
        }
        lines = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(said)}</td></tr>"
            for name, said in rows.items()
            if said
        )
        title = f"{config.title.in_(lang)} ({self.project.id})"
        return f"<table><caption>{escape(title)}</caption>{lines}</table>"

    def _told(self, name: str, table: T) -> T:
        """Give a table that says what it is; the one that builds write stays as it is."""
        if name not in self._seen:
            if isinstance(table, dict):
                found: Any = {key: self._with_said(each, name) for key, each in table.items()}
            else:
                found = None if table is None else self._with_said(table, name)
            self._seen[name] = found
        told: T = self._seen[name]
        return told

    def _with_said(self, table: Any, name: str) -> pd.DataFrame:
        found: pd.DataFrame = table.copy(deep=False)
        years = found["year"].dropna().unique().tolist() if "year" in found.columns else None
        source = found.attrs.get("source", f"project {self.project.id!r}")
        return with_provenance(found, _WHAT[name], source=source, year=years)

    @property
    def project(self) -> Project:
        """What it is made from."""
        return self.graph.project

    @property
    def store(self) -> Store:
        """Where unchanged tables come from."""
        return self.graph.store

    @cached_property
    def tables(self) -> AtlasTables:
        """Every table."""
        return self.graph.tables()

    @cached_property
    def _basis(self) -> Basis:
        """What questions share."""
        return Basis(self.project, self.tables)

    @cached_property
    def drawn(self) -> Project:
        """The project, with all that its map needs."""
        return self.project.with_map(self.graph.get("layout"))

    @property
    def units(self) -> gpd.GeoDataFrame:
        """The units: full detail, WGS 84."""
        return self._told("units", self.tables.units)

    @property
    def regions(self) -> gpd.GeoDataFrame:
        """The regions with their polygons."""
        return self._told("regions", self.tables.regions)

    @property
    def rankings(self) -> pd.DataFrame:
        """All rankings, long."""
        return self._told("rankings", self.tables.rankings)

    @property
    def membership(self) -> pd.DataFrame:
        """Which unit belongs to which region, with shares."""
        return self._told("membership", self.tables.membership)

    @property
    def nightlights(self) -> pd.DataFrame | None:
        """Yearly statistics of the night lights; None without any."""
        return self._told("nightlights", self.tables.nightlights)

    @property
    def rasters(self) -> pd.DataFrame:
        """Statistics of the rasters by unit and year, with the cells behind each value."""
        return self._told("rasters", self.tables.rasters)

    @property
    def scores(self) -> dict[str, pd.DataFrame]:
        """Scores of the computed rankings, by id."""
        return self._told("scores", self.tables.scores)

    @property
    def indicators(self) -> pd.DataFrame:
        """All indicators, long."""
        return self._told("indicators", self.tables.indicators)

    @property
    def clusters(self) -> pd.DataFrame:
        """Industrial clusters, one row for each cluster and unit."""
        return self._told("clusters", self.tables.clusters)

    @property
    def comparison(self) -> pd.DataFrame | None:
        """Published figures beside computed ones; None where none are given."""
        return self._told("comparison", self.tables.comparison)

    @property
    def membership_attributes(self) -> pd.DataFrame:
        """Further columns of the tables that delineate regions, by unit and region, long."""
        return self._told("membership_attributes", self.tables.membership_attributes)

    @property
    def region_counts(self) -> pd.DataFrame:
        """How many units each region has among the first of a ranking, with intervals."""
        return self._told("region_counts", self.tables.region_counts)

    @property
    def region_values(self) -> pd.DataFrame:
        """Every indicator's value in every region and parent, and how many members have data."""
        return self._told("region_values", self.tables.region_values)

    @property
    def space(self) -> pd.DataFrame:
        """Local Moran, Gᵢ* and their classes, by declared field and unit."""
        return self._told("space", self.tables.space)

    @property
    def space_summary(self) -> pd.DataFrame:
        """Global Moran, classes counted, and mobility of ranks, by declared field."""
        return self._told("space_summary", self.tables.space_summary)

    @property
    def inequality(self) -> pd.DataFrame:
        """Theil and Gini of the declared fields, between and within groups."""
        return self._told("inequality", self.tables.inequality)

    def query(
        self,
        *,
        level: str | None = None,
        ranking: str | None = None,
        where: str | None = None,
        region: Asked | None = None,
        not_in: Asked | None = None,
        tier: int | None = None,
        within: str | Path | gpd.GeoDataFrame | gpd.GeoSeries | Geometry | None = None,
        layer: str | None = None,
        zones_crs: str | None = None,
        bbox: tuple[float, float, float, float] | None = None,
        near: tuple[float, float] | str | None = None,
        radius: float | None = None,
        neighbours_of: str | None = None,
        order: int = 1,
        per: str | None = None,
        rank_within: str | None = None,
        top: int | None = None,
        sort: str | Sequence[str] | None = None,
        year: int | None = None,
        columns: str | Sequence[str] = (),
        unranked: bool = False,
        geometry: bool | None = None,
        **kinds: str | Sequence[str],
    ) -> pd.DataFrame:
        """List ranked units; each part of the question is explained in `query.question.Question`.

        Region kinds and parent levels are named directly: `metro="杭州都市圈"`, or
        `metro=["杭州", "宁波"]` for the units in any of them.

        Parameters
        ----------
        level : str, optional
            A region kind, a parent level or `unit_type`: list these areas with their roll-ups
            instead of units; see `query.regions.query_regions`.
        geometry : bool, optional
            Whether the answer has polygons and is a GeoDataFrame: by default that of units has,
            that of regions has not. Without, polygons are read only where a place is asked for.

        Returns
        -------
        GeoDataFrame or DataFrame
            See `query.answers.query_table`.

        Raises
        ------
        InputError
            All that is wrong with the question at once, with what is allowed or near.

        Examples
        --------
        >>> atlas = open_atlas("geo/china-2022")  # doctest: +SKIP
        >>> atlas.query(where="industrial > 60", metro="苏锡常", top=3)  # doctest: +SKIP
        """
        question = Question(
            ranking=ranking,
            where=where,
            region=region,
            kinds=kinds,
            not_in=not_in,
            tier=tier,
            within=within,
            layer=layer,
            zones_crs=zones_crs,
            bbox=bbox,
            near=near,
            radius=radius,
            neighbours_of=neighbours_of,
            order=order,
            per=per,
            rank_within=rank_within,
            top=top,
            sort=sort,
            year=year,
            columns=columns,
            unranked=unranked,
        )
        if level is not None:
            table = query_regions(self._basis, level, question)
            return with_polygons(self._basis, level, table) if geometry else table
        answer = query_table if geometry is False else query_units
        return answer(self._basis, question)

    def summarise(
        self,
        by: str,
        *,
        ranking: str | None = None,
        sort: str | Sequence[str] | None = None,
        top: int | None = None,
        year: int | None = None,
    ) -> pd.DataFrame:
        """Roll up by a parent level, region kind or `unit_type`; see `query.summary.summarise`."""
        a_text("by", by, "a parent level, a region kind or 'unit_type'")
        if ranking is not None:
            a_text("ranking", ranking)
        raise_if(Question(sort=sort).kind_problems(), InputError)
        for name, number, least in (("top", top, 1), ("year", year, 0)):
            if number is not None:
                a_whole_number(name, number, least=least)
        return summarise(
            self.project, self.tables, by=by, ranking=ranking, sort=sort, top=top, year=year
        )

    def compare_regions(self, kind: str, other: str, *, weight: str | None = None) -> pd.DataFrame:
        """Set regions of a kind beside those of another; see `query.likeness.compare_kinds`.

        Examples
        --------
        >>> atlas = open_atlas("geo/china-2022")  # doctest: +SKIP
        >>> atlas.compare_regions("metro", "prefecture")  # doctest: +SKIP
        """
        from regional_atlas.query.likeness import compare_kinds

        for name, value in (("kind", kind), ("other", other)):
            a_text(name, value, "a region kind, a parent level or 'unit_type'")
        if weight is not None:
            a_text("weight", weight, "a field of units")
        return compare_kinds(self._basis, kind, other, weight)

    def concentration(
        self, by: str, field: str, *, of: str | None = None, year: int | None = None
    ) -> pd.DataFrame:
        """Measure concentration in regions; see `query.concentration.concentration`.

        Examples
        --------
        >>> atlas = open_atlas("geo/china-2022")  # doctest: +SKIP
        >>> atlas.concentration("metro", "light_sum", of="area_km2")  # doctest: +SKIP
        """
        from regional_atlas.query.concentration import concentration

        a_text("by", by, "a region kind, a parent level or 'unit_type'")
        a_text("field", field, "a field of units that adds up")
        if of is not None:
            a_text("of", of, "a field of units that adds up")
        if year is not None:
            a_whole_number("year", year, least=0)
        return concentration(self._basis, by, field, of, year)

    def uncertainty(self, ranking: str) -> UncertaintyResult:
        """Run the draws of a computed ranking, with Sobol' indices, or read the same run.

        Parameters
        ----------
        ranking : str
            Id of a computed ranking whose index file has [uncertainty].

        Returns
        -------
        UncertaintyResult
            Rank intervals, tiers, counts of regions, what each choice contributes, every draw.

        Raises
        ------
        InputError
            A published ranking, an index without [uncertainty], or a build without its indicators.
        """
        from regional_atlas.tables.rankings import index_data
        from regional_atlas.tables.uncertainty import Groups, uncertainty_of

        a_text("ranking", ranking, "the id of a computed ranking")
        config, spec = self.project.ranking(ranking), self.project.indices.get(ranking)
        if spec is None or spec.uncertainty is None:
            what = "is published" if spec is None else "says nothing of [uncertainty]"
            raise InputError(f"ranking {ranking!r} {what}")
        data, absent = index_data(config, spec, self.tables.unit_table, self.indicators)
        if absent:
            raise InputError(f"ranking {ranking!r}: the build has no {', '.join(absent)}")
        groups = Groups.of(self.tables, self.project.levels())
        found = uncertainty_of(
            data, spec, self.store, groups=groups.units, chances=groups.chances, sobol=True
        )
        assert found is not None
        return found

    def sql(self, statement: str, *, timeout: float = TIMEOUT) -> pd.DataFrame:
        """Answer one SELECT over the tables; see `regional_atlas.query.sql.run_sql`."""
        if not isinstance(statement, str) or "\0" in statement:
            raise wrong("statement", statement, "a SELECT as text, without NUL")
        if a_number("timeout", timeout, least=0, above=True) > _LONGEST_WAIT:
            raise wrong("timeout", timeout, f"seconds, at most {_LONGEST_WAIT:,}")
        return run_sql(self.tables, statement, timeout=timeout)

    @property
    def topology(self) -> dict[str, Any]:
        """The page's geometry: TopoJSON in metres of the map's projection."""
        topology: dict[str, Any] = self.graph.get("topology")
        return topology

    def map(self) -> AtlasMap:
        """Return the atlas, a `folium.Map`, to add layers to or to show in a notebook."""
        from regional_atlas.page import AtlasMap

        parts = (self.graph.get(name) for name in ("page_spec", "packed_store", "packed_geometry"))
        return AtlasMap(*parts)

    def check(self, *known: InputError) -> None:
        """Make all that the map needs, and hold that nothing speaks against publishing it.

        `regional-atlas check` and `regional-atlas build` both do this, so that what the one passes
        the other builds (docs/method/checks.md).

        Parameters
        ----------
        *known : InputError
            What is wrong with the project already, to be said with the rest.

        Raises
        ------
        InputError
            All that is wrong at once: `known`, steps that fail, checks that are not met, and what
            the map cannot show.
        """
        for error in known:
            an_instance("known", error, InputError, "errors of this package")
        # What is left out of a project that is wrong may be what its plates show.
        page = () if known else ("page_spec",)
        errors = [*known, *self.graph.findings("topology", *page)]
        if errors:
            raise together(errors)

    def export(
        self,
        formats: Sequence[str],
        out: str | Path,
        *,
        overwrite: bool = False,
        raw: bool = False,
        progress: Progress = quiet,
    ) -> list[Path]:
        """Write GIS files; see `regional_atlas.export.export`.

        Parameters
        ----------
        formats : sequence of str
            Names of `regional_atlas.export.FORMATS`.
        out : str or Path
            A folder; made where it is missing.
        overwrite : bool
            Whether the folder may hold files that no earlier export wrote. A folder with the
            project's own files is refused all the same.
        raw : bool
            No apostrophe in CSV before a text that begins like a formula.
        progress : callable
            See `Progress`.

        Returns
        -------
        list of Path
            What was written.
        """
        from regional_atlas.export import FORMATS, check_formats, export

        wanted = check_formats(some_texts("formats", formats, "a list of formats"))
        _check_writing(out, overwrite, raw, progress)
        drawn = any(FORMATS[name].needs_topology for name in wanted)
        topology = self.topology if drawn else None
        return export(
            self.tables,
            self.drawn,
            wanted,
            Path(out),
            topology=topology,
            overwrite=overwrite,
            raw=raw,
            progress=progress,
        )

    def save(
        self,
        out: str | Path,
        *,
        overwrite: bool = False,
        raw: bool = False,
        progress: Progress = quiet,
    ) -> list[Path]:
        """Write the page, the data files and the report.

        Parameters
        ----------
        out : str or Path
            A folder; made where it is missing. Files of the same names are replaced, others kept.
        overwrite : bool
            Whether the folder may hold files that no earlier build wrote. A folder with the
            project's own files is refused all the same.
        raw : bool
            No apostrophe in CSV before a text that begins like a formula.
        progress : callable
            See `Progress`.

        Returns
        -------
        list of Path
            What was written.
        """
        from regional_atlas.publish.folder import save_atlas

        _check_writing(out, overwrite, raw, progress)
        return save_atlas(self, Path(out), progress, overwrite=overwrite, raw=raw)


def build(project: Project, *, store: Store | None = None, progress: Progress = quiet) -> Atlas:
    """Build an atlas in memory.

    Parameters
    ----------
    project : Project
        As `read_project` returns it.
    store : Store, optional
        The user's store by default.
    progress : callable
        Called with step, done and total.

    Returns
    -------
    Atlas

    Raises
    ------
    InputError
        The input is wrong; the message says where.
    """
    an_instance("project", project, Project, "a project as read_project gives it")
    atlas = open_atlas(project, store=store, progress=progress)
    atlas.graph.make_all()
    return atlas


def open_atlas(
    project: Project | str | Path, *, store: Store | None = None, progress: Progress = quiet
) -> Atlas:
    """Open an atlas without building it: each table is made when it is first looked at.

    Parameters
    ----------
    project : Project, str or Path
        As `read_project` returns it, the project's folder, or a folder that a build wrote: that
        answers every question, but has no map.
    store : Store, optional
        The user's store by default. What it holds is read, not made again.
    progress : callable
        Called with step, done and total.

    Returns
    -------
    Atlas

    Raises
    ------
    InputError
        The project is wrong; a table says what is wrong with its input when it is looked at.
    """
    if not isinstance(project, Project):
        a_path("project", project, "a project, or the path of its folder or of a built one")
    if store is not None:
        an_instance("store", store, Store, "a Store of regional_atlas.tables.store")
    a_function("progress", progress)
    if not isinstance(project, Project) and is_built(project):
        steps = (*STEPS, *PAGE_STEPS)
        return Atlas(BuiltGraph(Path(project), steps, store=store or Store(), progress=progress))
    read = project if isinstance(project, Project) else read_project(project)
    return Atlas(atlas_graph(read, PAGE_STEPS, store=store, progress=progress))


def explore(atlas: Atlas | Project | str | Path, plate: str | None = None) -> AtlasMap:
    """Show the map of an atlas in a notebook, opened at a plate.

    Parameters
    ----------
    atlas : Atlas, Project, str or Path
        An atlas, or what `open_atlas` opens.
    plate : str, optional
        Id of a plate of `atlas.toml`; the first by default.

    Returns
    -------
    AtlasMap
        A `folium.Map`: the last line of a cell shows it; Folium's layers can be added.

    Raises
    ------
    InputError
        No such plate, or a wrong argument; what `open_atlas` and `Atlas.map` raise.
    """
    if plate is not None:
        a_text("plate", plate, "the id of a plate")
    if not isinstance(atlas, Atlas):
        if not isinstance(atlas, Project | str | os.PathLike):
            raise wrong("atlas", atlas, "an atlas, a project, or the path of its folder")
        atlas = open_atlas(atlas)
    found = atlas.map()
    if plate is not None:
        ids = [each.id for each in found.element.spec.plates]
        found.element.plate = one_of("plate", plate, ids)
    return found


def _check_writing(out: Any, overwrite: Any, raw: Any, progress: Any) -> None:
    a_path("out", out, "the path of a folder")
    a_flag("overwrite", overwrite)
    a_flag("raw", raw)
    a_function("progress", progress)
