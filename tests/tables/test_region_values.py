"""Values of regions: ratios by their parts, weights, lights, and what is partial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.core.schema import REGION_VALUE_COLUMNS
from regional_atlas.tables.lights import light_recipe

WORK = """
[indicators.work]
file = "work.csv"
year = 2021
source = "x"
columns = [
  { column = "lf", code = "lf", title = "Labour force", unit = "persons", shown = false },
  { column = "un", code = "un", title = "Unemployed", unit = "persons", shown = false },
  { column = "income", code = "income", title = "Income", unit = "$", extensive = false, weight = "lf" },
  { column = "income", code = "plain", title = "Income", unit = "$", extensive = false },
  { column = "income", code = "by_area", title = "x", unit = "$", extensive = false, weight = "area_km2" },
  { column = "income", code = "place", title = "x", unit = "", kind = "index" },
]
derived = [
  { code = "rate", title = "Unemployment", unit = "%", numerator = ["un"], denominator = ["lf"], scale = 100 },
  { code = "workers", title = "Share", unit = "%", numerator = ["lf"], denominator = ["population"] },
  { code = "density", title = "Density", unit = "", numerator = ["population"], denominator = ["area_km2"] },
  { code = "odd", title = "Odd", unit = "", numerator = ["income"], denominator = ["lf"] },
]
"""  # noqa: E501
ROWS = "unit_id,lf,un,income\n00101,100,10,5\n00102,10,5,6\n00203,,7,9\n"


@pytest.fixture
def project(example_folder: Path) -> Any:
    """The starter project with more lines in `atlas.toml` and a table of workers."""

    def project(lines: str = WORK, first: str = "", rows: str = ROWS) -> ra.Atlas:
        (example_folder / "work.csv").write_text(rows, encoding="utf-8")
        file = example_folder / "atlas.toml"
        file.write_text(first + file.read_text(encoding="utf-8") + lines, encoding="utf-8")
        return ra.build(ra.read_project(example_folder))

    return project


def north(atlas: Any) -> pd.DataFrame:
    """The latest values of the metro of Alder, Birch and Cedar, by code."""
    rows = atlas.region_values
    rows = rows[rows["region_id"] == "north"].sort_values("year", kind="stable")
    return rows.drop_duplicates("code", keep="last").set_index("code")


def test_ratios_come_from_ingredients_that_are_not_shown(project: Any) -> None:
    table = north(project())
    assert table.at["rate", "value"] == pytest.approx(100 * 15 / 110, rel=1e-12)
    row = table.loc["rate"]
    assert (row["members"], row["members_with_data"], row["partial"]) == (3, 2, True)
    assert row["year"] == 2021
    assert row["rule"] == "ratio of sums: un / lf × 100"
    people = 120.5 + 480 + 350.2
    assert row["weight_share"] == pytest.approx((120.5 + 480) / people)
    assert table.at["workers", "value"] == pytest.approx(110 / (120.5 + 480))
    assert not table.at["density", "partial"]
    assert table.at["density", "value"] == pytest.approx(people / table.at["area_km2", "value"])
    assert not {"lf", "un"} & set(table.index)


def test_means_are_weighted_by_what_the_project_declares(project: Any) -> None:
    atlas = project()
    table = north(atlas)
    assert table.at["income", "value"] == pytest.approx((5 * 100 + 6 * 10) / 110)
    assert table.at["income", "rule"] == "weighted mean: by lf"
    assert table.at["income", "members_with_data"] == 2
    heads = (120.5, 480, 350.2)
    weighed = sum(h * v for h, v in zip(heads, (5, 6, 9), strict=True)) / sum(heads)
    assert table.at["plain", "value"] == pytest.approx(weighed)
    assert not table.at["plain", "partial"]
    area = atlas.units["area_km2"]
    ground = [area["00101"], area["00102"], area["00203"]]
    weighed = sum(a * v for a, v in zip(ground, (5, 6, 9), strict=True)) / sum(ground)
    assert table.at["by_area", "value"] == pytest.approx(weighed)
    assert pd.isna(table.at["place", "value"])
    assert table.at["place", "rule"] == "does not add up"
    # Not a ratio of sums: incomes do not add up.
    assert table.at["odd", "rule"] == "weighted mean: by population"


def test_without_any_weight_a_mean_says_that_it_is_unweighted(
    example_folder: Path, project: Any
) -> None:
    file = example_folder / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    assert 'population = "population"' in text
    file.write_text(text.replace('population = "population"', "", 1), encoding="utf-8")
    table = north(project())
    assert table.at["plain", "value"] == pytest.approx(20 / 3)
    assert table.at["plain", "rule"] == "unweighted mean"
    assert table.at["rate", "weight_share"] == pytest.approx(2 / 3, abs=0.01)


def test_a_weight_of_another_table_weighs_and_an_unknown_one_is_named(project: Any) -> None:
    line = WORK.replace('weight = "lf"', 'weight = "output"')
    table = north(project(line))
    weighed = (5 * 3400 + 6 * 21000 + 9 * 15800) / (3400 + 21000 + 15800)
    assert table.at["income", "value"] == pytest.approx(weighed)
    with pytest.raises(ConfigError) as caught:
        project(line.replace("output", "outptu").replace("indicators.work", "indicators.more"))
    assert (
        "indicators.more.columns[2].weight: no such indicator 'outptu'; allowed: population, "
        "output, lf, un, income, plain, by_area, place, area_km2"
    ) in caught.value.problems


def test_lost_members_make_every_value_of_their_region_partial(
    example_folder: Path, project: Any
) -> None:
    members = example_folder / "region_members.csv"
    members.write_text(
        members.read_text("utf-8") + "north,Eastmark,Nowhere,include\n", encoding="utf-8"
    )
    config = example_folder / "atlas.toml"
    declared = 'members = { file = "region_members.csv", least_match = 0.5 }'
    text = config.read_text("utf-8").replace('members = "region_members.csv"', declared)
    config.write_text(text, encoding="utf-8")
    atlas = project(first="data_share_at_least = 0.1\n")
    table = north(atlas)
    assert (table["members"] == 4).all()
    assert table["partial"].all()
    assert table["weight_share"].isna().all()
    assert table.at["population", "value"] == pytest.approx(120.5 + 480 + 350.2)
    (said,) = [each for each in atlas.tables.report.omissions if "member" in each.what.in_("en")]
    assert said.what.in_("en") == "1 member of North Corridor"
    rows = atlas.region_values[atlas.region_values["kind"] == "metro"]
    assert not rows.loc[rows["region_id"] == "river", "weight_share"].isna().any()


def test_where_the_weights_are_not_given_means_are_missing(
    example_folder: Path, project: Any
) -> None:
    """The population's table is named and has no file: nothing is weighed by something else."""
    file = example_folder / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace('file = "indicators.csv"\n', "", 1)
    text = text[: text.index("[[rankings]]                  # computed")]
    file.write_text(text, encoding="utf-8")
    atlas = project()
    table = north(atlas)
    assert pd.isna(table.at["plain", "value"])
    assert table.at["plain", "members_with_data"] == 0
    left_out = atlas.tables.report.omissions
    said = {omission.what.in_("en"): omission.why.in_("en") for omission in left_out}
    assert said["means of Income in regions"] == "they need the weight population"
    assert table.at["rate", "value"] == pytest.approx(100 * 15 / 110)


