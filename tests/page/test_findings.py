from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from regional_atlas.core.texts import Said, Text, Unit
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import (
    ChoroplethPlate,
    Cluster,
    ClusterSet,
    ClustersPlate,
    CoveragePlate,
    CoverageRow,
    Field,
    Membership,
    Named,
    Parents,
    RankColumns,
    Ranking,
    RankingPlate,
    Region,
    RegionKind,
    RegionsPlate,
    TierRanks,
    TiersPlate,
    UnitType,
    YearsPlate,
)
from regional_atlas.page.plates import (
    choropleth,
    clusters,
    coverage,
    ranking,
    regions,
    tiers,
    years,
)

from .conftest import HEAD, NO_CLASSES, bare_spec, bare_store


def facts_of(
    ranks: list[int | None] | None = None,
    *,
    parents: list[int] | None = None,
    of_tiers: list[int | None] | None = None,
    members: list[tuple[int, int]] | None = None,
    column: Any = None,
    unit: Unit | str = "t",
    levels: int = 1,
    held: list[list[int]] | None = None,
    extensive: bool = False,
    names: list[str] | None = None,
) -> Facts:
    size = len(ranks or parents or column or [0] * 6)
    size = len(next(iter(column.values()))) if isinstance(column, dict) else size
    of_tiers = of_tiers or [None] * size
    members = members or []
    known = sorted({tier for tier in of_tiers if tier})
    spec = bare_spec(
        unit_level=named("town", "镇", "town"),
        levels=[named("province", "省", "province")][:levels],
        kinds=[
            RegionKind(
                id="metro",
                title=Text(zh="圈", en="area"),
                regions=[
                    Region(id=name, title=Text(zh=name, en=name), precedence=1, source=None)
                    for name in "RSTUV"
                ],
            )
        ],
        rankings=[
            Ranking(
                id="r",
                title=Text(zh="榜", en="Ranking"),
                n=0,
                kind="published",
                tiers=[TierRanks(tier=tier, first=0, last=0) for tier in known],
                among=None,
                score=None,
                dimensions=None,
                citation=None,
            )
        ],
        fields=[
            Field(
                id="f",
                title=Text(zh="产量", en="Output"),
                unit=Unit(unit) if isinstance(unit, str) else unit,
                digits=1,
                direction=1,
                year=None,
                years=[int(year) for year in column] if isinstance(column, dict) else None,
                method=Text(zh="", en=""),
                citation=None,
                missing=None,
                extensive=extensive,
                rule=Text(zh="", en=""),
                whole=None,
            )
        ],
        clusters=[
            ClusterSet(
                id="c",
                title=Text(zh="集群", en="Clusters"),
                size_unit=None,
                citation=None,
                groups=[],
                items=[
                    Cluster(
                        id=str(at), title=Text(zh="", en=""), group=None, size=None, units=units
                    )
                    for at, units in enumerate(held or [])
                ],
            )
        ],
    )
    store = bare_store(
        unit_id=[str(i) for i in range(size)],
        unit=names or [f"u{i}" for i in range(size)],
        unit_en=[None] * size,
        unit_type=[-1] * size,
        parents={
            "province": Parents(
                ids=["1", "2", "3"],
                names=["甲省", "乙省", "丙省"],
                names_en=["A", "B", None],
                short=["甲", "乙", "丙"],
                pinyin=None,
                of=parents or [-1] * size,
            )
        },
        membership={
            "metro": Membership(
                unit=[unit for unit, _ in members],
                region=[region for _, region in members],
                share=[1.0] * len(members),
                exclusive=[1] * len(members),
            )
        },
        rankings={"r": RankColumns(rank=ranks or [None] * size, tier=of_tiers)},
        fields={"f": column},
    )
    return Facts(spec, store)


def both(said: Said) -> tuple[str, str]:
    return said.in_("zh"), said.in_("en")


def named(name: str, zh: str, en: str) -> Named:
    return Named(id=name, title=Text(zh=zh, en=en))


RANKING = RankingPlate(**HEAD, ranking="r", classes=NO_CLASSES)
TIERS = TiersPlate(**HEAD, ranking="r", classes=NO_CLASSES)
REGIONS = RegionsPlate(**HEAD, region_kind="metro", ranking="r", colors=[])
CHOROPLETH = ChoroplethPlate(**HEAD, field="f", year=None, classes=NO_CLASSES, middle=None)


