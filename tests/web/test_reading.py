"""What a reader does with the page: charts, filters, classes, comparison, files; each is a link."""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from PIL import Image

pytestmark = pytest.mark.browser


def set_state(page: Any, state: dict[str, Any]) -> None:
    page.evaluate("state => window.regionalAtlas.setState(state)", state)


def field_plate(page: Any) -> str:
    """The first plate that offers a histogram."""
    for plate in page.evaluate("window.regionalAtlas.plates()"):
        set_state(page, {"plate": plate["id"]})
        if page.locator(".ra-tab", has_text="Histogram").count():
            return str(plate["id"])
    raise AssertionError("no plate of a field")


def test_every_chart_shows_the_plate_and_says_so(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    plate = field_plate(page)
    kinds = page.locator(".ra-tab").all_inner_texts()
    assert {"Bars", "Histogram", "Scatter", "Treemap", "Strip", "Lorenz"} <= set(kinds)
    for kind in kinds[1:]:
        page.locator(".ra-tab", has_text=kind).click()
        drawn = page.locator(".ra-chart, .ra-bars")
        drawn.wait_for()
        assert drawn.get_attribute("aria-label"), kind
    assert f"plate={plate}" in page.url or "chart=" in page.url


def test_a_bar_selects_on_map_and_card(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    field_plate(page)
    set_state(page, {"chart": {"kind": "bar", "other": None}})
    bar = page.locator(".ra-bar-row").first
    name = bar.locator("span").inner_text()
    bar.click()
    page.get_by_role("heading", name=name).wait_for()
    assert len(page.evaluate("window.regionalAtlas.state.selection")) == 1


@pytest.mark.parametrize("fragment", ["", "#plate=sources"])
def test_the_map_is_whole_after_the_sources(
    open_page: Any, example_page: Path, fragment: str
) -> None:
    plain = open_page(example_page)
    plate = plain.evaluate("window.regionalAtlas.state.plate")
    name = plain.evaluate("window.regionalAtlas.plates()[0].title.en")
    plain.wait_for_timeout(300)
    page = open_page(example_page, fragment)
    page.get_by_role("button", name="Sources and build report").click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.regionalAtlas.state.view") is None
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.regionalAtlas.state.plate") == plate
    assert page.evaluate("window.regionalAtlas.state.view") is None
    map_of = ".ra-map-slot"
    assert page.locator(map_of).screenshot() == plain.locator(map_of).screenshot()


@pytest.mark.parametrize("scheme", ["quantile", "fisher_jenks", "equal_interval", "head_tail"])
def test_own_classes(open_page: Any, example_page: Path, scheme: str) -> None:
    page = open_page(example_page)
    field_plate(page)
    choice = {"scheme": scheme, "count": 3, "palette": "batlow", "breaks": []}
    set_state(page, {"classes": choice})
    rows = page.locator(".ra-legend-table th").all_inner_texts()
    assert 2 <= len([row for row in rows if "–" in row]) <= 3
    assert f"classes={scheme}:3:batlow" in page.url


def test_filters_by_place_and_their_file(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    field_plate(page)
    near = {"scope": "near", "value": "00102:60"}
    set_state(page, {"filters": [near]})
    assert "km of" in page.inner_text(".ra-filters")
    within = page.locator(".ra-count").inner_text()
    assert " of " in within
    page.get_by_role("button", name="Export and share").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == int(within.split()[0])
    with page.expect_download() as waited:
        page.get_by_role("button", name="GeoJSON").click()
    found = json.loads(Path(waited.value.path()).read_text(encoding="utf-8"))
    assert {f["id"] for f in found["features"]} == {row["id"] for row in rows}
    for feature in found["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid
        assert shape.area > 0


def test_neighbours_top_range_and_box_narrow_the_table(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    field_plate(page)
    total = int(page.locator(".ra-count").inner_text())
    ranking = page.evaluate(
        "JSON.parse(document.getElementById('ra-spec').textContent).rankings[0].id"
    )
    field = page.evaluate("JSON.parse(document.getElementById('ra-spec').textContent).fields[0].id")
    for scope, value in (
        ("next", "00102"),
        ("top", f"{ranking}:3"),
        ("range", f"{field}:0:1"),
        ("box", "0,0,1,1"),
    ):
        set_state(page, {"filters": [{"scope": scope, "value": value}]})
        assert f"only={scope}:" in page.url
        count = page.locator(".ra-count")
        left = int(count.inner_text().split()[0])
        assert left < total, scope


def test_pictures_of_the_view(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    page.get_by_role("button", name="Export and share").click()
    assert page.get_by_role("button", name="Chart as").count() == 0
    with page.expect_download() as waited:
        page.get_by_role("button", name="PNG").click()
    assert Path(waited.value.path()).read_bytes()[:4] == b"\x89PNG"
    with page.expect_download() as waited:
        page.get_by_role("button", name="SVG").click()
    svg = Path(waited.value.path()).read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert svg.count("<path") > 3


CHART_TEXTS = """() => {
  const box = document.querySelector('.ra-chart-box');
  const words = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), found = [];
  while (words.nextNode()) {
    const { data, parentElement } = words.currentNode;
    if (data.trim() && !parentElement.closest('label, select')) found.push(data);
  }
  return found;
}"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("kind", ["bar", "histogram", "scatter", "treemap", "strip", "lorenz"])
def test_the_open_chart_as_a_picture(open_page: Any, example_page: Path, kind: str) -> None:
    page = open_page(example_page)
    field_plate(page)
    types = page.evaluate("JSON.parse(document.getElementById('ra-spec').textContent).unit_types")
    filters = [{"scope": "type", "value": types[0]["id"]}]
    set_state(page, {"chart": {"kind": kind, "other": None}, "filters": filters})
    page.get_by_role("button", name="Export and share").click()
    saved = {}
    for form in ("PNG", "SVG"):
        with page.expect_download() as waited:
            page.get_by_role("button", name="Chart as").filter(has_text=form).click()
        saved[form] = Path(waited.value.path()).read_bytes()
        assert waited.value.suggested_filename.endswith(f".chart.{form.lower()}")
    assert page.locator(".ra-chart-copy").count() == 0
    drawing = ElementTree.fromstring(saved["SVG"])
    picture = Image.open(io.BytesIO(saved["PNG"]))
    size = [3 * float(drawing.get(side)) for side in ("width", "height")]
    assert np.allclose(picture.size, size, atol=3)
    assert len(picture.convert("RGB").getcolors(1 << 24)) > 20
    assert not [element for element in drawing.iter() if element.get("class")]
    assert not list(drawing.iter(f"{SVG}foreignObject"))
    texts = [element.text for element in drawing.iter(f"{SVG}text")]
    written = "".join("".join(text for text in texts if text).split())
    plate = page.evaluate("regionalAtlas.plates().find(({id}) => id === regionalAtlas.state.plate)")
    shown = page.evaluate(CHART_TEXTS)
    assert shown
    for text in [plate["title"]["en"], "Filtered: " + types[0]["title"]["en"], *shown]:
        assert "".join(text.split()) in written, text
    # What is drawn has colour of its own: nothing hangs on a style sheet.
    shapes = [e for name in ("rect", "path", "circle") for e in drawing.iter(SVG + name)]
    assert all(e.get("fill") or e.get("stroke") or "fill:" in e.get("style", "") for e in shapes)


@pytest.mark.parametrize(
    ("ids", "says"), [("'00102'", '"selection" is a list of unit ids.'), ("['x']", "No unit x.")]
)
def test_select_refuses_what_is_no_list_of_units(
    open_page: Any, example_page: Path, ids: str, says: str
) -> None:
    page = open_page(example_page)
    found = page.evaluate(f"try {{ regionalAtlas.select({ids}) }} catch (e) {{ e.message }}")
    assert found == says
    assert page.evaluate("regionalAtlas.state.selection") == []


def test_compare_units_side_by_side(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    page.evaluate("window.regionalAtlas.select(['00102'])")
    page.get_by_role("heading", name="Birch").wait_for()
    page.keyboard.press("c")
    page.evaluate("window.regionalAtlas.select(['00101'])")
    page.keyboard.press("c")
    panel = page.get_by_role("region", name="Side by side")
    panel.wait_for()
    assert panel.locator("thead th").count() == 2
    assert "compare=00102&compare=00101" in page.url


def test_pinyin_finds_units(open_page: Any, example_page: Path, rewritten: Any) -> None:
    def change(_: dict[str, Any], store: dict[str, Any]) -> None:
        store["unit_pinyin"] = [f"xian {'abcdefghij'[i % 10]}o" for i in range(len(store["unit"]))]

    page = open_page(rewritten(example_page, change))
    for typed in ("xianco", "xc"):
        page.locator(".ra-search-input").fill(typed)
        page.locator(".ra-result").first.wait_for()


def test_a_picture_breaks_its_text_and_cuts_none(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    finding = "县域名称，" * 40 + "and quite a few words of another script. " * 5

    def change(spec: dict[str, Any], _: dict[str, Any]) -> None:
        spec["plates"][0]["finding"] = {"zh": finding, "en": finding}

    page = open_page(rewritten(example_page, change))
    page.get_by_role("button", name="Export and share").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="SVG").click()
    svg = ElementTree.fromstring(Path(waited.value.path()).read_text(encoding="utf-8"))
    lines = [
        text
        for text in svg.findall("{http://www.w3.org/2000/svg}text")
        if "400 13px" in text.attrib["style"]
    ]
    assert "".join("".join(line.itertext()) for line in lines).replace(" ", "") == finding.replace(
        " ", ""
    )
    assert len({line.attrib["y"] for line in lines}) == len(lines) > 3
    assert not any((line.text or "").startswith("，") for line in lines)
    top = float(next(iter(svg.findall("{http://www.w3.org/2000/svg}svg"))).attrib["y"])
    assert max(float(line.attrib["y"]) for line in lines) < top


def test_print_holds_map_and_table(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, "#dark=1")
    page.emulate_media(media="print")
    for width, height in ((703, 1032), (1032, 703), (1497, 1032)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        picture = page.locator(".ra-printed canvas").bounding_box()
        assert picture["x"] >= 0
        assert picture["x"] + picture["width"] <= width
        boxes = [
            page.locator(name).first.bounding_box()
            for name in (".ra-finding", ".ra-legend", ".ra-plate-source", ".ra-table tbody tr")
        ]
        tops = [box["y"] for box in boxes]
        assert tops == sorted(tops)
        assert tops[-1] >= picture["y"] + picture["height"]
        assert tops[-1] < height
        assert page.locator(".ra").get_attribute("data-theme") == "light"
        assert not page.locator(".ra-tabs, .ra-tools, .ra-map").first.is_visible()
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".ra-printed canvas").count() == 0
    assert page.locator(".ra").get_attribute("data-theme") == "dark"
    assert "dark=1" in page.url


@pytest.mark.parametrize("size", [(703, 1032), (1032, 703), (1032, 1497), (1497, 1032)])
def test_paper_says_what_lies_over_the_map(
    open_page: Any, example_page: Path, size: tuple[int, int]
) -> None:
    page = open_page(example_page)
    types = page.evaluate("JSON.parse(document.getElementById('ra-spec').textContent).unit_types")
    filters = [{"scope": "type", "value": types[0]["id"]}]
    set_state(page, {"plate": "lights", "compare": ["00102", "00101"], "filters": filters})
    on_paper = page.locator(".ra-on-paper")
    assert not any(part.is_visible() for part in on_paper.all())
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.emulate_media(media="print")
    assert page.locator(".ra-plate-title").inner_text().endswith(" 2022")
    extras = page.locator(".ra-paper-extras")
    assert f"Filtered: {types[0]['title']['en']}" in extras.inner_text()
    assert extras.locator("thead th").all_inner_texts()[0].startswith("Birch")
    assert "×" not in extras.inner_text()
    source = page.locator(".ra-plate-source").bounding_box()
    assert extras.bounding_box()["y"] >= source["y"] + source["height"]
    set_state(page, {"plate": "sources", "compare": []})
    whole = page.locator(".ra-sources").bounding_box()
    assert whole["x"] < 30
    assert whole["width"] > size[0] - 30


@pytest.mark.china
@pytest.mark.slow
def test_paper_says_that_a_table_is_an_excerpt(open_page: Any, china_page: Path) -> None:
    page = open_page(china_page, "#plate=vitality&lang=en")
    page.emulate_media(media="print")
    assert page.locator(".ra-excerpt").inner_text().startswith("The first 100 of 2,875 rows")


@pytest.mark.parametrize(
    "state",
    [
        {"chart": "lorenz"},
        {"classes": "manual:3:OrRd:10,20"},
        {"view": {"lat": "a", "lon": 1, "zoom": 2}},
        {"year": "2020"},
        {"sort": "value"},
    ],
)
def test_a_state_of_another_shape_is_refused_and_changes_nothing(
    open_page: Any, example_page: Path, state: dict[str, Any]
) -> None:
    page = open_page(example_page)
    told = "state => window.regionalAtlas.setState(state).then(() => '', error => error.message)"
    (name,) = state
    assert page.evaluate(told, {"lang": "zh", **state}).startswith(f'"{name}" is null or ')
    assert page.evaluate("window.regionalAtlas.state.lang") == "en"
    assert page.evaluate("window.regionalAtlas.state")[name] is None


@pytest.fixture
def embedding(example_page: Path, tmp_path: Path) -> Iterator[str]:
    """The page of the book that embeds an atlas, beside one, served on this machine."""
    book = (Path(__file__).resolve().parents[2] / "docs/reference/page.md").read_text("utf-8")
    block = re.findall(r"```html\n(.*?)```", book, re.DOTALL)[0]
    (tmp_path / "article.html").write_text(block, encoding="utf-8")
    shutil.copy(example_page, tmp_path / "index.html")
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/article.html"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def test_the_embedding_page_of_the_book(chromium: Any, embedding: str) -> None:
    page = chromium.new_context().new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(embedding)
    leader = page.locator("#leader")
    leader.get_by_text("First of the index").wait_for()
    atlas = page.frames[1]
    best = atlas.evaluate("regionalAtlas.scores().find(({rank}) => rank === 1).unit_id")
    assert leader.inner_text().endswith(best)
    before = atlas.evaluate("regionalAtlas.state.plate")
    atlas.evaluate("window.kept = true")
    page.get_by_role("button", name="Next plate").click()
    atlas.wait_for_function("before => regionalAtlas.state.plate !== before", arg=before)
    page.get_by_role("button", name="Dark").click()
    atlas.locator(".ra[data-theme=dark]").wait_for()
    assert atlas.evaluate("window.kept")
    assert faults == []
    page.context.close()
