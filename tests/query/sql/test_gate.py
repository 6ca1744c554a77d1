"""What is refused: everything but one query over the views, before the engine sees it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regional_atlas.core.errors import InputError
from regional_atlas.query.sql import VIEWS, gate
from regional_atlas.query.sql.allowed import CRS_FROM, FUNCTIONS, NODES, TABLE_FUNCTIONS
from regional_atlas.query.sql.gate import check_statement

pytest.importorskip("sqlglot")

REFUSED = {
    "writes": [
        ("COPY units TO 'a.csv'", "COPY is not allowed"),
        ("copy (SELECT * FROM units) to 'a.csv'", "COPY is not allowed"),
        ("/* SELECT */ COPY units TO 'a.csv'", "COPY is not allowed"),
        ("-- SELECT 1\nCOPY units TO 'a.csv'", "COPY is not allowed"),
        ("COPY units TO 'http://127.0.0.1/a.csv'", "COPY is not allowed"),
        ("COPY units TO 's3://bucket/a.parquet' STORED AS PARQUET", "COPY is not allowed"),
        ("INSERT INTO units VALUES (1)", "INSERT is not allowed"),
        ("UPDATE units SET unit = 'x'", "UPDATE is not allowed"),
        ("DELETE FROM units", "DELETE is not allowed"),
        ("TRUNCATE TABLE units", "TRUNCATE is not allowed"),
        ("MERGE INTO units USING regions ON true WHEN MATCHED THEN DELETE", "MERGE is not"),
        ("SELECT unit INTO copied FROM units", "'INTO copied' is not allowed"),
        ("SELECT * FROM units FOR UPDATE", "'LOCK' is not allowed"),
        ("SELECT 1 INTO OUTFILE 'a.csv'", "not part of a SELECT"),
        ("WITH a AS (INSERT INTO units SELECT 1) SELECT * FROM a", "not part of a SELECT"),
        ("WITH a AS (DELETE FROM units RETURNING *) SELECT * FROM a", "not part of a SELECT"),
        ("WITH a AS (SELECT 1) INSERT INTO units SELECT * FROM a", "not part of a SELECT"),
        ("WITH a AS (SELECT 1) DELETE FROM units", "not part of a SELECT"),
        ("(COPY units TO 'a.csv')", "not part of a SELECT"),
    ],
    "definitions": [
        ("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION 'a.csv'", "CREATE is not allowed"),
        ("CREATE TABLE t AS SELECT 1", "CREATE is not allowed"),
        ("CREATE OR REPLACE VIEW units AS SELECT 1", "CREATE is not allowed"),
        ("CREATE DATABASE d", "CREATE is not allowed"),
        ("CREATE FUNCTION f(x INT) RETURNS INT RETURN x", "CREATE is not allowed"),
        ("DROP TABLE units", "DROP is not allowed"),
        ("DROP VIEW units", "DROP is not allowed"),
        ("ALTER TABLE units ADD COLUMN x INT", "ALTER is not allowed"),
    ],
    "settings and sessions": [
        ("SET datafusion.execution.batch_size = 1", "SET is not allowed"),
        ("RESET datafusion.execution.batch_size", "RESET is not allowed"),
        ("SHOW TABLES", "SHOW is not allowed"),
        ("SHOW ALL", "SHOW is not allowed"),
        ("DESCRIBE units", "DESCRIBE is not allowed"),
        ("DESCRIBE 'a.csv'", "DESCRIBE is not allowed"),
        ("EXPLAIN SELECT 1", "EXPLAIN is not allowed"),
        ("EXPLAIN ANALYZE SELECT * FROM units", "EXPLAIN is not allowed"),
        ("EXPLAIN ANALYZE COPY units TO 'a.csv'", "EXPLAIN is not allowed"),
        ("PREPARE p AS SELECT 1", "PREPARE is not allowed"),
        ("EXECUTE p", "EXECUTE is not allowed"),
        ("DEALLOCATE p", "DEALLOCATE is not allowed"),
        ("BEGIN", "BEGIN is not allowed"),
        ("USE public", "USE is not allowed"),
        ("CALL f()", "CALL is not allowed"),
        ("LOAD DATA INPATH 'a.csv' INTO TABLE units", "LOAD is not allowed"),
        ("ANALYZE units", "ANALYZE is not allowed"),
        ("VALUES (1)", "VALUES is not allowed"),
        ("TABLE units", "TABLE is not allowed"),
    ],
    "files and addresses as tables": [
        ("SELECT * FROM 'a.csv'", "there is no table 'a.csv'"),
        ("SELECT * FROM \"a.csv\"", "there is no table 'a.csv'"),
        ("SELECT * FROM `a.csv`", "there is no table 'a.csv'"),
        ("SELECT * FROM a.csv", "'a.csv' is not the name of a table"),
        ("SELECT * FROM '/etc/passwd'", "there is no table '/etc/passwd'"),
        ("SELECT * FROM \"/etc/passwd\" AS units", "there is no table '/etc/passwd'"),
        ("SELECT * FROM /etc/passwd", "not part of a SELECT"),
        ("SELECT * FROM './a.csv'", "there is no table './a.csv'"),
        ("SELECT * FROM \"file:///etc/passwd\"", "there is no table 'file:///etc/passwd'"),
        ("SELECT * FROM 'http://127.0.0.1/a.csv'", "there is no table 'http://127.0.0.1/a.csv'"),
        ("SELECT * FROM 'https://example.org/a.parquet'", "there is no table"),
        ("SELECT * FROM 's3://bucket/a.parquet'", "there is no table"),
        ("SELECT * FROM s3://bucket/a.parquet", "not part of a SELECT"),
        ("SELECT * FROM units, 'a.csv'", "there is no table 'a.csv'"),
        ("SELECT * FROM units JOIN 'a.csv' ON true", "there is no table 'a.csv'"),
        ("SELECT * FROM units CROSS JOIN LATERAL \"a.csv\"", "'LATERAL \"a.csv\"' is not allowed"),
        ("SELECT * FROM (SELECT * FROM 'a.csv') AS units", "there is no table 'a.csv'"),
        ("SELECT unit FROM units WHERE unit IN (SELECT a FROM 'a.csv')", "no table 'a.csv'"),
        ("SELECT EXISTS (SELECT 1 FROM 'a.csv')", "there is no table 'a.csv'"),
        ("SELECT (SELECT a FROM 'a.csv')", "there is no table 'a.csv'"),
        ("SELECT 1 UNION ALL SELECT a FROM 'a.csv'", "there is no table 'a.csv'"),
        ("WITH t AS (SELECT * FROM 'a.csv') SELECT * FROM t", "there is no table 'a.csv'"),
        ("SELECT unit FROM units ORDER BY (SELECT a FROM 'a.csv')", "there is no table 'a.csv'"),
        ("FROM 'a.csv'", "there is no table 'a.csv'"),
        ("SELECT * FROM units u JOIN ('a.csv' AS t) ON true", "no table 'a.csv'"),
        ("SELECT * FROM @stage", "'@stage' is not"),
    ],
    "names that are no view": [
        ("SELECT * FROM information_schema.tables", "is not the name of a table"),
        ("SELECT * FROM information_schema.df_settings", "is not the name of a table"),
        ("SELECT * FROM datafusion.public.units", "is not the name of a table"),
        ("SELECT * FROM public.units", "is not the name of a table"),
        ("SELECT * FROM \"Units\"", "there is no table 'Units'"),
        ("SELECT * FROM nothing", "there is no table 'nothing'"),
        ("SELECT * FROM ｕｎｉｔｓ", "there is no table"),
        ("SELECT * FROM un\u200bits", "there is no table"),
        ("SELECT * FROM t, (WITH t AS (SELECT 1) SELECT * FROM t) AS s", "there is no table 't'"),
        ("WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b) SELECT * FROM b", "no table 'b'"),
        ("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", "no table 'b'"),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", "there is no table 'a'"),
        ("WITH \"a.csv\" AS (SELECT 1) SELECT * FROM \"a.csv\"", "is not allowed"),
    ],
    "functions": [
        ("SELECT * FROM read_csv('a.csv')", "function 'read_csv' is not allowed"),
        ("SELECT * FROM read_parquet('a.parquet')", "function 'read_parquet' is not allowed"),
        ("SELECT * FROM READ_JSON('a.json')", "function 'read_json' is not allowed"),
        ("SELECT * FROM parquet_metadata('a.parquet')", "'parquet_metadata' is not allowed"),
        ("SELECT * FROM sd_random_geometry('{}')", "'sd_random_geometry' is not allowed"),
        ("SELECT * FROM TABLE(read_csv('a.csv'))", "function 'table' is not allowed"),
        ("SELECT * FROM LATERAL read_csv('a.csv')", "function 'read_csv' is not allowed"),
        ("SELECT * FROM abs(1)", "'abs' is not allowed as a table"),
        ("SELECT RS_FromPath('a.tif')", "function 'rs_frompath' is not allowed"),
        ("SELECT \"rs_frompath\"('a.tif')", "function 'rs_frompath' is not allowed"),
        ("SELECT rs_fromgdalraster('a')", "'rs_fromgdalraster' is not allowed"),
        ("SELECT count(RS_Value(RS_FromPath('a.tif'), 1))", "'rs_frompath' is not allowed"),
        ("SELECT x.rs_frompath('a.tif')", "is not allowed"),
        ("SELECT version()", "function 'version' is not allowed"),
        ("SELECT arrow_cast(1, 'Int8')", "function 'arrow_cast' is not allowed"),
        ("SELECT with_metadata(unit, 'a', 'b') FROM units", "'with_metadata' is not allowed"),
        ("SELECT current_user", r"'CURRENT_USER\(\)' is not allowed"),
        ("SELECT ST_Transform(geometry, '{\"type\": \"BoundCRS\"}') FROM units", "coordinate system"),  # noqa: E501
        ("SELECT ST_Transform(geometry, '+proj=longlat +nadgrids=a') FROM units", "EPSG:4326"),
        ("SELECT ST_SetCRS(geometry, unit) FROM units", "coordinate system"),
        ("SELECT ST_Point(1, 2, concat('{', '}'))", "coordinate system"),
        ("SELECT ST_Transform(DISTINCT geometry, unit) FROM units", "coordinate system"),
    ],
    "several statements": [
        ("SELECT 1; COPY units TO 'a.csv'", "COPY is not allowed"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT 1;;SELECT 2;", "2 statements"),
        ("SELECT 1 /* ; */; -- x\n DROP TABLE units", "DROP is not allowed"),
        ("SELECT ';'; SET a = 1", "SET is not allowed"),
    ],
    "comments, quotes and escapes": [
        ("", "the statement is empty"),
        (" ; -- nothing", "the statement is empty"),
        ("SELECT 'a", "not closed"),
        ("SELECT \"a", "not closed"),
        ("SELECT 1 /* a", "not closed"),
        ("SELECT 'a\\' FROM 'a.csv' --'", "there is no table 'a.csv'"),
        ("SELECT /* /* */ 1 FROM units", "not closed"),
        ("SELECT /*+ hint */ 1", "is not allowed"),
        ("SELECT /*! 1 */ FROM 'a.csv'", "there is no table 'a.csv'"),
        ("SELECT $$a$$", "is not allowed"),
        ("SELECT * FROM $$a.csv$$", "is not the name of a table"),
        ("SELECT E'a'", "not part of a SELECT"),
        ("SELECT U&'a'", "\"U & 'a'\" is not allowed"),
        ("SELECT N'a'", "\"N'a'\" is not allowed"),
        ("SELECT X'00'", "not part of a SELECT"),
        ("SELECT 'a' 'b'", "is not allowed"),
        ("SELECT 0x1F", "'0x1F' is not a number"),
        ("SELECT 1_000", "'1_000' is not a number"),
        ("SELECT 1 # 2", "not part of a SELECT"),
        ("SELECT 1 // 2", "not part of a SELECT"),
        ("SELECT ＊ FROM units；COPY units TO 'a.csv'", "not part of a SELECT"),
        ("ＳＥＬＥＣＴ 1", "ＳＥＬＥＣＴ is not allowed"),
        ("SELEC", "SELEC is not allowed"),
        ("SELECT {{ x }}", "is not allowed"),
    ],
    "other grammar": [
        ("SELECT ?", "'?' is not allowed"),
        ("SELECT $1", "is not allowed"),
        ("SELECT :x", "':x' is not allowed"),
        ("SELECT @@version", "'@@version' is not allowed"),
        ("SELECT * FROM units TABLESAMPLE (10)", "is not the name of a table"),
        ("SELECT * FROM units PIVOT (sum(area_km2) FOR level IN ('a'))", "is not allowed"),
        ("SELECT x -> x + 1", "is not allowed"),
        ("SELECT CAST(1 AS GEOMETRY)", "'GEOMETRY' is not allowed"),
        ("SELECT CAST([1] AS INT[])", "'ARRAY<INT>' is not allowed"),
        ("SELECT unit COLLATE \"C\" FROM units", "is not allowed"),
        ("SELECT * FROM units WITH (NOLOCK)", "is not allowed"),
        ("SELECT * FROM ROWS FROM (range(1, 2))", "is not the name of a table"),
        ("SELECT " + "(" * 5000 + "1" + ")" * 5000, "nested too deeply"),
        ("SELECT " + "abs(" * 500 + "1" + ")" * 500, "nested too deeply"),
    ],
}  # fmt: skip
STATEMENTS = [
    pytest.param(statement, reason, id=f"{kind}: {statement[:50]}")
    for kind, lines in REFUSED.items()
    for statement, reason in lines
]


def test_there_are_many() -> None:
    assert len({line.values[0] for line in STATEMENTS}) == len(STATEMENTS) > 120


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file that statements name; the engine may not start."""
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)

    def started(*_: Any, **__: Any) -> None:
        pytest.fail("the engine was called")

    monkeypatch.setattr(subprocess, "run", started)
    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr("regional_atlas.query.sql.run._answer", started)
    return tmp_path


