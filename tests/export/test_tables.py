import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely import box

from regional_atlas.export.tables import (
    write_csv,
    write_geoparquet,
    write_json,
    write_parquet,
)


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
        '''unit_id,unit,value,rank\n010001,"'=1+1""",0.1,1\n010002,"东,莞\n市",,\n'''.encode()
    )
    write_csv(frame, path, raw=True)
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
