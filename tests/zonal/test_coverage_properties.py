from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon, affinity, box

from regional_atlas.zonal import ArrayRaster, Grid, coverage_statistics, exact_coverage

ROWS, COLS = 7, 9
GRID = Grid(Affine(1, 0, 0, 0, -1, ROWS), (ROWS, COLS), "EPSG:3857")
CELLS = np.array(
    [[box(c, ROWS - r - 1, c + 1, ROWS - r) for c in range(COLS)] for r in range(ROWS)]
)


def dense(polygon, grid=GRID):
    result = np.zeros(grid.shape)
    rows, cols, fractions = exact_coverage([polygon], grid).cells(0)
    np.add.at(result, (rows, cols), fractions)
    return result


@st.composite
def stars(draw, largest=6.0):
    """Valid star-shaped polygons, some with a hole, some reaching beyond the grid."""
    corners = draw(st.integers(3, 14))
    x, y = draw(st.floats(-1, COLS + 1)), draw(st.floats(-1, ROWS + 1))
    radii = draw(
        st.lists(st.floats(0.01, largest), min_size=corners, max_size=corners).map(np.array)
    )
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False) + draw(st.floats(0, 1))
    ring = np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)])
    holes = []
    if draw(st.booleans()):
        holes.append(np.array([x, y]) + 0.5 * (ring - [x, y]))
    polygon = Polygon(ring, holes)
    assume(polygon.is_valid)
    return polygon


@given(stars())
@settings(max_examples=settings().max_examples * 2, deadline=None)
def test_every_cell_equals_the_area_of_its_intersection(polygon):
    expected = shapely.area(shapely.intersection(CELLS, polygon))
    np.testing.assert_allclose(dense(polygon), expected, atol=2e-9)


@given(stars(largest=3.0), st.integers(3, 200), st.floats(0.001, 1000))
@settings(deadline=None)
def test_coverage_sums_to_the_area_of_the_polygon(polygon, size, cell):
    """Any cell size, the polygon wholly inside: the sum of coverage is area / cell area."""
    polygon = affinity.scale(
        affinity.translate(polygon, -polygon.centroid.x, -polygon.centroid.y),
        size * cell / 20,
        size * cell / 20,
        origin=(0, 0),
    )
    half = size * cell / 2
    grid = Grid(Affine(cell, 0, -half, 0, -cell, half), (size, size), "EPSG:3857")
    assume(box(-half, -half, half, half).contains(polygon))
    coverage = exact_coverage([polygon], grid)
    area = polygon.area / cell**2
    np.testing.assert_allclose(coverage.covered, area, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(coverage.areas, area, rtol=1e-9, atol=1e-9)


@given(stars(), st.integers(-4, 4), st.integers(-4, 4))
@settings(deadline=None)
def test_moving_by_whole_cells_moves_the_coverage(polygon, right, up):
    wide = Grid(Affine(1, 0, -16, 0, -1, 24), (40, 40), "EPSG:3857")
    still = dense(polygon, wide)
    moved = dense(affinity.translate(polygon, right, up), wide)
    np.testing.assert_allclose(np.roll(still, (-up, right), axis=(0, 1)), moved, atol=1e-9)


@given(stars())
@settings(deadline=None)
def test_clipping_leaves_the_cells_inside_alone(polygon):
    wide = Grid(Affine(1, 0, -16, 0, -1, ROWS + 16), (ROWS + 32, COLS + 32), "EPSG:3857")
    part = dense(polygon, wide)[16 : 16 + ROWS, 16 : 16 + COLS]
    np.testing.assert_allclose(dense(polygon), part, atol=1e-9)


@given(
    st.lists(
        st.tuples(st.integers(0, 64 * COLS), st.integers(0, 64 * ROWS)),
        min_size=4,
        max_size=25,
        unique=True,
    )
)
@settings(deadline=None)
def test_sums_over_a_partition_make_the_total(points):
    """Voronoi cells of any points part the grid: sums and counts add up to the grid's own."""
    frame = box(0, 0, COLS, ROWS)
    seeds = shapely.MultiPoint(np.array(points) / 64)
    cells = shapely.voronoi_polygons(seeds, extend_to=frame)
    parts = shapely.get_parts(shapely.intersection(cells.geoms, frame))
    parts = [part for part in parts if part.area > 0]
    assume(abs(sum(part.area for part in parts) - frame.area) < 1e-9)
    values = np.random.default_rng(7).gamma(1, 10, GRID.shape)
    raster = ArrayRaster(values, GRID.transform, GRID.crs)
    found = coverage_statistics(exact_coverage(parts, GRID), raster)
    np.testing.assert_allclose(found["count"].sum(), values.size, rtol=1e-9)
    np.testing.assert_allclose(np.nansum(found["sum"]), values.sum(), rtol=1e-9)


@given(st.lists(stars(), min_size=1, max_size=6), st.randoms())
@settings(max_examples=settings().max_examples // 2, deadline=None)
def test_order_of_zones_does_not_matter(polygons, random):
    order = list(range(len(polygons)))
    random.shuffle(order)
    raster = ArrayRaster(
        np.arange(ROWS * COLS, dtype=np.float32).reshape(ROWS, COLS), GRID.transform, GRID.crs
    )
    straight = coverage_statistics(exact_coverage(polygons, GRID), raster)
    shuffled = coverage_statistics(exact_coverage([polygons[i] for i in order], GRID), raster)
    for name, values in straight.items():
        np.testing.assert_array_equal(values[order], shuffled[name])
