"""How large an atlas may be: time, memory and size of the page by the number of units.

    python -m benchmarks.load [--units N …] [--indicators N] [--years N]

Makes invented projects (wiggly shared borders of some 40 vertices a unit, two levels of parents,
areas of some 100 units, a ranking) and runs each command as a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

STEPS = 9
"""Vertices between two corners of a unit."""

SETTINGS = """
id = "load"
title = "Load"
population = "i01"

[boundaries]
file = "units.parquet"
key = "code"
name = "name"
source = "Invented"

[[boundaries.parents]]
id = "province"
key = "province_code"
name = "province"

[regions]
file = "regions.csv"
members = "members.csv"

[[regions.kinds]]
id = "metro"
title = "metropolitan area"

[indicators.values]
file = "values.parquet"
key = "code"
source = "Invented"
columns = [
{columns}]

[[rankings]]
id = "score"
title = "Score"
index = "index.toml"

[[groups]]
title = "Values"
plates = [
  {{ field = "i01", k = 5 }},
  {{ field = "i02", kind = "years", k = 5 }},
  {{ field = "i03", kind = "change" }},
]
"""
INDEX = """
id = "score"
title = "Score"
[normalise]
method = "min_max"
[[nodes]]
code = "i01"
title = "One"
[[nodes]]
code = "i02"
title = "Two"
"""


class Cost(NamedTuple):
    """What a command took."""

    cpu_s: float
    peak_mb: float


def write_project(folder: Path, units: int, indicators: int, years: int) -> None:
    """Write a project of so many units, indicators and years."""
    rows = round(units**0.5)
    columns = -(-units // rows)
    frame = _grid(rows, columns).iloc[:units]
    frame.to_parquet(folder / "units.parquet")
    codes = frame["code"]
    metros = [f"m{at // 100:05d}" for at in range(units)]
    members = pd.DataFrame({"region_id": metros, "unit_id": codes, "rule": "include"})
    members.to_csv(folder / "members.csv", index=False)
    regions = pd.DataFrame({"region_id": sorted({*metros})}).assign(kind="metro")
    regions.assign(name=regions["region_id"], precedence=range(len(regions))).to_csv(
        folder / "regions.csv", index=False
    )
    rng = np.random.default_rng(1)
    values = {
        f"i{number:02d}_{2013 + year}": rng.lognormal(3, 1, units).round(3)
        for number in range(1, indicators + 1)
        for year in range(years)
    }
    pd.DataFrame({"code": codes} | values).to_parquet(folder / "values.parquet", index=False)
    lines = "".join(
        f'  {{ column = "i{number:02d}_{{year}}", code = "i{number:02d}", title = "I{number}" }},\n'
        for number in range(1, indicators + 1)
    )
    (folder / "atlas.toml").write_text(SETTINGS.format(columns=lines), "utf-8")
    (folder / "index.toml").write_text(INDEX, "utf-8")


def _grid(rows: int, columns: int) -> gpd.GeoDataFrame:
    """Lay out units between 70° E and 130° E whose neighbours share wiggly borders."""
    rng = np.random.default_rng(0)
    size = min(60 / columns, 30 / rows)
    corners = rng.uniform(-0.2, 0.2, (rows + 1, columns + 1, 2)) * size
    corners[..., 0] += 70 + size * np.arange(columns + 1)
    corners[..., 1] += 20 + size * np.arange(rows + 1)[:, None]
    along = np.linspace(0, 1, STEPS + 2)[:, None]

    def edges(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        wiggle = rng.uniform(-0.03 * size, 0.03 * size, (*one.shape[:2], STEPS + 2, 2))
        wiggle[:, :, [0, -1]] = 0
        return one[:, :, None] * (1 - along) + other[:, :, None] * along + wiggle

    flat = edges(corners[:, :-1], corners[:, 1:])
    steep = edges(corners[:-1], corners[1:])
    rings = [
        np.concatenate(_sides(flat, steep, row, at))
        for row in range(rows)
        for at in range(columns)
    ]  # fmt: skip
    number = np.arange(rows * columns)
    province = number // 2000
    return gpd.GeoDataFrame(
        {
            "code": [f"{each:06d}" for each in number],
            "name": [f"Unit {each}" for each in number],
            "province_code": [f"{each:03d}" for each in province],
            "province": [f"Province {each}" for each in province],
        },
        geometry=shapely.polygons(rings),
        crs="EPSG:4326",
    )


def _sides(flat: np.ndarray, steep: np.ndarray, row: int, at: int) -> list[np.ndarray]:
    back = slice(-2, None, -1)
    return [flat[row, at], steep[row, at + 1][1:], flat[row + 1, at][back], steep[row, at][back]]


def cost(arguments: list[str], store: Path) -> Cost:
    """Run a command as a process of its own, and give what it took."""
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', 'regional_atlas', *sys.argv[1:]],\n"
        "                      stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"REGIONAL_ATLAS_CACHE": str(store)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    returned, cpu, peak = done.stdout.split()
    if returned != "0":
        raise SystemExit(f"{' '.join(arguments)} ended with {returned}:\n{done.stderr[-3000:]}")
    return Cost(float(cpu), float(peak))


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--units", type=int, nargs="+", default=[2_000, 10_000, 25_000])
    parser.add_argument("--indicators", type=int, default=40)
    parser.add_argument("--years", type=int, default=10)
    arguments = parser.parse_args()
    print(
        f"Invented projects with {arguments.indicators} indicators in {arguments.years} years:\n"
        "CPU seconds and memory of each command; of a build the size of the page, of an export\n"
        "that of the GeoPackage.\n"
    )
    print("| units | command | CPU s | peak MB | MB written |\n|--:|---|--:|--:|--:|", flush=True)
    for units in arguments.units:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "project").mkdir()
            write_project(folder / "project", units, arguments.indicators, arguments.years)
            project, built = str(folder / "project"), str(folder / "built")
            commands = {
                "build": ["build", project, "--out", built],
                "build again": ["build", project, "--out", built],
                "query the folder": ["query", built, "--top", "5"],
                "check": ["check", project],
                "export": ["export", built, "--format", "gpkg,csv", "--out", f"{folder}/gis"],
            }
            for name, command in commands.items():
                took = cost(command, folder / "store")
                page, file = folder / "built/index.html", folder / "gis/units.gpkg"
                wrote = {"build": page, "export": file}
                size = f"{wrote[name].stat().st_size / 1e6:.1f}" if name in wrote else ""
                line = f"| {units:,} | {name} | {took.cpu_s:.1f} | {took.peak_mb:,.0f} | {size} |"
                print(line, flush=True)


if __name__ == "__main__":
    main()
