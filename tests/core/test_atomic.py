"""Files are written whole or not at all."""

import os

import pytest

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import InputError
from regional_atlas.export.tables import write_text


def test_atomic_path_puts_the_file_in_place_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "deep" / "er" / "a.txt"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert temporary.name == "a.txt"
        assert not target.exists()
    assert target.read_text() == "new"
    assert os.listdir(target.parent) == ["a.txt"]


def test_atomic_path_keeps_the_old_file_when_the_block_fails(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def half_write():
        with atomic_path(target) as temporary:
            temporary.write_text("half")
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        half_write()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path):
    def fail():
        with atomic_path(tmp_path / "new" / "deeper" / "a.txt"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("refused", ["a.csv", "b.csv", "c.csv"])
def test_files_that_belong_together_are_replaced_together_or_not_at_all(tmp_path, refused):
    """One of the places is taken by a folder, so that its file cannot come."""

    def write():
        with atomic_path(tmp_path / "a.csv") as temporary:
            for name in ("a.csv", "b.csv", "c.csv"):
                temporary.with_name(name).write_text("new")

    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("old")
    (tmp_path / refused).unlink(missing_ok=True)
    (tmp_path / refused).mkdir()
    with pytest.raises(InputError, match="cannot write"):
        write()
    left = {path.name: path.is_file() and path.read_text() for path in tmp_path.iterdir()}
    assert left == {"a.csv": "old", "b.csv": "old"} | {refused: False}
    (tmp_path / refused).rmdir()
    write()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.csv", "b.csv", "c.csv"), "new"
    )


def test_atomic_path_names_the_file_that_cannot_be_written(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(InputError, match=r"a\.txt: cannot write"):
        write_text("x", tmp_path / "a.txt")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        write_text("x", tmp_path / "file" / "a.txt")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "file"]


def test_written_files_have_ordinary_rights(tmp_path):
    umask = os.umask(0o022)
    try:
        write_text("x", tmp_path / "a.txt")
    finally:
        os.umask(umask)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_a_folder_is_put_in_place_whole_where_there_is_none_or_an_empty_one(tmp_path):
    for target in (tmp_path / "new", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with atomic_path(target) as temporary:
            (temporary / "deep").mkdir(parents=True)
            (temporary / "deep/a.txt").write_text("x")
            assert not target.exists() or not list(target.iterdir())
        assert (target / "deep/a.txt").read_text() == "x"
    assert sorted(os.listdir(tmp_path)) == ["empty", "new"]

    def again():
        with atomic_path(tmp_path / "new") as temporary:
            temporary.mkdir()

    with pytest.raises(InputError, match="new: cannot write"):
        again()
    assert (tmp_path / "new/deep/a.txt").read_text() == "x"
    assert sorted(os.listdir(tmp_path)) == ["empty", "new"]
