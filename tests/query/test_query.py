"""Questions to the starter project, whose answers can be read off its tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from rich.cells import cell_len

import regional_atlas as ra
from regional_atlas import cli
from regional_atlas.cli.show import as_markdown, as_text
from regional_atlas.core.conditions import Condition
from regional_atlas.core.errors import InputError
from regional_atlas.query.answers import query_table
from regional_atlas.query.basis import Basis
from regional_atlas.query.naming import meant
from regional_atlas.query.places import in_box, inside
from regional_atlas.query.question import Question
from regional_atlas.query.regions import query_regions
from regional_atlas.query.summary import partial_cells
from regional_atlas.zonal.antimeridian import within_a_turn


def wrapped(polygons: Any) -> Any:
    """Bring polygons to longitudes within ±180, in two parts where they cross."""
    return within_a_turn(np.asarray(polygons, dtype=object))[0]


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


def test_a_field_in_a_year_says_which_values_are_partial(example: Any) -> None:
    table = example.query(level="province", columns=["output@2022", "population@2022"])
    assert table.at["02", "partial"].split(";")[-1] == "output@2022"
    assert table.at["02", "data_members"].split(";")[-1] == "5/6"
    assert table.loc["01", ["partial", "data_members"]].isna().all()
    assert partial_cells(table).loc["02", "output@2022"]
    by_year, plain = (
        example.query(level="province", sort=sort) for sort in ("-output@2022", "-output")
    )
    assert list(by_year.index) == list(plain.index) == ["01"]
    assert by_year.attrs["left_out"] == plain.attrs["left_out"] == {"partial": 1, "missing": 0}


class TestConditions:
    """`where`: fields of every kind, on the starter."""

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ("unit = 'Birch' or rank = 4", ["Birch", "Larch"]),
            ("rank <= 2 and not unit starts 'B'", ["Cedar"]),
            ("vigour > 0 and vigour.rank <= 3 and ranked", ["Birch", "Cedar", "Fir"]),
            ("rank >= vigour.rank", ["Birch", "Cedar", "Fir", "Larch"]),
            ("metro = 'river'", ["Cedar", "Larch"]),
            ("metro = 'NORTH corridor' and metro = 'River Cities'", ["Cedar"]),
            ("metro is missing", ["Fir"]),
            ("unit = 'birch' or unit in ['FIR', 'cedar']", ["Birch", "Cedar", "Fir"]),
            ("（rank ＜ 3）and unit = “Birch”", ["Birch"]),
            ("metro not in ['River Cities'] and province = 'Westmark'", ["Birch", "Fir"]),
            ("`unit_type` = 'city'", ["Birch", "Fir"]),
            ("unit_id ends '2'", ["Birch", "Larch"]),
            ("province contains 'mark' and rank != 1", ["Cedar", "Fir", "Larch"]),
            ("population@2022 = population", ["Birch", "Cedar", "Fir", "Larch"]),
        ],
    )
    def test_hold_for(self, example: Any, where: str, expected: list[str]) -> None:
        assert names(example.query(where=where)) == expected

    def test_an_indicator_may_be_called_as_a_column(self, example: Any, with_tables: Any) -> None:
        """Its field is `indicator.CODE`; the column stays what it is."""
        codes = {"population": "rank", "output": "count"}
        tables = with_tables(
            example.tables,
            indicators=example.tables.indicators.replace({"code": codes}),
            meta={codes.get(code, code): meta for code, meta in example.tables.meta.items()},
            region_values=example.tables.region_values.replace({"code": codes}),
        )
        basis = Basis(example.project, tables)
        found = query_table(basis, Question(where="indicator.rank > 300"))
        assert found["rank"].tolist() == sorted(found["rank"])
        assert (found["indicator.rank"] > 300).all()
        regions = query_regions(basis, "metro", Question(sort="-indicator.count"))
        expected = example.query(level="metro", sort="-output")
        assert regions["indicator.count"].tolist() == expected["output"].tolist()
        assert regions["count"].tolist() == expected["count"].tolist()

    def test_a_condition_that_names_ranked_asks_of_all(self, example: Any) -> None:
        found = example.query(where="not ranked")
        assert len(found) == 8
        assert found["rank"].isna().all()
        assert names(example.query(where="ranked")) == names(example.query())

    @pytest.mark.parametrize(
        ("where", "says"),
        [
            ("rank <", "where: 'rank <': character 7: expected a value after '<'"),
            ("rank < 3 3", "'rank < 3 3': character 10: did not expect '3'"),
            ("(rank < 3", "'(rank < 3': character 10: expected ')', found 'the end'"),
            ("rank & 3", "'rank & 3': character 6: cannot be read from '& 3' on"),
            ("rnak < 3", "where: no field 'rnak'; did you mean rank"),
            ("population@1900 > 1", "no field 'population@1900'; population has the years 20"),
            (
                "metro = 'Nort Corridor'",
                "no metro is called 'Nort Corridor'; did you mean North Corridor?",
            ),
            ("unit < 3", "field 'unit' holds text; compare it with text between quotes"),
            ("unit", "expected a comparison after 'unit', found 'the end'"),
            ("rank < '3'", "character 8: expected a number after '<', found '3'"),
            ("__import__('os')", "character 11: expected a comparison after '__import__'"),
            ("(" * 60 + "rank < 3" + ")" * 60, "nested more than 50 deep"),
        ],
    )
    def test_that_are_wrong_say_where(self, example: Any, where: str, says: str) -> None:
        with pytest.raises(InputError) as caught:
            example.query(where=where)
        assert says in str(caught.value)

    def test_may_be_long(self, example: Any) -> None:
        where = " or ".join(f"rank = {rank}" for rank in range(3000))
        assert len(example.query(where=where)) == 4

    def test_tables_name_no_field_on_the_right(self) -> None:
        with pytest.raises(InputError, match="expected a value after '='; text stands between"):
            Condition("State = AL")


class TestGroups:
    """`per` and `rank_within`: a unit of two regions counts in both."""

    def test_the_first_of_each(self, example: Any) -> None:
        table = example.query(per="metro", top=1)
        assert list(zip(table["metro"], table["unit"], strict=True)) == [
            ("North Corridor", "Birch"),
            ("River Cities", "Cedar"),
        ]
        every = example.query(per="metro")
        assert names(every) == ["Birch", "Cedar", "Cedar", "Larch"]
        assert every["rank_within"].tolist() == [1, 2, 1, 2]

    def test_ranks_count_every_ranked_unit_of_the_area(self, example: Any) -> None:
        table = example.query(rank_within="province", where="rank > 1")
        found = dict(zip(table["unit"], table["rank_within"], strict=True))
        assert found == {"Cedar": 1, "Fir": 2, "Larch": 2}
        assert len(example.query(rank_within="metro", unranked=True)) >= 12

    def test_columns_are_those_asked_for(self, example: Any) -> None:
        for columns in ("unit,vigour.rank", ["unit", "vigour.rank", "geometry"]):
            table = example.query(columns=columns, geometry=False)
            assert list(table.columns) == ["unit", "vigour.rank"]
        assert list(example.query(columns="unit").columns) == ["unit", "geometry"]

    def test_only_the_regions_asked_for(self, example: Any) -> None:
        table = example.query(metro="river", per="metro")
        assert set(table["metro"]) == {"River Cities"}


class TestPlaces:
    """Boxes, polygons, places by name, neighbours of neighbours."""

    def test_polygons_of_any_form(self, example: Any, tmp_path: Path) -> None:
        area = shapely.box(10.4, 48.4, 11.6, 50.1)
        frame = gpd.GeoDataFrame(geometry=[area], crs="EPSG:4326")
        frame.to_file(tmp_path / "area.gpkg")
        geojson = frame.to_json()
        forms = [
            area, area.wkt, frame, frame.to_crs(3857), frame.geometry, geojson,
            shapely.to_geojson(area), tmp_path / "area.gpkg", str(tmp_path / "area.gpkg"),
        ]  # fmt: skip
        for form in forms:
            assert names(example.query(within=form)) == ["Birch", "Cedar", "Fir"]
        bounds = example.query(bbox=area.bounds)
        assert names(bounds) == ["Birch", "Cedar", "Fir"]
        assert names(example.query(bbox=(170, -90, 12, 90))) == names(
            example.query(bbox=(-180, -90, 12, 90))
        )

    @pytest.mark.parametrize(
        ("question", "says"),
        [
            ({"within": "POLYGON (("}, "within: cannot be read as WKT"),
            ({"within": '{"type": 3}'}, "within: cannot be read as GeoJSON"),
            ({"within": shapely.Point(0, 0)}, "within: expected polygons, found Point"),
            ({"within": "POINT (10 49)"}, "within: expected polygons, found Point"),
            ({"within": 3}, "within: expected a path, a GeoDataFrame"),
            ({"bbox": (1, 5, 2, 4)}, "bbox: expected west, south, east, north"),
            ({"bbox": (1, 2, 3)}, "bbox: expected (west, south, east, north), found (1, 2, 3)"),
            ({"near": "Nowhere", "radius": 5}, "no unit is called 'Nowhere'"),
            ({"near": "province=Nowhere", "radius": 5}, "no province is called 'Nowhere'"),
            ({"near": (1, 2, 3), "radius": 5}, "near: expected (longitude, latitude)"),
            ({"top": -1}, "top: expected a whole number from 1, found -1"),
            ({"tier": "1"}, "tier: expected a whole number from 1, found '1'"),
            ({"order": 0, "neighbours_of": "Birch"}, "order: expected a whole number from 1"),
            ({"where": 3}, "where: expected text, found 3"),
            ({"per": "delta"}, "no kind of region is called 'delta'"),
            ({"year": 1900}, "year: no indicator has 1900; allowed: "),
            ({"columns": ["rnak"]}, "columns: no field 'rnak'; did you mean rank"),
            ({"region": "Nowhere"}, "no region is called 'Nowhere'"),
            ({"level": "delta"}, "no kind of region is called 'delta'"),
            ({"level": "metro", "tier": 1}, "tier: asks about units; regions answer where"),
            ({"level": "metro", "sort": "x"}, "sort: no field 'x'"),
            ({"level": "metro", "where": "x > 1"}, "where: no field 'x'"),
        ],
    )
    def test_wrong_ones_say_what_is_allowed(
        self, example: Any, question: dict[str, Any], says: str
    ) -> None:
        with pytest.raises(InputError) as caught:
            example.query(**question)
        assert says in str(caught.value)

    def test_polygons_and_boxes_across_180_degrees(self, example: Any) -> None:
        """The starter turned so that 180° lies within it: the same units as before."""
        turn = 180 - 11.0
        turned = wrapped(example.units.geometry.translate(xoff=turn).to_numpy())
        points = gpd.GeoSeries(turned, crs="EPSG:4326").representative_point()
        west, south, east, north = 10.4, 48.4, 11.6, 50.1
        area = shapely.box(west + turn, south, east + turn, north)
        frame = gpd.GeoDataFrame(geometry=[area], crs="EPSG:4326")
        expected = in_box(example.units.representative_point(), (west, south, east, north)).tolist()
        jumping = shapely.transform(
            area, lambda xy: np.column_stack([(xy[:, 0] + 180) % 360 - 180, xy[:, 1]])
        )
        for form in (frame, frame.set_geometry([jumping]), frame.set_geometry(wrapped([area]))):
            assert inside(points, form.set_crs(4326, allow_override=True)).tolist() == expected
        box = (west + turn, south, east + turn - 360, north)
        assert in_box(points, box).tolist() == expected
        assert 0 < sum(expected) < len(expected)

    def test_near_a_place_by_name(self, example: Any, run: Any) -> None:
        point = example.units.geometry["00101"].representative_point()
        by_name = example.query(near="Alder", radius=100, unranked=True)
        by_point = example.query(near=(point.x, point.y), radius=100, unranked=True)
        pd.testing.assert_series_equal(by_name["distance_km"], by_point["distance_km"])
        assert by_name.loc["00101", "distance_km"] == 0
        near = ("--near", "metro=river", "--radius", 1)
        code, _, err = run("query", example.project.root, *near)
        assert code == 0
        assert err.startswith("near River Cities: longitude ")

    def test_neighbours_of_neighbours(self, example: Any) -> None:
        table = example.query(neighbours_of="Birch", order=2, unranked=True, sort="order")
        assert table["order"].tolist()[:3] == [1, 1, 1]
        assert set(table["order"]) == {1, 2}
        assert "Birch" not in names(table)


class TestRegions:
    """`level`: regions as rows."""

    def test_sorted_and_chosen(self, example: Any) -> None:
        table = example.query(level="metro", sort="-population")
        assert table.index.tolist() == ["river", "north"]
        assert table["population"].is_monotonic_decreasing
        one = example.query(level="metro", where="count > 1")
        assert one["name"].tolist() == ["North Corridor"]
        assert example.query(level="province", region={"metro": "river"}).index.tolist()
        wide = example.query(level="metro", columns=["population@2022"])
        assert wide["population@2022"].tolist() == wide["population"].tolist()

    @pytest.mark.parametrize("level", ["metro", "province"])
    def test_with_polygons(self, example: Any, level: str) -> None:
        table = example.query(level=level, geometry=True)
        assert table.crs == "EPSG:4326"
        assert not table.geometry.is_empty.any()


class TestFormats:
    """What `query` prints."""

    def test_parquet_is_geoparquet_of_the_units(
        self, example: Any, tmp_path: Path, capfdbinary: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = ["query", str(example.project.root), "--format", "parquet", "--columns", "unit"]
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *asked])
        with pytest.raises(SystemExit):
            cli.main()
        sys.stdout.flush()
        (tmp_path / "a.parquet").write_bytes(capfdbinary.readouterr().out)
        table = gpd.read_parquet(tmp_path / "a.parquet")
        assert table["unit"].tolist() == names(example.query())
        assert table.crs == "EPSG:4326"

    def test_texts_of_data_steer_no_terminal_and_are_no_markup(
        self, example: Any, run: Any
    ) -> None:
        table = pd.DataFrame({"unit": ["a\x1b[2Jb\u202ec", "<img src=x>"], "n": [1, 2]})
        assert "a\\x1b[2Jb\\u202ec" in as_text(table)
        assert "&lt;img src=x&gt;" in as_markdown(table)
        code, _, err = run("query", example.project.root, "--metro", "\x1b[2J")
        assert code == 1
        assert "\x1b" not in err
        code, _, err = run("query", example.project.root, "--where", "unit = '\udcff'")
        assert code == 1
        assert "is not UTF-8" in err

    def test_an_empty_answer_says_so(self, example: Any, run: Any) -> None:
        code, _, err = run("query", example.project.root, "--where", "rank > 99")
        assert (code, err.strip()) == (
            0, "no ranked unit; --unranked also lists those without a rank",
        )  # fmt: skip

    def test_markdown_escapes_what_would_part_cells(self) -> None:
        table = pd.DataFrame({"a|b": ["x|y", "z\nw"], "n": [1.5, 2]})
        assert as_markdown(table).splitlines() == [
            "| a\\|b | n |", "| :--- | ---: |", "| x\\|y | 1.5 |", "| z\\nw | 2 |",
        ]  # fmt: skip

    def test_a_table_fits_the_terminal_and_breaks_no_number(self) -> None:
        table = pd.DataFrame(
            {"unit": ["北京市朝阳区某某", "b"], "text": ["x" * 30, "y"],
             "value": [123456.0, 1.0], "further": ["q" * 20, "r"]}
        )  # fmt: skip
        whole = as_text(table)
        assert "x" * 30 in whole
        for width in range(12, 90):
            text = as_text(table, width=width)
            *rows, note = (
                text.splitlines() if "… " in text.splitlines()[-1] else [*text.splitlines(), ""]
            )
            assert max(map(cell_len, rows)) <= max(width, 6)
            assert ("123,456" in text) or "value" in note
        assert as_text(table, width=200) == whole


@pytest.mark.parametrize("typed", ["杭洲", "hangzou", "杭州都市区", "Hangzhow"])
def test_a_mistyped_name_is_asked_for_by_its_beginning_and_by_pinyin(typed: str) -> None:
    metros = pd.DataFrame({"name": ["苏锡常都市圈", "杭州都市圈", "郑州都市圈"]}, ["a", "b", "c"])
    with pytest.raises(InputError, match="did you mean 杭州都市圈"):
        meant(typed, metros, "metro", readings={})


def test_at_most_three_names_are_asked_for() -> None:
    names = [f"Springfield, {state}" for state in ("IL", "MA", "MO", "OH", "VT")]
    areas = pd.DataFrame({"name": names}, list("abcde"))
    with pytest.raises(InputError, match="did you mean") as raised:
        meant("Sprignfield", areas, "metro")
    asked = str(raised.value).split("did you mean ")[1].split("?")[0].split(" or ")
    assert len(asked) == 3
    assert set(asked) < set(names)


def test_units_are_asked_for_by_other_names(example_folder: Path) -> None:
    file = example_folder / "atlas.toml"
    text = file.read_text("utf-8")
    named = '[boundaries]\nnames_en = { 00101 = "Ash Town" }\naliases = { Esche = "00101" }\n'
    file.write_text(text.replace("[boundaries]\n", named, 1), "utf-8")
    atlas = ra.open_atlas(example_folder)
    wanted = atlas.query(neighbours_of="00101", geometry=False)
    assert len(wanted)
    for name in ("Esche", "ESCHE", "ash town"):
        assert atlas.query(neighbours_of=name, geometry=False).equals(wanted)
