"""The short form of a project file: it reads to what the long form says, and says what is wrong."""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regional_atlas as ra
from regional_atlas.config import AtlasConfig
from regional_atlas.config.plates import ChoroplethPlateConfig, HotspotsPlateConfig
from regional_atlas.config.project import Project, read_project
from regional_atlas.config.short_form import in_full
from regional_atlas.core.errors import ConfigError
from regional_atlas.core.texts import Text, Unit

ROOT = Path(__file__).resolve().parent.parent.parent
STARTER = Path(ra.__file__).parent / "starter"
LONG = ROOT / "tests/data/projects"
LEAST = """
[boundaries]
file = "units.geojson"
key = "code"
name = "name"
source = "Invented"

[indicators.accounts_2021]
file = "accounts_2021.csv"
source = "Invented accounts"
rename = { code = "unit_id" }
columns = [{ column = "output" }]

[[plates]]
field = "output"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the starter's data, for a project file of its own."""
    folder = tmp_path / "My country, 2022"
    shutil.copytree(STARTER, folder)
    shutil.copyfile(folder / "indicators.csv", folder / "accounts_2021.csv")
    return folder


def read(folder: Path, text: str) -> Project:
    (folder / "atlas.toml").write_text(text, encoding="utf-8")
    return read_project(folder)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return caught.value.problems


def beside(name: str, folder: Path, tmp_path: Path) -> tuple[AtlasConfig, AtlasConfig]:
    """Read a project and its long form, both in a copy of its folder."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    shutil.copyfile(LONG / name, copy / "long.toml")
    return read_project(copy).config, read_project(copy / "long.toml").config


def test_the_china_project_says_what_its_long_form_said(tmp_path: Path) -> None:
    short, long = beside("china-2022.atlas.toml", ROOT / "geo/china-2022", tmp_path)
    assert short == long
    # The 54 lines of the story are as long in either form.
    assert len((ROOT / "geo/china-2022/atlas.toml").read_text("utf-8").splitlines()) <= 600 + 54


def test_the_starter_says_what_its_long_form_said_but_for_the_map(tmp_path: Path) -> None:
    short, long = beside("exampleland.atlas.toml", STARTER, tmp_path)
    assert short.map.projection is None
    lights = {"title": long.plates[4].title}
    plates = [p.model_copy(update=lights) if p.id == "lights" else p for p in short.plates]
    assert short.plates[4].title.in_("zh") == long.plates[4].title.in_("zh") == "平均辐亮度"
    assert short.model_copy(update={"map": long.map, "plates": plates}) == long


def test_boundaries_a_table_and_a_plate_are_a_project(folder: Path) -> None:
    assert len(LEAST.strip().splitlines()) < 20
    project = read(folder, LEAST)
    config = project.config
    assert (config.id, config.title) == ("My-country-2022", Text("My country 2022"))
    assert config.boundaries.level.title.in_("fr") == "unité"
    [column] = config.indicators["accounts_2021"].columns
    assert (column.code, column.title, column.unit) == ("output", Text("Output"), Unit())
    assert config.indicators["accounts_2021"].year == 2021
    [plate] = config.plates
    assert isinstance(plate, ChoroplethPlateConfig)
    assert (plate.id, plate.title, plate.group.in_("en")) == ("output", Text("Output"), "Maps")
    atlas = ra.build(project)
    assert "Output" in atlas.map().get_root().render()
    assert "+proj=laea" in atlas.drawn.layout.projection


def test_codes_and_titles_come_from_headings(folder: Path) -> None:
    text = LEAST.replace('{ column = "output" }', '{ column = "GDP (bn $)" }, { column = "人口" }')
    [found] = problems(folder, text)
    assert found == "indicators.accounts_2021.columns[1].code: is missing"
    text = LEAST.replace('{ column = "output" }', '{ column = "GDP (bn $)" }')
    [column] = (
        read(folder, text.replace('"output"', '"gdp_bn"'))
        .config.indicators["accounts_2021"]
        .columns
    )
    assert (column.code, column.title) == ("gdp_bn", Text("GDP (bn $)"))


def test_a_year_that_no_name_holds_is_missing(folder: Path) -> None:
    shutil.copyfile(folder / "indicators.csv", folder / "from_2020_to_2021.csv")
    text = LEAST.replace("accounts_2021.csv", "from_2020_to_2021.csv")
    assert problems(folder, text) == [
        "indicators.accounts_2021: `year` is missing, the year of output; "
        "or write {year} where their headings have it"
    ]


GROUP = """
[[groups]]
title = "Income"
citation = "accounts_2021"
palette = "Blues"
k = 5

