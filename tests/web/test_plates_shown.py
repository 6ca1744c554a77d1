"""Plates that open with a chart or a grid of small maps, and hot spots, in the browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra

pytestmark = pytest.mark.browser

FIGURES = """figure,series,unit,unit_en,key,key_en,sign,value
share,占比,%,%,利润,Profits,<,16
share,占比,%,%,人口,People,,7
"""

PLATES = """
[[space]]
id = "lights"
field = "light_mean"
permutations = 99

[[plates]]
id = "grid"
kind = "multiples"
group = "g"
title = "Small maps"
field = "light_mean"
[[plates]]
id = "spots"
kind = "hotspots"
group = "g"
title = "Hot spots"
space = "lights"
[[plates]]
id = "lisa"
kind = "hotspots"
group = "g"
title = "LISA"
space = "lights"
statistic = "moran"
[[plates]]
id = "share"
kind = "figure"
group = "g"
title = "Shares"
figure = "share"
ranking = "industry"
chart = "bar"
[[plates]]
id = "strip"
kind = "ranking"
group = "g"
title = "Ranks"
ranking = "industry"
chart = "strip"
[[plates]]
id = "bubbles"
kind = "clusters"
group = "g"
title = "Sizes"
set = "clusters"
chart = "bubble"
[[plates]]
id = "sums"
kind = "years"
group = "g"
title = "Sums"
field = "light_sum"
chart = "stacked"
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plates")
    project = folder / "project"
    shutil.copytree(Path(ra.__file__).parent / "starter", project)
    (project / "figures.csv").write_text(FIGURES, encoding="utf-8")
    file = project / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text('figures = "figures.csv"\n' + text + PLATES, encoding="utf-8")
    ra.build(ra.read_project(project)).save(folder / "out")
    return folder / "out/index.html"


def show(page: Any, plate: str) -> None:
    page.evaluate("id => window.regionalAtlas.show(id)", plate)


def test_small_maps_open_their_year_and_come_back(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    show(page, "grid")
    maps = page.locator(".ra-multiple")
    titles = page.locator(".ra-multiple-title b").all_inner_texts()
    assert maps.count() == len(titles) > 1
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.ra-multiple canvas:first-child')].map((canvas) => {
          const {width, height} = canvas;
          const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4 * 13)
            seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
          return seen.size;
        })"""
    )
    assert min(colours) > 3
    maps.first.click()
    assert f"year={titles[0]}" in page.url
    assert page.locator(".ra-multiple").count() == 0
    page.get_by_role("button", name="All years").click()
    assert page.locator(".ra-multiple").count() == len(titles)
    maps.first.hover(position={"x": 120, "y": 120})
    assert any(" " in text for text in page.locator(".ra-multiple-title").all_inner_texts())


def test_hot_spots_name_their_classes_and_moran(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    for plate, label in (("spots", "hot: high among high"), ("lisa", "low among high")):
        show(page, plate)
        assert "Moran's I of mean radiance is" in page.locator(".ra-finding").inner_text()
        rows = page.locator(".ra-legend-table tr").all_inner_texts()
        assert any(label in row for row in rows)
        counts = [int(row.split()[-1]) for row in rows]
        assert sum(counts) == 12
        assert page.locator(".ra-table thead th").last.inner_text() == "Class"


def test_plates_open_with_their_chart(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    for plate, tab in (
        ("share", "Bars"), ("strip", "Strip"), ("bubbles", "Bubbles"), ("sums", "Stacked"),
    ):  # fmt: skip
        show(page, plate)
        assert page.locator(".ra-tab[aria-pressed=true]").inner_text() == tab
        drawn = page.locator(".ra-chart, .ra-bars").first
        assert drawn.get_attribute("aria-label")
        page.locator(".ra-tab").first.click()
        assert "chart=table" in page.url
        assert page.locator(".ra-table tbody tr").count() > 0


def test_a_value_that_is_not_exact_says_so(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    show(page, "share")
    assert page.locator(".ra-bar-row b").all_inner_texts() == ["<16%", "7%"]
    page.locator(".ra-tab").first.click()
    assert "<16" in page.locator(".ra-table tbody").inner_text()


def test_a_stroke_of_the_strip_selects_its_unit(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    show(page, "strip")
    page.evaluate("regionalAtlas.select([])")
    box = page.locator(".ra-chart").bounding_box()
    first = page.locator(".ra-ranks-best").get_attribute("d")
    x, y = (float(part) for part in first[1:].split("v")[0].split())
    scale = box["width"] / 320
    page.mouse.click(box["x"] + x * scale, box["y"] + (y + 6) * scale)
    assert len(page.evaluate("window.regionalAtlas.state.selection")) == 1
    assert page.locator(".ra-drawer h2").inner_text()
