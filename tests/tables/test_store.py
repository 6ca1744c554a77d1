"""The store: by content, whole or not at all; what is not exactly the entry is only a miss."""

from __future__ import annotations

import json
import logging
import os
import pickle
import random
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from regional_atlas.tables import store as store_module
from regional_atlas.tables.store import Store, digest

KEY = digest("key")
VALUE = {"table": pd.DataFrame({"name": ["a", "b"], "x": [0.1, 0.2]}), "numbers": np.arange(3.0)}
NAME = f"step-{KEY[:32]}.tar"


def fails() -> Any:
    raise AssertionError("it was made again")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def entry(store: Store) -> Path:
    store.get("step", KEY, lambda: VALUE)
    return store.folder / NAME


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "regional_atlas")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_value_is_made_once(tmp_path: Path) -> None:
    calls = []

    def make() -> int:
        calls.append(1)
        return len(calls)

    store = Store(tmp_path)
    assert [store.get("step", KEY, make) for _ in range(3)] == [1, 1, 1]
    assert store.get("other_step", KEY, make) == 2
    assert store.get("step", digest("other"), make) == 3
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.usefixtures("entry")
def test_what_is_read_is_what_was_made(store: Store) -> None:
    back = store.get("step", KEY, fails)
    pd.testing.assert_frame_equal(back["table"], VALUE["table"])
    np.testing.assert_array_equal(back["numbers"], VALUE["numbers"])
    back["numbers"][0] = 5
    assert store.get("step", KEY, fails)["numbers"][0] == 0


def test_an_entry_is_an_archive_of_standard_files(entry: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "xf", entry, "-C", tmp_path], check=True)
    label = json.loads((tmp_path / "label.json").read_text())
    assert label["step"] == "step"
    assert label["key"] == KEY
    assert json.loads((tmp_path / "value.json").read_text())["numbers"]["part"] == "2.npy"
    assert np.load(tmp_path / "2.npy").tolist() == [0, 1, 2]
    assert pd.read_feather(tmp_path / "1.arrow")["x"].tolist() == [0.1, 0.2]


def test_the_same_value_has_the_same_bytes(entry: Path, tmp_path: Path) -> None:
    Store(tmp_path / "other").get("step", KEY, lambda: VALUE)
    assert (tmp_path / "other" / NAME).read_bytes() == entry.read_bytes()


@pytest.mark.usefixtures("entry")
def test_arrays_are_aligned_and_may_be_written_to(store: Store) -> None:
    """Compiled loops are specialised on both: other flags would compile them anew."""
    flags = store.get("step", KEY, fails)["numbers"].flags
    assert (flags.writeable, flags.aligned, flags.c_contiguous) == (True, True, True)


def test_what_cannot_be_stored_is_an_error_of_the_step(store: Store) -> None:
    with pytest.raises(TypeError, match=r"the store holds no builtins\.set"):
        store.get("step", KEY, lambda: {1, 2})
    assert not store.folder.exists()


# Damage


def test_a_flipped_bit_anywhere_is_found(store: Store, entry: Path) -> None:
    whole, rng = entry.read_bytes(), random.Random(1)
    places = rng.sample(range(1024), 300) + rng.sample(range(1024, len(whole)), 300)
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << rng.randrange(8)
        entry.write_bytes(broken)
        assert store.get("step", KEY, lambda: 2) == 2, place
        entry.unlink()


@pytest.mark.parametrize("cut", [0, 1, 511, 512, 530, 1023, 1024, 1025, 2048, -1024, -1])
def test_a_truncated_entry_is_replaced(
    store: Store, entry: Path, cut: int, said: Callable[[], list[str]]
) -> None:
    entry.write_bytes(entry.read_bytes()[:cut])
    assert store.get("step", KEY, lambda: 2) == 2
    assert store.get("step", KEY, fails) == 2
    assert len(said()) == 1
    assert str(entry) in said()[0]
    assert "computed again" in said()[0]


def test_a_lengthened_entry_is_replaced(store: Store, entry: Path) -> None:
    entry.write_bytes(entry.read_bytes() + b"\0")
    assert store.get("step", KEY, lambda: 2) == 2


