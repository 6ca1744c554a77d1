"""The story on the page: read, left, returned to, linked, printed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra

pytestmark = pytest.mark.browser

DOCS = Path(__file__).resolve().parents[2] / "docs/how-to/story.md"
PHONE = {"width": 390, "height": 844}
HOSTILE = '\n[[story]]\ntitle = "<i>T</i>"\ntext = "<img src=x onerror=alert(1)> & {{"\nplate = "vigour"\n'  # noqa: E501
CURRENT = ".ra-story-steps > [aria-current] h2"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project's page with the story of the book, and a step with markup."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(Path(ra.__file__).parent / "starter", folder / "project")
    file = folder / "project/atlas.toml"
    block = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    story = f"\n{block[1]}{HOSTILE}"
    file.write_text(file.read_text(encoding="utf-8") + story, encoding="utf-8")
    ra.build(ra.read_project(folder / "project")).save(folder / "out")
    return folder / "out/index.html"


def state(page: Any) -> dict[str, Any]:
    return page.evaluate("window.regionalAtlas.state")


def fragment(page: Any) -> str:
    return page.evaluate("location.hash")


def wait_for(page: Any, condition: str) -> None:
    """Wait until a condition holds; the page's policy lets no text become code."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never: {condition}")


def rested(page: Any) -> None:
    """Wait until flights and scrolling are over."""
    page.wait_for_timeout(1800)


def visible_box(page: Any) -> list[float]:
    """West, south, east, north of the map's part that no sheet covers, from two corners."""
    return page.evaluate(
        """() => {
          const map = Object.values(window).find((item) => item instanceof L.Map);
          const { x, y } = map.getSize();
          const side = document.querySelector('.ra-side').getBoundingClientRect();
          const low = innerWidth < 1024 ? y - side.height : y;
          const [a, b] = [map.containerPointToLatLng([0, low]), map.containerPointToLatLng([x, 0])];
          return [a.lng, a.lat, b.lng, b.lat];
        }"""
    )


def test_the_atlas_opens_as_without_a_story(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file)
    assert state(page)["story"] is None
    assert page.locator(".ra-story, .ra-story-back").count() == 0
    first = page.locator(".ra-plates .ra-plate").first
    assert first.inner_text() == "Story 4"
    first.click()
    assert fragment(page) == "#story=1"
    assert page.locator(CURRENT).inner_text() == "Four places"
    assert page.locator(".ra-table").count() == 0


def test_an_atlas_without_a_story_offers_none(example_page: Path, open_page: Any) -> None:
    page = open_page(example_page, "#story=1")
    assert state(page)["story"] is None
    assert page.locator(".ra-story-item, .ra-story").count() == 0
    assert page.evaluate("regionalAtlas.steps()") == []
    wrong = page.evaluate("regionalAtlas.step(1).catch((error) => error.message)")
    assert wrong == "This atlas has no story."


