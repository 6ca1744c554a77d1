"""The command `zonal` over stacks and rules, from files to files."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from regional_atlas import cli
from regional_atlas.zonal import STATISTICS


def write(path: Path, values: Any, west: float = 0.0, **options: Any) -> Path:
    cells = np.atleast_3d(np.asarray(values).T).T
    profile = {"crs": "EPSG:4326", "transform": Affine(1, 0, west, 0, -1, 2), **options}
    with rasterio.open(
        path, "w", driver="GTiff", count=len(cells), height=cells.shape[1], width=cells.shape[2],
        dtype=cells.dtype, **profile,
    ) as target:  # fmt: skip
        target.write(cells)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Zones of 2 × 2 and 1 × 2 cells; lights of three months on two grids and in two types."""
    gpd.GeoDataFrame(
        {"code": ["01", "02"]},
        geometry=[shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 2)],
        crs=4326,
    ).to_file(tmp_path / "zones.gpkg")
    cells = np.array([[1, 2, 3], [4, 5, 60]])
    write(tmp_path / "v_201311.tif", cells.astype("float32"))
    write(tmp_path / "v_201312.tif", np.pad(cells, ((0, 0), (1, 0))).astype("int16"), west=-1.0)
    write(tmp_path / "v_201402.tif", (cells - 3).astype("float64"))
    return tmp_path


@pytest.fixture
def zonal(folder: Path, expect: Any) -> Any:
    def zonal(*options: Any, out: str = "out.csv", code: int = 0) -> tuple[Path, str]:
        command = ["zonal", "--zones", folder / "zones.gpkg", "--id", "code", "--out", folder / out]
        return folder / out, expect(*command, *options, code=code)

    return zonal


def record(path: Path) -> Any:
    return json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))


def test_cells_without_weight_are_spoken_of(folder: Path, zonal: Any) -> None:
    weights = write(folder / "w.tif", np.array([[0, 2, 3], [4, 5, 6]], "uint8"), nodata=0)
    options = ["--raster", folder / "v_201311.tif", "--weights", weights]
    out, said = zonal(*options, "--stats", "weighted_mean,sum")
    assert pd.read_csv(out)["weighted_mean"].isna().tolist() == [True, False]
    assert "weighted_mean is missing in 1 rows: cells there have no weight" in said
    _, said = zonal(*options, "--stats", "sum")
    assert "weight" not in said


def test_months_from_names_with_the_gap_said(folder: Path, zonal: Any) -> None:
    out, said = zonal("--raster", folder / "v_{year}{month}.tif", "--stats", "sum,count",
                      "--negative", "zero")  # fmt: skip
    table = pd.read_csv(out, dtype={"code": "str"})
    assert table.columns.tolist() == [
        "code", "year", "month", "sum", "count", "cell_count", "valid_share", "taken_negative",
    ]  # fmt: skip
    assert table["sum"].tolist()[:4] == [12, 63, 12, 63]
    assert table["sum"].isna().tolist() == [False] * 4 + [True] * 2 + [False] * 2
    assert table["sum"].tolist()[6:] == [3, 57]
    assert "no raster for 2014-01" in said
    assert "rule negative: 2 cells" in said
    says = record(out)
    assert says["missing"] == ["2014-01"]
    assert [(r["raster"], r["month"], r["rules"][0]["cells"]) for r in says["rasters"]] == [
        ("v_201311.tif", 11, 0), ("v_201312.tif", 12, 0), ("v_201402.tif", 2, 2),
    ]  # fmt: skip


def test_parquet_carries_its_record_and_wide_is_one_row(folder: Path, zonal: Any) -> None:
    out, _ = zonal("--raster", folder / "v_{year}{month}.tif", "--stats", "sum", "--wide",
                   "--saturation", "60", out="out.parquet")  # fmt: skip
    table = pd.read_parquet(out)
    assert table["code"].tolist() == ["01", "02"]
    assert table["sum_2013_12"].tolist() == [12, 63]
    assert table["sum_2014_01"].isna().all()
    assert table["saturated_share_2013_11"].tolist() == [0, 0.5]
    (rule,) = table.attrs["rasters"][1]["rules"]
    assert rule == {"rule": "saturation", "at_least": 60.0, "becomes": "kept", "cells": 1.0}
    assert not (folder / "out.parquet.json").exists()