@pytest.mark.parametrize(
    ("parents", "zh", "en"),
    [
        (
            [0, 0, 0, 1, 1, 2],
            "6 席中，甲 3 席、乙 2 席，合计 5 席；甲u0居首。",
            "Of the 6 places, A (3) and B (2) hold 5; u0 (A) leads.",
        ),
        (
            [0, 0, 0, 1, 2, -1],
            "6 席中，甲最多，占 3 席；甲u0居首。",
            "Of the 6 places, A holds most: 3; u0 (A) leads.",
        ),
        (
            [0, 0, 1, 1, 2, 2],
            "6 席中，按省计最多各 2 席，共 3 个并列；甲u0居首。",
            "Of the 6 places, 3 provinces hold 2 each, none more; u0 (A) leads.",
        ),
        (
            [2] * 6,
            "6 席中，全部在丙；丙u0居首。",
            "Of the 6 places, all are in 丙; u0 (丙) leads.",
        ),
        ([-1] * 6, "u0居首。", "U0 leads."),
    ],
)
def test_a_ranking_names_the_parents_that_hold_most(parents, zh, en):
    found = ranking.KIND.finding(RANKING, facts_of([1, 2, 3, 4, 5, 6], parents=parents))
    assert both(found) == (zh, en)


def test_a_ranking_without_levels_or_ranks():
    assert ranking.KIND.finding(RANKING, facts_of([2, 1, None], levels=0)).in_("en") == "U1 leads."
    assert both(ranking.KIND.finding(RANKING, facts_of([None] * 3))) == ("", "")


def test_a_long_ranking_speaks_of_its_first_hundred():
    parents = [0] * 60 + [1] * 30 + [2] * 210
    found = ranking.KIND.finding(RANKING, facts_of(list(range(1, 301)), parents=parents))
    assert found.in_("en") == "Of the first 100 places, A (60) and B (30) hold 90; u0 (A) leads."


def test_a_unit_that_bears_its_parents_name_is_not_named_twice():
    facts = facts_of([1], parents=[0], names=["甲城"])
    assert both(facts.unit(0)) == ("甲城", "甲城")


@pytest.mark.parametrize(
    ("of_tiers", "zh", "en"),
    [
        (
            [1, 1, 2, 2, 2, 3],
            "第一梯队共 2 个：u0、u1；第二梯队 3 个、第三梯队 1 个。",
            "Tier 1 holds 2 towns: u0 and u1; tiers 2 and 3 hold 3 and 1.",
        ),
        ([1, 2, 2, 2, 2, 2], None, "Tier 1 holds 1 town: u0; tier 2 holds 5."),
        ([1] * 6, None, "Tier 1 holds 6 towns: u0, u1, u2, u3, u4 and u5."),
    ],
)
def test_tiers(of_tiers, zh, en):
    found = tiers.KIND.finding(TIERS, facts_of([1, 2, 3, 4, 5, 6], of_tiers=of_tiers))
    assert found.in_("en") == en
    assert zh is None or found.in_("zh") == zh


def test_a_large_first_tier_names_its_first_three():
    facts = facts_of(list(range(1, 11)), of_tiers=[1] * 8 + [2] * 2)
    found = tiers.KIND.finding(TIERS, facts)
    assert found.in_("zh") == "第一梯队共 8 个，前三名是u0、u1、u2；第二梯队 2 个。"
    assert found.in_("en") == "Tier 1 holds 8 towns, led by u0, u1 and u2; tier 2 holds 2."
    assert tiers.KIND.finding(TIERS, facts_of([1])).in_("en") == ""


@pytest.mark.parametrize(
    ("members", "en"),
    [
        (
            [(0, 0), (1, 0), (2, 1)],
            "3 of the 4 places lie in an area; R holds 2, more than any other area.",
        ),
        (
            [(0, 0), (2, 1)],
            "2 of the 4 places lie in an area; R and S hold 1 each, more than any other area.",
        ),
        (
            [(0, 0), (1, 1), (2, 2), (3, 3)],
            "4 of the 4 places lie in an area; 4 areas hold 1 each, none more.",
        ),
        ([(4, 0)], "0 of the 4 places lie in an area."),
    ],
)
def test_regions_with_a_ranking(members, en):
    found = regions.KIND.finding(REGIONS, facts_of([1, 2, 3, 4, None, None], members=members))
    assert found.in_("en") == en
    assert found.in_("zh").startswith(f"4 席中有 {en[0]} 席在圈内")


def test_regions_without_a_ranking_or_without_ranks():
    facts = facts_of([None] * 4, members=[(0, 0)])
    assert (
        regions.KIND.finding(replace(REGIONS, ranking=None), facts).in_("en")
        == "5 areas cover 1 of 4 towns (25%)."
    )
    assert regions.KIND.finding(REGIONS, facts).in_("en") == ""


def row(parent: int, count: int, of: int) -> CoverageRow:
    share = count / of if of else None
    return CoverageRow(parent=parent, count=count, of=of, share=share, best=None)


