"""Boundaries of units: from an installed provider or from any file GDAL or GeoParquet reads."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from regional_atlas.core import crs
from regional_atlas.core.conditions import Columns
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.names import plain
from regional_atlas.core.polygons import without_polygon
from regional_atlas.sources.datum import check_datum
from regional_atlas.sources.provider import provider_of
from regional_atlas.sources.vectors import Declared, check_coordinates, check_land, read_vector
from regional_atlas.zonal.antimeridian import within_a_turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regional_atlas.config import BoundariesConfig, ParentConfig

__all__ = ["read_boundaries", "read_lines", "text_of"]


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
        Missing columns, repeated or empty keys, rows without a polygon: all at once. Coordinates
        that cannot be in the CRS or the datum that they are said to be in.
    """
    if config.provider is not None:
        provider = provider_of(config)
        raw, where = provider.read_units(), provider.title
    else:
        assert config.file is not None
        raw, where = read_vector(config.file, _declared(config)), str(config.file)
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
    problems += [
        f"row {numbers[flaw.position]} ({keys[flaw.position]}): {flaw}"
        for flaw in without_polygon(np.asarray(raw.geometry.values, dtype=object))
    ]
    for parent in config.parents:
        problems += _without_parent(raw, parent, numbers, keys)
    raise_if(problems, DataError, where)
    for column in raw.columns[raw.dtypes.map(pd.api.types.is_string_dtype)]:
        raw[column] = raw[column].str.normalize("NFC")
    labels = [f"{key} ({name})" for key, name in zip(keys, names, strict=True)]
    labelled = dict(zip(keys, labels, strict=True))
    declared = _declared(config)
    check_coordinates(raw.geometry, labels, where, declared)
    check_land(raw.geometry, labels, where, declared)
    raw = raw.set_index(pd.Index(keys, name="unit_id", dtype="str")).sort_index()
    geometry = crs.to_wgs84(raw.geometry, config.datum)
    whole, broken = within_a_turn(np.asarray(geometry.values, dtype=object))
    raise_if(
        (f"{labelled[raw.index[i]]}: a ring goes round a pole" for i in broken),
        DataError,
        where,
    )
    geometry = gpd.GeoSeries(whole, index=geometry.index, crs=geometry.crs, name=geometry.name)
    if config.reference is not None:
        outlines = read_vector(config.reference, REFERENCE).to_crs(crs.WGS84).geometry
        check_datum(geometry, outlines, config.datum, where, str(config.reference))
    return raw.set_geometry(geometry)


REFERENCE = Declared(layer_key="", crs_key="")


def _declared(config: BoundariesConfig) -> Declared:
    return Declared(config.layer, config.crs, "layer in [boundaries]", "crs = '{}' in [boundaries]")


def _without_parent(
    raw: gpd.GeoDataFrame, parent: ParentConfig, numbers: NDArray[np.int64], keys: list[str]
) -> list[str]:
    """Name the rows without a parent: they would be missing from its totals."""
    columns = [column for column in (parent.key, parent.name) if column is not None]
    empty = {column: [text is None for text in _texts(raw[column])] for column in columns}
    return [
        f"row {numbers[i]} ({keys[i]}): {parent.id} is empty (column {column!r}); "
        "fill it in, or leave the row out by where in [boundaries]"
        for column in columns
        for i in np.flatnonzero(empty[column])
    ]


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
        declared = Declared(crs=config.crs, layer_key="", crs_key="crs = '{}' in [boundaries]")
        lines = read_vector(config.lines, declared).geometry
    else:
        return gpd.GeoSeries([], crs=crs.WGS84)
    return crs.to_wgs84(lines, config.datum)


class _Attributes(Columns):
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
