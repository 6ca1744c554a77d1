"""Metropolitan areas of the United States as published: rates, and totals with gaps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra

METROS = {
    "San Juan": """72007 72009 72017 72019 72021 72025 72029 72031 72033 72035 72037 72039 72041
        72045 72047 72051 72053 72054 72061 72063 72069 72077 72085 72087 72089 72091 72095 72101
        72103 72105 72107 72119 72127 72129 72135 72137 72139 72143 72145 72151""",
    "New York": """36059 36103 34013 34019 34027 34037 34039 42103 34023 34025 34029 34035 34003
        34017 34031 36005 36047 36061 36079 36081 36085 36087 36119""",
    "Richmond": """51007 51036 51041 51053 51075 51085 51087 51097 51101 51127 51145 51149 51183
        51570 51670 51730 51760""",
    "Washington": """24021 24031 11001 24009 24017 24033 51013 51043 51047 51059 51061 51107 51113
        51153 51157 51177 51179 51187 51510 51600 51610 51630 51683 51685 54037""",
}
"""Core based statistical areas of March 2020 (list 1), by FIPS."""
PROJECT = """
id = "usa"
lang = "en"
title = "Metropolitan areas"
subtitle = "of counties"
population = "people"
[boundaries]
file = "counties.geojson"
key = "id"
name = "label"
source = "Census"
[regions]
file = "regions.csv"
members = "members.csv"
[[regions.kinds]]
id = "metro"
title = "metropolitan area"
[indicators.accounts]
file = "gdp.csv"
year = 2015
source = "BEA"
columns = [
  { column = "gdp", unit = "thousand $" },
  { column = "people", unit = "people" },
]
derived = [
  { code = "per_head", title = "x", unit = "", numerator = ["gdp"], denominator = ["people"] },
]
[indicators.work]
file = "work.csv"
year = 2018
source = "BLS"
columns = [
  { column = "lf", shown = false },
  { column = "un", shown = false },
  { column = "rate", code = "mean", unit = "%", extensive = false },
]
derived = [
  { code = "rate", title = "x", unit = "%", numerator = ["un"], denominator = ["lf"], scale = 100 },
]
"""


@pytest.fixture(scope="module")
def sources(shared: Path) -> pd.DataFrame:
    """Both tables by county: what the project reads, in pandas."""
    folder = shared / "data/us"
    gdp = pd.read_csv(folder / "bea_county_gdp.csv", dtype="str", encoding="utf-8-sig")
    gdp = gdp.set_index(gdp["county_fips"].str.strip("'"))
    raw = pd.read_csv(folder / "unemp.csv", dtype="str", header=None, encoding="utf-8-sig")
    (head,) = raw.index[raw[0] == "FIPS"]
    work = raw.loc[head + 1 :].set_axis(raw.loc[head].str.strip(), axis=1).set_index("FIPS")
    work = work.apply(lambda column: column.str.replace(",", "").str.strip())
    return pd.DataFrame(
        {
            "gdp": gdp["allindustries_2015"],
            "people": gdp["pop_2015"],
            "lf": work["Civilian_labor_force_2018"],
            "un": work["Unemployed_2018"],
            "rate": work["Unemployment_rate_2018"],
        }
    ).astype("float64")


@pytest.fixture(scope="module")
def values(
    shared: Path, sources: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> pd.DataFrame:
    """The values of the four metropolitan areas, by name and code."""
    folder = tmp_path_factory.mktemp("usa")
    members = {name: codes.split() for name, codes in METROS.items()}
    wanted = {code for codes in members.values() for code in codes}
    counties: dict[str, Any] = json.loads(
        (shared / "data/us/counties.json").read_text(encoding="utf-8")
    )
    counties["features"] = [item for item in counties["features"] if item["id"] in wanted]
    for item in counties["features"]:
        item["properties"] |= {"id": item["id"], "label": item["id"]}
    (folder / "counties.geojson").write_text(json.dumps(counties), encoding="utf-8")
    rows = [f"{name},{name},metro,{i + 1},OMB" for i, name in enumerate(members)]
    (folder / "regions.csv").write_text("\n".join(["region_id,name,kind,precedence,source", *rows]))
    lines = [f"{name},{code},include" for name, codes in members.items() for code in codes]
    (folder / "members.csv").write_text("\n".join(["region_id,unit,rule", *lines]))
    known = sources.loc[sources.index.isin(wanted)].rename_axis("unit_id")
    known[["gdp", "people"]].dropna().to_csv(folder / "gdp.csv")
    known[["lf", "un", "rate"]].dropna().to_csv(folder / "work.csv")
    (folder / "atlas.toml").write_text(PROJECT, encoding="utf-8")
    found = ra.build(ra.read_project(folder)).region_values
    return found[found["kind"] == "metro"].set_index(["region_id", "code"])


@pytest.mark.shared_data
def test_rates_are_those_of_the_parts(values: pd.DataFrame, sources: pd.DataFrame) -> None:
    for name, codes in METROS.items():
        known = sources.loc[codes.split()]
        rate = 100 * known["un"].sum() / known["lf"].sum()
        assert values.at[(name, "rate"), "value"] == pytest.approx(rate, rel=1e-12)
        assert not values.at[(name, "rate"), "partial"]
        both = known.dropna(subset=["gdp", "people"])
        if len(both):
            per_head = both["gdp"].sum() / both["people"].sum()
            assert values.at[(name, "per_head"), "value"] == pytest.approx(per_head, rel=1e-12)
    assert round(values.at[("San Juan", "rate"), "value"], 2) == 7.75
    assert round(values.at[("New York", "rate"), "value"], 2) == 4.00
    # A rate without its parts is weighted by population, and Puerto Rico has none here.
    assert pd.isna(values.at[("San Juan", "mean"), "value"])


@pytest.mark.shared_data
def test_totals_with_gaps_say_how_many_members_have_data(values: pd.DataFrame) -> None:
    counts = values[["members_with_data", "members", "partial"]]
    assert counts.loc[("Richmond", "gdp")].tolist() == [12, 17, True]
    assert counts.loc[("Washington", "gdp")].tolist() == [17, 25, True]
    assert counts.loc[("New York", "gdp")].tolist() == [23, 23, False]
    assert counts.loc[("San Juan", "gdp")].tolist() == [0, 40, True]
