"""`upgrade`: a project file in the short form reads to the same project, and keeps its comments."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

import regional_atlas as ra
from regional_atlas.config.project import read_project
from regional_atlas.config.short_form import PLATE_KINDS, in_full
from regional_atlas.config.upgrade import LONG, upgraded
from regional_atlas.core.texts import Unit

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = {
    "china": (ROOT / "tests/data/projects/china-2022.atlas.toml", ROOT / "geo/china-2022"),
    "example": (
        ROOT / "tests/data/projects/exampleland.atlas.toml",
        Path(ra.__file__).parent / "starter",
    ),
    "china now": (ROOT / "geo/china-2022/atlas.toml", ROOT / "geo/china-2022"),
    "starter": (
        Path(ra.__file__).parent / "starter/atlas.toml",
        Path(ra.__file__).parent / "starter",
    ),
}


@pytest.fixture(params=FILES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a project of the repository."""
    file, folder = FILES[request.param]
    shutil.copytree(folder, tmp_path / "project")
    shutil.copyfile(file, tmp_path / "project/atlas.toml")
    return tmp_path / "project"


def comments(text: str) -> list[str]:
    """List the comments of a file whose texts hold no `#` behind a blank."""
    return [line[line.index("# ") :] for line in text.splitlines() if "# " in line]


def test_every_project_reads_as_before(project: Path, run: Any) -> None:
    before, text = read_project(project), (project / "atlas.toml").read_text("utf-8")
    code, _, err = run("upgrade", project)
    assert code == 0, err
    after, short = read_project(project), (project / "atlas.toml").read_text("utf-8")
    assert (after.config, after.indices) == (before.config, before.indices)
    assert comments(short) == comments(text)
    assert "[[plates]]" not in short
    code, out, err = run("upgrade", project)
    assert (code, out) == (0, "")
    assert "nothing to change" in err
    assert (project / "atlas.toml").read_text("utf-8") == short


def test_the_projects_of_the_repository_are_in_the_short_form() -> None:
    for file in (ROOT / "geo/china-2022/atlas.toml", FILES["starter"][0]):
        assert upgraded(file.read_text("utf-8")).changes == []


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path, run: Any) -> None:
    file, folder = FILES["china"]
    shutil.copytree(folder, tmp_path / "project")
    (tmp_path / "project/pinyin.csv").unlink()
    shutil.copyfile(file, tmp_path / "project/atlas.toml")
    held = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, out, err = run("upgrade", tmp_path / "project", "--dry-run")
    assert code == 0
    assert held == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert out.startswith("--- a/atlas.toml\n+++ b/atlas.toml\n@@ ")
    assert "\n-[[plates]]\n" in out
    assert "\n+[[groups.plates]]\n" in out
    assert "\n--- /dev/null\n+++ b/pinyin.csv\n" in out
    assert "plates: 50 under 8 groups" in err
    assert "measurement_units.people: stands for" in err


def test_a_file_of_another_content_is_not_replaced(tmp_path: Path, run: Any) -> None:
    file, folder = FILES["china"]
    shutil.copytree(folder, tmp_path / "project")
    shutil.copyfile(file, tmp_path / "project/atlas.toml")
    (tmp_path / "project/pinyin.csv").write_text("mine\n", encoding="utf-8")
    assert run("upgrade", tmp_path / "project")[0] == 0
    assert (tmp_path / "project/pinyin.csv").read_text("utf-8") == "mine\n"
    assert 'pinyin = "pinyin_2.csv"' in (tmp_path / "project/atlas.toml").read_text("utf-8")


def test_what_cannot_be_read_is_refused(example_folder: Path, run: Any) -> None:
    file = example_folder / "atlas.toml"
    text = file.read_text("utf-8").replace('datum = "wgs84"', 'datum = "nad27"')
    file.write_text(text.replace('level = "province"', 'level = "x"'), encoding="utf-8")
    code, out, err = run("upgrade", example_folder)
    assert (code, out) == (1, "")
    assert "atlas.toml: 2 problems" in err
    assert "plates[3].level: no such level 'x'" in err
    assert file.read_text("utf-8") == text.replace('level = "province"', 'level = "x"')


def test_line_ends_stay(example_folder: Path, run: Any) -> None:
    file = example_folder / "atlas.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert run("upgrade", example_folder)[0] == 0
    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") > 100


