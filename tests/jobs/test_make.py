"""Block means and previews, from a raster's file to the files that are written."""

from __future__ import annotations

import json
import shutil
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from PIL import Image

import regional_atlas as ra
from regional_atlas import cli
from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.export.png import is_own_png, write_png
from regional_atlas.jobs.make import make_blocks, make_preview, make_table
from regional_atlas.zonal.blocks import LEVELS

STARTER = Path(ra.__file__).parent / "starter"


def quiet(*_: Any) -> None: ...


def raster(path: Path, values: np.ndarray, nodata: float | None = None) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
        dtype=values.dtype, crs="EPSG:4326", transform=Affine(0.01, 0, 10, 0, -0.01, 50),
        nodata=nodata, tiled=True, blockxsize=64, blockysize=64,
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
    return path


@pytest.fixture
def blocks(tmp_path: Path) -> tuple[np.ndarray, Path]:
    values = np.random.default_rng(5).gamma(0.5, 40, (3000, 2800)).astype(np.float32)
    raster(tmp_path / "light_2021.tif", values)
    (written,) = make_blocks(
        STARTER, str(tmp_path / "light_{year}.tif"), str(tmp_path / "b_{year}.tif"), 5, quiet
    )
    return values, written


def test_block_means_are_exact_on_area(blocks: tuple[np.ndarray, Path]) -> None:
    values, written = blocks
    with rasterio.open(written) as dataset:
        stored, scale = dataset.read(1), dataset.scales[0]
        assert dataset.transform == Affine(0.05, 0, 10, 0, -0.05, 50)
        assert dataset.bounds.right == pytest.approx(10 + 2800 * 0.01)
    decoded = stored * scale
    expected = values.astype(float).reshape(600, 5, 560, 5).mean(axis=(1, 3))
    np.testing.assert_allclose(decoded, expected, atol=scale / 2 + 1e-9)
    # Light is neither lost nor made: the sum over 25 cells a block is that of the cells.
    assert decoded.sum() * 25 == pytest.approx(values.sum(dtype=float), rel=1e-5)


def test_block_means_have_overviews_that_average(blocks: tuple[np.ndarray, Path]) -> None:
    _, written = blocks
    with rasterio.open(written) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1) == [2, 4]
        assert dataset.tags()["year"] == "2021"
        full = dataset.read(1).astype(float)
    with rasterio.open(written, overview_level=0) as dataset:
        half = dataset.read(1).astype(float)
    np.testing.assert_allclose(half, full.reshape(300, 2, 280, 2).mean(axis=(1, 3)), atol=0.51)


def test_polygons_of_a_mask_are_cut_out_of_the_blocks(tmp_path: Path) -> None:
    """Two overlapping lakes; the light left and right of them stays."""
    project = shutil.copytree(STARTER, tmp_path / "project")
    lakes = [shapely.box(10.02, 49, 10.05, 51), shapely.box(10.04, 49, 10.1, 51)]
    gpd.GeoDataFrame(geometry=lakes, crs=4326).to_file(project / "lakes.gpkg")
    with (project / "atlas.toml").open("a", encoding="utf-8") as file:
        file.write('\n[nightlights.cleaning]\nmask = "lakes.gpkg"\n')
    values = np.full((100, 100), 3, np.float32)
    values[:, 2:10] = 50
    raster(tmp_path / "light_2021.tif", values)
    (written,) = make_blocks(
        project, str(tmp_path / "light_{year}.tif"), str(tmp_path / "b_{year}.tif"), 5, quiet
    )
    with rasterio.open(written) as dataset:
        found = dataset.read(1, masked=True) * dataset.scales[0]
        rules = json.loads(dataset.tags()["cleaning"])
    assert rules["mask_polygons"] == {"polygons": 2, "becomes": "missing"}
    assert found[:, 1].mask.all()
    np.testing.assert_allclose(np.delete(found.filled(-1), 1, axis=1), 3)


def test_the_pattern_must_hold_the_year(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected \{year\} in the file name"):
        make_blocks(STARTER, str(tmp_path / "l_{year}.tif"), str(tmp_path / "b.tif"), 5, quiet)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_table_is_parquet_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"--out .*t\.csv': expected a name that ends in"):
        make_table(tmp_path, "light_{year}.tif", tmp_path / "t.csv", quiet)


def test_a_preview_is_a_log_stretch_with_a_legend(tmp_path: Path) -> None:
    values = np.zeros((40, 400), np.float32)
    values[:, 100:200] = 9
    values[:, 200:300] = 99
    values[:, 300:] = -1
    values[:20, :100] = np.nan
    source = raster(tmp_path / "light.tif", values)
    top = make_preview(source, tmp_path / "light.png", 200, None, quiet)
    assert top == 99
    with rasterio.open(tmp_path / "light.png") as dataset:
        assert dataset.driver == "PNG"
        assert dataset.width == 200
        assert dataset.height > 20
        picture, palette = dataset.read(1), dataset.colormap(1)
    assert picture[0, 0] == 0
    assert [picture[15, 10], picture[5, 75], picture[5, 125], picture[5, 175]] == [
        1, 1 + (LEVELS - 1) // 2, LEVELS, 1,
    ]  # fmt: skip
    assert palette[0][:3] == (128, 128, 128)
    assert sum(palette[1][:3]) < sum(palette[120][:3]) < sum(palette[LEVELS][:3])
    bar = picture[20 + 10]
    assert sorted(set(bar[24:176])) == sorted(set(bar))[:-1]
    assert bar[24] == 1
    assert bar[175] == LEVELS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["light.png", "light.tif"]
    make_preview(source, tmp_path / "again.png", 200, None, quiet)
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "light.png").read_bytes()


