"""The lit areas of the default project: as the command finds them, beside the plans."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra

pytestmark = pytest.mark.china

FOLDER = Path(__file__).resolve().parent.parent / "geo/china-2022/lit_2022"


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_command_gives_the_committed_members(run: Any, shared: Path, tmp_path: Path) -> None:
    ended, _, said = run(
        "delineate", "lights", FOLDER.parent, "--named-after", "prefecture",
        "--called", "{place}亮区", "--called-en", "{place} lit area",
        "--raster", shared / "data/nightlights/china_longntl_2022_uint8.tif",
        "--scale", "2.00392", "--set", "threshold=20", "--set", "smallest_km2=100",
        "--set", "gap_km2=15", "--out", tmp_path / "lit",
    )  # fmt: skip
    assert ended == 0, said
    assert (tmp_path / "lit/members.csv").read_bytes() == (FOLDER / "members.csv").read_bytes()


@pytest.mark.slow
def test_findings_of_the_page_on_metropolitan_areas(tmp_path: Path) -> None:
    """The numbers of docs/method/metropolitan-china.md."""
    folder = tmp_path / "mychina"
    shutil.copytree(FOLDER.parent, folder)
    text = (folder / "atlas.toml").read_text("utf-8")
    metro = next(line for line in text.splitlines() if line.startswith('  { id = "metro", title'))
    lit = '  { id = "lit", title = "lit area", table = { file = "lit_2022/members.csv" } },'
    (folder / "atlas.toml").write_text(text.replace(metro, f"{metro}\n{lit}"), "utf-8")
    china = ra.open_atlas(folder)
    found = china.compare_regions("metro", "lit", weight="light_sum").set_index("id")
    assert found["other_id"].value_counts().head(2).to_dict() == {"lit-2": 2, "lit-10": 1}
    assert set(found.index[found["other_id"] == "lit-2"]) == {"m-gz", "m-sz"}
    assert found.at["m-sxc", "other"] == "上海市亮区"
    share = found["agreed"].round(2)
    assert (share["m-km"], share["m-xa"], share["m-cd"], share["m-czt"]) == (0.69, 0.58, 0.45, 0.43)
    assert (share["m-qd"], share["m-nj"], share["m-fz"], share["m-hz"]) == (0.09, 0.10, 0.14, 0.15)
    assert found["jaccard"].round(2).loc[["m-dl", "m-km", "m-zz"]].tolist() == [0.40, 0.36, 0.06]
    growth = {
        kind: china.summarise(kind).set_index("id")["light_growth"] for kind in ("metro", "lit")
    }
    core = found["other_id"].map(growth["lit"])
    slower = growth["metro"].reindex(found.index) > core
    assert slower.sum() == 19
    assert set(slower.index[~slower]) == {"m-sy", "m-xzq"}


def test_members_have_most_of_their_light_in_one_area() -> None:
    table = pd.read_csv(FOLDER / "members.csv", dtype={"unit_id": "str"})
    members = table.dropna(subset=["region_id"])
    assert (len(table), len(members), members["region_id"].nunique()) == (2875, 243, 63)
    assert members["share_of_unit"].between(0.5, 1).all()
    assert not members["unit_id"].duplicated().any()
    assert members["name_en"].notna().all()