def test_bands_as_years_and_a_level_shift(folder: Path, zonal: Any) -> None:
    totals = np.array([8.3, 12.0, 12.4, 12.2, 12.9, 13.3])
    bands = np.ones((6, 2, 3), "float32") * totals[:, None, None].astype("float32")
    path = write(folder / "years.tif", bands)
    out, said = zonal("--raster", path, "--bands-from", "2012", "--stats", "sum")
    table = pd.read_csv(out)
    assert table["year"].unique().tolist() == list(range(2012, 2018))
    assert table["sum"].iloc[:2].tolist() == pytest.approx([4 * 8.3, 2 * 8.3], rel=1e-6)
    assert record(out)["level_shifts"] == [2013]
    assert "level shift of the total in 2013" in said


def test_flags_observations_and_masks(folder: Path, zonal: Any) -> None:
    raster = folder / "v_201311.tif"
    flags = write(folder / "q_201311.tif", np.array([[0, 1, 2], [4, 0, 0]], "uint8"))
    seen = write(folder / "n.tif", np.array([[5, 5, 5], [5, 1, 5]], "uint8"))
    water = write(folder / "w.tif", np.array([[1, 0, 0], [0, 0, 0]], "uint8"))
    rules = ["--quality", flags, "--bad-flags", "1,3", "--bad-bits", "2", "--observations", seen,
             "--least-observations", "2", "--mask", water, "--upper", "50"]  # fmt: skip
    out, _ = zonal("--raster", raster, "--stats", "sum,count", *rules)
    table = pd.read_csv(out)
    assert table["sum"].tolist()[0] == 4
    assert table.filter(like="taken").sum().to_dict() == {
        "taken_quality": 2, "taken_observations": 1, "taken_mask": 1, "taken_upper": 1,
    }  # fmt: skip
    names = [rule["rule"] for rule in record(out)["rasters"][0]["rules"]]
    assert names == ["quality", "observations", "mask", "upper"]
    dated = [
        "--raster",
        folder / "v_{year}{month}.tif",
        "--quality",
        folder / "q_{year}{month}.tif",
    ]
    _, said = zonal(*dated, "--bad-bits", "2", code=1)
    assert "q_201312.tif: no such file" in said
    _, said = zonal("--raster", raster, *dated, "--bad-bits", "2", code=1)
    assert "has {year}, but v_201311.tif has no such date" in said


def test_bands_of_flags_go_with_the_bands_of_lights(folder: Path, zonal: Any) -> None:
    lights = write(folder / "years.tif", np.ones((3, 2, 3), "float32"))
    bands = np.zeros((3, 2, 3), "uint8")
    bands[1, :, 0], bands[2, :, 1:] = 1, 1
    flags = write(folder / "flags.tif", bands)
    stack = ["--raster", lights, "--bands-from", "2013", "--stats", "count", "--bad-flags", "1"]
    out, _ = zonal(*stack, "--quality", flags)
    assert pd.read_csv(out)["taken_quality"].tolist() == [0, 0, 2, 0, 2, 2]
    out, _ = zonal(*stack, "--quality", write(folder / "one.tif", bands[1]))
    assert pd.read_csv(out)["taken_quality"].tolist() == [2, 0] * 3
    _, said = zonal(*stack, "--quality", write(folder / "two.tif", bands[:2]), code=1)
    assert "two.tif: has no band 3; bands: 1 to 2" in said


