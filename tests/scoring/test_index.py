"""Whole indices: absences, screening, levels, panels, recipes, audit, the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from regional_atlas.cli import app
from regional_atlas.config.index import IndexConfig, NodeConfig
from regional_atlas.config.project import read_index
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.jobs.score import read_index_data
from regional_atlas.scoring import (
    IndexResult,
    Recipe,
    audit,
    compare,
    rebuild,
    recipe_of,
    run_recipe,
    score,
)
from regional_atlas.scoring.audit import correlation_flags, cronbach_alpha, inflation
from regional_atlas.scoring.growth import node_data_share

NAN = float("nan")

NODES: list[dict[str, Any]] = [
    {"code": "economy", "title": "E", "weight": 2},
    {"code": "gdp", "title": "Output", "parent": "economy", "denominator": "people"},
    {"code": "jobless", "title": "Jobless", "parent": "economy", "direction": -1},
    {"code": "green", "title": "G", "weight": 1},
    {"code": "air", "title": "Air", "parent": "green", "absent": "no table"},
    {"code": "light", "title": "L", "weight": 1, "proxy": "for trade"},
]
DATA = pd.DataFrame(
    {"gdp": [2.0, 20.0, 5.0, NAN, 4.0], "people": [1.0, 2.0, 5.0, 1.0, 2.0],
     "jobless": [4.0, 2.0, 0.0, NAN, 1.0], "light": [1.0, 2.0, 3.0, 2.0, NAN],
     "side": ["w", "w", "e", "e", "e"]}, index=pd.Index(list("abcde"), name="unit_id"),
)  # fmt: skip


def spec(**changes: Any) -> IndexConfig:
    values = {"id": "demo", "title": "Demo", "tiers": {"k": 2},
              "normalise": {"method": "min_max"}, "nodes": NODES}  # fmt: skip
    return IndexConfig.model_validate(values | changes)


def test_an_absent_dimension_passes_its_weight_on_openly() -> None:
    result = score(DATA, spec())
    table = result.weights
    assert table["status"].to_dict() == {
        "economy": "scored", "gdp": "scored", "jobless": "scored", "green": "absent",
        "air": "absent", "light": "proxy",
    }  # fmt: skip
    assert table.loc["green", "reason"] == "every indicator below is absent"
    assert table.loc["light", "reason"] == "for trade"
    assert table.loc[["economy", "green", "light"], "stated"].tolist() == [0.5, 0.25, 0.25]
    assert table.loc[["economy", "green", "light"], "share"].tolist() == pytest.approx(
        [2 / 3, 0, 1 / 3]
    )
    assert result.scores[["green", "air"]].isna().all(axis=None)
    # gdp per head 2, 10, 1: 1/9, 1, 0; jobless turned: 0, 0.5, 1; light: 0, 0.5, 1
    assert result.scores.loc["b", "index"] == pytest.approx(100 * (2 / 3 * 0.75 + 1 / 3 * 0.5))
    assert result.data_shares["index"].tolist() == pytest.approx([1, 1, 1, 1 / 3, 2 / 3])


def test_an_indicator_without_any_value_counts_as_absent() -> None:
    found = score(DATA.assign(light=NAN), spec())
    assert found.weights.loc["light", ["status", "reason"]].tolist() == [
        "absent", "no value, or all values equal",
    ]  # fmt: skip
    assert found.weights.loc["economy", "share"] == 1
    assert found.availability.tolist() == [1, 1, 1, 0, 1]


def test_a_unit_with_too_little_data_has_no_rank_and_moves_no_scale() -> None:
    data = DATA.copy()
    data.loc["d", "light"] = 900.0
    screened = score(data, spec(screen={"availability": 0.6}))
    assert pd.isna(screened.scores.loc["d", "rank"])
    assert screened.tables["screening"].loc["d", "included"] == False  # noqa: E712
    assert screened.normalised.loc["c", "light"] == 100.0
    assert len(screened.scores) == 5
    # It has no score, but the data that it has are still said.
    unscreened = score(data, spec())
    assert 0 < screened.data_shares.at["d", "index"] == unscreened.data_shares.at["d", "index"]


def test_levels_have_methods_of_their_own() -> None:
    result = score(DATA.dropna(), spec(
        aggregate={"method": "arithmetic", "levels": [{"method": "minimum"}]},
        weight={"method": "equal", "levels": [{"method": "manual"}]},
    ))  # fmt: skip
    expected = result.scores[["economy", "light"]].min(axis=1)
    np.testing.assert_allclose(result.scores["index"], expected)
    assert result.weights["method"].tolist()[:3] == ["manual", "equal", "equal"]


@pytest.mark.parametrize("method", ["pca", "entropy", "critic", "gini"])
def test_dimensions_can_be_weighed_by_their_own_values(method: str) -> None:
    result = score(DATA, spec(weight={"method": method}))
    top = result.weights.loc[["economy", "light"], "weight"]
    assert top.sum() == pytest.approx(1)
    assert result.scores["rank"].notna().sum() >= 3


def test_ranks_within_groups_and_tiers_by_rank() -> None:
    result = score(DATA, spec(
        rank={"group": "side"}, tiers={"method": "by_rank", "last_ranks": [1]},
    ))  # fmt: skip
    assert result.scores["rank"].fillna(0).tolist() == [2, 1, 1, 0, 2]
    assert result.scores["tier"].fillna(0).tolist() == [0, 1, 1, 0, 0]
    with pytest.raises(InputError, match=r"rank\.group: 'nowhere' is not a column"):
        score(DATA, spec(rank={"group": "nowhere"}))


def test_tiers_by_goodness() -> None:
    assert score(DATA, spec(tiers={"goodness": 0.99})).scores["tier"].max() >= 2


def test_panels_are_ranked_within_each_year() -> None:
    years = pd.concat([DATA, DATA.assign(light=DATA["light"] * 2)], keys=[2020, 2021])
    years.index = years.index.set_names(["year", "unit_id"])
    result = score(years.reorder_levels(["unit_id", "year"]), spec())
    ranks = result.scores["rank"].unstack("year")
    assert sorted(ranks[2020].dropna()) == sorted(ranks[2021].dropna()) == [1, 2, 3, 4]


def test_overrides_of_one_indicator() -> None:
    nodes = [node | ({"normalise": {"method": "goalposts", "low": 0, "high": 100},
                      "goalposts": {"low": 0, "high": 10}, "impute": {"method": "median"},
                      "treat": {"method": "shifted_log"}} if node["code"] == "light" else {})
             for node in NODES]  # fmt: skip
    result = score(DATA, spec(nodes=nodes))
    assert result.tables["imputed"]["light"].notna().all()
    assert result.tables["imputed"]["jobless"].isna().sum() == 1
    assert result.tables["treatment"]["treatment"].to_dict()["light"] == "shifted log"
    assert result.data_shares.loc["e", "light"] == 0


# Recipes


def test_a_recipe_survives_json_and_rebuilds_the_result() -> None:
    result = score(DATA, spec(impute={"method": "mean"}, treat={"method": "winsorise"}))
    text = result.recipe.model_dump_json()
    again = run_recipe(DATA, Recipe.model_validate_json(text))
    for name, table in result.tables.items():
        pd.testing.assert_frame_equal(rebuild(result).tables[name], table)
        pd.testing.assert_frame_equal(again.tables[name], table)


def test_a_what_if_is_an_edited_recipe() -> None:
    result = score(DATA, spec())
    other = run_recipe(DATA, result.recipe.edit("aggregate", method="geometric"))
    found = compare(result, other)
    assert found.changes.to_dict("records") == [
        {"verb": "aggregate", "argument": "method", "value": "arithmetic",
         "other_value": "geometric"},
    ]  # fmt: skip
    assert -1 <= found.correlation <= 1
    assert found.table["change"].abs().dropna().is_monotonic_decreasing
    same = compare(result, rebuild(result))
    assert (same.correlation, same.mean_change, len(same.changes)) == (1, 0, 0)


def test_other_trees_and_other_units_are_seen() -> None:
    result = score(DATA, spec())
    nodes = [node | {"weight": 5} if node["code"] == "light" else node for node in NODES]
    assert compare(result, score(DATA, spec(nodes=nodes))).changes["verb"].tolist() == ["nodes"]
    with pytest.raises(InputError, match="different units"):
        compare(result, score(DATA.iloc[:3], spec()))


def test_edits_that_are_not_possible() -> None:
    recipe = recipe_of(spec())
    with pytest.raises(InputError, match="no step 'magic' to edit; allowed: screen, impute"):
        recipe.edit("magic", method="x")
    with pytest.raises(InputError, match="normalise: 1 validation error"):
        recipe.edit("normalise", method="magic")
    broken = recipe.model_copy(update={"steps": recipe.steps[1:]})
    with pytest.raises(InputError, match="'denominate' reads 'screened'; found: raw"):
        run_recipe(DATA, broken)


def test_a_recipe_may_leave_steps_out() -> None:
    recipe = recipe_of(spec())
    steps = [step for step in recipe.steps if step.verb not in ("screen", "denominate", "impute")]
    steps[0] = steps[0].model_copy(update={"reads": "raw"})
    result = run_recipe(DATA, recipe.model_copy(update={"steps": steps}))
    assert result.normalised.loc["b", "gdp"] == 100
    assert "denominated" not in result.tables
    assert result.availability.notna().all()
    assert audit(result)["audit"]["by_denominator"].isna().all()


# Hundredths, all different: where only one value differs, winsorising leaves a constant.
numbers = st.lists(st.integers(-1_000_000, 1_000_000), min_size=6, max_size=25, unique=True).map(
    lambda hundredths: [number / 100 for number in hundredths]
)


@settings(deadline=None, max_examples=settings().max_examples * 3 // 10)
@given(numbers, st.randoms(use_true_random=False), st.floats(0.01, 100))
@pytest.mark.parametrize("method", ["min_max", "z_score", "percentile_rank", "borda"])
def test_ranks_depend_neither_on_row_order_nor_on_units(
    method: str, values: list[float], random: Any, factor: float
) -> None:
    data = pd.DataFrame(
        {"gdp": values, "people": 2.0, "jobless": values[::-1], "light": np.sin(values)},
        index=[f"u{i}" for i in range(len(values))],
    )
    chosen = spec(normalise={"method": method}, treat={"method": "winsorise"},
                  tiers={"method": "by_rank", "last_ranks": [2]})  # fmt: skip
    first = score(data, chosen).scores["index"]
    moved = data.assign(gdp=data["gdp"] * factor).loc[random.sample(list(data.index), len(data))]
    second = score(moved, chosen).scores["index"].reindex(data.index)
    np.testing.assert_allclose(second, first, atol=1e-6)


# Audit


def test_reliability_and_inflation_by_hand() -> None:
    data = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [2.0, 1, 4, 3], "c": 1.0})
    assert cronbach_alpha(data) == pytest.approx(2 * 0.6 / 1.6)
    assert np.isnan(cronbach_alpha(data[["a", "c"]]))
    found = inflation(data)
    assert found["a"] == pytest.approx(1 / (1 - 0.36))
    assert np.isnan(found["c"])
    assert inflation(data.iloc[:2]).isna().all()
    twins = pd.DataFrame({"a": [1.0, 2, 3, 5], "b": [2.0, 4, 6, 10]})
    assert np.isinf(inflation(twins)).all()


def test_correlations_are_flagged_by_their_scope() -> None:
    data = pd.DataFrame({"gdp": [1.0, 2, 3, 4], "jobless": [1.0, 2, 3, 4], "light": [4.0, 3, 2, 1]})
    found = correlation_flags(data, spec().nodes)
    assert found[["first", "second", "scope", "flag"]].to_numpy().tolist() == [
        ["gdp", "jobless", "within", "redundant"],
        ["gdp", "light", "across", "contradictory"],
        ["jobless", "light", "across", "contradictory"],
    ]
    unrelated = pd.DataFrame({"gdp": [1.0, -1, 1, -1], "jobless": [1.0, 1, -1, -1]})
    assert correlation_flags(unrelated, spec().nodes)["flag"].tolist() == ["unrelated"]


def audited(n: int = 60) -> IndexResult:
    random = np.random.default_rng(1)
    base = random.normal(size=n)
    data = pd.DataFrame({
        "gdp": random.uniform(9, 11, n), "people": np.exp(random.normal(size=n) * 3),
        "jobless": -base, "light": np.where(np.arange(n) < n * 0.6, 0.0, base + 5),
    }, index=[f"u{i}" for i in range(n)])  # fmt: skip
    data.loc[data.index[:40], "jobless"] = NAN
    return score(data, spec())


def test_flags_of_indicators() -> None:
    flags = audit(audited())["audit"]["flags"]
    assert "driven by its denominator" in flags["gdp"]
    assert "mostly missing" in flags["jobless"]
    assert "mostly zero" in flags["light"]


def test_an_indicator_without_effect_is_flagged() -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=400)
    data = pd.DataFrame({"a": x, "b": x + 0.01 * random.normal(size=400),
                         "c": x + 0.01 * random.normal(size=400),
                         "d": random.normal(size=400), "e": -x})  # fmt: skip
    nodes = [{"code": code, "title": code, "weight": 0.01 if code == "d" else 1} for code in data]
    flags = audit(score(data, spec(nodes=nodes)))["audit"]["flags"]
    assert flags["d"] == "no effect"
    assert "against the index" in flags["e"]
    assert "collinear" in flags["a"]


# The command

TOML = """
id = "demo"
title = "Demo"
data = { unit_id = "code", unit = "name", thousands = ",", columns = { gdp = "GDP" } }
impute = { method = "mean", group = "side" }
tiers = { k = 2 }

