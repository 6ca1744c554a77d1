"""Units by the Degree of Urbanisation, by hand arithmetic, and urban centres as regions."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError
from regional_atlas.membership.delineation.urban_units import (
    CELL_CLASSES,
    UNIT_CLASSES,
    centre_regions,
    check_grid,
    classify_units,
    unit_people,
    urban_centres,
)
from regional_atlas.membership.delineation.urbanisation import (
    EDITIONS,
    UrbanCells,
    classify_cells,
)
from regional_atlas.zonal.grids import Grid

KM = 1000.0


def grid_of(shape: tuple[int, int]) -> Grid:
    return Grid(Affine(KM, 0, 0, 0, -KM, 0), shape, "EPSG:6933")


def cells_of(classes: Any, level: Any) -> UrbanCells:
    """Cells of given classes; each cell of an urban centre belongs to one centre."""
    table = np.array(classes, np.uint8)
    centres = np.isin(table, (3, 30)).astype(np.int32)
    return UrbanCells(table, centres, centres, level, EDITIONS["2023"], {"built": 0})


def units_of(**spans: tuple[float, float]) -> gpd.GeoDataFrame:
    """Units on the first row of cells, from one column to another."""
    boxes = [shapely.box(first * KM, -KM, last * KM, 0) for first, last in spans.values()]
    index = pd.Index(list(spans), name="unit_id")
    return gpd.GeoDataFrame({"name": [*spans]}, geometry=boxes, index=index, crs="EPSG:6933")


def class_of(shares: dict[int, float], level: Any) -> str:
    """The class of a unit with so many people in cells of each class."""
    cells = cells_of([list(shares)], level)
    people = np.array([list(shares.values())], float)
    table = classify_units(
        units_of(a=(0, len(shares))), cells, people, grid_of(cells.classes.shape)
    )
    return str(table.loc["a", "class"])


@pytest.mark.parametrize(
    ("centre", "cluster", "rural", "found"),
    [
        (50, 50, 0, "city"),
        (50, 0, 50, "city"),
        (49, 51, 0, "town"),
        (49, 1, 50, "town"),
        (0, 50, 50, "town"),
        (0, 49, 51, "rural"),
        (49, 0, 51, "rural"),
        (0, 0, 1, "rural"),
    ],
)
def test_level_1_by_hand(centre: float, cluster: float, rural: float, found: str) -> None:
    assert class_of({3: centre, 2: cluster, 1: rural, 0: 0}, 1) == found


@pytest.mark.parametrize(
    ("people", "found"),
    [
        ({30: 50, 23: 50}, "city"),
        ({30: 49, 23: 26, 22: 25}, "dense_town"),
        ({23: 30, 22: 30, 21: 40}, "dense_town"),
        ({23: 29, 22: 31, 21: 40}, "semidense_town"),
        ({23: 25, 22: 25, 21: 50}, "dense_town"),
        ({23: 24, 22: 25, 21: 51}, "suburb"),
        ({30: 40, 21: 20, 12: 40}, "suburb"),
        ({21: 50, 13: 50}, "suburb"),
        ({21: 49, 13: 20, 12: 20, 11: 11}, "village"),
        ({13: 20, 12: 40, 11: 40}, "dispersed"),
        ({13: 20, 12: 39, 11: 41}, "uninhabited"),
        ({30: 49, 13: 20, 12: 31}, "dispersed"),
        ({11: 1}, "uninhabited"),
    ],
)
def test_level_2_by_hand(people: dict[int, float], found: str) -> None:
    assert class_of(people, 2) == found


def test_half_is_half_in_spite_of_rounding() -> None:
    assert class_of({3: 0.1 + 0.2, 2: 0.3}, 1) == "city"
    assert class_of({2: 0.3, 1: 0.1 + 0.2}, 1) == "town"


def test_people_go_with_the_share_of_the_cell() -> None:
    # 60 % of 1,000 people in the centre's cell, 25 % of 4,000 in the cluster's, nobody in the sea.
    cells = cells_of([[3, 2, 0]], 1)
    people = np.array([[1_000, 4_000, np.nan]])
    table = classify_units(units_of(a=(0.4, 1.25), sea=(2, 3)), cells, people, grid_of((1, 3)))
    assert table.columns.tolist() == [
        "class",
        "population",
        "share_centre",
        "share_cluster",
        "share_rural",
        "share_within_grid",
    ]
    assert table.loc["a", "class"] == "town"
    expected = [1_600, 600 / 1_600, 1_000 / 1_600, 0, 1]
    np.testing.assert_allclose(table.loc["a"].iloc[1:].astype(float), expected, rtol=1e-9)


def test_units_without_people_or_outside_have_no_class() -> None:
    cells = cells_of([[3, 1, 0]], 1)
    units = units_of(a=(0, 1), empty=(1, 2), sea=(2, 3), off=(7, 9), partly=(-3, 1))
    table = classify_units(units, cells, np.array([[10.0, 0, np.nan]]), grid_of((1, 3)))
    assert table["class"].isna().tolist() == [False, True, True, True, False]
    assert table["population"].tolist() == [10, 0, 0, 0, 10]
    assert table["share_rural"].isna().tolist() == [False, True, True, True, False]
    np.testing.assert_allclose(table["share_within_grid"], [1, 1, 1, 0, 0.25])


def test_unit_without_a_polygon_has_no_class() -> None:
    units = units_of(a=(0, 1), b=(0, 1))
    units.loc["b", "geometry"] = None
    table = classify_units(units, cells_of([[3]], 1), np.array([[9.0]]), grid_of((1, 1)))
    assert table["class"].isna().tolist() == [False, True]
    assert table.loc["b", "share_within_grid"] == 0


def test_shares_of_level_2_are_named_by_class() -> None:
    classes = [30, 23, 22, 21, 13, 12, 11, 10]
    people = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8]])
    table = classify_units(units_of(a=(0, 8)), cells_of([classes], 2), people, grid_of((1, 8)))
    shares = table.filter(like="share_").drop(columns="share_within_grid").loc["a"] * 36
    assert shares.index.str.removeprefix("share_").tolist() == list(CELL_CLASSES[2])
    np.testing.assert_allclose(shares, [1, 2, 3, 4, 5, 6, 15])


def test_centres_become_regions_with_members() -> None:
    people = np.array([[60_000, 0, 0, 80_000, 100, 0]])
    cells = classify_cells(people, np.ones((1, 6)), None)
    # b has 100 of its people outside the centre of 80,000; half lives on each side of c's border.
    units = units_of(a=(0, 0.75), b=(2, 5), c=(0.75, 1), d=(5, 6))
    found = urban_centres(units, cells, people, grid_of((1, 6)))
    assert found.regions.index.tolist() == ["centre-1", "centre-2"]
    assert found.regions["name"].tolist() == ["b", "a"]
    assert found.regions["population"].tolist() == [80_000, 60_000]
    assert found.regions["cells"].tolist() == [1, 1]
    assert found.regions["members"].tolist() == [1, 2]
    members = found.members.set_index("unit_id")
    assert members["region_id"].fillna("none").to_dict() == {
        "a": "centre-2",
        "b": "centre-1",
        "c": "centre-2",
        "d": "none",
    }
    assert members.loc["b", "share_of_unit"] == pytest.approx(80_000 / 80_100)
    assert members.loc["a", "share_of_region"] == pytest.approx(0.75)
    assert found.units is not None
    assert found.units["class"].iloc[:3].tolist() == ["city", "city", "city"]
    assert found.parameters == {**asdict(EDITIONS["2023"]), "level": 1, "at_least": 0.5}
    assert found.notes == (
        "No grid of what is built: urban centres come from density alone.",
        "Units without people in the grid have no class: 1.",
    )


def test_people_that_were_prepared_once_give_the_same_centres() -> None:
    people, land = np.array([[60_000, 3_000, 0, 80_000, 100, np.nan]]), np.ones((1, 6))
    units, grid = units_of(a=(0, 0.75), b=(2, 5), c=(0.75, 1), d=(5, 6)), grid_of((1, 6))
    held = unit_people(units, people, grid)
    for size in (50_000, 61_000, 90_000):
        rules = replace(EDITIONS["2023"], centre_population=size)
        cells = classify_cells(people, land, None, rules)
        alone = urban_centres(units, cells, people, grid, at_least=0.2)
        run = centre_regions(held, cells, at_least=0.2, polygons=False)
        pd.testing.assert_frame_equal(run.members, alone.members, check_exact=True)
        numbers = pd.DataFrame(alone.regions.drop(columns="geometry"))
        pd.testing.assert_frame_equal(run.regions, numbers, check_exact=True)


def test_no_centre_gives_no_region() -> None:
    people = np.array([[10.0, np.nan]])
    cells = classify_cells(people, np.ones((1, 2)), np.zeros((1, 2)))
    found = urban_centres(units_of(a=(-1, 2)), cells, people, grid_of((1, 2)))
    assert found.regions.empty
    assert found.members["region_id"].isna().all()
    assert found.notes == (
        "Cells without a value of population count as 0: 1.",
        "Units partly outside the grid have the class of the part inside: 1.",
    )


def test_all_that_does_not_belong_together_is_said() -> None:
    units = units_of(a=(0, 1), b=(0, 1)).set_axis(pd.Index(["a", "a"], name="unit_id"))
    with pytest.raises(DataError) as caught:
        classify_units(units, cells_of([[3, 2]], 1), np.ones((1, 3)), grid_of((1, 4)))
    assert caught.value.problems == [
        "cells: found shape (1, 2); the grid's is (1, 4)",
        "population: found shape (1, 3); the grid's is (1, 4)",
        "units: ids found more than once: a",
    ]


@pytest.mark.parametrize(
    ("units", "people", "message"),
    [
        (units_of(), [[1.0]], "found none"),
        (units_of(a=(0, 1)), [[-1.0]], "found -1; expected people"),
        (units_of(a=(0, 1)).set_axis(pd.Index([np.nan])), [[1.0]], "1 without an id"),
        (units_of(a=(0, 1)).set_crs(None, allow_override=True), [[1.0]], "coordinate reference"),
        (units_of(a=(0, 1)).set_geometry([shapely.Point(0, 0)]), [[1.0]], "is a Point"),
    ],
)
def test_wrong_units_and_people_are_refused(units: Any, people: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        classify_units(units, cells_of([[3]], 1), np.array(people), grid_of((1, 1)))


@pytest.mark.parametrize(
    ("size", "crs", "message"),
    [
        (100, "EPSG:6933", "cells of 0.01 to 0.01 km²; expected 1 km²"),
        (1 / 120, "EPSG:4326", "expected 1 km²"),
        (1000, "EPSG:3857", "equal-area"),
    ],
)
def test_cells_of_another_size_are_refused(size: float, crs: str, message: str) -> None:
    grid = Grid(Affine(size, 0, 0, 0, -size, size * 6000), (3, 3), crs)
    with pytest.raises(DataError, match=message):
        check_grid(grid)


def test_equal_area_grids_of_1_km_are_taken() -> None:
    for crs, y in (("ESRI:54009", 9e6), ("ESRI:54009", -2e6), ("EPSG:6933", 0), ("EPSG:3035", 3e6)):
        check_grid(Grid(Affine(KM, 0, 4e6, 0, -KM, y), (1000, 1000), crs))


@given(st.data())
def test_order_of_units_does_not_matter_and_classes_follow_the_rule(data: st.DataObject) -> None:
    level = data.draw(st.sampled_from([1, 2]))
    values = [value for kind in CELL_CLASSES[level].values() for value in kind]
    width = data.draw(st.integers(2, 8))
    classes = data.draw(st.lists(st.sampled_from(values), min_size=width, max_size=width))
    people = np.array([data.draw(st.lists(st.integers(0, 9), min_size=width, max_size=width))])
    units = units_of(**{f"u{k}": (k / 2, k + 1) for k in range(width)})
    cells, grid = cells_of([classes], level), grid_of((1, width))
    table = classify_units(units, cells, people, grid)
    order = data.draw(st.permutations(range(width)))
    other = classify_units(units.iloc[order], cells, people, grid)
    pd.testing.assert_frame_equal(other.loc[table.index], table)
    assert set(table["class"].dropna()) <= set(UNIT_CLASSES[level])
    assert (table["class"].isna() == (table["population"] == 0)).all()
    shares = table[[f"share_{kind}" for kind in CELL_CLASSES[level]]]
    np.testing.assert_allclose(shares.sum(axis=1)[table["population"] > 0], 1)
    cities = table["share_centre"] >= 0.5 - 1e-9
    assert (table["class"].eq("city").fillna(False) == cities).all()


@pytest.mark.shared_data
def test_delta_people_are_conserved(shared: Path) -> None:
    """Units that tile the grid of the Pearl River Delta hold all its people, class by class."""

    def read(name: str) -> tuple[NDArray[Any], Grid]:
        with rasterio.open(shared / "data/degurba_prd" / f"{name}.tif") as file:
            return file.read(1), Grid(file.transform, file.shape, file.crs)

    people, grid = read("POP")
    land, built = (read(name)[0] / 1e6 for name in ("LAND", "BUILT_S"))
    west, south, east, north = grid.bounds
    xs, ys = np.linspace(west, east, 7), np.linspace(south, north, 5)
    boxes = [
        shapely.box(*corner) for corner in zip(
            np.tile(xs[:-1], 4), np.repeat(ys[:-1], 6), np.tile(xs[1:], 4), np.repeat(ys[1:], 6),
            strict=True,
        )
    ]  # fmt: skip
    index = pd.RangeIndex(len(boxes), name="unit_id")
    units = gpd.GeoDataFrame(geometry=boxes, crs=grid.crs, index=index)
    rules = replace(EDITIONS["2023"], centre_population=60_000)
    for level in (1, 2):
        cells = classify_cells(people, land, built, rules, level)  # type: ignore[arg-type]
        table = classify_units(units, cells, people, grid)
        for kind, values in CELL_CLASSES[level].items():
            there = np.nansum(np.where(np.isin(cells.classes, values), people, 0))
            held = (table["population"] * table[f"share_{kind}"].fillna(0)).sum()
            assert held == pytest.approx(there, rel=1e-9), kind
    found = urban_centres(units, cells, people, grid, at_least=1e-9)
    lived = np.bincount(cells.centres.ravel(), np.nan_to_num(people).ravel())[1:]
    assert found.regions["population"].tolist() == sorted(lived, reverse=True)
    per_region = found.members.groupby("region_id")["share_of_region"].sum()
    np.testing.assert_allclose(per_region, 1, rtol=1e-9)
