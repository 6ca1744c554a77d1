"""A project states cleaning rules; the build says what they took."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

import regional_atlas as ra
from regional_atlas.core.errors import CheckError, ConfigError
from regional_atlas.core.schema import ZONAL_COLUMNS
from regional_atlas.core.texts import Message
from regional_atlas.jobs.make import make_blocks, make_table
from regional_atlas.zonal.cleaning import RULES

ROOT = Path(__file__).parents[2]


def states(folder: Path, lines: str) -> Path:
    path = folder / "atlas.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + f"\n[nightlights.cleaning]\n{lines}\n", encoding="utf-8")
    return folder


def built(folder: Path, out: Path, monkeypatch: Any) -> tuple[Any, Any]:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(out / "cache"))
    atlas = ra.build(ra.read_project(folder))
    atlas.save(out)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return atlas, report


def test_rules_of_a_project_clean_and_are_reported(
    example: Any, example_folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    lake = gpd.GeoDataFrame(geometry=[shapely.box(10.0, 50.0, 10.3, 60.0)], crs=4326)
    lake.to_file(example_folder / "lake.gpkg")
    for path in sorted((example_folder / "lights").glob("lights_*.tif")):
        with rasterio.open(path) as lights:
            profile = lights.profile | {"dtype": "uint8", "nodata": None}
            flags = (lights.read(1) % 7 == 0).astype("uint8")
        with rasterio.open(
            example_folder / path.name.replace("lights", "flags"), "w", **profile
        ) as to:
            to.write(flags, 1)
    states(
        example_folder,
        'mask = "lake.gpkg"\nbackground = 2.0\nquality = "flags_{year}.tif"\nbad_flags = [1]',
    )
    atlas, report = built(example_folder, tmp_path / "out", monkeypatch)
    rows = [
        {rule["rule"]: rule["cells"] for rule in raster["rules"]} for raster in report["rasters"]
    ]
    assert len(rows) == 3
    assert all(set(row) == {"mask_polygons", "quality", "background"} for row in rows)
    assert all(row["quality"] > 0 and row["background"] > 0 for row in rows)
    plain = example.nightlights
    assert atlas.nightlights["sum"].sum() < plain["sum"].sum()
    assert list(atlas.nightlights.columns) == list(plain.columns)
    (check,) = (check for check in report["checks"] if "cleaned" in check["name"]["en"])
    total = sum(row["quality"] for row in rows)
    assert f"quality flags took {total:,.1f} cells" in check["detail"]["en"]
    assert "质量标记去除" in check["detail"]["zh"]


def test_a_stored_table_carries_its_record(
    example_folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    states(example_folder, "background = 2.0")
    table = example_folder / "lights.parquet"
    make_table(
        example_folder, str(example_folder / "lights/lights_{year}.tif"), table, lambda *_: None
    )
    assert pd.read_parquet(table).attrs["rasters"][0]["rules"][0]["rule"] == "background"
    text = (example_folder / "atlas.toml").read_text(encoding="utf-8")
    text = text.replace('files = "lights/lights_{year}.tif"', 'table = "lights.parquet"')
    (example_folder / "atlas.toml").write_text(text, encoding="utf-8")
    _, report = built(example_folder, tmp_path / "out", monkeypatch)
    assert [len(raster["rules"]) for raster in report["rasters"]] == [1, 1, 1]
    bare = pd.read_parquet(table)
    bare.attrs = {}
    bare.to_parquet(table)
    _, report = built(example_folder, tmp_path / "again", monkeypatch)
    assert report["rasters"] == []
    assert any("does not say how" in check["detail"]["en"] for check in report["checks"])


def test_a_stored_table_keeps_its_threshold(example_folder: Path) -> None:
    pattern = str(example_folder / "lights/lights_{year}.tif")
    make_table(example_folder, pattern, example_folder / "lights.parquet", lambda *_: None)
    path = example_folder / "atlas.toml"
    text = path.read_text(encoding="utf-8")
    stored = text.replace('files = "lights/lights_{year}.tif"', 'table = "lights.parquet"')
    path.write_text(stored.replace("lit_threshold = 0.5", "lit_threshold = 2"), "utf-8")
    with pytest.raises(
        ConfigError, match=r"lights\.parquet were computed with 0\.5, found 2; give"
    ):
        ra.build(ra.read_project(example_folder))


def test_years_without_lights_are_named(example_folder: Path) -> None:
    overrides = ["nightlights.year=2021", "nightlights.base_year=2019"]
    with pytest.raises(ConfigError, match="2 problems") as caught:
        ra.build(ra.read_project(example_folder, overrides=overrides))
    assert "nightlights.base_year: no lights of 2019; there are 2018, 2020, 2022" in str(
        caught.value
    )


def test_block_means_are_cleaned_and_say_so(example_folder: Path, tmp_path: Path) -> None:
    pattern = str(example_folder / "lights/lights_{year}.tif")
    out = str(tmp_path / "plain_{year}.tif")
    plain, *_ = make_blocks(example_folder, pattern, out, 5, lambda *_: None)
    states(example_folder, "background = 2.0")
    out = str(tmp_path / "clean_{year}.tif")
    clean, *_ = make_blocks(example_folder, pattern, out, 5, lambda *_: None)
    with rasterio.open(plain) as before, rasterio.open(clean) as after:
        assert after.read(1, masked=True).sum() < before.read(1, masked=True).sum()
        assert "cleaning" not in before.tags()
        says = json.loads(after.tags()["cleaning"])
    assert says == {"background": {"below": 2.0, "becomes": "zero"}}


def test_a_new_rule_or_file_is_measured_anew(
    example_folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    before, _ = built(example_folder, tmp_path / "out", monkeypatch)
    states(example_folder, 'negative = "zero"\nupper = 5.0')
    after, _ = built(example_folder, tmp_path / "out", monkeypatch)
    assert np.nanmax(before.nightlights["max"]) > 5 >= np.nanmax(after.nightlights["max"])


def test_the_kept_table_of_china_says_how_it_was_read() -> None:
    attrs = pd.read_parquet(ROOT / "geo/china-2022/nightlights.parquet").attrs
    assert [record["year"] for record in attrs["rasters"]] == list(range(2012, 2023))
    assert {record["scale"] for record in attrs["rasters"]} == {511 / 255}
    assert {record["nodata_rule"] for record in attrs["rasters"]} == {"none"}


def test_half_a_rule_is_refused(example_folder: Path) -> None:
    states(example_folder, "least_observations = 2\nbad_bits = 4")
    with pytest.raises(ConfigError, match=r"nightlights\.cleaning: `quality` needs `bad_flags`"):
        ra.read_project(example_folder)


@pytest.mark.parametrize("lang", ["en", "zh", "fr"])
def test_every_rule_has_a_name(lang: str) -> None:
    for rule in ("mask_polygons", *RULES):
        unnamed = Message("check-reading-rule", {"rule": "other", "cells": 1}).in_(lang)
        said = Message("check-reading-rule", {"rule": rule, "cells": 1}).in_(lang)
        assert said != unnamed.replace("other", rule), rule


@pytest.mark.parametrize(("declared", "ok"), [("", False), ("level_shifts = [2018]", True)])
def test_a_step_of_the_total_must_be_declared(
    example: Any, example_folder: Path, tmp_path: Path, monkeypatch: Any, declared: str, ok: bool
) -> None:
    lights = example.nightlights
    base = lights.loc[lights["year"] == 2018, ZONAL_COLUMNS]
    grown = {year: 1.0 + 0.01 * (year - 2016) + (year > 2017) for year in range(2016, 2023)}
    years = [base.assign(year=year, sum=base["sum"] * by) for year, by in grown.items()]
    pd.concat(years).to_parquet(example_folder / "lights.parquet", index=False)
    text = (example_folder / "atlas.toml").read_text(encoding="utf-8")
    text = text.replace(
        'files = "lights/lights_{year}.tif"', f'table = "lights.parquet"\n{declared}'
    )
    (example_folder / "atlas.toml").write_text(text, encoding="utf-8")
    shift = "undeclared level shift of the total in 2018"
    if not ok:
        with pytest.raises(CheckError, match=shift):
            built(example_folder, tmp_path / "out", monkeypatch)
        return
    _, report = built(example_folder, tmp_path / "out", monkeypatch)
    (check,) = (check for check in report["checks"] if check["name"]["en"].startswith("Yearly"))
    assert check["ok"]
    assert shift not in check["detail"]["en"]
