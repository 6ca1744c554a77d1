"""Joining of indicators: merged rows, divided units, ratios over both."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import regional_atlas as ra

TABLE = """name,people,output,years
Alder,10,40,8
Alder zone,30,20,12
Oldtown,20,10,9
"""
CHANGES = """date,kind,from_code,from_name,to_code,to_name
,merge,,Alder zone,00101,Alder
2021,split,,Oldtown,00102,Birch
2021,split,,Oldtown,00105,Elm
"""


def test_merged_rows_are_added_and_divided_units_share_ratios(example_folder: Path) -> None:
    (example_folder / "old.csv").write_text(TABLE, encoding="utf-8")
    (example_folder / "changes.csv").write_text(CHANGES, encoding="utf-8")
    file = example_folder / "atlas.toml"
    table = """
[indicators.old]
file = "old.csv"
year = 2020
source = "s"
rename = { name = "unit" }
changes = "changes.csv"
names_of = 2020-12-31
columns = [
  { column = "people", code = "people", title = "People", unit = "x" },
  { column = "output", code = "made", title = "Made", unit = "x", shown = false },
  { column = "years", code = "years", title = "", unit = "", extensive = false, weight = "people" },
]
derived = [
  { code = "made_per_head", title = "", unit = "", numerator = ["made"], denominator = ["people"] },
]
"""
    file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")
    atlas = ra.build(ra.read_project(example_folder))
    found = atlas.indicators.set_index(["code", "unit_id"])["value"]
    assert found["people", "00101"] == 40
    assert found["years", "00101"] == pytest.approx((10 * 8 + 30 * 12) / 40)
    assert found["made_per_head", "00101"] == pytest.approx(60 / 40)
    assert found["made_per_head", "00102"] == found["made_per_head", "00105"] == 0.5
    assert pd.isna(found["people", "00102"])
    assert found["population", "00102"] == 480
    assert "made" not in found.index.get_level_values("code")
    join = next(join for join in atlas.tables.report.joins if join.name == "old")
    assert (join.rows, join.matched, len(join.merged), len(join.divided)) == (3, 3, 1, 1)
