"""Rasters: how their cells are read and cleaned, what is measured of them; night lights."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from regional_atlas.core.errors import InputError
from regional_atlas.core.model import (
    Count,
    Derived,
    Digits,
    ExistingFile,
    Factor,
    Identifier,
    Model,
    ProblemsError,
    Provenance,
    Real,
    Value,
    Whole,
    Year,
    YearlyFiles,
    YearlyFilesOrFile,
    existing_file,
    yearly_files_or_file,
)
from regional_atlas.core.texts import Text, Unit
from regional_atlas.zonal.registry import Asked, asked

__all__ = [
    "BlocksConfig",
    "CleaningConfig",
    "NightlightsConfig",
    "RasterConfig",
    "RasterReading",
    "StatisticConfig",
    "declared_codes",
    "raster_code",
]


class CleaningConfig(Model):
    """Rules that cells pass before they are measured, in the order of `extreme` to `saturation`.

    The polygons of a `mask` are cut out of the zones before. Rasters of rules lie on the grid of
    the raster that they clean; one file serves all years, a name with `{year}` each its own, and a
    file of several bands goes band by band. Numbers are in decoded units.
    """

    extreme: Literal["refuse", "missing"] = "refuse"
    """What becomes of infinite values and of those beyond ±1e30."""
    quality: YearlyFilesOrFile | None = None
    """Raster of flags."""
    quality_variable: str | None = None
    """Variable of flags, in the file of `quality` or else in the raster's own."""
    bad_flags: list[Whole] = []
    """Flags of cells that become missing, as do cells whose flag is missing."""
    bad_bits: Annotated[Whole, Field(ge=0, lt=2**32)] = 0
    """Bit mask: cells with any of these bits in their flag become missing."""
    observations: YearlyFilesOrFile | None = None
    """Raster with the number of observations."""
    observations_variable: str | None = None
    """Variable with that number, in the file of `observations` or else in the raster's own."""
    least_observations: Count = 0
    """Cells with fewer become missing."""
    mask: YearlyFilesOrFile | None = None
    """Polygons to cut out of the zones, or a raster: cells where it is not 0 become missing."""
    negative: Literal["keep", "zero", "missing"] = "keep"
    """What becomes of values below 0."""
    background: Value | None = None
    """Values above 0 and below it become 0."""
    upper: Value | None = None
    """Values above it become missing."""
    saturation: Value | None = None
    """Values of at least this are kept and counted."""

    @model_validator(mode="after")
    def _whole(self) -> CleaningConfig:
        flags = self.quality or self.quality_variable
        if (flags is None) != (not self.bad_flags and not self.bad_bits):
            raise ValueError("`quality` needs `bad_flags` or `bad_bits`, and they need it")
        seen = self.observations or self.observations_variable
        if (seen is None) != (self.least_observations <= 0):
            raise ValueError("`observations` needs `least_observations`, and that needs it")
        ascending = [
            (name, value)
            for name in ("background", "saturation", "upper")
            if (value := getattr(self, name)) is not None
        ]
        wrong = [
            f"`{low}` ({least:g}) must lie below `{high}` ({most:g}): else no cell is left between"
            for (low, least), (high, most) in itertools.combinations(ascending, 2)
            if least >= most and "background" in (low, high)
        ]
        if wrong:
            raise ProblemsError(wrong)
        return self


class RasterReading(Provenance):
    """Where a raster comes from and how its cells are read."""

    variable: str | None = None
    """Of files that hold several (NetCDF, HDF5), with or without its groups."""
    scale: Factor | None = None
    """Value = stored × `scale` + `offset`; the file's own by default."""
    offset: Value | None = None
    """See `scale`."""
    nodata: Literal["stored", "none"] | Real = "stored"
    """Stored value that means missing: the file's own, none, or this one."""
    crs: str | None = None
    """Coordinate reference system of files that have none."""
    cleaning: CleaningConfig = CleaningConfig()
    """Rules that cells pass before they are measured."""


