from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regional_atlas.config.map import PageConfig
from regional_atlas.core.errors import ConfigError, DataError
from regional_atlas.core.numerals import number
from regional_atlas.core.schema import PARTIAL, REGION_VALUE_COLUMNS
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.format import plain
from regional_atlas.page.rounding import round_significant

from .conftest import BOTH, UNITS


@pytest.fixture
def store(project, tables, topology):
    return plain(build_store(project, tables, unit_shapes(topology, UNITS)), BOTH)


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


@example(value=-562949953421.5334, digits=5, shown=3)
@given(
    value=st.floats(1, 1e12) | st.floats(-1e12, -1),
    digits=st.sampled_from([5, 6]),
    shown=st.integers(0, 3),
)
def test_a_stored_value_reads_as_the_value_itself(value: float, digits: int, shown: int) -> None:
    stored = round_significant(value, digits, shown + 2, shown)
    assert number(stored, shown, lang="en") == number(value, shown, lang="en")


def test_yearly_counts_keep_the_digits_that_are_shown(project, tables, topology):
    rows = tables.indicators
    counts = rows["value"].where(rows["code"] != "light_sum", 1234567.0)
    metas = {code: replace(meta, digits=0) for code, meta in tables.meta.items()}
    tables = replace(tables, indicators=rows.assign(value=counts), meta=metas)
    store = plain(build_store(project, tables, unit_shapes(topology, UNITS)), BOTH)
    assert store["fields"]["light_sum"]["2020"][0] == 1234567


def test_the_page_carries_the_declared_indicators_and_those_of_plates(project, tables, topology):
    def stored(*codes: str) -> dict[str, Any]:
        config = project.config.model_copy(update={"page": PageConfig(fields=list(codes))})
        narrowed = replace(project, config=config)
        return plain(build_store(narrowed, tables, unit_shapes(topology, UNITS)), BOTH)

    every = {"light_sum", "light_mean", "light_lit_share", "population", "shine"}
    shown = {name for plate in project.config.plates for name in plate.fields_shown()} & every
    assert 0 < len(shown) < len(every)
    assert set(stored()["fields"]) == shown | {"shine"}
    assert set(stored("population")["fields"]) == shown | {"population", "shine"}
    with pytest.raises(ConfigError, match=r"page.fields: no indicator 'pop'"):
        stored("population", "pop")


def test_flags_say_why_a_value_is_missing(store):
    assert store["flags"] == {
        "light_mean": {"0": flag("2019：无数据", "2019: no data")},
        "population": {"8": flag("uninhabited", "uninhabited")},
    }


def flag(zh: str, en: str, *partial: int) -> dict[str, Any]:
    return {"text": {"zh": zh, "en": en}, "partial": list(partial)}


def test_flags_name_the_years_of_partial_values(project, tables, topology):
    rows = tables.indicators
    here = (rows["code"] == "light_mean") & (rows["unit_id"] == UNITS[1])
    marked = rows.assign(flag=rows["flag"].mask(here & (rows["year"] == 2021), PARTIAL))
    built = build_store(
        project, replace(tables, indicators=marked), unit_shapes(topology, tables.units.index)
    )
    found = plain(built, BOTH)["flags"]["light_mean"]["1"]
    assert found["partial"] == [2021]
    assert found["text"]["en"].startswith("2021: ")


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


def region_values(*rows: tuple[str, str, str, int, float, int, int, bool]) -> pd.DataFrame:
    counts = ["members", "members_with_data"]
    names = ["kind", "region_id", "code", "year", "value", *counts, "partial"]
    table = pd.DataFrame(rows, columns=names).assign(
        region="", weight_share=1.0, rule="sum", flags=None
    )
    return table[REGION_VALUE_COLUMNS].astype({"year": "Int64"})


def test_areas_have_their_latest_values_and_say_what_is_partial(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    assert build_store(project, tables, shapes).areas == {}
    values = region_values(
        ("metro", "r2", "population", 2020, 1234567.0, 3, 2, True),
        ("metro", "r1", "population", 2019, 1.0, 2, 2, False),
        ("metro", "r1", "population", 2020, 2.0, 2, 2, False),
        ("province", "S", "light_mean", 2021, 0.123456789, 3, 3, False),
        ("province", "N", "light_mean", 2021, np.nan, 3, 0, True),
        ("province", "N", "shine", 2021, np.nan, 3, 0, True),
        ("province", "N", "light_max", 2021, 5.0, 3, 3, False),
    )
    store = build_store(project, replace(tables, region_values=values), shapes)
    assert plain(store.areas, BOTH) == {
        "metro": {"population": {"value": [2, 1234567], "data": [None, 2], "members": [None, 3]}},
        "province": {"light_mean": {"value": [None, 0.1235], "data": None, "members": None}},
    }


def test_fields_say_how_they_roll_up_and_what_all_units_come_to(project, tables, topology):
    shapes = unit_shapes(topology, UNITS)
    overall = region_values(
        ("all", "x", "population", 2020, 28000.0, 9, 8, True),
        ("unit_type", "town", "population", 2020, 1.0, 6, 6, False),
        ("all", "x", "light_mean", 2021, 7.5, 9, 9, False),
        ("all", "x", "light_sum", 2021, np.nan, 9, 0, True),
    )
    tables = replace(tables, overall_values=overall)
    spec = plain(build_spec(project, tables, build_store(project, tables, shapes), shapes), BOTH)
    fields = {field["id"]: (field["rule"]["en"], field["whole"]) for field in spec["fields"]}
    assert fields == {
        "light_sum": ("sum", None),
        "light_mean": ("unweighted mean", {"value": 7.5, "partial": False}),
        "light_lit_share": ("unweighted mean", None),
        "population": ("sum", {"value": 28000, "partial": True}),
        "shine": ("does not add up", None),
    }
