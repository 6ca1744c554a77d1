"""The tables for SQL: all there, typed, explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regional_atlas.core.schema import ZONAL_COLUMNS
from regional_atlas.publish.files import DATA_FILES
from regional_atlas.query.sql import VIEWS, describe_views
from regional_atlas.query.sql.gate import check_statement
from regional_atlas.query.sql.views import view_tables


def test_views_hold_the_tables_of_the_build(example: Any) -> None:
    views = view_tables(example.tables)
    files = {file.name: file.table(example.tables) for file in DATA_FILES}
    assert list(views) == list(VIEWS)
    for name in ("units", "regions"):
        assert views[name].equals(files[f"{name}.parquet"])
    for name in ("rankings", "scores", "indicators", "clusters", "membership", "nightlights"):
        shared = [column for column in files[f"{name}.csv"] if column in views[name]]
        found = views[name][shared]
        pd.testing.assert_frame_equal(found, files[f"{name}.csv"][shared], check_dtype=False)
    parents = example.tables.parents["province"]
    assert views["parents"]["id"].tolist() == parents.index.tolist()
    assert views["parents"]["units"].tolist() == parents["units"].tolist()


def test_views_without_geometry_are_the_same_but_for_it(example: Any) -> None:
    whole, plain = view_tables(example.tables), view_tables(example.tables, spatial=False)
    for name, table in whole.items():
        found = plain[name]
        assert sorted(found) == sorted(table)
        if name in ("units", "regions"):
            assert found["geometry"].isna().all()
            table, found = (each.drop(columns="geometry") for each in (table, found))
        pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(table), check_like=True)


@pytest.mark.parametrize(
    ("statement", "spatial"),
    [
        ("SELECT count(*) FROM units", False),
        ("SELECT count(DISTINCT unit) FROM units u CROSS JOIN regions", False),
        ("SELECT u.unit FROM units u LEFT JOIN regions r ON u.unit = r.name", False),
        ("SELECT * FROM units", True),
        ("SELECT u.* FROM units u", True),
        ("FROM units", True),
        ("SELECT ST_Area(Geometry) FROM units", True),
        ('SELECT "geometry" FROM units', True),
        ("SELECT unit FROM units NATURAL JOIN regions", True),
        ("SELECT unit FROM units JOIN regions USING (geometry)", True),
        ("WITH x AS (SELECT * FROM units) SELECT count(*) FROM x", True),
        ("SELECT count(units.*) FROM units", True),
    ],
)
def test_geometry_is_read_where_it_can_matter(statement: str, spatial: bool) -> None:
    pytest.importorskip("sqlglot")
    assert check_statement(statement, VIEWS).spatial is spatial


def test_a_view_without_rows_keeps_its_types(example: Any, with_tables: Any) -> None:
    views = view_tables(with_tables(example.tables, nightlights=None, parents={}, scores={}))
    for name in ("nightlights", "parents", "scores", "space", "inequality", "region_counts"):
        table = views[name]
        assert table.empty, name
        assert list(table.columns) == list(VIEWS[name].columns) or name == "nightlights"
        kinds = {
            kind: str(table[column].dtype) for column, (kind, _) in VIEWS[name].columns.items()
        }
        wanted = {"VARCHAR": "str", "BIGINT": "Int64", "DOUBLE": "float64", "BOOLEAN": "boolean"}
        assert kinds.items() <= wanted.items()
    assert list(views["nightlights"].columns) == ZONAL_COLUMNS


def test_views_without_rows_can_be_asked(example: Any) -> None:
    pytest.importorskip("sedonadb")
    found = example.sql(
        "SELECT s.unit, c.top + 1 AS n FROM space s JOIN region_counts c ON s.id = c.ranking "
        "WHERE s.moran_class = 'HH' AND c.exclusive AND s.value > 1"
    )
    assert found.empty


def test_every_column_is_described(example: Any) -> None:
    described = describe_views(example.project, example.tables)
    assert list(described.columns) == ["view", "column", "type", "meaning", "rows"]
    assert (described["meaning"].str.len() > 0).all()
    for name, table in view_tables(example.tables).items():
        mine = described[described["view"] == name]
        assert mine["column"].tolist() == list(table.columns)
        assert set(mine["rows"]) == {len(table)}
    meanings = described.set_index(["view", "column"])["meaning"]
    assert meanings["units", "province_id"] == "id of the parent: province"
    assert meanings["scores", "light_density"] == "score of Density of light"
    types = described.set_index(["view", "column"])["type"]
    assert types["units", "geometry"] == "GEOMETRY"
    assert types["scores", "economy"] == "DOUBLE"


@pytest.mark.china
def test_every_column_of_the_default_project_is_described(china: Any) -> None:
    described = describe_views(china.project, china.tables).set_index(["view", "column"])
    assert (described["meaning"].str.len() > 0).all()
    assert described.loc[("scores", "p_top100"), "meaning"] == (
        "chance of a rank among the first 100, 0 to 1"
    )
    assert described.loc[("scores", "rank_low"), "type"] == "BIGINT"


def test_the_types_are_the_engines(engine: Any, example: Any) -> None:
    names = {
        "VARCHAR": {"large_string", "string", "string_view"},
        "BIGINT": {"int64"}, "DOUBLE": {"double"}, "BOOLEAN": {"bool"},
    }  # fmt: skip
    for row in describe_views(example.project, example.tables).itertuples():
        kind = str(engine(f'SELECT "{row.column}" FROM "{row.view}" LIMIT 1').schema.types[0])
        assert row.type == "GEOMETRY" or kind in names[row.type], row


def test_the_reference_names_every_view() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/sql.md").read_text(encoding="utf-8")
    for name, view in VIEWS.items():
        assert f"| `{name}` |" in page
        assert all(f"`{column}`" in page for column in view.columns)
