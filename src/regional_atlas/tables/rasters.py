"""The rasters of a project, measured in its units: a recipe, the measured table, indicators.

A recipe holds all that a measured table depends on beside the units. `[nightlights]` and every
table of `[rasters]` are reduced to one; what is about lights is in `tables.lights`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from regional_atlas.config import RasterConfig
from regional_atlas.config.project import Project
from regional_atlas.config.rasters import RasterReading, StatisticConfig
from regional_atlas.core.errors import DataError, RasterError, problems_of, raise_if, results_of
from regional_atlas.core.kinds import (
    WHOLE,
    Extensive,
    Index,
    Intensive,
    Kind,
    Maximum,
    Minimum,
    Parts,
)
from regional_atlas.core.numerals import Count, Percent
from regional_atlas.core.schema import (
    INDICATOR_COLUMNS,
    PARTIAL,
    RASTER_COLUMNS,
    Check,
    IndicatorMeta,
    Omission,
)
from regional_atlas.core.texts import Joined, Message, Said, Text, Unit
from regional_atlas.sources.dated import find_rasters, open_bands
from regional_atlas.sources.parts import parts_of
from regional_atlas.sources.rasters import Raster, open_raster
from regional_atlas.sources.variables import variable_of
from regional_atlas.tables.graph import Work
from regional_atlas.tables.stacks import CleaningFiles
from regional_atlas.tables.store import digest
from regional_atlas.zonal import zonal_statistics
from regional_atlas.zonal.registry import Statistic
from regional_atlas.zonal.zones import zones_outside

__all__ = [
    "MeasuredRasters",
    "Recipe",
    "measured",
    "open_yearly",
    "read_rasters",
    "reading",
    "reading_of",
    "unit_of",
]

T = TypeVar("T")
U = TypeVar("U")

ALWAYS = ("cell_count", "valid_share")
DIGITS_OF_PERCENT = 2
BY = {"count": "valid_cells", "area_km2": "valid_area_km2", "weighted_count": "weighted_cells"}
"""What means of regions are weighted by, as their rule says it."""


@dataclass(frozen=True)
class Recipe:
    """What is measured of which rasters.

    Attributes
    ----------
    step : str
        Named in the progress.
    rasters : sequence of Raster
        One per year.
    stats : sequence of str
        See `zonal_statistics`.
    cleaning : CleaningFiles
    lit_threshold : float or None
    weights : Raster or None
    """

    step: str
    rasters: Sequence[Raster]
    stats: Sequence[str]
    cleaning: CleaningFiles
    lit_threshold: float | None = None
    weights: Raster | None = None

    def key(self, units_key: str) -> str:
        """Digest all that the measured table depends on."""
        read = [*self.rasters, *([self.weights] if self.weights else [])]
        files = [*(raster.file for raster in read), *self.cleaning.files(self.rasters)]
        return digest(
            units_key,
            [
                [
                    variable_of(r.path),
                    r.band,
                    r.scale,
                    r.offset,
                    r.nodata,
                    r.nodata_rule,
                    r.year,
                    r.crs.to_wkt(),
                ]
                for r in read
            ],
            [*self.stats],
            self.lit_threshold,
            asdict(self.cleaning),
            files=[part for file in files for part in parts_of(file)],
            code=[
                "regional_atlas.zonal",
                "regional_atlas.core.crs",
                "regional_atlas.sources.rasters",
                "regional_atlas.tables.stacks",
                __name__,
            ],
        )

    def measure(
        self, units: gpd.GeoDataFrame, progress: Callable[[int, int], None] | None = None
    ) -> pd.DataFrame:
        """Measure every raster inside every unit.

        Returns
        -------
        DataFrame
            By year and unit: `unit_id`, `year`, the statistics, `cell_count`, `valid_share`;
            `attrs["rasters"]` says how each raster was read.

        Raises
        ------
        DataError
            If no unit meets a raster.
        """
        rasters = [self.cleaning.applied(raster) for raster in self.rasters]
        table = zonal_statistics(
            units[["geometry"]],
            rasters,
            stats=self.stats,
            lit_threshold=self.lit_threshold,
            weights=self.weights,
            mask=self.cleaning.polygons(),
            progress=progress,
        )
        raise_if(
            (
                f"{each['raster']}: {each['problem']}"
                for each in zones_outside(units, rasters, table)
                if each["problem"]
            ),
            DataError,
        )
        of_rules = table.columns.str.startswith(("taken_", "saturated_"))
        table = table.loc[:, ~of_rules].astype({"year": "int64"})
        return table.sort_values(["year", "unit_id"], ignore_index=True)


def measured(recipe: Recipe, units: gpd.GeoDataFrame, work: Work) -> pd.DataFrame:
    """Take the table of a recipe from the store, or measure it."""
    made = partial(recipe.measure, units, lambda *done: work.progress(recipe.step, *done))
    return work.store.get("zonal", recipe.key(work.key("units")), made)


def reading_of(config: RasterReading) -> dict[str, Any]:
    """Say how the cells of a project's raster are read, for `open_raster`."""
    return {
        name: getattr(config, name) for name in ("variable", "crs", "nodata", "scale", "offset")
    }


