"""Indicators: tables joined to units, one long table, one description a code."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from regional_atlas.config import IndicatorTable
from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn
from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import Extensive, Index, Intensive, Kind, Parts, Ratio, combined
from regional_atlas.core.schema import INDICATOR_COLUMNS, BuildReport, IndicatorMeta, Omission
from regional_atlas.core.texts import Joined, Message
from regional_atlas.sources.tables import read_changes, read_indicators, total_rows
from regional_atlas.tables.lights import light_tables
from regional_atlas.tables.rasters import MeasuredRasters
from regional_atlas.units.crosswalk import SEPARATOR, Crosswalk, match_areas
from regional_atlas.units.matching import Gazetteer

__all__ = ["Indicators", "build_indicators"]


AREA = "area_km2"
"""The code of the units' own area, for weights and denominators."""


@dataclass(frozen=True)
class Indicators:
    """Every indicator of a build.

    Attributes
    ----------
    table : DataFrame
        The indicators contract.
    meta : list of IndicatorMeta
        In the order of the columns.
    parts : list of Parts
        What each indicator and year rolls up from, by unit.
    population : Series or None
        By unit id, of the last year; None where the project names none, or its table is not given.
    """

    table: pd.DataFrame
    meta: list[IndicatorMeta]
    parts: list[Parts]
    population: pd.Series | None


def build_indicators(
    project: Project,
    units: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    zonal: pd.DataFrame | None,
    rasters: MeasuredRasters,
    report: BuildReport,
) -> Indicators:
    """Join every indicator table, the statistics of the rasters and the summaries of the lights.

    Tables are added up by area, a unit as it was at the table's date; ratios are taken there. The
    parts of a unit that was divided since share its ratios; its totals belong to none of them.
    Tables of different years may hold the same code: it is one indicator with several years.

    Raises
    ------
    DataError
        Codes that repeat in a year, changes that lead to no unit, and units that answer to more
        than one row.
    """
    tables: list[pd.DataFrame] = []
    meta: list[IndicatorMeta] = []
    parts = [Parts(AREA, None, Extensive(), units[AREA], pd.Series(1.0, units.index))]
    dated: list[tuple[str, int]] = []
    if zonal is not None:
        found, described, of_lights = light_tables(project, units, zonal, report)
        tables.append(found)
        meta += described
        parts += of_lights
        dated += [(item.code, 0) for item in described]
    if rasters.meta:
        tables.append(rasters.table)
        meta += rasters.meta
        parts += rasters.parts
        dated += [*rasters.table[["code", "year"]].drop_duplicates().itertuples(index=False)]
    given = {name: t for name, t in project.config.indicators.items() if t.file is not None}
    areas = {name: _areas(name, t, gazetteer, report) for name, t in given.items()}
    totals = {c.code for t in given.values() for c in t.columns if c.adds_up} | {AREA}
    totals |= {item.code for item in rasters.meta if item.extensive}
    made: dict[str, pd.Series] = {}
    for name, config in project.config.indicators.items():
        if name not in given:
            report.omissions.append(_no_file(name))
            continue
        shown = [column for column in config.columns if column.shown]
        # Another table's ratio of the same code is that of another year.
        others = {code: values for code, values in made.items() if code not in areas[name]}
        wide = _beside(name, areas, units[AREA]).assign(**others)
        wide = _with_rasters(wide, rasters, config.year)
        ratios = [ratio for ratio in config.derived if _computable(ratio, wide, report)]
        made |= {ratio.code: _ratio(ratio, wide) for ratio in ratios}
        wide = wide.assign(**{ratio.code: made[ratio.code] for ratio in ratios})
        # Another table's units are not this one's; but where changes bring a table up to date, a
        # unit that any table knows as a part of several keeps no value.
        own = wide.index.isin(areas[name].index)
        if config.changes is not None:
            own |= wide.index.str.contains(SEPARATOR, regex=False)
        wide = wide[own]
        items: list[IndicatorColumn | DerivedIndicator] = [*shown, *ratios]
        for item in items:
            kind = _kind(item, totals, project.config.population)
            report.omissions += _no_weight(item, kind, wide)
            total = isinstance(kind, Extensive)
            tables.append(_long(item.code, wide[item.code], config.year, total=total))
            parts.append(Parts(item.code, config.year, kind, *_parts(item.code, kind, wide, units)))
            meta.append(_meta(item, name, config, kind))
            dated.append((item.code, config.year))
    _refuse_repeats(dated)
    meta = _one_for_each_code(meta)
    heads = _population(project, given, areas, rasters)
    if not tables:
        return Indicators(pd.DataFrame(columns=INDICATOR_COLUMNS), meta, parts, heads)
    long = pd.concat(tables, ignore_index=True).astype({"unit_id": "str", "flag": "str"})
    order = {code: i for i, code in enumerate(item.code for item in meta)}
    long = long.sort_values(
        ["code", "year", "unit_id"], key=lambda c: c.map(order) if c.name == "code" else c
    )
    return Indicators(long.reset_index(drop=True), meta, parts, heads)


