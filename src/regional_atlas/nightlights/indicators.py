"""Indicators of a unit's lights: level, density, lit share, growth."""

from __future__ import annotations

from functools import partial

import pandas as pd

from regional_atlas.config import NightlightsConfig
from regional_atlas.core.schema import IndicatorMeta
from regional_atlas.core.texts import Message, Unit
from regional_atlas.nightlights.growth import growth

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
    per_km2 = Unit({tag: f"{unit} / km²" for tag, unit in radiance.items()}, scale=radiance.scale)
    threshold = Message(
        "radiance-threshold", {"value": f"{config.lit_threshold:g}", "unit": radiance}
    )
    span = f"{config.base_year}–{config.year}"
    light = partial(
        IndicatorMeta,
        citation="nightlights",
        missing=Message("missing-outside-raster"),
    )
    return [
        light(
            "light_sum",
            Message("light-sum"),
            radiance,
            Message("light-sum-method"),
            extensive=True,
        ),
        light(
            "light_mean",
            Message("light-mean"),
            radiance,
            Message("light-mean-method"),
            digits=2,
        ),
        light(
            "light_lit_share",
            Message("light-lit-share"),
            Unit("%", scale=100),
            Message("light-lit-share-method", {"threshold": threshold}),
            digits=3,
        ),
        light(
            "light_density",
            Message("light-density"),
            per_km2,
            Message("light-density-method"),
            digits=2,
        ),
        light(
            "light_growth",
            Message("light-growth"),
            Unit(zh="%/年", en="% a year", fr="% par an", ar="% سنويًا"),
            Message("light-growth-method", {"span": span}),
            digits=1,
            missing=Message(
                "light-growth-missing",
                {"year": str(config.base_year), "below": f"{config.dark_below:g}"},
            ),
        ),
    ]
