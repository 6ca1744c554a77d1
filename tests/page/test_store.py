from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from regional_atlas.core.errors import DataError
from regional_atlas.page import build_store, unit_shapes
from regional_atlas.page.format import plain

from .conftest import UNITS


@pytest.fixture
def store(project, tables, topology):
    return plain(build_store(project, tables, unit_shapes(topology, UNITS)))


def test_columns_stand_in_the_order_of_the_units(store):
    assert store["unit_id"] == UNITS
    assert store["unit_en"][:2] == [None, "Beta"]
    assert store["unit_type"] == [0] * 6 + [1] * 2 + [-1]
    assert store["area_km2"][0] == 1999.12
    assert store["parents"]["half"]["of"] == [0] * 8 + [-1]
    assert store["parents"]["province"] == {
        "ids": ["N", "S"],
        "names": ["Northshire", "Southshire"],
        "names_en": ["North", "South"],
        "short": ["北", "南"],
        "pinyin": None,
        "of": [1] * 6 + [0] * 3,
    }


def test_membership_leaves_out_units_in_no_region(store):
    assert store["membership"]["metro"] == {
        "unit": [0, 1, 1, 2],
        "region": [0, 0, 1, 1],
        "share": [1, 1, 1, 1],
        "exclusive": [1, 1, 0, 1],
    }


def test_rankings_and_fields(store):
    assert store["rankings"]["best"]["rank"] == [2, 1, 3, 4, None, None, None, None, None]
    assert store["rankings"]["best"]["tier"][:5] == [2, 1, 2, 2, None]
    lights = ["light_sum", "light_mean", "light_lit_share"]
    assert list(store["fields"]) == [*lights, "population", "shine"]
    assert list(store["fields"]["light_mean"]) == ["2019", "2020", "2021"]
    assert store["fields"]["light_mean"]["2019"][:3] == [None, 0.05, 0.1]
    assert store["fields"]["population"] == [*range(0, 8000, 1000), None]
    assert store["fields"]["shine"][0] == 10.123
    assert store["fields"]["shine"][8] is None


def test_flags_say_why_a_value_is_missing(store):
    assert store["flags"] == {
        "light_mean": {"0": {"zh": "2019：无数据", "en": "2019: no data"}},
        "population": {"8": {"zh": "uninhabited", "en": "uninhabited"}},
    }


def test_small_and_zero_columns_keep_their_digits(project, tables, topology):
    rows = pd.DataFrame(
        {
            "unit_id": UNITS[:2] * 2,
            "code": ["population"] * 2 + ["unused"] * 2,
            "year": 2020,
            "value": [0.00012345678, 0.00004, 0.0, 0.0],
            "flag": None,
        }
    )
    small = replace(tables, indicators=rows)
    fields = build_store(project, small, unit_shapes(topology, UNITS)).fields
    assert fields["population"][:2] == [0.0001235, 4e-05]
    assert fields["unused"][:2] == [0, 0]


def test_indicators_without_metadata_and_doubled_ids_are_refused(project, tables, topology):
    stray = tables.indicators.assign(code="stray")
    scores = {"population": tables.scores["shine"]}
    shapes = unit_shapes(topology, UNITS)
    with pytest.raises(DataError, match="'stray' has no metadata"):
        build_store(project, replace(tables, indicators=stray), shapes)
    with pytest.raises(DataError, match="'population' is the id of an indicator and of a computed"):
        build_store(project, replace(tables, scores=scores), shapes)


def test_coverage_is_told_where_data_are_missing(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    scores = tables.scores["shine"]
    share = pd.Series(1.0, index=scores.index)
    full = replace(tables, scores={"shine": scores.assign(coverage=share)})
    assert build_store(project, full, shapes).rankings["shine"].coverage is None
    share.iloc[1] = 0.82564
    some = replace(tables, scores={"shine": scores.assign(coverage=share)})
    told = build_store(project, some, shapes).rankings["shine"].coverage
    assert [value for value in told if value is not None] == [0.826]
    assert told[UNITS.index(scores.index[1])] == 0.826
