"""What the store can hold: a value as one JSON document, with tables and arrays beside it.

`pack` turns a value into named parts, `unpack` turns the parts back into an equal value. The kinds
are a closed set:

- documents: None, bool, int, float, str, and lists, tuples and dicts (with keys of text or
  whole numbers) of any kind;
  numbers of NumPy come back as those of Python;
- tables: DataFrame, Series, GeoDataFrame, GeoSeries, as Arrow files, geometry as WKB;
- arrays of numbers, as .npy files;
- texts, units of measurement, paths and dates, as a project file has them;
- records: dataclasses and settings, field by field.

A part is data and never code. The only names that `unpack` looks up are those below and those of
the dataclasses that its caller lists. What would not come back as it was is refused when packed.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.core.model import Given, Model
from regional_atlas.core.texts import Text, Unit

__all__ = ["pack", "unpack"]

_DOCUMENT = "value.json"
_KIND = "$"
"""Key that tells what a JSON object stands for; an object without it is a dict."""

_PLAIN = frozenset({type(None), bool, int, str})

Parts = dict[str, list[memoryview]]


def pack(value: object, records: Sequence[type] = ()) -> Parts:
    """Turn a value into parts.

    Parameters
    ----------
    value : object
        Of the kinds above.
    records : sequence of type
        The dataclasses that may be in it.

    Returns
    -------
    dict of str to list of memoryview
        By file name, the bytes of each part. Arrays are not copied.

    Raises
    ------
    TypeError
        The value, or something in it, is of another kind, or would not come back as it was.

    Examples
    --------
    >>> parts = pack({"mean": np.array([1.5, 2.5]), "of": ("a", None)})
    >>> list(parts)
    ['value.json', '1.npy']
    >>> unpack({name: b"".join(chunks) for name, chunks in parts.items()})
    {'mean': array([1.5, 2.5]), 'of': ('a', None)}
    """
    parts: Parts = {_DOCUMENT: []}
    document = json.dumps(_written(value, parts, tuple(records)), separators=(",", ":"))
    parts[_DOCUMENT] = [memoryview(document.encode())]
    return parts


def unpack(parts: Mapping[str, Any], records: Sequence[type] = ()) -> Any:
    """Turn the parts of `pack` back into the value.

    Parameters
    ----------
    parts : mapping of str to bytes-like
        By file name. Arrays are views of these bytes.
    records : sequence of type
        The dataclasses that may be in it.

    Returns
    -------
    object

    Raises
    ------
    Exception
        Of many kinds, where the parts are not those of `pack` with the same records.
    """
    known = {record.__name__: record for record in records}

    def read(found: dict[str, Any]) -> Any:
        match found.get(_KIND):
            case None:
                return found
            case "dict":
                return dict(found["items"])
            case "tuple":
                return tuple(found["items"])
            case "float":
                return float(found["text"])
            case "array":
                return _read_array(parts[found["part"]])
            case "Text":
                return Text.read(found["said"])
            case "Unit":
                return Unit.read(found["said"])
            case "Path":
                return Path(found["said"])
            case "date":
                return date.fromisoformat(found["said"])
            case "record":
                return known[found["type"]](**found["fields"])
            case "settings":
                model: Any = known[found["type"]]
                return model.model_construct({*found["given"]}, **found["fields"])
            case kind:
                table = _READ_TABLE[kind](_read_frame(parts[found["part"]], found), found)
                table.attrs = found["attrs"]
                return table

    return json.loads(bytes(parts[_DOCUMENT]), object_hook=read)


def _written(value: Any, parts: Parts, records: tuple[type, ...]) -> Any:
    """Give what stands for a value in the document; its tables and arrays become parts."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if math.isfinite(value) else {_KIND: "float", "text": repr(value)}
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        return _written(value.item(), parts, records)
    if kind is Given:
        return str(value)  # where it came from mattered while it was read
    if kind is list:
        # No call for each number of a long list.
        return [i if type(i) in _PLAIN else _written(i, parts, records) for i in value]
    if kind is tuple:
        return {_KIND: "tuple", "items": [_written(item, parts, records) for item in value]}
    if kind is dict:
        return _written_dict(value, parts, records)
    if kind is np.ndarray:
        return {_KIND: "array", "part": _added(parts, "npy", _array_chunks(value))}
    if kind is Text or kind is Unit:
        return {_KIND: kind.__name__, "said": _written(value.plain(), parts, records)}
    if isinstance(value, Path):
        return {_KIND: "Path", "said": value.as_posix()}
    if kind is date:
        return {_KIND: "date", "said": value.isoformat()}
    if kind in records and issubclass(kind, Model):
        inside = {name: _written(item, parts, records) for name, item in value}
        given = sorted(value.model_fields_set)
        return {_KIND: "settings", "type": kind.__name__, "given": given, "fields": inside}
    if kind in records:
        inside = {f.name: _written(getattr(value, f.name), parts, records) for f in fields(value)}
        return {_KIND: "record", "type": kind.__name__, "fields": inside}
    if isinstance(value, pd.DataFrame | pd.Series) and kind.__name__ in _READ_TABLE:
        return _written_table(value, parts, records)
    raise TypeError(f"the store holds no {kind.__module__}.{kind.__qualname__}: {value!r:.80}")


