"""Palettes as the colour-blind see them: neighbouring classes stay apart.

Deuteranopia, protanopia and tritanopia by the matrices of Machado, Oliveira and Fernandes (2009,
doi:10.1109/TVCG.2009.113) for severity 1, in linear RGB; differences are CIE76 in CIELAB (D65).
"""

from __future__ import annotations

import numpy as np
import pytest

from regional_atlas.page.palettes import OKABE_ITO, bivariate_colors, palette

MACHADO = {
    "none": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = XYZ.sum(axis=1)

SEQUENTIAL = [
    *("YlGnBu", "YlOrRd", "OrRd", "Blues", "PuBuGn", "YlGn", "Purples", "Greens"),
    *("viridis", "inferno", "magma", "plasma", "batlow", "lajolla"),
]
DIVERGING = ["RdBu", "PuOr", "BrBG", "PiYG", "vik"]
LEAST = 5.0
"""ΔE*ab between neighbouring classes of up to seven; 2.3 is just noticeable side by side."""


def lab(colors: list[str], kind: str) -> np.ndarray:
    rgb = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colors]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ MACHADO[kind].T, 0, 1)
    ratio = (seen @ XYZ.T) / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = f.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def neighbours(colors: list[str], kind: str) -> np.ndarray:
    return np.linalg.norm(np.diff(lab(colors, kind), axis=0), axis=1)


def test_the_measure_is_right():
    assert lab(["#ffffff", "#000000"], "none") == pytest.approx(
        np.array([[100, 0, 0], [0, 0, 0]]), abs=1e-3
    )
    assert lab(["#ff0000"], "none")[0] == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    # Red and green of one lightness are far apart, but not to a deuteranope.
    red, green = "#c0504d", "#6d7f32"
    assert neighbours([red, green], "none")[0] > 50
    assert neighbours([red, green], "deuteranopia")[0] < 25


@pytest.mark.parametrize("kind", MACHADO)
@pytest.mark.parametrize("name", SEQUENTIAL + DIVERGING)
@pytest.mark.parametrize("count", [4, 6, 7])
def test_neighbouring_classes_stay_apart(name, count, kind):
    for colors in palette(name, count):
        assert neighbours(colors, kind).min() >= LEAST


@pytest.mark.parametrize("kind", MACHADO)
@pytest.mark.parametrize("name", DIVERGING)
def test_the_two_ends_of_a_diverging_ramp_stay_apart(name, kind):
    for colors in palette(name, 6):
        one, other = lab([colors[0], colors[-1]], kind)
        assert np.linalg.norm(one - other) >= 20


@pytest.mark.parametrize("kind", MACHADO)
def test_categories_stay_apart(kind):
    seen = lab(OKABE_ITO, kind)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)[np.triu_indices(len(seen), 1)]
    assert apart.min() >= LEAST


@pytest.mark.parametrize("kind", MACHADO)
@pytest.mark.parametrize("count", [2, 3])
def test_colours_that_cross_stay_apart(count, kind):
    for colors in bivariate_colors(count):
        grid = lab(colors, kind).reshape(count, count, 3)
        for axis in (0, 1):
            steps = np.linalg.norm(np.diff(grid, axis=axis), axis=2)
            assert steps.min() >= LEAST
