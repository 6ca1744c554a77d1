"""The units table: types, parents, completeness."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pytest
import shapely

from regional_atlas.config import BoundariesConfig
from regional_atlas.core.errors import DataError
from regional_atlas.units.table import build_units, parents_table, short_name

NAMES = ["碑林区", "神农架林区", "东莞市", "北川羌族自治县", "湾仔区"]
CODES = ["610103", "429021", "441900", "510726", "810002"]
RAW = gpd.GeoDataFrame(
    {"name": NAMES, "pc": ["61", "42", "44", "51", "81"],
     "pn": ["陕西省", "湖北省", "广东省", "四川省", "香港特别行政区"]},
    index=CODES, geometry=[shapely.box(i, 30, i + 1, 31) for i in range(5)], crs="EPSG:4326",
).rename_axis("unit_id")  # fmt: skip
TYPES = {
    "rules": [
        {"id_starts": "81", "type": "港区"},
        {"ends": "自治县", "type": "自治县"},
        {"ends": "县", "type": "县"},
        {"ends": "市", "type": "县级市"},
        {"ends": "区", "type": "市辖区"},
    ],
    "exceptions": {"429021": "林区", "441900": "地级市"},
    "types": [{"id": kind, "title": kind} for kind in
              ["港区", "自治县", "县", "县级市", "市辖区", "林区", "地级市"]],
}  # fmt: skip
PARENTS = [
    {"id": "macro", "title": "macro", "of": "province", "groups": {"西部": ["陕西省", "四川省"]}},
    {"id": "province", "title": "province", "key": "pc", "name": "pn",
     "strip": ["特别行政区", "省"], "name_en": {"四川省": "Sichuan"}},
]  # fmt: skip


def config(**changes: Any) -> BoundariesConfig:
    values = {"provider": "cnmaps", "key": "code", "name": "name", "source": "s",
              "level": {"id": "county", "title": "county"}, "unit_type": TYPES,
              "parents": PARENTS} | changes  # fmt: skip
    return BoundariesConfig.model_validate(values)


def test_types_by_rule_and_exception() -> None:
    units = build_units(RAW, config())
    assert units["unit_type"].tolist() == ["市辖区", "林区", "地级市", "自治县", "港区"]


def test_parents_and_groups_keep_absence_explicit() -> None:
    units = build_units(RAW, config())
    assert units["province"].tolist()[0] == "陕西省"
    assert units["province_id"].tolist() == ["61", "42", "44", "51", "81"]
    assert units["macro"].isna().tolist() == [False, True, True, False, True]
    table = parents_table(units, config().parents[1])
    assert table.loc["81", "short"] == "香港"
    assert table.loc["51", "name_en"] == "Sichuan"
    assert table["units"].tolist() == [1] * 5


def test_what_must_be_there_is_asserted_all_at_once() -> None:
    complete = {"units": 6, "required": ["710000"], "area_km2": 1e6, "area_tolerance": 0.01}
    types = TYPES | {
        "types": [kind | {"expected": 2} for kind in TYPES["types"][:1]] + TYPES["types"][1:]
    }
    with pytest.raises(DataError) as caught:
        build_units(RAW, config(complete=complete, unit_type=types))
    text = str(caught.value)
    assert "6 units are expected, found 5" in text
    assert "required unit 710000 is missing" in text
    assert "km², expected 1,000,000 within 1%" in text
    assert "2 units of type '港区' are expected, found 1" in text


def test_a_unit_without_a_type_is_named() -> None:
    types = {"rules": TYPES["rules"][1:4], "types": TYPES["types"]}
    with pytest.raises(DataError, match=r"unit 610103 \(碑林区\) has no unit type"):
        build_units(RAW, config(unit_type=types))


def test_types_may_be_a_column_or_absent() -> None:
    types = {"column": "pn", "types": [{"id": "x", "title": "x"}]}
    assert build_units(RAW, config(unit_type=types))["unit_type"].iloc[0] == "陕西省"
    assert build_units(RAW, config(unit_type=None))["unit_type"].isna().all()


def test_groups_of_unknown_parents_are_an_error() -> None:
    parents = [PARENTS[0] | {"groups": {"x": ["火星省"]}}, PARENTS[1]]
    with pytest.raises(DataError, match="no province '火星省'"):
        build_units(RAW, config(parents=parents))


def test_short_names_never_vanish() -> None:
    assert short_name("省", ["省"]) == "省"
    assert short_name("新疆维吾尔自治区", ["维吾尔自治区", "自治区"]) == "新疆"


def test_the_area_may_differ_by_its_tolerance_and_no_more() -> None:
    total = float(build_units(RAW, config())["area_km2"].sum())
    within = {"area_km2": total / 1.009, "area_tolerance": 0.01}
    assert len(build_units(RAW, config(complete=within))) == 5
    beyond = {"area_km2": total / 1.011, "area_tolerance": 0.01}
    with pytest.raises(DataError, match="within 1%"):
        build_units(RAW, config(complete=beyond))


def test_english_names_by_id_go_before_those_of_the_source() -> None:
    raw = RAW.assign(en=["Beilin", None, "Dongguan", None, "Wanzai"])
    units = build_units(raw, config(name_en="en", names_en={"810002": "Wan Chai"}))
    assert units["unit_en"].tolist()[4] == "Wan Chai"
    assert units["unit_en"].isna().tolist() == [False, True, False, True, False]


def test_names_of_units_that_are_not_there_are_listed_together() -> None:
    changed = config(
        names_en={"810003": "Eastern"}, aliases={"Tungkun": "441900", "X": "0", "碑林区": "441900"}
    )
    with pytest.raises(DataError) as caught:
        build_units(RAW, changed)
    assert caught.value.problems == [
        "names_en: no unit '810003'",
        "aliases: no unit '0'",
        "aliases: '碑林区' is the name of unit 610103",
    ]


def refused(**changes: Any) -> list[str]:
    raw = RAW.assign(en=["Beilin", None, "Dong-guan", None, "Wanzai"])
    with pytest.raises(DataError) as caught:
        build_units(raw, config(name_en="en", **changes))
    return caught.value.problems


def test_two_aliases_that_are_one_name_of_two_units_are_refused() -> None:
    aliases = {"Maytag": "441900", "May\u200btag": "610103", "MAYTAG": "429021", "maytag": "441900"}
    assert refused(aliases=aliases) == [
        "aliases: 'May\\u200btag' and 'Maytag' are one name, for 610103 and for 441900",
        "aliases: 'MAYTAG' and 'Maytag' are one name, for 429021 and for 441900",
    ]


@pytest.mark.parametrize("alias", ["Dong-guan", "DONG GUAN", "Dông-guan", "Ｄong-guan"])
def test_an_alias_is_no_other_units_name_in_any_form(alias: str) -> None:
    (problem,) = refused(aliases={alias: "610103"})
    assert problem.startswith(f"aliases: {alias!r} is the name of unit 441900")
    assert problem.endswith("'Dong-guan'") == (alias != "Dong-guan")
    assert len(build_units(RAW.assign(en="Dong-guan"), config(aliases={NAMES[0]: CODES[0]}))) == 5


def test_an_alias_that_repeats_its_own_units_name_is_harmless() -> None:
    aliases = {NAMES[0]: CODES[0], f" {NAMES[0]}\u200b": CODES[0], "dong guan": CODES[2]}
    raw = RAW.assign(en=[None, None, "Dong-guan", None, None])
    assert len(build_units(raw, config(name_en="en", aliases=aliases))) == 5


def test_other_names_of_parents_that_are_one_name_are_refused() -> None:
    english = {"四川省": "Sichuan", "四川省\u200b": "Szech"}
    aliases = {"Chuan": "四川省", "CHUAN": "陕西省"}
    parents = [PARENTS[0], PARENTS[1] | {"name_en": english, "aliases": aliases}]
    assert refused(parents=parents) == [
        "province: name_en: '四川省\\u200b' and '四川省' are one name, for Szech and for Sichuan",
        "province: aliases: 'CHUAN' and 'Chuan' are one name, for 陕西省 and for 四川省",
    ]


def test_ids_that_lost_their_zeros_are_asked_for() -> None:
    raw = RAW.set_axis([f"00{code}" for code in CODES]).rename_axis("unit_id")
    changed = config(
        names_en={"610103": "Beilin"},
        aliases={"Tungkun": "441900", "X": "9"},
        complete={"required": ["610103"]},
        unit_type=TYPES | {"exceptions": {"429021": "林区", "1": "林区"}},
    )
    with pytest.raises(DataError) as caught:
        build_units(raw, changed)
    assert caught.value.problems == [
        "required unit 610103 is missing; did 00610103 lose its zeros?",
        "names_en: no unit '610103'; did 00610103 lose its zeros?",
        "aliases: no unit '441900'; did 00441900 lose its zeros?",
        "aliases: no unit '9'",
        "unit_type.exceptions: no unit '429021'; did 00429021 lose its zeros?",
    ]
    level = {"id": "half", "title": "half", "units": {"North": ["610103"]}}
    with pytest.raises(DataError, match="no unit '610103'; did 00610103 lose its zeros"):
        build_units(raw, config(parents=[level], unit_type=None))
