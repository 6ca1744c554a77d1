"""A card quotes one year of each field; an opened region lies in the middle of the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any


def test_standing_and_figures_quote_the_same_years(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, "#lang=en&unit=00101&plate=lights&year=2018")
    standing = page.locator(".ra-drawer section", has_text="Strengths and weaknesses")
    standing.wait_for()
    said = dict(re.findall(r"(Mean radiance|Lit share)\s*(\d{4})", standing.inner_text()))
    figures = page.locator(".ra-figure-title").all_inner_texts()
    shown = {title.split("\n")[0].strip(): title for title in figures}
    assert said
    for title, year in said.items():
        (line,) = (text for name, text in shown.items() if name.startswith(title))
        assert year in line
    # Totals say how large a unit is, not how it does.
    assert "Population" not in standing.inner_text()


def test_a_region_of_a_link_lies_within_the_window(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, "#lang=en&area=province:02")
    page.locator(".ra-drawer h2").wait_for()
    page.wait_for_timeout(500)
    before = page.evaluate("regionalAtlas.state.view")
    page.get_by_role("button", name="Zoom to").click()
    page.wait_for_timeout(800)
    after = page.evaluate("regionalAtlas.state.view")
    assert abs(before["zoom"] - after["zoom"]) < 0.01
    assert abs(before["lon"] - after["lon"]) < 0.01
