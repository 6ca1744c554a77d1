"""Folders that change all at once: `core.folders` and the locks under it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from regional_atlas.core import folders
from regional_atlas.core.atomic import atomic_path, hidden_name, replace_together
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.folders import mark_of, refuse_unfinished, whole_folder
from regional_atlas.core.locks import Lock, is_held

OWNED = ["page.html", "data/one.csv", "data/two.csv"]


def write(out: Path, text: str, *names: str) -> None:
    with whole_folder(out, "build", OWNED) as new:
        for name in names or OWNED:
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_text(text)


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(params=["swapped", "moved"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of putting a folder in place."""
    if request.param == "moved":
        monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    return str(request.param)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "maps" / "atlas"


def test_a_new_folder_stands_when_the_block_ends(out: Path) -> None:
    with whole_folder(out, "build", OWNED) as new:
        (new / "page.html").write_text("one")
        assert not out.exists()
    assert contents(out.parent) == {"atlas/page.html": "one"}


@pytest.mark.usefixtures("way")
def test_files_of_the_command_are_replaced_or_go_and_others_stay(out: Path) -> None:
    write(out, "one")
    (out / "notes.txt").write_text("mine")
    (out / "export").mkdir()
    (out / "export/units.csv").write_text("theirs")
    (out / "empty").mkdir()
    (out / "link").symlink_to("notes.txt")
    (out / "folder").symlink_to("export")
    number = (out / "notes.txt").stat().st_ino
    write(out, "two", "page.html", "data/two.csv")
    assert contents(out.parent) == {
        "atlas/page.html": "two",
        "atlas/data/two.csv": "two",
        "atlas/notes.txt": "mine",
        "atlas/link": "mine",
        "atlas/export/units.csv": "theirs",
    }
    assert (out / "notes.txt").stat().st_ino == number
    assert (out / "empty").is_dir()
    assert os.readlink(out / "link") == "notes.txt"
    assert os.readlink(out / "folder") == "export"
    assert os.listdir(out.parent) == ["atlas"]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("error", [InputError("full"), KeyboardInterrupt(), OSError(28, "full")])
def test_a_block_that_fails_changes_nothing(out: Path, error: BaseException) -> None:
    def fail() -> None:
        with whole_folder(out, "build", OWNED) as new:
            (new / "page.html").write_text("two")
            raise error

    with pytest.raises((InputError, KeyboardInterrupt)):
        fail()
    assert not out.parent.exists()
    write(out, "one")
    before = contents(out.parent)
    with pytest.raises((InputError, KeyboardInterrupt)):
        fail()
    assert contents(out.parent) == before


def test_a_message_speaks_of_the_target(out: Path) -> None:
    with (
        pytest.raises(InputError, match=f"^{out}/page.html: cannot write: No space left") as found,
        whole_folder(out, "build", OWNED) as new,
        atomic_path(new / "page.html"),
    ):
        raise OSError(28, "No space left on device")
    assert "unfinished" not in str(found.value)


