"""Land, lakes and cities around the units on the page, and when an inset is seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import regional_atlas as ra
from regional_atlas.cli.commands import app

pytestmark = pytest.mark.browser

COLOURS = """(places) => {
  const map = map_regional_atlas;
  const canvas = document.querySelector('.leaflet-regional-atlas-areas-pane canvas');
  const box = canvas.getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
  const ratio = canvas.width / box.width, pen = canvas.getContext('2d');
  return places.map(([lon, lat]) => {
    const {x, y} = map.latLngToContainerPoint([lat, lon]);
    const at = [(frame.left + x - box.left) * ratio, (frame.top + y - box.top) * ratio];
    return [...pen.getImageData(at[0], at[1], 1, 1).data].slice(0, 3);
  });
}"""
SEEN = "getComputedStyle(document.querySelector('.ra-inset')).visibility"
LAKE, ABROAD, UNIT = (11.25, 49.25), (9.85, 49.3), (10.25, 49.25)
INSIDE = [[11.15, 49.15], [11.35, 49.15], [11.35, 49.35], [11.15, 49.35], [11.15, 49.15]]


@pytest.fixture(scope="module")
def lake_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project with a lake of its own within a unit."""
    folder = tmp_path_factory.mktemp("lake") / "project"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    shape = {"type": "Polygon", "coordinates": [INSIDE]}
    lake = {"type": "Feature", "properties": {}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "features": [lake]})
    (folder / "lakes.geojson").write_text(text, encoding="utf-8")
    toml = folder / "atlas.toml"
    said = '\n[map.context]\nlakes = "lakes.geojson"\nrivers = false\ngraticule = false\n'
    toml.write_text(toml.read_text(encoding="utf-8") + said, encoding="utf-8")
    ra.build(ra.read_project(folder)).save(folder.parent / "out")
    return folder.parent / "out" / "index.html"


@pytest.mark.parametrize(
    ("fragment", "water", "land"),
    [
        ("", "#e3e7e9", "#f1f1ed"),
        ("#dark=1", "#0e1012", "#181a1d"),
        ("#map=mercator", "#e3e7e9", "#f1f1ed"),
    ],
)
def test_lakes_lie_over_the_units_and_land_around_them(
    open_page: Any, lake_page: Path, fragment: str, water: str, land: str
) -> None:
    page = open_page(lake_page, fragment)
    page.wait_for_timeout(300)
    lake, abroad, unit = page.evaluate(COLOURS, [LAKE, ABROAD, UNIT])
    assert bytes(lake).hex() == water[1:]
    assert bytes(abroad).hex() == land[1:]
    assert bytes(unit).hex() not in (water[1:], land[1:])


def test_a_city_gives_way_to_a_ranked_unit(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    """Two cities: one where the first unit's name stands, one beside the units."""

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        first = store["rankings"][spec["rankings"][0]["id"]]["rank"].index(1)
        x, y = store["point"][first]
        left, _, _, upper = spec["view"]
        names = (("HIDDEN", [x - 10, y]), ("SEEN", [left, upper]))
        spec["places"] = [
            {"title": {"zh": name, "en": name}, "point": point, "major": True}
            for name, point in names
        ]

    page = open_page(rewritten(example_page, change))
    words = page.evaluate(
        """() => {
          const said = [], pen = CanvasRenderingContext2D.prototype, own = pen.fillText;
          pen.fillText = function (text, x, y) { said.push(text); own.call(this, text, x, y); };
          map_regional_atlas.fire('viewreset');
          return said;
        }"""
    )
    assert "SEEN" in words
    assert "HIDDEN" not in words


def test_an_inset_is_seen_where_it_adds_something(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    """Its area lies south of the view, and a part of the window beside the units is free for it."""

    def change(spec: dict[str, Any], _: dict[str, Any]) -> None:
        left, lower, right, upper = spec["view"]
        high, wide = upper - lower, right - left
        bounds = [left, lower - 2 * high, left + wide / 2, lower - 1.5 * high]
        inset = {"id": "i", "title": {"zh": "i", "en": "i"}, "bounds": bounds, "units": []}
        spec["insets"] = [inset | {"proj4": spec["projection"]["proj4"]}]

    page = open_page(rewritten(example_page, change))
    page.wait_for_timeout(300)
    assert page.evaluate(SEEN) == "visible"
    moves = (
        "map.setZoom(map.getZoom() + 1.5, {animate: false})",
        # To its area, at the first zoom.
        "map.panBy([-map.getSize().x / 4, map.getSize().y * 2.1], {animate: false})",
        # The units under it.
        "map.panBy([-map.getSize().x / 3, -map.getSize().y / 5], {animate: false})",
    )
    for move in moves:
        page.evaluate("map_regional_atlas.setView(map_regional_atlas.getCenter())")
        page.evaluate("window.regionalAtlas.setState({view: null})")
        page.wait_for_timeout(200)
        assert page.evaluate(SEEN) == "visible", move
        page.evaluate(f"(() => {{ const map = map_regional_atlas; {move}; }})()")
        page.wait_for_timeout(200)
        assert page.evaluate(SEEN) == "hidden", move