def open_yearly(config: RasterConfig) -> list[Raster]:
    """Open the rasters of a table of `[rasters]`, one per year.

    Raises
    ------
    RasterError
        Names every file that cannot be read, and every year that is asked for and not there.
    """
    assert config.files is not None
    reading = reading_of(config)
    if config.bands_from is not None:
        assert isinstance(config.files, Path)
        bands = open_bands(config.files, str(config.bands_from), **reading)
        if any(raster.month is not None for raster in bands):
            raise RasterError("bands_from: its time axis has months, and a project has years")
        return [*_of_years(config, {raster.year: raster for raster in bands}).values()]
    if isinstance(config.files, dict):
        files = config.files
    elif config.year is not None:
        files = {config.year: config.files}
    else:
        files = {file.year: file.path for file in find_rasters(config.files)}
    # A band that nobody named is the first, and the reader says which are left.
    band = config.band if "band" in config.model_fields_set else None
    opened = partial(open_raster, band=band, **reading)
    return results_of(
        *(partial(opened, path, year=year) for year, path in _of_years(config, files).items()),
        kind=RasterError,
    )


def _of_years(config: RasterConfig, found: Mapping[Any, T]) -> dict[Any, T]:
    """Keep the years that are asked for."""
    raise_if(
        (
            f"years: there is no raster of {year}; there are {', '.join(map(str, found))}"
            for year in config.years
            if year not in found
        ),
        RasterError,
    )
    return {year: each for year, each in found.items() if not config.years or year in config.years}


@dataclass(frozen=True)
class MeasuredRasters:
    """What the rasters of a project come to.

    Attributes
    ----------
    table : DataFrame
        The indicators contract.
    meta : list of IndicatorMeta
    parts : list of Parts
        What they roll up from.
    cells : DataFrame
        Long, with the cells behind every value (`RASTER_COLUMNS`).
    """

    table: pd.DataFrame
    meta: list[IndicatorMeta]
    parts: list[Parts]
    cells: pd.DataFrame

    def of_year(self, code: str | None, year: int | None = None) -> pd.DataFrame:
        """Give an indicator of a year by unit id; of its last year where it has not that one.

        Returns
        -------
        DataFrame
            Index `unit_id`; `year`, `value`, `flag`, and `covered`: the share of the unit with
            valid cells.
        """
        rows = self.table[self.table["code"] == code]
        found = rows[rows["year"] == year]
        if found.empty:
            found = rows[rows["year"] == rows["year"].max()]
        found = found.set_index("unit_id")[["year", "value", "flag"]]
        cells = self.cells[self.cells["code"] == code].set_index(["unit_id", "year"])
        keys = pd.MultiIndex.from_arrays([found.index, found["year"]])
        return found.assign(covered=cells["valid_share"].reindex(keys).to_numpy())


