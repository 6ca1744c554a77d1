"""Regions from flows on small matrices that can be worked out by hand, and their invariants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import squareform

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.membership.delineation import flow_clusters as clusters
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.core_based import CoreBasedRules, core_based_areas
from regional_atlas.membership.delineation.flow_clusters import (
    FlowClusterRules,
    flow_clusters,
    flow_dissimilarity,
)
from regional_atlas.membership.delineation.flows import Flows, commuting_flows, flow_draws
from regional_atlas.membership.delineation.functional_areas import (
    FunctionalAreaRules,
    functional_areas,
)
from regional_atlas.membership.delineation.labour_markets import (
    LabourMarketRules,
    labour_market_areas,
    validity,
)


def table_of(text: str) -> pd.DataFrame:
    """Read `a>b 5, b>b 3`; a letter of several is a unit each."""
    rows = [pair.split() for pair in text.split(",")]
    return pd.DataFrame(
        [(*pair.split(">"), float(number)) for pair, number in rows],
        columns=["origin", "destination", "number"],
    )


def flows_of(text: str, units: str) -> Flows:
    return commuting_flows(table_of(text), pd.Index(list(units)))


def cores_of(**cores: str) -> pd.DataFrame:
    rows = [(unit, core) for core, units in cores.items() for unit in units]
    return pd.DataFrame(rows, columns=["unit_id", "core_id"])


def touching(text: str) -> pd.DataFrame:
    """Read `ab bc`: pairs of units that touch."""
    rows = [tuple(pair) for pair in text.split()]
    return pd.DataFrame(rows, columns=["unit_id", "neighbour_id"])


def regions_of(found: Delineation) -> dict[str, str]:
    """Give the members of each region, by id."""
    held = found.members.dropna(subset=["region_id"]).sort_values("unit_id")
    return held.groupby("region_id", sort=False)["unit_id"].agg("".join).to_dict()


def sets_of(found: Delineation) -> set[frozenset[str]]:
    held = found.members.dropna(subset=["region_id"])
    return {frozenset(units) for _, units in held.groupby("region_id")["unit_id"]}


def column(found: Delineation, name: str) -> dict[str, Any]:
    values = found.members.set_index("unit_id")[name]
    return values.astype(object).where(values.notna(), None).to_dict()


class TestTable:
    def test_flows_outside_count_in_both_margins_and_are_said(self) -> None:
        flows = flows_of("a>a 7, a>x 3, y>b 4, x>y 9, b>b 1", "ab")
        assert flows.residents.tolist() == [10, 1]
        assert flows.jobs.tolist() == [7, 5]
        assert flows.matrix.toarray().tolist() == [[7, 0], [0, 1]]
        assert flows.notes == (
            "1 flow (3 people) to places outside the units counts among the employed residents",
            "1 flow (4 people) from places outside the units counts among the jobs",
            "1 flow (9 people) between places outside the units counts nowhere",
        )

    def test_all_problems_are_raised_at_once(self) -> None:
        table = pd.DataFrame(
            {
                "origin": ["a", None, "a", "b"],
                "destination": ["a", "b", 3, "b"],
                "number": [-1.0, np.nan, np.inf, 2.0],
                "moe": [1.0, np.nan, -2.0, 0.0],
            }
        )
        with pytest.raises(DataError) as error:
            commuting_flows(table, pd.Index(["a", "b"]))
        assert error.value.problems == [
            "column origin, row 2: no value; every row has an id",
            "column destination, row 3: 3 is not text",
            "column number, row 1: -1.0; allowed: 0 to 1e15 (2 such rows)",
            "column number, row 2: no number; no people is 0",
            "column moe, row 3: -2.0; allowed: 0 to 1e15",
        ]

    def test_repeated_pairs_are_named_outside_too(self) -> None:
        table = table_of("b>a 1, a>a 1, b>a 2, a>x 1, a>y 1, x>y 1, x>y 1, a>x 1")
        with pytest.raises(DataError) as error:
            commuting_flows(table, pd.Index(["a", "b"]))
        assert error.value.problems == [
            "the pair 'a' to 'x' appears more than once",
            "the pair 'b' to 'a' appears more than once",
            "the pair 'x' to 'y' appears more than once",
        ]

    @pytest.mark.parametrize(
        ("table", "units", "said"),
        [
            (pd.DataFrame({"origin": ["a"]}), ["a"], "no column 'destination'"),
            (table_of("a>a 1").iloc[:0], ["a"], "no rows"),
            (table_of("a>a 1").assign(number="1"), ["a"], "the column is not of numbers"),
            (table_of("a>a 1").assign(number=True), ["a"], "the column is not of numbers"),
            (table_of("a>a 1").iloc[:, [0, 0, 1, 2, 2]], ["a"], "column 'origin' appears more"),
            (table_of("a>a 1"), [], "no units"),
            (table_of("a>a 1"), ["a", "a"], "unit_id 'a' appears more than once"),
            (table_of("a>a 1"), [1, 2], "is not text"),
            (table_of("a>a 1"), ["a", None], "no value"),
        ],
    )
    def test_refuses(self, table: pd.DataFrame, units: list[Any], said: str) -> None:
        with pytest.raises(DataError, match=said):
            commuting_flows(table, pd.Index(units))

    def test_units_of_another_set_are_named(self) -> None:
        flows = flows_of("a>a 1", "ab")
        with pytest.raises(DataError) as error:
            flow_clusters(flows, units=pd.DataFrame(index=["a", "c"]))
        assert error.value.problems == [
            "unit 'b' is not in the table of units",
            "unit 'c' is not a unit of the flows",
        ]


class TestFunctionalAreas:
    def test_share_of_all_residents_decides_at_15_per_cent(self) -> None:
        """Unit d sends 15 of 100 to the city, e 15 of 101: one of its people works abroad."""
        flows = flows_of("c>c 90, d>c 15, d>d 85, e>c 15, e>e 85, e>abroad 1", "cde")
        found = functional_areas(flows, cores_of(C="c"))
        assert regions_of(found) == {"fua-1": "cd"}
        assert column(found, "part") == {"c": "core", "d": "commuting zone", "e": None}
        assert column(found, "share_to_core") == {"c": 1.0, "d": 0.15, "e": pytest.approx(15 / 101)}
        assert found.notes[1] == "no neighbours were given: contiguity was not looked at"
        region = found.regions.loc["fua-1"]
        assert region["employed_residents"] == 190
        assert region["jobs"] == 205
        assert region["members"] == 2
        assert found.members["share_of_region"].round(6).tolist()[:2] == [0.473684, 0.526316]

    def test_unit_goes_to_the_city_with_the_larger_share_and_of_equal_ones_to_the_larger(
        self,
    ) -> None:
        flows = flows_of(
            "a>a 50, b>b 60, d>a 30, d>b 20, d>d 50, e>a 20, e>b 20, e>e 60", units="abde"
        )
        found = functional_areas(flows, cores_of(A="a", B="b"))
        assert regions_of(found) == {"fua-1": "be", "fua-2": "ad"}

    def test_cities_join_in_either_direction_and_in_chains_but_once(self) -> None:
        """A sends 15 % to B, B 15 % to C. D sends 8 % to each of A and B: 16 % to both together."""
        flows = flows_of(
            "a>a 85, a>b 15, b>b 170, b>c 30, c>c 500, d>d 84, d>a 8, d>b 8", units="abcd"
        )
        found = functional_areas(flows, cores_of(A="a", B="b", C="c", D="d"))
        assert regions_of(found) == {"fua-1": "abc", "fua-2": "d"}
        assert found.regions["cores"].tolist() == ["A, B, C", "D"]
        assert found.regions["central_members"].tolist() == [3, 1]
        assert found.regions["name"].tolist() == ["c", "d"]

    def test_a_commuting_zone_counts_all_cities_that_joined(self) -> None:
        flows = flows_of("a>a 80, a>b 20, b>b 90, d>a 8, d>b 8, d>d 84", units="abd")
        assert regions_of(functional_areas(flows, cores_of(A="a", B="b"))) == {"fua-1": "abd"}
        apart = FunctionalAreaRules(city_link_share=0.21)
        assert regions_of(functional_areas(flows, cores_of(A="a", B="b"), apart)) == {
            "fua-1": "a",
            "fua-2": "b",
        }

    def test_exclaves_drop_and_enclaves_join(self) -> None:
        """On the line c d e f g, unit e has one of two sides in the area until f is in it too.

        Without e, unit f does not touch the area; with it, g has its only side there.
        """
        flows = flows_of("c>c 90, d>c 50, d>d 50, e>e 9, f>c 50, f>f 50, g>g 9", units="cdefg")
        line = touching("cd de ef fg")
        found = functional_areas(flows, cores_of(C="c"), contiguity=line)
        assert regions_of(found) == {"fua-1": "cd"}
        assert column(found, "part")["f"] == "exclave"
        half = functional_areas(
            flows, cores_of(C="c"), FunctionalAreaRules(enclave_share=0.5), contiguity=line
        )
        assert regions_of(half) == {"fua-1": "cdefg"}
        assert column(half, "part") == {
            "c": "core",
            "d": "commuting zone",
            "e": "enclave",
            "f": "commuting zone",
            "g": "enclave",
        }

    def test_a_wholly_surrounded_unit_joins_whatever_its_flows(self) -> None:
        """Unit e touches the area alone; f and g touch it and each other."""
        flows = flows_of("c>c 90, d>c 50, d>d 50, e>e 9, f>f 9, g>g 9", units="cdefg")
        around = touching("cd ce de df dg fg")
        found = functional_areas(flows, cores_of(C="c"), contiguity=around)
        assert regions_of(found) == {"fua-1": "cde"}
        assert column(found, "share_to_core")["e"] == 0.0

    def test_an_exclave_of_one_city_may_be_an_enclave_of_another(self) -> None:
        flows = flows_of("a>a 90, b>b 80, x>a 50, x>x 50", units="abx")
        found = functional_areas(flows, cores_of(A="a", B="b"), contiguity=touching("xb"))
        assert regions_of(found) == {"fua-1": "bx", "fua-2": "a"}
        assert column(found, "part")["x"] == "enclave"
        assert column(found, "share_to_core")["x"] == 0.0

    def test_lengths_of_borders_weigh(self) -> None:
        flows = flows_of("c>c 90, e>e 9, f>f 9", units="cef")
        sides = touching("ce ef").assign(length=[7.0, 3.0])
        for share, members in ((0.7, "ce"), (0.71, "c")):
            rules = FunctionalAreaRules(enclave_share=share)
            found = functional_areas(flows, cores_of(C="c"), rules, contiguity=sides)
            assert regions_of(found)["fua-1"].startswith(members)
            assert ("e" in regions_of(found)["fua-1"]) == (members == "ce")

    def test_polygons_and_names(self) -> None:
        units = gpd.GeoDataFrame(
            {"name": ["Dee", "See"]},
            index=["d", "c"],
            geometry=[shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1)],
            crs="EPSG:6933",
        )
        flows = flows_of("c>c 90, d>c 50, d>d 50", "cd")
        found = functional_areas(flows, cores_of(C="c"), units=units)
        assert found.members["unit_id"].tolist() == ["d", "c"]
        assert found.regions["name"].tolist() == ["See"]
        assert found.regions.geometry.iloc[0].equals(shapely.box(0, 0, 2, 1))

    @pytest.mark.parametrize(
        ("cores", "said"),
        [
            (cores_of(A="a", B="a"), "unit 'a' appears more than once"),
            (cores_of(A="z"), "unit 'z' is not a unit of the flows"),
            (cores_of(), "no cores"),
            (cores_of(A="a").rename(columns={"core_id": "core"}), "no column 'core_id'"),
        ],
    )
    def test_refuses_cores(self, cores: pd.DataFrame, said: str) -> None:
        with pytest.raises(DataError, match=said):
            functional_areas(flows_of("a>a 1", "ab"), cores)

    @pytest.mark.parametrize(
        ("contiguity", "said"),
        [
            (touching("az"), "unit 'z' is not a unit of the flows"),
            (touching("ab").assign(length=0.0), "row 1: length is 0.0; allowed: finite, above 0"),
            (touching("ab").assign(length="long"), "row 1: length is long; allowed"),
            (pd.DataFrame({"unit_id": ["a"]}), "no column 'neighbour_id'"),
        ],
    )
    def test_refuses_neighbours(self, contiguity: pd.DataFrame, said: str) -> None:
        with pytest.raises(DataError, match=said):
            functional_areas(flows_of("a>a 1", "ab"), cores_of(A="a"), contiguity=contiguity)

    def test_refuses_thresholds(self) -> None:
        with pytest.raises(InputError) as error:
            FunctionalAreaRules(commuting_share=0.0, enclave_share=1.2)
        assert len(error.value.problems) == 2


class TestCoreBased:
    def test_either_share_makes_a_unit_outlying(self) -> None:
        """Unit d sends 25 of 100; in e 25 of 100 jobs are held by people of the core; f neither."""
        flows = flows_of("c>c 175, c>e 25, d>c 25, d>d 75, e>e 75, f>c 24, f>f 76", units="cdef")
        found = core_based_areas(flows, cores_of(C="c"))
        assert regions_of(found) == {"cbsa-1": "cde"}
        assert column(found, "part") == {
            "c": "central",
            "d": "outlying",
            "e": "outlying",
            "f": None,
        }
        assert column(found, "share_to_core")["d"] == 0.25
        assert column(found, "share_from_core")["e"] == 0.25
        strict = core_based_areas(flows, cores_of(C="c"), CoreBasedRules(0.2, 0.26))
        assert regions_of(strict) == {"cbsa-1": "cdf"}

    def test_the_strongest_tie_of_either_kind_wins(self) -> None:
        """Unit d sends 30 % to a; people of b hold 40 of its 100 jobs."""
        flows = flows_of("a>a 90, b>b 160, b>d 40, d>a 30, d>d 60, d>x 10", units="abd")
        assert regions_of(core_based_areas(flows, cores_of(A="a", B="b")))["cbsa-1"] == "bd"

    def test_areas_merge_where_cores_qualify_and_the_areas_touch(self) -> None:
        """A sends 30 % to B. Their cores do not touch, but B's outlying unit d touches A."""
        flows = flows_of("a>a 70, a>b 30, b>b 200, d>b 50, d>d 50, e>a 13, e>b 12, e>e 75", "abde")
        cores = cores_of(A="a", B="b")
        merged = core_based_areas(flows, cores, contiguity=touching("ad db be"))
        assert regions_of(merged) == {"cbsa-1": "abde"}
        assert merged.regions["cores"].tolist() == ["A, B"]
        apart = core_based_areas(flows, cores, contiguity=touching("db be"))
        assert regions_of(apart) == {"cbsa-1": "bd", "cbsa-2": "a"}

    def test_areas_that_touch_a_third_one_alone_do_not_merge(self) -> None:
        """A sends 30 % to B; both touch C, to which nothing ties them; d and e are outlying."""
        flows = flows_of("a>a 70, a>b 30, b>b 200, c>c 50, d>a 9, e>b 9", "abcde")
        cores = cores_of(A="a", B="b", C="c")
        found = core_based_areas(flows, cores, contiguity=touching("ad be dc ec"))
        assert regions_of(found) == {"cbsa-1": "be", "cbsa-2": "ad", "cbsa-3": "c"}
        touch = core_based_areas(flows, cores, contiguity=touching("ad be dc ec de"))
        assert regions_of(touch) == {"cbsa-1": "abde", "cbsa-2": "c"}

    def test_an_area_has_its_name_from_its_core(self) -> None:
        flows = flows_of("c>c 20, d>c 30, d>d 60", "cd")
        found = core_based_areas(flows, cores_of(C="c"))
        assert found.regions[["name", "jobs"]].values.tolist() == [["c", 110.0]]

    def test_cores_merge_by_jobs_too(self) -> None:
        """Of the 100 jobs of A, 25 are held by people of B."""
        flows = flows_of("a>a 75, b>a 25, b>b 400", "ab")
        assert regions_of(core_based_areas(flows, cores_of(A="a", B="b"))) == {"cbsa-1": "ab"}

    def test_what_is_not_connected_is_out(self) -> None:
        flows = flows_of("c>c 90, d>c 50, e>c 50, f>f 1", units="cdef")
        found = core_based_areas(flows, cores_of(C="c"), contiguity=touching("cd df fe"))
        assert regions_of(found) == {"cbsa-1": "cd"}
        assert column(found, "part")["e"] == "exclave"


