"""Counts of regions and dimensions of indices, as the cards read them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from regional_atlas.page.format import plain
from regional_atlas.page.standings import dimension_columns, dimension_titles, region_counts

from .conftest import BOTH


def test_counts_stand_in_the_order_of_the_areas(project, tables):
    rows = [
        ("shine", "province", "S", True, 5, 3, 1, 4),
        ("shine", "province", "S", False, 5, 9, 9, 9),
        ("shine", "metro", "r2", True, 5, 2, 2, 3),
    ]
    names = ["ranking", "kind", "region_id", "exclusive", "top", "count", "low", "high"]
    tables = replace(tables, region_counts=pd.DataFrame(rows, columns=names))
    assert plain(region_counts(project, tables), BOTH) == {
        "shine": {
            "top": 5,
            "areas": {
                "province": {"count": [None, 3], "low": [None, 1], "high": [None, 4]},
                "metro": {"count": [None, 2], "low": [None, 2], "high": [None, 3]},
            },
        }
    }


def test_the_first_level_of_the_tree_are_the_dimensions(project, tables):
    scores = tables.scores["shine"].assign(lights=12.345, population=float("nan"))
    tables = replace(tables, scores={"shine": scores})
    titles = plain(dimension_titles(project, tables, "shine"), BOTH)
    assert titles == [{"id": "lights", "title": {"zh": "灯光", "en": "Lights"}}]
    assert dimension_titles(project, tables, "best") is None
    assert dimension_columns(project, tables)["shine"] == {"lights": [12] * 9}
