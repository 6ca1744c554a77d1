"""The columnar store: every value that the page shows, one per unit, rounded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import ConfigError, DataError, raise_if
from regional_atlas.core.long_tables import rows_by_code
from regional_atlas.core.numerals import Percent, Year
from regional_atlas.core.pinyin import english_names, parent_names, pinyin_names
from regional_atlas.core.schema import PARTIAL, AtlasTables
from regional_atlas.core.texts import Joined, Message, Said, Text
from regional_atlas.page.format import (
    AreaValues,
    Column,
    Flag,
    Membership,
    Names,
    Parents,
    RankColumns,
    Store,
)
from regional_atlas.page.frameworks import frameworks
from regional_atlas.page.geometry import UnitShapes
from regional_atlas.page.indices import index_columns
from regional_atlas.page.plates.hotspots import spot_codes
from regional_atlas.page.rounding import SIGNIFICANT, round_significant
from regional_atlas.page.standings import dimension_columns, region_counts

__all__ = ["build_store", "carried", "latest_rows"]

YEARLY = 5
"""Digits of a value of a field with many years, unless more are shown."""


def carried(project: Project, tables: AtlasTables) -> list[str]:
    """List the codes of the indicators that the page carries: those declared, and those of plates.

    Raises
    ------
    ConfigError
        What is declared and is no indicator.
    """
    declared = project.config.page.fields
    if declared is None:
        return list(tables.meta)
    raise_if(
        (
            f"page.fields: no indicator {code!r}; allowed: {', '.join(tables.meta)}"
            for code in declared
            if code not in tables.meta
        ),
        ConfigError,
        str(project.root / "atlas.toml"),
    )
    config = project.config
    shown = {code for plate in config.plates for code in plate.fields_shown()}
    wanted = {*declared, *shown, *(space.field for space in config.space)}
    return [code for code in tables.meta if code in wanted]


def build_store(project: Project, tables: AtlasTables, shapes: UnitShapes) -> Store:
    """Lay all tables out as columns in the order of the units.

    Parameters
    ----------
    project : Project
        Gives the ids of unit types, parent levels, kinds and rankings.
    tables : AtlasTables
        Every table of a build.
    shapes : UnitShapes
        The units as the page draws them.

    Returns
    -------
    Store

    Raises
    ------
    DataError
        Indicators without metadata, or an indicator and a ranking with the same id.
    """
    units = tables.unit_table
    types = project.config.boundaries.unit_type
    type_ids = [kind.id for kind in types.types] if types else []
    codes = carried(project, tables)
    fields, flags = _fields(tables, codes)
    names, config = units["unit"].tolist(), project.config
    own: Names = _texts(units["unit_en"]) if "unit_en" in units else [None] * len(units)
    read = english_names(names, config.pinyin, config.endings_en)
    english = [name or spelt for name, spelt in zip(own, read, strict=True)]
    regions = {
        str(kind): _syllables(held["name"].tolist(), project)
        for kind, held in tables.regions.groupby("kind", sort=False)
    }
    return Store(
        unit_id=units.index.tolist(),
        unit=units["unit"].tolist(),
        unit_en=english,
        unit_pinyin=_syllables(names, project),
        aliases=_aliases(units.index, config.boundaries.aliases),
        unit_type=_positions(units["unit_type"], pd.Index(type_ids, dtype="object")),
        area_km2=_known(round_significant(area) for area in units["area_km2"].tolist()),
        point=shapes.points(),
        parents=_all_parents(project, tables),
        membership={kind: _membership(tables, kind) for kind in project.kinds()},
        region_pinyin={kind: names for kind, names in regions.items() if names},
        rankings={ranking.id: _ranking(tables, ranking.id) for ranking in project.config.rankings},
        indices=index_columns(project, tables),
        fields=fields,
        areas=_area_values(project, tables, codes),
        counts=region_counts(project, tables),
        dimensions=dimension_columns(project, tables),
        spots=spot_codes(project.config.plates, tables),
        frameworks=frameworks(project, tables),
        flags=flags,
    )


def _aliases(units: pd.Index, names: Mapping[str, str]) -> dict[str, list[str]]:
    """List the other names of each unit that has any, by its position."""
    found: dict[str, list[str]] = {}
    for name, code in names.items():
        found.setdefault(str(units.get_loc(code)), []).append(name)
    return found


def _column(values: pd.Series, decimals: int | None = None) -> Column:
    return [
        round_significant(value, decimals=decimals) for value in values.astype("float64").tolist()
    ]


def _measured(table: pd.DataFrame, shown: int, digits: int = SIGNIFICANT) -> dict[str, Column]:
    """Round every column of an indicator: never to less than the page shows of it."""
    numbers = table.astype("float64")
    decimals = _decimals(float(numbers.abs().max().max()), shown)
    return {
        str(name): [round_significant(value, digits, decimals, shown) for value in column.tolist()]
        for name, column in numbers.items()
    }


def _known(values: Iterable[float | None]) -> list[float]:
    """Give values of which the table's contract says that none is missing."""
    known = []
    for value in values:
        assert value is not None
        known.append(value)
    return known