def test_a_mask_of_polygons_from_a_file(folder: Path, zonal: Any) -> None:
    lake = folder / "lake.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.box(0.5, 0, 1, 2)], crs=4326).to_file(lake)
    out, said = zonal("--raster", folder / "v_201311.tif", "--stats", "sum,count", "--mask", lake)
    table = pd.read_csv(out)
    assert table["sum"].tolist() == [12 - 2.5, 63]
    assert table["valid_share"].tolist() == [0.75, 1]
    assert record(out)["mask"] == "lake.gpkg"
    assert "rule mask_polygons: 1 cells" in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--bad-bits", "2"], "quality: needs both a raster and bad_flags or bad_bits"),
        (["--bad-flags", "1;2"], "bad_flags: whole numbers, found '1;2'"),
        (["--mask", "nowhere.gpkg"], "file not found: nowhere.gpkg"),
        (["--mask", "v_201312.tif"], "lies on another grid than v_201311.tif (2 × 3 cells"),
        (["--negative", "drop"], "negative: keep, zero or missing, found 'drop'"),
        (["--bands-from", "soon"], "the first band's date is YYYY or YYYY-MM, found 'soon'"),
    ],
)
def test_wrong_rules(
    folder: Path, zonal: Any, monkeypatch: Any, options: list[str], says: str
) -> None:
    monkeypatch.chdir(folder)
    assert says in zonal("--raster", "v_201311.tif", *options, code=1)[1]


def test_every_raster_that_cannot_be_read_is_named(folder: Path, zonal: Any) -> None:
    for name in ("a.tif", "b.tif"):
        (folder / name).write_text("no raster")
    _, said = zonal("--raster", folder / "a.tif", "--raster", folder / "b.tif", code=1)
    assert "2 problems" in said
    assert "a.tif: " in said
    assert "b.tif: " in said


