"""Hostile texts in every kind of plate, with its charts, cards and paper."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

import regional_atlas as ra
from regional_atlas.config import PlateConfig

from ..page.test_hostile import CORPUS, KEYS, corpus, poisoned
from .test_plates_shown import FIGURES, PLATES

pytestmark = pytest.mark.browser

MORE = """
[indicators.zones]
file = "zones.csv"
year = 2022
source = "Invented zones"
columns = [
  { column = "zone", code = "zone", title = "Zone", unit = "", digits = 0 },
]
[[groups]]
title = "g"
plates = [
  { id = "tiers", kind = "tiers", title = "Tiers", ranking = "industry" },
  { id = "change", kind = "change", title = "Change", field = "light_mean" },
  { id = "pair", kind = "bivariate", title = "Two fields", fields = ["output", "light_mean"] },
  { id = "metro-sums", kind = "areas", title = "A field by region", field = "output", region_kind = "metro" },
  { id = "province-means", kind = "areas", title = "A field by parent", field = "light_mean", level = "province", chart = "bar" },
  { id = "zones", kind = "categories", title = "Zones", field = "zone", categories = [{ value = 0, title = "Other" }, { value = 1, title = "Special" }] },
]
"""  # noqa: E501
WALK = """async () => {
  const atlas = window.regionalAtlas, shown = [];
  for (const lang of ['zh', 'en']) {
    for (const {id} of atlas.plates()) {
      await atlas.setState({lang, plate: id, chart: null, area: null, selection: [], panel: null});
      for (const tab of document.querySelectorAll('.ra-tab')) {
        tab.click();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      shown.push(id);
    }
  }
  return shown;
}"""
SEEN = """() => {
  const scripts = document.querySelectorAll('script:not([type])').length;
  const foreign = document.querySelectorAll('svg[onload], img[onerror]').length;
  return {scripts, foreign, text: document.body.innerText};
}"""


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory, rewritten: Any) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    project = folder / "project"
    shutil.copytree(Path(ra.__file__).parent / "starter", project)
    (project / "figures.csv").write_text(FIGURES, encoding="utf-8")
    codes = [
        line.split(",")[0] for line in (project / "indicators.csv").open("r", encoding="utf-8")
    ]
    zones = ["unit_id,zone", *(f"{code},{at % 2}" for at, code in enumerate(codes[1:]))]
    (project / "zones.csv").write_text("\n".join(zones) + "\n", encoding="utf-8")
    file = project / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text('figures = "figures.csv"\n' + text + PLATES + MORE, encoding="utf-8")
    read = ra.read_project(project)
    kinds, _ = get_args(PlateConfig)
    assert {type(plate) for plate in read.config.plates} == set(get_args(kinds))
    ra.build(read).save(folder / "out")

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        texts = corpus()
        for block in (spec, store):
            block.update(poisoned(dict(block), texts, KEYS))

    return rewritten(folder / "out/index.html", change)


def test_no_kind_of_plate_runs_a_text(open_page: Any, hostile_page: Path) -> None:
    page = open_page(hostile_page)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    before = page.evaluate(SEEN)["scripts"]
    shown = page.evaluate(WALK)
    assert len(shown) == 2 * len(page.evaluate("regionalAtlas.plates()"))
    for state in (
        {"area": {"scope": "province", "id": "001"}},
        {"area": None, "selection": ["00101"]},
        {"selection": ["00101", "00102"], "compare": ["00101", "00102", "00203"]},
        {"selection": [], "plate": "sources"},
        {"plate": "lights", "filters": [{"scope": "type", "value": "city"}]},
        {"mercator": True},
    ):
        page.evaluate("state => regionalAtlas.setState(state)", state)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.locator(".ra-search input").fill("alert")
    page.wait_for_timeout(300)
    seen = page.evaluate(SEEN)
    assert (seen["scripts"], seen["foreign"]) == (before, 0)
    assert dialogs == []
    assert any(text in seen["text"] for text in CORPUS if text.startswith("<"))