@pytest.mark.parametrize(("statement", "reason"), STATEMENTS)
def test_refused_before_the_engine(example: Any, folder: Path, statement: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        example.sql(statement)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.csv": "a,b\n1,2\n"}


def test_the_engine_would_be_called(example: Any, folder: Path) -> None:  # noqa: ARG001
    with pytest.raises(pytest.fail.Exception, match="the engine was called"):
        example.sql("SELECT 1")


def test_everything_wrong_is_named_at_once_with_what_is_allowed() -> None:
    with pytest.raises(InputError) as caught:
        check_statement("SELECT version(), ? FROM 'a.csv' JOIN b.c ON true", VIEWS)
    assert len(caught.value.problems) == 4
    assert str(caught.value).endswith(f"write one SELECT over the tables {', '.join(VIEWS)}")
    assert "units, regions" in str(caught.value)


@pytest.mark.parametrize(
    ("statement", "text", "tables"),
    [
        ("select Unit, \"Unit\" from UNITS U", 'SELECT "unit", "Unit" FROM "units" AS "u"', "units"),  # noqa: E501
        ("SELECT 1 -- ; COPY", "SELECT 1", ""),
        ("SELECT /* /* a */ */ 'it''s' ;", "SELECT 'it''s'", ""),
        ("SELECT 'a\\'", "SELECT 'a\\'", ""),
        ("SELECT `a\"b`", 'SELECT "a""b"', ""),
        ("SELECT COUNT(*) FROM units", 'SELECT "count"(*) FROM "units"', "units"),
        ("WITH units AS (SELECT 1) SELECT * FROM units, regions", None, "regions"),
        ("WITH a AS (SELECT * FROM units), b AS (SELECT * FROM a) SELECT * FROM b", None, "units"),
        ("WITH RECURSIVE a AS (SELECT 1 AS n UNION ALL SELECT n FROM a) SELECT * FROM a", None, ""),
        ("SELECT * FROM units WHERE EXISTS (SELECT 1 FROM regions)", None, "units regions"),
    ],
)  # fmt: skip
def test_what_the_engine_gets(statement: str, text: str | None, tables: str) -> None:
    query = check_statement(statement, VIEWS)
    assert text in (None, query.text)
    assert not tables or query.tables == set(tables.split())


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_text_and_names_reach_the_engine_as_they_are(engine: Any, text: str) -> None:
    quoted, name = text.replace("'", "''"), text.replace('"', '""')
    query = check_statement(f"SELECT '{quoted}' AS x", VIEWS)
    assert engine(query.text).to_pylist() == [{"x": text}]
    query = check_statement(f'SELECT 1 AS "{name}_"', VIEWS)
    assert engine(query.text).column_names == [f"{text}_"]


@settings(max_examples=300, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "SELECT",
                "unit",
                "FROM",
                "units",
                "WHERE",
                "(",
                ")",
                ",",
                "*",
                "'a.csv'",
                '"a.csv"',
                ";",
                "--",
                "/*",
                "*/",
                "COPY",
                "TO",
                "INTO",
                "WITH",
                "a",
                "AS",
                "UNION",
                "ALL",
                "JOIN",
                "LATERAL",
                "ON",
                "true",
                "1",
                "=",
                ".",
                "NOT",
                "IN",
                "count",
                "rs_frompath",
                "IS",
                "NULL",
                "OVER",
                "'",
            ]
        ),
        max_size=14,
    )
)
def test_what_passes_is_read_in_one_way_and_names_views_only(words: list[str]) -> None:
    try:
        query = check_statement("SELECT " + " ".join(words), VIEWS)
    except InputError:
        return
    assert check_statement(query.text, VIEWS) == query
    assert query.tables <= set(VIEWS)
    assert "rs_frompath" not in query.text or '"rs_frompath"(' not in query.text
    assert ";" not in query.text


