"""Joining of indicators: merged rows, divided units, ratios over both."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import DataError

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


def test_a_row_that_sums_rows_merged_into_it_is_refused(example_folder: Path) -> None:
    added = "09901,60.5,3000\n09902,60,400\n"
    table = example_folder / "indicators.csv"
    table.write_text(table.read_text(encoding="utf-8") + added, encoding="utf-8")
    (example_folder / "changes.csv").write_text(
        "date,kind,from_code,from_name,to_code,to_name\n"
        "2020-01-01,merge,09901,Old Alder,00101,Alder\n"
        "2020-01-01,merge,09902,Alderby,00101,Alder\n",
        encoding="utf-8",
    )
    file = example_folder / "atlas.toml"
    rename = 'rename = { code = "unit_id" }'
    declared = f'{rename}\nchanges = "changes.csv"\nnames_of = 2019-12-31'
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(rename, declared), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        ra.build(ra.read_project(example_folder))
    assert (
        "indicators.csv: line 2 holds the sum of line 14; line 15, which the changes add to the "
        "same unit (00101): leave the row or those that it sums out (`where`)"
    ) in str(caught.value)

    table.write_text(table.read_text(encoding="utf-8").replace("60,400", "60,401"))
    atlas = ra.build(ra.read_project(example_folder))
    found = atlas.indicators.set_index(["code", "unit_id", "year"])
    assert found.loc[("output", "00101", 2022), ["value", "flag"]].tolist() == [6801, "merged"]
    join = next(join for join in atlas.tables.report.joins if join.name == "accounts")
    assert "; 2 added to another unit (line 14: 09901 → 00101 Alder (merge 2020-01-01);" in (
        join.said()
    )


def test_what_is_derived_carries_the_flags_of_its_parts(example_folder: Path) -> None:
    (example_folder / "more.csv").write_text("code,idle\n00101,5 e\n00102,7\n", encoding="utf-8")
    table = example_folder / "indicators.csv"
    text = table.read_text(encoding="utf-8").replace("00101,120.5", "00101,120.5 b")
    table.write_text(text, encoding="utf-8")
    file = example_folder / "atlas.toml"
    rename = 'rename = { code = "unit_id" }'
    text = file.read_text(encoding="utf-8").replace(rename, f'{rename}\nflags = ["b"]')
    more = """
