"""Files that a build takes over from the one before: only what would come out the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import DataError
from regional_atlas.publish import files
from regional_atlas.publish.files import DATA_FILES, taken_over
from regional_atlas.tables import graph
from regional_atlas.tables.store import Store, digest


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(graph, "_COARSEST", 0)
    return Store(tmp_path / "store")


def writer(path: Path, text: str, said: list[str]) -> Callable[[], None]:
    def write() -> None:
        said.append(text)
        path.write_text(text)

    return write


def test_the_same_is_copied_and_anything_else_written(store: Store, tmp_path: Path) -> None:
    earlier, path, said = tmp_path / "earlier.csv", tmp_path / "new.csv", []
    key = digest("a")
    assert taken_over(path, earlier, key, store, writer(path, "a\n", said))
    path.rename(earlier)
    assert taken_over(path, earlier, key, store, writer(path, "a\n", said))
    assert (path.read_text(), len(said)) == ("a\n", 1)
    path.unlink()
    earlier.write_text("b\n")
    assert taken_over(path, earlier, key, store, writer(path, "a\n", said))
    assert (path.read_text(), earlier.read_text(), len(said)) == ("a\n", "b\n", 2)
    path.unlink()
    earlier.unlink()
    assert taken_over(path, earlier, key, store, writer(path, "a\n", said))
    assert len(said) == 3


def test_where_there_is_nothing_to_write_nothing_is_taken_over(
    store: Store, tmp_path: Path
) -> None:
    earlier, path = tmp_path / "earlier.csv", tmp_path / "new.csv"
    earlier.write_text("")
    for _ in range(2):
        assert not taken_over(path, earlier, digest("b"), store, lambda: None)
        assert not path.exists()


def test_a_folder_in_the_place_of_a_file_is_left_alone(store: Store, tmp_path: Path) -> None:
    path, said = tmp_path / "new.csv", []
    (tmp_path / "earlier.csv").mkdir()
    for _ in range(2):
        path.unlink(missing_ok=True)
        assert taken_over(
            path, tmp_path / "earlier.csv", digest("c"), store, writer(path, "c", said)
        )
    assert said == ["c", "c"]


def built(project: Path, store: Store, out: Path) -> dict[str, bytes]:
    ra.open_atlas(ra.read_project(project), store=store).save(out)
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_builds_that_take_over_are_those_that_write(
    example_folder: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    first = built(example_folder, store, out)
    wrote: list[str] = []
    monkeypatch.setattr(files, "write_csv", lambda _, path, **__: wrote.append(path.name))
    monkeypatch.setattr(files, "write_geoparquet", lambda _, path: wrote.append(path.name))
    assert built(example_folder, store, out) == first
    toml = example_folder / "atlas.toml"
    toml.write_text(toml.read_text("utf-8").replace('"Rankings"', '"Other words"'), "utf-8")
    changed = built(example_folder, store, out)
    assert wrote == [], "the words of a plate are in no table"
    monkeypatch.undo()
    assert changed == built(example_folder, Store(tmp_path / "empty"), fresh)
    assert {name for name in first if first[name] != changed[name]} == {
        *("data/tables.zip", "index.html", "report.json")
    }
    assert b"Other words" in changed["index.html"]


def test_what_was_changed_by_hand_in_a_built_folder_is_written_anew(
    example_folder: Path, store: Store, tmp_path: Path
) -> None:
    first = built(example_folder, store, tmp_path / "out")
    for name in first:
        (tmp_path / "out" / name).write_bytes(first[name] + b" ")
    assert built(example_folder, store, tmp_path / "out") == first
    shutil.rmtree(tmp_path / "out")
    assert built(example_folder, store, tmp_path / "out") == first


def test_a_file_says_all_that_it_is_made_of(example: ra.Atlas) -> None:
    class Narrow:
        def __init__(self, names: tuple[str, ...]) -> None:
            self.names = names

        def __getattr__(self, name: str) -> object:
            assert name in self.names, name
            return getattr(example.tables, name)

    for file in DATA_FILES:
        file.table(Narrow(file.needs))  # type: ignore[arg-type]


def edited(file: Path, old: str, new: str) -> Callable[[], object]:
    return lambda: file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("indicators.csv", "120.5", "777.5"), ("index.toml", "[", "\n["), ("atlas.toml", "Rank", "R")],
)
def test_nothing_is_published_of_files_that_changed_since_they_were_read(
    example_folder: Path, store: Store, tmp_path: Path, name: str, old: str, new: str, checked: bool
) -> None:
    atlas = ra.open_atlas(ra.read_project(example_folder), store=store)
    if checked:
        atlas.check()
    edited(example_folder / name, old, new)()
    with pytest.raises(DataError, match=f"{name}: changed after the atlas was opened"):
        atlas.save(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_input_that_is_gone_is_named(example_folder: Path, store: Store, tmp_path: Path) -> None:
    atlas, again = (ra.open_atlas(ra.read_project(example_folder), store=store) for _ in "ab")
    atlas.check()
    (example_folder / "ranking.csv").rename(tmp_path / "elsewhere.csv")
    with pytest.raises(DataError, match=r"ranking\.csv: cannot be read"):
        atlas.save(tmp_path / "out")
    with pytest.raises(DataError, match=r"ranking\.csv: cannot be read"):
        again.rankings  # noqa: B018


def test_a_device_is_not_copied(store: Store, tmp_path: Path) -> None:
    earlier, path, said = tmp_path / "earlier.csv", tmp_path / "new.csv", []
    earlier.symlink_to("/dev/zero")
    for _ in range(2):
        path.unlink(missing_ok=True)
        assert taken_over(path, earlier, digest("d"), store, writer(path, "d", said))
    assert said == ["d", "d"]
