"""The pipeline's night-light step: rasters or table, block means, indicators."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from regional_atlas.config import CleaningConfig, NightlightsConfig
from regional_atlas.errors import ConfigError, raise_if
from regional_atlas.model import Text
from regional_atlas.nightlights import compare_tables, decoded, total_shifts, zonal_statistics
from regional_atlas.nightlights.indicators import light_indicators, light_meta
from regional_atlas.pipeline.stacks import CleaningFiles, open_stack
from regional_atlas.project import Project
from regional_atlas.schema import (
    ZONAL_COLUMNS,
    BlockMeans,
    BuildReport,
    Check,
    IndicatorMeta,
    check_zonal,
)
from regional_atlas.sources.rasters import Raster
from regional_atlas.sources.tables import read_zonal
from regional_atlas.store import Store, digest

__all__ = ["cleaning_of", "light_tables", "open_rasters", "read_lights", "yearly_statistics"]

STATS = ("mean", "sum", "lit_share", "max")


def open_rasters(config: NightlightsConfig, pattern: Path) -> list[Raster]:
    """Open the yearly rasters of a pattern as the configuration says they are to be read."""
    reading = {name: getattr(config, name) for name in ("crs", "nodata", "scale", "offset")}
    return open_stack([str(pattern)], **reading)[0]


def cleaning_of(config: NightlightsConfig) -> CleaningFiles:
    """Rules that a project states."""
    return CleaningFiles(**config.cleaning.model_dump())


def yearly_statistics(
    units: gpd.GeoDataFrame,
    rasters: list[Raster],
    lit_threshold: float,
    cleaning: CleaningFiles,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Measure every raster inside every unit: the zonal contract, with its record in `attrs`."""
    table = zonal_statistics(
        units[["geometry"]],
        [cleaning.applied(raster) for raster in rasters],
        stats=STATS,
        lit_threshold=lit_threshold,
        mask=cleaning.polygons(),
        progress=progress,
    )
    table.attrs |= {"lit_threshold": lit_threshold, "level_shifts": total_shifts(table)}
    return table[ZONAL_COLUMNS].sort_values(["year", "unit_id"], ignore_index=True)


def read_lights(
    project: Project,
    units: gpd.GeoDataFrame,
    units_key: str,
    store: Store,
    report: BuildReport,
    progress: Callable[[str, int, int], None],
) -> tuple[pd.DataFrame | None, list[BlockMeans]]:
    """Take the yearly table from full-resolution rasters or as it was computed; check the blocks.

    Returns
    -------
    DataFrame or None
        The zonal contract; None where the project has no night lights.
    list of BlockMeans
        One per year, for the overlay.
    """
    config = project.config.nightlights
    if config is None:
        return None, []

    def measured(step: str, pattern: Path, options: NightlightsConfig) -> pd.DataFrame:
        rasters = open_rasters(options, pattern)
        cleaning = cleaning_of(options)
        key = digest(
            units_key,
            [[raster.scale, raster.offset, raster.nodata, raster.year] for raster in rasters],
            config.lit_threshold,
            options.cleaning.model_dump(mode="json"),
            files=[*(Path(raster.path) for raster in rasters), *cleaning.files(rasters)],
            code=["regional_atlas.nightlights", "regional_atlas.sources.rasters"],
        )
        return store.get(
            "zonal",
            key,
            lambda: yearly_statistics(
                units, rasters, config.lit_threshold, cleaning, lambda *done: progress(step, *done)
            ),
        )

    table = None
    if config.table is not None:
        table = check_zonal(read_zonal(config.table), units.index, str(config.table))
    if config.files is not None:
        zonal = check_zonal(measured("night lights", config.files, config), units.index)
        if table is not None:
            report.checks.append(_agreement(zonal, table))
    else:
        assert table is not None
        _require_threshold(table, config)
        zonal = table[ZONAL_COLUMNS]
    report.rasters = zonal.attrs.get("rasters", [])
    report.checks += [_totals(zonal, config), _reading(report.rasters)]
    if config.blocks is None:
        return zonal, []
    stored = config.model_copy(
        update={"scale": None, "offset": None, "nodata": "stored", "cleaning": CleaningConfig()}
    )
    coarse = measured("block means", config.blocks.files, stored)
    report.checks.append(_block_check(zonal, coarse))
    rasters = open_rasters(stored, config.blocks.files)
    return zonal, [_block_means(raster) for raster in rasters]


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
    project: Project, units: gpd.GeoDataFrame, zonal: pd.DataFrame, report: BuildReport
) -> tuple[pd.DataFrame, list[IndicatorMeta]]:
    """Derive the light indicators and say how many units were dark in the base year."""
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
            Text(zh="基年无灯光的单元", en="Units dark in the base year"),
            True,
            Text(
                zh=f"{config.base_year} 年灯光总量低于 {config.dark_below:g} 的单元 {dark} 个："
                "不计增速，指数由其余指标按权重重算",
                en=f"{dark} units had a sum of lights below {config.dark_below:g} in "
                f"{config.base_year}: no growth rate; their index rests on the other indicators, "
                "weights re-scaled",
            ),
        )
    )
    return found, light_meta(config)