def test_the_statistics_are_listed_without_any_other_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["regional-atlas", "zonal", "--stats", "help"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert not caught.value.code
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [each.usage for each in STATISTICS.values()]
    assert "class_share(value,…)      share of classes [share]: Σ c of cells" in "\n".join(lines)


def test_a_list_of_classes_is_one_statistic(folder: Path, zonal: Any) -> None:
    out, _ = zonal("--raster", folder / "v_201311.tif", "--stats", "sum,class_share(1,2),mean")
    columns = list(pd.read_csv(out).columns)
    assert columns[-5:] == ["sum", "class_share_1_2", "mean", "cell_count", "valid_share"]


def test_everything_wrong_is_named_at_once_before_anything_is_read(
    folder: Path, zonal: Any
) -> None:
    out, said = zonal(
        "--raster", folder / "no.tif", "--raster", folder / "no_{year}.tif",
        "--stats", "nonsense,lit_share,quantile(q=2),sum,sum,quantile(0.25),quantile(q=0.25)",
        "--bands-from", "2014-13", "--crs", "bogus", "--scale", "nan", "--negative", "what",
        "--nodata", "abc", "--bad-flags", "x,1", "--upper", "inf", "--weights", folder / "w.tif",
        "--mask", folder / "lake.gpkg", "--cluster", "tcp://127.0.0.1:9", out="out.txt", code=1,
    )  # fmt: skip
    for problem in (
        "--out", "--bands-from: dates", "no.tif", "w.tif", "lake.gpkg", "YYYY-MM, found '2014-13'",
        "scale must be a finite number", "unknown CRS 'bogus'", "unknown statistic 'nonsense';",
        "lit_share needs", "q lies between 0 and 1", "'sum' is named twice",
        "'quantile_25' is named twice", "negative: keep", "upper: a finite number",
        "number, found 'abc'", "quality: needs both", "bad_flags: whole numbers, found 'x'",
    ):  # fmt: skip
        assert problem in said
    assert "18 problems" in said
    assert not out.exists()


def test_a_table_does_not_stand_without_its_record(folder: Path, zonal: Any) -> None:
    (folder / "out.csv.json").mkdir()
    out, said = zonal("--raster", folder / "v_201311.tif", code=1)
    assert "out.csv.json': is a folder; give the name of a file" in said
    assert not out.exists()
    out.write_text("an older table")
    zonal("--raster", folder / "v_201311.tif", code=1)
    assert out.read_text() == "an older table"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_columns_that_zones_lack_or_that_hold_no_heads(folder: Path, zonal: Any) -> None:
    raster = ["--raster", folder / "v_201311.tif", "--stats", "sum_per_head"]
    _, said = zonal(*raster, "--id", "x", "--population", "y", code=1)
    assert "--id: no column 'x'" in said
    assert "--population: no column 'y'" in said
    zones = gpd.read_file(folder / "zones.gpkg")
    zones.assign(heads=["many", "few"]).to_file(folder / "zones.gpkg")
    out, said = zonal(*raster, "--population", "heads", code=1)
    assert "column 'heads' of the zones: " in said
    assert "'many'" in said
    assert not out.exists()


def test_a_packed_raster_and_an_infinite_nodata(folder: Path, zonal: Any) -> None:
    packed = folder / "v.tif.gz"
    packed.write_bytes(gzip.compress((folder / "v_201311.tif").read_bytes()))
    out, _ = zonal("--raster", f"/vsigzip/{packed}", "--stats", "sum", "--nodata", "inf")
    assert pd.read_csv(out)["sum"].tolist() == [12, 63]
    assert record(out)["rasters"][0]["nodata"] == "inf"


def test_months_of_sao_tome_on_grids_and_types_of_their_own(
    folder: Path, zonal: Any, shared: Path
) -> None:
    """The real tile twice: as it is, and a month later as int16 hundredths on a shifted grid."""
    real = shared / "data/nightlights/sao_tome_viirs_monthly_201401_float32.tif"
    (folder / "st_201401.tif").symlink_to(real)
    with rasterio.open(real) as source:
        bounds, cells, transform = source.bounds, source.read(1, masked=True), source.transform
    hundredths = np.round(cells.filled(0) * 100).astype("int16")
    hundredths[cells.mask] = -32768
    padded = np.pad(hundredths, ((3, 0), (5, 0)), constant_values=-32768)
    moved = transform @ Affine.translation(-5, -3)
    write(folder / "st_201403.tif", padded, nodata=-32768, transform=moved)
    with rasterio.open(folder / "st_201403.tif", "r+") as target:
        target.scales = [0.01]
    west, south, east, north = bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    gpd.GeoDataFrame({"code": ["w", "e"]}, geometry=halves, crs=4326).to_file(folder / "zones.gpkg")
    out, said = zonal("--raster", folder / "st_{year}{month}.tif", "--stats", "sum,count,min",
                      "--negative", "missing")  # fmt: skip
    table = pd.read_csv(out)
    assert table["month"].tolist() == [1, 1, 2, 2, 3, 3]
    assert "no raster for 2014-02" in said
    assert table["sum"].isna().tolist() == [False, False, True, True, False, False]
    valid = cells.compressed().astype(float)
    for month in (1, 3):
        rows = table[table["month"] == month]
        assert rows["taken_negative"].sum() == pytest.approx(
            (valid < 0).sum(), abs=60 * (month == 3)
        )
        assert (rows["count"] + rows["taken_negative"]).sum() == pytest.approx(valid.size)
        assert rows["sum"].sum() == pytest.approx(valid[valid > 0].sum(), rel=1e-3)
        assert rows["min"].min() >= 0
    assert [(r["scale"], r["nodata_rule"]) for r in record(out)["rasters"]] == [
        (1.0, "stored"), (0.01, "stored"),
    ]  # fmt: skip


@pytest.mark.shared_data
def test_a_dated_file_without_crs_is_refused_unless_one_is_stated(zonal: Any, shared: Path) -> None:
    pattern = shared / "data/nightlights/mumbai_viirs_{year}{month}_no_crs.tif"
    _, said = zonal("--raster", pattern, code=1)
    assert "mumbai_viirs_201204_no_crs.tif: has no coordinate reference system" in said
    out, _ = zonal("--raster", pattern, "--crs", "EPSG:4326")
    assert pd.read_csv(out)[["year", "month"]].drop_duplicates().to_numpy().tolist() == [[2012, 4]]


@pytest.fixture
def unnamed(folder: Path, expect: Any) -> Any:
    """Run `zonal` without --id."""

    def unnamed(zones: str, *options: Any, code: int = 0) -> tuple[Path, str]:
        out = folder / "out.csv"
        command = ["zonal", "--zones", folder / zones, "--out", out, "--overwrite", *options]
        return out, expect(*command, code=code)

    return unnamed


def test_without_an_id_every_column_of_the_zones_is_kept(folder: Path, unnamed: Any) -> None:
    zones = gpd.read_file(folder / "zones.gpkg").assign(name=["Ash", "Bay"], sum=[7, 8])
    zones.to_file(folder / "plain.gpkg")
    options = ["--raster", folder / "v_201311.tif", "--stats", "sum"]
    table = pd.read_csv(unnamed("plain.gpkg", *options)[0], dtype={"code": "str"})
    assert table.columns.tolist() == [
        "zone", "code", "name", "sum_", "year", "raster", "sum", "cell_count", "valid_share",
    ]  # fmt: skip
    assert table["zone"].tolist() == [1, 2]
    assert table[["code", "name", "sum_", "sum"]].to_numpy().tolist() == [
        ["01", "Ash", 7, 12], ["02", "Bay", 8, 63],
    ]  # fmt: skip
    series = [folder / "v_{year}{month}.tif", "--stats", "sum"]
    table = pd.read_csv(unnamed("plain.gpkg", "--raster", *series)[0])
    assert table["name"].tolist() == ["Ash", "Bay"] * 4
    wide = pd.read_csv(unnamed("plain.gpkg", "--raster", *series, "--wide")[0])
    assert wide["name"].tolist() == ["Ash", "Bay"]
    assert wide["sum_2013_11"].tolist() == [12, 63]


@pytest.mark.parametrize(("ids", "name"), [({"unit_id": ["7", "08"]}, "unit_id"),
                                           ({"id": ["x", "y"]}, "id"),
                                           ({"id": ["x", "x"]}, "zone")])  # fmt: skip
def test_zones_are_named_by_their_own_id(
    ids: dict[str, list[str]], name: str, folder: Path, unnamed: Any
) -> None:
    zones = gpd.read_file(folder / "zones.gpkg").assign(**ids)
    zones.to_file(folder / "own.geojson", id_generate="NO")
    options = ["--raster", folder / "v_201311.tif", "--stats", "sum"]
    table = pd.read_csv(unnamed("own.geojson", *options)[0], dtype="str")
    assert table.columns[0] == name
    assert table[name].tolist() == ids.get(name, ["1", "2"])
    assert table["code"].tolist() == ["01", "02"]


def test_zones_beyond_the_raster_are_said_and_an_error_where_all_are(
    folder: Path, unnamed: Any
) -> None:
    here, far = shapely.box(0, 0, 2, 2), shapely.box(50, 0, 52, 2)
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[here, far], crs=4326)
    frame.to_file(folder / "some.gpkg")
    options = ["--raster", folder / "v_201311.tif", "--stats", "sum"]
    out, said = unnamed("some.gpkg", *options)
    assert "v_201311.tif: 1 zones lie beyond it: 2" in said
    assert record(out)["outside"] == [{"raster": "v_201311.tif", "zones": [2], "problem": ""}]
    frame.iloc[1:].to_file(folder / "none.gpkg")
    out.unlink()
    _, said = unnamed("none.gpkg", *options, code=1)
    assert "error: v_201311.tif: no zone meets it: it covers 0 to 3, 0 to 2, the zones 50" in said
    assert "check the CRS of both" in said
    assert not out.exists()
    write(folder / "east.tif", np.ones((2, 3), "uint8"), west=60.0)
    gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 60, 2, 61)], crs=4326).to_file(
        folder / "swapped.gpkg"
    )
    _, said = unnamed("swapped.gpkg", "--raster", folder / "east.tif", "--stats", "sum", code=1)
    assert "the axes of the zones look swapped" in said
    both = ["--raster", folder / "east.tif", *options]
    out, said = unnamed("some.gpkg", *both)
    assert "east.tif: no zone meets it" in said
    assert pd.read_csv(out)["sum"].tolist()[2] == 12