@pytest.mark.parametrize(
    ("rows", "en"),
    [
        (
            [row(0, 1, 4), row(1, 3, 4), row(2, 0, 5)],
            "B has the highest share: 3 of 4 (75%); then comes A: 1 of 4 (25%); 1 province has "
            "none.",
        ),
        (
            [row(0, 1, 4), row(1, 2, 8), row(2, 0, 0)],
            "B has the highest share (shared): 2 of 8 (25%).",
        ),
        ([row(0, 1, 3)], "A has the highest share: 1 of 3 (33.3%)."),
        ([row(0, 0, 3)], ""),
    ],
)
def test_coverage(rows, en):
    plate = CoveragePlate(
        **HEAD, ranking="r", level="province", measure="share", classes=NO_CLASSES, rows=rows
    )
    assert coverage.KIND.finding(plate, facts_of([1])).in_("en") == en


@pytest.mark.parametrize(
    ("column", "unit", "zh", "en"),
    [
        (
            [1.0, 5.0, None, 3.0],
            "t",
            "产量最高的是u1、u3、u0（1.0–5.0 t）。",
            "Output is highest in u1, u3 and u0 (1.0–5.0 t).",
        ),
        ([2.0], "% a year", None, "Output is highest in u0 (2.0% a year)."),
        (
            [0.5, 0.25, 0.1],
            Unit("%", scale=100),
            None,
            "Output is highest in u0, u1 and u2 (10–50%).",
        ),
        (
            [4276.8, 12.0, 0.7],
            Unit(zh="亿元", en="bn yuan", scale={"en": 0.1}),
            "产量最高的是u0、u1、u2（0.70–4,276.8 亿元）。",
            "Output is highest in u0, u1 and u2 (0.070–427.68 bn yuan).",
        ),
        ([1.0] * 5, "", "5 个镇的产量并列最高（1.0）。", "5 towns share the highest output (1.0)."),
        ([None, None], "t", "", ""),
    ],
)
def test_choropleth(column, unit, zh, en):
    found = choropleth.KIND.finding(CHOROPLETH, facts_of(column=column, unit=unit))
    assert found.in_("en") == en
    assert zh is None or found.in_("zh") == zh


def test_a_choropleth_of_many_units_tells_their_spread():
    found = choropleth.KIND.finding(CHOROPLETH, facts_of(column=[float(i) for i in range(11)]))
    assert found.in_("zh").endswith("中位数为 5.0 t，最高的十分之一在 9.0 t 以上。")
    assert found.in_("en").endswith("the median is 5.0 t, and a tenth lie above 9.0 t.")


def with_a_province(facts: Facts) -> Facts:
    """Say that the first unit is a whole province."""
    types = [
        UnitType(id="town", title=Text(zh="镇", en="town"), note=None),
        UnitType(id="whole", title=Text(zh="省", en="province"), note=Text(zh="整", en="whole")),
    ]
    held = [1] + [0] * (len(facts.store.unit) - 1)
    return replace(
        facts,
        spec=replace(facts.spec, unit_types=types),
        store=replace(facts.store, unit_type=held),
    )


def test_no_finding_calls_a_province_the_highest_of_the_towns() -> None:
    facts = facts_of(column=[9.0, 1.0, 3.0, 2.0])
    found = choropleth.KIND.finding(CHOROPLETH, facts).in_("en")
    assert "u0, u2 and u3 (2.0–9.0 t)" in found
    found = choropleth.KIND.finding(CHOROPLETH, with_a_province(facts)).in_("en")
    assert "u2, u3 and u1 (1.0–3.0 t)" in found
    facts = facts_of(column={"2020": [5.0, 1.0], "2021": [9.0, 2.0]})
    plate = years_plate([2020, 2021], [])
    assert "u1" in years.KIND.finding(plate, with_a_province(facts)).in_("en")


def test_a_province_alone_is_named() -> None:
    facts = facts_of(column=[9.0, None, None])
    assert "9.0" in choropleth.KIND.finding(CHOROPLETH, with_a_province(facts)).in_("en")


def over_years(
    column: dict[str, list[float | None]], shifts: list[int], *, extensive: bool
) -> Said:
    plate = years_plate([int(year) for year in column], shifts)
    return years.KIND.finding(plate, facts_of(column=column, extensive=extensive))


def years_plate(known: list[int], shifts: list[int]) -> YearsPlate:
    return YearsPlate(
        **HEAD,
        field="f",
        year=known[-1],
        years=known,
        classes=NO_CLASSES,
        raster=None,
        breaks_note=None,
        level_shifts=shifts,
    )


def test_years_of_an_extensive_field_compare_totals_after_the_last_level_shift():
    column = {"2019": [1.0, 1.0], "2020": [10.0, 10.0], "2021": [10.0, 20.0]}
    found = over_years(column, [2020], extensive=True)
    assert both(found) == (
        "2020–2021 年，全部镇的产量合计增长 50%；2021 年，u1的产量最高（20.0 t）。",
        "From 2020 to 2021, the output of all towns together grew by 50%; in 2021, u1 has "
        "the highest output (20.0 t).",
    )