class StatisticConfig(Model):
    """A statistic of a raster, which is an indicator."""

    name: str
    """Of [the statistics](statistics.md), such as `sum` or `class_share(41,42)`."""
    code: Identifier | None = None
    """Of the indicator; the raster's id, with the statistic where there are several, by default."""
    title: Text | None = None
    """Of the indicator; that of the raster, with the statistic where there are several, by
    default."""
    unit: Unit | None = None
    """Of the indicator; by default it follows from the unit of the raster's values."""
    digits: Digits | None = None
    """Digits after the point, as it is written; those of the raster by default."""

    @property
    def asked(self) -> Asked:
        """Look up the statistic."""
        return asked(self.name)

    @model_validator(mode="after")
    def _of_units(self) -> StatisticConfig:
        try:
            statistic = self.asked.statistic
        except InputError as error:
            raise ProblemsError([f"name: {problem}" for problem in error.problems]) from None
        if statistic.wide:
            raise ValueError(
                f"name: {self.name} fills a column for each value; write class_share(value,…)"
            )
        if "population" in statistic.needs:
            raise ValueError(
                f"name: {self.name} needs heads of the units; divide the sum by them in a table's "
                "`derived`"
            )
        return self


def _statistics(value: Any) -> Any:
    """Take one name, one table, or a list of both."""
    items = value if isinstance(value, list) else [value]
    return [{"name": item} if isinstance(item, str) else item for item in items]


def _files(value: Any, info: ValidationInfo) -> Path | dict[int, Path]:
    """Take a file, a name with `{year}`, or a table of files by year."""
    if not isinstance(value, Mapping):
        return yearly_files_or_file(value, info)
    found, problems = {}, []
    for year, name in value.items():
        if not re.fullmatch("[0-9]{4}", str(year)) or int(year) == 0:
            problems.append(f"{year!r} is not a year of four digits")
        try:
            found[str(year)] = existing_file(name, info)
        except ValueError as error:
            problems.append(f"{year}: {error}")
    if problems or not found:
        raise ProblemsError(problems or ["no file is given"])
    first: dict[Path, str] = {}
    problems = [
        f"{year} and {first[path]} are the same file, {path.name}; give each year its own, or "
        "`bands_from` where its bands are years"
        for year, path in sorted(found.items())
        if first.setdefault(path, year) != year
    ]
    if problems:
        raise ProblemsError(problems)
    return {int(year): path for year, path in sorted(found.items())}


RasterFiles = Annotated[Path | dict[int, Path], BeforeValidator(_files)]


class RasterConfig(RasterReading):
    """A raster of anything, measured in every unit: each of its statistics is an indicator.

    Population counts (`statistic = "sum"`), rainfall (`"mean"`), land use
    (`"class_share(41,42)"`): any band of any raster
    of [the formats](formats.md). Every cell counts by the exact
    share of it that the unit covers.
    """

    files: RasterFiles | None = None
    """A file, a file name with `{year}`, or a table of years to files."""
    year: Year | None = None
    """Of a single file."""
    band: Annotated[Whole, Field(ge=1, le=1_000_000)] = 1
    """The band that is read, from 1."""
    bands_from: Year | Literal["time"] | None = None
    """Year of the first band of a single file whose bands are years; `time` where the time axis of
    NetCDF says the year of each."""
    years: list[Year] = []
    """The years that are measured; all by default."""
    statistic: Annotated[list[StatisticConfig], BeforeValidator(_statistics), Field(min_length=1)]
    """A name, or a list of names and tables."""
    code: Identifier | None = None
    """Of the indicator, where there is one statistic; the raster's id by default."""
    unit: Unit
    """Of the cells' values."""
    digits: Digits = 1
    """Digits after the point, as values are written."""
    lit_threshold: Value | None = None
    """For `lit_share` and `lit_area_km2`, in decoded units."""
    weights: ExistingFile | None = None
    """Raster of weights for the weighted statistics, on any grid, read as it is stored."""

    @model_validator(mode="after")
    def _whole(self) -> RasterConfig:
        problems = self._date_problems()
        if self.code is not None and len(self.statistic) > 1:
            problems.append("code: there are several statistics; give each its own `code`")
        if self.code is not None and self.statistic[0].code not in (None, self.code):
            problems.append("code: the statistic has another; give one of them")
        given = {"lit_threshold": self.lit_threshold, "weights": self.weights}
        problems += [
            f"statistic: {each.name} needs `{need}`"
            for each in self.statistic
            for need in each.asked.statistic.needs
            if given[need] is None
        ]
        if problems:
            raise ProblemsError(problems)
        return self

    def same_statistics(self, other: RasterConfig) -> list[str]:
        """List the statistics that another section measures of the same cells in the same way."""
        said = {*Provenance.model_fields, "statistic", "code", "unit", "digits"}
        read = [name for name in type(self).model_fields if name not in said]
        if any(getattr(self, name) != getattr(other, name) for name in read):
            return []
        theirs = {each.name for each in other.statistic}
        return [each.name for each in self.statistic if each.name in theirs]

    def _date_problems(self) -> list[str]:
        single = isinstance(self.files, Path) and "{year}" not in self.files.name
        if single and (self.year is None) == (self.bands_from is None):
            return ["give `year` for a single file, or `bands_from` where its bands are years"]
        if self.files is not None and not single and (self.year or self.bands_from):
            return ["`year` and `bands_from` are for a single file; these files have their years"]
        if self.bands_from is not None and self.band != 1:
            return ["`band` is for files with one year; `bands_from` reads every band"]
        return []

    def indicators(self, name: str) -> list[tuple[str, StatisticConfig]]:
        """List the indicators of the raster of this id: code and statistic."""
        several = len(self.statistic) > 1
        return [
            (
                each.code or self.code or raster_code(name, each.asked.column if several else ""),
                each,
            )
            for each in self.statistic
        ]


