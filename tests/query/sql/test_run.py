"""Spatial SQL: the same answers as the tables, wrong statements explained."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.query.sql import VIEWS, describe_views


def test_joins_give_what_a_query_gives(example: Any) -> None:
    found = example.sql(
        "SELECT u.unit FROM units u JOIN rankings r ON u.unit_id = r.unit_id "
        "JOIN membership m ON m.unit_id = u.unit_id "
        "WHERE r.ranking = 'industry' AND m.region_id = 'river' ORDER BY r.rank"
    )
    assert found["unit"].tolist() == example.query(metro="River Cities")["unit"].tolist()


def test_geometry_is_spatial(example: Any) -> None:
    found = example.sql(
        "SELECT unit_id, geometry FROM units "
        "WHERE ST_Intersects(geometry, ST_SetSRID(ST_Point(10.75, 49.75), 4326))"
    )
    assert isinstance(found, gpd.GeoDataFrame)
    assert found["unit_id"].tolist() == ["00102"]


def test_wrong_statements_name_the_tables(example: Any) -> None:
    with pytest.raises(InputError, match=r"No field named nope.*tables: units, regions"):
        example.sql("SELECT nope FROM units")
    with pytest.raises(InputError, match="SELEC is not allowed; write one SELECT over the tables"):
        example.sql("SELEC")
    with pytest.raises(InputError, match=r"sql: .*unit"):
        example.sql("SELECT unit, unit FROM units")


@pytest.mark.parametrize("name", ["sedonadb", "sqlglot"])
def test_the_extra_is_named_when_missing(
    example: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(
        "regional_atlas.query.sql.run.find_spec", lambda wanted: None if wanted == name else True
    )
    with pytest.raises(ConfigError, match=rf"package {name}: pip install 'regional-atlas\[sql\]'"):
        example.sql("SELECT 1")


ENDLESS = """
    WITH RECURSIVE counted AS (
        SELECT 1 AS n UNION ALL SELECT n + 1 FROM counted WHERE n < 2000000000
    ) SELECT max(n) AS n FROM counted
"""


def test_a_query_is_ended_after_the_timeout(example: Any) -> None:
    with pytest.raises(InputError, match="no answer within 3 seconds; select less or raise the"):
        example.sql(ENDLESS, timeout=3)


def test_a_query_that_takes_too_much_memory_is_ended(example: Any) -> None:
    large = (
        "SELECT repeat('x', 2000000000) AS a, repeat('y', 2000000000) AS b, repeat('z', 2000000000)"
    )
    with pytest.raises(InputError, match=r"memory|Resources exhausted|overflow"):
        example.sql(f"{large} AS c FROM units")


@pytest.mark.parametrize(
    "statement",
    [
        "COPY units TO '{file}'",
        "COPY (SELECT 1 AS code) TO '{file}' STORED AS CSV",
        "SELECT * FROM '{file}'",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{file}'",
        "SELECT 1; COPY units TO '{file}'",
    ],
)
def test_the_command_leaves_the_projects_files_alone(example_folder: Path, statement: str) -> None:
    before = {path: path.read_bytes() for path in example_folder.rglob("*") if path.is_file()}
    text = statement.format(file=example_folder / "indicators.csv")
    done = subprocess.run(
        [sys.executable, "-m", "regional_atlas", "sql", str(example_folder), text],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: sql: ")
    assert "write one SELECT over the tables units, regions" in done.stderr
    assert done.stderr.count("error:") == 1
    after = {path: path.read_bytes() for path in example_folder.rglob("*") if path.is_file()}
    assert after == before


def test_tables_are_described(example_folder: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "regional_atlas", "sql", str(example_folder), "--tables",
            "--format", "json",
        ],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    rows = json.loads(done.stdout)
    assert {row["view"] for row in rows} == set(VIEWS)
    assert all(row["meaning"] for row in rows)


def test_every_view_has_the_columns_that_are_described(example: Any) -> None:
    described = describe_views(example.project, example.tables)
    for name, rows in described.groupby("view"):
        found = example.sql(f"SELECT * FROM {name} LIMIT 1")
        assert set(found.columns) == set(rows["column"]), name
