"""Matching on awkward names: four 鼓楼区, two 朝阳区, short parents, direct administration."""

from __future__ import annotations

import pandas as pd
import pytest

from regional_atlas.config import ParentConfig
from regional_atlas.units.matching import Gazetteer, match_rows

ROWS = [
    ("320106", "鼓楼区", "江苏省", "南京市"),
    ("320302", "鼓楼区", "江苏省", "徐州市"),
    ("350102", "鼓楼区", "福建省", "福州市"),
    ("410204", "鼓楼区", "河南省", "开封市"),
    ("110105", "朝阳区", "北京市", "北京市"),
    ("220104", "朝阳区", "吉林省", "长春市"),
    ("429004", "仙桃市", "湖北省", "仙桃市"),
    ("652801", "库尔勒市", "新疆维吾尔自治区", "巴音郭楞蒙古自治州"),
]
UNITS = pd.DataFrame(ROWS, columns=["unit_id", "unit", "province", "prefecture"]).set_index(
    "unit_id"
)
PARENTS = [
    ParentConfig(
        id="province", title="p", key="x", strip=["维吾尔自治区", "自治区", "省", "市"]
    ),
    ParentConfig(
        id="prefecture", title="p", key="x", itself=["省直管"],
        aliases={"巴音郭楞": "巴音郭楞蒙古自治州"},
    ),
]  # fmt: skip
GAZETTEER = Gazetteer(UNITS, PARENTS)


def match(*rows: tuple[str | None, ...]) -> tuple[list[str | None], list[str]]:
    table = pd.DataFrame(rows, columns=["province", "prefecture", "unit"], dtype="str")
    matched, report = match_rows(table, GAZETTEER, "test")
    assert report.rows == len(rows)
    assert report.matched == matched.notna().sum()
    return [None if pd.isna(code) else code for code in matched], report.lost_rows()


def test_parents_tell_units_of_one_name_apart() -> None:
    found, problems = match(
        ("江苏省", "徐州市", "鼓楼区"), ("福建", None, "鼓楼区"), ("北京", None, "朝阳区")
    )
    assert found == ["320302", "350102", "110105"]
    assert not problems


def test_ambiguous_rows_name_their_candidates() -> None:
    found, problems = match((None, None, "鼓楼区"), ("江苏", None, "鼓楼区"))
    assert found == [None, None]
    assert problems == [
        "line 0: 鼓楼区 (320106, 320302, 350102, 410204) is ambiguous",
        "line 1: 江苏 鼓楼区 (320106, 320302) is ambiguous",
    ]


def test_unmatched_rows_are_named_not_guessed() -> None:
    found, problems = match(("江苏省", "南京市", "鼓楼"), ("山东省", None, "朝阳区"))
    assert found == [None, None]
    assert problems == ["line 0: 江苏省 南京市 鼓楼", "line 1: 山东省 朝阳区"]


def test_short_names_aliases_and_direct_administration() -> None:
    found, problems = match(("新疆", "巴音郭楞", "库尔勒市"), ("湖北省", "省直管", "仙桃市"))
    assert found == ["652801", "429004"]
    assert not problems


def test_codes_win_over_names() -> None:
    table = pd.DataFrame({"unit_id": ["110105", "999999"], "unit": ["错名", "x"]}, dtype="str")
    matched, report = match_rows(table, GAZETTEER, "codes")
    assert matched.iloc[0] == "110105"
    assert report.unmatched == ["line 1: 999999"]


def test_everything_inside_a_parent() -> None:
    assert GAZETTEER.inside({"province": "江苏"}) == ["320106", "320302"]
    assert GAZETTEER.inside({}) == sorted(UNITS.index)
    assert GAZETTEER.short("province", "新疆维吾尔自治区") == "新疆"


def test_a_full_name_wins_over_a_short_one() -> None:
    rows = [("01", "Oak", "North"), ("02", "Oak", "North State")]
    units = pd.DataFrame(rows, columns=["unit_id", "unit", "state"]).set_index("unit_id")
    parent = ParentConfig(id="state", title="s", key="x", strip=[" State"])
    gazetteer = Gazetteer(units, [parent])
    assert gazetteer.candidates("Oak", {"state": "North"}) == ["01"]
    assert gazetteer.candidates("Oak", {"state": "North State"}) == ["02"]


