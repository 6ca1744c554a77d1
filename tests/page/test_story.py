"""The story: what steps say and show, and what is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError
from regional_atlas.page.spec import build_spec

STARTER = Path(ra.__file__).parent / "starter"
DOCS = Path(__file__).resolve().parents[2] / "docs/how-to/story.md"


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give the starter project, to be written to, and its atlas."""
    folder = tmp_path_factory.mktemp("story") / "project"
    shutil.copytree(STARTER, folder)
    return folder, ra.open_atlas(ra.read_project(folder))


@pytest.fixture(scope="module")
def told(starter: Any) -> Any:
    """Give the specification, or the problems, of the starter project with a story."""
    folder, atlas = starter
    file = folder / "atlas.toml"
    own = file.read_text(encoding="utf-8")
    names = ("page_store", "page_shapes", "page_rasters", "layout")
    *parts, layout = map(atlas.graph.get, names)

    def told(story: str) -> Any:
        file.write_text(own + story, encoding="utf-8")
        return build_spec(ra.read_project(folder).with_map(layout), atlas.tables, *parts)

    return told


def step(**keys: str) -> str:
    """Write a step; every value as TOML has it."""
    every = {"title": '"T"', "text": '"x"', "plate": '"industry"'} | keys
    return "\n[[story]]\n" + "".join(f"{key} = {value}\n" for key, value in every.items())


def text_of(told: Any, template: str, lang: str = "en", **keys: str) -> str:
    return told(step(text=f"'{template}'", **keys)).story[0].text.in_(lang)


def problems_of(told: Any, *steps: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        told("".join(steps))
    return caught.value.problems


def test_the_story_of_the_book(told: Any) -> None:
    block = re.search(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    spec = told("\n" + block[1])
    first, second, third = spec.story
    finding = next(plate.finding for plate in spec.plates if plate.id == "industry")
    assert finding.in_("en")
    assert first.text.in_("zh") == finding.in_("zh")
    said = f"{finding.in_('en')}\n\nBirch (Westmark) comes first, Cedar (Eastmark) second."
    assert first.text.in_("en") == said
    assert second.text.in_("en") == "Westmark holds 2 of 4 places (50%)."
    assert second.link == "plate=industry&only=province:01"
    assert second.bounds == (10.0, 48.5, 11.0, 50.0)
    assert third.link == "plate=lights&year=2018&area=metro:river&unit=00102&chart=histogram"
    said = r"in Birch \(Westmark\) has changed by −?[\d.]+%; it is now [\d.,]+ "
    assert re.search(said, third.text.in_("en"))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{rank:industry:00106}", "3"),
        ("{tier:industry:00106}", "2"),
        ("{leader:industry:4}", "Larch (Eastmark)"),
        ("{count:industry}", "4"),
        ("{share:industry:province:02}", "50%"),
        ("{name:metro:river}", "River Cities"),
        ("{value:output:00102}", "21,000 million"),
        ("{{{count:industry}}} {{x}}", "{4} {x}"),
        ("<b>{count:industry}</b> & so on", "<b>4</b> & so on"),
    ],
)
def test_what_placeholders_stand_for(told: Any, template: str, said: str) -> None:
    assert text_of(told, template) == said


def test_values_are_those_of_the_tables(told: Any) -> None:
    template = "{value:population}|{value:population:province:01}"
    # Both columns added up by hand.
    assert text_of(told, template) == "2,030.7 thousand|980.5 thousand"


def test_changes_are_those_of_the_lights(told: Any, starter: Any) -> None:
    lights = starter[1].nightlights
    sums = lights.pivot_table("sum", "unit_id", "year", aggfunc="sum")
    one, every = sums.loc["00102"], sums.sum()
    expected = [f"{100 * (row[2022] / row[2018] - 1):.1f}" for row in (one, every)]
    found = text_of(told, "{change:light_sum@2018-2022:00102}|{change:light_sum@2018-2022}")
    assert [said.removesuffix("%").replace("−", "-") for said in found.split("|")] == [
        said.removesuffix(".0") for said in expected
    ]


def test_numbers_follow_the_language(told: Any) -> None:
    assert text_of(told, "{value:output:00102}", "zh") == "21,000 百万"


def test_an_atlas_without_a_story_has_none(told: Any) -> None:
    assert told("").story == []


