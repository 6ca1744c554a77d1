"""Web mercator and its tiles: where units lie, and that no host is asked before the reader asks."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import folium
import numpy as np
import pyproj
import pytest

import regional_atlas as ra
from regional_atlas.page.pictures import encode_png, encode_webp, webp_uri

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


COLOURS = """(places) => {
  const map = map_regional_atlas;
  const canvas = document.querySelector('.leaflet-regional-atlas-areas-pane canvas');
  const box = canvas.getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
  const ratio = canvas.width / box.width, pen = canvas.getContext('2d');
  return places.map(([lon, lat]) => {
    const {x, y} = map.latLngToContainerPoint([lat, lon]);
    const at = [frame.left + x - box.left, frame.top + y - box.top];
    return pen.getImageData(...at.map((v) => Math.round(v * ratio)), 1, 1).data[0];
  });
}"""


# The legend of a field's plate counts every unit that passes the filters.
PASSING = """async () => {
  await regionalAtlas.setState({plate: 'vigour'});
  return [...document.querySelectorAll('.ra-legend-table .ra-number')]
    .reduce((sum, cell) => sum + parseInt(cell.textContent), 0);
}"""


def degrees(known: dict[str, Any]) -> Any:
    """Longitude and latitude of the units' points."""
    crs = pyproj.Transformer.from_crs(known["projection"], "EPSG:4326", always_xy=True)
    return np.column_stack(crs.transform(*known["points"].T))


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


def test_a_raster_lies_where_it_is_in_both(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    """The raster's red says how far across (one year) and how far down (another) a cell lies."""
    known: dict[str, Any] = {}

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        known.update(points=np.array(store["point"]), projection=spec["projection"]["proj4"])
        plate = next(plate for plate in spec["plates"] if plate["id"] == "lights")
        known["box"], (first, *_, second) = spec["view"], plate["years"]
        ramp = np.tile(np.arange(250, dtype=np.uint8), (250, 1))
        palette = [(level, 0, 0, 255) for level in range(250)]
        for year, levels in ((first, ramp), (second, ramp.T)):
            image = webp_uri(encode_webp(levels, palette))
            raster = {"field": plate["field"], "year": year, "bounds": spec["view"], "image": image}
            spec["rasters"].append(raster)
        plate["raster"] = plate["field"]
        bounds = spec["view"]
        inset = {"id": "i", "title": {"zh": "i", "en": "i"}, "bounds": bounds}
        inset |= {"proj4": known["projection"], "units": list(range(len(known["points"])))}
        spec["insets"] = [inset]
        known["years"] = first, second

    page = open_page(rewritten(example_page, change))
    left, lower, right, upper = known["box"]
    x, y = known["points"].T
    inset = page.locator(".ra-inset canvas")
    pictures = set()
    for mercator in (False, True):
        for year, share in zip(
            known["years"],
            ((x - left) / (right - left), (upper - y) / (upper - lower)),
            strict=True,
        ):
            state = {"plate": "lights", "year": year, "raster": 1, "mercator": mercator}
            page.evaluate("state => window.regionalAtlas.setState(state)", state)
            page.wait_for_timeout(200)
            seen = page.evaluate(COLOURS, degrees(known).tolist())
            assert share.max() - share.min() > 0.3
            assert np.allclose(seen, 250 * share - 0.5, atol=2.5), (mercator, year)
            pictures.add(inset.evaluate("canvas => canvas.toDataURL()"))
    # One for each year: insets stay in their own projection.
    assert len(pictures) == 2


def test_a_box_holds_what_lies_in_it_where_it_was_drawn(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    known: dict[str, Any] = {}

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        known.update(points=np.array(store["point"]), projection=spec["projection"]["proj4"])

    page = open_page(rewritten(example_page, change))
    page.evaluate("window.regionalAtlas.setState({mercator: true})")
    whole = page.locator(".ra-map-slot").bounding_box()
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("button", name="Draw a box").click()
    corners = [
        (whole["x"] + whole["width"] * share, whole["y"] + whole["height"] * share)
        for share in (0.3, 0.6)
    ]
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=4)
    page.mouse.up()
    (drawn,) = page.evaluate("window.regionalAtlas.state.filters")
    assert drawn["value"].startswith("mercator:")
    xmin, ymin, xmax, ymax = map(float, drawn["value"].removeprefix("mercator:").split(","))
    to_mercator = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    x, y = to_mercator.transform(*degrees(known).T)
    inside = int(((x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax)).sum())
    assert 0 < inside < len(x)
    for mercator in (True, False):
        page.evaluate("mercator => window.regionalAtlas.setState({mercator})", mercator)
        assert page.evaluate(PASSING) == inside
    address = page.url.partition("#")[2]
    assert "only=box:mercator:" in unquote(address)


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
    folium.TileLayer(host + "/{z}/{x}/{y}.png", attr='© <a href="x">me</a> & others').add_to(
        page_map
    )
    page_map.save(str(tmp_path / "own.html"))
    page = online(chromium, tmp_path / "own.html")
    page.get_by_role("button", name="Web mercator projection").click()
    page.wait_for_timeout(200)
    assert tile_host.asked == []
    page.get_by_role("button", name="Export and share").click()
    leave_out = page.get_by_text("Pictures leave the background tiles out")
    assert leave_out.count() == 0
    page.locator(".ra-background button").click()
    page.locator(".leaflet-tile-loaded").nth(3).wait_for(state="attached")
    assert "© me & others" in page.locator(".ra-background").inner_text().splitlines()
    page.get_by_role("button", name="Export and share").click()
    leave_out.wait_for()
    page.context.close()
