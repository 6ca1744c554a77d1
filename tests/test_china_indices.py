"""The report's systems on real data: what the tables give, and how far the results agree."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.export.tables import write_csv
from regional_atlas.tables.committed import counts_table, scores_table
from regional_atlas.tables.rankings import _same_as_kept

pytestmark = pytest.mark.china

COMPUTED = ["industrial", "innovation", "districts"]


@pytest.fixture(scope="module")
def with_data(china: Any, shared: Path) -> Any:
    """The default project with the yearbook, the census and the other publisher's lists."""
    data = shared / "data/indicators"
    given = {
        "indicators.yearbook.file": data / "county_yearbook_2020.csv",
        "indicators.census.file": data / "census_county_2020.xlsx",
        "compare.lists.ccid_counties.file": data / "ccid_2025_top100.csv",
        "compare.lists.ccid_districts.file": data / "ccid_2025_top100.csv",
    }
    overrides = [f"{key}={path}" for key, path in given.items()]
    return ra.build(ra.read_project(china.project.root, overrides=overrides))


def joins(atlas: Any) -> dict[str, Any]:
    return {join.name: join for join in atlas.tables.report.joins}


def test_without_the_tables_the_kept_scores_serve(china: Any) -> None:
    said = " ".join(f"{o.what.in_('en')}: {o.why.in_('en')}" for o in china.tables.report.omissions)
    for name in COMPUTED:
        assert f"the scores stored in scores_{name}_2020.csv are used" in said
    assert "indicators.yearbook.file" in said
    assert "indicators.census.file" in said
    best = china.rankings[china.rankings["rank"] == 1].set_index("ranking")["unit"]
    assert best[COMPUTED].tolist() == ["昆山市", "昆山市", "宝安区"]


def test_kept_scores_bring_intervals_to_a_build_without_the_tables(china: Any) -> None:
    for name in COMPUTED:
        scores = china.scores[name]
        ranked = scores.dropna(subset=["rank"])
        assert (ranked["rank_low"] <= ranked["rank_high"]).all()
        assert ranked[["p_top100", "p_tier"]].stack().between(0, 1).all()
        assert scores.loc[scores["rank"].isna(), ["rank_low", "p_top100"]].isna().all(axis=None)
        # A hundred places: the chances of all units add up to them, less what rounding takes.
        assert ranked["p_top100"].sum() == pytest.approx(100, abs=0.5)
    counts = china.region_counts.set_index(["ranking", "kind", "region", "exclusive"])
    jiangsu = counts.loc[("industrial", "province", "江苏省", True)]
    assert jiangsu[["low", "count", "high", "top"]].tolist() == [17, 18, 19, 100]
    metros = china.summarise("metro", ranking="industrial")
    assert {"count_top100", "count_low", "count_high"} <= set(metros)


def test_kept_scores_say_their_coverage_and_leave_gaps_open(china: Any) -> None:
    for name in COMPUTED:
        scores = china.scores[name]
        assert scores["coverage"].between(0, 1).all()
        assert scores.loc[scores["coverage"] < 0.6, "rank"].isna().all()
    assert china.scores["industrial"]["green"].isna().all()
    types = china.units["unit_type"].reindex(china.scores["districts"].index)
    assert set(types) == {"市辖区"}


@pytest.mark.shared_data
def test_the_yearbook_meets_its_units(with_data: Any) -> None:
    join = joins(with_data)["yearbook"]
    assert (join.rows, join.matched) == (2075, 2072)
    assert join.ambiguous == []
    # Three island groups of the South China Sea, whose rows are empty.
    assert [line.split()[-1] for line in join.unmatched] == [
        "西沙群岛", "南沙群岛", "中沙群岛的岛礁及其海域",
    ]  # fmt: skip
    assert len(join.renamed) == 18
    assert any("芜湖县 → 340210 湾沚区 (rename 2020-07-06)" in line for line in join.renamed)
    assert any("孟津县 → 410308 孟津区 (merge" in line for line in join.merged)
    assert [line.split(" → ")[0].split()[-1] for line in join.divided] == ["萧山区", "余杭区"]


