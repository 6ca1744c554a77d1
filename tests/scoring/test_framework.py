"""Index files: every fault is named; trees are drawn with what is absent or a proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from regional_atlas.config.index import (
    ComparisonConfig,
    IndexConfig,
    draw_tree,
    shares,
    stated_weights,
)
from regional_atlas.config.project import read_index
from regional_atlas.core.errors import ConfigError

TREE = [
    {"code": "economy", "title": "Economy", "weight": 3},
    {"code": "gdp", "title": "Output", "parent": "economy"},
    {"code": "rd", "title": "Research", "parent": "economy"},
    {"code": "debt", "title": "Debt", "direction": -1},
]


def index(**changes: Any) -> IndexConfig:
    return IndexConfig.model_validate({"id": "demo", "title": "Demo", "nodes": TREE} | changes)


def faults(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        index(**changes)
    return str(caught.value)


def changed(code: str, **values: Any) -> list[dict[str, Any]]:
    return [node | values if node["code"] == code else node for node in TREE]


def test_all_faults_of_the_tree_stand_in_one_message() -> None:
    nodes = [*TREE, {"code": "GDP", "title": "Again"}, {"code": "rank", "title": "R"},
             {"code": "x", "title": "X", "parent": "nowhere"}]  # fmt: skip
    message = faults(nodes=nodes)
    assert "code 'gdp' stands more than once (case does not count)" in message
    assert "code 'rank' is reserved" in message
    assert "node 'x': parent 'nowhere' is not a node; use 'index' for the root" in message


def test_cycles_and_empty_trees() -> None:
    nodes = [{"code": "a", "title": "A", "parent": "b"}, {"code": "b", "title": "B", "parent": "a"}]
    assert "node 'a' lies on a cycle; node 'b' lies on a cycle" in faults(nodes=nodes)
    assert "there are no nodes" in faults(nodes=[])


@pytest.mark.parametrize(
    ("code", "values", "message"),
    [
        ("economy", {"denominator": "people"}, "'denominator' is for indicators"),
        ("economy", {"direction": -1}, "'direction' is for indicators"),
        ("gdp", {"extensive": False, "denominator": "p"}, "takes no denominator"),
        ("gdp", {"proxy": "x", "absent": "y"}, "a proxy or absent, not both"),
        ("gdp", {"goalposts": {"low": 3, "high": 1}}, "`low` 3.0 is not below `high` 1.0"),
        ("gdp", {"goalposts": {"low": 0, "high": 1, "log": True}}, "`log` needs `low` above 0"),
        ("gdp", {"normalise": {"method": "target"}}, "by target and has no 'target'"),
        ("gdp", {"weight": 0}, "greater than 0"),
    ],
)
def test_faults_of_a_node(code: str, values: dict[str, Any], message: str) -> None:
    assert message in faults(nodes=changed(code, **values))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normalise": {"method": "goalposts"}}, "'gdp' is normalised by goalposts and has no"),
        ({"normalise": {"method": "distance_to_reference"}}, "go together"),
        ({"normalise": {"low": 2, "high": 1, "bounds": [3, 3]}}, "`bounds` [3.0, 3.0] do not"),
        ({"impute": {"method": "knn", "group": "g"}}, "`group` goes with mean and median"),
        ({"aggregate": {"method": "power", "power": 0}}, "the method geometric"),
        ({"aggregate": {"most": 0.5}}, "go with benefit_of_the_doubt, not 'arithmetic'"),
        ({"aggregate": {"method": "benefit_of_the_doubt", "least": 0.5, "most": 0.2}}, "is above"),
        ({"aggregate": {"levels": [{}, {}, {}]}}, "3 levels for a tree of 2"),
        ({"tiers": {"method": "by_rank"}}, "`last_ranks` and the method by_rank go together"),
        ({"tiers": {"method": "by_rank", "last_ranks": [5, 2]}}, "ascend from 1; found [5, 2]"),
        ({"weight": {"method": "ahp"}}, "'economy' is weighed by ahp and has no comparisons"),
    ],
)
def test_faults_of_a_step(changes: dict[str, Any], message: str) -> None:
    assert message in faults(**changes)


def test_an_index_of_absences_is_refused() -> None:
    nodes = [node | ({} if node["code"] == "economy" else {"absent": "no data"}) for node in TREE]
    assert "every indicator is absent" in faults(nodes=nodes)


def test_all_faults_of_a_comparison_stand_in_one_message() -> None:
    with pytest.raises(ValidationError) as caught:
        ComparisonConfig(items=["a", "b"], matrix=[[2, "x"], [-1, 1]])
    message = str(caught.value)
    assert "a against a: an item compared with itself is 1" in message
    assert "a against b: 'x' is not a number or fraction" in message
    assert "b against a: -1 is not above 0" in message
    with pytest.raises(ValidationError, match="3 and 1/2 do not mirror each other"):
        ComparisonConfig(items=["a", "b"], matrix=[[1, "3"], ["1/2", 1]])
    with pytest.raises(ValidationError, match="2 items need 2 rows of 2 cells, found 2"):
        ComparisonConfig(items=["a", "b"], matrix=[[1, 2]])


def test_comparisons_must_name_the_children_of_a_node() -> None:
    matrix = [[1, 2], ["1/2", 1]]
    message = faults(comparisons=[
        {"items": ["economy", "gdp"], "matrix": matrix},
        {"node": "debt", "items": ["gdp", "rd"], "matrix": matrix},
        {"node": "economy", "items": ["gdp", "rd"], "matrix": matrix},
        {"node": "economy", "items": ["gdp", "rd"], "matrix": matrix},
    ])  # fmt: skip
    assert "comparisons of 'index': item 'debt' is missing" in message
    assert "comparisons of 'index': item 'gdp' is not a child of the node" in message
    assert "comparisons of 'debt': no node with children is called so" in message
    assert "several experts need different names" in message


def test_one_of_two_mirrored_cells_is_enough() -> None:
    values = ComparisonConfig(items=["a", "b", "c"], matrix=[[1, "3", ""], ["", 1, 2], ["", "", 1]])
    filled = values.values()
    assert filled[1][0] == pytest.approx(1 / 3)
    assert filled[2][1] == 0.5
    assert filled[0][2] != filled[0][2]


def test_a_tree_says_what_is_absent_and_what_stands_in() -> None:
    drawn = draw_tree(index(nodes=[
        *changed("rd", absent={"zh": "未公布", "en": "not published"}),
        {"code": "light", "title": "Light", "proxy": {"zh": "代替", "en": "for industry"},
         "unit": "nW", "parent": "economy"},
        {"code": "green", "title": {"zh": "绿色", "en": "Green"}, "weight": 4},
        {"code": "air", "title": "Air", "parent": "green", "absent": "no table"},
    ]), language="zh")  # fmt: skip
    assert drawn.splitlines() == [
        "demo  Demo",
        "├─ economy  Economy  75.0 %",
        "│  ├─ gdp  Output  37.5 %",
        "│  ├─ rd  Research  absent, judged 33.3 % among its siblings: 未公布",
        "│  └─ light  Light  37.5 %  [nW]  proxy: 代替",
        "├─ debt  Debt  25.0 %  less is better",
        "└─ green  绿色  absent, judged 50.0 % among its siblings",
        "   └─ air  Air  absent, judged 100.0 % among its siblings: no table",
    ]


def test_shares_of_indicators_sum_to_one() -> None:
    found = shares(index().nodes, stated_weights(index()))
    assert found == {"index": 1, "economy": 0.75, "debt": 0.25, "gdp": 0.375, "rd": 0.375}


def test_a_file_with_faults_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('id = "x"\ntitle = "X"\nnodes = [{ code = "a", title = "A", wieght = 1 }]\n')
    with pytest.raises(ConfigError, match=r"nodes\[0\].wieght: unknown key; allowed: code, title"):
        read_index(path)
