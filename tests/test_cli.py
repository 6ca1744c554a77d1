"""The command line as a user meets it: results on stdout, messages on stderr, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

import regional_atlas


def test_build_writes_every_file_of_the_contract(
    run: Any, example_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps"
    code, stdout, stderr = run("build", example_folder, "--out", out)
    assert code == 0, stderr
    assert stdout.strip() == str(out / "index.html")
    assert sorted(path.name for path in out.iterdir()) == ["data", "index.html", "report.json"]
    assert sorted(path.name for path in (out / "data").iterdir()) == [
        "clusters.csv", "indicators.csv", "membership.csv", "nightlights.csv", "rankings.csv",
        "region_values.csv", "regions.parquet", "scores.csv", "tables.zip", "units.parquet",
    ]  # fmt: skip
    heads = {path.name: path.read_text().splitlines()[0] for path in (out / "data").glob("*.csv")}
    assert heads["rankings.csv"] == "ranking,rank,unit_id,unit,score,tier"
    assert heads["membership.csv"].startswith(
        "unit_id,unit,kind,region_id,region,share_of_unit,exclusive,rule"
    )
    assert heads["nightlights.csv"] == (
        "unit_id,unit,year,mean,sum,lit_share,max,cell_count,valid_share"
    )
    assert heads["region_values.csv"] == (
        "region_id,region,kind,code,year,value,members,members_with_data,weight_share,partial,rule,flags"
    )
    units = gpd.read_parquet(out / "data/units.parquet")
    assert units.crs == "EPSG:4326"
    assert units["unit_id"].iloc[0] == "00101"
    report = json.loads((out / "report.json").read_text())
    assert {join["name"]: join["matched"] for join in report["joins"]} == {
        "accounts": 12, "industry": 4, "clusters": 3, "regions": 5,
    }  # fmt: skip


def test_two_builds_give_the_same_bytes(run: Any, example_folder: Path, tmp_path: Path) -> None:
    run("build", example_folder, "--out", tmp_path / "a")
    run("build", example_folder, "--out", tmp_path / "b")
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*")]
    assert len(files) == 12
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_check_lists_every_problem(run: Any, example_folder: Path) -> None:
    assert run("check", example_folder)[:2] == (0, "exampleland: no problem found\n")
    path = example_folder / "ranking.csv"
    path.write_text("rank,province,unit\n1,Westmark,Oak\n2,,Cedar\n3,Nowhere,Fir\n", "utf-8")
    code, out, err = run("check", example_folder)
    assert (code, out) == (1, "")
    assert err.endswith(
        f"error: {path}: 2 problems\n"
        "  - 4 rows are expected (`length`), found 3\n"
        "  - column 'unit': 1 of 3 rows matched a unit (line 2: Westmark Oak; line 4: Nowhere Fir)"
        "; put the rows right, leave them out (`where`), or declare least_match = 0.333\n"
    )


def test_query_formats(run: Any, example_folder: Path) -> None:
    code, out, _ = run("query", example_folder, "--metro", "North Corridor", "--format", "csv")
    assert code == 0
    assert out.splitlines() == [
        "rank,unit_id,unit,unit_type,province,metro,tier,exclusive",
        "1,00102,Birch,city,Westmark,North Corridor,1,True",
        "2,00203,Cedar,county,Eastmark,North Corridor;River Cities,2,True",
    ]
    _, out, _ = run("query", example_folder, "--ranking", "vigour", "--top", 1, "--format", "json",
                    "--columns", "rank,unit,score")  # fmt: skip
    assert json.loads(out) == [{"rank": 1, "unit": "Birch", "score": 100.0}]
    _, out, _ = run("query", example_folder, "--region", "province=Eastmark", "--format", "geojson")
    collection = json.loads(out)
    assert [item["id"] for item in collection["features"]] == ["00203", "00212"]
    assert gpd.read_file(io.StringIO(out)).geom_type.tolist() == ["Polygon", "Polygon"]
    _, out, _ = run("query", example_folder)
    assert out.splitlines()[0].split() == [
        "rank", "unit_id", "unit", "unit_type", "province", "metro", "tier", "exclusive",
    ]  # fmt: skip


def test_version(run: Any) -> None:
    assert run("--version") == (0, f"regional-atlas {regional_atlas.__version__}\n", "")


def test_check_finds_what_only_the_page_would(run: Any, example_folder: Path) -> None:
    text = (example_folder / "atlas.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "choropleth"', 'kind = "choropleth"\npalette = "Nope"')
    (example_folder / "atlas.toml").write_text(text.replace('"light_mean"', '"no"'), "utf-8")
    code, out, err = run("check", example_folder)
    assert (code, out) == (1, "")
    assert "2 problems\n  - plates[1] (vigour): no palette 'Nope'" in err
    assert "\n  - plates[4] (lights): no field 'no'; allowed: " in err


def test_scores_are_kept_whole_or_not_at_all(
    run: Any, example_folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.csv"
    options = ["scores", example_folder, "--ranking", "vigour"]
    code, out, err = run(*options, "--out", kept, "--counts", tmp_path / "counts.csv")
    assert (code, out) == (1, "")
    assert "ranking 'vigour' has no counts" in err
    assert not kept.exists()
    code, _, err = run(*options, "--out", "kept.txt", "--counts", "counts")
    assert code == 1
    assert "2 problems\n  - --out 'kept.txt': expected a name that ends in .csv\n  - --c" in err
    assert run(*options, "--out", kept)[:2] == (0, f"{kept}\n")


def test_each_option_of_scores_replaces_its_own_file(run: Any, example_folder: Path) -> None:
    kept, atlas = example_folder / "kept.csv", example_folder / "atlas.toml"
    options = ["scores", example_folder, "--ranking", "vigour"]
    assert run(*options, "--out", kept)[0] == 0
    text = atlas.read_text(encoding="utf-8")
    index = 'index = "index.toml"'
    atlas.write_text(text.replace(index, f'{index}\nscores = "kept.csv"'), "utf-8")
    other = example_folder / "other.csv"
    code, _, err = run(*options, "--out", other, "--counts", kept, "--overwrite")
    assert (code, "is the input atlas.toml rankings[1].scores" in err) == (1, True)
    assert run(*options, "--out", kept)[0] == 0


def test_score_names_every_missing_file(run: Any, tmp_path: Path) -> None:
    code, _, err = run("score", "--index", "no.toml", "--data", "no.csv", "--out", tmp_path)
    assert code == 1
    assert err == "error: 2 problems\n  - no.toml: file not found\n  - no.csv: file not found\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--columns", "rank,nope"], "columns: no field 'nope'; allowed: rank, unit"),
        (["--near", "1,2,3"], "--near '1,2,3': expected LON,LAT"),
        (["--near", "200,5", "--radius", "3"], "longitude lies within ±180"),
        (["--region", "metro"], "no region is called 'metro'; allowed: North Corridor"),
        (
            ["--bbox", "1,2", "--near", "1,"],
            "2 problems\n  - --near '1,': expected LON,LAT in degrees\n  - --bbox '1,2': expected",
        ),
        (["--agglomeration", "x"], "no kind of region is called 'agglomeration'"),
    ],
)
def test_wrong_questions_exit_with_one(
    run: Any, example_folder: Path, arguments: list[str], says: str
) -> None:
    code, out, err = run("query", example_folder, *arguments)
    assert (code, out) == (1, "")
    assert says in err
    assert "Traceback" not in err


def test_usage_errors_exit_with_two(run: Any, example_folder: Path) -> None:
    assert run("query", example_folder, "--nonsense")[0] == 2
    assert run("query", example_folder, "--format", "pdf")[0] == 2


def test_internal_errors_exit_with_three(
    run: Any, example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("regional_atlas.atlas.open_atlas", broken)
    code, _, err = run("check", example_folder)
    assert code == 3
    assert "internal error" in err


def test_places_that_cannot_be_written_are_named(
    run: Any, example_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = run("build", example_folder, "--out", tmp_path / "file/maps")
    assert code == 1
    assert "file/maps" in err


def test_summarise_and_compare(run: Any, example_folder: Path) -> None:
    code, out, _ = run("summarise", example_folder, "--by", "metro", "--format", "csv")
    assert code == 0
    table = pd.read_csv(io.StringIO(out))
    assert table["count"].sum() == 3
    assert "*" not in out
    code, _, err = run("compare", example_folder)
    assert code == 1
    assert "names no published figures" in err


OTHER_LIGHTS = "light_mean;light_lit_share;light_density;light_growth"


def test_a_total_over_members_with_gaps_is_marked(run: Any, example_folder: Path) -> None:
    code, out, err = run("summarise", example_folder, "--by", "province")
    assert code == 0
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip().startswith("0")}
    assert "36,500*" in rows["02"]
    assert rows["02"].split()[-2:] == [
        f"light_sum;output;{OTHER_LIGHTS}",
        "6/6;5/6;6/6;6/6;6/6;6/6",
    ]
    assert "*" not in rows["01"]
    assert "* some members have no value, or one for a part of their area only: see" in err
    _, out, err = run("summarise", example_folder, "--by", "metro")
    assert "*" not in out + err
    _, out, err = run("summarise", example_folder, "--by", "province", "--format", "json")
    found = {row["id"]: (row["output"], row["partial"]) for row in json.loads(out)}
    assert found == {"01": (36000, None), "02": (36500, f"light_sum;output;{OTHER_LIGHTS}")}
    assert "*" not in err


def test_compare_explains_what_differs(run: Any, example_folder: Path) -> None:
    (example_folder / "figures.csv").write_text(
        "scope,group,key,value\nindustry,province,Westmark,2\nindustry,metro,River Cities,2\n"
        "industry,tier,2,3\nindustry,unit_type,city,2\nindustry,province,Mars,1\nx,tier,1,1\n"
        "lights,unit_type,city,5\n",
        "utf-8",
    )
    with (example_folder / "atlas.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[compare]\nfile = "figures.csv"\n'
            '[[compare.notes]]\nscope = "industry"\ngroup = "metro"\nkey = "River Cities"\n'
            'note = "Cedar counts for the corridor"\n'
            '[[compare.measures]]\nscope = "lights"\nstatistic = "mean_sum"\nyear = 2022\n'
            'ratio = ["city", "county"]\nnote = "another index"\n'
            "[compare.measures.groups]\ncity = ['city']\ncounty = ['county']\n"
        )
    code, out, err = run("compare", example_folder, "--format", "csv")
    assert code == 0
    assert "3 of 7 figures are equal" in err
    table = pd.read_csv(io.StringIO(out))
    assert table["match"].tolist() == [True, False, True, True, False, False, False]
    assert table.loc[1, "computed"] == 1
    assert table.loc[1, "note"] == "Cedar counts for the corridor"
    assert "nothing is called 'Mars'" in table.loc[4, "note"]
    assert table.loc[6, "note"].startswith("another index; ratio city / county: published nan")


def test_export_names_its_files(run: Any, example_folder: Path, tmp_path: Path) -> None:
    code, out, err = run(
        "export", example_folder, "--format", "gpkg,geojson,csv,topojson", "--out", tmp_path / "gis"
    )
    assert code == 0, err
    assert {"units.gpkg", "units.geojson", "units.csv", "units.topojson"} <= {
        Path(line).name for line in out.splitlines()
    }
    code, _, err = run("export", example_folder, "--format", "dwg")
    assert code == 1
    assert "dwg" in err


def test_new_writes_a_project_that_builds(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("new", tmp_path / "mine")
    assert code == 0
    assert out.strip() == str(tmp_path / "mine/atlas.toml")
    assert run("check", tmp_path / "mine")[0] == 0
    code, _, err = run("new", tmp_path / "mine")
    assert code == 1
    assert "exists already" in err


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    path = tmp_path / "grid.tif"
    values = np.array([[0, 2], [4, 255]], dtype="uint8")
    profile = {"driver": "GTiff", "height": 2, "width": 2, "count": 1, "dtype": "uint8"}
    profile |= {"nodata": 255, "crs": "EPSG:4326", "transform": Affine(1, 0, 0, 0, -1, 2)}
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
    zones = gpd.GeoDataFrame(
        {"code": ["01", "02"]},
        geometry=[shapely.box(0, 0, 1, 2), shapely.box(0.5, 0, 2, 2)],
        crs="EPSG:4326",
    )
    zones.to_file(tmp_path / "zones.gpkg")
    return path


def test_zonal_on_its_own(run: Any, grid: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    code, stdout, err = run(
        "zonal", "--zones", tmp_path / "zones.gpkg", "--raster", grid, "--id", "code", "--out", out,
        "--stats", "mean,sum,count,lit_share", "--lit-threshold", "3", "--scale", "0.5",
        "--nodata", "stored",
    )  # fmt: skip
    assert code == 0, err
    assert stdout.strip() == str(out)
    table = pd.read_csv(out, dtype={"code": "str"}).set_index("code")
    assert table.loc["01", ["sum", "count", "mean", "lit_share"]].tolist() == [2.0, 2.0, 1.0, 0.0]
    assert table.loc["02", ["sum", "count"]].tolist() == [2.0, 2.0]
    assert table.loc["02", "valid_share"] == pytest.approx(2 / 3)
    run("zonal", "--zones", tmp_path / "zones.gpkg", "--raster", grid, "--out", out,
        "--nodata", "0")  # fmt: skip
    assert pd.read_csv(out)["zone"].tolist() == [1, 2]


def test_a_warning_is_one_line(run: Any, grid: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings(action="ignore"), rasterio.open(grid, "r+") as raster:
        raster.transform = Affine.identity()
    code, _, err = run("zonal", "--zones", tmp_path / "zones.gpkg", "--raster", grid,
                       "--out", tmp_path / "out.csv")  # fmt: skip
    assert code == 0
    assert f"warning: {grid}: has no transform" in err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--out": "x.txt"}, "expected a name that ends in .csv or .parquet"),
        ({"--id": "nope"}, "--id: no column 'nope'; found: code, geometry"),
        ({"--nodata": "some"}, "nodata is 'stored', 'none' or a number, found 'some'"),
        ({"--raster": "nowhere.tif"}, "file not found: nowhere.tif"),
        ({"--stats": "middle"}, "unknown statistic 'middle'"),
    ],
)
def test_wrong_zonal_arguments(
    run: Any, grid: Path, tmp_path: Path, change: dict[str, str], says: str
) -> None:
    options = {"--zones": tmp_path / "zones.gpkg", "--raster": grid, "--out": tmp_path / "o.csv"}
    code, _, err = run("zonal", *(part for pair in (options | change).items() for part in pair))
    assert code == 1
    assert says in err


def test_every_option_that_cannot_be_read_is_named(run: Any) -> None:
    code, _, err = run("zonal", "--scale", "abc", "--bad-bits", "x", "--out", "t.csv")
    assert code == 2
    assert "4 problems" in err
    for option in ("--zones", "--raster", "--scale", "--bad-bits"):
        assert f"'{option}'" in err
    code, _, err = run("zonal", "--zones", "z", "--raster", "r", "--out", "t.csv", "--scale", "abc")
    assert code == 2
    assert "Error: Invalid value for '--scale'" in err
    code, out, _ = run("zonal", "--scale", "abc", "--help")
    assert not code
    assert "--lit-threshold" in out


def test_a_raster_without_crs_is_refused_unless_one_is_stated(
    run: Any, grid: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.tif"
    with (
        rasterio.open(grid) as source,
        rasterio.open(
            bare,
            "w",
            driver="GTiff",
            height=2,
            width=2,
            count=1,
            dtype="uint8",
            transform=source.transform,
        ) as target,
    ):
        target.write(source.read(1), 1)
    options = [
        "zonal",
        "--zones",
        tmp_path / "zones.gpkg",
        "--raster",
        bare,
        "--out",
        tmp_path / "o.csv",
    ]
    code, _, err = run(*options)
    assert code == 1
    assert str(bare) in err
    assert "has no coordinate reference system; state one" in err
    assert run(*options, "--crs", "EPSG:4326")[0] == 0


def test_a_boundary_file_with_an_invalid_ring_is_refused(run: Any, example_folder: Path) -> None:
    path = example_folder / "units.geojson"
    document = json.loads(path.read_text(encoding="utf-8"))
    bow = [[10, 49.5], [10.5, 50], [10.5, 49.5], [10, 50], [10, 49.5]]
    document["features"][0]["geometry"]["coordinates"] = [bow]
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out, err = run("check", example_folder)
    assert (code, out) == (1, "")
    assert "units.geojson: 00101 (Alder): self-intersection at 10.25" in err
    assert len(err.strip().splitlines()) == 1


def test_night_light_inputs_are_made_once(run: Any, example_folder: Path, tmp_path: Path) -> None:
    pattern = example_folder / "lights/lights_{year}.tif"
    table = tmp_path / "lights.parquet"
    code, _, err = run("nightlights", "table", example_folder, "--files", pattern, "--out", table)
    assert code == 0, err
    assert len(pd.read_parquet(table)) == 36
    blocks = tmp_path / "blocks/b_{year}.tif"
    code, out, err = run(
        "nightlights",
        "aggregate",
        example_folder,
        "--files",
        pattern,
        "--out",
        blocks,
        "--factor",
        5,
    )
    assert code == 0, err
    assert len(out.splitlines()) == 3
    with rasterio.open(out.splitlines()[0]) as made:
        assert made.shape == (16, 20)
    code, _, err = run(
        "nightlights", "aggregate", example_folder, "--files", pattern, "--out", tmp_path / "b.tif"
    )
    assert code == 1
    assert "expected {year}" in err


def test_a_stored_table_and_block_means_serve_a_build(
    run: Any, example_folder: Path, tmp_path: Path
) -> None:
    pattern = example_folder / "lights/lights_{year}.tif"
    run("nightlights", "table", example_folder, "--files", pattern, "--out",
        example_folder / "lights.parquet")  # fmt: skip
    run("nightlights", "aggregate", example_folder, "--files", pattern, "--factor", 5, "--out",
        example_folder / "blocks_{year}.tif")  # fmt: skip
    text = (example_folder / "atlas.toml").read_text(encoding="utf-8")
    text = text.replace('files = "lights/lights_{year}.tif"', 'table = "lights.parquet"')
    text += '\n[nightlights.blocks]\nfiles = "blocks_{year}.tif"\n'
    (example_folder / "atlas.toml").write_text(text, encoding="utf-8")
    code, _, err = run("build", example_folder, "--out", tmp_path / "a")
    assert code == 0, err
    assert "Block means against the yearly table" in err
    code, _, err = run("build", example_folder, "--out", tmp_path / "b", "--set",
                       f"nightlights.files={pattern}")  # fmt: skip
    assert code == 0, err
    assert "36 rows compared, largest relative difference 0.0e+00" in err
    for name in ("nightlights.csv", "rankings.csv", "scores.csv"):
        assert (tmp_path / "a/data" / name).read_bytes() == (
            tmp_path / "b/data" / name
        ).read_bytes()


def test_help_is_quick_and_says_what_there_is() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "regional_atlas", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("build", "check", "query", "summarise", "compare", "export", "zonal", "new"):
        assert command in result.stdout


def test_no_garbage_is_looked_for_at_the_end() -> None:
    # What is registered first runs last.
    script = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0));"
        "from regional_atlas.cli import main; main()"
    )
    ended = subprocess.run([sys.executable, "-c", script, "--help"], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "True")


def test_the_store_is_shown_and_emptied(
    run: Any, example_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(folder))
    code, out, err = run("store")
    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()] == [
        ["folder", str(folder)], ["limit", "5.0", "GB"], [],
        ["step", "entries", "size", "last", "use"], ["all", "0", "0", "B"],
    ]  # fmt: skip
    run("query", example_folder)
    (folder / "notes.txt").write_text("mine")
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.tar")}
    code, out, _ = run("store")
    rows = [line.split() for line in out.splitlines()[4:]]
    steps = sorted({name.split("-")[0] for name in sizes})
    assert [row[0] for row in rows] == [*steps, "all"]
    assert rows[-1][1] == str(len(sizes))
    assert float(rows[-1][2]) == pytest.approx(sum(sizes.values()) / 1000, abs=0.05)
    assert rows[-1][3] == "kB"
    assert run("store", "prune") == (0, "", "removed 0 entries, 0 B\n")
    code, out, err = run("store", "prune", "--max-size", f"{(sum(sizes.values()) - 1) / 1000} kB")
    assert (code, out) == (0, "")
    assert err.startswith("removed 1 entry, ")
    code, _, err = run("store", "clear")
    assert err.startswith(f"removed {len(sizes) - 1} entries, ")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    code, out, err = run("store", "prune", "--max-size", "2 apples")
    assert (code, out) == (2, "")
    assert "found '2 apples'; give bytes, kB, MB, GB or TB, such as 2GB" in err


def test_damage_in_the_store_is_reported_where_it_is_asked_for(
    run: Any, example_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(tmp_path / "store"))
    clean = run("query", example_folder, "--format", "csv")
    damaged = sorted((tmp_path / "store").iterdir())
    for options in ((), ("--verbose",), ("-v",)):
        for path in damaged:
            path.write_bytes(path.read_bytes()[:-1])
        code, out, err = run(*options, "query", example_folder, "--format", "csv")
        assert (code, out) == clean[:2]
        reports = [line for line in err.splitlines() if line.startswith("store: ")]
        assert len(reports) == (len(damaged) if options else 0)
        assert all("is damaged; it is computed again and replaced" in line for line in reports)
    assert run("--verbose", "query", example_folder, "--format", "csv") == clean
