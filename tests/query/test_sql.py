"""Spatial SQL: the same answers as the tables, wrong statements explained."""

from __future__ import annotations

import sys
from typing import Any

import geopandas as gpd
import pytest

from regional_atlas.core.errors import ConfigError, InputError


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
    with pytest.raises(InputError, match="Expected: an SQL statement"):
        example.sql("SELEC")


def test_the_extra_is_named_when_missing(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sedonadb", None)
    with pytest.raises(ConfigError, match=r"pip install 'regional-atlas\[sql\]'"):
        example.sql("SELECT 1")
