"""The pipeline's indicator step: tables joined to units, one long table, one description a code."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from regional_atlas.errors import DataError, raise_if
from regional_atlas.model import Text
from regional_atlas.pipeline.lights import light_tables
from regional_atlas.project import Project
from regional_atlas.schema import INDICATOR_COLUMNS, BuildReport, IndicatorMeta, Omission
from regional_atlas.sources.tables import read_indicators
from regional_atlas.units.matching import Gazetteer, match_rows

__all__ = ["build_indicators"]


def build_indicators(
    project: Project,
    units: gpd.GeoDataFrame,
    gazetteer: Gazetteer,
    zonal: pd.DataFrame | None,
    report: BuildReport,
) -> tuple[pd.DataFrame, list[IndicatorMeta]]:
    """Join every indicator table and the summaries of the lights.

    Returns
    -------
    DataFrame
        The indicators contract.
    list of IndicatorMeta
        In the order of the columns.

    Raises
    ------
    DataError
        Codes that repeat, and units that answer to more than one row.
    """
    tables: list[pd.DataFrame] = []
    meta: list[IndicatorMeta] = []
    if zonal is not None:
        found, described = light_tables(project, units, zonal, report)
        tables.append(found)
        meta += described
    for name, config in project.config.indicators.items():
        if config.file is None:
            report.omissions.append(
                Omission(
                    Text(zh=f"指标表 {name}", en=f"indicator table {name}"),
                    Text(
                        zh=f"未给出文件；用 --set indicators.{name}.file=… 指定",
                        en=f"no file is given; name one with --set indicators.{name}.file=…",
                    ),
                )
            )
            continue
        rows = read_indicators(config)
        matched, joined = match_rows(rows, gazetteer, name)
        joined.units_without = len(units) - matched.nunique()
        report.joins.append(joined)
        twice = matched[matched.duplicated() & matched.notna()]
        raise_if(
            (f"unit {code} is the answer to more than one row" for code in twice.unique()),
            DataError,
            str(config.file),
        )
        for column in config.columns:
            values = rows[column.code].groupby(matched).first()
            tables.append(
                pd.DataFrame(
                    {
                        "unit_id": values.index,
                        "code": column.code,
                        "year": config.year,
                        "value": values.to_numpy(),
                        "flag": None,
                    }
                )
            )
            meta.append(
                IndicatorMeta(
                    column.code,
                    column.title,
                    column.unit,
                    Text(
                        zh=f"{config.source.zh}，{config.year} 年",
                        en=f"{config.source.en}, {config.year}",
                    ),
                    digits=column.digits,
                    extensive=column.extensive,
                    citation=name,
                )
            )
    codes = [item.code.lower() for item in meta]
    repeated = sorted({code for code in codes if codes.count(code) > 1})
    raise_if((f"code {code!r} stands more than once" for code in repeated), DataError, "indicators")
    if not tables:
        return pd.DataFrame(columns=INDICATOR_COLUMNS), meta
    long = pd.concat(tables, ignore_index=True).astype({"unit_id": "str", "flag": "str"})
    order = {code: i for i, code in enumerate(item.code for item in meta)}
    long = long.sort_values(
        ["code", "year", "unit_id"], key=lambda c: c.map(order) if c.name == "code" else c
    )
    return long.reset_index(drop=True), meta