def _decimals(largest: float, digits: int) -> int:
    """Two decimals more than are shown, and four significant digits of the largest value."""
    leading = math.floor(math.log10(largest)) if largest > 0 else 0
    return max(digits + 2, 3 - leading)


def _whole(values: pd.Series) -> Column:
    return [None if np.isnan(value) else int(value) for value in values.astype("float64").tolist()]


def _texts(values: pd.Series) -> Names:
    return [None if pd.isna(value) else str(value) for value in values]


def _positions(values: pd.Series, known: pd.Index) -> list[int]:
    positions: list[int] = known.get_indexer(pd.Index(values, dtype="object")).tolist()
    return positions


def _all_parents(project: Project, tables: AtlasTables) -> dict[str, Parents]:
    """Lay out every level; names that have no English one are read as Pinyin."""
    given: set[str] = set()
    levels = {}
    for level, table in tables.parents.items():
        english = parent_names(
            table["name"].tolist(), table["name_en"].tolist(), project.config.pinyin, given
        )
        given.update(name for name in english if name)
        levels[level] = Parents(
            ids=table.index.tolist(),
            names=table["name"].tolist(),
            names_en=english,
            short=table["short"].tolist(),
            pinyin=_syllables(table["name"].tolist(), project),
            of=_positions(tables.unit_table[f"{level}_id"], table.index.astype("object")),
        )
    return levels


def _syllables(names: list[str], project: Project) -> Names | None:
    """Pinyin of names with blanks between the syllables; None where no name is Chinese."""
    read = pinyin_names(names, project.config.pinyin)
    if read is None:
        return None
    return [" ".join(filter(None, parts)) if parts else None for parts in read]


def _membership(tables: AtlasTables, kind: str) -> Membership:
    regions = tables.regions.index[tables.regions["kind"] == kind]
    rows = tables.membership[
        (tables.membership["kind"] == kind) & tables.membership["region_id"].notna()
    ]
    return Membership(
        unit=_positions(rows["unit_id"], tables.unit_table.index.astype("object")),
        region=_positions(rows["region_id"], regions.astype("object")),
        share=_known(round_significant(share, 4) for share in rows["share_of_unit"].tolist()),
        exclusive=rows["exclusive"].astype(int).tolist(),
    )


def _ranking(tables: AtlasTables, ranking: str) -> RankColumns:
    rows = tables.rankings[tables.rankings["ranking"] == ranking].set_index("unit_id")
    rows = rows[["rank", "tier"]].reindex(tables.unit_table.index)
    scores = tables.scores.get(ranking, pd.DataFrame()).reindex(tables.unit_table.index)
    return RankColumns(
        rank=_whole(rows["rank"]),
        tier=_whole(rows["tier"]),
        low=_whole(scores["rank_low"]) if "rank_low" in scores else None,
        high=_whole(scores["rank_high"]) if "rank_high" in scores else None,
        p_tier=_column(scores["p_tier"], 3) if "p_tier" in scores else None,
        coverage=_data_share(scores["coverage"]) if "coverage" in scores else None,
    )


def _data_share(values: pd.Series) -> Column | None:
    """Give the shares of the weight that have data, where not all of it has."""
    partial = values.where(values < 1 - 1e-9)
    return _column(partial, 3) if partial.notna().any() else None