def _written_dict(value: dict[Any, Any], parts: Parts, records: tuple[type, ...]) -> Any:
    strange = [key for key in value if type(key) not in (str, int)]
    if strange:
        raise TypeError(f"the store holds dicts with keys of text or whole numbers: {strange[0]!r}")
    items = {key: _written(item, parts, records) for key, item in value.items()}
    plain = _KIND not in items and all(type(key) is str for key in items)
    return items if plain else {_KIND: "dict", "items": [*items.items()]}


def _added(parts: Parts, ending: str, chunks: list[memoryview]) -> str:
    name = f"{len(parts)}.{ending}"
    parts[name] = chunks
    return name


# Arrays: .npy files, read as views.


def _array_chunks(array: np.ndarray[Any, Any]) -> list[memoryview]:
    if array.dtype.kind not in "biufc":
        raise TypeError(f"the store holds arrays of numbers, found dtype {array.dtype}")
    whole = np.ascontiguousarray(array).reshape(array.shape)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(whole))
    return [memoryview(head.getvalue()), whole.reshape(-1).view(np.uint8).data]


def _read_array(part: Any) -> np.ndarray[Any, Any]:
    head = io.BytesIO(bytes(part[:256]))
    if np.lib.format.read_magic(head) != (1, 0):
        raise ValueError("not an array of this store")
    shape, _, dtype = np.lib.format.read_array_header_1_0(head)
    if dtype.kind not in "biufc":
        raise ValueError(f"not an array of numbers: {dtype}")
    return np.ndarray(shape, dtype, buffer=part, offset=head.tell())


# Tables: Arrow files, with what Arrow does not keep in the document.

_READ_TABLE: dict[Any, Any] = {
    "DataFrame": lambda frame, _: frame,
    "Series": lambda frame, found: frame.iloc[:, 0].rename(found["name"]),
    "GeoDataFrame": lambda frame, found: _geo().GeoDataFrame(frame, geometry=found["active"]),
    "GeoSeries": lambda frame, found: _geo().GeoSeries(frame.iloc[:, 0]).rename(found["name"]),
}


def _geo() -> Any:
    import geopandas

    return geopandas


def _written_table(value: Any, parts: Parts, records: tuple[type, ...]) -> dict[str, Any]:
    import pyarrow as pa
    import shapely

    found: dict[str, Any] = {_KIND: type(value).__name__}
    if isinstance(value, pd.Series):
        found["name"] = _written(value.name, parts, records)
        frame = pd.DataFrame(value.to_frame("value"))
    else:
        frame = pd.DataFrame(value)
        found["active"] = getattr(value, "_geometry_column_name", None)
    geometry = [name for name in frame.columns if str(frame[name].dtype) == "geometry"]
    found["crs"] = [[name, getattr(frame[name].array.crs, "srs", None)] for name in geometry]
    found["attrs"] = _written(value.attrs, parts, records)
    plain = frame
    if geometry:
        wkb = {name: shapely.to_wkb(frame[name].to_numpy()) for name in geometry}
        plain = frame.assign(**wkb)
    found["objects"] = [name for name, column in plain.items() if _is_loose_text(column)]
    if found["objects"]:
        plain = plain.astype(dict.fromkeys(found["objects"], "str"))
    table = pa.Table.from_pandas(_with_own_index(plain))
    _require_exact(plain, table, geometry)
    found["part"] = _added(parts, "arrow", [_arrow_file(table)])
    return found