def test_lists_with_comments_and_short_ones_stay() -> None:
    rows = "\n".join(f'"name {i}" = "spelt {i}"' for i in range(LONG))
    assert upgraded(f"[pinyin]\n{rows}\n").text == 'pinyin = "pinyin.csv"\n'
    for text in (
        f"[pinyin]\n{rows} # seen on a map\n",
        f"[pinyin]\n# seen on a map\n{rows}\n",
        f"[pinyin]\n{rows.replace('spelt 3', ' spelt 3')}\n",
        "[pinyin]\n" + "\n".join(rows.splitlines()[1:]) + "\n",
    ):
        assert upgraded(text).changes == []


def test_what_stands_behind_a_list_stays_in_its_place() -> None:
    rows = "\n".join(f'"name {i}" = "spelt {i}"' for i in range(LONG))
    text = f'id = "x"\n\n# Readings.\n[pinyin]\n{rows}\n\n# ── map ──\n\n[map]\ngrid = 5.0\n'
    assert upgraded(text).text == (
        'id = "x"\n# Readings.\npinyin = "pinyin.csv"\n\n\n# ── map ──\n\n[map]\ngrid = 5.0\n'
    )


def test_tables_of_plates_move_with_them() -> None:
    text = """\
[[plates]]
id = "a"
kind = "categories"
field = "x"
[plates.group] # of two
en = "Group"
zh = "组"
[plates.title]
en = "A"
[[plates.categories]]
value = 1
title = "one"

# The second.
[[plates]]
id = "b"
kind = "categories"
field = "x"
group = { en = "Group", zh = "组" }
title = "B"
categories = [{ value = 1, title = "one" }]
"""
    found = upgraded(text).text
    assert in_full(tomllib.loads(found), Path()).raw == in_full(tomllib.loads(text), Path()).raw
    assert "# The second.\n[[groups.plates]]\n" in found


def test_lists_in_several_places_are_refused(example_folder: Path, run: Any) -> None:
    file = example_folder / "atlas.toml"
    more = """
# Figures of ours.
[citations.own]
source = "We"

[[plates]]
id = "own"
group = "Ours"
field = "output"
"""
    file.write_text(file.read_text("utf-8") + more, encoding="utf-8")
    code, out, err = run("upgrade", example_folder)
    assert (code, out) == (1, "")
    assert "atlas.toml: a list of tables stands in several places" in err


UNIT: TypeAdapter[Unit] = TypeAdapter(Unit)
names = st.sampled_from(["a", "b", "c"])
texts = st.one_of(names, st.fixed_dictionaries({"en": names, "zh": names}))
units = st.one_of(
    names,
    st.fixed_dictionaries({"zh": names, "en": names, "scale": st.just({"en": 0.1})}),
)
plates = st.lists(
    st.fixed_dictionaries(
        {"group": texts, "kind": st.sampled_from(["choropleth", "years", "hotspots", "ranking"])},
        optional={
            "id": names,
            "title": texts,
            "field": names,
            "palette": st.sampled_from(["Blues", "Reds"]),
            "k": st.integers(2, 4),
            "breaks": st.lists(st.integers(0, 3), max_size=2),
            "citation": names,
            "note": texts,
        },
    ).map(
        lambda plate: {
            k: v for k, v in plate.items() if k in PLATE_KINDS[plate["kind"]].model_fields
        }
    ),
    max_size=6,
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "title": texts,
        "pinyin": st.dictionaries(st.text("xyz", min_size=1), names, max_size=LONG + 2),
        "indicators": st.dictionaries(
            names,
            st.fixed_dictionaries(
                {"columns": st.lists(st.fixed_dictionaries({"code": names, "unit": units}))}
            ),
            max_size=2,
        ),
        "rankings": st.lists(
            st.fixed_dictionaries({"among": st.lists(names, min_size=1, max_size=3)}), max_size=4
        ),
        "plates": plates,
    },
)


@given(document=documents, typed=st.booleans())
def test_any_file_says_the_same_in_full(document: dict[str, Any], typed: bool) -> None:
    if typed:
        document = {**document, "boundaries": {"unit_type": {"column": "x"}}}
    text = tomlkit.dumps(document)
    done = upgraded(text)
    before, after = (in_full(tomllib.loads(t), Path("x")) for t in (text, done.text))
    assert not after.problems
    for full in (before, after):
        for table in full.raw.get("indicators", {}).values():
            for column in table["columns"]:
                context = {"measurement_units": full.units}
                column["unit"] = UNIT.validate_python(column["unit"], context=context)
    moved = after.raw.get("pinyin")
    if isinstance(moved, str):
        rows = [line.split(",") for line in done.beside[moved].splitlines()[1:]]
        after.raw["pinyin"] = dict(rows)
    assert after.raw == before.raw
    assert upgraded(done.text).changes == []