def _fields(
    tables: AtlasTables, codes: Sequence[str]
) -> tuple[dict[str, Column | dict[str, Column]], dict[str, dict[str, Flag]]]:
    unknown = sorted(set(tables.indicators["code"].unique()) - set(tables.meta))
    problems = [f"indicator {code!r} has no metadata" for code in unknown]
    problems += [
        f"{name!r} is the id of an indicator and of a computed ranking"
        for name in tables.scores
        if name in tables.meta
    ]
    raise_if(problems, DataError, "indicators")
    units = tables.unit_table.index
    by_code = dict(rows_by_code(tables.indicators))
    shares = {
        code: of_code.set_index(["unit_id", "year"])["valid_share"]
        for code, of_code in tables.rasters.groupby("code")
    }
    fields: dict[str, Column | dict[str, Column]] = {}
    flags: dict[str, dict[str, Flag]] = {}
    for code in codes:
        if code not in by_code:
            continue
        rows = by_code[code]
        wide = rows.pivot(index="unit_id", columns="year", values="value").reindex(units)
        digits = SIGNIFICANT if wide.shape[1] == 1 else YEARLY
        years = _measured(wide[sorted(wide.columns)], tables.meta[code].digits, digits)
        fields[code] = years if len(years) > 1 else next(iter(years.values()))
        missing = tables.meta[code].missing
        flagged = _flags(rows, units, missing, shares.get(code), yearly=len(years) > 1)
        if flagged:
            flags[code] = flagged
    for name, table in tables.scores.items():
        index = table["index"].reindex(units)
        fields[name] = _column(index, _decimals(index.abs().max(), 1))
    return fields, flags


def _area_values(
    project: Project, tables: AtlasTables, codes: Sequence[str]
) -> dict[str, dict[str, AreaValues]]:
    """Lay out the latest value of every field in every parent and region.

    A value that is partial has the number of members with data beside it.
    """
    rows = latest_rows(tables.region_values)
    rows = rows[rows["code"].isin(codes)]
    areas = {level: table.index for level, table in tables.parents.items()}
    for kind in project.kinds():
        areas[kind] = tables.regions.index[tables.regions["kind"] == kind]
    found: dict[str, dict[str, AreaValues]] = {}
    for (scope, code), held in rows.groupby(["kind", "code"], sort=False):
        table = held.set_index("region_id").reindex(areas[str(scope)])
        if table["value"].isna().all():
            continue
        partial = table["partial"] & table["value"].notna()
        data, members = (table[name].where(partial) for name in ("members_with_data", "members"))
        found.setdefault(str(scope), {})[str(code)] = AreaValues(
            value=_measured(table[["value"]], tables.meta[str(code)].digits)["value"],
            data=_whole(data) if partial.any() else None,
            members=_whole(members) if partial.any() else None,
        )
    return found


def latest_rows(values: pd.DataFrame) -> pd.DataFrame:
    """Keep the last year of every code of a table like `region_values`."""
    return values[values["year"] == values.groupby("code")["year"].transform("max")]


def _flags(
    rows: pd.DataFrame,
    units: pd.Index,
    missing: Said | None,
    shares: pd.Series | None,
    *,
    yearly: bool,
) -> dict[str, Flag]:
    """Say for single values why they are missing or doubtful.

    A missing value is explained in the indicator's own words where it has them; one of a raster
    says over which share of the unit there are valid cells (`shares`, by unit and year).
    """
    said: dict[int, list[Said]] = {}
    partial: dict[int, list[int]] = {}
    flagged = rows[rows["flag"].notna() & (rows["flag"] != "")].sort_values(["unit_id", "year"])
    positions = units.get_indexer(pd.Index(flagged["unit_id"])).tolist()
    for position, (unit, year, flag, value) in zip(
        positions,
        flagged[["unit_id", "year", "flag", "value"]].itertuples(index=False),
        strict=True,
    ):
        if pd.isna(value) and missing is not None:
            text = missing
        elif flag == PARTIAL and shares is not None:
            share = Percent.of_part(float(shares[unit, year]))
            text = Message("flag-partial", {"share": share})
        elif flag == PARTIAL:
            text = Message("flag-partial-part")
        else:
            text = Text(str(flag))
        if flag == PARTIAL and pd.notna(value):
            partial.setdefault(position, []).append(int(year))
        if yearly:
            text = Message("flag-in-year", {"year": Year(int(year)), "flag": text})
        said.setdefault(position, []).append(text)
    return {
        str(unit): Flag(text=Joined(texts, "clauses"), partial=partial.get(unit, []))
        for unit, texts in said.items()
    }
