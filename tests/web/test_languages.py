"""A page in the languages of its project: French complete, Arabic from right to left, no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.catalogues import lent_messages, message_ids, message_sources
from regional_atlas.core.texts import Message
from regional_atlas.page.words import PREFIX

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).parents[1] / "data/boisjoli"
PHONE, TABLET = {"width": 360, "height": 740}, {"width": 768, "height": 1024}
READ = """() => {
  const said = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!["SCRIPT", "STYLE"].includes(node.parentElement.tagName)) said.push(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      for (const name of ["aria-label", "title", "alt", "placeholder", "aria-valuetext"])
        if (node.hasAttribute(name)) said.push(node.getAttribute(name));
    }
  }
  return said.map((text) => text.trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("both")
    ra.build(ra.read_project(PROJECT)).save(folder)
    return folder / "index.html"


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("french")
    ra.build(ra.read_project(PROJECT, overrides=['languages=["fr"]'])).save(folder)
    return folder / "index.html"


def words_of(lang: str) -> set[str]:
    """What the page says in a language without arguments, but words that French has too."""
    fixed = [name for name in message_ids(lang) if "{" not in message_sources(lang)[name]]
    own = {Message(name).in_(lang).strip().lower() for name in fixed if name.startswith(PREFIX)}
    french = " ".join(message_sources("fr").values()).lower()
    return {word for word in own if len(word) > 3 and not whole(word).search(french)}


def whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w’'-]){re.escape(word)}(?![\w’'-])")


def everything(page: Any) -> set[str]:
    """What the page says on every plate, with a unit open, in every menu, chart and list."""
    said: set[str] = set()
    plates = page.evaluate("regionalAtlas.plates().map((plate) => plate.id)")
    unit = "00102"
    for plate in [*plates, "sources"]:
        page.evaluate("(id) => regionalAtlas.show(id)", plate)
        said.update(page.evaluate(READ))
        for chart in range(page.locator(".ra-tab").count()):
            page.evaluate("(at) => document.querySelectorAll('.ra-tab')[at]?.click()", chart)
            page.wait_for_timeout(20)
            said.update(page.evaluate(READ))
        page.evaluate("(id) => regionalAtlas.select([id])", unit)
        page.wait_for_timeout(50)
        said.update(page.evaluate(READ))
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        page.wait_for_timeout(20)
        said.update(page.evaluate(READ))
        page.evaluate("regionalAtlas.select([])")
    page.keyboard.press("?")
    said.update(page.evaluate(READ))
    return said


def test_a_french_page_says_nothing_in_english_or_chinese(open_page: Any, french: Path) -> None:
    page = open_page(french)
    said = everything(page)
    assert len(said) > 200
    assert [text for text in said if re.search(r"[\u3400-\u9fff]", text)] == []
    wrong = {
        (word, text) for word in words_of("en") for text in said if whole(word).search(text.lower())
    }
    assert wrong == set()
    assert page.locator(".ra-lang").count() == 0


def test_the_words_of_english_are_found_where_they_are(open_page: Any, example_page: Path) -> None:
    """The search for words of another language can fail."""
    said = {text.lower() for text in everything(open_page(example_page))}
    found = {word for word in words_of("en") if any(word in text for text in said)}
    assert len(found) > 50


@pytest.mark.parametrize(
    ("locale", "lang", "direction"),
    [("fr-CA", "fr", "ltr"), ("ar-MA", "ar", "rtl"), ("is-IS", "fr", "ltr")],
)
def test_a_page_opens_in_the_readers_language(
    open_page: Any, both: Path, locale: str, lang: str, direction: str
) -> None:
    page = open_page(both, locale=locale)
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        lang, direction,
    ]  # fmt: skip
    assert page.evaluate("regionalAtlas.state.lang") == lang
    assert "lang=" not in page.url
    page.locator(".ra-lang").click()
    assert page.evaluate("regionalAtlas.state.lang") != lang
    assert "lang=" in page.evaluate("location.hash")


def test_a_link_names_the_language(open_page: Any, both: Path) -> None:
    assert open_page(both, "#lang=ar").evaluate("document.title") == "أطلس بواجولي"
    assert open_page(both, "#lang=en").evaluate("document.title") == "Atlas du Boisjoli"


@pytest.mark.parametrize("viewport", [None, TABLET, PHONE])
def test_an_arabic_page_runs_from_right_to_left(open_page: Any, both: Path, viewport: Any) -> None:
    page = open_page(both, "#lang=ar&plate=lumieres&unit=00102", viewport)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    side, title = page.locator(".ra-side").bounding_box(), page.locator(".ra-title").bounding_box()
    assert side["x"] == 0
    assert title["x"] + title["width"] > width / 2
    # Time runs from left to right: the last year is at the right end.
    assert page.locator(".ra-slider").evaluate("(e) => getComputedStyle(e).direction") == "ltr"


def test_numbers_and_plurals_are_those_of_the_language(open_page: Any, french: Path) -> None:
    page = open_page(french, "#plate=population&unit=00102")
    card = page.locator(".ra-card").inner_text()
    assert "2\u202f004\u00a0km²" in card or "2\u202f004 km²" in card
    findings = page.evaluate(
        "JSON.parse(document.getElementById('ra-spec').textContent).plates.map((p) => p.finding.fr)"
    )
    for finding in findings:
        # No plain space before what French sets apart.
        assert not re.search(r"(?<![\u00a0\u202f]) [:;?!%»]", finding), finding
        assert not re.search(r"\w[:;?!%»]", finding.replace("http:", "")), finding
    assert any("cantons" in finding for finding in findings)


def test_what_english_lends_is_counted() -> None:
    atlas = ra.build(ra.read_project(PROJECT))
    said = [(item.what.in_("en"), item.why.in_("en")) for item in atlas.tables.report.omissions]
    lent = len(lent_messages("ar"))
    assert lent > 0
    assert (f"{lent} messages in Arabic", "the catalogue of the language lacks them; they are in "
            "English") in said  # fmt: skip
    assert not [name for name in lent_messages("ar") if name.startswith(PREFIX)]
    assert not lent_messages("fr")