def test_bands_are_chosen_or_all_taken(folder: Path, zonal: Any) -> None:
    bands = np.arange(18).reshape(3, 2, 3).astype("int16")
    write(folder / "bands.tif", bands)
    options = ["--raster", folder / "bands.tif", "--stats", "sum"]
    out, said = zonal(*options)
    assert "bands 2 and 3 are left; take another with `band` (--band N)" in said
    assert pd.read_csv(out)["sum"].tolist() == [0 + 1 + 3 + 4, 2 + 5]
    out, said = zonal(*options, "--band", "3", out="third.csv")
    assert "left" not in said
    assert pd.read_csv(out)["sum"].tolist() == [12 + 13 + 15 + 16, 14 + 17]
    out, _ = zonal(*options, "--band", "all", out="all.csv")
    table = pd.read_csv(out)
    assert table["raster"].tolist()[::2] == ["bands.tif", "bands.tif band 2", "bands.tif band 3"]
    assert table["sum"].tolist() == [8, 7, 32, 19, 56, 31]
    _, said = zonal(*options, "--band", "4", out="x.csv", code=1)
    assert "bands.tif: has no band 4; bands: 1 to 3" in said
    _, said = zonal(*options, "--band", "no", out="x.csv", code=2)
    assert "a number from 1, or all, found 'no'" in said
    _, said = zonal(*options, "--band", "2", "--bands-from", "2013", out="x.csv", code=1)
    assert "--band: --bands-from reads every band; give one of them" in said


