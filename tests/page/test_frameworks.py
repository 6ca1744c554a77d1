"""The trees of computed indices as the page draws them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from regional_atlas.config.index import IndexConfig
from regional_atlas.page.format import plain
from regional_atlas.page.frameworks import frameworks

from .conftest import BOTH

FILE: dict[str, Any] = {
    "id": "demo",
    "title": "Demo",
    "nodes": [
        {"code": "economy", "title": "Economy", "weight": 3},
        {"code": "gdp", "title": "Output", "parent": "economy", "weight": 2, "unit": "yuan"},
        {"code": "jobs", "title": "Jobs", "parent": "economy", "proxy": "for wages"},
        {"code": "rd", "title": "R&D", "parent": "economy", "absent": "not published"},
        {"code": "green", "title": "Green", "weight": 1},
        {"code": "smoke", "title": "Smoke", "parent": "green", "direction": -1, "absent": "none"},
    ],
}


def nodes(file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    project: Any = SimpleNamespace(
        indices={"demo": IndexConfig.model_validate(file)},
        config=SimpleNamespace(
            indicators={
                "accounts": SimpleNamespace(columns=[SimpleNamespace(code="gdp")], derived=[])
            }
        ),
    )
    tables: Any = SimpleNamespace(meta={"jobs": SimpleNamespace(citation="census")})
    [framework] = plain(frameworks(project, tables), BOTH)
    assert framework["ranking"] == "demo"
    return {node["code"]: node for node in framework["nodes"]}


def test_shares_as_judged_and_in_effect() -> None:
    found = nodes(FILE)
    # As judged: 3/4 for the economy, split 2 : 1 : 1; in effect the economy is all, split 2 : 1.
    given = {code: node["given"] for code, node in found.items()}
    assert given == {
        "economy": 0.75, "gdp": 0.375, "jobs": 0.1875, "rd": 0.1875, "green": 0.25, "smoke": 0.25,
    }  # fmt: skip
    assert {code: node["share"] for code, node in found.items()} == {
        "economy": 1.0, "gdp": 0.6667, "jobs": 0.3333, "rd": 0.0, "green": 0.0, "smoke": 0.0,
    }  # fmt: skip


def test_marks_reasons_and_sources() -> None:
    found = nodes(FILE)
    assert {code: node["status"] for code, node in found.items()} == {
        "economy": "used", "gdp": "used", "jobs": "proxy", "rd": "absent", "green": "absent",
        "smoke": "absent",
    }  # fmt: skip
    assert found["jobs"]["reason"] == {"zh": "for wages", "en": "for wages"}
    assert found["rd"]["reason"]["en"] == "not published"
    assert found["green"]["reason"] is None
    assert (found["gdp"]["citation"], found["jobs"]["citation"]) == ("accounts", "census")
    assert found["gdp"]["unit"]["name"]["en"] == "yuan"
    assert found["smoke"]["direction"] == -1


def test_what_the_data_weigh_has_no_stated_share() -> None:
    below = nodes(
        FILE
        | {"weight": {"method": "manual", "levels": [{"method": "manual"}, {"method": "entropy"}]}}
    )
    assert below["economy"]["given"] == 0.75
    assert below["gdp"]["given"] is None
    above = nodes(FILE | {"weight": {"method": "pca"}})
    assert {node["share"] for node in above.values()} == {None}
    assert above["rd"]["status"] == "absent"


@pytest.mark.china
def test_the_china_project_shows_every_tree(china: Any) -> None:
    found = {tree["ranking"]: tree for tree in plain(frameworks(china.project, china.tables), BOTH)}
    assert list(found) == ["vitality", "industrial", "innovation", "districts"]
    industrial = found["industrial"]["nodes"]
    parents = {node["parent"] for node in industrial}
    indicators = [node for node in industrial if node["code"] not in parents]
    assert sum(node["share"] for node in indicators) == pytest.approx(1, abs=2e-3)
    assert sum(node["given"] for node in indicators) == pytest.approx(1, abs=2e-3)
    states = [node["status"] for node in indicators]
    assert [states.count(name) for name in ("used", "proxy", "absent")] == [4, 10, 11]
    assert all(node["reason"] for node in indicators if node["status"] != "used")
    assert all(node["citation"] for node in indicators if node["status"] != "absent")
