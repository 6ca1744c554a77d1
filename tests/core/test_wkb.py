"""How deep geometries lie in one another, before a reader that recurses."""

from __future__ import annotations

import struct
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.core.errors import DataError
from regional_atlas.core.wkb import MOST_NESTED, may_be_deep, nesting
from regional_atlas.sources.vectors import read_vector

SQUARE = shapely.box(0, 0, 1, 1)
CODES = [7, 4, 5, 6, 1007, 2007, 3007, 0x80000007, 0x20000007]


def nested(depth: int, code: int = 7, order: str = "<") -> bytes:
    """A square within so many collections, each the only member of another."""
    own = bytes([order == "<"]) + struct.pack(f"{order}I", code)
    own += struct.pack(f"{order}I", 4326) if code & 0x20000000 else b""
    return (own + struct.pack(f"{order}I", 1)) * depth + shapely.to_wkb(SQUARE)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("depth", [1, 32, 33, 100_000])
def test_the_depth_is_counted(depth: int, code: int, order: str) -> None:
    raw = nested(depth, code, order)
    assert nesting(raw) == depth + 1
    assert may_be_deep(raw) is (depth > MOST_NESTED)


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("POINT (1 2)", 1), ("POINT EMPTY", 1), ("POLYGON EMPTY", 1), ("LINESTRING (1 2, 3 4)", 1),
        ("POLYGON Z ((0 0 1, 1 0 1, 1 1 1, 0 0 1), (0 0 1, 1 0 1, 1 1 1, 0 0 1))", 1),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", 2),
        ("GEOMETRYCOLLECTION (POINT (1 2), MULTILINESTRING ((1 2, 3 4)), POINT Z (1 2 3))", 3),
        ("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION EMPTY, POINT (1 2))", 2),
    ],
)  # fmt: skip
def test_the_depth_of_what_shapely_writes(text: str, depth: int) -> None:
    shape = shapely.from_wkt(text)
    for flavor in ("iso", "extended"):
        for order in (0, 1):
            assert nesting(shapely.to_wkb(shape, flavor=flavor, byte_order=order)) == depth


@given(st.binary(max_size=200))
def test_damaged_bytes_end(raw: bytes) -> None:
    assert 0 <= nesting(raw) <= len(raw) // 5 + 1


def test_a_deep_geometry_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Shapely 2 ends the process with a stack overflow at some ten thousand."""
    path = tmp_path / "a.parquet"
    gpd.GeoDataFrame({"a": [1, 2]}, geometry=[SQUARE, SQUARE], crs=4326).to_parquet(path)
    table = pq.read_table(path)
    at = table.schema.get_field_index("geometry")
    for raw, said in ((nested(10), None), (nested(100_000), "row 2, column geometry: .* 32 deep")):
        column = pa.array([shapely.to_wkb(SQUARE), raw])
        pq.write_table(table.set_column(at, table.schema.field("geometry"), column), path)
        if said is None:
            assert len(read_vector(path)) == 2
            continue
        with pytest.raises(DataError, match=said):
            read_vector(path)
