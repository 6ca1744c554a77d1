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
    names_of,
    recognised,
)
from regional_atlas.core.local_files import NoFileError, foreign_sources, is_packed, local_file
from regional_atlas.core.unpacking import (
    MOST_CELLS,
    MOST_CELLS_A_BYTE,
    MOST_WRITTEN_OUT,
    UNSUSPICIOUS_CELLS,
    check_archive,
    text_problem,
)
from regional_atlas.core.wkb import MOST_NESTED, may_be_deep, nesting
from regional_atlas.sources.parquet_footer import chunks_of

__all__ = ["check_layer", "check_parquet", "check_source", "check_typed", "vectors_of_gdal"]


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
        raise error(str(found), where=where) from None
    if file is None or not os.path.isfile(file):  # a name may be too long to ask about
        return
    try:
        problems = _problems(where, file, holds)
    except OSError as found:
        problems = [f"cannot be read: {found.strerror}"]
    except DataError as found:
        problems = found.problems
    raise_if(problems, error, where)


def _problems(where: str, file: Path, holds: Holds) -> list[str]:
    if not is_packed(where):
        known = recognised(file)
        if not any(holds in each.holds for each in known):
            return [_unfit(known, holds)]
    problems = check_archive(file)
    if not problems and (problem := text_problem(file)):
        problems = [problem]
    return problems or [
        f"reads {other!r}, which {problem}" for other, problem in foreign_sources(file)
    ]


def _unfit(known: list[FileFormat], holds: Holds) -> str:
    what = {"tables": "a table", "polygons": "boundaries", "rasters": "a raster"}[holds]
    found = f"it is a {known[0].title}" if known else "its format is none of those that are read"
    return f"cannot be read as {what}: {found}; allowed: {names_of(holds)}"


def check_parquet(path: Path, holds: Holds) -> None:
    """Refuse a Parquet file that declares more cells or text than are read; damaged ones pass.

    Parameters
    ----------
    path : Path
        The file.
    holds : "tables" or "polygons"
        What it is to be read as.

    Raises
    ------
    DataError
        How much it declares.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    where = str(path)
    try:
        declared = pq.read_metadata(path)
        chunks = chunks_of(path)
        cells = max(declared.num_rows * declared.num_columns, sum(chunk.values for chunk in chunks))
        if cells > MOST_CELLS:
            raise DataError(_too_many(cells), where=where)
        if holds == "tables":
            check_typed(declared.num_rows, cells, where)
        # A text that is stored once for many rows may grow when it is written out.
        repeated = {
            chunk.path
            for chunk in chunks
            if chunk.is_bytes
            and chunk.has_dictionary
            and chunk.values * chunk.size > MOST_WRITTEN_OUT
        }
        size = sum(chunk.size for chunk in chunks if chunk.path not in repeated)
        if repeated and size <= MOST_WRITTEN_OUT:
            size += _written_out(path, sorted(repeated))
        shapes = {chunk.path for chunk in chunks if chunk.is_bytes and "." not in chunk.path} - {
            declared.schema.column(at).path
            for at in range(len(declared.schema))
            if declared.schema.column(at).logical_type.type == "STRING"
        }
        if size <= MOST_WRITTEN_OUT:
            _check_nesting(path, sorted(shapes))
    except (OSError, ValueError, pa.ArrowException):
        return
    if size > MOST_WRITTEN_OUT:
        raise DataError(
            f"holds {size / 2**20:,.0f} MB of text and shapes written out; at most "
            f"{MOST_WRITTEN_OUT / 2**20:,.0f} MB are read: leave out columns or rows",
            where=where,
        )


def check_typed(rows: int, cells: int, where: str) -> None:
    """Refuse a table with typed columns of more cells and rows than are read.

    Some formats hold millions of equal cells in a few bytes: where there are many cells, the file
    is large too.

    Raises
    ------
    DataError
        How many it has.
    """
    size = os.path.getsize(where) if os.path.isfile(where) else 0
    most = min(MOST_CELLS, max(UNSUSPICIOUS_CELLS, MOST_CELLS_A_BYTE * size))
    if rows + cells > most:
        raise DataError(
            f"holds {cells:,} cells in {rows:,} rows; at most {most:,} of both together are read "
            "of a file of this size: leave out columns or rows",
            where=where,
        )


def _check_nesting(path: Path, names: list[str]) -> None:
    """Refuse shapes that lie so deep in one another that their reader would crash."""
    import pyarrow.parquet as pq

    for name in names:
        for chunk in pq.read_table(path, columns=[name]).column(0).chunks:
            held = chunk.buffers()[-1]
            if held is None or not may_be_deep(memoryview(held)):
                continue
            for row, value in enumerate(chunk):
                raw = value.as_py()
                if raw is not None and may_be_deep(raw) and nesting(raw) > MOST_NESTED:
                    raise DataError(
                        f"row {row + 1}, column {name}: geometries lie more than {MOST_NESTED} "
                        "deep in one another; write them as polygons",
                        where=str(path),
                    )


def _written_out(path: Path, names: list[str]) -> int:
    """Measure the texts of columns as if each row had its own; of lists, all as the longest."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    size = 0
    for name in names:
        column = pq.read_table(path, columns=[name], read_dictionary=[name]).column(0)
        for chunk in column.chunks:
            if not isinstance(chunk, pa.DictionaryArray):
                size += chunk.nbytes
                continue
            lengths = pc.binary_length(chunk.dictionary)
            size += pc.sum(pc.cast(lengths.take(chunk.indices), pa.int64())).as_py() or 0
    return size


def check_layer(path: Path, layer: str | None) -> None:
    """Refuse a vector layer that declares more cells than are read.

    Raises
    ------
    DataError
        How many it declares.
    """
    import pyogrio

    # Others are bounded by their size; counting takes as long as reading there, or has no end.
    if path.suffix.lower() not in (".shp", ".dbf", ".fgb", ".zip", ".shz"):
        return
    found = pyogrio.read_info(path, layer=layer)
    cells = found["features"] * (1 + len(found["fields"]))
    if cells > MOST_CELLS:
        raise DataError(_too_many(cells), where=str(path))


def _too_many(cells: int) -> str:
    return f"holds {cells:,} cells; at most {MOST_CELLS:,} are read: leave out columns or rows"


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