def test_links_are_written_as_the_page_reads_them(told: Any) -> None:
    keys = {"only": '["range:output:1:", "top:industry:3"]', "compare": '["00102", "00203"]'}
    assert told(step(**keys, raster="0")).story[0].link == (
        "plate=industry&only=range:output:1:&only=top:industry:3&compare=00102&compare=00203"
    )


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"plate": '"nowhere"'}, "plate: no such plate 'nowhere'; allowed: industry, "),
        ({"year": "2013"}, "year: plate 'industry' has no 2013; allowed: none is there"),
        ({"plate": '"lights"', "year": "1999"}, "year: plate 'lights' has no 1999; allowed: 20"),
        ({"panel": '"x"'}, "panel: plate 'industry' has no 'x'; allowed: none is there"),
        ({"chart": '"pie"'}, "chart: plate 'industry' has no chart 'pie'; allowed: bar, treemap, "),
        ({"unit": '["00102", "7"]'}, "unit[1]: no such unit '7'; allowed: 00101, "),
        ({"compare": '["7"]'}, "compare[0]: no such unit '7'"),
        ({"area": '"metro:x"'}, "area: no such metro 'x'; allowed: north, river"),
        ({"area": '"x"'}, "area: no such level or kind of region 'x'; allowed: province, metro"),
        ({"only": '["x"]'}, "only[0]: 'x' is not a filter"),
        ({"only": '["colour:red"]'}, "only[0]: no such level or kind of region 'colour'"),
        ({"only": '["province:9"]'}, "only[0]: no such province '9'; allowed: 01, 02"),
        ({"only": '["tier:industry:9"]'}, "only[0]: no such tier '9'; allowed: 1, 2"),
        ({"only": '["type:x"]'}, "only[0]: no such unit type 'x'; allowed: county, city"),
        ({"only": '["range:x:1:2"]'}, "only[0]: no such field 'x'"),
        ({"only": '["range:output::"]'}, "only[0]: 'range:output::': expected 'range:field"),
        ({"only": '["top:industry:0"]'}, "only[0]: 'top:industry:0': expected a number above 0"),
        ({"only": '["near:7:5"]'}, "only[0]: no such unit '7'"),
        ({"only": '["box:1,2,3"]'}, "only[0]: 'box:1,2,3': expected 'box:xmin"),
        ({"title": '""'}, "title: is empty"),
        ({"title": '{ en = "T" }'}, "title: has no text in 'zh'; found en"),
        ({"text": '"{"'}, "text: a single '{'; write '{{' for the sign itself"),
        ({"text": '"{x}"'}, "text: {x}: no such placeholder 'x'; allowed: finding, name, "),
        ({"text": '"{rank}"'}, "text: {rank}: expected {rank:RANKING:UNIT}"),
        ({"text": '"{rank:industry:}"'}, "text: {rank:industry:}: expected {rank:RANKING:UNIT}"),
        ({"text": '"{rank:industry:00101}"'}, "text: {rank:industry:00101}: unit '00101' has no"),
        ({"text": '"{finding:x}"'}, "text: {finding:x}: no such plate 'x'; allowed: industry, "),
        ({"text": '"{leader:industry:5}"'}, "text: {leader:industry:5}: no rank 5; allowed: 1 to"),
        ({"text": '"{value:output:00204}"'}, "text: {value:output:00204}: the value of 'output'"),
        ({"text": '"{value:output}"'}, "text: {value:output}: the value of 'output' is of a part"),
        ({"text": '"{change:output}"'}, "text: {change:output}: expected two years, such as"),
        ({"text": '"{value:light_sum@1:00101}"'}, "text: {value:light_sum@1:00101}: field 'light_"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(told: Any, keys: dict[str, str], problem: str) -> None:
    (found,) = problems_of(told, step(), step(**keys))
    assert found.startswith(f"story[1].{problem}"), found


def test_all_that_is_wrong_is_said_at_once(told: Any) -> None:
    plate = '\n[[plates]]\nid = "p"\ntitle = "p"\nkind = "choropleth"\nfield = "none"\n'
    wrong = {"text": '{ zh = "{x}", en = "{y}" }', "unit": '["7"]'}
    found = problems_of(told, plate, step(**wrong), step(plate='"q"'))
    assert [re.split(r" \(|: ", line)[0] for line in found] == [
        "plates[0]", "story[0].unit[0]", "story[0].text.zh", "story[0].text.en", "story[1].plate",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("story", "problem"),
    [
        (step(colour='"red"'), "story[0].colour: unknown key; allowed: title, text, plate, year"),
        (step(compare='["a", "b", "c", "d", "e"]'), "story[0].compare: "),
        (step(bounds="[10, 50, 11, 48]"), "story[0].bounds: "),
        (21 * step(), "story: "),
        ('\n[[story]]\ntext = "x"\n', "story[0].title: is missing"),
    ],
)
def test_keys_and_bounds_are_checked_when_the_file_is_read(
    told: Any, story: str, problem: str
) -> None:
    assert any(line.startswith(problem) for line in problems_of(told, story))
