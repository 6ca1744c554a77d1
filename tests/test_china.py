"""The default project on real boundaries: the report's figures, region by region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from regional_atlas.core.schema import MEMBERSHIP_COLUMNS
from regional_atlas.membership import assign_membership
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import aggregate_levels, zonal_statistics

pytestmark = pytest.mark.china

LEVEL_STATS = ["sum", "mean", "count", "lit_share", "area_km2", "lit_area_km2"]


def test_every_unit_is_there(china: Any) -> None:
    units = china.units
    assert len(units) == 2875
    assert units.index.str.fullmatch(r"\d{6}").all()
    for code, name, kind in [
        ("441900", "东莞市", "不设区的地级市"), ("442000", "中山市", "不设区的地级市"),
        ("460400", "儋州市", "不设区的地级市"), ("620200", "嘉峪关市", "不设区的地级市"),
        ("710000", "台湾省", "省"), ("610103", "碑林区", "市辖区"),
        ("429021", "神农架林区", "林区"),
        ("520203", "六枝特区", "特区"), ("810001", "中西区", "特别行政区辖区"),
        ("150784", "额尔古纳市", "县级市"), ("150722", "莫力达瓦达斡尔族自治旗", "自治旗"),
    ]:  # fmt: skip
        assert units.loc[code, ["unit", "unit_type"]].tolist() == [name, kind]
    assert units["unit"].duplicated(keep=False).sum() == 68
    assert abs(units["area_km2"].sum() / 9.6e6 - 1) < 0.01
    assert not china.tables.lines.empty


def test_parents(china: Any) -> None:
    units, parents = china.units, china.tables.parents
    assert list(parents) == ["macro_region", "province", "prefecture"]
    assert parents["macro_region"]["units"].sum() == 2875 - 27
    assert len(parents["province"]) == 34
    assert units.loc["429004", ["prefecture", "province"]].tolist() == ["仙桃市", "湖北省"]
    assert units.loc["500101", "prefecture_id"] == "500000"
    assert parents["province"].loc["650000", ["short", "name_en"]].tolist() == ["新疆", "Xinjiang"]


def test_rankings_match_in_full(china: Any) -> None:
    joins = {join.name: join for join in china.tables.report.joins}
    for name in ("industrial_counties", "innovation_counties", "industrial_districts"):
        assert (joins[name].rows, joins[name].matched) == (100, 100)
    tiers = china.rankings.query("ranking == 'industrial_counties'")["tier"].value_counts()
    assert tiers.sort_index().tolist() == [6, 30, 44, 20]
    hardware = china.clusters[china.clusters["cluster"] == "金华市现代五金集群"]
    assert hardware["unit"].tolist() == ["永康市", "缙云县", "武义县"]


def test_published_figures(china: Any) -> None:
    table = china.comparison
    assert len(table) == 84
    assert table["match"].sum() == 80
    differs = table[~table["match"]]
    assert differs["note"].str.len().gt(20).all()
    middle = differs[differs["key"] == "长江中游城市群"].iloc[0]
    assert (middle["published"], middle["computed"]) == (12, 11)
    assert "published 2.07" in differs["note"].iloc[-1]


def test_metro_areas(china: Any) -> None:
    suxichang = china.query(ranking="industrial_counties", metro="苏锡常都市圈")
    assert suxichang["unit"].tolist() == [
        "昆山市", "江阴市", "张家港市", "常熟市", "宜兴市", "太仓市", "溧阳市",
    ]  # fmt: skip
    nanjing = china.query(metro="南京都市圈")
    assert (len(nanjing), int(nanjing["exclusive"].sum())) == (9, 8)
    by_metro = china.summarise("metro", ranking="industrial_counties")
    assert by_metro["count"].sum() == 65
    assert len(by_metro) == 21
    assert len(china.summarise("agglomeration")) == 20


def test_membership_from_polygons_equals_membership_from_lists(china: Any) -> None:
    computed = assign_membership(china.units, china.regions, rule="area_share >= 0.5")
    columns = [name for name in MEMBERSHIP_COLUMNS if name != "rule"]
    pd.testing.assert_frame_equal(computed[columns], china.membership[columns], rtol=1e-6)


def test_every_check_of_the_report_passed(china: Any) -> None:
    failed = [check.name.in_("en") for check in china.tables.report.checks if not check.ok]
    assert not failed


def test_the_stories_hold(china: Any) -> None:
    lights = china.nightlights.pivot(index="unit_id", columns="year", values="sum")
    assert lights.shape == (2875, 11)
    assert lights[2012].sum() == pytest.approx(8.3e6, rel=0.01)
    assert lights[2013].sum() == pytest.approx(12.0e6, rel=0.01)
    vitality = china.query(ranking="vitality", unranked=True)
    assert vitality["rank"].notna().sum() == 2875
    assert vitality["tier"].nunique() == 4
    growth = vitality.loc["320583", "light_growth"]
    assert 0 < growth < 20


@pytest.mark.shared_data
@pytest.mark.slow
def test_full_resolution_rasters_give_the_stored_table(china: Any, shared: Path) -> None:
    import regional_atlas as ra

    pattern = shared / "data/nightlights/china_longntl_{year}_uint8.tif"
    project = ra.read_project(china.project.root, overrides=[f"nightlights.files={pattern}"])
    atlas = ra.build(project)
    pd.testing.assert_frame_equal(atlas.nightlights, china.nightlights, rtol=1e-9)
    check = next(
        c for c in atlas.tables.report.checks if c.name.in_("en").startswith("Full-resolution")
    )
    assert check.ok


@pytest.mark.shared_data
def test_the_reference_tables_are_the_shared_ones(china: Any, shared: Path) -> None:
    root = china.project.root
    computed = {*root.glob("scores_*.csv"), *root.glob("counts_*.csv")}
    lists = ["changes", "figure_values", "macro_region_groups", "pinyin", "province_names_en"]
    lists += ["required_units", "unit_types", "endings_en", "prefecture_names_en"]
    lists += ["unit_aliases", "unit_names_en"]
    made_here = {*(root / f"{name}.csv" for name in lists), *computed}
    for path in set(root.glob("*.csv")) - made_here:
        original = pd.read_csv(shared / "reference/china-2022" / path.name, dtype="str")
        here = pd.read_csv(path, dtype="str")
        # Only English names of clusters were added.
        assert set(here.columns) - set(original.columns) <= {"cluster_en"}, path.name
        pd.testing.assert_frame_equal(here[original.columns], original)


@pytest.mark.shared_data
def test_prefecture_sums_lie_near_those_of_another_team(china: Any, shared: Path) -> None:
    # Sums of light in 2017 by another team from the float product.
    assert shared.is_dir()
    lights = china.nightlights[china.nightlights["year"] == 2017].set_index("unit_id")["sum"]
    sums = lights.groupby(china.units["prefecture"]).sum()
    for name, published in [("北京市", 361_066), ("天津市", 328_648), ("石家庄市", 82_944)]:
        assert sums[name] == pytest.approx(published, rel=0.08)


@pytest.mark.shared_data
@pytest.mark.parametrize(("level", "number"), [("prefecture", 370), ("metro", 21)])
def test_levels_added_up_equal_measuring_them(
    china: Any, shared: Path, level: str, number: int
) -> None:
    if level == "prefecture":
        parents = china.units["prefecture_id"]
    else:
        rows = china.membership.query("kind == 'metro' and exclusive and region_id.notna()")
        parents = rows.set_index("unit_id")["region_id"]
    units = china.units.loc[parents.index, ["geometry"]]
    path = shared / "data/nightlights/china_longntl_2022_uint8.tif"
    lights = open_raster(path, nodata="none", scale=511 / 255, year=2022)
    stats = [*LEVEL_STATS, "min", "max", "valid_share"]
    table = zonal_statistics(units, lights, stats=stats, lit_threshold=1)
    found = aggregate_levels(table, parents.rename("parent")).set_index("parent")
    shapes = units.geometry.groupby(parents.to_numpy()).agg(
        lambda group: shapely.coverage_union_all(group.to_numpy())
    )
    whole = gpd.GeoDataFrame(geometry=shapes.to_numpy(), index=shapes.index, crs=units.crs)
    measured = zonal_statistics(whole, lights, stats=stats, lit_threshold=1)
    measured = measured.set_index(measured.columns[0]).loc[found.index]
    assert len(found) == number
    for name in stats:
        np.testing.assert_allclose(found[name], measured[name], rtol=1e-10, err_msg=name)


def test_each_region_s_count_has_an_interval(china: Any) -> None:
    counts = china.region_counts.query("ranking == 'vitality'")
    assert {"province", "macro_region", "agglomeration", "metro"} <= set(counts["kind"])
    [east] = counts[counts["region"] == "东部"].to_dict("records")
    ranked = china.rankings.query("ranking == 'vitality' and rank <= 100")["unit_id"]
    assert east["count"] == (china.units.loc[ranked, "macro_region"] == "东部").sum()
    assert east["low"] <= east["count"] <= east["high"]
    # No unit of the four macro-regions is lost: the rest are in Taiwan, Hong Kong and Macau.
    whole = china.region_counts.query("ranking == 'vitality' and kind == 'province'")
    assert whole["expected"].sum() == pytest.approx(100)


def test_space_on_real_boundaries(china: Any) -> None:
    found = china.space_summary.set_index("id")
    assert list(found.index) == ["light_mean", "light_growth", "vitality", "industrial"]
    assert found["units"].tolist() == [2875, 2810, 2875, 1848]
    assert found.at["light_mean", "isolates"] == 7
    assert found.at["light_mean", "moran"] == pytest.approx(0.678, abs=0.001)
    light = china.space.query("id == 'light_mean'").set_index("unit_id")
    assert light.at["110101", "moran_class"] == "HH"  # 东城区, in the middle of Beijing
    assert light.at["810001", "g_star_class"] == "hot"  # 中西区, Hong Kong
    assert light.at["710000", "moran_class"] == "isolate"
    # A spot never lies against its own z.
    for kind, sign in (("hot", 1), ("cold", -1)):
        z = china.space.loc[china.space["g_star_class"] == kind, "g_star_z"]
        assert len(z)
        assert (z * sign > 0).all()
    split = china.inequality.query("part == 'total' and measure == 'theil_t' and by == 'province'")
    assert split["contribution"].round(3).tolist() == [2.125, 1.834]
    said = " ".join(omission.what.in_("en") for omission in china.tables.report.omissions)
    assert "the inequality of gdp_per_head" in said


def test_the_findings_in_the_book(china: Any) -> None:
    page = (china.project.root.parents[1] / "docs/method/space.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    said = [row[1:] for row in rows if len(row) == 9 and row[1][:1].isdigit()]
    columns = ["units", "isolates", "moran", "z", "high_high", "low_low", "high_low", "low_high"]
    formats = ["{:,}", "{}", "{:.3f}", "{:.1f}", "{}", "{}", "{}", "{}"]
    found = china.space_summary[columns].to_dict("split")["data"]
    assert said == [[f.format(cell) for f, cell in zip(formats, row, strict=True)] for row in found]
    parts = china.inequality[china.inequality["part"] != "group"]
    for year, column in ((2013, 1), (2022, 2)):
        rows_of = parts[(parts["year"] == year)].set_index(["measure", "by", "part"])[
            "contribution"
        ]
        theil = rows_of["theil_t"]
        shares = [
            theil[by, "between"] / theil[by, "total"]
            for by in ("macro_region", "province", "agglomeration")
        ]
        said = [row[column] for row in rows if len(row) == 3 and row[1][-1:] in "0123456789%"]
        total = theil["province", "total"]
        gini = rows_of["gini", "province", "total"]
        expected = [f"{total:.3f}", *(f"{share:.0%}".replace("%", " %") for share in shares)]
        assert said[-5:] == [*expected, f"{gini:.3f}"]


@pytest.mark.slow
def test_what_the_ranks_of_vitality_hang_on(china: Any) -> None:
    """The figures of docs/method/vitality.md."""
    sobol = china.uncertainty("vitality").sobol
    first = sobol[sobol["output"] == "ranks"].set_index("factor")["first"]
    assert first.round(2).to_dict() == {"weights": 0.05, "drop": pytest.approx(0.95, abs=0.011)}
    counts = china.region_counts.query("ranking == 'vitality' and region == '山东省'")
    assert counts[["count", "low", "high"]].to_numpy().tolist() == [[13, 4, 18]]
