"""Stored coverage: by content, never for other zones or another grid."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from regional_atlas.jobs import coverage
from regional_atlas.jobs.coverage import stored_coverage
from regional_atlas.tables.store import Store
from regional_atlas.zonal import Grid
from regional_atlas.zonal.zones import zone_coverage

GRID = Grid(Affine(10_000, 0, 0, 0, -10_000, 200_000), (20, 20), "EPSG:6933")


def zones(*polygons: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(polygons), crs="EPSG:4326")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []

    def counted(given: gpd.GeoDataFrame, grid: Grid, **options: Any) -> object:
        calls.append(len(given))
        return zone_coverage(given, grid, **options)

    monkeypatch.setattr(coverage, "zone_coverage", counted)
    return calls


def test_what_is_found_is_what_was_made(tmp_path: Path, made: list[int]) -> None:
    units = zones(shapely.box(0.1, 0.1, 1, 1), shapely.Polygon())
    first = stored_coverage(units, GRID, Store(tmp_path))
    again = stored_coverage(units, GRID, Store(tmp_path))
    assert made == [2]
    assert again.grid == GRID
    for ours, theirs in zip(first.cells(0), again.cells(0), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(first.areas, again.areas)


def test_another_vertex_hole_or_grid_is_another_coverage(tmp_path: Path, made: list[int]) -> None:
    outer = shapely.box(0.1, 0.1, 1, 1)
    holed = shapely.Polygon(outer.exterior, [shapely.box(0.4, 0.4, 0.6, 0.6).exterior])
    shifted = Grid(Affine(10_000, 0, 1, 0, -10_000, 200_000), (20, 20), "EPSG:6933")
    store = Store(tmp_path)
    whole = stored_coverage(zones(outer), GRID, store)
    for given, grid in (
        (zones(shapely.box(0.1, 0.1, 1, 1.000001)), GRID),
        (zones(holed), GRID),
        (zones(outer), shifted),
        (zones(outer).set_crs("EPSG:4490", allow_override=True), GRID),
    ):
        stored_coverage(given, grid, store)
    assert len(made) == 5
    assert stored_coverage(zones(holed), GRID, store).covered[0] < whole.covered[0]


def test_zones_on_the_rasters_crs_leave_nothing_on_disk(tmp_path: Path, made: list[int]) -> None:
    grid = Grid(Affine(0.1, 0, 0, 0, -0.1, 1), (10, 10), "EPSG:4326")
    stored_coverage(zones(shapely.box(0, 0, 1, 1)), grid, Store(tmp_path))
    assert made == [1]
    assert not list(tmp_path.iterdir())


def test_an_entry_that_cannot_be_read_is_made_again(tmp_path: Path, made: list[int]) -> None:
    units = zones(shapely.box(0.1, 0.1, 1, 1))
    stored_coverage(units, GRID, Store(tmp_path))
    for entry in tmp_path.iterdir():
        entry.write_bytes(b"half")
    assert stored_coverage(units, GRID, Store(tmp_path)).covered[0] > 0
    assert made == [1, 1]


def test_a_flipped_bit_changes_no_coverage(tmp_path: Path, made: list[int]) -> None:
    units, rng = zones(shapely.box(0.1, 0.1, 1, 1), shapely.box(0.5, 0.5, 1.7, 0.9)), Random(1)
    first = stored_coverage(units, GRID, Store(tmp_path))
    for _ in range(40):
        (entry,) = tmp_path.iterdir()
        content = bytearray(entry.read_bytes())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        entry.write_bytes(content)
        again = stored_coverage(units, GRID, Store(tmp_path))
        for one, other in zip(first.blocks, again.blocks, strict=True):
            for ours, theirs in zip(one.geometry, other.geometry, strict=True):
                assert (ours.dtype, ours.tobytes()) == (theirs.dtype, theirs.tobytes())
            assert one.areas.tobytes() == other.areas.tobytes()
    assert len(made) == 41
