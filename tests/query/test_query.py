"""Questions to the starter project, whose answers can be read off its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from regional_atlas.core.errors import InputError
from regional_atlas.query.answers import query_table
from regional_atlas.query.basis import Basis
from regional_atlas.query.naming import meant
from regional_atlas.query.question import Question
from regional_atlas.query.summary import partial_cells


def names(table: Any) -> list[str]:
    return table["unit"].tolist()


def test_the_first_ranking_in_order(example: Any) -> None:
    table = example.query()
    assert names(table) == ["Birch", "Cedar", "Fir", "Larch"]
    assert table["rank"].tolist() == [1, 2, 3, 4]
    assert table["exclusive"].isna().all()
    assert table.loc["00203", "metro"] == "North Corridor;River Cities"


def test_by_region_of_any_kind(example: Any) -> None:
    north = example.query(metro="North Corridor")
    assert names(north) == ["Birch", "Cedar"]
    assert north["exclusive"].tolist() == [True, True]
    river = example.query(metro="river")
    assert river["exclusive"].tolist() == [False, True]
    assert names(example.query(province="Westmark")) == ["Birch", "Fir"]
    assert names(example.query(region={"unit_type": "city"})) == ["Birch", "Fir"]
    both = example.query(province="Eastmark", metro="River Cities")
    assert names(both) == ["Cedar", "Larch"]
    assert both["exclusive"].tolist() == [False, True]


def test_by_tier_top_and_sort(example: Any) -> None:
    assert names(example.query(tier=2, top=2)) == ["Cedar", "Fir"]
    assert names(example.query(sort="-unit")) == ["Larch", "Fir", "Cedar", "Birch"]
    assert names(example.query(sort="population")) == ["Fir", "Larch", "Cedar", "Birch"]


def test_units_without_a_rank_come_last(example: Any) -> None:
    table = example.query(unranked=True)
    assert len(table) == 12
    assert table["rank"].isna().tolist() == [False] * 4 + [True] * 8


def test_by_place(example: Any, tmp_path: Path) -> None:
    near = example.query(near=(10.75, 49.75), radius=10)
    assert near.set_index("unit")["distance_km"].to_dict() == {"Birch": 0.0}
    area = gpd.GeoDataFrame(geometry=[shapely.box(10.4, 48.4, 11.6, 50.1)], crs="EPSG:4326")
    area.to_crs(3857).to_file(tmp_path / "area.gpkg")
    assert names(example.query(within=tmp_path / "area.gpkg")) == ["Birch", "Cedar", "Fir"]
    assert names(example.query(neighbours_of="Birch", unranked=True)) == ["Cedar", "Fir", "Alder"]
    assert names(example.query(neighbours_of="00102")) == ["Cedar", "Fir"]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"ranking": "x"}, "no ranking 'x'; allowed: industry, vigour"),
        ({"metro": "x"}, "no metro is called 'x'; allowed: North Corridor, River Cities"),
        ({"delta": "x"}, "no kind of region is called 'delta'; allowed: metro, province"),
        ({"region": {"unit_type": "x"}}, "no unit_type is called 'x'; allowed: city, county"),
        ({"sort": "x"}, "sort: no field 'x'; allowed: rank, unit"),
        ({"near": (0, 0)}, "near needs a radius"),
        ({"radius": 5.0}, "a radius needs near"),
        ({"neighbours_of": "x"}, "no unit is called 'x'"),
        ({"within": "nowhere.gpkg"}, "file not found: nowhere.gpkg"),
        ({"near": (0, 91), "radius": 1}, "longitude lies within ±180 and latitude within ±90"),
        ({"near": (0, 0), "radius": -1}, "radius: expected km from 0, found -1"),
        ({"near": (0, 0), "radius": float("inf")}, "radius: expected km from 0, found inf"),
        ({"tier": 3}, "no tier 3; allowed: 1, 2"),
    ],
)
def test_wrong_questions_say_what_is_allowed(
    example: Any, question: dict[str, Any], says: str
) -> None:
    with pytest.raises(InputError) as caught:
        example.query(**question)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("called", "full"),
    [("north", "North Corridor"), ("RIVER CITIES", "River Cities"), ("Rivér", "River Cities")],
)
def test_regions_are_found_without_ending_case_and_accents(
    example: Any, called: str, full: str
) -> None:
    found, expected = (example.query(metro=name, unranked=True) for name in (called, full))
    assert len(found)
    assert names(found) == names(expected)


def test_several_regions_of_a_kind_are_any_and_kinds_combine(run: Any, example: Any) -> None:
    one, other = (example.query(metro=name, unranked=True) for name in ("north", "river"))
    both = example.query(metro=["north", "river"], unranked=True)
    assert {*names(both)} == {*names(one), *names(other)}
    assert not both.index.has_duplicates
    assert len(both) > max(len(one), len(other))
    combined = example.query(metro=["north", "river"], province="Westmark", unranked=True)
    assert {*names(combined)} == {
        name
        for name, province in zip(both["unit"], both["province"], strict=True)
        if province == "Westmark"
    }
    options = ["--metro", "north", "--region", "metro=river", "--unranked", "--format", "csv"]
    code, out, err = run("query", example.project.root, *options)
    assert code == 0, err
    assert len(out.splitlines()) == len(both) + 1


@pytest.mark.parametrize(
    ("called", "says"),
    [
        ("Nort Town", "no metro is called 'Nort Town'; did you mean North Town? allowed: "),
        ("river", "'river' may be any of 2; give one in full: River Cities (a), River Bend (b)"),
        ("岭", "no metro is called '岭'; allowed: River Cities, River Bend, North Town"),
        ("", "no metro is called ''; allowed: "),
    ],
)
def test_names_that_are_not_meant_say_what_is_near(called: str, says: str) -> None:
    forms = pd.DataFrame({"name": ["River Cities", "River Bend", "North Town"]}, ["a", "b", "c"])
    with pytest.raises(InputError) as caught:
        meant(called, forms, "metro")
    assert str(caught.value).startswith(says)


def test_a_name_in_full_comes_before_the_beginning_of_another() -> None:
    forms = pd.DataFrame({"name": ["York", "York Valley", "昆山市"], "en": [None, "y", "Kunshan"]})
    assert meant("York", forms, "unit") == [0]
    assert meant("york", forms, "unit") == [0]
    assert meant("昆山", forms, "unit") == meant("kunshan", forms, "unit") == [2]


def test_everything_wrong_with_a_question_is_named_at_once(example: Any) -> None:
    with pytest.raises(InputError) as caught:
        example.query(
            ranking="a", metro="b", delta="c", neighbours_of="d", radius=-1, within="e.gpkg"
        )
    assert [problem.split(";")[0] for problem in caught.value.problems] == [
        "a radius needs near: longitude,latitude or the name of a place",
        "radius: expected km from 0, found -1",
        "no ranking 'a'",
        "no metro is called 'b'",
        "no kind of region is called 'delta'",
        "no unit is called 'd'",
        "within: file not found: e.gpkg",
    ]
    with pytest.raises(InputError, match="2 problems"):
        example.query(tier=9, sort="x")


def test_a_ranking_without_tiers_says_so(example: Any, with_tables: Any) -> None:
    untiered = example.tables.rankings.assign(tier=pd.NA)
    tables = with_tables(example.tables, rankings=untiered)
    with pytest.raises(InputError, match="no tier 1; allowed: the ranking has none"):
        query_table(Basis(example.project, tables), Question(tier=1))


def test_roll_up_by_metro(example: Any) -> None:
    table = example.summarise("metro").set_index("id")
    assert table["count"].to_dict() == {"north": 2, "river": 1}
    assert table["count_all"].to_dict() == {"north": 2, "river": 2}
    assert table.loc["north", "population"] == pytest.approx(120.5 + 480 + 350.2)


def test_roll_up_by_parent_and_type(example: Any) -> None:
    assert example.summarise("province")["name"].tolist() == ["Westmark", "Eastmark"]
    table = example.summarise("unit_type", ranking="vigour").set_index("name")
    assert table["count"].sum() == 11
    with pytest.raises(
        InputError, match="no kind of region is called 'x'; allowed: metro, province, unit_type"
    ):
        example.summarise("x")


def test_roll_ups_are_those_of_region_values(example: Any) -> None:
    values = example.region_values
    assert set(values["kind"]) == {"province", "metro"}
    last = values.groupby("code")["year"].transform("max").fillna(0)
    latest = values[values["year"].fillna(0) == last]
    wide = latest.pivot(index="region_id", columns="code", values="value")
    for by in ("province", "metro"):
        table = example.summarise(by).set_index("id")
        fields = [name for name in table.columns if name in wide.columns]
        assert {"area_km2", "population", "light_mean", "light_growth"} <= set(fields)
        pd.testing.assert_frame_equal(
            table[fields], wide.loc[table.index, fields], check_names=False, check_exact=True
        )
        assert list(table.columns[-2:]) == ["partial", "data_members"]


def test_a_summary_says_which_values_are_partial(example: Any) -> None:
    table = example.summarise("province").set_index("id")
    # A county of 02 lacks an output, and the lights cover only a part of it.
    lights = ["light_sum", "light_mean", "light_lit_share", "light_density", "light_growth"]
    assert table.at["02", "partial"].split(";") == [lights[0], "output", *lights[1:]]
    assert table.at["02", "data_members"].split(";") == ["6/6", "5/6", *["6/6"] * 4]
    assert table.loc["01", ["partial", "data_members"]].isna().all()
    marks = partial_cells(table)
    assert set(marks.columns) == {"output", *lights}
    assert marks.loc["02"].all()
    assert not marks.loc["01"].any()
    whole = example.summarise("unit_type").set_index("id").loc[["city"]]
    assert partial_cells(whole).empty or not partial_cells(whole).any(axis=None)