class TestLabourMarkets:
    RULES = LabourMarketRules(50, 100, 0.6, 0.75)

    def test_the_least_valid_joins_by_the_strongest_link(self) -> None:
        """Unit b is the least valid.

        Its links: with a 30²/(60 · 90) = 0.167, with c 20²/(60 · 220) + 10²/(210 · 20) = 0.054.
        """
        text = "a>a 60, b>a 30, b>b 10, b>c 20, c>c 200, c>b 10"
        found = labour_market_areas(flows_of(text, "abc"), self.RULES)
        assert regions_of(found) == {"lma-1": "c", "lma-2": "ab"}
        region = found.regions.loc["lma-2"]
        assert region["supply_self_containment"] == pytest.approx(100 / 120)
        assert region["demand_self_containment"] == pytest.approx(100 / 110)
        assert region["valid"]
        assert column(found, "share_to_region")["b"] == pytest.approx(40 / 60)
        assert column(found, "share_from_region")["b"] == pytest.approx(10 / 20)

    def test_equal_links_go_to_the_earlier_unit(self) -> None:
        text = "a>a 100, c>c 100, b>a 5, b>c 5"
        assert regions_of(labour_market_areas(flows_of(text, "abc"), self.RULES))["lma-1"] == "ab"

    def test_of_equally_invalid_areas_the_smaller_is_dissolved_first(self) -> None:
        """Nobody works at home in a, which has 8 employed residents, or b, which has 2.

        With a first, by its id, the areas would be ac and bd.
        """
        text = "a>b 3, a>c 3, a>d 2, b>c 1, b>d 1, c>c 20, c>d 7, d>b 7, d>c 7, d>d 20"
        rules = LabourMarketRules(8, 16, 0.5, 0.7)
        found = labour_market_areas(flows_of(text, "abcd"), rules)
        assert sets_of(found) == {frozenset("abd"), frozenset("c")}

    def test_what_has_no_flows_stays_apart_or_is_in_no_region(self) -> None:
        found = labour_market_areas(flows_of("a>a 100, b>b 5, c>c 0", "abc"), self.RULES)
        assert regions_of(found) == {"lma-1": "a", "lma-2": "b"}
        assert found.regions["valid"].tolist() == [True, False]
        assert found.notes == (
            "areas that are not valid but have no flows with any other, and stay: 1",
        )

    def test_fellows_follow_when_a_unit_has_links_to_them_alone(self) -> None:
        """Units a and b join first; their area is too small, and b has flows with a alone."""
        text = "a>a 4, b>a 9, a>b 9, b>b 4, a>c 6, c>c 300"
        assert regions_of(labour_market_areas(flows_of(text, "abc"), self.RULES)) == {
            "lma-1": "abc"
        }

    def test_validity_by_hand(self) -> None:
        """At half way the factor is 1 - 0.2 · 0.5 = 0.9; contained more than the target adds none.

        At a quarter of the way below the minimum it is 1 - 0.2 · 1.5 = 0.7.
        """
        rules = LabourMarketRules(100, 200, 0.6, 0.75)
        reached = validity(np.array([150.0, 500, 50]), np.array([0.5, 0.9, 0.75]), rules)
        assert reached.tolist() == pytest.approx([0.9 * 0.5 / 0.75, 1.0, 0.7])

    @pytest.mark.parametrize(
        "rules",
        [(100, 100, 0.6, 0.7), (-1, 5, 0.6, 0.7), (1, 5, 0.8, 0.7), (1, 5, 0, 0.7), (1, 5, 0.6, 2)],
    )
    def test_refuses_rules(self, rules: tuple[float, float, float, float]) -> None:
        with pytest.raises(InputError):
            LabourMarketRules(*rules)


