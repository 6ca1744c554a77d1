"""What each real raster file is, its trap, what comes out: sections of docs/method/rasters.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import rasterio
import shapely

import regional_atlas as ra
from regional_atlas.nightlights import level_shifts
from regional_atlas.zonal import Cleaning

ROOT = Path(__file__).resolve().parent.parent
STEP = 511 / 255
"""Radiance of one stored unit of the quantised China files."""


def folder() -> Path:
    """Where the files lie."""
    stated = os.environ.get("REGIONAL_ATLAS_SHARED")
    return (Path(stated) if stated else ROOT.parent / "shared") / "data/nightlights"


def read_units(datum: str) -> gpd.GeoDataFrame:
    """County-level units; with the datum `wgs84` as they are published, unconverted."""
    project = ra.read_project(ROOT / "geo/china-2022", overrides=[f"boundaries.datum={datum}"])
    return ra.read_units(project)


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Rows as Markdown; columns of numbers to the right."""
    numeric = [all(row[i][:1] in "+−-0123456789" for row in rows) for i in range(len(head))]
    lines = [head, ["--:" if right else "---" for right in numeric], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def signed(value: float, digits: int) -> str:
    """A number with its sign; what rounds to nothing is +0."""
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


def percent(ours: float, reference: float) -> str:
    """The difference, signed."""
    return f"{signed(100 * (ours / reference - 1), 1)} %"


def measured(zones: gpd.GeoDataFrame, raster: Any, *stats: str) -> pd.DataFrame:
    """Statistics of one raster by the zones' index."""
    found = ra.zonal_statistics(zones, raster, stats=list(stats))
    return found.set_index(found.columns[0])


def rectangle(name: str) -> gpd.GeoDataFrame:
    """The whole of a file as one zone."""
    with rasterio.open(folder() / name) as dataset:
        return gpd.GeoDataFrame(geometry=[shapely.box(*dataset.bounds)], crs=dataset.crs)


def sao_tome() -> str:
    """Real nodata and negative radiance."""
    name = "sao_tome_viirs_monthly_201401_float32.tif"
    raster, zone = ra.open_raster(folder() / name), rectangle(name)
    nodata = f"{raster.nodata:.3g}".replace("-", "−")
    rows = []
    for title, rules in (
        ("as it is", Cleaning()),
        ("`--negative zero`", Cleaning(negative="zero")),
        ("`--negative missing`", Cleaning(negative="missing")),
    ):
        found = measured(zone, rules.applied(raster), "sum", "count", "mean", "min", "max").iloc[0]
        taken = f"{found['taken_negative']:,.0f}" if "taken_negative" in found else ""
        numbers = [f"{found[key]:,.2f}".replace("-", "−") for key in ("sum", "mean", "min", "max")]
        rows.append([title, f"{found['count']:,.0f}", *numbers, taken or "–"])
    share = found["count"] / found["cell_count"]
    return f"""## São Tomé: nodata and negative radiance

`{name}`: a monthly VIIRS composite, {raster.shape[1]} × {raster.shape[0]} cells of 15″, float32.

**Trap.** The sea is a real nodata value ({nodata}): read as a number it would drown every
sum. On land some radiances are below 0: noise around darkness, not an error.

**What the tool does.** nodata is missing, and `valid_share` says how little of the rectangle is
left. Negative values count as they are unless a rule says otherwise, and then the table counts
the cells that the rule took. The whole file as one zone ({found["cell_count"]:,.0f} cells):

{table(["rule", "valid cells", "sum", "mean", "min", "max", "cells taken"], rows)}

In the last row {100 * share:.1f} % of the cells are left. Dropping negative values instead of
keeping them or setting them to 0 raises the mean: what is dropped is the dark half of the noise.
"""


def mumbai() -> str:
    """No coordinate reference system, and no transform either."""
    name = "mumbai_viirs_201204_no_crs.tif"
    with tempfile.TemporaryDirectory() as place:
        zones, out = Path(place) / "zones.geojson", Path(place) / "out.csv"
        box = gpd.GeoDataFrame(geometry=[shapely.box(72.7, 18.8, 73.1, 19.3)], crs=4326)
        box.to_file(zones)
        command = [
            sys.executable, "-m", "regional_atlas", "zonal", "--zones", str(zones),
            "--raster", str(folder() / name), "--out", str(out),
        ]  # fmt: skip
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
        stated = subprocess.run(
            [*command, "--crs", "EPSG:4326"], capture_output=True, text=True, check=False
        )
    messages = [
        line.replace(str(folder()), "$REGIONAL_ATLAS_SHARED/data/nightlights")
        for line in (refused.stderr.splitlines()[0], stated.stderr.splitlines()[0])
    ]
    with rasterio.open(folder() / name) as dataset:
        size = f"{dataset.width} × {dataset.height}"
    return f"""## Mumbai: no place on the Earth

`{name}`: VIIRS, {size} cells, float32.

**Trap.** The file has no CRS. It has no transform either: nothing in it says where its cells lie.

**What the tool does.** It refuses (exit code {refused.returncode}):

```
{messages[0]}
```

With `--crs EPSG:4326` it reads the file as the user says (exit code {stated.returncode}), and
warns that a CRS alone is not a place:

```
{messages[1]}
```

Give such a file its transform (`gdal_translate -a_ullr`) before measuring it.
"""


def shanghai(converted: gpd.GeoDataFrame) -> str:
    """nodata unset in three files; zeros stand for dark and for outside."""
    city = converted[converted["province"] == "上海市"].set_index("unit")
    city = gpd.GeoDataFrame(geometry=[city.geometry.union_all()], crs=city.crs)
    rows = []
    for name in (
        "shanghai_viirs_2013_float32_nodata_unset.tif",
        "shanghai_viirs_2022_float32_nodata_unset.tif",
        "shanghai_longntl_2020_float32.tif",
    ):
        path = folder() / name
        whole = measured(rectangle(name), ra.open_raster(path), "mean").iloc[0]
        counted = measured(city, ra.open_raster(path), "sum", "mean").iloc[0]
        dropped = measured(city, ra.open_raster(path, nodata=0), "mean").iloc[0]
        rows.append(
            [
                f"`{name}`", f"{whole['mean']:.2f}", f"{counted['sum']:,.0f}",
                f"{counted['mean']:.2f}", f"{counted['valid_share']:.3f}",
                f"{dropped['mean']:.2f}", f"{dropped['valid_share']:.3f}",
            ]
        )  # fmt: skip
    head = [
        "file", "mean of the file", "city: sum", "mean", "valid_share",
        "mean, `--nodata 0`", "valid_share",
    ]  # fmt: skip
    return f"""## Shanghai, three files: nodata not set

Float radiance, 281 × 262 cells, clipped at the city's border: outside it is 0, and no nodata value
says so.

**Trap.** 0 is "dark" inside the city and "not here" outside. A mean over the file counts the
outside as darkness; `--nodata 0` throws the city's own dark cells away with it.

**What the tool does.** No value is missing, because the file names none. Measured by the city's
polygon the outside does not matter, and its dark cells count:

{table(head, rows)}
"""


def albers(converted: gpd.GeoDataFrame) -> str:
    """Another sensor, a projected grid, saturation, provinces of zeros."""
    name = "china_dmsp_like_2020_albers_int8.tif"
    raster = Cleaning(saturation=63).applied(ra.open_raster(folder() / name))
    found = measured(converted, raster, "sum", "max", "count")
    inside = found["valid_share"] > 1 - 1e-9
    area = (found["count"] / converted["area_km2"]).loc[inside]
    dark = [
        f"{province} {found.loc[converted['province'] == province, 'sum'].sum():,.0f}"
        for province in ("台湾省", "香港特别行政区", "澳门特别行政区")
    ]
    saturated = found["saturated_count"]
    top = found.assign(unit=converted["unit"]).loc[(saturated / found["count"]).idxmax()]
    return f"""## Albers: another sensor on a projected grid

`{name}`: digital numbers like those of DMSP-OLS, 1 km cells, Albers (105°E, 25° and 47°N), int8.

**Trap.** The zones are in degrees, the grid in metres. The sensor saturates at 63. The file is
empty over Taiwan, without a nodata value (over Hong Kong, which its description calls empty
too, it is not).

**What the tool does.** Edges of zones are densified and projected to the grid; the raster is never
resampled. Of {len(found):,} units {inside.sum():,} lie within the grid, and their coverage in
cells is their area in km²: the ratio is {area.median():.4f} in the middle and {area.min():.4f} to
{area.max():.4f} at the extremes. The highest value is {found["max"].max():.0f}; with
`--saturation 63` the table counts saturated cells: {saturated.sum():,.0f} in all,
{100 * top["saturated_count"] / top["count"]:.0f} % of {top["unit"]}. Sums are 0 where the file
is empty, and nothing in it tells that from darkness: {", ".join(dark)}. These are digital
numbers, not radiance: compare no sums with VIIRS.
"""


def china(converted: gpd.GeoDataFrame) -> str:
    """Eleven grids, a nodata value that merges dark and outside, a change of sensor."""
    series = [(year, folder() / f"china_longntl_{year}_uint8.tif") for year in range(2012, 2023)]
    totals: dict[int, float] = {}
    rows: list[list[str]] = []
    shifts: list[float] = []
    shares: list[float] = []
    first = None
    for year, path in series:
        raster = ra.open_raster(path, nodata="none", scale=STEP, year=year)
        first = first or raster
        shift = [
            (raster.transform.c - first.transform.c) / first.transform.a,
            (raster.transform.f - first.transform.f) / first.transform.e,
        ]
        shifts += map(abs, shift)
        found = measured(converted, raster, "sum", "count")
        totals[year] = found["sum"].sum()
        stored = measured(converted, ra.open_raster(path, year=year), "count")
        shares.append(stored["count"].sum() / found["count"].sum())
        rows.append(
            [
                str(year), *(signed(value, 3) for value in shift),
                f"{totals[year] / 1e6:.2f}", f"{shares[-1]:.3f}",
            ]
        )  # fmt: skip
    flagged = ", ".join(map(str, level_shifts(pd.Series(totals))))
    head = [
        "year", "grid: columns east of 2012's", "rows south", "sum of light, M",
        "`valid_share` if 0 were nodata",
    ]  # fmt: skip
    grids = len({ra.open_raster(path).transform for _, path in series})
    return f"""## China 2012–2022: eleven files, {grids} grids

`china_longntl_{{year}}_uint8.tif`: 13,713 × 11,072 cells of 0.00449°, uint8, radiance =
DN × 511/255 nW·cm⁻²·sr⁻¹.

**Trap.** The files look alike, but their grids lie up to {max(shifts):.2f} of a cell apart: to
stack them by array index is to compare other places. `nodata = 0` merges dark and outside. 2012
comes from another sensor.

**What the tool does.** Each file is measured on its own grid. With `--nodata none --scale 2.00392`
every stored value counts; as stored, {100 * (1 - max(shares)):.0f} to
{100 * (1 - min(shares)):.0f} % of the country would be missing, and means would be those of lit
cells. All {len(converted):,} units, boundaries in WGS 84:

{table(head, rows)}

`level_shifts` flags **{flagged}** and no other year: a trend starts there. Nothing is smoothed.
"""
