"""Counts of regions among the first ranks, with intervals: in a build, kept, and refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.schema import REGION_COUNT_COLUMNS
from regional_atlas.sources.scores import read_region_counts

UNCERTAIN = """
[uncertainty]
draws = 100
top = 4
drop = ["output", "light_density"]
[uncertainty.weights]
spread = 0.5
[[nodes]]
"""


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("counts") / "example"
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    index = folder / "index.toml"
    text = index.read_text("utf-8")
    index.write_text(text.replace("[[nodes]]", UNCERTAIN.strip(), 1), "utf-8")
    return ra.build(ra.read_project(folder))


def test_counts_add_up_and_lie_within_their_interval(atlas: Any) -> None:
    table = atlas.region_counts
    assert list(table.columns) == REGION_COUNT_COLUMNS
    assert set(table["ranking"]) == {"vigour"}
    assert set(table["top"]) == {4}
    assert (table["low"] <= table["high"]).all()
    assert table["expected"].between(0, 4).all()
    provinces = table[table["kind"] == "province"]
    assert provinces["exclusive"].all()
    assert provinces["expected"].sum() == pytest.approx(4)
    assert provinces["count"].sum() == 4
    first = atlas.rankings.query("ranking == 'vigour' and rank <= 4")["unit_id"]
    own = atlas.units.loc[first, "province"].value_counts()
    named = provinces.set_index("region")["count"]
    assert named[named > 0].to_dict() == own.to_dict()


def test_overlapping_regions_have_both_ways_of_counting(atlas: Any) -> None:
    metros = atlas.region_counts.query("kind == 'metro'")
    assert metros.groupby("exclusive").size().to_dict() == {False: 2, True: 2}
    both = metros.pivot(index="region_id", columns="exclusive", values="expected")
    assert (both[False] >= both[True]).all()


def test_roll_ups_show_the_interval(atlas: Any) -> None:
    table = atlas.summarise("province", ranking="vigour").set_index("name")
    kept = atlas.region_counts.query("kind == 'province'").set_index("region")
    pd.testing.assert_series_equal(
        table["count_low"], kept["low"].reindex(table.index), check_names=False, check_dtype=False
    )
    assert (table["count_top4"] == kept["count"].reindex(table.index)).all()
    assert list(table.columns).index("count_low") > list(table.columns).index("best")
    assert "count_low" not in atlas.summarise("province", ranking="industry")
    assert "count_low" not in atlas.summarise("unit_type", ranking="vigour")


def test_files_and_report(atlas: Any, tmp_path: Path) -> None:
    atlas.save(tmp_path)
    table = pd.read_csv(tmp_path / "data/region_counts.csv")
    assert len(table) == len(atlas.region_counts)
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert {row["region"] for row in said["region_counts"]} <= set(table["region"])
    settings = {row["setting"]: row["value"] for row in said["uncertainty"]["vigour"]}
    assert (settings["draws"], settings["seed"], settings["top"]) == ("100", "0", "4")


def test_draws_and_their_causes_in_one_call(atlas: Any, example: Any) -> None:
    found = atlas.uncertainty("vigour")
    scores = atlas.scores["vigour"].dropna(subset=["rank"])
    assert found.ranks.loc[scores.index, "rank_low"].tolist() == scores["rank_low"].tolist()
    assert set(found.sobol["factor"]) == {"weights", "drop"}
    assert len(found.runs) == 100
    for name, message in (("industry", "published"), ("vigour", r"nothing of \[uncertainty\]")):
        with pytest.raises(InputError, match=message):
            example.uncertainty(name)


def test_without_draws_there_are_no_counts(example: Any) -> None:
    assert list(example.region_counts.columns) == REGION_COUNT_COLUMNS
    assert len(example.region_counts) == 0


def test_kept_counts_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    lines = ["kind,region_id,exclusive,top,count,low,high,expected", "metro,m,true,4,2,1,3,2.1"]
    file.write_text("\n".join(lines), "utf-8")
    assert read_region_counts(file).to_dict("records") == [
        {"kind": "metro", "region_id": "m", "exclusive": True, "top": 4, "count": 2, "low": 1,
         "high": 3, "expected": 2.1},
    ]  # fmt: skip
    file.write_text("\n".join([*lines, lines[1], "metro,n,perhaps,4,x,1,,2"]), "utf-8")
    with pytest.raises(DataError) as caught:
        read_region_counts(file)
    for word in ("'metro m true' stands", "perhaps", "'x'", "high is empty"):
        assert word in str(caught.value)


def test_kept_counts_of_unknown_regions_are_refused() -> None:
    from regional_atlas.tables.uncertainty import region_counts

    counts = pd.DataFrame({"kind": ["metro"], "region_id": ["nowhere"], "count": [1]})
    regions = pd.DataFrame({"kind": ["metro"], "name": ["M"]}, index=["m"])
    with pytest.raises(DataError, match="no metro 'nowhere'"):
        region_counts({"vigour": counts}, {}, regions)