def labour_markets_by_force(flows: Flows, rules: LabourMarketRules) -> set[frozenset[str]]:
    """Follow the rule step by step on the full matrix."""
    matrix, residents, jobs = flows.matrix.toarray(), flows.residents, flows.jobs
    alive = [unit for unit in range(len(residents)) if residents[unit] + jobs[unit] > 0]
    areas: dict[int, list[int]] = {unit: [unit] for unit in alive}
    least = rules.minimum_self_containment / rules.target_self_containment
    stuck: set[int] = set()

    def score(area: int) -> float:
        units = areas[area]
        size, held = residents[units].sum(), jobs[units].sum()
        inside = matrix[np.ix_(units, units)].sum()
        contained = inside / max(size, held) if size > 0 and held > 0 else 0.0
        return float(validity(np.array([size]), np.array([contained]), rules)[0])

    def link(unit: int, area: int) -> float:
        units = areas[area]
        there, here = matrix[unit, units].sum(), matrix[units, unit].sum()
        first = there**2 / (residents[unit] * jobs[units].sum()) if there else 0.0
        return float(first + (here**2 / (residents[units].sum() * jobs[unit]) if here else 0.0))

    while True:
        order = [(score(area), residents[areas[area]].sum(), area) for area in areas]
        bad = sorted(row for row in order if row[0] < least - 1e-9 and row[2] not in stuck)
        if not bad:
            names = flows.units
            return {frozenset(names[unit] for unit in units) for units in areas.values()}
        area = bad[0][2]
        waiting = areas.pop(area)
        while waiting:
            links = {unit: [(-link(unit, to), to) for to in areas] for unit in waiting}
            best = {unit: min(found, default=(0.0, -1)) for unit, found in links.items()}
            placed = {unit: to for unit, (most, to) in best.items() if most < 0}
            if not placed:
                areas[area] = waiting
                stuck.add(area)
                break
            for unit, to in placed.items():
                areas[to].append(unit)
            waiting = [unit for unit in waiting if unit not in placed]


