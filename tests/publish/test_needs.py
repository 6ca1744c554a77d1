"""What a build will need is said before it begins, where it is much."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from regional_atlas.publish.needs import Needs, needs_of, said_needs


def project_of(*paths: Path) -> Any:
    files = {f"indicators.t{at}.file": [path] for at, path in enumerate(paths)}
    return cast("Any", SimpleNamespace(files={"": [Path("atlas.toml")], **files}))


def test_the_cells_of_all_tables_count(tmp_path: Path) -> None:
    table = pd.DataFrame(np.full((500, 20), 12345.6), columns=[f"c{at}" for at in range(20)])
    table.to_parquet(tmp_path / "a.parquet")
    table.to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1")
    one = needs_of(project_of(tmp_path / "a.parquet"))
    assert one.cells == 10_000
    assert 8_000 < needs_of(project_of(tmp_path / "a.csv")).cells < 13_000
    every = needs_of(project_of(tmp_path / "a.parquet", tmp_path / "damaged.parquet"))
    assert every == one
    assert needs_of(project_of()).cells == 0


def test_fifty_thousand_units_need_no_more_than_6_gb(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = 50_000 * 40 * 10
    monkeypatch.setattr("regional_atlas.publish.needs._cells", lambda _: cells)
    needs = needs_of(project_of(Path("values.parquet")))
    assert needs.cells == cells
    assert needs.memory < 6e9
    assert "about 5 GB of memory and 3 minutes" in str(said_needs(needs, free=None))


def test_much_is_said_with_what_is_free() -> None:
    much = Needs(180_000_000, 39e9, 1200.0)
    said = said_needs(much, free=64e9)
    assert said is not None
    assert "39 GB of memory and 20 minutes" in said
    assert "free" not in said
    assert "16 GB are free" in str(said_needs(much, free=16e9))
    assert said_needs(Needs(10_000, 4e8, 12.0), free=None) is None


def test_build_says_it_before_it_begins(run: Any, example_folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("regional_atlas.publish.needs._WORTH_SAYING", 1.0)
    code, _, err = run("build", example_folder, "--out", example_folder.parent / "out")
    assert code == 0
    assert err.splitlines()[0].startswith("large: some 0 million cells")