[[groups.plates]]
field = "output"

[[groups.plates]]
id = "own"
field = "output"
palette = "Reds"

[[groups.plates]]
id = "spots"
kind = "hotspots"
space = "output"
"""


def test_plates_take_over_what_their_group_says(folder: Path) -> None:
    alone = LEAST.replace("[[plates]]\n", '[[plates]]\nid = "alone"\n')
    plates = read(folder, alone + GROUP + '\n[[space]]\nfield = "output"\n').config.plates
    assert [plate.id for plate in plates] == ["alone", "output", "own", "spots"]
    _, first, second, third = plates
    assert isinstance(first, ChoroplethPlateConfig)
    assert isinstance(second, ChoroplethPlateConfig)
    assert isinstance(third, HotspotsPlateConfig)
    assert (first.palette, first.k, second.palette, second.k) == ("Blues", 5, "Reds", 5)
    assert {plate.citation for plate in plates[1:]} == {"accounts_2021"}
    assert {plate.group for plate in plates[1:]} == {Text("Income")}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("k = 5", "k = 50", "groups[0].k: Input should be less than or equal to 9, found 50"),
        (
            'palette = "Reds"',
            "k = 50",
            "groups[0].plates[1].k: Input should be less than or equal to 9, found 50",
        ),
        ('citation = "accounts_2021"', 'citation = "x"', "groups[0].citation: no such citation"),
        ('title = "Income"\n', "", "groups[0].title: is missing"),
        ('title = "Income"', "title = 3", "groups[0].title: expected a text in quotes"),
        ("k = 5", "colour = 5", "groups[0].colour: unknown key; allowed: title, plates, beside"),
        ("k = 5", 'id = "x"', "groups[0].id: unknown key; allowed: title, plates"),
        ("k = 5", 'level = "x"', "groups[0].level: no plate of this group can have it"),
        ('id = "own"', 'group = "Other"', "groups[0].plates[1].group: is the `title` of the group"),
        ('id = "own"\n', "", "groups[0].plates[1].id: 'output' stands more than once"),
        ('space = "output"', 'field = "x"\nk = 3', "groups[0].plates[2].k: unknown key for kind"),
        ('kind = "hotspots"', 'kind = "spots"', "groups[0].plates[2].kind: no such kind 'spots'"),
    ],
)
def test_what_is_wrong_in_a_group_names_its_place(
    folder: Path, old: str, new: str, says: str
) -> None:
    assert old in GROUP
    alone = LEAST.replace("[[plates]]\n", '[[plates]]\nid = "alone"\n')
    found = problems(folder, alone + GROUP.replace(old, new, 1))
    assert [line for line in found if line.startswith(says)], found
    assert len(found) == len(set(found))
    assert not [line for line in found if line.startswith("plates[")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('groups = "x"', "groups: expected [[groups]], found 'x'"),
        ('groups = ["x"]', "groups[0]: expected a table, found 'x'"),
        ('groups = [{ title = "x" }]', "groups[0].plates: is missing"),
        ('groups = [{ title = "x", plates = [] }]', "groups[0].plates: expected a list of plates"),
        ("measurement_units = 3", "measurement_units: expected a table, found 3"),
        ("measurement_units = { a = 3 }", "measurement_units.a: expected a text in quotes"),
        ('unit_type_sets = { a = "x" }', "unit_type_sets.a: expected a list of unit types"),
        ('unit_type_sets = { a = ["x"] }', "unit_type_sets.a: the boundaries have no `unit_type`"),
    ],
)
def test_wrong_shapes_are_named(folder: Path, text: str, says: str) -> None:
    found = problems(folder, text + LEAST)
    assert [line for line in found if line.startswith(says)], found


def test_a_named_unit_stands_for_it_wherever_units_stand(folder: Path) -> None:
    named = """
