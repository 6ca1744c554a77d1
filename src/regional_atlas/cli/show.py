"""Tables as text for stdout."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError
from regional_atlas.core.signs import visible, visible_json
from regional_atlas.core.spreadsheets import csv_text

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["as_csv", "as_geojson", "as_json", "as_markdown", "as_parquet", "as_text", "cell"]

_GAP = 3
"""Blanks between columns; one more stands before the first."""
_WITHOUT = "allowed: table, csv, json, markdown"
_LEAST = 6
"""Signs of a text that a narrow terminal still shows."""


def as_csv(table: pd.DataFrame, columns: Sequence[str] | None = None, *, raw: bool = False) -> str:
    """Render as CSV; missing values are empty cells. See `csv_text` for `raw`."""
    plain = _plain(table, columns).reset_index(drop=True)
    return csv_text(plain, float_format="%.10g", raw=raw)


def as_json(table: pd.DataFrame, columns: Sequence[str] | None = None) -> str:
    """Render as a JSON list of records; missing values are null."""
    records = _records(_plain(table, columns))
    return visible_json(json.dumps(records, ensure_ascii=False, indent=1)) + "\n"


def as_geojson(table: pd.DataFrame, columns: Sequence[str] | None = None) -> str:
    """Render as a GeoJSON FeatureCollection in WGS 84, seven decimals."""
    import geopandas as gpd

    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError(f"this table has no geometry; {_WITHOUT}")
    if table.crs is None:
        raise InputError(f"the geometry has no coordinate system; {_WITHOUT}")
    geometries = json.loads(table.geometry.to_json(to_wgs84=True, drop_id=True))["features"]
    properties = pd.DataFrame(table.drop(columns=table.geometry.name))
    features = [
        {"type": "Feature", "id": str(unit), "properties": record, "geometry": item["geometry"]}
        for unit, record, item in zip(
            table.index, _records(_plain(properties, columns)), geometries, strict=True
        )
    ]
    document = {"type": "FeatureCollection", "features": features}
    return visible_json(json.dumps(document, ensure_ascii=False)) + "\n"


def as_parquet(table: pd.DataFrame, columns: Sequence[str] | None = None) -> bytes:
    """Render as Parquet; as GeoParquet in WGS 84 where the table has geometry."""
    import geopandas as gpd

    out = io.BytesIO()
    if isinstance(table, gpd.GeoDataFrame):
        name = table.geometry.name
        shown = table[[*(each for each in columns or table.columns if each != name), name]]
        if shown.crs is not None:
            shown = shown.to_crs("EPSG:4326")
        shown.to_parquet(out, index=False)
    else:
        _plain(table, columns).to_parquet(out, index=False)
    return out.getvalue()


def as_markdown(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    starred: pd.DataFrame | None = None,
) -> str:
    """Render as a table of Markdown, numbers to the right; for `starred` see `as_text`."""
    plain = _plain(table, columns)
    sides = ["---:" if _is_numeric(plain[name]) else ":---" for name in plain.columns]
    rows = [[*map(str, plain.columns)], sides, *_cells(plain, starred)]
    escaped = [
        [escape(visible(cell), quote=False).replace("|", "\\|") for cell in row] for row in rows
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in escaped)


def as_text(
    table: pd.DataFrame,
    columns: Sequence[str] | None = None,
    starred: pd.DataFrame | None = None,
    width: int | None = None,
) -> str:
    """Render as an aligned table that knows the width of Chinese characters.

    Parameters
    ----------
    table : DataFrame
    columns : sequence of str, optional
        All by default.
    starred : DataFrame, optional
        Booleans by row and column: true puts a `*` behind the cell's number.
    width : int, optional
        Of the terminal. Texts and headings are cut with `…` to fit it, numbers never; what fits
        even so not is left out from the right, and a last line names it.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    plain = _plain(table, columns)
    cells = _cells(plain, starred)
    plain.columns = pd.Index([visible(str(name)) for name in plain.columns])
    wide, left_out = _widths(plain, cells, width)
    grid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in plain.columns[: len(wide)]:
        heading = _cut(name, wide[name])
        numeric = _is_numeric(plain[name])
        grid.add_column(heading, justify="right" if numeric else "left", no_wrap=True)
    for row in cells:
        grid.add_row(*(_cut(cell, most) for cell, most in zip(row, wide.values(), strict=False)))
    out = io.StringIO()
    most = sum(wide.values()) + _GAP * len(wide)
    Console(file=out, width=most, color_system=None).print(grid)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    note = [f"… {len(left_out)} more columns: {', '.join(left_out)}"] if left_out else []
    return "\n".join([*"\n".join(lines).strip("\n").splitlines(), *note]) + "\n"


def _cut(text: str, width: int) -> Text:
    from rich.text import Text

    cut = Text(text)
    cut.truncate(width, overflow="ellipsis")
    return cut


def _widths(
    plain: pd.DataFrame, cells: list[list[str]], width: int | None
) -> tuple[dict[str, int], list[str]]:
    """Give each column that fits its width, and name the columns that do not fit."""
    from rich.cells import cell_len

    texts = dict(zip(plain.columns, zip(*cells, strict=True), strict=True)) if cells else {}
    full, least = {}, {}
    for name in plain.columns:
        inside = max(map(cell_len, texts.get(name, ())), default=0)
        full[name] = max(inside, cell_len(str(name)))
        least[name] = max(inside if _is_numeric(plain[name]) else 0, min(full[name], _LEAST))
    if width is None:
        return full, []
    names = list(plain.columns)
    while len(names) > 1 and sum(least[name] + _GAP for name in names) - _GAP + 1 > width:
        names.pop()
    room = width - sum(least[name] + _GAP for name in names) + _GAP - 1
    given = {name: least[name] for name in names}
    while room > 0 and (short := [name for name in names if given[name] < full[name]]):
        narrowest = min(short, key=given.__getitem__)
        given[narrowest] += 1
        room -= 1
    return given, [str(name) for name in plain.columns[len(names) :]]


def _cells(plain: pd.DataFrame, starred: pd.DataFrame | None = None) -> list[list[str]]:
    stars = pd.DataFrame(False, index=plain.index, columns=plain.columns)
    if starred is not None:
        stars[starred.columns] = starred
    return [
        [cell(value) + ("*" if mark else "") for value, mark in zip(row, marks, strict=True)]
        for row, marks in zip(plain.itertuples(index=False), stars.to_numpy(), strict=True)
    ]


def _is_numeric(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column))


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


def cell(value: Any) -> str:
    """Write one value for people: numbers in four figures, or whole; nothing where missing."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return visible(str(value))