def test_an_entry_of_another_step_or_key_is_replaced(
    store: Store, entry: Path, said: Callable[[], list[str]]
) -> None:
    twin = KEY[:-1] + ("0" if KEY[-1] != "0" else "1")  # the same file name
    assert store.get("step", twin, lambda: 2) == 2
    assert "another version or key" in said()[0]
    entry.rename(store.folder / f"other-{KEY[:32]}.tar")
    assert store.get("other", twin, lambda: 3) == 3
    assert "another version or key" in said()[1]


@pytest.mark.usefixtures("entry")
def test_an_entry_of_another_version_is_replaced(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "__version__", "0.0.9")
        assert store.get("step", KEY, lambda: 2) == 2
        assert len(store.entries()) == 1
    with monkeypatch.context() as patch:
        patch.setattr(store_module, "FORMAT", 0)
        assert store.get("step", KEY, lambda: 3) == 3
        assert len(store.entries()) == 1
    assert store.get("step", KEY, lambda: 4) == 4


def test_records_that_changed_are_made_again(store: Store, said: Callable[[], list[str]]) -> None:
    from dataclasses import make_dataclass

    old, new = make_dataclass("Found", ["a"]), make_dataclass("Found", ["a", "b"])
    store.get("step", KEY, lambda: old(1), records=[old])
    assert store.get("step", KEY, fails, records=[old]) == old(1)
    assert store.get("step", KEY, lambda: new(1, 2), records=[new]) == new(1, 2)
    assert store.get("step", KEY, fails, records=[new]) == new(1, 2)
    assert len(said()) == 1


# What is not ours


def test_a_planted_pickle_is_not_run(
    store: Store, tmp_path: Path, said: Callable[[], list[str]]
) -> None:
    flag = tmp_path / "flag"
    trap = trap_for(flag)
    store.folder.mkdir()
    (store.folder / NAME).write_bytes(trap)
    (store.folder / f"step-{KEY[:32]}.pickle").write_bytes(trap)
    assert store.get("step", KEY, lambda: 1) == 1
    assert store.get("step", KEY, fails) == 1
    assert not flag.exists()
    assert "is not an entry" in said()[0]
    assert (store.folder / f"step-{KEY[:32]}.pickle").read_bytes() == trap
    pickle.loads(trap)
    assert flag.exists(), "the trap works"


def trap_for(flag: Path) -> bytes:
    class Trapped:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(flag),)

    return pickle.dumps(Trapped())


def forged(parts: dict[str, bytes]) -> bytes:
    """Write an entry of the right form and checksum with any content."""
    pieces = store_module._archive(
        "step", KEY, {name: [memoryview(part)] for name, part in parts.items()}
    )
    return b"".join(pieces)


def test_nothing_in_a_forged_entry_is_run(store: Store, tmp_path: Path) -> None:
    import pyarrow as pa

    flag = tmp_path / "flag"
    trap = trap_for(flag)
    field = pa.field("a", pa.int64(), metadata={
        "ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": trap,
    })  # fmt: skip
    sink = pa.BufferOutputStream()
    table = pa.table([[1]], schema=pa.schema([field], metadata={"pandas": trap}))
    with pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)
    objects = np.lib.format.magic(1, 0) + b"\x76\0" + (
        b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    ) + trap  # fmt: skip
    code = b"__import__('os').mkdir(" + repr(str(flag)).encode() + b")"
    array = b'{"$": "array", "part": "p"}'
    frame = b'{"$": "DataFrame", "part": "p", "crs": [], "attrs": {}}'
    geometry = b'{"$": "GeoSeries", "part": "p", "crs": [["a", "' + code + b'"]], "attrs": {}}'
    call = b'{"$": "record", "type": "os.mkdir", "fields": {"path": "' + bytes(flag) + b'"}}'
    store.folder.mkdir()
    for parts in (
        {"value.json": trap},
        {"value.json": code},
        {"value.json": call},
        {"value.json": array, "p": trap},
        {"value.json": array, "p": objects},
        {"value.json": array, "p": np.lib.format.magic(1, 0) + b"\x40\0" + code.ljust(64)},
        {"value.json": frame, "p": trap},
        {"value.json": frame, "p": bytes(sink.getvalue())},
        {"value.json": geometry, "p": bytes(sink.getvalue())},
        {},
    ):
        (store.folder / NAME).write_bytes(forged(parts))
        found = store.get("step", KEY, lambda: 2)
        assert isinstance(found, int | pd.DataFrame)
        assert not flag.exists(), parts
        (store.folder / NAME).unlink()
    (store.folder / NAME).write_bytes(forged({"value.json": b"[1]"}))
    assert store.get("step", KEY, fails) == [1], "forging works"