[measurement_units]
million = { zh = "百万", en = "bn", scale = { en = 0.001 } }

[[clusters]]
file = "clusters.csv"
size = "output"
size_unit = "million"
"""
    text = LEAST.replace('"output" }', '"output", unit = "million" }')
    config = read(folder, text + named).config
    unit = Unit(zh="百万", en="bn", scale={"en": 0.001})
    assert config.indicators["accounts_2021"].columns[0].unit == unit
    assert config.clusters[0].size_unit == unit
    assert read(folder, text).config.indicators["accounts_2021"].columns[0].unit == Unit("million")


def test_a_unit_that_is_nearly_a_declared_name_is_pointed_out_and_read_as_it_stands(
    folder: Path,
) -> None:
    named = """
[measurement_units]
million_yuan = { zh = "百万元", en = "m yuan" }
km2 = "km²"

[[clusters]]
file = "clusters.csv"
size = "output"
size_unit = "UNIT"
"""
    for unit, pointed in (
        ("milion_yuan", True), ("million-yuan", True), ("million_yuan", False), ("km", False),
        ("yuan", False), ("million", False), ("km²", False),
    ):  # fmt: skip
        project = read(folder, LEAST + named.replace("UNIT", unit))
        says = (
            f"clusters[0].size_unit: {unit!r} is written as it stands; if 'million_yuan' of "
            "[measurement_units] is meant, correct the name"
        )
        assert project.notes == ([says] if pointed else [])
        if pointed:
            assert project.config.clusters[0].size_unit == Unit(unit)


TYPES = """
[boundaries.unit_type]
column = "kind"
types = [{ id = "county" }, { id = "city" }]
"""


def test_sets_of_unit_types_are_written_out(folder: Path) -> None:
    sets = '\n[unit_type_sets]\nall = ["county", "city"]\n'
    ranking = '\n[[rankings]]\nfile = "ranking.csv"\namong = ["all"]\n'
    assert read(folder, LEAST + TYPES + sets + ranking).config.rankings[0].among == [
        "county",
        "city",
    ]
    wrong = sets.replace('all = ["county", "city"]', 'all = ["county", "town"]\ncity = ["city"]')
    assert problems(folder, LEAST + TYPES + wrong + ranking.replace('"all"', '"al"')) == [
        "unit_type_sets.city: a unit type has this name; choose another",
        "unit_type_sets.all: no such unit type 'town'; allowed: county, city",
        "rankings[0].among: no such unit type 'al'; allowed: county, city, all, city",
    ]


def test_lists_of_names_may_stand_in_files(folder: Path) -> None:
    parents = """
[[boundaries.parents]]
id = "half"
of = "province"
groups = "halves.csv"

[[boundaries.parents]]
id = "province"
key = "province_code"
name = "province"
name_en = "names.csv"

[boundaries.unit_type]
column = "kind"
types = "types.csv"

