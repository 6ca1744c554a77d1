"""What a table takes in memory: arrays, and no object for each cell."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from regional_atlas.config.tables import TableConfig
from regional_atlas.sources.reader import read_table
from regional_atlas.sources.reader.table import read_grid

UNITS, COLUMNS = 10_000, 20


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    """Make 200,000 numbers that differ, below the codes of units."""
    rng = np.random.default_rng(1)
    columns = {f"v{at}": rng.lognormal(3, 1, UNITS).round(3) for at in range(COLUMNS)}
    return pd.DataFrame({"unit_id": [f"u{at:05d}" for at in range(UNITS)], **columns})


def taken() -> int:
    """Give the bytes that Python and Arrow hold."""
    return tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes()


@pytest.fixture
def traced() -> Iterator[None]:
    """Follow what Python takes up."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_no_object_for_each_cell(
    values: pd.DataFrame, tmp_path: Path, ending: str, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / f"values.{ending}"
    if ending == "csv":
        values.to_csv(path, index=False)
    else:
        values.to_parquet(path, index=False)
    read_table(path)  # what is imported for it is none of the table
    request.getfixturevalue("traced")
    before = taken()
    grid = read_grid(path, TableConfig())
    of_grid = taken() - before
    table = read_table(path)
    numbers = {name: table.numbers(name)[0] for name in values.columns[1:]}
    of_table = taken() - before - of_grid
    assert len(grid.rows) >= UNITS
    assert all(np.array_equal(found, values[name]) for name, found in numbers.items())
    # A text of its own takes 56 bytes and a place in a list, a number as an object 150 and more.
    assert of_grid < 45 * values.size
    assert of_table < 55 * values.size


def test_each_text_is_read_once(
    values: pd.DataFrame, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "values.csv"
    values.assign(v0="12.5").to_csv(path, index=False)
    table = read_table(path)
    request.getfixturevalue("traced")
    numbers, problems = table.numbers("v0")
    assert (numbers == 12.5).all()
    assert not problems
    assert tracemalloc.get_traced_memory()[1] < 60 * UNITS
