"""What a question costs, against importing geopandas in the same run.

    python -m benchmarks.answers [--runs N]

Each command is a cold process on a warm store; beside each run `import geopandas` runs alone. CPU
seconds are compared, so that others' work on the machine counts little. Exit code 1 where the
median of the ratios is above the goal.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks import inputs

ROOT = Path(__file__).resolve().parents[1]
CHINA = ROOT / "geo/china-2022"
ASEM = inputs.shared_folder() / "data/oracles/coinr_asem/ASEM_iData.csv"
STATEMENT = "SELECT ranking, count(*) FROM rankings GROUP BY ranking"
TITLE = ("--set", "title.en=Another title")


class Work(NamedTuple):
    """A command, and how many times the CPU of `import geopandas` it may take."""

    name: str
    arguments: list[str | Path]
    goal: float


def works(built: Path, scores: Path) -> list[Work]:
    """List what is measured; `built` is a build of China, `scores` a folder to write to."""
    score = ["score", "--data", ASEM, "--index", ROOT / "tests/data/indices/asem.toml"]
    return [
        Work("`--help`", ["--help"], 0.4),
        Work("`query` a project", ["query", CHINA, "--top", "5"], 1.5),
        Work("`query` a built folder", ["query", built, "--top", "5"], 1.5),
        Work("`summarise`", ["summarise", CHINA, "--by", "metro"], 1.5),
        Work("`compare`", ["compare", CHINA], 1.5),
        Work("`sql`", ["sql", CHINA, STATEMENT], 2),
        Work("`score`, 51 units", [*score, "--out", scores], 2),
        Work("`check`, nothing changed", ["check", CHINA], 4),
        Work("`build`, nothing changed", ["build", CHINA, "--out", built], 4),
        Work("`build`, another title", ["build", CHINA, "--out", built, *TITLE], 5),
    ]


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


def main() -> int:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    rows, held = [], True
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary) / "built"
        cpu_seconds(["-m", "regional_atlas", "build", CHINA, "--out", built])
        for work in works(built, Path(temporary) / "scores"):
            own, ratios = [], []
            for _ in range(runs):
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
        f"\nMedians of {runs}, with the smallest and the largest ratio; cold process, warm store."
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
