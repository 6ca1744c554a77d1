"""`nightlights trend` and `nightlights season`, from table to table."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def nightlights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect: Any) -> Any:
    monkeypatch.chdir(tmp_path)
    return partial(expect, "nightlights")


@pytest.fixture
def yearly(tmp_path: Path) -> Path:
    years = np.arange(2012, 2019)
    table = pd.DataFrame(
        {"GEOID": "01", "year": years, "sum": [10.0, 100, 110, 121, 133.1, 150, 160]}
    )
    dark = table.assign(GEOID="02", sum=[0.0, 0, 1, 2, np.nan, 4, 5])
    pd.concat([table, dark]).to_csv(tmp_path / "yearly.csv", index=False)
    return tmp_path / "yearly.csv"


def test_trend_of_a_yearly_table(nightlights: Any, yearly: Path) -> None:
    nightlights("trend", "--table", yearly, "--first", 2013, "--last", 2016, "--out", "t.csv")
    table = pd.read_csv("t.csv", dtype={"GEOID": "str"}).set_index("GEOID")
    assert table.loc["01", ["base", "final"]].tolist() == [100, 133.1]
    assert table.loc["01", "growth"] == pytest.approx(0.1)
    assert table.loc["01", ["tau", "years"]].tolist() == [1, 4]
    assert table.loc["02", "dark_base"]
    assert np.isnan(table.loc["02", "growth"])
    assert table.loc["02", ["slope", "years"]].tolist() == [1, 3]
    nightlights("trend", "--table", yearly, "--out", "t.parquet")
    whole = pd.read_parquet("t.parquet").set_index("GEOID")
    assert whole["level_shifts"].to_dict() == {"01": "2013", "02": ""}
    assert whole["years"].tolist() == [7, 6]


def test_season_of_a_monthly_table(nightlights: Any) -> None:
    at = np.arange(36)
    table = pd.DataFrame({"id": "007", "year": 2012 + at // 12, "month": at % 12 + 1})
    table["mean"] = 5.0 + (table["month"] == 1) * 12
    table.to_csv("m.csv", index=False)
    nightlights("season", "--table", "m.csv", "--column", "mean", "--out", "s.csv")
    found = pd.read_csv("s.csv", dtype={"id": "str"})
    assert found["id"].unique().tolist() == ["007"]
    assert found["mean_season"].tolist()[:2] == [11, -1]
    assert found["mean_adjusted"].tolist() == [6] * 36


@pytest.mark.usefixtures("yearly")
def test_everything_wrong_with_a_series_is_named_at_once(nightlights: Any) -> None:
    options = ["--column", "light", "--first", 2016, "--last", 2011, "--out", "x.txt"]
    said = nightlights("trend", "--table", "yearly.csv", *options, code=1)
    for problem in ("4 problems", "--out 'x.txt'", "no column 'light'", "(2011) must follow",
                    "yearly.csv: the table has no year 2011"):  # fmt: skip
        assert problem in said
    pd.read_csv("yearly.csv").assign(name="x").to_csv("named.csv", index=False)
    options = ["--column", "name", "--out", "x.csv"]
    assert "column 'name' holds no numbers" in nightlights(
        "trend", "--table", "named.csv", *options, code=1
    )
    said = nightlights(
        "season", "--table", "yearly.csv", "--column", "GEOID", "--out", "x.txt", code=1
    )
    assert "3 problems" in said
    assert "column 'GEOID' holds no numbers" in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["trend", "--table", "no.csv", "--out", "x.csv"], "file not found: no.csv"),
        (["trend", "--table", "yearly.csv", "--out", "x.txt"], "ends in .csv or .parquet"),
        (["season", "--table", "no.csv", "--out", "x.txt"], "2 problems"),
        (["trend", "--table", "yearly.csv", "--column", "light", "--out", "x.csv"],
         "yearly.csv: the table has no column 'light'"),
        (["trend", "--table", "yearly.csv", "--first", "2011", "--out", "x.csv"],
         "yearly.csv: the table has no year 2011"),
        (["season", "--table", "yearly.csv", "--out", "x.csv"], "the table has no column 'month'"),
        (["trend", "--table", "wide.csv", "--out", "x.csv"],
         "wide.csv: needs rows with a year in each"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("yearly")
def test_wrong_tables(nightlights: Any, options: list[str], says: str) -> None:
    Path("wide.csv").write_text("id,sum_2012\na,1\n", encoding="utf-8")
    assert says in nightlights(*options, code=1)