def test_names_are_compared_in_one_form_and_case_by_declaration() -> None:
    units = pd.DataFrame(
        {"unit": ["Bi\u0302rch", "New  York"], "state": ["A\u030angstro\u0308m", "Ny"]},
        index=["01", "02"],
    )
    state = ParentConfig(id="state", title="s", key="state", aliases={"Empire": "Ny"})
    table = pd.DataFrame(
        {
            "unit": ["B\u00eerch", "New\u00a0York ", "new york", "Birch"],
            "state": ["\u00c5ngstr\u00f6m", "Empire", "ny", None],
        }
    )
    gazetteer = Gazetteer(units, [state])
    matched, report = match_rows(table, gazetteer, "t")
    assert matched.fillna("").tolist() == ["01", "02", "", "01"]
    # What a publisher wrote without accents is taken where one unit may be meant, and is said.
    assert report.renamed == ["line 3: Birch → 01 (Bi\u0302rch without its accents)"]
    matched, _ = match_rows(table, gazetteer, "t", ignore_case=True)
    assert matched.fillna("").tolist() == ["01", "02", "02", "01"]


def test_a_name_without_accents_is_taken_of_one_unit_only() -> None:
    names = {"01": "Lé", "02": "Lè", "03": "Le", "04": "Pé", "05": "Pè", "06": "か゛", "07": "が"}
    units = pd.DataFrame({"unit": names.values(), "state": list("aaaaabb")}, index=list(names))
    state = ParentConfig(id="state", title="s", key="state")
    rows = [("Le", None), ("Pe", None), ("Pê", None), ("か", None), ("Le", "b")]
    table = pd.DataFrame(rows, columns=["unit", "state"])
    matched, report = match_rows(table, Gazetteer(units, [state]), "t")
    assert matched.fillna("").tolist() == ["03", "", "", "", ""]
    assert not report.renamed


def test_names_in_signs_of_another_width_are_taken_and_said() -> None:
    units = pd.DataFrame({"unit": ["A1区", "ガラ", "B2"]}, index=["01", "02", "03"])
    table = pd.DataFrame({"unit": ["Ａ１区", "ｶﾞﾗ", "B2"]})
    matched, report = match_rows(table, Gazetteer(units, []), "t")
    assert matched.tolist() == ["01", "02", "03"]
    assert report.renamed == [
        "line 0: Ａ１区 → 01 (A1区 in signs of another width)",
        "line 1: ｶﾞﾗ → 02 (ガラ in signs of another width)",
    ]


@pytest.mark.parametrize(
    ("code", "ids", "asked"),
    [
        ("101.0", "00101", "is it 00101, stored as a decimal number? store the column as text"),
        ("00101,00", "00101", "is it 00101, stored as a decimal number? store"),
        ("3.6E+05", "360000", "is it 360000, in scientific notation? digits may be lost"),
        ("'00101", "00101", 'is it 00101? declare strip = "\'"'),
        ('"00101"', "00101", "is it 00101? declare strip = '\"'"),
        ("００１０１", "00101", "is it 00101, in full-width signs? write it in those of the units"),
        ("Ａ１", "A1", "is it A1, in full-width signs?"),
        ("00101", "101", "is it 101? the ids of the units may have lost zeros: store the key"),
        ("de21a", "DE21A", "is it DE21A, in other letters? write it as the units do"),
    ],
)
def test_codes_of_another_form_are_said_and_never_taken(code: str, ids: str, asked: str) -> None:
    units = pd.DataFrame({"unit": ["A", "B"]}, index=[ids, "77777"])
    matched, report = match_rows(pd.DataFrame({"unit_id": [code]}), Gazetteer(units, []), "t")
    assert matched.isna().all()
    assert report.hint.startswith(f"line 0: {code}; {asked}")


def test_codes_that_lost_zeros_are_recognised() -> None:
    units = pd.DataFrame({"unit": ["A", "B"]}, index=["00101", "10204"])
    for codes, hint in [
        (["101", "10204"], "line 0: 101; did 00101 lose its zeros? declare key_width = 5"),
        (["10204", "7"], ""),
        (["x10204"], "line 0: x10204; the units' ids are such as 00101, 10204"),
    ]:
        _, report = match_rows(pd.DataFrame({"unit_id": codes}), Gazetteer(units, []), "t")
        assert report.hint == hint


def test_another_name_of_a_unit_is_taken_and_said() -> None:
    units = pd.DataFrame({"unit": ["莎车县", "Elm"], "state": ["s", "t"]}, index=["1", "2"])
    gazetteer = Gazetteer(units, [], {"Yarkant": "1"})
    table = pd.DataFrame({"unit": ["Yarkant", "Elm"]})
    matched, report = match_rows(table, gazetteer, "t")
    assert matched.tolist() == ["1", "2"]
    assert report.renamed == ["line 0: Yarkant → 1 (莎车县 by another name)"]
