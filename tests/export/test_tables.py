import json
import os

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import box

from regional_atlas.core.errors import InputError
from regional_atlas.export.tables import (
    atomic_path,
    write_csv,
    write_geoparquet,
    write_json,
    write_parquet,
    write_text,
)


def test_atomic_path_puts_the_file_in_place_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "deep" / "er" / "a.txt"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert temporary.name == "a.txt"
        assert not target.exists()
    assert target.read_text() == "new"
    assert os.listdir(target.parent) == ["a.txt"]


def test_atomic_path_keeps_the_old_file_when_the_block_fails(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def half_write():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        half_write()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path):
    def fail():
        with atomic_path(tmp_path / "new" / "deeper" / "a.txt"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("refused", ["a.csv", "b.csv", "c.csv"])
def test_files_that_belong_together_are_replaced_together_or_not_at_all(tmp_path, refused):
    """One of the places is taken by a folder, so that its file cannot come."""

    def write():
        with atomic_path(tmp_path / "a.csv") as temporary:
            for name in ("a.csv", "b.csv", "c.csv"):
                temporary.with_name(name).write_text("new")

    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("old")
    (tmp_path / refused).unlink(missing_ok=True)
    (tmp_path / refused).mkdir()
    with pytest.raises(InputError, match="cannot write"):
        write()
    left = {path.name: path.is_file() and path.read_text() for path in tmp_path.iterdir()}
    assert left == {"a.csv": "old", "b.csv": "old"} | {refused: False}
    (tmp_path / refused).rmdir()
    write()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.csv", "b.csv", "c.csv"), "new"
    )


def test_atomic_path_names_the_file_that_cannot_be_written(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(InputError, match=r"a\.txt: cannot write"):
        write_text("x", tmp_path / "a.txt")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        write_text("x", tmp_path / "file" / "a.txt")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "file"]


def test_written_files_have_ordinary_rights(tmp_path):
    umask = os.umask(0o022)
    try:
        write_text("x", tmp_path / "a.txt")
    finally:
        os.umask(umask)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_csv_keeps_codes_text_and_gaps(tmp_path):
    frame = pd.DataFrame(
        {
            "unit": ['=1+1"', "东,莞\n市"],
            "value": [0.1, np.nan],
            "rank": pd.array([1, None], "Int64"),
        },
        index=pd.Index(["010001", "010002"], name="unit_id"),
    )
    path = write_csv(frame, tmp_path / "a.csv")
    assert path.read_bytes() == (
        'unit_id,unit,value,rank\n010001,"=1+1""",0.1,1\n010002,"东,莞\n市",,\n'.encode()
    )
    back = pd.read_csv(path, dtype={"unit_id": str, "rank": "Int64"}, index_col="unit_id")
    pd.testing.assert_frame_equal(back, frame, check_index_type=False)


def test_csv_for_excel_begins_with_a_mark_and_leaves_out_a_nameless_index(tmp_path):
    path = write_csv(pd.DataFrame({"a": [1]}), tmp_path / "a.csv", excel=True)
    assert path.read_bytes() == b"\xef\xbb\xbfa\n1\n"


def test_csv_floats_do_not_depend_on_their_width(tmp_path):
    values = np.array([1 / 3, 1e-12, 12345678.9, 3.0])
    write_csv(pd.DataFrame({"a": values}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "a\n0.3333333333\n1e-12\n12345678.9\n3\n"


def test_parquet_without_geometry_is_the_same_twice_and_comes_back_whole(tmp_path):
    frame = pd.DataFrame({"unit_id": ["010001", None], "value": [0.1, np.nan]})
    path = write_parquet(frame, tmp_path / "a.parquet")
    first = path.read_bytes()
    assert write_parquet(frame, path).read_bytes() == first
    pd.testing.assert_frame_equal(pd.read_parquet(path), frame)


def test_json_is_sorted_plain_and_without_nan(tmp_path):
    path = write_json({"b": np.int64(2), "a": "市"}, tmp_path / "a.json")
    assert path.read_text(encoding="utf-8") == '{\n  "a": "市",\n  "b": 2\n}\n'
    assert write_json([1, 2], tmp_path / "b.json", indent=None).read_text() == "[1,2]\n"
    with pytest.raises(ValueError, match="JSON"):
        write_json({"a": float("nan")}, tmp_path / "a.json")
    with pytest.raises(TypeError, match="object has no place in JSON"):
        write_json({"a": object()}, tmp_path / "a.json")
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "市", "b": 2}


def test_geoparquet_says_its_version_and_boxes_and_comes_back_whole(tmp_path):
    units = gpd.GeoDataFrame(
        {"unit": ["东", None], "value": [1.5, np.nan]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        index=pd.Index(["010001", "010002"], name="unit_id"),
        crs="EPSG:4326",
    )
    units.attrs = {"set": {1}}
    path = write_geoparquet(units, tmp_path / "a.parquet")
    first = path.read_bytes()
    assert write_geoparquet(units, path).read_bytes() == first
    geo = json.loads(pq.read_metadata(path).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert pq.read_metadata(path).row_group(0).column(0).compression == "ZSTD"
    back = gpd.read_parquet(path)
    assert_geodataframe_equal(back, units)
    assert list(gpd.read_parquet(path, bbox=(1.5, 0, 2, 1)).index) == ["010002"]
    assert units.attrs == {"set": {1}}
