"""Fuzz by atheris where it is installed, else by hypothesis.

    python -m tests.fuzz [NAME …] [--seconds 600]

Each harness runs in a process of its own. What is found is written to `tests/fuzz/found` and, when
it is mended, moved into the corpus.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

FOUND = Path(__file__).parent / "found"
MEMORY = 4096
"""Megabytes that one input may take."""


def main() -> int:
    """Run the harnesses that are named, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=600, help="for each harness")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    FOUND.mkdir(exist_ok=True)
    if given.here:
        return _fuzz(given.names[0], given.seconds)
    names = given.names or _names()
    failed = []
    for name in names:
        print(f"── {name}", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", name, "--here"]
        if subprocess.run([*command, "--seconds", str(given.seconds)]).returncode:
            failed.append(name)
    print(f"{len(names) - len(failed)} of {len(names)} harnesses found nothing")
    if failed:
        print(f"found something: {', '.join(failed)}; see {FOUND}")
    return int(bool(failed))


def _names() -> list[str]:
    from .every import HARNESSES

    return list(HARNESSES)


def _fuzz(name: str, seconds: int) -> int:
    return _by_atheris(name, seconds) if find_spec("atheris") else _by_hypothesis(name, seconds)


def _by_hypothesis(name: str, seconds: int) -> int:
    from .campaign import run_for
    from .every import HARNESSES

    harness = HARNESSES[name]
    last = FOUND / name

    def kept(data: bytes) -> None:
        last.write_bytes(data)
        harness.answer(data)

    run_for(type(harness)(name, kept, harness.words), seconds)
    last.unlink()
    return 0


def _by_atheris(name: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["regional_atlas"]):
        from .every import HARNESSES
    from .harness import CORPUS, LONGEST

    harness = HARNESSES[name]
    with tempfile.TemporaryDirectory() as work:
        words = Path(work) / "words"
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in harness.words if word))
        grown = Path(work) / "grown"
        grown.mkdir()
        options = {
            "max_total_time": seconds, "timeout": LONGEST, "rss_limit_mb": MEMORY, "dict": words,
            "artifact_prefix": f"{FOUND}/{name}-", "print_final_stats": 1, "verbosity": 0,
        }  # fmt: skip
        arguments = [f"-{key}={value}" for key, value in options.items()]
        atheris.Setup([sys.argv[0], *arguments, str(grown), str(CORPUS / name)], harness.answer)
        atheris.Fuzz()
    return 0


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    sys.exit(main())
