from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from regional_atlas.page.facts import Facts
from regional_atlas.page.findings import finding


def text(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def facts_of(
    ranks: list[int | None] | None = None,
    *,
    parents: list[int] | None = None,
    tiers: list[int | None] | None = None,
    members: list[tuple[int, int]] | None = None,
    column: Any = None,
    unit: str | dict[str, Any] = "t",
    levels: int = 1,
    clusters: list[list[int]] | None = None,
    extensive: bool = False,
) -> Facts:
    size = len(ranks or parents or column or [0] * 6)
    size = len(next(iter(column.values()))) if isinstance(column, dict) else size
    ranks = ranks or [None] * size
    tiers = tiers or [None] * size
    members = members or []
    known = sorted({tier for tier in tiers if tier})
    years = [int(year) for year in column] if isinstance(column, dict) else None
    spec = {
        "unit_level": {"title": {"zh": "镇", "en": "town"}},
        "unit_types": [],
        "levels": [{"id": "province", "title": {"zh": "省", "en": "province"}}][:levels],
        "kinds": [
            {
                "id": "metro",
                "title": {"zh": "圈", "en": "area"},
                "regions": [{"title": text(name)} for name in "RSTUV"],
            }
        ],
        "rankings": [
            {"id": "r", "among": None, "tiers": [{"tier": tier} for tier in known]},
        ],
        "fields": [
            {
                "id": "f",
                "title": {"zh": "产量", "en": "Output"},
                "unit": text(unit) if isinstance(unit, str) else unit,
                "digits": 1,
                "years": years,
            }
        ],
        "clusters": [{"id": "c", "items": [{"units": units} for units in clusters or []]}],
    }
    store = {
        "unit_id": [str(i) for i in range(size)],
        "unit": [f"u{i}" for i in range(size)],
        "unit_en": [None] * size,
        "unit_type": [-1] * size,
        "parents": {
            "province": {
                "short": ["甲", "乙", "丙"],
                "names_en": ["A", "B", None],
                "of": parents or [-1] * size,
            }
        },
        "membership": {
            "metro": {
                "unit": [unit for unit, _ in members],
                "region": [region for _, region in members],
                "exclusive": [1] * len(members),
            }
        },
        "rankings": {"r": {"rank": ranks, "tier": tiers}},
        "fields": {"f": column},
    }
    return Facts(spec, store, frozenset({"f"}) if extensive else frozenset())


RANKING = {"kind": "ranking", "ranking": "r"}


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
    found = finding(RANKING, facts_of([1, 2, 3, 4, 5, 6], parents=parents))
    assert found == {"zh": zh, "en": en}


def test_a_ranking_without_levels_or_ranks():
    assert finding(RANKING, facts_of([2, 1, None], levels=0))["en"] == "U1 leads."
    assert finding(RANKING, facts_of([None] * 3)) == {"zh": "", "en": ""}


def test_a_long_ranking_speaks_of_its_first_hundred():
    parents = [0] * 60 + [1] * 30 + [2] * 210
    found = finding(RANKING, facts_of(list(range(1, 301)), parents=parents))
    assert found["en"] == "Of the first 100 places, A (60) and B (30) hold 90; u0 (A) leads."


def test_a_unit_that_bears_its_parents_name_is_not_named_twice():
    facts = facts_of([1], parents=[0])
    facts.store["unit"] = ["甲城"]
    assert facts.unit(0) == {"zh": "甲城", "en": "甲城"}


@pytest.mark.parametrize(
    ("tiers", "zh", "en"),
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
def test_tiers(tiers, zh, en):
    found = finding({"kind": "tiers", "ranking": "r"}, facts_of([1, 2, 3, 4, 5, 6], tiers=tiers))
    assert found["en"] == en
    assert zh is None or found["zh"] == zh


def test_a_large_first_tier_names_its_first_three():
    facts = facts_of(list(range(1, 11)), tiers=[1] * 8 + [2] * 2)
    found = finding({"kind": "tiers", "ranking": "r"}, facts)
    assert found["zh"] == "第一梯队共 8 个，前三名是u0、u1、u2；第二梯队 2 个。"
    assert found["en"] == "Tier 1 holds 8 towns, led by u0, u1 and u2; tier 2 holds 2."
    assert finding({"kind": "tiers", "ranking": "r"}, facts_of([1]))["en"] == ""


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
    plate = {"kind": "regions", "region_kind": "metro", "ranking": "r"}
    found = finding(plate, facts_of([1, 2, 3, 4, None, None], members=members))
    assert found["en"] == en
    assert found["zh"].startswith(f"4 席中有 {en[0]} 席在圈内")


def test_regions_without_a_ranking_or_without_ranks():
    plate = {"kind": "regions", "region_kind": "metro", "ranking": None}
    facts = facts_of([None] * 4, members=[(0, 0)])
    assert finding(plate, facts)["en"] == "5 areas cover 1 of 4 towns (25%)."
    assert finding(plate | {"ranking": "r"}, facts)["en"] == ""


def row(parent: int, count: int, of: int) -> dict[str, Any]:
    return {"parent": parent, "count": count, "of": of, "share": count / of if of else None}


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
    plate = {"kind": "coverage", "level": "province", "ranking": "r", "rows": rows}
    plate["measure"] = "share"
    assert finding(plate, facts_of([1]))["en"] == en


CHOROPLETH = {"kind": "choropleth", "field": "f", "year": None}


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
            {"zh": "%", "en": "%", "power": {"zh": 2, "en": 2}},
            None,
            "Output is highest in u0, u1 and u2 (10–50%).",
        ),
        (
            [4276.8, 12.0, 0.7],
            {"zh": "亿元", "en": "bn yuan", "power": {"zh": 0, "en": -1}},
            "产量最高的是u0、u1、u2（0.70–4,276.8 亿元）。",
            "Output is highest in u0, u1 and u2 (0.070–427.68 bn yuan).",
        ),
        ([1.0] * 5, "", "5 个镇的产量并列最高（1.0）。", "5 towns share the highest output (1.0)."),
        ([None, None], "t", "", ""),
    ],
)
def test_choropleth(column, unit, zh, en):
    found = finding(CHOROPLETH, facts_of(column=column, unit=unit))
    assert found["en"] == en
    assert zh is None or found["zh"] == zh


