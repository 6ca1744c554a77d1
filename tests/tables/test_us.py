"""The United States from the published files by configuration alone, beside plain pandas."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra

pytestmark = pytest.mark.shared_data
PROJECT = Path(__file__).parents[1] / "data/us/atlas.toml"
FILES = ["counties.json", "list1_2020.xls", "bea_county_gdp.csv", "unemp.csv", "pop.csv"]


@pytest.fixture(scope="module")
def atlas(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("us")
    shutil.copyfile(PROJECT, folder / "atlas.toml")
    for name in FILES:
        shutil.copyfile(shared / "data/us" / name, folder / name)
    return ra.build(ra.read_project(folder))


@pytest.fixture(scope="module")
def members(shared: Path) -> pd.DataFrame:
    """The rows of the delineation, by county and area."""
    listed = pd.read_excel(
        shared / "data/us/list1_2020.xls", engine="calamine", header=2, dtype="str"
    ).dropna(subset=["CBSA Title"])
    listed["fips"] = listed["FIPS State Code"] + listed["FIPS County Code"]
    assert len(listed) == 1916
    return listed


def column(table: pd.DataFrame, name: str) -> pd.Series:
    return pd.to_numeric(table[name].str.strip().str.replace("[$,]", "", regex=True))


def by_area(members: pd.DataFrame, values: pd.Series) -> pd.Series:
    return values.groupby(members["CBSA Code"]).sum(min_count=1)


def compare(atlas: Any, code: str, year: int, expected: pd.Series) -> pd.DataFrame:
    values = atlas.tables.region_values
    found = values[values["kind"].eq("metro") & values["code"].eq(code) & values["year"].eq(year)]
    found = found.set_index("region_id").sort_index()
    assert len(found) == 939
    expected = expected.reindex(found.index).rename("value")
    pd.testing.assert_series_equal(found["value"], expected, rtol=1e-9, atol=0, check_dtype=False)
    return found


def test_gdp_and_gdp_per_head(atlas: Any, members: pd.DataFrame, shared: Path) -> None:
    bea = pd.read_csv(shared / "data/us/bea_county_gdp.csv", dtype="str", encoding="utf-8-sig")
    bea.index = pd.Index(bea["county_fips"].str.strip("'"))
    for year in range(2012, 2016):
        gdp = members["fips"].map(pd.to_numeric(bea[f"allindustries_{year}"]))
        heads = members["fips"].map(pd.to_numeric(bea[f"pop_{year}"]))
        found = compare(atlas, "gdp", year, by_area(members, gdp))
        ratio = 1000 * by_area(members, gdp) / by_area(members, heads)
        compare(atlas, "gdp_per_head", year, ratio)
        lacking = found[found["members_with_data"] < found["members"]]
        assert len(lacking) == int(found["partial"].sum()) == 27
    have = found[["members_with_data", "members"]]
    assert have.loc["40060"].tolist() == [12, 17]  # Richmond
    assert have.loc["47900"].tolist() == [17, 25]  # Washington


def test_unemployment(atlas: Any, members: pd.DataFrame, shared: Path) -> None:
    ers = pd.read_csv(
        shared / "data/us/unemp.csv", skiprows=4, dtype="str", encoding="utf-8-sig"
    ).set_index("FIPS")
    ers.columns = ers.columns.str.strip()
    for year in (2017, 2018):
        out = members["fips"].map(column(ers, f"Unemployed_{year}"))
        force = members["fips"].map(column(ers, f"Civilian_labor_force_{year}"))
        rate = 100 * by_area(members, out) / by_area(members, force)
        found = compare(atlas, "unemployment", year, rate)
    assert not found["partial"].any()
    assert round(found.at["41980", "value"], 2) == 7.75  # San Juan
    assert round(found.at["35620", "value"], 2) == 4.00  # New York


def test_income_is_weighted_by_people(atlas: Any, members: pd.DataFrame, shared: Path) -> None:
    unemp = pd.read_csv(
        shared / "data/us/unemp.csv", skiprows=4, dtype="str", encoding="utf-8-sig"
    ).set_index("FIPS")
    people = pd.read_csv(
        shared / "data/us/pop.csv", skiprows=2, dtype="str", encoding="utf-8-sig"
    ).set_index("FIPS")
    income = members["fips"].map(column(unemp, "Median_Household_Income_2018"))
    heads = members["fips"].map(column(people, "POP_ESTIMATE_2018")).where(income.notna())
    expected = by_area(members, income * heads) / by_area(members, heads)
    compare(atlas, "income", 2018, expected)


def test_how_the_files_were_read_is_reported(atlas: Any) -> None:
    read = {table.file: table for table in atlas.tables.report.tables}
    listed = read["list1_2020.xls"]
    assert (listed.header_row, listed.rows, listed.left_out) == (3, 1916, 5)
    assert "merged cells: A2:L2, A1921:L1921" in listed.notes[0]
    assert read["unemp.csv"].header_row == 5
    joined = {join.name: join for join in atlas.tables.report.joins}
    assert (joined["metro"].matched, joined["metro"].rows) == (1916, 1916)
    assert "nyc" not in " ".join(atlas.units["unit"]).lower()
    assert len(atlas.units) == 3221
