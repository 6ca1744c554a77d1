"""Outlines of groups of cells, drawn band by band, beside the cells that they hold."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio.features
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from regional_atlas.membership.delineation import outlines
from regional_atlas.membership.delineation.outlines import group_polygons
from regional_atlas.membership.delineation.runs import runs_of
from regional_atlas.zonal.grids import Grid

groups_arrays = st_numpy.arrays(
    np.int32,
    st_numpy.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.sampled_from([0, 0, 1, 2, 3, 7]),
)


def grid_of(shape: tuple[int, int]) -> Grid:
    return Grid(Affine(500, 0, 1e6, 0, -500, 4e6), shape, "EPSG:6933")


@given(groups_arrays)
def test_runs_of_a_raster_paint_it_again(groups: np.ndarray) -> None:
    runs, numbers = runs_of(groups)
    np.testing.assert_array_equal(runs.painted(numbers), groups)
    before = np.pad(groups, ((0, 0), (1, 0)))[:, :-1]
    assert len(runs) == np.count_nonzero((groups != 0) & (groups != before))


@settings(deadline=None)
@given(groups_arrays, st.sampled_from([1, 3, 512]))
def test_outlines_hold_their_cells_and_no_others(groups: np.ndarray, band: int) -> None:
    grid = grid_of(groups.shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "ROWS_AT_ONCE", band)
        found = group_polygons(groups, grid)
    assert found.index.tolist() == sorted(set(groups[groups > 0].tolist()))
    assert found.geometry.is_valid.all()
    np.testing.assert_allclose(found.geometry.area, found["cells"] * 500**2)
    np.testing.assert_allclose(found["area_km2"], found["cells"] * 0.25)
    if len(found):
        drawn = rasterio.features.rasterize(
            list(zip(found.geometry, found.index, strict=True)),
            groups.shape,
            transform=grid.transform,
            dtype="int32",
        )
        np.testing.assert_array_equal(drawn, groups)


def test_corners_lie_where_the_grid_says() -> None:
    """An outline has no corner but those of the group, at the same numbers as the grid's lines."""
    grid = Grid(Affine(0.1, 0, 73.3, 0, -0.1, 53.7), (5, 3), "EPSG:4326")
    groups = np.zeros((5, 3), np.int32)
    groups[2:5, 1:3] = 4
    corners = shapely.get_coordinates(group_polygons(groups, grid).geometry.loc[4])
    west, east = 73.3 + 0.1 * 1, 73.3 + 0.1 * 3
    north, south = 53.7 - 0.1 * 2, 53.7 - 0.1 * 5
    assert set(map(tuple, corners.tolist())) == {
        (west, north), (west, south), (east, north), (east, south)
    }  # fmt: skip