[indicators.more]
file = "more.csv"
year = 2022
source = "s"
rename = { code = "unit_id" }
flags = ["e"]
columns = [{ column = "idle", unit = "x" }]
derived = [
  { code = "rate", numerator = ["idle"], denominator = ["population"], unit = "%" },
  { code = "density", numerator = ["population"], denominator = ["area_km2"], unit = "x" },
]
"""
    file.write_text(text + more, encoding="utf-8")
    found = ra.build(ra.read_project(example_folder)).indicators
    flags = found.dropna(subset=["flag"]).set_index(["code", "unit_id"])["flag"]
    assert flags.loc[["population", "idle", "rate", "density"]].to_dict() == {
        ("population", "00101"): "b",
        ("idle", "00101"): "e",
        ("rate", "00101"): "e b",
        ("density", "00101"): "b",
    }


YEARS = """
[indicators.{name}]
file = "old.csv"
year = {year}
source = "s{year}"
rename = {{ name = "unit" }}
changes = "changes.csv"
names_of = 2020-12-31
columns = [{{ column = "people", code = "{code}", title = "People", unit = "x" }}]
[[indicators.{name}.derived]]
code = "{code}{year}"
title = ""
unit = ""
numerator = ["{code}"]
denominator = ["population"]
"""


def write_years(folder: Path, *tables: tuple[str, int, str]) -> None:
    (folder / "old.csv").write_text(TABLE, encoding="utf-8")
    (folder / "changes.csv").write_text(CHANGES, encoding="utf-8")
    file = folder / "atlas.toml"
    text = "".join(YEARS.format(name=name, year=year, code=code) for name, year, code in tables)
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_tables_of_several_years_make_one_indicator(example_folder: Path) -> None:
    write_years(example_folder, ("a", 2019, "people"), ("b", 2020, "people"))
    atlas = ra.build(ra.read_project(example_folder))
    found = atlas.indicators.set_index(["code", "year", "unit_id"])["value"]
    assert found["people", 2019, "00101"] == found["people", 2020, "00101"] == 40
    assert found["people2020", 2020, "00101"] == pytest.approx(40 / 120.5)
    assert atlas.tables.meta["people"].method.in_("en") == "s2019, 2019; s2020, 2020"


@pytest.mark.parametrize("tables", [
    [("a", 2020, "people"), ("b", 2020, "people")],
    [("a", 2019, "people"), ("b", 2020, "People")],
    [("a", 2020, "light_mean")],
])  # fmt: skip
def test_a_code_stands_once_in_a_year(
    example_folder: Path, tables: list[tuple[str, int, str]]
) -> None:
    write_years(example_folder, *tables)
    with pytest.raises(DataError, match="stands more than once"):
        ra.build(ra.read_project(example_folder))


WIDE = """
[indicators.wide]
file = "wide.csv"
source = "s"
delimiter = ";"
decimal = ","
key = ["part", "number"]
key_width = [3, 2]
missing = [":"]
flags = ["b", "u"]
columns = [
  { column = "made_{year}", code = "made", title = "Made", unit = "x" },
  { column = "heads_{year}", code = "heads", title = "Heads", unit = "x" },
]
derived = [
  { code = "made_per_head", title = "", unit = "", numerator = ["made"], denominator = ["heads"] },
]
"""


def with_table(folder: Path, text: str, declared: str = WIDE) -> ra.Atlas:
    (folder / "wide.csv").write_text(text, encoding="utf-8")
    file = folder / "atlas.toml"
    file.write_text(file.read_text(encoding="utf-8") + declared, encoding="utf-8")
    return ra.build(ra.read_project(folder))


def test_columns_of_years_are_one_indicator_of_several_years(example_folder: Path) -> None:
    head = "part;number;made_2019;made_2020;heads_2019;heads_2020\n"
    atlas = with_table(example_folder, head + "1;1;10,5 b;12;5;4\n1;2;: u;8;5;2\n")
    found = atlas.indicators.set_index(["code", "year", "unit_id"]).sort_index()
    assert found.loc[("made", 2019, "00101"), "value"] == 10.5
    assert found.loc[("made_per_head", 2019, "00101"), "value"] == 2.1
    assert found.loc[("made_per_head", 2020, "00101"), "value"] == 3
    assert found.loc[("made_per_head", 2020, "00102"), "value"] == 4
    assert pd.isna(found.loc[("made", 2019, "00102"), "value"])
    flags = found.loc[("made", 2019), "flag"]
    assert flags.fillna("").to_dict() == {"00101": "b", "00102": "u"}
    assert found.loc[("made", 2020), "flag"].isna().all()
    read = next(table for table in atlas.tables.report.tables if table.file == "wide.csv")
    assert (read.delimiter, read.rows, read.columns) == (";", 2, 6)


@pytest.mark.parametrize(
    ("rows", "least", "says"),
    [
        ("9;1;1;1;1;1\n9;2;1;1;1;1\n", 0, "0 of 2 rows matched a unit (line 2: 00901; line 3: "),
        ("1;1;1;1;1;1\n9;2;1;1;1;1\n", 0.95, "1 of 2 rows matched a unit (line 3: 00902)"),
    ],
)  # fmt: skip
def test_a_table_that_finds_too_few_units_is_refused(
    example_folder: Path, rows: str, least: float, says: str
) -> None:
    head = "part;number;made_2019;made_2020;heads_2019;heads_2020\n"
    with pytest.raises(DataError) as caught:
        with_table(example_folder, head + rows, WIDE + f"least_match = {least}\n")
    assert says in str(caught.value)
    assert "wide.csv" in str(caught.value)


def test_whole_numbers_are_written_without_a_point_unless_declared(example_folder: Path) -> None:
    rows = "unit_id,people,rate,firms\n00101,10,1.5,3\n00102,,2.5,4\n"
    (example_folder / "new.csv").write_text(rows)
    file = example_folder / "atlas.toml"
    table = """
[indicators.new]
file = "new.csv"
year = 2020
source = "s"
least_match = 0
columns = [
  { column = "people" },
  { column = "rate", extensive = false, direction = -1 },
  { column = "firms", digits = 1 },
]
"""
    file.write_text(file.read_text(encoding="utf-8") + table, encoding="utf-8")
    meta = ra.build(ra.read_project(example_folder)).tables.meta
    assert {code: meta[code].digits for code in ("people", "rate", "firms")} == {
        "people": 0,
        "rate": 1,
        "firms": 1,
    }
    assert {code: meta[code].direction for code in ("people", "rate")} == {"people": 1, "rate": -1}


@pytest.mark.parametrize("count", [1, 2, 5])
def test_pieces_of_any_order_are_one_table_by_code_year_and_unit(count: int) -> None:
    from regional_atlas.tables.indicators import _one_table

    keys = [("b", 2021), ("a", 2020), ("b", 2019), ("a", 2018), ("c", 2020)][:count]
    pieces = [
        pd.DataFrame({"unit_id": ["u2", "u1"], "code": code, "year": year, "value": [2.0, 1.0]})
        .assign(flag=[None, "p"])
        .astype({"unit_id": "str", "flag": "str"})
        for code, year in keys
    ]
    found = _one_table(iter(pieces), ["c", "b", "a"])
    order = {"c": 0, "b": 1, "a": 2}
    expected = pd.concat(pieces).sort_values(
        ["code", "year", "unit_id"], key=lambda c: c.map(order) if c.name == "code" else c
    )
    pd.testing.assert_frame_equal(found, expected.reset_index(drop=True))
