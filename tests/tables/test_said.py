"""What a build takes as it is and says: years that are lent, totals left out, marks, slips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import DataError, InputError

IDS = ["00101", "00102", "00203", "00204"]


@pytest.fixture
def project(example_folder: Path) -> Any:
    """The starter with further lines in `atlas.toml` and a table `new.csv`."""

    def project(lines: str, **tables: str) -> Any:
        for name, text in tables.items():
            (example_folder / f"{name}.csv").write_text(text, encoding="utf-8")
        file = example_folder / "atlas.toml"
        file.write_text(file.read_text(encoding="utf-8") + lines, encoding="utf-8")
        return ra.read_project(example_folder)

    return project


def table(name: str, rest: str) -> str:
    return f'\n[indicators.{name}]\nfile = "{name}.csv"\nsource = "s"\nleast_match = 0\n{rest}\n'


def notes(atlas: Any, file: str) -> list[str]:
    (reading,) = (each for each in atlas.tables.report.tables if each.file == file)
    return list(reading.notes)


def test_parts_of_another_year_are_said(project: Any) -> None:
    wide = "unit_id,v_2010,v_2018,v_2020\n" + "".join(f"{unit},10,10,10\n" for unit in IDS)
    heads = "unit_id,pop_2015,pop_2021\n" + "".join(f"{unit},10,20\n" for unit in IDS)
    lines = table(
        "a",
        'columns = [{ column = "v_{year}", code = "v" }]\n'
        'derived = [{ code = "pc", numerator = ["v"], denominator = ["pop"] }]',
    ) + table("b", 'columns = [{ column = "pop_{year}", code = "pop" }]')
    atlas = ra.build(project(lines, a=wide, b=heads))
    said = "pc is made with pop of 2015 for 2010, 2018, of 2021 for 2020: the nearest year there is"
    assert said in notes(atlas, "a.csv")
    assert not any("made with" in note for note in notes(atlas, "indicators.csv"))


def test_totals_that_are_left_out_are_counted(project: Any) -> None:
    rows = "unit_id,name,v\n" + "".join(f"{unit},x,1\n" for unit in IDS) + "00,All,4\n"
    lines = table(
        "a", 'year = 2020\ntotals = [{ column = "name", equals = ["All"] }]\n'
        'columns = [{ column = "v" }]',
    )  # fmt: skip
    atlas = ra.build(project(lines, a=rows))
    (join,) = (join for join in atlas.tables.report.joins if join.name == "a")
    assert join.said().startswith("4 of 4 rows matched a unit; 1 more left out as totals")


def test_years_with_a_mark_behind_them_are_named(project: Any) -> None:
    rows = "unit_id,v_2019p,v_2020,v_2021 (p),v_2020 growth\n00101,1,2,3,4\n"
    lines = table("a", 'columns = [{ column = "v_{year}", code = "v" }]')
    (said,) = notes(ra.build(project(lines, a=rows)), "a.csv")
    assert "v_2019p; v_2021 (p)" in said
    assert "growth" not in said


def test_a_digit_is_a_flag_only_behind_a_blank(project: Any) -> None:
    rows = "unit_id,v\n00101,12 1\n00102,131\n00203,1\n00204,21.1\n"
    lines = table("a", 'year = 2020\nflags = ["1"]\ncolumns = [{ column = "v" }]')
    found = ra.build(project(lines, a=rows)).indicators
    found = found[found["code"] == "v"].set_index("unit_id")
    assert found["value"][IDS].tolist() == [12, 131, 1, 21.1]
    assert found["flag"][IDS].fillna("").tolist() == ["1", "", "", ""]


def test_numbers_without_a_per_cent_sign_among_others_are_counted(project: Any) -> None:
    rows = "unit_id,v\n00101,1.5%\n00102,0.5\n00203,2.5%\n00204,\n"
    lines = table("a", 'year = 2020\npercent = true\ncolumns = [{ column = "v" }]')
    assert notes(ra.build(project(lines, a=rows)), "a.csv") == [
        "column 'v': 2 of 3 numbers are shown in per cent; the others are read as they stand"
    ]


def test_a_code_and_a_name_of_two_units_are_refused(project: Any) -> None:
    rows = "unit_id,unit,v\n00101,Birch,1\n00102,Birch,2\n00203,Cedar County,3\n"
    lines = table("a", 'year = 2020\ncolumns = [{ column = "v" }]')
    with pytest.raises(DataError, match="00101 is Alder, but Birch is 00102") as raised:
        ra.build(project(lines, a=rows))
    assert "Cedar" not in str(raised.value)


def test_members_whose_code_and_name_differ_are_refused(example_folder: Path) -> None:
    file = example_folder / "region_members.csv"
    rows = pd.read_csv(file, dtype="str")
    rows["unit_id"] = None
    rows.loc[0, ["unit", "unit_id"]] = ["Alder", "00102"]
    rows.to_csv(file, index=False)
    with pytest.raises(InputError, match="00102 is Birch, but Alder is 00101"):
        ra.build(ra.read_project(example_folder))


def test_region_ids_that_are_one_number_are_refused(example_folder: Path) -> None:
    rows = "unit_id,cb,name\n00101,100.0,A\n00102,100,A\n00203,200,B\n"
    (example_folder / "d.csv").write_text(rows)
    lines = (
        '\n[[regions.kinds]]\nid = "cbsa"\n[regions.kinds.table]\nfile = "d.csv"\n'
        'region_id = "cb"\nleast_match = 0\n'
    )
    file = example_folder / "atlas.toml"
    file.write_text(file.read_text(encoding="utf-8") + lines, encoding="utf-8")
    with pytest.raises(InputError, match=r"'100' and '100.0' of kind 'cbsa'"):
        ra.build(ra.read_project(example_folder))


def test_regions_by_list_and_by_level_without_further_columns(example_folder: Path) -> None:
    (example_folder / "regions.csv").write_text(
        "region_id,name,kind,precedence\nnorth,North Corridor,metro,1\nriver,River Cities,metro,2\n"
    )
    file = example_folder / "atlas.toml"
    lines = '\n[[regions.kinds]]\nid = "bank"\nof = "province"\n'
    file.write_text(file.read_text(encoding="utf-8") + lines, encoding="utf-8")
    regions = ra.build(ra.read_project(example_folder)).tables.region_table
    assert set(regions["kind"]) == {"metro", "bank"}
    assert regions["name_en"].isna().all()


@pytest.mark.parametrize(
    ("column", "slip"),
    [
        ('{ column = "v", title = "Median income" }', True),
        ('{ column = "v", unit = "%" }', True),
        ('{ column = "v", title = { zh = "失业率", en = "Jobless" } }', True),
        ('{ column = "v", title = "Median income", extensive = true }', False),
        ('{ column = "v", title = "Births registered" }', False),
    ],
)
def test_means_that_are_added_up_are_asked_about(project: Any, column: str, slip: bool) -> None:
    read = project(table("a", f"year = 2020\ncolumns = [{column}]"), a="unit_id,v\n00101,1\n")
    assert any("adds up over the units" in note for note in read.notes) is slip


def test_settings_on_the_command_line_are_plain_text(run: Any, example_folder: Path) -> None:
    for setting in ("map.projection=EPSG:32632", "boundaries.crs=EPSG:4326"):
        code, out, err = run("check", example_folder, "--set", setting)
        assert code == 0, err
        assert "no problem found" in out