@pytest.mark.shared_data
def test_the_census_meets_its_units(with_data: Any, shared: Path) -> None:
    join = joins(with_data)["census"]
    assert (join.rows + join.excluded, join.excluded) == (3358, 369)
    assert len(join.unmatched) == 3
    population = value(with_data, "population")
    assert population["460400"] == pytest.approx(95.4259)
    assert population[["441900", "442000", "620200"]].notna().all()
    # 吴中区 with the Suzhou Industrial Park, 1,133,927 people, which lies in it.
    table = pd.read_excel(
        shared / "data/indicators/census_county_2020.xlsx", usecols=["区划代码", "人口数_合计"],
        dtype={"区划代码": "str"},
    ).set_index("区划代码")["人口数_合计"]  # fmt: skip
    assert population["320506"] == pytest.approx((table["320506"] + 1_133_927) / 1e4)
    # Nobody is lost: units, the divided ones and three island groups make the nation.
    divided = table[["330104", "330109", "330110", "330102"]].sum()
    islands = 1549 + 639 + 145
    assert population.sum() * 1e4 + divided + islands == pytest.approx(1_409_778_724, rel=1e-6)


@pytest.mark.shared_data
def test_the_shifted_row_and_the_divided_unit(with_data: Any) -> None:
    latest = with_data.indicators.set_index(["unit_id", "code"])["value"]
    assert latest["511524", "spending"] == pytest.approx(36.9079)
    assert latest["511524", "industrial_firms"] == 88
    assert latest["330110", "gdp_per_head"] == latest["330113", "gdp_per_head"]
    assert pd.isna(latest["330110", "gdp"])
    assert latest["320583", "gdp_per_head"] == pytest.approx(1e4 * 4276.76 / 209.2496)


@pytest.mark.shared_data
def test_kept_files_are_those_that_the_tables_give(with_data: Any, tmp_path: Path) -> None:
    checks = {c.name.in_("en"): c for c in with_data.tables.report.checks}
    kept = [check for name, check in checks.items() if ": stored " in name]
    assert len(kept) == 6
    assert all(check.ok for check in kept)
    for table, head in ((scores_table, "scores"), (counts_table, "counts")):
        for name in COMPUTED:
            made = write_csv(table(with_data.project, with_data.tables, name), tmp_path / name)
            file = with_data.project.root / f"{head}_{name}_2020.csv"
            assert made.read_bytes() == file.read_bytes()


@pytest.mark.shared_data
def test_kept_files_that_differ_are_told(with_data: Any, tmp_path: Path) -> None:
    config = with_data.project.ranking("industrial")
    text = config.scores.read_text("utf-8")
    changed = tmp_path / config.scores.name
    changed.write_text(re.sub(r"(?m)^(320582,.*?,2,2),4,", r"\1,5,", text, count=1), "utf-8")
    assert changed.read_text("utf-8") != text
    edited = config.model_copy(update={"scores": changed})
    scores = with_data.scores["industrial"]
    counts = with_data.region_counts.query("ranking == 'industrial'")
    told, same = _same_as_kept(edited, scores, counts)
    assert (told.ok, told.detail.in_("en")) == (False, "differs in 1 row")
    assert same.ok


@pytest.mark.shared_data
def test_agreement_with_published_orders(with_data: Any) -> None:
    table = with_data.tables.agreement.set_index(["computed", "published"])
    # For orientation: one indicator alone, which no index here was fitted to beat.
    alone = table.loc[("secondary", "industrial_counties")]
    assert alone["overlap"] >= 85
    assert alone["rho_overlap"] == pytest.approx(0.85, abs=0.03)
    assert table.loc[("industrial", "industrial_counties"), "overlap"] == 73
    assert table.loc[("innovation", "innovation_counties"), "overlap"] == 69
    assert table.loc[("districts", "industrial_districts"), "overlap"] == 48
    assert (table["rho_overlap"] > 0.4).all()
    assert len(with_data.comparison) == 84


