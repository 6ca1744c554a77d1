"""Every block of the book is run, or at least read, as its reader would."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import geopandas as gpd
import h5py
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
import typer.main
from affine import Affine
from pydantic import BaseModel, ValidationError

from regional_atlas import cli
from regional_atlas.config import AtlasConfig
from regional_atlas.config.file import AtlasFile
from regional_atlas.config.index import IndexConfig
from regional_atlas.config.project import read_index
from regional_atlas.config.short_form import in_full

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "geo/README.md"]
README, TUTORIAL = ROOT / "README.md", ROOT / "docs/tutorial.md"
PYTHON, SCORING = ROOT / "docs/reference/python.md", ROOT / "docs/method/scoring.md"
EXPORT = ROOT / "docs/reference/export.md"
HOW_TO, LIGHTS = ROOT / "docs/how-to/README.md", ROOT / "docs/how-to/lights.md"
DELINEATION = ROOT / "docs/how-to/delineation.md"
CHANGES = ROOT / "docs/how-to/changes.md"
FOLIUM = ROOT / "docs/how-to/folium.md"


def blocks(page: Path, *languages: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for language, block in found if language in languages]


def commands(page: Path) -> list[list[str]]:
    """List the words after `regional-atlas` of every command of a page."""
    found, open_line = [], ""
    for block in blocks(page, "sh", "console"):
        for line in block.splitlines():
            open_line += line.removeprefix("$ ") + "\n"
            if line.endswith("\\"):
                continue
            try:
                words = shlex.split(open_line.replace("\\\n", " "), comments=True)
            except ValueError:  # a quotation goes on in the next line
                continue
            if words[:1] == ["regional-atlas"]:
                found.append(words[1:])
            open_line = ""
    return found


COMMANDS = [(page, words) for page in PAGES for words in commands(page)]


def shown(value: object) -> str:
    return " ".join(value)[:60] if isinstance(value, list) else Path(str(value)).stem


def test_the_commands_of_the_book_are_found() -> None:
    assert len(COMMANDS) > 30
    assert ["summarise", "geo/china-2022", "--by", "metro", "--ranking", "industrial_counties"] in (
        commands(README)
    )
    statement = next(words for words in commands(HOW_TO) if words[0] == "sql")[2]
    assert statement.startswith("SELECT u.province")
    assert statement.endswith("ORDER BY n DESC")


def parse(words: list[str]) -> None:
    command: Any = typer.main.get_command(cli.app)
    rest = list(words)
    while hasattr(command, "commands") and (rest or not command.invoke_without_command):
        while rest[0].startswith("-"):
            assert rest[0] in [name for option in command.params for name in option.opts]
            rest.pop(0)
        command = command.commands[rest.pop(0)]
    command.make_context(words[0], rest)


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=shown)
def test_the_program_takes_every_command(page: Path, words: list[str]) -> None:  # noqa: ARG001
    parse(words)


def test_a_wrong_command_would_be_found() -> None:
    with pytest.raises(KeyError):
        parse(["qery", "geo/china-2022"])
    with pytest.raises(KeyError):
        parse(["store", "purge"])
    with pytest.raises(AssertionError):
        parse(["--loud", "build", "geo/china-2022"])
    with pytest.raises(Exception, match="No such option"):
        parse(["query", "geo/china-2022", "--metros", "x"])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(words: list[str]) -> str:
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *words])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        assert caught.value.code in (0, None), f"{' '.join(words)}\n{err}"
        return out

    return run


def run_python(page: Path, **names: Any) -> dict[str, Any]:
    for block in blocks(page, "python"):
        exec(block, names)
    return names


def test_the_tutorial(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in commands(TUTORIAL):
        run(words)
    assert (tmp_path / "maps/mycountry/index.html").is_file()
    assert (tmp_path / "gis/units.gpkg").is_file()
    run_python(TUTORIAL)


def write_raster(path: Path, seed: int) -> None:
    values = np.random.default_rng(seed).uniform(0, 9, (1, 20, 20)).astype("float32")
    profile = {"driver": "GTiff", "width": 20, "height": 20, "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", **profile, crs="EPSG:4326", transform=Affine(0.05, 0, 10, 0, -0.05, 50)
    ) as target:
        target.write(values)


def write_variables(rain: Path, tile: Path) -> None:
    """Write a NetCDF of two months, and a Black Marble tile east of 10 E and south of 50 N."""
    with h5py.File(rain, "w") as file:
        axes = {
            "time": ([0, 31], "days since 2020-01-01"),
            "lat": ([49.75, 49.25], "degrees_north"),
            "lon": ([10.25, 10.75], "degrees_east"),
        }
        for name, (values, unit) in axes.items():
            file.create_dataset(name, data=np.array(values, "f8")).make_scale(name)
            file[name].attrs["units"] = unit
        cells = file.create_dataset("tp", data=np.ones((2, 2, 2), "f4"))
        for number, name in enumerate(axes):
            cells.dims[number].attach_scale(file[name])
        cells.attrs["grid_mapping"] = "crs"
        file.create_dataset("crs", data=0).attrs["spatial_ref"] = pyproj.CRS(4326).to_wkt()
    with h5py.File(tile, "w") as file:
        group = file.create_group("HDFEOS/GRIDS/VIIRS_Grid_DNB_2d/Data Fields")
        for ending, kind in (("", "f4"), ("_Quality", "u1"), ("_Num", "u2")):
            group.create_dataset(
                f"NearNadir_Composite_Snow_Free{ending}", data=np.ones((9, 9), kind)
            )
        file.attrs["HorizontalTileNumber"], file.attrs["VerticalTileNumber"] = "19", "04"


@pytest.fixture
def rasters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the how-to on rasters calls by name."""
    monkeypatch.chdir(tmp_path)
    names = ["population_2020", *(f"viirs_{year}" for year in range(2013, 2024))]
    names += [f"viirs_{2014 + month // 12}{month % 12 + 1:02}" for month in range(24) if month != 1]
    names += [f"{kind}_{year}" for year in (2021, 2022)
              for kind in ("vnp46a4", "quality", "observations")]  # fmt: skip
    for seed, name in enumerate(names):
        write_raster(tmp_path / f"{name}.tif", seed)
    tile = "VNP46A4.A2020001.h29v05.002.2023047190432.h5"
    write_variables(tmp_path / "rain.nc", tmp_path / tile)
    squares = [shapely.box(10, 49, 10.5, 50), shapely.box(10.5, 49, 11, 50)]
    zones = gpd.GeoDataFrame({"GEOID": ["01", "02"]}, geometry=squares, crs=4326)
    zones.to_file(tmp_path / "counties.gpkg")
    for name in ("lakes", "towns"):
        zones.set_geometry(zones.to_crs(6933).buffer(-2e4)).to_file(tmp_path / f"{name}.gpkg")
    return tmp_path


