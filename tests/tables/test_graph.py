"""Tables on demand: made once, from what a step declares, and made anew only for that."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.config.project import read_what_holds
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.tables import graph as graph_module
from regional_atlas.tables.graph import Graph, Step
from regional_atlas.tables.store import Store


class Counted:
    """Three steps, each of which counts how often it is made."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.made: Counter[str] = Counter()

    def step(self, name: str, make: Callable[..., Any], **declared: Any) -> Step:
        def counted(*given: Any) -> Any:
            self.made[name] += 1
            return make(*given)

        return Step((name,), counted, **declared)

    def graph(self, project: Path, *overrides: str) -> Graph:
        steps = [
            self.step("rows", lambda p, *_: p.config.rankings[0].length, settings=("rankings",)),
            self.step("twice", lambda _, t, *__: t.rows * 2, needs=("rows",)),
            self.step("titles", lambda p, *_: p.config.title.in_("en"), settings=("title",)),
        ]
        return Graph(ra.read_project(project, overrides=overrides), steps, store=self.store)


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    return Counted(tmp_path / "store")


def test_only_what_is_asked_for_is_made_and_only_once(
    counted: Counted, example_folder: Path
) -> None:
    graph = counted.graph(example_folder)
    assert [graph.get("twice"), graph.get("twice")] == [8, 8]
    assert counted.made == {"rows": 1, "twice": 1}
    assert counted.graph(example_folder).get("twice") == 8
    assert counted.made == {"rows": 1, "twice": 1}


def test_a_changed_setting_makes_anew_what_follows_from_it(
    counted: Counted, example_folder: Path
) -> None:
    for _ in range(2):
        counted.graph(example_folder).make_all()
        counted.graph(example_folder, "title='Other'").make_all()
    assert counted.made == {"rows": 1, "twice": 1, "titles": 2}


def test_a_changed_file_makes_anew_what_reads_it(counted: Counted, example_folder: Path) -> None:
    counted.graph(example_folder).make_all()
    file = example_folder / "ranking.csv"
    text, stamp = file.read_text("utf-8"), file.stat()
    # Of the same size and time of writing: only the time that no program sets tells them apart.
    file.write_text(text.replace("1", "2", 1), "utf-8")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    counted.graph(example_folder).make_all()
    assert counted.made == {"rows": 2, "twice": 2, "titles": 1}
    os.utime(file)
    counted.graph(example_folder).make_all()
    assert counted.made == {"rows": 2, "twice": 2, "titles": 1}


def test_what_an_open_atlas_finds_changed_is_refused_and_not_kept(
    counted: Counted, example_folder: Path
) -> None:
    def cells(project: Any, *_: Any) -> list[str]:
        text: str = project.config.rankings[0].file.read_text("utf-8")
        return text.split()

    def graph() -> Graph:
        step = counted.step("cells", cells, settings=("rankings",))
        return Graph(ra.read_project(example_folder), [step], store=counted.store)

    file = example_folder / "ranking.csv"
    text = file.read_text("utf-8")
    opened, touched = graph(), graph()
    assert opened.key("cells") == touched.key("cells")
    file.write_text(text.replace("Birch", "Alder"), "utf-8")
    with pytest.raises(DataError, match=r"ranking\.csv: changed after the atlas was opened"):
        opened.get("cells")
    file.write_text(text, "utf-8")
    assert touched.get("cells") == text.split(), "written, and with the same contents"
    assert graph().get("cells") == text.split()
    assert counted.made == {"cells": 2}


