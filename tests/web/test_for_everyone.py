"""Axe, touch, keyboard, motion, zoom: the page for readers of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "src/regional_atlas/page/web/node_modules/axe-core/axe.min.js"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
STILL = {"reduced_motion": "reduce"}

KINDS = """() => {
  const {plates} = JSON.parse(document.getElementById('ra-spec').textContent);
  const first = new Map(plates.map(({kind, chart, id}) => [`${kind} ${chart}`, id]).reverse());
  return [...first.values()];
}"""

SMALL = """() => [...document.querySelectorAll('button, input, select, summary')].flatMap(item => {
  const style = getComputedStyle(item), box = item.getBoundingClientRect();
  if (!box.width || style.visibility === 'hidden' || style.opacity === '0') return [];
  // A row of the table is one target as a whole.
  let {width, height} = (item.closest('.ra-table tbody tr') ?? item).getBoundingClientRect();
  for (const part of ['::before', '::after']) {
    const around = getComputedStyle(item, part);
    if (around.position !== 'absolute') continue;
    width = Math.max(width, parseFloat(around.width) || 0);
    height = Math.max(height, parseFloat(around.height) || 0);
  }
  const small = Math.min(width, height) < 43.5;
  return small ? [`${item.className} ${item.textContent}: ${width} x ${height}`] : [];
})"""


def set_state(page: Any, state: dict[str, Any]) -> None:
    page.evaluate("state => window.regionalAtlas.setState(state)", state)


def states_of(plates: list[str], units: list[str], parent: list[str]) -> list[dict[str, Any]]:
    """Every kind of plate, and what can lie over one."""
    scope, value = parent
    return [
        *({"plate": plate} for plate in plates),
        {"plate": plates[0], "selection": units[:1]},
        {"selection": [], "area": {"scope": scope, "id": value}},
        {"area": None, "compare": units[:3]},
        {"compare": [], "mercator": True, "filters": [{"scope": scope, "value": value}]},
        {"mercator": False, "query": "zzzz"},
        {"query": "", "filters": [], "plate": "sources"},
    ]


def violations(page: Any, states: list[dict[str, Any]]) -> list[Any]:
    # The page's policy allows no script but its own; axe is put in past it.
    page.add_script_tag(path=str(AXE))
    found = []
    for state in states:
        set_state(page, state)
        page.wait_for_timeout(100)
        result = page.evaluate("axe.run({resultTypes: ['violations']})")
        found += [
            (state, v["id"], [n["target"] for n in v["nodes"]][:3], v["nodes"][0]["failureSummary"])
            for v in result["violations"]
        ]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(
    open_page: Any, example_page: Path, device: dict[str, Any], scheme: str
) -> None:
    page = open_page(example_page, color_scheme=scheme, bypass_csp=True, **device, **STILL)
    plates = page.evaluate(KINDS)
    assert not violations(page, states_of(plates, ["00102", "00101"], ["province", "01"]))


def test_axe_finds_nothing_in_sheet_and_menu(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, bypass_csp=True, **PHONE, **STILL)
    handle = page.locator(".ra-handle")
    heights = set()
    for _ in range(3):
        heights.add(page.locator(".ra-side").get_attribute("data-height"))
        assert not violations(page, [{}])
        handle.click()
    assert heights == {"peek", "half", "full"}
    page = open_page(example_page, bypass_csp=True, **DESKTOP, **STILL)
    page.get_by_role("button", name="Export and share").click()
    assert not violations(page, [{}])
    assert page.locator(".ra-popover").is_visible()


@pytest.mark.china
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_china(
    open_page: Any, china_page: Path, device: dict[str, Any], scheme: str
) -> None:
    page = open_page(china_page, color_scheme=scheme, bypass_csp=True, **device, **STILL)
    plates = page.evaluate(KINDS)
    states = states_of(plates, ["320583", "320281", "330282"], ["province", "320000"])
    assert not violations(page, states)


def test_targets_on_a_phone_are_large_enough(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, **PHONE, **STILL)
    plates = page.evaluate(KINDS)
    for state in states_of(plates, ["00102", "00101"], ["province", "01"]):
        set_state(page, state)
        page.wait_for_timeout(100)
        assert page.evaluate(SMALL) == [], state


def test_every_key_of_the_list(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    ask = page.evaluate
    plates = [plate["id"] for plate in ask("window.regionalAtlas.plates()")]

    def press(key: str) -> dict[str, Any]:
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        return ask("window.regionalAtlas.state")

    assert press("]")["plate"] == plates[1]
    assert press("[")["plate"] == plates[0]
    assert press("[")["plate"] == "sources"
    years = next(plate for plate in plates if _kind(page, plate) == "years")
    set_state(page, {"plate": years})
    last = page.locator(".ra-year").inner_text()
    assert str(press(",")["year"]) < last
    assert str(press(".")["year"]) == last
    page.keyboard.press("/")
    assert ask("document.activeElement.className") == "ra-search-input"
    page.keyboard.type("Haz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    chosen = ask("window.regionalAtlas.state.selection")
    assert len(chosen) == 1
    ask("document.activeElement.blur()")
    assert press("c")["compare"] == chosen
    set_state(page, {"compare": []})
    assert press("Escape")["selection"] == []
    press("?")
    assert page.get_by_role("dialog").count() == 1
    press("Escape")
    assert page.get_by_role("dialog").count() == 0


def _kind(page: Any, plate: str) -> str:
    spec = "JSON.parse(document.getElementById('ra-spec').textContent)"
    return str(page.evaluate(f"id => {spec}.plates.find((p) => p.id === id).kind", plate))


def test_the_table_is_one_for_a_screen_reader(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    table = page.locator(".ra-table")
    rows = int(table.get_attribute("aria-rowcount"))
    count = page.locator(".ra-count").inner_text()
    assert str(rows - 1) in count.replace(",", "")
    assert table.get_by_role("columnheader").count() >= 2
    assert table.get_by_role("rowheader").count() >= 1
    focus = page.locator(".ra-table tbody button").first
    name = focus.inner_text()
    focus.press("Enter")
    page.get_by_role("heading", name=name).wait_for()
    live = page.locator("[aria-live]").first.inner_text()
    assert name in live


def test_nothing_moves_for_who_asks_for_that(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page, **STILL)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('.ra *')].filter((item) => {
          const {transitionDuration, animationDuration} = getComputedStyle(item);
          return parseFloat(transitionDuration) > 0.01 || parseFloat(animationDuration) > 0.01;
        }).map((item) => item.className)"""
    )
    assert moving == []


