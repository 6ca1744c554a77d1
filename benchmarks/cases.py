"""The comparisons, by name."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from benchmarks import inputs
from benchmarks.measure import Case, process, take_turns, timed
from benchmarks.zonal import STATS, exactextract, read_rasterio, read_touched, read_units
from regional_atlas.nightlights import Grid, exact_coverage, zonal_statistics
from regional_atlas.sources.rasters import open_raster

PEER = "exactextract"
YEARS = range(2012, 2023)
WAYS = ("feature-sequential", "raster-sequential")


def ours(zones, paths):
    """This package, nothing prepared."""
    return zonal_statistics(zones, [open_raster(path) for path in paths], stats=STATS)


def theirs(zones, paths, way):
    """Exactextract, raster by raster: it refuses grids that differ by a fraction of a cell."""
    return [exactextract(way)(zones, path) for path in paths]


def compared(name, zones, paths, runs, *, floor, ceiling=None, way=None, reading=False):
    """Time both in turn, and check in the first run that results agree."""
    note, found = "", {}
    ours(zones, paths[:1])
    if way is None:
        tried = {each: timed(lambda each=each: theirs(zones, paths, each)) for each in WAYS}
        way = min(tried, key=tried.__getitem__)
        note = "; ".join(f"{each} {seconds:.1f} s" for each, seconds in tried.items())
    calls = {"regional_atlas": lambda: found.update(mine=ours(zones, paths))}
    if reading:
        touched = read_touched()
        touched(zones, paths[0])
        calls["reading"] = lambda: read_rasterio(zones, paths[0])
        calls["touched"] = lambda: touched(zones, paths[0])
    calls[PEER] = lambda: found.update(peer=theirs(zones, paths, way))
    seconds = take_turns(calls, 1)
    expected = np.concatenate(
        [np.where(table["count"] > 0, table["sum"], np.nan) for table in found["peer"]]
    ).astype(float)
    np.testing.assert_allclose(found["mine"]["sum"], expected, rtol=1e-6, atol=1e-3)
    for label, more in take_turns(calls, runs - 1).items():
        seconds[label] += more
    return Case(name, runs, seconds, PEER, floor, ceiling, note=note)


def one_year(folder, full):  # noqa: ARG001
    """One year of China, every county-level unit at full resolution, in process."""
    zones = read_units(None)
    name = f"2020, {len(zones):,} units, in process"
    return compared(name, zones, [inputs.china_raster()], 5, floor=15, reading=True)


def command(folder: Path, full: bool) -> Case:
    """The whole command against a Python process that does the same with exactextract."""
    zones = folder / "units.gpkg"
    read_units(None).reset_index().to_file(zones)
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


def float32(folder, full):
    """A float32 raster of 14,784 x 8,640 cells."""
    zones = read_units(None)
    path = inputs.float_raster(folder)
    name = "14,784 × 8,640 float32 zstd"
    return compared(
        name, zones, [path], 5 if full else 3, floor=5, ceiling=1.4, reading=True,
        way="raster-sequential",
    )  # fmt: skip


def eleven_years(folder, full):  # noqa: ARG001
    """Every year on its own grid."""
    paths = [inputs.china_raster(year) for year in YEARS]
    zones = read_units(None)
    runs = 3 if full else 1
    return compared("11 years, 11 grids", zones, paths, runs, floor=15, way="raster-sequential")


def hexagons(number: int) -> Callable[[Path, bool], Case]:
    """A grid of hexagons."""

    def case(folder: Path, full: bool) -> Case:  # noqa: ARG001
        zones = inputs.hexagons(number)
        runs = 5 if full else 1 if number > 50_000 else 3
        return compared(
            f"2020, {len(zones):,} hexagons", zones, [inputs.china_raster()], runs, floor=None,
            way="raster-sequential",
        )  # fmt: skip

    return case


def world(folder: Path, full: bool) -> Case:
    """A global sparse grid in a fresh process: peak memory."""
    raster = inputs.global_raster(folder)
    code = (
        "import sys; from benchmarks import inputs, cases; from pathlib import Path;"
        "cases.ours(inputs.global_zones(int(sys.argv[2])), [Path(sys.argv[1])])"
    )
    runs, seconds, peaks = 3 if full else 1, [], []
    for _ in range(runs):
        took, peak = process([sys.executable, "-c", code, str(raster), "50000"])
        seconds.append(took)
        peaks.append(peak)
    return Case(
        "global 86,401 × 33,601 sparse, 50,000 zones, a process", runs,
        {"regional_atlas": seconds}, "", peak_mb=max(peaks),
    )  # fmt: skip


def growth(folder: Path, full: bool) -> Case:  # noqa: ARG001
    """How the time grows with one thing while the others stay."""
    path, units = inputs.china_raster(), read_units(None)
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


def cache(folder: Path, full: bool) -> Case:  # noqa: ARG001
    """Preparing the coverage against finding it again on disk by the content of the zones."""
    units = read_units(None).geometry.to_numpy()
    grid = Grid.of(open_raster(inputs.china_raster()))
    kept = folder / "coverage.pickle"
    kept.write_bytes(pickle.dumps(exact_coverage(units, grid), protocol=5))

    def found() -> None:
        hashlib.sha256(shapely.get_coordinates(units).tobytes()).hexdigest()
        pickle.loads(kept.read_bytes())

    calls = {"regional_atlas": lambda: exact_coverage(units, grid), "cache": found}
    return Case("cache", 5, take_turns(calls, 5), "cache")


CASES: dict[str, Callable[[Path, bool], Case]] = {
    "one-year": one_year,
    "command": command,
    "float32": float32,
    "eleven-years": eleven_years,
    "hexagons-10k": hexagons(10_000),
    "hexagons-100k": hexagons(100_000),
    "world": world,
    "growth": growth,
    "cache": cache,
}