def _arrow_file(table: Any) -> memoryview:
    """Write a table as an Arrow file, into memory of just its size."""
    import pyarrow as pa

    def write(sink: Any) -> None:
        with pa.ipc.new_file(sink, table.schema) as file:
            # A table without rows has no batch, and so would lose its categories.
            for batch in table.to_batches() or [_no_rows(table)]:
                file.write_batch(batch)

    counted = pa.MockOutputStream()
    write(counted)
    written = pa.allocate_buffer(counted.size())
    write(pa.FixedSizeBufferWriter(written))
    return memoryview(written)


def _with_own_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a table an index of its own, in which Arrow looks names up.

    What they are found by takes a hundred bytes for each text, for as long as the index lasts.
    """
    index = frame.index
    if isinstance(index, pd.MultiIndex) or index.dtype != "str":
        return frame
    return frame.set_axis(pd.Index(index.array, name=index.name), axis=0)


def _no_rows(table: Any) -> Any:
    """Make a batch of a table without rows."""
    import pyarrow as pa

    columns = [
        column.chunk(0) if column.num_chunks else pa.array([], column.type)
        for column in table.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _require_exact(plain: pd.DataFrame, table: Any, geometry: list[str]) -> None:
    """Refuse types that Arrow would change: what is read must equal what was written."""
    columns, levels = _dtypes_read(table)
    pairs: list[tuple[Any, Any]] = [
        *((column, columns[name]) for name, column in plain.items() if name not in geometry),
        *zip(_levels(plain), levels, strict=True),
    ]
    for values, dtype in pairs:
        if values.dtype != dtype:
            raise TypeError(f"the store holds no column of {values.dtype}: {values.name!r}")
        if values.dtype == object and not all(v is None or type(v) is str for v in values):
            raise TypeError(f"the store holds objects where they are text: column {values.name!r}")


Dtypes = tuple[dict[Any, Any], list[Any]]
"""Of the columns by name, and of the levels of the index."""


def _dtypes_read(table: Any) -> Dtypes:
    """Tell the dtypes that a table has when it is read again: what its schema says."""
    import pyarrow as pa

    if any(pa.types.is_dictionary(kind) for kind in table.schema.types):
        return _dtypes_of(table.slice(0, 0).to_pandas())  # the categories are no part of a schema
    return _dtypes_of_schema(table.schema.serialize().to_pybytes())


@lru_cache(maxsize=1000)
def _dtypes_of_schema(schema: bytes) -> Dtypes:
    import pyarrow as pa

    return _dtypes_of(pa.ipc.read_schema(pa.py_buffer(schema)).empty_table().to_pandas())


def _dtypes_of(frame: pd.DataFrame) -> Dtypes:
    return dict(frame.dtypes), [level.dtype for level in _levels(frame)]


def _is_loose_text(column: pd.Series) -> bool:
    """Tell text that is kept as objects, missing as None; a column of objects without any too."""
    return column.dtype == np.dtype("O") and all(v is None or type(v) is str for v in column)


def _levels(frame: pd.DataFrame) -> list[pd.Index]:
    return [frame.index.get_level_values(place) for place in range(frame.index.nlevels)]


def _read_frame(part: Any, found: Mapping[str, Any]) -> pd.DataFrame:
    import pyarrow as pa

    table = pa.ipc.open_file(pa.py_buffer(part)).read_all()
    table.validate(full=True)
    frame: pd.DataFrame = table.to_pandas()
    for name in found["objects"]:
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    for name, srs in found["crs"]:
        frame[name] = _geo().array.from_wkb(frame[name].to_numpy(), crs=srs)
    return frame
