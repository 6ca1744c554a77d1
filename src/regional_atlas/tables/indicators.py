"""Indicators: tables joined to units, one long table, one description a code."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial

import numpy as np
import pandas as pd

from regional_atlas.config import AtlasConfig, IndicatorTable
from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn
from regional_atlas.config.project import Project
from regional_atlas.core.errors import AbsentError, DataError, raise_if, results_of
from regional_atlas.core.kinds import (
    WHOLE,
    Extensive,
    Index,
    Intensive,
    Kind,
    Parts,
    Ratio,
    combined,
)
from regional_atlas.core.long_tables import rows_by_code
from regional_atlas.core.schema import (
    INDICATOR_COLUMNS,
    PARTIAL,
    BuildReport,
    IndicatorMeta,
    Omission,
    listed,
)
from regional_atlas.core.texts import Joined, Message, Said, Text
from regional_atlas.sources.tables import read_changes, read_indicators, total_rows
from regional_atlas.tables.committed import AREA
from regional_atlas.tables.given import Committed, read_committed
from regional_atlas.tables.joins import reported
from regional_atlas.tables.lights import light_tables
from regional_atlas.tables.rasters import MeasuredRasters
from regional_atlas.units.changes import carried_flags, carry
from regional_atlas.units.crosswalk import SEPARATOR, Crosswalk, area_links, match_areas
from regional_atlas.units.matching import Gazetteer

__all__ = ["Indicators", "build_indicators"]


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
    units: pd.DataFrame,
    gazetteer: Gazetteer,
    zonal: pd.DataFrame | None,
    rasters: MeasuredRasters,
    report: BuildReport,
) -> Indicators:
    """Join every indicator table, the statistics of the rasters and the summaries of the lights.

    Tables are added up by area, a unit as it was at the table's date; ratios are taken there. The
    parts of a unit that was divided since share its ratios; its totals belong to none of them,
    unless the table's changes state shares, or it says what they are allocated by.
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
    declared = project.config.indicators
    kept = read_committed(project, units.index)
    report.omissions += [_no_file(name, kept) for name in declared if declared[name].file is None]
    with_file = {name: config for name, config in declared.items() if config.file is not None}
    pool = {AREA: units[AREA]} | _latest(tables)

    def read(names: list[str]) -> list[list[_Given]]:
        calls = (partial(_given, name, with_file[name], gazetteer, report, pool) for name in names)
        return results_of(*calls, kind=DataError)

    # What weighs the parts of divided units comes before the tables that are shared out by it.
    plain = [name for name, config in with_file.items() if config.allocate is None]
    shared = [name for name in with_file if name not in plain]
    given = dict(zip(plain, read(plain), strict=True))
    for table in sorted(itertools.chain(*given.values()), key=lambda table: table.year):
        pool |= {str(code): _of_units(table.areas[code], total=True) for code in table.areas}
    given |= dict(zip(shared, read(shared), strict=True))
    every: list[_Given] = [table for name in with_file for table in given[name]]
    raise_if(_unknown_parts(project.config, {item.code for item in meta}), DataError)
    totals = {c.code for table in declared.values() for c in table.columns if c.adds_up} | {AREA}
    totals |= {item.code for item in rasters.meta if item.extensive}
    made: dict[str, pd.Series] = {}
    lent: dict[tuple[str, str, str], dict[int, list[int]]] = {}
    covered: dict[str, pd.Series] = {}
    pieces = [rows for table in tables for rows in _pieces(table)]
    for table in every:
        name, config, year = table.name, table.config, table.year
        shown = [column for column in table.columns if column.shown]
        # Another table's ratio of the same code is that of another year.
        others = {code: values for code, values in made.items() if code not in table.areas}
        wide = _beside(table, every, units[AREA]).assign(**others)
        measured = _of_year(rasters, year)
        wide = _with_rasters(wide, rasters.meta, measured)
        ratios = [
            ratio for ratio in table.derived if _computable(ratio, table.year, wide, kept, report)
        ]
        covered |= {code: rows["covered"] for code, rows in measured.items()}
        not_own = {code: held for code, held in covered.items() if code not in table.areas}
        covered |= {ratio.code: _covered(ratio, not_own, units.index) for ratio in ratios}
        made |= {ratio.code: _ratio(ratio, wide) for ratio in ratios}
        wide = wide.assign(**{ratio.code: made[ratio.code] for ratio in ratios})
        # Another table's units are not this one's; but where changes bring a table up to date, a
        # unit that any table knows as a part of several keeps no value.
        own = wide.index.isin(table.areas.index)
        if config.changes is not None and not table.shared:
            own |= wide.index.str.contains(SEPARATOR, regex=False)
        wide = wide[own]
        items: list[IndicatorColumn | DerivedIndicator] = [*shown, *ratios]
        flags = _flags_beside(table, every)
        for item in items:
            kind = _kind(item, totals, project.config.population)
            for code, other in _of_other_years(kind, table, every):
                lent.setdefault((name, item.code, code), {}).setdefault(other, []).append(year)
            report.omissions += _no_weight(item, kind, wide)
            total = isinstance(kind, Extensive)
            long = _long(item.code, wide[item.code], year, total=total)
            if isinstance(item, DerivedIndicator):
                flags[item.code] = _flags_of_parts(item, flags, table.carried)
                long = _marked(_flagged(long, covered[item.code] < WHOLE), flags[item.code])
            else:
                long = _marked(long, table.flags.get(item.code))
            pieces.append(long)
            sums = _parts(item.code, kind, wide, units)
            of_cells = covered[item.code] if isinstance(item, DerivedIndicator) else None
            parts.append(Parts(item.code, year, kind, *sums, of_cells))
            of_rasters = _raster_sources(item, project, rasters.meta, measured)
            meta.append(_meta(item, name, config.source, year, kind, of_rasters))
            dated.append((item.code, year))
    _refuse_repeats(dated)
    _say_lent(lent, with_file, report)
    heads = _population(project, every, rasters)
    computed = {(part.code, part.year) for part in parts}
    for (name, _, item), year in kept.lacking(computed):
        kind = _kind(item, totals, project.config.population)
        of_rasters = _raster_sources(item, project, rasters.meta, _of_year(rasters, year))
        meta.append(_meta(item, name, declared[name].source, year, kind, of_rasters))
    kept.check_rules(meta)
    meta = _one_for_each_code(kept.in_order(meta, computed))
    pieces += [rows for table in kept.units_without(computed) for rows in _pieces(table)]
    long = _one_table(pieces, [item.code for item in meta])
    written = {code: each[-1].item.digits is not None for code, each in kept.items.items()}
    meta = _with_digits(meta, written, kept.with_areas(long))
    report.checks += kept.compared(project, long, computed, meta)
    return Indicators(long, meta, parts, heads)


