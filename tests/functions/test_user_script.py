"""A user's script passes `mypy --strict` against the package, and runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import regional_atlas as ra

SCRIPT = Path(__file__).parent / "user_script.py"
SOURCE = Path(ra.__file__).parent.parent


def test_a_users_script_is_typed(tmp_path: Path) -> None:
    settings = tmp_path / "mypy.ini"
    settings.write_text("[mypy]\nstrict = true\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(settings), "--follow-imports=silent",
         "--cache-dir", str(tmp_path / "cache"), str(SCRIPT)],
        capture_output=True, text=True, env={"MYPYPATH": str(SOURCE), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_users_script_runs() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(Path(ra.__file__).parent / "starter")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "[1.0]",
        "[0, 0, 1, 3, 2, 1]",
        "[3, 2, 1]",
        "file not found",
    ]
