"""Plates that open with a chart or a grid of small maps, and hot spots, in the browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra

pytestmark = pytest.mark.browser

FIGURES = """figure,series,unit,unit_en,scale_en,key,key_en,sign,value
share,占比,%,%,,利润,Profits,<,16
share,占比,%,%,,人口,People,,7
yuan,利润,亿元,bn yuan,0.1,东,East,,251.8
yuan,利润,亿元,bn yuan,0.1,西,West,,99
"""

PLATES = """
[[space]]
id = "lights"
field = "light_mean"
permutations = 99

[[groups]]
title = "g"
plates = [
  { id = "grid", kind = "multiples", title = "Small maps", field = "light_mean" },
  { id = "fields", kind = "multiples", title = "Fields", fields = ["light_sum", "light_mean"], classes = "own" },
  { id = "dimensions", kind = "multiples", title = "Dimensions", ranking = "vigour", classes = "shared" },
  { id = "spots", kind = "hotspots", title = "Hot spots", space = "lights" },
  { id = "lisa", kind = "hotspots", title = "LISA", space = "lights", statistic = "moran" },
  { id = "share", kind = "figure", title = "Shares", figure = "share", ranking = "industry", chart = "bar" },
  { id = "yuan", kind = "figure", title = "Profits", figure = "yuan", chart = "bar" },
  { id = "output", kind = "choropleth", title = "Output", field = "output", scheme = "manual", breaks = [900, 2000, 4000] },
  { id = "strip", kind = "ranking", title = "Ranks", ranking = "industry", chart = "strip" },
  { id = "bubbles", kind = "clusters", title = "Sizes", set = "clusters", chart = "bubble" },
  { id = "sums", kind = "years", title = "Sums", field = "light_sum", chart = "stacked" },
]
"""  # noqa: E501


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plates")
    project = folder / "project"
    shutil.copytree(Path(ra.__file__).parent / "starter", project)
    (project / "figures.csv").write_text(FIGURES, encoding="utf-8")
    file = project / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    unit = 'million = { zh = "百万", en = "million" }'
    assert unit in text
    text = text.replace(unit, unit.replace('"million"', '"bn", scale = { en = 0.001 }'))
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
    maps.first.locator("button").click()
    assert f"year={titles[0]}" in page.url
    assert page.locator(".ra-multiple").count() == 0
    page.get_by_role("button", name="All years").click()
    assert page.locator(".ra-multiple").count() == len(titles)
    maps.first.locator(".ra-multiple-map").hover()
    assert any(" " in text for text in page.locator(".ra-multiple-title").all_inner_texts())


def marked(page: Any) -> list[int]:
    """Pixels that the upper canvas of every small map has drawn."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.ra-multiple canvas:last-child')].map((canvas) => {
          const {width, height} = canvas;
          const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
          return data.filter((value, i) => i % 4 === 3 && value > 0).length;
        })"""
    )


def test_a_unit_is_selected_in_one_small_map_and_marked_in_all(
    open_page: Any, page_file: Path
) -> None:
    page = open_page(page_file)
    page.evaluate("regionalAtlas.setState({ plate: 'fields', selection: [] })")
    maps = page.locator(".ra-multiple")
    assert page.locator(".ra-multiple-title b").all_inner_texts() == [
        "Sum of lights",
        "Mean radiance",
    ]
    assert page.locator(".ra-multiple .ra-strip").count() == 2
    assert page.locator(".ra-legend-table").count() == 0
    columns = page.locator(".ra-table thead th").all_inner_texts()
    assert [text.strip() for text in columns[2:]] == ["Sum of lights", "Mean radiance"]
    page.mouse.move(5, 5)
    assert not any(marked(page))
    maps.nth(1).locator(".ra-multiple-map").click()
    (unit,) = page.evaluate("window.regionalAtlas.state.selection")
    assert unit
    page.mouse.move(5, 5)
    assert all(count > 20 for count in marked(page))


def test_a_small_map_of_a_dimension_opens_and_is_in_the_link(
    open_page: Any, page_file: Path
) -> None:
    page = open_page(page_file, "#plate=dimensions")
    titles = page.locator(".ra-multiple-title b").all_inner_texts()
    assert len(titles) > 1
    counts = page.locator(".ra-legend-table .ra-number").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) == 12 * len(titles)
    page.locator(".ra-multiple-title").nth(1).press("Enter")
    assert "panel=vigour/" in page.url
    assert page.locator(".ra-multiple").count() == 0
    assert page.locator(".ra-plate-title").inner_text() == f"Dimensions: {titles[1]}"
    assert (
        sum(int(row) for row in page.locator(".ra-legend-table .ra-number").all_inner_texts()) == 12
    )
    page.keyboard.press(",")
    assert page.locator(".ra-plate-title").inner_text() == f"Dimensions: {titles[0]}"
    again = open_page(page_file, "#" + page.url.split("#")[1])
    assert again.locator(".ra-plate-title").inner_text() == f"Dimensions: {titles[0]}"
    page.get_by_role("button", name="All maps", exact=True).click()
    assert page.locator(".ra-multiple").count() == len(titles)
    assert "panel" not in page.url


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


def test_each_language_has_its_own_unit_and_the_same_digits(
    open_page: Any, page_file: Path
) -> None:
    page = open_page(page_file)
    said = {}
    for lang in ("zh", "en"):
        page.evaluate("lang => regionalAtlas.setState({ lang, selection: [] })", lang)
        show(page, "output")
        legend = page.locator(".ra-legend-table th").all_inner_texts()
        heads = page.locator(".ra-table thead").inner_text()
        value = page.locator(".ra-table tbody .ra-col-number").first.inner_text()
        page.evaluate("regionalAtlas.select(['00101'])")
        page.locator(".ra-drawer h2").wait_for()
        name = "产出" if lang == "zh" else "Output"
        card = page.locator(".ra-figure", has_text=name).first.inner_text()
        page.evaluate("regionalAtlas.select([])")
        show(page, "yuan")
        bars = page.locator(".ra-bars").inner_text()
        title = page.locator(".ra-chart-title").inner_text()
        show(page, "bubbles")
        key = page.locator(".ra-sizes").inner_text()
        said[lang] = (legend, heads, value, card, bars, title, key)
    zh, en = said["zh"], said["en"]
    assert any("900 – 2,000" in row for row in zh[0])
    assert any("0.9 – 2" in row for row in en[0])
    assert ("百万" in zh[1], "bn" in en[1]) == (True, True)
    digits = lambda text: text.replace(",", "").replace(".", "").strip("0")  # noqa: E731
    assert digits(zh[2]) == digits(en[2])
    assert "bn" in en[3]
    assert ("251.8" in zh[4], "25.18" in en[4], "9.9" in en[4]) == (True, True, True)
    assert ("亿元" in zh[5], "bn yuan" in en[5]) == (True, True)
    assert ("百万" in zh[6], "bn" in en[6]) == (True, True)


def test_what_a_reader_types_is_in_the_unit_shown(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    show(page, "output")
    page.locator(".ra-filter-button, .ra-filters button").first.click()
    form = page.locator("form.ra-field", has_text="Value")
    form.locator("select").select_option("output")
    form.get_by_label("At least").fill("2")
    form.get_by_role("button").click()
    assert page.evaluate("regionalAtlas.state.filters[0].value") == "output:2000:"
    assert "≥ 2" in page.locator(".ra-filters").inner_text()


def test_files_hold_what_is_stored_and_name_its_unit(open_page: Any, page_file: Path) -> None:
    page = open_page(page_file)
    show(page, "output")
    page.get_by_role("button", name="Export and share").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    head, first, *_ = Path(waited.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert head.endswith("0.001 bn")
    assert float(first.split(",")[-1]) >= 900
    with page.expect_download() as waited:
        page.get_by_role("button", name="GeoJSON").click()
    found = json.loads(Path(waited.value.path()).read_text(encoding="utf-8"))
    assert found["units"]["output"] == "0.001 bn"
    assert max(f["properties"]["output"] or 0 for f in found["features"]) >= 900
