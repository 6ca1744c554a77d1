"""Inputs are never outputs, and somebody else's files are replaced only when asked."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine

import regional_atlas as ra
from regional_atlas import cli
from regional_atlas.core.errors import InputError
from regional_atlas.core.outputs import (
    OutputFile,
    OutputFolder,
    check_outputs,
    dated_files,
    heading,
)
from regional_atlas.jobs import make
from regional_atlas.sources.rasters import raster_files

STARTER = Path(ra.__file__).parent / "starter"
INDEX = """
id = "demo"
title = "Demo"
data = { unit_id = "code" }
[[nodes]]
code = "a"
title = "A"
"""
LIGHTS = "project/lights/lights_{year}.tif"


def raster(path: Path, values: Any = ((1, 2, 3), (4, 5, 6)), **options: Any) -> Path:
    cells = np.asarray(values, "uint8")
    profile = {"driver": "GTiff", "crs": "EPSG:4326", "transform": Affine(1, 0, 0, 0, -1, 2)}
    profile |= {"count": 1, "height": cells.shape[0], "width": cells.shape[1], "dtype": "uint8"}
    with rasterio.open(path, "w", **(profile | options)) as target:
        target.write(cells, 1)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of every command, side files included."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(STARTER, folder / "project")
    zones = gpd.GeoDataFrame(
        {"code": ["01", "02"]},
        geometry=[shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 2)],
        crs=4326,
    )
    zones.to_parquet(folder / "zones.parquet")
    zones.to_file(folder / "zones.gpkg")
    zones.to_file(folder / "zones.shp")
    for name in ("v_2020", "v_2021", "w", "flags_2020", "flags_2021", "seen", "water"):
        raster(folder / f"{name}.tif")
    raster(folder / "picture.png", driver="PNG", crs=None, transform=None)
    (folder / "v_2020.tif.aux.xml").write_text("<PAMDataset/>\n")
    rasterio.shutil.copy(folder / "v_2020.tif", folder / "mosaic.vrt", driver="VRT")
    years = pd.DataFrame({"code": "01", "year": range(2012, 2019), "sum": [1.0, 2, 3, 4, 5, 6, 7]})
    years.to_csv(folder / "yearly.csv", index=False)
    years.to_parquet(folder / "yearly.parquet", index=False)
    months = pd.DataFrame({"code": "01", "year": [2012] * 12 + [2013] * 12})
    months["month"] = [*range(1, 13)] * 2
    months["sum"] = range(24)
    months.to_csv(folder / "monthly.csv", index=False)
    (folder / "data").mkdir()
    data = pd.DataFrame({"code": list("vwxyz"), "a": [1, 2, 4, 8, 16]})
    data.to_csv(folder / "data/data.csv", index=False)
    (folder / "data/index.toml").write_text(INDEX, "utf-8")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        said = capsys.readouterr()
        assert int(caught.value.code or 0) == code, said.err
        assert "Traceback" not in said.err
        return said.err

    return run


def everything(folder: Path) -> dict[str, Any]:
    """Every file below a folder, with its bytes, and every folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@dataclasses.dataclass(frozen=True)
class Case:
    """A command that writes: how it is called, what it reads, what its output is called."""

    arguments: str
    inputs: list[str]
    ending: str
    option: str = "--out"
    made: str = "new"
    foreign: str = ""

    def call(self, out: object) -> list[str]:
        return [*self.arguments.split(), self.option, str(out)]


ZONAL = (
    "zonal --zones {zones} --id code --raster v_{{year}}.tif --weights w.tif --stats sum "
    "--quality flags_{{year}}.tif --bad-flags 9 --observations seen.tif --least-observations 1 "
    "--mask water.tif --crs EPSG:4326"
)
ZONAL_INPUTS = [
    "v_2020.tif", "v_2021.tif", "v_2020.tif.aux.xml", "w.tif", "flags_2020.tif", "flags_2021.tif",
    "seen.tif", "water.tif",
]  # fmt: skip
SHAPEFILE = [f"zones.{ending}" for ending in ("shp", "shx", "dbf", "prj", "cpg")]
OWN = [
    "project/atlas.toml", "project/units.geojson", "project/indicators.csv", "project/regions.csv",
    "project/region_members.csv", "project/ranking.csv", "project/clusters.csv",
    "project/index.toml", "project/lights/lights_2018.tif", "project/lights/lights_2022.tif",
]  # fmt: skip
TABLE = f"nightlights table project --files {LIGHTS}"
BLOCKS = f"nightlights aggregate project --files {LIGHTS} --factor 5"