def test_the_folder_keeps_its_rights_and_a_link_to_it_stays(out: Path, tmp_path: Path) -> None:
    write(out, "one")
    out.chmod(0o750)
    (tmp_path / "link").symlink_to(out)
    write(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert contents(out)["page.html"] == "two"
    assert stat.S_IMODE(out.stat().st_mode) == 0o750


def test_the_working_directory_stays_the_folder(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(out, "one")
    monkeypatch.chdir(out)
    write(Path(), "two")
    assert (Path() / "page.html").read_text() == "two"
    assert contents(out.parent) == {f"atlas/{name}": "two" for name in OWNED}


def test_a_folder_above_that_may_not_be_written_to(out: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    write(out, "one")
    out.parent.chmod(0o500)
    try:
        write(out, "two")
    finally:
        out.parent.chmod(0o700)
    assert contents(out.parent) == {f"atlas/{name}": "two" for name in OWNED}


def test_a_folder_on_a_disk_of_its_own(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(out, "one")
    monkeypatch.setattr(folders, "_is_on_one_disk", lambda *_: False)
    (out / "notes.txt").write_text("mine")
    write(out, "two", "page.html")
    assert contents(out.parent) == {"atlas/page.html": "two", "atlas/notes.txt": "mine"}


def test_a_move_that_the_system_ends_is_taken_back(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(out, "one")
    before = contents(out)
    replace = os.replace

    def full(source: Path, target: Path) -> None:
        if str(target).endswith("two.csv") and "unfinished" not in str(target):
            monkeypatch.setattr(os, "replace", replace)
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match="No space left on device"):
        write(out, "two")
    assert contents(out.parent) == {f"atlas/{name}": text for name, text in before.items()}


def test_a_move_that_was_killed_is_known_and_done_again(out: Path) -> None:
    write(out, "one")
    mark_of(out, "build").touch()
    with pytest.raises(DataError, match="was stopped while it wrote this folder"):
        refuse_unfinished(out, "build")
    refuse_unfinished(out, "export")
    write(out, "two")
    refuse_unfinished(out, "build")
    assert contents(out) == dict.fromkeys(sorted(OWNED), "two")


def test_what_a_killed_run_left_beside_goes(out: Path) -> None:
    write(out, "one")
    left = out.parent / hidden_name("atlas", "unfinished")
    (left / "new/data").mkdir(parents=True)
    (left / "new/data/one.csv").write_text("half")
    (left / "lock").write_text("process 1")
    write(out, "two")
    assert os.listdir(out.parent) == ["atlas"]


def test_what_a_killed_run_left_of_a_file_goes_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    target = tmp_path / "a[1].csv"
    dead, alive = tmp_path / ".a[1].csv.dead.tmp", tmp_path / ".a[1].csv.live.tmp"
    for folder in (dead, alive):
        (folder / "new").mkdir(parents=True)
    (dead / "lock").touch()
    lock = Lock.tried(alive / "lock")
    assert lock is not None
    with atomic_path(target) as temporary:
        temporary.write_text("x")
    lock.release()
    assert sorted(path.name for path in tmp_path.iterdir()) == [alive.name, target.name]


@pytest.mark.parametrize("name", ["x" * 255, "县" * 85])
def test_names_as_long_as_names_may_be(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "one")
    write(tmp_path / name, "two")
    with atomic_path(tmp_path / "file" / name) as temporary:
        temporary.write_text("three")
    assert (tmp_path / "file" / name).read_text() == "three"
    assert contents(tmp_path / name)["page.html"] == "two"
    too_long = name + name[0]
    with pytest.raises(InputError, match="File name too long"):
        write(tmp_path / too_long, "one")
    assert sorted(os.listdir(tmp_path)) == sorted(["file", name])


def _build(out: Path, text: str, go: threading.Barrier) -> None:
    go.wait()
    for _ in range(20):
        write(out, text)


def test_processes_take_turns_and_readers_never_see_a_mix(out: Path) -> None:
    write(out, "zero")
    context = multiprocessing.get_context("fork")
    go = context.Barrier(3)
    runs = [context.Process(target=_build, args=(out, text, go)) for text in ("a", "b")]
    for run in runs:
        run.start()
    go.wait()
    while any(run.is_alive() for run in runs):
        handle = os.open(out, os.O_RDONLY)  # one folder, whatever stands under its name later
        try:
            texts = {_read(handle, name) for name in OWNED}
        finally:
            os.close(handle)
        assert len(texts - {None}) <= 1
    assert [run.exitcode for run in runs] == [0, 0]
    assert len({*contents(out).values()}) == 1
    assert os.listdir(out.parent) == ["atlas"]


def _read(folder: int, name: str) -> str | None:
    try:
        handle = os.open(name, os.O_RDONLY, dir_fd=folder)
    except FileNotFoundError:  # the old folder is being removed
        return None
    with os.fdopen(handle) as file:
        return file.read()


def test_a_run_says_for_whom_it_waits(out: Path) -> None:
    place = out.parent / hidden_name("atlas", "unfinished")
    place.mkdir(parents=True)
    lock = Lock.tried(place / "lock")
    assert lock is not None
    assert is_held(place / "lock")
    assert Lock.tried(place / "lock") is None
    lock.say("process 7 on here since 12:00:00")
    timer = threading.Timer(0.5, lock.release)
    timer.start()
    with pytest.warns(UserWarning, match=f"{out}: process 7 on here since 12:00:00 writes there"):
        write(out, "one")
    timer.join()
    assert contents(out)["page.html"] == "one"
    assert not is_held(place / "lock")


def test_a_run_in_a_folder_under_the_target_loses_nothing(out: Path) -> None:
    write(out, "one")
    with whole_folder(out / "export", "export", []) as new:
        (new / "units.csv").write_text("first")
        write(out, "two")
        (new / "units.gpkg").write_text("second")
    assert contents(out / "export") == {"units.csv": "first", "units.gpkg": "second"}
    assert contents(out)["page.html"] == "two"
    assert not mark_of(out, "build").exists()


def test_files_replaced_together_come_back_after_an_error(tmp_path: Path) -> None:
    for name in ("a", "b", "spare"):
        (tmp_path / name).mkdir()
    (tmp_path / "a/one").write_text("new")
    (tmp_path / "b/one").write_text("old")
    moves = {tmp_path / "a/one": tmp_path / "b/one", tmp_path / "a/none": tmp_path / "b/none"}
    with pytest.raises(FileNotFoundError):
        replace_together(moves, tmp_path / "spare", removed=[tmp_path / "b/gone"])
    assert contents(tmp_path) == {"a/one": "new", "b/one": "old"}


def test_a_link_in_the_place_of_the_workplace_is_refused(out: Path, tmp_path: Path) -> None:
    write(out, "one")
    (tmp_path / "home/thesis").mkdir(parents=True)
    (tmp_path / "home/thesis/one.txt").write_text("mine")
    place = out.parent / hidden_name("atlas", "unfinished")
    place.symlink_to(tmp_path / "home")
    with pytest.raises(InputError, match="is in the way, and no earlier run made it"):
        write(out, "two")
    place.unlink()
    (tmp_path / "home").rename(place)
    with pytest.raises(InputError, match="is in the way, and no earlier run made it"):
        write(out, "two")
    assert (place / "thesis/one.txt").read_text() == "mine"
    assert contents(out)["page.html"] == "one"


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    place = tmp_path / hidden_name("out", "unfinished")
    place.mkdir()
    (place / "lock").symlink_to(tmp_path / "note.txt")
    with pytest.raises(InputError, match="cannot write"):
        write(tmp_path / "out", "one")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/lock").write_text("mine")
    (tmp_path / ".o.csv.zz.tmp").symlink_to("home")
    with atomic_path(tmp_path / "o.csv") as temporary:
        temporary.write_text("x")
    assert (tmp_path / "note.txt").read_text() == (tmp_path / "home/lock").read_text() == "mine"


@pytest.mark.usefixtures("way")
def test_a_file_in_the_place_of_a_folder_stays(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "data").write_text("mine")
    with pytest.raises(InputError, match="cannot write"):
        write(out, "one")
    assert contents(out.parent) == {"atlas/data": "mine"}


@pytest.mark.usefixtures("way")
def test_a_folder_that_is_a_link_stays_one(out: Path, tmp_path: Path) -> None:
    write(out, "one")
    (out / "data").rename(tmp_path / "far")
    (out / "data").symlink_to(tmp_path / "far")
    (tmp_path / "far/notes.txt").write_text("mine")
    write(out, "two")
    assert (out / "data").is_symlink()
    assert contents(tmp_path / "far") == {"notes.txt": "mine", "one.csv": "two", "two.csv": "two"}


@pytest.mark.usefixtures("way")
def test_rights_stay(out: Path, tmp_path: Path) -> None:
    write(out, "one")
    rights = {"page.html": 0o600, "data": 0o700, "data/one.csv": 0o640}
    for name, mode in rights.items():
        (out / name).chmod(mode)
    write(out, "two")
    assert {name: stat.S_IMODE((out / name).stat().st_mode) for name in rights} == rights
    (tmp_path / "lone").write_text("one")
    (tmp_path / "lone").chmod(0o600)
    with atomic_path(tmp_path / "lone") as temporary:
        temporary.write_text("two")
    assert stat.S_IMODE((tmp_path / "lone").stat().st_mode) == 0o600


def test_what_is_saved_while_folders_are_exchanged_stays(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(out, "one")
    (out / "notes.txt").write_text("before")
    exchange = folders._exchanged

    def saved_first(new: Path, target: Path) -> bool:
        (target / "notes.new").write_text("after")
        (target / "notes.new").rename(target / "notes.txt")
        (target / "more.txt").write_text("more")
        return exchange(new, target)

    monkeypatch.setattr(folders, "_exchanged", saved_first)
    write(out, "two")
    assert (out / "notes.txt").read_text() == "after"
    assert (out / "more.txt").read_text() == "more"
    assert contents(out)["page.html"] == "two"


def works(*command: object) -> bool:
    """Run a program of the system, if it is there and this user may."""
    words = [str(word) for word in command]
    return (
        bool(shutil.which(words[0])) and not subprocess.run(words, capture_output=True).returncode
    )


@pytest.mark.parametrize("place", [".", "data", "usb"])
def test_what_is_mounted_stays(out: Path, tmp_path: Path, place: str) -> None:
    write(out, "one")
    far = tmp_path / "far"
    if place == ".":
        shutil.copytree(out, far)
    else:
        (far / "deep").mkdir(parents=True)
    (out / place).mkdir(exist_ok=True)
    if not works("mount", "--bind", far, out / place):
        pytest.skip("nothing may be mounted here")
    try:
        write(out, "two")
        assert os.path.samefile(out / place, far)
        assert contents(out)["data/one.csv"] == contents(out)["page.html"] == "two"
        assert place == "." or (far / "deep").is_dir()
        assert os.listdir(out.parent) == ["atlas"]
    finally:
        assert works("umount", out / place)


def test_a_file_that_cannot_be_removed_blocks_no_later_run(out: Path) -> None:
    write(out, "one")
    if not works("chattr", "+i", out / "page.html"):
        pytest.skip("files cannot be made immutable here")
    left = [out / "page.html"]
    try:
        write(out, "two")
        left += out.parent.rglob("page.html")
        write(out, "three")
        assert contents(out)["page.html"] == "three"
    finally:
        for path in left:
            works("chattr", "-i", path)
    write(out, "four")
    assert os.listdir(out.parent) == ["atlas"]
