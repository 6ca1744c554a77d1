"""Coverage of hand-computed grids of unit cells; row 0 is the northern row."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import MultiPolygon, Polygon, box

from regional_atlas.core.errors import DataError, RasterError
from regional_atlas.zonal import Grid, exact_coverage
from regional_atlas.zonal.coverage import touched_windows

CASES = {
    "one cell": (box(1, 1, 2, 2), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "all cells": (box(0, 0, 3, 3), np.ones((3, 3))),
    "half cells": (
        box(0.5, 0.5, 2.5, 2.5),
        [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]],
    ),
    "triangle": (
        Polygon([(0, 0), (3, 0), (0, 3)]),
        [[0.5, 0, 0], [1, 0.5, 0], [1, 1, 0.5]],
    ),
    "hole": (
        Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior]),
        [[1, 1, 1], [1, 0, 1], [1, 1, 1]],
    ),
    "hole inside one cell": (
        Polygon(box(0, 0, 3, 3).exterior, [box(1.25, 1.25, 1.75, 1.75).exterior]),
        [[1, 1, 1], [1, 0.75, 1], [1, 1, 1]],
    ),
    "island in a hole": (
        MultiPolygon(
            [
                Polygon(box(0, 0, 3, 3).exterior, [box(0.5, 0.5, 2.5, 2.5).exterior]),
                box(1, 1, 2, 2),
            ]
        ),
        [[0.75, 0.5, 0.75], [0.5, 1, 0.5], [0.75, 0.5, 0.75]],
    ),
    "two parts in one cell": (
        MultiPolygon([box(1.1, 1.1, 1.3, 1.6), box(1.5, 1.5, 1.9, 1.75)]),
        [[0, 0, 0], [0, 0.2, 0], [0, 0, 0]],
    ),
    "parts in far cells": (
        MultiPolygon([box(0, 2, 1, 2.5), box(2.5, 0, 3, 1)]),
        [[0.5, 0, 0], [0, 0, 0], [0, 0, 0.5]],
    ),
    "parts that touch": (
        MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]),
        [[0, 0, 0], [0, 1, 0], [1, 0, 0]],
    ),
    "upright sliver": (
        box(1.5, 0, 1.501, 3),
        [[0, 0.001, 0], [0, 0.001, 0], [0, 0.001, 0]],
    ),
    "lying sliver": (
        box(0.5, 1.5, 3, 1.501),
        [[0, 0, 0], [0.0005, 0.001, 0.001], [0, 0, 0]],
    ),
    "slanting sliver": (
        Polygon([(0, 0), (3, 3), (3, 3 - 1e-6), (1e-6, 0)]),
        [[0, 0, 1e-6], [0, 1e-6, 0], [1e-6 - 0.5e-12, 0, 0]],
    ),
    "beyond the west": (box(-5, 1, 0.5, 2), [[0, 0, 0], [0.5, 0, 0], [0, 0, 0]]),
    "beyond the east": (box(2.5, 1, 9, 2), [[0, 0, 0], [0, 0, 0.5], [0, 0, 0]]),
    "beyond the north": (box(1, 2.5, 2, 9), [[0, 0.5, 0], [0, 0, 0], [0, 0, 0]]),
    "beyond the south": (box(1, -9, 2, 0.5), [[0, 0, 0], [0, 0, 0], [0, 0.5, 0]]),
    "beyond all sides": (box(-100, -100, 100, 100), np.ones((3, 3))),
    "corner cut by the edge": (
        Polygon([(-1, 2), (1, 4), (-1, 4)]),
        [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
    ),
    "slanting across two sides": (
        Polygon([(-1, 1.5), (1.5, 4), (-1, 4)]),
        [[0.125, 0, 0], [0, 0, 0], [0, 0, 0]],
    ),
    "diamond around the grid": (
        Polygon([(1.5, -1.5), (4.5, 1.5), (1.5, 4.5), (-1.5, 1.5)]),
        np.ones((3, 3)),
    ),
    "outside": (box(10, 10, 11, 11), np.zeros((3, 3))),
    "outside to the west": (box(-3, 0, -1, 3), np.zeros((3, 3))),
    "touching the grid from outside": (box(3, 0, 5, 3), np.zeros((3, 3))),
    "repeated points": (
        Polygon([(0, 0), (0, 0), (1, 0), (1, 0), (1, 0.5), (1, 1), (1, 1), (0, 1), (0, 0)]),
        [[0, 0, 0], [0, 0, 0], [1, 0, 0]],
    ),
    "spike": (
        Polygon([(0, 0), (1, 0), (1, 1), (2.5, 2.5), (1, 1), (0, 1)]),
        [[0, 0, 0], [0, 0, 0], [1, 0, 0]],
    ),
    "no area": (Polygon([(0.5, 0.5), (2.5, 2.5), (1.5, 1.5)]), np.zeros((3, 3))),
    "one point": (Polygon([(1, 1), (1, 1), (1, 1)]), np.zeros((3, 3))),
    "empty": (Polygon(), np.zeros((3, 3))),
    "empty multipolygon": (MultiPolygon(), np.zeros((3, 3))),
}


@pytest.mark.parametrize(("polygon", "expected"), CASES.values(), ids=CASES)
def test_hand_computed(polygon, expected, shares):
    np.testing.assert_allclose(shares(polygon, 3, 3), expected, atol=1e-12)


@pytest.mark.parametrize(("polygon", "expected"), CASES.values(), ids=CASES)
def test_direction_of_rings_does_not_matter(polygon, expected, shares):
    np.testing.assert_allclose(shares(shapely.reverse(polygon), 3, 3), expected, atol=1e-12)


@pytest.mark.parametrize(("polygon", "expected"), CASES.values(), ids=CASES)
@pytest.mark.parametrize(
    ("transform", "turned"),
    [
        (Affine(1, 0, 0, 0, 1, 0), lambda cells: cells[::-1]),
        (Affine(-1, 0, 3, 0, -1, 3), lambda cells: cells[:, ::-1]),
    ],
    ids=["south up", "west right"],
)
def test_flipped_grids(polygon, expected, transform, turned):
    coverage = exact_coverage([polygon], Grid(transform, (3, 3), "EPSG:3857"))
    dense = np.zeros((3, 3))
    rows, cols, fractions = coverage.cells(0)
    dense[rows, cols] = fractions
    np.testing.assert_allclose(turned(dense), expected, atol=1e-12)


def test_zones_that_overlap_stand_for_themselves(grid):
    coverage = exact_coverage([box(0, 0, 2, 2), box(1, 1, 3, 3), box(0, 0, 2, 2)], grid(3, 3))
    assert coverage.covered.tolist() == [4, 4, 4]


def test_an_edge_along_a_cell_border_touches_no_cell_beyond_it():
    cell = 0.00449157642
    grid = Grid(Affine(cell, 0, 73.4956, 0, -cell, 53.5610), (2000, 2000), "EPSG:4326")
    west, north = 73.4956 + 1234 * cell, 53.5610 - 1001 * cell
    coverage = exact_coverage([box(west, north - 3 * cell, west + 5 * cell, north)], grid)
    rows, cols, shares = coverage.cells(0)
    assert len(rows) == 15
    assert (rows.min(), cols.min()) == (1001, 1234)
    np.testing.assert_allclose(shares, 1, atol=1e-9)


@pytest.mark.parametrize("size", [1e-3, 1e-5])
def test_zones_far_smaller_than_a_cell(size, grid):
    coverage = exact_coverage([box(1.5, 1.5, 1.5 + size, 1.5 + size)], grid(3, 3))
    np.testing.assert_allclose(coverage.covered, size**2, rtol=1e-6)


def test_area_counts_what_lies_beyond_the_grid(grid):
    coverage = exact_coverage([box(-1, 0, 1, 2), box(7, 7, 8, 8)], grid(3, 3))
    assert coverage.areas.tolist() == [4, 1]
    assert coverage.covered.tolist() == [2, 0]


@pytest.mark.parametrize(
    "polygon",
    [
        Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]),
        Polygon([(0, 0), (3, 3), (3, 0), (0, 2)]),
        MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]),
        Polygon(box(1, 1, 2, 2).exterior, [box(0, 0, 3, 3).exterior]),
    ],
    ids=["bow tie", "lopsided bow tie", "overlapping parts", "hole beyond its shell"],
)
def test_crossing_rings_are_refused_by_name(polygon, grid):
    with pytest.raises(DataError, match=r"zone '县': rings cross or overlap.*make_valid"):
        exact_coverage([box(0, 0, 1, 1), polygon], grid(3, 3), labels=["a", "县"])


def test_cells_of_no_zone(grid):
    coverage = exact_coverage([box(0, 0, 1, 1)], grid(3, 3))
    with pytest.raises(IndexError):
        coverage.cells(1)
    assert len(exact_coverage([], grid(3, 3))) == 0


def test_many_blocks_equal_one(grid, monkeypatch):
    polygons = [shapely.Point(10 + i, 10).buffer(3.3) for i in range(20)]
    whole = exact_coverage(polygons, grid(20, 40))
    monkeypatch.setattr("regional_atlas.zonal.coverage.VERTICES_PER_BLOCK", 100)
    split = exact_coverage(polygons, grid(20, 40))
    assert len(whole.blocks) == 1
    assert len(split.blocks) == 20
    for zone in range(20):
        for one, other in zip(whole.cells(zone), split.cells(zone), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("transform", "shape", "message"),
    [
        (Affine(1, 0.1, 0, 0, -1, 0), (3, 3), "rotated or sheared"),
        (Affine(1, 0, 0, 0, 0, 0), (3, 3), "no cell size"),
        (Affine(1, 0, 0, 0, -1, 0), (0, 3), "0 x 3 cells"),
    ],
)
def test_unusable_grids(transform, shape, message):
    with pytest.raises(RasterError, match=message):
        Grid(transform, shape, "EPSG:4326")


def test_windows_hold_every_touched_cell_and_skip_the_rest(grid, monkeypatch):
    monkeypatch.setattr("regional_atlas.zonal.coverage.CELLS_PER_WINDOW", 128 * 128)
    big = grid(2000, 3000)
    polygons = [shapely.Point(200, 300).buffer(50), shapely.Point(2800, 300).buffer(90)]
    coverage = exact_coverage(polygons, big)
    read = np.zeros(big.shape, np.int64)
    for rows, cols in touched_windows(coverage, (64, 64)):
        assert rows.start % 64 == 0
        assert cols.start % 64 == 0
        assert (rows.stop - rows.start) * (cols.stop - cols.start) <= 128 * 128
        read[rows, cols] += 1
    assert read.max() == 1
    assert read.mean() < 0.05
    for zone in range(2):
        at_rows, at_cols, _ = coverage.cells(zone)
        assert (read[at_rows, at_cols] == 1).all()
