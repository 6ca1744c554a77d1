"""Plates of areas: what a field comes to in every region or parent."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from regional_atlas.core.errors import ConfigError
from regional_atlas.core.texts import Text, Unit
from regional_atlas.page import build_map, build_spec, build_store, save_page, unit_shapes
from regional_atlas.page.format import AreaValues, plain
from regional_atlas.page.plates.areas import KIND

from .conftest import BOTH, UNITS, write_project
from .test_store import region_values

PLATES = """
[[plates]]
id = "provinces"
kind = "areas"
field = "light_mean"
level = "province"
scheme = "equal_interval"
k = 2
[[plates]]
id = "metros"
kind = "areas"
field = "population"
region_kind = "metro"
chart = "bar"
k = 2
"""
VALUES = region_values(
    ("province", "N", "light_mean", 2020, 9.0, 3, 3, False),
    ("province", "N", "light_mean", 2021, 2.0, 3, 3, False),
    ("province", "S", "light_mean", 2021, 1.0, 3, 3, False),
    ("metro", "r1", "population", 2020, 5000.0, 2, 2, False),
    ("metro", "r2", "population", 2020, 7000.0, 3, 2, True),
)


@pytest.fixture
def with_values(tables):
    return replace(tables, region_values=VALUES)


def spec_of(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    return plain(build_spec(project, tables, build_store(project, tables, shapes), shapes), BOTH)


def test_areas_are_classed_by_their_latest_values(tmp_path, with_values, topology):
    spec = spec_of(write_project(tmp_path, PLATES), with_values, topology)
    provinces, metros = spec["plates"]
    assert (provinces["scope"], provinces["field"], provinces["year"]) == (
        *("province", "light_mean", 2021),
    )
    assert provinces["classes"]["breaks"] == [1.5, 2.0]
    assert provinces["classes"]["counts"] == [1, 1]
    assert (metros["scope"], metros["chart"]) == ("metro", "bar")
    assert metros["citation"] == "census"
    assert "1 has it for a part of its members" in metros["finding"]["en"]
    assert "2 个区域中，1 个" in metros["finding"]["zh"]


def test_a_finding_compares_whole_values_alone() -> None:
    held = AreaValues(value=[5, 9, 1, None, 4, 3], data=[None, 2, *[None] * 4], members=None)
    field = SimpleNamespace(id="x", title=Text("Share"), digits=0, unit=Unit("%"))
    facts = SimpleNamespace(
        store=SimpleNamespace(areas={"metro": {"x": held}}),
        any_field=lambda _: field,
        area=lambda _, at: Text("ABCDEF"[at]),
    )
    plate = SimpleNamespace(scope="metro", field="x")
    said = [clause.in_("en") for clause in KIND.clauses(plate, facts)]  # type: ignore[arg-type]
    assert said == [
        "share is highest in A, E and F (3–5%)",
        "it is lowest in C and F (1–3%)",
        "of 5 areas with data, 1 has it for a part of its members alone and is not compared",
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('field = "nope"\nlevel = "province"', "no field 'nope'; allowed: light_sum"),
        ('field = "light_sum"\nlevel = "province"', "'light_sum' has no value in any province"),
    ],
)
def test_what_is_not_there_is_named(tmp_path, with_values, topology, keys, message):
    project = write_project(tmp_path, f'[[plates]]\nid = "x"\nkind = "areas"\n{keys}')
    with pytest.raises(ConfigError, match=message):
        spec_of(project, with_values, topology)


@pytest.mark.parametrize("keys", ['level = "province"\nregion_kind = "metro"', ""])
def test_areas_are_of_a_level_or_of_a_kind(tmp_path, keys):
    with pytest.raises(ConfigError, match="areas are of a `level` or of a `region_kind`; give one"):
        write_project(
            tmp_path, f'[[plates]]\nid = "x"\nkind = "areas"\nfield = "light_sum"\n{keys}'
        )


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_lists_areas_and_marks_partial_ones(
    chromium, tmp_path, with_values, topology, width
):
    project = write_project(tmp_path, PLATES)
    file = save_page(build_map(project, with_values, topology), tmp_path / "index.html")
    page = chromium.new_page(viewport={"width": width, "height": 800})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        page.goto(f"{file.as_uri()}#lang=en&plate=provinces")
        page.wait_for_selector(".ra-table tbody button", state="attached")
        rows = page.locator(".ra-table tbody tr:has(button)")
        assert rows.count() == 2
        page.evaluate("regionalAtlas.show('metros')")
        page.wait_for_selector(".ra-chart-title", state="attached")
        assert "7,000*" in page.locator(".ra-panel").inner_text()
        assert errors == []
    finally:
        page.close()
