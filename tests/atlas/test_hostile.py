"""Names that would break out of a page, in every text of it: shown as they are, never run."""

from __future__ import annotations

import folium
import pytest

from regional_atlas.atlas import AtlasMap, build_spec, build_store, save_page, unit_shapes

from .conftest import HOSTILE, UNITS, make_tables
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
            key: value if key in keep else poisoned(value, texts, keep)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [poisoned(item, texts, keep) for item in data]
    return next(texts) if isinstance(data, str) else data


def corpus():
    while True:
        yield from CORPUS


KEYS = frozenset(
    {
        *("id", "kind", "lang", "projection", "palette", "scheme", "colors", "colors_dark"),
        *("field", "fields", "ranking", "region_kind", "level", "set", "raster", "rasters"),
        *("citation", "score", "parent", "code", "method", "normalise", "aggregate", "png"),
        "status",
    }
)


@pytest.fixture
def hostile(project, topology):
    tables = make_tables((HOSTILE * 2)[:9])
    shapes = unit_shapes(topology, UNITS)
    store = build_store(project, tables, shapes)
    spec = build_spec(project, tables, store, shapes)
    texts = corpus()
    # Field titles and methods are texts too, though a key `method` elsewhere is not.
    fields = [
        field
        | {
            "title": {"zh": next(texts), "en": next(texts)},
            "method": dict.fromkeys(("zh", "en"), next(texts)),
        }
        for field in spec["fields"]
    ]
    spec = poisoned(spec, texts, KEYS) | {"fields": fields}
    spec["tiles"] = {
        **{"url": f"{TILES}/{{z}}/{{x}}/{{y}}", "hosts": [TILES], "subdomains": []},
        **{"max_zoom": 3, "fits": False, "key": None, "datum": next(texts)},
        "attribution": {"zh": next(texts), "en": next(texts)},
    }
    store["unit"] = [next(texts) for _ in store["unit"]]
    store["unit_en"] = [next(texts) for _ in store["unit"]]
    for parents in store["parents"].values():
        for key in ("names", "names_en", "short"):
            parents[key] = [next(texts) for _ in parents[key]]
    return AtlasMap(spec, store, topology)


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
