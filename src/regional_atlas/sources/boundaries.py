"""Boundaries of units: from an installed provider or from any file GDAL or GeoParquet reads."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from regional_atlas.core import crs
from regional_atlas.core.errors import ConfigError, DataError, raise_if
from regional_atlas.core.names import plain
from regional_atlas.sources.provider import PROVIDERS, Provider

if TYPE_CHECKING:
    from regional_atlas.config import BoundariesConfig

__all__ = [
    "boundary_files",
    "is_vector",
    "read_boundaries",
    "read_lines",
    "read_vector",
    "text_of",
]


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
    if config.provider is not None:
        provider = provider_of(config)
        raw, where = provider.read_units(), provider.title
    else:
        assert config.file is not None
        raw, where = read_vector(config.file, config.layer), str(config.file)
    wanted = [config.key, *config.name_columns(), config.name_en]
    wanted += config.where.names() if config.where else []
    wanted += [column for parent in config.parents for column in (parent.key, parent.name)]
    wanted += [config.unit_type.column] if config.unit_type else []
    absent = sorted({column for column in wanted if column and column not in raw.columns})
    raise_if(
        (f"column {name!r} is missing; found: {', '.join(raw.columns)}" for name in absent),
        DataError,
        where,
    )
    # Rows are counted as in a spreadsheet of the attributes, whose first row holds the headings.
    numbers = np.arange(2, len(raw) + 2)
    if config.where is not None:
        kept = config.where.mask(_Attributes(raw))
        raise_if(
            [] if kept.any() else [f"where = {config.where.text!r} keeps none of {len(raw)} rows"],
            DataError,
            where,
        )
        raw, numbers = raw[kept].reset_index(drop=True), numbers[kept.to_numpy()]
    keys = _text_key(raw[config.key], where)
    named = " + ".join(config.name_columns())
    parts = [_texts(raw[name]) for name in config.name_columns()]
    names = [next(filter(None, texts), None) for texts in zip(*parts, strict=True)]
    problems = [
        f"row {number}: key {config.key!r} is empty"
        for number, key in zip(numbers, keys, strict=True)
        if not key
    ]
    problems += [
        f"row {number}: name is empty (column {named!r} of {key or 'no key'}; "
        "the headings count as row 1)"
        for number, key, name in zip(numbers, keys, names, strict=True)
        if name is None
    ]
    problems += [
        f"key {key!r} stands more than once (rows {', '.join(map(str, rows))})"
        for key, rows in pd.Series(numbers).groupby(keys).agg(list).items()
        if key and len(rows) > 1
    ]
    polygonal = raw.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    problems += [
        f"row {numbers[i]} ({keys[i]}): expected a polygon, found {raw.geom_type.iloc[i]}"
        for i in (~polygonal).nonzero()[0]
    ]
    raise_if(problems, DataError, where)
    for column in raw.columns[raw.dtypes.map(pd.api.types.is_string_dtype)]:
        raw[column] = raw[column].str.normalize("NFC")
    raw = raw.set_index(pd.Index(keys, name="unit_id", dtype="str")).sort_index()
    return raw.set_geometry(crs.to_wgs84(raw.geometry, config.datum))


def read_lines(config: BoundariesConfig) -> gpd.GeoSeries:
    """Read the lines that a map draws beside the units (maritime lines, say), in WGS 84.

    Returns
    -------
    GeoSeries
        Empty where the source has none.
    """
    drawn = provider_of(config).read_lines if config.provider is not None else None
    if drawn is not None:
        lines = drawn()
    elif config.lines is not None:
        lines = read_vector(config.lines, None).geometry
    else:
        return gpd.GeoSeries([], crs=crs.WGS84)
    return crs.to_wgs84(lines, config.datum)


def boundary_files(config: BoundariesConfig) -> list[Path]:
    """List the files that `read_boundaries` and `read_lines` read, for the store."""
    given = [path for path in (config.file, config.lines) if path is not None]
    return given if config.provider is None else [*provider_of(config).files(), *given]


def provider_of(config: BoundariesConfig) -> Provider:
    """Return the provider that a project names; ConfigError lists those that are installed."""
    name = str(config.provider)
    if name not in PROVIDERS:
        raise ConfigError(
            f"boundaries.provider: no provider is called {name!r}; allowed: {', '.join(PROVIDERS)}"
        )
    return PROVIDERS[name]


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


class _Attributes:
    """The columns of boundaries, as a condition asks for them."""

    def __init__(self, raw: gpd.GeoDataFrame) -> None:
        self._raw = raw

    def texts(self, name: str) -> pd.Series:
        """Give a column as text."""
        return text_of(self._raw[name])

    def values(self, name: str) -> pd.Series:
        """Give a column as numbers; text that is none is missing."""
        return pd.Series(pd.to_numeric(self._raw[name], errors="coerce"))


def text_of(values: pd.Series) -> pd.Series:
    """Give a column of boundaries as text, missing where it is empty."""
    return pd.Series(_texts(values), index=values.index, dtype="str")


def _texts(values: pd.Series) -> list[str | None]:
    """Write the values of a column as text, numbers without a point where they are whole."""
    return [
        None
        if pd.isna(value)
        else plain(float(value))
        if isinstance(value, float | np.floating)
        else unicodedata.normalize("NFC", str(value).strip()) or None
        for value in values
    ]


def _text_key(values: pd.Series, where: str) -> list[str]:
    """Turn a key column into text; numbers only where no leading zero can have been lost."""
    texts = [text or "" for text in _texts(values)]
    if pd.api.types.is_numeric_dtype(values.dtype):
        odd = [text for text in texts if text and not text.isdecimal()]
        if odd:
            raise DataError(f"key column {values.name!r} holds {odd[0]}, not a code", where=where)
        if len({len(text) for text in texts if text}) > 1:
            raise DataError(
                f"key column {values.name!r} holds numbers of different lengths, so leading zeros "
                "may be lost; store it as text",
                where=where,
            )
    return texts
