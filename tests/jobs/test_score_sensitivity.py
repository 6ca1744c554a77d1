"""The command score with draws: interval columns, every table of the run, and its refusals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import regional_atlas
from regional_atlas.config.project import read_index
from regional_atlas.core.errors import InputError
from regional_atlas.jobs.score import score_file

DATA = Path(regional_atlas.__file__).parent / "starter/indicators.csv"
INDEX = """
id = "demo"
title = "Demo"
[data]
unit_id = "code"
[normalise]
method = "min_max"
[tiers]
k = 2
[[nodes]]
code = "population"
title = "P"
[[nodes]]
code = "output"
title = "O"
"""
UNCERTAIN = """
[uncertainty]
top = 2
drop = ["population", "output"]
weights = { spread = 0.5 }
"""


def test_draws_add_intervals_and_tables(tmp_path: Path) -> None:
    (tmp_path / "index.toml").write_text(INDEX + UNCERTAIN, "utf-8")
    spec = read_index(tmp_path / "index.toml")
    score_file(DATA, spec, tmp_path / "out", draws=100)
    scores = pd.read_csv(tmp_path / "out/scores.csv", dtype={"unit_id": "str"})
    ranked = scores.dropna(subset=["rank"])
    assert len(ranked) == 11
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert ranked.set_index("unit_id").loc["00102", "p_top2"] == 1.0
    assert ranked["p_top2"].sum() == pytest.approx(2.0)
    runs = pd.read_csv(tmp_path / "out/sensitivity_runs.csv")
    assert len(runs) == 100
    score_file(DATA, spec, tmp_path / "again", draws=100)
    for name in ("scores.csv", "sensitivity_sobol.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize("goodness", [0.6, 0.99])
def test_tiers_by_fit_keep_their_number_in_every_draw(tmp_path: Path, goodness: float) -> None:
    text = (INDEX + UNCERTAIN).replace("k = 2", f"goodness = {goodness}")
    (tmp_path / "index.toml").write_text(text, "utf-8")
    score_file(DATA, read_index(tmp_path / "index.toml"), tmp_path / "out", draws=100)
    scores = pd.read_csv(tmp_path / "out/scores.csv").dropna(subset=["rank"])
    tiers = sorted(scores["tier"].unique())
    assert len(tiers) != 4
    shares = scores[[f"p_tier_{tier:.0f}" for tier in tiers]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert f"p_tier_{len(tiers) + 1}" not in scores.columns


def test_groups_of_the_data_are_counted(tmp_path: Path) -> None:
    table = pd.read_csv(DATA, dtype="str").assign(side=["east", "west"] * 6)
    table.loc[0, "side"] = None
    table.to_csv(tmp_path / "data.csv", index=False)
    text = (INDEX + UNCERTAIN).replace('"code"\n', '"code"\ngroups = ["side"]\n', 1)
    (tmp_path / "index.toml").write_text(text, "utf-8")
    score_file(
        tmp_path / "data.csv", read_index(tmp_path / "index.toml"), tmp_path / "out", draws=50
    )
    counts = pd.read_csv(tmp_path / "out/sensitivity_regions.csv").set_index("group")
    assert counts["kind"].tolist() == ["side", "side"]
    assert counts.loc["east", "count"] + counts.loc["west", "count"] == 2
    assert counts["mean"].sum() == pytest.approx(2.0)
    assert (counts["low"] <= counts["high"]).all()


def test_draws_need_an_uncertainty_section(tmp_path: Path) -> None:
    (tmp_path / "index.toml").write_text(INDEX, "utf-8")
    with pytest.raises(InputError, match="uncertainty"):
        score_file(DATA, read_index(tmp_path / "index.toml"), tmp_path / "out", draws=100)