def test_the_commands_on_rasters(run: Any, rasters: Path) -> None:
    run(["zonal", "--zones", "counties.gpkg", "--id", "GEOID", "--stats", "sum",
         "--raster", "viirs_{year}.tif", "--out", "yearly.csv"])  # fmt: skip
    for page in (README, HOW_TO, LIGHTS):
        for words in commands(page):
            if words[0] in ("zonal", "nightlights", "zones"):
                run(words)
    assert len((rasters / "trend.csv").read_text().splitlines()) == 3
    assert (rasters / "lights.csv").read_text().startswith("unit_id,")
    run_python(LIGHTS)


NOT_HERE = ["nightlights.files=", "$REGIONAL_ATLAS_SHARED"]
"""Of commands on the default project that need rasters or tables nobody may commit."""
CHINA = [
    pytest.param(words, marks=[pytest.mark.slow] if words[0] == "export" else [])
    for page, words in COMMANDS
    if page in (README, HOW_TO)
    and "geo/china-2022" in words
    and not any(part in word for part in NOT_HERE for word in words)
]


@pytest.fixture
def china_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "geo").symlink_to(ROOT / "geo")
    area = gpd.GeoDataFrame(geometry=[shapely.box(120, 31, 121, 32)], crs=4326)
    area.to_file(tmp_path / "my_area.gpkg")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.china
