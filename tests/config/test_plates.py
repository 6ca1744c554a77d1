"""Plates in the project file: each kind with its own keys, everything wrong said at once."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from regional_atlas.config import PlateConfig
from regional_atlas.config.project import read_project
from regional_atlas.core.errors import ConfigError

KINDS = (
    "ranking, tiers, regions, coverage, areas, choropleth, years, clusters, change, bivariate, "
    "categories, hotspots, multiples, figure"
)
LEAST = {
    "ranking": 'ranking = "industry"',
    "tiers": 'ranking = "industry"',
    "regions": 'region_kind = "metro"',
    "coverage": 'ranking = "industry"\nlevel = "province"',
    "areas": 'field = "output"\nlevel = "province"',
    "choropleth": 'field = "output"',
    "years": 'field = "light_mean"',
    "clusters": 'set = "clusters"',
    "change": 'field = "light_mean"',
    "bivariate": 'fields = ["output", "population"]',
    "categories": 'field = "output"\ncategories = [{ value = 1, title = "one" }]',
    "hotspots": 'space = "output"',
    "multiples": 'field = "light_mean"',
    "figure": 'figure = "1"',
}


def plate(text: str, name: str = "x") -> str:
    return f'\n[[plates]]\nid = "{name}"\ntitle = "t"\ngroup = "g"\n{text}\n'


def read(folder: Path, *plates: str) -> list[PlateConfig]:
    file = folder / "atlas.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "".join(plates), encoding="utf-8")
    return read_project(folder).config.plates[6:]


def problems(folder: Path, *plates: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, *plates)
    return caught.value.problems


def test_every_kind_is_read_with_the_least_it_needs(example_folder: Path) -> None:
    kinds, _ = get_args(PlateConfig)
    plates = read(
        example_folder,
        *(plate(f'kind = "{kind}"\n{least}', f"x-{kind}") for kind, least in LEAST.items()),
    )
    assert [type(found) for found in plates] == list(get_args(kinds))
    assert [found.kind for found in plates] == list(LEAST) == KINDS.split(", ")


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("ranking", "k = 5"),
        ("tiers", 'scheme = "log"'),
        ("regions", 'palette = "Blues"'),
        ("coverage", "year = 2020"),
        ("areas", "year = 2020"),
        ("choropleth", "since = 2020"),
        ("years", "years = [2020]"),
        ("clusters", 'field = "output"'),
        ("change", "year = 2020"),
        ("bivariate", 'field = "output"'),
        ("categories", "k = 3"),
        ("hotspots", 'palette = "Blues"'),
        ("multiples", 'statistic = "moran"'),
        ("figure", 'measure = "count"'),
    ],
)
def test_a_key_of_other_kinds_names_the_kind_and_what_it_has(
    example_folder: Path, kind: str, key: str
) -> None:
    name = key.split(" ")[0]
    [found] = problems(example_folder, plate(f'kind = "{kind}"\n{LEAST[kind]}\n{key}'))
    start = f"plates[6].{name}: unknown key for kind '{kind}'; allowed: id, kind, title, group, "
    assert found.startswith(start)
    assert name not in found.removeprefix(start).split(", ")


def test_an_unknown_kind_and_a_missing_one_list_the_kinds(example_folder: Path) -> None:
    assert problems(example_folder, plate('kind = "panels"'), plate("", "y")) == [
        f"plates[6].kind: no such kind 'panels'; allowed: {KINDS}",
        f"plates[7].kind: is missing; allowed: {KINDS}",
    ]


def test_everything_wrong_with_plates_is_said_at_once(example_folder: Path) -> None:
    found = problems(
        example_folder,
        plate('kind = "years"\nchart = "bubble"\ncolour = "red"'),
        plate('kind = "bivariate"\nfields = ["output"]\nk = 5\nscheme = "manual"', "y"),
        plate(
            'kind = "categories"\nfield = "output"\ncategories = [{ value = 1, titel = "a" }]', "z"
        ),
    )
    said = "\n".join(found)
    for line in (
        "plates[6].chart: Input should be 'bar', ",
        "plates[6].field: is missing; kind 'years' needs it",
        "plates[6].colour: unknown key for kind 'years'; allowed: ",
        "plates[7]: scheme 'manual' needs `breaks`, ascending; found []",
        "plates[7]: a bivariate plate has 2 fields, found 1",
        "plates[7]: a bivariate plate has at most k = 3, found 5",
        "plates[8].categories[0].title: is missing",
        "plates[8].categories[0].titel: unknown key; allowed: value, title, color",
    ):
        assert line in said
    assert len(found) == 8
