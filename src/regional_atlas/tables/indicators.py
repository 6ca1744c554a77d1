"""The pipeline's indicator step: tables joined to units, one long table, one description a code."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd

from regional_atlas.config import IndicatorTable
from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn
from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import INDICATOR_COLUMNS, BuildReport, IndicatorMeta, Omission
from regional_atlas.core.texts import Joined, Message
from regional_atlas.sources.tables import read_changes, read_indicators, total_rows
from regional_atlas.tables.lights import light_tables
from regional_atlas.units.crosswalk import SEPARATOR, Crosswalk, match_areas
from regional_atlas.units.matching import Gazetteer

__all__ = ["build_indicators"]


def build_indicators(
    project: Project,
    units: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    zonal: pd.DataFrame | None,
    report: BuildReport,
) -> tuple[pd.DataFrame, list[IndicatorMeta]]:
    """Join every indicator table and the summaries of the lights.

    Tables are added up by area, a unit as it was at the table's date; ratios are taken there. The
    parts of a unit that was divided since share its ratios; its totals belong to none of them.
    Tables of different years may hold the same code: it is one indicator with several years.

    Returns
    -------
    DataFrame
        The indicators contract.
    list of IndicatorMeta
        In the order of the columns.

    Raises
    ------
    DataError
        Codes that repeat in a year, changes that lead to no unit, and units that answer to more
        than one row.
    """
    tables: list[pd.DataFrame] = []
    meta: list[IndicatorMeta] = []
    dated: list[tuple[str, int]] = []
    if zonal is not None:
        found, described = light_tables(project, units, zonal, report)
        tables.append(found)
        meta += described
        dated += [(item.code, 0) for item in described]
    given = {name: t for name, t in project.config.indicators.items() if t.file is not None}
    areas = {name: _areas(name, t, gazetteer, report) for name, t in given.items()}
    made: dict[str, pd.Series] = {}
    for name, config in project.config.indicators.items():
        if name not in given:
            report.omissions.append(_no_file(name))
            continue
        shown = [column for column in config.columns if column.shown]
        wide = _beside(name, areas).assign(**made)
        ratios = [ratio for ratio in config.derived if _computable(ratio, wide, report)]
        made |= {ratio.code: _ratio(ratio, wide) for ratio in ratios}
        wide = wide.assign(**made)
        # Another table's units are not this one's; but where changes bring a table up to date, a
        # unit that any table knows as a part of several keeps no value.
        own = wide.index.isin(areas[name].index)
        if config.changes is not None:
            own |= wide.index.str.contains(SEPARATOR, regex=False)
        items: list[IndicatorColumn | DerivedIndicator] = [*shown, *ratios]
        for item in items:
            total = isinstance(item, IndicatorColumn) and item.extensive
            tables.append(_long(item.code, wide.loc[own, item.code], config.year, total=total))
            meta.append(_meta(item, name, config, total=total))
            dated.append((item.code, config.year))
    _refuse_repeats(dated)
    meta = _one_for_each_code(meta)
    if not tables:
        return pd.DataFrame(columns=INDICATOR_COLUMNS), meta
    long = pd.concat(tables, ignore_index=True).astype({"unit_id": "str", "flag": "str"})
    order = {code: i for i, code in enumerate(item.code for item in meta)}
    long = long.sort_values(
        ["code", "year", "unit_id"], key=lambda c: c.map(order) if c.name == "code" else c
    )
    return long.reset_index(drop=True), meta


def _beside(name: str, areas: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Lay a table beside the others; where they share a code, its own column counts."""
    tables = [areas[name], *(table for other, table in areas.items() if other != name)]
    wide = pd.concat(tables, axis=1)
    return wide.loc[:, ~wide.columns.duplicated()]


def _refuse_repeats(dated: list[tuple[str, int]]) -> None:
    """Hold that a code stands once in a year; those of lights (year 0) stand nowhere else."""
    first: dict[str, tuple[str, set[int]]] = {}
    problems = set()
    for code, year in dated:
        spelled, years = first.setdefault(code.lower(), (code, set()))
        if spelled != code or year in years or 0 in years:
            problems.add(f"code {code.lower()!r} stands more than once")
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
    return pd.DataFrame({column.code: _by_area(column, rows, matched) for column in config.columns})


def _crosswalk(config: IndicatorTable, gazetteer: Gazetteer) -> Crosswalk | None:
    if config.changes is None:
        return None
    assert config.names_of is not None
    crosswalk = Crosswalk(read_changes(config.changes), config.names_of)
    raise_if(crosswalk.problems(gazetteer), DataError, str(config.changes))
    return crosswalk


def _by_area(column: IndicatorColumn, rows: pd.DataFrame, areas: pd.Series) -> pd.Series:
    """Sum a total over the rows of each area, or take its weighted mean; a gap stays one."""
    values = rows[column.code]
    if column.extensive:
        return values.groupby(areas).sum(skipna=False)
    single = areas.groupby(areas).transform("size") == 1
    if column.weight is None:
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


def _ratio(ratio: DerivedIndicator, wide: pd.DataFrame) -> pd.Series:
    above = wide[ratio.numerator].sum(axis=1, skipna=False)
    below = wide[ratio.denominator].sum(axis=1, skipna=False)
    return above / below.where(below != 0) * ratio.scale


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
    item: IndicatorColumn | DerivedIndicator, name: str, config: IndicatorTable, *, total: bool
) -> IndicatorMeta:
    return IndicatorMeta(
        item.code,
        item.title,
        item.unit,
        Message("method-source-year", {"source": config.source, "year": str(config.year)}),
        digits=item.digits,
        extensive=total,
        citation=name,
    )


def _no_file(name: str) -> Omission:
    return Omission(
        Message("omitted-table", {"name": name}),
        Message("why-no-file", {"key": f"indicators.{name}.file"}),
    )