FILES = {
    "zonal csv": Case(
        ZONAL.format(zones="zones.parquet"), [*ZONAL_INPUTS, "zones.parquet"], ".csv"
    ),
    "zonal parquet": Case(
        ZONAL.format(zones="zones.shp"), [*ZONAL_INPUTS, *SHAPEFILE], ".parquet"
    ),
    "zonal of a mosaic": Case(
        "zonal --zones zones.gpkg --raster mosaic.vrt", ["mosaic.vrt", "v_2020.tif"], ".csv"
    ),
    "table": Case(TABLE, OWN, ".parquet"),
    "preview": Case(
        "nightlights preview --raster picture.png --crs EPSG:4326", ["picture.png"], ".png"
    ),
    "trend": Case("nightlights trend --table yearly.parquet", ["yearly.parquet"], ".csv"),
    "trend to parquet": Case("nightlights trend --table yearly.csv", ["yearly.csv"], ".parquet"),
    "season": Case("nightlights season --table monthly.csv", ["monthly.csv"], ".csv"),
    "grid": Case(
        "zones grid --area zones.shp --size 1 --crs EPSG:4326", SHAPEFILE, ".gpkg"
    ),
    "hexagons": Case(
        "zones hexagons --area zones.parquet --resolution 2", ["zones.parquet"], ".parquet"
    ),
    "buffers": Case("zones buffers --around zones.gpkg --radius 5", ["zones.gpkg"], ".gpkg"),
    "scores": Case("scores project --ranking vigour", OWN[:4], ".csv"),
    "counts": Case(
        "scores project --ranking vigour --out kept.csv", OWN[2:4], ".csv", option="--counts"
    ),
}  # fmt: skip
RUN_TWICE = {name: case for name, case in FILES.items() if name != "counts"}
FOLDS = (Path(__file__).parent / "TEST_OUTPUTS.PY").exists()


def direct(source: Path, _: Path) -> Path:
    return source


def through_another_folder(source: Path, _: Path) -> Path:
    return Path("data/..") / source.relative_to(Path.cwd())


def symlink(source: Path, link: Path) -> Path:
    link.symlink_to(source)
    return link


def symlink_to_a_symlink(source: Path, link: Path) -> Path:
    return symlink(symlink(source, link.with_name(f"first{link.name}")), link)


def hard_link(source: Path, link: Path) -> Path:
    os.link(source, link)
    return link


def other_case(source: Path, _: Path) -> Path:
    return source.with_name(source.name.swapcase())


WAYS = [direct, through_another_folder, symlink, symlink_to_a_symlink, hard_link]
WAYS += [other_case] if FOLDS else []
Way = Callable[[Path, Path], Path]


@pytest.mark.parametrize(
    ("case", "source"),
    [(case, source) for case in FILES.values() for source in case.inputs],
    ids=[f"{name} {source}" for name, case in FILES.items() for source in case.inputs],
)
def test_no_input_is_an_output(run: Any, folder: Path, case: Case, source: str) -> None:
    if "hexagons" in case.arguments:
        pytest.importorskip("h3")
    for way in WAYS:
        out = way(folder / source, folder / f"{way.__name__}{case.ending}")
        before = everything(folder)
        said = run(*case.call(out), "--overwrite", code=1)
        assert said.count("error: ") == 1
        assert everything(folder) == before
        assert str(out) in said
        if out.suffix != case.ending and "expected a name that ends in" in said:
            continue
        assert "is the input" in said
        assert f"/{Path(source).stem.split('.')[0]}" in said.replace("'", "/")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_block_means_are_not_written_onto_rasters(run: Any, folder: Path, way: Way) -> None:
    """The pattern is filled in before it is compared: each year has an output of its own."""
    out = LIGHTS if way in (direct, through_another_folder) else "linked_{year}.tif"
    out = out.replace("lights/", "lights/../lights/") if way is through_another_folder else out
    if out == "linked_{year}.tif":
        # One year's is enough.
        way(folder / "project/lights/lights_2020.tif", folder / "linked_2020.tif")
    before = everything(folder)
    said = run(*BLOCKS.split(), "--out", out, code=1)
    assert said.startswith("error: --out ")
    assert "is the input --files 'project/lights/lights_20" in said
    assert len(said.splitlines()) == 1
    assert ("(so are 2 more of --out)" in said) == (out != "linked_{year}.tif")
    assert everything(folder) == before


