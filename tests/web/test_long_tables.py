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
[map]
projection = "+proj=laea +lat_0=50 +lon_0=10 +datum=WGS84 +units=m +no_defs"
projection_name = "Equal-area"
bounds = [7.2, 47.2, 12.8, 52.8]
[boundaries]
file = "squares.gpkg"
key = "code"
name = "name"
source = "Invented"
level = { id = "square", title = "square" }
parents = [{ id = "row", title = "row", key = "row", name = "row_name" }]
[indicators.accounts]
file = "accounts.csv"
year = 2022
source = "Invented"
columns = [
  { column = "first", code = "first", title = "First" },
  { column = "last", code = "last", title = "Last" },
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
    """A page of 3,025 units: on plate `first` row k of the table is unit k, on `last` the reverse."""
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
    plates = (PLATE.format(id=id, kind=kind, more=more) for id, kind, more in PLATES)
    (folder / "atlas.toml").write_text(ATLAS + "".join(plates), "utf-8")
    ra.build(ra.read_project(folder)).save(folder / "page")
    return folder / "page" / "index.html"


def test_it(grid_page, open_page):
    page = open_page(grid_page, viewport={"width": 390, "height": 844})
    print(page.evaluate("regionalAtlas.plates()"))
    for p in ("first", "last", "both"):
        page.evaluate("id => regionalAtlas.show(id)", p)
        print(
            p,
            page.locator("[data-row]").count(),
            page.locator("[data-row]").first.inner_text(),
            page.locator(".ra-table").get_attribute("aria-rowcount"),
        )
    page.screenshot(path="/tmp/phone/grid.png")