def test_a_link_is_neither_followed_nor_written_through(
    store: Store, entry: Path, tmp_path: Path, said: Callable[[], list[str]]
) -> None:
    target = tmp_path / "target.tar"
    entry.rename(target)
    before = target.read_bytes()
    for destination in (target, tmp_path / "missing", tmp_path):
        entry.unlink(missing_ok=True)
        entry.symlink_to(destination)
        assert store.get("step", KEY, lambda: 2) == 2
        assert stat.S_ISREG(entry.lstat().st_mode)
        assert store.get("step", KEY, fails) == 2
    assert target.read_bytes() == before
    assert not (tmp_path / "missing").exists()
    assert all("is not a file" in line for line in said())


def test_a_folder_of_that_name_is_put_aside(store: Store, said: Callable[[], list[str]]) -> None:
    (store.folder / NAME).mkdir(parents=True)
    (store.folder / NAME / "thesis.txt").write_text("mine")
    assert store.get("step", KEY, lambda: 2) == 2
    assert store.get("step", KEY, fails) == 2
    aside = next(store.folder.glob("*.aside-*"))
    assert (aside / "thesis.txt").read_text() == "mine"
    assert str(aside) in said()[1]
    store.prune(0)
    assert (aside / "thesis.txt").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_of_that_name_is_not_waited_for(store: Store) -> None:
    store.folder.mkdir()
    os.mkfifo(store.folder / NAME)
    assert store.get("step", KEY, lambda: 2) == 2
    assert store.get("step", KEY, fails) == 2


def test_a_huge_file_of_that_name_is_not_read(store: Store) -> None:
    store.folder.mkdir()
    twin = store_module._label("step", digest("twin"), "0" * 64)
    for begins in (b"", twin):
        with (store.folder / NAME).open("wb") as file:
            file.write(begins)
            file.truncate(2**40)
        assert store.get("step", KEY, lambda: 2) == 2
        assert (store.folder / NAME).stat().st_size < 10_000


# Writing


def test_a_folder_that_cannot_be_made_only_costs_time(
    tmp_path: Path, said: Callable[[], list[str]]
) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "folder")
    assert store.get("step", KEY, lambda: 5) == 5
    assert "cannot be written" in said()[0]
    assert store.entries() == store.prune(0) == []


def test_nothing_is_left_of_an_entry_that_does_not_fit(
    store: Store, monkeypatch: pytest.MonkeyPatch, said: Callable[[], list[str]]
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_module.os, "replace", full)
    assert store.get("step", KEY, lambda: 5) == 5
    assert list(store.folder.iterdir()) == []
    assert said() == [f"store: {store.folder / NAME} cannot be written: No space left on device"]


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(tmp_path / "here"))
    assert Store().folder == tmp_path / "here"
    monkeypatch.delenv("REGIONAL_ATLAS_CACHE")
    assert Store().folder.name == "regional_atlas"


WRITER = """
import sys
import numpy as np
from regional_atlas.tables.store import Store, digest
for turn in range(60):
    for name in "ab":
        value = Store().get("step", digest(name), lambda: {"x": np.full(40_000, ord(name))})
        assert (value["x"] == ord(name)).all()
        if turn % 3 == 0:
            (Store().folder / f"step-{digest(name)[:32]}.tar").unlink(missing_ok=True)
"""


def test_several_processes_write_at_once(store: Store, run_at_once: Any) -> None:
    run_at_once([[WRITER]] * 3, {"REGIONAL_ATLAS_CACHE": str(store.folder)})
    assert len(store.entries()) == len(list(store.folder.iterdir())) == 2
    for name in "ab":
        assert (store.get("step", digest(name), fails)["x"] == ord(name)).all()


# Room


