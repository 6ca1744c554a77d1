"""Indicators of a unit's lights: level, density, lit share, growth."""

from __future__ import annotations

from functools import partial

import pandas as pd

from regional_atlas.config import NightlightsConfig
from regional_atlas.model import Text, Unit, UnitScale
from regional_atlas.nightlights.growth import growth
from regional_atlas.schema import IndicatorMeta

__all__ = ["light_indicators", "light_meta"]


def light_indicators(
    zonal: pd.DataFrame, area_km2: pd.Series, config: NightlightsConfig
) -> pd.DataFrame:
    """Derive indicators from the yearly zonal table.

    Parameters
    ----------
    zonal : DataFrame
        The zonal contract; radiance.
    area_km2 : Series
        By unit id.
    config : NightlightsConfig
        `year` and `base_year` of growth; a unit whose sum in the base year is 0 or below
        `dark_below` was dark then: its growth is missing and flagged `dark_base`.

    Returns
    -------
    DataFrame
        Long: `unit_id`, `code`, `year`, `value`, `flag`. Yearly: `light_sum`, `light_mean`,
        `light_lit_share`. In `year`: `light_density` (sum per km²), `light_growth` (% a year,
        compound).
    """
    yearly = zonal.rename(
        columns={"sum": "light_sum", "mean": "light_mean", "lit_share": "light_lit_share"}
    ).melt(
        ["unit_id", "year"],
        ["light_sum", "light_mean", "light_lit_share"],
        var_name="code",
        value_name="value",
    )
    last = zonal[zonal["year"] == config.year].set_index("unit_id")["sum"]
    density = (last / area_km2.reindex(last.index)).rename("value").reset_index()
    grown = growth(zonal, config.base_year, config.year, dark_below=config.dark_below)
    growing = pd.DataFrame(
        {
            "unit_id": grown.index,
            "value": 100.0 * grown["growth"].to_numpy(),
            "flag": pd.Series("dark_base", grown.index, dtype="str")
            .where(grown["dark_base"])
            .array,
        }
    )
    table = pd.concat(
        [
            yearly,
            density.assign(code="light_density", year=config.year),
            growing.assign(code="light_growth", year=config.year),
        ],
        ignore_index=True,
    )
    return table[["unit_id", "code", "year", "value", "flag"]]


def light_meta(config: NightlightsConfig) -> list[IndicatorMeta]:
    """Describe the indicators of `light_indicators`."""
    radiance = config.unit
    per_km2 = Unit(zh=f"{radiance.zh} / km²", en=f"{radiance.en} per km²")
    threshold = f"{config.lit_threshold:g} {radiance.en}"
    span = f"{config.base_year}–{config.year}"
    light = partial(
        IndicatorMeta,
        citation="nightlights",
        missing=Text(zh="栅格未覆盖", en="outside the raster"),
    )
    return [
        light(
            "light_sum",
            Text(zh="灯光总量", en="Sum of lights"),
            radiance,
            Text(
                zh="辐亮度按像元精确覆盖率加权求和",
                en="radiance summed, weighed by exact cell coverage",
            ),
            extensive=True,
        ),
        light(
            "light_mean",
            Text(zh="平均辐亮度", en="Mean radiance"),
            radiance,
            Text(zh="按像元精确覆盖率加权平均", en="mean weighed by exact cell coverage"),
            digits=2,
        ),
        light(
            "light_lit_share",
            Text(zh="亮灯面积占比", en="Lit-area share"),
            Unit(zh="%", en="%", scale=UnitScale(zh=100, en=100)),
            Text(
                zh=f"辐亮度不低于 {threshold} 的面积占比",
                en=f"share of the area with at least {threshold}",
            ),
            digits=3,
        ),
        light(
            "light_density",
            Text(zh="灯光密度", en="Density of light"),
            per_km2,
            Text(zh="灯光总量除以面积", en="sum of lights over area"),
            digits=2,
        ),
        light(
            "light_growth",
            Text(zh="灯光年均增速", en="Growth of lights"),
            Unit(zh="%/年", en="% a year"),
            Text(
                zh=f"灯光总量 {span} 复合年均增速",
                en=f"compound growth of the sum of lights, {span}",
            ),
            digits=1,
            missing=Text(
                zh=f"{config.base_year} 年无灯光（总量低于 {config.dark_below:g}）",
                en=f"dark in {config.base_year} (sum below {config.dark_below:g})",
            ),
        ),
    ]
