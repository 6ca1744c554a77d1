"""The typed project file: every problem at once, with the key's path and what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from regional_atlas.config.map import PROJECTIONS
from regional_atlas.config.project import read_index, read_project
from regional_atlas.core.errors import ConfigError


def change(folder: Path, *pairs: tuple[str, str], name: str = "atlas.toml") -> Path:
    text = (folder / name).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_project(folder, overrides=overrides)
    return caught.value.problems


def test_the_starter_is_sound(example_folder: Path) -> None:
    project = read_project(example_folder)
    assert project.id == "exampleland"
    assert project.kinds() == ["metro"]
    assert project.levels() == ["province"]
    assert project.indices["vigour"].nodes[1].parent == "economy"
    assert read_project(example_folder / "atlas.toml") == project


def test_five_faults_are_named_at_once(example_folder: Path) -> None:
    change(
        example_folder,
        ('datum = "wgs84"', 'datum = "nad27"'),
        ('file = "ranking.csv"', 'file = "rankings.csv"'),
        ("lit_threshold = 0.5", 'lit_threshold = "bright"'),
        ('vintage = "2022"', 'vintage = "2022"\ncolour = "red"'),
        ('level = "province"', 'level = "prefecture"'),
    )
    found = problems(example_folder)
    assert len(found) == 5
    text = "\n".join(found)
    assert "boundaries.datum: Input should be 'wgs84', 'cgcs2000', 'gcj02' or 'bd09'" in text
    assert "rankings[0].file: file not found: rankings.csv" in text
    assert "nightlights.lit_threshold: Input should be a valid number" in text
    assert "boundaries.colour: unknown key; allowed: source, licence" in text
    assert "plates[3].level: no such level 'prefecture'; allowed: province" in text


def test_unknown_keys_list_what_is_allowed_at_any_depth(example_folder: Path) -> None:
    change(example_folder, ("k = 5", 'k = 5\ncolor = "x"'), ("[map]", "[map]\nzoom = 3"))
    text = "\n".join(problems(example_folder))
    assert "map.zoom: unknown key; allowed: projection, projection_name, bounds" in text
    assert "plates[4].color: unknown key for kind 'years'; allowed: id, kind, title" in text


def test_missing_keys_and_wrong_shapes(example_folder: Path) -> None:
    change(
        example_folder,
        ('source = "Invented"\n', ""),
        ("bounds = [10.0, 48.5, 12.0, 50.0]", "bounds = [10.0, 48.5]"),
        ('key = "code"', "key = 12"),
    )
    text = "\n".join(problems(example_folder))
    assert "boundaries.source: is missing" in text
    assert "map.bounds[2]: is missing" in text
    assert "boundaries.key: Input should be a valid string, found 12" in text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('file = "units.geojson"', "", "boundaries: give either `provider` or `file`"),
        ('file = "ranking.csv"', "", "rankings[0]: give either `file` (published) or `index`"),
        ('field = "vigour"', "", "plates[1].field: is missing; kind 'choropleth' needs it"),
        ("tiers = [1, 4]", "tiers = [4, 1]", "`tiers` lists the last rank of each tier, ascending"),
        ('key = "province_code"', "", "has either `key` (a column) or `groups`"),
        ('column = "kind"', 'exceptions = { a = "x" }', "unit a: no type 'x' in `types`"),
        ('files = "lights/lights_{year}.tif"', "", "nightlights: give `table` or `files`"),
        ("lights_{year}.tif", "light_{year}.tif", "no file matches lights/light_{year}.tif"),
        ("lights_{year}.tif", "lights_2022.tif", "expected '{year}' in the file name"),
        ("units.geojson", "../../etc/units.geojson", "leaves the project folder"),
        ('id = "vigour"', 'id = "industry"', "rankings[1].id: 'industry' stands more than once"),
        ('set = "clusters"', 'set = "x"', "plates[5].set: no such set 'x'; allowed: clusters"),
        ('id = "metro"\n', 'id = "metro"\nrule = "some"\n', "allowed: 'area_share >= 0.5'"),
        ('key = "province_code"\n', 'of = "x"\ngroups = { a = ["b"] }\nkey = "c"\n', "not both"),
        ("bounds = [10.0, 48.5, 12.0", "bounds = [12.0, 48.5, 10.0", "expected west, south, east"),
        ("+proj=laea", "+proj=longlat", "map.projection: must be a projection in metres"),
        (
            "+proj=laea",
            "+proj=robin",
            "map.projection: the page cannot draw 'robin'; allowed: +proj=aea",
        ),
        ("+proj=laea", "+proj=nonsense", "map.projection: unknown projection '+proj=nonsense"),
        ("breaks = [0.2, 0.4, 1.0]", "breaks = [0.4, 0.2]", "needs `breaks`, ascending"),
        ("breaks = [0.2, 0.4, 1.0]", "", "plates[3]: scheme 'manual' needs `breaks`"),
        ("base_year = 2018", "base_year = 2022", "`base_year` (2022) must lie before `year`"),
        (
            'population = "population"',
            'population = "people"',
            "population: no such indicator 'people'; allowed: population, output",
        ),
        ('key = "province_code"\n', 'groups = { a = ["b"] }\n', "`groups` needs `of`"),
    ],
)
def test_each_rule_has_its_message(example_folder: Path, old: str, new: str, says: str) -> None:
    change(example_folder, (old, new))
    assert says in "\n".join(problems(example_folder))


def test_every_projection_that_a_project_may_name_is_compared_with_the_page() -> None:
    shared = Path(__file__).parent.parent / "shared/projection.json"
    cases = json.loads(shared.read_text(encoding="utf-8"))["cases"]
    compared = {case["given"]["definition"].split()[0].removeprefix("+proj=") for case in cases}
    assert sorted(compared) == sorted(PROJECTIONS)


def test_a_code_becomes_the_definition_that_the_page_reads(example_folder: Path) -> None:
    change(example_folder, ('projection = "+proj=laea +lat_0=49.25', 'projection = "EPSG:3035" # '))
    found = read_project(example_folder).config.map.projection
    assert found.startswith("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000")


def test_not_toml_not_there_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"file not found; a project is a folder"):
        read_project(tmp_path)
    (tmp_path / "atlas.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_project(tmp_path)
    (tmp_path / "atlas.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_project(tmp_path)


def test_overrides_replace_values_and_may_leave_the_project(
    example_folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text((example_folder / "indicators.csv").read_text(encoding="utf-8"))
    project = read_project(
        example_folder,
        overrides=[
            f"indicators.accounts.file={elsewhere}",
            "nightlights.lit_threshold=2",
            'lang="zh"',
        ],
    )
    assert project.config.indicators["accounts"].file == elsewhere
    assert project.config.nightlights is not None
    assert project.config.nightlights.lit_threshold == 2.0
    assert project.config.lang == "zh"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nightlights", "expected KEY.PATH=VALUE"),
        ("plates.id=3", "lists cannot be set"),
        ("nightlights.files=nowhere/{year}.tif", "no file matches"),
    ],
)
def test_bad_overrides(example_folder: Path, line: str, says: str) -> None:
    assert says in "\n".join(problems(example_folder, line))


def test_keys_can_be_left_out(example_folder: Path) -> None:
    left_out = ["nightlights", "indicators.accounts", "population"]
    project = read_project(example_folder, without=left_out)
    assert project.config.nightlights is None
    assert project.config.indicators == {}


def test_index_problems_come_with_the_project(example_folder: Path) -> None:
    change(
        example_folder,
        ('parent = "economy"', 'parent = "ekonomy"'),
        ("weight = 2", "weight = -2"),
        name="index.toml",
    )
    text = "\n".join(problems(example_folder))
    assert "rankings[1].index: nodes[0].weight" in text


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('parent = "economy"', 'parent = "ekonomy"', "'output': parent 'ekonomy' is not a node"),
        ('code = "output"', 'code = "Population"', "'population' stands more than once"),
        ('code = "output"', 'code = "Rank"', "code 'Rank' is reserved"),
        ('code = "economy"', 'code = "economy"\nparent = "output"', "lies on a cycle"),
    ],
)
def test_index_trees_are_checked(example_folder: Path, old: str, new: str, says: str) -> None:
    change(example_folder, (old, new), name="index.toml")
    with pytest.raises(ConfigError, match=says):
        read_index(example_folder / "index.toml")


def test_every_fault_of_an_index_file_is_named_at_once(example_folder: Path) -> None:
    change(
        example_folder,
        ("weight = 2", "weight = -2\ncolour = 'red'"),
        ('code = "output"', 'code = "Population"'),
        ('parent = "economy"', 'parent = "ekonomy"'),
        name="index.toml",
    )
    with pytest.raises(ConfigError) as caught:
        read_index(example_folder / "index.toml")
    text = "\n".join(caught.value.problems)
    for says in ("nodes[0].weight", "nodes[0].colour", "'population' stands more", "'ekonomy'"):
        assert says in text
    assert len(caught.value.problems) == len(set(caught.value.problems)) >= 4


def test_inconsistent_comparisons_are_named_with_their_file(example_folder: Path) -> None:
    comparisons = """
