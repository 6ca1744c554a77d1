"""A name of a unit or a region means the same in an option and in a condition."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import InputError
from regional_atlas.query.basis import Basis
from regional_atlas.query.places import find_unit

STARTER = Path(ra.__file__).parent / "starter"
NAMED = {"Elm": "常兴县", "Ginkgo": "安和县", "Hazel": "安和县"}
TOP = 'pinyin = {}\nendings_en = "endings.csv"\n'
NAMES = 'aliases = "aliases.csv"\nnames_en = { 00110 = "Changxing County", 00211 = "Kaury" }\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project with Chinese names, other names, and a region in Chinese."""
    folder = tmp_path_factory.mktemp("names") / "project"
    shutil.copytree(STARTER, folder)
    for file, changed in {
        "units.geojson": NAMED,
        "regions.csv": {"North Corridor": "西安"},
    }.items():
        text = (folder / file).read_text("utf-8")
        for old, new in changed.items():
            text = text.replace(old, new)
        (folder / file).write_text(text, "utf-8")
    (folder / "endings.csv").write_text("ending,en\n县,County\n", "utf-8")
    (folder / "aliases.csv").write_text("name,id\nMaytag,00101\nMaytåg Town,00102\n", "utf-8")
    file = folder / "atlas.toml"
    text = file.read_text("utf-8").replace("[boundaries]\n", f"[boundaries]\n{NAMES}", 1)
    file.write_text(TOP + text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def atlas(folder: Path) -> Any:
    return ra.open_atlas(folder)


@pytest.fixture(scope="module")
def basis(atlas: Any) -> Basis:
    return Basis(atlas.project, atlas.tables)


def ids(atlas: Any, **question: Any) -> list[str]:
    return sorted(atlas.query(geometry=False, unranked=True, **question).index)


@pytest.mark.parametrize("name", ["Maytag", "MAYTAG", "maytag", "Maytag Town", "00101", "Kaury"])
def test_a_condition_takes_the_names_that_options_take(atlas: Any, basis: Basis, name: str) -> None:
    unit = find_unit(basis, name)
    everything = ids(atlas)
    for column in ("unit", "unit_en"):
        assert ids(atlas, where=f"{column} = '{name}'") == [unit]
        assert ids(atlas, where=f"{column} in ['{name}', 'Birch']") == sorted({unit, "00102"})
        rest = [code for code in everything if code != unit]
        assert ids(atlas, where=f"{column} != '{name}'") == rest
        assert ids(atlas, where=f"{column} not in ['{name}']") == rest
    assert ids(atlas, region=f"unit={name}") == [unit]
    near = atlas.query(geometry=False, unranked=True, near=name, radius=1)
    assert unit in near.index


def test_english_names_read_off_chinese_ones_are_names_in_conditions(atlas: Any) -> None:
    two = ids(atlas, where="unit = '安和县'")
    assert len(two) == 2
    assert ids(atlas, where="unit = 'Anhe County'") == two
    with pytest.raises(InputError, match="'Anhe County' is the name of 2 units"):
        ids(atlas, near="Anhe County")


def test_one_name_of_two_units_is_of_both_everywhere(atlas: Any) -> None:
    """One unit is called so by `names_en`, another by what is read off its Chinese name."""
    found = ids(atlas, where="unit = 'Changxing County'")
    assert len(found) == 2
    assert "00110" in found
    with pytest.raises(InputError, match="'Changxing County' is the name of 2 units"):
        ids(atlas, neighbours_of="Changxing County")


@pytest.mark.parametrize("name", ["Xi'an", "xian", "XI’AN", "西安"])
def test_regions_have_one_resolution_too(atlas: Any, name: str) -> None:
    wanted = ids(atlas, region="metro=西安")
    assert wanted
    for question in (
        {"region": name}, {"region": f"metro={name}"},
        {"where": "metro = '{}'".format(name.replace("'", "''"))},
    ):  # fmt: skip
        assert ids(atlas, **question) == wanted


def test_a_built_folder_takes_them_too(folder: Path, run: Any, tmp_path: Path) -> None:
    code, _, err = run("build", folder, "--out", tmp_path / "out")
    assert code == 0, err
    for name in ("Maytag", "Kaury", "Changxing County"):
        command = ("query", tmp_path / "out", "--unranked", "--where", f"unit = '{name}'")
        code, out, err = run(*command, "--columns", "unit_id", "--format", "csv")
        assert code == 0, err
        expected = ids(ra.open_atlas(folder), where=f"unit = '{name}'")
        assert sorted(out.split()[1:]) == expected


def test_names_are_laid_out_once(basis: Basis, monkeypatch: pytest.MonkeyPatch) -> None:
    basis.called("unit", "Maytag")
    basis.called("metro", "Xi'an")
    monkeypatch.setattr(Basis, "_names_of", None)
    basis.called("unit", "00102")
    basis.called("metro", "xian")


def test_an_unknown_name_is_refused_by_one_message(atlas: Any) -> None:
    said = []
    for question in ({"where": "unit = 'Maytog'"}, {"neighbours_of": "Maytog"}):
        with pytest.raises(InputError, match="no unit is called 'Maytog'") as caught:
            ids(atlas, **question)
        said += [problem.removeprefix("where: ") for problem in caught.value.problems]
    assert len({*said}) == 1