def test_buttons_keys_and_the_list_go_through_the_steps(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=1")
    previous, following = page.get_by_label("Previous step"), page.get_by_label("Next step")
    assert previous.is_disabled()
    following.click()
    assert fragment(page) == "#story=2"
    assert [item["value"] for item in state(page)["filters"]] == ["01"]
    page.keyboard.press("ArrowRight")
    assert state(page)["story"] == 3
    page.keyboard.press("ArrowLeft")
    assert state(page)["story"] == 2
    page.locator(".ra-story-at select").select_option("4")
    assert state(page)["story"] == 4
    assert following.is_disabled()
    page.keyboard.press("ArrowRight")
    assert state(page)["story"] == 4
    page.go_back()
    assert state(page)["story"] == 2


def test_scrolling_goes_through_the_steps(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=1")
    steps = page.locator(".ra-story-steps")
    steps.hover()
    before = page.evaluate("history.length")
    page.mouse.wheel(0, 400)
    wait_for(page, "regionalAtlas.state.story === 2")
    rested(page)
    assert fragment(page) == "#story=2"
    assert page.evaluate("history.length") == before
    page.mouse.wheel(0, -400)
    wait_for(page, "regionalAtlas.state.story === 1")


def test_a_chosen_step_scrolls_into_place_and_stays(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=1")
    page.evaluate("regionalAtlas.step(4)")
    rested(page)
    assert state(page)["story"] == 4
    top = "(element) => element.getBoundingClientRect().top"
    place = page.locator(".ra-story-steps > [aria-current]").evaluate(top)
    assert abs(place - page.locator(".ra-story-steps").evaluate(top)) < 3


def test_a_link_to_a_step_shows_all_of_its_state(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=3&lang=zh&dark=1")
    found = state(page)
    assert (found["plate"], found["year"], found["selection"]) == ("lights", 2018, ["00102"])
    assert found["area"] == {"scope": "metro", "id": "river"}
    assert page.locator(".ra-story .ra-chart").count() == 1
    assert page.locator(CURRENT).inner_text() == "灯光"
    assert page.locator(".ra-card").count() == 0, "the story's own marks open no card"
    rested(page)
    assert fragment(page) == "#story=3&lang=zh&dark=1"
    page.evaluate("regionalAtlas.setState({lang: 'en', dark: null})")
    assert fragment(page) == "#story=3"


@pytest.mark.parametrize("viewport", [None, PHONE, {"width": 768, "height": 1024}])
def test_the_map_fits_the_bounds_of_a_step(page_file: Path, open_page: Any, viewport: Any) -> None:
    page = open_page(page_file, "#story=1", viewport)
    page.evaluate("regionalAtlas.step(2)")
    rested(page)
    west, south, east, north = visible_box(page)
    assert west < 10.05
    assert south < 48.55
    assert east > 10.95
    assert north > 49.95
    assert min(east - west, 2 * (north - south)) < 3.4, "no wider than it must"
    assert fragment(page) == "#story=2"


def moves(page: Any) -> int:
    """Count the frames in which the map moves on the way from one step to the next."""
    page.evaluate(
        """() => {
          window.moved = 0;
          const map = Object.values(window).find((item) => item instanceof L.Map);
          map.on('move', () => window.moved++);
        }"""
    )
    page.evaluate("regionalAtlas.step(2)")
    rested(page)
    return page.evaluate("window.moved")


def test_the_map_moves_smoothly_unless_the_reader_wants_no_motion(
    page_file: Path, open_page: Any
) -> None:
    assert moves(open_page(page_file, "#story=1")) > 5
    assert moves(open_page(page_file, "#story=1", reduced_motion="reduce")) <= 2


def test_it_is_left_where_it_is_and_returned_to(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=2")
    rested(page)
    before = visible_box(page)
    page.get_by_role("button", name="Explore").click()
    rested(page)
    assert visible_box(page) == pytest.approx(before, abs=0.05)
    found = state(page)
    assert found["story"] is None
    assert [item["value"] for item in found["filters"]] == ["01"]
    assert page.locator(".ra-table").count() == 1
    page.get_by_role("button", name="Back to the story").click()
    assert fragment(page) == "#story=2"
    page.evaluate("regionalAtlas.show('lights')")
    assert state(page)["story"] is None
    page.locator(".ra-story-item").click()
    assert fragment(page) == "#story=2"


def test_what_the_reader_changes_within_a_step_is_in_the_link(
    page_file: Path, open_page: Any
) -> None:
    page = open_page(page_file, "#story=2")
    page.evaluate("regionalAtlas.select(['00106'])")
    assert page.locator(".ra-card-title").inner_text().startswith("Fir")
    link = fragment(page)
    assert link.startswith("#story=2&plate=industry&")
    again = open_page(page_file, link)
    assert state(again)["selection"] == ["00106"]
    assert again.locator(".ra-card").count() == 1
    again.keyboard.press("Escape")
    assert again.locator(".ra-card").count() == 0
    rested(again)
    assert state(again)["story"] == 2
    assert fragment(again) == "#story=2"


def test_texts_are_never_markup(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=4")
    assert page.locator(CURRENT).inner_text() == "<i>T</i>"
    assert page.locator(".ra-story-steps p").last.inner_text() == (
        "<img src=x onerror=alert(1)> & {"
    )
    assert page.locator(".ra img").count() == 0


def test_each_step_is_announced(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=1")
    page.evaluate("regionalAtlas.step(2)")
    said = page.locator("[role=status][aria-live]").inner_text()
    assert said == "Step 2 of 4. The west. Westmark holds 2 of 4 places (50%)."


def test_every_step_is_printed_with_its_picture(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=2&dark=1")
    rested(page)
    page.evaluate(
        """() => (window.print = () => {
          dispatchEvent(new Event('beforeprint'));
          const pictures = [...document.querySelectorAll('.ra-printed-step canvas')];
          window.printed = pictures.map((canvas) => canvas.toDataURL());
        })"""
    )
    page.get_by_label("Print").click()
    wait_for(page, "Boolean(window.printed)")
    pictures = page.evaluate("window.printed")
    assert len(pictures) == len(set(pictures)) == 4, "each step has a picture of its own"
    page.emulate_media(media="print")
    assert page.locator(".ra-printed-step").count() == 4
    assert page.locator(".ra-printed-step h2").all_inner_texts()[:2] == ["Four places", "The west"]
    assert page.locator(".ra-printed-step canvas").first.is_visible()
    assert not page.locator(".ra-side").is_visible()
    pdf = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 4
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".ra-printed-step canvas").count() == 0
    assert fragment(page) == "#story=2&dark=1"


def test_on_a_phone_the_sheet_has_the_story(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file, "#story=1", PHONE, has_touch=True)
    rested(page)
    assert page.locator(".ra-side").get_attribute("data-height") == "half"
    for button in page.locator(".ra-story-bar button, .ra-story-at").all():
        box = button.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 36
    page.get_by_label("Next step").tap()
    rested(page)
    assert fragment(page) == "#story=2"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]


def test_the_interface(page_file: Path, open_page: Any) -> None:
    page = open_page(page_file)
    steps = page.evaluate("regionalAtlas.steps()")
    assert [step["title"]["en"] for step in steps][:3] == ["Four places", "The west", "Light"]
    page.evaluate("regionalAtlas.step(3)")
    assert state(page)["story"] == 3
    page.evaluate("regionalAtlas.step(null)")
    assert state(page)["story"] is None
    for wrong in ("0", "5", "1.5", "'2'"):
        said = page.evaluate(f"regionalAtlas.step({wrong}).catch((error) => error.message)")
        assert said.endswith("there are 1 to 4.")
    page.evaluate("regionalAtlas.setState({story: 9})")
    assert state(page)["story"] is None
