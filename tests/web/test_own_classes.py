"""Classes that a reader chooses: a plate's own scheme, number and colours change nothing."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from regional_atlas import page

WEB = Path(page.__file__).parent / "web"

CHINA = {
    "lights", "lit-share", "light-growth", "lights-multiples", "lights-sums", "vitality",
    "industrial-index", "innovation-index", "district-index",
    "gdp-per-head", "secondary-share", "industry-employment", "urban-share", "graduates-share",
    *(f"lights-measures/light_{name}" for name in ("sum", "density", "lit_share", "growth")),
    *(f"industrial-dimensions/industrial/{name}" for name in (
        "quality", "innovative", "coordinated", "open", "shared",
    )),
}  # fmt: skip
"""Every plate of the default project whose classes can be changed, and every small map."""


def compared(file: Path) -> dict[str, list[str]]:
    """Let the page's own code class and count every plate of a saved page."""
    command = ["node", "--import", "tsx", "test/own-classes.ts", str(file)]
    run = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


@pytest.mark.china
def test_every_plate_of_china_has_its_own_classes_again(china_page: Path, china: Any) -> None:
    found = compared(china_page)
    assert found["faults"] == []
    assert set(found["again"]) == CHINA
    kinds = {plate.id: plate.kind for plate in china.project.config.plates}
    classed = {name for name, kind in kinds.items() if kind not in ("regions", "clusters")}
    assert set(found["counted"]) <= classed
    assert len(found["counted"]) > 25


def test_every_plate_of_the_starter_has_its_own_classes_again(example_page: Path) -> None:
    found = compared(example_page)
    assert found["faults"] == []
    assert found["again"]
    assert found["counted"]


def views_of(file: Path) -> dict[tuple[str, str | None], dict[str, Any] | None]:
    """List every plate and small map, with the classes that a reader may change."""
    found = re.search(r'id="ra-spec">(.*?)</script>', file.read_text("utf-8"), re.S)
    assert found
    views: dict[tuple[str, str | None], dict[str, Any] | None] = {}
    for plate in json.loads(found.group(1))["plates"]:
        classes = plate.get("classes")
        changed = plate["kind"] in ("choropleth", "years")
        if plate["kind"] == "multiples" and plate["field"]:
            classes, changed = classes[0], True
        views[plate["id"], None] = classes if changed else None
        for at, panel in enumerate(plate.get("panels", [])):
            views[plate["id"], panel["field"]] = classes[at if len(classes) > 1 else 0]
    return views


SET = "state => window.regionalAtlas.setState(state)"
OWN = "classes => RegionalAtlas.ownChoice({classes})"


def chosen_again(page: Any, file: Path) -> list[str]:
    """Choose the own classes of every plate: map and legend stay. Give those that have none."""

    def seen() -> tuple[list[str], bytes]:
        page.wait_for_timeout(300)
        legend = page.locator(".ra-legend-table").all()
        return [table.inner_html() for table in legend], page.locator(".ra-map").screenshot()

    without = []
    for (plate, panel), classes in views_of(file).items():
        page.evaluate(SET, {"plate": plate, "panel": panel, "classes": None})
        before, controls = seen(), page.locator(".ra-reclass").count()
        assert controls == (classes is not None), plate
        if classes is None:
            without.append(plate)
            continue
        own = page.evaluate(OWN, classes)
        page.evaluate(SET, {"classes": own})
        after = seen()
        assert after[0] == before[0], (plate, panel)
        assert after[1] == before[1], (plate, panel)
        # Other colours show: the comparison of pictures can fail.
        other = "Blues" if own["palette"] == "OrRd" else "OrRd"
        page.evaluate(SET, {"classes": own | {"palette": other}})
        assert seen()[1] != before[1], (plate, panel)
    return without


@pytest.mark.browser
def test_own_classes_leave_map_and_legend_of_the_starter(
    open_page: Any, example_page: Path
) -> None:
    without = chosen_again(open_page(example_page), example_page)
    assert 0 < len(without) < len(views_of(example_page))


@pytest.mark.browser
@pytest.mark.china
@pytest.mark.slow
def test_own_classes_leave_map_and_legend_of_china(open_page: Any, china_page: Path) -> None:
    chosen_again(open_page(china_page), china_page)
    again = {name if not panel else f"{name}/{panel}" for (name, panel), _ in changed(china_page)}
    assert again == CHINA


@pytest.mark.browser
def test_to_go_on_by_hand_changes_no_class(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    plates = [plate for (plate, panel), _ in changed(example_page) if panel is None]
    assert len(plates) > 1
    counts = re.compile(r'class="ra-number">([\d,]+)<')
    for plate in plates:
        page.evaluate(SET, {"plate": plate, "classes": None})
        page.wait_for_timeout(300)
        map_slot, legend = page.locator(".ra-map-slot"), page.locator(".ra-legend-table")
        before = map_slot.screenshot(), counts.findall(legend.inner_html())
        page.locator(".ra-reclass").evaluate("details => { details.open = true; }")
        page.locator(".ra-reclass").get_by_label("Scheme").select_option("manual")
        page.wait_for_timeout(300)
        assert page.evaluate("window.regionalAtlas.state.classes.scheme") == "manual"
        assert (map_slot.screenshot(), counts.findall(legend.inner_html())) == before


def changed(file: Path) -> list[tuple[tuple[str, str | None], dict[str, Any]]]:
    return [(view, classes) for view, classes in views_of(file).items() if classes is not None]
