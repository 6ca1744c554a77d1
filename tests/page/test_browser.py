"""The saved page in a browser without a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import folium
import pytest
from folium import plugins

from regional_atlas.page import build_map, save_page

pytestmark = pytest.mark.browser

READY = "window.regionalAtlas.ready.then(() => regionalAtlas.plates().map((plate) => plate.id))"


def opened(chromium: Any, path: Path) -> tuple[Any, list[str]]:
    """Open a page from disk; list requests that leave it, errors and dialogs."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800}, locale="is-IS")
    problems: list[str] = []
    address = path.as_uri()
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:", "about:"))
            else problems.append(f"request {request.url}")
        ),
    )
    page.on("pageerror", lambda error: problems.append(f"error {error}"))
    page.on("dialog", lambda dialog: (problems.append("dialog"), dialog.dismiss()))
    page.on(
        "console",
        lambda message: (
            problems.append(f"console {message.text}") if message.type == "error" else None
        ),
    )
    page.route(re.compile("^https?://"), lambda route: route.abort())
    page.goto(address)
    return page, problems


def test_every_plate_is_shown_without_a_request_or_an_error(
    chromium, project, hostile_tables, topology, tmp_path
):
    path = save_page(build_map(project, hostile_tables, topology), tmp_path / "index.html")
    page, problems = opened(chromium, path)
    plates = page.evaluate(READY)
    assert plates == [plate.id for plate in project.config.plates]
    for plate in plates:
        page.evaluate("(id) => regionalAtlas.show(id)", plate)
    page.evaluate("regionalAtlas.select(['00', '01'])")
    assert problems == []
    page.close()


def test_two_atlases_in_one_notebook(chromium, project, tables, topology, tmp_path):
    shown = [build_map(project, tables, topology)._repr_html_() for _ in range(2)]
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{''.join(shown)}", encoding="utf-8")
    page, problems = opened(chromium, path)
    frames = page.frames[1:]
    assert len(frames) == 2
    for frame in frames:
        plates = frame.evaluate(READY)
        frame.evaluate("(id) => regionalAtlas.show(id)", plates[-1])
    assert problems == []
    page.close()


def test_what_a_user_adds_is_drawn_at_its_place(chromium, project, tables, topology, tmp_path):
    atlas = build_map(project, tables, topology)
    folium.Marker([50.0, 10.0], popup="<b>here</b>").add_to(atlas)
    folium.PolyLine([[49.5, 9.5], [50.5, 10.5]], color="#ff0000").add_to(atlas)
    path = save_page(atlas, tmp_path / "index.html")
    page, problems = opened(chromium, path)
    page.evaluate(READY)
    marker = page.locator("img.leaflet-marker-icon").bounding_box()
    frame = page.locator("#map_regional_atlas").bounding_box()
    across = (marker["x"] + marker["width"] / 2 - frame["x"]) / frame["width"]
    assert across == pytest.approx(0.5, abs=0.1)
    page.locator("img.leaflet-marker-icon").click()
    assert page.locator(".leaflet-popup-content b").inner_text() == "here"
    assert problems == []
    page.close()


def test_plugins_without_their_host_leave_the_page_whole(
    chromium, project, tables, topology, tmp_path
):
    atlas = build_map(project, tables, topology)
    for plugin in (plugins.MiniMap(), plugins.MeasureControl(), plugins.Fullscreen()):
        plugin.add_to(atlas)
    page, _ = opened(chromium, save_page(atlas, tmp_path / "index.html"))
    page.evaluate(READY)
    assert page.locator(".ra-plate-title").inner_text()
    assert page.locator("tr[data-row]").count() > 0
    page.locator("tr[data-row='0'] button").click()
    page.locator(".ra-card-title").wait_for()
    page.close()


def test_layers_plugins_and_control_in_either_projection(
    chromium, project, tables, topology, tmp_path
):
    atlas = build_map(project, tables, topology)
    group = folium.FeatureGroup(name="mine").add_to(atlas)
    folium.Marker([50.0, 10.0], tooltip="there").add_to(group)
    square = {
        "type": "Polygon",
        "coordinates": [[[9.9, 49.9], [10.1, 49.9], [10.1, 50.1], [9.9, 50.1], [9.9, 49.9]]],
    }
    folium.GeoJson(square, name="square", tooltip="a square").add_to(atlas)
    folium.LayerControl(collapsed=False).add_to(atlas)
    path = save_page(atlas, tmp_path / "index.html")
    assert save_page(atlas, tmp_path / "again.html").read_bytes() == path.read_bytes()
    page, problems = opened(chromium, path)
    page.evaluate(READY)
    place = """() => {
      const map = map_regional_atlas, {x, y} = map.latLngToContainerPoint([50, 10]);
      const {left, top} = map.getContainer().getBoundingClientRect();
      return [left + x, top + y];
    }"""
    away = """() => {
      const map = map_regional_atlas;
      let most = -1;
      map.eachLayer((layer) => {
        if (!(layer instanceof L.Polygon)) return;
        layer.getLatLngs()[0].forEach((place, i) => {
          const drawn = layer._rings[0][i];
          most = Math.max(most, map.latLngToLayerPoint(place).distanceTo(drawn));
        });
      });
      return most < 0 ? Infinity : most;
    }"""
    marker, layers = page.locator("img.leaflet-marker-icon"), []
    for mercator in (False, True, False):
        page.evaluate("mercator => regionalAtlas.setState({mercator})", mercator)
        x, y = page.evaluate(place)
        box = marker.bounding_box()
        # A marker's point is the middle of its lower edge.
        assert box["x"] + box["width"] / 2 == pytest.approx(x, abs=2)
        assert box["y"] + box["height"] == pytest.approx(y, abs=2)
        layers.append(page.evaluate(away))
    assert len(layers) == 3
    assert max(layers) < 2
    page.locator(".leaflet-control-layers-overlays label", has_text="mine").click()
    assert marker.count() == 0
    assert problems == []
    page.close()
