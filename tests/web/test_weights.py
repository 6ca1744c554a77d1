"""Weights in the reader's hands: the page's index against regional_atlas.scoring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regional_atlas.config.index import IndexConfig
from regional_atlas.scoring import score

pytestmark = pytest.mark.browser

TREE = [
    {"code": "size", "parent": "index", "weight": 0.6},
    {"code": "pace", "parent": "index", "weight": 0.4},
    {"code": "a", "parent": "size", "weight": 0.5},
    {"code": "b", "parent": "size", "weight": 0.3, "direction": -1},
    {"code": "c", "parent": "size", "weight": 0.2},
    {"code": "d", "parent": "pace", "weight": 0.7},
    {"code": "e", "parent": "pace", "weight": 0.3},
]
LEAVES = ["a", "b", "c", "d", "e"]
UNITS = 400
SETTINGS = 240


def invented(rng: np.random.Generator) -> pd.DataFrame:
    """Skewed columns with ties and gaps."""
    data = pd.DataFrame(
        {
            "a": rng.lognormal(3, 1.5, UNITS),
            "b": rng.integers(0, 12, UNITS).astype(float),
            "c": rng.normal(0, 4, UNITS),
            "d": rng.random(UNITS).round(2),
            "e": rng.lognormal(0, 1, UNITS).round(1),
        },
        index=[f"u{at:03d}" for at in range(UNITS)],
    )
    return data.mask(rng.random(data.shape) < 0.12)


def index_config(setting: dict[str, Any]) -> IndexConfig:
    nodes = [
        {"title": n["code"], **n, "weight": setting["weights"].get(n["code"], n["weight"])}
        for n in TREE
    ]
    return IndexConfig.model_validate(
        {
            "id": "demo",
            "title": "Demo",
            "normalise": {"method": setting["normalise"]},
            "aggregate": {"method": setting["aggregate"], "availability": 0.5},
            "tiers": {"k": 4},
            "nodes": nodes,
        }
    )


def random_settings(rng: np.random.Generator) -> list[dict[str, Any]]:
    settings = []
    for _ in range(SETTINGS):
        chosen = rng.choice([n["code"] for n in TREE], rng.integers(1, len(TREE)), replace=False)
        normalise = str(rng.choice(["percentile_rank", "min_max", "z_score"]))
        methods = ["arithmetic"] if normalise == "z_score" else ["arithmetic", "geometric"]
        settings.append(
            {
                "weights": {str(code): float(rng.uniform(0.01, 1)) for code in chosen},
                "normalise": normalise,
                "aggregate": str(rng.choice(methods)),
            }
        )
    return settings


SCORE = """([index, raw, settings]) => settings.map((setting) => {
  const full = {index: index.id, ...setting};
  const {score, rank, tier, nodes} = RegionalAtlas.computeIndex(index, raw, full);
  return {score, rank, tier, size: nodes.size};
})"""


def test_hundreds_of_settings_equal_the_engine(open_page: Any, example_page: Path) -> None:
    rng = np.random.default_rng(20221)
    data = invented(rng)
    index = {
        "id": "demo",
        "title": {"zh": "", "en": ""},
        "ranking": "demo",
        "nodes": [
            {"title": {"zh": "", "en": ""}, "unit": None, "field": None, "direction": 1, **n}
            for n in TREE
        ],
        "normalise": {"method": "percentile_rank", "low": 0, "high": 100},
        "aggregate": {"method": "arithmetic", "availability": 0.5},
        "tiers": 4,
    }
    raw = {code: [None if np.isnan(v) else v for v in data[code]] for code in LEAVES}
    settings = random_settings(rng)
    page = open_page(example_page)
    for setting, found in zip(settings, page.evaluate(SCORE, [index, raw, settings]), strict=True):
        expected = score(data, index_config(setting)).scores
        for column, name in (("score", "index"), ("size", "size")):
            got = np.array(found[column], dtype=float)
            np.testing.assert_allclose(got, expected[name].to_numpy(float), rtol=0, atol=1e-9)
        ranks = expected["rank"].to_numpy(dtype=float, na_value=np.nan)
        np.testing.assert_array_equal(np.array(found["rank"], dtype=float), ranks)
        # No partition into tiers is better than the page's, which is exact.
        ours = within(found["score"], found["tier"])
        assert ours <= within(found["score"], list(expected["tier"])) + 1e-6


def within(scores: list[float | None], tiers: list[Any]) -> float:
    """Sum of squares within the tiers."""
    table = pd.DataFrame({"score": scores, "tier": tiers}).dropna().astype(float)
    return float(table.groupby("tier")["score"].apply(lambda s: ((s - s.mean()) ** 2).sum()).sum())


@pytest.fixture(scope="module")
def weighted_page(example_page: Path, rewritten: Any) -> Path:
    """The starter project's page with an index of two indicators."""

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        rng = np.random.default_rng(5)
        nodes = [
            {
                "code": code,
                "title": {"zh": code, "en": code.upper()},
                "unit": None,
                "parent": "index",
                "weight": 0.5,
                "direction": 1,
                "field": None,
            }
            for code in ("a", "b")
        ]
        spec["indices"] = [
            {
                "id": "demo",
                "title": {"zh": "示例", "en": "Demo"},
                "ranking": spec["rankings"][0]["id"],
                "nodes": nodes,
                "normalise": {"method": "percentile_rank", "low": 0, "high": 100},
                "aggregate": {"method": "arithmetic", "availability": 0},
                "tiers": 3,
            }
        ]
        count = len(store["unit_id"])
        store["indices"] = {"demo": {code: rng.random(count).tolist() for code in ("a", "b")}}

    return rewritten(example_page, change)


