"""Files written whole or not at all: GeoParquet, Parquet, CSV, JSON and text."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import InputError
from regional_atlas.core.signs import storable
from regional_atlas.core.spreadsheets import csv_text

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "check_ending",
    "write_csv",
    "write_geoparquet",
    "write_json",
    "write_parquet",
    "write_text",
]

# Units in the order of their ids lie beside one another: small row groups let a reader with a
# window skip most of the file through the bounding boxes.
ROW_GROUP = 256
# float32 needs 9 significant digits; 10 also tell every value of a table apart that was rounded.
FLOAT_FORMAT = "%.10g"


def check_ending(path: str | os.PathLike[str], *endings: str) -> None:
    """Refuse an output file whose name has none of the endings.

    Examples
    --------
    >>> check_ending("table.txt", ".csv", ".parquet")
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: --out 'table.txt': expected a name that ends in .csv or \
    .parquet
    """
    if Path(path).suffix not in endings:
        allowed = " or ".join(endings)
        raise InputError(f"--out {str(path)!r}: expected a name that ends in {allowed}")


def write_geoparquet(
    gdf: gpd.GeoDataFrame, path: str | os.PathLike[str], *, attrs: Mapping[str, str] | None = None
) -> Path:
    """Write GeoParquet 1.1 with a bounding box per row, compressed with zstd.

    A named index becomes a column; the table's own `attrs` are left out. The same table gives the
    same bytes.

    Parameters
    ----------
    gdf : GeoDataFrame
        With a CRS.
    path : path-like
        Replaced when the new file is complete.
    attrs : mapping of str to str, optional
        What the file says of itself.

    Returns
    -------
    Path
        The path.
    """
    table = gdf.copy(deep=False)
    table.attrs = dict(attrs or {})
    with atomic_path(path) as temporary:
        table.to_parquet(
            temporary,
            index=table.index.name is not None,
            compression="zstd",
            schema_version="1.1.0",
            write_covering_bbox=True,
            row_group_size=ROW_GROUP,
        )
    return Path(path)


def write_parquet(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table without geometry or index as Parquet, compressed with zstd.

    The same table gives the same bytes.
    """
    with atomic_path(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", compression_level=19)
    return Path(path)


def write_csv(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    excel: bool = False,
    raw: bool = False,
) -> Path:
    r"""Write a table as CSV: UTF-8, `\n` at line ends, a missing value as an empty cell.

    Floats have up to 10 significant digits. A named index is the first column. A text that begins
    with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe in front, without which a
    spreadsheet runs it as a formula; this package reads it without.

    Parameters
    ----------
    frame : DataFrame
        Without geometry.
    path : path-like
        Replaced when the new file is complete.
    excel : bool
        Begin with a byte-order mark, without which Excel misreads UTF-8.
    raw : bool
        No apostrophes, for other programs.

    Returns
    -------
    Path
        The path.
    """
    text = csv_text(frame, float_format=FLOAT_FORMAT, raw=raw)
    return write_text(f"\ufeff{text}" if excel else text, path)


def write_json(obj: Any, path: str | os.PathLike[str], *, indent: int | None = 2) -> Path:
    """Write JSON with sorted keys, text as it is, no NaN.

    NumPy scalars count as their Python values.

    Raises
    ------
    ValueError
        For NaN and infinity, which JSON does not have.
    """
    text = json.dumps(
        obj,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        indent=indent,
        separators=None if indent else (",", ":"),
        default=_plain,
    )
    return write_text(text + "\n", path)


def write_text(text: str, path: str | os.PathLike[str]) -> Path:
    """Write text as UTF-8, line ends as they are."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(storable(text).encode("utf-8"))
    return Path(path)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in JSON: {value!r}")