def sums(values: dict[int, list[float]], partial: dict[int, list[bool]] | None = None) -> str:
    """The finding of stacked columns of the three provinces' sums, in English."""
    known = list(values)
    facts = facts_of(column={str(year): [5.0] for year in known}, extensive=True)
    rows = [
        ("province", "f", year, region, value, bool(partial and partial[year][i]))
        for year in known
        for i, (region, value) in enumerate(zip("123", values[year], strict=True))
    ]
    names = ["kind", "code", "year", "region_id", "value", "partial"]
    facts = replace(facts, region_values=pd.DataFrame(rows, columns=names))
    return years.KIND.finding(replace(years_plate(known, []), chart="stacked"), facts).in_("en")


def test_stacked_sums_name_the_largest_and_the_fastest():
    assert sums({2019: [50.0, 20.0, 30.0], 2020: [60.0, 40.0, 0.0]}) == (
        "In 2020, A holds 60% of the output of all provinces; from 2019 to 2020, B grew fastest "
        "(100%), 丙 slowest (−100%)."
    )


def test_stacked_sums_leave_partial_ones_out_and_count_them():
    gap, none = [False, True, False], [False] * 3
    said = sums({2019: [50.0, 900.0, 30.0], 2020: [60.0, 999.0, 20.0]}, {2019: none, 2020: gap})
    assert said == (
        "In 2020, A holds 75% of the output of all provinces with complete data; from 2019 to "
        "2020, A grew fastest (20%), 丙 slowest (−33.3%); 1 province left out, since some of its "
        "members have no data."
    )
    for gaps in ([True] * 3, [True, False, True]):
        said = sums({2019: [1.0] * 3, 2020: [2.0] * 3}, {2019: gaps, 2020: none})
        assert said.startswith("From 2019 to 2020, the output of all towns together")


def test_totals_count_only_units_known_in_both_years():
    found = over_years({"2019": [10.0, None], "2020": [5.0, 100.0]}, [], extensive=True)
    assert "together fell by 50%" in found.in_("en")
    assert "合计下降 50%" in found.in_("zh")


@pytest.mark.parametrize(
    ("column", "en"),
    [
        (
            {"2019": [1.0, 2.0, 3.0], "2020": [2.0, 4.0, 6.0]},
            "the median output of towns rose from 2.0 t to 4.0 t",
        ),
        (
            {"2019": [1.0, 2.0, 3.0], "2020": [1.0, 1.0, 6.0]},
            "the median output of towns fell from 2.0 t to 1.0 t",
        ),
        (
            {"2019": [1.0, 2.0, 3.0], "2020": [0.0, 2.0, 6.0]},
            "the median output of towns stayed at 2.0 t",
        ),
    ],
)
def test_years_of_an_intensive_field_compare_medians(column, en):
    assert en in over_years(column, [], extensive=False).in_("en")


@pytest.mark.parametrize(
    ("column", "shifts"),
    [
        ({"2019": [1.0], "2020": [3.0]}, [2020]),
        ({"2019": [None, 1.0], "2020": [3.0, None]}, []),
        ({"2019": [0.0], "2020": [3.0]}, []),
    ],
)
def test_years_without_a_base_say_only_the_highest(column, shifts):
    assert (
        over_years(column, shifts, extensive=True)
        .in_("en")
        .startswith("In 2020, u0 has the highest")
    )


def test_years_without_values_and_with_ties():
    assert over_years({"2019": [None], "2020": [None]}, [], extensive=True).in_("en") == ""
    tied = over_years({"2019": [1.0, 1.0], "2020": [3.0, 3.0]}, [2020], extensive=True)
    assert tied.in_("en") == "In 2020, 2 towns share the highest output (3.0 t)."


@pytest.mark.parametrize(
    ("held", "zh", "en"),
    [
        (
            [[0, 1], [1], [1, 2]],
            "3 个集群分布在 3 个镇；u1最多，有 3 个。",
            "3 clusters lie in 3 towns; u1 has most: 3.",
        ),
        ([[0, 1], [0, 1]], None, "2 clusters lie in 2 towns; u0 and u1 have most: 2 each."),
        ([[0]], None, "1 cluster lies in 1 town."),
        ([[0, 1, 2, 3]] * 2, None, "2 clusters lie in 4 towns."),
        ([], "", ""),
    ],
)
def test_clusters(held, zh, en):
    found = clusters.KIND.finding(ClustersPlate(**HEAD, set="c"), facts_of(held=held))
    assert found.in_("en") == en
    assert zh is None or found.in_("zh") == zh
