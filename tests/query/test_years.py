"""Which year the values of an answer are of: said, never left to be guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import regional_atlas as ra
from regional_atlas.query.years import said_years

PROJECT = """
id = "uneven"
title = "Uneven years"

[boundaries]
file = "units.geojson"
key = "id"
source = "made"
name = "name"
parents = [{ id = "state", key = "state" }]

[indicators.old]
file = "old.csv"
source = "made"
columns = [{ column = "gdp_{year}", code = "gdp", unit = "euro" }]

[indicators.new]
file = "new.csv"
source = "made"
columns = [{ column = "people_{year}", code = "people", unit = "persons" }]
"""


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("uneven")
    (folder / "atlas.toml").write_text(PROJECT)
    units = gpd.GeoDataFrame(
        {"id": ["1", "2", "3"], "name": ["One", "Two", "Three"], "state": ["A", "A", "B"]},
        geometry=[shapely.box(x, 50, x + 1, 51) for x in (5, 6, 7)],
        crs="EPSG:4326",
    )
    units.to_file(folder / "units.geojson")
    years = {"old.csv": ("gdp", (2014, 2015)), "new.csv": ("people", (2017, 2018))}
    for name, (code, of) in years.items():
        rows = [{"unit_id": u, **{f"{code}_{y}": y * int(u) ** 2 for y in of}} for u in "123"]
        pd.DataFrame(rows).to_csv(folder / name, index=False)
    return ra.build(ra.read_project(folder))


def folder_of(atlas: Any) -> Path:
    return Path(atlas.project.root)


@pytest.mark.parametrize("asked", [{}, {"level": "state"}], ids=["units", "regions"])
def test_each_field_says_its_year(uneven: Any, asked: dict[str, str]) -> None:
    table = uneven.query(**asked)
    assert table.attrs["years"] == {"gdp": 2015, "people": 2018}
    assert table.attrs["without"] == {}
    assert said_years(table) == ["values: gdp of 2015, people of 2018"]


@pytest.mark.parametrize("asked", [{}, {"level": "state"}], ids=["units", "regions"])
def test_fields_without_the_year_are_named(uneven: Any, asked: dict[str, str]) -> None:
    table = uneven.query(year=2014, **asked)
    assert "people" not in table.columns
    assert table.attrs["years"] == {"gdp": 2014}
    assert table.attrs["without"] == {"people": [2017, 2018]}
    assert said_years(table)[1] == "left out, without a value in that year: people (2017–2018)"


def test_summaries_sort_by_a_field_in_a_year_and_refuse_years_there_are_not(uneven: Any) -> None:
    table = uneven.summarise("state", sort="-gdp@2014")
    assert table["id"].tolist() == ["B", "A"]
    assert table["gdp@2014"].tolist() == [9 * 2014, 5 * 2014]
    assert table["people"].tolist() == [9 * 2018, 5 * 2018]
    with pytest.raises(ra.InputError, match="no indicator has 1999; allowed: 2014, 2015, 2017"):
        uneven.summarise("state", year=1999)
    with pytest.raises(ra.InputError, match="gdp has the years 2014, 2015"):
        uneven.summarise("state", sort="gdp@1999")


def test_an_answer_shows_the_fields_that_decide_it(uneven: Any) -> None:
    table = uneven.query(where="gdp@2014 > 3000", sort="-people@2017")
    assert table.index.tolist() == ["3", "2"]
    assert list(table.columns[-3:]) == ["gdp@2014", "people@2017", "geometry"]
    asked = uneven.query(level="state", where="gdp@2014 > 3000")
    assert asked["gdp@2014"].tolist() == [5 * 2014, 9 * 2014]


def test_the_command_line_shows_values_where_nothing_is_ranked(run: Any, uneven: Any) -> None:
    code, out, err = run("query", folder_of(uneven), "--sort=-gdp", "--format", "csv")
    assert code == 0
    heading, first = out.splitlines()[:2]
    assert heading.split(",")[:3] == ["unit_id", "unit", "state"]
    assert {"gdp", "people"} < {*heading.split(",")}
    assert "rank" not in heading
    assert first.startswith("3,Three")
    assert "values: gdp of 2015, people of 2018" in err


def test_the_command_line_puts_what_decides_first(run: Any, uneven: Any) -> None:
    _, out, err = run("summarise", folder_of(uneven), "--by", "state", "--sort=-gdp@2014")
    assert out.split()[:3] == ["id", "name", "gdp@2014"]
    assert "values: gdp of 2015, people of 2018" in err
    code, out, err = run("query", folder_of(uneven), "--year", 2017, "--columns", "unit,people")
    assert (code, out.split()[:2]) == (0, ["unit", "people"])
    assert "values of 2017" in err
    assert "left out" not in err
