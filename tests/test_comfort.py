"""The command line for people: options of every command, examples, doctor, being stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from regional_atlas.cli import app
from regional_atlas.cli.base import global_options

STARTER = Path(__file__).parent.parent / "src" / "regional_atlas" / "starter"
ELSEWHERE = {"query", "summarise", "compare", "sql"}


def commands(group: Any, before: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found = {}
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        if inner:
            found |= commands(command, (*before, name))
        else:
            found[(*before, name)] = command
    return found


COMMANDS = commands(typer.main.get_command(app))


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if name[0] not in ELSEWHERE], ids=" ".join
)
def test_help_ends_with_an_example_that_can_be_read(name: tuple[str, ...]) -> None:
    import shlex

    said = CliRunner().invoke(app, [*name, "--help"]).stdout.strip()
    _, _, example = " ".join(said.split()).rpartition("Example: regional-atlas ")
    args = shlex.split(example)
    assert tuple(args[: len(name)]) == name
    command = COMMANDS[name]
    command.make_context(" ".join(name), args[len(name) :], resilient_parsing=False)


@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_every_command_takes_the_global_options(name: tuple[str, ...]) -> None:
    flags = {flag for param in COMMANDS[name].params for flag in param.opts}
    assert {"--quiet", "--verbose", "--json"} <= flags
    assert [param.name for param in global_options()] == ["quiet", "verbose", "json"]


def run(*args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "regional_atlas", *args], capture_output=True, text=True, **more
    )


@pytest.mark.parametrize("args", [["--json", "check", "no-such"], ["check", "no-such", "--json"]])
def test_errors_as_json_lines(args: list[str]) -> None:
    done = run(*args)
    assert done.returncode == 1
    assert [sorted(json.loads(line)) for line in done.stderr.splitlines()] == [
        ["level", "message", "where"]
    ]
    assert json.loads(done.stderr)["level"] == "error"


def test_usage_errors_as_json_lines() -> None:
    done = run("check", "x", "--no-such", "--json")
    assert done.returncode == 2
    assert json.loads(done.stderr)["level"] == "error"


def test_quiet_leaves_results_and_takes_notes() -> None:
    loud, still = (run("check", str(STARTER), *more) for more in ([], ["--quiet"]))
    assert (loud.returncode, still.returncode) == (0, 0)
    assert loud.stderr
    assert still.stderr == ""
    assert loud.stdout == still.stdout


def test_doctor_finds_what_this_installation_has() -> None:
    done = run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    for name in ("python", "geopandas", "GDAL", "vector drivers", "extra china", "store"):
        assert name in said


def test_doctor_says_how_to_get_what_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    from regional_atlas.cli import doctor

    monkeypatch.setattr(doctor, "_version", lambda _: None)
    found = CliRunner().invoke(app, ["doctor"])
    assert found.exit_code == 1
    assert "pip install 'regional-atlas[sql]'" in found.stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("after", [0.25, 0.45, 0.8, 1.5])
def test_stopped_at_any_time_is_one_message(
    number: int, code: int, after: float, tmp_path: Path
) -> None:
    env = {**os.environ, "REGIONAL_ATLAS_CACHE": str(tmp_path / "store")}
    process = subprocess.Popen(
        [sys.executable, "-m", "regional_atlas", "build", str(STARTER), "--out", tmp_path / "m"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
    )  # fmt: skip
    time.sleep(after)
    process.send_signal(number)
    _, said = process.communicate(timeout=120)
    if process.returncode == 0:
        pytest.fail("the build ended before it was stopped")
    assert process.returncode == code, said
    assert "Traceback" not in said
    assert "stopped" in said
    assert "store" in said


def test_the_shell_completes_commands() -> None:
    asked = {"_REGIONAL_ATLAS_COMPLETE": "complete_bash", "COMP_WORDS": "regional-atlas do",
             "COMP_CWORD": "1"}  # fmt: skip
    code = "import sys; sys.argv = ['regional-atlas']; from regional_atlas.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **asked}
    )
    assert done.stdout.split() == ["doctor"], done.stderr


def test_the_commands_are_named_without_pandas() -> None:
    """`--help` is read before anything is: what takes long to import waits for a command."""
    asked = "import sys, regional_atlas.cli.commands; print({'pandas', 'numpy'} & {*sys.modules})"
    ended = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "question",
    [
        ["query", "--top", "3"],
        ["summarise", "--by", "province"],
        ["compare", "--regions", "metro", "--with", "province"],
        ["sql", "SELECT count(*) FROM units"],
    ],
    ids=lambda question: question[0],
)
def test_a_question_loads_no_geometry(question: list[str]) -> None:
    """What it takes long to import is not imported where the store holds the tables."""
    if question[0] == "sql":
        pytest.importorskip("sedonadb")
    heavy = "{'geopandas', 'shapely', 'rasterio', 'scipy', 'numba'}"
    code = (
        "import sys\nfrom regional_atlas.cli import main\ntry:\n    main()\n"
        f"finally:\n    print(sorted({heavy} & {{*sys.modules}}), file=sys.stderr)"
    )
    name, *options = question
    command = [sys.executable, "-c", code, name, str(STARTER), *options]
    for _ in range(2):
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
    assert ended.stderr.splitlines()[-1] == "[]"
