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


def field_plates(file: Path) -> list[dict[str, Any]]:
    found = re.search(r'id="ra-spec">(.*?)</script>', file.read_text("utf-8"), re.S)
    assert found
    plates = json.loads(found.group(1))["plates"]
    return [plate for plate in plates if plate["kind"] in ("choropleth", "years")]


@pytest.mark.browser
def test_own_classes_leave_map_and_legend_as_they_are(open_page: Any, example_page: Path) -> None:
    page = open_page(example_page)
    plates = field_plates(example_page)
    assert {plate["kind"] for plate in plates} == {"choropleth", "years"}
    set_state = "state => window.regionalAtlas.setState(state)"

    def seen() -> tuple[str, bytes]:
        page.wait_for_timeout(300)
        legend = page.locator(".ra-legend-table").inner_html()
        return legend, page.locator(".ra-map-slot").screenshot()

    for plate in plates:
        page.evaluate(set_state, {"plate": plate["id"], "classes": None})
        before, classes = seen(), plate["classes"]
        own = {"scheme": classes["scheme"], "palette": classes["palette"], "breaks": []}
        page.evaluate(set_state, {"classes": own | {"count": classes["k"]}})
        assert seen() == before
        # To go on by hand from there changes no class either.
        page.locator(".ra-reclass").evaluate("details => { details.open = true; }")
        page.locator(".ra-reclass").get_by_label("Scheme").select_option("manual")
        after = seen()
        assert after[1] == before[1]
        counts = re.compile(r'class="ra-number">([\d,]+)<')
        assert counts.findall(after[0]) == counts.findall(before[0])
        # Other colours show: the comparison of pictures can fail.
        page.evaluate(set_state, {"classes": own | {"count": classes["k"], "palette": "OrRd"}})
        assert seen()[1] != before[1]
