"""Files that have typed columns: Parquet, and the attribute tables of GIS files."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from regional_atlas.core.arrays import Floats
from regional_atlas.core.errors import DataError
from regional_atlas.core.names import plain
from regional_atlas.sources.encodings import UTF_8, unstated_encoding
from regional_atlas.sources.opening import (
    check_layer,
    check_parquet,
    check_source,
    check_typed,
    vectors_of_gdal,
)
from regional_atlas.sources.reader.cells import NUMBER, TEXT, Cells, Grid, truth
from regional_atlas.sources.reader.rows import ColumnMajor

__all__ = ["read_parquet", "read_vector_table"]


def read_parquet(path: Path) -> Grid:
    """Read the columns of a Parquet file; binary ones (geometry) are left out."""
    import pyarrow.parquet as pq

    check_parquet(path, "tables")
    try:
        table = pq.read_table(path)
    except Exception as error:  # Arrow fails in several ways where a file is damaged
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from error
    return _grid(table, "parquet", str(path))


def read_vector_table(path: Path, layer: str | None, encoding: str | None) -> Grid:
    """Read the attribute table of a vector file."""
    import pyogrio

    where = str(path)
    guess, shown = (unstated_encoding(path) if encoding is None else None) or (None, "")
    if guess == UTF_8:
        encoding = UTF_8
    elif guess is not None:
        raise DataError(
            f"its encoding is not stated; read as {guess} it holds {shown!r}; "
            f'declare encoding = "{guess}" for this table',
            where=where,
        )
    check_source(path, "tables")
    try:
        with vectors_of_gdal():
            layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if layer is not None and layer not in layers:
            raise DataError(f"no layer {layer!r}; allowed: {', '.join(layers)}", where=where)
        if layer is None and len(layers) > 1:
            raise DataError(
                f"holds {len(layers)} layers: {', '.join(layers)}; "
                f"name one, such as sheet = {layers[0]!r}",
                where=where,
            )
        with warnings.catch_warnings(), vectors_of_gdal():
            warnings.simplefilter("ignore")
            check_layer(path, layer or layers[0])
            meta, table = pyogrio.read_arrow(
                path, layer=layer, encoding=encoding, read_geometry=False
            )
    except DataError:
        raise
    except Exception as error:  # GDAL's drivers fail in many ways
        raise DataError(f"cannot be read as a table: {error}", where=where) from error
    grid = _grid(table, path.suffix.lower().lstrip("."), where)
    grid.sheet, grid.encoding = layer or layers[0], meta.get("encoding")
    return grid


def _grid(table: Any, kind: str, where: str) -> Grid:
    import pyarrow as pa

    try:
        names = table.schema.names
    except ValueError as error:
        raise DataError(f"its headings cannot be read: {error}", where=where) from error
    kept = [
        (at, name)
        for at, (name, kind) in enumerate(zip(names, table.schema.types, strict=True))
        if not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
    ]
    check_typed(table.num_rows, table.num_rows * len(kept), where)
    columns = []
    for at, name in kept:
        try:
            columns.append(_cells(table.column(at)))
        except (ValueError, OverflowError, pa.ArrowException) as error:
            raise DataError(f"column {name!r} cannot be read: {error}", where=where) from error
    # Without columns there is nothing in any row.
    numbers = np.arange(2, 2 + (table.num_rows if columns else 0))
    return Grid(kind, ColumnMajor(numbers, columns), headings=[name.strip() for _, name in kept])


def _cells(column: Any) -> Cells:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_integer(kind):
        return _numbers(column.cast(pa.large_string()), _doubles(column))
    if pa.types.is_floating(kind):
        return _numbers_in_full(_doubles(column))
    values = column.to_pylist()
    if pa.types.is_decimal(kind):
        return _numbers_in_full(np.array([np.nan if v is None else float(v) for v in values]))
    if pa.types.is_boolean(kind):
        return Cells.of([None if value is None else truth(value) for value in values])
    texts = [None if value is None else str(value) for value in values]
    if pa.types.is_timestamp(kind):
        # GeoPackage has times in UTC alone; midnight is a day, as in a spreadsheet.
        texts = [text and MIDNIGHT.sub("", text) for text in texts]
    return Cells.of(texts)


def _doubles(column: Any) -> Floats:
    import pyarrow as pa

    found: Floats = column.cast(pa.float64(), safe=False).to_numpy()
    return found


def _numbers(texts: Any, values: Floats) -> Cells:
    """Put numbers and their texts, which are null where there is none, together."""
    import pyarrow as pa

    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    kinds = np.where(texts.is_valid().to_numpy(zero_copy_only=False), NUMBER, TEXT)
    return Cells(texts.view(pa.large_binary()), kinds.astype(np.uint8), values)


def _numbers_in_full(values: Floats) -> Cells:
    """Write numbers in full, as `plain` does."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = np.abs(values)
    known, whole = ~np.isnan(values), (size < _WHOLE) & (np.rint(values) == values)
    # Arrow writes other numbers of a usual size as Python does.
    usual = (size >= _LEAST) & (size < _MOST)
    rare = np.flatnonzero(known & ~whole & ~usual)
    texts = pc.if_else(
        pa.array(whole),
        pa.array(np.where(whole, values, 0).astype(np.int64)).cast(pa.large_string()),
        pa.array(values, mask=~known).cast(pa.large_string()),
    )
    if len(rare):
        written = pa.array([plain(value) for value in values[rare].tolist()], pa.large_string())
        mask = np.zeros(len(values), np.bool_)
        mask[rare] = True
        texts = pc.replace_with_mask(texts, pa.array(mask), written)
    return _numbers(texts, values)


_WHOLE = 1e15
"""Whole numbers below it are written without a point or an exponent."""
_LEAST, _MOST = 1e-4, 1e9
"""From one to the other, no number has an exponent."""
MIDNIGHT = re.compile(r" 00:00:00(\+00:00)?$")
