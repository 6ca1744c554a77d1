"""Indicators of a unit's lights: level, density, lit share, growth."""

from __future__ import annotations

from functools import partial

import pandas as pd

from regional_atlas.config import NightlightsConfig
from regional_atlas.core.kinds import Extensive, Growth, Kind, Maximum, Parts, Ratio
from regional_atlas.core.schema import IndicatorMeta
from regional_atlas.core.texts import Message, Unit
from regional_atlas.nightlights.growth import growth

__all__ = ["light_indicators", "light_meta", "light_parts"]


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


def light_parts(zonal: pd.DataFrame, area_km2: pd.Series, config: NightlightsConfig) -> list[Parts]:
    """Give what the lights of a region are made of, by unit and year.

    The sum adds up; the mean and the lit share of a region are those of all its valid cells
    together, so that they equal what its own polygon would measure; the density is its sum over its
    area, growth that of its sums; `light_max` is the largest cell.

    Parameters
    ----------
    zonal : DataFrame
        The zonal contract. It holds no count of valid cells; that is `sum` / `mean`. Where the mean
        is 0 it follows from the valid area, with the cells per km² of the other units of that year.
    area_km2 : Series
        By unit id.
    config : NightlightsConfig

    Returns
    -------
    list of Parts
        `light_sum`, `light_mean`, `light_lit_share` and `light_max` of every year, `light_density`
        and `light_growth` of `year`.
    """
    kinds = _kinds(config)
    found = []
    sums, covered = {}, {}
    for year in sorted(int(year) for year in zonal["year"].unique()):
        table = zonal[zonal["year"] == year].set_index("unit_id")
        total, one = table["sum"], pd.Series(1.0, table.index)
        cells = _valid_cells(table, area_km2)
        sums[year] = total
        made = {
            "light_sum": (total, one),
            "light_mean": (total, cells),
            "light_lit_share": (table["lit_share"] * cells, cells),
            "light_max": (table["max"], one),
        }
        if year == config.year:
            made["light_density"] = (total, area_km2.reindex(table.index))
        covered[year] = table["valid_share"]
        found += [Parts(code, year, kinds[code], *of, covered[year]) for code, of in made.items()]
    last, first = sums[config.year], sums[config.base_year]
    both = pd.concat([covered[config.year], covered[config.base_year]], axis=1).min(axis=1)
    found.append(Parts("light_growth", config.year, kinds["light_growth"], last, first, both))
    return found


def _kinds(config: NightlightsConfig) -> dict[str, Kind]:
    return {
        "light_sum": Extensive(),
        "light_mean": Ratio(("light_sum",), ("valid_cells",)),
        "light_lit_share": Ratio(("lit_cells",), ("valid_cells",)),
        "light_density": Ratio(("light_sum",), ("area_km2",)),
        "light_growth": Growth("light_sum", config.base_year, config.year, config.dark_below),
        "light_max": Maximum(),
    }


def _valid_cells(table: pd.DataFrame, area_km2: pd.Series) -> pd.Series:
    """Count the valid cells of every unit, by coverage; missing where it has none."""
    cells = (table["sum"] / table["mean"]).where(table["mean"] != 0)
    ground = area_km2.reindex(table.index) * table["valid_share"]
    lit = cells.notna()
    density = cells[lit].sum() / ground[lit].sum() if lit.any() else 1.0
    return cells.fillna((ground * density).where(table["sum"].notna()))


def light_meta(config: NightlightsConfig) -> list[IndicatorMeta]:
    """Describe the indicators of `light_indicators`."""
    kinds = _kinds(config)
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
            kind=kinds["light_sum"],
        ),
        light(
            "light_mean",
            Message("light-mean"),
            radiance,
            Message("light-mean-method"),
            digits=2,
            kind=kinds["light_mean"],
        ),
        light(
            "light_lit_share",
            Message("light-lit-share"),
            Unit("%", scale=100),
            Message("light-lit-share-method", {"threshold": threshold}),
            digits=3,
            kind=kinds["light_lit_share"],
        ),
        light(
            "light_density",
            Message("light-density"),
            per_km2,
            Message("light-density-method"),
            digits=2,
            kind=kinds["light_density"],
        ),
        light(
            "light_growth",
            Message("light-growth"),
            Unit(zh="%/年", en="% a year", fr="% par an", ar="% سنويًا"),
            Message("light-growth-method", {"span": span}),
            digits=1,
            kind=kinds["light_growth"],
            missing=Message(
                "light-growth-missing",
                {"year": str(config.base_year), "below": f"{config.dark_below:g}"},
            ),
        ),
    ]