MATRICES = st.integers(3, 9).flatmap(
    lambda count: st.lists(
        st.lists(
            st.sampled_from([0, 0, 0, 1, 2, 3, 7, 11, 19, 43]), min_size=count, max_size=count
        ),
        min_size=count,
        max_size=count,
    )
)


def flows_from(matrix: list[list[int]], rng: np.random.Generator | None = None) -> Flows:
    """Make flows of a matrix; with `rng`, from a table in another order of rows and units."""
    rows = [
        (f"u{home}", f"u{work}", number)
        for home, line in enumerate(matrix)
        for work, number in enumerate(line)
    ]
    table = pd.DataFrame(rows, columns=["origin", "destination", "number"])
    units = pd.Index([f"u{unit}" for unit in range(len(matrix))])
    if rng is not None:
        table = table.iloc[rng.permutation(len(table))]
        units = units[rng.permutation(len(units))]
    return commuting_flows(table, units)


@pytest.mark.parametrize("seed", range(150))
def test_labour_markets_equal_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 10))
    drawn = rng.choice([0, 0, 0, 1, 2, 3, 7, 11, 19], (count, count))
    matrix = drawn + np.diag(rng.choice([0, 5, 20, 40], count))
    flows = flows_from(matrix.tolist())
    size = int(rng.integers(5, 80))
    rules = LabourMarketRules(size, 2 * size, 0.5, 0.7)
    assert sets_of(labour_market_areas(flows, rules)) == labour_markets_by_force(flows, rules)