def declared_codes(name: str, table: Mapping[str, Any]) -> list[str]:
    """List the codes of a raster as its table of `atlas.toml` has it, whatever else is wrong there.

    Examples
    --------
    >>> wet = {"name": "class_share(4)", "code": "wet"}
    >>> declared_codes("land", {"statistic": ["majority", wet]})
    ['land_majority', 'wet']
    """
    items = _statistics(table.get("statistic", []))
    found = []
    for item in items:
        entry = item if isinstance(item, Mapping) else {}
        code = entry.get("code") or (table.get("code") if len(items) == 1 else None)
        if code is None:
            try:
                column = asked(str(entry.get("name"))).column
            except InputError:
                continue
            code = raster_code(name, column if len(items) > 1 else "")
        found.append(str(code))
    return found


def raster_code(name: str, column: str) -> str:
    """Give the code of an indicator that states none.

    Examples
    --------
    >>> raster_code("land", "class_share_0.5"), raster_code("rain", "")
    ('land_class_share_0_5', 'rain')
    """
    return re.sub(r"[^A-Za-z0-9_-]", "_", f"{name}_{column}" if column else name)


class BlocksConfig(Model):
    """Block means for the overlay and for exercising the raster route on every machine."""

    files: YearlyFiles
    """Rasters, with `{year}` in the file name."""


class NightlightsConfig(RasterReading):
    """Yearly rasters, or a table computed from them once, and how the cells are read."""

    table: ExistingFile | None = None
    """Table that `regional-atlas nightlights table` made of the rasters."""
    files: YearlyFiles | None = None
    """Rasters, with `{year}` in the file name; each may lie on its own grid."""
    lit_threshold: Value = 1.0
    """Value from which a cell counts as lit."""
    unit: Unit = Unit("nW·cm⁻²·sr⁻¹")
    """Of the cells' values."""
    blocks: BlocksConfig | None = None
    """Coarse rasters that the page lays over the units."""
    year: Annotated[Year, Derived("the last of `files`")]
    """The year that density and growth are of."""
    base_year: Annotated[Year, Derived("the first of `files`")]
    """The year that growth counts from."""
    dark_below: Value = 0.0
    """A unit with a smaller sum of lights in the base year was dark then: it has no growth."""
    level_shifts: list[Year] = []
    """Years in which totals jump because the sensor changed; findings count from the last one."""
    note: Text | None = None
    """A caveat for readers."""

    @model_validator(mode="after")
    def _some_source(self) -> NightlightsConfig:
        if self.table is None and self.files is None:
            raise ValueError("give `table` or `files`")
        if self.base_year >= self.year:
            raise ValueError(f"`base_year` ({self.base_year}) must lie before `year` ({self.year})")
        return self
