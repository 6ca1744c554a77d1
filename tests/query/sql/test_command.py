"""The command: one message, nothing written, tables as every format."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlglot")
pytest.importorskip("sedonadb")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "statement",
    [
        "COPY units TO '{}/indicators.csv'",
        "COPY (SELECT 1) TO '{}/indicators.csv' STORED AS CSV",
        "EXPLAIN ANALYZE COPY units TO '{}/indicators.csv'",
        "SELECT 1; COPY units TO '{}/indicators.csv'",
        "SELECT * FROM '{}/indicators.csv'",
    ],
)
def test_the_projects_own_input_is_left_alone(example_folder: Path, statement: str) -> None:
    before = contents(example_folder)
    words = [sys.executable, "-m", "regional_atlas", "sql", str(example_folder)]
    done = subprocess.run(
        [*words, statement.format(example_folder)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error: sql: ")
    assert done.stderr.count("\n") == 1
    assert "write one SELECT over the tables units, regions, " in done.stderr
    assert contents(example_folder) == before


def test_a_refusal_needs_no_build(run: Any, tmp_path: Path) -> None:
    code, out, err = run("sql", tmp_path / "nowhere", "DROP TABLE units")
    assert (code, out) == (1, "")
    assert "DROP is not allowed" in err


def test_answers_in_every_format(run: Any, example_folder: Path) -> None:
    statement = "SELECT unit, ST_Centroid(geometry) AS centre FROM units ORDER BY unit LIMIT 2"
    code, out, err = run("sql", example_folder, statement, "--format", "csv")
    assert code == 0, err
    assert out == "unit,centre\nAlder,POINT (10.25 49.75)\nBirch,POINT (10.75 49.75)\n"
    code, out, err = run("sql", example_folder, statement, "--format", "json")
    assert json.loads(out)[0] == {"unit": "Alder", "centre": "POINT (10.25 49.75)"}
    code, out, err = run("sql", example_folder, statement, "--format", "geojson")
    feature = json.loads(out)["features"][0]
    assert feature["properties"] == {"unit": "Alder"}
    assert feature["geometry"] == {"type": "Point", "coordinates": [10.25, 49.75]}
    code, out, err = run("sql", example_folder, statement)
    assert "Alder" in out


def test_lists_dates_and_bytes_are_printed(run: Any, example_folder: Path) -> None:
    statement = (
        "SELECT array_agg(unit ORDER BY unit) AS units, DATE '2020-01-02' AS day, "
        "ST_AsBinary(ST_Point(1, 2)) AS wkb FROM units WHERE province = 'Westmark'"
    )
    code, out, err = run("sql", example_folder, statement, "--format", "json")
    assert code == 0, err
    (row,) = json.loads(out)
    assert row["units"][:2] == ["Alder", "Birch"]
    assert row["day"].startswith("2020-01-02")
    assert row["wkb"] == "0101000000000000000000f03f0000000000000040"
    code, out, err = run("sql", example_folder, statement)
    assert code == 0, err
    assert "'Alder', 'Birch'" in out


def test_a_point_without_a_system_is_no_geojson(run: Any, example_folder: Path) -> None:
    statement = "SELECT ST_Point(1, 2) AS g"
    code, out, err = run("sql", example_folder, statement, "--format", "geojson")
    assert (code, out) == (1, "")
    assert "no coordinate system" in err


def test_tables_are_listed(run: Any, example_folder: Path) -> None:
    code, out, err = run("sql", example_folder, "--tables", "--format", "json")
    assert code == 0, err
    lines = json.loads(out)
    assert lines[0] == {
        "view": "units", "column": "unit_id", "type": "VARCHAR", "meaning": "id of the unit",
        "rows": 12,
    }  # fmt: skip
    assert {line["view"] for line in lines} >= {"scores", "parents", "nightlights"}


@pytest.mark.parametrize("arguments", [[], ["SELECT 1", "--tables"]])
def test_either_a_statement_or_the_tables(
    run: Any, example_folder: Path, arguments: list[str]
) -> None:
    code, out, err = run("sql", example_folder, *arguments)
    assert (code, out) == (1, "")
    assert "give either a STATEMENT or --tables" in err


def test_the_time_can_be_set(run: Any, example_folder: Path) -> None:
    statement = "SELECT count(*) FROM range(1, 3000000) a, range(1, 3000000) b"
    statement += " WHERE a.value * b.value = 7"
    code, out, err = run("sql", example_folder, statement, "--timeout", "1.5")
    assert (code, out) == (1, "")
    assert "no answer within 1.5 seconds" in err