def read_rasters(
    project: Project,
    units: gpd.GeoDataFrame,
    work: Work,
) -> MeasuredRasters:
    """Measure every raster of a project, and make an indicator of each of its statistics.

    A raster without files is left out.

    Raises
    ------
    RasterError
        Names every raster that cannot be read.
    """
    report = work.report
    given = {name: config for name, config in project.config.rasters.items() if config.files}
    report.omissions += [
        Omission(
            Message("omitted-raster", {"name": name}),
            Message("why-no-file", {"key": f"rasters.{name}.files"}),
        )
        for name in project.config.rasters
        if name not in given
    ]
    recipes = _of_each(given, _recipe)
    tables = _of_each(recipes, lambda _, recipe: measured(recipe, units, work))
    found = []
    for name, zonal in tables.items():
        report.rasters += [{"id": name, **record} for record in zonal.attrs["rasters"]]
        report.checks.append(_check(name, given[name], zonal, units["unit"]))
        found.append(_indicators(name, given[name], zonal))
    return MeasuredRasters(
        _stacked([each.table for each in found], INDICATOR_COLUMNS),
        [meta for each in found for meta in each.meta],
        [parts for each in found for parts in each.parts],
        _stacked([each.cells for each in found], RASTER_COLUMNS),
    )


def _stacked(tables: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(tables) if tables else pd.DataFrame(columns=columns)


def _of_each(items: Mapping[str, T], make: Callable[[str, T], U]) -> dict[str, U]:
    """Make something of every raster; RasterError names all of which it cannot be made."""
    made: dict[str, U] = {}
    problems = [
        f"rasters.{name}: {problem}"
        for name, item in items.items()
        for problem in problems_of(lambda: made.update({name: make(name, item)}))  # noqa: B023
    ]
    raise_if(problems, RasterError)
    return made


def _recipe(name: str, config: RasterConfig) -> Recipe:
    statistics = [each.asked.statistic for each in config.statistic]
    weighing = [each.by for each in statistics if each.rollup == "mean"]
    rasters, weights = results_of(
        partial(open_yearly, config),
        lambda: None if config.weights is None else open_raster(config.weights),
        kind=RasterError,
    )
    return Recipe(
        step=name,
        rasters=rasters,
        stats=[*dict.fromkeys([*(each.name for each in config.statistic), *weighing])],
        cleaning=CleaningFiles(**config.cleaning.model_dump()),
        lit_threshold=config.lit_threshold,
        weights=weights,
    )


def _indicators(name: str, config: RasterConfig, zonal: pd.DataFrame) -> MeasuredRasters:
    tables, meta, parts, cells = [], [], [], []
    years = sorted(zonal["year"].unique().tolist())
    for code, statistic in config.indicators(name):
        column, by = statistic.asked.column, statistic.asked.statistic.by
        kind = _kind(statistic.asked.statistic)
        meta.append(_meta(code, name, config, statistic, kind, years))
        values = zonal[["unit_id", "year", *ALWAYS]].assign(value=zonal[column].astype("float64"))
        doubtful = values["value"].notna() & (values["valid_share"] < WHOLE)
        flags = pd.Series(PARTIAL, values.index, dtype="str").where(doubtful)
        tables.append(values.assign(code=code, flag=flags)[INDICATOR_COLUMNS])
        described = values.assign(raster=name, code=code, statistic=statistic.name)
        cells.append(described[RASTER_COLUMNS])
        for year in years:
            of_units = zonal[zonal["year"] == year].set_index("unit_id")
            one = pd.Series(1.0, of_units.index)
            weights = of_units[by] if isinstance(kind, Intensive) else one
            numerators = of_units[column].astype("float64") * weights
            parts.append(Parts(code, year, kind, numerators, weights, of_units["valid_share"]))
    return MeasuredRasters(pd.concat(tables), meta, parts, pd.concat(cells))


def _kind(statistic: Statistic) -> Kind:
    """Tell how a statistic of units makes that of their region."""
    kinds: dict[str, Kind] = {
        "sum": Extensive(),
        "mean": Intensive(BY[statistic.by]),
        "max": Maximum(),
        "min": Minimum(),
        "none": Index(),
    }
    return kinds[statistic.rollup]


def _meta(
    code: str,
    name: str,
    config: RasterConfig,
    statistic: StatisticConfig,
    kind: Kind,
    years: list[int],
) -> IndicatorMeta:
    asked = statistic.asked
    rule = asked.statistic.unit
    said: Said = asked.statistic.title
    if asked.argument is not None:
        numbers = ", ".join(f"{number:g}" for number in asked.argument)
        said = Message("statistic-of", {"statistic": said, "argument": numbers})
    title: Said = config.title or Text(name)
    if len(config.statistic) > 1:
        title = Message("raster-statistic", {"raster": title, "statistic": said})
    digits = config.digits if statistic.digits is None else statistic.digits
    if rule == "class" and not {"digits"} & (config.model_fields_set | statistic.model_fields_set):
        digits = 0
    if rule == "share" and statistic.unit is None:
        digits += DIGITS_OF_PERCENT
    method: list[Said] = [
        Message("raster-method", {"statistic": said, "formula": asked.statistic.formula})
    ]
    weighted = "weights" in asked.statistic.needs
    if weighted:
        assert config.weights is not None
        method.append(Message("raster-method-weights", {"file": config.weights.name}))
    if "lit_threshold" in asked.statistic.needs:
        threshold = {"value": f"{config.lit_threshold:g}", "unit": config.unit}
        method.append(Message("raster-method-threshold", threshold))
    method.append(Message("raster-method-years", {"years": ", ".join(map(str, years))}))
    return IndicatorMeta(
        code,
        statistic.title or title,
        statistic.unit or unit_of(rule, config.unit),
        Joined(method, "clauses"),
        digits=digits,
        kind=kind,
        citation=name,
        missing=Message("missing-no-weight" if weighted else "missing-no-cell"),
    )


def unit_of(rule: str, unit: Unit) -> Unit:
    """Give the measurement unit of a statistic by its rule.

    Parameters
    ----------
    rule : str
        See `Statistic.unit`.
    unit : Unit
        Of the cells' values.

    Examples
    --------
    >>> unit_of("value/km²", Unit(en="t", fr="t")), unit_of("value", Unit("mm")).in_("en")
    (Text(en='t / km²', fr='t / km²'), 'mm')
    """
    if rule == "value":
        return unit
    if rule == "value/km²":
        return Unit({tag: f"{said} / km²" for tag, said in unit.items()}, scale=unit.scale)
    if rule == "value²":
        squared = {tag: scale**2 for tag, scale in unit.scale.items()}
        return Unit({tag: f"({said})²" for tag, said in unit.items()}, scale=squared)
    fixed = {
        "share": Unit("%", scale=100),
        "cells": Unit(en="cells", zh="像元", fr="cellules"),
        "km²": Unit("km²"),
    }
    return fixed.get(rule, Unit(""))


def _check(name: str, config: RasterConfig, zonal: pd.DataFrame, units: pd.Series) -> Check:
    """Say how a raster was read, what cleaning took, and which units it does not cover."""
    shares = zonal["valid_share"].fillna(0.0)
    whole, none = int((shares >= WHOLE).sum()), int((shares == 0).sum())
    covered = Message(
        "check-raster-cells", {"whole": Count(whole), "count": Count(len(shares)), "none": none}
    )
    least = [
        Message(
            "check-raster-least",
            {"unit": Text(units[row["unit_id"]]), "year": str(row["year"]), "share": share},
        )
        for _, row in zonal[(shares > 0) & (shares < WHOLE)].nsmallest(1, "valid_share").iterrows()
        for share in [Percent.of_part(float(row["valid_share"]))]
    ]
    return Check(
        Message("check-raster", {"title": config.title or Text(name)}),
        none < len(shares),
        Joined([*reading(zonal.attrs["rasters"]), covered, *least], "clauses"),
    )


def reading(records: Sequence[Mapping[str, Any]]) -> list[Said]:
    """Say how cells were read and what cleaning took, over all rasters of a table."""
    ways: dict[tuple[str, str, str], None] = {}
    taken: dict[str, float] = {}
    for record in records:
        shown = "" if record["nodata"] is None else f" {record['nodata']}"
        decoded = f"× {record['scale']:.6g} + {record['offset']:.6g}"
        ways[record["nodata_rule"], shown, decoded] = None
        for found in record["rules"]:
            taken[found["rule"]] = taken.get(found["rule"], 0.0) + found["cells"]
    rules = [
        Message("check-reading-rule", {"rule": rule, "cells": Count(cells, 1)})
        for rule, cells in taken.items()
    ] or [Message("check-reading-no-rule")]
    read = [
        Message("check-reading-way", {"rule": rule, "nodata": shown, "decoded": decoded})
        for rule, shown, decoded in ways
    ]
    return [*read, *rules]
