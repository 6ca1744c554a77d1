"""The stored yearly table of China: the change of sensor is flagged, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from regional_atlas.nightlights import level_shifts

TABLE = Path(__file__).parents[2] / "geo/china-2022/nightlights.parquet"


def test_china_changes_level_in_2013_only():
    totals = pd.read_parquet(TABLE).groupby("year")["sum"].sum()
    assert totals[2012] == pytest.approx(8.3e6, rel=0.02)
    assert totals[2013] == pytest.approx(12.0e6, rel=0.02)
    assert level_shifts(totals) == [2013]