[[nodes]]
code = "gdp"
title = "Output"
denominator = "people"

[[nodes]]
code = "rd"
title = "Research"
absent = "not published"
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    table = pd.DataFrame({
        "code": ["01", "02", "03"], "name": ["甲", "乙", "丙"], "GDP": ["1,000", "2", ""],
        "people": ["2", "2", "3"], "side": ["e", "e", "e"],
    })  # fmt: skip
    table.to_csv(tmp_path / "data.csv", index=False)
    table.to_excel(tmp_path / "data.xlsx", index=False)
    (tmp_path / "index.toml").write_text(TOML, encoding="utf-8")
    return {"index": tmp_path / "index.toml", "data": tmp_path / "data.csv",
            "xlsx": tmp_path / "data.xlsx", "out": tmp_path / "out"}  # fmt: skip


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(app, ["score", *map(str, arguments)])


@pytest.mark.parametrize("kind", ["data", "xlsx"])
def test_the_command_writes_every_table(files: dict[str, Path], kind: str) -> None:
    result = run("--index", files["index"], "--data", files[kind], "--out", files["out"])
    assert result.exit_code == 0, result.output
    assert "absent, weight spread over the others: rd" in result.stderr
    scores = pd.read_csv(files["out"] / "scores.csv", dtype={"unit_id": "str"})
    assert list(scores) == [
        "unit_id", "unit", "gdp", "rd", "index", "rank", "tier", "coverage",
    ]  # fmt: skip
    assert scores["unit_id"].tolist() == ["01", "02", "03"]
    assert scores["coverage"].tolist() == [1, 1, 0]
    assert scores["unit"].tolist() == ["甲", "乙", "丙"]
    written = {path.name for path in files["out"].iterdir()}
    assert written >= {
        "raw.csv", "screening.csv", "screened.csv", "denominated.csv", "imputed.csv",
        "treatment.csv", "treated.csv", "normalised.csv", "weights.csv", "coverage.csv",
        "audit.csv", "correlations.csv", "reliability.csv", "recipe.json",
    }  # fmt: skip
    recipe = Recipe.model_validate(json.loads((files["out"] / "recipe.json").read_text("utf-8")))
    data, _ = read_index_data(files[kind], read_index(files["index"]))
    np.testing.assert_allclose(run_recipe(data, recipe).scores["index"], scores["index"])


