"""Builds from the store: what is damaged, planted or written at the same time changes no byte."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.publish.steps import PAGE_STEPS
from regional_atlas.tables import graph
from regional_atlas.tables.steps import STEPS as STEPS_OF_TABLES
from regional_atlas.tables.store import Store

DECLARED = """
[[space]]
id = "lights"
field = "light_mean"
since = 2018
permutations = 99
seed = 1
"""
UNCERTAINTY = """
[uncertainty]
draws = 100
top = 3
weights = { spread = 0.5 }
"""
INNER = {"contiguity", "page", "uncertainty", "zonal"}
"""What tables keep on the way."""
STEPS = (
    INNER
    | {"contents", "file"}
    | {f"{step.name}_report" for step in (*STEPS_OF_TABLES, *PAGE_STEPS)}
    | {name for step in (*STEPS_OF_TABLES, *PAGE_STEPS) if step.kept for name in step.gives}
)


def saved(project: Path, store: Store, out: Path) -> dict[str, bytes]:
    """Build a project and give every file of the result."""
    ra.build(ra.read_project(project), store=store).save(out)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


@pytest.fixture(scope="module", autouse=True)
def old_files() -> Iterator[None]:
    """Make as if the project's files had been there for a while: the store keeps their digests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph, "_COARSEST", 0)
        yield


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, bytes]]:
    """A project that has every step, a store that it filled, and what it came to."""
    folder = tmp_path_factory.mktemp("stored")
    project = folder / "project"
    shutil.copytree(Path(ra.__file__).parent / "starter", project)
    for name, text in (("atlas.toml", DECLARED), ("index.toml", UNCERTAINTY)):
        file = project / name
        file.write_text(file.read_text("utf-8") + text, "utf-8")
    files = saved(project, Store(folder / "store"), folder / "out")
    assert len(files) == 14
    return project, folder / "store", files


@pytest.fixture
def copied(clean: tuple[Path, Path, dict[str, bytes]], tmp_path: Path) -> Store:
    shutil.copytree(clean[1], tmp_path / "store")
    return Store(tmp_path / "store")


def test_the_store_holds_an_entry_of_every_step(clean: Any) -> None:
    entries = Store(clean[1]).entries()
    assert {entry.step for entry in entries} == STEPS
    assert len(entries) == len(list(clean[1].iterdir())), "and nothing else, of numba say"


def test_a_build_from_the_store_gives_the_same_bytes(
    clean: Any, copied: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("an entry was written")

    monkeypatch.setattr(Store, "_write", never)
    assert saved(clean[0], copied, tmp_path / "out") == clean[2]


def flipped(content: bytes, rng: random.Random) -> bytes:
    broken = bytearray(content)
    broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    return bytes(broken)


def in_the_label(content: bytes, rng: random.Random) -> bytes:
    return flipped(content[:1024], rng) + content[1024:]


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


@pytest.mark.parametrize(
    ("seed", "damage"),
    [*((seed, flipped) for seed in range(4)), (4, in_the_label), (5, cut), (6, cut)],
)
def test_damage_changes_no_byte_of_a_build(
    clean: Any,
    copied: Store,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    seed: int,
    damage: Callable[[bytes, random.Random], bytes],
) -> None:
    rng = random.Random(seed)
    paths = sorted(copied.folder.iterdir())
    whole = [path.read_bytes() for path in paths]
    for path, content in zip(paths, whole, strict=True):
        path.write_bytes(damage(content, rng))
    assert saved(clean[0], copied, tmp_path / "out") == clean[2]
    reports = [record.getMessage() for record in caplog.records]
    assert len(reports) == len(paths)
    assert all(any(str(path) in line for line in reports) for path in paths)
    assert [path.read_bytes() for path in paths] == whole, "each entry is as it was"


def test_planted_pickles_do_not_run_in_a_build(clean: Any, copied: Store, tmp_path: Path) -> None:
    flag = tmp_path / "flag"

    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(flag),)

    trap = pickle.dumps(Trap())
    for path in list(copied.folder.iterdir()):
        path.write_bytes(trap)
        path.with_suffix(".pickle").write_bytes(trap)
    assert saved(clean[0], copied, tmp_path / "out") == clean[2]
    assert not flag.exists()
    assert {entry.step for entry in copied.entries()} == STEPS
    assert all(path.read_bytes() == trap for path in copied.folder.glob("*.pickle"))
    pickle.loads(trap)
    assert flag.exists(), "the trap works"


OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import regional_atlas as ra
ra.build(ra.read_project(sys.argv[1])).save(sys.argv[2])
print(*(path for path in opened if path.startswith(sys.argv[3])), sep="\\n")
"""


def test_old_pickles_are_never_opened(clean: Any, copied: Store, tmp_path: Path) -> None:
    for path in list(copied.folder.iterdir()):
        path.with_suffix(".pickle").write_bytes(b"")
    result = subprocess.run(
        [sys.executable, "-c", OPENED, clean[0], tmp_path / "out", copied.folder],
        env=os.environ | {"REGIONAL_ATLAS_CACHE": str(copied.folder)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    opened = result.stdout.split()
    assert {Path(path).suffix for path in opened} == {".tar"}
    steps = {Path(path).name.split("-")[0] for path in opened}
    assert steps == STEPS - INNER, "which only a new table needs"


def test_two_builds_at_once_on_an_empty_store(clean: Any, run_at_once: Any, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    outs = [tmp_path / "one", tmp_path / "two"]
    code = (
        "import sys, regional_atlas as ra; ra.build(ra.read_project(sys.argv[1])).save(sys.argv[2])"
    )
    programs = [[code, clean[0], out] for out in outs]
    run_at_once(programs, {"REGIONAL_ATLAS_CACHE": str(store.folder)})
    for out in outs:
        files = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.*")}
        assert files == clean[2]
    written = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    assert written == {path.name: path.read_bytes() for path in clean[1].iterdir()}
