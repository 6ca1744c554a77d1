"""The data files of a build, and taking over those of an earlier build that are still right."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from regional_atlas.core.digests import sha256_of
from regional_atlas.core.schema import ZONAL_COLUMNS, AtlasTables
from regional_atlas.export.tables import write_csv, write_geoparquet
from regional_atlas.tables.committed import stacked_scores
from regional_atlas.tables.graph import Graph
from regional_atlas.tables.store import Store, digest

__all__ = ["DATA_FILES", "DataFile", "taken_over", "write_data_file"]


@dataclass(frozen=True)
class DataFile:
    """A table of a build that stands in its folder.

    Attributes
    ----------
    name : str
        Of the file; its ending says the format.
    needs : tuple of str
        The tables that it is made of, by name.
    table : callable
        Lays it out.
    always : bool
        Whether it is written without any row.
    """

    name: str
    needs: tuple[str, ...]
    table: Callable[[AtlasTables], pd.DataFrame | None]
    always: bool = True


def _membership(tables: AtlasTables) -> pd.DataFrame:
    table = tables.membership.assign(
        unit=tables.membership["unit_id"].map(tables.unit_table["unit"]),
        region=tables.membership["region_id"].map(tables.region_table["name"]),
    )
    first = ["unit_id", "unit", "kind", "region_id", "region"]
    return table[[*first, "share_of_unit", "exclusive", "rule", "share_of_region"]]


def _nightlights(tables: AtlasTables) -> pd.DataFrame | None:
    if tables.nightlights is None:
        return None
    names = tables.unit_table["unit"]
    first, *rest = ZONAL_COLUMNS
    lights = tables.nightlights.assign(unit=tables.nightlights["unit_id"].map(names))
    return lights[[first, "unit", *rest]]


def _rasters(tables: AtlasTables) -> pd.DataFrame:
    rasters = tables.rasters.assign(unit=tables.rasters["unit_id"].map(tables.unit_table["unit"]))
    rasters.insert(4, "unit", rasters.pop("unit"))
    return rasters


def _plain(name: str, **declared: Any) -> DataFile:
    """Declare a table that is written as it is."""
    return DataFile(f"{name}.csv", (name,), lambda tables: getattr(tables, name), **declared)


DATA_FILES = (
    DataFile("units.parquet", ("units",), lambda tables: tables.units.reset_index()),
    DataFile("regions.parquet", ("regions",), lambda tables: tables.regions.reset_index()),
    DataFile("membership.csv", ("membership", "unit_table", "region_table"), _membership),
    _plain("rankings"),
    DataFile("scores.csv", ("scores", "unit_table"), stacked_scores),
    _plain("indicators"),
    _plain("clusters"),
    _plain("region_counts", always=False),
    _plain("region_values", always=False),
    _plain("membership_attributes", always=False),
    _plain("space", always=False),
    _plain("inequality", always=False),
    DataFile("rasters.csv", ("rasters", "unit_table"), _rasters, always=False),
    DataFile("nightlights.csv", ("nightlights", "unit_table"), _nightlights),
)
"""In the order in which a build writes them."""

_CODE = ("regional_atlas.export.tables", "regional_atlas.publish.files")


def write_data_file(
    file: DataFile, graph: Graph, folder: Path, earlier: Path, *, raw: bool
) -> Path | None:
    """Write a data file, or take over that of an earlier build.

    Parameters
    ----------
    file : DataFile
    graph : Graph
        Gives the tables.
    folder : Path
        To write into.
    earlier : Path
        The folder of the same files of an earlier build; it need not exist.
    raw : bool
        As `write_csv` takes it.

    Returns
    -------
    Path or None
        The file; None where there is nothing to write.
    """
    path = folder / file.name

    def write() -> None:
        table = file.table(graph.tables())
        if table is None or not (file.always or len(table)):
            return
        if path.suffix == ".parquet":
            write_geoparquet(table, path)
        else:
            write_csv(table, path, raw=raw)

    key = digest(file.name, raw, [graph.key(need) for need in file.needs], code=_CODE)
    return path if taken_over(path, earlier / file.name, key, graph.store, write) else None


def taken_over(
    path: Path, earlier: Path, key: str, store: Store, write: Callable[[], None]
) -> bool:
    """Write a file, or copy one that holds what would be written.

    The store knows the SHA-256 of what was written under the same key. An earlier file with just
    these bytes is copied; any other is left alone, and the file written.

    Parameters
    ----------
    path : Path
        The file to write.
    earlier : Path
        One that may be the same; it need not exist.
    key : str
        Of `digest`: all that the file comes from.
    store : Store
    write : callable
        Writes the file, or nothing where there is nothing to write.

    Returns
    -------
    bool
        Whether the file is there.
    """

    def written() -> str:
        write()
        return sha256_of(path) if path.exists() else ""

    known = store.get("file", key, written)
    if known and not path.exists():
        with suppress(OSError):
            if earlier.is_file():  # a device may never end
                shutil.copyfile(earlier, path)
        if not path.exists() or sha256_of(path) != known:
            write()
    return path.exists()