class TestClusters:
    def test_average_linkage_by_hand(self) -> None:
        """D(a, b) = 1 - 40/100 = 0.6; D(a, c) = 0.9, D(b, c) = 1: their mean is 0.95."""
        text = "a>a 60, a>b 30, b>a 10, b>b 90, a>c 10, c>c 100"
        flows = flows_of(text, "abc")
        assert flow_dissimilarity(flows).tolist() == pytest.approx([0.6, 0.9, 1.0])
        for height, regions in ((0.5, 3), (0.6, 2), (0.94, 2), (0.95, 1)):
            assert len(flow_clusters(flows, FlowClusterRules(height)).regions) == regions

    def test_units_without_flows_are_in_no_region(self) -> None:
        found = flow_clusters(flows_of("a>a 1", "ab"))
        assert regions_of(found) == {"zone-1": "a"}
        assert len(flow_clusters(flows_of("a>a 1", "a")).regions) == 1

    @given(matrix=MATRICES)
    def test_dissimilarity_equals_the_formula(self, matrix: list[list[int]]) -> None:
        flows = flows_from(matrix)
        full, found = flows.matrix.toarray(), squareform(flow_dissimilarity(flows))
        for one in range(len(full)):
            for other in range(one):
                least = min(flows.residents[one], flows.residents[other])
                both = full[one, other] + full[other, one]
                expected = max(1 - both / least, 0) if least else 1
                assert found[one, other] == pytest.approx(expected)

    def test_refuses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(InputError, match="cut_height is 1"):
            FlowClusterRules(1)
        monkeypatch.setattr(clusters, "MOST_UNITS", 1)
        with pytest.raises(DataError, match="2 units; at most 1"):
            flow_clusters(flows_of("a>a 1", "ab"))


