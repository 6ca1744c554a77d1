"""Table contracts: what a units, membership, rankings or zonal table must hold.

A table is checked once at the door of the pipeline and trusted afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.errors import DataError, raise_if

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "INDICATOR_COLUMNS",
    "MEMBERSHIP_COLUMNS",
    "RANKING_COLUMNS",
    "ZONAL_COLUMNS",
    "MatchReport",
    "check_membership",
    "check_rankings",
    "check_units",
    "check_zonal",
]

UNIT_COLUMNS = ["unit", "level", "unit_type", "area_km2", "geometry"]
INDICATOR_COLUMNS = ["unit_id", "code", "year", "value", "flag"]
ZONAL_COLUMNS = ["unit_id", "year", "mean", "sum", "lit_share", "max", "cell_count", "valid_share"]
MEMBERSHIP_COLUMNS = [
    "unit_id",
    "region_id",
    "kind",
    "share_of_unit",
    "share_of_region",
    "rule",
    "exclusive",
]
RANKING_COLUMNS = ["ranking", "rank", "unit_id", "unit", "score", "tier"]


@dataclass
class MatchReport:
    """What a join matched and what it did not, on both sides.

    Attributes
    ----------
    name : str
        What was joined to the units.
    rows : int
        Rows of the joined table.
    matched : int
        Rows that found exactly one unit.
    renamed : list of str
        Rows matched through an alias or a recorded change of name.
    ambiguous : list of str
        Rows that several units answer to, with the candidates.
    unmatched : list of str
        Rows that no unit answers to.
    units_without : int or None
        Units that no row speaks of; None where the table never meant to cover all.
    """

    name: str
    rows: int
    matched: int
    renamed: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    units_without: int | None = None

    def problems(self) -> list[str]:
        """One line for each row that did not find its unit."""
        return [
            *(f"ambiguous: {line}" for line in self.ambiguous),
            *(f"unmatched: {line}" for line in self.unmatched),
        ]


def _missing(table: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    return [
        f"column {name!r} is missing; found: {', '.join(map(str, table.columns))}"
        for name in columns
        if name not in table.columns
    ]


def _text_ids(values: pd.Index | pd.Series, name: str) -> list[str]:
    if pd.api.types.is_string_dtype(values.dtype):
        return []
    return [f"{name} must be text (leading zeros are kept), found {values.dtype}"]


def check_units(units: gpd.GeoDataFrame, where: str = "units") -> gpd.GeoDataFrame:
    """Check the units contract: text index without repeats, columns, WGS 84 geometry.

    Parameters
    ----------
    units : GeoDataFrame
        One row per unit, index `unit_id`.
    where : str
        Named in the error message.

    Returns
    -------
    GeoDataFrame
        The same table.

    Raises
    ------
    DataError
        Listing every breach.
    """
    problems = _missing(units, UNIT_COLUMNS)
    if units.index.name != "unit_id":
        problems.append(f"the index must be 'unit_id', found {units.index.name!r}")
    problems += _text_ids(units.index, "unit_id")
    repeated = units.index[units.index.duplicated()].unique()
    problems += [f"unit_id {code!r} stands more than once" for code in repeated]
    if "geometry" in units.columns:
        if units.crs is None or not units.crs.equals("EPSG:4326"):
            problems.append(f"geometry must be in EPSG:4326, found {units.crs}")
        empty = units.index[units.geometry.isna() | units.geometry.is_empty]
        problems += [f"unit {code} has no geometry" for code in empty]
    raise_if(problems, DataError, where)
    return units


def check_membership(membership: pd.DataFrame, units: pd.Index) -> pd.DataFrame:
    """Check the membership contract: columns, known units, shares within 0 and 1.

    Units in no region of a kind stand in it with a missing `region_id`.
    """
    problems = _missing(membership, MEMBERSHIP_COLUMNS)
    if not problems:
        unknown = sorted(set(membership["unit_id"]) - set(units))
        problems += [f"unit_id {code!r} is no unit" for code in unknown]
        for kind, rows in membership.groupby("kind"):
            absent = len(set(units) - set(rows["unit_id"]))
            if absent:
                problems.append(f"kind {kind!r}: {absent} units have no row")
            exclusive = rows[rows["exclusive"]]
            twice = exclusive["unit_id"][exclusive["unit_id"].duplicated()]
            problems += [f"kind {kind!r}: unit {code} is exclusive twice" for code in twice]
        for column in ("share_of_unit", "share_of_region"):
            values = membership[column].dropna()
            if ((values < 0) | (values > 1 + 1e-9)).any():
                problems.append(f"{column} must lie within 0 and 1")
    raise_if(problems, DataError, "membership")
    return membership


def check_rankings(rankings: pd.DataFrame, units: pd.Index) -> pd.DataFrame:
    """Check the rankings contract: columns, known units, a unit once per ranking, rank from 1."""
    problems = _missing(rankings, RANKING_COLUMNS)
    if not problems:
        unknown = sorted(set(rankings["unit_id"]) - set(units))
        problems += [f"unit_id {code!r} is no unit" for code in unknown]
        twice = rankings[rankings.duplicated(["ranking", "unit_id"])]
        problems += [
            f"ranking {row.ranking!r}: unit {row.unit_id} stands more than once"
            for row in twice.itertuples()
        ]
        problems += [
            f"ranking {name!r}: ranks start at {int(rows.min())}, expected 1"
            for name, rows in rankings.groupby("ranking")["rank"]
            if int(rows.min()) != 1
        ]
    raise_if(problems, DataError, "rankings")
    return rankings


def check_zonal(zonal: pd.DataFrame, units: pd.Index, where: str = "nightlights") -> pd.DataFrame:
    """Check the zonal contract: columns, text ids, one row per unit and year."""
    problems = _missing(zonal, ZONAL_COLUMNS)
    if not problems:
        problems += _text_ids(zonal["unit_id"], "unit_id")
        if zonal.duplicated(["unit_id", "year"]).any():
            problems.append("a unit has more than one row in a year")
        for year, rows in zonal.groupby("year"):
            absent = len(set(units) - set(rows["unit_id"]))
            extra = len(set(rows["unit_id"]) - set(units))
            if absent or extra:
                problems.append(f"year {year}: {absent} units missing, {extra} unknown")
    raise_if(problems, DataError, where)
    return zonal
