"""Plates that open with charts, and plates of published figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from regional_atlas.config.tables import TableSource
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.core.schema import FIGURE_COLUMNS
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.format import plain
from regional_atlas.sources.figures import read_figures

from .conftest import BOTH, UNITS, write_project

TABLE = """figure,series,series_en,unit,unit_en,key,key_en,sign,value
shares,占比,Share,%,%,人口,People,<,6
shares,占比,Share,%,%,利润,Profits,,16
years,2021,2021,个,towns,北,,,3
years,2021,2021,个,towns,Southshire,,,1
metros,,,,,Ring One,,,5
metros,,,,,elsewhere,,,9
"""

PLATES = """
[[plates]]
id = "shares"
kind = "figure"
figure = "shares"
chart = "bar"
ranking = "best"
[[plates]]
id = "years"
kind = "figure"
figure = "years"
chart = "stacked"
level = "province"
ranking = "best"
counted = "2022"
[[plates]]
id = "metros"
kind = "figure"
figure = "metros"
region_kind = "metro"
beside = ["elsewhere"]
[[plates]]
id = "counts"
kind = "coverage"
ranking = "best"
level = "province"
measure = "count"
chart = "bar"
scheme = "manual"
breaks = [1, 4]
[[plates]]
id = "tree"
kind = "ranking"
ranking = "best"
chart = "treemap"
[[plates]]
id = "strip"
kind = "ranking"
ranking = "best"
chart = "strip"
[[plates]]
id = "sizes"
kind = "clusters"
set = "works"
chart = "bubble"
"""


def make_spec(folder: Path, tables, topology, plates=PLATES, table=TABLE):
    file = folder / "figures.csv"
    file.write_text(table, encoding="utf-8")
    project = write_project(folder, plates)
    tables = replace(tables, figures=read_figures(TableSource.model_construct(file=file)))
    shapes = unit_shapes(topology, UNITS)
    return plain(build_spec(project, tables, build_store(project, tables, shapes), shapes), BOTH)


@pytest.fixture
def plates(tmp_path, tables, topology):
    spec = make_spec(tmp_path, tables, topology)
    return {plate["id"]: plate for plate in spec["plates"]}


def test_a_figure_without_places(plates):
    plate = plates["shares"]
    assert plate["chart"] == "bar"
    assert (plate["scope"], plate["classes"], plate["ranking"]) == (None, None, "best")
    assert plate["rows"][0] == {
        "title": {"zh": "人口", "en": "People"},
        "area": None,
        "values": [6],
        "signs": ["<"],
    }
    assert plate["finding"]["en"] == "Share: highest for profits (16%) and lowest for people (<6%)."
    assert plate["finding"]["zh"] == "占比以利润最高（16%），人口最低（<6%）。"


def test_the_ranking_is_counted_beside_the_figure(plates):
    # All four ranked units lie in the south, which has index 1.
    plate = plates["years"]
    assert [row["area"] for row in plate["rows"]] == [0, 1]
    assert [row["values"] for row in plate["rows"]] == [[3, 0], [1, 4]]
    assert plate["shown"] == 1
    assert plate["classes"]["counts"] == [1, 1]
    assert plate["finding"]["en"] == (
        "In 2022, South holds 4 towns (100%); since 2021: South +3 and North −3."
    )


def test_what_stands_beside_the_regions_leads_nothing(plates):
    plate = plates["metros"]
    assert [row["area"] for row in plate["rows"]] == [0, None]
    assert plate["classes"]["breaks"] == [5]
    assert plate["finding"] == {"zh": "", "en": ""}


def test_parents_coloured_by_a_count(plates):
    plate = plates["counts"]
    assert [row["count"] for row in plate["rows"]] == [0, 4]
    assert [label["en"] for label in plate["classes"]["labels"]] == ["≤ 1", "4"]
    assert plate["finding"]["en"].startswith("Of the 4 places, all are in South")


def test_findings_follow_the_chart(plates):
    assert plates["tree"]["finding"]["en"] == (
        "Among halfs, all holds most: 4 of 4; among provinces, South holds most: 4 of 4."
    )
    assert plates["strip"]["finding"]["en"] == (
        "1 of 2 provinces has a unit in the ranking; South has most (4), from rank 1 to 4."
    )
    assert plates["sizes"]["finding"]["en"] == (
        "The largest is Mill, A (South) (5 m); South has 1 of the 1, more than any other province."
    )


@pytest.mark.parametrize(
    ("plate", "message"),
    [
        ('kind = "figure"\nfigure = "nope"', "no figure 'nope'; allowed: shares, years, metros"),
        ('kind = "figure"\nfigure = "years"\nlevel = "nope"', "no such level 'nope'"),
        ('kind = "figure"\nfigure = "metros"\nregion_kind = "metro"', "'elsewhere' is no metro"),
        ('kind = "figure"', r"plates\[0\].figure: is missing; kind 'figure' needs it"),
        (
            'kind = "ranking"\nranking = "best"\nchart = "lorenz"',
            "chart: Input should be 'bar', 'treemap' or 'strip', found 'lorenz'",
        ),
        ('kind = "figure"\nfigure = "shares"\ncounted = "x"', "`counted` needs `ranking`"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, tables, topology, plate, message):
    with pytest.raises(ConfigError, match=message):
        make_spec(tmp_path, tables, topology, f'[[plates]]\nid = "x"\n{plate}')


def test_values_are_written_in_the_unit_of_each_language(tmp_path, tables, topology):
    table = (
        "figure,series,unit,unit_en,scale_en,key,sign,value\n"
        "sums,2021,亿元,bn yuan,0.1,北,,301\nsums,2021,亿元,bn yuan,0.1,Southshire,,99\n"
        "sums,2022,亿元,bn yuan,0.1,北,<,280\nsums,2022,亿元,bn yuan,0.1,Southshire,,120\n"
    )
    plate = '[[plates]]\nid = "p"\nkind = "figure"\nfigure = "sums"\nlevel = "province"\n'
    found = {}
    for chart in ("bar", "stacked"):
        spec = make_spec(tmp_path, tables, topology, f'{plate}chart = "{chart}"', table)
        found[chart] = spec["plates"][0]
    unit = {"name": {"zh": "亿元", "en": "bn yuan"}, "power": {"zh": 0, "en": -1}}
    assert found["bar"]["series"][1]["unit"] == unit
    assert found["bar"]["classes"]["labels"] is None
    assert (
        "highest in North (30.1 bn yuan) and lowest in South (9.9" in found["bar"]["finding"]["en"]
    )
    assert "以北最高（301 亿元），南最低（99 亿元）" in found["bar"]["finding"]["zh"]
    assert found["stacked"]["finding"]["en"] == (
        "In 2022, North holds 28 bn yuan (70%); since 2021: South +2.1 and North −2.1."
    )
    assert "南 +21、北 −21" in found["stacked"]["finding"]["zh"]


def test_every_problem_of_a_table_is_named(tmp_path):
    file = tmp_path / "figures.csv"
    file.write_text(
        "figure,key,scale_en,sign,value\n1,a,,,x\n1,b,2,~,2\n,c,ten,,3\n1,b,,,4\n", encoding="utf-8"
    )
    with pytest.raises(DataError) as raised:
        read_figures(TableSource.model_construct(file=file))
    for part in ("line 2", "'x'", "line 3: sign '~'; allowed: < > ≈", "line 4: figure is empty",
                 "line 3, column 'scale_en': must be a power of ten (0.1, 1000), found 2",
                 "line 4, column 'scale_en': 'ten' is not a number",
                 "line 5: figure '1' has 'b' more than once"):  # fmt: skip
        assert part in str(raised.value)


def test_columns_that_a_table_has_not_are_missing(tmp_path):
    file = tmp_path / "figures.csv"
    file.write_text("figure,key,value\n1,a,2.5\n", encoding="utf-8")
    table = read_figures(TableSource.model_construct(file=file))
    assert list(table.columns) == FIGURE_COLUMNS
    assert table["value"].tolist() == [2.5]
    assert pd.isna(table["sign"]).all()