def test_weights_change_scores_and_are_in_the_link(open_page: Any, weighted_page: Path) -> None:
    page = open_page(weighted_page)
    before = page.evaluate("window.regionalAtlas.scores()")
    page.evaluate("window.regionalAtlas.setWeights({a: 1, b: 0}, {normalise: 'min_max'})")
    after = page.evaluate("window.regionalAtlas.scores()")
    assert [row["unit_id"] for row in before] == [row["unit_id"] for row in after]
    assert before != after
    assert "weights=demo~a:1,b:0~min_max" in page.url
    again = open_page(weighted_page, fragment=page.url[page.url.index("#") :])
    assert again.evaluate("window.regionalAtlas.scores()") == after
    with pytest.raises(Exception, match="no zzz"):
        page.evaluate("window.regionalAtlas.setWeights({zzz: 1})")
    page.evaluate("window.regionalAtlas.setWeights(null)")
    assert page.evaluate("window.regionalAtlas.scores()") == before


def test_a_slider_moves_the_ranking(open_page: Any, weighted_page: Path) -> None:
    page = open_page(weighted_page)
    page.locator(".ra-weights summary").click()
    page.locator(".ra-weights input[type=range]").first.focus()
    page.keyboard.press("End")
    page.wait_for_function("window.regionalAtlas.state.weights?.weights.a === 1")
    assert "With your weights" in page.inner_text(".ra-finding")
    page.get_by_role("button", name="published").click()
    page.wait_for_function("window.regionalAtlas.state.weights === null")


ROWS = """() => [...document.querySelectorAll('.ra-table tbody tr[data-row]')].map((row) =>
  [row.querySelector('th button'), ...row.querySelectorAll('.ra-cell')]
    .map((cell) => cell.textContent))"""


def test_places_gained_and_lost_are_said(open_page: Any, weighted_page: Path) -> None:
    page = open_page(weighted_page, "#lang=en")
    published = {name: int(rank) for name, rank, *_ in page.evaluate(ROWS)}
    page.evaluate("window.regionalAtlas.setWeights({a: 1, b: 0})")
    gained = {}
    for name, rank, change, *_ in page.evaluate(ROWS):
        moved = published[name] - int(rank) if name in published else None
        assert change == (
            "–" if moved is None else f"{moved:+}".replace("-", "−").replace("+0", "0")
        )
        gained[name] = moved or 0
    assert len(set(gained.values())) > 2
    finding = page.inner_text(".ra-finding")
    for phrase, best, sign in (("gaining most ", max, "+"), ("losing most ", min, "−")):
        most = best(gained.values())
        named = finding.partition(phrase)[2]
        assert bool(named) == (most != 0)
        if named:
            assert gained[named.split(" (")[0]] == most
            assert f"({sign}{abs(most)})" in named
    page.locator(".ra-weights .ra-chip", has_text="Equal weights").click()
    assert page.evaluate("window.regionalAtlas.state.weights.weights") == {"a": 1, "b": 1}
    page.locator(".ra-weights .ra-chip", has_text="Only: B").click()
    assert page.evaluate("window.regionalAtlas.state.weights.weights") == {"a": 0, "b": 1}