def test_infinite_cells_are_refused_or_counted(folder: Path, zonal: Any) -> None:
    cells = np.array([[1, np.inf, 3], [4, -np.inf, 60]], "float32")
    write(folder / "inf.tif", cells)
    options = ["--raster", folder / "inf.tif", "--stats", "sum"]
    out, said = zonal(*options, code=1)
    assert "inf.tif: 2 cells hold infinite values or values beyond ±1e+30" in said
    assert "--extreme missing" in said
    assert not out.exists()
    out, said = zonal(*options, "--extreme", "missing")
    assert "rule extreme: 2 cells" in said
    assert pd.read_csv(out)["sum"].tolist() == [5, 63]
    _, said = zonal(*options, "--extreme", "keep", out="x.csv", code=1)
    assert "extreme: refuse or missing, found 'keep'" in said


def test_flags_and_observations_are_variables_of_the_raster_s_own_file(
    folder: Path, zonal: Any
) -> None:
    h5py = pytest.importorskip("h5py")
    path = folder / "VNP46A4.A2020001.h18v08.002.2023047190432.h5"
    light, flags = np.full((20, 20), 7, "f4"), np.zeros((20, 20), "u1")
    seen = np.full((20, 20), 9, "u2")
    light[-1, 0], flags[-2, 0], seen[-3, 0] = -999.9, 2, 1
    with h5py.File(path, "w") as file:
        group = file.create_group("HDFEOS/GRIDS/VIIRS_Grid_DNB_2d/Data Fields")
        for name, values, fill in (
            ("L", light, -999.9),
            ("L_Quality", flags, 255),
            ("L_Num", seen, 65535),
        ):
            group.create_dataset(name, data=values).attrs["_FillValue"] = np.array(
                [fill], values.dtype
            )
    options = ["--raster", path, "--variable", "L", "--stats", "sum,count"]
    plain = pd.read_csv(zonal(*options)[0])
    assert plain["year"].tolist() == [2020, 2020]
    assert plain["count"].tolist() == [15, 8]
    rules = ["--quality-variable", "L_Quality", "--bad-flags", "2,255",
             "--observations-variable", "L_Num", "--least-observations", "3"]  # fmt: skip
    cleaned = pd.read_csv(zonal(*options, *rules, out="clean.csv")[0])
    assert cleaned["count"].tolist() == [13, 8]
    assert cleaned["sum"].tolist() == [13 * 7, 8 * 7]
    assert cleaned[["taken_quality", "taken_observations"]].sum().tolist() == [1, 1]
