"""A datum is recognised by the fit to a reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from regional_atlas.config import BoundariesConfig
from regional_atlas.core import crs
from regional_atlas.core.errors import DataError
from regional_atlas.sources.boundaries import read_boundaries
from regional_atlas.sources.datum import fit_by_datum

SHIFTS = {"wgs84": lambda points: points, "gcj02": crs.wgs84_to_gcj02, "bd09": crs.wgs84_to_bd09}


def land() -> gpd.GeoSeries:
    """Round counties about 20 km across: a border that no shift brings onto itself."""
    rng = np.random.default_rng(7)
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    return gpd.GeoSeries(
        [
            shapely.Polygon(
                np.column_stack([
                    lon + 0.1 * np.cos(angles) * (1 + 0.2 * rng.random(60)),
                    lat + 0.1 * np.sin(angles) * (1 + 0.2 * rng.random(60)),
                ])
            )
            for lon, lat in [(116.4, 39.9), (117.2, 39.1), (114.5, 38.0)]
        ],
        crs=4326,
    )  # fmt: skip


def project(folder: Path, true: str, declared: str, **changes: Any) -> BoundariesConfig:
    shapes = shapely.transform(land().to_numpy(), SHIFTS[true])
    frame = gpd.GeoDataFrame({"code": list("123"), "name": list("abc")}, geometry=shapes, crs=4326)
    frame.to_file(folder / "units.gpkg")
    # The reference holds one of the counties, and nothing else.
    gpd.GeoDataFrame(geometry=land().iloc[:1]).to_file(folder / "outline.gpkg")
    values = {"file": "units.gpkg", "key": "code", "name": "name", "source": "s", "datum": declared,
              "level": {"id": "county", "title": "county"},
              "reference": "outline.gpkg"} | changes  # fmt: skip
    return BoundariesConfig.model_validate(values, context={"root": folder})


@pytest.mark.parametrize("true", SHIFTS)
@pytest.mark.parametrize("declared", SHIFTS)
def test_the_datum_that_fits_is_named(tmp_path: Path, true: str, declared: str) -> None:
    config = project(tmp_path, true, declared)
    if true == declared:
        assert read_boundaries(config).geometry.iloc[0].equals_exact(land().iloc[0], 1e-7)
        return
    with pytest.raises(DataError) as caught:
        read_boundaries(config)
    assert str(caught.value).endswith(f"set datum = '{true}' in [boundaries]")
    assert "outline.gpkg lie " in str(caught.value)


def test_without_a_reference_the_declared_datum_holds(tmp_path: Path) -> None:
    assert len(read_boundaries(project(tmp_path, "gcj02", "wgs84", reference=None))) == 3


def test_a_generalised_reference_is_no_reason_to_refuse(tmp_path: Path) -> None:
    config = project(tmp_path, "wgs84", "cgcs2000")
    rough = land().simplify(0.01)
    gpd.GeoDataFrame(geometry=rough).to_file(tmp_path / "outline.gpkg")
    assert len(read_boundaries(config)) == 3


def test_the_fit_is_the_shift_in_metres() -> None:
    fit = fit_by_datum(land(), land(), "wgs84")
    assert fit["wgs84"] < 1e-6
    assert 100 < fit["gcj02"] < 800
