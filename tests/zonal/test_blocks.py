from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine

from regional_atlas.core.errors import InputError
from regional_atlas.zonal import ArrayRaster, Grid, block_means, exact_coverage


def test_partial_blocks_and_missing_cells(raster):
    cells = np.array([[1, 2, 3, 4, 5], [6, 7, 0, 0, 10], [11, 12, 13, 0, 15]], np.uint8)
    means, transform = block_means(raster(cells, nodata=0, scale=2.0, offset=1.0), 2)
    expected = 1 + 2 * np.array([[16 / 4, 7 / 2, 15 / 2], [23 / 2, 13, 15]])
    np.testing.assert_allclose(means, expected)
    assert transform == Affine(2, 0, 0, 0, -2, 3)


def test_no_valid_cell_is_missing(raster):
    means, _ = block_means(raster(np.zeros((4, 4)), nodata=0), 2)
    assert np.isnan(means).all()


def test_factor_one_is_the_raster_itself(raster):
    values = np.arange(12.0).reshape(3, 4)
    means, transform = block_means(raster(values), 1)
    np.testing.assert_array_equal(means, values)
    assert transform == raster(values).transform


def test_what_polygons_remove_does_not_count():
    """Of cells 8 and 2, three quarters of the first are lake: (8/4 + 2)/(1/4 + 1) = 3.2."""
    cells = [[8.0, 2.0, 5.0, 5.0], [np.nan, np.nan, 1.0, 9.0]]
    source = ArrayRaster(cells, Affine(1, 0, 0, 0, -1, 2), "EPSG:3857")
    lake = exact_coverage([shapely.box(0, 1, 0.75, 9), shapely.box(2, 0, 4, 2)], Grid.of(source))
    means, _ = block_means(source, 2, removed=lake)
    np.testing.assert_allclose(means, [[3.2, np.nan]], rtol=1e-12)


@pytest.mark.parametrize("blocks", [(1, 50), (7, 50), (16, 16), (41, 50)])
def test_blocks_of_the_file_do_not_matter(blocks, monkeypatch):
    values = np.random.default_rng(3).gamma(1, 10, (41, 50))
    source = ArrayRaster(values, Affine(1, 0, 0, 0, -1, 41), "EPSG:3857")
    whole, _ = block_means(source, 11)
    monkeypatch.setattr("regional_atlas.zonal.grids.CELLS_PER_WINDOW", 100)
    monkeypatch.setattr(ArrayRaster, "blocks", blocks)
    steps = []
    banded, _ = block_means(source, 11, progress=lambda *step: steps.append(step))
    np.testing.assert_allclose(banded, whole, rtol=1e-12)
    np.testing.assert_allclose(whole[0, 0], values[:11, :11].mean())
    np.testing.assert_allclose(whole[-1, -1], values[33:, 44:].mean())
    assert steps[-1] == (41, 41)


@pytest.mark.parametrize("factor", [0, -1, 2.0])
def test_wrong_factor(factor, raster):
    with pytest.raises(InputError, match="whole number of at least 1"):
        block_means(raster([[1]]), factor)