@pytest.mark.parametrize("source", [*OWN[:8], "project/lights/lights_2020.tif"])
@pytest.mark.parametrize("command", [TABLE, BLOCKS], ids=["table", "aggregate"])
def test_files_of_the_project_are_safe_from_rasters_elsewhere(
    run: Any, folder: Path, command: str, source: str
) -> None:
    """`--files` takes the place of what atlas.toml names, which is an input all the same."""
    shutil.copytree(folder / "project/lights", folder / "elsewhere")
    command = command.replace(LIGHTS, "elsewhere/lights_{year}.tif")
    out = "linked.parquet" if "table" in command else "linked_{year}.tif"
    os.link(folder / source, folder / out.replace("{year}", "2018"))
    before = everything(folder)
    said = run(*command.split(), "--out", out, code=1)
    assert "is the input PROJECT '" in said or "is the input atlas.toml " in said
    assert f"{folder / source}" in said
    assert everything(folder) == before


FOLDER_COMMANDS = {
    "build": "build project",
    "export": "export project --format csv,shp",
    "score": "score --data data/data.csv --index data/index.toml",
}


@pytest.mark.parametrize("overwrite", [[], ["--overwrite"]], ids=["", "overwrite"])
@pytest.mark.parametrize("name", FOLDER_COMMANDS)
@pytest.mark.parametrize("out", ["inputs", "..", "link", "dots", "lights", "parent of a link"])
def test_no_folder_with_inputs_is_an_output(
    run: Any, folder: Path, name: str, out: str, overwrite: list[str]
) -> None:
    holds = "data" if name == "score" else "project"
    (folder / "link").symlink_to(holds)
    (folder / "around").mkdir()
    if out == "parent of a link":
        shutil.move(folder / "project", folder / "around/project")
        shutil.move(folder / "data", folder / "around/data")
        (folder / "project").symlink_to("around/project")
        (folder / "data").symlink_to("around/data")
    given = {
        "inputs": holds, "..": "project/..", "link": "link", "dots": f"around/../{holds}",
        "lights": holds if name == "score" else "project/lights", "parent of a link": "around",
    }[out]  # fmt: skip
    before = everything(folder)
    said = run(*FOLDER_COMMANDS[name].split(), "--out", given, *overwrite, code=1)
    assert said.count("error: ") == len(said.splitlines()) == 1
    assert f"--out '{given}': holds the input " in said
    assert everything(folder) == before


@pytest.mark.parametrize("way", [symlink, hard_link], ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    ("name", "target", "source"),
    [
        ("build", "index.html", "project/units.geojson"),
        ("build", "data/indicators.csv", "project/indicators.csv"),
        ("build", "report.json", "project/lights/lights_2018.tif"),
        ("export", "units.csv", "project/indicators.csv"),
        ("export", "units.dbf", "project/atlas.toml"),
        ("export", "units.qix", "project/ranking.csv"),
        ("score", "scores.csv", "data/data.csv"),
        ("score", "recipe.json", "data/index.toml"),
    ],
)
def test_no_file_of_a_folder_is_an_input(
    run: Any, folder: Path, way: Way, name: str, target: str, source: str
) -> None:
    (folder / "out" / target).parent.mkdir(parents=True)
    way(folder / source, folder / "out" / target)
    before = everything(folder)
    said = run(*FOLDER_COMMANDS[name].split(), "--out", "out", "--overwrite", code=1)
    assert f"--out 'out': '{Path(target).name}' in it is the input" in said
    assert source in said
    assert everything(folder) == before


def test_a_folder_in_the_folder_may_lead_to_inputs(run: Any, folder: Path) -> None:
    (folder / "out").mkdir()
    (folder / "out/data").symlink_to(folder / "project")
    before = everything(folder)
    said = run("build", "project", "--out", "out", "--overwrite", code=1)
    assert "holds the input PROJECT" in said
    assert everything(folder) == before


