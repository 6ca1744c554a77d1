"""Night-light areas: by hand, beside scipy and brute force, and on real lights of China."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from scipy import ndimage

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.membership.delineation.lights import (
    LightRules,
    bright_areas,
    delineate_lights,
    lit_regions,
    lit_units,
    threshold_curve,
    threshold_of,
)
from regional_atlas.zonal.grids import Grid, row_areas_km2
from regional_atlas.zonal.zones import zone_coverage

CORNERS = np.ones((3, 3))
PAGE = Path(__file__).parents[3] / "docs/method/delineation-lights.md"


def grid_of(rows: int, cols: int) -> Grid:
    """Squares of 1 km in an equal-area projection."""
    return Grid(Affine(1000, 0, 0, 0, -1000, 0), (rows, cols), "EPSG:6933")


def areas_of(cells, rules) -> np.ndarray:
    cells = np.asarray(cells)
    return bright_areas(cells, grid_of(*cells.shape), rules)


def squares(**boxes) -> gpd.GeoDataFrame:
    """Units as boxes in kilometres, y downward like rows."""
    geometry = [
        shapely.box(west * 1e3, -south * 1e3, east * 1e3, -north * 1e3)
        for west, north, east, south in boxes.values()
    ]
    index = pd.Index(list(boxes), name="unit_id")
    return gpd.GeoDataFrame(
        {"name": [name.upper() for name in boxes]}, index=index, geometry=geometry, crs="EPSG:6933"
    )


lights_arrays = st_numpy.arrays(
    np.float64,
    st_numpy.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.sampled_from([np.nan, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]),
)


# ── areas ───────────────────────────────────────────────────────────────────────────────────────


@given(lights_arrays, st.sampled_from([1.0, 2.5, 4.0]), st.sampled_from([4, 8]))
def test_areas_are_those_of_scipy(lights, threshold, touching):
    with np.errstate(invalid="ignore"):
        expected, _ = ndimage.label(lights >= threshold, CORNERS if touching == 8 else None)
    np.testing.assert_array_equal(
        areas_of(lights, LightRules(threshold, touching=touching)), expected
    )


@given(lights_arrays, st.sampled_from([4, 8]), st.sampled_from([1.5, 2.0, 4.5]))
def test_holes_are_those_of_scipy(lights, touching, below):
    bright = np.nan_to_num(lights) >= 2
    dark, count = ndimage.label(~bright, None if touching == 8 else CORNERS)
    for number in range(1, count + 1):
        rows, cols = np.nonzero(dark == number)
        at_edge = (rows.min() == 0 or cols.min() == 0) or (
            rows.max() == bright.shape[0] - 1 or cols.max() == bright.shape[1] - 1
        )
        if not at_edge and len(rows) < below:
            bright[rows, cols] = True
    expected, _ = ndimage.label(bright, CORNERS if touching == 8 else None)
    rules = LightRules(2.0, touching=touching, gap_km2=below)
    np.testing.assert_array_equal(areas_of(lights, rules), expected)


@given(lights_arrays, st.sampled_from([0.5, 1.0, 1.2, 1.5, 2.3, 3.1]))
def test_near_areas_are_joined_as_by_brute_force(lights, distance):
    apart = areas_of(lights, LightRules(2.0))
    count = int(apart.max())
    group = list(range(count + 1))
    for one, two in combinations(range(1, count + 1), 2):
        a, b = np.argwhere(apart == one), np.argwhere(apart == two)
        between = np.clip(np.abs(a[:, None] - b[None]) - 1, 0, None)
        if np.sqrt((between**2).sum(-1)).min() < distance:
            group = [group[one] if g == group[two] else g for g in group]
    cells = apart > 0
    expected = np.array(group)[apart][cells]
    found = areas_of(lights, LightRules(2.0, join_km=distance))
    np.testing.assert_array_equal(found > 0, cells)
    pairs = set(zip(expected.tolist(), found[cells].tolist(), strict=True))
    assert len(pairs) == len(set(expected.tolist())) == len(set(found[cells].tolist()))


def test_numbers_of_joined_areas_run_in_reading_order():
    lights = [[0, 0, 9, 0, 0, 0], [0, 0, 0, 0, 0, 0], [9, 0, 9, 0, 0, 9]]
    found = areas_of(lights, LightRules(9, join_km=1.1))
    assert found.tolist() == [[0, 0, 1, 0, 0, 0], [0] * 6, [1, 0, 1, 0, 0, 2]]


def test_a_join_needs_less_than_its_distance():
    lights = [[9, 0, 9]]
    assert areas_of(lights, LightRules(9, join_km=1)).max() == 2
    assert areas_of(lights, LightRules(9, join_km=1.001)).max() == 1


def test_distances_of_a_geographic_grid_are_those_of_the_ellipsoid():
    """One column of 0.1° between two cells whose edge nearer to the pole lies at 60° N."""
    grid = Grid(Affine(0.1, 0, 10, 0, -0.1, 60), (1, 3), "EPSG:4326")
    lights = np.array([[1, 0, 1]])
    geod = grid.crs.get_geod()
    across = geod.inv(10, 60, 10.1, 60)[2] / 1000
    assert bright_areas(lights, grid, LightRules(1, join_km=across * 1.0001)).max() == 1
    assert bright_areas(lights, grid, LightRules(1, join_km=across * 0.9999)).max() == 2
    tall = Grid(Affine(0.1, 0, 10, 0, -0.1, 60), (3, 1), "EPSG:4326")
    down = geod.inv(10, 59.9, 10, 59.8)[2] / 1000
    assert bright_areas(lights.T, tall, LightRules(1, join_km=down * 1.0001)).max() == 1
    assert bright_areas(lights.T, tall, LightRules(1, join_km=down * 0.9999)).max() == 2
    wide = Grid(Affine(0.1, 0, 10, 0, -0.1, 60), (3, 3), "EPSG:4326")
    corners = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 1]])
    aslant = geod.inv(10.1, 59.9, 10.2, 59.8)[2] / 1000
    assert bright_areas(corners, wide, LightRules(1, join_km=aslant * 1.0001)).max() == 1
    assert bright_areas(corners, wide, LightRules(1, join_km=aslant * 0.9999)).max() == 2


def test_small_areas_are_dropped_by_their_area_on_the_ellipsoid():
    """A cell at the equator is larger than one at 60° N: one limit parts the two."""
    grid = Grid(Affine(1, 0, 0, 0, -20, 70), (4, 3), "EPSG:4326")
    lights = np.zeros((4, 3))
    lights[0, 0] = lights[3, 0] = 5
    north, equator = row_areas_km2(grid)[[0, 3]]
    found = bright_areas(lights, grid, LightRules(5, smallest_km2=(north + equator) / 2))
    assert found[0, 0] == 0
    assert found[3, 0] == 1
    same = bright_areas(lights, grid, LightRules(5, smallest_km2=north))
    assert same.max() == 2


def test_holes_are_filled_before_small_areas_are_dropped_and_these_before_the_join():
    ring = np.zeros((5, 9))
    ring[1:4, 1:4] = 7
    ring[2, 2] = np.nan
    ring[2, 5] = ring[2, 7] = 7
    rules = LightRules(7, smallest_km2=9, gap_km2=2)
    whole = areas_of(ring, rules)
    assert (whole > 0).sum() == 9
    assert whole[2, 2] == 1
    assert areas_of(ring, replace(rules, gap_km2=0)).max() == 0
    # The single cells would lead from the ring to the edge, but are dropped first.
    assert (areas_of(ring, replace(rules, join_km=2)) > 0).sum() == 9


def test_a_hole_at_the_edge_of_the_raster_is_none():
    lights = [[5, 0, 5], [5, 5, 5]]
    assert areas_of(lights, LightRules(5, gap_km2=9)).tolist() == [[1, 0, 1], [1, 1, 1]]


def test_filling_merges_an_area_in_the_hole_of_another():
    lights = np.full((5, 5), 5)
    lights[1:4, 1:4] = 0
    lights[2, 2] = 5
    assert areas_of(lights, LightRules(5)).max() == 2
    assert (areas_of(lights, LightRules(5, gap_km2=8.5)) == 1).all()
    assert areas_of(lights, LightRules(5, gap_km2=8)).max() == 2


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "int16", "float16", "float32", ">f4", ">i2", "longdouble"]
)
def test_every_real_type_of_cells_is_read(dtype):
    cells = np.array([[1, 0, 1]]).astype(dtype)
    assert areas_of(cells, LightRules(1)).tolist() == [[1, 0, 2]]
    assert areas_of(np.asfortranarray(cells)[:, ::-1], LightRules(1)).tolist() == [[1, 0, 2]]


def test_what_is_masked_is_missing():
    cells = np.ma.MaskedArray([[9, 9, 9]], [[False, True, False]])
    assert bright_areas(cells, grid_of(1, 3), LightRules(9)).tolist() == [[1, 0, 2]]


# ── thresholds ──────────────────────────────────────────────────────────────────────────────────


@given(
    st_numpy.arrays(
        np.float64, st_numpy.array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.sampled_from([np.nan, -3.0, 0.0, 0.5, 1.0, 2.0, 8.0, 9.0, 100.0]),
    )
)  # fmt: skip
def test_otsu_is_the_best_of_all_cuts(lights):
    rules = LightRules(threshold_kind="otsu")
    lit = lights[lights > 0]
    if len(set(lit.tolist())) < 2:
        with pytest.raises(DataError, match="lights: "):
            threshold_of(lights, rules)
        return

    def within(cut: float) -> float:
        """Sum of squares within the classes, which the best cut makes least."""
        return sum(
            ((part - part.mean()) ** 2).sum() for part in (logs[lit < cut], logs[lit >= cut])
        )

    logs = np.log(lit)
    cuts = sorted(set(lit.tolist()))[1:]
    least = min(map(within, cuts))
    assert threshold_of(lights, rules) in [cut for cut in cuts if within(cut) <= least + 1e-9]


def test_otsu_takes_the_lowest_of_equal_cuts():
    """Logarithms 0, 1, 2: a cut below 1 is as good as one below 2."""
    lights = np.exp([[0.0, 1.0, 2.0]])
    assert threshold_of(lights, LightRules(threshold_kind="otsu")) == pytest.approx(np.e)


def test_percentiles_are_of_lit_cells():
    lights = np.array([[0, 0, 0, 0, -5, 10, 20, 30, 40]])
    assert threshold_of(lights, LightRules(0, "percentile")) == 10
    assert threshold_of(lights, LightRules(50, "percentile")) == 25
    assert threshold_of(lights, LightRules(100, "percentile")) == 40


def test_a_relative_threshold_is_a_share_of_the_largest():
    assert threshold_of(np.array([[np.nan, 8, -99]]), LightRules(0.25, "relative")) == 2


@pytest.mark.parametrize("kind", ["relative", "percentile", "otsu"])
def test_darkness_has_no_threshold(kind):
    rules = LightRules(None if kind == "otsu" else 1, kind)
    for cells in ([[0.0, -1.0]], [[np.nan, np.nan]]):
        with pytest.raises(DataError, match="no cell has light above 0"):
            threshold_of(np.array(cells), rules)


def test_rules_name_everything_that_is_wrong():
    with pytest.raises(InputError) as caught:
        LightRules(-1, "absolute", 6, -1, np.nan, np.inf, "people", 0)
    fields = [problem.split(":")[0] for problem in caught.value.problems]
    assert fields == [
        "threshold", "touching", "smallest_km2", "gap_km2", "join_km", "share", "at_least",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("threshold", "kind"),
    [
        (None, "absolute"), (0, "absolute"), (np.nan, "absolute"), ("30", "absolute"),
        (True, "absolute"), (0, "relative"), (1.1, "relative"), (-1, "percentile"),
        (101, "percentile"), (5, "otsu"), (5, "jenks"), (5, ["absolute"]),
    ],
)  # fmt: skip
def test_wrong_thresholds(threshold, kind):
    with pytest.raises(InputError, match="threshold"):
        LightRules(threshold, kind)


# ── regions and members ─────────────────────────────────────────────────────────────────────────


def test_members_by_share_of_light_and_of_area():
    """Unit b has a fifth of its area, but three quarters of its light, in the area."""
    lights = np.array([[50, 50, 60, 5, 5, 5, 5, 0, 0]], np.float64)
    units = squares(a=(0, 0, 2, 1), b=(2, 0, 7, 1), c=(7, 0, 9, 1))
    found = delineate_lights(lights, grid_of(1, 9), units, LightRules(50))
    assert found.regions.drop(columns="geometry").to_dict("index") == {
        "lit-1": {"name": "A", "cells": 3, "area_km2": 3.0, "light": 160.0, "members": 2}
    }
    members = found.members.set_index("unit_id")
    assert members["share_of_unit"].to_dict() == pytest.approx({"a": 1.0, "b": 0.75, "c": 0.0})
    assert members["share_of_region"][["a", "b"]].tolist() == pytest.approx([0.625, 0.375])
    assert members["region_id"].isna().to_dict() == {"a": False, "b": False, "c": True}
    by_area = delineate_lights(lights, grid_of(1, 9), units, LightRules(50, share="area"))
    assert by_area.members.set_index("unit_id")["region_id"].isna().tolist() == [False, True, True]
    assert by_area.regions.loc["lit-1", ["area_km2", "light"]].tolist() == [3.0, 160.0]
    assert found.parameters == {
        "threshold": 50, "threshold_kind": "absolute", "threshold_value": 50.0, "touching": 4,
        "smallest_km2": 0.0, "gap_km2": 0.0, "join_km": 0.0, "share": "light", "at_least": 0.5,
    }  # fmt: skip


def test_negative_and_missing_cells_are_noted_and_count_as_nothing():
    lights = np.array([[50.0, -20.0, np.nan, np.nan]])
    found = delineate_lights(lights, grid_of(1, 4), squares(a=(0, 0, 4, 1)), LightRules(50))
    assert found.members["share_of_unit"].tolist() == [1.0]
    assert found.notes == (
        "2 of 4 cells have no value and count as not lit",
        "1 of 4 cells are negative and count as not lit",
    )


def test_darkness_gives_no_region():
    found = delineate_lights(
        np.zeros((2, 2)), grid_of(2, 2), squares(a=(0, 0, 2, 2)), LightRules(1)
    )
    assert len(found.regions) == 0
    assert found.members["region_id"].isna().tolist() == [True]


def test_joined_areas_are_one_region_in_parts():
    lights = np.array([[9, 0, 9, 0, 0, 0, 9]])
    units = squares(a=(0, 0, 2, 1), b=(2, 0, 7, 1))
    found = delineate_lights(lights, grid_of(1, 7), units, LightRules(9, join_km=1.5))
    assert [len(shapely.get_parts(shape)) for shape in found.regions.geometry] == [2, 1]
    assert found.members["region_id"].tolist() == ["lit-1", "lit-1", "lit-2"]


@settings(max_examples=25)
@given(lights_arrays, st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(lights, random):
    rows, cols = lights.shape
    middle = cols / 2
    units = squares(
        a=(0, 0, middle, rows), b=(middle, 0, cols, rows / 2), c=(middle, rows / 2, cols, rows)
    )
    order = list(units.index)
    random.shuffle(order)
    rules = LightRules(2.0, at_least=0.3)
    one = delineate_lights(lights, grid_of(rows, cols), units, rules)
    other = delineate_lights(lights, grid_of(rows, cols), units.loc[order], rules)
    columns = ["unit_id", "region_id"]
    pd.testing.assert_frame_equal(
        one.members.sort_values(columns, ignore_index=True),
        other.members.sort_values(columns, ignore_index=True),
    )
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.regions.drop(columns=["geometry", "name"])),
        pd.DataFrame(other.regions.drop(columns=["geometry", "name"])),
    )


# ── many rules ──────────────────────────────────────────────────────────────────────────────────

rules_of_all_kinds = st.builds(
    lambda threshold, **others: LightRules(*threshold, **others),
    st.sampled_from(
        [(1.0, "absolute"), (2.5, "absolute"), (9.0, "absolute"), (0.6, "relative"),
         (40.0, "percentile"), (None, "otsu")]
    ),
    touching=st.sampled_from([4, 8]),
    smallest_km2=st.sampled_from([0.0, 2.0]),
    gap_km2=st.sampled_from([0.0, 2.5]),
    join_km=st.sampled_from([0.0, 1.5]),
    share=st.sampled_from(["light", "area"]),
    at_least=st.sampled_from([0.1, 0.5, 1.0]),
)  # fmt: skip


def overlapping_units(rows: int, cols: int) -> gpd.GeoDataFrame:
    """Units whose borders cut cells, one over others, one beyond the grid in part, one outside."""
    return squares(
        a=(0, 0, cols / 3, rows), b=(cols / 3, 0, cols, rows / 2),
        c=(cols / 3, rows / 2, cols, rows), over=(0.3, 0.2, cols - 0.4, rows - 0.3),
        beyond=(-1, -1, 1.25, 0.75), outside=(-9, -9, -8, -8),
    )  # fmt: skip


def problems_of_run(call) -> tuple[str, ...]:
    try:
        call()
    except DataError as error:
        return tuple(error.problems)
    return ()


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(lights_arrays, st.lists(rules_of_all_kinds, min_size=2, max_size=4), st.booleans())
def test_lights_that_were_prepared_once_give_the_same(lights, wanted, single):
    """To the bit, whatever rules ran before, in float32 too."""
    tenths = lights.astype(np.float32) * np.float32(1.1)
    lights = tenths.astype(np.float64)
    grid, units = grid_of(*lights.shape), overlapping_units(*lights.shape)
    prepared = lit_units(tenths if single else lights, grid, units)
    for rules in wanted:
        problems = problems_of_run(partial(delineate_lights, lights, grid, units, rules))
        assert problems_of_run(partial(lit_regions, prepared, rules)) == problems
        if problems:
            continue
        alone = delineate_lights(lights, grid, units, rules)
        run = lit_regions(prepared, rules, polygons=False)
        pd.testing.assert_frame_equal(run.members, alone.members, check_exact=True)
        numbers = pd.DataFrame(alone.regions.drop(columns="geometry"))
        pd.testing.assert_frame_equal(run.regions, numbers, check_exact=True)
        assert (run.parameters, run.notes) == (alone.parameters, alone.notes)


@settings(deadline=None, max_examples=50)
@given(lights_arrays, rules_of_all_kinds)
def test_members_and_regions_are_those_of_every_cell_summed(lights, rules):
    """Beside brute force: cell by cell over the raster of areas."""
    grid, units = grid_of(*lights.shape), overlapping_units(*lights.shape)
    rules = replace(rules, threshold=2.0, threshold_kind="absolute")
    groups = bright_areas(lights, grid, rules)
    light = np.where(lights > 0, lights, 0.0)
    amounts = light if rules.share == "light" else np.ones(lights.shape)
    coverage = zone_coverage(units, grid)
    expected = {}
    for position, unit in enumerate(units.index):
        rows, cols, fractions = coverage.cells(position)
        held = fractions * amounts[rows, cols]
        for group in range(1, groups.max() + 1):
            inside = held[groups[rows, cols] == group].sum()
            if inside > 0 and inside / held.sum() >= rules.at_least - 1e-9:
                total = amounts[groups == group].sum()
                expected[unit, group] = (inside / held.sum(), inside / total)
    found = delineate_lights(lights, grid, units, rules)
    sizes = [amounts[groups == group].sum() for group in range(1, groups.max() + 1)]
    cells = np.bincount(groups.ravel(), minlength=groups.max() + 1)[1:]
    order = np.lexsort((np.arange(len(sizes)), -cells, -np.array(sizes))) + 1
    members = found.members.dropna(subset=["region_id"])
    shares = {
        (unit, order[int(region.removeprefix("lit-")) - 1]): pytest.approx(pair)
        for unit, region, *pair in members.itertuples(index=False)
    }
    assert shares == expected
    assert found.regions["cells"].tolist() == cells[order - 1].tolist()
    assert found.regions["light"].tolist() == [light[groups == group].sum() for group in order]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([[1.0, np.inf]], "1 cells are infinite"),
        ([["a", "b"]], "expected real numbers"),
        ([[1.0]], "expected 1 × 2 cells as the grid has, found 1 × 1"),
        ([1.0, 2.0], "expected 1 × 2 cells"),
    ],
)
def test_wrong_lights(cells, said):
    units = squares(a=(0, 0, 2, 1))
    for call in (
        lambda: bright_areas(cells, grid_of(1, 2), LightRules(1)),
        lambda: delineate_lights(cells, grid_of(1, 2), units, LightRules(1)),
        lambda: threshold_curve(cells, grid_of(1, 2), [1]),
    ):
        with pytest.raises(DataError, match=f"lights: {said}"):
            call()


def test_wrong_units_are_named_at_once():
    units = squares(a=(0, 0, 2, 1), b=(0, 0, 2, 1), c=(0, 0, 2, 1)).set_index(
        pd.Index(["a", "a", None], name="unit_id")
    )
    units = units.set_geometry([None, *units.geometry[1:]])
    with pytest.raises(DataError) as caught:
        delineate_lights(np.ones((1, 2)), grid_of(1, 2), units, LightRules(1))
    assert len(caught.value.problems) == 3
    with pytest.raises(DataError, match="units: expected a GeoDataFrame"):
        delineate_lights(np.ones((1, 2)), grid_of(1, 2), pd.DataFrame({"a": [1]}), LightRules(1))


def test_units_are_polygons():
    units = squares(a=(0, 0, 2, 1)).set_geometry([shapely.Point(0, 0)])
    with pytest.raises(DataError, match="units: 'a': expected a polygon, found a Point"):
        delineate_lights(np.ones((1, 2)), grid_of(1, 2), units, LightRules(1))


def test_areas_need_an_equal_area_grid():
    grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 2), "EPSG:3857")
    with pytest.raises(DataError, match="equal-area"):
        bright_areas(np.ones((1, 2)), grid, LightRules(1))


# ── the curve ───────────────────────────────────────────────────────────────────────────────────


def test_a_curve_by_hand():
    """Two cities merge at 20, a third joins them at 10; a village appears at 10."""
    lights = np.array([[50, 20, 40, 10, 30, 0, 10]], np.float64)
    curve, areas, merges = threshold_curve(lights, grid_of(1, 7), [30, 10, 20, 45])
    assert curve.to_dict("list") == {
        "threshold": [10.0, 20.0, 30.0, 45.0],
        "areas": [2, 2, 3, 1],
        "largest_km2": [5.0, 3.0, 1.0, 1.0],
        "largest_light_share": [150 / 160, 110 / 160, 50 / 160, 50 / 160],
        "area_km2": [6.0, 4.0, 3.0, 1.0],
        "light_share": pytest.approx([1.0, 140 / 160, 120 / 160, 50 / 160]),
        "merged": [1, 1, 0, 0],
    }
    assert areas[["threshold", "area", "light", "x"]].values.tolist() == [
        [10, 1, 150, 500], [10, 2, 10, 6500], [20, 1, 110, 500], [20, 2, 30, 4500],
        [30, 1, 50, 500], [30, 2, 40, 2500], [30, 3, 30, 4500], [45, 1, 50, 500],
    ]  # fmt: skip
    assert areas["within"].fillna(0).tolist() == [0, 0, 1, 1, 1, 1, 2, 1]
    assert merges.values.tolist() == [
        [10, 1, 2, 20, 1, 3, 110], [10, 1, 2, 20, 2, 1, 30],
        [20, 1, 2, 30, 1, 1, 50], [20, 1, 2, 30, 2, 1, 40],
    ]  # fmt: skip


@settings(max_examples=25)
@given(
    lights_arrays, st.sampled_from([4, 8]), st.sampled_from([0, 2]), st.sampled_from([0, 3]),
    st.sampled_from([0, 1.5]),
)  # fmt: skip
def test_a_curve_is_the_areas_of_each_threshold_and_these_are_nested(
    lights, touching, smallest, gap, join
):
    grid, thresholds = grid_of(*lights.shape), [1.0, 2.0, 3.0, 4.0]
    given_rules = {
        "touching": touching, "smallest_km2": smallest, "gap_km2": gap, "join_km": join,
    }  # fmt: skip
    if not (lights > 0).any():
        with pytest.raises(DataError, match="no cell has light"):
            threshold_curve(lights, grid, thresholds, **given_rules)
        return
    found = threshold_curve(lights, grid, thresholds, **given_rules)
    light = np.where(lights > 0, lights, 0)
    below = None
    for threshold in thresholds:
        cells = bright_areas(lights, grid, LightRules(threshold, **given_rules))
        table = found.areas[found.areas["threshold"] == threshold].set_index("area")
        row = found.curve.set_index("threshold").loc[threshold]
        assert row["areas"] == cells.max() == len(table)
        assert row["area_km2"] == (cells > 0).sum()
        assert row["light_share"] == pytest.approx(light[cells > 0].sum() / light.sum())
        assert (table["light"].diff().dropna() <= 0).all()
        numbered = np.zeros_like(cells)
        for area, facts in table.iterrows():
            at = int(-facts["y"] // 1000), int(facts["x"] // 1000)
            own = cells == cells[at]
            numbered[own] = area
            assert facts["light"] == light[own].sum()
            assert facts["cells"] == own.sum()
            assert light[at] == light[own].max()
            if below is not None:
                assert set(below[own].tolist()) == {facts["within"]}
        assert (numbered > 0).sum() == (cells > 0).sum()
        below = numbered
    parts = found.areas.dropna(subset="within").groupby(["threshold", "within"]).size()
    assert len(found.merges) == parts[parts > 1].sum()


@pytest.mark.parametrize("thresholds", [5, "5", [], [0], [np.nan], [1, 1.0], ["1"], [-3, 5]])
def test_wrong_thresholds_of_a_curve(thresholds):
    with pytest.raises(InputError, match="thresholds: "):
        threshold_curve(np.ones((1, 2)), grid_of(1, 2), thresholds)


def test_wrong_rules_of_a_curve():
    with pytest.raises(InputError, match="join_km"):
        threshold_curve(np.ones((1, 2)), grid_of(1, 2), [1], join_km=-1)


# ── real lights ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.shared_data
def test_the_pearl_river_delta_is_one_area_at_low_thresholds_and_falls_apart(shared):
    """Areas of the lights of 2022 around the delta, beside scipy's at each threshold."""
    path = shared / "data/nightlights/china_longntl_2022_uint8.tif"
    with rasterio.open(path) as source:
        (left, top), (right, bottom) = (
            ~source.transform @ corner for corner in ((112, 24), (115, 21.7))
        )
        rows, cols = slice(int(top), int(bottom)), slice(int(left), int(right))
        lights = source.read(1)[rows, cols]
        transform = source.transform @ Affine.translation(cols.start, rows.start)
        grid = Grid(transform, lights.shape, source.crs.to_wkt())
    cities = {
        "Guangzhou": (113.264, 23.130), "Shenzhen": (114.057, 22.543),
        "Dongguan": (113.751, 23.020), "Foshan": (113.122, 23.021),
    }  # fmt: skip
    thresholds = [4, 8, 12, 16, 20]
    found = threshold_curve(lights, grid, thresholds)
    together = {}
    for threshold in thresholds:
        cells = bright_areas(lights, grid, LightRules(threshold))
        expected, count = ndimage.label(lights >= threshold)
        np.testing.assert_array_equal(cells, expected)
        assert found.curve.set_index("threshold").loc[threshold, "areas"] == count
        at = [~transform @ place for place in cities.values()]
        held = {int(cells[int(row), int(col)]) for col, row in at} - {0}
        together[threshold] = len(held) == 1
    assert together[4]
    assert not together[20]
    assert found.curve["light_share"].is_monotonic_decreasing


