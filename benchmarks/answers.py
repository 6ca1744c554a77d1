"""What a question costs, against importing geopandas in the same run.

    python -m benchmarks.answers [--runs N] [--units N]

Each command is a cold process on a warm store; beside each run `import geopandas` runs alone. CPU
seconds are compared, so that others' work on the machine counts little. Then questions from Python
to an open atlas, in milliseconds: of China, and of an invented country of 50,000 units. Exit code 1
where the median is above the goal.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

import regional_atlas as ra
from benchmarks import inputs
from benchmarks.load import write_project

ROOT = Path(__file__).resolve().parents[1]
CHINA = ROOT / "geo/china-2022"
ASEM = inputs.shared_folder() / "data/oracles/coinr_asem/ASEM_iData.csv"
STATEMENT = "SELECT ranking, count(*) FROM rankings GROUP BY ranking"


Ask = Callable[[ra.Atlas], pd.DataFrame]


class Work(NamedTuple):
    """A command, and how many times the CPU of `import geopandas` it may take."""

    name: str
    arguments: list[str | Path]
    goal: float
    prepare: Callable[[int], object] = lambda _: None
    """Called with the number of the run before it."""


def works(folder: Path) -> list[Work]:
    """List what is measured; the folder holds a copy of China, and `built` of it."""
    china, built = folder / "china", folder / "built"
    score = ["score", "--data", ASEM, "--index", ROOT / "tests/data/indices/asem.toml"]
    build: list[str | Path] = ["build", china, "--out", built]
    return [
        Work("`--help`", ["--help"], 0.4),
        Work("`query` a project", ["query", china, "--top", "5"], 1.5),
        Work("`query` a built folder", ["query", built, "--top", "5"], 1.5),
        Work("`summarise`", ["summarise", china, "--by", "metro"], 1.5),
        Work("`compare`", ["compare", china], 1.5),
        Work("`sql`", ["sql", china, STATEMENT], 2),
        Work("`score`, 51 units", [*score, "--out", folder / "scores"], 2),
        Work("`check`, nothing changed", ["check", china], 4),
        Work("`build`, nothing changed", build, 4),
        Work("`build`, another title of a plate", build, 5, partial(entitle, china)),
    ]


def entitle(project: Path, run: int) -> None:
    """Give a plate another title."""
    file = project / "atlas.toml"
    text, count = re.subn(
        r'(id = "agglomerations", title = \{[^}]*en = ")[^"]*',
        rf"\g<1>Title {run}",
        file.read_text(),
    )
    assert count == 1
    file.write_text(text)


def cpu_seconds(arguments: list[str | Path]) -> float:
    """Run a Python process and those that it starts; give its CPU seconds."""
    before = os.times()
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], check=False, capture_output=True, text=True
    )
    after = os.times()
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
    return (
        after.children_user
        + after.children_system
        - (before.children_user + before.children_system)
    )


def questions(unit: str, region: str, field: str, place: tuple[float, float]) -> dict[str, Ask]:
    """Name what is asked from Python, each a function of an atlas."""
    lon, lat = place
    kinds: dict[str, dict[str, Any]] = {
        "the first five": {"top": 5},
        "`where` of two fields": {"where": f"{field} > 20 and area_km2 < 2000"},
        "one region": {"metro": region},
        "the first three of each region": {"top": 3, "per": "metro"},
        "ranks within provinces": {"rank_within": "province"},
        "within a box": {"bbox": (lon - 2, lat - 1, lon + 2, lat + 1)},
        "within 100 km": {"near": place, "radius": 100},
        "neighbours of a unit, by name": {"neighbours_of": unit},
        "regions by a field": {"level": "metro", "sort": f"-{field}"},
    }
    asked: dict[str, Ask] = {
        name: partial(_ask, question=question) for name, question in kinds.items()
    }
    return asked | {"`summarise` by province": lambda atlas: atlas.summarise("province")}


def _ask(atlas: ra.Atlas, question: dict[str, Any]) -> pd.DataFrame:
    return atlas.query(**question)


def print_questions(title: str, atlas: ra.Atlas, asked: dict[str, Ask], goal_ms: float) -> bool:
    """Ask each question seven times, print the first and the median; say whether all are fast."""
    held = True
    for name, ask in asked.items():
        took = []
        for _ in range(8):
            start = time.perf_counter()
            ask(atlas)
            took.append(1000 * (time.perf_counter() - start))
        median = statistics.median(took[1:])
        held &= median <= goal_ms
        print(
            f"| {title} | {name} | {took[0]:.0f} | **{median:.1f}** "
            f"({min(took[1:]):.1f}–{max(took[1:]):.1f}) | ≤ {goal_ms:g} "
            f"| {'yes' if median <= goal_ms else '**no**'} |"
        )
    return held


def from_python(folder: Path, units: int) -> bool:
    """Ask an atlas of China, and one of so many invented units."""
    print("\n| atlas | question from Python | first, ms | then, ms | goal | held |")
    print("|---|---|--:|--:|--:|---|")
    china = ra.open_atlas(CHINA)
    china.tables.units  # noqa: B018
    asked = questions("昆山市", "苏锡常都市圈", "light_mean", (121.4, 31.2))
    held = print_questions("China, 2,875 units", china, asked, 30)
    write_project(folder, units, 10, 3)
    invented = ra.open_atlas(folder)
    invented.tables.units  # noqa: B018
    asked = questions("Unit 500", "m00010", "i01", (85.0, 27.0))
    return print_questions(f"invented, {units:,} units", invented, asked, 150) and held


def main() -> int:
    """Measure, and print Markdown tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--units", type=int, default=50_000)
    arguments = parser.parse_args()
    rows, held = [], True
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(CHINA, folder / "china")
        cpu_seconds(["-m", "regional_atlas", "build", folder / "china", "--out", folder / "built"])
        for work in works(folder):
            own, ratios = [], []
            for run in range(arguments.runs):
                work.prepare(run)
                own.append(cpu_seconds(["-m", "regional_atlas", *work.arguments]))
                ratios.append(own[-1] / cpu_seconds(["-c", "import geopandas"]))
            ratio = statistics.median(ratios)
            held &= ratio <= work.goal
            rows.append(
                f"| {work.name} | {statistics.median(own):.2f} | **{ratio:.2f}** "
                f"({min(ratios):.2f}–{max(ratios):.2f}) | ≤ {work.goal:g} "
                f"| {'yes' if ratio <= work.goal else '**no**'} |"
            )
    print("| | CPU s | times `import geopandas` | goal | held |\n|---|--:|--:|--:|---|")
    print("\n".join(rows))
    print(
        f"\nMedians of {arguments.runs}, with the smallest and the largest ratio; cold process, "
        "warm store."
    )
    with tempfile.TemporaryDirectory() as temporary:
        held &= from_python(Path(temporary), arguments.units)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
