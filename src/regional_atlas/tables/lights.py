"""Night lights: rasters or table, block means, indicators."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from regional_atlas.config import CleaningConfig, NightlightsConfig
from regional_atlas.config.project import Project
from regional_atlas.core.errors import ConfigError, raise_if
from regional_atlas.core.kinds import Parts
from regional_atlas.core.numerals import Count, Percent
from regional_atlas.core.schema import (
    ZONAL_COLUMNS,
    BlockMeans,
    BuildReport,
    Check,
    IndicatorMeta,
    check_zonal,
)
from regional_atlas.core.texts import Joined, Message
from regional_atlas.nightlights import total_shifts
from regional_atlas.nightlights.indicators import light_indicators, light_meta, light_parts
from regional_atlas.sources.rasters import Raster
from regional_atlas.sources.tables import read_zonal
from regional_atlas.tables.graph import Work
from regional_atlas.tables.rasters import Recipe, measured, reading, reading_of
from regional_atlas.tables.stacks import CleaningFiles, open_stack
from regional_atlas.zonal import compare_tables, decoded

__all__ = ["light_recipe", "light_tables", "read_blocks", "read_lights", "with_findings"]

STATS = ("mean", "sum", "lit_share", "max")


def light_recipe(config: NightlightsConfig, pattern: Path, step: str = "night lights") -> Recipe:
    """Reduce the night lights to a recipe: what is measured of the yearly rasters of a pattern."""
    return Recipe(
        step=step,
        rasters=open_stack([str(pattern)], **reading_of(config))[0],
        stats=STATS,
        cleaning=CleaningFiles(**config.cleaning.model_dump()),
        lit_threshold=config.lit_threshold,
    )


def with_findings(table: pd.DataFrame, config: NightlightsConfig) -> pd.DataFrame:
    """Put a measured table into the zonal contract, with what its `attrs` say of lights."""
    table = table[ZONAL_COLUMNS]
    shifts = {"lit_threshold": config.lit_threshold, "level_shifts": total_shifts(table)}
    table.attrs |= shifts
    return table


def read_lights(
    project: Project,
    units: gpd.GeoDataFrame,
    work: Work,
) -> pd.DataFrame | None:
    """Take the yearly table from full-resolution rasters or as it was computed; check the blocks.

    Returns
    -------
    DataFrame or None
        The zonal contract; None where the project has no night lights.
    """
    config, report = project.config.nightlights, work.report
    if config is None:
        return None

    def lights(recipe: Recipe) -> pd.DataFrame:
        found = with_findings(measured(recipe, units, work), config)
        return check_zonal(found, units.index)

    table = None
    if config.table is not None:
        table = check_zonal(read_zonal(config.table), units.index, str(config.table))
    if config.files is not None:
        zonal = lights(light_recipe(config, config.files))
        if table is not None:
            report.checks.append(_agreement(zonal, table))
    else:
        assert table is not None
        _require_threshold(table, config)
        zonal = table[ZONAL_COLUMNS]
    records = zonal.attrs.get("rasters", [])
    report.rasters += [{"id": "nightlights", **record} for record in records]
    said = Joined(reading(records), "clauses") if records else Message("check-reading-unknown")
    report.checks += [_totals(zonal, config), Check(Message("check-reading"), True, said)]
    if config.blocks is not None:
        report.checks.append(_block_check(zonal, lights(_block_recipe(config))))
    return zonal


def read_blocks(project: Project) -> list[BlockMeans]:
    """Read the block means of the night lights, one for each year; none without any."""
    config = project.config.nightlights
    if config is None or config.blocks is None:
        return []
    return [_block_means(raster) for raster in _block_recipe(config).rasters]


def _block_recipe(config: NightlightsConfig) -> Recipe:
    """Say how block means are read: they are decoded and cleaned already."""
    assert config.blocks is not None
    stored = config.model_copy(
        update={"scale": None, "offset": None, "nodata": "stored", "cleaning": CleaningConfig()}
    )
    return light_recipe(stored, config.blocks.files, "block means")


def _require_threshold(table: pd.DataFrame, config: NightlightsConfig) -> None:
    """Refuse a threshold that is not the one which a stored table was computed with."""
    used = table.attrs.get("lit_threshold", config.lit_threshold)
    if used != config.lit_threshold:
        raise ConfigError(
            f"nightlights.lit_threshold: the lit shares in {config.table} were computed with "
            f"{used:g}, found {config.lit_threshold:g}; give `files`, or compute the table again "
            "(`regional-atlas nightlights table`)"
        )


def light_tables(
    project: Project, units: pd.DataFrame, zonal: pd.DataFrame, report: BuildReport
) -> tuple[pd.DataFrame, list[IndicatorMeta], list[Parts]]:
    """Derive the light indicators and say how many units were dark in the base year.

    Returns
    -------
    DataFrame
        The indicators contract.
    list of IndicatorMeta
    list of Parts
        What they roll up from.
    """
    config = project.config.nightlights
    assert config is not None
    years = sorted(int(year) for year in zonal["year"].unique())
    raise_if(
        (
            f"nightlights.{key}: no lights of {year}; there are {', '.join(map(str, years))}"
            for key, year in (("base_year", config.base_year), ("year", config.year))
            if year not in years
        ),
        ConfigError,
    )
    found = light_indicators(zonal, units["area_km2"], config)
    dark = int((found["flag"] == "dark_base").sum())
    report.checks.append(
        Check(
            Message("check-dark-base"),
            True,
            Message(
                "check-dark-base-units",
                {
                    "count": dark,
                    "below": f"{config.dark_below:g}",
                    "year": str(config.base_year),
                },
            ),
        )
    )
    return found, light_meta(config), light_parts(zonal, units["area_km2"], config)


def _block_means(raster: Raster) -> BlockMeans:
    tile = raster.read()
    assert raster.year is not None
    values = decoded(tile, raster).astype(np.float32)
    return BlockMeans(raster.year, values, raster.transform, raster.crs.to_wkt())


def _agreement(zonal: pd.DataFrame, table: pd.DataFrame) -> Check:
    found = compare_tables(table, zonal)
    largest = float(found.differences.abs().max())
    return Check(
        Message("check-rasters-table"),
        bool(largest < 1e-6 and found.missing == 0),
        Message(
            "check-rasters-table-rows",
            {"rows": Count(found.compared), "largest": f"{largest:.1e}"},
        ),
    )


def _totals(zonal: pd.DataFrame, config: NightlightsConfig) -> Check:
    totals = zonal.groupby("year")["sum"].sum()
    first, last = totals.index[0], totals.index[-1]
    shifts = ", ".join(
        f"{year - 1}→{year}: {totals[year - 1] / 1e6:.1f} M → {totals[year] / 1e6:.1f} M"
        for year in config.level_shifts
        if {year, year - 1} <= set(totals.index)
    )
    found = [year for year in total_shifts(zonal) if year not in config.level_shifts]
    more = ", ".join(map(str, found))
    return Check(
        Message("check-lights-table"),
        not found,
        Joined(
            [
                Message(
                    "check-lights-years", {"years": f"{first}–{last}", "rows": Count(len(zonal))}
                ),
                *([Message("check-lights-shifts", {"shifts": shifts})] if shifts else []),
                *([Message("check-lights-undeclared", {"years": more})] if more else []),
            ],
            "clauses",
        ),
    )


def _block_check(zonal: pd.DataFrame, coarse: pd.DataFrame) -> Check:
    found = compare_tables(zonal, coarse, column="mean")
    beyond = found.shares_beyond
    return Check(
        Message("check-blocks"),
        True,
        Message(
            "check-blocks-differ",
            {
                "five": Percent(round(beyond[0.05], 2)),
                "ten": Percent(round(beyond[0.1], 2)),
                "median": Percent(found.median),
            },
        ),
    )