@pytest.mark.shared_data
def test_the_documented_curve_of_china(shared):
    """Every row of the table in the method's page follows from the lights of 2022."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text("utf-8").splitlines()]
    said = {
        float(row[0]): [row[1], row[2], row[3]]
        for row in rows
        if len(row) == 5 and row[0].isdigit()
    }
    assert len(said) == 8
    with rasterio.open(shared / "data/nightlights/china_longntl_2022_uint8.tif") as source:
        grid = Grid(source.transform, source.shape, source.crs.to_wkt())
        curve = threshold_curve(source.read(1), grid, list(said), smallest_km2=20, gap_km2=15).curve
    for row in curve.itertuples():
        found = [
            f"{row.areas:,}",
            f"{row.area_km2:,.0f}",
            f"{row.light_share:.0%}".replace("%", " %"),
        ]
        assert said[row.threshold] == found


@pytest.mark.shared_data
def test_negative_radiance_and_nodata_are_not_lit(shared):
    path = shared / "data/nightlights/sao_tome_viirs_monthly_201401_float32.tif"
    with rasterio.open(path) as source:
        lights = source.read(1, masked=True).filled(np.nan)
        grid = Grid(source.transform, source.shape, source.crs.to_wkt())
    missing, negative = int(np.isnan(lights).sum()), int((lights < 0).sum())
    assert negative > 0
    west, south, east, north = grid.bounds
    units = gpd.GeoDataFrame(
        geometry=[shapely.box(west, south, east, north)], crs=4326,
        index=pd.Index(["all"], name="unit_id"),
    )  # fmt: skip
    found = delineate_lights(lights, grid, units, LightRules(2.0, at_least=1e-6))
    assert [note.split()[0] for note in found.notes] == [
        f"{count:,}" for count in (missing, negative) if count
    ]
    share = np.nansum(lights[lights >= 2]) / lights[lights > 0].sum(dtype=np.float64)
    assert found.members["share_of_unit"].sum() == pytest.approx(share, rel=1e-5)
