"""Charts, table and map move together: what is selected in one is marked in all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra

pytestmark = pytest.mark.browser

DOCS = Path(__file__).resolve().parents[2] / "docs/reference/page.md"
PLATES = """
[[groups]]
title = "g"
plates = [
  { id = "fields", kind = "multiples", title = "Fields", fields = ["light_sum", "light_mean", "light_lit_share"], classes = "own" },
  { id = "sums", kind = "years", title = "Sums", field = "light_sum" },
  { id = "ranks", kind = "ranking", title = "Ranks", ranking = "industry" },
  { id = "share-of-list", kind = "coverage", title = "Share", ranking = "industry", level = "province" },
  { id = "sizes", kind = "clusters", title = "Sizes", set = "clusters" },
]
"""  # noqa: E501
ELSEWHERE = "02"
"""The province that Birch is not in."""
ACCENT = "rgb(179, 38, 30)"
COMPARED = "rgb(0, 114, 178)"
MARKED = """([colour]) => [...document.querySelectorAll('.ra-chart-box *')].filter((element) => {
  const style = getComputedStyle(element);
  const has = (key) => style[key] === colour;
  if (element instanceof SVGGeometryElement) {
    const { width, height } = element.getBBox();
    return ['fill', 'stroke'].some(has) && width + height > 0;
  }
  return element.matches('i, button') && ['backgroundColor', 'color'].some(has);
}).length"""
# Chart, plate, what a click on a mark and Enter do, whether filters narrow it.
CHARTS = [
    ("bar", "sums", "unit", True),
    ("bar", "share-of-list", "area", False),
    ("histogram", "sums", "unit", True),
    ("scatter", "sums", "unit", True),
    ("treemap", "sums", "area", True),
    ("strip", "sums", "unit", True),
    ("strip", "ranks", "unit", True),
    ("line", "sums", "year", True),
    ("lorenz", "sums", "unit", True),
    ("profile", "fields", "unit", False),
    ("stacked", "sums", "area", True),
    ("bubble", "sizes", "unit", True),
]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    project = folder / "project"
    shutil.copytree(Path(ra.__file__).parent / "starter", project)
    file = project / "atlas.toml"
    file.write_text(file.read_text(encoding="utf-8") + PLATES, encoding="utf-8")
    ra.build(ra.read_project(project)).save(folder / "out")
    return folder / "out/index.html"


def state(page: Any) -> dict[str, Any]:
    return page.evaluate("window.regionalAtlas.state")


def opened(page: Any, kind: str, plate: str, **more: Any) -> None:
    chart = {"kind": kind, "other": None}
    base = {"plate": plate, "chart": chart, "selection": [], "compare": [], "area": None}
    page.evaluate("(part) => regionalAtlas.setState(part)", base | {"filters": []} | more)


def marked(page: Any, colour: str) -> int:
    return page.evaluate(MARKED, [colour])


@pytest.fixture
def page(open_page: Any, page_file: Path) -> Any:
    return open_page(page_file, "#lang=en")


@pytest.fixture
def birch(page: Any) -> str:
    """The first of the ranking: every chart shows it."""
    page.evaluate("regionalAtlas.show('ranks')")
    page.locator(".ra-table tbody button").first.click()
    assert page.locator(".ra-card-title").inner_text().startswith("Birch")
    (unit,) = state(page)["selection"]
    return unit


def shapes(page: Any) -> list[str]:
    """What the chart draws, without colours."""
    return page.evaluate(
        """() => {
          const keys = ['x', 'y', 'width', 'height', 'd', 'cx', 'cy', 'style'];
          const found = document.querySelectorAll('.ra-chart-box :is(rect, path, circle, i)');
          return [...found].map((shape) => keys.map((key) => shape.getAttribute(key)).join());
        }"""
    )


def centre(page: Any, colour: str, kind: str) -> list[float]:
    """A point of what is marked: its middle; of a line, its last point."""
    return page.evaluate(
        """([colour, kind]) => {
          const found = [...document.querySelectorAll('.ra-chart-box *')].find((element) => {
            const style = getComputedStyle(element);
            if (kind === 'line') return element.matches('.ra-line-path') && style.stroke === colour;
            const colours = [style.fill, style.stroke, style.backgroundColor];
            const shape = kind === 'bar' ? 'i' : 'circle, rect, path';
            return element.matches(shape) && colours.includes(colour);
          });
          found.scrollIntoView({ block: 'nearest' });
          const box = found.getBoundingClientRect();
          if (kind !== 'line') return [box.x + box.width / 2, box.y + box.height / 2];
          const point = found.getPointAtLength(found.getTotalLength());
          const at = new DOMPoint(point.x, point.y).matrixTransform(found.getScreenCTM());
          return [at.x, at.y];
        }""",
        [colour, kind],
    )


@pytest.mark.parametrize(("kind", "plate", "does", "narrows"), CHARTS)
def test_a_chart_is_linked(
    page: Any, birch: str, kind: str, plate: str, does: str, narrows: bool
) -> None:
    opened(page, kind, plate)
    bare = {colour: marked(page, colour) for colour in (ACCENT, COMPARED)}
    drawn = page.locator(".ra-chart-box").inner_text(), shapes(page)

    opened(page, kind, plate, selection=[birch])
    assert marked(page, ACCENT) > bare[ACCENT]
    assert page.locator(".ra-card-title").inner_text().startswith("Birch")
    box = page.locator(".ra-chart-box").bounding_box()
    card = page.locator(".ra-drawer").bounding_box()
    assert box["y"] >= card["y"] + card["height"] - 1

    opened(page, kind, plate, compare=[birch])
    assert marked(page, COMPARED) > bare[COMPARED]
    page.mouse.click(*centre(page, COMPARED, kind))
    found = state(page)
    if does == "area":
        assert found["area"]["scope"] == "province"
    else:
        assert birch in found["selection"]

    opened(page, kind, plate, filters=[{"scope": "province", "value": ELSEWHERE}])
    page.mouse.move(5, 5)
    shown = page.locator(".ra-chart-box").inner_text(), shapes(page)
    assert (shown != drawn) == narrows

    opened(page, kind, plate)
    chart = page.locator(".ra-chart, .ra-bar-row").first
    chart.focus()
    if page.locator(".ra-chart").count():
        said = []
        for key in ("End", "Home"):
            page.keyboard.press(key)
            said.append(chart.get_attribute("aria-valuetext"))
        assert all(said)
        assert said[0] != said[1] or chart.get_attribute("aria-valuemax") == "1"
    page.keyboard.press("Enter")
    found = state(page)
    assert {
        "unit": bool(found["selection"]),
        "area": found["area"] is not None,
        "year": found["year"] is not None,
    }[does]


def test_the_table_of_the_book_says_what_the_charts_do() -> None:
    rows = re.findall(
        r"^\| (\w+)[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", DOCS.read_text("utf-8"), re.M
    )
    book = {name: (does, narrows) for name, does, _, narrows in rows}
    for kind, plate, does, narrows in CHARTS:
        assert does in book[kind][0], (kind, plate)
        assert ("narrow" in book[kind][1]) == narrows or "not published" in book[kind][1]
    assert {"bar", "histogram", "timeline"} <= set(book)