@pytest.mark.parametrize("words", CHINA, ids=shown)
def test_the_commands_on_the_default_project(
    run: Any, china_folder: Path, words: list[str]
) -> None:
    if words[0] == "sql":
        pytest.importorskip("sedonadb")
    out = run(words)
    printed = out if words[0] != "export" else "".join(str(p) for p in china_folder.rglob("*.gpkg"))
    assert printed
    for block in blocks(README, "console"):
        head, _, expected = block.partition("\n")
        if shlex.split(head)[2:] == words:
            assert out == expected


@pytest.mark.china
@pytest.mark.parametrize(
    "page",
    [README, *(pytest.param(page, marks=pytest.mark.slow) for page in (HOW_TO, FOLIUM, PYTHON))],
    ids=shown,
)
@pytest.mark.usefixtures("china_folder")
def test_the_python_on_the_default_project(page: Path) -> None:
    run_python(page)


def test_the_python_of_scoring_and_export(
    example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = example.indicators.pivot_table("value", "unit_id", "code", aggfunc="last")
    spec = read_index(example.project.root / "index.toml")
    found = run_python(SCORING, data=data, spec=spec)
    assert (
        found["result"].tables["scores"].equals(found["rebuild"](found["result"]).tables["scores"])
    )
    found = run_python(EXPORT, tables=example.tables, project=example.project)
    assert all(path.is_file() for path in found["paths"])


def test_the_python_of_changes() -> None:
    run_python(CHANGES)


def test_the_python_of_delineation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with rasterio.open(
        "lights_2022.tif", "w", driver="GTiff", height=1, width=4, count=1, dtype="uint8",
        crs="EPSG:4326", transform=rasterio.Affine(1, 0, 0, 0, -1, 1),
    ) as file:  # fmt: skip
        file.write(np.array([[[50, 18, 40, 1]]], "uint8"))
    units = gpd.GeoDataFrame(
        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(4)], index=list("abcd"), crs=4326
    )
    sure = run_python(DELINEATION, units=units)["sure"]
    chance = sure.members.set_index(["region_id", "unit_id"])["probability"].to_dict()
    # Apart from 20 up, one area at 15; 50 alone is bright at 45.
    assert chance["lit-1", "a"] == 0.8
    assert chance["lit-1", "b"] == 0.2


def test_no_python_is_left_out() -> None:
    run_above = {
        README, TUTORIAL, HOW_TO, FOLIUM, LIGHTS, PYTHON, SCORING, EXPORT, CHANGES, DELINEATION,
    }  # fmt: skip
    assert {page for page in PAGES if blocks(page, "python")} == run_above


TOML = [(page, block) for page in PAGES for block in blocks(page, "toml")]


@pytest.mark.parametrize(("page", "block"), TOML, ids=shown)
def test_every_key_of_the_book_is_one_that_a_file_takes(page: Path, block: str) -> None:  # noqa: ARG001
    raw = tomllib.loads(block)
    model: type[BaseModel] = IndexConfig
    if set(raw) <= set(AtlasFile.model_fields):
        full = in_full(raw, ROOT)
        assert not full.problems
        model, raw = AtlasConfig, full.raw
    with pytest.raises(ValidationError) as caught:
        model.model_validate(raw, context={"root": ROOT})
    lacking = ("missing", "file not found", "no file matches")
    wrong = [
        error
        for error in caught.value.errors()
        if error["type"] != "missing" and not any(text in error["msg"] for text in lacking)
    ]
    assert not wrong
