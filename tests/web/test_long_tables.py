"""Only the rows in sight are in the document, whatever scrolls, clips or frames the table."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import regional_atlas as ra

pytestmark = pytest.mark.browser

SIDE = 55
COUNT = SIDE * SIDE
OVERSCAN = 2 * 8 + 1
"""Eight rows on either side of those in sight, and one that is cut at both edges."""
PRINTED = 100
SIZES = [(360, 740), (390, 844), (768, 1024), (1023, 768), (1024, 768), (1280, 800)]
HEIGHTS = ("peek", "half", "full")
TALL = 4000
STILL = {"reduced_motion": "reduce"}

ATLAS = """
id = "gridland"
lang = "en"
title = "Atlas of Gridland"
subtitle = "3,025 squares"
[boundaries]
file = "squares.gpkg"
key = "code"
name = "name"
source = "Invented"
parents = [{ id = "row", title = "row", key = "row", name = "row_name" }]
[indicators.accounts]
file = "accounts.csv"
year = 2022
source = "Invented"
columns = [
  { column = "first", code = "first", title = "First", unit = "" },
  { column = "last", code = "last", title = "Last", unit = "" },
]
"""
PLATE = """
[[plates]]
id = "{id}"
kind = "{kind}"
group = "Grid"
title = "{id}"
{more}
"""
PLATES = [
    ("first", "choropleth", 'field = "first"\nk = 4'),
    ("last", "choropleth", 'field = "last"\nk = 4'),
    ("both", "multiples", 'fields = ["first", "last"]\nclasses = "own"\nk = 4'),
]


def name_of(unit: int) -> str:
    return f"Square {unit:04}"


@pytest.fixture(scope="module")
def grid_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 3,025 units: on plate `first` row k of the table is unit k; `last` is reversed."""
    folder = tmp_path_factory.mktemp("gridland")
    units = range(COUNT)
    squares = gpd.GeoDataFrame(
        {
            "code": [f"{unit:04}" for unit in units],
            "name": [name_of(unit) for unit in units],
            "row": [f"{unit // SIDE:02}" for unit in units],
            "row_name": [f"Row {unit // SIDE:02}" for unit in units],
        },
        geometry=[
            shapely.box(x, y, x + 0.1, y + 0.1)
            for x, y in ((7.25 + unit % SIDE / 10, 47.25 + unit // SIDE / 10) for unit in units)
        ],
        crs=4326,
    )
    squares.to_file(folder / "squares.gpkg")
    accounts = {
        "unit_id": squares["code"],
        "first": range(COUNT, 0, -1),
        "last": range(1, COUNT + 1),
    }
    pd.DataFrame(accounts).to_csv(folder / "accounts.csv", index=False)
    plates = (PLATE.format(id=name, kind=kind, more=more) for name, kind, more in PLATES)
    (folder / "atlas.toml").write_text(ATLAS + "".join(plates), "utf-8")
    ra.build(ra.read_project(folder)).save(folder / "page")
    return folder / "page" / "index.html"


def most(page: Any) -> int:
    """How many rows may be in the document: those that the window can show, and the overscan."""
    height = page.evaluate(
        """parseFloat(getComputedStyle(document.querySelector("[data-row]").closest("tbody"))
             .getPropertyValue("--ra-row"))"""
    )
    return math.ceil(page.evaluate("innerHeight") / height) + OVERSCAN


def check_rows(page: Any) -> None:
    page.wait_for_timeout(100)
    rows = page.locator("[data-row]")
    assert 0 < rows.count() <= most(page)
    assert page.locator(".ra-table").get_attribute("aria-rowcount") == str(COUNT + 1)


def scroll_to(page: Any, share: float) -> None:
    """Scroll whatever holds the table to a share of its way."""
    page.evaluate(
        """share => {
          const body = document.querySelector("[data-row]").closest("tbody");
          for (let box = body; box; box = box.parentElement) {
            const way = box.scrollHeight - box.clientHeight;
            if (way < 10 * innerHeight || getComputedStyle(box).overflowY === "visible") continue;
            box.scrollTop = share * way;
            return;
          }
          document.documentElement.scrollTop = share * document.documentElement.scrollHeight;
        }""",
        share,
    )
    page.wait_for_timeout(200)


def rows_in_sight(page: Any) -> list[int]:
    return page.evaluate(
        """[...document.querySelectorAll("[data-row]")].filter(row => {
          const {top, bottom} = row.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        }).map(row => Number(row.dataset.row))"""
    )


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_more_rows_are_drawn_than_can_be_seen(
    grid_page: Path, open_page: Any, size: tuple[int, int]
) -> None:
    page = open_page(grid_page, viewport={"width": size[0], "height": size[1]}, **STILL)
    side, handle = page.locator(".ra-side"), page.locator(".ra-handle")
    for wanted in HEIGHTS if handle.is_visible() else HEIGHTS[:1]:
        while handle.is_visible() and side.get_attribute("data-height") != wanted:
            handle.click()
        for plate in ("last", "first"):
            page.evaluate("id => regionalAtlas.show(id)", plate)
            check_rows(page)
    for share in (0.5, 1.0, 0.0):
        scroll_to(page, share)
        check_rows(page)
        seen = rows_in_sight(page)
        assert seen == list(range(seen[0], seen[-1] + 1))
        assert abs(seen[-1] / COUNT - share) < 0.1
    page.set_viewport_size({"width": size[1], "height": size[0]})
    check_rows(page)


@pytest.mark.parametrize("how", ["src", "srcdoc"])
def test_a_tall_frame_draws_what_the_page_around_it_shows(
    grid_page: Path, chromium: Any, tmp_path: Path, how: str
) -> None:
    outer = tmp_path / "outer.html"
    outer.write_text("<meta charset=utf-8><body style='margin:0'></body>", encoding="utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 700})
    page.goto(outer.as_uri())
    given = grid_page.as_uri() if how == "src" else grid_page.read_text(encoding="utf-8")
    page.evaluate(
        """([how, given, height]) => {
          const frame = document.createElement("iframe");
          frame.style = `border:0;width:100%;height:${height}px`;
          frame[how] = given;
          document.body.append(frame);
        }""",
        [how, given, TALL],
    )
    frame = page.locator("iframe").content_frame
    frame.locator("[data-row]").first.wait_for()
    for top in (0, TALL // 2, TALL):
        page.evaluate("top => scrollTo(0, top)", top)
        page.wait_for_timeout(300)
        assert 0 < frame.locator("[data-row]").count() <= math.ceil(700 / 28) + OVERSCAN
    page.close()


def test_the_last_row_is_reached_by_keyboard(grid_page: Path, open_page: Any) -> None:
    page = open_page(grid_page, viewport={"width": 390, "height": 844}, **STILL)
    page.evaluate("regionalAtlas.show('first')")
    page.locator(".ra-handle").click()
    page.locator("[data-row] button").first.focus()
    for key, row in (("End", COUNT - 1), ("Home", 0)):
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        focused = page.evaluate("document.activeElement.closest('[data-row]').dataset.row")
        assert int(focused) == row
        check_rows(page)


def test_a_hundred_rows_go_on_paper(grid_page: Path, open_page: Any) -> None:
    page = open_page(grid_page, viewport={"width": 390, "height": 844})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_timeout(100)
    assert page.locator("[data-row]").count() == PRINTED
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    check_rows(page)
