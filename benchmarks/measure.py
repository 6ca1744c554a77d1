"""How things are measured: taking turns, ratios within a run, peak memory of a fresh process."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAILED = "**Not held.**"


@dataclass
class Case:
    """One comparison: what was timed, against what, and the floor that it must not fall below."""

    name: str
    runs: int
    seconds: dict[str, list[float]]
    against: str
    floor: float | None = None
    ceiling: float | None = None
    peak_mb: float | None = None
    note: str = ""
    points: dict[str, list[list[float]]] = field(default_factory=dict)
    table: str = ""
    load: float | None = None

    @property
    def ratios(self) -> list[float]:
        """Seconds of the peer over ours, run by run, smallest first."""
        ours, theirs = self.seconds["regional_atlas"], self.seconds.get(self.against, [])
        return sorted(their / own for own, their in zip(ours, theirs, strict=False))

    @property
    def ratio(self) -> float | None:
        """The median of the ratios."""
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def held(self) -> bool:
        """Whether the floor and the ceiling (of ours over the reading) hold."""
        over = self.over_reading
        return not (
            (self.floor is not None and (self.ratio is None or self.ratio < self.floor))
            or (self.ceiling is not None and (over is None or over > self.ceiling))
            or (self.peak_mb is not None and self.peak_mb > 1500)
            or (self.table.startswith(FAILED))
        )

    @property
    def over_reading(self) -> float | None:
        """Ours over reading the whole raster; None where that was not timed."""
        return self.over("reading")

    def over(self, label: str) -> float | None:
        """Ours over another way, the median of the runs; None where it was not timed."""
        other = self.seconds.get(label)
        if not other:
            return None
        pairs = zip(self.seconds["regional_atlas"], other, strict=True)
        return statistics.median(own / their for own, their in pairs)


def timed(call: Callable[[], Any]) -> float:
    """Seconds that one call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def take_turns(calls: dict[str, Callable[[], Any]], runs: int) -> dict[str, list[float]]:
    """Time every call once a run, in turn: what disturbs one run disturbs all."""
    seconds: dict[str, list[float]] = {label: [] for label in calls}
    for _ in range(runs):
        for label, call in calls.items():
            seconds[label].append(timed(call))
    return seconds


def between(code: str, arguments: Sequence[str]) -> list[str]:
    """Arguments of a small Python process that runs `code`, which starts the process to measure.

    A process begins with the peak memory of the one that started it (`ru_maxrss` outlives exec on
    Linux): what is started from here would report that of the whole benchmark.
    """
    return [sys.executable, "-c", f"import resource, subprocess, sys; {code}", *arguments]


def process(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds that a fresh process takes, and its peak memory in MB."""
    code = (
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    begin = time.perf_counter()
    done = subprocess.run(between(code, arguments), check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - begin, float(done.stdout) / 1024


def printed(name: str, module: str) -> Callable[[Path, bool], Case]:
    """A case that measures in a program of its own and prints a Markdown table."""

    def case(folder: Path, full: bool) -> Case:  # noqa: ARG001
        code = "sys.exit(subprocess.run(sys.argv[1:]).returncode)"
        program = between(code, [sys.executable, "-m", module])
        done = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=False)
        failed = f"{FAILED} (exit code {done.returncode})\n\n" if done.returncode else ""
        return Case(name, 1, {"regional_atlas": []}, "", table=failed + done.stdout.strip())

    return case
