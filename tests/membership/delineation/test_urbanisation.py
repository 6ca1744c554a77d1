"""Cells by the Degree of Urbanisation: reference grids, rules by hand, a slow model of them all."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.membership.delineation.urbanisation import (
    EDITIONS,
    UrbanRules,
    check_cells,
    classify_cells,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/method/delineation-degurba.md"

PLAIN = replace(EDITIONS["2023"], smoothing="none", gap_km2=0)
"""Groups alone, without smoothing and gaps."""

REFERENCES = {
    "classification3": (
        "2022",
        {"cluster_density": 400, "cluster_population": 7_000, "centre_touching": 8},
        1,
    ),
    "classification4": (
        "2022",
        {
            "centre_density": 2_000,
            "cluster_population": 80_000,
            "centre_touching": 8,
            "gap_km2": 0,
            "smoothing": "none",
        },
        1,
    ),
    "classification5": (
        "2023",
        {"centre_density": 1_250, "cluster_population": 60_000, "gap_km2": 0, "built_share": 0.5},
        1,
    ),
    "classification8": (
        "2023",
        {
            "centre_population": 60_000,
            "gap_km2": 3,
            "dense_density": 1_000,
            "semidense_touching": 4,
            "cluster_touching": 4,
        },
        2,
    ),
}


def grid_of(text: str, values: dict[str, float]) -> NDArray[np.float64]:
    """A grid drawn with letters."""
    return np.array([[values[letter] for letter in row] for row in text.split()])


def centres_of(drawing: str, rules: UrbanRules, land: Any = None, **people: float) -> list[str]:
    """The urban centres of a drawing, where C holds 20,000 people and a dot nobody, by numbers."""
    population = grid_of(drawing, {"C": 20_000.0, ".": 0.0, **people})
    ground = np.ones(population.shape) if land is None else land
    cells = classify_cells(population, ground, None, rules)
    return ["".join(map(str, row)) for row in cells.centres.tolist()]


@pytest.fixture(scope="module")
def delta(shared: Path) -> dict[str, NDArray[Any]]:
    found = {}
    for name in ("POP", "LAND", "BUILT_S", *REFERENCES):
        with rasterio.open(shared / "data/degurba_prd" / f"{name}.tif") as file:
            found[name] = file.read(1)
    return found


def delta_classes(
    delta: dict[str, NDArray[Any]], rules: UrbanRules, level: Any
) -> NDArray[np.uint8]:
    land, built = delta["LAND"] / 1e6, delta["BUILT_S"] / 1e6
    cells = classify_cells(delta["POP"], land, built, rules, level)
    assert cells.missing == {"population": 2075, "land": 0, "built": 0}
    return cells.classes


@pytest.mark.shared_data
@pytest.mark.parametrize("name", REFERENCES)
def test_cells_equal_the_reference(delta: dict[str, NDArray[Any]], name: str) -> None:
    edition, changes, level = REFERENCES[name]
    expected = delta[name] // (10 if name == "classification5" else 1)
    found = delta_classes(delta, replace(EDITIONS[edition], **changes), level)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "change", "differing"),
    [
        ("classification3", {"centre_touching": 4}, 8),
        ("classification3", {"smoothing": "2023"}, 1),
        ("classification3", {"gap_km2": 0}, 1),
        ("classification5", {"smoothing": "2022"}, 1),
        ("classification8", {"semidense_distance_km": 2}, 1),
        ("classification8", {"semidense_touching": 8}, 1),
        ("classification8", {"dense_touching": 8}, 1),
        ("classification8", {"rural_touching": 4}, 1),
    ],
)
def test_reference_tells_rules_apart(
    delta: dict[str, NDArray[Any]], name: str, change: dict[str, Any], differing: int
) -> None:
    edition, changes, level = REFERENCES[name]
    found = delta_classes(delta, replace(EDITIONS[edition], **{**changes, **change}), level)
    expected = delta[name] // (10 if name == "classification5" else 1)
    assert (found != expected).sum() >= differing


@pytest.mark.parametrize(("last", "found"), [(49_999, 2), (50_000, 3)])
def test_centre_from_50_000_people(last: int, found: int) -> None:
    people = np.array([[25_000, last - 25_000]])
    assert classify_cells(people, np.ones((1, 2)), None).classes.tolist() == [[found, found]]


@pytest.mark.parametrize(("last", "found"), [(4_999, 1), (5_000, 2)])
def test_cluster_from_5_000_people(last: int, found: int) -> None:
    people = np.array([[2_500, last - 2_500]])
    assert classify_cells(people, np.ones((1, 2)), None).classes.tolist() == [[found, found]]


def test_centres_touch_by_sides_and_clusters_by_corners() -> None:
    diagonal = "CC.. CC.. ..CC ..CC"
    rules = replace(PLAIN, centre_population=100_000)
    assert centres_of(diagonal, rules) == ["0000"] * 4
    by_corners = replace(rules, centre_touching=8)
    assert centres_of(diagonal, by_corners) == ["1100", "1100", "0011", "0011"]
    people = np.array([[2_500, 0], [0, 2_500]])
    land = np.ones((2, 2))
    assert classify_cells(people, land, None, PLAIN).classes.tolist() == [[2, 1], [1, 2]]
    by_sides = replace(PLAIN, cluster_touching=4)
    assert classify_cells(people, land, None, by_sides).classes.tolist() == [[1, 1], [1, 1]]


def test_density_is_per_land() -> None:
    people = np.array([[50_000, 750, 749]])
    cells = classify_cells(people, np.array([[1, 0.5, 0.5]]), None, PLAIN)
    assert cells.classes.tolist() == [[3, 3, 2]]


def test_people_without_land_are_denser_than_any_threshold() -> None:
    cells = classify_cells(np.array([[50_000, 1, 0]]), np.array([[1, 0, 0]]), None, PLAIN)
    assert cells.classes.tolist() == [[3, 3, 0]]


@pytest.mark.parametrize(("edition", "found"), [("2022", [3, 1, 1]), ("2023", [3, 3, 1])])
def test_built_up_land_belongs_to_a_centre(edition: str, found: list[int]) -> None:
    rules = replace(EDITIONS[edition], smoothing="none", gap_km2=0)
    people, land = np.array([[50_000, 0, 0]]), np.array([[1, 0.5, 1]])
    # 0.2 of the cell's land in the middle, less than that on the right.
    cells = classify_cells(people, land, np.array([[0, 0.1, 0.19]]), rules)
    assert cells.classes.tolist() == [found]


def test_majority_of_eight_joins_and_half_does_not() -> None:
    both = {rule: replace(PLAIN, smoothing=rule) for rule in ("2022", "2023")}
    notch = "..... CC.CC CCCCC ....."
    half = "..... CC... CCCC. ....."
    for rules in both.values():
        assert centres_of(notch, rules) == ["00000", "11111", "11111", "00000"]
        assert centres_of(half, rules) == ["00000", "11000", "11110", "00000"]


def test_smoothing_goes_on_until_nothing_changes() -> None:
    # The cell in the middle has three neighbours at first, and five once those beside it joined.
    found = centres_of("C...C C...C CCCCC", replace(PLAIN, smoothing="2022"))
    assert found == ["10001", "11111", "11111"]


def test_neighbours_of_two_centres_do_not_add_up() -> None:
    two = "CCC ... CCC"
    for rule in ("2022", "2023"):
        assert centres_of(two, replace(PLAIN, smoothing=rule)) == ["111", "000", "222"]


def test_smoothing_of_2023_counts_people_and_land_alone() -> None:
    # The cell in the middle has three neighbours in the centre; of the others four are sea.
    shore = "CCC ... ..."
    land = np.array([[1, 1, 1], [1, 1, 0.5], [0.5, 0.5, 0.5]])
    by = {rule: replace(PLAIN, smoothing=rule) for rule in ("2022", "2023")}
    assert centres_of(shore, by["2022"], land) == ["111", "000", "000"]
    assert centres_of(shore, by["2023"], land) == ["111", "010", "000"]
    land[1, 1] = 0.4
    assert centres_of(shore, by["2023"], land) == ["111", "000", "000"]


def test_water_joins_by_the_rule_of_2022_alone() -> None:
    land = np.ones((3, 3))
    land[1, 1] = 0.0
    lake = "CCC C.C ..."
    assert centres_of(lake, replace(PLAIN, smoothing="2022"), land) == ["111", "111", "000"]
    assert centres_of(lake, replace(PLAIN, smoothing="2023"), land) == ["111", "101", "000"]


def test_neighbours_beyond_the_grid_count_as_outside() -> None:
    # Three of the five neighbours within the grid, three of eight in all.
    edge = "C.. CC. ..."
    assert centres_of(edge, replace(PLAIN, smoothing="2023")) == ["100", "110", "000"]
    assert centres_of("C.C CCC ...", replace(PLAIN, smoothing="2023"))[0] == "111"


@pytest.mark.parametrize(("gap", "filled"), [(15, False), (15.01, True), (16, True), (0, False)])
def test_gap_of_15_cells(gap: float, filled: bool) -> None:
    ring = np.full((5, 7), 20_000.0)
    ring[1:4, 1:6] = 0
    cells = classify_cells(ring, np.ones((5, 7)), None, replace(PLAIN, gap_km2=gap))
    assert (cells.centres == 1).sum() == (35 if filled else 20)
    assert (cells.classes[1:4, 1:6] == (3 if filled else 1)).all()


def test_gap_is_enclosed_by_sides() -> None:
    rules = replace(PLAIN, gap_km2=15)
    assert centres_of("CCCC C..C CCCC", rules) == ["1111", "1111", "1111"]
    # The two cells meet the outside at a corner alone; then by a side.
    assert centres_of("CCC. C.CC CCC.", rules) == ["1110", "1111", "1110"]
    assert centres_of("CC. C.C CCC", rules) == ["110", "111", "111"]
    for gap in (15, 1_000):
        wide = replace(rules, gap_km2=gap)
        assert centres_of("C.C C.C CCC", wide) == ["101", "101", "111"]


def test_lake_in_a_centre_is_a_gap() -> None:
    land = np.ones((3, 3))
    land[1, 1] = 0
    assert centres_of("CCC C.C CCC", replace(PLAIN, gap_km2=15), land) == ["111"] * 3


def test_centre_in_the_gap_of_another_stays_itself() -> None:
    nested = "CCCCC C...C C.D.C C...C CCCCC"
    rules = replace(PLAIN, gap_km2=15)
    found = centres_of(nested, rules, D=60_000)
    assert found == ["11111", "11111", "11211", "11111", "11111"]
    assert centres_of(nested, replace(rules, gap_km2=9), D=60_000)[1] == "10001"


def test_centres_are_numbered_in_reading_order_of_what_they_became() -> None:
    # Smoothing gives the second centre a cell of land in the sea, before the first one's first.
    drawing = "........ .L....CC CCC...CC"
    land = grid_of(drawing, {"C": 1, "L": 1, ".": 0})
    rules = replace(PLAIN, centre_population=60_000)
    assert centres_of(drawing, rules, land, L=0) == ["00000000", "00000011", "22200011"]
    smooth = replace(rules, smoothing="2023")
    assert centres_of(drawing, smooth, land, L=0) == ["00000000", "01000022", "11100022"]


def test_water_has_no_people_nothing_built_and_little_land() -> None:
    people = np.array([[0, 0, 0, 1, 0]])
    land = np.array([[0.49, 0.5, 0.49, 0.49, 0]])
    built = np.array([[0, 0, 0.01, 0, 0]])
    assert classify_cells(people, land, built).classes.tolist() == [[0, 1, 1, 1, 0]]
    assert classify_cells(people, land, built, level=2).classes.tolist() == [[10, 11, 11, 11, 10]]
    assert classify_cells(people, land, None).classes.tolist() == [[0, 1, 0, 1, 0]]


def test_level_2_by_hand() -> None:
    people = np.zeros((9, 12))
    people[0, 0] = 60_000  # urban centre
    people[0, 1] = 400  # suburban: in an urban cluster, near the centre
    people[0, 6:8] = 2_500  # dense: 5,000 people at 2,500 per km²
    people[4, 0:6] = 1_000  # semi-dense: 6,000 people, 4 km from the centre and the town
    people[7, 0:2] = 300  # rural cluster of 600 people
    people[7, 6] = 499  # too few for a cluster: low density
    people[7, 10:12] = 50, 49
    classes = classify_cells(people, np.ones(people.shape), None, level=2).classes
    expected = np.full(people.shape, 11)
    expected[0, :2] = 30, 21
    expected[0, 6:8] = 23
    expected[4, 0:6] = 22
    expected[7, 0:2] = 13
    expected[7, [6, 10]] = 12
    assert classes.tolist() == expected.tolist()


@pytest.mark.parametrize(("row", "found"), [(2, 21), (3, 22)])
def test_semidense_cluster_lies_3_km_away(row: int, found: int) -> None:
    people = np.zeros((4, 5))
    people[0, 0] = 60_000
    people[row, :] = 1_000
    cells = classify_cells(people, np.ones(people.shape), None, level=2)
    assert (cells.classes[row] == found).all()


@pytest.mark.parametrize(("km", "found"), [(4.2, 22), (4.3, 21), (0, 22)])
def test_distance_is_straight_between_centres_of_cells(km: float, found: int) -> None:
    people = np.zeros((4, 4))
    people[0, 0], people[3, 3] = 60_000, 5_000
    rules = replace(EDITIONS["2023"], semidense_distance_km=km, dense_population=9_000)
    cells = classify_cells(people, np.ones(people.shape), None, rules, 2)
    assert cells.classes[3, 3] == found  # 3√2 = 4.24 km


def test_missing_cells_count_as_none_and_are_counted() -> None:
    people = np.array([[60_000, np.nan, np.nan]])
    land = np.array([[1, 1, np.nan]])
    built = np.array([[np.nan, 0.9, 0.9]])
    cells = classify_cells(people, land, built, PLAIN)
    assert cells.classes.tolist() == [[3, 3, 3]]  # built on no land: denser than any threshold
    assert cells.missing == {"population": 2, "land": 1, "built": 1}
    zeros = [np.nan_to_num(grid) for grid in (people, land, built)]
    assert classify_cells(*zeros, PLAIN).classes.tolist() == [[3, 3, 3]]
    nobody = classify_cells(np.full((2, 2), np.nan), np.ones((2, 2)), None)
    assert nobody.classes.tolist() == [[1, 1], [1, 1]]


def test_grids_are_left_as_they_are() -> None:
    people = np.array([[60_000.0, np.nan]])
    people.flags.writeable = False
    classify_cells(people, np.ones((1, 2)), None)
    assert np.isnan(people[0, 1])


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8", ">f8", "i4", "u1"])
def test_types_of_numbers_do_not_matter(dtype: str) -> None:
    people = np.full((20, 20), 200).astype(dtype)
    land = np.ones((20, 20)).astype(dtype)
    rules = replace(PLAIN, centre_density=200)
    assert (classify_cells(people, land, None, rules).classes == 3).all()


def test_problems_of_all_grids_are_said_at_once() -> None:
    with pytest.raises(DataError) as caught:
        classify_cells([[1.0, -2.0], [np.inf, -4.0]], [[1_000_000, 0], [0, 0]], np.zeros((3, 2)))
    assert caught.value.problems == [
        "population, row 0, column 1 and 2 more: found -2; expected people in a cell, 0 or more",
        "land, row 0, column 0: found 1000000; expected shares of a cell, from 0 to 1; divide m² "
        "by the cell's area",
        "built: found shape (3, 2); the population's is (2, 2)",
    ]


@pytest.mark.parametrize(
    ("population", "message"),
    [
        ([1, 2], "expected numbers on two axes"),
        (np.zeros((0, 3)), "expected numbers on two axes"),
        ([["a"]], "expected numbers on two axes"),
        ([[1], [2, 3]], "expected numbers on two axes"),
        ([[True]], "expected numbers on two axes"),
        (np.ma.masked_equal([[1, 2]], 2), "fill what is masked with NaN"),
        ([[np.inf]], "row 0, column 0: found inf"),
        ([[-np.inf]], "row 0, column 0: found -inf"),
    ],
)
def test_what_is_no_grid_is_refused(population: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_cells({"population": population})


@pytest.mark.parametrize("level", [0, 3, "1", True, None])
def test_unknown_level_is_refused(level: Any) -> None:
    with pytest.raises(InputError, match="allowed are 1 and 2"):
        classify_cells([[1.0]], [[1.0]], None, level=level)


def test_shares_may_exceed_one_by_rounding() -> None:
    assert classify_cells([[0.0]], [[1.0000001]], None).classes.tolist() == [[1]]


def test_rules_say_all_problems_at_once() -> None:
    wrong: dict[str, Any] = {
        "centre_density": 0,
        "centre_population": -1,
        "centre_touching": 6,
        "built_share": 20,
        "smoothing": "2021",
        "gap_km2": np.inf,
        "cluster_density": np.nan,
        "rural_population": "500",
        "water_land": 1.1,
        "low_density": True,
    }
    with pytest.raises(InputError) as caught:
        UrbanRules(**wrong)
    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        item.name for item in fields(UrbanRules) if item.name in wrong
    ]
    assert "centre_touching: found 6; allowed is 4 or 8" in caught.value.problems


def test_editions_differ_in_two_rules() -> None:
    old, new = EDITIONS["2022"], EDITIONS["2023"]
    assert replace(old, built_share=0.2, smoothing="2023") == new == UrbanRules()


def test_documented_defaults_are_the_real_ones() -> None:
    """The table of parameters of docs/method/delineation-degurba.md."""
    section = PAGE.read_text(encoding="utf-8").partition("## Parameters")[2].partition("##")[0]
    said = {}
    for names, default in re.findall(r"^\| (`.+?) \| `?([\d.]+)", section, re.MULTILINE):
        said |= dict.fromkeys(re.findall(r"`(\w+)`", names), float(default))
    real = {item.name: float(getattr(UrbanRules(), item.name)) for item in fields(UrbanRules)}
    assert said == real


# --- a slow model of all rules, by sets of cells -------------------------------------------------

Cell = tuple[int, int]
SIDES = [(0, 1), (1, 0), (0, -1), (-1, 0)]
AROUND = [step for step in product((-1, 0, 1), repeat=2) if step != (0, 0)]


def groups_of(cells: set[Cell], touching: int) -> list[set[Cell]]:
    left, found = set(cells), []
    while left:
        group = {left.pop()}
        border = set(group)
        while border:
            steps = SIDES if touching == 4 else AROUND
            border = {(r + a, c + b) for r, c in border for a, b in steps} & left
            left -= border
            group |= border
        found.append(group)
    return found


def model(people: Any, land: Any, built: Any, rules: UrbanRules, level: int) -> NDArray[np.int64]:
    height, width = people.shape
    every = set(product(range(height), range(width)))

    def density(grid: Any, at: Cell) -> float:
        if land[at] == 0:
            return float("inf") if grid[at] > 0 else 0.0
        return float(grid[at] / land[at])

    def large(kind: str, share: bool = False) -> list[set[Cell]]:
        least = getattr(rules, f"{kind}_density")
        cells = {at for at in every if density(people, at) >= least}
        if share:
            cells |= {at for at in every if density(built, at) >= rules.built_share}
        groups = groups_of(cells, getattr(rules, f"{kind}_touching"))
        enough = getattr(rules, f"{kind}_population")
        return [group for group in groups if sum(people[at] for at in group) >= enough]

    water = {at for at in every if not people[at] and not built[at] and land[at] < rules.water_land}
    centres = large("centre", share=True)
    smooth_model(centres, every, people, land, water, rules)
    frame = set(product(range(-1, height + 1), range(-1, width + 1)))
    taken = set().union(*centres)
    for centre in centres:
        for gap in groups_of(frame - centre, 4):
            if (-1, -1) not in gap and len(gap) < rules.gap_km2:
                taken |= gap
    classes = np.full(people.shape, 1 if level == 1 else 11)

    def paint(cells: set[Cell], value: int) -> None:
        for at in cells:
            classes[at] = value

    paint(water, 0 if level == 1 else 10)
    clusters = set().union(*large("cluster"))
    if level == 1:
        paint(clusters, 2)
        paint(taken, 3)
        return classes
    paint({at for at in every if density(people, at) >= rules.low_density}, 12)
    paint(set().union(*large("rural")), 13)
    paint(clusters, 21)
    core = taken.union(*large("dense", share=True))
    reach = rules.semidense_distance_km**2
    for group in large("semidense"):
        pairs = product(group, core)
        if all((r - a) ** 2 + (c - b) ** 2 >= reach for (r, c), (a, b) in pairs):
            paint(group - core, 22)
    paint(core, 23)
    paint(taken, 30)
    return classes


def smooth_model(
    centres: list[set[Cell]], every: set[Cell], people: Any, land: Any, water: set[Cell], rules: Any
) -> None:
    while rules.smoothing != "none":
        joins = []
        new = rules.smoothing == "2023"
        for at in every.difference(*centres) - (water if new else set()):
            voters = {(at[0] + a, at[1] + b) for a, b in AROUND}
            if new:
                voters = {
                    v
                    for v in voters
                    if v not in every or people[v] > 0 or land[v] > rules.smoothing_land
                }
            joins += [(at, centre) for centre in centres if 2 * len(voters & centre) > len(voters)]
        if not joins:
            return
        for at, centre in joins:
            centre.add(at)


SMALL = {
    "centre_density": 4, "centre_population": 10, "built_share": 0.5,
    "cluster_density": 2, "cluster_population": 5, "dense_density": 3, "dense_population": 6,
    "semidense_density": 2, "semidense_population": 4, "semidense_distance_km": 2,
    "rural_density": 1.5, "rural_population": 2, "low_density": 1,
}  # fmt: skip


@st.composite
def small_grids(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], UrbanRules]:
    shape = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    seed = draw(st.integers(0, 2**32 - 1))
    numbers = np.random.default_rng(seed)
    full = draw(st.floats(0.2, 0.95))
    people = np.where(numbers.random(shape) < full, numbers.integers(1, 7, shape), 0.0)
    land = numbers.choice([0.0, 0.25, 0.5, 1.0], shape, p=[0.1, 0.1, 0.1, 0.7])
    built = numbers.choice([0.0, 0.125, 0.5], shape, p=[0.7, 0.2, 0.1])
    touching = {
        f"{kind}_touching": draw(st.sampled_from([4, 8]))
        for kind in ("centre", "cluster", "dense", "semidense", "rural")
    }
    smoothing = draw(st.sampled_from(["none", "2022", "2023"]))
    gap = draw(st.sampled_from([0, 1, 1.5, 4, 9, 100]))
    rules = UrbanRules(**{**SMALL, **touching, "smoothing": smoothing, "gap_km2": gap})
    return people, land, built, rules


@given(small_grids(), st.sampled_from([1, 2]))
def test_classes_are_those_of_the_slow_model(case: Any, level: Any) -> None:
    found = classify_cells(*case, level).classes
    np.testing.assert_array_equal(found, model(*case, level))


@given(small_grids(), st.sampled_from([1, 2]), st.integers(0, 3), st.booleans())
def test_classes_turn_with_the_grid(case: Any, level: Any, turns: int, flip: bool) -> None:
    *grids, rules = case

    def turned(grid: NDArray[Any]) -> NDArray[Any]:
        return np.rot90(grid[::-1] if flip else grid, turns)

    found = classify_cells(*map(turned, grids), rules, level)
    np.testing.assert_array_equal(found.classes, turned(classify_cells(*case, level).classes))


@given(small_grids(), st.sampled_from([1, 2]), st.sampled_from([0.25, 2.0, 1024.0]))
def test_classes_stay_when_people_and_thresholds_grow_alike(
    case: Any, level: Any, factor: float
) -> None:
    people, land, built, rules = case
    grown = {
        item.name: getattr(rules, item.name) * factor
        for item in fields(rules)
        if item.name.endswith(("_density", "_population"))
    }
    found = classify_cells(people * factor, land, built, replace(rules, **grown), level)
    np.testing.assert_array_equal(found.classes, classify_cells(*case, level).classes)


@given(small_grids())
def test_level_2_divides_level_1_without_built_up_cells(case: Any) -> None:
    people, land, _, rules = case
    nested = replace(
        rules,
        dense_density=rules.cluster_density,
        dense_touching=rules.cluster_touching,
        dense_population=rules.cluster_population,
        semidense_touching=rules.cluster_touching,
        semidense_population=rules.cluster_population,
    )
    first = classify_cells(people, land, None, nested, 1)
    second = classify_cells(people, land, None, nested, 2)
    water = second.classes == 10
    np.testing.assert_array_equal(np.where(water, 0, second.classes // 10), first.classes)
    np.testing.assert_array_equal(second.centres, first.centres)
    np.testing.assert_array_equal(second.clusters, first.clusters)


@given(small_grids())
def test_numbers_run_in_reading_order(case: Any) -> None:
    cells = classify_cells(*case)
    for groups in (cells.centres, cells.clusters):
        numbers, firsts = np.unique(groups, return_index=True)
        some = numbers > 0
        assert numbers[some].tolist() == list(range(1, some.sum() + 1))
        assert (np.diff(firsts[some]) > 0).all()