def test_of_a_file_written_a_moment_ago_no_digest_is_kept(
    counted: Counted, example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system of coarse times the next write would leave the same stamp."""

    def digests() -> int:
        counted.graph(example_folder).make_all()
        return sum(entry.step == "contents" for entry in counted.store.entries())

    assert digests() == 0
    monkeypatch.setattr(graph_module, "_COARSEST", 0)
    assert digests() == 1


def test_a_step_sees_only_what_it_declares(counted: Counted, example_folder: Path) -> None:
    project = ra.read_project(example_folder)
    one = Step(("one",), lambda *_: 1)
    looks = Step(("looks",), lambda _, t, *__: t.one)
    with pytest.raises(AssertionError, match="'one'"):
        Graph(project, [one, looks], store=counted.store).get("looks")
    reads = Step(("reads",), lambda p, *_: p.config.title, settings=("rankings",))
    with pytest.raises(AttributeError, match="title"):
        Graph(project, [reads], store=counted.store).get("reads")


def test_all_that_fails_is_said_at_once_and_what_needs_it_is_passed_over(
    counted: Counted, example_folder: Path
) -> None:
    def fail(*_: Any) -> None:
        raise DataError("wrong", "and wrong", where="a.csv")

    def fail_too(*_: Any) -> None:
        raise InputError("wrong too")

    steps = [
        Step(("a",), fail),
        counted.step("after", lambda _, t, *__: t.a, needs=("a",)),
        counted.step("behind", lambda _, t, *__: t.after, needs=("after",)),
        Step(("b",), fail_too),
        counted.step("other", lambda *_: 1),
    ]
    with pytest.raises(InputError) as caught:
        Graph(ra.read_project(example_folder), steps, store=counted.store).make_all()
    assert caught.value.problems == ["a.csv: wrong", "a.csv: and wrong", "wrong too"]
    assert counted.made == {"other": 1}


def test_a_question_reads_no_polygon_and_a_new_plate_makes_nothing_anew(
    example_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_module, "_COARSEST", 0)
    store = Store(tmp_path / "store")
    project = ra.read_project(example_folder)
    built = ra.build(project, store=store)
    for entry in store.entries():
        if entry.step in ("shapes", "region_shapes"):
            entry.path.unlink()
    before = {entry.path.name for entry in store.entries()}
    asked = ra.open_atlas(project, store=store).query(metro="River Cities", geometry=False)
    wanted = built.query(metro="River Cities").drop(columns="geometry")
    assert list(asked["unit"]) == list(wanted["unit"])
    assert ra.open_atlas(project, store=store).summarise("metro").equals(built.summarise("metro"))
    assert {entry.path.name for entry in store.entries()} == before
    file = example_folder / "atlas.toml"
    file.write_text(file.read_text("utf-8").replace("[[plates]]", '[[plates]]\nnote = "New"', 1))
    ra.build(ra.read_project(example_folder), store=store)
    remade = {entry.path.name for entry in store.entries()} - before
    assert remade == set()


def test_what_a_step_that_is_not_kept_says_is_kept(counted: Counted, example_folder: Path) -> None:
    def steps() -> list[Step]:
        return [
            counted.step("one", lambda *_: 1, kept=False),
            counted.step("two", lambda _, t, *__: t.one + 1, needs=("one",)),
        ]

    for _ in range(2):
        found = Graph(ra.read_project(example_folder), steps(), store=counted.store)
        assert found.findings() == []
        assert counted.made == {"one": 1, "two": 1}
    assert found.get("one") == 1
    assert counted.made == {"one": 2, "two": 1}


def test_of_a_section_only_the_part_that_a_step_sees_counts(
    counted: Counted, example_folder: Path
) -> None:
    def tags(project: Path, *overrides: str) -> Any:
        step = counted.step(
            "tags",
            lambda p, *_: p.config.title,
            partly={"title": lambda title: sorted(title)},
        )
        read = ra.read_project(project, overrides=overrides)
        return Graph(read, [step], store=counted.store).get("tags")

    assert tags(example_folder) == ["en", "zh"]
    assert tags(example_folder, "title.en=Another") == ["en", "zh"]
    assert counted.made == {"tags": 1}
    assert tags(example_folder, "title.fr=Autre") == ["en", "fr", "zh"]
    assert counted.made == {"tags": 2}


def test_what_stands_outside_the_project_counts(
    counted: Counted, example_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tile_key() -> Any:
        step = counted.step(
            "key",
            lambda *_: os.environ.get("TILE_KEY"),
            outside=lambda _: os.environ.get("TILE_KEY"),
        )
        return Graph(ra.read_project(example_folder), [step], store=counted.store).get("key")

    monkeypatch.setenv("TILE_KEY", "a")
    assert [tile_key(), tile_key()] == ["a", "a"]
    monkeypatch.setenv("TILE_KEY", "b")
    assert tile_key() == "b"
    assert counted.made == {"key": 2}


@pytest.mark.parametrize("wrong", ["breaks = [0.4, 0.2, 1.0]", 'scheme = "manuel"'])
def test_a_wrong_plate_hides_no_other_finding(example_folder: Path, wrong: str) -> None:
    shutil.copyfile(Path(ra.__file__).parent / "starter/atlas.toml", example_folder / "atlas.toml")
    for name, old, new in (
        ("index.toml", 'code = "output"', 'code = "outp"'),
        ("atlas.toml", 'scheme = "manual"\nbreaks = [0.2, 0.4, 1.0]', wrong),
    ):
        file = example_folder / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    if "breaks" in wrong:
        file.write_text(text.replace(old, f'scheme = "manual"\n{wrong}'), "utf-8")
    read, known = read_what_holds(example_folder)
    assert read is not None
    assert known is not None
    with pytest.raises(InputError) as caught:
        ra.open_atlas(read).check(known)
    assert any("groups[1].plates[1]" in problem for problem in caught.value.problems)
    assert any("'outp' has no column" in problem for problem in caught.value.problems)
