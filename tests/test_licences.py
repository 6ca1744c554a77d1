"""Libraries are pinned with checksums, and their licences allowed and listed."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def made() -> ModuleType:
    found = importlib.util.spec_from_file_location("made", ROOT / "docs/make_licences.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_page_of_licences_is_current(check_generated: Callable[..., object]) -> None:
    done = check_generated("docs/make_licences.py")
    assert (done.returncode, done.stderr) == (0, "")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only OR MIT", True),
        ("(MIT OR CC0-1.0)", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_what_is_allowed(made: ModuleType, licence: str, allowed: bool) -> None:
    library = made.Library("a", "1", licence, "development")
    assert made.refused([library]) == ([] if allowed else [f"a 1: {licence}"])


def test_every_pin_has_checksums() -> None:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    pins = re.findall(r"^([\w.-]+)==\S+((?: \\\n +--hash=sha256:[0-9a-f]{64})*)$", text, re.M)
    assert len(pins) == len(re.findall(r"^[^#\s]", text, re.M)) > 100
    assert not [name for name, hashes in pins if not hashes]
