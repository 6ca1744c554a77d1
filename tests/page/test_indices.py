"""What the page gets to compute an index again, and names in Pinyin."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from regional_atlas.core.pinyin import english_names, pinyin_names
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.format import plain

from .conftest import BOTH, UNITS, make_tables


def blocks(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    store = build_store(project, tables, shapes)
    return plain(store, BOTH), plain(build_spec(project, tables, store, shapes), BOTH)


def test_an_index_comes_with_its_tree_and_the_values_it_was_made_of(project, tables, topology):
    store, spec = blocks(project, tables, topology)
    (index,) = spec["indices"]
    assert (index["id"], index["ranking"], index["tiers"]) == ("shine", "shine", 4)
    assert index["normalise"] == {"method": "percentile_rank", "low": 0, "high": 100}
    assert index["aggregate"] == {"method": "arithmetic", "availability": 0.6}
    assert [(node["code"], node["parent"], node["field"]) for node in index["nodes"]] == [
        ("lights", "index", None),
        ("light_mean", "lights", "light_mean"),
        ("light_lit_share", "lights", "light_lit_share"),
        ("population", "index", "population"),
    ]
    assert index["nodes"][3]["direction"] == -1
    columns = store["indices"]["shine"]
    assert list(columns) == ["light_mean", "light_lit_share", "population"]
    assert columns["light_mean"][8] == 60
    assert columns["population"][8] is None


def test_raw_values_stay_different_where_they_differ(project, tables, topology):
    near = tables.indicators.copy()
    rows = near.index[near["code"] == "population"]
    near.loc[rows[1], "value"] = 1000 / 3
    near.loc[rows[2], "value"] = np.nextafter(1000 / 3, 1e9)
    store, _ = blocks(project, replace(tables, indicators=near), topology)
    values = store["indices"]["shine"]["population"]
    assert values[1] == 1000 / 3
    assert values[1] != values[2]
    near.loc[rows[2], "value"] = 7.0
    store, _ = blocks(project, replace(tables, indicators=near), topology)
    assert store["indices"]["shine"]["population"][1] == 333.333333333


@pytest.mark.parametrize(
    "change",
    [
        {"aggregate": {"method": "harmonic"}},
        {"weight": {"method": "equal"}},
        {"treat": {"method": "log"}},
        {"tiers": {"goodness": 0.9}},
    ],
)
def test_an_index_that_the_page_cannot_compute_is_left_as_it_is(project, tables, topology, change):
    index = project.indices["shine"]
    raw = index.model_dump() | change
    other = replace(project, indices={"shine": type(index).model_validate(raw)})
    store, spec = blocks(other, tables, topology)
    assert spec["indices"] == []
    assert store["indices"] == {}


def test_intervals_of_ranks_and_probabilities_of_tiers_where_scores_have_them(
    project, tables, topology
):
    shine = tables.scores["shine"].assign(
        rank_low=[*range(1, 9), None], rank_high=[*range(2, 10), None], p_tier=0.98765
    )
    store, _ = blocks(project, replace(tables, scores={"shine": shine}), topology)
    assert store["rankings"]["shine"]["low"] == [*range(1, 9), None]
    assert store["rankings"]["shine"]["high"] == [*range(2, 10), None]
    assert store["rankings"]["shine"]["p_tier"][0] == 0.988
    best = store["rankings"]["best"]
    assert {key for key, column in best.items() if column is not None} == {"rank", "tier"}


def test_chinese_names_are_also_in_pinyin(project, topology):
    names = ["昆山市", "Beta", "六安市", "长子县", "尉犁县", "西安市", "吕梁市", "朝阳区", "泽州县"]
    tables = make_tables(names)
    config = project.config.model_copy(update={"pinyin": {"朝阳": "chao yang"}})
    store, spec = blocks(replace(project, config=config), tables, topology)
    assert store["unit_pinyin"] == [
        "kun shan shi",
        None,
        "lu an shi",
        "zhang zi xian",
        "yu li xian",
        "xi an shi",
        "lü liang shi",
        "chao yang qu",
        "ze zhou xian",
    ]
    # What the source says goes first.
    assert store["unit_en"][:3] == ["Kunshan Shi", "Beta", "Lu'an Shi"]
    check = spec["report"]["checks"][-1]
    assert check["detail"]["en"].startswith("8 units have none: ")


def test_names_are_read_as_chinese_only_where_the_project_says_so(project, topology):
    tables = make_tables(["埼玉県", *(f"{name}市" for name in "東西南北上下左右")])
    assert project.config.pinyin is None
    store, spec = blocks(project, tables, topology)
    assert store["unit_pinyin"] is None
    assert "Pinyin" not in json.dumps(spec["report"])


def test_no_chinese_no_pinyin(project, tables, topology):
    store, spec = blocks(project, tables, topology)
    assert store["unit_pinyin"] is None
    assert len(spec["report"]["checks"]) == 1


def test_the_special_reading_goes_before_the_general():
    readings = {"长子": "zhang zi", "长": "chang"}
    assert pinyin_names(["长子县", "天长市"], readings) == [
        ("zhang zi", "xian"),
        ("tian chang", "shi"),
    ]
    assert english_names(["东阿县"], {"东阿": "dong e"}, {}) == ["Dong'e Xian"]


ENDINGS = {"市": "", "县": "County", "区": "District", "自治县": "Autonomous County", "彝族": "Yi"}


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("昆山市", "Kunshan"), ("长沙县", "Changsha County"), ("辉县市", "Huixian"),
        ("沙县区", "Shaxian District"), ("峨边彝族自治县", "Ebian Yi Autonomous County"),
        ("西安", "Xi'an"), ("县", "Xian"), ("Sha Tin", None),
    ],
)  # fmt: skip
def test_endings_of_names_are_said_in_english(name, english):
    assert english_names([name, "昆山市"], {}, ENDINGS) == [english, "Kunshan"]


def test_without_the_library_there_is_no_pinyin(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypinyin", None)
    assert pinyin_names(["昆山市"], {}) is None
