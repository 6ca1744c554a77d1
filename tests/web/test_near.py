"""Within some kilometres of a place: the page's units are those of a question, and it is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

NAMES = """() => [...document.querySelectorAll('.ra-table tbody tr[data-row]')]
  .map((row) => row.querySelector('th button').textContent)"""


def near(page: Any, value: str) -> list[str]:
    """Give the names that a filter leaves in the table."""
    filters = [{"scope": "near", "value": value}]
    page.evaluate("(filters) => window.regionalAtlas.setState({ filters })", filters)
    names: list[str] = sorted(page.evaluate(NAMES))
    return names


@pytest.mark.parametrize("km", [1, 20, 45, 60, 90, 400])
@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("00102", "unit=00102"),
        ("province=02", "province=02"),
        ("@{lon},{lat}", None),
    ],
    ids=["unit", "area", "point"],
)
def test_the_page_and_a_question_find_the_same_units(
    open_page: Any, example: Any, example_page: Path, place: str, asked: Any, km: int
) -> None:
    if asked is None:
        west, south, *_ = example.tables.units.total_bounds
        lon, lat = asked = round(west + 0.2, 4), round(south + 0.1, 4)
        place = place.format(lon=lon, lat=lat)
    page = open_page(example_page, "#plate=lights&lang=en")
    found = example.query(near=asked, radius=km, unranked=True)
    names = sorted(example.tables.unit_table.loc[found.index, "unit"])
    assert near(page, f"{place}:{km}") == names


def test_a_circle_around_a_point_that_is_clicked(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, "#plate=lights&lang=en")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Radius, km: around").select_option("point")
    page.get_by_label("Radius, km", exact=True).fill("30")
    form = page.locator("form", has=page.get_by_label("Radius, km", exact=True))
    form.get_by_role("button", name="Add").click()
    box = page.locator(".ra-map").bounding_box()
    before = page.screenshot(clip=box)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    chip = page.locator(".ra-filters .ra-chip", has_text="within 30 km of")
    assert "°N" in chip.inner_text()
    assert "shown" in page.locator(".ra-shown").inner_text()
    assert page.screenshot(clip=box) != before
    link = page.url
    assert "near" in link
    again = open_page(example_page, "#" + link.partition("#")[2])
    assert again.locator(".ra-shown").inner_text() == page.locator(".ra-shown").inner_text()
    chip.click()
    assert page.locator(".ra-shown").count() == 0


@pytest.mark.parametrize(
    "value",
    ["@200:5", "@1,2,3:5", "@,:5", "@1,95:5", "nowhere:5", "province=none:5", "00102:-5",
     "00102:x", "00102:Infinity", "=:5", ":5"],
)  # fmt: skip
def test_what_is_nowhere_is_no_filter(open_page: Any, example_page: Path, value: str) -> None:
    page = open_page(example_page, "#plate=lights&lang=en")
    near(page, value)
    assert page.locator(".ra-shown").count() == 0
    assert page.locator(".ra-table tbody tr[data-row]").count() == 12


def test_lists_show_what_the_other_filters_leave(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, "#plate=lights&lang=en")
    page.get_by_role("button", name="Filter", exact=True).click()
    groups = """() => Object.fromEntries([...document.querySelectorAll('label.ra-field')].map(
      (label) => [label.querySelector('span').textContent,
                  [...label.querySelectorAll('option')].map((option) => option.textContent)]))"""
    before = page.evaluate(groups)
    page.evaluate(
        "window.regionalAtlas.setState({ filters: [{ scope: 'province', value: '02' }] })"
    )
    after = page.evaluate(groups)
    assert after["province"] == before["province"]
    assert all(set(after[title]) <= set(before[title]) for title in before)
    assert sum(map(len, after.values())) < sum(map(len, before.values()))