def test_the_command_draws_the_tree(files: dict[str, Path]) -> None:
    result = run("--show", "--index", files["index"])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "demo  Demo",
        "├─ gdp  Output  100.0 %  ÷ people",
        "└─ rd  Research  absent, judged 50.0 % among its siblings: not published",
    ]


def test_the_command_needs_data_and_out_together(files: dict[str, Path]) -> None:
    assert run("--index", files["index"]).exit_code == 2
    assert run("--index", files["index"], "--data", files["data"]).exit_code == 2


def test_every_fault_of_a_data_file_is_named(files: dict[str, Path]) -> None:
    files["data"].write_text(
        "code,name,GDP,people,side\n01,a,x,1,e\n01,b,2,y,e\n,c,3,3,e\n", encoding="utf-8"
    )
    with pytest.raises(DataError) as caught:
        read_index_data(files["data"], read_index(files["index"]))
    message = str(caught.value)
    assert "line 2, column 'GDP': 'x' is not a number" in message
    assert "line 3, column 'people': 'y' is not a number" in message
    assert "line 3: '01' appears twice" in message
    assert "line 4: 'code' is empty" in message
    files["data"].write_text("code,name\n01,a\n", encoding="utf-8")
    with pytest.raises(DataError, match="column 'GDP' is missing"):
        read_index_data(files["data"], read_index(files["index"]))


