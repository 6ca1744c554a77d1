"""Wrong types, cycles, absurd numbers, paths that lead out: one message with the key."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.config.project import project_of_text, read_project
from regional_atlas.core.errors import ConfigError

STARTER = Path(ra.__file__).parent / "starter"


def written(folder: Path, old: str, new: str) -> Path:
    file = folder / "atlas.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return folder


def problems(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_project(folder)
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dark_below = 1.0", "dark_below = -inf", "nightlights.dark_below: Input should be a fin"),
        ("dark_below = 1.0", "dark_below = nan", "nightlights.dark_below: Input should be a fin"),
        ("length = 4", "length = 36893488147419103232", "rankings[0].length: 3.69e+19 is too l"),
        ("year = 2022\nsource", "year = 20220101\nsource", "year: Input should be less than or eq"),
        ("digits = 0", "digits = -1", "digits: Input should be greater than or equal to 0, found"),
        ("[map]", "[map]\ntolerance = 1e9", "map.tolerance: Input should be less than or equal"),
        ("[map]", "[map]\ngrid = -1", "map.grid: Input should be greater than 0, found -1"),
        ("id = \"exampleland\"", f"x = {'{a=' * 500}1{'}' * 500}\nid = \"e\"", "line "),
        ("length = 4", f"length = {'7' * 9000}", "a number of thousands of digits"),
        ("length = 4", "length = [4]", "rankings[0].length: Input should be a valid integer"),
        ("region_kind = \"metro\"", "region_kind = { a = 1 }", "region_kind: Input should be a"),
        ("[nightlights]", "[lights]", "lights: unknown key"),
    ],
)  # fmt: skip
def test_absurd_values_are_named_by_their_key(
    example_folder: Path, old: str, new: str, said: str
) -> None:
    assert said in problems(written(example_folder, old, new))


def test_dotted_keys_without_end(example_folder: Path) -> None:
    lines = "\n".join(f"a{at}{'.b' * 20} = 1" for at in range(30_000))
    (example_folder / "atlas.toml").write_text(lines, encoding="utf-8")
    assert "more than 100,000 dots" in problems(example_folder)


def parents(*levels: str) -> str:
    head = "[boundaries.unit_type]"
    return "".join(f"[[boundaries.parents]]\n{level}\n" for level in levels) + head


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (['id="a"\nof="a"\ngroups={x=["y"]}'], "'a' of 'a': a level cannot group itself"),
        (
            [f'id="{n}"\nof="{of}"\ngroups={{x=["y"]}}' for n, of in ("ab", "bc", "ca")],
            "'b' of 'c' of 'a' of 'b': a level cannot group itself",
        ),
        (['id="a"\nof="state"\ngroups={x=["y"]}'], "'state', which is not a level; allowed: prov"),
        (['id="a"\nunits={x=["00101"]}\nkey="code"'], "not both; found `key` and `units`"),
        (['id="a"\nunits={x=["00101"]}\nnames={x="X"}'], "`names` goes with `key`"),
    ],
)
def test_levels_that_group_each_other_or_none(
    example_folder: Path, levels: list[str], said: str
) -> None:
    assert said in problems(written(example_folder, "[boundaries.unit_type]", parents(*levels)))


def test_a_chain_of_levels_is_made_from_below(example_folder: Path) -> None:
    levels = [
        'id="world"\nof="half"\ngroups={Earth=["Both"]}',
        'id="half"\nof="province"\ngroups={Both=["Westmark", "Eastmark"]}',
    ]
    folder = written(example_folder, "[boundaries.unit_type]", parents(*levels))
    assert set(ra.read_units(read_project(folder))["world"]) == {"Earth"}


@pytest.mark.parametrize("name", ["u.vrt", "u.geojson"])
@pytest.mark.parametrize("source", ["../there.geojson", "/etc/hosts", "PG:dbname=x", "/vsicurl/x"])
def test_boundaries_that_read_a_file_elsewhere(
    example_folder: Path, name: str, source: str
) -> None:
    (example_folder / name).write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="u"><SrcDataSource relativeToVRT="1">{source}'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "utf-8",
    )
    said = problems(written(example_folder, '"units.geojson"', f'"{name}"'))
    assert f"boundaries.file: '{name}' reads '{source}', which " in said


def test_a_virtual_file_of_the_project_is_read(example_folder: Path) -> None:
    (example_folder / "u.vrt").write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="units"><SrcDataSource relativeToVRT="1">units.geojson'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "utf-8",
    )
    folder = written(example_folder, '"units.geojson"', '"u.vrt"')
    assert len(ra.read_units(read_project(folder))) == 12


def test_a_map_without_a_unit_writes_nothing(
    run: Any, example_folder: Path, tmp_path: Path
) -> None:
    old, out = "bounds = [10.0, 48.5, 12.0, 50.0]", tmp_path / "out"
    written(example_folder, old, "bounds = [48.5, 10.0, 50.0, 12.0]")
    code, _, err = run("build", example_folder, "--out", out)
    assert (code, out.exists()) == (1, False)
    assert "or write the bounds as west, south, east, north" in err
    written(example_folder, "bounds = [48.5, 10.0, 50.0, 12.0]", "bounds = [-9.0, 1.0, -8.0, 2.0]")
    code, _, err = run("build", example_folder, "--out", out)
    assert (code, out.exists()) == (1, False)
    assert "west, south, east, north of all units are [10.0" in err


def places(raw: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    for key, value in (
        raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    ):
        yield from places(value, (*at, key))


@pytest.mark.parametrize(
    "value",
    [["x"], {"x": 1}, 2**62, float("inf"), "x" * 3000],
    ids=["list", "table", "big", "inf", "long"],
)
def test_any_key_may_be_absurd(value: Any) -> None:
    """Whatever stands at any key of the starter is read or refused, and never a traceback."""
    from regional_atlas.config import project

    raw = tomllib.loads((STARTER / "atlas.toml").read_text("utf-8"))
    refused = 0
    for place in places(raw):
        changed = copy.deepcopy(raw)
        table: Any = changed
        for key in place[:-1]:
            table = table[key]
        table[place[-1]] = value
        try:
            project._project(changed, STARTER / "atlas.toml", (), (), {})
        except ConfigError:
            refused += 1
    assert refused > 50
    assert project_of_text((STARTER / "atlas.toml").read_text("utf-8"), STARTER / "atlas.toml", {})
