"""Every statistic stands in the book with a worked number, and that number is what comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from regional_atlas.zonal import (
    STATISTICS,
    ArrayRaster,
    Cleaning,
    zonal_statistics,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECOND = 1 / 240


@pytest.fixture(scope="module")
def book() -> dict[str, str]:
    """The example of each statistic, by its name."""
    found: dict[str, str] = {}
    page = (DOCS / "reference/statistics.md").read_text(encoding="utf-8")
    for line in page.splitlines():
        if line.startswith("| `"):
            first, *_, last = [cell.strip() for cell in line.strip("|").split("|")]
            found |= dict.fromkeys(re.findall(r"`([^`(]+)", first), last)
    return found


def measured(raster: ArrayRaster, zone: Any, stats: list[str], **options: Any) -> Any:
    zones = gpd.GeoDataFrame({"heads": [4]}, geometry=[zone], crs=raster.crs)
    return zonal_statistics(zones, raster, stats=stats, **options).iloc[0]


@pytest.fixture(scope="module")
def row() -> Any:
    """Cells 1 to 9, the zone from the middle of the first to the middle of the last."""
    grid = Affine(1, 0, 0, 0, -1, 3), "EPSG:6933"
    nine = ArrayRaster(np.arange(1.0, 10).reshape(3, 3), *grid)
    last_row = ArrayRaster(np.repeat([0.0, 0, 1], 3).reshape(3, 3), *grid)
    stats = [each.name for each in STATISTICS.values() if not each.areas and not each.argument]
    found = measured(
        nine, shapely.box(0.5, 0.5, 2.5, 2.5), [*stats, "quantile(q=0.25)", "class_share(2,5)"],
        lit_threshold=5, weights=last_row, population="heads",
    )  # fmt: skip
    cleaned = Cleaning(upper=8, saturation=8).applied(nine)
    taken = measured(cleaned, shapely.box(0.5, 0.5, 2.5, 2.5), ["sum"])
    assert taken["taken_upper"] == 0.25
    saturated = measured(
        Cleaning(saturation=8).applied(nine), shapely.box(0.5, 0.5, 2.5, 2.5), ["sum"]
    )
    return dict(found) | {
        name: saturated[name] for name in ("saturated_count", "saturated_share")
    } | {"taken_<rule>": taken["taken_upper"]}  # fmt: skip


def test_every_statistic_has_an_example(book: dict[str, str]) -> None:
    assert not {*STATISTICS} - {*book}
    assert all(re.search(r"\d", book[name]) for name in STATISTICS)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        *((each.name, [each.name]) for each in STATISTICS.values()
          if not each.areas and not each.argument and not each.wide and each.name != "gini"),
        ("quantile", ["quantile_25"]), ("class_share", ["class_share_2_5"]),
        ("frac", ["frac_5"]), ("weighted_frac", ["weighted_frac_8"]),
        ("taken_<rule>", ["taken_<rule>"]),
        ("saturated_count", ["saturated_count"]), ("saturated_share", ["saturated_share"]),
    ],
)  # fmt: skip
def test_the_nine_cells(
    name: str, columns: list[str], book: dict[str, str], row: dict[str, float]
) -> None:
    said = re.findall(r"\d+(?:\.\d+)?", re.sub(r"`[^`]*`|.*[=:]", "", book[name]))
    for text, column in zip(said[-len(columns) :], columns, strict=True):
        digits = len(text.partition(".")[2])
        assert float(text) == pytest.approx(row[column], abs=0.5 * 10**-digits + 1e-12), column


def test_the_other_examples(book: dict[str, str]) -> None:
    grid = Affine(1, 0, 0, 0, -1, 1), "EPSG:6933"
    found = measured(ArrayRaster([[0.0, 0, 0, 8]], *grid), shapely.box(0, 0, 4, 1), ["gini"])
    assert book["gini"] == f"values 0 0 0 8, whole: {found['gini']:.2f}"
    cell = ArrayRaster([[3.0]], Affine(SECOND, 0, 0, 0, -SECOND, SECOND), "EPSG:4326")
    stats = ["area_km2", "lit_area_km2", "sum_per_km2"]
    found = measured(cell, shapely.box(0, 0, SECOND, SECOND), stats, lit_threshold=3)
    assert found["area_km2"] == found["lit_area_km2"]
    assert book["area_km2"] == f"equator cell of 15″: {found['area_km2']:.4f}"
    assert book["sum_per_km2"] == f"that cell, of value 3: {found['sum_per_km2']:.2f}"