def test_a_panel_is_read_by_its_year(files: dict[str, Path]) -> None:
    files["index"].write_text(TOML.replace('unit = "name"', 'year = "when"'), encoding="utf-8")
    files["data"].write_text(
        "code,when,GDP,people,side\n01,2020,1,1,e\n01,2021,2,1,e\n02,2020,3,1,e\n",
        encoding="utf-8",
    )
    data, names = read_index_data(files["data"], read_index(files["index"]))
    assert data.index.tolist() == [("01", 2020), ("01", 2021), ("02", 2020)]
    assert names is None
    result = run("--index", files["index"], "--data", files["data"], "--out", files["out"])
    assert result.exit_code == 0, result.output
    assert list(pd.read_csv(files["out"] / "scores.csv"))[:2] == ["unit_id", "year"]
    files["data"].write_text("code,when,GDP,people,side\n01,soon,1,1,e\n", encoding="utf-8")
    with pytest.raises(DataError, match="column 'when': 'soon' is not a number"):
        read_index_data(files["data"], read_index(files["index"]))


def test_whole_data_is_covered_by_one_exactly() -> None:
    nodes = [NodeConfig(code=f"i{n}", title="I") for n in range(7)]
    data = pd.DataFrame({node.code: [1.0] for node in nodes})
    weights = {node.code: 1 / 7 for node in nodes}
    assert node_data_share(data, nodes, weights)["index"].tolist() == [1.0]
