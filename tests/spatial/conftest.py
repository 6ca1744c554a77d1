"""A grid with an island and a hole in the data, shared by the tests of space."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely


@pytest.fixture(scope="session")
def grid() -> gpd.GeoDataFrame:
    """6 × 5 cells and an island, ids not in the order of the cells."""
    boxes = [shapely.box(x, y, x + 1, y + 1) for x in range(6) for y in range(5)]
    boxes.append(shapely.box(20, 20, 21, 21))
    ids = [f"{(7 * i) % 31:02d}" for i in range(31)]
    return gpd.GeoDataFrame(geometry=boxes, index=pd.Index(ids, name="unit_id"), crs="EPSG:3857")


@pytest.fixture(scope="session")
def values(grid: gpd.GeoDataFrame) -> pd.Series:
    """High in the west, low in the east, with noise; positive."""
    x = grid.geometry.centroid.x.to_numpy()
    noise = np.random.default_rng(5).normal(0, 0.5, len(grid))
    return pd.Series(30.0 - x + noise, index=grid.index)