def test_at_twice_the_size_nothing_is_lost(open_page: Any, example_page: Path) -> None:
    # A window of 1280 pixels zoomed to 200 % has 640 of them.
    page = open_page(example_page, viewport={"width": 640, "height": 400}, device_scale_factor=2)
    for state in states_of(page.evaluate(KINDS), ["00102", "00101"], ["province", "01"]):
        set_state(page, state)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, state


def described(page: Any) -> str:
    """The text that a screen reader says of the map when it comes to it."""
    said: str = page.evaluate(
        "() => document.getElementById("
        "document.querySelector('.leaflet-container').getAttribute('aria-describedby')).textContent"
    )
    return said


def test_the_map_says_what_it_shows(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    spec = page.evaluate("JSON.parse(document.getElementById('ra-spec').textContent)")
    plate = next(plate for plate in spec["plates"] if plate["kind"] == "choropleth")
    set_state(page, {"plate": plate["id"], "lang": "en"})
    page.wait_for_function(
        "text => document.querySelector('[id$=-text]').textContent.includes(text)",
        arg=plate["title"]["en"],
    )
    tree = page.locator(".ra-map").aria_snapshot()
    assert f'application "Map: {plate["title"]["en"]}"' in tree
    said = described(page)
    rows = page.locator(".ra-table tbody tr")
    first = rows.first.locator("th").inner_text()
    assert f"highest: {first}" in said
    assert "lowest: " in said
    low, high = said.split("; ")[1].split(" to ")
    cells = page.locator(".ra-table tbody .ra-col-number").all_inner_texts()
    assert high.split()[0] == cells[0]
    assert low.split()[0] in cells
    set_state(page, {"selection": ["00102"], "lang": "zh"})
    page.wait_for_function("document.querySelector('[id$=-text]').textContent.includes('已选择')")
    assert "最高：" in described(page)
    # It is still the map that the arrow keys move.
    container = page.locator(".leaflet-container")
    container.focus()
    before = page.url
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("url => location.href !== url", arg=before)


def test_every_plate_and_chart_has_words_of_its_own(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    plates = page.evaluate("regionalAtlas.plates().map(plate => plate.id)")
    for lang in ("zh", "en"):
        seen = {}
        for plate in plates:
            set_state(page, {"plate": plate, "lang": lang, "selection": [], "chart": None})
            page.wait_for_timeout(60)
            if page.locator(".ra-multiples").count():
                said = page.locator(".ra-multiple-map").first.get_attribute("aria-label")
            else:
                said = described(page)
            assert len(said) > 30, plate
            assert "undefined" not in said, said
            assert "NaN" not in said, said
            seen[plate] = said
            for tab in page.locator(".ra-tabs .ra-tab").all()[1:]:
                tab.click()
                page.wait_for_timeout(20)
                chart = page.locator(".ra-chart-box :is(svg.ra-chart, ol)").first
                if chart.count():
                    name = chart.get_attribute("aria-label")
                    assert name, plate
                    assert "undefined" not in name, (plate, name)
                    if chart.evaluate("item => item.localName") == "svg":
                        now = chart.get_attribute("aria-valuetext")
                        assert any(c.isdigit() for c in name + now), (plate, name)
        assert len(set(seen.values())) == len(plates)


def test_a_comparison_lowers_the_sheet_that_would_hide_it(
    open_page: Any, example_page: Path
) -> None:
    page = open_page(example_page, **PHONE, **STILL)
    set_state(page, {"selection": ["00102"]})
    page.locator('.ra-side[data-height="half"]').wait_for()
    page.locator(".ra-handle").click()
    page.locator('.ra-side[data-height="full"]').wait_for()
    set_state(page, {"compare": ["00102", "00101"]})
    page.locator('.ra-side[data-height="peek"]').wait_for()
    assert page.get_by_role("region", name="Side by side").is_visible()


def test_the_text_of_a_coverage_plate_tells_none_from_none_eligible(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    def change(spec: dict[str, Any], _: dict[str, Any]) -> None:
        plate = next(plate for plate in spec["plates"] if plate["kind"] == "coverage")
        first, second, *_rest = plate["rows"]
        first.update(count=0, share=0, best=None)
        second.update(count=0, of=0, share=None, best=None)

    file = rewritten(example_page, change)
    page = open_page(file)
    spec = page.evaluate("JSON.parse(document.getElementById('ra-spec').textContent)")
    plate = next(plate for plate in spec["plates"] if plate["kind"] == "coverage")
    set_state(page, {"plate": plate["id"], "lang": "en"})
    page.wait_for_function(
        "document.querySelector('[id$=-text]').textContent.includes('have none')"
    )
    said = described(page)
    none = sum(row["share"] is not None and row["count"] == 0 for row in plate["rows"])
    assert f"; {none} have none; 1 without eligible units" in said
