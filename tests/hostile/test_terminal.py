"""Nothing that steers a terminal, or turns the direction of writing, reaches one."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import regional_atlas as ra
from regional_atlas.cli import show
from regional_atlas.cli.messages import MESSAGES, put, warn
from regional_atlas.core import progress
from regional_atlas.core.errors import InputError

EVIL = "\x1b[2J\x1b]0;title\x07\x9b31m\u202egnp\u2066\u061c\u2028\rover\x00\x7f"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
SOURCE = Path(ra.__file__).parent


@pytest.fixture(scope="module")
def evil_folder(named_project: Callable[..., Path]) -> Path:
    """A project with a unit whose name carries escapes."""
    return named_project(EVIL.replace("\x00", ""))


def test_no_command_writes_a_control_character(
    run: Any, evil_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = evil_folder / "evil.csv"
    table.write_text(f'unit_id,name,"a{EVIL}"\n1,"b{EVIL}",3\n2,c,4\n'.replace("\x00", ""))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    commands = [
        ("query", evil_folder, "--unranked"),
        ("query", evil_folder, "--unranked", "--format", "markdown"),
        ("query", evil_folder, "--where", f"nothing{EVIL[:5]} > 1"),
        ("query", evil_folder, "--near", EVIL.replace("\x00", "")),
        ("sql", evil_folder, "SELECT unit FROM units"),
        ("inspect", table),
        ("inspect", evil_folder / "\x1b[31mabsent.csv"),
        ("check", evil_folder, "--set", f"id={EVIL[:6]}"),
        ("query", evil_folder, EVIL[:6]),
        (EVIL[:6],),
        ("check", evil_folder / EVIL[:6]),
        ("--json", "check", evil_folder / EVIL[:6]),
    ]
    for command in commands:
        _, out, err = run(*command)
        assert not STEERING.search(out + err), command
        assert out + err


@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_what_is_piped_is_as_it_is_and_a_terminal_sees_escapes(
    run: Any, evil_folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    command = ("query", evil_folder, "--unranked", "--format", kind)
    code, piped, err = run(*command)
    assert code == 0, err
    name = EVIL.replace("\x00", "")
    if kind == "csv":
        assert name in piped
    elif kind == "json":
        assert name in [row["unit"] for row in json.loads(piped)]
    else:
        assert name in [f["properties"]["unit"] for f in json.loads(piped)["features"]]
    monkeypatch.setattr("regional_atlas.cli.messages.sys.stdout.isatty", lambda: True)
    _, shown, _ = run(*command)
    assert not STEERING.search(shown)
    assert "title" in shown


def test_only_one_module_writes_to_the_terminal() -> None:
    """Ruff refuses `print`; this finds what goes around it."""
    writing = re.compile(r"sys\.(__)?std(out|err)(__)?\.(write|buffer)|\bprint\(.*# noqa|\becho\(")
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if writing.search(path.read_text(encoding="utf-8"))
    }
    # Parquet as bytes goes to no terminal; the worker's stderr is read by the program; the last
    # words of a stopped run are a constant.
    allowed = {"cli/messages.py", "query/sql/worker.py", "cli/__init__.py"}
    assert found == allowed


def test_warnings_logs_and_progress(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnings, "showwarning", warn)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(EVIL, stacklevel=1)
        MESSAGES.set("verbose")
        logging.getLogger("regional_atlas.tables").warning(EVIL)
    MESSAGES.reset()
    put(EVIL.replace("\x00", "\ud800"))
    out, err = capsys.readouterr()
    assert not STEERING.search(err)
    assert err.count("over") == 2
    assert "\\ud800" in out
    monkeypatch.setattr("regional_atlas.core.progress.sys.stderr.isatty", lambda: True)
    with progress.progress_bars() as report:
        report(f"[red]{EVIL}", 1, 2)
    # Rich itself draws with escapes; those of the text are none of them.
    drawn = capsys.readouterr().err
    assert "\x1b]0;title" not in drawn
    assert "\u202e" not in drawn


def test_headings_and_lists_of_a_table_are_made_visible() -> None:
    table = pd.DataFrame({EVIL: [[EVIL]], "b" * 60: [1], f"c{EVIL}": [2]})
    shown = show.as_text(table, width=20)
    assert not STEERING.search(shown)
    assert "more columns" in shown
    assert not STEERING.search(show.as_markdown(table))


def test_a_wide_table_keeps_its_columns() -> None:
    table = pd.DataFrame({"name": ["x" * 12_000], "value": [5]})
    assert len(show.as_text(table).splitlines()) == 3


def test_a_long_text_is_cut_in_a_message(run: Any, tmp_path: Path) -> None:
    error = InputError("x" * 100_000 + " is wrong; give another", where="y" * 9_000)
    assert len(str(error)) < 4_100
    assert str(error).endswith("is wrong; give another")
    file = tmp_path / "a.csv"
    file.write_text(f"unit_id,value\n{'9' * 30_000},{'z' * 30_000}\n")
    (tmp_path / "index.toml").write_text('id = "i"\n[[nodes]]\ncode = "value"\nweight = 1\n')
    code, _, err = run(
        "score", "--data", file, "--index", tmp_path / "index.toml", "--out", tmp_path / "out"
    )
    assert code == 1
    assert max(map(len, err.splitlines())) <= 2_100


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are of POSIX")
@pytest.mark.parametrize("kind", ["table", "csv", "json", "geojson", "markdown"])
def test_a_real_terminal_gets_no_sign_of_the_data_that_steers_it(
    evil_folder: Path, kind: str
) -> None:
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "regional_atlas", "-q", "query", str(evil_folder)]
    with subprocess.Popen(
        [*command, "--unranked", "--columns", "unit", "--format", kind],
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        parts = []
        try:
            while part := os.read(leader, 65536):
                parts.append(part)
        except OSError:  # how Linux says that the other end is closed
            pass
        assert process.wait(timeout=60) == 0
    os.close(leader)
    shown = b"".join(parts).decode().replace("\r\n", "\n")
    assert "title" in shown
    assert not STEERING.search(shown)
