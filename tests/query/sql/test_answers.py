"""What is allowed: answers are those of pandas, and those of the statement as it was written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import pytest
import shapely

from regional_atlas.query.sql import VIEWS
from regional_atlas.query.sql.gate import check_statement
from regional_atlas.query.sql.views import view_tables

pytest.importorskip("sqlglot")
pytest.importorskip("sedonadb")

Views = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def views(example: Any) -> Views:
    return view_tables(example.tables)


def rows(values: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """List rows; floats to ten digits, missing as None."""

    def plain(value: Any) -> Any:
        if isinstance(value, float):
            return None if pd.isna(value) else float(f"{value:.10g}")
        if isinstance(value, list):
            return [plain(item) for item in value]
        return None if value is None or value is pd.NA else value

    return [[plain(value) for value in row] for row in values]


def by_place(units: pd.DataFrame) -> pd.DataFrame:
    return units.sort_values("unit_id")


def latest(v: Views, code: str) -> pd.Series:
    found = v["indicators"][v["indicators"]["code"] == code].sort_values(["unit_id", "year"])
    return found.groupby("unit_id")["value"].last()


def pairs(v: Views, relation: Callable[[Any, Any], bool]) -> list[list[str]]:
    units = by_place(v["units"])
    return [
        [one, other]
        for one, shape in zip(units["unit_id"], units["geometry"], strict=True)
        for other, second in zip(units["unit_id"], units["geometry"], strict=True)
        if one < other and relation(shape, second)
    ]


def ranked(v: Views) -> pd.DataFrame:
    rankings = v["rankings"]
    return rankings[rankings["ranking"] == "industry"].sort_values("rank")


ANSWERS: list[tuple[str, Callable[[Views], Any]]] = [
    ("SELECT count(*) FROM units", lambda v: [[len(v["units"])]]),
    (
        "SELECT Unit_ID, UNIT FROM Units ORDER BY unit_id",
        lambda v: by_place(v["units"])[["unit_id", "unit"]].values,
    ),
    (
        "SELECT * EXCLUDE (geometry, unit_en) FROM units ORDER BY unit_id",
        lambda v: by_place(v["units"]).drop(columns=["geometry", "unit_en"]).values,
    ),
    (
        "SELECT province, count(*) AS n, sum(area_km2) FROM units GROUP BY province ORDER BY 1",
        lambda v: v["units"].groupby("province")["area_km2"].agg(["size", "sum"]).reset_index()
        .values,
    ),
    (
        "SELECT province, max(area_km2) FROM units GROUP BY ALL ORDER BY 1",
        lambda v: v["units"].groupby("province")["area_km2"].max().reset_index().values,
    ),
    (
        "SELECT unit_type, count(*) FROM units GROUP BY 1 HAVING count(*) > 2 ORDER BY 2 DESC, 1",
        lambda v: [
            [kind, n]
            for kind, n in v["units"].groupby("unit_type").size().sort_index()
            .sort_values(ascending=False, kind="stable").items()
            if n > 2
        ],
    ),
    (
        "SELECT province, count(*) FROM units GROUP BY ROLLUP (province) ORDER BY 1 NULLS LAST",
        lambda v: [
            *v["units"].groupby("province").size().reset_index().values, [None, len(v["units"])]
        ],
    ),
    (
        "SELECT province, unit_type FROM units GROUP BY GROUPING SETS ((province), (unit_type)) "
        "ORDER BY 1 NULLS LAST, 2",
        lambda v: [
            *([name, None] for name in sorted(v["units"]["province"].unique())),
            *([None, name] for name in sorted(v["units"]["unit_type"].unique())),
        ],
    ),
    (
        "SELECT unit_id, rank() OVER (ORDER BY area_km2 DESC) FROM units ORDER BY unit_id",
        lambda v: by_place(
            v["units"].assign(r=v["units"]["area_km2"].rank(ascending=False, method="min"))
        )[["unit_id", "r"]].values,
    ),
    (
        "SELECT unit_id, row_number() OVER (PARTITION BY province ORDER BY unit_id) FROM units "
        "ORDER BY unit_id",
        lambda v: by_place(v["units"]).assign(
            k=by_place(v["units"]).groupby("province").cumcount() + 1
        )[["unit_id", "k"]].values,
    ),
    (
        "SELECT unit_id, sum(area_km2) OVER (ORDER BY unit_id ROWS BETWEEN 2 PRECEDING AND "
        "CURRENT ROW) FROM units ORDER BY 1",
        lambda v: by_place(v["units"]).assign(
            s=by_place(v["units"])["area_km2"].rolling(3, min_periods=1).sum()
        )[["unit_id", "s"]].values,
    ),
    (
        "SELECT unit_id, lag(unit, 1, 'none') OVER w, lead(unit) OVER w FROM units "
        "WINDOW w AS (ORDER BY unit_id) ORDER BY 1",
        lambda v: by_place(v["units"]).assign(
            a=by_place(v["units"])["unit"].shift(1, fill_value="none"),
            b=by_place(v["units"])["unit"].shift(-1),
        )[["unit_id", "a", "b"]].values,
    ),
    (
        "SELECT province, unit FROM units QUALIFY row_number() OVER "
        "(PARTITION BY province ORDER BY unit DESC) = 1 ORDER BY 1",
        lambda v: v["units"].groupby("province")["unit"].max().reset_index().values,
    ),
    (
        "SELECT DISTINCT ON (province) province, unit FROM units ORDER BY province, unit",
        lambda v: v["units"].groupby("province")["unit"].min().reset_index().values,
    ),
    (
        "SELECT sum(value) FILTER (WHERE code = 'output' AND year = 2022) FROM indicators",
        lambda v: [[v["indicators"].query("code == 'output' and year == 2022")["value"].sum()]],
    ),
    (
        "SELECT code, median(value), stddev(value) FROM indicators GROUP BY code ORDER BY 1",
        lambda v: v["indicators"].groupby("code")["value"].agg(["median", "std"]).reset_index()
        .values,
    ),
    (
        "SELECT code, percentile_cont(0.25) WITHIN GROUP (ORDER BY value) FROM indicators "
        "GROUP BY code ORDER BY 1",
        lambda v: v["indicators"].groupby("code")["value"].quantile(0.25).reset_index().values,
    ),
    (
        "SELECT province, string_agg(unit, ', ' ORDER BY unit DESC), "
        "array_agg(unit_id ORDER BY unit_id) FROM units GROUP BY province ORDER BY 1",
        lambda v: [
            [name, ", ".join(sorted(part["unit"], reverse=True)), sorted(part["unit_id"])]
            for name, part in v["units"].groupby("province")
        ],
    ),
    (
        "SELECT count(DISTINCT province), count(DISTINCT year) FROM units, indicators",
        lambda v: [[v["units"]["province"].nunique(), v["indicators"]["year"].nunique()]],
    ),
    (
        "SELECT u.unit FROM units u JOIN rankings r ON u.unit_id = r.unit_id "
        "WHERE r.ranking = 'industry' ORDER BY r.rank",
        lambda v: ranked(v)[["unit"]].values,
    ),
    (
        "SELECT u.unit_id, r.rank FROM units u LEFT JOIN (SELECT * FROM rankings "
        "WHERE ranking = 'industry') r USING (unit_id) ORDER BY 1",
        lambda v: by_place(v["units"]).merge(ranked(v), on="unit_id", how="left")[
            ["unit_id", "rank"]
        ].values,
    ),
    (
        "SELECT unit_id FROM units LEFT ANTI JOIN rankings "
        "ON units.unit_id = rankings.unit_id AND ranking = 'industry' ORDER BY 1",
        lambda v: [[u] for u in sorted(set(v["units"]["unit_id"]) - set(ranked(v)["unit_id"]))],
    ),
    (
        "SELECT unit_id FROM units NATURAL JOIN membership WHERE region_id = 'river' ORDER BY 1",
        lambda v: v["membership"].query("region_id == 'river'").sort_values("unit_id")[
            ["unit_id"]
        ].values,
    ),
    (
        "SELECT u.unit_id, n.m FROM units u, LATERAL (SELECT max(value) AS m FROM indicators i "
        "WHERE i.unit_id = u.unit_id) AS n ORDER BY 1",
        lambda v: v["indicators"].groupby("unit_id")["value"].max().reset_index().values,
    ),
    (
        "WITH a AS (SELECT unit_id, value FROM indicators WHERE code = 'output' AND year = 2022), "
        "b(m) AS (SELECT avg(value) FROM a) SELECT a.unit_id, a.value - b.m FROM a, b ORDER BY 1",
        lambda v: (latest(v, "output") - latest(v, "output").mean()).reset_index().values,
    ),
    (
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 10) "
        "SELECT sum(n) FROM t",
        lambda _: [[55]],
    ),
    (
        "WITH units AS (SELECT 1 AS only) SELECT * FROM units",
        lambda _: [[1]],
    ),
    (
        "SELECT unit_id FROM units EXCEPT SELECT unit_id FROM rankings UNION ALL SELECT 'x' "
        "ORDER BY 1",
        lambda v: [
            [u] for u in sorted({*v["units"]["unit_id"]} - {*v["rankings"]["unit_id"]} | {"x"})
        ],
    ),
    (
        "(SELECT unit_id FROM units ORDER BY 1 LIMIT 2) UNION ALL "
        "(SELECT unit_id FROM units ORDER BY 1 DESC LIMIT 1) ORDER BY 1",
        lambda v: by_place(v["units"])["unit_id"].iloc[[0, 1, -1]].to_frame().values,
    ),
    (
        "SELECT unit_id FROM units ORDER BY unit_id LIMIT 3 OFFSET 2",
        lambda v: by_place(v["units"])[["unit_id"]].iloc[2:5].values,
    ),
    (
        "SELECT unit FROM units WHERE area_km2 > (SELECT avg(area_km2) FROM units) ORDER BY 1",
        lambda v: [[u] for u in sorted(v["units"].query("area_km2 > area_km2.mean()")["unit"])],
    ),
    (
        "SELECT unit FROM units u WHERE NOT EXISTS (SELECT 1 FROM rankings r "
        "WHERE r.unit_id = u.unit_id AND r.ranking = 'industry') ORDER BY 1",
        lambda v: [[u] for u in sorted(set(v["units"]["unit"]) - set(ranked(v)["unit"]))],
    ),
    (
        "SELECT unit FROM units WHERE unit_id NOT IN (SELECT unit_id FROM rankings "
        "WHERE ranking = 'industry') AND unit NOT LIKE 'L%' ORDER BY 1",
        lambda v: [
            [u]
            for u in sorted(set(v["units"]["unit"]) - set(ranked(v)["unit"]))
            if not u.startswith("L")
        ],
    ),
    (
        "SELECT unit FROM units WHERE unit ILIKE '%E%' OR unit ~ '^[A-C]' ORDER BY 1",
        lambda v: [[u] for u in sorted(v["units"]["unit"]) if "e" in u.lower() or u[0] in "ABC"],
    ),
    (
        "SELECT unit, CASE WHEN unit_type = 'county' THEN 'c' WHEN unit_type IS NULL THEN '?' "
        "ELSE upper(unit_type) END FROM units ORDER BY 1",
        lambda v: [
            [unit, "c" if kind == "county" else kind.upper()]
            for unit, kind in sorted(v["units"][["unit", "unit_type"]].values.tolist())
        ],
    ),
    (
        "SELECT CAST(rank AS VARCHAR) || '. ' || unit, rank::double / 2 FROM rankings "
        "WHERE ranking = 'industry' ORDER BY rank",
        lambda v: [
            [f"{rank}. {unit}", rank / 2] for rank, unit in ranked(v)[["rank", "unit"]].values
        ],
    ),
    (
        "SELECT year, count(*) FROM indicators WHERE year BETWEEN 2020 AND 2022 GROUP BY 1 "
        "ORDER BY 1 DESC",
        lambda v: v["indicators"].query("2020 <= year <= 2022").groupby("year").size()
        .sort_index(ascending=False).reset_index().values,
    ),
    (
        "SELECT y.value, count(i.unit_id) FROM generate_series(2019, 2023) AS y "
        "LEFT JOIN indicators i ON i.year = y.value GROUP BY 1 ORDER BY 1",
        lambda v: [[y, int((v["indicators"]["year"] == y).sum())] for y in range(2019, 2024)],
    ),
    ("SELECT * FROM UNNEST([3, 1]) AS t(v) ORDER BY v", lambda _: [[1], [3]]),
    (
        "SELECT \"名 称\", length(\"名 称\") "
        "FROM (VALUES (1, '江''苏'), (2, NULL)) AS t(id, \"名 称\") ORDER BY id",
        lambda _: [["江'苏", 3], [None, None]],
    ),
    (
        "SELECT 省份 FROM (SELECT province AS 省份 FROM units) AS 表 "
        "WHERE 省份 = 'Westmark' LIMIT 1",
        lambda _: [["Westmark"]],
    ),
    (
        "SELECT level, id, name, short, units FROM parents ORDER BY id",
        lambda v: [
            ["province", code, part["province"].iloc[0], part["province"].iloc[0], len(part)]
            for code, part in v["units"].groupby("province_id")
        ],
    ),
    (
        "SELECT unit_id, \"index\", economy FROM scores ORDER BY rank, unit_id",
        lambda v: v["scores"].sort_values(["rank", "unit_id"])[["unit_id", "index", "economy"]]
        .values,
    ),
    (
        "SELECT n.unit_id, n.sum, n.\"max\" FROM nightlights n WHERE n.year = 2022 ORDER BY 1",
        lambda v: v["nightlights"].query("year == 2022").sort_values("unit_id")[
            ["unit_id", "sum", "max"]
        ].values,
    ),
    (
        "SELECT a.unit_id, b.unit_id FROM units a JOIN units b "
        "ON a.unit_id < b.unit_id AND ST_Touches(a.geometry, b.geometry) ORDER BY 1, 2",
        lambda v: pairs(v, shapely.touches),
    ),
    (
        "SELECT a.unit_id, b.unit_id FROM units a, units b WHERE a.unit_id < b.unit_id "
        "AND NOT ST_Intersects(a.geometry, b.geometry) ORDER BY 1, 2",
        lambda v: pairs(v, shapely.disjoint),
    ),
    (
        "SELECT unit_id, ST_Area(geometry), ST_X(ST_Centroid(geometry)), ST_NPoints(geometry) "
        "FROM units ORDER BY 1",
        lambda v: [
            [unit, shape.area, shape.centroid.x, shapely.get_num_coordinates(shape)]
            for unit, shape in by_place(v["units"])[["unit_id", "geometry"]].values
        ],
    ),
    (
        "SELECT province, ST_Area(ST_Union_Agg(geometry)) FROM units GROUP BY province ORDER BY 1",
        lambda v: [
            [name, part["geometry"].union_all().area]
            for name, part in v["units"].groupby("province")
        ],
    ),
    (
        "SELECT unit_id, ST_Length(ST_Boundary(ST_Transform(geometry, 'EPSG:3857'))) FROM units "
        "ORDER BY 1",
        lambda v: [
            [unit, shape.length]
            for unit, shape in zip(
                by_place(v["units"])["unit_id"],
                by_place(v["units"])["geometry"].to_crs(3857),
                strict=True,
            )
        ],
    ),
    (
        "SELECT unit_id FROM units WHERE ST_Contains(geometry, ST_GeomFromText('POINT(10.7 49.7)', "
        "4326))",
        lambda v: v["units"][v["units"].contains(shapely.Point(10.7, 49.7))][["unit_id"]].values,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "expected"), ANSWERS, ids=[a[0][:60] for a in ANSWERS])
def test_answers_are_those_of_pandas(
    engine: Any, views: Views, statement: str, expected: Callable[[Views], Any]
) -> None:
    table = engine(check_statement(statement, VIEWS).text)
    found = rows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    wanted = rows(expected(views))
    assert found
    assert found == wanted


FAITHFUL = """
1 + 2 * 3 - 4 / 2
(1 + 2) * 3 - 8 / (4 / 2)
7 / 2, 7 % 3, -7 / 2.0, - -1
0.1 + 0.2, 1e3, .5, 5., 1E-2, 18446744073709551615
1 = 2, 1 <> 2, 1 < 2, 2 >= 1
true AND false OR true
NOT true = false
NOT true AND false
NOT (true AND false)
NOT NOT true
1 = 2 IS NOT NULL
1 = 2 IS NOT TRUE
1 NOT IN (2, 3) IS NULL
1 = 1 NOT IN (true)
1 NOT BETWEEN 2 AND 3 = true
1 BETWEEN 0 AND 1 + 1 AND true
NULL IS NULL, false IS NOT TRUE, true IS FALSE
NULL IS DISTINCT FROM 1, 1 IS NOT DISTINCT FROM 1
'a' || 'b' NOT LIKE 'a'
'a_b' LIKE 'a\\_b', 'x' NOT ILIKE 'X'
'ab' SIMILAR TO '(a|b)+', 'ab' ~ 'b$', 'ab' !~* 'B'
'it''s -- no comment', '/* nor this */', 'semi;colon', 'back\\slash', '\\', '{# x #}'
'1'::int + 1, 2.5::int::varchar, -1::int, TRY_CAST('x' AS INT)
CAST(1.255 AS DECIMAL(10, 2)), CAST(1 AS BOOLEAN), CAST('a' AS TEXT)
arrow_typeof(CAST(1 AS TINYINT))
arrow_typeof(CAST(1 AS INT2))
arrow_typeof(CAST(1 AS SMALLINT))
arrow_typeof(CAST(1 AS INT4))
arrow_typeof(CAST(1 AS INTEGER))
arrow_typeof(CAST(1 AS INT8))
arrow_typeof(CAST(1 AS BIGINT))
arrow_typeof(CAST(1 AS FLOAT))
arrow_typeof(CAST(1 AS FLOAT(53)))
arrow_typeof(CAST(1 AS REAL))
arrow_typeof(CAST(1 AS FLOAT4))
arrow_typeof(CAST(1 AS FLOAT8))
arrow_typeof(CAST(1 AS DOUBLE PRECISION))
arrow_typeof(CAST(1 AS NUMERIC(8, 3)))
arrow_typeof(CAST(1 AS STRING))
arrow_typeof(CAST(1 AS VARCHAR(9)))
arrow_typeof(CAST('2020-01-01' AS TIMESTAMP))
arrow_typeof(CAST('2020-01-01' AS TIMESTAMP WITH TIME ZONE))
arrow_typeof(CAST('10:00' AS TIME))
DATE '2020-01-31' + INTERVAL '1 month', DATE '2020-03-01' - DATE '2020-02-01'
INTERVAL '1 year 2 months 3 days'
INTERVAL '3' DAY
INTERVAL '1.5 hours'
INTERVAL '-1 month'
TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Asia/Shanghai'
date_trunc('month', TIMESTAMP '2020-05-06 10:11:12'), to_char(DATE '2020-01-02', '%Y/%m')
trim('xax', 'x'), TRIM(LEADING 'x' FROM 'xax'), overlay('abcdef' PLACING 'X' FROM 2 FOR 3)
position('abc', 'c'), strpos('abc', 'c'), left('abc', 2), replace('abc', 'b', 'x')
concat_ws('-', 'a', 'b'), lpad('a', 3, '0'), regexp_replace('abc', '[ab]', '*', 'g')
round(1.2345, 2), log(100), log(2, 8), power(2, 3), greatest(1, 3, 2), nullif(1, 1)
[1, 2, 3][2], ARRAY[1, 2] || [3], [1, 2, 3][2:3], [[1], [2]][2][1]
named_struct('x', 1)['x'], map(['a'], [1])['a'], struct(1, 'a')
CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END || 'c'
count(*), sum(DISTINCT 2), count(DISTINCT 1) FILTER (WHERE true)
rank() OVER (), sum(1) OVER (ORDER BY 1 DESC NULLS LAST)
ST_AsText(ST_MakeEnvelope(0, 0, 1, 1, 4326)), ST_CRS(ST_Point(1, 2, 'OGC:CRS84'))
""".strip().splitlines()


@pytest.mark.parametrize("expressions", FAITHFUL)
def test_what_is_written_anew_means_the_same(engine: Any, expressions: str) -> None:
    statement = f"SELECT {expressions}"
    written, anew = engine(statement), engine(check_statement(statement, VIEWS).text)
    assert anew.schema == written.schema
    assert anew.to_pylist() == written.to_pylist()


@pytest.mark.parametrize("order", ["", "ASC", "DESC", "ASC NULLS FIRST", "DESC NULLS LAST"])
def test_missing_values_keep_their_place(engine: Any, order: str) -> None:
    statement = f"SELECT x FROM (VALUES (2), (NULL), (1)) AS t(x) ORDER BY x {order}"
    assert engine(check_statement(statement, VIEWS).text) == engine(statement)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("EXTRACT(YEAR FROM DATE '2020-05-06')", 2020),
        ("extract(dow from DATE '2020-05-06')", 3),
        ("substring('abcdef' FROM 2 FOR 3)", "bcd"),
        ("substr('abcdef', 2, 3)", "bcd"),
        ("substring('abcdef', 3)", "cdef"),
        ("POSITION('c' IN 'abc')", 3),
        ("TRIM(BOTH FROM ' b ')", "b"),
        ("overlay('abcdef', 'X', 2, 1)", "aXcdef"),
        ("current_date = today()", True),
        ("CURRENT_TIMESTAMP IS NOT NULL", True),
        ("CAST(DATE '2020-01-31' + INTERVAL '1' MONTH AS DATE)", datetime.date(2020, 2, 29)),
    ],
)
def test_standard_grammar_becomes_calls_that_the_engine_has(
    engine: Any, expression: str, value: Any
) -> None:
    text = check_statement(f"SELECT {expression} AS x", VIEWS).text
    assert engine(text).to_pylist() == [{"x": value}]
