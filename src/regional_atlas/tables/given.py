"""Committed values in a build: those that it does not compute, and whether the others are equal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn
from regional_atlas.config.project import Project
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import IndicatorMeta, rule_of
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

__all__ = ["Committed", "read_committed", "with_given_regions"]

Item = IndicatorColumn | DerivedIndicator
_UNIT = ["unit_id", "code", "year"]
_AREA = ["kind", "region_id", "code", "year"]


class Declared(NamedTuple):
    """An indicator as a project declares it: a column or a ratio of a table."""

    table: str
    year: int | None
    item: Item


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

    @property
    def codes(self) -> set[str]:
        """The codes that any of the files has."""
        return {*self.units["code"], *self.areas["code"]}

    def lacking(self, computed: Collection[str]) -> list[tuple[Declared, int]]:
        """List what a build does not compute, in every year that a file has of it."""
        both = pd.concat([self.units[["code", "year"]], self.areas[["code", "year"]]])
        pairs = both.drop_duplicates().itertuples(index=False, name=None)
        dated = sorted((code, int(year)) for code, year in pairs if code not in computed)
        return [(_of_year(self.items[code], year), year) for code, year in dated]

    def in_order(self, meta: list[IndicatorMeta], computed: Collection[str]) -> list[IndicatorMeta]:
        """Sort descriptions as the project declares them, where some are of committed values."""
        if self.codes <= set(computed):
            return meta
        place = {code: at for at, code in enumerate(self.items)}
        return sorted(meta, key=lambda item: place.get(item.code, -1))

    def units_without(self, computed: Collection[str]) -> list[pd.DataFrame]:
        """Give the indicators contract of what a build does not compute; no table where none is."""
        rows = self.units.loc[~self.units["code"].isin(list(computed)), INDICATOR_COLUMNS]
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
        declared = {item.code: rule_of(item.kind).in_("en") for item in meta}
        for file, table in self.files.items():
            rules = table[["code", "rule"]].drop_duplicates().itertuples(index=False, name=None)
            problems = (
                f"code {code!r} was computed by {rule!r}, atlas.toml declares {declared[code]!r}; "
                "compute the file again (`regional-atlas indicators`)"
                for code, rule in rules
                if rule != declared[code]
            )
            raise_if(problems, DataError, file)

    def compared(
        self, found: pd.DataFrame, computed: Collection[str], meta: Iterable[IndicatorMeta]
    ) -> Iterator[Check]:
        """Say whether the values of units are those that a build computes, where it does all."""
        for file, table in self.files.items():
            codes = {*table["code"]}
            if table is self.units and codes <= {*computed} & {*found["code"].unique()}:
                rows = found[found["code"].isin(codes)]
                of_codes = {item.code: item for item in meta}
                yield _check(file, _differing(table, rows, _UNIT, "flag", [], of_codes))


def read_committed(project: Project, units: pd.Index) -> Committed:
    """Read the files of [committed].

    Raises
    ------
    DataError
        They cannot be read, or name units or indicators that the project does not have.
    """
    config = project.config.committed
    items: dict[str, list[Declared]] = {}
    for name, table in project.config.indicators.items():
        every: list[Item] = [*(column for column in table.columns if column.shown), *table.derived]
        for item in every:
            items.setdefault(item.code, []).append(Declared(name, table.year, item))
    of_units = pd.DataFrame(columns=COMMITTED_COLUMNS)
    of_areas = pd.DataFrame(columns=COMMITTED_REGION_COLUMNS)
    files = {}
    if config.indicators is not None:
        of_units = files[config.indicators.name] = read_committed_indicators(config.indicators)
    if config.region_values is not None:
        of_areas = files[config.region_values.name] = read_committed_regions(config.region_values)
    for file, rows in files.items():
        unknown = [code for code in rows["code"].unique() if code not in items]
        raise_if((f"no table declares the code {code!r}" for code in unknown), DataError, file)
    strange = sorted(set(of_units["unit_id"]) - set(units))
    where = str(config.indicators)
    raise_if((f"unit_id {unit!r} is not a unit" for unit in strange), DataError, where)
    return Committed(of_units, of_areas, items, files)


def _of_year(declared: list[Declared], year: int) -> Declared:
    """Choose the table of a year, where several have the same code."""
    return next((each for each in declared if each.year == year), declared[0])


def with_given_regions(
    project: Project, tables: Any, values: pd.DataFrame, report: BuildReport
) -> pd.DataFrame:
    """Add the committed values of regions of what a build does not compute.

    An area whose members are others than those of the committed values has none of them. Where the
    build computes all, a check says whether the values are equal.

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
    kept = _of_same_members(read_committed_regions(file), tables, file.name, report)
    computed = {part.code for part in tables.parts}
    if {*kept["code"]} <= computed:
        wanted = pd.MultiIndex.from_frame(kept[_AREA])
        found = values[pd.MultiIndex.from_frame(values[_AREA]).isin(wanted)]
        counts = ["members", "members_with_data", "weight_share", "partial"]
        differ = _differing(kept, found, _AREA, "flags", counts, tables.meta)
        report.checks.append(_check(file.name, differ))
        return values
    given = kept[~kept["code"].isin(computed)]
    return pd.concat([values, _of_every_area(given, values)], ignore_index=True)


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


def _of_every_area(given: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Lay out given values with a row for every area of their kind; missing where none is given."""
    areas = values.loc[values["code"] == AREA, ["kind", "region_id", "region", "members"]]
    rows = areas.merge(given[["kind", "code", "year", "rule"]].drop_duplicates(), on="kind")
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
    beyond = (value - computed).abs() > 10.0 ** -rows["code"].map(decimals_of(meta))
    differ = beyond | (value.isna() != computed.isna())
    flags = rows[flagged].fillna("")
    differ |= flags != rows[f"{flagged}_found"].fillna("")
    differ &= ~flags.str.split(";").map(lambda held: WITHHELD in held)
    for name in counted:
        differ |= (
            rows[name].astype("float64") - rows[f"{name}_found"]
        ).abs() > 10.0**-SHARE_DECIMALS
    return int((differ | (rows["of"] != "both")).sum())
