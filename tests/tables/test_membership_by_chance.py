"""Regions whose members are so by chance: a kind from a table of probabilities, in a build."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.page.format import plain
from regional_atlas.page.standings import region_counts
from regional_atlas.tables.steps import atlas_graph

PAIRS = """unit_id,region_id,name,probability,seen
00101,lit-1,One,1,ten
00102,lit-1,One,1,
00203,lit-1,One,0.8,
00204,lit-1,One,0.5,
00105,lit-1,One,0.3,few
00106,lit-1,One,0.1,
00204,lit-2,Two,0.4,
00105,lit-2,Two,0.6,
00106,lit-2,Two,0.9,
00207,lit-2,Two,1,
00208,lit-2,Two,1,
00110,lit-3,Three,0.2,
"""
SURE = "unit_id,region_id,name,probability,seen\n00101,lit-1,One,1,1\n00102,lit-1,One,1,1\n"
KIND = """
[[regions.kinds]]
id = "lit"
title = "Lit areas"
table = { file = "lit.csv", probability = "probability" }
"""
UNCERTAIN = """
[uncertainty]
draws = 100
top = 4
drop = ["output", "light_density"]
[uncertainty.weights]
spread = 0.5
[[nodes]]
"""


def put(folder: Path, *, pairs: str = PAIRS, kind: str = KIND, draws: bool = False) -> Path:
    (folder / "lit.csv").write_text(pairs, "utf-8")
    with open(folder / "atlas.toml", "a", encoding="utf-8") as file:
        file.write(kind)
    if draws:
        index = folder / "index.toml"
        text = index.read_text("utf-8").replace("[[nodes]]", UNCERTAIN.strip(), 1)
        index.write_text(text, "utf-8")
    return folder


def build(folder: Path) -> Any:
    return ra.build(ra.read_project(folder))


def members(folder: Path) -> pd.DataFrame:
    """Read the membership of a project, and make nothing else."""
    found: pd.DataFrame = atlas_graph(ra.read_project(folder)).get("membership")
    return found


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("chance") / "example"
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    return build(put(folder))


def counts(atlas: Any, ranking: str, kind: str = "lit") -> pd.DataFrame:
    table = atlas.region_counts
    return table[(table["ranking"] == ranking) & (table["kind"] == kind)].set_index("region_id")


def test_likely_units_are_members_and_all_probabilities_stay(atlas: Any) -> None:
    members = atlas.membership[atlas.membership["kind"] == "lit"].dropna(subset=["region_id"])
    assert members.groupby("region_id")["unit_id"].agg(list).to_dict() == {
        "lit-1": ["00101", "00102", "00203", "00204"],
        "lit-2": ["00105", "00106", "00207", "00208"],
    }
    assert set(members["rule"]) == {"probability >= 0.5"}
    held = atlas.membership_attributes
    chances = held[held["attribute"] == "probability"].set_index(["unit_id", "region_id"])["value"]
    assert len(chances) == 11
    assert chances[[("00106", "lit-1"), ("00101", "lit-1")]].tolist() == ["0.1", "1"]
    further = held[held["attribute"] == "seen"]
    assert further[["unit_id", "region_id", "value"]].to_numpy().tolist() == [
        ["00101", "lit-1", "ten"], ["00105", "lit-1", "few"],
    ]  # fmt: skip
    (reading,) = (each for each in atlas.tables.report.tables if each.file == "lit.csv")
    assert reading.notes == ["regions where no unit has a probability >= 0.5 are left out: lit-3"]
    asked = atlas.query(where="lit = 'One'", ranking="industry").index.tolist()
    assert asked == ["00102", "00203"]


def test_counts_of_a_published_ranking_by_hand(atlas: Any) -> None:
    # Of One 00102 (1), 00203 (0.8), 00106 (0.1) are ranked: P(1) = 0.18, P(2) = 0.74, P(3) = 0.08;
    # of Two 00106 (0.9).
    found = counts(atlas, "industry")
    assert found[["top", "count", "low", "high"]].to_numpy().tolist() == [
        [4, 2, 1, 3],
        [4, 1, 0, 1],
    ]
    assert found["expected"].tolist() == pytest.approx([1.9, 0.9])
    assert found["exclusive"].all()
    table = atlas.summarise("lit", ranking="industry").set_index("id")
    shown = ["count", "count_top4", "count_low", "count_high", "count_expected"]
    assert table.loc["lit-1", shown].tolist() == pytest.approx([2, 2, 1, 3, 1.9])
    start = [*table.columns].index("best")
    assert [*table.columns][start + 1 : start + 5] == shown[1:]
    assert "count_low" not in atlas.summarise("metro", ranking="industry")


def test_counts_of_a_computed_ranking_without_draws(atlas: Any) -> None:
    ranked = atlas.scores["vigour"]["rank"].dropna()
    pairs = pd.read_csv(io.StringIO(PAIRS), dtype={"unit_id": "str"})
    pairs = pairs[pairs["unit_id"].isin(ranked.index)]
    found = counts(atlas, "vigour")
    expected = pairs.groupby("region_id")["probability"].sum()
    assert found["expected"].to_dict() == pytest.approx(expected[found.index].to_dict())
    assert set(found["top"]) == {ranked.max()}


def test_the_interval_is_over_draws_and_membership(example_folder: Path) -> None:
    atlas = build(put(example_folder, draws=True))
    top = atlas.scores["vigour"]["p_top4"].fillna(0)
    pairs = pd.read_csv(io.StringIO(PAIRS), dtype={"unit_id": "str"})
    chances = pairs["probability"] * pairs["unit_id"].map(top)
    expected = chances.groupby(pairs["region_id"]).sum()
    found = counts(atlas, "vigour")
    assert found["expected"].to_dict() == pytest.approx(expected[["lit-1", "lit-2"]].to_dict())
    assert set(found["top"]) == {4}
    regions = atlas.uncertainty("vigour").regions.query("kind == 'lit'").set_index("group")
    assert regions["low"].tolist() == found["low"].tolist()
    assert regions["mean"].tolist() == found["expected"].tolist()
    # What has no probabilities stays as it is.
    plain_atlas = build(put(example_folder, pairs=PAIRS.replace(",0.5,", ",0.7,"), kind=""))
    for kind in ("province", "metro"):
        pd.testing.assert_frame_equal(
            counts(atlas, "vigour", kind), counts(plain_atlas, "vigour", kind)
        )


def test_overlapping_regions_have_both_ways_of_counting(example_folder: Path) -> None:
    pairs = PAIRS.replace("00106,lit-1,One,0.1", "00106,lit-1,One,0.7")
    found = counts(build(put(example_folder, pairs=pairs)), "industry").set_index(
        "exclusive", append=True
    )
    # One claims 00106 first, and leaves 0.3 of it.
    assert found["expected"].to_dict() == pytest.approx({
        ("lit-1", True): 2.5, ("lit-1", False): 2.5, ("lit-2", True): 0.3, ("lit-2", False): 0.9,
    })  # fmt: skip
    assert found["count"].to_dict() == {
        ("lit-1", True): 3, ("lit-1", False): 3, ("lit-2", True): 0, ("lit-2", False): 1,
    }  # fmt: skip


def test_sure_members_have_the_counts_of_a_plain_table(example_folder: Path) -> None:
    found = counts(build(put(example_folder, pairs=SURE)), "industry")
    assert found[["count", "low", "high", "expected"]].to_numpy().tolist() == [[1, 1, 1, 1]]


@pytest.mark.parametrize(("at_least", "held"), [("0.3", 5), ("0.81", 2), ("0", 6)])
def test_a_higher_probability_may_be_asked_for(
    example_folder: Path, at_least: str, held: int
) -> None:
    kind = KIND.replace('"probability" }', f'"probability", at_least = {at_least} }}')
    atlas = build(put(example_folder, kind=kind))
    assert (atlas.membership["region_id"] == "lit-1").sum() == held
    found = counts(atlas, "industry")
    assert found.loc[found["exclusive"], "expected"]["lit-1"] == pytest.approx(1.9)


def test_another_heading_and_decimal_sign(example_folder: Path) -> None:
    pairs = PAIRS.replace(",", ";").replace("0.", "0,").replace("probability", "Chance")
    kind = KIND.replace('= "probability"', '= "Chance", delimiter = ";", decimal = ","')
    atlas = build(put(example_folder, pairs=pairs, kind=kind))
    assert counts(atlas, "industry").loc["lit-1", "expected"] == pytest.approx(1.9)
    assert set(atlas.membership_attributes["attribute"]) == {"probability", "seen"}


def test_sql_the_page_and_the_files_have_them(atlas: Any, tmp_path: Path) -> None:
    found = atlas.sql(
        "SELECT unit_id, probability FROM membership WHERE region_id = 'lit-2' ORDER BY unit_id"
    )
    assert found["probability"].tolist() == [0.6, 0.9, 1, 1]
    others = atlas.sql("SELECT count(probability) AS n FROM membership WHERE kind = 'metro'")
    assert others["n"].tolist() == [0]
    page = plain(region_counts(atlas.project, atlas.tables), ("en", "zh"))
    assert page["industry"] == {
        "top": 4, "areas": {"lit": {"count": [2, 1], "low": [1, 0], "high": [3, 1]}},
    }  # fmt: skip
    atlas.save(tmp_path / "out")
    table = pd.read_csv(tmp_path / "out/data/region_counts.csv")
    assert len(table) == 4
    said = json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    assert len(said["region_counts"]) == 4
    again = ra.open_atlas(tmp_path / "out").summarise("lit", ranking="industry")
    assert again["count_high"].tolist() == [3, 1]


def test_kept_counts_are_the_ones_of_a_build(example_folder: Path, run: Any) -> None:
    put(example_folder, draws=True)
    files = [example_folder / name for name in ("kept.csv", "counts.csv")]
    ended, _, said = run(
        "scores", example_folder, "--ranking", "vigour", "--out", files[0], "--counts", files[1]
    )
    assert ended == 0, said
    text = (example_folder / "atlas.toml").read_text("utf-8")
    kept = 'index = "index.toml"\nscores = "kept.csv"\ncounts = "counts.csv"'
    text = text.replace('index = "index.toml"', kept, 1)
    (example_folder / "atlas.toml").write_text(text, "utf-8")
    checks = [
        check for check in build(example_folder).tables.report.checks
        if "csv" in check.name.in_("en")
    ]  # fmt: skip
    assert [check.ok for check in checks] == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "0.8",
            "1.8",
            "line 4, column 'probability': found 1.8; a probability is above 0, up to 1",
        ),
        ("0.8", "0", "line 4, column 'probability': found 0"),
        ("0.8", "-0.1", "line 4, column 'probability': found -0.1"),
        ("0.8", "", "line 4, column 'probability': it is empty"),
        ("0.8", "likely", "line 4, column 'probability': 'likely'"),
        ("0.8", "inf", "line 4, column 'probability': 'inf'"),
        (",probability", ",chance", "column 'probability' is missing"),
        ("00105,lit-2", "00106,lit-2", "'lit-2 00106' appears twice"),
    ],
)
def test_what_is_no_probability_is_refused(
    example_folder: Path, old: str, new: str, said: str
) -> None:
    put(example_folder, pairs=PAIRS.replace(old, new, 1))
    with pytest.raises(DataError) as caught:
        members(example_folder)
    assert said in str(caught.value)
    assert "lit.csv" in str(caught.value)


def test_faults_are_said_at_once(example_folder: Path) -> None:
    put(example_folder, pairs=PAIRS.replace("0.8", "7").replace("0.3", "").replace("00110", "x"))
    with pytest.raises(DataError) as caught:
        members(example_folder)
    for said in ("line 4", "line 6", "line 13"):
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('"lit.csv", at_least = 0.5', "`at_least` goes with `probability`"),
        ('"lit.csv", probability = "probability", at_least = 1.5', "at_least"),
    ],
)
def test_wrong_settings_are_refused(example_folder: Path, table: str, said: str) -> None:
    kind = KIND.replace('"lit.csv", probability = "probability"', table)
    with pytest.raises(ConfigError, match=said):
        members(put(example_folder, kind=kind))


def test_names_that_mean_one_unit_twice_and_no_members_at_all(example_folder: Path) -> None:
    kind = KIND.replace('"probability" }', '"probability", at_least = 0.9 }')
    pairs = "unit,region_id,name,probability\nAlder,x,X,0.4\nAlder,x,X,0.6\n"
    with pytest.raises(DataError) as caught:
        members(put(example_folder, pairs=pairs, kind=kind))
    assert "line 3: unit 00101 is in region x before" in str(caught.value)
    assert "no unit has a probability >= 0.9" in str(caught.value)


def test_another_column_cannot_take_the_name(example_folder: Path) -> None:
    kind = KIND.replace('= "probability"', '= "share"')
    with pytest.raises(DataError, match="column 'probability' would be an attribute beside"):
        members(put(example_folder, pairs=SURE.replace(",seen", ",share"), kind=kind))
