"""The build's step: groups from the tables, interval columns on scores, one run per input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from regional_atlas.config.index import IndexConfig
from regional_atlas.scoring.index import score
from regional_atlas.tables.store import Store
from regional_atlas.tables.uncertainty import groups_of, uncertainty_of, with_intervals


def test_intervals_stand_beside_scores(tmp_path: Path) -> None:
    nodes = [{"code": code, "title": code} for code in "abc"]
    file = {"id": "demo", "title": "Demo", "nodes": nodes}
    varied = IndexConfig.model_validate(
        file | {"uncertainty": {"draws": 100, "top": 5, "weights": {}}}
    )
    data = pd.DataFrame(np.random.default_rng(1).random((40, 3)), columns=list("abc"))
    data.index = pd.Index([f"u{i}" for i in range(40)], name="unit_id")
    data.iloc[0] = np.nan
    units = pd.DataFrame({"province_id": ["p", "q"] * 20}, index=data.index)
    membership = pd.DataFrame(
        {"unit_id": data.index, "region_id": "m", "kind": "metro", "exclusive": True}
    )
    groups = groups_of(units, membership, ["province"])
    assert list(groups) == ["province", "metro"]
    found = uncertainty_of(data, varied, Store(tmp_path), groups=groups)
    assert found is not None
    assert found.regions.set_index("group").loc["m", ["low", "high"]].tolist() == [5, 5]
    again = uncertainty_of(data, varied, Store(tmp_path), groups=groups)
    assert again is not None
    pd.testing.assert_frame_equal(found.ranks, again.ranks)
    table = with_intervals(score(data, varied).scores, found, 5)
    assert {"rank_low", "rank_high", "p_top5", "p_tier_1", "p_tier_4"} <= set(table)
    assert table.loc["u0", ["rank_low", "p_top5"]].isna().all()
    assert uncertainty_of(data, IndexConfig.model_validate(file), Store(tmp_path)) is None