def _pieces(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Part a long table by code and year."""
    return (rows for _, rows in table.groupby(["code", "year"], sort=False, dropna=False))


def _one_table(pieces: Iterable[pd.DataFrame], codes: list[str]) -> pd.DataFrame:
    """Put pieces of one code and year each together: by code, year and unit.

    Each is sorted by itself and each column put together by itself: there may be millions of rows.
    """
    order = {code: at for at, code in enumerate(codes)}

    def place(rows: pd.DataFrame) -> tuple[int, float]:
        code, year = rows[["code", "year"]].iloc[0]
        return order.get(code, len(order)), float("inf") if pd.isna(year) else float(year)

    ordered = sorted((_by_unit(rows) for rows in pieces if len(rows)), key=place)
    if not ordered:
        return pd.DataFrame(columns=INDICATOR_COLUMNS)
    return pd.DataFrame({name: _whole([rows[name] for rows in ordered]) for name in ordered[0]})


def _by_unit(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.astype({"unit_id": "str", "flag": "str"})
    return rows if rows["unit_id"].is_monotonic_increasing else rows.sort_values("unit_id")


def _whole(columns: list[pd.Series]) -> pd.Series:
    """Put columns after one another; texts in one piece, as Arrow leaves them apart."""
    import pyarrow as pa

    column = pd.concat(columns, ignore_index=True)
    if column.dtype != "str":
        return column
    texts = pa.array(column)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return pd.Series(pd.array(texts, dtype="str"))


def _with_digits(
    meta: list[IndicatorMeta], written: Mapping[str, bool], long: pd.DataFrame
) -> list[IndicatorMeta]:
    """Write whole numbers without a point, where the project does not say how."""
    meant = {item.code for item in meta if not written.get(item.code, True)}
    whole = {
        code: bool((rows["value"].isna() | (rows["value"] % 1 == 0)).all())
        for code, rows in rows_by_code(long)
        if code in meant
    }
    return [replace(item, digits=0) if whole.get(item.code) else item for item in meta]


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
    project: Project, every: list[_Given], rasters: MeasuredRasters
) -> pd.Series | None:
    """Take the population of the last year that has one, shown or not."""
    code = project.config.population
    if code in {item.code for item in rasters.meta}:
        return rasters.of_year(code)["value"]
    holding = [table for table in every if code in table.areas.columns]
    if code is None or not holding:
        return None
    last = max(holding, key=lambda table: table.year)
    return _of_units(last.areas[code], total=True)


def _beside(table: _Given, every: list[_Given], area_km2: pd.Series) -> pd.DataFrame:
    """Lay a table beside the others; of a code, its own column counts, or the nearest year's."""
    others = sorted(
        (other for other in every if other is not table),
        key=lambda other: abs(other.year - table.year),
    )
    wide = pd.concat([table.areas, *(other.areas for other in others)], axis=1)
    pieces = wide.index.to_series().str.split(SEPARATOR).explode()
    area = area_km2.reindex(pieces).groupby(pieces.index).sum(min_count=1)
    return wide.loc[:, ~wide.columns.duplicated()].assign(**{AREA: area})


def _of_other_years(kind: Kind, table: _Given, every: list[_Given]) -> Iterator[tuple[str, int]]:
    """Name the codes that a value takes from another year of another table; see `_beside`."""
    if isinstance(kind, Ratio):
        codes = [*kind.numerator, *kind.denominator]
    else:
        weight = kind.weight if isinstance(kind, Intensive | Index) else None
        codes = [] if weight is None else [weight]
    for code in dict.fromkeys(codes):
        if code in table.areas.columns:
            continue
        years = [each.year for each in every if code in each.areas.columns]
        nearest = min(years, key=lambda year: abs(year - table.year), default=table.year)
        if nearest != table.year:
            yield code, nearest


def _say_lent(
    lent: Mapping[tuple[str, str, str], Mapping[int, list[int]]],
    tables: Mapping[str, IndicatorTable],
    report: BuildReport,
) -> None:
    """Report which parts and weights are of another year than the value."""
    readings = {reading.file: reading for reading in report.tables}
    for (name, item, code), years in lent.items():
        file = tables[name].file
        reading = None if file is None else readings.get(file.name)
        said = ", ".join(
            f"of {year} for {', '.join(map(str, of))}" for year, of in sorted(years.items())
        )
        if reading is not None:
            reading.notes.append(f"{item} is made with {code} {said}: the nearest year there is")


def _flags_beside(table: _Given, every: list[_Given]) -> dict[str, pd.Series]:
    """Give the flags of every code that a table may use: its own, or the nearest year's."""
    others = sorted(every, key=lambda other: abs(other.year - table.year), reverse=True)
    return {
        str(code): other.flags[code] for other in [*others, table] for code in other.flags.columns
    }


def _flags_of_parts(
    ratio: DerivedIndicator, flags: dict[str, pd.Series], carried: pd.Series
) -> pd.Series:
    """Join the flags of what a ratio is made from: an estimated part makes an estimate."""
    found = carried
    for code in dict.fromkeys([*ratio.numerator, *ratio.denominator]):
        own = flags.get(code, carried).dropna()
        if len(own):
            found = _both(found, own)
    return found


def _with_rasters(
    wide: pd.DataFrame, meta: list[IndicatorMeta], measured: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Lay statistics of rasters beside a table.

    What adds up is added over the units of an area; other statistics of several units are missing.
    """
    pieces = wide.index.to_series().str.split(SEPARATOR).explode()
    several = pieces.groupby(level=0).size() > 1
    for item in meta:
        values = measured[item.code]["value"].reindex(pieces).set_axis(pieces.index)
        of_areas = values.groupby(level=0).sum(skipna=False).reindex(wide.index)
        wide = wide.assign(**{item.code: of_areas.mask(several & (not item.extensive))})
    return wide


def _of_year(rasters: MeasuredRasters, year: int) -> dict[str, pd.DataFrame]:
    return {item.code: rasters.of_year(item.code, year) for item in rasters.meta}


def _covered(ratio: DerivedIndicator, covered: dict[str, pd.Series], units: pd.Index) -> pd.Series:
    """Give the share of each unit over which every part of a ratio is measured."""
    parts = [covered[code] for code in [*ratio.numerator, *ratio.denominator] if code in covered]
    shares = [part.reindex(units).fillna(1.0) for part in parts]
    return pd.concat([pd.Series(1.0, units), *shares], axis=1).min(axis=1)


def _flagged(long: pd.DataFrame, doubtful: pd.Series) -> pd.DataFrame:
    """Flag the values that are made from doubtful ones."""
    marked = long["unit_id"].map(doubtful).eq(True) & long["value"].notna() & long["flag"].isna()
    return long.assign(flag=long["flag"].mask(marked, PARTIAL))


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


@dataclass(frozen=True)
class _Given:
    """One year of a table, added up by area."""

    name: str
    config: IndicatorTable
    year: int
    columns: list[IndicatorColumn]
    derived: list[DerivedIndicator]
    areas: pd.DataFrame
    flags: pd.DataFrame
    carried: pd.Series
    shared: bool


def _latest(tables: list[pd.DataFrame]) -> dict[str, pd.Series]:
    """Give the values of the last year of every code, by unit."""
    found = {}
    for table in tables:
        for code, rows in table.groupby("code"):
            last = rows[rows["year"] == rows["year"].max()]
            found[str(code)] = last.set_index("unit_id")["value"].astype("float64")
    return found


def _given(
    name: str,
    config: IndicatorTable,
    gazetteer: Gazetteer,
    report: BuildReport,
    pool: Mapping[str, pd.Series],
) -> list[_Given]:
    """Read a table and add its rows up by area, or share them out to units, year by year."""
    read = read_indicators(config, report.tables)
    totals = total_rows(read.table, config.totals)
    if "unit_id" in read.identity.columns:
        totals &= ~read.identity["unit_id"].isin(gazetteer.units.index)
    rows = read.identity[~totals]
    crosswalk = _crosswalk(config, gazetteer, report, pool)
    matched, joined = match_areas(
        rows,
        gazetteer,
        name,
        crosswalk=crosswalk,
        several=config.several,
        ignore_case=config.ignore_case,
        place=read.table.row,
    )
    joined.excluded = int(totals.sum())
    joined.units_without = joined.without_count
    by = "unit_id" if "unit_id" in rows.columns else "unit"
    reported(joined, read.table, by, config, report)
    codes = {column.code for column in config.columns}
    links = area_links(rows, matched, crosswalk)
    shared = crosswalk is not None and crosswalk.allocates
    carried = carried_flags(links)
    without = [*links.loc[links["share"].isna(), "source"].unique()] if shared else []
    if without:
        by_what = f"`{config.allocate}` is 0 or missing there" if config.allocate else "none stated"
        places = listed([read.table.row(int(row), by) for row in without])
        read.table.note(
            f"no shares for the parts of {len(without)} divided units ({places}): {by_what}; their "
            "totals are missing"
        )
    found = []
    for year, values in read.values.items():
        columns = [column for column in config.columns if column.code in values.columns]
        own, kept = {column.code for column in columns}, values[~totals]
        if crosswalk is not None:
            adding = [column.code for column in columns if column.adds_up]
            twice = _counted_twice(kept[adding], matched, lambda row: read.table.row(row, by))
            raise_if(twice, DataError, read.table.where)
        if shared:
            kinds = {c.code: Extensive() if c.adds_up else Intensive(c.weight) for c in columns}
            areas = carry(kept, links, kinds)
        else:
            of_areas = (_by_area(c, kept, matched, weighted=c.weight in own) for c in columns)
            areas = pd.DataFrame({c.code: each for c, each in zip(columns, of_areas, strict=True)})
        # A ratio of parts that the table has in other years is one of those years.
        derived = [
            ratio
            for ratio in config.derived
            if own.issuperset(codes.intersection([*ratio.numerator, *ratio.denominator]))
        ]
        marks = read.flags[year].reindex(links["source"]).set_axis(links["unit_id"])
        flags = marks.groupby(level=0).agg(_joined_flags)
        flags = pd.DataFrame(
            {c.code: _both(flags[c.code], carried) if c.code in flags else carried for c in columns}
        )
        found.append(_Given(name, config, year, columns, derived, areas, flags, carried, shared))
    return found


def _counted_twice(
    values: pd.DataFrame, areas: pd.Series, place: Callable[[int], str]
) -> Iterator[str]:
    """Name rows that hold the sum of the other rows of their unit, in two or more totals.

    A table of after a merger may list the old units too: their sum would count twice.
    """
    for area, rows in values.groupby(areas.reindex(values.index)):
        if len(rows) < 2:
            continue
        whole = rows.dropna(axis=1)
        rest = whole.sum() - whole
        same = np.isclose(whole, rest, rtol=1e-6, atol=0) & (whole != 0)
        for row in rows.index[(same | (whole == rest)).all(axis=1) & (same.sum(axis=1) > 1)][:1]:
            others = listed([place(int(each)) for each in rows.index if each != row])
            yield (
                f"{place(int(row))} holds the sum of {others}, which the changes add to the same "
                f"unit ({area}): leave the row or those that it sums out (`where`)"
            )


def _both(flags: pd.Series, carried: pd.Series) -> pd.Series:
    """Join the marks of the source and those of values that were carried over."""
    units = flags.index.union(carried.index)
    pair = pd.concat([flags.reindex(units), carried.reindex(units)], axis=1)
    return pd.Series([_joined_flags(row) for _, row in pair.iterrows()], units, dtype="str")


def _joined_flags(flags: pd.Series) -> str | None:
    return " ".join(dict.fromkeys(flags.dropna())) or None


def _marked(table: pd.DataFrame, flags: pd.Series | None) -> pd.DataFrame:
    """Add the marks of the source to those that the build sets."""
    if flags is None or flags.isna().all():
        return table
    return table.assign(flag=table["flag"].fillna(table["unit_id"].map(flags).astype("str")))


def _crosswalk(
    config: IndicatorTable,
    gazetteer: Gazetteer,
    report: BuildReport,
    pool: Mapping[str, pd.Series],
) -> Crosswalk | None:
    if config.changes is None:
        return None
    assert config.names_of is not None
    weights = None
    if config.allocate is not None:
        if config.allocate not in pool:
            raise AbsentError(
                f"allocate: no code {config.allocate!r} of lights, a raster or a table without "
                f"`allocate`; there are {', '.join(sorted(pool))}"
            )
        weights = pool[config.allocate]
    changes = read_changes(config.changes, report.tables)
    crosswalk = Crosswalk(changes, config.names_of, weights)
    raise_if(crosswalk.problems(gazetteer), DataError, str(config.changes.file))
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


def _unknown_parts(config: AtlasConfig, measured: set[str]) -> Iterator[str]:
    """Name the parts of ratios that nothing in the project declares: slips of the pen."""
    columns = {column.code for table in config.indicators.values() for column in table.columns}
    ratios = {ratio.code for table in config.indicators.values() for ratio in table.derived}
    known = {AREA} | measured | columns | ratios
    for name, table in config.indicators.items():
        for ratio in table.derived:
            for part in dict.fromkeys([*ratio.numerator, *ratio.denominator]):
                # Lights that wait for their rasters are declared by [nightlights] alone.
                waits = config.nightlights is not None and part.startswith("light_")
                if part not in known and not waits:
                    near = get_close_matches(part, sorted(known), n=1)
                    hint = f" did you mean {near[0]!r}?" if near else ""
                    yield (
                        f"indicators.{name}.derived {ratio.code!r}: no indicator {part!r};{hint} "
                        f"allowed: {', '.join(sorted(known))}"
                    )


def _computable(
    ratio: DerivedIndicator, year: int, wide: pd.DataFrame, kept: Committed, report: BuildReport
) -> bool:
    absent = [c for c in [*ratio.numerator, *ratio.denominator] if c not in wide.columns]
    if absent and (ratio.code, year) not in kept.dated:
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
    if _undivided(values.index):
        # With the index that the other columns of the table have too.
        return values.rename_axis("unit_id").rename("value")
    return _long("", values, 0, total=total).set_index("unit_id")["value"]


def _undivided(areas: pd.Index) -> bool:
    """Say whether each area is a unit of its own."""
    return areas.is_unique and not areas.str.contains(SEPARATOR, regex=False).any()


def _long(code: str, values: pd.Series, year: int, *, total: bool) -> pd.DataFrame:
    """Give each unit the values of its area, or of the one that it was a part of."""
    table = pd.DataFrame(
        {"unit_id": values.index, "code": code, "year": year, "value": values.to_numpy()}
    )
    if _undivided(values.index):
        return table.assign(flag=pd.Series(None, index=table.index, dtype="str"))
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
    item: IndicatorColumn | DerivedIndicator,
    name: str,
    source: Said,
    year: int,
    kind: Kind,
    of_rasters: list[Message],
) -> IndicatorMeta:
    method = Message("method-source-year", {"source": source, "year": str(year)})
    return IndicatorMeta(
        item.code,
        item.title,
        item.unit,
        Joined([method, *of_rasters], "clauses") if of_rasters else method,
        digits=1 if item.digits is None else item.digits,
        direction=item.direction,
        kind=kind,
        citation=name,
    )


def _raster_sources(
    item: IndicatorColumn | DerivedIndicator,
    project: Project,
    meta: list[IndicatorMeta],
    measured: dict[str, pd.DataFrame],
) -> list[Message]:
    """Name the source and the year of every raster that a ratio is made from."""
    if isinstance(item, IndicatorColumn):
        return []
    sources = project.config.sources()
    return [
        Message(
            "method-raster",
            {
                "title": raster.title,
                "source": sources[str(raster.citation)].source,
                "year": str(measured[raster.code]["year"].iloc[0]),
            },
        )
        for raster in meta
        if raster.code in {*item.numerator, *item.denominator}
    ]


def _no_file(name: str, kept: Committed) -> Omission:
    key = f"indicators.{name}.file"
    why = Message("why-no-file", {"key": key})
    if kept.files:
        why = Message(
            "why-committed",
            {"key": key, "files": Joined([Text(file) for file in kept.files], "and")},
        )
    return Omission(Message("omitted-table", {"name": name}), why)
