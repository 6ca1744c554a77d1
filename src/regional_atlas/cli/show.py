"""Tables as text for stdout."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError

__all__ = ["as_csv", "as_geojson", "as_json", "as_text"]


def as_csv(table: pd.DataFrame, columns: Sequence[str] | None = None) -> str:
    """Render as CSV; missing values are empty cells."""
    return _plain(table, columns).to_csv(index=False, float_format="%.10g", lineterminator="\n")


def as_json(table: pd.DataFrame, columns: Sequence[str] | None = None) -> str:
    """Render as a JSON list of records; missing values are null."""
    records = _records(_plain(table, columns))
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def as_geojson(table: pd.DataFrame, columns: Sequence[str] | None = None) -> str:
    """Render as a GeoJSON FeatureCollection in WGS 84, seven decimals."""
    import geopandas as gpd

    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError("this table has no geometry; allowed: table, csv, json")
    if table.crs is None:
        raise InputError("the geometry has no coordinate system; allowed: table, csv, json")
    geometries = json.loads(table.geometry.to_json(to_wgs84=True, drop_id=True))["features"]
    properties = pd.DataFrame(table.drop(columns=table.geometry.name))
    features = [
        {"type": "Feature", "id": str(unit), "properties": record, "geometry": item["geometry"]}
        for unit, record, item in zip(
            table.index, _records(_plain(properties, columns)), geometries, strict=True
        )
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False) + "\n"


def as_text(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    starred: pd.DataFrame | None = None,
) -> str:
    """Render as an aligned table that knows the width of Chinese characters.

    `starred` holds booleans by row and column: true puts a `*` behind the cell's number.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = _plain(table, columns)
    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in plain.columns:
        numeric = pd.api.types.is_numeric_dtype(plain[name])
        grid.add_column(Text(str(name)), justify="right" if numeric else "left", no_wrap=True)
    stars = pd.DataFrame(False, index=plain.index, columns=plain.columns)
    if starred is not None:
        stars[starred.columns] = starred
    for row, marks in zip(plain.itertuples(index=False), stars.to_numpy(), strict=True):
        cells = (
            _cell(value) + ("*" if mark else "") for value, mark in zip(row, marks, strict=True)
        )
        grid.add_row(*(Text(cell) for cell in cells))
    out = io.StringIO()
    Console(file=out, width=10_000, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"


def _plain(table: pd.DataFrame, columns: Sequence[str] | None) -> pd.DataFrame:
    wanted = columns or list(table.columns)
    plain = pd.DataFrame(table[[name for name in wanted if name != "geometry"]], copy=True)
    for name, column in plain.items():
        if str(column.dtype) in ("object", "geometry"):
            plain[name] = column.astype(object).map(_value)
    return plain


def _value(value: Any) -> Any:
    """Give geometry as WKT, bytes in hexadecimal, arrays as lists."""
    if hasattr(value, "geom_type"):
        return value.wkt
    if isinstance(value, bytes):
        return value.hex()
    return [_value(item) for item in value] if isinstance(value, np.ndarray) else value


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(
        table.to_json(
            orient="records",
            force_ascii=False,
            double_precision=10,
            date_format="iso",
            default_handler=str,
        )
    )
    return records


def _cell(value: Any) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    return (
        f"{value:,.4g}"
        if isinstance(value, float) and abs(value) < 1e4
        else (f"{value:,.0f}" if isinstance(value, float) else str(value))
    )
