"""Everything as a GeoPackage: layers, attribute tables, styles for QGIS, column titles."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.export._ogr import MOMENT, settle_geopackage, write_layer
from regional_atlas.export.format import Format
from regional_atlas.export.layers import FILES, Layers
from regional_atlas.export.style import layer_styles

__all__ = ["FORMAT", "write_gpkg"]

GEOMETRY = "geom"

_SCHEMA_EXTENSION = "http://www.geopackage.org/spec121/#extension_schema"
_TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME
);
"""


def write_gpkg(layers: Layers, path: Path) -> None:
    """Write a GeoPackage that QGIS opens styled and with readable column titles.

    Layers `units`, `regions`, `lines` (those that have rows), the attribute tables and `codebook`.
    Styles stand in `layer_styles`, titles in `gpkg_data_columns`. The same layers give the same
    bytes with the same GDAL and SQLite.

    Parameters
    ----------
    layers : Layers
        What to write.
    path : Path
        Replaced when the new file is complete. What SQLite kept beside the old file (`-wal`,
        `-shm`) goes with it: left there, it would be applied to the new one.
    """
    spatial = {"units": layers.units, "regions": layers.regions, "lines": layers.lines}
    spatial = {name: layer for name, layer in spatial.items() if len(layer)}
    with atomic_path(path) as temporary:
        draft = temporary.with_name(f"draft-{temporary.name}")
        for name, layer in spatial.items():
            write_layer(
                layer,
                draft,
                "GPKG",
                layer=name,
                append=name != "units",
                GEOMETRY_NAME=GEOMETRY,
                DESCRIPTION=_provenance(layers, name),
            )
        for name, table in {**layers.tables, "codebook": layers.codebook}.items():
            write_layer(table, draft, "GPKG", layer=name, append=True)

        def complete(database: sqlite3.Connection) -> None:
            database.executescript(_TABLES)
            _add_titles(database, layers)
            _add_styles(database, layers, spatial)

        settle_geopackage(draft, temporary, complete)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _provenance(layers: Layers, name: str) -> str:
    config = layers.project.config
    given = (config.title, config.boundaries.source, config.boundaries.vintage)
    parts = [text.in_(FILES) for text in (*given, config.boundaries.licence) if text]
    if name != "units":
        parts.insert(1, name)
    return "; ".join(part for part in parts if part)


def _add_titles(database: sqlite3.Connection, layers: Layers) -> None:
    lang = layers.project.config.offered()[0]
    taken: set[str] = set()
    for row in layers.codebook.astype("object").where(layers.codebook.notna(), None).itertuples():
        title = getattr(row, f"title_{lang}")
        # A GeoPackage wants the titles of a table to be unique.
        alias = f"{title} ({row.column})" if title in taken else title
        taken.add(alias)
        notes = [getattr(row, f"{name}_{lang}") for name in ("unit", "method")]
        notes += [None if row.year is None else str(row.year), row.source]
        database.execute(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
            "VALUES ('units', ?, ?, ?, ?)",
            [row.column, alias, row.title_en, "; ".join(note for note in notes if note) or None],
        )
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
        [
            ("gpkg_data_columns", _SCHEMA_EXTENSION),
            ("gpkg_data_column_constraints", _SCHEMA_EXTENSION),
        ],
    )


def _add_styles(
    database: sqlite3.Connection, layers: Layers, spatial: dict[str, gpd.GeoDataFrame]
) -> None:
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, ?, ?, ?, '', ?, '', '', ?)",
        [
            (style.layer, GEOMETRY, style.name[:30], style.qml, int(style.default), MOMENT)
            for style in layer_styles(layers)
            if style.layer in spatial
        ],
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        [MOMENT],
    )


FORMAT = Format(
    title="GeoPackage with styles",
    file="units.gpkg",
    write=write_gpkg,
    stale=(".gpkg-wal", ".gpkg-shm"),
)