def fill(store: Store, *names: str, size: int = 100_000) -> None:
    for name in names:
        store.get("step", digest(name), lambda: {"x": np.zeros(size, "u1")})
        path = store.folder / f"step-{digest(name)[:32]}.tar"
        os.utime(path, (ord(name), ord(name)))


def names(store: Store) -> set[str]:
    of = {f"step-{digest(name)[:32]}.tar": name for name in "abcdefgh"}
    return {of[entry.path.name] for entry in store.entries()}


def test_the_least_recently_used_entries_go_first(store: Store) -> None:
    fill(store, "a", "b", "c", "d")
    store.get("step", digest("a"), fails)
    assert [entry.step for entry in store.entries()] == ["step"] * 4
    removed = store.prune(250_000)
    assert [entry.used for entry in removed] == [ord("b"), ord("c")]
    assert names(store) == {"a", "d"}
    assert store.prune(250_000) == []


def test_a_store_bounds_itself(tmp_path: Path, said: Callable[[], list[str]]) -> None:
    store = Store(tmp_path, limit=350_000)
    fill(store, "a", "b", "c")
    assert names(store) == {"a", "b", "c"}
    fill(store, "d", "e")
    assert names(store) == {"c", "d", "e"}
    assert sum("the store is full" in line for line in said()) == 2


def strangers(folder: Path) -> list[Path]:
    """Files that are no entries, some with the names of entries."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"step-{digest('stranger')[:32]}"
    paths = [
        folder / f"{name}.tar", folder / f"{name}.pickle", folder / "notes.txt",
        folder / "backup.tar", folder / f".{name}.tar.abcdefgh", folder / f".{name}.tar.old",
        folder / ".new-abcdefgh",
    ]  # fmt: skip
    for path in paths:
        path.write_bytes(b"something else " * 1_000)
        os.utime(path, (1, 1))
    (folder / f"step-{digest('folder')[:32]}.tar").mkdir()
    link = folder / f"step-{digest('link')[:32]}.tar"
    link.symlink_to(folder / f"step-{digest('a')[:32]}.tar")
    return [*paths, link]


def test_only_entries_are_ever_removed(store: Store) -> None:
    fill(store, "a", "b")
    copy = store.folder / "a copy.tar"
    copy.write_bytes((store.folder / f"step-{digest('a')[:32]}.tar").read_bytes())
    others = [*strangers(store.folder), copy]
    assert len(store.entries()) == 2
    assert len(store.prune(0)) == 2
    assert store.entries() == []
    assert all(os.path.lexists(path) for path in others)


def test_what_a_killed_process_left_goes_after_a_day(store: Store, entry: Path) -> None:
    left = [store.folder / f".{NAME}.{end}" for end in ("aaaaaaaa", "bbbbbbbb", "cccccccc")]
    for path, cut in zip(left, (0, 100, 3_000), strict=True):
        path.write_bytes(entry.read_bytes()[:cut])
    fresh = store.folder / f".{NAME}.dddddddd"
    fresh.write_bytes(b"")
    yesterday = time.time() - 25 * 3600
    for path in left:
        os.utime(path, (yesterday, yesterday))
    store.get("step", digest("new"), lambda: 1)
    assert not any(path.exists() for path in left)
    assert fresh.exists()
    assert len(store.entries()) == 2


def test_keys_follow_values_files_and_code(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("1")
    second.write_text("1")
    keys = {
        digest("x"),
        digest("y"),
        digest("x", files=[first]),
        digest("x", files=[second]),
        digest("x", code=["regional_atlas.core.errors"]),
        digest("x", code=["regional_atlas.scoring"]),
    }
    assert len(keys) == 6
    assert digest({"b": 1, "a": 2}) != digest({"a": 2, "b": 1}), "tables come in this order"
    before = digest("x", files=[first])
    first.write_text("2")
    assert digest("x", files=[first]) != before


def test_another_version_of_a_library_makes_another_key_of_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_code, of_data = (digest("a", code=["regional_atlas.core.names"]), digest("a"))
    monkeypatch.setattr(store_module, "version_of", lambda _: "99.0")
    store_module._versions.cache_clear()
    try:
        assert digest("a", code=["regional_atlas.core.names"]) != of_code
        assert digest("a") == of_data
    finally:
        store_module._versions.cache_clear()
