"""The built pages in a real browser: no network, no error, every plate, the public interface."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Visit:
    """One page, and everything that it did which it may not do."""

    def __init__(self, browser: Any, file: Path, viewport: dict[str, int], **options: Any) -> None:
        # No page is offered in Icelandic: each opens in its first language.
        reader = {"viewport": viewport, "offline": True, "locale": "is-IS"}
        self.context = browser.new_context(**reader | options)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)
        self.page.goto(file.as_uri())
        self.page.wait_for_function("window.regionalAtlas")
        self.page.evaluate("window.regionalAtlas.ready")

    def _console(self, message: Any) -> None:
        # The pixels that the tests read back draw a remark of their own.
        if message.type in ("error", "warning") and "willReadFrequently" not in message.text:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.faults.append(f"request: {request.url}")

    def ask(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Any]:
    visits: list[Visit] = []

    def visit(file: Path, viewport: dict[str, int] = DESKTOP, **options: Any) -> Visit:
        visits.append(Visit(chromium, file, viewport, **options))
        return visits[-1]

    yield visit
    for each in visits:
        each.context.close()
        assert not each.faults


@pytest.fixture(scope="session")
def example_page(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    example.save(folder)
    return folder / "index.html"


def painted(page: Any) -> int:
    """Number of different colours on the map's canvas, sampled."""
    return int(
        page.evaluate(
            """() => {
              const canvas = document.querySelector('.leaflet-container canvas');
              const {width, height} = canvas;
              const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
              const seen = new Set();
              for (let i = 0; i < data.length; i += 4 * 97)
                if (data[i + 3] > 250) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
              return seen.size;
            }"""
        )
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.china
def test_every_plate_of_china(visit: Any, china: Any, china_page: Path, viewport: Any) -> None:
    seen = visit(china_page, viewport)
    plates = [plate["id"] for plate in seen.ask("window.regionalAtlas.plates()")]
    assert plates == [plate.id for plate in china.project.config.plates]
    for plate in plates:
        seen.ask("id => window.regionalAtlas.show(id)", plate)
        assert painted(seen.page) > 3, plate
        assert seen.ask("window.regionalAtlas.state")["plate"] == plate
        width = seen.ask("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{plate} scrolls sideways"


@pytest.mark.china
def test_the_size_of_the_page(china_page: Path) -> None:
    """All of it, rasters too, and what is around the units, which has 250 KB: see `make bench`."""
    assert len(china_page.read_bytes()) <= 2_450_000


@pytest.mark.china
def test_forty_columns_ten_years_and_rasters_can_be_reached(visit: Any, china_page: Path) -> None:
    """Counted in the file that a region's card saves, where every value has its column."""
    seen = visit(china_page, DESKTOP)
    seen.ask(
        "state => regionalAtlas.setState(state)", {"area": {"scope": "province", "id": "320000"}}
    )
    with seen.page.expect_download() as waited:
        seen.page.locator(".ra-actions button", has_text="CSV").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    names = {"unit_id", "unit", "macro_region", "province", "prefecture"}
    assert names < set(rows[0])
    measured = [
        column
        for column in rows[0]
        if column not in names and any(row[column] not in ("", "-") for row in rows)
    ]
    assert len(measured) >= 40
    years = {found[1] for column in measured if (found := re.search(r"_(20\d\d)\b", column))}
    assert len(years) >= 10
    # With the raster, every year shows another picture of the map.
    pictures = set()
    for year in sorted(years):
        state = {"area": None, "plate": "lights", "raster": 1, "year": int(year)}
        seen.ask("state => regionalAtlas.setState(state)", state)
        seen.page.wait_for_timeout(150)
        pictures.add(seen.ask("document.querySelector('.ra-map-slot canvas').toDataURL()"))
    assert len(pictures) == len(years)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_plate_of_another_country(visit: Any, example_page: Path, viewport: Any) -> None:
    seen = visit(example_page, viewport)
    assert seen.ask("document.documentElement.lang") == "en"
    for plate in seen.ask("window.regionalAtlas.plates()"):
        seen.ask("id => window.regionalAtlas.show(id)", plate["id"])
        assert painted(seen.page) > 2, plate
    assert "reviewed" not in seen.page.inner_text("body")


def test_language_and_state_are_in_the_link(visit: Any, example_page: Path) -> None:
    seen = visit(example_page)
    seen.ask("window.regionalAtlas.setState({lang: 'zh', plate: 'metros'})")
    seen.page.wait_for_function("document.documentElement.lang.startsWith('zh')")
    assert "都市圈" in seen.page.inner_text("body")
    again = visit(Path(example_page))
    again.page.goto(seen.page.url)
    again.page.reload()
    again.page.wait_for_function("window.regionalAtlas")
    again.page.evaluate("window.regionalAtlas.ready")
    assert again.ask("window.regionalAtlas.state")["plate"] == "metros"
    assert again.ask("document.documentElement.lang").startswith("zh")


def test_selecting_a_unit_opens_its_card(visit: Any, example_page: Path) -> None:
    seen = visit(example_page)
    seen.ask("window.regionalAtlas.select(['00102'])")
    seen.page.get_by_role("heading", name="Birch").wait_for()
    text = seen.page.inner_text("body")
    assert "Westmark" in text
    assert "North Corridor" in text


def test_search_finds_units(visit: Any, example_page: Path) -> None:
    seen = visit(example_page)
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("Haz")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Hazel").wait_for()


def test_sources_show_the_report(visit: Any, example_page: Path) -> None:
    seen = visit(example_page)
    seen.ask("window.regionalAtlas.show('sources')")
    text = seen.page.inner_text("body")
    assert "Completeness of the boundaries" in text
    assert "Invented accounts" in text
