"""The cache: by content, whole or not at all, and a broken entry is only a miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from regional_atlas.cache import Cache, digest


def test_a_value_is_made_once(tmp_path: Path) -> None:
    calls = []

    def make() -> int:
        calls.append(1)
        return len(calls)

    cache = Cache(tmp_path)
    assert [cache.get("step", "k" * 64, make) for _ in range(3)] == [1, 1, 1]
    assert cache.get("other", "k" * 64, make) == 2
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pickle", ".pickle"]


def test_a_broken_entry_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.get("step", "k" * 64, lambda: 1)
    (tmp_path / f"step-{'k' * 32}.pickle").write_bytes(b"broken")
    assert cache.get("step", "k" * 64, lambda: 2) == 2
    assert cache.get("step", "k" * 64, lambda: 3) == 2


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Cache(tmp_path / "file" / "folder").get("step", "k", lambda: 5) == 5


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIONAL_ATLAS_CACHE", str(tmp_path / "here"))
    assert Cache().folder == tmp_path / "here"
    monkeypatch.delenv("REGIONAL_ATLAS_CACHE")
    assert Cache().folder.name == "regional_atlas"


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
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    before = digest("x", files=[first])
    first.write_text("2")
    assert digest("x", files=[first]) != before
