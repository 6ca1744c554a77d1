from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from PIL import Image
from rasterio.io import MemoryFile

from regional_atlas.page.overlay import LEVELS, _palette, build_rasters
from regional_atlas.page.pictures import encode_png, encode_webp

from .conftest import PROJECTION

pytestmark = pytest.mark.filterwarnings("ignore:Dataset has no geotransform")


def decoded(image: str) -> np.ndarray:
    """Give the levels whose colours a picture shows."""
    head, data = image.split(",")
    assert head == "data:image/webp;base64"
    colours = np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))
    shown = (colours[..., None, :] == np.array(_palette())).all(axis=-1)
    shown |= (colours[..., 3] == 0)[..., None] & (np.arange(LEVELS + 1) == 0)
    assert (shown.sum(axis=-1) == 1).all()
    return shown.argmax(axis=-1)


@pytest.fixture
def land():
    return np.array([shapely.box(-50_000, -50_000, 50_000, 30_000)], dtype=object)


def test_all_years_share_grid_and_stretch(tables, land):
    rasters = build_rasters(tables.blocks, "light_mean", PROJECTION, land, cell=5000.0)
    assert [raster.year for raster in rasters] == [2019, 2021]
    assert rasters[0].bounds == rasters[1].bounds == (-50_000, -50_000, 50_000, 30_000)
    first, second = (decoded(raster.image) for raster in rasters)
    assert first.shape == second.shape == (16, 20)
    assert (second >= first).all()
    assert second.max() == LEVELS


def test_outside_the_units_is_transparent(tables):
    triangle = np.array([shapely.Polygon([(0, 0), (60_000, 0), (0, 60_000)])], dtype=object)
    (raster,) = build_rasters(tables.blocks[:1], "x", PROJECTION, triangle, cell=5000.0)
    image = decoded(raster.image)
    assert image[0, -1] == 0
    assert image[-1, 0] > 0


def test_the_same_blocks_give_the_same_bytes(tables, land):
    again = [build_rasters(tables.blocks, "x", PROJECTION, land, cell=4000.0) for _ in range(2)]
    assert again[0] == again[1]


def test_darkness_is_drawn_and_nothing_is_not(tables, land):
    block = tables.blocks[1]
    dark = replace(block, values=np.zeros_like(block.values))
    (raster,) = build_rasters([dark], "x", PROJECTION, land, cell=5000.0)
    assert (decoded(raster.image) == 1).all()
    empty = replace(block, values=np.full_like(block.values, np.nan))
    (raster,) = build_rasters([empty], "x", PROJECTION, land, cell=5000.0)
    assert (decoded(raster.image) == 0).all()
    assert build_rasters([], "x", PROJECTION, land, cell=5000.0) == []


def test_png_is_read_by_gdal():
    png = encode_png(np.array([[0, 1], [1, 0]], dtype=np.uint8), [(0, 0, 0, 0), (9, 8, 7, 255)])
    with MemoryFile(png) as file, file.open() as image:
        assert image.read(1).tolist() == [[0, 1], [1, 0]]
        assert image.colormap(1)[1] == (9, 8, 7, 255)
        assert image.colorinterp[0] is rasterio.enums.ColorInterp.palette


def test_webp_keeps_every_pixel():
    pixels = np.random.default_rng(1).integers(0, 9, (40, 31)).astype(np.uint8)
    palette = [(0, 0, 0, 0), *((20 * level, 255 - level, level, 255) for level in range(8))]
    image = np.array(Image.open(io.BytesIO(encode_webp(pixels, palette))).convert("RGBA"))
    assert (image[..., 3] > 0).tolist() == (pixels > 0).tolist()
    seen = image[..., 3] > 0
    assert image[seen].tolist() == np.array(palette)[pixels][seen].tolist()
