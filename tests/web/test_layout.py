"""What stands around the map leaves the map's subject and everything else free, on every screen."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

PARTS = [".ra-filters > *", ".ra-years", ".ra-zoom", ".ra-scale", ".ra-inset", ".ra-review"]
HIDDEN = ".ra-filters, .ra-years, .ra-zoom, .ra-scale, .ra-corner, .ra-fold"
# Phones upright and on their sides, a window at 200 %, tablets, desks.
SIZES = [
    (360, 740), (390, 844), (430, 932), (667, 375), (844, 390), (640, 400), (768, 1024),
    (1024, 768), (1280, 800),
]  # fmt: skip

Box = tuple[int, int, int, int]


def boxes(page: Any, selector: str) -> list[Box]:
    """Give left, top, right and bottom of what is seen of a kind."""
    found = page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)]
             .filter((part) => part.checkVisibility())
             .map((part) => part.getBoundingClientRect())
             .map((box) => [box.left, box.top, box.right, box.bottom].map(Math.round))""",
        selector,
    )
    return [tuple(box) for box in found]


def overlap(one: Box, other: Box) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 1 and height > 1


def subject_of(page: Any) -> NDArray[np.bool_]:
    """Mark the pixels of the map that have the colour of a class, sheet and column aside."""
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.ra-legend-table *, .ra-strip *')]
             .map((part) => getComputedStyle(part).backgroundColor.match(/[\\d.]+/g).map(Number))
             .filter((parts) => parts.length === 3)"""
    )
    page.add_style_tag(content=f"{HIDDEN} {{ visibility: hidden !important }}")
    page.wait_for_timeout(100)
    pixels = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)
    marked = np.zeros(pixels.shape[:2], bool)
    for colour in colours:
        marked |= np.abs(pixels - colour).max(axis=-1) <= 2
    (left, top, right, bottom) = boxes(page, ".ra-map")[0]
    seen = np.zeros_like(marked)
    seen[top:bottom, left:right] = True
    for side in boxes(page, ".ra-side"):
        seen[side[1] : side[3], side[0] : side[2]] = False
    return marked & seen


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_the_map_is_free(size: tuple[int, int], china_page: Path, open_page: Any) -> None:
    width, height = size
    page = open_page(
        china_page, "#plate=lights", viewport={"width": width, "height": height},
        has_touch=width < 1024, reduced_motion="reduce",
    )  # fmt: skip
    placed = {selector: boxes(page, selector) for selector in [*PARTS, ".ra-side"]}
    assert placed[".ra-years"]
    assert placed[".ra-zoom"]
    everything = [(name, box) for name, found in placed.items() for box in found]
    assert [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(everything, 2)
        if overlap(a, b)
    ] == []
    assert all(box[0] >= 0 and box[2] <= width and box[3] <= height for _, box in everything)
    subject = subject_of(page)
    assert subject.sum() > 0.03 * width * height
    covered = {
        name: float(subject[box[1] : box[3], box[0] : box[2]].sum() / subject.sum())
        for name, box in everything
        if name in PARTS
    }
    assert {name: share for name, share in covered.items() if share > 0.015} == {}


def test_the_title_on_a_phone_ends_with_dots(example_page: Path, open_page: Any) -> None:
    page = open_page(example_page, viewport={"width": 360, "height": 740})
    page.evaluate(
        "document.querySelector('.ra-title').textContent = 'A very long title '.repeat(9)"
    )
    box = boxes(page, ".ra-title")[0]
    assert box[3] - box[1] <= 2 * 18
    style = page.evaluate(
        "getComputedStyle(document.querySelector('.ra-title')).getPropertyValue('-webkit-line-clamp')"
    )
    assert style == "2"
