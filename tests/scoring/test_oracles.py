"""Published answers: COINr's ASEM index, the Technology Achievement Index, the HDI."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from regional_atlas.cli import app
from regional_atlas.config.index import IndexConfig
from regional_atlas.config.project import read_index
from regional_atlas.jobs.score import read_index_data, score_file
from regional_atlas.scoring import IndexResult, ahp_node, rebuild, score

pytestmark = pytest.mark.shared_data

INDICES = Path(__file__).resolve().parent.parent / "data/indices"


@pytest.fixture(scope="module")
def oracles(shared: Path) -> Path:
    return shared / "data/oracles"


@pytest.fixture(scope="module")
def asem_folder(oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ASEM index computed by the command line alone."""
    folder = tmp_path_factory.mktemp("asem")
    data = oracles / "coinr_asem/ASEM_iData.csv"
    arguments = ["--data", data, "--index", INDICES / "asem.toml", "--out", folder]
    result = CliRunner().invoke(app, ["score", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{folder}/scores.csv\n"
    return folder


@pytest.mark.parametrize("stage", ["raw", "denominated", "imputed", "treated", "normalised"])
def test_every_stage_of_asem_equals_coinr(oracles: Path, asem_folder: Path, stage: str) -> None:
    expected = pd.read_csv(oracles / f"coinr_asem/{stage.title()}.csv", index_col="UnitCode")
    found = pd.read_csv(asem_folder / f"{stage}.csv", index_col="unit_id")
    assert len(found.columns) == 49
    reference = expected.loc[found.index, found.columns]
    assert found.isna().equals(reference.isna())
    np.testing.assert_allclose(found, reference, rtol=1e-6, atol=1e-9)


def test_the_65_gaps_of_asem_are_filled(asem_folder: Path) -> None:
    gaps = pd.read_csv(asem_folder / "denominated.csv").isna().sum().sum()
    assert gaps == 65
    assert not pd.read_csv(asem_folder / "imputed.csv").isna().any(axis=None)


def test_asem_is_treated_point_for_point_as_coinr_did(oracles: Path, asem_folder: Path) -> None:
    summary = pd.read_csv(oracles / "coinr_asem/TreatSummary.csv", index_col="IndCode")
    found = pd.read_csv(asem_folder / "treatment.csv", index_col="code")
    assert (found["points_low"] == summary["Low"].reindex(found.index)).all()
    assert (found["points_high"] == summary["High"].reindex(found.index)).all()


def test_aggregates_of_asem_equal_coinr(oracles: Path, asem_folder: Path) -> None:
    expected = pd.read_csv(oracles / "coinr_asem/Aggregated.csv", index_col="UnitCode")
    found = pd.read_csv(asem_folder / "scores.csv", index_col="unit_id")
    levels = ["Physical", "ConEcFin", "Political", "Instit", "P2P", "Environ", "Social",
              "SusEcFin", "Conn", "Sust"]  # fmt: skip
    reference = expected.loc[found.index]
    np.testing.assert_allclose(found[levels], reference[levels], rtol=1e-6)
    np.testing.assert_allclose(found["index"], reference["Index"], rtol=1e-6)


def test_nominal_scores_of_asem_equal_coinr_1(oracles: Path, asem_folder: Path) -> None:
    nominal = pd.read_csv(oracles / "coinr_asem/v1_nominal.csv", index_col="uCode")
    found = pd.read_csv(asem_folder / "scores.csv", index_col="unit_id").loc[nominal.index]
    np.testing.assert_allclose(found["index"], nominal["Score"], rtol=0, atol=1e-9)
    assert found["rank"].tolist() == nominal["Rank"].tolist()


@pytest.fixture(scope="module")
def asem(oracles: Path) -> IndexResult:
    spec = read_index(INDICES / "asem.toml")
    data, _ = read_index_data(oracles / "coinr_asem/ASEM_iData.csv", spec)
    return score(data, spec)


def test_a_rebuilt_result_is_the_same(asem: IndexResult) -> None:
    again = rebuild(asem)
    assert list(again.tables) == list(asem.tables)
    for name, table in asem.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)


def tai(oracles: Path, weights: str | None) -> tuple[IndexResult, pd.DataFrame]:
    """The index under equal weights, or under those of a column of Table 22."""
    spec = read_index(INDICES / "tai.toml")
    if weights is not None:
        table = pd.read_csv(oracles / "tai/tai_table22_weights.csv", index_col=0)[weights]
        table.index = table.index.str.removesuffix("_log")
        raw = spec.model_dump(mode="json")
        raw["weight"]["method"] = "manual"
        for node in raw["nodes"]:
            node["weight"] = table[node["code"]]
        spec = IndexConfig.model_validate(raw)
    data, _ = read_index_data(oracles / "tai/tai_table_A2_first23.csv", spec)
    published = pd.read_csv(oracles / "tai/tai_table23_ranks.csv", index_col=0)
    return score(data, spec), published


@pytest.mark.parametrize(("column", "weights"), [("EW", None), ("BAP", "BAP")])
def test_tai_ranks_equal_table_23(oracles: Path, column: str, weights: str | None) -> None:
    result, published = tai(oracles, weights)
    ranks = result.scores["rank"].reindex(published.index).astype("int64")
    assert ranks.tolist() == published[column].tolist()


def test_tai_benefit_of_the_doubt_equals_table_23(oracles: Path) -> None:
    """All 23 ranks, ties included, with each weight between 10 and 15 % and min–max values."""
    raw = read_index(INDICES / "tai.toml").model_dump(mode="json")
    raw["normalise"]["method"] = "min_max"
    raw["aggregate"] |= {"method": "benefit_of_the_doubt", "least": 0.10, "most": 0.15}
    spec = IndexConfig.model_validate(raw)
    data, _ = read_index_data(oracles / "tai/tai_table_A2_first23.csv", spec)
    published = pd.read_csv(oracles / "tai/tai_table23_ranks.csv", index_col=0)["BOD"]
    ranks = score(data, spec).scores["rank"].reindex(published.index).astype("int64")
    assert ranks.tolist() == published.tolist()
    assert ranks.tolist()[:3] == [1, 1, 1]


@pytest.mark.parametrize("column", ["FA", "AHP"])
def test_tai_ranks_differ_only_as_far_as_rounded_weights_reach(oracles: Path, column: str) -> None:
    result, published = tai(oracles, column)
    scores = result.scores["index"]
    rounded = pd.read_csv(oracles / "tai/tai_table22_weights.csv", index_col=0)[column].to_numpy()
    values = result.normalised.to_numpy()
    order = {unit: i for i, unit in enumerate(scores.index)}
    names = list(published.index)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            better = published.loc[one, column] < published.loc[other, column]
            sign = 1 if better else -1
            lead = (scores[one] - scores[other]) * sign
            if lead >= 0 or published.loc[one, column] == published.loc[other, column]:
                continue
            # The pair stands the other way round than published: some weights that round to the
            # printed ones turn it, if every weight moves by up to half a hundredth.
            difference = (values[order[one]] - values[order[other]]) * sign
            reach = difference @ rounded + 0.005 * np.abs(difference).sum()
            assert reach >= 0, (one, other)
    differing = (result.scores["rank"].reindex(names) != published[column]).sum()
    assert differing <= 6


def test_the_comparisons_of_table_20(oracles: Path) -> None:
    spec = read_index(INDICES / "tai.toml")
    printed = pd.read_csv(oracles / "tai/ahp_matrix_table20.csv", index_col=0)
    values = printed.map(lambda cell: float(Fraction(str(cell))))
    np.testing.assert_allclose(spec.comparisons[0].values(), values)
    result = ahp_node(spec.comparisons)
    assert result.ratio == pytest.approx(0.021, abs=0.0015)
    geometric = ahp_node(spec.comparisons, solver="geometric_mean")
    assert geometric.weights == pytest.approx(result.weights, abs=0.005)
    assert sum(result.weights.values()) == pytest.approx(1)


def test_the_hdi_within_half_a_thousandth(oracles: Path, tmp_path: Path) -> None:
    path = oracles / "hdi/hdi_2021_22.csv"
    result = score_file(path, read_index(INDICES / "hdi.toml"), tmp_path)
    published = pd.read_csv(path, index_col="iso3")["hdi_2021"]
    both = pd.concat([result.scores["index"], published], axis=1).dropna()
    assert len(both) == published.notna().sum() == 191
    assert (both["index"] - both["hdi_2021"]).abs().max() <= 0.0005 + 1e-9