def test_a_choropleth_of_many_units_tells_their_spread():
    found = finding(CHOROPLETH, facts_of(column=[float(i) for i in range(11)]))
    assert found["zh"].endswith("中位数为 5.0 t，最高的十分之一在 9.0 t 以上。")
    assert found["en"].endswith("the median is 5.0 t, and a tenth lie above 9.0 t.")


def years(column: dict[str, list[float | None]], shifts: list[int], *, extensive: bool) -> Any:
    known = [int(year) for year in column]
    plate = {
        "kind": "years",
        "field": "f",
        "year": known[-1],
        "years": known,
        "level_shifts": shifts,
    }
    return finding(plate, facts_of(column=column, extensive=extensive))


def test_years_of_an_extensive_field_compare_totals_after_the_last_level_shift():
    column = {"2019": [1.0, 1.0], "2020": [10.0, 10.0], "2021": [10.0, 20.0]}
    found = years(column, [2020], extensive=True)
    assert found == {
        "zh": "2020–2021 年，全部镇的产量合计增长 50%；2021 年，u1的产量最高（20.0 t）。",
        "en": "From 2020 to 2021, the output of all towns together grew by 50%; in 2021, u1 has "
        "the highest output (20.0 t).",
    }


def sums(values: dict[int, list[float]], partial: dict[int, list[bool]] | None = None) -> str:
    """The finding of stacked columns of the three provinces' sums, in English."""
    known = list(values)
    facts = facts_of(column={str(year): [None] for year in known}, extensive=True)
    facts.store["parents"]["province"]["ids"] = ["a", "b", "c"]
    rows = [
        ("province", "f", year, region, value, bool(partial and partial[year][i]))
        for year in known
        for i, (region, value) in enumerate(zip("abc", values[year], strict=True))
    ]
    names = ["kind", "code", "year", "region_id", "value", "partial"]
    plate = {"kind": "years", "chart": "stacked", "field": "f", "year": known[-1], "years": known}
    return finding(plate, replace(facts, region_values=pd.DataFrame(rows, columns=names)))["en"]


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
    all_gaps = {2019: [True] * 3, 2020: none}
    assert sums({2019: [1.0] * 3, 2020: [2.0] * 3}, all_gaps) == ""


def test_totals_count_only_units_known_in_both_years():
    found = years({"2019": [10.0, None], "2020": [5.0, 100.0]}, [], extensive=True)
    assert "together fell by 50%" in found["en"]
    assert "合计下降 50%" in found["zh"]


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
    assert en in years(column, [], extensive=False)["en"]


@pytest.mark.parametrize(
    ("column", "shifts"),
    [
        ({"2019": [1.0], "2020": [3.0]}, [2020]),
        ({"2019": [None, 1.0], "2020": [3.0, None]}, []),
        ({"2019": [0.0], "2020": [3.0]}, []),
    ],
)
def test_years_without_a_base_say_only_the_highest(column, shifts):
    assert years(column, shifts, extensive=True)["en"].startswith("In 2020, u0 has the highest")


def test_years_without_values_and_with_ties():
    assert years({"2019": [None], "2020": [None]}, [], extensive=True)["en"] == ""
    tied = years({"2019": [1.0, 1.0], "2020": [3.0, 3.0]}, [2020], extensive=True)
    assert tied["en"] == "In 2020, 2 towns share the highest output (3.0 t)."


@pytest.mark.parametrize(
    ("clusters", "zh", "en"),
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
def test_clusters(clusters, zh, en):
    found = finding({"kind": "clusters", "set": "c"}, facts_of(clusters=clusters))
    assert found["en"] == en
    assert zh is None or found["zh"] == zh