def test_a_project_says_from_which_share_on_a_value_is_whole(project: Any) -> None:
    table = north(project(first="data_share_at_least = 0.6\n"))
    assert not table.at["rate", "partial"]
    assert table.at["rate", "members_with_data"] == 2


@pytest.mark.parametrize("share", ["0", "1.5", '"half"'])
def test_a_share_lies_between_none_and_all(project: Any, share: str) -> None:
    with pytest.raises(ConfigError, match="data_share_at_least"):
        project(first=f"data_share_at_least = {share}\n")


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        ('kind = "index"', 'kind = "index", extensive = true', ConfigError, "give one of them"),
        ('kind = "index"', 'kind = "extensive", extensive = false', ConfigError, "`extensive` is"),
        ('kind = "index"', 'kind = "rank"', ConfigError, r"columns\[5\].kind"),
        ('"place"', '"area_km2"', DataError, "'area_km2' is that of the units' own area"),
    ],
)
def test_contradictions_are_refused(
    project: Any, old: str, new: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        project(WORK.replace(old, new))


def test_one_indicator_may_be_given_in_one_year_and_derived_in_another(project: Any) -> None:
    given = """
[indicators.before]
file = "work.csv"
year = 2011
source = "x"
columns = [{ column = "un", code = "rate", title = "x", unit = "%", extensive = false }]
"""
    rows = project(WORK + given).region_values
    rows = rows[(rows["code"] == "rate") & (rows["region_id"] == "north")].set_index("year")
    assert rows.at[2021, "rule"] == "ratio of sums: un / lf × 100"
    assert rows.at[2011, "rule"] == "weighted mean: by population"
    weighed = (10 * 120.5 + 5 * 480 + 7 * 350.2) / (120.5 + 480 + 350.2)
    assert rows.at[2011, "value"] == pytest.approx(weighed)


def test_parts_of_a_divided_unit_share_its_ratio_and_are_left_out_of_sums(
    example_folder: Path, project: Any
) -> None:
    (example_folder / "changes.csv").write_text(
        "date,kind,from_code,from_name,to_code,to_name\n"
        "2022,split,00901,Old,00101,Alder\n2022,split,00901,Old,00102,Birch\n",
        encoding="utf-8",
    )
    line = WORK.replace(
        'source = "x"', 'source = "x"\nchanges = "changes.csv"\nnames_of = 2021-12-31'
    )
    atlas = project(line, rows="unit_id,lf,un,income\n00901,100,10,5\n00203,50,10,9\n")
    units = atlas.indicators.set_index(["code", "unit_id"])["value"]
    assert units["rate", "00101"] == units["rate", "00102"] == 10
    row = north(atlas).loc["rate"]
    assert (row["value"], row["members_with_data"], row["partial"]) == (20, 1, True)


def test_lights_of_a_region_are_what_its_own_polygon_measures(example: Any) -> None:
    values = example.region_values
    values = values[values["kind"] == "metro"].pivot(
        index="region_id", columns=["code", "year"], values="value"
    )
    lights = example.project.config.nightlights
    rasters = light_recipe(lights, lights.files).rasters
    regions: gpd.GeoDataFrame = example.regions[["geometry"]]
    found = ra.zonal_statistics(
        regions, rasters, stats=["sum", "mean", "lit_share", "max"],
        lit_threshold=lights.lit_threshold,
    ).rename(columns={"unit_id": "region_id"})  # fmt: skip
    measured = found.set_index(["region_id", "year"])
    for region in values.index:
        for year in (2018, 2020, 2022):
            row = measured.loc[(region, year)]
            for name in ("sum", "mean", "lit_share", "max"):
                rolled = values.at[region, (f"light_{name}", year)]
                assert rolled == pytest.approx(row[name], rel=1e-9), (region, year, name)
        first, last = (measured.at[(region, year), "sum"] for year in (2018, 2022))
        growth = 100 * ((last / first) ** (1 / 4) - 1)
        assert values.at[region, ("light_growth", 2022)] == pytest.approx(growth, rel=1e-9)


def test_the_table_has_every_region_field_and_year(example: Any) -> None:
    table = example.region_values
    assert list(table.columns) == REGION_VALUE_COLUMNS
    assert not table.duplicated(["kind", "region_id", "code", "year"]).any()
    areas = table.groupby("kind")["region_id"].nunique().to_dict()
    assert areas == {"province": 2, "metro": 2}
    sums = table[(table["code"] == "light_sum") & (table["kind"] == "province")]
    units = example.indicators[example.indicators["code"] == "light_sum"]
    assert sums.groupby("year")["value"].sum().to_dict() == pytest.approx(
        units.groupby("year")["value"].sum().to_dict()
    )
    overall = example.tables.overall_values
    whole = overall[(overall["kind"] == "all") & (overall["code"] == "light_sum")]
    assert whole.set_index("year").at[2022, "value"] == pytest.approx(
        sums.loc[sums["year"] == 2022, "value"].sum()
    )


def test_a_value_names_the_flags_that_its_members_carry(project: Any) -> None:
    lines = WORK.replace('source = "x"', 'source = "x"\nflags = ["b", "e"]')
    rows = "unit_id,lf,un,income\n00101,100 e,10,5 b\n00102,10,5,6 e\n00203,9 b,7,9 b\n"
    found = north(project(lines, rows=rows))
    assert found.at["plain", "flags"] == "b;e"
    assert pd.isna(found.at["population", "flags"])
    # A ratio has the flags of its parts.
    assert found.at["rate", "flags"] == "b;e"
