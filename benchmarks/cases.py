"""The comparisons, by name."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks import inputs
from benchmarks.measure import Case, printed, process, take_turns, timed
from benchmarks.methods import (
    STATS,
    WAYS,
    exactextract,
    next_raster,
    ours,
    rasterstats,
    read_rasterio,
    read_touched,
)
from regional_atlas.sources.rasters import open_raster
from regional_atlas.tables.store import Store, digest
from regional_atlas.zonal import Grid
from regional_atlas.zonal.coverage import CoverageBlock
from regional_atlas.zonal.zones import zone_coverage

PEER = "exactextract"
YEARS = range(2012, 2023)
SAMPLE = 300
"""Units that rasterstats is timed on, scaled to all."""


def compared(name, zones, paths, runs, folder, *, floor, ceiling=None, way=WAYS[1], more=None):
    """Time both in turn, and check in the first run that results agree."""
    found = {}
    theirs = exactextract(way)
    ours(zones, paths[:1])
    calls = {
        "regional_atlas": lambda: found.update(mine=ours(zones, paths)),
        **(more or {}),
        PEER: lambda: found.update(peer=theirs(zones, paths)),
    }
    seconds = take_turns(calls, 1)
    expected = np.concatenate(
        [np.where(table["count"] > 0, table["sum"], np.nan) for table in found["peer"]]
    ).astype(float)
    np.testing.assert_allclose(found["mine"]["sum"], expected, rtol=1e-6, atol=1e-3)
    for label, again in take_turns(calls, runs - 1).items():
        seconds[label] += again
    peak_mb = peak(folder, zones, paths)
    return Case(name, runs, seconds, PEER, floor, ceiling, peak_mb)


def peak(folder: Path, zones: gpd.GeoDataFrame, paths: list[Path]) -> float:
    """Peak memory in MB of a fresh process that measures, reading the zones included."""
    kept = folder / "zones.parquet"
    zones.to_parquet(kept)
    code = (
        "import sys, geopandas; from benchmarks.methods import ours;"
        "ours(geopandas.read_parquet(sys.argv[1]), sys.argv[2:])"
    )
    return process([sys.executable, "-c", code, str(kept), *map(str, paths)])[1]


def reading(zones: gpd.GeoDataFrame, path: Path) -> dict[str, Callable[[], None]]:
    """Reading alone, all cells and the touched blocks."""
    touched = read_touched()
    touched(zones, path)
    return {
        "reading": lambda: read_rasterio(zones, path),
        "touched": lambda: touched(zones, path),
    }


def one_year(folder: Path, full: bool) -> Case:  # noqa: ARG001
    """One year of China, every county-level unit at full resolution, in process."""
    zones, path = inputs.read_units(), inputs.china_raster()
    tried = {way: timed(lambda way=way: exactextract(way)(zones, [path])) for way in WAYS}
    way, other = sorted(tried, key=tried.__getitem__)
    prepared = next_raster()
    prepared(zones, path)
    name = f"2020, {len(zones):,} units, in process"
    more = {"next": lambda: prepared(zones, path), **reading(zones, path)}
    case = compared(name, zones, [path], 5, folder, floor=15, way=way, more=more)
    sample = zones.iloc[:: max(1, len(zones) // SAMPLE)]
    case.seconds["other way"] = [tried[other]]
    scale = len(zones) / len(sample)
    case.seconds["rasterstats"] = [timed(lambda: rasterstats(sample, path)) * scale]
    vertices = int(zones.count_coordinates().sum())
    case.note = (
        f"{vertices:,} vertices; exactextract's faster way is {way}, the other was timed once; "
        f"rasterstats was timed once on {len(sample)} units and scaled to all"
    )
    return case


def command(folder: Path, full: bool) -> Case:
    """The whole command against a Python process that does the same with exactextract."""
    zones = folder / "units.gpkg"
    inputs.read_units().reset_index().to_file(zones)
    raster = str(inputs.china_raster())
    us = [
        str(Path(sys.executable).with_name("regional-atlas")), "zonal", "--zones", str(zones),
        "--id", "unit_id", "--raster", raster, "--stats", ",".join(STATS),
        "--out", str(folder / "ours.csv"),
    ]  # fmt: skip
    script = (
        "import sys, geopandas; from exactextract import exact_extract;"
        "zones, raster, out = sys.argv[1:];"
        f"exact_extract(raster, geopandas.read_file(zones), {STATS!r}, include_cols=['unit_id'],"
        "output='pandas', strategy='raster-sequential').to_csv(out, index=False)"
    )
    them = [sys.executable, "-c", script, str(zones), raster, str(folder / "theirs.csv")]
    peaks = [process(us)[1]]
    runs = 5 if full else 3
    seconds = take_turns({"regional_atlas": lambda: process(us), PEER: lambda: process(them)}, runs)
    return Case("whole command, 2020, file to file", runs, seconds, PEER, 5, peak_mb=max(peaks))


def float32(folder: Path, full: bool) -> Case:
    """A float32 raster of 14,784 x 8,640 cells."""
    zones, path = inputs.read_units(), inputs.float_raster(folder)
    return compared(
        "14,784 × 8,640 float32 zstd", zones, [path], 5 if full else 3, folder,
        floor=5, ceiling=1.4, more=reading(zones, path),
    )  # fmt: skip


def eleven_years(folder: Path, full: bool) -> Case:
    """Every year on its own grid; exactextract takes them one at a time."""
    paths = [inputs.china_raster(year) for year in YEARS]
    runs = 5 if full else 1
    return compared("11 years, 11 grids", inputs.read_units(), paths, runs, folder, floor=15)


def hexagons(number: int) -> Callable[[Path, bool], Case]:
    """A grid of hexagons."""

    def case(folder: Path, full: bool) -> Case:
        zones = inputs.hexagons(number)
        runs = 5 if full else 1 if number > 50_000 else 3
        name = f"2020, {len(zones):,} hexagons"
        return compared(name, zones, [inputs.china_raster()], runs, folder, floor=None)

    return case


def world(folder: Path, full: bool) -> Case:
    """A global sparse grid in a fresh process: peak memory."""
    raster = inputs.global_raster(folder)
    code = (
        "import sys; from benchmarks import inputs, methods;"
        "methods.ours(inputs.global_zones(int(sys.argv[2])), [sys.argv[1]])"
    )
    runs, seconds, peaks = 5 if full else 1, [], []
    for _ in range(runs):
        took, highest = process([sys.executable, "-c", code, str(raster), "50000"])
        seconds.append(took)
        peaks.append(highest)
    return Case(
        "global 86,401 × 33,601 sparse, 50,000 zones, a process", runs,
        {"regional_atlas": seconds}, "", peak_mb=max(peaks),
    )  # fmt: skip


def growth(folder: Path, full: bool) -> Case:  # noqa: ARG001
    """How the time grows with one thing while the others stay."""
    path, units = inputs.china_raster(), inputs.read_units()
    points: dict[str, list[list[float]]] = {
        "pixels": [],
        "vertices": [],
        "zones": [],
        "rasters": [],
    }

    def add(what: str, size: float, zones, paths) -> None:
        ours(zones, paths)
        points[what].append([size, min(timed(lambda: ours(zones, paths)) for _ in range(3))])

    for share in (1 / 8, 1 / 4, 1 / 2, 1):
        south = 53.5 - 35 * share
        cells = 61 * 35 * share / 0.00449158**2
        add("pixels", cells, inputs.hexagons(2_000, (73.5, south, 134.5, 53.5)), [path])
    for tolerance in (0.1, 0.01, 0.003, 0):
        zones = units.copy()
        if tolerance:
            zones.geometry = zones.geometry.simplify(tolerance)
        add("vertices", float(zones.count_coordinates().sum()), zones, [path])
    for number in (1_000, 10_000, 100_000):
        zones = inputs.hexagons(number)
        add("zones", len(zones), zones, [path])
    for number in (1, 3, 6, 11):
        add("rasters", number, units, [inputs.china_raster(year) for year in list(YEARS)[:number]])
    return Case("growth", 3, {"regional_atlas": []}, "", points=points)


def store(folder: Path, full: bool) -> Case:  # noqa: ARG001
    """Preparing coverage against reading it from the store by the content of the zones."""
    zones = inputs.read_units()
    calls: dict[str, Callable[[], object]] = {}
    for label, path in (("same CRS", inputs.china_raster()), ("another CRS", inputs.dmsp_raster())):
        grid = Grid.of(open_raster(path))

        def read(grid: Grid = grid) -> object:
            sha = hashlib.sha256()
            for wkb in shapely.to_wkb(zones.geometry.to_numpy()):
                sha.update(wkb)
            return Store(folder / "store").get(
                "coverage",
                digest(sha.hexdigest(), grid.crs.to_wkt()),
                lambda: zone_coverage(zones, grid).blocks,
                records=[CoverageBlock],
            )

        read()
        calls[f"prepare, {label}"] = lambda grid=grid: zone_coverage(zones, grid)
        calls[f"read, {label}"] = read
    return Case("store", 5, {"regional_atlas": [], **take_turns(calls, 5)}, "")


CASES: dict[str, Callable[[Path, bool], Case]] = {
    "one-year": one_year,
    "command": command,
    "float32": float32,
    "eleven-years": eleven_years,
    "hexagons-10k": hexagons(10_000),
    "hexagons-100k": hexagons(100_000),
    "world": world,
    "growth": growth,
    "store": store,
    "scoring": printed("Scoring: many draws at once", "benchmarks.scoring"),
    "page": printed("The page", "benchmarks.page"),
    "answers": printed("Questions", "benchmarks.answers"),
    "load": printed("How large an atlas may be", "benchmarks.load"),
}
