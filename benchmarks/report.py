"""What was measured, as a page: `docs/performance.md`, its figures and its plot."""

from __future__ import annotations

import json
import os
import platform
import statistics
import textwrap
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Case

DOCS = Path(__file__).resolve().parents[1] / "docs"
RESULTS = DOCS / "performance.json"
TEXT = ("growth", "store", "scoring", "page", "answers", "load")
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
- *Peak*: resident memory of a fresh process that does the work, at its highest (`ru_maxrss`),
  interpreter, libraries and zones included; it must stay below 1,500 MB.
- Long comparisons may stand with fewer runs; `python -m benchmarks --all` makes five of each.
"""

LOAD = """- Others' work slows both sides. When the cases began, the load of the machine (average of
  one minute, the case before included) was {low:.1f} to {high:.1f}.
"""

YEAR = """
## One year, method by method

| from the raster file to the table | median s | fastest–slowest | times ours |
|---|--:|--:|--:|
{rows}

{note}.
"""

METHODS = {
    "regional_atlas": "regional_atlas",
    "next": "regional_atlas, next raster on the same grid (coverage prepared)",
    "touched": "reading the blocks that units touch, all cores",
    "reading": "reading all cells, rasterio",
    "exactextract": "exactextract, faster way",
    "other way": "exactextract, other way",
    "rasterstats": "rasterstats (cell centres)",
}

GROWTH = """
## How the cost grows

![Seconds against cells, vertices, zones and rasters](images/performance.png)

One thing grows, the others stay: cells under 2,000 hexagons; vertices of the 2,875 units,
simplified less and less; hexagons over all of China; years of the series, each on its own grid.
"""

STORE = """
## Prepared coverage in the store

Coverage of all 2,875 units (4.18 million vertices), prepared against read from the store by a
digest of the polygons, in seconds (medians of five):

| zones | prepare | digest and read | times as fast |
|---|--:|--:|--:|
{rows}

`zonal` stores coverage where zones had to be projected to the raster's CRS (see
[the store](reference/store.md)). Where they had not, preparing it is about as fast as reading it:
there it is prepared anew. Within one call rasters on the same grid always share it, and a build
stores its finished table.
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
        f"{name} {version(name)}"
        for name in ("exactextract", "rasterstats", "rasterio", "numba", "numpy")
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


def summary(name: str, case: Case) -> str:
    """What is shown of a case while the others run."""
    if name not in TEXT:
        return row(case)
    return case.table or str(case.points or case.seconds)


def write(order: list[str]) -> None:
    """Write the page and the plot from the stored figures."""
    stored = load()
    cases = {name: Case(**stored["cases"][name]) for name in order if name in stored["cases"]}
    page = f"{HEAD}{stored['machine']}.\n\n{table(cases)}\n{TAIL}"
    loads = [case.load for case in cases.values() if case.load is not None]
    if loads:
        page += LOAD.format(low=min(loads), high=max(loads))
    if "one-year" in cases:
        note = textwrap.fill(cases["one-year"].note, 100)
        page += YEAR.format(rows=_methods(cases["one-year"]), note=note)
    if "growth" in cases:
        page += GROWTH
        plot(cases["growth"].points)
    if "store" in cases:
        page += STORE.format(rows=_stored(cases["store"]))
    for case in cases.values():
        if case.table:
            page += f"\n## {case.name}\n\n{case.table}\n"
    (DOCS / "performance.md").write_text(page, encoding="utf-8")


def _methods(case: Case) -> str:
    own = case.seconds["regional_atlas"]
    lines = []
    for label, text in METHODS.items():
        runs = case.seconds.get(label)
        if not runs:
            continue
        times = statistics.median(run / ours for run, ours in zip(runs, own, strict=False))
        lines.append(
            f"| {text} | {statistics.median(runs):.3f} | {min(runs):.3f}–{max(runs):.3f} "
            f"| {times:.2f} |"
        )
    return "\n".join(lines)


def _stored(case: Case) -> str:
    lines = []
    for label, text in (("same CRS", "in the raster's CRS"), ("another CRS", "in another CRS")):
        prepare, read = (case.seconds[f"{way}, {label}"] for way in ("prepare", "read"))
        times = statistics.median(a / b for a, b in zip(prepare, read, strict=True))
        lines.append(
            f"| {text} | {statistics.median(prepare):.2f} | {statistics.median(read):.2f} "
            f"| {times:.1f} |"
        )
    return "\n".join(lines)


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
