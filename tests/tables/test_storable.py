"""Values that the store holds come back as they were; others are refused."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal

from regional_atlas.core.texts import Text, Unit
from regional_atlas.tables.storable import pack, unpack


def again(value: Any, *records: type) -> Any:
    parts = pack(value, records)
    return unpack({name: bytearray(b"".join(chunks)) for name, chunks in parts.items()}, records)


def assert_same(one: Any, other: Any) -> None:
    """Equal in type, in every bit of a float, and so on inside."""
    assert type(one) is type(other)
    if isinstance(one, float):
        assert math.isnan(one) if math.isnan(other) else (one, str(one)) == (other, str(other))
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    else:
        assert one == other


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.sampled_from(["$", "part", "items"]), inner)
    ),
)


def test_texts_units_and_numbers_of_numpy_come_back() -> None:
    unit = Unit(zh="亿元", en="bn yuan", scale={"en": 0.1})
    held = {"text": Text("km²"), "names": Text(zh="县", en="county"), "unit": unit}
    assert again(held) == held
    assert type(again(held)["unit"]) is Unit
    assert_same(again([np.float64(1.5), np.int64(3), np.bool_(True)]), [1.5, 3, True])


def test_loose_text_comes_back() -> None:
    ids = pd.Index(["x", "y"], name="unit_id")
    table = pd.DataFrame({"some": ["a", None], "none": [None, None]}, ids, dtype=object)
    assert_frame_equal(again(table), table)
    assert_frame_equal(again(table.iloc[:0]), table.iloc[:0])


@given(DOCUMENTS)
def test_documents_come_back(value: Any) -> None:
    assert_same(again(value), value)


def test_the_document_is_json_and_says_what_is_not_finite() -> None:
    chunks = pack({"worst": math.nan, "best": -math.inf, "$": (1,)})["value.json"]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(b"".join(chunks), parse_constant=refuse)


@pytest.mark.parametrize(
    "value",
    [
        {1.5: "a"}, {(1,): "a"}, {"a", "b"}, b"bytes", np.array(["a"]), np.array([object()]),
        np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), len, object(), [{"a": 1j}],
        pd.Index([1]), np.datetime64("2020-01-01"), range(3), Exception("x"), pd.Timestamp(0),
        pd.DataFrame({"a": pd.Series([1, "a"], dtype=object)}),
        pd.DataFrame({"a": pd.Series(["a", math.nan], dtype=object)}),
        pd.DataFrame({"a": pd.Series([True, None], dtype=object)}),
        pd.DataFrame({"a": [1]}, index=pd.Index([math.nan], dtype=object)),
        pd.DataFrame({"a": pd.Series([1 + 2j])}),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_would_not_come_back_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError, NotImplementedError)):
        pack(value)


def test_other_attrs_than_documents_are_refused() -> None:
    table = pd.DataFrame({"a": [1]})
    table.attrs["source"] = object()
    with pytest.raises(TypeError, match=r"holds no builtins\.object"):
        pack(table)


COLUMNS = {
    "text": pd.array(["00101", None, "苏锡常 \N{GRINNING FACE}"], dtype="str"),
    "object_text": pd.Series(["a", None, ""], dtype=object),
    "nothing": pd.Series([None, None, None], dtype=object),
    "float": [math.nan, -0.0, 5e-324],
    "float32": np.array([1.1, math.inf, -math.inf], dtype="float32"),
    "int": [2**63 - 1, -(2**63), 0],
    "int8": np.array([1, 2, -128], dtype="int8"),
    "uint64": np.array([2**64 - 1, 0, 1], dtype="uint64"),
    "bool": [True, False, True],
    "Int64": pd.array([2**62 + 1, None, 3], dtype="Int64"),
    "boolean": pd.array([True, None, False], dtype="boolean"),
    "Float64": pd.array([1.5, None, 0.1], dtype="Float64"),
    "string": pd.array(["a", None, "c"], dtype="string"),
    "category": pd.Categorical(["low", None, "high"], ["low", "middle", "high"], ordered=True),
    "when": pd.to_datetime(["2020-01-31", None, "1900-02-28"]),
}


def table_of(index: pd.Index) -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(column).array for name, column in COLUMNS.items()})
    frame.index = index
    return frame


INDEXES = [
    pd.RangeIndex(3),
    pd.RangeIndex(5, -1, -2, name="zone"),
    pd.Index(["a", "b", "b"], name="unit_id"),
    pd.Index(["a", None, "c"], dtype="str"),
    pd.Index([3.5, math.nan, 1.0], name="text"),
    pd.Index([2, 1, 2], dtype="int32"),
    pd.MultiIndex.from_tuples(
        [("b", 2020), ("a", 2021), ("a", 2020)], names=["unit_id", None]
    ),
]  # fmt: skip


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: f"{type(index).__name__}-{index.name}")
@pytest.mark.parametrize("rows", [3, 0])
def test_tables_come_back(index: pd.Index, rows: int) -> None:
    frame = table_of(index).iloc[:rows]
    frame.attrs = {"source": "x", "rasters": [{"nodata": math.nan, "rules": (), "year": None}]}
    back = again(frame)
    assert_frame_equal(back, frame, check_exact=True, check_freq=False)
    assert list(back.dtypes) == list(frame.dtypes)
    assert_index_equal(back.index, frame.index, exact=True)
    assert back["float"].to_numpy().tobytes() == frame["float"].to_numpy().tobytes()
    assert all(a is b for a, b in zip(back["nothing"], frame["nothing"], strict=True))
    assert_same(back.attrs, frame.attrs)
    assert_same(frame["object_text"].tolist(), back["object_text"].tolist())


@pytest.mark.parametrize(
    "columns",
    [pd.Index([2019, 2020]), pd.Index(["index", "a"], name="code"), pd.RangeIndex(2),
     pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["k", None])],
    ids=["years", "named", "range", "levels"],
)  # fmt: skip
def test_names_of_columns_come_back(columns: pd.Index) -> None:
    frame = pd.DataFrame([[1, 2.5]], columns=columns)
    back = again(frame)
    assert_index_equal(back.columns, frame.columns, exact="equiv")
    assert_frame_equal(back, frame, check_column_type="equiv")


def test_an_index_may_be_named_as_a_column() -> None:
    frame = pd.DataFrame({"id": [1, 2]}, index=pd.Index(["x", "y"], name="id"))
    assert_frame_equal(again(frame), frame)


@pytest.mark.parametrize("name", ["value", None, 2020])
def test_series_come_back(name: Any) -> None:
    index = pd.MultiIndex.from_tuples([("a", "b"), ("b", "a")], names=["focal", "neighbor"])
    series = pd.Series([1.0, math.nan], index=index, name=name)
    series.attrs["unit"] = "km²"
    back = again(series)
    assert_series_equal(back, series)
    assert back.name == name
    assert back.attrs == series.attrs


SHAPES = [
    shapely.Polygon([(0.1 + 0.2, 1 / 3), (1, 0), (math.nextafter(1, 2), 1)]),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]),
    shapely.Polygon(),
    None,
    shapely.Point(1, 2, 3),
    shapely.LineString([(-0.0, 0), (1e-300, 1e300)]),
    shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)]),
]
ALBERS = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m +no_defs"


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "OGC:CRS84", ALBERS, None])
def test_geometry_comes_back_to_the_bit(crs: str | None) -> None:
    frame = gpd.GeoDataFrame(
        {"geometry": SHAPES, "n": range(len(SHAPES)), "label_point": shapely.points(SHAPES_XY)},
        index=pd.Index([f"u{i}" for i in range(len(SHAPES))], name="unit_id"), crs=crs,
    )  # fmt: skip
    frame["label_point"] = gpd.GeoSeries(frame["label_point"], crs="EPSG:3857")
    frame.attrs = {"datum": "gcj02"}
    for value in (frame, frame.iloc[:0], frame.set_geometry("label_point"), frame["geometry"],
                  frame["geometry"].rename(None), frame["geometry"].iloc[:0]):  # fmt: skip
        back = again(value)
        assert type(back) is type(value)
        assert back.crs == value.crs
        assert getattr(back.crs, "srs", None) == getattr(value.crs, "srs", None)
        assert back.attrs == value.attrs
        assert_index_equal(back.index, value.index)
        if isinstance(value, gpd.GeoDataFrame):
            assert back.active_geometry_name == value.active_geometry_name
            assert list(back.dtypes) == list(value.dtypes)
            assert back["label_point"].crs == value["label_point"].crs
        else:
            assert back.name == value.name
        ours, theirs = (shapely.to_wkb(one.geometry.to_numpy()) for one in (back, value))
        assert ours.tolist() == theirs.tolist()


SHAPES_XY = [[i, i / 7] for i in range(len(SHAPES))]


def test_a_geotable_may_have_no_geometry() -> None:
    frame = gpd.GeoDataFrame({"a": [1]})
    back = again(frame)
    assert type(back) is gpd.GeoDataFrame
    assert back["a"].tolist() == [1]


@settings(max_examples=settings().max_examples * 3 // 5)
@given(
    numpy_strategies.arrays(
        st.sampled_from(["?", "i1", "<i4", "<i8", "<u8", "<f4", "<f8", "<c16", ">f8"]),
        numpy_strategies.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_arrays_come_back_to_the_bit(array: Any) -> None:
    array = np.asarray(array)
    back = again(array)
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


def test_arrays_in_any_order_of_memory_come_back() -> None:
    array = np.arange(12).reshape(3, 4)
    for given_array in (array.T, array[:, ::2], np.asfortranarray(array)):
        np.testing.assert_array_equal(again(given_array), given_array)


@dataclass(frozen=True)
class Inner:
    table: pd.DataFrame
    note: str


@dataclass(frozen=True)
class Outer:
    inner: tuple[Inner, ...]
    numbers: Any


def test_records_come_back_field_by_field() -> None:
    value = Outer((Inner(pd.DataFrame({"a": [1, 2]}), "x"),), np.array([1.5]))
    back = again([value], Outer, Inner)[0]
    assert type(back) is Outer
    assert type(back.inner[0]) is Inner
    assert_frame_equal(back.inner[0].table, value.inner[0].table)
    assert back.numbers.tolist() == [1.5]


def test_only_listed_records_are_written_and_made() -> None:
    value = Inner(pd.DataFrame(), "x")
    with pytest.raises(TypeError, match=r"holds no .*Inner"):
        pack(value)
    parts = {name: b"".join(chunks) for name, chunks in pack(value, [Inner]).items()}
    with pytest.raises(KeyError):
        unpack(parts, [Outer])


@pytest.mark.parametrize(
    "document",
    [
        '{"$": "record", "type": "Popen", "fields": {"args": "true"}}',
        '{"$": "os.system", "part": "1.arrow"}',
        '{"$": ["table"]}',
        '{"$": "array", "part": "../../etc/passwd"}',
        '{"$": "float", "text": "__import__(\'os\')"}',
        "[" * 100_000,
        "\u0000",
    ],
)
def test_documents_of_strangers_are_refused(document: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        unpack({"value.json": document.encode()})


def test_arrays_of_objects_of_strangers_are_refused() -> None:
    import io

    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object))
    document = b'{"$": "array", "part": "1.npy"}'
    with pytest.raises(ValueError, match="numbers"):
        unpack({"value.json": document, "1.npy": file.getvalue()})


def test_texts_without_any_row_come_back() -> None:
    texts = pd.Series(["a", "b"], dtype="str")
    none = texts[[False, False]]
    for column in (none, pd.concat([none, texts[:0], texts[:0]])):
        frame = pd.DataFrame({"unit_id": column.array, "value": np.array([])})
        assert_frame_equal(again(frame), frame)


def test_packing_leaves_nothing_behind_in_an_index() -> None:
    series = pd.Series(1.0, pd.Index([f"u{at}" for at in range(10)], name="unit_id"))
    pack([series])
    assert "_engine" not in series.index._cache  # type: ignore[attr-defined]
