from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from regional_atlas.core.errors import RasterError
from regional_atlas.export.cog import write_cog

PLACE = (Affine(0.05, 0, 73, 0, -0.05, 54), "EPSG:4326")


def radiance(shape=(600, 700)):
    values = np.random.default_rng(2).gamma(0.3, 20, shape)
    values[:20, :30] = np.nan
    return values


def test_values_come_back_within_half_a_unit(tmp_path):
    values = radiance()
    path = write_cog(tmp_path / "a.tif", values, *PLACE, scale=0.01, tags={"source": "夜光"})
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1) == [2, 4]
        assert dataset.dtypes == ("uint16",)
        assert dataset.scales == (0.01,)
        assert dataset.nodata == 65535
        assert dataset.tags()["source"] == "夜光"
        assert dataset.transform == PLACE[0]
        assert dataset.crs.to_epsg() == 4326
        found = dataset.read(1, masked=True)
    np.testing.assert_array_equal(found.mask, np.isnan(values))
    np.testing.assert_allclose(found * 0.01, np.ma.masked_invalid(values), atol=0.005 + 1e-9)


def test_same_input_same_bytes_and_no_partial_file(tmp_path):
    first = write_cog(tmp_path / "a.tif", radiance(), *PLACE).read_bytes()
    assert write_cog(tmp_path / "b.tif", radiance(), *PLACE).read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tif", "b.tif"]


def test_a_failure_leaves_the_old_file(tmp_path):
    path = write_cog(tmp_path / "a.tif", radiance(), *PLACE)
    before = path.read_bytes()
    with pytest.raises(RasterError):
        write_cog(path, np.full((3, 3), 700.0), *PLACE)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("array", "options", "message"),
    [
        (np.full((2, 2), 700.0), {}, "4 values do not fit 16 bits at scale 0.01.*first 700.0"),
        (np.full((2, 2), -0.1), {}, "do not fit"),
        (np.full((2, 2), 655.35), {}, "do not fit"),
        (np.full((2, 2), np.inf), {}, "do not fit"),
        (np.zeros(3), {}, "2-D"),
        (np.zeros((2, 2)), {"scale": 0}, "scale must be above 0"),
        (np.zeros((2, 2)), {"nodata": 70_000}, "nodata must be within"),
    ],
)
def test_refusals(array, options, message, tmp_path):
    with pytest.raises(RasterError, match=message):
        write_cog(tmp_path / "a.tif", array, *PLACE, **options)
    assert not list(tmp_path.iterdir())
