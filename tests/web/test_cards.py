"""Cards of regions and units, and units side by side: counts, intervals, files, the map around."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def uncertain_page(example_page: Path, rewritten: Any) -> Path:
    """Ranks 1 to n with intervals of two places on either side, and counts of provinces."""

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        ranking = next(item for item in spec["rankings"] if item["kind"] == "computed")
        columns = store["rankings"][ranking["id"]]
        last = ranking["n"]
        columns["low"] = [None if r is None else max(1, r - 2) for r in columns["rank"]]
        columns["high"] = [None if r is None else min(last, r + 2) for r in columns["rank"]]
        columns["p_tier"] = [None if r is None else 0.61 for r in columns["rank"]]
        n = len(store["parents"]["province"]["ids"])
        store["counts"] = {
            ranking["id"]: {
                "top": 5,
                "areas": {"province": {"count": [2] * n, "low": [1] * n, "high": [4] * n}},
            }
        }
        ranking["dimensions"] = [
            {"id": "one", "title": {"zh": "一", "en": "Dimension one"}},
            {"id": "two", "title": {"zh": "二", "en": "Dimension two"}},
        ]
        units = len(store["unit"])
        store["dimensions"] = {
            ranking["id"]: {"one": [10.0 * i for i in range(units)], "two": [50.0] * units}
        }

    return rewritten(example_page, change)


def open_province(page: Any) -> str:
    page.locator(".ra-search-input").fill("Westmark")
    page.locator(".ra-result").first.click()
    page.locator(".ra-drawer h2").wait_for()
    return str(page.locator(".ra-drawer h2").inner_text())


def test_a_region_is_found_by_search_and_the_map_goes_there(
    open_page: Any, uncertain_page: Path
) -> None:
    page = open_page(uncertain_page)
    open_province(page)
    card = page.locator(".ra-drawer")
    text = card.inner_text()
    assert "2 (1–4) / 5" in text
    assert "km² (" in text
    assert card.locator(".ra-interval").count() == 1
    assert "area=province:" in page.url
    page.wait_for_url(re.compile("at="))
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("^(?!.*(area|at)=)"))


def test_the_table_gives_ranks_with_their_intervals(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page, "#plate=vigour")
    ranks = page.locator("tbody .ra-col-rank")
    ranks.first.wait_for()
    said = [cell.split() for cell in ranks.all_inner_texts()]
    assert said[0] == ["1", "1–3"]
    assert said[4] == ["5", "3–7"]
    setting = {
        "index": "vigour", "weights": {"output": 0.9}, "normalise": None, "aggregate": None,
    }  # fmt: skip
    page.evaluate("weights => window.regionalAtlas.setState({ weights })", setting)
    page.locator(".ra-below").first.wait_for(state="detached")
    page.evaluate("window.regionalAtlas.setState({ plate: 'industry', weights: null })")
    assert page.locator(".ra-below").count() == 0


def test_files_of_a_region_hold_its_units(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page)
    open_province(page)
    with page.expect_download() as waited:
        page.locator(".ra-actions button", has_text="GeoJSON").click()
    found = json.loads(Path(waited.value.path()).read_text(encoding="utf-8"))
    with page.expect_download() as waited:
        page.locator(".ra-actions button", has_text="CSV").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["unit_id"] for row in rows} == {f["id"] for f in found["features"]}
    assert len({row["province"] for row in rows}) == 1
    ranks = [name for name in rows[0] if name.startswith("rank_")]
    assert ranks
    assert any(row[ranks[0]] for row in rows)


def test_values_of_an_area_say_their_rule_and_the_whole(
    open_page: Any, uncertain_page: Path
) -> None:
    page = open_page(uncertain_page)
    open_province(page)
    section = page.locator(".ra-drawer section", has_text="Totals and averages")
    text = section.inner_text()
    assert re.search(r"sum · [\d.]+% of all\n", text)
    assert re.search(r"ratio of sums · all units (with data )?[\d.]+", text)
    assert "growth of sums" in text


@pytest.mark.parametrize(
    ("lang", "says", "part"),
    [
        ("en", "* 5 of 6 members have data", "* some members have data for a part of their area"),
        ("zh", "* 6 个成员中 5 个有数据", "* 部分成员只有部分面积有数据"),
    ],
)
def test_an_area_shows_the_values_of_the_build_and_marks_partial_ones(
    open_page: Any, example: Any, example_page: Path, lang: str, says: str, part: str
) -> None:
    page = open_page(example_page, f"#lang={lang}&area=province:02")
    title = "Totals and averages" if lang == "en" else "合计与平均"
    rows = page.locator(".ra-drawer section", has_text=title).locator("tr")
    rows.first.wait_for()
    shown = {row.locator("th").inner_text(): row.locator("td").inner_text() for row in rows.all()}
    values = example.region_values
    values = values[(values["region_id"] == "02") & (values["year"] == 2022)].set_index("code")
    assert len(shown) == len(example.tables.meta)
    partial = {name: text for name, text in shown.items() if "*" in text}
    output = "Output" if lang == "en" else "产出"
    (text,) = (text for name, text in partial.items() if name.startswith(output))
    assert says in text
    assert text.startswith(f"{values.at['output', 'value']:,.0f}*")
    # The lights cover only a part of one county.
    assert len(partial) == values["partial"].drop("light_max").sum()
    mean = "Mean radiance" if lang == "en" else "平均辐亮度"
    (mean_text,) = (text for name, text in shown.items() if name.startswith(mean))
    assert mean_text.startswith(f"{values.at['light_mean', 'value']:.2f}* ")
    assert part in mean_text


def test_a_partial_value_is_marked_in_its_year_and_explained(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    known: dict[str, Any] = {}

    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        known["years"] = next(f["years"] for f in spec["fields"] if f["id"] == "light_mean")
        text = {"zh": "部分", "en": "a part of it"}
        store["flags"]["light_mean"] = {"0": {"text": text, "partial": [known["years"][-1]]}}

    page = open_page(rewritten(example_page, change))
    page.evaluate("regionalAtlas.select(['00101'])")
    card = page.locator(".ra-drawer")
    card.locator("h2").wait_for()
    figure = card.locator(".ra-figure", has_text="Mean radiance")
    assert "*" in figure.locator(".ra-figure-value").inner_text()
    figure.locator("summary").click()
    assert figure.locator(".ra-flag").inner_text() == "* a part of it"
    page.evaluate("year => regionalAtlas.setState({plate: 'lights', year})", known["years"][0])
    assert "*" not in figure.locator(".ra-figure-value").inner_text()
    assert figure.locator(".ra-flag").text_content() == "a part of it"


def test_a_unit_says_how_sure_its_rank_and_tier_are(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page)
    page.evaluate("regionalAtlas.select(['00101'])")
    card = page.locator(".ra-drawer")
    card.locator("h2").wait_for()
    text = card.inner_text()
    assert "61%" in text
    assert "units overlap with its interval" in text
    dimensions = card.locator(".ra-dimensions tr")
    assert dimensions.count() == 2
    assert dimensions.first.locator(".ra-tick").count() >= 2
    for title in ("Ranks", "Strengths and weaknesses", "Figures", "Peers", "Neighbours"):
        assert card.locator("h3", has_text=title).count(), title


def test_ranks_that_cannot_be_told_apart_are_marked(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page)
    ranking = page.evaluate(
        "JSON.parse(document.getElementById('ra-spec').textContent)"
        ".rankings.find((item) => item.kind === 'computed').id"
    )
    order = page.evaluate(
        "id => regionalAtlas.scores(id).filter((row) => row.rank)"
        ".sort((a, b) => a.rank - b.rank).map((row) => row.unit_id)",
        ranking,
    )
    page.evaluate("ids => regionalAtlas.setState({compare: ids})", [order[0], order[1], order[-1]])
    panel = page.get_by_role("region", name="Side by side")
    row = panel.locator("tbody tr", has_text="–").filter(has_text="(").first
    cells = row.locator("td").all_inner_texts()
    assert [cell.startswith("≈") for cell in cells] == [True, True, False]
    assert "cannot be told apart" in panel.inner_text()


def test_areas_are_found_by_pinyin_initials_and_short_forms(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    def change(spec: dict[str, Any], store: dict[str, Any]) -> None:
        parents = store["parents"]["province"]
        n = len(parents["ids"])
        parents["pinyin"] = ["xi an shi", *["chang jiang"] * (n - 1)]
        kind = spec["kinds"][0]
        kind["regions"][0]["title"]["zh"] = "长江三角洲城市群"
        store["region_pinyin"] = {kind["id"]: ["da qun", *[None] * (len(kind["regions"]) - 1)]}

    page = open_page(rewritten(example_page, change))
    box, results = page.locator(".ra-search-input"), page.locator(".ra-result")
    for query, place in (("xian", "province"), ("xas", "province"), ("daqun", "metropolitan"),
                         ("dq", "metropolitan"), ("长三角", "metropolitan")):  # fmt: skip
        box.fill(query)
        assert place in results.first.inner_text(), query
    box.fill("三长")
    assert results.count() == 0


def test_a_computed_index_lists_members_by_its_own_ranking(
    open_page: Any, uncertain_page: Path
) -> None:
    page = open_page(uncertain_page)
    plate = page.evaluate(
        "() => { const spec = JSON.parse(document.getElementById('ra-spec').textContent);"
        "const scores = spec.rankings.map(item => item.score);"
        "return spec.plates.find(item => item.kind === 'choropleth'"
        " && scores.includes(item.field))?.id }"
    )
    assert plate
    page.evaluate("plate => regionalAtlas.setState({ plate })", plate)
    open_province(page)
    head = page.locator(".ra-drawer h3", has_text="Members").inner_text()
    assert "Vigour" in head
    assert page.locator(".ra-drawer .ra-members .ra-interval").count() > 0


def test_a_card_copies_its_link(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page, permissions=["clipboard-read", "clipboard-write"])
    open_province(page)
    page.locator(".ra-actions").get_by_role("button", name="Copy the link").click()
    page.locator(".ra-actions", has_text="Copied").wait_for()
    assert "area=province" in page.evaluate("navigator.clipboard.readText()")


def test_back_stands_above_the_title(open_page: Any, uncertain_page: Path) -> None:
    page = open_page(uncertain_page, viewport={"width": 1280, "height": 1400})
    open_province(page)
    back = page.locator(".ra-back").bounding_box()
    title = page.locator(".ra-card-title").bounding_box()
    assert back["y"] + back["height"] <= title["y"]
    assert back["height"] >= 30


def test_a_unit_unlike_the_others_is_marked(
    open_page: Any, example_page: Path, rewritten: Any
) -> None:
    def noted(spec: dict[str, Any], _: dict[str, Any]) -> None:
        spec["unit_types"][0]["note"] = {"en": "a whole <b>province</b>", "zh": "整个省"}

    page = open_page(rewritten(example_page, noted), "#lang=en")
    kinds = page.evaluate("window.regionalAtlas.plates().length")
    assert kinds > 0
    rows = page.locator(".ra-table tbody th")
    marked = rows.filter(has_text="†")
    assert 0 < marked.count() < rows.count()
    assert "a whole <b>province</b>" in marked.first.inner_text()
    marked.first.get_by_role("button").click()
    assert "† a whole <b>province</b>" in page.locator(".ra-card").inner_text()