def _kind(
    item: IndicatorColumn | DerivedIndicator, totals: set[str], population: str | None
) -> Kind:
    """Tell how an indicator rolls up: a ratio by its parts only where these add up."""
    if isinstance(item, DerivedIndicator):
        whole = totals.issuperset([*item.numerator, *item.denominator])
        return _as_ratio(item) if whole else Intensive(population)
    if item.kind == "index":
        return Index(item.weight)
    return Extensive() if item.adds_up else Intensive(item.weight or population)


def _no_weight(
    item: IndicatorColumn | DerivedIndicator, kind: Kind, wide: pd.DataFrame
) -> list[Omission]:
    weight = kind.weight if isinstance(kind, Intensive | Index) else None
    if weight is None or weight in wide:
        return []
    return [
        Omission(
            Message("omitted-means", {"title": item.title}),
            Message("why-lacks-weight", {"weight": weight}),
        )
    ]


def _parts(
    code: str, kind: Kind, wide: pd.DataFrame, units: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Give the numerator and the denominator of every unit, where its table knows both."""
    if isinstance(kind, Ratio):
        above, below = _sums(kind, wide)
        return _of_units(above, total=True), _of_units(below, total=True)
    total = isinstance(kind, Extensive)
    values = _of_units(wide[code], total=total)
    weight = kind.weight if isinstance(kind, Intensive | Index) else None
    if weight is None:
        return values, pd.Series(1.0, values.index)
    if weight == AREA:
        weights = units[AREA].reindex(values.index)
    elif weight in wide:
        weights = _of_units(wide[weight], total=True)
    else:
        weights = pd.Series(float("nan"), values.index)
    return values * weights, weights


def _population(
    project: Project,
    given: dict[str, IndicatorTable],
    areas: dict[str, pd.DataFrame],
    rasters: MeasuredRasters,
) -> pd.Series | None:
    """Take the population of the last year that has one, shown or not."""
    code = project.config.population
    if code in {item.code for item in rasters.meta}:
        return rasters.values(code)
    holding = [name for name in given if code in areas[name].columns]
    if code is None or not holding:
        return None
    last = max(holding, key=lambda name: given[name].year)
    return _of_units(areas[last][code], total=True)


def _beside(name: str, areas: dict[str, pd.DataFrame], area_km2: pd.Series) -> pd.DataFrame:
    """Lay a table beside the others; where they share a code, its own column counts."""
    tables = [areas[name], *(table for other, table in areas.items() if other != name)]
    wide = pd.concat(tables, axis=1)
    pieces = wide.index.to_series().str.split(SEPARATOR).explode()
    area = area_km2.reindex(pieces).groupby(pieces.index).sum(min_count=1)
    return wide.loc[:, ~wide.columns.duplicated()].assign(**{AREA: area})


def _with_rasters(wide: pd.DataFrame, rasters: MeasuredRasters, year: int) -> pd.DataFrame:
    """Lay statistics of rasters beside a table: of its year, or of the last one.

    What adds up is added over the units of an area; other statistics of several units are missing.
    """
    pieces = wide.index.to_series().str.split(SEPARATOR).explode()
    several = pieces.groupby(level=0).size() > 1
    for item in rasters.meta:
        if item.code in wide:
            continue
        values = rasters.values(item.code, year).reindex(pieces).set_axis(pieces.index)
        of_areas = values.groupby(level=0).sum(skipna=False).reindex(wide.index)
        wide = wide.assign(**{item.code: of_areas.mask(several & (not item.extensive))})
    return wide


def _refuse_repeats(dated: list[tuple[str, int]]) -> None:
    """Hold that a code stands once in a year; those of lights (year 0) stand nowhere else."""
    first: dict[str, tuple[str, set[int]]] = {}
    problems = set()
    for code, year in dated:
        spelled, years = first.setdefault(code.lower(), (code, set()))
        if spelled != code or year in years or 0 in years:
            problems.add(f"code {code.lower()!r} stands more than once")
        if code.lower() == AREA:
            problems.add(f"code {code!r} is that of the units' own area; choose another")
        years.add(year)
    raise_if(sorted(problems), DataError, "indicators")


def _one_for_each_code(meta: list[IndicatorMeta]) -> list[IndicatorMeta]:
    """Describe a code of several tables once, by the first, with the sources of all."""
    found: dict[str, IndicatorMeta] = {}
    for item in meta:
        known = found.get(item.code)
        if known is None:
            found[item.code] = item
        elif item.method != known.method:
            method = Joined([known.method, item.method], "clauses")
            found[item.code] = replace(known, method=method)
    return list(found.values())


def _areas(
    name: str, config: IndicatorTable, gazetteer: Gazetteer, report: BuildReport
) -> pd.DataFrame:
    """Read a table and add its rows up by area."""
    rows = read_indicators(config)
    totals = total_rows(rows, config.totals)
    if "unit_id" in rows.columns:
        totals &= ~rows["unit_id"].isin(gazetteer.units.index)
    rows = rows[~totals]
    crosswalk = _crosswalk(config, gazetteer)
    matched, joined = match_areas(
        rows, gazetteer, name, crosswalk=crosswalk, several=config.several
    )
    joined.excluded = int(totals.sum())
    speaks = set(matched.dropna().str.split(SEPARATOR).explode())
    joined.units_without = len(gazetteer.units) - len(speaks)
    report.joins.append(joined)
    own = {column.code for column in config.columns}
    return pd.DataFrame(
        {
            column.code: _by_area(column, rows, matched, weighted=column.weight in own)
            for column in config.columns
        }
    )


def _crosswalk(config: IndicatorTable, gazetteer: Gazetteer) -> Crosswalk | None:
    if config.changes is None:
        return None
    assert config.names_of is not None
    crosswalk = Crosswalk(read_changes(config.changes), config.names_of)
    raise_if(crosswalk.problems(gazetteer), DataError, str(config.changes))
    return crosswalk


def _by_area(
    column: IndicatorColumn, rows: pd.DataFrame, areas: pd.Series, *, weighted: bool
) -> pd.Series:
    """Sum a total over the rows of each area, or take its weighted mean; a gap stays one."""
    values = rows[column.code]
    if column.adds_up:
        return values.groupby(areas).sum(skipna=False)
    single = areas.groupby(areas).transform("size") == 1
    if not weighted:
        return values.where(single).groupby(areas).first()
    weights = rows[column.weight].where(~single, 1.0)
    products = (values * weights).groupby(areas).sum(skipna=False)
    return products / weights.groupby(areas).sum(skipna=False)


def _computable(ratio: DerivedIndicator, wide: pd.DataFrame, report: BuildReport) -> bool:
    absent = [c for c in [*ratio.numerator, *ratio.denominator] if c not in wide.columns]
    if absent:
        codes = ", ".join(dict.fromkeys(absent))
        report.omissions.append(
            Omission(
                Message("omitted-indicator", {"title": ratio.title}),
                Message("why-lacks", {"codes": codes}),
            )
        )
    return not absent


def _sums(ratio: Ratio, wide: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    above = wide[[*ratio.numerator]].sum(axis=1, skipna=False)
    return above, wide[[*ratio.denominator]].sum(axis=1, skipna=False)


def _ratio(ratio: DerivedIndicator, wide: pd.DataFrame) -> pd.Series:
    kind = _as_ratio(ratio)
    return combined(kind, *_sums(kind, wide))


def _as_ratio(ratio: DerivedIndicator) -> Ratio:
    return Ratio(tuple(ratio.numerator), tuple(ratio.denominator), ratio.scale)


def _of_units(values: pd.Series, *, total: bool) -> pd.Series:
    """Give each unit the value of its area, as `_long` does."""
    return _long("", values, 0, total=total).set_index("unit_id")["value"]


def _long(code: str, values: pd.Series, year: int, *, total: bool) -> pd.DataFrame:
    """Give each unit the values of its area, or of the one that it was a part of."""
    table = pd.DataFrame(
        {"unit_id": values.index, "code": code, "year": year, "value": values.to_numpy()}
    )
    divided = table["unit_id"].str.contains(SEPARATOR, regex=False)
    table["flag"] = pd.Series("divided", index=table.index, dtype="str").where(divided)
    if total:
        table["value"] = table["value"].mask(divided)
    table["unit_id"] = table["unit_id"].str.split(SEPARATOR)
    table = table.explode("unit_id", ignore_index=True)
    several = table["unit_id"].duplicated(keep=False)
    table["value"] = table["value"].mask(several)
    table.loc[several, "flag"] = "divided"
    return table.drop_duplicates("unit_id")


def _meta(
    item: IndicatorColumn | DerivedIndicator, name: str, config: IndicatorTable, kind: Kind
) -> IndicatorMeta:
    return IndicatorMeta(
        item.code,
        item.title,
        item.unit,
        Message("method-source-year", {"source": config.source, "year": str(config.year)}),
        digits=item.digits,
        kind=kind,
        citation=name,
    )


def _no_file(name: str) -> Omission:
    return Omission(
        Message("omitted-table", {"name": name}),
        Message("why-no-file", {"key": f"indicators.{name}.file"}),
    )
