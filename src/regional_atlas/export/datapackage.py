"""A description of the exported files: source, vintage, CRS, licence, columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from regional_atlas.core.digests import sha256_of
from regional_atlas.export.layers import FILES, Layers, codebook_languages
from regional_atlas.export.tables import write_json

__all__ = ["write_datapackage"]

MEDIA_TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".fgb": "application/flatgeobuf",
    ".geojson": "application/geo+json",
    ".shp": "application/vnd.shp",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".topojson": "application/json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}
_LICENCE_NAME = re.compile(r"^[-a-zA-Z0-9._]+$")


def write_datapackage(layers: Layers, files: Sequence[Path], path: Path) -> None:
    """Write a `datapackage.json` (Data Package 1.0, frictionlessdata.io) beside the files.

    It says nothing of when it was written: the same files give the same bytes.

    Parameters
    ----------
    layers : Layers
        Sources, licences and columns.
    files : sequence of Path
        What it describes; with size and SHA-256.
    path : Path
        Replaced when the new file is complete.
    """
    config = layers.project.config
    boundaries = config.boundaries
    package: dict[str, Any] = {
        "name": config.id.lower(),
        "title": config.title.in_(FILES),
        **{f"title_{lang}": config.title.in_(lang) for lang in config.offered() if lang != FILES},
        "description": config.subtitle.in_(FILES),
        "profile": "data-package",
        "crs": "EPSG:4326",
        "vintage": boundaries.vintage.in_(FILES) if boundaries.vintage else None,
        "datum_of_source": boundaries.datum,
        "licenses": [_licence(boundaries.licence.in_(FILES))] if boundaries.licence else [],
        "sources": _sources(layers),
        "resources": [_resource(layers, file) for file in files],
    }
    write_json({key: value for key, value in package.items() if value not in (None, [])}, path)


def _licence(text: str) -> dict[str, str]:
    return {"name": text if _LICENCE_NAME.match(text) else "other", "title": text}


def _sources(layers: Layers) -> list[dict[str, str]]:
    return [
        {
            key: value
            for key, value in {
                "title": source.source.in_(FILES),
                "path": source.url,
                "licence": source.licence.in_(FILES) if source.licence else None,
                "vintage": source.vintage.in_(FILES) if source.vintage else None,
            }.items()
            if value
        }
        for source in layers.project.config.sources().values()
    ]


def _resource(layers: Layers, file: Path) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]", "-", file.name.lower()),
        "path": file.name,
        "format": file.suffix.removeprefix("."),
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256_of(file)}",
    }
    if file.suffix in MEDIA_TYPES:
        resource["mediatype"] = MEDIA_TYPES[file.suffix]
    if file.name == "units.csv":
        resource |= {"profile": "tabular-data-resource", "encoding": "utf-8"}
    if file.stem == "units" and file.suffix in MEDIA_TYPES and file.suffix != ".shp":
        resource["schema"] = {
            "fields": _fields(layers),
            "primaryKey": "unit_id",
            "missingValues": [""],
        }
    return resource


def _fields(layers: Layers) -> list[dict[str, Any]]:
    types = layers.units.reset_index().dtypes
    table = layers.codebook.astype("object").where(layers.codebook.notna(), None)
    further = [lang for lang in codebook_languages(layers.project) if lang != FILES]
    return [
        {
            key: value
            for key, value in {
                "name": row["column"],
                "type": _type(types[row["column"]]),
                "title": row[f"title_{FILES}"],
                **{f"title_{lang}": row[f"title_{lang}"] for lang in further},
                "description": row[f"method_{FILES}"],
                "unit": row[f"unit_{FILES}"],
                "year": row["year"],
                "source": row["source"],
            }.items()
            if value is not None
        }
        for row in table.to_dict("records")
    ]


def _type(dtype: Any) -> str:
    if pd.api.types.is_integer_dtype(dtype):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(dtype) else "string"
