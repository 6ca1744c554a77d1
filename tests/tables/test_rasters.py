"""Rasters of a project as indicators: values by hand, roll-ups, records, everything that is wrong.

The project of `raster_project`: cells of a degree; 01 and 02 hold four cells each, 03 four and two
halves, 04 two and two halves and a degree beyond the rasters (valid share 1.5 / 2.5 = 0.6).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from exactextract import exact_extract

import regional_atlas as ra
from regional_atlas import cli
from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.core.kinds import Extensive, Index, Intensive, Maximum, Minimum
from regional_atlas.core.texts import Unit
from regional_atlas.page.layers import _fields
from regional_atlas.publish.folder import report_document
from regional_atlas.tables.rasters import unit_of
from regional_atlas.zonal import STATISTICS

from .conftest import RAIN, write_raster


def built(folder: Path, *overrides: str) -> Any:
    return ra.build(ra.read_project(folder, overrides=overrides))


def values(atlas: Any, code: str, year: int) -> dict[str, float]:
    table = atlas.indicators
    rows = table[(table["code"] == code) & (table["year"] == year)]
    return dict(zip(rows["unit_id"], rows["value"], strict=True))


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    file = folder / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(InputError) as caught:
        ra.build(ra.read_project(edited(folder, *changes)))
    return caught.value.problems


def test_counts_are_added_means_and_shares_of_classes_taken(raster_project: Path) -> None:
    atlas = built(raster_project)
    people = {"01": 14, "02": 22, "03": 46 + 13, "04": 13 + 28}
    assert values(atlas, "people", 2020) == people
    rain = {"01": 15, "02": 35, "03": (10 + 40 + 30) / 4, "04": (30 + 80) / 3}
    assert values(atlas, "rain_mean", 2019) == pytest.approx(rain)
    wetter = {"01": 25, "02": 45, "03": 28, "04": 140 / 3}
    assert values(atlas, "rain_mean", 2021) == pytest.approx(wetter)
    wet = {"01": 0.75, "02": 0.75, "03": 0.6, "04": 1 / 3}
    assert values(atlas, "land_class_share_2_3", 2015) == pytest.approx(wet)
    wetted = {"01": 1, "02": 1, "03": 1, "04": 1 / 3}
    assert values(atlas, "land_class_share_2_3", 2020) == pytest.approx(wetted)
    assert values(atlas, "land_majority", 2015) == {"01": 2, "02": 3, "03": 2, "04": 4}
    by_people = {"01": 220 / 14, "02": (90 + 160 + 210 + 320) / 22, "04": (390 + 1120) / 41}
    found = values(atlas, "rain_of_people", 2019)
    assert {unit: found[unit] for unit in by_people} == pytest.approx(by_people)


def test_values_are_exactextracts(raster_project: Path) -> None:
    atlas = built(raster_project)
    units = gpd.read_file(raster_project / "units.geojson")
    for name, year, stat, code in [
        ("people.tif", 2020, "sum", "people"),
        ("land15.tif", 2015, "majority", "land_majority"),
    ]:
        theirs = exact_extract(raster_project / name, units, [stat], output="pandas")[stat]
        ours = values(atlas, code, year)
        np.testing.assert_allclose([*ours.values()], theirs, rtol=1e-6, err_msg=code)


def test_a_value_of_a_part_of_its_unit_says_so(raster_project: Path) -> None:
    atlas = built(raster_project)
    table = atlas.indicators.set_index(["code", "year", "unit_id"])["flag"].sort_index()
    assert table["people", 2020].dropna().to_dict() == {"04": "partial"}
    assert table["rain_mean", 2019].dropna().to_dict() == {"03": "partial", "04": "partial"}
    assert table["rain_mean", 2021].dropna().to_dict() == {"04": "partial"}
    cells = atlas.rasters.set_index(["code", "year", "unit_id"]).sort_index()
    assert cells.loc["rain_mean", 2019]["valid_share"].tolist() == pytest.approx([1, 1, 0.8, 0.6])
    assert cells.loc["rain_mean", 2019]["cell_count"].tolist() == [4, 4, 6, 4]
    _, flags = _fields(atlas.tables, [*atlas.tables.meta])
    assert flags["people"]["3"].text.in_("en") == "valid cells over 60% of the area"
    assert flags["rain_mean"]["2"].text.in_("en") == "2019: valid cells over 80% of the area"


def test_a_ratio_of_a_doubtful_value_says_so_and_names_every_source(raster_project: Path) -> None:
    atlas = built(
        edited(
            raster_project,
            ("[[rankings]]", """[indicators.more]
