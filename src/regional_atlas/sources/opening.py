"""What is checked of a file before GDAL opens it: that it is here, and of a format that is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.core.formats import (
    GDAL_OPTIONS,
    FileFormat,
    Holds,
    format_of_head,
    head_of,
    names_of,
    recognised,
)
from regional_atlas.core.local_files import NoFileError, foreign_sources, is_packed, local_file
from regional_atlas.core.unpacking import (
    DOCTYPE,
    MOST_CELLS,
    MOST_XML,
    check_archive,
    document_type,
)

__all__ = ["check_parquet", "check_source", "vectors_of_gdal"]


def check_source(
    name: str | os.PathLike[str], holds: Holds, error: type[InputError] = DataError
) -> None:
    """Refuse what is not a file of this machine, of no format that is read, or reads what is none.

    A file that is not there passes: its reader says so.

    Parameters
    ----------
    name : str or path-like
        A path, or GDAL's name of a variable or of a member of an archive.
    holds : "tables", "polygons" or "rasters"
        What it is to be read as.
    error : type of InputError
        What is raised.

    Raises
    ------
    InputError
        Names the file, what is wrong and what can be read.
    """
    where = os.fspath(name)
    try:
        file = local_file(where)
    except NoFileError as found:
        raise error(f"{found}; download it first (regional-atlas fetch, …)", where=where) from None
    if file is None or not os.path.isfile(file):  # a name may be too long
        return
    if not is_packed(where):
        known = recognised(file)
        if not any(holds in each.holds for each in known):
            raise error(_unfit(known, holds), where=where)
    raise_if(check_archive(file) or _xml_problems(file), error, where)
    try:
        foreign = [f"reads {other!r}, which {problem}" for other, problem in foreign_sources(file)]
    except DataError as found:
        raise error(*found.problems, where=where) from None
    raise_if(foreign, error, where)


def _unfit(known: list[FileFormat], holds: Holds) -> str:
    what = {"tables": "a table", "polygons": "boundaries", "rasters": "a raster"}[holds]
    found = f"it is a {known[0].title}" if known else "its format is none of those that are read"
    return f"cannot be read as {what}: {found}; allowed: {names_of(holds)}"


def check_parquet(path: Path) -> None:
    """Refuse a Parquet file that declares more cells than are read; damaged ones pass.

    Raises
    ------
    DataError
        How many it declares.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        declared = pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        return
    cells = declared.num_rows * declared.num_columns
    if cells > MOST_CELLS:
        raise DataError(
            f"holds {declared.num_rows:,} rows of {declared.num_columns:,} columns; at most "
            f"{MOST_CELLS:,} cells are read: leave out columns or rows",
            where=str(path),
        )


def _xml_problems(file: Path) -> list[str]:
    with file.open("rb") as stream:
        head = head_of(stream)
    if not any(".kml" in each.endings for each in format_of_head(head)):
        return []
    if file.stat().st_size > MOST_XML:
        return [f"at most {MOST_XML / 2**20:,.0f} MB of KML are read: convert it to GeoPackage"]
    return [DOCTYPE] if document_type(head) else []


@contextmanager
def vectors_of_gdal(**options: float) -> Iterator[None]:
    """Let GDAL read vectors without network and code, and with more options."""
    import pyogrio

    wanted = {**GDAL_OPTIONS, **options}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)
