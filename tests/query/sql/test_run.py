"""Running a statement: answers as tables, errors as messages, the worker confined and bounded."""

from __future__ import annotations

import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.query.sql.run import _answer, run_sql

pytest.importorskip("sqlglot")
pytest.importorskip("sedonadb")


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
    assert found.crs == "EPSG:4326"
    assert found.geometry.iloc[0].equals(example.units.geometry["00102"])


def test_the_first_geometry_is_the_active_one_but_for_geometry_itself(example: Any) -> None:
    centres = "ST_Transform(ST_Centroid(geometry), 'EPSG:3857')"
    found = example.sql(f"SELECT {centres} AS a, ST_Envelope(geometry) AS b FROM units")
    assert found.geometry.name == "a"
    assert found.crs == "EPSG:3857"
    found = example.sql(f"SELECT {centres} AS a, geometry FROM units")
    assert found.geometry.name == "geometry"


def test_an_answer_without_rows_keeps_its_columns(example: Any) -> None:
    found = example.sql("SELECT unit, geometry FROM units WHERE unit = 'nowhere'")
    assert list(found.columns) == ["unit", "geometry"]
    assert found.empty


def test_wrong_statements_name_the_tables(example: Any) -> None:
    with pytest.raises(InputError, match=r"No field named nope.*tables: units, regions"):
        example.sql("SELECT nope FROM units")
    with pytest.raises(InputError, match=r"SELEC is not allowed; write one SELECT over the tables"):
        example.sql("SELEC")


def test_columns_of_one_name_are_named(example: Any) -> None:
    with pytest.raises(InputError, match=r"several columns are named 'unit_id'; rename them"):
        example.sql("SELECT u.unit_id, v.unit_id, u.unit FROM units u, units v")


@pytest.mark.parametrize("package", ["sedonadb", "sqlglot"])
def test_the_extra_is_named_when_missing(
    example: Any, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ConfigError, match=rf"package {package}: pip install 'regional-atlas\[sql\]'"
    ):
        example.sql("SELECT 1")


ENDLESS = (
    "SELECT count(*) FROM range(1, 3000000) a, range(1, 3000000) b WHERE a.value * b.value = 7"
)


def test_a_query_ends_after_its_time(example: Any) -> None:
    with pytest.raises(InputError, match=r"sql: no answer within 2 seconds"):
        example.sql(ENDLESS, timeout=2)


def test_a_query_ends_when_it_takes_too_much_memory(example: Any) -> None:
    pytest.importorskip("resource")
    with pytest.raises(InputError, match="takes more than 4 GB of memory"):
        example.sql("SELECT length(repeat(chr(value + 64), 2000000000)) FROM range(1, 4)")


def test_only_tables_that_are_read_are_handed_over(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def answer(query: str, read: dict[str, pd.DataFrame], timeout: float) -> Any:
        seen.append(set(read))
        return _answer(query, read, timeout)

    monkeypatch.setattr("regional_atlas.query.sql.run._answer", answer)
    run_sql(example.tables, "WITH units AS (SELECT 1) SELECT count(*) FROM units, regions")
    run_sql(example.tables, "SELECT 1 AS x")
    assert seen == [{"regions"}, set()]


class TestTheSecondWall:
    """What the engine cannot do even where a statement reaches it as it is (where limits exist)."""

    @pytest.fixture(autouse=True)
    def _limits(self) -> None:
        pytest.importorskip("resource")

    @pytest.fixture
    def target(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.csv"
        path.write_text("a,b\n1,2\n")
        return path

    @pytest.fixture
    def requests(self) -> Iterator[list[str]]:
        """The paths that a server on this machine is asked for; its port first."""
        seen: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.append(self.path)
                self.send_error(404)

            do_HEAD = do_PROPFIND = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        seen.append(str(server.server_port))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield seen
        server.shutdown()
        thread.join()
        server.server_close()

    def test_a_plain_query_is_answered(self) -> None:
        assert _answer("SELECT 1 AS x", {}, 30).to_pylist() == [{"x": 1}]

    @pytest.mark.parametrize(
        "statement",
        [
            "COPY (SELECT 3 AS a) TO '{}'",
            "COPY (SELECT 3 AS a) TO '{}' STORED AS PARQUET",
            "COPY (SELECT 3 AS a) TO '{}.new.csv'",
            "SELECT * FROM '{}'",
            "SELECT RS_FromPath('{}')",
        ],
    )
    def test_files_are_neither_read_nor_written(self, target: Path, statement: str) -> None:
        with pytest.raises(InputError):
            _answer(statement.format(target), {}, 30)
        assert {path.name for path in target.parent.iterdir()} == {"a.csv"}
        assert target.read_text() == "a,b\n1,2\n"

    def test_no_request_is_sent(self, requests: list[str]) -> None:
        with pytest.raises(InputError):
            _answer(f"SELECT * FROM 'http://127.0.0.1:{requests[0]}/a.csv'", {}, 30)
        assert len(requests) == 1

    def test_the_tests_would_see_it(self, engine: Any, target: Path, requests: list[str]) -> None:
        """Without the wall, the engine reads, writes and asks."""
        assert engine(f"SELECT * FROM '{target}'").to_pylist() == [{"a": 1, "b": 2}]
        engine(f"COPY (SELECT 3 AS a) TO '{target}'")
        assert target.read_text() != "a,b\n1,2\n"
        with pytest.raises(Exception, match=r"127\.0\.0\.1|404|501"):
            engine(f"SELECT * FROM 'http://127.0.0.1:{requests[0]}/a.csv'")
        assert len(requests) > 1
