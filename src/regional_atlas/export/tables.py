"""Files written whole or not at all: GeoParquet, Parquet, CSV, JSON and text."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "atomic_path",
    "check_ending",
    "write_csv",
    "write_geoparquet",
    "write_json",
    "write_parquet",
    "write_text",
]

# Units in the order of their ids lie beside one another: small row groups let a reader with a
# window skip most of the file through the bounding boxes.
ROW_GROUP = 256
# float32 needs 9 significant digits; 10 also tell every value of a table apart that was rounded.
FLOAT_FORMAT = "%.10g"


def check_ending(path: str | os.PathLike[str], *endings: str) -> None:
    """Refuse an output file whose name has none of the endings.

    Examples
    --------
    >>> check_ending("table.txt", ".csv", ".parquet")
    Traceback (most recent call last):
        ...
    regional_atlas.core.errors.InputError: --out 'table.txt': expected a name that ends in .csv or \
    .parquet
    """
    if Path(path).suffix not in endings:
        allowed = " or ".join(endings)
        raise InputError(f"--out {str(path)!r}: expected a name that ends in {allowed}")


@contextmanager
def made_folder(path: Path) -> Iterator[None]:
    """Make a folder and those above it; what is empty when the block ends goes again.

    Parameters
    ----------
    path : Path
        A folder that was there before is left as it is.
    """
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path to write to, and put the file in place when the block ends well.

    The temporary file has the target's own name, in a hidden folder beside it: drivers that name
    layers or side files after the file need that, and the final rename stays on one file system.
    Folders above the target are made. Other files that the block leaves beside the temporary one go
    along: the old target is removed first and the new one comes last, so that no target ever stands
    beside another's side files. When anything fails, nothing is left, no folder either, and files
    that were there are unchanged.

    Parameters
    ----------
    path : path-like
        The file to write.

    Yields
    ------
    Path
        Where to write it.

    Raises
    ------
    InputError
        When the system refuses to write there (rights, space, a folder of that name).
    """
    target = Path(path)
    try:
        with made_folder(target.parent):
            folder = tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
            try:
                temporary = Path(folder) / target.name
                yield temporary
                _put_in_place(temporary, target)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror or error}", where=str(target)) from error


def _put_in_place(temporary: Path, target: Path) -> None:
    siblings = sorted(path for path in temporary.parent.iterdir() if path != temporary)
    for path in [*siblings, temporary]:
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
    if not siblings:
        os.replace(temporary, target)
        return
    places = [target, *(target.parent / path.name for path in siblings)]
    old = Path(tempfile.mkdtemp(dir=temporary.parent))
    kept, placed = [path for path in places if path.is_file()], []
    try:
        for path in kept:
            os.replace(path, old / path.name)
        for path in [*siblings, temporary]:
            os.replace(path, target.parent / path.name)
            placed.append(target.parent / path.name)
    except OSError:
        for path in placed:
            path.unlink()
        for path in kept:
            with suppress(FileNotFoundError):
                os.replace(old / path.name, path)
        raise


def write_geoparquet(gdf: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> Path:
    """Write GeoParquet 1.1 with a bounding box per row, compressed with zstd.

    A named index becomes a column; `attrs` are left out. The same table gives the same bytes.

    Parameters
    ----------
    gdf : GeoDataFrame
        With a CRS.
    path : path-like
        Replaced when the new file is complete.

    Returns
    -------
    Path
        The path.
    """
    table = gdf.copy(deep=False)
    table.attrs = {}
    with atomic_path(path) as temporary:
        table.to_parquet(
            temporary,
            index=table.index.name is not None,
            compression="zstd",
            schema_version="1.1.0",
            write_covering_bbox=True,
            row_group_size=ROW_GROUP,
        )
    return Path(path)


def write_parquet(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table without geometry or index as Parquet, compressed with zstd.

    The same table gives the same bytes.
    """
    with atomic_path(path) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", compression_level=19)
    return Path(path)


def write_csv(frame: pd.DataFrame, path: str | os.PathLike[str], *, excel: bool = False) -> Path:
    r"""Write a table as CSV: UTF-8, `\n` at line ends, a missing value as an empty cell.

    Floats have up to 10 significant digits. A named index is the first column. Values are written
    as they are: one that begins with `=`, `+`, `-` or `@` is data here, and a spreadsheet that
    would run it as a formula must be told to import the column as text.

    Parameters
    ----------
    frame : DataFrame
        Without geometry.
    path : path-like
        Replaced when the new file is complete.
    excel : bool
        Begin with a byte-order mark, without which Excel misreads UTF-8.

    Returns
    -------
    Path
        The path.
    """
    with atomic_path(path) as temporary:
        frame.to_csv(
            temporary,
            index=frame.index.name is not None,
            encoding="utf-8-sig" if excel else "utf-8",
            float_format=FLOAT_FORMAT,
            lineterminator="\n",
        )
    return Path(path)


def write_json(obj: Any, path: str | os.PathLike[str], *, indent: int | None = 2) -> Path:
    """Write JSON with sorted keys, text as it is, no NaN.

    NumPy scalars count as their Python values.

    Raises
    ------
    ValueError
        For NaN and infinity, which JSON does not have.
    """
    text = json.dumps(
        obj,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        indent=indent,
        separators=None if indent else (",", ":"),
        default=_plain,
    )
    return write_text(text + "\n", path)


def write_text(text: str, path: str | os.PathLike[str]) -> Path:
    """Write text as UTF-8, line ends as they are."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))
    return Path(path)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in JSON: {value!r}")
