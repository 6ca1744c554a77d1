"""Committed values in a build: those that it does not compute, and whether the others are equal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import Extensive, IndicatorMeta, rule_of
from regional_atlas.core.schema import (
    COMMITTED_COLUMNS,
    COMMITTED_REGION_COLUMNS,
    INDICATOR_COLUMNS,
    REGION_VALUE_COLUMNS,
    WITHHELD,
    AtlasTables,
    BuildReport,
    Check,
    Omission,
)
from regional_atlas.core.texts import Joined, Message, Text
from regional_atlas.sources.committed import read_committed_indicators, read_committed_regions
from regional_atlas.tables.committed import (
    AREA,
    SHARE_DECIMALS,
    decimals_of,
    members_digests,
)
from regional_atlas.tables.declared import (
    Declared,
    declared_items,
    draws_on_absent,
    of_year,
    weighs_as_declared,
)

__all__ = ["Committed", "read_committed", "with_given_regions"]

Dated = tuple[str, int]
"""Code and year of an indicator."""
_UNIT = ["unit_id", "code", "year"]
_AREA = ["kind", "region_id", "code", "year"]
_SUM = rule_of(Extensive()).in_("en")


@dataclass(frozen=True)
class Committed:
    """What a project's tables of indicators gave once.

    Attributes
    ----------
    units, areas : DataFrame
        `COMMITTED_COLUMNS` and `COMMITTED_REGION_COLUMNS`; empty where the project has no such
        file.
    items : dict of str to list of Declared
        What the project declares, in its order, by code.
    files : dict of str to DataFrame
        Those tables that there are, by the name of the file.
    """

    units: pd.DataFrame
    areas: pd.DataFrame
    items: Mapping[str, list[Declared]]
    files: Mapping[str, pd.DataFrame]

    @cached_property
    def dated(self) -> set[Dated]:
        """What any of the files has."""
        return _dated(self.units) | _dated(self.areas)

    def lacking(self, computed: Collection[object]) -> list[tuple[Declared, int]]:
        """List what a build does not compute, in every year that a file has of it."""
        return [
            (declared, year)
            for code, year in sorted(self.dated - {*computed})
            if (declared := of_year(self.items[code], year)) is not None
        ]

    def in_order(
        self, meta: list[IndicatorMeta], computed: Collection[object]
    ) -> list[IndicatorMeta]:
        """Sort descriptions as the project declares them, where some are of committed values."""
        if self.dated <= {*computed}:
            return meta
        tables = dict.fromkeys(each.table for items in self.items.values() for each in items)
        order = [
            (each.table, code)
            for table in tables
            for code, items in self.items.items()
            for each in items
            if each.table == table
        ]
        place = {each: at for at, each in enumerate(order)}
        return sorted(meta, key=lambda item: place.get((str(item.citation), item.code), -1))

    def units_without(self, computed: Collection[object]) -> list[pd.DataFrame]:
        """Give the indicators contract of what a build does not compute; no table where none is."""
        rows = self.units.loc[~_among(self.units, computed), INDICATOR_COLUMNS]
        return [] if rows.empty else [rows]

    def with_areas(self, long: pd.DataFrame) -> pd.DataFrame:
        """List the values of units, then those of areas of codes that no unit has, by code."""
        others = self.areas[~self.areas["code"].isin(long["code"].unique())]
        if others.empty:
            return long
        return pd.concat([long[["code", "value"]], others[["code", "value"]]], ignore_index=True)

    def check_rules(self, meta: Iterable[IndicatorMeta]) -> None:
        """Check that the values were made by the rules that the project declares.

        Raises
        ------
        DataError
            Naming the codes of another rule.
        """
        declared: dict[str, list[str]] = {}
        for item in meta:
            declared.setdefault(item.code, []).append(rule_of(item.kind).in_("en"))
        for file, table in self.files.items():
            rules = table[["code", "rule"]].drop_duplicates().itertuples(index=False, name=None)
            problems = (
                f"code {code!r} was computed by {rule!r}, atlas.toml declares "
                f"{' and '.join(map(repr, dict.fromkeys(declared[code])))}; "
                "compute the file again (`regional-atlas indicators`)"
                for code, rule in rules
                if rule not in declared[code]
            )
            raise_if(problems, DataError, file)

    def compared(
        self,
        project: Project,
        found: pd.DataFrame,
        computed: Collection[object],
        meta: Iterable[IndicatorMeta],
    ) -> Iterator[Check]:
        """Say whether the values of units are those that a build computes, where it does."""
        for file, table in self.files.items():
            wanted = _comparable(project, self.items, _dated(table) & {*computed})
            if table is self.units and wanted:
                kept, rows = table[_among(table, wanted)], found[_among(found, wanted)]
                of_codes = {item.code: item for item in meta}
                yield _check(file, _differing(kept, rows, _UNIT, "flag", [], of_codes))


def read_committed(project: Project, units: pd.Index) -> Committed:
    """Read the files of [committed].

    Raises
    ------
    DataError
        They cannot be read, or name units or indicators that the project does not have.
    """
    config = project.config.committed
    items = declared_items(project)
    of_units = pd.DataFrame(columns=COMMITTED_COLUMNS)
    of_areas = pd.DataFrame(columns=COMMITTED_REGION_COLUMNS)
    files = {}
    if config.indicators is not None:
        of_units = files[config.indicators.name] = read_committed_indicators(config.indicators)
    if config.region_values is not None:
        of_areas = files[config.region_values.name] = read_committed_regions(config.region_values)
    for file, rows in files.items():
        raise_if(_undeclared(rows, items), DataError, file)
    strange = sorted(set(of_units["unit_id"]) - set(units))
    where = str(config.indicators)
    raise_if((f"unit_id {unit!r} is not a unit" for unit in strange), DataError, where)
    return Committed(of_units, of_areas, items, files)


def _undeclared(rows: pd.DataFrame, items: Mapping[str, list[Declared]]) -> Iterator[str]:
    """Name the codes, and the years of codes, that no table of a project has."""
    for code, year in sorted(_dated(rows)):
        declared = items.get(code, [])
        if declared and of_year(declared, year) is None:
            years = ", ".join(str(each.year) for each in declared)
            yield f"no table declares the code {code!r} of {year}; declared: {years}"
    for code in rows["code"].unique():
        if code not in items:
            yield f"no table declares the code {code!r}; declared: {', '.join(items)}"


def _dated(rows: pd.DataFrame) -> set[Dated]:
    """List the codes and years that a table has."""
    pairs = rows[["code", "year"]].dropna().drop_duplicates().itertuples(index=False, name=None)
    return {(str(code), int(year)) for code, year in pairs}


def _among(rows: pd.DataFrame, dated: Collection[object]) -> pd.Series:
    """Say which rows are of given codes and years."""
    wanted = [pair for pair in _dated(rows) if pair in dated]
    pairs = pd.DataFrame(wanted, columns=["code", "year"]).astype({"code": "str", "year": "int64"})
    keys = rows[["code", "year"]].astype({"code": "str", "year": "Int64"})
    found = keys.merge(pairs.astype({"year": "Int64"}), how="left", indicator="of")["of"] == "both"
    return found.set_axis(rows.index)


def _comparable(
    project: Project, items: Mapping[str, list[Declared]], dated: Collection[Dated]
) -> set[Dated]:
    """Keep the codes and years that are computed as they were when every table was given."""
    return {
        (code, year)
        for code, year in dated
        if (declared := of_year(items[code], year)) is not None
        and not draws_on_absent(project, declared)
    }


def with_given_regions(
    project: Project, tables: Any, values: pd.DataFrame, report: BuildReport
) -> pd.DataFrame:
    """Add the committed values of regions of what a build does not compute.

    An area whose members are others than those of the committed values has none of them. Of what
    the build computes, a check says whether the values are equal: in every area of the kinds that
    the file has, but for those with other members.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
        Units, parents, regions, membership; `parts` and `meta`.
    values : DataFrame
        `region_values` as the build rolled them up.
    report : BuildReport
        To be added to.
    """
    file = project.config.committed.region_values
    if file is None:
        return values
    every = read_committed_regions(file)
    kept = _of_same_members(every, tables, file.name, report)
    computed = {(part.code, part.year) for part in tables.parts}
    wanted = _comparable(project, declared_items(project), _dated(every) & computed)
    compared = kept[_among(kept, wanted)]
    if len(compared):
        others = every.drop(kept.index)
        found = values[values["kind"].isin(every["kind"].unique()) & _among(values, wanted)]
        found = found[~_areas_of(found).isin(_areas_of(others))]
        counts = ["members", "members_with_data"]
        counts += ["weight_share", "partial"] if weighs_as_declared(project) else []
        differ = _differing(compared, found, _AREA, "flags", counts, tables.meta)
        report.checks.append(_check(file.name, differ))
    lacking = ~_among(every, computed)
    if not lacking.any():
        return values
    laid = _of_every_area(every[lacking], kept[_among(kept, _dated(every[lacking]))], values)
    return pd.concat([values, laid], ignore_index=True)


def _areas_of(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["kind", "region_id"]])


def _of_same_members(
    kept: pd.DataFrame, tables: AtlasTables, file: str, report: BuildReport
) -> pd.DataFrame:
    """Keep the values of areas that have the members they had; report the other areas."""
    digests = {
        (kind, region): digest
        for kind in {*tables.parents, *tables.region_table["kind"]} & {*kept["kind"]}
        for region, digest in members_digests(tables, kind).items()
    }
    areas = zip(kept["kind"], kept["region_id"], strict=True)
    same = kept["members_digest"] == [digests.get(area) for area in areas]
    others = kept.loc[~same, "region"].unique().tolist()
    if others:
        regions = Joined([Text(name) for name in others], "and")
        what = Message("omitted-committed-regions", {"file": file, "regions": regions})
        report.omissions.append(Omission(what, Message("why-other-members")))
    return kept[same]


def _of_every_area(
    declared: pd.DataFrame, given: pd.DataFrame, values: pd.DataFrame
) -> pd.DataFrame:
    """Lay out given values with a row for every area of their kind; missing where none is given.

    Of which kinds, codes and years there are rows, `declared` says: a file whose values fit no
    area any more has them all the same.
    """
    areas = values.loc[values["code"] == AREA, ["kind", "region_id", "region", "members"]]
    dated = declared[["kind", "code", "year", "rule"]].drop_duplicates(["kind", "code", "year"])
    rows = areas.merge(dated, on="kind")
    of_areas = given.drop(columns=["region", "members", "rule", "members_digest"])
    rows = rows.merge(of_areas, on=_AREA, how="left")
    absent = rows["partial"].isna()
    rows["members_with_data"] = rows["members_with_data"].fillna(0)
    rows["partial"] = rows["partial"].mask(absent, True)
    return rows[REGION_VALUE_COLUMNS].astype(values.dtypes.to_dict())


def _check(file: str, differ: int) -> Check:
    return Check(
        Message("check-committed", {"file": file}),
        differ == 0,
        Message("check-stored-scores-rows", {"rows": differ}),
    )


def _differing(
    kept: pd.DataFrame,
    found: pd.DataFrame,
    keys: list[str],
    flagged: str,
    counted: list[str],
    meta: Mapping[str, IndicatorMeta],
) -> int:
    """Count the rows of either table that the other lacks or that differ beyond the rounding.

    Of a withheld total, only the numbers of members are compared.
    """
    rows = kept.merge(found, on=keys, how="outer", suffixes=("", "_found"), indicator="of")
    value, computed = rows["value"], rows["value_found"]
    decimals = rows["code"].map(decimals_of(meta)).astype("float64")
    beyond = (value - computed).abs() > 10.0**-decimals
    differ = beyond | (value.isna() != computed.isna())
    flags = rows[flagged].fillna("")
    differ |= flags != rows[f"{flagged}_found"].fillna("")
    withheld = pd.Series([WITHHELD in each.split(";") for each in flags], rows.index, dtype="bool")
    differ &= ~(withheld & (rows["rule"] == _SUM))
    for name in counted:
        differ |= (
            rows[name].astype("float64") - rows[f"{name}_found"].astype("float64")
        ).abs() > 10.0**-SHARE_DECIMALS
    return int((differ | (rows["of"] != "both")).sum())
