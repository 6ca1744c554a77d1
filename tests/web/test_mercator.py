"""Web mercator and its tiles: where units lie, and that no host is asked before the reader asks."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest

import regional_atlas as ra
from regional_atlas.atlas.overlay import encode_png

pytestmark = pytest.mark.browser

TILE = encode_png(np.zeros((256, 256), dtype=np.uint8), [(30, 120, 60, 255)])
RADIUS_KM = 6371.0

WHERE = """() => {
  const map = map_regional_atlas, size = map.getSize();
  const bar = document.querySelector('.ra-scale');
  const at = [-0.5, 0.5].map((side) => {
    const x = size.x / 2 + side * parseFloat(bar.style.width);
    const {lng, lat} = map.containerPointToLatLng([x, size.y / 2]);
    return [lng, lat];
  });
  return {bar: bar.textContent, at};
}"""

CLICK = """([lon, lat]) => {
  const map = map_regional_atlas, {x, y} = map.latLngToContainerPoint([lat, lon]);
  const {left, top} = map.getContainer().getBoundingClientRect();
  return [left + x, top + y];
}"""


@pytest.fixture
def tile_host() -> Iterator[Any]:
    """A host of tiles on this machine that remembers what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(TILE)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.asked = asked  # type: ignore[attr-defined]
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tiled_page(example_folder: Path, tile_host: Any, tmp_path: Path) -> Path:
    """The starter with tiles declared, in another datum than the data, behind a key."""
    file = example_folder / "atlas.toml"
    port = tile_host.server_address[1]
    tiles = (
        f'[map.tiles]\nurl = "http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png?tk={{key}}"\n'
        'attribution = "Tiles by nobody"\ndatum = "gcj02"\n'
    )
    file.write_text(file.read_text(encoding="utf-8") + "\n" + tiles, encoding="utf-8")
    ra.build(ra.read_project(example_folder)).save(tmp_path / "out")
    return tmp_path / "out" / "index.html"


def online(chromium: Any, file: Path, fragment: str = "") -> Any:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(file.as_uri() + fragment)
    page.wait_for_function("window.regionalAtlas")
    page.evaluate("window.regionalAtlas.ready")
    return page


def kilometres(one: list[float], other: list[float]) -> float:
    (lon1, lat1), (lon2, lat2) = (map(math.radians, place) for place in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2
    chord += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(math.sqrt(chord))


def test_units_and_scale_are_where_they_are(
    open_page: Any, example_page: Path, example: Any
) -> None:
    page = open_page(example_page)
    unit = example.units.geometry.representative_point()
    for mercator in (False, True):
        page.evaluate("mercator => window.regionalAtlas.setState({mercator})", mercator)
        found = page.evaluate(WHERE)
        written = float(found["bar"].removesuffix(" km").replace(",", ""))
        assert kilometres(*found["at"]) == pytest.approx(written, rel=0.01)
        for name in unit.index[:4]:
            page.mouse.click(*page.evaluate(CLICK, [unit[name].x, unit[name].y]))
            assert page.evaluate("window.regionalAtlas.state.selection") == [name]
    assert "map=mercator" in page.url


def test_tiles_are_asked_for_only_when_the_reader_asks(
    chromium: Any, tile_host: Any, tiled_page: Path
) -> None:
    text = tiled_page.read_text(encoding="utf-8")
    host = f"http://127.0.0.1:{tile_host.server_address[1]}"
    policy = text.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert [part for part in policy.split("; ") if host in part] == [f"img-src data: blob: {host}"]

    page = online(chromium, tiled_page, "#map=mercator")
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text))
    page.wait_for_timeout(300)
    assert tile_host.asked == []
    panel = page.locator(".ra-background")
    assert "GCJ02" in panel.inner_text()
    assert host in panel.inner_text()

    panel.locator("input").fill("k&1")
    panel.locator("button").click()
    page.locator(".leaflet-tile-loaded").nth(3).wait_for(state="attached")
    assert asked
    assert all(url.startswith(host) and url.endswith("?tk=k%261") for url in asked)
    assert "Tiles by nobody" in panel.inner_text()
    assert "k&1" not in page.url
    assert "k%261" not in page.url
    lon, lat = page.evaluate("(({lng, lat}) => [lng, lat])(map_regional_atlas.getCenter())")
    zoom = int(asked[0].split("/")[3])
    middle = (
        math.floor((lon + 180) / 360 * 2**zoom),
        math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom),
    )
    assert f"{host}/{zoom}/{middle[0]}/{middle[1]}.png?tk=k%261" in asked

    page.evaluate("window.regionalAtlas.setState({mercator: false})")
    assert page.locator(".leaflet-tile").count() == 0
    assert not faults
    page.context.close()


def test_a_users_own_tiles_wait_for_the_reader(
    chromium: Any, tile_host: Any, example: Any, tmp_path: Path
) -> None:
    page_map = example.map()
    host = f"http://127.0.0.1:{tile_host.server_address[1]}"
    folium.TileLayer(host + "/{z}/{x}/{y}.png", attr="me").add_to(page_map)
    page_map.save(str(tmp_path / "own.html"))
    page = online(chromium, tmp_path / "own.html")
    page.get_by_role("button", name="Web mercator projection").click()
    page.wait_for_timeout(200)
    assert tile_host.asked == []
    page.locator(".ra-background button").click()
    page.locator(".leaflet-tile-loaded").nth(3).wait_for(state="attached")
    page.context.close()
