"""Many zones are measured in parts: bounded memory, the same bits."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine

from regional_atlas.zonal import ArrayRaster, Cleaning, Grid, zonal_statistics
from regional_atlas.zonal import statistics as statistics_module
from regional_atlas.zonal.statistics import zone_parts

STATS = ["sum", "mean", "max", "median", "frac", "weighted_frac", "weighted_mean", "lit_area_km2"]


def light(seed: int, size: int, year: int) -> ArrayRaster:
    cells = np.random.default_rng(seed).integers(-1, 5, (size, size)).astype(float)
    transform = Affine(10 / size, 0, 100, 0, -10 / size, 40)
    return ArrayRaster(cells, transform, "EPSG:4326", year=year)


@pytest.fixture
def many() -> gpd.GeoDataFrame:
    """Squares that overlap, one beyond the rasters, one empty, one on a single class."""
    at = np.random.default_rng(1).uniform(0, 8.5, (40, 2))
    squares = [*shapely.box(100 + at[:, 0], 30 + at[:, 1], 101.5 + at[:, 0], 31.5 + at[:, 1])]
    squares += [shapely.box(0, 0, 1, 1), shapely.Polygon(), shapely.box(100, 39.9, 100.01, 39.91)]
    index = pd.Index([f"z{n}" for n in range(len(squares))], name="unit_id")
    return gpd.GeoDataFrame({"heads": 5.0}, geometry=squares, index=index, crs="EPSG:4326")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_parts_give_the_same_bits(many, crs, monkeypatch) -> None:
    rules = Cleaning(negative="missing", saturation=4)
    rasters = [rules.applied(light(seed, size, 2000 + seed)) for seed, size in ((3, 40), (4, 25))]
    lake = gpd.GeoDataFrame(geometry=[shapely.box(103, 33, 105, 38)], crs=4326).to_crs(crs)
    many = many.to_crs(crs)

    def found() -> pd.DataFrame:
        return zonal_statistics(
            many, rasters, stats=STATS, lit_threshold=2, weights=light(9, 10, 1), mask=lake
        )

    whole = found()
    monkeypatch.setattr(statistics_module, "OUTLINE_CELLS_AT_ONCE", 100)
    assert len(zone_parts(many, [Grid.of(raster) for raster in rasters])) > 5
    pd.testing.assert_frame_equal(found(), whole, check_exact=True)
    assert found().attrs == whole.attrs


def test_without_years_rasters_keep_their_names(many, monkeypatch) -> None:
    rasters = [light(5, 20, 2020), light(6, 20, 2020)]
    whole = zonal_statistics(many, rasters, stats=["sum"])
    monkeypatch.setattr(statistics_module, "OUTLINE_CELLS_AT_ONCE", 100)
    pd.testing.assert_frame_equal(
        zonal_statistics(many, rasters, stats=["sum"]), whole, check_exact=True
    )


def test_progress_runs_on_over_the_parts(many, monkeypatch) -> None:
    monkeypatch.setattr(statistics_module, "OUTLINE_CELLS_AT_ONCE", 300)
    steps: list[tuple[int, int]] = []
    zonal_statistics(many, light(5, 40, 2020), progress=lambda *step: steps.append(step))
    done = [step[0] for step in steps]
    assert done == sorted(done)
    assert len({total for _, total in steps}) == 1
    assert steps[-1][0] == steps[-1][1]


def test_few_zones_and_those_beyond_the_grid_are_one_part(many, monkeypatch) -> None:
    grid = Grid.of(light(5, 40, 2020))
    assert [part.tolist() for part in zone_parts(many, [grid])] == [list(range(len(many)))]
    monkeypatch.setattr(statistics_module, "OUTLINE_CELLS_AT_ONCE", 100)
    far = many.iloc[[40, 41]]
    assert len(zone_parts(far, [grid])) == 1
    whole = np.sort(np.concatenate(zone_parts(many, [grid])))
    assert whole.tolist() == list(range(len(many)))
    assert len(zone_parts(many.iloc[:1], [grid])) == 1


def test_the_estimate_is_near_the_cells_that_outlines_cross() -> None:
    """A box of 3 x 2 degrees on cells of 0.1: 100 cells; in another CRS about as many."""
    box = gpd.GeoDataFrame(geometry=[shapely.box(0.05, 0.05, 3.05, 2.05)], crs=4326)
    grid = Grid(Affine(0.1, 0, 0, 0, -0.1, 10), (100, 100), "EPSG:4326")
    for zones in (box, box.to_crs("EPSG:3857")):
        assert statistics_module._outline_cells(zones, grid)[0] == pytest.approx(100, rel=0.35)