SOME = LabourMarketRules(20, 60, 0.6, 0.75)
METHODS: dict[str, Callable[..., Delineation]] = {
    "functional": lambda flows, cores, near: functional_areas(
        flows, cores, FunctionalAreaRules(enclave_share=0.6), contiguity=near
    ),
    "core based": lambda flows, cores, near: core_based_areas(flows, cores, contiguity=near),
    "labour markets": lambda flows, _, __: labour_market_areas(flows, SOME),
    "clusters": lambda flows, _, __: flow_clusters(flows),
}


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(matrix=MATRICES, seed=st.integers(0, 2**31))
def test_order_of_rows_does_not_matter(method: str, matrix: list[list[int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = len(matrix)
    cores = pd.DataFrame({"unit_id": ["u0", "u1"], "core_id": ["A", "B"]})
    ends = rng.integers(0, count, (2, 2 * count))
    near = pd.DataFrame({"unit_id": ends[0], "neighbour_id": ends[1]})
    near = near.map(lambda unit: f"u{unit}").assign(length=rng.uniform(1, 2, 2 * count))
    one = METHODS[method](flows_from(matrix), cores, near)
    mixed = near.iloc[rng.permutation(len(near))]
    other = METHODS[method](flows_from(matrix, rng), cores.iloc[::-1], mixed)
    pd.testing.assert_frame_equal(one.regions, other.regions)
    pd.testing.assert_frame_equal(
        one.members.sort_values("unit_id", ignore_index=True),
        other.members.sort_values("unit_id", ignore_index=True),
    )
    assert one.units is not None
    assert other.units is not None
    pd.testing.assert_frame_equal(one.units.sort_index(), other.units.sort_index())


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25)
@given(count=st.integers(3, 9), seed=st.integers(0, 2**31))
def test_other_ids_and_a_larger_unit_of_count_give_the_same(
    method: str, count: int, seed: int
) -> None:
    """Without ties: numbers are drawn. Labour markets ask for sizes, which grow as well."""
    rng = np.random.default_rng(seed)
    number = rng.lognormal(2, 1, (count, count)) * (rng.uniform(size=(count, count)) < 0.5)
    number += np.diag(rng.lognormal(2, 1, count))
    pairs = np.stack(np.nonzero(number))
    ends = np.stack([np.arange(count), (np.arange(count) + 1) % count])

    def found(ids: list[str], times: float) -> set[frozenset[int]]:
        names = np.array(ids)
        table = pd.DataFrame(names[pairs].T, columns=["origin", "destination"])
        table["number"] = number[pairs[0], pairs[1]] * times
        flows = commuting_flows(table, pd.Index(ids))
        near = pd.DataFrame(names[ends].T, columns=["unit_id", "neighbour_id"])
        cores = pd.DataFrame({"unit_id": names[:2], "core_id": ["A", "B"]})
        if method == "labour markets":
            rules = LabourMarketRules(20 * times, 60 * times, 0.6, 0.75)
            result = labour_market_areas(flows, rules)
        else:
            result = METHODS[method](flows, cores, near)
        return {frozenset(ids.index(unit) for unit in units) for units in sets_of(result)}

    ids = [f"u{unit}" for unit in range(count)]
    other = [f"v{unit}" for unit in rng.permutation(count)]
    assert found(ids, 1) == found(other, 1) == found(ids, 1000)


class TestDraws:
    TABLE = table_of("a>a 400, a>b 100, b>b 9, b>x 50").assign(moe=[0, 32.9, np.nan, 16.45])

    def test_moments_of_each_kind(self) -> None:
        flows = commuting_flows(self.TABLE, pd.Index(["a", "b"]))
        drawn = np.array([draw.number for draw in flow_draws(flows, 4000, seed=1)])
        assert drawn.mean(axis=0) == pytest.approx([400, 100, 9, 50], abs=1)
        assert drawn.std(axis=0) == pytest.approx([0, 20, 3, 10], rel=0.05)
        assert (drawn[:, 2] == np.round(drawn[:, 2])).all()

    def test_margins_follow_the_draw(self) -> None:
        flows = commuting_flows(self.TABLE, pd.Index(["a", "b"]))
        flows.residents  # noqa: B018 - is computed, and must not be taken over by the draw
        (draw,) = flow_draws(flows, 1, seed=2)
        assert draw.residents[1] == draw.number[2] + draw.number[3]
        assert draw.matrix[0, 1] == draw.number[1]

    def test_no_draw_is_negative(self) -> None:
        flows = commuting_flows(table_of("a>a 1").assign(moe=100.0), pd.Index(["a"]))
        drawn = np.array([draw.number[0] for draw in flow_draws(flows, 200, seed=3)])
        assert drawn.min() == 0
        assert np.mean(drawn == 0) == pytest.approx(0.5, abs=0.1)

    def test_the_seed_and_not_the_order_of_rows_decides(self) -> None:
        one, other = (
            commuting_flows(table, pd.Index(["a", "b"])) for table in (self.TABLE, self.TABLE[::-1])
        )
        first, again = (next(flow_draws(flows, 1, seed=5)).number for flows in (one, other))
        assert first.tolist() == again.tolist()
        assert first.tolist() != next(flow_draws(one, 1, seed=6)).number.tolist()
        assert len(list(flow_draws(one, 0, seed=1))) == 0
        with pytest.raises(InputError, match="count is -1"):
            flow_draws(one, -1, seed=1)
