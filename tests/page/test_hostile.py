"""Names that would break out of a page, in every text of it: shown as they are, never run."""

from __future__ import annotations

import folium
import pytest
from pydantic import TypeAdapter

from regional_atlas.page import AtlasMap, build_spec, build_store, save_page, unit_shapes
from regional_atlas.page.format import Spec, Store, plain
from regional_atlas.page.page import packed_geometry, packed_store

from .conftest import BOTH, HOSTILE, UNITS, make_tables
from .test_browser import READY, opened

pytestmark = pytest.mark.browser

MORE = [
    "{{ 7 * 7 }} {% raw %}",
    "'); alert(1); ('",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "long " * 2000,
]
CORPUS = [*HOSTILE, *MORE]
TILES = "http://127.0.0.1:9999"


def poisoned(data, texts, keep):
    """Replace every text that a person reads, in turn, by those of the corpus."""
    if isinstance(data, dict):
        return {
            key: value if key in keep and is_name(value) else poisoned(value, texts, keep)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [poisoned(item, texts, keep) for item in data]
    return next(texts) if isinstance(data, str) else data


def is_name(value):
    """Whether a value stands for something else; a text under the same key is a table or a pair."""
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(item, str) for item in value)
    )


def corpus():
    while True:
        yield from CORPUS


KEYS = frozenset(
    {
        *("id", "kind", "languages", "proj4", "palette", "scheme", "colors", "colors_dark"),
        *("field", "fields", "ranking", "region_kind", "level", "set", "raster", "figure"),
        *("citation", "score", "parent", "code", "codes", "method", "image", "status", "group"),
        *("chart", "measure", "scope", "unit_id", "ids"),
    }
)
"""What names something in the page. A new key with a text is poisoned unless it is added here."""


@pytest.fixture
def hostile(project, topology):
    tables = make_tables((HOSTILE * 2)[:9])
    shapes = unit_shapes(topology, UNITS)
    store = build_store(project, tables, shapes)
    spec = build_spec(project, tables, store, shapes)
    texts = corpus()
    spec = poisoned(plain(spec, BOTH), texts, KEYS)
    spec["tiles"] = {
        **{"url": f"{TILES}/{{z}}/{{x}}/{{y}}", "hosts": [TILES], "subdomains": []},
        **{"max_zoom": 3, "fits": False, "key": None, "datum": next(texts)},
        "attribution": {"zh": next(texts), "en": next(texts)},
    }
    store = poisoned(plain(store, BOTH), texts, KEYS)
    # Every unit has an English name here, so that both are shown.
    store["unit_en"] = [next(texts) for _ in store["unit"]]
    read = TypeAdapter(Store).validate_python(store)
    return AtlasMap(
        TypeAdapter(Spec).validate_python(spec),
        packed_store(read, BOTH),
        packed_geometry(topology, BOTH),
    )


def test_every_view_shows_hostile_texts_as_text(chromium, hostile, tmp_path):
    folium.Marker([50.0, 10.0], tooltip="mine").add_to(hostile)
    file = save_page(hostile, tmp_path / "index.html")
    body = file.read_text(encoding="utf-8").split("<body>")[1]
    page, problems = opened(chromium, file)
    for lang in ("zh", "en"):
        plates = page.evaluate(READY)
        assert plates
        page.evaluate("(lang) => regionalAtlas.setState({lang})", lang)
        for plate in [*plates, "sources"]:
            page.evaluate("(id) => regionalAtlas.show(id)", plate)
            page.evaluate("(ids) => regionalAtlas.select(ids)", UNITS[:2])
        page.evaluate("(ids) => regionalAtlas.select(ids)", UNITS[4:5])
        for state in (
            {"plate": plates[0], "selection": [], "compare": UNITS[:3]},
            {"compare": [], "area": {"scope": "half", "id": "all"}},
            {"area": None, "filters": [{"scope": "top", "value": "best:3"}]},
            {"filters": [], "mercator": True},
        ):
            page.evaluate("(state) => regionalAtlas.setState(state)", state)
    page.locator(".ra-background button").click()
    assert page.locator(".ra-background p").count() == 3
    page.mouse.move(400, 400)
    page.mouse.move(410, 410)
    page.wait_for_timeout(200)
    assert page.locator("svg[onload], img[onerror]").count() == 0
    # As many as the page was written with: the map, the atlas, the marker and its text.
    assert body.count("<script>") == 4
    assert page.evaluate("document.querySelectorAll('body script:not([type])').length") == 4
    # The tiles that were asked for are not there; nothing else happened.
    assert [text for text in problems if TILES not in text and "net::ERR_" not in text] == []
    page.close()
