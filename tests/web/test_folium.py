"""A user's own Folium plugins beside the atlas, their scripts from npm in place of their hosts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import folium
import pytest
from folium import plugins

import regional_atlas as ra
from regional_atlas.page import save_page

from .conftest import DESKTOP

pytestmark = pytest.mark.browser

MODULES = Path(ra.__file__).parent / "page/web/node_modules"
SERVED = {
    "leaflet-minimap/3.6.1/Control.MiniMap": "leaflet-minimap/src/Control.MiniMap",
    "leaflet.fullscreen@3.0.0/Control.FullScreen.min": "leaflet.fullscreen/Control.FullScreen",
    "leaflet.fullscreen@3.0.0/": "leaflet.fullscreen/",
    "leaflet.markercluster/1.1.0/": "leaflet.markercluster/dist/",
    "leaflet.draw/1.0.2/": "leaflet-draw/dist/",
    "folium/templates/leaflet_heat.min": "leaflet.heat/dist/leaflet-heat",
}
PLACES = [[10.02, 50.01], [10.03, 50.02], [10.04, 50.0], [10.31, 50.2]]

AWAY = """() => {
  const map = map_regional_atlas, frame = map.getContainer().getBoundingClientRect();
  const off = ({lat, lng}, [x, y]) => {
    const at = map.latLngToContainerPoint([lat, lng]);
    return Math.hypot(frame.left + at.x - x, frame.top + at.y - y);
  };
  const found = {};
  map.eachLayer((layer) => {
    if (L.MarkerCluster && layer instanceof L.MarkerCluster) {
      const box = layer._icon.getBoundingClientRect();
      found[`cluster of ${layer.getChildCount()}`] =
        off(layer.getLatLng(), [box.left + box.width / 2, box.top + box.height / 2]);
    }
    if (layer instanceof L.Polygon && !(layer instanceof L.Rectangle)) {
      found.polygon = Math.max(...layer.getLatLngs()[0].map((place, i) =>
        map.latLngToLayerPoint(place).distanceTo(layer._rings[0][i])));
    }
    if (layer._heat) {
      const {x, y} = map.latLngToContainerPoint([50.01, 10.02]);
      const canvas = layer._canvas.getBoundingClientRect();
      const pen = layer._canvas.getContext('2d');
      const at = [frame.left + x - canvas.left, frame.top + y - canvas.top].map(Math.round);
      found.heat = pen.getImageData(...at, 1, 1).data[3] > 0 ? 0 : Infinity;
    }
  });
  return found;
}"""


def with_plugins(example: Any) -> Any:
    page = example.map()
    plugins.MiniMap().add_to(page)
    plugins.Fullscreen(position="topright").add_to(page)
    plugins.Draw().add_to(page)
    plugins.HeatMap([place[::-1] for place in PLACES], name="heat").add_to(page)
    cluster = plugins.MarkerCluster(name="cluster", options={"animate": False}).add_to(page)
    for lon, lat in PLACES:
        folium.Marker([lat, lon], popup=f"{lon}").add_to(cluster)
    square = [[9.9, 49.9], [10.1, 49.9], [10.1, 50.1], [9.9, 50.1], [9.9, 49.9]]
    folium.GeoJson({"type": "Polygon", "coordinates": [square]}, name="square").add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    return page


def opened(chromium: Any, file: Path, *, served: bool) -> tuple[Any, list[str], list[str]]:
    """Open a page with plugins' files from disk, or without any; list requests and errors."""
    page = chromium.new_context(viewport=DESKTOP, reduced_motion="reduce").new_page()
    asked: list[str] = []
    faults: list[str] = []

    def answer(route: Any) -> None:
        address = route.request.url
        asked.append(address)
        for part, folder in SERVED.items():
            if served and part in address:
                route.fulfill(path=MODULES / (folder + address.split(part)[1]))
                return
        route.abort()

    page.route(re.compile("^https?://"), answer)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(file.as_uri())
    page.evaluate("window.regionalAtlas.ready")
    return page, asked, faults


def test_plugins_work_beside_the_atlas(chromium: Any, example: Any, tmp_path: Path) -> None:
    atlas = with_plugins(example)
    file = save_page(atlas, tmp_path / "index.html")
    assert save_page(atlas, tmp_path / "again.html").read_bytes() == file.read_bytes()
    assert save_page(with_plugins(example), tmp_path / "x.html").read_bytes() == file.read_bytes()
    page, asked, faults = opened(chromium, file, served=True)
    policy = file.read_text("utf-8").split('Content-Security-Policy" content="')[1].split('"')[0]
    assert {"/".join(address.split("/")[:3]) for address in asked} <= set(
        re.split(r"[; ]+", policy)
    )
    assert "unsafe-eval" not in policy
    for mercator in (False, True):
        page.evaluate("mercator => regionalAtlas.setState({mercator})", mercator)
        page.evaluate("void map_regional_atlas.setView([50, 10], 8)")
        page.wait_for_timeout(400)
        away = page.evaluate(AWAY)
        assert {"polygon", "heat"} < set(away)
        assert any(name.startswith("cluster of") for name in away)
        assert max(away.values()) < 2, away
    assert page.locator(".leaflet-control-minimap").count() == 1
    drawing = page.locator(".leaflet-draw-draw-rectangle")
    assert "spritesheet" in drawing.evaluate("button => getComputedStyle(button).backgroundImage")
    drawing.click()
    page.mouse.move(500, 300)
    page.mouse.down()
    page.mouse.move(600, 380, steps=4)
    page.mouse.up()
    rectangles = "Object.values(map_regional_atlas._layers).filter((l) => l instanceof L.Rectangle)"
    assert page.evaluate(f"{rectangles}.length") >= 1
    # Drawing selects no unit of the atlas.
    assert page.evaluate("regionalAtlas.state.selection") == []
    page.locator(".leaflet-control-layers-overlays label", has_text="cluster").click()
    assert page.locator(".marker-cluster").count() == 0
    blocked = [text for text in faults if "Security Policy" in text or "Error" in text]
    assert blocked == []
    page.context.close()


def test_a_plugin_without_its_host_takes_no_other_with_it(
    chromium: Any, example: Any, tmp_path: Path
) -> None:
    atlas = with_plugins(example)
    folium.Marker([50.0, 10.0], tooltip="last").add_to(atlas)
    page, _, faults = opened(chromium, save_page(atlas, tmp_path / "x.html"), served=False)
    assert any("MiniMap" in text for text in faults)
    assert page.locator(".ra-plate-title").inner_text()
    assert page.locator("img.leaflet-marker-icon").count() == 1
    assert set(page.evaluate(AWAY)) == {"polygon"}
    page.context.close()


def test_measuring_may_make_functions_from_text(example: Any) -> None:
    atlas = example.map()
    assert "unsafe-eval" not in atlas.get_root().render()
    plugins.MeasureControl().add_to(atlas)
    policy = atlas.get_root().render().split('Content-Security-Policy" content="')[1].split('"')[0]
    sources = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-eval'" in sources
    assert "github.com" not in policy
