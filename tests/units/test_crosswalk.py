"""Crosswalks: renamed, recoded, merged and divided units, by date; nothing guessed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.config import ParentConfig
from regional_atlas.core.errors import DataError
from regional_atlas.core.kinds import Extensive
from regional_atlas.core.schema import MatchReport
from regional_atlas.units.changes import carry
from regional_atlas.units.crosswalk import Crosswalk, area_links, match_areas
from regional_atlas.units.matching import Gazetteer

ROWS = [
    ("01", "Newtown", "North"),
    ("02", "East", "North"),
    ("03", "West", "North"),
    ("04", "Hill", "South"),
    ("05", "Hill", "North"),
    ("06", "Bay", "South"),
]
UNITS = pd.DataFrame(ROWS, columns=["unit_id", "unit", "province"]).set_index("unit_id")
GAZETTEER = Gazetteer(UNITS, [ParentConfig(id="province", title="p", key="x")])

COLUMNS = ["date", "kind", "from_code", "from_name", "to_code", "to_name", "province"]
CHANGES = [
    ("2020-07", "rename", "91", "Oldtown", "01", "Newtown", "North"),
    ("2021", "split", "92", "Plain", "02", "East", "North"),
    ("2021", "split", "92", "Plain", "03", "West", "North"),
    ("2019", "recode", "93", "Fell", "94", "Fell", None),
    ("2021-03-01", "merge", "94", "Fell", "04", "Hill", "South"),
    (None, "merge", None, "Harbour zone", "06", "Bay", "South"),
]


def crosswalk(
    rows: list[tuple[str | None, ...]] = CHANGES, names_of: date = date(2018, 1, 1)
) -> Crosswalk:
    changes = pd.DataFrame(rows, columns=COLUMNS, index=range(2, len(rows) + 2), dtype="str")
    return Crosswalk(changes, names_of)


def match(
    *rows: tuple[str | None, ...],
    columns: tuple[str, ...] = ("province", "unit"),
    walk: Crosswalk | None = None,
    several: dict[str, str] | None = None,
) -> tuple[list[str | None], MatchReport]:
    table = pd.DataFrame(rows, columns=list(columns), index=range(2, len(rows) + 2), dtype="str")
    areas, report = match_areas(
        table, GAZETTEER, "test", crosswalk=walk or crosswalk(), several=several
    )
    assert (report.rows, report.matched) == (len(rows), areas.notna().sum())
    return [None if pd.isna(area) else area for area in areas], report


def test_a_renamed_unit_is_found_and_the_change_is_named() -> None:
    found, report = match(("North", "Oldtown"), ("North", "East"))
    assert found == ["01", "02"]
    assert report.renamed == ["line 2: North Oldtown → 01 Newtown (rename 2020-07)"]


def test_changes_before_the_tables_names_do_not_apply() -> None:
    found, report = match(("North", "Oldtown"), walk=crosswalk(names_of=date(2020, 12, 31)))
    assert found == [None]
    assert report.unmatched == ["line 2: North Oldtown"]


def test_a_change_by_name_must_lead_into_the_rows_parents() -> None:
    found, report = match(("South", "Harbour zone"), ("North", "Harbour zone"))
    assert found == ["06", None]
    assert len(report.merged) == len(report.unmatched) == 1


def test_codes_follow_chains_of_changes() -> None:
    columns = ("unit_id", "unit")
    found, report = match(("93", "Fell"), ("04", "Hill"), (None, "Bay"), columns=columns)
    assert found == ["04", "04", "06"]
    assert report.merged == ["line 2: 93 Fell → 04 Hill (merge 2021-03-01)"]
    assert report.without_code == ["line 4: Bay"]


@pytest.mark.parametrize("name", ["Harbour\u00a0 zone", "Harbour zo\u200bne", " Harbour zone"])
def test_names_of_changes_are_compared_as_those_of_units_are(name: str) -> None:
    found, report = match((None, name))
    assert found == ["06"]
    assert len(report.merged) == 1


def test_a_divided_unit_names_its_parts() -> None:
    found, report = match(("North", "Plain"))
    assert found == ["02;03"]
    assert report.divided == ["line 2: North Plain → 02 East, 03 West (split 2021)"]
    assert report.lost_rows() == []


def test_a_label_may_name_several_parents() -> None:
    several = {"province": "/"}
    found, _ = match(("South/North", "East"), ("South", "Hill"), several=several)
    assert found == ["02", "04"]
    found, report = match(("South/North", "Hill"), several=several)
    assert found == [None]
    assert report.ambiguous == ["line 2: South/North Hill (04, 05)"]


def test_two_rows_of_one_unit_are_refused_where_nothing_merged_them() -> None:
    with pytest.raises(DataError, match="test: unit 01 is the answer to more than one row"):
        match(("North", "Oldtown"), ("North", "Newtown"))


def test_changes_that_lead_nowhere_are_listed() -> None:
    rows = [
        ("2020", "rename", "91", "Oldtown", "99", "Newtown", "North"),
        ("2020", "rename", "92", "Plain", "02", "Easton", "South"),
    ]
    assert crosswalk(rows).problems(GAZETTEER) == [
        "line 2: to_code 99 is not a unit",
        "line 3: 02 has unit 'East', not 'Easton'",
        "line 3: 02 has province 'North', not 'South'",
    ]
    assert crosswalk().problems(GAZETTEER) == []


def test_a_change_of_another_code_is_not_taken_by_name() -> None:
    inside = set(UNITS.index)
    assert crosswalk().follow("91", "Oldtown", inside)["to_code"].tolist() == ["01"]
    assert crosswalk().follow(None, "Oldtown", inside)["to_code"].tolist() == ["01"]
    assert crosswalk().follow("99", "Oldtown", inside).empty
    assert crosswalk().follow("99", "Harbour zone", inside)["to_code"].tolist() == ["06"]


def test_codes_may_be_swapped_on_one_day() -> None:
    swapped = [
        ("2021", "recode", "02", "East", "03", "West", None),
        ("2021", "recode", "03", "West", "02", "East", None),
    ]
    assert crosswalk(swapped).follow("02", "East", set())["to_code"].tolist() == ["03"]
    assert crosswalk(swapped).follow("03", "West", set())["to_code"].tolist() == ["02"]


# ── several changes of one unit ─────────────────────────────────────────────────────────────────

Change = tuple[str, str, str, str, float]


def carried(changes: list[Change], totals: dict[str, float]) -> dict[str, float]:
    columns = ["date", "kind", "from_code", "to_code", "share"]
    given = pd.DataFrame(changes, columns=columns, index=range(2, len(changes) + 2))
    walk = Crosswalk(given.assign(from_name=None, to_name=None), date(2010, 1, 1))
    assert walk.problems(GAZETTEER) == []
    table = pd.DataFrame({"unit_id": list(totals)}, index=range(2, len(totals) + 2), dtype="str")
    areas, _ = match_areas(table, GAZETTEER, "test", crosswalk=walk)
    values = pd.DataFrame({"x": list(totals.values())}, index=table.index)
    found = carry(values, area_links(table, areas, walk), {"x": Extensive()})
    return dict(found["x"].round(9))


TOTALS = {"01": 100.0, "02": 1.0, "03": 2.0, "04": 3.0}


def test_a_unit_that_gives_parts_on_several_days_gives_them_of_what_is_left() -> None:
    found = carried(
        [
            ("2015", "transfer", "01", "02", 0.25),
            ("2017", "transfer", "01", "03", 0.1),
            ("2017", "transfer", "01", "04", 0.2),
        ],
        TOTALS,
    )
    assert found == {"01": 52.5, "02": 26.0, "03": 9.5, "04": 18.0}
    found = carried(
        [
            ("2015", "split", "01", "01", 0.5),
            ("2015", "split", "01", "02", 0.5),
            ("2017", "split", "01", "01", 0.5),
            ("2017", "split", "01", "03", 0.5),
        ],
        TOTALS,
    )
    assert found == {"01": 25.0, "02": 51.0, "03": 27.0, "04": 3.0}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(TOTALS)), st.sampled_from(sorted(TOTALS)), st.floats(0.01, 0.99)
        ).filter(lambda moved: moved[0] != moved[1]),
        min_size=1,
        max_size=8,
    )
)
def test_totals_are_conserved_over_any_number_of_transfers(
    moves: list[tuple[str, str, float]],
) -> None:
    changes = [
        (str(2011 + at), "transfer", old, new, share) for at, (old, new, share) in enumerate(moves)
    ]
    expected = dict(TOTALS)
    for _, _, old, new, share in changes:
        expected[new] += share * expected[old]
        expected[old] *= 1 - share
    assert carried(changes, TOTALS) == pytest.approx(expected, abs=1e-6)
    assert sum(expected.values()) == pytest.approx(sum(TOTALS.values()))
