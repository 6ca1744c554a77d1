"""The committed ratios and totals of the default project, against the yearbook and the census."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.export.tables import write_parquet
from regional_atlas.tables.committed import indicators_table, region_values_table

pytestmark = pytest.mark.china

SCOPES = ["province", "agglomeration", "metro"]
LEAST = 10
"""As geo/README.md has the command."""
TOTALS = {
    "registered", "gdp", "primary", "secondary", "tertiary", "revenue", "spending", "savings",
    "loans", "industrial_firms", "population", "graduates",
}  # fmt: skip


@pytest.fixture(scope="module")
def with_tables(china: Any, shared: Path) -> Any:
    """The default project with the yearbook and the census named."""
    data = shared / "data/indicators"
    named = [
        f"indicators.yearbook.file={data / 'county_yearbook_2020.csv'}",
        f"indicators.census.file={data / 'census_county_2020.xlsx'}",
    ]
    return ra.build(ra.read_project(china.project.root, overrides=named))


@pytest.fixture(scope="module")
def yearbook(shared: Path) -> pd.DataFrame:
    """The yearbook as it is: names without codes, a page label for the province, 万元."""
    path = shared / "data/indicators/county_yearbook_2020.csv"
    heading, _, _, *lines = csv.reader(path.read_text("utf-8-sig").splitlines())
    rows = pd.DataFrame([dict(zip(heading, line, strict=False)) for line in lines])
    return rows.assign(Area=rows["Area"].str.replace(r"\s", "", regex=True))


@pytest.fixture(scope="module")
def census(shared: Path) -> pd.DataFrame:
    """The census as it is, by code."""
    path = shared / "data/indicators/census_county_2020.xlsx"
    rows = pd.read_excel(path, dtype={"区划代码": "str"}, na_values="NA", engine="openpyxl")
    return rows.dropna(subset=["区划代码"]).set_index("区划代码")


def latest(atlas: Any) -> pd.DataFrame:
    rows = atlas.indicators
    return rows[rows["year"] == 2020].pivot(index="unit_id", columns="code", values="value")


def of_regions(atlas: Any) -> pd.DataFrame:
    rows = atlas.region_values[atlas.region_values["kind"].isin(SCOPES)]
    rows = rows[rows["code"].isin(committed_codes(atlas))]
    return rows.set_index(["kind", "region_id", "code", "year"]).sort_index()


def committed_codes(atlas: Any) -> set[str]:
    names = atlas.project.config.indicators
    return {code for code, item in atlas.tables.meta.items() if item.citation in names}


def test_ratios_by_unit_and_totals_by_region(china: Any) -> None:
    values = latest(china)
    assert not TOTALS & set(values)
    assert committed_codes(china) - set(values) == TOTALS
    known = values.notna().sum()
    assert known[["gdp_per_head", "secondary_share", "urban_share"]].tolist() == [2072, 2072, 2843]
    assert known["savings_per_head"] == 2051
    regions = of_regions(china)
    assert len(regions) == (34 + 20 + 21) * 25
    withheld = regions["flags"].fillna("").str.contains("withheld")
    assert set(regions.index[withheld].get_level_values("code")) <= TOTALS
    few = regions[withheld]
    assert few["value"].isna().all()
    assert few["members_with_data"].between(1, LEAST - 1).all()
    gdp = regions.xs("gdp", level="code")
    assert set(gdp.loc[gdp["value"].isna() & (gdp["members_with_data"] > 0), "region"]) == {
        "北京市", "天津市", "上海市", "宁夏沿黄城市群", "天山北坡城市群", "长株潭都市圈",
        "银川都市圈", "大连都市圈", "昆明都市圈",
    }  # fmt: skip
    # Taiwan, Hong Kong and Macau are in neither table.
    outside = regions[regions.index.isin(["710000", "810000", "820000"], level="region_id")]
    assert len(outside) == 3 * 25
    assert outside["value"].isna().all()
    assert (outside["members_with_data"] == 0).all()


def test_what_the_default_build_says(china: Any) -> None:
    said = [f"{o.what.in_('en')}: {o.why.in_('en')}" for o in china.tables.report.omissions]
    for name in ("yearbook", "census"):
        [line] = [line for line in said if line.startswith(f"indicator table {name}:")]
        assert "committed in indicators_2020.parquet and region_values_2020.parquet" in line
    meta = china.tables.meta["gdp_per_head"]
    assert "县域统计年鉴" in meta.method.in_("zh")
    assert "2020" in meta.method.in_("zh")
    rich = china.query(where="gdp_per_head > 100000", ranking="vitality")
    assert len(rich) == (latest(china)["gdp_per_head"] > 100_000).sum()
    metros = china.summarise("metro").set_index("name")
    assert metros.at["南京都市圈", "partial"].startswith("registered;gdp;")
    assert metros.at["南京都市圈", "data_members"].startswith("41/60;41/60;")


@pytest.mark.shared_data
def test_a_build_with_the_tables_shows_the_same(china: Any, with_tables: Any) -> None:
    checks = {c.name.in_("en"): c for c in with_tables.tables.report.checks}
    committed = [check for name, check in checks.items() if name.startswith("Committed ")]
    assert [check.detail.in_("en") for check in committed] == ["equals what is computed"] * 2
    assert list(china.tables.meta) == list(with_tables.tables.meta)
    assert dict(china.tables.meta) == dict(with_tables.tables.meta)
    digits = {code: item.digits for code, item in china.tables.meta.items()}
    keys = ["code", "year", "unit_id"]
    ratios = committed_codes(china) - TOTALS
    one, other = (
        atlas.indicators[atlas.indicators["code"].isin(ratios)].set_index(keys).sort_index()
        for atlas in (china, with_tables)
    )
    pd.testing.assert_frame_equal(one.drop(columns="value"), other.drop(columns="value"))
    same_within_the_rounding(one["value"], other["value"], digits)
    one, other = of_regions(china), of_regions(with_tables)
    told = ~one["flags"].fillna("").str.contains("withheld")
    columns = ["region", "members", "members_with_data", "partial", "rule"]
    pd.testing.assert_frame_equal(one[columns], other[columns])
    same_within_the_rounding(one.loc[told, "value"], other.loc[told, "value"], digits)
    assert one.loc[told, "flags"].fillna("").eq(other.loc[told, "flags"].fillna("")).all()
    shares = one["weight_share"].dropna()
    np.testing.assert_allclose(shares, other["weight_share"].reindex(shares.index), atol=1e-6)


def same_within_the_rounding(one: pd.Series, other: pd.Series, digits: dict[str, int]) -> None:
    """Half a unit of the last committed digit: two more than are shown."""
    assert one.index.equals(other.index)
    assert one.isna().equals(other.isna())
    last = one.index.get_level_values("code").map(digits) + 2
    assert ((one - other).abs().fillna(0) <= 0.5000001 * 10.0**-last).all()


@pytest.mark.shared_data
def test_the_files_are_those_that_the_command_writes(with_tables: Any, tmp_path: Path) -> None:
    root = with_tables.project.root
    made = {
        "indicators": indicators_table(with_tables.project, with_tables.tables),
        "region_values": region_values_table(
            with_tables.project, with_tables.tables, SCOPES, LEAST
        ),
    }
    for name, table in made.items():
        # Parquet names the versions of the libraries that wrote it: not the bytes are compared.
        made_now = pd.read_parquet(write_parquet(table, tmp_path / name))
        pd.testing.assert_frame_equal(
            made_now, pd.read_parquet(root / f"{name}_2020.parquet"), check_exact=True
        )
    assert (root / "indicators_2020.parquet").stat().st_size < 200_000
    assert (root / "region_values_2020.parquet").stat().st_size < 30_000


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("unit", "name"),
    [("320583", "昆山市"), ("350582", "晋江市"), ("520524", "织金县"), ("654221", "额敏县")],
)
def test_ratios_of_units_by_hand(
    china: Any, yearbook: pd.DataFrame, census: pd.DataFrame, unit: str, name: str
) -> None:
    [row] = yearbook[yearbook["Area"] == name].to_dict("records")
    people = census.loc[unit]
    own = latest(china).loc[unit]
    heads = people["人口数_合计"]
    expected = {
        "gdp_per_head": 1e4 * float(row["地区生产总值"]) / heads,
        "savings_per_head": 1e4 * float(row["住户储蓄存款余额"]) / heads,
        "secondary_share": 100 * float(row["第二产业增加值"]) / float(row["地区生产总值"]),
        "urban_share": 100 * people["城镇人口"] / heads,
        "graduates_share": 100 * (people["本科及以上_男"] + people["本科及以上_女"]) / heads,
        "industry_share": 100
        * (people["采矿业"] + people["制造业"] + people["电力热力燃气及水生产和供应业"])
        / people["各种行业人口总计"],
        "car_share": 100 * people["拥有家用汽车"] / people["家庭户户数_长表"],
    }
    for indicator, value in expected.items():
        assert own[indicator] == pytest.approx(value, abs=0.006), indicator


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("metro", "page", "prefectures"),
    [
        ("m-sxc", "江苏", ["3205", "3202", "3204"]),  # 苏州, 无锡, 常州
        ("m-xzq", "福建", ["3502", "3506", "3505"]),  # 厦门, 漳州, 泉州: without 金门
        ("m-cd", "四川", ["5101", "5106", "5114", "5120"]),  # 成都, 德阳, 眉山, 资阳
    ],
)
def test_values_of_metropolitan_areas_by_hand(
    china: Any,
    yearbook: pd.DataFrame,
    census: pd.DataFrame,
    metro: str,
    page: str,
    prefectures: list[str],
) -> None:
    regions = of_regions(china).loc["metro", metro].droplevel("year")
    units = census[census.index.str[:4].isin(prefectures) & ~census.index.str.endswith("00")]
    people = units["人口数_合计"].sum()
    assert regions.at["population", "value"] == pytest.approx(people / 1e4, abs=6e-4)
    urban = 100 * units["城镇人口"].sum() / people
    assert regions.at["urban_share", "value"] == pytest.approx(urban, abs=6e-4)
    assert regions.at["population", "partial"] == (metro == "m-xzq")
    rows = yearbook[yearbook["Province"].str.contains(page) & yearbook["Area"].isin(units["区县"])]
    assert (rows["Area"].value_counts() == 1).all()
    sums = rows[["地区生产总值", "第二产业增加值"]].astype("float64").sum()
    gdp, secondary = sums["地区生产总值"], sums["第二产业增加值"]
    assert regions.at["gdp", "value"] == pytest.approx(gdp / 1e4, abs=6e-4)
    assert regions.at["gdp", "members_with_data"] == len(rows)
    assert regions.at["gdp", "partial"]
    share = 100 * secondary / gdp
    assert regions.at["secondary_share", "value"] == pytest.approx(share, abs=6e-4)
