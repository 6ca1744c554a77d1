"""Questions drawn at random: the page's script answers in a browser as the package does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import regional_atlas.page

from .calculations import CALCULATIONS

pytestmark = pytest.mark.browser

WEB = Path(regional_atlas.page.__file__).parent / "web"
SEED = 20261128


@pytest.fixture(scope="module")
def script() -> str:
    """What tests ask of the page, bundled from the page's sources as its script is."""
    node = shutil.which("node")
    assert node, "the page is bundled with Node"
    made = subprocess.run(
        [node, WEB / "bundle.mjs"], capture_output=True, check=True, encoding="utf-8"
    )
    return made.stdout


@pytest.mark.parametrize(
    "count", [200, pytest.param(2280, marks=pytest.mark.slow)], ids="{} settings".format
)
def test_both_sides_answer_alike(chromium: Any, script: str, count: int) -> None:
    rng = np.random.default_rng([SEED, count])
    asked = []
    for at in range(count):
        name = list(CALCULATIONS)[at % len(CALCULATIONS)]
        calculation = CALCULATIONS[name]
        given = calculation.drawn(rng)
        asked.append(
            {
                "calculation": name,
                "given": given,
                "gives": calculation.answer(given),
                "within": calculation.within,
                "scale": calculation.scale,
            }
        )
    page = chromium.new_page()
    page.add_script_tag(content=script)
    differences = page.evaluate("(asked) => Shared.differences(asked)", asked)
    # The answers to other questions of the same calculation are seen to be wrong.
    turn = len(CALCULATIONS)
    moved = [{**one, "gives": other["gives"]} for one, other in zip(asked, asked[turn:])]  # noqa: B905
    wrong = page.evaluate("(asked) => Shared.differences(asked)", moved)
    page.close()
    assert [(asked[at]["calculation"], asked[at]["given"], said) for at, said in differences] == []
    assert {asked[at]["calculation"] for at, _ in wrong} == set(CALCULATIONS)
    assert len(wrong) > count / 2