file = "output.csv"
year = 2021
source = "More accounts"
columns = [{ column = "output", code = "more", title = "More", unit = "t" }]
derived = [{ code = "twice", unit = "t", numerator = ["output_per_head"], denominator = ["more"] }]

[[rankings]]"""),
        )
    )  # fmt: skip
    flags = atlas.indicators.set_index(["code", "unit_id"])["flag"]
    for code in ("output_per_head", "density", "twice"):
        assert flags[code].dropna().to_dict() == {"04": "partial"}, code
    assert flags[["output", "more"]].isna().all()
    meta = atlas.tables.meta
    assert meta["density"].method.in_("en") == (
        "Invented accounts, 2020; Population: Invented counts, 2020"
    )
    assert meta["twice"].method.in_("en") == "More accounts, 2021"
    _, shown = _fields(atlas.tables, [*atlas.tables.meta])
    assert shown["density"]["3"].text.in_("en") == (
        "made from a raster with valid cells over a part of the area"
    )


def test_the_year_of_a_raster_in_a_ratio_is_said(raster_project: Path) -> None:
    atlas = built(
        edited(raster_project, ('denominator = ["people"]', 'denominator = ["rain_mean"]'))
    )
    assert values(atlas, "output_per_head", 2020)["01"] == pytest.approx(28 / 25)
    assert atlas.tables.meta["output_per_head"].method.in_("en") == (
        "Invented accounts, 2020; Rainfall (mean): Invented gauges, 2021"
    )


def test_the_method_of_each_statistic_says_all_that_it_depends_on(raster_project: Path) -> None:
    meta = built(
        edited(raster_project, ('statistic = "sum"', 'statistic = ["sum", "lit_share"]\n'
                                                     "lit_threshold = 2.5"),
               ('population = "people"', 'population = "people_sum"'),
               ('["people"]', '["people_sum"]'), ('field = "people"', 'field = "people_sum"'))
    ).tables.meta  # fmt: skip
    assert meta["people_sum"].method.in_("en") == (
        "sum of the cells: Σ v c; v the value of a cell, c the share of it that lies in the unit; "
        "raster of 2020"
    )
    assert meta["people_lit_share"].method.in_("zh") == (
        "像元的达到阈值的占比：v ≥ 阈值处的 Σ c / Σ c；v 为像元值，c 为像元落在单元内的比例；"
        "阈值 2.5 人；2020 年的栅格"
    )
    assert (
        meta["rain_of_people"]
        .method.in_("en")
        .endswith("; w the weight of the cell, from people.tif; raster of 2019, 2021")
    )


@pytest.mark.parametrize("lang", ["zh", "fr"])
def test_titles_and_formulas_are_in_every_language(lang: str) -> None:
    names = {*STATISTICS, "abs"}
    for each in STATISTICS.values():
        assert each.title.in_(lang)
        words = re.findall(r"[A-Za-z_]{3,}", each.formula.in_("en").replace("quantile(q=0.5)", ""))
        if {*words} - names:
            assert each.formula.in_(lang) != each.formula.in_("en"), each.name


def test_regions_are_what_their_own_polygon_measures(raster_project: Path) -> None:
    atlas = built(raster_project)
    table = atlas.tables.region_values.set_index(["code", "year", "region"])
    found = table["value"].unstack("region")
    assert found.loc["people", 2020].tolist() == [36, 100]
    assert found.loc["rain_mean", 2019].tolist() == pytest.approx([25, 190 / 7])
    assert found.loc["rain_of_people", 2021].tolist() == pytest.approx([1360 / 36, 36])
    assert found.loc["land_class_share_2_3", 2015].tolist() == pytest.approx([0.75, 4 / 8])
    assert found.loc["land_majority"].isna().all(axis=None)
    rules = table["rule"].groupby("code").first()
    assert rules["rain_mean"] == "weighted mean: by valid_cells"
    assert rules["people"] == "sum"
    united = edited(
        raster_project,
        ("units.geojson", "parts.geojson"), ('key = "code"', 'key = "part"'),
        ('name = "name"', 'name = "part"'),
        ('[[boundaries.parents]]\nid = "part"\ntitle = "part"\nkey = "part"\n', ""),
        ('file = "output.csv"', ""), ("[[rankings]]", "[[clusters]]"),
        ('title = "Table"\nfile = "ranking.csv"', 'title = "C"\nfile = "c.csv"'),
    )  # fmt: skip
    (united / "c.csv").write_text("cluster,units\nx,north\n")
    gpd.read_file(united / "units.geojson").dissolve("part").reset_index().to_file(
        united / "parts.geojson"
    )
    whole = built(united)
    for code, year in [("people", 2020), ("rain_mean", 2019), ("rain_of_people", 2021)]:
        assert [*values(whole, code, year).values()] == pytest.approx(
            found.loc[code, year].tolist()
        )


def test_what_each_indicator_is(raster_project: Path) -> None:
    meta = built(raster_project).tables.meta
    assert [*meta][:5] == [
        "people", "rain_mean", "rain_of_people", "land_class_share_2_3", "land_majority",
    ]  # fmt: skip
    assert meta["people"].kind == Extensive()
    assert meta["people"].title.in_("zh") == "人口"
    assert meta["rain_mean"].title.in_("en") == "Rainfall (mean)"
    assert meta["rain_mean"].kind == Intensive("valid_cells")
    assert meta["rain_mean"].unit.in_("en") == "mm"
    share = meta["land_class_share_2_3"]
    assert (share.title.in_("zh"), share.unit.in_("en")) == ("土地利用（类别占比 2, 3）", "%")
    assert (share.digits, meta["rain_of_people"].digits, meta["land_majority"].digits) == (3, 2, 0)
    assert meta["land_majority"].kind == Index()
    assert {item.citation for item in [*meta.values()][:5]} == {"people", "rain", "land"}
    extremes = built(edited(raster_project, ('statistic = "sum"', 'statistic = ["min", "max"]'),
                            ('population = "people"', ""), ('denominator = ["people"]',
                             'denominator = ["output"]'), ('numerator = ["people"]',
                             'numerator = ["output"]'), ('field = "people"',
                             'field = "people_max"')))  # fmt: skip
    assert extremes.tables.meta["people_min"].kind == Minimum()
    assert extremes.tables.meta["people_max"].kind == Maximum()
    rolled = extremes.tables.region_values.query("year == 2020").set_index(["code", "region"])
    assert rolled["value"]["people_min"].tolist() == [1, 9]
    assert rolled["value"]["people_max"].tolist() == [8, 16]


def test_rasters_are_parts_of_ratios_and_weigh_regions(raster_project: Path) -> None:
    atlas = built(raster_project)
    assert values(atlas, "output_per_head", 2020) == {"01": 2, "02": 3, "03": 1, "04": 2}
    table = atlas.tables.region_values.set_index(["code", "region"])["value"]
    assert table["output_per_head"].tolist() == pytest.approx([94 / 36, 1.41])
    assert atlas.summarise(by="part")["people"].tolist() == [36, 100]


def test_the_report_and_the_files_say_how_rasters_were_read(
    raster_project: Path, tmp_path: Path
) -> None:
    atlas = built(raster_project)
    report = report_document(atlas.tables, ["en"])
    assert [(record["id"], record["raster"], record["year"]) for record in report["rasters"]] == [
        ("people", "people.tif", 2020), ("rain", "rain_2019.tif", 2019),
        ("rain", "rain_2021.tif", 2021), ("land", "land15.tif", 2015), ("land", "land20.tif", 2020),
    ]  # fmt: skip
    checks = {check.name.in_("en"): check for check in atlas.tables.report.checks}
    rain = checks["Raster Rainfall"]
    assert rain.ok
    assert rain.detail.in_("en") == (
        "nodata as the project says -1.0, value = stored × 0.1 + 0; no cleaning rule; valid cells "
        "over all of 5 of 8 values, none in 0; least 60% of the area (Dd, 2019)"
    )
    written = {path.name for path in atlas.save(tmp_path / "out")}
    assert "rasters.csv" in written
    table = pd.read_csv(tmp_path / "out/data/rasters.csv", dtype={"unit_id": "str"})
    assert list(table.columns) == [
        "raster", "code", "statistic", "unit_id", "unit", "year", "value", "cell_count",
        "valid_share",
    ]  # fmt: skip
    assert table.query("code == 'people'")["unit"].tolist() == ["Aa", "Bb", "Cc", "Dd"]
    found = atlas.sql("SELECT unit_id FROM rasters WHERE valid_share < 0.9 AND code = 'people'")
    assert found["unit_id"].tolist() == ["04"]
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert "Invented gauges" in page
    assert json.loads((tmp_path / "out/report.json").read_text())["rasters"][1]["scale"] == 0.1


def test_a_raster_is_measured_again_when_it_or_its_reading_changes(
    raster_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(tmp_path / "store"))
    from regional_atlas.tables import rasters

    measured = []
    whole = rasters.Recipe.measure

    def counted(recipe: Any, *options: Any) -> Any:
        measured.append(recipe.step)
        return whole(recipe, *options)

    monkeypatch.setattr(rasters.Recipe, "measure", counted)
    first = built(raster_project)
    again = built(raster_project)
    assert measured == ["people", "rain", "land"]
    pd.testing.assert_frame_equal(first.rasters, again.rasters)
    assert again.tables.report.rasters == first.tables.report.rasters
    built(raster_project, "rasters.rain.scale=0.2")
    built(raster_project, "rasters.rain.cleaning.upper=35")
    built(raster_project, "rasters.people.statistic=max", "rasters.people.code=people")
    assert measured[3:] == ["rain", "rain", "people"]
    write_raster(raster_project / "land20.tif", np.ones((4, 4), "uint8"))
    assert values(built(raster_project), "land_class_share_2_3", 2020) == dict.fromkeys(
        ["01", "02", "03", "04"], 0
    )
    assert measured[6:] == ["land"]


def test_bands_are_years_and_one_band_is_taken(raster_project: Path) -> None:
    write_raster(raster_project / "bands.tif", np.stack([RAIN, RAIN + 100]).astype("int16"))
    bands = edited(
        raster_project,
        ('files = "rain_{year}.tif"', 'files = "bands.tif"\nbands_from = 2019'),
    )
    assert values(built(bands), "rain_mean", 2021 - 1)["01"] == 25
    assert sorted(built(bands).rasters.query("raster == 'rain'")["year"].unique()) == [2019, 2020]
    assert [*values(built(bands, "rasters.rain.years=[2020]"), "rain_mean", 2019)] == []
    one = edited(bands, ("bands_from = 2019", "band = 2\nyear = 2021"))
    assert values(built(one), "rain_mean", 2021)["01"] == 25


def test_cleaning_and_masks_are_those_of_lights(raster_project: Path) -> None:
    lake = gpd.GeoDataFrame(geometry=[shapely.box(10, 49, 12, 50)], crs=4326)
    lake.to_file(raster_project / "lake.gpkg")
    atlas = built(
        raster_project,
        "rasters.rain.cleaning.upper=35",
        f"rasters.people.cleaning.mask={raster_project / 'lake.gpkg'}",
    )
    assert values(atlas, "rain_mean", 2019)["02"] == 30
    assert values(atlas, "people", 2020)["01"] == 11
    flags = atlas.indicators.set_index(["code", "year", "unit_id"])["flag"].sort_index()
    assert flags["people", 2020, "01"] == flags["rain_mean", 2019, "02"] == "partial"
    rules = {record["id"]: record["rules"] for record in atlas.tables.report.rasters}
    assert rules["people"] == [
        {"rule": "mask_polygons", "polygons": 1, "becomes": "missing", "cells": 2.0}
    ]
    assert rules["rain"][0]["above"] == 35


def test_missing_is_missing_and_a_raster_elsewhere_fails_its_check(raster_project: Path) -> None:
    write_raster(raster_project / "people.tif", np.full((4, 4), 9, "uint8"), nodata=9)
    atlas = built(raster_project)
    assert pd.isna([*values(atlas, "people", 2020).values()]).all()
    assert atlas.indicators.query("code == 'people'")["flag"].isna().all()
    assert atlas.tables.meta["people"].missing.in_("en") == "no valid cell in the unit"
    failed = [check.name.in_("en") for check in atlas.tables.report.checks if not check.ok]
    assert failed == ["Raster Population"]


def test_a_raster_without_a_file_is_left_out(raster_project: Path) -> None:
    without = edited(
        raster_project, ('files = { 2015 = "land15.tif", 2020 = "land20.tif" }\n', ""),
        ('id = "wet", kind = "change"', 'id = "wet", kind = "choropleth"'),
        ('field = "land_class_share_2_3"', 'field = "people"'),
    )  # fmt: skip
    atlas = built(without)
    omitted = {item.what.in_("en"): item.why.in_("en") for item in atlas.tables.report.omissions}
    assert omitted == {"raster land": "no file is given; name one with --set rasters.land.files=…"}
    assert "land_majority" not in atlas.tables.meta


def test_everything_wrong_with_a_raster_is_named_at_once(raster_project: Path) -> None:
    found = problems(
        raster_project,
        ('statistic = "sum"', 'statistic = "total"\ncolour = "red"'),
        ('files = { 2015 = "land15.tif", 2020 = "land20.tif" }',
         'files = { 2015 = "no.tif", 20 = "land20.tif" }'),
        ('statistic = ["mean", {', 'statistic = ["frac", "sum_per_head", {'),
        ("scale = 0.1", 'scale = "much"'),
    )  # fmt: skip
    text = "\n".join(found)
    for line in (
        "rasters.people.colour: unknown key; allowed: source, licence",
        "rasters.people.statistic[0]: name: unknown statistic 'total'; known: mean, sum, min",
        "rasters.rain.scale: Input should be a valid number",
        "rasters.rain.statistic[0]: name: frac fills a column for each value; write class_share(",
        "rasters.rain.statistic[1]: name: sum_per_head needs heads of the units; divide the sum",
        "rasters.land.files: 2015: file not found: no.tif",
        "rasters.land.files: '20' is not a year of four digits",
    ):
        assert line in text, text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("year = 2020\nstatistic", "statistic")], "rasters.people: give `year` for a single"),
        ([('weights = "people.tif"\n', "")],
         "rasters.rain: statistic: weighted_mean needs `weights`"),
        ([('statistic = "sum"', 'statistic = "lit_share"')],
         "rasters.people: statistic: lit_share needs `lit_threshold`"),
        ([('code = "rain_of_people"', 'code = "Rain_mean"')],
         "rasters: the code 'rain_mean' stands"),
        ([('statistic = ["class', 'code = "x"\nstatistic = ["class')],
         "rasters.land: code: there are"),
        ([("scale = 0.1", "scale = 0.1\nyear = 2019")], "rasters.rain: `year` and `bands_from`"),
        ([("[rasters.people]", "[rasters.output]")],
         "rasters.output: another input has this name"),
        ([('population = "people"', 'population = "peeple"')],
         "population: no such indicator 'peeple'; allowed: output, output_per_head, density, peo"),
        ([("nodata = -1", "nodata = -1\nyears = [2019, 2020]")],
         "rasters.rain: years: there is no raster of 2020; there are 2019, 2021"),
        ([("year = 2020\nstatistic", "year = 2020\nband = 2\nstatistic")],
         "people.tif: has no band 2; bands: 1 to 1"),
        ([('code = "output", title', 'code = "people", title')],
         "rasters: the code 'people' stands more than once: in rasters.people, indicators.output"),
        ([('code = "output", title', 'code = "People", shown = false, title'),
          ('year = 2020\nsource = "Invented acc', 'year = 2010\nsource = "Invented acc')],
         "rasters: the code 'people' stands more than once: in rasters.people, indicators.output"),
        ([('code = "density"', 'code = "land_majority"')],
         "rasters: the code 'land_majority' stands more than once: in rasters.land, indicators"),
    ],
)  # fmt: skip
def test_wrong_tables(changes: list[tuple[str, str]], said: str, raster_project: Path) -> None:
    found = problems(raster_project, *changes)
    assert [line for line in found if said in line], found


def test_all_rasters_that_cannot_be_read_or_measured_are_named(raster_project: Path) -> None:
    write_raster(raster_project / "people.tif", RAIN.astype("uint8"), crs=None)
    write_raster(raster_project / "land20.tif", RAIN.astype("uint8"), crs=None)
    found = problems(raster_project, ("scale = 0.1", "scale = 0.1\nband = 2"))
    assert [line.split(": ")[0] for line in found] == ["rasters.people"] + 3 * ["rasters.rain"] + [
        "rasters.land"
    ]
    assert all("has no coordinate reference system; state one (crs)" in found[at] for at in (0, 4))
    mercator = {"crs": "EPSG:3857"}
    for name in ("people.tif", "land15.tif", "land20.tif"):
        write_raster(raster_project / name, RAIN.astype("uint8"), **mercator)
    found = problems(
        raster_project, ("\nband = 2", ""), ('statistic = "sum"', 'statistic = "area_km2"'),
        ('"majority"]', '"sum_per_km2"]'),
    )  # fmt: skip
    assert [line.split(": areas of cells")[0] for line in found] == [
        "rasters.people: people.tif", "rasters.land: land15.tif",
    ]  # fmt: skip


def test_a_name_that_is_missing_is_a_problem_of_the_project(raster_project: Path) -> None:
    with pytest.raises(ConfigError, match=r"rasters\.people\.source: is missing"):
        ra.read_project(edited(raster_project, ('source = "Invented counts"\n', "")))


def test_units_follow_from_that_of_the_values() -> None:
    yuan = Unit(zh="亿元", en="bn yuan", scale={"en": 0.1})
    assert unit_of("value²", yuan).power("en") == -2
    assert unit_of("value/km²", yuan).in_("zh") == "亿元 / km²"
    assert unit_of("cells", yuan).in_("fr") == "cellules"
    assert unit_of("class", yuan).in_("en") == ""


def test_the_command_line_builds_asks_and_checks(
    raster_project: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    def run(*options: Any) -> str:
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, options)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert not caught.value.code
        return str(capsys.readouterr().out)

    assert run("check", raster_project) == "rasters: no problem found\n"
    run("build", raster_project, "--out", tmp_path / "out")
    assert (tmp_path / "out/data/rasters.csv").is_file()
    asked = run("query", raster_project, "--sort", "-people", "--format", "csv").splitlines()
    assert [line.split(",")[2] for line in asked[1:]] == ["Cc", "Dd", "Bb", "Aa"]
    rolled = run("summarise", raster_project, "--by", "part", "--format", "csv").splitlines()
    at = rolled[0].split(",").index("people")
    assert [line.split(",")[at] for line in rolled[1:]] == ["36", "100"]
