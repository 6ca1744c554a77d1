from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import regional_atlas.page
from regional_atlas.page import packing
from regional_atlas.page.format import plain
from regional_atlas.page.geometry import flat_geometry
from regional_atlas.page.packing import pack, unpack

from .conftest import BOTH

SHARED = Path(regional_atlas.page.__file__).parent / "web/test/packed.json"

numbers = st.one_of(
    st.none(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**6), 10**6, places=3).map(float),
)


def head_of(packed: str) -> list[dict]:
    return json.loads(gzip.decompress(packing._bytes(packed)).split(b"\n", 1)[0])["columns"]


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=8, max_size=30))
def test_every_number_comes_back(rows):
    first, second, third = (list(column) for column in zip(*rows, strict=True))
    data = {"a": {"x": first, "y": second}, "b": {"x": third, "y": first}, "pairs": []}
    data["pairs"] = [[one or 0, two or 0] for one, two, _ in rows]
    packed = pack(data)
    assert unpack(packed) == data
    assert pack(data) == packed


def test_the_page_reads_what_is_written_here():
    # web/test/decode.test.ts reads the same file.
    shared = json.loads(SHARED.read_text(encoding="utf-8"))
    assert unpack(shared["packed"]) == shared["data"]
    written, kept = (
        gzip.decompress(packing._bytes(text)) for text in (pack(shared["data"]), shared["packed"])
    )
    assert written == kept


@given(st.binary(max_size=60))
def test_bytes_as_text(data):
    text = packing._text(data)
    assert packing._bytes(text) == data
    assert set(text).isdisjoint('"&< \n')
    assert len(text) <= len(data) * 16 / 13 + 2


def test_many_bytes_are_written_piece_by_piece(monkeypatch):
    data = np.random.default_rng(1).bytes(1000)
    whole = packing._text(data)
    monkeypatch.setattr(packing, "_BLOCK", 26)
    assert packing._text(data) == whole


def test_what_is_no_column_stays_as_it_is():
    data = {"short": [1, 2], "mixed": [1, "a"] * 5, "flags": [True] * 9, "text": ["1\n2"] * 9}
    assert unpack(pack(data)) == data
    assert head_of(pack(data)) == []


def test_a_year_is_guessed_from_the_year_before_and_a_mean_from_its_sum():
    rng = np.random.default_rng(3)
    first, size = rng.lognormal(6, 2, 500), rng.uniform(5, 50, 500)
    second = first * rng.uniform(0.9, 1.2, 500)
    sums = {"2020": first, "2021": second}
    data = {
        name: {year: [float(f"{v:.5g}") for v in column] for year, column in columns.items()}
        for name, columns in {
            "sum": sums,
            "mean": {year: column / size for year, column in sums.items()},
        }.items()
    }
    _, later, _, mean = head_of(pack(data))
    assert later["guess"] == [0]
    assert mean["guess"] == [2, 1, 0]
    assert mean["width"] == 1
    assert len(pack(data)) < 0.75 * len(packing._text(gzip.compress(json.dumps(data).encode())))


def test_thirds_are_kept_as_doubles():
    column = [k / 3 for k in range(9)]
    assert head_of(pack({"thirds": column}))[0]["double"] == 1
    assert unpack(pack({"thirds": column})) == {"thirds": column}


def test_geometry_as_columns():
    topology = {
        "transform": {"scale": [10, 20], "translate": [1, 2]},
        "arcs": [[[0, 0], [5, 0]], [[5, 0], [0, 5], [-5, -5]], [[9, 9], [1, 1]]],
        "objects": {
            "units": {
                "geometries": [
                    {"type": "MultiPolygon", "id": "a", "arcs": [[[0, 1]], [[~1], [0]]]},
                    {"type": "Polygon", "id": "b", "arcs": [[~0]]},
                ]
            },
            "lines": {"geometries": [{"type": "MultiLineString", "arcs": [[~2]]}]},
        },
    }
    assert plain(flat_geometry(topology), BOTH) == {
        "scale": [10, 20],
        "translate": [1, 2],
        "arc_sizes": [2, 3, 2],
        "x": [0, 5, 5, 5, 0, 9, 10],
        "y": [0, 0, 0, 5, 0, 9, 10],
        "unit_rings": [3, 1],
        "ring_sizes": [2, 1, 1, 1],
        "refs": [0, 1, ~1, 0, ~0],
        "lines": [2],
        "context": None,
    }


@given(st.lists(numbers.filter(lambda number: number is not None), min_size=1, max_size=12))
def test_precision_is_that_of_the_shortest_decimals(rows):
    values = np.array(rows, dtype=np.float64)
    parts = [Decimal(repr(value)).normalize().as_tuple() for value in np.abs(values).tolist()]
    digits = max(len(part.digits) for part in parts)
    expected = digits, max(-part.exponent for part in parts)
    whole = np.all(values == np.rint(values))
    assert packing._precision(values) == ((0, 0) if whole else expected)


def test_a_long_column_is_guessed_from_a_sample(monkeypatch):
    rng = np.random.default_rng(3)
    first = rng.lognormal(3, 2, 9000).round(2)
    second = (first * 1.01).round(2)
    odd = second.copy()
    odd[5] = 1 / 3  # in no sample
    huge = first.copy()
    huge[5] = 2.0**60
    data = {
        name: [None if at % 97 == 0 else value for at, value in enumerate(column.tolist())]
        for name, column in {"first": first, "second": second, "odd": odd, "huge": huge}.items()
    }
    packed = pack(data)
    assert unpack(packed) == data
    heads = {head["path"][0]: head for head in head_of(packed)}
    assert heads["second"]["guess"] == [0]
    assert heads["odd"]["double"] == 1
    monkeypatch.setattr(packing, "SAMPLE", 10**6)
    assert len(packed) <= 1.01 * len(pack(data))


def test_every_python_writes_the_same_bytes():
    head = packing._bytes(pack({"a": [1.5] * 20}))[:10]
    assert head == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
