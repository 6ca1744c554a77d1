"""Bytes near to right inputs, and those that once broke something, are answered or refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .campaign import examples
from .every import HARNESSES
from .harness import CORPUS

EACH = pytest.mark.parametrize("name", HARNESSES)
ROOT = Path(__file__).parents[2]
FEW = 8
SECONDS = float(os.environ.get("REGIONAL_ATLAS_FUZZ_SECONDS", "10"))
"""For each harness in `make test-all`."""


@EACH
def test_the_corpus_is_answered_or_refused(name: str) -> None:
    for data in HARNESSES[name].seeds:
        HARNESSES[name].run(data)


@EACH
def test_a_few_inputs_near_the_corpus(name: str) -> None:
    examples(HARNESSES[name], FEW, 7)()


@pytest.mark.slow
@EACH
def test_inputs_near_the_corpus_for_a_time(name: str) -> None:
    """In a process of its own: an input may end it, which would stop the other tests."""
    command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", f"{SECONDS:.0f}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]


def test_every_harness_has_a_corpus_and_each_corpus_a_harness() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(HARNESSES)


def test_another_error_is_found() -> None:
    from .harness import Harness

    def fails(data: bytes) -> None:
        if b"\xff" in data:
            raise KeyError(data)

    with pytest.raises(KeyError):
        examples(Harness("csv", fails, (b"\xff",)), 200, 0)()
