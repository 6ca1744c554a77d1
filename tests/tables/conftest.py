"""A project of three rasters over four units, on grids small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import Polygon

ATLAS = """\
id = "rasters"
title = { en = "Rasters", zh = "栅格" }
subtitle = "Four units"
population = "people"

[boundaries]
file = "units.geojson"
key = "code"
name = "name"
source = "Invented"

[[boundaries.parents]]
id = "part"
title = "part"
key = "part"

[rasters.people]
files = "people.tif"
year = 2020
statistic = "sum"
unit = { en = "persons", zh = "人" }
digits = 0
title = { en = "Population", zh = "人口" }
source = "Invented counts"
licence = "CC0-1.0"
vintage = "2020"

[rasters.rain]
files = "rain_{year}.tif"
scale = 0.1
nodata = -1
statistic = ["mean", { name = "weighted_mean", code = "rain_of_people", digits = 2 }]
unit = "mm"
weights = "people.tif"
title = { en = "Rainfall", zh = "降水" }
source = "Invented gauges"

[rasters.land]
files = { 2015 = "land15.tif", 2020 = "land20.tif" }
statistic = ["class_share(2,3)", "majority"]
unit = ""
title = { en = "Land use", zh = "土地利用" }
source = "Invented classes"

[indicators.output]
file = "output.csv"
year = 2020
source = "Invented accounts"
columns = [{ column = "output", code = "output", title = "Output", unit = "t" }]

[[indicators.output.derived]]
code = "output_per_head"
title = "Output per head"
unit = "t"
numerator = ["output"]
denominator = ["people"]

[[indicators.output.derived]]
code = "density"
title = "Density"
unit = "per km²"
numerator = ["people"]
denominator = ["area_km2"]

[[rankings]]
id = "table"
title = "Table"
file = "ranking.csv"

[[groups]]
title = "Rasters"
k = 3
plates = [
  { field = "people" },
  { id = "rain", kind = "years", field = "rain_mean" },
  { id = "wet", kind = "change", title = { en = "Share of wet land", zh = "湿地占比" }, field = "land_class_share_2_3" },
]
"""  # noqa: E501

PEOPLE = np.arange(1, 17).reshape(4, 4)
RAIN = np.array([[100, 200, 300, 400]] * 4)
LAND = np.array([[1, 2, 3, 3], [2, 2, 1, 3], [1, 1, 2, 4], [2, 3, 2, 4]])
UNITS = {
    "01": [(10, 50), (12, 50), (12, 48), (10, 48)],
    "02": [(12, 50), (14, 50), (14, 48), (12.5, 48), (12, 48)],
    "03": [(10, 48), (12, 48), (12.5, 48), (12.5, 46), (10, 46)],
    "04": [(12.5, 48), (14, 48), (15, 48), (15, 46), (12.5, 46)],
}
"""Cells are a degree wide, from 10° E and 50° N; 04 reaches a degree beyond them."""


def write_raster(path: Path, values: Any, **options: Any) -> Path:
    """Write a GeoTIFF of cells of one degree, from 10° E and 50° N."""
    bands = np.atleast_3d(np.asarray(values).T).T
    profile = {
        "driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2],
        "dtype": bands.dtype, "crs": "EPSG:4326", "transform": Affine(1, 0, 10, 0, -1, 50),
    }  # fmt: skip
    with rasterio.open(path, "w", **(profile | options)) as file:
        file.write(bands)
    return path


@pytest.fixture
def raster_project(tmp_path: Path) -> Path:
    """A folder with four units and rasters of people, rain and land use."""
    folder = tmp_path / "rasters"
    folder.mkdir()
    (folder / "atlas.toml").write_text(ATLAS, encoding="utf-8")
    units = gpd.GeoDataFrame(
        {
            "code": [*UNITS],
            "name": ["Aa", "Bb", "Cc", "Dd"],
            "part": ["north", "north", "south", "south"],
        },
        geometry=[Polygon(outline) for outline in UNITS.values()],
        crs=4326,
    )
    units.to_file(folder / "units.geojson")
    write_raster(folder / "people.tif", PEOPLE.astype("uint8"))
    rain = RAIN.copy()
    rain[2, 0] = -1
    write_raster(folder / "rain_2019.tif", rain.astype("int16"))
    write_raster(folder / "rain_2021.tif", (RAIN + 100).astype("int16"))
    write_raster(folder / "land15.tif", LAND.astype("uint8"))
    write_raster(folder / "land20.tif", np.where(LAND == 1, 2, LAND).astype("uint8"))
    (folder / "output.csv").write_text("unit_id,output\n01,28\n02,66\n03,59\n04,82\n")
    (folder / "ranking.csv").write_text("rank,unit_id\n1,01\n2,02\n3,03\n4,04\n")
    return folder
