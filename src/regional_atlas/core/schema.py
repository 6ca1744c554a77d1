"""Table contracts: what a units, membership, rankings or zonal table must hold.

A table is checked once at the door of the pipeline and trusted afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.kinds import IndicatorMeta
from regional_atlas.core.texts import Said

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from affine import Affine
    from numpy.typing import NDArray

__all__ = [
    "CLUSTER_COLUMNS",
    "COMMITTED_COLUMNS",
    "COMMITTED_REGION_COLUMNS",
    "FIGURE_COLUMNS",
    "INDICATOR_COLUMNS",
    "INEQUALITY_COLUMNS",
    "MEMBERSHIP_ATTRIBUTE_COLUMNS",
    "MEMBERSHIP_COLUMNS",
    "PARTIAL",
    "PROBABILITY",
    "RANKING_COLUMNS",
    "RASTER_COLUMNS",
    "REGION_COUNT_COLUMNS",
    "REGION_VALUE_COLUMNS",
    "SPACE_COLUMNS",
    "SPACE_SUMMARY_COLUMNS",
    "WITHHELD",
    "ZONAL_COLUMNS",
    "AtlasTables",
    "BlockMeans",
    "BuildReport",
    "Check",
    "CoverageFault",
    "IndicatorMeta",
    "MatchReport",
    "Omission",
    "RepairedUnit",
    "TableReading",
    "check_membership",
    "check_rankings",
    "check_units",
    "check_zonal",
    "listed",
]

UNIT_COLUMNS = ["unit", "level", "unit_type", "area_km2", "geometry"]
INDICATOR_COLUMNS = ["unit_id", "code", "year", "value", "flag"]
COMMITTED_COLUMNS = [*INDICATOR_COLUMNS, "rule"]
PROBABILITY = "probability"
"""Attribute of a membership that holds by chance: how likely it is."""
PARTIAL = "partial"
"""Flag of an indicator: valid cells of its raster lie over a part of the unit's area only."""
WITHHELD = "withheld"
"""Flag of a committed total that is missing because too few members have data."""
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
MEMBERSHIP_ATTRIBUTE_COLUMNS = ["unit_id", "unit", "kind", "region_id", "attribute", "value"]
CLUSTER_COLUMNS = [
    "set", "cluster_id", "cluster", "cluster_en", "group", "size", "unit_id", "unit",
]  # fmt: skip
FIGURE_COLUMNS = [
    "figure", "series", "series_en", "unit", "unit_en", "scale_zh", "scale_en", "key", "key_en",
    "sign", "value",
]  # fmt: skip
RANKING_COLUMNS = ["ranking", "rank", "unit_id", "unit", "score", "tier"]
RASTER_COLUMNS = [
    "raster", "code", "statistic", "unit_id", "year", "value", "cell_count", "valid_share",
]  # fmt: skip
REGION_COUNT_COLUMNS = [
    "ranking", "kind", "region_id", "region", "exclusive", "top", "count", "low", "high",
    "expected",
]  # fmt: skip
REGION_VALUE_COLUMNS = [
    "region_id", "region", "kind", "code", "year", "value", "members", "members_with_data",
    "weight_share", "partial", "rule", "flags",
]  # fmt: skip
COMMITTED_REGION_COLUMNS = [*REGION_VALUE_COLUMNS, "members_digest"]
SPACE_COLUMNS = [
    "id", "unit_id", "unit", "value", "lag", "moran_local", "moran_p", "moran_q", "moran_class",
    "g_star", "g_star_z", "g_star_p", "g_star_q", "g_star_class",
]  # fmt: skip
SPACE_SUMMARY_COLUMNS = [
    "id", "field", "year", "units", "missing", "isolates", "moran", "expected", "z", "p",
    "permutations", "seed", "fdr", "high_high", "low_low", "high_low", "low_high", "hot",
    "cold", "since", "tau", "concordant", "mean_shift",
]  # fmt: skip
INEQUALITY_COLUMNS = [
    "id", "field", "year", "weight", "measure", "by", "part", "group_id", "group", "units",
    "left_out", "weight_share", "value_share", "mean", "inequality", "contribution",
]  # fmt: skip


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
        Rows matched through an alias or a recorded change of name or code.
    merged : list of str
        Rows whose unit became part of another, or is a part that the table counts by itself.
    divided : list of str
        Rows whose unit was divided since, with the parts.
    without_code : list of str
        Rows without a code in a table that has codes; they are looked up by name.
    excluded : int
        Rows declared as totals; they are not among `rows`.
    ambiguous : list of str
        Rows that several units answer to, with the candidates.
    unmatched : list of str
        Rows that no unit answers to.
    units_without : int or None
        Units that no row speaks of; None where the table never meant to cover all.
    hint : str
        The first rows that found no unit, and why that may be: zeros that codes lost, or how both
        sides look. Empty where nothing can be said.
    file, by : str
        The table's file, and its column that names the units.
    units : int
        Units that there are.
    without : list of str
        The first units that no row speaks of; how many there are is `without_count`.
    without_count : int
        Units that no row speaks of.
    """

    name: str
    rows: int
    matched: int
    renamed: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    divided: list[str] = field(default_factory=list)
    without_code: list[str] = field(default_factory=list)
    excluded: int = 0
    units_without: int | None = None
    hint: str = ""
    file: str = ""
    by: str = ""
    units: int = 0
    without: list[str] = field(default_factory=list)
    without_count: int = 0

    def lost_rows(self) -> list[str]:
        """Name the rows that found no single unit."""
        return [*(f"{line} is ambiguous" for line in self.ambiguous), *self.unmatched]

    def said(self) -> str:
        """Say in a line how many rows matched, and what did not on both sides."""
        parts = [f"{self.matched} of {self.rows} rows matched a unit"]
        if self.excluded:
            parts.append(f"{self.excluded} more left out as totals")
        if self.renamed:
            parts.append(f"{len(self.renamed)} by another name ({listed(self.renamed)})")
        if self.merged:
            parts.append(f"{len(self.merged)} added to another unit ({listed(self.merged)})")
        if self.divided:
            parts.append(f"{len(self.divided)} divided ({listed(self.divided)})")
        if self.rows > self.matched:
            why = self.hint or listed(self.lost_rows())
            parts.append(f"{self.rows - self.matched} did not ({why})")
        if self.without_count:
            more = ", …" if self.without_count > len(self.without) else ""
            parts.append(
                f"{self.without_count} of {self.units} units have no row "
                f"({', '.join(self.without)}{more})"
            )
        return "; ".join(parts)

    def too_few(self, least_match: float, least_units: float = 0.0) -> list[str]:
        """Say what is wrong where fewer rows found a unit than the least share, or none.

        Examples
        --------
        >>> MatchReport("t", rows=20, matched=19, unmatched=["line 7: X"]).too_few(0.95)
        []
        >>> MatchReport("t", rows=2, matched=1, unmatched=["line 3: X"], by="code").too_few(0.95)
        ["column 'code': 1 of 2 rows matched a unit (line 3: X); put the rows right, leave them \
out (`where`), or declare least_match = 0.5"]
        """
        problems = []
        of = f"column {self.by!r}: " if self.by else ""
        if self.rows and self.matched < max(least_match * self.rows - 1e-9, 1):
            why = self.hint or listed(self.lost_rows())
            said = f"{of}{self.matched} of {self.rows} rows matched a unit ({why})"
            if self.matched:
                share = math.floor(1000 * self.matched / self.rows) / 1000
                said += (
                    "; put the rows right, leave them out (`where`), or declare "
                    f"least_match = {share:g}"
                )
            problems.append(said)
        covered = self.units - self.without_count
        if covered < least_units * self.units - 1e-9:
            more = ", …" if self.without_count > len(self.without) else ""
            problems.append(
                f"{of}{covered} of {self.units} units have a row, least_units = {least_units:g} "
                f"asks for more; without one: {', '.join(self.without)}{more}"
            )
        return problems


def listed(items: Sequence[str], most: int = 5) -> str:
    """Name the first of some, and count the others.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2)
    'a; b; and 1 more'
    """
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "; ".join([*items[:most], *more])


@dataclass
class TableReading:
    """How a table's file was read: what was declared, and what was recognised.

    Attributes
    ----------
    file, format : str
        The file's name, and what it is (csv, tsv, xlsx, xls, ods, parquet, a GIS file's ending).
    sheet, encoding, delimiter : str or None
        Where the format has such.
    header_row : int or None
        Row of the headings; None where the file has columns of its own.
    rows, columns : int
        Rows that count, and columns that have a heading.
    left_out : int
        Rows that `where`, `skip_rows` and the rules for notes leave out.
    notes : list of str
        What was recognised without a declaration, and what a reader should know.
    """

    file: str
    format: str
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    rows: int = 0
    columns: int = 0
    left_out: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """One thing that a build verified, and how it went."""

    name: Said
    ok: bool
    detail: Said


@dataclass(frozen=True)
class Omission:
    """Something that a build left out, and why."""

    what: Said
    why: Said


@dataclass(frozen=True)
class RepairedUnit:
    """A unit whose border was snapped to its neighbours': where, and its area before and after.

    Attributes
    ----------
    unit_id, unit : str
    beside : list of str
        Names and ids of the units that it overlapped or did not meet.
    lon, lat : float
        A place of the largest fault, in degrees.
    area_before, area_after : float
        Square kilometres.
    """

    unit_id: str
    unit: str
    beside: list[str]
    lon: float
    lat: float
    area_before: float
    area_after: float


@dataclass(frozen=True)
class CoverageFault:
    """An overlap, a gap or a doubled polygon that is too large to repair.

    Attributes
    ----------
    kind : {'double', 'overlap', 'gap', 'border'}
    units : list of str
        Those concerned, each `id (name)`.
    area, width : float
        Square kilometres, and metres at the widest place.
    lon, lat : float
        A place in it, in degrees.
    """

    kind: Literal["double", "overlap", "gap", "border"]
    units: list[str]
    area: float
    width: float
    lon: float
    lat: float

    def __str__(self) -> str:
        units = " and ".join([", ".join(self.units[:-1]), self.units[-1]][len(self.units) == 1 :])
        place = f"near {self.lon:.6f}, {self.lat:.6f} (longitude, latitude)"
        size = f"{self.area:,.6g} km², up to {self.width:,.3g} m wide"
        match self.kind:
            case "double":
                return f"units {units} have the same polygon, {place}"
            case "overlap":
                return f"units {units} overlap by {size}, {place}"
            case "gap":
                return f"a gap of {size} lies between {units}, {place}"
            case "border":
                return f"the borders of {units} do not fit, {place}"


@dataclass
class BuildReport:
    """What a build joined, verified and left out.

    Beside that, by ranking, the parameters of its draws; how rasters were read; the units whose
    borders were repaired, and the overlaps and gaps that were left.
    """

    version: str
    joins: list[MatchReport] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)
    uncertainty: dict[str, pd.DataFrame] = field(default_factory=dict)
    rasters: list[dict[str, Any]] = field(default_factory=list)
    repaired: list[RepairedUnit] = field(default_factory=list)
    faults: list[CoverageFault] = field(default_factory=list)

    def add(self, other: BuildReport) -> None:
        """Add what another report says."""
        for name in (
            "joins",
            "tables",
            "checks",
            "omissions",
            "rasters",
            "repaired",
            "faults",
        ):
            getattr(self, name).extend(getattr(other, name))
        self.uncertainty |= other.uncertainty


@dataclass(frozen=True)
class BlockMeans:
    """Block means of one year's raster: decoded radiance, NaN where there is no value."""

    year: int
    values: NDArray[np.float32]
    transform: Affine
    crs: str


