"""What a harness is: a function of bytes that may end with the package's own error and no other."""

from __future__ import annotations

import contextlib
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from regional_atlas.core.errors import InputError

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 30
"""Seconds that one input may take: far more than it should, on a machine that is busy."""


@dataclass(frozen=True)
class Harness:
    """One way into the package.

    Attributes
    ----------
    name : str
        Also the folder of its corpus.
    call : callable
        Takes bytes; only `InputError` may leave it.
    words : tuple of bytes
        What its language is made of, for changes that mean something.
    """

    name: str
    call: Callable[[bytes], object]
    words: tuple[bytes, ...]

    def answer(self, data: bytes) -> None:
        """Try one input."""
        with warnings.catch_warnings(), contextlib.suppress(InputError):
            warnings.simplefilter("ignore")
            self.call(data)

    def run(self, data: bytes) -> None:
        """Try one input, which is to be answered in time."""
        with _within_time():
            self.answer(data)

    @property
    def seeds(self) -> list[bytes]:
        """Inputs that are right, and those that once were not answered well."""
        return [path.read_bytes() for path in sorted((CORPUS / self.name).iterdir())]


Call = Callable[[bytes], object]
HARNESSES: dict[str, Harness] = {}


def harness(*words: str | bytes) -> Callable[[Call], Call]:
    """Register a harness under the name of its function."""
    known = tuple(word.encode() if isinstance(word, str) else word for word in words)

    def register(call: Call) -> Call:
        name = call.__name__
        HARNESSES[name] = Harness(name, call, known)
        return call

    return register


@contextlib.contextmanager
def _within_time() -> Iterator[None]:
    def late(*_: Any) -> None:
        raise TimeoutError(f"no answer within {LONGEST} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@cache
def scratch() -> Path:
    """Give a folder of this process for the files that harnesses write."""
    folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Removed when the process ends."""


def file_of(data: bytes, name: str) -> Path:
    """Write an input to a file of a name, in the place of the last one."""
    path = scratch() / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path