def _block_means(raster: Raster) -> BlockMeans:
    tile = raster.read()
    assert raster.year is not None
    values = decoded(tile, raster).astype(np.float32)
    return BlockMeans(raster.year, values, raster.transform, raster.crs.to_wkt())


def _agreement(zonal: pd.DataFrame, table: pd.DataFrame) -> Check:
    found = compare_tables(table, zonal)
    largest = float(found.differences.abs().max())
    return Check(
        Text(zh="全分辨率栅格与已算表格", en="Full-resolution rasters against the stored table"),
        bool(largest < 1e-6 and found.missing == 0),
        Text(
            zh=f"{found.compared:,} 行比较，最大相对差 {largest:.1e}",
            en=f"{found.compared:,} rows compared, largest relative difference {largest:.1e}",
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
        Text(zh="灯光年表", en="Yearly table of lights"),
        not found,
        Text(
            zh=f"{first}–{last} 年，{len(zonal):,} 行"
            + (f"；水平突变 {shifts}（不作平滑）" if shifts else "")
            + (f"；{more} 年总量突变而未在 level_shifts 中声明" if more else ""),
            en=f"{first}–{last}, {len(zonal):,} rows"
            + (f"; level shift {shifts} (flagged, not smoothed)" if shifts else "")
            + (f"; undeclared level shift of the total in {more}" if more else ""),
        ),
    )


def _reading(records: list[dict[str, Any]]) -> Check:
    """Say how the cells were read and what cleaning took, over all rasters."""
    name = Text(zh="栅格读取与清洗", en="How the rasters were read and cleaned")
    if not records:
        unknown = Text(
            zh="已算表格没有记录栅格如何读取", en="the stored table does not say how they were read"
        )
        return Check(name, True, unknown)
    ways: dict[Text, None] = {}
    taken: dict[str, float] = {}
    for record in records:
        rule, value = NODATA[record["nodata_rule"]], record["nodata"]
        shown = "" if value is None else f" {value}"
        decoded = f"× {record['scale']:.6g} + {record['offset']:.6g}"
        way = Text(
            zh=f"缺失值{rule.zh}{shown}，值 = 存储值 {decoded}",
            en=f"nodata {rule.en}{shown}, value = stored {decoded}",
        )
        ways[way] = None
        for found in record["rules"]:
            taken[found["rule"]] = taken.get(found["rule"], 0.0) + found["cells"]
    rules = [
        Text(
            zh=f"{RULE_NAMES[rule].zh} {cells:,.1f} 个像元",
            en=f"{RULE_NAMES[rule].en} {cells:,.1f} cells",
        )
        for rule, cells in taken.items()
    ] or [Text(zh="无清洗规则", en="no cleaning rule")]
    said = [*ways, *rules]
    return Check(
        name,
        True,
        Text(zh="；".join(text.zh for text in said), en="; ".join(text.en for text in said)),
    )


NODATA = {
    "stored": Text(zh="按文件", en="as stored"),
    "none": Text(zh="无", en="none"),
    "given": Text(zh="按项目", en="as the project says"),
}
RULE_NAMES = {
    "mask_polygons": Text(zh="掩膜多边形去除", en="polygons of the mask took"),
    "quality": Text(zh="质量标记去除", en="quality flags took"),
    "observations": Text(zh="观测次数不足去除", en="too few observations took"),
    "mask": Text(zh="掩膜栅格去除", en="the mask took"),
    "negative": Text(zh="负值处理", en="the rule for negative values took"),
    "background": Text(zh="背景归零", en="the background threshold set to 0"),
    "upper": Text(zh="上限去除", en="the upper cut took"),
    "saturation": Text(zh="饱和（保留）", en="saturated and kept:"),
}


def _block_check(zonal: pd.DataFrame, coarse: pd.DataFrame) -> Check:
    found = compare_tables(zonal, coarse, column="mean")
    beyond = found.shares_beyond
    return Check(
        Text(zh="块均值栅格与年表的距离", en="Block means against the yearly table"),
        True,
        Text(
            zh=f"同一算法在块均值上重算：{beyond[0.05]:.0%} 的单元·年均值相差超过 5%，"
            f"{beyond[0.1]:.0%} 超过 10%，中位差 {found.median:.1%}。粗栅格只用于显示",
            en="the same kernel over the block means: the mean differs by more than 5% for "
            f"{beyond[0.05]:.0%} of unit-years, by more than 10% for {beyond[0.1]:.0%}, median "
            f"{found.median:.1%}. The coarse raster is for display only",
        ),
    )
