"""Fixtures that several packages share: the real data, the default project, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import regional_atlas as ra
from regional_atlas import cli
from regional_atlas.core.schema import AtlasTables

# How long a case takes is measured by `make bench`, not by tests.
settings.register_profile("full", deadline=None, max_examples=100)
settings.register_profile("quick", deadline=None, max_examples=25)
QUICK = "not slow"

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples where slow tests are left out."""
    settings.load_profile("quick" if config.option.markexpr == QUICK else "full")


LONG = ROOT / "tests" / "long.txt"
"""Files and functions, one a line, that take the longest: they belong to the long suite."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the long cases slow, and order the files.

    One that builds China goes first, the others of China once its store is there.
    """
    long = set(LONG.read_text("utf-8").split())
    for item in items:
        file = item.path.relative_to(ROOT).as_posix()
        function = getattr(item, "originalname", item.name)
        if file in long or f"{file}::{function}" in long:
            item.add_marker(pytest.mark.slow)
    if not items:
        return
    files = list(dict.fromkeys(item.path for item in items))
    of_china = {item.path for item in items if _needs_china(item)}
    first, *later = [file for file in files if file in of_china] or files[:1]
    others = [file for file in files if file not in (first, *later)]
    half = len(others) // 2
    ordered = [first, *others[:half], *later, *others[half:]]
    place = {file: number for number, file in enumerate(ordered)}
    items.sort(key=lambda item: place[item.path])


def _needs_china(item: pytest.Item) -> bool:
    fixtures = {*getattr(item, "fixturenames", ())}
    return bool(item.get_closest_marker("china") or {"china", "china_page"} & fixtures)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared real data; failing where it is named but missing, skipping where it is not."""
    named = os.environ.get("REGIONAL_ATLAS_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        if named:
            pytest.fail(f"REGIONAL_ATLAS_SHARED names {folder}, which has no folder data")
        pytest.skip("no shared data (REGIONAL_ATLAS_SHARED)")
    return folder


@pytest.fixture(scope="session")
def china() -> Any:
    """The default project, built in memory."""
    return ra.build(ra.read_project(ROOT / "geo/china-2022"))


@pytest.fixture(scope="session")
def china_page(china: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default project's page, saved."""
    folder = tmp_path_factory.mktemp("china-2022")
    china.save(folder)
    return folder / "index.html"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser: Chromium on the PATH, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, found), None), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command line in this process; gives exit code, stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return run


@pytest.fixture(scope="session")
def check_generated() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the script that makes pages or code, at a root, to see whether they are up to date."""

    def check(script: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(root / script), "--check"], capture_output=True, text=True
        )

    return check


@pytest.fixture(scope="session")
def run_at_once() -> Callable[..., None]:
    """Run several Python programs at the same time, each of which must end without a word."""

    def run_all(programs: Sequence[Sequence[object]], environment: Mapping[str, str]) -> None:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", *map(str, program)],
                env=os.environ | environment, stderr=subprocess.PIPE, text=True,
            )
            for program in programs
        ]  # fmt: skip
        try:
            for process in running:
                _, errors = process.communicate(timeout=300)
                assert (process.returncode, errors) == (0, "")
        finally:
            for process in running:
                process.kill()

    return run_all


@pytest.fixture
def example_folder(tmp_path: Path) -> Path:
    """A fresh copy of the starter project to change at will, its atlas.toml in the long form."""
    folder = tmp_path / "example"
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    shutil.copyfile(ROOT / "tests/data/projects/exampleland.atlas.toml", folder / "atlas.toml")
    return folder


@pytest.fixture(scope="session")
def with_tables() -> Callable[..., AtlasTables]:
    """Give the tables of an atlas, some of them others."""

    def changed(tables: AtlasTables, **others: Any) -> AtlasTables:
        given = {field.name: getattr(tables, field.name) for field in fields(AtlasTables)}
        return AtlasTables(**(given | others))

    return changed


@pytest.fixture(scope="session")
def example() -> Any:
    """The starter project, built in memory."""
    return ra.build(ra.read_project(Path(ra.__file__).parent / "starter"))