[boundaries.complete]
required = "required.csv"
"""
    (folder / "halves.csv").write_text("half,province\nN,A\nS,B\nN,C\n", encoding="utf-8")
    (folder / "names.csv").write_text("\ufeffname,en,note\nA,Ay,first\n\n B , Bee ,\n", "utf-8")
    types = "id,title.zh,title.en,expected\ncounty,县,county,10\ncity,,city,\n"
    (folder / "types.csv").write_text(types, encoding="utf-8")
    (folder / "required.csv").write_text("unit_id,name\n00101,x\n", encoding="utf-8")
    found = read(folder, LEAST + parents).config.boundaries
    half, province = found.parents
    assert half.groups == {"N": ["A", "C"], "S": ["B"]}
    assert province.name_en == {"A": "Ay", "B": "Bee"}
    assert found.unit_type is not None
    county, city = found.unit_type.types
    assert (county.title, county.expected) == (Text(zh="县", en="county"), 10)
    assert (city.title, city.expected) == (Text(en="city"), None)
    assert found.complete.required == ["00101"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,en\nA,Ay\nA,Ah\n", "pinyin: names.csv, line 3: 'A' stands on line 2 already"),
        ("name,en\nA,Ay\nB\n", "pinyin: names.csv, line 3: expected a value in each of the first"),
        ("name\nA\n", "pinyin: names.csv: expected 2 columns with a heading, found ['name']"),
        ("", "pinyin: names.csv: expected 2 columns with a heading, found []"),
        (None, "pinyin: file not found: names.csv"),
    ],
)
def test_faults_of_such_files_are_named(folder: Path, text: str | None, says: str) -> None:
    if text is not None:
        (folder / "names.csv").write_text(text, encoding="utf-8")
    found = problems(folder, 'pinyin = "names.csv"\n' + LEAST)
    assert [line for line in found if line.startswith(says)], found


def test_files_of_names_stay_in_the_project_and_are_inputs(folder: Path) -> None:
    (folder / "names.csv").write_text("name,en\nA,Ay\n", encoding="utf-8")
    project = read(folder, 'pinyin = "names.csv"\n' + LEAST)
    assert ("atlas.toml pinyin", project.root / "names.csv") in project.inputs()
    (folder.parent / "names.csv").write_text("name,en\nA,Ay\n", encoding="utf-8")
    [found] = problems(folder, 'pinyin = "../names.csv"\n' + LEAST)
    assert "leaves the project folder" in found


def test_years_of_lights_come_from_the_files_that_are_read(folder: Path, tmp_path: Path) -> None:
    lights = '\n[nightlights]\nfiles = "lights/lights_{year}.tif"\nsource = "Invented"\n'
    (folder / "atlas.toml").write_text(LEAST + lights, encoding="utf-8")
    for names, years in (
        (["2020", "2021"], (2021, 2020)),  # those given instead
        (["2021"], (2022, 2018)),  # a single one says no span: the file's own count
    ):
        other = tmp_path / "".join(names)
        other.mkdir()
        for name in names:
            shutil.copyfile(folder / "lights/lights_2018.tif", other / f"x_{name}.tif")
        files = f"nightlights.files={other}/x_{{year}}.tif"
        config = read_project(folder, overrides=[files]).config.nightlights
        assert config is not None
        assert (config.year, config.base_year) == years


NAMES = """
    id title kind field fields ranking set space figure region_kind plates groups rankings
    clusters indicators boundaries parents level unit_type types regions kinds columns
    derived column code file index nightlights files compare lists measures agreement among
    map insets inequality measurement_units unit_type_sets en zh unit citation x
"""
KEYS = st.sampled_from(NAMES.split())
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["x", "", "a_{year}.tif", "\0", "/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)


@given(raw=st.dictionaries(KEYS, ANY, max_size=6))
def test_a_file_of_any_shape_is_left_to_the_models(raw: dict[str, Any]) -> None:
    before = deepcopy(raw)
    full = in_full(raw, Path("nowhere/at all"))
    assert raw == before
    assert not {"groups", "measurement_units", "unit_type_sets"} & set(full.raw)
    assert [full.in_file(line) for line in full.problems] == full.problems


def test_plates_are_called_by_what_they_show(folder: Path) -> None:
    more = """
[[regions.kinds]]
id = "metro_area"

[regions]
file = "regions.csv"

[nightlights]
files = "lights/lights_{year}.tif"
source = "Invented"

[[rankings]]
file = "ranking.csv"

[[groups]]
title = "All"
plates = [
  { ranking = "ranking" },
  { region_kind = "metro_area" },
  { field = "light_mean" },
  { id = "two", kind = "bivariate", fields = ["output", "light_mean"] },
]
"""
    config = read(folder, LEAST + more).config
    assert (config.nightlights and config.nightlights.year) == 2022
    assert (config.nightlights and config.nightlights.base_year) == 2018
    titles = [(plate.id, plate.kind, plate.title.in_("en")) for plate in config.plates[1:]]
    assert titles == [
        ("ranking", "ranking", "Ranking"),
        ("metro_area", "regions", "metro area"),
        ("light_mean", "choropleth", "Mean radiance"),
        ("two", "bivariate", "Output · Mean radiance"),
    ]
    assert config.plates[3].title.in_("zh") == "平均辐亮度"