@dataclass(frozen=True, repr=False)
class AtlasTables:
    """Every table of a build; what the atlas, the exports and the queries read.

    Attributes
    ----------
    units : GeoDataFrame
        The units contract, full detail, WGS 84.
    parents : dict of str to DataFrame
        By level id, outermost first: index `<level>_id`; `name`, `short`, `name_en`, `units`.
    regions : GeoDataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`, geometry.
    membership, rankings : DataFrame
        Their contracts.
    scores : dict of str to DataFrame
        By id of the computed ranking: the scores contract.
    indicators : DataFrame
        Long: `unit_id`, `code`, `year`, `value`, `flag`.
    meta : dict of str to IndicatorMeta
        By indicator code.
    nightlights : DataFrame or None
        The zonal contract, with `unit`.
    clusters : DataFrame
        Long: one row per cluster and unit.
    lines : GeoSeries
        Lines that the map draws beside the units, WGS 84.
    comparison : DataFrame or None
        Published figures beside computed ones.
    blocks : list of BlockMeans
        For the overlay; one per year.
    report : BuildReport
        What was matched, verified and left out.
    agreement : DataFrame or None
        Published orders beside computed ones; see `compare.rank_agreement`.
    region_counts : DataFrame
        By ranking and region (of a parent level or a kind): how many of its units are among the
        first `top` (`count`), the interval (`low`, `high`) and the mean (`expected`), over the
        draws of a computed ranking, over memberships that hold by chance, or over both; other
        rankings and regions have no row. `exclusive`: each unit in one region of a kind, by
        precedence; else every membership, for the kinds where that differs.
    space : DataFrame
        Long, one row per declared field and unit: its value, the mean of its neighbours, local
        Moran and Gᵢ* with p-value, adjusted q-value and class. `moran_class`: HH, LL, HL, LH;
        `g_star_class`: hot, cold; both also `not significant`, `isolate`, `missing`.
    space_summary : DataFrame
        One row per declared field: global Moran, numbers of units by class, and rank mobility
        between `since` and `year` where declared.
    inequality : DataFrame
        Long: for each declared field, year, measure (`theil_t`, `gini`) and grouping `by`, the
        parts (`total`, `between`, `within`, `overlap`, each a `contribution` in the measure's own
        unit) and one row per group (`part` is `group`), whose contributions add up to `within`; a
        group without `group_id` holds the units in none.
    figures : DataFrame or None
        Long: published figures that plates show (`FIGURE_COLUMNS`).
    region_values : DataFrame
        Long: the value of every indicator and year in every region, over every membership, and
        every parent (`kind` is then the level), by the `rule` of its kind: how many `members`
        there are, how many have data, the share of the weight that these hold, whether the
        value is `partial`, and the `flags` that members' values carry, joined by `;`.
    overall_values : DataFrame
        The same of unit types (`kind` is `unit_type`) and of all units (`all`).
    membership_attributes : DataFrame
        Long: the further columns of the tables that delineate regions, such as whether a county is
        central, one row per unit, region and attribute. Where memberships hold by chance, every
        pair that has a probability is there, with the attribute `probability`, also those that are
        too unlikely to be members.
    rasters : DataFrame
        Long: every indicator that is a statistic of a raster, by unit and year, with the cells
        behind it: how many the unit touches, and which share of its area has valid ones.
    """

    units: gpd.GeoDataFrame
    parents: dict[str, pd.DataFrame]
    regions: gpd.GeoDataFrame
    membership: pd.DataFrame
    rankings: pd.DataFrame
    scores: dict[str, pd.DataFrame]
    indicators: pd.DataFrame
    meta: dict[str, IndicatorMeta]
    nightlights: pd.DataFrame | None
    clusters: pd.DataFrame
    lines: gpd.GeoSeries
    comparison: pd.DataFrame | None
    blocks: list[BlockMeans]
    report: BuildReport
    agreement: pd.DataFrame | None = None
    region_counts: pd.DataFrame = field(default_factory=lambda: _empty(REGION_COUNT_COLUMNS))
    space: pd.DataFrame = field(default_factory=lambda: _empty(SPACE_COLUMNS))
    space_summary: pd.DataFrame = field(default_factory=lambda: _empty(SPACE_SUMMARY_COLUMNS))
    inequality: pd.DataFrame = field(default_factory=lambda: _empty(INEQUALITY_COLUMNS))
    figures: pd.DataFrame | None = None
    region_values: pd.DataFrame = field(default_factory=lambda: _empty(REGION_VALUE_COLUMNS))
    overall_values: pd.DataFrame = field(default_factory=lambda: _empty(REGION_VALUE_COLUMNS))
    membership_attributes: pd.DataFrame = field(
        default_factory=lambda: _empty(MEMBERSHIP_ATTRIBUTE_COLUMNS)
    )
    rasters: pd.DataFrame = field(default_factory=lambda: _empty(RASTER_COLUMNS))

    @property
    def unit_table(self) -> pd.DataFrame:
        """The units without their geometry."""
        return pd.DataFrame(self.units.drop(columns="geometry", errors="ignore"))

    @property
    def region_table(self) -> pd.DataFrame:
        """The regions without their geometry."""
        return pd.DataFrame(self.regions.drop(columns="geometry", errors="ignore"))


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns)


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
        problems += [f"unit_id {code!r} is not a unit" for code in unknown]
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
        problems += [f"unit_id {code!r} is not a unit" for code in unknown]
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