def test_preview_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    source = raster(tmp_path / "light.tif", np.full((30, 50), 7, np.uint8), nodata=0)
    out = tmp_path / "p.png"
    command = ["nightlights", "preview", "--raster", source, "--out", out, "--top", "20"]
    monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, command)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert not caught.value.code
    printed = capsys.readouterr()
    assert printed.out.strip() == str(out)
    assert "brightest level: 20" in printed.err


@pytest.mark.parametrize(
    ("values", "name", "width", "top", "message"),
    [
        ([[1.0]], "a.jpg", 10, None, "ends in .png"),
        ([[np.nan]], "a.png", 10, None, "no valid cell"),
        ([[1.0]], "a.png", 0, None, "at least 1 column"),
        ([[1.0]], "a.png", 10, -1.0, "above 0"),
    ],
)
def test_previews_that_cannot_be(
    tmp_path: Path, values: Any, name: str, width: int, top: float | None, message: str
) -> None:
    source = raster(tmp_path / "light.tif", np.repeat(np.repeat(np.array(values), 16, 0), 16, 1))
    with pytest.raises(InputError, match=message):
        make_preview(source, tmp_path / name, width, top, quiet)
    assert not (tmp_path / name).exists()


def test_everything_wrong_with_a_preview_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    source = tmp_path / "light.tif"
    command = ["nightlights", "preview", "--raster", source, "--out", "p.jpg", "--top", "-1",
               "--nodata", "dark", "--scale", "inf"]  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, command)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    said = capsys.readouterr().err
    for problem in (
        "5 problems",
        "file not found",
        "--out 'p.jpg'",
        "top: expected",
        "found 'dark'",
        "scale must",
    ):
        assert problem in said


def test_everything_wrong_with_a_table_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        make_table(STARTER, str(tmp_path / "no_{year}.tif"), tmp_path / "t.csv", quiet)
    assert len(caught.value.problems) == 2
    with pytest.raises(ConfigError) as caught:
        make_blocks(STARTER, str(tmp_path / "no_{year}.tif"), "b.tif", 5, quiet)
    assert len(caught.value.problems) == 2


def test_levels_above_the_palette_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no picture of levels up to 10"):
        write_png(tmp_path / "a.png", np.full((2, 2), 11, np.uint8), 10, [])


def words_below(legend: np.ndarray) -> list[tuple[int, int]]:
    """Find the columns that each number of a legend takes: from, to."""
    inked = (legend != 255).any(axis=0)
    columns = np.flatnonzero(inked)
    words = np.split(columns, np.flatnonzero(np.diff(columns) > 4) + 1)
    return [(int(word[0]), int(word[-1])) for word in words]


@pytest.mark.parametrize(
    ("ticks", "shown"),
    [
        ([(0.0, 1), (1.0, 120), (4.2e7, 240)], 3),
        ([(0.0, 1), (2e-05, 240)], 2),
        ([(0.0, 1), (0.1, 2), (100000.0, 3), (1e6, 240)], 2),
        ([], 0),
    ],
)
def test_the_legend_names_what_has_room(
    tmp_path: Path, ticks: list[tuple[float, int]], shown: int
) -> None:
    path = write_png(tmp_path / "a.png", np.full((2, 300), 7, np.uint8), 240, ticks)
    with Image.open(path) as image:
        legend = np.asarray(image)[2:]
    below = legend[8 + 12 + 4 :]
    words = words_below(below) if ticks else []
    assert len(words) == shown
    for (_, end), (start, _) in pairwise(words):
        assert start - end > 4
    if ticks:
        assert words[-1][1] < 300
        assert (below == 254).any()
        assert np.isin(below, range(241, 256)).all()


def test_other_numbers_give_other_pictures(tmp_path: Path) -> None:
    levels = np.full((2, 200), 1, np.uint8)
    pictures = [
        write_png(tmp_path / f"{value}.png", levels, 240, [(value, 100)]).read_bytes()
        for value in (1.0, 7.0, 1e6)
    ]
    assert len(set(pictures)) == 3


def test_own_pictures_are_recognised(tmp_path: Path) -> None:
    own = write_png(tmp_path / "own.png", np.full((2, 2), 3, np.uint8), 10, [])
    assert is_own_png(own)
    for name, mode in [("grey", "L"), ("colour", "RGB"), ("palette", "P")]:
        Image.new(mode, (4, 4)).save(tmp_path / f"{name}.png")
        assert not is_own_png(tmp_path / f"{name}.png")
    Image.open(own).save(tmp_path / "other.gif")
    (tmp_path / "text.png").write_text("no picture")
    for name in ("other.gif", "text.png", "missing.png"):
        assert not is_own_png(tmp_path / name)
