"""Sums of the quantised files beside float ones: two sections and a figure of rasters.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from raster_files import STEP, folder, measured, percent, read_units, signed, table
from rasterio.windows import Window

import regional_atlas as ra
from regional_atlas.zonal import Grid, exact_coverage

PUBLISHED = {"北京市": 361_066, "天津市": 328_648, "石家庄市": 82_944}
"""Sums of light of 2017 that another team gives for the same product in float."""


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


def draw(found: pd.DataFrame, path: Path) -> None:
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
    figure.savefig(path, dpi=110, metadata={"Software": None})
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