def test_all_projects_are_compared_with_all_outputs(run: Any, folder: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(folder / "project", folder / "geo" / name)
    before = everything(folder)
    said = run("build", "geo", "--all", "--out", "maps", code=1)
    assert "two: --out 'maps/exampleland': is the output of one: --out too" in said
    for name in ("one", "two"):
        file = folder / "geo" / name / "atlas.toml"
        file.write_text(file.read_text("utf-8").replace('"exampleland"', f'"{name}"'), "utf-8")
    said = run("build", "geo", "--all", "--out", "geo", code=1)
    assert "2 problems\n  - one: --out 'geo/one': holds the input PROJECT" in said
    assert everything(folder).keys() == before.keys()


def test_two_outputs_are_not_one_file(run: Any, folder: Path) -> None:
    before = everything(folder)
    said = run("scores", "project", "--ranking", "vigour", "--out", "a.csv",
               "--counts", "project/../a.csv", code=1)  # fmt: skip
    assert "--counts 'project/../a.csv': is the output of --out too; give another name" in said
    assert everything(folder) == before


def test_inputs_inside_archives_and_of_projects_by_set(run: Any, folder: Path) -> None:
    shutil.make_archive(str(folder / "lights"), "zip", folder, "v_2020.tif")
    os.link(folder / "lights.zip", folder / "linked.csv")
    inside = f"/vsizip/{folder}/lights.zip/v_2020.tif"
    said = run("zonal", "--zones", "zones.gpkg", "--raster", inside, "--out", "linked.csv", code=1)
    assert "is the input --raster" in said
    (folder / "linked.csv").unlink()
    shutil.copy(folder / "project/indicators.csv", folder / "mine.csv")
    os.link(folder / "mine.csv", folder / "linked.csv")
    said = run("scores", "project", "--ranking", "vigour", "--out", "linked.csv",
               "--set", "indicators.accounts.file=mine.csv", code=1)  # fmt: skip
    assert "is the input atlas.toml indicators.accounts.file 'mine.csv'" in said


# Files of others


def foreign(path: Path) -> bytes:
    """Somebody's file of that name: what its ending says, made by other hands."""
    zones = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    path.unlink(missing_ok=True)
    if path.suffix == ".parquet":
        pd.DataFrame({"a": [1]}).to_parquet(path)
    elif path.suffix == ".gpkg":
        zones.to_file(path, layer="zones")
    elif path.suffix == ".png":
        raster(path, driver="PNG", crs=None, transform=None)
    elif path.suffix == ".tif":
        raster(path)
    else:
        path.write_text("a,b\n1,2\n" if path.suffix == ".csv" else "{}\n")
    return path.read_bytes()


def content(path: Path) -> Any:
    """The bytes; of a GeoPackage, which says when it was written, the rows."""
    return gpd.read_file(path).to_wkt().to_csv() if path.suffix == ".gpkg" else path.read_bytes()


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("case", RUN_TWICE.values(), ids=RUN_TWICE)
def test_a_command_replaces_its_own_file_and_nobody_elses(
    run: Any, folder: Path, case: Case
) -> None:
    if "hexagons" in case.arguments:
        pytest.importorskip("h3")
    out = folder / f"new/out{case.ending}"
    run(*case.call(out))
    made = content(out)
    run(*case.call(out))
    assert content(out) == made
    record = out.with_name(f"{out.name}.json")
    had_record = record.exists()
    record.unlink(missing_ok=True)
    theirs = foreign(out)
    said = run(*case.call(out), code=1)
    assert f"--out '{out}': is there already, and this command did not write it" in said
    assert out.read_bytes() == theirs
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    run(*case.call(out), "--overwrite")
    assert content(out) == made
    assert record.exists() == had_record
    out.write_bytes(b"")
    run(*case.call(out))
    assert content(out) == made


def test_a_table_is_known_by_its_heading_or_its_record(run: Any, folder: Path) -> None:
    out, record = folder / "o.csv", folder / "o.csv.json"
    command = ["zonal", "--zones", "zones.gpkg", "--raster", "v_2020.tif", "--out", out]
    run(*command)
    table, said = out.read_bytes(), record.read_bytes()
    record.unlink()
    run(*command)
    out.write_text("edited\n")
    run(*command)
    assert (out.read_bytes(), record.read_bytes()) == (table, said)
    record.write_text('{"mine": 1}')
    assert "o.csv.json': is there already" in run(*command, code=1)
    assert record.read_text() == '{"mine": 1}'
    assert out.read_bytes() == table
    run(*command, "--wide", "--overwrite")
    record.unlink()
    run(*command)
    assert out.read_bytes() == table


@pytest.mark.parametrize("name", FOLDER_COMMANDS)
@pytest.mark.parametrize("theirs", ["notes.txt", "report.json", "datapackage.json", "recipe.json"])
def test_a_folder_of_others_is_left_alone(run: Any, folder: Path, name: str, theirs: str) -> None:
    command = [*FOLDER_COMMANDS[name].split(), "--out", "out"]
    (folder / "out").mkdir()
    (folder / "out" / theirs).write_text('{"resources": []}')
    before = everything(folder)
    said = run(*command, code=1)
    assert "--out 'out': holds files that this command did not write" in said
    assert everything(folder) == before
    run(*command, "--overwrite")
    run(*command)
    assert len(everything(folder / "out")) > 3


@pytest.mark.parametrize("name", FOLDER_COMMANDS)
def test_a_folder_of_its_own_is_written_again(run: Any, folder: Path, name: str) -> None:
    command = [*FOLDER_COMMANDS[name].split(), "--out", "out"]
    (folder / "out").mkdir()
    (folder / "out/.DS_Store").write_bytes(b"\0")
    run(*command)
    made = everything(folder / "out")
    assert not [path for path in made if "unfinished" in path or path.endswith(".tmp")]
    (folder / "out/notes.txt").write_text("mine")
    run(*command)
    assert everything(folder / "out") == made | {"notes.txt": b"mine"}


def test_an_export_goes_on_with_other_formats_and_beside_a_build(run: Any, folder: Path) -> None:
    run("export", "project", "--format", "csv")
    run("build", "project")
    run("export", "project", "--format", "geojson")
    assert {"units.csv", "units.geojson"} <= {*os.listdir(folder / "maps/exampleland/export")}
    run("export", "project", "--format", "csv", "--out", "maps/exampleland")
    run("export", "project", "--format", "csv", "--out", "gis")
    run("build", "project", "--out", "gis")
    assert {"index.html", "units.csv"} <= {*os.listdir(folder / "gis")}


def test_an_export_into_a_build_replaces_nothing_there(run: Any, folder: Path) -> None:
    run("build", "project", "--out", "out")
    (folder / "out/units.csv").write_text("mine")
    said = run("export", "project", "--format", "csv", "--out", "out", code=1)
    assert "holds files that this command did not write" in said
    assert (folder / "out/units.csv").read_text() == "mine"


def test_all_projects_again_and_the_index_of_others(run: Any, folder: Path) -> None:
    shutil.copytree(folder / "project", folder / "geo/one")
    command = ["build", "geo", "--all", "--out", "maps"]
    run(*command)
    page = (folder / "maps/index.html").read_bytes()
    run(*command)
    assert (folder / "maps/index.html").read_bytes() == page
    (folder / "maps/index.html").write_text("mine")
    assert "--out 'maps/index.html': is there already" in run(*command, code=1)
    assert (folder / "maps/index.html").read_text() == "mine"
    run(*command, "--overwrite")
    assert (folder / "maps/index.html").read_bytes() == page


@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("build", "regional_atlas.publish.folder.write_json"),
        ("export", "regional_atlas.export.select.write_datapackage"),
        ("score", "regional_atlas.jobs.score.write_json"),
    ],
)
def test_a_run_that_broke_off_is_run_again(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, breaks: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise InputError("the disk is full")

    command = [*FOLDER_COMMANDS[name].split(), "--out", "out"]
    with monkeypatch.context() as patched:
        patched.setattr(breaks, full)
        assert "the disk is full" in run(*command, code=1)
    assert not (folder / "out").exists()
    assert not [path for path in os.listdir(folder) if "unfinished" in path]
    run(*command)
    made = everything(folder / "out")
    with monkeypatch.context() as patched:
        patched.setattr(breaks, full)
        run(*command, code=1)
    assert everything(folder / "out") == made


def test_a_run_that_writes_nothing_leaves_nothing(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise InputError("the disk is full")

    monkeypatch.setattr("regional_atlas.jobs.score.write_text", full)
    run(*FOLDER_COMMANDS["score"].split(), "--out", "deep/out", code=1)
    assert not (folder / "deep").exists()


def test_the_folder_of_the_store_may_lie_in_the_output(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(folder / "out/cache"))
    run("build", "project", "--out", "out")
    shutil.rmtree(folder / "out/data")
    for name in ("index.html", "report.json"):
        (folder / "out" / name).unlink()
    assert os.listdir(folder / "out") == ["cache"]
    run("build", "project", "--out", "out")


def test_from_python_it_is_the_same(folder: Path) -> None:
    atlas = ra.build(ra.read_project("project"))
    before = everything(folder)
    for write in (atlas.save, lambda out, **options: atlas.export(["csv"], out, **options)):
        for out in ("project", ".", "project/lights"):
            with pytest.raises(InputError, match="holds the input"):
                write(out, overwrite=True)
        with pytest.raises(InputError, match="holds files that this command did not write"):
            write("data")
        with pytest.raises(InputError, match="is a file; give a folder"):
            write("w.tif")
    assert everything(folder) == before
    (folder / "out").mkdir()
    (folder / "out/notes.txt").write_text("mine")
    atlas.export(["csv"], "out", overwrite=True)
    atlas.save("out", overwrite=True)
    atlas.save("out")
    assert (folder / "out/notes.txt").read_text() == "mine"


# What a project keeps


def declare(folder: Path, old: str, new: str) -> None:
    path = folder / "project/atlas.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_lights_that_a_project_keeps_are_made_again(run: Any, folder: Path) -> None:
    shutil.copytree(folder / "project/lights", folder / "full")
    files = 'table = "lights.parquet"\nblocks = { files = "blocks/b_{year}.tif" }'
    declare(folder, 'files = "lights/lights_{year}.tif"', files)
    table = [*TABLE.replace(LIGHTS, "full/lights_{year}.tif").split(), "--out"]
    blocks = [*BLOCKS.replace(LIGHTS, "full/lights_{year}.tif").split(), "--out"]
    for _ in range(2):
        run(*table, "project/lights.parquet")
        run(*blocks, "project/blocks/b_{year}.tif")
    os.link(folder / "project/lights.parquet", folder / "l_2020.tif")
    os.link(folder / "project/blocks/b_2020.tif", folder / "l.parquet")
    before = everything(folder)
    said = run(*blocks, "l_{year}.tif", code=1)
    assert "is the input atlas.toml nightlights.table" in said
    assert "is the input atlas.toml nightlights.blocks.files" in run(*table, "l.parquet", code=1)
    assert everything(folder) == before
    foreign(folder / "project/blocks/b_2018.tif")
    assert "b_2018.tif': is there already" in run(*blocks, "project/blocks/b_{year}.tif", code=1)
    run(*blocks, "project/blocks/b_{year}.tif", "--overwrite")
    assert everything(folder) == before


def test_the_scores_that_a_project_keeps_are_computed_again(run: Any, folder: Path) -> None:
    shutil.copy(folder / "project/index.toml", folder / "project/other.toml")
    other = (
        '[[rankings]]\nid = "other"\ntitle = "Other"\nindex = "other.toml"\nscores = "other.csv"\n'
    )
    declare(
        folder, 'index = "index.toml"', 'index = "index.toml"\nscores = "vigour.csv"\n\n' + other
    )
    scores = ["scores", "project", "--ranking"]
    table = pd.read_csv(folder / "project/indicators.csv", dtype="str")
    for name in ("vigour", "other"):
        kept = pd.DataFrame(
            {"unit_id": table["code"], "unit": "", "index": 1, "rank": 1, "tier": 1}
        )
        kept.assign(coverage=1).to_csv(folder / f"project/{name}.csv", index=False)
    run(*scores, "vigour", "--out", "project/vigour.csv")
    made = (folder / "project/vigour.csv").read_bytes()
    run(*scores, "vigour", "--out", "project/vigour.csv")
    assert (folder / "project/vigour.csv").read_bytes() == made
    before = everything(folder)
    said = run(*scores, "vigour", "--out", "project/other.csv", "--overwrite", code=1)
    assert "is the input atlas.toml rankings[2].scores" in said
    # Without its indicators a ranking is what the project keeps, which then is an input.
    declare(folder, 'file = "indicators.csv"\nyear = 2022', "year = 2022")
    declare(folder, 'population = "population"     # the indicator that weighs means', "")
    said = run(*scores, "vigour", "--out", "project/vigour.csv", code=1)
    assert "is the input atlas.toml rankings[1].scores" in said
    after = everything(folder)
    assert {name for name in before if before[name] != after[name]} == {"project/atlas.toml"}
    assert after.keys() == before.keys()


def test_new_writes_into_nothing_or_an_empty_folder(run: Any, folder: Path) -> None:
    (folder / "empty").mkdir()
    run("new", "empty")
    run("new", "deep/er")
    assert everything(folder / "empty") == everything(folder / "deep/er")
    before = everything(folder)
    for name in ("project", "data", "w.tif", "empty"):
        assert "exists already; name a new folder" in run("new", name, code=1)
    assert everything(folder) == before


# The parts


def test_outputs_are_compared_by_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    out = OutputFile("--out", tmp_path / "b.csv", ours=lambda _: False)
    check_outputs([out], [("--data", tmp_path / "a.csv"), ("--more", tmp_path / "no.csv")])
    (tmp_path / "b.csv").write_text("x")
    with pytest.raises(InputError, match="is there already"):
        check_outputs([out], [])
    check_outputs([out], [], overwrite=True)
    check_outputs([dataclasses.replace(out, ours=lambda _: True)], [])
    (tmp_path / "c").symlink_to("nowhere")
    check_outputs([dataclasses.replace(out, path=tmp_path / "c")], [])
    for name in ("loop", "pool"):
        (tmp_path / name).symlink_to("pool" if name == "loop" else "loop")
    check_outputs([dataclasses.replace(out, path=tmp_path / "loop")], [("--data", Path(""))])


def test_places_that_cannot_be_are_refused_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    places = [
        OutputFile("--out", tmp_path / "folder", lambda _: True),
        OutputFile("--counts", tmp_path / "file/deep/a.csv", lambda _: True),
        OutputFolder("--dir", tmp_path / "file", "build", []),
    ]
    with pytest.raises(InputError) as caught:
        check_outputs(places, [], overwrite=True)
    assert [problem.partition("': ")[2] for problem in caught.value.problems] == [
        "is a folder; give the name of a file",
        f"'{tmp_path}/file' is a file; give a folder",
        f"'{tmp_path}/file' is a file; give a folder",
    ]


@pytest.mark.parametrize(
    "name", ["a.dbf", "a.SHX", "a.prj", "a.tfw", "a.shp.xml", "a.shp.aux.xml", "a.qix"]
)
def test_side_files_are_inputs(tmp_path: Path, name: str) -> None:
    for file in ("a.shp", name):
        (tmp_path / file).write_text("x")
    out = OutputFile("--out", tmp_path / name, lambda _: True)
    with pytest.raises(InputError, match=rf"is the input '{name}' of --zones '.*a\.shp'"):
        check_outputs([out], [("--zones", tmp_path / "a.shp")])


def test_other_files_of_the_same_stem_are_not_side_files(tmp_path: Path) -> None:
    for name in ("a.shp", "a.csv", "a.gpkg", "ab.dbf", "a.shp.csv"):
        (tmp_path / name).write_text("x")
    for name in ("a.csv", "a.gpkg", "ab.dbf", "a.shp.csv"):
        out = OutputFile("--out", tmp_path / name, lambda _: True)
        check_outputs([out], [("--zones", tmp_path / "a.shp")])


def test_files_of_every_date(tmp_path: Path) -> None:
    for name in ("v[1]_202001.tif", "v[1]_202012.tif", "v[1]_20201.tif", "v1_202001.tif"):
        (tmp_path / name).write_text("")
    found = dated_files(tmp_path / "v[1]_{year}{month}.tif")
    assert [path.name for path in found] == ["v[1]_202001.tif", "v[1]_202012.tif"]
    assert dated_files(tmp_path / "v1_202001.tif") == [tmp_path / "v1_202001.tif"]
    assert dated_files(tmp_path / "no.tif") == []
    assert dated_files(tmp_path / ("x" * 400)) == []
    assert dated_files(tmp_path / "\0") == []


def test_headings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('﻿unit_id,"a,b"\n1,2\n', "utf-8")
    assert heading(tmp_path / "a.csv") == {"unit_id", "a,b"}
    for name, content in (("b.csv", b"\xff\xfe\0"), ("c.csv", b""), ("d.parquet", b"PAR1")):
        (tmp_path / name).write_bytes(content)
        assert heading(tmp_path / name) == set()
    assert heading(tmp_path / "no.csv") == set()
    (tmp_path / "folder.csv").mkdir()
    assert heading(tmp_path / "folder.csv") == set()


def test_files_of_a_raster(folder: Path) -> None:
    assert {path.name for path in raster_files("mosaic.vrt")} == {"mosaic.vrt", "v_2020.tif"}
    text = (folder / "mosaic.vrt").read_text().replace("v_2020.tif", "mosaic.vrt")
    (folder / "outer.vrt").write_text(text)
    assert {path.name for path in raster_files("outer.vrt")} >= {"outer.vrt", "v_2020.tif"}
    shutil.make_archive("lights", "zip", ".", "w.tif")
    for name in (f"/vsizip/{folder}/lights.zip/w.tif", "zip://lights.zip!w.tif",
                 "/vsizip/{lights.zip}/w.tif", "/vsigzip//vsizip/lights.zip/w.tif"):  # fmt: skip
        assert {path.name for path in raster_files(name)} == {"lights.zip"}
    assert {path.name for path in raster_files("GTIFF_DIR:1:w.tif")} == {"w.tif"}
    (folder / "broken.tif").write_text("no raster")
    assert raster_files("broken.tif") == [Path("broken.tif")]
    assert raster_files("/vsicurl/http://127.0.0.1:9/no.tif") == []


def test_a_project_lists_the_files_that_it_names(folder: Path) -> None:
    project = ra.read_project("project", overrides=["indicators.accounts.file=data/data.csv"])
    named = {path.relative_to(folder) if path.is_absolute() else path for _, path in
             project.inputs()}  # fmt: skip
    own = [path for path in (folder / "project").rglob("*") if path.is_file()]
    assert named == {path.relative_to(folder) for path in own} | {Path("data/data.csv")}
    kept = [name for name, _ in project.inputs(makes=["nightlights.files"])]
    assert "atlas.toml nightlights.files" not in kept
    assert len(kept) == len(project.inputs()) - 3


def test_nothing_heavy_runs_before_a_refusal(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heavy(*_: object, **__: object) -> None:
        raise AssertionError("this is heavy")

    for name in ("read_units", "block_means", "preview_levels"):
        monkeypatch.setattr(make, name, heavy)
    monkeypatch.setattr("regional_atlas.tables.rasters.Recipe.measure", heavy)
    monkeypatch.setattr("regional_atlas.atlas.build", heavy)
    monkeypatch.setattr("regional_atlas.publish.scores.build", heavy)
    monkeypatch.setattr("regional_atlas.jobs.zonal.zonal_statistics", heavy)
    monkeypatch.setattr("regional_atlas.jobs.score.score", heavy)
    (folder / "theirs").mkdir()
    for name in ("a.csv", "a.parquet", "a.png", "a_2020.tif"):
        foreign(folder / "theirs" / name)
    for command, out in (
        (TABLE, "theirs/a.parquet"),
        (BLOCKS, "theirs/a_{year}.tif"),
        ("scores project --ranking vigour", "theirs/a.csv"),
        ("nightlights preview --raster w.tif", "theirs/a.png"),
        (FILES["zonal csv"].arguments, "theirs/a.csv"),
        *((each, "theirs") for each in FOLDER_COMMANDS.values()),
    ):
        assert "this command did not write" in run(*command.split(), "--out", out, code=1)
    assert json.loads((folder / "project/units.geojson").read_text("utf-8"))


VRT = """<OGRVRTDataSource><OGRVRTLayer name="z"><SrcDataSource relativeToVRT="1">{}</SrcDataSource>
<SrcLayer>z</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""


def test_what_a_virtual_file_reads_is_an_input(run: Any, folder: Path) -> None:
    (folder / "z.csv").write_text('id,wkt\n1,"POLYGON ((0 0,1 0,1 1,0 0))"\n')
    (folder / "z.vrt").write_text(VRT.format("z.csv"))
    (folder / "zz.vrt").write_text(VRT.format("z.vrt"))
    before = (folder / "z.csv").read_bytes()
    for zones in ("z.vrt", "zz.vrt"):
        said = run(
            "zonal", "--zones", zones, "--raster", "w.tif", "--out", "z.csv", "--overwrite", code=1
        )
        assert f"'z.csv' of --zones '{zones}'; inputs are never replaced" in said
    assert (folder / "z.csv").read_bytes() == before


@pytest.mark.parametrize("name", ["data", "index.html"])
def test_a_file_or_folder_in_the_wrong_place_is_refused(run: Any, folder: Path, name: str) -> None:
    run("build", "project", "--out", "out")
    if name == "data":
        shutil.rmtree(folder / "out/data")
        (folder / "out/data").write_text("mine")
    else:
        (folder / "out/index.html").unlink()
        (folder / "out/index.html").mkdir()
    said = run("build", "project", "--out", "out", code=1)
    assert f"'{name}' in it is a {'file' if name == 'data' else 'folder'}" in said
    assert os.path.lexists(folder / "out" / name)
