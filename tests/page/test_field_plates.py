"""Plates of fields: change, two fields, categories, many years, classes around a middle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from regional_atlas.core.errors import ConfigError
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.classes import classify
from regional_atlas.page.format import plain

from .conftest import BOTH, UNITS, _meta, write_project

PLATES = """
[[plates]]
id = "grew"
kind = "change"
field = "light_sum"
since = 2019
until = 2021
scheme = "equal_interval"
k = 4
palette = "RdBu"
[[plates]]
id = "relative"
kind = "change"
field = "light_mean"
relative = true
k = 2
palette = "vik"
[[plates]]
id = "two"
kind = "bivariate"
fields = ["population", "light_sum"]
[[plates]]
id = "named"
kind = "categories"
field = "cluster"
categories = [
  { value = 0, title = { zh = "无", en = "none" } },
  { value = 1, title = { zh = "热", en = "hot" }, color = "#b2182b" },
]
[[plates]]
id = "hot"
kind = "hotspots"
field = "cluster"
[[plates]]
id = "small"
kind = "multiples"
field = "light_sum"
years = [2021, 2019]
k = 3
[[plates]]
id = "around"
kind = "choropleth"
field = "population"
middle = 3500
scheme = "equal_interval"
k = 4
palette = "BrBG"
"""


@pytest.fixture
def spec(tmp_path, tables, topology):
    rows = [(unit, "cluster", 2020, [0, 1][i < 3], None) for i, unit in enumerate(UNITS[:8])]
    more = pd.DataFrame(rows, columns=tables.indicators.columns)
    more = pd.concat([tables.indicators, more], ignore_index=True)
    meta = tables.meta | {"cluster": _meta("cluster", "聚类", "Cluster", "")}
    tables = replace(tables, indicators=more, meta=meta)
    project = write_project(tmp_path, PLATES)
    shapes = unit_shapes(topology, UNITS)
    return plain(build_spec(project, tables, build_store(project, tables, shapes), shapes), BOTH)


@pytest.fixture
def plates(spec):
    return {plate["id"]: plate for plate in spec["plates"]}


def test_a_change_is_classed_around_nought(plates):
    plate = plates["grew"]
    assert (plate["since"], plate["until"], plate["middle"], plate["relative"]) == (
        2019,
        2021,
        0,
        False,
    )
    # Sums are 100 i times 0.5 and 1.5: changes run from 0 to 800.
    assert plate["classes"]["breaks"] == [-400, 0, 400, 800]
    assert plate["classes"]["counts"] == [0, 1, 4, 4]
    assert plate["finding"]["en"] == (
        "From 2019 to 2021, sum of lights rose in 8 of 9 squares (88.9%); "
        "I (North) gained most (+800.0 nW)."
    )


def test_a_relative_change_needs_something_to_start_from(plates):
    # Unit 00 has no value in 2019; all others triple.
    assert plates["relative"]["classes"]["counts"] == [0, 8]
    assert plates["relative"]["finding"]["zh"].startswith("2019–2021 年，8 个方格中有 8 个（100%）")


def test_two_fields_cross(plates):
    plate = plates["two"]
    assert plate["years"] == [None, 2021]
    assert [len(one["breaks"]) for one in plate["classes"]] == [3, 3]
    assert len(plate["colors"]) == len(plate["colors_dark"]) == 9
    assert plate["colors"][0] == "#e8e8e8"
    assert plate["colors"][8] == "#3b4994"
    assert plate["finding"]["en"] == (
        "2 of 8 squares are in the highest class of both population and sum of lights."
    )


def test_categories_hold_their_value_exactly(plates):
    named, hot = plates["named"]["classes"], plates["hot"]["classes"]
    assert (named["breaks"], named["counts"]) == ([0, 1], [5, 3])
    assert named["colors"] == ["#e69f00", "#b2182b"]
    assert (plates["hot"]["kind"], plates["hot"]["codes"]) == ("hotspots", None)
    assert [label["en"] for label in hot["labels"]][1] == "high among high (hot spot)"
    assert hot["counts"] == [5, 3, 0, 0, 0]
    assert plates["named"]["finding"]["en"] == "Of 8 squares: none 5, hot 3."


def test_multiples_share_their_classes(plates):
    plate = plates["small"]
    assert (plate["kind"], plate["field"]) == ("multiples", "light_sum")
    assert plate["years"] == [2019, 2021]
    assert [classes["breaks"][-1] for classes in plate["classes"]] == [1200]
    assert "2019–2021" in plate["finding"]["zh"]


def test_a_choropleth_may_have_a_middle(plates):
    plate = plates["around"]
    assert plate["middle"] == 3500
    assert plate["classes"]["breaks"] == [1750, 3500, 5250, 7000]
    assert plate["classes"]["colors"][0] == "#a6611a"
    assert plate["finding"]["en"].endswith("4 squares (50%) lie below 3,500.")


@pytest.mark.parametrize(
    ("plate", "message"),
    [
        ('kind = "change"\nfield = "population"', "has one year only"),
        ('kind = "change"\nfield = "light_sum"\nsince = 2021', "`since` must lie before `until`"),
        ('kind = "multiples"\nfield = "light_sum"\nyears = [1900]', "has no year 1900"),
        ('kind = "bivariate"\nfields = ["population", "nope"]', "no field 'nope'; allowed: "),
        (
            'kind = "categories"\nfield = "population"',
            "categories: is missing; kind 'categories' needs it",
        ),
        ('kind = "bivariate"\nfields = ["a", "b"]\nk = 4', "at most k = 3"),
        (
            'kind = "categories"\nfield = "a"\ncategories = [{value = 1, title = "x"},'
            ' {value = 1, title = "y"}]',
            "without repeats",
        ),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, tables, topology, plate, message):
    shapes = unit_shapes(topology, UNITS)

    def spec_of_one():
        project = write_project(tmp_path, f'[[plates]]\nid = "x"\n{plate}')
        build_spec(project, tables, build_store(project, tables, shapes), shapes)

    with pytest.raises(ConfigError, match=message):
        spec_of_one()


def test_classes_around_a_middle_are_the_same_on_both_sides():
    values = np.array([-3.0, -1.0, 0.5, 2.0, 9.0])

    def breaks(k: int) -> list[float]:
        found = classify(
            values, values, scheme="equal_interval", k=k, palette_name="RdBu", middle=0.0
        )
        assert sum(found.counts) == 5
        return found.breaks

    assert breaks(6) == pytest.approx([-6, -3, 0, 3, 6, 9])
    assert breaks(5) == pytest.approx([-6, -3, 3, 6, 9])
    low = classify(
        -values, -values, scheme="manual", k=4, palette_name="RdBu", manual=[1, 4], middle=0.0
    )
    assert low.breaks == [-4, -1, 0, 1, 4, 9]
    assert "around 0" in low.scheme_title.in_("en")


def test_head_and_tail_break_at_means():
    values = np.array([1.0, 1.0, 1.0, 1.0, 6.0, 20.0])
    found = classify(values, values, scheme="head_tail", k=3, palette_name="Blues")
    assert found.breaks == [5, 13, 20]
    assert found.counts == [4, 1, 1]
    flat = classify(np.ones(3), np.ones(3), scheme="head_tail", k=3, palette_name="Blues")
    assert flat.breaks == [1]