def test_the_intervals_in_the_book(china: Any) -> None:
    page = (china.project.root.parents[1] / "docs/method/indices.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    people = {row[0]: row for row in rows if len(row) == 9 and row[0].endswith("市")}
    assert len(people) == 4
    names = china.units["unit"]
    for unit, row in people.items():
        for first, ranking in ((1, "industrial"), (5, "innovation")):
            one = china.scores[ranking].loc[names[names == unit].index].iloc[0]
            rank, low, high = (int(one[name]) for name in ("rank", "rank_low", "rank_high"))
            found = [str(rank), f"{low}–{high}", f"{one['p_top100']:.2g}"]
            assert found == row[first : first + 3], (unit, ranking)
    counts = china.region_counts.query("ranking == 'industrial' and exclusive")
    counts = counts[counts["kind"] != "prefecture"].set_index("region")
    published = china.units.loc[china.rankings.query("ranking == 'industrial_counties'")["unit_id"]]
    places = [row for row in rows if len(row) == 4 and row[0] in counts.index]
    assert len(places) == 14
    for region, count, interval, report in places:
        one = counts.loc[region]
        assert (str(one["count"]), f"{one['low']}–{one['high']}") == (count, interval), region
        if one["kind"] in ("province", "macro_region"):
            assert (published[one["kind"]] == region).sum() == int(report), region
    for column, ranking in enumerate(COMPUTED, start=1):
        scores = china.scores[ranking]
        hundred = scores[scores["rank"] <= 100]
        width = (hundred["rank_high"] - hundred["rank_low"]).median()
        sure, possible = ((scores["p_top100"] >= least).sum() for least in (0.95, 0.05))
        said = [
            row[column] for row in rows if row[0].startswith(("units that are", "median width"))
        ]
        assert [float(cell) for cell in said] == [sure, possible, width]


@pytest.mark.shared_data
def test_the_yardstick_by_the_kinds_of_units(with_data: Any) -> None:
    """87 as the report's list is drawn; 85 without the banners, which explains that estimate."""
    values = value(with_data, "secondary").dropna()
    ranks = with_data.rankings.query("ranking == 'industrial_counties'").set_index("unit_id")[
        "rank"
    ]
    names = with_data.units["unit"].reindex(values.index)
    found = {}
    for kinds in ("县市旗区", "县市旗", "县市"):
        chosen = values[names.str[-1].isin(list(kinds))]
        top = chosen.nlargest(100)
        both = ranks[ranks.index.isin(top.index)]
        found[kinds] = (len(both), round(both.corr(-top.reindex(both.index), method="spearman"), 2))
    assert found == {"县市旗区": (59, 0.82), "县市旗": (87, 0.83), "县市": (85, 0.84)}


def test_a_list_beside_itself_agrees_in_full(china: Any) -> None:
    table = china.tables.agreement.set_index(["computed", "published"])
    assert list(table.index) == [
        ("industrial", "industrial_counties"),
        ("innovation", "innovation_counties"),
        ("districts", "industrial_districts"),
    ]
    left_out = {item.what.in_("en"): item.why.in_("en") for item in china.tables.report.omissions}
    ccid = "Agreement of Industrial index, six dimensions with CCID top 100 counties, 2025"
    assert left_out[ccid].endswith("--set compare.lists.ccid_counties.file=…")
    assert "no secondary" in left_out.values()
    from regional_atlas.config.rankings import AgreementConfig
    from regional_atlas.tables.compare import rank_agreement

    ranks = china.rankings.query("ranking == 'industrial_counties'").set_index("unit_id")["rank"]
    pair = AgreementConfig(ranking="industrial_counties", published="itself")
    [row] = rank_agreement([pair], china.tables, {"itself": ranks}).to_dict("records")
    assert (row["overlap"], row["rho_overlap"], row["missed"]) == (100, pytest.approx(1), "")
    [row] = rank_agreement([pair], china.tables, {"itself": 101 - ranks}).to_dict("records")
    assert row["rho_overlap"] == pytest.approx(-1)


def value(atlas: Any, code: str) -> pd.Series:
    return atlas.indicators[atlas.indicators["code"] == code].set_index("unit_id")["value"]