[weight]
method = "ahp"

[[comparisons]]
node = "economy"
items = ["output", "population"]
matrix = [[1, ""], ["", 1]]

[[comparisons]]
items = ["economy", "light_density", "third"]
matrix = [[1, 9, "1/9"], ["1/9", 1, 9], [9, "1/9", 1]]

[[nodes]]
code = "third"
title = "Third"
"""
    with (example_folder / "index.toml").open("a", encoding="utf-8") as file:
        file.write(comparisons)
    with pytest.raises(ConfigError, match=r"index\.toml: 2 problems") as caught:
        read_index(example_folder / "index.toml")
    first, second = caught.value.problems
    assert first.startswith("comparisons of 'economy': no chain of judgements connects population")
    assert second.startswith("comparisons of 'index': consistency ratio ")
    assert any("rankings[1].index: comparisons of" in line for line in problems(example_folder))


def test_what_varies_must_be_an_indicator(example_folder: Path) -> None:
    file = example_folder / "index.toml"
    file.write_text(
        file.read_text("utf-8") + '\n[uncertainty]\ndrop = ["outputs"]\nerror = { nope = 0.1 }\n',
        "utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        read_index(file)
    assert caught.value.problems == [
        "uncertainty.drop: 'outputs' is not an indicator with data",
        "uncertainty.error: 'nope' is not an indicator with data",
    ]


def test_unknown_rankings_list_the_known(example_folder: Path) -> None:
    with pytest.raises(ConfigError, match="no ranking 'x'; allowed: industry, vigour"):
        read_project(example_folder).ranking("x")
