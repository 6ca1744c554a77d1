"""What was measured, as a page: `docs/performance.md`, its figures and its plot."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Case

DOCS = Path(__file__).resolve().parents[1] / "docs"
RESULTS = DOCS / "performance.json"
TEXT = ("growth", "cache")
"""Cases that are no row of the table."""

HEAD = """# Performance

Written by `python -m benchmarks --write` (`make bench`), never by hand; the figures are in
`performance.json`. Both sides go from the raster file to the same table of mean, sum, max and
count, and results are checked to agree before anything is timed. They take turns within each run;
a ratio compares the two of one run, and the median is given with the smallest and the largest.

"""

TAIL = """
- *× reading*: our time over that of reading the whole raster into one array with rasterio (one
  thread); *× touched*: over that of decoding only the blocks that units touch, on all cores.
- *Floor*: the ratio that must not be undercut; "≤ 1.4 × reading" is about the whole raster.
- *Peak*: resident memory of the whole process at its highest (`ru_maxrss`), interpreter and
  libraries included; it must stay below 1,500 MB.
- Few runs stand beside the long comparisons; `python -m benchmarks --all` makes more of them.
- The machine was not idle: others worked on its cores at the same time.

## How the cost grows

![Seconds against cells, vertices, zones and rasters](images/performance.png)

One thing grows, the others stay: cells under 2,000 hexagons; vertices of the 2,875 units,
simplified less and less; hexagons over all of China; years of the series, each on its own grid.
"""

CACHE = """
## A cache of prepared coverage on disk

Left out. Preparing the coverage of all 2,875 units (4.18 million vertices) takes {prepare:.2f} s;
a cache keyed by content would have to hash the vertices and read the coverage back, {load:.2f} s.
Every yearly file has a grid of its own besides, so each would be used once. Within one call
rasters on the same grid share the coverage, and a build keeps its finished table.
"""


def save(case_id: str, case: Case) -> None:
    """Put one case's figures in the file, beside those of the others."""
    stored = load()
    stored["machine"] = machine()
    stored["cases"][case_id] = asdict(case)
    text = json.dumps(stored, indent=1, ensure_ascii=False, sort_keys=True)
    RESULTS.write_text(text + "\n", encoding="utf-8")


def load() -> dict:
    """The figures so far."""
    if RESULTS.exists():
        return json.loads(RESULTS.read_text(encoding="utf-8"))
    return {"machine": "", "cases": {}}


def machine() -> str:
    """What it ran on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("exactextract", "rasterio", "numba", "numpy")
    )
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, {packages}"


def row(case: Case) -> str:
    """One line of the table."""
    own = statistics.median(case.seconds["regional_atlas"])
    other = case.seconds.get(case.against)
    over, touched = case.over_reading, case.over("touched")
    ratios = case.ratios
    ratio = f"**{case.ratio:.1f}** ({ratios[0]:.1f}–{ratios[-1]:.1f})" if ratios else ""
    floors = [f"≥ {case.floor:g}"] if case.floor else []
    floors += [f"≤ {case.ceiling:g} × reading"] if case.ceiling else []
    cells = [
        case.name, str(case.runs), f"{own:.2f}",
        f"{statistics.median(other):.2f}" if other else "",
        ratio,
        f"{over:.2f}" if over else "",
        f"{touched:.2f}" if touched else "",
        f"{case.peak_mb:,.0f}" if case.peak_mb else "",
        "; ".join(floors) or ("< 1,500 MB" if case.peak_mb else ""),
        "yes" if case.held else "**no**",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def table(cases: dict[str, Case]) -> str:
    """All comparisons as Markdown."""
    lines = [
        "| | runs | ours s | exactextract s | times as fast | × reading | × touched | peak MB "
        "| floor | held |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|---|",
    ]
    return "\n".join([*lines, *(row(case) for name, case in cases.items() if name not in TEXT)])


def write(order: list[str]) -> None:
    """Write the page and the plot from the stored figures."""
    stored = load()
    cases = {name: Case(**stored["cases"][name]) for name in order if name in stored["cases"]}
    page = f"{HEAD}{stored['machine']}.\n\n{table(cases)}\n{TAIL}"
    if "cache" in cases:
        found = {label: statistics.median(runs) for label, runs in cases["cache"].seconds.items()}
        page += CACHE.format(prepare=found["regional_atlas"], load=found["cache"])
    (DOCS / "performance.md").write_text(page, encoding="utf-8")
    if "growth" in cases:
        plot(cases["growth"].points)


def plot(points: dict[str, list[list[float]]]) -> None:
    """Draw the four curves."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, len(points), figsize=(11, 2.6), layout="constrained")
    for axis, (name, curve) in zip(axes, sorted(points.items()), strict=True):
        axis.plot(*zip(*curve, strict=True), marker="o", color="#24527a")
        axis.set_xlabel(name)
        axis.set_ylim(0)
        axis.set_xlim(0)
        axis.spines[["top", "right"]].set_visible(False)
        axis.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4))
    axes[0].set_ylabel("seconds")
    figure.savefig(DOCS / "images/performance.png", dpi=110, metadata={"Software": None})
    plt.close(figure)
