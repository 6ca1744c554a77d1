from __future__ import annotations

import numpy as np
import pytest

from regional_atlas.zonal import decoded
from regional_atlas.zonal.decoding import stored_nodata


@pytest.mark.parametrize(
    ("dtype", "nodata", "held"),
    [
        ("u1", 0, True),
        ("u1", 255, True),
        ("u1", 256, False),
        ("u1", -9999, False),
        ("i1", -1, True),
        ("i2", 1.5, False),
        ("f4", -3.4e38, True),
        ("f8", float("nan"), False),
        ("f8", None, False),
        ("u1", None, False),
    ],
)
def test_nodata_in_the_type_of_the_values(dtype, nodata, held, raster):
    found, value = stored_nodata(raster(np.zeros((1, 1), dtype), nodata=nodata))
    assert found is held
    assert value.dtype == dtype


def test_decoding_happens_in_float64(raster):
    source = raster(np.array([[200, 3]], np.uint8), scale=511 / 255, nodata=3)
    tile = next(source.read_windows([(slice(0, 1), slice(0, 2))]))
    found = decoded(tile, source)
    assert found.dtype == np.float64
    assert found[0, 0] == 200 * (511 / 255)
    assert np.isnan(found[0, 1])


def test_nodata_is_compared_as_stored(raster):
    """-3.4e38 in a file of float32 is not the float64 of that name."""
    cells = np.array([[-3.4e38, 1]], np.float32)
    source = raster(cells, nodata=-3.4e38, scale=0.5)
    tile = next(source.read_windows([(slice(0, 1), slice(0, 2))]))
    assert np.isnan(decoded(tile, source)).tolist() == [[True, False]]