def test_the_lists_are_the_engines() -> None:
    sedonadb = pytest.importorskip("sedonadb")
    from sqlglot import exp

    inside = sedonadb.connect()._impl
    known = {*inside.list_scalar_udfs(), *inside.list_aggregate_udfs()}
    windows = {
        "cume_dist", "dense_rank", "lag", "lead", "ntile", "percent_rank", "rank", "row_number",
    }  # fmt: skip
    assert FUNCTIONS - known == windows | {"unnest"}
    left_out = {name for name in known - FUNCTIONS if not name.startswith(("rs_", "sd_"))}
    assert left_out == {
        "arrow_cast", "arrow_field", "arrow_metadata", "arrow_try_cast", "cast_to_type",
        "st_geomfromwkbunchecked", "try_cast_to_type", "version", "with_metadata",
    }  # fmt: skip
    assert not [name for name in FUNCTIONS if name.startswith(("rs_", "sd_", "read_"))]
    assert set(CRS_FROM) | TABLE_FUNCTIONS <= FUNCTIONS
    assert not [name for name in NODES if not hasattr(exp, name)]


def test_every_function_that_takes_a_coordinate_system_is_known(engine: Any) -> None:
    """The engine reads a bad definition, and says so, only where it takes one."""
    given = ["ST_Point(1, 2)", "'POINT(1 2)'", "ST_AsBinary(ST_Point(1, 2))"]
    given += [", ".join(["1.0"] * many) for many in (2, 3, 4)]
    taking = set()
    for name in sorted(FUNCTIONS):
        for arguments in given:
            try:
                engine(f"SELECT {name}({arguments}, 'no system')")
            except Exception as error:
                if "Crs" in str(error):
                    taking.add(name)
    assert taking == set(CRS_FROM)


def test_the_gate_loads_no_parser_before_it_checks() -> None:
    code = (
        "import regional_atlas.query.sql.run, regional_atlas.query.sql.gate, sys;"
        "print([m for m in ('sqlglot', 'sedonadb', 'pyarrow', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout) == []
    assert Path(gate.__file__).is_file()
